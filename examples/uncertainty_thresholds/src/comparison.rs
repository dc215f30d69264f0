//! All methods on some grids at some precisions: thresholds chosen on one set of rows, reported on the next.

use avocet::Error;
use avocet::threshold::{Bootstrap, Grid, Missing, bootstrap_decisions};
use serde::Serialize;
use shared::parallel;

use crate::buckets::{Buckets, Layout};
use crate::method::{Chosen, Method};
use crate::scored::{Curve, Passing, Scored};

/// The rows that thresholds are chosen on, without ties, and those that they are reported on.
#[derive(Clone, Debug)]
pub struct Sets {
    /// Where thresholds are chosen.
    pub fit: Scored,
    /// Where they are reported.
    pub report: Scored,
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The grids, the first of which is the one that matters.
    pub layouts: &'a [Layout],
    /// The precisions that are required, in hundredths.
    pub precisions: &'a [u32],
    /// The methods.
    pub methods: &'a [Method],
    /// Replicates of the bootstrap of the reported figures; without intervals if 0.
    pub replicates: usize,
}

/// A figure where thresholds were chosen and where they are reported. Null without rows to pass.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// On the rows that thresholds were chosen on.
    pub fit: Option<f64>,
    /// On the rows that follow.
    pub report: Option<f64>,
    /// The interval that 95 % of the replicates of the report are in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
}

/// What a method reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The method.
    pub method: Method,
    /// The grid.
    pub layout: Layout,
    /// The precision that was required, in hundredths.
    pub precision_required: u32,
    /// The thresholds, unless nothing reaches the precision.
    pub chosen: Option<Chosen>,
    /// The share of the positives that pass.
    pub recall: Figure,
    /// The share of positives in what passes.
    pub precision: Figure,
    /// On the report, the recall of the best single threshold that reaches the same precision there: one that could be chosen
    /// in hindsight only.
    pub single_in_hindsight: Option<f64>,
}

/// Cuts the rows of the fit into the grid for a single threshold, then into those of a plan.
pub fn buckets(sets: &Sets, layouts: &[Layout], threads: usize) -> Result<Vec<Buckets>, Error> {
    let single = layouts.first().map(|layout| layout.single());
    let layouts: Vec<Layout> = single.into_iter().chain(layouts.iter().copied()).collect();
    parallel::each(&layouts, threads, |&layout| Buckets::new(layout, &sets.fit)).into_iter().collect()
}

/// Runs a plan: by grid, that of the single threshold first, then by precision, then by method. `progress` is told of each one. The number
/// of threads does not change the results.
pub fn compare(
    sets: &Sets,
    buckets: &[Buckets],
    plan: &Plan<'_>,
    threads: usize,
    progress: impl Fn() + Sync,
) -> Result<Vec<Outcome>, Error> {
    let curve = Curve::new(&sets.report);
    let outcomes = parallel::each(&jobs(buckets, plan), threads, |&(buckets, required, method)| {
        let chosen = method.choose(buckets, required)?;
        let outcome = measure(sets, &curve, buckets, required, method, chosen, plan.replicates);
        progress();
        outcome
    });
    outcomes.into_iter().collect()
}

/// How many outcomes a plan has.
pub fn count(buckets: &[Buckets], plan: &Plan<'_>) -> u64 {
    jobs(buckets, plan).len() as u64
}

fn jobs<'a>(buckets: &'a [Buckets], plan: &Plan<'_>) -> Vec<(&'a Buckets, u32, Method)> {
    let mut jobs = Vec::new();
    for buckets in buckets {
        for &precision in plan.precisions {
            let methods = plan.methods.iter().filter(|method| method.serves(buckets));
            jobs.extend(methods.map(|&method| (buckets, precision, method)));
        }
    }
    jobs
}

fn measure(
    sets: &Sets,
    curve: &Curve,
    buckets: &Buckets,
    precision_required: u32,
    method: Method,
    chosen: Option<Chosen>,
    replicates: usize,
) -> Result<Outcome, Error> {
    let grid = &buckets.grid;
    let mut passing = [Passing::default(); 2];
    let mut intervals = None;
    if let Some(Chosen { thresholds, .. }) = &chosen {
        passing = [sets.fit.passing(grid, thresholds)?, sets.report.passing(grid, thresholds)?];
        if replicates > 0 {
            intervals = Some(bootstrap(grid, thresholds, &sets.report, replicates)?);
        }
    }
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let positives = [sets.fit.positives(), sets.report.positives()];
    let figure = |wholes: [u64; 2], at: usize| Figure {
        fit: share(passing[0].positives, wholes[0]),
        report: share(passing[1].positives, wholes[1]),
        interval: intervals.map(|both: [[f64; 2]; 2]| both[at]),
    };
    Ok(Outcome {
        method,
        layout: buckets.layout,
        precision_required,
        recall: figure(positives, 0),
        precision: figure(passing.map(|passing| passing.rows), 1),
        single_in_hindsight: (passing[1].rows > 0).then(|| curve.recall_at(passing[1])),
        chosen,
    })
}

/// Intervals of recall and precision.
fn bootstrap(
    grid: &Grid,
    thresholds: &[f32],
    rows: &Scored,
    replicates: usize,
) -> Result<[[f64; 2]; 2], Error> {
    let options = Bootstrap { replicates, ..Bootstrap::new(1) };
    let of = bootstrap_decisions(grid, thresholds, rows.rows(), Missing::Refuse, options, None)?;
    Ok(of.map(|interval| [interval.low, interval.high]))
}
