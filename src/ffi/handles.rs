//! Handles: pool, workspace, graph.

use super::error::{avocet_error, avocet_status};
use super::guard::{guard, names};
use super::memory::{Memory, allocate, free, handle, handle_mut, handle_optional, index_names};
use super::views::{avocet_csr, avocet_indices};
use crate::error::{Error, Status, check_size};
use crate::graph::Graph;
use crate::pool::Pool;
use crate::workspace::Workspace;

/// Threads for calls to share their work among. Made by `avocet_pool_create`; any number of threads may use one at
/// once. A pool does not survive `fork`: make one in the child, and leave the parent's alone there.
pub struct avocet_pool(Pool);

/// Scratch memory for calls that need some. Made by `avocet_workspace_create`; one call at a time may use it.
pub struct avocet_workspace(pub(crate) Workspace);

/// A checked sparse matrix, or directed graph: an edge leads from its row to its column. Made by
/// `avocet_graph_create`, from another graph by `avocet_graph_transpose`, `avocet_graph_select_rows` or
/// `avocet_sample_neighbours`, or by `avocet_walk_neighbours`; never changes, so any number of threads may use one at
/// once.
///
/// Edges are numbered by their position. A graph that is derived from another (transposed, selected, sampled) keeps
/// the numbers that its edges had in the graph that was first created, so that weights by edge serve all of them.
pub struct avocet_graph(pub(crate) Graph, Option<Vec<f32>>);

impl avocet_graph {
    /// A graph as a handle to give away.
    pub(crate) fn give(graph: Graph) -> Result<*mut avocet_graph, Error> {
        allocate(avocet_graph(graph, None))
    }

    /// A graph of walks, with a weight for each edge.
    pub(crate) fn give_walks(graph: Graph, weights: Vec<f32>) -> Result<*mut avocet_graph, Error> {
        allocate(avocet_graph(graph, Some(weights)))
    }
}

/// The pool of a call.
///
/// # Safety
/// `pool` is NULL or a pool that lives during `'a`.
pub(crate) unsafe fn threads<'a>(pool: *const avocet_pool) -> Result<Option<&'a Pool>, Error> {
    // SAFETY: as this function.
    Ok(unsafe { handle_optional(pool, c"pool") }?.map(|pool| &pool.0))
}

/// Starts a pool of `threads` (1 to 1024) threads and stores it in `*out`. They sleep while no call uses them.
///
/// A call that is given the pool runs on these threads while the calling thread waits; a call whose work is too small
/// to share (less than some 100 microseconds) runs on the calling thread. Results do not depend on the pool.
///
/// Errors: INVALID_ARGUMENT (number of threads, alignment), NULL_POINTER, THREADS_UNAVAILABLE, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_pool_create(
    threads: usize,
    out: *mut *mut avocet_pool,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let out = unsafe { Memory::<1>::new().write_one(out, c"out") }?;
        *out = allocate(avocet_pool(Pool::new(threads)?))?;
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![threads, out], call) }
}

/// Stops the threads, waits for their end and frees the pool. No call may still use it. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_pool_destroy(pool: *mut avocet_pool) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(pool) }
}

/// The number of threads of a pool; 1 for NULL, which stands for the calling thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_pool_threads(pool: *const avocet_pool) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { pool.as_ref() }.map_or(1, |pool| pool.0.threads())
}

/// Makes a workspace of at least `bytes` bytes and stores it in `*out`.
///
/// A call that needs a larger one fails with WORKSPACE_TOO_SMALL before it touches any output, and `error->integer` is
/// the number of bytes that it needs: reserve as many and call again. The need depends only on shapes and on the
/// number of the pool's threads, so that a workspace that was enough once is enough for every call of the same kind.
///
/// Errors: OUT_OF_MEMORY (the integer is `bytes`), NULL_POINTER, INVALID_ARGUMENT (alignment).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_workspace_create(
    bytes: usize,
    out: *mut *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let out = unsafe { Memory::<1>::new().write_one(out, c"out") }?;
        let mut workspace = Workspace::new();
        workspace.reserve(bytes)?;
        *out = allocate(avocet_workspace(workspace))?;
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![bytes, out], call) }
}

/// Makes a workspace at least `bytes` bytes large. On failure it keeps its size.
///
/// Errors: OUT_OF_MEMORY (the integer is `bytes`), NULL_POINTER, INVALID_ARGUMENT (alignment).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_workspace_reserve(
    workspace: *mut avocet_workspace,
    bytes: usize,
    error: *mut avocet_error,
) -> avocet_status {
    // SAFETY: the caller vouches for the arguments.
    let call = || unsafe { handle_mut(workspace, c"workspace") }?.0.reserve(bytes);
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![workspace, bytes], call) }
}

/// The size of a workspace in bytes; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_workspace_bytes(workspace: *const avocet_workspace) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { workspace.as_ref() }.map_or(0, |workspace| workspace.0.bytes())
}

/// Frees a workspace. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_workspace_destroy(workspace: *mut avocet_workspace) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(workspace) }
}

/// Checks a sparse matrix, copies its structure (4 bytes an edge, 8 a row) and stores the graph in `*out`. Calls on a
/// graph do not check its indices again. Time: one pass.
///
/// Errors: SIZE_OVERFLOW (columns or edges not below 2^32, or sizes that no array can have); INVALID_OFFSETS with the
/// first bad position and its value; INDEX_OUT_OF_RANGE likewise; INVALID_ARGUMENT (type, alignment), NULL_POINTER,
/// OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_create(
    csr: *const avocet_csr,
    out: *mut *mut avocet_graph,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<3>::new();
        // SAFETY: the caller vouches for the arguments.
        let (csr, out) = unsafe { (memory.csr(csr)?, memory.write_one(out, c"out")?) };
        *out = avocet_graph::give(Graph::new(csr)?)?;
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![csr, out], call) }
}

/// Stores in `*out` the graph with every edge turned round, `cols x rows`. The edges of a row are in ascending order
/// of the node they come from; edges between the same two nodes keep their order. Time and memory: linear.
///
/// Errors: NULL_POINTER, INVALID_ARGUMENT (alignment), SIZE_OVERFLOW (2^32 rows or more), OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_transpose(
    graph: *const avocet_graph,
    out: *mut *mut avocet_graph,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let (graph, out) = unsafe { (handle(graph, c"graph")?, Memory::<1>::new().write_one(out, c"out")?) };
        *out = avocet_graph::give(graph.0.transpose()?)?;
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, out], call) }
}

/// Stores in `*out` the graph of the given rows, in that order; a row may be given more than once, and counts each
/// time. The columns stay, and the edges keep their order and their numbers. Time and memory: linear in the rows and
/// their edges.
///
/// Errors: INDEX_OUT_OF_RANGE (`rows`, with the first bad position and its value), SIZE_OVERFLOW (2^32 edges or more),
/// NULL_POINTER, INVALID_ARGUMENT (type, alignment), OVERLAP, OUT_OF_MEMORY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_select_rows(
    graph: *const avocet_graph,
    rows: *const avocet_indices,
    out: *mut *mut avocet_graph,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<2>::new();
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let graph = handle(graph, c"graph")?;
            let rows = memory.indices(rows, index_names!("rows"))?;
            let out = memory.write_one(out, c"out")?;
            *out = avocet_graph::give(graph.0.select_rows(rows)?)?;
            Ok(())
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, rows, out], call) }
}

/// The number of rows of a graph; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_rows(graph: *const avocet_graph) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { graph.as_ref() }.map_or(0, |graph| graph.0.rows())
}

/// The number of columns of a graph; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_cols(graph: *const avocet_graph) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { graph.as_ref() }.map_or(0, |graph| graph.0.cols())
}

/// The number of edges of a graph; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_edges(graph: *const avocet_graph) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { graph.as_ref() }.map_or(0, |graph| graph.0.edges())
}

/// The number of values that an array by edge number has: the edges of the graph that was first created, which for one
/// that is sampled or selected from it differs from its own; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_edge_id_limit(graph: *const avocet_graph) -> usize {
    // SAFETY: the caller vouches for the arguments.
    unsafe { graph.as_ref() }.map_or(0, |graph| graph.0.edge_id_limit())
}

/// 1 if a graph was made from another by `avocet_graph_transpose`, `avocet_graph_select_rows` or
/// `avocet_sample_neighbours`, so that its edges have the numbers of the graph that was first created; 0 if they are
/// numbered by position; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_is_derived(graph: *const avocet_graph) -> i32 {
    // SAFETY: the caller vouches for the arguments.
    unsafe { graph.as_ref() }.map_or(0, |graph| graph.0.edge_ids().is_some().into())
}

/// Copies the offsets of a graph to `out`, whose `len` must be the number of rows plus 1.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_offsets(
    graph: *const avocet_graph,
    out: *mut i64,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let graph = unsafe { handle(graph, c"graph") }?;
        check_size(len, graph.0.rows() + 1, c"len")?;
        // SAFETY: the caller vouches for the arguments.
        let out = unsafe { Memory::<1>::new().write(out, len, c"out") }?;
        for (to, &from) in out.iter_mut().zip(graph.0.offsets()) {
            *to = from as i64;
        }
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, out, len], call) }
}

/// Copies the column of each edge of a graph to `out`, whose `len` must be the number of edges.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_indices(
    graph: *const avocet_graph,
    out: *mut u32,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let graph = unsafe { handle(graph, c"graph") }?;
        check_size(len, graph.0.edges(), c"len")?;
        // SAFETY: the caller vouches for the arguments.
        unsafe { Memory::<1>::new().write(out, len, c"out") }?.copy_from_slice(graph.0.indices());
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, out, len], call) }
}

/// Copies the number of each edge to `out`, whose `len` must be the number of edges: for a derived graph the number
/// that the edge has in the graph that was first created, below `avocet_graph_edge_id_limit`, else 0, 1, 2 and so on.
/// Weights by edge are ordered by these numbers.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_edge_ids(
    graph: *const avocet_graph,
    out: *mut u32,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let graph = unsafe { handle(graph, c"graph") }?;
        check_size(len, graph.0.edges(), c"len")?;
        // SAFETY: the caller vouches for the arguments.
        let out = unsafe { Memory::<1>::new().write(out, len, c"out") }?;
        match graph.0.edge_ids() {
            Some(ids) => out.copy_from_slice(ids),
            None => out.iter_mut().zip(0..).for_each(|(to, id)| *to = id),
        }
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, out, len], call) }
}

/// Copies the weights that `avocet_walk_neighbours` gave the edges of its graph to `out`, whose `len` must be the
/// number of edges: 1 for a node's own edge, the share of the visits for a visited node. They are ordered by edge
/// number, so that they serve as `edge_weights` for the graph and for what is derived from it.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (a graph that `avocet_walk_neighbours` did not make;
/// alignment).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_walk_weights(
    graph: *const avocet_graph,
    out: *mut f32,
    len: usize,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        // SAFETY: the caller vouches for the arguments.
        let graph = unsafe { handle(graph, c"graph") }?;
        let weights = graph.1.as_deref().ok_or(Error::new(Status::InvalidArgument, c"graph"))?;
        check_size(len, weights.len(), c"len")?;
        // SAFETY: the caller vouches for the arguments.
        unsafe { Memory::<1>::new().write(out, len, c"out") }?.copy_from_slice(weights);
        Ok(())
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![graph, out, len], call) }
}

/// Frees a graph. No call may still use it. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_graph_destroy(graph: *mut avocet_graph) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { free(graph) }
}
