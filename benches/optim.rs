//! The optimiser steps: they do little arithmetic, so the question is whether they run at the speed of memory (`copy`
//! is that speed: 64 MB to another place on one thread), and of a cache for a table that fits.
//!
//! Bytes: each array is counted once for every time it is read or written.

mod common;

use avocet::optim::{Adam, adagrad_rows, adam};
use avocet::{Indices, Matrix, MatrixMut};
use common::{DIMENSIONS, best, every_setting, group, measure, one_thread, portable, traffic, values, work};
use criterion::Criterion;

fn copy(criterion: &mut Criterion) {
    let mut group = group(criterion, "copy");
    let len = 16 << 20;
    let (from, mut to) = (values(len, 1), vec![0.0; len]);
    measure(&mut group, "64 MB", traffic(8 * len), &best(), |_| {
        to.copy_from_slice(&from);
        std::hint::black_box(&mut to);
    });
    group.finish();
}

fn adams(criterion: &mut Criterion) {
    let mut group = group(criterion, "adam");
    let mut run = |name: &str, n: usize, settings: &[_]| {
        let (mut parameters, gradient) = (values(n, 1), values(n, 2));
        let (mut first, mut second) = (vec![0.0; n], vec![0.0; n]);
        let work = work(n, 28 * n).roof(&["adam"], 13 * n, 16 * n);
        measure(&mut group, name, work, settings, |pool| {
            adam(Adam::new(1e-3, 10), &mut parameters, &gradient, &mut first, &mut second, pool).unwrap();
        });
    };
    run("6 x 64 x 64", 6 * 64 * 64, &one_thread());
    run("30,000 x 100", 30_000 * 100, &every_setting());
    run("4,096", 4_096, &portable());
    group.finish();
}

fn adagrads(criterion: &mut Criterion) {
    let mut group = group(criterion, "adagrad_rows");
    let n = 60_000;
    // Every third row, as a large batch touches them.
    let rows: Vec<u32> = (0..n as u32).step_by(3).collect();
    for d in DIMENSIONS {
        let gradient = values(rows.len() * d, 1);
        let gradient = Matrix::new(&gradient, rows.len(), d).unwrap();
        let (mut table, mut squares) = (values(n * d, 2), vec![0.0; n * d]);
        let settings = if d == 64 { every_setting() } else { one_thread() };
        let touched = rows.len() * d;
        let work = work(touched, 20 * touched + 4 * rows.len());
        let work = work.roof(&["adagrad"], 7 * touched, 12 * touched + 4 * rows.len()).shown(d == 64);
        measure(&mut group, &format!("20,000 of 60,000, d{d}"), work, &settings, |pool| {
            let table = MatrixMut::new(&mut table, n, d).unwrap();
            let squares = MatrixMut::new(&mut squares, n, d).unwrap();
            adagrad_rows(1e-3, 1e-8, Indices::U32(&rows), gradient, table, squares, pool).unwrap();
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = common::criterion();
    copy(&mut criterion);
    adams(&mut criterion);
    adagrads(&mut criterion);
    criterion.final_summary();
}
