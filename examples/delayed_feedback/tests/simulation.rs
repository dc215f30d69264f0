//! The simulated stream shows as unbiased exactly the weights that theory says.

use delayed_feedback::simulation::{Size, probability, simulate};

#[test]
fn unbiased_weights_are_those_of_theory() {
    let all = simulate(Size { streams: 20, clicks: 20_000 }, 2, |_| ()).unwrap();
    assert_eq!(all.len(), 26);
    for one in &all {
        match (one.key, one.bias) {
            // Infinite weights: the model is below half of the head.
            ("defer_no_clip", bias) => assert_eq!(bias, None),
            ("vanilla" | "es_dfm_signal" | "defuse_signal", Some((bias, error))) => {
                assert!(bias.abs() > 20.0 * error, "{}: {bias} +- {error}", one.key);
            }
            (key, Some((bias, error))) => {
                assert!(bias.abs() <= 3.0 * error, "{key}: {bias} +- {error}");
                assert!(error < 2.5e-3, "{key}: {error}");
            }
            (key, None) => panic!("{key} has no estimate"),
        }
    }
}

#[test]
fn the_simulation_does_not_depend_on_threads() {
    let size = Size { streams: 3, clicks: 2_000 };
    assert_eq!(simulate(size, 1, |_| ()).unwrap(), simulate(size, 3, |_| ()).unwrap());
}

#[test]
fn probabilities_of_the_cells() {
    for (cell, p) in [0.31, 0.16, 0.6, 0.23].into_iter().enumerate() {
        assert!((probability(cell) - p).abs() < 1e-12);
    }
}
