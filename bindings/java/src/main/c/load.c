/* Loading: the handshake first, then everything else. */

#include "call.h"

#ifndef AVOCET_JNI_INTERFACE
#define AVOCET_JNI_INTERFACE dev_avocet_Native_INTERFACE
#endif

static jclass natives;

static const JNINativeMethod methods[] = {
#include "methods.inc"
};

/* Only what every version can answer is bound before Java has compared the numbers. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
    (void)reserved;
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK) {
        return JNI_ERR;
    }
    jclass found = (*env)->FindClass(env, "dev/avocet/Native");
    if (found == NULL) {
        return JNI_ERR;
    }
    natives = (*env)->NewGlobalRef(env, found);
    (*env)->DeleteLocalRef(env, found);
    const JNINativeMethod first[] = {
        {(char *)"handshake", (char *)"()[I", __extension__(void *)Java_dev_avocet_Native_handshake},
        {(char *)"bind", (char *)"()V", __extension__(void *)Java_dev_avocet_Native_bind},
    };
    return natives != NULL && (*env)->RegisterNatives(env, natives, first, 2) == 0 ? JNI_VERSION_1_8 : JNI_ERR;
}

JNIEXPORT void JNICALL JNI_OnUnload(JavaVM *vm, void *reserved) {
    (void)reserved;
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) == JNI_OK) {
        unbind_errors(env);
        if (natives != NULL) {
            (*env)->DeleteGlobalRef(env, natives);
            natives = NULL;
        }
    }
}

JNIEXPORT jintArray JNICALL Java_dev_avocet_Native_handshake(JNIEnv *env, jclass type) {
    (void)type;
    const jint numbers[] = {AVOCET_JNI_INTERFACE, AVOCET_ABI_VERSION, AVOCET_VERSION_NUMBER, avocet_abi_version(),
                            avocet_version_number()};
    const jsize count = (jsize)(sizeof numbers / sizeof *numbers);
    jintArray array = (*env)->NewIntArray(env, count);
    if (array != NULL) {
        (*env)->SetIntArrayRegion(env, array, 0, count, numbers);
    }
    return array;
}

JNIEXPORT void JNICALL Java_dev_avocet_Native_bind(JNIEnv *env, jclass type) {
    if (bind_errors(env)) {
        (*env)->RegisterNatives(env, type, methods, (jint)(sizeof methods / sizeof *methods));
    }
}
