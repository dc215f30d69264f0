//! Exact order statistics of many ranks at once, in two counting passes and without a sort: by the upper bits of the values,
//! then by the lower bits of those that share their upper bits with a wanted one. Counts are integers, so that neither
//! threads nor ties matter.

use super::fixed_weight;
use crate::error::Error;
use crate::graph::allocate;
use crate::pool::{self, Pool, Wide};
use std::ffi::CStr;

/// Bits of the second pass.
const LOW_BITS: u32 = 12;

/// Counters of the first pass.
const HIGH: usize = 1 << (32 - LOW_BITS);

/// Counters of each group of values of the second pass.
const LOW: usize = 1 << LOW_BITS;

/// Groups of one second pass: their counters take 32 MiB.
const GROUPS: usize = 1 << 10;

/// Fewer values than this are sorted: the counters would cost more.
const FEW: usize = 1 << 15;

/// A number that grows with the value, equal for both zeros.
fn key(value: f32) -> u32 {
    let bits = (value + 0.0).to_bits();
    if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
}

/// The value of a key.
fn value_of(key: u32) -> f32 {
    f32::from_bits(if key >> 31 == 1 { key & !(1 << 31) } else { !key })
}

/// Finite values, each with a weight in range or one.
#[derive(Clone, Copy)]
pub(super) struct Weighed<'a> {
    pub values: &'a [f32],
    pub weights: Option<&'a [f32]>,
}

impl Weighed<'_> {
    /// The sum of the weights in units of fixed point; the number of values without weights. None if 64 bits overflow.
    pub(super) fn mass(&self) -> Option<u64> {
        let Some(weights) = self.weights else { return Some(self.values.len() as u64) };
        let mut sum: u64 = 0;
        // A block of weights in range cannot overflow.
        for block in weights.chunks(1 << 12) {
            let of_block = block.iter().map(|&weight| fixed_weight(weight)).sum();
            sum = sum.checked_add(of_block)?;
        }
        Some(sum)
    }

    /// Calls `count(key, weight)` for the values of a range.
    #[inline(always)]
    fn each(&self, range: std::ops::Range<usize>, mut count: impl FnMut(u32, u64)) {
        let values = &self.values[range.clone()];
        match self.weights {
            None => values.iter().for_each(|&value| count(key(value), 1)),
            Some(weights) => {
                for (&value, &weight) in values.iter().zip(&weights[range]) {
                    count(key(value), fixed_weight(weight));
                }
            }
        }
    }
}

/// For each target (ascending, below the sum of the weights), the least value v such that the weight of the values <= v is
/// above it.
pub(super) fn order_statistics(
    all: Weighed<'_>,
    targets: &[u64],
    pool: Option<&Pool>,
    name: &'static CStr,
) -> Result<Vec<f32>, Error> {
    let mut found = allocate(targets.len(), name)?;
    if all.values.len() < FEW {
        let mut sorted: Vec<(u32, u64)> = allocate(all.values.len(), name)?;
        all.each(0..all.values.len(), |key, weight| sorted.push((key, weight)));
        sorted.sort_unstable();
        let mut targets = targets.iter().peekable();
        let mut sum = 0;
        for (key, weight) in sorted {
            sum += weight;
            while targets.next_if(|&&target| target < sum).is_some() {
                found.push(value_of(key));
            }
        }
        return Ok(found);
    }
    let high = count_parts(all, HIGH, pool, name, |counts, range| {
        all.each(range, |key, weight| counts[(key >> LOW_BITS) as usize] += weight);
    })?;
    // The group of each target, and the weight below the group.
    let mut wanted: Vec<(usize, u64, u64)> = allocate(targets.len(), name)?;
    let mut below = 0;
    let mut next = targets.iter().peekable();
    for (group, &count) in high.iter().enumerate() {
        while let Some(&target) = next.next_if(|&&target| target < below + count) {
            wanted.push((group, below, target));
        }
        below += count;
    }
    drop(high);
    let mut slots: Vec<u16> = allocate(HIGH, name)?;
    slots.resize(HIGH, 0);
    let mut rest = wanted.as_slice();
    while !rest.is_empty() {
        // Slot 0 takes what is not wanted.
        let (mut groups, mut taken) = (0, 0);
        while taken < rest.len() {
            let (group, ..) = rest[taken];
            if slots[group] == 0 {
                if groups == GROUPS {
                    break;
                }
                groups += 1;
                slots[group] = groups as u16;
            }
            taken += 1;
        }
        let low = count_parts(all, (groups + 1) * LOW, pool, name, |counts, range| {
            let slots = slots.as_slice();
            all.each(range, |key, weight| {
                let slot = usize::from(slots[(key >> LOW_BITS) as usize]);
                counts[slot * LOW + key as usize % LOW] += weight;
            });
        })?;
        let (now, later) = rest.split_at(taken);
        for same in now.chunk_by(|a, b| a.0 == b.0) {
            let (group, mut sum, _) = same[0];
            let counts = &low[usize::from(slots[group]) * LOW..][..LOW];
            let mut targets = same.iter().peekable();
            for (at, &count) in counts.iter().enumerate() {
                sum += count;
                while targets.next_if(|(_, _, target)| *target < sum).is_some() {
                    found.push(value_of((group << LOW_BITS | at) as u32));
                }
            }
            slots[group] = 0;
        }
        rest = later;
    }
    Ok(found)
}

/// The sum of the counts of all parts of the values.
fn count_parts(
    all: Weighed<'_>,
    len: usize,
    pool: Option<&Pool>,
    name: &'static CStr,
    count: impl Fn(&mut [u64], std::ops::Range<usize>) + Sync,
) -> Result<Vec<u64>, Error> {
    let n = all.values.len();
    let parts = pool::parts_with_tables(pool, n);
    let mut counts: Vec<u64> = allocate(parts * len, name)?;
    counts.resize(parts * len, 0);
    let tables = Wide(&mut counts, len);
    pool::for_rows(pool, parts, 0..parts, pool::even, tables, &mut [], |range, tables, _| {
        for (part, table) in range.zip(tables.0.chunks_exact_mut(len)) {
            count(table, n * part / parts..n * (part + 1) / parts);
        }
    });
    let (first, others) = counts.split_at_mut(len);
    for other in others.chunks_exact(len) {
        first.iter_mut().zip(other).for_each(|(sum, count)| *sum += count);
    }
    counts.truncate(len);
    Ok(counts)
}
