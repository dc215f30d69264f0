/* Partial sums of logistic regression. */

#include "call.h"

_Static_assert(sizeof(size_t) == sizeof(jlong), "numbers of rows are longs");

JNIEXPORT jlongArray JNICALL Java_dev_avocet_Native_logisticParts(JNIEnv *env, jclass type, jlong first_row, jlong rows) {
    (void)type;
    call call;
    size_t sizes[AVOCET_LOGISTIC_MAX_PARTS], count = 0;
    call_begin(&call, env);
    RUN(call, 0, 0,
        avocet_logistic_parts((size_t)first_row, (size_t)rows, sizes, AVOCET_LOGISTIC_MAX_PARTS, &count, &call.error));
    if (call.status != AVOCET_OK) {
        return NULL;
    }
    jlongArray found = (*env)->NewLongArray(env, (jsize)count);
    if (found != NULL) {
        (*env)->SetLongArrayRegion(env, found, 0, (jsize)count, (const jlong *)sizes);
    }
    return found;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_logisticMerge(JNIEnv *env, jclass type, ARRAY(rows), ARRAY(sums),
                                                            MATRIX(vectors), jdoubleArray total, ARRAY(vector)) {
    (void)type;
    call call;
    avocet_logistic_sums found;
    call_begin(&call, env);
    VIEW(call, const size_t, rows, LONGS, READ);
    VIEW(call, const avocet_logistic_sums, sums, DOUBLES, READ);
    READ_MATRIX(call, vectors);
    VIEW(call, float, vector, FLOATS, WRITE);
    RUN(call, (double)rows_length * (16 + 2 * (double)vectors_cols), 0,
        avocet_logistic_merge(rows, sums, vectors_rows < 0 ? NULL : &vectors, (size_t)rows_length, &found, vector,
                              &call.error));
    if (call.status == AVOCET_OK) {
        const jdouble numbers[] = {found.loss, found.gradient, found.curvature, found.product};
        (*env)->SetDoubleArrayRegion(env, total, 0, 4, numbers);
    }
}
