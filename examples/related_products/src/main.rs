//! What goes with this package? Learns dual embeddings on the Debian package graph and serves them.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use avocet::Pool;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use related_products::baselines::{Baseline, Baselines, evaluate as evaluate_baselines, in_degree_direction};
use related_products::blend;
use related_products::data::{PackageGraph, load};
use related_products::embeddings::Embeddings;
use related_products::evaluation::evaluate;
use related_products::metrics::DegreeBucket;
use related_products::newcomers;
use related_products::one_way::one_way_test;
use related_products::recipe::Recipe;
use related_products::report::{self, IndexesJson, Json, NewcomersJson, RunJson, TrainingJson};
use related_products::serving::Recommender;
use related_products::split::{Split, out_degrees};
use related_products::training::{Trained, TrainingData, train};

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
    /// Train the ablations too, each with the same seeds, and embed packages that were not in training.
    #[arg(long)]
    ablations: bool,
    /// Recommend for this package (may be repeated).
    #[arg(long)]
    query: Vec<String>,
    /// Write the embeddings of the first seed.
    #[arg(long)]
    save: Option<PathBuf>,
    /// Serve saved embeddings instead of training.
    #[arg(long, conflicts_with_all = ["seeds", "save", "epochs", "one_way", "ablations"])]
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
    let packages = load(arguments.data.as_deref())?;
    let asked =
        if arguments.query.is_empty() { TOUR.map(String::from).to_vec() } else { arguments.query.clone() };
    let queries = asked.iter().map(|name| find(&packages, name)).collect::<Result<Vec<u32>, _>>()?;
    let threads = usize::from(arguments.threads);
    let pool = if threads > 1 { Some(Pool::new(threads)?) } else { None };
    let mut session = Session {
        out: std::io::stdout().lock(),
        split: Split::new(&packages),
        packages: &packages,
        pool: pool.as_ref(),
        threads,
    };
    let (mut json, served) = session.measure(arguments)?;
    if let Some(path) = &arguments.save {
        served.save(path)?;
    }
    session.recommend(&asked, &queries, &served, &mut json)?;
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&json)?;
        std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// What every step of a run needs.
struct Session<'a> {
    out: std::io::StdoutLock<'static>,
    packages: &'a PackageGraph,
    split: Split,
    pool: Option<&'a Pool>,
    threads: usize,
}

impl Session<'_> {
    /// Baselines, trainings (or loaded embeddings) and what goes with them: the tables and their figures.
    fn measure(&mut self, arguments: &Arguments) -> Result<(Json, Embeddings), Box<dyn Error>> {
        writeln!(
            self.out,
            "{} packages; {} training and {} held-out edges \"recommends\"; {} threads, {}",
            self.packages.len(),
            self.split.train.len(),
            self.split.test.len(),
            self.threads,
            avocet::active_isa().name().to_string_lossy(),
        )?;
        let baselines = Baselines::new(self.packages, &self.split.train);
        let reports = evaluate_baselines(&baselines, &self.split.test, self.threads);
        let one_way = one_way_test(&self.split.test, self.packages);
        let in_degree = in_degree_direction(&self.split.train, &one_way, self.packages.len());
        writeln!(
            self.out,
            "\nHeld-out edges, ranked among all packages (right: HR@10 by training edges of the query)"
        )?;
        writeln!(self.out, "{}", report::heading())?;
        for baseline in Baseline::ALL {
            writeln!(self.out, "{}", report::row(baseline.label(), &reports[baseline as usize], None))?;
        }
        writeln!(self.out, "{:32}{:>8}{:>8}{:>8}{:>10.3}", "in_degree", "", "", "", in_degree.auc)?;

        let recipe = Recipe { one_way: arguments.one_way, epochs: arguments.epochs, ..Recipe::default() };
        let (runs, served) = match &arguments.load {
            Some(path) => self.loaded(path)?,
            None => {
                let data = TrainingData::new(self.packages, &self.split)?;
                self.trained(&data, "avocet", recipe, arguments.seeds)?
            }
        };
        let mut json = report::json(runs, &reports, in_degree);
        let Embeddings { sources, targets, .. } = &served;
        let blended = blend::evaluate(&baselines, &self.split.test, sources, targets, self.pool)?;
        writeln!(self.out, "{}", report::row("avocet + sum", &blended, None))?;
        json.blend = Some(report::ranking(&blended));
        if let Some(seconds) = json.mean.seconds_per_epoch {
            write!(self.out, "\n{seconds:.3} seconds per epoch (median)")?;
            if let Some(bytes) = json.peak_bytes {
                write!(self.out, ", peak memory {:.2} GiB", bytes as f64 / (1u64 << 30) as f64)?;
            }
            writeln!(self.out)?;
        }
        if arguments.ablations {
            self.ablations(recipe, arguments.seeds, &mut json)?;
            self.newcomers(recipe, &mut json)?;
        }
        Ok((json, served))
    }

    /// Embeddings of a file, evaluated.
    fn loaded(&mut self, path: &Path) -> Result<(Vec<RunJson>, Embeddings), Box<dyn Error>> {
        let embeddings = Embeddings::load(path)?;
        if embeddings.names != self.packages.names() {
            return Err(format!("{}: made from other packages", path.display()).into());
        }
        let Embeddings { sources, targets, .. } = &embeddings;
        let evaluation = evaluate(self.packages, &self.split, sources, targets, self.pool)?;
        let auc = Some(evaluation.direction.auc);
        writeln!(self.out, "{}", report::row("avocet, loaded", &evaluation.ranking, auc))?;
        Ok((vec![RunJson::new(None, &evaluation)], embeddings))
    }

    /// Trains with each seed; the runs and the first seed's embeddings.
    fn trained(
        &mut self,
        data: &TrainingData,
        name: &str,
        recipe: Recipe,
        seeds: u64,
    ) -> Result<(Vec<RunJson>, Embeddings), Box<dyn Error>> {
        let mut runs = Vec::new();
        let mut first = None;
        for seed in 0..seeds {
            let Trained { sources, targets, parameters, seconds_per_epoch, loss, .. } =
                train_with_progress(data, recipe, name, seed, self.pool)?;
            let evaluation = evaluate(self.packages, &self.split, &sources, &targets, self.pool)?;
            let label = format!("{name}, seed {seed}");
            let auc = Some(evaluation.direction.auc);
            writeln!(self.out, "{}", report::row(&label, &evaluation.ranking, auc))?;
            let temperature = parameters.temperature();
            let training = TrainingJson { seed, seconds_per_epoch, loss, temperature };
            runs.push(RunJson::new(Some(training), &evaluation));
            let names = self.packages.names();
            first.get_or_insert_with(|| Embeddings { names: names.to_vec(), sources, targets });
        }
        if seeds > 1 {
            writeln!(self.out, "{}", report::mean_row(&format!("{name}, mean"), &report::mean(&runs)))?;
        }
        Ok((runs, first.ok_or("no seed")?))
    }

    /// Each ablation of the recipe.
    fn ablations(&mut self, recipe: Recipe, seeds: u64, json: &mut Json) -> Result<(), Box<dyn Error>> {
        let data = TrainingData::new(self.packages, &self.split)?;
        writeln!(self.out, "\nAblations (scored: the fan-out holds in scoring too)")?;
        writeln!(self.out, "{}", report::heading())?;
        for (name, recipe) in recipe.ablations() {
            let (runs, _) = self.trained(&data, name, recipe, seeds)?;
            json.ablations.insert(name, report::mean(&runs));
        }
        Ok(())
    }

    /// Packages that training did not see, embedded from their features and neighbours.
    fn newcomers(&mut self, recipe: Recipe, json: &mut Json) -> Result<(), Box<dyn Error>> {
        let new = newcomers::choose(&self.split);
        let data = TrainingData::without(self.packages, &self.split, &new.iter().copied().collect())?;
        let trained = train_with_progress(&data, recipe, "without newcomers", 0, self.pool)?;
        let (sources, _) = newcomers::embed(self.packages, &data, &trained, &new, self.pool)?;
        let edges = newcomers::test_edges(&self.split, &new);
        let model = newcomers::evaluate(&new, &sources, &trained.targets, &edges, self.pool)?;
        let baselines = Baselines::new(self.packages, data.train());
        let heuristic = evaluate_baselines(&baselines, &edges, self.threads)[Baseline::Sum as usize].total;
        writeln!(
            self.out,
            "\n{} packages that training did not see, {} edges out: HR@10 {:.3}, HR@50 {:.3}, MRR {:.3} (sum {:.3}, {:.3}, {:.3})",
            new.len(),
            edges.len(),
            model.hit_rate_10,
            model.hit_rate_50,
            model.mrr,
            heuristic.hit_rate_10,
            heuristic.hit_rate_50,
            heuristic.mrr,
        )?;
        json.newcomers = Some(NewcomersJson::new(new.len(), model, heuristic));
        Ok(())
    }

    /// Recommendations in both directions.
    fn recommend(
        &mut self,
        asked: &[String],
        queries: &[u32],
        served: &Embeddings,
        json: &mut Json,
    ) -> Result<(), Box<dyn Error>> {
        let degrees = out_degrees(&self.split.train, self.packages.len());
        let Embeddings { names, sources, targets } = served;
        // Packed once, searched as often as it takes.
        let mut finds = Recommender::new(sources, targets, self.pool)?;
        let mut is_found = Recommender::new(targets, sources, self.pool)?;
        let indexes = IndexesJson::of(&[&finds, &is_found]);
        writeln!(
            self.out,
            "\nPacked to serve, targets and sources: {:.1} ms, {:.1} MiB",
            1e3 * indexes.build_seconds,
            indexes.bytes as f64 / (1u64 << 20) as f64,
        )?;
        json.indexes = Some(indexes);
        let goes_with = finds.recommend(queries, 10, self.pool)?;
        let belongs_to = is_found.recommend(queries, 10, self.pool)?;
        let lists = goes_with.iter().zip(&belongs_to);
        for ((name, &id), (goes_with, belongs_to)) in asked.iter().zip(queries).zip(lists) {
            let bucket = DegreeBucket::of(degrees[id as usize]).label();
            writeln!(self.out, "\n{name} ({bucket} training edges)")?;
            writeln!(self.out, "  {:44}what {name} goes with", format!("what goes with {name}"))?;
            for (a, b) in goes_with.iter().zip(belongs_to) {
                let (left, right) = (&names[a.id as usize], &names[b.id as usize]);
                writeln!(self.out, "  {:.4} {left:36} {:.4} {right}", a.score, b.score)?;
            }
            json.goes_with.insert(name.clone(), report::recommendations(names, goes_with));
            json.belongs_to.insert(name.clone(), report::recommendations(names, belongs_to));
        }
        Ok(())
    }
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
    name: &str,
    seed: u64,
    pool: Option<&Pool>,
) -> Result<Trained, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{msg} [{bar:40}] {pos}/{len} epochs, {eta} left")?;
    let bar = ProgressBar::new(recipe.epochs as u64).with_style(style.progress_chars("=> "));
    let trained = train(data, recipe, seed, pool, |_, loss| {
        bar.set_message(format!("{name}, seed {seed}, loss {loss:.3}"));
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    Ok(trained)
}
