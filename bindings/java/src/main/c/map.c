#include "call.h"

JNIEXPORT void JNICALL Java_dev_avocet_Native_map(JNIEnv *env, jclass type, jint function, ARRAY(x), ARRAY(out),
                                                  jlong pool) {
    (void)type;
    call call;
    call_begin(&call, env);
    VIEW(call, const float, x, FLOATS, READ);
    VIEW(call, float, out, FLOATS, WRITE);
    RUN(call, 2.0 * (double)x_length, pool, avocet_map(function, x, out, (size_t)x_length, POOL(pool), &call.error));
}
