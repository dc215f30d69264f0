//! The logistic losses: rows a second against what memory and arithmetic allow; and sparse models, entries a second.

mod common;

use avocet::logistic::{
    BatchOut, BatchRows, Features, FitOptions, Method, Optimiser, Pointwise, PreparedRows, Product,
    ProductLoss, Rows, Scheme, SparseModel, SparseRows, Targets, batch, feedback_weights, fit, pointwise,
    product_loss,
};
use avocet::{Csr, Indices, Matrix, Workspace, bf16};
use common::{Random, every_setting, group, measure, one_thread, portable, values, work};

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
        let work = work(n, 16 * n).roof(&["logistic_pointwise"], 96 * n, 16 * n);
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

    let mut product = |name: &str, n: usize, settings: &[_]| {
        let [mut first, mut second] = [1, 2].map(|seed| values(n, seed));
        first.iter_mut().chain(&mut second).for_each(|x| *x *= 8.0);
        let labels: Vec<f32> = values(n, 3).into_iter().map(|v| f32::from(u8::from(v > 0.5))).collect();
        let weights: Vec<f32> = values(n, 4).into_iter().map(f32::abs).collect();
        let [mut by_first, mut by_second] = [(); 2].map(|()| vec![0.0; n]);
        // Of each row, counted in `src/simd/logit_pair.rs`; four arrays are read, two are written.
        let work = work(n, 24 * n).roof(&["logistic_product"], 300 * n, 24 * n);
        measure(&mut group, name, work, settings, |pool| {
            let targets = Targets::Labels { labels: &labels, weights: Some(&weights) };
            let mut sum = 0.0;
            workspace
                .fit(|workspace| {
                    let out = ProductLoss {
                        first_gradient: Some(&mut by_first),
                        second_gradient: Some(&mut by_second),
                        sum: Some(&mut sum),
                        ..ProductLoss::default()
                    };
                    product_loss(&first, &second, targets, false, out, pool, workspace)
                })
                .unwrap();
        });
    };
    product("product 10,000,000", 10_000_000, &every_setting());
    product("product 16,384", 16_384, &one_thread());
    product("product 1,024", 1_024, &portable());

    let mut dense = |name: &str, n: usize, d: usize, bytes: usize, hessian: bool, settings: &[_]| {
        let (x, weights, along) = (values(n * d, 1), values(d, 2), values(d, 3));
        let labels: Vec<f32> = values(n, 4).into_iter().map(|v| f32::from(u8::from(v > 0.5))).collect();
        let [mut gradient, mut curvature, mut product] = [(); 3].map(|()| vec![0.0; d]);
        let narrow: Vec<bf16> = x.iter().map(|&v| bf16::from_f32(v)).collect();
        let x = match bytes {
            2 => Matrix::new(&narrow, n, d).unwrap().into(),
            _ => Matrix::new(&x, n, d).unwrap().into(),
        };
        let rows =
            BatchRows { features: Features::Dense(x), offsets: None, weights: &weights, intercept: 0.0 };
        let passes = if hessian { 5 } else { 2 };
        let kernels = &["logistic_margins", "logistic_pointwise", "logistic_accumulate", "two_part_add"];
        let work = work(n, bytes * n * d).roof(kernels, 2 * passes * n * d + 96 * n, bytes * n * d);
        measure(&mut group, name, work, settings, |pool| {
            workspace
                .fit(|workspace| {
                    let product = Product { along: &along, along_intercept: 0.0, out: &mut product };
                    let out = BatchOut {
                        gradient: Some(&mut gradient),
                        curvature: hessian.then_some(&mut curvature),
                        product: hessian.then_some(product),
                        ..BatchOut::default()
                    };
                    let targets = Targets::Labels { labels: &labels, weights: None };
                    batch(rows, Some(targets), false, out, pool, workspace)
                })
                .unwrap();
        });
    };
    dense("dense 1,000,000 x 64", 1_000_000, 64, 4, false, &every_setting());
    dense("dense 200,000 x 256", 200_000, 256, 4, false, &every_setting());
    dense("hessian 1,000,000 x 64", 1_000_000, 64, 4, true, &every_setting());
    dense("dense bf16 1,000,000 x 64", 1_000_000, 64, 2, false, &every_setting());
    dense("dense 1,000 x 64", 1_000, 64, 4, false, &one_thread());

    let n = 10_000_000;
    let (x, first, second) = (values(n, 5), values(n, 6), values(n, 7));
    let kinds: Vec<u8> = values(n, 8).into_iter().map(|v| u8::from(v > 0.5)).collect();
    let (mut a, mut b) = (vec![0.0; n], vec![0.0; n]);
    for (name, method, flops) in [("Defuse", Method::Defuse, 100), ("Defer", Method::Defer, 105)] {
        // Kinds and the arrays that the method needs are read, the coefficients written.
        let needed = method.needs().iter().filter(|&&needed| needed).count();
        let bytes = n * (1 + 4 * needed + 8);
        let work = work(n, bytes).roof(&["logistic_feedback"], flops * n, bytes);
        measure(&mut group, &format!("weights {name} 10,000,000"), work, &every_setting(), |pool| {
            let rows = Rows { kinds: &kinds, logits: Some(&x), first: Some(&first), second: Some(&second) };
            feedback_weights(Scheme::new(method), rows, &mut a, &mut b, pool).unwrap();
        });
    }
    group.finish();
    csr(&mut criterion, &mut workspace);
    steps(&mut criterion);
    sparse(&mut criterion, &mut workspace);
    criterion.final_summary();
}

/// Rows of 40 hashed features, one of each field, the ranks of a field's values spread evenly over their logarithm: a few
/// are in most rows, most in few.
fn hashed(rows: usize, bits: u32) -> (Vec<i64>, Vec<u32>) {
    let mut random = Random::new(1);
    let mut hash = |field: usize| {
        let rank = (random.unit() * 20.0).exp2() as u64;
        let mixed = (rank << 6 | field as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> (64 - bits)) as u32
    };
    let indices = (0..rows * 40).map(|at| hash(at % 40)).collect();
    ((0..=rows as i64).map(|row| row * 40).collect(), indices)
}

/// Rows of 40 hashed features in ascending order, one of each field, the ranks of a field's values with a Pareto tail:
/// some hundred features are in most rows.
fn skewed(rows: usize, bits: u32) -> (Vec<i64>, Vec<u32>) {
    let mut random = Random::new(1);
    let mut hash = |field: usize| {
        let rank = 20.0 * ((1.0 - random.unit()).powf(-1.0 / 1.05) - 1.0);
        (((rank as u64).wrapping_mul(2_654_435_761) + field as u64 * 40_503) & ((1 << bits) - 1)) as u32
    };
    let mut indices: Vec<u32> = (0..rows * 40).map(|at| hash(at % 40)).collect();
    indices.chunks_mut(40).for_each(<[u32]>::sort_unstable);
    ((0..=rows as i64).map(|row| row * 40).collect(), indices)
}

/// Loss and gradient of sparse rows, as they come and prepared.
fn csr(criterion: &mut criterion::Criterion, workspace: &mut Workspace) {
    let mut group = group(criterion, "csr");
    const ROWS: usize = 1_000_000;
    let (offsets, indices) = skewed(ROWS, 20);
    let labels: Vec<f32> = values(ROWS, 2).into_iter().map(|v| f32::from(u8::from(v > 0.5))).collect();
    let x = values(ROWS * 40, 3);
    let csr =
        Csr { rows: ROWS, cols: 1 << 20, offsets: Indices::I64(&offsets), indices: Indices::U32(&indices) };
    for (kind, given) in [("ones", None), ("values", Some(&x[..]))] {
        let prepared = PreparedRows::new(csr, given).unwrap();
        for (name, features) in
            [("rows", Features::Sparse { csr, values: given }), ("prepared", Features::Prepared(&prepared))]
        {
            let len = if name == "rows" { 1 << 20 } else { prepared.features().len() };
            let (weights, mut gradient) = (values(len, 4), vec![0.0; len]);
            // An index, and a value if there are any, is read of each entry; the vectors are in cache.
            let bytes = ROWS * 40 * if given.is_some() { 8 } else { 4 };
            let kernels = &["csr_margins", "csr_accumulate", "csr_finish"];
            let work = work(ROWS * 40, bytes).roof(kernels, ROWS * 40 * 4, bytes);
            measure(&mut group, &format!("{name} with {kind}"), work, &every_setting(), |pool| {
                workspace
                    .fit(|workspace| {
                        let rows = BatchRows { features, offsets: None, weights: &weights, intercept: 0.0 };
                        let out = BatchOut { gradient: Some(&mut gradient), ..BatchOut::default() };
                        let targets = Targets::Labels { labels: &labels, weights: None };
                        batch(rows, Some(targets), false, out, pool, workspace)
                    })
                    .unwrap();
            });
        }
    }
    group.finish();
}

/// Steps of L-BFGS where the vectors are long and the rows few, so that the vectors' arithmetic is what counts.
fn steps(criterion: &mut criterion::Criterion) {
    const STEPS: usize = 12;
    let mut group = group(criterion, "lbfgs");
    let (offsets, indices) = skewed(2_000, 20);
    let labels: Vec<f32> = values(2_000, 2).into_iter().map(|v| f32::from(u8::from(v > 0.5))).collect();
    let (offsets, indices) = (Indices::I64(&offsets), Indices::U32(&indices));
    let prepared = PreparedRows::new(Csr { rows: 2_000, cols: 1 << 20, offsets, indices }, None).unwrap();
    let options = FitOptions { l2: 1.0, tolerance: 0.0, iterations: STEPS, ..FitOptions::default() };
    // In each step two passes over the history, on average half full, and some ten vectors.
    let flops = STEPS * (2 << 20) * (4 * STEPS / 2 + 10);
    let work = work(STEPS << 20, 4 * flops).roof(&["fit_dot", "fit_add", "fit_divide"], flops, 4 * flops);
    measure(&mut group, "12 steps of 2^20 weights", work, &every_setting(), |pool| {
        let (mut weights, mut intercept) = (vec![0.0; 1 << 20], 0.0);
        let targets = Targets::Labels { labels: &labels, weights: None };
        let features = Features::Prepared(&prepared);
        fit(features, None, targets, false, options, &mut weights, &mut intercept, pool).unwrap();
    });
    group.finish();
}

/// Learning and predicting. A call takes 20,000 rows of 200,000, after one pass over all.
fn sparse(criterion: &mut criterion::Criterion, workspace: &mut Workspace) {
    const CALL: usize = 20_000;
    let mut group = group(criterion, "sparse");
    let ftrl = Optimiser::Ftrl { alpha: 0.1, beta: 1.0, l1: 1.0, l2: 1.0 };
    for (name, bits, optimiser, minibatch) in [
        ("ftrl 2^20 online", 20, ftrl, 1),
        ("ftrl 2^24 online", 24, ftrl, 1),
        ("ftrl 2^24 by 256", 24, ftrl, 256),
        ("adagrad 2^24 online", 24, Optimiser::Adagrad { rate: 0.1, epsilon: 1e-8, l2: 0.0 }, 1),
        ("predict 2^24", 24, ftrl, 0),
    ] {
        let (offsets, indices) = hashed(200_000, bits);
        let labels: Vec<f32> = values(200_000, 2).into_iter().map(|v| f32::from(u8::from(v > 0.5))).collect();
        let part = |at: usize, rows: usize| {
            let (offsets, indices) = (&offsets[..=rows], &indices[at * 40..][..rows * 40]);
            let csr =
                Csr { rows, cols: 1 << bits, offsets: Indices::I64(offsets), indices: Indices::U32(indices) };
            (SparseRows::new(csr), Targets::Labels { labels: &labels[at..][..rows], weights: None })
        };
        let mut model = SparseModel::new(1 << bits, true, optimiser).unwrap();
        let (rows, targets) = part(0, 200_000);
        workspace.fit(|space| model.learn(rows, targets, false, minibatch.max(1), None, space)).unwrap();
        let mut logits = vec![0.0; CALL];
        let mut at = 0;
        let settings = if minibatch == 0 { every_setting() } else { one_thread() };
        // An entry's index is read, and its coordinate read and, when learning, written. Flops: a product and a sum, and
        // some 20 of a step.
        let (kernels, flops, bytes) = match minibatch {
            0 => (&["sparse_predict"], 2, 12),
            _ => (&["sparse_learn"], 22, 20),
        };
        let entries = CALL * 40;
        let work = work(entries, entries * bytes).roof(kernels, entries * flops, 8 << bits);
        measure(&mut group, name, work, &settings, |pool| {
            let (rows, targets) = part(at, CALL);
            at = (at + CALL) % 200_000;
            match minibatch {
                0 => model.predict(rows, &mut logits, pool).unwrap(),
                _ => model.learn(rows, targets, false, minibatch, Some(&mut logits), workspace).unwrap(),
            }
        });
    }
    let model = SparseModel::new(1 << 20, true, ftrl).unwrap();
    let mut weights = vec![0.0; 1 << 20];
    let work = work(1 << 20, 12 << 20).roof(&["sparse_weights"], 8 << 20, 12 << 20);
    measure(&mut group, "weights 2^20", work, &one_thread(), |_| model.weights(&mut weights).unwrap());
    group.finish();
}
