//! One threshold over the distinct scores of rows, exact, without sorting the rows: they are counted by the upper bits of
//! their scores, and only groups in which a better threshold can lie are looked at closer.

mod source;

use super::quantile::{filled, part_of, value_of};
use super::rows::Tally;
use super::search::{Goal, Objective, Outcome, Ratio, Solution, Sums};
use super::{Missing, Rows};
use crate::error::{Error, Status};
use crate::pages::allocate;
use crate::pool::{self, Pool, Wide};
use source::{LOW, LOW_BITS, Source, group_of, key_of, units_of};
use std::cmp::Ordering;

/// Groups of keys with the same upper bits. Keys of numbers lie far above the first group, where NaN is put.
const GROUPS: usize = 1 << (32 - LOW_BITS);

/// Fewer rows than this are sorted: the counters would cost more.
const FEW: usize = 1 << 14;

/// So many groups are counted key by key; the rows of more are sorted.
const MOST_TABLES: usize = 32;

/// The rows from some score on.
#[derive(Clone, Copy)]
struct Cut {
    sums: Sums,
    /// The key of the least score; [`NONE`] without rows.
    key: u32,
}

/// Above the keys of all numbers.
const NONE: u32 = u32::MAX;

/// The best single threshold for an objective over all distinct scores: the rows with `score >= threshold` pass, and
/// infinity lets none pass, not even a score of infinity, which counts as the greatest finite score does.
///
/// `rows.uncertainties` is not looked at, and there must be no segments. Weights are counted in units of 2^-20, rows without
/// weights in ones. Every comparison is exact, as in [`super::search::search`]; the solution is always proven, its bound
/// holds for single thresholds. Of thresholds of the same value the greatest is chosen; where infeasible, the bound is that
/// of the greatest precision. Rows with NaN scores, counted apart, count nowhere.
///
/// Exact integers: the same answer with any pool and in any order of the rows. Threads: rows are shared among the pool's
/// threads. Allocates 4 MiB for each thread, and as a rule some 256 KiB for each of a few groups of scores near the answer;
/// 8 bytes for each row in more than 32 such groups (where precision hardly depends on the score). Time: two passes over
/// the scores.
///
/// Errors: lengths that differ, 2^32 rows or more, the objective, segments, weights for a confidence bound, which counts
/// rows; the first row with a NaN, a label that is none or a weight out of range, with position and value; a sum of all
/// weights of 2^42; no memory.
pub fn best_threshold(
    rows: Rows<'_>,
    missing: Missing,
    objective: &Objective,
    pool: Option<&Pool>,
) -> Result<(f32, Solution), Error> {
    let n = rows.scores.len();
    Rows { uncertainties: rows.scores, ..rows }.check_sizes()?;
    if u32::try_from(n).is_err() {
        return Err(Error::new(Status::SizeOverflow, c"scores").size(n));
    }
    objective.check()?;
    if rows.segments.is_some() {
        return Err(Error::new(Status::InvalidArgument, c"segments"));
    }
    if rows.weights.is_some_and(|weights| !weights.is_empty())
        && matches!(objective, Objective::RecallUnderWilson { .. })
    {
        return Err(Error::new(Status::InvalidArgument, c"weights"));
    }
    let source = Source { rows: Rows { uncertainties: &[], ..rows }, missing };
    let counted = Counted::new(&source, pool)?;
    let goal = Goal { objective: *objective, total: counted.total };
    let solution = |outcome, passing, bound| Solution { outcome, passing, bound, proven: true, work: 0 };
    if let Some(Cut { sums, key }) = counted.best(goal, &source, pool)? {
        let threshold = if key == NONE { f32::INFINITY } else { value_of(key) };
        return Ok((threshold, solution(Outcome::Feasible, sums, sums)));
    }
    let any = Objective::PrecisionUnderRecall { recall: Ratio::new(0, 1) };
    let greatest = counted.best(Goal { objective: any, ..goal }, &source, pool)?;
    let bound = greatest.map_or(Sums::default(), |cut| cut.sums);
    Ok((f32::INFINITY, solution(Outcome::Infeasible, Sums::default(), bound)))
}

/// The best cut so far.
struct Best {
    goal: Goal,
    cut: Option<Cut>,
}

impl Best {
    fn offer(&mut self, cut: Cut) {
        let better = |best: Cut| match self.goal.compare(cut.sums, best.sums) {
            Ordering::Equal => cut.key > best.key,
            order => order == Ordering::Greater,
        };
        if self.goal.feasible(cut.sums) && self.cut.is_none_or(better) {
            self.cut = Some(cut);
        }
    }

    /// Whether a cut of a group may be better: constraints and values are monotone in either weight, so that the best
    /// among all sums between those above the group and those with it lie at a corner.
    fn may_improve(&self, group: usize, above: Sums, with: Sums) -> bool {
        let corner = |a: Sums, b: Sums| Sums { positive: a.positive, negative: b.negative };
        let corners = [above, with, corner(above, with), corner(with, above)];
        let Some(best) = self.cut else { return corners.iter().any(|&sums| self.goal.feasible(sums)) };
        let least = if group >= group_of(best.key) { Ordering::Equal } else { Ordering::Greater };
        corners.iter().any(|&sums| self.goal.compare(sums, best.sums) >= least)
            && corners.iter().any(|&sums| self.goal.feasible(sums))
    }

    /// Offers the cuts of sorted pairs, the last first; `above` is what lies above them.
    fn offer_pairs(&mut self, source: &Source<'_>, pairs: &[u64], mut above: Sums) {
        for (at, &pair) in pairs.iter().enumerate().rev() {
            let units = if source.rows.weights.is_none() { 1 } else { units_of(pair) };
            add(&mut above, pair >> 31 & 1 == 1, units);
            let key = (pair >> 32) as u32;
            if at == 0 || (pairs[at - 1] >> 32) as u32 != key {
                self.offer(Cut { sums: above, key });
            }
        }
    }
}

fn add(sums: &mut Sums, positive: bool, units: u64) {
    *(if positive { &mut sums.positive } else { &mut sums.negative }) += units;
}

/// What the first pass leaves.
struct Counted {
    total: Sums,
    /// All rows as sorted pairs, if there are few.
    pairs: Vec<u64>,
    /// Else negatives and positives of each group.
    groups: Vec<u64>,
}

/// A group to look at closer, and what lies above it.
struct Candidate {
    group: usize,
    above: Sums,
}

/// There is no room for one more.
fn no_memory<T>(items: &[T]) -> Error {
    Error::new(Status::OutOfMemory, c"scores").size(items.len() + 1)
}

/// The sums of the first piece of `all`, made those of all pieces.
fn fold(all: &mut Vec<u64>, len: usize) {
    let (sums, others) = all.split_at_mut(len);
    for other in others.chunks_exact(len) {
        sums.iter_mut().zip(other).for_each(|(sum, count)| *sum += count);
    }
    all.truncate(len);
}

impl Counted {
    fn new(source: &Source<'_>, pool: Option<&Pool>) -> Result<Counted, Error> {
        let n = source.rows.scores.len();
        let (mut pairs, mut groups): (Vec<u64>, Vec<u64>) = Default::default();
        let tally = Tally::new(0);
        if n < FEW {
            tally.note(source.each_block(0..n, |_, _, _| ()));
        } else {
            let parts = pool::parts_with_tables(pool, n);
            groups = filled(2 * GROUPS * parts, 0, c"scores")?;
            let out = Wide(&mut groups, 2 * GROUPS);
            pool::for_rows(pool, parts, 0..parts, pool::even, out, &mut [], |range, groups, _| {
                for (part, groups) in range.zip(groups.0.as_chunks_mut::<{ 2 * GROUPS }>().0) {
                    tally.note(source.each_block(part_of(n, part, parts), |keys, labels, units| {
                        for ((&key, &label), &units) in keys.iter().zip(labels).zip(units) {
                            let count: &mut u64 = &mut groups[group_of(key) << 1 | usize::from(label & 1)];
                            // Of an overflow, the mass tells.
                            *count = count.wrapping_add(units);
                        }
                    }));
                }
            });
        }
        tally.mass(&source.rows, source.missing, 1)?;
        let mut total = Sums::default();
        if n < FEW {
            pairs = allocate(n, c"scores")?;
            for (at, &score) in source.rows.scores.iter().enumerate().filter(|(_, score)| !score.is_nan()) {
                let pair = source.pair(key_of(score), at);
                add(&mut total, pair >> 31 & 1 == 1, source.units(at));
                pairs.push(pair);
            }
            pairs.sort_unstable();
        } else {
            fold(&mut groups, 2 * GROUPS);
            // NaN is in the first group.
            for group in groups.as_chunks().0.iter().skip(1) {
                let [negative, positive] = *group;
                total = Sums { positive: total.positive + positive, negative: total.negative + negative };
            }
        }
        Ok(Counted { total, pairs, groups })
    }

    /// The best cut, if one is feasible.
    fn best(&self, goal: Goal, source: &Source<'_>, pool: Option<&Pool>) -> Result<Option<Cut>, Error> {
        let mut best = Best { goal, cut: None };
        best.offer(Cut { sums: Sums::default(), key: NONE });
        best.offer_pairs(source, &self.pairs, Sums::default());
        // Between groups there are cuts too.
        self.each_group(|group, _, with| best.offer(Cut { sums: with, key: (group << LOW_BITS) as u32 }));
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut memory = true;
        self.each_group(|group, above, with| {
            if memory && best.may_improve(group, above, with) {
                memory = candidates.try_reserve(1).is_ok();
                if memory {
                    candidates.push(Candidate { group, above });
                }
            }
        });
        if !memory {
            return Err(no_memory(&candidates));
        }
        if candidates.len() <= MOST_TABLES {
            best.offer_tables(source, &candidates, pool)?;
        } else {
            best.offer_sorted(source, &candidates)?;
        }
        Ok(best.cut)
    }

    /// Calls `run` for each group with weight, the greatest scores first: with what lies above it, and that with the group.
    fn each_group(&self, mut run: impl FnMut(usize, Sums, Sums)) {
        let mut above = Sums::default();
        for (group, &[negative, positive]) in self.groups.as_chunks().0.iter().enumerate().skip(1).rev() {
            if negative != 0 || positive != 0 {
                let with = Sums { positive: above.positive + positive, negative: above.negative + negative };
                run(group, above, with);
                above = with;
            }
        }
    }
}

impl Best {
    /// Counts the rows of some groups key by key, and offers their cuts.
    fn offer_tables(
        &mut self,
        source: &Source<'_>,
        candidates: &[Candidate],
        pool: Option<&Pool>,
    ) -> Result<(), Error> {
        let [Some(first), Some(last)] = [candidates.last(), candidates.first()] else { return Ok(()) };
        let n = source.rows.scores.len();
        let len = 2 * LOW * candidates.len();
        let parts = pool::parts_with_tables(pool, n);
        let slots = slots(candidates)?;
        let mut tables: Vec<u64> = filled(len * parts, 0, c"scores")?;
        let out = Wide(&mut tables, len);
        pool::for_rows(pool, parts, 0..parts, pool::even, out, &mut [], |range, tables, _| {
            for (part, tables) in range.zip(tables.0.chunks_exact_mut(len)) {
                source.each_between(part_of(n, part, parts), [first.group, last.group], |key, at| {
                    let slot = slots[group_of(key)] as usize;
                    if slot > 0 {
                        let label = usize::from(source.rows.labels.get(at) == 1.0);
                        let low = key as usize % LOW;
                        tables[((slot - 1) * LOW + low) * 2 + label] += source.units(at);
                    }
                });
            }
        });
        fold(&mut tables, len);
        for (candidate, table) in candidates.iter().zip(tables.chunks_exact(2 * LOW)) {
            let mut sums = candidate.above;
            for (low, &[negative, positive]) in table.as_chunks().0.iter().enumerate().rev() {
                if negative != 0 || positive != 0 {
                    sums.positive += positive;
                    sums.negative += negative;
                    self.offer(Cut { sums, key: (candidate.group << LOW_BITS | low) as u32 });
                }
            }
        }
        Ok(())
    }

    /// Sorts the rows of many groups, and offers their cuts.
    fn offer_sorted(&mut self, source: &Source<'_>, candidates: &[Candidate]) -> Result<(), Error> {
        let slots = slots(candidates)?;
        let mut pairs: Vec<u64> = Vec::new();
        let mut memory = true;
        source.each_between(0..source.rows.scores.len(), [0, GROUPS - 1], |key, at| {
            if memory && slots[group_of(key)] > 0 {
                memory = pairs.try_reserve(1).is_ok();
                if memory {
                    pairs.push(source.pair(key, at));
                }
            }
        });
        if !memory {
            return Err(no_memory(&pairs));
        }
        pairs.sort_unstable();
        let mut rest = &pairs[..];
        for candidate in candidates {
            let from = rest.partition_point(|&pair| group_of((pair >> 32) as u32) < candidate.group);
            self.offer_pairs(source, &rest[from..], candidate.above);
            rest = &rest[..from];
        }
        Ok(())
    }
}

/// For each group its number among the candidates, counted from 1, or 0.
fn slots(candidates: &[Candidate]) -> Result<Vec<u32>, Error> {
    let mut slots = filled(GROUPS, 0, c"scores")?;
    for (number, candidate) in (1..).zip(candidates) {
        slots[candidate.group] = number;
    }
    Ok(slots)
}
