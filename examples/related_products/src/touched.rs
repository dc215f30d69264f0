//! The nodes that the loss of a step touches: only their rows of the last layer are needed.

use avocet::{Error, Graph, Indices};

use crate::csr::Csr;
use crate::data::Edge;
use crate::model::{LayerGraphs, Reads};
use crate::relation::{Direction, Relation, graph};

/// The fixed part: the ends of all training edges, numbered from 0 in ascending order of their nodes.
#[derive(Debug)]
pub struct Touched {
    /// The nodes of the fixed part.
    nodes: Vec<u32>,
    /// The number of each node, if it has one.
    numbers: Vec<Option<u32>>,
    /// Every node with itself: what own rows are selected from.
    identity: Graph,
}

impl Touched {
    /// The ends of `edges` among `nodes` nodes.
    pub fn new(edges: &[Edge], nodes: usize) -> Result<Self, Error> {
        let mut numbers = vec![None; nodes];
        edges.iter().for_each(|&(u, v)| {
            numbers[u as usize] = Some(0);
            numbers[v as usize] = Some(0);
        });
        let fixed: Vec<u32> = (0..nodes as u32).filter(|&node| numbers[node as usize].is_some()).collect();
        fixed.iter().zip(0..).for_each(|(&node, number)| numbers[node as usize] = Some(number));
        let itself: Vec<Edge> = (0..nodes as u32).map(|node| (node, node)).collect();
        Ok(Self { nodes: fixed, numbers, identity: graph(&Csr::from_edges(&itself, nodes, nodes))? })
    }

    /// Rows of a step with `more` further nodes.
    pub fn rows(&self, more: usize) -> usize {
        self.nodes.len() + more
    }

    /// Edges of the fixed part as a graph of numbers, `rows x rows`, and its transpose.
    pub fn numbered(&self, edges: &[Edge], rows: usize) -> Result<(Graph, Graph), Error> {
        let number = |node: u32| self.numbers[node as usize].expect("an end of a training edge");
        let edges: Vec<Edge> = edges.iter().map(|&(u, v)| (number(u), number(v))).collect();
        let graph = graph(&Csr::from_edges(&edges, rows, rows))?;
        let transposed = graph.transpose()?;
        Ok((graph, transposed))
    }

    /// The numbers of drawn nodes; one that is not in the fixed part gets the row of its place among `drawn`.
    pub fn numbers(&self, drawn: &[u32]) -> Vec<u32> {
        let places = self.nodes.len() as u32..;
        drawn.iter().zip(places).map(|(&node, place)| self.numbers[node as usize].unwrap_or(place)).collect()
    }

    /// The last layer's graphs of a step: the fixed part, then the nodes of `drawn`.
    pub fn graphs(&self, drawn: &[u32], relations: &[&Relation]) -> Result<TouchedGraphs, Error> {
        let rows = [&self.nodes[..], drawn].concat();
        let own = self.identity.select_rows(Indices::U32(&rows))?;
        let select = |relation: &&Relation| {
            let (out, into) = (relation.out.select(&rows)?, relation.into.select(&rows)?);
            Ok((out.graph.transpose()?, into.graph.transpose()?, out, into))
        };
        Ok(TouchedGraphs {
            own_back: own.transpose()?,
            own,
            relations: relations.iter().map(select).collect::<Result<_, Error>>()?,
        })
    }
}

/// The graphs of the touched rows.
#[derive(Debug)]
pub struct TouchedGraphs {
    own: Graph,
    own_back: Graph,
    /// For each relation the transposes of both directions, and the directions.
    relations: Vec<(Graph, Graph, Direction, Direction)>,
}

impl TouchedGraphs {
    /// As a layer takes them.
    pub fn layer(&self) -> LayerGraphs<'_> {
        let reads = |(out_back, into_back, out, into)| Reads { out, into, out_back, into_back };
        LayerGraphs {
            own: Some((&self.own, &self.own_back)),
            relations: self.relations.iter().map(|(a, b, c, d)| reads((a, b, c, d))).collect(),
        }
    }
}
