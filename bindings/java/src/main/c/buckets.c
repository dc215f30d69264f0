/* Grids, and buckets of rows. */

#include "threshold.h"

#define BUCKETS_OF(handle) POINTER(avocet_buckets, handle)

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_gridCreate(
    JNIEnv *env, jclass type, jlong levels, jlong bins, ARRAY(level_edges), ARRAY(score_edges), jlong rows,
    ARRAY(scores), ARRAY(uncertainties), ARRAY(weights), jdouble top, jlong refine_bins, jfloat level_low,
    jfloat level_high, jfloat score_low, jfloat score_high, jfloat refine_low, jfloat refine_high, jint level_kind,
    jint score_kind, jlong pool) {
    (void)type;
    call call;
    avocet_grid *grid = NULL;
    call_begin(&call, env);
    avocet_grid_options options = {
        .struct_size = sizeof options, .levels = (size_t)levels, .bins = (size_t)bins, .rows = (size_t)rows,
        .top = top, .refine_bins = (size_t)refine_bins, .level_low = level_low, .level_high = level_high,
        .score_low = score_low, .score_high = score_high, .refine_low = refine_low, .refine_high = refine_high,
        .level_kind = level_kind, .score_kind = score_kind};
    view(&call, (void *)&options.level_edges, level_edges_base, level_edges_at, level_edges_length, FLOATS, READ);
    view(&call, (void *)&options.score_edges, score_edges_base, score_edges_at, score_edges_length, FLOATS, READ);
    view(&call, (void *)&options.scores, scores_base, scores_at, scores_length, FLOATS, READ);
    view(&call, (void *)&options.uncertainties, uncertainties_base, uncertainties_at, uncertainties_length, FLOATS,
         READ);
    view(&call, (void *)&options.weights, weights_base, weights_at, weights_length, FLOATS, READ);
    RUN(call, LONG_WORK, pool, avocet_grid_create(&options, POOL(pool), &grid, &call.error));
    return (jlong)(intptr_t)grid;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_gridLevels(JNIEnv *env, jclass type, jlong grid) {
    (void)env, (void)type;
    return (jlong)avocet_grid_levels(GRID(grid));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_gridBins(JNIEnv *env, jclass type, jlong grid) {
    (void)env, (void)type;
    return (jlong)avocet_grid_bins(GRID(grid));
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_gridIsNested(JNIEnv *env, jclass type, jlong grid) {
    (void)env, (void)type;
    return avocet_grid_is_nested(GRID(grid));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_gridLevelEdges(JNIEnv *env, jclass type, jlong grid, ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, (double)out_length, 0,
        avocet_grid_level_edges(GRID(grid), out, (size_t)out_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_gridScoreEdges(JNIEnv *env, jclass type, jlong grid, jlong level,
                                                             ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, (double)out_length, 0,
        avocet_grid_score_edges(GRID(grid), (size_t)level, out, (size_t)out_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_gridThresholds(JNIEnv *env, jclass type, jlong grid, ARRAY(thresholds),
                                                             ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const uint32_t, thresholds, INTS, READ);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, 4.0 * (double)out_length, 0,
        avocet_grid_thresholds(GRID(grid), thresholds, out, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_gridDestroy(JNIEnv *env, jclass type, jlong grid) {
    (void)env, (void)type;
    avocet_grid_destroy(POINTER(avocet_grid, grid));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bucketsCreate(JNIEnv *env, jclass type, jlong grid, jlong segments) {
    (void)type;
    call call;
    avocet_buckets *buckets = NULL;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_buckets_create(GRID(grid), (size_t)segments, &buckets, &call.error));
    return (jlong)(intptr_t)buckets;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bucketsLoad(JNIEnv *env, jclass type, ARRAY(bytes)) {
    (void)type;
    call call;
    avocet_buckets *buckets = NULL;
    call_begin(&call, env);
    VIEW(call, const uint8_t, bytes, BYTES, READ);
    RUN(call, LONG_WORK, 0, avocet_buckets_load(bytes, (size_t)bytes_length, &buckets, &call.error));
    return (jlong)(intptr_t)buckets;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bucketsSegments(JNIEnv *env, jclass type, jlong buckets) {
    (void)env, (void)type;
    return (jlong)avocet_buckets_segments(BUCKETS(buckets));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bucketsLevels(JNIEnv *env, jclass type, jlong buckets) {
    (void)env, (void)type;
    return (jlong)avocet_buckets_levels(BUCKETS(buckets));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bucketsBins(JNIEnv *env, jclass type, jlong buckets) {
    (void)env, (void)type;
    return (jlong)avocet_buckets_bins(BUCKETS(buckets));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bucketsApart(JNIEnv *env, jclass type, jlong buckets, jlong segment) {
    (void)env, (void)type;
    return (jlong)avocet_buckets_apart(BUCKETS(buckets), (size_t)segment);
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bucketsGrid(JNIEnv *env, jclass type, jlong buckets) {
    (void)type;
    call call;
    avocet_grid *grid = NULL;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_buckets_grid(BUCKETS(buckets), &grid, &call.error));
    return (jlong)(intptr_t)grid;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bucketsAdd(JNIEnv *env, jclass type, jlong buckets, ROWS, jlong pool,
                                                         jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_ROWS(call);
    /* Long calls pass over the tables too. */
    const double tables = scores_length > 1024 ? (double)avocet_buckets_saved_bytes(BUCKETS(buckets)) / 4 : 0;
    RUN_WITH(call, 24 * (double)scores_length + tables, pool, workspace,
             avocet_buckets_add(BUCKETS_OF(buckets), &rows, POOL(pool), WORKSPACE(workspace), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bucketsMerge(JNIEnv *env, jclass type, jlong buckets, jlong other) {
    (void)type;
    call call;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_buckets_merge(BUCKETS_OF(buckets), BUCKETS(other), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bucketsSubtract(JNIEnv *env, jclass type, jlong buckets, jlong other) {
    (void)type;
    call call;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_buckets_subtract(BUCKETS_OF(buckets), BUCKETS(other), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bucketsClear(JNIEnv *env, jclass type, jlong buckets) {
    (void)env, (void)type;
    avocet_buckets_clear(BUCKETS_OF(buckets));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bucketsCells(JNIEnv *env, jclass type, jlong buckets, jlong segment,
                                                           jint weights, ARRAY(positive), ARRAY(negative)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint64_t, positive, LONGS, WRITE);
    VIEW(call, uint64_t, negative, LONGS, WRITE);
    RUN(call, 4.0 * (double)positive_length, 0,
        avocet_buckets_cells(BUCKETS(buckets), (size_t)segment, weights, positive, negative, (size_t)positive_length,
                             &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bucketsScoreBins(JNIEnv *env, jclass type, jlong buckets, jlong segment,
                                                               jint weights, ARRAY(positive), ARRAY(negative)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint64_t, positive, LONGS, WRITE);
    VIEW(call, uint64_t, negative, LONGS, WRITE);
    RUN(call, (double)avocet_buckets_saved_bytes(BUCKETS(buckets)) / 8, 0,
        avocet_buckets_score_bins(BUCKETS(buckets), (size_t)segment, weights, positive, negative,
                                  (size_t)positive_length, &call.error));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bucketsSavedBytes(JNIEnv *env, jclass type, jlong buckets) {
    (void)env, (void)type;
    return (jlong)avocet_buckets_saved_bytes(BUCKETS(buckets));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bucketsSave(JNIEnv *env, jclass type, jlong buckets, ARRAY(bytes)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint8_t, bytes, BYTES, WRITE);
    RUN(call, 4.0 * (double)bytes_length, 0,
        avocet_buckets_save(BUCKETS(buckets), bytes, (size_t)bytes_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bucketsDestroy(JNIEnv *env, jclass type, jlong buckets) {
    (void)env, (void)type;
    avocet_buckets_destroy(BUCKETS_OF(buckets));
}
