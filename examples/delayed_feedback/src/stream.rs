//! The rows that a method learns from, in the order of time.

use avocet::Error;
use avocet::logistic::{Clicks, RowKind, Stream, build_stream};

use crate::method::Feed;
use crate::task::Task;

/// The stream of a task for a method. Rows with true labels are positives and negatives of first rows.
pub fn rows(task: &Task, feed: Feed) -> Result<Stream, Error> {
    match feed {
        Feed::Protocol(protocol) => {
            let clicks = Clicks {
                times: &task.times,
                conversions: &task.conversions,
                signals: task.signals.as_deref(),
            };
            build_stream(protocol, clicks, task.window, task.attribution)
        }
        Feed::Known => Ok(labelled(task, &task.known)),
        Feed::Foreseen => Ok(labelled(task, &task.times)),
    }
}

fn labelled(task: &Task, times: &[i64]) -> Stream {
    let mut clicks: Vec<u32> = (0..task.len() as u32).collect();
    clicks.sort_by_key(|&click| times[click as usize]);
    let kind = |&click: &u32| match task.converts(click as usize) {
        true => RowKind::ImmediatePositive as u8,
        false => RowKind::Negative as u8,
    };
    Stream {
        times: clicks.iter().map(|&click| times[click as usize]).collect(),
        kinds: clicks.iter().map(kind).collect(),
        signals: vec![0; clicks.len()],
        clicks,
    }
}
