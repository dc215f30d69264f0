//! The caller's threads: an explicit pool, or none. The only place that knows how threads are made.
//!
//! Work is split so that no result depends on the split: rows are independent ([`for_rows`]), and sums over rows
//! follow the fixed tree ([`fold_leaves`]).

use crate::error::{Error, Status};
use crate::simd::dispatch::Kernels;
use crate::simd::order::left_leaves;
use crate::view::{AnyMatrixMut, MatrixMut};
use std::ops::Range;

/// Threads that the caller made. Idle workers park; nothing runs between calls.
///
/// One pool may serve any number of callers at once. Its end waits for the end of its threads. A pool must be neither
/// used nor dropped in a process forked after its creation (its threads do not exist there): make one after the fork.
#[derive(Debug)]
pub struct Pool {
    // Dropped in this order: the first tells the workers to end, the second waits until they have.
    threads: rayon::ThreadPool,
    workers: Workers,
}

impl Pool {
    /// A pool of `threads` (1..=1024) workers. The calling thread waits while they work.
    pub fn new(threads: usize) -> Result<Pool, Error> {
        if threads == 0 || threads > 1024 {
            return Err(Error::new(Status::InvalidArgument, c"threads").size(threads));
        }
        let mut workers = Workers(Vec::new());
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).spawn_handler(|worker| {
            let thread = std::thread::Builder::new().name(format!("avocet-{}", worker.index()));
            workers.0.push(thread.spawn(|| worker.run())?);
            Ok(())
        });
        let threads = builder.build().map_err(|_| Error::new(Status::ThreadsUnavailable, c"threads"))?;
        Ok(Pool { threads, workers })
    }

    /// Number of workers.
    pub fn threads(&self) -> usize {
        self.workers.0.len()
    }
}

/// The threads of a pool, so that its end can be the end of them: afterwards nothing of the library runs.
#[derive(Debug)]
struct Workers(Vec<std::thread::JoinHandle<()>>);

impl Drop for Workers {
    fn drop(&mut self) {
        for worker in self.0.drain(..) {
            // A worker does not panic: what it runs is caught and handed to the caller.
            let _ = worker.join();
        }
    }
}

/// Work (in elementary vector operations, some three to a nanosecond) below which a call stays on one thread: waking
/// workers takes some ten microseconds.
const WORTH_SHARING: usize = 300_000;

/// How many parts to cut `work` into: 1, or a few for each thread, so that uneven parts even out.
pub(crate) fn parts(pool: Option<&Pool>, work: usize) -> usize {
    match pool {
        Some(pool) if pool.threads() > 1 && work >= WORTH_SHARING => pool.threads().next_power_of_two() * 4,
        _ => 1,
    }
}

/// As [`parts`], but only one for each thread: for parts that each fill a table of their own.
pub(crate) fn parts_with_tables(pool: Option<&Pool>, work: usize) -> usize {
    match pool {
        Some(pool) if parts(Some(pool), work) > 1 => pool.threads().next_power_of_two(),
        _ => 1,
    }
}

/// Something that can be cut between rows: outputs, so that each part of the work owns its own.
pub(crate) trait Split: Send + Sized {
    /// Rows `..at` and rows `at..`, counted from the first row still in it.
    fn split(self, at: usize) -> (Self, Self);
}

impl Split for () {
    fn split(self, _: usize) -> ((), ()) {
        ((), ())
    }
}

impl<T: Send> Split for &mut [T] {
    fn split(self, at: usize) -> (Self, Self) {
        self.split_at_mut(at)
    }
}

impl<T: Copy + Send> Split for MatrixMut<'_, T> {
    fn split(self, at: usize) -> (Self, Self) {
        self.split_at(at)
    }
}

impl Split for AnyMatrixMut<'_> {
    fn split(self, at: usize) -> (Self, Self) {
        self.split_at(at)
    }
}

impl<A: Split> Split for Option<A> {
    fn split(self, at: usize) -> (Self, Self) {
        match self.map(|a| a.split(at)) {
            Some((a, b)) => (Some(a), Some(b)),
            None => (None, None),
        }
    }
}

impl<A: Split, B: Split> Split for (A, B) {
    fn split(self, at: usize) -> (Self, Self) {
        let ((a0, a1), (b0, b1)) = (self.0.split(at), self.1.split(at));
        ((a0, b0), (a1, b1))
    }
}

impl<A: Split, B: Split, C: Split> Split for (A, B, C) {
    fn split(self, at: usize) -> (Self, Self) {
        let ((a, d), (b, e), (c, f)) = (self.0.split(at), self.1.split(at), self.2.split(at));
        ((a, b, c), (d, e, f))
    }
}

/// Values that lie side by side, `width` a row: (rows, width) cut between rows.
pub(crate) struct Wide<'a, T>(pub &'a mut [T], pub usize);

impl<T: Send> Split for Wide<'_, T> {
    fn split(self, at: usize) -> (Self, Self) {
        let (a, b) = self.0.split_at_mut(at * self.1);
        (Wide(a, self.1), Wide(b, self.1))
    }
}

/// Items in leaves of `width`, the last one shorter, cut between leaves.
pub(crate) struct Leaves<'a, T> {
    pub items: &'a mut [T],
    pub width: usize,
}

impl<T: Send> Split for Leaves<'_, T> {
    fn split(self, at: usize) -> (Self, Self) {
        let (a, b) = self.items.split_at_mut((at * self.width).min(self.items.len()));
        (Leaves { items: a, width: self.width }, Leaves { items: b, width: self.width })
    }
}

/// One value for each edge, cut between the rows of a graph.
pub(crate) struct PerEdge<'a, T> {
    /// Offsets of the rows that are still in it, one more than rows.
    pub offsets: &'a [usize],
    /// The values of those rows' edges.
    pub values: &'a mut [T],
}

impl<T: Send> Split for PerEdge<'_, T> {
    fn split(self, at: usize) -> (Self, Self) {
        let (a, b) = self.values.split_at_mut(self.offsets[at] - self.offsets[0]);
        let (low, high) = (&self.offsets[..=at], &self.offsets[at..]);
        (PerEdge { offsets: low, values: a }, PerEdge { offsets: high, values: b })
    }
}

/// Runs both, in parallel if there is a pool.
fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

fn enter<R: Send>(pool: Option<&Pool>, parts: usize, run: impl FnOnce() -> R + Send) -> R {
    match pool {
        Some(pool) if parts > 1 => pool.threads.install(run),
        _ => run(),
    }
}

/// Calls `run(rows, output of these rows, scratch)` for parts that together cover `rows`.
///
/// `parts` is a power of two from [`parts`]; `scratch` is cut into as many equal pieces. `cut(range)` says where
/// to halve a range, so that both sides have a like amount of work.
pub(crate) fn for_rows<O: Split>(
    pool: Option<&Pool>,
    parts: usize,
    rows: Range<usize>,
    cut: impl Fn(&Range<usize>) -> usize + Sync,
    out: O,
    scratch: &mut [f32],
    run: impl Fn(Range<usize>, O, &mut [f32]) + Sync,
) {
    fn halve<O: Split>(
        parts: usize,
        rows: Range<usize>,
        cut: &(impl Fn(&Range<usize>) -> usize + Sync),
        out: O,
        scratch: &mut [f32],
        run: &(impl Fn(Range<usize>, O, &mut [f32]) + Sync),
    ) {
        if parts == 1 || rows.len() < 2 {
            return run(rows, out, scratch);
        }
        let middle = cut(&rows);
        let (low, high) = out.split(middle - rows.start);
        let (a, b) = scratch.split_at_mut(scratch.len() / 2);
        both(
            || halve(parts / 2, rows.start..middle, cut, low, a, run),
            || halve(parts / 2, middle..rows.end, cut, high, b, run),
        );
    }
    if !rows.is_empty() {
        enter(pool, parts, || halve(parts, rows, &cut, out, scratch, &run));
    }
}

/// The middle of a range: a cut for rows of equal work.
pub(crate) fn even(rows: &Range<usize>) -> usize {
    rows.start + rows.len() / 2
}

/// A cut for graph rows: half of the edges (plus a row each) on either side.
pub(crate) fn by_edges(offsets: &[usize]) -> impl Fn(&Range<usize>) -> usize + Sync {
    by_offsets(|row| offsets[row])
}

/// [`by_edges`], with the number of edges before each row.
pub(crate) fn by_offsets(offset: impl Fn(usize) -> usize + Sync) -> impl Fn(&Range<usize>) -> usize + Sync {
    move |rows| {
        let work = |row: usize| offset(row) + row;
        let half = (work(rows.start) + work(rows.end)) / 2;
        let (mut low, mut high) = (rows.start + 1, rows.end - 1);
        while low < high {
            let middle = (low + high) / 2;
            if work(middle) < half { low = middle + 1 } else { high = middle }
        }
        low
    }
}

/// What [`fold_leaves`] needs in scratch: for the sums of `len` values, and `task` values for each part.
pub(crate) fn fold_scratch(parts: usize, leaves: usize, len: usize, task: usize) -> Option<usize> {
    if leaves < 2 {
        return Some(task);
    }
    let left = left_leaves(leaves);
    if parts > 1 {
        fold_scratch(parts / 2, left, len, task)?.checked_mul(2)?.checked_add(len)
    } else {
        fold_scratch(1, left, len, task)?.checked_add(len)
    }
}

/// The sum of `leaf(number, output, sum, scratch)` over all leaves by the fixed tree, into `sum`.
///
/// `leaf` must overwrite its `sum`; `out` is cut at multiples of `rows_per_leaf` rows.
pub(crate) fn fold_leaves<O: Split>(
    kernels: &Kernels,
    pool: Option<&Pool>,
    parts: usize,
    leaves: usize,
    rows_per_leaf: usize,
    out: O,
    sum: &mut [f32],
    scratch: &mut [f32],
    leaf: impl Fn(usize, O, &mut [f32], &mut [f32]) + Sync,
) {
    struct Fold<'a, F> {
        kernels: &'a Kernels,
        rows_per_leaf: usize,
        leaf: F,
    }
    impl<F> Fold<'_, F> {
        fn run<O: Split>(
            &self,
            parts: usize,
            leaves: Range<usize>,
            out: O,
            sum: &mut [f32],
            scratch: &mut [f32],
        ) where
            F: Fn(usize, O, &mut [f32], &mut [f32]) + Sync,
        {
            if leaves.len() == 1 {
                return (self.leaf)(leaves.start, out, sum, scratch);
            }
            let middle = leaves.start + left_leaves(leaves.len());
            let (low, high) = out.split((middle - leaves.start) * self.rows_per_leaf);
            let (right, scratch) = scratch.split_at_mut(sum.len());
            if parts > 1 {
                let (a, b) = scratch.split_at_mut(scratch.len() / 2);
                both(
                    || self.run(parts / 2, leaves.start..middle, low, sum, a),
                    || self.run(parts / 2, middle..leaves.end, high, right, b),
                );
            } else {
                self.run(1, leaves.start..middle, low, sum, scratch);
                self.run(1, middle..leaves.end, high, right, scratch);
            }
            self.kernels.add(sum, right);
        }
    }
    if leaves == 0 {
        return sum.fill(0.0);
    }
    let fold = Fold { kernels, rows_per_leaf, leaf };
    enter(pool, parts, || fold.run(parts, 0..leaves, out, sum, scratch));
}
