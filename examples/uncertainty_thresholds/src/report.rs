//! What the command prints: tables for people, one JSON object for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use crate::buckets::Layout;
use crate::comparison::{Figure, Outcome};
use crate::synthetic::{KNOWN, LAYOUTS};

/// Outcomes by required precision and method.
type Table = BTreeMap<String, BTreeMap<&'static str, Entry>>;

/// All figures of a run.
#[derive(Debug, Default, Serialize)]
pub struct Json {
    /// Late flights, the first grid: by required precision and method.
    pub real: Table,
    /// Late flights, by grid.
    pub real_grids: BTreeMap<String, Table>,
    /// Precision against recall on the first grid.
    pub frontier: Table,
    /// The synthetic rows, the first grid.
    pub synthetic: Table,
    /// The synthetic rows, by grid.
    pub synthetic_grids: BTreeMap<String, Table>,
    /// The recalls known for synthetic rows: by required precision, then of the single threshold and by grid.
    pub synthetic_known: BTreeMap<String, BTreeMap<String, f64>>,
}

/// What a method reached.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    recall: Figure,
    precision: Figure,
    /// On the report, of the best single threshold of the same precision there.
    single_in_hindsight: Option<f64>,
    /// A recall on the fit that no thresholds of the grid exceed.
    bound: Option<f64>,
    proven: bool,
    /// Ascending in uncertainty; null where nothing of a level passes.
    thresholds: Vec<f32>,
}

impl Entry {
    fn of(outcome: &Outcome) -> Self {
        let chosen = outcome.chosen.as_ref();
        let bound = chosen.and_then(|chosen| {
            let [passing, bound] = chosen.positives;
            Some(outcome.recall.fit? * bound as f64 / passing.max(1) as f64)
        });
        Self {
            recall: outcome.recall,
            precision: outcome.precision,
            single_in_hindsight: outcome.single_in_hindsight,
            bound,
            proven: chosen.is_some_and(|chosen| chosen.proven),
            thresholds: chosen.map_or(Vec::new(), |chosen| chosen.thresholds.clone()),
        }
    }
}

fn precision(hundredths: u32) -> String {
    (f64::from(hundredths) / 100.0).to_string()
}

/// The outcomes on a grid, and those of the single threshold.
fn on(outcomes: &[Outcome], layout: Layout) -> impl Iterator<Item = &Outcome> {
    outcomes.iter().filter(move |outcome| outcome.method.single || outcome.layout == layout)
}

fn table(outcomes: &[Outcome], layout: Layout) -> Table {
    let mut table = Table::new();
    for outcome in on(outcomes, layout) {
        let of = table.entry(precision(outcome.precision_required)).or_default();
        of.insert(outcome.method.key, Entry::of(outcome));
    }
    table
}

fn grids(outcomes: &[Outcome], layouts: &[Layout]) -> BTreeMap<String, Table> {
    layouts.iter().map(|&layout| (layout.name(), table(outcomes, layout))).collect()
}

impl Json {
    /// Adds the outcomes on late flights and their frontier.
    pub fn add_real(&mut self, outcomes: &[Outcome], layouts: &[Layout], frontier: &[Outcome]) {
        self.real = table(outcomes, layouts[0]);
        self.real_grids = grids(outcomes, layouts);
        self.frontier = table(frontier, layouts[0]);
    }

    /// Adds the outcomes on synthetic rows.
    pub fn add_synthetic(&mut self, outcomes: &[Outcome]) {
        self.synthetic = table(outcomes, LAYOUTS[0]);
        self.synthetic_grids = grids(outcomes, &LAYOUTS);
        let names = || std::iter::once("single".to_owned()).chain(LAYOUTS.map(Layout::name));
        let known = KNOWN.map(|(required, recalls)| (precision(required), names().zip(recalls).collect()));
        self.synthetic_known = known.into();
    }
}

fn number(value: Option<f64>, places: usize) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.places$}"))
}

fn with_interval(figure: &Figure, places: usize) -> String {
    let interval = figure.interval.map(|[low, high]| format!(" [{low:.places$}, {high:.places$}]"));
    number(figure.report, places) + &interval.unwrap_or_default()
}

/// The table of late flights.
pub fn real(outcomes: &[Outcome]) -> String {
    let mut out = format!(
        "{:>8}  {:8} {:13}{:>8}{:>10}  {:24}{:24}{:>16}\n",
        "required", "grid", "", "recall", "precision", "recall then", "precision then", "single, ideal"
    );
    let mut sorted: Vec<&Outcome> = outcomes.iter().collect();
    // Stable: grids and methods stay in their order.
    sorted.sort_by_key(|outcome| outcome.precision_required);
    for of in sorted {
        let _ = writeln!(
            out,
            "{:>8}  {:8} {:13}{:>8}{:>10}  {:24}{:24}{:>16}",
            precision(of.precision_required),
            if of.method.single { String::new() } else { of.layout.name() },
            of.method.name,
            number(of.recall.fit, 4),
            number(of.precision.fit, 4),
            with_interval(&of.recall, 4),
            with_interval(&of.precision, 3),
            number(of.single_in_hindsight, 4),
        );
    }
    out + "\"then\": on the rows that follow those that thresholds were chosen on, with 95 % intervals. \"Single, ideal\": the\n\
           recall of the single threshold of at least that precision there, chosen in hindsight.\n"
}

/// The table of synthetic rows, beside what is known.
pub fn synthetic(outcomes: &[Outcome]) -> String {
    let mut out = format!(
        "{:>8}  {:8} {:13}{:>8}{:>10}{:>13}{:>16}{:>8}\n",
        "required", "grid", "", "recall", "precision", "recall then", "precision then", "known"
    );
    for (required, recalls) in KNOWN {
        for of in outcomes.iter().filter(|outcome| outcome.precision_required == required) {
            let at = if of.method.single { Some(0) } else { LAYOUTS.iter().position(|l| *l == of.layout) };
            let known = at
                .filter(|_| ["single", "dp"].contains(&of.method.key))
                .map(|at| recalls[if of.method.single { 0 } else { at + 1 }]);
            let _ = writeln!(
                out,
                "{:>8}  {:8} {:13}{:>8}{:>10}{:>13}{:>16}{:>8}",
                precision(required),
                if of.method.single { String::new() } else { of.layout.name() },
                of.method.name,
                number(of.recall.fit, 4),
                number(of.precision.fit, 4),
                number(of.recall.report, 4),
                number(of.precision.report, 4),
                number(known, 4).replace('-', ""),
            );
        }
    }
    out
}
