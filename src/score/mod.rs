//! Dual-embedding scores `source(u) . target(v)`: pairs, exact top-k, rank counts, and the losses that learn
//! them.

mod edge_loss;
pub(crate) mod ffi;
mod heap;
pub mod index;
pub(crate) mod kernel;
mod panels;
mod ranks;
mod softmax_loss;
mod topk;

pub use edge_loss::{EdgeKind, EdgeLoss, EdgeTerm, edge_loss};
pub use ranks::rank_counts;
pub use softmax_loss::{Softmax, SoftmaxLoss, softmax_loss};
pub use topk::{NO_ID, TopK, top_k};

use crate::error::{Error, check_size};
use crate::graph::Graph;
use crate::pool::{self, Pool};
use crate::simd::dispatch::kernels;
use crate::view::{Indices, Matrix};

/// Ids that are converted to u32 in one go, on the stack.
const ID_RUN: usize = 256;

/// `out[i] = left[u[i]] . right[v[i]]`.
///
/// Shapes: `left` and `right` have `d` columns; `u`, `v` and `out` have one length; f32. Order: `LANES16`. NaN
/// results are canonical. Threads: pairs are shared among the pool's threads; nothing is allocated. Time: `d` fused
/// operations a pair.
///
/// Errors, before `out` is touched: sizes that do not fit; the first id that is out of range.
pub fn score_pairs(
    left: Matrix<'_>,
    right: Matrix<'_>,
    u: Indices<'_>,
    v: Indices<'_>,
    out: &mut [f32],
    pool: Option<&Pool>,
) -> Result<(), Error> {
    check_size(right.cols(), left.cols(), c"right.cols")?;
    check_size(v.len(), u.len(), c"v")?;
    check_size(out.len(), u.len(), c"out")?;
    u.check(left.rows(), c"u")?;
    v.check(right.rows(), c"v")?;
    let kernels = kernels();
    let parts = pool::parts(pool, out.len().saturating_mul(left.cols().div_ceil(16) + 4));
    pool::for_rows(pool, parts, 0..u.len(), pool::even, out, &mut [], |range, out, _| {
        for (run, out) in out.chunks_mut(ID_RUN).enumerate() {
            let from = range.start + run * ID_RUN;
            let (mut a, mut b) = ([0u32; ID_RUN], [0u32; ID_RUN]);
            for i in 0..out.len() {
                a[i] = u.get(from + i) as u32;
                b[i] = v.get(from + i) as u32;
            }
            kernels.score_pairs(left, right, &a[..out.len()], &b[..out.len()], out);
        }
    });
    Ok(())
}

/// Checks a graph of ids to leave out: `queries x targets`, rows in ascending order.
fn check_exclude(exclude: Option<&Graph>, queries: usize, targets: usize) -> Result<(), Error> {
    let Some(exclude) = exclude else { return Ok(()) };
    check_size(exclude.rows(), queries, c"exclude.rows")?;
    check_size(exclude.cols(), targets, c"exclude.cols")?;
    exclude.check_sorted(c"exclude.indices")
}
