//! Whole calls: pools, strides, and rows that are refused.

use super::*;
use crate::test_support::Random;
use half::{bf16, f16};

/// The same with every pool, and nothing between the rows is written.
#[test]
fn pools_and_strides_change_nothing() {
    let (n, d, stride) = (3_000, 130, 133);
    let x = Random::new(61).values(n * stride);
    let from = Matrix::with_stride(&x, n, d, stride).unwrap();
    let mut wanted = None;
    for threads in [0, 1, 2, 3, 8] {
        let pool = (threads > 0).then(|| Pool::new(threads).unwrap());
        let pool = pool.as_ref();
        let mut halves = vec![f16::from_bits(1); n * stride];
        let mut brains = vec![bf16::from_bits(1); n * stride];
        let (mut bytes, mut back) = (vec![1i8; n * stride], vec![1.0; n * stride]);
        let (mut scales, mut norms) = (vec![0.0; n], vec![0.0; n]);
        let out = MatrixMut::with_stride(&mut halves, n, d, stride).unwrap();
        convert(from.into(), out.into(), pool).unwrap();
        let out = MatrixMut::with_stride(&mut brains, n, d, stride).unwrap();
        convert(from.into(), out.into(), pool).unwrap();
        let out = MatrixMut::with_stride(&mut bytes, n, d, stride).unwrap();
        quantize_rows(from.into(), out, &mut scales, pool).unwrap();
        let integers = Matrix::with_stride(&bytes, n, d, stride).unwrap();
        let out = MatrixMut::with_stride(&mut back, n, d, stride).unwrap();
        dequantize_rows(integers, &scales, out, pool).unwrap();
        row_norms(from.into(), &mut norms, pool).unwrap();
        for i in 0..n * stride {
            if i % stride >= d {
                assert_eq!((halves[i].to_bits(), brains[i].to_bits(), bytes[i], back[i]), (1, 1, 1, 1.0));
            } else {
                let error = (back[i] - x[i]).abs();
                assert!(error <= scales[i / stride] * 0.500_01, "{error} at {i}");
            }
        }
        let found = (halves, brains, bytes, back, scales, norms);
        assert_eq!(wanted.get_or_insert_with(|| found.clone()), &found, "{threads} threads");
    }
}

/// The first bad row is named, whatever the threads meet first.
#[test]
fn the_first_row_that_is_not_finite_is_named() {
    let (n, d) = (20_000, 40);
    let mut x = vec![1.0f32; n * d];
    let (mut out, mut scales) = (vec![0i8; n * d], vec![0.0; n]);
    for (row, value) in [(n - 1, f32::NAN), (n / 2, f32::INFINITY), (37, f32::NEG_INFINITY)] {
        x[row * d + 39] = value;
        for threads in [1, 2, 8] {
            let pool = Pool::new(threads).unwrap();
            let from = Matrix::new(&x, n, d).unwrap();
            let to = MatrixMut::new(&mut out, n, d).unwrap();
            let refused = quantize_rows(from.into(), to, &mut scales, Some(&pool)).unwrap_err();
            assert_eq!((refused.status, refused.argument), (Status::NotFinite, c"x"));
            assert_eq!(refused.position, row as u64);
        }
    }
}
