//! The dense family: how close do the products of row blocks by small matrices come to the peak of fused operations,
//! and do activation and row norm stay in their shadow?
//!
//! Shapes: one addend at each d, square weights, rows that stay in cache; six addends over 63,436 rows, a layer of
//! the example's network, whose rows do not; one product with a hundred columns and a tail on both sides.

mod common;

use avocet::dense::{Activation, Addend, Options, activate, activate_backward, product, weight_gradient};
use avocet::{Matrix, MatrixMut, Workspace};
use common::{DIMENSIONS, every_setting, group, measure, one_thread, portable, values, work};
use criterion::{Criterion, Throughput};

const ROWS: usize = 4_096;
/// Rows and addends of a layer of the example.
const LAYER_ROWS: usize = 63_436;
const LAYER_ADDENDS: usize = 6;

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
        let work = work(addends.len() * n * d * d, 4 * (addends.len() + 1) * n * d);
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
        let work = work(n * d * d, 4 * (2 * n * d + d * d));
        measure(&mut group, &format!("{n} rows, d{d}"), work, &settings, |pool| {
            let call = |workspace: &mut Workspace| {
                weight_gradient(x, dz, false, MatrixMut::new(&mut out, d, d)?, pool, workspace)
            };
            workspace.fit(call).unwrap();
        });
    }
    group.finish();
}

fn activations(criterion: &mut Criterion) {
    let mut group = group(criterion, "activate");
    let (n, d) = (ROWS, 64);
    let (dy, mut dz) = (values(n * d, 1), vec![0.0; n * d]);
    let dy = Matrix::new(&dy, n, d).unwrap();
    for (name, activation) in [("relu", Activation::Relu), ("tanh", Activation::Tanh)] {
        let options = Options { activation, normalise: true, ..Options::default() };
        let (mut y, mut norms) = (values(n * d, 3), vec![0.0; n]);
        let forward = Throughput::Bytes((8 * n * d) as u64);
        measure(&mut group, &format!("{name} and norm, d64"), forward, &one_thread(), |pool| {
            activate(options, MatrixMut::new(&mut y, n, d).unwrap(), Some(&mut norms), pool).unwrap();
        });
        let y = Matrix::new(&y, n, d).unwrap();
        let backward = Throughput::Bytes((12 * n * d) as u64);
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
