//! Pareto lists of partial selections (Nemhauser and Ullmann, Management Science 1969): of two with the same levels, one
//! that has no more slack and no more value than the other is dropped.

use super::wide::Word;

/// How much work may still be done, in partial selections made.
pub(super) struct Budget {
    pub limit: u64,
    pub used: u64,
}

/// Partial selections of one list at most: some 2^23 * 48 bytes at a time.
const LONGEST: usize = 1 << 23;

/// The budget is used up (or memory is): what was found so far is the answer, without proof.
pub(super) struct Exhausted;

impl Budget {
    pub fn spend(&mut self, states: usize) -> Result<(), Exhausted> {
        self.used = self.used.saturating_add(states as u64);
        if self.used > self.limit || states > LONGEST { Err(Exhausted) } else { Ok(()) }
    }
}

/// Makes room for `more` entries.
pub(super) fn room<T>(list: &mut Vec<T>, more: usize) -> Result<(), Exhausted> {
    list.try_reserve(more).map_err(|_| Exhausted)
}

/// A list of `len` values, or no memory.
pub(super) fn filled<T: Clone>(len: usize, value: T) -> Result<Vec<T>, Exhausted> {
    let mut list = Vec::new();
    room(&mut list, len)?;
    list.resize(len, value);
    Ok(list)
}

/// A choice for some of the levels.
#[derive(Clone, Copy, Default)]
pub(super) struct State<W> {
    pub slack: W,
    pub value: W,
    /// The choice before, as an index into [`Lists::trail`].
    pub before: u32,
    /// The option of the last level.
    pub option: u32,
}

/// The lagrangian weight of a state, `scale * value + lambda * slack`.
#[derive(Clone, Copy)]
pub(super) struct Price<W> {
    pub scale: W,
    pub lambda: W,
}

impl<W: Word> Price<W> {
    #[inline(always)]
    pub fn of(self, slack: W, value: W) -> W {
        self.scale * value + self.lambda * slack
    }
}

/// What a state must have to be completed within the budget of deficiency.
#[derive(Clone, Copy)]
pub(super) struct Cut<W> {
    pub price: Price<W>,
    pub least_weight: W,
    pub least_slack: W,
    pub most_slack: W,
}

impl<W: Word> Cut<W> {
    #[inline(always)]
    fn keeps(&self, slack: W, value: W) -> bool {
        slack >= self.least_slack
            && slack <= self.most_slack
            && self.price.of(slack, value) >= self.least_weight
    }
}

/// The choices of kept states, and space to build lists in.
pub(super) struct Lists<W> {
    trail: Vec<(u32, u32)>,
    made: Vec<State<W>>,
    other: Vec<State<W>>,
    runs: Vec<usize>,
}

/// The state before the first level.
pub(super) const NOTHING: u32 = u32::MAX;

impl<W: Word> Lists<W> {
    pub fn new() -> Lists<W> {
        Lists { trail: Vec::new(), made: Vec::new(), other: Vec::new(), runs: Vec::new() }
    }

    /// Forgets all choices.
    pub fn clear(&mut self) {
        self.trail.clear();
    }

    /// `list` with each of the options (slack, value, number) added: the Pareto list of what the cut keeps.
    pub fn extend(
        &mut self,
        list: &mut Vec<State<W>>,
        options: impl Iterator<Item = (W, W, u32)> + Clone,
        cut: &Cut<W>,
        budget: &mut Budget,
    ) -> Result<(), Exhausted> {
        self.made.clear();
        self.runs.clear();
        self.runs.push(0);
        for (slack, value, option) in options {
            budget.spend(list.len())?;
            if self.made.len() > LONGEST {
                return Err(Exhausted);
            }
            room(&mut self.made, list.len())?;
            for state in list.iter() {
                let (slack, value) = (state.slack + slack, state.value + value);
                if cut.keeps(slack, value) {
                    self.made.push(State { slack, value, before: state.before, option });
                }
            }
            self.runs.push(self.made.len());
        }
        // Neighbouring runs become one until one is left.
        while self.runs.len() > 2 {
            self.other.clear();
            room(&mut self.other, self.made.len())?;
            let mut ends = 0;
            for pair in (0..self.runs.len() - 1).step_by(2) {
                let run = |at: usize| {
                    let end = self.runs.get(at + 1).copied();
                    &self.made[self.runs[at]..end.unwrap_or(self.runs[at])]
                };
                merge(
                    run(pair),
                    if pair + 1 < self.runs.len() { run(pair + 1) } else { &[] },
                    &mut self.other,
                );
                ends += 1;
                self.runs[ends] = self.other.len();
            }
            // The starts of the runs that this pass still read lie behind `ends`: each pair wrote one place at most.
            self.runs.truncate(ends + 1);
            std::mem::swap(&mut self.made, &mut self.other);
        }
        list.clear();
        room(list, self.made.len())?;
        room(&mut self.trail, self.made.len())?;
        for state in &self.made {
            list.push(State { before: self.trail.len() as u32, ..*state });
            self.trail.push((state.before, state.option));
        }
        if self.trail.len() >= NOTHING as usize { Err(Exhausted) } else { Ok(()) }
    }

    /// Adds `more` to a Pareto list.
    pub fn unite(
        &mut self,
        list: &mut Vec<State<W>>,
        more: &[State<W>],
        budget: &mut Budget,
    ) -> Result<(), Exhausted> {
        budget.spend(list.len() + more.len())?;
        self.other.clear();
        room(&mut self.other, list.len() + more.len())?;
        merge(list, more, &mut self.other);
        std::mem::swap(list, &mut self.other);
        Ok(())
    }

    /// The options that led to a state, the last first.
    pub fn choices(&self, before: u32) -> impl Iterator<Item = u32> {
        let mut at = before;
        std::iter::from_fn(move || {
            let &(before, option) = self.trail.get(at as usize)?;
            at = before;
            Some(option)
        })
    }
}

/// The Pareto list of two: slack strictly falling, value strictly rising.
fn merge<W: Word>(a: &[State<W>], b: &[State<W>], out: &mut Vec<State<W>>) {
    let (mut i, mut j) = (0, 0);
    let first = out.len();
    loop {
        let next = match (a.get(i), b.get(j)) {
            (None, None) => break,
            (Some(x), None) => (x, true),
            (None, Some(y)) => (y, false),
            (Some(x), Some(y)) if (x.slack, x.value) >= (y.slack, y.value) => (x, true),
            (Some(_), Some(y)) => (y, false),
        };
        let (state, from_a) = next;
        if from_a {
            i += 1
        } else {
            j += 1
        }
        if out.len() == first || out.last().is_some_and(|last| last.value < state.value) {
            out.push(*state);
        }
    }
}

/// The pair of states of two Pareto lists with the greatest value whose slacks add up to `need` or more.
pub(super) fn join<W: Word>(a: &[State<W>], b: &[State<W>], need: W) -> Option<(W, State<W>, State<W>)> {
    let mut best: Option<(W, State<W>, State<W>)> = None;
    let mut end = b.len();
    for x in a {
        while end > 0 && x.slack + b[end - 1].slack < need {
            end -= 1;
        }
        if end == 0 {
            break;
        }
        let value = x.value + b[end - 1].value;
        if best.is_none_or(|(most, ..)| value > most) {
            best = Some((value, *x, b[end - 1]));
        }
    }
    best
}
