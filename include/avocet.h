/*
 * avocet: CPU kernels for ranking and recommendation, with the same bits on every machine.
 *
 * Generated from the Rust sources by `make header`; do not edit.
 *
 * Status. A call that can fail returns AVOCET_OK or an AVOCET_ERROR_* and takes, last, the address of an
 * avocet_error of the caller's, or NULL. On failure it is filled (which argument, which position, which value) and
 * outputs are as they were, but where the call's comment says otherwise; on success it is left alone. The comment of
 * each call lists its errors without their prefix. AVOCET_ERROR_INTERNAL, which any call may return, is a defect of
 * the library and leaves outputs unspecified.
 *
 * Memory. Inputs are const. Sizes count elements, and so do strides. Pointers must be aligned to their element type
 * and may be NULL where the length is 0. Outputs must not overlap any other argument. Views borrow for the time of
 * the call. What a caller must see to: pointers point to as many elements as the sizes say, handles are alive, and
 * no other thread writes to inputs or touches outputs or the workspace meanwhile.
 *
 * Structs that begin with struct_size must hold their own sizeof there and zeros in fields that are not set; later
 * versions may append fields. Flags are 0 or 1. Enums are int32_t; every value is checked.
 *
 * Threads. Every function may be called from any thread. A pool of NULL means: on the calling thread, without
 * allocating (but for the first call of a process, which looks at the environment variable AVOCET_ISA). Any number of
 * calls may share a pool and a graph; a workspace serves one call at a time. Nothing is printed, and no thread, signal
 * handler or global state is made but those of the handles and the instruction cap.
 *
 * Same bits. A result depends on its inputs alone: not on the instructions the machine has, nor on the number of
 * threads, nor on the other rows of a call. This holds in the default floating-point environment
 * (avocet_float_environment_is_default). The orders of operations:
 *   LANES16         element j goes to lane j mod 16 of accumulator (j div 16) mod 4 by fma, from +0; the accumulators
 *                   are added as (a0 + a1) + (a2 + a3), then the lanes 8, 4, 2 and 1 apart.
 *   CHAIN           one fma chain over the inner dimension, in its order, from +0.
 *   the fixed tree  adds the sums of equal leaves, the last one shorter: the left subtree has as many leaves as the
 *                   greatest power of two below their number.
 * A NaN that is stored as a result is 0x7fc00000 (canonical). Subnormals are kept.
 */


#ifndef AVOCET_H
#define AVOCET_H

#include <stddef.h>
#include <stdint.h>

/// The first part of the version of this header.
#define AVOCET_VERSION_MAJOR 0

/// The second part.
#define AVOCET_VERSION_MINOR 1

/// The third part.
#define AVOCET_VERSION_PATCH 0

/// The three parts in one number that grows with the version: 1002003 is 1.2.3.
#define AVOCET_VERSION_NUMBER (((AVOCET_VERSION_MAJOR * 1000000) + (AVOCET_VERSION_MINOR * 1000)) + AVOCET_VERSION_PATCH)

/// The binary interface that this header describes. A program works with every library whose `avocet_abi_version()` is
/// the one that it was compiled with and whose version is not lower.
#define AVOCET_ABI_VERSION 1

/// What every CPU of the architecture has: SSE2 on x86-64, NEON on aarch64.
#define AVOCET_ISA_PORTABLE 0

/// AVX2, FMA and F16C.
#define AVOCET_ISA_AVX2 1

/// AVX-512 F, BW, DQ, VL and CD.
#define AVOCET_ISA_AVX512 2

/// There is no offending value to name.
#define AVOCET_VALUE_NONE 0

/// The offending value is `integer`.
#define AVOCET_VALUE_INTEGER 1

/// The offending value is `real`.
#define AVOCET_VALUE_REAL 2

/// 32-bit IEEE 754 floating point: the type of matrix elements.
#define AVOCET_F32 0

/// 16-bit IEEE 754 floating point, for matrices where a function says so.
#define AVOCET_F16 1

/// bfloat16, the upper half of a 32-bit number, likewise.
#define AVOCET_BF16 2

/// `uint32_t`, for indices and offsets.
#define AVOCET_U32 16

/// `int32_t`, for indices and offsets.
#define AVOCET_I32 17

/// `int64_t`, for indices and offsets.
#define AVOCET_I64 18

/// `uint16_t`, for segments.
#define AVOCET_U16 19

/// `uint8_t`, for labels.
#define AVOCET_U8 20

/// `int8_t`, for labels, and for rows that are scored or converted, where a function says so.
#define AVOCET_I8 21

/// `e^x`; 1.0 ULP.
#define AVOCET_FUNCTION_EXP 0

/// Natural logarithm; -inf at 0, NaN below; 0.9 ULP.
#define AVOCET_FUNCTION_LOG 1

/// `log(1 + x)`; -inf at -1, NaN below; 0.9 ULP.
#define AVOCET_FUNCTION_LOG1P 2

/// `1 / (1 + e^-x)`; 1.7 ULP, without cancellation or underflow to 0 before the subnormals end.
#define AVOCET_FUNCTION_SIGMOID 3

/// `log(1 + e^x)`; 1.7 ULP, `x` itself for large `x`, `e^x` for very negative `x`.
#define AVOCET_FUNCTION_SOFTPLUS 4

/// Hyperbolic tangent; 1.4 ULP.
#define AVOCET_FUNCTION_TANH 5

/// The sum of the neighbour rows.
#define AVOCET_REDUCE_SUM 0

/// The sum divided by the number of edges of the row.
#define AVOCET_REDUCE_MEAN 1

/// Each set of `fanout` edges is as likely as any other.
#define AVOCET_DRAW_WITHOUT_REPLACEMENT 0

/// `fanout` independent draws: an edge may occur more than once.
#define AVOCET_DRAW_WITH_REPLACEMENT 1

/// One edge after the other, each with a probability proportional to its weight among those left.
#define AVOCET_DRAW_WEIGHTED 2

/// Nothing is applied.
#define AVOCET_ACTIVATION_NONE 0

/// `max(x, 0)`; its derivative at 0 is 0; NaN stays NaN.
#define AVOCET_ACTIVATION_RELU 1

/// Hyperbolic tangent, as `AVOCET_FUNCTION_TANH`.
#define AVOCET_ACTIVATION_TANH 2

/// The most addends that `avocet_dense_product` takes.
#define AVOCET_MAX_ADDENDS 16

/// The most relations of a layer.
#define AVOCET_MAX_RELATIONS 7

/// The score of two rows is their dot product.
#define AVOCET_METRIC_DOT 0

/// The score of two rows is the cosine of their angle.
#define AVOCET_METRIC_COSINE 1

/// The id in unused places of a top-k list (`UINT32_MAX`).
#define AVOCET_NO_ID 4294967295

/// Observed edges: `softplus(-x)` of `source(row) . target(column)`.
#define AVOCET_EDGE_POSITIVE 0

/// Sampled non-edges: `softplus(x - margin)` of `source(row) . target(column)`.
#define AVOCET_EDGE_NEGATIVE 1

/// One-way edges, scored against their direction: `softplus(x - margin)` of `source(column) . target(row)`.
#define AVOCET_EDGE_REVERSED 2

/// An index holds f32, 4 bytes an element. Scores are those of `avocet_top_k`, bit for bit. Queries are AVOCET_F32,
/// AVOCET_F16 or AVOCET_BF16, widened exactly.
#define AVOCET_INDEX_F32 0

/// An index holds bf16, 2 bytes an element, other types rounded to nearest even. Queries as for AVOCET_INDEX_F32; those of
/// AVOCET_BF16 are scored in the order that dot instructions have.
#define AVOCET_INDEX_BF16 1

/// An index holds f16, 2 bytes an element, other types rounded to nearest even, which must not overflow. Queries as for
/// AVOCET_INDEX_F32.
#define AVOCET_INDEX_F16 2

/// An index holds int8, a byte an element, and a scale for each row: AVOCET_I8 rows as they are; of others the scale is
/// the greatest magnitude / 127, at least 2^-60, and a byte the quotient rounded to nearest even. Queries are AVOCET_I8.
#define AVOCET_INDEX_INT8 3

/// An index holds int8, a byte an element, and one scale for each 32 rows, made as for AVOCET_INDEX_INT8; rows are not
/// AVOCET_I8. Queries are.
#define AVOCET_INDEX_INT8_PANELS 4

/// An index holds int8 and f32, 5 bytes an element. Results and queries are those of AVOCET_INDEX_F32, bit for bit; of most
/// rows a search reads the int8 only, whose scores it bounds. Rows are not AVOCET_I8.
#define AVOCET_INDEX_CERTIFIED 5

/// What `avocet_index_ids` and `avocet_merge_lists` put in unused places (`UINT64_MAX`).
#define AVOCET_NO_LONG_ID 18446744073709551615ull

/// A click without a conversion so far: it never converts, or late.
#define AVOCET_ROW_NEGATIVE 0

/// A click that converted within the wait window.
#define AVOCET_ROW_IMMEDIATE_POSITIVE 1

/// The copy of a click that converted after the window.
#define AVOCET_ROW_DELAYED_POSITIVE 2

/// The copy of a click that did not convert in time.
#define AVOCET_ROW_REAL_NEGATIVE 3

/// Labels as they are: `(1, 0)`, `(0, 1)`. Also the oracle, and the training of FNC (`avocet_feedback_served`).
#define AVOCET_FEEDBACK_VANILLA 0

/// FNW (Ktena et al., RecSys 2019): `(1 + f, 0)`, `(0, (1 - f)(1 + f))`.
#define AVOCET_FEEDBACK_FNW 1

/// FSIW (Yasui et al., WWW 2020): `(1 / (d + 1e-8), 0)`, `(0, r)`; d and r are its heads, the probabilities that a
/// positive and a negative are what they are observed to be.
#define AVOCET_FEEDBACK_FSIW 2

/// ES-DFM (Yang et al., AAAI 2021): `(1 + d, 0)`, `(0, (1 + d) r)`.
#define AVOCET_FEEDBACK_ES_DFM 3

/// DEFER (Gu et al., KDD 2021): `(clip(f / (f - d / 2)), 0)`, `(0, (1 - f) / (1 - f + d / 2))`.
#define AVOCET_FEEDBACK_DEFER 4

/// FNW with real negatives: `(1, 0)`, `(0, (1 - f) / (2 - f))`.
#define AVOCET_FEEDBACK_FNW_REAL 5

/// ES-DFM with real negatives: `(t, 0)`, `(0, t (1 - f) / (2 (1 - f) + d))`, t = 2 - f + d.
#define AVOCET_FEEDBACK_ES_DFM_REAL 6

/// DEFUSE (Chen et al., WWW 2022): immediate `(1 + d, 0)`, delayed `(1, 0)`, others `((1 - r) d, r (1 + d))`.
#define AVOCET_FEEDBACK_DEFUSE 7

/// DEFUSE without a window: `(1, 0)`, `(f^2, 1 - f^2)`.
#define AVOCET_FEEDBACK_FNW_DEFUSE 8

/// The head of Bi-DEFUSE for conversions within the window: `(1, 0)`, `(0, 1)`; delayed copies `(0, 0)`.
#define AVOCET_FEEDBACK_BI_DEFUSE_IN_WINDOW 9

/// The head of Bi-DEFUSE for late conversions, f its own: delayed copies `(1, 0)`, first rows `(f^2, 1 - f^2)`.
#define AVOCET_FEEDBACK_BI_DEFUSE_LATE 10

/// ULC (Wang et al., CIKM 2023): `(1, 0)`, `(d, 1 - d)`, d the head's soft label.
#define AVOCET_FEEDBACK_ULC 11

/// DFM (Chapelle, KDD 2014): `(1, 0)`, `(p, 1 - p)`, p = sigmoid(logit - softplus(first) * second): `first` gives the
/// rate of conversions, `second` the time since the click, at least 0.
#define AVOCET_FEEDBACK_DFM 12

/// One row when the window ends: a positive if it converted by then, else a negative. For Vanilla, FSIW, ULC.
#define AVOCET_PROTOCOL_WINDOW 0

/// A negative at once, a delayed positive at the conversion; the window counts as 0. For FNW, FNC, FNW-DEFUSE.
#define AVOCET_PROTOCOL_IMMEDIATE 1

/// As window, and a delayed positive at a late conversion. For ES-DFM, DEFUSE, Bi-DEFUSE.
#define AVOCET_PROTOCOL_DELAYED 2

/// As delayed, and a real negative when the attribution ends. For ES-DFM with real negatives.
#define AVOCET_PROTOCOL_DELAYED_REAL 3

/// As delayed with real negatives, and immediate positives twice. For DEFER.
#define AVOCET_PROTOCOL_DUPLICATE 4

/// As immediate, and a real negative when the attribution ends. For FNW with real negatives.
#define AVOCET_PROTOCOL_IMMEDIATE_REAL 5

/// The time of what does not happen (`INT64_MAX`).
#define AVOCET_NEVER 9223372036854775807

/// No derivative is above the tolerance.
#define AVOCET_FIT_CONVERGED 0

/// After as many iterations as allowed.
#define AVOCET_FIT_ITERATIONS 1

/// No step lowers the loss any more by what f32 can show.
#define AVOCET_FIT_STALLED 2

/// The most pieces into which `avocet_logistic_parts` cuts a range of rows.
#define AVOCET_LOGISTIC_MAX_PARTS 108

/// FTRL-proximal (McMahan et al., KDD 2013), per coordinate z and n, alpha = `rate`:
/// `w = 0 if |z| <= l1, else -(z - sign(z) l1) / ((beta + sqrt(n)) / alpha + l2)`,
/// `sigma = (sqrt(n + g^2) - sqrt(n)) / alpha`, `z = z + g - sigma w`, `n = n + g^2`.
///
/// Order: `w = alpha (|z| - l1) / ((sqrt(n) + beta) + alpha l2)` with the sign of -z, the product `alpha l2` rounded
/// once; `n' = fma(g, g, n)`; `z = (z + g) - ((sqrt(n') - sqrt(n)) * (1 / alpha)) * w`, the quotient rounded once.
#define AVOCET_OPTIMISER_FTRL 0

/// Adagrad (Duchi, Hazan and Singer, JMLR 2011), per coordinate w and n:
/// `n = n + g^2`, `w = w - rate (g + l2 w) / (sqrt(n) + epsilon)`.
///
/// Order: `fma(g, g, n)`; `w - rate * (fma(l2, w, g) / (sqrt(n) + epsilon))`.
#define AVOCET_OPTIMISER_ADAGRAD 1

/// Gradient descent: `w = w - rate (g + l2 w)`. Order: `w - rate * fma(l2, w, g)`.
#define AVOCET_OPTIMISER_SGD 2

/// The edges themselves, finite and strictly ascending.
#define AVOCET_EDGES_GIVEN 0

/// Bins of one width between two values. Edge i is the least f32 v with `(v - low) * (bins / (high - low)) >= i`, each
/// operation rounded to f32: within a rounding or two of `low + i (high - low) / bins`.
#define AVOCET_EDGES_UNIFORM 1

/// Exact order statistics of the sample: edge i is the least value v such that the weight of the rows <= v is above
/// `floor(i W / bins)`, W being the weight of all rows (without weights: the value of rank `floor(i rows / bins)`, from
/// 0). Ties can make edges equal: the bins between stay empty.
#define AVOCET_EDGES_QUANTILES 2

/// Of scores only: each level has its own edges, the quantiles of the sample's rows in that level. A level without weight
/// takes those of all rows together.
#define AVOCET_EDGES_NESTED 3

/// Rows with a NaN are refused, with the position of the first.
#define AVOCET_MISSING_REFUSE 0

/// Rows with a NaN score or uncertainty are counted apart.
#define AVOCET_MISSING_APART 1

/// Recall `P / A` subject to precision `P / T >= r`. A safety margin is a greater r.
#define AVOCET_OBJECTIVE_RECALL 0

/// Precision `P / T` of what passes (`T > 0`) subject to recall `P >= r A`.
#define AVOCET_OBJECTIVE_PRECISION 1

/// `F = (1 + r) P / (T + r A)`, r being the square of beta, any ratio; 0 where that is 0/0.
#define AVOCET_OBJECTIVE_F_BETA 2

/// The sum of the gains of all weight.
#define AVOCET_OBJECTIVE_UTILITY 3

/// Recall `P / A` subject to `T <= selected`.
#define AVOCET_OBJECTIVE_AT_MOST 4

/// Recall `P / A` subject to a lower confidence bound of precision, for cells that hold counts: the lower end of Wilson's
/// interval (JASA 1927) is at least r. With `D = P - r T` that is `D >= 0` and `D^2 >= z^2 r (1 - r) T`, which is how it is
/// tested, in integers.
#define AVOCET_OBJECTIVE_RECALL_WILSON 5

/// The best selection of all.
#define AVOCET_SEARCH_EXACT 0

/// One threshold for all levels: the best of these.
#define AVOCET_SEARCH_SINGLE 1

/// Isotonic regression of each level's positivity, then the longest (for precision: the shortest) prefix of all levels'
/// blocks that meets the bound: within one block of the best. For recall under precision and precision under recall.
#define AVOCET_SEARCH_MIST 2

/// The dynamic program for cells of equal weight, positives and negatives together: the best selection of all, for
/// recall under precision, precision under recall and at most.
#define AVOCET_SEARCH_DP 3

/// Thresholds may be any.
#define AVOCET_SHAPE_FREE 0

/// The threshold of a level is at least that of the level before it.
#define AVOCET_SHAPE_NON_DECREASING 1

/// The threshold of a level is at most that of the level before it.
#define AVOCET_SHAPE_NON_INCREASING 2

/// The area under the ROC curve, rows of a bin tied: see `avocet_binned_auc`.
#define AVOCET_FIGURE_AUC 0

/// Average precision, rows of a bin tied: see `avocet_binned_average_precision`.
#define AVOCET_FIGURE_AVERAGE_PRECISION 1

/// Positives and negatives in each cell of a grid, as counts of rows and as sums of weights in units of 2^-20; one such table
/// for each segment. Everything is an integer, so that the same rows give the same buckets whatever their order, the number
/// of threads, and how they were split and merged. 32 bytes a cell and segment. Made by `avocet_buckets_create` or
/// `avocet_buckets_load`. Any number of threads may use one at once, but for the calls that take it without const, which
/// must have it alone.
typedef struct avocet_buckets avocet_buckets;

/// A checked sparse matrix, or directed graph: an edge leads from its row to its column. Made by
/// `avocet_graph_create`, from another graph by `avocet_graph_transpose`, `avocet_graph_select_rows` or
/// `avocet_sample_neighbours`, or by `avocet_walk_neighbours`; never changes, so any number of threads may use one at
/// once.
///
/// Edges are numbered by their position. A graph that is derived from another (transposed, selected, sampled) keeps
/// the numbers that its edges had in the graph that was first created, so that weights by edge serve all of them.
typedef struct avocet_graph avocet_graph;

/// Levels of uncertainty, ascending, and bins of scores, ascending, in each. The level or bin of a value v is the number of
/// edges e with `v >= e`: values below the first edge are in the first bin, from the last edge on in the last one, and -0
/// is +0. Made by `avocet_grid_create` or `avocet_buckets_grid`; never changes, so any number of threads may use one at
/// once.
typedef struct avocet_grid avocet_grid;

/// Packed target rows: built once, searched many times. Made by `avocet_index_create`, from another index by
/// `avocet_index_append`, `avocet_index_replace` or `avocet_index_remove`, from bytes by `avocet_index_load` or
/// `avocet_index_map`; never changes, so any number of threads may use one at once. Indexes that come from one another
/// share rows and live independently: they can be destroyed in any order.
typedef struct avocet_index avocet_index;

/// Threads for calls to share their work among. Made by `avocet_pool_create`; any number of threads may use one at
/// once. A pool does not survive `fork`: make one in the child, and leave the parent's alone there.
typedef struct avocet_pool avocet_pool;

/// A logistic regression over sparse, usually hashed, features, with the state of its optimiser: 8 bytes a feature. Made
/// by `avocet_sparse_model_create` or `avocet_sparse_model_load`. Any number of threads may use one at once, but for
/// `avocet_sparse_model_learn`, which must have it alone. Its state is always finite.
typedef struct avocet_sparse_model avocet_sparse_model;

/// Sparse rows for many calls: checked, copied (4 bytes an entry, 4 more with values, 8 a row) and with the features that
/// occur renumbered by how often they do, so that most accesses of a pass share few cache lines. Results are bit for bit
/// those of the rows as they were. Made by `avocet_sparse_rows_create`; never changes, so any number of threads may use one
/// at once.
typedef struct avocet_sparse_rows avocet_sparse_rows;

/// The rows of a stream with delayed conversions, in the order of the time at which a learner may use them. Made by
/// `avocet_stream_create`; never changes, so any number of threads may read one at once.
typedef struct avocet_stream avocet_stream;

/// Scratch memory for calls that need some. Made by `avocet_workspace_create`; one call at a time may use it.
typedef struct avocet_workspace avocet_workspace;

/// What a call returns: `AVOCET_OK` or one of `AVOCET_ERROR_*`. Values are never renumbered; later versions may
/// add some.
typedef int32_t avocet_status;

/// Why a call was refused. The caller owns it and passes its address, or NULL, as the last argument. It is filled
/// when the call fails and left as it was when the call succeeds. Its layout never changes.
typedef struct {
    /// The status that the call returned.
    avocet_status status;
    /// The number of the argument at fault, the first being 1; 0 if none is.
    int32_t argument;
    /// Which of `integer` and `real` is the offending value: `AVOCET_VALUE_*`.
    int32_t value;
    /// 0.
    int32_t reserved;
    /// The first bad position within the argument; 0 where it has none.
    uint64_t position;
    /// The value found there, if it is an index, a size, a count or an enum value; else 0.
    int64_t integer;
    /// The value found there, if it is a floating-point value; else 0.
    double real;
    /// The argument at fault with its field, such as "csr.indices"; empty if there is none. Never NULL; the text
    /// lives as long as the library is loaded.
    const char *name;
} avocet_error;

/// A sparse matrix by rows: the edges of row i are `indices[offsets[i]]` to `indices[offsets[i + 1] - 1]`, each the
/// number of a column. Borrows its memory for the time of a call.
typedef struct {
    /// Number of rows.
    size_t rows;
    /// Number of columns.
    size_t cols;
    /// Number of edges.
    size_t edges;
    /// `rows + 1` offsets, from 0 up to `edges`.
    const void *offsets;
    /// The column of each edge, below `cols`; an edge may occur more than once. May be NULL if `edges` is 0.
    const void *indices;
    /// The type of `offsets`: `AVOCET_U32`, `AVOCET_I32` or `AVOCET_I64`; there is no default.
    int32_t offset_type;
    /// The type of `indices`, likewise.
    int32_t index_type;
} avocet_csr;

/// An array of indices. Borrows its memory for the time of a call.
typedef struct {
    /// The first index; may be NULL if `len` is 0.
    const void *data;
    /// Number of indices.
    size_t len;
    /// `AVOCET_U32`, `AVOCET_I32` or `AVOCET_I64`; there is no default.
    int32_t index_type;
} avocet_indices;

/// A row-major matrix to read: element (i, j) is `data[i * stride + j]`. Borrows its memory for the time of a call.
typedef struct {
    /// The first element; may be NULL if there are no elements.
    const void *data;
    /// Number of rows.
    size_t rows;
    /// Number of columns.
    size_t cols;
    /// Elements from one row to the next, at least `cols`; 0 stands for `cols`.
    size_t stride;
    /// `AVOCET_F32`; `AVOCET_F16`, `AVOCET_BF16` and `AVOCET_I8` where a function says so.
    int32_t element_type;
} avocet_matrix;

/// A matrix to write, as `avocet_matrix`. What lies between its rows is never written, but counts as part of it where
/// overlap is concerned: no other argument, and no other thread, may use it during the call.
typedef struct {
    /// The first element; may be NULL if there are no elements.
    void *data;
    /// Number of rows.
    size_t rows;
    /// Number of columns.
    size_t cols;
    /// Elements from one row to the next, at least `cols`; 0 stands for `cols`.
    size_t stride;
    /// `AVOCET_F32`; another where a function says so.
    int32_t element_type;
} avocet_matrix_mut;

/// Options of `avocet_aggregate`. Zeros are the defaults.
typedef struct {
    /// `sizeof(avocet_aggregate_options)`.
    size_t struct_size;
    /// `AVOCET_REDUCE_SUM` (the default) or `AVOCET_REDUCE_MEAN`.
    int32_t reduce;
    /// 1 to add to what the output holds, 0 to overwrite it.
    int32_t accumulate;
    /// A weight for each edge, of any sign, by the number of the edge (`avocet_graph_edge_ids`):
    /// `avocet_graph_edge_id_limit(graph)` values, so that one array serves a graph and all that are derived from it.
    /// NULL stands for ones.
    const float *edge_weights;
    /// A factor for each source row, `avocet_graph_cols(graph)` values. NULL stands for ones.
    const float *source_scale;
    /// A factor for each output row, `avocet_graph_rows(graph)` values. NULL stands for ones.
    const float *row_scale;
} avocet_aggregate_options;

/// Options of `avocet_sample_neighbours`. Zeros are the defaults.
typedef struct {
    /// `sizeof(avocet_sample_options)`.
    size_t struct_size;
    /// How edges are drawn: `AVOCET_DRAW_*`, by default without replacement.
    int32_t draw;
    /// Keeps the samples of a network's layers apart.
    uint32_t layer;
    /// Two calls with one seed and one layer give one sample.
    uint64_t seed;
    /// Weights for `AVOCET_DRAW_WEIGHTED`, finite and at least 0, by edge number: `avocet_graph_edge_id_limit(graph)`
    /// values. Other draws do not read them.
    const float *edge_weights;
} avocet_sample_options;

/// A power law of degrees. Its layout never changes.
typedef struct {
    /// The least degree that counts, at least 1.
    size_t least;
    /// The exponent, above 1; infinite where all degrees are the least.
    double exponent;
} avocet_power_law;

/// Options of `avocet_walk_neighbours`. Its numbers have no defaults: a zero is a zero.
typedef struct {
    /// `sizeof(avocet_walk_options)`.
    size_t struct_size;
    /// Walks from each node of low degree, at least 1.
    uint32_t walks;
    /// Round trips of a walk, at least 1: each goes back to a source of the node reached, and out again.
    uint32_t length;
    /// Two calls with one seed and one layer give one result.
    uint64_t seed;
    /// Keeps the walks of a network's layers apart.
    uint32_t layer;
    /// 0.
    int32_t reserved;
} avocet_walk_options;

/// One addend `x * w` of `avocet_dense_product`.
typedef struct {
    /// `n x k` rows.
    avocet_matrix x;
    /// `k x m` weights, or `m x k` if transposed.
    avocet_matrix w;
    /// 1 if `w` holds the weights' transpose, else 0.
    int32_t transposed;
} avocet_addend;

/// Options of the dense functions. Zeros are the defaults.
typedef struct {
    /// `sizeof(avocet_dense_options)`.
    size_t struct_size;
    /// 1 to start each sum at what the output holds, 0 to start it at +0.
    int32_t accumulate;
    /// Applied to the finished sums: `AVOCET_ACTIVATION_*`, by default none.
    int32_t activation;
    /// 1 to divide each row by its L2 norm after the activation, else 0.
    int32_t normalise;
    /// 0.
    int32_t reserved;
} avocet_dense_options;

/// A relation of `avocet_dual_layer`. Its layout never changes.
typedef struct {
    /// Row i holds the targets that output row i reads: `r x n`.
    const avocet_graph *out;
    /// Row i holds the sources that output row i reads: `r x n`.
    const avocet_graph *into;
    /// A factor for each row of `out`, `r` values. NULL stands for ones.
    const float *out_scale;
    /// A factor for each row of `into`, `r` values. NULL stands for ones.
    const float *into_scale;
    /// The weights W from the counterpart's rows, `d x m`: source rows read targets, target rows read sources.
    const avocet_matrix *across;
    /// The weights U from the like rows, `d x m`; NULL for a relation that does not join like to like.
    const avocet_matrix *along;
} avocet_dual_relation;

/// A layer of a dual graph network, for `avocet_dual_forward` and `avocet_dual_backward`.
typedef struct {
    /// `sizeof(avocet_dual_layer)`.
    size_t struct_size;
    /// S, `n x d`.
    const avocet_matrix *sources;
    /// T, `n x d`.
    const avocet_matrix *targets;
    /// Which of the n nodes each of the r output rows is: an `r x n` graph with exactly one edge in each row. NULL
    /// stands for r = n, every node its own row.
    const avocet_graph *own;
    /// Ws, `d x m`.
    const avocet_matrix *source_weights;
    /// Wt, `d x m`.
    const avocet_matrix *target_weights;
    /// The relations; may be NULL if there are none.
    const avocet_dual_relation *relations;
    /// Number of relations, at most `AVOCET_MAX_RELATIONS`.
    size_t relation_count;
    /// Applied to the finished sums: `AVOCET_ACTIVATION_*`, by default none.
    int32_t activation;
    /// 1 to divide each row by its L2 norm after the activation, else 0.
    int32_t normalise;
} avocet_dual_layer;

/// What `avocet_dual_forward` writes.
typedef struct {
    /// `sizeof(avocet_dual_rows)`.
    size_t struct_size;
    /// S', `r x m`.
    const avocet_matrix_mut *sources;
    /// T', `r x m`.
    const avocet_matrix_mut *targets;
    /// The norms of S' before the division, `r` values; needed only when normalising, and else may be NULL (if given,
    /// it is not written then).
    float *source_norms;
    /// The norms of T', likewise.
    float *target_norms;
} avocet_dual_rows;

/// The transposes of a relation's graphs, each `n x r`. Its layout never changes.
typedef struct {
    /// The transpose of the relation's `out`.
    const avocet_graph *out;
    /// The transpose of the relation's `into`.
    const avocet_graph *into;
} avocet_dual_back;

/// What `avocet_dual_backward` reads beside the layer.
typedef struct {
    /// `sizeof(avocet_dual_result)`.
    size_t struct_size;
    /// S' as the forward pass left it, `r x m`.
    const avocet_matrix *sources;
    /// T', `r x m`.
    const avocet_matrix *targets;
    /// The norms of S', `r` values, or NULL if the layer does not normalise.
    const float *source_norms;
    /// The norms of T', likewise.
    const float *target_norms;
    /// The gradient of the loss with respect to S', `r x m`.
    const avocet_matrix *source_gradient;
    /// The gradient with respect to T', `r x m`.
    const avocet_matrix *target_gradient;
    /// The transpose of the layer's `own`; NULL if it has none.
    const avocet_graph *own;
    /// The transposes of each relation's graphs, one for each relation; may be NULL if there are none.
    const avocet_dual_back *back;
} avocet_dual_result;

/// What `avocet_dual_backward` writes.
typedef struct {
    /// `sizeof(avocet_dual_gradients)`.
    size_t struct_size;
    /// The gradient with respect to S, `n x d`, which is overwritten; NULL if it is not wanted.
    const avocet_matrix_mut *sources;
    /// The gradient with respect to T, likewise.
    const avocet_matrix_mut *targets;
    /// The gradient of each weight matrix, `d x m`, in this order: Ws, Wt, W of each relation, U of those that have
    /// one. They are added to what the matrices hold.
    const avocet_matrix_mut *weights;
    /// Their number: 2 + relations + relations with `along`.
    size_t weight_count;
} avocet_dual_gradients;

/// How rows are scored. Zeros (or no struct at all) stand for dot products of two tables whose scales are 1.
typedef struct {
    /// `sizeof(avocet_score_options)`.
    size_t struct_size;
    /// A scale for each row of `left`, which is AVOCET_I8; NULL: all are 1.
    const float *left_scales;
    /// Likewise of `right`.
    const float *right_scales;
    /// Another table with a row for each of `left`; NULL: a score comes from `left` and `right` alone.
    const avocet_matrix *second_left;
    /// Another table with a row for each of `right`, of as many columns as `second_left`; NULL if `second_left` is.
    const avocet_matrix *second_right;
    /// A scale for each row of `second_left`, which is AVOCET_I8; NULL: all are 1.
    const float *second_left_scales;
    /// Likewise of `second_right`.
    const float *second_right_scales;
    /// With second tables the factor of the scores of `left` and `right`; finite. It has no default: 0 is 0. Without: 0.
    float factor;
    /// The factor of the scores of the second tables, likewise.
    float second_factor;
    /// AVOCET_METRIC_*.
    int32_t metric;
    /// 0.
    int32_t reserved;
} avocet_score_options;

/// One term of the edge loss. Its numbers have no defaults: a zero is a zero.
typedef struct {
    /// `sizeof(avocet_edge_term)`.
    size_t struct_size;
    /// Which term: `AVOCET_EDGE_*`.
    int32_t kind;
    /// The factor from dots to logits, above 0: `x = temperature * dot - offset`.
    float temperature;
    /// Subtracted from every logit; finite.
    float offset;
    /// Subtracted from the logits of negative and reversed edges; at least 0.
    float margin;
    /// Multiplies every edge's loss (1 / edges for a mean); finite.
    float weight;
    /// 0.
    int32_t reserved;
} avocet_edge_term;

/// What `avocet_edge_loss` computes. Its layout never changes.
typedef struct {
    /// The sum of the weighted losses.
    double loss;
    /// Its derivative with respect to the temperature.
    double temperature_gradient;
    /// Its derivative with respect to the offset.
    double offset_gradient;
} avocet_edge_loss_result;

/// The term of a sampled softmax loss. Its numbers have no defaults: a zero is a zero.
typedef struct {
    /// `sizeof(avocet_softmax_term)`.
    size_t struct_size;
    /// The factor from dots to logits, above 0.
    float temperature;
    /// Multiplies every edge's loss (1 / edges for a mean); finite.
    float weight;
} avocet_softmax_term;

/// What `avocet_softmax_loss` computes. Its layout never changes.
typedef struct {
    /// The sum of the weighted losses.
    double loss;
    /// Its derivative with respect to the temperature.
    double temperature_gradient;
} avocet_softmax_loss_result;

/// How rows are taken into an index. Zeros (or no struct at all) stand for f32 without ids.
typedef struct {
    /// `sizeof(avocet_index_options)`.
    size_t struct_size;
    /// The caller's own number of each row, of any values; NULL: there are none. Ties are broken by the row all the same.
    const uint64_t *ids;
    /// A scale for each row of AVOCET_I8 rows, finite and not below 0; NULL: all are 1.
    const float *scales;
    /// AVOCET_INDEX_*.
    int32_t storage;
    /// 1: a row with a NaN or an infinity, after it was rounded, is taken in but never found; 0: it is an error.
    int32_t skip_not_finite;
} avocet_index_options;

/// What a search may find. Zeros (or no struct at all) stand for every row with any score.
typedef struct {
    /// `sizeof(avocet_index_search_options)`.
    size_t struct_size;
    /// A `queries x rows` graph whose rows are in ascending order: what a query never finds; NULL: nothing.
    const avocet_graph *exclude;
    /// Likewise: all that a query may find, but for what is excluded; NULL: every row.
    const avocet_graph *allow;
    /// A scale for each query, which is AVOCET_I8, finite and not below 0; NULL: all are 1.
    const float *query_scales;
    /// With `has_least` the least score that is found, not NaN; without: 0.
    float least;
    /// 1: there is a least score.
    int32_t has_least;
} avocet_index_search_options;

/// What one shard found for some queries, for `avocet_merge_lists`.
typedef struct {
    /// `sizeof(avocet_shard)`, also the distance to the next one.
    size_t struct_size;
    /// Places for each query.
    size_t k;
    /// `queries x k` ids, which no other shard has: see `avocet_index_ids`.
    const uint64_t *ids;
    /// `queries x k` scores.
    const float *scores;
    /// For each query, how many places are used, at most `k`.
    const uint32_t *counts;
} avocet_shard;

/// Options of `avocet_adam`. Zeros are the defaults; 1e-38f has the effect of a zero.
typedef struct {
    /// `sizeof(avocet_adam_options)`.
    size_t struct_size;
    /// Decay of the first moment, below 1; by default 0.9.
    float beta1;
    /// Decay of the second moment, below 1; by default 0.999.
    float beta2;
    /// Added to the root of the second moment; by default 1e-8.
    float epsilon;
    /// 0.
    int32_t reserved;
} avocet_adam_options;

/// What rows are to learn: either labels, with or without weights, or coefficients.
typedef struct {
    /// `sizeof(avocet_logistic_targets)`.
    size_t struct_size;
    /// Labels in [0, 1], which give `a = weight * label`, `b = weight * (1 - label)`; fractions are soft labels.
    const float *labels;
    /// A weight for each row. NULL stands for ones.
    const float *weights;
    /// In place of labels: the coefficients of `softplus(-x)`.
    const float *a;
    /// The coefficients of `softplus(x)`.
    const float *b;
    /// 1 if weights and coefficients may be negative, else 0.
    int32_t signed_weights;
    /// 0.
    int32_t reserved;
} avocet_logistic_targets;

/// Weights of `avocet_feedback_weights`.
typedef struct {
    /// `sizeof(avocet_feedback_scheme)`.
    size_t struct_size;
    /// The method: `AVOCET_FEEDBACK_*`.
    int32_t method;
    /// 0 for the published weights, which correct P(y | x); 1 for the joint ones, which also divide by the number of
    /// rows that a click gives on average. Joint weights stay unbiased when the heads know signals that the model does
    /// not (add-to-cart, coupon clip).
    int32_t joint;
    /// The least value of the ratios of positives in DEFER and FSIW, at least 0.
    float clip_low;
    /// Their greatest value. If both are 0, they stand for the method's own range: 1 to 3 in DEFER, any in FSIW.
    float clip_high;
} avocet_feedback_scheme;

/// The rows and the model of `avocet_logistic_batch`: exactly one of `x`, `csr` and `prepared` is not NULL. `n` is the number
/// of rows, `d` the number of columns.
typedef struct {
    /// `sizeof(avocet_logistic_rows)`.
    size_t struct_size;
    /// Dense features: `AVOCET_F32`, `AVOCET_F16` or `AVOCET_BF16`.
    const avocet_matrix *x;
    /// Sparse features, which every call checks. A column that a row has twice counts as two columns of one weight: its
    /// curvature is `h (v^2 + u^2)` for the values v and u.
    const avocet_csr *csr;
    /// With `csr`: the value of each entry, finite. NULL stands for ones.
    const float *values;
    /// Sparse features that were checked once.
    const avocet_sparse_rows *prepared;
    /// Added to each margin, `n` values. NULL stands for zeros.
    const float *offsets;
    /// Weights of the features, `d` values.
    const float *weights;
    /// Added to every margin.
    float intercept;
    /// With `prepared`: 1 if weights, and all vectors that go in or come out, have one value for each of
    /// `avocet_sparse_rows_features` in place of `d`; else 0. A gradient is then sorted pairs of features and values.
    int32_t compact;
} avocet_logistic_rows;

/// What `avocet_logistic_batch` writes. NULL for what is not wanted.
typedef struct {
    /// `sizeof(avocet_logistic_out)`.
    size_t struct_size;
    /// The margin of each row, its logit; `n` values.
    float *margins;
    /// The gradient by the weights; `d` values.
    float *gradient;
    /// The diagonal of the Hessian; `d` values.
    float *curvature;
    /// The Hessian times the vector `(along, along_intercept)`; `d` values.
    float *product;
    /// The vector's part for the weights, `d` values; needed only with `product`.
    const float *along;
    /// The vector's part for the intercept.
    float along_intercept;
    /// 0.
    int32_t reserved;
} avocet_logistic_out;

/// The sums of `avocet_logistic_batch` that are single numbers; those by the intercept are 0 where the output that they
/// belong to is not wanted. Its layout never changes.
typedef struct {
    /// The sum of the losses.
    double loss;
    /// The gradient by the intercept.
    double gradient;
    /// The second derivative by the intercept.
    double curvature;
    /// The part of the Hessian-vector product for the intercept.
    double product;
} avocet_logistic_sums;

/// How `avocet_logistic_fit` works. Zeros are the defaults.
typedef struct {
    /// `sizeof(avocet_logistic_fit_options)`.
    size_t struct_size;
    /// The most steps; by default 200.
    size_t iterations;
    /// Steps that the approximation of the Hessian remembers, 1 to 64; by default 10.
    size_t history;
    /// The penalty `l2 / 2 * |weights|^2`, beside the sum of the rows' losses; at least 0. The intercept has none.
    float l2;
    /// Ends when no derivative is above so much of the sum of all `|a| + |b|`; at least 0, by default 1e-5. 1e-38f has the
    /// effect of a zero.
    float tolerance;
    /// 1 to leave the intercept as it is; 0 to learn it.
    int32_t fixed_intercept;
    /// 0.
    int32_t reserved;
} avocet_logistic_fit_options;

/// What `avocet_logistic_fit` reached. Its layout never changes.
typedef struct {
    /// The loss with the penalty.
    double loss;
    /// The greatest magnitude of a derivative, divided by the sum of all `|a| + |b|`.
    double gradient;
    /// Steps taken.
    size_t iterations;
    /// Passes over the rows.
    size_t passes;
    /// Why it ended: `AVOCET_FIT_*`.
    int32_t outcome;
    /// 0.
    int32_t reserved;
} avocet_logistic_fit_result;

/// Options of `avocet_sparse_model_create`. Zeros are the defaults, but for the features.
typedef struct {
    /// `sizeof(avocet_sparse_model_options)`.
    size_t struct_size;
    /// The number of features, 1 to 2^28.
    size_t features;
    /// How the model learns: `AVOCET_OPTIMISER_*`, by default FTRL.
    int32_t optimiser;
    /// 1 for a model with an intercept, which has no penalties; else 0.
    int32_t intercept;
    /// Learning rate (alpha in FTRL), above 0; by default .1.
    float rate;
    /// FTRL: holds back the rate of new coordinates, at least 0; by default 1. 1e-38f has the effect of a zero.
    float beta;
    /// FTRL: L1 penalty, at least 0; weights with little evidence are exactly 0.
    float l1;
    /// L2 penalty, at least 0. In Adagrad and SGD it decays a coordinate only when it is stepped.
    float l2;
    /// Adagrad: above 0; by default 1e-8.
    float epsilon;
    /// 0.
    int32_t reserved;
} avocet_sparse_model_options;

/// What `avocet_ranking` computes. Its layout never changes.
typedef struct {
    /// The weight of the positives.
    double positives;
    /// The weight of the negatives.
    double negatives;
    /// The probability that a positive scores above a negative, ties counting half.
    double auc;
    /// The area under the precision-recall curve by the trapezoid rule, from (0, 1) on through every distinct score.
    double pr_auc;
    /// The same area by steps: the precision at each distinct score times what recall gains there.
    double average_precision;
} avocet_ranking_result;

/// What `avocet_calibration` computes: `loss / weight` is the mean log loss, `predicted / observed` the calibration
/// ratio. `avocet_calibration_merge` adds those of several parts. Its layout never changes.
typedef struct {
    /// The sum of the weights.
    double weight;
    /// The sum of the weighted log losses, in nats.
    double loss;
    /// The sum of the weighted predictions.
    double predicted;
    /// The sum of the weighted labels.
    double observed;
} avocet_calibration_result;

/// What a threshold at the lower edge of a bin selects: that bin and all above it. Its layout never changes.
typedef struct {
    /// Positives selected, in the unit of the bins.
    uint64_t true_positives;
    /// Negatives selected.
    uint64_t false_positives;
    /// True positives over all positives; NaN without positives.
    double recall;
    /// True positives over all that is selected; NaN where nothing is.
    double precision;
    /// False positives over all negatives; NaN without negatives.
    double false_positive_rate;
} avocet_curve_point;

/// An area, and how far the order of rows within bins, which is lost, can move it. Its layout never changes.
typedef struct {
    /// The least over all orders within bins.
    double lower;
    /// With the rows of a bin tied.
    double tied;
    /// The greatest over all orders within bins, ties among them.
    double upper;
} avocet_area;

/// Where the edges of `avocet_grid_create` come from. Zeros are the defaults: one level, one bin.
typedef struct {
    /// `sizeof(avocet_grid_options)`.
    size_t struct_size;
    /// Levels of uncertainty, 1 to 65536; 0 stands for 1.
    size_t levels;
    /// Bins of scores in each level, likewise.
    size_t bins;
    /// Given edges between levels, `levels - 1` values.
    const float *level_edges;
    /// Given edges between bins of scores, `bins - 1` values.
    const float *score_edges;
    /// The rows of the sample whose quantiles are asked for. It is not looked at for other edges.
    size_t rows;
    /// Their scores, finite; needed for quantiles and nested edges of scores.
    const float *scores;
    /// Their uncertainties, finite; needed for quantiles of levels and nested edges of scores.
    const float *uncertainties;
    /// Their weights, in [0, 2^22), which count in all quantiles. NULL stands for ones.
    const float *weights;
    /// Nested: the fraction of a level's weight, from the greatest score down, that gets bins of equal weight, in (0, 1];
    /// by default 1. Below 1 the lowest bin holds the rest, of weight `floor(W (1 - top))`, computed in f64.
    double top;
    /// Nested, with `top` 1: this many of the bins, 1 to `bins - 2`, lie between `refine_low` and `refine_high`, which are
    /// edges then; bins within, below and above have equal weight among themselves, and of those outside half (rounded
    /// down) lie above. 0 for none.
    size_t refine_bins;
    /// Uniform levels: where the first would start; below `level_high`, both finite.
    float level_low;
    /// Uniform levels: where the last would end.
    float level_high;
    /// Uniform bins of scores: where the first would start; below `score_high`, both finite.
    float score_low;
    /// Uniform bins of scores: where the last would end.
    float score_high;
    /// Where the finer bins start; below `refine_high`, both finite.
    float refine_low;
    /// Where the finer bins end.
    float refine_high;
    /// Where the edges between levels come from: `AVOCET_EDGES_*` but nested, by default given.
    int32_t level_kind;
    /// Where those between scores come from: `AVOCET_EDGES_*`, by default given.
    int32_t score_kind;
} avocet_grid_options;

/// Rows to count.
typedef struct {
    /// `sizeof(avocet_threshold_rows)`.
    size_t struct_size;
    /// How many.
    size_t rows;
    /// A score for each row; infinite ones lie in the outer bins.
    const float *scores;
    /// An uncertainty for each row; infinite ones lie in the outer levels.
    const float *uncertainties;
    /// A label for each row: 1 is positive, 0 is negative, and nothing else is a label.
    const void *labels;
    /// A weight for each row, in [0, 2^22), each rounded to a multiple of 2^-20 (the nearest, ties to even). NULL stands
    /// for ones.
    const float *weights;
    /// The segment of each row (a country, a surface), below their number. May be NULL if there is one only.
    const void *segments;
    /// The type of the labels: `AVOCET_F32` (the default), `AVOCET_U8` or `AVOCET_I8`.
    int32_t label_type;
    /// The type of the segments: `AVOCET_U16` or `AVOCET_U32`; not looked at without them.
    int32_t segment_type;
    /// What to do with NaN: `AVOCET_MISSING_*`, by default to refuse.
    int32_t missing;
    /// 0.
    int32_t reserved;
} avocet_threshold_rows;

/// Positive and negative weight by level of uncertainty and bin of score: either arrays of the caller's, or a segment of
/// buckets.
typedef struct {
    /// `sizeof(avocet_cells)`.
    size_t struct_size;
    /// Levels of uncertainty; not looked at with buckets.
    size_t levels;
    /// Bins of score in each level, likewise.
    size_t bins;
    /// Positives of each cell, level after level, within a level by ascending score: counts, or weights in fixed point of
    /// any unit. All cells together, with the negatives, stay below 2^62. NULL with buckets.
    const uint64_t *positive;
    /// Negatives of each cell, likewise.
    const uint64_t *negative;
    /// In place of arrays.
    const avocet_buckets *buckets;
    /// The segment of the buckets.
    size_t segment;
    /// 1 for the buckets' weights, in units of 2^-20; 0 for their counts.
    int32_t weights;
    /// 0.
    int32_t reserved;
} avocet_cells;

/// What `avocet_threshold_search` maximises. `P` and `N` are the positive and negative weight that pass, `T = P + N`, `A` is
/// all positive weight, and `r = numerator / denominator`: a bound such as 9/10 is the bound, not the double next to it.
typedef struct {
    /// `sizeof(avocet_objective)`.
    size_t struct_size;
    /// `AVOCET_OBJECTIVE_*`, by default recall under precision.
    int32_t kind;
    /// Of r, which is in [0, 1] but for F-beta.
    uint32_t numerator;
    /// Above 0 where r is used.
    uint32_t denominator;
    /// Wilson: of z^2, the square of the normal quantile: 27055 / 10000 for 95 % on one side.
    uint32_t z_numerator;
    /// Above 0 where z is used.
    uint32_t z_denominator;
    /// 0.
    int32_t reserved;
    /// At most: the most weight that may pass, in units of the cells.
    uint64_t selected;
    /// Utility: the gain (below 0: the loss) of each unit of positive weight that passes. All four from -2^56 to 2^56.
    int64_t positive_passes;
    /// Of negative weight that passes.
    int64_t negative_passes;
    /// Of positive weight that does not pass.
    int64_t positive_stays;
    /// Of negative weight that does not pass.
    int64_t negative_stays;
} avocet_objective;

/// How `avocet_threshold_search` works. NULL, or zeros, are the defaults.
typedef struct {
    /// `sizeof(avocet_search_options)`.
    size_t struct_size;
    /// How many partial selections the exact search may make; by default 2^25, about half a second.
    uint64_t work_limit;
    /// The method: `AVOCET_SEARCH_*`, by default exact.
    int32_t method;
    /// What thresholds must be like: `AVOCET_SHAPE_*`, by default free. For exact and single only.
    int32_t shape;
} avocet_search_options;

/// What `avocet_threshold_search` found: weights in units of the cells, exact. Its layout never changes.
typedef struct {
    /// The positive weight that passes.
    uint64_t positive;
    /// The negative weight that passes.
    uint64_t negative;
    /// No selection has a better value than the objective has at these two weights (which no selection need have). If
    /// proven it is that of the answer. Where infeasible: the weights of a selection of the greatest precision there is, or
    /// zeros where the cells are empty.
    uint64_t bound_positive;
    /// The negative weight of the bound.
    uint64_t bound_negative;
    /// How many partial selections were made.
    uint64_t work;
    /// 1 if it is proven that nothing is better, else 0.
    int32_t proven;
    /// 0.
    int32_t reserved;
} avocet_solution;

/// Options of a bootstrap. NULL, or zeros, are the defaults.
typedef struct {
    /// `sizeof(avocet_bootstrap_options)`.
    size_t struct_size;
    /// Chooses the random weights.
    uint64_t seed;
    /// How often the rows are drawn, 1 to 1000000; by default 200.
    size_t replicates;
    /// The share of replicates within an interval, in (0, 1); by default .95.
    double confidence;
} avocet_bootstrap_options;

/// A figure and where chance can move it. Its layout never changes.
typedef struct {
    /// The figure of the rows themselves.
    double value;
    /// The value of rank `floor((1 - confidence) / 2 * count)` from below of the replicates in which the figure is a
    /// number.
    double low;
    /// The value of the same rank from above.
    double high;
    /// Replicates in which the figure is a number.
    uint64_t count;
} avocet_interval;

/// Success.
#define AVOCET_OK 0

/// A pointer is NULL although its length is not 0, or a required handle, view or output is NULL.
#define AVOCET_ERROR_NULL_POINTER 1

/// A value outside its allowed set: an unknown enum value, a flag that is neither 0 nor 1, a negative margin; or a
/// pointer that is not aligned to its element type (the integer is the address modulo the alignment).
#define AVOCET_ERROR_INVALID_ARGUMENT 2

/// Sizes that must agree do not; the integer is the size found.
#define AVOCET_ERROR_SHAPE_MISMATCH 3

/// A size whose product overflows, or exceeds what the address space or an index type can hold.
#define AVOCET_ERROR_SIZE_OVERFLOW 4

/// An index that is negative or not below its limit; position and integer say which.
#define AVOCET_ERROR_INDEX_OUT_OF_RANGE 5

/// Offsets that do not start at 0, go down, or do not end at the number of edges.
#define AVOCET_ERROR_INVALID_OFFSETS 6

/// Indices that must be in ascending order within a row (or strictly ascending) are not.
#define AVOCET_ERROR_NOT_SORTED 7

/// NaN or infinity where a finite value is needed.
#define AVOCET_ERROR_NOT_FINITE 8

/// An output overlaps another argument in memory.
#define AVOCET_ERROR_OVERLAP 9

/// The workspace is smaller than the call needs; the integer is the number of bytes needed.
#define AVOCET_ERROR_WORKSPACE_TOO_SMALL 10

/// Memory could not be allocated.
#define AVOCET_ERROR_OUT_OF_MEMORY 11

/// The operating system refused a thread.
#define AVOCET_ERROR_THREADS_UNAVAILABLE 12

/// A struct has a `struct_size` that this library does not know; the integer is what was found.
#define AVOCET_ERROR_STRUCT_SIZE 13

/// The library is of another version than the binding that loads it. No function returns it: it is what bindings report,
/// so that it has its place among the statuses.
#define AVOCET_ERROR_INCOMPATIBLE_LIBRARY 14

/// No answer meets the constraint; the real is the best that there is of what it asks for, rounded.
#define AVOCET_ERROR_INFEASIBLE 15

/// The work limit ended a search before it found an answer, or that there is none.
#define AVOCET_ERROR_WORK_LIMIT 16

/// A defect of the library, not of the call. Outputs are unspecified; everything else remains usable.
#define AVOCET_ERROR_INTERNAL 99

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/// The version of the library, such as "1.2.3". The text lives as long as the library is loaded.
const char *avocet_version(void);

/// The version of the library in one number; compare it with `AVOCET_VERSION_NUMBER`.
int32_t avocet_version_number(void);

/// The binary interface of the library; compare it with `AVOCET_ABI_VERSION`.
int32_t avocet_abi_version(void);

/// The best tier of instructions that this machine and its operating system offer: `AVOCET_ISA_*`.
int32_t avocet_isa_detected(void);

/// The tier that new calls use: the detected one, capped by `avocet_isa_cap` and by the environment variable
/// `AVOCET_ISA` (`portable`, `avx2` or `avx512`; other values count as none), which the first call of a process and
/// `avocet_isa_cap` look at. Results do not depend on it.
int32_t avocet_isa_active(void);

/// The name of a tier, as `AVOCET_ISA` takes it; "unknown" for other values. The text lives as long as the library is
/// loaded.
const char *avocet_isa_name(int32_t isa);

/// Caps the tier of new calls at `isa`, in place of an earlier cap; a negative `isa` lifts the cap, and an unknown one
/// changes nothing. Returns the tier that is active from then on: never above the detected one, nor above what the
/// environment variable `AVOCET_ISA` names. For the whole process; safe at any time, from any thread.
int32_t avocet_isa_cap(int32_t isa);

/// 1 if the calling thread is in the default floating-point environment (round to nearest, subnormals neither flushed
/// to zero nor taken for zero, no exception traps), else 0. The library never changes the environment; its promise of
/// the same bits everywhere holds in the default one.
int32_t avocet_float_environment_is_default(void);

/// The name of a status, such as "AVOCET_ERROR_OVERLAP"; "unknown" for values that this library does not know. Never
/// NULL; the text lives as long as the library is loaded.
const char *avocet_status_name(avocet_status status);

/// A short English description of a status; "unknown status" for values that this library does not know. Never NULL;
/// the text lives as long as the library is loaded.
const char *avocet_status_message(avocet_status status);

/// Writes a one-line English description of `error` to `buffer`, such as
/// "index out of range: argument 1 (csr.indices), position 7, value 12".
///
/// Works like snprintf: at most `capacity` bytes are written, the last of them NUL if `capacity` is not 0; the result
/// is the length of the whole text without its NUL, so that a result of `capacity` or more means that it was cut.
/// `buffer` may be NULL if `capacity` is 0. A NULL `error` gives an empty text. `error` was filled by a failed
/// call, or by a program in the same way for faults that it finds itself, or holds zeros. Allocates nothing.
size_t avocet_error_format(const avocet_error *error,
                           char *buffer,
                           size_t capacity);

/// Starts a pool of `threads` (1 to 1024) threads and stores it in `*out`. They sleep while no call uses them.
///
/// A call that is given the pool runs on these threads while the calling thread waits; a call whose work is too small
/// to share (less than some 100 microseconds) runs on the calling thread. Results do not depend on the pool.
///
/// Errors: INVALID_ARGUMENT (number of threads, alignment), NULL_POINTER, THREADS_UNAVAILABLE, OUT_OF_MEMORY.
avocet_status avocet_pool_create(size_t threads,
                                 avocet_pool **out,
                                 avocet_error *error);

/// Stops the threads, waits for their end and frees the pool. No call may still use it. NULL is ignored.
void avocet_pool_destroy(avocet_pool *pool);

/// The number of threads of a pool; 1 for NULL, which stands for the calling thread.
size_t avocet_pool_threads(const avocet_pool *pool);

/// Makes a workspace of at least `bytes` bytes and stores it in `*out`.
///
/// A call that needs a larger one fails with WORKSPACE_TOO_SMALL before it touches any output, and `error->integer` is
/// the number of bytes that it needs: reserve as many and call again. The need depends only on shapes and on the
/// number of the pool's threads, so that a workspace that was enough once is enough for every call of the same kind.
///
/// Errors: OUT_OF_MEMORY (the integer is `bytes`), NULL_POINTER, INVALID_ARGUMENT (alignment).
avocet_status avocet_workspace_create(size_t bytes,
                                      avocet_workspace **out,
                                      avocet_error *error);

/// Makes a workspace at least `bytes` bytes large. On failure it keeps its size.
///
/// Errors: OUT_OF_MEMORY (the integer is `bytes`), NULL_POINTER, INVALID_ARGUMENT (alignment).
avocet_status avocet_workspace_reserve(avocet_workspace *workspace, size_t bytes, avocet_error *error);

/// The size of a workspace in bytes; 0 for NULL.
size_t avocet_workspace_bytes(const avocet_workspace *workspace);

/// Frees a workspace. NULL is ignored.
void avocet_workspace_destroy(avocet_workspace *workspace);

/// Checks a sparse matrix, copies its structure (4 bytes an edge, 8 a row) and stores the graph in `*out`. Calls on a
/// graph do not check its indices again. Time: one pass.
///
/// Errors: SIZE_OVERFLOW (columns or edges not below 2^32, or sizes that no array can have); INVALID_OFFSETS with the
/// first bad position and its value; INDEX_OUT_OF_RANGE likewise; INVALID_ARGUMENT (type, alignment), NULL_POINTER,
/// OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_graph_create(const avocet_csr *csr,
                                  avocet_graph **out,
                                  avocet_error *error);

/// Stores in `*out` the graph with every edge turned round, `cols x rows`. The edges of a row are in ascending order
/// of the node they come from; edges between the same two nodes keep their order. Time and memory: linear.
///
/// Errors: NULL_POINTER, INVALID_ARGUMENT (alignment), SIZE_OVERFLOW (2^32 rows or more), OUT_OF_MEMORY.
avocet_status avocet_graph_transpose(const avocet_graph *graph,
                                     avocet_graph **out,
                                     avocet_error *error);

/// Stores in `*out` the graph of the given rows, in that order; a row may be given more than once, and counts each
/// time. The columns stay, and the edges keep their order and their numbers. Time and memory: linear in the rows and
/// their edges.
///
/// Errors: INDEX_OUT_OF_RANGE (`rows`, with the first bad position and its value), SIZE_OVERFLOW (2^32 edges or more),
/// NULL_POINTER, INVALID_ARGUMENT (type, alignment), OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_graph_select_rows(const avocet_graph *graph,
                                       const avocet_indices *rows,
                                       avocet_graph **out,
                                       avocet_error *error);

/// The number of rows of a graph; 0 for NULL.
size_t avocet_graph_rows(const avocet_graph *graph);

/// The number of columns of a graph; 0 for NULL.
size_t avocet_graph_cols(const avocet_graph *graph);

/// The number of edges of a graph; 0 for NULL.
size_t avocet_graph_edges(const avocet_graph *graph);

/// The number of values that an array by edge number has: the edges of the graph that was first created, which for one
/// that is sampled or selected from it differs from its own; 0 for NULL.
size_t avocet_graph_edge_id_limit(const avocet_graph *graph);

/// 1 if a graph was made from another by `avocet_graph_transpose`, `avocet_graph_select_rows` or
/// `avocet_sample_neighbours`, so that its edges have the numbers of the graph that was first created; 0 if they are
/// numbered by position; 0 for NULL.
int32_t avocet_graph_is_derived(const avocet_graph *graph);

/// Copies the offsets of a graph to `out`, whose `len` must be the number of rows plus 1.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment).
avocet_status avocet_graph_offsets(const avocet_graph *graph, int64_t *out, size_t len, avocet_error *error);

/// Copies the column of each edge of a graph to `out`, whose `len` must be the number of edges.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment).
avocet_status avocet_graph_indices(const avocet_graph *graph, uint32_t *out, size_t len, avocet_error *error);

/// Copies the number of each edge to `out`, whose `len` must be the number of edges: for a derived graph the number
/// that the edge has in the graph that was first created, below `avocet_graph_edge_id_limit`, else 0, 1, 2 and so on.
/// Weights by edge are ordered by these numbers.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment).
avocet_status avocet_graph_edge_ids(const avocet_graph *graph,
                                    uint32_t *out,
                                    size_t len,
                                    avocet_error *error);

/// Copies the weights that `avocet_walk_neighbours` gave the edges of its graph to `out`, whose `len` must be the
/// number of edges: 1 for a node's own edge, the share of the visits for a visited node. They are ordered by edge
/// number, so that they serve as `edge_weights` for the graph and for what is derived from it.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (a graph that `avocet_walk_neighbours` did not make;
/// alignment).
avocet_status avocet_graph_walk_weights(const avocet_graph *graph,
                                        float *out,
                                        size_t len,
                                        avocet_error *error);

/// Frees a graph. No call may still use it. NULL is ignored.
void avocet_graph_destroy(avocet_graph *graph);

/// `out[i] = f(x[i])` with one of the library's own functions, `AVOCET_FUNCTION_*`.
///
/// Shapes: `x` and `out` hold `len` f32 and must not overlap. Accuracy: with each constant, in units in the last place
/// against the exact value, over all finite inputs. Order: each element stands alone. NaN gives NaN; infinities give
/// the function's limits; subnormals are exact as any other value. Threads: elements are shared among the pool's
/// threads; nothing is allocated. Time: linear.
///
/// Errors: INVALID_ARGUMENT (unknown function, alignment), NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP.
avocet_status avocet_map(int32_t function,
                         const float *x,
                         float *out,
                         size_t len,
                         const avocet_pool *pool,
                         avocet_error *error);

/// Each element of `x` as the nearest value of the element type of `out`.
///
/// Shapes: `x` and `out` are n x d, each AVOCET_F32, AVOCET_F16 or AVOCET_BF16. Widening is exact. Narrowing rounds to
/// nearest, ties to even, subnormals included; beyond the range it gives infinities. NaN results are canonical
/// (0x7fc00000, 0x7e00, 0x7fc0). Threads: rows are shared among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`out.rows`, `out.cols`, a stride), INVALID_ARGUMENT (type,
/// alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
avocet_status avocet_convert(const avocet_matrix *x,
                             const avocet_matrix_mut *out,
                             const avocet_pool *pool,
                             avocet_error *error);

/// Each row of `x` as integers and a scale: `x[i][j]` is about `scales[i] * out[i][j]`.
///
/// Shapes: `x` is n x d, AVOCET_F32, AVOCET_F16 or AVOCET_BF16; `out` is n x d, AVOCET_I8; `scales` holds n.
/// `scales[i] = max_j |x[i][j]| / 127` in f32, and `out[i][j]` is the f32 quotient `x[i][j] / scales[i]`, kept within
/// -127..127 and rounded to the nearest integer, ties to even; the error is about half a scale (more only where the scale
/// is subnormal). Rows of zeros have scale 0 and zeros; so have rows whose scale rounds to 0. Threads: rows are shared
/// among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors: NOT_FINITE (the first row of `x` with a NaN or an infinity, and that element, found on the way, so `out` and
/// `scales` are unspecified then); before anything is touched SHAPE_MISMATCH (`out.rows`, `out.cols`, a stride),
/// INVALID_ARGUMENT (type, alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
avocet_status avocet_quantize_rows(const avocet_matrix *x,
                                   const avocet_matrix_mut *out,
                                   float *scales,
                                   const avocet_pool *pool,
                                   avocet_error *error);

/// `out[i][j] = scales[i] * x[i][j]`.
///
/// Shapes: `x` is n x d, AVOCET_I8; `scales` holds n; `out` is n x d, AVOCET_F32. One f32 product each; NaN results are
/// canonical. Threads: rows are shared among the pool's threads; nothing is allocated. Time: one pass.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`out.rows`, `out.cols`, a stride), INVALID_ARGUMENT (type,
/// alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
avocet_status avocet_dequantize_rows(const avocet_matrix *x,
                                     const float *scales,
                                     const avocet_matrix_mut *out,
                                     const avocet_pool *pool,
                                     avocet_error *error);

/// `out[i] = sqrt(sum_j x[i][j]^2)`.
///
/// Shapes: `x` is n x d, AVOCET_F32, AVOCET_F16 or AVOCET_BF16; `out` holds n f32. Order of the sum: LANES16 in f32, so
/// squares beyond the range of f32 give infinity and those below it 0. NaN results are canonical. Threads: rows are shared
/// among the pool's threads; nothing is allocated. Time: d fused operations a row.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`x.stride`), INVALID_ARGUMENT (type, alignment), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP.
avocet_status avocet_row_norms(const avocet_matrix *x,
                               float *out,
                               const avocet_pool *pool,
                               avocet_error *error);

/// Aggregates neighbour rows: for each row i of the graph
///
/// `out[i] (+)= row_scale[i] * (sum over edges e of row i of w_e * source_scale[j_e] * x[j_e]) [/ edges of row i]`
///
/// with j_e the column of edge e and w_e its weight. `options` may be NULL.
///
/// Shapes: `x` is `avocet_graph_cols(graph) x d`, `out` is `avocet_graph_rows(graph) x d`.
///
/// Order: the factor of an edge is `w_e * source_scale[j_e]`; the edges of a row are one fma chain from +0 in their
/// order, in leaves of 512 that are added by the fixed tree; then the mean's division, then `row_scale`, then the
/// addition to `out`. A row depends on nothing but its own edges.
///
/// A row without edges gives zeros (or keeps `out` when accumulating). An edge that occurs more than once counts each
/// time. A zero weight does not hide a NaN or infinity of its row. NaN results are canonical.
///
/// The backward pass with respect to `x` is this function on the transposed graph, with the same `edge_weights`, and
/// `row_scale` given as `source_scale` and the other way round (for a mean, as a sum with a source scale of 1 / edges
/// of the row).
///
/// Threads: rows are shared among the pool's threads by their number of edges; nothing is allocated. Time: edges * d
/// fused operations.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH, INVALID_ARGUMENT (enum, flag, type, alignment), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE.
avocet_status avocet_aggregate(const avocet_graph *graph,
                               const avocet_matrix *x,
                               const avocet_aggregate_options *options,
                               const avocet_matrix_mut *out,
                               const avocet_pool *pool,
                               avocet_error *error);

/// A dot product for each edge: `out[e] = left[i] . right[j]` for edge e from row i to column j. This is the gradient
/// of `avocet_aggregate` with respect to the edge weights (`left` the output's gradient, scaled where the forward pass
/// scales; `right` the features), and the score of each edge of a graph.
///
/// Shapes: `left` is `avocet_graph_rows(graph) x d`, `right` is `avocet_graph_cols(graph) x d`; `out` holds one f32
/// for each edge, in the order of this graph. Order: LANES16. NaN results are canonical. Threads: as
/// `avocet_aggregate`. Time: edges * d fused operations.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH, INVALID_ARGUMENT (type, alignment), NULL_POINTER, SIZE_OVERFLOW,
/// OVERLAP.
avocet_status avocet_edge_dots(const avocet_graph *graph,
                               const avocet_matrix *left,
                               const avocet_matrix *right,
                               float *out,
                               const avocet_pool *pool,
                               avocet_error *error);

/// Draws at most `fanout[i]` edges of each row i of a graph and stores in `*out` the graph of these: of the same
/// shape, the edges of a row in their old order and with their old numbers (`avocet_graph_edge_ids`), so that edge
/// weights of the old graph serve the new one and its transpose. `options` may be NULL.
///
/// `fanout` holds `avocet_graph_rows(graph)` values. A row with no more edges than its fan-out keeps all of them,
/// whatever the draw (weighted: all of positive weight). Without replacement: Floyd's algorithm. Weighted: the
/// `fanout` least of `-log(1 - u) / weight`, which is the sequential draw without replacement, ties by position; an
/// edge of weight 0 is never drawn.
///
/// Random numbers are counter-based (Philox4x32-10), keyed by seed, row, layer and slot: a sample is the same
/// everywhere, and that of a row does not depend on the other rows. Threads: rows are shared among the pool's threads.
/// Allocates the graph; weighted draws also allocate 12 bytes for each edge of the longest row, for each part of the
/// work. Time: the sampled edges; weighted also the edges of rows above their fan-out.
///
/// Errors: INVALID_ARGUMENT (enum, alignment; a negative weight, with its position and value), NOT_FINITE (a weight,
/// likewise), NULL_POINTER (also a weighted draw without weights), OVERLAP, STRUCT_SIZE, OUT_OF_MEMORY.
avocet_status avocet_sample_neighbours(const avocet_graph *graph,
                                       const uint32_t *fanout,
                                       const avocet_sample_options *options,
                                       avocet_graph **out,
                                       const avocet_pool *pool,
                                       avocet_error *error);

/// Fits a power law to the degrees of a graph's rows by maximum likelihood:
///
/// `exponent = 1 + rows / sum over rows of ln(max(degree, 1) / least)`, `least = max(1, least degree)`.
///
/// Order: the logarithms in f32, their sum in f64 over ascending degrees. Allocates 4 bytes a row for the time of the
/// call. Time: sorting the degrees.
///
/// Errors: INVALID_ARGUMENT (a graph without rows, alignment), NULL_POINTER, OUT_OF_MEMORY.
avocet_status avocet_fit_power_law(const avocet_graph *graph,
                                   avocet_power_law *out,
                                   avocet_error *error);

/// Writes a fan-out for each row of a graph, falling with its degree:
///
/// `out[i] = min + (max - min) * (max(degree, least) / least)^-(exponent - 1)`, rounded to the nearest integer.
///
/// The power is the share of nodes that the law expects above the degree: 1 for the least connected, towards 0 for
/// hubs. `out` holds `avocet_graph_rows(graph)` values. The power is computed in f32 with the library's own functions;
/// each row stands alone. Allocates nothing. Time: linear in the rows.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (`min` above `max`; an exponent that is NaN or not above 1, a
/// `least` of 0; alignment), NULL_POINTER.
avocet_status avocet_adaptive_fanout(const avocet_graph *graph,
                                     const avocet_power_law *law,
                                     uint32_t min,
                                     uint32_t max,
                                     uint32_t *out,
                                     avocet_error *error);

/// Stores in `*out` a graph in which each row that has edges, but fewer than `fanout[i]`, is extended by the nodes
/// that short random walks visit most. The weights of its edges come with it: `avocet_graph_walk_weights`.
///
/// A walk from node i goes to one of its neighbours, and then `length` times back to a source of where it stands and
/// out to one of that source's neighbours. Each arrival counts one visit, but for i itself and its own neighbours. A
/// row is its own edges in their order, then the nodes visited, most visits first, then by id, up to the fan-out;
/// there may be too few. The weight of an own edge is 1, that of a visited node its visits over all arrivals, `walks *
/// (length + 1)`.
///
/// Shapes: `back` is the transpose of `graph`; `fanout` holds `avocet_graph_rows(graph)` values; the result has the
/// shape of `graph`. Its edges are numbered anew, by position. Random numbers as in `avocet_sample_neighbours`.
/// Threads: rows are shared among the pool's threads. Allocates the graph and, for each part of the work, 12 bytes for
/// each arrival of a row's walks. Time: 2 * `walks` * `length` draws for each row of low degree.
///
/// Errors: SHAPE_MISMATCH (a `back` whose shape is not that of the transpose), INVALID_ARGUMENT (no walks, no length;
/// reserved, alignment), NULL_POINTER, SIZE_OVERFLOW (2^32 edges or more), OVERLAP, STRUCT_SIZE, OUT_OF_MEMORY.
avocet_status avocet_walk_neighbours(const avocet_graph *graph,
                                     const avocet_graph *back,
                                     const uint32_t *fanout,
                                     const avocet_walk_options *options,
                                     avocet_graph **out,
                                     const avocet_pool *pool,
                                     avocet_error *error);

/// `out (+)= sum over addends of x * w`, then the activation, then the division of each row by its L2 norm.
///
/// Shapes: each `x` is `n x k`, its `w` is `k x m` (`m x k` if transposed), `out` is `n x m`; k may differ between
/// addends. At most `AVOCET_MAX_ADDENDS` addends; none gives zeros. `norms` takes the `n` norms; it is needed only
/// when normalising, and else may be NULL (if given, it is not written then). `options` may be NULL.
///
/// Order: CHAIN: each output is one fma chain through the addends in their order and through k, from +0 (or from what
/// `out` holds when accumulating). Norm: the root of the LANES16 dot of the row with itself; the row is multiplied by
/// `1 / max(norm, 1e-12)`. A norm that overflows gives a zero row. NaN results are canonical. A row depends on nothing
/// but its own inputs.
///
/// Threads: rows are shared among the pool's threads. Workspace: the packed weights. Time: n * m * (sum of k) fused
/// operations.
///
/// Errors, before `out` is touched; `error->position` is the number of the addend, from 0: SHAPE_MISMATCH,
/// INVALID_ARGUMENT (enum, flag, type, alignment; more than `AVOCET_MAX_ADDENDS` addends), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_dense_product(const avocet_addend *addends,
                                   size_t addend_count,
                                   const avocet_dense_options *options,
                                   const avocet_matrix_mut *out,
                                   float *norms,
                                   const avocet_pool *pool,
                                   avocet_workspace *workspace,
                                   avocet_error *error);

/// In place: the activation and, if `normalise`, the division of each row by its L2 norm, which goes to `norms`: what
/// `avocet_dense_product` does to its finished sums. `accumulate` has no meaning here.
///
/// Shapes: `rows` is `n x m`, `norms` holds `n` values, or is NULL if `normalise` is 0. Order, NaN: as
/// `avocet_dense_product`. Threads: rows are shared among the pool's threads; nothing is allocated. Time: linear.
///
/// Errors, before `rows` is touched: INVALID_ARGUMENT (enum, flag, type, alignment), NULL_POINTER, SHAPE_MISMATCH
/// (`stride`), SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE.
avocet_status avocet_dense_activate(const avocet_dense_options *options,
                                    const avocet_matrix_mut *rows,
                                    float *norms,
                                    const avocet_pool *pool,
                                    avocet_error *error);

/// The gradient before activation and norm, `dz`, from the gradient after them, `dy`.
///
/// With `y` and `norms` as `avocet_dense_product` left them: if `normalise`, `da = (dy - y (y . dy)) * (1 / norm)`
/// (`dy * 1e12` for a norm below 1e-12), else `da = dy`; then `dz = da` where `y > 0` else 0 (relu), or
/// `dz = da (1 - a^2)` with a the value before the norm, `norm * y` (tanh), or `dz = da`. `accumulate` has no meaning
/// here. `options` may be NULL.
///
/// Shapes: `y`, `dy` and `dz` are `n x m`; `norms` holds `n` values, or is NULL if `normalise` is 0. Order: LANES16
/// for the dot. NaN results are canonical. Threads: rows are shared among the pool's threads; nothing is allocated.
/// Time: linear.
///
/// Errors, before `dz` is touched: SHAPE_MISMATCH, INVALID_ARGUMENT (enum, flag, type, alignment), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE.
avocet_status avocet_dense_activate_backward(const avocet_dense_options *options,
                                             const avocet_matrix *y,
                                             const float *norms,
                                             const avocet_matrix *dy,
                                             const avocet_matrix_mut *dz,
                                             const avocet_pool *pool,
                                             avocet_error *error);

/// The gradient of a product with respect to its weights: `out (+)= x^T * dz`, added to what `out` holds if
/// `accumulate` is 1, overwriting it if 0.
///
/// Shapes: `x` is `n x k`, `dz` is `n x m`, `out` is `k x m`. Order: leaves of 1024 rows, each one fma chain from +0
/// for each output, added by the fixed tree; then the addition to `out` when accumulating. NaN results are canonical.
/// Threads: leaves are shared among the pool's threads. Workspace: one `k x m` sum for each level of the tree and part
/// of the work. Time: n * k * m fused operations.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH, INVALID_ARGUMENT (flag, type, alignment), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, WORKSPACE_TOO_SMALL.
avocet_status avocet_dense_weight_gradient(const avocet_matrix *x,
                                           const avocet_matrix *dz,
                                           int32_t accumulate,
                                           const avocet_matrix_mut *out,
                                           const avocet_pool *pool,
                                           avocet_workspace *workspace,
                                           avocet_error *error);

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
avocet_status avocet_dual_forward(const avocet_dual_layer *layer,
                                  const avocet_dual_rows *out,
                                  const avocet_pool *pool,
                                  avocet_workspace *workspace,
                                  avocet_error *error);

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
avocet_status avocet_dual_backward(const avocet_dual_layer *layer,
                                   const avocet_dual_result *result,
                                   const avocet_dual_gradients *gradients,
                                   const avocet_pool *pool,
                                   avocet_workspace *workspace,
                                   avocet_error *error);

/// `out[i]` = the score of rows `u[i]` of `left` and `v[i]` of `right`.
///
/// Shapes: `left` and `right` have d columns; `u` and `v` have one length, and `out` holds as many f32. Each side is
/// AVOCET_F32, AVOCET_F16 or AVOCET_BF16, widened exactly; or both are AVOCET_I8 with d at most 131071, so that no sum
/// overflows. `options` may be NULL: dot products.
///
/// Order: a dot product is LANES16 in f32, so that the last bits can differ from those of `avocet_top_k`; of int8 it is an
/// exact integer, times scales as `(left_scale * right_scale) * sum`. The cosine is `dot / (sqrt(uu) * sqrt(vv))` in f64 of
/// three such sums (of int8 without scales), rounded to f32; 0 where `uu` or `vv` is 0 (a row of zeros, or of values whose
/// squares all underflow), unless the dot is NaN. With second tables a score is
/// `(factor * score) + (second_factor * second score)`, each operation rounded to f32, both scores by the same metric. NaN
/// results are canonical. Threads: pairs are shared among the pool's threads; nothing is allocated. Time: d fused operations
/// a pair and table (three times as many for the cosine), or the time that the rows take from memory.
///
/// Errors, before `out` is touched: INDEX_OUT_OF_RANGE with the first bad position of `u` or `v` and its value,
/// SHAPE_MISMATCH (also `options.second_left.rows` and its like), INVALID_ARGUMENT (type: also int8 on one side only;
/// scales of rows that are not int8; metric; alignment), NULL_POINTER (also one second table without the other, or what
/// belongs to second tables without them), NOT_FINITE (`options.factor`, `options.second_factor`), STRUCT_SIZE,
/// SIZE_OVERFLOW (also too many columns of int8, 2^32 rows or more), OVERLAP.
avocet_status avocet_score_pairs(const avocet_matrix *left,
                                 const avocet_matrix *right,
                                 const avocet_indices *u,
                                 const avocet_indices *v,
                                 const avocet_score_options *options,
                                 float *out,
                                 const avocet_pool *pool,
                                 avocet_error *error);

/// `out[e]` = the score of row i of `left` and row `csr.indices[e]` of `right`, for each edge e of each row i of `csr`:
/// the candidates of each source, to be ranked again.
///
/// Shapes: `csr` has as many rows as `left` and as many columns as `right` has rows; `out` holds one f32 for each edge.
/// Scores are those of `avocet_score_pairs`, bit for bit, and so are types, options, order, threads and cost; the row of
/// `left` stays in cache while its candidates are scored. Nothing is allocated, and no graph is made of `csr`: it is
/// checked in each call.
///
/// Errors, before `out` is touched: those of `avocet_score_pairs`, with the first bad candidate as INDEX_OUT_OF_RANGE of
/// `csr.indices`; INVALID_OFFSETS (`csr.offsets`) with the first bad position and its value.
avocet_status avocet_score_candidates(const avocet_matrix *left,
                                      const avocet_matrix *right,
                                      const avocet_csr *csr,
                                      const avocet_score_options *options,
                                      float *out,
                                      const avocet_pool *pool,
                                      avocet_error *error);

/// `out[i][j]` = the score of row i of `left` and row j of `right`: one or many queries against all targets.
///
/// Shapes: `left` is q x d, `right` is n x d, `out` is q x n, AVOCET_F32. Scores are those of `avocet_score_pairs`, bit for
/// bit, and so are types, options and order. Threads: rows of `out`, or for few rows parts of them, are shared among the
/// pool's threads; nothing is allocated. Time: q * n * d fused operations.
///
/// Errors, before `out` is touched: those of `avocet_score_pairs` without INDEX_OUT_OF_RANGE; SHAPE_MISMATCH also of
/// `out.rows` and `out.cols`.
avocet_status avocet_score_matrix(const avocet_matrix *left,
                                  const avocet_matrix *right,
                                  const avocet_score_options *options,
                                  const avocet_matrix_mut *out,
                                  const avocet_pool *pool,
                                  avocet_error *error);

/// For each query the `k` targets with the greatest scores `query . target`.
///
/// Shapes: `queries` is `q x d`, `targets` is `n x d`; `exclude` is NULL or a `q x n` graph whose rows are in
/// ascending order: the ids in row i never appear for query i. Outputs, row-major without gaps: `ids` (`q x k`, best
/// first, `AVOCET_NO_ID` in unused places), `scores` (`q x k`, -inf in unused places), `counts` (for each query, how
/// many places are used) and `nan_counts` (for each query, how many scores of targets that were not excluded were NaN;
/// may be NULL).
///
/// Order: CHAIN: a score is one fma chain from +0 over d, so it does not depend on the other queries, the other
/// targets or the threads. Ranking: score descending, then id ascending (-0 and +0 tie): a total order, so the list
/// for a smaller k is the head of the list for a greater one. NaN scores never enter and are counted; infinities rank.
///
/// Threads: queries are shared among the pool's threads. Workspace: a panel of 64 targets for each part of the work.
/// Time: q * n * d fused operations.
///
/// Errors, before outputs are touched: SHAPE_MISMATCH, NOT_SORTED (`exclude.indices`; the position is that of the edge),
/// SIZE_OVERFLOW (`q * k`; 2^32 targets or more), INVALID_ARGUMENT (type, alignment), NULL_POINTER, OVERLAP,
/// WORKSPACE_TOO_SMALL.
avocet_status avocet_top_k(const avocet_matrix *queries,
                           const avocet_matrix *targets,
                           const avocet_graph *exclude,
                           size_t k,
                           uint32_t *ids,
                           float *scores,
                           uint32_t *counts,
                           uint32_t *nan_counts,
                           const avocet_pool *pool,
                           avocet_workspace *workspace,
                           avocet_error *error);

/// For each given target of each query, how many other targets score better and how many score the same.
///
/// Shapes: `queries` is `q x d`, `targets` is `n x d`; `given` is a `q x n` graph, one edge for each target in
/// question; `exclude` is as in `avocet_top_k`; `better` and `equal` hold one count for each edge of `given`. With
/// them a rank is 1 + better (best case), 1 + better + equal (worst case) or 1 + better + equal / 2 (mean of the tie).
///
/// Excluded targets are not counted, nor is the given target itself (it may itself be excluded); other given targets
/// are. NaN scores count for nothing; where the given target's own score is NaN, every other score is better. Order:
/// CHAIN, with the bits of `avocet_top_k`. Threads: queries are shared among the pool's threads. Workspace: a panel of
/// 64 targets for each part of the work and one f32 for each edge of `given`. Time: q * n * d fused operations.
///
/// Errors, before outputs are touched: SHAPE_MISMATCH, NOT_SORTED (`exclude.indices`; the position is that of the edge),
/// INVALID_ARGUMENT (type, alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP, WORKSPACE_TOO_SMALL.
avocet_status avocet_rank_counts(const avocet_matrix *queries,
                                 const avocet_matrix *targets,
                                 const avocet_graph *given,
                                 const avocet_graph *exclude,
                                 uint32_t *better,
                                 uint32_t *equal,
                                 const avocet_pool *pool,
                                 avocet_workspace *workspace,
                                 avocet_error *error);

/// One term of the logistic edge loss with its gradients:
///
/// `out->loss = sum over edges e of weight * edge_weights[e] * softplus(z_e)`
///
/// with `z = -x` for positives and `z = x - margin` for the others, `x = temperature * dot - offset`.
///
/// Shapes: `graph` is a graph that is not derived (`avocet_graph_is_derived`) of r rows and c columns, `transposed`
/// its transpose. `sources` and `targets` have d columns; for positives and negatives `sources` has r rows and
/// `targets` c; for reversed edges it is the other way round. `edge_weights` holds a weight for each edge, of any
/// sign, or is NULL, which stands for ones. `source_gradient` and `target_gradient` have the shapes of `sources` and
/// `targets`; the gradients are added to what they hold; either may be NULL.
///
/// A whole loss is a sum of calls: positives over the edges, negatives over sampled pairs, and for the one-way edges a
/// positive and a reversed term.
///
/// Order: dots in LANES16; each edge stands alone; gradients as `avocet_aggregate` over `graph` and `transposed`; the
/// three sums in f64 in edge order, in leaves of 1024 edges, by the fixed tree. The gradient is `softplus' = sigmoid`,
/// without cancellation in either tail. NaN logits give NaN losses and gradients. Threads: edges and rows are shared
/// among the pool's threads. Workspace: one f32 for each edge, three f64 for each leaf. Time: at most 3 * edges * d
/// fused operations.
///
/// Errors, before outputs are touched: SHAPE_MISMATCH, NOT_FINITE (a number of `term`), INVALID_ARGUMENT (a number of
/// `term` that is not in its range; a `graph` that is derived, or a `transposed` that does not come from it; enum,
/// type, alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_edge_loss(const avocet_graph *graph,
                               const avocet_graph *transposed,
                               const avocet_matrix *sources,
                               const avocet_matrix *targets,
                               const avocet_edge_term *term,
                               const float *edge_weights,
                               const avocet_matrix_mut *source_gradient,
                               const avocet_matrix_mut *target_gradient,
                               avocet_edge_loss_result *out,
                               const avocet_pool *pool,
                               avocet_workspace *workspace,
                               avocet_error *error);

/// Sampled softmax loss with its gradients: for each edge e from source u to target v
///
/// `loss_e = -log( exp(x_uv) / (exp(x_uv) + sum over negatives k that are not v of exp(x_uk)) )`
///
/// with `x = temperature * source . target`; `out->loss` is the sum of `weight * edge_weights[e] * loss_e`.
///
/// Shapes: `positives` is a graph that is not derived (`avocet_graph_is_derived`), its r rows the sources, its c
/// columns the targets; `transposed` is its transpose. `sources` is `r x d`, `targets` is `c x d`. `negatives` holds
/// any number of target ids, also repeated ones (each counts); none is allowed. `edge_weights` holds a weight for each
/// edge, of any sign, or is NULL, which stands for ones. Gradients have the shapes of `sources` and `targets` and are
/// added to what they hold; both or neither are NULL.
///
/// No matrix of edges by negatives exists: 32 sources at a time are scored against all negatives, and the edges of one
/// source share its scores.
///
/// Order: positives' dots in LANES16; negatives' in CHAIN; exponentials of a source less its greatest negative logit,
/// added as in LANES16; source gradients in CHAIN over the negatives; target gradients over sources with edges in
/// leaves of 1024 rows of `positives`, by the fixed tree, added negative by negative; the sums in f64 by the same
/// leaves. Then the positives' part as `avocet_aggregate`. Where the positive outweighs the rest the loss is `log1p`
/// of their ratio, so that a confident edge keeps its digits. A logit that is NaN or +inf gives NaN for its source
/// (and for every row it reaches); one of -inf has no weight.
///
/// Threads: leaves are shared among the pool's threads. Workspace: packed negatives (twice), one `negatives x d` sum
/// for each level of the tree, and `32 x negatives` scores for each part of the work. Time: 3 * (sources with edges) *
/// negatives * d fused operations.
///
/// Errors, before outputs are touched: INDEX_OUT_OF_RANGE (`negatives`, with the first bad position and its value),
/// SHAPE_MISMATCH, NOT_FINITE (a number of `term`), INVALID_ARGUMENT (a number of `term` that is not in its range;
/// `positives` that are derived, or a `transposed` that does not come from them; type, alignment), NULL_POINTER (also
/// one gradient without the other), SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_softmax_loss(const avocet_graph *positives,
                                  const avocet_graph *transposed,
                                  const avocet_matrix *sources,
                                  const avocet_matrix *targets,
                                  const avocet_indices *negatives,
                                  const avocet_softmax_term *term,
                                  const float *edge_weights,
                                  const avocet_matrix_mut *source_gradient,
                                  const avocet_matrix_mut *target_gradient,
                                  avocet_softmax_loss_result *out,
                                  const avocet_pool *pool,
                                  avocet_workspace *workspace,
                                  avocet_error *error);

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
avocet_status avocet_index_create(const avocet_matrix *rows,
                                  const avocet_index_options *options,
                                  const avocet_pool *pool,
                                  avocet_index **out,
                                  avocet_error *error);

/// Frees an index, and the rows that no other one shares. NULL is ignored.
void avocet_index_destroy(avocet_index *index);

/// The number of rows of an index, those included that are never found; 0 for NULL.
size_t avocet_index_rows(const avocet_index *index);

/// The number of columns of an index; 0 for NULL.
size_t avocet_index_cols(const avocet_index *index);

/// The number of rows of an index that can be found: neither skipped nor removed; 0 for NULL. Time: one step for each 32
/// rows.
size_t avocet_index_live(const avocet_index *index);

/// How an index holds its rows: AVOCET_INDEX_*; 0 for NULL.
int32_t avocet_index_storage(const avocet_index *index);

/// 1 if an index has the caller's ids, else 0; 0 for NULL.
int32_t avocet_index_has_ids(const avocet_index *index);

/// The bytes of memory that the rows of an index take, those included that it shares with others or that are the caller's
/// (`avocet_index_map`); 0 for NULL.
size_t avocet_index_memory(const avocet_index *index);

/// The caller's ids of rows of an index, such as those that a search found: `out[i]` is the id of row `rows[i]`, the row
/// itself if the index has no ids, and `AVOCET_NO_LONG_ID` where the row is `AVOCET_NO_ID`. Both arrays hold `len` values.
///
/// Errors, before `out` is touched: INDEX_OUT_OF_RANGE (`rows`, with the first bad position and its value),
/// NULL_POINTER, INVALID_ARGUMENT (alignment), SIZE_OVERFLOW (`len`), OVERLAP.
avocet_status avocet_index_ids(const avocet_index *index,
                               const uint32_t *rows,
                               size_t len,
                               uint64_t *out,
                               avocet_error *error);

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
avocet_status avocet_index_search(const avocet_index *index,
                                  const avocet_matrix *queries,
                                  size_t k,
                                  const avocet_index_search_options *options,
                                  uint32_t *ids,
                                  float *scores,
                                  uint32_t *counts,
                                  uint32_t *nan_counts,
                                  uint32_t *survivors,
                                  const avocet_pool *pool,
                                  avocet_workspace *workspace,
                                  avocet_error *error);

/// The scores of given rows of an index, the bits that `avocet_index_search` gives them.
///
/// Shapes: `queries` is `q x d`, of a type that the index is scored with; `query_scales` has one for each query that is
/// AVOCET_I8, or is NULL: all are 1; `given` is a `q x rows` graph, and `out` holds one f32 for each of its edges. Rows
/// that are never found have scores too; those that were not finite are zeros. NaN results are canonical.
///
/// Threads: queries are shared among the pool's threads. Nothing is allocated. Workspace: a group of 8 queries for each part
/// of the work. Time: `32 * d` fused operations for each run of given rows in one panel of 32; rows in ascending order
/// read a panel once.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`queries.cols`, `queries.stride`, `given.rows`, `given.cols`),
/// NOT_FINITE (`query_scales`), INVALID_ARGUMENT (type: also one that the index is not scored with; scales of other
/// queries, or below 0; alignment), NULL_POINTER, SIZE_OVERFLOW, OVERLAP, WORKSPACE_TOO_SMALL.
avocet_status avocet_index_scores(const avocet_index *index,
                                  const avocet_matrix *queries,
                                  const float *query_scales,
                                  const avocet_graph *given,
                                  float *out,
                                  const avocet_pool *pool,
                                  avocet_workspace *workspace,
                                  avocet_error *error);

/// For each given row of each query, how many other rows of an index score better and how many score the same, as
/// `avocet_rank_counts` does, with the scores of `avocet_index_search`.
///
/// Shapes: `queries`, `query_scales` and `given` as for `avocet_index_scores`; `exclude` is NULL or a `q x rows` graph
/// whose rows are in ascending order; `better` and `equal` hold one count for each edge of `given`. Excluded rows, those
/// that are never found and the given row itself are not counted; other given rows are. NaN scores count for nothing;
/// where the given row's own score is NaN, every other score is better.
///
/// Threads: queries are shared among the pool's threads. Nothing is allocated. Workspace: a group of 8 queries for each part
/// of the work and one f32 for each edge of `given`. Time: q * n * d fused operations, and n comparisons for each given row.
///
/// Errors, before outputs are touched: those of `avocet_index_scores`; SHAPE_MISMATCH also of `exclude.rows` and
/// `exclude.cols`; NOT_SORTED (`exclude.indices`; the position is that of the edge).
avocet_status avocet_index_rank_counts(const avocet_index *index,
                                       const avocet_matrix *queries,
                                       const float *query_scales,
                                       const avocet_graph *given,
                                       const avocet_graph *exclude,
                                       uint32_t *better,
                                       uint32_t *equal,
                                       const avocet_pool *pool,
                                       avocet_workspace *workspace,
                                       avocet_error *error);

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
avocet_status avocet_index_append(const avocet_index *index,
                                  const avocet_matrix *rows,
                                  const avocet_index_options *options,
                                  const avocet_pool *pool,
                                  avocet_index **out,
                                  avocet_error *error);

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
avocet_status avocet_index_replace(const avocet_index *index,
                                   const uint32_t *at,
                                   const avocet_matrix *rows,
                                   const avocet_index_options *options,
                                   avocet_index **out,
                                   avocet_error *error);

/// Stores in `*out` an index without some rows of another one: rows keep their numbers, and those are never found, until
/// they are replaced. `at` holds `count` numbers of rows, in ascending order, each once; rows may be removed again. All rows
/// are shared. On the calling thread. Time: a step for each block of 2048 rows and for each row in `at`.
///
/// Errors: INDEX_OUT_OF_RANGE and NOT_SORTED (`at`, with the first bad position and its value), SIZE_OVERFLOW (`count`),
/// INVALID_ARGUMENT (alignment), NULL_POINTER, OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_index_remove(const avocet_index *index,
                                  const uint32_t *at,
                                  size_t count,
                                  avocet_index **out,
                                  avocet_error *error);

/// The number of bytes that `avocet_index_save` writes: what the rows take in memory, and some more; 0 for NULL.
size_t avocet_index_saved_bytes(const avocet_index *index);

/// Writes an index to `bytes`: little-endian, versioned, with a checksum, the same bytes for the same rows everywhere. `len`
/// must be `avocet_index_saved_bytes(index)`. Time: one pass over the bytes.
///
/// Errors, before `bytes` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
avocet_status avocet_index_save(const avocet_index *index,
                                uint8_t *bytes,
                                size_t len,
                                avocet_error *error);

/// Makes the index that `avocet_index_save` wrote to `len` bytes and stores it in `*out`, with a copy of its rows. Time: two
/// passes over the bytes.
///
/// Errors: SHAPE_MISMATCH (bytes that end too early or too late), INVALID_ARGUMENT (bytes that were not saved so, found by
/// the checksum or by what they say, with the position of the bad field; alignment), NULL_POINTER, SIZE_OVERFLOW (`len`),
/// OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_index_load(const uint8_t *bytes,
                                size_t len,
                                avocet_index **out,
                                avocet_error *error);

/// As `avocet_index_load`, but with the rows where they are, such as a file that the caller has mapped. The memory must stay
/// as it is until this index, and every index that was made of it, is destroyed. It must begin at a multiple of 4 bytes (of
/// 64 to be fast) on a little-endian machine. Time: one pass over the bytes.
///
/// Errors: those of `avocet_index_load`; INVALID_ARGUMENT (`bytes`) also where the memory begins elsewhere, or on another
/// machine.
avocet_status avocet_index_map(const uint8_t *bytes,
                               size_t len,
                               avocet_index **out,
                               avocet_error *error);

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
avocet_status avocet_merge_lists(const avocet_shard *shards,
                                 size_t count,
                                 size_t queries,
                                 size_t k,
                                 uint64_t *ids,
                                 float *scores,
                                 uint32_t *counts,
                                 avocet_error *error);

/// One step of Adam (Kingma and Ba, ICLR 2015) on each parameter, with g its gradient:
///
/// `m = beta1 m + (1 - beta1) g`,
/// `v = beta2 v + (1 - beta2) g^2`,
/// `p = p - rate / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon)`
///
/// Shapes: the four arrays (p, g, m and v) hold `len` f32. `rate` is finite; `step` is the number of this step, from
/// 1; moments start as zeros. `options` may be NULL. Order: `m` and `v` are `fma(beta, old, (1 - beta) * new)`; the
/// two corrections are computed in f64 and rounded once; `p` is `p - rate' * (m / fma(sqrt(v), correction, epsilon))`.
/// NaN results are canonical. Threads: parameters are shared among the pool's threads; nothing is allocated. Time:
/// linear.
///
/// Errors, before anything is touched: NOT_FINITE, INVALID_ARGUMENT (a number that is not in its range, alignment),
/// NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP, STRUCT_SIZE.
avocet_status avocet_adam(float rate,
                          uint64_t step,
                          const avocet_adam_options *options,
                          float *parameters,
                          const float *gradient,
                          float *first_moment,
                          float *second_moment,
                          size_t len,
                          const avocet_pool *pool,
                          avocet_error *error);

/// One step of Adagrad (Duchi, Hazan and Singer, JMLR 2011) on the rows of a table that a batch touched, with g the
/// gradient of a row:
///
/// `squares = squares + g^2`,
/// `table = table - rate * g / (sqrt(squares) + epsilon)`
///
/// Other rows are not read. Shapes: `table` and `squares` are `n x d`; `rows` holds r row numbers in strictly
/// ascending order, `gradient` is `r x d`. `rate` is finite, `epsilon` at least 0 (0 is taken as it is). Order:
/// `fma(g, g, squares)`; `table - rate * (g / (sqrt(squares) + epsilon))`. An `epsilon` of 0 gives NaN where `g` and
/// `squares` are both 0. NaN results are canonical. Threads: rows are shared among the pool's threads; nothing is
/// allocated. Time: linear in r * d.
///
/// Errors, before anything is touched: INDEX_OUT_OF_RANGE or NOT_SORTED with the first bad position of `rows` and its
/// value, SHAPE_MISMATCH, NOT_FINITE, INVALID_ARGUMENT (a number that is not in its range, type, alignment),
/// NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
avocet_status avocet_adagrad_rows(float rate,
                                  float epsilon,
                                  const avocet_indices *rows,
                                  const avocet_matrix *gradient,
                                  const avocet_matrix_mut *table,
                                  const avocet_matrix_mut *squares,
                                  const avocet_pool *pool,
                                  avocet_error *error);

/// The logistic loss of each row from its logit x, with derivatives:
///
/// `losses[i] = a softplus(-x) + b softplus(x)`,
/// `gradient[i] = b sigmoid(x) - a sigmoid(-x)`,
/// `curvature[i] = (a + b) sigmoid(x) sigmoid(-x)`, and `*sum` the sum of the losses.
///
/// Shapes: all arrays hold `rows` values; any output may be NULL. Weights and coefficients are finite and, unless
/// `signed_weights` is 1, not negative. Accuracy, in units in the last place of the same expression with |a| and |b|,
/// for coefficients up to 2^90: gradient 1.8, curvature 1.5, loss 1.8; nothing cancels, and nothing underflows before
/// the subnormals end.
///
/// Order: each row stands alone. The sum: in a leaf of 1024 rows loss i goes to lane i mod 16 of one accumulator in two
/// parts (two-sum); lanes are added in f64 in their order, leaves by the fixed tree. A NaN logit gives NaN, an infinite
/// one the limits (a coefficient of 0 gives 0). NaN results are canonical. Threads: leaves are shared among the pool's
/// threads. Workspace: 16 bytes for each leaf. Time: linear. Sums over parts of the rows: see `avocet_logistic_parts`.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (`targets`: the first value out of range, with its position; it is found on
/// the way, so losses, gradient and curvature are unspecified then, `*sum` as it was); before anything is touched
/// INVALID_ARGUMENT (flag, alignment; labels or weights beside coefficients), NULL_POINTER, SIZE_OVERFLOW (`rows`),
/// OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_logistic_pointwise(const float *logits,
                                        const avocet_logistic_targets *targets,
                                        float *losses,
                                        float *gradient,
                                        float *curvature,
                                        double *sum,
                                        size_t rows,
                                        const avocet_pool *pool,
                                        avocet_workspace *workspace,
                                        avocet_error *error);

/// Importance weights for labels that arrive late: the coefficients `a` and `b` of each row, for
/// `avocet_logistic_pointwise`.
///
/// With f = sigmoid of the model's `logits`, d = sigmoid of `first` = P(converts after the window) and r = sigmoid of
/// `second` = P(never converts | not within the window), the formulas stand with each method, first for positive rows,
/// then for the others. All predictions count as constants. Joint weights are divided by `1 + f` (FNW, FNW-DEFUSE,
/// Bi-DEFUSE late), `1 + d` (ES-DFM, DEFUSE), `2 - f + d` (ES-DFM with real negatives) or 2 (DEFER); the other methods
/// are joint as published.
///
/// Shapes: all arrays hold `rows` values. `kinds` are `AVOCET_ROW_*`; `logits`, `first` and `second` may be NULL where
/// the method's formulas do not name them. Order: the formulas as they stand, each row alone; probabilities and their
/// complements are each computed from the logit, so that neither cancels. A NaN that goes in comes out, canonical.
/// Threads: rows are shared among the pool's threads; nothing is allocated. Time: linear.
///
/// Errors: INVALID_ARGUMENT (`kinds`: the first unknown kind, with its position; it is found on the way, so `a` and `b`
/// are unspecified then); before anything is touched INVALID_ARGUMENT (method, flag, clip, alignment), NULL_POINTER,
/// SIZE_OVERFLOW (`rows`), OVERLAP, STRUCT_SIZE.
avocet_status avocet_feedback_weights(const avocet_feedback_scheme *scheme,
                                      const uint8_t *kinds,
                                      const float *logits,
                                      const float *first,
                                      const float *second,
                                      float *a,
                                      float *b,
                                      size_t rows,
                                      const avocet_pool *pool,
                                      avocet_error *error);

/// What FNC serves in place of its own probability q: `out[i] = q / (1 - q)`, at most 1, which is `min(e^logit, 1)`.
///
/// Shapes: both arrays hold `len` f32. Order: each element stands alone, exp as `avocet_map`. NaN results are canonical.
/// Threads: elements are shared among the pool's threads; nothing is allocated. Time: linear.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP.
avocet_status avocet_feedback_served(const float *logits,
                                     float *out,
                                     size_t len,
                                     const avocet_pool *pool,
                                     avocet_error *error);

/// Builds the stream of a protocol from `len` clicks and stores it in `*out`.
///
/// `times` says when a click was, `conversions` when it converted, not before the click, `signals` when its early
/// signal came (NULL stands for none): in any unit, `AVOCET_NEVER` for what does not happen. `window` is how long a
/// first row waits, `attribution` how long a conversion counts; a later one is none. A conversion at the very end of
/// the window is within it, one at the end of the attribution counts. The protocols, `AVOCET_PROTOCOL_*`, say which
/// rows a click gives.
///
/// Rows of equal time are in the order of the clicks, first rows before copies. Allocates the stream (14 bytes a row)
/// and, for the time of the call, 16 bytes a row. Time: sorting the rows; on the calling thread.
///
/// Errors: INVALID_ARGUMENT (protocol; a `window` below 0, an `attribution` below the window; a conversion before its
/// click, with its position and time; alignment), SIZE_OVERFLOW (`len`, 2^31 clicks or more; a time beyond 64 bits, with
/// the click's position), NULL_POINTER, OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_stream_create(int32_t protocol,
                                   const int64_t *times,
                                   const int64_t *conversions,
                                   const int64_t *signals,
                                   size_t len,
                                   int64_t window,
                                   int64_t attribution,
                                   avocet_stream **out,
                                   avocet_error *error);

/// The number of rows of a stream; 0 for NULL.
size_t avocet_stream_rows(const avocet_stream *stream);

/// Copies the rows of a stream: when each may be used, the position of its click, its kind (`AVOCET_ROW_*`), and 1 if
/// the click's signal had come when its window ended, else 0. Any output may be NULL; `len` must be the number of rows.
///
/// Errors: NULL_POINTER, SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), OVERLAP.
avocet_status avocet_stream_copy(const avocet_stream *stream,
                                 int64_t *times,
                                 uint32_t *clicks,
                                 uint8_t *kinds,
                                 uint8_t *signals,
                                 size_t len,
                                 avocet_error *error);

/// Frees a stream. NULL is ignored.
void avocet_stream_destroy(avocet_stream *stream);

/// Checks and copies sparse rows, and stores them in `*out`. `values` holds one f32 for each index, finite; NULL stands
/// for ones. Time: linear, with 12 bytes of memory for each 64 columns on the way.
///
/// Errors: SIZE_OVERFLOW (columns, rows or entries not below 2^32, more than 2^28 features that occur, or sizes that no
/// array can have), INVALID_OFFSETS and INDEX_OUT_OF_RANGE with the first bad position and its value, NOT_FINITE
/// (`values`, likewise), INVALID_ARGUMENT (type, alignment), NULL_POINTER, OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_sparse_rows_create(const avocet_csr *csr,
                                        const float *values,
                                        avocet_sparse_rows **out,
                                        avocet_error *error);

/// Frees sparse rows. NULL is ignored.
void avocet_sparse_rows_destroy(avocet_sparse_rows *rows);

/// The number of rows; 0 for NULL.
size_t avocet_sparse_rows_count(const avocet_sparse_rows *rows);

/// The number of columns, of which not all need occur; 0 for NULL.
size_t avocet_sparse_rows_columns(const avocet_sparse_rows *rows);

/// The number of features that occur: columns that have an entry; 0 for NULL.
size_t avocet_sparse_rows_feature_count(const avocet_sparse_rows *rows);

/// Writes the features that occur, ascending, to `features`, which holds `len` values; `len` must be
/// `avocet_sparse_rows_feature_count(rows)`.
///
/// Errors, before `features` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
avocet_status avocet_sparse_rows_features(const avocet_sparse_rows *rows,
                                          uint32_t *features,
                                          size_t len,
                                          avocet_error *error);

/// Logistic regression over rows of any kind, reading them once: any of margins, gradient, diagonal curvature and
/// Hessian-vector product, and the sum of the losses, of the margins `m = x . weights + intercept + offset`:
///
/// `loss = sum of a softplus(-m) + b softplus(m)`,
/// `gradient = sum of (b sigmoid(m) - a sigmoid(-m)) x`,
/// `curvature = sum of h x^2` with `h = (a + b) sigmoid(m) sigmoid(-m)`,
/// `product = sum of h (x . along + along_intercept) x`.
///
/// The penalty of a regularised model is the caller's to add. Shapes: with the fields; `targets`, as in
/// `avocet_logistic_pointwise`, hold `n` values each, and may be NULL where only margins are wanted; `sums` may be NULL.
///
/// Order of a margin: the dot in LANES16 over the columns or the entries of the row (the sum where values are absent), then
/// `+ intercept`, then `+ offset`. Single numbers are summed as in `avocet_logistic_pointwise`.
///
/// Dense rows: elements of 16 bits are widened exactly, results are those of the f32 matrix of the same values. Sums over
/// rows in leaves of 1024, each one fma chain from +0 for each column, added by the fixed tree. NaN results are
/// canonical; infinite margins give the limits of `avocet_logistic_pointwise`.
///
/// Sparse rows: sums over rows are exact sums of integers, so that neither the order of the rows nor any split of them
/// matters. A term, the product in f64 of factor and value (or squared value), is rounded to the nearest multiple of 2^-e,
/// ties to even; `e = min(62 - bits(entries), 50) - bound`, with bits() the number of binary digits and `2^bound` at least
/// every term: the product of the powers of two from the greatest `|a| + |b|` and from the greatest value on (for the
/// curvature half of the first and the square of the second; for the product also from `longest row * greatest value *
/// greatest |along| + |along_intercept|` on). A sum is rounded to f64 and then to f32. With 2^26 entries a term is within
/// 2^-36 of the greatest possible one. Infinite margins give the limits; a row with a factor that is NaN or infinite is
/// refused.
///
/// Threads: leaves are shared among the pool's threads. Workspace: 40 bytes for each leaf, and of dense rows one sum of each
/// vector that is wanted for each part of the work and level of the tree; of sparse rows for each part (one for each
/// thread, up to a power of two) 8 bytes for each column and vector that is wanted and 8 more for each
/// column, in records of a power of two (2^28 columns as they come take 4 GiB a thread: prepare such rows); of prepared rows
/// 4 bytes for each feature and vector that is read. Time: dense,
/// n * d fused operations for the margins and for each vector; sparse, two random accesses an entry, in fewer cache lines
/// if prepared, and a pass to check, unless prepared.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (`targets`: the first value out of range, with its position), of sparse rows
/// NOT_FINITE (`rows.weights`: the first row with a factor that is not finite); these are found on the way, so margins
/// are unspecified then, everything else as it was. Before anything is touched: SHAPE_MISMATCH (`stride`),
/// INVALID_OFFSETS and INDEX_OUT_OF_RANGE with the first bad position and its value, NOT_FINITE (`values`, and of sparse
/// rows `along`, likewise), INVALID_ARGUMENT (flag, type, alignment; more than one kind of features, `values` without
/// `csr`, `compact` without `prepared`; labels or weights beside coefficients), NULL_POINTER, SIZE_OVERFLOW (also more
/// than 2^28 columns of sparse rows, unless prepared), OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_logistic_batch(const avocet_logistic_rows *rows,
                                    const avocet_logistic_targets *targets,
                                    const avocet_logistic_out *out,
                                    avocet_logistic_sums *sums,
                                    const avocet_pool *pool,
                                    avocet_workspace *workspace,
                                    avocet_error *error);

/// Finds the weights, and the intercept, that minimise `sum of losses + l2 / 2 * |weights|^2` by L-BFGS.
///
/// Shapes: rows and targets as in `avocet_logistic_batch`; it starts from `rows->weights` (zeros for NULL) and
/// `rows->intercept`. `weights` holds `d` values, or one for each of `avocet_sparse_rows_features` if `rows->compact` is 1;
/// `result` may be NULL. To go on from earlier weights, start from a copy of them. Sparse rows should be prepared: every
/// pass over others checks them anew.
///
/// Method: L-BFGS (Liu and Nocedal, Mathematical Programming 1989) in two loops. What stands for the first Hessian is the
/// diagonal of the true one at the start, scaled by the last step as usual, so that frequent and rare features, and
/// columns of any size, move at their own rates. The first step has the length that the Hessian along it gives; later ones
/// start at 1. A step must lower the loss as Wolfe's conditions ask, or by what the slopes say where the loss is within
/// 1e-7 of what it was (Hager and Zhang, SIAM Journal on Optimization 2005).
///
/// Order: passes as `avocet_logistic_batch`; vectors in f32, dots in f64 in leaves of 4096 by the fixed tree: the same bits
/// with any pool. Threads: all passes are shared among the pool's threads. Memory: `2 * history + 7` vectors and a workspace
/// of `avocet_logistic_batch`, allocated in the call. Time: some ten to a hundred passes.
///
/// Errors, before anything is touched: those of `avocet_logistic_batch`, without WORKSPACE_TOO_SMALL; NOT_FINITE (also a
/// weight or an intercept to start from, and `rows` whose loss is NaN there), INVALID_ARGUMENT (also an option that is not in its range), OUT_OF_MEMORY.
avocet_status avocet_logistic_fit(const avocet_logistic_rows *rows,
                                  const avocet_logistic_targets *targets,
                                  const avocet_logistic_fit_options *options,
                                  float *weights,
                                  float *intercept,
                                  avocet_logistic_fit_result *result,
                                  const avocet_pool *pool,
                                  avocet_error *error);

/// The log loss of a product of two probabilities, `f = sigmoid(x1) sigmoid(x2)`, for the two logits of each row:
///
/// `losses[i] = -a log f - b log(1 - f)`,
/// `first_gradient[i] = b sigmoid(x1) / (1 + e^(x1 - x2) + e^-x2) - a sigmoid(-x1)`, its derivative by x1,
/// `second_gradient[i]` the same with x1 and x2 swapped, and `*sum` the sum of the losses.
///
/// It learns `P(redeemed | x) = P(clipped | x) P(redeemed | clipped, x)` from all rows instead of the clipped ones (the
/// entire space: ESMM of Ma et al., SIGIR 2018, and its successor ESM2 of Wen et al., SIGIR 2020). The coefficients may be
/// those of `avocet_feedback_weights` for f; the loss of the first factor's own label, by `avocet_logistic_pointwise`, is
/// the caller's to add.
///
/// Shapes: all arrays hold `rows` values; any output may be NULL. Weights and coefficients are finite and, unless
/// `signed_weights` is 1, not negative. Accuracy, in units in the last place of the same expression with |a| and |b|,
/// for coefficients up to 2^90: gradients 2.3, loss 3.0; nothing cancels but a's part with b's, and nothing underflows
/// before the subnormals end.
///
/// Order: each row stands alone. The sum: as that of `avocet_logistic_pointwise`. A NaN logit gives NaN, an infinite one
/// the limits (a coefficient of 0 gives 0), two equal infinite ones those of equal logits. NaN results are canonical.
/// Threads: leaves of 1024 rows are shared among the pool's threads. Workspace: 16 bytes for each leaf. Time: linear.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (`targets`: the first value out of range, with its position; it is found on
/// the way, so losses and gradients are unspecified then, `*sum` as it was); before anything is touched
/// INVALID_ARGUMENT (flag, alignment; labels or weights beside coefficients), NULL_POINTER, SIZE_OVERFLOW (`rows`),
/// OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_logistic_product(const float *first,
                                      const float *second,
                                      const avocet_logistic_targets *targets,
                                      float *losses,
                                      float *first_gradient,
                                      float *second_gradient,
                                      double *sum,
                                      size_t rows,
                                      const avocet_pool *pool,
                                      avocet_workspace *workspace,
                                      avocet_error *error);

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
avocet_status avocet_logistic_parts(size_t first_row,
                                    size_t rows,
                                    size_t *sizes,
                                    size_t capacity,
                                    size_t *count,
                                    avocet_error *error);

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
avocet_status avocet_logistic_merge(const size_t *rows,
                                    const avocet_logistic_sums *sums,
                                    const avocet_matrix *vectors,
                                    size_t count,
                                    avocet_logistic_sums *total,
                                    float *vector,
                                    avocet_error *error);

/// Makes a model whose weights are zeros and stores it in `*out`.
///
/// Errors: INVALID_ARGUMENT (no features, optimiser, flag, a number that is not in its range, reserved, alignment),
/// NOT_FINITE, SIZE_OVERFLOW (more than 2^28 features), NULL_POINTER, STRUCT_SIZE, OUT_OF_MEMORY.
avocet_status avocet_sparse_model_create(const avocet_sparse_model_options *options,
                                         avocet_sparse_model **out,
                                         avocet_error *error);

/// Frees a model. NULL is ignored.
void avocet_sparse_model_destroy(avocet_sparse_model *model);

/// The number of features of a model, without the intercept; 0 for NULL.
size_t avocet_sparse_model_features(const avocet_sparse_model *model);

/// The weight of a model's intercept; 0 if it has none, and for NULL.
float avocet_sparse_model_intercept(const avocet_sparse_model *model);

/// The logit of each row: the sum over its entries of weight times value, plus the intercept, plus its margin.
///
/// Shapes: `csr.cols` is `avocet_sparse_model_features(model)`, its indices are the features of each row; one that a row
/// has twice counts twice. `values` holds one f32 for each index; NULL stands for ones. `margins` holds one for each
/// row, where its logit starts; NULL stands for zeros. Both are finite. `logits` holds one for each row.
///
/// Order: the sum in LANES16 over the entries of the row; then the intercept is added, then the margin. Each row stands
/// alone. NaN results, which only overflow can make, are canonical. Threads: rows are shared among the pool's threads;
/// nothing is allocated. Time: a pass to check, and one random access an entry.
///
/// Errors, before `logits` is touched: SHAPE_MISMATCH (`csr.cols`), INVALID_OFFSETS and INDEX_OUT_OF_RANGE with the first
/// bad position and its value, NOT_FINITE (a value, a margin, likewise), INVALID_ARGUMENT (type, alignment),
/// NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
avocet_status avocet_sparse_model_predict(const avocet_sparse_model *model,
                                          const avocet_csr *csr,
                                          const float *values,
                                          const float *margins,
                                          float *logits,
                                          const avocet_pool *pool,
                                          avocet_error *error);

/// Learns from the rows in their order, `minibatch` rows at a time (1 is online learning; the last may have fewer).
///
/// Each minibatch: the logits of its rows by the weights as they are, as `avocet_sparse_model_predict`; the gradient g of
/// each coordinate by the loss of `avocet_logistic_pointwise`, summed over the rows (a weight of 2 is the row twice, of
/// 0 the row absent); one step of `AVOCET_OPTIMISER_*` of each coordinate whose g is not 0. The others stay as they are.
/// `logits`, if not NULL, receives the logits: predictions of rows that the model has not seen (progressive validation).
///
/// Shapes: `csr`, `values`, `margins` as in `avocet_sparse_model_predict`; `targets` and `logits` hold one value for each
/// row. Weights and coefficients are finite and, unless `signed_weights` is 1, not negative; labels are in [0, 1].
///
/// Order: the slope of a row as the gradient of `avocet_logistic_pointwise`; g starts at +0, and slope times value is
/// added to it, both rounded, entry by entry; the intercept's likewise, row by row; the step as its formula says. Sums of
/// squares stop at the greatest f32. Threads: the calling one. Workspace: 24 bytes for each entry and 8 for each row of
/// the largest minibatch. Time: a pass to check, and one random access an entry.
///
/// Errors, before anything is learnt or written: SHAPE_MISMATCH (`csr.cols`), INVALID_OFFSETS and INDEX_OUT_OF_RANGE with
/// the first bad position and its value, NOT_FINITE and INVALID_ARGUMENT (a value, a margin, a target, likewise),
/// INVALID_ARGUMENT (a `minibatch` of 0; flag, type, alignment; labels or weights beside coefficients), NULL_POINTER,
/// SIZE_OVERFLOW, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL. On the way NOT_FINITE (`csr`, position: the first row of the
/// first minibatch that would leave the range of f32): the rows before it have been learnt then, it and the rows after
/// it have not, and their logits are unspecified.
avocet_status avocet_sparse_model_learn(avocet_sparse_model *model,
                                        const avocet_csr *csr,
                                        const float *values,
                                        const float *margins,
                                        const avocet_logistic_targets *targets,
                                        size_t minibatch,
                                        float *logits,
                                        avocet_workspace *workspace,
                                        avocet_error *error);

/// Writes the weight of each feature to `out`, which holds `len` f32; `len` must be the number of features.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
avocet_status avocet_sparse_model_weights(const avocet_sparse_model *model,
                                          float *out,
                                          size_t len,
                                          avocet_error *error);

/// The number of features whose weight is not 0; 0 for NULL. Time: one pass over the state.
size_t avocet_sparse_model_nonzeros(const avocet_sparse_model *model);

/// Writes the features whose weight is not 0, in ascending order, and their weights. Both arrays hold `len` values; `len`
/// must be `avocet_sparse_model_nonzeros(model)`. Time: two passes over the state.
///
/// Errors, before anything is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`), OVERLAP.
avocet_status avocet_sparse_model_nonzero(const avocet_sparse_model *model,
                                          uint32_t *features,
                                          float *weights,
                                          size_t len,
                                          avocet_error *error);

/// The number of bytes that `avocet_sparse_model_save` writes: 60, and 12 for each feature that has been learnt; 0 for
/// NULL. Time: one pass over the state.
size_t avocet_sparse_model_saved_bytes(const avocet_sparse_model *model);

/// Writes a model with the state of its optimiser to `bytes`: little-endian, versioned, with a checksum, the same bytes
/// for the same model everywhere. `len` must be `avocet_sparse_model_saved_bytes(model)`. Time: passes over the state.
///
/// Errors, before `bytes` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
avocet_status avocet_sparse_model_save(const avocet_sparse_model *model,
                                       uint8_t *bytes,
                                       size_t len,
                                       avocet_error *error);

/// Makes the model that `avocet_sparse_model_save` wrote to `len` bytes and stores it in `*out`; it goes on bit for bit.
///
/// Errors: SHAPE_MISMATCH (bytes that end too early or too late), INVALID_ARGUMENT (bytes that were not saved so, found
/// by the checksum or by what they say, with the position of the bad field; alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`), OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_sparse_model_load(const uint8_t *bytes,
                                       size_t len,
                                       avocet_sparse_model **out,
                                       avocet_error *error);

/// AUC and both areas under the precision-recall curve, exact: rows of equal scores (-0 and +0 too) count as one step.
///
/// Shapes: all arrays hold `rows` f32. `labels` are in [0, 1]; a row counts `weight * label` as positive and
/// `weight * (1 - label)` as negative; `weights` are finite and at least 0, or NULL, which stands for ones. Figures are
/// NaN where there are no positives or, for the AUC, no negatives. Order: f64, from the greatest score to the least,
/// rows of equal scores in their own order. Allocates 8 bytes a row. Time: sorting the rows; on the calling thread. The
/// figures of parts of the rows cannot be merged: every positive is compared with every negative, so that all scores must
/// be in one call.
///
/// Errors, before `out` is touched: NOT_FINITE (a NaN score, label or weight, an infinite weight) and INVALID_ARGUMENT
/// (a label or weight out of range), each with position and value; INVALID_ARGUMENT (alignment), NULL_POINTER,
/// SIZE_OVERFLOW (`rows`; 2^32 rows or more), OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_ranking(const float *scores,
                             const float *labels,
                             const float *weights,
                             size_t rows,
                             avocet_ranking_result *out,
                             avocet_error *error);

/// Log loss and calibration of probabilities: `out->loss` is the sum of
/// `-weight * (label ln p + (1 - label) ln(1 - p))`, where a factor of 0 hides an infinite logarithm.
///
/// Shapes: all arrays hold `rows` f32; `labels` and `weights` as in `avocet_ranking`, probabilities are in [0, 1]. Order:
/// the library's own logarithms in f32 (of p, and log1p of -p); their sums in f64, in leaves of 1024 rows in their
/// order, by the fixed tree. Allocates nothing. Time: linear; on the calling thread. Sums over parts of the rows: see
/// `avocet_logistic_parts` and `avocet_calibration_merge`.
///
/// Errors, before `out` is touched: NOT_FINITE (a NaN probability, label or weight, an infinite weight) and
/// INVALID_ARGUMENT (one out of range), each with position and value; INVALID_ARGUMENT (alignment), NULL_POINTER,
/// SIZE_OVERFLOW (`rows`), OVERLAP.
avocet_status avocet_calibration(const float *probabilities,
                                 const float *labels,
                                 const float *weights,
                                 size_t rows,
                                 avocet_calibration_result *out,
                                 avocet_error *error);

/// The sums over all rows from those over parts of them, with the bits of one call of `avocet_calibration` over all rows.
/// (Added in any other order they differ by the rounding of f64 only.)
///
/// Part i has `rows[i]` rows and gave `parts[i]`; parts are in the order of their rows, from row 0 on, and may be without
/// rows. Each must be a node of the tree over the leaves of all rows: the pieces of `avocet_logistic_parts`, or equal
/// blocks of `1024 * 2^k` rows, the last one shorter. Order: the fixed tree over the leaves of 1024 rows, from the parts
/// on; parts without rows are left out. Without any rows all sums are +0. On the calling thread; nothing is allocated.
/// Time: linear in `count`.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (`rows`: a part that is no node of the tree, or one but the last that
/// ends within a leaf of 1024 rows, with its position and its rows; alignment), SIZE_OVERFLOW (`count`; `rows`, with the
/// position from which on they are too many), NULL_POINTER, OVERLAP.
avocet_status avocet_calibration_merge(const size_t *rows,
                                       const avocet_calibration_result *parts,
                                       size_t count,
                                       avocet_calibration_result *out,
                                       avocet_error *error);

/// The points of the precision-recall and the ROC curve: `points[b]` is what bins from b on hold; the last one, of nothing.
///
/// Shapes: `positive` and `negative` hold `bins` values, ascending in score (`avocet_buckets_score_bins` gives them);
/// `points` holds one more. Order: sums are exact, quotients rounded once from them in f64. On the calling thread; nothing is
/// allocated. Time: linear.
///
/// Errors, before `points` is touched: SIZE_OVERFLOW (`bins`; sums beyond 64 bits), INVALID_ARGUMENT (alignment),
/// NULL_POINTER, OVERLAP.
avocet_status avocet_binned_curve(const uint64_t *positive,
                                  const uint64_t *negative,
                                  size_t bins,
                                  avocet_curve_point *points,
                                  avocet_error *error);

/// The area under the ROC curve: the probability that a positive is above a negative, ties counting half. Bounds: all pairs
/// within bins lost, or won. NaN where there are no positives or no negatives.
///
/// Shapes: both arrays hold `bins` values, ascending in score. Order: sums are exact, in 192 bits; each figure is rounded
/// from them in f64 within 3 ULP. On the calling thread; nothing is allocated. Time: linear.
///
/// Errors, before `out` is touched: SIZE_OVERFLOW (`bins`; sums beyond 64 bits), INVALID_ARGUMENT (alignment),
/// NULL_POINTER, OVERLAP.
avocet_status avocet_binned_auc(const uint64_t *positive,
                                const uint64_t *negative,
                                size_t bins,
                                avocet_area *out,
                                avocet_error *error);

/// Average precision: the sum over positives, from the greatest score down, of the precision at their score, over the
/// positives. Bounds: within bins, negatives first; or positives first, tied. The upper bound is reached by such scores; the
/// lower one is where the bins hold counts (`weights` 0), and is its limit for ever smaller weights otherwise (`weights` 1).
/// NaN without positives.
///
/// Shapes: both arrays hold `bins` values, ascending in score. Order: f64, from the greatest bin down; within 1e-9 of exact
/// sums. On the calling thread; nothing is allocated. Time: linear.
///
/// Errors, before `out` is touched: SIZE_OVERFLOW (`bins`; sums beyond 64 bits), INVALID_ARGUMENT (flag, alignment),
/// NULL_POINTER, OVERLAP.
avocet_status avocet_binned_average_precision(const uint64_t *positive,
                                              const uint64_t *negative,
                                              size_t bins,
                                              int32_t weights,
                                              avocet_area *out,
                                              avocet_error *error);

/// Makes a grid and stores it in `*out`.
///
/// Order: integers; the same edges with any pool and in any order of the rows. Threads: rows or levels of the sample are
/// shared among the pool's threads. Allocates the edges and what finds bins fast (at most about 1 MiB each); quantiles take
/// 4 MiB (12 with weights) for each thread and 8 bytes for each row that shares its upper 20 bits with one that is asked
/// for, nested ones also 8 bytes a row, all freed again. Time: two passes over the sample for each axis.
///
/// Errors: INVALID_ARGUMENT (kind, a sample without weight, a range that is none or has fewer numbers than bins, `top`,
/// `refine_bins`, a weight out of range, alignment), NOT_FINITE and NOT_SORTED (edges, ends of ranges, the sample; with
/// position and value), SIZE_OVERFLOW (levels, bins, rows; more than 2^22 cells; weights whose sum reaches 2^44),
/// NULL_POINTER, STRUCT_SIZE, OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_grid_create(const avocet_grid_options *options,
                                 const avocet_pool *pool,
                                 avocet_grid **out,
                                 avocet_error *error);

/// Frees a grid. Buckets that were made with it keep theirs. NULL is ignored.
void avocet_grid_destroy(avocet_grid *grid);

/// The number of levels of a grid; 0 for NULL.
size_t avocet_grid_levels(const avocet_grid *grid);

/// The number of score bins in each level of a grid; 0 for NULL.
size_t avocet_grid_bins(const avocet_grid *grid);

/// 1 if each level of a grid has its own score edges, else 0; 0 for NULL.
int32_t avocet_grid_is_nested(const avocet_grid *grid);

/// Writes the edges between the levels to `out`, which holds `len` values; `len` must be the number of levels less 1.
///
/// Errors, before `out` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
avocet_status avocet_grid_level_edges(const avocet_grid *grid,
                                      float *out,
                                      size_t len,
                                      avocet_error *error);

/// Writes the edges between the score bins of a level to `out`, which holds `len` values; `len` must be the number of bins
/// less 1. Unless the grid is nested they are those of every level.
///
/// Errors, before `out` is touched: INDEX_OUT_OF_RANGE (`level`), SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment),
/// NULL_POINTER, SIZE_OVERFLOW (`len`).
avocet_status avocet_grid_score_edges(const avocet_grid *grid,
                                      size_t level,
                                      float *out,
                                      size_t len,
                                      avocet_error *error);

/// The scores that stand for thresholds of `avocet_threshold_search`: `out[level]` is the lower edge of bin
/// `thresholds[level]` of that level; minus infinity for bin 0, infinity for the number of bins, where nothing passes.
/// With equal edges it can be that of a higher bin too.
///
/// Shapes: both arrays hold one value for each level. Time: linear.
///
/// Errors, before `out` is touched: INDEX_OUT_OF_RANGE (`thresholds`: above the number of bins, with position and value),
/// INVALID_ARGUMENT (alignment), NULL_POINTER, OVERLAP.
avocet_status avocet_grid_thresholds(const avocet_grid *grid,
                                     const uint32_t *thresholds,
                                     float *out,
                                     avocet_error *error);

/// Makes empty buckets and stores them in `*out`. They keep a copy of the grid.
///
/// Errors: INVALID_ARGUMENT (no segments, alignment), SIZE_OVERFLOW (`segments`: more than 2^26 cells in all, with one more
/// for each segment), NULL_POINTER, OUT_OF_MEMORY.
avocet_status avocet_buckets_create(const avocet_grid *grid,
                                    size_t segments,
                                    avocet_buckets **out,
                                    avocet_error *error);

/// Frees buckets. NULL is ignored.
void avocet_buckets_destroy(avocet_buckets *buckets);

/// The number of segments; 0 for NULL.
size_t avocet_buckets_segments(const avocet_buckets *buckets);

/// The number of levels of the grid of buckets; 0 for NULL.
size_t avocet_buckets_levels(const avocet_buckets *buckets);

/// The number of score bins in each level of the grid of buckets; 0 for NULL.
size_t avocet_buckets_bins(const avocet_buckets *buckets);

/// The number of rows of a segment that have been counted apart; 0 for NULL and where there is no such segment.
uint64_t avocet_buckets_apart(const avocet_buckets *buckets,
                              size_t segment);

/// Stores the grid of buckets, a copy with a handle of its own, in `*out`.
///
/// Errors: NULL_POINTER, INVALID_ARGUMENT (alignment), OUT_OF_MEMORY.
avocet_status avocet_buckets_grid(const avocet_buckets *buckets, avocet_grid **out, avocet_error *error);

/// Adds rows. Nothing is added unless all of them are.
///
/// Threads: rows are shared among the pool's threads, and each fills tables of its own in the workspace. Workspace, for more
/// than 1024 rows: 48 bytes a cell, segment and thread. Time: one pass over the rows, some .5 ns a row where edges are
/// uniform; for long calls a pass over the tables too.
///
/// Errors, before anything is added: NOT_FINITE (NaN, unless counted apart; weights), INVALID_ARGUMENT (a label that is none,
/// a weight out of range), INDEX_OUT_OF_RANGE (segments), each for the first bad row, with position and value;
/// SIZE_OVERFLOW (`rows`; a sum of all weights of 2^42), INVALID_ARGUMENT (type, `missing`, reserved, alignment),
/// NULL_POINTER (also without segments where there are several), STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_buckets_add(avocet_buckets *buckets,
                                 const avocet_threshold_rows *rows,
                                 const avocet_pool *pool,
                                 avocet_workspace *workspace,
                                 avocet_error *error);

/// Adds what other buckets of the same grid and as many segments have: those of another thread, partition or machine.
///
/// Errors, before anything is added: SHAPE_MISMATCH (another grid, or number of segments), SIZE_OVERFLOW (a sum of all weights
/// of 2^42 or of 2^60 rows), OVERLAP (the same handle twice), NULL_POINTER, INVALID_ARGUMENT (alignment).
avocet_status avocet_buckets_merge(avocet_buckets *buckets,
                                   const avocet_buckets *other,
                                   avocet_error *error);

/// Takes away what other buckets have: rows that were added before, such as those of an old day.
///
/// Errors, before anything is taken: SHAPE_MISMATCH (another grid, or number of segments), INVALID_ARGUMENT (a cell that has
/// less than is to be taken: the first of the positives, else of the negatives, else of their weights, with its position
/// within all segments, each with one cell for rows apart behind its others, and what was to be taken; alignment), OVERLAP (the same handle twice), NULL_POINTER.
avocet_status avocet_buckets_subtract(avocet_buckets *buckets,
                                      const avocet_buckets *other,
                                      avocet_error *error);

/// Makes buckets empty again. NULL is ignored.
void avocet_buckets_clear(avocet_buckets *buckets);

/// Writes what the cells of a segment hold, level after level, within a level by ascending score: positives and negatives,
/// as counts of rows or (`weights` 1) as sums of weights in units of 2^-20. Both arrays hold `len` values; `len` must be
/// levels times bins.
///
/// Errors, before anything is touched: INDEX_OUT_OF_RANGE (`segment`), SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (flag,
/// alignment), NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP.
avocet_status avocet_buckets_cells(const avocet_buckets *buckets,
                                   size_t segment,
                                   int32_t weights,
                                   uint64_t *positive,
                                   uint64_t *negative,
                                   size_t len,
                                   avocet_error *error);

/// Adds up the levels of a segment for `avocet_binned_curve` and its like: positives and negatives of each score bin, as
/// in `avocet_buckets_cells`. Both arrays hold `len` values; `len` must be the number of bins.
///
/// Errors, before anything is touched: INVALID_ARGUMENT (`buckets`: each level has its own score edges; flag, alignment),
/// INDEX_OUT_OF_RANGE (`segment`), SHAPE_MISMATCH (`len`), NULL_POINTER, SIZE_OVERFLOW (`len`), OVERLAP.
avocet_status avocet_buckets_score_bins(const avocet_buckets *buckets,
                                        size_t segment,
                                        int32_t weights,
                                        uint64_t *positive,
                                        uint64_t *negative,
                                        size_t len,
                                        avocet_error *error);

/// The number of bytes that `avocet_buckets_save` writes: 32 for each cell and segment, 4 for each edge, some 80 more; 0 for
/// NULL.
size_t avocet_buckets_saved_bytes(const avocet_buckets *buckets);

/// Writes buckets and their grid to `bytes`: little-endian, versioned, with a checksum, the same bytes for the same buckets
/// everywhere. `len` must be `avocet_buckets_saved_bytes(buckets)`. Time: one pass over the cells.
///
/// Errors, before `bytes` is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW
/// (`len`).
avocet_status avocet_buckets_save(const avocet_buckets *buckets,
                                  uint8_t *bytes,
                                  size_t len,
                                  avocet_error *error);

/// Makes the buckets that `avocet_buckets_save` wrote to `len` bytes and stores them in `*out`, with a grid of the same
/// edges as they had.
///
/// Errors: SHAPE_MISMATCH (bytes that end too early or too late), INVALID_ARGUMENT (bytes that were not saved so, found by
/// the checksum or by what they say, with the position of the bad field; alignment), NULL_POINTER, SIZE_OVERFLOW (`len`),
/// OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_buckets_load(const uint8_t *bytes,
                                  size_t len,
                                  avocet_buckets **out,
                                  avocet_error *error);

/// The best thresholds for an objective: one score threshold for each level of uncertainty, with a proof.
///
/// `thresholds` takes one for each level: the first bin that passes, 0 (all pass) up to the number of bins (none does);
/// `avocet_grid_thresholds` turns them into scores. Every comparison is exact: an answer meets the constraint, and
/// `solution->proven` is a proof. Source of the problem and of two of the methods: Arora et al., "Leveraging Uncertainty
/// Estimates To Improve Classifier Performance" (ICLR 2024, arXiv 2311.11723).
///
/// - Exact and single serve every objective, MIST recall under precision and precision under recall, DP these and at most for
///   cells of equal weight. The bound of single holds for one threshold for all levels only, that of the others for all
///   selections.
/// - Nothing selected has no precision: it never meets a bound on precision nor has the greatest one. Where nothing else
///   is left the problem is infeasible.
/// - Ties: of the thresholds of a level with the same effect the greatest is chosen, by single of thresholds of the same
///   value. Between different selections of the same value exact decides by the order of its search.
/// - Range: sums of values and slacks (positives times a denominator, and the like) run in 64 bits where they fit, else in
///   128. Beyond that the answer is feasible, the bound holds and is not tight: for Wilson from about 2^32 rows or with
///   denominators above some thousands, and with a shape for F-beta where twice the bits of the weight and those of r come
///   to more than 120.
///
/// Exact integers: the same answer on every machine. On the calling thread. Workspace: 40 bytes for each level and bin (DP:
/// its rows). Exact allocates lists whose lengths depend on the data, up to some hundred MB at the default work limit; where
/// memory ends before the limit it stops as at the limit. Time: linear in the cells but for sorting, and for exact the lists.
///
/// Errors: INFEASIBLE (no selection meets the constraint; thresholds let nothing pass, `solution` has the greatest precision
/// that there is, for single of one threshold, as its bound, which is the error's real value, or NaN where the cells are empty), WORK_LIMIT (none was found;
/// thresholds let nothing pass, `solution` has the bound). Before anything is touched: INVALID_ARGUMENT (kind, ratio,
/// method that does not serve the objective or the shape, flag, buckets beside arrays, reserved, alignment; for DP `cells`: a
/// cell of another weight than the first, with its position), SIZE_OVERFLOW (levels, bins; cells that add up to 2^62, with
/// position; a gain beyond 2^56), INDEX_OUT_OF_RANGE (`cells.segment`), NULL_POINTER, OVERLAP, STRUCT_SIZE,
/// WORKSPACE_TOO_SMALL.
avocet_status avocet_threshold_search(const avocet_cells *cells,
                                      const avocet_objective *objective,
                                      const avocet_search_options *options,
                                      uint32_t *thresholds,
                                      avocet_solution *solution,
                                      avocet_workspace *workspace,
                                      avocet_error *error);

/// The best single threshold over the distinct scores of rows, exact: those with `score >= *threshold` pass; infinity lets
/// none pass, not even a score of infinity, which counts as the greatest finite score does.
///
/// `rows->uncertainties` is not looked at, and there must be no segments. Weights are counted in units of 2^-20, rows without
/// weights in ones. Every comparison is exact; the answer is always proven, its bound holds for single thresholds. Of
/// thresholds of the same value the greatest is chosen. Rows with NaN scores, counted apart, count nowhere.
///
/// Exact integers: the same answer with any pool and in any order of the rows. Threads: rows are shared among the pool's
/// threads. Allocates 4 MiB for each thread, and as a rule some 256 KiB for each of a few groups of scores near the answer;
/// 8 bytes for each row in more than 32 such groups (where precision hardly depends on the score). Time: two passes over the
/// scores, which are not sorted.
///
/// Errors: INFEASIBLE (no threshold meets the constraint; `*threshold` is infinity, `solution` has the greatest precision that
/// there is as its bound, which is the error's real value, or NaN without weight). Before anything is touched: NOT_FINITE
/// (NaN, unless counted apart; weights), INVALID_ARGUMENT (a label that is none, a weight out of range), each for the first
/// bad row, with position and value; INVALID_ARGUMENT (kind, ratio, type, `missing`, segments, weights for Wilson, reserved,
/// alignment), SIZE_OVERFLOW (`rows`: 2^32 or more; a sum of all weights of 2^42; a gain beyond 2^56), NULL_POINTER, OVERLAP,
/// STRUCT_SIZE, OUT_OF_MEMORY.
avocet_status avocet_threshold_single(const avocet_threshold_rows *rows,
                                      const avocet_objective *objective,
                                      float *threshold,
                                      avocet_solution *solution,
                                      const avocet_pool *pool,
                                      avocet_error *error);

/// The whole frontier of cells of equal weight: `positive[m]` gets the greatest positive weight of any m passing bins, for m
/// from 0 to levels times bins, and `*weight` the weight of a cell (0 if there are none), so that recall and precision at m
/// are `positive[m] / A` and `positive[m] / (m * weight)`. `avocet_threshold_search` with `AVOCET_OBJECTIVE_AT_MOST` and
/// `AVOCET_SEARCH_DP` gives the thresholds of a point.
///
/// `len`, the number of values in `positive`, must be levels times bins plus 1. Method: the dynamic program EW-DPMT of the
/// source of `avocet_threshold_search`. Exact; in 32-bit lanes where all positives are below 2^24 units of the greatest
/// power of two that divides all cells, else in 64 bits. On the calling thread. Workspace: some `bins * levels^2 / 2`
/// numbers. Time: `bins^2 * levels^2 / 2` additions.
///
/// Errors, before anything is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (`cells`: a cell of another weight than the
/// first, with its position; flag, buckets beside arrays, reserved, alignment), SIZE_OVERFLOW (levels, bins, `len`; cells
/// that add up to 2^62), INDEX_OUT_OF_RANGE (`cells.segment`), NULL_POINTER, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_threshold_frontier(const avocet_cells *cells,
                                        uint64_t *positive,
                                        size_t len,
                                        uint64_t *weight,
                                        avocet_workspace *workspace,
                                        avocet_error *error);

/// Calibrated probabilities: isotonic regression of the positivity in each level, the values that do not fall with the score
/// and have the least weighted squared distance from the share of positives of each cell. `avocet_threshold_calibrate`
/// gives them to rows.
///
/// `values` takes one f32 for each cell, level after level, within a level by ascending score; `len`, their number, must be
/// levels times bins. Method: pool adjacent violators (Barlow, Bartholomew, Bremner and Brunk, "Statistical inference under
/// order restrictions", 1972), with comparisons in exact integers. A value is the quotient of the sums of a block in f64,
/// rounded to f32. Cells without weight have the value of the one below them with weight, or of the first with weight;
/// levels without weight have NaN. The same bits on every machine. On the calling thread. Workspace: 24 bytes for each bin.
/// Time: linear in the cells.
///
/// Errors, before anything is touched: SHAPE_MISMATCH (`len`), INVALID_ARGUMENT (flag, buckets beside arrays, reserved,
/// alignment), SIZE_OVERFLOW (levels, bins, `len`; cells that add up to 2^62), INDEX_OUT_OF_RANGE (`cells.segment`),
/// NULL_POINTER, OVERLAP, STRUCT_SIZE, WORKSPACE_TOO_SMALL.
avocet_status avocet_threshold_isotonic(const avocet_cells *cells,
                                        float *values,
                                        size_t len,
                                        avocet_workspace *workspace,
                                        avocet_error *error);

/// The weights that pass with thresholds, such as those that were found on other data: for each level its bins from the
/// threshold on. `thresholds` holds one for each level, each at most the number of bins. Exact. Time: linear.
///
/// Errors, before anything is touched: INDEX_OUT_OF_RANGE (`thresholds`, with position and value; `cells.segment`),
/// INVALID_ARGUMENT (flag, buckets beside arrays, reserved, alignment), SIZE_OVERFLOW (levels, bins; cells that add up to
/// 2^62), NULL_POINTER, OVERLAP, STRUCT_SIZE.
avocet_status avocet_threshold_passing(const avocet_cells *cells,
                                       const uint32_t *thresholds,
                                       uint64_t *positive,
                                       uint64_t *negative,
                                       avocet_error *error);

/// Selects the rows whose score is at least the threshold of their level of uncertainty: `out[i]` is 1 for those, else 0.
///
/// Shapes: `thresholds` holds a score for each level of the grid (see `avocet_grid_thresholds`): minus infinity selects all
/// rows of a level, infinity none, not even a score of infinity. The other arrays hold `rows` values. Rows with NaN are
/// not selected. Exact. Threads: rows are shared among the pool's threads; nothing is allocated. Time: one pass; at the
/// speed of memory where levels are uniform or one.
///
/// Errors, before `out` is touched: NOT_FINITE (a threshold that is NaN, with its position), INVALID_ARGUMENT (alignment),
/// NULL_POINTER, SIZE_OVERFLOW (`rows`), OVERLAP.
avocet_status avocet_threshold_decide(const avocet_grid *grid,
                                      const float *thresholds,
                                      const float *scores,
                                      const float *uncertainties,
                                      size_t rows,
                                      uint8_t *out,
                                      const avocet_pool *pool,
                                      avocet_error *error);

/// As `avocet_threshold_decide`, with a bit for each row: bit `i mod 64` of word `i div 64`; bits beyond the rows are 0. `out`
/// holds `rows / 64` words, rounded up.
///
/// Errors: those of `avocet_threshold_decide`: NOT_FINITE, INVALID_ARGUMENT, NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
avocet_status avocet_threshold_decide_bits(const avocet_grid *grid,
                                           const float *thresholds,
                                           const float *scores,
                                           const float *uncertainties,
                                           size_t rows,
                                           uint64_t *out,
                                           const avocet_pool *pool,
                                           avocet_error *error);

/// The value of each row's cell: a calibrated probability, say.
///
/// Shapes: `values` holds one f32 for each cell, level after level, within a level by ascending score; the other arrays hold
/// `rows` values. Rows with NaN get NaN; NaN results are canonical. Threads: rows are shared among the pool's threads;
/// nothing is allocated. Time: one pass.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`rows`), OVERLAP.
avocet_status avocet_threshold_calibrate(const avocet_grid *grid,
                                         const float *values,
                                         const float *scores,
                                         const float *uncertainties,
                                         size_t rows,
                                         float *out,
                                         const avocet_pool *pool,
                                         avocet_error *error);

/// The cell of each row: level times bins plus bin, and the number of all cells for rows with NaN.
///
/// Shapes: all arrays hold `rows` values. Exact. Threads: rows are shared among the pool's threads; nothing is allocated.
/// Time: one pass.
///
/// Errors, before `out` is touched: INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`rows`), OVERLAP.
avocet_status avocet_threshold_cells(const avocet_grid *grid,
                                     const float *scores,
                                     const float *uncertainties,
                                     size_t rows,
                                     uint32_t *out,
                                     const avocet_pool *pool,
                                     avocet_error *error);

/// Mean and variance over each row of `scores`, n x m: the scores of an ensemble of m models. `sample` 0 gives the mean of
/// the squared deviations (divided by m), 1 the unbiased estimate (divided by m - 1).
///
/// Shapes: `mean` and `variance` hold n values; `variance` may be NULL.
///
/// Order, f32: with `c` the first score and `d = x - c` of each column in turn, `a = a + d` and `b = fma(d, d, b)`, both
/// from 0; mean `c + a / m`; variance `fma(a / m, -a, b) / m` (or m - 1), 0 if that is below. The variance is within
/// `(m + 4) * 2^-22` of the exact one, relatively, unless squares underflow or overflow. NaN and infinities give NaN; NaN
/// results are canonical. A row stands alone. Threads: rows are shared among the pool's threads; nothing is allocated.
/// Time: one pass.
///
/// Errors, before anything is touched: INVALID_ARGUMENT (no column, or one only with `variance` and `sample` 1; flag, type,
/// alignment), SHAPE_MISMATCH (`stride`), NULL_POINTER, SIZE_OVERFLOW, OVERLAP.
avocet_status avocet_uncertainty_moments(const avocet_matrix *scores,
                                         int32_t sample,
                                         float *mean,
                                         float *variance,
                                         const avocet_pool *pool,
                                         avocet_error *error);

/// Mean and differential entropy of Beta(A, B) for each row, in nats:
/// `ln B(A, B) - (A - 1) psi(A) - (B - 1) psi(B) + (A + B - 2) psi(A + B)`.
///
/// Shapes: all arrays hold `rows` values; `mean` and `entropy` may be NULL. A and B are in (0, 1e8]. Computed in f64
/// without cancellation and rounded once to f32: within 5e-7 of the exact entropy where that is above -8, else within a
/// relative 2^-23; minus infinity where it is below f32. Order: a row stands alone; additions, products and quotients in
/// one order on every machine. Threads: rows are shared among the pool's threads; nothing is allocated. Time: some 15 ns a
/// row.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (the first A or B out of range, with its position and value; the outputs are
/// unspecified then); before anything is touched INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`rows`),
/// OVERLAP.
avocet_status avocet_uncertainty_beta(const float *a,
                                      const float *b,
                                      size_t rows,
                                      float *mean,
                                      float *entropy,
                                      const avocet_pool *pool,
                                      avocet_error *error);

/// Entropy of a probability for each row, in nats: `-p ln p - (1 - p) ln(1 - p)`, 0 at 0 and 1.
///
/// Shapes: both arrays hold `rows` values. Order: the logarithms of `avocet_map` (of p, and log1p of -p):
/// `0 - fma(1 - p, log1p(-p), p ln p)`; within 4 ULP. Threads: rows are shared among the pool's threads; nothing is
/// allocated. Time: one pass.
///
/// Errors: NOT_FINITE and INVALID_ARGUMENT (the first value that is not in [0, 1], with its position and value; `out` is
/// unspecified then); before anything is touched INVALID_ARGUMENT (alignment), NULL_POINTER, SIZE_OVERFLOW (`rows`),
/// OVERLAP.
avocet_status avocet_uncertainty_entropy(const float *probabilities,
                                         size_t rows,
                                         float *out,
                                         const avocet_pool *pool,
                                         avocet_error *error);

/// Recall and precision of thresholds, as `avocet_threshold_decide` applies them, with percentile intervals (Efron and
/// Tibshirani, "An introduction to the bootstrap", 1993, 13.3): in each replicate a row counts as often as a Poisson
/// variate of mean one says (Oza and Russell, AISTATS 2001), which stands in for drawing as many rows as there are.
///
/// The variate is a function of seed, replicate and row: Philox4x32-10 with the seed as key and the counter (row,
/// replicate div 4, 0), whose word `replicate mod 4` is compared with the distribution function in units of 2^-32. All
/// sums are integers: the same intervals with any pool. Shapes: `thresholds` holds a score for each level; `rows` has no
/// segments; rows that count apart are never selected. `recall` and `precision` take one interval each.
///
/// Threads: replicates are shared among the pool's threads. Allocates 8 bytes a row. Time: some 2 ns a row and replicate.
///
/// Errors, before anything is touched: NOT_FINITE (a threshold or value that is NaN, weights, `confidence`; with
/// position), INVALID_ARGUMENT (a label that is none, a weight out of range, with position and value; `replicates`,
/// `confidence`, segments, type, `missing`, reserved, alignment), SIZE_OVERFLOW (`rows`; weights whose sum reaches 2^40),
/// NULL_POINTER, STRUCT_SIZE, OVERLAP, OUT_OF_MEMORY.
avocet_status avocet_threshold_bootstrap(const avocet_grid *grid,
                                         const float *thresholds,
                                         const avocet_threshold_rows *rows,
                                         const avocet_bootstrap_options *options,
                                         avocet_interval *recall,
                                         avocet_interval *precision,
                                         const avocet_pool *pool,
                                         avocet_error *error);

/// A figure of the score bins of rows, `AVOCET_FIGURE_*`, with its interval: as `avocet_threshold_bootstrap`, but rows that
/// count apart do not count at all.
///
/// Errors, before `out` is touched: those of `avocet_threshold_bootstrap` but for thresholds: NOT_FINITE, INVALID_ARGUMENT
/// (also `figure`, and `grid`: each level has its own score edges), SIZE_OVERFLOW, NULL_POINTER, STRUCT_SIZE, OVERLAP,
/// OUT_OF_MEMORY.
avocet_status avocet_binned_bootstrap(const avocet_grid *grid,
                                      int32_t figure,
                                      const avocet_threshold_rows *rows,
                                      const avocet_bootstrap_options *options,
                                      avocet_interval *out,
                                      const avocet_pool *pool,
                                      avocet_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* AVOCET_H */
