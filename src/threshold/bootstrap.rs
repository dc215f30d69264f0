//! How far chance can move a figure: bootstrap intervals with Poisson weights for each row.

pub(crate) mod ffi;

use super::bucket::{Block, Source};
use super::kernel::BLOCK;
use super::{Grid, Missing, Rows};
use crate::error::{Error, Status, check_option};
use crate::metrics::{Grain, binned_auc, binned_average_precision};
use crate::pages::allocate;
use crate::pool::{self, Pool, Wide};
use crate::simd::dispatch::kernels;

/// Replicates of one draw of random words.
pub(crate) const GROUP: usize = 4;

/// Options of a bootstrap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Chooses the random weights.
    pub seed: u64,
    /// How often the rows are drawn, 1 to 1,000,000.
    pub replicates: usize,
    /// The share of replicates within an interval, in (0, 1).
    pub confidence: f64,
}

impl Bootstrap {
    /// 200 replicates and 95 %.
    pub fn new(seed: u64) -> Bootstrap {
        Bootstrap { seed, replicates: 200, confidence: 0.95 }
    }
}

/// A figure and where chance can move it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Interval {
    /// The figure of the rows themselves.
    pub value: f64,
    /// Value of rank `floor((1 - confidence) / 2 * count)` from below of the replicates in which the figure is a number.
    pub low: f64,
    /// Value of the same rank from above.
    pub high: f64,
    /// Replicates in which the figure is a number.
    pub count: u64,
}

/// A figure of the score bins of a table, with the rows of a bin tied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Figure {
    /// See [`binned_auc`].
    Auc = 0,
    /// See [`binned_average_precision`].
    AveragePrecision = 1,
}

/// Recall and precision of thresholds, as [`super::decide`] applies them, with percentile intervals (Efron and Tibshirani,
/// "An introduction to the bootstrap", 1993, 13.3): in each replicate a row counts as often as a Poisson variate of mean one says (Oza
/// and Russell, AISTATS 2001), which stands in for drawing as many rows as there are.
///
/// The variate is a function of seed, replicate and row: Philox4x32-10 with the seed as key and the counter (row, replicate
/// div 4, 0), whose word `replicate mod 4` is compared with the distribution function in units of 2^-32. All sums are integers:
/// the same intervals for any number of threads. Rows with NaN are never selected but count if [`Missing`] lets
/// them. `rows.segments` must be absent.
///
/// Threads: replicates are shared. Allocates 8 bytes a row. Time: some 2 ns a row and replicate.
///
/// Errors: as [`super::decide`] and [`super::Table::add`]; options out of their range; weights whose sum reaches 2^40
/// ([`Status::SizeOverflow`]).
pub fn bootstrap_decisions(
    grid: &Grid,
    thresholds: &[f32],
    rows: Rows<'_>,
    missing: Missing,
    options: Bootstrap,
    pool: Option<&Pool>,
) -> Result<[Interval; 2], Error> {
    let mut drawn = Drawn::new(grid, rows, missing, options)?;
    let mut flags = allocate(rows.scores.len(), c"scores")?;
    flags.resize(rows.scores.len(), 0);
    let out = super::Decisions::Flags(&mut flags);
    super::decide(grid, thresholds, rows.scores, rows.uncertainties, out, pool)?;
    // Missed negatives and positives, then those that are selected.
    for (class, flag) in drawn.classes.iter_mut().zip(&flags) {
        *class = *class & 1 | u32::from(*flag) << 1;
    }
    let over = |part: u64, rest: u64| part as f64 / (part + rest) as f64;
    let figures = |tally: &[u64], out: &mut [f64]| {
        (out[0], out[1]) = (over(tally[3], tally[1]), over(tally[3], tally[2]))
    };
    drawn.intervals(4, figures, options, pool)
}

/// A figure of the rows' score bins, with its interval: see [`bootstrap_decisions`]. Rows with NaN do not count.
///
/// Errors: as [`bootstrap_decisions`]; a grid whose levels have their own score edges ([`Status::InvalidArgument`]).
pub fn bootstrap_figure(
    grid: &Grid,
    figure: Figure,
    rows: Rows<'_>,
    missing: Missing,
    options: Bootstrap,
    pool: Option<&Pool>,
) -> Result<Interval, Error> {
    if grid.nested() {
        return Err(Error::new(Status::InvalidArgument, c"grid"));
    }
    let mut drawn = Drawn::new(grid, rows, missing, options)?;
    let bins = grid.bins();
    // Negatives of all bins, positives, and rows apart.
    for class in &mut drawn.classes {
        let (cell, label) = (*class as usize >> 1, *class as usize & 1);
        *class = if cell == grid.cells() { 2 * bins } else { label * bins + cell % bins } as u32;
    }
    let grain = if rows.weights.is_some() { Grain::Weights } else { Grain::Rows };
    let figures = |tally: &[u64], out: &mut [f64]| {
        let (negative, positive) = tally[..2 * bins].split_at(bins);
        let area = match figure {
            Figure::Auc => binned_auc(positive, negative),
            Figure::AveragePrecision => binned_average_precision(positive, negative, grain),
        };
        // The sums fit: they are checked before.
        out[0] = area.map_or(f64::NAN, |area| area.tied);
    };
    drawn.intervals(2 * bins + 1, figures, options, pool).map(|[interval]| interval)
}

/// Rows to draw from.
struct Drawn {
    /// The cell of each row, and its label in the lowest bit; later, what it counts as.
    classes: Vec<u32>,
    /// In units of 2^-20; ones of no unit if absent.
    weights: Option<Vec<u64>>,
}

impl Drawn {
    fn new(grid: &Grid, rows: Rows<'_>, missing: Missing, options: Bootstrap) -> Result<Drawn, Error> {
        let n = rows.scores.len();
        let replicates = (1..=1_000_000).contains(&options.replicates);
        check_option(replicates, c"options.replicates", options.replicates as f64)?;
        let confidence = options.confidence > 0.0 && options.confidence < 1.0;
        check_option(confidence, c"options.confidence", options.confidence)?;
        if rows.segments.is_some() {
            return Err(Error::new(Status::InvalidArgument, c"segments"));
        }
        rows.check_sizes()?;
        let source = Source { grid, segments: 1, rows, missing, kernels: kernels() };
        let mut classes = allocate(n, c"scores")?;
        let mut weights = allocate(if rows.weights.is_some() { n } else { 0 }, c"weights")?;
        let mut block = Block::new();
        let mut mass: u64 = 0;
        for first in (0..n).step_by(BLOCK) {
            let range = first..n.min(first + BLOCK);
            if !source.read(range.clone(), &mut block) || !source.check_weights(range.clone()) {
                return Err(rows.first_bad(first, missing, 1));
            }
            classes.extend(range.clone().map(|at| block.class(at - first)));
            if rows.weights.is_some() {
                weights.extend(range.clone().map(|at| source.weight(at)));
            }
            let of_block: u64 = range.map(|at| source.weight(at)).sum();
            mass = mass.saturating_add(of_block);
        }
        // A row can count twelve times.
        if mass >= 1 << 60 {
            return Err(Error::new(Status::SizeOverflow, c"weights"));
        }
        Ok(Drawn { classes, weights: rows.weights.map(|_| weights) })
    }

    /// Figures of all rows and their intervals. `figures` computes them from the weight of each of `classes` classes.
    fn intervals<const N: usize>(
        &self,
        classes: usize,
        figures: impl Fn(&[u64], &mut [f64]) + Sync,
        options: Bootstrap,
        pool: Option<&Pool>,
    ) -> Result<[Interval; N], Error> {
        let groups = options.replicates.div_ceil(GROUP);
        let name = c"options.replicates";
        let work = self.classes.len().saturating_mul(options.replicates);
        let parts = pool::parts(pool, work).min(groups.next_power_of_two());
        let mut values = allocate(groups * GROUP * N, name)?;
        values.resize(groups * GROUP * N, f64::NAN);
        let mut tallies: Vec<u64> = allocate(parts * GROUP * classes, name)?;
        tallies.resize(parts * GROUP * classes, 0);
        let (out, scratch) = (Wide(&mut values, GROUP * N), bytemuck::cast_slice_mut(&mut tallies));
        pool::for_rows(pool, parts, 0..groups, pool::even, out, scratch, |range, values, scratch| {
            let tallies: &mut [u64] = bytemuck::cast_slice_mut(scratch);
            let tally = &mut tallies[..GROUP * classes];
            for (group, values) in range.zip(values.0.chunks_exact_mut(GROUP * N)) {
                tally.fill(0);
                self.draw(options.seed, group, tally);
                for (tally, values) in tally.chunks_exact(classes).zip(values.chunks_exact_mut(N)) {
                    figures(tally, values);
                }
            }
        });
        let mut tally = allocate(classes, name)?;
        tally.resize(classes, 0);
        for (row, &class) in self.classes.iter().enumerate() {
            tally[class as usize] += self.weights.as_ref().map_or(1, |weights| weights[row]);
        }
        let mut whole = [0.0; N];
        figures(&tally, &mut whole);
        let mut sorted = allocate(options.replicates, name)?;
        Ok(std::array::from_fn(|figure| {
            sorted.clear();
            let of_figure = values.iter().skip(figure).step_by(N).take(options.replicates);
            sorted.extend(of_figure.copied().filter(|value| !value.is_nan()));
            sorted.sort_unstable_by(f64::total_cmp);
            let below = ((1.0 - options.confidence) / 2.0 * sorted.len() as f64) as usize;
            let at =
                |rank: Option<usize>| rank.and_then(|rank| sorted.get(rank)).copied().unwrap_or(f64::NAN);
            Interval {
                value: whole[figure],
                low: at(Some(below)),
                high: at(sorted.len().checked_sub(below + 1)),
                count: sorted.len() as u64,
            }
        }))
    }

    /// Adds the rows of a group of replicates to its tallies, which are zeros.
    fn draw(&self, seed: u64, group: usize, tally: &mut [u64]) {
        let kernels = kernels();
        let classes = tally.len() / GROUP;
        let mut times = [[0; BLOCK]; GROUP];
        for first in (0..self.classes.len()).step_by(BLOCK) {
            let n = (self.classes.len() - first).min(BLOCK);
            // At most 250,000 groups.
            kernels.threshold_poisson(seed, group as u32, first as u64, &mut times);
            let of_block = &self.classes[first..first + n];
            for (tally, times) in tally.chunks_exact_mut(classes).zip(&times) {
                match &self.weights {
                    None => {
                        for (&class, &times) in of_block.iter().zip(times) {
                            tally[class as usize] += u64::from(times);
                        }
                    }
                    Some(weights) => {
                        let weighed = of_block.iter().zip(&weights[first..first + n]);
                        for ((&class, &weight), &times) in weighed.zip(times) {
                            tally[class as usize] += weight * u64::from(times);
                        }
                    }
                }
            }
        }
    }
}
