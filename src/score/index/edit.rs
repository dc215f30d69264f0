//! Indexes that differ from another one in some rows, and share the blocks of the others.

pub(crate) mod ffi;

use super::build::{Lead, pack};
use super::kernel::PANEL;
use super::kernel::bytes::Stats;
use super::store::{BLOCK, Block, Lines, Store};
use super::{Held, Index, Storage, Vectors};
use crate::error::{Error, Status, check_size};
use crate::graph::allocate;
use crate::pool::Pool;
use crate::shared::{Shared, copied};
use crate::simd::{LANES, Lanes};
use crate::view::AnyMatrix;
use bytemuck::cast_slice;
use half::{bf16, f16};
use std::ops::Range;

impl<'a> Index<'a> {
    /// An index with more rows behind these. The rows of this one keep their numbers and their scores.
    ///
    /// Blocks of 2048 rows are shared but for a last one that is not whole, which is copied. `ids` are given if this
    /// index has ids. `skip_not_finite`, errors and threads as for [`Index::new`]; the row of an error is that among the
    /// new ones. [`Storage::Int8Panels`] takes more rows only behind whole panels of 32, because a panel has one scale.
    pub fn append<'r>(
        &self,
        rows: impl Into<Vectors<'r>>,
        ids: Option<&[u64]>,
        skip_not_finite: bool,
        pool: Option<&Pool>,
    ) -> Result<Index<'a>, Error> {
        let rows = rows.into();
        self.check_rows(rows)?;
        let more = rows.rows();
        let total = self.rows.checked_add(more).filter(|&n| u32::try_from(n).is_ok());
        let total = total.ok_or(Error::new(Status::SizeOverflow, c"rows.rows").size(more))?;
        let lead = self.rows % PANEL;
        if lead > 0 && self.storage == Storage::Int8Panels {
            return Err(Error::new(Status::InvalidArgument, c"index").size(self.rows));
        }
        let ids = match (&self.ids, ids) {
            (None, None) => None,
            (Some(own), Some(ids)) => {
                check_size(ids.len(), more, c"ids")?;
                let mut all = allocate(total, c"ids")?;
                all.extend_from_slice(own);
                all.extend_from_slice(ids);
                Some(Shared::new(all, c"ids")?)
            }
            (own, _) => {
                return Err(Error::new(Status::ShapeMismatch, c"ids").size(own.as_ref().map_or(more, |_| 0)));
            }
        };
        // The rows of a last panel that is not whole are packed again.
        let before = self.rows - lead;
        let mut values = allocate(lead * self.cols(), c"rows")?;
        values.resize(lead * self.cols(), 0.0);
        let reals = !matches!(self.layout.held, Held::Bytes { each: true });
        for i in 0..lead {
            self.read(before + i, &mut values[i * self.cols()..][..self.cols()]);
        }
        let own = Lead { values: if reals { &values } else { &[] }, rows: lead };
        let (mut packed, mut valid) = pack(rows, own, self.storage, skip_not_finite, pool)?;
        let blocks = &self.blocks;
        let Some(tail) = self.blocks.last().filter(|_| !self.rows.is_multiple_of(BLOCK * PANEL)) else {
            let blocks = Block::cut(blocks, packed, &valid)?;
            return Ok(Index::of(self.storage, self.cols(), total, blocks, ids));
        };
        let whole = (self.rows % (BLOCK * PANEL)) / PANEL;
        if lead > 0 {
            if !reals {
                copy_lanes(&mut packed, 0, tail, whole, u32::MAX >> (PANEL - lead), self);
            }
            let of_lead = u32::MAX >> (PANEL - lead);
            valid[0] = valid[0] & !of_lead | tail.valid[whole] & of_lead;
        }
        // The tail's whole panels, and those behind them, in a store of their own.
        let store = joined(self, tail, 0..whole, &packed, valid.len())?;
        let mut all = allocate(whole + valid.len(), c"rows")?;
        all.extend_from_slice(&tail.valid[..whole]);
        all.extend_from_slice(&valid);
        let blocks = Block::cut(&blocks[..blocks.len() - 1], store, &all)?;
        Ok(Index::of(self.storage, self.cols(), total, blocks, ids))
    }

    /// An index with other values for some rows, which can be found from then on. `at` names each once, in ascending order.
    ///
    /// Blocks of 2048 rows without such a row are shared. `skip_not_finite`, errors as for [`Index::new`], and: rows
    /// that are not there, or not in ascending order. [`Storage::Int8Panels`] cannot replace rows, because a panel has
    /// one scale.
    pub fn replace<'r>(
        &self,
        at: &[u32],
        rows: impl Into<Vectors<'r>>,
        skip_not_finite: bool,
    ) -> Result<Index<'a>, Error> {
        let rows = rows.into();
        self.check_rows(rows)?;
        self.check_places(at)?;
        check_size(rows.rows(), at.len(), c"rows.rows")?;
        if self.storage == Storage::Int8Panels {
            return Err(Error::new(Status::InvalidArgument, c"index").integer(self.storage as i64));
        }
        // Packed on their own: rows that are not finite are found before anything is made.
        let (packed, packed_valid) =
            pack(rows, Lead { values: &[], rows: 0 }, self.storage, skip_not_finite, None)?;
        let mut blocks = copied(&self.blocks, c"index")?;
        let mut from = 0;
        while from < at.len() {
            let number = at[from] as usize / (BLOCK * PANEL);
            let count = at[from..].iter().take_while(|&&at| at as usize / (BLOCK * PANEL) == number).count();
            let old = &self.blocks[number];
            let empty = Store { lines: Lines::Owned(vec![]), rows: Lines::Owned(vec![]), ..none() };
            let mut store = joined(self, old, 0..old.panels.len(), &empty, 0)?;
            let mut valid = copied(&old.valid, c"index")?;
            for (new, &row) in (from..).zip(&at[from..from + count]) {
                let (panel, lane) = (row as usize / PANEL % BLOCK, row as usize % PANEL);
                let found = packed_valid[new / PANEL] >> (new % PANEL) & 1;
                valid[panel] = valid[panel] & !(1 << lane) | found << lane;
                copy_lane(&mut store, [panel, lane], &packed, [new / PANEL, new % PANEL], self);
            }
            if self.storage == Storage::Certified {
                repack(
                    self,
                    &mut store,
                    at[from..from + count].iter().map(|&row| row as usize / PANEL % BLOCK),
                )?;
            }
            blocks[number] = Block {
                store: Shared::new(store, c"rows")?,
                panels: 0..old.panels.len(),
                valid: Shared::new(valid, c"rows")?,
            };
            from += count;
        }
        Ok(Index::of(self.storage, self.cols(), self.rows, blocks, self.ids.clone()))
    }

    /// An index without some rows: they keep their numbers and are never found. All blocks are shared.
    ///
    /// Errors: rows that are not there, or not in ascending order.
    pub fn remove(&self, at: &[u32]) -> Result<Index<'a>, Error> {
        self.check_places(at)?;
        let mut blocks = copied(&self.blocks, c"index")?;
        for same in at.chunk_by(|a, b| *a as usize / (BLOCK * PANEL) == *b as usize / (BLOCK * PANEL)) {
            let number = same[0] as usize / (BLOCK * PANEL);
            let mut valid = copied(&self.blocks[number].valid, c"index")?;
            for &row in same {
                valid[row as usize / PANEL % BLOCK] &= !(1 << (row as usize % PANEL));
            }
            blocks[number].valid = Shared::new(valid, c"index")?;
        }
        Ok(Index::of(self.storage, self.cols(), self.rows, blocks, self.ids.clone()))
    }

    fn check_rows(&self, rows: Vectors<'_>) -> Result<(), Error> {
        check_size(rows.cols(), self.cols(), c"rows.cols")?;
        rows.check_scales(c"scales")?;
        if matches!(rows, Vectors::Int8(_)) && self.storage != Storage::Int8 {
            return Err(Error::new(Status::InvalidArgument, c"rows.element_type"));
        }
        Ok(())
    }

    fn check_places(&self, at: &[u32]) -> Result<(), Error> {
        crate::view::Indices::U32(at).check(self.rows, c"at")?;
        match at.windows(2).position(|pair| pair[0] >= pair[1]) {
            None => Ok(()),
            Some(first) => {
                Err(Error::new(Status::NotSorted, c"at").at(first + 1).integer(at[first + 1].into()))
            }
        }
    }

    /// A row's values in f32; of bytes those of certified rows only.
    fn read(&self, row: usize, to: &mut [f32]) {
        let block = &self.blocks[row / (BLOCK * PANEL)];
        if self.storage == Storage::Certified {
            return to.copy_from_slice(block.row(self.cols(), row % (BLOCK * PANEL)));
        }
        let (panel, lane) = (row / PANEL % BLOCK, row % PANEL);
        let lines = block.lines(self.layout, panel..panel + 1);
        for (j, to) in to.iter_mut().enumerate() {
            *to = match self.layout.held {
                Held::F32 => cast_slice::<Lanes, f32>(lines)[j * PANEL + lane],
                Held::F16 => f16::from_bits(cast_slice::<Lanes, u16>(lines)[j * PANEL + lane]).to_f32(),
                Held::Bf16 => {
                    let word = cast_slice::<Lanes, u32>(lines)[j / 2 * PANEL + lane];
                    bf16::from_bits((word >> (j % 2 * 16)) as u16).to_f32()
                }
                Held::Bytes { .. } => 0.0,
            };
        }
    }
}

/// A store of nothing.
fn none() -> Store<'static> {
    Store {
        lines: Lines::Owned(vec![]),
        rows: Lines::Owned(vec![]),
        stats: vec![],
        scales: vec![],
        inverses: vec![],
    }
}

/// Panels of a block, and behind them `more` of a store.
fn joined(
    index: &Index<'_>,
    block: &Block<'_>,
    panels: Range<usize>,
    store: &Store<'_>,
    more: usize,
) -> Result<Store<'static>, Error> {
    let own = block.panels.start + panels.start..block.panels.start + panels.end;
    let (lines, rows) = (index.layout.lines(), 2 * index.cols());
    let rows = if index.storage == Storage::Certified { rows } else { 0 };
    let join = |a: &[Lanes], b: &[Lanes], width: usize| -> Result<Vec<Lanes>, Error> {
        let mut all = allocate(width * (own.len() + more), c"rows")?;
        if width > 0 {
            all.extend_from_slice(&a[width * own.start..width * own.end]);
            all.extend_from_slice(&b[..width * more]);
        }
        Ok(all)
    };
    let aligned = |a: &Lines<'_>, b: &Lines<'_>, width: usize| -> Result<Lines<'static>, Error> {
        let mut all = Lines::zeroed(width.checked_mul(own.len() + more))?;
        let (head, tail) = all.get_mut().split_at_mut(width * own.len());
        head.copy_from_slice(&a.get()[width * own.start..width * own.end]);
        tail.copy_from_slice(&b.get()[..width * more]);
        Ok(all)
    };
    let old = &block.store;
    let has = |lines: &[Lanes]| if lines.is_empty() { 0 } else { 2 };
    let mut stats: Vec<Stats> = allocate(own.len() + more, c"rows")?;
    stats.extend_from_slice(&old.stats[own.clone()]);
    stats.extend_from_slice(&store.stats[..more]);
    Ok(Store {
        lines: aligned(&old.lines, &store.lines, lines)?,
        rows: aligned(&old.rows, &store.rows, rows)?,
        stats,
        scales: join(&old.scales, &store.scales, has(&old.scales))?,
        inverses: join(&old.inverses, &store.inverses, has(&old.inverses))?,
    })
}

/// Copies lanes of a block's panel, those of the bits, into a panel of a store.
fn copy_lanes(to: &mut Store<'_>, panel: usize, from: &Block<'_>, at: usize, bits: u32, index: &Index<'_>) {
    for lane in (0..PANEL).filter(|lane| bits >> lane & 1 == 1) {
        copy_lane(to, [panel, lane], &from.store, [from.panels.start + at, lane], index);
    }
}

/// Copies a row, as it is packed, from (panel, lane) of one store to that of another.
fn copy_lane(
    to: &mut Store<'_>,
    [panel, lane]: [usize; 2],
    from: &Store<'_>,
    [at, old]: [usize; 2],
    index: &Index<'_>,
) {
    let lines = index.layout.lines();
    let (new_lines, old_lines) =
        (&mut to.lines.get_mut()[panel * lines..][..lines], &from.lines.get()[at * lines..][..lines]);
    if index.layout.held == Held::F16 {
        let new: &mut [u16] = bytemuck::cast_slice_mut(new_lines);
        let old_halves: &[u16] = cast_slice(old_lines);
        for k in 0..index.layout.steps() {
            new[k * PANEL + lane] = old_halves[k * PANEL + old];
        }
    } else {
        let new: &mut [u32] = bytemuck::cast_slice_mut(new_lines);
        let old_words: &[u32] = cast_slice(old_lines);
        for k in 0..index.layout.steps() {
            new[k * PANEL + lane] = old_words[k * PANEL + old];
        }
    }
    if !to.rows.get().is_empty() {
        let cols = index.cols();
        let old_rows: &[f32] = cast_slice(from.rows.get());
        let new: &mut [f32] = bytemuck::cast_slice_mut(to.rows.get_mut());
        new[(panel * PANEL + lane) * cols..][..cols]
            .copy_from_slice(&old_rows[(at * PANEL + old) * cols..][..cols]);
    }
    for (to, from) in [(&mut to.scales, &from.scales), (&mut to.inverses, &from.inverses)] {
        if !to.is_empty() && !from.is_empty() {
            to[2 * panel + lane / LANES][lane % LANES] = from[2 * at + old / LANES][old % LANES];
        }
    }
    to.stats[panel].least = to.stats[panel].least.min(from.stats[at].least);
}

/// Packs panels of certified rows again from their rows in f32: their scale may be another one.
fn repack(
    index: &Index<'_>,
    store: &mut Store<'_>,
    panels: impl Iterator<Item = usize>,
) -> Result<(), Error> {
    let (cols, lines) = (index.cols(), index.layout.lines());
    let mut last = None;
    for panel in panels {
        if last == Some(panel) {
            continue;
        }
        last = Some(panel);
        let all: &[f32] = cast_slice(store.rows.get());
        let rows = crate::Matrix::new(&all[panel * PANEL * cols..][..PANEL * cols], PANEL, cols)?;
        let lead = Lead { values: &[], rows: 0 };
        let (one, _) = pack(Vectors::Real(AnyMatrix::F32(rows)), lead, index.storage, false, None)?;
        store.lines.get_mut()[panel * lines..][..lines].copy_from_slice(one.lines.get());
        store.stats[panel] = one.stats[0];
        store.scales[2 * panel..][..2].copy_from_slice(&one.scales);
    }
    Ok(())
}
