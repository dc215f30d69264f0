//! The inputs of uncertainty, and how far chance can move a figure.

mod common;

use avocet::metrics::{Grain, binned_auc, binned_average_precision};
use avocet::threshold::{
    Bootstrap, Edges, Figure, Grid, Interval, Labels, Missing, Nested, Rows, Sample, ScoreEdges, Segments,
    Variance, beta, bootstrap_decisions, bootstrap_figure, entropy, moments,
};
use avocet::{Matrix, Pool, Status};
use common::Random;

/// A, B and the entropy of Beta(A, B), with 60 digits by mpmath.
const ENTROPIES: &[(f32, f32, f64)] = &[
    (1.0, 1.0, 0.0),
    (2.0, 2.0, -0.12509280256139),
    (5e-1, 5e-1, -0.24156447527049),
    (1.0, 1e8, -17.420680753952),
    (1e8, 1e8, -8.8311226121114),
    (1e8, 1e-6, -1000004.184908),
    (7.999, 8.001, -0.69374277959753),
    (8.0, 8.0, -0.69374275650416),
    (3.0, 1e-3, -993.5901593051),
    (1e-3, 1e-3, -991.40233112144),
    (1e-10, 2.0, -9999999843.4598),
    (1e-30, 1e-20, -9.9999999672892e29),
    (1e5, 3.0, -9.6653869541739),
    (1.2345e4, 6.5e7, -11.860767945673),
    (5.0, 5.0, -0.48064045430621),
    (1.6e1, 2.5e-1, -4.3976585011717),
    (2.984148e3, 7.969735e4, -5.9217634185408),
    (3.485963e5, 2.0389352e7, -9.0561795488409),
    (7.564547e4, 1.16923e7, -9.2482737504555),
    (2.2287571e-4, 3.86787e1, -4481.6157673868),
    (2.0906464e7, 6.133306e3, -11.076380121769),
    (6.4685345e6, 2.2828195e-3, -447.22609130122),
    (4.2543045e1, 9.096493e-2, -11.689999933363),
    (3.3506595e2, 7.7142596e2, -2.8638767488141),
    (1.4367138e-4, 3.9880227e-2, -6925.6458494139),
    (2.2583352e-1, 9.911616e6, -18.114683043502),
    (1.5442067e5, 8.227171e-3, -128.2511696148),
    (3.679289e5, 4.626036e-3, -223.17239935536),
    (2.567026e3, 3.314292e-3, -303.4328313093),
    (1.0502637e-4, 2.8632345e6, -9526.7016392057),
    (3.2619447e-2, 3.8527783e-2, -23.571605618672),
    (6.152524e7, 2.9436975e6, -9.1385351588094),
    (2.962525e-1, 3.4493388e7, -18.448579363484),
    (2.9558447e2, 1.3613372e4, -5.2887058586526),
    (2.8665148e-2, 1.9575462e7, -47.626302127958),
    (1.9395604e4, 3.9698284e7, -11.142228996841),
    (5.307624e6, 3.8500535e-1, -15.908370218061),
    (2.159132, 9.805567e-3, -97.439028228746),
    (5.6030294e-3, 6.048902e-4, -1500.9954479376),
    (4.133417e-1, 1.7271099e3, -7.7251362316328),
    (1.0979876e-4, 1.3652463e4, -9107.5524795955),
    (1.1343899, 5.2419776e-1, -0.32259776070182),
    (6.640746e5, 5.8741123e1, -9.9564719984787),
    (6.1591e-1, 5.9514206e1, -3.673280385255),
    (2.8577854e4, 4.830712e-4, -2072.2891863195),
    (5.025679e7, 1.8809912e-4, -5325.0768520576),
    (9.943523e4, 1.3758486e6, -7.0666844517686),
    (1.6474431e-4, 2.8370022e5, -6073.4335894192),
];

#[test]
fn entropies_of_beta() {
    let (a, b): (Vec<f32>, Vec<f32>) = ENTROPIES.iter().map(|&(a, b, _)| (a, b)).unzip();
    let (mut mean, mut found) = (vec![0.0; a.len()], vec![0.0; a.len()]);
    beta(&a, &b, Some(&mut mean), Some(&mut found), None).unwrap();
    let mut greatest: f64 = 0.0;
    for (at, &(a, b, exact)) in ENTROPIES.iter().enumerate() {
        let error = (f64::from(found[at]) - exact).abs();
        let bound = if exact > -8.0 { 5e-7 } else { exact.abs() * 2f64.powi(-23) };
        greatest = greatest.max(error / bound);
        assert!(error <= bound, "Beta({a}, {b}): {}, not {exact}", found[at]);
        let exact = f64::from(a) / (f64::from(a) + f64::from(b));
        assert!((f64::from(mean[at]) - exact).abs() <= exact * 2f64.powi(-24));
    }
    println!("at most {greatest:.2} of the bound");
    // Symmetric, and 0 where it is uniform.
    let mut turned = found.clone();
    beta(&b, &a, None, Some(&mut turned), None).unwrap();
    assert_eq!(turned, found);
    // Closed form: Beta(1, b) has 1 - 1/b - ln b.
    for b in (0..800).map(|i| 10f32.powf(i as f32 / 50.0 - 8.0)) {
        let mut found = [0.0];
        beta(&[1.0], &[b], None, Some(&mut found), None).unwrap();
        let x = f64::from(b);
        let exact = 1.0 - 1.0 / x - x.ln();
        let bound = 5e-7f64.max(exact.abs() * 2f64.powi(-23));
        assert!((f64::from(found[0]) - exact).abs() <= bound, "Beta(1, {b}): {}, not {exact}", found[0]);
    }
    let mut tiny = [0.0];
    beta(&[1e-45], &[1.0], None, Some(&mut tiny), None).unwrap();
    assert_eq!(tiny, [f32::NEG_INFINITY]);
}

#[test]
fn values_out_of_range() {
    let pool = Pool::new(2).unwrap();
    let n = 100_000;
    for pool in [None, Some(&pool)] {
        let (mut a, mut b, mut out) = (vec![1.0; n], vec![2.0; n], vec![0.0; n]);
        (a[n - 7], b[500]) = (0.0, f32::INFINITY);
        let error = beta(&a, &b, None, Some(&mut out), pool).unwrap_err();
        assert_eq!((error.status, error.argument, error.position), (Status::NotFinite, c"b", 500));
        let error = beta(&a, &[1.0; 3], None, None, pool).unwrap_err();
        assert_eq!(error.status, Status::ShapeMismatch);
        let mut p = vec![0.25; n];
        (p[n - 1], p[70_000]) = (-0.5, 1.5);
        let error = entropy(&p, &mut out, pool).unwrap_err();
        assert_eq!(
            (error.status, error.argument, error.position),
            (Status::InvalidArgument, c"probabilities", 70_000)
        );
    }
    let x = Matrix::new(&[1.0, 2.0], 2, 1).unwrap();
    let mut out = [0.0; 2];
    let error = moments(x, &mut [0.0; 2], Some((Variance::Sample, &mut out)), None).unwrap_err();
    assert_eq!((error.status, error.argument), (Status::InvalidArgument, c"scores.cols"));
    let empty = Matrix::new(&[], 2, 0).unwrap();
    assert_eq!(moments(empty, &mut out, None, None).unwrap_err().status, Status::InvalidArgument);
    assert_eq!(moments(x, &mut out[..1], None, None).unwrap_err().status, Status::ShapeMismatch);
}

#[test]
fn moments_of_ensembles() {
    let pools = [1, 2, 3, 8].map(|threads| Pool::new(threads).unwrap());
    let (n, m) = (70_001, 7);
    let scores = Random::new(3).values(n * m);
    let x = Matrix::new(&scores, n, m).unwrap();
    for (kind, divisor) in [(Variance::Population, 7.0), (Variance::Sample, 6.0)] {
        let (mut mean, mut variance) = (vec![0.0; n], vec![0.0; n]);
        moments(x, &mut mean, Some((kind, &mut variance)), None).unwrap();
        for (row, (mean, variance)) in scores.chunks_exact(m).zip(mean.iter().zip(&variance)) {
            let exact = row.iter().map(|&v| f64::from(v)).sum::<f64>() / 7.0;
            let spread = row.iter().map(|&v| (f64::from(v) - exact).powi(2)).sum::<f64>() / divisor;
            assert!((f64::from(*mean) - exact).abs() < 2e-7);
            assert!((f64::from(*variance) / spread - 1.0).abs() < 11.0 * 2f64.powi(-22));
        }
        for pool in &pools {
            let (mut a, mut b) = (vec![0.0; n], vec![0.0; n]);
            moments(x, &mut a, Some((kind, &mut b)), Some(pool)).unwrap();
            assert!(a == mean && b == variance);
        }
    }
    // Equal scores do not vary at all.
    let (mut mean, mut variance) = ([0.0], [1.0]);
    let same = [0.1; 50];
    let x = Matrix::new(&same, 1, 50).unwrap();
    moments(x, &mut mean, Some((Variance::Population, &mut variance)), None).unwrap();
    assert_eq!((mean, variance), ([0.1], [0.0]));
}

/// Rows whose scores say something about their labels.
fn sample(n: usize, seed: u64) -> (Vec<f32>, Vec<f32>, Vec<u8>, Vec<f32>) {
    let mut random = Random::new(seed);
    let labels: Vec<u8> = (0..n).map(|_| u8::from(random.below(5) == 0)).collect();
    let scores = labels.iter().map(|&label| 0.4 * random.f32() + 0.2 * f32::from(label)).collect();
    let uncertainties = (0..n).map(|_| random.f32().abs()).collect();
    let weights = (0..n).map(|_| random.below(8) as f32 / 4.0).collect();
    (scores, uncertainties, labels, weights)
}

#[test]
fn bootstrap_intervals() {
    let n = 20_000;
    let (scores, uncertainties, labels, weights) = sample(n, 5);
    let rows = Rows {
        scores: &scores,
        uncertainties: &uncertainties,
        labels: Labels::U8(&labels),
        weights: None,
        segments: None,
    };
    let uniform = |low, high, bins| Edges::Uniform { low, high, bins };
    let grid =
        Grid::new(uniform(0.0, 1.0, 3), ScoreEdges::Shared(uniform(-0.4, 0.6, 40)), None, None).unwrap();
    let thresholds = [0.3, f32::INFINITY, 0.1];
    let pools = [1, 2, 3, 8].map(|threads| Pool::new(threads).unwrap());
    for weighted in [false, true] {
        let rows = Rows { weights: weighted.then_some(&weights), ..rows };
        let options = Bootstrap { replicates: 403, ..Bootstrap::new(9) };
        let run = |options, pool| {
            let decisions =
                bootstrap_decisions(&grid, &thresholds, rows, Missing::Refuse, options, pool).unwrap();
            let figure =
                |figure| bootstrap_figure(&grid, figure, rows, Missing::Refuse, options, pool).unwrap();
            [decisions[0], decisions[1], figure(Figure::Auc), figure(Figure::AveragePrecision)]
        };
        let found = run(options, None);
        for pool in &pools {
            assert_eq!(run(options, Some(pool)), found);
        }
        assert_ne!(run(Bootstrap { seed: 10, ..options }, None), found);
        // The figures themselves, by their definition.
        let weight = |i: usize| if weighted { f64::from(weights[i]) } else { 1.0 };
        let selected = |i: &usize| {
            let level = grid.level_edges().iter().filter(|&&edge| uncertainties[*i] >= edge).count();
            level != 1 && scores[*i] >= thresholds[level]
        };
        let positive = |i: &usize| labels[*i] == 1;
        let sum = |rows: &mut dyn Iterator<Item = usize>| rows.map(weight).sum::<f64>();
        let tp = sum(&mut (0..n).filter(positive).filter(selected));
        let all = sum(&mut (0..n).filter(positive));
        let taken = sum(&mut (0..n).filter(selected));
        assert!((found[0].value - tp / all).abs() < 1e-9 && (found[1].value - tp / taken).abs() < 1e-9);
        // The normal approximation of a proportion's interval, without weights.
        for (interval, share, of) in [(found[0], tp / all, all), (found[1], tp / taken, taken)] {
            assert!(interval.low < interval.value && interval.value < interval.high && interval.count == 403);
            let half = 1.96 * (share * (1.0 - share) / of).sqrt();
            let width = (interval.high - interval.low) / 2.0 / half;
            assert!(weighted || (0.85..1.15).contains(&width), "{interval:?}: {width} of the normal width");
        }
        for interval in &found[2..] {
            assert!(interval.low < interval.value && interval.value < interval.high);
            assert!(interval.high - interval.low < 0.05);
        }
    }
    // Every replicate of one row, a positive that is selected: recall 1 unless it is not drawn.
    let one = Rows { scores: &[1.0], uncertainties: &[0.0], labels: Labels::U8(&[1]), ..rows };
    let options = Bootstrap { replicates: 1_000, ..Bootstrap::new(1) };
    let [recall, precision] =
        bootstrap_decisions(&grid, &thresholds, one, Missing::Refuse, options, None).unwrap();
    assert_eq!((recall.value, recall.low, recall.high), (1.0, 1.0, 1.0));
    assert_eq!(recall, precision);
    assert!((580..690).contains(&recall.count), "{recall:?}");
    let Interval { value, count, .. } =
        bootstrap_figure(&grid, Figure::Auc, one, Missing::Refuse, options, None).unwrap();
    assert!(value.is_nan() && count == 0);

    let refused =
        |options, rows| bootstrap_decisions(&grid, &thresholds, rows, Missing::Refuse, options, None);
    let status =
        |result: Result<[Interval; 2], _>| result.map_err(|error: avocet::Error| error.status).unwrap_err();
    let options = Bootstrap::new(0);
    assert_eq!(status(refused(Bootstrap { replicates: 0, ..options }, rows)), Status::InvalidArgument);
    assert_eq!(status(refused(Bootstrap { confidence: 1.0, ..options }, rows)), Status::InvalidArgument);
    assert_eq!(status(refused(Bootstrap { confidence: f64::NAN, ..options }, rows)), Status::NotFinite);
    let segments = vec![0; n];
    let segmented = Rows { segments: Some(Segments::U32(&segments)), ..rows };
    assert_eq!(status(refused(options, segmented)), Status::InvalidArgument);
    let mut missing = scores.clone();
    missing[3_000] = f32::NAN;
    let missing = Rows { scores: &missing, ..rows };
    assert_eq!(refused(options, missing).unwrap_err().position, 3_000);
    assert!(bootstrap_figure(&grid, Figure::Auc, missing, Missing::Apart, options, None).is_ok());
    let sample = Some(Sample { scores: &scores, uncertainties: &uncertainties, weights: None });
    let nested = ScoreEdges::Nested(Nested { bins: 5, top: 1.0, refine: None });
    let nested = Grid::new(Edges::Quantiles(3), nested, sample, None).unwrap();
    assert!(bootstrap_figure(&nested, Figure::Auc, rows, Missing::Refuse, options, None).is_err());
}

/// The figure of the table that the rows make.
#[test]
fn figures_are_those_of_the_table() {
    let (scores, uncertainties, labels, weights) = sample(5_000, 6);
    let rows = Rows {
        scores: &scores,
        uncertainties: &uncertainties,
        labels: Labels::U8(&labels),
        weights: Some(&weights),
        segments: None,
    };
    let uniform = |low, high, bins| Edges::Uniform { low, high, bins };
    let grid =
        Grid::new(uniform(0.0, 1.0, 3), ScoreEdges::Shared(uniform(-0.4, 0.6, 40)), None, None).unwrap();
    let mut table = avocet::threshold::Table::new(&grid, 1).unwrap();
    avocet::Workspace::new().fit(|space| table.add(rows, Missing::Refuse, None, space)).unwrap();
    let (mut positive, mut negative) = ([0; 40], [0; 40]);
    table.score_bins(0, true, &mut positive, &mut negative).unwrap();
    let options = Bootstrap { replicates: 4, ..Bootstrap::new(1) };
    let value = |figure| bootstrap_figure(&grid, figure, rows, Missing::Refuse, options, None).unwrap().value;
    assert_eq!(value(Figure::Auc), binned_auc(&positive, &negative).unwrap().tied);
    let precision = binned_average_precision(&positive, &negative, Grain::Weights).unwrap();
    assert_eq!(value(Figure::AveragePrecision), precision.tied);
    assert!(table.score_bins(0, true, &mut positive[1..], &mut negative).is_err());
}
