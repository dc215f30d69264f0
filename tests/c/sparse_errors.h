/* Every error of sparse models; a part of errors.c. */

/* What is wrong with rows, in a call whose arguments name `V`, `row_values` and `row_margins`. */
#define BAD_SPARSE_ROWS(function, arguments)                                                                 \
    do {                                                                                                     \
        avocet_csr *V = &changed_csr;                                                                        \
        const float *row_values = values, *row_margins = margins;                                            \
        BAD_CSR(function, arguments, good_rows, 2, "csr");                                                   \
        changed_csr = good_rows;                                                                             \
        changed_csr.cols = C + 1;                                                                            \
        REFUSES(function, arguments, BAD_SHAPE, 2, "csr.cols", 0, integer(C + 1));                           \
        changed_csr = good_rows;                                                                             \
        row_values = MISALIGNED(const float *, values);                                                      \
        REFUSES(function, arguments, BAD_VALUE, 3, "values", 0, integer(1));                                 \
        row_values = nan_at_1;                                                                               \
        REFUSES(function, arguments, NOT_FINITE, 3, "values", 1, real(NAN));                                 \
        row_values = values;                                                                                 \
        row_margins = MISALIGNED(const float *, margins);                                                    \
        REFUSES(function, arguments, BAD_VALUE, 4, "margins", 0, integer(1));                                \
        row_margins = nan_at_1;                                                                              \
        REFUSES(function, arguments, NOT_FINITE, 4, "margins", 1, real(NAN));                                \
    } while (0)

static avocet_sparse_model_options model_options(void) {
    avocet_sparse_model_options options = {0};
    options.struct_size = sizeof options;
    options.features = C;
    options.intercept = 1;
    return options;
}

static void sparse_create(void) {
    const avocet_sparse_model_options good = model_options();
    avocet_sparse_model_options options;
    REFUSES(avocet_sparse_model_create, (NULL, &out.model, &error), BAD_NULL, 1, "options", 0, none());
    BAD_STRUCT(avocet_sparse_model_create, (S, &out.model, &error), avocet_sparse_model_options, good, 1, "options");
    avocet_sparse_model_destroy(out.model);
#define BAD_MODEL(kind, field, bad, status, value)                                                           \
    options = good;                                                                                          \
    options.optimiser = kind;                                                                                \
    options.field = bad;                                                                                     \
    REFUSES(avocet_sparse_model_create, (&options, &out.model, &error), status, 1, "options." #field, 0, value)
    BAD_MODEL(0, features, 0, BAD_VALUE, integer(0));
    BAD_MODEL(0, features, (1 << 28) + 1, TOO_LARGE, integer((1 << 28) + 1));
    BAD_MODEL(3, optimiser, 3, BAD_VALUE, integer(3));
    BAD_MODEL(0, intercept, 2, BAD_VALUE, integer(2));
    BAD_MODEL(0, reserved, 1, BAD_VALUE, integer(1));
    for (int32_t kind = AVOCET_OPTIMISER_FTRL; kind <= AVOCET_OPTIMISER_SGD; kind++) {
        const float bad[] = {-1, NAN, INFINITY};
        for (size_t i = 0; i < LENGTH(bad); i++) {
            BAD_MODEL(kind, rate, bad[i], status_of(bad[i]), real(bad[i]));
            BAD_MODEL(kind, l2, bad[i], status_of(bad[i]), real(bad[i]));
            if (kind == AVOCET_OPTIMISER_FTRL) {
                BAD_MODEL(kind, beta, bad[i], status_of(bad[i]), real(bad[i]));
                BAD_MODEL(kind, l1, bad[i], status_of(bad[i]), real(bad[i]));
            }
            if (kind == AVOCET_OPTIMISER_ADAGRAD) {
                BAD_MODEL(kind, epsilon, bad[i], status_of(bad[i]), real(bad[i]));
            }
        }
    }
    REFUSES(avocet_sparse_model_create, (&good, NULL, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_sparse_model_create, (&good, MISALIGNED(avocet_sparse_model **, &out.model), &error), BAD_VALUE, 2, "out",
            0, integer(1));
}

static void sparse_rows(avocet_sparse_model *model) {
    const avocet_csr good_rows = csr(offsets, R, columns, C);
    const float values[E] = {1, 1, 1, 1, 1}, margins[R] = {0, 0, 0}, nan_at_1[E] = {0, NAN, 0, 0, 0};
    avocet_sparse_model *bad_model = MISALIGNED(avocet_sparse_model *, model);
#define PREDICT(model, csr, to) (model, csr, values, margins, to, NULL, &error)
    REFUSES(avocet_sparse_model_predict, PREDICT(NULL, &good_rows, out.a), BAD_NULL, 1, "model", 0, none());
    REFUSES(avocet_sparse_model_predict, PREDICT(bad_model, &good_rows, out.a), BAD_VALUE, 1, "model", 0, integer(1));
    REFUSES(avocet_sparse_model_predict, PREDICT(model, NULL, out.a), BAD_NULL, 2, "csr", 0, none());
    BAD_SPARSE_ROWS(avocet_sparse_model_predict, (model, V, row_values, row_margins, out.a, NULL, &error));
    REFUSES(avocet_sparse_model_predict, PREDICT(model, &good_rows, NULL), BAD_NULL, 5, "logits", 0, none());
    REFUSES(avocet_sparse_model_predict, PREDICT(model, &good_rows, MISALIGNED(float *, out.a)), BAD_VALUE, 5, "logits", 0,
            integer(1));
    REFUSES(avocet_sparse_model_predict, PREDICT(model, &good_rows, (float *)(void *)margins), OVERLAP, 5, "logits", 0,
            none());
    REFUSES(avocet_sparse_model_predict, (model, &good_rows, values, margins, out.a, bad_pool, &error), BAD_VALUE, 6, "pool",
            0, integer(1));

    const float labels[R] = {1, 0, 1};
    avocet_logistic_targets good = {0}, targets;
    good.struct_size = sizeof good;
    good.labels = good.weights = labels;
#define LEARN(model, csr, targets, minibatch, to, workspace)                                                 \
    (model, csr, values, margins, targets, minibatch, to, workspace, &error)
    REFUSES(avocet_sparse_model_learn, LEARN(NULL, &good_rows, &good, 1, out.a, large), BAD_NULL, 1, "model", 0, none());
    REFUSES(avocet_sparse_model_learn, LEARN(bad_model, &good_rows, &good, 1, out.a, large), BAD_VALUE, 1, "model", 0,
            integer(1));
    REFUSES(avocet_sparse_model_learn, LEARN(model, NULL, &good, 1, out.a, large), BAD_NULL, 2, "csr", 0, none());
    BAD_SPARSE_ROWS(avocet_sparse_model_learn, (model, V, row_values, row_margins, &good, 1, out.a, large, &error));
    REFUSES(avocet_sparse_model_learn, LEARN(model, &good_rows, NULL, 1, out.a, large), BAD_NULL, 5, "targets", 0, none());
    /* This ends with a call that succeeds, so another model learns. */
    const avocet_sparse_model_options options = model_options();
    avocet_sparse_model *other;
    OK(avocet_sparse_model_create(&options, &other, &error));
    BAD_STRUCT(avocet_sparse_model_learn, LEARN(other, &good_rows, S, 1, out.a, large), avocet_logistic_targets, good, 5,
               "targets");
    avocet_sparse_model_destroy(other);
#define BAD_LEARN(field, bad, status, position, value)                                                       \
    targets.field = bad;                                                                                     \
    REFUSES(avocet_sparse_model_learn, LEARN(model, &good_rows, &targets, 1, out.a, large), status, 5, "targets." #field, \
            position, value)
    const float bad_values[] = {-1, NAN, INFINITY};
    for (size_t i = 0; i < LENGTH(bad_values); i++) {
        float some[R] = {1, 1, 1};
        const struct value bad_one = real(bad_values[i]);
        some[2] = bad_values[i];
        targets = good;
        BAD_LEARN(weights, some, status_of(bad_values[i]), 2, bad_one);
        targets.weights = NULL;
        BAD_LEARN(labels, some, isnan(bad_values[i]) ? NOT_FINITE : BAD_VALUE, 2, bad_one);
        targets.labels = NULL;
        targets.b = labels;
        BAD_LEARN(a, some, status_of(bad_values[i]), 2, bad_one);
        targets.a = labels;
        BAD_LEARN(b, some, status_of(bad_values[i]), 2, bad_one);
    }
    targets = good;
    BAD_LEARN(signed_weights, 2, BAD_VALUE, 0, integer(2));
    targets = good;
    BAD_LEARN(labels, NULL, BAD_NULL, 0, none());
    REFUSES(avocet_sparse_model_learn, LEARN(model, &good_rows, &good, 0, out.a, large), BAD_VALUE, 6, "minibatch", 0,
            integer(0));
    REFUSES(avocet_sparse_model_learn, LEARN(model, &good_rows, &good, 1, MISALIGNED(float *, out.a), large), BAD_VALUE, 7,
            "logits", 0, integer(1));
    REFUSES(avocet_sparse_model_learn, LEARN(model, &good_rows, &good, 1, (float *)(void *)labels, large), OVERLAP, 7,
            "logits", 0, none());
    REFUSES(avocet_sparse_model_learn, LEARN(model, &good_rows, &good, 1, out.a, NULL), BAD_NULL, 8, "workspace", 0, none());
    REFUSES(avocet_sparse_model_learn, LEARN(model, &good_rows, &good, 1, out.a, small), AVOCET_ERROR_WORKSPACE_TOO_SMALL, 8,
            "workspace", 0, integer(8 * 64 - 64));
    /* None of these has learnt anything; one beyond the range of f32 has, before it was found. */
    CHECK(avocet_sparse_model_nonzeros(model) == 0 && avocet_sparse_model_intercept(model) == 0);
    const float huge[E] = {1, 1, 3e38f, 3e38f, 3e38f}, heavy[R] = {1, 1, 9}, wrong[R] = {1, 0, 0};
    targets = good;
    targets.labels = wrong;
    targets.weights = heavy;
    REFUSES(avocet_sparse_model_learn, (model, &good_rows, huge, margins, &targets, 1, NULL, large, &error), NOT_FINITE, 2,
            "csr", 2, none());
    CHECK(avocet_sparse_model_nonzeros(model) == 2 && avocet_sparse_model_intercept(model) != 0);
}

/* Of a model with two features that are not 0. */
static void sparse_state(avocet_sparse_model *model) {
    avocet_sparse_model *bad_model = MISALIGNED(avocet_sparse_model *, model);
    REFUSES(avocet_sparse_model_weights, (NULL, out.a, C, &error), BAD_NULL, 1, "model", 0, none());
    REFUSES(avocet_sparse_model_weights, (bad_model, out.a, C, &error), BAD_VALUE, 1, "model", 0, integer(1));
    REFUSES(avocet_sparse_model_weights, (model, NULL, C, &error), BAD_NULL, 2, "out", 0, none());
    REFUSES(avocet_sparse_model_weights, (model, MISALIGNED(float *, out.a), C, &error), BAD_VALUE, 2, "out", 0, integer(1));
    REFUSES(avocet_sparse_model_weights, (model, out.a, C - 1, &error), BAD_SHAPE, 3, "len", 0, integer(C - 1));
    REFUSES(avocet_sparse_model_weights, (model, out.a, SIZE_MAX, &error), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));

#define NONZERO(model, features, weights, len) (model, features, weights, len, &error)
    REFUSES(avocet_sparse_model_nonzero, NONZERO(NULL, out.ids, out.a, 2), BAD_NULL, 1, "model", 0, none());
    REFUSES(avocet_sparse_model_nonzero, NONZERO(bad_model, out.ids, out.a, 2), BAD_VALUE, 1, "model", 0, integer(1));
    REFUSES(avocet_sparse_model_nonzero, NONZERO(model, NULL, out.a, 2), BAD_NULL, 2, "features", 0, none());
    REFUSES(avocet_sparse_model_nonzero, NONZERO(model, MISALIGNED(uint32_t *, out.ids), out.a, 2), BAD_VALUE, 2, "features",
            0, integer(1));
    REFUSES(avocet_sparse_model_nonzero, NONZERO(model, out.ids, NULL, 2), BAD_NULL, 3, "weights", 0, none());
    REFUSES(avocet_sparse_model_nonzero, NONZERO(model, out.ids, MISALIGNED(float *, out.a), 2), BAD_VALUE, 3, "weights", 0,
            integer(1));
    REFUSES(avocet_sparse_model_nonzero, NONZERO(model, out.ids, (float *)(void *)out.ids, 2), OVERLAP, 3, "weights", 0,
            none());
    REFUSES(avocet_sparse_model_nonzero, NONZERO(model, out.ids, out.a, 3), BAD_SHAPE, 4, "len", 0, integer(3));
    REFUSES(avocet_sparse_model_nonzero, NONZERO(model, out.ids, out.a, SIZE_MAX), TOO_LARGE, 4, "len", 0,
            integer(SIZE_MAX));

    const size_t size = avocet_sparse_model_saved_bytes(model);
    unsigned char saved[200];
    CHECK(size == 60 + 2 * 12 && size <= sizeof saved);
    REFUSES(avocet_sparse_model_save, (NULL, out.bytes, size, &error), BAD_NULL, 1, "model", 0, none());
    REFUSES(avocet_sparse_model_save, (bad_model, out.bytes, size, &error), BAD_VALUE, 1, "model", 0, integer(1));
    REFUSES(avocet_sparse_model_save, (model, NULL, size, &error), BAD_NULL, 2, "bytes", 0, none());
    REFUSES(avocet_sparse_model_save, (model, out.bytes, size - 1, &error), BAD_SHAPE, 3, "len", 0, integer(size - 1));
    REFUSES(avocet_sparse_model_save, (model, out.bytes, SIZE_MAX, &error), TOO_LARGE, 3, "len", 0, integer(SIZE_MAX));
    OK(avocet_sparse_model_save(model, saved, size, &error));

    REFUSES(avocet_sparse_model_load, (NULL, size, &out.model, &error), BAD_NULL, 1, "bytes", 0, none());
    for (size_t len = 0; len < size; len++) {
        REFUSES(avocet_sparse_model_load, (saved, len, &out.model, &error), BAD_SHAPE, 1, "bytes", 0, integer(len));
    }
    REFUSES(avocet_sparse_model_load, (saved, SIZE_MAX, &out.model, &error), TOO_LARGE, 2, "len", 0, integer(SIZE_MAX));
    REFUSES(avocet_sparse_model_load, (saved, size, NULL, &error), BAD_NULL, 3, "out", 0, none());
    REFUSES(avocet_sparse_model_load, (saved, size, MISALIGNED(avocet_sparse_model **, &out.model), &error), BAD_VALUE, 3,
            "out", 0, integer(1));
    union {
        unsigned char bytes[200];
        avocet_sparse_model *model;
    } shared;
    memcpy(shared.bytes, saved, size);
    REFUSES(avocet_sparse_model_load, (shared.bytes, size, &shared.model, &error), OVERLAP, 3, "out", 0, none());
    saved[0] ^= 1;
    REFUSES(avocet_sparse_model_load, (saved, size, &out.model, &error), BAD_VALUE, 1, "bytes", 0, none());
    saved[0] ^= 1;
    saved[8] = 2;
    REFUSES(avocet_sparse_model_load, (saved, size, &out.model, &error), BAD_VALUE, 1, "bytes", 8, integer(2));
    saved[8] = 1;
    saved[56] ^= 4;
    REFUSES(avocet_sparse_model_load, (saved, size, &out.model, &error), BAD_VALUE, 1, "bytes", size - 8, none());
}

static void sparse(void) {
    const avocet_sparse_model_options options = model_options();
    avocet_sparse_model *model;
    sparse_create();
    OK(avocet_sparse_model_create(&options, &model, &error));
    sparse_rows(model);
    sparse_state(model);
    avocet_sparse_model_destroy(model);
}
