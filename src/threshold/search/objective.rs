//! What is sought, and the exact comparisons behind it.

use super::wide::compare_products;
use crate::error::{Error, Status};
use std::cmp::Ordering;
use std::ffi::CStr;

/// A rational number, so that a bound such as 9/10 is the bound and not the double next to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Ratio {
    /// The numerator.
    pub numerator: u32,
    /// The denominator, above 0.
    pub denominator: u32,
}

impl Ratio {
    /// `numerator / denominator`.
    pub const fn new(numerator: u32, denominator: u32) -> Ratio {
        Ratio { numerator, denominator }
    }

    fn check(self, most: u32, argument: &'static CStr) -> Result<(), Error> {
        if self.denominator == 0 || self.numerator > most {
            let value = if self.denominator == 0 { 0 } else { self.numerator };
            return Err(Error::new(Status::InvalidArgument, argument).integer(value.into()));
        }
        Ok(())
    }

    pub(super) fn parts(self) -> (u128, u128) {
        (self.numerator.into(), self.denominator.into())
    }
}

/// Gains (or, below 0, losses) per unit of weight, from -2^56 to 2^56, so that no sum overflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Utility {
    /// Of a positive that passes.
    pub positive_passes: i64,
    /// Of a negative that passes.
    pub negative_passes: i64,
    /// Of a positive that does not pass.
    pub positive_stays: i64,
    /// Of a negative that does not pass.
    pub negative_stays: i64,
}

/// What to maximise. `P` and `N` are the positive and negative weight that pass, `T = P + N`, `A` is all positive weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Recall `P / A` subject to precision `P / T >= precision`. A safety margin is a greater `precision`.
    RecallUnderPrecision {
        /// The least precision, in [0, 1].
        precision: Ratio,
    },
    /// Precision `P / T` of what passes (`T > 0`) subject to recall `P >= recall * A`.
    PrecisionUnderRecall {
        /// The least recall, in [0, 1].
        recall: Ratio,
    },
    /// `F = (1 + b) P / (T + b A)` where `b` is the square of beta; 0 where that is 0/0.
    FBeta {
        /// The square of beta, any ratio.
        beta_squared: Ratio,
    },
    /// The sum of the gains of all weight.
    Utility(Utility),
    /// Recall `P / A` subject to `T <= selected`.
    AtMost {
        /// The most weight that may pass, in units of the cells.
        selected: u64,
    },
    /// Recall `P / A` subject to a lower confidence bound of precision, for cells that hold counts: the lower end of
    /// Wilson's interval (JASA 1927) is at least `precision`. With `D = P - precision * T` that is `D >= 0` and
    /// `D^2 >= z^2 * precision * (1 - precision) * T`, which is how it is tested, in integers.
    RecallUnderWilson {
        /// The least lower end, in [0, 1].
        precision: Ratio,
        /// The square of the normal quantile, any ratio: 27055/10000 for 95 % on one side.
        z_squared: Ratio,
    },
}

impl Objective {
    /// Refuses ratios outside their ranges.
    pub(in crate::threshold) fn check(&self) -> Result<(), Error> {
        let unit = |ratio: Ratio, argument| ratio.check(ratio.denominator, argument);
        match *self {
            Objective::RecallUnderPrecision { precision } => unit(precision, c"objective.precision"),
            Objective::PrecisionUnderRecall { recall } => unit(recall, c"objective.recall"),
            Objective::FBeta { beta_squared } => beta_squared.check(u32::MAX, c"objective.beta_squared"),
            Objective::AtMost { .. } => Ok(()),
            Objective::Utility(utility) => utility.check(),
            Objective::RecallUnderWilson { precision, z_squared } => {
                unit(precision, c"objective.precision")?;
                z_squared.check(u32::MAX, c"objective.z_squared")
            }
        }
    }
}

impl Objective {
    /// The objective for cells in units of `2^shift`.
    pub(super) fn in_units(self, shift: u32) -> Objective {
        match self {
            Objective::AtMost { selected } => Objective::AtMost { selected: selected >> shift },
            other => other,
        }
    }
}

/// Positive and negative weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Sums {
    /// Positive weight.
    pub positive: u64,
    /// Negative weight.
    pub negative: u64,
}

impl Sums {
    pub(super) fn selected(self) -> u64 {
        self.positive + self.negative
    }
}

/// An objective on cells with these totals.
#[derive(Clone, Copy)]
pub(in crate::threshold) struct Goal {
    pub objective: Objective,
    pub total: Sums,
}

impl Goal {
    /// Whether a selection meets the constraint. One of no weight has no precision, and meets no bound on it.
    pub fn feasible(&self, sums: Sums) -> bool {
        let (p, t): (u128, u128) = (sums.positive.into(), sums.selected().into());
        match self.objective {
            Objective::RecallUnderPrecision { precision } => {
                let (g, c) = precision.parts();
                t > 0 && c * p >= g * t
            }
            Objective::PrecisionUnderRecall { recall } => {
                let (g, c) = recall.parts();
                t > 0 && c * p >= g * u128::from(self.total.positive)
            }
            Objective::FBeta { .. } | Objective::Utility(_) => true,
            Objective::AtMost { selected } => t <= selected.into(),
            Objective::RecallUnderWilson { precision, z_squared } => {
                let ((g, c), (zn, zd)) = (precision.parts(), z_squared.parts());
                let margin: Option<u128> = (c * p).checked_sub(g * t);
                t > 0
                    && margin
                        .is_some_and(|d| compare_products(zd * d, d, zn * g, (c - g) * t) != Ordering::Less)
            }
        }
    }

    /// How the values of two selections compare.
    pub fn compare(&self, a: Sums, b: Sums) -> Ordering {
        let (pa, pb): (u128, u128) = (a.positive.into(), b.positive.into());
        let (ta, tb): (u128, u128) = (a.selected().into(), b.selected().into());
        match self.objective {
            Objective::RecallUnderPrecision { .. }
            | Objective::AtMost { .. }
            | Objective::RecallUnderWilson { .. } => pa.cmp(&pb),
            Objective::PrecisionUnderRecall { .. } => (pa * tb.max(1)).cmp(&(pb * ta.max(1))),
            Objective::FBeta { beta_squared } => {
                let (n, d) = beta_squared.parts();
                let missed = n * u128::from(self.total.positive);
                let below = |t: u128| (d * t + missed).max(1);
                compare_products(pa, below(tb), pb, below(ta))
            }
            Objective::Utility(utility) => utility.value(a).cmp(&utility.value(b)),
        }
    }
}

impl Utility {
    fn check(&self) -> Result<(), Error> {
        let Utility { positive_passes, negative_passes, positive_stays, negative_stays } = *self;
        for (gain, argument) in [
            (positive_passes, c"objective.positive_passes"),
            (negative_passes, c"objective.negative_passes"),
            (positive_stays, c"objective.positive_stays"),
            (negative_stays, c"objective.negative_stays"),
        ] {
            if gain.unsigned_abs() > 1 << 56 {
                return Err(Error::new(Status::SizeOverflow, argument).integer(gain));
            }
        }
        Ok(())
    }

    /// What a passing unit of positive and of negative weight gains over one that stays.
    pub(super) fn gains(&self) -> [i128; 2] {
        let gain = |passes: i64, stays: i64| i128::from(passes) - i128::from(stays);
        [gain(self.positive_passes, self.positive_stays), gain(self.negative_passes, self.negative_stays)]
    }

    /// The gain of a selection over nothing passing: at most 2^57 * 2^62 in magnitude.
    fn value(&self, sums: Sums) -> i128 {
        let [positive, negative] = self.gains();
        positive * i128::from(sums.positive) + negative * i128::from(sums.negative)
    }
}
