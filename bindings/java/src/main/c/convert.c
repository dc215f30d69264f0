#include "call.h"

JNIEXPORT void JNICALL Java_dev_avocet_Native_convert(JNIEnv *env, jclass type, ANY_MATRIX(x), ANY_MATRIX(out),
                                                      jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_ANY_MATRIX(call, x);
    UPDATE_ANY_MATRIX(call, out, out_type);
    RUN(call, (double)x_rows * (double)x_cols, pool, avocet_convert(&x, &out, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_quantizeRows(JNIEnv *env, jclass type, ANY_MATRIX(x), MATRIX(out),
                                                           ARRAY(scales), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_ANY_MATRIX(call, x);
    UPDATE_ANY_MATRIX(call, out, AVOCET_I8);
    VIEW(call, float, scales, FLOATS, WRITE);
    RUN(call, 4.0 * (double)x_rows * (double)x_cols, pool,
        avocet_quantize_rows(&x, &out, scales, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_dequantizeRows(JNIEnv *env, jclass type, MATRIX(x), ARRAY(scales),
                                                             MATRIX(out), jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    avocet_matrix x;
    read_any_matrix(&call, &x, x_base, x_at, x_rows, x_cols, x_stride, AVOCET_I8);
    VIEW(call, const float, scales, FLOATS, READ);
    UPDATE_MATRIX(call, out);
    RUN(call, (double)x_rows * (double)x_cols, pool,
        avocet_dequantize_rows(&x, scales, &out, POOL(pool), &call.error));
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_rowNorms(JNIEnv *env, jclass type, ANY_MATRIX(x), ARRAY(out),
                                                       jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    READ_ANY_MATRIX(call, x);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, (double)x_rows * (double)x_cols, pool, avocet_row_norms(&x, out, POOL(pool), &call.error));
}
