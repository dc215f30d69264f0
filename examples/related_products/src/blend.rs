//! Model and heuristic together: for queries without training edges the heuristic ranks better, for the others the
//! model does.

use avocet::dense::{self, Addend};
use avocet::{Error, MatrixMut, Pool, Workspace};

use crate::baselines::{Baseline, Baselines};
use crate::data::Edge;
use crate::metrics::{RankingReport, count_above, rank};
use crate::table::Table;

/// Queries that are scored in one go.
const BLOCK: usize = 64;

/// Ranks of the test edges (ascending by source) by the sum of the model's scores and the heuristic `sum`, each divided
/// by its greatest value for the query. Not tuned.
pub fn evaluate(
    baselines: &Baselines,
    test: &[Edge],
    sources: &Table,
    targets: &Table,
    pool: Option<&Pool>,
) -> Result<RankingReport, Error> {
    let queries: Vec<&[Edge]> = test.chunk_by(|a, b| a.0 == b.0).collect();
    let (mut ranks, mut degrees) = (Vec::new(), Vec::new());
    let mut scores = vec![0.0; BLOCK * targets.rows];
    let mut room = baselines.room();
    let mut workspace = Workspace::new();
    for block in queries.chunks(BLOCK) {
        let rows = sources.gather(block.iter().map(|edges| edges[0].0));
        let product = [Addend { x: rows.view(), w: targets.view(), transposed: true }];
        let scores = &mut scores[..block.len() * targets.rows];
        workspace.fit(|workspace| {
            let out = MatrixMut::new(scores, block.len(), targets.rows)?;
            dense::product(&product, dense::Options::default(), out, None, pool, workspace)
        })?;
        for (edges, scores) in block.iter().zip(scores.chunks_exact_mut(targets.rows)) {
            let query = edges[0].0;
            let known = baselines.training_targets(query);
            baselines.score(query, &mut room);
            known.iter().chain([&query]).for_each(|&id| scores[id as usize] = f32::NEG_INFINITY);
            known.iter().chain([&query]).for_each(|&id| room.mask(id));
            let heuristic = room.row(Baseline::Sum);
            let greatest = |values: &[f32]| values.iter().fold(1e-9f32, |a, &b| a.max(b));
            let (model_unit, heuristic_unit) = (1.0 / greatest(scores), 1.0 / greatest(heuristic));
            for (score, heuristic) in scores.iter_mut().zip(heuristic) {
                *score = *score * model_unit + heuristic * heuristic_unit;
            }
            for &(_, target) in *edges {
                let (better, equal) = count_above(scores, target);
                ranks.push(rank(better, equal));
                degrees.push(known.len() as u32);
            }
        }
    }
    Ok(RankingReport::new(&ranks, &degrees))
}
