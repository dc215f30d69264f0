//! The threshold search on the grid of 500 bins by 50 levels on which peers were measured; the frontier of equal weights.

mod common;
#[path = "../tests/common/grids.rs"]
mod grids;

use avocet::Workspace;
use avocet::threshold::search::{Cells, Method, Objective, Options, Ratio, Shape, frontier, search};
use common::{Random, best, group, measure, one_thread, work};

const LEVELS: usize = 50;
const BINS: usize = 500;

fn main() {
    let mut criterion = common::criterion();
    let mut group = group(&mut criterion, "threshold");
    let mut workspace = Workspace::new();
    let mut thresholds = vec![0; LEVELS];
    let grid = grids::large(LEVELS, BINS, true);
    let cells = grid.cells();
    let recall = Objective::RecallUnderPrecision { precision: Ratio::new(9, 10) };
    let precision = Objective::PrecisionUnderRecall { recall: Ratio::new(1, 2) };
    let exact = Options::default();
    let monotone = Options { shape: Shape::NonDecreasing, ..exact };
    for (name, objective, options) in [
        ("single", recall, Options { method: Method::Single, ..exact }),
        ("mist", recall, Options { method: Method::Mist, ..exact }),
        ("exact", recall, exact),
        ("exact precision", precision, exact),
        ("monotone", recall, monotone),
        ("monotone precision", precision, monotone),
    ] {
        // Both weights of each cell are read.
        measure(&mut group, name, work(LEVELS * BINS, 16 * LEVELS * BINS), &best(), |_| {
            let solution =
                workspace.fit(|space| search(&cells, &objective, &options, &mut thresholds, space)).unwrap();
            assert!(solution.proven || options.method == Method::Mist);
        });
    }

    // Each level adds its options to every sum so far: an addition and a comparison each.
    let steps = (0..LEVELS).map(|level| ((level + 1) * BINS + 1) * (BINS + 1)).sum::<usize>();
    let mut random = Random::new(1);
    let mut positive = vec![0; LEVELS * BINS + 1];
    for (name, kernel, scale) in [("dp", "max_plus", 1), ("dp wide", "max_plus_wide", 1 << 40)] {
        let of =
            |at: usize, unit: f64| 1 + scale * (80.0 * (at % BINS) as f64 / BINS as f64 * unit.sqrt()) as u64;
        let p: Vec<u64> = (0..LEVELS * BINS).map(|at| of(at, random.unit())).collect();
        let n: Vec<u64> = p.iter().map(|p| 80 * scale + 1 - p).collect();
        let cells = Cells::new(LEVELS, BINS, &p, &n).unwrap();
        let bytes = 4 * LEVELS * LEVELS * BINS / 2;
        let kernels: &'static [&'static str] =
            if kernel == "max_plus" { &["max_plus"] } else { &["max_plus_wide"] };
        let work = work(steps, bytes).roof(kernels, steps, 8 * BINS);
        measure(&mut group, name, work, &one_thread(), |_| {
            workspace.fit(|space| frontier(&cells, &mut positive, space)).unwrap();
        });
    }
    group.finish();
}
