//! The best rows of an index for each query.

use super::certified::Rescore;
use super::kernel::{GROUP, PANEL};
use super::part::{Lists, Part};
use super::prepare::{Prepared, pieces, prepare};
use super::{Index, Storage, Table};
use crate::error::{Error, Status, check_size};
use crate::graph::Graph;
use crate::pool::{self, Leaves, Pool};
use crate::simd::LANES;
use crate::simd::dispatch::{Kernels, kernels};
use crate::workspace::Workspace;

/// Queries of a pass over the panels.
const QUERIES: usize = 256;

/// What may be found.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// `queries x rows`, in ascending order: rows that a query never finds.
    pub exclude: Option<&'a Graph>,
    /// `queries x rows`, in ascending order: the only rows that a query finds.
    pub allow: Option<&'a Graph>,
    /// The least score that is found.
    pub least: f32,
}

impl Default for Search<'_> {
    fn default() -> Self {
        Search { exclude: None, allow: None, least: f32::NEG_INFINITY }
    }
}

/// Outputs of [`Index::search`], all row-major and without gaps.
#[derive(Debug)]
pub struct Found<'a> {
    /// Places for each query.
    pub k: usize,
    /// `queries x k` rows of the index, best first; [`crate::score::NO_ID`] in unused places.
    pub ids: &'a mut [u32],
    /// `queries x k` scores; -inf in unused places.
    pub scores: &'a mut [f32],
    /// For each query, how many places are used.
    pub counts: &'a mut [u32],
    /// For each query, how many scores of rows that it could find were NaN.
    pub nan_counts: Option<&'a mut [u32]>,
    /// For each query, how many rows certified search scored in f32 after it had read their bytes; 0 in other storages.
    /// They depend on the number of threads; nothing else does.
    pub survivors: Option<&'a mut [u32]>,
}

/// f32 of the pieces of a part's scratch.
struct Needs {
    /// Queries of a pass, in whole groups.
    queries: usize,
    /// Places of lists of its own.
    places: usize,
    /// Words of a group in f32, and lines of a panel of them, for certified search.
    words: usize,
    packed: usize,
}

impl Needs {
    fn total(&self) -> Option<usize> {
        // Lists, their counts and NaN; floors and limits; what waits, how much, survivors and marks.
        let fixed = self.queries.checked_mul(4)?.checked_add(self.places.checked_mul(2)?)?;
        let certified = match self.words {
            0 => 0,
            words => self.queries * (LANES + 3) + words * self.queries + self.packed,
        };
        // Pieces begin where they may: lines are only asked for unaligned.
        fixed.checked_add(certified)
    }
}

impl Index<'_> {
    /// For each query the `k` rows with the greatest scores `query . row`.
    ///
    /// Shapes: `queries` is `q x d`. Types: rows of f32, f16 and certified ones are scored with the values of queries of
    /// f32, f16 or bf16; so are rows of bf16, but queries of bf16 in the order that dot instructions have; rows of int8 with
    /// queries of int8, `(query scale * row scale) * sum of products`, the sum exact.
    ///
    /// - Order of operations: `CHAIN`, one fma chain from +0 over the columns; of bf16 by bf16 over pairs of
    ///   columns, the second of a pair first (a missing last one is +0). A score does not depend on the other queries,
    ///   the other rows, the tier or the threads. For rows of f32, and for certified ones, it is that of
    ///   [`crate::score::top_k`]; for rows of bf16 and f16 with queries of f32 that of their values in f32.
    /// - Ranking: score descending, then row ascending (-0 and +0 tie): a total order, so the list for a smaller k is the
    ///   head of the list for a greater one. NaN scores never enter and are counted; infinities rank.
    /// - Certified storage bounds scores by the rows' bytes and scores in f32 what can enter; where too many can, it
    ///   scores all rows in f32. The result is the same.
    /// - Threads: many queries are shared, or for few the rows. Nothing is allocated. Workspace: the queries, packed, and
    ///   for each part some lines and, where rows are shared, lists. Time: `q * n * d` fused operations.
    ///
    /// Errors, before outputs are touched: sizes that do not fit, a type of queries that the rows are not scored with,
    /// a NaN as least score, lists that are not in ascending order.
    pub fn search<'q>(
        &self,
        queries: impl Into<Table<'q>>,
        search: Search<'_>,
        mut out: Found<'_>,
        pool: Option<&Pool>,
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let queries = queries.into();
        let kernels = kernels();
        let form = self.check(kernels, queries, search, &out)?;
        let (q, k) = (queries.rows(), out.k);
        if q == 0 {
            return Ok(());
        }
        let panels = self.rows.div_ceil(PANEL);
        let work = q.saturating_mul(panels).saturating_mul(2 * self.layout.steps() + 2);
        let shared = pool::parts_with_tables(pool, work);
        let by_rows = shared > 1 && q < 64 * shared && q <= QUERIES && self.blocks.len() >= shared;
        let parts = if by_rows { shared } else { pool::parts(pool, work) };
        let certified = self.storage == Storage::Certified;
        let needs = Needs {
            queries: q.next_multiple_of(GROUP).min(QUERIES),
            places: if by_rows { q * k } else { 0 },
            words: if certified { self.cols().max(1) } else { 0 },
            packed: if certified { 2 * LANES * self.cols().max(1) } else { 0 },
        };
        let [words, groups, rows] = pieces(self, q, form);
        let scratch = needs.total().and_then(|len| len.checked_mul(parts));
        let [words, groups, rows, scratch] = workspace.pieces([words, groups, rows, scratch])?;
        let prepared = prepare(kernels, self, queries, form, [words, groups, rows]);
        if let Some(survivors) = out.survivors.as_deref_mut() {
            survivors.fill(0);
        }
        let call = Call { kernels, index: self, search, prepared, given: queries, k };
        if by_rows {
            call.by_rows(parts, &needs, out, scratch, pool);
        } else {
            call.by_queries(parts, &needs, out, scratch, pool);
        }
        Ok(())
    }

    fn check(
        &self,
        kernels: &Kernels,
        queries: Table<'_>,
        search: Search<'_>,
        out: &Found<'_>,
    ) -> Result<super::kernel::Form, Error> {
        let q = queries.rows();
        check_size(queries.cols(), self.cols(), c"queries.cols")?;
        let form = self.form(kernels, queries)?;
        queries.check_scales(c"queries.scales")?;
        let places = q.checked_mul(out.k).ok_or(Error::new(Status::SizeOverflow, c"k").size(out.k))?;
        check_size(out.ids.len(), places, c"ids")?;
        check_size(out.scores.len(), places, c"scores")?;
        check_size(out.counts.len(), q, c"counts")?;
        check_size(out.nan_counts.as_ref().map_or(q, |v| v.len()), q, c"nan_counts")?;
        check_size(out.survivors.as_ref().map_or(q, |v| v.len()), q, c"survivors")?;
        if search.least.is_nan() {
            return Err(Error::new(Status::NotFinite, c"search.least").real(f64::NAN));
        }
        crate::score::check_exclude(search.exclude, q, self.rows)?;
        if let Some(allow) = search.allow {
            check_size(allow.rows(), q, c"allow.rows")?;
            check_size(allow.cols(), self.rows, c"allow.cols")?;
            allow.check_sorted(c"allow.indices")?;
        }
        Ok(form)
    }
}

/// A call of a search.
struct Call<'a, 'i> {
    kernels: &'a Kernels,
    index: &'a Index<'i>,
    search: Search<'a>,
    prepared: Prepared<'a>,
    given: Table<'a>,
    k: usize,
}

/// Cuts off the first `len` values.
fn cut<'a, T>(from: &mut &'a mut [T], len: usize) -> &'a mut [T] {
    let (a, b) = std::mem::take(from).split_at_mut(len);
    *from = b;
    a
}

impl<'a> Call<'a, '_> {
    /// All panels of a range of blocks for queries from `first` on, at most [`QUERIES`] of them.
    fn part(
        &self,
        first: usize,
        lists: Lists<'_>,
        survivors: Option<&mut [u32]>,
        needs: &Needs,
        mut scratch: &mut [f32],
        blocks: std::ops::Range<usize>,
    ) {
        let (index, count) = (self.index, lists.counts.len());
        let whole = count.next_multiple_of(GROUP);
        let (floors, limits) = (cut(&mut scratch, whole), cut(&mut scratch, whole));
        let rescore = (needs.words > 0).then(|| Rescore {
            pending: bytemuck::cast_slice_mut(cut(&mut scratch, count * LANES)),
            used: bytemuck::cast_slice_mut(cut(&mut scratch, count)),
            survivors: bytemuck::cast_slice_mut(cut(&mut scratch, count)),
            plain: bytemuck::cast_slice_mut(cut(&mut scratch, count)),
            packed: cut(&mut scratch, needs.packed).as_chunks_mut().0,
            words: cut(&mut scratch, whole * needs.words).as_chunks_mut().0,
        });
        let mut part = Part {
            kernels: self.kernels,
            index,
            search: self.search,
            queries: self.prepared.part(index, first / GROUP, count),
            given: self.given,
            first,
            lists,
            floors,
            limits,
            rescore,
        };
        part.run(blocks);
        if let (Some(to), Some(rescore)) = (survivors, part.rescore) {
            to.copy_from_slice(rescore.survivors);
        }
    }

    /// Queries are shared.
    fn by_queries(
        &self,
        parts: usize,
        needs: &Needs,
        out: Found<'_>,
        scratch: &mut [f32],
        pool: Option<&Pool>,
    ) {
        let (q, k, blocks) = (out.counts.len(), self.k, self.index.blocks.len());
        let wide = GROUP * k;
        let lists = (Leaves { items: out.ids, width: wide }, Leaves { items: out.scores, width: wide });
        let of = |items| Leaves { items, width: GROUP };
        let each = (of(out.counts), out.nan_counts.map(of), out.survivors.map(of));
        let groups = 0..q.div_ceil(GROUP);
        pool::for_rows(pool, parts, groups, pool::even, (lists, each), scratch, |groups, out, scratch| {
            let ((ids, scores), (counts, nans, survivors)) = out;
            let (mut ids, mut scores, mut counts) = (ids.items, scores.items, counts.items);
            let (mut nans, mut survivors) = (nans.map(|v| v.items), survivors.map(|v| v.items));
            let mut first = groups.start * GROUP;
            while !counts.is_empty() {
                let count = counts.len().min(QUERIES);
                let mut lists = Lists {
                    k,
                    ids: cut(&mut ids, count * k),
                    scores: cut(&mut scores, count * k),
                    counts: cut(&mut counts, count),
                    nans: nans.as_mut().map(|nans| cut(nans, count)),
                };
                let survivors = survivors.as_mut().map(|survivors| cut(survivors, count));
                self.part(first, lists.reborrow(), survivors, needs, scratch, 0..blocks);
                lists.sort();
                first += count;
            }
        });
    }

    /// Rows are shared: each part has lists of its own.
    fn by_rows(&self, parts: usize, needs: &Needs, out: Found<'_>, scratch: &mut [f32], pool: Option<&Pool>) {
        let (q, k) = (out.counts.len(), self.k);
        let own = |scratch: &mut [f32], run: &mut dyn FnMut(Lists<'_>, &mut [f32])| {
            let mut rest = scratch;
            let (ids, scores) = (cut(&mut rest, needs.places), cut(&mut rest, needs.places));
            let (counts, nans) = (cut(&mut rest, q), cut(&mut rest, q));
            let (ids, counts) = (bytemuck::cast_slice_mut(ids), bytemuck::cast_slice_mut(counts));
            run(Lists { k, ids, scores, counts, nans: Some(bytemuck::cast_slice_mut(nans)) }, rest);
        };
        let blocks = 0..self.index.blocks.len();
        let len = scratch.len() / parts;
        pool::for_rows(pool, parts, blocks, pool::even, (), scratch, |blocks, (), scratch| {
            own(scratch, &mut |lists, rest| self.part(0, lists, None, needs, rest, blocks.clone()));
        });
        let mut best =
            Lists { k, ids: out.ids, scores: out.scores, counts: out.counts, nans: out.nan_counts };
        best.clear();
        let mut survivors = out.survivors;
        for scratch in scratch.chunks_exact_mut(len) {
            own(scratch, &mut |lists, rest| {
                best.merge(&lists);
                if let Some(survivors) = survivors.as_deref_mut().filter(|_| needs.words > 0) {
                    // Behind floors, limits, what waits and how much of it.
                    let from = 2 * q.next_multiple_of(GROUP) + q * (LANES + 1);
                    let found: &[u32] = bytemuck::cast_slice(&rest[from..from + q]);
                    survivors.iter_mut().zip(found).for_each(|(sum, &more)| *sum += more);
                }
            });
        }
        best.sort();
    }
}

const _: () = assert!(QUERIES.is_multiple_of(GROUP));
