//! The (max,+) step, against integers.

use super::area::{Area, PLACES};
use super::{lengths, tiers};
use crate::test_support::Random;

/// Places that are no page's end.
const LINE_PLACES: usize = PLACES.len() - 1;

/// A row with what stands for nothing around it, gains, and what comes out.
fn inputs(random: &mut Random, len: usize, gains: usize, limit: usize) -> [Vec<Option<i64>>; 3] {
    let mut value = || (random.below(5) > 0).then(|| random.below(limit) as i64);
    let before: Vec<_> = (0..len + gains - 1).map(|_| value()).collect();
    let gains: Vec<_> = (0..gains).map(|_| value().or(Some(0))).collect();
    let best = |m: usize| {
        let sums = (0..gains.len()).map(|b| Some(before[m + gains.len() - 1 - b]? + gains[b]?));
        sums.max().flatten()
    };
    let out = (0..len).map(best).collect();
    [before, gains, out]
}

/// Exact.
pub(super) fn max_plus() {
    let mut random = Random::new(20);
    const NONE: i32 = -(1 << 30);
    let number = |values: Vec<Option<i64>>| -> Vec<i32> {
        values.into_iter().map(|v| v.map_or(NONE, |v| v as i32)).collect()
    };
    let float = |values: &[i32]| bytemuck::cast_slice(values).to_vec();
    for len in lengths().chain([300, 777]) {
        for gains in [1, 2, 15, 16, 17, 33, 129, 260] {
            let [before, gains, want] = inputs(&mut random, len, gains, 1 << 29).map(number);
            for (at, place) in PLACES.into_iter().enumerate() {
                let other = PLACES[(at + 5) % PLACES.len()];
                for tier in tiers() {
                    let (from, by) = (Area::new(other, &float(&before)), Area::new(place, &float(&gains)));
                    let mut out = Area::new(place, &vec![0.0; len]);
                    let [from, by] = [&from, &by].map(|area| bytemuck::cast_slice(area.get()));
                    tier.max_plus(from, by, bytemuck::cast_slice_mut(out.get_mut()));
                    // What comes of nothing is below 0.
                    let got = out.rows().into_iter().map(|v| (v.to_bits() as i32).max(NONE));
                    let got: Vec<i32> = got.map(|v| if v < 0 { NONE } else { v }).collect();
                    assert_eq!(got, want, "{:?} {len} {} {place:?}", tier.isa(), gains.len());
                }
            }
        }
    }
}

/// Exact.
pub(super) fn max_plus_wide() {
    let mut random = Random::new(21);
    const NONE: i64 = -(1 << 62);
    for len in lengths() {
        for gains in [1, 2, 31, 33, 70] {
            let [before, gains, want] = inputs(&mut random, len, gains, 1 << 60);
            let number =
                |values: &[Option<i64>]| values.iter().map(|v| v.unwrap_or(NONE)).collect::<Vec<_>>();
            let (before, gains) = (number(&before), number(&gains));
            // Words of 64 bits lie in areas of f32, at every place that is aligned for them.
            let area = |place, values: &[i64]| Area::new(place, bytemuck::cast_slice(values));
            for (at, place) in PLACES.into_iter().enumerate().filter(|(at, _)| at % 2 == 0) {
                let other = PLACES[(at + 6) % LINE_PLACES];
                for tier in tiers() {
                    let (from, by) = (area(other, &before), area(place, &gains));
                    let mut out = area(place, &vec![0; len]);
                    let [before, gains] = [&from, &by].map(|area| bytemuck::cast_slice(area.get()));
                    tier.max_plus_wide(before, gains, bytemuck::cast_slice_mut(out.get_mut()));
                    let rows = out.rows();
                    let (words, _) = rows.as_chunks::<2>();
                    let got = words.iter().map(|&[low, high]| {
                        i64::from(high.to_bits() as i32) << 32 | i64::from(low.to_bits())
                    });
                    let got: Vec<_> = got.map(|got| Some(got).filter(|&got| got >= 0)).collect();
                    assert_eq!(got, want, "{:?} {len} {place:?}", tier.isa());
                }
            }
        }
    }
}
