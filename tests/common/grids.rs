//! Grids of cells for the threshold search.

#![allow(dead_code)] // Each test and bench uses its part.

use super::Random;
use avocet::threshold::{Cells, search::Sums};

/// A grid that owns its cells.
#[derive(Clone, Debug)]
pub struct Grid {
    pub levels: usize,
    pub bins: usize,
    pub positive: Vec<u64>,
    pub negative: Vec<u64>,
}

impl Grid {
    pub fn cells(&self) -> Cells<'_> {
        Cells::new(self.levels, self.bins, &self.positive, &self.negative).unwrap()
    }

    /// All weight.
    pub fn total(&self) -> Sums {
        Sums { positive: self.positive.iter().sum(), negative: self.negative.iter().sum() }
    }

    /// What passes, summed anew.
    pub fn passing(&self, thresholds: &[u32]) -> Sums {
        let mut sums = Sums::default();
        for (level, &threshold) in thresholds.iter().enumerate() {
            for bin in threshold as usize..self.bins {
                sums.positive += self.positive[level * self.bins + bin];
                sums.negative += self.negative[level * self.bins + bin];
            }
        }
        sums
    }
}

/// The data set on which peers were measured: 2,000,000 rows, uncertainty gamma distributed, one row in ten positive,
/// weights in .1 to 1.1 in units of 2^-20, levels by rank of uncertainty, bins uniform in score. One threshold for all levels has an expected precision of at most .899, at a
/// score of .985: whether one reaches 9/10 is chance (on the peers' rows one does, with a recall of .092; on these none does).
pub fn large(levels: usize, bins: usize, weighted: bool) -> Grid {
    let mut random = Random::new(11);
    const ROWS: usize = 2_000_000;
    let mut normal = Normal::default();
    let mut rows: Vec<(f32, f32, bool, u64)> = (0..ROWS)
        .map(|_| {
            // Gamma of shape 2: the sum of two exponentials.
            let u = -0.15 * ((1.0 - random.unit()).ln() + (1.0 - random.unit()).ln());
            let positive = random.unit() < 0.1;
            let logit = normal.next(&mut random) * (1.0 + 2.0 * u) + if positive { 2.0 } else { -2.0 };
            let weight = if weighted { ((random.unit() + 0.1) * 1_048_576.0) as u64 } else { 1 };
            (u as f32, (1.0 / (1.0 + (-logit).exp())) as f32, positive, weight)
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut grid = Grid { levels, bins, positive: vec![0; levels * bins], negative: vec![0; levels * bins] };
    for (at, (_, score, positive, weight)) in rows.into_iter().enumerate() {
        let bin = ((score * bins as f32) as usize).min(bins - 1);
        let side = if positive { &mut grid.positive } else { &mut grid.negative };
        side[at * levels / ROWS * bins + bin] += weight;
    }
    grid
}

/// Normal numbers by pairs (Box and Muller).
#[derive(Default)]
struct Normal(Option<f64>);

impl Normal {
    fn next(&mut self, random: &mut Random) -> f64 {
        self.0.take().unwrap_or_else(|| {
            let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
            let angle = std::f64::consts::TAU * random.unit();
            self.0 = Some(radius * angle.sin());
            radius * angle.cos()
        })
    }
}

/// A grid of one of twelve kinds and of any size up to `levels` by `bins`: weights or counts, noisy or smooth, mostly empty,
/// with levels that differ much or not at all.
pub fn random(random: &mut Random, kind: usize, levels: usize, bins: usize) -> Grid {
    let size = |random: &mut Random, most: usize| (most as f64).powf(random.unit()).ceil() as usize;
    let (levels, bins) = (size(random, levels), size(random, bins));
    let rows = 10f64.powf(1.0 + 4.0 * random.unit());
    let (spread, slope, noise) = (2.0 * random.unit(), 4.0 + 8.0 * random.unit(), random.unit());
    let mut normal = Normal::default();
    let mut grid = Grid { levels, bins, positive: Vec::new(), negative: Vec::new() };
    for _ in 0..levels {
        let (base, mass) = (-4.0 + spread * normal.next(random), (spread * normal.next(random)).exp());
        for bin in 0..bins {
            let score = (bin as f64 + 0.5) / bins as f64;
            let jitter = if kind.is_multiple_of(2) { noise * normal.next(random) } else { 0.0 };
            let positivity = 1.0 / (1.0 + (-(base + slope * score + jitter)).exp());
            let empty = kind / 2 % 3 == 2 && random.unit() < 0.7;
            let weight = if empty { 0.0 } else { rows * mass * (0.1 + random.unit()) * (1.0 - 0.9 * score) };
            let scale = if kind < 6 { 1_048_576.0 } else { 1.0 };
            let positive = (weight * positivity * (0.5 + random.unit()).min(1.0) * scale) as u64;
            let all = (weight * scale) as u64;
            grid.positive.push(positive.min(all));
            grid.negative.push(all - positive.min(all));
        }
    }
    grid
}
