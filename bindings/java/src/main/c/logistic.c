/* The logistic loss of logits, delayed feedback, and streams. */

#include "call.h"

#define STREAM(handle) POINTER(const avocet_stream, handle)

JNIEXPORT jdouble JNICALL Java_dev_avocet_Native_logisticPointwise(
    JNIEnv *env, jclass type, ARRAY(logits), TARGETS, ARRAY(losses), ARRAY(gradient), ARRAY(curvature), jlong pool,
    jlong workspace) {
    (void)type;
    call call;
    double sum = 0;
    call_begin(&call, env);
    READ_TARGETS(call);
    VIEW(call, const float, logits, FLOATS, READ);
    VIEW(call, float, losses, FLOATS, WRITE);
    VIEW(call, float, gradient, FLOATS, WRITE);
    VIEW(call, float, curvature, FLOATS, WRITE);
    RUN_WITH(call, 56.0 * (double)logits_length, pool, workspace,
             avocet_logistic_pointwise(logits, &targets, losses, gradient, curvature, &sum, (size_t)logits_length,
                                       POOL(pool), WORKSPACE(workspace), &call.error));
    return sum;
}

JNIEXPORT jdouble JNICALL Java_dev_avocet_Native_logisticProduct(
    JNIEnv *env, jclass type, ARRAY(first), ARRAY(second), TARGETS, ARRAY(losses), ARRAY(first_gradient),
    ARRAY(second_gradient), jlong pool, jlong workspace) {
    (void)type;
    call call;
    double sum = 0;
    call_begin(&call, env);
    READ_TARGETS(call);
    VIEW(call, const float, first, FLOATS, READ);
    VIEW(call, const float, second, FLOATS, READ);
    VIEW(call, float, losses, FLOATS, WRITE);
    VIEW(call, float, first_gradient, FLOATS, WRITE);
    VIEW(call, float, second_gradient, FLOATS, WRITE);
    RUN_WITH(call, 120.0 * (double)first_length, pool, workspace,
             avocet_logistic_product(first, second, &targets, losses, first_gradient, second_gradient, &sum,
                                     (size_t)first_length, POOL(pool), WORKSPACE(workspace), &call.error));
    return sum;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_feedbackWeights(JNIEnv *env, jclass type, jint method, jint joint,
                                                              jfloat clip_low, jfloat clip_high, ARRAY(kinds),
                                                              ARRAY(logits), ARRAY(first), ARRAY(second), ARRAY(a),
                                                              ARRAY(b), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    const avocet_feedback_scheme scheme = {.struct_size = sizeof scheme, .method = method, .joint = joint,
                                           .clip_low = clip_low, .clip_high = clip_high};
    VIEW(call, const uint8_t, kinds, BYTES, READ);
    VIEW(call, const float, logits, FLOATS, READ);
    VIEW(call, const float, first, FLOATS, READ);
    VIEW(call, const float, second, FLOATS, READ);
    VIEW(call, float, a, FLOATS, WRITE);
    VIEW(call, float, b, FLOATS, WRITE);
    RUN(call, 80.0 * (double)kinds_length, pool,
        avocet_feedback_weights(&scheme, kinds, logits, first, second, a, b, (size_t)kinds_length, POOL(pool),
                                &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_feedbackServed(JNIEnv *env, jclass type, ARRAY(logits), ARRAY(out),
                                                             jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const float, logits, FLOATS, READ);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, 16.0 * (double)logits_length, pool,
        avocet_feedback_served(logits, out, (size_t)logits_length, POOL(pool), &call.error));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_streamCreate(JNIEnv *env, jclass type, jint protocol, ARRAY(times),
                                                            ARRAY(conversions), ARRAY(signals), jlong window,
                                                            jlong attribution) {
    (void)type;
    call call;
    avocet_stream *stream = NULL;
    call_begin(&call, env);
    VIEW(call, const int64_t, times, LONGS, READ);
    VIEW(call, const int64_t, conversions, LONGS, READ);
    VIEW(call, const int64_t, signals, LONGS, READ);
    RUN(call, 64.0 * (double)times_length, 0,
        avocet_stream_create(protocol, times, conversions, signals, (size_t)times_length, window, attribution, &stream,
                             &call.error));
    return (jlong)(intptr_t)stream;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_streamRows(JNIEnv *env, jclass type, jlong stream) {
    (void)env, (void)type;
    return (jlong)avocet_stream_rows(STREAM(stream));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_streamCopy(JNIEnv *env, jclass type, jlong stream, ARRAY(times),
                                                         ARRAY(clicks), ARRAY(kinds), ARRAY(signals), jlong rows) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, int64_t, times, LONGS, WRITE);
    VIEW(call, uint32_t, clicks, INTS, WRITE);
    VIEW(call, uint8_t, kinds, BYTES, WRITE);
    VIEW(call, uint8_t, signals, BYTES, WRITE);
    RUN(call, 0, 0, avocet_stream_copy(STREAM(stream), times, clicks, kinds, signals, (size_t)rows, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_streamDestroy(JNIEnv *env, jclass type, jlong stream) {
    (void)env, (void)type;
    avocet_stream_destroy(POINTER(avocet_stream, stream));
}
