/* Searches for thresholds, decisions by them, and their intervals. */

#include "threshold.h"

/* That there is no answer is one: outputs are written. */
static avocet_status answered(avocet_status status, int *found) {
    *found = status == AVOCET_OK;
    return status == AVOCET_ERROR_INFEASIBLE || status == AVOCET_ERROR_WORK_LIMIT ? AVOCET_OK : status;
}

/* Gives Java a solution, and why there is no answer. */
static jthrowable give(call *call, const avocet_solution *solution, int found, jlongArray to) {
    if (call->status != AVOCET_OK) {
        return NULL;
    }
    const jlong fields[] = {(jlong)solution->positive, (jlong)solution->negative, (jlong)solution->bound_positive,
                            (jlong)solution->bound_negative, (jlong)solution->work, solution->proven};
    (*call->env)->SetLongArrayRegion(call->env, to, 0, 6, fields);
    return found ? NULL : failure(call);
}

JNIEXPORT jthrowable JNICALL Java_dev_avocet_Native_thresholdSearch(
    JNIEnv *env, jclass type, CELLS, OBJECTIVE, jlong work_limit, jint method, jint shape, ARRAY(thresholds),
    jlongArray solution, jlong workspace) {
    (void)type;
    call call;
    avocet_solution best;
    int found = 0;
    call_begin(&call, env);
    READ_CELLS(call);
    READ_OBJECTIVE;
    const avocet_search_options options = {
        .struct_size = sizeof options, .work_limit = (uint64_t)work_limit, .method = method, .shape = shape};
    VIEW(call, uint32_t, thresholds, INTS, WRITE);
    RUN_WITH(call, LONG_WORK, 0, workspace,
             answered(avocet_threshold_search(&cells, &objective, &options, thresholds, &best, WORKSPACE(workspace),
                                              &call.error),
                      &found));
    return give(&call, &best, found, solution);
}

JNIEXPORT jthrowable JNICALL Java_dev_avocet_Native_thresholdSingle(JNIEnv *env, jclass type, ROWS, OBJECTIVE,
                                                                    jfloatArray threshold, jlongArray solution,
                                                                    jlong pool) {
    (void)type;
    call call;
    float least;
    avocet_solution best;
    int found = 0;
    call_begin(&call, env);
    READ_ROWS(call);
    READ_OBJECTIVE;
    RUN(call, LONG_WORK, pool,
        answered(avocet_threshold_single(&rows, &objective, &least, &best, POOL(pool), &call.error), &found));
    if (call.status == AVOCET_OK) {
        (*env)->SetFloatArrayRegion(env, threshold, 0, 1, &least);
    }
    return give(&call, &best, found, solution);
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_thresholdFrontier(JNIEnv *env, jclass type, CELLS, ARRAY(most),
                                                                 jlong workspace) {
    (void)type;
    call call;
    uint64_t weight = 0;
    call_begin(&call, env);
    READ_CELLS(call);
    VIEW(call, uint64_t, most, LONGS, WRITE);
    RUN_WITH(call, LONG_WORK, 0, workspace,
             avocet_threshold_frontier(&cells, most, (size_t)most_length, &weight, WORKSPACE(workspace), &call.error));
    return (jlong)weight;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_thresholdIsotonic(JNIEnv *env, jclass type, CELLS, ARRAY(values),
                                                                jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_CELLS(call);
    VIEW(call, float, values, FLOATS, WRITE);
    RUN_WITH(call, 16.0 * (double)values_length, 0, workspace,
             avocet_threshold_isotonic(&cells, values, (size_t)values_length, WORKSPACE(workspace), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_thresholdPassing(JNIEnv *env, jclass type, CELLS, ARRAY(thresholds),
                                                               jlongArray found) {
    (void)type;
    call call;
    uint64_t passing[2];
    call_begin(&call, env);
    READ_CELLS(call);
    VIEW(call, const uint32_t, thresholds, INTS, READ);
    RUN(call, 4.0 * (double)levels * (double)bins, 0,
        avocet_threshold_passing(&cells, thresholds, &passing[0], &passing[1], &call.error));
    if (call.status == AVOCET_OK) {
        (*env)->SetLongArrayRegion(env, found, 0, 2, (const jlong *)passing);
    }
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_thresholdDecide(JNIEnv *env, jclass type, jlong grid, ARRAY(thresholds),
                                                              ARRAY(scores), ARRAY(uncertainties), ARRAY(out),
                                                              jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const float, thresholds, FLOATS, READ);
    VIEW(call, const float, scores, FLOATS, READ);
    VIEW(call, const float, uncertainties, FLOATS, READ);
    VIEW(call, uint8_t, out, BYTES, WRITE);
    RUN(call, 8.0 * (double)scores_length, pool,
        avocet_threshold_decide(GRID(grid), thresholds, scores, uncertainties, (size_t)scores_length, out, POOL(pool),
                                &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_thresholdDecideBits(JNIEnv *env, jclass type, jlong grid,
                                                                  ARRAY(thresholds), ARRAY(scores),
                                                                  ARRAY(uncertainties), ARRAY(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const float, thresholds, FLOATS, READ);
    VIEW(call, const float, scores, FLOATS, READ);
    VIEW(call, const float, uncertainties, FLOATS, READ);
    VIEW(call, uint64_t, out, LONGS, WRITE);
    RUN(call, 8.0 * (double)scores_length, pool,
        avocet_threshold_decide_bits(GRID(grid), thresholds, scores, uncertainties, (size_t)scores_length, out,
                                     POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_thresholdCalibrate(JNIEnv *env, jclass type, jlong grid, ARRAY(values),
                                                                 ARRAY(scores), ARRAY(uncertainties), ARRAY(out),
                                                                 jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const float, values, FLOATS, READ);
    VIEW(call, const float, scores, FLOATS, READ);
    VIEW(call, const float, uncertainties, FLOATS, READ);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, 16.0 * (double)scores_length, pool,
        avocet_threshold_calibrate(GRID(grid), values, scores, uncertainties, (size_t)scores_length, out, POOL(pool),
                                   &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_thresholdCells(JNIEnv *env, jclass type, jlong grid, ARRAY(scores),
                                                             ARRAY(uncertainties), ARRAY(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const float, scores, FLOATS, READ);
    VIEW(call, const float, uncertainties, FLOATS, READ);
    VIEW(call, uint32_t, out, INTS, WRITE);
    RUN(call, 16.0 * (double)scores_length, pool,
        avocet_threshold_cells(GRID(grid), scores, uncertainties, (size_t)scores_length, out, POOL(pool), &call.error));
}

/* Gives Java intervals, four numbers each. */
static void give_intervals(const call *call, const avocet_interval *found, jsize count, jdoubleArray to) {
    for (jsize i = 0; i < count && call->status == AVOCET_OK; i++) {
        const jdouble numbers[] = {found[i].value, found[i].low, found[i].high, (double)found[i].count};
        (*call->env)->SetDoubleArrayRegion(call->env, to, 4 * i, 4, numbers);
    }
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_thresholdBootstrap(JNIEnv *env, jclass type, jlong grid,
                                                                 ARRAY(thresholds), ROWS, BOOTSTRAP,
                                                                 jdoubleArray intervals, jlong pool) {
    (void)type;
    call call;
    avocet_interval found[2];
    call_begin(&call, env);
    READ_ROWS(call);
    READ_BOOTSTRAP;
    VIEW(call, const float, thresholds, FLOATS, READ);
    RUN(call, LONG_WORK, pool,
        avocet_threshold_bootstrap(GRID(grid), thresholds, &rows, &options, &found[0], &found[1], POOL(pool),
                                   &call.error));
    give_intervals(&call, found, 2, intervals);
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_binnedBootstrap(JNIEnv *env, jclass type, jlong grid, jint figure, ROWS,
                                                              BOOTSTRAP, jdoubleArray interval, jlong pool) {
    (void)type;
    call call;
    avocet_interval found;
    call_begin(&call, env);
    READ_ROWS(call);
    READ_BOOTSTRAP;
    RUN(call, LONG_WORK, pool,
        avocet_binned_bootstrap(GRID(grid), figure, &rows, &options, &found, POOL(pool), &call.error));
    give_intervals(&call, &found, 1, interval);
}
