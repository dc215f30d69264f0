//! Recall under Wilson's lower bound of precision.
//!
//! With `precision = g / c` and `D = c P - g T` the constraint is `D >= f(T)`, `f(T) = sqrt(k T)`, `k = z^2 g (c - g)`. `f` is
//! concave, so on an interval of T the chord of `f` is below it, and beyond the interval above it: the linear problem
//! with the chord in place of `f` is a relaxation on the interval, and its solution, where it lies outside, is feasible.
//! If its solution is not feasible the interval is cut there, where the two new chords meet `f`: branch and bound, which
//! ends because T is an integer.

use super::exact::greatest_precision;
use super::linear::Linear;
use super::lists::{Budget, room};
use super::mist::best_prefix;
use super::objective::{Ratio, Sums};
use super::wide::{bits, compare_products, gcd};
use super::{Answer, Problem, single};
use std::cmp::Ordering;

/// An interval of T and the positives that no selection in it exceeds.
struct Node {
    first: u64,
    last: u64,
    bound: u64,
}

/// `f` in fixed point, rounded down.
struct Root {
    /// `f^2 = numerator * factor * T / denominator`.
    numerator: u128,
    factor: u128,
    denominator: u128,
    /// Bits behind the point: so many that a D below `f` at an end of an interval is also below the rounded `f`.
    point: u32,
}

impl Root {
    fn new(precision: Ratio, z_squared: Ratio, most: u64) -> Option<Root> {
        let ((g, c), (n, d)) = (precision.parts(), z_squared.parts());
        let (numerator, factor) = (n * g, c - g);
        let divisor = gcd(numerator, d);
        let mut root = Root { numerator: numerator / divisor, factor, denominator: d / divisor, point: 0 };
        // If an integer D is below f then D^2 <= f^2 - 1 / denominator, and f - D >= 1 / (2 f denominator).
        let greatest = root.at(most) + 1;
        root.point = bits(greatest) + bits(root.denominator) + 1;
        (bits(root.numerator) + 2 * root.point < 127).then_some(root)
    }

    /// The greatest y with `y^2 denominator <= 4^point f^2`.
    fn at(&self, selected: u64) -> u128 {
        let (numerator, factor) = (self.numerator << (2 * self.point), self.factor * u128::from(selected));
        let least_bit =
            (bits(numerator) + bits(factor)).saturating_sub(bits(self.denominator)).div_ceil(2) + 1;
        let mut root = 0u128;
        for bit in (0..=least_bit.min(94)).rev() {
            let next = root | 1 << bit;
            if compare_products(next * self.denominator, next, numerator, factor) != Ordering::Greater {
                root = next;
            }
        }
        root
    }

    /// The linear problem of an interval, if its coefficients are in range.
    fn chord(&self, precision: Ratio, first: u64, last: u64) -> Option<Linear> {
        let (y0, y1) = (self.at(first) as i128, self.at(last) as i128);
        let (g, c) = (i128::from(precision.numerator), i128::from(precision.denominator));
        let (width, rise) = (i128::from(last - first), y1 - y0);
        let scale = width.checked_mul(1 << self.point)?;
        // (last - first) (2^point D - y0) - (y1 - y0) (T - first) >= 0
        let per_selected = scale.checked_mul(g)?.checked_add(rise)?;
        let constant = rise.checked_mul(first.into())?.checked_sub(width.checked_mul(y0)?)?;
        Some(Linear { value: [1, 0], slack: [scale.checked_mul(c)?, -per_selected], constant })
    }
}

/// The best selection, or the best found within the budget.
pub(super) fn search(
    problem: &Problem<'_>,
    precision: Ratio,
    z_squared: Ratio,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Option<Answer> {
    let total = problem.goal.total;
    let mut best = match problem.order {
        None => best_prefix(problem).map(|(len, sums)| {
            problem.path.thresholds(len, problem.bins(), thresholds);
            sums
        }),
        Some(_) => single::search(problem, thresholds).map(|answer| answer.passing),
    };
    if best.is_none() {
        // A selection without positives, where any precision will do.
        best = greatest_precision(problem, thresholds, budget);
        best = best.filter(|&sums| sums == problem.table.passing(thresholds) && problem.goal.feasible(sums));
    }
    let root = Root::new(precision, z_squared, total.selected());
    let (mut open, mut trial) = (Vec::new(), Vec::new());
    // The most that is left open: without proof a bound, whether or not a selection reaches it.
    let mut left = 0;
    if room(&mut open, 1).and_then(|()| room(&mut trial, thresholds.len())).is_ok() {
        open.push(Node { first: 0, last: total.selected(), bound: total.positive });
        trial.extend_from_slice(thresholds);
    } else {
        left = total.positive;
    }
    loop {
        let floor = best.map_or(0, |sums: Sums| sums.positive);
        let widest = (0..open.len()).max_by_key(|&at| open[at].bound);
        let Some(node) = widest.map(|at| open.swap_remove(at)).filter(|node| node.bound > floor) else {
            break;
        };
        let chord = root.as_ref().and_then(|root| root.chord(precision, node.first, node.last));
        let Some(chord) = chord.filter(|_| budget.used < budget.limit) else {
            left = left.max(node.bound);
            continue;
        };
        budget.used += 1;
        let found = problem.solve(&chord, floor.into(), &mut trial, budget);
        let bound = node.bound.min(found.bound.max(0) as u64);
        let sums = found.value.map(|_| problem.table.passing(&trial));
        match sums.filter(|&sums| problem.goal.feasible(sums)) {
            Some(sums) => {
                best = Some(sums);
                thresholds.copy_from_slice(&trial);
                left = if found.proven { left } else { left.max(bound) };
            }
            None => {
                let at = sums.map(|sums| sums.selected());
                match at.filter(|&at| node.first < at && at < node.last) {
                    Some(at) if found.proven && room(&mut open, 2).is_ok() => {
                        open.push(Node { first: node.first, last: at, bound });
                        open.push(Node { first: at, last: node.last, bound });
                    }
                    _ if found.proven && found.value.is_none() => {}
                    _ => left = left.max(bound),
                }
            }
        }
    }
    let proven = best.map_or(0, |sums| sums.positive) >= left;
    let Some(passing) = best else {
        // Not proven infeasible: nothing passes, and what might is the bound.
        let bound = Sums { positive: left, negative: total.negative };
        thresholds.fill(problem.bins());
        return (!proven).then_some(Answer { passing: Sums::default(), bound, proven: false, unknown: true });
    };
    if proven {
        return Some(Answer::best(passing));
    }
    Some(Answer {
        passing,
        bound: Sums { positive: left, negative: total.negative },
        proven: false,
        unknown: false,
    })
}
