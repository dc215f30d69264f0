/* Packed indexes. */

#include "call.h"

#include <stdlib.h>

#define INDEX(handle) POINTER(const avocet_index, handle)

/* Rows that are taken in, and how. */
#define TAKEN ANY_MATRIX(rows), ARRAY(ids), ARRAY(scales)
/* Makes `rows` and `options` of the parameters TAKEN. */
#define READ_TAKEN(call, of_storage)                                                                         \
    READ_ANY_MATRIX(call, rows);                                                                             \
    avocet_index_options options = {.struct_size = sizeof options, .storage = of_storage,                    \
                                    .skip_not_finite = skip_not_finite};                                     \
    view(&(call), (void *)&options.ids, ids_base, ids_at, ids_length, LONGS, READ);                          \
    view(&(call), (void *)&options.scales, scales_base, scales_at, scales_length, FLOATS, READ)

/* Queries, with the array `scales`. */
#define QUERIES jlong index, ANY_MATRIX(queries), ARRAY(scales)
/* Fused operations of scoring all rows. */
#define ALL_SCORES                                                                                           \
    ((double)queries_rows * (double)avocet_index_rows(INDEX(index)) * ((double)queries_cols + 4))

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexCreate(JNIEnv *env, jclass type, TAKEN, jint storage,
                                                           jint skip_not_finite, jlong pool) {
    (void)type;
    call call;
    avocet_index *index = NULL;
    call_begin(&call, env);
    READ_TAKEN(call, storage);
    RUN(call, LONG_WORK, pool, avocet_index_create(&rows, &options, POOL(pool), &index, &call.error));
    return (jlong)(intptr_t)index;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexAppend(JNIEnv *env, jclass type, jlong index, TAKEN,
                                                           jint skip_not_finite, jlong pool) {
    (void)type;
    call call;
    avocet_index *out = NULL;
    call_begin(&call, env);
    READ_TAKEN(call, 0);
    RUN(call, LONG_WORK, pool, avocet_index_append(INDEX(index), &rows, &options, POOL(pool), &out, &call.error));
    return (jlong)(intptr_t)out;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexReplace(JNIEnv *env, jclass type, jlong index, ARRAY(at), TAKEN,
                                                            jint skip_not_finite) {
    (void)type;
    call call;
    avocet_index *out = NULL;
    call_begin(&call, env);
    VIEW(call, const uint32_t, at, INTS, READ);
    READ_TAKEN(call, 0);
    RUN(call, LONG_WORK, 0, avocet_index_replace(INDEX(index), at, &rows, &options, &out, &call.error));
    return (jlong)(intptr_t)out;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexRemove(JNIEnv *env, jclass type, jlong index, ARRAY(at)) {
    (void)type;
    call call;
    avocet_index *out = NULL;
    call_begin(&call, env);
    VIEW(call, const uint32_t, at, INTS, READ);
    RUN(call, LONG_WORK, 0, avocet_index_remove(INDEX(index), at, (size_t)at_length, &out, &call.error));
    return (jlong)(intptr_t)out;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexLoad(JNIEnv *env, jclass type, ARRAY(bytes)) {
    (void)type;
    call call;
    avocet_index *index = NULL;
    call_begin(&call, env);
    VIEW(call, const uint8_t, bytes, BYTES, READ);
    RUN(call, LONG_WORK, 0, avocet_index_load(bytes, (size_t)bytes_length, &index, &call.error));
    return (jlong)(intptr_t)index;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexMap(JNIEnv *env, jclass type, ARRAY(bytes)) {
    (void)type;
    call call;
    avocet_index *index = NULL;
    call_begin(&call, env);
    VIEW(call, const uint8_t, bytes, BYTES, READ);
    RUN(call, LONG_WORK, 0, avocet_index_map(bytes, (size_t)bytes_length, &index, &call.error));
    return (jlong)(intptr_t)index;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexRows(JNIEnv *env, jclass type, jlong index) {
    (void)env, (void)type;
    return (jlong)avocet_index_rows(INDEX(index));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexCols(JNIEnv *env, jclass type, jlong index) {
    (void)env, (void)type;
    return (jlong)avocet_index_cols(INDEX(index));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexLive(JNIEnv *env, jclass type, jlong index) {
    (void)env, (void)type;
    return (jlong)avocet_index_live(INDEX(index));
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_indexStorage(JNIEnv *env, jclass type, jlong index) {
    (void)env, (void)type;
    return avocet_index_storage(INDEX(index));
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_indexHasIds(JNIEnv *env, jclass type, jlong index) {
    (void)env, (void)type;
    return avocet_index_has_ids(INDEX(index));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexMemory(JNIEnv *env, jclass type, jlong index) {
    (void)env, (void)type;
    return (jlong)avocet_index_memory(INDEX(index));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_indexSavedBytes(JNIEnv *env, jclass type, jlong index) {
    (void)env, (void)type;
    return (jlong)avocet_index_saved_bytes(INDEX(index));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_indexSave(JNIEnv *env, jclass type, jlong index, ARRAY(bytes)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint8_t, bytes, BYTES, WRITE);
    RUN(call, 4.0 * (double)bytes_length, 0,
        avocet_index_save(INDEX(index), bytes, (size_t)bytes_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_indexIds(JNIEnv *env, jclass type, jlong index, ARRAY(rows), ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const uint32_t, rows, INTS, READ);
    VIEW(call, uint64_t, out, LONGS, WRITE);
    RUN(call, 4.0 * (double)rows_length, 0,
        avocet_index_ids(INDEX(index), rows, (size_t)rows_length, out, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_indexSearch(JNIEnv *env, jclass type, QUERIES, jlong k, jlong exclude,
                                                          jlong allow, jint has_least, jfloat least, ARRAY(ids),
                                                          ARRAY(scores), ARRAY(counts), ARRAY(nan_counts),
                                                          ARRAY(survivors), jlong pool, jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    avocet_index_search_options options = {.struct_size = sizeof options, .exclude = GRAPH(exclude),
                                           .allow = GRAPH(allow), .least = least, .has_least = has_least};
    READ_ANY_MATRIX(call, queries);
    view(&call, (void *)&options.query_scales, scales_base, scales_at, scales_length, FLOATS, READ);
    VIEW(call, uint32_t, ids, INTS, WRITE);
    VIEW(call, float, scores, FLOATS, WRITE);
    VIEW(call, uint32_t, counts, INTS, WRITE);
    VIEW(call, uint32_t, nan_counts, INTS, WRITE);
    VIEW(call, uint32_t, survivors, INTS, WRITE);
    RUN_WITH(call, ALL_SCORES, pool, workspace,
             avocet_index_search(INDEX(index), &queries, (size_t)k, &options, ids, scores, counts, nan_counts, survivors,
                                 POOL(pool), WORKSPACE(workspace), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_indexScores(JNIEnv *env, jclass type, QUERIES, jlong given, ARRAY(out),
                                                          jlong pool, jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_ANY_MATRIX(call, queries);
    VIEW(call, const float, scales, FLOATS, READ);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN_WITH(call, 32.0 * (double)out_length * ((double)queries_cols + 1), pool, workspace,
             avocet_index_scores(INDEX(index), &queries, scales, GRAPH(given), out, POOL(pool), WORKSPACE(workspace),
                                 &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_indexRankCounts(JNIEnv *env, jclass type, QUERIES, jlong given,
                                                              jlong exclude, ARRAY(better), ARRAY(equal), jlong pool,
                                                              jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_ANY_MATRIX(call, queries);
    VIEW(call, const float, scales, FLOATS, READ);
    VIEW(call, uint32_t, better, INTS, WRITE);
    VIEW(call, uint32_t, equal, INTS, WRITE);
    RUN_WITH(call, ALL_SCORES + (double)better_length * (double)avocet_index_rows(INDEX(index)), pool, workspace,
             avocet_index_rank_counts(INDEX(index), &queries, scales, GRAPH(given), GRAPH(exclude), better, equal,
                                      POOL(pool), WORKSPACE(workspace), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_indexDestroy(JNIEnv *env, jclass type, jlong index) {
    (void)env, (void)type;
    avocet_index_destroy(POINTER(avocet_index, index));
}

/* Numbers of a shard as Shards.java lays them out, and its arrays. */
#define SHARD_NUMBERS 7
#define SHARD_ARRAYS 3
#define MANY_SHARDS ((MOST_VIEWS - SHARD_ARRAYS) / SHARD_ARRAYS)

static void read_array(call *call, void *slot, jobjectArray bases, jsize base, const jlong *numbers, element element) {
    /* Only heap arrays are needed as objects; the shards keep buffers alive. */
    jobject array = numbers[0] < 0 ? (*call->env)->GetObjectArrayElement(call->env, bases, base) : NULL;
    view(call, slot, array, numbers[0], numbers[1], element, READ);
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_mergeLists(JNIEnv *env, jclass type, jlongArray numbers,
                                                         jobjectArray bases, jlong queries, jlong k, ARRAY(ids),
                                                         ARRAY(scores), ARRAY(counts)) {
    (void)type;
    call call;
    call_begin(&call, env);
    const size_t count = (size_t)(*env)->GetArrayLength(env, numbers) / SHARD_NUMBERS;
    const size_t views = SHARD_ARRAYS * (count + 1);
    avocet_shard few[MANY_SHARDS], *shards = few;
    void *room = NULL;
    if ((*env)->EnsureLocalCapacity(env, (jint)views) != JNI_OK) {
        return;
    }
    if (count > MANY_SHARDS) {
        room = malloc(count * sizeof *shards + views * sizeof(heap_view));
        if (room == NULL) {
            out_of_memory(&call, count * sizeof *shards + views * sizeof(heap_view));
            return;
        }
        shards = room;
        call.heap = (heap_view *)(void *)(shards + count);
    }
    double work = 0;
    for (size_t i = 0; i < count; i++) {
        jlong of[SHARD_NUMBERS];
        const jsize base = (jsize)(SHARD_ARRAYS * i);
        (*env)->GetLongArrayRegion(env, numbers, (jsize)(SHARD_NUMBERS * i), SHARD_NUMBERS, of);
        shards[i] = (avocet_shard){.struct_size = sizeof *shards, .k = (size_t)of[0]};
        read_array(&call, (void *)&shards[i].ids, bases, base, of + 1, LONGS);
        read_array(&call, (void *)&shards[i].scores, bases, base + 1, of + 3, FLOATS);
        read_array(&call, (void *)&shards[i].counts, bases, base + 2, of + 5, INTS);
        work += 16 * (double)of[2];
    }
    VIEW(call, uint64_t, ids, LONGS, WRITE);
    VIEW(call, float, scores, FLOATS, WRITE);
    VIEW(call, uint32_t, counts, INTS, WRITE);
    RUN(call, work, 0,
        avocet_merge_lists(shards, count, (size_t)queries, (size_t)k, ids, scores, counts, &call.error));
    free(room);
}
