//! How well held-out edges are ranked, and whether scores know direction.

/// The rank of a candidate with `better` candidates above it and `equal` others level with it: the mean of
/// the ranks that the tie takes up.
pub fn rank(better: u64, equal: u64) -> f64 {
    1.0 + better as f64 + equal as f64 / 2.0
}

/// How many of `scores` are above that of `target`, and how many others are equal to it.
///
/// # Panics
/// If the score of `target` is not a number: it has no rank.
pub fn count_above(scores: &[f32], target: u32) -> (u64, u64) {
    let reference = scores[target as usize];
    assert!(!reference.is_nan(), "the score of package {target} is not a number");
    let mut better = 0u64;
    let mut equal = 0u64;
    for &score in scores {
        better += u64::from(score > reference);
        equal += u64::from(score == reference);
    }
    (better, equal - 1)
}

/// Share of ranks that are at most `cut`.
pub fn hit_rate(ranks: &[f64], cut: u32) -> f64 {
    mean(ranks.iter().map(|&rank| f64::from(u8::from(rank <= f64::from(cut)))), ranks.len())
}

/// Mean reciprocal rank, without a cut-off.
pub fn mean_reciprocal_rank(ranks: &[f64]) -> f64 {
    mean(ranks.iter().map(|rank| rank.recip()), ranks.len())
}

fn mean(values: impl Iterator<Item = f64>, len: usize) -> f64 {
    if len == 0 { 0.0 } else { values.sum::<f64>() / len as f64 }
}

/// Ranking quality over some held-out edges.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ranking {
    /// Number of edges.
    pub edges: usize,
    /// Share of edges ranked 10 or better.
    pub hit_rate_10: f64,
    /// Share of edges ranked 50 or better.
    pub hit_rate_50: f64,
    /// Mean reciprocal rank.
    pub mrr: f64,
}

impl Ranking {
    /// Summarises ranks, one per held-out edge.
    pub fn new(ranks: &[f64]) -> Self {
        Self {
            edges: ranks.len(),
            hit_rate_10: hit_rate(ranks, 10),
            hit_rate_50: hit_rate(ranks, 50),
            mrr: mean_reciprocal_rank(ranks),
        }
    }
}

/// How many training edges leave the query: a query without any is a cold start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DegreeBucket {
    /// No training edge.
    Zero,
    /// 1 to 3.
    Low,
    /// 4 to 10.
    Middle,
    /// More than 10.
    High,
}

impl DegreeBucket {
    /// All buckets, ascending.
    pub const ALL: [Self; 4] = [Self::Zero, Self::Low, Self::Middle, Self::High];

    /// The bucket of an out-degree.
    pub fn of(degree: u32) -> Self {
        match degree {
            0 => Self::Zero,
            1..=3 => Self::Low,
            4..=10 => Self::Middle,
            _ => Self::High,
        }
    }

    /// The degrees of the bucket, as a table heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::Low => "1-3",
            Self::Middle => "4-10",
            Self::High => ">10",
        }
    }
}

/// Ranking quality in total and by training out-degree of the query.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RankingReport {
    /// Over all held-out edges.
    pub total: Ranking,
    /// Over the edges of each bucket, in the order of [`DegreeBucket::ALL`].
    pub by_degree: [Ranking; 4],
}

impl RankingReport {
    /// Summarises `ranks`, one per held-out edge; `degrees` are the training out-degrees of the edges'
    /// queries.
    pub fn new(ranks: &[f64], degrees: &[u32]) -> Self {
        assert_eq!(ranks.len(), degrees.len(), "one degree per rank");
        let by_degree = DegreeBucket::ALL.map(|bucket| {
            let of_bucket: Vec<f64> = ranks
                .iter()
                .zip(degrees)
                .filter(|&(_, &degree)| DegreeBucket::of(degree) == bucket)
                .map(|(&rank, _)| rank)
                .collect();
            Ranking::new(&of_bucket)
        });
        Self { total: Ranking::new(ranks), by_degree }
    }
}

/// Whether scores tell an edge from its reverse, over one-way edges.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Direction {
    /// Number of edges.
    pub edges: usize,
    /// Area under the ROC curve of all forward scores against all backward scores.
    pub auc: f64,
    /// Share of edges with the forward score above the backward one; a tie counts half.
    pub accuracy: f64,
}

impl Direction {
    /// Compares the scores of edges (`forward`) with those of the same edges reversed (`backward`).
    pub fn new(forward: &[f32], backward: &[f32]) -> Self {
        assert_eq!(forward.len(), backward.len(), "one backward score per forward score");
        let won = forward
            .iter()
            .zip(backward)
            .map(|(f, b)| if f > b { 1.0 } else { f64::from(u8::from(f == b)) / 2.0 });
        Self {
            edges: forward.len(),
            auc: area_under_curve(forward, backward),
            accuracy: mean(won, forward.len()),
        }
    }
}

/// Chance that a score of `positive` is above one of `negative`; a tie counts half. One half if either is
/// empty.
pub fn area_under_curve(positive: &[f32], negative: &[f32]) -> f64 {
    if positive.is_empty() || negative.is_empty() {
        return 0.5;
    }
    let mut scores: Vec<(f32, bool)> =
        positive.iter().map(|&s| (s, true)).chain(negative.iter().map(|&s| (s, false))).collect();
    scores.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut negatives_below = 0u64;
    let mut half_wins = 0u64;
    for tie in scores.chunk_by(|a, b| a.0 == b.0) {
        let positives = tie.iter().filter(|score| score.1).count() as u64;
        let negatives = tie.len() as u64 - positives;
        half_wins += positives * (2 * negatives_below + negatives);
        negatives_below += negatives;
    }
    half_wins as f64 / 2.0 / positive.len() as f64 / negative.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_takes_its_mean_rank() {
        assert_eq!(rank(0, 0), 1.0);
        assert_eq!(rank(3, 4), 6.0);
        let scores = [0.5, 0.9, 0.5, f32::NEG_INFINITY, 0.1, 0.5];
        assert_eq!(count_above(&scores, 2), (1, 2));
        assert_eq!(count_above(&scores, 1), (0, 0));
    }

    #[test]
    fn hits_and_reciprocal_ranks() {
        let ranks = [1.0, 10.0, 10.5, 50.0, 51.0];
        assert_eq!(hit_rate(&ranks, 10), 0.4);
        assert_eq!(hit_rate(&ranks, 50), 0.8);
        assert_eq!(mean_reciprocal_rank(&[1.0, 2.0, 4.0]), 1.75 / 3.0);
        assert_eq!(Ranking::new(&[]), Ranking::default());
    }

    #[test]
    fn edges_fall_into_the_bucket_of_their_degree() {
        let report = RankingReport::new(&[1.0, 20.0, 2.0, 100.0, 5.0], &[0, 3, 4, 10, 11]);
        assert_eq!(report.by_degree.map(|bucket| bucket.edges), [1, 1, 2, 1]);
        assert_eq!(report.by_degree[2].hit_rate_10, 0.5);
        assert_eq!(report.total.hit_rate_10, 0.6);
    }

    #[test]
    fn area_under_curve_by_hand_and_with_ties() {
        assert_eq!(area_under_curve(&[3.0, 2.0], &[1.0, 0.0]), 1.0);
        assert_eq!(area_under_curve(&[0.0], &[-0.0]), 0.5);
        // Pairs: 2>1, 2=2, 1=1, 1<2.
        assert_eq!(area_under_curve(&[2.0, 1.0], &[1.0, 2.0]), 0.5);
        assert_eq!(area_under_curve(&[2.0, 1.0], &[1.0]), 0.75);
    }

    #[test]
    fn direction_counts_a_tie_half() {
        let direction = Direction::new(&[1.0, 2.0, 0.0, 3.0], &[0.0, 2.0, 1.0, 1.0]);
        assert_eq!(direction.accuracy, 2.5 / 4.0);
    }
}
