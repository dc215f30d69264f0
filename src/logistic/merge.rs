//! Merging what parts of the rows gave, to the bits of one call over all of them.

pub(crate) mod ffi;

use super::BatchSums;
use crate::error::{Error, Status, check_size};
use crate::parts::merge_parts;
use crate::simd::dispatch::kernels;
use crate::view::Matrix;

/// A part of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    /// Its number of rows.
    pub rows: usize,
    /// What [`super::batch`] gave for it. The sum of [`super::pointwise`] or [`super::product_loss`] stands as `loss`.
    pub sums: BatchSums,
}

/// Columns that are merged at once, on the stack.
const BLOCK: usize = 64;

/// The sums over all rows from those over parts of them, with the bits of one call over all rows.
///
/// `parts` are in the order of their rows, from row 0 on; they may be without rows. Each is a node of the tree over the
/// leaves of all rows: the pieces of [`super::aligned_parts`], or equal blocks of `1024 * 2^k` rows, the last one shorter.
/// `vectors` is `parts x len`, row i what part i gave of a vector that is a sum over rows (gradient, curvature, product, or
/// several side by side; for a part without rows it is not read); `out` takes their sum.
///
/// - Order: the fixed tree over the leaves of 1024 rows, from the parts on; parts without rows are left out. Without any
///   rows all sums are +0. NaN results of vectors are canonical.
/// - Of sparse rows the single numbers have the bits of one call. Their vectors were exact until each part rounded its sums
///   to f32, so that merged ones are within those roundings.
/// - On the calling thread; nothing is allocated. Time: one addition for each part and value.
///
/// Errors, before `out` is touched: `vectors` without `out` or the other way round, shapes that do not fit;
/// [`Status::InvalidArgument`] about `rows` for a part that is no node of the tree, with its position and rows, and for one
/// but the last that ends within a leaf; [`Status::SizeOverflow`] for too many rows.
pub fn merge(
    parts: &[Part],
    vectors: Option<Matrix<'_>>,
    out: Option<&mut [f32]>,
) -> Result<BatchSums, Error> {
    merge_by(parts.len(), |at| parts[at].rows, |at| parts[at].sums, vectors, out)
}

/// [`merge`] of `count` parts of which functions give rows and sums.
fn merge_by(
    count: usize,
    rows: impl Fn(usize) -> usize,
    sums: impl Fn(usize) -> BatchSums,
    vectors: Option<Matrix<'_>>,
    out: Option<&mut [f32]>,
) -> Result<BatchSums, Error> {
    let vectors = match (vectors, out) {
        (Some(vectors), Some(out)) => {
            check_size(vectors.rows(), count, c"vectors.rows")?;
            check_size(out.len(), vectors.cols(), c"vector")?;
            Some((vectors, out))
        }
        (None, None) => None,
        (Some(_), None) => return Err(Error::new(Status::NullPointer, c"vector")),
        (None, Some(_)) => return Err(Error::new(Status::NullPointer, c"vectors")),
    };
    let total = merge_parts(count, &rows, sums, |left, right| BatchSums {
        loss: left.loss + right.loss,
        gradient: left.gradient + right.gradient,
        curvature: left.curvature + right.curvature,
        product: left.product + right.product,
    })?;
    if let Some((vectors, out)) = vectors {
        let kernels = kernels();
        for (block, out) in out.chunks_mut(BLOCK).enumerate() {
            let width = out.len();
            let part = |at: usize| {
                let mut values = [0.0; BLOCK];
                values[..width].copy_from_slice(vectors.part(at, block * BLOCK, width));
                values
            };
            let sum = merge_parts(count, &rows, part, |mut left, right| {
                kernels.add(&mut left[..width], &right[..width]);
                left
            })?;
            match sum {
                Some(sum) => out.copy_from_slice(&sum[..width]),
                None => out.fill(0.0),
            }
        }
    }
    Ok(total.unwrap_or_default())
}
