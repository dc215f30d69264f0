//! Branch and bound over what is left of the levels' options.
//!
//! Each node has its own multiplier, from the linear relaxation of its options: the hull of each level, edges by the value
//! they cost per slack, taken until the selection is feasible. [`super::near`] then looks at all selections near the bound.
//! If they are too many, the options of the level whose edge made the selection feasible are cut between that edge's ends: a
//! level much heavier than the others leaves a wide gap, in which everything is near, until it is settled.

use super::linear::Step;
use super::lists::{Budget, Exhausted, Lists, Price, room};
use super::near::near;
use super::wide::{Word, compare_products};
use std::cmp::Ordering;

/// An option that may be part of a better selection.
#[derive(Clone, Copy)]
pub(super) struct Candidate<W> {
    pub level: u32,
    pub option: u32,
    pub slack: W,
    pub value: W,
}

/// Options by level; within a level slack falls and value rises.
pub(super) type Candidates<W> = Vec<Candidate<W>>;

/// A part of the problem: nothing in it is above the bound.
struct Node<W> {
    candidates: Candidates<W>,
    bound: i128,
}

/// The search.
pub(super) struct Tree<W> {
    best: W,
    constant: W,
    /// What holds for everything.
    first_bound: i128,
    step: Step,
    open: Vec<Node<W>>,
    lists: Lists<W>,
    edges: Vec<Edge<W>>,
}

/// An edge of a level's hull: what it costs and gives to go from one candidate to another.
#[derive(Clone, Copy)]
struct Edge<W> {
    cost: W,
    gain: W,
    /// The candidate that it leads to.
    to: u32,
}

/// The relaxation of a node.
struct Relaxed<W> {
    /// The edge that made the selection feasible; none if none was needed.
    last: Option<Edge<W>>,
    /// Slack and value of the selection.
    slack: W,
    value: W,
}

/// Partial selections that a node may make before it is cut.
const NODE_WORK: u64 = 1 << 16;

/// Candidates that the exchange of pairs may look at.
const PAIR_WORK: usize = 1 << 19;

impl<W: Word> Tree<W> {
    /// A search for more than `best`, where nothing is above `bound`.
    pub fn new(best: W, constant: W, bound: i128, step: Step) -> Tree<W> {
        let (open, edges) = (Vec::new(), Vec::new());
        Tree { best, constant, first_bound: bound, step, open, lists: Lists::new(), edges }
    }

    /// The best value found.
    pub fn best(&self) -> W {
        self.best
    }

    /// What nothing exceeds while nodes are open.
    pub fn bound(&self) -> i128 {
        self.open.iter().map(|node| node.bound).max().unwrap_or(self.first_bound)
    }

    /// Writes the thresholds of the best selection above what was known, if there is one. `price` gives the multiplier
    /// for an edge's value and slack.
    pub fn search(
        &mut self,
        candidates: Candidates<W>,
        thresholds: &mut [u32],
        budget: &mut Budget,
        price: impl Fn(u128, u128) -> Option<Price<W>>,
    ) -> Result<(), Exhausted> {
        room(&mut self.open, 1)?;
        self.open.push(Node { candidates, bound: self.first_bound });
        let mut chosen: Vec<u32> = Vec::new();
        room(&mut chosen, thresholds.len())?;
        let mut work = NODE_WORK;
        loop {
            let widest = (0..self.open.len()).max_by_key(|&at| self.open[at].bound);
            let Some(at) = widest.filter(|&at| self.open[at].bound > self.best.wide()) else {
                return Ok(());
            };
            // An exhausted budget leaves the node open.
            let mut node = std::mem::replace(&mut self.open[at], Node { candidates: Vec::new(), bound: 0 });
            let cut = self.node(&mut node, &mut chosen, thresholds, budget, work, &price);
            work += NODE_WORK / 8;
            self.open[at].bound = node.bound;
            let cut = cut?;
            self.open.swap_remove(at);
            if let Some((level, slack)) = cut {
                // Options of the level from the edge's better end on, and the others.
                for side in [true, false] {
                    let mut half: Candidates<W> = Vec::new();
                    room(&mut half, node.candidates.len())?;
                    let kept = |c: &&Candidate<W>| c.level != level || (c.slack >= slack) == side;
                    half.extend(node.candidates.iter().filter(kept));
                    if half.iter().any(|candidate| candidate.level == level) {
                        room(&mut self.open, 1)?;
                        self.open.push(Node { candidates: half, bound: node.bound });
                    }
                }
            }
        }
    }

    /// Searches a node. Where that takes too much work, returns the level to cut and the least slack of its better half; the
    /// node then has the tightest bound and the fewest candidates known.
    fn node(
        &mut self,
        node: &mut Node<W>,
        chosen: &mut Vec<u32>,
        thresholds: &mut [u32],
        budget: &mut Budget,
        work: u64,
        price: &impl Fn(u128, u128) -> Option<Price<W>>,
    ) -> Result<Option<(u32, W)>, Exhausted> {
        budget.spend(4 * node.candidates.len())?;
        let zero = W::default();
        let Some(mut relaxed) = self.relax(&node.candidates, chosen)? else { return Ok(None) };
        let last = relaxed.last;
        if last.is_some() {
            improve(&node.candidates, chosen, &mut relaxed);
        }
        if relaxed.value > self.best {
            self.best = relaxed.value;
            write(&node.candidates, chosen, thresholds);
        }
        // Where the greatest values are feasible nothing is better.
        let Some(last) = last else { return Ok(None) };
        let magnitude = |x: W| x.wide().unsigned_abs();
        let Some(price) = price(magnitude(last.cost), magnitude(last.gain)) else { return Err(Exhausted) };
        let weight = |candidate: &Candidate<W>| price.of(candidate.slack, candidate.value);
        let greatest = |level: &[Candidate<W>]| {
            level.iter().map(weight).fold(W::LEAST, |a, b| if b > a { b } else { a })
        };
        let levels = || node.candidates.chunk_by(|a, b| a.level == b.level);
        let bound = levels().fold(price.lambda * self.constant, |sum, level| sum + greatest(level));
        let scale = price.scale.wide();
        let step = self.step;
        node.bound = node.bound.min(step.down(bound.wide().div_euclid(scale)));
        let cut = node.candidates[last.to as usize];

        let local = Budget { limit: budget.limit.min(budget.used.saturating_add(work)), used: budget.used };
        let mut local = local;
        let gap = |best: W| bound - price.scale * W::of(step.above(best.wide()));
        let mut proved = W::of(-1);
        let mut limit = gap(self.best).wide() >> 10;
        let closed = loop {
            let gap = gap(self.best);
            if gap <= proved {
                break true;
            }
            thin(&mut node.candidates, &price, gap);
            limit = limit.min(gap.wide());
            let near =
                near(&node.candidates, self.constant, price, W::of(limit), &mut self.lists, &mut local);
            let Ok(found) = near else { break false };
            if let Some(found) = found.filter(|found| found.value > self.best) {
                self.best = found.value;
                found.write(&self.lists, thresholds);
            }
            proved = W::of(limit);
            limit += (limit >> 1) + limit + 1;
        };
        budget.used = local.used;
        if closed {
            return Ok(None);
        }
        // What is left is dense, so pairs of options come close to the bound.
        if let Some(mut relaxed) = self.relax(&node.candidates, chosen)? {
            improve_pairs(&node.candidates, chosen, &mut relaxed, budget)?;
            if relaxed.value > self.best {
                self.best = relaxed.value;
                write(&node.candidates, chosen, thresholds);
            }
        }
        node.bound = node.bound.min(step.down((bound - proved - W::of(1)).wide().div_euclid(scale)));
        if budget.used >= budget.limit || node.candidates.is_empty() {
            return Err(Exhausted);
        }
        debug_assert!(cut.slack != zero || node.candidates.len() > 1);
        Ok(Some((cut.level, cut.slack)))
    }

    /// The linear relaxation, rounded to the feasible side: `chosen` gets a candidate for each level. Nothing if no
    /// selection is feasible.
    fn relax(
        &mut self,
        candidates: &[Candidate<W>],
        chosen: &mut Vec<u32>,
    ) -> Result<Option<Relaxed<W>>, Exhausted> {
        self.edges.clear();
        room(&mut self.edges, candidates.len())?;
        chosen.clear();
        let (mut slack, mut value) = (self.constant, W::default());
        let mut end = 0;
        for level in candidates.chunk_by(|a, b| a.level == b.level) {
            let start = end;
            end += level.len();
            let mut at = end - 1;
            (slack, value) = (slack + candidates[at].slack, value + candidates[at].value);
            chosen.push(at as u32);
            let first = self.edges.len();
            for to in (start..end - 1).rev() {
                let (from, next) = (candidates[at], candidates[to]);
                let mut edge =
                    Edge { cost: from.value - next.value, gain: next.slack - from.slack, to: to as u32 };
                at = to;
                while self.edges.len() > first {
                    let before = self.edges[self.edges.len() - 1];
                    if compare(&before, &edge) == Ordering::Less {
                        break;
                    }
                    edge = Edge { cost: before.cost + edge.cost, gain: before.gain + edge.gain, ..edge };
                    self.edges.pop();
                }
                self.edges.push(edge);
            }
        }
        let zero = W::default();
        let mut last = None;
        if slack < zero {
            // By cost; within a level that is towards earlier candidates.
            self.edges.sort_unstable_by(|a, b| compare(a, b).then(b.to.cmp(&a.to)));
            for edge in &self.edges {
                (slack, value) = (slack + edge.gain, value - edge.cost);
                let level = candidates[edge.to as usize].level;
                let place = chosen.binary_search_by_key(&level, |&at| candidates[at as usize].level);
                if let Ok(place) = place {
                    chosen[place] = edge.to;
                }
                last = Some(*edge);
                if slack >= zero {
                    break;
                }
            }
        }
        Ok((slack >= zero).then_some(Relaxed { last, slack, value }))
    }
}

/// Cost per gain.
fn compare<W: Word>(a: &Edge<W>, b: &Edge<W>) -> Ordering {
    let number = |x: W| x.wide().unsigned_abs();
    let ratio = |edge: &Edge<W>| edge.cost.wide() as f64 / edge.gain.wide() as f64;
    let (x, y) = (ratio(a), ratio(b));
    if (x - y).abs() > 1e-14 * x {
        return x.total_cmp(&y);
    }
    compare_products(number(a.cost), number(b.gain), number(b.cost), number(a.gain))
}

/// Exchanges options of single levels, the greatest gain first, while that keeps the selection feasible.
fn improve<W: Word>(candidates: &[Candidate<W>], chosen: &mut [u32], selection: &mut Relaxed<W>) {
    for _ in 0..4 {
        let (mut most, mut change) = (W::default(), None);
        let mut place = 0;
        for (at, candidate) in candidates.iter().enumerate() {
            if candidates[chosen[place] as usize].level != candidate.level {
                place += 1;
            }
            let old = candidates[chosen[place] as usize];
            let gain = candidate.value - old.value;
            if gain > most && selection.slack + candidate.slack - old.slack >= W::default() {
                (most, change) = (gain, Some((place, at)));
            }
        }
        let Some((place, at)) = change else { return };
        let old = candidates[chosen[place] as usize];
        selection.slack = selection.slack + candidates[at].slack - old.slack;
        selection.value = selection.value + most;
        chosen[place] = at as u32;
    }
}

/// Exchanges the options of two levels at a time, neighbours first, then those further apart while the work allows, each
/// time for the best pair there is.
fn improve_pairs<W: Word>(
    candidates: &[Candidate<W>],
    chosen: &mut [u32],
    selection: &mut Relaxed<W>,
    budget: &mut Budget,
) -> Result<(), Exhausted> {
    let mut levels: Vec<&[Candidate<W>]> = Vec::new();
    room(&mut levels, chosen.len())?;
    levels.extend(candidates.chunk_by(|a, b| a.level == b.level));
    let mut starts: Vec<usize> = Vec::new();
    room(&mut starts, chosen.len())?;
    let mut start = 0;
    for level in &levels {
        starts.push(start);
        start += level.len();
    }
    let mut work = 0;
    for apart in 1..levels.len() {
        for first in 0..levels.len() - apart {
            let (x, y) = (first, first + apart);
            work += levels[x].len() + levels[y].len();
            if work > PAIR_WORK {
                return budget.spend(work);
            }
            let (p, q) = (candidates[chosen[x] as usize], candidates[chosen[y] as usize]);
            // The slack that the pair must have.
            let need = p.slack + q.slack - selection.slack;
            let mut best = (p.value + q.value, None);
            let mut end = levels[y].len();
            for (i, a) in levels[x].iter().enumerate() {
                while end > 0 && a.slack + levels[y][end - 1].slack < need {
                    end -= 1;
                }
                if end == 0 {
                    break;
                }
                let value = a.value + levels[y][end - 1].value;
                if value > best.0 {
                    best = (value, Some((i, end - 1)));
                }
            }
            let Some((i, j)) = best.1 else { continue };
            let slack = levels[x][i].slack + levels[y][j].slack;
            selection.slack = selection.slack + slack - p.slack - q.slack;
            selection.value = selection.value + best.0 - p.value - q.value;
            (chosen[x], chosen[y]) = ((starts[x] + i) as u32, (starts[y] + j) as u32);
        }
    }
    budget.spend(work)
}

/// Drops the candidates whose loss is above `gap`.
fn thin<W: Word>(candidates: &mut Candidates<W>, price: &Price<W>, gap: W) {
    let (mut kept, mut start) = (0, 0);
    while start < candidates.len() {
        let level = candidates[start].level;
        let len = candidates[start..].iter().take_while(|candidate| candidate.level == level).count();
        let weight = |candidate: &Candidate<W>| price.of(candidate.slack, candidate.value);
        let weights = candidates[start..start + len].iter().map(weight);
        let greatest = weights.fold(W::LEAST, |a, b| if b > a { b } else { a });
        for at in start..start + len {
            if greatest - weight(&candidates[at]) <= gap {
                candidates[kept] = candidates[at];
                kept += 1;
            }
        }
        start += len;
    }
    candidates.truncate(kept);
}

/// Writes the thresholds of chosen candidates.
fn write<W: Word>(candidates: &[Candidate<W>], chosen: &[u32], thresholds: &mut [u32]) {
    for &at in chosen {
        let candidate = &candidates[at as usize];
        thresholds[candidate.level as usize] = candidate.option;
    }
}
