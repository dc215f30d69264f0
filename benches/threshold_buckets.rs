//! Buckets of score and uncertainty: rows a second against what memory allows.

mod common;

use avocet::threshold::{
    Bootstrap, Decisions, Edges, Grid, Labels, Missing, Nested, Rows, Sample, ScoreEdges, Table, Variance,
    beta, bootstrap_decisions, calibrate, decide, entropy, moments,
};
use avocet::{Matrix, Workspace};
use common::{Random, best, every_setting, group, measure, one_thread, values, work};

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
        let work = work(ROWS, 13 * ROWS).roof(
            &["threshold_cells", "threshold_fixed", "threshold_count"],
            8 * ROWS,
            13 * ROWS,
        );
        measure(&mut group, name, work, &every_setting(), |pool| {
            workspace.fit(|space| table.add(data.rows(), Missing::Refuse, pool, space)).unwrap();
        });
    }
    // Order statistics use no vectors, but the levels of nested ones are found by a kernel.
    for (name, levels, scores) in [
        ("edges", Edges::Given(&[]), shared(Edges::Quantiles(500))),
        ("edges nested", Edges::Quantiles(50), ScoreEdges::Nested(nested)),
    ] {
        measure(&mut group, name, work(ROWS, 4 * ROWS), &every_setting(), |pool| {
            drop(Grid::new(levels, scores, Some(data.sample()), pool).unwrap());
        });
    }

    let mut flags = vec![0; ROWS];
    let mut bits = vec![0; ROWS.div_ceil(64)];
    let thresholds: Vec<f32> = (0..50).map(|level| 0.3 + level as f32 / 100.0).collect();
    let (scores, uncertainties) = (&data.scores, &data.uncertainties);
    for (name, levels) in [("", levels), (" quantile", Edges::Quantiles(50))] {
        let grid = Grid::new(levels, shared(uniform), Some(data.sample()), None).unwrap();
        let each = work(ROWS, 9 * ROWS).roof(&["threshold_flags"], 4 * ROWS, 9 * ROWS);
        measure(&mut group, &format!("apply{name}"), each, &every_setting(), |pool| {
            let out = Decisions::Flags(&mut flags);
            decide(&grid, &thresholds, scores, uncertainties, out, pool).unwrap();
        });
        let each = work(ROWS, 8 * ROWS).roof(&["threshold_bits"], 4 * ROWS, 8 * ROWS).shown(name.is_empty());
        measure(&mut group, &format!("apply bits{name}"), each, &every_setting(), |pool| {
            let out = Decisions::Bits(&mut bits);
            decide(&grid, &thresholds, scores, uncertainties, out, pool).unwrap();
        });
    }
    let grid = Grid::new(levels, shared(uniform), None, None).unwrap();
    let (of_cells, mut out, mut other) = (values(grid.cells(), 1), vec![0.0; ROWS], vec![0.0; ROWS]);
    let each = work(ROWS, 12 * ROWS).roof(&["threshold_values"], 6 * ROWS, 12 * ROWS);
    measure(&mut group, "calibrate", each, &one_thread(), |pool| {
        calibrate(&grid, &of_cells, scores, uncertainties, &mut out, pool).unwrap();
    });

    // A million rows of ten scores: three operations a score, and a few a row.
    let few = ROWS / 10;
    let matrix = Matrix::new(scores, few, 10).unwrap();
    let each = work(few, 48 * few).roof(&["threshold_moments"], 44 * few, 48 * few);
    measure(&mut group, "moments 1,000,000 x 10", each, &every_setting(), |pool| {
        let variance = Some((Variance::Population, &mut other[..few]));
        moments(matrix, &mut out[..few], variance, pool).unwrap();
    });
    let a: Vec<f32> = scores[..few].iter().map(|s| 1e4 * s + 0.1).collect();
    let each = work(few, 16 * few).roof(&["threshold_beta"], 350 * few, 16 * few);
    measure(&mut group, "beta 1,000,000", each, &every_setting(), |pool| {
        beta(&a, &a, Some(&mut other[..few]), Some(&mut out[..few]), pool).unwrap();
    });
    let each = work(ROWS, 8 * ROWS).roof(&["threshold_entropy"], 70 * ROWS, 8 * ROWS);
    measure(&mut group, "entropy 10,000,000", each, &every_setting(), |pool| {
        entropy(scores, &mut out, pool).unwrap();
    });
    // 100,000 rows 100 times: 40 integer operations for each random word.
    let rows = Rows {
        scores: &scores[..few / 10],
        uncertainties: &uncertainties[..few / 10],
        labels: Labels::U8(&data.labels[..few / 10]),
        weights: Some(&data.weights[..few / 10]),
        segments: None,
    };
    let draws = 10 * few;
    let each = work(draws, 12 * draws).roof(&["threshold_poisson"], 40 * draws, 12 * few / 10);
    measure(&mut group, "bootstrap 100,000 x 100", each, &every_setting(), |pool| {
        let options = Bootstrap { replicates: 100, ..Bootstrap::new(1) };
        bootstrap_decisions(&grid, &thresholds, rows, Missing::Refuse, options, pool).unwrap();
    });
    let small = Rows {
        scores: &scores[..1_024],
        uncertainties: &uncertainties[..1_024],
        labels: Labels::U8(&data.labels[..1_024]),
        weights: None,
        segments: None,
    };
    let mut table = Table::new(&grid, 1).unwrap();
    measure(&mut group, "buckets 1,024", work(1_024, 9 * 1_024), &best(), |pool| {
        table.add(small, Missing::Refuse, pool, &mut workspace).unwrap();
    });
    group.finish();
    criterion.final_summary();
}
