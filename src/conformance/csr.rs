//! Sparse rows: margins, sums in records, and results.

use super::area::{Area, PLACES};
use super::{assert_bits, canonical, lengths, tiers};
use crate::logistic::csr::fixed::Scale;
use crate::logistic::csr::kernel::{Factors, Shift};
use crate::logistic::sparse::kernel::RowsIn;
use crate::test_support::Random;
use crate::view::{Csr, Indices};

/// Rows of every length up to 65 and some beyond, over few columns or many.
struct Case {
    cols: usize,
    offsets: Vec<u32>,
    indices: Vec<u32>,
    values: Option<Vec<f32>>,
}

impl Case {
    fn all(random: &mut Random) -> Vec<Case> {
        let mut cases = vec![];
        for cols in [1, 7, 3000] {
            for with_values in [false, true] {
                let mut offsets = vec![0];
                offsets.extend(lengths().scan(0, |end, length| {
                    *end += length as u32;
                    Some(*end)
                }));
                let edges = offsets[offsets.len() - 1] as usize;
                let indices = (0..edges).map(|_| random.below(cols) as u32).collect();
                let values = with_values.then(|| random.values(edges));
                cases.push(Case { cols, offsets, indices, values });
            }
        }
        cases
    }

    fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    fn own(&self, row: usize) -> std::ops::Range<usize> {
        self.offsets[row] as usize..self.offsets[row + 1] as usize
    }

    /// Calls `run` with the rows, their indices of each type.
    fn each_type(&self, values: Option<&[f32]>, mut run: impl FnMut(RowsIn<'_>)) {
        let signed: Vec<i32> = self.indices.iter().map(|&i| i as i32).collect();
        let wide: Vec<i64> = self.indices.iter().map(|&i| i.into()).collect();
        for indices in [Indices::U32(&self.indices), Indices::I32(&signed), Indices::I64(&wide)] {
            let offsets = Indices::U32(&self.offsets);
            let csr = Csr { rows: self.rows(), cols: self.cols, offsets, indices };
            run(RowsIn { csr, values, margins: None });
        }
    }
}

/// i64 as the bits of two f32 each, for arrays with canaries; NaN patterns among them pass through unchanged.
fn halves(values: &[i64]) -> Vec<f32> {
    bytemuck::cast_slice(values).to_vec()
}

/// An area of i64 at a place that aligns them.
fn place_of_i64(turn: usize) -> super::area::Place {
    PLACES
        .into_iter()
        .filter(|place| !matches!(place, super::area::Place::After(at) if at % 2 == 1))
        .nth(turn % 9)
        .unwrap()
}

pub(super) fn csr_margins() {
    let mut random = Random::new(62);
    for (turn, case) in Case::all(&mut random).into_iter().enumerate() {
        let n = case.rows();
        let (weights, offsets) = (random.values(case.cols), random.values(n));
        let dot = |vector: &[f32], row: usize| {
            let own = case.own(row);
            let gathered: Vec<f32> = case.indices[own.clone()].iter().map(|&i| vector[i as usize]).collect();
            match &case.values {
                Some(values) => super::lanes16_dot(&gathered, &values[own]),
                None => super::lanes16_sum(&gathered),
            }
        };
        let want: Vec<f32> =
            (0..n).map(|row| canonical((dot(&weights, row) + 0.25) + offsets[row])).collect();
        let place = PLACES[turn * 3 % PLACES.len()];
        let (of_weights, of_offsets) = (Area::new(place, &weights), Area::new(place, &offsets));
        let of_values = case.values.as_ref().map(|values| Area::new(place, values));
        let shift = Shift { intercept: 0.25, offsets: Some(of_offsets.get()) };
        for tier in tiers() {
            case.each_type(of_values.as_ref().map(Area::get), |all| {
                let mut out = Area::new(place, &vec![0.0; n]);
                tier.csr_margins(all, 0..n, of_weights.get(), shift, out.get_mut());
                assert_bits(&out.rows(), &want, (tier.isa(), case.cols));
            });
        }
    }
}

/// Against the same words with the nearest integer of the standard library.
pub(super) fn csr_accumulate() {
    let mut random = Random::new(63);
    for (turn, case) in Case::all(&mut random).into_iter().enumerate() {
        let n = case.rows();
        let factors: Vec<Vec<f32>> = (0..3).map(|_| random.values(n)).collect();
        let scales = [Scale::new(1, 1 << 20), Scale::new(1, 3), Scale::new(9, 5000)];
        let place = PLACES[turn * 5 % PLACES.len()];
        let of_values = case.values.as_ref().map(|values| Area::new(place, values));
        for (vectors, width) in [(1, 1), (1, 2), (2, 2), (2, 4), (3, 4)] {
            let before: Vec<i64> = (0..width * case.cols).map(|_| random.below(1 << 40) as i64).collect();
            let mut want = before.clone();
            for (v, (factors, scale)) in factors.iter().zip(scales).enumerate().take(vectors) {
                for (row, &factor) in factors.iter().enumerate() {
                    for at in case.own(row) {
                        let value = case.values.as_ref().map_or(1.0, |values| f64::from(values[at]));
                        let value = if v == 1 { value * value } else { value };
                        let term = f64::from(factor) * scale.up() * value;
                        want[case.indices[at] as usize * width + v] += term.round_ties_even() as i64;
                    }
                }
            }
            let of_factors: Vec<Area> = factors.iter().map(|values| Area::new(place, values)).collect();
            let vectors: Vec<Factors<'_>> = (0..vectors)
                .map(|v| Factors { factors: of_factors[v].get(), squared: v == 1, scale: scales[v] })
                .collect();
            for tier in tiers() {
                case.each_type(of_values.as_ref().map(Area::get), |all| {
                    let mut records = Area::new(place_of_i64(turn), &halves(&before));
                    tier.csr_accumulate(
                        all,
                        0..n,
                        &vectors,
                        width,
                        bytemuck::cast_slice_mut(records.get_mut()),
                    );
                    assert_eq!(
                        bytemuck::cast_slice::<_, i64>(&records.rows()),
                        want,
                        "{:?} {width}",
                        tier.isa()
                    );
                });
            }
        }
    }
}

pub(super) fn csr_finish() {
    let mut random = Random::new(64);
    for (turn, len) in lengths().enumerate() {
        let sums: Vec<i64> = (0..len).map(|_| random.below(usize::MAX >> 1) as i64 - (1 << 61)).collect();
        let scale = Scale::new(turn as i32 - 30, 1 << 20);
        let want: Vec<f32> = sums.iter().map(|&sum| (sum as f64 / scale.up()) as f32).collect();
        for tier in tiers() {
            let from = Area::new(place_of_i64(turn), &halves(&sums));
            let mut out = Area::new(PLACES[turn % PLACES.len()], &vec![0.0; len]);
            tier.csr_finish(bytemuck::cast_slice(from.get()), scale, out.get_mut());
            assert_bits(&out.rows(), &want, (tier.isa(), len));
        }
    }
}
