//! Scores of given rows in the order of the index, and where they rank.

pub(crate) mod ffi;

use super::kernel::bytes::ByteGroup;
use super::kernel::{Form, GROUP, PANEL, Scan, Visit};
use super::part::bytes_in;
use super::prepare::prepare_exact;
use super::store::BLOCK;
use super::{Held, Index, Storage, Table};
use crate::error::{Error, check_size};
use crate::graph::Graph;
use crate::pool::{self, PerEdge, Pool};
use crate::score::count::Count;
use crate::simd::dispatch::{Kernels, kernels};
use crate::simd::{CANONICAL_NAN, LANES, Lanes};
use crate::view::Matrix;
use crate::workspace::Workspace;

/// f32 of the bounds of a group.
const BOUNDS: usize = 4 * GROUP;

/// Queries as they are scored, one group at a time.
struct Group<'a, 'i> {
    kernels: &'a Kernels,
    index: &'a Index<'i>,
    queries: Table<'a>,
    form: Form,
    words: &'a mut [[f32; GROUP]],
    bounds: &'a mut ByteGroup,
    packed: &'a mut [Lanes],
}

/// f32 that a [`Group`] needs.
fn needs(index: &Index<'_>, form: Form) -> Option<usize> {
    let packed = if index.storage == Storage::Certified { PANEL * index.cols().max(1) } else { 0 };
    index.exact_words(form).checked_mul(GROUP)?.checked_add(BOUNDS + packed)
}

impl<'a, 'i> Group<'a, 'i> {
    fn new(
        kernels: &'a Kernels,
        index: &'a Index<'i>,
        queries: Table<'a>,
        form: Form,
        scratch: &'a mut [f32],
    ) -> Option<Self> {
        let (bounds, rest) = scratch.split_at_mut(BOUNDS);
        let (words, packed) = rest.split_at_mut(index.exact_words(form) * GROUP);
        let bounds = bounds.as_chunks_mut::<GROUP>().0.first_chunk_mut()?;
        let packed = packed.as_chunks_mut().0;
        Some(Group { kernels, index, queries, form, words: words.as_chunks_mut().0, bounds, packed })
    }

    fn set(&mut self, first: usize, count: usize) {
        prepare_exact(self.queries, first, count, self.form, self.words, self.bounds);
    }

    /// All scores of a block's panels.
    fn scan(&mut self, count: usize, block: usize, panels: std::ops::Range<usize>, visit: &mut dyn Visit) {
        let (index, layout) = (self.index, self.index.layout);
        let here = &index.blocks[block];
        let limits = &mut [f32::NAN; GROUP];
        let words = &*self.words;
        if index.storage == Storage::Certified {
            let cols = index.cols();
            for panel in panels {
                let rows = &here.rows(cols)[panel * PANEL * cols..][..PANEL * cols];
                if let Ok(rows) = Matrix::new(rows, PANEL, cols) {
                    self.kernels.index_pack(rows, &[], self.packed);
                }
                let (packed, first) = (&*self.packed, block * BLOCK + panel);
                let scan = Scan {
                    form: Form::F32,
                    panels: packed,
                    lines: packed.len(),
                    first,
                    words,
                    count,
                    behind: &[],
                    near: true,
                };
                self.kernels.index_scan(scan, limits, visit);
            }
            return;
        }
        let scan = Scan {
            form: self.form,
            panels: here.lines(layout, panels.clone()),
            lines: layout.lines(),
            first: block * BLOCK + panels.start,
            words,
            count,
            behind: &[],
            near: index.near(),
        };
        if matches!(layout.held, Held::Bytes { .. }) {
            let bytes = bytes_in(index, here, scan, std::slice::from_ref(self.bounds), panels);
            self.kernels.index_scan_bytes(bytes, limits, visit);
        } else {
            self.kernels.index_scan(scan, limits, visit);
        }
    }

    /// From what a pass gives to the score of a query and a panel's lane.
    fn score(&self, query: usize, panel: usize, lane: usize, given: f32) -> f32 {
        score(self.index, self.queries, query, panel, lane, given)
    }

    /// The scores of one query, which was set alone, against given rows.
    fn given(&mut self, query: usize, ids: &[u32], out: &mut [f32]) {
        let mut seen = One { panel: usize::MAX, scores: [0.0; PANEL] };
        for (&id, out) in ids.iter().zip(out) {
            let (panel, lane) = (id as usize / PANEL, id as usize % PANEL);
            if seen.panel != panel {
                self.scan(1, panel / BLOCK, panel % BLOCK..panel % BLOCK + 1, &mut seen);
            }
            let score = self.score(query, panel, lane, seen.scores[lane]);
            *out = if score.is_nan() { CANONICAL_NAN } else { score };
        }
    }
}

fn score(index: &Index<'_>, queries: Table<'_>, query: usize, panel: usize, lane: usize, given: f32) -> f32 {
    let Table::Int8(_) = queries else { return given };
    let block = &index.blocks[panel / BLOCK];
    let line = 2 * (block.panels.start + panel % BLOCK) + lane / LANES;
    (queries.scale(query) * block.store.scales[line][lane % LANES]) * (given.to_bits() as i32 as f32)
}

/// What was seen of one query.
struct One {
    panel: usize,
    scores: [f32; PANEL],
}

impl Visit for One {
    fn tile(&mut self, panel: usize, _: usize, _: &[u32], scores: &[[f32; PANEL]], _: &mut [f32]) {
        (self.panel, self.scores) = (panel, scores[0]);
    }
}

impl Index<'_> {
    /// The scores of given rows, the bits that [`Index::search`] gives them: `out` has one for each edge of `given`, a
    /// `queries x rows` graph. Rows that are never found have scores too.
    ///
    /// NaN results are canonical. Threads: queries are shared. Workspace: a group of queries for each part. Time: `32 d` fused
    /// operations for each run of given rows in one panel of 32; ids in ascending order read a panel once.
    ///
    /// Errors, before `out` is touched: sizes that do not fit, a type of queries that the rows are not scored with.
    pub fn scores<'q>(
        &self,
        queries: impl Into<Table<'q>>,
        given: &Graph,
        out: &mut [f32],
        pool: Option<&Pool>,
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let queries = queries.into();
        let kernels = kernels();
        let form = self.check_given(kernels, queries, given)?;
        check_size(out.len(), given.edges(), c"out")?;
        let parts = pool::parts(pool, given.edges().saturating_mul(2 * self.layout.steps()));
        let scratch = needs(self, form).and_then(|len| len.checked_mul(parts));
        let [scratch] = workspace.pieces([scratch])?;
        let out = PerEdge { offsets: given.offsets(), values: out };
        let cut = pool::by_edges(given.offsets());
        pool::for_rows(pool, parts, 0..given.rows(), cut, out, scratch, |rows, out, scratch| {
            let Some(mut group) = Group::new(kernels, self, queries, form, scratch) else { return };
            let mut out = out.values;
            for query in rows {
                let ids = given.row(query);
                let (own, rest) = std::mem::take(&mut out).split_at_mut(ids.len());
                out = rest;
                if !ids.is_empty() {
                    group.set(query, 1);
                    group.given(query, ids, own);
                }
            }
        });
        Ok(())
    }

    /// For each given row of each query, how many other rows score better and how many the same, as
    /// [`crate::score::rank_counts`] does, with the scores of [`Index::search`]; rows that are never found do not count.
    ///
    /// Threads: queries are shared. Workspace: a group of queries for each part and one f32 for each edge of `given`. Time:
    /// `q * n * d` fused operations, and `n` comparisons for each given row.
    ///
    /// Errors, before outputs are touched: sizes that do not fit, a type of queries that the rows are not scored with,
    /// an exclusion row that is not in ascending order.
    pub fn rank_counts<'q>(
        &self,
        queries: impl Into<Table<'q>>,
        given: &Graph,
        exclude: Option<&Graph>,
        better: &mut [u32],
        equal: &mut [u32],
        pool: Option<&Pool>,
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let queries = queries.into();
        let kernels = kernels();
        let form = self.check_given(kernels, queries, given)?;
        check_size(better.len(), given.edges(), c"better")?;
        check_size(equal.len(), given.edges(), c"equal")?;
        crate::score::check_exclude(exclude, given.rows(), self.rows)?;
        let work = given.rows().saturating_mul(self.rows).saturating_mul(self.layout.steps() / LANES + 1);
        let parts = pool::parts(pool, work);
        let scratch = needs(self, form).and_then(|len| len.checked_mul(parts));
        let [own, scratch] = workspace.pieces([Some(given.edges()), scratch])?;
        let offsets = given.offsets();
        let per_edge = |values| PerEdge { offsets, values };
        let out = (per_edge(better), per_edge(equal), PerEdge { offsets, values: own });
        pool::for_rows(pool, parts, 0..given.rows(), pool::even, out, scratch, |rows, out, scratch| {
            let Some(mut group) = Group::new(kernels, self, queries, form, scratch) else { return };
            let (better, equal, own) = (out.0.values, out.1.values, out.2.values);
            better.fill(0);
            equal.fill(0);
            let start = offsets[rows.start];
            for query in rows.clone() {
                group.set(query, 1);
                group.given(
                    query,
                    given.row(query),
                    &mut own[offsets[query] - start..offsets[query + 1] - start],
                );
            }
            let bytes = matches!(queries, Table::Int8(_));
            for first in rows.clone().step_by(GROUP) {
                let count = GROUP.min(rows.end - first);
                let edges = offsets[first] - start..offsets[first + count] - start;
                group.set(first, count);
                for (number, block) in self.blocks.iter().enumerate() {
                    let mut counting = Count {
                        kernels,
                        valid: &block.valid,
                        first_panel: number * BLOCK,
                        row_scales: if bytes { block.row_scales() } else { &[] },
                        table: queries,
                        given,
                        exclude,
                        queries: first..first + count,
                        own: &own[edges.clone()],
                        better: &mut better[edges.clone()],
                        equal: &mut equal[edges.clone()],
                    };
                    group.scan(count, number, 0..block.panels.len(), &mut counting);
                }
            }
        });
        Ok(())
    }

    fn check_given(&self, kernels: &Kernels, queries: Table<'_>, given: &Graph) -> Result<Form, Error> {
        check_size(queries.cols(), self.cols(), c"queries.cols")?;
        let form = self.form(kernels, queries)?;
        queries.check_scales(c"queries.scales")?;
        check_size(given.rows(), queries.rows(), c"given.rows")?;
        check_size(given.cols(), self.rows, c"given.cols")?;
        Ok(form)
    }
}
