/* Every kernel on data large enough that a pool shares the work, with one hash of all outputs. */

#ifndef SCENE_H
#define SCENE_H

#include "test.h"

enum {
    S_ROWS = 2500,
    S_COLS = 1500,
    S_D = 64,
    S_EDGES = 30000,
    S_MANY = 16000,
    S_LONG = 120000,
    S_K = 10,
    S_QUERIES = 150,
    S_NEGATIVES = 100
};

struct scene {
    avocet_graph *graph, *transposed, *given, *exclude, *own, *own_transposed;
    avocet_workspace *workspace;
    /* Inputs. */
    float *rows, *cols, *weights, *many, *other, *square, *values;
    uint32_t *u, *v, *touched, *negatives;
    /* Outputs, in one piece. */
    float *out;
    size_t out_len;
};

static float *scene_values(size_t len) {
    float *values = malloc(len * sizeof *values);
    CHECK(values != NULL);
    random_values(values, len);
    return values;
}

static uint32_t *scene_ids(size_t len, uint32_t limit) {
    uint32_t *ids = malloc(len * sizeof *ids);
    CHECK(ids != NULL);
    for (size_t i = 0; i < len; i++) {
        ids[i] = random_below(limit);
    }
    return ids;
}

static int scene_order(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Rows of random length, the first one a hub; each in ascending order. */
static avocet_graph *scene_graph(size_t rows, size_t cols, size_t edges, size_t hub) {
    uint32_t *columns = scene_ids(edges, (uint32_t)cols);
    int64_t *offsets = malloc((rows + 1) * sizeof *offsets);
    CHECK(offsets != NULL);
    offsets[0] = 0;
    for (size_t i = 1; i <= rows; i++) {
        size_t left = edges - (size_t)offsets[i - 1], rows_left = rows - i + 1;
        size_t most = 2 * left / rows_left + 1, len = i == 1 ? hub : random_below((uint32_t)most + 1);
        len = i == rows || len > left ? left : len;
        offsets[i] = offsets[i - 1] + (int64_t)len;
        if (len > 0) {
            qsort(columns + offsets[i - 1], len, sizeof *columns, scene_order);
        }
    }
    avocet_csr view = csr(offsets, rows, columns, cols);
    avocet_graph *graph;
    OK(avocet_graph_create(&view, &graph, &error));
    free(offsets);
    free(columns);
    return graph;
}

static struct scene scene_create(void) {
    struct scene s;
    random_state = 1;
    s.graph = scene_graph(S_ROWS, S_COLS, S_EDGES, 3000);
    OK(avocet_graph_transpose(s.graph, &s.transposed, &error));
    s.given = scene_graph(S_QUERIES, S_COLS, 5 * S_QUERIES, 5);
    s.exclude = scene_graph(S_QUERIES, S_COLS, 20 * S_QUERIES, 20);
    /* One edge in each row. */
    uint32_t *owned = scene_ids(S_ROWS, S_COLS);
    int64_t *one_each = malloc((S_ROWS + 1) * sizeof *one_each);
    CHECK(one_each != NULL);
    for (int64_t i = 0; i <= S_ROWS; i++) {
        one_each[i] = i;
    }
    avocet_csr view = csr(one_each, S_ROWS, owned, S_COLS);
    OK(avocet_graph_create(&view, &s.own, &error));
    OK(avocet_graph_transpose(s.own, &s.own_transposed, &error));
    free(owned);
    free(one_each);
    OK(avocet_workspace_create(0, &s.workspace, &error));
    s.rows = scene_values(S_ROWS * S_D);
    s.cols = scene_values(S_COLS * S_D);
    s.weights = scene_values(S_EDGES);
    s.many = scene_values(S_MANY * S_D);
    s.other = scene_values(S_MANY * S_D);
    s.square = scene_values(S_D * S_D);
    s.values = scene_values(S_LONG);
    s.u = scene_ids(S_MANY, S_ROWS);
    s.v = scene_ids(S_MANY, S_COLS);
    s.negatives = scene_ids(S_NEGATIVES, S_COLS);
    s.touched = scene_ids(S_MANY, 1);
    for (uint32_t i = 0; i < S_MANY; i++) {
        s.touched[i] = i;
    }
    /* A few values that are not ordinary. */
    s.values[7] = 1e-40f;
    s.values[8] = -200;
    s.values[9] = 200;
    s.rows[5 * S_D] = 1e38f;
    s.cols[9 * S_D] = 1e38f;
    s.out_len = S_LONG * 4 + S_ROWS * (S_D * 8 + 3) + S_COLS * S_D * 6 + S_EDGES + S_MANY * (S_D * 5 + 4) +
                S_D * S_D * 5 + S_QUERIES * (2 * S_K + 12) + 64;
    s.out = malloc(s.out_len * sizeof *s.out);
    CHECK(s.out != NULL);
    return s;
}

static void scene_destroy(struct scene *s) {
    void *memory[] = {s->rows, s->cols, s->weights,   s->many,    s->other, s->square, s->values,
                      s->u,    s->v,    s->negatives, s->touched, s->out};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
    avocet_graph_destroy(s->graph);
    avocet_graph_destroy(s->transposed);
    avocet_graph_destroy(s->given);
    avocet_graph_destroy(s->exclude);
    avocet_graph_destroy(s->own);
    avocet_graph_destroy(s->own_transposed);
    avocet_workspace_destroy(s->workspace);
}

/* The next `len` floats of the outputs. */
static float *scene_take(struct scene *s, size_t *used, size_t len) {
    float *out = s->out + *used;
    *used += len;
    CHECK(*used <= s->out_len);
    return out;
}

/* Calls every kernel once; allocates nothing itself. The number of calls. */
static int scene_run(struct scene *s, const avocet_pool *pool) {
    size_t used = 0;
    int calls = 0;
    memset(s->out, 0, s->out_len * sizeof *s->out);
    const avocet_matrix rows = matrix(s->rows, S_ROWS, S_D), cols = matrix(s->cols, S_COLS, S_D);
    const avocet_matrix many = matrix(s->many, S_MANY, S_D), other = matrix(s->other, S_MANY, S_D);
    avocet_workspace *w = s->workspace;

    for (int32_t function = AVOCET_FUNCTION_EXP; function <= AVOCET_FUNCTION_TANH; function += 3, calls++) {
        OK(avocet_map(function, s->values, scene_take(s, &used, S_LONG), S_LONG, pool, &error));
    }

    avocet_aggregate_options aggregate = {0};
    aggregate.struct_size = sizeof aggregate;
    aggregate.reduce = AVOCET_REDUCE_MEAN;
    aggregate.edge_weights = s->weights;
    aggregate.source_scale = s->values + 100;
    aggregate.row_scale = s->values + 5000;
    avocet_matrix_mut out = matrix_mut(scene_take(s, &used, S_ROWS * S_D), S_ROWS, S_D);
    OK(avocet_aggregate(s->graph, &cols, &aggregate, &out, pool, &error));
    aggregate.reduce = AVOCET_REDUCE_SUM;
    aggregate.accumulate = 1;
    OK(avocet_aggregate(s->graph, &cols, &aggregate, &out, pool, &error));
    aggregate.source_scale = s->values + 5000;
    aggregate.row_scale = s->values + 100;
    out = matrix_mut(scene_take(s, &used, S_COLS * S_D), S_COLS, S_D);
    OK(avocet_aggregate(s->transposed, &rows, &aggregate, &out, pool, &error));
    OK(avocet_edge_dots(s->graph, &rows, &cols, scene_take(s, &used, S_EDGES), pool, &error));

    avocet_addend addends[2];
    memset(addends, 0, sizeof addends);
    addends[0].x = many;
    addends[0].w = matrix(s->square, S_D, S_D);
    addends[1] = addends[0];
    addends[1].x = other;
    addends[1].transposed = 1;
    avocet_dense_options dense = {0};
    dense.struct_size = sizeof dense;
    dense.activation = AVOCET_ACTIVATION_TANH;
    dense.normalise = 1;
    avocet_matrix_mut y = matrix_mut(scene_take(s, &used, S_MANY * S_D), S_MANY, S_D);
    float *norms = scene_take(s, &used, S_MANY);
    OK_WITH(w, avocet_dense_product(addends, 2, &dense, &y, norms, pool, w, &error));
    avocet_matrix y_read = matrix(y.data, S_MANY, S_D);
    out = matrix_mut(scene_take(s, &used, S_MANY * S_D), S_MANY, S_D);
    OK(avocet_dense_activate_backward(&dense, &y_read, norms, &other, &out, pool, &error));
    dense.activation = AVOCET_ACTIVATION_RELU;
    memcpy(out.data, s->many, S_MANY * S_D * sizeof(float));
    OK(avocet_dense_activate(&dense, &out, scene_take(s, &used, S_MANY), pool, &error));
    out = matrix_mut(scene_take(s, &used, S_D * S_D), S_D, S_D);
    OK_WITH(w, avocet_dense_weight_gradient(&many, &other, 0, &out, pool, w, &error));

    const avocet_matrix targets = matrix(s->many, S_COLS, S_D), square = matrix(s->square, S_D, S_D);
    const avocet_dual_relation relation = {s->graph, s->graph, s->values + 100, NULL, &square, &square};
    avocet_dual_layer layer = {0};
    layer.struct_size = sizeof layer;
    layer.sources = &cols;
    layer.targets = &targets;
    layer.own = s->own;
    layer.source_weights = layer.target_weights = &square;
    layer.relations = &relation;
    layer.relation_count = 1;
    layer.activation = AVOCET_ACTIVATION_TANH;
    layer.normalise = 1;
    avocet_matrix_mut new_sources = matrix_mut(scene_take(s, &used, S_ROWS * S_D), S_ROWS, S_D);
    avocet_matrix_mut new_targets = matrix_mut(scene_take(s, &used, S_ROWS * S_D), S_ROWS, S_D);
    avocet_dual_rows dual_rows = {0};
    dual_rows.struct_size = sizeof dual_rows;
    dual_rows.sources = &new_sources;
    dual_rows.targets = &new_targets;
    dual_rows.source_norms = scene_take(s, &used, S_ROWS);
    dual_rows.target_norms = scene_take(s, &used, S_ROWS);
    OK_WITH(w, avocet_dual_forward(&layer, &dual_rows, pool, w, &error));
    const avocet_matrix sources_read = matrix(new_sources.data, S_ROWS, S_D);
    const avocet_matrix targets_read = matrix(new_targets.data, S_ROWS, S_D);
    const avocet_matrix dy = matrix(s->other, S_ROWS, S_D);
    const avocet_dual_back back = {s->transposed, s->transposed};
    avocet_dual_result dual_result = {0};
    dual_result.struct_size = sizeof dual_result;
    dual_result.sources = &sources_read;
    dual_result.targets = &targets_read;
    dual_result.source_norms = dual_rows.source_norms;
    dual_result.target_norms = dual_rows.target_norms;
    dual_result.source_gradient = dual_result.target_gradient = &dy;
    dual_result.own = s->own_transposed;
    dual_result.back = &back;
    avocet_matrix_mut d_sources = matrix_mut(scene_take(s, &used, S_COLS * S_D), S_COLS, S_D);
    avocet_matrix_mut d_targets = matrix_mut(scene_take(s, &used, S_COLS * S_D), S_COLS, S_D);
    avocet_matrix_mut d_weights[4];
    for (size_t i = 0; i < LENGTH(d_weights); i++) {
        d_weights[i] = matrix_mut(scene_take(s, &used, S_D * S_D), S_D, S_D);
    }
    avocet_dual_gradients gradients = {0};
    gradients.struct_size = sizeof gradients;
    gradients.sources = &d_sources;
    gradients.targets = &d_targets;
    gradients.weights = d_weights;
    gradients.weight_count = LENGTH(d_weights);
    OK_WITH(w, avocet_dual_backward(&layer, &dual_result, &gradients, pool, w, &error));

    avocet_power_law law = {1, 2.5};
    OK(avocet_adaptive_fanout(s->graph, &law, 5, 40, (uint32_t *)(void *)scene_take(s, &used, S_ROWS), &error));

    avocet_indices u = indices(s->u, S_MANY, AVOCET_U32), v = indices(s->v, S_MANY, AVOCET_U32);
    OK(avocet_score_pairs(&rows, &cols, &u, &v, NULL, scene_take(s, &used, S_MANY), pool, &error));
    const avocet_matrix queries = matrix(s->rows, S_QUERIES, S_D);
    uint32_t *ids = (uint32_t *)(void *)scene_take(s, &used, S_QUERIES * (S_K + 2));
    float *scores = scene_take(s, &used, S_QUERIES * S_K);
    uint32_t *counts = ids + S_QUERIES * S_K, *nans = counts + S_QUERIES;
    OK_WITH(w, avocet_top_k(&queries, &cols, s->exclude, S_K, ids, scores, counts, nans, pool, w, &error));
    uint32_t *better = (uint32_t *)(void *)scene_take(s, &used, 10 * S_QUERIES), *equal = better + 5 * S_QUERIES;
    OK_WITH(w, avocet_rank_counts(&queries, &cols, s->given, s->exclude, better, equal, pool, w, &error));
    calls += 14;

    avocet_matrix_mut d_rows = matrix_mut(scene_take(s, &used, S_ROWS * S_D), S_ROWS, S_D);
    avocet_matrix_mut d_cols = matrix_mut(scene_take(s, &used, S_COLS * S_D), S_COLS, S_D);
    for (int32_t kind = AVOCET_EDGE_POSITIVE; kind <= AVOCET_EDGE_REVERSED; kind++, calls++) {
        avocet_edge_term term = edge_term(kind);
        avocet_edge_loss_result result;
        int turned = kind == AVOCET_EDGE_REVERSED;
        term.offset = 0.5f;
        term.margin = 1;
        OK_WITH(w, avocet_edge_loss(s->graph, s->transposed, turned ? &cols : &rows, turned ? &rows : &cols, &term,
                                    s->weights, turned ? &d_cols : &d_rows, turned ? &d_rows : &d_cols, &result, pool,
                                    w, &error));
        memcpy(scene_take(s, &used, sizeof result / sizeof(float)), &result, sizeof result);
    }
    d_rows = matrix_mut(scene_take(s, &used, S_ROWS * S_D), S_ROWS, S_D);
    d_cols = matrix_mut(scene_take(s, &used, S_COLS * S_D), S_COLS, S_D);
    avocet_softmax_term softmax = softmax_term();
    avocet_softmax_loss_result result;
    avocet_indices negatives = indices(s->negatives, S_NEGATIVES, AVOCET_U32);
    OK_WITH(w, avocet_softmax_loss(s->graph, s->transposed, &rows, &cols, &negatives, &softmax, s->weights, &d_rows,
                                   &d_cols, &result, pool, w, &error));
    memcpy(scene_take(s, &used, sizeof result / sizeof(float)), &result, sizeof result);

    float *p = scene_take(s, &used, S_LONG), *m = scene_take(s, &used, S_LONG);
    float *second = scene_take(s, &used, S_MANY * S_D);
    OK(avocet_adam(0.01f, 2, NULL, p, s->values, m, second, S_LONG, pool, &error));
    avocet_indices touched = indices(s->touched, S_MANY, AVOCET_U32);
    avocet_matrix_mut table = matrix_mut(scene_take(s, &used, S_MANY * S_D), S_MANY, S_D);
    avocet_matrix_mut squares = matrix_mut(scene_take(s, &used, S_MANY * S_D), S_MANY, S_D);
    OK(avocet_adagrad_rows(0.01f, 1e-8f, &touched, &many, &table, &squares, pool, &error));
    return calls + 3;
}

/* FNV-1a over the bits of all outputs. */
static uint64_t scene_hash(const struct scene *s) {
    uint64_t hash = 0xcbf29ce484222325u;
    const unsigned char *bytes = (const unsigned char *)s->out;
    for (size_t i = 0; i < s->out_len * sizeof *s->out; i++) {
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    }
    return hash;
}

#endif
