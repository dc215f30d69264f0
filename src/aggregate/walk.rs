//! Short random walks: further neighbours for nodes that have few.

use super::random::Draws;
use crate::error::{Error, Status, check_size};
use crate::graph::Graph;
use crate::pages::allocate;
use crate::pool::{self, Pool};
use std::sync::OnceLock;

/// Options of [`walk_neighbours`].
#[derive(Clone, Copy, Debug)]
pub struct Walks {
    /// Walks from each node of low degree.
    pub walks: u32,
    /// Round trips of a walk: each goes back to a source of the node reached, and out again.
    pub length: u32,
    /// Two calls with one seed and one layer give one result.
    pub seed: u64,
    /// Keeps the walks of a network's layers apart.
    pub layer: u32,
}

/// A graph with the neighbours that walks found, and a weight for each of its edges.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkGraph {
    /// The rows: a node's own edges in their order, then the nodes most visited.
    pub graph: Graph,
    /// 1 for an own edge; the share of the visits for a visited node.
    pub weights: Vec<f32>,
}

/// Extends each row that has edges, but fewer than `fanout[i]`, by the nodes that short random walks visit most.
///
/// A walk from node i goes to one of its neighbours, and then `length` times back to a source of where it stands and
/// out to one of that source's neighbours: what a source row of layer 2 reads. Each arrival counts one visit, but for
/// i itself and its own neighbours. The row is filled up to its fan-out in order of visits, then of id; there may be
/// too few. The weight of a visited node is its visits over all arrivals. Edges are numbered anew, by position.
/// (PinSage's neighbourhoods, Ying et al., KDD 2018, walking in alternating directions.)
///
/// `back` is the transpose of `graph`. Random numbers are keyed by (seed, row, layer, slot). Threads: rows are shared
/// among the pool's threads. Allocates the result and, for each part, 12 bytes for each arrival of a row's walks.
/// Time: `walks * length` draws for each row of low degree.
///
/// Errors: sizes that do not fit, a `back` whose shape is not that of the transpose, no walks or no length, a result
/// of 2^32 edges or more, [`Status::OutOfMemory`].
pub fn walk_neighbours(
    graph: &Graph,
    back: &Graph,
    fanout: &[u32],
    options: Walks,
    pool: Option<&Pool>,
) -> Result<WalkGraph, Error> {
    check_size(fanout.len(), graph.rows(), c"fanout")?;
    graph.check_turned(back, [c"back.rows", c"back.cols", c"back.edges"])?;
    for (value, name) in [(options.walks, c"options.walks"), (options.length, c"options.length")] {
        if value == 0 {
            return Err(Error::new(Status::InvalidArgument, name).integer(0));
        }
    }
    let rows = graph.rows();
    let mut found: Vec<Vec<(u32, u32)>> = allocate(rows, c"graph")?;
    found.resize(rows, Vec::new());
    let steps = (options.walks as usize).saturating_mul(options.length as usize + 1);
    let parts = pool::parts(pool, rows.saturating_mul(steps).saturating_mul(20));
    let failed = OnceLock::new();
    pool::for_rows(pool, parts, 0..rows, pool::even, &mut found[..], &mut [], |rows, found, _| {
        let mut scratch = Scratch::default();
        for (row, found) in rows.zip(found) {
            let own = graph.row(row);
            let room = (fanout[row] as usize).saturating_sub(own.len());
            if room == 0 || own.is_empty() {
                continue;
            }
            let filled = scratch.reserve(steps).and_then(|()| {
                visit(graph, back, row, options, &mut scratch.visits);
                scratch.most_visited(row, own, room)
            });
            match filled {
                Ok(nodes) => *found = nodes,
                Err(error) => {
                    let _ = failed.set(error);
                    return;
                }
            }
        }
    });
    if let Some(error) = failed.into_inner() {
        return Err(error);
    }
    let edges = graph.edges() + found.iter().map(Vec::len).sum::<usize>();
    if u32::try_from(edges).is_err() {
        return Err(Error::new(Status::SizeOverflow, c"fanout").size(edges));
    }
    let mut offsets = allocate(rows + 1, c"graph")?;
    let (mut indices, mut weights) = (allocate(edges, c"graph")?, allocate(edges, c"graph")?);
    offsets.push(0);
    for (row, found) in found.iter().enumerate() {
        indices.extend_from_slice(graph.row(row));
        weights.resize(indices.len(), 1.0);
        indices.extend(found.iter().map(|&(node, _)| node));
        weights.extend(found.iter().map(|&(_, visits)| visits as f32 / steps as f32));
        offsets.push(indices.len());
    }
    Ok(WalkGraph { graph: Graph::from_parts(graph.cols(), offsets, indices), weights })
}

/// The nodes that the walks from `row` arrive at.
fn visit(graph: &Graph, back: &Graph, row: usize, options: Walks, visits: &mut Vec<u32>) {
    let draws = Draws::new(options.seed, row, options.layer);
    let mut slot = 0;
    let mut step = |graph: &Graph, from: u32| {
        let to = graph.row(from as usize);
        slot += 1;
        if to.is_empty() { None } else { Some(to[draws.below(slot, to.len())]) }
    };
    visits.clear();
    for _ in 0..options.walks {
        let mut at = step(graph, row as u32);
        for _ in 0..options.length {
            visits.extend(at);
            // With the true transpose no walk ends early.
            at = at.and_then(|at| step(back, at)).and_then(|source| step(graph, source));
        }
        visits.extend(at);
    }
}

/// What the walks of one row fill; it is allocated for the first and serves all.
#[derive(Default)]
struct Scratch {
    /// The nodes arrived at.
    visits: Vec<u32>,
    /// Distinct ones with their visits.
    nodes: Vec<(u32, u32)>,
}

impl Scratch {
    /// Room for so many arrivals.
    fn reserve(&mut self, steps: usize) -> Result<(), Error> {
        if steps > self.visits.capacity() {
            self.visits = allocate(steps, c"options")?;
            self.nodes = allocate(steps, c"options")?;
        }
        Ok(())
    }

    /// The `room` most visited nodes that are neither `row` nor among `own`, with their visits: most visits first,
    /// then by id.
    fn most_visited(&mut self, row: usize, own: &[u32], room: usize) -> Result<Vec<(u32, u32)>, Error> {
        let Scratch { visits, nodes } = self;
        visits.sort_unstable();
        let counts = visits.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32));
        nodes.clear();
        nodes.extend(counts.filter(|(node, _)| *node as usize != row && !own.contains(node)));
        nodes.sort_unstable_by_key(|&(node, visits)| (std::cmp::Reverse(visits), node));
        nodes.truncate(room);
        let mut found = allocate(nodes.len(), c"graph")?;
        found.extend_from_slice(nodes);
        Ok(found)
    }
}
