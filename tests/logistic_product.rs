//! The product form of the logistic loss: against finite differences and f64, its laws, errors, and any pool.

mod common;

use avocet::logistic::{Pointwise, ProductLoss, Targets, pointwise, product_loss};
use avocet::{Error, Pool, Status, Workspace};
use common::Random;
use proptest::prelude::*;

/// Losses, both gradients, and the sum.
type All = ([Vec<f32>; 3], f64);

fn try_all(
    first: &[f32],
    second: &[f32],
    targets: Targets<'_>,
    signed: bool,
    pool: Option<&Pool>,
) -> Result<All, Error> {
    let [mut losses, mut by_first, mut by_second] = [(); 3].map(|()| vec![f32::NAN; first.len()]);
    let mut sum = f64::NAN;
    Workspace::new().fit(|workspace| {
        let out = ProductLoss {
            losses: Some(&mut losses),
            first_gradient: Some(&mut by_first),
            second_gradient: Some(&mut by_second),
            sum: Some(&mut sum),
        };
        product_loss(first, second, targets, signed, out, pool, workspace)
    })?;
    Ok(([losses, by_first, by_second], sum))
}

fn all(first: &[f32], second: &[f32], a: &[f32], b: &[f32]) -> All {
    try_all(first, second, Targets::Coefficients { a, b }, true, None).unwrap()
}

/// The loss by its definition; `1 - f` as a sum.
fn loss(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let f = sigmoid(x) * sigmoid(y);
    let rest = if f < 0.5 { (-f).ln_1p() } else { (sigmoid(-x) + sigmoid(x) * sigmoid(-y)).ln() };
    -a * f.ln() - b * rest
}

proptest! {
    /// Derivatives of the f64 loss, by central differences.
    #[test]
    fn finite_differences(
        x in -30.0f32..30.0, y in -30.0f32..30.0, a in -3.0f32..3.0, b in -3.0f32..3.0,
    ) {
        let ([losses, by_first, by_second], sum) = all(&[x], &[y], &[a], &[b]);
        let [x, y, a, b] = [x, y, a, b].map(f64::from);
        let h = 1e-4;
        let size = (a.abs() + b.abs()) * (1.0 + x.abs() + y.abs());
        prop_assert!((f64::from(losses[0]) - loss(x, y, a, b)).abs() <= 1e-6 * size);
        prop_assert!((sum - f64::from(losses[0])).abs() <= 1e-12);
        let slope = (loss(x + h, y, a, b) - loss(x - h, y, a, b)) / (2.0 * h);
        prop_assert!((f64::from(by_first[0]) - slope).abs() <= 1e-6 * size);
        let slope = (loss(x, y + h, a, b) - loss(x, y - h, a, b)) / (2.0 * h);
        prop_assert!((f64::from(by_second[0]) - slope).abs() <= 1e-6 * size);
    }

    /// A factor that is certain leaves the plain logistic loss of the other; swapped logits swap the gradients.
    #[test]
    fn limits_and_symmetry(x in -80.0f32..80.0, y in -80.0f32..80.0, a in 0.0f32..3.0, b in 0.0f32..3.0) {
        let ([losses, by_first, by_second], _) = all(&[x], &[f32::INFINITY], &[a], &[b]);
        let (mut plain, mut slope) = ([0.0], [0.0]);
        let targets = Targets::Coefficients { a: &[a], b: &[b] };
        Workspace::new().fit(|workspace| {
            let out = Pointwise { losses: Some(&mut plain), gradient: Some(&mut slope), ..Default::default() };
            pointwise(&[x], targets, false, out, None, workspace)
        }).unwrap();
        prop_assert!((losses[0] - plain[0]).abs() <= 5e-7 * plain[0]);
        prop_assert!((by_first[0] - slope[0]).abs() <= 5e-7 * (a + b));
        prop_assert!(by_second[0] >= 0.0 && by_second[0] <= b);
        let (one, other) = (all(&[x], &[y], &[a], &[b]).0, all(&[y], &[x], &[a], &[b]).0);
        prop_assert_eq!(&one[0], &other[0]);
        prop_assert_eq!(&one[1], &other[2]);
        prop_assert_eq!(&one[2], &other[1]);
    }
}

/// In expectation over the labels, the derivatives vanish at the true probability.
#[test]
fn stationary_at_the_truth() {
    for (x, y) in [(0.5f32, -1.0f32), (3.0, 2.0), (-4.0, 1.0), (9.0, 8.0)] {
        let sigmoid = |x: f32| 1.0 / (1.0 + (-f64::from(x)).exp());
        let f = sigmoid(x) * sigmoid(y);
        let ([_, by_first, by_second], _) = all(&[x], &[y], &[f as f32], &[(1.0 - f) as f32]);
        assert!(by_first[0].abs() < 1e-7 && by_second[0].abs() < 1e-7, "{x} {y}: {by_first:?} {by_second:?}");
    }
}

fn bits((arrays, sum): &All) -> (Vec<u32>, u64) {
    (arrays.iter().flatten().map(|v| v.to_bits()).collect(), sum.to_bits())
}

/// Any pool, and rows alone, among others that underflow.
#[test]
fn any_pool_and_batch_gives_the_same_bits() {
    let mut random = Random::new(51);
    let n = 100_001;
    let logits = |random: &mut Random| -> Vec<f32> {
        (0..n).map(|i| random.f32() * [1.0, 30.0, 300.0][i % 3]).collect()
    };
    let (x, y) = (logits(&mut random), logits(&mut random));
    let labels: Vec<f32> = (0..n).map(|_| random.below(2) as f32).collect();
    let weights: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
    let targets = Targets::Labels { labels: &labels, weights: Some(&weights) };
    let alone = try_all(&x, &y, targets, false, None).unwrap();
    for threads in [1, 2, 3, 8] {
        let pool = Pool::new(threads).unwrap();
        assert!(bits(&try_all(&x, &y, targets, false, Some(&pool)).unwrap()) == bits(&alone), "{threads}");
    }
    for i in (0..n).step_by(997) {
        let targets = Targets::Labels { labels: &labels[i..=i], weights: Some(&weights[i..=i]) };
        let (row, _) = try_all(&x[i..=i], &y[i..=i], targets, false, None).unwrap();
        for (one, many) in row.iter().zip(&alone.0) {
            assert_eq!(one[0].to_bits(), many[i].to_bits(), "{i}");
        }
    }
    let (sum, losses) = (alone.1, &alone.0[0]);
    let exact: f64 = losses.iter().map(|&loss| f64::from(loss)).sum();
    assert!((sum - exact).abs() <= 1e-12 * exact, "{sum} for {exact}");
}

#[test]
fn refusals() {
    let (x, ones) = ([0.0; 2000], [1.0; 2000]);
    let refused = |second: &[f32], targets: Targets<'_>, signed| {
        let error = try_all(&x, second, targets, signed, None).unwrap_err();
        (error.status, error.argument, error.position)
    };
    let mut bad = ones;
    bad[1500] = -1.0;
    let targets = Targets::Coefficients { a: &ones, b: &bad };
    assert_eq!(refused(&x, targets, false), (Status::InvalidArgument, c"targets.b", 1500));
    assert!(try_all(&x, &x, targets, true, None).is_ok());
    bad[1500] = f32::NAN;
    let targets = Targets::Coefficients { a: &bad, b: &ones };
    assert_eq!(refused(&x, targets, true), (Status::NotFinite, c"targets.a", 1500));
    let targets = Targets::Labels { labels: &ones, weights: None };
    assert_eq!(refused(&x[1..], targets, false), (Status::ShapeMismatch, c"second", 0));
    let targets = Targets::Labels { labels: &ones[1..], weights: None };
    assert_eq!(refused(&x, targets, false), (Status::ShapeMismatch, c"targets.labels", 0));
    let targets = Targets::Labels { labels: &ones, weights: None };
    let mut short = [0.0; 1999];
    let out = ProductLoss { second_gradient: Some(&mut short), ..Default::default() };
    let error = product_loss(&x, &x, targets, false, out, None, &mut Workspace::new()).unwrap_err();
    assert_eq!((error.status, error.argument), (Status::ShapeMismatch, c"second_gradient"));
}

#[test]
fn corners() {
    assert_eq!(all(&[], &[], &[], &[]), Default::default());
    // Beyond where either factor, or what is left of them, is in the range of f32.
    let ([losses, by_first, by_second], _) =
        all(&[-1e4, 1e4, -200.0, 100.0], &[-1e4, 1e4, 300.0, 99.0], &[1.0; 4], &[0.0; 4]);
    assert_eq!(losses[..3], [2e4, 0.0, 200.0]);
    assert_eq!(by_first[..3], [-1.0, 0.0, -1.0]);
    assert_eq!(by_second[..3], [-1.0, 0.0, 0.0]);
    assert!(losses[3] > 1e-43 && by_first[3] < 0.0 && by_second[3] < by_first[3]);
    // Great coefficients show what alone is below the range.
    let ([losses, by_first, by_second], _) = all(&[-60.0], &[-50.0], &[0.0], &[1e20]);
    let wanted = 1e20 * (-110.0f64).exp();
    for found in [losses[0], by_first[0], by_second[0]] {
        assert!((f64::from(found) / wanted - 1.0).abs() < 3e-7, "{found:e} for {wanted:e}");
    }
}
