//! The cases of conversions and of scores of rows in any type.

use super::common::Random;
use super::{Hashes, matrix};
use avocet::convert::{convert, dequantize_rows, quantize_rows, row_norms};
use avocet::score::{Int8, Metric, ScoreOptions, Second, Table, score_candidates, score_matrix, score_pairs};
use avocet::{AnyMatrixMut, Csr, Indices, Matrix, MatrixMut, Pool, bf16, f16};

const D: usize = 70;

/// Rows as each of the narrow types.
struct Narrow {
    halves: Vec<f16>,
    brains: Vec<bf16>,
    bytes: Vec<i8>,
    scales: Vec<f32>,
}

impl Narrow {
    fn new(x: &[f32], rows: usize, pool: Option<&Pool>) -> Narrow {
        let cols = x.len() / rows;
        let of_x = matrix(x, rows);
        let (mut halves, mut brains) = (vec![f16::ZERO; x.len()], vec![bf16::ZERO; x.len()]);
        let (mut bytes, mut scales) = (vec![0; x.len()], vec![0.0; rows]);
        let to = AnyMatrixMut::from(MatrixMut::new(&mut halves, rows, cols).unwrap());
        convert(of_x.into(), to, pool).unwrap();
        let to = AnyMatrixMut::from(MatrixMut::new(&mut brains, rows, cols).unwrap());
        convert(of_x.into(), to, pool).unwrap();
        let to = MatrixMut::new(&mut bytes, rows, cols).unwrap();
        quantize_rows(of_x.into(), to, &mut scales, pool).unwrap();
        Narrow { halves, brains, bytes, scales }
    }

    fn int8(&self) -> Table<'_> {
        let rows = Matrix::new(&self.bytes, self.scales.len(), D).unwrap();
        Table::Int8(Int8 { rows, scales: Some(&self.scales) })
    }

    fn of_halves(&self) -> Table<'_> {
        Matrix::new(&self.halves, self.scales.len(), D).unwrap().into()
    }

    fn of_brains(&self) -> Table<'_> {
        Matrix::new(&self.brains, self.scales.len(), D).unwrap().into()
    }
}

pub fn conversions(hashes: &mut Hashes, pool: Option<&Pool>) {
    let mut random = Random::new(34);
    let n = 20_000;
    let x: Vec<f32> = (0..n).map(|_| f32::from_bits((random.u64() >> 32) as u32)).collect();
    let (mut halves, mut brains, mut wide) = (vec![f16::ZERO; n], vec![bf16::ZERO; n], vec![0.0; 2 * n]);
    let of_x = matrix(&x, 100);
    convert(of_x.into(), MatrixMut::new(&mut halves, 100, 200).unwrap().into(), pool).unwrap();
    convert(of_x.into(), MatrixMut::new(&mut brains, 100, 200).unwrap().into(), pool).unwrap();
    let (low, high) = wide.split_at_mut(n);
    let from = Matrix::new(&halves, 100, 200).unwrap();
    convert(from.into(), MatrixMut::new(low, 100, 200).unwrap().into(), pool).unwrap();
    let from = Matrix::new(&brains, 100, 200).unwrap();
    convert(from.into(), MatrixMut::new(high, 100, 200).unwrap().into(), pool).unwrap();
    let bits: Vec<u32> = halves
        .iter()
        .map(|v| u32::from(v.to_bits()))
        .chain(brains.iter().map(|v| u32::from(v.to_bits())))
        .collect();
    hashes.add("convert", &[&wide], &[&bits], &[]);

    let rows = 300;
    let x = random.values(rows * D);
    let narrow = Narrow::new(&x, rows, pool);
    let (mut back, mut norms) = (vec![0.0; x.len()], vec![0.0; rows]);
    let from = Matrix::new(&narrow.bytes, rows, D).unwrap();
    dequantize_rows(from, &narrow.scales, MatrixMut::new(&mut back, rows, D).unwrap(), pool).unwrap();
    let integers: Vec<u32> = narrow.bytes.iter().map(|&q| q as i32 as u32).collect();
    hashes.add("quantize_rows", &[&narrow.scales, &back], &[&integers], &[]);
    row_norms(matrix(&x, rows).into(), &mut norms, pool).unwrap();
    hashes.add("row_norms", &[&norms], &[], &[]);
}

pub fn scores(hashes: &mut Hashes, pool: Option<&Pool>) {
    let mut random = Random::new(35);
    let (rows, cols, n) = (300, 500, 8_000);
    let (x, y) = (random.values(rows * D), random.values(cols * D));
    let u: Vec<u32> = (0..n).map(|_| random.below(rows) as u32).collect();
    let v: Vec<u32> = (0..n).map(|_| random.below(cols) as u32).collect();
    let (left, right) = (Narrow::new(&x, rows, pool), Narrow::new(&y, cols, pool));
    let (u, v) = (Indices::U32(&u), Indices::U32(&v));
    let cosine = ScoreOptions { metric: Metric::Cosine, second: None };
    let plain = ScoreOptions::default();
    let second =
        Second { left: left.of_halves(), right: right.of_halves(), factor: 0.75, second_factor: -1.5 };
    let both = ScoreOptions { second: Some(second), ..plain };
    let mut add = |name: &str, left: Table<'_>, right: Table<'_>, options: ScoreOptions<'_>| {
        let mut out = vec![0.0; n];
        score_pairs(left, right, u, v, options, &mut out, pool).unwrap();
        hashes.add(name, &[&out], &[], &[]);
    };
    add("score_pairs_mixed", left.of_halves(), right.of_brains(), plain);
    add("score_pairs_cosine", matrix(&x, rows).into(), right.of_brains(), cosine);
    add("score_pairs_int8", left.int8(), right.int8(), plain);
    add("score_pairs_int8_cosine", left.int8(), right.int8(), cosine);
    add("score_pairs_two_tables", left.int8(), right.int8(), both);

    let mut offsets = vec![0i64];
    let mut candidates = Vec::new();
    for _ in 0..rows {
        candidates.extend((0..random.below(60)).map(|_| random.below(cols) as u32));
        offsets.push(candidates.len() as i64);
    }
    let csr = Csr { rows, cols, offsets: Indices::I64(&offsets), indices: Indices::U32(&candidates) };
    let mut out = vec![0.0; candidates.len()];
    score_candidates(left.of_brains(), right.of_brains(), csr, plain, &mut out, pool).unwrap();
    hashes.add("score_candidates", &[&out], &[], &[]);
    let mut out = vec![0.0; rows * cols];
    let to = MatrixMut::new(&mut out, rows, cols).unwrap();
    score_matrix(left.of_halves(), matrix(&y, cols), cosine, to, pool).unwrap();
    hashes.add("score_matrix", &[&out], &[], &[]);
}
