//! Recommendations: the rows of one side, packed once, and searched by those of the other.

use std::time::Instant;

use avocet::score::index::{Found, Index, IndexOptions, Search, Storage};
use avocet::{Error, Pool, Workspace};

use crate::evaluation::lists_graph;
use crate::table::Table;

/// Certified: the results are those of f32, bit for bit, but a search for a few recommendations reads one byte an element
/// instead of four, and one query alone waits for memory. It pays with five bytes an element instead of four.
const STORAGE: Storage = Storage::Certified;

/// One recommendation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recommendation {
    /// The package.
    pub id: u32,
    /// Its score.
    pub score: f32,
}

/// What packages ask with, and an index of what they find: sources and targets for "what goes with it", targets and
/// sources for "what it goes with".
#[derive(Debug)]
pub struct Recommender<'a> {
    queries: &'a Table,
    index: Index<'static>,
    workspace: Workspace,
    build_seconds: f64,
}

impl<'a> Recommender<'a> {
    /// Packs the candidates, one for each query.
    pub fn new(queries: &'a Table, candidates: &Table, pool: Option<&Pool>) -> Result<Self, Error> {
        let start = Instant::now();
        let index = Index::new(candidates.view(), IndexOptions::new(STORAGE), pool)?;
        let build_seconds = start.elapsed().as_secs_f64();
        Ok(Self { queries, index, workspace: Workspace::new(), build_seconds })
    }

    /// How long packing took.
    pub fn build_seconds(&self) -> f64 {
        self.build_seconds
    }

    /// Bytes that the index takes.
    pub fn bytes(&self) -> usize {
        self.index.memory()
    }

    /// The `k` best for each package that is asked for, without the package itself.
    pub fn recommend(
        &mut self,
        asked: &[u32],
        k: usize,
        pool: Option<&Pool>,
    ) -> Result<Vec<Vec<Recommendation>>, Error> {
        let itself = lists_graph(asked.iter().map(|&id| vec![id]), self.index.rows())?;
        let rows = self.queries.gather(asked.iter().copied());
        let places = asked.len() * k;
        let (mut ids, mut scores, mut counts) = (vec![0; places], vec![0.0; places], vec![0; asked.len()]);
        let Self { index, workspace, .. } = self;
        workspace.fit(|workspace| {
            let (ids, scores, counts) = (&mut ids[..], &mut scores[..], &mut counts[..]);
            let found = Found { k, ids, scores, counts, nan_counts: None, survivors: None };
            let search = Search { exclude: Some(&itself), ..Search::default() };
            index.search(rows.view(), search, found, pool, workspace)
        })?;
        let list = |at: usize| {
            let places = at * k..at * k + counts[at] as usize;
            let found = ids[places.clone()].iter().zip(&scores[places]);
            found.map(|(&id, &score)| Recommendation { id, score }).collect()
        };
        Ok((0..asked.len()).map(list).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use avocet::score::{TopK, top_k};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Rows of which some are equal, so that there are ties.
    fn table(rows: usize, cols: usize, seed: u64) -> Table {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut table = Table::zeros(rows, cols);
        table.values.iter_mut().for_each(|value| *value = random.random_range(-1.0..1.0));
        for row in (7..rows).step_by(7) {
            table.values.copy_within((row - 7) * cols..(row - 6) * cols, row * cols);
        }
        table
    }

    #[test]
    fn recommendations_are_those_of_top_k() {
        let (n, d) = (3000, 37);
        let (sources, targets) = (table(n, d, 1), table(n, d, 2));
        let asked = [5, 2999, 0, 14, 5];
        let pool = Pool::new(2).unwrap();
        for (pool, k) in [(None, 1), (None, 40), (Some(&pool), 10), (None, n)] {
            let mut recommender = Recommender::new(&sources, &targets, pool).unwrap();
            let found = recommender.recommend(&asked, k, pool).unwrap();
            let rows = sources.gather(asked.into_iter());
            let itself = lists_graph(asked.iter().map(|&id| vec![id]), n).unwrap();
            let (mut ids, mut scores, mut counts) = (vec![0; 5 * k], vec![0.0; 5 * k], [0; 5]);
            Workspace::new()
                .fit(|workspace| {
                    let (ids, scores, counts) = (&mut ids[..], &mut scores[..], &mut counts[..]);
                    let out = TopK { k, ids, scores, counts, nan_counts: None };
                    top_k(rows.view(), targets.view(), Some(&itself), out, None, workspace)
                })
                .unwrap();
            for (at, found) in found.iter().enumerate() {
                assert_eq!(found.len(), k.min(n - 1));
                assert_eq!(found.len(), counts[at] as usize);
                assert!(found.iter().all(|found| found.id != asked[at]));
                for (found, place) in found.iter().zip(at * k..) {
                    assert_eq!((found.id, found.score.to_bits()), (ids[place], scores[place].to_bits()));
                }
            }
        }
    }
}
