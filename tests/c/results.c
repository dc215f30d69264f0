/* Every function once, against plain loops in double. */

#include "test.h"

#include <math.h>

enum { ROWS = 5, COLS = 7, D = 19, EDGES = 12, K = 3 };

static const int64_t offsets[ROWS + 1] = {0, 3, 3, 7, 8, 12};
static const uint32_t columns[EDGES] = {0, 4, 4, 1, 2, 5, 6, 3, 0, 2, 4, 6};

static float rows_data[ROWS * D], cols_data[COLS * D], weights[EDGES], row_scale[ROWS], col_scale[COLS];
static avocet_matrix of_rows, of_cols;
static avocet_graph *graph, *transposed;
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
    CHECK(!avocet_graph_is_transposed(graph) && avocet_graph_is_transposed(transposed) == 1);
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
        avocet_graph *other;
        view.offsets = offsets32;
        view.offset_type = i == 0 ? AVOCET_I32 : AVOCET_U32;
        view.indices = i == 0 ? (const void *)signed_columns : (const void *)long_columns;
        view.index_type = i == 0 ? AVOCET_I32 : AVOCET_I64;
        OK(avocet_graph_create(&view, &other, &error));
        OK(avocet_graph_indices(other, found, EDGES, &error));
        CHECK(memcmp(found, columns, sizeof columns) == 0);
        avocet_graph_destroy(other);
    }

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

static void scores(void) {
    const int32_t u[] = {0, 4, 2, 2};
    const int64_t v[] = {6, 0, 3, 3};
    float out[LENGTH(u)];
    avocet_indices first = indices(u, LENGTH(u), AVOCET_I32), second = indices(v, LENGTH(v), AVOCET_I64);
    OK(avocet_score_pairs(&of_rows, &of_cols, &first, &second, out, NULL, &error));
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
    softmax_loss();
    optimisers();
    avocet_workspace_destroy(workspace);
    avocet_workspace_destroy(NULL);
    avocet_graph_destroy(transposed);
    avocet_graph_destroy(graph);
    avocet_graph_destroy(NULL);
    return 0;
}
