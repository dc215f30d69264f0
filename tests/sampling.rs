//! Neighbour sampling: exact inclusion probabilities, independence of threads and batches, corner cases.

use avocet::aggregate::{
    Draw, PowerLaw, Sampling, Walks, adaptive_fanout, fit_power_law, sample_neighbours, walk_neighbours,
};
use avocet::{Csr, Graph, Indices, Pool, Status};

fn graph(cols: usize, rows: &[Vec<u32>]) -> Graph {
    let mut offsets = vec![0i64];
    for row in rows {
        offsets.push(offsets[offsets.len() - 1] + row.len() as i64);
    }
    let indices = rows.concat();
    let (offsets, indices) = (Indices::I64(&offsets), Indices::U32(&indices));
    Graph::new(Csr { rows: rows.len(), cols, offsets, indices }).unwrap()
}

/// Many equal rows: each is a trial, as draws are keyed by row.
fn trials(degree: u32, rows: usize) -> Graph {
    graph(degree as usize, &vec![(0..degree).collect(); rows])
}

/// How often each column occurs.
fn counts(graph: &Graph) -> Vec<f64> {
    let mut counts = vec![0.0; graph.cols()];
    graph.indices().iter().for_each(|&i| counts[i as usize] += 1.0);
    counts
}

/// Chi-square of counts against inclusion probabilities, within 5 standard deviations (seeds are fixed: it passes or fails
/// for good).
fn assert_inclusion(counts: &[f64], expected: &[f64], trials: f64) {
    let mut statistic = 0.0;
    for (&count, &p) in counts.iter().zip(expected) {
        statistic += (count - trials * p).powi(2) / (trials * p * (1.0 - p).max(1e-9));
    }
    let n = counts.len() as f64;
    assert!(statistic < n + 5.0 * (2.0 * n).sqrt(), "{statistic} for {counts:?}, expected {expected:?}");
    assert!(statistic > 0.0, "random draws do not hit expectations exactly");
}

const TRIALS: usize = 60_000;

#[test]
fn uniform_inclusion_is_k_over_n() {
    for (degree, k) in [(2, 1), (5, 2), (9, 8), (40, 7)] {
        let options = Sampling { seed: 3, layer: 1, ..Default::default() };
        let sample = sample_neighbours(&trials(degree, TRIALS), &vec![k; TRIALS], options, None).unwrap();
        let p = f64::from(k) / f64::from(degree);
        assert_inclusion(&counts(&sample), &vec![p; degree as usize], TRIALS as f64);
        for row in 0..TRIALS {
            assert_eq!(sample.row(row).len(), k as usize);
            assert!(sample.row(row).is_sorted_by(|a, b| a < b), "no edge twice");
        }
    }
}

/// Each of the ten pairs of five edges is as likely as the others.
#[test]
fn uniform_pairs_are_equally_likely() {
    let options = Sampling { seed: 8, ..Default::default() };
    let sample = sample_neighbours(&trials(5, TRIALS), &vec![2; TRIALS], options, None).unwrap();
    let mut pairs = vec![0.0; 25];
    for row in 0..TRIALS {
        pairs[(sample.row(row)[0] * 5 + sample.row(row)[1]) as usize] += 1.0;
    }
    let seen: Vec<f64> = pairs.into_iter().filter(|&count| count > 0.0).collect();
    assert_inclusion(&seen, &[0.1; 10], TRIALS as f64);
}

#[test]
fn draws_with_replacement_are_uniform_and_repeat() {
    let options = Sampling { draw: Draw::WithReplacement, seed: 5, ..Default::default() };
    let sample = sample_neighbours(&trials(7, TRIALS), &vec![3; TRIALS], options, None).unwrap();
    assert_inclusion(&counts(&sample), &[1.0 / 7.0; 7], 3.0 * TRIALS as f64);
    let repeats = (0..TRIALS).filter(|&row| sample.row(row).windows(2).any(|w| w[0] == w[1])).count();
    let expected = 1.0 - (6.0 / 7.0) * (5.0 / 7.0);
    assert!((repeats as f64 / TRIALS as f64 - expected).abs() < 0.01);
}

/// The exact inclusion probabilities of `k` sequential draws, by enumeration.
fn sequential(weights: &mut [f64], k: usize, p: f64, out: &mut [f64]) {
    if k == 0 {
        return;
    }
    let sum: f64 = weights.iter().sum();
    for i in 0..weights.len() {
        let w = std::mem::take(&mut weights[i]);
        if w > 0.0 {
            out[i] += p * w / sum;
            sequential(weights, k - 1, p * w / sum, out);
            weights[i] = w;
        }
    }
}

#[test]
fn weighted_inclusion_is_that_of_sequential_draws() {
    for weights in [vec![1.0f32, 2.0, 3.0, 4.0], vec![1.0; 5], vec![0.001, 1.0, 10.0, 0.5, 0.25, 3.0]] {
        for k in 1..weights.len() - 1 {
            let graph = trials(weights.len() as u32, TRIALS);
            let by_edge: Vec<f32> = weights.iter().copied().cycle().take(graph.edges()).collect();
            let options = Sampling { draw: Draw::Weighted, seed: 11, layer: 0, edge_weights: Some(&by_edge) };
            let sample = sample_neighbours(&graph, &vec![k as u32; TRIALS], options, None).unwrap();
            let mut exact = vec![0.0; weights.len()];
            let mut left: Vec<f64> = weights.iter().map(|&w| f64::from(w)).collect();
            sequential(&mut left, k, 1.0, &mut exact);
            assert_inclusion(&counts(&sample), &exact, TRIALS as f64);
        }
    }
}

#[test]
fn zero_weights_are_never_drawn_and_bad_ones_are_named() {
    let graph = graph(6, &[vec![0, 1, 2, 3], vec![4, 5]]);
    let weights = [0.0, 1.0, 0.0, 2.0, 0.0, 1.0];
    fn draw(graph: &Graph, weights: Option<&[f32]>, fanout: &[u32]) -> Result<Graph, avocet::Error> {
        let options = Sampling { draw: Draw::Weighted, edge_weights: weights, ..Default::default() };
        sample_neighbours(graph, fanout, options, None)
    }
    for fanout in 0..6 {
        let sample = draw(&graph, Some(&weights), &[fanout; 2]).unwrap();
        assert_eq!(sample.row(0).len(), fanout.min(2) as usize);
        assert!(sample.indices().iter().all(|i| [1, 3, 5].contains(i)));
    }
    for (bad, status) in
        [(-1.0, Status::InvalidArgument), (f32::NAN, Status::NotFinite), (f32::INFINITY, Status::NotFinite)]
    {
        let mut weights = weights;
        weights[3] = bad;
        let error = draw(&graph, Some(&weights), &[1; 2]).unwrap_err();
        assert_eq!((error.status, error.position), (status, 3));
    }
    assert_eq!(draw(&graph, None, &[1; 2]).unwrap_err().status, Status::NullPointer);
    assert_eq!(draw(&graph, Some(&weights), &[1; 3]).unwrap_err().status, Status::ShapeMismatch);
    assert_eq!(draw(&graph, Some(&weights[1..]), &[1; 2]).unwrap_err().status, Status::ShapeMismatch);
}

fn mixed() -> Graph {
    let row = |row: u32| (0..row % 37).map(|i| (row * 7 + i * i) % 500).collect();
    graph(500, &(0..3000).map(row).collect::<Vec<Vec<u32>>>())
}

#[test]
fn a_sample_depends_on_seed_layer_and_row_only() {
    let graph = mixed();
    let weights: Vec<f32> = (0..graph.edges()).map(|e| 0.5 + (e % 11) as f32).collect();
    for draw in [Draw::WithoutReplacement, Draw::WithReplacement, Draw::Weighted] {
        let options = Sampling { draw, seed: 1, layer: 2, edge_weights: Some(&weights) };
        let sample = |fanout: &[u32], options, pool: Option<&Pool>| {
            sample_neighbours(&graph, fanout, options, pool).unwrap()
        };
        let all = sample(&[9; 3000], options, None);
        for threads in [1, 2, 3, 8] {
            assert_eq!(sample(&[9; 3000], options, Some(&Pool::new(threads).unwrap())), all);
        }
        let mut fanout = [0; 3000];
        fanout[1234] = 9;
        assert_eq!(sample(&fanout, options, None).row(1234), all.row(1234), "other rows do not matter");
        assert_ne!(sample(&[9; 3000], Sampling { seed: 2, ..options }, None), all);
        assert_ne!(sample(&[9; 3000], Sampling { layer: 3, ..options }, None), all);
        for row in 0..3000 {
            assert_eq!(all.row(row).len(), graph.row(row).len().min(9));
            if graph.row(row).len() <= 9 {
                assert_eq!(all.row(row), graph.row(row), "all neighbours in their order");
            }
        }
    }
}

#[test]
fn edge_numbers_lead_back() {
    let graph = mixed();
    let sample = sample_neighbours(&graph, &[4; 3000], Sampling::default(), None).unwrap();
    assert_eq!(sample.edge_id_limit(), graph.edges());
    for (edge, &id) in sample.edge_ids().unwrap().iter().enumerate() {
        assert_eq!(sample.indices()[edge], graph.indices()[id as usize]);
    }
    let turned = sample.transpose().unwrap();
    for (edge, &id) in turned.edge_ids().unwrap().iter().enumerate() {
        let row = turned.offsets().partition_point(|&offset| offset <= edge) - 1;
        assert_eq!(row as u32, graph.indices()[id as usize]);
    }
}

#[test]
fn the_fit_is_the_formula_and_fan_outs_fall() {
    let spread = graph(1, &[1, 1, 2, 4, 8, 0, 30].map(|degree| vec![0; degree]));
    let law = fit_power_law(&spread).unwrap();
    let sum: f64 = [2.0f64, 4.0, 8.0, 30.0].iter().map(|d| d.ln()).sum();
    assert_eq!(law.least, 1);
    assert!((law.exponent - (1.0 + 7.0 / sum)).abs() < 1e-6);
    let mut fanout = [0; 7];
    adaptive_fanout(&spread, law, 3, 20, &mut fanout).unwrap();
    for (degree, k) in [1.0f64, 1.0, 2.0, 4.0, 8.0, 1.0, 30.0].into_iter().zip(fanout) {
        let exact = 3.0 + 17.0 * degree.powf(1.0 - law.exponent);
        assert!((f64::from(k) - exact).abs() <= 0.501, "{k} for {exact}");
    }
    assert_eq!(fanout[0], 20);
    // One degree only: the exponent is infinite and every fan-out is the greatest.
    let even = trials(3, 10);
    let law = fit_power_law(&even).unwrap();
    assert_eq!(law, PowerLaw { least: 3, exponent: f64::INFINITY });
    let mut fanout = [0; 10];
    adaptive_fanout(&even, law, 2, 5, &mut fanout).unwrap();
    assert_eq!(fanout, [5; 10]);
    assert_eq!(fit_power_law(&graph(1, &[])).unwrap_err().status, Status::InvalidArgument);
}

#[test]
fn fan_out_arguments_are_checked() {
    let graph = trials(3, 2);
    let law = PowerLaw { least: 1, exponent: 2.0 };
    let refused = |law, min, max, len: usize| {
        let mut out = vec![77; len];
        let error = adaptive_fanout(&graph, law, min, max, &mut out).unwrap_err();
        assert!(out.iter().all(|&k| k == 77), "untouched");
        error.status
    };
    assert_eq!(refused(law, 1, 2, 3), Status::ShapeMismatch);
    assert_eq!(refused(law, 3, 2, 2), Status::InvalidArgument);
    for exponent in [1.0, 0.5, f64::NAN] {
        assert_eq!(refused(PowerLaw { exponent, ..law }, 1, 2, 2), Status::InvalidArgument);
    }
    assert_eq!(refused(PowerLaw { least: 0, ..law }, 1, 2, 2), Status::InvalidArgument);
}

#[test]
fn walks_fill_rows_of_low_degree() {
    // 0 and 1 share the neighbour 5; 1 also has 6 and 7. From 0, walks find 6 and 7.
    let graph = graph(8, &[vec![5], vec![5, 6, 7], vec![], vec![7]]);
    let back = graph.transpose().unwrap();
    let options = Walks { walks: 600, length: 1, seed: 4, layer: 0 };
    let found = walk_neighbours(&graph, &back, &[3; 4], options, None).unwrap();
    assert_eq!(found.graph.row(0)[0], 5);
    let mut further = found.graph.row(0)[1..].to_vec();
    further.sort_unstable();
    assert_eq!(further, [6, 7]);
    assert_eq!(found.graph.row(1), [5, 6, 7]);
    assert!(found.graph.row(2).is_empty(), "a node without edges has nowhere to go");
    assert_eq!(found.weights[0], 1.0);
    // Out to 5; back to 0 or 1 (1/2); from 1 on to 5, 6 or 7 (1/3): 1/6 of the second arrivals each.
    for &weight in &found.weights[1..3] {
        assert!((weight - 1.0 / 12.0).abs() < 0.02, "{weight}");
    }
    let refused = |options| walk_neighbours(&graph, &back, &[3; 4], options, None).unwrap_err().status;
    assert_eq!(refused(Walks { walks: 0, ..options }), Status::InvalidArgument);
    assert_eq!(refused(Walks { length: 0, ..options }), Status::InvalidArgument);
    let error = walk_neighbours(&graph, &graph, &[3; 4], options, None).unwrap_err();
    assert_eq!(error.status, Status::ShapeMismatch);
}

#[test]
fn walks_do_not_depend_on_threads() {
    let graph = mixed();
    let back = graph.transpose().unwrap();
    let options = Walks { walks: 20, length: 2, seed: 4, layer: 1 };
    let alone = walk_neighbours(&graph, &back, &[30; 3000], options, None).unwrap();
    for threads in [1, 2, 3, 8] {
        let pool = Pool::new(threads).unwrap();
        assert_eq!(walk_neighbours(&graph, &back, &[30; 3000], options, Some(&pool)).unwrap(), alone);
    }
    assert!((0..3000).all(|row| alone.graph.row(row).starts_with(graph.row(row))));
}
