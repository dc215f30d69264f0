//! Rows with a score, its uncertainty and what became of them.

use std::ops::Range;

use avocet::Error;
use avocet::threshold::{Decisions, Grid, Labels, Rows, Sample, decide};

/// Rows that are to be decided on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scored {
    /// The score of each row.
    pub scores: Vec<f32>,
    /// How uncertain it is.
    pub uncertainties: Vec<f32>,
    /// 1 if the row is positive, else 0.
    pub labels: Vec<u8>,
}

/// Positives and rows that pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passing {
    /// Positives.
    pub positives: u64,
    /// Rows.
    pub rows: u64,
}

impl Scored {
    /// Some of the rows.
    pub fn part(&self, range: Range<usize>) -> Self {
        Self {
            scores: self.scores[range.clone()].to_vec(),
            uncertainties: self.uncertainties[range.clone()].to_vec(),
            labels: self.labels[range].to_vec(),
        }
    }

    /// Adds rows.
    pub fn append(&mut self, mut more: Self) {
        self.scores.append(&mut more.scores);
        self.uncertainties.append(&mut more.uncertainties);
        self.labels.append(&mut more.labels);
    }

    /// The rows with all scores different and all uncertainties too, so that quantiles cut them into equal parts, as the
    /// dynamic program needs: of equal values the later row's goes to the next number.
    pub fn without_ties(mut self) -> Self {
        separate(&mut self.scores);
        separate(&mut self.uncertainties);
        self
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The number of positive rows.
    pub fn positives(&self) -> u64 {
        self.labels.iter().map(|&label| u64::from(label)).sum()
    }

    /// The rows as tables take them.
    pub fn rows(&self) -> Rows<'_> {
        Rows {
            scores: &self.scores,
            uncertainties: &self.uncertainties,
            labels: Labels::U8(&self.labels),
            weights: None,
            segments: None,
        }
    }

    /// The rows as quantiles take them.
    pub fn sample(&self) -> Sample<'_> {
        Sample { scores: &self.scores, uncertainties: &self.uncertainties, weights: None }
    }

    /// What passes with a threshold for each level of a grid.
    pub fn passing(&self, grid: &Grid, thresholds: &[f32]) -> Result<Passing, Error> {
        let mut flags = vec![0; self.len()];
        let out = Decisions::Flags(&mut flags);
        decide(grid, thresholds, &self.scores, &self.uncertainties, out, None)?;
        let positives = flags.iter().zip(&self.labels).map(|(&flag, &label)| u64::from(flag & label)).sum();
        Ok(Passing { positives, rows: flags.iter().map(|&flag| u64::from(flag)).sum() })
    }
}

/// Makes all values different, at the cost of their last bits; they are not negative.
fn separate(values: &mut [f32]) {
    // Not negative, so that the bits order them.
    let key = |(at, value): (usize, &f32)| u64::from(value.to_bits()) << 32 | at as u64;
    let mut order: Vec<u64> = values.iter().enumerate().map(key).collect();
    order.sort_unstable();
    let mut last = f32::NEG_INFINITY;
    for key in order {
        let value = &mut values[key as u32 as usize];
        if *value <= last {
            *value = last.next_up();
        }
        last = *value;
    }
}

/// What one threshold for all rows can reach: every one that tells scores apart.
#[derive(Clone, Debug)]
pub struct Curve {
    points: Vec<Passing>,
    positives: u64,
}

impl Curve {
    /// The curve of some rows.
    pub fn new(rows: &Scored) -> Self {
        let mut order: Vec<(f32, u8)> =
            rows.scores.iter().copied().zip(rows.labels.iter().copied()).collect();
        order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut so_far = Passing::default();
        let points = order.chunk_by(|a, b| a.0 == b.0).map(|ties| {
            so_far.rows += ties.len() as u64;
            so_far.positives += ties.iter().map(|row| u64::from(row.1)).sum::<u64>();
            so_far
        });
        Self { points: points.collect(), positives: rows.positives() }
    }

    /// The greatest recall at the precision of what passes, or a greater one.
    pub fn recall_at(&self, passing: Passing) -> f64 {
        let precise = |point: &&Passing| {
            u128::from(point.positives) * u128::from(passing.rows)
                >= u128::from(passing.positives) * u128::from(point.rows)
        };
        let best = self.points.iter().filter(precise).map(|point| point.positives).max();
        best.unwrap_or(0) as f64 / self.positives as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_next_numbers() {
        let mut values = [0.5, 0.0, 0.5, 0.5f32.next_up(), 0.5, 0.75];
        separate(&mut values);
        let up = |times: usize| (0..times).fold(0.5f32, |value, _| value.next_up());
        assert_eq!(values, [0.5, 0.0, up(1), up(3), up(2), 0.75]);
    }

    #[test]
    fn curves_keep_ties_together() {
        let rows = Scored {
            scores: vec![0.9, 0.5, 0.5, 0.1],
            uncertainties: vec![0.0; 4],
            labels: vec![1, 1, 0, 1],
        };
        let curve = Curve::new(&rows);
        let recall = |positives, rows| (curve.recall_at(Passing { positives, rows }) * 3.0).round();
        assert_eq!([recall(1, 1), recall(3, 4), recall(7, 10), recall(1, 9)], [1.0, 3.0, 3.0, 3.0]);
    }
}
