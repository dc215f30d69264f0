#include "call.h"

JNIEXPORT void JNICALL Java_dev_avocet_Native_ranking(JNIEnv *env, jclass type, ARRAY(scores), ARRAY(labels),
                                                      ARRAY(weights), jdoubleArray figures) {
    (void)type;
    call call;
    call_begin(&call, env);
    avocet_ranking_result result;
    VIEW(call, const float, scores, FLOATS, READ);
    VIEW(call, const float, labels, FLOATS, READ);
    VIEW(call, const float, weights, FLOATS, READ);
    RUN(call, 24.0 * (double)scores_length, 0,
        avocet_ranking(scores, labels, weights, (size_t)scores_length, &result, &call.error));
    if (call.status == AVOCET_OK) {
        const jdouble found[] = {result.positives, result.negatives, result.auc, result.pr_auc,
                                 result.average_precision};
        (*env)->SetDoubleArrayRegion(env, figures, 0, 5, found);
    }
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_calibration(JNIEnv *env, jclass type, ARRAY(probabilities),
                                                          ARRAY(labels), ARRAY(weights), jdoubleArray sums) {
    (void)type;
    call call;
    call_begin(&call, env);
    avocet_calibration_result result;
    VIEW(call, const float, probabilities, FLOATS, READ);
    VIEW(call, const float, labels, FLOATS, READ);
    VIEW(call, const float, weights, FLOATS, READ);
    RUN(call, 52.0 * (double)probabilities_length, 0,
        avocet_calibration(probabilities, labels, weights, (size_t)probabilities_length, &result, &call.error));
    if (call.status == AVOCET_OK) {
        const jdouble found[] = {result.weight, result.loss, result.predicted, result.observed};
        (*env)->SetDoubleArrayRegion(env, sums, 0, 4, found);
    }
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_calibrationMerge(JNIEnv *env, jclass type, ARRAY(rows), ARRAY(parts),
                                                               jdoubleArray sums) {
    (void)type;
    call call;
    call_begin(&call, env);
    avocet_calibration_result result;
    VIEW(call, const size_t, rows, LONGS, READ);
    VIEW(call, const avocet_calibration_result, parts, DOUBLES, READ);
    RUN(call, 16.0 * (double)rows_length, 0,
        avocet_calibration_merge(rows, parts, (size_t)rows_length, &result, &call.error));
    if (call.status == AVOCET_OK) {
        const jdouble found[] = {result.weight, result.loss, result.predicted, result.observed};
        (*env)->SetDoubleArrayRegion(env, sums, 0, 4, found);
    }
}
