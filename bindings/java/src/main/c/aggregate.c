/* Aggregation and sampling. */

#include "call.h"

#include <string.h>

JNIEXPORT void JNICALL Java_dev_avocet_Native_aggregate(JNIEnv *env, jclass type, jlong graph, MATRIX(x), jint reduce,
                                                        jint accumulate, ARRAY(edge_weights), ARRAY(source_scale),
                                                        ARRAY(row_scale), MATRIX(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_MATRIX(call, x);
    avocet_aggregate_options options = {.struct_size = sizeof options, .reduce = reduce, .accumulate = accumulate};
    view(&call, (void *)&options.edge_weights, edge_weights_base, edge_weights_at, edge_weights_length, FLOATS, READ);
    view(&call, (void *)&options.source_scale, source_scale_base, source_scale_at, source_scale_length, FLOATS, READ);
    view(&call, (void *)&options.row_scale, row_scale_base, row_scale_at, row_scale_length, FLOATS, READ);
    UPDATE_MATRIX(call, out);
    RUN(call, (double)avocet_graph_edges(GRAPH(graph)) * (double)x_cols, pool,
        avocet_aggregate(GRAPH(graph), &x, &options, &out, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_edgeDots(JNIEnv *env, jclass type, jlong graph, MATRIX(left),
                                                       MATRIX(right), ARRAY(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_MATRIX(call, left);
    READ_MATRIX(call, right);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, (double)out_length * (double)left_cols, pool,
        avocet_edge_dots(GRAPH(graph), &left, &right, out, POOL(pool), &call.error));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_sampleNeighbours(JNIEnv *env, jclass type, jlong graph, ARRAY(fanout),
                                                                jint draw, jint layer, jlong seed, ARRAY(edge_weights),
                                                                jlong pool) {
    (void)type;
    call call;
    avocet_graph *sample = NULL;
    call_begin(&call, env);
    VIEW(call, const uint32_t, fanout, INTS, READ);
    avocet_sample_options options = {.struct_size = sizeof options, .draw = draw, .layer = (uint32_t)layer,
                                     .seed = (uint64_t)seed};
    view(&call, (void *)&options.edge_weights, edge_weights_base, edge_weights_at, edge_weights_length, FLOATS, READ);
    RUN(call, 20.0 * (double)avocet_graph_edges(GRAPH(graph)), pool,
        avocet_sample_neighbours(GRAPH(graph), fanout, &options, &sample, POOL(pool), &call.error));
    return (jlong)(intptr_t)sample;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_fitPowerLaw(JNIEnv *env, jclass type, jlong graph, jlongArray out) {
    (void)type;
    call call;
    avocet_power_law law;
    call_begin(&call, env);
    RUN(call, 0, 0, avocet_fit_power_law(GRAPH(graph), &law, &call.error));
    if (call.status == AVOCET_OK) {
        jlong words[2] = {(jlong)law.least, 0};
        memcpy(&words[1], &law.exponent, sizeof law.exponent);
        (*env)->SetLongArrayRegion(env, out, 0, 2, words);
    }
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_adaptiveFanout(JNIEnv *env, jclass type, jlong graph, jlong least,
                                                             jdouble exponent, jint min, jint max, ARRAY(out)) {
    (void)type;
    call call;
    const avocet_power_law law = {(size_t)least, exponent};
    call_begin(&call, env);
    VIEW(call, uint32_t, out, INTS, WRITE);
    RUN(call, 20.0 * (double)out_length, 0,
        avocet_adaptive_fanout(GRAPH(graph), &law, (uint32_t)min, (uint32_t)max, out, &call.error));
}

JNIEXPORT jlong JNICALL Java_dev_avocet_Native_walkNeighbours(JNIEnv *env, jclass type, jlong graph, jlong back,
                                                              ARRAY(fanout), jint walks, jint length, jlong seed,
                                                              jint layer, jlong pool) {
    (void)type;
    call call;
    avocet_graph *walked = NULL;
    const avocet_walk_options options = {.struct_size = sizeof options, .walks = (uint32_t)walks,
                                         .length = (uint32_t)length, .seed = (uint64_t)seed,
                                         .layer = (uint32_t)layer};
    call_begin(&call, env);
    VIEW(call, const uint32_t, fanout, INTS, READ);
    RUN(call, 100.0 * (double)options.walks * (double)options.length * (double)fanout_length, pool,
        avocet_walk_neighbours(GRAPH(graph), GRAPH(back), fanout, &options, &walked, POOL(pool), &call.error));
    return (jlong)(intptr_t)walked;
}
