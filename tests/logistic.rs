//! The logistic losses against finite differences and f64, their laws, and which weights of delayed feedback are
//! unbiased: exactly those that theory says.

mod common;

use avocet::logistic::{
    Clicks, Method, NEVER, Pointwise, Protocol, RowKind, Rows, Scheme, Targets, build_stream,
    feedback_weights, pointwise, served,
};
use avocet::{Error, Pool, Status, Value, Workspace};
use common::Random;
use proptest::prelude::*;

/// Losses, gradient, curvature and sum.
type All = (Vec<f32>, Vec<f32>, Vec<f32>, f64);

fn try_all(logits: &[f32], targets: Targets<'_>, signed: bool, pool: Option<&Pool>) -> Result<All, Error> {
    let n = logits.len();
    let [mut losses, mut gradient, mut curvature] = [(); 3].map(|()| vec![0.0; n]);
    let mut sum = f64::NAN;
    Workspace::new().fit(|workspace| {
        let out = Pointwise {
            losses: Some(&mut losses),
            gradient: Some(&mut gradient),
            curvature: Some(&mut curvature),
            sum: Some(&mut sum),
        };
        pointwise(logits, targets, signed, out, pool, workspace)
    })?;
    Ok((losses, gradient, curvature, sum))
}

fn all(logits: &[f32], targets: Targets<'_>) -> All {
    try_all(logits, targets, true, None).unwrap()
}

fn loss(x: f64, a: f64, b: f64) -> f64 {
    let softplus = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    a * softplus(-x) + b * softplus(x)
}

proptest! {
    /// Derivatives of the f64 loss, by central differences.
    #[test]
    fn finite_differences(x in -30.0f32..30.0, a in -3.0f32..3.0, b in -3.0f32..3.0) {
        let (losses, gradient, curvature, sum) = all(&[x], Targets::Coefficients { a: &[a], b: &[b] });
        let (x, a, b, h) = (f64::from(x), f64::from(a), f64::from(b), 1e-4);
        let [low, middle, high] = [x - h, x, x + h].map(|x| loss(x, a, b));
        let size = (a.abs() + b.abs()) * (1.0 + x.abs());
        prop_assert!((f64::from(losses[0]) - middle).abs() <= 1e-6 * size);
        prop_assert!((sum - f64::from(losses[0])).abs() <= 1e-12);
        prop_assert!((f64::from(gradient[0]) - (high - low) / (2.0 * h)).abs() <= 1e-6 * size);
        prop_assert!((f64::from(curvature[0]) - (high - 2.0 * middle + low) / (h * h)).abs() <= 1e-5 * size);
    }

    /// A weight of 2 is the row twice, a weight of 0 the row absent, in sums and gradients.
    #[test]
    fn weights_are_repetitions(rows in prop::collection::vec((-20.0f32..20.0, 0u8..2, 0usize..4), 0..60)) {
        let x: Vec<f32> = rows.iter().map(|row| row.0).collect();
        let labels: Vec<f32> = rows.iter().map(|row| row.1.into()).collect();
        let weights: Vec<f32> = rows.iter().map(|row| row.2 as f32).collect();
        let (losses, gradient, _, sum) = all(&x, Targets::Labels { labels: &labels, weights: Some(&weights) });
        let repeat = |v: &[f32]| -> Vec<f32> {
            rows.iter().zip(v).flat_map(|(row, &v)| std::iter::repeat_n(v, row.2)).collect()
        };
        let (repeated, times, _, repeated_sum) =
            all(&repeat(&x), Targets::Labels { labels: &repeat(&labels), weights: None });
        prop_assert_eq!(repeated.len(), rows.iter().map(|row| row.2).sum::<usize>());
        prop_assert!((sum - repeated_sum).abs() <= 1e-6 * (1.0 + sum));
        let total = |v: &[f32]| v.iter().map(|&v| f64::from(v)).sum::<f64>();
        prop_assert!((total(&gradient) - total(&times)).abs() <= 1e-6 * (1.0 + total(&weights)));
        prop_assert!(rows.iter().zip(&losses).all(|(row, &loss)| row.2 > 0 || loss == 0.0));
    }

    /// Turning the logit and swapping the coefficients changes nothing but the gradient's sign.
    #[test]
    fn symmetry(x in -200.0f32..200.0, a in -3.0f32..3.0, b in -3.0f32..3.0) {
        let one = all(&[x], Targets::Coefficients { a: &[a], b: &[b] });
        let other = all(&[-x], Targets::Coefficients { a: &[b], b: &[a] });
        prop_assert_eq!(one.0, other.0);
        prop_assert_eq!(one.1[0], -other.1[0]);
        prop_assert_eq!(one.2, other.2);
    }
}

/// Logits from -1e4 to 1e4 against f64, labels and weights of every kind.
#[test]
fn against_f64() {
    let mut random = Random::new(31);
    for scale in [1.0, 10.0, 100.0, 1e3, 1e4] {
        let n = 3_000;
        let x: Vec<f32> = random.values(n).into_iter().map(|v| v * scale).collect();
        let labels: Vec<f32> = (0..n).map(|i| [0.0, 1.0, 0.3][i % 3]).collect();
        let weights: Vec<f32> = random.values(n).into_iter().map(f32::abs).collect();
        let (losses, gradient, _, sum) =
            all(&x, Targets::Labels { labels: &labels, weights: Some(&weights) });
        let mut total = 0.0;
        for i in 0..n {
            let (w, y) = (f64::from(weights[i]), f64::from(labels[i]));
            let (exact, xi) = (loss(f64::from(x[i]), w * y, w * (1.0 - y)), f64::from(x[i]));
            assert!((f64::from(losses[i]) - exact).abs() <= 4e-7 * exact.abs() + 1e-44, "{xi}");
            let sigmoid = |x: f64| if x > 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) };
            let slope = w * (1.0 - y) * sigmoid(xi) - w * y * sigmoid(-xi);
            let unit = w * (1.0 - y) * sigmoid(xi) + w * y * sigmoid(-xi);
            assert!((f64::from(gradient[i]) - slope).abs() <= 4e-7 * unit + 1e-44, "{xi}");
            total += f64::from(losses[i]);
        }
        assert!((sum - total).abs() <= 1e-12 * total, "{sum} for {total}");
    }
}

/// The sum has more digits than f32: a million small losses beside a great one.
#[test]
fn the_sum_keeps_small_losses() {
    let n = 1 << 20;
    let mut x = vec![20.0; n];
    x[0] = -3e4;
    let (losses, .., sum) = all(&x, Targets::Labels { labels: &vec![1.0; n], weights: None });
    // The small ones first.
    let exact: f64 = losses.iter().rev().map(|&loss| f64::from(loss)).sum();
    assert!((sum / exact - 1.0).abs() < 1e-14, "{sum} for {exact}");
}

#[test]
fn refusals() {
    let x = [0.0; 2000];
    let ones = [1.0; 2000];
    let with = |at: usize, value: f32| {
        let mut values = [1.0; 2000];
        values[at] = value;
        values
    };
    let refused = |targets: Targets<'_>, signed: bool| try_all(&x, targets, signed, None).unwrap_err();
    for (at, value, status) in [
        (3, -0.5, Status::InvalidArgument),
        (1500, f32::NAN, Status::NotFinite),
        (1999, f32::INFINITY, Status::NotFinite),
    ] {
        let bad = with(at, value);
        for (targets, argument) in [
            (Targets::Coefficients { a: &bad, b: &ones }, c"targets.a"),
            (Targets::Coefficients { a: &ones, b: &bad }, c"targets.b"),
            (Targets::Labels { labels: &bad, weights: None }, c"targets.labels"),
            (Targets::Labels { labels: &ones, weights: Some(&bad) }, c"targets.weights"),
        ] {
            let error = refused(targets, false);
            // A label beyond [0, 1] is not in its range, finite or not; NaN is not finite.
            let infinite_label = argument == c"targets.labels" && value.is_infinite();
            let status = if infinite_label { Status::InvalidArgument } else { status };
            assert_eq!((error.status, error.argument, error.position), (status, argument, at as u64));
            match error.value {
                Value::Real(found) => assert!(found == f64::from(value) || found.is_nan() && value.is_nan()),
                other => panic!("{other:?}"),
            }
        }
    }
    let negative = with(7, -1.0);
    assert!(try_all(&x, Targets::Labels { labels: &ones, weights: Some(&negative) }, true, None).is_ok());
    let short = Targets::Labels { labels: &ones[1..], weights: None };
    assert_eq!(refused(short, false).argument, c"targets.labels");
    // The first of several, and the sum as it was.
    let mut several = with(1800, f32::NAN);
    several[1200] = -1.0;
    let mut sum = 5.0;
    let error = Workspace::new().fit(|workspace| {
        let out = Pointwise { sum: Some(&mut sum), ..Pointwise::default() };
        let targets = Targets::Labels { labels: &ones, weights: Some(&several) };
        pointwise(&x, targets, false, out, None, workspace)
    });
    assert_eq!(error.unwrap_err().position, 1200);
    assert_eq!(sum, 5.0);
}

fn logit(p: f64) -> f32 {
    (p / (1.0 - p)).ln() as f32
}

/// What a click of probability p, late with probability d, gives on average: rows of each kind.
fn rows_per_click(method: Method, p: f64, d: f64) -> [(RowKind, f64); 4] {
    use RowKind::{DelayedPositive, ImmediatePositive, Negative, RealNegative};
    let [immediate, delayed, negative, real] = match method {
        // One row, when the window ends.
        Method::Vanilla | Method::Fsiw | Method::Ulc | Method::Dfm | Method::BiDefuseInWindow => {
            [p - d, 0.0, 1.0 - p + d, 0.0]
        }
        Method::Fnw | Method::FnwDefuse => [0.0, p, 1.0, 0.0],
        Method::EsDfm | Method::Defuse | Method::BiDefuseLate => [p - d, d, 1.0 - p + d, 0.0],
        Method::Defer => [2.0 * (p - d), d, 1.0 - p + d, 1.0 - p],
        Method::EsDfmReal => [p - d, d, 1.0 - p + d, 1.0 - p],
        Method::FnwReal => [0.0, p, 1.0, 1.0 - p],
    };
    [(ImmediatePositive, immediate), (DelayedPositive, delayed), (Negative, negative), (RealNegative, real)]
}

/// The heads that a method reads, at the truth.
fn heads(method: Method, p: f64, d: f64) -> (f32, f32) {
    let unconverted = 1.0 - p + d;
    match method {
        Method::Fsiw => (logit((p - d) / p), logit((1.0 - p) / unconverted)),
        Method::Ulc => (logit(d / unconverted), 0.0),
        _ => (logit(d), logit((1.0 - p) / unconverted)),
    }
}

/// Expected coefficients of a click, by the library's weights with the model at `f`.
fn masses(scheme: Scheme, p: f64, d: f64, f: f64) -> (f64, f64) {
    let rows = rows_per_click(scheme.method, p, d);
    let kinds = rows.map(|(kind, _)| kind as u8);
    let (first, second) = heads(scheme.method, p, d);
    let (mut a, mut b) = ([0.0; 4], [0.0; 4]);
    let rows_in = Rows {
        kinds: &kinds,
        logits: Some(&[logit(f); 4]),
        first: Some(&[first; 4]),
        second: Some(&[second; 4]),
    };
    feedback_weights(scheme, rows_in, &mut a, &mut b, None).unwrap();
    let expected =
        |of: [f32; 4]| rows.iter().zip(of).map(|((_, count), v)| count * f64::from(v)).sum::<f64>();
    (expected(a), expected(b))
}

/// The stationary point of each method is the true probability, or what theory says it is in its place.
#[test]
fn stationary_points() {
    let mut random = Random::new(32);
    for _ in 0..200 {
        let p = 0.05 + 0.9 * random.unit();
        let d = p * (0.05 + 0.9 * random.unit());
        for method in Method::ALL.into_iter().filter(|&method| method != Method::Dfm) {
            let truth = match method {
                Method::Vanilla | Method::BiDefuseInWindow => p - d,
                Method::BiDefuseLate => d,
                _ => p,
            };
            for joint in [false, true] {
                let scheme = Scheme { joint, ..Scheme::new(method) };
                let (a, b) = masses(scheme, p, d, truth);
                let found = a / (a + b);
                assert!((found - truth).abs() < 1e-5, "{scheme:?} at p {p}, d {d}: {found}, not {truth}");
                // One row a click, or divided by their number.
                let divided =
                    joint || rows_per_click(method, p, d).iter().map(|row| row.1).sum::<f64>() < 1.0001;
                if divided && method != Method::FnwReal {
                    assert!((a + b - 1.0).abs() < 1e-5, "{scheme:?}: mass {}", a + b);
                }
            }
        }
        // What FNC learns is p / (1 + p); what it serves is p.
        let learned = p / (1.0 + p);
        let mut out = [0.0];
        served(&[logit(learned)], &mut out, None).unwrap();
        assert!((f64::from(out[0]) - p).abs() < 1e-5);
    }
    // A vanilla model is biased: 0.2 for 0.3 where a third converts late.
    let (a, b) = masses(Scheme::new(Method::Vanilla), 0.3, 0.1, 0.3);
    assert!((a / (a + b) - 0.2).abs() < 1e-6);
}

/// DFM's soft label is the probability of a later conversion under an exponential delay.
#[test]
fn dfm_posterior() {
    for (p, rate, elapsed) in [(0.3f64, 0.5f64, 2.0f64), (0.01, 3.0, 0.1), (0.9, 1.0, 30.0), (0.5, 2.0, 0.0)]
    {
        let later = (-rate * elapsed).exp();
        let want = p * later / (1.0 - p + p * later);
        let (mut a, mut b) = ([0.0], [0.0]);
        let rows = Rows {
            kinds: &[RowKind::Negative as u8],
            logits: Some(&[logit(p)]),
            first: Some(&[(rate.exp() - 1.0).ln() as f32]),
            second: Some(&[elapsed as f32]),
        };
        feedback_weights(Scheme::new(Method::Dfm), rows, &mut a, &mut b, None).unwrap();
        assert!((f64::from(a[0]) - want).abs() < 1e-6 && (f64::from(b[0]) - (1.0 - want)).abs() < 1e-6);
    }
}

/// Heads that know a signal which the model does not: joint weights stay unbiased, conditional ones do not.
#[test]
fn signals_need_joint_weights() {
    let mut random = Random::new(33);
    let mut greatest: f64 = 0.0;
    for _ in 0..50 {
        let share = 0.2 + 0.6 * random.unit();
        let cells = [share, 1.0 - share].map(|share| {
            let p = 0.1 + 0.8 * random.unit();
            (share, p, p * (0.1 + 0.8 * random.unit()))
        });
        let truth: f64 = cells.iter().map(|(share, p, _)| share * p).sum();
        for method in [Method::EsDfm, Method::Defuse] {
            let bias = |joint: bool| {
                let scheme = Scheme { joint, ..Scheme::new(method) };
                let (a, b) = cells.iter().fold((0.0, 0.0), |sum, &(share, p, d)| {
                    let (a, b) = masses(scheme, p, d, truth);
                    (sum.0 + share * a, sum.1 + share * b)
                });
                (a / (a + b) - truth).abs()
            };
            assert!(bias(true) < 1e-6, "{method:?}: {}", bias(true));
            greatest = greatest.max(bias(false));
        }
    }
    assert!(greatest > 1e-3, "{greatest}");
}

/// DEFER's ratio of positives leaves every bound where the model is below half of the head; the clip holds it.
#[test]
fn defer_needs_its_clip() {
    let weight = |clip_low: f32, clip_high: f32| {
        let (mut a, mut b) = ([0.0; 3], [0.0; 3]);
        let rows = Rows {
            kinds: &[RowKind::ImmediatePositive as u8; 3],
            logits: Some(&[logit(0.26), logit(0.25), logit(0.1)]),
            first: Some(&[logit(0.5); 3]),
            second: None,
        };
        feedback_weights(
            Scheme { clip_low, clip_high, ..Scheme::new(Method::Defer) },
            rows,
            &mut a,
            &mut b,
            None,
        )
        .unwrap();
        a
    };
    assert_eq!(weight(1.0, 3.0), [3.0; 3]);
    let free = weight(0.0, f32::INFINITY);
    assert!(free[0] > 25.0 && free[1] > 1e4 && free[2] == f32::INFINITY, "{free:?}");
}

#[test]
fn feedback_refusals() {
    let (kinds, x) = ([0, 1, 2, 3], [0.5; 4]);
    let rows = Rows { kinds: &kinds, logits: Some(&x), first: Some(&x), second: Some(&x) };
    let run = |scheme: Scheme, rows: Rows<'_>| {
        let (mut a, mut b) = ([0.0; 4], [0.0; 4]);
        feedback_weights(scheme, rows, &mut a, &mut b, None)
    };
    for method in Method::ALL {
        let scheme = Scheme::new(method);
        assert_eq!(run(scheme, rows), Ok(()));
        let missing =
            [Rows { logits: None, ..rows }, Rows { first: None, ..rows }, Rows { second: None, ..rows }];
        for ((rows, needed), argument) in
            missing.into_iter().zip(method.needs()).zip([c"logits", c"first", c"second"])
        {
            let found = run(scheme, rows);
            if needed {
                let error = found.unwrap_err();
                assert_eq!((error.status, error.argument), (Status::NullPointer, argument));
            } else {
                assert_eq!(found, Ok(()));
            }
        }
        let error = run(scheme, Rows { kinds: &[0, 1, 4, 200], ..rows }).unwrap_err();
        assert_eq!((error.argument, error.position, error.value), (c"kinds", 2, Value::Integer(4)));
        let short = Rows { first: Some(&x[1..]), ..rows };
        assert_eq!(run(scheme, short).unwrap_err().argument, c"first");
        for (clip_low, clip_high, argument) in [
            (-1.0, 2.0, c"scheme.clip_low"),
            (2.0, 1.0, c"scheme.clip_high"),
            (f32::NAN, 1.0, c"scheme.clip_low"),
            (0.0, f32::NAN, c"scheme.clip_high"),
        ] {
            let scheme = Scheme { clip_low, clip_high, ..scheme };
            assert_eq!(run(scheme, rows).unwrap_err().argument, argument);
        }
    }
}

/// Rows of a stream as (time, click, kind).
fn rows_of(protocol: Protocol, clicks: Clicks<'_>, window: i64, attribution: i64) -> Vec<(i64, u32, u8)> {
    let stream = build_stream(protocol, clicks, window, attribution).unwrap();
    (0..stream.times.len()).map(|i| (stream.times[i], stream.clicks[i], stream.kinds[i])).collect()
}

/// The table of which rows each protocol emits, for clicks that convert within the window (at its very end), later,
/// too late, and never.
#[test]
fn streams() {
    let clicks = Clicks { times: &[10, 0, 5, 7], conversions: &[12, 8, 200, NEVER], signals: None };
    let (negative, immediate, delayed, real) = (0, 1, 2, 3);
    let window = [(2, 1, negative), (7, 2, negative), (9, 3, negative), (12, 0, immediate)];
    assert_eq!(rows_of(Protocol::Window, clicks, 2, 100), window);
    let at_once = [
        (0, 1, negative),
        (5, 2, negative),
        (7, 3, negative),
        (8, 1, delayed),
        (10, 0, negative),
        (12, 0, delayed),
    ];
    assert_eq!(rows_of(Protocol::Immediate, clicks, 2, 100), at_once);
    let copied = [(2, 1, negative), (7, 2, negative), (8, 1, delayed), (9, 3, negative), (12, 0, immediate)];
    assert_eq!(rows_of(Protocol::Delayed, clicks, 2, 100), copied);
    let ends = [(105, 2, real), (107, 3, real)];
    assert_eq!(rows_of(Protocol::DelayedReal, clicks, 2, 100), [&copied[..], &ends].concat());
    assert_eq!(
        rows_of(Protocol::Duplicate, clicks, 2, 100),
        [&copied[..], &[(12, 0, immediate)], &ends].concat()
    );
    assert_eq!(rows_of(Protocol::ImmediateReal, clicks, 2, 100), [&at_once[..], &ends].concat());
}

#[test]
fn signals_are_frozen_when_the_window_ends() {
    let clicks = Clicks {
        times: &[0, 0, 0, 0],
        conversions: &[50, 50, 50, NEVER],
        signals: Some(&[10, 11, NEVER, -5]),
    };
    let stream = build_stream(Protocol::DelayedReal, clicks, 10, 100).unwrap();
    for (click, signal) in stream.clicks.iter().zip(&stream.signals) {
        assert_eq!(*signal, [1, 0, 0, 1][*click as usize]);
    }
    assert_eq!(stream.times.len(), 8);
    assert!(stream.times.is_sorted());
}

#[test]
fn stream_refusals() {
    let build = |times: &[i64], conversions: &[i64], window, attribution| {
        let clicks = Clicks { times, conversions, signals: None };
        build_stream(Protocol::Delayed, clicks, window, attribution)
    };
    let error = build(&[0, 10], &[5, 9], 1, 2).unwrap_err();
    assert_eq!((error.status, error.argument), (Status::InvalidArgument, c"conversions"));
    assert_eq!((error.position, error.value), (1, Value::Integer(9)));
    assert_eq!(build(&[0], &[], 1, 2).unwrap_err().status, Status::ShapeMismatch);
    assert_eq!(build(&[0], &[1], -1, 2).unwrap_err().argument, c"window");
    assert_eq!(build(&[0], &[1], 3, 2).unwrap_err().argument, c"attribution");
    assert_eq!(build(&[i64::MAX - 1], &[NEVER], 2, 2).unwrap_err().status, Status::SizeOverflow);
    assert_eq!(build(&[], &[], 0, 0).unwrap().times, [0i64; 0]);
}
