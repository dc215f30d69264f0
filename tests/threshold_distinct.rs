//! The best threshold over distinct scores against the search over a grid with a bin for each of them.

mod common;

use avocet::threshold::search::{Cells, Method, Objective, Options, Outcome, Ratio, Sums, Utility, search};
use avocet::threshold::{Labels, Missing, Rows, WEIGHT_BITS, best_threshold};
use avocet::{Pool, Status, Workspace};
use common::Random;

struct Data {
    scores: Vec<f32>,
    labels: Vec<u8>,
    weights: Option<Vec<f32>>,
}

impl Data {
    fn rows(&self) -> Rows<'_> {
        Rows {
            scores: &self.scores,
            uncertainties: &[],
            labels: Labels::U8(&self.labels),
            weights: self.weights.as_deref(),
            segments: None,
        }
    }

    /// The distinct scores in ascending order, and what each holds.
    fn cells(&self) -> (Vec<f32>, Vec<u64>, Vec<u64>) {
        let mut order: Vec<usize> = (0..self.scores.len()).filter(|&at| !self.scores[at].is_nan()).collect();
        // As large as finite scores get: infinity lets nothing pass.
        let score = |at: usize| self.scores[at].min(f32::MAX) + 0.0;
        order.sort_by(|&a, &b| score(a).total_cmp(&score(b)));
        let (mut scores, mut positive, mut negative) = (Vec::new(), Vec::new(), Vec::new());
        for at in order {
            if scores.last() != Some(&score(at)) {
                scores.push(score(at));
                positive.push(0);
                negative.push(0);
            }
            let units = self.weights.as_ref().map_or(1, |weights| {
                (f64::from(weights[at]) * f64::from(1 << WEIGHT_BITS)).round_ties_even() as u64
            });
            *(if self.labels[at] == 1 { &mut positive } else { &mut negative }).last_mut().unwrap() += units;
        }
        (scores, positive, negative)
    }
}

fn data(random: &mut Random, n: usize, kind: usize) -> Data {
    let mut scores = Vec::with_capacity(n);
    let mut labels = Vec::with_capacity(n);
    for _ in 0..n {
        let u = random.unit() as f32;
        let score = match kind % 8 {
            0 => u,
            1 => (u * 20.0).floor() / 20.0,
            2 => 40.0 * (u - 0.5),
            3 => 0.3 + u * 1e-4,
            4 => [0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 1e-40, -1e-40]
                [random.below(8)],
            5 => 0.25,
            6 if random.below(9) == 0 => f32::NAN,
            _ => u * u * u,
        };
        scores.push(score);
        // Rising, flat, or all of one kind.
        let positivity = match kind / 8 % 4 {
            0 => f64::from(u),
            1 => 0.5,
            2 => 0.97 + 0.02 * f64::from(u),
            _ => 0.0,
        };
        labels.push(u8::from(random.unit() < positivity));
    }
    let weight = |random: &mut Random| match random.below(5) {
        0 => 0.0,
        1 => -0.0,
        2 => 4_194_303.5,
        _ => random.unit() as f32 * 3.0,
    };
    let weights = kind.is_multiple_of(3).then(|| (0..n).map(|_| weight(random)).collect());
    Data { scores, labels, weights }
}

fn objectives(random: &mut Random, total: u64) -> Vec<Objective> {
    let ratio = |random: &mut Random| {
        let denominator = 1 + random.below(100) as u32;
        Ratio::new(random.below(denominator as usize + 1) as u32, denominator)
    };
    let gain = |random: &mut Random| random.below(2001) as i64 - 1000;
    vec![
        Objective::RecallUnderPrecision { precision: Ratio::new(1, 2) },
        Objective::RecallUnderPrecision { precision: ratio(random) },
        Objective::PrecisionUnderRecall { recall: ratio(random) },
        Objective::FBeta { beta_squared: ratio(random) },
        Objective::Utility(Utility {
            positive_passes: gain(random),
            negative_passes: gain(random),
            positive_stays: gain(random),
            negative_stays: gain(random),
        }),
        Objective::AtMost { selected: random.below(total as usize + 2) as u64 },
        Objective::RecallUnderWilson { precision: ratio(random), z_squared: Ratio::new(27055, 10000) },
    ]
}

fn check(data: &Data, random: &mut Random, pool: Option<&Pool>, context: &str) {
    let (scores, positive, negative) = data.cells();
    let cells = Cells::new(1, scores.len(), &positive, &negative).unwrap();
    let total = positive.iter().sum::<u64>() + negative.iter().sum::<u64>();
    let options = Options { method: Method::Single, ..Options::default() };
    for objective in objectives(random, total) {
        let found = best_threshold(data.rows(), Missing::Apart, &objective, pool);
        if data.weights.as_ref().is_some_and(|weights| !weights.is_empty())
            && matches!(objective, Objective::RecallUnderWilson { .. })
        {
            assert_eq!(found.unwrap_err().status, Status::InvalidArgument);
            continue;
        }
        let (threshold, solution) = found.unwrap();
        let mut thresholds = [0];
        let mut workspace = Workspace::new();
        let expected =
            workspace.fit(|space| search(&cells, &objective, &options, &mut thresholds, space)).unwrap();
        let context = format!("{context} {objective:?}");
        assert_eq!(solution.outcome, expected.outcome, "{context}");
        assert_eq!(solution.passing, expected.passing, "{context}");
        let least = scores.get(thresholds[0] as usize).copied().unwrap_or(f32::INFINITY);
        assert_eq!(threshold.to_bits(), least.to_bits(), "{context}: {threshold} for {least}");
        assert!(solution.proven);
        if solution.outcome == Outcome::Infeasible {
            let precision = |sums: Sums| sums.positive as f64 / (sums.positive + sums.negative) as f64;
            let (found, best) = (precision(solution.bound), precision(expected.bound));
            assert!(found == best || found.is_nan() && best.is_nan(), "{context}: {found} for {best}");
        } else {
            assert_eq!(solution.bound, solution.passing, "{context}");
        }
    }
}

#[test]
fn equals_the_search_over_a_bin_for_each_score() {
    let mut random = Random::new(1);
    for case in 0..600 {
        let n = random.below(40);
        check(&data(&mut random, n, case), &mut random, None, &format!("case {case}, {n} rows"));
    }
}

#[test]
fn groups_of_scores_give_the_same() {
    let pool = Pool::new(3).unwrap();
    let mut random = Random::new(2);
    for kind in 0..32 {
        let n = [16_383, 16_384, 70_000, 300_001][kind % 4] + kind;
        let data = data(&mut random, n, kind);
        check(&data, &mut random, (kind % 2 == 0).then_some(&pool), &format!("kind {kind}, {n} rows"));
    }
}

#[test]
fn any_order_and_any_pool_give_the_same() {
    let mut random = Random::new(3);
    let mut data = data(&mut random, 200_000, 0);
    let objective = Objective::RecallUnderPrecision { precision: Ratio::new(7, 10) };
    let first = best_threshold(data.rows(), Missing::Refuse, &objective, None).unwrap();
    assert_eq!(first.1.outcome, Outcome::Feasible);
    data.scores.reverse();
    data.labels.reverse();
    data.weights.as_mut().unwrap().reverse();
    for threads in [1, 2, 8] {
        let pool = Pool::new(threads).unwrap();
        assert_eq!(best_threshold(data.rows(), Missing::Refuse, &objective, Some(&pool)).unwrap(), first);
    }
}

#[test]
fn bad_rows_are_refused_with_their_position() {
    let objective = Objective::FBeta { beta_squared: Ratio::new(1, 1) };
    for n in [20, 40_000] {
        let mut data = data(&mut Random::new(4), n, 0);
        let at = n - 3;
        let status = |data: &Data, missing| {
            best_threshold(data.rows(), missing, &objective, None)
                .map_err(|e| (e.status, e.argument, e.position))
        };
        data.scores[at] = f32::NAN;
        assert_eq!(status(&data, Missing::Refuse).unwrap_err(), (Status::NotFinite, c"scores", at as u64));
        assert!(status(&data, Missing::Apart).is_ok());
        data.labels[at - 1] = 2;
        assert_eq!(
            status(&data, Missing::Apart).unwrap_err(),
            (Status::InvalidArgument, c"labels", at as u64 - 1)
        );
        data.labels[at - 1] = 0;
        let weights = data.weights.as_mut().unwrap();
        weights[at - 2] = -1.0;
        assert_eq!(
            status(&data, Missing::Apart).unwrap_err(),
            (Status::InvalidArgument, c"weights", at as u64 - 2)
        );
        data.weights.as_mut().unwrap().pop();
        assert_eq!(status(&data, Missing::Apart).unwrap_err().0, Status::ShapeMismatch);
    }
    // Without rows there are no weights to refuse, and nothing is feasible.
    let none = Data { scores: vec![], labels: vec![], weights: Some(vec![]) };
    let wilson = Objective::RecallUnderWilson { precision: Ratio::new(1, 2), z_squared: Ratio::new(1, 1) };
    let (threshold, solution) = best_threshold(none.rows(), Missing::Refuse, &wilson, None).unwrap();
    assert_eq!((threshold, solution.outcome), (f32::INFINITY, Outcome::Infeasible));
    let n = (1 << 20) + 1;
    let many = Data { scores: vec![0.5; n], labels: vec![1; n], weights: Some(vec![4_194_303.0; n]) };
    let error = best_threshold(many.rows(), Missing::Refuse, &objective, None).unwrap_err();
    assert_eq!((error.status, error.argument), (Status::SizeOverflow, c"weights"));
}
