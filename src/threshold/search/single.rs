//! One threshold for all levels.

use super::objective::{Goal, Objective, Ratio, Sums};
use super::{Answer, Problem};
use std::cmp::Ordering;

/// The best threshold; of equals the greatest.
pub(super) fn search(problem: &Problem<'_>, thresholds: &mut [u32]) -> Option<Answer> {
    let (threshold, sums) = best(problem, problem.goal)?;
    thresholds.fill(threshold);
    Some(Answer::best(sums))
}

/// What passes with the threshold of the greatest precision, if there is any weight.
pub(super) fn greatest_precision(problem: &Problem<'_>) -> Option<Sums> {
    let objective = Objective::PrecisionUnderRecall { recall: Ratio::new(0, 1) };
    best(problem, Goal { objective, ..problem.goal }).map(|(_, sums)| sums)
}

fn best(problem: &Problem<'_>, goal: Goal) -> Option<(u32, Sums)> {
    let table = &problem.table;
    let mut best: Option<(u32, Sums)> = None;
    for option in (0..table.options).rev() {
        let mut sums = Sums::default();
        for level in 0..table.levels {
            let (positive, selected) = table.level(level);
            sums.positive += positive[option];
            sums.negative += selected[option] - positive[option];
        }
        let better = |(_, old): (u32, Sums)| goal.compare(sums, old) == Ordering::Greater;
        if goal.feasible(sums) && best.is_none_or(better) {
            best = Some((option as u32, sums));
        }
    }
    best
}
