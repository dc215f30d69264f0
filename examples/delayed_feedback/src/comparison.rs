//! All methods on one task.

use std::collections::BTreeSet;

use avocet::Error;

use crate::figures::{Day, Figures, figures};
use crate::heads::{self, Head};
use crate::method::Method;
use crate::progressive::{Heads, predictions};
use crate::task::Task;
use shared::learner::Settings;
use shared::parallel;

/// What a method reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Its name in the JSON output.
    pub key: &'static str,
    /// Its name in tables.
    pub name: &'static str,
    /// Its figures.
    pub figures: Figures,
    /// What each day that counts cost.
    pub days: Vec<Day>,
}

/// What all methods reached on one task.
#[derive(Clone, Debug)]
pub struct StreamOutcomes {
    /// The name of the task.
    pub name: &'static str,
    /// The outcomes, from Vanilla to Oracle.
    pub outcomes: Vec<Outcome>,
}

/// The heads that some methods read.
pub fn heads_of(task: &Task, methods: &[Method], settings: Settings, threads: usize) -> Result<Heads, Error> {
    let needed: BTreeSet<Head> = methods.iter().flat_map(|method| method.heads).flatten().collect();
    let needed: Vec<Head> = needed.into_iter().collect();
    let values = parallel::each(&needed, threads, |&head| heads::values(task, head, settings));
    needed.into_iter().zip(values).map(|(head, values)| Ok((head, values?))).collect()
}

/// Runs methods on a task. Figures count what comes after `warm_up` days; `progress` is told numbers of clicks as they
/// are predicted. The number of threads does not change the results.
pub fn compare(
    task: &Task,
    methods: &[Method],
    settings: Settings,
    warm_up: i64,
    threads: usize,
    progress: impl Fn(u64) + Sync,
) -> Result<Vec<Outcome>, Error> {
    let heads = heads_of(task, methods, settings, threads)?;
    let outcomes = parallel::each(methods, threads, |method| {
        let probabilities = predictions(task, method, &heads, settings, &progress)?;
        let (figures, days) = figures(task, &probabilities, warm_up)?;
        Ok(Outcome { key: method.key, name: method.name, figures, days })
    });
    outcomes.into_iter().collect()
}
