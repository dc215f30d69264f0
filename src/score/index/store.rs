//! What an index holds: blocks of panels, which indexes share.

use super::kernel::bytes::Stats;
use super::kernel::{Form, PANEL};
use super::{Held, Storage};
use crate::error::{Error, Status};
use crate::graph::allocate;
use crate::shared::{Shared, copied};
use crate::simd::{LANES, Lanes};
use std::ops::Range;

/// Panels of a block: what a change of a row copies.
pub(super) const BLOCK: usize = 64;

/// Cache lines, of an index or of its caller.
#[derive(Debug)]
pub(super) enum Lines<'a> {
    /// Our own, each on a line of its own.
    Owned(Vec<wide::f32x16>),
    /// The caller's.
    Borrowed(&'a [Lanes]),
}

impl Lines<'_> {
    /// So many lines of 0.
    pub(super) fn zeroed(len: Option<usize>) -> Result<Self, Error> {
        let overflow = Error::new(Status::SizeOverflow, c"rows");
        let len = len.filter(|&len| len <= isize::MAX as usize / size_of::<Lanes>()).ok_or(overflow)?;
        let mut lines = allocate(len, c"rows")?;
        lines.resize(len, wide::f32x16::ZERO);
        Ok(Lines::Owned(lines))
    }

    pub(super) fn get(&self) -> &[Lanes] {
        match self {
            Lines::Owned(lines) => bytemuck::cast_slice(lines),
            Lines::Borrowed(lines) => lines,
        }
    }

    /// Our own lines, to write; none if they are the caller's.
    pub(super) fn get_mut(&mut self) -> &mut [Lanes] {
        match self {
            Lines::Owned(lines) => bytemuck::cast_slice_mut(lines),
            Lines::Borrowed(_) => &mut [],
        }
    }
}

/// Rows as one allocation holds them.
#[derive(Debug)]
pub(super) struct Store<'a> {
    /// The panels.
    pub lines: Lines<'a>,
    /// For certified search: the rows in f32, one after the other, in whole blocks of 32 rows.
    pub rows: Lines<'a>,
    /// For each panel.
    pub stats: Vec<Stats>,
    /// For bytes: the scale of each row, two lines a panel, and one over it.
    pub scales: Vec<Lanes>,
    pub inverses: Vec<Lanes>,
}

/// A run of panels of a store.
#[derive(Clone, Debug)]
pub(super) struct Block<'a> {
    pub store: Shared<Store<'a>>,
    /// The panels within the store.
    pub panels: Range<usize>,
    /// One bit for each row of each panel: it is there and can be found.
    pub valid: Shared<Vec<u32>>,
}

/// Sizes of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub held: Held,
    /// Columns.
    pub cols: usize,
}

impl Layout {
    pub(super) fn of(storage: Storage, cols: usize) -> Layout {
        Layout { held: storage.held(), cols }
    }

    /// Steps of a chain. Rows without columns have one, of zeros.
    pub(super) fn steps(self) -> usize {
        self.cols.div_ceil(self.held.per_step()).max(1)
    }

    /// Lines of a panel.
    pub(super) fn lines(self) -> usize {
        self.steps() * if self.held == Held::F16 { 1 } else { 2 }
    }

    /// The form in which rows of f32, or of what widens to it, are scored.
    pub(super) fn form(self) -> Form {
        match self.held {
            Held::F16 => Form::F16,
            Held::Bf16 => Form::Bf16,
            Held::F32 | Held::Bytes { .. } => Form::F32,
        }
    }
}

impl<'a> Block<'a> {
    pub(super) fn lines(&self, layout: Layout, panels: Range<usize>) -> &[Lanes] {
        let lines = layout.lines();
        let from = self.panels.start;
        &self.store.lines.get()[(from + panels.start) * lines..(from + panels.end) * lines]
    }

    /// Row `at` of the block in f32.
    pub(super) fn row(&self, cols: usize, at: usize) -> &[f32] {
        let all: &[f32] = bytemuck::cast_slice(self.store.rows.get());
        &all[(self.panels.start * PANEL + at) * cols..][..cols]
    }

    /// All rows in f32, those that are not there included.
    pub(super) fn rows(&self, cols: usize) -> &[f32] {
        let all: &[f32] = bytemuck::cast_slice(self.store.rows.get());
        &all[self.panels.start * PANEL * cols..self.panels.end * PANEL * cols]
    }

    /// Blocks, and behind them those of a store of whole blocks (the last one may be shorter), with the valid bits of its
    /// panels.
    pub(super) fn cut(before: &[Self], store: Store<'a>, valid: &[u32]) -> Result<Vec<Self>, Error> {
        let store = Shared::new(store, c"rows")?;
        let mut blocks = allocate(before.len() + valid.len().div_ceil(BLOCK), c"rows")?;
        blocks.extend_from_slice(before);
        for (at, valid) in valid.chunks(BLOCK).enumerate() {
            let panels = at * BLOCK..at * BLOCK + valid.len();
            blocks.push(Block { store: store.clone(), panels, valid: valid_bits(valid)? });
        }
        Ok(blocks)
    }
}

/// Valid bits to share.
pub(super) fn valid_bits(valid: &[u32]) -> Result<Shared<Vec<u32>>, Error> {
    Shared::new(copied(valid, c"rows")?, c"rows")
}

/// The bits of the first `rows` of a panel.
pub(super) fn first(rows: usize) -> u32 {
    if rows >= PANEL { u32::MAX } else { (1 << rows) - 1 }
}

const _: () = assert!(PANEL == 2 * LANES && PANEL == u32::BITS as usize);
