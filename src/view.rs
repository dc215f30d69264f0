//! Borrowed, checked views of the caller's memory.

use crate::error::{Error, Status};
use half::{bf16, f16};

/// Elements that `rows` rows of `cols` at `stride` span in memory.
pub(crate) fn span(rows: usize, cols: usize, stride: usize) -> Option<usize> {
    if rows == 0 || cols == 0 { Some(0) } else { (rows - 1).checked_mul(stride)?.checked_add(cols) }
}

fn check(len: usize, rows: usize, cols: usize, stride: usize) -> Result<(), Error> {
    if stride < cols {
        return Err(Error::new(Status::ShapeMismatch, c"stride").size(stride));
    }
    match span(rows, cols, stride) {
        None => Err(Error::new(Status::SizeOverflow, c"rows").size(rows)),
        Some(needed) if needed > len => Err(Error::new(Status::ShapeMismatch, c"data").size(len)),
        Some(_) => Ok(()),
    }
}

/// A row-major matrix, `rows x cols`, rows `stride` elements apart (`stride >= cols`). Its elements are f32 except in an
/// [`AnyMatrix`].
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a, T = f32> {
    data: &'a [T],
    rows: usize,
    cols: usize,
    stride: usize,
}

impl Matrix<'_> {
    /// No rows and no columns.
    pub const EMPTY: Matrix<'static> = Matrix { data: &[], rows: 0, cols: 0, stride: 0 };
}

impl<'a, T: Copy> Matrix<'a, T> {
    /// A view of rows that lie side by side.
    pub fn new(data: &'a [T], rows: usize, cols: usize) -> Result<Self, Error> {
        Self::with_stride(data, rows, cols, cols)
    }

    /// A view of rows that are `stride` elements apart.
    pub fn with_stride(data: &'a [T], rows: usize, cols: usize, stride: usize) -> Result<Self, Error> {
        check(data.len(), rows, cols, stride)?;
        Ok(Matrix { data, rows, cols, stride })
    }

    /// A view of `data`, which holds exactly `rows * cols` values.
    pub(crate) fn exact(data: &'a [T], rows: usize, cols: usize) -> Self {
        debug_assert_eq!(data.len(), rows * cols);
        Matrix { data, rows, cols, stride: cols }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `i`, which must be below [`Matrix::rows`].
    #[inline(always)]
    pub fn row(&self, i: usize) -> &'a [T] {
        self.part(i, 0, self.cols)
    }

    /// Columns `from .. from + count` of row `i`.
    #[inline(always)]
    pub(crate) fn part(&self, i: usize, from: usize, count: usize) -> &'a [T] {
        debug_assert!(i < self.rows && from + count <= self.cols);
        if count == 0 { &[] } else { &self.data[i * self.stride + from..][..count] }
    }

    /// The values from row `i` and column `from` on, and how far apart those of neighbouring rows are.
    #[inline(always)]
    pub(crate) fn block(&self, i: usize, from: usize) -> (&'a [T], usize) {
        (&self.data[i * self.stride + from..], self.stride)
    }

    /// The values of rows `from..to` and what lies between them.
    pub(crate) fn values(&self, from: usize, to: usize) -> &'a [T] {
        let at = |row: usize| (row * self.stride).min(self.data.len());
        &self.data[at(from)..at(to)]
    }

    /// Rows `from..to`.
    pub(crate) fn slice(&self, from: usize, to: usize) -> Matrix<'a, T> {
        let start = (from * self.stride).min(self.data.len());
        Matrix { data: &self.data[start..], rows: to - from, ..*self }
    }
}

/// A [`Matrix`] of any of the element types in which matrices are stored; all are widened exactly to f32 when they are
/// read, so results are those of the f32 matrix of the same values.
#[derive(Clone, Copy, Debug)]
pub enum AnyMatrix<'a> {
    /// 32 bit.
    F32(Matrix<'a>),
    /// IEEE 754 binary16: 11 bits of precision, up to 65504.
    F16(Matrix<'a, f16>),
    /// The upper half of an f32: 8 bits of precision, the range of f32.
    Bf16(Matrix<'a, bf16>),
}

impl<'a> AnyMatrix<'a> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            AnyMatrix::F32(x) => x.rows(),
            AnyMatrix::F16(x) => x.rows(),
            AnyMatrix::Bf16(x) => x.rows(),
        }
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        match self {
            AnyMatrix::F32(x) => x.cols(),
            AnyMatrix::F16(x) => x.cols(),
            AnyMatrix::Bf16(x) => x.cols(),
        }
    }

    /// Rows `from .. to`.
    pub(crate) fn slice(&self, from: usize, to: usize) -> AnyMatrix<'a> {
        match self {
            AnyMatrix::F32(x) => x.slice(from, to).into(),
            AnyMatrix::F16(x) => x.slice(from, to).into(),
            AnyMatrix::Bf16(x) => x.slice(from, to).into(),
        }
    }
}

impl<'a> From<Matrix<'a>> for AnyMatrix<'a> {
    fn from(x: Matrix<'a>) -> Self {
        AnyMatrix::F32(x)
    }
}

impl<'a> From<Matrix<'a, f16>> for AnyMatrix<'a> {
    fn from(x: Matrix<'a, f16>) -> Self {
        AnyMatrix::F16(x)
    }
}

impl<'a> From<Matrix<'a, bf16>> for AnyMatrix<'a> {
    fn from(x: Matrix<'a, bf16>) -> Self {
        AnyMatrix::Bf16(x)
    }
}

/// [`Matrix`] that can be written.
#[derive(Debug)]
pub struct MatrixMut<'a, T = f32> {
    data: &'a mut [T],
    rows: usize,
    cols: usize,
    stride: usize,
}

impl<'a, T: Copy> MatrixMut<'a, T> {
    /// A view of rows that lie side by side.
    pub fn new(data: &'a mut [T], rows: usize, cols: usize) -> Result<Self, Error> {
        Self::with_stride(data, rows, cols, cols)
    }

    /// A view of rows that are `stride` elements apart. What lies between rows is never written.
    pub fn with_stride(data: &'a mut [T], rows: usize, cols: usize, stride: usize) -> Result<Self, Error> {
        check(data.len(), rows, cols, stride)?;
        Ok(MatrixMut { data, rows, cols, stride })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `i`, which must be below [`MatrixMut::rows`].
    #[inline(always)]
    pub fn row_mut(&mut self, i: usize) -> &mut [T] {
        let cols = self.cols;
        self.part_mut(i, 0, cols)
    }

    /// Columns `from .. from + count` of row `i`.
    #[inline(always)]
    pub(crate) fn part_mut(&mut self, i: usize, from: usize, count: usize) -> &mut [T] {
        debug_assert!(i < self.rows && from + count <= self.cols);
        if count == 0 { &mut [] } else { &mut self.data[i * self.stride + from..][..count] }
    }

    /// The same rows, to read.
    pub fn view(&self) -> Matrix<'_, T> {
        Matrix { data: self.data, rows: self.rows, cols: self.cols, stride: self.stride }
    }

    /// The same rows, for a shorter time.
    pub fn reborrow(&mut self) -> MatrixMut<'_, T> {
        MatrixMut { data: self.data, rows: self.rows, cols: self.cols, stride: self.stride }
    }

    /// A view of `data`, which holds exactly `rows * cols` values.
    pub(crate) fn exact(data: &'a mut [T], rows: usize, cols: usize) -> Self {
        debug_assert_eq!(data.len(), rows * cols);
        MatrixMut { data, rows, cols, stride: cols }
    }

    /// A view of `data`, which holds `rows * stride` values.
    pub(crate) fn spaced(data: &'a mut [T], rows: usize, cols: usize, stride: usize) -> Self {
        debug_assert!(stride >= cols && data.len() == rows * stride);
        MatrixMut { data, rows, cols, stride }
    }

    /// The rows of a range.
    pub(crate) fn slice_mut(&mut self, rows: std::ops::Range<usize>) -> MatrixMut<'_, T> {
        let start = (rows.start * self.stride).min(self.data.len());
        MatrixMut { data: &mut self.data[start..], rows: rows.len(), cols: self.cols, stride: self.stride }
    }

    /// Rows `..at` and rows `at..`.
    pub(crate) fn split_at(self, at: usize) -> (MatrixMut<'a, T>, MatrixMut<'a, T>) {
        let MatrixMut { data, rows, cols, stride } = self;
        let middle = (at * stride).min(data.len());
        let (low, high) = data.split_at_mut(middle);
        (
            MatrixMut { data: low, rows: at, cols, stride },
            MatrixMut { data: high, rows: rows - at, cols, stride },
        )
    }
}

/// A [`MatrixMut`] of any of the element types of an [`AnyMatrix`].
#[derive(Debug)]
pub enum AnyMatrixMut<'a> {
    /// 32 bit.
    F32(MatrixMut<'a>),
    /// IEEE 754 binary16.
    F16(MatrixMut<'a, f16>),
    /// The upper half of an f32.
    Bf16(MatrixMut<'a, bf16>),
}

impl<'a> AnyMatrixMut<'a> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            AnyMatrixMut::F32(x) => x.rows(),
            AnyMatrixMut::F16(x) => x.rows(),
            AnyMatrixMut::Bf16(x) => x.rows(),
        }
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        match self {
            AnyMatrixMut::F32(x) => x.cols(),
            AnyMatrixMut::F16(x) => x.cols(),
            AnyMatrixMut::Bf16(x) => x.cols(),
        }
    }

    /// Rows `..at` and rows `at..`.
    pub(crate) fn split_at(self, at: usize) -> (AnyMatrixMut<'a>, AnyMatrixMut<'a>) {
        fn both<'a, T: Copy>(x: MatrixMut<'a, T>, at: usize) -> (AnyMatrixMut<'a>, AnyMatrixMut<'a>)
        where
            AnyMatrixMut<'a>: From<MatrixMut<'a, T>>,
        {
            let (low, high) = x.split_at(at);
            (low.into(), high.into())
        }
        match self {
            AnyMatrixMut::F32(x) => both(x, at),
            AnyMatrixMut::F16(x) => both(x, at),
            AnyMatrixMut::Bf16(x) => both(x, at),
        }
    }
}

impl<'a> From<MatrixMut<'a>> for AnyMatrixMut<'a> {
    fn from(x: MatrixMut<'a>) -> Self {
        AnyMatrixMut::F32(x)
    }
}

impl<'a> From<MatrixMut<'a, f16>> for AnyMatrixMut<'a> {
    fn from(x: MatrixMut<'a, f16>) -> Self {
        AnyMatrixMut::F16(x)
    }
}

impl<'a> From<MatrixMut<'a, bf16>> for AnyMatrixMut<'a> {
    fn from(x: MatrixMut<'a, bf16>) -> Self {
        AnyMatrixMut::Bf16(x)
    }
}

/// Indices or offsets of any of the accepted types.
#[derive(Clone, Copy, Debug)]
pub enum Indices<'a> {
    /// 32 bit, unsigned.
    U32(&'a [u32]),
    /// 32 bit, signed.
    I32(&'a [i32]),
    /// 64 bit, signed.
    I64(&'a [i64]),
}

impl Indices<'_> {
    /// Number of entries.
    pub fn len(&self) -> usize {
        match self {
            Indices::U32(v) => v.len(),
            Indices::I32(v) => v.len(),
            Indices::I64(v) => v.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Entry `i`, widened.
    #[inline(always)]
    pub fn get(&self, i: usize) -> i64 {
        match self {
            Indices::U32(v) => i64::from(v[i]),
            Indices::I32(v) => i64::from(v[i]),
            Indices::I64(v) => v[i],
        }
    }

    /// Refuses the first entry that is negative or not below `limit`.
    pub(crate) fn check(&self, limit: usize, argument: &'static std::ffi::CStr) -> Result<(), Error> {
        if self.all_below(limit) {
            return Ok(());
        }
        for at in 0..self.len() {
            let value = self.get(at);
            if value < 0 || value as u64 >= limit as u64 {
                return Err(Error::new(Status::IndexOutOfRange, argument).at(at).integer(value));
            }
        }
        Ok(())
    }

    /// Whether no entry is negative or not below `limit`: a pass without exits, many entries at a time.
    fn all_below(&self, limit: usize) -> bool {
        let narrow = u32::try_from(limit).unwrap_or(u32::MAX);
        let mut below = true;
        match self {
            Indices::U32(_) if limit > narrow as usize => {}
            Indices::U32(v) => v.iter().for_each(|&i| below &= i < narrow),
            Indices::I32(v) => v.iter().for_each(|&i| below &= i >= 0 && (i as u32) < narrow),
            Indices::I64(v) => v.iter().for_each(|&i| below &= i >= 0 && (i as u64) < limit as u64),
        }
        below
    }
}

/// A sparse matrix by rows (CSR): the edges of row i are `indices[offsets[i] .. offsets[i + 1]]`, each below
/// `cols`. Unchecked: [`crate::Graph::new`] checks.
#[derive(Clone, Copy, Debug)]
pub struct Csr<'a> {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns: the limit of the indices.
    pub cols: usize,
    /// `rows + 1` offsets, from 0 to the number of edges.
    pub offsets: Indices<'a>,
    /// The column of each edge; duplicates are allowed and count each time.
    pub indices: Indices<'a>,
}

impl Csr<'_> {
    /// Refuses sizes that do not fit, the first bad offset, and the first index that is not below `cols`.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let wanted = self.rows.checked_add(1);
        let wanted = wanted.ok_or(Error::new(Status::SizeOverflow, c"csr.rows").size(self.rows))?;
        crate::error::check_size(self.offsets.len(), wanted, c"csr.offsets")?;
        let edges = self.indices.len() as i64;
        let mut last = 0;
        for at in 0..wanted {
            let value = self.offsets.get(at);
            let wrong_end = (at == 0 && value != 0) || (at == self.rows && value != edges);
            if wrong_end || value < last || value > edges {
                return Err(Error::new(Status::InvalidOffsets, c"csr.offsets").at(at).integer(value));
            }
            last = value;
        }
        self.indices.check(self.cols, c"csr.indices")
    }
}
