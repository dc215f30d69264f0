//! The dense family: how close do the products of row blocks by small matrices come to the peak of fused operations,
//! and do activation and row norm stay in their shadow?
//!
//! Shapes: one addend at each d, square weights, rows that stay in cache; six addends over 63,436 rows, a layer of
//! the example's network, whose rows do not; one product with a hundred columns and a tail on both sides. A gradient of
//! no rows costs the addition to what it holds.

mod common;

use avocet::dense::{Activation, Addend, Options, activate, activate_backward, product, weight_gradient};
use avocet::{Matrix, MatrixMut, Workspace};
use common::{DIMENSIONS, best, every_setting, group, measure, one_thread, portable, traffic, values, work};
use criterion::Criterion;

const ROWS: usize = 4_096;
/// Rows and addends of a layer of the example.
const LAYER_ROWS: usize = 63_436;
const LAYER_ADDENDS: usize = 6;
/// Of each value: its square in the norm's sum, and the division.
const NORM_FLOPS: usize = 3;
/// Of tanh, counted in `src/simd/math.rs`.
const TANH_FLOPS: usize = 41;

fn products(criterion: &mut Criterion) {
    let mut group = group(criterion, "product");
    let mut workspace = Workspace::new();
    let mut run = |name: &str, n: usize, d: usize, addends: usize, options: Options, settings: &[_]| {
        let xs: Vec<_> = (0..addends).map(|at| values(n * d, 10 + at as u64)).collect();
        let ws: Vec<_> = (0..addends).map(|at| values(d * d, 30 + at as u64)).collect();
        let addends: Vec<_> = xs
            .iter()
            .zip(&ws)
            .map(|(x, w)| Addend {
                x: Matrix::new(x, n, d).unwrap(),
                w: Matrix::new(w, d, d).unwrap(),
                transposed: false,
            })
            .collect();
        let (mut out, mut norms) = (vec![0.0; n * d], vec![0.0; n]);
        let bytes = 4 * (addends.len() + 1) * n * d;
        let epilogue = if options.normalise { NORM_FLOPS * n * d } else { 0 };
        let kernels: &[_] = if options.normalise { &["product", "activate"] } else { &["product"] };
        let flops = 2 * addends.len() * n * d * d + epilogue;
        let work =
            work(addends.len() * n * d * d, bytes).roof(kernels, flops, bytes).shown(matches!(d, 64 | 128));
        measure(&mut group, name, work, settings, |pool| {
            let mut call = |workspace: &mut Workspace| {
                let out = MatrixMut::new(&mut out, n, d)?;
                product(&addends, options, out, Some(&mut norms), pool, workspace)
            };
            workspace.fit(&mut call).unwrap();
        });
    };
    let plain = Options::default();
    let finished = Options { activation: Activation::Relu, normalise: true, ..plain };
    for d in DIMENSIONS {
        let settings = if d == 100 { one_thread() } else { every_setting() };
        run(&format!("4,096 rows, d{d}"), ROWS, d, 1, plain, &settings);
    }
    run("4,096 rows, d64, relu and norm", ROWS, 64, 1, finished, &one_thread());
    run("256 rows, d64", 256, 64, 1, plain, &portable());
    run("63,436 rows, d64, 6 addends", LAYER_ROWS, 64, LAYER_ADDENDS, finished, &every_setting());
    group.finish();
}

fn weight_gradients(criterion: &mut Criterion) {
    let mut group = group(criterion, "weight_gradient");
    let mut workspace = Workspace::new();
    for (n, d) in [(LAYER_ROWS, 64), (ROWS, 100)] {
        let (x, dz) = (values(n * d, 1), values(n * d, 2));
        let (x, dz) = (Matrix::new(&x, n, d).unwrap(), Matrix::new(&dz, n, d).unwrap());
        let mut out = vec![0.0; d * d];
        let settings = if d == 64 { every_setting() } else { one_thread() };
        let bytes = 4 * (2 * n * d + d * d);
        let work = work(n * d * d, bytes).roof(&["weight_gradient"], 2 * n * d * d, bytes).shown(d == 64);
        measure(&mut group, &format!("{n} rows, d{d}"), work, &settings, |pool| {
            let call = |workspace: &mut Workspace| {
                weight_gradient(x, dz, false, MatrixMut::new(&mut out, d, d)?, pool, workspace)
            };
            workspace.fit(call).unwrap();
        });
    }

    let d = 256;
    let (none, mut out) = (Matrix::new(&[], 0, d).unwrap(), values(d * d, 3));
    // The sum of no leaves is written once and then added.
    let work = work(d * d, 16 * d * d).roof(&["add"], d * d, 8 * d * d);
    measure(&mut group, &format!("no rows, d{d}, accumulating"), work, &best(), |pool| {
        let call = |workspace: &mut Workspace| {
            weight_gradient(none, none, true, MatrixMut::new(&mut out, d, d)?, pool, workspace)
        };
        workspace.fit(call).unwrap();
    });
    group.finish();
}

fn activations(criterion: &mut Criterion) {
    let mut group = group(criterion, "activate");
    let (n, d) = (ROWS, 64);
    let (dy, mut dz) = (values(n * d, 1), vec![0.0; n * d]);
    let dy = Matrix::new(&dy, n, d).unwrap();
    for (name, activation, flops, backward_flops) in
        [("relu", Activation::Relu, 0, 0), ("tanh", Activation::Tanh, TANH_FLOPS, 5)]
    {
        let options = Options { activation, normalise: true, ..Options::default() };
        let (mut y, mut norms) = (values(n * d, 3), vec![0.0; n]);
        let forward = traffic(8 * n * d).roof(&["activate"], (flops + NORM_FLOPS) * n * d, 4 * n * d);
        measure(&mut group, &format!("{name} and norm, d64"), forward, &one_thread(), |pool| {
            activate(options, MatrixMut::new(&mut y, n, d).unwrap(), Some(&mut norms), pool).unwrap();
        });
        let y = Matrix::new(&y, n, d).unwrap();
        let flops = (backward_flops + NORM_FLOPS + 2) * n * d;
        let backward = traffic(12 * n * d).roof(&["activate_backward"], flops, 12 * n * d);
        measure(&mut group, &format!("{name} and norm, d64, backward"), backward, &one_thread(), |pool| {
            let dz = MatrixMut::new(&mut dz, n, d).unwrap();
            activate_backward(options, y, Some(&norms), dy, dz, pool).unwrap();
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = common::criterion();
    products(&mut criterion);
    weight_gradients(&mut criterion);
    activations(&mut criterion);
    criterion.final_summary();
}
