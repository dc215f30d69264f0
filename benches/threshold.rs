//! Buckets of score and uncertainty: rows a second against what memory allows. The search for thresholds on the grid of 500
//! bins by 50 levels on which peers were measured, and the frontier of equal weights.

mod common;
#[path = "../tests/common/grids.rs"]
mod grids;

use avocet::threshold::search::{Method, Objective, Options, Ratio, Shape, frontier, search};
use avocet::threshold::{
    Bootstrap, Cells, Decisions, Edges, Grid, Labels, Missing, Nested, Rows, Sample, ScoreEdges, Table,
    Variance, best_threshold, beta, bootstrap_decisions, calibrate, decide, entropy, moments,
};
use avocet::{Matrix, Workspace};
use common::{Group, Random, best, every_setting, group, measure, one_thread, values, work};

const LEVELS: usize = 50;
const BINS: usize = 500;
const ROWS: usize = 10_000_000;

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

fn main() {
    let mut criterion = common::criterion();
    let mut group = group(&mut criterion, "threshold");
    buckets(&mut group);
    searches(&mut group);
    group.finish();
    criterion.final_summary();
}

fn buckets(group: &mut Group<'_>) {
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
        measure(group, name, work, &every_setting(), |pool| {
            workspace.fit(|space| table.add(data.rows(), Missing::Refuse, pool, space)).unwrap();
        });
    }
    // Order statistics use no vectors, but the levels of nested ones are found by a kernel.
    for (name, levels, scores) in [
        ("edges", Edges::Given(&[]), shared(Edges::Quantiles(500))),
        ("edges nested", Edges::Quantiles(50), ScoreEdges::Nested(nested)),
    ] {
        measure(group, name, work(ROWS, 4 * ROWS), &every_setting(), |pool| {
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
        measure(group, &format!("apply{name}"), each, &every_setting(), |pool| {
            let out = Decisions::Flags(&mut flags);
            decide(&grid, &thresholds, scores, uncertainties, out, pool).unwrap();
        });
        let each = work(ROWS, 8 * ROWS).roof(&["threshold_bits"], 4 * ROWS, 8 * ROWS).shown(name.is_empty());
        measure(group, &format!("apply bits{name}"), each, &every_setting(), |pool| {
            let out = Decisions::Bits(&mut bits);
            decide(&grid, &thresholds, scores, uncertainties, out, pool).unwrap();
        });
    }
    let grid = Grid::new(levels, shared(uniform), None, None).unwrap();
    let (of_cells, mut out, mut other) = (values(grid.cells(), 1), vec![0.0; ROWS], vec![0.0; ROWS]);
    let each = work(ROWS, 12 * ROWS).roof(&["threshold_values"], 6 * ROWS, 12 * ROWS);
    measure(group, "calibrate", each, &one_thread(), |pool| {
        calibrate(&grid, &of_cells, scores, uncertainties, &mut out, pool).unwrap();
    });

    // A million rows of ten scores: three operations a score, and a few a row.
    let few = ROWS / 10;
    let matrix = Matrix::new(scores, few, 10).unwrap();
    let each = work(few, 48 * few).roof(&["threshold_moments"], 44 * few, 48 * few);
    measure(group, "moments 1,000,000 x 10", each, &every_setting(), |pool| {
        let variance = Some((Variance::Population, &mut other[..few]));
        moments(matrix, &mut out[..few], variance, pool).unwrap();
    });
    let a: Vec<f32> = scores[..few].iter().map(|s| 1e4 * s + 0.1).collect();
    let each = work(few, 16 * few).roof(&["threshold_beta"], 350 * few, 16 * few);
    measure(group, "beta 1,000,000", each, &every_setting(), |pool| {
        beta(&a, &a, Some(&mut other[..few]), Some(&mut out[..few]), pool).unwrap();
    });
    let each = work(ROWS, 8 * ROWS).roof(&["threshold_entropy"], 70 * ROWS, 8 * ROWS);
    measure(group, "entropy 10,000,000", each, &every_setting(), |pool| {
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
    measure(group, "bootstrap 100,000 x 100", each, &every_setting(), |pool| {
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
    measure(group, "buckets 1,024", work(1_024, 9 * 1_024), &best(), |pool| {
        table.add(small, Missing::Refuse, pool, &mut workspace).unwrap();
    });
    single(group, &data);
}

fn single(group: &mut Group<'_>, data: &Data) {
    let recall = Objective::RecallUnderPrecision { precision: Ratio::new(9, 10) };
    for (name, weights, bytes) in [("single", None, 5), ("single weighted", Some(data.weights.as_slice()), 9)]
    {
        let rows = Rows { weights, ..data.rows() };
        measure(group, name, work(ROWS, bytes * ROWS), &every_setting(), |pool| {
            best_threshold(rows, Missing::Refuse, &recall, pool).unwrap();
        });
    }
}

fn searches(group: &mut Group<'_>) {
    let mut workspace = Workspace::new();
    let mut thresholds = vec![0; LEVELS];
    let grid = grids::large(LEVELS, BINS, true);
    let cells = grid.cells();
    let recall = Objective::RecallUnderPrecision { precision: Ratio::new(9, 10) };
    let precision = Objective::PrecisionUnderRecall { recall: Ratio::new(1, 2) };
    let exact = Options::default();
    let monotone = Options { shape: Shape::NonDecreasing, ..exact };
    for (name, objective, options) in [
        ("single", recall, Options { method: Method::Single, ..exact }),
        ("mist", recall, Options { method: Method::Mist, ..exact }),
        ("exact", recall, exact),
        ("exact precision", precision, exact),
        ("monotone", recall, monotone),
        ("monotone precision", precision, monotone),
    ] {
        // Both weights of each cell are read.
        measure(group, name, work(LEVELS * BINS, 16 * LEVELS * BINS), &best(), |_| {
            let solution =
                workspace.fit(|space| search(&cells, &objective, &options, &mut thresholds, space)).unwrap();
            assert!(solution.proven || options.method == Method::Mist);
        });
    }

    // Each level adds its options to every sum so far: an addition and a comparison each.
    let steps = (0..LEVELS).map(|level| ((level + 1) * BINS + 1) * (BINS + 1)).sum::<usize>();
    let mut random = Random::new(1);
    let mut positive = vec![0; LEVELS * BINS + 1];
    for (name, kernel, scale) in [("dp", "max_plus", 1), ("dp wide", "max_plus_wide", 1 << 40)] {
        let of =
            |at: usize, unit: f64| 1 + scale * (80.0 * (at % BINS) as f64 / BINS as f64 * unit.sqrt()) as u64;
        let p: Vec<u64> = (0..LEVELS * BINS).map(|at| of(at, random.unit())).collect();
        let n: Vec<u64> = p.iter().map(|p| 80 * scale + 1 - p).collect();
        let cells = Cells::new(LEVELS, BINS, &p, &n).unwrap();
        let bytes = 4 * LEVELS * LEVELS * BINS / 2;
        let kernels: &'static [&'static str] =
            if kernel == "max_plus" { &["max_plus"] } else { &["max_plus_wide"] };
        let work = work(steps, bytes).roof(kernels, steps, 8 * BINS);
        measure(group, name, work, &one_thread(), |_| {
            workspace.fit(|space| frontier(&cells, &mut positive, space)).unwrap();
        });
    }
}
