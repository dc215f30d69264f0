//! Same bits everywhere: hashes of the outputs of every public function, compared with `tests/golden/vectors.txt`
//! for every tier of this machine and several pools; and rows alone against rows in a batch.
//!
//! `tests/golden/README.md` is the written rule of inputs and vectors, which the C, C++, Java and Go tests follow as
//! well. After a change that is meant to change results: `AVOCET_BLESS=1 cargo test --test golden`.

mod common;
#[path = "golden/index.rs"]
mod index;
#[path = "golden/rows.rs"]
mod rows;
#[path = "golden/threshold.rs"]
mod threshold;

use avocet::aggregate::{
    Draw, Reduce, Sampling, Walks, adaptive_fanout, fit_power_law, sample_neighbours, walk_neighbours,
};
use avocet::dense::{Activation, Addend};
use avocet::dual::{
    DualBack, DualGradients, DualLayer, DualRelation, DualResult, DualRows, dual_backward, dual_forward,
};
use avocet::logistic::{
    BatchOut, BatchRows, BatchSums, Clicks, Features, FitOptions, Method, NEVER, Optimiser, Part, Pointwise,
    PreparedRows, Product, ProductLoss, Protocol, Rows, Scheme, SparseModel, SparseRows, Targets,
    aligned_parts, batch, build_stream, feedback_weights, fit, merge, pointwise, product_loss, served,
};
use avocet::metrics::{Calibration, calibration, merge_calibration, ranking};
use avocet::optim::{Adam, adagrad_rows, adam};
use avocet::score::{EdgeKind, EdgeTerm, Softmax, TopK};
use avocet::{
    AnyMatrix, Csr, Function, Graph, Indices, Isa, Matrix, Pool, Workspace, aggregate, bf16, cap_isa, dense,
    f16, score,
};
use common::{Random, graph, matrix, matrix_mut, workspace};
use std::collections::BTreeMap;

/// FNV-1a with 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// What a line of the file says after the name: the hash, the number of bytes, and eight of their 32-bit words.
fn vector(bytes: &[u8]) -> String {
    let words: Vec<u32> =
        bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
    let samples = (0..8).map(|at| format!(" {:08x}", words[at * (words.len() - 1) / 7]));
    format!("{:016x} {}{}", fnv(bytes), bytes.len(), samples.collect::<String>())
}

/// Names and vectors.
#[derive(Default)]
struct Hashes(BTreeMap<String, String>);

impl Hashes {
    fn add(&mut self, name: &str, floats: &[&[f32]], integers: &[&[u32]], sums: &[f64]) {
        let mut bytes: Vec<u8> = Vec::new();
        bytes.extend(floats.iter().copied().flatten().flat_map(|value| value.to_bits().to_le_bytes()));
        bytes.extend(integers.iter().copied().flatten().flat_map(|value| value.to_le_bytes()));
        bytes.extend(sums.iter().flat_map(|value| value.to_bits().to_le_bytes()));
        assert!(self.0.insert(name.to_string(), vector(&bytes)).is_none(), "{name} twice");
    }
}

const ROWS: usize = 2_600;
const COLS: usize = 2_900;

/// Rows of 0 to 19 edges, among them hubs of 1,500 and 700 (several leaves).
fn large_graph() -> Graph {
    let mut random = Random::new(1);
    let mut row = |at: usize| {
        let degree = match at {
            7 => 1_500,
            2_000 => 700,
            _ => random.below(20),
        };
        (0..degree).map(|_| random.below(COLS) as u32).collect()
    };
    let rows: Vec<Vec<u32>> = (0..ROWS).map(&mut row).collect();
    graph(&rows, COLS)
}

fn aggregates(hashes: &mut Hashes, graph: &Graph, back: &Graph, pool: Option<&Pool>) {
    let mut random = Random::new(2);
    let d = 70;
    let (x, dy) = (random.values(COLS * d), random.values(ROWS * d));
    let weights = random.values(graph.edges());
    let (source_scale, row_scale) = (random.values(COLS), random.values(ROWS));
    let plain = aggregate::Options::default();
    let weighted = aggregate::Options { edge_weights: Some(&weights), ..plain };
    let scaled =
        aggregate::Options { source_scale: Some(&source_scale), row_scale: Some(&row_scale), ..weighted };
    for (name, options) in [
        ("aggregate_sum", plain),
        ("aggregate_mean", aggregate::Options { reduce: Reduce::Mean, ..plain }),
        ("aggregate_weighted", weighted),
        ("aggregate_scaled_accumulated", aggregate::Options { accumulate: true, ..scaled }),
    ] {
        let mut out = dy.clone();
        aggregate(graph, matrix(&x, COLS), options, matrix_mut(&mut out, ROWS), pool).unwrap();
        hashes.add(name, &[&out], &[], &[]);
    }
    let mut out = vec![0.0; COLS * d];
    aggregate(back, matrix(&dy, ROWS), weighted, matrix_mut(&mut out, COLS), pool).unwrap();
    hashes.add("aggregate_transposed", &[&out], &[], &[]);
    let mut out = vec![0.0; graph.edges()];
    aggregate::edge_dots(graph, matrix(&dy, ROWS), matrix(&x, COLS), &mut out, pool).unwrap();
    hashes.add("edge_dots", &[&out], &[], &[]);
}

fn products(hashes: &mut Hashes, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(3);
    let (n, m) = (1_500, 70);
    let (x, w) = (random.values(n * 40), random.values(40 * m));
    let (y, turned) = (random.values(n * 24), random.values(m * 24));
    let addends = [
        Addend { x: matrix(&x, n), w: matrix(&w, 40), transposed: false },
        Addend { x: matrix(&y, n), w: matrix(&turned, m), transposed: true },
    ];
    let before = random.values(n * m);
    let plain = dense::Options::default();
    let normalise = dense::Options { normalise: true, ..plain };
    for (name, options) in [
        ("product", plain),
        (
            "product_accumulated_relu",
            dense::Options { accumulate: true, activation: Activation::Relu, ..plain },
        ),
        ("product_tanh_norm", dense::Options { activation: Activation::Tanh, ..normalise }),
    ] {
        let (mut out, mut norms) = (before.clone(), vec![0.0; n]);
        let into = matrix_mut(&mut out, n);
        dense::product(&addends, options, into, Some(&mut norms), pool, workspace).unwrap();
        hashes.add(name, &[&out, &norms], &[], &[]);
    }

    let (n, m) = (10_000, 100);
    let (z, dy) = (random.values(n * m), random.values(n * m));
    for (name, activation) in [
        ("activate_relu", Activation::Relu),
        ("activate_tanh", Activation::Tanh),
        ("activate_none", Activation::None),
    ] {
        let options = dense::Options { activation, ..normalise };
        let (mut y, mut norms, mut dz) = (z.clone(), vec![0.0; n], vec![0.0; n * m]);
        dense::activate(options, matrix_mut(&mut y, n), Some(&mut norms), pool).unwrap();
        hashes.add(name, &[&y, &norms], &[], &[]);
        let into = matrix_mut(&mut dz, n);
        dense::activate_backward(options, matrix(&y, n), Some(&norms), matrix(&dy, n), into, pool).unwrap();
        hashes.add(&format!("{name}_backward"), &[&dz], &[], &[]);
    }

    let (n, k, m) = (5_000, 20, 40);
    let (x, dz, before) = (random.values(n * k), random.values(n * m), random.values(k * m));
    for (name, accumulate) in [("weight_gradient", false), ("weight_gradient_accumulated", true)] {
        let mut out = before.clone();
        let into = matrix_mut(&mut out, k);
        dense::weight_gradient(matrix(&x, n), matrix(&dz, n), accumulate, into, pool, workspace).unwrap();
        hashes.add(name, &[&out], &[], &[]);
    }
}

fn scores(hashes: &mut Hashes, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(4);
    let (n, d) = (20_000, 70);
    let (left, right) = (random.values(300 * d), random.values(500 * d));
    let u: Vec<i64> = (0..n).map(|_| random.below(300) as i64).collect();
    let v: Vec<i32> = (0..n).map(|_| random.below(500) as i32).collect();
    let mut out = vec![0.0; n];
    let (left, right) = (matrix(&left, 300), matrix(&right, 500));
    let (u, v) = (Indices::I64(&u), Indices::I32(&v));
    score::score_pairs(left, right, u, v, score::ScoreOptions::default(), &mut out, pool).unwrap();
    hashes.add("score_pairs", &[&out], &[], &[]);

    // Few distinct values, so that many scores tie; a NaN and an infinity.
    let (q, n, d, k) = (200, 700, 20, 10);
    let mut coarse = |len: usize| (0..len).map(|_| random.below(3) as f32 - 1.0).collect::<Vec<f32>>();
    let (queries, mut targets) = (coarse(q * d), coarse(n * d));
    targets[77 * d] = f32::NAN;
    targets[78 * d] = f32::INFINITY;
    let mut chosen = |most: usize| {
        let rows = (0..q).map(|_| {
            let mut ids: Vec<u32> = (0..random.below(most)).map(|_| random.below(n) as u32).collect();
            ids.sort_unstable();
            ids
        });
        graph(&rows.collect::<Vec<_>>(), n)
    };
    let (exclude, given) = (chosen(30), chosen(8));
    let (mut ids, mut scores) = (vec![0; q * k], vec![0.0; q * k]);
    let (mut counts, mut nans) = (vec![0; q], vec![0; q]);
    let out =
        TopK { k, ids: &mut ids, scores: &mut scores, counts: &mut counts, nan_counts: Some(&mut nans) };
    let (queries, targets) = (matrix(&queries, q), matrix(&targets, n));
    score::top_k(queries, targets, Some(&exclude), out, pool, workspace).unwrap();
    hashes.add("top_k", &[&scores], &[&ids, &counts, &nans], &[]);
    let (mut better, mut equal) = (vec![0; given.edges()], vec![0; given.edges()]);
    let exclude = Some(&exclude);
    score::rank_counts(queries, targets, &given, exclude, &mut better, &mut equal, pool, workspace).unwrap();
    hashes.add("rank_counts", &[], &[&better, &equal], &[]);
}

fn losses(hashes: &mut Hashes, graph: &Graph, back: &Graph, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(5);
    let d = 20;
    let weights = random.values(graph.edges());
    let (by_row, by_column) = (random.values(ROWS * d), random.values(COLS * d));
    let (row_start, column_start) = (random.values(ROWS * d), random.values(COLS * d));
    for (name, kind) in [
        ("edge_loss_positive", EdgeKind::Positive),
        ("edge_loss_negative", EdgeKind::Negative),
        ("edge_loss_reversed", EdgeKind::Reversed),
    ] {
        let margin = if kind == EdgeKind::Reversed { 1.0 } else { 0.5 };
        let term = EdgeTerm { temperature: 1.5, offset: 0.25, margin, weight: 0.1, ..EdgeTerm::new(kind) };
        let (mut rows, mut columns) = (row_start.clone(), column_start.clone());
        let of_rows = (matrix(&by_row, ROWS), matrix_mut(&mut rows, ROWS));
        let of_columns = (matrix(&by_column, COLS), matrix_mut(&mut columns, COLS));
        let (sources, targets) =
            if kind == EdgeKind::Reversed { (of_columns, of_rows) } else { (of_rows, of_columns) };
        let (into, also) = (Some(sources.1), Some(targets.1));
        let weights = Some(&weights[..]);
        let loss =
            score::edge_loss(graph, back, sources.0, targets.0, term, weights, into, also, pool, workspace)
                .unwrap();
        let sums = [loss.loss, loss.temperature_gradient, loss.offset_gradient];
        hashes.add(name, &[&rows, &columns], &[], &sums);
    }

    // Repeated negatives, and some that are positives of many sources.
    let negatives: Vec<u32> =
        (0..100).map(|at| random.below(if at < 50 { COLS } else { 40 }) as u32).collect();
    let (mut rows, mut columns) = (row_start, column_start);
    let loss = score::softmax_loss(
        graph,
        back,
        matrix(&by_row, ROWS),
        matrix(&by_column, COLS),
        Indices::U32(&negatives),
        Softmax { temperature: 1.5, weight: 0.1, edge_weights: Some(&weights) },
        Some(matrix_mut(&mut rows, ROWS)),
        Some(matrix_mut(&mut columns, COLS)),
        pool,
        workspace,
    );
    let loss = loss.unwrap();
    hashes.add("softmax_loss", &[&rows, &columns], &[], &[loss.loss, loss.temperature_gradient]);
}

fn steps(hashes: &mut Hashes, pool: Option<&Pool>) {
    let mut random = Random::new(6);
    let n = 120_000;
    let (mut p, g, mut m) = (random.values(n), random.values(n), random.values(n));
    let mut v: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
    adam(Adam::new(0.01, 3), &mut p, &g, &mut m, &mut v, pool).unwrap();
    hashes.add("adam", &[&p, &m, &v], &[], &[]);

    let (n, d) = (30_000, 20);
    let rows: Vec<u32> = (0..n as u32).filter(|row| row % 3 != 1).collect();
    let (mut table, gradient) = (random.values(n * d), random.values(rows.len() * d));
    let mut squares: Vec<f32> = random.values(n * d).into_iter().map(f32::abs).collect();
    let (gradient, ids) = (matrix(&gradient, rows.len()), Indices::U32(&rows));
    let (into, sums) = (matrix_mut(&mut table, n), matrix_mut(&mut squares, n));
    adagrad_rows(0.1, 1e-8, ids, gradient, into, sums, pool).unwrap();
    hashes.add("adagrad_rows", &[&table, &squares], &[], &[]);
}

/// Offsets, columns and edge numbers of a graph.
fn add_graph(hashes: &mut Hashes, name: &str, graph: &Graph, weights: &[f32]) {
    let offsets: Vec<u32> = graph.offsets().iter().map(|&offset| offset as u32).collect();
    let ids = graph.edge_ids().unwrap_or_default();
    hashes.add(name, &[weights], &[&offsets, graph.indices(), ids], &[]);
}

fn samples(hashes: &mut Hashes, graph: &Graph, back: &Graph, pool: Option<&Pool>) {
    let mut random = Random::new(11);
    // Half of them zeros.
    let weights: Vec<f32> = random.values(graph.edges()).into_iter().map(|w| w.max(0.0)).collect();
    let law = fit_power_law(graph).unwrap();
    hashes.add("fit_power_law", &[], &[&[law.least as u32]], &[law.exponent]);
    let mut fanout = vec![0; ROWS];
    adaptive_fanout(graph, law, 2, 12, &mut fanout).unwrap();
    hashes.add("adaptive_fanout", &[], &[&fanout], &[]);
    for (name, draw) in [
        ("sample_without_replacement", Draw::WithoutReplacement),
        ("sample_with_replacement", Draw::WithReplacement),
        ("sample_weighted", Draw::Weighted),
    ] {
        let options = Sampling { draw, seed: 0x0123_4567_89ab_cdef, layer: 2, edge_weights: Some(&weights) };
        let sample = sample_neighbours(graph, &fanout, options, pool).unwrap();
        add_graph(hashes, name, &sample, &[]);
    }
    let walks = Walks { walks: 20, length: 2, seed: 5, layer: 1 };
    let walked = walk_neighbours(graph, back, &fanout, walks, pool).unwrap();
    add_graph(hashes, "walk_neighbours", &walked.graph, &walked.weights);
    let rows: Vec<u32> = (0..3_000).map(|_| random.below(ROWS) as u32).collect();
    add_graph(hashes, "select_rows", &graph.select_rows(Indices::U32(&rows)).unwrap(), &[]);
}

/// A layer of two relations, the second also along, for the rows of `graph` among its columns.
fn duals(hashes: &mut Hashes, graph: &Graph, back: &Graph, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(12);
    let (d, m) = (36, 70);
    let (sources, targets) = (random.values(COLS * d), random.values(COLS * d));
    let weights: Vec<Vec<f32>> = (0..5).map(|_| random.values(d * m)).collect();
    let scales = [random.values(ROWS), random.values(ROWS)];
    let rows: Vec<u32> = (0..ROWS).map(|_| random.below(ROWS) as u32).collect();
    let other = graph.select_rows(Indices::U32(&rows)).unwrap();
    let other_back = other.transpose().unwrap();
    let own: Vec<Vec<u32>> = (0..ROWS).map(|_| vec![random.below(COLS) as u32]).collect();
    let own = common::graph(&own, COLS);
    let own_back = own.transpose().unwrap();
    let relation = |out, into, along: bool| DualRelation {
        out,
        into,
        out_scale: (!along).then_some(&scales[0][..]),
        into_scale: along.then_some(&scales[1][..]),
        across: matrix(&weights[if along { 3 } else { 2 }], d),
        along: along.then(|| matrix(&weights[4], d)),
    };
    let relations = [relation(graph, &other, false), relation(&other, graph, true)];
    let layer = DualLayer {
        sources: matrix(&sources, COLS),
        targets: matrix(&targets, COLS),
        own: Some(&own),
        source_weights: matrix(&weights[0], d),
        target_weights: matrix(&weights[1], d),
        relations: &relations,
        activation: Activation::Tanh,
        normalise: true,
    };
    let [mut s, mut t] = [vec![0.0; ROWS * m], vec![0.0; ROWS * m]];
    let [mut source_norms, mut target_norms] = [vec![0.0; ROWS], vec![0.0; ROWS]];
    let out = DualRows {
        sources: matrix_mut(&mut s, ROWS),
        targets: matrix_mut(&mut t, ROWS),
        source_norms: Some(&mut source_norms),
        target_norms: Some(&mut target_norms),
    };
    dual_forward(&layer, out, pool, workspace).unwrap();
    hashes.add("dual_forward", &[&s, &t, &source_norms, &target_norms], &[], &[]);

    let dy = [random.values(ROWS * m), random.values(ROWS * m)];
    let result = DualResult {
        sources: matrix(&s, ROWS),
        targets: matrix(&t, ROWS),
        source_norms: Some(&source_norms),
        target_norms: Some(&target_norms),
        source_gradient: matrix(&dy[0], ROWS),
        target_gradient: matrix(&dy[1], ROWS),
        own: Some(&own_back),
        back: &[DualBack { out: back, into: &other_back }, DualBack { out: &other_back, into: back }],
    };
    let [mut ds, mut dt] = [vec![0.0; COLS * d], vec![0.0; COLS * d]];
    let mut dw: Vec<Vec<f32>> = (0..5).map(|_| random.values(d * m)).collect();
    let mut into: Vec<_> = dw.iter_mut().map(|w| matrix_mut(w, d)).collect();
    let gradients = DualGradients {
        sources: Some(matrix_mut(&mut ds, COLS)),
        targets: Some(matrix_mut(&mut dt, COLS)),
        weights: &mut into,
    };
    dual_backward(&layer, &result, gradients, pool, workspace).unwrap();
    let dw: Vec<&[f32]> = [&ds[..], &dt].into_iter().chain(dw.iter().map(Vec::as_slice)).collect();
    hashes.add("dual_backward", &dw, &[], &[]);
}

fn functions(hashes: &mut Hashes, pool: Option<&Pool>) {
    let mut random = Random::new(7);
    // Any bit pattern, and values where something happens.
    let mut x: Vec<f32> = (0..55_000).map(|_| f32::from_bits((random.u64() >> 32) as u32)).collect();
    x.extend(random.values(55_000).into_iter().map(|v| v * 32.0));
    for function in Function::ALL {
        let mut out = vec![0.0; x.len()];
        avocet::map(function, &x, &mut out, pool).unwrap();
        hashes.add(&format!("map_{function:?}").to_lowercase(), &[&out], &[], &[]);
    }
}

fn logistic(hashes: &mut Hashes, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(13);
    let n = 5_000;
    let mut times = |factor: f32| random.values(n).into_iter().map(|v| v * factor).collect::<Vec<f32>>();
    let (x, a, b, first, second) = (times(30.0), times(1.0), times(1.0), times(4.0), times(4.0));
    let labels: Vec<f32> = times(1.0).into_iter().map(|v| f32::from(u8::from(v > 0.0))).collect();
    let weights: Vec<f32> = times(1.0).into_iter().map(f32::abs).collect();
    let kinds: Vec<u8> = (0..n).map(|_| random.below(4) as u8).collect();
    let [mut losses, mut gradient, mut curvature] = [(); 3].map(|()| vec![0.0; n]);
    for (name, targets, signed) in [
        ("logistic_coefficients", Targets::Coefficients { a: &a, b: &b }, true),
        ("logistic_labels", Targets::Labels { labels: &labels, weights: Some(&weights) }, false),
    ] {
        let mut sum = 0.0;
        let out = Pointwise {
            losses: Some(&mut losses),
            gradient: Some(&mut gradient),
            curvature: Some(&mut curvature),
            sum: Some(&mut sum),
        };
        pointwise(&x, targets, signed, out, pool, workspace).unwrap();
        hashes.add(name, &[&losses, &gradient, &curvature], &[], &[sum]);
    }
    let rows = Rows { kinds: &kinds, logits: Some(&x), first: Some(&first), second: Some(&second) };
    for (name, joint) in [("feedback_published", false), ("feedback_joint", true)] {
        let coefficients = Method::ALL.map(|method| {
            let (mut a, mut b) = (vec![0.0; n], vec![0.0; n]);
            let scheme = Scheme { joint, ..Scheme::new(method) };
            feedback_weights(scheme, rows, &mut a, &mut b, pool).unwrap();
            [a, b].concat()
        });
        hashes.add(name, &coefficients.each_ref().map(Vec::as_slice), &[], &[]);
    }
    let mut out = vec![0.0; n];
    served(&x, &mut out, pool).unwrap();
    hashes.add("feedback_served", &[&out], &[], &[]);
}

fn dense_logistic(hashes: &mut Hashes, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(16);
    let (n, d) = (2_500, 37);
    let (x, offsets) = (random.values(n * d), random.values(n));
    let (weights, along) = (random.values(d), random.values(d));
    let labels: Vec<f32> = random.values(n).into_iter().map(|v| f32::from(u8::from(v > 0.0))).collect();
    let importance: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
    let halves: Vec<f16> =
        (0..n * d).map(|_| f16::from_bits((random.below(1 << 16) & 0xbfff) as u16)).collect();
    let brains: Vec<bf16> = x.iter().map(|v| bf16::from_bits((v.to_bits() >> 16) as u16)).collect();
    let cases: [(&str, AnyMatrix<'_>); 3] = [
        ("logistic_dense", matrix(&x, n).into()),
        ("logistic_dense_f16", Matrix::new(&halves, n, d).unwrap().into()),
        ("logistic_dense_bf16", Matrix::new(&brains, n, d).unwrap().into()),
    ];
    for (name, x) in cases {
        let mut margins = vec![0.0; n];
        let [mut gradient, mut curvature, mut product] = [(); 3].map(|()| vec![0.0; d]);
        let rows = BatchRows {
            features: Features::Dense(x),
            offsets: Some(&offsets),
            weights: &weights,
            intercept: 0.25,
        };
        let out = BatchOut {
            margins: Some(&mut margins),
            gradient: Some(&mut gradient),
            curvature: Some(&mut curvature),
            product: Some(Product { along: &along, along_intercept: -0.5, out: &mut product }),
        };
        let targets = Targets::Labels { labels: &labels, weights: Some(&importance) };
        let sums = batch(rows, Some(targets), false, out, pool, workspace).unwrap();
        let sums = [sums.loss, sums.gradient, sums.curvature, sums.product];
        hashes.add(name, &[&margins, &gradient, &curvature, &product], &[], &sums);
    }
}

fn streams(hashes: &mut Hashes) {
    let mut random = Random::new(14);
    let n = 2_000;
    let times: Vec<i64> = (0..n).map(|_| random.below(1_000) as i64).collect();
    let mut later = |rarely: usize, most: usize| -> Vec<i64> {
        let mut after = |&time: &i64| match random.below(rarely) {
            0 => NEVER,
            _ => time + random.below(most) as i64,
        };
        times.iter().map(&mut after).collect()
    };
    let (conversions, signals) = (later(3, 200), later(2, 20));
    let clicks = Clicks { times: &times, conversions: &conversions, signals: Some(&signals) };
    let mut words = Vec::new();
    for protocol in Protocol::ALL {
        let stream = build_stream(protocol, clicks, 10, 100).unwrap();
        words.extend(stream.times.iter().map(|&time| time as u32));
        words.extend(&stream.clicks);
        words.extend(stream.kinds.iter().chain(&stream.signals).map(|&byte| u32::from(byte)));
    }
    hashes.add("streams", &[], &[&words], &[]);

    let n = 5_000;
    let scores: Vec<f32> = (0..n).map(|_| random.below(100) as f32).collect();
    let labels: Vec<f32> = (0..n).map(|_| random.below(2) as f32).collect();
    let weights: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
    let found = ranking(&scores, &labels, Some(&weights)).unwrap();
    let figures = [found.positives, found.negatives, found.auc, found.pr_auc, found.average_precision];
    hashes.add("ranking", &[], &[], &figures);
    let p: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
    let found = calibration(&p, &labels, Some(&weights)).unwrap();
    hashes.add("calibration", &[], &[], &[found.weight, found.loss, found.predicted, found.observed]);
}

/// Learning, and the logits, weights and saved form after it.
fn sparse_models(hashes: &mut Hashes, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(15);
    let (n, features) = (2_000, 3_000);
    let (mut offsets, mut indices) = (vec![0i64], Vec::new());
    for _ in 0..n {
        let degree = random.below(30);
        indices.extend((0..degree).map(|_| random.below(features) as u32));
        offsets.push(indices.len() as i64);
    }
    let (values, margins) = (random.values(indices.len()), random.values(n));
    let labels: Vec<f32> = random.values(n).into_iter().map(|v| f32::from(u8::from(v > 0.0))).collect();
    let weights: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
    let (offsets, indices) = (Indices::I64(&offsets), Indices::U32(&indices));
    let csr = Csr { rows: n, cols: features, offsets, indices };
    let rows = SparseRows { csr, values: Some(&values), margins: Some(&margins) };
    let targets = Targets::Labels { labels: &labels, weights: Some(&weights) };
    for (name, optimiser, intercept, minibatch) in [
        ("sparse_ftrl", Optimiser::Ftrl { alpha: 0.1, beta: 1.0, l1: 0.1, l2: 0.01 }, true, 1),
        ("sparse_adagrad", Optimiser::Adagrad { rate: 0.1, epsilon: 1e-6, l2: 0.01 }, true, 7),
        ("sparse_sgd", Optimiser::Sgd { rate: 0.1, l2: 0.01 }, false, 64),
    ] {
        let mut model = SparseModel::new(features, intercept, optimiser).unwrap();
        let (mut seen, mut logits, mut found) = (vec![0.0; n], vec![0.0; n], vec![0.0; features]);
        model.learn(rows, targets, false, minibatch, Some(&mut seen), workspace).unwrap();
        let mut bytes = vec![0; model.saved_bytes()];
        model.save(&mut bytes).unwrap();
        let loaded = SparseModel::load(&bytes).unwrap();
        loaded.predict(SparseRows { values: None, ..rows }, &mut logits, pool).unwrap();
        loaded.weights(&mut found).unwrap();
        let words: Vec<u32> =
            bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
        let intercept = loaded.intercept().unwrap_or(0.0);
        hashes.add(name, &[&seen, &logits, &found, &[intercept]], &[&words], &[]);
    }
}

/// Passes over sparse rows, as they come and prepared, and the way to the minimum.
fn sparse_batches(hashes: &mut Hashes, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(23);
    let (n, cols) = (2_500, 4_000);
    let (mut offsets, mut indices) = (vec![0i64], Vec::new());
    for _ in 0..n {
        let degree = random.below(30);
        indices.extend((0..degree).map(|_| random.below(cols) as u32));
        offsets.push(indices.len() as i64);
    }
    let (values, shift) = (random.values(indices.len()), random.values(n));
    let (weights, along) = (random.values(cols), random.values(cols));
    let labels: Vec<f32> = random.values(n).into_iter().map(|v| f32::from(u8::from(v > 0.0))).collect();
    let importance: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
    let targets = Targets::Labels { labels: &labels, weights: Some(&importance) };
    let (offsets, indices) = (Indices::I64(&offsets), Indices::U32(&indices));
    let csr = Csr { rows: n, cols, offsets, indices };
    let prepared = PreparedRows::new(csr, None).unwrap();
    let occurring = prepared.features();
    let of_occurring = |all: &[f32]| -> Vec<f32> { occurring.iter().map(|&j| all[j as usize]).collect() };
    let (few_weights, few_along) = (of_occurring(&weights), of_occurring(&along));
    for (name, features, weights, along) in [
        ("logistic_sparse", Features::Sparse { csr, values: Some(&values) }, &weights, &along),
        ("logistic_prepared", Features::Prepared(&prepared), &few_weights, &few_along),
    ] {
        let mut margins = vec![0.0; n];
        let [mut gradient, mut curvature, mut product] = [(); 3].map(|()| vec![0.0; weights.len()]);
        let rows = BatchRows { features, offsets: Some(&shift), weights, intercept: 0.25 };
        let out = BatchOut {
            margins: Some(&mut margins),
            gradient: Some(&mut gradient),
            curvature: Some(&mut curvature),
            product: Some(Product { along, along_intercept: -0.5, out: &mut product }),
        };
        let sums = batch(rows, Some(targets), false, out, pool, workspace).unwrap();
        let sums = [sums.loss, sums.gradient, sums.curvature, sums.product];
        let words = if name == "logistic_prepared" { occurring } else { &[] };
        hashes.add(name, &[&margins, &gradient, &curvature, &product], &[words], &sums);
    }

    let prepared = PreparedRows::new(csr, Some(&values)).unwrap();
    let options = FitOptions { l2: 0.5, iterations: 15, history: 5, ..FitOptions::default() };
    let (mut found, mut intercept) = (weights, 0.25);
    let features = Features::Prepared(&prepared);
    let reached =
        fit(features, Some(&shift), targets, false, options, &mut found, &mut intercept, pool).unwrap();
    let words = [reached.outcome as u32, reached.iterations as u32, reached.passes as u32];
    hashes.add("logistic_fit", &[&found, &[intercept]], &[&words], &[reached.loss, reached.gradient]);
}

/// The product form, over logits of three sizes.
fn products_of_probabilities(hashes: &mut Hashes, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(21);
    let n = 5_000;
    let mut logits = || -> Vec<f32> {
        let values = random.values(n).into_iter().enumerate();
        values.map(|(i, value)| value * [2.0, 20.0, 200.0][i % 3]).collect()
    };
    let (first, second) = (logits(), logits());
    let (a, b) = (random.values(n), random.values(n));
    let [mut losses, mut by_first, mut by_second] = [(); 3].map(|()| vec![0.0; n]);
    let mut sum = 0.0;
    let out = ProductLoss {
        losses: Some(&mut losses),
        first_gradient: Some(&mut by_first),
        second_gradient: Some(&mut by_second),
        sum: Some(&mut sum),
    };
    let targets = Targets::Coefficients { a: &a, b: &b };
    product_loss(&first, &second, targets, true, out, pool, workspace).unwrap();
    hashes.add("logistic_product", &[&losses, &by_first, &by_second], &[], &[sum]);
}

/// Cuts, and the merged sums of parts.
fn merges(hashes: &mut Hashes) {
    let mut random = Random::new(22);
    let mut words: Vec<u32> = Vec::new();
    for _ in 0..20 {
        let (leaf, rows) = (random.below(100), random.below(1 << 20));
        let sizes = aligned_parts(leaf * 1024, rows).unwrap();
        words.extend(sizes.map(|rows| rows as u32));
    }
    hashes.add("logistic_parts", &[], &[&words], &[]);

    let rows: Vec<usize> = aligned_parts(0, 5 * 1024)
        .unwrap()
        .chain([0])
        .chain(aligned_parts(5 * 1024, 20_000).unwrap())
        .collect();
    let mut sums = || [(); 4].map(|()| f64::from(random.f32()));
    let parts: Vec<[f64; 4]> = rows.iter().map(|_| sums()).collect();
    let d = 70;
    let vectors = random.values(rows.len() * d);
    let mut vector = vec![0.0; d];
    let part = |(&rows, &[loss, gradient, curvature, product]): (&usize, &[f64; 4])| Part {
        rows,
        sums: BatchSums { loss, gradient, curvature, product },
    };
    let of_dense: Vec<Part> = rows.iter().zip(&parts).map(part).collect();
    let vectors = matrix(&vectors, rows.len());
    let BatchSums { loss, gradient, curvature, product } =
        merge(&of_dense, Some(vectors), Some(&mut vector)).unwrap();
    hashes.add("logistic_merge", &[&vector], &[], &[loss, gradient, curvature, product]);
    let part = |(&rows, &[weight, loss, predicted, observed]): (&usize, &[f64; 4])| {
        (rows, Calibration { weight, loss, predicted, observed })
    };
    let of_calibration: Vec<(usize, Calibration)> = rows.iter().zip(&parts).map(part).collect();
    let Calibration { weight, loss, predicted, observed } = merge_calibration(&of_calibration).unwrap();
    hashes.add("calibration_merge", &[], &[], &[weight, loss, predicted, observed]);
}

/// Every public function once.
fn hash_all(pool: Option<&Pool>) -> BTreeMap<String, String> {
    let mut hashes = Hashes::default();
    let mut workspace = workspace(64);
    let graph = large_graph();
    let back = graph.transpose().unwrap();
    add_graph(&mut hashes, "transpose", &back, &[]);
    aggregates(&mut hashes, &graph, &back, pool);
    products(&mut hashes, pool, &mut workspace);
    scores(&mut hashes, pool, &mut workspace);
    losses(&mut hashes, &graph, &back, pool, &mut workspace);
    samples(&mut hashes, &graph, &back, pool);
    duals(&mut hashes, &graph, &back, pool, &mut workspace);
    steps(&mut hashes, pool);
    logistic(&mut hashes, pool, &mut workspace);
    dense_logistic(&mut hashes, pool, &mut workspace);
    sparse_batches(&mut hashes, pool, &mut workspace);
    products_of_probabilities(&mut hashes, pool, &mut workspace);
    merges(&mut hashes);
    streams(&mut hashes);
    sparse_models(&mut hashes, pool, &mut workspace);
    threshold::buckets(&mut hashes, pool, &mut workspace);
    threshold::searches(&mut hashes, &mut workspace);
    threshold::single(&mut hashes, pool);
    threshold::uncertainty(&mut hashes, pool);
    rows::conversions(&mut hashes, pool);
    rows::scores(&mut hashes, pool);
    index::searches(&mut hashes, pool);
    index::changes(&mut hashes, pool);
    functions(&mut hashes, pool);
    hashes.0
}

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/vectors.txt");

fn committed() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(FILE).expect("tests/golden/vectors.txt");
    let line = |line: &str| {
        let (name, vector) = line.split_once(" = ").expect("name = vector");
        (name.to_string(), vector.to_string())
    };
    text.lines().map(line).collect()
}

#[test]
fn every_tier_and_pool_gives_the_committed_bits() {
    if std::env::var_os("AVOCET_BLESS").is_some() {
        let lines = hash_all(None).into_iter().map(|(name, vector)| format!("{name} = {vector}\n"));
        std::fs::write(FILE, lines.collect::<String>()).unwrap();
    }
    let want = committed();
    let pools = [1, 2, 3, 8].map(|threads| Some(Pool::new(threads).unwrap()));
    for isa in Isa::ALL {
        if cap_isa(Some(isa)) != isa {
            continue;
        }
        println!("tier {isa:?}");
        for pool in std::iter::once(&None).chain(&pools) {
            let got = hash_all(pool.as_ref());
            let threads = pool.as_ref().map_or(0, Pool::threads);
            let wrong: Vec<&String> = got.keys().filter(|name| got.get(*name) != want.get(*name)).collect();
            assert!(wrong.is_empty(), "{isa:?}, {threads} threads: {wrong:?}");
            assert!(got.keys().eq(want.keys()), "tests/golden/vectors.txt has a name that no function has");
        }
    }
    cap_isa(None);
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

#[test]
fn rows_alone_equal_rows_in_a_batch() {
    let mut random = Random::new(8);
    let mut workspace = workspace(64);
    let (n, d, m) = (40, 37, 21);
    let x = random.values(n * d);
    let row = |i: usize| Matrix::new(&x[i * d..][..d], 1, d).unwrap();
    let edges: Vec<Vec<u32>> =
        (0..n).map(|i| (0..[0, 3, 17, 600][i % 4]).map(|_| random.below(n) as u32).collect()).collect();
    let whole = graph(&edges, n);
    let one = |i: usize| graph(&edges[i..=i], n);

    let mut batch = vec![0.0; n * d];
    let mean = aggregate::Options { reduce: Reduce::Mean, ..Default::default() };
    aggregate(&whole, matrix(&x, n), mean, matrix_mut(&mut batch, n), None).unwrap();
    for i in 0..n {
        let mut alone = vec![0.0; d];
        aggregate(&one(i), matrix(&x, n), mean, matrix_mut(&mut alone, 1), None).unwrap();
        assert_eq!(bits(&alone), bits(&batch[i * d..][..d]), "aggregate {i}");
    }

    let w = random.values(d * m);
    let options = dense::Options { activation: Activation::Tanh, normalise: true, accumulate: false };
    let product = |x: Matrix<'_>, out: &mut [f32], workspace: &mut Workspace| {
        let n = x.rows();
        let addend = Addend { x, w: matrix(&w, d), transposed: false };
        let mut norms = vec![0.0; n];
        dense::product(&[addend], options, matrix_mut(out, n), Some(&mut norms), None, workspace).unwrap();
        norms
    };
    let mut batch = vec![0.0; n * m];
    let norms = product(matrix(&x, n), &mut batch, &mut workspace);
    for i in 0..n {
        let mut alone = vec![0.0; m];
        let norm = product(row(i), &mut alone, &mut workspace);
        assert_eq!(bits(&alone), bits(&batch[i * m..][..m]), "product {i}");
        assert_eq!(bits(&norm), bits(&norms[i..=i]), "norm {i}");
    }

    let targets = random.values(150 * d);
    let k = 150;
    let top = |queries: Matrix<'_>, targets: Matrix<'_>, workspace: &mut Workspace| {
        let q = queries.rows();
        let (mut ids, mut scores, mut counts) = (vec![0; q * k], vec![0.0; q * k], vec![0; q]);
        let out = TopK { k, ids: &mut ids, scores: &mut scores, counts: &mut counts, nan_counts: None };
        score::top_k(queries, targets, None, out, None, workspace).unwrap();
        (ids, scores)
    };
    let (ids, scores) = top(matrix(&x, n), matrix(&targets, 150), &mut workspace);
    for i in 0..n {
        let (own_ids, own_scores) = top(row(i), matrix(&targets, 150), &mut workspace);
        assert_eq!(own_ids, ids[i * k..][..k], "top_k {i}");
        assert_eq!(bits(&own_scores), bits(&scores[i * k..][..k]), "top_k {i}");
        // One target alone has the score that it has among all.
        let best = ids[i * k] as usize;
        let (_, own) = top(row(i), matrix(&targets[best * d..][..d], 1), &mut workspace);
        assert_eq!(own[0].to_bits(), scores[i * k].to_bits(), "target {best} of {i}");
    }

    // Source gradients depend on their own source only.
    let negatives: Vec<i32> = (0..30).map(|_| random.below(n) as i32).collect();
    let softmax = |graph: &Graph, sources: Matrix<'_>, gradient: &mut [f32], workspace: &mut Workspace| {
        let (back, rows) = (graph.transpose().unwrap(), sources.rows());
        let options = Softmax { temperature: 2.0, weight: 1.0, edge_weights: None };
        let mut other = vec![0.0; n * d];
        let (into, also) = (Some(matrix_mut(gradient, rows)), Some(matrix_mut(&mut other, n)));
        let negatives = Indices::I32(&negatives);
        let targets = matrix(&x, n);
        score::softmax_loss(graph, &back, sources, targets, negatives, options, into, also, None, workspace)
            .unwrap();
    };
    let mut batch = vec![0.0; n * d];
    softmax(&whole, matrix(&x, n), &mut batch, &mut workspace);
    for i in 0..n {
        let mut alone = vec![0.0; d];
        softmax(&one(i), row(i), &mut alone, &mut workspace);
        assert_eq!(bits(&alone), bits(&batch[i * d..][..d]), "softmax {i}");
    }
}

/// A call with more parts to share than rows: each part still works within its own scratch.
#[test]
fn fewer_rows_than_parts() {
    let mut random = Random::new(9);
    let pool = Pool::new(8).unwrap();
    for q in 1..=3 {
        let run = |pool: Option<&Pool>| {
            let mut random = Random::new(10);
            let (mut hashes, mut space) = (Hashes::default(), workspace(64));
            let (n, d) = (70_000, 4);
            let (queries, targets) = (random.values(q * d), random.values(n * d));
            let (queries, targets) = (matrix(&queries, q), matrix(&targets, n));
            let (mut ids, mut scores, mut counts) = (vec![0; q * 5], vec![0.0; q * 5], vec![0; q]);
            let out =
                TopK { k: 5, ids: &mut ids, scores: &mut scores, counts: &mut counts, nan_counts: None };
            score::top_k(queries, targets, None, out, pool, &mut space).unwrap();
            hashes.add("top_k", &[&scores], &[&ids, &counts], &[]);
            let given = graph(&vec![vec![3, 69_999, 3]; q], n);
            let (mut better, mut equal) = (vec![0; 3 * q], vec![0; 3 * q]);
            score::rank_counts(queries, targets, &given, None, &mut better, &mut equal, pool, &mut space)
                .unwrap();
            hashes.add("rank_counts", &[], &[&better, &equal], &[]);

            let hubs = graph(&vec![(0..n as u32).collect(); q], n);
            let back = hubs.transpose().unwrap();
            let (mut out, mut back_out) = (random.values(q * d), random.values(n * d));
            let (into, also) = (Some(matrix_mut(&mut out, q)), Some(matrix_mut(&mut back_out, n)));
            let term = EdgeTerm::new(EdgeKind::Positive);
            let loss =
                score::edge_loss(&hubs, &back, queries, targets, term, None, into, also, pool, &mut space)
                    .unwrap();
            hashes.add("edge_loss", &[&out, &back_out], &[], &[loss.loss]);

            let (positives, negatives) = (graph(&vec![vec![1, 2, 3]; q], n), Indices::U32(hubs.row(0)));
            let back = positives.transpose().unwrap();
            let options = Softmax { temperature: 1.0, weight: 1.0, edge_weights: None };
            let (into, also) = (Some(matrix_mut(&mut out, q)), Some(matrix_mut(&mut back_out, n)));
            let loss = score::softmax_loss(
                &positives, &back, queries, targets, negatives, options, into, also, pool, &mut space,
            );
            hashes.add("softmax_loss", &[&out, &back_out], &[], &[loss.unwrap().loss]);
            hashes.0
        };
        assert_eq!(run(Some(&pool)), run(None), "{q} rows");
    }
    // One part more than leaves, and leaves that are no power of two.
    let (k, m) = (40, 70);
    for n in [1_000, 1_025, 3 * 1_024, 5_000] {
        let (x, dz) = (random.values(n * k), random.values(n * m));
        let run = |pool: Option<&Pool>| {
            let mut out = vec![0.0; k * m];
            let (into, mut space) = (matrix_mut(&mut out, k), workspace(64));
            dense::weight_gradient(matrix(&x, n), matrix(&dz, n), false, into, pool, &mut space).unwrap();
            bits(&out)
        };
        assert_eq!(run(Some(&pool)), run(None), "{n} rows");
    }
}

/// Callers that share a graph and a pool at the same time do not disturb one another.
#[test]
fn callers_share_a_pool() {
    let graph = large_graph();
    let back = graph.transpose().unwrap();
    let run = |pool: Option<&Pool>| {
        let (mut hashes, mut space) = (Hashes::default(), workspace(8));
        aggregates(&mut hashes, &graph, &back, pool);
        losses(&mut hashes, &graph, &back, pool, &mut space);
        hashes.0
    };
    let (pool, alone) = (Pool::new(3).unwrap(), run(None));
    std::thread::scope(|scope| {
        let callers = [(); 4].map(|()| scope.spawn(|| run(Some(&pool))));
        for caller in callers {
            assert_eq!(caller.join().unwrap(), alone);
        }
    });
}
