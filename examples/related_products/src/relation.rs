//! A relation between packages as the two graphs that a layer reads, with their degree scales.

use avocet::aggregate::{Sampling, adaptive_fanout, fit_power_law, sample_neighbours};
use avocet::{Csr as CsrView, Error, Graph, Indices};

use crate::csr::Csr;
use crate::data::Edge;
use crate::recipe::Fanout;

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
    fn select(&self, rows: &[u32]) -> Result<Self, Error> {
        Ok(Self::new(self.graph.select_rows(Indices::U32(rows))?))
    }

    /// At most as many neighbours of each row as the fan-out says.
    fn sample(&self, fanout: Fanout, seed: u64) -> Result<Self, Error> {
        let mut fanouts = vec![0; self.graph.rows()];
        match fanout {
            Fanout::Full => return Ok(self.clone()),
            Fanout::Fixed(count) => fanouts.fill(count),
            Fanout::Adaptive { min, max } => {
                adaptive_fanout(&self.graph, fit_power_law(&self.graph)?, min, max, &mut fanouts)?;
            }
        }
        let options = Sampling { seed, ..Default::default() };
        Ok(Self::new(sample_neighbours(&self.graph, &fanouts, options, None)?))
    }
}

/// A relation: out-neighbours and in-neighbours.
#[derive(Clone, Debug)]
pub struct Relation {
    /// From a source to its targets.
    pub out: Direction,
    /// From a target to its sources.
    pub into: Direction,
    /// The transposes of both; absent where each is the other's.
    backs: Option<(Graph, Graph)>,
}

impl Relation {
    /// The relation of edges that are ascending, among `nodes` nodes.
    pub fn new(edges: &[Edge], nodes: usize) -> Result<Self, Error> {
        let out = graph(&Csr::from_edges(edges, nodes, nodes))?;
        let into = out.transpose()?;
        Ok(Self { out: Direction::new(out), into: Direction::new(into), backs: None })
    }

    /// The relation without directions.
    pub fn undirected(edges: &[Edge], nodes: usize) -> Result<Self, Error> {
        let mut both: Vec<Edge> = edges.iter().flat_map(|&(u, v)| [(u, v), (v, u)]).collect();
        both.sort_unstable();
        both.dedup();
        Self::new(&both, nodes)
    }

    fn with_backs(out: Direction, into: Direction) -> Result<Self, Error> {
        let backs = Some((out.graph.transpose()?, into.graph.transpose()?));
        Ok(Self { out, into, backs })
    }

    /// The given rows of both directions.
    pub fn select(&self, rows: &[u32]) -> Result<Self, Error> {
        Self::with_backs(self.out.select(rows)?, self.into.select(rows)?)
    }

    /// Both directions sampled, each for itself.
    pub fn sample(&self, fanout: Fanout, seed: u64) -> Result<Self, Error> {
        Self::with_backs(self.out.sample(fanout, 2 * seed)?, self.into.sample(fanout, 2 * seed + 1)?)
    }

    /// The transpose of `out`.
    pub fn out_back(&self) -> &Graph {
        self.backs.as_ref().map_or(&self.into.graph, |(out, _)| out)
    }

    /// The transpose of `into`.
    pub fn into_back(&self) -> &Graph {
        self.backs.as_ref().map_or(&self.out.graph, |(_, into)| into)
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
        assert_eq!(relation.out_back().row(1), [0]);
        assert_eq!(relation.into_back().row(0), [1]);
    }

    #[test]
    fn undirected_relations_read_both_ways() {
        let relation = Relation::undirected(&[(0, 1), (1, 0), (1, 2)], 3).unwrap();
        assert_eq!(relation.out.graph.row(1), [0, 2]);
        assert_eq!(relation.into.graph.row(1), [0, 2]);
    }

    #[test]
    fn samples_are_scaled_by_their_own_degree() {
        let edges: Vec<Edge> = (0..9).map(|v| (0, v)).collect();
        let sample = Relation::new(&edges, 9).unwrap().sample(Fanout::Fixed(4), 1).unwrap();
        assert_eq!(sample.out.graph.row(0).len(), 4);
        assert_eq!(sample.out.scale[0], 0.5);
        assert_eq!(sample.out_back().edges(), 4);
        assert_eq!(sample.into_back().edges(), 9);
    }
}
