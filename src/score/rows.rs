//! Scores of rows as they are, in any of their types, without an index: pairs, candidates and all with all.

pub(crate) mod ffi;
pub(crate) mod kernel;
#[cfg(test)]
mod tests;

use crate::error::{Error, Status, check_option, check_size};
use crate::pool::{self, Pool};
use crate::simd::canonical;
use crate::simd::dispatch::{Kernels, kernels};
use crate::view::{AnyMatrix, Csr, Indices, Matrix, MatrixMut};
use half::{bf16, f16};
use std::ffi::CStr;
use std::ops::Range;

/// The most columns of rows of int8: more could overflow the i32 of a sum.
pub const MOST_INT8_COLUMNS: usize = i32::MAX as usize >> 14;

/// Bytes of targets that stay in cache while all sources are scored with them.
const BLOCK_BYTES: usize = 128 * 1024;

/// Ids that are converted to u32 in one go, on the stack.
const ID_RUN: usize = 256;

/// Those, and the ids of rows to ask for ahead.
type Ids = [u32; ID_RUN + kernel::MOST_AHEAD];

/// Rows of int8, each with a scale; without scales all are 1.
#[derive(Clone, Copy, Debug)]
pub struct Int8<'a> {
    /// The integers.
    pub rows: Matrix<'a, i8>,
    /// One for each row.
    pub scales: Option<&'a [f32]>,
}

impl Int8<'_> {
    #[inline(always)]
    pub(super) fn scale(&self, row: u32) -> f32 {
        match self.scales {
            Some(scales) => scales[row as usize],
            None => 1.0,
        }
    }
}

/// Rows to score.
#[derive(Clone, Copy, Debug)]
pub enum Table<'a> {
    /// Of any floating-point type.
    Real(AnyMatrix<'a>),
    /// Of integers with scales.
    Int8(Int8<'a>),
}

impl Table<'_> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            Table::Real(x) => x.rows(),
            Table::Int8(x) => x.rows.rows(),
        }
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        match self {
            Table::Real(x) => x.cols(),
            Table::Int8(x) => x.rows.cols(),
        }
    }

    /// Whether nothing depends on which row is taken.
    fn is_empty(&self) -> bool {
        self.cols() == 0 && !matches!(self, Table::Int8(Int8 { scales: Some(_), .. }))
    }

    fn row_bytes(&self) -> usize {
        match self {
            Table::Real(AnyMatrix::F32(x)) => 4 * x.cols(),
            Table::Real(x) => 2 * x.cols(),
            Table::Int8(x) => x.rows.cols(),
        }
    }
}

impl<'a> From<AnyMatrix<'a>> for Table<'a> {
    fn from(x: AnyMatrix<'a>) -> Self {
        Table::Real(x)
    }
}

impl<'a> From<Matrix<'a>> for Table<'a> {
    fn from(x: Matrix<'a>) -> Self {
        Table::Real(x.into())
    }
}

impl<'a> From<Matrix<'a, f16>> for Table<'a> {
    fn from(x: Matrix<'a, f16>) -> Self {
        Table::Real(x.into())
    }
}

impl<'a> From<Matrix<'a, bf16>> for Table<'a> {
    fn from(x: Matrix<'a, bf16>) -> Self {
        Table::Real(x.into())
    }
}

impl<'a> From<Int8<'a>> for Table<'a> {
    fn from(x: Int8<'a>) -> Self {
        Table::Int8(x)
    }
}

/// The score of two rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Metric {
    /// `u . v`.
    #[default]
    Dot,
    /// `u . v / (|u| |v|)`.
    Cosine,
}

/// Two more tables, whose scores are added to those of the first two: `factor * score + second_factor * second score`.
#[derive(Clone, Copy, Debug)]
pub struct Second<'a> {
    /// As many rows as `left`.
    pub left: Table<'a>,
    /// As many rows as `right`.
    pub right: Table<'a>,
    /// Multiplies the scores of the first tables; finite.
    pub factor: f32,
    /// Multiplies the scores of these; finite.
    pub second_factor: f32,
}

/// How rows are scored. The default: dot products of two tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScoreOptions<'a> {
    /// The score of two rows.
    pub metric: Metric,
    /// More tables.
    pub second: Option<Second<'a>>,
}

/// `out[i]` = the score of rows `u[i]` of `left` and `v[i]` of `right`.
///
/// Shapes: `left` and `right` have `d` columns; `u`, `v` and `out` have one length. Rows are f32, f16 or bf16, either side
/// any of them, widened exactly; or both sides are int8, with at most [`MOST_INT8_COLUMNS`] columns.
///
/// Order: dot products are `LANES16` in f32, those of int8 exact integers, times scales as `(scale_u * scale_v) * sum`.
/// [`Metric::Cosine`] is `dot / (sqrt(uu) * sqrt(vv))` in f64 of three such sums, rounded to f32; 0 where `uu` or `vv` is 0
/// (a row of zeros, or of values whose squares all underflow), unless the dot is NaN; scales play no part in it. With
/// [`Second`] a score is `(factor * score) + (second_factor * second)`, each operation rounded to f32. NaN results are
/// canonical. Threads: pairs are shared among the pool's threads; nothing is allocated. Time: `d` fused operations a pair
/// and table (three times as many for the cosine), or the time that the rows take from memory.
///
/// Errors, before `out` is touched: sizes that do not fit; the first id that is out of range; int8 on one side only; too
/// many columns of int8; factors that are not finite.
pub fn score_pairs<'a>(
    left: impl Into<Table<'a>>,
    right: impl Into<Table<'a>>,
    u: Indices<'_>,
    v: Indices<'_>,
    options: ScoreOptions<'a>,
    out: &mut [f32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let scorer = Scorer::new(left.into(), right.into(), options)?;
    check_size(v.len(), u.len(), c"v")?;
    check_size(out.len(), u.len(), c"out")?;
    u.check(scorer.left.rows(), c"u")?;
    v.check(scorer.right.rows(), c"v")?;
    let parts = pool::parts(pool, scorer.work(out.len()));
    pool::for_rows(pool, parts, 0..u.len(), pool::even, out, &mut [], |range, out, _| {
        scorer.run(range, out, |from, a, b| {
            for i in 0..a.len() {
                (a[i], b[i]) = (u.get(from + i) as u32, v.get(from + i) as u32);
            }
        });
    });
    Ok(())
}

/// `out[e]` = the score of row i of `left` and row `candidates.indices[e]` of `right`, for each edge e of each row i.
///
/// Shapes: `candidates` has as many rows as `left` and as many columns as `right` has rows; `out` holds one score for each
/// edge. Scores are those of [`score_pairs`], bit for bit, and so are types, order, threads and cost; the row of `left`
/// stays in cache while its candidates are scored. Nothing is allocated.
///
/// Errors, before `out` is touched: those of [`score_pairs`]; bad offsets.
pub fn score_candidates<'a>(
    left: impl Into<Table<'a>>,
    right: impl Into<Table<'a>>,
    candidates: Csr<'_>,
    options: ScoreOptions<'a>,
    out: &mut [f32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let scorer = Scorer::new(left.into(), right.into(), options)?;
    check_size(candidates.rows, scorer.left.rows(), c"csr.rows")?;
    check_size(candidates.cols, scorer.right.rows(), c"csr.cols")?;
    candidates.check()?;
    let edges = candidates.indices.len();
    check_size(out.len(), edges, c"out")?;
    let end_of = |row: usize| candidates.offsets.get(row + 1) as usize;
    let parts = pool::parts(pool, scorer.work(edges));
    pool::for_rows(pool, parts, 0..edges, pool::even, out, &mut [], |range, out, _| {
        let mut row = 0;
        let mut beyond = candidates.rows;
        // The first row that ends behind the first edge.
        while row < beyond {
            let middle = row + (beyond - row) / 2;
            if end_of(middle) <= range.start { row = middle + 1 } else { beyond = middle }
        }
        scorer.run(range, out, |from, a, b| {
            while end_of(row) <= from {
                row += 1;
            }
            let (mut at, mut end) = (row, end_of(row));
            for i in 0..a.len() {
                while end <= from + i {
                    at += 1;
                    end = end_of(at);
                }
                (a[i], b[i]) = (at as u32, candidates.indices.get(from + i) as u32);
            }
        });
    });
    Ok(())
}

/// `out[i][j]` = the score of row i of `left` and row j of `right`.
///
/// Shapes: `left` is `q x d`, `right` is `n x d`, `out` is `q x n`. Scores are those of [`score_pairs`], bit for bit, and so
/// are types and order. Threads: rows of `out`, or for few rows parts of them, are shared among the pool's threads; nothing
/// is allocated. Time: `q * n * d` fused operations.
///
/// Errors, before `out` is touched: those of [`score_pairs`].
pub fn score_matrix<'a>(
    left: impl Into<Table<'a>>,
    right: impl Into<Table<'a>>,
    options: ScoreOptions<'a>,
    mut out: MatrixMut<'_>,
    pool: Option<&Pool>,
) -> Result<(), Error> {
    let scorer = Scorer::new(left.into(), right.into(), options)?;
    let (q, n) = (scorer.left.rows(), scorer.right.rows());
    check_size(out.rows(), q, c"out.rows")?;
    check_size(out.cols(), n, c"out.cols")?;
    let parts = pool::parts(pool, scorer.work(q.saturating_mul(n)));
    if q >= parts {
        pool::for_rows(pool, parts, 0..q, pool::even, out, &mut [], |range, mut out, _| {
            scorer.block(range, 0..n, &mut out);
        });
        return Ok(());
    }
    // A row of the output is cut into parts that are matrices of one row.
    for i in 0..q {
        let parts = pool::parts(pool, scorer.work(n));
        pool::for_rows(pool, parts, 0..n, pool::even, out.row_mut(i), &mut [], |columns, out, _| {
            let width = out.len();
            scorer.block(i..i + 1, columns, &mut MatrixMut::exact(out, 1, width));
        });
    }
    Ok(())
}

/// Checked tables.
struct Scorer<'a> {
    kernels: &'static Kernels,
    left: Table<'a>,
    right: Table<'a>,
    options: ScoreOptions<'a>,
}

impl<'a> Scorer<'a> {
    fn new(left: Table<'a>, right: Table<'a>, options: ScoreOptions<'a>) -> Result<Self, Error> {
        const FIRST: [&CStr; 5] = [
            c"left.cols",
            c"right.cols",
            c"right.element_type",
            c"options.left_scales",
            c"options.right_scales",
        ];
        const SECOND: [&CStr; 5] = [
            c"options.second_left.cols",
            c"options.second_right.cols",
            c"options.second_right.element_type",
            c"options.second_left_scales",
            c"options.second_right_scales",
        ];
        check_tables(left, right, FIRST)?;
        if let Some(second) = options.second {
            check_size(second.left.rows(), left.rows(), c"options.second_left.rows")?;
            check_size(second.right.rows(), right.rows(), c"options.second_right.rows")?;
            check_tables(second.left, second.right, SECOND)?;
            check_option(true, c"options.factor", second.factor.into())?;
            check_option(true, c"options.second_factor", second.second_factor.into())?;
        }
        // Ids are u32 from here on; of rows that hold nothing any will do.
        for (table, name) in [(left, c"left.rows"), (right, c"right.rows")] {
            if table.rows() > u32::MAX as usize && !table.is_empty() {
                return Err(Error::new(Status::SizeOverflow, name).size(table.rows()));
            }
        }
        Ok(Scorer { kernels: kernels(), left, right, options })
    }

    /// Elementary operations of so many pairs.
    fn work(&self, pairs: usize) -> usize {
        let second = self.options.second.map_or(0, |second| second.left.cols().div_ceil(16) + 4);
        pairs.saturating_mul(self.left.cols().div_ceil(16) + 4 + second)
    }

    /// The scores of a range of pairs. `fill` writes the ids of pairs from a number on.
    fn run(&self, range: Range<usize>, out: &mut [f32], mut fill: impl FnMut(usize, &mut [u32], &mut [u32])) {
        let (mut u, mut v): (Ids, Ids) = ([0; _], [0; _]);
        for (run, out) in out.chunks_mut(ID_RUN).enumerate() {
            let from = range.start + run * ID_RUN;
            let count = (range.end - from).min(u.len());
            fill(from, &mut u[..count], &mut v[..count]);
            self.score(&u[..count], &v[..count], out);
        }
    }

    /// The scores of rows with all of a range of columns, which are asked for again and again while they are in cache.
    fn block(&self, rows: Range<usize>, columns: Range<usize>, out: &mut MatrixMut<'_>) {
        let second = self.options.second.map_or(0, |second| second.right.row_bytes());
        let width = (BLOCK_BYTES / (self.right.row_bytes() + second).max(1)).clamp(16, ID_RUN);
        let (mut u, mut v) = ([0; ID_RUN], [0; ID_RUN]);
        let mut from = columns.start;
        while from < columns.end {
            let count = width.min(columns.end - from);
            for (i, v) in v[..count].iter_mut().enumerate() {
                *v = (from + i) as u32;
            }
            for (i, row) in rows.clone().enumerate() {
                u[..count].fill(row as u32);
                self.score(&u[..count], &v[..count], out.part_mut(i, from - columns.start, count));
            }
            from += count;
        }
    }

    /// At most [`ID_RUN`] pairs; ids beyond `out` are of rows to ask for.
    fn score(&self, u: &[u32], v: &[u32], out: &mut [f32]) {
        self.of_tables(self.left, self.right, u, v, out);
        if let Some(second) = self.options.second {
            let mut scores = [0.0; ID_RUN];
            let scores = &mut scores[..out.len()];
            self.of_tables(second.left, second.right, u, v, scores);
            for (out, score) in out.iter_mut().zip(scores) {
                *out = canonical((second.factor * *out) + (second.second_factor * *score));
            }
        }
    }

    fn of_tables(&self, left: Table<'_>, right: Table<'_>, u: &[u32], v: &[u32], out: &mut [f32]) {
        let metric = self.options.metric;
        match (left, right) {
            (Table::Real(left), Table::Real(right)) => {
                self.kernels.score_pairs(left, right, metric, u, v, out)
            }
            (Table::Int8(left), Table::Int8(right)) => {
                self.kernels.score_pairs_int8(left, right, metric, u, v, out);
            }
            // Refused by `check_tables`.
            _ => {}
        }
    }
}

/// Refuses tables that do not go together. The names: columns of both, type of the right one, scales of both.
fn check_tables(left: Table<'_>, right: Table<'_>, names: [&'static CStr; 5]) -> Result<(), Error> {
    check_size(right.cols(), left.cols(), names[1])?;
    for (table, name) in [(left, names[3]), (right, names[4])] {
        if let Table::Int8(Int8 { rows, scales: Some(scales) }) = table {
            check_size(scales.len(), rows.rows(), name)?;
        }
    }
    match (left, right) {
        (Table::Real(_), Table::Real(_)) => Ok(()),
        (Table::Int8(_), Table::Int8(_)) if left.cols() <= MOST_INT8_COLUMNS => Ok(()),
        (Table::Int8(_), Table::Int8(_)) => Err(Error::new(Status::SizeOverflow, names[0]).size(left.cols())),
        _ => Err(Error::new(Status::InvalidArgument, names[2])),
    }
}
