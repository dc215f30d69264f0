//! Neighbour sampling: for each row of a graph a few of its edges, as a new graph.

use super::random::Draws;
use crate::error::{Error, Status, check_option, check_size};
use crate::graph::Graph;
use crate::pages::allocate;
use crate::pool::{self, PerEdge, Pool};
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::math::Function;
use std::sync::OnceLock;

/// How edges are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Draw {
    /// Each set of `fanout` edges is as likely as any other.
    #[default]
    WithoutReplacement,
    /// `fanout` independent draws: an edge may occur more than once.
    WithReplacement,
    /// One edge after the other, each with a probability proportional to its weight among those left.
    Weighted,
}

/// Options of [`sample_neighbours`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Sampling<'a> {
    /// How edges are drawn.
    pub draw: Draw,
    /// Two calls with one seed and one layer give one sample.
    pub seed: u64,
    /// Keeps the samples of a network's layers apart.
    pub layer: u32,
    /// Weights for [`Draw::Weighted`], by edge number as in [`super::Options::edge_weights`]; finite, at least 0.
    pub edge_weights: Option<&'a [f32]>,
}

/// Draws at most `fanout[i]` edges of each row i of `graph` and returns them as a graph of the same shape, the edges
/// of a row in their old order. Its [`Graph::edge_ids`] are the numbers that the edges had, so that edge weights of
/// the old graph serve the new one, and its transpose.
///
/// - A row with no more edges than its fan-out keeps all of them, whatever the draw (weighted: all of positive weight).
/// - Without replacement: Floyd's algorithm (Bentley and Floyd, CACM 1987). Weighted: the `fanout` least of
///   `-log(1 - u) / weight`, which is the sequential draw without replacement (Efraimidis and Spirakis, IPL 2006), ties
///   by position; an edge of weight 0 is never drawn.
/// - Random numbers are counter-based (Philox4x32-10), keyed by (seed, row, layer, slot): a sample does not depend on the
///   threads, the tier, or the other rows.
/// - Threads: rows are shared among the pool's threads. Allocates the new graph and, for weighted draws, scratch for the
///   longest row of each part. Time: the sampled edges, plus for
///   weighted draws the edges of rows above their fan-out.
///
/// Errors: [`Status::ShapeMismatch`] for lengths; missing weights; a negative weight ([`Status::InvalidArgument`]) or
/// one that is infinite or NaN ([`Status::NotFinite`]) with its position; [`Status::OutOfMemory`].
pub fn sample_neighbours(
    graph: &Graph,
    fanout: &[u32],
    options: Sampling<'_>,
    pool: Option<&Pool>,
) -> Result<Graph, Error> {
    check_size(fanout.len(), graph.rows(), c"fanout")?;
    let weights = check_weights(graph, options)?;
    let weight = |edge: usize| match (weights, graph.edge_ids()) {
        (None, _) => 1.0,
        (Some(weights), None) => weights[edge],
        (Some(weights), Some(ids)) => weights[ids[edge] as usize],
    };
    let mut offsets = allocate(graph.rows() + 1, c"graph")?;
    offsets.push(0);
    let mut end = 0;
    for (row, &fanout) in fanout.iter().enumerate() {
        let edges = graph.offsets()[row]..graph.offsets()[row + 1];
        let drawable = match weights {
            Some(_) => edges.filter(|&edge| weight(edge) > 0.0).take(fanout as usize).count(),
            None => edges.len().min(fanout as usize),
        };
        end += drawable;
        offsets.push(end);
    }
    let mut chosen: Vec<u32> = allocate(end, c"graph")?;
    chosen.resize(end, 0);

    let kernels = kernels();
    let work = if weights.is_some() { graph.edges() } else { end };
    let parts = pool::parts(pool, work.saturating_mul(20));
    let cut = pool::by_edges(graph.offsets());
    let out = PerEdge { offsets: &offsets, values: &mut chosen };
    let failed = OnceLock::new();
    pool::for_rows(pool, parts, 0..graph.rows(), cut, out, &mut [], |rows, out, _| {
        let mut keys = Keys::default();
        let first = out.offsets[0];
        for (at, row) in rows.enumerate() {
            let to = &mut out.values[out.offsets[at] - first..out.offsets[at + 1] - first];
            let edges = graph.offsets()[row]..graph.offsets()[row + 1];
            let draws = Draws::new(options.seed, row, options.layer);
            if to.len() == edges.len() {
                to.iter_mut().zip(edges).for_each(|(to, edge)| *to = edge as u32);
            } else if weights.is_some() {
                if let Err(error) = keys.reserve(edges.len()) {
                    let _ = failed.set(error);
                    return;
                }
                keys.draw(kernels, draws, edges, weight, to);
            } else if options.draw == Draw::WithReplacement {
                for (slot, to) in to.iter_mut().enumerate() {
                    *to = (edges.start + draws.below(slot as u64, edges.len())) as u32;
                }
                to.sort_unstable();
            } else {
                floyd(draws, edges.len(), to);
                to.iter_mut().for_each(|to| *to += edges.start as u32);
            }
        }
    });
    match failed.into_inner() {
        Some(error) => Err(error),
        None => graph.with_edges(offsets, chosen),
    }
}

/// The weights of a weighted draw, checked.
fn check_weights<'a>(graph: &Graph, options: Sampling<'a>) -> Result<Option<&'a [f32]>, Error> {
    if options.draw != Draw::Weighted {
        return Ok(None);
    }
    let weights = options.edge_weights.ok_or(Error::new(Status::NullPointer, c"options.edge_weights"))?;
    check_size(weights.len(), graph.edge_id_limit(), c"options.edge_weights")?;
    for (at, &weight) in weights.iter().enumerate() {
        check_option(weight >= 0.0, c"options.edge_weights", weight.into()).map_err(|e| e.at(at))?;
    }
    Ok(Some(weights))
}

/// A uniform set of `to.len()` positions below `n`, ascending.
fn floyd(draws: Draws, n: usize, to: &mut [u32]) {
    let k = to.len();
    for slot in 0..k {
        let last = n - k + slot;
        let drawn = draws.below(slot as u64, last + 1) as u32;
        match to[..slot].binary_search(&drawn) {
            // Taken: the last one is not, and is the greatest.
            Ok(_) => to[slot] = last as u32,
            Err(at) => {
                to.copy_within(at..slot, at + 1);
                to[at] = drawn;
            }
        }
    }
}

/// Scratch of the weighted draw.
#[derive(Default)]
struct Keys {
    minus: Vec<f32>,
    values: Vec<f32>,
    order: Vec<u32>,
}

impl Keys {
    /// Room for a row of so many edges, so that [`Keys::draw`] allocates nothing.
    fn reserve(&mut self, edges: usize) -> Result<(), Error> {
        if edges > self.minus.capacity() {
            self.minus = allocate(edges, c"graph")?;
            self.values = allocate(edges, c"graph")?;
            self.order = allocate(edges, c"graph")?;
        }
        Ok(())
    }

    /// The edges of the `to.len()` least keys, ascending by edge.
    fn draw(
        &mut self,
        kernels: &Kernels,
        draws: Draws,
        edges: std::ops::Range<usize>,
        weight: impl Fn(usize) -> f32,
        to: &mut [u32],
    ) {
        let Keys { minus, values, order } = self;
        minus.clear();
        minus.extend((0..edges.len() as u64).map(|slot| -draws.unit(slot)));
        values.resize(minus.len(), 0.0);
        kernels.map(Function::Log1p, minus, values);
        for (value, edge) in values.iter_mut().zip(edges.clone()) {
            let weight = weight(edge);
            // A weight of 0 gives an infinite key, beyond every other, and is dropped below.
            *value = if weight > 0.0 { -*value / weight } else { f32::NAN };
        }
        order.clear();
        order.extend((0..values.len() as u32).filter(|&at| !values[at as usize].is_nan()));
        let by_key = |&a: &u32, &b: &u32| values[a as usize].total_cmp(&values[b as usize]).then(a.cmp(&b));
        if to.len() < order.len() {
            order.select_nth_unstable_by(to.len(), by_key);
        }
        order[..to.len()].sort_unstable();
        to.iter_mut().zip(&*order).for_each(|(to, &at)| *to = edges.start as u32 + at);
    }
}
