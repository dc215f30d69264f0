//! From rows to panels.

use super::kernel::PANEL;
use super::kernel::bytes::Stats;
use super::store::{Block, Layout, Lines, Store, first};
use super::{Held, Index, IndexOptions, Int8, MAX_BYTE_COLS, Storage, Vectors, quantise};
use crate::error::{Error, Status, check_size};
use crate::graph::allocate;
use crate::pool::{self, Pool, Wide};
use crate::shared::{Shared, copied};
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::{LANES, Lanes};
use crate::view::Matrix;
use half::{bf16, f16};

impl Index<'static> {
    /// Packs rows.
    ///
    /// Shapes: n rows of d columns. Rows of f32, f16 and bf16 may be held in any storage; rows of int8 in
    /// [`Storage::Int8`] only, as they are. Rounding to bf16 and f16: to nearest even; to int8: the scale is the
    /// greatest magnitude / 127 (at least 2^-60), a byte the quotient to nearest even.
    ///
    /// Threads: rows are shared. Memory: [`Index::memory`], and while it builds 256 bytes a column for each part. Time: n * d.
    ///
    /// Errors: NaN or infinity in a row, after it was rounded ([`Status::NotFinite`] with the first such row), unless
    /// they are to be left out; 2^32 rows or more, more than [`MAX_BYTE_COLS`] columns for int8
    /// ([`Status::SizeOverflow`]); ids that are not as many as rows ([`Status::ShapeMismatch`]); rows of int8 for another
    /// storage ([`Status::InvalidArgument`]); no memory.
    pub fn new<'r>(
        rows: impl Into<Vectors<'r>>,
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
        if matches!(rows, Vectors::Int8(_)) && options.storage != Storage::Int8 {
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
    rows: Vectors<'_>,
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
    // A panel of values and one of words, each of whole steps.
    let wide = if n == 0 { 0 } else { parts };
    let wide = cols.checked_add(layout.steps()).and_then(|len| len.checked_mul(PANEL)?.checked_mul(wide));
    let wide = wide.ok_or(Error::new(Status::SizeOverflow, c"rows.cols").size(cols))?;
    let mut scratch: Vec<f32> = filled(wide, 0.0)?;
    let of_rows = if storage == Storage::Certified { cols * PANEL } else { 0 };
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
        let (values, words) = scratch.split_at_mut(cols * PANEL);
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
            if let Vectors::Int8(bytes) = rows {
                one.take_bytes(bytes, [first, lead.rows], words);
            } else {
                values.fill(0.0);
                for i in 0..count {
                    let to = &mut values[i * cols..][..cols];
                    match (first + i).checked_sub(lead.rows) {
                        Some(row) => rows.widen(row, to),
                        None if lead.values.is_empty() => {}
                        None => to.copy_from_slice(&lead.values[(first + i) * cols..][..cols]),
                    }
                }
                one.fill(values, words);
                if of_rows > 0 {
                    f32s.0[at * of_rows..][..of_rows].copy_from_slice(values);
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
    /// Packs 32 rows of f32, of which those that are not finite become zeros.
    fn fill(&mut self, values: &mut [f32], words: &mut [f32]) {
        let (cols, steps, held) = (self.layout.cols, self.layout.steps(), self.layout.held);
        let rounded: fn(f32) -> f32 = match held {
            Held::Bf16 => |v| bf16::from_f32(v).to_f32(),
            Held::F16 => |v| f16::from_f32(v).to_f32(),
            Held::F32 | Held::Bytes { .. } => |v| v,
        };
        for (i, row) in values.chunks_exact_mut(cols.max(1)).enumerate().take(self.count) {
            if !matches!(held, Held::F32 | Held::Bytes { .. }) {
                row.iter_mut().for_each(|v| *v = rounded(*v));
            }
            if !row.iter().all(|v| v.is_finite()) {
                row.fill(0.0);
                self.valid &= !(1 << i);
                self.bad = self.bad.or(Some(i));
            }
        }
        match held {
            Held::F32 if cols > 0 => self.pack(values, cols),
            Held::F32 => {}
            Held::F16 => {
                let halves: &mut [[u16; PANEL]] = bytemuck::cast_slice_mut(self.lines);
                for (i, row) in values.chunks_exact(cols.max(1)).enumerate() {
                    for (halves, &v) in halves.iter_mut().zip(row) {
                        halves[i] = f16::from_f32(v).to_bits();
                    }
                }
            }
            Held::Bf16 => {
                words.fill(0.0);
                for (i, row) in values.chunks_exact(cols.max(1)).enumerate() {
                    for (word, pair) in words[i * steps..][..steps].iter_mut().zip(row.chunks(2)) {
                        *word = pair_word(pair);
                    }
                }
                let tiny = values.iter().filter(|v| **v != 0.0).fold(f32::INFINITY, |a, v| a.min(v.abs()));
                self.stats.least = tiny;
                self.pack(&words[..steps * PANEL], steps);
            }
            Held::Bytes { each } => self.fill_bytes(each, values, words),
        }
    }

    fn fill_bytes(&mut self, each: bool, values: &[f32], words: &mut [f32]) {
        let (cols, steps) = (self.layout.cols, self.layout.steps());
        let common = quantise::scale(quantise::greatest(values));
        let mut bytes = [0i8; 256];
        let [mut norm, mut error] = [0.0f64; 2];
        words.fill(quantise::word([0x80; 4]));
        for i in 0..PANEL {
            let row = &values[i * cols..][..cols];
            let scale = if each { quantise::scale(quantise::greatest(row)) } else { common };
            let [mut square, mut square_error] = [0.0; 2];
            for (part, values) in row.chunks(bytes.len()).enumerate() {
                quantise::bytes(values, scale, &mut bytes);
                if self.bounds {
                    let [a, b] = quantise::norms(values, scale, &bytes);
                    square += a * a;
                    square_error += b * b;
                }
                let to = &mut words[i * steps + part * bytes.len() / 4..];
                put_bytes(&bytes[..values.len()], to);
            }
            norm = norm.max(square.sqrt());
            error = error.max(square_error.sqrt());
            self.set_scale(i, scale);
        }
        self.stats.inverse = if each { 0.0 } else { 1.0 / common };
        // Roots and squares of the parts of a row round a little.
        (self.stats.norm, self.stats.error) =
            (quantise::up(norm * (1.0 + 1e-9)), quantise::up(error * (1.0 + 1e-9)));
        self.pack(&words[..steps * PANEL], steps);
    }

    fn set_scale(&mut self, i: usize, scale: f32) {
        self.scales[i / LANES][i % LANES] = scale;
        if let Some(line) = self.inverses.get_mut(i / LANES) {
            line[i % LANES] = 1.0 / scale;
        }
    }

    /// Packs rows that are bytes already.
    fn take_bytes(&mut self, bytes: Int8<'_>, [first, lead]: [usize; 2], words: &mut [f32]) {
        let steps = self.layout.steps();
        words.fill(quantise::word([0x80; 4]));
        for i in 0..self.count {
            if let Some(row) = (first + i).checked_sub(lead) {
                put_bytes(bytes.rows.row(row), &mut words[i * steps..]);
                self.set_scale(i, bytes.scale(row as u32));
            }
        }
        self.pack(&words[..steps * PANEL], steps);
    }

    fn pack(&mut self, words: &[f32], cols: usize) {
        if let Ok(words) = Matrix::new(words, PANEL, cols) {
            self.kernels.index_pack(words, self.lines);
        }
    }
}

/// Two bf16, the second of which is +0 if there is none.
pub(super) fn pair_word(pair: &[f32]) -> f32 {
    let half = |at: usize| pair.get(at).map_or(0, |v| u32::from(bf16::from_f32(*v).to_bits()));
    f32::from_bits(half(0) | half(1) << 16)
}

/// Bytes of targets, 128 added, four a word.
fn put_bytes(bytes: &[i8], words: &mut [f32]) {
    for (word, four) in words.iter_mut().zip(bytes.chunks(4)) {
        let mut stored = [0x80; 4];
        for (to, &byte) in stored.iter_mut().zip(four) {
            *to = byte as u8 ^ 0x80;
        }
        *word = quantise::word(stored);
    }
}
