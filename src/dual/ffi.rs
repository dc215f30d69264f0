//! C entry points of the family.

#![allow(unsafe_code, non_camel_case_types)]

use super::{
    DualBack, DualGradients, DualLayer, DualRelation, DualResult, DualRows, MAX_RELATIONS, dual_backward,
    dual_forward,
};
use crate::dense::ffi::activation;
use crate::error::{Error, Status, check_size};
use crate::ffi::error::{avocet_error, avocet_status};
use crate::ffi::guard::{guard, names};
use crate::ffi::handles::{avocet_graph, avocet_pool, avocet_workspace, threads};
use crate::ffi::memory::{
    Growing, Memory, flag, handle, handle_mut, handle_optional, load, load_growing, matrix_names,
};
use crate::ffi::views::{avocet_matrix, avocet_matrix_mut};
use crate::view::MatrixMut;
use std::ffi::CStr;

/// The most relations of a layer.
pub const AVOCET_MAX_RELATIONS: usize = 7;

/// The most weight matrices of a layer.
const MAX_WEIGHTS: usize = 2 + 2 * MAX_RELATIONS;

/// A relation of `avocet_dual_layer`. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_dual_relation {
    /// Row i holds the targets that output row i reads: `r x n`.
    pub out: *const avocet_graph,
    /// Row i holds the sources that output row i reads: `r x n`.
    pub into: *const avocet_graph,
    /// A factor for each row of `out`, `r` values. NULL stands for ones.
    pub out_scale: *const f32,
    /// A factor for each row of `into`, `r` values. NULL stands for ones.
    pub into_scale: *const f32,
    /// The weights W from the counterpart's rows, `d x m`: source rows read targets, target rows read sources.
    pub across: *const avocet_matrix,
    /// The weights U from the like rows, `d x m`; NULL for a relation that does not join like to like.
    pub along: *const avocet_matrix,
}

/// A layer of a dual graph network, for `avocet_dual_forward` and `avocet_dual_backward`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_dual_layer {
    /// `sizeof(avocet_dual_layer)`.
    pub struct_size: usize,
    /// S, `n x d`.
    pub sources: *const avocet_matrix,
    /// T, `n x d`.
    pub targets: *const avocet_matrix,
    /// Which of the n nodes each of the r output rows is: an `r x n` graph with exactly one edge in each row. NULL
    /// stands for r = n, every node its own row.
    pub own: *const avocet_graph,
    /// Ws, `d x m`.
    pub source_weights: *const avocet_matrix,
    /// Wt, `d x m`.
    pub target_weights: *const avocet_matrix,
    /// The relations; may be NULL if there are none.
    pub relations: *const avocet_dual_relation,
    /// Number of relations, at most `AVOCET_MAX_RELATIONS`.
    pub relation_count: usize,
    /// Applied to the finished sums: `AVOCET_ACTIVATION_*`, by default none.
    pub activation: i32,
    /// 1 to divide each row by its L2 norm after the activation, else 0.
    pub normalise: i32,
}

// SAFETY: no padding (8 * 8, 4 + 4 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_dual_layer {
    const NAMES: [&'static CStr; 2] = [c"layer.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// What `avocet_dual_forward` writes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_dual_rows {
    /// `sizeof(avocet_dual_rows)`.
    pub struct_size: usize,
    /// S', `r x m`.
    pub sources: *const avocet_matrix_mut,
    /// T', `r x m`.
    pub targets: *const avocet_matrix_mut,
    /// The norms of S' before the division, `r` values; needed only when normalising, and else may be NULL (if given,
    /// it is not written then).
    pub source_norms: *mut f32,
    /// The norms of T', likewise.
    pub target_norms: *mut f32,
}

// SAFETY: no padding (8, 4 * 8 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_dual_rows {
    const NAMES: [&'static CStr; 2] = [c"out.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// The transposes of a relation's graphs, each `n x r`. Its layout never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_dual_back {
    /// The transpose of the relation's `out`.
    pub out: *const avocet_graph,
    /// The transpose of the relation's `into`.
    pub into: *const avocet_graph,
}

/// What `avocet_dual_backward` reads beside the layer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_dual_result {
    /// `sizeof(avocet_dual_result)`.
    pub struct_size: usize,
    /// S' as the forward pass left it, `r x m`.
    pub sources: *const avocet_matrix,
    /// T', `r x m`.
    pub targets: *const avocet_matrix,
    /// The norms of S', `r` values, or NULL if the layer does not normalise.
    pub source_norms: *const f32,
    /// The norms of T', likewise.
    pub target_norms: *const f32,
    /// The gradient of the loss with respect to S', `r x m`.
    pub source_gradient: *const avocet_matrix,
    /// The gradient with respect to T', `r x m`.
    pub target_gradient: *const avocet_matrix,
    /// The transpose of the layer's `own`; NULL if it has none.
    pub own: *const avocet_graph,
    /// The transposes of each relation's graphs, one for each relation; may be NULL if there are none.
    pub back: *const avocet_dual_back,
}

// SAFETY: no padding (8, 8 * 8 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_dual_result {
    const NAMES: [&'static CStr; 2] = [c"result.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// What `avocet_dual_backward` writes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct avocet_dual_gradients {
    /// `sizeof(avocet_dual_gradients)`.
    pub struct_size: usize,
    /// The gradient with respect to S, `n x d`, which is overwritten; NULL if it is not wanted.
    pub sources: *const avocet_matrix_mut,
    /// The gradient with respect to T, likewise.
    pub targets: *const avocet_matrix_mut,
    /// The gradient of each weight matrix, `d x m`, in this order: Ws, Wt, W of each relation, U of those that have
    /// one. They are added to what the matrices hold.
    pub weights: *const avocet_matrix_mut,
    /// Their number: 2 + relations + relations with `along`.
    pub weight_count: usize,
}

// SAFETY: no padding (8, 4 * 8 bytes); numbers and raw pointers only.
unsafe impl Growing for avocet_dual_gradients {
    const NAMES: [&'static CStr; 2] = [c"gradients.struct_size", c""];
    fn reserved(&self) -> i32 {
        0
    }
}

/// `count` items, read one after the other into `room`.
fn fill<T: Copy>(
    room: &mut Option<[T; MAX_RELATIONS]>,
    count: usize,
    mut read: impl FnMut(usize) -> Result<T, Error>,
) -> Result<&[T], Error> {
    if count == 0 {
        return Ok(&[]);
    }
    let room = room.insert([read(0)?; MAX_RELATIONS]);
    for (at, item) in room.iter_mut().enumerate().take(count).skip(1) {
        *item = read(at)?;
    }
    Ok(&room[..count])
}

/// The layer of a call; `room` holds its relations.
///
/// # Safety
/// `layer` is NULL or points to a layer. Its graphs live during `'a`; its memory is as for [`Memory::read`].
unsafe fn read_layer<'a, const N: usize>(
    memory: &mut Memory<N>,
    layer: *const avocet_dual_layer,
    room: &'a mut Option<[DualRelation<'a>; MAX_RELATIONS]>,
) -> Result<DualLayer<'a>, Error> {
    // SAFETY: as this function.
    unsafe {
        let layer = load_growing(layer, c"layer")?;
        let count = layer.relation_count;
        if count > MAX_RELATIONS {
            return Err(Error::new(Status::InvalidArgument, c"layer.relation_count").size(count));
        }
        Ok(DualLayer {
            sources: memory.matrix(layer.sources, matrix_names!("layer.sources"))?,
            targets: memory.matrix(layer.targets, matrix_names!("layer.targets"))?,
            own: handle_optional(layer.own, c"layer.own")?.map(|graph| &graph.0),
            source_weights: memory.matrix(layer.source_weights, matrix_names!("layer.source_weights"))?,
            target_weights: memory.matrix(layer.target_weights, matrix_names!("layer.target_weights"))?,
            relations: fill(room, count, |at| {
                read_relation(memory, layer.relations.wrapping_add(at)).map_err(|error| error.at(at))
            })?,
            activation: activation(layer.activation, c"layer.activation")?,
            normalise: flag(layer.normalise, c"layer.normalise")?,
        })
    }
}

/// A relation of a layer.
///
/// # Safety
/// As [`read_layer`].
unsafe fn read_relation<'a, const N: usize>(
    memory: &mut Memory<N>,
    relation: *const avocet_dual_relation,
) -> Result<DualRelation<'a>, Error> {
    // SAFETY: as this function.
    unsafe {
        let relation = load(relation, c"layer.relations")?;
        let out = &handle(relation.out, c"layer.relations.out")?.0;
        let into = &handle(relation.into, c"layer.relations.into")?.0;
        let mut scale = |data, len, name| memory.read_optional(data, len, name);
        let out_scale = scale(relation.out_scale, out.rows(), c"layer.relations.out_scale")?;
        let into_scale = scale(relation.into_scale, into.rows(), c"layer.relations.into_scale")?;
        let across = memory.matrix(relation.across, matrix_names!("layer.relations.across"))?;
        let along = match relation.along.is_null() {
            true => None,
            false => Some(memory.matrix(relation.along, matrix_names!("layer.relations.along"))?),
        };
        Ok(DualRelation { out, into, out_scale, into_scale, across, along })
    }
}

/// Computes a layer of a dual graph network: with `own(X)` the output nodes' own rows,
///
/// `S' = f(own(S) Ws + sum over r of out_r(T) W_r + sum over c of into_c(S) U_c)`,
/// `T' = f(own(T) Wt + sum over r of into_r(S) W_r + sum over c of out_c(T) U_c)`,
///
/// r over all relations, c over those with `along` weights; `out_r(T)` is for output row i the sum of the target rows
/// of its neighbours in `out`, times `out_scale[i]`, and `into_r(S)` likewise; f the activation and the row norm.
///
/// Order: the bits of `avocet_aggregate`, then of `avocet_dense_product` with the addends in the order own, across
/// (relation by relation), along. The sums never leave the cache. NaN results are canonical. A row depends on nothing
/// but its own inputs.
///
/// Threads: blocks of 48 rows are shared among the pool's threads. Workspace: the packed weights and, for each part of
/// the work, the sums of one block. Time: the edges * d fused operations and r * d * m for each product.
///
/// Errors, before outputs are touched; `error->position` is the number of the relation, from 0 (for an `own` graph
/// without exactly one edge in each row, the row): SHAPE_MISMATCH, INVALID_ARGUMENT (enum, flag, type, alignment; more
/// than `AVOCET_MAX_RELATIONS` relations; `own`), NULL_POINTER, SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE,
/// WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_dual_forward(
    layer: *const avocet_dual_layer,
    out: *const avocet_dual_rows,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<{ 4 + 4 * MAX_RELATIONS + 4 }>::new();
        let mut room = None;
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let layer = read_layer(&mut memory, layer, &mut room)?;
            let out = load_growing(out, c"out")?;
            let sources = memory.matrix_mut(out.sources, matrix_names!("out.sources"))?;
            let targets = memory.matrix_mut(out.targets, matrix_names!("out.targets"))?;
            let (r, name) = (sources.rows(), c"out.source_norms");
            let source_norms = memory.write_optional(out.source_norms, r, name)?;
            let (r, name) = (targets.rows(), c"out.target_norms");
            let target_norms = memory.write_optional(out.target_norms, r, name)?;
            let out = DualRows { sources, targets, source_norms, target_norms };
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            dual_forward(&layer, out, threads(pool)?, workspace)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![layer, out, pool, workspace], call) }
}

/// The gradients of `avocet_dual_forward`: with dZs and dZt the gradients before activation and norm,
///
/// `dS = own^T(dZs) Ws^T + sum over r of into_r^T(dZt) W_r^T + sum over c of into_c^T(dZs) U_c^T`,
/// `dT = own^T(dZt) Wt^T + sum over r of out_r^T(dZs) W_r^T + sum over c of out_c^T(dZt) U_c^T`,
///
/// and each weight matrix's gradient the transpose of the rows that it multiplies, times dZs or dZt. `layer` is that
/// of the forward pass.
///
/// Order: dZ as `avocet_dense_activate_backward`. Rows: CHAIN through the addends in the order above; a scale
/// multiplies the factor of its row's edges, as `source_scale` of `avocet_aggregate` does. Weights: leaves of 1024
/// output rows, added by the fixed tree, then to what the gradient holds; within a leaf one fma chain through the
/// rows' `out` sums, then through their `into` sums (which are computed again). NaN results are canonical.
///
/// Threads: leaves and blocks of rows are shared among the pool's threads. Workspace: dZ (twice `r x m`), packed
/// weights, for each part of the work a leaf's sums and for each level of the tree the weights' gradients. Time: twice
/// that of the forward pass and its sums once more.
///
/// Errors, before outputs are touched; `error->position` is the number of the relation or of the weights' gradient,
/// from 0 (for an `own` graph without exactly one edge in each row, the row): SHAPE_MISMATCH, INVALID_ARGUMENT (enum,
/// flag, type, alignment; more than `AVOCET_MAX_RELATIONS` relations; `own`), NULL_POINTER, SIZE_OVERFLOW, OVERLAP,
/// STRUCT_SIZE, WORKSPACE_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn avocet_dual_backward(
    layer: *const avocet_dual_layer,
    result: *const avocet_dual_result,
    gradients: *const avocet_dual_gradients,
    pool: *const avocet_pool,
    workspace: *mut avocet_workspace,
    error: *mut avocet_error,
) -> avocet_status {
    let call = || {
        let mut memory = Memory::<{ 4 + 4 * MAX_RELATIONS + 6 + 2 + MAX_WEIGHTS }>::new();
        let (mut relations, mut backs) = (None, None);
        // SAFETY: the caller vouches for the arguments.
        unsafe {
            let layer = read_layer(&mut memory, layer, &mut relations)?;
            let result = load_growing(result, c"result")?;
            let sources = memory.matrix(result.sources, matrix_names!("result.sources"))?;
            let targets = memory.matrix(result.targets, matrix_names!("result.targets"))?;
            let result = DualResult {
                sources,
                targets,
                source_norms: memory.read_optional(
                    result.source_norms,
                    sources.rows(),
                    c"result.source_norms",
                )?,
                target_norms: memory.read_optional(
                    result.target_norms,
                    targets.rows(),
                    c"result.target_norms",
                )?,
                source_gradient: memory
                    .matrix(result.source_gradient, matrix_names!("result.source_gradient"))?,
                target_gradient: memory
                    .matrix(result.target_gradient, matrix_names!("result.target_gradient"))?,
                own: handle_optional(result.own, c"result.own")?.map(|graph| &graph.0),
                back: fill(&mut backs, layer.relations.len(), |at| {
                    let refuse = |error: Error| error.at(at);
                    let back = load(result.back.wrapping_add(at), c"result.back").map_err(refuse)?;
                    Ok(DualBack {
                        out: &handle(back.out, c"result.back.out").map_err(refuse)?.0,
                        into: &handle(back.into, c"result.back.into").map_err(refuse)?.0,
                    })
                })?,
            };
            let gradients = load_growing(gradients, c"gradients")?;
            let sources =
                memory.matrix_mut_optional(gradients.sources, matrix_names!("gradients.sources"))?;
            let targets =
                memory.matrix_mut_optional(gradients.targets, matrix_names!("gradients.targets"))?;
            let count = layer.weights().count();
            check_size(gradients.weight_count, count, c"gradients.weight_count")?;
            let mut weights: [MatrixMut<'_>; MAX_WEIGHTS] =
                std::array::from_fn(|_| MatrixMut::exact(&mut [], 0, 0));
            for (at, to) in weights[..count].iter_mut().enumerate() {
                let from = gradients.weights.wrapping_add(at);
                *to = memory
                    .matrix_mut(from, matrix_names!("gradients.weights"))
                    .map_err(|error| error.at(at))?;
            }
            let gradients = DualGradients { sources, targets, weights: &mut weights[..count] };
            let workspace = &mut handle_mut(workspace, c"workspace")?.0;
            dual_backward(&layer, &result, gradients, threads(pool)?, workspace)
        }
    };
    // SAFETY: the caller vouches for the arguments.
    unsafe { guard(error, names![layer, result, gradients, pool, workspace], call) }
}

const _: () = assert!(AVOCET_MAX_RELATIONS == MAX_RELATIONS);
