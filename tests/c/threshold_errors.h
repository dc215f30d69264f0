/* Every error of the threshold family and of binned curves; a part of errors.c. */

enum { T_LEVELS = 2, T_BINS = 3, T_CELLS = T_LEVELS * T_BINS, T_ROWS = 4 };

static const float t_level_edge[1] = {0.5f}, t_score_edges[2] = {0, 1};
static const float t_scores[T_ROWS] = {-1, 0.5f, 2, 3}, t_uncertainties[T_ROWS] = {0, 0.25f, 0.5f, 1};
static const uint8_t t_labels[T_ROWS] = {0, 1, 1, 0};
static const uint32_t t_segments[T_ROWS] = {0, 0, 0, 1};
static const float t_nan_at_2[T_ROWS] = {0, 1, NAN, 1}, t_negative_at_1[T_ROWS] = {1, -1, 1, 1};

static avocet_grid_options grid_options(void) {
    avocet_grid_options options = {0};
    options.struct_size = sizeof options;
    options.levels = T_LEVELS;
    options.bins = T_BINS;
    options.level_edges = t_level_edge;
    options.score_edges = t_score_edges;
    return options;
}

static avocet_threshold_rows threshold_rows(void) {
    avocet_threshold_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.rows = T_ROWS;
    rows.scores = t_scores;
    rows.uncertainties = t_uncertainties;
    rows.labels = t_labels;
    rows.label_type = AVOCET_U8;
    return rows;
}

static void grid_create(void) {
    const avocet_grid_options good = grid_options();
    avocet_grid_options options, sampled = good;
    sampled.level_kind = AVOCET_EDGES_QUANTILES;
    sampled.score_kind = AVOCET_EDGES_NESTED;
    sampled.rows = T_ROWS;
    sampled.scores = t_scores;
    sampled.uncertainties = t_uncertainties;
#define GRID(options) (options, NULL, &out.grid, &error)
    REFUSES(avocet_grid_create, GRID(NULL), BAD_NULL, 1, "options", 0, none());
    BAD_STRUCT(avocet_grid_create, GRID(S), avocet_grid_options, good, 1, "options");
    avocet_grid_destroy(out.grid);
#define BAD_GRID(from, field, bad, status, name, position, value)                                            \
    options = from;                                                                                          \
    options.field = bad;                                                                                     \
    REFUSES(avocet_grid_create, GRID(&options), status, 1, "options." name, position, value)
    BAD_GRID(good, levels, 65537, TOO_LARGE, "levels", 0, integer(65537));
    BAD_GRID(good, bins, SIZE_MAX, TOO_LARGE, "bins", 0, integer(SIZE_MAX));
    BAD_GRID(good, rows, SIZE_MAX, TOO_LARGE, "rows", 0, integer(SIZE_MAX));
    BAD_GRID(good, level_kind, AVOCET_EDGES_NESTED, BAD_VALUE, "level_kind", 0, integer(3));
    BAD_GRID(good, score_kind, 4, BAD_VALUE, "score_kind", 0, integer(4));
    BAD_GRID(good, level_edges, NULL, BAD_NULL, "level_edges", 0, none());
    BAD_GRID(good, score_edges, NULL, BAD_NULL, "score_edges", 0, none());
    BAD_GRID(good, level_edges, MISALIGNED(const float *, t_level_edge), BAD_VALUE, "level_edges", 0, integer(1));
    BAD_GRID(good, score_edges, MISALIGNED(const float *, t_score_edges), BAD_VALUE, "score_edges", 0, integer(1));
    const float falling[2] = {1, 1}, nan_at_1[2] = {0, NAN};
    BAD_GRID(good, score_edges, falling, AVOCET_ERROR_NOT_SORTED, "score_edges", 1, real(1));
    BAD_GRID(good, score_edges, nan_at_1, NOT_FINITE, "score_edges", 1, real(NAN));
    BAD_GRID(good, level_edges, nan_at_1 + 1, NOT_FINITE, "level_edges", 0, real(NAN));
    avocet_grid_options uniform = good;
    uniform.level_kind = uniform.score_kind = AVOCET_EDGES_UNIFORM;
    uniform.level_high = uniform.score_high = 1;
    BAD_GRID(uniform, level_low, NAN, NOT_FINITE, "level_low", 0, real(NAN));
    BAD_GRID(uniform, level_high, INFINITY, NOT_FINITE, "level_high", 0, real(INFINITY));
    BAD_GRID(uniform, score_low, NAN, NOT_FINITE, "score_low", 0, real(NAN));
    BAD_GRID(uniform, score_high, -1, BAD_VALUE, "score_high", 0, real(-1));
    uniform.levels = uniform.bins = 65536;
    REFUSES(avocet_grid_create, GRID(&uniform), TOO_LARGE, 1, "options.bins", 0, integer((uint64_t)1 << 32));

    BAD_GRID(sampled, rows, 0, BAD_VALUE, "rows", 0, integer(0));
    BAD_GRID(sampled, scores, NULL, BAD_NULL, "scores", 0, none());
    BAD_GRID(sampled, uncertainties, NULL, BAD_NULL, "uncertainties", 0, none());
    BAD_GRID(sampled, scores, MISALIGNED(const float *, t_scores), BAD_VALUE, "scores", 0, integer(1));
    BAD_GRID(sampled, uncertainties, MISALIGNED(const float *, t_scores), BAD_VALUE, "uncertainties", 0, integer(1));
    BAD_GRID(sampled, weights, MISALIGNED(const float *, t_scores), BAD_VALUE, "weights", 0, integer(1));
    BAD_GRID(sampled, scores, t_nan_at_2, NOT_FINITE, "scores", 2, real(NAN));
    BAD_GRID(sampled, uncertainties, t_nan_at_2, NOT_FINITE, "uncertainties", 2, real(NAN));
    BAD_GRID(sampled, weights, t_nan_at_2, NOT_FINITE, "weights", 2, real(NAN));
    BAD_GRID(sampled, weights, t_negative_at_1, BAD_VALUE, "weights", 1, real(-1));
    BAD_GRID(sampled, top, 1.5, BAD_VALUE, "top", 0, real(1.5));
    BAD_GRID(sampled, top, NAN, NOT_FINITE, "top", 0, real(NAN));
    avocet_grid_options refined = sampled;
    refined.refine_bins = 1;
    refined.refine_high = 1;
    BAD_GRID(refined, refine_bins, 2, BAD_VALUE, "refine_bins", 0, integer(2));
    BAD_GRID(refined, refine_low, NAN, NOT_FINITE, "refine_low", 0, real(NAN));
    BAD_GRID(refined, refine_high, 0, BAD_VALUE, "refine_high", 0, real(0));
    BAD_GRID(refined, top, 0.5, BAD_VALUE, "top", 0, real(0.5));
    REFUSES(avocet_grid_create, (&good, bad_pool, &out.grid, &error), BAD_VALUE, 2, "pool", 0, integer(1));
    REFUSES(avocet_grid_create, (&good, NULL, NULL, &error), BAD_NULL, 3, "out", 0, none());
    REFUSES(avocet_grid_create, (&good, NULL, MISALIGNED(avocet_grid **, &out.grid), &error), BAD_VALUE, 3, "out", 0,
            integer(1));
    union {
        float edges[2];
        avocet_grid *grid;
    } shared = {{0, 1}};
    options = good;
    options.score_edges = shared.edges;
    REFUSES(avocet_grid_create, (&options, NULL, &shared.grid, &error), OVERLAP, 3, "out", 0, none());
}

static void grid_reading(const avocet_grid *grid) {
    const avocet_grid *bad = MISALIGNED(const avocet_grid *, grid);
    float *to = out.a;
    REFUSES(avocet_grid_level_edges, (NULL, to, 1, &error), BAD_NULL, 1, "grid", 0, none());
    REFUSES(avocet_grid_level_edges, (bad, to, 1, &error), BAD_VALUE, 1, "grid", 0, integer(1));
    REFUSES(avocet_grid_level_edges, (grid, NULL, 1, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_grid_level_edges, (grid, to, 2, &error), BAD_SHAPE, 3, "len", 0, integer(2));
    REFUSES(avocet_grid_level_edges, (grid, to, SIZE_MAX, &error), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));
    REFUSES(avocet_grid_score_edges, (NULL, 0, to, 2, &error), BAD_NULL, 1, "grid", 0, none());
    REFUSES(avocet_grid_score_edges, (grid, T_LEVELS, to, 2, &error), BAD_INDEX, 2, "level", 0, integer(T_LEVELS));
    REFUSES(avocet_grid_score_edges, (grid, 0, MISALIGNED(float *, to), 2, &error), BAD_VALUE, 3, "out", 0, integer(1));
    REFUSES(avocet_grid_score_edges, (grid, 0, to, 3, &error), BAD_SHAPE, 4, "len", 0, integer(3));
    REFUSES(avocet_grid_score_edges, (grid, 0, to, SIZE_MAX, &error), TOO_LARGE, 4, "len", 0, integer(SIZE_MAX));
    uint32_t thresholds[T_LEVELS] = {0, T_BINS + 1};
    REFUSES(avocet_grid_thresholds, (NULL, thresholds, to, &error), BAD_NULL, 1, "grid", 0, none());
    REFUSES(avocet_grid_thresholds, (grid, NULL, to, &error), BAD_NULL, 2, "thresholds", 0, none());
    REFUSES(avocet_grid_thresholds, (grid, thresholds, to, &error), BAD_INDEX, 2, "thresholds", 1, integer(T_BINS + 1));
    REFUSES(avocet_grid_thresholds, (grid, thresholds, NULL, &error), BAD_NULL, 3, "out", 0, none());
    REFUSES(avocet_grid_thresholds, (grid, thresholds, MISALIGNED(float *, to), &error), BAD_VALUE, 3, "out", 0,
            integer(1));
    REFUSES(avocet_grid_thresholds, (grid, thresholds, (float *)(void *)thresholds, &error), OVERLAP, 3, "out", 0, none());
}

/* What is wrong with rows with uncertainties, in a call whose arguments name `ROWS`. */
#define BAD_ROWS_TO_COUNT(function, arguments, number)                                                       \
    do {                                                                                                     \
        const avocet_threshold_rows good_rows = threshold_rows();                                            \
        avocet_threshold_rows changed_rows = good_rows, *ROWS = &changed_rows;                               \
        BAD_ONE_ROW(function, arguments, number, uncertainties, NULL, BAD_NULL, 0, none());                  \
        BAD_ONE_ROW(function, arguments, number, uncertainties, t_nan_at_2, NOT_FINITE, 2, real(NAN));       \
    } while (0);                                                                                             \
    BAD_SCORED_ROWS(function, arguments, number)

/* What is wrong with rows, whether or not their uncertainties are looked at. */
#define BAD_SCORED_ROWS(function, arguments, number)                                                                \
    do {                                                                                                     \
        const avocet_threshold_rows good_rows = threshold_rows();                                            \
        avocet_threshold_rows changed_rows = good_rows, *ROWS = NULL;                                        \
        const uint8_t bad_label[T_ROWS] = {0, 1, 2, 0};                                                      \
        const int8_t negative_label[T_ROWS] = {0, 1, 0, -1};                                                 \
        REFUSES(function, arguments, BAD_NULL, number, "rows", 0, none());                                   \
        ROWS = &changed_rows;                                                                                \
        BAD_ONE_ROW(function, arguments, number, rows, SIZE_MAX, TOO_LARGE, 0, integer(SIZE_MAX));           \
        BAD_ONE_ROW(function, arguments, number, scores, NULL, BAD_NULL, 0, none());                         \
        BAD_ONE_ROW(function, arguments, number, scores, MISALIGNED(const float *, t_scores), BAD_VALUE, 0, integer(1)); \
        BAD_ONE_ROW(function, arguments, number, scores, t_nan_at_2, NOT_FINITE, 2, real(NAN));              \
        BAD_ONE_ROW(function, arguments, number, labels, NULL, BAD_NULL, 0, none());                         \
        BAD_ONE_ROW(function, arguments, number, labels, bad_label, BAD_VALUE, 2, real(2));                  \
        changed_rows.label_type = AVOCET_I8;                                                                 \
        changed_rows.labels = negative_label;                                                                \
        REFUSES(function, arguments, BAD_VALUE, number, "rows.labels", 3, real(-1));                         \
        changed_rows.label_type = AVOCET_F32;                                                                \
        changed_rows.labels = t_scores;                                                                      \
        REFUSES(function, arguments, BAD_VALUE, number, "rows.labels", 0, real(-1));                         \
        BAD_ONE_ROW(function, arguments, number, weights, t_negative_at_1, BAD_VALUE, 1, real(-1));          \
        BAD_ONE_ROW(function, arguments, number, weights, t_nan_at_2, NOT_FINITE, 2, real(NAN));             \
        BAD_ONE_ROW(function, arguments, number, weights, MISALIGNED(const float *, t_scores), BAD_VALUE, 0, integer(1)); \
        BAD_ONE_ROW(function, arguments, number, label_type, AVOCET_U32, BAD_VALUE, 0, integer(AVOCET_U32)); \
        BAD_ONE_ROW(function, arguments, number, missing, 2, BAD_VALUE, 0, integer(2));                      \
        BAD_ONE_ROW(function, arguments, number, reserved, 1, BAD_VALUE, 0, integer(1));                     \
    } while (0)

#define BAD_ONE_ROW(function, arguments, number, field, bad, status, position, value)                        \
    changed_rows = good_rows;                                                                                \
    changed_rows.field = bad;                                                                                \
    REFUSES(function, arguments, status, number, "rows." #field, position, value)

static void buckets_calls(const avocet_grid *grid) {
    REFUSES(avocet_buckets_create, (NULL, 1, &out.buckets, &error), BAD_NULL, 1, "grid", 0, none());
    REFUSES(avocet_buckets_create, (MISALIGNED(const avocet_grid *, grid), 1, &out.buckets, &error), BAD_VALUE, 1, "grid", 0,
            integer(1));
    REFUSES(avocet_buckets_create, (grid, 0, &out.buckets, &error), BAD_VALUE, 2, "segments", 0, integer(0));
    REFUSES(avocet_buckets_create, (grid, 1 << 26, &out.buckets, &error), TOO_LARGE, 2, "segments", 0,
            integer((uint64_t)7 << 26));
    REFUSES(avocet_buckets_create, (grid, 1, NULL, &error), BAD_NULL, 3, "out", 0, none());

    avocet_buckets *one, *two, *full;
    OK(avocet_buckets_create(grid, 1, &one, &error));
    OK(avocet_buckets_create(grid, 2, &two, &error));
    OK(avocet_buckets_create(grid, 1, &full, &error));
    avocet_buckets *bad = MISALIGNED(avocet_buckets *, one);
    avocet_threshold_rows rows = threshold_rows();
#define ADD(buckets, rows) (buckets, rows, NULL, large, &error)
    REFUSES(avocet_buckets_add, ADD(NULL, &rows), BAD_NULL, 1, "buckets", 0, none());
    REFUSES(avocet_buckets_add, ADD(bad, &rows), BAD_VALUE, 1, "buckets", 0, integer(1));
    BAD_ROWS_TO_COUNT(avocet_buckets_add, ADD(one, ROWS), 2);
    /* This ends with a call that succeeds. */
    BAD_STRUCT(avocet_buckets_add, ADD(full, S), avocet_threshold_rows, rows, 2, "rows");
    REFUSES(avocet_buckets_add, ADD(two, &rows), BAD_NULL, 2, "rows.segments", 0, none());
    rows.segments = t_segments;
    REFUSES(avocet_buckets_add, ADD(two, &rows), BAD_VALUE, 2, "rows.segment_type", 0, integer(0));
    rows.segment_type = AVOCET_U32;
    REFUSES(avocet_buckets_add, ADD(one, &rows), BAD_INDEX, 2, "rows.segments", 3, integer(1));
    rows.segments = NULL;
    REFUSES(avocet_buckets_add, (one, &rows, bad_pool, large, &error), BAD_VALUE, 3, "pool", 0, integer(1));
    REFUSES(avocet_buckets_add, (one, &rows, NULL, NULL, &error), BAD_NULL, 4, "workspace", 0, none());
    static float many[1025];
    avocet_threshold_rows longer = rows;
    longer.rows = 1025;
    longer.scores = longer.uncertainties = many;
    longer.labels = many;
    longer.label_type = AVOCET_F32;
    REFUSES(avocet_buckets_add, (one, &longer, NULL, small, &error), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 4, "workspace", 0,
            integer(384));

    REFUSES(avocet_buckets_grid, (NULL, &out.grid, &error), BAD_NULL, 1, "buckets", 0, none());
    REFUSES(avocet_buckets_grid, (bad, &out.grid, &error), BAD_VALUE, 1, "buckets", 0, integer(1));
    REFUSES(avocet_buckets_grid, (one, NULL, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_buckets_merge, (NULL, full, &error), BAD_NULL, 1, "buckets", 0, none());
    REFUSES(avocet_buckets_merge, (bad, full, &error), BAD_VALUE, 1, "buckets", 0, integer(1));
    REFUSES(avocet_buckets_merge, (one, NULL, &error), BAD_NULL, 2, "other", 0, none());
    REFUSES(avocet_buckets_merge, (one, one, &error), OVERLAP, 2, "other", 0, none());
    REFUSES(avocet_buckets_merge, (one, two, &error), BAD_SHAPE, 2, "other", 0, integer(2));
    REFUSES(avocet_buckets_subtract, (NULL, full, &error), BAD_NULL, 1, "buckets", 0, none());
    REFUSES(avocet_buckets_subtract, (one, NULL, &error), BAD_NULL, 2, "other", 0, none());
    REFUSES(avocet_buckets_subtract, (one, one, &error), OVERLAP, 2, "other", 0, none());
    REFUSES(avocet_buckets_subtract, (two, one, &error), BAD_SHAPE, 2, "other", 0, integer(1));
    REFUSES(avocet_buckets_subtract, (one, full, &error), BAD_VALUE, 2, "other", 1, integer(1));
    /* 2^19 rows of nearly 2^22 each come to nearly 2^41; twice as many just fit. */
    static float heavy[2048], zeros[2048], ones[2048];
    for (size_t i = 0; i < 2048; i++) {
        heavy[i] = 4194303;
        ones[i] = 1;
    }
    longer.rows = 2048;
    longer.scores = longer.uncertainties = zeros;
    longer.labels = ones;
    longer.weights = heavy;
    avocet_buckets *half;
    OK(avocet_buckets_create(grid, 1, &half, &error));
    OK(avocet_buckets_add(half, &longer, NULL, large, &error));
    for (int doubling = 0; doubling < 8; doubling++) {
        avocet_buckets *same;
        const size_t size = avocet_buckets_saved_bytes(half);
        unsigned char *bytes = malloc(size);
        CHECK(bytes != NULL);
        OK(avocet_buckets_save(half, bytes, size, &error));
        OK(avocet_buckets_load(bytes, size, &same, &error));
        OK(avocet_buckets_merge(half, same, &error));
        avocet_buckets_destroy(same);
        free(bytes);
    }
    avocet_buckets *other_half;
    OK(avocet_buckets_create(grid, 1, &other_half, &error));
    OK(avocet_buckets_merge(other_half, half, &error));
    OK(avocet_buckets_merge(other_half, half, &error));
    REFUSES(avocet_buckets_merge, (other_half, half, &error), TOO_LARGE, 2, "other", 0, none());
    REFUSES(avocet_buckets_add, ADD(other_half, &longer), TOO_LARGE, 2, "rows.weights", 0, none());
    avocet_buckets_destroy(half);
    avocet_buckets_destroy(other_half);

    uint64_t *p = out.words, *n = out.more_words;
#define READ(buckets, segment, weights, p, n, len) (buckets, segment, weights, p, n, len, &error)
#define BAD_READING(function, len)                                                                           \
    REFUSES(function, READ(NULL, 0, 0, p, n, len), BAD_NULL, 1, "buckets", 0, none());                       \
    REFUSES(function, READ(two, 2, 0, p, n, len), BAD_INDEX, 2, "segment", 0, integer(2));                   \
    REFUSES(function, READ(two, 0, 2, p, n, len), BAD_VALUE, 3, "weights", 0, integer(2));                   \
    REFUSES(function, READ(two, 0, 0, NULL, n, len), BAD_NULL, 4, "positive", 0, none());                    \
    REFUSES(function, READ(two, 0, 0, p, MISALIGNED(uint64_t *, n), len), BAD_VALUE, 5, "negative", 0, integer(1)); \
    REFUSES(function, READ(two, 0, 0, p, p + 1, len), OVERLAP, 5, "negative", 0, none());                    \
    REFUSES(function, READ(two, 0, 0, p, n, len + 1), BAD_SHAPE, 6, "len", 0, integer(len + 1));             \
    REFUSES(function, READ(two, 0, 0, p, n, SIZE_MAX), TOO_LARGE, 6, "len", 0, integer(SIZE_MAX))
    BAD_READING(avocet_buckets_cells, T_CELLS);
    BAD_READING(avocet_buckets_score_bins, T_BINS);

    avocet_grid_options options = grid_options();
    options.levels = 1;
    options.bins = 2;
    avocet_grid *tiny_grid;
    avocet_buckets *tiny;
    OK(avocet_grid_create(&options, NULL, &tiny_grid, &error));
    OK(avocet_buckets_create(tiny_grid, 1, &tiny, &error));
    const size_t size = avocet_buckets_saved_bytes(tiny);
    unsigned char saved[200];
    CHECK(size == 36 + 4 + 3 * 32 + 8);
    REFUSES(avocet_buckets_save, (NULL, out.bytes, size, &error), BAD_NULL, 1, "buckets", 0, none());
    REFUSES(avocet_buckets_save, (bad, out.bytes, size, &error), BAD_VALUE, 1, "buckets", 0, integer(1));
    REFUSES(avocet_buckets_save, (tiny, NULL, size, &error), BAD_NULL, 2, "bytes", 0, none());
    REFUSES(avocet_buckets_save, (tiny, out.bytes, size - 1, &error), BAD_SHAPE, 3, "len", 0, integer(size - 1));
    REFUSES(avocet_buckets_save, (tiny, out.bytes, SIZE_MAX, &error), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));
    OK(avocet_buckets_save(tiny, saved, size, &error));
    REFUSES(avocet_buckets_load, (NULL, size, &out.buckets, &error), BAD_NULL, 1, "bytes", 0, none());
    for (size_t len = 0; len < size; len++) {
        REFUSES(avocet_buckets_load, (saved, len, &out.buckets, &error), BAD_SHAPE, 1, "bytes", 0, integer(len));
    }
    REFUSES(avocet_buckets_load, (saved, SIZE_MAX, &out.buckets, &error), TOO_LARGE, 2, "len", 0, integer(SIZE_MAX));
    REFUSES(avocet_buckets_load, (saved, size, NULL, &error), BAD_NULL, 3, "out", 0, none());
    union {
        unsigned char bytes[200];
        avocet_buckets *buckets;
    } shared;
    memcpy(shared.bytes, saved, size);
    REFUSES(avocet_buckets_load, (shared.bytes, size, &shared.buckets, &error), OVERLAP, 3, "out", 0, none());
    saved[0] ^= 1;
    REFUSES(avocet_buckets_load, (saved, size, &out.buckets, &error), BAD_VALUE, 1, "bytes", 0, none());
    saved[0] ^= 1;
    saved[40] ^= 4;
    REFUSES(avocet_buckets_load, (saved, size, &out.buckets, &error), BAD_VALUE, 1, "bytes", size - 8, none());
    avocet_grid_destroy(tiny_grid);
    avocet_buckets_destroy(tiny);
    avocet_buckets_destroy(one);
    avocet_buckets_destroy(two);
    avocet_buckets_destroy(full);
    avocet_buckets_destroy(NULL);
}

static void decisions(const avocet_grid *grid) {
    const float values[T_CELLS] = {0}, good[T_LEVELS] = {0, 1}, nan_at_1[T_LEVELS] = {0, NAN};
    const float *s = t_scores, *u = t_uncertainties;
#define DECIDE(grid, thresholds, s, u, rows, to) (grid, thresholds, s, u, rows, to, NULL, &error)
#define BAD_DECISIONS(function, given, named, type, to)                                                      \
    REFUSES(function, DECIDE(NULL, given, s, u, T_ROWS, to), BAD_NULL, 1, "grid", 0, none());                \
    REFUSES(function, DECIDE(grid, NULL, s, u, T_ROWS, to), BAD_NULL, 2, named, 0, none());                  \
    REFUSES(function, DECIDE(grid, given, NULL, u, T_ROWS, to), BAD_NULL, 3, "scores", 0, none());           \
    REFUSES(function, DECIDE(grid, given, MISALIGNED(const float *, s), u, T_ROWS, to), BAD_VALUE, 3, "scores", 0, \
            integer(1));                                                                                     \
    REFUSES(function, DECIDE(grid, given, s, NULL, T_ROWS, to), BAD_NULL, 4, "uncertainties", 0, none());    \
    REFUSES(function, DECIDE(grid, given, s, u, SIZE_MAX, to), TOO_LARGE, 5, "rows", 0, integer(SIZE_MAX));  \
    REFUSES(function, DECIDE(grid, given, s, u, T_ROWS, NULL), BAD_NULL, 6, "out", 0, none());               \
    REFUSES(function, DECIDE(grid, given, s, u, T_ROWS, (type *)(void *)s), OVERLAP, 6, "out", 0, none());   \
    REFUSES(function, (grid, given, s, u, T_ROWS, to, bad_pool, &error), BAD_VALUE, 7, "pool", 0, integer(1))
    BAD_DECISIONS(avocet_threshold_decide, good, "thresholds", uint8_t, out.bytes);
    BAD_DECISIONS(avocet_threshold_calibrate, values, "values", float, out.a);
    /* Eight bytes where scores are: aligned as words. */
    union {
        float scores[T_ROWS];
        uint64_t words[2];
    } aligned = {{0}};
    s = aligned.scores;
    BAD_DECISIONS(avocet_threshold_decide_bits, good, "thresholds", uint64_t, out.words);
    s = t_scores;
    REFUSES(avocet_threshold_decide, DECIDE(grid, nan_at_1, s, u, T_ROWS, out.bytes), NOT_FINITE, 2, "thresholds", 1, real(NAN));
    REFUSES(avocet_threshold_decide_bits, DECIDE(grid, nan_at_1, s, u, T_ROWS, out.words), NOT_FINITE, 2, "thresholds", 1,
            real(NAN));
#define CELLS(grid, s, u, rows, to) (grid, s, u, rows, to, NULL, &error)
    uint32_t *to = out.ids;
    REFUSES(avocet_threshold_cells, CELLS(NULL, s, u, T_ROWS, to), BAD_NULL, 1, "grid", 0, none());
    REFUSES(avocet_threshold_cells, CELLS(grid, NULL, u, T_ROWS, to), BAD_NULL, 2, "scores", 0, none());
    REFUSES(avocet_threshold_cells, CELLS(grid, s, NULL, T_ROWS, to), BAD_NULL, 3, "uncertainties", 0, none());
    REFUSES(avocet_threshold_cells, CELLS(grid, s, u, SIZE_MAX, to), TOO_LARGE, 4, "rows", 0, integer(SIZE_MAX));
    REFUSES(avocet_threshold_cells, CELLS(grid, s, u, T_ROWS, MISALIGNED(uint32_t *, to)), BAD_VALUE, 5, "out", 0, integer(1));
    REFUSES(avocet_threshold_cells, CELLS(grid, s, u, T_ROWS, (uint32_t *)(void *)s), OVERLAP, 5, "out", 0, none());
    REFUSES(avocet_threshold_cells, (grid, s, u, T_ROWS, to, bad_pool, &error), BAD_VALUE, 6, "pool", 0, integer(1));
}

static void uncertainty_inputs(void) {
    float *m = out.a, *v = out.b;
#define MOMENTS(scores, sample, m, v) (scores, sample, m, v, NULL, &error)
    REFUSES(avocet_uncertainty_moments, MOMENTS(NULL, 0, m, v), BAD_NULL, 1, "scores", 0, none());
    BAD_MATRIX(avocet_uncertainty_moments, MOMENTS(M, 0, m, v), of_rows, 1, "scores", 0);
    REFUSES(avocet_uncertainty_moments, MOMENTS(with(of_rows, R, 0), 0, m, v), BAD_VALUE, 1, "scores.cols", 0, integer(0));
    REFUSES(avocet_uncertainty_moments, MOMENTS(with(of_rows, R, 1), 1, m, v), BAD_VALUE, 1, "scores.cols", 0, integer(1));
    REFUSES(avocet_uncertainty_moments, MOMENTS(&of_rows, 2, m, v), BAD_VALUE, 2, "sample", 0, integer(2));
    REFUSES(avocet_uncertainty_moments, MOMENTS(&of_rows, 0, NULL, v), BAD_NULL, 3, "mean", 0, none());
    REFUSES(avocet_uncertainty_moments, MOMENTS(&of_rows, 0, m, m + 1), OVERLAP, 4, "variance", 0, none());
    REFUSES(avocet_uncertainty_moments, (&of_rows, 0, m, v, bad_pool, &error), BAD_VALUE, 5, "pool", 0, integer(1));

    const float a[3] = {1, 2, 3}, zero_at_1[3] = {1, 0, 1}, nan_at_0[3] = {NAN, 1, 1};
#define BETA(a, b, rows, m, v) (a, b, rows, m, v, NULL, &error)
    REFUSES(avocet_uncertainty_beta, BETA(NULL, a, 3, m, v), BAD_NULL, 1, "a", 0, none());
    REFUSES(avocet_uncertainty_beta, BETA(a, NULL, 3, m, v), BAD_NULL, 2, "b", 0, none());
    REFUSES(avocet_uncertainty_beta, BETA(a, zero_at_1, 3, NULL, NULL), BAD_VALUE, 2, "b", 1, real(0));
    REFUSES(avocet_uncertainty_beta, BETA(nan_at_0, zero_at_1, 3, NULL, NULL), NOT_FINITE, 1, "a", 0, real(NAN));
    REFUSES(avocet_uncertainty_beta, BETA(a, a, SIZE_MAX, m, v), TOO_LARGE, 3, "rows", 0, integer(SIZE_MAX));
    REFUSES(avocet_uncertainty_beta, BETA(a, a, 3, MISALIGNED(float *, m), v), BAD_VALUE, 4, "mean", 0, integer(1));
    REFUSES(avocet_uncertainty_beta, BETA(a, a, 3, m, m + 2), OVERLAP, 5, "entropy", 0, none());
    REFUSES(avocet_uncertainty_beta, (a, a, 3, m, v, bad_pool, &error), BAD_VALUE, 6, "pool", 0, integer(1));

    float own[3] = {0.5f, 2, NAN};
#define ENTROPY(p, rows, to) (p, rows, to, NULL, &error)
    REFUSES(avocet_uncertainty_entropy, ENTROPY(NULL, 3, m), BAD_NULL, 1, "probabilities", 0, none());
    float unspecified[3];
    REFUSES(avocet_uncertainty_entropy, ENTROPY(own, 3, unspecified), BAD_VALUE, 1, "probabilities", 1, real(2));
    own[1] = 1;
    REFUSES(avocet_uncertainty_entropy, ENTROPY(own, 3, unspecified), NOT_FINITE, 1, "probabilities", 2, real(NAN));
    REFUSES(avocet_uncertainty_entropy, ENTROPY(own, SIZE_MAX, m), TOO_LARGE, 2, "rows", 0, integer(SIZE_MAX));
    REFUSES(avocet_uncertainty_entropy, ENTROPY(own, 3, NULL), BAD_NULL, 3, "out", 0, none());
    REFUSES(avocet_uncertainty_entropy, ENTROPY(own, 3, own), OVERLAP, 3, "out", 0, none());
    REFUSES(avocet_uncertainty_entropy, (own, 2, m, bad_pool, &error), BAD_VALUE, 4, "pool", 0, integer(1));
}

static void curves(void) {
    static const uint64_t p[2] = {1, 2}, n[2] = {3, 4}, huge[2] = {UINT64_MAX, 1};
#define CURVE(p, n, bins, to) (p, n, bins, to, &error)
#define BAD_CURVE(function, CALL, number, name, type, field)                                                 \
    REFUSES(function, CALL(NULL, n, 2, &out.field), BAD_NULL, 1, "positive", 0, none());                     \
    REFUSES(function, CALL(huge, n, 2, &out.field), TOO_LARGE, 1, "positive", 0, none());                    \
    REFUSES(function, CALL(p, NULL, 2, &out.field), BAD_NULL, 2, "negative", 0, none());                     \
    REFUSES(function, CALL(p, huge, 2, &out.field), TOO_LARGE, 2, "negative", 0, none());                    \
    REFUSES(function, CALL(p, n, SIZE_MAX, &out.field), TOO_LARGE, 3, "bins", 0, integer(SIZE_MAX));         \
    REFUSES(function, CALL(p, n, 2, NULL), BAD_NULL, number, name, 0, none());                               \
    REFUSES(function, CALL(p, n, 2, MISALIGNED(type *, &out.field)), BAD_VALUE, number, name, 0, integer(1)); \
    REFUSES(function, CALL(p, n, 2, (type *)(void *)p), OVERLAP, number, name, 0, none())
    BAD_CURVE(avocet_binned_curve, CURVE, 4, "points", avocet_curve_point, points[0]);
    BAD_CURVE(avocet_binned_auc, CURVE, 4, "out", avocet_area, area);
#define PRECISIONS(p, n, bins, to) (p, n, bins, 0, to, &error)
    BAD_CURVE(avocet_binned_average_precision, PRECISIONS, 5, "out", avocet_area, area);
    REFUSES(avocet_binned_average_precision, (p, n, 2, 2, &out.area, &error), BAD_VALUE, 4, "weights", 0, integer(2));
}

static void bootstraps(const avocet_grid *grid) {
    const float good[T_LEVELS] = {0, 1}, nan_at_1[T_LEVELS] = {0, NAN};
    avocet_bootstrap_options usual = {0}, options;
    usual.struct_size = sizeof usual;
    usual.replicates = 4;
    const avocet_threshold_rows all = threshold_rows();
    avocet_interval *r = &out.intervals[0], *p = &out.intervals[1];
#define BOOT(grid, thresholds, rows, options, r, p) (grid, thresholds, rows, options, r, p, NULL, &error)
#define FIGURE(grid, figure, rows, options, to) (grid, figure, rows, options, to, NULL, &error)
    REFUSES(avocet_threshold_bootstrap, BOOT(NULL, good, &all, &usual, r, p), BAD_NULL, 1, "grid", 0, none());
    REFUSES(avocet_threshold_bootstrap, BOOT(grid, NULL, &all, &usual, r, p), BAD_NULL, 2, "thresholds", 0, none());
    REFUSES(avocet_threshold_bootstrap, BOOT(grid, nan_at_1, &all, &usual, r, p), NOT_FINITE, 2, "thresholds", 1, real(NAN));
    BAD_ROWS_TO_COUNT(avocet_threshold_bootstrap, BOOT(grid, good, ROWS, &usual, r, p), 3);
    BAD_STRUCT(avocet_threshold_bootstrap, BOOT(grid, good, S, &usual, r, p), avocet_threshold_rows, all, 3, "rows");
    BAD_STRUCT(avocet_threshold_bootstrap, BOOT(grid, good, &all, S, r, p), avocet_bootstrap_options, usual, 4, "options");
    REFUSES(avocet_threshold_bootstrap, BOOT(grid, good, &all, &usual, NULL, p), BAD_NULL, 5, "recall", 0, none());
    REFUSES(avocet_threshold_bootstrap, BOOT(grid, good, &all, &usual, r, r), OVERLAP, 6, "precision", 0, none());
    REFUSES(avocet_threshold_bootstrap, (grid, good, &all, &usual, r, p, bad_pool, &error), BAD_VALUE, 7, "pool", 0, integer(1));
    REFUSES(avocet_binned_bootstrap, FIGURE(NULL, 0, &all, &usual, r), BAD_NULL, 1, "grid", 0, none());
    REFUSES(avocet_binned_bootstrap, FIGURE(grid, 2, &all, &usual, r), BAD_VALUE, 2, "figure", 0, integer(2));
    BAD_ROWS_TO_COUNT(avocet_binned_bootstrap, FIGURE(grid, 0, ROWS, &usual, r), 3);
    BAD_STRUCT(avocet_binned_bootstrap, FIGURE(grid, 0, S, &usual, r), avocet_threshold_rows, all, 3, "rows");
    BAD_STRUCT(avocet_binned_bootstrap, FIGURE(grid, 0, &all, S, r), avocet_bootstrap_options, usual, 4, "options");
    REFUSES(avocet_binned_bootstrap, FIGURE(grid, 0, &all, &usual, NULL), BAD_NULL, 5, "out", 0, none());
    REFUSES(avocet_binned_bootstrap, (grid, 0, &all, &usual, r, bad_pool, &error), BAD_VALUE, 6, "pool", 0, integer(1));
#define BAD_BOOT(field, bad, status, value)                                                                  \
    options = usual;                                                                                         \
    options.field = bad;                                                                                     \
    REFUSES(avocet_threshold_bootstrap, BOOT(grid, good, &all, &options, r, p), status, 4, "options." #field, 0, value); \
    REFUSES(avocet_binned_bootstrap, FIGURE(grid, 0, &all, &options, r), status, 4, "options." #field, 0, value)
    BAD_BOOT(replicates, 1000001, BAD_VALUE, real(1000001));
    BAD_BOOT(confidence, 1, BAD_VALUE, real(1));
    BAD_BOOT(confidence, NAN, NOT_FINITE, real(NAN));
    avocet_threshold_rows rows = all;
    rows.segments = t_segments;
    rows.segment_type = AVOCET_U32;
    REFUSES(avocet_threshold_bootstrap, BOOT(grid, good, &rows, &usual, r, p), BAD_VALUE, 3, "rows.segments", 0, none());
    union {
        float scores[T_ROWS + 4];
        avocet_interval interval;
    } shared = {{0}};
    rows = all;
    rows.scores = shared.scores;
    REFUSES(avocet_binned_bootstrap, FIGURE(grid, 0, &rows, &usual, &shared.interval), OVERLAP, 5, "out", 0, none());
}

static void single(void) {
    const avocet_threshold_rows good = threshold_rows();
    avocet_threshold_rows rows;
    avocet_objective usual = {0}, objective;
    usual.struct_size = sizeof usual;
    usual.numerator = 1;
    usual.denominator = 2;
    float *t = out.a;
    avocet_solution *to = &out.solution;
#define SINGLE(rows, objective, t, to) (rows, objective, t, to, NULL, &error)
    BAD_SCORED_ROWS(avocet_threshold_single, SINGLE(ROWS, &usual, t, to), 1);
    BAD_STRUCT(avocet_threshold_single, SINGLE(S, &usual, t, to), avocet_threshold_rows, good, 1, "rows");
    rows = good;
    rows.segments = t_segments;
    rows.segment_type = AVOCET_U32;
    REFUSES(avocet_threshold_single, SINGLE(&rows, &usual, t, to), BAD_VALUE, 1, "rows.segments", 0, none());
    rows = good;
    rows.weights = t_scores + 1;
    objective = usual;
    objective.kind = AVOCET_OBJECTIVE_RECALL_WILSON;
    objective.z_denominator = 1;
    REFUSES(avocet_threshold_single, SINGLE(&rows, &objective, t, to), BAD_VALUE, 1, "rows.weights", 0, none());
    enum { MANY = (1 << 20) + 1 };
    float *many = malloc(MANY * sizeof *many);
    uint8_t *labels = calloc(MANY, 1);
    for (size_t i = 0; i < MANY; i++) {
        many[i] = 4194303;
    }
    rows.rows = MANY;
    rows.scores = rows.weights = many;
    rows.labels = labels;
    REFUSES(avocet_threshold_single, SINGLE(&rows, &usual, t, to), TOO_LARGE, 1, "rows.weights", 0, none());
    free(many);
    free(labels);
    REFUSES(avocet_threshold_single, SINGLE(&good, NULL, t, to), BAD_NULL, 2, "objective", 0, none());
    BAD_STRUCT(avocet_threshold_single, SINGLE(&good, S, t, to), avocet_objective, usual, 2, "objective");
    objective = usual;
    objective.numerator = 3;
    REFUSES(avocet_threshold_single, SINGLE(&good, &objective, t, to), BAD_VALUE, 2, "objective.numerator", 0, integer(3));
    objective = usual;
    objective.kind = AVOCET_OBJECTIVE_UTILITY;
    objective.positive_passes = ((int64_t)1 << 56) + 1;
    REFUSES(avocet_threshold_single, SINGLE(&good, &objective, t, to), TOO_LARGE, 2, "objective.positive_passes", 0,
            integer(((uint64_t)1 << 56) + 1));
    REFUSES(avocet_threshold_single, SINGLE(&good, &usual, NULL, to), BAD_NULL, 3, "threshold", 0, none());
    REFUSES(avocet_threshold_single, SINGLE(&good, &usual, MISALIGNED(float *, t), to), BAD_VALUE, 3, "threshold", 0, integer(1));
    REFUSES(avocet_threshold_single, SINGLE(&good, &usual, (float *)(void *)to, to), OVERLAP, 4, "solution", 0, none());
    REFUSES(avocet_threshold_single, (&good, &usual, t, to, bad_pool, &error), BAD_VALUE, 5, "pool", 0, integer(1));

    /* The greatest score is a negative, the two below are positives. */
    float threshold = 0;
    avocet_solution solution;
    objective = usual;
    objective.numerator = 3;
    objective.denominator = 4;
    REFUSES(avocet_threshold_single, SINGLE(&good, &objective, &threshold, &solution), AVOCET_ERROR_INFEASIBLE, 2, "objective",
            0, real(2.0 / 3));
    CHECK(isinf(threshold) && threshold > 0 && solution.positive == 0 && solution.negative == 0);
    CHECK(solution.bound_positive == 2 && solution.bound_negative == 1 && solution.proven == 1);
}

static void searches(const avocet_grid *grid) {
    static const uint64_t p[T_CELLS] = {1, 2, 3, 0, 1, 4}, n[T_CELLS] = {9, 3, 1, 5, 1, 1};
    static const uint64_t half[T_CELLS] = {0, (uint64_t)1 << 61}, rest[T_CELLS] = {0, (uint64_t)1 << 61};
    avocet_cells good = {0}, cells;
    good.struct_size = sizeof good;
    good.levels = T_LEVELS;
    good.bins = T_BINS;
    good.positive = p;
    good.negative = n;
    avocet_objective recall = {0}, objective;
    recall.struct_size = sizeof recall;
    recall.numerator = 1;
    recall.denominator = 2;
    avocet_search_options usual = {0}, options;
    usual.struct_size = sizeof usual;
    uint32_t *t = out.ids;
    avocet_solution *to = &out.solution;
    uint64_t *most = out.words, *weight = out.more_words;
#define SEARCH(cells, objective, options, t, to, workspace) (cells, objective, options, t, to, workspace, &error)
#define FRONTIER(cells, most, len, weight, workspace) (cells, most, len, weight, workspace, &error)
#define PASSING(cells, t, p, n) (cells, t, p, n, &error)
#define ISOTONIC(cells, values, len, workspace) (cells, values, len, workspace, &error)
    const uint32_t zeros[T_LEVELS] = {0, 0};
    avocet_buckets *buckets;
    OK(avocet_buckets_create(grid, 1, &buckets, &error));
    avocet_cells of_buckets = {0};
    of_buckets.struct_size = sizeof of_buckets;
    of_buckets.buckets = buckets;
#define BAD_CELLS(from, field, bad, status, position, value)                                                 \
    cells = from;                                                                                            \
    cells.field = bad;                                                                                       \
    REFUSES(avocet_threshold_search, SEARCH(&cells, &recall, NULL, t, to, large), status, 1, "cells." #field, position, value); \
    REFUSES(avocet_threshold_frontier, FRONTIER(&cells, most, T_CELLS + 1, weight, large), status, 1, "cells." #field, \
            position, value);                                                                                \
    REFUSES(avocet_threshold_isotonic, ISOTONIC(&cells, out.a, T_CELLS, large), status, 1, "cells." #field, position, value); \
    REFUSES(avocet_threshold_passing, PASSING(&cells, zeros, most, weight), status, 1, "cells." #field, position, value)
    BAD_CELLS(good, levels, SIZE_MAX, TOO_LARGE, 0, integer(SIZE_MAX));
    BAD_CELLS(good, positive, NULL, BAD_NULL, 0, none());
    BAD_CELLS(good, negative, NULL, BAD_NULL, 0, none());
    BAD_CELLS(good, positive, MISALIGNED(const uint64_t *, p), BAD_VALUE, 0, integer(1));
    BAD_CELLS(good, weights, 2, BAD_VALUE, 0, integer(2));
    BAD_CELLS(good, reserved, 1, BAD_VALUE, 0, integer(1));
    BAD_CELLS(of_buckets, segment, 1, BAD_INDEX, 0, integer(1));
    BAD_CELLS(of_buckets, positive, p, BAD_VALUE, 0, none());
    BAD_CELLS(of_buckets, negative, n, BAD_VALUE, 0, none());
    BAD_CELLS(of_buckets, buckets, MISALIGNED(const avocet_buckets *, buckets), BAD_VALUE, 0, integer(1));
    good.positive = half;
    BAD_CELLS(good, negative, rest, TOO_LARGE, 1, integer((uint64_t)1 << 61));
    good.positive = p;
    REFUSES(avocet_threshold_search, SEARCH(NULL, &recall, NULL, t, to, large), BAD_NULL, 1, "cells", 0, none());
    REFUSES(avocet_threshold_frontier, FRONTIER(NULL, most, T_CELLS + 1, weight, large), BAD_NULL, 1, "cells", 0, none());
    REFUSES(avocet_threshold_passing, PASSING(NULL, zeros, most, weight), BAD_NULL, 1, "cells", 0, none());
    BAD_STRUCT(avocet_threshold_search, SEARCH(S, &recall, NULL, t, to, large), avocet_cells, good, 1, "cells");
    BAD_STRUCT(avocet_threshold_passing, PASSING(S, zeros, most, weight), avocet_cells, good, 1, "cells");

    REFUSES(avocet_threshold_search, SEARCH(&good, NULL, NULL, t, to, large), BAD_NULL, 2, "objective", 0, none());
    BAD_STRUCT(avocet_threshold_search, SEARCH(&good, S, NULL, t, to, large), avocet_objective, recall, 2, "objective");
#define BAD_OBJECTIVE(of_kind, field, bad, status, value)                                                    \
    objective = recall;                                                                                      \
    objective.kind = of_kind;                                                                                \
    objective.z_denominator = 1;                                                                             \
    objective.field = bad;                                                                                   \
    REFUSES(avocet_threshold_search, SEARCH(&good, &objective, NULL, t, to, large), status, 2, "objective." #field, 0, value)
    BAD_OBJECTIVE(0, kind, 6, BAD_VALUE, integer(6));
    BAD_OBJECTIVE(0, numerator, 3, BAD_VALUE, integer(3));
    BAD_OBJECTIVE(1, numerator, 3, BAD_VALUE, integer(3));
    BAD_OBJECTIVE(0, denominator, 0, BAD_VALUE, integer(0));
    BAD_OBJECTIVE(2, denominator, 0, BAD_VALUE, integer(0));
    BAD_OBJECTIVE(5, z_denominator, 0, BAD_VALUE, integer(0));
    BAD_OBJECTIVE(0, reserved, 1, BAD_VALUE, integer(1));
    BAD_OBJECTIVE(3, positive_passes, ((int64_t)1 << 56) + 1, TOO_LARGE, integer(((uint64_t)1 << 56) + 1));
    BAD_OBJECTIVE(3, negative_passes, INT64_MIN, TOO_LARGE, negative(INT64_MIN));
    BAD_OBJECTIVE(3, positive_stays, INT64_MAX, TOO_LARGE, integer(INT64_MAX));
    BAD_OBJECTIVE(3, negative_stays, INT64_MAX, TOO_LARGE, integer(INT64_MAX));

    BAD_STRUCT(avocet_threshold_search, SEARCH(&good, &recall, S, t, to, large), avocet_search_options, usual, 3, "options");
#define BAD_SEARCH(of_method, field, bad, value)                                                             \
    options = usual;                                                                                         \
    options.method = of_method;                                                                              \
    options.field = bad;                                                                                     \
    REFUSES(avocet_threshold_search, SEARCH(&good, &recall, &options, t, to, large), BAD_VALUE, 3, "options." #field, 0, value)
    BAD_SEARCH(0, method, 4, integer(4));
    BAD_SEARCH(0, shape, 3, integer(3));
    BAD_SEARCH(AVOCET_SEARCH_MIST, shape, 1, integer(1));
    options = usual;
    options.method = AVOCET_SEARCH_DP;
    REFUSES(avocet_threshold_search, SEARCH(&good, &recall, &options, t, to, large), BAD_VALUE, 1, "cells", 1, integer(5));
    objective = recall;
    objective.kind = AVOCET_OBJECTIVE_F_BETA;
    REFUSES(avocet_threshold_search, SEARCH(&good, &objective, &options, t, to, large), BAD_VALUE, 3, "options.method", 0,
            integer(AVOCET_SEARCH_DP));
    REFUSES(avocet_threshold_search, SEARCH(&good, &recall, NULL, NULL, to, large), BAD_NULL, 4, "thresholds", 0, none());
    REFUSES(avocet_threshold_search, SEARCH(&good, &recall, NULL, MISALIGNED(uint32_t *, t), to, large), BAD_VALUE, 4,
            "thresholds", 0, integer(1));
    REFUSES(avocet_threshold_search, SEARCH(&good, &recall, NULL, t, NULL, large), BAD_NULL, 5, "solution", 0, none());
    REFUSES(avocet_threshold_search, SEARCH(&good, &recall, NULL, t, (avocet_solution *)(void *)p, large), OVERLAP, 5,
            "solution", 0, none());
    REFUSES(avocet_threshold_search, SEARCH(&good, &recall, NULL, t, to, NULL), BAD_NULL, 6, "workspace", 0, none());
    avocet_status status = avocet_threshold_search SEARCH(&good, &recall, NULL, t, to, small);
    CHECK(status == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    const uint64_t needed = (uint64_t)error.integer;
    REFUSES(avocet_threshold_search, SEARCH(&good, &recall, NULL, t, to, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 6,
            "workspace", 0, integer(needed));

    /* No selection is more precise than the last bin of the second level. */
    uint32_t thresholds[T_LEVELS] = {7, 7};
    avocet_solution solution;
    objective = recall;
    objective.numerator = 81;
    objective.denominator = 100;
    REFUSES(avocet_threshold_search, SEARCH(&good, &objective, NULL, thresholds, &solution, large), AVOCET_ERROR_INFEASIBLE, 2,
            "objective", 0, real(0.8));
    CHECK(thresholds[0] == T_BINS && thresholds[1] == T_BINS && solution.positive == 0 && solution.negative == 0);
    CHECK(solution.bound_positive == 4 && solution.bound_negative == 1 && solution.proven == 1);
    /* Too little work to find one. */
    static uint64_t few[2 * 200], many[2 * 200];
    for (size_t i = 0; i < 400; i++) {
        few[i] = i % 200 > 150;
        many[i] = 1 + i % 3;
    }
    few[399] = 9;
    cells = good;
    cells.bins = 200;
    cells.positive = few;
    cells.negative = many;
    options = usual;
    options.work_limit = 1;
    options.shape = AVOCET_SHAPE_NON_INCREASING;
    REFUSES(avocet_threshold_search, SEARCH(&cells, &recall, &options, thresholds, &solution, large), AVOCET_ERROR_WORK_LIMIT, 3,
            "options", 0, none());
    CHECK(thresholds[0] == 200 && thresholds[1] == 200 && solution.positive == 0 && solution.proven == 0);

    REFUSES(avocet_threshold_frontier, FRONTIER(&good, most, T_CELLS + 1, weight, large), BAD_VALUE, 1, "cells", 1, integer(5));
    cells = good;
    cells.negative = p;
    cells.bins = 1;
    cells.levels = 1;
    BAD_STRUCT(avocet_threshold_frontier, FRONTIER(S, most, 2, weight, large), avocet_cells, cells, 1, "cells");
    REFUSES(avocet_threshold_frontier, FRONTIER(&cells, NULL, 2, weight, large), BAD_NULL, 2, "positive", 0, none());
    REFUSES(avocet_threshold_frontier, FRONTIER(&cells, most, 3, weight, large), BAD_SHAPE, 3, "len", 0, integer(3));
    REFUSES(avocet_threshold_frontier, FRONTIER(&cells, most, SIZE_MAX, weight, large), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));
    REFUSES(avocet_threshold_frontier, FRONTIER(&cells, most, 2, NULL, large), BAD_NULL, 4, "weight", 0, none());
    REFUSES(avocet_threshold_frontier, FRONTIER(&cells, most, 2, most + 1, large), OVERLAP, 4, "weight", 0, none());
    REFUSES(avocet_threshold_frontier, FRONTIER(&cells, most, 2, weight, NULL), BAD_NULL, 5, "workspace", 0, none());
    CHECK(avocet_threshold_frontier FRONTIER(&cells, most, 2, weight, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    const uint64_t rows_needed = (uint64_t)error.integer;
    REFUSES(avocet_threshold_frontier, FRONTIER(&cells, most, 2, weight, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 5,
            "workspace", 0, integer(rows_needed));

    float *values = out.a;
    REFUSES(avocet_threshold_isotonic, ISOTONIC(NULL, values, T_CELLS, large), BAD_NULL, 1, "cells", 0, none());
    BAD_STRUCT(avocet_threshold_isotonic, ISOTONIC(S, values, T_CELLS, large), avocet_cells, good, 1, "cells");
    REFUSES(avocet_threshold_isotonic, ISOTONIC(&good, NULL, T_CELLS, large), BAD_NULL, 2, "values", 0, none());
    REFUSES(avocet_threshold_isotonic, ISOTONIC(&good, MISALIGNED(float *, values), T_CELLS, large), BAD_VALUE, 2, "values", 0,
            integer(1));
    REFUSES(avocet_threshold_isotonic, ISOTONIC(&good, (float *)(void *)p, T_CELLS, large), OVERLAP, 2, "values", 0, none());
    REFUSES(avocet_threshold_isotonic, ISOTONIC(&good, values, T_CELLS + 1, large), BAD_SHAPE, 3, "len", 0,
            integer(T_CELLS + 1));
    REFUSES(avocet_threshold_isotonic, ISOTONIC(&good, values, SIZE_MAX, large), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));
    REFUSES(avocet_threshold_isotonic, ISOTONIC(&good, values, T_CELLS, NULL), BAD_NULL, 4, "workspace", 0, none());
    CHECK(avocet_threshold_isotonic ISOTONIC(&good, values, T_CELLS, small) == AVOCET_ERROR_WORKSPACE_TOO_SMALL);
    const uint64_t blocks_needed = (uint64_t)error.integer;
    REFUSES(avocet_threshold_isotonic, ISOTONIC(&good, values, T_CELLS, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 4,
            "workspace", 0, integer(blocks_needed));

    const uint32_t beyond[T_LEVELS] = {0, T_BINS + 1};
    REFUSES(avocet_threshold_passing, PASSING(&good, NULL, most, weight), BAD_NULL, 2, "thresholds", 0, none());
    REFUSES(avocet_threshold_passing, PASSING(&good, beyond, most, weight), BAD_INDEX, 2, "thresholds", 1, integer(T_BINS + 1));
    REFUSES(avocet_threshold_passing, PASSING(&good, zeros, NULL, weight), BAD_NULL, 3, "positive", 0, none());
    REFUSES(avocet_threshold_passing, PASSING(&good, zeros, most, most), OVERLAP, 4, "negative", 0, none());
    avocet_buckets_destroy(buckets);
}

static void threshold(void) {
    const avocet_grid_options options = grid_options();
    avocet_grid *grid;
    grid_create();
    single();
    OK(avocet_grid_create(&options, NULL, &grid, &error));
    grid_reading(grid);
    buckets_calls(grid);
    decisions(grid);
    uncertainty_inputs();
    curves();
    bootstraps(grid);
    searches(grid);
    avocet_grid_destroy(grid);
}
