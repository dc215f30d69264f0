//! Whole calls against one another and against f64, with pools, splits and every kind of refusal.

use super::*;
use crate::error::Value;
use crate::test_support::Random;

const D: usize = 37;

/// Tables of one type, and their values widened to f64.
struct Data {
    halves: [Vec<f16>; 2],
    bytes: [Vec<i8>; 2],
    scales: [Vec<f32>; 2],
    rows: [usize; 2],
}

impl Data {
    fn new(rows: [usize; 2]) -> Data {
        let mut random = Random::new(51);
        let halves = rows.map(|n| random.values(n * D).into_iter().map(f16::from_f32_const).collect());
        let bytes = rows.map(|n| (0..n * D).map(|_| random.u32() as i8).collect());
        let scales = rows.map(|n| random.values(n));
        Data { halves, bytes, scales, rows }
    }

    fn half(&self, side: usize) -> Table<'_> {
        Matrix::new(&self.halves[side], self.rows[side], D).unwrap().into()
    }

    fn int8(&self, side: usize) -> Table<'_> {
        let rows = Matrix::new(&self.bytes[side], self.rows[side], D).unwrap();
        Int8 { rows, scales: Some(&self.scales[side]) }.into()
    }

    fn options(&self, metric: Metric, two: bool) -> ScoreOptions<'_> {
        let second = Second { left: self.half(0), right: self.half(1), factor: 0.5, second_factor: -2.0 };
        ScoreOptions { metric, second: two.then_some(second) }
    }
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Pairs, candidates and the matrix give the same bits, with every pool; a score is that of its two rows alone.
#[test]
fn every_form_and_every_split_gives_the_same_bits() {
    let (q, n) = (83, 1_100);
    let data = Data::new([q, n]);
    let pools: Vec<Option<Pool>> = [0, 1, 2, 3, 8]
        .into_iter()
        .map(|threads| (threads > 0).then(|| Pool::new(threads).unwrap()))
        .collect();
    let mut random = Random::new(52);
    // Sources without candidates, also first and last; one with very many.
    let lengths = (0..q).map(|i| match i {
        0 | 1 | 82 => 0,
        40 => 30_000,
        _ => random.below(300),
    });
    let lengths: Vec<usize> = lengths.collect();
    let (mut offsets, mut u, mut v) = (vec![0i32], Vec::new(), Vec::new());
    for (i, len) in lengths.into_iter().enumerate() {
        u.extend(std::iter::repeat_n(i as u32, len));
        v.extend((0..len).map(|_| random.below(n) as u32));
        offsets.push(v.len() as i32);
    }
    let csr = Csr { rows: q, cols: n, offsets: Indices::I32(&offsets), indices: Indices::U32(&v) };
    for case in 0..6 {
        let metric = [Metric::Dot, Metric::Cosine][case % 2];
        let options = data.options(metric, case >= 4);
        let tables = if case % 4 < 2 { (data.int8(0), data.int8(1)) } else { (data.half(0), data.half(1)) };
        let mut want: Option<Vec<u32>> = None;
        for pool in &pools {
            let pool = pool.as_ref();
            let (mut pairs, mut edges) = (vec![9.0; u.len()], vec![9.0; u.len()]);
            let mut all = vec![9.0; q * n];
            let ids = (Indices::U32(&u), Indices::U32(&v));
            score_pairs(tables.0, tables.1, ids.0, ids.1, options, &mut pairs, pool).unwrap();
            score_candidates(tables.0, tables.1, csr, options, &mut edges, pool).unwrap();
            let out = MatrixMut::new(&mut all, q, n).unwrap();
            score_matrix(tables.0, tables.1, options, out, pool).unwrap();
            let of_all: Vec<f32> =
                u.iter().zip(&v).map(|(&u, &v)| all[u as usize * n + v as usize]).collect();
            assert_eq!(bits(&pairs), bits(&edges), "{case}");
            assert_eq!(bits(&pairs), bits(&of_all), "{case}");
            let want = want.get_or_insert_with(|| bits(&pairs));
            assert_eq!(bits(&pairs), *want, "{case} with {:?} threads", pool.map(Pool::threads));
        }
        // One query against many targets is shared by columns.
        for pool in &pools {
            let mut row = vec![9.0; n];
            let one = data.half(0);
            let Table::Real(one) = one else { unreachable!() };
            let out = MatrixMut::new(&mut row, 1, n).unwrap();
            let options = ScoreOptions { metric, second: None };
            score_matrix(one.slice(5, 6), data.half(1), options, out, pool.as_ref()).unwrap();
            let mut single = [0.0];
            for (j, &found) in row.iter().enumerate() {
                let ids = ([5u32], [j as u32]);
                let ids = (Indices::U32(&ids.0), Indices::U32(&ids.1));
                score_pairs(data.half(0), data.half(1), ids.0, ids.1, options, &mut single, None).unwrap();
                assert_eq!(single[0].to_bits(), found.to_bits(), "{j}");
            }
        }
    }
}

/// The widest rows of int8 reach the greatest sums without overflow; one more column is refused.
#[test]
fn the_widest_int8_rows_do_not_overflow() {
    let d = MOST_INT8_COLUMNS;
    let bytes = vec![i8::MIN; d + 1];
    let one = [0u32];
    let ids = Indices::U32(&one);
    let table = |d| Int8 { rows: Matrix::new(&bytes[..d], 1, d).unwrap(), scales: None };
    let mut out = [0.0];
    score_pairs(table(d), table(d), ids, ids, ScoreOptions::default(), &mut out, None).unwrap();
    assert_eq!(out[0], (d as f64 * 16_384.0) as f32);
    let refused = score_pairs(table(d + 1), table(d + 1), ids, ids, ScoreOptions::default(), &mut out, None);
    assert_eq!(refused, Err(Error::new(Status::SizeOverflow, c"left.cols").size(d + 1)));
    assert!((d as i64 + 1) * 16_384 > i64::from(i32::MAX));
}

/// What is refused leaves the output alone.
#[test]
fn bad_input_is_refused() {
    let data = Data::new([3, 4]);
    let (u, v) = ([0i64, 2, 1], [3i32, 0, 4]);
    let mut out = [7.0; 3];
    let plain = ScoreOptions::default();
    let ids = (Indices::I64(&u), Indices::I32(&v));
    let refused = score_pairs(data.half(0), data.half(1), ids.0, ids.1, plain, &mut out, None).unwrap_err();
    assert_eq!((refused.status, refused.argument, refused.position), (Status::IndexOutOfRange, c"v", 2));
    assert_eq!(refused.value, Value::Integer(4));
    let v = [3i32, 0, 1];
    let ids = (Indices::I64(&u), Indices::I32(&v));
    let refused = score_pairs(data.half(0), data.int8(1), ids.0, ids.1, plain, &mut out, None).unwrap_err();
    assert_eq!((refused.status, refused.argument), (Status::InvalidArgument, c"right.element_type"));
    let scales = [1.0];
    let Table::Int8(int8) = data.int8(0) else { unreachable!() };
    let short = Int8 { scales: Some(&scales), ..int8 };
    let refused = score_pairs(short, data.int8(1), ids.0, ids.1, plain, &mut out, None).unwrap_err();
    assert_eq!((refused.status, refused.argument), (Status::ShapeMismatch, c"options.left_scales"));
    let mut two = data.options(Metric::Dot, true);
    two.second.as_mut().unwrap().factor = f32::NAN;
    let refused = score_pairs(data.half(0), data.half(1), ids.0, ids.1, two, &mut out, None).unwrap_err();
    assert_eq!((refused.status, refused.argument), (Status::NotFinite, c"options.factor"));
    assert_eq!(out, [7.0; 3]);
}
