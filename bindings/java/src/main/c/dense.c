#include "pack.h"

static avocet_dense_options dense_options(jint accumulate, jint activation, jint normalise) {
    return (avocet_dense_options){.struct_size = sizeof(avocet_dense_options), .accumulate = accumulate,
                                  .activation = activation, .normalise = normalise};
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_denseProduct(JNIEnv *env, jclass type, jlongArray numbers,
                                                           jobjectArray bases, jint count, jint accumulate,
                                                           jint activation, jint normalise, MATRIX(out), ARRAY(norms),
                                                           jlong pool, jlong workspace) {
    (void)type;
    call call;
    pack pack;
    call_begin(&call, env);
    if ((*env)->EnsureLocalCapacity(env, 2 * AVOCET_MAX_ADDENDS + 8) != 0) {
        return;
    }
    pack_begin(&pack, &call, numbers, bases);
    avocet_addend addends[AVOCET_MAX_ADDENDS];
    double inner = 0;
    for (jint i = 0; i < count; i++) {
        pack_matrix(&pack, &addends[i].x);
        pack_matrix(&pack, &addends[i].w);
        addends[i].transposed = (int32_t)pack_number(&pack);
        inner += (double)addends[i].x.cols;
    }
    const avocet_dense_options options = dense_options(accumulate, activation, normalise);
    UPDATE_MATRIX(call, out);
    VIEW(call, float, norms, FLOATS, UPDATE);
    RUN_WITH(call, (double)out_rows * (double)out_cols * (inner + 16), pool, workspace,
             avocet_dense_product(addends, (size_t)count, &options, &out, norms, POOL(pool), WORKSPACE(workspace),
                                  &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_denseActivate(JNIEnv *env, jclass type, jint activation, jint normalise,
                                                            MATRIX(rows), ARRAY(norms), jlong pool) {
    (void)type;
    call call;
    const avocet_dense_options options = dense_options(0, activation, normalise);
    call_begin(&call, env);
    UPDATE_MATRIX(call, rows);
    VIEW(call, float, norms, FLOATS, UPDATE);
    RUN(call, 4.0 * (double)rows_rows * (double)rows_cols, pool,
        avocet_dense_activate(&options, &rows, norms, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_denseActivateBackward(JNIEnv *env, jclass type, jint activation,
                                                                    jint normalise, MATRIX(y), ARRAY(norms),
                                                                    MATRIX(dy), MATRIX(dz), jlong pool) {
    (void)type;
    call call;
    const avocet_dense_options options = dense_options(0, activation, normalise);
    call_begin(&call, env);
    READ_MATRIX(call, y);
    VIEW(call, const float, norms, FLOATS, READ);
    READ_MATRIX(call, dy);
    UPDATE_MATRIX(call, dz);
    RUN(call, 4.0 * (double)y_rows * (double)y_cols, pool,
        avocet_dense_activate_backward(&options, &y, norms, &dy, &dz, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_denseWeightGradient(JNIEnv *env, jclass type, MATRIX(x), MATRIX(dz),
                                                                  jint accumulate, MATRIX(out), jlong pool,
                                                                  jlong workspace) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_MATRIX(call, x);
    READ_MATRIX(call, dz);
    UPDATE_MATRIX(call, out);
    RUN_WITH(call, (double)x_rows * (double)x_cols * (double)dz_cols, pool, workspace,
             avocet_dense_weight_gradient(&x, &dz, accumulate, &out, POOL(pool), WORKSPACE(workspace), &call.error));
}
