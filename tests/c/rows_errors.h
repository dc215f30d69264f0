/* Every error of scores of rows and of conversions; a part of errors.c. */

static const int8_t r_bytes[(C + 1) * (D + 1)];
static const float r_scales[C + 1];

static avocet_matrix int8_rows(size_t rows, size_t cols) {
    avocet_matrix x = matrix(NULL, rows, cols);
    x.data = r_bytes;
    x.element_type = AVOCET_I8;
    return x;
}

/* What is wrong with tables and options, whatever is scored: `call` takes `l`, `r` and `o`; `at` is the options' number. */
#define BAD_TABLES(function, call, at)                                                                       \
    do {                                                                                                     \
        const avocet_matrix *l = &of_rows, *r = &of_cols;                                                    \
        const avocet_score_options *o = NULL;                                                                \
        l = NULL;                                                                                            \
        REFUSES(function, call, BAD_NULL, 1, "left", 0, none());                                             \
        l = &changed_too;                                                                                    \
        BAD_ANY_MATRIX(function, call, of_rows, 1, "left", 0);                                               \
        l = &of_rows;                                                                                        \
        r = NULL;                                                                                            \
        REFUSES(function, call, BAD_NULL, 2, "right", 0, none());                                            \
        r = &changed_too;                                                                                    \
        BAD_ANY_MATRIX(function, call, of_cols, 2, "right", 0);                                              \
        r = with(of_cols, C, D + 1);                                                                         \
        REFUSES(function, call, BAD_SHAPE, 2, "right.cols", 0, integer(D + 1));                              \
        const avocet_matrix byte_rows = int8_rows(R, D), byte_cols = int8_rows(C, D), wide = int8_rows(0, 131072); \
        r = &byte_cols;                                                                                      \
        REFUSES(function, call, BAD_VALUE, 2, "right.element_type", 0, none());                              \
        r = &of_cols;                                                                                        \
        avocet_score_options options = {0};                                                                  \
        options.struct_size = sizeof options;                                                                \
        const avocet_score_options good = options;                                                           \
        o = &options;                                                                                        \
        options.metric = 2;                                                                                  \
        REFUSES(function, call, BAD_VALUE, at, "options.metric", 0, integer(2));                             \
        options = good;                                                                                      \
        options.left_scales = r_scales;                                                                      \
        REFUSES(function, call, BAD_VALUE, at, "options.left_scales", 0, integer(AVOCET_F32));               \
        options = good;                                                                                      \
        options.right_scales = r_scales;                                                                     \
        REFUSES(function, call, BAD_VALUE, at, "options.right_scales", 0, integer(AVOCET_F32));              \
        l = &byte_rows;                                                                                      \
        r = &byte_cols;                                                                                      \
        options.right_scales = MISALIGNED(const float *, r_scales);                                          \
        REFUSES(function, call, BAD_VALUE, at, "options.right_scales", 0, integer(1));                       \
        l = &of_rows;                                                                                        \
        r = &of_cols;                                                                                        \
        options = good;                                                                                      \
        options.factor = 1;                                                                                  \
        REFUSES(function, call, BAD_NULL, at, "options.second_left", 0, none());                             \
        options = good;                                                                                      \
        options.second_left_scales = r_scales;                                                               \
        REFUSES(function, call, BAD_NULL, at, "options.second_left", 0, none());                             \
        options = good;                                                                                      \
        options.second_right_scales = r_scales;                                                              \
        REFUSES(function, call, BAD_NULL, at, "options.second_right", 0, none());                            \
        options = good;                                                                                      \
        options.second_left = &of_rows;                                                                      \
        REFUSES(function, call, BAD_NULL, at, "options.second_right", 0, none());                            \
        options.second_right = with(of_cols, C - 1, D);                                                      \
        REFUSES(function, call, BAD_SHAPE, at, "options.second_right.rows", 0, integer(C - 1));              \
        options.second_right = with(of_cols, C, D - 1);                                                      \
        REFUSES(function, call, BAD_SHAPE, at, "options.second_right.cols", 0, integer(D - 1));              \
        options.second_right = &byte_cols;                                                                   \
        REFUSES(function, call, BAD_VALUE, at, "options.second_right.element_type", 0, none());              \
        options.second_right = &of_cols;                                                                     \
        options.second_left = with(of_rows, R - 1, D);                                                       \
        REFUSES(function, call, BAD_SHAPE, at, "options.second_left.rows", 0, integer(R - 1));               \
        options.second_left = &of_rows;                                                                      \
        options.factor = NAN;                                                                                \
        REFUSES(function, call, NOT_FINITE, at, "options.factor", 0, real(NAN));                             \
        options.factor = 1;                                                                                  \
        options.second_factor = INFINITY;                                                                    \
        REFUSES(function, call, NOT_FINITE, at, "options.second_factor", 0, real(INFINITY));                 \
        o = NULL;                                                                                            \
        l = r = &wide;                                                                                       \
        REFUSES(function, call, TOO_LARGE, 1, "left.cols", 0, integer(131072));                              \
    } while (0)

static void row_scores(void) {
    const uint32_t three[] = {0, 1, 2};
    const avocet_indices ids = indices(three, 3, AVOCET_U32), two = indices(three, 2, AVOCET_U32);
    avocet_score_options good = {0};
    good.struct_size = sizeof good;
#define PAIRS(left, right, u, v, out) (left, right, u, v, NULL, out, NULL, &error)
    BAD_TABLES(avocet_score_pairs, (l, r, &ids, &ids, o, out.a, NULL, &error), 5);
    REFUSES(avocet_score_pairs, PAIRS(&of_rows, &of_cols, NULL, &ids, out.a), BAD_NULL, 3, "u", 0, none());
    BAD_INDICES(avocet_score_pairs, PAIRS(&of_rows, &of_cols, I, &ids, out.a), 3, "u", R);
    REFUSES(avocet_score_pairs, PAIRS(&of_rows, &of_cols, &ids, NULL, out.a), BAD_NULL, 4, "v", 0, none());
    BAD_INDICES(avocet_score_pairs, PAIRS(&of_rows, &of_cols, &ids, I, out.a), 4, "v", C);
    REFUSES(avocet_score_pairs, PAIRS(&of_rows, &of_cols, &ids, &two, out.a), BAD_SHAPE, 4, "v", 0, integer(2));
    BAD_STRUCT(avocet_score_pairs, (&of_rows, &of_cols, &ids, &ids, S, out.a, NULL, &error), avocet_score_options, good, 5,
               "options");
    REFUSES(avocet_score_pairs, PAIRS(&of_rows, &of_cols, &ids, &ids, NULL), BAD_NULL, 6, "out", 0, none());
    REFUSES(avocet_score_pairs, PAIRS(&of_rows, &of_cols, &ids, &ids, MISALIGNED(float *, out.a)), BAD_VALUE, 6, "out",
            0, integer(1));
    REFUSES(avocet_score_pairs, PAIRS(&of_rows, &of_cols, &ids, &ids, (float *)(void *)&three[2]), OVERLAP, 6, "out", 0,
            none());
    REFUSES(avocet_score_pairs, (&of_rows, &of_cols, &ids, &ids, NULL, out.a, bad_pool, &error), BAD_VALUE, 7, "pool", 0,
            integer(1));
    const avocet_indices nothing = indices(NULL, 0, AVOCET_I32);
    OK(avocet_score_pairs(&of_rows, &of_cols, &nothing, &nothing, NULL, NULL, NULL, &error));

    const avocet_csr candidates = csr(offsets, R, columns, C);
#define CANDIDATES(left, right, csr, out) (left, right, csr, NULL, out, NULL, &error)
    BAD_TABLES(avocet_score_candidates, (l, r, &candidates, o, out.a, NULL, &error), 4);
    REFUSES(avocet_score_candidates, CANDIDATES(&of_rows, &of_cols, NULL, out.a), BAD_NULL, 3, "csr", 0, none());
    BAD_CSR(avocet_score_candidates, CANDIDATES(&of_rows, &of_cols, V, out.a), candidates, 3, "csr");
    REFUSES(avocet_score_candidates, CANDIDATES(with(of_rows, R - 1, D), &of_cols, &candidates, out.a), BAD_SHAPE, 3,
            "csr.rows", 0, integer(R));
    REFUSES(avocet_score_candidates, CANDIDATES(&of_rows, with(of_cols, C - 1, D), &candidates, out.a), BAD_SHAPE, 3,
            "csr.cols", 0, integer(C));
    BAD_STRUCT(avocet_score_candidates, (&of_rows, &of_cols, &candidates, S, out.a, NULL, &error), avocet_score_options,
               good, 4, "options");
    REFUSES(avocet_score_candidates, CANDIDATES(&of_rows, &of_cols, &candidates, NULL), BAD_NULL, 5, "out", 0, none());
    REFUSES(avocet_score_candidates, CANDIDATES(&of_rows, &of_cols, &candidates, MISALIGNED(float *, out.a)), BAD_VALUE, 5,
            "out", 0, integer(1));
    REFUSES(avocet_score_candidates, CANDIDATES(&of_rows, &of_cols, &candidates, (float *)(void *)(uintptr_t)rows_data),
            OVERLAP, 5, "out", 0, none());
    REFUSES(avocet_score_candidates, (&of_rows, &of_cols, &candidates, NULL, out.a, bad_pool, &error), BAD_VALUE, 6,
            "pool", 0, integer(1));

#define MATRIX(left, right, out) (left, right, NULL, out, NULL, &error)
    const avocet_matrix_mut scores = matrix_mut(out.a, R, C);
    BAD_TABLES(avocet_score_matrix, (l, r, o, &scores, NULL, &error), 3);
    BAD_STRUCT(avocet_score_matrix, (&of_rows, &of_cols, S, &scores, NULL, &error), avocet_score_options, good, 3,
               "options");
    REFUSES(avocet_score_matrix, MATRIX(&of_rows, &of_cols, NULL), BAD_NULL, 4, "out", 0, none());
    BAD_OUTPUT(avocet_score_matrix, MATRIX(&of_rows, &of_cols, O), R, C, 4, "out");
    REFUSES(avocet_score_matrix, MATRIX(&of_rows, &of_cols, to(out.a, R + 1, C)), BAD_SHAPE, 4, "out.rows", 0,
            integer(R + 1));
    REFUSES(avocet_score_matrix, MATRIX(&of_rows, &of_cols, to(out.a, R, C - 1)), BAD_SHAPE, 4, "out.cols", 0,
            integer(C - 1));
    avocet_matrix inside = of_rows;
    inside.data = out.a;
    REFUSES(avocet_score_matrix, MATRIX(&inside, &of_cols, &scores), OVERLAP, 4, "out.data", 0, none());
    REFUSES(avocet_score_matrix, (&of_rows, &of_cols, NULL, &scores, bad_pool, &error), BAD_VALUE, 5, "pool", 0,
            integer(1));
}

static avocet_matrix_mut *byte_output(size_t rows, size_t cols) {
    changed_out = matrix_mut(out.a, rows, cols);
    changed_out.element_type = AVOCET_I8;
    return &changed_out;
}

static void conversions(void) {
    const avocet_matrix bytes = int8_rows(R, D);
    const avocet_matrix_mut good_out = matrix_mut(out.a, R, D);
    avocet_matrix inside = of_rows, changed_bytes;
    avocet_matrix_mut changed_type;
    inside.data = out.a;
#define CONVERT(x, out) (x, out, NULL, &error)
    REFUSES(avocet_convert, CONVERT(NULL, &good_out), BAD_NULL, 1, "x", 0, none());
    BAD_ANY_MATRIX(avocet_convert, CONVERT(M, &good_out), of_rows, 1, "x", 0);
    REFUSES(avocet_convert, CONVERT(&bytes, &good_out), BAD_VALUE, 1, "x.element_type", 0, integer(AVOCET_I8));
    REFUSES(avocet_convert, CONVERT(&of_rows, NULL), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_convert, CONVERT(&of_rows, byte_output(R, D)), BAD_VALUE, 2, "out.element_type", 0,
            integer(AVOCET_I8));
    REFUSES(avocet_convert, CONVERT(&of_rows, to(out.a, R - 1, D)), BAD_SHAPE, 2, "out.rows", 0, integer(R - 1));
    REFUSES(avocet_convert, CONVERT(&of_rows, to(out.a, R, D - 1)), BAD_SHAPE, 2, "out.cols", 0, integer(D - 1));
    REFUSES(avocet_convert, CONVERT(&of_rows, to(NULL, R, D)), BAD_NULL, 2, "out.data", 0, none());
    REFUSES(avocet_convert, CONVERT(&inside, &good_out), OVERLAP, 2, "out.data", 0, none());
    REFUSES(avocet_convert, (&of_rows, &good_out, bad_pool, &error), BAD_VALUE, 3, "pool", 0, integer(1));

#define QUANTIZE(x, out, scales) (x, out, scales, NULL, &error)
    float *scales = (float *)(void *)out.words;
    REFUSES(avocet_quantize_rows, QUANTIZE(NULL, byte_output(R, D), scales), BAD_NULL, 1, "x", 0, none());
    BAD_ANY_MATRIX(avocet_quantize_rows, QUANTIZE(M, byte_output(R, D), scales), of_rows, 1, "x", 0);
    REFUSES(avocet_quantize_rows, QUANTIZE(&of_rows, NULL, scales), BAD_NULL, 2, "out", 0, none());
    changed_type = good_out;
    REFUSES(avocet_quantize_rows, QUANTIZE(&of_rows, &changed_type, scales), BAD_VALUE, 2, "out.element_type", 0,
            integer(AVOCET_F32));
    REFUSES(avocet_quantize_rows, QUANTIZE(&of_rows, byte_output(R + 1, D), scales), BAD_SHAPE, 2, "out.rows", 0,
            integer(R + 1));
    REFUSES(avocet_quantize_rows, QUANTIZE(&of_rows, byte_output(R, D - 1), scales), BAD_SHAPE, 2, "out.cols", 0,
            integer(D - 1));
    REFUSES(avocet_quantize_rows, QUANTIZE(&of_rows, byte_output(R, D), NULL), BAD_NULL, 3, "scales", 0, none());
    REFUSES(avocet_quantize_rows, QUANTIZE(&of_rows, byte_output(R, D), MISALIGNED(float *, scales)), BAD_VALUE, 3,
            "scales", 0, integer(1));
    REFUSES(avocet_quantize_rows, QUANTIZE(&of_rows, byte_output(R, D), out.a), OVERLAP, 3, "scales", 0, none());
    REFUSES(avocet_quantize_rows, (&of_rows, byte_output(R, D), scales, bad_pool, &error), BAD_VALUE, 4, "pool", 0,
            integer(1));

#define DEQUANTIZE(x, scales, out) (x, scales, out, NULL, &error)
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(NULL, r_scales, &good_out), BAD_NULL, 1, "x", 0, none());
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(&of_rows, r_scales, &good_out), BAD_VALUE, 1, "x.element_type", 0,
            integer(AVOCET_F32));
    changed_bytes = bytes;
    changed_bytes.stride = D - 1;
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(&changed_bytes, r_scales, &good_out), BAD_SHAPE, 1, "x.stride", 0,
            integer(D - 1));
    changed_bytes = bytes;
    changed_bytes.rows = SIZE_MAX;
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(&changed_bytes, r_scales, &good_out), TOO_LARGE, 1, "x.rows", 0,
            integer(SIZE_MAX));
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(&bytes, NULL, &good_out), BAD_NULL, 2, "scales", 0, none());
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(&bytes, MISALIGNED(const float *, r_scales), &good_out), BAD_VALUE, 2,
            "scales", 0, integer(1));
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(&bytes, r_scales, NULL), BAD_NULL, 3, "out", 0, none());
    BAD_OUTPUT(avocet_dequantize_rows, DEQUANTIZE(&bytes, r_scales, O), R, D, 3, "out");
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(&bytes, r_scales, to(out.a, R - 1, D)), BAD_SHAPE, 3, "out.rows", 0,
            integer(R - 1));
    REFUSES(avocet_dequantize_rows, DEQUANTIZE(&bytes, out.a, &good_out), OVERLAP, 3, "out.data", 0, none());
    REFUSES(avocet_dequantize_rows, (&bytes, r_scales, &good_out, bad_pool, &error), BAD_VALUE, 4, "pool", 0,
            integer(1));

#define NORMS(x, out) (x, out, NULL, &error)
    REFUSES(avocet_row_norms, NORMS(NULL, out.a), BAD_NULL, 1, "x", 0, none());
    BAD_ANY_MATRIX(avocet_row_norms, NORMS(M, out.a), of_rows, 1, "x", 0);
    REFUSES(avocet_row_norms, NORMS(&of_rows, NULL), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_row_norms, NORMS(&of_rows, MISALIGNED(float *, out.a)), BAD_VALUE, 2, "out", 0, integer(1));
    REFUSES(avocet_row_norms, NORMS(&inside, out.a), OVERLAP, 2, "out", 0, none());
    REFUSES(avocet_row_norms, (&of_rows, out.a, bad_pool, &error), BAD_VALUE, 3, "pool", 0, integer(1));

    /* Found on the way, so what is written is unspecified. */
    float bad_rows[R * D] = {0};
    int8_t integers[R * D];
    float found_scales[R];
    bad_rows[1 * D + 1] = INFINITY;
    bad_rows[2 * D] = NAN;
    const avocet_matrix x = matrix(bad_rows, R, D);
    avocet_matrix_mut to_bytes = matrix_mut(NULL, R, D);
    to_bytes.data = integers;
    to_bytes.element_type = AVOCET_I8;
    REFUSES(avocet_quantize_rows, (&x, &to_bytes, found_scales, NULL, &error), NOT_FINITE, 1, "x", 1, real(INFINITY));
}
