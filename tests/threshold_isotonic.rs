//! Isotonic regression against the greatest of the least means.

mod common;

use avocet::threshold::{Cells, isotonic};
use avocet::{Status, Workspace};
use common::Random;

/// Positive and all weight.
type Mean = (u128, u128);

fn less(a: Mean, b: Mean) -> bool {
    a.0 * b.1 < b.0 * a.1
}

/// The value of a bin with weight: over all first bins up to it the greatest of the least means over all last bins from it on
/// (Robertson, Wright and Dykstra, "Order restricted statistical inference", 1988, 1.4).
fn wanted(positive: &[u64], weight: &[u64], bin: usize) -> f32 {
    let mean = |first: usize, last: usize| {
        let sum = |values: &[u64]| values[first..=last].iter().map(|&v| u128::from(v)).sum::<u128>();
        (sum(positive), sum(weight))
    };
    let least = |first: usize| {
        (bin..weight.len())
            .map(|last| mean(first, last))
            .reduce(|a, b| if less(b, a) { b } else { a })
            .unwrap()
    };
    let greatest = (0..=bin).map(least).reduce(|a, b| if less(a, b) { b } else { a }).unwrap();
    (greatest.0 as u64 as f64 / greatest.1 as u64 as f64) as f32
}

#[test]
fn values_are_the_greatest_of_the_least_means() {
    let mut random = Random::new(1);
    let mut workspace = Workspace::new();
    for round in 0..3_000 {
        let (levels, bins) = (random.below(4), random.below(9));
        let most = [2, 5, 1_000, 1 << 55][round % 4];
        let mut draw = || -> Vec<u64> { (0..levels * bins).map(|_| random.below(most) as u64).collect() };
        let (mut positive, mut negative) = (draw(), draw());
        let empty = draw();
        for (cell, &draw) in empty.iter().enumerate() {
            if draw % 4 == 0 || round % 7 == 0 && cell < bins {
                (positive[cell], negative[cell]) = (0, 0);
            }
        }
        let cells = Cells::new(levels, bins, &positive, &negative).unwrap();
        let mut values = vec![-1.0; levels * bins];
        workspace.fit(|space| isotonic(&cells, &mut values, space)).unwrap();
        for level in 0..levels {
            let own = level * bins..(level + 1) * bins;
            let (positive, values) = (&positive[own.clone()], &values[own.clone()]);
            let weight: Vec<u64> = positive.iter().zip(&negative[own]).map(|(p, n)| p + n).collect();
            let first = weight.iter().position(|&weight| weight > 0);
            for bin in 0..bins {
                let below = (0..=bin).rev().find(|&bin| weight[bin] > 0).or(first);
                let expected = below.map_or(f32::from_bits(0x7fc0_0000), |at| wanted(positive, &weight, at));
                assert_eq!(
                    values[bin].to_bits(),
                    expected.to_bits(),
                    "{positive:?} of {weight:?}: {values:?}"
                );
            }
            assert!(values.windows(2).all(|pair| pair[0].is_nan() || pair[0] <= pair[1]), "{values:?}");
        }
    }
}

#[test]
fn weight_is_repetition_and_other_sizes_are_refused() {
    let (positive, negative) = ([1, 0, 3, 2], [2, 1, 1, 0]);
    let of = |factor: u64| {
        let (p, n) = (positive.map(|v| v * factor), negative.map(|v| v * factor));
        let mut values = [0.0; 4];
        let cells = Cells::new(1, 4, &p, &n).unwrap();
        Workspace::new().fit(|space| isotonic(&cells, &mut values, space)).unwrap();
        values
    };
    assert_eq!(of(1), [0.25, 0.25, 0.75, 1.0]);
    assert_eq!(of(1 << 40), of(1));
    let cells = Cells::new(1, 4, &positive, &negative).unwrap();
    let mut short = [7.0; 3];
    let error = isotonic(&cells, &mut short, &mut Workspace::new()).unwrap_err();
    assert_eq!((error.status, short), (Status::ShapeMismatch, [7.0; 3]));
}
