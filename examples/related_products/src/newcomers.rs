//! Packages that were not in training: their vectors from features and neighbours, without training again.

use std::collections::HashSet;

use avocet::{Error, Pool};

use crate::csr::Csr;
use crate::data::{Edge, PackageGraph, Relation as RelationKind};
use crate::metrics::{Ranking, rank};
use crate::model::Model;
use crate::relation::{Relation, graph};
use crate::split::{Split, context_edges, key};
use crate::table::Table;
use crate::touched::RowGraphs;
use crate::training::{Trained, TrainingData};

/// Every 20th package that has a training edge out, by the hash that also splits the edges.
pub fn choose(split: &Split) -> Vec<u32> {
    let mut sources: Vec<u32> = split.train.iter().map(|&(source, _)| source).collect();
    sources.dedup();
    sources.retain(|&source| key(source, source).is_multiple_of(20));
    sources
}

/// The edges that tell how well newcomers are placed: from a newcomer to a package that was in training.
pub fn test_edges(split: &Split, newcomers: &[u32]) -> Vec<Edge> {
    let new: HashSet<u32> = newcomers.iter().copied().collect();
    split.labels.iter().copied().filter(|(u, v)| new.contains(u) && !new.contains(v)).collect()
}

/// Source and target rows of newcomers: two layers over their tokens and over the rows that the training left for their
/// neighbours by Depends and Suggests. Only the newcomers' rows are computed.
pub fn embed(
    packages: &PackageGraph,
    data: &TrainingData,
    trained: &Trained,
    newcomers: &[u32],
    pool: Option<&Pool>,
) -> Result<(Table, Table), Error> {
    let nodes = packages.len();
    let labels = Relation::new(&[], nodes)?;
    let context = [RelationKind::Depends, RelationKind::Suggests]
        .map(|kind| Relation::new(&context_edges(packages, kind), nodes));
    let [depends, suggests] = context;
    let relations = [&labels, &depends?, &suggests?];
    let itself: Vec<Edge> = (0..nodes as u32).map(|node| (node, node)).collect();
    let identity = graph(&Csr::from_edges(&itself, nodes, nodes))?;
    let rows = RowGraphs::new(&identity, newcomers, &relations)?;

    // The first layer for the newcomers, put among the rows of the others; then the second.
    let dim = trained.sources.cols;
    let mut first = Model::new(nodes, dim, 1, newcomers.len());
    first.forward(&trained.parameters, &data.features, &[rows.layer()], pool)?;
    let (mut sources, mut targets) = trained.below.clone();
    for (to, from) in [(&mut sources, first.embeddings().0), (&mut targets, first.embeddings().1)] {
        for (&node, row) in newcomers.iter().zip(from.values.chunks_exact(dim)) {
            to.values[node as usize * dim..][..dim].copy_from_slice(row);
        }
    }
    let mut second = Model::new(0, dim, 1, newcomers.len());
    second.layer_on(&trained.parameters, 1, &rows.layer(), (&sources, &targets), pool)?;
    let (sources, targets) = second.embeddings();
    Ok((sources.clone(), targets.clone()))
}

/// Ranks of `edges` among all packages by source rows of the newcomers and the trained target rows.
pub fn evaluate(
    newcomers: &[u32],
    sources: &Table,
    targets: &Table,
    edges: &[Edge],
    pool: Option<&Pool>,
) -> Result<Ranking, Error> {
    let place = |node: u32| newcomers.binary_search(&node).expect("a newcomer") as u32;
    let queries: Vec<&[Edge]> = edges.chunk_by(|a, b| a.0 == b.0).collect();
    let rows = sources.gather(queries.iter().map(|edges| place(edges[0].0)));
    let lists = queries.iter().map(|edges| (edges.iter().map(|&(_, v)| v).collect(), vec![edges[0].0]));
    let counts = crate::evaluation::rank_counts(&rows, targets, lists, pool)?;
    let ranks: Vec<f64> =
        counts.into_iter().map(|(better, equal)| rank(better.into(), equal.into())).collect();
    Ok(Ranking::new(&ranks))
}
