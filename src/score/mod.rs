//! Dual-embedding scores `source(u) . target(v)`: pairs of rows in any type, exact top-k, rank counts, and the losses that learn
//! them.

mod count;
mod edge_loss;
pub(crate) mod ffi;
mod heap;
pub mod index;
pub(crate) mod kernel;
mod panels;
mod ranks;
pub(crate) mod rows;
mod softmax_loss;
mod topk;

pub use edge_loss::{EdgeKind, EdgeLoss, EdgeTerm, edge_loss};
pub use ranks::rank_counts;
pub use rows::{
    Int8, MOST_INT8_COLUMNS, Metric, ScoreOptions, Second, Table, score_candidates, score_matrix, score_pairs,
};
pub use softmax_loss::{Softmax, SoftmaxLoss, softmax_loss};
pub use topk::{NO_ID, TopK, top_k};

use crate::error::{Error, check_size};
use crate::graph::Graph;

/// Checks a graph of ids to leave out: `queries x targets`, rows in ascending order.
fn check_exclude(exclude: Option<&Graph>, queries: usize, targets: usize) -> Result<(), Error> {
    let Some(exclude) = exclude else { return Ok(()) };
    check_size(exclude.rows(), queries, c"exclude.rows")?;
    check_size(exclude.cols(), targets, c"exclude.cols")?;
    exclude.check_sorted(c"exclude.indices")
}
