#include "call.h"

JNIEXPORT void JNICALL Java_dev_avocet_Native_scorePairs(JNIEnv *env, jclass type, MATRIX(left), MATRIX(right),
                                                         INDICES(u), INDICES(v), ARRAY(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_MATRIX(call, left);
    READ_MATRIX(call, right);
    READ_INDICES(call, u);
    READ_INDICES(call, v);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, (double)u_length * (double)left_cols, pool,
        avocet_score_pairs(&left, &right, &u, &v, out, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_topK(JNIEnv *env, jclass type, MATRIX(queries), MATRIX(targets),
                                                   jlong exclude, jlong k, ARRAY(ids), ARRAY(scores), ARRAY(counts),
                                                   ARRAY(nan_counts), jlong pool, jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_MATRIX(call, queries);
    READ_MATRIX(call, targets);
    VIEW(call, uint32_t, ids, INTS, WRITE);
    VIEW(call, float, scores, FLOATS, WRITE);
    VIEW(call, uint32_t, counts, INTS, WRITE);
    VIEW(call, uint32_t, nan_counts, INTS, WRITE);
    RUN_WITH(call, (double)queries_rows * (double)targets_rows * ((double)queries_cols + 4), pool, workspace,
             avocet_top_k(&queries, &targets, GRAPH(exclude), (size_t)k, ids, scores, counts, nan_counts, POOL(pool),
                          WORKSPACE(workspace), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_rankCounts(JNIEnv *env, jclass type, MATRIX(queries), MATRIX(targets),
                                                         jlong given, jlong exclude, ARRAY(better), ARRAY(equal),
                                                         jlong pool, jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_MATRIX(call, queries);
    READ_MATRIX(call, targets);
    VIEW(call, uint32_t, better, INTS, WRITE);
    VIEW(call, uint32_t, equal, INTS, WRITE);
    RUN_WITH(call, (double)queries_rows * (double)targets_rows * ((double)queries_cols + 4), pool, workspace,
             avocet_rank_counts(&queries, &targets, GRAPH(given), GRAPH(exclude), better, equal, POOL(pool),
                                WORKSPACE(workspace), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_edgeLoss(JNIEnv *env, jclass type, jlong graph, jlong transposed,
                                                       MATRIX(sources), MATRIX(targets), jint kind, jfloat temperature,
                                                       jfloat offset, jfloat margin, jfloat weight,
                                                       ARRAY(edge_weights), MATRIX(ds), MATRIX(dt), jdoubleArray sums,
                                                       jlong pool, jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    const avocet_edge_term term = {.struct_size = sizeof term, .kind = kind, .temperature = temperature,
                                   .offset = offset, .margin = margin, .weight = weight};
    avocet_edge_loss_result result;
    READ_MATRIX(call, sources);
    READ_MATRIX(call, targets);
    VIEW(call, const float, edge_weights, FLOATS, READ);
    UPDATE_MATRIX(call, ds);
    UPDATE_MATRIX(call, dt);
    RUN_WITH(call, (double)avocet_graph_edges(GRAPH(graph)) * (3 * (double)sources_cols + 8), pool, workspace,
             avocet_edge_loss(GRAPH(graph), GRAPH(transposed), &sources, &targets, &term, edge_weights,
                              ds_rows < 0 ? NULL : &ds, dt_rows < 0 ? NULL : &dt, &result, POOL(pool),
                              WORKSPACE(workspace), &call.error));
    if (call.status == AVOCET_OK) {
        const jdouble found[] = {result.loss, result.temperature_gradient, result.offset_gradient};
        (*env)->SetDoubleArrayRegion(env, sums, 0, 3, found);
    }
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_softmaxLoss(JNIEnv *env, jclass type, jlong positives, jlong transposed,
                                                          MATRIX(sources), MATRIX(targets), INDICES(negatives),
                                                          jfloat temperature, jfloat weight, ARRAY(edge_weights),
                                                          MATRIX(ds), MATRIX(dt), jdoubleArray sums, jlong pool,
                                                          jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    const avocet_softmax_term term = {.struct_size = sizeof term, .temperature = temperature, .weight = weight};
    avocet_softmax_loss_result result;
    READ_MATRIX(call, sources);
    READ_MATRIX(call, targets);
    READ_INDICES(call, negatives);
    VIEW(call, const float, edge_weights, FLOATS, READ);
    UPDATE_MATRIX(call, ds);
    UPDATE_MATRIX(call, dt);
    const double pairs = (double)sources_rows * (double)negatives_length + (double)avocet_graph_edges(GRAPH(positives));
    RUN_WITH(call, pairs * (3 * (double)sources_cols + 8), pool, workspace,
             avocet_softmax_loss(GRAPH(positives), GRAPH(transposed), &sources, &targets, &negatives, &term,
                                 edge_weights, ds_rows < 0 ? NULL : &ds, dt_rows < 0 ? NULL : &dt, &result, POOL(pool),
                                 WORKSPACE(workspace), &call.error));
    if (call.status == AVOCET_OK) {
        const jdouble found[] = {result.loss, result.temperature_gradient};
        (*env)->SetDoubleArrayRegion(env, sums, 0, 2, found);
    }
}
