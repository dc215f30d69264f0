//! Grids of levels of uncertainty and bins of scores, and what is in their cells.

use avocet::threshold::{Cells, Edges, Grid, MAX_BINS, Missing, Nested, ScoreEdges, Table};
use avocet::{Error, Workspace};

use crate::scored::Scored;

/// A grid: how many levels and bins, and where the score edges come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Levels of uncertainty, of as many rows each.
    pub levels: usize,
    /// Bins of scores in each.
    pub bins: usize,
    /// The share of the rows, those of the greatest scores, that get these bins. The others, of which too few are positive to
    /// be selected, lie in one bin more, which is left out of the search.
    pub top: f64,
    /// Whether all levels have the same score edges; otherwise each has bins of equal numbers of its own rows.
    pub shared: bool,
}

impl Layout {
    /// Score edges of each level's own.
    pub const fn nested(levels: usize, bins: usize, top: f64) -> Self {
        Self { levels, bins, top, shared: false }
    }

    /// The same score edges in all levels.
    pub const fn shared(levels: usize, bins: usize, top: f64) -> Self {
        Self { levels, bins, top, shared: true }
    }

    /// For one threshold: no levels, and as many bins as an axis can have.
    pub fn single(self) -> Self {
        Self::nested(1, MAX_BINS - 1, self.top)
    }

    /// The name: levels, bins, and `s` if edges are shared.
    pub fn name(self) -> String {
        format!("{}x{}{}", self.levels, self.bins, if self.shared { "s" } else { "" })
    }
}

/// A grid with the rows that thresholds are chosen on.
#[derive(Clone, Debug)]
pub struct Buckets {
    /// How it is made.
    pub layout: Layout,
    /// Its edges. The lowest bin of each level is not searched.
    pub grid: Grid,
    positive: Vec<u64>,
    negative: Vec<u64>,
}

impl Buckets {
    /// Cuts rows without ties; nested cells then have equal numbers of them. Up to `levels` rows are left over, the last ones.
    pub fn new(layout: Layout, rows: &Scored) -> Result<Self, Error> {
        let Layout { levels, bins, top, shared } = layout;
        let rows = rows.part(0..rows.len() - rows.len() % levels);
        let quantiles = Edges::Quantiles(levels);
        let grid = if shared {
            let one = Grid::new(Edges::Quantiles(1), best(top, bins, rows.len()), Some(rows.sample()), None)?;
            let edges = ScoreEdges::Shared(Edges::Given(one.score_edges(0)));
            Grid::new(quantiles, edges, Some(rows.sample()), None)?
        } else {
            Grid::new(quantiles, best(top, bins, rows.len() / levels), Some(rows.sample()), None)?
        };
        let mut table = Table::new(&grid, 1)?;
        Workspace::new().fit(|workspace| table.add(rows.rows(), Missing::Refuse, None, workspace))?;
        let cells = table.counts(0);
        let kept = |all: &[u64]| all.chunks_exact(bins + 1).flat_map(|level| &level[1..]).copied().collect();
        Ok(Self { layout, positive: kept(cells.positive()), negative: kept(cells.negative()), grid })
    }

    /// The cells that are searched.
    pub fn cells(&self) -> Result<Cells<'_>, Error> {
        Cells::new(self.layout.levels, self.layout.bins, &self.positive, &self.negative)
    }

    /// The scores from which on rows pass, for the first bins that pass of each level.
    pub fn thresholds(&self, first_bins: &[u32]) -> Vec<f32> {
        let of = |(level, &bin): (usize, &u32)| self.grid.threshold(level, bin as usize + 1);
        first_bins.iter().enumerate().map(of).collect()
    }
}

/// Bins of equal numbers of rows for the top of a level of so many rows.
fn best(top: f64, bins: usize, rows: usize) -> ScoreEdges<'static> {
    let part = (rows as f64 * top) as usize / bins * bins;
    // Half a row, so that no rounding loses one. Fewer rows than bins make bins without rows.
    let top = if part > 0 { (part as f64 - 0.5) / rows as f64 } else { top };
    ScoreEdges::Nested(Nested { bins: bins + 1, top, refine: None })
}
