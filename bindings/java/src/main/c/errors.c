#include "call.h"

static jclass failures;
static jmethodID make;

int bind_errors(JNIEnv *env) {
    jclass found = (*env)->FindClass(env, "dev/avocet/Failures");
    if (found == NULL) {
        return 0;
    }
    make = (*env)->GetStaticMethodID(
        env, found, "make", "(IILjava/lang/String;JIJDLjava/lang/String;)Ljava/lang/Throwable;");
    failures = (*env)->NewGlobalRef(env, found);
    (*env)->DeleteLocalRef(env, found);
    return make != NULL && failures != NULL;
}

void unbind_errors(JNIEnv *env) {
    if (failures != NULL) {
        (*env)->DeleteGlobalRef(env, failures);
        failures = NULL;
    }
}

static jstring text_of(JNIEnv *env, const avocet_error *error) {
    char text[512];
    avocet_error_format(error, text, sizeof text);
    return (*env)->NewStringUTF(env, text);
}

jthrowable failure(call *call) {
    JNIEnv *env = call->env;
    const avocet_error *error = &call->error;
    jstring name = (*env)->NewStringUTF(env, error->name);
    jstring text = name == NULL ? NULL : text_of(env, error);
    if (text == NULL) {
        return NULL;
    }
    jobject made = (*env)->CallStaticObjectMethod(
        env, failures, make, (jint)error->status, (jint)error->argument, name, (jlong)error->position,
        (jint)error->value, (jlong)error->integer, (jdouble)error->real, text);
    return (*env)->ExceptionCheck(env) ? NULL : made;
}

void raise(call *call) {
    jthrowable thrown = failure(call);
    if (thrown != NULL) {
        (*call->env)->Throw(call->env, thrown);
    }
}

JNIEXPORT jstring JNICALL Java_dev_avocet_Native_statusName(JNIEnv *env, jclass type, jint status) {
    (void)type;
    return (*env)->NewStringUTF(env, avocet_status_name(status));
}

JNIEXPORT jstring JNICALL Java_dev_avocet_Native_statusMessage(JNIEnv *env, jclass type, jint status) {
    (void)type;
    return (*env)->NewStringUTF(env, avocet_status_message(status));
}

JNIEXPORT jstring JNICALL Java_dev_avocet_Native_errorFormat(JNIEnv *env, jclass type, jint status, jint argument,
                                                             jint value, jlong position, jlong integer, jdouble real,
                                                             jstring name) {
    (void)type;
    const char *chars = (*env)->GetStringUTFChars(env, name, NULL);
    if (chars == NULL) {
        return NULL;
    }
    const avocet_error error = {.status = status, .argument = argument, .value = value, .position = (uint64_t)position,
                                .integer = integer, .real = real, .name = chars};
    jstring text = text_of(env, &error);
    (*env)->ReleaseStringUTFChars(env, name, chars);
    return text;
}
