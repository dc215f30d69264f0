//! The scores of the baselines for one query.

use crate::csr::Csr;
use crate::data::{Edge, PackageGraph, Relation};
use crate::split::{context_edges, in_degrees};
use crate::tokens::word_features;

/// How many of the nearest packages the neighbour baselines look at.
const NEIGHBOURS: usize = 200;

/// A way to score packages for a query without learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// Training in-degree, the same for every query.
    Popularity,
    /// Cosine of the words of the descriptions.
    Words,
    /// Training targets of the 200 packages nearest by what they depend on, weighted by nearness.
    DependsNeighbours,
    /// Training targets of the 200 packages nearest by words, weighted by nearness.
    WordsNeighbours,
    /// The last three added, each divided by its largest score.
    Sum,
}

impl Baseline {
    /// All baselines.
    pub const ALL: [Self; 5] =
        [Self::Popularity, Self::Words, Self::DependsNeighbours, Self::WordsNeighbours, Self::Sum];

    /// The name, as a table heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Popularity => "popularity",
            Self::Words => "words",
            Self::DependsNeighbours => "depends_neighbours",
            Self::WordsNeighbours => "words_neighbours",
            Self::Sum => "sum",
        }
    }
}

/// The matrices that the baselines read.
#[derive(Clone, Debug)]
pub struct Baselines {
    popularity: Vec<f32>,
    words: Neighbourhood,
    depends: Neighbourhood,
    targets: Csr,
}

/// Scores of all packages for one query, per baseline, and the room needed to compute them.
#[derive(Clone, Debug)]
pub struct Scores {
    rows: [Vec<f32>; 5],
    nearness: Vec<f32>,
    positive: Vec<f32>,
}

impl Scores {
    /// The scores of one baseline.
    pub fn row(&self, baseline: Baseline) -> &[f32] {
        &self.rows[baseline as usize]
    }

    /// Gives `package` the lowest score in every baseline.
    pub fn mask(&mut self, package: u32) {
        self.rows.iter_mut().for_each(|row| row[package as usize] = f32::NEG_INFINITY);
    }
}

impl Baselines {
    /// Prepares the baselines for a graph and its training edges.
    pub fn new(graph: &PackageGraph, train: &[Edge]) -> Self {
        let len = graph.len();
        let mut depends = Csr::from_edges(&context_edges(graph, Relation::Depends), len, len);
        depends.weigh_by_rarity();
        Self {
            popularity: in_degrees(train, len).iter().map(|&degree| degree as f32).collect(),
            words: Neighbourhood::new(word_features(graph).matrix),
            depends: Neighbourhood::new(depends),
            targets: Csr::from_edges(train, len, len),
        }
    }

    /// Number of packages.
    pub fn len(&self) -> usize {
        self.popularity.len()
    }

    /// Whether there are no packages.
    pub fn is_empty(&self) -> bool {
        self.popularity.is_empty()
    }

    /// The training targets of a query, ascending.
    pub fn training_targets(&self, query: u32) -> &[u32] {
        self.targets.row(query as usize).0
    }

    /// Room for the scores of one query at a time.
    pub fn room(&self) -> Scores {
        let row = vec![0.0; self.len()];
        Scores { rows: std::array::from_fn(|_| row.clone()), nearness: row.clone(), positive: row }
    }

    /// Scores all packages for `query` into room made by [`Self::room`], nothing masked.
    pub fn score(&self, query: u32, scores: &mut Scores) {
        let Scores {
            rows: [popularity, words, depends_neighbours, words_neighbours, sum],
            nearness,
            positive,
        } = scores;
        popularity.copy_from_slice(&self.popularity);
        self.words.similarity(query, words);
        nearness.copy_from_slice(words);
        self.spread(query, nearness, positive, words_neighbours);
        self.depends.similarity(query, nearness);
        self.spread(query, nearness, positive, depends_neighbours);
        sum.fill(0.0);
        for row in [words, depends_neighbours, words_neighbours] {
            let largest = row.iter().copied().fold(1e-9, f32::max);
            sum.iter_mut().zip(row).for_each(|(sum, score)| *sum += *score / largest);
        }
    }

    /// Adds up the training targets of the packages nearest to `query`, each with the nearness of its source.
    fn spread(&self, query: u32, nearness: &mut [f32], positive: &mut Vec<f32>, scores: &mut [f32]) {
        nearness[query as usize] = 0.0;
        positive.clear();
        positive.extend(nearness.iter().copied().filter(|&value| value > 0.0));
        let floor = match positive.len() {
            0..=NEIGHBOURS => 0.0,
            _ => *positive.select_nth_unstable_by(NEIGHBOURS, |a, b| b.total_cmp(a)).1,
        };
        scores.fill(0.0);
        for (source, &weight) in nearness.iter().enumerate().filter(|&(_, &value)| value > floor) {
            for &target in self.targets.row(source).0 {
                scores[target as usize] += weight;
            }
        }
    }
}

/// Rows of length 1 that packages are compared by, and the same by column.
#[derive(Clone, Debug)]
struct Neighbourhood {
    rows: Csr,
    columns: Csr,
}

impl Neighbourhood {
    fn new(rows: Csr) -> Self {
        Self { columns: rows.transpose(), rows }
    }

    /// Cosine of every package with `query`.
    fn similarity(&self, query: u32, scores: &mut [f32]) {
        scores.fill(0.0);
        let (columns, values) = self.rows.row(query as usize);
        for (&column, &value) in columns.iter().zip(values) {
            let (packages, weights) = self.columns.row(column as usize);
            for (&package, &weight) in packages.iter().zip(weights) {
                scores[package as usize] += value * weight;
            }
        }
    }
}
