//! A packed index of target rows: built once, searched by any number of threads, never changed.

mod build;
mod certified;
mod edit;
pub(crate) mod ffi;
mod given;
pub(crate) mod kernel;
mod merge;
pub(super) mod part;
mod prepare;
mod quantise;
mod saved;
mod search;
pub(super) mod store;

pub use merge::{NO_LONG_ID, Shard, merge_lists};
pub use search::{Found, Search};

use crate::score::rows::{Int8, Table};

use crate::error::{Error, Status, check_option, check_size};
use crate::score::NO_ID;
use crate::shared::Shared;
use crate::simd::Lanes;
use crate::view::AnyMatrix;
use kernel::PANEL;
use std::ffi::CStr;
use store::{Block, Layout};

/// The most columns of rows of bytes: sums of 2^14 times as much, and as much again for a threshold, fit in an i32.
pub const MAX_BYTE_COLS: usize = 65_535;

/// Bytes that second-level caches hold.
const NEAR: usize = 512 << 10;

/// How an index holds its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Storage {
    /// f32, 4 bytes an element. Scores are those of [`crate::score::top_k`].
    F32 = 0,
    /// bf16, 2 bytes an element; other types are rounded to nearest even.
    Bf16 = 1,
    /// f16, 2 bytes an element; other types are rounded to nearest even, and must not overflow.
    F16 = 2,
    /// int8, a byte an element, and a scale for each row, its greatest magnitude / 127.
    Int8 = 3,
    /// int8, and one scale for each 32 rows.
    Int8Panels = 4,
    /// int8 and f32, 5 bytes an element: scores are those of `F32`, bit for bit, and most rows are read as int8 only.
    Certified = 5,
}

impl Storage {
    /// Every one.
    pub const ALL: [Storage; 6] =
        [Storage::F32, Storage::Bf16, Storage::F16, Storage::Int8, Storage::Int8Panels, Storage::Certified];

    fn held(self) -> Held {
        match self {
            Storage::F32 => Held::F32,
            Storage::Bf16 => Held::Bf16,
            Storage::F16 => Held::F16,
            Storage::Int8 => Held::Bytes { each: true },
            Storage::Int8Panels | Storage::Certified => Held::Bytes { each: false },
        }
    }
}

/// What panels are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    F32,
    Bf16,
    F16,
    /// With a scale for each row, or for each panel.
    Bytes {
        each: bool,
    },
}

impl Held {
    /// Whether elements have 16 bits.
    fn halves(self) -> bool {
        matches!(self, Held::Bf16 | Held::F16)
    }

    /// Elements of a step of a chain.
    fn per_step(self) -> usize {
        match self {
            Held::F32 | Held::F16 => 1,
            Held::Bf16 => 2,
            Held::Bytes { .. } => 4,
        }
    }
}

impl Table<'_> {
    /// Writes row `at`, widened; not of bytes.
    fn widen(&self, at: usize, to: &mut [f32]) {
        match self {
            Table::Real(AnyMatrix::F32(rows)) => to.copy_from_slice(rows.row(at)),
            Table::Real(AnyMatrix::F16(rows)) => {
                to.iter_mut().zip(rows.row(at)).for_each(|(to, from)| *to = from.to_f32());
            }
            Table::Real(AnyMatrix::Bf16(rows)) => {
                to.iter_mut().zip(rows.row(at)).for_each(|(to, from)| *to = from.to_f32());
            }
            Table::Int8(_) => {}
        }
    }

    /// The scale of row `at` of bytes; 1 of others.
    pub(super) fn scale(&self, at: usize) -> f32 {
        if let Table::Int8(bytes) = self { bytes.scale(at as u32) } else { 1.0 }
    }

    /// Refuses scales that are not one for each row, finite and at least +0.
    fn check_scales(&self, name: &'static CStr) -> Result<(), Error> {
        let Table::Int8(Int8 { rows, scales: Some(scales) }) = self else { return Ok(()) };
        check_size(scales.len(), rows.rows(), name)?;
        let good = |&scale: &f32| check_option(scale.is_sign_positive(), name, scale.into());
        let bad = scales.iter().enumerate().find_map(|(at, scale)| Some(good(scale).err()?.at(at)));
        bad.map_or(Ok(()), Err)
    }
}

/// How to build an index.
#[derive(Clone, Copy, Debug)]
pub struct IndexOptions<'a> {
    /// How the rows are held.
    pub storage: Storage,
    /// The caller's own numbers of the rows, if there are any: one for each row. Ties are still broken by the row.
    pub ids: Option<&'a [u64]>,
    /// Whether a row with a NaN or an infinity (after rounding to the storage) is taken in but never found; without it
    /// such a row is an error.
    pub skip_not_finite: bool,
}

impl IndexOptions<'_> {
    /// A storage, and no more.
    pub fn new(storage: Storage) -> Self {
        IndexOptions { storage, ids: None, skip_not_finite: false }
    }
}

/// Packed target rows. Cloning shares them.
///
/// Rows lie in panels of 32, a lane each: a score is one chain of fused multiply-adds from +0 over the columns (`CHAIN`), for
/// int8 an exact integer, so that it depends on nothing but its two rows, whatever the tier, the batch and the threads.
#[derive(Clone, Debug)]
pub struct Index<'a> {
    storage: Storage,
    layout: Layout,
    rows: usize,
    /// Each of 64 panels, but for the last one.
    blocks: Vec<Block<'a>>,
    ids: Option<Shared<Vec<u64>>>,
    /// Over all panels: see [`kernel::bytes::Stats`].
    least: f32,
    norm: f32,
}

impl Index<'_> {
    /// Number of rows, those included that are never found.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.layout.cols
    }

    /// How the rows are held.
    pub fn storage(&self) -> Storage {
        self.storage
    }

    /// The caller's number of each row, if it gave them.
    pub fn ids(&self) -> Option<&[u64]> {
        self.ids.as_ref().map(|ids| ids.as_slice())
    }

    /// Rows that can be found.
    pub fn live(&self) -> usize {
        self.blocks.iter().flat_map(|block| block.valid.iter()).map(|bits| bits.count_ones() as usize).sum()
    }

    /// The caller's number of each of these rows, or the row itself if it gave none; [`NO_LONG_ID`] for
    /// [`crate::score::NO_ID`], what stands in unused places of a list.
    ///
    /// Errors, before `out` is touched: another length than that of `rows`; the first row that is not there.
    pub fn own_ids(&self, rows: &[u32], out: &mut [u64]) -> Result<(), Error> {
        check_size(out.len(), rows.len(), c"out")?;
        if let Some(at) = rows.iter().position(|&row| row != NO_ID && row as usize >= self.rows) {
            return Err(Error::new(Status::IndexOutOfRange, c"rows").at(at).integer(rows[at].into()));
        }
        for (out, &row) in out.iter_mut().zip(rows) {
            *out = match (row, self.ids()) {
                (NO_ID, _) => NO_LONG_ID,
                (row, Some(ids)) => ids[row as usize],
                (row, None) => row.into(),
            };
        }
        Ok(())
    }

    /// Whether a core's own cache holds the panels.
    fn near(&self) -> bool {
        self.rows.div_ceil(PANEL) * self.layout.lines() * size_of::<Lanes>() <= NEAR
    }

    /// Bytes of memory that the rows take, those that are shared with other indexes included.
    pub fn memory(&self) -> usize {
        let panels = self.rows.div_ceil(PANEL);
        let rows = if self.storage == Storage::Certified { 4 * PANEL * self.cols() } else { 0 };
        let scales = if matches!(self.layout.held, Held::Bytes { .. }) { 2 * 4 * PANEL } else { 0 };
        let panel =
            self.layout.lines() * 64 + rows + scales + size_of::<kernel::bytes::Stats>() + size_of::<u32>();
        panels * panel + self.ids.as_ref().map_or(0, |ids| 8 * ids.len())
    }
}
