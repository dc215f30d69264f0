//! The options that better chains can have, and the lists of partial chains over them.

use super::chain::Order;
use super::lists::{Budget, Cut, Exhausted, Lists, NOTHING, Price, State, filled, join, room};
use super::wide::Word;

/// An option of a place that a better chain can have.
#[derive(Clone, Copy)]
pub(super) struct Node<W> {
    pub option: u32,
    pub slack: W,
    pub value: W,
    /// The weight of the best chain through it, and of that chain's parts before and behind it.
    pub through: W,
    pub before: W,
    pub behind: W,
}

/// Those of all places, by rising option.
pub(super) struct Nodes<W> {
    pub greatest: W,
    pub nodes: Vec<Node<W>>,
    pub starts: Vec<usize>,
}

/// A node near enough, with the slack that the rest of a chain adds at most and at least, on each side.
#[derive(Clone, Copy)]
struct Near<W> {
    node: Node<W>,
    before: (W, W),
    behind: (W, W),
}

impl<W: Word> Nodes<W> {
    /// Narrows ranges to the options left.
    pub fn narrow(&self, ranges: &mut [(u32, u32)]) {
        for (place, range) in ranges.iter_mut().enumerate() {
            let nodes = &self.nodes[self.starts[place]..self.starts[place + 1]];
            if let (Some(first), Some(last)) = (nodes.first(), nodes.last()) {
                *range = (first.option, last.option);
            }
        }
    }

    /// Looks at all chains of deficiency up to `limit`. Writes the best that it sees if it is better than `best`.
    pub fn near(
        &self,
        order: Order,
        constant: W,
        price: Price<W>,
        limit: W,
        best: W,
        lists: &mut Lists<W>,
        thresholds: &mut [u32],
        budget: &mut Budget,
    ) -> Result<Option<W>, Exhausted> {
        let levels = order.levels;
        let zero = W::default();
        let least = self.greatest - limit;
        let mut near: Vec<Near<W>> = Vec::new();
        let mut starts = filled(levels + 1, 0)?;
        room(&mut near, self.nodes.len())?;
        for place in 0..levels {
            let nodes = &self.nodes[self.starts[place]..self.starts[place + 1]];
            let kept = nodes.iter().filter(|node| node.through >= least);
            near.extend(kept.map(|&node| Near { node, before: (zero, zero), behind: (zero, zero) }));
            starts[place + 1] = near.len();
        }
        budget.spend(near.len())?;
        reach(&mut near, &starts);
        let widest = if price.lambda > zero {
            W::of(limit.wide() / price.lambda.wide())
        } else {
            W::of((1 << (W::ROOM - 1)) - 1)
        };
        let cut = |near: &Near<W>, forward: bool| {
            let (rest, (most, lowest)) =
                if forward { (near.node.behind, near.behind) } else { (near.node.before, near.before) };
            // The constant is part of no state.
            Cut {
                price,
                least_weight: least - rest,
                least_slack: zero - constant - most,
                most_slack: widest - constant - lowest,
            }
        };
        // The places before the middle leave as many choices as those behind it.
        let half = near.len() / 2;
        let middle = (0..=levels).find(|&place| starts[place] >= half).unwrap_or(levels);
        lists.clear();
        let mut side = |places: &mut dyn Iterator<Item = usize>, forward: bool| {
            let nothing = State { slack: zero, value: zero, before: NOTHING, option: 0 };
            let mut ends: Vec<(u32, Vec<State<W>>)> = Vec::new();
            room(&mut ends, 1)?;
            ends.push((if forward { 0 } else { u32::MAX }, vec![nothing]));
            for place in places {
                let mut next = Vec::new();
                room(&mut next, starts[place + 1] - starts[place])?;
                let mut reached: Vec<State<W>> = Vec::new();
                let mut taken = 0;
                let mut step = |near: &Near<W>| {
                    let option = near.node.option;
                    let joins = |end: u32| if forward { end <= option } else { end >= option };
                    while taken < ends.len() && joins(ends[taken].0) {
                        lists.unite(&mut reached, &ends[taken].1, budget)?;
                        taken += 1;
                    }
                    let mut list = Vec::new();
                    room(&mut list, reached.len())?;
                    list.extend_from_slice(&reached);
                    let own = std::iter::once((near.node.slack, near.node.value, option));
                    lists.extend(&mut list, own, &cut(near, forward), budget)?;
                    next.push((option, list));
                    Ok(())
                };
                let nodes = &near[starts[place]..starts[place + 1]];
                if forward {
                    nodes.iter().try_for_each(&mut step)?;
                } else {
                    nodes.iter().rev().try_for_each(&mut step)?;
                }
                ends = next;
            }
            Ok(ends)
        };
        let left = side(&mut (0..middle), true)?;
        let mut right = side(&mut (middle..levels).rev(), false)?;
        right.reverse();
        let mut found: Option<(W, State<W>, State<W>)> = None;
        let mut reached: Vec<State<W>> = Vec::new();
        let mut taken = 0;
        for (option, list) in &right {
            while taken < left.len() && left[taken].0 <= *option {
                lists.unite(&mut reached, &left[taken].1, budget)?;
                taken += 1;
            }
            let pair = join(&reached, list, zero - constant);
            if let Some(pair) = pair.filter(|pair| found.as_ref().is_none_or(|old| pair.0 > old.0)) {
                found = Some(pair);
            }
        }
        let Some((value, a, b)) = found.filter(|found| found.0 > best) else { return Ok(None) };
        for (place, option) in (0..middle).rev().zip(lists.choices(a.before)) {
            thresholds[order.level(place)] = option;
        }
        for (place, option) in (middle..levels).zip(lists.choices(b.before)) {
            thresholds[order.level(place)] = option;
        }
        Ok(Some(value))
    }
}

/// Fills in how much slack the nodes before and behind each one can add.
fn reach<W: Word>(near: &mut [Near<W>], starts: &[usize]) {
    let levels = starts.len() - 1;
    let wider = |(most, least): (W, W), (a, b): (W, W)| {
        (if a > most { a } else { most }, if b < least { b } else { least })
    };
    let with = |(most, least): (W, W), own: W| (most + own, least + own);
    for place in 1..levels {
        let (mut range, mut at) = (None, starts[place - 1]);
        for i in starts[place]..starts[place + 1] {
            while at < starts[place] && near[at].node.option <= near[i].node.option {
                let new = with(near[at].before, near[at].node.slack);
                range = Some(range.map_or(new, |range| wider(range, new)));
                at += 1;
            }
            near[i].before = range.unwrap_or_default();
        }
    }
    for place in (0..levels.saturating_sub(1)).rev() {
        let (mut range, mut at) = (None, starts[place + 2]);
        for i in (starts[place]..starts[place + 1]).rev() {
            while at > starts[place + 1] && near[at - 1].node.option >= near[i].node.option {
                let new = with(near[at - 1].behind, near[at - 1].node.slack);
                range = Some(range.map_or(new, |range| wider(range, new)));
                at -= 1;
            }
            near[i].behind = range.unwrap_or_default();
        }
    }
}
