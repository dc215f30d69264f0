//! The task: which flights arrive more than 15 minutes late, from what is known a day ahead.

use std::ops::Range;

use avocet::Error;

use shared::features::features;
use shared::flights::Flights;
use shared::rows::Rows;

use crate::buckets::Layout;
use crate::comparison::Sets;
use crate::ensemble::{Training, scored};

/// The days that models learn from, January to June; those that thresholds are chosen on, July to September; those that they
/// are reported on, October to December.
pub const PERIODS: [Range<i32>; 3] = [0..181, 181..273, 273..365];

/// The grids, the first of which is drawn.
pub const LAYOUTS: [Layout; 4] = [
    Layout::nested(8, 100, 0.6),
    Layout::nested(3, 200, 0.6),
    Layout::nested(16, 50, 0.6),
    Layout::shared(8, 100, 0.6),
];

/// The precisions that are required, in hundredths.
pub const PRECISIONS: [u32; 4] = [40, 50, 60, 70];

/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// Flights of known arrival, in the order of their scheduled departure.
#[derive(Clone, Debug)]
pub struct Late {
    /// The day of the year of each, from 0.
    pub days: Vec<i32>,
    /// Whether it arrived more than 15 minutes late: 1 or 0.
    pub labels: Vec<u8>,
    /// What the models see.
    pub rows: Rows,
}

impl Late {
    /// The flights whose arrival is known.
    pub fn new(all: &Flights) -> Self {
        let (mut days, mut labels, mut flights) = (Vec::new(), Vec::new(), Vec::new());
        for (at, flight) in (0..).zip(&all.flights) {
            if let Some(delay) = flight.arr_delay {
                days.push(flight.minute / DAY);
                labels.push(u8::from(delay > 15));
                flights.push(at);
            }
        }
        Self { days, labels, rows: features(all, &flights) }
    }

    /// The rows of some days.
    pub fn rows_of(&self, days: Range<i32>) -> Range<usize> {
        let at = |day| self.days.partition_point(|&other| other < day);
        at(days.start)..at(days.end)
    }

    /// Trains on the first period and scores the other two.
    pub fn sets(
        &self,
        training: &Training,
        threads: usize,
        progress: impl Fn() + Sync,
    ) -> Result<Sets, Error> {
        let [train, fit, report] = PERIODS.map(|days| self.rows_of(days));
        let all = scored(self, train, fit.start..report.end, training, threads, progress)?;
        let (first, rows) = (fit.len(), all.len());
        Ok(Sets { fit: all.part(0..first).without_ties(), report: all.part(first..rows) })
    }
}
