//! Tables: what is in each cell of a grid.

pub(crate) mod ffi;

use super::cells::Cells;
use super::kernel::{BLOCK, PACKED_ROW};
use super::rows::{MASS_LIMIT, Tally, too_heavy};
use super::{Grid, Missing, Rows, WEIGHT_BITS, fixed_weight, weight_in_range};
use crate::error::{Error, Status, check_size};
use crate::pages::allocate;
use crate::pool::{self, Pool};
use crate::simd::dispatch::{Kernels, kernels};
use crate::workspace::Workspace;
use std::ops::Range;

/// The most cells of all segments of a table, with one more for each segment.
const MAX_TABLE_CELLS: usize = 1 << 26;

/// Rows and weight after which packed counts are unpacked, so that neither half overflows.
const PACKED_ROWS: u64 = 1 << 22;
const PACKED_MASS: u64 = 1 << 42;

/// Positives and negatives in each cell of a grid, as counts of rows and as sums of weights; one such table for each segment.
///
/// Everything is an integer, so that the same rows give the same table whatever their order, the number of threads, and how they
/// were split and merged. Memory: 32 bytes a cell and segment.
#[derive(Clone, Debug)]
pub struct Table {
    grid: Grid,
    segments: usize,
    /// Four planes of the cells of all segments (each with one for rows apart): counts of positives and negatives, and
    /// their weights.
    pub(super) planes: Vec<u64>,
    /// The sum of all weights, of rows apart too.
    pub(super) mass: u64,
}

impl Table {
    /// An empty table.
    ///
    /// Errors: no segment ([`Status::InvalidArgument`]), more than 2^26 cells in all ([`Status::SizeOverflow`]), no memory.
    pub fn new(grid: &Grid, segments: usize) -> Result<Table, Error> {
        if segments == 0 {
            return Err(Error::new(Status::InvalidArgument, c"segments").size(segments));
        }
        let cells = (grid.cells() + 1).saturating_mul(segments);
        if cells > MAX_TABLE_CELLS {
            return Err(Error::new(Status::SizeOverflow, c"segments").size(cells));
        }
        let mut planes = allocate(4 * cells, c"segments")?;
        planes.resize(4 * cells, 0);
        Ok(Table { grid: grid.copy()?, segments, planes, mass: 0 })
    }

    /// Its grid.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The number of segments.
    pub fn segments(&self) -> usize {
        self.segments
    }

    /// Counts of rows in the cells of a segment, which is below [`Table::segments`].
    pub fn counts(&self, segment: usize) -> Cells<'_> {
        self.cells(segment, 0)
    }

    /// Sums of weights in the cells of a segment, in units of 2^-20.
    pub fn weights(&self, segment: usize) -> Cells<'_> {
        self.cells(segment, 2)
    }

    /// Rows of a segment that have been counted apart.
    pub fn apart(&self, segment: usize) -> u64 {
        let at = self.grid.cells();
        self.plane(segment, 0)[at] + self.plane(segment, 1)[at]
    }

    /// Adds up the levels of a segment for the curves of [`crate::metrics`]: positives and negatives of each score bin, as
    /// counts or as weights.
    ///
    /// Errors, before anything is written: a grid whose levels have their own score edges
    /// ([`Status::InvalidArgument`]); sizes that are not [`Grid::bins`].
    pub fn score_bins(
        &self,
        segment: usize,
        weights: bool,
        positive: &mut [u64],
        negative: &mut [u64],
    ) -> Result<(), Error> {
        if self.grid.nested() {
            return Err(Error::new(Status::InvalidArgument, c"table"));
        }
        let bins = self.grid.bins();
        check_size(positive.len(), bins, c"positive")?;
        check_size(negative.len(), bins, c"negative")?;
        let cells = if weights { self.weights(segment) } else { self.counts(segment) };
        for (out, cells) in [(positive, cells.positive()), (negative, cells.negative())] {
            out.fill(0);
            for level in cells.chunks_exact(bins) {
                out.iter_mut().zip(level).for_each(|(sum, count)| *sum += count);
            }
        }
        Ok(())
    }

    /// Makes it empty again.
    pub fn clear(&mut self) {
        self.planes.fill(0);
        self.mass = 0;
    }

    fn cells(&self, segment: usize, first: usize) -> Cells<'_> {
        let (levels, bins, cells) = (self.grid.levels(), self.grid.bins(), self.grid.cells());
        let [positive, negative] = [first, first + 1].map(|plane| &self.plane(segment, plane)[..cells]);
        // Less than 2^62 in all.
        Cells::trusted([levels, bins], positive, negative)
    }

    /// A segment's cells in a plane, the one for rows apart last.
    fn plane(&self, segment: usize, plane: usize) -> &[u64] {
        let (cells, all) = (self.grid.cells() + 1, self.planes.len() / 4);
        &self.planes[plane * all + segment * cells..][..cells]
    }

    /// Adds rows. Nothing is added unless all of them are.
    ///
    /// Threads: rows are shared, and each thread fills a table of its own in the workspace. Needs workspace for calls of more
    /// than 1,024 rows: 48 bytes a cell, segment and thread. Time: one pass over the rows, some 0.5 ns a row where edges are
    /// uniform; for long calls, a pass over the tables too.
    ///
    /// Errors: lengths that differ; the first row that has a NaN (unless they are counted apart), a label that is none, a weight
    /// out of range or a segment that is none, with position and value; a sum of all weights of 2^42
    /// ([`Status::SizeOverflow`]); the workspace.
    pub fn add(
        &mut self,
        rows: Rows<'_>,
        missing: Missing,
        pool: Option<&Pool>,
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let n = rows.scores.len();
        rows.check_sizes()?;
        if self.segments > 1 && rows.segments.is_none() {
            return Err(Error::new(Status::InvalidArgument, c"segments"));
        }
        let source = Source { grid: &self.grid, segments: self.segments, rows, missing, kernels: kernels() };
        if n <= BLOCK {
            let mut block = Block::new();
            if !source.read(0..n, &mut block) || !source.check_weights(0..n) {
                return Err(rows.first_bad(0, missing, self.segments));
            }
            let mass = self.mass + (0..n).map(|at| source.weight(at)).sum::<u64>();
            if mass >= MASS_LIMIT {
                return Err(too_heavy());
            }
            self.mass = mass;
            source.spread(0..n, &block, &mut self.planes);
            return Ok(());
        }
        let cells = self.planes.len() / 4;
        let parts = pool::parts_with_tables(pool, n);
        // Packed counts, then planes, in u64.
        let each = 2 * (6 * cells);
        let [scratch] = workspace.pieces([each.checked_mul(parts)])?;
        let tally = Tally::new(self.mass);
        pool::for_rows(pool, parts, 0..parts, pool::even, (), scratch, |range, (), scratch| {
            let part = range.start;
            let words: &mut [u64] = bytemuck::cast_slice_mut(scratch);
            words.fill(0);
            let (packed, planes) = words.split_at_mut(2 * cells);
            tally.note(source.count(n * part / parts..n * (part + 1) / parts, packed, planes));
        });
        let mass = tally.mass(&rows, missing, self.segments)?;
        let words: &[u64] = bytemuck::cast_slice(scratch);
        for part in words.chunks_exact(6 * cells) {
            self.planes.iter_mut().zip(&part[2 * cells..]).for_each(|(sum, count)| *sum += count);
        }
        self.mass = mass;
        Ok(())
    }

    /// Adds what another table of the same grid and as many segments has.
    ///
    /// Errors, before anything is added: another grid or number of segments ([`Status::ShapeMismatch`]), a sum of all
    /// weights of 2^42 or 2^60 rows ([`Status::SizeOverflow`]).
    pub fn merge(&mut self, other: &Table) -> Result<(), Error> {
        self.check_like(other)?;
        let rows = |table: &Table| table.planes[..table.planes.len() / 2].iter().sum::<u64>();
        if rows(self) + rows(other) >= MOST_ROWS {
            return Err(Error::new(Status::SizeOverflow, c"other"));
        }
        self.mass = Some(self.mass + other.mass).filter(|&mass| mass < MASS_LIMIT).ok_or(too_heavy())?;
        self.planes.iter_mut().zip(&other.planes).for_each(|(sum, count)| *sum += count);
        Ok(())
    }

    /// Takes away what another table of the same grid has: rows that were added before, such as those of an old day.
    ///
    /// Errors, before anything is taken: another grid or number of segments ([`Status::ShapeMismatch`]); a cell that has
    /// less than is to be taken ([`Status::InvalidArgument`], with the position of the cell within all segments, each with one
    /// cell for rows apart).
    pub fn subtract(&mut self, other: &Table) -> Result<(), Error> {
        self.check_like(other)?;
        if let Some(at) = self.planes.iter().zip(&other.planes).position(|(has, takes)| has < takes) {
            let cell = at % (self.planes.len() / 4);
            return Err(Error::new(Status::InvalidArgument, c"other")
                .at(cell)
                .size(other.planes[at] as usize));
        }
        self.mass -= other.mass;
        self.planes.iter_mut().zip(&other.planes).for_each(|(left, takes)| *left -= takes);
        Ok(())
    }

    fn check_like(&self, other: &Table) -> Result<(), Error> {
        check_size(other.segments, self.segments, c"other")?;
        if self.grid.same_as(&other.grid) { Ok(()) } else { Err(Error::new(Status::ShapeMismatch, c"other")) }
    }
}

/// A table of more rows is neither merged nor loaded: adding row by row will not overflow it then.
pub(super) const MOST_ROWS: u64 = 1 << 60;

/// What tables are filled from.
pub(super) struct Source<'a> {
    pub grid: &'a Grid,
    pub segments: usize,
    pub rows: Rows<'a>,
    pub missing: Missing,
    pub kernels: &'static Kernels,
}

/// Some rows on their way into a table.
pub(super) struct Block {
    /// Twice the cell of each row, one more for a positive.
    classes: [u32; BLOCK],
    positive: [u8; BLOCK],
    weights: [u32; BLOCK],
}

impl Block {
    pub(super) fn new() -> Block {
        Block { classes: [0; BLOCK], positive: [0; BLOCK], weights: [1 << WEIGHT_BITS; BLOCK] }
    }

    /// Twice the cell of a row, one more for a positive.
    pub(super) fn class(&self, at: usize) -> u32 {
        self.classes[at]
    }
}

impl Source<'_> {
    /// Reads cells and labels of at most [`BLOCK`] rows. False if one is bad.
    pub(super) fn read(&self, range: Range<usize>, block: &mut Block) -> bool {
        let Rows { scores, uncertainties, labels, segments, .. } = self.rows;
        let n = range.len();
        let cells = &mut block.classes[..n];
        let (scores, uncertainties) = (&scores[range.clone()], &uncertainties[range.clone()]);
        let whole = self.kernels.threshold_cells(self.grid.view(), scores, uncertainties, cells);
        let mut good = whole || self.missing == Missing::Apart;
        good &= labels.read(range.clone(), &mut block.positive[..n]);
        if let Some(segments) = segments {
            let each = self.grid.cells() as u32 + 1;
            for (cell, at) in cells.iter_mut().zip(range) {
                let segment = segments.get(at);
                good &= segment < self.segments;
                // Without effect unless good.
                *cell = cell.wrapping_add((segment as u32).wrapping_mul(each));
            }
        }
        for (class, &positive) in block.classes[..n].iter_mut().zip(&block.positive[..n]) {
            *class = class.wrapping_mul(2).wrapping_add(u32::from(positive));
        }
        good
    }

    pub(super) fn check_weights(&self, range: Range<usize>) -> bool {
        self.rows.weights.is_none_or(|weights| weights[range].iter().all(|&weight| weight_in_range(weight)))
    }

    /// The weight of a row in units.
    pub(super) fn weight(&self, at: usize) -> u64 {
        self.rows.weights.map_or(1 << WEIGHT_BITS, |weights| fixed_weight(weights[at]))
    }

    /// Counts the rows of a range. Gives their weight, or none if it is beyond u64; or a row before the first bad one.
    fn count(
        &self,
        rows: Range<usize>,
        packed: &mut [u64],
        planes: &mut [u64],
    ) -> Result<Option<u64>, usize> {
        let mut block = Block::new();
        let mut mass: Option<u64> = Some(0);
        let (mut packed_rows, mut packed_mass) = (0, 0);
        for first in rows.clone().step_by(BLOCK) {
            let range = first..rows.end.min(first + BLOCK);
            let n = range.len();
            if !self.read(range.clone(), &mut block) {
                return Err(first);
            }
            let of_block = match self.rows.weights {
                None => Some((n as u64) << WEIGHT_BITS),
                Some(weights) => {
                    self.kernels.threshold_fixed(&weights[range.clone()], &mut block.weights[..n])
                }
            };
            let Some(of_block) = of_block else {
                // A weight that is out of range, or in its upper half, which has no room in packed counts.
                if !self.check_weights(range.clone()) {
                    return Err(first);
                }
                // Below 2^52.
                let of_block = range.clone().map(|at| self.weight(at)).sum();
                mass = mass.and_then(|mass| mass.checked_add(of_block));
                self.spread(range, &block, planes);
                continue;
            };
            mass = mass.and_then(|mass| mass.checked_add(of_block));
            packed_rows += n as u64;
            packed_mass += of_block;
            if packed_rows >= PACKED_ROWS || packed_mass >= PACKED_MASS {
                unpack(packed, planes);
                (packed_rows, packed_mass) = (n as u64, of_block);
            }
            let Rows { scores, uncertainties, weights, .. } = self.rows;
            let next = range.end..scores.len().min(range.end + BLOCK);
            let ahead =
                [scores, uncertainties, weights.unwrap_or(&[])].map(|v| v.get(next.clone()).unwrap_or(&[]));
            self.kernels.threshold_count(&block.classes[..n], &block.weights[..n], ahead, packed);
        }
        unpack(packed, planes);
        Ok(mass)
    }

    /// Adds the rows of a block, which are good, to planes.
    fn spread(&self, range: Range<usize>, block: &Block, planes: &mut [u64]) {
        let cells = planes.len() / 4;
        for (at, &class) in range.zip(&block.classes) {
            let at_count = class as usize / 2 + usize::from(class % 2 == 0) * cells;
            planes[at_count] += 1;
            // Of an overflow, the mass tells.
            let sum = &mut planes[at_count + 2 * cells];
            *sum = sum.wrapping_add(self.weight(at));
        }
    }
}

/// Moves packed counts to planes.
fn unpack(packed: &mut [u64], planes: &mut [u64]) {
    let cells = planes.len() / 4;
    let (counts, weights) = planes.split_at_mut(2 * cells);
    let (positives, negatives) = counts.split_at_mut(cells);
    let (positive_weights, negative_weights) = weights.split_at_mut(cells);
    let (pairs, _) = packed.as_chunks_mut::<2>();
    let counts = positives.iter_mut().zip(negatives);
    let weights = positive_weights.iter_mut().zip(negative_weights);
    for ((pair, (positive, negative)), (positive_weight, negative_weight)) in
        pairs.iter_mut().zip(counts).zip(weights)
    {
        let [of_negative, of_positive] = std::mem::take(pair);
        *positive += of_positive / PACKED_ROW;
        *negative += of_negative / PACKED_ROW;
        *positive_weight = positive_weight.wrapping_add(of_positive % PACKED_ROW);
        *negative_weight = negative_weight.wrapping_add(of_negative % PACKED_ROW);
    }
}
