//! C entry points of partial sums.

#![allow(unsafe_code)]

use super::merge_by;
use crate::error::{Error, Status};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::memory::{Memory, check_len, matrix_names};
use crate::ffi::views::avocet_matrix;
use crate::logistic::BatchSums;
use crate::logistic::batch::ffi::avocet_logistic_sums;
use crate::parts::{MAX_PARTS, aligned_parts};

/// The most pieces into which `avocet_logistic_parts` cuts a range of rows.
pub const AVOCET_LOGISTIC_MAX_PARTS: usize = 108;

const _: () = assert!(AVOCET_LOGISTIC_MAX_PARTS == MAX_PARTS);

/// Cuts a range of rows, for a worker that has no others, into pieces whose sums can be merged: `sizes` gets the number of
/// rows of each, `*count` how many there are. The worker calls `avocet_logistic_batch` (or another call that says it can
/// be merged) for each piece; `avocet_logistic_merge` adds what all workers got, to the bits of one call over all rows.
///
/// Each piece has `1024 * 2^k` rows and begins at a multiple of their number, so that it is one node of the fixed tree
/// over the leaves of all rows, whatever their number. `first_row` is a multiple of 1024; so is `rows`, unless the range
/// ends where the data ends: then the last piece ends there too. There are as few pieces as there can be, at most
/// `AVOCET_LOGISTIC_MAX_PARTS`; `sizes` holds `capacity` values, of which those beyond `*count` are left as they are.
/// On the calling thread; nothing is allocated. Time: the number of pieces.
///
/// Errors, before outputs are touched: INVALID_ARGUMENT (`first_row` within a leaf; alignment), SIZE_OVERFLOW (`rows`: a
/// range that ends beyond size_t; `capacity`), SHAPE_MISMATCH (a `capacity` that is too small), NULL_POINTER,
/// OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_logistic_parts(
    first_row: usize,
    rows: usize,
    sizes: *mut usize,
    capacity: usize,
    count: *mut usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let pieces = aligned_parts(first_row, rows)?;
            check_len::<usize>(capacity, c"capacity")?;
            let sizes = memory.write(sizes, capacity, c"sizes")?;
            let count = memory.write_one(count, c"count")?;
            let found = pieces.clone().count();
            if found > capacity {
                return Err(Error::new(Status::ShapeMismatch, c"capacity").size(capacity));
            }
            sizes.iter_mut().zip(pieces).for_each(|(size, rows)| *size = rows);
            *count = found;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![first_row, rows, sizes, capacity, count], call) }
}

/// The sums over all rows from those over parts of them, with the bits of one call over all rows.
///
/// Part i has `rows[i]` rows and gave `sums[i]`; parts are in the order of their rows, from row 0 on, and may be without
/// rows. Each must be a node of the tree over the leaves of all rows: the pieces of `avocet_logistic_parts`, or equal
/// blocks of `1024 * 2^k` rows, the last one shorter. The sums are those of `avocet_logistic_batch`; the sum of
/// `avocet_logistic_pointwise` or `avocet_logistic_product` stands as `loss`. `vectors` (`count x len`, or NULL) has in row i
/// what part i gave of a vector that is a sum over rows: gradient, curvature, product, or several side by side; for a part
/// without rows it is not read. `vector` holds `vectors->cols` values and takes their sum; it is not looked at if `vectors`
/// is NULL.
///
/// Of sparse rows the single numbers have the bits of one call. Their vectors were exact until each part rounded its sums to
/// f32, so that merged ones are within those roundings.
///
/// Order: the fixed tree over the leaves of 1024 rows, from the parts on; parts without rows are left out. Without any rows
/// all sums are +0. NaN results of vectors are canonical. On the calling thread; nothing is allocated. Time: one addition
/// for each part and value.
///
/// Errors, before outputs are touched: INVALID_ARGUMENT (`rows`: a part that is no node of the tree, or one but the last
/// that ends within a leaf of 1024 rows, with its position and its rows; element type, alignment), SHAPE_MISMATCH
/// (`vectors.rows` is not `count`; `vectors.stride`), SIZE_OVERFLOW (`count`; `rows`, with the position from which on they
/// are too many; `vectors.rows`), NULL_POINTER, OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_logistic_merge(
    rows: *const usize,
    sums: *const avocet_logistic_sums,
    vectors: *const avocet_matrix,
    count: usize,
    total: *mut avocet_logistic_sums,
    vector: *mut f32,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<5>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<avocet_logistic_sums>(count, c"count")?;
            let rows = memory.read(rows, count, c"rows")?;
            let sums = memory.read(sums, count, c"sums")?;
            let vectors = match vectors.is_null() {
                true => None,
                false => Some(memory.matrix(vectors, matrix_names!("vectors"))?),
            };
            let total = memory.write_one(total, c"total")?;
            let out = match vectors {
                Some(vectors) => Some(memory.write(vector, vectors.cols(), c"vector")?),
                None => None,
            };
            let part = |at: usize| {
                let avocet_logistic_sums { loss, gradient, curvature, product } = sums[at];
                BatchSums { loss, gradient, curvature, product }
            };
            let BatchSums { loss, gradient, curvature, product } =
                merge_by(count, |at| rows[at], part, vectors, out)?;
            *total = avocet_logistic_sums { loss, gradient, curvature, product };
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![rows, sums, vectors, count, total, vector], call) }
}
