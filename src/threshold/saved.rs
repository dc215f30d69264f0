//! The saved form of a table, with its grid: little-endian words of 32 bits.
//!
//! | bytes | content |
//! |---|---|
//! | 8 | `avocetTB` |
//! | 4 | version, 1 |
//! | 4 | flags: 1 uniform levels, 2 uniform scores, 4 nested scores |
//! | 3 x 4 | levels, score bins, segments |
//! | 8 | sum of all weights |
//! | 4 each | level edges in f32; low and high if uniform |
//! | 4 each | score edges in f32, a row for each level if nested; low and high if uniform |
//! | 8 each | positives, negatives and their weights, of all segments, with one cell for rows apart behind each |
//! | 8 | checksum of all words before |
//!
//! Words, version and checksum are those of [`crate::saved`].

use super::axis::{Axis, MAX_BINS};
use super::bucket::MOST_ROWS;
use super::rows::MASS_LIMIT;
use super::{Grid, Table};
use crate::error::{Error, Status, check_size};
use crate::pages::allocate;
use crate::saved::{CHECKSUM, Reader, Writer};

const MAGIC: [u8; 8] = *b"avocetTB";
const VERSION: u32 = 1;

const AT_FLAGS: usize = 12;
const AT_LEVELS: usize = 16;
const AT_BINS: usize = 20;
const AT_SEGMENTS: usize = 24;
const AT_MASS: usize = 28;
const HEAD: usize = 36;

const UNIFORM_LEVELS: u32 = 1;
const UNIFORM_SCORES: u32 = 2;
const NESTED: u32 = 4;

/// What the head says.
#[derive(Clone, Copy)]
struct Sizes {
    flags: u32,
    levels: usize,
    bins: usize,
    segments: usize,
}

impl Sizes {
    fn of(reader: Reader<'_>) -> Sizes {
        let [levels, bins, segments] = [AT_LEVELS, AT_BINS, AT_SEGMENTS].map(|at| reader.word(at) as usize);
        Sizes { flags: reader.word(AT_FLAGS), levels, bins, segments }
    }

    /// Reals that make the level edges, and the score edges. Anything, if the head is not good.
    fn reals(self) -> Option<[usize; 2]> {
        let levels = if self.flags & UNIFORM_LEVELS != 0 { 2 } else { self.levels.checked_sub(1)? };
        let rows = if self.flags & NESTED != 0 { self.levels } else { 1 };
        let scores =
            if self.flags & UNIFORM_SCORES != 0 { 2 } else { self.bins.checked_sub(1)?.checked_mul(rows)? };
        Some([levels, scores])
    }

    fn counters(self) -> Option<usize> {
        self.levels.checked_mul(self.bins)?.checked_add(1)?.checked_mul(self.segments)?.checked_mul(4)
    }

    /// Bytes before the checksum.
    fn bytes(self) -> Option<usize> {
        let [levels, scores] = self.reals()?;
        let reals = levels.checked_add(scores)?.checked_mul(4)?;
        self.counters()?.checked_mul(8)?.checked_add(reals)?.checked_add(HEAD)
    }
}

impl Table {
    fn sizes(&self) -> Sizes {
        let (levels, scores) = self.grid().axes();
        let flags = [
            (levels.uniform_range().is_some(), UNIFORM_LEVELS),
            (scores.uniform_range().is_some(), UNIFORM_SCORES),
            (self.grid().nested(), NESTED),
        ];
        Sizes {
            flags: flags.iter().filter(|(set, _)| *set).map(|(_, flag)| flag).sum(),
            levels: levels.bins(),
            bins: scores.bins(),
            segments: self.segments(),
        }
    }

    /// The number of bytes that [`Table::save`] writes: 32 for each cell and segment, 4 for each edge, some 80 more.
    pub fn saved_bytes(&self) -> usize {
        // It is in memory, so that it does not overflow.
        self.sizes().bytes().unwrap_or(0) + CHECKSUM
    }

    /// Writes the table and its grid: little-endian, versioned, with a checksum, the same bytes for the same table everywhere.
    ///
    /// Errors, before `bytes` is touched: another length than [`Table::saved_bytes`]. Time: one pass over the cells.
    pub fn save(&self, bytes: &mut [u8]) -> Result<(), Error> {
        check_size(bytes.len(), self.saved_bytes(), c"bytes")?;
        let sizes = self.sizes();
        let mut writer = Writer::new(bytes, MAGIC, VERSION);
        writer.word(sizes.flags);
        // Each is below 2^27.
        [sizes.levels, sizes.bins, sizes.segments].iter().for_each(|&size| writer.word(size as u32));
        writer.long(self.mass);
        let (levels, scores) = self.grid().axes();
        for axis in [levels, scores] {
            let range = axis.uniform_range();
            let reals = range.as_ref().map_or(axis.edges(), |range| range.as_slice());
            reals.iter().for_each(|&real| writer.real(real));
        }
        self.planes.iter().for_each(|&count| writer.long(count));
        writer.seal();
        Ok(())
    }

    /// The table that [`Table::save`] wrote, with a grid that is [`Grid::same_as`] the one it had.
    ///
    /// Errors: bytes that end too early or too late ([`Status::ShapeMismatch`] with their number); any that `save` does
    /// not write, found by the checksum or by what it says ([`Status::InvalidArgument`], with the position of the bad
    /// field); no memory. Time: one pass over the bytes, and making the grid.
    pub fn load(bytes: &[u8]) -> Result<Table, Error> {
        let reader = Reader::open(bytes, MAGIC, VERSION, HEAD, |reader| Sizes::of(reader).bytes())?;
        let most = MAX_BINS as u32;
        let flags = reader.checked(AT_FLAGS, |flags| {
            flags < 8 && flags & (UNIFORM_SCORES | NESTED) != (UNIFORM_SCORES | NESTED)
        })?;
        reader.checked(AT_LEVELS, |levels| (1..=most).contains(&levels))?;
        reader.checked(AT_BINS, |bins| (1..=most).contains(&bins))?;
        reader.checked(AT_SEGMENTS, |segments| segments > 0)?;
        let sizes = Sizes::of(reader);
        let [of_levels, of_scores] = sizes.reals().unwrap_or_default();
        let (at_scores, at_planes) = (HEAD + 4 * of_levels, HEAD + 4 * (of_levels + of_scores));
        let levels = axis(reader, HEAD, of_levels, sizes.levels, flags & UNIFORM_LEVELS != 0)?;
        let scores = axis(reader, at_scores, of_scores, sizes.bins, flags & UNIFORM_SCORES != 0)?;
        let about = |error: Error, at| Error { value: error.value, ..Reader::bad(at) };
        let grid =
            Grid::of(levels, scores, flags & NESTED != 0, c"bytes").map_err(|e| about(e, AT_LEVELS))?;
        let mut table = Table::new(&grid, sizes.segments).map_err(|error| match error.status {
            Status::OutOfMemory => error.about(c"bytes"),
            _ => about(error, AT_SEGMENTS),
        })?;
        for (number, count) in table.planes.iter_mut().enumerate() {
            *count = reader.long(at_planes + 8 * number);
        }
        let cells = table.planes.len() / 4;
        let (counts, weights) = table.planes.split_at(2 * cells);
        // No row weighs 2^22 or more.
        let holds =
            |(&count, &weight): (&u64, &u64)| u128::from(weight) < (u128::from(count) << 42) || weight == 0;
        if let Some(at) = counts.iter().zip(weights).position(|pair| !holds(pair)) {
            return Err(Reader::bad(at_planes + 8 * (2 * cells + at)));
        }
        if counts.iter().map(|&count| u128::from(count)).sum::<u128>() >= MOST_ROWS.into() {
            return Err(Reader::bad(at_planes));
        }
        table.mass = reader.long(AT_MASS);
        if table.mass >= MASS_LIMIT
            || weights.iter().map(|&weight| u128::from(weight)).sum::<u128>() != table.mass.into()
        {
            return Err(Reader::bad(AT_MASS));
        }
        Ok(table)
    }
}

/// An axis of so many reals.
fn axis(reader: Reader<'_>, at: usize, reals: usize, bins: usize, uniform: bool) -> Result<Axis, Error> {
    let mut edges = allocate(reals, c"bytes")?;
    edges.extend((0..reals).map(|number| reader.real(at + 4 * number)));
    let axis = if uniform {
        Axis::uniform(edges[0], edges[1], bins, c"bytes")
    } else {
        let row = (bins - 1).max(1);
        let bits = |edge: &f32| edge.to_bits() == (edge + 0.0).to_bits();
        let ascends = |at: usize| at.is_multiple_of(row) || edges[at - 1] <= edges[at];
        let good = |at: &usize| edges[*at].is_finite() && bits(&edges[*at]) && ascends(*at);
        if let Some(bad) = (0..reals).find(|at| !good(at)) {
            return Err(Reader::bad(at + 4 * bad).real(edges[bad].into()));
        }
        Axis::ascending(edges, bins, c"bytes")
    };
    axis.map_err(|error| match error.status {
        Status::OutOfMemory => error,
        _ => Error { value: error.value, ..Reader::bad(at) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saved::checksum;
    use crate::threshold::{Edges, Labels, Missing, Nested, Rows, Sample, ScoreEdges};
    use crate::workspace::Workspace;

    /// Tables of every kind of grid, with rows.
    fn tables() -> Vec<Table> {
        let scores: Vec<f32> = (0..500).map(|i| (i * 37 % 101) as f32 / 50.0 - 1.0).collect();
        let uncertainties: Vec<f32> = (0..500).map(|i| (i * 13 % 29) as f32 / 29.0).collect();
        let labels: Vec<u8> = (0..500).map(|i| u8::from(i % 3 == 0)).collect();
        let weights: Vec<f32> = (0..500).map(|i| i as f32 / 7.0).collect();
        let sample = Some(Sample { scores: &scores, uncertainties: &uncertainties, weights: None });
        let uniform = Edges::Uniform { low: -1.0, high: 1.0, bins: 9 };
        let nested = ScoreEdges::Nested(Nested { bins: 7, top: 1.0, refine: None });
        let all = [
            (uniform, ScoreEdges::Shared(uniform)),
            (Edges::Given(&[]), ScoreEdges::Shared(Edges::Given(&[]))),
            (Edges::Given(&[0.25, 0.5]), ScoreEdges::Shared(Edges::Quantiles(11))),
            (Edges::Quantiles(3), nested),
        ];
        let table = |(levels, edges)| {
            let grid = Grid::new(levels, edges, sample, None).unwrap();
            let mut table = Table::new(&grid, 1).unwrap();
            let rows = Rows {
                scores: &scores,
                uncertainties: &uncertainties,
                labels: Labels::U8(&labels),
                weights: Some(&weights),
                segments: None,
            };
            table.add(rows, Missing::Refuse, None, &mut Workspace::new()).unwrap();
            table
        };
        all.into_iter().map(table).collect()
    }

    fn saved(table: &Table) -> Vec<u8> {
        let mut bytes = vec![0; table.saved_bytes()];
        table.save(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn tables_come_back() {
        for table in tables() {
            let bytes = saved(&table);
            let mut back = Table::load(&bytes).unwrap();
            assert!(back.grid().same_as(table.grid()));
            assert_eq!((&back.planes, back.mass), (&table.planes, table.mass));
            assert_eq!(saved(&back), bytes);
            back.merge(&table).unwrap();
            assert!(table.clone().save(&mut bytes.clone()[1..]).is_err());
            for len in [0, 7, 8, HEAD, HEAD + 7, bytes.len() - 1] {
                assert_eq!(Table::load(&bytes[..len]).unwrap_err().status, Status::ShapeMismatch);
            }
            // No change of a single bit goes unseen.
            for at in (0..bytes.len()).step_by(if bytes.len() > 2_000 { 97 } else { 1 }) {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << (at % 8);
                assert!(Table::load(&bytes).is_err(), "at {at}");
            }
        }
    }

    /// What a checksum cannot find is found by what it says.
    #[test]
    fn contents_are_checked() {
        let tables = tables();
        let word = |value: f32| u64::from(value.to_bits());
        let weights = |table: &Table| table.saved_bytes() - CHECKSUM - 4 * table.planes.len();
        for (table, at, bytes, value, position) in [
            (0, AT_FLAGS, 4, 8 + 3, AT_FLAGS),
            (0, AT_MASS, 8, 5, AT_MASS),
            (0, HEAD, 4, word(f32::NAN), HEAD),
            (0, HEAD + 8, 4, word(2.0), HEAD + 8),
            (2, HEAD, 4, word(0.75), HEAD + 4),
            (2, HEAD, 4, word(f32::INFINITY), HEAD),
            (2, HEAD, 4, word(-0.0), HEAD),
            (3, HEAD + 8, 4, word(5.0), HEAD + 12),
            (1, weights(&tables[1]) + 8, 8, 1, weights(&tables[1]) + 8),
        ] {
            let mut saved = saved(&tables[table]);
            saved[at..at + bytes].copy_from_slice(&value.to_le_bytes()[..bytes]);
            let end = saved.len() - CHECKSUM;
            let sum = checksum(&saved[..end]).to_le_bytes();
            saved[end..].copy_from_slice(&sum);
            let error = Table::load(&saved).unwrap_err();
            assert_eq!((error.status, error.position), (Status::InvalidArgument, position as u64), "{at}");
        }
    }
}
