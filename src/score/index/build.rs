//! From rows to panels.

use super::kernel::PANEL;
use super::kernel::bytes::Stats;
use super::store::{Block, Layout, Lines, Store, first};
use super::{Held, Index, IndexOptions, Int8, MAX_BYTE_COLS, Storage, Table, quantise};
use crate::error::{Error, Status, check_size};
use crate::pages::allocate;
use crate::pool::{self, Pool, Wide};
use crate::shared::{Shared, copied};
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::{LANES, Lanes};
use crate::view::{AnyMatrix, Matrix, MatrixMut};
use half::slice::HalfBitsSliceExt;
use half::{bf16, f16};

impl Index<'static> {
    /// Packs rows.
    ///
    /// Shapes: n rows of d columns. Rows of f32, f16 and bf16 may be held in any storage; rows of int8 in
    /// [`Storage::Int8`] only, as they are. Rounding to bf16 and f16: to nearest even; to int8: the scale is the
    /// greatest magnitude / 127 (at least 2^-60), a byte the quotient to nearest even.
    ///
    /// Threads: rows are shared. Memory: [`Index::memory`], and while it builds at most 256 bytes a column for each part. Time: n * d.
    ///
    /// Errors: NaN or infinity in a row, after it was rounded ([`Status::NotFinite`] with the first such row), unless
    /// they are to be left out; 2^32 rows or more, more than [`MAX_BYTE_COLS`] columns for int8
    /// ([`Status::SizeOverflow`]); ids that are not as many as rows ([`Status::ShapeMismatch`]); rows of int8 for another
    /// storage ([`Status::InvalidArgument`]); no memory.
    pub fn new<'r>(
        rows: impl Into<Table<'r>>,
        options: IndexOptions<'_>,
        pool: Option<&Pool>,
    ) -> Result<Index<'static>, Error> {
        let rows = rows.into();
        let (n, cols) = (rows.rows(), rows.cols());
        let layout = Layout::of(options.storage, cols);
        if u32::try_from(n).is_err() {
            return Err(Error::new(Status::SizeOverflow, c"rows.rows").size(n));
        }
        if matches!(layout.held, Held::Bytes { .. }) && cols > MAX_BYTE_COLS || cols > MAX_COLS {
            return Err(Error::new(Status::SizeOverflow, c"rows.cols").size(cols));
        }
        if matches!(rows, Table::Int8(_)) && options.storage != Storage::Int8 {
            return Err(Error::new(Status::InvalidArgument, c"storage").integer(options.storage as i64));
        }
        rows.check_scales(c"scales")?;
        check_size(options.ids.map_or(n, <[u64]>::len), n, c"ids")?;
        let ids = match options.ids {
            None => None,
            Some(ids) => Some(Shared::new(copied(ids, c"ids")?, c"ids")?),
        };
        let lead = Lead { values: &[], rows: 0 };
        let (store, valid) = pack(rows, lead, options.storage, options.skip_not_finite, pool)?;
        Ok(Index::of(options.storage, cols, n, Block::cut(&[], store, &valid)?, ids))
    }
}

impl<'a> Index<'a> {
    /// An index of blocks.
    pub(super) fn of(
        storage: Storage,
        cols: usize,
        rows: usize,
        blocks: Vec<Block<'a>>,
        ids: Option<Shared<Vec<u64>>>,
    ) -> Index<'a> {
        let stats = || blocks.iter().flat_map(|block| &block.store.stats[block.panels.clone()]);
        let least = stats().fold(f32::INFINITY, |least, stats| least.min(stats.least));
        let norm = stats().fold(0.0f32, |most, stats| most.max(stats.norm));
        Index { storage, layout: Layout::of(storage, cols), rows, blocks, ids, least, norm }
    }
}

/// Columns of which a panel has no more bytes than can be counted.
pub(super) const MAX_COLS: usize = usize::MAX / (16 * PANEL);

/// What parts of the work write: lines, rows, scales, valid bits, stats and the first bad row of each panel.
type Out<'a> = (
    (Wide<'a, Lanes>, Wide<'a, f32>),
    (Wide<'a, Lanes>, Wide<'a, Lanes>),
    (&'a mut [u32], &'a mut [Stats], &'a mut [u32]),
);

/// No row.
const NONE: u32 = u32::MAX;

/// Rows before the first one: those of a panel that is packed anew, up to 31. Without values they are empty.
#[derive(Clone, Copy)]
pub(super) struct Lead<'a> {
    pub values: &'a [f32],
    pub rows: usize,
}

/// Packs rows, those of the lead before them, into panels of their own, with their valid bits.
pub(super) fn pack(
    rows: Table<'_>,
    lead: Lead<'_>,
    storage: Storage,
    skip: bool,
    pool: Option<&Pool>,
) -> Result<(Store<'static>, Vec<u32>), Error> {
    let (n, cols) = (lead.rows + rows.rows(), rows.cols());
    let layout = Layout::of(storage, cols);
    let panels = n.div_ceil(PANEL);
    let mut store = Store {
        lines: Lines::zeroed(panels.checked_mul(layout.lines()))?,
        rows: Lines::zeroed(match storage {
            Storage::Certified => panels.checked_mul(2).and_then(|lines| lines.checked_mul(cols)),
            _ => Some(0),
        })?,
        stats: filled(panels, Stats { inverse: 0.0, norm: 0.0, error: 0.0, least: f32::INFINITY })?,
        scales: Vec::new(),
        inverses: Vec::new(),
    };
    let has_scales = matches!(layout.held, Held::Bytes { .. });
    if has_scales {
        store.scales = filled(2 * panels, [0.0; LANES])?;
    }
    if layout.held == (Held::Bytes { each: true }) {
        store.inverses = filled(2 * panels, [0.0; LANES])?;
    }
    let mut valid: Vec<u32> = filled(panels, 0)?;
    let mut bad: Vec<u32> = filled(panels, NONE)?;
    let parts = pool::parts(pool, n.saturating_mul(cols / 4 + 1));
    let of_rows = if storage == Storage::Certified { cols * PANEL } else { 0 };
    // A panel of values, unless they are kept, and one of words: of bytes whole steps, of 16 bits whole pairs.
    let (values, words) = match layout.held {
        Held::F32 => (cols, 0),
        Held::Bf16 | Held::F16 => (0, cols.div_ceil(2).max(1)),
        Held::Bytes { .. } => (if of_rows > 0 { 0 } else { cols }, layout.steps()),
    };
    let wide = if n == 0 { 0 } else { parts };
    let wide = values.checked_add(words).and_then(|len| len.checked_mul(PANEL)?.checked_mul(wide));
    let wide = wide.ok_or(Error::new(Status::SizeOverflow, c"rows.cols").size(cols))?;
    let mut scratch: Vec<f32> = filled(wide, 0.0)?;
    let (of_scales, of_inverses) = (store.scales.len() / panels.max(1), store.inverses.len() / panels.max(1));
    let out: Out<'_> = (
        (
            Wide(store.lines.get_mut(), layout.lines()),
            Wide(bytemuck::cast_slice_mut(store.rows.get_mut()), of_rows),
        ),
        (Wide(&mut store.scales, of_scales), Wide(&mut store.inverses, of_inverses)),
        (&mut valid, &mut store.stats, &mut bad),
    );
    let kernels = kernels();
    pool::for_rows(pool, parts, 0..panels, pool::even, out, &mut scratch, |range, out, scratch| {
        let ((lines, f32s), (scales, inverses), (valid, stats, bad)) = out;
        let (values, words) = scratch.split_at_mut(values * PANEL);
        for (at, panel) in range.enumerate() {
            let count = (n - panel * PANEL).min(PANEL);
            let mut one = One {
                kernels,
                layout,
                count,
                lines: &mut lines.0[at * lines.1..][..lines.1],
                scales: &mut scales.0[at * scales.1..][..scales.1],
                inverses: &mut inverses.0[at * inverses.1..][..inverses.1],
                stats: &mut stats[at],
                valid: first(count),
                bad: None,
                bounds: storage == Storage::Certified,
            };
            let first = panel * PANEL;
            let led = lead.rows.saturating_sub(first).min(count);
            match rows {
                Table::Int8(bytes) => one.take_bytes(bytes, first + led - lead.rows, led, words),
                Table::Real(rows) => {
                    let values =
                        if of_rows > 0 { &mut f32s.0[at * of_rows..][..of_rows] } else { &mut *values };
                    let to = if layout.held.halves() { &mut *words } else { &mut *values };
                    to.fill(0.0);
                    if let Ok(lead) = Matrix::new(lead.values, led, cols) {
                        one.round(lead.into(), 0, to);
                    }
                    one.round(rows.slice(first + led - lead.rows, first + count - lead.rows), led, to);
                    one.fill(values, words);
                }
            }
            valid[at] = one.valid;
            bad[at] = one.bad.map_or(NONE, |i| (first + i).saturating_sub(lead.rows) as u32);
        }
    });
    match bad.iter().find(|&&row| row != NONE) {
        Some(&row) if !skip => Err(Error::new(Status::NotFinite, c"rows").at(row as usize)),
        _ => Ok((store, valid)),
    }
}

/// So many of a value.
pub(super) fn filled<T: Clone>(len: usize, value: T) -> Result<Vec<T>, Error> {
    let mut all = allocate(len, c"rows")?;
    all.resize(len, value);
    Ok(all)
}

/// A panel that is being packed.
struct One<'a> {
    kernels: &'a Kernels,
    layout: Layout,
    count: usize,
    lines: &'a mut [Lanes],
    scales: &'a mut [Lanes],
    inverses: &'a mut [Lanes],
    stats: &'a mut Stats,
    valid: u32,
    bad: Option<usize>,
    /// Whether norms and errors are wanted.
    bounds: bool,
}

impl One<'_> {
    /// Rounds rows to what is held, from row `at` of a panel on, bytes not yet. Of 16 bits two lie in a word, the first one in
    /// its low half.
    fn round(&self, rows: AnyMatrix<'_>, at: usize, to: &mut [f32]) {
        let (n, cols, width) = (rows.rows(), rows.cols(), to.len() / PANEL);
        let to = &mut to[at * width..][..n * width];
        match self.layout.held {
            Held::F32 | Held::Bytes { .. } => {
                self.kernels.convert(rows, MatrixMut::exact(to, n, cols).into());
            }
            Held::F16 => {
                let halves: &mut [f16] = bytemuck::cast_slice_mut::<f32, u16>(to).reinterpret_cast_mut();
                self.kernels.convert(rows, MatrixMut::spaced(halves, n, cols, 2 * width).into());
            }
            Held::Bf16 => {
                let halves: &mut [bf16] = bytemuck::cast_slice_mut::<f32, u16>(to).reinterpret_cast_mut();
                self.kernels.convert(rows, MatrixMut::spaced(halves, n, cols, 2 * width).into());
            }
        }
    }

    /// Packs 32 rounded rows, of which those that are not finite become zeros.
    fn fill(&mut self, values: &mut [f32], words: &mut [f32]) {
        let (cols, steps, held) = (self.layout.cols, self.layout.steps(), self.layout.held);
        // What is set in all bits of the exponents of infinities and NaN.
        let exponents: u32 = match held {
            Held::F16 => 0x7c00_7c00,
            Held::Bf16 => 0x7f80_7f80,
            Held::F32 | Held::Bytes { .. } => 0x7f80_0000,
        };
        let all = if held.halves() { &mut *words } else { &mut *values };
        let width = (all.len() / PANEL).max(1);
        for (i, row) in all.chunks_exact_mut(width).enumerate().take(self.count) {
            if !finite(row, exponents) {
                row.fill(0.0);
                self.valid &= !(1 << i);
                self.bad = self.bad.or(Some(i));
            }
        }
        match held {
            Held::F32 if cols > 0 => self.pack(values, cols),
            Held::F32 => {}
            Held::F16 => self.pack_halves(words),
            Held::Bf16 => {
                self.stats.least = least_bf16(bytemuck::cast_slice(words));
                self.pack(words, steps);
            }
            Held::Bytes { each } => self.fill_bytes(each, values, words),
        }
    }

    /// Packs rows of pairs of f16, column by column.
    fn pack_halves(&mut self, words: &[f32]) {
        let (cols, width) = (self.layout.cols, words.len() / PANEL);
        let (pairs, last) = self.lines.split_at_mut(2 * (cols / 2));
        if let Ok(words) = Matrix::with_stride(words, PANEL, cols / 2, width) {
            self.kernels.index_pack(words, &[], pairs);
        }
        for pair in pairs.as_chunks_mut::<2>().0 {
            let words: [u32; PANEL] = bytemuck::cast(*pair);
            let mut halves = [[0u16; PANEL]; 2];
            for i in 0..PANEL {
                (halves[0][i], halves[1][i]) = (words[i] as u16, (words[i] >> 16) as u16);
            }
            *pair = bytemuck::cast(halves);
        }
        if cols % 2 == 1 {
            let halves: &mut [u16] = bytemuck::cast_slice_mut(last);
            for (i, half) in halves.iter_mut().enumerate() {
                *half = words[i * width + width - 1].to_bits() as u16;
            }
        }
    }

    fn fill_bytes(&mut self, each: bool, values: &[f32], words: &mut [f32]) {
        let (cols, width) = (self.layout.cols, 4 * self.layout.steps());
        words.fill(0.0);
        let bytes: &mut [i8] = bytemuck::cast_slice_mut(words);
        let mut scales = [0.0; PANEL];
        let to = MatrixMut::spaced(bytes, PANEL, cols, width);
        quantise::rows(self.kernels, Matrix::exact(values, PANEL, cols), !each, to, &mut scales);
        let [mut norm, mut error] = [0.0f64; 2];
        for (i, &scale) in scales.iter().enumerate() {
            if self.bounds {
                let [a, b] = quantise::norms(&values[i * cols..][..cols], scale, &bytes[i * width..][..cols]);
                (norm, error) = (norm.max(a), error.max(b));
            }
            self.set_scale(i, scale);
        }
        self.stats.inverse = if each { 0.0 } else { 1.0 / scales[0] };
        (self.stats.norm, self.stats.error) = (quantise::up(norm), quantise::up(error));
        self.pack_bytes(words);
    }

    fn set_scale(&mut self, i: usize, scale: f32) {
        self.scales[i / LANES][i % LANES] = scale;
        if let Some(line) = self.inverses.get_mut(i / LANES) {
            line[i % LANES] = 1.0 / scale;
        }
    }

    /// Packs rows that are bytes already: those from `first` on, from lane `at` on.
    fn take_bytes(&mut self, from: Int8<'_>, first: usize, at: usize, words: &mut [f32]) {
        let width = 4 * self.layout.steps();
        words.fill(0.0);
        let bytes: &mut [i8] = bytemuck::cast_slice_mut(words);
        for (row, i) in (first..).zip(at..self.count) {
            bytes[i * width..][..self.layout.cols].copy_from_slice(from.rows.row(row));
            self.set_scale(i, from.scale(row as u32));
        }
        self.pack_bytes(words);
    }

    /// Packs rows of bytes, with 128 added to each.
    fn pack_bytes(&mut self, words: &mut [f32]) {
        for word in words.iter_mut() {
            // The first byte in the lowest bits.
            *word = f32::from_bits(u32::from_le(word.to_bits()) ^ 0x8080_8080);
        }
        self.pack(words, self.layout.steps());
    }

    fn pack(&mut self, words: &[f32], cols: usize) {
        self.kernels.index_pack(Matrix::exact(words, PANEL, cols), &[], self.lines);
    }
}

/// Whether no word has all bits of an exponent, in a half of its own if there are two.
fn finite(row: &[f32], exponents: u32) -> bool {
    let halves = exponents & 0xffff;
    let mut bad = false;
    for v in row {
        let bits = v.to_bits() & exponents;
        bad |= (bits & 0xffff_0000 == exponents & 0xffff_0000) | ((halves != 0) & (bits & 0xffff == halves));
    }
    !bad
}

/// The least magnitude but 0; infinity if there is none.
fn least_bf16(halves: &[u16]) -> f32 {
    // One less than a magnitude: of 0 the greatest number.
    let least = halves.iter().fold(u16::MAX, |least, half| least.min((half & 0x7fff).wrapping_sub(1)));
    if least == u16::MAX { f32::INFINITY } else { f32::from_bits(u32::from(least + 1) << 16) }
}
