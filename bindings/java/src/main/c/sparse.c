/* Logistic regression over sparse rows. */

#include "call.h"

#define MODEL(handle) POINTER(const avocet_sparse_model, handle)

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

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseModelPredict(JNIEnv *env, jclass type, jlong model, CSR,
                                                                 ARRAY(values), ARRAY(margins), ARRAY(logits),
                                                                 jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_CSR(call);
    VIEW(call, const float, values, FLOATS, READ);
    VIEW(call, const float, margins, FLOATS, READ);
    VIEW(call, float, logits, FLOATS, WRITE);
    RUN(call, 32.0 * (double)indices_length + 16.0 * (double)logits_length, pool,
        avocet_sparse_model_predict(MODEL(model), &csr, values, margins, logits, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_sparseModelLearn(
    JNIEnv *env, jclass type, jlong model, CSR, ARRAY(values), ARRAY(margins), TARGETS, jlong minibatch, ARRAY(logits),
    jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_CSR(call);
    READ_TARGETS(call);
    VIEW(call, const float, values, FLOATS, READ);
    VIEW(call, const float, margins, FLOATS, READ);
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
