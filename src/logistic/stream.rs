//! From clicks and conversions to the rows that a learner sees as time goes by.

use super::feedback::RowKind;
use crate::error::{Error, Status, check_size};

/// The time of what does not happen.
pub const NEVER: i64 = i64::MAX;

/// Which rows a click gives, and when: (i) converts within the window, (ii) later, (iii) never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Protocol {
    /// One row when the window ends: (i) immediate positive; (ii), (iii) negative. For Vanilla, FSIW, ULC and the
    /// in-window head of Bi-DEFUSE; with a window as long as the attribution, waiting for the label.
    Window = 0,
    /// Negative at once, delayed positive at the conversion (FNW, FNC, FNW-DEFUSE). The window counts as 0.
    Immediate = 1,
    /// As `Window`, and (ii) a delayed positive at the conversion (ES-DFM, DEFUSE, the late head of Bi-DEFUSE).
    Delayed = 2,
    /// As `Delayed`, and (iii) a real negative when the attribution ends (ES-DFM with real negatives).
    DelayedReal = 3,
    /// As `DelayedReal`, and (i) a second immediate positive at the same time (DEFER).
    Duplicate = 4,
    /// As `Immediate`, and (iii) a real negative when the attribution ends (FNW with real negatives).
    ImmediateReal = 5,
}

impl Protocol {
    /// Every protocol, in the order of its value.
    pub const ALL: [Protocol; 6] = [
        Protocol::Window,
        Protocol::Immediate,
        Protocol::Delayed,
        Protocol::DelayedReal,
        Protocol::Duplicate,
        Protocol::ImmediateReal,
    ];
}

/// Clicks, one value each, in any unit of time.
#[derive(Clone, Copy, Debug)]
pub struct Clicks<'a> {
    /// When the click was.
    pub times: &'a [i64],
    /// When it converted, not before the click; [`NEVER`] if it did not.
    pub conversions: &'a [i64],
    /// When its early signal came (add-to-cart, coupon clip); [`NEVER`] if it did not. Absent: no signals.
    pub signals: Option<&'a [i64]>,
}

/// The rows of a stream in the order of the time at which a learner may use them; at equal times, in the order of the
/// clicks, first rows before copies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// When a row may be used.
    pub times: Vec<i64>,
    /// The click that it is of.
    pub clicks: Vec<u32>,
    /// What it is: [`RowKind`] as its number.
    pub kinds: Vec<u8>,
    /// 1 if the click's signal had come when its window ended, else 0: the same in all rows of a click, as unbiased
    /// weights need it.
    pub signals: Vec<u8>,
}

/// Builds the stream of a protocol.
///
/// `window` is how long a first row waits, `attribution` how long a conversion counts: one that comes later than that is
/// none. Both are at least 0, and the window is not above the attribution. A conversion at the very end of the window
/// is within it, one at the end of the attribution counts.
///
/// Allocates the stream and 16 bytes a row. Time: sorting the rows; on the calling thread.
///
/// Errors: lengths that differ, a window or attribution out of range, a conversion before its click (with its position
/// and time), times beyond what 64 bits hold, 2^32 rows or more.
pub fn build_stream(
    protocol: Protocol,
    clicks: Clicks<'_>,
    window: i64,
    attribution: i64,
) -> Result<Stream, Error> {
    let n = clicks.times.len();
    check_size(clicks.conversions.len(), n, c"conversions")?;
    check_size(clicks.signals.map_or(n, <[i64]>::len), n, c"signals")?;
    for (value, least, argument) in [(window, 0, c"window"), (attribution, window, c"attribution")] {
        if value < least {
            return Err(Error::new(Status::InvalidArgument, argument).integer(value));
        }
    }
    let immediate = matches!(protocol, Protocol::Immediate | Protocol::ImmediateReal);
    let window = if immediate { 0 } else { window };
    // At most two rows a click.
    if n > (u32::MAX / 2) as usize {
        return Err(Error::new(Status::SizeOverflow, c"len").size(n));
    }
    let mut rows: Vec<(i64, u64)> = Vec::new();
    let out_of_memory = |_| Error::new(Status::OutOfMemory, c"times").size(n);
    rows.try_reserve_exact(2 * n).map_err(out_of_memory)?;
    for (at, (&click, &conversion)) in clicks.times.iter().zip(clicks.conversions).enumerate() {
        if conversion < click {
            return Err(Error::new(Status::InvalidArgument, c"conversions").at(at).integer(conversion));
        }
        let overflow = Error::new(Status::SizeOverflow, c"times").at(at).integer(click);
        let first = click.checked_add(window).ok_or(overflow)?;
        let last = click.checked_add(attribution).ok_or(overflow)?;
        let mut add = |time: i64, copy: u64, kind: RowKind| {
            rows.push((time, (at as u64) << 3 | copy << 2 | kind as u64));
        };
        let converts = conversion != NEVER && conversion <= last;
        if converts && conversion <= first && !immediate {
            add(first, 0, RowKind::ImmediatePositive);
            if protocol == Protocol::Duplicate {
                add(first, 1, RowKind::ImmediatePositive);
            }
            continue;
        }
        add(first, 0, RowKind::Negative);
        let real = matches!(protocol, Protocol::DelayedReal | Protocol::Duplicate | Protocol::ImmediateReal);
        if converts && protocol != Protocol::Window {
            add(conversion, 1, RowKind::DelayedPositive);
        } else if !converts && real {
            add(last, 1, RowKind::RealNegative);
        }
    }
    rows.sort_unstable();
    let click = |row: &(i64, u64)| (row.1 >> 3) as usize;
    // A sum that overflowed was refused above.
    let signal =
        |at: usize| clicks.signals.is_some_and(|s| s[at] <= clicks.times[at] + window && s[at] != NEVER);
    Ok(Stream {
        times: collect(&rows, |row| row.0)?,
        clicks: collect(&rows, |row| click(row) as u32)?,
        kinds: collect(&rows, |row| (row.1 & 3) as u8)?,
        signals: collect(&rows, |row| u8::from(signal(click(row))))?,
    })
}

/// A value of each row; an error where there is no memory for them.
fn collect<T>(rows: &[(i64, u64)], value: impl Fn(&(i64, u64)) -> T) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    let out_of_memory = |_| Error::new(Status::OutOfMemory, c"times").size(rows.len());
    values.try_reserve_exact(rows.len()).map_err(out_of_memory)?;
    values.extend(rows.iter().map(value));
    Ok(values)
}
