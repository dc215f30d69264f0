//! Nothing is used before its time, and the same run gives the same bits.

use std::sync::LazyLock;

use avocet::logistic::NEVER;
use avocet::{Isa, cap_isa};
use delayed_feedback::comparison::{Outcome, compare, heads_of};
use delayed_feedback::method::Method;
use delayed_feedback::progressive::predictions;
use delayed_feedback::task::{DAY, Task};
use shared::flights::{Flights, load};
use shared::learner::Settings;

static FLIGHTS: LazyLock<Flights> = LazyLock::new(|| load(None).unwrap());

fn tasks(days: i64) -> [Task; 2] {
    [Task::departures_return(&FLIGHTS), Task::arrives_late(&FLIGHTS)].map(|task| task.first_days(days))
}

/// The task with another future: what becomes known at `cut` or later is otherwise, and so are later clicks.
fn another_future(task: &Task, cut: i64) -> Task {
    let mut other = task.clone();
    for click in 0..task.len() {
        let time = task.times[click];
        if task.known[click] >= cut {
            // On Late a label is certain on landing either way; on Return a click that does not convert is certain at the
            // end of the attribution.
            if task.signals.is_some() {
                let converts = task.converts(click);
                other.conversions[click] = if converts { NEVER } else { task.known[click] };
            } else {
                other.conversions[click] = NEVER;
                other.known[click] = time + task.attribution;
            }
        }
        if let (Some(rows), true) = (&mut other.signal_rows, time + task.window >= cut) {
            rows.indices[click * rows.width..][..rows.width].iter_mut().for_each(|feature| *feature ^= 1);
        }
        if time >= cut + task.step {
            let width = other.rows.width;
            other.rows.indices[click * width..][..width].iter_mut().for_each(|feature| *feature ^= 1);
        }
    }
    other
}

#[test]
fn the_future_changes_no_prediction() {
    let settings = Settings::default();
    let cut = 9 * DAY;
    for task in tasks(13) {
        let other = another_future(&task, cut);
        let methods = Method::of(&task);
        let of = |task: &Task| -> Vec<Vec<f32>> {
            let heads = heads_of(task, &methods, settings, 2).unwrap();
            methods
                .iter()
                .map(|method| predictions(task, method, &heads, settings, |_| ()).unwrap())
                .collect()
        };
        let until = task.times.partition_point(|&time| time < cut + task.step);
        for ((method, before), after) in methods.iter().zip(of(&task)).zip(of(&other)) {
            let same = before[..until].iter().zip(&after[..until]).all(|(a, b)| a.to_bits() == b.to_bits());
            // Oracle alone learns labels before they are known.
            assert_eq!(same, method.key != "oracle", "{} on {}", method.name, task.name);
            assert!(before[until..] != after[until..], "{} on {} learns nothing", method.name, task.name);
        }
    }
}

#[test]
fn figures_have_the_same_bits_in_every_run() {
    for task in tasks(13) {
        let methods = Method::of(&task);
        let run = |threads| -> Vec<Outcome> {
            compare(&task, &methods, Settings::default(), 5, threads, |_| ()).unwrap()
        };
        let bits = |outcomes: &[Outcome]| -> Vec<u64> {
            let figures = outcomes.iter().map(|outcome| outcome.figures);
            figures
                .flat_map(|of| [of.auc, of.pr_auc, of.log_loss, of.calibration].map(f64::to_bits))
                .collect()
        };
        let first = run(1);
        assert_eq!(bits(&run(2)), bits(&first));
        cap_isa(Some(Isa::Portable));
        assert_eq!(bits(&run(3)), bits(&first));
        cap_isa(None);
        let figures = |key: &str| first.iter().find(|outcome| outcome.key == key).unwrap().figures;
        // Even in a week, true labels at once are better than those of the window.
        assert!(figures("oracle").auc > figures("vanilla").auc + 0.1);
        assert!(figures("oracle").log_loss < figures("wait").log_loss);
    }
}

#[test]
fn progress_counts_every_prediction() {
    let [task, _] = tasks(3);
    let (methods, done) = (Method::of(&task), std::sync::atomic::AtomicU64::new(0));
    let add = |clicks| {
        done.fetch_add(clicks, std::sync::atomic::Ordering::Relaxed);
    };
    compare(&task, &methods, Settings::default(), 1, 2, add).unwrap();
    assert_eq!(done.into_inner(), (task.len() * methods.len()) as u64);
}
