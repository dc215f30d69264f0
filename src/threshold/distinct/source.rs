//! Rows by the keys of their scores.

use crate::threshold::quantile::{key, value_of};
use crate::threshold::{Missing, Rows, fixed_weight, weight_in_range};
use std::ops::Range;

/// Rows that are read before they are counted.
const BLOCK: usize = 1024;

/// Lower bits of a key, which the first pass does not tell apart.
pub(super) const LOW_BITS: u32 = 14;

/// Keys of a group.
pub(super) const LOW: usize = 1 << LOW_BITS;

/// Rows that are compared with the ends of the groups in one go.
const CHUNK: usize = 16;

/// The rows.
pub(super) struct Source<'a> {
    pub rows: Rows<'a>,
    pub missing: Missing,
}

/// A key; 0 for NaN. An infinite score has that of the greatest finite one, since infinity lets nothing pass.
pub(super) fn key_of(score: f32) -> u32 {
    let key = key(if score > f32::MAX { f32::MAX } else { score });
    if score.is_nan() { 0 } else { key }
}

/// Some rows on their way into the counts.
struct Block {
    keys: [u32; BLOCK],
    labels: [u8; BLOCK],
    units: [u64; BLOCK],
}

impl Source<'_> {
    pub(super) fn units(&self, at: usize) -> u64 {
        self.rows.weights.map_or(1, |weights| fixed_weight(weights[at]))
    }

    /// A key, the label and the bits of the weight.
    pub(super) fn pair(&self, key: u32, at: usize) -> u64 {
        let positive = u64::from(self.rows.labels.get(at) == 1.0);
        let weight = self.rows.weights.map_or(1.0, |weights| weights[at]);
        // The bit of the sign is that of the label: weights have none (or are -0).
        u64::from(key) << 32 | positive << 31 | u64::from(weight.to_bits() & !(1 << 31))
    }

    /// Reads blocks of rows and calls `run` for each. Gives the sum of their weights, or none if it is beyond u64; or a row
    /// before the first bad one.
    #[inline(always)]
    pub(super) fn each_block(
        &self,
        range: Range<usize>,
        mut run: impl FnMut(&[u32], &[u8], &[u64]),
    ) -> Result<Option<u64>, usize> {
        let mut block = Block { keys: [0; BLOCK], labels: [0; BLOCK], units: [1; BLOCK] };
        let mut mass = Some(0u64);
        for first in range.clone().step_by(BLOCK) {
            let rows = first..range.end.min(first + BLOCK);
            let n = rows.len();
            let (keys, labels, units) = (&mut block.keys[..n], &mut block.labels[..n], &mut block.units[..n]);
            keys.iter_mut()
                .zip(&self.rows.scores[rows.clone()])
                .for_each(|(key, &score)| *key = key_of(score));
            let mut good = self.rows.labels.read(rows.clone(), labels);
            good &= self.missing == Missing::Apart || !keys.contains(&0);
            if let Some(weights) = self.rows.weights {
                let weights = &weights[rows];
                weights.iter().for_each(|&weight| good &= weight_in_range(weight));
                units.iter_mut().zip(weights).for_each(|(units, &weight)| *units = fixed_weight(weight));
            }
            if !good {
                return Err(first);
            }
            // Those of a block are below 2^52.
            mass = mass.and_then(|mass| mass.checked_add(units.iter().sum()));
            run(keys, labels, units);
        }
        Ok(mass)
    }

    /// Calls `run` for the keys and positions of the rows of a range in groups from the first end to the last.
    #[inline(always)]
    pub(super) fn each_between(
        &self,
        range: Range<usize>,
        ends: [usize; 2],
        mut run: impl FnMut(u32, usize),
    ) {
        // Keys around those of numbers are those of NaN; the greatest finite score stands for infinity.
        let low = value_of(((ends[0] << LOW_BITS) as u32).max(key(f32::NEG_INFINITY)));
        let high = ((ends[1] << LOW_BITS | (LOW - 1)) as u32).min(key(f32::MAX));
        let high = if high == key(f32::MAX) { f32::INFINITY } else { value_of(high) };
        let scores = &self.rows.scores[range.clone()];
        for (chunk, scores) in scores.chunks(CHUNK).enumerate() {
            let mut any = false;
            scores.iter().for_each(|&score| any |= (score >= low) & (score <= high));
            if any {
                for (at, &score) in scores.iter().enumerate() {
                    if score >= low && score <= high {
                        run(key_of(score), range.start + chunk * CHUNK + at);
                    }
                }
            }
        }
    }
}

/// The weight of a pair.
pub(super) fn units_of(pair: u64) -> u64 {
    fixed_weight(f32::from_bits(pair as u32 & !(1 << 31)))
}

/// The group of a key.
pub(super) fn group_of(key: u32) -> usize {
    (key >> LOW_BITS) as usize
}
