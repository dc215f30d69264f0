/* Every error of packed indexes; a part of errors.c. */

/* What is wrong with rows and options, those of `call`: `x` and `o`, of numbers `rows_at` and `at`. */
#define BAD_TAKEN(function, call, rows_at, at)                                                                \
    do {                                                                                                     \
        const float scales[C] = {1, 1, -1, 1}, infinite[C] = {1, INFINITY, 1, 1};                            \
        float bad_data[C * D] = {0};                                                                         \
        bad_data[2 * D + 1] = NAN;                                                                           \
        const avocet_matrix bad_rows = matrix(bad_data, C, D), bytes = int8_rows(C, D), *x = NULL;           \
        avocet_index_options options = {0};                                                                  \
        options.struct_size = sizeof options;                                                                \
        const avocet_index_options good = options, *o = &options;                                            \
        REFUSES(function, call, BAD_NULL, rows_at, "rows", 0, none());                                       \
        x = &changed_too;                                                                                    \
        BAD_ANY_MATRIX(function, call, of_cols, rows_at, "rows", 0);                                         \
        x = &bad_rows;                                                                                       \
        REFUSES(function, call, NOT_FINITE, rows_at, "rows", 2, none());                                     \
        x = &of_cols;                                                                                        \
        options.skip_not_finite = 2;                                                                         \
        REFUSES(function, call, BAD_VALUE, at, "options.skip_not_finite", 0, integer(2));                    \
        options = good;                                                                                      \
        options.scales = scales;                                                                             \
        REFUSES(function, call, BAD_VALUE, at, "options.scales", 0, integer(AVOCET_F32));                    \
        x = &bytes;                                                                                          \
        options.storage = AVOCET_INDEX_INT8;                                                                 \
        REFUSES(function, call, BAD_VALUE, at, "options.scales", 2, real(-1));                               \
        options.scales = infinite;                                                                           \
        REFUSES(function, call, NOT_FINITE, at, "options.scales", 1, real(INFINITY));                        \
        options.scales = MISALIGNED(const float *, scales);                                                  \
        REFUSES(function, call, BAD_VALUE, at, "options.scales", 0, integer(1));                             \
        options = good;                                                                                      \
        options.ids = MISALIGNED(const uint64_t *, infinite);                                                \
        x = &of_cols;                                                                                        \
        REFUSES(function, call, BAD_VALUE, at, "options.ids", 0, integer((uintptr_t)options.ids % 8));       \
    } while (0)

static void index_creation(void) {
    avocet_index_options good = {0};
    good.struct_size = sizeof good;
    const avocet_matrix bytes = int8_rows(C, D), wide = int8_rows(0, 65536);
    avocet_index_options options = good;
#define CREATE(rows, options, out) (rows, options, NULL, out, &error)
    BAD_TAKEN(avocet_index_create, CREATE(x, o, &out.index), 1, 2);
    options.storage = 6;
    REFUSES(avocet_index_create, CREATE(&of_cols, &options, &out.index), BAD_VALUE, 2, "options.storage", 0, integer(6));
    options.storage = AVOCET_INDEX_CERTIFIED;
    REFUSES(avocet_index_create, CREATE(&bytes, &options, &out.index), BAD_VALUE, 2, "options.storage", 0,
            integer(AVOCET_INDEX_CERTIFIED));
    options.storage = AVOCET_INDEX_INT8;
    REFUSES(avocet_index_create, CREATE(&wide, &options, &out.index), TOO_LARGE, 1, "rows.cols", 0, integer(65536));
    const avocet_matrix endless = matrix(NULL, 0, SIZE_MAX), many = matrix(NULL, (size_t)UINT32_MAX + 1, 0);
    REFUSES(avocet_index_create, CREATE(&endless, NULL, &out.index), TOO_LARGE, 1, "rows.cols", 0, integer(SIZE_MAX));
    REFUSES(avocet_index_create, CREATE(&many, NULL, &out.index), TOO_LARGE, 1, "rows.rows", 0,
            integer((uint64_t)UINT32_MAX + 1));
    BAD_STRUCT(avocet_index_create, CREATE(&of_cols, S, &out.index), avocet_index_options, good, 2, "options");
    avocet_index_destroy(out.index);
    REFUSES(avocet_index_create, (&of_cols, NULL, bad_pool, &out.index, &error), BAD_VALUE, 3, "pool", 0, integer(1));
    REFUSES(avocet_index_create, CREATE(&of_cols, NULL, NULL), BAD_NULL, 4, "out", 0, none());
    REFUSES(avocet_index_create, CREATE(&of_cols, NULL, MISALIGNED(avocet_index **, &out.index)), BAD_VALUE, 4, "out", 0,
            integer(1));
    REFUSES(avocet_index_create, CREATE(&of_cols, NULL, (avocet_index **)(void *)cols_data), OVERLAP, 4, "out", 0,
            none());
}

static void index_changes(void) {
    static const uint64_t own[C] = {0};
    avocet_index_options good = {0};
    good.struct_size = sizeof good;
    avocet_index_options options = good;
    avocet_index *bad = MISALIGNED(avocet_index *, plain_index);
    const avocet_matrix bytes = int8_rows(C, D);
    options.ids = own;
#define APPEND(index, rows, options, out) (index, rows, options, NULL, out, &error)
    BAD_TAKEN(avocet_index_append, APPEND(x == &bytes ? byte_index : plain_index, x, o, &out.index), 2, 3);
    REFUSES(avocet_index_append, APPEND(NULL, &of_cols, NULL, &out.index), BAD_NULL, 1, "index", 0, none());
    REFUSES(avocet_index_append, APPEND(bad, &of_cols, NULL, &out.index), BAD_VALUE, 1, "index", 0, integer(1));
    REFUSES(avocet_index_append, APPEND(panel_index, &of_cols, NULL, &out.index), BAD_VALUE, 1, "index", 0, integer(C));
    REFUSES(avocet_index_append, APPEND(plain_index, &bytes, NULL, &out.index), BAD_VALUE, 2, "rows.element_type", 0,
            none());
    REFUSES(avocet_index_append, APPEND(plain_index, with(of_cols, C, D + 1), NULL, &out.index), BAD_SHAPE, 2,
            "rows.cols", 0, integer(D + 1));
    REFUSES(avocet_index_append, APPEND(plain_index, &of_cols, &options, &out.index), BAD_SHAPE, 3, "options.ids", 0,
            integer(C));
    REFUSES(avocet_index_append, APPEND(named_index, &of_cols, NULL, &out.index), BAD_SHAPE, 3, "options.ids", 0,
            integer(0));
    BAD_STRUCT(avocet_index_append, APPEND(plain_index, &of_cols, S, &out.index), avocet_index_options, good, 3,
               "options");
    avocet_index_destroy(out.index);
    REFUSES(avocet_index_append, (plain_index, &of_cols, NULL, bad_pool, &out.index, &error), BAD_VALUE, 4, "pool", 0,
            integer(1));
    REFUSES(avocet_index_append, APPEND(plain_index, &of_cols, NULL, NULL), BAD_NULL, 5, "out", 0, none());
    REFUSES(avocet_index_append, APPEND(plain_index, &of_cols, NULL, (avocet_index **)(void *)cols_data), OVERLAP, 5,
            "out", 0, none());
    const avocet_matrix nothing = matrix(NULL, 0, D);
    OK(avocet_index_append APPEND(named_index, &nothing, NULL, &out.index));
    avocet_index_destroy(out.index);

    static const uint32_t all[C] = {0, 1, 2, 3}, beyond[C] = {0, 1, 2, C}, twice[C] = {0, 1, 1, 3};
#define REPLACE(index, at, rows, options, out) (index, at, rows, options, out, &error)
    BAD_TAKEN(avocet_index_replace, REPLACE(x == &bytes ? byte_index : plain_index, all, x, o, &out.index), 3, 4);
    REFUSES(avocet_index_replace, REPLACE(NULL, all, &of_cols, NULL, &out.index), BAD_NULL, 1, "index", 0, none());
    REFUSES(avocet_index_replace, REPLACE(bad, all, &of_cols, NULL, &out.index), BAD_VALUE, 1, "index", 0, integer(1));
    REFUSES(avocet_index_replace, REPLACE(panel_index, all, &of_cols, NULL, &out.index), BAD_VALUE, 1, "index", 0,
            integer(AVOCET_INDEX_INT8_PANELS));
    REFUSES(avocet_index_replace, REPLACE(plain_index, NULL, &of_cols, NULL, &out.index), BAD_NULL, 2, "at", 0, none());
    REFUSES(avocet_index_replace, REPLACE(plain_index, MISALIGNED(const uint32_t *, all), &of_cols, NULL, &out.index),
            BAD_VALUE, 2, "at", 0, integer(1));
    REFUSES(avocet_index_replace, REPLACE(plain_index, beyond, &of_cols, NULL, &out.index), BAD_INDEX, 2, "at", 3,
            integer(C));
    REFUSES(avocet_index_replace, REPLACE(plain_index, twice, &of_cols, NULL, &out.index), AVOCET_ERROR_NOT_SORTED, 2,
            "at", 2, integer(1));
    REFUSES(avocet_index_replace, REPLACE(plain_index, all, &bytes, NULL, &out.index), BAD_VALUE, 3,
            "rows.element_type", 0, none());
    REFUSES(avocet_index_replace, REPLACE(plain_index, all, with(of_cols, C, D + 1), NULL, &out.index), BAD_SHAPE, 3,
            "rows.cols", 0, integer(D + 1));
    REFUSES(avocet_index_replace, REPLACE(named_index, all, &of_cols, &options, &out.index), BAD_VALUE, 4, "options.ids",
            0, none());
    BAD_STRUCT(avocet_index_replace, REPLACE(plain_index, all, &of_cols, S, &out.index), avocet_index_options, good, 4,
               "options");
    avocet_index_destroy(out.index);
    REFUSES(avocet_index_replace, REPLACE(plain_index, all, &of_cols, NULL, NULL), BAD_NULL, 5, "out", 0, none());
    REFUSES(avocet_index_replace, REPLACE(plain_index, all, &of_cols, NULL, (avocet_index **)(void *)cols_data), OVERLAP,
            5, "out", 0, none());

#define REMOVE(index, at, count, out) (index, at, count, out, &error)
    REFUSES(avocet_index_remove, REMOVE(NULL, all, C, &out.index), BAD_NULL, 1, "index", 0, none());
    REFUSES(avocet_index_remove, REMOVE(bad, all, C, &out.index), BAD_VALUE, 1, "index", 0, integer(1));
    REFUSES(avocet_index_remove, REMOVE(plain_index, NULL, C, &out.index), BAD_NULL, 2, "at", 0, none());
    REFUSES(avocet_index_remove, REMOVE(plain_index, beyond, C, &out.index), BAD_INDEX, 2, "at", 3, integer(C));
    REFUSES(avocet_index_remove, REMOVE(plain_index, twice, C, &out.index), AVOCET_ERROR_NOT_SORTED, 2, "at", 2,
            integer(1));
    REFUSES(avocet_index_remove, REMOVE(plain_index, all, SIZE_MAX, &out.index), TOO_LARGE, 3, "count", 0,
            integer(SIZE_MAX));
    REFUSES(avocet_index_remove, REMOVE(plain_index, all, C, NULL), BAD_NULL, 4, "out", 0, none());
    REFUSES(avocet_index_remove, REMOVE(plain_index, (const uint32_t *)(void *)&out.index, 1, &out.index), OVERLAP, 4, "out",
            0, none());
}

static void index_bytes(void) {
    avocet_index *bad = MISALIGNED(avocet_index *, plain_index);
    const size_t size = SAVED_INDEX;
    REFUSES(avocet_index_save, (NULL, out.saved, size, &error), BAD_NULL, 1, "index", 0, none());
    REFUSES(avocet_index_save, (bad, out.saved, size, &error), BAD_VALUE, 1, "index", 0, integer(1));
    REFUSES(avocet_index_save, (plain_index, NULL, size, &error), BAD_NULL, 2, "bytes", 0, none());
    REFUSES(avocet_index_save, (plain_index, out.saved, size - 1, &error), BAD_SHAPE, 3, "len", 0, integer(size - 1));
    REFUSES(avocet_index_save, (plain_index, out.saved, SIZE_MAX, &error), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));
    static union {
        avocet_index *index;
        uint8_t bytes[SAVED_INDEX + 8];
    } shared;
    /* The same of both: `function`. */
#define BAD_BYTES(function)                                                                                  \
    do {                                                                                                     \
        memcpy(shared.bytes, saved_index, size);                                                             \
        REFUSES(function, (NULL, size, &out.index, &error), BAD_NULL, 1, "bytes", 0, none());                \
        for (size_t len = 0; len < size; len++) {                                                            \
            REFUSES(function, (shared.bytes, len, &out.index, &error), BAD_SHAPE, 1, "bytes", 0, integer(len)); \
        }                                                                                                    \
        REFUSES(function, (shared.bytes, size + 1, &out.index, &error), BAD_SHAPE, 1, "bytes", 0, integer(size + 1)); \
        REFUSES(function, (shared.bytes, SIZE_MAX, &out.index, &error), TOO_LARGE, 2, "len", 0, integer(SIZE_MAX)); \
        REFUSES(function, (shared.bytes, size, NULL, &error), BAD_NULL, 3, "out", 0, none());                \
        REFUSES(function, (shared.bytes, size, MISALIGNED(avocet_index **, &out.index), &error), BAD_VALUE, 3, "out", 0, \
                integer(1));                                                                                 \
        REFUSES(function, (shared.bytes, size, &shared.index, &error), OVERLAP, 3, "out", 0, none());        \
        shared.bytes[0] ^= 1;                                                                                \
        REFUSES(function, (shared.bytes, size, &out.index, &error), BAD_VALUE, 1, "bytes", 0, none());       \
        shared.bytes[0] ^= 1;                                                                                \
        shared.bytes[size - 1] ^= 1;                                                                         \
        REFUSES(function, (shared.bytes, size, &out.index, &error), BAD_VALUE, 1, "bytes", size - 8, none()); \
        shared.bytes[size - 1] ^= 1;                                                                         \
    } while (0)
    BAD_BYTES(avocet_index_load);
    BAD_BYTES(avocet_index_map);
    memmove(shared.bytes + 2, saved_index, size);
    REFUSES(avocet_index_map, (shared.bytes + 2, size, &out.index, &error), BAD_VALUE, 1, "bytes", 0, none());

    const uint32_t rows[] = {0, AVOCET_NO_ID, C};
    REFUSES(avocet_index_ids, (NULL, rows, 2, out.words, &error), BAD_NULL, 1, "index", 0, none());
    REFUSES(avocet_index_ids, (bad, rows, 2, out.words, &error), BAD_VALUE, 1, "index", 0, integer(1));
    REFUSES(avocet_index_ids, (plain_index, NULL, 2, out.words, &error), BAD_NULL, 2, "rows", 0, none());
    REFUSES(avocet_index_ids, (plain_index, rows, 3, out.words, &error), BAD_INDEX, 2, "rows", 2, integer(C));
    REFUSES(avocet_index_ids, (plain_index, rows, SIZE_MAX, out.words, &error), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));
    REFUSES(avocet_index_ids, (plain_index, rows, 2, NULL, &error), BAD_NULL, 4, "out", 0, none());
    REFUSES(avocet_index_ids, (plain_index, (const uint32_t *)(void *)out.words, 2, out.words, &error), OVERLAP, 4, "out", 0,
            none());
}

/* What is wrong with an index and queries, those of `call`: `i`, `q` and `s`, scales of number `at` and name `scales`. */
#define BAD_QUERIES(function, call, at, scales)                                                              \
    do {                                                                                                     \
        const avocet_matrix bytes = int8_rows(R, D), *q = &of_rows;                                          \
        const float below[R] = {1, -2, 1}, infinite[R] = {1, 1, INFINITY}, *s = NULL;                        \
        const avocet_index *i = NULL;                                                                        \
        REFUSES(function, call, BAD_NULL, 1, "index", 0, none());                                            \
        i = MISALIGNED(avocet_index *, plain_index);                                                         \
        REFUSES(function, call, BAD_VALUE, 1, "index", 0, integer(1));                                       \
        i = byte_index;                                                                                      \
        REFUSES(function, call, BAD_VALUE, 2, "queries.element_type", 0, none());                            \
        i = plain_index;                                                                                     \
        q = &bytes;                                                                                          \
        REFUSES(function, call, BAD_VALUE, 2, "queries.element_type", 0, none());                            \
        q = NULL;                                                                                            \
        REFUSES(function, call, BAD_NULL, 2, "queries", 0, none());                                          \
        q = &changed_too;                                                                                    \
        BAD_ANY_MATRIX(function, call, of_rows, 2, "queries", 0);                                            \
        q = with(of_rows, R, D + 1);                                                                         \
        REFUSES(function, call, BAD_SHAPE, 2, "queries.cols", 0, integer(D + 1));                            \
        q = &of_rows;                                                                                        \
        s = below;                                                                                           \
        REFUSES(function, call, BAD_VALUE, at, scales, 0, integer(AVOCET_F32));                              \
        i = byte_index;                                                                                      \
        q = &bytes;                                                                                          \
        REFUSES(function, call, BAD_VALUE, at, scales, 1, real(-2));                                         \
        s = infinite;                                                                                        \
        REFUSES(function, call, NOT_FINITE, at, scales, 2, real(INFINITY));                                  \
        s = MISALIGNED(const float *, infinite);                                                             \
        REFUSES(function, call, BAD_VALUE, at, scales, 0, integer(1));                                       \
    } while (0)

static avocet_status search_with_scales(const avocet_index *index, const avocet_matrix *queries, const float *scales) {
    avocet_index_search_options options = {0};
    options.struct_size = sizeof options;
    options.query_scales = scales;
    return avocet_index_search(index, queries, 2, &options, out.ids, out.a, out.counts, NULL, NULL, NULL, large, &error);
}

static void index_searches(void) {
    static const int64_t few_offsets[R + 1] = {0, 0, 0, 2};
    static const uint32_t falling[] = {2, 1};
    const avocet_csr few = csr(few_offsets, R, falling, C), wider = csr(offsets, R, columns, C + 1);
    avocet_graph *unsorted, *wide;
    OK(avocet_graph_create(&few, &unsorted, &error));
    OK(avocet_graph_create(&wider, &wide, &error));
    avocet_index_search_options good = {0}, options;
    good.struct_size = sizeof good;
    options = good;
    {
        /* The name that is printed is that of the function. */
        avocet_status (*const avocet_index_search)(const avocet_index *, const avocet_matrix *, const float *) =
            search_with_scales;
        BAD_QUERIES(avocet_index_search, (i, q, s), 4, "options.query_scales");
    }
#define FIND(options, ids, scores, counts, nans, survivors, workspace)                                     \
    (plain_index, &of_rows, 2, options, ids, scores, counts, nans, survivors, NULL, workspace, &error)
#define WITH_OPTIONS FIND(&options, out.ids, out.a, out.counts, out.more, NULL, large)
    REFUSES(avocet_index_search,
            (plain_index, &of_rows, SIZE_MAX / 2, NULL, out.ids, out.a, out.counts, NULL, NULL, NULL, large, &error),
            TOO_LARGE, 3, "k", 0, integer(SIZE_MAX / 2));
    options.exclude = transposed;
    REFUSES(avocet_index_search, WITH_OPTIONS, BAD_SHAPE, 4, "options.exclude.rows", 0, integer(C));
    options.exclude = wide;
    REFUSES(avocet_index_search, WITH_OPTIONS, BAD_SHAPE, 4, "options.exclude.cols", 0, integer(C + 1));
    options.exclude = unsorted;
    REFUSES(avocet_index_search, WITH_OPTIONS, AVOCET_ERROR_NOT_SORTED, 4, "options.exclude.indices", 1, integer(1));
    options.exclude = MISALIGNED(avocet_graph *, graph);
    REFUSES(avocet_index_search, WITH_OPTIONS, BAD_VALUE, 4, "options.exclude", 0, integer(1));
    options = good;
    options.allow = transposed;
    REFUSES(avocet_index_search, WITH_OPTIONS, BAD_SHAPE, 4, "options.allow.rows", 0, integer(C));
    options.allow = wide;
    REFUSES(avocet_index_search, WITH_OPTIONS, BAD_SHAPE, 4, "options.allow.cols", 0, integer(C + 1));
    options.allow = unsorted;
    REFUSES(avocet_index_search, WITH_OPTIONS, AVOCET_ERROR_NOT_SORTED, 4, "options.allow.indices", 1, integer(1));
    options.allow = MISALIGNED(avocet_graph *, graph);
    REFUSES(avocet_index_search, WITH_OPTIONS, BAD_VALUE, 4, "options.allow", 0, integer(1));
    options = good;
    options.least = 1;
    REFUSES(avocet_index_search, WITH_OPTIONS, BAD_VALUE, 4, "options.least", 0, real(1));
    options.has_least = -1;
    REFUSES(avocet_index_search, WITH_OPTIONS, BAD_VALUE, 4, "options.has_least", 0, negative(-1));
    options.has_least = 1;
    options.least = NAN;
    REFUSES(avocet_index_search, WITH_OPTIONS, NOT_FINITE, 4, "options.least", 0, real(NAN));
    BAD_STRUCT(avocet_index_search, FIND(S, out.ids, out.a, out.counts, NULL, NULL, large), avocet_index_search_options,
               good, 4, "options");
    REFUSES(avocet_index_search, FIND(NULL, NULL, out.a, out.counts, NULL, NULL, large), BAD_NULL, 5, "ids", 0, none());
    REFUSES(avocet_index_search, FIND(NULL, out.ids, NULL, out.counts, NULL, NULL, large), BAD_NULL, 6, "scores", 0,
            none());
    REFUSES(avocet_index_search, FIND(NULL, out.ids, out.a, NULL, NULL, NULL, large), BAD_NULL, 7, "counts", 0, none());
    REFUSES(avocet_index_search, FIND(NULL, out.ids, (float *)(void *)out.ids, out.counts, NULL, NULL, large), OVERLAP, 6,
            "scores", 0, none());
    REFUSES(avocet_index_search, FIND(NULL, out.ids, out.a, out.counts, MISALIGNED(uint32_t *, out.more), NULL, large),
            BAD_VALUE, 8, "nan_counts", 0, integer(1));
    REFUSES(avocet_index_search, FIND(NULL, out.ids, out.a, out.counts, NULL, MISALIGNED(uint32_t *, out.more), large),
            BAD_VALUE, 9, "survivors", 0, integer(1));
    REFUSES(avocet_index_search,
            (plain_index, &of_rows, 2, NULL, out.ids, out.a, out.counts, NULL, NULL, bad_pool, large, &error), BAD_VALUE, 10,
            "pool", 0, integer(1));
    REFUSES(avocet_index_search, FIND(NULL, out.ids, out.a, out.counts, NULL, NULL, NULL), BAD_NULL, 11, "workspace", 0,
            none());
    CHECK(avocet_index_search FIND(NULL, out.ids, out.a, out.counts, NULL, NULL, small) ==
          AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    uint64_t needed = (uint64_t)error.integer;
    REFUSES(avocet_index_search, FIND(NULL, out.ids, out.a, out.counts, NULL, NULL, small),
            AVOCET_ERROR_WORKSPACE_TOO_SMALL, 11, "workspace", 0, integer(needed));
    const avocet_matrix no_queries = matrix(NULL, 0, D);
    OK(avocet_index_search(plain_index, &no_queries, SIZE_MAX, NULL, NULL, NULL, NULL, NULL, NULL, NULL, small, &error));
    OK(avocet_index_search(plain_index, &of_rows, 0, NULL, NULL, NULL, out.counts, NULL, NULL, NULL, large, &error));

#define SCORES(given, to, workspace) (plain_index, &of_rows, NULL, given, to, NULL, workspace, &error)
    BAD_QUERIES(avocet_index_scores, (i, q, s, graph, out.a, NULL, large, &error), 3, "query_scales");
    REFUSES(avocet_index_scores, SCORES(NULL, out.a, large), BAD_NULL, 4, "given", 0, none());
    REFUSES(avocet_index_scores, SCORES(transposed, out.a, large), BAD_SHAPE, 4, "given.rows", 0, integer(C));
    REFUSES(avocet_index_scores, SCORES(wide, out.a, large), BAD_SHAPE, 4, "given.cols", 0, integer(C + 1));
    REFUSES(avocet_index_scores, SCORES(graph, NULL, large), BAD_NULL, 5, "out", 0, none());
    REFUSES(avocet_index_scores, SCORES(graph, rows_data, large), OVERLAP, 5, "out", 0, none());
    REFUSES(avocet_index_scores, (plain_index, &of_rows, NULL, graph, out.a, bad_pool, large, &error), BAD_VALUE, 6, "pool", 0,
            integer(1));
    REFUSES(avocet_index_scores, SCORES(graph, out.a, NULL), BAD_NULL, 7, "workspace", 0, none());
    CHECK(avocet_index_scores SCORES(graph, out.a, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    needed = (uint64_t)error.integer;
    REFUSES(avocet_index_scores, SCORES(graph, out.a, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 7, "workspace", 0,
            integer(needed));

#define INDEX_RANKS(given, exclude, better, equal, workspace)                                                \
    (plain_index, &of_rows, NULL, given, exclude, better, equal, NULL, workspace, &error)
    BAD_QUERIES(avocet_index_rank_counts, (i, q, s, graph, NULL, out.counts, out.more, NULL, large, &error), 3,
                "query_scales");
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(NULL, NULL, out.counts, out.more, large), BAD_NULL, 4, "given", 0, none());
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(transposed, NULL, out.counts, out.more, large), BAD_SHAPE, 4, "given.rows",
            0, integer(C));
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(wide, NULL, out.counts, out.more, large), BAD_SHAPE, 4, "given.cols", 0,
            integer(C + 1));
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(graph, transposed, out.counts, out.more, large), BAD_SHAPE, 5,
            "exclude.rows", 0, integer(C));
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(graph, wide, out.counts, out.more, large), BAD_SHAPE, 5, "exclude.cols", 0,
            integer(C + 1));
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(graph, unsorted, out.counts, out.more, large), AVOCET_ERROR_NOT_SORTED, 5,
            "exclude.indices", 1, integer(1));
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(graph, NULL, NULL, out.more, large), BAD_NULL, 6, "better", 0, none());
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(graph, NULL, out.counts, NULL, large), BAD_NULL, 7, "equal", 0, none());
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(graph, NULL, out.counts, out.counts, large), OVERLAP, 7, "equal", 0, none());
    REFUSES(avocet_index_rank_counts,
            (plain_index, &of_rows, NULL, graph, NULL, out.counts, out.more, bad_pool, large, &error), BAD_VALUE, 8, "pool", 0,
            integer(1));
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(graph, NULL, out.counts, out.more, NULL), BAD_NULL, 9, "workspace", 0,
            none());
    CHECK(avocet_index_rank_counts INDEX_RANKS(graph, NULL, out.counts, out.more, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    needed = (uint64_t)error.integer;
    REFUSES(avocet_index_rank_counts, INDEX_RANKS(graph, NULL, out.counts, out.more, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL,
            9, "workspace", 0, integer(needed));
    avocet_graph_destroy(unsorted);
    avocet_graph_destroy(wide);
}

static void merged_lists(void) {
    enum { Q = 2, K = 2 };
    static uint64_t ids[Q * K] = {1, 2, 3, 4};
    static float scores[Q * K] = {4, 3, 2, 1};
    static uint32_t counts[Q] = {2, 1}, many[Q] = {2, 3};
    avocet_shard good = {0}, two[2];
    good.struct_size = sizeof good;
    good.k = K;
    good.ids = ids;
    good.scores = scores;
    good.counts = counts;
    two[0] = two[1] = good;
#define LISTED(shards, count, ids, scores, counts) (shards, count, Q, K, ids, scores, counts, &error)
#define LISTS_OF(count) LISTED(two, count, out.words, out.a, out.counts)
    REFUSES(avocet_merge_lists, LISTED(NULL, 2, out.words, out.a, out.counts), BAD_NULL, 1, "shards", 0, none());
    BAD_STRUCT(avocet_merge_lists, LISTED(S, 1, out.words, out.a, out.counts), avocet_shard, good, 1, "shards");
    two[1].struct_size += 8;
    REFUSES(avocet_merge_lists, (two, 2, Q, K, out.words, out.a, out.counts, &error), BAD_SIZE, 1, "shards.struct_size", 1,
            integer(sizeof good + 8));
    two[1] = good;
    two[1].ids = NULL;
    REFUSES(avocet_merge_lists, LISTS_OF(2), BAD_NULL, 1, "shards.ids", 1, none());
    two[1].ids = MISALIGNED(const uint64_t *, ids);
    REFUSES(avocet_merge_lists, LISTS_OF(2), BAD_VALUE, 1, "shards.ids", 1, integer(1));
    two[1] = good;
    two[1].scores = NULL;
    REFUSES(avocet_merge_lists, LISTS_OF(2), BAD_NULL, 1, "shards.scores", 1, none());
    two[1] = good;
    two[1].counts = NULL;
    REFUSES(avocet_merge_lists, LISTS_OF(2), BAD_NULL, 1, "shards.counts", 1, none());
    two[1].counts = many;
    REFUSES(avocet_merge_lists, LISTS_OF(2), BAD_INDEX, 1, "shards.counts", 1, integer(3));
    two[1] = good;
    two[1].k = SIZE_MAX / 2;
    REFUSES(avocet_merge_lists, LISTS_OF(2), TOO_LARGE, 1, "shards.k", 1, integer(SIZE_MAX / 2));
    two[1] = good;
    REFUSES(avocet_merge_lists, LISTS_OF(SIZE_MAX / 2), TOO_LARGE, 2, "count", 0, integer(SIZE_MAX / 2));
    REFUSES(avocet_merge_lists, (two, 2, SIZE_MAX, 0, out.words, out.a, out.counts, &error), TOO_LARGE, 3, "queries", 0,
            integer(SIZE_MAX));
    REFUSES(avocet_merge_lists, (two, 2, Q, SIZE_MAX, out.words, out.a, out.counts, &error), TOO_LARGE, 4, "k", 0,
            integer(SIZE_MAX));
    REFUSES(avocet_merge_lists, LISTED(two, 2, NULL, out.a, out.counts), BAD_NULL, 5, "ids", 0, none());
    REFUSES(avocet_merge_lists, LISTED(two, 2, ids, out.a, out.counts), OVERLAP, 5, "ids", 0, none());
    REFUSES(avocet_merge_lists, LISTED(two, 2, out.words, NULL, out.counts), BAD_NULL, 6, "scores", 0, none());
    REFUSES(avocet_merge_lists, LISTED(two, 2, out.words, scores, out.counts), OVERLAP, 6, "scores", 0, none());
    REFUSES(avocet_merge_lists, LISTED(two, 2, out.words, out.a, NULL), BAD_NULL, 7, "counts", 0, none());
    REFUSES(avocet_merge_lists, LISTED(two, 2, out.words, out.a, MISALIGNED(uint32_t *, out.counts)), BAD_VALUE, 7, "counts", 0,
            integer(1));
    OK(avocet_merge_lists(NULL, 0, Q, K, out.words, out.a, out.counts, &error));
}

static void packed_indexes(void) {
    index_creation();
    index_changes();
    index_bytes();
    index_searches();
    merged_lists();
    destroy_indexes();
}
