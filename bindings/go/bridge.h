/*
 * What Go calls: views and options arrive by value, so that every Go pointer that crosses points to plain numbers (the
 * rule of cgo, and no run-time check of pointers), and the error comes back by value. Handles are C memory and travel
 * as uintptr_t for the same reason.
 */
#ifndef AVOCET_GO_BRIDGE_H
#define AVOCET_GO_BRIDGE_H

#ifdef AVOCET_SYSTEM
#include <avocet.h>
#elif !defined(__has_include) || __has_include("internal/header/avocet.h")
#include "internal/header/avocet.h"
#else
#error "avocet: the C library is not here; run bindings/go/prepare ARCHIVE, or build with -tags avocet_system"
#endif

/* A matrix to read or to write. */
typedef struct {
    float *data;
    size_t rows, cols, stride;
} go_matrix;

/* A matrix of elements of any type, to read or to write. */
typedef struct {
    uint8_t *data;
    size_t rows, cols, stride;
    int32_t type;
} go_typed;

/* Rows to score; `scales` are those of int8. */
typedef struct {
    go_typed rows;
    const float *scales;
} go_table;

/* The tables of a score, and how it is made of them. */
typedef struct {
    go_table left, right, second_left, second_right;
    float factor, second_factor;
    int32_t has_second, metric;
} go_scoring;

/* What a search of an index may find. */
typedef struct {
    uintptr_t exclude, allow;
    float least;
    int32_t has_least;
} go_search;

/* Where a search of an index writes. */
typedef struct {
    uint32_t *ids, *counts, *nan_counts, *survivors;
    float *scores;
} go_lists;

/* Shards to merge at once: their pointers travel by value, so that the caller's slices stay on the stack. */
enum { GO_SHARDS = 32 };

typedef struct {
    size_t count, k[GO_SHARDS];
    const uint64_t *ids[GO_SHARDS];
    const float *scores[GO_SHARDS];
    const uint32_t *counts[GO_SHARDS];
} go_shards;

typedef struct {
    const uint8_t *data;
    size_t len;
    int32_t type;
} go_indices;

/* A handle that a call made, unless error.status says otherwise. */
typedef struct {
    avocet_error error;
    uintptr_t handle;
} go_made;

/* Rows of a sparse model; there is always at least one offset. */
typedef struct {
    go_indices offsets, indices;
    const float *values, *margins;
} go_model_rows;

/* A sparse matrix, likewise, with the values of its entries. */
typedef struct {
    go_indices offsets, indices;
    size_t cols;
    const float *values;
} go_csr;

/* Which kind of features rows have. */
enum { GO_FEATURES_NONE, GO_FEATURES_DENSE, GO_FEATURES_SPARSE, GO_FEATURES_PREPARED };

/* The rows of a logistic regression: of x, csr and prepared, what `kind` says. */
typedef struct {
    int32_t kind, compact;
    go_typed x;
    go_csr csr;
    uintptr_t prepared;
    const float *offsets, *weights;
    float intercept;
} go_logistic_rows;

typedef struct {
    const float *labels, *weights, *a, *b;
    int32_t signed_weights;
} go_targets;

/* Edges of a grid. */
typedef struct {
    int32_t kind;
    size_t count, refine_bins;
    const float *given;
    float low, high, refine_low, refine_high;
    double top;
} go_edges;

/* The rows that a grid is made of. */
typedef struct {
    size_t rows;
    const float *scores, *uncertainties, *weights;
} go_sample;

/* Rows to count. */
typedef struct {
    size_t rows;
    const float *scores, *uncertainties, *weights;
    const uint8_t *labels, *segments;
    int32_t label_type, segment_type, missing;
} go_threshold_rows;

/* Cells of arrays or of buckets. */
typedef struct {
    size_t levels, bins, segment;
    const uint64_t *positive, *negative;
    uintptr_t buckets;
    int32_t weights;
} go_cells;

typedef struct {
    size_t rows, cols, edges, edge_id_limit;
    int32_t derived;
} go_shape;

typedef struct {
    go_matrix x[AVOCET_MAX_ADDENDS], w[AVOCET_MAX_ADDENDS];
    int32_t transposed[AVOCET_MAX_ADDENDS];
    size_t count;
} go_addends;

typedef struct {
    uintptr_t out, into;
    const float *out_scale, *into_scale;
    go_matrix across, along;
    int32_t has_along;
} go_relation;

typedef struct {
    go_matrix sources, targets, source_weights, target_weights;
    uintptr_t own;
    go_relation relations[AVOCET_MAX_RELATIONS];
    size_t relation_count;
    int32_t activation, normalise;
} go_layer;

typedef struct {
    go_matrix sources, targets, source_gradient, target_gradient;
    const float *source_norms, *target_norms;
    uintptr_t own, back_out[AVOCET_MAX_RELATIONS], back_into[AVOCET_MAX_RELATIONS];
} go_result;

typedef struct {
    go_matrix sources, targets, weights[2 + 2 * AVOCET_MAX_RELATIONS];
    int32_t has_sources, has_targets;
    size_t weight_count;
} go_gradients;

#define GRAPH(handle) ((const avocet_graph *)(handle))
#define POOL(handle) ((const avocet_pool *)(handle))
#define WORKSPACE(handle) ((avocet_workspace *)(handle))
#define STREAM(handle) ((const avocet_stream *)(handle))
#define MODEL(handle) ((const avocet_sparse_model *)(handle))
#define PREPARED(handle) ((const avocet_sparse_rows *)(handle))
#define GRID(handle) ((const avocet_grid *)(handle))
#define BUCKETS(handle) ((const avocet_buckets *)(handle))
#define INDEX(handle) ((const avocet_index *)(handle))

/* The library fills the error only on failure: a status of 0 is success. */
#define GO_CALL(function, ...)               \
    avocet_error error = {0};                \
    (void)function(__VA_ARGS__, &error);     \
    return error

#define GO_MAKE(type, function, ...)         \
    go_made made = {{0}, 0};                 \
    type *handle = NULL;                     \
    (void)function(__VA_ARGS__);             \
    made.handle = (uintptr_t)handle;         \
    return made

static inline avocet_matrix go_read(go_matrix m) {
    avocet_matrix view = {m.data, m.rows, m.cols, m.stride, AVOCET_F32};
    return view;
}

static inline avocet_matrix_mut go_write(go_matrix m) {
    avocet_matrix_mut view = {m.data, m.rows, m.cols, m.stride, AVOCET_F32};
    return view;
}

static inline avocet_matrix go_read_typed(go_typed m) {
    avocet_matrix view = {m.data, m.rows, m.cols, m.stride, m.type};
    return view;
}

static inline avocet_matrix_mut go_write_typed(go_typed m) {
    avocet_matrix_mut view = {m.data, m.rows, m.cols, m.stride, m.type};
    return view;
}

static inline avocet_indices go_ids(go_indices ids) {
    avocet_indices view = {ids.data, ids.len, ids.type};
    return view;
}

static inline avocet_csr go_view(go_csr m) {
    avocet_csr view = {m.offsets.len - 1, m.cols, m.indices.len, m.offsets.data, m.indices.data, m.offsets.type,
                       m.indices.type};
    return view;
}

static inline avocet_logistic_targets go_learn(go_targets t) {
    avocet_logistic_targets targets = {sizeof targets, t.labels, t.weights, t.a, t.b, t.signed_weights, 0};
    return targets;
}

static inline avocet_threshold_rows go_count(go_threshold_rows r) {
    avocet_threshold_rows rows = {sizeof rows,  r.rows,       r.scores,       r.uncertainties, r.labels, r.weights,
                                  r.segments,   r.label_type, r.segment_type, r.missing,       0};
    return rows;
}

static inline avocet_cells go_hold(go_cells c) {
    avocet_cells cells = {sizeof cells, c.levels, c.bins, c.positive, c.negative, BUCKETS(c.buckets), c.segment, c.weights, 0};
    return cells;
}

/* Version, tier, statuses. */

static inline const char *go_version(void) { return avocet_version(); }

static inline int32_t go_version_number(void) { return avocet_version_number(); }

static inline int32_t go_abi_version(void) { return avocet_abi_version(); }

static inline int32_t go_isa_detected(void) { return avocet_isa_detected(); }

static inline int32_t go_isa_active(void) { return avocet_isa_active(); }

static inline const char *go_isa_name(int32_t isa) { return avocet_isa_name(isa); }

static inline int32_t go_isa_cap(int32_t isa) { return avocet_isa_cap(isa); }

static inline int32_t go_float_environment_is_default(void) { return avocet_float_environment_is_default(); }

static inline const char *go_status_name(int32_t status) { return avocet_status_name(status); }

static inline const char *go_status_message(int32_t status) { return avocet_status_message(status); }

static inline size_t go_error_format(avocet_error error, char *buffer, size_t capacity) {
    return avocet_error_format(&error, buffer, capacity);
}

/* Handles. */

static inline go_made go_pool_create(size_t threads) {
    GO_MAKE(avocet_pool, avocet_pool_create, threads, &handle, &made.error);
}

static inline void go_pool_destroy(uintptr_t pool) { avocet_pool_destroy((avocet_pool *)pool); }

static inline size_t go_pool_threads(uintptr_t pool) { return avocet_pool_threads(POOL(pool)); }

static inline go_made go_workspace_create(size_t bytes) {
    GO_MAKE(avocet_workspace, avocet_workspace_create, bytes, &handle, &made.error);
}

static inline avocet_error go_workspace_reserve(uintptr_t workspace, size_t bytes) {
    GO_CALL(avocet_workspace_reserve, WORKSPACE(workspace), bytes);
}

static inline size_t go_workspace_bytes(uintptr_t workspace) { return avocet_workspace_bytes(WORKSPACE(workspace)); }

static inline void go_workspace_destroy(uintptr_t workspace) { avocet_workspace_destroy(WORKSPACE(workspace)); }

/* graph */

static inline go_made go_graph_create(size_t rows, size_t cols, go_indices offsets, go_indices indices) {
    avocet_csr csr = {rows, cols, indices.len, offsets.data, indices.data, offsets.type, indices.type};
    GO_MAKE(avocet_graph, avocet_graph_create, &csr, &handle, &made.error);
}

static inline go_made go_graph_transpose(uintptr_t graph) {
    GO_MAKE(avocet_graph, avocet_graph_transpose, GRAPH(graph), &handle, &made.error);
}

static inline go_made go_graph_select_rows(uintptr_t graph, go_indices rows) {
    avocet_indices ids = go_ids(rows);
    GO_MAKE(avocet_graph, avocet_graph_select_rows, GRAPH(graph), &ids, &handle, &made.error);
}

static inline void go_graph_destroy(uintptr_t graph) { avocet_graph_destroy((avocet_graph *)graph); }

static inline go_shape go_graph_shape(uintptr_t graph) {
    const avocet_graph *g = GRAPH(graph);
    go_shape shape = {avocet_graph_rows(g), avocet_graph_cols(g), avocet_graph_edges(g), avocet_graph_edge_id_limit(g),
                      avocet_graph_is_derived(g)};
    return shape;
}

static inline avocet_error go_graph_offsets(uintptr_t graph, int64_t *out, size_t len) {
    GO_CALL(avocet_graph_offsets, GRAPH(graph), out, len);
}

static inline avocet_error go_graph_indices(uintptr_t graph, uint32_t *out, size_t len) {
    GO_CALL(avocet_graph_indices, GRAPH(graph), out, len);
}

static inline avocet_error go_graph_edge_ids(uintptr_t graph, uint32_t *out, size_t len) {
    GO_CALL(avocet_graph_edge_ids, GRAPH(graph), out, len);
}

static inline avocet_error go_graph_walk_weights(uintptr_t graph, float *out, size_t len) {
    GO_CALL(avocet_graph_walk_weights, GRAPH(graph), out, len);
}

/* map */

static inline avocet_error go_map(int32_t function, const float *x, float *out, size_t len, uintptr_t pool) {
    GO_CALL(avocet_map, function, x, out, len, POOL(pool));
}

/* convert */

static inline avocet_error go_convert(go_typed x, go_typed out, uintptr_t pool) {
    avocet_matrix from = go_read_typed(x);
    avocet_matrix_mut to = go_write_typed(out);
    GO_CALL(avocet_convert, &from, &to, POOL(pool));
}

static inline avocet_error go_quantize_rows(go_typed x, go_typed out, float *scales, uintptr_t pool) {
    avocet_matrix from = go_read_typed(x);
    avocet_matrix_mut to = go_write_typed(out);
    GO_CALL(avocet_quantize_rows, &from, &to, scales, POOL(pool));
}

static inline avocet_error go_dequantize_rows(go_typed x, const float *scales, go_matrix out, uintptr_t pool) {
    avocet_matrix from = go_read_typed(x);
    avocet_matrix_mut to = go_write(out);
    GO_CALL(avocet_dequantize_rows, &from, scales, &to, POOL(pool));
}

static inline avocet_error go_row_norms(go_typed x, float *out, uintptr_t pool) {
    avocet_matrix from = go_read_typed(x);
    GO_CALL(avocet_row_norms, &from, out, POOL(pool));
}

/* aggregate */

static inline avocet_error go_aggregate(uintptr_t graph, go_matrix x, int32_t reduce, int32_t accumulate,
                                        const float *edge_weights, const float *source_scale, const float *row_scale,
                                        go_matrix out, uintptr_t pool) {
    avocet_matrix from = go_read(x);
    avocet_matrix_mut to = go_write(out);
    avocet_aggregate_options options = {sizeof options, reduce, accumulate, edge_weights, source_scale, row_scale};
    GO_CALL(avocet_aggregate, GRAPH(graph), &from, &options, &to, POOL(pool));
}

static inline avocet_error go_edge_dots(uintptr_t graph, go_matrix left, go_matrix right, float *out, uintptr_t pool) {
    avocet_matrix l = go_read(left), r = go_read(right);
    GO_CALL(avocet_edge_dots, GRAPH(graph), &l, &r, out, POOL(pool));
}

static inline go_made go_sample_neighbours(uintptr_t graph, const uint32_t *fanout, int32_t draw, uint32_t layer,
                                           uint64_t seed, const float *edge_weights, uintptr_t pool) {
    avocet_sample_options options = {sizeof options, draw, layer, seed, edge_weights};
    GO_MAKE(avocet_graph, avocet_sample_neighbours, GRAPH(graph), fanout, &options, &handle, POOL(pool), &made.error);
}

static inline avocet_error go_fit_power_law(uintptr_t graph, avocet_power_law *out) {
    GO_CALL(avocet_fit_power_law, GRAPH(graph), out);
}

static inline avocet_error go_adaptive_fanout(uintptr_t graph, avocet_power_law law, uint32_t min, uint32_t max,
                                              uint32_t *out) {
    GO_CALL(avocet_adaptive_fanout, GRAPH(graph), &law, min, max, out);
}

static inline go_made go_walk_neighbours(uintptr_t graph, uintptr_t back, const uint32_t *fanout, uint32_t walks,
                                         uint32_t length, uint64_t seed, uint32_t layer, uintptr_t pool) {
    avocet_walk_options options = {sizeof options, walks, length, seed, layer, 0};
    GO_MAKE(avocet_graph, avocet_walk_neighbours, GRAPH(graph), GRAPH(back), fanout, &options, &handle, POOL(pool),
            &made.error);
}

/* dense */

static inline avocet_error go_dense_product(go_addends addends, int32_t accumulate, int32_t activation,
                                            int32_t normalise, go_matrix out, float *norms, uintptr_t pool,
                                            uintptr_t workspace) {
    avocet_addend list[AVOCET_MAX_ADDENDS];
    for (size_t i = 0; i < addends.count; i++) {
        list[i].x = go_read(addends.x[i]);
        list[i].w = go_read(addends.w[i]);
        list[i].transposed = addends.transposed[i];
    }
    avocet_dense_options options = {sizeof options, accumulate, activation, normalise, 0};
    avocet_matrix_mut to = go_write(out);
    GO_CALL(avocet_dense_product, list, addends.count, &options, &to, norms, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_dense_activate(int32_t activation, int32_t normalise, go_matrix rows, float *norms,
                                             uintptr_t pool) {
    avocet_dense_options options = {sizeof options, 0, activation, normalise, 0};
    avocet_matrix_mut to = go_write(rows);
    GO_CALL(avocet_dense_activate, &options, &to, norms, POOL(pool));
}

static inline avocet_error go_dense_activate_backward(int32_t activation, int32_t normalise, go_matrix y,
                                                      const float *norms, go_matrix dy, go_matrix dz, uintptr_t pool) {
    avocet_dense_options options = {sizeof options, 0, activation, normalise, 0};
    avocet_matrix from = go_read(y), gradient = go_read(dy);
    avocet_matrix_mut to = go_write(dz);
    GO_CALL(avocet_dense_activate_backward, &options, &from, norms, &gradient, &to, POOL(pool));
}

static inline avocet_error go_dense_weight_gradient(go_matrix x, go_matrix dz, int32_t accumulate, go_matrix out,
                                                    uintptr_t pool, uintptr_t workspace) {
    avocet_matrix from = go_read(x), gradient = go_read(dz);
    avocet_matrix_mut to = go_write(out);
    GO_CALL(avocet_dense_weight_gradient, &from, &gradient, accumulate, &to, POOL(pool), WORKSPACE(workspace));
}

/* dual */

/* A layer of the library, with the views that it points to. */
typedef struct {
    avocet_dual_layer layer;
    avocet_matrix sources, targets, source_weights, target_weights;
    avocet_dual_relation relations[AVOCET_MAX_RELATIONS];
    avocet_matrix across[AVOCET_MAX_RELATIONS], along[AVOCET_MAX_RELATIONS];
} go_dual;

static inline void go_dual_fill(go_dual *to, const go_layer *from) {
    to->sources = go_read(from->sources);
    to->targets = go_read(from->targets);
    to->source_weights = go_read(from->source_weights);
    to->target_weights = go_read(from->target_weights);
    for (size_t i = 0; i < from->relation_count; i++) {
        const go_relation *r = &from->relations[i];
        to->across[i] = go_read(r->across);
        to->along[i] = go_read(r->along);
        avocet_dual_relation relation = {GRAPH(r->out), GRAPH(r->into), r->out_scale, r->into_scale, &to->across[i],
                                         r->has_along ? &to->along[i] : NULL};
        to->relations[i] = relation;
    }
    avocet_dual_layer layer = {sizeof layer, &to->sources, &to->targets, GRAPH(from->own), &to->source_weights,
                               &to->target_weights, to->relations, from->relation_count, from->activation,
                               from->normalise};
    to->layer = layer;
}

static inline avocet_error go_dual_forward(go_layer layer, go_matrix sources, go_matrix targets, float *source_norms,
                                           float *target_norms, uintptr_t pool, uintptr_t workspace) {
    go_dual dual;
    go_dual_fill(&dual, &layer);
    avocet_matrix_mut to_sources = go_write(sources), to_targets = go_write(targets);
    avocet_dual_rows rows = {sizeof rows, &to_sources, &to_targets, source_norms, target_norms};
    GO_CALL(avocet_dual_forward, &dual.layer, &rows, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_dual_backward(go_layer layer, go_result result, go_gradients gradients, uintptr_t pool,
                                            uintptr_t workspace) {
    go_dual dual;
    go_dual_fill(&dual, &layer);
    avocet_matrix sources = go_read(result.sources), targets = go_read(result.targets);
    avocet_matrix source_gradient = go_read(result.source_gradient), target_gradient = go_read(result.target_gradient);
    avocet_dual_back back[AVOCET_MAX_RELATIONS];
    for (size_t i = 0; i < layer.relation_count; i++) {
        back[i].out = GRAPH(result.back_out[i]);
        back[i].into = GRAPH(result.back_into[i]);
    }
    avocet_dual_result from = {sizeof from, &sources, &targets, result.source_norms, result.target_norms,
                               &source_gradient, &target_gradient, GRAPH(result.own), back};
    avocet_matrix_mut d_sources = go_write(gradients.sources), d_targets = go_write(gradients.targets);
    avocet_matrix_mut weights[2 + 2 * AVOCET_MAX_RELATIONS];
    for (size_t i = 0; i < gradients.weight_count; i++) {
        weights[i] = go_write(gradients.weights[i]);
    }
    avocet_dual_gradients to = {sizeof to, gradients.has_sources ? &d_sources : NULL,
                                gradients.has_targets ? &d_targets : NULL, weights, gradients.weight_count};
    GO_CALL(avocet_dual_backward, &dual.layer, &from, &to, POOL(pool), WORKSPACE(workspace));
}

/* score */

/* Options of the library, with the views that they and the call point to. */
typedef struct {
    avocet_matrix left, right, second_left, second_right;
    avocet_score_options options;
} go_scores;

static inline void go_scores_fill(go_scores *to, const go_scoring *from) {
    to->left = go_read_typed(from->left.rows);
    to->right = go_read_typed(from->right.rows);
    to->second_left = go_read_typed(from->second_left.rows);
    to->second_right = go_read_typed(from->second_right.rows);
    avocet_score_options options = {sizeof options,
                                    from->left.scales,
                                    from->right.scales,
                                    from->has_second ? &to->second_left : NULL,
                                    from->has_second ? &to->second_right : NULL,
                                    from->second_left.scales,
                                    from->second_right.scales,
                                    from->factor,
                                    from->second_factor,
                                    from->metric,
                                    0};
    to->options = options;
}

static inline avocet_error go_score_pairs(go_scoring of, go_indices u, go_indices v, float *out, uintptr_t pool) {
    go_scores s;
    go_scores_fill(&s, &of);
    avocet_indices us = go_ids(u), vs = go_ids(v);
    GO_CALL(avocet_score_pairs, &s.left, &s.right, &us, &vs, &s.options, out, POOL(pool));
}

static inline avocet_error go_score_candidates(go_scoring of, go_csr candidates, float *out, uintptr_t pool) {
    go_scores s;
    go_scores_fill(&s, &of);
    avocet_csr csr = go_view(candidates);
    GO_CALL(avocet_score_candidates, &s.left, &s.right, &csr, &s.options, out, POOL(pool));
}

static inline avocet_error go_score_matrix(go_scoring of, go_matrix out, uintptr_t pool) {
    go_scores s;
    go_scores_fill(&s, &of);
    avocet_matrix_mut to = go_write(out);
    GO_CALL(avocet_score_matrix, &s.left, &s.right, &s.options, &to, POOL(pool));
}

static inline avocet_error go_top_k(go_matrix queries, go_matrix targets, uintptr_t exclude, size_t k, uint32_t *ids,
                                    float *scores, uint32_t *counts, uint32_t *nan_counts, uintptr_t pool,
                                    uintptr_t workspace) {
    avocet_matrix q = go_read(queries), t = go_read(targets);
    GO_CALL(avocet_top_k, &q, &t, GRAPH(exclude), k, ids, scores, counts, nan_counts, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_rank_counts(go_matrix queries, go_matrix targets, uintptr_t given, uintptr_t exclude,
                                          uint32_t *better, uint32_t *equal, uintptr_t pool, uintptr_t workspace) {
    avocet_matrix q = go_read(queries), t = go_read(targets);
    GO_CALL(avocet_rank_counts, &q, &t, GRAPH(given), GRAPH(exclude), better, equal, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_edge_loss(uintptr_t graph, uintptr_t transposed, go_matrix sources, go_matrix targets,
                                        int32_t kind, float temperature, float offset, float margin, float weight,
                                        const float *edge_weights, go_matrix source_gradient, int32_t has_source,
                                        go_matrix target_gradient, int32_t has_target, avocet_edge_loss_result *out,
                                        uintptr_t pool, uintptr_t workspace) {
    avocet_matrix s = go_read(sources), t = go_read(targets);
    avocet_matrix_mut ds = go_write(source_gradient), dt = go_write(target_gradient);
    avocet_edge_term term = {sizeof term, kind, temperature, offset, margin, weight, 0};
    GO_CALL(avocet_edge_loss, GRAPH(graph), GRAPH(transposed), &s, &t, &term, edge_weights, has_source ? &ds : NULL,
            has_target ? &dt : NULL, out, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_softmax_loss(uintptr_t positives, uintptr_t transposed, go_matrix sources,
                                           go_matrix targets, go_indices negatives, float temperature, float weight,
                                           const float *edge_weights, go_matrix source_gradient, int32_t has_source,
                                           go_matrix target_gradient, int32_t has_target,
                                           avocet_softmax_loss_result *out, uintptr_t pool, uintptr_t workspace) {
    avocet_matrix s = go_read(sources), t = go_read(targets);
    avocet_indices ids = go_ids(negatives);
    avocet_matrix_mut ds = go_write(source_gradient), dt = go_write(target_gradient);
    avocet_softmax_term term = {sizeof term, temperature, weight};
    GO_CALL(avocet_softmax_loss, GRAPH(positives), GRAPH(transposed), &s, &t, &ids, &term, edge_weights,
            has_source ? &ds : NULL, has_target ? &dt : NULL, out, POOL(pool), WORKSPACE(workspace));
}

/* index */

static inline avocet_index_options go_take(go_table of, const uint64_t *ids, int32_t storage, int32_t skip_not_finite) {
    avocet_index_options options = {sizeof options, ids, of.scales, storage, skip_not_finite};
    return options;
}

static inline go_made go_index_create(go_table of, const uint64_t *ids, int32_t storage, int32_t skip_not_finite,
                                      uintptr_t pool) {
    avocet_matrix rows = go_read_typed(of.rows);
    avocet_index_options options = go_take(of, ids, storage, skip_not_finite);
    GO_MAKE(avocet_index, avocet_index_create, &rows, &options, POOL(pool), &handle, &made.error);
}

static inline go_made go_index_append(uintptr_t index, go_table of, const uint64_t *ids, int32_t skip_not_finite,
                                      uintptr_t pool) {
    avocet_matrix rows = go_read_typed(of.rows);
    avocet_index_options options = go_take(of, ids, 0, skip_not_finite);
    GO_MAKE(avocet_index, avocet_index_append, INDEX(index), &rows, &options, POOL(pool), &handle, &made.error);
}

static inline go_made go_index_replace(uintptr_t index, const uint32_t *at, go_table of, int32_t skip_not_finite) {
    avocet_matrix rows = go_read_typed(of.rows);
    avocet_index_options options = go_take(of, NULL, 0, skip_not_finite);
    GO_MAKE(avocet_index, avocet_index_replace, INDEX(index), at, &rows, &options, &handle, &made.error);
}

static inline go_made go_index_remove(uintptr_t index, const uint32_t *at, size_t count) {
    GO_MAKE(avocet_index, avocet_index_remove, INDEX(index), at, count, &handle, &made.error);
}

static inline void go_index_destroy(uintptr_t index) { avocet_index_destroy((avocet_index *)index); }

static inline size_t go_index_rows(uintptr_t index) { return avocet_index_rows(INDEX(index)); }

static inline size_t go_index_cols(uintptr_t index) { return avocet_index_cols(INDEX(index)); }

static inline size_t go_index_live(uintptr_t index) { return avocet_index_live(INDEX(index)); }

static inline int32_t go_index_storage(uintptr_t index) { return avocet_index_storage(INDEX(index)); }

static inline int32_t go_index_has_ids(uintptr_t index) { return avocet_index_has_ids(INDEX(index)); }

static inline size_t go_index_memory(uintptr_t index) { return avocet_index_memory(INDEX(index)); }

static inline avocet_error go_index_ids(uintptr_t index, const uint32_t *rows, size_t len, uint64_t *out) {
    GO_CALL(avocet_index_ids, INDEX(index), rows, len, out);
}

static inline avocet_error go_index_search(uintptr_t index, go_table of, size_t k, go_search how, go_lists to,
                                           uintptr_t pool, uintptr_t workspace) {
    avocet_matrix queries = go_read_typed(of.rows);
    avocet_index_search_options options = {sizeof options, GRAPH(how.exclude), GRAPH(how.allow),
                                           of.scales,      how.least,          how.has_least};
    GO_CALL(avocet_index_search, INDEX(index), &queries, k, &options, to.ids, to.scores, to.counts, to.nan_counts,
            to.survivors, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_index_scores(uintptr_t index, go_table of, uintptr_t given, float *out, uintptr_t pool,
                                           uintptr_t workspace) {
    avocet_matrix queries = go_read_typed(of.rows);
    GO_CALL(avocet_index_scores, INDEX(index), &queries, of.scales, GRAPH(given), out, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_index_rank_counts(uintptr_t index, go_table of, uintptr_t given, uintptr_t exclude,
                                                uint32_t *better, uint32_t *equal, uintptr_t pool, uintptr_t workspace) {
    avocet_matrix queries = go_read_typed(of.rows);
    GO_CALL(avocet_index_rank_counts, INDEX(index), &queries, of.scales, GRAPH(given), GRAPH(exclude), better, equal,
            POOL(pool), WORKSPACE(workspace));
}

static inline size_t go_index_saved_bytes(uintptr_t index) { return avocet_index_saved_bytes(INDEX(index)); }

static inline avocet_error go_index_save(uintptr_t index, uint8_t *bytes, size_t len) {
    GO_CALL(avocet_index_save, INDEX(index), bytes, len);
}

static inline go_made go_index_load(const uint8_t *bytes, size_t len) {
    GO_MAKE(avocet_index, avocet_index_load, bytes, len, &handle, &made.error);
}

static inline go_made go_index_map(const uint8_t *bytes, size_t len) {
    GO_MAKE(avocet_index, avocet_index_map, bytes, len, &handle, &made.error);
}

static inline avocet_error go_merge_lists(go_shards of, size_t queries, size_t k, uint64_t *ids, float *scores,
                                          uint32_t *counts) {
    avocet_shard shards[GO_SHARDS];
    for (size_t i = 0; i < of.count; i++) {
        shards[i].struct_size = sizeof shards[i];
        shards[i].k = of.k[i];
        shards[i].ids = of.ids[i];
        shards[i].scores = of.scores[i];
        shards[i].counts = of.counts[i];
    }
    GO_CALL(avocet_merge_lists, shards, of.count, queries, k, ids, scores, counts);
}

/* optim */

static inline avocet_error go_adam(float rate, uint64_t step, float beta1, float beta2, float epsilon,
                                   float *parameters, const float *gradient, float *first_moment, float *second_moment,
                                   size_t len, uintptr_t pool) {
    avocet_adam_options options = {sizeof options, beta1, beta2, epsilon, 0};
    GO_CALL(avocet_adam, rate, step, &options, parameters, gradient, first_moment, second_moment, len, POOL(pool));
}

static inline avocet_error go_adagrad_rows(float rate, float epsilon, go_indices rows, go_matrix gradient,
                                           go_matrix table, go_matrix squares, uintptr_t pool) {
    avocet_indices ids = go_ids(rows);
    avocet_matrix from = go_read(gradient);
    avocet_matrix_mut to = go_write(table), sums = go_write(squares);
    GO_CALL(avocet_adagrad_rows, rate, epsilon, &ids, &from, &to, &sums, POOL(pool));
}

/* logistic */

static inline avocet_error go_logistic_pointwise(const float *logits, go_targets to_learn, float *losses, float *gradient,
                                                 float *curvature, double *sum, size_t rows, uintptr_t pool,
                                                 uintptr_t workspace) {
    avocet_logistic_targets targets = go_learn(to_learn);
    GO_CALL(avocet_logistic_pointwise, logits, &targets, losses, gradient, curvature, sum, rows, POOL(pool),
            WORKSPACE(workspace));
}

static inline avocet_error go_logistic_product(const float *first, const float *second, go_targets to_learn, float *losses,
                                               float *first_gradient, float *second_gradient, double *sum, size_t rows,
                                               uintptr_t pool, uintptr_t workspace) {
    avocet_logistic_targets targets = go_learn(to_learn);
    GO_CALL(avocet_logistic_product, first, second, &targets, losses, first_gradient, second_gradient, sum, rows,
            POOL(pool), WORKSPACE(workspace));
}

static inline go_made go_sparse_rows_create(go_csr rows) {
    avocet_csr csr = go_view(rows);
    GO_MAKE(avocet_sparse_rows, avocet_sparse_rows_create, &csr, rows.values, &handle, &made.error);
}

static inline void go_sparse_rows_destroy(uintptr_t rows) { avocet_sparse_rows_destroy((avocet_sparse_rows *)rows); }

static inline size_t go_sparse_rows_count(uintptr_t rows) { return avocet_sparse_rows_count(PREPARED(rows)); }

static inline size_t go_sparse_rows_columns(uintptr_t rows) { return avocet_sparse_rows_columns(PREPARED(rows)); }

static inline size_t go_sparse_rows_feature_count(uintptr_t rows) {
    return avocet_sparse_rows_feature_count(PREPARED(rows));
}

static inline avocet_error go_sparse_rows_features(uintptr_t rows, uint32_t *features, size_t len) {
    GO_CALL(avocet_sparse_rows_features, PREPARED(rows), features, len);
}

/* Rows of the library, with the views that they point to. */
typedef struct {
    avocet_logistic_rows rows;
    avocet_matrix x;
    avocet_csr csr;
} go_regression;

static inline void go_regression_fill(go_regression *to, const go_logistic_rows *from) {
    to->x = go_read_typed(from->x);
    to->csr = go_view(from->csr);
    avocet_logistic_rows rows = {sizeof rows,
                                 from->kind == GO_FEATURES_DENSE ? &to->x : NULL,
                                 from->kind == GO_FEATURES_SPARSE ? &to->csr : NULL,
                                 from->csr.values,
                                 PREPARED(from->prepared),
                                 from->offsets,
                                 from->weights,
                                 from->intercept,
                                 from->compact};
    to->rows = rows;
}

static inline avocet_error go_logistic_batch(go_logistic_rows of, go_targets to_learn, int32_t has_targets, float *margins,
                                             float *gradient, float *curvature, float *product, const float *along,
                                             float along_intercept, avocet_logistic_sums *sums, uintptr_t pool,
                                             uintptr_t workspace) {
    go_regression from;
    go_regression_fill(&from, &of);
    avocet_logistic_targets targets = go_learn(to_learn);
    avocet_logistic_out out = {sizeof out, margins, gradient, curvature, product, along, along_intercept, 0};
    GO_CALL(avocet_logistic_batch, &from.rows, has_targets ? &targets : NULL, &out, sums, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_logistic_fit(go_logistic_rows of, go_targets to_learn, size_t iterations, size_t history,
                                           float l2, float tolerance, int32_t fixed_intercept, float *weights,
                                           float *intercept, avocet_logistic_fit_result *result, uintptr_t pool) {
    go_regression from;
    go_regression_fill(&from, &of);
    avocet_logistic_targets targets = go_learn(to_learn);
    avocet_logistic_fit_options options = {sizeof options, iterations, history, l2, tolerance, fixed_intercept, 0};
    GO_CALL(avocet_logistic_fit, &from.rows, &targets, &options, weights, intercept, result, POOL(pool));
}

static inline avocet_error go_logistic_parts(size_t first_row, size_t rows, size_t *sizes, size_t capacity,
                                             size_t *count) {
    GO_CALL(avocet_logistic_parts, first_row, rows, sizes, capacity, count);
}

static inline avocet_error go_logistic_merge(const size_t *rows, const avocet_logistic_sums *sums, go_matrix vectors,
                                             int32_t has_vectors, size_t count, avocet_logistic_sums *total,
                                             float *vector) {
    avocet_matrix of_parts = go_read(vectors);
    GO_CALL(avocet_logistic_merge, rows, sums, has_vectors ? &of_parts : NULL, count, total, vector);
}

/* feedback */

static inline avocet_error go_feedback_weights(int32_t method, int32_t joint, float clip_low, float clip_high,
                                               const uint8_t *kinds, const float *logits, const float *first,
                                               const float *second, float *a, float *b, size_t rows, uintptr_t pool) {
    avocet_feedback_scheme scheme = {sizeof scheme, method, joint, clip_low, clip_high};
    GO_CALL(avocet_feedback_weights, &scheme, kinds, logits, first, second, a, b, rows, POOL(pool));
}

static inline avocet_error go_feedback_served(const float *logits, float *out, size_t len, uintptr_t pool) {
    GO_CALL(avocet_feedback_served, logits, out, len, POOL(pool));
}

/* stream */

static inline go_made go_stream_create(int32_t protocol, const int64_t *times, const int64_t *conversions,
                                       const int64_t *signals, size_t len, int64_t window, int64_t attribution) {
    GO_MAKE(avocet_stream, avocet_stream_create, protocol, times, conversions, signals, len, window, attribution, &handle,
            &made.error);
}

static inline size_t go_stream_rows(uintptr_t stream) { return avocet_stream_rows(STREAM(stream)); }

static inline avocet_error go_stream_copy(uintptr_t stream, int64_t *times, uint32_t *clicks, uint8_t *kinds,
                                          uint8_t *signals, size_t len) {
    GO_CALL(avocet_stream_copy, STREAM(stream), times, clicks, kinds, signals, len);
}

static inline void go_stream_destroy(uintptr_t stream) { avocet_stream_destroy((avocet_stream *)stream); }

/* sparse */

static inline go_made go_sparse_model_create(size_t features, int32_t optimiser, int32_t intercept, float rate, float beta,
                                             float l1, float l2, float epsilon) {
    avocet_sparse_model_options options = {sizeof options, features, optimiser, intercept, rate, beta, l1, l2, epsilon, 0};
    GO_MAKE(avocet_sparse_model, avocet_sparse_model_create, &options, &handle, &made.error);
}

static inline void go_sparse_model_destroy(uintptr_t model) { avocet_sparse_model_destroy((avocet_sparse_model *)model); }

static inline size_t go_sparse_model_features(uintptr_t model) { return avocet_sparse_model_features(MODEL(model)); }

static inline float go_sparse_model_intercept(uintptr_t model) { return avocet_sparse_model_intercept(MODEL(model)); }

/* The rows for a model, which has a column for each feature. */
static inline avocet_csr go_sparse_csr(uintptr_t model, go_model_rows rows) {
    go_csr m = {rows.offsets, rows.indices, go_sparse_model_features(model), rows.values};
    return go_view(m);
}

static inline avocet_error go_sparse_model_predict(uintptr_t model, go_model_rows rows, float *logits, uintptr_t pool) {
    avocet_csr csr = go_sparse_csr(model, rows);
    GO_CALL(avocet_sparse_model_predict, MODEL(model), &csr, rows.values, rows.margins, logits, POOL(pool));
}

static inline avocet_error go_sparse_model_learn(uintptr_t model, go_model_rows rows, go_targets to_learn,
                                                 size_t minibatch, float *logits, uintptr_t workspace) {
    avocet_csr csr = go_sparse_csr(model, rows);
    avocet_logistic_targets targets = go_learn(to_learn);
    GO_CALL(avocet_sparse_model_learn, (avocet_sparse_model *)model, &csr, rows.values, rows.margins, &targets, minibatch,
            logits, WORKSPACE(workspace));
}

static inline avocet_error go_sparse_model_weights(uintptr_t model, float *out, size_t len) {
    GO_CALL(avocet_sparse_model_weights, MODEL(model), out, len);
}

static inline size_t go_sparse_model_nonzeros(uintptr_t model) { return avocet_sparse_model_nonzeros(MODEL(model)); }

static inline avocet_error go_sparse_model_nonzero(uintptr_t model, uint32_t *features, float *weights, size_t len) {
    GO_CALL(avocet_sparse_model_nonzero, MODEL(model), features, weights, len);
}

static inline size_t go_sparse_model_saved_bytes(uintptr_t model) { return avocet_sparse_model_saved_bytes(MODEL(model)); }

static inline avocet_error go_sparse_model_save(uintptr_t model, uint8_t *bytes, size_t len) {
    GO_CALL(avocet_sparse_model_save, MODEL(model), bytes, len);
}

static inline go_made go_sparse_model_load(const uint8_t *bytes, size_t len) {
    GO_MAKE(avocet_sparse_model, avocet_sparse_model_load, bytes, len, &handle, &made.error);
}

/* metrics */

static inline avocet_error go_ranking(const float *scores, const float *labels, const float *weights, size_t rows,
                                      avocet_ranking_result *out) {
    GO_CALL(avocet_ranking, scores, labels, weights, rows, out);
}

static inline avocet_error go_calibration(const float *probabilities, const float *labels, const float *weights,
                                          size_t rows, avocet_calibration_result *out) {
    GO_CALL(avocet_calibration, probabilities, labels, weights, rows, out);
}

static inline avocet_error go_calibration_merge(const size_t *rows, const avocet_calibration_result *parts, size_t count,
                                                avocet_calibration_result *out) {
    GO_CALL(avocet_calibration_merge, rows, parts, count, out);
}

/* grid */

static inline go_made go_grid_create(go_edges levels, go_edges scores, go_sample sample, uintptr_t pool) {
    avocet_grid_options options = {0};
    options.struct_size = sizeof options;
    options.levels = levels.count;
    options.bins = scores.count;
    options.level_edges = levels.given;
    options.score_edges = scores.given;
    options.rows = sample.rows;
    options.scores = sample.scores;
    options.uncertainties = sample.uncertainties;
    options.weights = sample.weights;
    options.top = scores.top;
    options.refine_bins = scores.refine_bins;
    options.level_low = levels.low;
    options.level_high = levels.high;
    options.score_low = scores.low;
    options.score_high = scores.high;
    options.refine_low = scores.refine_low;
    options.refine_high = scores.refine_high;
    options.level_kind = levels.kind;
    options.score_kind = scores.kind;
    GO_MAKE(avocet_grid, avocet_grid_create, &options, POOL(pool), &handle, &made.error);
}

static inline void go_grid_destroy(uintptr_t grid) { avocet_grid_destroy((avocet_grid *)grid); }

static inline size_t go_grid_levels(uintptr_t grid) { return avocet_grid_levels(GRID(grid)); }

static inline size_t go_grid_bins(uintptr_t grid) { return avocet_grid_bins(GRID(grid)); }

static inline int32_t go_grid_is_nested(uintptr_t grid) { return avocet_grid_is_nested(GRID(grid)); }

static inline avocet_error go_grid_level_edges(uintptr_t grid, float *out, size_t len) {
    GO_CALL(avocet_grid_level_edges, GRID(grid), out, len);
}

static inline avocet_error go_grid_score_edges(uintptr_t grid, size_t level, float *out, size_t len) {
    GO_CALL(avocet_grid_score_edges, GRID(grid), level, out, len);
}

static inline avocet_error go_grid_thresholds(uintptr_t grid, const uint32_t *thresholds, float *out) {
    GO_CALL(avocet_grid_thresholds, GRID(grid), thresholds, out);
}

/* buckets */

static inline go_made go_buckets_create(uintptr_t grid, size_t segments) {
    GO_MAKE(avocet_buckets, avocet_buckets_create, GRID(grid), segments, &handle, &made.error);
}

static inline void go_buckets_destroy(uintptr_t buckets) { avocet_buckets_destroy((avocet_buckets *)buckets); }

static inline size_t go_buckets_segments(uintptr_t buckets) { return avocet_buckets_segments(BUCKETS(buckets)); }

static inline size_t go_buckets_levels(uintptr_t buckets) { return avocet_buckets_levels(BUCKETS(buckets)); }

static inline size_t go_buckets_bins(uintptr_t buckets) { return avocet_buckets_bins(BUCKETS(buckets)); }

static inline uint64_t go_buckets_apart(uintptr_t buckets, size_t segment) {
    return avocet_buckets_apart(BUCKETS(buckets), segment);
}

static inline go_made go_buckets_grid(uintptr_t buckets) {
    GO_MAKE(avocet_grid, avocet_buckets_grid, BUCKETS(buckets), &handle, &made.error);
}

static inline avocet_error go_buckets_add(uintptr_t buckets, go_threshold_rows of, uintptr_t pool, uintptr_t workspace) {
    avocet_threshold_rows rows = go_count(of);
    GO_CALL(avocet_buckets_add, (avocet_buckets *)buckets, &rows, POOL(pool), WORKSPACE(workspace));
}

static inline avocet_error go_buckets_merge(uintptr_t buckets, uintptr_t other) {
    GO_CALL(avocet_buckets_merge, (avocet_buckets *)buckets, BUCKETS(other));
}

static inline avocet_error go_buckets_subtract(uintptr_t buckets, uintptr_t other) {
    GO_CALL(avocet_buckets_subtract, (avocet_buckets *)buckets, BUCKETS(other));
}

static inline void go_buckets_clear(uintptr_t buckets) { avocet_buckets_clear((avocet_buckets *)buckets); }

static inline avocet_error go_buckets_cells(uintptr_t buckets, size_t segment, int32_t weights, uint64_t *positive,
                                            uint64_t *negative, size_t len) {
    GO_CALL(avocet_buckets_cells, BUCKETS(buckets), segment, weights, positive, negative, len);
}

static inline avocet_error go_buckets_score_bins(uintptr_t buckets, size_t segment, int32_t weights, uint64_t *positive,
                                                 uint64_t *negative, size_t len) {
    GO_CALL(avocet_buckets_score_bins, BUCKETS(buckets), segment, weights, positive, negative, len);
}

static inline size_t go_buckets_saved_bytes(uintptr_t buckets) { return avocet_buckets_saved_bytes(BUCKETS(buckets)); }

static inline avocet_error go_buckets_save(uintptr_t buckets, uint8_t *bytes, size_t len) {
    GO_CALL(avocet_buckets_save, BUCKETS(buckets), bytes, len);
}

static inline go_made go_buckets_load(const uint8_t *bytes, size_t len) {
    GO_MAKE(avocet_buckets, avocet_buckets_load, bytes, len, &handle, &made.error);
}

/* threshold */

static inline avocet_error go_threshold_search(go_cells of, avocet_objective objective, uint64_t work_limit, int32_t method,
                                               int32_t shape, uint32_t *thresholds, avocet_solution *solution,
                                               uintptr_t workspace) {
    avocet_cells cells = go_hold(of);
    avocet_search_options options = {sizeof options, work_limit, method, shape};
    objective.struct_size = sizeof objective;
    GO_CALL(avocet_threshold_search, &cells, &objective, &options, thresholds, solution, WORKSPACE(workspace));
}

static inline avocet_error go_threshold_single(go_threshold_rows of, avocet_objective objective, float *threshold,
                                               avocet_solution *solution, uintptr_t pool) {
    avocet_threshold_rows rows = go_count(of);
    objective.struct_size = sizeof objective;
    GO_CALL(avocet_threshold_single, &rows, &objective, threshold, solution, POOL(pool));
}

static inline avocet_error go_threshold_frontier(go_cells of, uint64_t *positive, size_t len, uint64_t *weight,
                                                 uintptr_t workspace) {
    avocet_cells cells = go_hold(of);
    GO_CALL(avocet_threshold_frontier, &cells, positive, len, weight, WORKSPACE(workspace));
}

static inline avocet_error go_threshold_isotonic(go_cells of, float *values, size_t len, uintptr_t workspace) {
    avocet_cells cells = go_hold(of);
    GO_CALL(avocet_threshold_isotonic, &cells, values, len, WORKSPACE(workspace));
}

static inline avocet_error go_threshold_passing(go_cells of, const uint32_t *thresholds, uint64_t *positive,
                                                uint64_t *negative) {
    avocet_cells cells = go_hold(of);
    GO_CALL(avocet_threshold_passing, &cells, thresholds, positive, negative);
}

static inline avocet_error go_threshold_decide(uintptr_t grid, const float *thresholds, const float *scores,
                                               const float *uncertainties, size_t rows, uint8_t *out, uintptr_t pool) {
    GO_CALL(avocet_threshold_decide, GRID(grid), thresholds, scores, uncertainties, rows, out, POOL(pool));
}

static inline avocet_error go_threshold_decide_bits(uintptr_t grid, const float *thresholds, const float *scores,
                                                    const float *uncertainties, size_t rows, uint64_t *out,
                                                    uintptr_t pool) {
    GO_CALL(avocet_threshold_decide_bits, GRID(grid), thresholds, scores, uncertainties, rows, out, POOL(pool));
}

static inline avocet_error go_threshold_calibrate(uintptr_t grid, const float *values, const float *scores,
                                                  const float *uncertainties, size_t rows, float *out, uintptr_t pool) {
    GO_CALL(avocet_threshold_calibrate, GRID(grid), values, scores, uncertainties, rows, out, POOL(pool));
}

static inline avocet_error go_threshold_cells(uintptr_t grid, const float *scores, const float *uncertainties, size_t rows,
                                              uint32_t *out, uintptr_t pool) {
    GO_CALL(avocet_threshold_cells, GRID(grid), scores, uncertainties, rows, out, POOL(pool));
}

static inline avocet_error go_threshold_bootstrap(uintptr_t grid, const float *thresholds, go_threshold_rows of,
                                                  uint64_t seed, size_t replicates, double confidence,
                                                  avocet_interval *recall, avocet_interval *precision, uintptr_t pool) {
    avocet_threshold_rows rows = go_count(of);
    avocet_bootstrap_options options = {sizeof options, seed, replicates, confidence};
    GO_CALL(avocet_threshold_bootstrap, GRID(grid), thresholds, &rows, &options, recall, precision, POOL(pool));
}

/* binned */

static inline avocet_error go_binned_curve(const uint64_t *positive, const uint64_t *negative, size_t bins,
                                           avocet_curve_point *points) {
    GO_CALL(avocet_binned_curve, positive, negative, bins, points);
}

static inline avocet_error go_binned_auc(const uint64_t *positive, const uint64_t *negative, size_t bins,
                                         avocet_area *out) {
    GO_CALL(avocet_binned_auc, positive, negative, bins, out);
}

static inline avocet_error go_binned_average_precision(const uint64_t *positive, const uint64_t *negative, size_t bins,
                                                       int32_t weights, avocet_area *out) {
    GO_CALL(avocet_binned_average_precision, positive, negative, bins, weights, out);
}

static inline avocet_error go_binned_bootstrap(uintptr_t grid, int32_t figure, go_threshold_rows of, uint64_t seed,
                                               size_t replicates, double confidence, avocet_interval *out,
                                               uintptr_t pool) {
    avocet_threshold_rows rows = go_count(of);
    avocet_bootstrap_options options = {sizeof options, seed, replicates, confidence};
    GO_CALL(avocet_binned_bootstrap, GRID(grid), figure, &rows, &options, out, POOL(pool));
}

/* uncertainty */

static inline avocet_error go_uncertainty_moments(go_matrix scores, int32_t sample, float *mean, float *variance,
                                                  uintptr_t pool) {
    avocet_matrix from = go_read(scores);
    GO_CALL(avocet_uncertainty_moments, &from, sample, mean, variance, POOL(pool));
}

static inline avocet_error go_uncertainty_beta(const float *a, const float *b, size_t rows, float *mean, float *entropy,
                                               uintptr_t pool) {
    GO_CALL(avocet_uncertainty_beta, a, b, rows, mean, entropy, POOL(pool));
}

static inline avocet_error go_uncertainty_entropy(const float *probabilities, size_t rows, float *out, uintptr_t pool) {
    GO_CALL(avocet_uncertainty_entropy, probabilities, rows, out, POOL(pool));
}

#endif
