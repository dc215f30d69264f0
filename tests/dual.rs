//! The dual layer against the functions that it fuses.

mod common;

use avocet::aggregate::{Options, aggregate};
use avocet::dense::{self, Activation, Addend};
use avocet::dual::{
    DualBack, DualGradients, DualLayer, DualRelation, DualResult, DualRows, dual_backward, dual_forward,
};
use avocet::{Graph, Indices, Matrix, MatrixMut, Pool, Status, Workspace};
use common::{Random, graph, matrix, matrix_mut};

const N: usize = 2600;
const D: usize = 20;
const M: usize = 36;

/// A layer of two relations, the second also along, over random graphs with hubs and empty rows.
struct Scene {
    sources: Vec<f32>,
    targets: Vec<f32>,
    /// Ws, Wt, W, W, U.
    weights: Vec<Vec<f32>>,
    graphs: Vec<(Graph, Graph)>,
    scales: Vec<(Vec<f32>, Vec<f32>)>,
}

impl Scene {
    fn new() -> Scene {
        let mut random = Random::new(17);
        let graphs = [3, 9].map(|degree| {
            let row = |row: usize, random: &mut Random| {
                let len = if row == 7 { 1300 } else { random.below(degree) };
                (0..len).map(|_| random.below(N) as u32).collect()
            };
            let rows: Vec<Vec<u32>> = (0..N).map(|i| row(i, &mut random)).collect();
            let out = graph(&rows, N);
            let into = out.transpose().unwrap();
            (out, into)
        });
        Scene {
            sources: random.values(N * D),
            targets: random.values(N * D),
            weights: (0..5).map(|_| random.values(D * M)).collect(),
            graphs: graphs.to_vec(),
            scales: (0..2).map(|_| (random.values(N), random.values(N))).collect(),
        }
    }

    fn relations(&self) -> Vec<DualRelation<'_>> {
        (0..2)
            .map(|at| DualRelation {
                out: &self.graphs[at].0,
                into: &self.graphs[at].1,
                out_scale: Some(&self.scales[at].0),
                into_scale: Some(&self.scales[at].1),
                across: matrix(&self.weights[2 + at], D),
                along: (at == 1).then(|| matrix(&self.weights[4], D)),
            })
            .collect()
    }

    fn layer<'a>(&'a self, relations: &'a [DualRelation<'a>], normalise: bool) -> DualLayer<'a> {
        DualLayer {
            sources: matrix(&self.sources, N),
            targets: matrix(&self.targets, N),
            own: None,
            source_weights: matrix(&self.weights[0], D),
            target_weights: matrix(&self.weights[1], D),
            relations,
            activation: Activation::Tanh,
            normalise,
        }
    }
}

/// S', T', norms of both.
type Rows = [Vec<f32>; 4];

fn forward(layer: &DualLayer<'_>, rows: usize, pool: Option<&Pool>) -> Rows {
    let mut out = [vec![9.0; rows * M], vec![9.0; rows * M], vec![9.0; rows], vec![9.0; rows]];
    Workspace::new()
        .fit(|workspace| {
            let [s, t, sn, tn] = &mut out;
            let rows = DualRows {
                sources: MatrixMut::new(s, rows, M)?,
                targets: MatrixMut::new(t, rows, M)?,
                source_norms: Some(sn),
                target_norms: Some(tn),
            };
            dual_forward(layer, rows, pool, workspace)
        })
        .unwrap();
    out
}

fn sum(graph: &Graph, scale: &[f32], x: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; graph.rows() * D];
    let options = Options { row_scale: Some(scale), ..Default::default() };
    aggregate(graph, matrix(x, graph.cols()), options, matrix_mut(&mut out, graph.rows()), None).unwrap();
    out
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

#[test]
fn forward_has_the_bits_of_its_parts() {
    let scene = Scene::new();
    let relations = scene.relations();
    for normalise in [false, true] {
        let layer = scene.layer(&relations, normalise);
        let found = forward(&layer, N, None);
        let out: Vec<_> =
            (0..2).map(|r| sum(&scene.graphs[r].0, &scene.scales[r].0, &scene.targets)).collect();
        let into: Vec<_> =
            (0..2).map(|r| sum(&scene.graphs[r].1, &scene.scales[r].1, &scene.sources)).collect();
        let addend =
            |x, w: usize| Addend { x: matrix(x, N), w: matrix(&scene.weights[w], D), transposed: false };
        let addends = [
            [addend(&scene.sources, 0), addend(&out[0], 2), addend(&out[1], 3), addend(&into[1], 4)],
            [addend(&scene.targets, 1), addend(&into[0], 2), addend(&into[1], 3), addend(&out[1], 4)],
        ];
        for (side, addends) in addends.iter().enumerate() {
            let (mut rows, mut norms) = (vec![0.0; N * M], vec![9.0; N]);
            let options = dense::Options { activation: Activation::Tanh, normalise, ..Default::default() };
            Workspace::new()
                .fit(|ws| {
                    dense::product(addends, options, matrix_mut(&mut rows, N), Some(&mut norms), None, ws)
                })
                .unwrap();
            assert_eq!(bits(&found[side]), bits(&rows));
            assert_eq!(bits(&found[2 + side]), bits(&norms));
        }
    }
}

/// Gradients of S and T, and of each weight matrix.
fn backward(
    layer: &DualLayer<'_>,
    back: &[DualBack<'_>],
    own: Option<&Graph>,
    rows: &Rows,
    dy: &[Vec<f32>; 2],
    pool: Option<&Pool>,
) -> Vec<Vec<f32>> {
    let r = dy[0].len() / M;
    let n = layer.sources.rows();
    let mut out = vec![vec![5.0; n * D], vec![5.0; n * D]];
    out.extend((0..5).map(|_| vec![0.0; D * M]));
    let result = DualResult {
        sources: matrix(&rows[0], r),
        targets: matrix(&rows[1], r),
        source_norms: Some(&rows[2]),
        target_norms: Some(&rows[3]),
        source_gradient: matrix(&dy[0], r),
        target_gradient: matrix(&dy[1], r),
        own,
        back,
    };
    Workspace::new()
        .fit(|workspace| {
            let (inputs, weights) = out.split_at_mut(2);
            let [s, t] = inputs else { unreachable!() };
            let mut weights: Vec<MatrixMut<'_>> = weights.iter_mut().map(|w| matrix_mut(w, D)).collect();
            let gradients = DualGradients {
                sources: Some(matrix_mut(s, n)),
                targets: Some(matrix_mut(t, n)),
                weights: &mut weights,
            };
            dual_backward(layer, &result, gradients, pool, workspace)
        })
        .unwrap();
    out
}

fn backs(scene: &Scene) -> Vec<DualBack<'_>> {
    scene.graphs.iter().map(|(out, into)| DualBack { out: into, into: out }).collect()
}

/// The loss `sum S' . dS + T' . dT` in f64 from f32 forward passes.
fn loss(rows: &Rows, dy: &[Vec<f32>; 2]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>();
    dot(&rows[0], &dy[0]) + dot(&rows[1], &dy[1])
}

#[test]
fn gradients_are_slopes() {
    for normalise in [false, true] {
        let mut scene = Scene::new();
        let mut random = Random::new(3);
        let dy = [random.values(N * M), random.values(N * M)];
        let gradients = {
            let relations = scene.relations();
            let layer = scene.layer(&relations, normalise);
            let rows = forward(&layer, N, None);
            backward(&layer, &backs(&scene), None, &rows, &dy, None)
        };
        // Along a random direction of each input: less noise than single elements.
        for (at, gradient) in gradients.iter().enumerate() {
            let direction = random.values(gradient.len());
            let slope: f64 =
                gradient.iter().zip(&direction).map(|(&g, &d)| f64::from(g) * f64::from(d)).sum();
            let mut at_step = |step: f32| {
                let values = match at {
                    0 => &mut scene.sources,
                    1 => &mut scene.targets,
                    at => &mut scene.weights[at - 2],
                };
                let held = values.clone();
                values.iter_mut().zip(&direction).for_each(|(v, d)| *v += step * d);
                let relations = scene.relations();
                let loss = loss(&forward(&scene.layer(&relations, normalise), N, None), &dy);
                match at {
                    0 => scene.sources = held,
                    1 => scene.targets = held,
                    at => scene.weights[at - 2] = held,
                }
                loss
            };
            let step = 1e-3;
            let difference = (at_step(step) - at_step(-step)) / (2.0 * f64::from(step));
            let size: f64 = gradient.iter().zip(&direction).map(|(&g, &d)| f64::from(g * d).powi(2)).sum();
            let tolerance = 0.02 * size.sqrt() + 0.002 * slope.abs();
            assert!((slope - difference).abs() < tolerance, "{at} {normalise}: {slope} against {difference}");
        }
    }
}

#[test]
fn threads_do_not_matter() {
    let scene = Scene::new();
    let relations = scene.relations();
    let layer = scene.layer(&relations, true);
    let mut random = Random::new(4);
    let dy = [random.values(N * M), random.values(N * M)];
    let rows = forward(&layer, N, None);
    let gradients = backward(&layer, &backs(&scene), None, &rows, &dy, None);
    for threads in [1, 2, 3, 8] {
        let pool = Pool::new(threads).unwrap();
        let again = forward(&layer, N, Some(&pool));
        for (a, b) in rows.iter().zip(&again) {
            assert_eq!(bits(a), bits(b));
        }
        let again = backward(&layer, &backs(&scene), None, &rows, &dy, Some(&pool));
        for (a, b) in gradients.iter().zip(&again) {
            assert_eq!(bits(a), bits(b), "{threads} threads");
        }
    }
}

/// Some output rows only: the rows of the whole, and the gradients of the whole with zeros elsewhere.
#[test]
fn selected_rows_are_the_rows() {
    let scene = Scene::new();
    let relations = scene.relations();
    let layer = scene.layer(&relations, true);
    let whole = forward(&layer, N, None);
    let chosen: Vec<u32> = (0..N as u32).filter(|i| i % 3 == 1 || *i == 7).collect();
    let ids = Indices::U32(&chosen);
    let identity = graph(&(0..N as u32).map(|i| vec![i]).collect::<Vec<_>>(), N);
    let own = identity.select_rows(ids).unwrap();
    let own_back = own.transpose().unwrap();
    let some: Vec<(Graph, Graph)> = scene
        .graphs
        .iter()
        .map(|(out, into)| (out.select_rows(ids).unwrap(), into.select_rows(ids).unwrap()))
        .collect();
    let turned: Vec<(Graph, Graph)> =
        some.iter().map(|(out, into)| (out.transpose().unwrap(), into.transpose().unwrap())).collect();
    let pick = |values: &[f32]| chosen.iter().map(|&i| values[i as usize]).collect::<Vec<f32>>();
    let scales: Vec<_> = scene.scales.iter().map(|(out, into)| (pick(out), pick(into))).collect();
    let part: Vec<DualRelation<'_>> = relations
        .iter()
        .zip(&some)
        .zip(&scales)
        .map(|((relation, (out, into)), (out_scale, into_scale))| DualRelation {
            out,
            into,
            out_scale: Some(out_scale),
            into_scale: Some(into_scale),
            ..*relation
        })
        .collect();
    let part_layer = DualLayer { own: Some(&own), relations: &part, ..layer };
    let found = forward(&part_layer, chosen.len(), None);
    for (side, cols) in [M, M, 1, 1].into_iter().enumerate() {
        for (at, &id) in chosen.iter().enumerate() {
            let (a, b) = (&found[side][at * cols..][..cols], &whole[side][id as usize * cols..][..cols]);
            assert_eq!(bits(a), bits(b));
        }
    }

    let mut random = Random::new(6);
    let dy = [random.values(chosen.len() * M), random.values(chosen.len() * M)];
    let spread = |values: &[f32]| {
        let mut out = vec![0.0; N * M];
        for (at, &id) in chosen.iter().enumerate() {
            out[id as usize * M..][..M].copy_from_slice(&values[at * M..][..M]);
        }
        out
    };
    let part_backs: Vec<_> = turned.iter().map(|(out, into)| DualBack { out, into }).collect();
    let part = backward(&part_layer, &part_backs, Some(&own_back), &found, &dy, None);
    let all = backward(&layer, &backs(&scene), None, &whole, &[spread(&dy[0]), spread(&dy[1])], None);
    for (part, all) in part.iter().zip(&all) {
        for (&a, &b) in part.iter().zip(all) {
            assert!((a - b).abs() <= 1e-4 * (1.0 + b.abs()), "{a} {b}");
        }
    }
}

#[test]
fn shapes_are_checked_before_anything_is_written() {
    let scene = Scene::new();
    let relations = scene.relations();
    let layer = scene.layer(&relations, true);
    let refused = |layer: DualLayer<'_>| {
        let mut out = [vec![9.0; N * M], vec![9.0; N * M], vec![9.0; N], vec![9.0; N]];
        let [s, t, sn, tn] = &mut out;
        let rows = DualRows {
            sources: matrix_mut(s, N),
            targets: matrix_mut(t, N),
            source_norms: Some(sn),
            target_norms: Some(tn),
        };
        let error = dual_forward(&layer, rows, None, &mut Workspace::new()).unwrap_err();
        assert!(out.iter().flatten().all(|&v| v == 9.0));
        error
    };
    assert_eq!(refused(layer).status, Status::WorkspaceTooSmall);
    let small = &scene.weights[0][..D * (M - 1)];
    assert_eq!(
        refused(DualLayer { target_weights: matrix(small, D), ..layer }).status,
        Status::ShapeMismatch
    );
    assert_eq!(refused(DualLayer { targets: Matrix::EMPTY, ..layer }).status, Status::ShapeMismatch);
    assert_eq!(refused(DualLayer { own: Some(&scene.graphs[0].0), ..layer }).status, Status::InvalidArgument);
    let bad = [relations[0], DualRelation { out_scale: Some(&[1.0]), ..relations[1] }];
    let error = refused(DualLayer { relations: &bad, ..layer });
    assert_eq!((error.status, error.position), (Status::ShapeMismatch, 1));
    let many = vec![relations[0]; 8];
    assert_eq!(refused(DualLayer { relations: &many, ..layer }).status, Status::InvalidArgument);
}
