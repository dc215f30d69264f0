//! The two tasks are the documented ones.

use std::sync::LazyLock;

use avocet::logistic::NEVER;
use delayed_feedback::task::{DAY, Task};
use shared::flights::{Flights, load};

static FLIGHTS: LazyLock<Flights> = LazyLock::new(|| load(None).unwrap());

fn share(part: usize, of: usize) -> f64 {
    (1_000.0 * part as f64 / of as f64).round() / 10.0
}

#[test]
fn departures_return() {
    let task = Task::departures_return(&FLIGHTS);
    assert_eq!(task.len(), 325_936);
    assert!(task.times.is_sorted() && task.times.iter().all(|&time| time < 362 * DAY));
    let mut delays: Vec<i64> = (0..task.len())
        .filter(|&click| task.converts(click))
        .map(|click| task.conversions[click] - task.times[click])
        .collect();
    assert_eq!(share(delays.len(), task.len()), 71.4);
    let within = |hours: i64| share(delays.iter().filter(|&&delay| delay <= hours * 60).count(), task.len());
    assert_eq!([6, 12, 24, 48, 72].map(within), [10.6, 25.4, 47.7, 63.1, 71.4]);
    delays.sort_unstable();
    let quantile = |tenth: usize| (delays[delays.len() * tenth / 10] as f64 / 6.0).round() / 10.0;
    assert_eq!([1, 5, 9].map(quantile), [5.0, 16.9, 49.6]);
    // Who leaves in the evening does not come back within the window: nothing for weights on it to count up.
    let evening: Vec<usize> = (0..task.len()).filter(|&click| task.times[click] % DAY >= 19 * 60).collect();
    let converts = evening.iter().filter(|&&click| task.converts(click)).count();
    let in_window = evening.iter().filter(|&&click| task.converts_in_window(click)).count();
    assert_eq!((evening.len(), converts, in_window), (54_737, 40_628, 227));
}

#[test]
fn arrives_late() {
    let task = Task::arrives_late(&FLIGHTS);
    assert_eq!(task.len(), 327_346);
    let late = (0..task.len()).filter(|&click| task.converts(click)).count();
    assert_eq!((late, share(late, task.len())), (77_630, 23.7));
    // P(late | signal) and without.
    let signals = task.signals.as_ref().unwrap();
    let count = |signal: bool| {
        let of: Vec<usize> = (0..task.len()).filter(|&click| (signals[click] != NEVER) == signal).collect();
        share(of.iter().filter(|&&click| task.converts(click)).count(), of.len())
    };
    assert_eq!((count(true), count(false)), (80.2, 8.3));
    assert_eq!((0..task.len()).filter(|&click| task.converts_in_window(click)).count(), 103);
    for click in 0..task.len() {
        let (time, known) = (task.times[click], task.known[click]);
        assert!((time..=time + task.attribution).contains(&known));
        assert!(task.conversions[click] == known || task.conversions[click] == NEVER);
    }
}
