//! Split, features and baselines of the Debian graph against the numbers of an independent implementation.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

use related_products::baselines::{Baseline, Baselines, evaluate, in_degree_direction};
use related_products::data::{self, Edge, PackageGraph, Relation};
use related_products::metrics::{Ranking, RankingReport};
use related_products::one_way::{one_way_test, one_way_training};
use related_products::split::{Split, context_edges, key};
use related_products::tokens::token_features;
use sha2::{Digest, Sha256};

static GRAPH: LazyLock<PackageGraph> = LazyLock::new(|| data::load(None).unwrap());
static SPLIT: LazyLock<Split> = LazyLock::new(|| Split::new(&GRAPH));

fn distinct(ids: impl Iterator<Item = u32>) -> usize {
    ids.collect::<BTreeSet<_>>().len()
}

#[test]
fn sizes_of_the_split() {
    assert_eq!(SPLIT.labels.len(), 24_541);
    assert_eq!(SPLIT.test.len(), 2_455);
    assert_eq!(SPLIT.validation.len(), 1_228);
    assert_eq!(SPLIT.train.len(), 22_086);
    assert_eq!(SPLIT.tuning_train.len(), 22_086 - 1_228);
    for edges in [&SPLIT.labels, &SPLIT.test, &SPLIT.validation, &SPLIT.train, &SPLIT.tuning_train] {
        assert!(edges.is_sorted_by(|a, b| a < b));
    }
}

#[test]
fn first_edges_of_the_walk() {
    let mut labels = SPLIT.labels.clone();
    labels.sort_by_key(|&(u, v)| (key(u, v), u, v));
    assert_eq!(labels[..3], [(7_266, 59_372), (58_141, 6_088), (42_987, 63_234)]);
}

#[test]
fn test_edges() {
    let lines: Vec<String> = SPLIT.test.iter().map(|(u, v)| format!("{u}\t{v}")).collect();
    let digest = Sha256::digest(lines.join("\n")).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    assert_eq!(digest, "602d9593e940722a60a29314258aed342cfed274a6ab11418fbc9262bb9a039c");
    let sum: u64 = SPLIT.test.iter().map(|&(u, v)| u64::from(u) + u64::from(v)).sum();
    assert_eq!(sum, 157_154_713);
    assert_eq!(distinct(SPLIT.test.iter().map(|edge| edge.0)), 1_731);
}

#[test]
fn training_edges() {
    assert_eq!(distinct(SPLIT.train.iter().map(|edge| edge.0)), 7_888);
    assert_eq!(distinct(SPLIT.train.iter().map(|edge| edge.1)), 12_672);
}

#[test]
fn context_gives_no_label_away() {
    let mut given_away = 0;
    for relation in [Relation::Depends, Relation::Suggests] {
        let context: BTreeSet<Edge> = context_edges(&GRAPH, relation).into_iter().collect();
        assert!(GRAPH.edges(Relation::Recommends).iter().all(|edge| !context.contains(edge)));
        given_away +=
            SPLIT.labels.iter().filter(|edge| GRAPH.edges(relation).binary_search(edge).is_ok()).count();
    }
    assert_eq!(given_away, 125);
}

#[test]
fn one_way_edges() {
    assert_eq!(one_way_test(&SPLIT.test, &GRAPH).len(), 2_416);
    let train: BTreeSet<Edge> = SPLIT.train.iter().copied().collect();
    let answered = SPLIT.train.iter().filter(|&&(u, v)| train.contains(&(v, u))).count();
    assert_eq!(one_way_training(&SPLIT.train).len(), SPLIT.train.len() - answered);
}

#[test]
fn token_features_of_the_packages() {
    let features = token_features(&GRAPH);
    assert_eq!(features.matrix.indices.len(), 517_197);
    assert_eq!(features.distinct_tokens, 21_148);
    assert_eq!((features.matrix.rows(), features.matrix.columns), (GRAPH.len(), 1 << 16));
    for row in 0..features.matrix.rows() {
        let (buckets, values) = features.matrix.row(row);
        assert!(buckets.is_sorted_by(|a, b| a < b));
        let length: f32 = values.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-5, "row {row} has length {length}");
    }
}

/// HR@10, HR@50, MRR, then HR@10 by training out-degree of the query.
const EXPECTED: [[f64; 7]; 5] = [
    [0.029, 0.094, 0.013, 0.035, 0.048, 0.019, 0.011],
    [0.076, 0.122, 0.040, 0.166, 0.077, 0.034, 0.038],
    [0.190, 0.267, 0.121, 0.309, 0.223, 0.153, 0.089],
    [0.221, 0.329, 0.146, 0.340, 0.276, 0.201, 0.082],
    [0.278, 0.398, 0.182, 0.459, 0.343, 0.210, 0.115],
];

#[test]
fn baselines_reach_the_reference() {
    let baselines = Baselines::new(&GRAPH, &SPLIT.train);
    let reports = evaluate(&baselines, &SPLIT.test, 2);
    for ((baseline, report), expected) in Baseline::ALL.iter().zip(&reports).zip(EXPECTED) {
        let RankingReport { total: Ranking { edges, hit_rate_10, hit_rate_50, mrr }, by_degree } = *report;
        assert_eq!(edges, 2_455);
        assert_eq!(by_degree.map(|bucket| bucket.edges), [518, 749, 528, 660]);
        let [zero, low, middle, high] = by_degree.map(|bucket| bucket.hit_rate_10);
        for (found, expected) in [hit_rate_10, hit_rate_50, mrr, zero, low, middle, high].iter().zip(expected)
        {
            assert!((found - expected).abs() <= 0.005, "{}: {found} for {expected}", baseline.label());
        }
    }
}

#[test]
fn baselines_do_not_depend_on_the_number_of_threads() {
    let baselines = Baselines::new(&GRAPH, &SPLIT.train);
    let test = &SPLIT.test[..100];
    let one = evaluate(&baselines, test, 1);
    for threads in [0, 2, 3, 1_000] {
        assert_eq!(evaluate(&baselines, test, threads), one, "{threads} threads");
    }
}

#[test]
fn direction_by_in_degree() {
    let direction = in_degree_direction(&SPLIT.train, &one_way_test(&SPLIT.test, &GRAPH), GRAPH.len());
    assert_eq!(direction.edges, 2_416);
    assert!((direction.auc - 0.871).abs() < 0.001, "{direction:?}");
    assert!((direction.accuracy - 0.879).abs() < 0.001, "{direction:?}");
}
