//! Two tasks with real delays, as clicks that convert or do not.

use avocet::logistic::NEVER;

use shared::features::{features, features_with_signal};
use shared::flights::{Flight, Flights};
use shared::rows::Rows;

/// Minutes of a day.
pub const DAY: i64 = 24 * 60;

/// Clicks in the order of their time, with what became of them. Times are minutes since the year began.
#[derive(Clone, Debug)]
pub struct Task {
    /// The name, as in the JSON output.
    pub name: &'static str,
    /// What the task is, in a line.
    pub about: &'static str,
    /// How long a step of the stream is.
    pub step: i64,
    /// How long the first row of a click waits.
    pub window: i64,
    /// How long a conversion counts.
    pub attribution: i64,
    /// When each click was, ascending.
    pub times: Vec<i64>,
    /// When it converted; [`NEVER`] if it did not.
    pub conversions: Vec<i64>,
    /// When its early signal came; [`NEVER`] if it did not. Absent where the task has none.
    pub signals: Option<Vec<i64>>,
    /// When its label is certain.
    pub known: Vec<i64>,
    /// When the heads may learn from it: not before the label is certain and the window over.
    pub matured: Vec<i64>,
    /// What the model sees.
    pub rows: Rows,
    /// What the heads of signal-conditioned weights see, where the task has signals.
    pub signal_rows: Option<Rows>,
}

impl Task {
    /// Return: a departure converts when the same aircraft leaves New York again within 72 hours. The last 72 hours of
    /// the year are left out.
    pub fn departures_return(all: &Flights) -> Self {
        let (window, attribution) = (6 * 60, 72 * 60);
        let mut left = departed(all);
        let mut conversions = vec![NEVER; left.len()];
        let mut next = vec![NEVER; all.planes.len()];
        for (conversion, &(time, flight)) in conversions.iter_mut().zip(&left).rev() {
            if let Some(plane) = all.flights[flight as usize].plane {
                let next = &mut next[plane as usize];
                if next.checked_sub(time).is_some_and(|delay| delay <= attribution) {
                    *conversion = *next;
                }
                *next = time;
            }
        }
        left.retain(|&(time, _)| time < 365 * DAY - attribution);
        conversions.truncate(left.len());
        let (times, flights): (Vec<i64>, Vec<u32>) = left.into_iter().unzip();
        let known = times.iter().zip(&conversions).map(|(&time, &at)| at.min(time + attribution)).collect();
        Self {
            name: "return",
            about: "the same aircraft departs again within 72 hours; window 6 h, daily steps",
            step: DAY,
            window,
            attribution,
            conversions,
            signals: None,
            known,
            matured: times.iter().map(|time| time + attribution).collect(),
            rows: features(all, &flights),
            signal_rows: None,
            times,
        }
    }

    /// Late: a flight that arrives more than 15 minutes late converts when it lands. The click is its scheduled
    /// departure, the early signal that it is still there 16 minutes after that.
    pub fn arrives_late(all: &Flights) -> Self {
        let window = 30;
        let landing = |flight: &Flight| {
            let minute = i64::from(flight.minute);
            let landed = minute + i64::from(flight.dep_delay?) + i64::from(flight.air_time?);
            Some((minute, landed.max(minute), flight.arr_delay? > 15))
        };
        let (mut times, mut known, mut conversions, mut signals) = (vec![], vec![], vec![], vec![]);
        let mut flights = Vec::new();
        for (at, flight) in (0..).zip(&all.flights) {
            if let Some((minute, landed, late)) = landing(flight) {
                times.push(minute);
                known.push(landed);
                conversions.push(if late { landed } else { NEVER });
                let held = flight.dep_delay.is_some_and(|delay| delay > 15);
                signals.push(if held { minute + 16 } else { NEVER });
                flights.push(at);
            }
        }
        let signalled: Vec<u8> = signals.iter().map(|&signal| u8::from(signal != NEVER)).collect();
        Self {
            name: "late",
            about: "arrives more than 15 minutes late, known on landing; window 30 min, hourly steps",
            step: 60,
            window,
            attribution: 36 * 60,
            conversions,
            signals: Some(signals),
            matured: times.iter().zip(&known).map(|(time, &known)| known.max(time + window)).collect(),
            known,
            rows: features(all, &flights),
            signal_rows: Some(features_with_signal(all, &flights, &signalled)),
            times,
        }
    }

    /// Number of clicks.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are no clicks.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Whether a click converts at all.
    pub fn converts(&self, click: usize) -> bool {
        self.conversions[click] != NEVER
    }

    /// Whether a click converts within the window.
    pub fn converts_in_window(&self, click: usize) -> bool {
        self.conversions[click] <= self.times[click] + self.window
    }

    /// The clicks of the first days, with all that became of them.
    pub fn first_days(&self, days: i64) -> Self {
        let clicks = self.times.partition_point(|&time| time < days * DAY);
        let cut = |values: &Vec<i64>| values[..clicks].to_vec();
        Self {
            times: cut(&self.times),
            conversions: cut(&self.conversions),
            signals: self.signals.as_ref().map(cut),
            known: cut(&self.known),
            matured: cut(&self.matured),
            rows: self.rows.first(clicks),
            signal_rows: self.signal_rows.as_ref().map(|rows| rows.first(clicks)),
            ..*self
        }
    }
}

/// The flights that left, by the time when they did.
fn departed(all: &Flights) -> Vec<(i64, u32)> {
    let left = |flight: &Flight| flight.dep_delay.map(|delay| i64::from(flight.minute + delay));
    let mut times: Vec<(i64, u32)> =
        (0..).zip(&all.flights).filter_map(|(at, flight)| Some((left(flight)?, at))).collect();
    times.sort_unstable();
    times
}
