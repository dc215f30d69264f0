//! What goes with this package? Learns dual embeddings on the Debian package graph and serves them.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use avocet::Pool;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use related_products::baselines::{Baseline, Baselines, evaluate as evaluate_baselines, in_degree_direction};
use related_products::data::{PackageGraph, load};
use related_products::embeddings::Embeddings;
use related_products::evaluation::{evaluate, recommend};
use related_products::metrics::{DegreeBucket, RankingReport};
use related_products::one_way::one_way_test;
use related_products::report::{self, Json, RunJson, TrainingJson};
use related_products::split::{Split, out_degrees};
use related_products::training::{Recipe, Trained, TrainingData, train};

/// Learn which Debian package goes with which, and recommend.
#[derive(Parser)]
struct Arguments {
    /// Train with this many seeds (0, 1, ...) and report each and the mean.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Weight of the one-way term: higher knows direction better, lower ranks a little better.
    #[arg(long, default_value_t = 0.3)]
    one_way: f32,
    /// Threads; results do not depend on it.
    #[arg(long, default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Full-batch steps.
    #[arg(long, default_value_t = Recipe::default().epochs)]
    epochs: usize,
    /// Recommend for this package (may be repeated).
    #[arg(long)]
    query: Vec<String>,
    /// Write the embeddings of the first seed.
    #[arg(long)]
    save: Option<PathBuf>,
    /// Serve saved embeddings instead of training.
    #[arg(long, conflicts_with_all = ["seeds", "save", "epochs", "one_way"])]
    load: Option<PathBuf>,
    /// Write all figures as one JSON object.
    #[arg(long)]
    json: Option<PathBuf>,
    /// The packed package graph, if not the one that came with this program.
    #[arg(long)]
    data: Option<PathBuf>,
}

fn default_threads() -> u16 {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(1024) as u16)
}

/// Packages that the tour shows if none is asked for.
const TOUR: [&str; 4] = ["gimp", "gimp-data", "postgresql", "emacs"];

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("related_products: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let packages = load(arguments.data.as_deref())?;
    let asked =
        if arguments.query.is_empty() { TOUR.map(String::from).to_vec() } else { arguments.query.clone() };
    let queries = asked.iter().map(|name| find(&packages, name)).collect::<Result<Vec<u32>, _>>()?;
    let split = Split::new(&packages);
    let threads = usize::from(arguments.threads);
    let pool = if threads > 1 { Some(Pool::new(threads)?) } else { None };
    let pool = pool.as_ref();

    writeln!(
        out,
        "{} packages; {} training and {} held-out edges \"recommends\"; {} threads, {}",
        packages.len(),
        split.train.len(),
        split.test.len(),
        threads,
        avocet::active_isa().name().to_string_lossy(),
    )?;
    let baselines = Baselines::new(&packages, &split.train);
    let baseline_reports = evaluate_baselines(&baselines, &split.test, threads);
    let one_way = one_way_test(&split.test, &packages);
    let in_degree = in_degree_direction(&split.train, &one_way, packages.len());

    let mut runs: Vec<(String, RankingReport, RunJson)> = Vec::new();
    let mut served = None;
    if let Some(path) = &arguments.load {
        let embeddings = Embeddings::load(path)?;
        if embeddings.names != packages.names() {
            return Err(format!("{}: made from other packages", path.display()).into());
        }
        let evaluation = evaluate(&packages, &split, &embeddings.sources, &embeddings.targets, pool)?;
        runs.push(("avocet, loaded".into(), evaluation.ranking, RunJson::new(None, &evaluation)));
        served = Some(embeddings);
    } else {
        let data = TrainingData::new(&packages, &split)?;
        let recipe = Recipe { one_way: arguments.one_way, epochs: arguments.epochs, ..Recipe::default() };
        for seed in 0..arguments.seeds {
            let Trained { sources, targets, seconds_per_epoch, loss, temperature } =
                train_with_progress(&data, recipe, seed, pool)?;
            let evaluation = evaluate(&packages, &split, &sources, &targets, pool)?;
            let training = TrainingJson { seed, seconds_per_epoch, loss, temperature };
            let run = RunJson::new(Some(training), &evaluation);
            runs.push((format!("avocet, seed {seed}"), evaluation.ranking, run));
            served.get_or_insert_with(|| Embeddings { names: packages.names().to_vec(), sources, targets });
        }
    }
    let served = served.ok_or("no run")?;
    if let Some(path) = &arguments.save {
        served.save(path)?;
    }

    writeln!(
        out,
        "\nHeld-out edges, ranked among all packages (right: HR@10 by training edges of the query)"
    )?;
    writeln!(out, "{}", report::heading())?;
    for baseline in Baseline::ALL {
        writeln!(out, "{}", report::row(baseline.label(), &baseline_reports[baseline as usize], None))?;
    }
    for (name, ranking, run) in &runs {
        writeln!(out, "{}", report::row(name, ranking, Some(run.direction_auc)))?;
    }
    let runs: Vec<RunJson> = runs.into_iter().map(|(_, _, run)| run).collect();
    let mut json = report::json(runs, &baseline_reports, in_degree);
    if json.runs.len() > 1 {
        let Json { hit_rate_10, hit_rate_50, mrr, direction_auc, .. } = json;
        writeln!(
            out,
            "{:20}{hit_rate_10:>8.3}{hit_rate_50:>8.3}{mrr:>8.3}{direction_auc:>10.3}",
            "avocet, mean"
        )?;
    }
    writeln!(out, "{:20}{:>8}{:>8}{:>8}{:>10.3}", "in-degree", "", "", "", in_degree.auc)?;
    if let Some(seconds) = json.seconds_per_epoch {
        write!(out, "\n{seconds:.3} seconds per epoch (median)")?;
        if let Some(bytes) = json.peak_bytes {
            write!(out, ", peak memory {:.2} GiB", bytes as f64 / (1u64 << 30) as f64)?;
        }
        writeln!(out)?;
    }

    let degrees = out_degrees(&split.train, packages.len());
    for (name, &id) in asked.iter().zip(&queries) {
        let bucket = DegreeBucket::of(degrees[id as usize]).label();
        writeln!(out, "\n{name} ({bucket} training edges)")?;
        let goes_with = recommend(&served.sources, &served.targets, id, 10, pool)?;
        let belongs_to = recommend(&served.targets, &served.sources, id, 10, pool)?;
        writeln!(out, "  {:44}what {name} goes with", format!("what goes with {name}"))?;
        for (a, b) in goes_with.iter().zip(&belongs_to) {
            let (left, right) = (&served.names[a.id as usize], &served.names[b.id as usize]);
            writeln!(out, "  {:.4} {left:36} {:.4} {right}", a.score, b.score)?;
        }
        json.goes_with.insert(name.clone(), report::recommendations(&served.names, &goes_with));
        json.belongs_to.insert(name.clone(), report::recommendations(&served.names, &belongs_to));
    }
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&json)?;
        std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// The package of a name, or an error that names some like it.
fn find(packages: &PackageGraph, name: &str) -> Result<u32, String> {
    packages.find(name).ok_or_else(|| {
        let like = packages.names().iter().filter(|other| other.contains(name)).take(5);
        let like: Vec<&str> = like.map(String::as_str).collect();
        let hint = if like.is_empty() { String::new() } else { format!("; there is {}", like.join(", ")) };
        format!("no package is called {name:?}{hint}")
    })
}

fn train_with_progress(
    data: &TrainingData,
    recipe: Recipe,
    seed: u64,
    pool: Option<&Pool>,
) -> Result<Trained, Box<dyn Error>> {
    let style = ProgressStyle::with_template("seed {msg} [{bar:40}] {pos}/{len} epochs, {eta} left")?;
    let bar = ProgressBar::new(recipe.epochs as u64).with_style(style.progress_chars("=> "));
    bar.set_message(seed.to_string());
    let trained = train(data, recipe, seed, pool, |_, loss| {
        bar.inc(1);
        bar.set_message(format!("{seed}, loss {loss:.3}"));
    })?;
    bar.finish();
    Ok(trained)
}
