/* Logistic regression over rows of any kind, and sparse rows that are prepared for it. */

#include "call.h"

#define PREPARED(handle) POINTER(const avocet_sparse_rows, handle)

/* Rows and model; `shift` is what C calls offsets, which here are those of the CSR. */
#define ROWS                                                                                                 \
    ANY_MATRIX(x), CSR, ARRAY(values), jlong prepared, jint compact, ARRAY(shift), ARRAY(weights),  \
        jfloat intercept

/* Makes `rows` of the parameters ROWS. */
#define READ_ROWS(call)                                                                                      \
    READ_ANY_MATRIX(call, x);                                                                                \
    READ_CSR(call);                                                                                          \
    avocet_logistic_rows rows = {.struct_size = sizeof rows, .x = x_rows < 0 ? NULL : &x,                    \
                                 .csr = offsets_type == 0 ? NULL : &csr, .prepared = PREPARED(prepared),     \
                                 .intercept = intercept, .compact = compact};                                \
    view(&(call), (void *)&rows.values, values_base, values_at, values_length, FLOATS, READ);                \
    view(&(call), (void *)&rows.offsets, shift_base, shift_at, shift_length, FLOATS, READ);                  \
    view(&(call), (void *)&rows.weights, weights_base, weights_at, weights_length, FLOATS, READ)

JNIEXPORT void JNICALL Java_dev_avocet_Native_logisticBatch(
    JNIEnv *env, jclass type, ROWS, jlong entries, TARGETS, ARRAY(margins), ARRAY(gradient), ARRAY(curvature),
    ARRAY(product), ARRAY(along), jfloat along_intercept, jdoubleArray sums, jlong pool, jlong workspace) {
    (void)type;
    call call;
    avocet_logistic_sums found;
    call_begin(&call, env);
    READ_ROWS(call);
    READ_TARGETS(call);
    avocet_logistic_out out = {.struct_size = sizeof out, .along_intercept = along_intercept};
    view(&call, &out.margins, margins_base, margins_at, margins_length, FLOATS, WRITE);
    view(&call, &out.gradient, gradient_base, gradient_at, gradient_length, FLOATS, WRITE);
    view(&call, &out.curvature, curvature_base, curvature_at, curvature_length, FLOATS, WRITE);
    view(&call, &out.product, product_base, product_at, product_length, FLOATS, WRITE);
    view(&call, (void *)&out.along, along_base, along_at, along_length, FLOATS, READ);
    const int passes = 1 + (gradient_at != 0) + (curvature_at != 0) + 2 * (product_at != 0);
    const double n = prepared != 0 ? (double)avocet_sparse_rows_count(PREPARED(prepared))
                     : x_rows < 0  ? (double)offsets_length
                                   : (double)x_rows;
    const double of_entries = x_rows < 0 ? 16 * (double)entries + 8 * (double)weights_length : n * (double)x_cols;
    RUN_WITH(call, passes * of_entries + 56 * n, pool, workspace,
             avocet_logistic_batch(&rows, signed_weights < 0 ? NULL : &targets, &out, sums == NULL ? NULL : &found,
                                   POOL(pool), WORKSPACE(workspace), &call.error));
    if (call.status == AVOCET_OK && sums != NULL) {
        const jdouble numbers[] = {found.loss, found.gradient, found.curvature, found.product};
        (*env)->SetDoubleArrayRegion(env, sums, 0, 4, numbers);
    }
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_logisticFit(JNIEnv *env, jclass type, ROWS, TARGETS, jlong iterations,
                                                          jlong history, jfloat l2, jfloat tolerance,
                                                          jint fixed_intercept, ARRAY(found), jdoubleArray figures,
                                                          jlong pool) {
    (void)type;
    call call;
    float last;
    avocet_logistic_fit_result result;
    call_begin(&call, env);
    READ_ROWS(call);
    READ_TARGETS(call);
    const avocet_logistic_fit_options options = {
        .struct_size = sizeof options, .iterations = (size_t)iterations, .history = (size_t)history, .l2 = l2,
        .tolerance = tolerance, .fixed_intercept = fixed_intercept};
    VIEW(call, float, found, FLOATS, WRITE);
    /* Many passes: arrays are never held. */
    RUN(call, 1e9, pool,
        avocet_logistic_fit(&rows, &targets, &options, found, &last, &result, POOL(pool), &call.error));
    if (call.status == AVOCET_OK) {
        const jdouble numbers[] = {result.loss, result.gradient, (double)result.iterations, (double)result.passes,
                                   result.outcome, last};
        (*env)->SetDoubleArrayRegion(env, figures, 0, 6, numbers);
    }
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseRowsCreate(JNIEnv *env, jclass type, CSR, ARRAY(values)) {
    (void)type;
    call call;
    avocet_sparse_rows *rows = NULL;
    call_begin(&call, env);
    READ_CSR(call);
    VIEW(call, const float, values, FLOATS, READ);
    RUN(call, 64.0 * (double)indices_length + (double)cols, 0,
        avocet_sparse_rows_create(&csr, values, &rows, &call.error));
    return (jlong)(intptr_t)rows;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseRowsCount(JNIEnv *env, jclass type, jlong rows) {
    (void)env, (void)type;
    return (jlong)avocet_sparse_rows_count(PREPARED(rows));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseRowsColumns(JNIEnv *env, jclass type, jlong rows) {
    (void)env, (void)type;
    return (jlong)avocet_sparse_rows_columns(PREPARED(rows));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseRowsFeatureCount(JNIEnv *env, jclass type, jlong rows) {
    (void)env, (void)type;
    return (jlong)avocet_sparse_rows_feature_count(PREPARED(rows));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseRowsFeatures(JNIEnv *env, jclass type, jlong rows,
                                                                 ARRAY(features)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint32_t, features, INTS, WRITE);
    RUN(call, (double)features_length, 0,
        avocet_sparse_rows_features(PREPARED(rows), features, (size_t)features_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseRowsDestroy(JNIEnv *env, jclass type, jlong rows) {
    (void)env, (void)type;
    avocet_sparse_rows_destroy(POINTER(avocet_sparse_rows, rows));
}
