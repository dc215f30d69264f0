//! The methods that choose thresholds.

use avocet::threshold::search::{Method as Search, Objective, Options, Outcome, Ratio, search};
use avocet::{Error, Workspace};

use crate::buckets::Buckets;

/// The square of the normal quantile of 95 % on one side.
const Z_SQUARED: Ratio = Ratio::new(27_055, 10_000);

/// A way to choose thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name in the JSON output.
    pub key: &'static str,
    /// Its name in tables.
    pub name: &'static str,
    /// Whether it takes one threshold for all rows, from the grid without levels.
    pub single: bool,
    search: Search,
    /// Whether the lower confidence bound of precision is to reach what is required, and not precision itself.
    wilson: bool,
}

/// Thresholds that were chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The score from which on rows of a level pass.
    pub thresholds: Vec<f32>,
    /// Whether it is proven that the grid has no better ones.
    pub proven: bool,
    /// The positives that pass, and a bound that no thresholds on this grid exceed.
    pub positives: [u64; 2],
}

impl Method {
    /// One threshold for all.
    pub const SINGLE: Method = Method::new("single", "single", Search::Single, false);
    /// Isotonic regression in each level, then a merge.
    pub const MIST: Method = Method::new("mist", "MIST", Search::Mist, false);
    /// The dynamic program.
    pub const DP: Method = Method::new("dp", "DP", Search::Dp, false);
    /// The best of all.
    pub const EXACT: Method = Method::new("exact", "exact", Search::Exact, false);
    /// One threshold, with confidence.
    pub const SINGLE_WILSON: Method = Method::new("single_wilson", "single, 95 %", Search::Single, true);
    /// The best of all, with confidence.
    pub const EXACT_WILSON: Method = Method::new("exact_wilson", "exact, 95 %", Search::Exact, true);

    /// All methods, in the order of the tables.
    pub const ALL: [Method; 6] = [
        Method::SINGLE,
        Method::MIST,
        Method::DP,
        Method::EXACT,
        Method::SINGLE_WILSON,
        Method::EXACT_WILSON,
    ];

    const fn new(key: &'static str, name: &'static str, search: Search, wilson: bool) -> Self {
        Self { key, name, single: matches!(search, Search::Single), search, wilson }
    }

    /// Whether it works on a grid: the single threshold wants none but its own, the dynamic program cells of equal numbers.
    pub fn serves(self, buckets: &Buckets) -> bool {
        let single = buckets.layout.levels == 1;
        self.single == single && !(self.search == Search::Dp && buckets.layout.shared)
    }

    /// The thresholds of most recall at a precision in hundredths; none where nothing reaches it.
    pub fn choose(self, buckets: &Buckets, hundredths: u32) -> Result<Option<Chosen>, Error> {
        let cells = buckets.cells()?;
        let precision = Ratio::new(hundredths, 100);
        let objective = match self.wilson {
            true => Objective::RecallUnderWilson { precision, z_squared: Z_SQUARED },
            false => Objective::RecallUnderPrecision { precision },
        };
        let options = Options { method: self.search, ..Options::default() };
        let mut bins = vec![0; cells.levels()];
        let mut workspace = Workspace::new();
        let found = workspace.fit(|workspace| search(&cells, &objective, &options, &mut bins, workspace))?;
        Ok((found.outcome == Outcome::Feasible).then(|| Chosen {
            thresholds: buckets.thresholds(&bins),
            proven: found.proven,
            positives: [found.passing, found.bound].map(|sums| sums.positive),
        }))
    }
}
