//! The dynamic program for cells of equal weight, where precision depends on the number of passing bins only.
//!
//! `R_0 = (0)`, `R_i(m) = max over b of R_{i-1}(m - b) + P_i(b)` with `P_i(b)` the positives of the top b bins of level i.
//! The rows stay, so that no table of choices is needed: the way back looks for a `b` that explains each value.

use super::Answer;
use super::Cells;
use super::objective::{Goal, Objective, Sums};
use crate::error::{Error, Status, check_size};
use crate::simd::dispatch::{Kernels, kernels};
use crate::workspace::Workspace;
use bytemuck::Pod;
use std::cmp::Ordering;
use std::ops::Add;

/// A number that the rows hold.
trait Number: Pod + PartialEq + Add<Output = Self> {
    /// Below every value, and so after a gain is added.
    const NONE: Self;
    fn of(x: u64) -> Self;
    fn value(self) -> u64;
    fn step(kernels: &Kernels, before: &[Self], gains: &[Self], out: &mut [Self]);
}

/// For values below 2^30.
impl Number for i32 {
    const NONE: i32 = -(1 << 30);
    fn of(x: u64) -> i32 {
        x as i32
    }
    fn value(self) -> u64 {
        self as u64
    }
    fn step(kernels: &Kernels, before: &[i32], gains: &[i32], out: &mut [i32]) {
        kernels.max_plus(before, gains, out);
    }
}

impl Number for i64 {
    const NONE: i64 = -(1 << 62);
    fn of(x: u64) -> i64 {
        x as i64
    }
    fn value(self) -> u64 {
        self as u64
    }
    fn step(kernels: &Kernels, before: &[i64], gains: &[i64], out: &mut [i64]) {
        kernels.max_plus_wide(before, gains, out);
    }
}

/// The rows of the program, `bins` values of [`Number::NONE`] before and after each.
struct Rows<'a, T> {
    levels: usize,
    bins: usize,
    values: &'a mut [T],
    gains: &'a mut [T],
}

impl<T: Number> Rows<'_, T> {
    /// Where row `i` begins: it and the ones before have `i bins + 1` values each.
    fn start(&self, row: usize) -> usize {
        self.bins * (row + 1) + row + self.bins * (row * row.saturating_sub(1) / 2)
    }

    fn row(&self, row: usize) -> &[T] {
        &self.values[self.start(row)..][..row * self.bins + 1]
    }

    /// Positives of the top 0..=bins bins of a level, in units of `2^shift`.
    fn level(&mut self, cells: &Cells<'_>, level: usize, shift: u32) {
        let (positive, _) = cells.level(level);
        let mut sum = 0;
        self.gains[0] = T::of(0);
        for (gain, p) in self.gains[1..].iter_mut().zip(positive.iter().rev()) {
            sum += p >> shift;
            *gain = T::of(sum);
        }
    }

    fn fill(&mut self, cells: &Cells<'_>, shift: u32) {
        let kernels = kernels();
        let bins = self.bins;
        self.values[..2 * bins + 1].fill(T::NONE);
        self.values[bins] = T::of(0);
        for level in 0..self.levels {
            self.level(cells, level, shift);
            let (from, to) = (self.start(level), self.start(level + 1));
            let (before, out) = self.values.split_at_mut(to);
            let (out, pad) = out.split_at_mut((level + 1) * bins + 1);
            T::step(kernels, &before[from - bins..], self.gains, out);
            pad[..bins].fill(T::NONE);
        }
    }

    /// Writes thresholds that let `passing` bins pass, with the greatest sum.
    fn back(&mut self, cells: &Cells<'_>, shift: u32, mut passing: usize, thresholds: &mut [u32]) {
        for level in (0..self.levels).rev() {
            self.level(cells, level, shift);
            let goal = self.row(level + 1)[passing];
            let before = self.row(level);
            let explains = |&b: &usize| {
                b <= passing && passing - b < before.len() && before[passing - b] + self.gains[b] == goal
            };
            // The fewest bins of the last levels.
            let bins = (0..=self.bins).find(explains).unwrap_or(0);
            thresholds[level] = (self.bins - bins) as u32;
            passing -= bins;
        }
    }
}

/// The equal weight of all cells in units of `2^shift`, with that unit and the weight of the positives.
struct Equal {
    weight: u64,
    shift: u32,
    total: Sums,
}

fn equal(cells: &Cells<'_>) -> Result<Equal, Error> {
    let mut weight = None;
    let (mut positive, mut all) = (0, 0);
    let mut bits = 0;
    for level in 0..cells.levels() {
        let (p, n) = cells.level(level);
        for (bin, (&p, &n)) in p.iter().zip(n).enumerate() {
            if *weight.get_or_insert(p + n) != p + n {
                let error = Error::new(Status::InvalidArgument, c"cells").at(level * cells.bins() + bin);
                return Err(error.integer((p + n) as i64));
            }
            (positive, all, bits) = (positive + p, all + p + n, bits | p | n);
        }
    }
    let shift = if bits > 0 { bits.trailing_zeros() } else { 0 };
    let total = Sums { positive: positive >> shift, negative: (all - positive) >> shift };
    Ok(Equal { weight: weight.unwrap_or(0) >> shift, shift, total })
}

/// Makes the rows in a workspace.
fn rows<'a, T: Number>(cells: &Cells<'_>, workspace: &'a mut Workspace) -> Result<Rows<'a, T>, Error> {
    let (levels, bins) = (cells.levels(), cells.bins());
    let words = size_of::<T>() / size_of::<f32>();
    // Padding, and the values of rows 0..=levels.
    let pairs = levels.checked_mul(levels + 1).map(|pairs| pairs / 2);
    let values = pairs.and_then(|pairs| pairs.checked_mul(bins)?.checked_add(levels + 1));
    let len = values.and_then(|values| values.checked_add(bins.checked_mul(levels + 2)?));
    let [values, gains] =
        workspace.pieces([len.and_then(|len| len.checked_mul(words)), (bins + 1).checked_mul(words)])?;
    let (values, gains) = (bytemuck::cast_slice_mut(values), bytemuck::cast_slice_mut(gains));
    Ok(Rows { levels, bins, values, gains })
}

/// The best number of passing bins for an objective, the least of equals.
fn choose<T: Number>(last: &[T], weight: u64, goal: &Goal) -> Option<(usize, Sums)> {
    let mut best: Option<(usize, Sums)> = None;
    for (bins, &positive) in last.iter().enumerate() {
        let positive = positive.value();
        let sums = Sums { positive, negative: weight * bins as u64 - positive };
        let better = |(_, old): (usize, Sums)| goal.compare(sums, old) == Ordering::Greater;
        if goal.feasible(sums) && best.is_none_or(better) {
            best = Some((bins, sums));
        }
    }
    best
}

/// What the program found, and the exponent of its unit.
pub(super) fn search(
    cells: &Cells<'_>,
    objective: &Objective,
    thresholds: &mut [u32],
    workspace: &mut Workspace,
) -> Result<(Option<Answer>, Sums, u32), Error> {
    fn run<T: Number>(
        cells: &Cells<'_>,
        equal: &Equal,
        goal: &Goal,
        thresholds: &mut [u32],
        workspace: &mut Workspace,
    ) -> Result<(Option<Answer>, Sums), Error> {
        let mut rows = rows::<T>(cells, workspace)?;
        rows.fill(cells, equal.shift);
        // The greatest precision is had by one bin or more of one level.
        let nothing = Objective::PrecisionUnderRecall { recall: super::Ratio::new(0, 1) };
        let last = rows.row(cells.levels());
        let greatest = choose(last, equal.weight, &Goal { objective: nothing, ..*goal });
        let greatest = greatest.map_or(Sums::default(), |(_, sums)| sums);
        let Some((passing, sums)) = choose(last, equal.weight, goal) else { return Ok((None, greatest)) };
        rows.back(cells, equal.shift, passing, thresholds);
        Ok((Some(Answer::best(sums)), greatest))
    }
    let equal = equal(cells)?;
    let objective = objective.in_units(equal.shift);
    let goal = Goal { objective, total: equal.total };
    let narrow = equal.total.positive < 1 << 30;
    let run = if narrow { run::<i32> } else { run::<i64> };
    let (answer, greatest) = run(cells, &equal, &goal, thresholds, workspace)?;
    Ok((answer, greatest, equal.shift))
}

/// The whole frontier of cells of equal weight: `positive[m]` gets the greatest positive weight of any `m` passing bins, for m
/// in 0..=levels * bins. Returns the weight of a cell (0 if there are none), so that the recall and the precision at m are
/// `positive[m] / A` and `positive[m] / (m * weight)`. `search` with [`super::Objective::AtMost`] and [`super::Method::Dp`] gives
/// the thresholds of a point.
///
/// Method: the dynamic program EW-DPMT of the source named in the module. Exact; in i32 lanes where all positives are below 2^30 units of
/// the greatest power of two that divides all cells, else in i64.
/// On the calling thread. Workspace: its rows, some `bins * levels^2 / 2` numbers. Time: `bins^2 * levels^2 / 2` additions.
///
/// Errors, before the output is touched: another number of places, a cell of another weight than the first, with its place.
pub fn frontier(cells: &Cells<'_>, positive: &mut [u64], workspace: &mut Workspace) -> Result<u64, Error> {
    fn run<T: Number>(
        cells: &Cells<'_>,
        shift: u32,
        positive: &mut [u64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let mut rows = rows::<T>(cells, workspace)?;
        rows.fill(cells, shift);
        for (to, from) in positive.iter_mut().zip(rows.row(cells.levels())) {
            *to = from.value() << shift;
        }
        Ok(())
    }
    check_size(positive.len(), cells.levels() * cells.bins() + 1, c"positive")?;
    let equal = equal(cells)?;
    let run = if equal.total.positive < 1 << 24 { run::<i32> } else { run::<i64> };
    run(cells, equal.shift, positive, workspace)?;
    Ok(equal.weight << equal.shift)
}
