//! One threshold for all levels.

use super::objective::Sums;
use super::{Answer, Problem};
use std::cmp::Ordering;

/// The best threshold; of equals the greatest.
pub(super) fn search(problem: &Problem<'_>, thresholds: &mut [u32]) -> Option<Answer> {
    let table = &problem.table;
    let mut best: Option<(u32, Sums)> = None;
    for option in (0..table.options).rev() {
        let mut sums = Sums::default();
        for level in 0..table.levels {
            let (positive, selected) = table.level(level);
            sums.positive += positive[option];
            sums.negative += selected[option] - positive[option];
        }
        let better = |(_, old): (u32, Sums)| problem.goal.compare(sums, old) == Ordering::Greater;
        if problem.goal.feasible(sums) && best.is_none_or(better) {
            best = Some((option as u32, sums));
        }
    }
    let (threshold, sums) = best?;
    thresholds.fill(threshold);
    Some(Answer::best(sums))
}
