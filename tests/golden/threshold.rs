//! The cases of the threshold family.

use super::Hashes;
use super::common::Random;
use avocet::metrics::{Grain, binned_auc, binned_average_precision, binned_curve};
use avocet::threshold::search::{
    Method, Objective, Options, Outcome, Ratio, Shape, Utility, frontier, search,
};
use avocet::threshold::{
    Bootstrap, Cells, Decisions, Edges, Figure, Grid, Interval, Labels, Missing, Nested, Rows, Sample,
    ScoreEdges, Segments, Table, Variance, best_threshold, beta, bootstrap_decisions, bootstrap_figure,
    calibrate, cells, decide, entropy, isotonic, moments,
};
use avocet::{Matrix, Pool, Workspace};

fn magnitudes(random: &mut Random, n: usize) -> Vec<f32> {
    random.values(n).into_iter().map(f32::abs).collect()
}

/// Edges, buckets, decisions and intervals.
pub fn buckets(hashes: &mut Hashes, pool: Option<&Pool>, workspace: &mut Workspace) {
    let mut random = Random::new(31);
    let n = 5_000;
    let (scores, uncertainties) = (random.values(n), magnitudes(&mut random, n));
    let weights = magnitudes(&mut random, n);
    let labels: Vec<u8> = (0..n).map(|_| random.below(2) as u8).collect();
    let segments: Vec<u32> = (0..n).map(|_| random.below(3) as u32).collect();
    let weighted =
        Sample { scores: &scores, uncertainties: &uncertainties, weights: Some(weights.as_slice()) };
    let nested = ScoreEdges::Nested(Nested { bins: 11, top: 0.75, refine: None });
    let grid = Grid::new(Edges::Quantiles(7), nested, Some(weighted), pool).unwrap();
    let edges: Vec<&[f32]> = (0..7).map(|level| grid.score_edges(level)).collect();
    hashes.add("grid_nested", &[&[grid.level_edges()], edges.as_slice()].concat(), &[], &[]);

    let levels = Edges::Uniform { low: 0.0, high: 1.0, bins: 5 };
    let sample = Sample { weights: None, ..weighted };
    let grid = Grid::new(levels, ScoreEdges::Shared(Edges::Quantiles(20)), Some(sample), pool).unwrap();
    let mut table = Table::new(&grid, 3).unwrap();
    let rows = Rows {
        scores: &scores,
        uncertainties: &uncertainties,
        labels: Labels::U8(&labels),
        weights: Some(&weights),
        segments: Some(Segments::U32(&segments)),
    };
    workspace.fit(|space| table.add(rows, Missing::Refuse, pool, space)).unwrap();
    let mut bytes = vec![0; table.saved_bytes()];
    table.save(&mut bytes).unwrap();
    let words: Vec<u32> =
        bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
    hashes.add("buckets", &[grid.score_edges(0)], &[&words], &[]);

    let (thresholds, of_cells) = (random.values(5), random.values(100));
    let (mut out, mut places) = (vec![0.0; n], vec![0; n]);
    let mut bits = vec![0; n.div_ceil(64)];
    calibrate(&grid, &of_cells, &scores, &uncertainties, &mut out, pool).unwrap();
    cells(&grid, &scores, &uncertainties, &mut places, pool).unwrap();
    decide(&grid, &thresholds, &scores, &uncertainties, Decisions::Bits(&mut bits), pool).unwrap();
    let halves: Vec<u32> = bits.iter().flat_map(|&word| [word as u32, (word >> 32) as u32]).collect();
    hashes.add("decisions", &[&out], &[&places, &halves], &[]);

    let rows = Rows { segments: None, ..rows };
    let options = Bootstrap { replicates: 50, confidence: 0.9, ..Bootstrap::new(9) };
    let both = bootstrap_decisions(&grid, &thresholds, rows, Missing::Refuse, options, pool).unwrap();
    let figure = |figure| bootstrap_figure(&grid, figure, rows, Missing::Refuse, options, pool).unwrap();
    let all = [both[0], both[1], figure(Figure::Auc), figure(Figure::AveragePrecision)];
    let counts: Vec<u32> = all.iter().map(|interval| interval.count as u32).collect();
    let ends = |&Interval { value, low, high, .. }: &Interval| [value, low, high];
    let ends: Vec<f64> = all.iter().flat_map(ends).collect();
    hashes.add("bootstrap", &[], &[&counts], &ends);
}

/// Thresholds for every objective.
pub fn searches(hashes: &mut Hashes, workspace: &mut Workspace) {
    let mut random = Random::new(32);
    let (levels, bins) = (6, 25);
    let mut draw = |most: usize| -> Vec<u64> { (0..150).map(|_| random.below(most) as u64).collect() };
    let (positive, negative, equal) = (draw(20), draw(30), draw(9));
    let given = Cells::new(levels, bins, &positive, &negative).unwrap();

    let gains = Utility { positive_passes: 3, negative_passes: -2, positive_stays: 0, negative_stays: 0 };
    let objectives = [
        Objective::RecallUnderPrecision { precision: Ratio::new(2, 5) },
        Objective::PrecisionUnderRecall { recall: Ratio::new(1, 2) },
        Objective::FBeta { beta_squared: Ratio::new(1, 1) },
        Objective::Utility(gains),
        Objective::AtMost { selected: 1_000 },
        Objective::RecallUnderWilson { precision: Ratio::new(1, 3), z_squared: Ratio::new(27_055, 10_000) },
    ];
    for (name, method, shape, count) in [
        ("search_exact", Method::Exact, Shape::Free, 6),
        ("search_single", Method::Single, Shape::Free, 6),
        ("search_mist", Method::Mist, Shape::Free, 2),
        ("search_monotone", Method::Exact, Shape::NonDecreasing, 6),
    ] {
        let mut words = Vec::new();
        for objective in &objectives[..count] {
            let options = Options { method, shape, ..Options::default() };
            let mut thresholds = vec![0; levels];
            let found =
                workspace.fit(|space| search(&given, objective, &options, &mut thresholds, space)).unwrap();
            assert_eq!(found.outcome, Outcome::Feasible, "{name}");
            words.extend(thresholds);
            words.extend([found.passing, found.bound].map(|sums| sums.positive as u32));
            words.extend([found.passing.negative as u32, found.proven.into()]);
        }
        hashes.add(name, &[], &[&words], &[]);
    }
    let rest: Vec<u64> = equal.iter().map(|p| 8 - p).collect();
    let equal = Cells::new(levels, bins, &equal, &rest).unwrap();
    let mut most = vec![0; 151];
    workspace.fit(|space| frontier(&equal, &mut most, space)).unwrap();
    let most: Vec<u32> = most.into_iter().map(|positive| positive as u32).collect();
    hashes.add("frontier", &[], &[&most], &[]);

    let mut values = vec![0.0; 150];
    workspace.fit(|space| isotonic(&given, &mut values, space)).unwrap();
    hashes.add("isotonic", &[&values], &[], &[]);

    let mut points = vec![Default::default(); 151];
    binned_curve(&positive, &negative, &mut points).unwrap();
    let counts: Vec<u32> =
        points.iter().flat_map(|p| [p.true_positives as u32, p.false_positives as u32]).collect();
    let mut figures: Vec<f64> =
        points[..150].iter().flat_map(|p| [p.recall, p.precision, p.false_positive_rate]).collect();
    for area in [
        binned_auc(&positive, &negative).unwrap(),
        binned_average_precision(&positive, &negative, Grain::Rows).unwrap(),
        binned_average_precision(&positive, &negative, Grain::Weights).unwrap(),
    ] {
        figures.extend([area.lower, area.tied, area.upper]);
    }
    hashes.add("binned_curve", &[], &[&counts], &figures);
}

/// One threshold over all scores.
pub fn single(hashes: &mut Hashes, pool: Option<&Pool>) {
    let mut random = Random::new(40);
    let n = 20_000;
    let (scores, weights) = (random.values(n), magnitudes(&mut random, n));
    let labels: Vec<u8> = (0..n).map(|_| random.below(2) as u8).collect();
    let (mut thresholds, mut words) = (Vec::new(), Vec::new());
    for weights in [None, Some(weights.as_slice())] {
        let rows = Rows {
            scores: &scores,
            uncertainties: &[],
            labels: Labels::U8(&labels),
            weights,
            segments: None,
        };
        for objective in [
            Objective::RecallUnderPrecision { precision: Ratio::new(2, 5) },
            Objective::PrecisionUnderRecall { recall: Ratio::new(1, 2) },
            Objective::FBeta { beta_squared: Ratio::new(1, 1) },
        ] {
            let (threshold, found) = best_threshold(rows, Missing::Refuse, &objective, pool).unwrap();
            assert_eq!(found.outcome, Outcome::Feasible);
            thresholds.push(threshold);
            let halves = |sum: u64| [sum as u32, (sum >> 32) as u32];
            words.extend([halves(found.passing.positive), halves(found.passing.negative)].concat());
        }
    }
    hashes.add("threshold_single", &[&thresholds], &[&words], &[]);
}

/// Moments and entropies.
pub fn uncertainty(hashes: &mut Hashes, pool: Option<&Pool>) {
    let mut random = Random::new(33);
    let (n, m) = (5_000, 7);
    let ensemble = random.values(n * m);
    let (mut a, mut b, p) =
        (magnitudes(&mut random, n), magnitudes(&mut random, n), magnitudes(&mut random, n));
    a.iter_mut().chain(&mut b).for_each(|v| *v = *v * 32.0 + 0.5);
    let [mut mean, mut variance] = [(); 2].map(|()| vec![0.0; n]);
    let matrix = Matrix::new(&ensemble, n, m).unwrap();
    moments(matrix, &mut mean, Some((Variance::Sample, &mut variance)), pool).unwrap();
    hashes.add("uncertainty_moments", &[&mean, &variance], &[], &[]);
    beta(&a, &b, Some(&mut mean), Some(&mut variance), pool).unwrap();
    hashes.add("uncertainty_beta", &[&mean, &variance], &[], &[]);
    entropy(&p, &mut mean, pool).unwrap();
    hashes.add("uncertainty_entropy", &[&mean], &[], &[]);
}
