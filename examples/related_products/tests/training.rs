//! The full training reaches the accuracy of the reference, whatever the threads. `make test-demo` runs it.

use avocet::{Isa, Pool, cap_isa};
use related_products::baselines::in_degree_direction;
use related_products::data::load;
use related_products::evaluation::evaluate;
use related_products::one_way::one_way_test;
use related_products::recipe::Recipe;
use related_products::split::Split;
use related_products::training::{TrainingData, train};

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

#[test]
fn three_seeds_reach_the_gate() {
    let packages = load(None).unwrap();
    let split = Split::new(&packages);
    let data = TrainingData::new(&packages, &split).unwrap();
    let pool = Pool::new(2).unwrap();
    let mut mean = [0.0; 4];
    for seed in 0..3 {
        let trained = train(&data, Recipe::default(), seed, Some(&pool), |_, _| {}).unwrap();
        let found = evaluate(&packages, &split, &trained.sources, &trained.targets, Some(&pool)).unwrap();
        let total = found.ranking.total;
        let figures = [total.hit_rate_10, total.hit_rate_50, total.mrr, found.direction.auc];
        println!("seed {seed}: {figures:.4?}");
        mean.iter_mut().zip(figures).for_each(|(mean, figure)| *mean += figure / 3.0);
    }
    println!("mean: {mean:.4?}");
    for (mean, gate) in mean.into_iter().zip([0.360, 0.575, 0.205, 0.935]) {
        assert!(mean >= gate, "{mean} is below {gate}");
    }
    let one_way = one_way_test(&split.test, &packages);
    assert!(mean[3] > in_degree_direction(&split.train, &one_way, packages.len()).auc);
}

#[test]
fn training_has_the_same_bits_on_any_number_of_threads_and_on_avx2() {
    let packages = load(None).unwrap();
    let data = TrainingData::new(&packages, &Split::new(&packages)).unwrap();
    let recipe = Recipe { epochs: 2, ..Recipe::default() };
    let alone = train(&data, recipe, 5, None, |_, _| {}).unwrap();
    let same = |pool: Option<&Pool>| {
        let again = train(&data, recipe, 5, pool, |_, _| {}).unwrap();
        assert_eq!(again.loss.to_bits(), alone.loss.to_bits());
        assert_eq!(bits(&again.sources.values), bits(&alone.sources.values));
        assert_eq!(bits(&again.targets.values), bits(&alone.targets.values));
    };
    for threads in [1, 2, 3, 8] {
        same(Some(&Pool::new(threads).unwrap()));
    }
    cap_isa(Some(Isa::Avx2));
    same(Some(&Pool::new(2).unwrap()));
    cap_isa(None);
}
