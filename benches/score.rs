//! The score family: fused operations a second of exact top-k (one query, as a request brings it, and 64 at a time),
//! of rank counts and of the two losses, and the memory that pair scores come from.
//!
//! Shapes: 100,000 targets (more than the caches hold at any d), k = 10; 8,192 sources by 2,048 shared negatives; one
//! term of the edge loss over some 460,000 edges with both gradients. The logistic loss counts three fused operations
//! a dimension for each edge: the dot and both gradients; so does the softmax for each source and negative.

mod common;

use avocet::score::{
    EdgeKind, EdgeTerm, Softmax, TopK, edge_loss, rank_counts, score_pairs, softmax_loss, top_k,
};
use avocet::{Indices, Matrix, MatrixMut, Workspace};
use common::{DIMENSIONS, Edges, every_setting, group, ids, measure, one_thread, portable, values, work};
use criterion::Criterion;

const TARGETS: usize = 100_000;
const K: usize = 10;

fn pairs(criterion: &mut Criterion) {
    let mut group = group(criterion, "score_pairs");
    let (n, pairs) = (30_000, 100_000);
    let (u, v, mut out) = (ids(pairs, n, 1), ids(pairs, n, 2), vec![0.0; pairs]);
    for d in DIMENSIONS {
        let (left, right) = (values(n * d, 3), values(n * d, 4));
        let (left, right) = (Matrix::new(&left, n, d).unwrap(), Matrix::new(&right, n, d).unwrap());
        let settings = if d == 64 { every_setting() } else { one_thread() };
        measure(&mut group, &format!("d{d}"), work(pairs * d, pairs * (8 * d + 12)), &settings, |pool| {
            score_pairs(left, right, Indices::U32(&u), Indices::U32(&v), &mut out, pool).unwrap();
        });
    }
    group.finish();
}

fn best_targets(criterion: &mut Criterion) {
    let mut group = group(criterion, "top_k");
    let mut workspace = Workspace::new();
    let mut run = |q: usize, n: usize, d: usize, settings: &[_]| {
        let (queries, targets) = (values(q * d, 1), values(n * d, 2));
        let (queries, targets) = (Matrix::new(&queries, q, d).unwrap(), Matrix::new(&targets, n, d).unwrap());
        let (mut ids, mut scores, mut counts) = (vec![0; q * K], vec![0.0; q * K], vec![0; q]);
        let name = format!("{q} x {n}, d{d}");
        measure(&mut group, &name, work(q * n * d, 4 * n * d), settings, |pool| {
            let call = |workspace: &mut Workspace| {
                let out =
                    TopK { k: K, ids: &mut ids, scores: &mut scores, counts: &mut counts, nan_counts: None };
                top_k(queries, targets, None, out, pool, workspace)
            };
            workspace.fit(call).unwrap();
        });
    };
    run(1, TARGETS, 64, &every_setting());
    for d in DIMENSIONS {
        let settings = if d == 64 { every_setting() } else { one_thread() };
        run(64, TARGETS, d, &settings);
    }
    run(4, 5_000, 64, &portable());
    group.finish();
}

fn ranks(criterion: &mut Criterion) {
    let mut group = group(criterion, "rank_counts");
    let mut workspace = Workspace::new();
    let (q, d) = (64, 64);
    let (queries, targets) = (values(q * d, 1), values(TARGETS * d, 2));
    let (queries, targets) =
        (Matrix::new(&queries, q, d).unwrap(), Matrix::new(&targets, TARGETS, d).unwrap());
    let given = Edges::new(q, TARGETS, 2, 3).graph();
    let exclude = Edges::new(q, TARGETS, 16, 4).graph();
    let (mut better, mut equal) = (vec![0; given.edges()], vec![0; given.edges()]);
    let work = work(q * TARGETS * d, 4 * TARGETS * d);
    measure(&mut group, "64 x 100000, d64, excluding", work, &every_setting(), |pool| {
        let (better, equal) = (&mut better, &mut equal);
        let call = |workspace: &mut Workspace| {
            rank_counts(queries, targets, &given, Some(&exclude), better, equal, pool, workspace)
        };
        workspace.fit(call).unwrap();
    });
    group.finish();
}

fn softmax(criterion: &mut Criterion) {
    let mut group = group(criterion, "softmax_loss");
    let mut workspace = Workspace::new();
    let mut run = |rows: usize, cols: usize, n: usize, d: usize, settings: &[_]| {
        let positives = Edges::new(rows, cols, 4, 1).graph();
        let transposed = positives.transpose().unwrap();
        let (sources, targets) = (values(rows * d, 2), values(cols * d, 3));
        let (sources, targets) =
            (Matrix::new(&sources, rows, d).unwrap(), Matrix::new(&targets, cols, d).unwrap());
        let negatives = ids(n, cols, 4);
        let (mut source_gradient, mut target_gradient) = (vec![0.0; rows * d], vec![0.0; cols * d]);
        let options = Softmax { temperature: 0.5, weight: 1e-4, edge_weights: None };
        let bytes = 4 * (2 * rows * d + 2 * cols * d);
        let name = format!("{rows} sources x {n} negatives, d{d}");
        measure(&mut group, &name, work(3 * rows * n * d, bytes), settings, |pool| {
            let call = |workspace: &mut Workspace| {
                softmax_loss(
                    &positives,
                    &transposed,
                    sources,
                    targets,
                    Indices::U32(&negatives),
                    options,
                    Some(MatrixMut::new(&mut source_gradient, rows, d)?),
                    Some(MatrixMut::new(&mut target_gradient, cols, d)?),
                    pool,
                    workspace,
                )
            };
            workspace.fit(call).unwrap();
        });
    };
    run(8_192, 30_000, 2_048, 64, &every_setting());
    run(1_024, 5_000, 500, 100, &one_thread());
    run(128, 500, 64, 32, &portable());
    group.finish();
}

fn edges(criterion: &mut Criterion) {
    let mut group = group(criterion, "edge_loss");
    let mut workspace = Workspace::new();
    let n = 30_000;
    let graph = Edges::new(n, n, 16, 1).graph();
    let transposed = graph.transpose().unwrap();
    let term = EdgeTerm { weight: 1e-4, ..EdgeTerm::new(EdgeKind::Positive) };
    for d in DIMENSIONS {
        let (sources, targets) = (values(n * d, 2), values(n * d, 3));
        let (sources, targets) = (Matrix::new(&sources, n, d).unwrap(), Matrix::new(&targets, n, d).unwrap());
        let (mut source_gradient, mut target_gradient) = (vec![0.0; n * d], vec![0.0; n * d]);
        let settings = if d == 64 { every_setting() } else { one_thread() };
        let (elements, bytes) = (3 * graph.edges() * d, 3 * graph.edges() * (4 * d + 8) + 20 * n * d);
        measure(&mut group, &format!("positives, d{d}"), work(elements, bytes), &settings, |pool| {
            let call = |workspace: &mut Workspace| {
                edge_loss(
                    &graph,
                    &transposed,
                    sources,
                    targets,
                    term,
                    None,
                    Some(MatrixMut::new(&mut source_gradient, n, d)?),
                    Some(MatrixMut::new(&mut target_gradient, n, d)?),
                    pool,
                    workspace,
                )
            };
            workspace.fit(call).unwrap();
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = common::criterion();
    pairs(&mut criterion);
    best_targets(&mut criterion);
    ranks(&mut criterion);
    softmax(&mut criterion);
    edges(&mut criterion);
    criterion.final_summary();
}
