/* The golden vectors through the C interface: golden FILE compares with the file, by the rule of
 * tests/golden/README.md, on every tier of this machine; the best one with pools of several sizes as well. */

#include "test.h"

#include <inttypes.h>
#include <math.h>

enum { R = 2600, C = 2900, MOST_CASES = 100, MOST_TEXT = 8 << 20 };

/* The file: a line for each case. */
static char *lines[MOST_CASES];
static size_t line_count;
static int checked[MOST_CASES];

/* The outputs of the case at hand, as one text. */
static unsigned char text[MOST_TEXT];
static size_t text_len;

static avocet_pool *pool;
static avocet_workspace *workspace;

static void seed(uint64_t value) {
    random_state = value;
}

static uint32_t below(uint32_t limit) {
    return (uint32_t)(random_bits() % limit);
}

static void *allocate(size_t len, size_t size) {
    void *memory = calloc(len ? len : 1, size);
    CHECK(memory != NULL);
    return memory;
}

static float *values(size_t len) {
    float *out = allocate(len, sizeof *out);
    random_values(out, len);
    return out;
}

static float *zeros(size_t len) {
    return allocate(len, sizeof(float));
}

static float *copy(const float *from, size_t len) {
    float *out = zeros(len);
    memcpy(out, from, len * sizeof *out);
    return out;
}

/* This machine is little-endian, as all that the library runs on. */
static void add(const void *bytes, size_t len) {
    CHECK(text_len + len <= sizeof text);
    memcpy(text + text_len, bytes, len);
    text_len += len;
}

static void add_floats(const float *numbers, size_t len) {
    add(numbers, len * sizeof *numbers);
}

static void add_integers(const uint32_t *numbers, size_t len) {
    add(numbers, len * sizeof *numbers);
}

/* Compares the text with the line of a name, and empties it. */
static void check(const char *name) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < text_len; i++) {
        hash = (hash ^ text[i]) * 0x100000001b3u;
    }
    char line[300];
    int used = sprintf(line, "%s = %016" PRIx64 " %zu", name, hash, text_len);
    for (size_t i = 0, words = text_len / 4; i < 8; i++) {
        uint32_t word;
        memcpy(&word, text + 4 * (i * (words - 1) / 7), sizeof word);
        used += sprintf(line + used, " %08" PRIx32, word);
    }
    text_len = 0;
    for (size_t i = 0; i < line_count; i++) {
        if (strncmp(lines[i], name, strlen(name)) == 0 && lines[i][strlen(name)] == ' ') {
            if (strcmp(lines[i], line) != 0) {
                fprintf(stderr, "wanted %s\nfound  %s\n", lines[i], line);
                exit(1);
            }
            checked[i]++;
            return;
        }
    }
    fprintf(stderr, "not in the file: %s\n", line);
    exit(1);
}

/* A graph of rows with the given numbers of edges, whose columns were drawn. */
static avocet_graph *make_graph(const int64_t *offsets, size_t rows, const uint32_t *columns, size_t cols) {
    avocet_csr view = csr(offsets, rows, columns, cols);
    avocet_graph *graph;
    OK(avocet_graph_create(&view, &graph, &error));
    return graph;
}

static avocet_graph *large_graph(void) {
    uint32_t *columns = allocate(R * 20 + 2200, sizeof *columns);
    int64_t offsets[R + 1] = {0};
    seed(1);
    for (size_t i = 0, e = 0; i < R; i++) {
        uint32_t degree = i == 7 ? 1500 : i == 2000 ? 700 : below(20);
        for (uint32_t k = 0; k < degree; k++) {
            columns[e++] = below(C);
        }
        offsets[i + 1] = (int64_t)e;
    }
    avocet_graph *graph = make_graph(offsets, R, columns, C);
    free(columns);
    return graph;
}

static avocet_graph *transpose(const avocet_graph *graph) {
    avocet_graph *out;
    OK(avocet_graph_transpose(graph, &out, &error));
    return out;
}

/* Offsets, indices and, of a derived graph, edge numbers. */
static void add_graph(const avocet_graph *graph) {
    size_t rows = avocet_graph_rows(graph), edges = avocet_graph_edges(graph);
    int64_t *offsets = allocate(rows + 1, sizeof *offsets);
    uint32_t *numbers = allocate(edges > rows ? edges : rows + 1, sizeof *numbers);
    OK(avocet_graph_offsets(graph, offsets, rows + 1, &error));
    for (size_t i = 0; i <= rows; i++) {
        numbers[i] = (uint32_t)offsets[i];
    }
    add_integers(numbers, rows + 1);
    OK(avocet_graph_indices(graph, numbers, edges, &error));
    add_integers(numbers, edges);
    if (avocet_graph_is_derived(graph)) {
        OK(avocet_graph_edge_ids(graph, numbers, edges, &error));
        add_integers(numbers, edges);
    }
    free(numbers);
    free(offsets);
}

static void aggregates(const avocet_graph *graph, const avocet_graph *back) {
    enum { D = 70 };
    const size_t edges = avocet_graph_edges(graph);
    seed(2);
    float *x = values(C * D), *dy = values(R * D), *weights = values(edges);
    float *source_scale = values(C), *row_scale = values(R);
    const avocet_matrix of_x = matrix(x, C, D), of_dy = matrix(dy, R, D);
    const char *names[] = {"aggregate_sum", "aggregate_mean", "aggregate_weighted",
                           "aggregate_scaled_accumulated"};
    for (int i = 0; i < 4; i++) {
        float *out = copy(dy, R * D);
        avocet_aggregate_options options = {0};
        options.struct_size = sizeof options;
        options.reduce = i == 1 ? AVOCET_REDUCE_MEAN : AVOCET_REDUCE_SUM;
        options.accumulate = i == 3;
        options.edge_weights = i >= 2 ? weights : NULL;
        options.source_scale = i == 3 ? source_scale : NULL;
        options.row_scale = i == 3 ? row_scale : NULL;
        avocet_matrix_mut into = matrix_mut(out, R, D);
        OK(avocet_aggregate(graph, &of_x, i == 0 ? NULL : &options, &into, pool, &error));
        add_floats(out, R * D);
        check(names[i]);
        free(out);
    }
    float *out = zeros(C * D);
    avocet_aggregate_options options = {0};
    options.struct_size = sizeof options;
    options.edge_weights = weights;
    avocet_matrix_mut into = matrix_mut(out, C, D);
    OK(avocet_aggregate(back, &of_dy, &options, &into, pool, &error));
    add_floats(out, C * D);
    check("aggregate_transposed");
    float *dots = zeros(edges);
    OK(avocet_edge_dots(graph, &of_dy, &of_x, dots, pool, &error));
    add_floats(dots, edges);
    check("edge_dots");
    float *memory[] = {x, dy, weights, source_scale, row_scale, out, dots};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static avocet_dense_options dense_options(int32_t activation, int32_t normalise, int32_t accumulate) {
    avocet_dense_options options = {0};
    options.struct_size = sizeof options;
    options.activation = activation;
    options.normalise = normalise;
    options.accumulate = accumulate;
    return options;
}

static void products(void) {
    enum { N = 1500, K = 40, L = 24, M = 70 };
    float *x = values(N * K), *w = values(K * M), *y = values(N * L), *turned = values(M * L), *before = values(N * M);
    avocet_addend addends[2];
    memset(addends, 0, sizeof addends);
    addends[0].x = matrix(x, N, K);
    addends[0].w = matrix(w, K, M);
    addends[1].x = matrix(y, N, L);
    addends[1].w = matrix(turned, M, L);
    addends[1].transposed = 1;
    const char *names[] = {"product", "product_accumulated_relu", "product_tanh_norm"};
    const avocet_dense_options options[] = {dense_options(AVOCET_ACTIVATION_NONE, 0, 0),
                                            dense_options(AVOCET_ACTIVATION_RELU, 0, 1),
                                            dense_options(AVOCET_ACTIVATION_TANH, 1, 0)};
    for (size_t i = 0; i < LENGTH(names); i++) {
        float *out = copy(before, N * M), *norms = zeros(N);
        avocet_matrix_mut into = matrix_mut(out, N, M);
        OK_WITH(workspace, avocet_dense_product(addends, 2, &options[i], &into, norms, pool, workspace, &error));
        add_floats(out, N * M);
        add_floats(norms, N);
        check(names[i]);
        free(out);
        free(norms);
    }
    float *memory[] = {x, w, y, turned, before};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static void activations(void) {
    enum { N = 10000, M = 100 };
    float *z = values(N * M), *dy = values(N * M);
    const avocet_matrix of_dy = matrix(dy, N, M);
    const char *names[] = {"activate_relu", "activate_tanh", "activate_none"};
    const char *back_names[] = {"activate_relu_backward", "activate_tanh_backward", "activate_none_backward"};
    const int32_t activations[] = {AVOCET_ACTIVATION_RELU, AVOCET_ACTIVATION_TANH, AVOCET_ACTIVATION_NONE};
    for (size_t i = 0; i < LENGTH(names); i++) {
        const avocet_dense_options options = dense_options(activations[i], 1, 0);
        float *y = copy(z, N * M), *norms = zeros(N), *dz = zeros(N * M);
        avocet_matrix_mut rows = matrix_mut(y, N, M), into = matrix_mut(dz, N, M);
        OK(avocet_dense_activate(&options, &rows, norms, pool, &error));
        add_floats(y, N * M);
        add_floats(norms, N);
        check(names[i]);
        const avocet_matrix of_y = matrix(y, N, M);
        OK(avocet_dense_activate_backward(&options, &of_y, norms, &of_dy, &into, pool, &error));
        add_floats(dz, N * M);
        check(back_names[i]);
        free(y);
        free(norms);
        free(dz);
    }
    free(z);
    free(dy);
}

static void weight_gradients(void) {
    enum { N = 5000, K = 20, M = 40 };
    float *x = values(N * K), *dz = values(N * M), *before = values(K * M);
    const avocet_matrix of_x = matrix(x, N, K), of_dz = matrix(dz, N, M);
    for (int32_t accumulate = 0; accumulate < 2; accumulate++) {
        float *out = copy(before, K * M);
        avocet_matrix_mut into = matrix_mut(out, K, M);
        OK_WITH(workspace,
                avocet_dense_weight_gradient(&of_x, &of_dz, accumulate, &into, pool, workspace, &error));
        add_floats(out, K * M);
        check(accumulate ? "weight_gradient_accumulated" : "weight_gradient");
        free(out);
    }
    free(x);
    free(dz);
    free(before);
}

static void pairs(void) {
    enum { N = 20000, D = 70 };
    float *left = values(300 * D), *right = values(500 * D), *out = zeros(N);
    int64_t *u = allocate(N, sizeof *u);
    int32_t *v = allocate(N, sizeof *v);
    for (size_t i = 0; i < N; i++) {
        u[i] = below(300);
    }
    for (size_t i = 0; i < N; i++) {
        v[i] = (int32_t)below(500);
    }
    const avocet_matrix of_left = matrix(left, 300, D), of_right = matrix(right, 500, D);
    const avocet_indices of_u = indices(u, N, AVOCET_I64), of_v = indices(v, N, AVOCET_I32);
    OK(avocet_score_pairs(&of_left, &of_right, &of_u, &of_v, NULL, out, pool, &error));
    add_floats(out, N);
    check("score_pairs");
    free(left);
    free(right);
    free(out);
    free(u);
    free(v);
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorted rows of fewer than `most` of `cols` ids. */
static avocet_graph *chosen(size_t rows, uint32_t cols, uint32_t most) {
    uint32_t *columns = allocate(rows * most, sizeof *columns);
    int64_t *offsets = allocate(rows + 1, sizeof *offsets);
    for (size_t i = 0; i < rows; i++) {
        uint32_t len = below(most), *row = columns + offsets[i];
        for (uint32_t k = 0; k < len; k++) {
            row[k] = below(cols);
        }
        qsort(row, len, sizeof *row, ascending);
        offsets[i + 1] = offsets[i] + len;
    }
    avocet_graph *graph = make_graph(offsets, rows, columns, cols);
    free(columns);
    free(offsets);
    return graph;
}

static void top(void) {
    enum { Q = 200, N = 700, D = 20, K = 10 };
    float *queries = zeros(Q * D), *targets = zeros(N * D), *scores = zeros(Q * K);
    for (size_t i = 0; i < Q * D; i++) {
        queries[i] = (float)below(3) - 1;
    }
    for (size_t i = 0; i < N * D; i++) {
        targets[i] = (float)below(3) - 1;
    }
    targets[77 * D] = NAN;
    targets[78 * D] = INFINITY;
    avocet_graph *exclude = chosen(Q, N, 30), *given = chosen(Q, N, 8);
    const avocet_matrix of_queries = matrix(queries, Q, D), of_targets = matrix(targets, N, D);
    uint32_t ids[Q * K], counts[Q], nans[Q];
    OK_WITH(workspace, avocet_top_k(&of_queries, &of_targets, exclude, K, ids, scores, counts, nans, pool,
                                    workspace, &error));
    add_floats(scores, Q * K);
    add_integers(ids, Q * K);
    add_integers(counts, Q);
    add_integers(nans, Q);
    check("top_k");
    const size_t edges = avocet_graph_edges(given);
    uint32_t *better = allocate(edges, sizeof *better), *equal = allocate(edges, sizeof *equal);
    OK_WITH(workspace, avocet_rank_counts(&of_queries, &of_targets, given, exclude, better, equal, pool,
                                          workspace, &error));
    add_integers(better, edges);
    add_integers(equal, edges);
    check("rank_counts");
    avocet_graph_destroy(exclude);
    avocet_graph_destroy(given);
    free(queries);
    free(targets);
    free(scores);
    free(better);
    free(equal);
}

static void losses(const avocet_graph *graph, const avocet_graph *back) {
    enum { D = 20, NEGATIVES = 100 };
    seed(5);
    float *weights = values(avocet_graph_edges(graph)), *by_row = values(R * D), *by_column = values(C * D);
    float *row_start = values(R * D), *column_start = values(C * D);
    const avocet_matrix of_rows = matrix(by_row, R, D), of_columns = matrix(by_column, C, D);
    const char *names[] = {"edge_loss_positive", "edge_loss_negative", "edge_loss_reversed", "softmax_loss"};
    for (int32_t kind = 0; kind < 4; kind++) {
        float *rows = copy(row_start, R * D), *columns = copy(column_start, C * D);
        avocet_matrix_mut into_rows = matrix_mut(rows, R, D), into_columns = matrix_mut(columns, C, D);
        double sums[3];
        int sum_count = 3;
        if (kind < 3) {
            const int reversed = kind == AVOCET_EDGE_REVERSED;
            avocet_edge_term term = edge_term(kind);
            avocet_edge_loss_result result;
            term.temperature = 1.5f;
            term.offset = 0.25f;
            term.margin = reversed ? 1 : 0.5f;
            term.weight = 0.1f;
            OK_WITH(workspace,
                    avocet_edge_loss(graph, back, reversed ? &of_columns : &of_rows, reversed ? &of_rows : &of_columns,
                                     &term, weights, reversed ? &into_columns : &into_rows,
                                     reversed ? &into_rows : &into_columns, &result, pool, workspace, &error));
            sums[0] = result.loss;
            sums[1] = result.temperature_gradient;
            sums[2] = result.offset_gradient;
        } else {
            uint32_t negatives[NEGATIVES];
            for (size_t i = 0; i < NEGATIVES; i++) {
                negatives[i] = below(i < 50 ? C : 40);
            }
            const avocet_indices of_negatives = indices(negatives, NEGATIVES, AVOCET_U32);
            avocet_softmax_term term = softmax_term();
            avocet_softmax_loss_result result;
            term.temperature = 1.5f;
            term.weight = 0.1f;
            OK_WITH(workspace, avocet_softmax_loss(graph, back, &of_rows, &of_columns, &of_negatives, &term, weights,
                                                   &into_rows, &into_columns, &result, pool, workspace, &error));
            sums[0] = result.loss;
            sums[1] = result.temperature_gradient;
            sum_count = 2;
        }
        add_floats(rows, R * D);
        add_floats(columns, C * D);
        add(sums, (size_t)sum_count * sizeof *sums);
        check(names[kind]);
        free(rows);
        free(columns);
    }
    float *memory[] = {weights, by_row, by_column, row_start, column_start};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static void drop_signs(float *numbers, size_t len) {
    for (size_t i = 0; i < len; i++) {
        numbers[i] = fabsf(numbers[i]);
    }
}

static void steps(void) {
    enum { N = 120000, ROWS = 30000, D = 20 };
    seed(6);
    float *p = values(N), *g = values(N), *m = values(N), *v = values(N);
    drop_signs(v, N);
    OK(avocet_adam(0.01f, 3, NULL, p, g, m, v, N, pool, &error));
    add_floats(p, N);
    add_floats(m, N);
    add_floats(v, N);
    check("adam");

    uint32_t *rows = allocate(ROWS, sizeof *rows);
    size_t count = 0;
    for (uint32_t row = 0; row < ROWS; row++) {
        if (row % 3 != 1) {
            rows[count++] = row;
        }
    }
    float *table = values(ROWS * D), *gradient = values(count * D), *squares = values(ROWS * D);
    drop_signs(squares, ROWS * D);
    const avocet_indices of_rows = indices(rows, count, AVOCET_U32);
    const avocet_matrix of_gradient = matrix(gradient, count, D);
    avocet_matrix_mut of_table = matrix_mut(table, ROWS, D), of_squares = matrix_mut(squares, ROWS, D);
    OK(avocet_adagrad_rows(0.1f, 1e-8f, &of_rows, &of_gradient, &of_table, &of_squares, pool, &error));
    add_floats(table, ROWS * D);
    add_floats(squares, ROWS * D);
    check("adagrad_rows");
    float *memory[] = {p, g, m, v, table, gradient, squares};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
    free(rows);
}

static void samples(const avocet_graph *graph, const avocet_graph *back) {
    const size_t edges = avocet_graph_edges(graph);
    seed(11);
    float *weights = values(edges);
    for (size_t i = 0; i < edges; i++) {
        weights[i] = weights[i] > 0 ? weights[i] : 0;
    }
    avocet_power_law law;
    OK(avocet_fit_power_law(graph, &law, &error));
    const uint32_t least = (uint32_t)law.least;
    add_integers(&least, 1);
    add(&law.exponent, sizeof law.exponent);
    check("fit_power_law");
    uint32_t fanout[R];
    OK(avocet_adaptive_fanout(graph, &law, 2, 12, fanout, &error));
    add_integers(fanout, R);
    check("adaptive_fanout");
    const char *names[] = {"sample_without_replacement", "sample_with_replacement", "sample_weighted"};
    avocet_graph *made;
    for (int32_t draw = AVOCET_DRAW_WITHOUT_REPLACEMENT; draw <= AVOCET_DRAW_WEIGHTED; draw++) {
        avocet_sample_options options = {0};
        options.struct_size = sizeof options;
        options.draw = draw;
        options.seed = 0x0123456789abcdefu;
        options.layer = 2;
        options.edge_weights = weights;
        OK(avocet_sample_neighbours(graph, fanout, &options, &made, pool, &error));
        add_graph(made);
        check(names[draw]);
        avocet_graph_destroy(made);
    }
    avocet_walk_options walk = walk_options();
    walk.walks = 20;
    walk.length = 2;
    walk.seed = 5;
    walk.layer = 1;
    OK(avocet_walk_neighbours(graph, back, fanout, &walk, &made, pool, &error));
    const size_t walked = avocet_graph_edges(made);
    float *visits = zeros(walked);
    OK(avocet_graph_walk_weights(made, visits, walked, &error));
    add_floats(visits, walked);
    add_graph(made);
    check("walk_neighbours");
    avocet_graph_destroy(made);
    uint32_t rows[3000];
    for (size_t i = 0; i < LENGTH(rows); i++) {
        rows[i] = below(R);
    }
    const avocet_indices of_rows = indices(rows, LENGTH(rows), AVOCET_U32);
    OK(avocet_graph_select_rows(graph, &of_rows, &made, &error));
    add_graph(made);
    check("select_rows");
    avocet_graph_destroy(made);
    free(visits);
    free(weights);
}

static void duals(const avocet_graph *graph, const avocet_graph *back) {
    enum { D = 36, M = 70 };
    seed(12);
    float *sources = values(C * D), *targets = values(C * D), *w[5], *scales[2];
    for (size_t i = 0; i < 5; i++) {
        w[i] = values(D * M);
    }
    scales[0] = values(R);
    scales[1] = values(R);
    uint32_t picked[R], owned[R];
    int64_t one_each[R + 1];
    for (size_t i = 0; i < R; i++) {
        picked[i] = below(R);
    }
    for (size_t i = 0; i < R; i++) {
        owned[i] = below(C);
        one_each[i] = (int64_t)i;
    }
    one_each[R] = R;
    const avocet_indices of_picked = indices(picked, R, AVOCET_U32);
    avocet_graph *other, *own = make_graph(one_each, R, owned, C);
    OK(avocet_graph_select_rows(graph, &of_picked, &other, &error));
    avocet_graph *other_back = transpose(other), *own_back = transpose(own);

    const avocet_matrix of_sources = matrix(sources, C, D), of_targets = matrix(targets, C, D);
    avocet_matrix of_w[5];
    for (size_t i = 0; i < 5; i++) {
        of_w[i] = matrix(w[i], D, M);
    }
    avocet_dual_relation relations[2];
    memset(relations, 0, sizeof relations);
    relations[0].out = graph;
    relations[0].into = other;
    relations[0].out_scale = scales[0];
    relations[0].across = &of_w[2];
    relations[1].out = other;
    relations[1].into = graph;
    relations[1].into_scale = scales[1];
    relations[1].across = &of_w[3];
    relations[1].along = &of_w[4];
    avocet_dual_layer layer = {0};
    layer.struct_size = sizeof layer;
    layer.sources = &of_sources;
    layer.targets = &of_targets;
    layer.own = own;
    layer.source_weights = &of_w[0];
    layer.target_weights = &of_w[1];
    layer.relations = relations;
    layer.relation_count = 2;
    layer.activation = AVOCET_ACTIVATION_TANH;
    layer.normalise = 1;

    float *s = zeros(R * M), *t = zeros(R * M), *s_norms = zeros(R), *t_norms = zeros(R);
    const avocet_matrix_mut into_s = matrix_mut(s, R, M), into_t = matrix_mut(t, R, M);
    avocet_dual_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.sources = &into_s;
    rows.targets = &into_t;
    rows.source_norms = s_norms;
    rows.target_norms = t_norms;
    OK_WITH(workspace, avocet_dual_forward(&layer, &rows, pool, workspace, &error));
    add_floats(s, R * M);
    add_floats(t, R * M);
    add_floats(s_norms, R);
    add_floats(t_norms, R);
    check("dual_forward");

    float *dys = values(R * M), *dyt = values(R * M), *ds = zeros(C * D), *dt = zeros(C * D), *dw[5];
    const avocet_matrix of_s = matrix(s, R, M), of_t = matrix(t, R, M);
    const avocet_matrix of_dys = matrix(dys, R, M), of_dyt = matrix(dyt, R, M);
    const avocet_matrix_mut into_ds = matrix_mut(ds, C, D), into_dt = matrix_mut(dt, C, D);
    avocet_matrix_mut into_dw[5];
    for (size_t i = 0; i < 5; i++) {
        dw[i] = values(D * M);
        into_dw[i] = matrix_mut(dw[i], D, M);
    }
    const avocet_dual_back backs[2] = {{back, other_back}, {other_back, back}};
    avocet_dual_result result = {0};
    result.struct_size = sizeof result;
    result.sources = &of_s;
    result.targets = &of_t;
    result.source_norms = s_norms;
    result.target_norms = t_norms;
    result.source_gradient = &of_dys;
    result.target_gradient = &of_dyt;
    result.own = own_back;
    result.back = backs;
    avocet_dual_gradients gradients = {0};
    gradients.struct_size = sizeof gradients;
    gradients.sources = &into_ds;
    gradients.targets = &into_dt;
    gradients.weights = into_dw;
    gradients.weight_count = 5;
    OK_WITH(workspace, avocet_dual_backward(&layer, &result, &gradients, pool, workspace, &error));
    add_floats(ds, C * D);
    add_floats(dt, C * D);
    for (size_t i = 0; i < 5; i++) {
        add_floats(dw[i], D * M);
        free(dw[i]);
        free(w[i]);
    }
    check("dual_backward");
    avocet_graph *graphs[] = {other, own, other_back, own_back};
    for (size_t i = 0; i < LENGTH(graphs); i++) {
        avocet_graph_destroy(graphs[i]);
    }
    float *memory[] = {sources, targets, scales[0], scales[1], s, t, s_norms, t_norms, dys, dyt, ds, dt};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static float *scaled_values(size_t len, float factor) {
    float *out = values(len);
    for (size_t i = 0; i < len; i++) {
        out[i] *= factor;
    }
    return out;
}

static void logistic(void) {
    enum { N = 5000 };
    seed(13);
    float *x = scaled_values(N, 30), *a = values(N), *b = values(N), *first = scaled_values(N, 4);
    float *second = scaled_values(N, 4), *labels = values(N), *weights = values(N);
    float *losses = zeros(N), *gradient = zeros(N), *curvature = zeros(N);
    uint8_t kinds[N];
    for (size_t i = 0; i < N; i++) {
        labels[i] = labels[i] > 0;
        kinds[i] = (uint8_t)below(4);
    }
    drop_signs(weights, N);
    for (int form = 0; form < 2; form++) {
        double sum;
        avocet_logistic_targets targets = {0};
        targets.struct_size = sizeof targets;
        targets.labels = form == 0 ? NULL : labels;
        targets.weights = form == 0 ? NULL : weights;
        targets.a = form == 0 ? a : NULL;
        targets.b = form == 0 ? b : NULL;
        targets.signed_weights = form == 0;
        OK_WITH(workspace, avocet_logistic_pointwise(x, &targets, losses, gradient, curvature, &sum, N, pool, workspace,
                                                     &error));
        add_floats(losses, N);
        add_floats(gradient, N);
        add_floats(curvature, N);
        add(&sum, sizeof sum);
        check(form == 0 ? "logistic_coefficients" : "logistic_labels");
    }
    for (int32_t joint = 0; joint < 2; joint++) {
        for (int32_t method = AVOCET_FEEDBACK_VANILLA; method <= AVOCET_FEEDBACK_DFM; method++) {
            avocet_feedback_scheme scheme = {0};
            scheme.struct_size = sizeof scheme;
            scheme.method = method;
            scheme.joint = joint;
            OK(avocet_feedback_weights(&scheme, kinds, x, first, second, losses, gradient, N, pool, &error));
            add_floats(losses, N);
            add_floats(gradient, N);
        }
        check(joint ? "feedback_joint" : "feedback_published");
    }
    OK(avocet_feedback_served(x, losses, N, pool, &error));
    add_floats(losses, N);
    check("feedback_served");
    float *memory[] = {x, a, b, first, second, labels, weights, losses, gradient, curvature};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static void dense_logistic(void) {
    enum { N = 2500, D = 37 };
    seed(16);
    float *x = values(N * D), *offsets = values(N), *weights = values(D), *along = values(D), *labels = values(N);
    float *importance = values(N), *margins = zeros(N), gradient[D], curvature[D], product[D];
    for (size_t i = 0; i < N; i++) {
        labels[i] = labels[i] > 0;
    }
    drop_signs(importance, N);
    static uint16_t halves[N * D], brains[N * D];
    for (size_t i = 0; i < N * D; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        brains[i] = (uint16_t)(bits >> 16);
        halves[i] = (uint16_t)(below(65536) & 0xbfff);
    }
    avocet_matrix of_x = matrix(x, N, D);
    avocet_logistic_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.x = &of_x;
    rows.offsets = offsets;
    rows.weights = weights;
    rows.intercept = 0.25f;
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    targets.weights = importance;
    avocet_logistic_out out = {0};
    out.struct_size = sizeof out;
    out.margins = margins;
    out.gradient = gradient;
    out.curvature = curvature;
    out.product = product;
    out.along = along;
    out.along_intercept = -0.5f;
    avocet_logistic_sums sums;
    const char *const names[] = {"logistic_dense", "logistic_dense_f16", "logistic_dense_bf16"};
    const void *const elements[] = {x, halves, brains};
    const int32_t types[] = {AVOCET_F32, AVOCET_F16, AVOCET_BF16};
    for (int i = 0; i < 3; i++) {
        of_x.data = elements[i];
        of_x.element_type = types[i];
        OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, &sums, pool, workspace, &error));
        add_floats(margins, N);
        add_floats(gradient, D);
        add_floats(curvature, D);
        add_floats(product, D);
        add(&sums, sizeof sums);
        check(names[i]);
    }
    float *memory[] = {x, offsets, weights, along, labels, importance, margins};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

/* Passes over sparse rows, as they come and prepared, and training to the minimum. */
static void sparse_batches(void) {
    enum { N = 2500, COLUMNS = 4000, MOST = 30 * N };
    static int64_t offsets[N + 1];
    static uint32_t features[MOST], occurring[COLUMNS];
    static float few[2][COLUMNS], gradient[COLUMNS], curvature[COLUMNS], product[COLUMNS];
    seed(23);
    offsets[0] = 0;
    for (size_t i = 0, e = 0; i < N; i++) {
        for (uint32_t degree = below(30); degree > 0; degree--) {
            features[e++] = below(COLUMNS);
        }
        offsets[i + 1] = (int64_t)e;
    }
    float *row_values = values((size_t)offsets[N]), *shift = values(N), *weights = values(COLUMNS);
    float *along = values(COLUMNS), *labels = values(N), *importance = values(N), *margins = zeros(N);
    for (size_t i = 0; i < N; i++) {
        labels[i] = labels[i] > 0;
    }
    drop_signs(importance, N);
    const avocet_csr of_rows = csr(offsets, N, features, COLUMNS);
    avocet_sparse_rows *ones, *prepared;
    OK(avocet_sparse_rows_create(&of_rows, NULL, &ones, &error));
    OK(avocet_sparse_rows_create(&of_rows, row_values, &prepared, &error));
    const size_t count = avocet_sparse_rows_feature_count(ones);
    OK(avocet_sparse_rows_features(ones, occurring, count, &error));
    for (size_t i = 0; i < count; i++) {
        few[0][i] = weights[occurring[i]];
        few[1][i] = along[occurring[i]];
    }
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    targets.weights = importance;
    avocet_logistic_out out = {0};
    out.struct_size = sizeof out;
    out.margins = margins;
    out.gradient = gradient;
    out.curvature = curvature;
    out.product = product;
    out.along_intercept = -0.5f;
    avocet_logistic_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.offsets = shift;
    rows.intercept = 0.25f;
    for (int32_t compact = 0; compact < 2; compact++) {
        const size_t len = compact ? count : COLUMNS;
        rows.csr = compact ? NULL : &of_rows;
        rows.values = compact ? NULL : row_values;
        rows.prepared = compact ? ones : NULL;
        rows.weights = compact ? few[0] : weights;
        rows.compact = compact;
        out.along = compact ? few[1] : along;
        avocet_logistic_sums sums;
        OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, &sums, pool, workspace, &error));
        add_floats(margins, N);
        add_floats(gradient, len);
        add_floats(curvature, len);
        add_floats(product, len);
        add_integers(occurring, compact ? count : 0);
        add(&sums, sizeof sums);
        check(compact ? "logistic_prepared" : "logistic_sparse");
    }

    rows.prepared = prepared;
    rows.weights = weights;
    rows.compact = 0;
    avocet_logistic_fit_options options = {0};
    options.struct_size = sizeof options;
    options.iterations = 15;
    options.history = 5;
    options.l2 = 0.5f;
    float intercept;
    avocet_logistic_fit_result result;
    OK(avocet_logistic_fit(&rows, &targets, &options, gradient, &intercept, &result, pool, &error));
    const uint32_t words[] = {(uint32_t)result.outcome, (uint32_t)result.iterations, (uint32_t)result.passes};
    add_floats(gradient, COLUMNS);
    add_floats(&intercept, 1);
    add_integers(words, LENGTH(words));
    add(&result.loss, sizeof result.loss);
    add(&result.gradient, sizeof result.gradient);
    check("logistic_fit");
    avocet_sparse_rows_destroy(ones);
    avocet_sparse_rows_destroy(prepared);
    float *memory[] = {row_values, shift, weights, along, labels, importance, margins};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static void product_form(void) {
    enum { N = 5000 };
    seed(21);
    float *first = values(N), *second = values(N), *a = values(N), *b = values(N);
    float *losses = zeros(N), *by_first = zeros(N), *by_second = zeros(N);
    const float scales[] = {2, 20, 200};
    for (size_t i = 0; i < N; i++) {
        first[i] *= scales[i % 3];
        second[i] *= scales[i % 3];
    }
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.a = a;
    targets.b = b;
    targets.signed_weights = 1;
    double sum;
    OK_WITH(workspace, avocet_logistic_product(first, second, &targets, losses, by_first, by_second, &sum, N, pool,
                                               workspace, &error));
    add_floats(losses, N);
    add_floats(by_first, N);
    add_floats(by_second, N);
    add(&sum, sizeof sum);
    check("logistic_product");
    float *memory[] = {first, second, a, b, losses, by_first, by_second};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static void partial_sums(void) {
    enum { D = 70, MOST = AVOCET_LOGISTIC_MAX_PARTS };
    seed(22);
    size_t sizes[2 * MOST + 1], count, more;
    for (int range = 0; range < 20; range++) {
        const size_t leaf = below(100), rows = below(1 << 20);
        OK(avocet_logistic_parts(leaf * 1024, rows, sizes, MOST, &count, &error));
        for (size_t i = 0; i < count; i++) {
            const uint32_t size = (uint32_t)sizes[i];
            add_integers(&size, 1);
        }
    }
    check("logistic_parts");

    OK(avocet_logistic_parts(0, 5 * 1024, sizes, MOST, &count, &error));
    sizes[count++] = 0;
    OK(avocet_logistic_parts(5 * 1024, 20000, sizes + count, MOST, &more, &error));
    count += more;
    avocet_logistic_sums sums[2 * MOST + 1], total;
    avocet_calibration_result parts[2 * MOST + 1], calibration;
    for (size_t i = 0; i < count; i++) {
        float *of_part = values(4);
        sums[i].loss = parts[i].weight = of_part[0];
        sums[i].gradient = parts[i].loss = of_part[1];
        sums[i].curvature = parts[i].predicted = of_part[2];
        sums[i].product = parts[i].observed = of_part[3];
        free(of_part);
    }
    float *vectors = values(count * D), vector[D];
    const avocet_matrix of_vectors = matrix(vectors, count, D);
    OK(avocet_logistic_merge(sizes, sums, &of_vectors, count, &total, vector, &error));
    add_floats(vector, D);
    add(&total, sizeof total);
    check("logistic_merge");
    OK(avocet_calibration_merge(sizes, parts, count, &calibration, &error));
    add(&calibration, sizeof calibration);
    check("calibration_merge");
    free(vectors);
}

/* Times after the clicks', or never once in `rarely`. */
static void draw_later(const int64_t *times, int64_t *out, size_t len, uint32_t rarely, uint32_t most) {
    for (size_t i = 0; i < len; i++) {
        out[i] = below(rarely) == 0 ? AVOCET_NEVER : times[i] + below(most);
    }
}

static void streams(void) {
    enum { N = 2000, ROWS = 2 * N };
    static int64_t times[N], conversions[N], signals[N], row_times[ROWS];
    static uint32_t clicks[ROWS], words[ROWS];
    static uint8_t bytes[2][ROWS];
    seed(14);
    for (size_t i = 0; i < N; i++) {
        times[i] = below(1000);
    }
    draw_later(times, conversions, N, 3, 200);
    draw_later(times, signals, N, 2, 20);
    for (int32_t protocol = AVOCET_PROTOCOL_WINDOW; protocol <= AVOCET_PROTOCOL_IMMEDIATE_REAL; protocol++) {
        avocet_stream *stream;
        OK(avocet_stream_create(protocol, times, conversions, signals, N, 10, 100, &stream, &error));
        const size_t rows = avocet_stream_rows(stream);
        OK(avocet_stream_copy(stream, row_times, clicks, bytes[0], bytes[1], rows, &error));
        for (size_t i = 0; i < rows; i++) {
            words[i] = (uint32_t)row_times[i];
        }
        add_integers(words, rows);
        add_integers(clicks, rows);
        for (int which = 0; which < 2; which++) {
            for (size_t i = 0; i < rows; i++) {
                words[i] = bytes[which][i];
            }
            add_integers(words, rows);
        }
        avocet_stream_destroy(stream);
    }
    check("streams");
}

static void metrics(void) {
    enum { N = 5000 };
    float *scores = zeros(N), *labels = zeros(N);
    for (size_t i = 0; i < N; i++) {
        scores[i] = (float)below(100);
    }
    for (size_t i = 0; i < N; i++) {
        labels[i] = (float)below(2);
    }
    float *weights = values(N), *p = values(N);
    drop_signs(weights, N);
    drop_signs(p, N);
    avocet_ranking_result ranking;
    OK(avocet_ranking(scores, labels, weights, N, &ranking, &error));
    add(&ranking, sizeof ranking);
    check("ranking");
    avocet_calibration_result calibration;
    OK(avocet_calibration(p, labels, weights, N, &calibration, &error));
    add(&calibration, sizeof calibration);
    check("calibration");
    float *memory[] = {scores, labels, weights, p};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static void sparse_models(void) {
    enum { N = 2000, FEATURES = 3000, MOST = 30 * N };
    static int64_t offsets[N + 1];
    static uint32_t features[MOST];
    const char *names[] = {"sparse_ftrl", "sparse_adagrad", "sparse_sgd"};
    const size_t minibatches[] = {1, 7, 64};
    seed(15);
    offsets[0] = 0;
    for (size_t i = 0, e = 0; i < N; i++) {
        for (uint32_t degree = below(30); degree > 0; degree--) {
            features[e++] = below(FEATURES);
        }
        offsets[i + 1] = (int64_t)e;
    }
    float *row_values = values((size_t)offsets[N]), *margins = values(N), *labels = values(N), *weights = values(N);
    float *logits = zeros(N), *found = zeros(FEATURES);
    for (size_t i = 0; i < N; i++) {
        labels[i] = labels[i] > 0;
    }
    drop_signs(weights, N);
    const avocet_csr rows = csr(offsets, N, features, FEATURES);
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    targets.weights = weights;
    for (int32_t kind = AVOCET_OPTIMISER_FTRL; kind <= AVOCET_OPTIMISER_SGD; kind++) {
        avocet_sparse_model_options options = {0};
        options.struct_size = sizeof options;
        options.features = FEATURES;
        options.optimiser = kind;
        options.intercept = kind != AVOCET_OPTIMISER_SGD;
        options.rate = 0.1f;
        options.beta = 1;
        options.l1 = 0.1f;
        options.l2 = 0.01f;
        options.epsilon = 1e-6f;
        avocet_sparse_model *model, *loaded;
        OK(avocet_sparse_model_create(&options, &model, &error));
        OK_WITH(workspace, avocet_sparse_model_learn(model, &rows, row_values, margins, &targets, minibatches[kind], logits,
                                                     workspace, &error));
        add_floats(logits, N);
        const size_t size = avocet_sparse_model_saved_bytes(model);
        unsigned char *bytes = allocate(size, 1);
        OK(avocet_sparse_model_save(model, bytes, size, &error));
        OK(avocet_sparse_model_load(bytes, size, &loaded, &error));
        OK(avocet_sparse_model_predict(loaded, &rows, NULL, margins, logits, pool, &error));
        OK(avocet_sparse_model_weights(loaded, found, FEATURES, &error));
        const float intercept = avocet_sparse_model_intercept(loaded);
        add_floats(logits, N);
        add_floats(found, FEATURES);
        add_floats(&intercept, 1);
        add(bytes, size);
        check(names[kind]);
        free(bytes);
        avocet_sparse_model_destroy(model);
        avocet_sparse_model_destroy(loaded);
    }
    float *memory[] = {row_values, margins, labels, weights, logits, found};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static void functions(void) {
    enum { HALF = 55000, N = 2 * HALF };
    seed(7);
    float *x = zeros(N), *out = zeros(N);
    for (size_t i = 0; i < HALF; i++) {
        uint32_t bits = (uint32_t)(random_bits() >> 32);
        memcpy(&x[i], &bits, sizeof bits);
    }
    random_values(x + HALF, HALF);
    for (size_t i = HALF; i < N; i++) {
        x[i] *= 32;
    }
    const char *names[] = {"map_exp", "map_log", "map_log1p", "map_sigmoid", "map_softplus", "map_tanh"};
    for (int32_t function = AVOCET_FUNCTION_EXP; function <= AVOCET_FUNCTION_TANH; function++) {
        OK(avocet_map(function, x, out, N, pool, &error));
        add_floats(out, N);
        check(names[function]);
    }
    free(x);
    free(out);
}

#include "rows_golden.h"
#include "threshold_golden.h"
#include "index_golden.h"

/* Every case once. */
static void check_all(void) {
    memset(checked, 0, sizeof checked);
    avocet_graph *graph = large_graph(), *back = transpose(graph);
    add_graph(back);
    check("transpose");
    aggregates(graph, back);
    seed(3);
    products();
    activations();
    weight_gradients();
    seed(4);
    pairs();
    top();
    losses(graph, back);
    steps();
    logistic();
    dense_logistic();
    sparse_batches();
    product_form();
    partial_sums();
    streams();
    metrics();
    sparse_models();
    samples(graph, back);
    duals(graph, back);
    buckets();
    searches();
    single();
    uncertainty_inputs();
    conversions();
    row_scores();
    index_searches();
    index_changes();
    functions();
    avocet_graph_destroy(graph);
    avocet_graph_destroy(back);
    for (size_t i = 0; i < line_count; i++) {
        CHECK(checked[i] == 1);
    }
}

/* The file stays in memory; its lines are cut apart. */
static char *load(const char *path) {
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    char *content = allocate(1 << 16, 1);
    size_t size = fread(content, 1, (1 << 16) - 1, file);
    CHECK(size > 0 && feof(file));
    fclose(file);
    for (char *line = strtok(content, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        CHECK(line_count < MOST_CASES);
        lines[line_count++] = line;
    }
    CHECK(line_count > 20);
    return content;
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    char *content = load(argv[1]);
    OK(avocet_workspace_create(0, &workspace, &error));
    for (size_t threads = 0; threads <= 3; threads++) {
        if (threads > 0) {
            OK(avocet_pool_create(threads, &pool, &error));
        }
        check_all();
        avocet_pool_destroy(pool);
        pool = NULL;
    }
    for (int32_t isa = AVOCET_ISA_PORTABLE; isa < avocet_isa_detected(); isa++) {
        CHECK(avocet_isa_cap(isa) == isa);
        check_all();
    }
    avocet_workspace_destroy(workspace);
    free(content);
    return 0;
}
