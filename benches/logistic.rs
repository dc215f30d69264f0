//! The logistic losses: rows a second against what memory and arithmetic allow.

mod common;

use avocet::logistic::{DenseOut, DenseRows, Pointwise, Product, Targets, dense_rows, pointwise};
use avocet::{Matrix, Workspace};
use common::{every_setting, group, measure, one_thread, portable, values, work};

fn main() {
    let mut criterion = common::criterion();
    let mut group = group(&mut criterion, "logistic");
    let mut workspace = Workspace::new();
    let mut run = |name: &str, n: usize, settings: &[_]| {
        let mut logits = values(n, 1);
        logits.iter_mut().for_each(|x| *x *= 8.0);
        let labels: Vec<f32> = values(n, 2).into_iter().map(|v| f32::from(u8::from(v > 0.5))).collect();
        let weights: Vec<f32> = values(n, 3).into_iter().map(f32::abs).collect();
        let mut gradient = vec![0.0; n];
        // Of each row, counted in `src/simd/logit.rs`; three arrays are read, one is written.
        let work = work(n, 16 * n).roof(&["logistic"], 96 * n, 16 * n);
        measure(&mut group, name, work, settings, |pool| {
            let targets = Targets::Labels { labels: &labels, weights: Some(&weights) };
            let mut sum = 0.0;
            workspace
                .fit(|workspace| {
                    let out = Pointwise {
                        gradient: Some(&mut gradient),
                        sum: Some(&mut sum),
                        ..Pointwise::default()
                    };
                    pointwise(&logits, targets, false, out, pool, workspace)
                })
                .unwrap();
        });
    };
    run("pointwise 10,000,000", 10_000_000, &every_setting());
    run("pointwise 16,384", 16_384, &one_thread());
    run("pointwise 1,024", 1_024, &portable());

    let mut dense = |name: &str, n: usize, d: usize, hessian: bool, settings: &[_]| {
        let (x, weights, along) = (values(n * d, 1), values(d, 2), values(d, 3));
        let labels: Vec<f32> = values(n, 4).into_iter().map(|v| f32::from(u8::from(v > 0.5))).collect();
        let [mut gradient, mut curvature, mut product] = [(); 3].map(|()| vec![0.0; d]);
        let rows =
            DenseRows { x: Matrix::new(&x, n, d).unwrap(), offsets: None, weights: &weights, intercept: 0.0 };
        let passes = if hessian { 5 } else { 2 };
        let work = work(n, 4 * n * d).roof(&["logistic"], 2 * passes * n * d + 96 * n, 4 * n * d);
        measure(&mut group, name, work, settings, |pool| {
            workspace
                .fit(|workspace| {
                    let product = Product { along: &along, along_intercept: 0.0, out: &mut product };
                    let out = DenseOut {
                        gradient: Some(&mut gradient),
                        curvature: hessian.then_some(&mut curvature),
                        product: hessian.then_some(product),
                        ..DenseOut::default()
                    };
                    let targets = Targets::Labels { labels: &labels, weights: None };
                    dense_rows(rows, Some(targets), false, out, pool, workspace)
                })
                .unwrap();
        });
    };
    dense("dense 1,000,000 x 64", 1_000_000, 64, false, &every_setting());
    dense("dense 200,000 x 256", 200_000, 256, false, &every_setting());
    dense("hessian 1,000,000 x 64", 1_000_000, 64, true, &every_setting());
    dense("dense 1,000 x 64", 1_000, 64, false, &one_thread());
    group.finish();
    criterion.final_summary();
}
