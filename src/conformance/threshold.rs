//! Cells, weights in fixed point, and decisions.

use super::area::{Area, PLACES};
use super::{assert_bits, bits, canonical, lengths, tiers};
use crate::test_support::Random;
use crate::threshold::kernel::{PACKED_ROW, RuleIn};
use crate::threshold::{Edges, Grid, Nested, Sample, ScoreEdges};

/// Grids of every way to find a bin, with values around their edges.
fn grids() -> Vec<Grid> {
    let mut random = Random::new(31);
    let shared = |levels, scores| Grid::new(levels, ScoreEdges::Shared(scores), None, None).unwrap();
    let uniform = Edges::Uniform { low: -0.9, high: 0.7, bins: 37 };
    let levels = Edges::Uniform { low: 0.0, high: 0.5, bins: 5 };
    let spread: Vec<f32> = (0..40).map(|i| -1.0 + i as f32 * 0.05).collect();
    let powers: Vec<f32> = (0..60).map(|i| 2f32.powi(i - 50)).collect();
    // A hundred neighbours, and the ends of f32.
    let mut crowded: Vec<f32> = (0..100).map(|i| f32::from_bits(0.5f32.to_bits() + i)).collect();
    crowded.extend([f32::MIN, -1.0, -0.0, 1e-45, 1.0, f32::MAX]);
    crowded.sort_by(f32::total_cmp);
    let scores: Vec<f32> = (0..3_000).map(|_| (random.f32() * 50.0).round() / 50.0).collect();
    let uncertainties = random.values(3_000);
    let sample = Some(Sample { scores: &scores, uncertainties: &uncertainties, weights: None });
    let nested = |bins| ScoreEdges::Nested(Nested { bins, top: 1.0, refine: None });
    let many: Vec<f32> = (1..100).map(|i| i as f32 / 100.0).collect();
    vec![
        shared(Edges::Given(&[]), Edges::Given(&[])),
        shared(levels, uniform),
        shared(Edges::Given(&[0.25]), Edges::Given(&spread)),
        shared(Edges::Given(&spread), Edges::Given(&powers)),
        shared(Edges::Given(&many), Edges::Given(&crowded)),
        Grid::new(Edges::Quantiles(4), nested(30), sample, None).unwrap(),
        // Far more edges than different scores.
        Grid::new(Edges::Quantiles(7), nested(400), sample, None).unwrap(),
    ]
}

/// Values at and beside edges, and any others.
fn around(random: &mut Random, edges: &[f32], n: usize) -> Vec<f32> {
    let mut values = random.wild(n);
    for value in &mut values {
        if !edges.is_empty() && random.below(2) == 0 {
            let edge = edges[random.below(edges.len())];
            *value = [edge, edge.next_down(), edge.next_up()][random.below(3)];
        }
    }
    values
}

fn bin(edges: &[f32], value: f32) -> usize {
    edges.iter().filter(|&&edge| value >= edge).count()
}

/// Level and bin by their definition; none for NaN.
fn place(grid: &Grid, score: f32, uncertainty: f32) -> Option<(usize, usize)> {
    let level = bin(grid.level_edges(), uncertainty);
    (!score.is_nan() && !uncertainty.is_nan()).then(|| (level, bin(grid.score_edges(level), score)))
}

/// Scores and uncertainties for a grid.
fn rows(random: &mut Random, grid: &Grid, n: usize) -> (Vec<f32>, Vec<f32>) {
    let level = random.below(grid.levels());
    (around(random, grid.score_edges(level), n), around(random, grid.level_edges(), n))
}

/// Runs `check(grid, scores, uncertainties)` on areas at every place.
fn each(seed: u64, mut check: impl FnMut(&Grid, &Area, &Area, super::area::Place, &mut Random)) {
    let mut random = Random::new(seed);
    for grid in grids() {
        for n in lengths() {
            let (scores, uncertainties) = rows(&mut random, &grid, n);
            for (at, place) in PLACES.into_iter().enumerate().skip(n % 3).step_by(3) {
                let other = PLACES[(at + 5) % PLACES.len()];
                let areas = [Area::new(place, &scores), Area::new(other, &uncertainties)];
                check(&grid, &areas[0], &areas[1], other, &mut random);
                areas.iter().for_each(|area| drop(area.rows()));
            }
        }
    }
}

pub(super) fn threshold_cells() {
    each(32, |grid, scores, uncertainties, at, _| {
        let (scores, uncertainties) = (scores.get(), uncertainties.get());
        let pairs = scores.iter().zip(uncertainties);
        let places: Vec<_> = pairs.map(|(&s, &u)| place(grid, s, u)).collect();
        let cell = |place: &Option<(usize, usize)>| match place {
            Some((level, bin)) => (level * grid.bins() + bin) as u32,
            None => grid.cells() as u32,
        };
        let want: Vec<u32> = places.iter().map(cell).collect();
        for tier in tiers() {
            let mut out = Area::new(at, &vec![0.0; scores.len()]);
            let whole = tier.threshold_cells(
                grid.view(),
                scores,
                uncertainties,
                bytemuck::cast_slice_mut(out.get_mut()),
            );
            assert_eq!(bits(&out.rows()), want, "{:?} {}", tier.isa(), grid.bins());
            assert_eq!(whole, places.iter().all(Option::is_some));
        }
    });
}

pub(super) fn threshold_values() {
    each(33, |grid, scores, uncertainties, at, random| {
        let (scores, uncertainties) = (scores.get(), uncertainties.get());
        let values = random.wild(grid.cells());
        let value = |(&s, &u): (&f32, &f32)| {
            place(grid, s, u).map_or(f32::NAN, |(level, bin)| values[level * grid.bins() + bin])
        };
        let want: Vec<f32> = scores.iter().zip(uncertainties).map(value).map(canonical).collect();
        for tier in tiers() {
            let mut out = Area::new(at, &vec![0.0; scores.len()]);
            tier.threshold_values(grid.view(), &values, scores, uncertainties, out.get_mut());
            assert_bits(&out.rows(), &want, tier.isa());
        }
    });
}

/// Decisions by their definition.
fn decisions(grid: &Grid, thresholds: &[f32], scores: &[f32], uncertainties: &[f32]) -> Vec<bool> {
    let decide = |(&s, &u): (&f32, &f32)| match place(grid, s, u) {
        Some((level, _)) => s >= thresholds[level] && thresholds[level] < f32::INFINITY,
        None => false,
    };
    scores.iter().zip(uncertainties).map(decide).collect()
}

fn thresholds(random: &mut Random, grid: &Grid) -> Vec<f32> {
    let mut thresholds = around(random, grid.score_edges(0), grid.levels());
    thresholds.iter_mut().filter(|t| t.is_nan()).for_each(|t| *t = f32::INFINITY);
    thresholds
}

pub(super) fn threshold_flags() {
    each(34, |grid, scores, uncertainties, at, random| {
        let (scores, uncertainties) = (scores.get(), uncertainties.get());
        let thresholds = thresholds(random, grid);
        let want = decisions(grid, &thresholds, scores, uncertainties);
        let rule = RuleIn { levels: grid.view().levels, thresholds: &thresholds };
        let n = scores.len();
        for tier in tiers() {
            let mut out = Area::new(at, &vec![f32::from_bits(0x0909_0909); n.div_ceil(4)]);
            let bytes: &mut [u8] = bytemuck::cast_slice_mut(out.get_mut());
            tier.threshold_flags(rule, scores, uncertainties, &mut bytes[..n]);
            assert!(bytes[n..].iter().all(|&byte| byte == 9));
            assert!(bytes.iter().zip(&want).all(|(&byte, &want)| byte == u8::from(want)), "{:?}", tier.isa());
            out.rows();
        }
    });
}

pub(super) fn threshold_bits() {
    each(35, |grid, scores, uncertainties, _, random| {
        let (scores, uncertainties) = (scores.get(), uncertainties.get());
        let thresholds = thresholds(random, grid);
        let want = decisions(grid, &thresholds, scores, uncertainties);
        let rule = RuleIn { levels: grid.view().levels, thresholds: &thresholds };
        for tier in tiers() {
            let mut words = vec![u64::MAX; scores.len().div_ceil(64)];
            tier.threshold_bits(rule, scores, uncertainties, &mut words);
            for at in 0..64 * words.len() {
                let set = words[at / 64] >> (at % 64) & 1 == 1;
                assert_eq!(set, want.get(at).copied().unwrap_or(false), "{:?} at {at}", tier.isa());
            }
        }
    });
}

/// Rounded to the nearest, ties to even, in every binade; what is out of range is found at any place.
pub(super) fn threshold_fixed() {
    let mut random = Random::new(36);
    for n in lengths() {
        for turn in 0..4 {
            let mut weights: Vec<f32> = (0..n)
                .map(|_| match random.below(3) {
                    0 => f32::from_bits(random.u32() % 2048f32.to_bits()),
                    1 => random.below(1 << 22) as f32 / 2_097_152.0,
                    _ => random.f32().abs() * 2.0,
                })
                .collect();
            let bad = [-1e-45, 2048.0, f32::NAN, f32::INFINITY][random.below(4)];
            if turn == 3 && n > 0 {
                weights[random.below(n)] = bad;
            }
            let want: Vec<u32> =
                weights.iter().map(|&w| (f64::from(w) * 1_048_576.0).round_ties_even() as u32).collect();
            for (at, place) in PLACES.into_iter().enumerate().skip(n % 3).step_by(3) {
                for tier in tiers() {
                    let area = Area::new(PLACES[(at + 7) % PLACES.len()], &weights);
                    let mut out = Area::new(place, &vec![0.0; n]);
                    let sum = tier.threshold_fixed(area.get(), bytemuck::cast_slice_mut(out.get_mut()));
                    if turn == 3 && n > 0 {
                        assert_eq!(sum, None, "{:?}: {bad}", tier.isa());
                        continue;
                    }
                    assert_eq!(bits(&out.rows()), want, "{:?}", tier.isa());
                    assert_eq!(sum, Some(want.iter().map(|&w| u64::from(w)).sum()));
                    area.rows();
                }
            }
        }
    }
}

/// Row by row; a class beyond the table, of which there is none, would touch nothing.
pub(super) fn threshold_count() {
    let mut random = Random::new(37);
    for n in lengths() {
        let len = 1 + random.below(40);
        let before: Vec<u64> = (0..len).map(|_| random.u64() >> 8).collect();
        let classes: Vec<u32> = (0..n).map(|_| random.below(len + 2) as u32).collect();
        let weights: Vec<u32> = (0..n).map(|_| random.u32() >> 1).collect();
        let mut want = before.clone();
        for (&class, &weight) in classes.iter().zip(&weights) {
            if let Some(count) = want.get_mut(class as usize) {
                *count += PACKED_ROW + u64::from(weight);
            }
        }
        let next = Area::new(PLACES[n % PLACES.len()], &random.values(n / 2));
        for tier in tiers() {
            let mut packed = before.clone();
            tier.threshold_count(&classes, &weights, [next.get(), &[], next.get()], &mut packed);
            assert_eq!(packed, want, "{:?} {n}", tier.isa());
        }
        next.rows();
    }
}
