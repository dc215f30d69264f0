//! Metrics against their definitions.

mod common;

use avocet::metrics::{
    Calibration, CurvePoint, Grain, Ranking, binned_auc, binned_average_precision, binned_curve, calibration,
    ranking,
};
use avocet::{Status, Value};
use common::Random;

/// By all pairs, and by all thresholds.
fn by_definition(scores: &[f32], labels: &[f32], weights: &[f32]) -> Ranking {
    let n = scores.len();
    let positive = |i: usize| f64::from(weights[i]) * f64::from(labels[i]);
    let negative = |i: usize| f64::from(weights[i]) * (1.0 - f64::from(labels[i]));
    let (p, q): (f64, f64) = ((0..n).map(positive).sum(), (0..n).map(negative).sum());
    let mut won = 0.0;
    for i in 0..n {
        for j in 0..n {
            let win = match scores[i].partial_cmp(&scores[j]).unwrap() {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
            won += win * positive(i) * negative(j);
        }
    }
    let mut thresholds = scores.to_vec();
    thresholds.sort_by(|a, b| b.partial_cmp(a).unwrap());
    thresholds.dedup();
    let (mut trapezoid, mut steps, mut before) = (0.0, 0.0, (0.0, 1.0));
    for t in thresholds {
        let selected = || (0..n).filter(|&i| scores[i] >= t);
        let (tp, fp): (f64, f64) = (selected().map(positive).sum(), selected().map(negative).sum());
        let now = (tp / p, if tp + fp > 0.0 { tp / (tp + fp) } else { before.1 });
        trapezoid += (now.0 - before.0) * (now.1 + before.1) / 2.0;
        steps += (now.0 - before.0) * now.1;
        before = now;
    }
    Ranking { positives: p, negatives: q, auc: won / (p * q), pr_auc: trapezoid, average_precision: steps }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 || a.is_nan() && b.is_nan()
}

#[test]
fn rankings_are_exact() {
    let mut random = Random::new(41);
    for turn in 0..300 {
        let n = random.below(60) + 1;
        // Few distinct scores, so that most tie; signs of zero among them.
        let scores: Vec<f32> =
            (0..n).map(|_| [-0.0, 0.0, 1.0, -1.0, 0.5, f32::INFINITY, 1e-40][random.below(7)]).collect();
        let soft = turn % 3 == 0;
        let labels: Vec<f32> =
            (0..n).map(|_| if soft { random.f32().abs() } else { random.below(2) as f32 }).collect();
        let weights: Vec<f32> = (0..n).map(|_| random.below(4) as f32).collect();
        let found = ranking(&scores, &labels, Some(&weights)).unwrap();
        let want = by_definition(&scores, &labels, &weights);
        for (a, b) in [
            (found.positives, want.positives),
            (found.negatives, want.negatives),
            (found.auc, want.auc),
            (found.pr_auc, want.pr_auc),
            (found.average_precision, want.average_precision),
        ] {
            assert!(near(a, b), "{found:?}, not {want:?}");
        }
        // A weight is a repetition.
        let repeat = |v: &[f32]| -> Vec<f32> {
            (0..n).flat_map(|i| std::iter::repeat_n(v[i], weights[i] as usize)).collect()
        };
        let repeated = ranking(&repeat(&scores), &repeat(&labels), None).unwrap();
        assert!(near(repeated.auc, found.auc) && near(repeated.pr_auc, found.pr_auc), "{found:?}");
    }
}

#[test]
fn known_rankings() {
    // One of four pairs is lost.
    let found = ranking(&[0.9, 0.8, 0.7, 0.1], &[1.0, 0.0, 1.0, 0.0], None).unwrap();
    assert_eq!((found.auc, found.positives, found.negatives), (0.75, 2.0, 2.0));
    assert!(near(found.average_precision, 0.5 + 0.5 * 2.0 / 3.0));
    assert!(near(found.pr_auc, 0.5 + 0.5 * (0.5 + 2.0 / 3.0) / 2.0));
    let one_class = ranking(&[0.9, 0.8], &[1.0, 1.0], None).unwrap();
    assert!(one_class.auc.is_nan() && one_class.average_precision == 1.0);
    let none = ranking(&[], &[], None).unwrap();
    assert!(none.auc.is_nan() && none.pr_auc.is_nan());
}

#[test]
fn calibrations() {
    let found = calibration(&[0.25, 0.5], &[1.0, 0.0], Some(&[2.0, 1.0])).unwrap();
    let want = Calibration { weight: 3.0, loss: 2.0 * 4f64.ln() + 2f64.ln(), predicted: 1.0, observed: 2.0 };
    assert!((found.loss - want.loss).abs() < 1e-6);
    assert_eq!((found.weight, found.predicted, found.observed), (want.weight, want.predicted, want.observed));
    assert_eq!(found.ratio(), 0.5);
    // Certain and right costs nothing; certain and wrong everything; tiny probabilities keep their digits.
    assert_eq!(calibration(&[1.0, 0.0], &[1.0, 0.0], None).unwrap().loss, 0.0);
    assert_eq!(calibration(&[1.0], &[0.0], None).unwrap().log_loss(), f64::INFINITY);
    assert!((calibration(&[1e-12], &[0.0], None).unwrap().loss / 1e-12 - 1.0).abs() < 1e-6);
    assert!(calibration(&[], &[], None).unwrap().log_loss().is_nan());

    // Parts that are merged are the whole.
    let mut random = Random::new(42);
    let n = 5_000;
    let p: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
    let labels: Vec<f32> = (0..n).map(|_| random.below(2) as f32).collect();
    let whole = calibration(&p, &labels, None).unwrap();
    for cut in [0, 1, 1024, 3000, n] {
        let part =
            |range: std::ops::Range<usize>| calibration(&p[range.clone()], &labels[range], None).unwrap();
        let merged = part(0..cut).merge(&part(cut..n));
        assert!((merged.log_loss() - whole.log_loss()).abs() < 1e-12);
        assert!((merged.ratio() - whole.ratio()).abs() < 1e-12 && merged.weight == whole.weight);
    }
}

#[test]
fn refusals() {
    let error = ranking(&[0.0, f32::NAN], &[0.0, 1.0], None).unwrap_err();
    assert_eq!((error.status, error.argument, error.position), (Status::NotFinite, c"scores", 1));
    let error = ranking(&[0.0, 1.0], &[0.0, 1.5], None).unwrap_err();
    assert_eq!(
        (error.status, error.argument, error.value),
        (Status::InvalidArgument, c"labels", Value::Real(1.5))
    );
    let error = ranking(&[0.0, 1.0], &[0.0, 1.0], Some(&[1.0, -1.0])).unwrap_err();
    assert_eq!((error.argument, error.position), (c"weights", 1));
    assert_eq!(ranking(&[0.0], &[], None).unwrap_err().status, Status::ShapeMismatch);
    for (p, status) in
        [(f32::NAN, Status::NotFinite), (-0.1, Status::InvalidArgument), (1.1, Status::InvalidArgument)]
    {
        let error = calibration(&[0.5, p], &[0.0, 0.0], None).unwrap_err();
        assert_eq!((error.status, error.argument, error.position), (status, c"probabilities", 1));
    }
}

/// Areas of every order of the rows within bins, any neighbours of them tied.
fn areas_by_order(bins: &[(u64, u64)]) -> (Vec<f64>, Vec<f64>) {
    let mut rows: Vec<Vec<(f32, f32)>> = vec![vec![]];
    for (bin, &(positive, negative)) in bins.iter().enumerate() {
        let n = (positive + negative) as usize;
        let mut next = Vec::new();
        for labels in (0..1u32 << n).filter(|labels| u64::from(labels.count_ones()) == positive) {
            for steps in 0..1u32 << n.saturating_sub(1) {
                let score = |i: usize| bin as f32 * 100.0 + (steps & ((1 << i) - 1)).count_ones() as f32;
                let of_bin: Vec<_> = (0..n).map(|i| (score(i), (labels >> i & 1) as f32)).collect();
                next.extend(rows.iter().map(|rows| [rows.as_slice(), &of_bin].concat()));
            }
        }
        rows = next;
    }
    let areas = |rows: Vec<(f32, f32)>| {
        let (scores, labels): (Vec<f32>, Vec<f32>) = rows.into_iter().unzip();
        let found = ranking(&scores, &labels, None).unwrap();
        (found.auc, found.average_precision)
    };
    rows.into_iter().map(areas).unzip()
}

#[test]
fn bounds_of_bins_are_reached() {
    let mut random = Random::new(43);
    for _ in 0..60 {
        let bins: Vec<(u64, u64)> =
            (0..3).map(|_| (random.below(3) as u64, random.below(3) as u64)).collect();
        let (positive, negative): (Vec<u64>, Vec<u64>) = bins.iter().copied().unzip();
        let (auc, precision) = areas_by_order(&bins);
        let least = |v: &[f64]| v.iter().copied().fold(f64::INFINITY, f64::min);
        let most = |v: &[f64]| v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let found = binned_auc(&positive, &negative).unwrap();
        if positive.iter().sum::<u64>() == 0 {
            assert!(found.lower.is_nan());
            continue;
        }
        if negative.iter().sum::<u64>() > 0 {
            assert!(near(found.lower, least(&auc)) && near(found.upper, most(&auc)), "{bins:?} {found:?}");
        }
        let of_rows = binned_average_precision(&positive, &negative, Grain::Rows).unwrap();
        assert!(near(of_rows.lower, least(&precision)), "{bins:?} {of_rows:?}");
        assert!(near(of_rows.upper, most(&precision)), "{bins:?} {of_rows:?}");
        // The rows of a bin tied.
        let rows = |bin: usize| bins[bin].0 + bins[bin].1;
        let scores: Vec<f32> = (0..3).flat_map(|bin| vec![bin as f32; rows(bin) as usize]).collect();
        let of_bin = |&(p, n): &(u64, u64)| [vec![1.0; p as usize], vec![0.0; n as usize]].concat();
        let labels: Vec<f32> = bins.iter().flat_map(of_bin).collect();
        let tied = ranking(&scores, &labels, None).unwrap();
        assert!(near(found.tied, tied.auc) && near(of_rows.tied, tied.average_precision));
        // Rows cut to crumbs come near the bound of weights.
        let fine = |v: &[u64]| v.iter().map(|&count| count * 1_000_000).collect::<Vec<u64>>();
        let of_weights = binned_average_precision(&positive, &negative, Grain::Weights).unwrap();
        let of_crumbs = binned_average_precision(&fine(&positive), &fine(&negative), Grain::Rows).unwrap();
        assert!((of_weights.lower - of_crumbs.lower).abs() < 2e-6, "{of_weights:?} {of_crumbs:?}");
        assert_eq!(of_weights.upper, of_rows.upper);
    }
}

/// Long bins, where the sums are by a series, against sums one by one.
#[test]
fn long_bins() {
    for bins in [
        [(1_000, 1), (50_000, 7), (300, 90_000)],
        [(0, 100), (100_000, 0), (1, 1)],
        [(5, 39), (45, 0), (39, 1)],
    ] {
        let (positive, negative): (Vec<u64>, Vec<u64>) = bins.into_iter().unzip();
        let found = binned_average_precision(&positive, &negative, Grain::Rows).unwrap();
        let (mut tp, mut fp, mut sum) = (0.0, 0.0, 0.0);
        for (&p, &n) in positive.iter().zip(&negative).rev() {
            fp += n as f64;
            for _ in 0..p {
                tp += 1.0;
                sum += tp / (tp + fp);
            }
        }
        assert!((found.lower - sum / tp).abs() < 1e-9, "{bins:?}: {}, not {}", found.lower, sum / tp);
        assert!(found.lower <= found.tied && found.tied <= found.upper);
    }
}

#[test]
fn curves_of_bins() {
    let mut points = [CurvePoint::default(); 4];
    binned_curve(&[1, 2, 3], &[4, 0, 1], &mut points).unwrap();
    let sums: Vec<_> = points.iter().map(|point| (point.true_positives, point.false_positives)).collect();
    assert_eq!(sums, [(6, 5), (5, 1), (3, 1), (0, 0)]);
    let second = (points[1].recall, points[1].precision, points[1].false_positive_rate);
    assert_eq!(second, (5.0 / 6.0, 5.0 / 6.0, 0.2));
    assert!(points[3].precision.is_nan() && points[3].recall == 0.0);
    let status = |result: Result<(), avocet::Error>| result.unwrap_err().status;
    assert_eq!(status(binned_curve(&[1], &[1], &mut points)), Status::ShapeMismatch);
    assert_eq!(status(binned_curve(&[1, 2], &[1], &mut points)), Status::ShapeMismatch);
    let beyond = [u64::MAX, 1, 0];
    assert_eq!(status(binned_curve(&beyond, &[1, 0, 0], &mut points)), Status::SizeOverflow);
    // The greatest sums that fit.
    let most = [u64::MAX / 2; 2];
    let found = binned_auc(&most, &most).unwrap();
    assert_eq!((found.lower, found.tied, found.upper), (0.25, 0.5, 0.75));
}
