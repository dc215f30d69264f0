//! The saved form of an index: little-endian words of 32 bits.
//!
//! | bytes | content |
//! |---|---|
//! | 8 | `avocetIX` |
//! | 4 | version, 1 |
//! | 4 | storage |
//! | 2 x 8 | rows, columns |
//! | 4 | flags: 1 ids |
//! | 28 | 0 |
//! | 4 each | valid bits of each panel of 32 rows |
//! | 4 x 4 each | stats of each panel |
//! | 128 each | for int8 and certified rows: the scales of each panel |
//! | 8 each | ids |
//! | | 0 up to a multiple of 64 |
//! | 64 each | lines of the panels |
//! | 64 each | for certified rows: the rows in f32, in whole panels |
//! | 8 | checksum of all words before |
//!
//! Words, version and checksum are those of [`crate::saved`].

use super::build::{MAX_COLS, filled};
use super::kernel::PANEL;
use super::kernel::bytes::Stats;
use super::store::{Block, Layout, Lines, Store, first};
use super::{Held, Index, MAX_BYTE_COLS, Storage};
use crate::error::{Error, Status, check_size};
use crate::pages::allocate;
use crate::saved::{CHECKSUM, Reader, Writer};
use crate::shared::Shared;
use crate::simd::Lanes;

const MAGIC: [u8; 8] = *b"avocetIX";
const VERSION: u32 = 1;

const AT_STORAGE: usize = 12;
const AT_ROWS: usize = 16;
const AT_COLS: usize = 24;
const AT_FLAGS: usize = 32;
const HEAD: usize = 64;
const LINE: usize = size_of::<Lanes>();

/// Where the parts begin, from what the head says.
#[derive(Clone, Copy)]
struct Parts {
    stats: usize,
    scales: usize,
    ids: usize,
    padding: usize,
    lines: usize,
    rows: usize,
    end: usize,
}

impl Parts {
    fn of(storage: Storage, rows: usize, cols: usize, ids: bool) -> Option<Parts> {
        // Lines of a panel take less than this.
        (cols <= MAX_COLS).then_some(())?;
        let panels = rows.div_ceil(PANEL);
        let layout = Layout::of(storage, cols);
        let bytes = matches!(layout.held, Held::Bytes { .. });
        let stats = panels.checked_mul(4)?.checked_add(HEAD)?;
        let scales = panels.checked_mul(size_of::<[f32; 4]>())?.checked_add(stats)?;
        let ids_at = panels.checked_mul(if bytes { 4 * PANEL } else { 0 })?.checked_add(scales)?;
        let padding = rows.checked_mul(if ids { 8 } else { 0 })?.checked_add(ids_at)?;
        let lines = padding.checked_next_multiple_of(LINE)?;
        let rows = panels.checked_mul(layout.lines().checked_mul(LINE)?)?.checked_add(lines)?;
        let of_rows = if storage == Storage::Certified { cols * 4 * PANEL } else { 0 };
        let end = panels.checked_mul(of_rows)?.checked_add(rows)?;
        Some(Parts { stats, scales, ids: ids_at, padding, lines, rows, end })
    }

    /// Of a head that may say anything.
    fn read(reader: Reader<'_>) -> Option<Parts> {
        let storage = Storage::ALL.into_iter().find(|&storage| storage as u32 == reader.word(AT_STORAGE))?;
        let [rows, cols] = [AT_ROWS, AT_COLS].map(|at| usize::try_from(reader.long(at)).ok());
        Parts::of(storage, rows?, cols?, reader.word(AT_FLAGS) & 1 == 1)
    }
}

impl<'a> Index<'a> {
    fn parts(&self) -> Option<Parts> {
        Parts::of(self.storage, self.rows, self.cols(), self.ids.is_some())
    }

    /// The number of bytes that [`Index::save`] writes: what the rows take in memory, and some more.
    pub fn saved_bytes(&self) -> usize {
        // It is in memory, so that it does not overflow.
        self.parts().map_or(0, |parts| parts.end) + CHECKSUM
    }

    /// Writes the index: little-endian, versioned, with a checksum, the same bytes for the same rows everywhere.
    ///
    /// Errors, before `bytes` is touched: another length than [`Index::saved_bytes`]. Time: one pass over the bytes.
    pub fn save(&self, bytes: &mut [u8]) -> Result<(), Error> {
        check_size(bytes.len(), self.saved_bytes(), c"bytes")?;
        let mut writer = Writer::new(bytes, MAGIC, VERSION);
        writer.word(self.storage as u32);
        writer.long(self.rows as u64);
        writer.long(self.cols() as u64);
        writer.word(u32::from(self.ids.is_some()));
        (AT_FLAGS + 4..HEAD).step_by(4).for_each(|_| writer.word(0));
        let each = |f: &mut dyn FnMut(&Block<'a>)| self.blocks.iter().for_each(f);
        each(&mut |block| block.valid.iter().for_each(|&bits| writer.word(bits)));
        each(&mut |block| {
            for stats in &block.store.stats[block.panels.clone()] {
                let reals = [stats.inverse, stats.norm, stats.error, stats.least];
                reals.iter().for_each(|&real| writer.real(real));
            }
        });
        if matches!(self.layout.held, Held::Bytes { .. }) {
            each(&mut |block| {
                let scales = &block.store.scales[2 * block.panels.start..2 * block.panels.end];
                scales.as_flattened().iter().for_each(|&scale| writer.real(scale));
            });
        }
        self.ids().unwrap_or_default().iter().for_each(|&id| writer.long(id));
        while !writer.written().is_multiple_of(LINE) {
            writer.word(0);
        }
        each(&mut |block| writer.lines(block.lines(self.layout, 0..block.panels.len())));
        if self.storage == Storage::Certified {
            each(&mut |block| block.rows(self.cols()).iter().for_each(|&real| writer.real(real)));
        }
        writer.seal();
        Ok(())
    }

    /// The index that [`Index::save`] wrote, with a copy of its rows.
    ///
    /// Errors: bytes that end too early or too late ([`Status::ShapeMismatch`] with their number); any that `save` does
    /// not write, found by the checksum or by what it says ([`Status::InvalidArgument`], with the position of the bad
    /// field); no memory. Time: two passes over the bytes.
    pub fn load(bytes: &[u8]) -> Result<Index<'static>, Error> {
        let (reader, parts) = open(bytes)?;
        let copy = |from: usize, to: usize| -> Result<Lines<'static>, Error> {
            let mut lines = Lines::zeroed(Some((to - from) / LINE))?;
            for (at, word) in lines.get_mut().as_flattened_mut().iter_mut().enumerate() {
                *word = reader.real(from + 4 * at);
            }
            Ok(lines)
        };
        assemble(reader, parts, copy(parts.lines, parts.rows)?, copy(parts.rows, parts.end)?)
    }

    /// As [`Index::load`], but with the rows where they are: in the caller's memory, such as a file that it has mapped. It
    /// must begin at a multiple of 4 bytes (of 64 to be fast) on a little-endian machine. Time: one pass over the bytes.
    pub fn map(bytes: &'a [u8]) -> Result<Index<'a>, Error> {
        let unfit = Error::new(Status::InvalidArgument, c"bytes");
        if cfg!(target_endian = "big") {
            return Err(unfit);
        }
        let (reader, parts) = open(bytes)?;
        let borrow = |from: usize, to: usize| match bytemuck::try_cast_slice::<u8, Lanes>(&bytes[from..to]) {
            Ok(lines) => Ok(Lines::Borrowed(lines)),
            Err(_) => Err(unfit),
        };
        assemble(reader, parts, borrow(parts.lines, parts.rows)?, borrow(parts.rows, parts.end)?)
    }
}

/// Checks all but the rows.
fn open(bytes: &[u8]) -> Result<(Reader<'_>, Parts), Error> {
    let reader =
        Reader::open(bytes, MAGIC, VERSION, HEAD, |reader| Parts::read(reader).map(|parts| parts.end))?;
    let storage = reader.checked(AT_STORAGE, |storage| storage < Storage::ALL.len() as u32)?;
    reader.checked(AT_FLAGS, |flags| flags < 2)?;
    for at in (AT_FLAGS + 4..HEAD).step_by(4) {
        reader.checked(at, |zero| zero == 0)?;
    }
    if u32::try_from(reader.long(AT_ROWS)).is_err() {
        return Err(Reader::bad(AT_ROWS));
    }
    if storage >= Storage::Int8 as u32 && reader.long(AT_COLS) > MAX_BYTE_COLS as u64 {
        return Err(Reader::bad(AT_COLS));
    }
    let parts = Parts::read(reader).ok_or(Reader::bad(AT_ROWS))?;
    for at in (parts.padding..parts.lines).step_by(4) {
        reader.checked(at, |zero| zero == 0)?;
    }
    Ok((reader, parts))
}

fn assemble<'a>(
    reader: Reader<'_>,
    parts: Parts,
    lines: Lines<'a>,
    of_rows: Lines<'a>,
) -> Result<Index<'a>, Error> {
    let storage = Storage::ALL[reader.word(AT_STORAGE) as usize];
    let (rows, cols) = (reader.long(AT_ROWS) as usize, reader.long(AT_COLS) as usize);
    let panels = rows.div_ceil(PANEL);
    let mut valid = filled(panels, 0)?;
    for (panel, valid) in valid.iter_mut().enumerate() {
        *valid = reader.checked(HEAD + 4 * panel, |bits| bits & !first(rows - panel * PANEL) == 0)?;
    }
    let mut stats = allocate(panels, c"bytes")?;
    stats.extend((0..panels).map(|panel| {
        let real = |i: usize| reader.real(parts.stats + 16 * panel + 4 * i);
        Stats { inverse: real(0), norm: real(1), error: real(2), least: real(3) }
    }));
    let mut scales: Vec<Lanes> = filled((parts.ids - parts.scales) / LINE, [0.0; 16])?;
    for (at, scale) in scales.as_flattened_mut().iter_mut().enumerate() {
        *scale = reader.real(parts.scales + 4 * at);
        if !scale.is_finite() || scale.is_sign_negative() {
            return Err(Reader::bad(parts.scales + 4 * at).real((*scale).into()));
        }
    }
    let mut inverses = Vec::new();
    if storage == Storage::Int8 {
        inverses = filled(scales.len(), [0.0; 16])?;
        for (row, inverse) in inverses.as_flattened_mut().iter_mut().enumerate() {
            // Rows with a scale of 0 have an infinite inverse; those behind the last one have none.
            let there = valid[row / PANEL] >> (row % PANEL) & 1 == 1;
            let scale = scales.as_flattened()[row];
            *inverse = if there || scale > 0.0 { 1.0 / scale } else { 0.0 };
        }
    }
    let ids = match reader.word(AT_FLAGS) {
        0 => None,
        _ => {
            let mut ids = allocate(rows, c"bytes")?;
            ids.extend((0..rows).map(|row| reader.long(parts.ids + 8 * row)));
            Some(Shared::new(ids, c"bytes")?)
        }
    };
    let store = Store { lines, rows: of_rows, stats, scales, inverses };
    Ok(Index::of(storage, cols, rows, Block::cut(&[], store, &valid)?, ids))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saved::sealed;
    use crate::score::index::IndexOptions;
    use crate::view::Matrix;

    /// What a checksum cannot find is found by what it says.
    #[test]
    fn contents_are_checked() {
        let rows = vec![1.0; 34 * 3];
        let x = Matrix::new(&rows, 34, 3).unwrap();
        let index = Index::new(x, IndexOptions::new(Storage::Int8Panels), None).unwrap();
        let parts = index.parts().unwrap();
        assert!(parts.padding < parts.lines);
        for (at, value) in [
            (AT_FLAGS, 2),
            (AT_FLAGS + 4, 1),
            (HEAD - 4, 1),
            // Rows that are not there.
            (HEAD + 4, u32::MAX),
            (parts.scales, f32::NAN.to_bits()),
            (parts.scales + 4, (-1.0f32).to_bits()),
            (parts.padding, 1),
            (parts.lines - 4, 1 << 31),
        ] {
            let mut bytes = vec![0; index.saved_bytes()];
            index.save(&mut bytes).unwrap();
            bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
            let bytes = sealed(bytes);
            for error in [Index::load(&bytes).unwrap_err(), Index::map(&bytes).unwrap_err()] {
                let found = (error.status, error.position);
                assert_eq!(found, (Status::InvalidArgument, at as u64), "{at}");
            }
        }
    }
}
