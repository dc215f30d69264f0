//! One list from those of shards.

use crate::error::{Error, Status, check_size};
use crate::score::heap::Heap;

/// The id in unused places of a merged list.
pub const NO_LONG_ID: u64 = u64::MAX;

/// What a shard found: `queries x k` places, best first.
#[derive(Clone, Copy, Debug)]
pub struct Shard<'a> {
    /// Places for each query.
    pub k: usize,
    /// Numbers that no other shard has.
    pub ids: &'a [u64],
    /// Their scores.
    pub scores: &'a [f32],
    /// For each query, how many places are used.
    pub counts: &'a [u32],
}

/// For each query the best `k` of what shards found: score descending, then id ascending (-0 and +0 tie). If the ids of
/// each shard ascend with its rows, and each shard's k is at least `k`, these are the lists of one index of all rows,
/// whatever the order of the shards.
///
/// Shapes: `ids` and `scores` are `queries x k`, row-major; [`NO_LONG_ID`] and -inf in unused places. NaN scores are left out.
/// Nothing is allocated. Time: for each entry the logarithm of k.
///
/// Errors, before outputs are touched: sizes that do not fit, a count above a shard's k (with the query).
pub fn merge_lists(
    shards: &[Shard<'_>],
    k: usize,
    ids: &mut [u64],
    scores: &mut [f32],
    counts: &mut [u32],
) -> Result<(), Error> {
    merge_by(shards.len(), |at| Ok(shards[at]), k, ids, scores, counts)
}

/// As [`merge_lists`], with shards that are looked up: twice each, the second time without an error.
pub(super) fn merge_by<'s>(
    number: usize,
    shard: impl Fn(usize) -> Result<Shard<'s>, Error>,
    k: usize,
    ids: &mut [u64],
    scores: &mut [f32],
    counts: &mut [u32],
) -> Result<(), Error> {
    let q = counts.len();
    let places = |k: usize| q.checked_mul(k).ok_or(Error::new(Status::SizeOverflow, c"k").size(k));
    check_size(ids.len(), places(k)?, c"ids")?;
    check_size(scores.len(), places(k)?, c"scores")?;
    for at in 0..number {
        let shard = shard(at)?;
        check_size(shard.ids.len(), places(shard.k)?, c"shards.ids")?;
        check_size(shard.scores.len(), places(shard.k)?, c"shards.scores")?;
        check_size(shard.counts.len(), q, c"shards.counts")?;
        if let Some(at) = shard.counts.iter().position(|&count| count as usize > shard.k) {
            let count = shard.counts[at];
            return Err(Error::new(Status::IndexOutOfRange, c"shards.counts").at(at).integer(count.into()));
        }
    }
    for (query, count) in counts.iter_mut().enumerate() {
        let (ids, scores) = (&mut ids[query * k..][..k], &mut scores[query * k..][..k]);
        let mut heap = Heap { ids, scores, used: 0 };
        for at in 0..number {
            let shard = shard(at)?;
            let used = query * shard.k..query * shard.k + shard.counts[query] as usize;
            for (&id, &score) in shard.ids[used.clone()].iter().zip(&shard.scores[used]) {
                if !score.is_nan() {
                    heap.offer(score, id);
                }
            }
        }
        *count = heap.used as u32;
        heap.sort(NO_LONG_ID);
    }
    Ok(())
}
