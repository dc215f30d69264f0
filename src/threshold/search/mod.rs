//! Search for one score threshold per level of uncertainty, in exact integer arithmetic.
//!
//! Weights of positives and negatives lie in [`Cells`], levels of uncertainty by bins of score. A threshold of a level is
//! the first bin that passes: 0 lets all bins pass, `bins` none. [`search`] chooses the thresholds that are best for an
//! [`Objective`] and says how good they are: recall under a bound on precision is a multiple-choice knapsack problem, hard
//! in general and quickly solved in practice. Source of the problem and of two of the methods: Arora, Merugu, Saladi and
//! Rastogi, "Leveraging Uncertainty Estimates To Improve Classifier Performance" (ICLR 2024, arXiv 2311.11723).

mod branch;
mod chain;
mod dp;
mod exact;
pub(crate) mod ffi;
mod fractional;
pub(crate) mod kernel;
mod linear;
mod lists;
mod mist;
mod near;
mod nodes;
mod objective;
mod single;
mod table;
mod wide;
mod wilson;

pub use super::Cells;
pub use dp::frontier;
pub use objective::{Objective, Ratio, Sums, Utility};

use crate::error::{Error, Status, check_size};
use crate::workspace::Workspace;
use chain::Order;
use lists::Budget;
pub(super) use objective::Goal;
use std::cmp::Ordering;
use table::{Path, Table};

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Method {
    /// The best selection of all.
    Exact = 0,
    /// One threshold for all levels: the best of these.
    Single = 1,
    /// Isotonic regression of each level's positivity, then the longest (for precision: the shortest) prefix of all
    /// levels' blocks that meets the bound: close to the best, and within one block of it. For a bound on precision or recall.
    Mist = 2,
    /// The dynamic program for cells of equal weight, positives and negatives together: the best selection of all, for a
    /// bound on precision, on recall or on the weight that passes. See [`frontier`].
    Dp = 3,
}

/// What thresholds must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Shape {
    /// Any.
    Free = 0,
    /// The threshold of a level is at least that of the level before it.
    NonDecreasing = 1,
    /// The threshold of a level is at most that of the level before it.
    NonIncreasing = 2,
}

/// Options of [`search`].
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The method.
    pub method: Method,
    /// The shape.
    pub shape: Shape,
    /// How many partial selections the exact search may make: 0 is 2^25, about half a second.
    pub work_limit: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { method: Method::Exact, shape: Shape::Free, work_limit: 0 }
    }
}

/// Whether the constraint can be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Outcome {
    /// The thresholds meet it.
    Feasible = 0,
    /// No selection of some weight meets it. The thresholds let nothing pass, whose recall is 0 and whose precision is 0/0.
    Infeasible = 1,
    /// The work limit ended the search before one was found, nor was it proven that there is none. Nothing passes.
    Unknown = 2,
}

/// What [`search`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Solution {
    /// Whether the constraint can be met.
    pub outcome: Outcome,
    /// The weights that pass, exact.
    pub passing: Sums,
    /// No selection has a better value than the objective has at these weights (which no selection need have). They equal
    /// `passing` in value if `proven`. Where infeasible: of a selection (for `Single` of one threshold) of the greatest
    /// precision there is; 0 where the cells are empty.
    pub bound: Sums,
    /// Whether the bound is reached: nothing is better.
    pub proven: bool,
    /// How many partial selections were made.
    pub work: u64,
}

/// What a method found, in units of the table.
struct Answer {
    passing: Sums,
    bound: Sums,
    proven: bool,
    /// No selection was found, though there may be one.
    unknown: bool,
}

impl Answer {
    /// An answer that nothing exceeds.
    fn best(passing: Sums) -> Answer {
        Answer { passing, bound: passing, proven: true, unknown: false }
    }

    /// The answer with the better of its bound and another.
    fn tightened(self, problem: &Problem<'_>, bound: Sums) -> Answer {
        let better = !self.proven && problem.goal.compare(bound, self.bound) == Ordering::Less;
        let bound = if better { bound } else { self.bound };
        let proven = problem.goal.compare(self.passing, bound) == Ordering::Equal;
        if proven { Answer::best(self.passing) } else { Answer { bound, proven, ..self } }
    }
}

/// A search under way.
struct Problem<'a> {
    cells: &'a Cells<'a>,
    table: Table<'a>,
    path: Path<'a>,
    goal: Goal,
    /// The levels in the order of their thresholds, where that is asked for.
    order: Option<Order>,
}

/// The best thresholds for an objective.
///
/// `thresholds` takes one threshold (0..=bins) for each level. Every comparison is exact: the answer meets the
/// constraint, and `proven` is a proof.
///
/// - Methods: `Exact` and `Single` serve every objective, `Mist` recall under precision and precision under recall, `Dp` these
///   and `AtMost` for cells of equal weight. The
///   bound of `Single` holds for one threshold for all levels only, that of the others for all selections.
/// - Nothing selected has no precision: it never meets a bound on precision nor has the greatest one. Where nothing else
///   is left the problem is infeasible, and nothing passes.
/// - Ties: of the thresholds of a level with the same effect the greatest is chosen, by `Single` of thresholds of the
///   same value. Between different selections of the same value `Exact` decides by the order of its search.
/// - The same answer on every machine. On the calling thread. Workspace: 40 bytes for each level and bin (`Dp`: its rows). The
///   exact search allocates lists, whose lengths depend on the data, up to some hundred MB at the default work limit; where
///   memory ends before the limit it stops as at the limit.
/// - Range: sums of values and slacks (positives times a denominator, and the like) run in i64 where they fit, else in i128.
///   Beyond that the answer is feasible, the bound holds and is not tight: for `RecallUnderWilson` from about 2^32 rows or with
///   denominators above some thousands, and with a shape for `FBeta` where twice the bits of the weight and those of the ratio
///   come to more than 120.
/// - Time: linear in the cells but for sorting the path's edges, and for the exact search the lists.
///
/// Errors, before the output is touched: another number of thresholds than levels, a ratio out of range or with a
/// denominator of 0, a gain beyond 2^56, a method that does not serve the objective or the shape.
pub fn search(
    cells: &Cells<'_>,
    objective: &Objective,
    options: &Options,
    thresholds: &mut [u32],
    workspace: &mut Workspace,
) -> Result<Solution, Error> {
    check_size(thresholds.len(), cells.levels(), c"thresholds")?;
    objective.check()?;
    let serves = match (options.method, objective) {
        (Method::Exact | Method::Single, _) => true,
        (_, Objective::RecallUnderPrecision { .. } | Objective::PrecisionUnderRecall { .. }) => true,
        (method, Objective::AtMost { .. }) => method == Method::Dp,
        _ => false,
    };
    if !serves {
        return Err(Error::new(Status::InvalidArgument, c"options.method").integer(options.method as i64));
    }
    if options.shape != Shape::Free && matches!(options.method, Method::Mist | Method::Dp) {
        return Err(Error::new(Status::InvalidArgument, c"options.shape").integer(options.shape as i64));
    }
    let limit = if options.work_limit == 0 { 1 << 25 } else { options.work_limit };
    let mut budget = Budget { limit, used: 0 };
    let (answer, greatest, shift) = match options.method {
        Method::Dp => dp::search(cells, objective, thresholds, workspace)?,
        _ => {
            // The confidence bound counts rows: its cells are not to be scaled.
            let scaled = !matches!(objective, Objective::RecallUnderWilson { .. });
            let (table, path) = Table::new(cells, scaled, workspace)?;
            let goal = Goal { objective: objective.in_units(table.shift), total: table.total };
            let order = match options.shape {
                Shape::Free => None,
                shape => Some(Order { levels: cells.levels(), backward: shape == Shape::NonIncreasing }),
            };
            let problem = Problem { cells, table, path, goal, order };
            let answer = match options.method {
                Method::Single => single::search(&problem, thresholds),
                Method::Mist => mist::search(&problem, thresholds),
                _ => exact::search(&problem, thresholds, &mut budget),
            };
            // Only where the problem is infeasible is it asked for; the thresholds are then filled below.
            let greatest = match answer {
                None if options.method == Method::Single => {
                    single::greatest_precision(&problem).unwrap_or_default()
                }
                None => exact::greatest_precision(&problem, thresholds, &mut budget).unwrap_or_default(),
                Some(_) => Sums::default(),
            };
            (answer, greatest, table.shift)
        }
    };
    let outcome = match &answer {
        None => Outcome::Infeasible,
        // Nothing passes, and nothing is known to.
        Some(answer) if answer.unknown => Outcome::Unknown,
        Some(_) => Outcome::Feasible,
    };
    let answer = answer.unwrap_or_else(|| {
        thresholds.fill(cells.bins() as u32);
        Answer { bound: greatest, ..Answer::best(Sums::default()) }
    });
    let scale = |sums: Sums| Sums { positive: sums.positive << shift, negative: sums.negative << shift };
    let (passing, bound) = (scale(answer.passing), scale(answer.bound));
    Ok(Solution { outcome, passing, bound, proven: answer.proven, work: budget.used })
}

impl Problem<'_> {
    fn bins(&self) -> u32 {
        self.cells.bins() as u32
    }

    /// The option of one level with the greatest precision of any selection of some weight: where there are positives the
    /// first edge of the path. (The precision of several levels together lies between theirs.)
    fn greatest_precision(&self) -> Option<(usize, u32, Sums)> {
        if self.path.len() > 0 {
            let edge = self.path.edge(0);
            let sums = Sums { positive: edge.positive, negative: edge.selected - edge.positive };
            return Some((edge.level as usize, edge.option, sums));
        }
        let place = self.table.selected.iter().rposition(|&weight| weight > 0)?;
        let (level, option) = (place / self.table.options, place % self.table.options);
        let sums = Sums { positive: 0, negative: self.table.selected[place] };
        Some((level, option as u32, sums))
    }

    /// Writes the thresholds of the selection of the greatest precision and returns its sums.
    fn write_greatest_precision(&self, thresholds: &mut [u32]) -> Option<Sums> {
        let (level, option, sums) = self.greatest_precision()?;
        thresholds.fill(self.bins());
        thresholds[level] = option;
        Some(sums)
    }
}
