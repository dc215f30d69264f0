//! Edges that nothing answers in the other direction. Only they can tell whether a score knows direction.

use crate::data::{Edge, PackageGraph, Relation};

/// Training edges (u, v), u not v, for which (v, u) is no training edge. `train` is ascending.
pub fn one_way_training(train: &[Edge]) -> Vec<Edge> {
    one_way(train, train)
}

/// Test edges (u, v), u not v, for which (v, u) is no recommends edge of the graph, whatever its role.
pub fn one_way_test(test: &[Edge], graph: &PackageGraph) -> Vec<Edge> {
    one_way(test, graph.edges(Relation::Recommends))
}

fn one_way(edges: &[Edge], answers: &[Edge]) -> Vec<Edge> {
    edges.iter().copied().filter(|&(u, v)| u != v && answers.binary_search(&(v, u)).is_err()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answered_edges_and_loops_are_left_out() {
        assert_eq!(one_way_training(&[(0, 1), (1, 0), (1, 2), (2, 2), (3, 1)]), [(1, 2), (3, 1)]);
    }
}
