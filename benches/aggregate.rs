//! The graph and the aggregate family: is a pass over the edges bound by the memory that its rows come from, and what
//! do validation, transposition and edge weights cost beside it?
//!
//! The graph has 30,000 rows and some 460,000 edges with skewed degrees: its rows fit into the last cache at small d
//! and not at large d. `check` reports `Graph::new` (validation and copy) beside one pass over the same graph.

mod common;

use avocet::aggregate::{Options, Reduce, edge_dots};
use avocet::{Graph, Matrix, MatrixMut, aggregate};
use common::{
    DIMENSIONS, Edges, Work, best, every_setting, group, measure, one_thread, portable, traffic, values, work,
};
use criterion::Criterion;

const NODES: usize = 30_000;
const MEAN_DEGREE: usize = 16;

/// One pass: the gathered rows, the indices and `extra` bytes for each edge; the output and the offset of each row.
fn pass(graph: &Graph, d: usize, extra: usize) -> Work {
    let per_edge = 4 * d + 4 + extra;
    work(graph.edges() * d, graph.edges() * per_edge + graph.rows() * (4 * d + 8))
}

/// What a pass over the graph of [`NODES`] touches: two matrices and `per_edge` bytes for each edge.
fn touched(graph: &Graph, d: usize, per_edge: usize) -> usize {
    8 * NODES * d + per_edge * graph.edges()
}

fn sums(criterion: &mut Criterion) {
    let mut group = group(criterion, "aggregate");
    let graph = Edges::new(NODES, NODES, MEAN_DEGREE, 1).graph();
    for d in DIMENSIONS {
        let (x, mut out) = (values(NODES * d, 2), vec![0.0; NODES * d]);
        let x = Matrix::new(&x, NODES, d).unwrap();
        let pass = pass(&graph, d, 0);
        let pass =
            pass.roof(&["aggregate_rows"], 2 * graph.edges() * d, touched(&graph, d, 4)).shown(d == 64);
        measure(&mut group, &format!("sum d{d}"), pass, &every_setting(), |pool| {
            let out = MatrixMut::new(&mut out, NODES, d).unwrap();
            aggregate(&graph, x, Options::default(), out, pool).unwrap();
        });
    }

    let small = Edges::new(2_000, 2_000, MEAN_DEGREE, 3).graph();
    let (x, mut out) = (values(2_000 * 32, 4), vec![0.0; 2_000 * 32]);
    let x = Matrix::new(&x, 2_000, 32).unwrap();
    measure(&mut group, "sum d32, 2,000 rows", pass(&small, 32, 0), &portable(), |pool| {
        let out = MatrixMut::new(&mut out, 2_000, 32).unwrap();
        aggregate(&small, x, Options::default(), out, pool).unwrap();
    });
    group.finish();
}

/// What the backward pass of a weighted mean runs on: a transposed graph that finds its weights through edge ids.
fn weighted(criterion: &mut Criterion) {
    let mut group = group(criterion, "aggregate");
    let d = 64;
    let graph = Edges::new(NODES, NODES, MEAN_DEGREE, 1).graph();
    let transposed = graph.transpose().unwrap();
    let (x, mut out) = (values(NODES * d, 2), vec![0.0; NODES * d]);
    let x = Matrix::new(&x, NODES, d).unwrap();
    let (weights, scale) = (values(graph.edges(), 5), values(NODES, 6));
    let options = Options {
        reduce: Reduce::Mean,
        edge_weights: Some(&weights),
        source_scale: Some(&scale),
        ..Options::default()
    };
    for (name, graph, extra) in
        [("weighted mean d64", &graph, 8), ("weighted mean d64, transposed", &transposed, 12)]
    {
        let pass = pass(graph, d, extra);
        let pass = pass.roof(&["aggregate_rows"], 2 * graph.edges() * d, touched(graph, d, 4 + extra));
        measure(&mut group, name, pass, &one_thread(), |pool| {
            let out = MatrixMut::new(&mut out, NODES, d).unwrap();
            aggregate(graph, x, options, out, pool).unwrap();
        });
    }
    group.finish();
}

fn dots(criterion: &mut Criterion) {
    let mut group = group(criterion, "edge_dots");
    let graph = Edges::new(NODES, NODES, MEAN_DEGREE, 1).graph();
    for d in DIMENSIONS {
        let (left, right) = (values(NODES * d, 2), values(NODES * d, 7));
        let (left, right) = (Matrix::new(&left, NODES, d).unwrap(), Matrix::new(&right, NODES, d).unwrap());
        let mut out = vec![0.0; graph.edges()];
        let settings = if d == 64 { every_setting() } else { one_thread() };
        let pass = pass(&graph, d, 4);
        let pass = pass.roof(&["edge_dots"], 2 * graph.edges() * d, touched(&graph, d, 8)).shown(d == 64);
        measure(&mut group, &format!("d{d}"), pass, &settings, |pool| {
            edge_dots(&graph, left, right, &mut out, pool).unwrap();
        });
    }
    group.finish();
}

fn check(criterion: &mut Criterion) {
    let mut group = group(criterion, "check");
    let edges = Edges::new(NODES, NODES, MEAN_DEGREE, 1);
    let graph = edges.graph();
    let structure = traffic(4 * graph.edges() + 8 * (graph.rows() + 1));
    measure(&mut group, "Graph::new", structure.clone(), &best(), |_| {
        std::hint::black_box(edges.graph());
    });
    measure(&mut group, "transpose", structure, &best(), |_| {
        std::hint::black_box(graph.transpose().unwrap());
    });
    for d in [32, 128] {
        let (x, mut out) = (values(NODES * d, 2), vec![0.0; NODES * d]);
        let x = Matrix::new(&x, NODES, d).unwrap();
        measure(&mut group, &format!("one pass d{d}"), pass(&graph, d, 0), &best(), |pool| {
            let out = MatrixMut::new(&mut out, NODES, d).unwrap();
            aggregate(&graph, x, Options::default(), out, pool).unwrap();
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = common::criterion();
    sums(&mut criterion);
    weighted(&mut criterion);
    dots(&mut criterion);
    check(&mut criterion);
    criterion.final_summary();
}
