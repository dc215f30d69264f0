//! The core: one option of each level, the greatest value with a slack of 0 or more (a multiple-choice knapsack whose
//! values and slacks are linear in what passes).
//!
//! A multiplier `lambda / 2^k >= 0` gives each option the weight `w = 2^k value + lambda slack`. With `z` the greatest
//! weight of each level, any selection has `2^k value = bound - loss - lambda * slack` where `bound` is the sum of `z` and
//! `loss` that of `z - w`, both terms at least 0 where the selection is feasible. So the best value is at most
//! `bound / 2^k`, and a selection whose deficiency `loss + lambda * slack` is above some `g` has a value below `(bound - g) /
//! 2^k`. The search looks at all selections of deficiency up to `g`, for growing `g`, until the best found is proven.
//! All of it is in integers.

use super::lists::{Budget, Cut, Exhausted, Lists, NOTHING, Price, State, join, room};
use super::table::{Path, Table};
use super::wide::{Word, bits};

/// The greatest `value . (P, T)` subject to `slack . (P, T) + constant >= 0`, where P is the positive and T all passing
/// weight. Each pair of coefficients is at least 0 for P and at most 0 for T.
#[derive(Clone, Copy)]
pub(super) struct Linear {
    pub value: [i128; 2],
    pub slack: [i128; 2],
    pub constant: i128,
}

/// What the core found.
pub(super) struct Found {
    /// The value, if a feasible selection above the floor was found; its thresholds are written.
    pub value: Option<i128>,
    /// No feasible selection has a greater value than this, or than the floor.
    pub bound: i128,
    /// Whether no feasible selection has a greater value than `value` (or than the floor).
    pub proven: bool,
}

/// `lambda / 2^k`.
#[derive(Clone, Copy)]
pub(super) struct Multiplier {
    pub k: u32,
    pub lambda: i128,
}

/// Bits of a multiplier that make the narrow words worth while.
const FINE: u32 = 12;

impl Linear {
    /// Bounds of any selection's value and slack in magnitude.
    fn bounds(&self, table: &Table<'_>) -> Option<(u128, u128)> {
        let (p, t) = (u128::from(table.total.positive), u128::from(table.total.selected()));
        let bound = |[a, b]: [i128; 2]| {
            a.unsigned_abs().checked_mul(p)?.checked_add(b.unsigned_abs().checked_mul(t)?)
        };
        Some((bound(self.value)?, bound(self.slack)?.checked_add(self.constant.unsigned_abs())?))
    }

    /// A multiplier near `value / slack` for words of so many bits, if the problem fits in them.
    pub fn multiplier(&self, table: &Table<'_>, room: u32, value: u128, slack: u128) -> Option<Multiplier> {
        let (most_value, most_slack) = self.bounds(table)?;
        let k = (room - 1).checked_sub(bits(most_value))?;
        let most = (1u128 << (room - 1)) / most_slack.max(1);
        if bits(most_slack) >= room {
            return None;
        }
        let mut k = k.min(60).min(value.leading_zeros());
        while k > 0 && (value << k) / slack > most {
            k -= 1;
        }
        Some(Multiplier { k, lambda: ((value << k) / slack).min(most) as i128 })
    }

    /// Whether the narrow words hold the problem at a multiplier near this with enough of its bits.
    pub fn narrow(&self, table: &Table<'_>, value: u128, slack: u128) -> Option<Multiplier> {
        let multiplier = self.multiplier(table, i64::ROOM, value, slack)?;
        (bits(multiplier.lambda.unsigned_abs()) >= FINE).then_some(multiplier)
    }

    pub fn gain([a, b]: [i128; 2], positive: u64, selected: u64) -> i128 {
        a * i128::from(positive) + b * i128::from(selected)
    }
}

/// Solves the problem over all selections with a value above `floor`; writes thresholds only if it finds one.
pub(super) fn solve(
    table: &Table<'_>,
    path: Path<'_>,
    linear: &Linear,
    floor: i128,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Found {
    // The prefix of the greatest value, then edge by edge towards the one of the greatest slack until it is feasible.
    let gains = |at: usize| {
        let edge = path.edge(at);
        let gain = |coefficients| Linear::gain(coefficients, edge.positive, edge.selected);
        (gain(linear.value), gain(linear.slack))
    };
    let (mut value, mut slack, mut len) = (0, linear.constant, 0);
    while len < path.len() && gains(len).0 > 0 {
        let (dv, ds) = gains(len);
        (value, slack, len) = (value + dv, slack + ds, len + 1);
    }
    let none = Found { value: None, bound: floor, proven: true };
    let mut steepest = None;
    while slack < 0 {
        let (dv, ds) = if len > 0 && gains(len - 1).1 < 0 {
            len -= 1;
            let (dv, ds) = gains(len);
            (-dv, -ds)
        } else if len < path.len() && gains(len).1 > 0 {
            len += 1;
            gains(len - 1)
        } else {
            return none;
        };
        (value, slack) = (value + dv, slack + ds);
        steepest = Some((dv.unsigned_abs(), ds.unsigned_abs()));
    }
    let bins = (table.options - 1) as u32;
    if value > floor {
        path.thresholds(len, bins, thresholds);
    }
    let found = (value > floor).then_some(value);
    let Some((dv, ds)) = steepest else {
        return Found { value: found, bound: value.max(floor), proven: true };
    };
    let start = Start { value, slack, len };
    if let Some(multiplier) = linear.narrow(table, dv, ds) {
        Search::<i64>::run(table, path, linear, multiplier, floor, start, thresholds, budget)
    } else if let Some(multiplier) = linear.multiplier(table, i128::ROOM, dv, ds) {
        Search::<i128>::run(table, path, linear, multiplier, floor, start, thresholds, budget)
    } else {
        Found { value: found, bound: value.saturating_add(dv as i128).max(floor), proven: false }
    }
}

/// A feasible prefix of the path.
struct Start {
    value: i128,
    slack: i128,
    len: usize,
}

/// An option that may be part of a better selection.
#[derive(Clone, Copy)]
struct Candidate<W> {
    level: u32,
    option: u32,
    slack: W,
    value: W,
    loss: W,
}

/// The search at one multiplier.
struct Search<'a, W> {
    table: &'a Table<'a>,
    linear: &'a Linear,
    price: Price<W>,
    /// The greatest deficiency's bound: weights of all levels and of the constant.
    bound: W,
    /// By level, then slack falling and value rising.
    candidates: Vec<Candidate<W>>,
}

impl<'a, W: Word> Search<'a, W> {
    fn run(
        table: &'a Table<'a>,
        path: Path<'_>,
        linear: &'a Linear,
        multiplier: Multiplier,
        floor: i128,
        start: Start,
        thresholds: &mut [u32],
        budget: &mut Budget,
    ) -> Found {
        let price = Price { scale: W::of(1 << multiplier.k), lambda: W::of(multiplier.lambda) };
        let mut search = Search { table, linear, price, bound: W::default(), candidates: Vec::new() };
        let constant = W::of(linear.constant);
        search.bound =
            (0..table.levels).fold(price.lambda * constant, |sum, level| sum + search.greatest(level));

        let mut best = W::of(start.value.max(floor));
        let mut improved = start.value > floor;
        let above = |value: i128| value >> multiplier.k;
        let mut proved = W::of(-1);
        let mut outcome = search.collect(best);
        if outcome.is_ok() {
            if let Some(value) = search.swap(path, &start, best, thresholds) {
                (best, improved) = (value, true);
                search.thin(best);
            }
            outcome = search.deepen(&mut best, &mut improved, &mut proved, thresholds, budget);
        }
        let value = improved.then_some(best.wide());
        let bound = above((search.bound - proved - W::of(1)).wide()).max(best.wide());
        match outcome {
            Ok(()) => Found { value, bound: best.wide(), proven: true },
            Err(Exhausted) => Found { value, bound, proven: bound == best.wide() },
        }
    }

    /// Slack and value of an option.
    #[inline(always)]
    fn option(&self, level: usize, option: usize) -> (W, W) {
        let (positive, selected) = self.table.level(level);
        let (p, t) = (W::of_u64(positive[option]), W::of_u64(selected[option]));
        let pair = |[a, b]: [i128; 2]| W::of(a) * p + W::of(b) * t;
        (pair(self.linear.slack), pair(self.linear.value))
    }

    /// The coefficients of an option's weight.
    fn coefficients(&self) -> (W, W) {
        let at = |i: usize| {
            self.price.scale * W::of(self.linear.value[i]) + self.price.lambda * W::of(self.linear.slack[i])
        };
        (at(0), at(1))
    }

    /// The greatest weight of a level.
    fn greatest(&self, level: usize) -> W {
        let (positive, selected) = self.table.level(level);
        let (a, b) = self.coefficients();
        let weights = positive.iter().zip(selected).map(|(&p, &t)| a * W::of_u64(p) + b * W::of_u64(t));
        weights.fold(W::LEAST, |most, weight| if weight > most { weight } else { most })
    }

    /// The greatest deficiency that a selection better than `best` can have.
    fn gap(&self, best: W) -> W {
        self.bound - self.price.scale * (best + W::of(1))
    }

    /// Collects what can be part of a selection better than `best`.
    fn collect(&mut self, best: W) -> Result<(), Exhausted> {
        let gap = self.gap(best);
        let (a, b) = self.coefficients();
        for level in 0..self.table.levels {
            let (positive, selected) = self.table.level(level);
            let most = self.greatest(level);
            let first = self.candidates.len();
            for option in (0..self.table.options).rev() {
                let loss = most - (a * W::of_u64(positive[option]) + b * W::of_u64(selected[option]));
                if loss <= gap {
                    let (slack, value) = self.option(level, option);
                    room(&mut self.candidates, 1)?;
                    self.candidates.push(Candidate {
                        level: level as u32,
                        option: option as u32,
                        slack,
                        value,
                        loss,
                    });
                }
            }
            // Without what another of the level dominates; of equals the one that lets the fewest bins pass stays.
            let new = &mut self.candidates[first..];
            new.sort_unstable_by(|x, y| {
                (y.slack, y.value).cmp(&(x.slack, x.value)).then(y.option.cmp(&x.option))
            });
            let mut kept = first;
            for at in first..self.candidates.len() {
                if kept == first || self.candidates[at].value > self.candidates[kept - 1].value {
                    self.candidates[kept] = self.candidates[at];
                    kept += 1;
                }
            }
            self.candidates.truncate(kept);
        }
        Ok(())
    }

    /// Drops what cannot be part of a selection better than `best`.
    fn thin(&mut self, best: W) {
        let gap = self.gap(best);
        self.candidates.retain(|candidate| candidate.loss <= gap);
    }

    /// Exchanges options of single levels, the greatest gain first, while that keeps the selection feasible. Writes
    /// thresholds and returns the value if it comes out above `best`.
    fn swap(&self, path: Path<'_>, start: &Start, best: W, thresholds: &mut [u32]) -> Option<W> {
        let (mut slack, mut value) = (W::of(start.slack), W::of(start.value));
        let mut changes: [Option<Candidate<W>>; 4] = [None; 4];
        let mut chosen = Vec::new();
        chosen.try_reserve_exact(self.table.levels).ok()?;
        chosen.resize(self.table.levels, (self.table.options - 1) as u32);
        path.thresholds(start.len, (self.table.options - 1) as u32, &mut chosen);
        for change in &mut changes {
            let mut most = W::default();
            let mut old = (usize::MAX, W::default(), W::default());
            for candidate in &self.candidates {
                let level = candidate.level as usize;
                if old.0 != level {
                    let (slack, value) = self.option(level, chosen[level] as usize);
                    old = (level, slack, value);
                }
                let gain = candidate.value - old.2;
                if gain > most && slack + candidate.slack - old.1 >= W::default() {
                    (most, *change) = (gain, Some(*candidate));
                }
            }
            let Some(change) = change else { break };
            let level = change.level as usize;
            let before = self.option(level, chosen[level] as usize);
            (slack, value) = (slack + change.slack - before.0, value + change.value - before.1);
            chosen[level] = change.option;
        }
        if value <= best {
            return None;
        }
        thresholds.copy_from_slice(&chosen);
        Some(value)
    }

    /// Looks at all selections up to a deficiency that grows until the best is proven.
    fn deepen(
        &mut self,
        best: &mut W,
        improved: &mut bool,
        proved: &mut W,
        thresholds: &mut [u32],
        budget: &mut Budget,
    ) -> Result<(), Exhausted> {
        let mut lists = Lists::new();
        let mut limit = self.gap(*best).wide() >> 10;
        loop {
            let gap = self.gap(*best);
            if gap <= *proved {
                return Ok(());
            }
            limit = limit.min(gap.wide());
            let found = self.within(W::of(limit), *best, thresholds, &mut lists, budget)?;
            *proved = W::of(limit);
            if let Some(value) = found {
                (*best, *improved) = (value, true);
                self.thin(*best);
            }
            limit += (limit >> 1) + limit + 1;
        }
    }

    /// Looks at all selections of deficiency up to `limit`. Writes the thresholds of the best that it sees if it is better
    /// than `best`, and returns its value.
    fn within(
        &self,
        limit: W,
        best: W,
        thresholds: &mut [u32],
        lists: &mut Lists<W>,
        budget: &mut Budget,
    ) -> Result<Option<W>, Exhausted> {
        // The levels that leave a choice, in two halves; the others are settled.
        let mut open: Vec<Open<'_, W>> = Vec::new();
        let mut settled: Vec<(u32, u32)> = Vec::new();
        let (mut slack, mut value) = (W::of(self.linear.constant), W::default());
        let zero = W::default();
        for level in self.candidates.chunk_by(|a, b| a.level == b.level) {
            let mut near = level.iter().filter(|candidate| candidate.loss <= limit);
            let (Some(first), count) = (near.clone().next(), near.clone().count()) else { continue };
            if count == 1 {
                (slack, value) = (slack + first.slack, value + first.value);
                room(&mut settled, 1)?;
                settled.push((first.level, first.option));
            } else {
                let last = near.next_back().unwrap_or(first);
                room(&mut open, 1)?;
                open.push(Open { options: level, count, most: first.slack, least: last.slack });
            }
        }
        open.sort_by(|a, b| b.count.cmp(&a.count));
        let weights = |level: &Open<'_, W>| {
            let weight = |candidate: &Candidate<W>| self.price.of(candidate.slack, candidate.value);
            level.options.iter().map(weight).fold(W::LEAST, |a, b| if b > a { b } else { a })
        };
        let (mut most, mut least) = (slack, slack);
        for level in &open {
            (most, least) = (most + level.most, least + level.least);
        }
        // What the slack of a selection may be at most: its price is part of the deficiency.
        let widest = if self.price.lambda > zero {
            W::of(limit.wide() / self.price.lambda.wide())
        } else {
            W::of((1 << (W::ROOM - 1)) - 1)
        };
        lists.clear();
        let mut halves: [Vec<State<W>>; 2] = [Vec::new(), Vec::new()];
        for (half, list) in halves.iter_mut().enumerate() {
            let start = if half == 0 { (slack, value) } else { (zero, zero) };
            list.push(State { slack: start.0, value: start.1, before: NOTHING, option: 0 });
            let mut greatest = self.price.of(start.0, start.1);
            // Slack that the rest, this half's and the other's, adds at most and at least.
            let (mut rest_most, mut rest_least) = (most - start.0, least - start.0);
            for level in open.iter().skip(half).step_by(2) {
                (rest_most, rest_least) = (rest_most - level.most, rest_least - level.least);
                greatest = greatest + weights(level);
                let cut = Cut {
                    price: self.price,
                    least_weight: greatest - limit,
                    least_slack: zero - rest_most,
                    most_slack: widest - rest_least,
                };
                let near = level.options.iter().filter(|candidate| candidate.loss <= limit);
                let options = near.map(|candidate| (candidate.slack, candidate.value, candidate.option));
                lists.extend(list, options, &cut, budget)?;
            }
        }
        let Some((value, a, b)) = join(&halves[0], &halves[1], zero) else { return Ok(None) };
        if value <= best {
            return Ok(None);
        }
        for (level, option) in settled {
            thresholds[level as usize] = option;
        }
        for (half, state) in [a, b].into_iter().enumerate() {
            let levels = open.iter().skip(half).step_by(2);
            let count = levels.len();
            for (level, option) in levels.rev().zip(lists.choices(state.before)).take(count) {
                thresholds[level.options[0].level as usize] = option;
            }
        }
        Ok(Some(value))
    }
}

/// A level that leaves a choice.
struct Open<'a, W> {
    options: &'a [Candidate<W>],
    /// How many of them are near enough.
    count: usize,
    /// Their greatest slack.
    most: W,
    /// Their least.
    least: W,
}
