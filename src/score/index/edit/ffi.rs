//! C entry points of packed indexes: what changes, saves and merges them.

#![allow(unsafe_code, non_camel_case_types)]

use crate::error::{Error, Status, check_size};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_pool, threads};
use crate::ffi::memory::{Growing, Memory, allocate, check_len, handle, load_growing};
use crate::ffi::views::avocet_matrix;
use crate::score::index::ffi::{Rows, avocet_index, avocet_index_options, named, rows_of};
use crate::score::index::merge::merge_by;
use crate::score::index::{Index, Shard};
use std::ffi::CStr;

/// Stores in `*out` an index with more rows behind those of another one, whose rows keep their numbers and their scores.
///
/// `rows` and `options` are as for `avocet_index_create`, but that `options->storage` is not read, and that there are ids if
/// and only if `index` has some. Rows are shared in blocks of 2048 but for a last one that is not whole, which is copied.
/// AVOCET_INDEX_INT8_PANELS takes more rows only behind whole panels of 32, because a panel has one scale. Threads: the new
/// rows are shared among the pool's threads. Time: one pass over the new rows and at most 2047 old ones.
///
/// Errors: SHAPE_MISMATCH (`rows.cols`, `rows.stride`; `options.ids`: there must be some, or none), NOT_FINITE (`rows` with
/// the number of the row among the new ones, `options.scales`), SIZE_OVERFLOW (2^32 rows or more in all), INVALID_ARGUMENT
/// (`index`: AVOCET_INDEX_INT8_PANELS with a last panel that is not whole; type: also AVOCET_I8 rows for another storage
/// than AVOCET_INDEX_INT8; scales of other rows, or below 0; flag; alignment), NULL_POINTER, STRUCT_SIZE, OVERLAP,
/// OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_append(
    index: *const avocet_index,
    rows: *const avocet_matrix,
    options: *const avocet_index_options,
    pool: *const avocet_pool,
    out: *mut *mut avocet_index,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<4>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let index = &handle(index, c"index")?.0;
            let Rows { rows, ids, skip_not_finite, .. } = rows_of(&mut memory, rows, options)?;
            let out = memory.write_one(out, c"out")?;
            // Of no rows there are no ids, and any pointer stands for them.
            let ids = if rows.rows() == 0 { index.ids().map(|_| &[][..]) } else { ids };
            let more = index.append(rows, ids, skip_not_finite, threads(pool)?).map_err(named)?;
            *out = allocate(avocet_index(more))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![index, rows, options, pool, out], call) }
}

/// Stores in `*out` an index like another one with other values for some rows, which can be found from then on; ids stay.
///
/// `at` holds `rows->rows` numbers of rows, in ascending order, each once. `rows` and `options` are as for
/// `avocet_index_create`, but that `options->storage` is not read and `options->ids` is NULL. Rows are shared in blocks of
/// 2048, but for blocks with a changed row, which are copied. AVOCET_INDEX_INT8_PANELS cannot replace rows, because a panel
/// has one scale. On the calling thread. Time: one pass over the new rows and the blocks that are copied.
///
/// Errors: INDEX_OUT_OF_RANGE and NOT_SORTED (`at`, with the first bad position and its value), SHAPE_MISMATCH (`rows.cols`,
/// `rows.stride`), NOT_FINITE (`rows` with the number of the row among the new ones, `options.scales`), SIZE_OVERFLOW
/// (`rows.rows`), INVALID_ARGUMENT (`index`: AVOCET_INDEX_INT8_PANELS; `options.ids`; type: also AVOCET_I8 rows for another
/// storage than AVOCET_INDEX_INT8; scales of other rows, or below 0; flag; alignment), NULL_POINTER, STRUCT_SIZE, OVERLAP,
/// OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_replace(
    index: *const avocet_index,
    at: *const u32,
    rows: *const avocet_matrix,
    options: *const avocet_index_options,
    out: *mut *mut avocet_index,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<5>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let index = &handle(index, c"index")?.0;
            let Rows { rows, ids, skip_not_finite, .. } = rows_of(&mut memory, rows, options)?;
            if ids.is_some() {
                return Err(Error::new(Status::InvalidArgument, c"options.ids"));
            }
            check_len::<u32>(rows.rows(), c"rows.rows")?;
            let at = memory.read(at, rows.rows(), c"at")?;
            let out = memory.write_one(out, c"out")?;
            *out = allocate(avocet_index(index.replace(at, rows, skip_not_finite).map_err(named)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![index, at, rows, options, out], call) }
}

/// Stores in `*out` an index without some rows of another one: rows keep their numbers, and those are never found, until
/// they are replaced. `at` holds `count` numbers of rows, in ascending order, each once; rows may be removed again. All rows
/// are shared. On the calling thread. Time: a step for each block of 2048 rows and for each row in `at`.
///
/// Errors: INDEX_OUT_OF_RANGE and NOT_SORTED (`at`, with the first bad position and its value), SIZE_OVERFLOW (`count`),
/// INVALID_ARGUMENT (alignment), NULL_POINTER, OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_remove(
    index: *const avocet_index,
    at: *const u32,
    count: usize,
    out: *mut *mut avocet_index,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let index = &handle(index, c"index")?.0;
            check_len::<u32>(count, c"count")?;
            let at = memory.read(at, count, c"at")?;
            let out = memory.write_one(out, c"out")?;
            *out = allocate(avocet_index(index.remove(at)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![index, at, count, out], call) }
}

/// The number of bytes that `avocet_index_save` writes: what the rows take in memory, and some more; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_saved_bytes(index: *const avocet_index) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { index.as_ref() }.map_or(0, |index| index.0.saved_bytes())
}

/// Writes an index to `bytes`: little-endian, versioned, with a checksum, the same bytes for the same rows everywhere. `len`
/// must be `avocet_index_saved_bytes(index)`. Time: one pass over the bytes.
///
/// Errors, before `bytes` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_save(
    index: *const avocet_index,
    bytes: *mut u8,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let index = &handle(index, c"index")?.0;
            check_len::<u8>(len, c"len")?;
            check_size(len, index.saved_bytes(), c"len")?;
            index.save(Memory::<1>::new().write(bytes, len, c"bytes")?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![index, bytes, len], call) }
}

/// An error of a load: the rows that memory is missing for are those of the bytes.
fn of_bytes(error: Error) -> Error {
    error.renamed(c"rows", c"bytes")
}

/// Makes the index that `avocet_index_save` wrote to `len` bytes and stores it in `*out`, with a copy of its rows. Time: two
/// passes over the bytes.
///
/// Errors: SHAPE_MISMATCH (bytes that end too early or too late), INVALID_ARGUMENT (bytes that were not saved so, found by
/// the checksum or by what they say, with the position of the bad field; alignment), NULL_POINTER, SIZE_OVERFLOW (`len`),
/// OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_load(
    bytes: *const u8,
    len: usize,
    out: *mut *mut avocet_index,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            check_len::<u8>(len, c"len")?;
            let bytes = memory.read(bytes, len, c"bytes")?;
            let out = memory.write_one(out, c"out")?;
            *out = allocate(avocet_index(Index::load(bytes).map_err(of_bytes)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![bytes, len, out], call) }
}

/// As `avocet_index_load`, but with the rows where they are, such as a file that the caller has mapped. The memory must stay
/// as it is until this index, and every index that was made of it, is destroyed. It must begin at a multiple of 4 bytes (of
/// 64 to be fast) on a little-endian machine. Time: one pass over the bytes.
///
/// Errors: those of `avocet_index_load`; INVALID_ARGUMENT (`bytes`) also where the memory begins elsewhere, or on another
/// machine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_map(
    bytes: *const u8,
    len: usize,
    out: *mut *mut avocet_index,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments, also that the bytes outlive the index.
        unsafe {
            check_len::<u8>(len, c"len")?;
            let bytes: &'static [u8] = memory.read(bytes, len, c"bytes")?;
            let out = memory.write_one(out, c"out")?;
            *out = allocate(avocet_index(Index::map(bytes).map_err(of_bytes)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![bytes, len, out], call) }
}

/// What one shard found for some queries, for `avocet_merge_lists`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_shard {
    /// `sizeof(avocet_shard)`, also the distance to the next one.
    pub struct_size: usize,
    /// Places for each query.
    pub k: usize,
    /// `queries x k` ids, which no other shard has: see `avocet_index_ids`.
    pub ids: *const u64,
    /// `queries x k` scores.
    pub scores: *const f32,
    /// For each query, how many places are used, at most `k`.
    pub counts: *const u32,
}

// SAFETY: no padding (5 * 8 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_shard {
    const NAMES: [&'static CStr; 2] = [c"shards.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// One list for each query from those that `count` shards found, each in an index of its own: the best `k` by score
/// descending, then id ascending (-0 and +0 tie).
///
/// If ids ascend with the rows of each shard, and each shard's k is at least `k`, these are the lists that one index of all
/// rows gives, whatever the order of the shards. Every shard has `queries` lists. Outputs, row-major without gaps: `ids`
/// (`queries x k`, best first, `AVOCET_NO_LONG_ID` in unused places), `scores` (`queries x k`, -inf in unused places),
/// `counts` (for each query, how many places are used). NaN scores are left out. On the calling thread; nothing is
/// allocated. Time: for each entry the logarithm of k.
///
/// Errors, before outputs are touched: INDEX_OUT_OF_RANGE (`shards.counts`: more than its k, with the query and the count),
/// SIZE_OVERFLOW (`queries * k`, `queries * shards.k`; `count`), STRUCT_SIZE (`shards.struct_size`, also one that is not
/// that of the first shard, with the position of the shard), NULL_POINTER, INVALID_ARGUMENT (alignment), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_merge_lists(
    shards: *const avocet_shard,
    count: usize,
    queries: usize,
    k: usize,
    ids: *mut u64,
    scores: *mut f32,
    counts: *mut u32,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<7>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let places = |k: usize, name| {
                let too_many = Error::new(Status::SizeOverflow, name).size(k);
                queries.checked_mul(k).filter(|&n| n <= isize::MAX as usize / 8).ok_or(too_many)
            };
            check_len::<u32>(queries, c"queries")?;
            let stride = match count {
                0 => 0,
                _ => load_growing(shards, c"shards")?.struct_size,
            };
            let too_many = Error::new(Status::SizeOverflow, c"count").size(count);
            let bytes = count.checked_mul(stride).ok_or(too_many)?;
            check_len::<u8>(bytes, c"count")?;
            memory.read(shards.cast::<u8>(), bytes, c"shards")?;
            let wanted = places(k, c"k")?;
            let ids = memory.write(ids, wanted, c"ids")?;
            let scores = memory.write(scores, wanted, c"scores")?;
            let counts = memory.write(counts, queries, c"counts")?;
            let shard = |at: usize| {
                let shard = load_growing(shards.byte_add(at * stride), c"shards").map_err(|e| e.at(at))?;
                if shard.struct_size != stride {
                    let error = Error::new(Status::StructSize, c"shards.struct_size");
                    return Err(error.at(at).size(shard.struct_size));
                }
                let places = places(shard.k, c"shards.k").map_err(|error| error.at(at))?;
                let mut memory = memory.clone();
                let own = |error: Error| error.at(at);
                Ok(Shard {
                    k: shard.k,
                    ids: memory.read(shard.ids, places, c"shards.ids").map_err(own)?,
                    scores: memory.read(shard.scores, places, c"shards.scores").map_err(own)?,
                    counts: memory.read(shard.counts, queries, c"shards.counts").map_err(own)?,
                })
            };
            merge_by(count, shard, k, ids, scores, counts)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![shards, count, queries, k, ids, scores, counts], call) }
}
