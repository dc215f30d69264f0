//! The shared orders of operations.

use super::area::{Area, PLACES};
use super::{assert_bits, canonical, lengths, tiers};
use crate::pool::{fold_leaves, fold_scratch};
use crate::simd::dispatch::{Isa, kernels_for};
use crate::test_support::Random;

/// Exact: one addition each.
pub(super) fn add() {
    let mut random = Random::new(1);
    for n in lengths() {
        let (a, b) = (random.wild(n), random.wild(n));
        let want: Vec<f32> = a.iter().zip(&b).map(|(a, b)| canonical(a + b)).collect();
        for (at, place) in PLACES.into_iter().enumerate() {
            for tier in tiers() {
                let mut left = Area::new(place, &a);
                let right = Area::new(PLACES[(at + 5) % PLACES.len()], &b);
                tier.add(left.get_mut(), right.get());
                assert_bits(&left.rows(), &want, (tier.isa(), n, place));
                right.rows();
            }
        }
    }
}

/// The tree that the pool runs is the one of the words, for any number of leaves and parts.
#[test]
fn fixed_tree() {
    let kernels = kernels_for(Isa::Portable).unwrap();
    let mut random = Random::new(2);
    let values = random.values(70);
    for leaves in 0..=70 {
        let want = super::tree(values[..leaves].to_vec());
        for parts in [1, 4, 16] {
            let mut sum = [f32::NAN];
            // Without a pool, parts above 1 run on rayon's own threads; the split is the same.
            let mut scratch = vec![f32::NAN; fold_scratch(parts, leaves, 1, 3).unwrap()];
            let mut out = vec![0.0f32; leaves * 2];
            fold_leaves(
                kernels,
                None,
                parts,
                leaves,
                2,
                &mut out[..],
                &mut sum,
                &mut scratch,
                |leaf, out, sum, task| {
                    assert!(task.len() >= 3);
                    out[..2].fill(leaf as f32);
                    sum[0] = values[leaf];
                },
            );
            assert_bits(&sum, &[want], (leaves, parts));
            assert!(out.iter().enumerate().all(|(i, &v)| v == (i / 2) as f32));
        }
    }
}
