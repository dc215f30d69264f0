/* The golden vectors of conversions and of scores of rows in any type; a part of golden.c. */

enum { ROWS_D = 70 };

static avocet_matrix typed(const void *data, size_t rows, size_t cols, int32_t type) {
    avocet_matrix x = matrix(NULL, rows, cols);
    x.data = data;
    x.element_type = type;
    return x;
}

static avocet_matrix_mut typed_mut(void *data, size_t rows, size_t cols, int32_t type) {
    avocet_matrix_mut x = matrix_mut(NULL, rows, cols);
    x.data = data;
    x.element_type = type;
    return x;
}

/* Rows as each of the narrow types. */
struct narrow {
    uint16_t *halves, *brains;
    int8_t *bytes;
    float *scales;
    avocet_matrix of_halves, of_brains, of_bytes;
};

static struct narrow narrow(const float *x, size_t rows, size_t cols) {
    struct narrow n;
    n.halves = allocate(rows * cols, sizeof *n.halves);
    n.brains = allocate(rows * cols, sizeof *n.brains);
    n.bytes = allocate(rows * cols, 1);
    n.scales = zeros(rows);
    const avocet_matrix of_x = matrix(x, rows, cols);
    avocet_matrix_mut to = typed_mut(n.halves, rows, cols, AVOCET_F16);
    OK(avocet_convert(&of_x, &to, pool, &error));
    to = typed_mut(n.brains, rows, cols, AVOCET_BF16);
    OK(avocet_convert(&of_x, &to, pool, &error));
    n.of_halves = typed(n.halves, rows, cols, AVOCET_F16);
    n.of_brains = typed(n.brains, rows, cols, AVOCET_BF16);
    n.of_bytes = typed(n.bytes, rows, cols, AVOCET_I8);
    return n;
}

static void quantize(struct narrow *n, const float *x) {
    const avocet_matrix of_x = matrix(x, n->of_bytes.rows, n->of_bytes.cols);
    const avocet_matrix_mut to = typed_mut(n->bytes, n->of_bytes.rows, n->of_bytes.cols, AVOCET_I8);
    OK(avocet_quantize_rows(&of_x, &to, n->scales, pool, &error));
}

static void free_narrow(struct narrow *n) {
    free(n->halves);
    free(n->brains);
    free(n->bytes);
    free(n->scales);
}

static void conversions(void) {
    enum { N = 20000, R = 300 };
    seed(34);
    float *x = zeros(N), *wide = zeros(2 * N);
    for (size_t i = 0; i < N; i++) {
        uint32_t bits = (uint32_t)(random_bits() >> 32);
        memcpy(x + i, &bits, sizeof bits);
    }
    struct narrow n = narrow(x, 100, 200);
    avocet_matrix_mut to = matrix_mut(wide, 100, 200);
    OK(avocet_convert(&n.of_halves, &to, pool, &error));
    to = matrix_mut(wide + N, 100, 200);
    OK(avocet_convert(&n.of_brains, &to, pool, &error));
    add_floats(wide, 2 * N);
    for (size_t i = 0; i < 2 * N; i++) {
        const uint32_t bits = i < N ? n.halves[i] : n.brains[i - N];
        add_integers(&bits, 1);
    }
    check("convert");
    free_narrow(&n);
    free(x);
    free(wide);

    x = values(R * ROWS_D);
    float *back = zeros(R * ROWS_D), *norms = zeros(R);
    n = narrow(x, R, ROWS_D);
    quantize(&n, x);
    to = matrix_mut(back, R, ROWS_D);
    OK(avocet_dequantize_rows(&n.of_bytes, n.scales, &to, pool, &error));
    add_floats(n.scales, R);
    add_floats(back, R * ROWS_D);
    for (size_t i = 0; i < R * ROWS_D; i++) {
        const uint32_t integer = (uint32_t)(int32_t)n.bytes[i];
        add_integers(&integer, 1);
    }
    check("quantize_rows");
    const avocet_matrix of_x = matrix(x, R, ROWS_D);
    OK(avocet_row_norms(&of_x, norms, pool, &error));
    add_floats(norms, R);
    check("row_norms");
    free_narrow(&n);
    free(x);
    free(back);
    free(norms);
}

static void row_scores(void) {
    enum { R = 300, C = 500, N = 8000, MOST = R * 60 };
    static uint32_t u[N], v[N], candidates[MOST];
    static int64_t offsets[R + 1];
    static float out[R * C];
    seed(35);
    float *x = values(R * ROWS_D), *y = values(C * ROWS_D);
    for (size_t i = 0; i < N; i++) {
        u[i] = below(R);
    }
    for (size_t i = 0; i < N; i++) {
        v[i] = below(C);
    }
    struct narrow left = narrow(x, R, ROWS_D), right = narrow(y, C, ROWS_D);
    quantize(&left, x);
    quantize(&right, y);
    const avocet_matrix of_x = matrix(x, R, ROWS_D), of_y = matrix(y, C, ROWS_D);
    const avocet_indices of_u = indices(u, N, AVOCET_U32), of_v = indices(v, N, AVOCET_U32);
    avocet_score_options cosine = {0}, scaled = {0};
    cosine.struct_size = scaled.struct_size = sizeof cosine;
    cosine.metric = AVOCET_METRIC_COSINE;
    scaled.left_scales = left.scales;
    scaled.right_scales = right.scales;
#define ADD_PAIRS(name, left, right, options)                                                                \
    OK(avocet_score_pairs(left, right, &of_u, &of_v, options, out, pool, &error));                           \
    add_floats(out, N);                                                                                      \
    check(name)
    ADD_PAIRS("score_pairs_mixed", &left.of_halves, &right.of_brains, NULL);
    ADD_PAIRS("score_pairs_cosine", &of_x, &right.of_brains, &cosine);
    ADD_PAIRS("score_pairs_int8", &left.of_bytes, &right.of_bytes, &scaled);
    ADD_PAIRS("score_pairs_int8_cosine", &left.of_bytes, &right.of_bytes, &cosine);
    scaled.second_left = &left.of_halves;
    scaled.second_right = &right.of_halves;
    scaled.factor = 0.75f;
    scaled.second_factor = -1.5f;
    ADD_PAIRS("score_pairs_two_tables", &left.of_bytes, &right.of_bytes, &scaled);

    size_t edges = 0;
    for (size_t i = 0; i < R; i++) {
        for (uint32_t rest = below(60); rest > 0; rest--) {
            candidates[edges++] = below(C);
        }
        offsets[i + 1] = (int64_t)edges;
    }
    const avocet_csr view = csr(offsets, R, candidates, C);
    OK(avocet_score_candidates(&left.of_brains, &right.of_brains, &view, NULL, out, pool, &error));
    add_floats(out, edges);
    check("score_candidates");
    const avocet_matrix_mut to = matrix_mut(out, R, C);
    OK(avocet_score_matrix(&left.of_halves, &of_y, &cosine, &to, pool, &error));
    add_floats(out, R * C);
    check("score_matrix");
    free_narrow(&left);
    free_narrow(&right);
    free(x);
    free(y);
}
