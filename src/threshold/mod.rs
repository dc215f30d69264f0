//! Decisions on a score and its uncertainty: buckets of both, the inputs that make uncertainty, and the use of thresholds.
//!
//! - [`Grid`]: levels of uncertainty, and bins of scores in each.
//! - [`Table`]: positives and negatives in each cell of a grid, as counts and as weights in fixed point. All integers: any
//!   split of the rows, any number of threads and any order of merging give the same bits.
//! - [`search`]: one score threshold for each level of uncertainty, in exact integer arithmetic.

mod apply;
mod axis;
mod bootstrap;
mod bucket;
mod cells;
mod distinct;
mod edges;
pub(crate) mod ffi;
mod isotonic;
pub(crate) mod kernel;
pub(crate) mod posterior;
mod quantile;
mod rows;
mod saved;
pub mod search;
mod uncertainty;

pub use apply::{Decisions, calibrate, cells, decide};
pub use axis::MAX_BINS;
pub(crate) use bootstrap::GROUP;
pub use bootstrap::{Bootstrap, Figure, Interval, bootstrap_decisions, bootstrap_figure};
pub use bucket::Table;
pub use cells::Cells;
pub use distinct::best_threshold;
pub use edges::{Edges, Grid, MAX_CELLS, Nested, Refine, Sample, ScoreEdges};
pub use isotonic::isotonic;
pub use rows::{Labels, Missing, Rows, Segments};
pub use uncertainty::{Variance, beta, entropy, moments};

use crate::error::{Error, Status, check_size};
use std::ffi::CStr;

/// Weights are counted in units of 2^-20.
pub const WEIGHT_BITS: u32 = 20;

/// Each weight is below this.
const WEIGHT_LIMIT: f32 = 4_194_304.0;

/// A weight in range as a whole number of units, rounded to the nearest, ties to even; any number for others.
fn fixed_weight(weight: f32) -> u64 {
    // Exact but for the sum, which rounds to whole numbers.
    const ROUND: f64 = (1u64 << 52) as f64;
    (f64::from(weight) * f64::from(1 << WEIGHT_BITS) + ROUND).to_bits().wrapping_sub(ROUND.to_bits())
}

/// Whether a weight is in [0, 2^22).
fn weight_in_range(weight: f32) -> bool {
    (0.0..WEIGHT_LIMIT).contains(&weight)
}

/// Refuses a weight that is not in [0, 2^22).
fn bad_weight(weight: f32, at: usize, name: &'static CStr) -> Error {
    let status = if weight.is_finite() { Status::InvalidArgument } else { Status::NotFinite };
    Error::new(status, name).at(at).real(weight.into())
}

/// Refuses the first value that is NaN or infinite.
fn check_finite(values: &[f32], name: &'static CStr) -> Result<(), Error> {
    let mut finite = true;
    // A pass without exits, many values at a time.
    values.iter().for_each(|value| finite &= value.is_finite());
    match values.iter().position(|value| !finite && !value.is_finite()) {
        Some(at) => Err(Error::new(Status::NotFinite, name).at(at).real(values[at].into())),
        None => Ok(()),
    }
}

/// Refuses weights of another number, or the first out of range.
fn check_weights(weights: Option<&[f32]>, rows: usize, name: &'static CStr) -> Result<(), Error> {
    let Some(weights) = weights else { return Ok(()) };
    check_size(weights.len(), rows, name)?;
    let mut good = true;
    weights.iter().for_each(|&weight| good &= weight_in_range(weight));
    match weights.iter().position(|&weight| !good && !weight_in_range(weight)) {
        Some(at) => Err(bad_weight(weights[at], at, name)),
        None => Ok(()),
    }
}
