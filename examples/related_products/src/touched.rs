//! The nodes that the loss of a step touches: only their rows of the last layer are needed.

use avocet::{Error, Graph, Indices};

use crate::csr::Csr;
use crate::data::Edge;
use crate::model::LayerGraphs;
use crate::relation::{Relation, graph};

/// The fixed part of the touched rows, numbered from 0 in ascending order of their nodes.
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
    pub fn ends(edges: &[Edge], nodes: usize) -> Result<Self, Error> {
        let mut touched = vec![false; nodes];
        edges.iter().for_each(|&(u, v)| {
            touched[u as usize] = true;
            touched[v as usize] = true;
        });
        Self::new((0..nodes as u32).filter(|&node| touched[node as usize]).collect(), nodes)
    }

    /// Every node.
    pub fn everything(nodes: usize) -> Result<Self, Error> {
        Self::new((0..nodes as u32).collect(), nodes)
    }

    fn new(touched: Vec<u32>, nodes: usize) -> Result<Self, Error> {
        let mut numbers = vec![None; nodes];
        touched.iter().zip(0..).for_each(|(&node, number)| numbers[node as usize] = Some(number));
        let itself: Vec<Edge> = (0..nodes as u32).map(|node| (node, node)).collect();
        Ok(Self { nodes: touched, numbers, identity: graph(&Csr::from_edges(&itself, nodes, nodes))? })
    }

    /// Rows of a step with `more` further nodes.
    pub fn rows(&self, more: usize) -> usize {
        self.nodes.len() + more
    }

    /// Edges of the fixed part, ascending, as a graph of numbers, `rows x rows`, and its transpose.
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
    pub fn graphs(&self, drawn: &[u32], relations: &[&Relation]) -> Result<RowGraphs, Error> {
        RowGraphs::new(&self.identity, &[&self.nodes[..], drawn].concat(), relations)
    }
}

/// The graphs of some rows of a layer.
#[derive(Debug)]
pub struct RowGraphs {
    own: (Graph, Graph),
    relations: Vec<Relation>,
}

impl RowGraphs {
    /// The rows of `nodes`; `identity` has every node with itself.
    pub fn new(identity: &Graph, nodes: &[u32], relations: &[&Relation]) -> Result<Self, Error> {
        let own = identity.select_rows(Indices::U32(nodes))?;
        let relations = relations.iter().map(|relation| relation.select(nodes));
        Ok(Self { own: (own.clone(), own.transpose()?), relations: relations.collect::<Result<_, _>>()? })
    }

    /// As a layer takes them.
    pub fn layer(&self) -> LayerGraphs<'_> {
        LayerGraphs { own: Some((&self.own.0, &self.own.1)), relations: self.relations.iter().collect() }
    }
}
