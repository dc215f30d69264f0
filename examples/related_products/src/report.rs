//! What the command prints: tables for people, one JSON object for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::baselines::Baseline;
use crate::evaluation::Evaluation;
use crate::metrics::{DegreeBucket, Direction, Ranking, RankingReport};
use crate::serving::{Recommendation, Recommender};

/// Ranking figures as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct RankingJson {
    /// Held-out edges.
    pub edges: usize,
    /// HitRate@10.
    pub hit_rate_10: f64,
    /// HitRate@50.
    pub hit_rate_50: f64,
    /// Mean reciprocal rank.
    pub mrr: f64,
    /// The same by training out-degree of the query.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_degree: BTreeMap<&'static str, RankingJson>,
}

impl RankingJson {
    fn of(ranking: Ranking) -> Self {
        let Ranking { edges, hit_rate_10, hit_rate_50, mrr } = ranking;
        Self { edges, hit_rate_10, hit_rate_50, mrr, by_degree: BTreeMap::new() }
    }

    fn new(report: &RankingReport) -> Self {
        let by_degree = DegreeBucket::ALL.into_iter().zip(report.by_degree);
        let by_degree = by_degree.map(|(bucket, ranking)| (bucket.label(), Self::of(ranking))).collect();
        Self { by_degree, ..Self::of(report.total) }
    }

    /// The mean of figures over the same edges.
    fn mean(of: &[&Self]) -> Self {
        let mean =
            |f: fn(&Self) -> f64| of.iter().map(|ranking| f(ranking)).sum::<f64>() / of.len().max(1) as f64;
        let Some(first) = of.first() else { return Self::of(Ranking::default()) };
        let bucket = |label: &&'static str| {
            let of: Vec<&Self> = of.iter().filter_map(|ranking| ranking.by_degree.get(label)).collect();
            (*label, Self::mean(&of))
        };
        Self {
            edges: first.edges,
            hit_rate_10: mean(|ranking| ranking.hit_rate_10),
            hit_rate_50: mean(|ranking| ranking.hit_rate_50),
            mrr: mean(|ranking| ranking.mrr),
            by_degree: first.by_degree.keys().map(bucket).collect(),
        }
    }
}

/// One recommendation as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct RecommendationJson {
    /// The package.
    pub name: String,
    /// Its score.
    pub score: f32,
    /// The score's bits in hexadecimal.
    pub bits: String,
}

/// How a run trained.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct TrainingJson {
    /// The seed.
    pub seed: u64,
    /// Median seconds of an epoch.
    pub seconds_per_epoch: f64,
    /// Loss of the last epoch.
    pub loss: f64,
    /// Factor from dots to logits at the end.
    pub temperature: f32,
}

/// One run.
#[derive(Clone, Debug, Serialize)]
pub struct RunJson {
    /// How it trained, if it did.
    #[serde(flatten)]
    pub training: Option<TrainingJson>,
    #[serde(flatten)]
    ranking: RankingJson,
    /// AUC of one-way edges against their reversals.
    pub direction_auc: f64,
    /// Share of one-way edges that score above their reversal.
    pub direction_accuracy: f64,
}

impl RunJson {
    /// The figures of a run.
    pub fn new(training: Option<TrainingJson>, evaluation: &Evaluation) -> Self {
        Self {
            training,
            ranking: RankingJson::new(&evaluation.ranking),
            direction_auc: evaluation.direction.auc,
            direction_accuracy: evaluation.direction.accuracy,
        }
    }
}

/// Means over runs.
#[derive(Clone, Debug, Serialize)]
pub struct MeanJson {
    #[serde(flatten)]
    ranking: RankingJson,
    /// AUC of one-way edges against their reversals.
    pub direction_auc: f64,
    /// Mean of the runs' seconds per epoch; null without training.
    pub seconds_per_epoch: Option<f64>,
}

/// The means of some runs.
pub fn mean(runs: &[RunJson]) -> MeanJson {
    let rankings: Vec<&RankingJson> = runs.iter().map(|run| &run.ranking).collect();
    let of = |f: fn(&RunJson) -> f64| runs.iter().map(f).sum::<f64>() / runs.len().max(1) as f64;
    let seconds: Option<Vec<f64>> = runs.iter().map(|run| Some(run.training?.seconds_per_epoch)).collect();
    MeanJson {
        ranking: RankingJson::mean(&rankings),
        direction_auc: of(|run| run.direction_auc),
        seconds_per_epoch: seconds.map(|seconds| seconds.iter().sum::<f64>() / seconds.len().max(1) as f64),
    }
}

/// How packages that training did not see are placed.
#[derive(Clone, Debug, Serialize)]
pub struct NewcomersJson {
    /// Packages.
    pub packages: usize,
    /// By their vectors.
    pub model: RankingJson,
    /// By the baseline `sum`.
    pub sum: RankingJson,
}

impl NewcomersJson {
    /// The figures of both.
    pub fn new(packages: usize, model: Ranking, sum: Ranking) -> Self {
        Self { packages, model: RankingJson::of(model), sum: RankingJson::of(sum) }
    }
}

/// What serves recommendations, both directions together.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct IndexesJson {
    /// Seconds to pack the rows.
    pub build_seconds: f64,
    /// Memory.
    pub bytes: usize,
}

impl IndexesJson {
    /// The figures of some indexes.
    pub fn of(indexes: &[&Recommender<'_>]) -> Self {
        Self {
            build_seconds: indexes.iter().map(|index| index.build_seconds()).sum(),
            bytes: indexes.iter().map(|index| index.bytes()).sum(),
        }
    }
}

/// Everything, means over the runs first.
#[derive(Clone, Debug, Serialize)]
pub struct Json {
    /// Means over the runs.
    #[serde(flatten)]
    pub mean: MeanJson,
    /// Peak resident memory of the process; null where the system does not tell.
    pub peak_bytes: Option<u64>,
    /// Each run.
    pub runs: Vec<RunJson>,
    /// The first run's model together with the baseline `sum`.
    pub blend: Option<RankingJson>,
    /// Each baseline.
    pub baselines: BTreeMap<&'static str, RankingJson>,
    /// Direction by training in-degree alone.
    pub in_degree_direction_auc: f64,
    /// Each ablation, if they were asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ablations: BTreeMap<&'static str, MeanJson>,
    /// Packages that training did not see, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newcomers: Option<NewcomersJson>,
    /// What serves the recommendations.
    pub indexes: Option<IndexesJson>,
    /// What goes with each package that was asked for.
    pub goes_with: BTreeMap<String, Vec<RecommendationJson>>,
    /// What each of them goes with.
    pub belongs_to: BTreeMap<String, Vec<RecommendationJson>>,
}

/// The JSON of some runs and the baselines.
pub fn json(runs: Vec<RunJson>, baselines: &[RankingReport; 5], in_degree: Direction) -> Json {
    Json {
        mean: mean(&runs),
        peak_bytes: peak_bytes(),
        runs,
        blend: None,
        baselines: Baseline::ALL
            .into_iter()
            .map(|baseline| (baseline.label(), ranking(&baselines[baseline as usize])))
            .collect(),
        in_degree_direction_auc: in_degree.auc,
        ablations: BTreeMap::new(),
        newcomers: None,
        indexes: None,
        goes_with: BTreeMap::new(),
        belongs_to: BTreeMap::new(),
    }
}

/// Ranking figures as JSON.
pub fn ranking(report: &RankingReport) -> RankingJson {
    RankingJson::new(report)
}

/// Recommendations as JSON.
pub fn recommendations(names: &[String], list: &[Recommendation]) -> Vec<RecommendationJson> {
    list.iter()
        .map(|&Recommendation { id, score }| RecommendationJson {
            name: names[id as usize].clone(),
            score,
            bits: format!("{:08x}", score.to_bits()),
        })
        .collect()
}

/// The heading of the ranking table.
pub fn heading() -> String {
    let mut line = format!("{:32}{:>8}{:>8}{:>8}{:>10}", "", "HR@10", "HR@50", "MRR", "direction");
    DegreeBucket::ALL.iter().for_each(|bucket| line += &format!("{:>8}", bucket.label()));
    line
}

/// A row of the ranking table: totals, direction AUC if there is one, HitRate@10 by out-degree of the query.
pub fn row(name: &str, report: &RankingReport, direction_auc: Option<f64>) -> String {
    line(name, &RankingJson::new(report), direction_auc)
}

/// The row of a mean.
pub fn mean_row(name: &str, mean: &MeanJson) -> String {
    line(name, &mean.ranking, Some(mean.direction_auc))
}

fn line(name: &str, ranking: &RankingJson, direction_auc: Option<f64>) -> String {
    let RankingJson { hit_rate_10, hit_rate_50, mrr, by_degree, .. } = ranking;
    let auc = direction_auc.map_or(String::new(), |auc| format!("{auc:.3}"));
    let mut line = format!("{name:32}{hit_rate_10:>8.3}{hit_rate_50:>8.3}{mrr:>8.3}{auc:>10}");
    for bucket in DegreeBucket::ALL {
        let of_bucket = by_degree.get(bucket.label()).map_or(0.0, |ranking| ranking.hit_rate_10);
        line += &format!("{of_bucket:>8.3}");
    }
    line
}

/// Peak resident memory of this process, where the system tells.
pub fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
