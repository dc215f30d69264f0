/* Every function once, against plain loops in double. */

#include "test.h"

#include <math.h>

enum { ROWS = 5, COLS = 7, D = 19, EDGES = 12, K = 3 };

static const int64_t offsets[ROWS + 1] = {0, 3, 3, 7, 8, 12};
static const uint32_t columns[EDGES] = {0, 4, 4, 1, 2, 5, 6, 3, 0, 2, 4, 6};

static float rows_data[ROWS * D], cols_data[COLS * D], weights[EDGES], row_scale[ROWS], col_scale[COLS];
static avocet_matrix of_rows, of_cols;
static avocet_graph *graph, *transposed;

/* A second graph of the same shape. */
static const int64_t other_offsets[ROWS + 1] = {0, 1, 4, 4, 7, 9};
static const uint32_t other_columns[] = {6, 0, 3, 5, 2, 2, 4, 1, 6};
static avocet_graph *other, *other_transposed;
static avocet_workspace *workspace;

#define NEAR(found, wanted) check_near((found), (wanted), __LINE__)

static void check_near(double found, double wanted, int line) {
    if (!(fabs(found - wanted) <= 1e-5 * (1 + fabs(wanted)))) {
        fprintf(stderr, "results.c:%d: found %.9g, wanted %.9g\n", line, found, wanted);
        exit(1);
    }
}

static double dot(const float *a, const float *b) {
    double sum = 0;
    for (size_t j = 0; j < D; j++) {
        sum += (double)a[j] * b[j];
    }
    return sum;
}

static double softplus(double x) {
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
}

/* The row that an edge belongs to. */
static size_t row_of(size_t edge) {
    size_t row = 0;
    while ((size_t)offsets[row + 1] <= edge) {
        row++;
    }
    return row;
}

static void handles(void) {
    int64_t found_offsets[COLS + 1];
    uint32_t found[EDGES];
    avocet_csr view = csr(offsets, ROWS, columns, COLS);
    OK(avocet_graph_create(&view, &graph, &error));
    OK(avocet_graph_transpose(graph, &transposed, &error));
    CHECK(avocet_graph_rows(graph) == ROWS && avocet_graph_cols(graph) == COLS);
    CHECK(avocet_graph_rows(transposed) == COLS && avocet_graph_cols(transposed) == ROWS);
    CHECK(avocet_graph_edges(graph) == EDGES && avocet_graph_edges(transposed) == EDGES);
    CHECK(!avocet_graph_is_derived(graph) && avocet_graph_is_derived(transposed) == 1);
    CHECK(avocet_graph_edge_id_limit(graph) == EDGES && avocet_graph_edge_id_limit(transposed) == EDGES);
    CHECK(avocet_graph_edge_id_limit(NULL) == 0 && avocet_graph_is_derived(NULL) == 0);
    OK(avocet_graph_offsets(graph, found_offsets, ROWS + 1, &error));
    CHECK(memcmp(found_offsets, offsets, sizeof offsets) == 0);
    OK(avocet_graph_indices(graph, found, EDGES, &error));
    CHECK(memcmp(found, columns, sizeof columns) == 0);
    OK(avocet_graph_edge_ids(graph, found, EDGES, &error));
    for (uint32_t e = 0; e < EDGES; e++) {
        CHECK(found[e] == e);
    }
    OK(avocet_graph_offsets(transposed, found_offsets, COLS + 1, &error));
    OK(avocet_graph_edge_ids(transposed, found, EDGES, &error));
    uint32_t sources[EDGES];
    OK(avocet_graph_indices(transposed, sources, EDGES, &error));
    for (size_t c = 0; c < COLS; c++) {
        for (int64_t e = found_offsets[c]; e < found_offsets[c + 1]; e++) {
            CHECK(columns[found[e]] == c && row_of(found[e]) == sources[e]);
        }
    }

    /* The other index types give the same graph. */
    const int32_t offsets32[] = {0, 3, 3, 7, 8, 12};
    int32_t signed_columns[EDGES];
    int64_t long_columns[EDGES];
    for (size_t e = 0; e < EDGES; e++) {
        signed_columns[e] = (int32_t)columns[e];
        long_columns[e] = columns[e];
    }
    for (int i = 0; i < 2; i++) {
        avocet_graph *same;
        view.offsets = offsets32;
        view.offset_type = i == 0 ? AVOCET_I32 : AVOCET_U32;
        view.indices = i == 0 ? (const void *)signed_columns : (const void *)long_columns;
        view.index_type = i == 0 ? AVOCET_I32 : AVOCET_I64;
        OK(avocet_graph_create(&view, &same, &error));
        OK(avocet_graph_indices(same, found, EDGES, &error));
        CHECK(memcmp(found, columns, sizeof columns) == 0);
        avocet_graph_destroy(same);
    }

    view = csr(other_offsets, ROWS, other_columns, COLS);
    OK(avocet_graph_create(&view, &other, &error));
    OK(avocet_graph_transpose(other, &other_transposed, &error));

    avocet_pool *pool;
    OK(avocet_pool_create(2, &pool, &error));
    CHECK(avocet_pool_threads(pool) == 2 && avocet_pool_threads(NULL) == 1);
    avocet_pool_destroy(pool);
    avocet_pool_destroy(NULL);

    OK(avocet_workspace_create(100, &workspace, &error));
    CHECK(avocet_workspace_bytes(workspace) >= 100 && avocet_workspace_bytes(NULL) == 0);
    OK(avocet_workspace_reserve(workspace, 5000, &error));
    CHECK(avocet_workspace_bytes(workspace) >= 5000);
    OK(avocet_workspace_reserve(workspace, 1, &error));
    CHECK(avocet_workspace_bytes(workspace) >= 5000);
}

static void map(void) {
    const double x[] = {-3, -0.5, 0, 0.25, 1, 4};
    float in[LENGTH(x)], out[LENGTH(x)];
    for (size_t i = 0; i < LENGTH(x); i++) {
        in[i] = (float)x[i];
    }
    for (int32_t function = AVOCET_FUNCTION_EXP; function <= AVOCET_FUNCTION_TANH; function++) {
        OK(avocet_map(function, in, out, LENGTH(x), NULL, &error));
        for (size_t i = 0; i < LENGTH(x); i++) {
            double wanted = function == AVOCET_FUNCTION_EXP       ? exp(x[i])
                            : function == AVOCET_FUNCTION_LOG     ? log(x[i])
                            : function == AVOCET_FUNCTION_LOG1P   ? log1p(x[i])
                            : function == AVOCET_FUNCTION_SIGMOID ? sigmoid(x[i])
                            : function == AVOCET_FUNCTION_TANH    ? tanh(x[i])
                                                                  : softplus(x[i]);
            if (isfinite(wanted)) {
                NEAR(out[i], wanted);
            } else {
                CHECK(isnan(wanted) ? isnan(out[i]) : out[i] == (float)wanted);
            }
        }
    }
}

static void aggregate(void) {
    float out[ROWS * (D + 3)], before[ROWS * (D + 3)];
    for (int mean = 0; mean < 2; mean++) {
        random_values(out, LENGTH(out));
        memcpy(before, out, sizeof out);
        avocet_matrix_mut to = matrix_mut(out, ROWS, D);
        to.stride = D + 3;
        avocet_aggregate_options options = {0};
        options.struct_size = sizeof options;
        options.reduce = mean ? AVOCET_REDUCE_MEAN : AVOCET_REDUCE_SUM;
        options.accumulate = mean;
        options.edge_weights = weights;
        options.source_scale = col_scale;
        options.row_scale = row_scale;
        OK(avocet_aggregate(graph, &of_cols, &options, &to, NULL, &error));
        for (size_t i = 0; i < ROWS; i++) {
            double edges = (double)(offsets[i + 1] - offsets[i]);
            for (size_t j = 0; j < D + 3; j++) {
                size_t at = i * (D + 3) + j;
                double sum = 0;
                for (int64_t e = offsets[i]; e < offsets[i + 1]; e++) {
                    sum += (double)weights[e] * col_scale[columns[e]] * cols_data[columns[e] * D + j % D];
                }
                sum *= mean && edges > 0 ? row_scale[i] / edges : row_scale[i];
                NEAR(out[at], j >= D ? before[at] : mean ? sum + before[at] : sum);
            }
        }
    }

    float dots[EDGES];
    OK(avocet_edge_dots(graph, &of_rows, &of_cols, dots, NULL, &error));
    for (size_t e = 0; e < EDGES; e++) {
        NEAR(dots[e], dot(rows_data + row_of(e) * D, cols_data + columns[e] * D));
    }
}

/*
 * `part` is of some of the edges of `graph`, found by their numbers, row i of it of row `rows[i]`: its structure, and sums
 * over it and over its transpose with weights by edge number.
 */
static void check_derived(const avocet_graph *part, const uint32_t *rows, size_t len) {
    int64_t found_offsets[ROWS + 1];
    uint32_t found[2 * EDGES], ids[2 * EDGES];
    float out[COLS * D], x[ROWS * D];
    size_t edges = avocet_graph_edges(part);
    CHECK(avocet_graph_rows(part) == len && avocet_graph_cols(part) == COLS && edges <= LENGTH(found));
    CHECK(avocet_graph_is_derived(part) == 1 && avocet_graph_edge_id_limit(part) == EDGES);
    OK(avocet_graph_offsets(part, found_offsets, len + 1, &error));
    OK(avocet_graph_indices(part, found, edges, &error));
    OK(avocet_graph_edge_ids(part, ids, edges, &error));

    avocet_aggregate_options options = {0};
    options.struct_size = sizeof options;
    options.edge_weights = weights;
    avocet_matrix_mut to = matrix_mut(out, len, D);
    OK(avocet_aggregate(part, &of_cols, &options, &to, NULL, &error));
    for (size_t i = 0; i < len; i++) {
        double sums[D] = {0};
        for (int64_t e = found_offsets[i]; e < found_offsets[i + 1]; e++) {
            CHECK(row_of(ids[e]) == rows[i] && columns[ids[e]] == found[e]);
            CHECK(e == found_offsets[i] || ids[e - 1] <= ids[e]);
            for (size_t j = 0; j < D; j++) {
                sums[j] += (double)weights[ids[e]] * cols_data[found[e] * D + j];
            }
        }
        for (size_t j = 0; j < D; j++) {
            NEAR(out[i * D + j], sums[j]);
        }
    }

    avocet_graph *turned;
    OK(avocet_graph_transpose(part, &turned, &error));
    CHECK(avocet_graph_edge_id_limit(turned) == EDGES);
    random_values(x, LENGTH(x));
    avocet_matrix from = matrix(x, len, D);
    to = matrix_mut(out, COLS, D);
    OK(avocet_aggregate(turned, &from, &options, &to, NULL, &error));
    avocet_graph_destroy(turned);
    for (size_t c = 0; c < COLS; c++) {
        double sum = 0;
        for (size_t i = 0; i < len; i++) {
            for (int64_t e = found_offsets[i]; e < found_offsets[i + 1]; e++) {
                sum += found[e] == c ? (double)weights[ids[e]] * x[i * D] : 0;
            }
        }
        NEAR(out[c * D], sum);
    }
}

static void selection(void) {
    const int32_t chosen[] = {4, 0, 1, 0};
    const uint32_t rows[] = {4, 0, 1, 0};
    avocet_indices ids = indices(chosen, LENGTH(chosen), AVOCET_I32);
    avocet_graph *part, *again;
    OK(avocet_graph_select_rows(graph, &ids, &part, &error));
    CHECK(avocet_graph_edges(part) == 4 + 3 + 0 + 3);
    check_derived(part, rows, LENGTH(chosen));
    const int32_t first[] = {2, 3};
    const uint32_t first_rows[] = {1, 0};
    ids = indices(first, LENGTH(first), AVOCET_I32);
    OK(avocet_graph_select_rows(part, &ids, &again, &error));
    CHECK(avocet_graph_edges(again) == 3);
    check_derived(again, first_rows, LENGTH(first));
    avocet_graph_destroy(part);
    avocet_graph_destroy(again);
}

static void sampling(void) {
    const uint32_t fanout[ROWS] = {2, 9, 3, 0, 4}, rows[ROWS] = {0, 1, 2, 3, 4};
    float positive[EDGES];
    for (size_t e = 0; e < EDGES; e++) {
        positive[e] = e == 5 ? 0 : fabsf(weights[e]) + 0.1f;
    }
    for (int32_t draw = AVOCET_DRAW_WITHOUT_REPLACEMENT; draw <= AVOCET_DRAW_WEIGHTED; draw++) {
        int taken[EDGES] = {0};
        for (uint64_t seed = 0; seed < 40; seed++) {
            avocet_sample_options options = {0};
            options.struct_size = sizeof options;
            options.draw = draw;
            options.seed = seed;
            options.layer = 3;
            options.edge_weights = draw == AVOCET_DRAW_WEIGHTED ? positive : NULL;
            avocet_graph *sample, *same;
            int64_t found[ROWS + 1];
            uint32_t ids[EDGES], other_ids[EDGES];
            OK(avocet_sample_neighbours(graph, fanout, &options, &sample, NULL, &error));
            check_derived(sample, rows, ROWS);
            size_t edges = avocet_graph_edges(sample);
            CHECK(edges == 2 + 0 + 3 + 0 + 4);
            OK(avocet_graph_offsets(sample, found, ROWS + 1, &error));
            OK(avocet_graph_edge_ids(sample, ids, edges, &error));
            CHECK(found[1] == 2 && found[2] == 2 && found[3] == 5 && found[4] == 5);
            for (size_t e = 0; e < edges; e++) {
                taken[ids[e]]++;
                CHECK(draw == AVOCET_DRAW_WITH_REPLACEMENT || e == 0 || ids[e - 1] < ids[e]);
            }
            /* The sample of a row is that of the same call again, and of a call on other rows. */
            const uint32_t alone[ROWS] = {2, 0, 0, 0, 0};
            OK(avocet_sample_neighbours(graph, alone, &options, &same, NULL, &error));
            OK(avocet_graph_edge_ids(same, other_ids, 2, &error));
            CHECK(memcmp(ids, other_ids, 2 * sizeof *ids) == 0);
            avocet_graph_destroy(same);
            avocet_graph_destroy(sample);
        }
        for (size_t e = 0; e < EDGES; e++) {
            size_t row = row_of(e);
            int drawable = row != 3 && (draw != AVOCET_DRAW_WEIGHTED || e != 5);
            CHECK(drawable ? taken[e] > 0 : taken[e] == 0);
            CHECK(row != 4 || taken[e] == 40);
        }
    }
    avocet_graph *whole;
    const uint32_t all[ROWS] = {9, 9, 9, 9, 9};
    OK(avocet_sample_neighbours(graph, all, NULL, &whole, NULL, &error));
    CHECK(avocet_graph_edges(whole) == EDGES);
    avocet_graph_destroy(whole);
}

static void fanouts(void) {
    const double degrees[ROWS] = {3, 1, 4, 1, 4};
    double sum = 0;
    avocet_power_law law;
    uint32_t fanout[ROWS];
    OK(avocet_fit_power_law(graph, &law, &error));
    for (size_t i = 0; i < ROWS; i++) {
        sum += log(degrees[i]);
    }
    CHECK(law.least == 1);
    NEAR(law.exponent, 1 + ROWS / sum);
    OK(avocet_adaptive_fanout(graph, &law, 3, 20, fanout, &error));
    for (size_t i = 0; i < ROWS; i++) {
        CHECK(fabs(fanout[i] - (3 + 17 * pow(degrees[i], 1 - law.exponent))) <= 0.501);
    }
    law.least = 3;
    law.exponent = INFINITY;
    OK(avocet_adaptive_fanout(graph, &law, 2, 5, fanout, &error));
    for (size_t i = 0; i < ROWS; i++) {
        CHECK(fanout[i] == (degrees[i] <= 3 ? 5u : 2u));
    }
}

static void walks(void) {
    const uint32_t fanout[ROWS] = {5, 9, 2, 4, 6};
    avocet_walk_options options = {0};
    options.struct_size = sizeof options;
    options.walks = 50;
    options.length = 2;
    options.seed = 7;
    avocet_graph *walked, *turned;
    OK(avocet_walk_neighbours(graph, transposed, fanout, &options, &walked, NULL, &error));
    size_t edges = avocet_graph_edges(walked);
    CHECK(avocet_graph_rows(walked) == ROWS && avocet_graph_cols(walked) == COLS);
    CHECK(!avocet_graph_is_derived(walked) && avocet_graph_edge_id_limit(walked) == edges);
    int64_t found_offsets[ROWS + 1];
    uint32_t found[ROWS * COLS], added = 0;
    float share[ROWS * COLS];
    OK(avocet_graph_offsets(walked, found_offsets, ROWS + 1, &error));
    OK(avocet_graph_indices(walked, found, edges, &error));
    OK(avocet_graph_walk_weights(walked, share, edges, &error));
    for (size_t i = 0; i < ROWS; i++) {
        size_t own = (size_t)(offsets[i + 1] - offsets[i]), len = (size_t)(found_offsets[i + 1] - found_offsets[i]);
        const uint32_t *row = found + found_offsets[i];
        const float *weight = share + found_offsets[i];
        CHECK(len >= own && (len == own || (own > 0 && len <= fanout[i])));
        for (size_t e = 0; e < len; e++) {
            if (e < own) {
                CHECK(row[e] == columns[(size_t)offsets[i] + e] && weight[e] == 1);
                continue;
            }
            added++;
            double visits = (double)weight[e] * 50 * 3;
            CHECK(row[e] != i && visits > 0.99 && fabs(visits - floor(visits + 0.5)) < 1e-3);
            CHECK(e == own || weight[e] < weight[e - 1] || (weight[e] == weight[e - 1] && row[e] > row[e - 1]));
            for (size_t before = 0; before < e; before++) {
                CHECK(row[before] != row[e]);
            }
        }
    }
    CHECK(added > 3);

    /* The weights serve the graph and its transpose. */
    float out[ROWS * D], dots[ROWS * COLS], back[COLS * D];
    avocet_aggregate_options weighted = {0};
    weighted.struct_size = sizeof weighted;
    weighted.edge_weights = share;
    avocet_matrix_mut to = matrix_mut(out, ROWS, D), to_back = matrix_mut(back, COLS, D);
    OK(avocet_aggregate(walked, &of_cols, &weighted, &to, NULL, &error));
    OK(avocet_graph_transpose(walked, &turned, &error));
    OK(avocet_aggregate(turned, &of_rows, &weighted, &to_back, NULL, &error));
    OK(avocet_edge_dots(walked, &of_rows, &of_cols, dots, NULL, &error));
    double by_edge = 0, by_row = 0, by_column = 0;
    for (size_t e = 0; e < edges; e++) {
        by_edge += (double)share[e] * dots[e];
    }
    for (size_t i = 0; i < ROWS; i++) {
        by_row += dot(out + i * D, rows_data + i * D);
    }
    for (size_t c = 0; c < COLS; c++) {
        by_column += dot(back + c * D, cols_data + c * D);
    }
    NEAR(by_row, by_edge);
    NEAR(by_column, by_edge);
    avocet_graph_destroy(turned);
    avocet_graph_destroy(walked);
}

static void dense(void) {
    float out[ROWS * COLS], norms[ROWS], dy[ROWS * COLS], dz[ROWS * COLS], w[D * COLS];
    double sums[ROWS * COLS];
    random_values(w, LENGTH(w));
    random_values(dy, LENGTH(dy));
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t c = 0; c < COLS; c++) {
            double *sum = &sums[i * COLS + c];
            *sum = dot(rows_data + i * D, cols_data + c * D);
            for (size_t j = 0; j < D; j++) {
                *sum += (double)rows_data[i * D + j] * w[j * COLS + c];
            }
        }
    }
    avocet_addend addends[2];
    memset(addends, 0, sizeof addends);
    addends[0].x = of_rows;
    addends[0].w = of_cols;
    addends[0].transposed = 1;
    addends[1].x = of_rows;
    addends[1].w = matrix(w, D, COLS);
    avocet_matrix_mut to = matrix_mut(out, ROWS, COLS);
    OK_WITH(workspace, avocet_dense_product(addends, 2, NULL, &to, NULL, NULL, workspace, &error));
    for (size_t i = 0; i < LENGTH(out); i++) {
        NEAR(out[i], sums[i]);
    }

    /* The same with activation and norm in one go, and in two steps. */
    for (int32_t activation = AVOCET_ACTIVATION_NONE; activation <= AVOCET_ACTIVATION_TANH; activation++) {
        float fused[ROWS * COLS], fused_norms[ROWS];
        avocet_dense_options options = {0};
        options.struct_size = sizeof options;
        options.activation = activation;
        options.normalise = 1;
        OK(avocet_dense_product(addends, 2, NULL, &to, NULL, NULL, workspace, &error));
        OK(avocet_dense_activate(&options, &to, norms, NULL, &error));
        avocet_matrix_mut to_fused = matrix_mut(fused, ROWS, COLS);
        OK(avocet_dense_product(addends, 2, &options, &to_fused, fused_norms, NULL, workspace, &error));
        CHECK(memcmp(out, fused, sizeof out) == 0 && memcmp(norms, fused_norms, sizeof norms) == 0);

        avocet_matrix y = matrix(out, ROWS, COLS), from = matrix(dy, ROWS, COLS);
        avocet_matrix_mut into = matrix_mut(dz, ROWS, COLS);
        OK(avocet_dense_activate_backward(&options, &y, norms, &from, &into, NULL, &error));
        for (size_t i = 0; i < ROWS; i++) {
            double a[COLS], norm = 0, along = 0;
            for (size_t c = 0; c < COLS; c++) {
                double z = sums[i * COLS + c];
                a[c] = activation == AVOCET_ACTIVATION_RELU   ? (z > 0 ? z : 0)
                       : activation == AVOCET_ACTIVATION_TANH ? tanh(z)
                                                              : z;
                norm += a[c] * a[c];
            }
            norm = sqrt(norm);
            NEAR(norms[i], norm);
            for (size_t c = 0; c < COLS; c++) {
                NEAR(out[i * COLS + c], a[c] / norm);
                along += a[c] / norm * dy[i * COLS + c];
            }
            for (size_t c = 0; c < COLS; c++) {
                double da = (dy[i * COLS + c] - a[c] / norm * along) / norm;
                double slope = activation == AVOCET_ACTIVATION_RELU   ? (a[c] > 0)
                               : activation == AVOCET_ACTIVATION_TANH ? 1 - a[c] * a[c]
                                                                      : 1;
                NEAR(dz[i * COLS + c], da * slope);
            }
        }
    }

    float gradient[D * COLS] = {0};
    avocet_matrix from = matrix(dy, ROWS, COLS);
    avocet_matrix_mut into = matrix_mut(gradient, D, COLS);
    for (int32_t accumulate = 0; accumulate < 2; accumulate++) {
        OK_WITH(workspace, avocet_dense_weight_gradient(&of_rows, &from, accumulate, &into, NULL, workspace, &error));
        for (size_t j = 0; j < D; j++) {
            for (size_t c = 0; c < COLS; c++) {
                double sum = 0;
                for (size_t i = 0; i < ROWS; i++) {
                    sum += (double)rows_data[i * D + j] * dy[i * COLS + c];
                }
                NEAR(gradient[j * COLS + c], accumulate ? 2 * sum : sum);
            }
        }
    }
}

enum { M = 6 };

/* The rows of `x` that a relation reads, as `avocet_aggregate` sums them. */
static void gathered(const avocet_graph *from, const float *scale, const avocet_matrix *x, float *out) {
    avocet_aggregate_options options = {0};
    options.struct_size = sizeof options;
    options.row_scale = scale;
    avocet_matrix_mut to = matrix_mut(out, ROWS, D);
    OK(avocet_aggregate(from, x, &options, &to, NULL, &error));
}

/* += the outer product of two rows. */
static void add_outer(double *to, const float *x, const float *dz) {
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < D; j++) {
            for (size_t c = 0; c < M; c++) {
                to[j * M + c] += (double)x[i * D + j] * dz[i * M + c];
            }
        }
    }
}

/* += for each edge from row i to column j, `scale[i] * dz[i] * w^T` at row j. */
static void add_back(double *to, const int64_t *at, const uint32_t *column, const float *scale, const float *dz,
                     const float *w) {
    for (size_t i = 0; i < ROWS; i++) {
        for (int64_t e = at[i]; e < at[i + 1]; e++) {
            for (size_t j = 0; j < D; j++) {
                double sum = 0;
                for (size_t c = 0; c < M; c++) {
                    sum += (double)dz[i * M + c] * w[j * M + c];
                }
                to[column[e] * D + j] += sum * (scale == NULL ? 1 : scale[i]);
            }
        }
    }
}

/* Two relations, the second one also along, of `ROWS` of `COLS` nodes, against the calls that the layer joins. */
static void dual(void) {
    static float targets[COLS * D], w[5][D * M], dy[2][ROWS * M], y[2][ROWS * M], norms[2][ROWS];
    static float out[2][ROWS * D], into[2][ROWS * D], own_rows[2][ROWS * D];
    const int64_t own_offsets[ROWS + 1] = {0, 1, 2, 3, 4, 5};
    const uint32_t own_columns[ROWS] = {6, 2, 2, 0, 5};
    avocet_csr view = csr(own_offsets, ROWS, own_columns, COLS);
    avocet_graph *own, *own_transposed;
    OK(avocet_graph_create(&view, &own, &error));
    OK(avocet_graph_transpose(own, &own_transposed, &error));
    random_values(targets, LENGTH(targets));
    random_values(w[0], 5 * D * M);
    random_values(dy[0], 2 * ROWS * M);
    const avocet_matrix t = matrix(targets, COLS, D);
    avocet_matrix weight[5];
    for (size_t i = 0; i < LENGTH(weight); i++) {
        weight[i] = matrix(w[i], D, M);
    }
    avocet_dual_relation relations[2];
    memset(relations, 0, sizeof relations);
    relations[0].out = graph;
    relations[0].into = other;
    relations[0].out_scale = row_scale;
    relations[0].across = &weight[2];
    relations[1].out = other;
    relations[1].into = graph;
    relations[1].into_scale = row_scale;
    relations[1].across = &weight[3];
    relations[1].along = &weight[4];
    avocet_dual_layer layer = {0};
    layer.struct_size = sizeof layer;
    layer.sources = &of_cols;
    layer.targets = &t;
    layer.own = own;
    layer.source_weights = &weight[0];
    layer.target_weights = &weight[1];
    layer.relations = relations;
    layer.relation_count = 2;

    gathered(graph, row_scale, &t, out[0]);
    gathered(other, NULL, &t, out[1]);
    gathered(other, NULL, &of_cols, into[0]);
    gathered(graph, row_scale, &of_cols, into[1]);
    for (size_t i = 0; i < ROWS; i++) {
        memcpy(own_rows[0] + i * D, cols_data + own_columns[i] * D, D * sizeof(float));
        memcpy(own_rows[1] + i * D, targets + own_columns[i] * D, D * sizeof(float));
    }
    const float *terms[2][4] = {{own_rows[0], out[0], out[1], into[1]}, {own_rows[1], into[0], into[1], out[1]}};

    for (int32_t normalise = 0; normalise < 2; normalise++) {
        layer.activation = normalise ? AVOCET_ACTIVATION_TANH : AVOCET_ACTIVATION_RELU;
        layer.normalise = normalise;
        avocet_matrix_mut to[2] = {matrix_mut(y[0], ROWS, M), matrix_mut(y[1], ROWS, M)};
        avocet_dual_rows rows = {0};
        rows.struct_size = sizeof rows;
        rows.sources = &to[0];
        rows.targets = &to[1];
        rows.source_norms = normalise ? norms[0] : NULL;
        rows.target_norms = normalise ? norms[1] : NULL;
        OK_WITH(workspace, avocet_dual_forward(&layer, &rows, NULL, workspace, &error));

        avocet_dense_options options = {0};
        options.struct_size = sizeof options;
        options.activation = layer.activation;
        options.normalise = normalise;
        float dz[2][ROWS * M];
        for (int side = 0; side < 2; side++) {
            avocet_addend addends[4];
            memset(addends, 0, sizeof addends);
            for (size_t i = 0; i < 4; i++) {
                addends[i].x = matrix(terms[side][i], ROWS, D);
                addends[i].w = weight[i == 0 ? (size_t)side : i + 1];
            }
            float wanted[ROWS * M], wanted_norms[ROWS];
            avocet_matrix_mut composed = matrix_mut(wanted, ROWS, M);
            OK_WITH(workspace,
                    avocet_dense_product(addends, 4, &options, &composed, wanted_norms, NULL, workspace, &error));
            CHECK(memcmp(wanted, y[side], sizeof wanted) == 0);
            CHECK(!normalise || memcmp(wanted_norms, norms[side], sizeof wanted_norms) == 0);
            avocet_matrix from_y = matrix(y[side], ROWS, M), from_dy = matrix(dy[side], ROWS, M);
            composed = matrix_mut(dz[side], ROWS, M);
            OK(avocet_dense_activate_backward(&options, &from_y, normalise ? norms[side] : NULL, &from_dy, &composed,
                                              NULL, &error));
        }

        /* S and T. */
        double d_rows[2][COLS * D] = {{0}, {0}}, d_weights[5][D * M] = {{0}};
        for (int side = 0; side < 2; side++) {
            const float *like = dz[side], *counterpart = dz[1 - side];
            add_back(d_rows[side], own_offsets, own_columns, NULL, like, w[side]);
            /* Sources are read through `into`, targets through `out`. */
            for (int r = 0; r < 2; r++) {
                int first = r == side;
                const int64_t *at = first ? other_offsets : offsets;
                const uint32_t *column = first ? other_columns : columns;
                add_back(d_rows[side], at, column, first ? NULL : row_scale, counterpart, w[2 + r]);
                if (r == 1) {
                    add_back(d_rows[side], at, column, first ? NULL : row_scale, like, w[4]);
                }
            }
            add_outer(d_weights[side], own_rows[side], like);
            add_outer(d_weights[2], side == 0 ? out[0] : into[0], like);
            add_outer(d_weights[3], side == 0 ? out[1] : into[1], like);
            add_outer(d_weights[4], side == 0 ? into[1] : out[1], like);
        }

        float found_rows[2][COLS * D], found_weights[5][D * M], before[5][D * M];
        random_values(found_weights[0], 5 * D * M);
        memcpy(before, found_weights, sizeof before);
        avocet_matrix_mut to_rows[2] = {matrix_mut(found_rows[0], COLS, D), matrix_mut(found_rows[1], COLS, D)};
        avocet_matrix_mut to_weights[5];
        for (size_t i = 0; i < LENGTH(to_weights); i++) {
            to_weights[i] = matrix_mut(found_weights[i], D, M);
        }
        avocet_matrix from_y[2] = {matrix(y[0], ROWS, M), matrix(y[1], ROWS, M)};
        avocet_matrix from_dy[2] = {matrix(dy[0], ROWS, M), matrix(dy[1], ROWS, M)};
        const avocet_dual_back back[2] = {{transposed, other_transposed}, {other_transposed, transposed}};
        avocet_dual_result result = {0};
        result.struct_size = sizeof result;
        result.sources = &from_y[0];
        result.targets = &from_y[1];
        result.source_norms = rows.source_norms;
        result.target_norms = rows.target_norms;
        result.source_gradient = &from_dy[0];
        result.target_gradient = &from_dy[1];
        result.own = own_transposed;
        result.back = back;
        avocet_dual_gradients gradients = {0};
        gradients.struct_size = sizeof gradients;
        gradients.sources = &to_rows[0];
        gradients.targets = &to_rows[1];
        gradients.weights = to_weights;
        gradients.weight_count = LENGTH(to_weights);
        OK_WITH(workspace, avocet_dual_backward(&layer, &result, &gradients, NULL, workspace, &error));
        for (size_t side = 0; side < 2; side++) {
            for (size_t i = 0; i < COLS * D; i++) {
                NEAR(found_rows[side][i], d_rows[side][i]);
            }
        }
        for (size_t i = 0; i < 5; i++) {
            for (size_t j = 0; j < D * M; j++) {
                NEAR(found_weights[i][j], before[i][j] + d_weights[i][j]);
            }
        }
        /* Without the gradients of rows, the weights' are the same. */
        float again[5][D * M];
        memcpy(again, before, sizeof again);
        for (size_t i = 0; i < LENGTH(to_weights); i++) {
            to_weights[i] = matrix_mut(again[i], D, M);
        }
        gradients.sources = gradients.targets = NULL;
        OK(avocet_dual_backward(&layer, &result, &gradients, NULL, workspace, &error));
        CHECK(memcmp(again, found_weights, sizeof again) == 0);
    }
    avocet_graph_destroy(own);
    avocet_graph_destroy(own_transposed);
}

/* Rows without columns take no time, however many there are. */
static void many_empty_rows(void) {
    const size_t many = (size_t)1 << 36, most = UINT32_MAX;
    const avocet_matrix empty = matrix(NULL, many, 0), square = matrix(NULL, 0, 0);
    avocet_matrix_mut to = matrix_mut(NULL, many, 0), to_square = matrix_mut(NULL, 0, 0);
    for (int32_t activation = AVOCET_ACTIVATION_NONE; activation <= AVOCET_ACTIVATION_TANH; activation++) {
        avocet_dense_options options = {0};
        options.struct_size = sizeof options;
        options.activation = activation;
        OK(avocet_dense_activate(&options, &to, NULL, NULL, &error));
        OK(avocet_dense_activate_backward(&options, &empty, NULL, &empty, &to, NULL, &error));
        avocet_addend addends[2];
        memset(addends, 0, sizeof addends);
        for (int i = 0; i < 2; i++) {
            addends[i].x = empty;
            addends[i].w = square;
        }
        OK(avocet_dense_product(addends, 2, &options, &to, NULL, NULL, workspace, &error));
        OK(avocet_dense_product(NULL, 0, &options, &to, NULL, NULL, workspace, &error));
        /* Many inner columns: the packed weights hold nothing, nor would 64 for each row of them fit. */
        for (int32_t transposed_weights = 0; transposed_weights < 2; transposed_weights++) {
            const size_t inner = (size_t)1 << 58;
            addends[0].x = matrix(NULL, 0, inner);
            addends[0].w = transposed_weights ? matrix(NULL, 0, inner) : matrix(NULL, inner, 0);
            addends[0].transposed = transposed_weights;
            options.normalise = 1;
            OK(avocet_dense_product(addends, 1, &options, &to_square, NULL, NULL, workspace, &error));
        }
    }
    OK(avocet_dense_weight_gradient(&empty, &empty, 0, &to_square, NULL, workspace, &error));

    const int64_t last[] = {(int64_t)many - 1, 0};
    const avocet_indices ids = indices(last, 2, AVOCET_I64), one = indices(last, 1, AVOCET_I64);
    float found[EDGES] = {1, 1};
    OK(avocet_score_pairs(&empty, &empty, &ids, &ids, NULL, found, NULL, &error));
    CHECK(found[0] == 0 && found[1] == 0);
    const avocet_matrix gradient = matrix(NULL, 1, 0);
    avocet_matrix_mut squares = matrix_mut(NULL, many, 0);
    OK(avocet_adagrad_rows(1, 0, &one, &gradient, &to, &squares, NULL, &error));

    avocet_csr view = csr(offsets, ROWS, columns, most);
    avocet_graph *wide;
    const avocet_matrix few = matrix(NULL, ROWS, 0), targets = matrix(NULL, most, 0);
    avocet_matrix_mut to_few = matrix_mut(NULL, ROWS, 0), to_cols = matrix_mut(NULL, COLS, 0);
    OK(avocet_graph_create(&view, &wide, &error));
    OK(avocet_aggregate(wide, &targets, NULL, &to_few, NULL, &error));
    OK(avocet_edge_dots(wide, &few, &targets, found, NULL, &error));
    CHECK(found[0] == 0 && found[EDGES - 1] == 0);
    uint32_t best[ROWS * K], counts[ROWS], nans[ROWS], better[EDGES], equal[EDGES];
    float best_scores[ROWS * K];
    OK_WITH(workspace,
            avocet_top_k(&few, &targets, wide, K, best, best_scores, counts, nans, NULL, workspace, &error));
    /* All scores tie, so the first ids that the graph leaves are best. */
    CHECK(best[0] == 1 && best[1] == 2 && best[2] == 3 && best_scores[2] == 0 && counts[0] == 3 && nans[0] == 0);
    CHECK(best[4 * K] == 1 && best[4 * K + 1] == 3 && best[4 * K + 2] == 5);
    OK_WITH(workspace, avocet_rank_counts(&few, &targets, wide, wide, better, equal, NULL, workspace, &error));
    CHECK(better[0] == 0 && equal[0] == most - 2 && equal[EDGES - 1] == most - 4);
    avocet_graph_destroy(wide);

    const avocet_matrix of_columns = matrix(NULL, COLS, 0);
    const avocet_edge_term term = edge_term(AVOCET_EDGE_POSITIVE);
    const avocet_softmax_term softmax = softmax_term();
    const uint32_t zero = 0;
    const avocet_indices negatives = indices(&zero, 1, AVOCET_U32);
    avocet_edge_loss_result result;
    avocet_softmax_loss_result softmax_result;
    OK_WITH(workspace, avocet_edge_loss(graph, transposed, &few, &of_columns, &term, NULL, &to_few, &to_cols, &result,
                                        NULL, workspace, &error));
    NEAR(result.loss, EDGES * log(2));
    OK_WITH(workspace, avocet_softmax_loss(graph, transposed, &few, &of_columns, &negatives, &softmax, NULL, &to_few,
                                           &to_cols, &softmax_result, NULL, workspace, &error));
    /* The edges to the negative itself have no other. */
    NEAR(softmax_result.loss, (EDGES - 2) * log(2));

    avocet_dual_layer layer = {0};
    layer.struct_size = sizeof layer;
    layer.sources = layer.targets = &empty;
    layer.source_weights = layer.target_weights = &square;
    avocet_dual_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.sources = rows.targets = &to;
    OK_WITH(workspace, avocet_dual_forward(&layer, &rows, NULL, workspace, &error));
    avocet_dual_result forward = {0};
    forward.struct_size = sizeof forward;
    forward.sources = forward.targets = forward.source_gradient = forward.target_gradient = &empty;
    avocet_matrix_mut weight_gradients[2] = {to_square, to_square};
    avocet_dual_gradients gradients = {0};
    gradients.struct_size = sizeof gradients;
    gradients.sources = gradients.targets = &to;
    gradients.weights = weight_gradients;
    gradients.weight_count = 2;
    OK_WITH(workspace, avocet_dual_backward(&layer, &forward, &gradients, NULL, workspace, &error));
}

static void scores(void) {
    const int32_t u[] = {0, 4, 2, 2};
    const int64_t v[] = {6, 0, 3, 3};
    float out[LENGTH(u)];
    avocet_indices first = indices(u, LENGTH(u), AVOCET_I32), second = indices(v, LENGTH(v), AVOCET_I64);
    OK(avocet_score_pairs(&of_rows, &of_cols, &first, &second, NULL, out, NULL, &error));
    for (size_t i = 0; i < LENGTH(u); i++) {
        NEAR(out[i], dot(rows_data + u[i] * D, cols_data + v[i] * D));
    }

    /* The graph's edges are left out. */
    uint32_t ids[ROWS * K], counts[ROWS], nans[ROWS], better[EDGES], equal[EDGES];
    float best[ROWS * K];
    OK_WITH(workspace, avocet_top_k(&of_rows, &of_cols, graph, K, ids, best, counts, nans, NULL, workspace, &error));
    for (size_t i = 0; i < ROWS; i++) {
        int taken[COLS] = {0};
        size_t left = COLS;
        for (int64_t e = offsets[i]; e < offsets[i + 1]; e++) {
            left -= !taken[columns[e]];
            taken[columns[e]] = 1;
        }
        CHECK(counts[i] == (left < K ? left : K) && nans[i] == 0);
        for (size_t place = 0; place < K; place++) {
            size_t at = COLS;
            for (size_t c = 0; c < COLS; c++) {
                const float *row = rows_data + i * D;
                if (!taken[c] && (at == COLS || dot(row, cols_data + c * D) > dot(row, cols_data + at * D))) {
                    at = c;
                }
            }
            if (at == COLS) {
                CHECK(ids[i * K + place] == AVOCET_NO_ID && best[i * K + place] == -INFINITY);
            } else {
                CHECK(ids[i * K + place] == at);
                NEAR(best[i * K + place], dot(rows_data + i * D, cols_data + at * D));
                taken[at] = 1;
            }
        }
    }

    OK_WITH(workspace, avocet_rank_counts(&of_rows, &of_cols, graph, NULL, better, equal, NULL, workspace, &error));
    for (size_t e = 0; e < EDGES; e++) {
        const float *row = rows_data + row_of(e) * D;
        uint32_t wanted = 0;
        for (size_t c = 0; c < COLS; c++) {
            wanted += dot(row, cols_data + c * D) > dot(row, cols_data + columns[e] * D);
        }
        CHECK(better[e] == wanted && equal[e] == 0);
    }
}

static void edge_loss(void) {
    for (int32_t kind = AVOCET_EDGE_POSITIVE; kind <= AVOCET_EDGE_REVERSED; kind++) {
        int turned = kind == AVOCET_EDGE_REVERSED;
        const avocet_matrix *sources = turned ? &of_cols : &of_rows, *targets = turned ? &of_rows : &of_cols;
        float d_rows[ROWS * D] = {0}, d_cols[COLS * D] = {0};
        double w_rows[ROWS * D] = {0}, w_cols[COLS * D] = {0}, loss = 0, d_temperature = 0, d_offset = 0;
        avocet_matrix_mut to_rows = matrix_mut(d_rows, ROWS, D), to_cols = matrix_mut(d_cols, COLS, D);
        avocet_edge_term term = edge_term(kind);
        term.temperature = 1.5f;
        term.offset = 0.25f;
        term.margin = kind == AVOCET_EDGE_POSITIVE ? 0 : 0.5f;
        term.weight = 2;
        for (size_t e = 0; e < EDGES; e++) {
            const float *row = rows_data + row_of(e) * D, *col = cols_data + columns[e] * D;
            double product = dot(row, col), x = 1.5 * product - 0.25;
            double sign = kind == AVOCET_EDGE_POSITIVE ? -1 : 1, z = sign * x - (double)term.margin;
            double slope = sign * 2 * weights[e] * sigmoid(z);
            loss += 2 * weights[e] * softplus(z);
            d_temperature += slope * product;
            d_offset -= slope;
            for (size_t j = 0; j < D; j++) {
                w_rows[row_of(e) * D + j] += slope * 1.5 * col[j];
                w_cols[columns[e] * D + j] += slope * 1.5 * row[j];
            }
        }
        avocet_edge_loss_result result;
        OK_WITH(workspace,
                avocet_edge_loss(graph, transposed, sources, targets, &term, weights, turned ? &to_cols : &to_rows,
                                 turned ? &to_rows : &to_cols, &result, NULL, workspace, &error));
        NEAR(result.loss, loss);
        NEAR(result.temperature_gradient, d_temperature);
        NEAR(result.offset_gradient, d_offset);
        for (size_t i = 0; i < LENGTH(d_rows); i++) {
            NEAR(d_rows[i], w_rows[i]);
        }
        for (size_t i = 0; i < LENGTH(d_cols); i++) {
            NEAR(d_cols[i], w_cols[i]);
        }
    }
}

static void softmax_loss(void) {
    const uint32_t negatives[] = {3, 0, 3, 6, 5};
    float d_rows[ROWS * D] = {0}, d_cols[COLS * D] = {0};
    double w_rows[ROWS * D] = {0}, w_cols[COLS * D] = {0}, loss = 0, d_temperature = 0;
    for (size_t e = 0; e < EDGES; e++) {
        const float *row = rows_data + row_of(e) * D;
        double logits[1 + LENGTH(negatives)], sum = 0;
        uint32_t target[1 + LENGTH(negatives)];
        for (size_t k = 0; k <= LENGTH(negatives); k++) {
            target[k] = k == 0 ? columns[e] : negatives[k - 1];
            logits[k] = 0.75 * dot(row, cols_data + target[k] * D);
            sum += k > 0 && target[k] == columns[e] ? 0 : exp(logits[k]);
        }
        loss += 3 * weights[e] * (log(sum) - logits[0]);
        for (size_t k = 0; k <= LENGTH(negatives); k++) {
            double p = k > 0 && target[k] == columns[e] ? 0 : exp(logits[k]) / sum;
            double slope = 3 * weights[e] * (p - (k == 0));
            d_temperature += slope * logits[k] / 0.75;
            for (size_t j = 0; j < D; j++) {
                w_rows[row_of(e) * D + j] += slope * 0.75 * cols_data[target[k] * D + j];
                w_cols[target[k] * D + j] += slope * 0.75 * row[j];
            }
        }
    }
    avocet_softmax_term term = softmax_term();
    term.temperature = 0.75f;
    term.weight = 3;
    avocet_indices drawn = indices(negatives, LENGTH(negatives), AVOCET_U32);
    avocet_matrix_mut to_rows = matrix_mut(d_rows, ROWS, D), to_cols = matrix_mut(d_cols, COLS, D);
    avocet_softmax_loss_result result;
    OK_WITH(workspace, avocet_softmax_loss(graph, transposed, &of_rows, &of_cols, &drawn, &term, weights, &to_rows,
                                           &to_cols, &result, NULL, workspace, &error));
    NEAR(result.loss, loss);
    NEAR(result.temperature_gradient, d_temperature);
    for (size_t i = 0; i < LENGTH(d_rows); i++) {
        NEAR(d_rows[i], w_rows[i]);
    }
    for (size_t i = 0; i < LENGTH(d_cols); i++) {
        NEAR(d_cols[i], w_cols[i]);
    }
}

static void optimisers(void) {
    float p[D], g[D], m[D], v[D], before[3][D];
    for (int custom = 0; custom < 2; custom++) {
        double beta1 = custom ? 0.5 : 0.9, beta2 = custom ? 0.75 : 0.999, epsilon = custom ? 0.125 : 1e-8;
        avocet_adam_options options = {0};
        options.struct_size = sizeof options;
        options.beta1 = 0.5f;
        options.beta2 = 0.75f;
        options.epsilon = 0.125f;
        random_values(p, D);
        random_values(g, D);
        random_values(m, D);
        for (size_t i = 0; i < D; i++) {
            v[i] = m[i] * m[i];
        }
        memcpy(before[0], p, sizeof p);
        memcpy(before[1], m, sizeof m);
        memcpy(before[2], v, sizeof v);
        OK(avocet_adam(0.1f, 3, custom ? &options : NULL, p, g, m, v, D, NULL, &error));
        for (size_t i = 0; i < D; i++) {
            double m1 = beta1 * before[1][i] + (1 - beta1) * g[i];
            double v1 = beta2 * before[2][i] + (1 - beta2) * g[i] * g[i];
            NEAR(m[i], m1);
            NEAR(v[i], v1);
            NEAR(p[i], before[0][i] - 0.1 / (1 - pow(beta1, 3)) * m1 / (sqrt(v1 / (1 - pow(beta2, 3))) + epsilon));
        }
    }

    float table[COLS * D], squares[COLS * D];
    const uint32_t touched[] = {1, 4, 6};
    avocet_indices rows = indices(touched, LENGTH(touched), AVOCET_U32);
    avocet_matrix gradient = matrix(rows_data, LENGTH(touched), D);
    memcpy(table, cols_data, sizeof table);
    for (size_t i = 0; i < LENGTH(squares); i++) {
        squares[i] = (float)i / 100;
    }
    avocet_matrix_mut to = matrix_mut(table, COLS, D), sums = matrix_mut(squares, COLS, D);
    OK(avocet_adagrad_rows(0.1f, 1e-3f, &rows, &gradient, &to, &sums, NULL, &error));
    for (size_t i = 0; i < LENGTH(table); i++) {
        size_t r = 0;
        while (r < LENGTH(touched) && touched[r] != i / D) {
            r++;
        }
        double grad = r < LENGTH(touched) ? rows_data[r * D + i % D] : 0, sum = (double)i / 100 + grad * grad;
        NEAR(squares[i], sum);
        NEAR(table[i], cols_data[i] - 0.1 * grad / (sqrt(sum) + 1e-3));
    }
}

/* Losses and their derivatives, against the formulas in f64. */
static void pointwise(void) {
    enum { N = 40 };
    float x[N], a[N], b[N], labels[N], weights_of[N], losses[N], gradient[N], curvature[N];
    random_values(x, N);
    random_values(a, N);
    random_values(b, N);
    for (size_t i = 0; i < N; i++) {
        x[i] *= 20;
        labels[i] = i % 3 == 0 ? 1 : i % 3 == 1 ? 0 : 0.25f;
        weights_of[i] = (float)(i % 4);
    }
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    for (int form = 0; form < 3; form++) {
        double sum = -1, wanted_sum = 0;
        targets.labels = form == 0 ? NULL : labels;
        targets.weights = form == 1 ? weights_of : NULL;
        targets.a = form == 0 ? a : NULL;
        targets.b = form == 0 ? b : NULL;
        targets.signed_weights = form == 0;
        OK_WITH(workspace, avocet_logistic_pointwise(x, &targets, losses, gradient, curvature, &sum, N, NULL, workspace,
                                                     &error));
        for (size_t i = 0; i < N; i++) {
            const double w = form == 1 ? weights_of[i] : 1;
            const double p = form == 0 ? a[i] : w * labels[i], q = form == 0 ? b[i] : w * (1 - labels[i]);
            const double up = log1p(exp(-fabs((double)x[i]))) + (x[i] > 0 ? x[i] : 0), down = up - x[i];
            const double sigmoid = 1 / (1 + exp(-(double)x[i])), rest = 1 / (1 + exp((double)x[i]));
            NEAR(losses[i], p * down + q * up);
            NEAR(gradient[i], q * sigmoid - p * rest);
            NEAR(curvature[i], (p + q) * sigmoid * rest);
            wanted_sum += losses[i];
        }
        NEAR(sum, wanted_sum);
    }
    /* Every output may be left out, and there may be no rows. */
    OK(avocet_logistic_pointwise(x, &targets, NULL, NULL, NULL, NULL, N, NULL, workspace, &error));
    double sum = -1;
    OK(avocet_logistic_pointwise(NULL, &targets, NULL, NULL, NULL, &sum, 0, NULL, workspace, &error));
    CHECK(sum == 0);
}

/* Margins, sums and vectors of dense rows, against the formulas in f64. */
static void dense_logistic(void) {
    float margins[ROWS], gradient[D], curvature[D], product[D], labels[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        labels[i] = (float)(i % 2);
    }
    avocet_logistic_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.x = &of_rows;
    rows.offsets = row_scale;
    rows.weights = cols_data;
    rows.intercept = 0.5f;
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    avocet_logistic_out out = {0};
    out.struct_size = sizeof out;
    out.margins = margins;
    out.gradient = gradient;
    out.curvature = curvature;
    out.product = product;
    out.along = cols_data + D;
    out.along_intercept = -1;
    avocet_logistic_sums sums;
    OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, &sums, NULL, workspace, &error));
    double loss = 0, wanted[3][D + 1] = {{0}};
    for (size_t i = 0; i < ROWS; i++) {
        const float *x = rows_data + i * D;
        const double m = dot(x, cols_data) + 0.5 + row_scale[i], p = 1 / (1 + exp(-m)), h = p * (1 - p);
        const double along = dot(x, cols_data + D) - 1;
        NEAR(margins[i], m);
        loss += softplus(m) - labels[i] * m;
        for (size_t j = 0; j <= D; j++) {
            const double v = j < D ? x[j] : 1;
            wanted[0][j] += (p - labels[i]) * v;
            wanted[1][j] += h * v * v;
            wanted[2][j] += h * along * v;
        }
    }
    NEAR(sums.loss, loss);
    for (size_t j = 0; j < D; j++) {
        NEAR(gradient[j], wanted[0][j]);
        NEAR(curvature[j], wanted[1][j]);
        NEAR(product[j], wanted[2][j]);
    }
    NEAR(sums.gradient, wanted[0][D]);
    NEAR(sums.curvature, wanted[1][D]);
    NEAR(sums.product, wanted[2][D]);
    /* Margins alone need no targets; nothing at all may be wanted. */
    float alone[ROWS];
    avocet_logistic_out only = {0};
    only.struct_size = sizeof only;
    OK(avocet_logistic_batch(&rows, NULL, &only, NULL, NULL, workspace, &error));
    only.margins = alone;
    OK(avocet_logistic_batch(&rows, NULL, &only, NULL, NULL, workspace, &error));
    CHECK(memcmp(alone, margins, sizeof alone) == 0);
    /* Rows of 16 bits: 1, -2 and the least f16, exactly. */
    static const uint16_t narrow[2][3] = {{0x3c00, 0xc000, 0x0001}, {0x3f80, 0xc000, 0x3380}};
    static const float factors[3] = {0.5f, 2, 1 << 24};
    float of_narrow[1];
    for (int type = AVOCET_F16; type <= AVOCET_BF16; type++) {
        avocet_matrix x = matrix(NULL, 1, 3);
        x.data = narrow[type - AVOCET_F16];
        x.element_type = type;
        avocet_logistic_rows narrow_rows = {0};
        narrow_rows.struct_size = sizeof narrow_rows;
        narrow_rows.x = &x;
        narrow_rows.weights = factors;
        only.margins = of_narrow;
        OK(avocet_logistic_batch(&narrow_rows, NULL, &only, NULL, NULL, workspace, &error));
        CHECK(of_narrow[0] == 0.5f - 4 + 1);
    }
    only.margins = alone;
    /* Without features too: what is NULL is not wanted. */
    const avocet_matrix no_features = matrix(NULL, ROWS, 0);
    rows.x = &no_features;
    OK(avocet_logistic_batch(&rows, NULL, &only, NULL, NULL, workspace, &error));
    CHECK(alone[1] == 0.5f + row_scale[1]);
    OK(avocet_logistic_batch(&rows, &targets, &only, &sums, NULL, workspace, &error));
    CHECK(sums.loss > 0 && sums.gradient == 0 && sums.curvature == 0 && sums.product == 0);
}

/* Sparse rows of every kind: against the formulas in f64, and prepared ones the bits of those that come as they are. */
static void sparse_logistic(void) {
    enum { WIDE = 3 * COLS + 2 };
    uint32_t spread[EDGES], features[COLS];
    int32_t signed_columns[EDGES];
    int64_t long_columns[EDGES];
    float w[WIDE], along[WIDE], few[2][COLS], labels[ROWS];
    random_values(w, WIDE);
    random_values(along, WIDE);
    for (size_t e = 0; e < EDGES; e++) {
        spread[e] = 3 * columns[e] + 1;
        signed_columns[e] = (int32_t)spread[e];
        long_columns[e] = spread[e];
    }
    for (size_t i = 0; i < ROWS; i++) {
        labels[i] = (float)(i % 2);
    }
    const avocet_csr view = csr(offsets, ROWS, spread, WIDE);
    for (int valued = 0; valued < 2; valued++) {
        const float *values = valued ? weights : NULL;
        avocet_sparse_rows *prepared;
        OK(avocet_sparse_rows_create(&view, values, &prepared, &error));
        CHECK(avocet_sparse_rows_count(prepared) == ROWS && avocet_sparse_rows_columns(prepared) == WIDE);
        CHECK(avocet_sparse_rows_feature_count(prepared) == COLS);
        OK(avocet_sparse_rows_features(prepared, features, COLS, &error));
        for (uint32_t j = 0; j < COLS; j++) {
            CHECK(features[j] == 3 * j + 1);
            few[0][j] = w[features[j]];
            few[1][j] = along[features[j]];
        }

        float margins[2][ROWS], vectors[3][WIDE], again[3][WIDE];
        avocet_logistic_rows rows = {0};
        rows.struct_size = sizeof rows;
        rows.csr = &view;
        rows.values = values;
        rows.offsets = row_scale;
        rows.weights = w;
        rows.intercept = 0.5f;
        avocet_logistic_targets targets = {0};
        targets.struct_size = sizeof targets;
        targets.labels = labels;
        avocet_logistic_out out = {0};
        out.struct_size = sizeof out;
        out.margins = margins[0];
        out.gradient = vectors[0];
        out.curvature = vectors[1];
        out.product = vectors[2];
        out.along = along;
        out.along_intercept = -1;
        avocet_logistic_sums sums, same;
        OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, &sums, NULL, workspace, &error));
        double loss = 0, wanted[3][WIDE + 1] = {{0}};
        for (size_t i = 0; i < ROWS; i++) {
            double m = 0.5 + row_scale[i], with_along = -1;
            for (int64_t e = offsets[i]; e < offsets[i + 1]; e++) {
                const double v = valued ? weights[e] : 1;
                m += v * w[spread[e]];
                with_along += v * along[spread[e]];
            }
            const double p = sigmoid(m), h = p * (1 - p), factors[] = {p - labels[i], h, h * with_along};
            NEAR(margins[0][i], m);
            loss += softplus(m) - labels[i] * m;
            for (int k = 0; k < 3; k++) {
                for (int64_t e = offsets[i]; e < offsets[i + 1]; e++) {
                    const double v = valued ? weights[e] : 1;
                    wanted[k][spread[e]] += factors[k] * (k == 1 ? v * v : v);
                }
                wanted[k][WIDE] += factors[k];
            }
        }
        NEAR(sums.loss, loss);
        NEAR(sums.gradient, wanted[0][WIDE]);
        NEAR(sums.curvature, wanted[1][WIDE]);
        NEAR(sums.product, wanted[2][WIDE]);
        for (int k = 0; k < 3; k++) {
            for (size_t j = 0; j < WIDE; j++) {
                NEAR(vectors[k][j], wanted[k][j]);
            }
        }

        /* Indices of other types, and prepared rows with all columns. */
        avocet_csr typed = view;
        typed.indices = signed_columns;
        typed.index_type = AVOCET_I32;
        out.margins = margins[1];
        out.gradient = again[0];
        out.curvature = again[1];
        out.product = again[2];
        for (int kind = 0; kind < 3; kind++) {
            memset(again, 0xff, sizeof again);
            rows.csr = kind < 2 ? &typed : NULL;
            rows.values = kind < 2 ? values : NULL;
            rows.prepared = kind < 2 ? NULL : prepared;
            OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, &same, NULL, workspace, &error));
            CHECK(memcmp(margins[0], margins[1], sizeof margins[0]) == 0 && memcmp(vectors, again, sizeof again) == 0);
            CHECK(memcmp(&sums, &same, sizeof sums) == 0);
            typed.indices = long_columns;
            typed.index_type = AVOCET_I64;
        }
        /* With the features that occur only. */
        rows.compact = 1;
        rows.weights = few[0];
        out.along = few[1];
        memset(again, 0xff, sizeof again);
        OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, &same, NULL, workspace, &error));
        CHECK(memcmp(margins[0], margins[1], sizeof margins[0]) == 0 && memcmp(&sums, &same, sizeof sums) == 0);
        for (int k = 0; k < 3; k++) {
            for (size_t j = 0; j < COLS; j++) {
                CHECK(memcmp(&again[k][j], &vectors[k][features[j]], sizeof again[k][j]) == 0);
            }
        }
        /* Margins alone need no targets; NaN is one then, for there is no sum that it has no place in. */
        avocet_logistic_out only = {0};
        only.struct_size = sizeof only;
        only.margins = margins[1];
        few[0][1] = NAN;
        OK(avocet_logistic_batch(&rows, NULL, &only, NULL, NULL, workspace, &error));
        CHECK(isnan(margins[1][2]) && margins[1][3] == margins[0][3]);
        avocet_sparse_rows_destroy(prepared);
    }
}

/* Sums over sparse rows are exact where f32 has a place for them; what there is none of may be NULL. */
static void few_sparse_rows(void) {
    const int64_t starts[] = {0, 3, 3, 4};
    const uint32_t entries[] = {1, 6, 6, 1};
    const float values[] = {3, 1, 2, -5}, labels[] = {1, 1, 0}, zeros[8] = {0};
    avocet_csr view = csr(starts, 3, entries, 8);
    float margins[3], gradient[8], curvature[8], product[8];
    avocet_logistic_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.csr = &view;
    rows.values = values;
    rows.weights = zeros;
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    avocet_logistic_out out = {0};
    out.struct_size = sizeof out;
    out.margins = margins;
    out.gradient = gradient;
    out.curvature = curvature;
    out.product = product;
    out.along = zeros;
    out.along_intercept = 4;
    avocet_logistic_sums sums;
    OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, &sums, NULL, workspace, &error));
    /* Slopes are -1/2, -1/2 and 1/2, the second derivatives 1/4; a column that a row has twice counts twice. */
    const float wanted[3][8] = {{0, -4, 0, 0, 0, 0, -1.5f}, {0, 8.5f, 0, 0, 0, 0, 1.25f}, {0, -2, 0, 0, 0, 0, 3}};
    for (size_t j = 0; j < 8; j++) {
        CHECK(gradient[j] == wanted[0][j] && curvature[j] == wanted[1][j] && product[j] == wanted[2][j]);
    }
    NEAR(sums.loss, 3 * log(2));
    CHECK(sums.gradient == -0.5 && sums.curvature == 0.75 && sums.product == 3);
    CHECK(margins[0] == 0 && margins[1] == 0 && margins[2] == 0);
    /* Infinite margins give the limits: of the first row 0, of the last one the whole slope. */
    float endless[8] = {0};
    endless[1] = INFINITY;
    rows.weights = endless;
    rows.values = NULL;
    OK(avocet_logistic_batch(&rows, &targets, &out, &sums, NULL, workspace, &error));
    CHECK(isinf(margins[0]) && isinf(margins[2]) && isinf(sums.loss));
    CHECK(gradient[1] == 1 && gradient[6] == 0 && curvature[1] == 0 && product[1] == 0);
    CHECK(sums.gradient == 0.5 && sums.curvature == 0.25 && sums.product == 1);

    /* No entries, no columns, no rows. */
    const int64_t none[] = {0, 0, 0, 0};
    float offsets_of[] = {1, 2, 3};
    targets.labels = labels;
    for (size_t n = 4; n-- > 0;) {
        for (size_t cols = 0; cols < 2; cols++) {
            avocet_sparse_rows *prepared;
            view = csr(none, n, NULL, cols);
            OK(avocet_sparse_rows_create(&view, NULL, &prepared, &error));
            CHECK(avocet_sparse_rows_count(prepared) == n && avocet_sparse_rows_columns(prepared) == cols);
            CHECK(avocet_sparse_rows_feature_count(prepared) == 0);
            OK(avocet_sparse_rows_features(prepared, NULL, 0, &error));
            for (int kind = 0; kind < 3; kind++) {
                rows.csr = kind == 0 ? &view : NULL;
                rows.prepared = kind == 0 ? NULL : prepared;
                rows.compact = kind == 2;
                rows.offsets = n > 0 ? offsets_of : NULL;
                rows.weights = cols > 0 && kind < 2 ? zeros : NULL;
                targets.labels = n > 0 ? labels : NULL;
                gradient[0] = -1;
                OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, &sums, NULL, workspace, &error));
                CHECK(gradient[0] == (cols > 0 && kind < 2 ? 0 : -1));
                CHECK(n < 3 || (margins[0] == 1 && margins[1] == 2 && margins[2] == 3));
                NEAR(sums.loss, (n > 0 ? softplus(-1) : 0) + (n > 1 ? softplus(-2) : 0) + (n > 2 ? softplus(3) : 0));
            }
            avocet_sparse_rows_destroy(prepared);
        }
    }
    CHECK(avocet_sparse_rows_count(NULL) == 0 && avocet_sparse_rows_columns(NULL) == 0);
    CHECK(avocet_sparse_rows_feature_count(NULL) == 0);
    avocet_sparse_rows_destroy(NULL);
}

/* Two groups of three rows, two of the first and one of the second positive: the minimum is symmetric. */
static void logistic_fit(void) {
    enum { N = 6 };
    const int64_t starts[N + 1] = {0, 1, 2, 3, 4, 5, 6};
    const uint32_t groups[N] = {1, 1, 1, 3, 3, 3};
    const float labels[N] = {1, 1, 0, 0, 1, 0};
    float x[N * 5] = {0}, found[5], intercept;
    for (size_t i = 0; i < N; i++) {
        x[i * 5 + groups[i]] = 1;
    }
    const avocet_matrix dense_rows = matrix(x, N, 5);
    const avocet_csr view = csr(starts, N, groups, 5);
    avocet_sparse_rows *prepared;
    OK(avocet_sparse_rows_create(&view, NULL, &prepared, &error));
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    avocet_logistic_fit_options options = {0};
    options.struct_size = sizeof options;
    options.tolerance = 1e-7f;
    avocet_logistic_fit_result result;
    for (int kind = 0; kind < 4; kind++) {
        avocet_logistic_rows rows = {0};
        rows.struct_size = sizeof rows;
        rows.x = kind == 0 ? &dense_rows : NULL;
        rows.csr = kind == 1 ? &view : NULL;
        rows.prepared = kind > 1 ? prepared : NULL;
        rows.compact = kind == 3;
        const size_t d = kind == 3 ? 2 : 5, first = kind == 3 ? 0 : 1, second = kind == 3 ? 1 : 3;

        /* Without a penalty, the intercept as it is: the log odds of each group. */
        options.l2 = 0;
        options.fixed_intercept = 1;
        rows.intercept = 0.5f;
        OK(avocet_logistic_fit(&rows, &targets, &options, found, &intercept, &result, NULL, &error));
        NEAR(found[first], log(2) - 0.5);
        NEAR(found[second], -log(2) - 0.5);
        CHECK(intercept == 0.5f);
        NEAR(result.loss, 4 * log(1.5) + 2 * log(3));
        CHECK(result.outcome != AVOCET_FIT_ITERATIONS && result.reserved == 0);
        CHECK(result.iterations > 0 && result.passes > result.iterations && result.gradient < 1e-5);

        /* With one: opposite weights, at which the penalty's slope is that of the rows. */
        float start[5] = {0};
        options.l2 = 0.5f;
        options.fixed_intercept = 0;
        start[first] = 1;
        rows.weights = start;
        OK(avocet_logistic_fit(&rows, &targets, &options, found, &intercept, &result, NULL, &error));
        const double w = found[first];
        CHECK(w > 0.1);
        NEAR(found[second], -w);
        NEAR(intercept, 0);
        NEAR(0.5 * w, 3 * sigmoid(-w) - 1);
        NEAR(result.loss, 4 * softplus(-w) + 2 * softplus(w) + 0.5 * w * w);
        for (size_t j = 0; j < d; j++) {
            CHECK(j == first || j == second || found[j] == 0);
        }

        /* One step, and, from the minimum on, none; the result may be left out. */
        float last[5];
        options.iterations = options.history = 1;
        OK(avocet_logistic_fit(&rows, &targets, &options, last, &intercept, &result, NULL, &error));
        CHECK(result.outcome == AVOCET_FIT_ITERATIONS && result.iterations == 1);
        options.iterations = options.history = 0;
        options.tolerance = 1e-5f;
        rows.weights = found;
        rows.intercept = 0;
        OK(avocet_logistic_fit(&rows, &targets, &options, last, &intercept, &result, NULL, &error));
        CHECK(result.outcome == AVOCET_FIT_CONVERGED && result.iterations == 0 && intercept == 0);
        CHECK(memcmp(found, last, d * sizeof *found) == 0);
        OK(avocet_logistic_fit(&rows, &targets, &options, last, &intercept, NULL, NULL, &error));
        /* Nothing is good enough. */
        options.tolerance = 1e-38f;
        OK(avocet_logistic_fit(&rows, &targets, &options, last, &intercept, &result, NULL, &error));
        CHECK(result.outcome == AVOCET_FIT_STALLED || result.gradient == 0);
        NEAR(last[first], w);
        options.tolerance = 1e-7f;
    }
    /* The intercept alone; no rows at all. */
    const avocet_matrix no_columns = matrix(NULL, 3, 0), no_rows = matrix(NULL, 0, 2);
    avocet_logistic_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.x = &no_columns;
    options.l2 = 0;
    OK(avocet_logistic_fit(&rows, &targets, &options, NULL, &intercept, &result, NULL, &error));
    NEAR(intercept, log(2));
    /* What is not a number is no minimum. */
    rows.x = &dense_rows;
    x[0] = NAN;
    const avocet_status refused = avocet_logistic_fit(&rows, &targets, &options, found, &intercept, &result, NULL, &error);
    CHECK(refused == AVOCET_ERROR_NOT_FINITE && error.argument == 1);
    const float before[2] = {3, -4};
    rows.x = &no_rows;
    rows.weights = before;
    rows.intercept = 7;
    targets.labels = NULL;
    OK(avocet_logistic_fit(&rows, &targets, &options, found, &intercept, &result, NULL, &error));
    CHECK(result.outcome == AVOCET_FIT_CONVERGED && result.loss == 0 && result.gradient == 0);
    CHECK(found[0] == 3 && found[1] == -4 && intercept == 7);
    avocet_sparse_rows_destroy(prepared);
}

/* The product form by its definition. */
static void product_form(void) {
    enum { N = 40 };
    float first[N], second[N], labels[N], losses[N], by_first[N], by_second[N];
    random_values(first, N);
    random_values(second, N);
    for (size_t i = 0; i < N; i++) {
        first[i] *= 9;
        second[i] *= 9;
        labels[i] = i % 3 == 0 ? 1 : i % 3 == 1 ? 0 : 0.25f;
    }
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    double sum = -1, wanted_sum = 0;
    OK_WITH(workspace, avocet_logistic_product(first, second, &targets, losses, by_first, by_second, &sum, N, NULL,
                                               workspace, &error));
    for (size_t i = 0; i < N; i++) {
        const double x = first[i], y = second[i], a = labels[i], b = 1 - a, f = sigmoid(x) * sigmoid(y);
        NEAR(losses[i], a * (softplus(-x) + softplus(-y)) - b * log(sigmoid(-x) + sigmoid(x) * sigmoid(-y)));
        NEAR(by_first[i], sigmoid(-x) * (b * f / (sigmoid(-x) + sigmoid(x) * sigmoid(-y)) - a));
        NEAR(by_second[i], sigmoid(-y) * (b * f / (sigmoid(-y) + sigmoid(y) * sigmoid(-x)) - a));
        wanted_sum += losses[i];
    }
    NEAR(sum, wanted_sum);
    /* Every output may be left out, and there may be no rows. */
    OK(avocet_logistic_product(first, second, &targets, NULL, NULL, NULL, NULL, N, NULL, workspace, &error));
    OK(avocet_logistic_product(NULL, NULL, &targets, NULL, NULL, NULL, &sum, 0, NULL, workspace, &error));
    CHECK(sum == 0);
}

/* Two workers cut their rows into pieces; what they got, merged, has the bits of one call. */
static void partial_sums(void) {
    enum { N = 7000, WIDTH = 3, MOST = 2 * AVOCET_LOGISTIC_MAX_PARTS };
    static float x[N * WIDTH], labels[N], gradients[MOST * WIDTH];
    size_t sizes[MOST], count, more;
    random_values(x, LENGTH(x));
    for (size_t i = 0; i < N; i++) {
        labels[i] = (float)(i % 2);
    }
    OK(avocet_logistic_parts(0, 3 * 1024, sizes, AVOCET_LOGISTIC_MAX_PARTS, &count, &error));
    CHECK(count == 2 && sizes[0] == 2048 && sizes[1] == 1024);
    OK(avocet_logistic_parts(3 * 1024, N - 3 * 1024, sizes + count, AVOCET_LOGISTIC_MAX_PARTS, &more, &error));
    CHECK(more == 3 && sizes[2] == 1024 && sizes[3] == 2048 && sizes[4] == N - 6 * 1024);
    count += more;
    sizes[count++] = 0;
    avocet_logistic_sums sums[MOST], whole, total;
    avocet_calibration_result parts[MOST], whole_calibration, calibration;
    float gradient[WIDTH], merged[WIDTH];
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    avocet_logistic_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.weights = cols_data;
    avocet_logistic_out out = {0};
    out.struct_size = sizeof out;
    size_t at = 0;
    for (size_t i = 0; i <= count; i++) {
        const size_t own = i < count ? sizes[i] : N;
        at = i < count ? at : 0;
        const avocet_matrix part = matrix(x + at * WIDTH, own, WIDTH);
        rows.x = &part;
        targets.labels = labels + at;
        out.gradient = i < count ? gradients + i * WIDTH : gradient;
        OK_WITH(workspace, avocet_logistic_batch(&rows, &targets, &out, i < count ? &sums[i] : &whole, NULL, workspace,
                                                 &error));
        OK(avocet_calibration(labels + at, labels + at, NULL, own, i < count ? &parts[i] : &whole_calibration, &error));
        at += own;
    }
    const avocet_matrix vectors = matrix(gradients, count, WIDTH);
    OK(avocet_logistic_merge(sizes, sums, &vectors, count, &total, merged, &error));
    CHECK(memcmp(&total, &whole, sizeof whole) == 0 && memcmp(merged, gradient, sizeof gradient) == 0);
    OK(avocet_calibration_merge(sizes, parts, count, &calibration, &error));
    CHECK(memcmp(&calibration, &whole_calibration, sizeof calibration) == 0);
    /* Without vectors, and without parts. */
    OK(avocet_logistic_merge(sizes, sums, NULL, count, &total, NULL, &error));
    CHECK(total.loss == whole.loss);
    OK(avocet_logistic_merge(NULL, NULL, NULL, 0, &total, NULL, &error));
    OK(avocet_calibration_merge(NULL, NULL, 0, &calibration, &error));
    CHECK(total.loss == 0 && calibration.loss == 0);
    OK(avocet_logistic_parts(1024, 0, NULL, 0, &count, &error));
    CHECK(count == 0);
}

/* ES-DFM and DEFER by their formulas; what FNC serves. */
static void feedback(void) {
    const uint8_t kinds[] = {AVOCET_ROW_NEGATIVE, AVOCET_ROW_IMMEDIATE_POSITIVE, AVOCET_ROW_DELAYED_POSITIVE,
                             AVOCET_ROW_REAL_NEGATIVE};
    const float x[] = {0.5f, 1, -2, 0}, first[] = {-1, 0, -3, 1}, second[] = {2, 1, 0, -1};
    float a[4], b[4], served[4];
    avocet_feedback_scheme scheme = {0};
    scheme.struct_size = sizeof scheme;
    for (int32_t joint = 0; joint < 2; joint++) {
        scheme.method = AVOCET_FEEDBACK_ES_DFM;
        scheme.joint = joint;
        OK(avocet_feedback_weights(&scheme, kinds, NULL, first, second, a, b, 4, NULL, &error));
        for (int i = 0; i < 4; i++) {
            const double d = 1 / (1 + exp(-first[i])), r = 1 / (1 + exp(-second[i])), mass = joint ? 1 : 1 + d;
            NEAR(a[i], i == 1 || i == 2 ? mass : 0);
            NEAR(b[i], i == 1 || i == 2 ? 0 : mass * r);
        }
    }
    scheme.method = AVOCET_FEEDBACK_DEFER;
    scheme.joint = 0;
    for (int clip = 0; clip < 2; clip++) {
        scheme.clip_low = clip ? 1.5f : 0;
        scheme.clip_high = clip ? 1.75f : 0;
        OK(avocet_feedback_weights(&scheme, kinds, x, first, NULL, a, b, 4, NULL, &error));
        const double f = 1 / (1 + exp(-x[1])), ratio = f / (f - 0.25), negative = 1 / (1 + exp(x[0]));
        NEAR(a[1], clip && ratio < 1.5 ? 1.5 : clip && ratio > 1.75 ? 1.75 : ratio);
        NEAR(a[2], clip ? 1.5 : 1 / (1 + exp(2.0)) / (1 / (1 + exp(2.0)) - 0.5 / (1 + exp(3.0))));
        NEAR(b[0], negative / (negative + 0.5 / (1 + exp(1.0))));
    }
    OK(avocet_feedback_served(x, served, 4, NULL, &error));
    CHECK(served[0] == 1 && served[1] == 1 && served[3] == 1);
    NEAR(served[2], exp(-2));
    OK(avocet_feedback_weights(&scheme, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, &error));
}

static void streams(void) {
    const int64_t times[] = {10, 0, 7}, conversions[] = {12, 8, AVOCET_NEVER}, signals[] = {13, 1, AVOCET_NEVER};
    avocet_stream *stream;
    OK(avocet_stream_create(AVOCET_PROTOCOL_DELAYED_REAL, times, conversions, signals, 3, 2, 100, &stream, &error));
    CHECK(avocet_stream_rows(stream) == 5 && avocet_stream_rows(NULL) == 0);
    int64_t when[5];
    uint32_t clicks[5];
    uint8_t kinds[5], known[5];
    OK(avocet_stream_copy(stream, when, clicks, kinds, known, 5, &error));
    const int64_t wanted_when[] = {2, 8, 9, 12, 107};
    const uint32_t wanted_clicks[] = {1, 1, 2, 0, 2};
    const uint8_t wanted_kinds[] = {AVOCET_ROW_NEGATIVE, AVOCET_ROW_DELAYED_POSITIVE, AVOCET_ROW_NEGATIVE,
                                    AVOCET_ROW_IMMEDIATE_POSITIVE, AVOCET_ROW_REAL_NEGATIVE};
    const uint8_t wanted_known[] = {1, 1, 0, 0, 0};
    CHECK(memcmp(when, wanted_when, sizeof when) == 0 && memcmp(clicks, wanted_clicks, sizeof clicks) == 0);
    CHECK(memcmp(kinds, wanted_kinds, sizeof kinds) == 0 && memcmp(known, wanted_known, sizeof known) == 0);
    OK(avocet_stream_copy(stream, NULL, NULL, NULL, NULL, 5, &error));
    avocet_stream_destroy(stream);
    avocet_stream_destroy(NULL);
    OK(avocet_stream_create(AVOCET_PROTOCOL_WINDOW, NULL, NULL, NULL, 0, 0, 0, &stream, &error));
    CHECK(avocet_stream_rows(stream) == 0);
    avocet_stream_destroy(stream);
}

/* FTRL on two rows at once and then one more, by the formulas; and the model that is saved and loaded. */
static void sparse_models(void) {
    const int64_t of_rows_at[] = {0, 2, 5, 6};
    const uint32_t features[] = {1, 8, 8, 3, 1, 9};
    const float values[] = {1, -2, 0.5f, 1, 1.5f, 1}, margins[] = {0.5f, 0, -1}, labels[] = {1, 0, 1};
    const double alpha = 0.5, beta = 1, l1 = 0.1, l2 = 0.25;
    double z[11] = {0}, n[11] = {0}, g[11] = {0}, w[11] = {0};
    const avocet_csr rows = csr(of_rows_at, 3, features, 10);
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    avocet_sparse_model_options options = {0};
    options.struct_size = sizeof options;
    options.features = 10;
    options.intercept = 1;
    options.rate = (float)alpha;
    options.l1 = (float)l1;
    options.l2 = (float)l2;
    avocet_sparse_model *model, *loaded;
    OK(avocet_sparse_model_create(&options, &model, &error));
    CHECK(avocet_sparse_model_features(model) == 10 && avocet_sparse_model_features(NULL) == 0);
    float logits[3], again[3];
    OK_WITH(workspace, avocet_sparse_model_learn(model, &rows, values, margins, &targets, 2, logits, workspace, &error));
    for (int row = 0; row < 3; row++) {
        double x = margins[row] + w[10];
        for (int64_t e = of_rows_at[row]; e < of_rows_at[row + 1]; e++) {
            x += w[features[e]] * values[e];
        }
        NEAR(logits[row], x);
        const double slope = 1 / (1 + exp(-x)) - labels[row];
        for (int64_t e = of_rows_at[row]; e < of_rows_at[row + 1]; e++) {
            g[features[e]] += slope * values[e];
        }
        g[10] += slope;
        for (int k = 0; k < 11 && row > 0; k++) {
            const double sigma = (sqrt(n[k] + g[k] * g[k]) - sqrt(n[k])) / alpha;
            const double first = k == 10 ? 0 : l1, second = k == 10 ? 0 : l2;
            z[k] += g[k] - sigma * w[k];
            n[k] += g[k] * g[k];
            g[k] = 0;
            const double size = fabs(z[k]) - first;
            w[k] = size <= 0 ? 0 : (z[k] > 0 ? -size : size) / ((beta + sqrt(n[k])) / alpha + second);
        }
    }
    float found[10], weights_of[10];
    uint32_t which[10];
    OK(avocet_sparse_model_weights(model, found, 10, &error));
    size_t nonzeros = 0;
    for (uint32_t k = 0; k < 10; k++) {
        NEAR(found[k], w[k]);
        nonzeros += w[k] != 0;
    }
    NEAR(avocet_sparse_model_intercept(model), w[10]);
    CHECK(avocet_sparse_model_nonzeros(model) == nonzeros && nonzeros > 2);
    OK(avocet_sparse_model_nonzero(model, which, weights_of, nonzeros, &error));
    for (size_t i = 0; i < nonzeros; i++) {
        CHECK(weights_of[i] == found[which[i]] && weights_of[i] != 0 && (i == 0 || which[i] > which[i - 1]));
    }
    const size_t size = avocet_sparse_model_saved_bytes(model);
    unsigned char *bytes = malloc(size);
    CHECK(bytes != NULL);
    OK(avocet_sparse_model_save(model, bytes, size, &error));
    OK(avocet_sparse_model_load(bytes, size, &loaded, &error));
    OK(avocet_sparse_model_predict(model, &rows, NULL, NULL, logits, NULL, &error));
    OK(avocet_sparse_model_predict(loaded, &rows, NULL, NULL, again, NULL, &error));
    CHECK(memcmp(logits, again, sizeof logits) == 0);
    NEAR(logits[0], w[1] + w[8] + w[10]);
    OK(avocet_sparse_model_learn(loaded, &rows, NULL, NULL, &targets, SIZE_MAX, NULL, workspace, &error));
    free(bytes);
    avocet_sparse_model_destroy(model);
    avocet_sparse_model_destroy(loaded);
    avocet_sparse_model_destroy(NULL);
    CHECK(avocet_sparse_model_intercept(NULL) == 0 && avocet_sparse_model_nonzeros(NULL) == 0);
    CHECK(avocet_sparse_model_saved_bytes(NULL) == 0);
}

static void metrics(void) {
    const float scores[] = {0.9f, 0.8f, 0.7f, 0.1f}, labels[] = {1, 0, 1, 0}, weights_of[] = {1, 2, 1, 1};
    avocet_ranking_result ranking;
    OK(avocet_ranking(scores, labels, NULL, 4, &ranking, &error));
    CHECK(ranking.positives == 2 && ranking.negatives == 2 && ranking.auc == 0.75);
    NEAR(ranking.average_precision, 0.5 + 0.5 * 2 / 3);
    NEAR(ranking.pr_auc, 0.5 + 0.5 * (0.5 + 2.0 / 3) / 2);
    OK(avocet_ranking(scores, labels, weights_of, 4, &ranking, &error));
    NEAR(ranking.auc, 4.0 / 6);
    avocet_calibration_result calibration;
    OK(avocet_calibration(scores, labels, weights_of, 4, &calibration, &error));
    NEAR(calibration.loss, -log(0.9) - 2 * log(0.2) - log(0.7) - log(0.9));
    NEAR(calibration.predicted, 0.9 + 1.6 + 0.7 + 0.1);
    CHECK(calibration.weight == 5 && calibration.observed == 2);
    OK(avocet_ranking(NULL, NULL, NULL, 0, &ranking, &error));
    CHECK(isnan(ranking.auc));
    OK(avocet_calibration(NULL, NULL, NULL, 0, &calibration, &error));
    CHECK(calibration.weight == 0);
}

static void buckets_and_decisions(void) {
    /* Two levels, three bins; the last row has no uncertainty. */
    enum { N = 8 };
    static const float level_edge[1] = {0.5f}, score_edges[2] = {0, 1};
    static const float scores[N] = {-1, 0, 0.5f, 1, 2, -0.0f, 1, 3}, uncertainties[N] = {0, 0, 0.5f, 0.5f, 1, 2, 0, NAN};
    static const int8_t labels[N] = {0, 1, 0, 1, 1, 0, 0, 1};
    static const float half_weights[N] = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
    static const uint16_t segments[N] = {0, 0, 0, 0, 1, 1, 1, 1};
    avocet_grid_options options = {0};
    options.struct_size = sizeof options;
    avocet_grid *grid, *same;
    OK(avocet_grid_create(&options, NULL, &grid, &error));
    CHECK(avocet_grid_levels(grid) == 1 && avocet_grid_bins(grid) == 1);
    OK(avocet_grid_level_edges(grid, NULL, 0, &error));
    avocet_grid_destroy(grid);
    options.levels = 2;
    options.bins = 3;
    options.level_edges = level_edge;
    options.score_edges = score_edges;
    OK(avocet_grid_create(&options, NULL, &grid, &error));
    CHECK(avocet_grid_levels(grid) == 2 && avocet_grid_bins(grid) == 3 && !avocet_grid_is_nested(grid));
    CHECK(avocet_grid_levels(NULL) == 0 && avocet_grid_bins(NULL) == 0 && avocet_grid_is_nested(NULL) == 0);
    float edges[2];
    OK(avocet_grid_level_edges(grid, edges, 1, &error));
    CHECK(edges[0] == 0.5f);
    OK(avocet_grid_score_edges(grid, 1, edges, 2, &error));
    CHECK(edges[0] == 0 && edges[1] == 1);

    avocet_buckets *buckets, *other, *loaded;
    avocet_threshold_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.rows = N;
    rows.scores = scores;
    rows.uncertainties = uncertainties;
    rows.labels = labels;
    rows.label_type = AVOCET_I8;
    rows.weights = half_weights;
    rows.missing = AVOCET_MISSING_APART;
    OK(avocet_buckets_create(grid, 1, &buckets, &error));
    OK(avocet_buckets_add(buckets, &rows, NULL, workspace, &error));
    uint64_t positive[6], negative[6];
    static const uint64_t want_positive[6] = {0, 1, 0, 0, 0, 2}, want_negative[6] = {1, 0, 1, 0, 2, 0};
    OK(avocet_buckets_cells(buckets, 0, 0, positive, negative, 6, &error));
    CHECK(memcmp(positive, want_positive, sizeof positive) == 0 && memcmp(negative, want_negative, sizeof negative) == 0);
    CHECK(avocet_buckets_apart(buckets, 0) == 1 && avocet_buckets_apart(buckets, 1) == 0 && avocet_buckets_apart(NULL, 0) == 0);
    OK(avocet_buckets_cells(buckets, 0, 1, positive, negative, 6, &error));
    CHECK(positive[5] == 1 << 20 && positive[1] == 1 << 19 && negative[4] == 1 << 20);
    OK(avocet_buckets_score_bins(buckets, 0, 0, positive, negative, 3, &error));
    CHECK(positive[0] == 0 && positive[1] == 1 && positive[2] == 2 && negative[0] == 1 && negative[1] == 2 && negative[2] == 1);

    /* Points, AUC and average precision of these bins. */
    avocet_curve_point points[4];
    OK(avocet_binned_curve(positive, negative, 3, points, &error));
    CHECK(points[0].true_positives == 3 && points[0].false_positives == 4 && points[3].true_positives == 0);
    NEAR(points[2].recall, 2.0 / 3);
    NEAR(points[2].precision, 2.0 / 3);
    CHECK(points[2].false_positive_rate == 0.25 && isnan(points[3].precision));
    avocet_area area;
    OK(avocet_binned_auc(positive, negative, 3, &area, &error));
    NEAR(area.lower, 7.0 / 12);
    NEAR(area.tied, 9.0 / 12);
    NEAR(area.upper, 11.0 / 12);
    OK(avocet_binned_average_precision(positive, negative, 3, 0, &area, &error));
    NEAR(area.tied, (2 * (2.0 / 3) + 3.0 / 6) / 3);
    NEAR(area.lower, (1.0 / 2 + 2.0 / 3 + 3.0 / 6) / 3);

    /* Segments; merged, taken away, saved and loaded. */
    avocet_threshold_rows by_segment = rows;
    by_segment.segments = segments;
    by_segment.segment_type = AVOCET_U16;
    OK(avocet_buckets_create(grid, 2, &other, &error));
    CHECK(avocet_buckets_segments(other) == 2 && avocet_buckets_segments(NULL) == 0);
    CHECK(avocet_buckets_levels(other) == 2 && avocet_buckets_levels(NULL) == 0);
    CHECK(avocet_buckets_bins(other) == 3 && avocet_buckets_bins(NULL) == 0);
    OK(avocet_buckets_add(other, &by_segment, NULL, workspace, &error));
    OK(avocet_buckets_cells(other, 1, 0, positive, negative, 6, &error));
    CHECK(positive[5] == 1 && negative[4] == 1 && negative[2] == 1 && avocet_buckets_apart(other, 1) == 1);
    const size_t size = avocet_buckets_saved_bytes(other);
    CHECK(size == 36 + 3 * 4 + 2 * 7 * 32 + 8 && avocet_buckets_saved_bytes(NULL) == 0);
    unsigned char bytes[600];
    OK(avocet_buckets_save(other, bytes, size, &error));
    OK(avocet_buckets_load(bytes, size, &loaded, &error));
    OK(avocet_buckets_merge(loaded, other, &error));
    OK(avocet_buckets_cells(loaded, 1, 0, positive, negative, 6, &error));
    CHECK(positive[5] == 2);
    OK(avocet_buckets_subtract(loaded, other, &error));
    OK(avocet_buckets_cells(loaded, 1, 0, positive, negative, 6, &error));
    CHECK(positive[5] == 1);
    avocet_buckets_clear(loaded);
    avocet_buckets_clear(NULL);
    CHECK(avocet_buckets_apart(loaded, 1) == 0);
    OK(avocet_buckets_grid(loaded, &same, &error));
    CHECK(avocet_grid_bins(same) == 3);

    /* From 0 on where the uncertainty is below .5, else from 1 on: three positives and a negative. */
    avocet_cells cells = {0};
    cells.struct_size = sizeof cells;
    cells.buckets = buckets;
    avocet_objective objective = {0};
    objective.struct_size = sizeof objective;
    objective.numerator = 3;
    objective.denominator = 4;
    avocet_search_options search = {0};
    search.struct_size = sizeof search;
    uint32_t thresholds[2];
    avocet_solution solution;
    OK_WITH(workspace, avocet_threshold_search(&cells, &objective, NULL, thresholds, &solution, workspace, &error));
    CHECK(thresholds[0] == 1 && thresholds[1] == 2 && solution.positive == 3 && solution.negative == 1 && solution.proven == 1);
    CHECK(solution.bound_positive == 3);
    cells.weights = 1;
    OK_WITH(workspace, avocet_threshold_search(&cells, &objective, NULL, thresholds, &solution, workspace, &error));
    CHECK(solution.positive == 3 << 19 && solution.negative == 1 << 19);
    cells.weights = 0;
    search.method = AVOCET_SEARCH_SINGLE;
    objective.numerator = 2;
    objective.denominator = 3;
    OK_WITH(workspace, avocet_threshold_search(&cells, &objective, &search, thresholds, &solution, workspace, &error));
    CHECK(thresholds[0] == 2 && thresholds[1] == 2 && solution.positive == 2 && solution.negative == 1);
    float least;
    OK(avocet_threshold_single(&rows, &objective, &least, &solution, NULL, &error));
    CHECK(least == 1 && solution.positive == 3 << 19 && solution.negative == 1 << 19 && solution.proven == 1);
    uint64_t p, n;
    thresholds[0] = 1;
    thresholds[1] = 2;
    OK(avocet_threshold_passing(&cells, thresholds, &p, &n, &error));
    CHECK(p == 3 && n == 1);
    float shares[6];
    OK_WITH(workspace, avocet_threshold_isotonic(&cells, shares, 6, workspace, &error));
    CHECK(shares[0] == 0 && shares[1] == 0.5F && shares[2] == 0.5F && shares[3] == 0 && shares[4] == 0 && shares[5] == 1);
    float limits[2];
    OK(avocet_grid_thresholds(grid, thresholds, limits, &error));
    CHECK(limits[0] == 0 && limits[1] == 1);
    uint8_t flags[N];
    static const uint8_t want_flags[N] = {0, 1, 0, 1, 1, 0, 1, 0};
    OK(avocet_threshold_decide(grid, limits, scores, uncertainties, N, flags, NULL, &error));
    CHECK(memcmp(flags, want_flags, sizeof flags) == 0);
    uint64_t word;
    OK(avocet_threshold_decide_bits(grid, limits, scores, uncertainties, N, &word, NULL, &error));
    CHECK(word == 0x5a);
    uint32_t places[N];
    static const uint32_t want_places[N] = {0, 1, 4, 5, 5, 4, 2, 6};
    OK(avocet_threshold_cells(grid, scores, uncertainties, N, places, NULL, &error));
    CHECK(memcmp(places, want_places, sizeof places) == 0);
    static const float calibrated[6] = {0, 1, 2, 3, 4, 5};
    float of_rows_too[N];
    OK(avocet_threshold_calibrate(grid, calibrated, scores, uncertainties, N, of_rows_too, NULL, &error));
    for (size_t i = 0; i < N - 1; i++) {
        CHECK(of_rows_too[i] == (float)want_places[i]);
    }
    CHECK(isnan(of_rows_too[N - 1]));

    /* The row apart is a positive that no threshold selects. */
    avocet_interval recall, precision;
    OK(avocet_threshold_bootstrap(grid, limits, &rows, NULL, &recall, &precision, NULL, &error));
    CHECK(recall.value == 0.75 && precision.value == 0.75 && recall.count <= 200);
    CHECK(recall.low <= 0.75 && recall.high >= 0.75);
    OK(avocet_binned_bootstrap(grid, AVOCET_FIGURE_AUC, &rows, NULL, &recall, NULL, &error));
    NEAR(recall.value, 0.75);

    /* Two levels of two cells of weight 4. */
    static const uint64_t few[4] = {1, 3, 0, 4}, rest[4] = {3, 1, 4, 0};
    uint64_t most[5], weight;
    memset(&cells, 0, sizeof cells);
    cells.struct_size = sizeof cells;
    cells.levels = cells.bins = 2;
    cells.positive = few;
    cells.negative = rest;
    OK_WITH(workspace, avocet_threshold_frontier(&cells, most, 5, &weight, workspace, &error));
    CHECK(weight == 4 && most[0] == 0 && most[1] == 4 && most[2] == 7 && most[3] == 8 && most[4] == 8);

    avocet_grid_destroy(same);
    avocet_grid_destroy(grid);
    avocet_grid_destroy(NULL);
    avocet_buckets_destroy(buckets);
    avocet_buckets_destroy(other);
    avocet_buckets_destroy(loaded);
    avocet_buckets_destroy(NULL);
}

static void uncertainty_inputs(void) {
    static const float ensemble[6] = {1, 2, 3, 5, 5, 5};
    const avocet_matrix of_models = matrix(ensemble, 2, 3);
    float mean[2], variance[2];
    OK(avocet_uncertainty_moments(&of_models, 0, mean, variance, NULL, &error));
    CHECK(mean[0] == 2 && mean[1] == 5 && variance[1] == 0);
    NEAR(variance[0], 2.0 / 3);
    OK(avocet_uncertainty_moments(&of_models, 1, mean, variance, NULL, &error));
    NEAR(variance[0], 1);
    static const float a[2] = {1, 2}, b[2] = {1, 1};
    float entropy[2];
    OK(avocet_uncertainty_beta(a, b, 2, mean, entropy, NULL, &error));
    NEAR(mean[1], 2.0 / 3);
    NEAR(entropy[0], 0);
    /* Density 2x: 1/2 - ln 2. */
    NEAR(entropy[1], 0.5 - log(2));
    static const float p[3] = {0, 0.5f, 1};
    float of_p[3];
    OK(avocet_uncertainty_entropy(p, 3, of_p, NULL, &error));
    CHECK(of_p[0] == 0 && of_p[2] == 0);
    NEAR(of_p[1], log(2));
    OK(avocet_uncertainty_entropy(NULL, 0, NULL, NULL, &error));
}

/* The same rows in every type: what they hold, and their scores in every form. */
static void rows_of_any_type(void) {
    enum { N = 4, TYPES = 4 };
    static const uint32_t u[N] = {0, 4, 2, 2}, v[N] = {6, 0, 3, 3};
    static const int32_t types[TYPES] = {AVOCET_F32, AVOCET_F16, AVOCET_BF16, AVOCET_I8};
    static const double steps[TYPES] = {0, 1.0 / 2048, 1.0 / 256, 0.5 / 127};
    static uint16_t room[TYPES][2][COLS * D];
    static float floats[2][COLS * D], wide[2][COLS * D], scales[2][COLS], norms[COLS];
    const avocet_matrix *tables[2] = {&of_rows, &of_cols};
    const avocet_indices of_u = indices(u, N, AVOCET_U32), of_v = indices(v, N, AVOCET_U32);
    const avocet_csr candidates = csr(offsets, ROWS, columns, COLS);
    for (size_t type = 0; type < TYPES; type++) {
        avocet_matrix x[2];
        for (size_t side = 0; side < 2; side++) {
            const size_t rows = tables[side]->rows;
            void *data = type == 0 ? (void *)floats[side] : (void *)room[type][side];
            avocet_matrix_mut to = matrix_mut(NULL, rows, D), back = matrix_mut(wide[side], rows, D);
            to.data = data;
            to.element_type = types[type];
            x[side] = matrix(NULL, rows, D);
            x[side].data = data;
            x[side].element_type = types[type];
            if (types[type] == AVOCET_I8) {
                OK(avocet_quantize_rows(tables[side], &to, scales[side], NULL, &error));
                OK(avocet_dequantize_rows(&x[side], scales[side], &back, NULL, &error));
            } else {
                OK(avocet_convert(tables[side], &to, NULL, &error));
                OK(avocet_convert(&x[side], &back, NULL, &error));
                OK(avocet_row_norms(&x[side], norms, NULL, &error));
                for (size_t i = 0; i < rows; i++) {
                    NEAR(norms[i], sqrt(dot(wide[side] + i * D, wide[side] + i * D)));
                }
            }
            const float *exact = side == 0 ? rows_data : cols_data;
            for (size_t i = 0; i < rows * D; i++) {
                CHECK(fabs(wide[side][i] - exact[i]) <= steps[type] * 1.01);
            }
        }
        avocet_score_options options = {0};
        options.struct_size = sizeof options;
        if (types[type] == AVOCET_I8) {
            options.left_scales = scales[0];
            options.right_scales = scales[1];
        }
        float pairs[N], cosines[N], both[N], of_candidates[EDGES], all[ROWS * COLS];
        const avocet_matrix_mut to_all = matrix_mut(all, ROWS, COLS);
        OK(avocet_score_pairs(&x[0], &x[1], &of_u, &of_v, &options, pairs, NULL, &error));
        OK(avocet_score_candidates(&x[0], &x[1], &candidates, &options, of_candidates, NULL, &error));
        OK(avocet_score_matrix(&x[0], &x[1], &options, &to_all, NULL, &error));
        for (size_t i = 0; i < ROWS; i++) {
            for (size_t j = 0; j < COLS; j++) {
                NEAR(all[i * COLS + j], dot(wide[0] + i * D, wide[1] + j * D));
            }
            for (int64_t e = offsets[i]; e < offsets[i + 1]; e++) {
                CHECK(of_candidates[e] == all[i * COLS + columns[e]]);
            }
        }
        options.metric = AVOCET_METRIC_COSINE;
        OK(avocet_score_pairs(&x[0], &x[1], &of_u, &of_v, &options, cosines, NULL, &error));
        options.metric = AVOCET_METRIC_DOT;
        options.second_left = &of_rows;
        options.second_right = &of_cols;
        options.factor = 2;
        options.second_factor = -3;
        OK(avocet_score_pairs(&x[0], &x[1], &of_u, &of_v, &options, both, NULL, &error));
        for (size_t i = 0; i < N; i++) {
            const float *a = wide[0] + u[i] * D, *b = wide[1] + v[i] * D;
            CHECK(pairs[i] == all[u[i] * COLS + v[i]]);
            NEAR(cosines[i], dot(a, b) / sqrt(dot(a, a) * dot(b, b)));
            NEAR(both[i], 2 * dot(a, b) - 3 * dot(rows_data + u[i] * D, cols_data + v[i] * D));
        }
    }
}

#include "index_results.h"

int main(void) {
    random_values(rows_data, LENGTH(rows_data));
    random_values(cols_data, LENGTH(cols_data));
    random_values(weights, LENGTH(weights));
    random_values(row_scale, LENGTH(row_scale));
    random_values(col_scale, LENGTH(col_scale));
    of_rows = matrix(rows_data, ROWS, D);
    of_cols = matrix(cols_data, COLS, D);
    handles();
    map();
    aggregate();
    dense();
    scores();
    edge_loss();
    rows_of_any_type();
    softmax_loss();
    optimisers();
    selection();
    sampling();
    fanouts();
    walks();
    dual();
    many_empty_rows();
    pointwise();
    dense_logistic();
    sparse_logistic();
    few_sparse_rows();
    logistic_fit();
    product_form();
    partial_sums();
    feedback();
    streams();
    metrics();
    sparse_models();
    buckets_and_decisions();
    uncertainty_inputs();
    packed_indexes();
    avocet_workspace_destroy(workspace);
    avocet_workspace_destroy(NULL);
    avocet_graph_destroy(transposed);
    avocet_graph_destroy(graph);
    avocet_graph_destroy(other_transposed);
    avocet_graph_destroy(other);
    avocet_graph_destroy(NULL);
    return 0;
}
