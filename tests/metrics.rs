//! Metrics against their definitions.

mod common;

use avocet::metrics::{Calibration, Ranking, calibration, ranking};
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
