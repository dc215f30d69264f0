#include "pack.h"

void pack_begin(pack *pack, call *call, jlongArray numbers, jobjectArray bases) {
    JNIEnv *env = call->env;
    pack->call = call;
    pack->bases = bases;
    pack->base = 0;
    pack->next = pack->numbers;
    (*env)->GetLongArrayRegion(env, numbers, 0, (*env)->GetArrayLength(env, numbers), pack->numbers);
}

jlong pack_number(pack *pack) {
    return *pack->next++;
}

/* Only heap arrays are needed as objects; the pack itself keeps buffers alive. */
static jobject base(pack *pack, jlong at) {
    const jsize index = pack->base++;
    return at < 0 ? (*pack->call->env)->GetObjectArrayElement(pack->call->env, pack->bases, index) : NULL;
}

void pack_floats(pack *pack, void *slot, access access) {
    const jlong at = pack_number(pack), length = pack_number(pack);
    view(pack->call, slot, base(pack, at), at, length, FLOATS, access);
}

int pack_matrix(pack *pack, avocet_matrix *matrix) {
    const jlong at = pack_number(pack), rows = pack_number(pack), cols = pack_number(pack), stride = pack_number(pack);
    read_matrix(pack->call, matrix, base(pack, at), at, rows, cols, stride);
    return rows >= 0;
}

int pack_any_matrix(pack *pack, avocet_matrix *matrix) {
    const jlong at = pack_number(pack), rows = pack_number(pack), cols = pack_number(pack), stride = pack_number(pack);
    read_any_matrix(pack->call, matrix, base(pack, at), at, rows, cols, stride, (jint)pack_number(pack));
    return rows >= 0;
}

int pack_matrix_mut(pack *pack, avocet_matrix_mut *matrix) {
    const jlong at = pack_number(pack), rows = pack_number(pack), cols = pack_number(pack), stride = pack_number(pack);
    update_matrix(pack->call, matrix, base(pack, at), at, rows, cols, stride);
    return rows >= 0;
}
