//! Partial sums over rows: a long sum is a fixed tree of leaves of 1024 rows, so that parts of the rows, computed
//! anywhere, give the bits of one call when they are added by that tree.

use crate::error::{Error, Status};
use crate::simd::order::{EXAMPLE_LEAF, left_leaves};
use std::ops::Range;

/// The most pieces into which [`aligned_parts`] cuts a range.
pub const MAX_PARTS: usize = 108;

// Up and down once through all sizes of 2^k leaves.
const _: () = assert!(2 * (usize::BITS - EXAMPLE_LEAF.ilog2()) as usize <= MAX_PARTS);

/// The numbers of rows of the pieces of a range: see [`aligned_parts`].
#[derive(Clone, Debug)]
pub struct AlignedParts {
    /// The leaf at which the next piece begins.
    leaf: usize,
    rows: usize,
}

/// Cuts the rows from `first_row` on, `rows` of them, into pieces that each are one node of the tree over the leaves of
/// all rows, whatever their number: `1024 * 2^k` rows that begin at a multiple of their number. What calls gave for such
/// pieces can be merged to the bits of one call: see [`crate::logistic::merge()`].
///
/// `first_row` is a multiple of 1024. `rows` is one as well, unless the range ends where the data ends: then the last
/// piece ends there too. At most [`MAX_PARTS`] pieces, as few as there can be; allocates nothing. A range from row 0 on
/// with a power of two of leaves is one piece.
///
/// Errors: another first row ([`Status::InvalidArgument`]); a range that ends beyond `usize` ([`Status::SizeOverflow`]).
pub fn aligned_parts(first_row: usize, rows: usize) -> Result<AlignedParts, Error> {
    if !first_row.is_multiple_of(EXAMPLE_LEAF) {
        return Err(Error::new(Status::InvalidArgument, c"first_row").size(first_row));
    }
    if first_row.checked_add(rows).is_none() {
        return Err(Error::new(Status::SizeOverflow, c"rows").size(rows));
    }
    Ok(AlignedParts { leaf: first_row / EXAMPLE_LEAF, rows })
}

impl Iterator for AlignedParts {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.rows == 0 {
            return None;
        }
        let most = 1usize << self.rows.div_ceil(EXAMPLE_LEAF).ilog2();
        let leaves = if self.leaf == 0 { most } else { most.min(1 << self.leaf.trailing_zeros()) };
        let rows = self.rows.min(leaves.saturating_mul(EXAMPLE_LEAF));
        self.leaf += leaves;
        self.rows -= rows;
        Some(rows)
    }
}

/// Adds the parts of all rows by the fixed tree over their leaves.
///
/// `rows` gives the number of rows of each of `count` parts, in the order of their rows and from row 0 on; those without
/// rows are left out. `part` gives the value of a part, `add` that of a node from its two halves. None if there are no
/// rows. Depth of the recursion: the levels of the tree, at most 55.
///
/// Errors, with the position and the rows of a part: [`Status::InvalidArgument`] for one that is no node of the tree or
/// that ends within a leaf before the last row; [`Status::SizeOverflow`] from which on the rows are too many.
pub(crate) fn merge_parts<T>(
    count: usize,
    rows: impl Fn(usize) -> usize,
    part: impl Fn(usize) -> T,
    add: impl Fn(T, T) -> T,
) -> Result<Option<T>, Error> {
    let mut total: usize = 0;
    for at in 0..count {
        let overflow = Error::new(Status::SizeOverflow, c"rows").at(at).size(rows(at));
        // A part that begins within a leaf follows one that ends there.
        if !total.is_multiple_of(EXAMPLE_LEAF) && rows(at) > 0 {
            let before = (0..at).rev().find(|&at| rows(at) > 0).unwrap_or(0);
            return Err(Error::new(Status::InvalidArgument, c"rows").at(before).size(rows(before)));
        }
        total = total.checked_add(rows(at)).ok_or(overflow)?;
    }
    let mut walk = Walk { count, next: 0, rows, part, add };
    let leaves = total.div_ceil(EXAMPLE_LEAF);
    if leaves == 0 { Ok(None) } else { walk.node(0..leaves).map(Some) }
}

/// A walk through the tree and, in step with it, through the parts.
struct Walk<R, P, A> {
    count: usize,
    next: usize,
    rows: R,
    part: P,
    add: A,
}

impl<T, R: Fn(usize) -> usize, P: Fn(usize) -> T, A: Fn(T, T) -> T> Walk<R, P, A> {
    /// The value of the node over the leaves of a range, at whose start the next part begins.
    fn node(&mut self, leaves: Range<usize>) -> Result<T, Error> {
        while self.next < self.count && (self.rows)(self.next) == 0 {
            self.next += 1;
        }
        let (at, rows) = (self.next, (self.rows)(self.next));
        let own = rows.div_ceil(EXAMPLE_LEAF);
        if own > leaves.len() {
            return Err(Error::new(Status::InvalidArgument, c"rows").at(at).size(rows));
        }
        if own == leaves.len() {
            self.next += 1;
            return Ok((self.part)(at));
        }
        let middle = leaves.start + left_leaves(leaves.len());
        let left = self.node(leaves.start..middle)?;
        let right = self.node(middle..leaves.end)?;
        Ok((self.add)(left, right))
    }
}
