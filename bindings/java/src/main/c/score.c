#include "pack.h"

#include <string.h>

/* Two tables and the options of their scores, as ScoreTables has laid them out. */
#define TABLES ANY_MATRIX(left), ANY_MATRIX(right), jlongArray numbers, jobjectArray bases
/* Makes `left`, `right`, `options` and `cost`, the operations of one score, of the parameters TABLES. */
#define READ_TABLES(call)                                                                                    \
    READ_ANY_MATRIX(call, left);                                                                             \
    READ_ANY_MATRIX(call, right);                                                                            \
    score_room room;                                                                                         \
    const avocet_score_options *options = read_options(&(call), &room, numbers, bases);                      \
    const double cost = options == NULL ? (double)left_cols : score_cost(left_cols, options)

typedef struct score_room {
    avocet_score_options options;
    avocet_matrix second_left, second_right;
} score_room;

static float float_of(jlong bits) {
    const uint32_t word = (uint32_t)bits;
    float number;
    memcpy(&number, &word, sizeof number);
    return number;
}

static const avocet_score_options *read_options(call *call, score_room *room, jlongArray numbers, jobjectArray bases) {
    if (numbers == NULL) {
        return NULL;
    }
    pack pack;
    pack_begin(&pack, call, numbers, bases);
    avocet_score_options *options = &room->options;
    *options = (avocet_score_options){.struct_size = sizeof *options, .metric = (int32_t)pack_number(&pack)};
    pack_floats(&pack, (void *)&options->left_scales, READ);
    pack_floats(&pack, (void *)&options->right_scales, READ);
    if (pack_number(&pack) != 0) {
        options->factor = float_of(pack_number(&pack));
        options->second_factor = float_of(pack_number(&pack));
        options->second_left = &room->second_left;
        options->second_right = &room->second_right;
        pack_any_matrix(&pack, &room->second_left);
        pack_any_matrix(&pack, &room->second_right);
        pack_floats(&pack, (void *)&options->second_left_scales, READ);
        pack_floats(&pack, (void *)&options->second_right_scales, READ);
    }
    return options;
}

static double score_cost(jlong cols, const avocet_score_options *options) {
    const double all = (double)cols + (options->second_left == NULL ? 0 : (double)options->second_left->cols);
    return options->metric == AVOCET_METRIC_COSINE ? 3 * all + 32 : all;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_scorePairs(JNIEnv *env, jclass type, TABLES, INDICES(u), INDICES(v),
                                                         ARRAY(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_TABLES(call);
    READ_INDICES(call, u);
    READ_INDICES(call, v);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, (double)u_length * cost, pool,
        avocet_score_pairs(&left, &right, &u, &v, options, out, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_scoreCandidates(JNIEnv *env, jclass type, TABLES, CSR, ARRAY(out),
                                                              jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_TABLES(call);
    READ_CSR(call);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, (double)indices_length * cost + (double)offsets_length, pool,
        avocet_score_candidates(&left, &right, &csr, options, out, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_scoreMatrix(JNIEnv *env, jclass type, TABLES, MATRIX(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_TABLES(call);
    UPDATE_MATRIX(call, out);
    RUN(call, (double)left_rows * (double)right_rows * cost, pool,
        avocet_score_matrix(&left, &right, options, &out, POOL(pool), &call.error));
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
