//! The baselines measured on held-out edges.

use std::thread;

use crate::data::Edge;
use crate::metrics::{Direction, RankingReport, count_above, rank};
use crate::split::in_degrees;

use super::scorer::{Baseline, Baselines};

/// Ranks every edge of `test` among all packages, with the query and its training targets masked.
///
/// `test` is ascending by source. One report per baseline in the order of [`Baseline::ALL`]; the number of
/// threads does not change them.
pub fn evaluate(baselines: &Baselines, test: &[Edge], threads: usize) -> [RankingReport; 5] {
    let queries: Vec<&[Edge]> = test.chunk_by(|a, b| a.0 == b.0).collect();
    let share = queries.len().div_ceil(threads.max(1)).max(1);
    let parts: Vec<Vec<[f64; 5]>> = thread::scope(|scope| {
        let workers: Vec<_> =
            queries.chunks(share).map(|part| scope.spawn(move || rank_queries(baselines, part))).collect();
        workers.into_iter().map(|worker| worker.join().expect("a ranking thread does not panic")).collect()
    });
    let ranks: Vec<[f64; 5]> = parts.concat();
    let degrees: Vec<u32> =
        test.iter().map(|&(query, _)| baselines.training_targets(query).len() as u32).collect();
    Baseline::ALL.map(|baseline| {
        let of_baseline: Vec<f64> = ranks.iter().map(|ranks| ranks[baseline as usize]).collect();
        RankingReport::new(&of_baseline, &degrees)
    })
}

/// Direction told by training in-degree alone: the end with more edges into it is taken for the target.
pub fn in_degree_direction(train: &[Edge], one_way: &[Edge], packages: usize) -> Direction {
    let degrees = in_degrees(train, packages);
    let score = |id: u32| degrees[id as usize] as f32;
    let forward: Vec<f32> = one_way.iter().map(|&(_, target)| score(target)).collect();
    let backward: Vec<f32> = one_way.iter().map(|&(source, _)| score(source)).collect();
    Direction::new(&forward, &backward)
}

fn rank_queries(baselines: &Baselines, queries: &[&[Edge]]) -> Vec<[f64; 5]> {
    let mut scores = baselines.room();
    let mut ranks = Vec::new();
    for edges in queries {
        let query = edges[0].0;
        baselines.score(query, &mut scores);
        scores.mask(query);
        baselines.training_targets(query).iter().for_each(|&known| scores.mask(known));
        ranks.extend(edges.iter().map(|&(_, target)| {
            Baseline::ALL.map(|baseline| {
                let (better, equal) = count_above(scores.row(baseline), target);
                rank(better, equal)
            })
        }));
    }
    ranks
}
