//! How well embeddings rank the held-out edges.

use avocet::score;
use avocet::{Error, Graph, Indices, Pool, Workspace};

use crate::csr::Csr;
use crate::data::{Edge, PackageGraph};
use crate::metrics::{Direction, RankingReport, rank};
use crate::one_way::one_way_test;
use crate::relation::graph;
use crate::split::{Split, out_degrees};
use crate::table::Table;

/// Ranking and direction on the held-out edges.
#[derive(Clone, Copy, Debug)]
pub struct Evaluation {
    /// Ranks among all packages; the query itself and its training targets are left out.
    pub ranking: RankingReport,
    /// Scores of one-way edges against their reversals.
    pub direction: Direction,
}

/// Evaluates embeddings on the split's test edges.
pub fn evaluate(
    packages: &PackageGraph,
    split: &Split,
    sources: &Table,
    targets: &Table,
    pool: Option<&Pool>,
) -> Result<Evaluation, Error> {
    let nodes = packages.len();
    let queries: Vec<&[Edge]> = split.test.chunk_by(|a, b| a.0 == b.0).collect();
    let known = Csr::from_edges(&split.train, nodes, nodes);
    let rows = sources.gather(queries.iter().map(|edges| edges[0].0));
    let lists = queries
        .iter()
        .map(|edges| (edges.iter().map(|&(_, v)| v).collect(), with_itself(&known, edges[0].0)));
    let counts = rank_counts(&rows, targets, lists, pool)?;
    let ranks: Vec<f64> =
        counts.into_iter().map(|(better, equal)| rank(better.into(), equal.into())).collect();
    let degrees = out_degrees(&split.train, nodes);
    let degrees: Vec<u32> = split.test.iter().map(|&(u, _)| degrees[u as usize]).collect();

    let one_way = one_way_test(&split.test, packages);
    let (u, v): (Vec<u32>, Vec<u32>) = one_way.into_iter().unzip();
    let scores = |from: &[u32], to: &[u32]| {
        let mut out = vec![0.0; from.len()];
        let (from, to) = (Indices::U32(from), Indices::U32(to));
        score::score_pairs(
            sources.view(),
            targets.view(),
            from,
            to,
            score::ScoreOptions::default(),
            &mut out,
            pool,
        )
        .map(|()| out)
    };
    let direction = Direction::new(&scores(&u, &v)?, &scores(&v, &u)?);
    Ok(Evaluation { ranking: RankingReport::new(&ranks, &degrees), direction })
}

/// How many packages score better than, and equal to, each given target. `lists` has for each query the targets in
/// question and the packages that are left out, both ascending.
pub fn rank_counts(
    queries: &Table,
    targets: &Table,
    lists: impl Iterator<Item = (Vec<u32>, Vec<u32>)>,
    pool: Option<&Pool>,
) -> Result<Vec<(u32, u32)>, Error> {
    let (given, exclude): (Vec<Vec<u32>>, Vec<Vec<u32>>) = lists.unzip();
    let given = lists_graph(given.into_iter(), targets.rows)?;
    let exclude = lists_graph(exclude.into_iter(), targets.rows)?;
    let (mut better, mut equal) = (vec![0; given.edges()], vec![0; given.edges()]);
    Workspace::new().fit(|workspace| {
        let (better, equal) = (&mut better, &mut equal);
        let (queries, targets) = (queries.view(), targets.view());
        score::rank_counts(queries, targets, &given, Some(&exclude), better, equal, pool, workspace)
    })?;
    Ok(better.into_iter().zip(equal).collect())
}

/// A graph of lists of ids, each ascending.
pub(crate) fn lists_graph(lists: impl Iterator<Item = Vec<u32>>, columns: usize) -> Result<Graph, Error> {
    let mut csr = Csr { columns, offsets: vec![0], indices: Vec::new(), values: Vec::new() };
    for list in lists {
        csr.indices.extend(list);
        csr.offsets.push(csr.indices.len() as u64);
    }
    graph(&csr)
}

/// The targets that a query is known to have, and itself.
fn with_itself(known: &Csr, query: u32) -> Vec<u32> {
    let mut ids = known.row(query as usize).0.to_vec();
    ids.push(query);
    ids.sort_unstable();
    ids
}
