//! A relation between packages as the two graphs that a layer reads, with their degree scales.

use avocet::{Csr as CsrView, Error, Graph, Indices};

use crate::csr::Csr;
use crate::data::Edge;

/// The checked graph of a sparse matrix.
pub fn graph(csr: &Csr) -> Result<Graph, Error> {
    let offsets: Vec<i64> = csr.offsets.iter().map(|&offset| offset as i64).collect();
    Graph::new(CsrView {
        rows: csr.rows(),
        cols: csr.columns,
        offsets: Indices::I64(&offsets),
        indices: Indices::U32(&csr.indices),
    })
}

/// One direction of a relation.
#[derive(Clone, Debug)]
pub struct Direction {
    /// Row i holds the neighbours that node i reads.
    pub graph: Graph,
    /// degree^-1/2 of each row: between a sum and a mean.
    pub scale: Vec<f32>,
}

impl Direction {
    fn new(graph: Graph) -> Self {
        let degrees = graph.offsets().windows(2).map(|w| (w[1] - w[0]).max(1));
        let scale = degrees.map(|degree| 1.0 / (degree as f32).sqrt()).collect();
        Self { graph, scale }
    }

    /// The given rows.
    pub fn select(&self, rows: &[u32]) -> Result<Self, Error> {
        Ok(Self::new(self.graph.select_rows(Indices::U32(rows))?))
    }
}

/// A relation: out-neighbours and in-neighbours. Each is the other's transpose.
#[derive(Clone, Debug)]
pub struct Relation {
    /// From a source to its targets.
    pub out: Direction,
    /// From a target to its sources.
    pub into: Direction,
}

impl Relation {
    /// The relation of edges that are ascending, among `nodes` nodes.
    pub fn new(edges: &[Edge], nodes: usize) -> Result<Self, Error> {
        let out = graph(&Csr::from_edges(edges, nodes, nodes))?;
        let into = out.transpose()?;
        Ok(Self { out: Direction::new(out), into: Direction::new(into) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source rows read targets of out-neighbours: on a graph of one edge 0 -> 1 only row 0 reads, and reads 1.
    #[test]
    fn orientation() {
        let relation = Relation::new(&[(0, 1)], 2).unwrap();
        assert_eq!(relation.out.graph.row(0), [1]);
        assert!(relation.out.graph.row(1).is_empty());
        assert_eq!(relation.into.graph.row(1), [0]);
        assert!(relation.into.graph.row(0).is_empty());
    }
}
