//! The dual layer, fused: how much of the products' speed is left when the sums over neighbours are made on the way,
//! and what does the backward pass, which makes them again, cost beside the forward pass?
//!
//! Two relations over 30,000 nodes, about 8 edges a row each way, the second also along; rows stay in the last cache.

mod common;

use avocet::dense::Activation;
use avocet::dual::{
    DualBack, DualGradients, DualLayer, DualRelation, DualResult, DualRows, dual_backward, dual_forward,
};
use avocet::{Graph, Matrix, MatrixMut, Workspace};
use common::{Edges, every_setting, group, measure, values, work};

const NODES: usize = 30_000;
const MEAN_DEGREE: usize = 8;
const D: usize = 64;
/// Ws, Wt, W of both relations, U of the second.
const WEIGHTS: usize = 5;
/// Addends of the two sides: a weight matrix serves both, but Ws and Wt.
const ADDENDS: usize = 2 * (WEIGHTS - 1);

fn matrix(rows: &[f32]) -> Matrix<'_> {
    Matrix::new(rows, rows.len() / D, D).unwrap()
}

fn matrix_mut(rows: &mut [f32]) -> MatrixMut<'_> {
    let n = rows.len() / D;
    MatrixMut::new(rows, n, D).unwrap()
}

/// A relation's graph and its transpose.
fn graphs(seed: u64) -> (Graph, Graph) {
    let out = Edges::new(NODES, NODES, MEAN_DEGREE, seed).graph();
    let into = out.transpose().unwrap();
    (out, into)
}

fn main() {
    let mut criterion = common::criterion();
    let mut group = group(&mut criterion, "dual");
    let mut workspace = Workspace::new();
    let graphs = [graphs(1), graphs(2)];
    let (sources, targets) = (values(NODES * D, 3), values(NODES * D, 4));
    let weights: Vec<_> = (0..WEIGHTS).map(|at| values(D * D, 10 + at as u64)).collect();
    let relations = [(0, None), (1, Some(4))].map(|(at, along): (usize, Option<usize>)| DualRelation {
        out: &graphs[at].0,
        into: &graphs[at].1,
        out_scale: None,
        into_scale: None,
        across: matrix(&weights[2 + at]),
        along: along.map(|at| matrix(&weights[at])),
    });
    let layer = DualLayer {
        sources: matrix(&sources),
        targets: matrix(&targets),
        own: None,
        source_weights: matrix(&weights[0]),
        target_weights: matrix(&weights[1]),
        relations: &relations,
        activation: Activation::Relu,
        normalise: true,
    };

    let edges: usize = graphs.iter().map(|(out, into)| out.edges() + into.edges()).sum();
    let products = ADDENDS * NODES * D * D;
    let gathers = edges * (4 * D + 4);
    let rows = 4 * NODES * D;
    // Relu and norm of both sides: three flops of each value forward, five backward.
    let epilogue = |flops: usize| flops * 2 * NODES * D;

    let mut y = [vec![0.0; NODES * D], vec![0.0; NODES * D]];
    let mut norms = [vec![0.0; NODES], vec![0.0; NODES]];
    let fused = products + edges * D;
    let forward = work(fused, gathers + 4 * rows).roof(
        &["aggregate_rows", "product", "activate"],
        2 * fused + epilogue(3),
        4 * rows + 4 * edges,
    );
    measure(&mut group, &format!("forward, d{D}"), forward, &every_setting(), |pool| {
        let call = |workspace: &mut Workspace| {
            let ([s, t], [source_norms, target_norms]) = (&mut y, &mut norms);
            let out = DualRows {
                sources: matrix_mut(s),
                targets: matrix_mut(t),
                source_norms: Some(source_norms),
                target_norms: Some(target_norms),
            };
            dual_forward(&layer, out, pool, workspace)
        };
        workspace.fit(call).unwrap();
    });

    let dy = [values(NODES * D, 5), values(NODES * D, 6)];
    let back = graphs.each_ref().map(|(out, into)| DualBack { out: into, into: out });
    let result = DualResult {
        sources: matrix(&y[0]),
        targets: matrix(&y[1]),
        source_norms: Some(&norms[0]),
        target_norms: Some(&norms[1]),
        source_gradient: matrix(&dy[0]),
        target_gradient: matrix(&dy[1]),
        own: None,
        back: &back,
    };
    let mut gradients = [vec![0.0; NODES * D], vec![0.0; NODES * D]];
    let mut weight_gradients = vec![vec![0.0; D * D]; WEIGHTS];
    // The weights' gradients gather the forward sums again, the rows' gradients gather `dZ`.
    let fused = 2 * products + 2 * edges * D;
    let backward = work(fused, 2 * gathers + 10 * rows).roof(
        &["activate_backward", "aggregate_rows", "product", "weight_gradient"],
        2 * fused + epilogue(5),
        10 * rows + 8 * edges,
    );
    measure(&mut group, &format!("backward, d{D}"), backward, &every_setting(), |pool| {
        let call = |workspace: &mut Workspace| {
            let [s, t] = &mut gradients;
            let mut weights: Vec<_> = weight_gradients.iter_mut().map(|w| matrix_mut(w)).collect();
            let gradients = DualGradients {
                sources: Some(matrix_mut(s)),
                targets: Some(matrix_mut(t)),
                weights: &mut weights,
            };
            dual_backward(&layer, &result, gradients, pool, workspace)
        };
        workspace.fit(call).unwrap();
    });
    group.finish();
    criterion.final_summary();
}
