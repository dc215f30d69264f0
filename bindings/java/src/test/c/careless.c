/* Misuses JNI when loaded: a call with an exception pending. Shows that the tests notice such things. */

#include <jni.h>

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved);

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
    (void)reserved;
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) == JNI_OK) {
        (*env)->ThrowNew(env, (*env)->FindClass(env, "java/lang/IllegalStateException"), "left pending");
        (*env)->FindClass(env, "java/lang/String");
        (*env)->ExceptionClear(env);
    }
    return JNI_VERSION_1_8;
}
