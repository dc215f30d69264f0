//! Ratios of linear functions: a sequence of linear problems, each at the ratio of the best selection so far (Dinkelbach,
//! Management Science 1967). It ends when no selection has a greater ratio; with exact numbers that is a proof.

use super::Problem;
use super::linear::Linear;
use super::lists::Budget;
use super::objective::Sums;
use super::wide::{bits, gcd};

/// `P / (weight * T + constant)` subject to `P >= need`.
pub(super) struct Fraction {
    pub weight: u128,
    pub constant: u128,
    pub need: u64,
}

/// Improves a feasible selection, which `thresholds` hold and whose denominator is above 0, until it is the best. Returns
/// nothing if it is, and a bound on the ratio as sums if that was not proven.
pub(super) fn search(
    problem: &Problem<'_>,
    fraction: &Fraction,
    mut passing: Sums,
    thresholds: &mut [u32],
    budget: &mut Budget,
) -> Option<Sums> {
    loop {
        let (p, t) = (u128::from(passing.positive), u128::from(passing.selected()));
        let below = fraction.weight * t + fraction.constant;
        let divisor = gcd(p, below);
        // A selection of a greater ratio than `a / b` has `b P - a (weight T + constant) > 0`.
        let (a, b) = (p / divisor, below / divisor);
        let linear = linear(fraction, a, b);
        let Some((linear, floor)) = linear else {
            return Some(Sums { positive: 1, negative: 0 });
        };
        let found = problem.solve(&linear, floor, thresholds, budget);
        if found.value.is_none() {
            let excess = found.bound.saturating_sub(floor).max(0);
            return (!found.proven).then(|| bound(a, b, excess.unsigned_abs(), fraction.need));
        }
        passing = problem.table.passing(thresholds);
    }
}

/// The linear problem at the ratio `a / b` and its value at that ratio, if its coefficients are in range.
fn linear(fraction: &Fraction, a: u128, b: u128) -> Option<(Linear, i128)> {
    let signed = |x: u128| i128::try_from(x).ok();
    let cost = signed(a.checked_mul(fraction.weight)?)?;
    let floor = signed(a.checked_mul(fraction.constant)?)?;
    let value = [signed(b)?, -cost];
    Some((Linear { value, slack: [1, 0], constant: -i128::from(fraction.need) }, floor))
}

/// Sums whose precision is at least `a / b + excess / (b * need)`: an upper bound, as `T >= P >= need`.
fn bound(a: u128, b: u128, excess: u128, need: u64) -> Sums {
    let above = excess.div_ceil(need.max(1).into()).saturating_add(a);
    if above >= b {
        return Sums { positive: 1, negative: 0 };
    }
    let wide = bits(b).saturating_sub(61);
    let (positive, selected) = (above.div_ceil(1 << wide) as u64, (b >> wide) as u64);
    Sums { positive: positive.min(selected), negative: selected - positive.min(selected) }
}
