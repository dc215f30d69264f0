//! The logistic losses: rows a second against what memory and arithmetic allow.

mod common;

use avocet::Workspace;
use avocet::logistic::{Pointwise, Targets, pointwise};
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
    group.finish();
    criterion.final_summary();
}
