//! Exact order statistics of many ranks at once, without sorting all: values are counted by their upper bits, and those that share
//! their upper bits with a wanted one are collected and sorted. Counts are integers, so that neither threads nor ties matter.

use super::fixed_weight;
use crate::error::{Error, Status};
use crate::pages::allocate;
use crate::pool::{self, Pool, Wide};
use std::ffi::CStr;
use std::ops::Range;

/// Values whose keys lie in a buffer before they are counted.
const BLOCK: usize = 1024;

/// Lower bits of a key, which the first pass does not tell apart.
const LOW_BITS: u32 = 12;

/// Groups of keys with the same upper bits.
const GROUPS: usize = 1 << (32 - LOW_BITS);

/// Fewer values than this are sorted: the counters would cost more.
const FEW: usize = 1 << 18;

/// So many targets among the same values are found by a sort.
const FEW_TARGETS: usize = 16;

/// A number that grows with the value, equal for both zeros.
pub(super) fn key(value: f32) -> u32 {
    let bits = (value + 0.0).to_bits();
    if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
}

/// The value of a key.
pub(super) fn value_of(key: u32) -> f32 {
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

    /// Calls `run` for the keys and weights of a range, some at a time; without weights, for keys only.
    #[inline(always)]
    fn each(&self, range: Range<usize>, mut run: impl FnMut(&[u32], Option<&[f32]>)) {
        let mut keys = [0; BLOCK];
        for first in range.clone().step_by(BLOCK) {
            let block = first..range.end.min(first + BLOCK);
            let keys = &mut keys[..block.len()];
            keys.iter_mut().zip(&self.values[block.clone()]).for_each(|(to, &value)| *to = key(value));
            run(keys, self.weights.map(|weights| &weights[block]));
        }
    }

    /// A key and the bits of its weight.
    fn pair(&self, key: u32, weight: Option<f32>) -> u64 {
        u64::from(key) << 32 | u64::from(weight.unwrap_or(0.0).to_bits())
    }

    /// Adds the values at which the weight passes the targets; the weight before the pairs is `below`, which no target is
    /// under.
    fn select(&self, pairs: &mut [u64], mut below: u64, targets: &[u64], found: &mut Vec<f32>) {
        if self.weights.is_none() && targets.len() < FEW_TARGETS {
            let mut from = 0;
            for &target in targets {
                // A number of pairs.
                let rank = (target - below) as usize;
                let (_, pair, _) = pairs[from..].select_nth_unstable(rank - from);
                found.push(value_of((*pair >> 32) as u32));
                from = rank;
            }
            return;
        }
        pairs.sort_unstable();
        let mut targets = targets.iter().peekable();
        for &mut pair in pairs {
            below += self.weights.map_or(1, |_| fixed_weight(f32::from_bits(pair as u32)));
            while targets.next_if(|&&target| target < below).is_some() {
                found.push(value_of((pair >> 32) as u32));
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
    let n = all.values.len();
    if n < FEW {
        let mut pairs = allocate(n, name)?;
        let weight = |at: usize| all.weights.map(|weights| weights[at]);
        pairs.extend(all.values.iter().enumerate().map(|(at, &value)| all.pair(key(value), weight(at))));
        all.select(&mut pairs, 0, targets, &mut found);
        return Ok(found);
    }
    let counts = Counts::new(all, pool, name)?;
    let wanted = counts.wanted(targets, name)?;
    let mut slots: Vec<u32> = filled(GROUPS, 0, name)?;
    for (number, wanted) in (1..).zip(&wanted) {
        slots[wanted.group] = number;
    }
    let mut parts = counts.collected(&wanted, name)?;
    let number = parts.len();
    pool::for_rows(pool, number, 0..number, pool::even, parts.as_mut_slice(), &mut [], |range, parts, _| {
        for (part, collected) in range.zip(parts) {
            all.each(part_of(n, part, number), |keys, weights| collected.add(&all, &slots, keys, weights));
        }
    });
    let most = wanted.iter().map(|wanted| wanted.rows).max().unwrap_or(0);
    let mut pairs = allocate(most, name)?;
    for (slot, wanted) in (1..).zip(wanted) {
        pairs.clear();
        parts
            .iter()
            .for_each(|part| pairs.extend_from_slice(&part.pairs[part.starts[slot]..part.next[slot]]));
        all.select(&mut pairs, wanted.below, &targets[wanted.targets], &mut found);
    }
    Ok(found)
}

/// The values of one part of many.
pub(super) fn part_of(n: usize, part: usize, parts: usize) -> Range<usize> {
    n * part / parts..n * (part + 1) / parts
}

pub(super) fn filled<T: Clone>(len: usize, value: T, name: &'static CStr) -> Result<Vec<T>, Error> {
    let mut values = allocate(len, name)?;
    values.resize(len, value);
    Ok(values)
}

/// The rows of each part in each group, and their weights if they have any.
struct Counts {
    parts: usize,
    rows: Vec<u32>,
    masses: Option<Vec<u64>>,
}

/// A group in which targets lie.
struct Wanted {
    group: usize,
    rows: usize,
    /// The weight of all groups before it.
    below: u64,
    targets: Range<usize>,
}

impl Counts {
    fn new(all: Weighed<'_>, pool: Option<&Pool>, name: &'static CStr) -> Result<Counts, Error> {
        let n = all.values.len();
        if u32::try_from(n).is_err() {
            return Err(Error::new(Status::SizeOverflow, name).size(n));
        }
        let parts = pool::parts_with_tables(pool, n);
        let mut rows: Vec<u32> = filled(parts * GROUPS, 0, name)?;
        let mut masses = all.weights.map(|_| filled(parts * GROUPS, 0u64, name)).transpose()?;
        let out = (Wide(&mut rows, GROUPS), masses.as_mut().map(|masses| Wide(masses, GROUPS)));
        pool::for_rows(pool, parts, 0..parts, pool::even, out, &mut [], |range, (rows, mut masses), _| {
            for (at, part) in range.enumerate() {
                let rows = &mut rows.0[at * GROUPS..][..GROUPS];
                let mut masses = masses.as_mut().map(|masses| &mut masses.0[at * GROUPS..][..GROUPS]);
                all.each(part_of(n, part, parts), |keys, weights| {
                    keys.iter().for_each(|&key| rows[(key >> LOW_BITS) as usize] += 1);
                    if let (Some(masses), Some(weights)) = (&mut masses, weights) {
                        for (&key, &weight) in keys.iter().zip(weights) {
                            masses[(key >> LOW_BITS) as usize] += fixed_weight(weight);
                        }
                    }
                });
            }
        });
        Ok(Counts { parts, rows, masses })
    }

    /// The groups of targets.
    fn wanted(&self, targets: &[u64], name: &'static CStr) -> Result<Vec<Wanted>, Error> {
        let mut wanted = allocate(targets.len(), name)?;
        let (mut below, mut next) = (0, 0);
        for group in 0..GROUPS {
            let of_parts = (0..self.parts).map(|part| part * GROUPS + group);
            let rows = of_parts.clone().map(|at| self.rows[at] as usize).sum();
            let mass = match &self.masses {
                Some(masses) => of_parts.map(|at| masses[at]).sum(),
                None => rows as u64,
            };
            let first = next;
            while next < targets.len() && targets[next] < below + mass {
                next += 1;
            }
            if next > first {
                wanted.push(Wanted { group, rows, below, targets: first..next });
            }
            below += mass;
        }
        Ok(wanted)
    }

    /// Room for the rows of each part in the groups.
    fn collected(&self, wanted: &[Wanted], name: &'static CStr) -> Result<Vec<Collected>, Error> {
        let mut parts = allocate(self.parts, name)?;
        for rows in self.rows.chunks_exact(GROUPS) {
            let mut starts = allocate(wanted.len() + 1, name)?;
            starts.push(0);
            let mut end = 1;
            for wanted in wanted {
                starts.push(end);
                end += rows[wanted.group] as usize;
            }
            let mut next = allocate(starts.len(), name)?;
            next.extend_from_slice(&starts);
            parts.push(Collected { pairs: filled(end, 0, name)?, starts, next });
        }
        Ok(parts)
    }
}

/// Pairs of a part, group by group.
struct Collected {
    /// The first one is whatever is in no group.
    pairs: Vec<u64>,
    /// Where each group starts, after that one.
    starts: Vec<usize>,
    /// Where its next pair goes.
    next: Vec<usize>,
}

impl Collected {
    #[inline(always)]
    fn add(&mut self, all: &Weighed<'_>, slots: &[u32], keys: &[u32], weights: Option<&[f32]>) {
        // Without branches, which nothing could predict.
        let mut add = |key: u32, pair: u64| {
            let slot = slots[(key >> LOW_BITS) as usize] as usize;
            let next = &mut self.next[slot];
            self.pairs[*next] = pair;
            *next += usize::from(slot != 0);
        };
        match weights {
            None => keys.iter().for_each(|&key| add(key, all.pair(key, None))),
            Some(weights) => {
                keys.iter().zip(weights).for_each(|(&key, &weight)| add(key, all.pair(key, Some(weight))));
            }
        }
    }
}
