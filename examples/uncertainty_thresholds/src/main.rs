//! One score threshold for each level of uncertainty: late flights, and rows of a known distribution.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use shared::flights::load;
use shared::progress::{bar, default_threads};

use uncertainty_thresholds::comparison::{Outcome, Plan, Sets, buckets, compare, count};
use uncertainty_thresholds::ensemble::Training;
use uncertainty_thresholds::late::{self, Late};
use uncertainty_thresholds::method::Method;
use uncertainty_thresholds::{buckets::Buckets, plot, report, synthetic};

/// Precisions of the frontier, in hundredths.
const FRONTIER: (u32, u32, usize) = (30, 80, 2);

/// Choose thresholds on score and uncertainty: which flights from New York in 2013 arrive late.
#[derive(Parser)]
struct Arguments {
    /// Choose thresholds for rows of a known distribution too.
    #[arg(long)]
    synthetic: bool,
    /// Synthetic rows to choose thresholds on, and as many to report on.
    #[arg(long, default_value_t = 2_000_000, value_parser = clap::value_parser!(u32).range(10_000..=100_000_000))]
    rows: u32,
    /// Threads; results do not depend on it.
    #[arg(long, default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Models of the ensemble.
    #[arg(long, default_value_t = Training::default().members, value_parser = clap::value_parser!(u64).range(2..=1000))]
    members: u64,
    /// A model sees one of so many negatives.
    #[arg(long, default_value_t = Training::default().negatives, value_parser = clap::value_parser!(u32).range(1..=1000))]
    negatives: u32,
    /// Replicates of the bootstrap.
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    replicates: u32,
    /// Draw late flights by score and uncertainty, with the thresholds, into this SVG file.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Write all figures as one JSON object, those of the synthetic rows too.
    #[arg(long)]
    json: Option<PathBuf>,
    /// The packed flights, if not those that came with this program.
    #[arg(long)]
    data: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("uncertainty_thresholds: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let mut json = report::Json::default();
    real(arguments, &mut json, &mut out)?;
    if arguments.synthetic || arguments.json.is_some() {
        known(arguments, &mut json, &mut out)?;
    }
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&json)?;
        std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// Late flights.
fn real(arguments: &Arguments, json: &mut report::Json, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let late = Late::new(&load(arguments.data.as_deref())?);
    let training =
        Training { members: arguments.members, negatives: arguments.negatives, ..Training::default() };
    let threads = usize::from(arguments.threads);
    let progress = bar("train", training.members, "models")?;
    let sets = late.sets(&training, threads, || progress.inc(1))?;
    progress.finish_and_clear();
    let plan = Plan {
        layouts: &late::LAYOUTS,
        precisions: &late::PRECISIONS,
        methods: &Method::ALL,
        replicates: arguments.replicates as usize,
    };
    let buckets = buckets(&sets, plan.layouts, threads)?;
    let outcomes = bar_compare("late", &sets, &buckets, &plan, threads)?;
    let (low, high, step) = FRONTIER;
    let precisions: Vec<u32> = (low..=high).step_by(step).collect();
    let plan =
        Plan { precisions: &precisions, methods: &[Method::SINGLE, Method::EXACT], replicates: 0, ..plan };
    // The grid of the single threshold, and the first one.
    let frontier = bar_compare("frontier", &sets, &buckets[..2], &plan, threads)?;
    let shares = [&sets.fit, &sets.report].map(|rows| 100.0 * rows.positives() as f64 / rows.len() as f64);
    writeln!(out, "late: arrives more than 15 minutes late; {} models of January to June", training.members)?;
    writeln!(
        out,
        "chosen on {} flights of July to September, {:.1} % late; then {} of October to December, {:.1} % late",
        sets.fit.len(),
        shares[0],
        sets.report.len(),
        shares[1]
    )?;
    writeln!(out, "{}", report::real(&outcomes))?;
    json.add_real(&outcomes, plan.layouts, &frontier);
    if let Some(path) = &arguments.plot {
        plot::draw(path, &sets, &buckets[1], &outcomes, &frontier)?;
    }
    Ok(())
}

/// Rows of a known distribution.
fn known(arguments: &Arguments, json: &mut report::Json, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let threads = usize::from(arguments.threads);
    let sets = synthetic::sets(arguments.rows as usize, threads)?;
    let plan = Plan {
        layouts: &synthetic::LAYOUTS,
        precisions: &synthetic::KNOWN.map(|(precision, _)| precision),
        methods: &Method::ALL,
        replicates: 0,
    };
    let buckets = buckets(&sets, plan.layouts, threads)?;
    let outcomes = bar_compare("synthetic", &sets, &buckets, &plan, threads)?;
    writeln!(out, "synthetic: chosen on {} rows, reported on {}", sets.fit.len(), sets.report.len())?;
    writeln!(out, "{}", report::synthetic(&outcomes))?;
    json.add_synthetic(&outcomes);
    Ok(())
}

/// Compares and says how far it is.
fn bar_compare(
    name: &'static str,
    sets: &Sets,
    buckets: &[Buckets],
    plan: &Plan<'_>,
    threads: usize,
) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let progress = bar(name, count(buckets, plan), "searches")?;
    let outcomes = compare(sets, buckets, plan, threads, || progress.inc(1))?;
    progress.finish_and_clear();
    Ok(outcomes)
}
