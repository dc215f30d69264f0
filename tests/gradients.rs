//! Every gradient against central differences of the loss in f64, and every optimiser step against f64.

mod common;

use avocet::aggregate::{Reduce, edge_dots};
use avocet::dense::{Activation, Addend};
use avocet::optim::{Adam, adagrad_rows, adam};
use avocet::score::{EdgeKind, EdgeTerm, Softmax, edge_loss, softmax_loss};
use avocet::{Graph, Indices, aggregate, dense};
use common::{Random, graph, matrix, matrix_mut, workspace};

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&v| f64::from(v)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Compares `gradient` with the central differences of `loss` at `values`, within `1e-5` of the greatest.
#[track_caller]
fn check(what: &str, gradient: &[f32], values: &[f32], loss: impl Fn(&[f64]) -> f64) {
    assert_eq!(gradient.len(), values.len(), "{what}");
    const STEP: f64 = 1e-5;
    let mut at = wide(values);
    let mut slope = |i: usize| {
        let middle = at[i];
        at[i] = middle + STEP;
        let above = loss(&at);
        at[i] = middle - STEP;
        let below = loss(&at);
        at[i] = middle;
        (above - below) / (2.0 * STEP)
    };
    let slopes: Vec<f64> = (0..values.len()).map(&mut slope).collect();
    let greatest = slopes.iter().fold(0.0f64, |greatest, slope| greatest.max(slope.abs()));
    assert!(greatest > 1e-4, "{what}: a test of nothing");
    for (i, (&got, want)) in gradient.iter().zip(slopes).enumerate() {
        let error = (f64::from(got) - want).abs();
        assert!(
            error <= 1e-5 * greatest + 1e-8,
            "{what}: at {i} {got:e}, not {want:e} (greatest {greatest:e})"
        );
    }
}

/// Rows of 0 to 5 edges, with duplicates.
fn some_graph(random: &mut Random, rows: usize, cols: usize) -> Graph {
    let rows: Vec<Vec<u32>> = (0..rows)
        .map(|i| {
            let mut row: Vec<u32> = (0..i % 6).map(|_| random.below(cols) as u32).collect();
            row.extend(row.first().copied().filter(|_| i % 6 == 4));
            row
        })
        .collect();
    graph(&rows, cols)
}

/// The row of each edge.
fn edge_rows(graph: &Graph) -> Vec<usize> {
    (0..graph.rows()).flat_map(|i| std::iter::repeat_n(i, graph.row(i).len())).collect()
}

#[test]
fn aggregate_by_features_weights_and_scales() {
    let mut random = Random::new(1);
    let (n, c, d) = (13, 9, 19);
    let graph = some_graph(&mut random, n, c);
    let back = graph.transpose().unwrap();
    let rows = edge_rows(&graph);
    let (x, weights, cotangent) = (random.values(c * d), random.values(graph.edges()), random.values(n * d));
    let (source_scale, row_scale) = (random.values(c), random.values(n));
    for reduce in [Reduce::Sum, Reduce::Mean] {
        let degree = |row: usize| match reduce {
            Reduce::Sum => 1.0,
            Reduce::Mean => graph.row(row).len().max(1) as f64,
        };
        let loss = |x: &[f64], weights: &[f64], source_scale: &[f64], row_scale: &[f64]| -> f64 {
            let edge = |(edge, &row): (usize, &usize)| {
                let source = graph.indices()[edge] as usize;
                let factor = weights[edge] * source_scale[source] * row_scale[row] / degree(row);
                factor * dot(&x[source * d..][..d], &wide(&cotangent[row * d..][..d]))
            };
            rows.iter().enumerate().map(edge).sum()
        };
        let (x64, w64, s64, r64) = (wide(&x), wide(&weights), wide(&source_scale), wide(&row_scale));

        // The forward pass is that loss.
        let forward = aggregate::Options {
            reduce,
            edge_weights: Some(&weights),
            source_scale: Some(&source_scale),
            row_scale: Some(&row_scale),
            ..Default::default()
        };
        let mut out = vec![0.0; n * d];
        aggregate(&graph, matrix(&x, c), forward, matrix_mut(&mut out, n), None).unwrap();
        let (got, want) = (dot(&wide(&out), &wide(&cotangent)), loss(&x64, &w64, &s64, &r64));
        assert!((got - want).abs() < 1e-5, "{got}, not {want}");

        let scale: Vec<f32> = (0..n).map(|row| row_scale[row] / degree(row) as f32).collect();
        let backward = aggregate::Options {
            reduce: Reduce::Sum,
            source_scale: Some(&scale),
            row_scale: Some(&source_scale),
            ..forward
        };
        let mut dx = vec![0.0; c * d];
        aggregate(&back, matrix(&cotangent, n), backward, matrix_mut(&mut dx, c), None).unwrap();
        check("features", &dx, &x, |x| loss(x, &w64, &s64, &r64));

        let by_row = |values: &[f32], scale: &[f32]| -> Vec<f32> {
            values.iter().enumerate().map(|(at, v)| v * scale[at / d]).collect()
        };
        let (left, right) = (by_row(&cotangent, &scale), by_row(&x, &source_scale));
        let mut dw = vec![0.0; graph.edges()];
        edge_dots(&graph, matrix(&left, n), matrix(&right, c), &mut dw, None).unwrap();
        check("edge weights", &dw, &weights, |weights| loss(&x64, weights, &s64, &r64));
    }
}

/// `x * w` for `n` rows, in f64.
fn product(x: &[f64], w: &[f64], n: usize, m: usize) -> Vec<f64> {
    let (k, mut out) = (x.len() / n, vec![0.0; n * m]);
    for (i, out) in out.chunks_exact_mut(m).enumerate() {
        for p in 0..k {
            for (out, w) in out.iter_mut().zip(&w[p * m..][..m]) {
                *out += x[i * k + p] * w;
            }
        }
    }
    out
}

fn activate(activation: Activation, normalise: bool, z: &[f64], m: usize) -> Vec<f64> {
    let mut y: Vec<f64> = z
        .iter()
        .map(|&z| match activation {
            Activation::None => z,
            Activation::Relu => z.max(0.0),
            Activation::Tanh => z.tanh(),
        })
        .collect();
    if normalise {
        for row in y.chunks_exact_mut(m) {
            let norm = dot(row, row).sqrt().max(1e-12);
            row.iter_mut().for_each(|y| *y /= norm);
        }
    }
    y
}

/// A layer of two addends, `y = norm(activation(x w + u v))`: what each of its parts gives backward.
#[test]
fn layer_by_inputs_and_weights() {
    let mut random = Random::new(2);
    let mut space = workspace(1);
    let (n, k, l, m) = (5, 7, 3, 18);
    let (x, w) = (random.values(n * k), random.values(k * m));
    let (u, v) = (random.values(n * l), random.values(l * m));
    let cotangent = random.values(n * m);
    for activation in [Activation::None, Activation::Relu, Activation::Tanh] {
        for normalise in [false, true] {
            let loss = |x: &[f64], w: &[f64], u: &[f64], v: &[f64]| {
                let (a, b) = (product(x, w, n, m), product(u, v, n, m));
                let z: Vec<f64> = a.iter().zip(b).map(|(a, b)| a + b).collect();
                dot(&activate(activation, normalise, &z, m), &wide(&cotangent))
            };
            let options = dense::Options { activation, normalise, accumulate: false };
            let addends = [
                Addend { x: matrix(&x, n), w: matrix(&w, k), transposed: false },
                Addend { x: matrix(&u, n), w: matrix(&v, l), transposed: false },
            ];
            let (mut y, mut norms, mut dz) = (vec![0.0; n * m], vec![0.0; n], vec![0.0; n * m]);
            let into = matrix_mut(&mut y, n);
            dense::product(&addends, options, into, Some(&mut norms), None, &mut space).unwrap();
            let (into, dy) = (matrix_mut(&mut dz, n), matrix(&cotangent, n));
            dense::activate_backward(options, matrix(&y, n), Some(&norms), dy, into, None).unwrap();

            let what = format!("{activation:?}, norm {normalise}");
            let (x64, w64, u64, v64) = (wide(&x), wide(&w), wide(&u), wide(&v));
            let mut dx = vec![0.0; n * k];
            let turned = Addend { x: matrix(&dz, n), w: matrix(&w, k), transposed: true };
            let plain = dense::Options::default();
            dense::product(&[turned], plain, matrix_mut(&mut dx, n), None, None, &mut space).unwrap();
            check(&format!("input, {what}"), &dx, &x, |x| loss(x, &w64, &u64, &v64));
            // Added to what the output holds.
            let mut dv = vec![1.0; l * m];
            let (rows, into) = (matrix(&u, n), matrix_mut(&mut dv, l));
            dense::weight_gradient(rows, matrix(&dz, n), true, into, None, &mut space).unwrap();
            dv.iter_mut().for_each(|v| *v -= 1.0);
            check(&format!("weights, {what}"), &dv, &v, |v| loss(&x64, &w64, &u64, v));
        }
    }
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[test]
fn edge_loss_by_all_it_depends_on() {
    let mut random = Random::new(3);
    let mut space = workspace(1);
    let (n, c, d) = (13, 9, 19);
    let graph = some_graph(&mut random, n, c);
    let back = graph.transpose().unwrap();
    let rows = edge_rows(&graph);
    let weights = random.values(graph.edges());
    for kind in [EdgeKind::Positive, EdgeKind::Negative, EdgeKind::Reversed] {
        for weights in [None, Some(&weights[..])] {
            let (s, t) = if kind == EdgeKind::Reversed { (c, n) } else { (n, c) };
            let (sources, targets) = (random.values(s * d), random.values(t * d));
            let term = EdgeTerm { kind, temperature: 1.5, offset: 0.3, margin: 0.7, weight: 0.4 };
            let loss = |sources: &[f64], targets: &[f64], temperature: f64, offset: f64| -> f64 {
                let edge = |(edge, &row): (usize, &usize)| {
                    let column = graph.indices()[edge] as usize;
                    let (u, v) = if kind == EdgeKind::Reversed { (column, row) } else { (row, column) };
                    let x = temperature * dot(&sources[u * d..][..d], &targets[v * d..][..d]) - offset;
                    let z = if kind == EdgeKind::Positive { -x } else { x - f64::from(term.margin) };
                    weights.map_or(1.0, |weights| f64::from(weights[edge]))
                        * f64::from(term.weight)
                        * softplus(z)
                };
                rows.iter().enumerate().map(edge).sum()
            };
            let (mut ds, mut dt) = (vec![1.0; s * d], vec![-1.0; t * d]);
            let (into, also) = (Some(matrix_mut(&mut ds, s)), Some(matrix_mut(&mut dt, t)));
            let (a, b) = (matrix(&sources, s), matrix(&targets, t));
            let got = edge_loss(&graph, &back, a, b, term, weights, into, also, None, &mut space).unwrap();
            ds.iter_mut().for_each(|v| *v -= 1.0);
            dt.iter_mut().for_each(|v| *v += 1.0);

            let (s64, t64) = (wide(&sources), wide(&targets));
            let (temperature, offset) = (f64::from(term.temperature), f64::from(term.offset));
            let want = loss(&s64, &t64, temperature, offset);
            assert!((got.loss - want).abs() < 1e-5, "{kind:?}: {}, not {want}", got.loss);
            check(&format!("sources, {kind:?}"), &ds, &sources, |v| loss(v, &t64, temperature, offset));
            check(&format!("targets, {kind:?}"), &dt, &targets, |v| loss(&s64, v, temperature, offset));
            let by = [got.temperature_gradient as f32, got.offset_gradient as f32];
            check(&format!("options, {kind:?}"), &by, &[term.temperature, term.offset], |v| {
                loss(&s64, &t64, v[0], v[1])
            });
            let none = edge_loss(&graph, &back, a, b, term, weights, None, None, None, &mut space).unwrap();
            assert_eq!(none, got, "without gradients");
        }
    }
}

/// The loss of one positive, in f64 and without overflow: `log(sum of exp(z - x))`, the positive's own term aside.
fn softmax_of(x: f64, others: &[f64]) -> f64 {
    let top = others.iter().copied().fold(x, f64::max);
    let rest: f64 = others.iter().map(|z| (z - top).exp()).sum();
    let own = (x - top).exp();
    if rest < own { (rest / own).ln_1p() } else { (rest + own).ln() + (top - x) }
}

/// Positives, embeddings and negatives of a sampled softmax.
struct Sampled {
    d: usize,
    graph: Graph,
    sources: Vec<f32>,
    targets: Vec<f32>,
    negatives: Vec<i64>,
    weights: Option<Vec<f32>>,
    temperature: f32,
}

impl Sampled {
    fn loss(&self, sources: &[f64], targets: &[f64], temperature: f64) -> f64 {
        let (rows, d) = (edge_rows(&self.graph), self.d);
        let edge = |(edge, &row): (usize, &usize)| {
            let logit =
                |target: usize| temperature * dot(&sources[row * d..][..d], &targets[target * d..][..d]);
            let target = self.graph.indices()[edge] as usize;
            let others = self.negatives.iter().map(|&k| k as usize).filter(|&k| k != target);
            let weight = self.weights.as_ref().map_or(1.0, |weights| f64::from(weights[edge]));
            weight * 0.4f32 as f64 * softmax_of(logit(target), &others.map(logit).collect::<Vec<f64>>())
        };
        rows.iter().enumerate().map(edge).sum()
    }

    /// The library's loss, temperature gradient, and gradients of sources and targets.
    fn run(&self) -> (f64, f64, Vec<f32>, Vec<f32>) {
        let (n, c) = (self.graph.rows(), self.graph.cols());
        let (mut ds, mut dt) = (vec![1.0; n * self.d], vec![-1.0; c * self.d]);
        let options =
            Softmax { temperature: self.temperature, weight: 0.4, edge_weights: self.weights.as_deref() };
        let got = softmax_loss(
            &self.graph,
            &self.graph.transpose().unwrap(),
            matrix(&self.sources, n),
            matrix(&self.targets, c),
            Indices::I64(&self.negatives),
            options,
            Some(matrix_mut(&mut ds, n)),
            Some(matrix_mut(&mut dt, c)),
            None,
            &mut workspace(1),
        );
        let got = got.unwrap();
        ds.iter_mut().for_each(|v| *v -= 1.0);
        dt.iter_mut().for_each(|v| *v += 1.0);
        (got.loss, got.temperature_gradient, ds, dt)
    }

    fn check(&self, what: &str) {
        let (loss, by_temperature, ds, dt) = self.run();
        let (s64, t64, temperature) = (wide(&self.sources), wide(&self.targets), f64::from(self.temperature));
        let want = self.loss(&s64, &t64, temperature);
        assert!((loss - want).abs() <= 1e-6 * want.abs(), "{what}: {loss}, not {want}");
        check(&format!("sources, {what}"), &ds, &self.sources, |v| self.loss(v, &t64, temperature));
        check(&format!("targets, {what}"), &dt, &self.targets, |v| self.loss(&s64, v, temperature));
        check(&format!("temperature, {what}"), &[by_temperature as f32], &[self.temperature], |v| {
            self.loss(&s64, &t64, v[0])
        });
    }
}

#[test]
fn softmax_by_all_it_depends_on() {
    let mut random = Random::new(4);
    let (n, c, d) = (13, 9, 19);
    let mut sampled = |graph: Graph, negatives: &[i64], weighted: bool, temperature: f32| Sampled {
        d,
        weights: weighted.then(|| random.values(graph.edges())),
        graph,
        sources: random.values(n * d),
        targets: random.values(c * d),
        negatives: negatives.to_vec(),
        temperature,
    };
    let mut random = Random::new(5);
    let mixed = some_graph(&mut random, n, c);
    // Negatives hit positives of most sources; some are repeated.
    for weighted in [false, true] {
        sampled(mixed.clone(), &[0, 3, 3, 8, 1, 3, 5], weighted, 1.5).check("hits");
        sampled(mixed.clone(), &[2], weighted, 0.5).check("one negative");
        sampled(mixed.clone(), &[0, 1, 2, 3, 4, 5, 6, 7, 8], weighted, 1.0).check("all targets");
    }
    // Positives that are negatives of one another, twice the same positive, one that is no negative.
    let rows: Vec<Vec<u32>> = (0..n).map(|i| if i % 2 == 0 { vec![3, 8, 3, 2] } else { vec![] }).collect();
    sampled(graph(&rows, c), &[3, 8, 8, 1], true, 1.5).check("positives among themselves");
    // Certain and hopeless edges.
    sampled(mixed, &[0, 3, 3, 8], false, 12.0).check("great temperature");
}

#[test]
fn softmax_of_nothing_else_is_zero() {
    let mut random = Random::new(6);
    let rows: Vec<Vec<u32>> = (0..6).map(|_| vec![2]).collect();
    for negatives in [vec![], vec![2, 2]] {
        let (sources, targets) = (random.values(6 * 4), random.values(3 * 4));
        for temperature in [1.0, 1e4] {
            let (graph, sources, targets) = (graph(&rows, 3), sources.clone(), targets.clone());
            let negatives = negatives.clone();
            let alone = Sampled { d: 4, graph, sources, targets, negatives, weights: None, temperature };
            let (loss, by_temperature, ds, dt) = alone.run();
            assert_eq!((loss, by_temperature), (0.0, 0.0));
            assert!(ds.iter().chain(&dt).all(|&v| v == 0.0));
        }
    }
}

/// Logits of 1e4 and -1e4: no overflow, and a confident edge keeps its digits.
#[test]
fn softmax_at_the_ends() {
    for (x, others) in [
        (1e4, [-1e4, 0.0]),
        (-1e4, [1e4, 0.0]),
        (-1e4, [-1e4, -1e4]),
        (1e4, [1e4, 1e4]),
        (0.0, [1e4, -1e4]),
        (30.0, [0.0, -20.0]),
        (0.0, [-60.0, -61.0]),
        (-30.0, [0.0, 1.0]),
    ] {
        // One source (1), targets that are their own logits.
        let targets = vec![x, others[0], others[1]];
        // With the positive among the negatives, it does not count against itself.
        for negatives in [vec![1, 2], vec![1, 0, 2]] {
            let sampled = Sampled {
                d: 1,
                graph: graph(&[vec![0]], 3),
                sources: vec![1.0],
                targets: targets.clone(),
                negatives,
                weights: None,
                temperature: 1.0,
            };
            let (loss, by_temperature, ds, dt) = sampled.run();
            let want = 0.4f32 as f64 * softmax_of(x.into(), &wide(&others));
            assert!((loss - want).abs() <= 1e-6 * want + 1e-44, "{x} {others:?}: {loss:e}, not {want:e}");
            assert!(by_temperature.is_finite());
            assert!(ds.iter().chain(&dt).all(|v| v.is_finite()));
        }
    }
}

#[test]
fn adam_steps() {
    let mut random = Random::new(7);
    let n = 50;
    let mut p = random.values(n);
    let (mut m, mut v) = (vec![0.0; n], vec![0.0; n]);
    let (mut p64, mut m64, mut v64) = (wide(&p), vec![0.0; n], vec![0.0; n]);
    for step in 1..=100 {
        let g = random.values(n);
        let options = Adam::new(0.01, step);
        adam(options, &mut p, &g, &mut m, &mut v, None).unwrap();
        let (b1, b2) = (f64::from(options.beta1), f64::from(options.beta2));
        for i in 0..n {
            let g = f64::from(g[i]);
            m64[i] = b1 * m64[i] + (1.0 - b1) * g;
            v64[i] = b2 * v64[i] + (1.0 - b2) * g * g;
            let first = m64[i] / (1.0 - b1.powi(step as i32));
            let second = v64[i] / (1.0 - b2.powi(step as i32));
            p64[i] -= f64::from(options.rate) * first / (second.sqrt() + f64::from(options.epsilon));
            // An f32 parameter loses half a unit of its last place in every step.
            assert!((f64::from(p[i]) - p64[i]).abs() < 1.5e-7 * step as f64, "step {step}, at {i}");
        }
    }
    // A first step has the size of the rate, whatever the gradient.
    let (mut p, mut m, mut v) = ([0.0], [0.0], [0.0]);
    adam(Adam::new(0.5, 1), &mut p, &[1e-3], &mut m, &mut v, None).unwrap();
    assert!((p[0] + 0.5).abs() < 1e-5, "{}", p[0]);
    // The corrections vanish; the exponent does not overflow.
    adam(Adam::new(0.5, u64::MAX), &mut p, &[1e-3], &mut m, &mut v, None).unwrap();
    assert!(p[0].is_finite());
}

#[test]
fn adagrad_steps() {
    let mut random = Random::new(8);
    let (n, d) = (7, 19);
    let mut table = random.values(n * d);
    let mut squares = vec![0.5; n * d];
    let (mut t64, mut s64) = (wide(&table), wide(&squares));
    for step in 0..50 {
        let touched: Vec<i32> = (0..n as i32).filter(|_| random.below(2) == 0).collect();
        let gradient = random.values(touched.len() * d);
        let before = table.clone();
        let (into, sums) = (matrix_mut(&mut table, n), matrix_mut(&mut squares, n));
        let rows = avocet::Matrix::new(&gradient, touched.len(), d).unwrap();
        adagrad_rows(0.1, 1e-6, Indices::I32(&touched), rows, into, sums, None).unwrap();
        for (at, &row) in touched.iter().enumerate() {
            for i in 0..d {
                let (g, place) = (f64::from(gradient[at * d + i]), row as usize * d + i);
                s64[place] += g * g;
                t64[place] -= f64::from(0.1f32) * g / (s64[place].sqrt() + f64::from(1e-6f32));
                assert!((f64::from(table[place]) - t64[place]).abs() < 1e-7 * (step + 2) as f64);
            }
        }
        for row in (0..n).filter(|&row| !touched.contains(&(row as i32))) {
            assert_eq!(table[row * d..][..d], before[row * d..][..d], "row {row} was not touched");
        }
    }
}
