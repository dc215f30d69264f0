/* Every error of the product form and of partial sums; a part of errors.c. */

static void product_form(void) {
    const float x[3] = {0.5f, -1, 2}, y[3] = {1, 0, -3}, ones[3] = {1, 1, 1}, minus_at_2[3] = {1, 1, -1};
    const float nan_at_1[3] = {1, NAN, 1};
    avocet_logistic_targets good = {0}, targets;
    good.struct_size = sizeof good;
    good.labels = ones;
    float *l = out.a, *f = out.b, *g = out.c;
    double *s = &out.sum;
#define FORM(x, y, targets, l, f, g, s, rows, workspace) (x, y, targets, l, f, g, s, rows, NULL, workspace, &error)
#define NO_FORM(arguments, status, argument, name, position, value)                                          \
    REFUSES(avocet_logistic_product, FORM arguments, status, argument, name, position, value)
    NO_FORM((NULL, y, &good, l, f, g, s, 3, large), BAD_NULL, 1, "first", 0, none());
    NO_FORM((MISALIGNED(float *, x), y, &good, l, f, g, s, 3, large), BAD_VALUE, 1, "first", 0, integer(1));
    NO_FORM((x, NULL, &good, l, f, g, s, 3, large), BAD_NULL, 2, "second", 0, none());
    NO_FORM((x, MISALIGNED(float *, y), &good, l, f, g, s, 3, large), BAD_VALUE, 2, "second", 0, integer(1));
    NO_FORM((x, y, NULL, l, f, g, s, 3, large), BAD_NULL, 3, "targets", 0, none());
    BAD_STRUCT(avocet_logistic_product, FORM(x, y, S, l, f, g, s, 3, large), avocet_logistic_targets, good, 3, "targets");
    targets = good;
    targets.signed_weights = 2;
    NO_FORM((x, y, &targets, l, f, g, s, 3, large), BAD_VALUE, 3, "targets.signed_weights", 0, integer(2));
    targets = good;
    targets.a = ones;
    NO_FORM((x, y, &targets, l, f, g, s, 3, large), BAD_VALUE, 3, "targets.labels", 0, none());
    targets.labels = NULL;
    NO_FORM((x, y, &targets, l, f, g, s, 3, large), BAD_NULL, 3, "targets.b", 0, none());
    targets.b = MISALIGNED(float *, ones);
    NO_FORM((x, y, &targets, l, f, g, s, 3, large), BAD_VALUE, 3, "targets.b", 0, integer(1));
    /* Values that are found on the way: the sum is as it was. */
    targets.b = minus_at_2;
    NO_FORM((x, y, &targets, NULL, NULL, NULL, s, 3, large), BAD_VALUE, 3, "targets.b", 2, real(-1));
    targets.b = nan_at_1;
    NO_FORM((x, y, &targets, NULL, NULL, NULL, s, 3, large), NOT_FINITE, 3, "targets.b", 1, real(NAN));
    NO_FORM((x, y, &good, MISALIGNED(float *, l), f, g, s, 3, large), BAD_VALUE, 4, "losses", 0, integer(1));
    NO_FORM((x, y, &good, (float *)(void *)y, f, g, s, 3, large), OVERLAP, 4, "losses", 0, none());
    NO_FORM((x, y, &good, l, MISALIGNED(float *, f), g, s, 3, large), BAD_VALUE, 5, "first_gradient", 0, integer(1));
    NO_FORM((x, y, &good, l, l + 2, g, s, 3, large), OVERLAP, 5, "first_gradient", 0, none());
    NO_FORM((x, y, &good, l, f, MISALIGNED(float *, g), s, 3, large), BAD_VALUE, 6, "second_gradient", 0, integer(1));
    NO_FORM((x, y, &good, l, f, f + 1, s, 3, large), OVERLAP, 6, "second_gradient", 0, none());
    NO_FORM((x, y, &good, l, f, g, MISALIGNED(double *, s), 3, large), BAD_VALUE, 7, "sum", 0, integer(1));
    NO_FORM((x, y, &good, l, f, g, (double *)(void *)l, 3, large), OVERLAP, 7, "sum", 0, none());
    NO_FORM((x, y, &good, l, f, g, s, SIZE_MAX / 4, large), TOO_LARGE, 8, "rows", 0, integer(SIZE_MAX / 4));
    REFUSES(avocet_logistic_product, (x, y, &good, l, f, g, s, 3, bad_pool, large, &error), BAD_VALUE, 9, "pool", 0,
            integer(1));
    NO_FORM((x, y, &good, l, f, g, s, 3, NULL), BAD_NULL, 10, "workspace", 0, none());
    NO_FORM((x, y, &good, l, f, g, s, 3, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 10, "workspace", 0, integer(64));
}

/* What merging refuses of numbers of rows: `call` has `ROWS` in their place, of three parts. */
#define BAD_PARTS(function, call)                                                                            \
    do {                                                                                                     \
        static const size_t beyond[3] = {1024, 2048, 1024}, within[3] = {1024, 1000, 1};                     \
        static const size_t many[3] = {1024, SIZE_MAX - 1023, 0};                                            \
        const size_t *ROWS = NULL;                                                                           \
        REFUSES(function, call, BAD_NULL, 1, "rows", 0, none());                                             \
        ROWS = MISALIGNED(const size_t *, beyond);                                                           \
        REFUSES(function, call, BAD_VALUE, 1, "rows", 0, integer(1));                                        \
        ROWS = beyond;                                                                                       \
        REFUSES(function, call, BAD_VALUE, 1, "rows", 1, integer(2048));                                     \
        ROWS = within;                                                                                       \
        REFUSES(function, call, BAD_VALUE, 1, "rows", 1, integer(1000));                                     \
        ROWS = many;                                                                                         \
        REFUSES(function, call, TOO_LARGE, 1, "rows", 1, integer(INT64_MAX));                                \
    } while (0)

static void partial_sums(void) {
    size_t *sizes = out.sizes, *n = &out.count;
#define CUT(first, rows, sizes, capacity, count) (first, rows, sizes, capacity, count, &error)
    REFUSES(avocet_logistic_parts, CUT(1023, 1, sizes, 9, n), BAD_VALUE, 1, "first_row", 0, integer(1023));
    REFUSES(avocet_logistic_parts, CUT(1024, SIZE_MAX, sizes, 9, n), TOO_LARGE, 2, "rows", 0, integer(INT64_MAX));
    REFUSES(avocet_logistic_parts, CUT(0, 1, NULL, 9, n), BAD_NULL, 3, "sizes", 0, none());
    REFUSES(avocet_logistic_parts, CUT(0, 1, MISALIGNED(size_t *, sizes), 9, n), BAD_VALUE, 3, "sizes", 0, integer(1));
    REFUSES(avocet_logistic_parts, CUT(1024, 5000, sizes, 2, n), BAD_SHAPE, 4, "capacity", 0, integer(2));
    REFUSES(avocet_logistic_parts, CUT(0, 1, NULL, 0, n), BAD_SHAPE, 4, "capacity", 0, integer(0));
    REFUSES(avocet_logistic_parts, CUT(0, 1, sizes, SIZE_MAX / 8, n), TOO_LARGE, 4, "capacity", 0, integer(SIZE_MAX / 8));
    REFUSES(avocet_logistic_parts, CUT(0, 1, sizes, 9, NULL), BAD_NULL, 5, "count", 0, none());
    REFUSES(avocet_logistic_parts, CUT(0, 1, sizes, 9, MISALIGNED(size_t *, n)), BAD_VALUE, 5, "count", 0, integer(1));
    REFUSES(avocet_logistic_parts, CUT(0, 1, sizes, 9, sizes + 8), OVERLAP, 5, "count", 0, none());

    static const size_t rows[3] = {1024, 1024, 5};
    static avocet_logistic_sums sums[3];
    static float values[3 * D];
    const avocet_matrix vectors = matrix(values, 3, D);
    avocet_logistic_sums *total = &out.sums;
    float *vector = out.a;
#define MERGE(rows, sums, vectors, count, total, vector) (rows, sums, vectors, count, total, vector, &error)
    BAD_PARTS(avocet_logistic_merge, MERGE(ROWS, sums, &vectors, 3, total, vector));
    REFUSES(avocet_logistic_merge, MERGE(rows, NULL, &vectors, 3, total, vector), BAD_NULL, 2, "sums", 0, none());
    REFUSES(avocet_logistic_merge, MERGE(rows, MISALIGNED(avocet_logistic_sums *, sums), &vectors, 2, total, vector),
            BAD_VALUE, 2, "sums", 0, integer(1));
    BAD_MATRIX(avocet_logistic_merge, MERGE(rows, sums, M, 3, total, vector), vectors, 3, "vectors", 0);
    REFUSES(avocet_logistic_merge, MERGE(rows, sums, with(vectors, 2, D), 3, total, vector), BAD_SHAPE, 3, "vectors.rows", 0,
            integer(2));
    REFUSES(avocet_logistic_merge, MERGE(rows, sums, &vectors, SIZE_MAX / 32, total, vector), TOO_LARGE, 4, "count", 0,
            integer(SIZE_MAX / 32));
    REFUSES(avocet_logistic_merge, MERGE(rows, sums, &vectors, 3, NULL, vector), BAD_NULL, 5, "total", 0, none());
    REFUSES(avocet_logistic_merge, MERGE(rows, sums, &vectors, 3, MISALIGNED(avocet_logistic_sums *, total), vector),
            BAD_VALUE, 5, "total", 0, integer(1));
    REFUSES(avocet_logistic_merge, MERGE(rows, sums, &vectors, 3, sums + 2, vector), OVERLAP, 5, "total", 0, none());
    REFUSES(avocet_logistic_merge, MERGE(rows, sums, &vectors, 3, total, NULL), BAD_NULL, 6, "vector", 0, none());
    REFUSES(avocet_logistic_merge, MERGE(rows, sums, &vectors, 3, total, MISALIGNED(float *, vector)), BAD_VALUE, 6,
            "vector", 0, integer(1));
    REFUSES(avocet_logistic_merge, MERGE(rows, sums, &vectors, 3, total, values), OVERLAP, 6, "vector", 0, none());

    static avocet_calibration_result parts[3];
    avocet_calibration_result *to_one = &out.calibration;
#define MERGE_CALIBRATION(rows, parts, count, out) (rows, parts, count, out, &error)
    BAD_PARTS(avocet_calibration_merge, MERGE_CALIBRATION(ROWS, parts, 3, to_one));
    REFUSES(avocet_calibration_merge, MERGE_CALIBRATION(rows, NULL, 3, to_one), BAD_NULL, 2, "parts", 0, none());
    REFUSES(avocet_calibration_merge, MERGE_CALIBRATION(rows, MISALIGNED(avocet_calibration_result *, parts), 2, to_one),
            BAD_VALUE, 2, "parts", 0, integer(1));
    REFUSES(avocet_calibration_merge, MERGE_CALIBRATION(rows, parts, SIZE_MAX / 32, to_one), TOO_LARGE, 3, "count", 0,
            integer(SIZE_MAX / 32));
    REFUSES(avocet_calibration_merge, MERGE_CALIBRATION(rows, parts, 3, NULL), BAD_NULL, 4, "out", 0, none());
    REFUSES(avocet_calibration_merge, MERGE_CALIBRATION(rows, parts, 3, MISALIGNED(avocet_calibration_result *, to_one)),
            BAD_VALUE, 4, "out", 0, integer(1));
    REFUSES(avocet_calibration_merge, MERGE_CALIBRATION(rows, parts, 3, parts + 1), OVERLAP, 4, "out", 0, none());
}
