//! All selections near a bound, by Pareto lists of two halves of the levels.

use super::branch::Candidate;
use super::lists::{Budget, Cut, Exhausted, Lists, NOTHING, Price, State, join, room};
use super::wide::Word;

/// A level of which more than one option is near.
struct Open<'a, W> {
    options: &'a [Candidate<W>],
    /// The least weight of an option that is near, and the greatest.
    least_weight: W,
    greatest: W,
    /// How many are near, their greatest slack and their least.
    count: usize,
    most: W,
    least: W,
}

/// The best selection seen.
pub(super) struct Selection<W> {
    pub value: W,
    /// Levels with one option near, and it.
    settled: Vec<(u32, u32)>,
    /// The levels of each half in their order, and the last state.
    halves: [(Vec<u32>, State<W>); 2],
}

impl<W: Word> Selection<W> {
    /// Writes its thresholds.
    pub fn write(&self, lists: &Lists<W>, thresholds: &mut [u32]) {
        for &(level, option) in &self.settled {
            thresholds[level as usize] = option;
        }
        for (levels, state) in &self.halves {
            for (&level, option) in levels.iter().rev().zip(lists.choices(state.before)) {
                thresholds[level as usize] = option;
            }
        }
    }
}

/// Looks at all selections of deficiency up to `limit`; the best feasible one seen, if any was.
pub(super) fn near<W: Word>(
    candidates: &[Candidate<W>],
    constant: W,
    price: Price<W>,
    limit: W,
    lists: &mut Lists<W>,
    budget: &mut Budget,
) -> Result<Option<Selection<W>>, Exhausted> {
    let zero = W::default();
    let weight = |candidate: &Candidate<W>| price.of(candidate.slack, candidate.value);
    // The levels that leave a choice, in two halves; the others are settled.
    let mut open: Vec<Open<'_, W>> = Vec::new();
    let mut settled: Vec<(u32, u32)> = Vec::new();
    let (mut slack, mut value) = (constant, zero);
    for options in candidates.chunk_by(|a, b| a.level == b.level) {
        let greatest = options.iter().map(weight).fold(W::LEAST, |a, b| if b > a { b } else { a });
        let least_weight = greatest - limit;
        let mut near = options.iter().filter(|candidate| weight(candidate) >= least_weight);
        let count = near.clone().count();
        let Some(first) = near.next() else { continue };
        if count == 1 {
            (slack, value) = (slack + first.slack, value + first.value);
            room(&mut settled, 1)?;
            settled.push((first.level, first.option));
        } else {
            let last = near.next_back().unwrap_or(first);
            room(&mut open, 1)?;
            open.push(Open { options, least_weight, greatest, count, most: first.slack, least: last.slack });
        }
    }
    open.sort_unstable_by(|a, b| b.count.cmp(&a.count).then(a.options[0].level.cmp(&b.options[0].level)));
    let (mut most, mut least) = (slack, slack);
    for level in &open {
        (most, least) = (most + level.most, least + level.least);
    }
    // What the slack of a selection may be at most: its price is part of the deficiency.
    let widest = if price.lambda > zero {
        W::of(limit.wide() / price.lambda.wide())
    } else {
        W::of((1 << (W::ROOM - 1)) - 1)
    };
    lists.clear();
    let mut halves: [Vec<State<W>>; 2] = [Vec::new(), Vec::new()];
    for (half, list) in halves.iter_mut().enumerate() {
        let start = if half == 0 { (slack, value) } else { (zero, zero) };
        room(list, 1)?;
        list.push(State { slack: start.0, value: start.1, before: NOTHING, option: 0 });
        let mut greatest = price.of(start.0, start.1);
        // Slack that the rest, this half's and the other's, adds at most and at least.
        let (mut rest_most, mut rest_least) = (most - start.0, least - start.0);
        for level in open.iter().skip(half).step_by(2) {
            (rest_most, rest_least) = (rest_most - level.most, rest_least - level.least);
            greatest = greatest + level.greatest;
            let cut = Cut {
                price,
                least_weight: greatest - limit,
                least_slack: zero - rest_most,
                most_slack: widest - rest_least,
            };
            let near = level.options.iter().filter(|candidate| weight(candidate) >= level.least_weight);
            let options = near.map(|candidate| (candidate.slack, candidate.value, candidate.option));
            lists.extend(list, options, &cut, budget)?;
        }
    }
    let Some((value, a, b)) = join(&halves[0], &halves[1], zero) else { return Ok(None) };
    let half = |half: usize, state| {
        let levels = open.iter().skip(half).step_by(2).map(|level| level.options[0].level);
        (levels.collect(), state)
    };
    Ok(Some(Selection { value, halves: [half(0, a), half(1, b)], settled }))
}
