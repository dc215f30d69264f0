/* Every error of prepared rows, of passes over rows of any kind, and of training; a part of errors.c. */

static const float csr_values[E] = {1, 1, 1, 1, 1}, nan_at_1[E] = {0, NAN, 0, 0, 0};
static const float huge_at_2[E] = {0, 0, INFINITY, 0, 0};
static const float row_labels[R] = {0, 1, 1}, row_offsets[R] = {1, 2, 3};

static avocet_sparse_rows *prepare(const avocet_csr *view) {
    avocet_sparse_rows *prepared;
    OK(avocet_sparse_rows_create(view, NULL, &prepared, &error));
    return prepared;
}

static void prepared_rows(void) {
    const avocet_csr good = csr(offsets, R, columns, C);
    avocet_csr view = good;
    avocet_sparse_rows **o = &out.rows;
    REFUSES(avocet_sparse_rows_create, (NULL, csr_values, o, &error), BAD_NULL, 1, "csr", 0, none());
    BAD_CSR(avocet_sparse_rows_create, (V, csr_values, o, &error), good, 1, "csr");
    /* More than are there: refused before any is read. */
    int64_t few_offsets[R + 1] = {0};
    const size_t limit = (size_t)UINT32_MAX + 1;
    view.cols = limit;
    REFUSES(avocet_sparse_rows_create, (&view, NULL, o, &error), TOO_LARGE, 1, "csr.cols", 0, integer(limit));
    view = csr(few_offsets, R, columns, C);
    view.rows = limit;
    REFUSES(avocet_sparse_rows_create, (&view, NULL, o, &error), TOO_LARGE, 1, "csr.rows", 0, integer(limit));
    view = good;
    view.indices = few_offsets;
    view.edges = limit;
    REFUSES(avocet_sparse_rows_create, (&view, NULL, o, &error), TOO_LARGE, 1, "csr.edges", 0, integer(limit));
    REFUSES(avocet_sparse_rows_create, (&good, MISALIGNED(float *, csr_values), o, &error), BAD_VALUE, 2, "values", 0,
            integer(1));
    REFUSES(avocet_sparse_rows_create, (&good, nan_at_1, o, &error), NOT_FINITE, 2, "values", 1, real(NAN));
    REFUSES(avocet_sparse_rows_create, (&good, huge_at_2, o, &error), NOT_FINITE, 2, "values", 2, real(INFINITY));
    REFUSES(avocet_sparse_rows_create, (&good, csr_values, NULL, &error), BAD_NULL, 3, "out", 0, none());
    REFUSES(avocet_sparse_rows_create, (&good, csr_values, MISALIGNED(avocet_sparse_rows **, o), &error), BAD_VALUE, 3,
            "out", 0, integer(1));
    REFUSES(avocet_sparse_rows_create, (&good, csr_values, (avocet_sparse_rows **)(void *)offsets, &error), OVERLAP, 3,
            "out", 0, none());

    avocet_sparse_rows *rows = prepare(&good);
    REFUSES(avocet_sparse_rows_features, (NULL, out.ids, C, &error), BAD_NULL, 1, "rows", 0, none());
    REFUSES(avocet_sparse_rows_features, (MISALIGNED(avocet_sparse_rows *, rows), out.ids, C, &error), BAD_VALUE, 1,
            "rows", 0, integer(1));
    REFUSES(avocet_sparse_rows_features, (rows, NULL, C, &error), BAD_NULL, 2, "features", 0, none());
    REFUSES(avocet_sparse_rows_features, (rows, MISALIGNED(uint32_t *, out.ids), C, &error), BAD_VALUE, 2, "features", 0,
            integer(1));
    REFUSES(avocet_sparse_rows_features, (rows, out.ids, C - 1, &error), BAD_SHAPE, 3, "len", 0, integer(C - 1));
    REFUSES(avocet_sparse_rows_features, (rows, out.ids, C + 1, &error), BAD_SHAPE, 3, "len", 0, integer(C + 1));
    REFUSES(avocet_sparse_rows_features, (rows, out.ids, SIZE_MAX, &error), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));
    avocet_sparse_rows_destroy(rows);
}

/* A copy of `good_rows` with one field changed. */
static avocet_logistic_rows changed_rows;

#define CHANGED_ROWS(field, value) (changed_rows = good_rows, changed_rows.field = (value), &changed_rows)

/*
 * All that can be wrong with rows of any kind in a call that has `ROWS` in their place, of which `X`, `CSR` and `PREPARED`
 * are good but for their weights.
 */
#define BAD_ANY_ROWS(function, call)                                                                             \
    do {                                                                                                     \
        avocet_logistic_rows good_rows = *X;                                                                 \
        const avocet_logistic_rows *ROWS = NULL;                                                             \
        REFUSES(function, call, BAD_NULL, 1, "rows", 0, none());                                             \
        /* Which of the kinds is given: the one too many is named. */                                        \
        BAD_ROW(function, call, x, NULL, BAD_NULL, "x", 0, none());                                          \
        BAD_ROW(function, call, csr, CSR->csr, BAD_VALUE, "csr", 0, none());                                 \
        BAD_ROW(function, call, prepared, PREPARED->prepared, BAD_VALUE, "prepared", 0, none());             \
        good_rows.csr = CSR->csr;                                                                            \
        BAD_ROW(function, call, prepared, PREPARED->prepared, BAD_VALUE, "prepared", 0, none());             \
        good_rows.x = NULL;                                                                                  \
        BAD_ROW(function, call, prepared, PREPARED->prepared, BAD_VALUE, "prepared", 0, none());             \
        good_rows = *X;                                                                                      \
        BAD_ROW(function, call, values, csr_values, BAD_VALUE, "values", 0, none());                         \
        BAD_ROW(function, call, compact, 1, BAD_VALUE, "compact", 0, integer(1));                            \
        BAD_ROW(function, call, compact, 2, BAD_VALUE, "compact", 0, integer(2));                            \
        BAD_ROW(function, call, offsets, MISALIGNED(float *, row_offsets), BAD_VALUE, "offsets", 0, integer(1)); \
        BAD_ROW(function, call, weights, MISALIGNED(float *, cols_data), BAD_VALUE, "weights", 0, integer(1)); \
        {                                                                                                    \
            ROWS = CHANGED_ROWS(x, &changed_too);                                                                          \
            BAD_ANY_MATRIX(function, call, of_rows, 1, "rows.x", 0);                                         \
            changed_too = matrix(rows_data, 0, SIZE_MAX);                                                    \
            REFUSES(function, call, TOO_LARGE, 1, "rows", 0, integer(SIZE_MAX));                             \
            changed_too = matrix(rows_data, SIZE_MAX / 4, 0);                                                \
            changed_too.element_type = AVOCET_F16;                                                           \
            REFUSES(function, call, TOO_LARGE, 1, "rows", 0, integer(SIZE_MAX / 4));                         \
        }                                                                                                    \
        for (int32_t type = AVOCET_F16; type <= AVOCET_BF16; type++) {                                       \
            changed_too = of_rows;                                                                           \
            changed_too.element_type = type;                                                                 \
            changed_too.data = MISALIGNED(const void *, of_rows.data);                                       \
            REFUSES(function, call, BAD_VALUE, 1, "rows.x.data", 0, integer(1));                             \
            changed_too.data = NULL;                                                                         \
            REFUSES(function, call, BAD_NULL, 1, "rows.x.data", 0, none());                                  \
        }                                                                                                    \
        good_rows = *CSR;                                                                                    \
        BAD_ROW(function, call, values, MISALIGNED(float *, csr_values), BAD_VALUE, "values", 0, integer(1)); \
        BAD_ROW(function, call, values, nan_at_1, NOT_FINITE, "values", 1, real(NAN));                       \
        BAD_ROW(function, call, values, huge_at_2, NOT_FINITE, "values", 2, real(INFINITY));                 \
        BAD_ROW(function, call, compact, 1, BAD_VALUE, "compact", 0, integer(1));                            \
        ROWS = CHANGED_ROWS(csr, &changed_csr);                                                                 \
        BAD_CSR(function, call, *CSR->csr, 1, "rows.csr");                                                   \
        changed_csr = *CSR->csr;                                                                             \
        changed_csr.cols = SIZE_MAX;                                                                         \
        REFUSES(function, call, TOO_LARGE, 1, "rows", 0, integer(SIZE_MAX));                                 \
        good_rows = *PREPARED;                                                                               \
        BAD_ROW(function, call, prepared, MISALIGNED(avocet_sparse_rows *, good_rows.prepared), BAD_VALUE, "prepared", 0, \
                integer(1));                                                                                 \
        BAD_ROW(function, call, values, csr_values, BAD_VALUE, "values", 0, none());                         \
        BAD_ROW(function, call, compact, -1, BAD_VALUE, "compact", 0, negative(-1));                         \
    } while (0)

#define BAD_ROW(function, call, field, bad, status, name, position, value)                                   \
    ROWS = CHANGED_ROWS(field, bad);                                                                            \
    REFUSES(function, call, status, 1, "rows." name, position, value)

/* All that can be wrong with targets in a call that has `TARGETS` in their place. */
#define BAD_TARGETS_OF(function, call, good)                                                                 \
    do {                                                                                                     \
        avocet_logistic_targets targets, *TARGETS = NULL;                                                    \
        REFUSES(function, call, BAD_NULL, 2, "targets", 0, none());                                          \
        TARGETS = &targets;                                                                                  \
        BAD_TARGET(function, call, good, labels, NULL, BAD_NULL, 0, none());                                 \
        BAD_TARGET(function, call, good, labels, MISALIGNED(float *, row_labels), BAD_VALUE, 0, integer(1)); \
        BAD_TARGET(function, call, good, weights, MISALIGNED(float *, row_labels), BAD_VALUE, 0, integer(1)); \
        BAD_TARGET(function, call, good, signed_weights, 2, BAD_VALUE, 0, integer(2));                       \
        BAD_TARGET(function, call, good, reserved, 1, BAD_VALUE, 0, integer(1));                             \
        targets = good;                                                                                      \
        targets.a = targets.b = row_labels;                                                                  \
        REFUSES(function, call, BAD_VALUE, 2, "targets.labels", 0, none());                                  \
        targets.labels = NULL;                                                                               \
        targets.weights = row_labels;                                                                        \
        REFUSES(function, call, BAD_VALUE, 2, "targets.weights", 0, none());                                 \
        const float bad_values[] = {-1, NAN, INFINITY};                                                      \
        for (size_t i = 0; i < LENGTH(bad_values); i++) {                                                    \
            float some[R] = {1, 1, 1};                                                                       \
            const struct value bad_one = real(bad_values[i]);                                                \
            some[2] = bad_values[i];                                                                         \
            BAD_TARGET(function, call, good, weights, some, status_of(bad_values[i]), 2, bad_one);           \
            BAD_TARGET(function, call, good, labels, some, isnan(bad_values[i]) ? NOT_FINITE : BAD_VALUE, 2, bad_one); \
            targets.labels = NULL;                                                                           \
            targets.a = some;                                                                                \
            targets.b = row_labels;                                                                          \
            REFUSES(function, call, status_of(bad_values[i]), 2, "targets.a", 2, bad_one);                   \
            targets.a = row_labels;                                                                          \
            targets.b = some;                                                                                \
            REFUSES(function, call, status_of(bad_values[i]), 2, "targets.b", 2, bad_one);                   \
        }                                                                                                    \
    } while (0)

#define BAD_TARGET(function, call, good, field, bad, status, position, value)                                \
    targets = good;                                                                                          \
    targets.field = bad;                                                                                     \
    REFUSES(function, call, status, 2, "targets." #field, position, value)

/* Good rows of each kind and good targets, for the calls below. */
struct batches {
    avocet_csr view;
    avocet_logistic_rows dense, sparse, prepared, compact;
    avocet_logistic_targets targets;
};

/* The prepared ones have 1, 2 and 3 of the columns. */
static void make_batches(struct batches *made) {
    static const int64_t prepared_offsets[R + 1] = {0, 1, 1, 4};
    static const uint32_t prepared_columns[] = {3, 1, 2, 3};
    const avocet_csr view = csr(prepared_offsets, R, prepared_columns, C);
    memset(made, 0, sizeof *made);
    made->view = csr(offsets, R, columns, C);
    made->dense.struct_size = sizeof made->dense;
    made->dense.offsets = row_offsets;
    made->dense.weights = cols_data;
    made->sparse = made->prepared = made->dense;
    made->dense.x = &of_rows;
    made->sparse.csr = &made->view;
    made->sparse.values = csr_values;
    made->prepared.prepared = prepare(&view);
    made->compact = made->prepared;
    made->compact.compact = 1;
    made->targets.struct_size = sizeof made->targets;
    made->targets.labels = row_labels;
}

static avocet_logistic_out changed_to;

static void batch(void) {
    struct batches made;
    make_batches(&made);
    const avocet_logistic_rows *X = &made.dense, *CSR = &made.sparse, *PREPARED = &made.prepared, *COMPACT = &made.compact;
    const avocet_logistic_rows *const kinds[] = {X, CSR, PREPARED, COMPACT};
    const float *weights = cols_data, *along = cols_data + 8;
    avocet_logistic_out good_out = {0}, no_margins;
    good_out.struct_size = sizeof good_out;
    good_out.margins = out.a;
    good_out.gradient = out.b;
    good_out.curvature = out.c;
    good_out.product = out.d;
    good_out.along = along;
    /* What is found on the way leaves margins unspecified, everything else as it was. */
    no_margins = good_out;
    no_margins.margins = NULL;
    avocet_logistic_sums *s = &out.sums;
#define BATCH(rows, targets, to_out, sums, workspace) (rows, targets, to_out, sums, NULL, workspace, &error)
    BAD_ANY_ROWS(avocet_logistic_batch, BATCH(ROWS, &made.targets, &good_out, s, large));
    BAD_STRUCT(avocet_logistic_batch, BATCH(S, &made.targets, &good_out, s, large), avocet_logistic_rows, made.dense, 1,
               "rows");
    /* 2^28 columns of sparse rows are too many, unless they are prepared. */
    const size_t many = ((size_t)1 << 28) + 1;
    float *many_weights = malloc(many * sizeof *many_weights);
    CHECK(many_weights != NULL);
    avocet_logistic_rows wide = made.sparse;
    avocet_csr wide_view = made.view;
    wide.csr = &wide_view;
    wide.weights = many_weights;
    wide_view.cols = many;
    avocet_logistic_out margins_only = good_out;
    margins_only.gradient = margins_only.curvature = margins_only.product = NULL;
    REFUSES(avocet_logistic_batch, BATCH(&wide, NULL, &margins_only, s, large), TOO_LARGE, 1, "rows.csr.cols", 0,
            integer(many));
    free(many_weights);

    for (size_t kind = 0; kind < LENGTH(kinds); kind++) {
        const avocet_logistic_rows *K = kinds[kind];
        avocet_logistic_rows rows = *K;
        rows.weights = NULL;
        REFUSES(avocet_logistic_batch, BATCH(&rows, &made.targets, &good_out, s, large), BAD_NULL, 1, "rows.weights", 0,
                none());
        BAD_TARGETS_OF(avocet_logistic_batch, BATCH(K, TARGETS, &no_margins, s, large), made.targets);
        BAD_STRUCT(avocet_logistic_batch, BATCH(K, S, &good_out, s, large), avocet_logistic_targets, made.targets, 2,
                   "targets");
        REFUSES(avocet_logistic_batch, BATCH(K, &made.targets, NULL, s, large), BAD_NULL, 3, "out", 0, none());
        BAD_STRUCT(avocet_logistic_batch, BATCH(K, &made.targets, S, s, large), avocet_logistic_out, good_out, 3, "out");
#define BAD_OUT(field, bad, status, position, value)                                                         \
    changed_to = good_out;                                                                                   \
    changed_to.field = bad;                                                                                  \
    REFUSES(avocet_logistic_batch, BATCH(K, &made.targets, &changed_to, s, large), status, 3, "out." #field, position, \
            value)
        BAD_OUT(margins, MISALIGNED(float *, out.a), BAD_VALUE, 0, integer(1));
        BAD_OUT(margins, (float *)(void *)row_offsets, OVERLAP, 0, none());
        BAD_OUT(gradient, MISALIGNED(float *, out.b), BAD_VALUE, 0, integer(1));
        BAD_OUT(gradient, out.a + 1, OVERLAP, 0, none());
        BAD_OUT(curvature, MISALIGNED(float *, out.c), BAD_VALUE, 0, integer(1));
        BAD_OUT(curvature, (float *)(void *)weights, OVERLAP, 0, none());
        BAD_OUT(product, MISALIGNED(float *, out.d), BAD_VALUE, 0, integer(1));
        BAD_OUT(product, out.c + 1, OVERLAP, 0, none());
        BAD_OUT(along, NULL, BAD_NULL, 0, none());
        BAD_OUT(along, MISALIGNED(float *, along), BAD_VALUE, 0, integer(1));
        BAD_OUT(product, (float *)(void *)along, OVERLAP, 0, none());
        BAD_OUT(reserved, 1, BAD_VALUE, 0, integer(1));
        if (kind > 0) {
            BAD_OUT(along, nan_at_1, NOT_FINITE, 1, real(NAN));
            BAD_OUT(along, huge_at_2, NOT_FINITE, 2, real(INFINITY));
            BAD_OUT(along_intercept, NAN, NOT_FINITE, 0, real(NAN));
            /* A NaN factor, from the row that has the column; of compact rows the weight is that of column 2. */
            rows = *K;
            rows.weights = nan_at_1;
            REFUSES(avocet_logistic_batch, BATCH(&rows, &made.targets, &no_margins, s, large), NOT_FINITE, 1,
                    "rows.weights", 2, none());
            avocet_logistic_out one = no_margins;
            one.curvature = one.product = NULL;
            REFUSES(avocet_logistic_batch, BATCH(&rows, &made.targets, &one, s, large), NOT_FINITE, 1, "rows.weights", 2,
                    none());
            one.gradient = NULL;
            one.curvature = out.c;
            REFUSES(avocet_logistic_batch, BATCH(&rows, &made.targets, &one, s, large), NOT_FINITE, 1, "rows.weights", 2,
                    none());
            /* So do an offset and an intercept; the first such row is named. */
            rows.weights = weights;
            rows.offsets = nan_at_1;
            REFUSES(avocet_logistic_batch, BATCH(&rows, &made.targets, &no_margins, s, large), NOT_FINITE, 1,
                    "rows.weights", 1, none());
            rows.intercept = NAN;
            REFUSES(avocet_logistic_batch, BATCH(&rows, &made.targets, &no_margins, s, large), NOT_FINITE, 1,
                    "rows.weights", 0, none());
        }
        REFUSES(avocet_logistic_batch,
                BATCH(K, &made.targets, &good_out, MISALIGNED(avocet_logistic_sums *, s), large), BAD_VALUE, 4, "sums", 0,
                integer(1));
        REFUSES(avocet_logistic_batch, BATCH(K, &made.targets, &good_out, (avocet_logistic_sums *)(void *)out.a, large),
                OVERLAP, 4, "sums", 0, none());
        REFUSES(avocet_logistic_batch, (K, &made.targets, &good_out, s, bad_pool, large, &error), BAD_VALUE, 5, "pool", 0,
                integer(1));
        REFUSES(avocet_logistic_batch, BATCH(K, &made.targets, &good_out, s, NULL), BAD_NULL, 6, "workspace", 0, none());
        CHECK(avocet_logistic_batch BATCH(K, &made.targets, &good_out, s, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
        const uint64_t needed = (uint64_t)error.integer;
        CHECK(needed > 0);
        REFUSES(avocet_logistic_batch, BATCH(K, &made.targets, &good_out, s, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 6,
                "workspace", 0, integer(needed));
    }
    /* Values that a call reads are not to be written either. */
    float own_values[E] = {1, 1, 1, 1, 1};
    avocet_logistic_rows rows = made.sparse;
    rows.values = own_values;
    changed_to = good_out;
    changed_to.gradient = own_values;
    REFUSES(avocet_logistic_batch, BATCH(&rows, &made.targets, &changed_to, s, large), OVERLAP, 3, "out.gradient", 0,
            none());
    changed_to.gradient = (float *)(void *)columns;
    REFUSES(avocet_logistic_batch, BATCH(&rows, &made.targets, &changed_to, s, large), OVERLAP, 3, "out.gradient", 0,
            none());
    avocet_sparse_rows_destroy((avocet_sparse_rows *)made.prepared.prepared);
}

static void logistic_fit(void) {
    struct batches made;
    make_batches(&made);
    const avocet_logistic_rows *X = &made.dense, *CSR = &made.sparse, *PREPARED = &made.prepared, *COMPACT = &made.compact;
    const avocet_logistic_rows *const kinds[] = {X, CSR, PREPARED, COMPACT};
    avocet_logistic_fit_options good = {0}, options;
    good.struct_size = sizeof good;
    good.l2 = 1;
    float *w = out.a, *b = &out.intercept;
    avocet_logistic_fit_result *f = &out.fit;
#define FIT(rows, targets, options, weights, intercept, result)                                              \
    (rows, targets, options, weights, intercept, result, NULL, &error)
    BAD_ANY_ROWS(avocet_logistic_fit, FIT(ROWS, &made.targets, &good, w, b, f));
    BAD_STRUCT(avocet_logistic_fit, FIT(S, &made.targets, &good, w, b, f), avocet_logistic_rows, made.dense, 1, "rows");
    const float bad[] = {-1, NAN, INFINITY};
    for (size_t kind = 0; kind < LENGTH(kinds); kind++) {
        const avocet_logistic_rows *K = kinds[kind];
        avocet_logistic_rows rows = *K;
        rows.weights = nan_at_1;
        REFUSES(avocet_logistic_fit, FIT(&rows, &made.targets, &good, w, b, f), NOT_FINITE, 1, "rows.weights", 1, real(NAN));
        rows = *K;
        rows.intercept = INFINITY;
        REFUSES(avocet_logistic_fit, FIT(&rows, &made.targets, &good, w, b, f), NOT_FINITE, 1, "rows.intercept", 0,
                real(INFINITY));
        BAD_TARGETS_OF(avocet_logistic_fit, FIT(K, TARGETS, &good, w, b, f), made.targets);
        BAD_STRUCT(avocet_logistic_fit, FIT(K, S, &good, w, b, f), avocet_logistic_targets, made.targets, 2, "targets");
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, NULL, w, b, f), BAD_NULL, 3, "options", 0, none());
        BAD_STRUCT(avocet_logistic_fit, FIT(K, &made.targets, S, w, b, f), avocet_logistic_fit_options, good, 3, "options");
#define BAD_FIT(field, bad_one, status, value)                                                            \
    options = good;                                                                                          \
    options.field = bad_one;                                                                                 \
    REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &options, w, b, f), status, 3, "options." #field, 0, value)
        for (size_t i = 0; i < LENGTH(bad); i++) {
            BAD_FIT(l2, bad[i], status_of(bad[i]), real(bad[i]));
            BAD_FIT(tolerance, bad[i], status_of(bad[i]), real(bad[i]));
        }
        BAD_FIT(history, 65, BAD_VALUE, integer(65));
        BAD_FIT(history, SIZE_MAX, BAD_VALUE, integer(SIZE_MAX));
        BAD_FIT(fixed_intercept, 2, BAD_VALUE, integer(2));
        BAD_FIT(reserved, 1, BAD_VALUE, integer(1));
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &good, NULL, b, f), BAD_NULL, 4, "weights", 0, none());
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &good, MISALIGNED(float *, w), b, f), BAD_VALUE, 4, "weights", 0,
                integer(1));
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &good, cols_data, b, f), OVERLAP, 4, "weights", 0, none());
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &good, w, NULL, f), BAD_NULL, 5, "intercept", 0, none());
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &good, w, MISALIGNED(float *, b), f), BAD_VALUE, 5, "intercept", 0,
                integer(1));
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &good, w, w + 1, f), OVERLAP, 5, "intercept", 0, none());
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &good, w, b, MISALIGNED(avocet_logistic_fit_result *, f)),
                BAD_VALUE, 6, "result", 0, integer(1));
        REFUSES(avocet_logistic_fit, FIT(K, &made.targets, &good, w, b, (avocet_logistic_fit_result *)(void *)w), OVERLAP, 6,
                "result", 0, none());
        REFUSES(avocet_logistic_fit, (K, &made.targets, &good, w, b, f, bad_pool, &error), BAD_VALUE, 7, "pool", 0,
                integer(1));
    }
    /* Rows that have no finite sum at the start: margins that are infinite on both sides. */
    const float opposite[C] = {3e38f, 0, 0, -3e38f}, huge[E] = {3, 3, 1, 1, 1};
    avocet_logistic_rows rows = made.sparse;
    rows.weights = opposite;
    rows.values = huge;
    REFUSES(avocet_logistic_fit, FIT(&rows, &made.targets, &good, w, b, f), NOT_FINITE, 1, "rows.weights", 0, none());
    avocet_sparse_rows_destroy((avocet_sparse_rows *)made.prepared.prepared);
}
