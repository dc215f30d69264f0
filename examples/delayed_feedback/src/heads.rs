//! The auxiliary heads: what is learned about delays from clicks that have matured, frozen before it is used.

use avocet::Error;

use crate::task::Task;
use shared::learner::{Learner, Settings};
use shared::rows::Rows;

/// What a head predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Head {
    /// Converts after the window: d.
    Late,
    /// Never converts, of the clicks that did not within the window: r.
    Never,
    /// Converts at all, of the same clicks: 1 - r.
    Ever,
    /// Converts within the window, of the clicks that convert.
    InTime,
    /// d with the signal.
    LateSignal,
    /// r with the signal.
    NeverSignal,
    /// Not a probability: the rate of conversions an hour, 1 over the mean delay, as softplus of the value.
    Rate,
    /// Not learned: the hours since the click when its window ends.
    Elapsed,
}

/// The values of a head for each click, as they are when the click's first row comes: what has matured before the step
/// of that row is known to it.
pub fn values(task: &Task, head: Head, settings: Settings) -> Result<Vec<f32>, Error> {
    match head {
        Head::Elapsed => Ok(vec![task.window as f32 / 60.0; task.len()]),
        Head::Rate => rates(task),
        Head::Ever => Ok(values(task, Head::Never, settings)?.into_iter().map(|logit| -logit).collect()),
        _ => learned(task, head, settings),
    }
}

/// The label of a click for a head; none if the head does not learn from it.
fn label(task: &Task, head: Head, click: usize) -> Option<bool> {
    let (converts, in_window) = (task.converts(click), task.converts_in_window(click));
    match head {
        Head::Late | Head::LateSignal => Some(converts && !in_window),
        Head::Never | Head::NeverSignal | Head::Ever => (!in_window).then_some(!converts),
        Head::InTime => converts.then_some(in_window),
        Head::Rate | Head::Elapsed => None,
    }
}

fn learned(task: &Task, head: Head, settings: Settings) -> Result<Vec<f32>, Error> {
    let rows: &Rows = match head {
        Head::LateSignal | Head::NeverSignal => task.signal_rows.as_ref().unwrap_or(&task.rows),
        _ => &task.rows,
    };
    let mut learner = Learner::new(settings)?;
    let mut logits = vec![0.0; task.len()];
    by_step(task, |fresh, matured| {
        let clicks: Vec<u32> = fresh.clone().map(|click| click as u32).collect();
        learner.predict(rows, &clicks, &mut logits[fresh])?;
        let (mut clicks, mut a, mut b) = (Vec::new(), Vec::new(), Vec::new());
        for &click in matured {
            if let Some(label) = label(task, head, click as usize) {
                clicks.push(click);
                a.push(f32::from(u8::from(label)));
                b.push(f32::from(u8::from(!label)));
            }
        }
        learner.learn(rows, &clicks, &a, &b)
    })?;
    Ok(logits)
}

fn rates(task: &Task) -> Result<Vec<f32>, Error> {
    let mut rates = vec![0.0; task.len()];
    // As if one click had converted after a day.
    let (mut count, mut hours) = (1.0, 24.0);
    by_step(task, |fresh, matured| {
        let rate: f64 = count / hours;
        rates[fresh].fill(rate.exp_m1().ln() as f32);
        for click in matured.iter().map(|&click| click as usize).filter(|&click| task.converts(click)) {
            count += 1.0;
            hours += (task.conversions[click] - task.times[click]) as f64 / 60.0;
        }
        Ok(())
    })?;
    Ok(rates)
}

/// Calls `each` for every step with the clicks whose window ends in it and those that mature in it, by that time.
fn by_step(
    task: &Task,
    mut each: impl FnMut(std::ops::Range<usize>, &[u32]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut order: Vec<u32> = (0..task.len() as u32).collect();
    order.sort_by_key(|&click| task.matured[click as usize]);
    let step_of = |time: i64| time.div_euclid(task.step);
    let (mut fresh, mut matured) = (0, 0);
    while fresh < task.len() {
        let first = step_of(task.times[fresh] + task.window);
        let ripe = order.get(matured).map_or(i64::MAX, |&click| step_of(task.matured[click as usize]));
        let step = first.min(ripe);
        let ends = fresh + task.times[fresh..].partition_point(|time| step_of(time + task.window) <= step);
        let ripens = matured
            + order[matured..].partition_point(|&click| step_of(task.matured[click as usize]) <= step);
        each(fresh..ends, &order[matured..ripens])?;
        (fresh, matured) = (ends, ripens);
    }
    Ok(())
}
