//! Labelled rows in C.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Labels, Missing, Rows, Segments};
use crate::error::Error;
use crate::ffi::memory::{Growing, Memory, check_len, load_growing, one_of};
use crate::ffi::views::{AVOCET_F32, AVOCET_I8, AVOCET_U8, AVOCET_U16, AVOCET_U32};
use std::ffi::{CStr, c_void};

/// Rows with a NaN are refused, with the position of the first.
pub const AVOCET_MISSING_REFUSE: i32 = 0;
/// Rows with a NaN score or uncertainty are counted apart.
pub const AVOCET_MISSING_APART: i32 = 1;

/// Rows to count.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_threshold_rows {
    /// `sizeof(avocet_threshold_rows)`.
    pub struct_size: usize,
    /// How many.
    pub rows: usize,
    /// A score for each row; infinite ones lie in the outer bins.
    pub scores: *const f32,
    /// An uncertainty for each row; infinite ones lie in the outer levels.
    pub uncertainties: *const f32,
    /// A label for each row: 1 is positive, 0 is negative, and nothing else is a label.
    pub labels: *const c_void,
    /// A weight for each row, in [0, 2^22), each rounded to a multiple of 2^-20 (the nearest, ties to even). NULL stands
    /// for ones.
    pub weights: *const f32,
    /// The segment of each row (a country, a surface), below their number. May be NULL if there is one only.
    pub segments: *const c_void,
    /// The type of the labels: `AVOCET_F32` (the default), `AVOCET_U8` or `AVOCET_I8`.
    pub label_type: i32,
    /// The type of the segments: `AVOCET_U16` or `AVOCET_U32`; not looked at without them.
    pub segment_type: i32,
    /// What to do with NaN: `AVOCET_MISSING_*`, by default to refuse.
    pub missing: i32,
    /// 0.
    pub reserved: i32,
}

// SAFETY: no padding (7 * 8, 4 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_threshold_rows {
    const NAMES: [&'static CStr; 2] = [c"rows.struct_size", c"rows.reserved"];
    fn reserved(&self) -> i32 {
        self.reserved
    }
}

/// The names of the fields of rows, for an error of the safe function.
pub(crate) fn named(error: Error) -> Error {
    let error = error.renamed(c"scores", c"rows.scores").renamed(c"uncertainties", c"rows.uncertainties");
    let error = error.renamed(c"labels", c"rows.labels").renamed(c"weights", c"rows.weights");
    error.renamed(c"segments", c"rows.segments")
}

/// The rows of a call; without uncertainties if `scores_only`.
///
/// # Safety
/// `rows` is NULL or points to rows whose pointers are as for [`Memory::read`].
pub(crate) unsafe fn load_rows<'a, const N: usize>(
    memory: &mut Memory<N>,
    rows: *const avocet_threshold_rows,
    scores_only: bool,
) -> Result<(Rows<'a>, Missing), Error> {
    // SAFETY: as this function.
    unsafe {
        let rows = load_growing(rows, c"rows")?;
        let n = rows.rows;
        check_len::<f32>(n, c"rows.rows")?;
        let known = [(AVOCET_MISSING_REFUSE, Missing::Refuse), (AVOCET_MISSING_APART, Missing::Apart)];
        let missing = one_of(&known, rows.missing, c"rows.missing")?;
        let (labels, name) = (rows.labels, c"rows.labels");
        let labels = match rows.label_type {
            AVOCET_U8 => Labels::U8(memory.read(labels.cast(), n, name)?),
            AVOCET_I8 => Labels::I8(memory.read(labels.cast(), n, name)?),
            other => {
                one_of(&[(AVOCET_F32, ())], other, c"rows.label_type")?;
                Labels::F32(memory.read(labels.cast(), n, name)?)
            }
        };
        let (segments, name) = (rows.segments, c"rows.segments");
        let segments = match rows.segment_type {
            _ if segments.is_null() => None,
            AVOCET_U16 => Some(Segments::U16(memory.read(segments.cast(), n, name)?)),
            other => {
                one_of(&[(AVOCET_U32, ())], other, c"rows.segment_type")?;
                Some(Segments::U32(memory.read(segments.cast(), n, name)?))
            }
        };
        let uncertain = if scores_only { 0 } else { n };
        let rows = Rows {
            scores: memory.read(rows.scores, n, c"rows.scores")?,
            uncertainties: memory.read(rows.uncertainties, uncertain, c"rows.uncertainties")?,
            labels,
            weights: memory.read_optional(rows.weights, n, c"rows.weights")?,
            segments,
        };
        Ok((rows, missing))
    }
}
