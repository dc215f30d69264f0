/* Logistic regression over sparse rows. */

#include "call.h"

#define MODEL(handle) POINTER(const avocet_sparse_model, handle)

/* Makes a function's rows, of `offsets` and `indices`. */
#define READ_CSR(call, name)                                                                                 \
    avocet_csr name = {.rows = (size_t)offsets_length - 1, .cols = (size_t)cols,                             \
                       .edges = (size_t)indices_length, .offset_type = offsets_type,                         \
                       .index_type = indices_type};                                                          \
    view(&(call), (void *)&name.offsets, offsets_base, offsets_at, offsets_length,                           \
         offsets_type == AVOCET_I64 ? LONGS : INTS, READ);                                                   \
    view(&(call), (void *)&name.indices, indices_base, indices_at, indices_length,                           \
         indices_type == AVOCET_I64 ? LONGS : INTS, READ)

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseModelCreate(JNIEnv *env, jclass type, jlong features,
                                                                 jint optimiser, jint intercept, jfloat rate,
                                                                 jfloat beta, jfloat l1, jfloat l2, jfloat epsilon) {
    (void)type;
    call call;
    avocet_sparse_model *model = NULL;
    call_begin(&call, env);
    const avocet_sparse_model_options options = {
        .struct_size = sizeof options, .features = (size_t)features, .optimiser = optimiser, .intercept = intercept,
        .rate = rate, .beta = beta, .l1 = l1, .l2 = l2, .epsilon = epsilon};
    RUN(call, 0, 0, avocet_sparse_model_create(&options, &model, &call.error));
    return (jlong)(intptr_t)model;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseModelLoad(JNIEnv *env, jclass type, ARRAY(bytes)) {
    (void)type;
    call call;
    avocet_sparse_model *model = NULL;
    call_begin(&call, env);
    VIEW(call, const uint8_t, bytes, BYTES, READ);
    /* Few bytes can make a large model, so that the time is not known: the array is never held. */
    RUN(call, 1e9, 0, avocet_sparse_model_load(bytes, (size_t)bytes_length, &model, &call.error));
    return (jlong)(intptr_t)model;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseModelFeatures(JNIEnv *env, jclass type, jlong model) {
    (void)env, (void)type;
    return (jlong)avocet_sparse_model_features(MODEL(model));
}

JNIEXPORT jfloat JNICALL Java_dev_avocet_Native_sparseModelIntercept(JNIEnv *env, jclass type, jlong model) {
    (void)env, (void)type;
    return avocet_sparse_model_intercept(MODEL(model));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseModelPredict(JNIEnv *env, jclass type, jlong model, jlong cols,
                                                                 INDICES(offsets), INDICES(indices), ARRAY(values),
                                                                 ARRAY(margins), ARRAY(logits), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_CSR(call, csr);
    VIEW(call, const float, values, FLOATS, READ);
    VIEW(call, const float, margins, FLOATS, READ);
    VIEW(call, float, logits, FLOATS, WRITE);
    RUN(call, 32.0 * (double)indices_length + 16.0 * (double)logits_length, pool,
        avocet_sparse_model_predict(MODEL(model), &csr, values, margins, logits, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseModelLearn(
    JNIEnv *env, jclass type, jlong model, jlong cols, INDICES(offsets), INDICES(indices), ARRAY(values),
    ARRAY(margins), ARRAY(labels), ARRAY(weights), ARRAY(a), ARRAY(b), jint signed_weights, jlong minibatch,
    ARRAY(logits), jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_CSR(call, csr);
    avocet_logistic_targets targets = {.struct_size = sizeof targets, .signed_weights = signed_weights};
    VIEW(call, const float, values, FLOATS, READ);
    VIEW(call, const float, margins, FLOATS, READ);
    view(&call, (void *)&targets.labels, labels_base, labels_at, labels_length, FLOATS, READ);
    view(&call, (void *)&targets.weights, weights_base, weights_at, weights_length, FLOATS, READ);
    view(&call, (void *)&targets.a, a_base, a_at, a_length, FLOATS, READ);
    view(&call, (void *)&targets.b, b_base, b_at, b_length, FLOATS, READ);
    VIEW(call, float, logits, FLOATS, WRITE);
    RUN_WITH(call, 64.0 * ((double)indices_length + (double)offsets_length), 0, workspace,
             avocet_sparse_model_learn(POINTER(avocet_sparse_model, model), &csr, values, margins, &targets,
                                       (size_t)minibatch, logits, WORKSPACE(workspace), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseModelWeights(JNIEnv *env, jclass type, jlong model, ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, 4.0 * (double)out_length, 0,
        avocet_sparse_model_weights(MODEL(model), out, (size_t)out_length, &call.error));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseModelNonzeros(JNIEnv *env, jclass type, jlong model) {
    (void)env, (void)type;
    return (jlong)avocet_sparse_model_nonzeros(MODEL(model));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseModelNonzero(JNIEnv *env, jclass type, jlong model,
                                                                 ARRAY(features), ARRAY(weights)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint32_t, features, INTS, WRITE);
    VIEW(call, float, weights, FLOATS, WRITE);
    RUN(call, 8.0 * (double)avocet_sparse_model_features(MODEL(model)) + (double)weights_length, 0,
        avocet_sparse_model_nonzero(MODEL(model), features, weights, (size_t)features_length, &call.error));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sparseModelSavedBytes(JNIEnv *env, jclass type, jlong model) {
    (void)env, (void)type;
    return (jlong)avocet_sparse_model_saved_bytes(MODEL(model));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseModelSave(JNIEnv *env, jclass type, jlong model, ARRAY(bytes)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint8_t, bytes, BYTES, WRITE);
    RUN(call, 8.0 * (double)avocet_sparse_model_features(MODEL(model)) + 4.0 * (double)bytes_length, 0,
        avocet_sparse_model_save(MODEL(model), bytes, (size_t)bytes_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseModelDestroy(JNIEnv *env, jclass type, jlong model) {
    (void)env, (void)type;
    avocet_sparse_model_destroy(POINTER(avocet_sparse_model, model));
}
