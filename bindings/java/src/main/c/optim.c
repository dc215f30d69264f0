#include "call.h"

JNIEXPORT void JNICALL Java_dev_avocet_Native_adam(JNIEnv *env, jclass type, jfloat rate, jlong step, jfloat beta1,
                                                   jfloat beta2, jfloat epsilon, ARRAY(parameters), ARRAY(gradient),
                                                   ARRAY(first), ARRAY(second), jlong pool) {
    (void)type;
    call call;
    const avocet_adam_options options = {.struct_size = sizeof options, .beta1 = beta1, .beta2 = beta2,
                                         .epsilon = epsilon};
    call_begin(&call, env);
    VIEW(call, float, parameters, FLOATS, UPDATE);
    VIEW(call, const float, gradient, FLOATS, READ);
    VIEW(call, float, first, FLOATS, UPDATE);
    VIEW(call, float, second, FLOATS, UPDATE);
    RUN(call, 8.0 * (double)parameters_length, pool,
        avocet_adam(rate, (uint64_t)step, &options, parameters, gradient, first, second, (size_t)parameters_length,
                    POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_adagradRows(JNIEnv *env, jclass type, jfloat rate, jfloat epsilon,
                                                          INDICES(rows), MATRIX(gradient), MATRIX(table),
                                                          MATRIX(squares), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_INDICES(call, rows);
    READ_MATRIX(call, gradient);
    UPDATE_MATRIX(call, table);
    UPDATE_MATRIX(call, squares);
    RUN(call, 8.0 * (double)gradient_rows * (double)gradient_cols, pool,
        avocet_adagrad_rows(rate, epsilon, &rows, &gradient, &table, &squares, POOL(pool), &call.error));
}
