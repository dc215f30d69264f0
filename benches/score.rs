//! The score family: fused operations a second of exact top-k (one query, as a request brings it, and 64 at a time),
//! of rank counts and of the two losses, and the memory that pair scores come from.
//!
//! Shapes: 100,000 targets (more than the caches hold at any d), k = 10; 8,192 sources by 2,048 shared negatives; one
//! term of the edge loss over some 460,000 edges with both gradients. The logistic loss counts three fused operations
//! a dimension for each edge: the dot and both gradients; so does the softmax for each source and negative. Without
//! dimensions the losses cost what is left: the functions of each edge, or of each source and negative. With one
//! dimension and many given targets, rank counts compare scores. Rows in any type: 1,000,000 pairs of random rows of tables
//! of 1,000,000 x 128, ten candidates a source, and one query against a table.

mod common;

use avocet::convert::{convert, dequantize_rows, quantize_rows, row_norms};
use avocet::score::index::{Found, Index, IndexOptions, Search, Storage};
use avocet::score::{
    EdgeKind, EdgeTerm, Int8, ScoreOptions, Softmax, Table, TopK, edge_loss, rank_counts, score_candidates,
    score_matrix, score_pairs, softmax_loss, top_k,
};
use avocet::{Csr, Graph, Indices, Matrix, MatrixMut, Workspace, bf16, f16};
use common::{
    DIMENSIONS, Edges, Work, best, best_and_two, every_setting, group, ids, measure, one_thread, portable,
    traffic, values, work,
};
use criterion::Criterion;

const TARGETS: usize = 100_000;
const K: usize = 10;
/// Of an edge's loss and its slope: softplus, sigmoid and what scales them, counted in `src/simd/math.rs` and the kernel.
const EDGE_FLOPS: usize = 101;
/// Of the logit of a source and a negative: the exponential, its sum and what scales it.
const SOFTMAX_FLOPS: usize = 29;

fn pairs(criterion: &mut Criterion) {
    let mut group = group(criterion, "score_pairs");
    let (n, pairs) = (30_000, 100_000);
    let (u, v, mut out) = (ids(pairs, n, 1), ids(pairs, n, 2), vec![0.0; pairs]);
    for d in DIMENSIONS {
        let (left, right) = (values(n * d, 3), values(n * d, 4));
        let (left, right) = (Matrix::new(&left, n, d).unwrap(), Matrix::new(&right, n, d).unwrap());
        let settings = if d == 64 { every_setting() } else { one_thread() };
        let work = work(pairs * d, pairs * (8 * d + 12));
        let work = work.roof(&["score_pairs"], 2 * pairs * d, 8 * n * d + 12 * pairs).shown(d == 64);
        measure(&mut group, &format!("d{d}"), work, &settings, |pool| {
            let (u, v) = (Indices::U32(&u), Indices::U32(&v));
            score_pairs(left, right, u, v, ScoreOptions::default(), &mut out, pool).unwrap();
        });
    }
    group.finish();
}

/// Random rows of tables far larger than the caches, in every type: by ids, by candidates, and a query against all.
fn rows(criterion: &mut Criterion) {
    let mut group = group(criterion, "score_rows");
    let (n, pairs, d) = (1_000_000, 1_000_000, 128);
    let (u, v, mut out) = (ids(pairs, n, 1), ids(pairs, n, 2), vec![0.0; pairs]);
    let offsets: Vec<i64> = (0..=pairs as i64 / 10).map(|i| 10 * i).collect();
    let csr =
        Csr { rows: offsets.len() - 1, cols: n, offsets: Indices::I64(&offsets), indices: Indices::U32(&v) };
    let wide = [values(n * d, 3), values(n * d, 4)];
    let of_wide = [0, 1].map(|i| Matrix::new(&wide[i], n, d).unwrap());
    let mut halves = [0, 1].map(|_| vec![f16::ZERO; n * d]);
    let mut brains = [0, 1].map(|_| vec![bf16::ZERO; n * d]);
    let (mut bytes, mut scales) = ([0, 1].map(|_| vec![0i8; n * d]), [0, 1].map(|_| vec![0.0; n]));
    let (mut widened, mut norms) = (vec![0.0; n * d], vec![0.0; n]);
    let conversion = |size: usize| work(n * d, n * d * (4 + size));
    for i in 0..2 {
        let settings = if i == 0 { best_and_two() } else { vec![] };
        let shown = |kernel: &'static [&'static str], size: usize| {
            conversion(size).roof(kernel, n * d, n * d * (4 + size)).shown(false)
        };
        measure(&mut group, "f32 to f16", shown(&["convert"], 2), &settings, |pool| {
            let to = MatrixMut::new(&mut halves[i], n, d).unwrap();
            convert(of_wide[i].into(), to.into(), pool).unwrap();
        });
        measure(&mut group, "f32 to bf16", shown(&["convert"], 2), &settings, |pool| {
            let to = MatrixMut::new(&mut brains[i], n, d).unwrap();
            convert(of_wide[i].into(), to.into(), pool).unwrap();
        });
        measure(&mut group, "f32 to int8", shown(&["quantize"], 1), &settings, |pool| {
            let to = MatrixMut::new(&mut bytes[i], n, d).unwrap();
            quantize_rows(of_wide[i].into(), to, &mut scales[i], pool).unwrap();
        });
        measure(&mut group, "int8 to f32", shown(&["dequantize"], 1), &settings, |pool| {
            let from = Matrix::new(&bytes[i], n, d).unwrap();
            dequantize_rows(from, &scales[i], MatrixMut::new(&mut widened, n, d).unwrap(), pool).unwrap();
        });
        measure(&mut group, "norms of f32", shown(&["row_norms"], 0), &settings, |pool| {
            row_norms(of_wide[i].into(), &mut norms, pool).unwrap();
        });
        convert(of_wide[i].into(), MatrixMut::new(&mut halves[i], n, d).unwrap().into(), None).unwrap();
        convert(of_wide[i].into(), MatrixMut::new(&mut brains[i], n, d).unwrap().into(), None).unwrap();
        let to = MatrixMut::new(&mut bytes[i], n, d).unwrap();
        quantize_rows(of_wide[i].into(), to, &mut scales[i], None).unwrap();
    }
    let table = |kind: usize, side: usize, rows: usize| -> Table<'_> {
        let scales = Some(&scales[side][..rows]);
        match kind {
            0 => Matrix::new(&wide[side][..rows * d], rows, d).unwrap().into(),
            1 => Matrix::new(&brains[side][..rows * d], rows, d).unwrap().into(),
            2 => Matrix::new(&halves[side][..rows * d], rows, d).unwrap().into(),
            _ => Int8 { rows: Matrix::new(&bytes[side][..rows * d], rows, d).unwrap(), scales }.into(),
        }
    };
    let plain = ScoreOptions::default();
    for (kind, (name, size)) in [("f32", 4), ("bf16", 2), ("f16", 2), ("int8", 1)].into_iter().enumerate() {
        let (left, right) = (table(kind, 0, n), table(kind, 1, n));
        let kernel: &'static [&'static str] =
            if size == 1 { &["score_pairs_int8"] } else { &["score_pairs"] };
        let of = |rows: usize| {
            let bytes = rows * d * size + 12 * pairs;
            work(pairs * d, bytes).roof(kernel, 2 * pairs * d, bytes).shown(false)
        };
        measure(&mut group, &format!("pairs {name}"), of(2 * pairs), &best_and_two(), |pool| {
            score_pairs(left, right, Indices::U32(&u), Indices::U32(&v), plain, &mut out, pool).unwrap();
        });
        let sources = table(kind, 0, csr.rows);
        measure(&mut group, &format!("candidates {name}"), of(pairs), &best_and_two(), |pool| {
            score_candidates(sources, right, csr, plain, &mut out, pool).unwrap();
        });
        let query = table(kind, 0, 1);
        measure(&mut group, &format!("one query {name}"), of(n), &best_and_two(), |pool| {
            score_matrix(query, right, plain, MatrixMut::new(&mut out, 1, n).unwrap(), pool).unwrap();
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
        let work = work(q * n * d, 4 * n * d)
            .roof(&["index_pack", "index_scan"], 2 * q * n * d, 4 * n * d)
            .shown(d == 64);
        measure(&mut group, &name, work, settings, |pool| {
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

/// A packed index of a million rows, which memory holds: the batch of a job, and what a request brings.
fn index(criterion: &mut Criterion) {
    let mut group = group(criterion, "index");
    let mut workspace = Workspace::new();
    let (n, d) = (1_000_000, 128);
    let rows = values(n * d, 1);
    let rows = Matrix::new(&rows, n, d).unwrap();
    let queries = values(64 * d, 2);
    let narrow: Vec<bf16> = queries.iter().map(|&v| bf16::from_f32(v)).collect();
    let bytes: Vec<i8> = queries.iter().map(|v| (v * 127.0) as i8).collect();
    for storage in Storage::ALL {
        let index = Index::new(rows, IndexOptions::new(storage), None).unwrap();
        let name = format!("{storage:?}");
        for q in [64, 8, 1] {
            let queries = match storage {
                Storage::Bf16 => Matrix::new(&narrow, q, d).unwrap().into(),
                Storage::Int8 | Storage::Int8Panels => Table::Int8(Int8 {
                    rows: Matrix::new(&bytes, q, d).unwrap(),
                    scales: Some(&[1.0 / 127.0; 64][..q]),
                }),
                _ => Table::from(Matrix::new(&queries, q, d).unwrap()),
            };
            let (mut ids, mut scores, mut counts) = (vec![0; q * K], vec![0.0; q * K], vec![0; q]);
            let byte = matches!(storage, Storage::Int8 | Storage::Int8Panels | Storage::Certified);
            let kernels: &[_] = match (storage, byte) {
                (Storage::Certified, _) => &["index_scan_bytes", "index_score_rows"],
                (_, true) => &["index_scan_bytes"],
                _ => &["index_scan"],
            };
            let bytes = n
                * d
                * match storage {
                    Storage::F32 => 4,
                    Storage::Bf16 | Storage::F16 => 2,
                    _ => 1,
                };
            let work = work(q * n * d, bytes).roof(kernels, 2 * q * n * d, bytes);
            measure(&mut group, &format!("{name}, {q} x {n}, d{d}"), work, &every_setting(), |pool| {
                let call = |workspace: &mut Workspace| {
                    let found = Found {
                        k: K,
                        ids: &mut ids,
                        scores: &mut scores,
                        counts: &mut counts,
                        nan_counts: None,
                        survivors: None,
                    };
                    index.search(queries, Search::default(), found, pool, workspace)
                };
                workspace.fit(call).unwrap();
            });
        }
    }
    group.finish();

    let mut group = common::group(criterion, "index_build");
    let n = 100_000;
    let rows = values(n * d, 1);
    let rows = Matrix::new(&rows, n, d).unwrap();
    for storage in Storage::ALL {
        let work = traffic(8 * n * d).roof(&["index_pack"], 0, 8 * n * d).shown(storage == Storage::F32);
        measure(&mut group, &format!("{storage:?}, {n} x {d}"), work, &best(), |pool| {
            Index::new(rows, IndexOptions::new(storage), pool).unwrap();
        });
    }
    group.finish();
}

fn ranks(criterion: &mut Criterion) {
    let mut group = group(criterion, "rank_counts");
    let mut workspace = Workspace::new();
    let mut run = |name: &str,
                   work: Work,
                   n: usize,
                   d: usize,
                   given: &Graph,
                   exclude: Option<&Graph>,
                   settings: &[_]| {
        let q = given.rows();
        let (queries, targets) = (values(q * d, 1), values(n * d, 2));
        let (queries, targets) = (Matrix::new(&queries, q, d).unwrap(), Matrix::new(&targets, n, d).unwrap());
        let (mut better, mut equal) = (vec![0; given.edges()], vec![0; given.edges()]);
        measure(&mut group, name, work, settings, |pool| {
            let (better, equal) = (&mut better, &mut equal);
            let call = |workspace: &mut Workspace| {
                rank_counts(queries, targets, given, exclude, better, equal, pool, workspace)
            };
            workspace.fit(call).unwrap();
        });
    };

    let (q, d) = (64, 64);
    let given = Edges::new(q, TARGETS, 2, 3).graph();
    let exclude = Edges::new(q, TARGETS, 16, 4).graph();
    let all = q * TARGETS * d;
    let work_all = work(all, 4 * TARGETS * d).roof(
        &["index_pack", "index_scan", "score_masks"],
        2 * all,
        4 * TARGETS * d,
    );
    run("64 x 100000, d64, excluding", work_all, TARGETS, d, &given, Some(&exclude), &every_setting());

    // Each given target compares the scores of its query three times; they lie in the nearest cache.
    let (q, n) = (48, 2_048);
    let given = Edges::new(q, n, 64, 3).graph();
    let scores = given.edges() * n;
    let compares = work(scores, 4 * scores).roof(&["score_masks"], 3 * scores, 4 * 64 * q);
    run("48 x 2048, d1, many given", compares, n, 1, &given, None, &best());
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
        let logits = rows * n;
        // Beside the rows: the logits of 32 sources at a time, which stay in cache.
        let bytes = 4 * (2 * rows * d + 2 * cols * d) + if d == 0 { 8 * logits } else { 0 };
        let kernels: &[_] = if d == 0 {
            &["softmax_row"]
        } else {
            &["pack_transposed", "product", "softmax_row", "weight_gradient"]
        };
        let flops = (6 * d + SOFTMAX_FLOPS) * logits;
        let work = work(3 * logits * d, bytes).roof(kernels, flops, 4 * 32 * n + 8 * (rows + cols) * d);
        let name = format!("{rows} sources x {n} negatives, d{d}");
        measure(&mut group, &name, work, settings, |pool| {
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
    run(1_024, 5_000, 2_048, 0, &best());
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
    for d in [0, 32, 64, 100, 128] {
        let (sources, targets) = (values(n * d, 2), values(n * d, 3));
        let (sources, targets) = (Matrix::new(&sources, n, d).unwrap(), Matrix::new(&targets, n, d).unwrap());
        let (mut source_gradient, mut target_gradient) = (vec![0.0; n * d], vec![0.0; n * d]);
        let settings = match d {
            0 => best(),
            64 => every_setting(),
            _ => one_thread(),
        };
        let edges = graph.edges();
        let kernels: &[_] =
            if d == 0 { &["edge_loss"] } else { &["edge_dots", "edge_loss", "aggregate_rows"] };
        let work = work(3 * edges * d, 3 * edges * (4 * d + 8) + 20 * n * d);
        let work = work
            .roof(kernels, (6 * d + EDGE_FLOPS) * edges, 16 * n * d + 20 * edges)
            .shown(matches!(d, 0 | 64));
        measure(&mut group, &format!("positives, d{d}"), work, &settings, |pool| {
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
    rows(&mut criterion);
    best_targets(&mut criterion);
    index(&mut criterion);
    ranks(&mut criterion);
    softmax(&mut criterion);
    edges(&mut criterion);
    criterion.final_summary();
}
