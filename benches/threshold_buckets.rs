//! Buckets of score and uncertainty: rows a second against what memory allows.

mod common;

use avocet::Workspace;
use avocet::threshold::{Edges, Grid, Labels, Missing, Nested, Rows, Sample, ScoreEdges, Table};
use common::{Random, every_setting, group, measure, one_thread, work};

/// Rows as a model gives them: the uncertainty is the sum of two exponentials, the score a sigmoid that it spreads.
struct Data {
    scores: Vec<f32>,
    uncertainties: Vec<f32>,
    labels: Vec<u8>,
    weights: Vec<f32>,
}

impl Data {
    fn new(n: usize) -> Data {
        let mut random = Random::new(11);
        let mut data = Data { scores: vec![], uncertainties: vec![], labels: vec![], weights: vec![] };
        for _ in 0..n {
            let u = -0.15 * ((1.0 - random.unit()) * (1.0 - random.unit())).ln();
            let normal =
                (-2.0 * (1.0 - random.unit()).ln()).sqrt() * (std::f64::consts::TAU * random.unit()).cos();
            let positive = random.unit() < 0.1;
            let logit = normal * (1.0 + 2.0 * u) + if positive { 2.0 } else { -2.0 };
            data.scores.push((1.0 / (1.0 + (-logit).exp())) as f32);
            data.uncertainties.push(u.min(1.9999) as f32);
            data.labels.push(u8::from(positive));
            data.weights.push((random.unit() + 0.1) as f32);
        }
        data
    }

    fn rows(&self) -> Rows<'_> {
        Rows {
            scores: &self.scores,
            uncertainties: &self.uncertainties,
            labels: Labels::U8(&self.labels),
            weights: Some(&self.weights),
            segments: None,
        }
    }

    fn sample(&self) -> Sample<'_> {
        Sample { scores: &self.scores, uncertainties: &self.uncertainties, weights: None }
    }
}

const ROWS: usize = 10_000_000;

fn main() {
    let mut criterion = common::criterion();
    let mut group = group(&mut criterion, "threshold");
    let mut workspace = Workspace::new();
    let data = Data::new(ROWS);

    let uniform = Edges::Uniform { low: 0.0, high: 1.0, bins: 500 };
    let levels = Edges::Uniform { low: 0.0, high: 2.0, bins: 50 };
    // Half of the edges in a hundredth of the range.
    let clustered: Vec<f32> =
        (1..250).map(|i| i as f32 / 500.0).chain((0..250).map(|i| 0.5 + i as f32 / 25_000.0)).collect();
    let nested = Nested { bins: 500, top: 1.0, refine: None };
    let shared = |edges| ScoreEdges::Shared(edges);
    for (name, levels, scores) in [
        ("buckets uniform", levels, shared(uniform)),
        ("buckets quantile", Edges::Quantiles(50), shared(Edges::Quantiles(500))),
        ("buckets clustered", Edges::Quantiles(50), shared(Edges::Given(&clustered))),
        ("buckets nested", Edges::Quantiles(50), ScoreEdges::Nested(nested)),
    ] {
        let grid = Grid::new(levels, scores, Some(data.sample()), None).unwrap();
        let mut table = Table::new(&grid, 1).unwrap();
        // Two edges are found and a count and a weight added in each row; 13 bytes are read.
        let work = work(ROWS, 13 * ROWS).roof(&["threshold_cells", "threshold_fixed"], 8 * ROWS, 13 * ROWS);
        measure(&mut group, name, work, &every_setting(), |pool| {
            workspace.fit(|space| table.add(data.rows(), Missing::Refuse, pool, space)).unwrap();
        });
    }
    let mut edges = |name: &str, levels: usize, scores| {
        measure(&mut group, name, work(ROWS, 4 * ROWS), &one_and_two(), |pool| {
            drop(Grid::new(Edges::Quantiles(levels), scores, Some(data.sample()), pool).unwrap());
        });
    };
    edges("edges", 1, shared(Edges::Quantiles(500)));
    edges("edges nested", 50, ScoreEdges::Nested(nested));
    let _ = one_thread;
    group.finish();
    criterion.final_summary();
}

/// The best tier, on one thread and on two: order statistics use no vectors.
fn one_and_two() -> Vec<common::Setting> {
    every_setting()
}
