//! How good the predictions of a method were.

use avocet::Error;
use avocet::metrics::{Calibration, calibration, ranking};
use serde::Serialize;

use crate::task::{DAY, Task};

/// Days at the start that are learned from and not counted: the heads know nothing before the first clicks mature.
pub const WARM_UP: i64 = 30;

/// Probabilities are kept this far from 0 and 1, so that no single row costs more than 13.8.
const EDGE: f32 = 1e-6;

/// Figures of one method on one task.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Area under the ROC curve.
    pub auc: f64,
    /// Area under the precision-recall curve, by the trapezoid rule.
    pub pr_auc: f64,
    /// Mean log loss, in nats.
    pub log_loss: f64,
    /// Predicted conversions over those that came.
    pub calibration: f64,
}

/// What one day cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    /// The sum of the log losses.
    pub loss: f64,
    /// The clicks.
    pub clicks: f64,
}

/// Figures of all clicks after the warm-up together, and what each day after it cost.
pub fn figures(task: &Task, probabilities: &[f32], warm_up: i64) -> Result<(Figures, Vec<Day>), Error> {
    let from = task.times.partition_point(|&time| time < warm_up * DAY);
    let label = |click: usize| f32::from(u8::from(task.converts(click)));
    let labels: Vec<f32> = (from..task.len()).map(label).collect();
    let kept: Vec<f32> = probabilities[from..].iter().map(|p| p.clamp(EDGE, 1.0 - EDGE)).collect();
    let ranks = ranking(&probabilities[from..], &labels, None)?;
    let (mut total, mut days) = (Calibration::default(), Vec::new());
    let mut at = 0;
    for day in task.times[from..].chunk_by(|a, b| a.div_euclid(DAY) == b.div_euclid(DAY)) {
        let part = at..at + day.len();
        let of_day = calibration(&kept[part.clone()], &labels[part.clone()], None)?;
        days.push(Day { loss: of_day.loss, clicks: of_day.weight });
        total = total.merge(&of_day);
        at = part.end;
    }
    let figures = Figures {
        auc: ranks.auc,
        pr_auc: ranks.pr_auc,
        log_loss: total.log_loss(),
        calibration: total.ratio(),
    };
    Ok((figures, days))
}

/// How much more log loss a click had by one method than by another on the same days, and the standard error of that
/// from the differences of whole weeks, so that neither the days of a week nor neighbouring days count as independent.
pub fn excess(of: &[Day], over: &[Day]) -> (f64, f64) {
    let weeks = of.chunks(7).zip(over.chunks(7));
    let weeks: Vec<(f64, f64)> = weeks
        .map(|(of, over)| {
            let sum = |days: &[Day], value: fn(&Day) -> f64| days.iter().map(value).sum::<f64>();
            (sum(of, |day| day.loss) - sum(over, |day| day.loss), sum(of, |day| day.clicks))
        })
        .collect();
    let clicks: f64 = weeks.iter().map(|week| week.1).sum();
    let mean = weeks.iter().map(|week| week.0).sum::<f64>() / clicks;
    let squares: f64 = weeks.iter().map(|week| (week.0 - mean * week.1).powi(2)).sum();
    let n = weeks.len() as f64;
    (mean, (squares * n / (n - 1.0)).sqrt() / clicks)
}
