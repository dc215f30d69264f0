//! Labelled rows, as the caller has them.

pub(crate) mod ffi;

use super::{bad_weight, weight_in_range};
use crate::error::{Error, Status, check_size};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// Labels of rows: 1 is positive, 0 is negative, and nothing else is a label.
#[derive(Clone, Copy, Debug)]
pub enum Labels<'a> {
    /// Signed bytes.
    I8(&'a [i8]),
    /// Bytes.
    U8(&'a [u8]),
    /// Floats.
    F32(&'a [f32]),
}

impl Labels<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Labels::I8(v) => v.len(),
            Labels::U8(v) => v.len(),
            Labels::F32(v) => v.len(),
        }
    }

    /// Writes the labels of a range as 0 and 1. False if one is neither.
    pub(super) fn read(&self, range: Range<usize>, out: &mut [u8]) -> bool {
        let mut bad = 0;
        match self {
            Labels::I8(v) => {
                for (out, &label) in out.iter_mut().zip(&v[range]) {
                    *out = label as u8;
                    bad |= *out & !1;
                }
            }
            Labels::U8(v) => {
                for (out, &label) in out.iter_mut().zip(&v[range]) {
                    *out = label;
                    bad |= label & !1;
                }
            }
            Labels::F32(v) => {
                for (out, &label) in out.iter_mut().zip(&v[range]) {
                    *out = u8::from(label == 1.0);
                    bad |= u8::from(label != 1.0) & u8::from(label != 0.0);
                }
            }
        }
        bad == 0
    }

    /// The label of a row as a number.
    pub(super) fn get(&self, at: usize) -> f64 {
        match self {
            Labels::I8(v) => v[at].into(),
            Labels::U8(v) => v[at].into(),
            Labels::F32(v) => v[at].into(),
        }
    }
}

/// The segment of each row.
#[derive(Clone, Copy, Debug)]
pub enum Segments<'a> {
    /// 16 bits.
    U16(&'a [u16]),
    /// 32 bits.
    U32(&'a [u32]),
}

impl Segments<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Segments::U16(v) => v.len(),
            Segments::U32(v) => v.len(),
        }
    }

    pub(super) fn get(&self, at: usize) -> usize {
        match self {
            Segments::U16(v) => v[at].into(),
            Segments::U32(v) => v[at] as usize,
        }
    }
}

/// What to do with rows whose score or uncertainty is NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum Missing {
    /// Refuse them all, with the position of the first.
    #[default]
    Refuse = 0,
    /// Count them apart: see [`super::Table::apart`].
    Apart = 1,
}

/// Rows to count. All slices have one length.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Infinite ones lie in the outer bins.
    pub scores: &'a [f32],
    /// Infinite ones lie in the outer levels.
    pub uncertainties: &'a [f32],
    /// What became of the row.
    pub labels: Labels<'a>,
    /// In [0, 2^22), each rounded to a multiple of 2^-20 (the nearest, ties to even); ones if absent.
    pub weights: Option<&'a [f32]>,
    /// Below the number of segments; absent only if there is one.
    pub segments: Option<Segments<'a>>,
}

impl Rows<'_> {
    /// Refuses slices of different lengths.
    pub(super) fn check_sizes(&self) -> Result<(), Error> {
        let n = self.scores.len();
        check_size(self.uncertainties.len(), n, c"uncertainties")?;
        check_size(self.labels.len(), n, c"labels")?;
        check_size(self.weights.map_or(n, <[f32]>::len), n, c"weights")?;
        check_size(self.segments.map_or(n, |segments| segments.len()), n, c"segments")
    }

    /// The error of the first bad row, which is not before `first`.
    pub(super) fn first_bad(&self, first: usize, missing: Missing, most_segments: usize) -> Error {
        let Rows { scores, uncertainties, labels, weights, segments } = *self;
        for at in first..scores.len() {
            for (values, name) in [(scores, c"scores"), (uncertainties, c"uncertainties")] {
                if missing == Missing::Refuse && values.get(at).is_some_and(|value| value.is_nan()) {
                    return Error::new(Status::NotFinite, name).at(at).real(f64::NAN);
                }
            }
            let label = labels.get(at);
            if label != 0.0 && label != 1.0 {
                let status = if label.is_nan() { Status::NotFinite } else { Status::InvalidArgument };
                return Error::new(status, c"labels").at(at).real(label);
            }
            if let Some(&weight) = weights.map(|w| &w[at]).filter(|&&weight| !weight_in_range(weight)) {
                return bad_weight(weight, at, c"weights");
            }
            if let Some(segment) = segments.map(|s| s.get(at)).filter(|&segment| segment >= most_segments) {
                return Error::new(Status::IndexOutOfRange, c"segments").at(at).size(segment);
            }
        }
        Error::new(Status::Internal, c"")
    }
}

/// All weights that are counted together are below this, in units.
pub(super) const MASS_LIMIT: u64 = 1 << 62;

/// The error of more weight than that.
pub(super) fn too_heavy() -> Error {
    Error::new(Status::SizeOverflow, c"weights")
}

/// What parts of a count, on any threads, say of their rows.
pub(super) struct Tally {
    /// Not behind the first bad row; `usize::MAX` if there is none.
    bad: AtomicUsize,
    mass: AtomicU64,
}

impl Tally {
    /// Begins with weight that was counted before.
    pub(super) fn new(mass: u64) -> Tally {
        Tally { bad: AtomicUsize::new(usize::MAX), mass: AtomicU64::new(mass) }
    }

    /// Takes what a part gives: the sum of its weights, or none if it is beyond u64; or a row before the first bad one.
    pub(super) fn note(&self, part: Result<Option<u64>, usize>) {
        match part {
            Ok(more) => {
                let add = |mass: u64| Some(more.map_or(u64::MAX, |more| mass.saturating_add(more)));
                let _ = self.mass.fetch_update(Relaxed, Relaxed, add);
            }
            Err(first) => drop(self.bad.fetch_min(first, Relaxed)),
        }
    }

    /// The sum of all weights, or the error of the first bad row, or of too much weight.
    pub(super) fn mass(self, rows: &Rows<'_>, missing: Missing, most_segments: usize) -> Result<u64, Error> {
        match self.bad.into_inner() {
            usize::MAX => Some(self.mass.into_inner()).filter(|&mass| mass < MASS_LIMIT).ok_or(too_heavy()),
            first => Err(rows.first_bad(first, missing, most_segments)),
        }
    }
}
