//! What the command prints: tables for people, one JSON object for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use crate::comparison::Outcome;
use crate::figures::{Figures, excess};
use crate::simulation::Simulated;

/// All figures of a run.
#[derive(Debug, Default, Serialize)]
pub struct Json {
    /// By stream and method.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub streams: BTreeMap<&'static str, BTreeMap<&'static str, Figures>>,
    /// By method.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub simulated: BTreeMap<&'static str, SimulatedJson>,
}

/// The error of estimates against the truth; null if a weight was infinite.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SimulatedJson {
    bias: Option<f64>,
    standard_error: Option<f64>,
}

impl Json {
    /// Adds the figures of a stream.
    pub fn add_stream(&mut self, name: &'static str, outcomes: &[Outcome]) {
        self.streams.insert(name, outcomes.iter().map(|outcome| (outcome.key, outcome.figures)).collect());
    }

    /// Adds the figures of the simulation.
    pub fn add_simulated(&mut self, all: &[Simulated]) {
        self.simulated = all
            .iter()
            .map(|one| {
                let (bias, standard_error) = one.bias.unzip();
                (one.key, SimulatedJson { bias, standard_error })
            })
            .collect();
    }
}

/// Where a figure lies between Vanilla (0) and Oracle (1).
fn relative(figure: f64, vanilla: f64, oracle: f64) -> f64 {
    // + 0: not -0 for Vanilla itself.
    (figure - vanilla) / (oracle - vanilla) + 0.0
}

/// The outcome of a method.
fn find<'a>(outcomes: &'a [Outcome], key: &str) -> Option<&'a Outcome> {
    outcomes.iter().find(|outcome| outcome.key == key)
}

/// The table of a stream, and in words which methods help.
pub fn stream(outcomes: &[Outcome]) -> String {
    let mut out = String::new();
    let [Some(vanilla), Some(wait), Some(oracle)] =
        ["vanilla", "wait", "oracle"].map(|key| find(outcomes, key))
    else {
        return out;
    };
    let _ = writeln!(
        out,
        "{:24}{:>7}{:>8}{:>10}{:>13}{:>8}{:>10}{:>12}{:>20}",
        "",
        "AUC",
        "PR-AUC",
        "log loss",
        "calibration",
        "R-AUC",
        "R-PR-AUC",
        "R-log loss",
        "log loss over Wait"
    );
    for Outcome { name, figures: of, days, .. } in outcomes {
        let (low, high) = (&vanilla.figures, &oracle.figures);
        let (more, error) = excess(days, &wait.days);
        let _ = writeln!(
            out,
            "{name:24}{:>7.4}{:>8.4}{:>10.4}{:>13.3}{:>8.3}{:>10.3}{:>12.3}{more:>+11.4} +- {error:.4}",
            of.auc,
            of.pr_auc,
            of.log_loss,
            of.calibration,
            relative(of.auc, low.auc, high.auc),
            relative(of.pr_auc, low.pr_auc, high.pr_auc),
            relative(of.log_loss, low.log_loss, high.log_loss),
        );
    }
    let names = |keep: &dyn Fn(&Outcome) -> bool| -> String {
        let kept = outcomes.iter().filter(|outcome| !["vanilla", "wait", "oracle"].contains(&outcome.key));
        let kept: Vec<&str> = kept.filter(|outcome| keep(outcome)).map(|kept| kept.name).collect();
        if kept.is_empty() { "none".to_owned() } else { kept.join("; ") }
    };
    // Differences to Wait in standard errors.
    let distance = |outcome: &Outcome| {
        let (more, error) = excess(&outcome.days, &wait.days);
        more / error
    };
    let _ = writeln!(out, "By log loss, two standard errors apart from waiting for the label:");
    let _ = writeln!(out, "  help: {}", names(&|outcome| distance(outcome) < -2.0));
    let _ = writeln!(out, "  are level with waiting: {}", names(&|outcome| distance(outcome).abs() <= 2.0));
    let _ = writeln!(out, "  do not help, waiting is better: {}", names(&|outcome| distance(outcome) > 2.0));
    let no_better = |outcome: &Outcome| outcome.figures.auc <= vanilla.figures.auc;
    let _ = writeln!(out, "No better than Vanilla in AUC: {}", names(&no_better));
    out
}

/// The table of the simulation.
pub fn simulated(all: &[Simulated]) -> String {
    let mut out = format!("{:24}{:>10}{:>16}  within three standard errors?\n", "", "bias", "standard error");
    for Simulated { name, bias, .. } in all {
        let _ = match bias {
            Some((bias, error)) => {
                let verdict = if bias.abs() <= 3.0 * error { "yes: unbiased" } else { "no: biased" };
                writeln!(out, "{name:24}{bias:>10.5}{error:>16.5}  {verdict}")
            }
            None => writeln!(out, "{name:24}{:>10}{:>16}  an infinite weight: no estimate", "", ""),
        };
    }
    out
}
