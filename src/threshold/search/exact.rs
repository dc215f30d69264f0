//! The best selection of all, for each objective.

use super::fractional::{self, Fraction};
use super::linear::{self, Found, Linear};
use super::lists::Budget;
use super::mist::{best_prefix, needed, precision_bound};
use super::objective::{Objective, Ratio, Sums, Utility};
use super::wide::gcd;
use super::{Answer, Problem, chain, single, wilson};

/// The best selection, or the best found within the budget.
pub(super) fn search(problem: &Problem<'_>, thresholds: &mut [u32], budget: &mut Budget) -> Option<Answer> {
    match problem.goal.objective {
        Objective::RecallUnderPrecision { precision } => {
            let (g, c) = (i128::from(precision.numerator), i128::from(precision.denominator));
            let linear = Linear { value: [1, 0], slack: [c, -g], constant: 0 };
            recall(problem, &linear, thresholds, budget)
        }
        Objective::PrecisionUnderRecall { .. } => precision(problem, thresholds, budget),
        Objective::FBeta { beta_squared } => f_beta(problem, beta_squared, thresholds, budget),
        Objective::Utility(utility) => Some(match problem.order {
            None => Answer::best(separate(problem, utility, |level, option| thresholds[level] = option)),
            Some(_) => chained(problem, utility, thresholds, budget),
        }),
        Objective::AtMost { selected } => {
            let linear = Linear { value: [1, 0], slack: [0, -1], constant: selected.into() };
            recall(problem, &linear, thresholds, budget)
        }
        Objective::RecallUnderWilson { precision, z_squared } => {
            wilson::search(problem, precision, z_squared, thresholds, budget)
        }
    }
}

impl Problem<'_> {
    /// The core for the problem's shape.
    pub(super) fn solve(
        &self,
        linear: &Linear,
        floor: i128,
        thresholds: &mut [u32],
        budget: &mut Budget,
    ) -> Found {
        match self.order {
            None => linear::solve(&self.table, self.path, linear, floor, thresholds, budget),
            Some(order) => chain::solve(&self.table, order, linear, floor, thresholds, budget),
        }
    }
}

/// A selection of the greatest precision of any of some weight, where there is one.
pub(super) fn greatest_precision(
    problem: &Problem<'_>,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Option<Sums> {
    if problem.order.is_none() {
        return problem.write_greatest_precision(thresholds);
    }
    thresholds.fill(0);
    let all = problem.goal.total;
    if all.selected() == 0 {
        return None;
    }
    let fraction = Fraction { weight: 1, constant: 0, need: 0 };
    let bound = fractional::search(problem, &fraction, all, thresholds, budget);
    Some(bound.unwrap_or(problem.table.passing(thresholds)))
}

/// Recall under a linear constraint.
fn recall(
    problem: &Problem<'_>,
    linear: &Linear,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Option<Answer> {
    thresholds.fill(problem.bins());
    let mut found = problem.solve(linear, 0, thresholds, budget);
    let mut passing = problem.table.passing(thresholds);
    if found.value.is_none() && !problem.goal.feasible(passing) {
        // Without positives, or without an answer so far: what has the greatest precision will do if anything does.
        let greatest = greatest_precision(problem, thresholds, budget)?;
        if !problem.goal.feasible(greatest) {
            return None;
        }
        passing = problem.table.passing(thresholds);
        found.bound = found.bound.max(passing.positive.into());
    }
    if found.proven {
        return Some(Answer::best(passing));
    }
    let total = problem.goal.total;
    let positive = found.bound.clamp(0, total.positive.into()) as u64;
    let bound = Sums { positive, negative: total.negative };
    if !problem.goal.feasible(passing) {
        thresholds.fill(problem.bins());
        return Some(Answer { passing: Sums::default(), bound, proven: false, unknown: true });
    }
    Some(Answer { passing, bound, proven: false, unknown: false }.tightened(problem, bound))
}

/// Precision under a bound on recall.
fn precision(problem: &Problem<'_>, thresholds: &mut [u32], budget: &mut Budget) -> Option<Answer> {
    let need = needed(problem);
    let greatest = greatest_precision(problem, thresholds, budget)?;
    if greatest.positive >= need && greatest == problem.table.passing(thresholds) {
        return Some(Answer::best(greatest));
    }
    let (len, prefix) = best_prefix(problem)?;
    let passing = start(problem, thresholds, (len, prefix))?;
    let fraction = Fraction { weight: 1, constant: 0, need };
    let bound = fractional::search(problem, &fraction, passing, thresholds, budget);
    let passing = problem.table.passing(thresholds);
    let Some(bound) = bound else { return Some(Answer::best(passing)) };
    let answer = Answer { passing, bound, proven: false, unknown: false };
    Some(answer.tightened(problem, precision_bound(problem, len, prefix)))
}

/// At its greatest F the best selection is that of a price of weight, so a prefix of the path; with a shape a chain.
fn f_beta(
    problem: &Problem<'_>,
    beta_squared: Ratio,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Option<Answer> {
    let (len, prefix) = best_prefix(problem)?;
    let passing = start(problem, thresholds, (len, prefix))?;
    if problem.order.is_none() || passing.positive == 0 {
        return Some(Answer::best(passing));
    }
    let (n, d) = beta_squared.parts();
    let common = gcd(n, d);
    let (n, d) = (n / common, d / common);
    let constant = n * u128::from(problem.goal.total.positive);
    let fraction = Fraction { weight: d, constant, need: 0 };
    let bound = fractional::search(problem, &fraction, passing, thresholds, budget);
    let passing = problem.table.passing(thresholds);
    let Some(_) = bound else { return Some(Answer::best(passing)) };
    // Without the shape nothing is better than the prefix.
    let answer = Answer { passing, bound: prefix, proven: false, unknown: false };
    Some(answer.tightened(problem, prefix))
}

/// A feasible selection of the shape: the prefix, or one threshold for all.
fn start(problem: &Problem<'_>, thresholds: &mut [u32], (len, prefix): (usize, Sums)) -> Option<Sums> {
    if problem.order.is_some() {
        return single::search(problem, thresholds).map(|answer| answer.passing);
    }
    problem.path.thresholds(len, problem.bins(), thresholds);
    Some(prefix)
}

/// The best chain for a utility.
fn chained(problem: &Problem<'_>, utility: Utility, thresholds: &mut [u32], budget: &mut Budget) -> Answer {
    thresholds.fill(problem.bins());
    let [positive, negative] = utility.gains();
    let linear = Linear { value: [positive - negative, negative], slack: [0, 0], constant: 0 };
    let found = problem.solve(&linear, 0, thresholds, budget);
    let passing = problem.table.passing(thresholds);
    if found.proven {
        return Answer::best(passing);
    }
    // The work ended: each level at its best is a bound.
    let bound = separate(problem, utility, |_, _| ());
    Answer { passing, bound, proven: false, unknown: false }.tightened(problem, bound)
}

/// Each level by itself: hands out its threshold, and gives what passes.
fn separate(problem: &Problem<'_>, utility: Utility, mut take: impl FnMut(usize, u32)) -> Sums {
    let gains = utility.gains();
    let mut passing = Sums::default();
    for level in 0..problem.table.levels {
        let (positive, selected) = problem.table.level(level);
        let mut best = (0, problem.table.options - 1);
        for option in (0..problem.table.options).rev() {
            let gain = Linear::gain(gains, positive[option], selected[option] - positive[option]);
            if gain > best.0 {
                best = (gain, option);
            }
        }
        take(level, best.1 as u32);
        passing.positive += positive[best.1];
        passing.negative += selected[best.1] - positive[best.1];
    }
    passing
}
