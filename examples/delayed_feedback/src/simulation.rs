//! A stream whose truth is known, which shows the weights that are unbiased: with the heads at the truth, the stationary
//! point of the weighted loss is compared with the true probability.
//!
//! There are four kinds of click ([`CELLS`]), each with an early signal that the heads may know and the model does not. A
//! model of one logit for each cell has no other error than that of the weights and of the finite stream.

use avocet::Error;
use avocet::logistic::{
    NEVER, Pointwise, RowKind, Rows as Kinds, Targets, feedback_weights, pointwise, served,
};
use avocet::{Function, Workspace, map};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

use crate::heads::Head;
use crate::method::{Feed, Method, Serve};
use crate::stream;
use crate::task::Task;
use shared::parallel;
use shared::rows::Rows;

/// Clicks of one cell with one value of the signal.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Their share of the cell.
    pub share: f64,
    /// The probability that they convert.
    pub converts: f64,
    /// The share of the conversions that come after the window.
    pub late: f64,
}

const fn part(share: f64, converts: f64, late: f64) -> Part {
    Part { share, converts, late }
}

/// The cells, all equally frequent: their clicks without the signal and with it.
pub const CELLS: [[Part; 2]; 4] = [
    [part(0.7, 0.10, 0.5), part(0.3, 0.8, 0.75)],
    [part(0.8, 0.05, 0.3), part(0.2, 0.6, 0.5)],
    [part(0.5, 0.30, 0.6), part(0.5, 0.9, 0.8)],
    [part(0.9, 0.20, 0.7), part(0.1, 0.5, 0.9)],
];

/// How much is simulated.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Independent streams, from which the standard error follows.
    pub streams: u64,
    /// Clicks of each.
    pub clicks: u32,
}

impl Default for Size {
    fn default() -> Self {
        Self { streams: 40, clicks: 50_000 }
    }
}

/// The error of a method's estimates, averaged over the cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simulated {
    /// The method's name in the JSON output.
    pub key: &'static str,
    /// Its name in tables.
    pub name: &'static str,
    /// The mean error over the streams and its standard error; absent if a weight was infinite.
    pub bias: Option<(f64, f64)>,
}

/// The methods of the simulation: all of the tables, and DEFER without its clip.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![Method::vanilla()];
    methods.extend(Method::published());
    methods.push(Method::defer_without_clip());
    methods.extend(Method::with_signals());
    methods.extend([Method::wait(), Method::oracle()]);
    methods
}

/// Runs the simulation. The number of threads does not change the results.
pub fn simulate(size: Size, threads: usize, progress: impl Fn(u64) + Sync) -> Result<Vec<Simulated>, Error> {
    let methods = methods();
    let seeds: Vec<u64> = (0..size.streams).collect();
    let errors = parallel::each(&seeds, threads, |&seed| {
        let task = clicks(seed, size.clicks);
        let errors = errors_of(&task, &methods);
        progress(1);
        errors
    });
    let errors: Vec<Vec<Option<f64>>> = errors.into_iter().collect::<Result<_, _>>()?;
    let summary = |(at, method): (usize, &Method)| {
        let of: Option<Vec<f64>> = errors.iter().map(|errors| errors[at]).collect();
        Simulated { key: method.key, name: method.name, bias: of.map(|of| mean(&of)) }
    };
    Ok(methods.iter().enumerate().map(summary).collect())
}

/// The mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// A stream of clicks; the feature of a click is its cell.
fn clicks(seed: u64, clicks: u32) -> Task {
    const WINDOW: i64 = 60;
    const ATTRIBUTION: i64 = 6_000;
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    let (mut cells, mut conversions, mut signals) = (Vec::new(), Vec::new(), Vec::new());
    let times: Vec<i64> = (0..i64::from(clicks)).collect();
    for &time in &times {
        let cell = random.random_range(0..CELLS.len());
        let [without, with] = CELLS[cell];
        let signal = random.random::<f64>() < with.share;
        let Part { converts, late, .. } = if signal { with } else { without };
        let delay = match random.random::<f64>() < converts {
            false => None,
            true if random.random::<f64>() < late => Some(random.random_range(WINDOW + 1..=ATTRIBUTION)),
            true => Some(random.random_range(0..=WINDOW)),
        };
        cells.push(cell as u32);
        signals.push(if signal { time } else { NEVER });
        conversions.push(delay.map_or(NEVER, |delay| time + delay));
    }
    let certain = |(&time, &at): (&i64, &i64)| at.min(time + ATTRIBUTION);
    Task {
        name: "simulated",
        about: "truth known",
        step: WINDOW,
        window: WINDOW,
        attribution: ATTRIBUTION,
        known: times.iter().zip(&conversions).map(certain).collect(),
        matured: times.iter().map(|time| time + ATTRIBUTION).collect(),
        times,
        conversions,
        signals: Some(signals),
        rows: Rows { width: 1, indices: cells },
        signal_rows: None,
    }
}

/// Rows of each cell by the click's signal and the row's kind.
type Counts = [[[u32; RowKind::ALL.len()]; 2]; CELLS.len()];

fn count(task: &Task, feed: Feed) -> Result<Counts, Error> {
    let rows = stream::rows(task, feed)?;
    let mut counts = Counts::default();
    for ((&click, &kind), &signal) in rows.clicks.iter().zip(&rows.kinds).zip(&rows.signals) {
        counts[task.rows.row(click)[0] as usize][usize::from(signal)][usize::from(kind)] += 1;
    }
    Ok(counts)
}

/// The error of each method's estimates, the mean over the cells.
fn errors_of(task: &Task, methods: &[Method]) -> Result<Vec<Option<f64>>, Error> {
    let mut counted: Vec<(Feed, Counts)> = Vec::new();
    let mut errors = Vec::new();
    for method in methods {
        let counts = match counted.iter().find(|(feed, _)| *feed == method.feed) {
            Some((_, counts)) => *counts,
            None => {
                let counts = count(task, method.feed)?;
                counted.push((method.feed, counts));
                counts
            }
        };
        let error = |cell: usize| -> Option<f64> {
            Some(f64::from(estimate(method, cell, &counts[cell])?) - probability(cell))
        };
        let of_cells: Option<f64> = (0..CELLS.len()).map(error).sum();
        errors.push(of_cells.map(|sum| sum / CELLS.len() as f64));
    }
    Ok(errors)
}

/// The true probability of a cell.
pub fn probability(cell: usize) -> f64 {
    CELLS[cell].iter().map(|part| part.share * part.converts).sum()
}

/// P(converts) and P(converts after the window) of a cell, or of its clicks with one value of the signal.
fn truth(cell: usize, signal: Option<usize>) -> (f64, f64) {
    let late = |part: &Part| part.converts * part.late;
    match signal {
        Some(signal) => (CELLS[cell][signal].converts, late(&CELLS[cell][signal])),
        None => (probability(cell), CELLS[cell].iter().map(|part| part.share * late(part)).sum()),
    }
}

fn logit(p: f64) -> f32 {
    (p / (1.0 - p)).ln() as f32
}

/// What a head says if it knows the truth.
fn head(head: Head, cell: usize, signal: usize) -> f32 {
    let (p, d) = truth(cell, matches!(head, Head::LateSignal | Head::NeverSignal).then_some(signal));
    match head {
        Head::Late | Head::LateSignal => logit(d),
        Head::Never | Head::NeverSignal => logit((1.0 - p) / (1.0 - p + d)),
        Head::Ever => logit(d / (1.0 - p + d)),
        Head::InTime => logit((p - d) / p),
        // The window is an hour.
        Head::Rate => (p / d).ln().exp_m1().ln() as f32,
        Head::Elapsed => 1.0,
    }
}

/// What a method serves for a cell once it has converged; none if a weight is not finite.
fn estimate(method: &Method, cell: usize, counts: &[[u32; 4]; 2]) -> Option<f32> {
    let mut sum = 0.0;
    for &scheme in method.schemes.iter().flatten() {
        let logit = [stationary(method, scheme, cell, counts)?];
        let mut p = [0.0];
        match method.serve {
            Serve::Corrected => served(&logit, &mut p, None),
            Serve::Learned | Serve::Sum => map(Function::Sigmoid, &logit, &mut p, None),
        }
        .ok()?;
        sum += p[0];
    }
    Some(sum)
}

/// The logit at which the weighted loss of a cell's rows is stationary, by Newton's steps of at most 1 with the weights
/// computed anew before each. It begins where labels taken as they are would lead.
fn stationary(
    method: &Method,
    scheme: avocet::logistic::Scheme,
    cell: usize,
    counts: &[[u32; 4]; 2],
) -> Option<f32> {
    const STEPS: usize = 3_000;
    let groups: Vec<(usize, u8, f32)> = (0..2)
        .flat_map(|signal| (0..4u8).map(move |kind| (signal, kind, counts[signal][usize::from(kind)] as f32)))
        .filter(|&(.., count)| count > 0.0)
        .collect();
    let kinds: Vec<u8> = groups.iter().map(|group| group.1).collect();
    let of = |at: usize| -> Option<Vec<f32>> {
        method.heads[at].map(|of| groups.iter().map(|group| head(of, cell, group.0)).collect())
    };
    let (first, second) = (of(0), of(1));
    let (p, d) = truth(cell, None);
    let mut x = logit(p - d);
    let n = groups.len();
    let [mut a, mut b, mut gradient, mut curvature] = [(); 4].map(|()| vec![0.0; n]);
    let mut workspace = Workspace::new();
    for _ in 0..STEPS {
        let logits = vec![x; n];
        let rows = Kinds {
            kinds: &kinds,
            logits: Some(&logits),
            first: first.as_deref(),
            second: second.as_deref(),
        };
        feedback_weights(scheme, rows, &mut a, &mut b, None).ok()?;
        for (at, group) in groups.iter().enumerate() {
            a[at] *= group.2;
            b[at] *= group.2;
        }
        workspace
            .fit(|workspace| {
                let out = Pointwise {
                    gradient: Some(&mut gradient),
                    curvature: Some(&mut curvature),
                    ..Pointwise::default()
                };
                pointwise(&logits, Targets::Coefficients { a: &a, b: &b }, false, out, None, workspace)
            })
            .ok()?;
        let total = |values: &[f32]| values.iter().map(|&value| f64::from(value)).sum::<f64>();
        let step = (total(&gradient) / total(&curvature)).clamp(-1.0, 1.0) as f32;
        x -= step;
        if step.abs() < 1e-6 {
            break;
        }
    }
    Some(x)
}
