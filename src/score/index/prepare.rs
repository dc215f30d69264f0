//! Queries as passes over panels read them.

use super::kernel::bytes::{ByteGroup, ERROR, INVERSE, SLACK, START};
use super::kernel::{Form, GROUP};
use super::{Held, Index, Storage, Table, quantise};
use crate::error::{Error, Status};
use crate::simd::dispatch::Kernels;
use crate::view::{AnyMatrix, Matrix, MatrixMut};
use half::bf16;

/// Where no nonzero magnitude of rows and queries is below, products and sums of bf16 have no subnormals: products are
/// multiples of 2^-124.
pub(super) const LEAST_DOTS: f32 = 1.0 / (1u64 << 55) as f32;

/// Bounds of a group without queries: with their limits, which are infinite, nothing is above.
const NO_QUERIES: ByteGroup = {
    let mut group = [[0.0; GROUP]; 4];
    group[INVERSE] = [1.0; GROUP];
    group
};

/// Queries, packed.
#[derive(Clone, Copy)]
pub(super) struct Prepared<'a> {
    /// The form of rows that are not bytes.
    pub form: Form,
    /// In groups of 8, word after word: of bytes, or of the form.
    pub words: &'a [[f32; GROUP]],
    /// Of bytes.
    pub groups: &'a [ByteGroup],
    /// For certified search: the queries in f32, one after the other.
    pub rows: &'a [f32],
}

impl Prepared<'_> {
    /// From group `first` on, so many queries.
    pub(super) fn part(&self, index: &Index<'_>, first: usize, count: usize) -> Self {
        let len = index.words(self.form);
        let groups = first..first + count.div_ceil(GROUP);
        let of_rows = if self.rows.is_empty() { 0 } else { index.cols() };
        Prepared {
            form: self.form,
            words: &self.words[groups.start * len..groups.end * len],
            groups: if self.groups.is_empty() { &[] } else { &self.groups[groups] },
            rows: &self.rows[first * GROUP * of_rows..][..count * of_rows],
        }
    }
}

/// f32 of each piece that [`prepare`] fills: words, bounds, rows.
pub(super) fn pieces(index: &Index<'_>, queries: usize, form: Form) -> [Option<usize>; 3] {
    let groups = queries.div_ceil(GROUP);
    let bytes = matches!(index.layout.held, Held::Bytes { .. });
    // Certified: the queries in f32, and one as bytes.
    let of_rows = || queries.checked_mul(index.cols())?.checked_add(index.cols().div_ceil(4));
    let rows = if index.storage == Storage::Certified && queries > 0 { of_rows() } else { Some(0) };
    [groups.checked_mul(index.words(form) * GROUP), Some(if bytes { groups * GROUP * 4 } else { 0 }), rows]
}

impl Index<'_> {
    /// Words of a group of queries in f32, over 8: of certified rows those of their f32.
    pub(super) fn exact_words(&self, form: Form) -> usize {
        if self.storage == Storage::Certified { self.cols().max(1) } else { self.words(form) }
    }

    /// Words of a group of queries, over 8.
    pub(super) fn words(&self, form: Form) -> usize {
        self.layout.steps() * form.words()
    }

    /// The form in which queries are scored, or an error if they are not of a type that the rows can be scored with.
    pub(super) fn form(&self, kernels: &Kernels, queries: Table<'_>) -> Result<Form, Error> {
        let wrong = Err(Error::new(Status::InvalidArgument, c"queries.type"));
        match (self.storage, queries) {
            (Storage::Int8 | Storage::Int8Panels, Table::Int8(_)) => Ok(Form::F32),
            (Storage::Int8 | Storage::Int8Panels, _) | (_, Table::Int8(_)) => wrong,
            (Storage::Bf16, Table::Real(AnyMatrix::Bf16(queries))) => {
                let good = |v: f32| v == 0.0 || (v.abs() >= LEAST_DOTS && v.is_finite());
                let all = (0..queries.rows()).all(|i| queries.row(i).iter().all(|v| good(v.to_f32())));
                let dots = kernels.dots() && self.least >= LEAST_DOTS && all;
                Ok(if dots { Form::Bf16Dots } else { Form::Bf16Turned })
            }
            _ => Ok(self.layout.form()),
        }
    }
}

/// Fills the words and bounds of one group with queries from `first` on; certified rows are scored in f32.
pub(super) fn prepare_exact(
    queries: Table<'_>,
    first: usize,
    count: usize,
    form: Form,
    words: &mut [[f32; GROUP]],
    group: &mut ByteGroup,
) {
    words.fill([0.0; GROUP]);
    *group = NO_QUERIES;
    for at in 0..count {
        match queries {
            Table::Int8(bytes) => {
                put_bytes(bytes.rows.row(first + at), at, words, group);
                group[INVERSE][at] = 1.0 / queries.scale(first + at);
            }
            Table::Real(any) => put_reals(any, first + at, form, at, words),
        }
    }
}

/// Fills the [`pieces`] with queries.
pub(super) fn prepare<'a>(
    kernels: &Kernels,
    index: &Index<'_>,
    queries: Table<'_>,
    form: Form,
    [words, groups, rows]: [&'a mut [f32]; 3],
) -> Prepared<'a> {
    let (count, cols) = (queries.rows(), index.cols());
    let words: &mut [[f32; GROUP]] = words.as_chunks_mut().0;
    let groups: &mut [ByteGroup] = groups.as_chunks_mut::<GROUP>().0.as_chunks_mut().0;
    words.fill([0.0; GROUP]);
    groups.fill(NO_QUERIES);
    let len = index.words(form);
    let of_rows = if rows.is_empty() { 0 } else { count * cols };
    let (rows, bytes) = rows.split_at_mut(of_rows);
    let bytes: &mut [i8] = bytemuck::cast_slice_mut(bytes);
    for query in 0..count {
        let (group, at) = (query / GROUP, query % GROUP);
        let words = &mut words[group * len..][..len];
        match queries {
            Table::Int8(bytes) => {
                put_bytes(bytes.rows.row(query), at, words, &mut groups[group]);
                groups[group][INVERSE][at] = 1.0 / queries.scale(query);
            }
            Table::Real(_) if index.storage == Storage::Certified => {
                let row = &mut rows[query * cols..][..cols];
                queries.widen(query, row);
                put_certified(kernels, row, &mut bytes[..cols], at, words, &mut groups[group]);
            }
            Table::Real(any) => put_reals(any, query, form, at, words),
        }
    }
    Prepared { form, words, groups, rows }
}

fn put_reals(queries: AnyMatrix<'_>, query: usize, form: Form, at: usize, words: &mut [[f32; GROUP]]) {
    let mut put = |values: &mut dyn Iterator<Item = f32>| match form {
        Form::Bf16Dots => {
            let mut values = values.peekable();
            for word in words.iter_mut() {
                let pair = [values.next().unwrap_or(0.0), values.next().unwrap_or(0.0)];
                word[at] = pair_word(pair);
            }
        }
        _ => words.iter_mut().zip(values).for_each(|(word, v)| word[at] = v),
    };
    match queries {
        AnyMatrix::F32(rows) => put(&mut rows.row(query).iter().copied()),
        AnyMatrix::F16(rows) => put(&mut rows.row(query).iter().map(|v| v.to_f32())),
        AnyMatrix::Bf16(rows) => put(&mut rows.row(query).iter().map(|v| v.to_f32())),
    }
}

/// Two bf16, the first in the low half.
fn pair_word(pair: [f32; 2]) -> f32 {
    let [low, high] = pair.map(|v| u32::from(bf16::from_f32(v).to_bits()));
    f32::from_bits(low | high << 16)
}

/// The words of a row of f32 among those of a group.
pub(super) fn put_row(row: &[f32], at: usize, words: &mut [[f32; GROUP]]) {
    words.iter_mut().zip(row).for_each(|(word, &v)| word[at] = v);
}

fn put_bytes(bytes: &[i8], at: usize, words: &mut [[f32; GROUP]], group: &mut ByteGroup) {
    let mut sum = 0i32;
    for (word, four) in words.iter_mut().zip(bytes.chunks(4)) {
        let mut all = [0u8; 4];
        for (to, &byte) in all.iter_mut().zip(four) {
            *to = byte as u8;
            sum += i32::from(byte);
        }
        // The first byte in the lowest bits.
        word[at] = f32::from_bits(u32::from_le_bytes(all));
    }
    group[START][at] = f32::from_bits((-128 * sum) as u32);
}

/// Bytes of a query in f32, and how far scores of bytes can be from those in f32: by
/// `|q - q'| |t| + |q'| |t - t'|` from the exact ones (Cauchy and Schwarz), which the chain of d fused operations misses by up to
/// `d u / (1 - d u) |q| |t|` (u = 2^-24; Higham, Accuracy and Stability of Numerical Algorithms, section 3.1) and
/// `d 2^-149` where it underflows. Queries that are not finite stay as they are where there is none: their rows are all
/// scored in f32.
fn put_certified(
    kernels: &Kernels,
    row: &[f32],
    bytes: &mut [i8],
    at: usize,
    words: &mut [[f32; GROUP]],
    group: &mut ByteGroup,
) {
    let mut scale = [0.0];
    let (one, to) = (Matrix::exact(row, 1, row.len()), MatrixMut::exact(bytes, 1, row.len()));
    if !quantise::rows(kernels, one, false, to, &mut scale) {
        return;
    }
    put_bytes(bytes, at, words, group);
    let [scale] = scale;
    let [norm, error] = quantise::norms(row, scale, bytes);
    let rounding = row.len() as f64 / f64::from(1 << 24);
    // Rows of bytes have fewer than 2^16 columns, so that the quotient is small.
    let rounding = rounding / (1.0 - rounding);
    group[INVERSE][at] = 1.0 / scale;
    group[SLACK][at] = quantise::up(error + rounding * norm);
    // The norm of the bytes is at most that of the query and of their difference.
    group[ERROR][at] = quantise::up(norm + error);
}

/// The norm of a query, no less.
pub(super) fn norm(row: &[f32]) -> f64 {
    row.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt() * (1.0 + 1e-6)
}
