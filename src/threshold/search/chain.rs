//! The core for thresholds that are monotone in the level: as [`super::linear`], but the greatest weight is that of a chain of
//! options, by a dynamic program over the levels from both ends. The loss of an option is what the best chain through it
//! lacks. Lists are kept for each threshold of the level reached, from both ends to the middle.

use super::linear::{Found, Linear, Multiplier};
use super::lists::{Budget, Exhausted, Lists, Price, filled, room};
use super::nodes::{Node, Nodes};
use super::table::Table;
use super::wide::Word;

/// The levels in the order in which thresholds do not fall.
#[derive(Clone, Copy)]
pub(super) struct Order {
    pub levels: usize,
    pub backward: bool,
}

impl Order {
    pub fn level(self, place: usize) -> usize {
        if self.backward { self.levels - 1 - place } else { place }
    }
}

/// A problem on chains.
struct Chains<'a> {
    table: &'a Table<'a>,
    linear: &'a Linear,
    order: Order,
}

/// Solves the problem over the chains with a value above `floor`; writes thresholds only if it finds one.
pub(super) fn solve(
    table: &Table<'_>,
    order: Order,
    linear: &Linear,
    floor: i128,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Found {
    let chains = Chains { table, linear, order };
    let mut answer = Answer { best: floor, value: None, thresholds };
    let mut open = Vec::new();
    let outcome = chains.solve(&mut open, &mut answer, budget);
    let left = open.iter().map(|part: &Part| part.bound).max();
    let bound = match outcome {
        Ok(()) => answer.best,
        Err(Exhausted) => left.unwrap_or(i128::MAX).max(answer.best),
    };
    Found { value: answer.value, bound, proven: bound == answer.best }
}

/// The best so far.
struct Answer<'a> {
    best: i128,
    value: Option<i128>,
    thresholds: &'a mut [u32],
}

impl Answer<'_> {
    fn take(&mut self, chain: &Chain) {
        if chain.slack >= 0 && chain.value > self.best {
            (self.best, self.value) = (chain.value, Some(chain.value));
            self.thresholds.copy_from_slice(&chain.thresholds);
        }
    }
}

/// The chains with each place's option in a range; none is above the bound.
struct Part {
    ranges: Vec<(u32, u32)>,
    bound: i128,
}

/// A chain and its sums.
struct Chain {
    thresholds: Vec<u32>,
    value: i128,
    slack: i128,
}

/// Partial selections that a part may make before it is cut.
const PART_WORK: u64 = 1 << 17;

impl Chains<'_> {
    /// Branch and bound over parts, the widest first.
    fn solve(
        &self,
        open: &mut Vec<Part>,
        answer: &mut Answer<'_>,
        budget: &mut Budget,
    ) -> Result<(), Exhausted> {
        room(open, 1)?;
        let all = (0, (self.table.options - 1) as u32);
        open.push(Part { ranges: filled(self.order.levels, all)?, bound: i128::MAX });
        loop {
            let widest = (0..open.len()).max_by_key(|&at| open[at].bound);
            let Some(at) = widest.filter(|&at| open[at].bound > answer.best) else { return Ok(()) };
            let mut part = std::mem::replace(&mut open[at], Part { ranges: Vec::new(), bound: 0 });
            let cut = self.part(&mut part, answer, budget);
            // An exhausted budget leaves the part open.
            open[at].bound = part.bound;
            let cut = cut?;
            open.swap_remove(at);
            if let Some((place, option)) = cut {
                let (first, last) = part.ranges[place];
                for range in [(first, option), (option + 1, last)] {
                    let mut ranges = filled(part.ranges.len(), all)?;
                    ranges.copy_from_slice(&part.ranges);
                    ranges[place] = range;
                    room(open, 1)?;
                    open.push(Part { ranges, bound: part.bound });
                }
            }
        }
    }

    /// Searches a part. Where that takes too much work, returns a place and the last option of its lower half; the part then
    /// has the tightest bound known.
    fn part(
        &self,
        part: &mut Part,
        answer: &mut Answer<'_>,
        budget: &mut Budget,
    ) -> Result<Option<(usize, u32)>, Exhausted> {
        budget.spend(self.order.levels * self.table.options / 8)?;
        let Some(mut low) = self.rounded(&part.ranges, 0.0)? else { return Ok(None) };
        answer.take(&low);
        let (mut cost, mut gain) = (0, 1);
        let mut high = None;
        if low.slack < 0 {
            let most = self.most_slack(&part.ranges)?.filter(|most| most.slack >= 0);
            let Some(mut most) = most else { return Ok(None) };
            answer.take(&most);
            // Between a chain that is not feasible and one that is: where they weigh the same, until nothing weighs more.
            for _ in 0..64 {
                (cost, gain) = ((low.value - most.value).max(0), most.slack - low.slack);
                let lambda = cost as f64 / gain as f64;
                let Some(next) = self.rounded(&part.ranges, lambda)? else { break };
                answer.take(&next);
                let weight = |chain: &Chain| chain.value as f64 + lambda * chain.slack as f64;
                let (old, new) = (weight(&low).max(weight(&most)), weight(&next));
                if new <= old + 1e-12 * old.abs() || next.slack == low.slack || next.slack == most.slack {
                    break;
                }
                if next.slack < 0 { low = next } else { most = next }
            }
            high = Some(most);
        }
        let (cost, gain) = (cost.unsigned_abs(), gain.unsigned_abs());
        let closed = if let Some(multiplier) = self.linear.narrow(self.table, cost, gain) {
            self.run::<i64>(multiplier, part, answer, budget)?
        } else if let Some(multiplier) = self.linear.multiplier(self.table, i128::ROOM, cost, gain) {
            self.run::<i128>(multiplier, part, answer, budget)?
        } else {
            return Err(Exhausted);
        };
        let Some(high) = high.filter(|_| !closed) else {
            return if closed { Ok(None) } else { Err(Exhausted) };
        };
        // The place where the two chains differ most in slack.
        let differs = |place: usize| {
            let level = self.order.level(place);
            let (positive, selected) = self.table.level(level);
            let slack = |chain: &Chain| {
                let option = chain.thresholds[level] as usize;
                Linear::gain(self.linear.slack, positive[option], selected[option])
            };
            (low.thresholds[level] != high.thresholds[level])
                .then(|| (slack(&low) - slack(&high)).unsigned_abs())
        };
        let place = (0..self.order.levels).max_by_key(|&place| differs(place));
        let place = place.filter(|&place| differs(place).is_some()).ok_or(Exhausted)?;
        let level = self.order.level(place);
        let (x, y) = (low.thresholds[level], high.thresholds[level]);
        let cut = x.min(y) + (x.max(y) - x.min(y)) / 2;
        let (first, last) = part.ranges[place];
        if cut < first || cut >= last { Err(Exhausted) } else { Ok(Some((place, cut))) }
    }

    /// The best chain by weights in floating point, which are good enough to choose a multiplier by; its sums are exact.
    fn rounded(&self, ranges: &[(u32, u32)], lambda: f64) -> Result<Option<Chain>, Exhausted> {
        let pair = |i: usize| self.linear.value[i] as f64 + lambda * self.linear.slack[i] as f64;
        let (a, b) = (pair(0), pair(1));
        self.best(ranges, f64::NEG_INFINITY, |p, t| a * p as f64 + b * t as f64, |x, y| x + y)
    }

    /// The chain of the greatest slack, exact.
    fn most_slack(&self, ranges: &[(u32, u32)]) -> Result<Option<Chain>, Exhausted> {
        self.best(ranges, i128::MIN, |p, t| Linear::gain(self.linear.slack, p, t), |x, y| x + y)
    }

    /// The chain of the greatest weight; of equals with the greater thresholds. `least` is below every weight.
    fn best<T: Copy + PartialOrd>(
        &self,
        ranges: &[(u32, u32)],
        least: T,
        weight: impl Fn(u64, u64) -> T,
        add: impl Fn(T, T) -> T,
    ) -> Result<Option<Chain>, Exhausted> {
        let (levels, options) = (self.order.levels, self.table.options);
        // The best threshold up to each option, and the weight with it.
        let mut from = filled(levels * options, 0u32)?;
        let mut sums = filled(options, least)?;
        let mut most = (least, 0);
        for (place, &(first, last)) in ranges.iter().enumerate() {
            let (positive, selected) = self.table.level(self.order.level(place));
            let from = &mut from[place * options..][..options];
            most = (least, 0);
            for option in 0..options {
                let inside = (first as usize..=last as usize).contains(&option);
                if inside && (place == 0 || sums[option] > least) {
                    let own = weight(positive[option], selected[option]);
                    let sum = if place == 0 { own } else { add(sums[option], own) };
                    if sum >= most.0 {
                        most = (sum, option as u32);
                    }
                }
                (sums[option], from[option]) = most;
            }
        }
        if levels > 0 && most.0 == least {
            return Ok(None);
        }
        let mut chain = Chain { thresholds: filled(levels, 0)?, value: 0, slack: self.linear.constant };
        let mut option = options - 1;
        for place in (0..levels).rev() {
            let level = self.order.level(place);
            option = from[place * options + option] as usize;
            chain.thresholds[level] = option as u32;
            let (positive, selected) = self.table.level(level);
            chain.value += Linear::gain(self.linear.value, positive[option], selected[option]);
            chain.slack += Linear::gain(self.linear.slack, positive[option], selected[option]);
        }
        Ok(Some(chain))
    }

    /// Looks at the chains of a part near its bound, up to the budget of a part. Whether it is closed.
    fn run<W: Word>(
        &self,
        multiplier: Multiplier,
        part: &mut Part,
        answer: &mut Answer<'_>,
        budget: &mut Budget,
    ) -> Result<bool, Exhausted> {
        let price = Price { scale: W::of(1 << multiplier.k), lambda: W::of(multiplier.lambda) };
        let nodes = self.through(price, part, W::of(answer.best))?;
        let constant = W::of(self.linear.constant);
        let bound = nodes.greatest + price.lambda * constant;
        let step = self.linear.step(self.table);
        part.bound = part.bound.min(step.down(bound.wide() >> multiplier.k));
        let gap = |best: i128| bound - price.scale * W::of(step.above(best));
        let mut proved = W::of(-1);
        let mut limit = gap(answer.best).wide() >> 10;
        let mut lists = Lists::new();
        let most = budget.limit.min(budget.used.saturating_add(PART_WORK));
        let mut local = Budget { limit: most, used: budget.used };
        let closed = loop {
            let gap = gap(answer.best);
            if gap <= proved {
                break true;
            }
            limit = limit.min(gap.wide());
            let best = W::of(answer.best);
            let (limited, thresholds) = (W::of(limit), &mut *answer.thresholds);
            match nodes.near(self.order, constant, price, limited, best, &mut lists, thresholds, &mut local) {
                Ok(Some(found)) => (answer.best, answer.value) = (found.wide(), Some(found.wide())),
                Ok(None) => {}
                Err(Exhausted) => break false,
            }
            proved = limited;
            limit += (limit >> 1) + limit + 1;
        };
        budget.used = local.used;
        if !closed {
            part.bound = part.bound.min(step.down((bound - proved - W::of(1)).wide() >> multiplier.k));
            if budget.used >= budget.limit {
                return Err(Exhausted);
            }
            nodes.narrow(&mut part.ranges);
        }
        Ok(closed)
    }

    /// The options that a chain of a part better than `best` can have.
    fn through<W: Word>(&self, price: Price<W>, part: &Part, best: W) -> Result<Nodes<W>, Exhausted> {
        let (levels, options) = (self.order.levels, self.table.options);
        let at =
            |i: usize| price.scale * W::of(self.linear.value[i]) + price.lambda * W::of(self.linear.slack[i]);
        let (a, b) = (at(0), at(1));
        let none = W::LEAST;
        // Of an option outside its range there is no chain.
        let weight = |place: usize, option: usize, sum: W| {
            let (first, last) = part.ranges[place];
            if sum == none || option < first as usize || option > last as usize {
                return none;
            }
            let (positive, selected) = self.table.level(self.order.level(place));
            sum + a * W::of_u64(positive[option]) + b * W::of_u64(selected[option])
        };
        // Before each option the best chain up to it, without it; behind it the same from the other end.
        let mut before = filled(levels * options, W::default())?;
        for place in 1..levels {
            let mut most = none;
            for option in 0..options {
                let sum = weight(place - 1, option, before[(place - 1) * options + option]);
                most = if sum > most { sum } else { most };
                before[place * options + option] = most;
            }
        }
        let mut behind = filled(levels * options, W::default())?;
        for place in (0..levels.saturating_sub(1)).rev() {
            let mut most = none;
            for option in (0..options).rev() {
                let sum = weight(place + 1, option, behind[(place + 1) * options + option]);
                most = if sum > most { sum } else { most };
                behind[place * options + option] = most;
            }
        }
        let mut greatest = if levels == 0 { W::default() } else { none };
        for (option, &sum) in behind.iter().take(options).enumerate() {
            let sum = weight(0, option, sum);
            greatest = if sum > greatest { sum } else { greatest };
        }
        let bound = greatest + price.lambda * W::of(self.linear.constant);
        let next = self.linear.step(self.table).above(best.wide());
        let least = greatest - (bound - price.scale * W::of(next));
        let mut nodes = Nodes { greatest, nodes: Vec::new(), starts: Vec::new() };
        for place in 0..levels {
            room(&mut nodes.starts, 2)?;
            nodes.starts.push(nodes.nodes.len());
            let (positive, selected) = self.table.level(self.order.level(place));
            let (first, last) = part.ranges[place];
            for option in first as usize..=last as usize {
                let (before, behind) = (before[place * options + option], behind[place * options + option]);
                if before == none || behind == none {
                    continue;
                }
                let through = weight(place, option, before) + behind;
                if through >= least {
                    let (p, t) = (W::of_u64(positive[option]), W::of_u64(selected[option]));
                    let pair = |[a, b]: [i128; 2]| W::of(a) * p + W::of(b) * t;
                    let (slack, value) = (pair(self.linear.slack), pair(self.linear.value));
                    room(&mut nodes.nodes, 1)?;
                    nodes.nodes.push(Node { option: option as u32, slack, value, through, before, behind });
                }
            }
        }
        nodes.starts.push(nodes.nodes.len());
        Ok(nodes)
    }
}
