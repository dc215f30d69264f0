/* Figures of score bins, and measures of uncertainty. */

#include "call.h"

#define BINS ARRAY(positive), ARRAY(negative)
#define READ_BINS(call)                                                                                      \
    VIEW(call, const uint64_t, positive, LONGS, READ);                                                       \
    VIEW(call, const uint64_t, negative, LONGS, READ)

_Static_assert(sizeof(avocet_curve_point) == 5 * sizeof(jlong), "points are five words");

static void give_area(const call *call, const avocet_area *found, jdoubleArray to) {
    if (call->status == AVOCET_OK) {
        const jdouble numbers[] = {found->lower, found->tied, found->upper};
        (*call->env)->SetDoubleArrayRegion(call->env, to, 0, 3, numbers);
    }
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_binnedCurve(JNIEnv *env, jclass type, BINS, ARRAY(points)) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_BINS(call);
    VIEW(call, avocet_curve_point, points, LONGS, WRITE);
    RUN(call, 24.0 * (double)positive_length, 0,
        avocet_binned_curve(positive, negative, (size_t)positive_length, points, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_binnedAuc(JNIEnv *env, jclass type, BINS, jdoubleArray area) {
    (void)type;
    call call;
    avocet_area found;
    call_begin(&call, env);
    READ_BINS(call);
    RUN(call, 16.0 * (double)positive_length, 0,
        avocet_binned_auc(positive, negative, (size_t)positive_length, &found, &call.error));
    give_area(&call, &found, area);
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_binnedAveragePrecision(JNIEnv *env, jclass type, BINS, jint weights,
                                                                     jdoubleArray area) {
    (void)type;
    call call;
    avocet_area found;
    call_begin(&call, env);
    READ_BINS(call);
    RUN(call, 128.0 * (double)positive_length, 0,
        avocet_binned_average_precision(positive, negative, (size_t)positive_length, weights, &found, &call.error));
    give_area(&call, &found, area);
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_uncertaintyMoments(JNIEnv *env, jclass type, MATRIX(scores), jint sample,
                                                                 ARRAY(mean), ARRAY(variance), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_MATRIX(call, scores);
    VIEW(call, float, mean, FLOATS, WRITE);
    VIEW(call, float, variance, FLOATS, WRITE);
    RUN(call, (double)scores_rows * (4 * (double)scores_cols + 16), pool,
        avocet_uncertainty_moments(&scores, sample, mean, variance, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_uncertaintyBeta(JNIEnv *env, jclass type, ARRAY(a), ARRAY(b),
                                                              ARRAY(mean), ARRAY(entropy), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const float, a, FLOATS, READ);
    VIEW(call, const float, b, FLOATS, READ);
    VIEW(call, float, mean, FLOATS, WRITE);
    VIEW(call, float, entropy, FLOATS, WRITE);
    RUN(call, 128.0 * (double)a_length, pool,
        avocet_uncertainty_beta(a, b, (size_t)a_length, mean, entropy, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_uncertaintyEntropy(JNIEnv *env, jclass type, ARRAY(probabilities),
                                                                 ARRAY(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const float, probabilities, FLOATS, READ);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, 56.0 * (double)out_length, pool,
        avocet_uncertainty_entropy(probabilities, (size_t)out_length, out, POOL(pool), &call.error));
}
