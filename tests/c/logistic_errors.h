/* Every error of single rows, of delayed feedback and of the metrics; a part of errors.c. */

static void pointwise(void) {
    const float x[3] = {0.5f, -1, 2}, ones[3] = {1, 1, 1};
    avocet_logistic_targets good = {0}, targets;
    good.struct_size = sizeof good;
    good.labels = ones;
    good.weights = ones;
    float *l = out.a, *g = out.b, *c = out.c;
    double *s = &out.sum;
#define POINTWISE(x, targets, l, g, c, s, rows, workspace) (x, targets, l, g, c, s, rows, NULL, workspace, &error)
    REFUSES(avocet_logistic_pointwise, POINTWISE(NULL, &good, l, g, c, s, 3, large), BAD_NULL, 1, "logits", 0, none());
    REFUSES(avocet_logistic_pointwise, POINTWISE(MISALIGNED(float *, x), &good, l, g, c, s, 3, large), BAD_VALUE, 1,
            "logits", 0, integer(1));
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, NULL, l, g, c, s, 3, large), BAD_NULL, 2, "targets", 0, none());
    BAD_STRUCT(avocet_logistic_pointwise, POINTWISE(x, S, l, g, c, s, 3, large), avocet_logistic_targets, good, 2,
               "targets");
#define BAD_TARGETS(field, bad, status, value)                                                               \
    targets = good;                                                                                          \
    targets.field = bad;                                                                                     \
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, l, g, c, s, 3, large), status, 2, "targets." #field, 0, \
            value)
    BAD_TARGETS(labels, NULL, BAD_NULL, none());
    BAD_TARGETS(labels, MISALIGNED(float *, ones), BAD_VALUE, integer(1));
    BAD_TARGETS(weights, MISALIGNED(float *, ones), BAD_VALUE, integer(1));
    BAD_TARGETS(signed_weights, 2, BAD_VALUE, integer(2));
    BAD_TARGETS(reserved, 1, BAD_VALUE, integer(1));
    targets = good;
    targets.a = targets.b = ones;
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, l, g, c, s, 3, large), BAD_VALUE, 2, "targets.labels", 0,
            none());
    targets.labels = NULL;
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, l, g, c, s, 3, large), BAD_VALUE, 2, "targets.weights", 0,
            none());
    targets.weights = NULL;
    targets.a = NULL;
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, l, g, c, s, 3, large), BAD_NULL, 2, "targets.a", 0, none());
    targets.a = ones;
    targets.b = NULL;
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, l, g, c, s, 3, large), BAD_NULL, 2, "targets.b", 0, none());
    /* Values that are found on the way: the sum is as it was. */
    const float bad_values[] = {-1, NAN, INFINITY};
    for (size_t i = 0; i < LENGTH(bad_values); i++) {
        float some[3] = {1, 1, 1};
        some[2] = bad_values[i];
        targets = good;
        targets.weights = some;
        REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, NULL, NULL, NULL, s, 3, large),
                status_of(bad_values[i]), 2, "targets.weights", 2, real(bad_values[i]));
        targets.weights = NULL;
        targets.labels = some;
        REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, NULL, NULL, NULL, s, 3, large),
                isnan(bad_values[i]) ? NOT_FINITE : BAD_VALUE, 2, "targets.labels", 2, real(bad_values[i]));
        targets.labels = NULL;
        targets.a = some;
        targets.b = ones;
        REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, NULL, NULL, NULL, s, 3, large),
                status_of(bad_values[i]), 2, "targets.a", 2, real(bad_values[i]));
        targets.a = ones;
        targets.b = some;
        REFUSES(avocet_logistic_pointwise, POINTWISE(x, &targets, NULL, NULL, NULL, s, 3, large),
                status_of(bad_values[i]), 2, "targets.b", 2, real(bad_values[i]));
    }
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, MISALIGNED(float *, l), g, c, s, 3, large), BAD_VALUE, 3,
            "losses", 0, integer(1));
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, (float *)(void *)x, g, c, s, 3, large), OVERLAP, 3, "losses", 0,
            none());
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, MISALIGNED(float *, g), c, s, 3, large), BAD_VALUE, 4,
            "gradient", 0, integer(1));
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, l + 2, c, s, 3, large), OVERLAP, 4, "gradient", 0, none());
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, g, MISALIGNED(float *, c), s, 3, large), BAD_VALUE, 5,
            "curvature", 0, integer(1));
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, g, l, s, 3, large), OVERLAP, 5, "curvature", 0, none());
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, g, c, MISALIGNED(double *, s), 3, large), BAD_VALUE, 6,
            "sum", 0, integer(1));
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, g, c, (double *)(void *)l, 3, large), OVERLAP, 6, "sum", 0,
            none());
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, g, c, s, SIZE_MAX / 4, large), TOO_LARGE, 7, "rows", 0,
            integer(SIZE_MAX / 4));
    REFUSES(avocet_logistic_pointwise, (x, &good, l, g, c, s, 3, bad_pool, large, &error), BAD_VALUE, 8, "pool", 0,
            integer(1));
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, g, c, s, 3, NULL), BAD_NULL, 9, "workspace", 0, none());
    REFUSES(avocet_logistic_pointwise, POINTWISE(x, &good, l, g, c, s, 3, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 9,
            "workspace", 0, integer(64));
}

static void feedback(void) {
    const float x[3] = {0.5f, -1, 2};
    const uint8_t kinds[3] = {0, 1, 2}, unknown[3] = {0, 4, 200};
    avocet_feedback_scheme good = {0}, scheme;
    good.struct_size = sizeof good;
    good.method = AVOCET_FEEDBACK_DFM;
    float *a = out.a, *b = out.b;
#define WEIGHTS(scheme, kinds, x, first, second, a, b, rows) (scheme, kinds, x, first, second, a, b, rows, NULL, &error)
    REFUSES(avocet_feedback_weights, WEIGHTS(NULL, kinds, x, x, x, a, b, 3), BAD_NULL, 1, "scheme", 0, none());
    BAD_STRUCT(avocet_feedback_weights, WEIGHTS(S, kinds, x, x, x, a, b, 3), avocet_feedback_scheme, good, 1, "scheme");
#define BAD_SCHEME(field, bad, value)                                                                        \
    scheme = good;                                                                                           \
    scheme.field = bad;                                                                                      \
    REFUSES(avocet_feedback_weights, WEIGHTS(&scheme, kinds, x, x, x, a, b, 3), BAD_VALUE, 1, "scheme." #field, 0, value)
    BAD_SCHEME(method, 13, integer(13));
    BAD_SCHEME(method, -1, negative(-1));
    BAD_SCHEME(joint, 2, integer(2));
    BAD_SCHEME(clip_low, -1, real(-1));
    BAD_SCHEME(clip_low, NAN, real(NAN));
    BAD_SCHEME(clip_high, NAN, real(NAN));
    scheme = good;
    scheme.clip_low = 2;
    scheme.clip_high = 1;
    REFUSES(avocet_feedback_weights, WEIGHTS(&scheme, kinds, x, x, x, a, b, 3), BAD_VALUE, 1, "scheme.clip_high", 0,
            real(1));
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, NULL, x, x, x, a, b, 3), BAD_NULL, 2, "kinds", 0, none());
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, NULL, x, x, a, b, 3), BAD_NULL, 3, "logits", 0, none());
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, MISALIGNED(float *, x), x, x, a, b, 3), BAD_VALUE, 3, "logits",
            0, integer(1));
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, NULL, x, a, b, 3), BAD_NULL, 4, "first", 0, none());
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, MISALIGNED(float *, x), x, a, b, 3), BAD_VALUE, 4, "first",
            0, integer(1));
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, NULL, a, b, 3), BAD_NULL, 5, "second", 0, none());
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, MISALIGNED(float *, x), a, b, 3), BAD_VALUE, 5, "second",
            0, integer(1));
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, x, NULL, b, 3), BAD_NULL, 6, "a", 0, none());
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, x, MISALIGNED(float *, a), b, 3), BAD_VALUE, 6, "a", 0,
            integer(1));
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, x, (float *)(void *)x, b, 3), OVERLAP, 6, "a", 0, none());
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, x, a, NULL, 3), BAD_NULL, 7, "b", 0, none());
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, x, a, MISALIGNED(float *, b), 3), BAD_VALUE, 7, "b", 0,
            integer(1));
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, x, a, a + 2, 3), OVERLAP, 7, "b", 0, none());
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, kinds, x, x, x, a, b, SIZE_MAX), TOO_LARGE, 8, "rows", 0,
            integer(SIZE_MAX));
    REFUSES(avocet_feedback_weights, (&good, kinds, x, x, x, a, b, 3, bad_pool, &error), BAD_VALUE, 9, "pool", 0,
            integer(1));
    /* Found on the way: the coefficients are unspecified, so they are elsewhere. */
    float other[2][3];
    REFUSES(avocet_feedback_weights, WEIGHTS(&good, unknown, x, x, x, other[0], other[1], 3), BAD_VALUE, 2, "kinds", 1,
            integer(4));

#define SERVED(x, to, len) (x, to, len, NULL, &error)
    REFUSES(avocet_feedback_served, SERVED(NULL, a, 3), BAD_NULL, 1, "logits", 0, none());
    REFUSES(avocet_feedback_served, SERVED(MISALIGNED(float *, x), a, 3), BAD_VALUE, 1, "logits", 0, integer(1));
    REFUSES(avocet_feedback_served, SERVED(x, NULL, 3), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_feedback_served, SERVED(x, MISALIGNED(float *, a), 3), BAD_VALUE, 2, "out", 0, integer(1));
    REFUSES(avocet_feedback_served, SERVED(x, (float *)(void *)x, 3), OVERLAP, 2, "out", 0, none());
    REFUSES(avocet_feedback_served, SERVED(x, a, SIZE_MAX / 2), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX / 2));
    REFUSES(avocet_feedback_served, (x, a, 3, bad_pool, &error), BAD_VALUE, 4, "pool", 0, integer(1));
}

static void streams(void) {
    const int64_t times[3] = {0, 5, 9}, conversions[3] = {1, AVOCET_NEVER, 20}, early[3] = {0, 6, 8};
    const int64_t late[3] = {0, INT64_MAX - 1, 9}, never[3] = {AVOCET_NEVER, AVOCET_NEVER, AVOCET_NEVER};
    avocet_stream **o = &out.stream;
#define STREAM(protocol, times, conversions, signals, len, window, attribution, to)                          \
    (protocol, times, conversions, signals, len, window, attribution, to, &error)
    const int32_t p = AVOCET_PROTOCOL_DELAYED_REAL;
    REFUSES(avocet_stream_create, STREAM(6, times, conversions, NULL, 3, 1, 9, o), BAD_VALUE, 1, "protocol", 0, integer(6));
    REFUSES(avocet_stream_create, STREAM(-1, times, conversions, NULL, 3, 1, 9, o), BAD_VALUE, 1, "protocol", 0,
            negative(-1));
    REFUSES(avocet_stream_create, STREAM(p, NULL, conversions, NULL, 3, 1, 9, o), BAD_NULL, 2, "times", 0, none());
    REFUSES(avocet_stream_create, STREAM(p, MISALIGNED(int64_t *, times), conversions, NULL, 3, 1, 9, o), BAD_VALUE, 2,
            "times", 0, integer(1));
    REFUSES(avocet_stream_create, STREAM(p, late, never, NULL, 3, 1, 9, o), TOO_LARGE, 2, "times", 1,
            integer(INT64_MAX - 1));
    REFUSES(avocet_stream_create, STREAM(p, times, NULL, NULL, 3, 1, 9, o), BAD_NULL, 3, "conversions", 0, none());
    REFUSES(avocet_stream_create, STREAM(p, times, MISALIGNED(int64_t *, times), NULL, 3, 1, 9, o), BAD_VALUE, 3,
            "conversions", 0, integer(1));
    REFUSES(avocet_stream_create, STREAM(p, times, early, NULL, 3, 1, 9, o), BAD_VALUE, 3, "conversions", 2, integer(8));
    REFUSES(avocet_stream_create, STREAM(p, times, conversions, MISALIGNED(int64_t *, times), 3, 1, 9, o), BAD_VALUE, 4,
            "signals", 0, integer(1));
    REFUSES(avocet_stream_create, STREAM(p, times, conversions, NULL, SIZE_MAX / 4, 1, 9, o), TOO_LARGE, 5, "len", 0,
            integer(SIZE_MAX / 4));
    REFUSES(avocet_stream_create, STREAM(p, times, conversions, NULL, 3, -1, 9, o), BAD_VALUE, 6, "window", 0,
            negative(-1));
    REFUSES(avocet_stream_create, STREAM(p, times, conversions, NULL, 3, 5, 4, o), BAD_VALUE, 7, "attribution", 0,
            integer(4));
    REFUSES(avocet_stream_create, STREAM(p, times, conversions, NULL, 3, 1, 9, NULL), BAD_NULL, 8, "out", 0, none());
    REFUSES(avocet_stream_create, STREAM(p, times, conversions, NULL, 3, 1, 9, MISALIGNED(avocet_stream **, o)), BAD_VALUE,
            8, "out", 0, integer(1));
    REFUSES(avocet_stream_create, STREAM(p, times, conversions, NULL, 3, 1, 9, (avocet_stream **)(void *)times), OVERLAP, 8,
            "out", 0, none());

    avocet_stream *stream;
    OK(avocet_stream_create STREAM(p, times, conversions, NULL, 3, 1, 9, &stream));
    const size_t n = avocet_stream_rows(stream);
    uint8_t *k = out.kinds, *s = out.signals;
#define COPY_ROWS(stream, times, clicks, kinds, signals, len) (stream, times, clicks, kinds, signals, len, &error)
    REFUSES(avocet_stream_copy, COPY_ROWS(NULL, out.offsets, out.ids, k, s, n), BAD_NULL, 1, "stream", 0, none());
    REFUSES(avocet_stream_copy, COPY_ROWS(MISALIGNED(avocet_stream *, stream), out.offsets, out.ids, k, s, n), BAD_VALUE, 1,
            "stream", 0, integer(1));
    REFUSES(avocet_stream_copy, COPY_ROWS(stream, MISALIGNED(int64_t *, out.offsets), out.ids, k, s, n), BAD_VALUE, 2, "times",
            0, integer(1));
    REFUSES(avocet_stream_copy, COPY_ROWS(stream, out.offsets, MISALIGNED(uint32_t *, out.ids), k, s, n), BAD_VALUE, 3,
            "clicks", 0, integer(1));
    REFUSES(avocet_stream_copy, COPY_ROWS(stream, out.offsets, (uint32_t *)(void *)out.offsets, k, s, n), OVERLAP, 3, "clicks",
            0, none());
    REFUSES(avocet_stream_copy, COPY_ROWS(stream, out.offsets, out.ids, (uint8_t *)out.ids, s, n), OVERLAP, 4, "kinds", 0,
            none());
    REFUSES(avocet_stream_copy, COPY_ROWS(stream, out.offsets, out.ids, k, k, n), OVERLAP, 5, "signals", 0, none());
    REFUSES(avocet_stream_copy, COPY_ROWS(stream, out.offsets, out.ids, k, s, n - 1), BAD_SHAPE, 6, "len", 0, integer(n - 1));
    avocet_stream_destroy(stream);
}

static void metrics(void) {
    const float x[3] = {0.5f, 0.25f, 1}, ones[3] = {1, 1, 0}, nan_at_1[3] = {0, NAN, 0}, minus_at_2[3] = {0, 1, -1};
    const float two_at_0[3] = {2, 0, 0}, huge_at_1[3] = {0, INFINITY, 0};
    float *bad = MISALIGNED(float *, x);
#define METRIC(function, first, first_name, result)                                                          \
    REFUSES(function, (NULL, ones, NULL, 3, result, &error), BAD_NULL, 1, first_name, 0, none());             \
    REFUSES(function, (bad, ones, NULL, 3, result, &error), BAD_VALUE, 1, first_name, 0, integer(1));         \
    REFUSES(function, (nan_at_1, ones, NULL, 3, result, &error), NOT_FINITE, 1, first_name, 1, real(NAN));    \
    REFUSES(function, (first, NULL, NULL, 3, result, &error), BAD_NULL, 2, "labels", 0, none());              \
    REFUSES(function, (first, bad, NULL, 3, result, &error), BAD_VALUE, 2, "labels", 0, integer(1));          \
    REFUSES(function, (first, nan_at_1, NULL, 3, result, &error), NOT_FINITE, 2, "labels", 1, real(NAN));     \
    REFUSES(function, (first, two_at_0, NULL, 3, result, &error), BAD_VALUE, 2, "labels", 0, real(2));        \
    REFUSES(function, (first, ones, bad, 3, result, &error), BAD_VALUE, 3, "weights", 0, integer(1));         \
    REFUSES(function, (first, ones, minus_at_2, 3, result, &error), BAD_VALUE, 3, "weights", 2, real(-1));    \
    REFUSES(function, (first, ones, huge_at_1, 3, result, &error), NOT_FINITE, 3, "weights", 1, real(INFINITY)); \
    REFUSES(function, (first, ones, NULL, SIZE_MAX / 2, result, &error), TOO_LARGE, 4, "rows", 0,             \
            integer(SIZE_MAX / 2));                                                                          \
    REFUSES(function, (first, ones, NULL, 3, NULL, &error), BAD_NULL, 5, "out", 0, none())
    METRIC(avocet_ranking, x, "scores", &out.ranking);
    REFUSES(avocet_ranking, (x, ones, NULL, 3, MISALIGNED(avocet_ranking_result *, &out.ranking), &error), BAD_VALUE, 5,
            "out", 0, integer(1));
    union {
        float values[16];
        avocet_ranking_result ranking;
        avocet_calibration_result calibration;
    } shared = {{0}};
    REFUSES(avocet_ranking, (shared.values, ones, NULL, 3, &shared.ranking, &error), OVERLAP, 5, "out", 0, none());
    METRIC(avocet_calibration, x, "probabilities", &out.calibration);
    REFUSES(avocet_calibration, (two_at_0, ones, NULL, 3, &out.calibration, &error), BAD_VALUE, 1, "probabilities", 0,
            real(2));
    REFUSES(avocet_calibration, (x, ones, NULL, 3, MISALIGNED(avocet_calibration_result *, &out.calibration), &error),
            BAD_VALUE, 5, "out", 0, integer(1));
    REFUSES(avocet_calibration, (shared.values, ones, NULL, 3, &shared.calibration, &error), OVERLAP, 5, "out", 0, none());
}
