//! The core: one option of each level, the greatest value with a slack of 0 or more (a multiple-choice knapsack whose
//! values and slacks are linear in what passes).
//!
//! A multiplier `lambda / 2^k >= 0` gives each option the weight `w = 2^k value + lambda slack`. With `z` the greatest
//! weight of each level, any selection has `2^k value = bound - loss - lambda * slack` where `bound` is the sum of `z` and
//! `loss` that of `z - w`, both terms at least 0 where the selection is feasible. So the best value is at most
//! `bound / 2^k`, and a selection whose deficiency `loss + lambda * slack` is above some `g` has a value below `(bound - g) /
//! 2^k`. The search looks at all selections of deficiency up to `g`, for growing `g`, until the best found is proven.
//! All of it is in integers.

use super::branch::{Candidate, Tree};
use super::lists::{Budget, Exhausted, Price, room};
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

/// What divides all values: nothing lies between its multiples.
#[derive(Clone, Copy)]
pub(super) struct Step(i128);

impl Step {
    /// The least multiple above a value.
    pub fn above(self, value: i128) -> i128 {
        (value.div_euclid(self.0) + 1) * self.0
    }

    /// The greatest multiple that is not above a value.
    pub fn down(self, value: i128) -> i128 {
        value - value.rem_euclid(self.0)
    }
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
        // The coefficients have to fit too, whatever they are multiplied by.
        let (p, t) = (u128::from(table.total.positive.max(1)), u128::from(table.total.selected().max(1)));
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
        (value == 0 || bits(multiplier.lambda.unsigned_abs()) >= FINE).then_some(multiplier)
    }

    /// The steps in which values go: what divides all of them.
    pub fn step(&self, table: &Table<'_>) -> Step {
        Step(if self.value == [1, 0] { table.unit.into() } else { 1 })
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
    let fraction = slack as f64 / ds as f64;
    let start =
        Start { value: found, floor: value.max(floor), prefix: value as f64, part: dv as f64 * fraction };
    let narrow = linear.narrow(table, dv, ds);
    let found_narrow = narrow.and_then(|m| run::<i64>(table, linear, m, &start, thresholds, budget));
    if let Some(found) = found_narrow {
        return found;
    }
    let multiplier = linear.multiplier(table, i128::ROOM, dv, ds);
    let found_wide = multiplier.and_then(|m| run::<i128>(table, linear, m, &start, thresholds, budget));
    let bound = value.saturating_add(dv as i128).max(floor);
    found_wide.unwrap_or(Found { value: found, bound, proven: false })
}

/// What is known before the search.
struct Start {
    /// The value of the thresholds written, if any.
    value: Option<i128>,
    /// Only selections above it are sought.
    floor: i128,
    /// The value of the feasible prefix, and what the part of the next edge adds to it that the relaxation takes.
    prefix: f64,
    part: f64,
}

/// Collects the options that a selection better than the one at hand can have, and searches those. Nothing if a multiplier
/// of so few bits widens the gap: where all edges are much alike.
fn run<W: Word>(
    table: &Table<'_>,
    linear: &Linear,
    multiplier: Multiplier,
    start: &Start,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Option<Found> {
    let price = Price { scale: W::of(1 << multiplier.k), lambda: W::of(multiplier.lambda) };
    let weights = Weights { table, linear, price };
    let constant = price.lambda * W::of(linear.constant);
    let bound = (0..table.levels).fold(constant, |sum, level| sum + weights.greatest(level));
    let best = W::of(start.floor);
    // The greatest deficiency of anything better.
    let step = linear.step(table);
    let gap = bound - price.scale * W::of(step.above(start.floor));
    if gap < W::default() {
        return Some(Found { value: start.value, bound: start.floor, proven: true });
    }
    let above = step.down(bound.wide() >> multiplier.k);
    let excess = above as f64 - start.prefix - start.part;
    if W::ROOM < i128::ROOM && excess > 4.0 + (start.part / 64.0).min(start.prefix / 33_554_432.0) {
        return None;
    }
    let mut tree = Tree::new(best, W::of(linear.constant), above.max(start.floor), step);
    let outcome = weights.collect(gap).and_then(|candidates| {
        tree.search(candidates, thresholds, budget, |dv, ds| {
            linear
                .multiplier(table, W::ROOM, dv, ds)
                .map(|m| Price { scale: W::of(1 << m.k), lambda: W::of(m.lambda) })
        })
    });
    let best = tree.best().wide();
    let value = if best > start.floor { Some(best) } else { start.value };
    let bound = if outcome.is_ok() { best } else { tree.bound().max(best) };
    Some(Found { value, bound, proven: bound == best })
}

/// Options by their weight at one price.
struct Weights<'a, W> {
    table: &'a Table<'a>,
    linear: &'a Linear,
    price: Price<W>,
}

impl<W: Word> Weights<'_, W> {
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

    /// The options whose loss is at most `gap`, by level; within a level slack falls and value rises.
    fn collect(&self, gap: W) -> Result<Vec<Candidate<W>>, Exhausted> {
        let mut candidates: Vec<Candidate<W>> = Vec::new();
        let (a, b) = self.coefficients();
        for level in 0..self.table.levels {
            let (positive, selected) = self.table.level(level);
            let least = self.greatest(level) - gap;
            let first = candidates.len();
            for option in (0..self.table.options).rev() {
                let (p, t) = (W::of_u64(positive[option]), W::of_u64(selected[option]));
                if a * p + b * t >= least {
                    let pair = |[a, b]: [i128; 2]| W::of(a) * p + W::of(b) * t;
                    room(&mut candidates, 1)?;
                    let (slack, value) = (pair(self.linear.slack), pair(self.linear.value));
                    candidates.push(Candidate { level: level as u32, option: option as u32, slack, value });
                }
            }
            // Without what another of the level dominates; of equals the one that lets the fewest bins pass stays.
            candidates[first..].sort_unstable_by(|x, y| {
                (y.slack, y.value).cmp(&(x.slack, x.value)).then(y.option.cmp(&x.option))
            });
            let mut kept = first;
            for at in first..candidates.len() {
                if kept == first || candidates[at].value > candidates[kept - 1].value {
                    candidates[kept] = candidates[at];
                    kept += 1;
                }
            }
            candidates.truncate(kept);
        }
        Ok(candidates)
    }
}
