//! Learning while labels are late: the methods of delayed feedback on two streams with real delays, and on one whose
//! truth is known.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use delayed_feedback::comparison::{StreamOutcomes, compare};
use delayed_feedback::figures::WARM_UP;
use delayed_feedback::method::Method;
use delayed_feedback::simulation::{Size, simulate};
use delayed_feedback::task::Task;
use delayed_feedback::{plot, report};
use shared::flights::load;
use shared::learner::{BATCH, Settings};
use shared::progress::{bar, default_threads};

/// Compare how to learn from labels that arrive late, on the departures from New York in 2013.
#[derive(Parser)]
struct Arguments {
    /// Simulate a stream with known truth too: which weights are unbiased.
    #[arg(long)]
    simulate: bool,
    /// Threads; results do not depend on it.
    #[arg(long, default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Learning rate of all models and heads.
    #[arg(long, default_value_t = Settings::default().alpha)]
    alpha: f32,
    /// Rows of a learning step, at most the 16 whose weights are computed together.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=BATCH as i64))]
    minibatch: u8,
    /// Use the first days of the year only; 30 are not counted.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(i64).range(WARM_UP + 14..=365))]
    days: i64,
    /// Draw the cumulative log loss above Oracle into this SVG file.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Write all figures as one JSON object, those of the simulation too.
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
            eprintln!("delayed_feedback: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let mut json = report::Json::default();
    let streams = streams(arguments, &mut out)?;
    for stream in &streams {
        json.add_stream(stream.name, &stream.outcomes);
    }
    if let Some(path) = &arguments.plot {
        plot::draw(path, &streams, WARM_UP)?;
    }
    if arguments.simulate || arguments.json.is_some() {
        let size = Size::default();
        writeln!(out, "Simulated: {} streams of {} clicks, heads at the truth", size.streams, size.clicks)?;
        let bar = bar("simulated", size.streams, "streams")?;
        let all = simulate(size, usize::from(arguments.threads), |done| bar.inc(done))?;
        bar.finish_and_clear();
        writeln!(out, "{}", report::simulated(&all))?;
        json.add_simulated(&all);
    }
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&json)?;
        std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// Both streams, each with its table.
fn streams(arguments: &Arguments, out: &mut impl Write) -> Result<Vec<StreamOutcomes>, Box<dyn Error>> {
    let flights = load(arguments.data.as_deref())?;
    let settings =
        Settings { alpha: arguments.alpha, minibatch: arguments.minibatch.into(), ..Settings::default() };
    let mut streams = Vec::new();
    for task in [Task::departures_return(&flights), Task::arrives_late(&flights)] {
        let task = if arguments.days < 365 { task.first_days(arguments.days) } else { task };
        let methods = Method::of(&task);
        let bar = bar(task.name, (task.len() * methods.len()) as u64, "predictions")?;
        let threads = usize::from(arguments.threads);
        let outcomes = compare(&task, &methods, settings, WARM_UP, threads, |done| bar.inc(done))?;
        bar.finish_and_clear();
        let converted = (0..task.len()).filter(|&click| task.converts(click)).count();
        let share = 100.0 * converted as f64 / task.len() as f64;
        writeln!(out, "{}: {}", task.name, task.about)?;
        writeln!(out, "{} clicks, {share:.1} % convert; counted from day {WARM_UP} on", task.len())?;
        writeln!(out, "{}", report::stream(&outcomes))?;
        streams.push(StreamOutcomes { name: task.name, outcomes });
    }
    Ok(streams)
}
