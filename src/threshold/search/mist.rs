//! Prefixes of the concave path: all that can be had by one price of weight.

use super::objective::{Objective, Sums};
use super::wide::bits;
use super::{Answer, Problem};
use std::cmp::Ordering;

/// The best prefix of the path that is feasible, the shortest of equals; a prefix of length 0 lets nothing pass.
pub(super) fn best_prefix(problem: &Problem<'_>) -> Option<(usize, Sums)> {
    let mut best: Option<(usize, Sums)> = None;
    let mut sums = Sums::default();
    for len in 0..=problem.path.len() {
        if len > 0 {
            sums = problem.path.edge(len - 1).after(sums);
        }
        let better = |(_, old): (usize, Sums)| problem.goal.compare(sums, old) == Ordering::Greater;
        if problem.goal.feasible(sums) && best.is_none_or(better) {
            best = Some((len, sums));
        }
    }
    best
}

/// The best feasible prefix. Its bound is that of the linear relaxation, which takes a part of the next edge.
pub(super) fn search(problem: &Problem<'_>, thresholds: &mut [u32]) -> Option<Answer> {
    let Some((len, passing)) = best_prefix(problem) else {
        // Without positives there is no path; whatever passes has recall and precision 0.
        let passing = problem.write_greatest_precision(thresholds)?;
        return problem.goal.feasible(passing).then_some(Answer::best(passing));
    };
    problem.path.thresholds(len, problem.bins(), thresholds);
    let bound = match problem.goal.objective {
        Objective::RecallUnderPrecision { precision } => {
            let Some(edge) = (len < problem.path.len()).then(|| problem.path.edge(len)) else {
                return Some(Answer::best(passing));
            };
            // The part of the edge that uses up the slack, rounded up.
            let (g, c) = precision.parts();
            let (p, t): (u128, u128) = (passing.positive.into(), passing.selected().into());
            let slack = c * p - g * t;
            let cost = g * u128::from(edge.selected) - c * u128::from(edge.positive);
            let wide = bits(cost).saturating_sub(64);
            let gain = u128::from(edge.positive) * ((slack >> wide) + u128::from(wide > 0)) / (cost >> wide);
            let positive = passing.positive + (gain as u64).min(edge.positive);
            Sums { positive, negative: problem.goal.total.negative }
        }
        _ => precision_bound(problem, len, passing),
    };
    let proven = problem.goal.compare(passing, bound) == Ordering::Equal;
    Some(Answer { passing, bound: if proven { passing } else { bound }, proven, unknown: false })
}

/// The bound on precision of the relaxation: the least weight that has the positives needed, taking a part of the last
/// edge of the prefix.
pub(super) fn precision_bound(problem: &Problem<'_>, len: usize, passing: Sums) -> Sums {
    // No precision is above that of the first edge.
    if len == 1 {
        return passing;
    }
    let edge = problem.path.edge(len - 1);
    let need = needed(problem);
    let part = u128::from(need - (passing.positive - edge.positive));
    let selected = u128::from(passing.selected() - edge.selected)
        + part * u128::from(edge.selected) / u128::from(edge.positive);
    Sums { positive: need, negative: (selected as u64).max(need) - need }
}

/// The positives that the bound on recall asks for.
pub(super) fn needed(problem: &Problem<'_>) -> u64 {
    match problem.goal.objective {
        Objective::PrecisionUnderRecall { recall } => {
            let (g, c) = recall.parts();
            (g * u128::from(problem.goal.total.positive)).div_ceil(c) as u64
        }
        _ => 0,
    }
}
