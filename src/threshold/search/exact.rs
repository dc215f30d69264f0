//! The best selection of all, for each objective.

use super::fractional::{self, Fraction};
use super::linear::{self, Found, Linear};
use super::lists::Budget;
use super::mist::{best_prefix, needed, precision_bound};
use super::objective::{Objective, Ratio, Sums, Utility};
use super::{Answer, Problem, wilson};

/// The best selection, or the best found within the budget.
pub(super) fn search(problem: &Problem<'_>, thresholds: &mut [u32], budget: &mut Budget) -> Option<Answer> {
    match problem.goal.objective {
        Objective::RecallUnderPrecision { precision } => {
            under_precision(problem, precision, thresholds, budget)
        }
        Objective::PrecisionUnderRecall { .. } => under_recall(problem, thresholds, budget),
        // At its greatest F the best selection is that of a price of weight, so a prefix of the path.
        Objective::FBeta { .. } => {
            let (len, passing) = best_prefix(problem)?;
            problem.path.thresholds(len, problem.bins(), thresholds);
            Some(Answer::best(passing))
        }
        Objective::Utility(utility) => Some(separate(problem, utility, thresholds)),
        Objective::AtMost { selected } => {
            thresholds.fill(problem.bins());
            let linear = Linear { value: [1, 0], slack: [0, -1], constant: selected.into() };
            let found = problem.solve(&linear, 0, thresholds, budget);
            Some(recall(problem, &found, thresholds))
        }
        Objective::RecallUnderWilson { precision, z_squared } => {
            wilson::search(problem, precision, z_squared, thresholds, budget)
        }
    }
}

impl Problem<'_> {
    /// [`linear::solve`] on this problem.
    pub(super) fn solve(
        &self,
        linear: &Linear,
        floor: i128,
        thresholds: &mut [u32],
        budget: &mut Budget,
    ) -> Found {
        linear::solve(&self.table, self.path, linear, floor, thresholds, budget)
    }
}

/// An answer in positives, at the thresholds.
fn recall(problem: &Problem<'_>, found: &Found, thresholds: &[u32]) -> Answer {
    let passing = problem.table.passing(thresholds);
    if found.proven {
        return Answer::best(passing);
    }
    let total = problem.goal.total;
    let positive = (found.bound.max(0) as u64).min(total.positive);
    Answer { passing, bound: Sums { positive, negative: total.negative }, proven: false }
}

fn under_precision(
    problem: &Problem<'_>,
    precision: Ratio,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Option<Answer> {
    let (.., sums) = problem.greatest_precision()?;
    if !problem.goal.feasible(sums) {
        return None;
    }
    problem.write_greatest_precision(thresholds)?;
    let (g, c) = (i128::from(precision.numerator), i128::from(precision.denominator));
    let linear = Linear { value: [1, 0], slack: [c, -g], constant: 0 };
    let found = problem.solve(&linear, sums.positive.into(), thresholds, budget);
    Some(recall(problem, &found, thresholds))
}

fn under_recall(problem: &Problem<'_>, thresholds: &mut [u32], budget: &mut Budget) -> Option<Answer> {
    let need = needed(problem);
    let greatest = problem.write_greatest_precision(thresholds)?;
    if greatest.positive >= need {
        return Some(Answer::best(greatest));
    }
    let (len, passing) = best_prefix(problem)?;
    problem.path.thresholds(len, problem.bins(), thresholds);
    let fraction = Fraction { weight: 1, constant: 0, need };
    let exact = fractional::search(problem, &fraction, passing, thresholds, budget);
    let passing = problem.table.passing(thresholds);
    Some(
        match exact {
            Some(bound) => Answer { passing, bound, proven: false },
            None => Answer::best(passing),
        }
        .tightened(problem, precision_bound(problem, len, problem.path.prefix(len))),
    )
}

/// Each level by itself.
fn separate(problem: &Problem<'_>, utility: Utility, thresholds: &mut [u32]) -> Answer {
    let gains = utility.gains();
    for (level, threshold) in thresholds.iter_mut().enumerate() {
        let (positive, selected) = problem.table.level(level);
        let mut best = (0, problem.bins());
        for option in (0..problem.table.options).rev() {
            let gain = Linear::gain(gains, positive[option], selected[option] - positive[option]);
            if gain > best.0 {
                best = (gain, option as u32);
            }
        }
        *threshold = best.1;
    }
    Answer::best(problem.table.passing(thresholds))
}
