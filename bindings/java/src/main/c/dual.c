#include "pack.h"

#include <math.h>

/* All that the layer points to. */
typedef struct layer {
    avocet_dual_layer layer;
    avocet_matrix sources, targets, source_weights, target_weights;
    avocet_dual_relation relations[AVOCET_MAX_RELATIONS];
    avocet_matrix across[AVOCET_MAX_RELATIONS], along[AVOCET_MAX_RELATIONS];
} layer;

static void read_layer(layer *to, call *call, jlongArray numbers, jobjectArray bases) {
    pack pack;
    pack_begin(&pack, call, numbers, bases);
    pack_matrix(&pack, &to->sources);
    pack_matrix(&pack, &to->targets);
    pack_matrix(&pack, &to->source_weights);
    pack_matrix(&pack, &to->target_weights);
    to->layer = (avocet_dual_layer){.struct_size = sizeof to->layer, .sources = &to->sources, .targets = &to->targets,
                                    .source_weights = &to->source_weights, .target_weights = &to->target_weights,
                                    .relations = to->relations};
    to->layer.own = GRAPH(pack_number(&pack));
    to->layer.activation = (int32_t)pack_number(&pack);
    to->layer.normalise = (int32_t)pack_number(&pack);
    to->layer.relation_count = (size_t)pack_number(&pack);
    for (size_t i = 0; i < to->layer.relation_count; i++) {
        avocet_dual_relation *relation = &to->relations[i];
        relation->out = GRAPH(pack_number(&pack));
        relation->into = GRAPH(pack_number(&pack));
        pack_floats(&pack, (void *)&relation->out_scale, READ);
        pack_floats(&pack, (void *)&relation->into_scale, READ);
        pack_matrix(&pack, &to->across[i]);
        relation->across = &to->across[i];
        relation->along = pack_matrix(&pack, &to->along[i]) ? &to->along[i] : NULL;
    }
}

/* A layer is never a short call: arrays that are not small are copied. */
JNIEXPORT void JNICALL Java_dev_avocet_Native_dualForward(JNIEnv *env, jclass type, jlongArray layer_numbers,
                                                          jobjectArray layer_bases, jlongArray out_numbers,
                                                          jobjectArray out_bases, jlong pool, jlong workspace) {
    (void)type;
    call call;
    layer layer;
    pack pack;
    avocet_matrix_mut sources, targets;
    call_begin(&call, env);
    if ((*env)->EnsureLocalCapacity(env, MOST_VIEWS + 8) != 0) {
        return;
    }
    read_layer(&layer, &call, layer_numbers, layer_bases);
    pack_begin(&pack, &call, out_numbers, out_bases);
    pack_matrix_mut(&pack, &sources);
    pack_matrix_mut(&pack, &targets);
    avocet_dual_rows rows = {.struct_size = sizeof rows, .sources = &sources, .targets = &targets};
    pack_floats(&pack, &rows.source_norms, UPDATE);
    pack_floats(&pack, &rows.target_norms, UPDATE);
    RUN_WITH(call, INFINITY, pool, workspace,
             avocet_dual_forward(&layer.layer, &rows, POOL(pool), WORKSPACE(workspace), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_dualBackward(JNIEnv *env, jclass type, jlongArray layer_numbers,
                                                           jobjectArray layer_bases, jlongArray result_numbers,
                                                           jobjectArray result_bases, jlongArray gradient_numbers,
                                                           jobjectArray gradient_bases, jlong pool, jlong workspace) {
    (void)type;
    call call;
    layer layer;
    pack pack;
    avocet_matrix y[2], dy[2];
    avocet_matrix_mut d[2], weights[2 + 2 * AVOCET_MAX_RELATIONS];
    avocet_dual_back back[AVOCET_MAX_RELATIONS];
    call_begin(&call, env);
    if ((*env)->EnsureLocalCapacity(env, MOST_VIEWS + 8) != 0) {
        return;
    }
    read_layer(&layer, &call, layer_numbers, layer_bases);

    pack_begin(&pack, &call, result_numbers, result_bases);
    avocet_dual_result result = {.struct_size = sizeof result, .sources = &y[0], .targets = &y[1],
                                 .source_gradient = &dy[0], .target_gradient = &dy[1], .back = back};
    pack_matrix(&pack, &y[0]);
    pack_matrix(&pack, &y[1]);
    pack_floats(&pack, (void *)&result.source_norms, READ);
    pack_floats(&pack, (void *)&result.target_norms, READ);
    pack_matrix(&pack, &dy[0]);
    pack_matrix(&pack, &dy[1]);
    result.own = GRAPH(pack_number(&pack));
    for (size_t i = 0; i < layer.layer.relation_count; i++) {
        back[i].out = GRAPH(pack_number(&pack));
        back[i].into = GRAPH(pack_number(&pack));
    }

    pack_begin(&pack, &call, gradient_numbers, gradient_bases);
    avocet_dual_gradients gradients = {.struct_size = sizeof gradients, .weights = weights};
    gradients.sources = pack_matrix_mut(&pack, &d[0]) ? &d[0] : NULL;
    gradients.targets = pack_matrix_mut(&pack, &d[1]) ? &d[1] : NULL;
    gradients.weight_count = (size_t)pack_number(&pack);
    for (size_t i = 0; i < gradients.weight_count; i++) {
        pack_matrix_mut(&pack, &weights[i]);
    }
    RUN_WITH(call, INFINITY, pool, workspace,
             avocet_dual_backward(&layer.layer, &result, &gradients, POOL(pool), WORKSPACE(workspace), &call.error));
}
