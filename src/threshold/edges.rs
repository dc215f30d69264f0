//! Grids: the edges of levels of uncertainty and of bins of scores.

use super::axis::Axis;
use super::kernel::{BLOCK, GridIn};
use super::quantile::{Weighed, order_statistics};
use super::{check_finite, check_weights};
use crate::error::{Error, Status, check_option, check_size};
use crate::pages::allocate;
use crate::pool::{self, Pool, Wide};
use crate::simd::dispatch::kernels;
use std::ffi::CStr;
use std::sync::Mutex;

/// The most cells of a grid.
pub const MAX_CELLS: usize = 1 << 22;

/// Where the edges of one axis come from. The bin of a value v is the number of edges e with `v >= e`: values below the first
/// edge are in the first bin, from the last edge on in the last one, and -0 is +0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edges<'a> {
    /// So many bins (1 to 65,536) of one width between two finite values. Edge i is the least f32 v with
    /// `(v - low) * (bins / (high - low)) >= i`, each operation rounded to f32: within a rounding or two of
    /// `low + i (high - low) / bins`.
    Uniform {
        /// Where the first bin would start; below `high`.
        low: f32,
        /// Where the last bin would end.
        high: f32,
        /// How many bins.
        bins: usize,
    },
    /// The edges themselves, finite and strictly ascending: one bin more than edges.
    Given(&'a [f32]),
    /// Exact order statistics of the sample: edge i of `bins` is the least value v such that the weight of the rows <= v is
    /// above `floor(i W / bins)`, W being the weight of all rows (without weights: the value of rank
    /// `floor(i rows / bins)`, from 0). Without ties the bins have equal numbers of rows, but for one. Ties can make edges equal: the bins
    /// between stay empty.
    Quantiles(usize),
}

/// Where the score edges come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScoreEdges<'a> {
    /// The same in all levels.
    Shared(Edges<'a>),
    /// Each level has its own.
    Nested(Nested),
}

/// Score edges for each level, by the quantiles of the sample's rows in that level. A level without weight takes those of
/// all rows together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nested {
    /// Bins of each level, 1 to 65,536.
    pub bins: usize,
    /// The fraction of a level's weight, from the greatest score down, that gets bins of equal weight, in (0, 1]; below
    /// 1, the lowest bin holds the rest. The weight below is `floor(W (1 - top))`, computed in f64.
    pub top: f64,
    /// Finer bins in a range of scores; with `top` 1 only.
    pub refine: Option<Refine>,
}

/// A range of scores with more bins than its weight would give it. The edges include both ends; bins within the range, below it
/// and above it have equal weight among themselves. Of the bins outside, half (rounded down) lie above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refine {
    /// Where the range starts, finite.
    pub low: f32,
    /// Where it ends, finite, above `low`.
    pub high: f32,
    /// Bins within, from 1 to two fewer than all.
    pub bins: usize,
}

/// The rows whose quantiles are asked for. All slices have one length.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// Finite, if quantiles of scores are asked for.
    pub scores: &'a [f32],
    /// Finite, if quantiles of uncertainties or nested ones are asked for.
    pub uncertainties: &'a [f32],
    /// In [0, 2^22); ones if absent.
    pub weights: Option<&'a [f32]>,
}

/// Levels of uncertainty, ascending, and bins of scores, ascending, in each.
#[derive(Clone, Debug)]
pub struct Grid {
    levels: Axis,
    scores: Axis,
    nested: bool,
}

impl Grid {
    /// A grid. The sample is needed for quantiles only, and its weights count in all of them.
    ///
    /// Order: integers only; the same edges for any number of threads and any order of the rows. Threads: rows or levels
    /// are shared. Allocates the edges and their guides (at most about 1 MiB each); quantiles take 4 MiB (12 with weights) for each thread
    /// and 8 bytes for each row that shares its upper 20 bits with one that is asked for, nested ones also 8 bytes a row. Time: two passes over the sample for each axis.
    ///
    /// Errors: what the fields of the arguments exclude; no sample although it is needed, or one without weight
    /// ([`Status::InvalidArgument`]); a value of the sample that is not finite or a weight out of range, with its position; more
    /// than [`MAX_CELLS`] cells, or weights whose sum reaches 2^44 ([`Status::SizeOverflow`]); no memory.
    pub fn new(
        levels: Edges<'_>,
        scores: ScoreEdges<'_>,
        sample: Option<Sample<'_>>,
        pool: Option<&Pool>,
    ) -> Result<Grid, Error> {
        if let Some(sample) = sample {
            check_size(sample.uncertainties.len(), sample.scores.len(), c"sample.uncertainties")?;
            check_weights(sample.weights, sample.scores.len(), c"sample.weights")?;
        }
        let uncertainties = sample.map(|s| (s.uncertainties, c"sample.uncertainties"));
        let weights = sample.and_then(|s| s.weights);
        let levels = axis(levels, uncertainties, weights, pool, c"levels")?;
        let (scores, nested) = match scores {
            ScoreEdges::Shared(edges) => {
                let values = sample.map(|s| (s.scores, c"sample.scores"));
                (axis(edges, values, weights, pool, c"scores")?, false)
            }
            ScoreEdges::Nested(nested) => {
                let sample = sample.ok_or(Error::new(Status::InvalidArgument, c"sample"))?;
                (nested_axis(&levels, nested, sample, pool)?, true)
            }
        };
        Grid::of(levels, scores, nested, c"scores")
    }

    /// A grid of checked axes.
    pub(super) fn of(levels: Axis, scores: Axis, nested: bool, name: &'static CStr) -> Result<Grid, Error> {
        match levels.bins().checked_mul(scores.bins()) {
            Some(cells) if cells <= MAX_CELLS => {}
            cells => return Err(Error::new(Status::SizeOverflow, name).size(cells.unwrap_or(usize::MAX))),
        }
        Ok(Grid { levels, scores, nested })
    }

    /// A copy, unless there is no memory for it.
    pub(crate) fn copy(&self) -> Result<Grid, Error> {
        let (levels, scores) = (self.levels.copy(c"grid")?, self.scores.copy(c"grid")?);
        Ok(Grid { levels, scores, nested: self.nested })
    }

    /// Number of levels.
    pub fn levels(&self) -> usize {
        self.levels.bins()
    }

    /// Score bins of each level.
    pub fn bins(&self) -> usize {
        self.scores.bins()
    }

    /// Levels times bins.
    pub fn cells(&self) -> usize {
        self.levels() * self.bins()
    }

    /// Whether each level has its own score edges.
    pub fn nested(&self) -> bool {
        self.nested
    }

    /// The edges between levels, one fewer than levels.
    pub fn level_edges(&self) -> &[f32] {
        self.levels.edges()
    }

    /// The edges between the score bins of a level, one fewer than bins; the level is below [`Grid::levels`].
    pub fn score_edges(&self, level: usize) -> &[f32] {
        let (edges, row) = (self.scores.edges(), self.bins() - 1);
        if self.nested { &edges[level * row..][..row] } else { edges }
    }

    /// The threshold that selects the bins of a level from `bin` on: its lower edge; minus infinity for bin 0, infinity
    /// for [`Grid::bins`], where nothing is selected. With equal edges it can be that of a higher bin too.
    pub fn threshold(&self, level: usize, bin: usize) -> f32 {
        match bin {
            0 => f32::NEG_INFINITY,
            bin if bin < self.bins() => self.score_edges(level)[bin - 1],
            _ => f32::INFINITY,
        }
    }

    /// Whether both have the same edges.
    pub fn same_as(&self, other: &Grid) -> bool {
        (self.nested(), self.levels(), self.bins()) == (other.nested(), other.levels(), other.bins())
            && self.level_edges() == other.level_edges()
            && self.scores.edges() == other.scores.edges()
    }

    pub(super) fn axes(&self) -> (&Axis, &Axis) {
        (&self.levels, &self.scores)
    }

    pub(crate) fn view(&self) -> GridIn<'_> {
        GridIn {
            levels: self.levels.view(),
            scores: self.scores.view(),
            bins: self.bins() as f32,
            apart: self.cells() as f32,
        }
    }
}

fn axis(
    edges: Edges<'_>,
    values: Option<(&[f32], &'static CStr)>,
    weights: Option<&[f32]>,
    pool: Option<&Pool>,
    name: &'static CStr,
) -> Result<Axis, Error> {
    match edges {
        Edges::Uniform { low, high, bins } => Axis::uniform(low, high, bins, name),
        Edges::Given(edges) => Axis::given(edges, name),
        Edges::Quantiles(bins) => {
            Axis::check_bins(bins, name)?;
            let (values, of_sample) = values.ok_or(Error::new(Status::InvalidArgument, c"sample"))?;
            check_finite(values, of_sample)?;
            let values = Weighed { values, weights };
            let targets = Cuts { below: 0, bins, rest: false }.targets(mass(&values)?, name)?;
            Axis::ascending(order_statistics(values, &targets, pool, name)?, bins, name)
        }
    }
}

/// The weight of a sample, above 0.
fn mass(all: &Weighed<'_>) -> Result<u64, Error> {
    match all.mass() {
        Some(0) => Err(Error::new(Status::InvalidArgument, c"sample").size(0)),
        Some(mass) => Ok(mass),
        None => Err(Error::new(Status::SizeOverflow, c"sample.weights")),
    }
}

/// How a weight is cut.
struct Cuts {
    /// Weight that the cuts leave out, at the low end.
    below: u64,
    bins: usize,
    /// Whether what is left out is a bin as well.
    rest: bool,
}

impl Cuts {
    fn targets(&self, mass: u64, name: &'static CStr) -> Result<Vec<u64>, Error> {
        let mut targets = allocate(self.bins, name)?;
        let (first, parts) = if self.rest { (0, self.bins - 1) } else { (1, self.bins) };
        let part =
            |i: usize| (u128::from(mass - self.below) * i as u128 / parts.max(1) as u128) as u64 + self.below;
        targets.extend((first..parts).map(part));
        Ok(targets)
    }
}

fn nested_axis(
    levels: &Axis,
    nested: Nested,
    sample: Sample<'_>,
    pool: Option<&Pool>,
) -> Result<Axis, Error> {
    let Nested { bins, top, refine } = nested;
    Axis::check_bins(bins, c"scores.bins")?;
    check_option(top > 0.0 && top <= 1.0, c"scores.top", top)?;
    if let Some(refine) = refine {
        check_option(refine.low.is_finite(), c"scores.refine.low", refine.low.into())?;
        check_option(refine.high > refine.low, c"scores.refine.high", refine.high.into())?;
        check_option(top == 1.0, c"scores.top", top)?;
        if refine.bins == 0 || refine.bins + 2 > bins {
            return Err(Error::new(Status::InvalidArgument, c"scores.refine.bins").size(refine.bins));
        }
    }
    if levels.bins() * bins > MAX_CELLS {
        return Err(Error::new(Status::SizeOverflow, c"scores.bins").size(levels.bins() * bins));
    }
    check_finite(sample.scores, c"sample.scores")?;
    check_finite(sample.uncertainties, c"sample.uncertainties")?;
    let all = Weighed { values: sample.scores, weights: sample.weights };
    mass(&all)?;
    let of_all = level_edges(all, nested, pool)?;
    let sorted = Sorted::new(levels, sample)?;
    let row = bins - 1;
    let mut edges = allocate(levels.bins() * row, c"scores.bins")?;
    edges.resize(levels.bins() * row, 0.0);
    let failed = Mutex::new(None);
    let parts = pool::parts(pool, sample.scores.len());
    let out = Wide(&mut edges, row);
    pool::for_rows(pool, parts, 0..levels.bins(), pool::even, out, &mut [], |range, out, _| {
        for (at, level) in range.enumerate() {
            let rows = sorted.level(level);
            let out = &mut out.0[at * row..][..row];
            if rows.mass() == Some(0) {
                out.copy_from_slice(&of_all);
                continue;
            }
            match level_edges(rows, nested, None) {
                Ok(found) => out.copy_from_slice(&found),
                Err(error) => *failed.lock().unwrap_or_else(|lock| lock.into_inner()) = Some(error),
            }
        }
    });
    match failed.into_inner().unwrap_or_else(|lock| lock.into_inner()) {
        Some(error) => Err(error),
        None => Axis::ascending(edges, bins, c"scores.bins"),
    }
}

/// The score edges of the rows of one level, which have weight.
fn level_edges(rows: Weighed<'_>, nested: Nested, pool: Option<&Pool>) -> Result<Vec<f32>, Error> {
    let name = c"scores.bins";
    let Nested { bins, top, refine } = nested;
    let mass = mass(&rows)?;
    let Some(Refine { low, high, bins: within }) = refine else {
        let rest = top < 1.0;
        // Below 2^64, and exact enough: the fraction is in f64 anyway.
        let below = if rest { (mass as f64 * (1.0 - top)) as u64 } else { 0 };
        let targets = Cuts { below: below.min(mass - 1), bins, rest }.targets(mass, name)?;
        return order_statistics(rows, &targets, pool, name);
    };
    let above = (bins - within) / 2;
    let mut edges = allocate(bins - 1, name)?;
    let ends = [f32::NEG_INFINITY, low, high, f32::INFINITY];
    for (part, bins) in [bins - within - above, within, above].into_iter().enumerate() {
        if part > 0 {
            edges.push(ends[part]);
        }
        let holds = |value: f32| ends[part] <= value && value < ends[part + 1];
        let mut values = allocate(rows.values.len(), name)?;
        values.extend(rows.values.iter().copied().filter(|&value| holds(value)));
        let mut weights = allocate(rows.weights.map_or(0, <[f32]>::len), name)?;
        if let Some(all) = rows.weights {
            let pairs = all.iter().zip(rows.values);
            weights.extend(pairs.filter(|&(_, &value)| holds(value)).map(|(&weight, _)| weight));
        }
        let part_rows = Weighed { values: &values, weights: rows.weights.map(|_| weights.as_slice()) };
        match part_rows.mass() {
            // Nothing to tell apart: all edges at one end.
            None | Some(0) => {
                edges.extend(std::iter::repeat_n(if part == 0 { low } else { ends[part] }, bins - 1))
            }
            Some(mass) => {
                let targets = Cuts { below: 0, bins, rest: false }.targets(mass, name)?;
                edges.extend(order_statistics(part_rows, &targets, pool, name)?);
            }
        }
    }
    Ok(edges)
}

/// The rows of a sample, level by level.
struct Sorted {
    offsets: Vec<usize>,
    scores: Vec<f32>,
    weights: Option<Vec<f32>>,
}

impl Sorted {
    fn new(levels: &Axis, sample: Sample<'_>) -> Result<Sorted, Error> {
        let name = c"sample.scores";
        let n = sample.scores.len();
        let one = Axis::given(&[], name)?;
        let grid =
            GridIn { levels: levels.view(), scores: one.view(), bins: 1.0, apart: levels.bins() as f32 };
        let kernels = kernels();
        let mut of_block = [0; BLOCK];
        let mut each = |run: &mut dyn FnMut(usize, &[u32])| {
            for (block, u) in sample.uncertainties.chunks(BLOCK).enumerate() {
                kernels.threshold_cells(grid, u, u, &mut of_block[..u.len()]);
                run(block * BLOCK, &of_block[..u.len()]);
            }
        };
        let mut offsets = allocate(levels.bins() + 1, name)?;
        offsets.resize(levels.bins() + 1, 0);
        each(&mut |_, levels| levels.iter().for_each(|&level| offsets[level as usize + 1] += 1));
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let mut next = allocate(offsets.len(), name)?;
        next.extend_from_slice(&offsets);
        let mut scores = allocate(n, name)?;
        scores.resize(n, 0.0);
        let mut weights = allocate(sample.weights.map_or(0, <[f32]>::len), name)?;
        weights.resize(sample.weights.map_or(0, <[f32]>::len), 0.0);
        each(&mut |first, levels| {
            for (row, &level) in (first..).zip(levels) {
                let to = &mut next[level as usize];
                scores[*to] = sample.scores[row];
                if let Some(all) = sample.weights {
                    weights[*to] = all[row];
                }
                *to += 1;
            }
        });
        Ok(Sorted { offsets, scores, weights: sample.weights.map(|_| weights) })
    }

    fn level(&self, level: usize) -> Weighed<'_> {
        let range = self.offsets[level]..self.offsets[level + 1];
        Weighed {
            values: &self.scores[range.clone()],
            weights: self.weights.as_deref().map(|weights| &weights[range]),
        }
    }
}
