//! C entry points of packed indexes: what builds, describes and searches them.

#![allow(unsafe_code, non_camel_case_types)]

use super::{Found, Index, IndexOptions, NO_LONG_ID, Search, Storage, Table};
use crate::error::{Error, Status};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_graph, avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{
    Growing, Memory, allocate, check_len, flag, free, handle, handle_mut, handle_optional, load_options,
    matrix_names, one_of,
};
use crate::ffi::views::avocet_matrix;
use crate::score::rows::ffi::table;
use std::ffi::CStr;

/// An index holds f32, 4 bytes an element. Scores are those of `avocet_top_k`, bit for bit. Queries are AVOCET_F32,
/// AVOCET_F16 or AVOCET_BF16, widened exactly.
pub const AVOCET_INDEX_F32: i32 = 0;
/// An index holds bf16, 2 bytes an element, other types rounded to nearest even. Queries as for AVOCET_INDEX_F32; those of
/// AVOCET_BF16 are scored in the order that dot instructions have.
pub const AVOCET_INDEX_BF16: i32 = 1;
/// An index holds f16, 2 bytes an element, other types rounded to nearest even, which must not overflow. Queries as for
/// AVOCET_INDEX_F32.
pub const AVOCET_INDEX_F16: i32 = 2;
/// An index holds int8, a byte an element, and a scale for each row: AVOCET_I8 rows as they are; of others the scale is
/// the greatest magnitude / 127, at least 2^-60, and a byte the quotient rounded to nearest even. Queries are AVOCET_I8.
pub const AVOCET_INDEX_INT8: i32 = 3;
/// An index holds int8, a byte an element, and one scale for each 32 rows, made as for AVOCET_INDEX_INT8; rows are not
/// AVOCET_I8. Queries are.
pub const AVOCET_INDEX_INT8_PANELS: i32 = 4;
/// An index holds int8 and f32, 5 bytes an element. Results and queries are those of AVOCET_INDEX_F32, bit for bit; of most
/// rows a search reads the int8 only, whose scores it bounds. Rows are not AVOCET_I8.
pub const AVOCET_INDEX_CERTIFIED: i32 = 5;

/// What `avocet_index_ids` and `avocet_merge_lists` put in unused places (`UINT64_MAX`).
pub const AVOCET_NO_LONG_ID: u64 = 0xffff_ffff_ffff_ffff;

const _: () = assert!(AVOCET_NO_LONG_ID == NO_LONG_ID);

const STORAGES: [(i32, Storage); 6] = [
    (AVOCET_INDEX_F32, Storage::F32),
    (AVOCET_INDEX_BF16, Storage::Bf16),
    (AVOCET_INDEX_F16, Storage::F16),
    (AVOCET_INDEX_INT8, Storage::Int8),
    (AVOCET_INDEX_INT8_PANELS, Storage::Int8Panels),
    (AVOCET_INDEX_CERTIFIED, Storage::Certified),
];

/// Packed target rows: built once, searched many times. Made by `avocet_index_create`, from another index by
/// `avocet_index_append`, `avocet_index_replace` or `avocet_index_remove`, from bytes by `avocet_index_load` or
/// `avocet_index_map`; never changes, so any number of threads may use one at once. Indexes that come from one another
/// share rows and live independently: they can be destroyed in any order.
pub struct avocet_index(pub(super) Index<'static>);

/// How rows are taken into an index. Zeros (or no struct at all) stand for f32 without ids.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_index_options {
    /// `sizeof(avocet_index_options)`.
    pub struct_size: usize,
    /// The caller's own number of each row, of any values; NULL: there are none. Ties are broken by the row all the same.
    pub ids: *const u64,
    /// A scale for each row of AVOCET_I8 rows, finite and not below 0; NULL: all are 1.
    pub scales: *const f32,
    /// AVOCET_INDEX_*.
    pub storage: i32,
    /// 1: a row with a NaN or an infinity, after it was rounded, is taken in but never found; 0: it is an error.
    pub skip_not_finite: i32,
}

// SAFETY: no padding (3 * 8, 2 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_index_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// What a search may find. Zeros (or no struct at all) stand for every row with any score.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_index_search_options {
    /// `sizeof(avocet_index_search_options)`.
    pub struct_size: usize,
    /// A `queries x rows` graph whose rows are in ascending order: what a query never finds; NULL: nothing.
    pub exclude: *const avocet_graph,
    /// Likewise: all that a query may find, but for what is excluded; NULL: every row.
    pub allow: *const avocet_graph,
    /// A scale for each query, which is AVOCET_I8, finite and not below 0; NULL: all are 1.
    pub query_scales: *const f32,
    /// With `has_least` the least score that is found, not NaN; without: 0.
    pub least: f32,
    /// 1: there is a least score.
    pub has_least: i32,
}

// SAFETY: no padding (4 * 8, 2 * 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_index_search_options {
    const NAMES: [&'static CStr; 2] = [c"options.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// Rows with the options that they are taken in with.
pub(super) struct Rows<'a> {
    pub rows: Table<'a>,
    pub ids: Option<&'a [u64]>,
    pub skip_not_finite: bool,
    storage: i32,
}

/// # Safety
/// As [`table`]; `options` is NULL or points to as many bytes as its first field says.
pub(super) unsafe fn rows_of<'a, const N: usize>(
    memory: &mut Memory<N>,
    rows: *const avocet_matrix,
    options: *const avocet_index_options,
) -> Result<Rows<'a>, Error> {
    // SAFETY: as this function.
    unsafe {
        let options = load_options(options, c"options")?;
        let skip_not_finite = flag(options.skip_not_finite, c"options.skip_not_finite")?;
        let rows = table(memory, rows, matrix_names!("rows"), options.scales, c"options.scales")?;
        let ids = match options.ids.is_null() {
            true => None,
            false => Some(memory.read(options.ids, rows.rows(), c"options.ids")?),
        };
        Ok(Rows { rows, ids, skip_not_finite, storage: options.storage })
    }
}

/// An error of the family, with the names that arguments have in C.
pub(super) fn named(error: Error) -> Error {
    const NAMES: [(&CStr, &CStr); 12] = [
        (c"storage", c"options.storage"),
        (c"scales", c"options.scales"),
        (c"ids", c"options.ids"),
        (c"queries.type", c"queries.element_type"),
        (c"queries.scales", c"options.query_scales"),
        (c"search.least", c"options.least"),
        (c"exclude.rows", c"options.exclude.rows"),
        (c"exclude.cols", c"options.exclude.cols"),
        (c"exclude.indices", c"options.exclude.indices"),
        (c"allow.rows", c"options.allow.rows"),
        (c"allow.cols", c"options.allow.cols"),
        (c"allow.indices", c"options.allow.indices"),
    ];
    NAMES.iter().find(|(from, _)| *from == error.argument).map_or(error, |(_, to)| error.about(to))
}

/// Packs rows into an index and stores it in `*out`. It keeps nothing of the caller's.
///
/// Shapes: `rows` is `n x d`. AVOCET_F32, AVOCET_F16 and AVOCET_BF16 rows can be held in any storage, AVOCET_I8 rows in
/// AVOCET_INDEX_INT8 only. `options` may be NULL: f32 without ids. Rows of an index are numbered from 0. One with ids is
/// made by `options->ids` that is not NULL, also where there are no rows yet.
///
/// Two tables are searched in one pass by their sum of scores `a * s(u).t(v) + b * s'(u).t'(v)` when the index is made of
/// rows `[t | t']`, side by side, and searched with queries `[a s | b s']`. The score of such a query is one chain over
/// both tables' columns, in that order.
///
/// Threads: rows are shared among the pool's threads. Memory: `avocet_index_memory`, and while it builds 256 bytes a column
/// for each thread. Time: one pass over the rows.
///
/// Errors: NOT_FINITE (`rows` with the number of the first row that holds a NaN or an infinity after it was rounded, unless
/// they are to be skipped; `options.scales`), SIZE_OVERFLOW (2^32 rows or more; more than 65535 columns of int8, or more
/// than can be packed), INVALID_ARGUMENT (type; AVOCET_I8 rows for another storage; scales of other rows, or below 0;
/// storage, flag; alignment), SHAPE_MISMATCH (`rows.stride`), NULL_POINTER, STRUCT_SIZE, OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_create(
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
            let Rows { rows, ids, skip_not_finite, storage } = rows_of(&mut memory, rows, options)?;
            let storage = one_of(&STORAGES, storage, c"options.storage")?;
            let out = memory.write_one(out, c"out")?;
            let options = IndexOptions { storage, ids, skip_not_finite };
            *out = allocate(avocet_index(Index::new(rows, options, threads(pool)?).map_err(named)?))?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![rows, options, pool, out], call) }
}

/// Frees an index, and the rows that no other one shares. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_destroy(index: *mut avocet_index) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(index) }
}

/// The number of rows of an index, those included that are never found; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_rows(index: *const avocet_index) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { index.as_ref() }.map_or(0, |index| index.0.rows())
}

/// The number of columns of an index; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_cols(index: *const avocet_index) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { index.as_ref() }.map_or(0, |index| index.0.cols())
}

/// The number of rows of an index that can be found: neither skipped nor removed; 0 for NULL. Time: one step for each 32
/// rows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_live(index: *const avocet_index) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { index.as_ref() }.map_or(0, |index| index.0.live())
}

/// How an index holds its rows: AVOCET_INDEX_*; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_storage(index: *const avocet_index) -> i32 {
    // SAFETY: the caller vouches for the arguments.
    unsafe { index.as_ref() }.map_or(0, |index| index.0.storage() as i32)
}

/// 1 if an index has the caller's ids, else 0; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_has_ids(index: *const avocet_index) -> i32 {
    // SAFETY: the caller vouches for the arguments.
    unsafe { index.as_ref() }.map_or(0, |index| i32::from(index.0.ids().is_some()))
}

/// The bytes of memory that the rows of an index take, those included that it shares with others or that are the caller's
/// (`avocet_index_map`); 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_memory(index: *const avocet_index) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { index.as_ref() }.map_or(0, |index| index.0.memory())
}

/// The caller's ids of rows of an index, such as those that a search found: `out[i]` is the id of row `rows[i]`, the row
/// itself if the index has no ids, and `AVOCET_NO_LONG_ID` where the row is `AVOCET_NO_ID`. Both arrays hold `len` values.
///
/// Errors, before `out` is touched: INDEX_OUT_OF_RANGE (`rows`, with the first bad position and its value),
/// NULL_POINTER, INVALID_ARGUMENT (alignment), SIZE_OVERFLOW (`len`), OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_ids(
    index: *const avocet_index,
    rows: *const u32,
    len: usize,
    out: *mut u64,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let index = &handle(index, c"index")?.0;
            check_len::<u64>(len, c"len")?;
            let rows = memory.read(rows, len, c"rows")?;
            index.own_ids(rows, memory.write(out, len, c"out")?)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![index, rows, len, out], call) }
}

/// For each query the `k` rows of an index with the greatest scores `query . row`.
///
/// Shapes: `queries` is `q x d`, of a type that the index is scored with (AVOCET_INDEX_*); `options` may be NULL: every row
/// with any score. Outputs, row-major without gaps: `ids` (`q x k` rows of the index, best first, `AVOCET_NO_ID` in unused
/// places), `scores` (`q x k`, -inf in unused places), `counts` (for each query, how many places are used), `nan_counts`
/// (for each query, how many scores of rows that it could find were NaN; may be NULL) and `survivors` (for each query, how
/// many rows AVOCET_INDEX_CERTIFIED scored in f32 after it had read their bytes, 0 in other storages; may be NULL; they
/// depend on the number of threads, which nothing else does).
///
/// Order: CHAIN; of bf16 by bf16 over pairs of columns, the second of a pair first (a missing last one is +0). Scores of
/// int8 are `(query_scale * row_scale) * sum` with the exact sum, both products rounded to f32. A score does not depend on
/// the other queries, the other rows or the threads. Ranking: score descending, then row ascending (-0 and +0 tie): a total
/// order, so the list for a smaller k is the head of the list for a greater one. NaN scores never enter and are counted;
/// infinities rank.
///
/// Threads: many queries are shared among the pool's threads, or for few the rows. Nothing is allocated. Workspace: the
/// queries, packed, and for each part of the work some lines and, where rows are shared, lists. Time: q * n * d fused
/// operations; with short lists of allowed rows only their panels of 32.
///
/// Errors, before outputs are touched: SHAPE_MISMATCH (`queries.cols`, `queries.stride`; `options.exclude.rows`, `.cols`,
/// `options.allow.rows`, `.cols`), NOT_SORTED (`options.exclude.indices`, `options.allow.indices`; the position is that of
/// the edge), NOT_FINITE (a NaN as `options.least`; `options.query_scales`), SIZE_OVERFLOW (`q * k`), INVALID_ARGUMENT
/// (type: also one that the index is not scored with; scales of other queries, or below 0; a least score without its flag;
/// flag; alignment), NULL_POINTER, STRUCT_SIZE, OVERLAP, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_index_search(
    index: *const avocet_index,
    queries: *const avocet_matrix,
    k: usize,
    options: *const avocet_index_search_options,
    ids: *mut u32,
    scores: *mut f32,
    counts: *mut u32,
    nan_counts: *mut u32,
    survivors: *mut u32,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<7>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let index = &handle(index, c"index")?.0;
            let options = load_options(options, c"options")?;
            let exclude = handle_optional(options.exclude, c"options.exclude")?.map(|graph| &graph.0);
            let allow = handle_optional(options.allow, c"options.allow")?.map(|graph| &graph.0);
            let has_least = flag(options.has_least, c"options.has_least")?;
            if !has_least && options.least != 0.0 {
                let error = Error::new(Status::InvalidArgument, c"options.least");
                return Err(error.real(options.least.into()));
            }
            let least = if has_least { options.least } else { f32::NEG_INFINITY };
            let names = matrix_names!("queries");
            let queries = table(&mut memory, queries, names, options.query_scales, c"options.query_scales")?;
            let q = queries.rows();
            let too_many = Error::new(Status::SizeOverflow, c"k").size(k);
            let places = q.checked_mul(k).filter(|&n| n <= isize::MAX as usize / 4).ok_or(too_many)?;
            let found = Found {
                k,
                ids: memory.write(ids, places, c"ids")?,
                scores: memory.write(scores, places, c"scores")?,
                counts: memory.write(counts, q, c"counts")?,
                nan_counts: memory.write_optional(nan_counts, q, c"nan_counts")?,
                survivors: memory.write_optional(survivors, q, c"survivors")?,
            };
            let search = Search { exclude, allow, least };
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            index.search(queries, search, found, threads(pool)?, workspace).map_err(named)
        }
    };
    let names =
        names![index, queries, k, options, ids, scores, counts, nan_counts, survivors, pool, workspace];
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names, call) }
}
