/* Versions and tiers; pools, workspaces and graphs. */

#include "call.h"

JNIEXPORT jstring JNICALL Java_dev_avocet_Native_version(JNIEnv *env, jclass type) {
    (void)type;
    return (*env)->NewStringUTF(env, avocet_version());
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_versionNumber(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return avocet_version_number();
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_abiVersion(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return avocet_abi_version();
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_isaDetected(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return avocet_isa_detected();
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_isaActive(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return avocet_isa_active();
}

JNIEXPORT jstring JNICALL Java_dev_avocet_Native_isaName(JNIEnv *env, jclass type, jint isa) {
    (void)type;
    return (*env)->NewStringUTF(env, avocet_isa_name(isa));
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_isaCap(JNIEnv *env, jclass type, jint isa) {
    (void)env, (void)type;
    return avocet_isa_cap(isa);
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_floatEnvironmentIsDefault(JNIEnv *env, jclass type) {
    (void)env, (void)type;
    return avocet_float_environment_is_default();
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_bufferAddress(JNIEnv *env, jclass type, jobject buffer) {
    (void)type;
    return (jlong)(intptr_t)(*env)->GetDirectBufferAddress(env, buffer);
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_poolCreate(JNIEnv *env, jclass type, jlong threads) {
    (void)type;
    call call;
    avocet_pool *pool = NULL;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_pool_create((size_t)threads, &pool, &call.error));
    return (jlong)(intptr_t)pool;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_poolDestroy(JNIEnv *env, jclass type, jlong pool) {
    (void)env, (void)type;
    avocet_pool_destroy(POINTER(avocet_pool, pool));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_poolThreads(JNIEnv *env, jclass type, jlong pool) {
    (void)env, (void)type;
    return (jlong)avocet_pool_threads(POOL(pool));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_workspaceCreate(JNIEnv *env, jclass type, jlong bytes) {
    (void)type;
    call call;
    avocet_workspace *workspace = NULL;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_workspace_create((size_t)bytes, &workspace, &call.error));
    return (jlong)(intptr_t)workspace;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_workspaceReserve(JNIEnv *env, jclass type, jlong workspace, jlong bytes) {
    (void)type;
    call call;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_workspace_reserve(WORKSPACE(workspace), (size_t)bytes, &call.error));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_workspaceBytes(JNIEnv *env, jclass type, jlong workspace) {
    (void)env, (void)type;
    return (jlong)avocet_workspace_bytes(WORKSPACE(workspace));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_workspaceDestroy(JNIEnv *env, jclass type, jlong workspace) {
    (void)env, (void)type;
    avocet_workspace_destroy(WORKSPACE(workspace));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_graphCreate(JNIEnv *env, jclass type, jlong rows, jlong cols,
                                                           jlong edges, INDICES(offsets), INDICES(indices)) {
    (void)type;
    call call;
    avocet_graph *graph = NULL;
    call_begin(&call, env);
    avocet_csr csr = {.rows = (size_t)rows, .cols = (size_t)cols, .edges = (size_t)edges, .offset_type = offsets_type,
                      .index_type = indices_type};
    view(&call, (void *)&csr.offsets, offsets_base, offsets_at, offsets_length,
         offsets_type == AVOCET_I64 ? LONGS : INTS, READ);
    view(&call, (void *)&csr.indices, indices_base, indices_at, indices_length,
         indices_type == AVOCET_I64 ? LONGS : INTS, READ);
    RUN(call, 2.0 * (double)edges, 0, avocet_graph_create(&csr, &graph, &call.error));
    return (jlong)(intptr_t)graph;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_graphTranspose(JNIEnv *env, jclass type, jlong graph) {
    (void)type;
    call call;
    avocet_graph *out = NULL;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_graph_transpose(GRAPH(graph), &out, &call.error));
    return (jlong)(intptr_t)out;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_graphSelectRows(JNIEnv *env, jclass type, jlong graph, INDICES(rows)) {
    (void)type;
    call call;
    avocet_graph *out = NULL;
    call_begin(&call, env);
    READ_INDICES(call, rows);
    const double work = (double)avocet_graph_edges(GRAPH(graph)) + (double)rows_length;
    RUN(call, work, 0, avocet_graph_select_rows(GRAPH(graph), &rows, &out, &call.error));
    return (jlong)(intptr_t)out;
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_graphRows(JNIEnv *env, jclass type, jlong graph) {
    (void)env, (void)type;
    return (jlong)avocet_graph_rows(GRAPH(graph));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_graphCols(JNIEnv *env, jclass type, jlong graph) {
    (void)env, (void)type;
    return (jlong)avocet_graph_cols(GRAPH(graph));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_graphEdges(JNIEnv *env, jclass type, jlong graph) {
    (void)env, (void)type;
    return (jlong)avocet_graph_edges(GRAPH(graph));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_graphEdgeIdLimit(JNIEnv *env, jclass type, jlong graph) {
    (void)env, (void)type;
    return (jlong)avocet_graph_edge_id_limit(GRAPH(graph));
}

JNIEXPORT jint JNICALL Java_dev_avocet_Native_graphIsDerived(JNIEnv *env, jclass type, jlong graph) {
    (void)env, (void)type;
    return avocet_graph_is_derived(GRAPH(graph));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_graphOffsets(JNIEnv *env, jclass type, jlong graph, ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, int64_t, out, LONGS, WRITE);
    RUN(call, 0, 0, avocet_graph_offsets(GRAPH(graph), out, (size_t)out_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_graphIndices(JNIEnv *env, jclass type, jlong graph, ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint32_t, out, INTS, WRITE);
    RUN(call, 0, 0, avocet_graph_indices(GRAPH(graph), out, (size_t)out_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_graphEdgeIds(JNIEnv *env, jclass type, jlong graph, ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, uint32_t, out, INTS, WRITE);
    RUN(call, 0, 0, avocet_graph_edge_ids(GRAPH(graph), out, (size_t)out_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_graphWalkWeights(JNIEnv *env, jclass type, jlong graph, ARRAY(out)) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, 0, 0, avocet_graph_walk_weights(GRAPH(graph), out, (size_t)out_length, &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_graphDestroy(JNIEnv *env, jclass type, jlong graph) {
    (void)env, (void)type;
    avocet_graph_destroy(POINTER(avocet_graph, graph));
}
