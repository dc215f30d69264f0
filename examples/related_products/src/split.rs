//! Which edges are learned from, which are held out, and which are context.
//!
//! Labels are the recommends edges whose target has at most [`IN_DEGREE_CAP`] of them. They are ordered by
//! [`key`], a hash that any language can compute, and walked in that order: an edge is held out if its target
//! keeps another one. The first tenth of the labels held out is the test set, a twentieth after it the
//! validation set.

use crate::data::{Edge, PackageGraph, Relation};

/// Largest in-degree of a label's target, counted over all recommends edges.
pub const IN_DEGREE_CAP: u32 = 50;
/// One label in this many is a test edge.
const TEST_ONE_IN: usize = 10;
/// One label in this many is a validation edge.
const VALIDATION_ONE_IN: usize = 20;

/// The labels and their roles. All lists are ascending by (source, target).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// All labels.
    pub labels: Vec<Edge>,
    /// The labels that a final model learns from: all but the test edges.
    pub train: Vec<Edge>,
    /// The labels to learn from while tuning: neither test nor validation.
    pub tuning_train: Vec<Edge>,
    /// Held out for tuning.
    pub validation: Vec<Edge>,
    /// Held out for the final result.
    pub test: Vec<Edge>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Train,
    Validation,
    Test,
}

impl Split {
    /// Splits the labels of a graph.
    pub fn new(graph: &PackageGraph) -> Self {
        let recommends = graph.edges(Relation::Recommends);
        let popularity = in_degrees(recommends, graph.len());
        let labels: Vec<Edge> =
            recommends.iter().copied().filter(|&(_, v)| popularity[v as usize] <= IN_DEGREE_CAP).collect();
        let roles = roles(&labels, graph.len());
        let with = |wanted: &[Role]| {
            labels
                .iter()
                .zip(&roles)
                .filter(|(_, role)| wanted.contains(role))
                .map(|(&edge, _)| edge)
                .collect()
        };
        Self {
            train: with(&[Role::Train, Role::Validation]),
            tuning_train: with(&[Role::Train]),
            validation: with(&[Role::Validation]),
            test: with(&[Role::Test]),
            labels,
        }
    }
}

/// Position of an edge in the walk: the SplitMix64 finaliser of its two ids.
pub fn key(source: u32, target: u32) -> u64 {
    let mut z = (u64::from(source) << 32 | u64::from(target)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

/// Edges of a context relation that are not recommends edges as well: those would give labels away.
pub fn context_edges(graph: &PackageGraph, relation: Relation) -> Vec<Edge> {
    let recommends = graph.edges(Relation::Recommends);
    graph.edges(relation).iter().copied().filter(|edge| recommends.binary_search(edge).is_err()).collect()
}

/// Number of edges out of each of `len` packages.
pub fn out_degrees(edges: &[Edge], len: usize) -> Vec<u32> {
    count(edges.iter().map(|&(source, _)| source), len)
}

/// Number of edges into each of `len` packages.
pub fn in_degrees(edges: &[Edge], len: usize) -> Vec<u32> {
    count(edges.iter().map(|&(_, target)| target), len)
}

fn count(ids: impl Iterator<Item = u32>, len: usize) -> Vec<u32> {
    let mut counts = vec![0; len];
    ids.for_each(|id| counts[id as usize] += 1);
    counts
}

fn roles(labels: &[Edge], len: usize) -> Vec<Role> {
    let test = labels.len().div_ceil(TEST_ONE_IN);
    let held_out = test + labels.len().div_ceil(VALIDATION_ONE_IN);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_unstable_by_key(|&edge| (key(labels[edge].0, labels[edge].1), labels[edge]));
    let mut keep = in_degrees(labels, len);
    let mut roles = vec![Role::Train; labels.len()];
    let mut taken = 0;
    for edge in order {
        if taken == held_out {
            break;
        }
        let keep = &mut keep[labels[edge].1 as usize];
        if *keep >= 2 {
            *keep -= 1;
            roles[edge] = if taken < test { Role::Test } else { Role::Validation };
            taken += 1;
        }
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_one_edge() {
        assert_eq!(key(4, 41_765), 0x036b_05d6_5728_bcba);
    }

    #[test]
    fn every_target_keeps_an_edge() {
        let labels: Vec<Edge> = (0..40).flat_map(|u| [(u, 40 + u % 3), (u, 43 + u)]).collect();
        let roles = roles(&labels, 83);
        let count = |role| roles.iter().filter(|&&r| r == role).count();
        assert_eq!((count(Role::Test), count(Role::Validation)), (8, 4));
        for (&(_, target), &role) in labels.iter().zip(&roles) {
            assert!(role == Role::Train || target < 43, "the only edge into {target} is held out");
        }
    }
}
