/*
 * Every error of every function: status, argument, position and value, with outputs as they were.
 *
 * Prints "function status argument" for each, from which the test checks that none of the header's is missing.
 */

#include "wrap.h"

#include "test.h"

#include <math.h>

/* Where a bad argument is, and what is bad about it. */
struct value {
    int32_t kind;
    int64_t integer;
    double real;
};

static struct value none(void) {
    struct value value = {AVOCET_VALUE_NONE, 0, 0};
    return value;
}

static struct value integer(uint64_t found) {
    struct value value = {AVOCET_VALUE_INTEGER, 0, 0};
    value.integer = found > INT64_MAX ? INT64_MAX : (int64_t)found;
    return value;
}

static struct value negative(int64_t found) {
    struct value value = {AVOCET_VALUE_INTEGER, 0, 0};
    value.integer = found;
    return value;
}

static struct value real(double found) {
    struct value value = {AVOCET_VALUE_REAL, 0, 0};
    value.real = found;
    return value;
}

/* What a number that an option cannot have is refused with. */
static avocet_status status_of(double bad) {
    return isfinite(bad) ? AVOCET_ERROR_INVALID_ARGUMENT : AVOCET_ERROR_NOT_FINITE;
}

/* Everything that calls write to. It must not change when they fail. */
static struct outputs {
    float a[64], b[64], c[64], d[64];
    uint32_t ids[64], counts[64], more[64];
    int64_t offsets[64];
    avocet_graph *graph;
    avocet_pool *pool;
    avocet_workspace *workspace;
    avocet_edge_loss_result edge;
    avocet_softmax_loss_result softmax;
    avocet_power_law law;
    double sum;
    avocet_logistic_sums sums;
    avocet_stream *stream;
    uint8_t kinds[64], signals[64], bytes[200];
    avocet_sparse_model *model;
    avocet_sparse_rows *rows;
    avocet_logistic_fit_result fit;
    float intercept;
    avocet_ranking_result ranking;
    avocet_calibration_result calibration;
    size_t sizes[AVOCET_LOGISTIC_MAX_PARTS], count;
    avocet_grid *grid;
    avocet_buckets *buckets;
    uint64_t words[64], more_words[64];
    avocet_curve_point points[8];
    avocet_area area;
    avocet_interval intervals[2];
    avocet_solution solution;
    avocet_index *index;
    uint8_t saved[400];
} out;

static void check_refused(int line, const char *function, avocet_status found, avocet_status status, int32_t argument,
                          const char *name, uint64_t position, struct value value) {
    char text[200];
    avocet_error_format(&error, text, sizeof text);
    const unsigned char *bytes = (const unsigned char *)&out;
    size_t changed = 0;
    while (changed < sizeof out && bytes[changed] == 0xa5) {
        changed++;
    }
    int same_real = isnan(value.real) ? isnan(error.real) : error.real == value.real;
    if (found != status || error.status != status || error.argument != argument || strcmp(error.name, name) != 0 ||
        error.position != position || error.value != value.kind || error.integer != value.integer || !same_real ||
        error.reserved != 0 || changed != sizeof out) {
        fprintf(stderr, "errors.c:%d: %s: wanted %s, argument %d (%s), position %llu, value %lld %g; found %s: %s%s\n",
                line, function, avocet_status_name(status), (int)argument, name, (unsigned long long)position,
                (long long)value.integer, value.real, avocet_status_name(found), text,
                changed == sizeof out ? "" : "; an output changed");
        exit(1);
    }
    printf("%s %s %d\n", function, avocet_status_name(status), (int)argument);
}

/* Calls `function arguments`, which must fail as given. */
#define REFUSES(function, arguments, status, argument, name, position, value)                                \
    do {                                                                                                     \
        memset(&out, 0xa5, sizeof out);                                                                      \
        memset(&error, 0x5a, sizeof error);                                                                  \
        avocet_status found = function arguments;                                                            \
        check_refused(__LINE__, #function, found, status, argument, name, position, value);                  \
    } while (0)

#define BAD_NULL AVOCET_ERROR_NULL_POINTER
#define BAD_VALUE AVOCET_ERROR_INVALID_ARGUMENT
#define NOT_FINITE AVOCET_ERROR_NOT_FINITE
#define BAD_SHAPE AVOCET_ERROR_SHAPE_MISMATCH
#define TOO_LARGE AVOCET_ERROR_SIZE_OVERFLOW
#define BAD_INDEX AVOCET_ERROR_INDEX_OUT_OF_RANGE
#define OVERLAP AVOCET_ERROR_OVERLAP
#define BAD_SIZE AVOCET_ERROR_STRUCT_SIZE

/* The address one byte on. */
#define MISALIGNED(type, pointer) ((type)(void *)((char *)(pointer) + 1))

enum { R = 3, C = 4, D = 2, E = 5 };

static const int64_t offsets[R + 1] = {0, 2, 2, 5};
static const uint32_t columns[E] = {0, 3, 1, 2, 3};
static float rows_data[64], cols_data[64];
static avocet_graph *graph, *transposed;
static avocet_workspace *small, *large;
static avocet_matrix of_rows, of_cols;
static avocet_pool *bad_pool;

/* `view` with one field changed, as the argument of a call. */
static avocet_matrix changed, changed_too;
static avocet_matrix_mut changed_out, changed_out_too;
static avocet_indices changed_ids;
static avocet_csr changed_csr;

static avocet_matrix *with(avocet_matrix view, size_t rows, size_t cols) {
    changed = view;
    changed.rows = rows;
    changed.cols = cols;
    return &changed;
}

static avocet_matrix_mut *to(float *data, size_t rows, size_t cols) {
    changed_out = matrix_mut(data, rows, cols);
    return &changed_out;
}

/*
 * All that can be wrong with a matrix that is read: `call` has `M` in its place, an avocet_matrix pointer. The shape is
 * changed by none of these, except where the size overflows.
 */
#define BAD_MATRIX(function, call, good, argument, name, position)                                           \
    do {                                                                                                     \
        avocet_matrix *M = &changed_too;                                                                     \
        BAD_ANY_MATRIX(function, call, good, argument, name, position);                                      \
        changed_too = good;                                                                                  \
        changed_too.element_type = AVOCET_F16;                                                               \
        REFUSES(function, call, BAD_VALUE, argument, name ".element_type", position, integer(AVOCET_F16));   \
        changed_too.element_type = AVOCET_BF16;                                                              \
        REFUSES(function, call, BAD_VALUE, argument, name ".element_type", position, integer(AVOCET_BF16));  \
    } while (0)

/* The same where elements may also be of 16 bits. */
#define BAD_ANY_MATRIX(function, call, good, argument, name, position)                                       \
    do {                                                                                                     \
        avocet_matrix *M = &changed_too;                                                                     \
        (void)M; /* The call may also have it in a struct. */                                                \
        changed_too = good;                                                                                  \
        changed_too.data = NULL;                                                                             \
        REFUSES(function, call, BAD_NULL, argument, name ".data", position, none());                         \
        changed_too.data = MISALIGNED(const void *, (good).data);                                            \
        REFUSES(function, call, BAD_VALUE, argument, name ".data", position, integer(1));                    \
        changed_too = good;                                                                                  \
        changed_too.element_type = AVOCET_U32;                                                               \
        REFUSES(function, call, BAD_VALUE, argument, name ".element_type", position, integer(AVOCET_U32));   \
        changed_too.element_type = -1;                                                                       \
        REFUSES(function, call, BAD_VALUE, argument, name ".element_type", position, negative(-1));          \
        changed_too = good;                                                                                  \
        changed_too.stride = (good).cols - 1;                                                                \
        REFUSES(function, call, BAD_SHAPE, argument, name ".stride", position, integer((good).cols - 1));    \
        changed_too = good;                                                                                  \
        changed_too.rows = SIZE_MAX;                                                                         \
        REFUSES(function, call, TOO_LARGE, argument, name ".rows", position, integer(SIZE_MAX));             \
        changed_too = good;                                                                                  \
        changed_too.stride = SIZE_MAX / 2;                                                                   \
        REFUSES(function, call, TOO_LARGE, argument, name ".rows", position, integer((good).rows));          \
    } while (0)

/* The same for a matrix that is written, `O`. */
#define BAD_OUTPUT(function, call, good_rows, good_cols, argument, name)                                     \
    do {                                                                                                     \
        avocet_matrix_mut good_out = matrix_mut(out.a, good_rows, good_cols), *O = &changed_out_too;         \
        changed_out_too = good_out;                                                                          \
        changed_out_too.data = NULL;                                                                         \
        REFUSES(function, call, BAD_NULL, argument, name ".data", 0, none());                                \
        changed_out_too.data = MISALIGNED(void *, out.a);                                                    \
        REFUSES(function, call, BAD_VALUE, argument, name ".data", 0, integer(1));                           \
        changed_out_too = good_out;                                                                          \
        changed_out_too.element_type = AVOCET_BF16;                                                          \
        REFUSES(function, call, BAD_VALUE, argument, name ".element_type", 0, integer(AVOCET_BF16));         \
        changed_out_too.element_type = 99;                                                                   \
        REFUSES(function, call, BAD_VALUE, argument, name ".element_type", 0, integer(99));                  \
        changed_out_too = good_out;                                                                          \
        changed_out_too.stride = (good_cols) - 1;                                                            \
        REFUSES(function, call, BAD_SHAPE, argument, name ".stride", 0, integer((good_cols) - 1));           \
        changed_out_too = good_out;                                                                          \
        changed_out_too.rows = SIZE_MAX / 8;                                                                 \
        changed_out_too.stride = 16;                                                                         \
        REFUSES(function, call, TOO_LARGE, argument, name ".rows", 0, integer(SIZE_MAX / 8));                \
    } while (0)

/* All that can be wrong with indices, `I`, of `limit` values; 3 good ones are 0, 1, 2. */
#define BAD_INDICES(function, call, argument, name, limit)                                                   \
    do {                                                                                                     \
        avocet_indices *I = &changed_ids;                                                                    \
        static const int32_t below[] = {0, -7, 2};                                                           \
        static const int64_t above[] = {0, 1, INT64_MAX};                                                    \
        static const uint32_t at_limit[] = {0, limit, 2};                                                    \
        changed_ids = indices(NULL, 3, AVOCET_I64);                                                          \
        REFUSES(function, call, BAD_NULL, argument, name ".data", 0, none());                                \
        changed_ids.data = MISALIGNED(const void *, above);                                                  \
        REFUSES(function, call, BAD_VALUE, argument, name ".data", 0, integer(1));                           \
        changed_ids = indices(at_limit, 3, AVOCET_F32);                                                      \
        REFUSES(function, call, BAD_VALUE, argument, name ".index_type", 0, integer(AVOCET_F32));            \
        changed_ids.index_type = AVOCET_U32;                                                                 \
        changed_ids.len = SIZE_MAX / 2;                                                                      \
        REFUSES(function, call, TOO_LARGE, argument, name ".len", 0, integer(SIZE_MAX / 2));                 \
        changed_ids.len = 3;                                                                                 \
        REFUSES(function, call, BAD_INDEX, argument, name, 1, integer(limit));                               \
        changed_ids = indices(below, 3, AVOCET_I32);                                                         \
        REFUSES(function, call, BAD_INDEX, argument, name, 1, negative(-7));                                 \
        changed_ids = indices(above, 3, AVOCET_I64);                                                         \
        REFUSES(function, call, BAD_INDEX, argument, name, 2, integer(INT64_MAX));                           \
    } while (0)

/* All that can be wrong with sparse rows, `V`, an avocet_csr pointer; `good` ones have the offsets and columns of `graph`. */
#define BAD_CSR(function, call, good, argument, name)                                                        \
    do {                                                                                                     \
        avocet_csr *V = &changed_csr;                                                                        \
        (void)V; /* As above. */                                                                             \
        static const int64_t falling[R + 1] = {0, 2, 1, 5}, below_zero[E] = {0, 3, 1, 2, -1};                \
        static const uint32_t beyond[E] = {0, 3, 1, C, 9};                                                   \
        changed_csr = good;                                                                                  \
        changed_csr.offsets = NULL;                                                                          \
        REFUSES(function, call, BAD_NULL, argument, name ".offsets", 0, none());                             \
        changed_csr.offsets = MISALIGNED(const void *, offsets);                                             \
        REFUSES(function, call, BAD_VALUE, argument, name ".offsets", 0, integer(1));                        \
        changed_csr.offsets = falling;                                                                       \
        REFUSES(function, call, AVOCET_ERROR_INVALID_OFFSETS, argument, name ".offsets", 2, integer(1));     \
        changed_csr = good;                                                                                  \
        changed_csr.indices = NULL;                                                                          \
        REFUSES(function, call, BAD_NULL, argument, name ".indices", 0, none());                             \
        changed_csr.indices = MISALIGNED(const void *, columns);                                             \
        REFUSES(function, call, BAD_VALUE, argument, name ".indices", 0, integer(1));                        \
        changed_csr.indices = beyond;                                                                        \
        REFUSES(function, call, BAD_INDEX, argument, name ".indices", 3, integer(C));                        \
        changed_csr.indices = below_zero;                                                                    \
        changed_csr.index_type = AVOCET_I64;                                                                 \
        REFUSES(function, call, BAD_INDEX, argument, name ".indices", 4, negative(-1));                      \
        changed_csr = good;                                                                                  \
        changed_csr.offset_type = 0;                                                                         \
        REFUSES(function, call, BAD_VALUE, argument, name ".offset_type", 0, integer(0));                    \
        changed_csr = good;                                                                                  \
        changed_csr.index_type = 19;                                                                         \
        REFUSES(function, call, BAD_VALUE, argument, name ".index_type", 0, integer(19));                    \
        changed_csr = good;                                                                                  \
        changed_csr.rows = SIZE_MAX;                                                                         \
        REFUSES(function, call, TOO_LARGE, argument, name ".rows", 0, integer(SIZE_MAX));                    \
        changed_csr = good;                                                                                  \
        changed_csr.edges = SIZE_MAX;                                                                        \
        REFUSES(function, call, TOO_LARGE, argument, name ".edges", 0, integer(SIZE_MAX));                   \
    } while (0)

/* All that can be wrong with the size of a struct, `S`, of type `type`, whose other fields are good. */
#define BAD_STRUCT(function, call, type, good, argument, name)                                               \
    do {                                                                                                     \
        struct {                                                                                             \
            type known;                                                                                      \
            char beyond[2048];                                                                               \
        } grown;                                                                                             \
        type *S = &grown.known;                                                                              \
        const size_t sizes[] = {0, 1, sizeof(type) - 1, 513, SIZE_MAX};                                      \
        memset(&grown, 0, sizeof grown);                                                                     \
        grown.known = good;                                                                                  \
        for (size_t size = 0; size < LENGTH(sizes); size++) {                                                \
            S->struct_size = sizes[size];                                                                    \
            REFUSES(function, call, BAD_SIZE, argument, name ".struct_size", 0, integer(sizes[size]));       \
        }                                                                                                    \
        S->struct_size = sizeof(type) + 8;                                                                   \
        ((char *)&grown)[sizeof(type) + 7] = 1;                                                              \
        REFUSES(function, call, BAD_SIZE, argument, name ".struct_size", 0, integer(sizeof(type) + 8));      \
        /* More than this library knows, but nothing in it. */                                               \
        ((char *)&grown)[sizeof(type) + 7] = 0;                                                              \
        CHECK((function call) == AVOCET_OK);                                                                 \
    } while (0)

static void pool_and_workspace(void) {
    REFUSES(avocet_pool_create, (0, &out.pool, &error), BAD_VALUE, 1, "threads", 0, integer(0));
    REFUSES(avocet_pool_create, (1025, &out.pool, &error), BAD_VALUE, 1, "threads", 0, integer(1025));
    REFUSES(avocet_pool_create, (SIZE_MAX, &out.pool, &error), BAD_VALUE, 1, "threads", 0, integer(SIZE_MAX));
    REFUSES(avocet_pool_create, (1, NULL, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_pool_create, (1, MISALIGNED(avocet_pool **, &out.pool), &error), BAD_VALUE, 2, "out", 0, integer(1));
    refuse_threads = 1;
    REFUSES(avocet_pool_create, (2, &out.pool, &error), AVOCET_ERROR_THREADS_UNAVAILABLE, 1, "threads", 0, none());
    refuse_threads = 0;

    REFUSES(avocet_workspace_create, (SIZE_MAX, &out.workspace, &error), AVOCET_ERROR_OUT_OF_MEMORY, 1, "bytes", 0,
            integer(SIZE_MAX));
    REFUSES(avocet_workspace_create, (SIZE_MAX / 4, &out.workspace, &error), AVOCET_ERROR_OUT_OF_MEMORY, 1, "bytes", 0,
            integer(SIZE_MAX / 4));
    REFUSES(avocet_workspace_create, (1, NULL, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_workspace_create, (1, MISALIGNED(avocet_workspace **, &out.workspace), &error), BAD_VALUE, 2, "out",
            0, integer(1));
    REFUSES(avocet_workspace_reserve, (NULL, 1, &error), BAD_NULL, 1, "workspace", 0, none());
    REFUSES(avocet_workspace_reserve, (MISALIGNED(avocet_workspace *, large), 1, &error), BAD_VALUE, 1, "workspace", 0,
            integer(1));
    size_t before = avocet_workspace_bytes(large);
    REFUSES(avocet_workspace_reserve, (large, SIZE_MAX, &error), AVOCET_ERROR_OUT_OF_MEMORY, 2, "bytes", 0,
            integer(SIZE_MAX));
    CHECK(avocet_workspace_bytes(large) == before);
}

/* A new model of C features, saved. */
static unsigned char saved_model[60];

static void save_model(void) {
    avocet_sparse_model_options options = {0};
    avocet_sparse_model *model;
    options.struct_size = sizeof options;
    options.features = C;
    OK(avocet_sparse_model_create(&options, &model, &error));
    CHECK(avocet_sparse_model_saved_bytes(model) == sizeof saved_model);
    OK(avocet_sparse_model_save(model, saved_model, sizeof saved_model, &error));
    avocet_sparse_model_destroy(model);
}

/* Empty buckets of one level and two bins, saved, and their grid. */
static unsigned char saved_buckets[144];
static avocet_grid *one_edge;
static avocet_buckets *empty_buckets;

static void save_buckets(void) {
    static const float edge[1] = {0};
    avocet_grid_options options = {0};
    options.struct_size = sizeof options;
    options.bins = 2;
    options.score_edges = edge;
    OK(avocet_grid_create(&options, NULL, &one_edge, &error));
    OK(avocet_buckets_create(one_edge, 1, &empty_buckets, &error));
    CHECK(avocet_buckets_saved_bytes(empty_buckets) == sizeof saved_buckets);
    OK(avocet_buckets_save(empty_buckets, saved_buckets, sizeof saved_buckets, &error));
}

/* Indexes of C rows, one of them saved. */
static avocet_index *plain_index, *named_index, *byte_index, *panel_index, *certified_index;
enum { SAVED_INDEX = 392 };
static uint64_t saved_words[SAVED_INDEX / 8];
static uint8_t *const saved_index = (uint8_t *)saved_words;

static void make_indexes(void) {
    static const uint64_t own[C] = {10, 11, 12, 13};
    avocet_index_options options = {0};
    options.struct_size = sizeof options;
    OK(avocet_index_create(&of_cols, NULL, NULL, &plain_index, &error));
    options.ids = own;
    OK(avocet_index_create(&of_cols, &options, NULL, &named_index, &error));
    options.ids = NULL;
    options.storage = AVOCET_INDEX_INT8;
    OK(avocet_index_create(&of_cols, &options, NULL, &byte_index, &error));
    options.storage = AVOCET_INDEX_INT8_PANELS;
    OK(avocet_index_create(&of_cols, &options, NULL, &panel_index, &error));
    options.storage = AVOCET_INDEX_CERTIFIED;
    OK(avocet_index_create(&of_cols, &options, NULL, &certified_index, &error));
    CHECK(avocet_index_saved_bytes(plain_index) == SAVED_INDEX);
    OK(avocet_index_save(plain_index, saved_index, SAVED_INDEX, &error));
}

static void destroy_indexes(void) {
    avocet_index_destroy(plain_index);
    avocet_index_destroy(named_index);
    avocet_index_destroy(byte_index);
    avocet_index_destroy(panel_index);
    avocet_index_destroy(certified_index);
    avocet_index_destroy(NULL);
}

/* A call that allocates, by number, and its name; 0 if there is no such call. */
static const char *allocating_call(int call, avocet_status *found) {
    const avocet_csr view = csr(offsets, R, columns, C);
    const uint32_t three[] = {0, 1, 2}, one_each[R] = {1, 1, 1}, four_each[R] = {4, 4, 4};
    const avocet_indices ids = indices(three, R, AVOCET_U32);
    const float weights[E] = {1, 2, 3, 4, 5}, ones[E] = {1, 1, 1, 1, 1};
    avocet_sample_options sampling = {0};
    sampling.struct_size = sizeof sampling;
    sampling.draw = AVOCET_DRAW_WEIGHTED;
    sampling.edge_weights = weights;
    const avocet_walk_options walks = walk_options();
    avocet_sparse_model_options model = {0};
    model.struct_size = sizeof model;
    model.features = C;
    avocet_logistic_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.csr = &view;
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = ones;
    avocet_logistic_fit_options fitting = {0};
    fitting.struct_size = sizeof fitting;
    fitting.l2 = 1;
    avocet_grid_options grid = {0};
    grid.struct_size = sizeof grid;
    grid.levels = grid.bins = 2;
    grid.level_kind = AVOCET_EDGES_QUANTILES;
    grid.score_kind = AVOCET_EDGES_UNIFORM;
    grid.score_high = 1;
    grid.rows = E;
    grid.scores = grid.uncertainties = weights;
    grid.weights = ones;
    avocet_threshold_rows decided = {0};
    decided.struct_size = sizeof decided;
    decided.rows = E;
    decided.scores = decided.uncertainties = decided.weights = weights;
    decided.labels = ones;
    avocet_objective f_beta = {0};
    f_beta.struct_size = sizeof f_beta;
    f_beta.kind = AVOCET_OBJECTIVE_F_BETA;
    f_beta.denominator = 1;
    const uint64_t own[C] = {1, 2, 3, 4};
    avocet_index_options index = {0};
    index.struct_size = sizeof index;
    /* So many that they are counted. */
    static const float many_zeros[1 << 14];
    switch (call) {
    case 0:
        *found = avocet_workspace_create(1000, &out.workspace, &error);
        return "avocet_workspace_create";
    case 1:
        *found = avocet_fit_power_law(graph, &out.law, &error);
        return "avocet_fit_power_law";
    case 2:
        *found = avocet_graph_create(&view, &out.graph, &error);
        return "avocet_graph_create";
    case 3:
        *found = avocet_graph_transpose(graph, &out.graph, &error);
        return "avocet_graph_transpose";
    case 4:
        *found = avocet_graph_select_rows(transposed, &ids, &out.graph, &error);
        return "avocet_graph_select_rows";
    case 5:
        *found = avocet_sample_neighbours(graph, one_each, &sampling, &out.graph, NULL, &error);
        return "avocet_sample_neighbours";
    case 6:
        *found = avocet_walk_neighbours(graph, transposed, four_each, &walks, &out.graph, NULL, &error);
        return "avocet_walk_neighbours";
    case 7:
        *found = avocet_stream_create(AVOCET_PROTOCOL_DELAYED, offsets, offsets, NULL, R, 0, 9, &out.stream, &error);
        return "avocet_stream_create";
    case 8:
        *found = avocet_ranking(weights, ones, NULL, 2, &out.ranking, &error);
        return "avocet_ranking";
    case 9:
        *found = avocet_sparse_model_create(&model, &out.model, &error);
        return "avocet_sparse_model_create";
    case 10:
        *found = avocet_sparse_model_load(saved_model, sizeof saved_model, &out.model, &error);
        return "avocet_sparse_model_load";
    case 11:
        *found = avocet_sparse_rows_create(&view, weights, &out.rows, &error);
        return "avocet_sparse_rows_create";
    case 12:
        *found = avocet_logistic_fit(&rows, &targets, &fitting, out.a, &out.intercept, &out.fit, NULL, &error);
        return "avocet_logistic_fit";
    case 13:
        *found = avocet_grid_create(&grid, NULL, &out.grid, &error);
        return "avocet_grid_create";
    case 14:
        grid.score_kind = AVOCET_EDGES_NESTED;
        *found = avocet_grid_create(&grid, NULL, &out.grid, &error);
        return "avocet_grid_create";
    case 15:
        *found = avocet_buckets_grid(empty_buckets, &out.grid, &error);
        return "avocet_buckets_grid";
    case 16:
        *found = avocet_buckets_create(one_edge, 1, &out.buckets, &error);
        return "avocet_buckets_create";
    case 17:
        *found = avocet_buckets_load(saved_buckets, sizeof saved_buckets, &out.buckets, &error);
        return "avocet_buckets_load";
    case 18:
        *found = avocet_threshold_bootstrap(one_edge, ones, &decided, NULL, &out.intervals[0], &out.intervals[1], NULL, &error);
        return "avocet_threshold_bootstrap";
    case 19:
        *found = avocet_binned_bootstrap(one_edge, AVOCET_FIGURE_AUC, &decided, NULL, &out.intervals[0], NULL, &error);
        return "avocet_binned_bootstrap";
    case 20:
        *found = avocet_threshold_single(&decided, &f_beta, out.a, &out.solution, NULL, &error);
        return "avocet_threshold_single";
    case 21:
        decided.rows = LENGTH(many_zeros);
        decided.scores = decided.labels = many_zeros;
        decided.weights = NULL;
        *found = avocet_threshold_single(&decided, &f_beta, out.a, &out.solution, NULL, &error);
        return "avocet_threshold_single";
    case 22:
        index.ids = own;
        index.storage = AVOCET_INDEX_INT8;
        *found = avocet_index_create(&of_cols, &index, NULL, &out.index, &error);
        return "avocet_index_create";
    case 23:
        index.ids = own;
        *found = avocet_index_append(named_index, &of_cols, &index, NULL, &out.index, &error);
        return "avocet_index_append";
    case 24:
        *found = avocet_index_replace(certified_index, three, &of_rows, &index, &out.index, &error);
        return "avocet_index_replace";
    case 25:
        *found = avocet_index_remove(plain_index, three, 3, &out.index, &error);
        return "avocet_index_remove";
    case 26:
        *found = avocet_index_load(saved_index, SAVED_INDEX, &out.index, &error);
        return "avocet_index_load";
    case 27:
        *found = avocet_index_map(saved_index, SAVED_INDEX, &out.index, &error);
        return "avocet_index_map";
    default:
        return NULL;
    }
}

/* Each allocation of a call fails in turn. */
static void out_of_memory(void) {
    int calls = 0;
    save_model();
    save_buckets();
    make_indexes();
    for (int call = 0, last = 0; !last; call++) {
        int done = 0;
        for (long next = 1; !done && !last; next++) {
            avocet_status found = AVOCET_OK;
            memset(&out, 0xa5, sizeof out);
            refused_allocation = allocations + next;
            const char *function = allocating_call(call, &found);
            refused_allocation = 0;
            last = function == NULL;
            done = found == AVOCET_OK;
            if (!done) {
                const int32_t argument = error.argument;
                char name[40];
                CHECK(argument > 0);
                strncpy(name, error.name, sizeof name - 1)[sizeof name - 1] = 0;
                struct value value = integer((uint64_t)error.integer);
                check_refused(__LINE__, function, found, AVOCET_ERROR_OUT_OF_MEMORY, argument, name, 0, value);
            }
            CHECK(!done || last || next > 1);
        }
        calls += !last;
        if (call == 0) {
            avocet_workspace_destroy(out.workspace);
        } else if (call > 1 && call < 7) {
            avocet_graph_destroy(out.graph);
        } else if (call == 7) {
            avocet_stream_destroy(out.stream);
        } else if (call == 9 || call == 10) {
            avocet_sparse_model_destroy(out.model);
        } else if (call == 11) {
            avocet_sparse_rows_destroy(out.rows);
        } else if (call > 12 && call < 16) {
            avocet_grid_destroy(out.grid);
        } else if (call == 16 || call == 17) {
            avocet_buckets_destroy(out.buckets);
        } else if (call > 21 && call < 28) {
            avocet_index_destroy(out.index);
        }
    }
    CHECK(calls == 28);
    avocet_buckets_destroy(empty_buckets);
    avocet_grid_destroy(one_edge);
    /* The last allocation of a pool is its handle's. The first creations find what is allocated once. */
    long needed = 0;
    for (int round = 0; round < 3; round++) {
        long before = allocations;
        OK(avocet_pool_create(1, &out.pool, &error));
        needed = allocations - before;
        avocet_pool_destroy(out.pool);
    }
    refused_allocation = allocations + needed;
    struct value size = integer(0);
    memset(&out, 0xa5, sizeof out);
    avocet_status found = avocet_pool_create(1, &out.pool, &error);
    refused_allocation = 0;
    size.integer = error.integer;
    check_refused(__LINE__, "avocet_pool_create", found, AVOCET_ERROR_OUT_OF_MEMORY, 2, "out", 0, size);
}

static void graphs(void) {
    const avocet_csr good = csr(offsets, R, columns, C);
    avocet_csr view = good;
    REFUSES(avocet_graph_create, (NULL, &out.graph, &error), BAD_NULL, 1, "csr", 0, none());
    REFUSES(avocet_graph_create, (&view, NULL, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_graph_create, (&view, MISALIGNED(avocet_graph **, &out.graph), &error), BAD_VALUE, 2, "out", 0,
            integer(1));
    view.offsets = NULL;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), BAD_NULL, 1, "csr.offsets", 0, none());
    view.offsets = MISALIGNED(const void *, offsets);
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), BAD_VALUE, 1, "csr.offsets", 0, integer(1));
    view = good;
    view.indices = NULL;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), BAD_NULL, 1, "csr.indices", 0, none());
    view.indices = MISALIGNED(const void *, columns);
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), BAD_VALUE, 1, "csr.indices", 0, integer(1));
    view = good;
    view.offset_type = 0;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), BAD_VALUE, 1, "csr.offset_type", 0, integer(0));
    view = good;
    view.index_type = 19;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), BAD_VALUE, 1, "csr.index_type", 0, integer(19));
    view = good;
    view.rows = SIZE_MAX;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), TOO_LARGE, 1, "csr.rows", 0, integer(SIZE_MAX));
    view = good;
    view.edges = SIZE_MAX;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), TOO_LARGE, 1, "csr.edges", 0, integer(SIZE_MAX));
    view = good;
    view.cols = (size_t)UINT32_MAX + 1;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), TOO_LARGE, 1, "csr.cols", 0,
            integer((uint64_t)UINT32_MAX + 1));

    /* One past the structure: the output in the middle of it. */
    union {
        int64_t offsets[R + 1];
        avocet_graph *graph;
    } shared = {{0, 0, 0, 0}};
    view = csr(shared.offsets, R, NULL, C);
    REFUSES(avocet_graph_create, (&view, &shared.graph, &error), OVERLAP, 2, "out", 0, none());

    static const int64_t bad_offsets[][R + 1] = {{1, 2, 2, 5}, {0, 2, 1, 5}, {0, 2, 2, 4}, {0, 2, 6, 5}, {0, -1, 2, 5}};
    static const uint64_t bad_at[] = {0, 2, 3, 2, 1};
    for (size_t i = 0; i < LENGTH(bad_offsets); i++) {
        view = good;
        view.offsets = bad_offsets[i];
        REFUSES(avocet_graph_create, (&view, &out.graph, &error), AVOCET_ERROR_INVALID_OFFSETS, 1, "csr.offsets",
                bad_at[i], negative(bad_offsets[i][bad_at[i]]));
    }
    const int32_t bad_columns[] = {0, 3, 1, -2, 9};
    view = good;
    view.indices = bad_columns;
    view.index_type = AVOCET_I32;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), BAD_INDEX, 1, "csr.indices", 3, negative(-2));
    view = good;
    view.cols = 3;
    REFUSES(avocet_graph_create, (&view, &out.graph, &error), BAD_INDEX, 1, "csr.indices", 1, integer(3));

    REFUSES(avocet_graph_transpose, (NULL, &out.graph, &error), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_graph_transpose, (graph, NULL, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_graph_transpose, (graph, MISALIGNED(avocet_graph **, &out.graph), &error), BAD_VALUE, 2, "out", 0,
            integer(1));

#define COPY(function, array, wanted)                                                                        \
    do {                                                                                                     \
        REFUSES(function, (NULL, array, wanted, &error), BAD_NULL, 1, "graph", 0, none());                   \
        REFUSES(function, (graph, NULL, wanted, &error), BAD_NULL, 2, "out", 0, none());                     \
        REFUSES(function, (graph, (void *)((char *)array + 1), wanted, &error), BAD_VALUE, 2, "out", 0,      \
                integer(1));                                                                                 \
        REFUSES(function, (graph, array, (wanted)-1, &error), BAD_SHAPE, 3, "len", 0, integer((wanted)-1));  \
        REFUSES(function, (graph, array, SIZE_MAX, &error), BAD_SHAPE, 3, "len", 0, integer(SIZE_MAX));      \
    } while (0)
    COPY(avocet_graph_offsets, out.offsets, R + 1);
    COPY(avocet_graph_indices, out.ids, E);
    COPY(avocet_graph_edge_ids, out.ids, E);

    const uint32_t three[] = {0, 1, 2};
    const avocet_indices ids = indices(three, 3, AVOCET_U32);
    REFUSES(avocet_graph_select_rows, (NULL, &ids, &out.graph, &error), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_graph_select_rows, (graph, NULL, &out.graph, &error), BAD_NULL, 2, "rows", 0, none());
    BAD_INDICES(avocet_graph_select_rows, (graph, I, &out.graph, &error), 2, "rows", R);
    REFUSES(avocet_graph_select_rows, (graph, &ids, NULL, &error), BAD_NULL, 3, "out", 0, none());
    REFUSES(avocet_graph_select_rows, (graph, &ids, MISALIGNED(avocet_graph **, &out.graph), &error), BAD_VALUE, 3, "out",
            0, integer(1));
    const avocet_indices overlapping = indices(shared.offsets, 2, AVOCET_I64);
    REFUSES(avocet_graph_select_rows, (graph, &overlapping, &shared.graph, &error), OVERLAP, 3, "out", 0, none());
    /* A row of 2^20 edges, 2^12 times. */
    const int64_t hub_offsets[] = {0, 1 << 20};
    uint32_t *zeros = calloc(1 << 20, sizeof *zeros);
    CHECK(zeros != NULL);
    view = csr(hub_offsets, 1, zeros, 1);
    avocet_graph *hub;
    OK(avocet_graph_create(&view, &hub, &error));
    const avocet_indices times = indices(zeros, 1 << 12, AVOCET_U32);
    REFUSES(avocet_graph_select_rows, (hub, &times, &out.graph, &error), TOO_LARGE, 2, "rows", 0,
            integer((uint64_t)1 << 32));
    avocet_graph_destroy(hub);
    free(zeros);
}

static void map(void) {
    const float *x = rows_data;
    REFUSES(avocet_map, (-1, x, out.a, 3, NULL, &error), BAD_VALUE, 1, "function", 0, negative(-1));
    REFUSES(avocet_map, (6, x, out.a, 3, NULL, &error), BAD_VALUE, 1, "function", 0, integer(6));
    REFUSES(avocet_map, (0, NULL, out.a, 3, NULL, &error), BAD_NULL, 2, "x", 0, none());
    REFUSES(avocet_map, (0, MISALIGNED(float *, x), out.a, 3, NULL, &error), BAD_VALUE, 2, "x", 0, integer(1));
    REFUSES(avocet_map, (0, x, NULL, 3, NULL, &error), BAD_NULL, 3, "out", 0, none());
    REFUSES(avocet_map, (0, x, MISALIGNED(float *, out.a), 3, NULL, &error), BAD_VALUE, 3, "out", 0, integer(1));
    REFUSES(avocet_map, (0, out.a, out.a, 3, NULL, &error), OVERLAP, 3, "out", 0, none());
    REFUSES(avocet_map, (0, out.a, out.a + 2, 3, NULL, &error), OVERLAP, 3, "out", 0, none());
    REFUSES(avocet_map, (0, x, out.a, SIZE_MAX, NULL, &error), TOO_LARGE, 4, "len", 0, integer(SIZE_MAX));
    REFUSES(avocet_map, (0, x, out.a, SIZE_MAX / 4, NULL, &error), TOO_LARGE, 4, "len", 0, integer(SIZE_MAX / 4));
    REFUSES(avocet_map, (0, x, (float *)(UINTPTR_MAX - 3), 2, NULL, &error), TOO_LARGE, 3, "out", 0, integer(2));
    REFUSES(avocet_map, (0, x, out.a, 3, bad_pool, &error), BAD_VALUE, 5, "pool", 0, integer(1));
    /* Side by side is not overlap. */
    OK(avocet_map(0, out.a, out.a + 3, 3, NULL, &error));
    /* Nothing to do. */
    OK(avocet_map(0, NULL, NULL, 0, NULL, &error));
}

static void aggregate(void) {
    avocet_aggregate_options good = {0}, options;
    good.struct_size = sizeof good;
#define AGGREGATE(x, options, to) (graph, x, options, to, NULL, &error)
#define TO to(out.a, R, D)
    REFUSES(avocet_aggregate, (NULL, &of_cols, NULL, TO, NULL, &error), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_aggregate, (MISALIGNED(avocet_graph *, graph), &of_cols, NULL, TO, NULL, &error), BAD_VALUE, 1,
            "graph", 0, integer(1));
    REFUSES(avocet_aggregate, AGGREGATE(NULL, NULL, TO), BAD_NULL, 2, "x", 0, none());
    BAD_MATRIX(avocet_aggregate, AGGREGATE(M, NULL, TO), of_cols, 2, "x", 0);
    REFUSES(avocet_aggregate, AGGREGATE(with(of_cols, C - 1, D), NULL, TO), BAD_SHAPE, 2, "x.rows", 0, integer(C - 1));
    BAD_STRUCT(avocet_aggregate, AGGREGATE(&of_cols, S, TO), avocet_aggregate_options, good, 3, "options");
#define BAD_OPTION(field, bad, status, value)                                                                \
    options = good;                                                                                          \
    options.field = bad;                                                                                     \
    REFUSES(avocet_aggregate, AGGREGATE(&of_cols, &options, TO), status, 3, "options." #field, 0, value)
    BAD_OPTION(reduce, 2, BAD_VALUE, integer(2));
    BAD_OPTION(reduce, -1, BAD_VALUE, negative(-1));
    BAD_OPTION(accumulate, 2, BAD_VALUE, integer(2));
    BAD_OPTION(edge_weights, MISALIGNED(float *, rows_data), BAD_VALUE, integer(1));
    BAD_OPTION(source_scale, MISALIGNED(float *, rows_data), BAD_VALUE, integer(1));
    BAD_OPTION(row_scale, MISALIGNED(float *, rows_data), BAD_VALUE, integer(1));
    options = good;
    options.row_scale = out.a + 1;
    REFUSES(avocet_aggregate, AGGREGATE(&of_cols, &options, TO), OVERLAP, 4, "out.data", 0, none());
    REFUSES(avocet_aggregate, AGGREGATE(&of_cols, NULL, NULL), BAD_NULL, 4, "out", 0, none());
    BAD_OUTPUT(avocet_aggregate, AGGREGATE(&of_cols, NULL, O), R, D, 4, "out");
    REFUSES(avocet_aggregate, AGGREGATE(&of_cols, NULL, to(cols_data + 1, R, D)), OVERLAP, 4, "out.data", 0, none());
    REFUSES(avocet_aggregate, AGGREGATE(&of_cols, NULL, to(out.a, R + 1, D)), BAD_SHAPE, 4, "out.rows", 0,
            integer(R + 1));
    REFUSES(avocet_aggregate, AGGREGATE(&of_cols, NULL, to(out.a, R, D + 1)), BAD_SHAPE, 4, "out.cols", 0,
            integer(D + 1));
    REFUSES(avocet_aggregate, (graph, &of_cols, NULL, TO, bad_pool, &error), BAD_VALUE, 5, "pool", 0, integer(1));

#define DOTS(left, right, out) (graph, left, right, out, NULL, &error)
    REFUSES(avocet_edge_dots, (NULL, &of_rows, &of_cols, out.a, NULL, &error), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_edge_dots, DOTS(NULL, &of_cols, out.a), BAD_NULL, 2, "left", 0, none());
    BAD_MATRIX(avocet_edge_dots, DOTS(M, &of_cols, out.a), of_rows, 2, "left", 0);
    REFUSES(avocet_edge_dots, DOTS(with(of_rows, R + 1, D), &of_cols, out.a), BAD_SHAPE, 2, "left.rows", 0,
            integer(R + 1));
    REFUSES(avocet_edge_dots, DOTS(&of_rows, NULL, out.a), BAD_NULL, 3, "right", 0, none());
    BAD_MATRIX(avocet_edge_dots, DOTS(&of_rows, M, out.a), of_cols, 3, "right", 0);
    REFUSES(avocet_edge_dots, DOTS(&of_rows, with(of_cols, R, D), out.a), BAD_SHAPE, 3, "right.rows", 0, integer(R));
    REFUSES(avocet_edge_dots, DOTS(&of_rows, with(of_cols, C, D + 1), out.a), BAD_SHAPE, 3, "right.cols", 0,
            integer(D + 1));
    REFUSES(avocet_edge_dots, DOTS(&of_rows, &of_cols, NULL), BAD_NULL, 4, "out", 0, none());
    REFUSES(avocet_edge_dots, DOTS(&of_rows, &of_cols, MISALIGNED(float *, out.a)), BAD_VALUE, 4, "out", 0, integer(1));
    REFUSES(avocet_edge_dots, DOTS(&of_rows, &of_cols, cols_data), OVERLAP, 4, "out", 0, none());
    REFUSES(avocet_edge_dots, (graph, &of_rows, &of_cols, out.a, bad_pool, &error), BAD_VALUE, 5, "pool", 0, integer(1));
}

static void dense(void) {
    avocet_addend addends[AVOCET_MAX_ADDENDS + 1], bad[2];
    memset(addends, 0, sizeof addends);
    for (size_t i = 0; i < LENGTH(addends); i++) {
        addends[i].x = of_rows;
        addends[i].w = matrix(cols_data, D, C);
    }
    memcpy(bad, addends, sizeof bad);
    avocet_dense_options good = {0}, options;
    good.struct_size = sizeof good;
#define PRODUCT(addends, options, to, norms, workspace) (addends, 2, options, to, norms, NULL, workspace, &error)
#undef TO
#define TO to(out.a, R, C)
    REFUSES(avocet_dense_product, PRODUCT(NULL, NULL, TO, NULL, large), BAD_NULL, 1, "addends", 0, none());
#define BAD_ADDEND (bad[1] = addends[1], bad[1].x = *M, bad)
    BAD_MATRIX(avocet_dense_product, PRODUCT(BAD_ADDEND, NULL, TO, NULL, large), addends[1].x, 1, "addends.x", 1);
#undef BAD_ADDEND
#define BAD_ADDEND (bad[1] = addends[1], bad[1].w = *M, bad)
    BAD_MATRIX(avocet_dense_product, PRODUCT(BAD_ADDEND, NULL, TO, NULL, large), addends[1].w, 1, "addends.w", 1);
    bad[1] = addends[1];
    bad[1].transposed = 7;
    REFUSES(avocet_dense_product, PRODUCT(bad, NULL, TO, NULL, large), BAD_VALUE, 1, "addends.transposed", 1, integer(7));
    bad[1] = addends[1];
    bad[1].x.rows = R - 1;
    REFUSES(avocet_dense_product, PRODUCT(bad, NULL, TO, NULL, large), BAD_SHAPE, 1, "addends.x.rows", 1, integer(R - 1));
    bad[1] = addends[1];
    bad[1].w.rows = D + 1;
    REFUSES(avocet_dense_product, PRODUCT(bad, NULL, TO, NULL, large), BAD_SHAPE, 1, "addends.w.rows", 1, integer(D + 1));
    bad[1] = addends[1];
    bad[1].w.cols = C - 1;
    REFUSES(avocet_dense_product, PRODUCT(bad, NULL, TO, NULL, large), BAD_SHAPE, 1, "addends.w.cols", 1, integer(C - 1));
    REFUSES(avocet_dense_product, (addends, 17, NULL, TO, NULL, NULL, large, &error), BAD_VALUE, 2, "addend_count", 0,
            integer(17));
    REFUSES(avocet_dense_product, (addends, SIZE_MAX, NULL, TO, NULL, NULL, large, &error), BAD_VALUE, 2,
            "addend_count", 0, integer(SIZE_MAX));
    BAD_STRUCT(avocet_dense_product, PRODUCT(addends, S, TO, NULL, large), avocet_dense_options, good, 3, "options");
#undef BAD_OPTION
#define BAD_OPTION(function, call, argument, field)                                                          \
    options = good;                                                                                          \
    options.field = -3;                                                                                      \
    REFUSES(function, call, BAD_VALUE, argument, "options." #field, 0, negative(-3))
#define BAD_OPTIONS(function, call, argument)                                                                \
    BAD_OPTION(function, call, argument, accumulate);                                                        \
    BAD_OPTION(function, call, argument, activation);                                                        \
    BAD_OPTION(function, call, argument, normalise);                                                         \
    BAD_OPTION(function, call, argument, reserved)
    BAD_OPTIONS(avocet_dense_product, PRODUCT(addends, &options, TO, NULL, large), 3);
    REFUSES(avocet_dense_product, PRODUCT(addends, NULL, NULL, NULL, large), BAD_NULL, 4, "out", 0, none());
    BAD_OUTPUT(avocet_dense_product, PRODUCT(addends, NULL, O, NULL, large), R, C, 4, "out");
    REFUSES(avocet_dense_product, PRODUCT(addends, NULL, to(cols_data + 1, R, C), NULL, large), OVERLAP, 4, "out.data",
            0, none());
    options = good;
    options.normalise = 1;
    REFUSES(avocet_dense_product, PRODUCT(addends, &options, TO, NULL, large), BAD_NULL, 5, "norms", 0, none());
    REFUSES(avocet_dense_product, PRODUCT(addends, NULL, TO, MISALIGNED(float *, out.b), large), BAD_VALUE, 5, "norms",
            0, integer(1));
    REFUSES(avocet_dense_product, PRODUCT(addends, NULL, TO, out.a + 1, large), OVERLAP, 5, "norms", 0, none());
    REFUSES(avocet_dense_product, (addends, 2, NULL, TO, NULL, bad_pool, large, &error), BAD_VALUE, 6, "pool", 0,
            integer(1));
    REFUSES(avocet_dense_product, PRODUCT(addends, NULL, TO, NULL, NULL), BAD_NULL, 7, "workspace", 0, none());
    REFUSES(avocet_dense_product, PRODUCT(addends, NULL, TO, NULL, MISALIGNED(avocet_workspace *, large)), BAD_VALUE, 7,
            "workspace", 0, integer(1));
    CHECK(avocet_dense_product PRODUCT(addends, NULL, TO, NULL, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    uint64_t needed = (uint64_t)error.integer;
    REFUSES(avocet_dense_product, PRODUCT(addends, NULL, TO, NULL, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 7,
            "workspace", 0, integer(needed));
    OK(avocet_dense_product(addends, AVOCET_MAX_ADDENDS, NULL, TO, NULL, NULL, large, &error));
    OK(avocet_dense_product(NULL, 0, NULL, TO, NULL, NULL, large, &error));
    CHECK(out.a[0] == 0 && out.a[R * C - 1] == 0);
    options.normalise = 1;
    OK(avocet_dense_product(NULL, 0, &options, to(NULL, 0, C), NULL, NULL, large, &error));

#define ACTIVATE(options, rows, norms) (options, rows, norms, NULL, &error)
    BAD_STRUCT(avocet_dense_activate, ACTIVATE(S, TO, NULL), avocet_dense_options, good, 1, "options");
    BAD_OPTIONS(avocet_dense_activate, ACTIVATE(&options, TO, NULL), 1);
    REFUSES(avocet_dense_activate, ACTIVATE(NULL, NULL, NULL), BAD_NULL, 2, "rows", 0, none());
    BAD_OUTPUT(avocet_dense_activate, ACTIVATE(NULL, O, NULL), R, C, 2, "rows");
    options = good;
    options.normalise = 1;
    REFUSES(avocet_dense_activate, ACTIVATE(&options, TO, NULL), BAD_NULL, 3, "norms", 0, none());
    REFUSES(avocet_dense_activate, ACTIVATE(&options, TO, MISALIGNED(float *, out.b)), BAD_VALUE, 3, "norms", 0,
            integer(1));
    REFUSES(avocet_dense_activate, ACTIVATE(&options, TO, out.a + 2), OVERLAP, 3, "norms", 0, none());
    REFUSES(avocet_dense_activate, (NULL, TO, NULL, bad_pool, &error), BAD_VALUE, 4, "pool", 0, integer(1));

#undef TO
#define TO to(out.a, R, D)
#define BACKWARD(options, y, norms, dy, dz) (options, y, norms, dy, dz, NULL, &error)
    avocet_matrix dy = matrix(cols_data, R, D);
    BAD_STRUCT(avocet_dense_activate_backward, BACKWARD(S, &of_rows, NULL, &dy, TO), avocet_dense_options, good, 1,
               "options");
    BAD_OPTIONS(avocet_dense_activate_backward, BACKWARD(&options, &of_rows, NULL, &dy, TO), 1);
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, NULL, NULL, &dy, TO), BAD_NULL, 2, "y", 0, none());
    BAD_MATRIX(avocet_dense_activate_backward, BACKWARD(NULL, M, NULL, &dy, TO), of_rows, 2, "y", 0);
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, with(of_rows, R + 1, D), NULL, &dy, TO), BAD_SHAPE, 2,
            "y.rows", 0, integer(R + 1));
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, with(of_rows, R, D + 1), NULL, &dy, TO), BAD_SHAPE, 2,
            "y.cols", 0, integer(D + 1));
    options = good;
    options.normalise = 1;
    REFUSES(avocet_dense_activate_backward, BACKWARD(&options, &of_rows, NULL, &dy, TO), BAD_NULL, 3, "norms", 0, none());
    REFUSES(avocet_dense_activate_backward, BACKWARD(&options, &of_rows, MISALIGNED(float *, rows_data), &dy, TO),
            BAD_VALUE, 3, "norms", 0, integer(1));
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, &of_rows, NULL, NULL, TO), BAD_NULL, 4, "dy", 0, none());
    BAD_MATRIX(avocet_dense_activate_backward, BACKWARD(NULL, &of_rows, NULL, M, TO), dy, 4, "dy", 0);
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, &of_rows, NULL, with(dy, R - 1, D), TO), BAD_SHAPE, 4,
            "dy.rows", 0, integer(R - 1));
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, &of_rows, NULL, with(dy, R, D - 1), TO), BAD_SHAPE, 4,
            "dy.cols", 0, integer(D - 1));
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, &of_rows, NULL, &dy, NULL), BAD_NULL, 5, "dz", 0, none());
    BAD_OUTPUT(avocet_dense_activate_backward, BACKWARD(NULL, &of_rows, NULL, &dy, O), R, D, 5, "dz");
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, &of_rows, NULL, &dy, to(cols_data, R, D)), OVERLAP, 5,
            "dz.data", 0, none());
    REFUSES(avocet_dense_activate_backward, BACKWARD(NULL, &of_rows, out.a + 1, &dy, TO), OVERLAP, 5, "dz.data", 0,
            none());
    REFUSES(avocet_dense_activate_backward, (NULL, &of_rows, NULL, &dy, TO, bad_pool, &error), BAD_VALUE, 6, "pool", 0,
            integer(1));

#undef TO
#define TO to(out.a, D, D)
#define GRADIENT(x, dz, accumulate, to, workspace) (x, dz, accumulate, to, NULL, workspace, &error)
    REFUSES(avocet_dense_weight_gradient, GRADIENT(NULL, &dy, 0, TO, large), BAD_NULL, 1, "x", 0, none());
    BAD_MATRIX(avocet_dense_weight_gradient, GRADIENT(M, &dy, 0, TO, large), of_rows, 1, "x", 0);
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, NULL, 0, TO, large), BAD_NULL, 2, "dz", 0, none());
    BAD_MATRIX(avocet_dense_weight_gradient, GRADIENT(&of_rows, M, 0, TO, large), dy, 2, "dz", 0);
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, with(dy, R + 1, D), 0, TO, large), BAD_SHAPE, 2, "dz.rows",
            0, integer(R + 1));
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, &dy, 2, TO, large), BAD_VALUE, 3, "accumulate", 0,
            integer(2));
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, &dy, 0, NULL, large), BAD_NULL, 4, "out", 0, none());
    BAD_OUTPUT(avocet_dense_weight_gradient, GRADIENT(&of_rows, &dy, 0, O, large), D, D, 4, "out");
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, &dy, 0, to(rows_data + 3, D, D), large), OVERLAP, 4,
            "out.data", 0, none());
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, &dy, 0, to(out.a, D + 1, D), large), BAD_SHAPE, 4,
            "out.rows", 0, integer(D + 1));
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, &dy, 0, to(out.a, D, D + 1), large), BAD_SHAPE, 4,
            "out.cols", 0, integer(D + 1));
    REFUSES(avocet_dense_weight_gradient, (&of_rows, &dy, 0, TO, bad_pool, large, &error), BAD_VALUE, 5, "pool", 0,
            integer(1));
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, &dy, 0, TO, NULL), BAD_NULL, 6, "workspace", 0, none());
    CHECK(avocet_dense_weight_gradient GRADIENT(&of_rows, &dy, 0, TO, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    needed = (uint64_t)error.integer;
    REFUSES(avocet_dense_weight_gradient, GRADIENT(&of_rows, &dy, 0, TO, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 6,
            "workspace", 0, integer(needed));
}

static void scores(void) {
    /* An exclusion whose row is not in ascending order; and one of another shape. */
    static const uint32_t unsorted_columns[E] = {0, 3, 1, 3, 2};
    avocet_csr view = csr(offsets, R, unsorted_columns, C);
    avocet_graph *unsorted;
    OK(avocet_graph_create(&view, &unsorted, &error));
    const avocet_matrix *q = &of_rows, *t = &of_cols;
#define TOP(...) (__VA_ARGS__, &error)
#define LISTS out.ids, out.a, out.counts, out.more, NULL, large
    REFUSES(avocet_top_k, TOP(NULL, t, NULL, 2, LISTS), BAD_NULL, 1, "queries", 0, none());
    BAD_MATRIX(avocet_top_k, TOP(M, t, NULL, 2, LISTS), of_rows, 1, "queries", 0);
    REFUSES(avocet_top_k, TOP(q, NULL, NULL, 2, LISTS), BAD_NULL, 2, "targets", 0, none());
    BAD_MATRIX(avocet_top_k, TOP(q, M, NULL, 2, LISTS), of_cols, 2, "targets", 0);
    REFUSES(avocet_top_k, TOP(q, with(of_cols, C, D + 1), NULL, 2, LISTS), BAD_SHAPE, 2, "targets.cols", 0,
            integer(D + 1));
    avocet_matrix empty = matrix(NULL, (size_t)UINT32_MAX + 1, 0), none_wide = matrix(NULL, R, 0);
    REFUSES(avocet_top_k, TOP(&none_wide, &empty, NULL, 2, LISTS), TOO_LARGE, 2, "targets.rows", 0,
            integer((uint64_t)UINT32_MAX + 1));
    REFUSES(avocet_top_k, TOP(q, t, transposed, 2, LISTS), BAD_SHAPE, 3, "exclude.rows", 0, integer(C));
    REFUSES(avocet_top_k, TOP(q, with(of_cols, C + 1, D), graph, 2, LISTS), BAD_SHAPE, 3, "exclude.cols", 0, integer(C));
    REFUSES(avocet_top_k, TOP(q, t, unsorted, 2, LISTS), AVOCET_ERROR_NOT_SORTED, 3, "exclude.indices", 4, integer(2));
    REFUSES(avocet_top_k, TOP(q, t, NULL, SIZE_MAX / 2, LISTS), TOO_LARGE, 4, "k", 0, integer(SIZE_MAX / 2));
    REFUSES(avocet_top_k, TOP(q, t, NULL, SIZE_MAX / 16, LISTS), TOO_LARGE, 4, "k", 0, integer(SIZE_MAX / 16));
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, NULL, out.a, out.counts, NULL, NULL, large), BAD_NULL, 5, "ids", 0, none());
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, NULL, out.counts, NULL, NULL, large), BAD_NULL, 6, "scores", 0, none());
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, out.a, NULL, NULL, NULL, large), BAD_NULL, 7, "counts", 0, none());
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, MISALIGNED(uint32_t *, out.ids), out.a, out.counts, NULL, NULL, large), BAD_VALUE,
            5, "ids", 0, integer(1));
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, MISALIGNED(float *, out.a), out.counts, NULL, NULL, large), BAD_VALUE, 6,
            "scores", 0, integer(1));
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, out.a, MISALIGNED(uint32_t *, out.counts), NULL, NULL, large), BAD_VALUE,
            7, "counts", 0, integer(1));
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, out.a, out.counts, MISALIGNED(uint32_t *, out.more), NULL, large),
            BAD_VALUE, 8, "nan_counts", 0, integer(1));
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, (uint32_t *)(void *)cols_data, out.a, out.counts, NULL, NULL, large), OVERLAP, 5,
            "ids", 0, none());
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, rows_data, out.counts, NULL, NULL, large), OVERLAP, 6, "scores", 0,
            none());
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, out.a, out.ids + 2, NULL, NULL, large), OVERLAP, 7, "counts", 0, none());
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, out.a, out.counts, out.counts, NULL, large), OVERLAP, 8, "nan_counts", 0,
            none());
    REFUSES(avocet_top_k, (q, t, NULL, 2, out.ids, out.a, out.counts, NULL, bad_pool, large, &error), BAD_VALUE, 9,
            "pool", 0, integer(1));
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, out.a, out.counts, NULL, NULL, NULL), BAD_NULL, 10, "workspace", 0,
            none());
    CHECK(avocet_top_k TOP(q, t, NULL, 2, out.ids, out.a, out.counts, NULL, NULL, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    uint64_t needed = (uint64_t)error.integer;
    REFUSES(avocet_top_k, TOP(q, t, NULL, 2, out.ids, out.a, out.counts, NULL, NULL, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL,
            10, "workspace", 0, integer(needed));
    OK(avocet_top_k(q, t, NULL, 0, NULL, NULL, out.counts, NULL, NULL, large, &error));
    avocet_matrix no_queries = matrix(NULL, 0, D);
    OK(avocet_top_k(&no_queries, t, NULL, 5, NULL, NULL, NULL, NULL, NULL, large, &error));

#define RANKS(...) (__VA_ARGS__, &error)
#define COUNTS out.counts, out.more, NULL, large
    REFUSES(avocet_rank_counts, RANKS(NULL, t, graph, NULL, COUNTS), BAD_NULL, 1, "queries", 0, none());
    BAD_MATRIX(avocet_rank_counts, RANKS(M, t, graph, NULL, COUNTS), of_rows, 1, "queries", 0);
    REFUSES(avocet_rank_counts, RANKS(q, NULL, graph, NULL, COUNTS), BAD_NULL, 2, "targets", 0, none());
    BAD_MATRIX(avocet_rank_counts, RANKS(q, M, graph, NULL, COUNTS), of_cols, 2, "targets", 0);
    REFUSES(avocet_rank_counts, RANKS(q, with(of_cols, C, D + 1), graph, NULL, COUNTS), BAD_SHAPE, 2, "targets.cols", 0,
            integer(D + 1));
    REFUSES(avocet_rank_counts, RANKS(q, t, NULL, NULL, COUNTS), BAD_NULL, 3, "given", 0, none());
    REFUSES(avocet_rank_counts, RANKS(q, t, transposed, NULL, COUNTS), BAD_SHAPE, 3, "given.rows", 0, integer(C));
    REFUSES(avocet_rank_counts, RANKS(q, with(of_cols, C + 1, D), graph, NULL, COUNTS), BAD_SHAPE, 3, "given.cols", 0,
            integer(C));
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, transposed, COUNTS), BAD_SHAPE, 4, "exclude.rows", 0, integer(C));
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, unsorted, COUNTS), AVOCET_ERROR_NOT_SORTED, 4, "exclude.indices", 4,
            integer(2));
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, NULL, NULL, out.more, NULL, large), BAD_NULL, 5, "better", 0, none());
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, NULL, MISALIGNED(uint32_t *, out.counts), out.more, NULL, large), BAD_VALUE,
            5, "better", 0, integer(1));
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, NULL, (uint32_t *)(void *)rows_data, out.more, NULL, large), OVERLAP, 5,
            "better", 0, none());
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, NULL, out.counts, NULL, NULL, large), BAD_NULL, 6, "equal", 0, none());
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, NULL, out.counts, MISALIGNED(uint32_t *, out.more), NULL, large), BAD_VALUE,
            6, "equal", 0, integer(1));
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, NULL, out.counts, out.counts + E - 1, NULL, large), OVERLAP, 6, "equal", 0,
            none());
    REFUSES(avocet_rank_counts, (q, t, graph, NULL, out.counts, out.more, bad_pool, large, &error), BAD_VALUE, 7, "pool",
            0, integer(1));
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, NULL, out.counts, out.more, NULL, NULL), BAD_NULL, 8, "workspace", 0,
            none());
    CHECK(avocet_rank_counts RANKS(q, t, graph, NULL, out.counts, out.more, NULL, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    needed = (uint64_t)error.integer;
    REFUSES(avocet_rank_counts, RANKS(q, t, graph, NULL, out.counts, out.more, NULL, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL,
            8, "workspace", 0, integer(needed));
    avocet_graph_destroy(unsorted);
}

static void edge_loss(void) {
    const avocet_edge_term good = edge_term(AVOCET_EDGE_POSITIVE);
    avocet_edge_term term;
    const avocet_matrix *s = &of_rows, *t = &of_cols;
    avocet_matrix_mut to_rows = matrix_mut(out.a, R, D), to_cols = matrix_mut(out.b, C, D);
#define LOSS(...) (__VA_ARGS__, &error)
#define REST &good, NULL, &to_rows, &to_cols, &out.edge, NULL, large
    REFUSES(avocet_edge_loss, LOSS(NULL, transposed, s, t, REST), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_edge_loss, LOSS(transposed, graph, t, s, REST), BAD_VALUE, 1, "graph", 0, none());
    REFUSES(avocet_edge_loss, LOSS(graph, NULL, s, t, REST), BAD_NULL, 2, "transposed", 0, none());
    REFUSES(avocet_edge_loss, LOSS(graph, graph, s, t, REST), BAD_SHAPE, 2, "transposed.rows", 0, integer(R));
    REFUSES(avocet_edge_loss, LOSS(graph, transposed, NULL, t, REST), BAD_NULL, 3, "sources", 0, none());
    BAD_MATRIX(avocet_edge_loss, LOSS(graph, transposed, M, t, REST), of_rows, 3, "sources", 0);
    REFUSES(avocet_edge_loss, LOSS(graph, transposed, with(of_rows, R + 1, D), t, REST), BAD_SHAPE, 3, "sources.rows", 0,
            integer(R + 1));
    REFUSES(avocet_edge_loss, LOSS(graph, transposed, s, NULL, REST), BAD_NULL, 4, "targets", 0, none());
    BAD_MATRIX(avocet_edge_loss, LOSS(graph, transposed, s, M, REST), of_cols, 4, "targets", 0);
    REFUSES(avocet_edge_loss, LOSS(graph, transposed, s, with(of_cols, R, D), REST), BAD_SHAPE, 4, "targets.rows", 0,
            integer(R));
    REFUSES(avocet_edge_loss, LOSS(graph, transposed, s, with(of_cols, C, D + 1), REST), BAD_SHAPE, 4, "targets.cols", 0,
            integer(D + 1));
#undef REST
#define WITH_TERM(term) LOSS(graph, transposed, s, t, term, NULL, &to_rows, &to_cols, &out.edge, NULL, large)
    REFUSES(avocet_edge_loss, WITH_TERM(NULL), BAD_NULL, 5, "term", 0, none());
    BAD_STRUCT(avocet_edge_loss, WITH_TERM(S), avocet_edge_term, good, 5, "term");
#define BAD_TERM(function, field, bad, value)                                                                \
    term = good;                                                                                             \
    term.field = bad;                                                                                        \
    REFUSES(function, WITH_TERM(&term), status_of(bad), 5, "term." #field, 0, value)
    BAD_TERM(avocet_edge_loss, kind, 3, integer(3));
    BAD_TERM(avocet_edge_loss, kind, -1, negative(-1));
    BAD_TERM(avocet_edge_loss, reserved, 1, integer(1));
    BAD_TERM(avocet_edge_loss, temperature, 0, real(0));
    BAD_TERM(avocet_edge_loss, temperature, NAN, real(NAN));
    BAD_TERM(avocet_edge_loss, margin, -0.5f, real(-0.5));
    BAD_TERM(avocet_edge_loss, offset, NAN, real(NAN));
    BAD_TERM(avocet_edge_loss, weight, NAN, real(NAN));
    BAD_TERM(avocet_edge_loss, temperature, INFINITY, real(INFINITY));
    BAD_TERM(avocet_edge_loss, margin, INFINITY, real(INFINITY));
    BAD_TERM(avocet_edge_loss, offset, -INFINITY, real(-INFINITY));
#define WITH_OUT(weights, ds, dt, result) LOSS(graph, transposed, s, t, &good, weights, ds, dt, result, NULL, large)
    REFUSES(avocet_edge_loss, WITH_OUT(MISALIGNED(float *, rows_data), &to_rows, &to_cols, &out.edge), BAD_VALUE, 6,
            "edge_weights", 0, integer(1));
    BAD_OUTPUT(avocet_edge_loss, WITH_OUT(NULL, O, NULL, &out.edge), R, D, 7, "source_gradient");
    REFUSES(avocet_edge_loss, WITH_OUT(NULL, to(out.a, R + 1, D), NULL, &out.edge), BAD_SHAPE, 7,
            "source_gradient.rows", 0, integer(R + 1));
    REFUSES(avocet_edge_loss, WITH_OUT(NULL, to(cols_data, R, D), NULL, &out.edge), OVERLAP, 7, "source_gradient.data",
            0, none());
    BAD_OUTPUT(avocet_edge_loss, WITH_OUT(NULL, NULL, O, &out.edge), C, D, 8, "target_gradient");
    REFUSES(avocet_edge_loss, WITH_OUT(NULL, NULL, to(out.a, C, D + 1), &out.edge), BAD_SHAPE, 8,
            "target_gradient.cols", 0, integer(D + 1));
    REFUSES(avocet_edge_loss, WITH_OUT(NULL, &to_rows, to(out.a + 5, C, D), &out.edge), OVERLAP, 8,
            "target_gradient.data", 0, none());
    REFUSES(avocet_edge_loss, WITH_OUT(NULL, NULL, NULL, NULL), BAD_NULL, 9, "out", 0, none());
    REFUSES(avocet_edge_loss, WITH_OUT(NULL, NULL, NULL, MISALIGNED(avocet_edge_loss_result *, &out.edge)), BAD_VALUE, 9,
            "out", 0, integer(1));
    REFUSES(avocet_edge_loss, WITH_OUT(NULL, &to_rows, NULL, (avocet_edge_loss_result *)(void *)out.a), OVERLAP, 9,
            "out", 0, none());
    REFUSES(avocet_edge_loss,
            (graph, transposed, s, t, &good, NULL, &to_rows, &to_cols, &out.edge, bad_pool, large, &error), BAD_VALUE,
            10, "pool", 0, integer(1));
    REFUSES(avocet_edge_loss, LOSS(graph, transposed, s, t, &good, NULL, NULL, NULL, &out.edge, NULL, NULL), BAD_NULL, 11,
            "workspace", 0, none());
    CHECK(avocet_edge_loss LOSS(graph, transposed, s, t, &good, NULL, NULL, NULL, &out.edge, NULL, small) ==
          AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    uint64_t needed = (uint64_t)error.integer;
    REFUSES(avocet_edge_loss, LOSS(graph, transposed, s, t, &good, NULL, &to_rows, &to_cols, &out.edge, NULL, small),
            AVOCET_ERROR_WORKSPACE_TOO_SMALL, 11, "workspace", 0, integer(needed));
}

static void softmax_loss(void) {
    const avocet_softmax_term good = softmax_term();
    avocet_softmax_term term;
    const uint32_t three[] = {0, 1, 2};
    const avocet_indices ids = indices(three, 3, AVOCET_U32), *n = &ids;
    const avocet_matrix *s = &of_rows, *t = &of_cols;
    avocet_matrix_mut to_rows = matrix_mut(out.a, R, D), to_cols = matrix_mut(out.b, C, D);
#define SOFTMAX(...) (__VA_ARGS__, &error)
#define REST &good, NULL, &to_rows, &to_cols, &out.softmax, NULL, large
    REFUSES(avocet_softmax_loss, SOFTMAX(NULL, transposed, s, t, n, REST), BAD_NULL, 1, "positives", 0, none());
    REFUSES(avocet_softmax_loss, SOFTMAX(transposed, graph, t, s, n, REST), BAD_VALUE, 1, "positives", 0, none());
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, NULL, s, t, n, REST), BAD_NULL, 2, "transposed", 0, none());
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, graph, s, t, n, REST), BAD_SHAPE, 2, "transposed.rows", 0, integer(R));
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, transposed, NULL, t, n, REST), BAD_NULL, 3, "sources", 0, none());
    BAD_MATRIX(avocet_softmax_loss, SOFTMAX(graph, transposed, M, t, n, REST), of_rows, 3, "sources", 0);
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, transposed, with(of_rows, R + 1, D), t, n, REST), BAD_SHAPE, 3,
            "sources.rows", 0, integer(R + 1));
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, transposed, s, NULL, n, REST), BAD_NULL, 4, "targets", 0, none());
    BAD_MATRIX(avocet_softmax_loss, SOFTMAX(graph, transposed, s, M, n, REST), of_cols, 4, "targets", 0);
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, transposed, s, with(of_cols, R, D), n, REST), BAD_SHAPE, 4,
            "targets.rows", 0, integer(R));
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, transposed, s, with(of_cols, C, D + 1), n, REST), BAD_SHAPE, 4,
            "targets.cols", 0, integer(D + 1));
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, transposed, s, t, NULL, REST), BAD_NULL, 5, "negatives", 0, none());
    BAD_INDICES(avocet_softmax_loss, SOFTMAX(graph, transposed, s, t, I, REST), 5, "negatives", C);
#undef REST
#undef WITH_TERM
#define WITH_TERM(term) SOFTMAX(graph, transposed, s, t, n, term, NULL, &to_rows, &to_cols, &out.softmax, NULL, large)
    REFUSES(avocet_softmax_loss, WITH_TERM(NULL), BAD_NULL, 6, "term", 0, none());
    BAD_STRUCT(avocet_softmax_loss, WITH_TERM(S), avocet_softmax_term, good, 6, "term");
#undef BAD_TERM
#define BAD_TERM(field, bad)                                                                                 \
    term = good;                                                                                             \
    term.field = bad;                                                                                        \
    REFUSES(avocet_softmax_loss, WITH_TERM(&term), status_of(bad), 6, "term." #field, 0, real(bad))
    BAD_TERM(temperature, 0);
    BAD_TERM(temperature, NAN);
    BAD_TERM(temperature, INFINITY);
    BAD_TERM(weight, NAN);
    BAD_TERM(weight, -INFINITY);
#undef WITH_OUT
#define WITH_OUT(weights, ds, dt, result) SOFTMAX(graph, transposed, s, t, n, &good, weights, ds, dt, result, NULL, large)
    REFUSES(avocet_softmax_loss, WITH_OUT(MISALIGNED(float *, rows_data), &to_rows, &to_cols, &out.softmax), BAD_VALUE,
            7, "edge_weights", 0, integer(1));
    BAD_OUTPUT(avocet_softmax_loss, WITH_OUT(NULL, O, &to_cols, &out.softmax), R, D, 8, "source_gradient");
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, to(out.a, R + 1, D), &to_cols, &out.softmax), BAD_SHAPE, 8,
            "source_gradient.rows", 0, integer(R + 1));
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, to(cols_data, R, D), &to_cols, &out.softmax), OVERLAP, 8,
            "source_gradient.data", 0, none());
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, &to_rows, NULL, &out.softmax), BAD_NULL, 9, "target_gradient", 0,
            none());
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, NULL, &to_cols, &out.softmax), BAD_NULL, 8, "source_gradient", 0,
            none());
    BAD_OUTPUT(avocet_softmax_loss, WITH_OUT(NULL, NULL, O, &out.softmax), C, D, 9, "target_gradient");
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, &to_rows, to(out.b, C, D + 1), &out.softmax), BAD_SHAPE, 9,
            "target_gradient.cols", 0, integer(D + 1));
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, &to_rows, to(out.a + 5, C, D), &out.softmax), OVERLAP, 9,
            "target_gradient.data", 0, none());
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, NULL, NULL, NULL), BAD_NULL, 10, "out", 0, none());
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, NULL, NULL, MISALIGNED(avocet_softmax_loss_result *, &out.softmax)),
            BAD_VALUE, 10, "out", 0, integer(1));
    REFUSES(avocet_softmax_loss, WITH_OUT(NULL, &to_rows, &to_cols, (avocet_softmax_loss_result *)(void *)out.b), OVERLAP,
            10, "out", 0, none());
    REFUSES(avocet_softmax_loss,
            (graph, transposed, s, t, n, &good, NULL, &to_rows, &to_cols, &out.softmax, bad_pool, large, &error),
            BAD_VALUE, 11, "pool", 0, integer(1));
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, transposed, s, t, n, &good, NULL, NULL, NULL, &out.softmax, NULL, NULL),
            BAD_NULL, 12, "workspace", 0, none());
    CHECK(avocet_softmax_loss SOFTMAX(graph, transposed, s, t, n, &good, NULL, NULL, NULL, &out.softmax, NULL, small) ==
          AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    uint64_t needed = (uint64_t)error.integer;
    REFUSES(avocet_softmax_loss, SOFTMAX(graph, transposed, s, t, n, &good, NULL, &to_rows, &to_cols, &out.softmax, NULL, small),
            AVOCET_ERROR_WORKSPACE_TOO_SMALL, 12, "workspace", 0, integer(needed));
}

static void optimisers(void) {
    avocet_adam_options good = {0}, options;
    good.struct_size = sizeof good;
    float *p = out.a, *g = rows_data, *m = out.b, *v = out.c;
#define ADAM(rate, step, options, p, g, m, v, len) (rate, step, options, p, g, m, v, len, NULL, &error)
    REFUSES(avocet_adam, ADAM(NAN, 1, NULL, p, g, m, v, 3), NOT_FINITE, 1, "rate", 0, real(NAN));
    REFUSES(avocet_adam, ADAM(-INFINITY, 1, NULL, p, g, m, v, 3), NOT_FINITE, 1, "rate", 0, real(-INFINITY));
    REFUSES(avocet_adam, ADAM(1, 0, NULL, p, g, m, v, 3), BAD_VALUE, 2, "step", 0, integer(0));
    BAD_STRUCT(avocet_adam, ADAM(0, 1, S, p, g, m, v, 3), avocet_adam_options, good, 3, "options");
#undef BAD_OPTION
#define BAD_OPTION(field, bad, value)                                                                        \
    options = good;                                                                                          \
    options.field = bad;                                                                                     \
    REFUSES(avocet_adam, ADAM(1, 1, &options, p, g, m, v, 3), status_of(bad), 3, "options." #field, 0, value)
    BAD_OPTION(beta1, 1, real(1));
    BAD_OPTION(beta1, -1, real(-1));
    BAD_OPTION(beta2, 1, real(1));
    BAD_OPTION(beta2, NAN, real(NAN));
    BAD_OPTION(epsilon, -1, real(-1));
    BAD_OPTION(epsilon, NAN, real(NAN));
    BAD_OPTION(reserved, 1, integer(1));
    REFUSES(avocet_adam, ADAM(1, 1, NULL, NULL, g, m, v, 3), BAD_NULL, 4, "parameters", 0, none());
    REFUSES(avocet_adam, ADAM(1, 1, NULL, MISALIGNED(float *, p), g, m, v, 3), BAD_VALUE, 4, "parameters", 0, integer(1));
    REFUSES(avocet_adam, ADAM(1, 1, NULL, g, g, m, v, 3), OVERLAP, 4, "parameters", 0, none());
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, NULL, m, v, 3), BAD_NULL, 5, "gradient", 0, none());
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, MISALIGNED(float *, g), m, v, 3), BAD_VALUE, 5, "gradient", 0, integer(1));
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, g, NULL, v, 3), BAD_NULL, 6, "first_moment", 0, none());
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, g, MISALIGNED(float *, m), v, 3), BAD_VALUE, 6, "first_moment", 0,
            integer(1));
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, g, p + 2, v, 3), OVERLAP, 6, "first_moment", 0, none());
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, g, m, NULL, 3), BAD_NULL, 7, "second_moment", 0, none());
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, g, m, MISALIGNED(float *, v), 3), BAD_VALUE, 7, "second_moment", 0,
            integer(1));
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, g, m, g + 1, 3), OVERLAP, 7, "second_moment", 0, none());
    REFUSES(avocet_adam, ADAM(1, 1, NULL, p, g, m, v, SIZE_MAX / 2), TOO_LARGE, 8, "len", 0, integer(SIZE_MAX / 2));
    REFUSES(avocet_adam, (1, 1, NULL, p, g, m, v, 3, bad_pool, &error), BAD_VALUE, 9, "pool", 0, integer(1));
    OK(avocet_adam(1, 1, NULL, NULL, NULL, NULL, NULL, 0, NULL, &error));

    const uint32_t three[] = {0, 1, 3}, same[] = {0, 2, 2}, down[] = {1, 0, 3};
    const avocet_indices ids = indices(three, 3, AVOCET_U32), *r = &ids;
    avocet_matrix_mut table = matrix_mut(out.a, C, D), squares = matrix_mut(out.b, C, D);
#define ADAGRAD(...) (__VA_ARGS__, NULL, &error)
#define TABLES &table, &squares
    REFUSES(avocet_adagrad_rows, ADAGRAD(NAN, 0, r, &of_rows, TABLES), NOT_FINITE, 1, "rate", 0, real(NAN));
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, -1, r, &of_rows, TABLES), BAD_VALUE, 2, "epsilon", 0, real(-1));
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, NAN, r, &of_rows, TABLES), NOT_FINITE, 2, "epsilon", 0, real(NAN));
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, NULL, &of_rows, TABLES), BAD_NULL, 3, "rows", 0, none());
    BAD_INDICES(avocet_adagrad_rows, ADAGRAD(1, 0, I, &of_rows, TABLES), 3, "rows", C);
    avocet_indices unsorted = indices(same, 3, AVOCET_U32);
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, &unsorted, &of_rows, TABLES), AVOCET_ERROR_NOT_SORTED, 3, "rows", 2,
            integer(2));
    unsorted.data = down;
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, &unsorted, &of_rows, TABLES), AVOCET_ERROR_NOT_SORTED, 3, "rows", 1,
            integer(0));
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, NULL, TABLES), BAD_NULL, 4, "gradient", 0, none());
    BAD_MATRIX(avocet_adagrad_rows, ADAGRAD(1, 0, r, M, TABLES), of_rows, 4, "gradient", 0);
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, with(of_rows, R - 1, D), TABLES), BAD_SHAPE, 4, "gradient.rows", 0,
            integer(R - 1));
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, with(of_rows, R, D + 1), TABLES), BAD_SHAPE, 4, "gradient.cols", 0,
            integer(D + 1));
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, &of_rows, NULL, &squares), BAD_NULL, 5, "table", 0, none());
    BAD_OUTPUT(avocet_adagrad_rows, ADAGRAD(1, 0, r, &of_rows, O, &squares), C, D, 5, "table");
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, &of_rows, to(rows_data + 1, C, D), &squares), OVERLAP, 5, "table.data",
            0, none());
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, &of_rows, &table, NULL), BAD_NULL, 6, "squares", 0, none());
    table.data = out.c;
    BAD_OUTPUT(avocet_adagrad_rows, ADAGRAD(1, 0, r, &of_rows, &table, O), C, D, 6, "squares");
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, &of_rows, &table, &table), OVERLAP, 6, "squares.data", 0, none());
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, &of_rows, &table, to(out.b, C + 1, D)), BAD_SHAPE, 6, "squares.rows",
            0, integer(C + 1));
    REFUSES(avocet_adagrad_rows, ADAGRAD(1, 0, r, &of_rows, &table, to(out.b, C, D + 1)), BAD_SHAPE, 6, "squares.cols",
            0, integer(D + 1));
    REFUSES(avocet_adagrad_rows, (1, 0, r, &of_rows, TABLES, bad_pool, &error), BAD_VALUE, 7, "pool", 0, integer(1));
}

static void sampling(void) {
    const float weights[E] = {1, 2, 3, 4, 5};
    const uint32_t fanout[R] = {1, 1, 2};
    avocet_sample_options good = {0}, options;
    good.struct_size = sizeof good;
    good.draw = AVOCET_DRAW_WEIGHTED;
    good.edge_weights = weights;
#define SAMPLE(graph, fanout, options, to) (graph, fanout, options, to, NULL, &error)
    REFUSES(avocet_sample_neighbours, SAMPLE(NULL, fanout, NULL, &out.graph), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_sample_neighbours, SAMPLE(MISALIGNED(avocet_graph *, graph), fanout, NULL, &out.graph), BAD_VALUE, 1,
            "graph", 0, integer(1));
    REFUSES(avocet_sample_neighbours, SAMPLE(graph, NULL, NULL, &out.graph), BAD_NULL, 2, "fanout", 0, none());
    REFUSES(avocet_sample_neighbours, SAMPLE(graph, MISALIGNED(uint32_t *, fanout), NULL, &out.graph), BAD_VALUE, 2,
            "fanout", 0, integer(1));
    BAD_STRUCT(avocet_sample_neighbours, SAMPLE(graph, fanout, S, &out.graph), avocet_sample_options, good, 3, "options");
    avocet_graph_destroy(out.graph);
#undef BAD_OPTION
#define BAD_OPTION(field, bad, status, value)                                                                \
    options = good;                                                                                          \
    options.field = bad;                                                                                     \
    REFUSES(avocet_sample_neighbours, SAMPLE(graph, fanout, &options, &out.graph), status, 3, "options." #field, 0, \
            value)
    BAD_OPTION(draw, 3, BAD_VALUE, integer(3));
    BAD_OPTION(draw, -1, BAD_VALUE, negative(-1));
    BAD_OPTION(edge_weights, NULL, BAD_NULL, none());
    BAD_OPTION(edge_weights, MISALIGNED(float *, weights), BAD_VALUE, integer(1));
    const float bad_weights[] = {-1, -INFINITY, INFINITY, NAN};
    for (size_t i = 0; i < LENGTH(bad_weights); i++) {
        float some[E] = {1, 0, 3, 4, 5};
        some[3] = bad_weights[i];
        options.edge_weights = some;
        REFUSES(avocet_sample_neighbours, SAMPLE(graph, fanout, &options, &out.graph), status_of(bad_weights[i]), 3,
                "options.edge_weights", 3, real(bad_weights[i]));
        /* Other draws do not read them. */
        options.draw = AVOCET_DRAW_WITH_REPLACEMENT;
        OK(avocet_sample_neighbours(graph, fanout, &options, &out.graph, NULL, &error));
        avocet_graph_destroy(out.graph);
        options.draw = AVOCET_DRAW_WEIGHTED;
    }
    REFUSES(avocet_sample_neighbours, SAMPLE(graph, fanout, &good, NULL), BAD_NULL, 4, "out", 0, none());
    REFUSES(avocet_sample_neighbours, SAMPLE(graph, fanout, &good, MISALIGNED(avocet_graph **, &out.graph)), BAD_VALUE, 4,
            "out", 0, integer(1));
    union {
        uint32_t fanout[R];
        avocet_graph *graph;
    } shared = {{1, 1, 1}};
    REFUSES(avocet_sample_neighbours, SAMPLE(graph, shared.fanout, &good, &shared.graph), OVERLAP, 4, "out", 0, none());
    REFUSES(avocet_sample_neighbours, (graph, fanout, &good, &out.graph, bad_pool, &error), BAD_VALUE, 5, "pool", 0,
            integer(1));

    const int64_t no_rows[] = {0};
    const avocet_csr nothing = csr(no_rows, 0, NULL, C);
    avocet_graph *empty;
    OK(avocet_graph_create(&nothing, &empty, &error));
    REFUSES(avocet_fit_power_law, (NULL, &out.law, &error), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_fit_power_law, (empty, &out.law, &error), BAD_VALUE, 1, "graph", 0, none());
    REFUSES(avocet_fit_power_law, (graph, NULL, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_fit_power_law, (graph, MISALIGNED(avocet_power_law *, &out.law), &error), BAD_VALUE, 2, "out", 0,
            integer(1));
    avocet_graph_destroy(empty);

    const avocet_power_law good_law = {1, 2.5};
    avocet_power_law law = good_law;
#define FANOUT(graph, law, min, max, to) (graph, law, min, max, to, &error)
    REFUSES(avocet_adaptive_fanout, FANOUT(NULL, &law, 1, 2, out.ids), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_adaptive_fanout, FANOUT(graph, NULL, 1, 2, out.ids), BAD_NULL, 2, "law", 0, none());
    law.least = 0;
    REFUSES(avocet_adaptive_fanout, FANOUT(graph, &law, 1, 2, out.ids), BAD_VALUE, 2, "law.least", 0, integer(0));
    const double bad_exponents[] = {1, -2, NAN, -INFINITY};
    for (size_t i = 0; i < LENGTH(bad_exponents); i++) {
        law = good_law;
        law.exponent = bad_exponents[i];
        REFUSES(avocet_adaptive_fanout, FANOUT(graph, &law, 1, 2, out.ids), BAD_VALUE, 2, "law.exponent", 0,
                real(bad_exponents[i]));
    }
    law = good_law;
    REFUSES(avocet_adaptive_fanout, FANOUT(graph, &law, 3, 2, out.ids), BAD_VALUE, 3, "min", 0, integer(3));
    REFUSES(avocet_adaptive_fanout, FANOUT(graph, &law, 1, 2, NULL), BAD_NULL, 5, "out", 0, none());
    REFUSES(avocet_adaptive_fanout, FANOUT(graph, &law, 1, 2, MISALIGNED(uint32_t *, out.ids)), BAD_VALUE, 5, "out", 0,
            integer(1));

    const avocet_walk_options good_walks = walk_options();
    avocet_walk_options walks;
#define WALK(graph, back, fanout, options, to) (graph, back, fanout, options, to, NULL, &error)
    REFUSES(avocet_walk_neighbours, WALK(NULL, transposed, fanout, &good_walks, &out.graph), BAD_NULL, 1, "graph", 0,
            none());
    REFUSES(avocet_walk_neighbours, WALK(graph, NULL, fanout, &good_walks, &out.graph), BAD_NULL, 2, "back", 0, none());
    REFUSES(avocet_walk_neighbours, WALK(graph, graph, fanout, &good_walks, &out.graph), BAD_SHAPE, 2, "back.rows", 0,
            integer(R));
    const uint32_t three[] = {0, 0, 2};
    const avocet_indices most = indices(three, 2, AVOCET_U32), again = indices(three, 3, AVOCET_U32);
    avocet_graph *part, *part_back;
    OK(avocet_graph_select_rows(graph, &most, &part, &error));
    OK(avocet_graph_transpose(part, &part_back, &error));
    REFUSES(avocet_walk_neighbours, WALK(graph, part_back, fanout, &good_walks, &out.graph), BAD_SHAPE, 2, "back.cols", 0,
            integer(2));
    avocet_graph_destroy(part);
    avocet_graph_destroy(part_back);
    OK(avocet_graph_select_rows(graph, &again, &part, &error));
    OK(avocet_graph_transpose(part, &part_back, &error));
    REFUSES(avocet_walk_neighbours, WALK(graph, part_back, fanout, &good_walks, &out.graph), BAD_SHAPE, 2, "back.edges",
            0, integer(7));
    avocet_graph_destroy(part);
    avocet_graph_destroy(part_back);
    REFUSES(avocet_walk_neighbours, WALK(graph, transposed, NULL, &good_walks, &out.graph), BAD_NULL, 3, "fanout", 0,
            none());
    REFUSES(avocet_walk_neighbours, WALK(graph, transposed, MISALIGNED(uint32_t *, fanout), &good_walks, &out.graph),
            BAD_VALUE, 3, "fanout", 0, integer(1));
    REFUSES(avocet_walk_neighbours, WALK(graph, transposed, fanout, NULL, &out.graph), BAD_NULL, 4, "options", 0, none());
    BAD_STRUCT(avocet_walk_neighbours, WALK(graph, transposed, fanout, S, &out.graph), avocet_walk_options, good_walks,
               4, "options");
    avocet_graph_destroy(out.graph);
#undef BAD_OPTION
#define BAD_OPTION(field, bad)                                                                               \
    walks = good_walks;                                                                                      \
    walks.field = bad;                                                                                       \
    REFUSES(avocet_walk_neighbours, WALK(graph, transposed, fanout, &walks, &out.graph), BAD_VALUE, 4,       \
            "options." #field, 0, integer(bad))
    BAD_OPTION(walks, 0);
    BAD_OPTION(length, 0);
    BAD_OPTION(reserved, 1);
    REFUSES(avocet_walk_neighbours, WALK(graph, transposed, fanout, &good_walks, NULL), BAD_NULL, 5, "out", 0, none());
    REFUSES(avocet_walk_neighbours,
            WALK(graph, transposed, fanout, &good_walks, MISALIGNED(avocet_graph **, &out.graph)), BAD_VALUE, 5, "out",
            0, integer(1));
    REFUSES(avocet_walk_neighbours, WALK(graph, transposed, shared.fanout, &good_walks, &shared.graph), OVERLAP, 5, "out",
            0, none());
    REFUSES(avocet_walk_neighbours, (graph, transposed, fanout, &good_walks, &out.graph, bad_pool, &error), BAD_VALUE, 6,
            "pool", 0, integer(1));
    /* More arrivals than memory has bytes. */
    walks = good_walks;
    walks.walks = walks.length = UINT32_MAX;
    const uint32_t four_each[R] = {4, 4, 4};
    REFUSES(avocet_walk_neighbours, WALK(graph, transposed, four_each, &walks, &out.graph), AVOCET_ERROR_OUT_OF_MEMORY, 4,
            "options", 0, integer((uint64_t)UINT32_MAX << 32));

    avocet_graph *walked;
    OK(avocet_walk_neighbours(graph, transposed, fanout, &good_walks, &walked, NULL, &error));
    size_t edges = avocet_graph_edges(walked);
    REFUSES(avocet_graph_walk_weights, (NULL, out.a, edges, &error), BAD_NULL, 1, "graph", 0, none());
    REFUSES(avocet_graph_walk_weights, (graph, out.a, E, &error), BAD_VALUE, 1, "graph", 0, none());
    REFUSES(avocet_graph_walk_weights, (walked, NULL, edges, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_graph_walk_weights, (walked, MISALIGNED(float *, out.a), edges, &error), BAD_VALUE, 2, "out", 0,
            integer(1));
    REFUSES(avocet_graph_walk_weights, (walked, out.a, edges + 1, &error), BAD_SHAPE, 3, "len", 0, integer(edges + 1));
    REFUSES(avocet_graph_walk_weights, (walked, out.a, SIZE_MAX, &error), BAD_SHAPE, 3, "len", 0, integer(SIZE_MAX));
    avocet_graph_destroy(walked);
}

/* A graph, which must be destroyed. */
static avocet_graph *graph_of(const int64_t *graph_offsets, size_t rows, const uint32_t *graph_columns, size_t cols) {
    const avocet_csr view = csr(graph_offsets, rows, graph_columns, cols);
    avocet_graph *made;
    OK(avocet_graph_create(&view, &made, &error));
    return made;
}

static void dual(void) {
    const int64_t own_offsets[] = {0, 1, 2, 3, 4};
    const uint32_t own_columns[] = {3, 0, 0, 1};
    avocet_graph *own = graph_of(own_offsets, R, own_columns, C), *own_transposed;
    OK(avocet_graph_transpose(own, &own_transposed, &error));
    avocet_graph *wide = graph_of(offsets, R, columns, C + 1), *wide_transposed;
    OK(avocet_graph_transpose(wide, &wide_transposed, &error));
    /* C x (R + 1). */
    avocet_graph *deep = graph_of(own_offsets, R + 1, own_columns, C), *deep_transposed;
    OK(avocet_graph_transpose(deep, &deep_transposed, &error));

    const avocet_matrix t = matrix(cols_data + 16, C, D), w = matrix(cols_data + 32, D, D);
    const avocet_matrix y = matrix(rows_data + 16, R, D);
    avocet_dual_relation relations[AVOCET_MAX_RELATIONS + 1], bad[2];
    memset(relations, 0, sizeof relations);
    for (size_t i = 0; i < LENGTH(relations); i++) {
        relations[i].out = relations[i].into = graph;
        relations[i].across = &w;
        relations[i].along = i == 1 ? &w : NULL;
    }
    avocet_dual_layer good = {0}, layer;
    good.struct_size = sizeof good;
    good.sources = &of_cols;
    good.targets = &t;
    good.own = own;
    good.source_weights = good.target_weights = &w;
    good.relations = relations;
    good.relation_count = 2;

    avocet_matrix_mut to_sources = matrix_mut(out.a, R, D), to_targets = matrix_mut(out.b, R, D);
    avocet_dual_rows good_rows = {0}, rows;
    good_rows.struct_size = sizeof good_rows;
    good_rows.sources = &to_sources;
    good_rows.targets = &to_targets;

    const avocet_dual_back backs[2] = {{transposed, transposed}, {transposed, transposed}};
    avocet_dual_back bad_backs[2];
    avocet_dual_result good_result = {0}, result;
    good_result.struct_size = sizeof good_result;
    good_result.sources = good_result.source_gradient = &of_rows;
    good_result.targets = good_result.target_gradient = &y;
    good_result.own = own_transposed;
    good_result.back = backs;
    avocet_matrix_mut d_sources = matrix_mut(out.a, C, D), d_targets = matrix_mut(out.b, C, D), d_weights[5], bad_weights[5];
    for (size_t i = 0; i < LENGTH(d_weights); i++) {
        d_weights[i] = matrix_mut(out.c + 4 * i, D, D);
    }
    avocet_dual_gradients good_gradients = {0}, gradients;
    good_gradients.struct_size = sizeof good_gradients;
    good_gradients.sources = &d_sources;
    good_gradients.targets = &d_targets;
    good_gradients.weights = d_weights;
    good_gradients.weight_count = LENGTH(d_weights);

#define FORWARD(layer, rows, workspace) (layer, rows, NULL, workspace, &error)
#define FORWARD_OF(layer) FORWARD(layer, &good_rows, large)
#define DUAL_BACK(layer, result, gradients, workspace) (layer, result, gradients, NULL, workspace, &error)
#define BACK_OF(layer) DUAL_BACK(layer, &good_result, &good_gradients, large)
/* `layer` with one field changed, and the second relation of it with one. */
#define WITH_LAYER(field, value) (layer = good, layer.field = (value), &layer)
#define WITH_RELATION(field, value)                                                                          \
    (layer = good, layer.relations = bad, memcpy(bad, relations, sizeof bad), bad[1].field = (value), &layer)
#define BAD_LAYER_FIELD(function, CALL, field, bad_value, status, name, value)                               \
    REFUSES(function, CALL(WITH_LAYER(field, bad_value)), status, 1, "layer." name, 0, value)
#define BAD_RELATION(function, CALL, field, bad_value, status, name, value)                                  \
    REFUSES(function, CALL(WITH_RELATION(field, bad_value)), status, 1, "layer.relations." name, 1, value)
#define BAD_LAYER(function, CALL)                                                                            \
    do {                                                                                                     \
        REFUSES(function, CALL(NULL), BAD_NULL, 1, "layer", 0, none());                                      \
        BAD_STRUCT(function, CALL(S), avocet_dual_layer, good, 1, "layer");                                  \
        BAD_LAYER_FIELD(function, CALL, sources, NULL, BAD_NULL, "sources", none());                         \
        BAD_MATRIX(function, CALL(WITH_LAYER(sources, M)), of_cols, 1, "layer.sources", 0);                  \
        BAD_LAYER_FIELD(function, CALL, targets, NULL, BAD_NULL, "targets", none());                         \
        BAD_MATRIX(function, CALL(WITH_LAYER(targets, M)), t, 1, "layer.targets", 0);                        \
        BAD_LAYER_FIELD(function, CALL, targets, with(t, C + 1, D), BAD_SHAPE, "targets.rows", integer(C + 1)); \
        BAD_LAYER_FIELD(function, CALL, targets, with(t, C, D + 1), BAD_SHAPE, "targets.cols", integer(D + 1)); \
        BAD_LAYER_FIELD(function, CALL, own, MISALIGNED(avocet_graph *, own), BAD_VALUE, "own", integer(1)); \
        BAD_LAYER_FIELD(function, CALL, own, graph, BAD_VALUE, "own", integer(2));                           \
        BAD_LAYER_FIELD(function, CALL, own, own_transposed, BAD_SHAPE, "own.cols", integer(R));             \
        BAD_LAYER_FIELD(function, CALL, source_weights, NULL, BAD_NULL, "source_weights", none());           \
        BAD_MATRIX(function, CALL(WITH_LAYER(source_weights, M)), w, 1, "layer.source_weights", 0);          \
        BAD_LAYER_FIELD(function, CALL, source_weights, with(w, D + 1, D), BAD_SHAPE, "source_weights.rows", \
                        integer(D + 1));                                                                     \
        BAD_LAYER_FIELD(function, CALL, target_weights, NULL, BAD_NULL, "target_weights", none());           \
        BAD_MATRIX(function, CALL(WITH_LAYER(target_weights, M)), w, 1, "layer.target_weights", 0);          \
        BAD_LAYER_FIELD(function, CALL, target_weights, with(w, D + 1, D), BAD_SHAPE, "target_weights.rows", \
                        integer(D + 1));                                                                     \
        BAD_LAYER_FIELD(function, CALL, target_weights, with(w, D, D + 1), BAD_SHAPE, "target_weights.cols", \
                        integer(D + 1));                                                                     \
        BAD_LAYER_FIELD(function, CALL, relations, NULL, BAD_NULL, "relations", none());                     \
        BAD_LAYER_FIELD(function, CALL, relation_count, 8, BAD_VALUE, "relation_count", integer(8));         \
        BAD_LAYER_FIELD(function, CALL, relation_count, SIZE_MAX, BAD_VALUE, "relation_count", integer(SIZE_MAX)); \
        BAD_LAYER_FIELD(function, CALL, activation, -3, BAD_VALUE, "activation", negative(-3));              \
        BAD_LAYER_FIELD(function, CALL, normalise, 2, BAD_VALUE, "normalise", integer(2));                   \
        BAD_RELATION(function, CALL, out, NULL, BAD_NULL, "out", none());                                    \
        BAD_RELATION(function, CALL, out, MISALIGNED(avocet_graph *, graph), BAD_VALUE, "out", integer(1));  \
        BAD_RELATION(function, CALL, out, transposed, BAD_SHAPE, "out.rows", integer(C));                    \
        BAD_RELATION(function, CALL, out, wide, BAD_SHAPE, "out.cols", integer(C + 1));                      \
        BAD_RELATION(function, CALL, into, NULL, BAD_NULL, "into", none());                                  \
        BAD_RELATION(function, CALL, into, MISALIGNED(avocet_graph *, graph), BAD_VALUE, "into", integer(1)); \
        BAD_RELATION(function, CALL, into, transposed, BAD_SHAPE, "into.rows", integer(C));                  \
        BAD_RELATION(function, CALL, into, wide, BAD_SHAPE, "into.cols", integer(C + 1));                    \
        BAD_RELATION(function, CALL, out_scale, MISALIGNED(float *, rows_data), BAD_VALUE, "out_scale", integer(1)); \
        BAD_RELATION(function, CALL, into_scale, MISALIGNED(float *, rows_data), BAD_VALUE, "into_scale", integer(1)); \
        BAD_RELATION(function, CALL, across, NULL, BAD_NULL, "across", none());                              \
        BAD_MATRIX(function, CALL(WITH_RELATION(across, M)), w, 1, "layer.relations.across", 1);             \
        BAD_RELATION(function, CALL, across, with(w, D + 1, D), BAD_SHAPE, "across.rows", integer(D + 1));   \
        BAD_RELATION(function, CALL, across, with(w, D, D + 1), BAD_SHAPE, "across.cols", integer(D + 1));   \
        BAD_MATRIX(function, CALL(WITH_RELATION(along, M)), w, 1, "layer.relations.along", 1);               \
        BAD_RELATION(function, CALL, along, with(w, D + 1, D), BAD_SHAPE, "along.rows", integer(D + 1));     \
        BAD_RELATION(function, CALL, along, with(w, D, D + 1), BAD_SHAPE, "along.cols", integer(D + 1));     \
    } while (0)
    BAD_LAYER(avocet_dual_forward, FORWARD_OF);
    BAD_LAYER(avocet_dual_backward, BACK_OF);

#define WITH_ROWS(field, value) FORWARD(&good, (rows = good_rows, rows.field = (value), &rows), large)
#define BAD_ROWS(field, bad_value, status, name, value)                                                      \
    REFUSES(avocet_dual_forward, WITH_ROWS(field, bad_value), status, 2, "out." name, 0, value)
    REFUSES(avocet_dual_forward, FORWARD(&good, NULL, large), BAD_NULL, 2, "out", 0, none());
    BAD_STRUCT(avocet_dual_forward, FORWARD(&good, S, large), avocet_dual_rows, good_rows, 2, "out");
    BAD_ROWS(sources, NULL, BAD_NULL, "sources", none());
    BAD_OUTPUT(avocet_dual_forward, WITH_ROWS(sources, O), R, D, 2, "out.sources");
    BAD_ROWS(sources, to(out.a, R + 1, D), BAD_SHAPE, "sources.rows", integer(R + 1));
    BAD_ROWS(sources, to(out.a, R, D + 1), BAD_SHAPE, "sources.cols", integer(D + 1));
    BAD_ROWS(sources, to(cols_data + 3, R, D), OVERLAP, "sources.data", none());
    BAD_ROWS(targets, NULL, BAD_NULL, "targets", none());
    BAD_OUTPUT(avocet_dual_forward, WITH_ROWS(targets, O), R, D, 2, "out.targets");
    BAD_ROWS(targets, to(out.b, R + 1, D), BAD_SHAPE, "targets.rows", integer(R + 1));
    BAD_ROWS(targets, to(out.b, R, D + 1), BAD_SHAPE, "targets.cols", integer(D + 1));
    BAD_ROWS(targets, to(out.a + 2, R, D), OVERLAP, "targets.data", none());
    BAD_ROWS(source_norms, MISALIGNED(float *, out.c), BAD_VALUE, "source_norms", integer(1));
    BAD_ROWS(source_norms, out.a + 1, OVERLAP, "source_norms", none());
    BAD_ROWS(target_norms, MISALIGNED(float *, out.d), BAD_VALUE, "target_norms", integer(1));
    BAD_ROWS(target_norms, out.b + 1, OVERLAP, "target_norms", none());
    rows = good_rows;
    rows.target_norms = out.d;
    REFUSES(avocet_dual_forward, FORWARD(WITH_LAYER(normalise, 1), &rows, large), BAD_NULL, 2, "out.source_norms", 0,
            none());
    rows.target_norms = NULL;
    rows.source_norms = out.c;
    REFUSES(avocet_dual_forward, FORWARD(WITH_LAYER(normalise, 1), &rows, large), BAD_NULL, 2, "out.target_norms", 0,
            none());
    REFUSES(avocet_dual_forward, (&good, &good_rows, bad_pool, large, &error), BAD_VALUE, 3, "pool", 0, integer(1));
    REFUSES(avocet_dual_forward, FORWARD(&good, &good_rows, NULL), BAD_NULL, 4, "workspace", 0, none());
    REFUSES(avocet_dual_forward, FORWARD(&good, &good_rows, MISALIGNED(avocet_workspace *, large)), BAD_VALUE, 4,
            "workspace", 0, integer(1));
    CHECK(avocet_dual_forward FORWARD(&good, &good_rows, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    uint64_t needed = (uint64_t)error.integer;
    REFUSES(avocet_dual_forward, FORWARD(&good, &good_rows, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 4, "workspace", 0,
            integer(needed));
    OK(avocet_dual_forward FORWARD_OF(WITH_LAYER(relation_count, AVOCET_MAX_RELATIONS)));

#define WITH_RESULT(field, value)                                                                            \
    DUAL_BACK(&good, (result = good_result, result.field = (value), &result), &good_gradients, large)
#define BAD_RESULT(field, bad_value, status, name, position, value)                                          \
    REFUSES(avocet_dual_backward, WITH_RESULT(field, bad_value), status, 2, "result." name, position, value)
#define BAD_RESULT_MATRIX(field, view)                                                                       \
    do {                                                                                                     \
        BAD_RESULT(field, NULL, BAD_NULL, #field, 0, none());                                                \
        BAD_MATRIX(avocet_dual_backward, WITH_RESULT(field, M), view, 2, "result." #field, 0);               \
        BAD_RESULT(field, with(view, R + 1, D), BAD_SHAPE, #field ".rows", 0, integer(R + 1));               \
        BAD_RESULT(field, with(view, R, D + 1), BAD_SHAPE, #field ".cols", 0, integer(D + 1));               \
    } while (0)
    REFUSES(avocet_dual_backward, DUAL_BACK(&good, NULL, &good_gradients, large), BAD_NULL, 2, "result", 0, none());
    BAD_STRUCT(avocet_dual_backward, DUAL_BACK(&good, S, &good_gradients, large), avocet_dual_result, good_result, 2,
               "result");
    BAD_RESULT_MATRIX(sources, of_rows);
    BAD_RESULT_MATRIX(targets, y);
    BAD_RESULT_MATRIX(source_gradient, of_rows);
    BAD_RESULT_MATRIX(target_gradient, y);
    BAD_RESULT(source_norms, MISALIGNED(float *, rows_data), BAD_VALUE, "source_norms", 0, integer(1));
    BAD_RESULT(target_norms, MISALIGNED(float *, rows_data), BAD_VALUE, "target_norms", 0, integer(1));
    result = good_result;
    result.target_norms = rows_data;
    REFUSES(avocet_dual_backward, DUAL_BACK(WITH_LAYER(normalise, 1), &result, &good_gradients, large), BAD_NULL, 2,
            "result.source_norms", 0, none());
    result.source_norms = rows_data;
    result.target_norms = NULL;
    REFUSES(avocet_dual_backward, DUAL_BACK(WITH_LAYER(normalise, 1), &result, &good_gradients, large), BAD_NULL, 2,
            "result.target_norms", 0, none());
    BAD_RESULT(own, NULL, BAD_NULL, "own", 0, none());
    BAD_RESULT(own, MISALIGNED(avocet_graph *, own), BAD_VALUE, "own", 0, integer(1));
    BAD_RESULT(own, own, BAD_SHAPE, "own.rows", 0, integer(R));
    BAD_RESULT(own, deep_transposed, BAD_SHAPE, "own.cols", 0, integer(R + 1));
    BAD_RESULT(own, transposed, BAD_SHAPE, "own.edges", 0, integer(E));
    /* Of a layer without: every node is its own row. */
    layer = good;
    layer.own = NULL;
    layer.relation_count = 0;
    result = good_result;
    result.sources = result.targets = result.source_gradient = result.target_gradient = &t;
    gradients = good_gradients;
    gradients.weight_count = 2;
    REFUSES(avocet_dual_backward, DUAL_BACK(&layer, &result, &gradients, large), BAD_VALUE, 2, "result.own", 0, none());
    BAD_RESULT(back, NULL, BAD_NULL, "back", 0, none());
#define BAD_BACK(field, bad_value, status, name, value)                                                      \
    BAD_RESULT(back, (memcpy(bad_backs, backs, sizeof backs), bad_backs[1].field = (bad_value), bad_backs), status, \
               "back." name, 1, value)
    BAD_BACK(out, NULL, BAD_NULL, "out", none());
    BAD_BACK(out, MISALIGNED(avocet_graph *, graph), BAD_VALUE, "out", integer(1));
    BAD_BACK(out, graph, BAD_SHAPE, "out.rows", integer(R));
    BAD_BACK(out, deep_transposed, BAD_SHAPE, "out.cols", integer(R + 1));
    BAD_BACK(out, own_transposed, BAD_SHAPE, "out.edges", integer(R));
    BAD_BACK(into, NULL, BAD_NULL, "into", none());
    BAD_BACK(into, MISALIGNED(avocet_graph *, graph), BAD_VALUE, "into", integer(1));
    BAD_BACK(into, wide_transposed, BAD_SHAPE, "into.rows", integer(C + 1));
    BAD_BACK(into, deep_transposed, BAD_SHAPE, "into.cols", integer(R + 1));
    BAD_BACK(into, own_transposed, BAD_SHAPE, "into.edges", integer(R));

#define WITH_GRADIENTS(field, value)                                                                         \
    DUAL_BACK(&good, &good_result, (gradients = good_gradients, gradients.field = (value), &gradients), large)
#define BAD_GRADIENTS(field, bad_value, status, name, position, value)                                       \
    REFUSES(avocet_dual_backward, WITH_GRADIENTS(field, bad_value), status, 3, "gradients." name, position, value)
#define WITH_WEIGHT(at, value) (memcpy(bad_weights, d_weights, sizeof d_weights), bad_weights[at] = (value), bad_weights)
    REFUSES(avocet_dual_backward, DUAL_BACK(&good, &good_result, NULL, large), BAD_NULL, 3, "gradients", 0, none());
    BAD_STRUCT(avocet_dual_backward, DUAL_BACK(&good, &good_result, S, large), avocet_dual_gradients, good_gradients, 3,
               "gradients");
    BAD_OUTPUT(avocet_dual_backward, WITH_GRADIENTS(sources, O), C, D, 3, "gradients.sources");
    BAD_GRADIENTS(sources, to(out.a, C + 1, D), BAD_SHAPE, "sources.rows", 0, integer(C + 1));
    BAD_GRADIENTS(sources, to(out.a, C, D + 1), BAD_SHAPE, "sources.cols", 0, integer(D + 1));
    BAD_GRADIENTS(sources, to(rows_data + 17, C, D), OVERLAP, "sources.data", 0, none());
    BAD_OUTPUT(avocet_dual_backward, WITH_GRADIENTS(targets, O), C, D, 3, "gradients.targets");
    BAD_GRADIENTS(targets, to(out.b, C + 1, D), BAD_SHAPE, "targets.rows", 0, integer(C + 1));
    BAD_GRADIENTS(targets, to(out.b, C, D + 1), BAD_SHAPE, "targets.cols", 0, integer(D + 1));
    BAD_GRADIENTS(targets, to(out.a + 7, C, D), OVERLAP, "targets.data", 0, none());
    BAD_GRADIENTS(weights, NULL, BAD_NULL, "weights", 0, none());
    BAD_OUTPUT(avocet_dual_backward, WITH_GRADIENTS(weights, WITH_WEIGHT(0, *O)), D, D, 3, "gradients.weights");
    BAD_GRADIENTS(weights, WITH_WEIGHT(3, matrix_mut(out.d, D + 1, D)), BAD_SHAPE, "weights.rows", 3, integer(D + 1));
    BAD_GRADIENTS(weights, WITH_WEIGHT(4, matrix_mut(out.d, D, D + 1)), BAD_SHAPE, "weights.cols", 4, integer(D + 1));
    BAD_GRADIENTS(weights, WITH_WEIGHT(3, matrix_mut(NULL, D, D)), BAD_NULL, "weights.data", 3, none());
    BAD_GRADIENTS(weights, WITH_WEIGHT(3, d_weights[2]), OVERLAP, "weights.data", 3, none());
    BAD_GRADIENTS(weight_count, 4, BAD_SHAPE, "weight_count", 0, integer(4));
    BAD_GRADIENTS(weight_count, 6, BAD_SHAPE, "weight_count", 0, integer(6));
    BAD_GRADIENTS(weight_count, SIZE_MAX, BAD_SHAPE, "weight_count", 0, integer(SIZE_MAX));
    REFUSES(avocet_dual_backward, (&good, &good_result, &good_gradients, bad_pool, large, &error), BAD_VALUE, 4, "pool",
            0, integer(1));
    REFUSES(avocet_dual_backward, DUAL_BACK(&good, &good_result, &good_gradients, NULL), BAD_NULL, 5, "workspace", 0,
            none());
    CHECK(avocet_dual_backward DUAL_BACK(&good, &good_result, &good_gradients, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    needed = (uint64_t)error.integer;
    REFUSES(avocet_dual_backward, DUAL_BACK(&good, &good_result, &good_gradients, small),
            AVOCET_ERROR_WORKSPACE_TOO_SMALL, 5, "workspace", 0, integer(needed));

    avocet_graph *made[] = {own, own_transposed, wide, wide_transposed, deep, deep_transposed};
    for (size_t i = 0; i < LENGTH(made); i++) {
        avocet_graph_destroy(made[i]);
    }
}

/* A transpose of a part of another graph: of the right shape, but its edges have numbers beyond those of `graph`. */
static void part_of_another_graph(void) {
    const int64_t longer_offsets[] = {0, 2, 2, 5, 6};
    const uint32_t longer_columns[] = {0, 3, 1, 2, 3, 0}, first[] = {0, 1, 2};
    avocet_graph *longer = graph_of(longer_offsets, R + 1, longer_columns, C), *part, *part_transposed;
    const avocet_indices rows = indices(first, R, AVOCET_U32), negatives = indices(first, 1, AVOCET_U32);
    OK(avocet_graph_select_rows(longer, &rows, &part, &error));
    OK(avocet_graph_transpose(part, &part_transposed, &error));
    const avocet_edge_term term = edge_term(AVOCET_EDGE_POSITIVE);
    const avocet_softmax_term softmax = softmax_term();
    avocet_matrix_mut to_rows = matrix_mut(out.a, R, D), to_cols = matrix_mut(out.b, C, D);
    avocet_graph *bad[2][2] = {{part, transposed}, {graph, part_transposed}};
    for (int32_t at = 0; at < 2; at++) {
        REFUSES(avocet_edge_loss,
                (bad[at][0], bad[at][1], &of_rows, &of_cols, &term, NULL, &to_rows, &to_cols, &out.edge, NULL, large,
                 &error),
                BAD_VALUE, at + 1, at == 0 ? "graph" : "transposed", 0, none());
        REFUSES(avocet_softmax_loss,
                (bad[at][0], bad[at][1], &of_rows, &of_cols, &negatives, &softmax, NULL, &to_rows, &to_cols,
                 &out.softmax, NULL, large, &error),
                BAD_VALUE, at + 1, at == 0 ? "positives" : "transposed", 0, none());
    }
    avocet_graph_destroy(longer);
    avocet_graph_destroy(part);
    avocet_graph_destroy(part_transposed);
}

#include "logistic_errors.h"
#include "batch_errors.h"
#include "parts_errors.h"
#include "sparse_errors.h"
#include "rows_errors.h"
#include "threshold_errors.h"
#include "index_errors.h"

int main(void) {
    main_thread = pthread_self();
    const avocet_csr view = csr(offsets, R, columns, C);
    OK(avocet_graph_create(&view, &graph, &error));
    OK(avocet_graph_transpose(graph, &transposed, &error));
    OK(avocet_workspace_create(0, &small, &error));
    OK(avocet_workspace_create(1 << 20, &large, &error));
    random_values(rows_data, LENGTH(rows_data));
    random_values(cols_data, LENGTH(cols_data));
    of_rows = matrix(rows_data, R, D);
    of_cols = matrix(cols_data, C, D);
    bad_pool = MISALIGNED(avocet_pool *, graph);

    /* The error struct is left alone by calls that succeed, and may be absent. */
    avocet_error before;
    memset(&error, 0x5a, sizeof error);
    before = error;
    CHECK(avocet_map(AVOCET_FUNCTION_EXP, rows_data, out.a, 3, NULL, &error) == AVOCET_OK);
    CHECK(memcmp(&before, &error, sizeof error) == 0);
    CHECK(avocet_map(99, rows_data, out.a, 3, NULL, NULL) == BAD_VALUE);

    pool_and_workspace();
    out_of_memory();
    graphs();
    map();
    aggregate();
    dense();
    scores();
    row_scores();
    conversions();
    edge_loss();
    softmax_loss();
    optimisers();
    sampling();
    dual();
    part_of_another_graph();
    pointwise();
    prepared_rows();
    batch();
    logistic_fit();
    product_form();
    partial_sums();
    feedback();
    streams();
    metrics();
    sparse();
    threshold();
    packed_indexes();
    avocet_graph_destroy(graph);
    avocet_graph_destroy(transposed);
    avocet_workspace_destroy(small);
    avocet_workspace_destroy(large);
    return 0;
}
