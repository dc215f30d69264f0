#include "call.h"

#include <stdlib.h>
#include <string.h>

/* A call that is estimated at more than this is not made while arrays are held: 100 microseconds of the slowest tier. */
#define SHORT_WORK 131072.0
/* One region copy keeps the collector waiting for some 20 microseconds. */
#define CHUNK_BYTES ((size_t)256 * 1024)

static const size_t element_bytes[] = {sizeof(jfloat), sizeof(jint), sizeof(jlong), sizeof(jbyte),
                                       sizeof(jshort), sizeof(jdouble)};

void call_begin(call *call, JNIEnv *env) {
    call->env = env;
    call->status = AVOCET_OK;
    call->views = 0;
    call->heap = call->usual;
}

void out_of_memory(call *call, size_t bytes) {
    call->status = AVOCET_ERROR_OUT_OF_MEMORY;
    call->error = (avocet_error){.status = AVOCET_ERROR_OUT_OF_MEMORY, .value = AVOCET_VALUE_INTEGER,
                                 .integer = (int64_t)bytes, .name = ""};
    raise(call);
}

static void set(void *slot, void *address) {
    memcpy(slot, &address, sizeof address);
}

void view(call *call, void *slot, jobject base, jlong at, jlong length, element element, access access) {
    /* An array without elements is there all the same: NULL can mean that one is not wanted. */
    static double nothing;
    set(slot, at < 0 ? (length == 0 ? (void *)&nothing : NULL) : (void *)(intptr_t)at);
    if (at < 0 && length > 0) {
        heap_view *view = &call->heap[call->views++];
        view->array = base;
        view->start = (size_t)~at;
        view->bytes = (size_t)length * element_bytes[element];
        view->slot = slot;
        view->element = element;
        view->access = access;
    }
}

static jlong extent(jlong rows, jlong cols, jlong stride) {
    return rows <= 0 || cols == 0 ? 0 : (rows - 1) * stride + cols;
}

static element element_of(jint type) {
    return type == AVOCET_F32 ? FLOATS : type == AVOCET_I8 ? BYTES : SHORTS;
}

void read_any_matrix(call *call, avocet_matrix *matrix, MATRIX(x), jint type) {
    *matrix = (avocet_matrix){.rows = (size_t)x_rows, .cols = (size_t)x_cols, .stride = (size_t)x_stride,
                              .element_type = type};
    view(call, (void *)&matrix->data, x_base, x_at, extent(x_rows, x_cols, x_stride), element_of(type),
         READ);
}

void read_matrix(call *call, avocet_matrix *matrix, MATRIX(x)) {
    read_any_matrix(call, matrix, x_base, x_at, x_rows, x_cols, x_stride, AVOCET_F32);
}

void update_any_matrix(call *call, avocet_matrix_mut *matrix, MATRIX(x), jint type) {
    *matrix = (avocet_matrix_mut){.rows = (size_t)x_rows, .cols = (size_t)x_cols, .stride = (size_t)x_stride,
                                  .element_type = type};
    view(call, &matrix->data, x_base, x_at, extent(x_rows, x_cols, x_stride), element_of(type), UPDATE);
}

void update_matrix(call *call, avocet_matrix_mut *matrix, MATRIX(x)) {
    update_any_matrix(call, matrix, x_base, x_at, x_rows, x_cols, x_stride, AVOCET_F32);
}

void read_indices(call *call, avocet_indices *indices, INDICES(x)) {
    *indices = (avocet_indices){.len = (size_t)x_length, .index_type = x_type};
    view(call, (void *)&indices->data, x_base, x_at, x_length, x_type == AVOCET_I64 ? LONGS : INTS, READ);
}

/* Finds out which views are of one array. */
static void find_owners(call *call) {
    for (int i = 0; i < call->views; i++) {
        heap_view *view = &call->heap[i];
        view->owner = view->block = i;
        for (int j = 0; j < i && view->owner == i; j++) {
            const heap_view *other = &call->heap[j];
            if (other->owner == j && other->element == view->element &&
                (*call->env)->IsSameObject(call->env, other->array, view->array)) {
                view->owner = j;
            }
        }
    }
}

/* Gives views that overlap one block, so that the C library sees in the copies what it would see in the arrays. */
static void find_blocks(call *call) {
    for (int changed = 1; changed;) {
        changed = 0;
        for (int i = 0; i < call->views; i++) {
            for (int j = 0; j < i; j++) {
                heap_view *a = &call->heap[j], *b = &call->heap[i];
                if (a->owner == b->owner && a->start < b->start + b->bytes && b->start < a->start + a->bytes &&
                    a->block != b->block) {
                    a->block = b->block = a->block < b->block ? a->block : b->block;
                    changed = 1;
                }
            }
        }
    }
}

/* Copies a view from its array or back, a chunk at a time. */
static void copy(call *call, const heap_view *view, int back) {
    JNIEnv *env = call->env;
    for (size_t done = 0; done < view->bytes; done += CHUNK_BYTES) {
        const size_t left = view->bytes - done, size = element_bytes[view->element];
        const jsize from = (jsize)((view->start + done) / size);
        const jsize count = (jsize)((left < CHUNK_BYTES ? left : CHUNK_BYTES) / size);
        void *at = view->address + done;
        if (view->element == FLOATS && back) {
            (*env)->SetFloatArrayRegion(env, view->array, from, count, at);
        } else if (view->element == FLOATS) {
            (*env)->GetFloatArrayRegion(env, view->array, from, count, at);
        } else if (view->element == INTS && back) {
            (*env)->SetIntArrayRegion(env, view->array, from, count, at);
        } else if (view->element == INTS) {
            (*env)->GetIntArrayRegion(env, view->array, from, count, at);
        } else if (view->element == LONGS && back) {
            (*env)->SetLongArrayRegion(env, view->array, from, count, at);
        } else if (view->element == LONGS) {
            (*env)->GetLongArrayRegion(env, view->array, from, count, at);
        } else if (view->element == SHORTS && back) {
            (*env)->SetShortArrayRegion(env, view->array, from, count, at);
        } else if (view->element == SHORTS) {
            (*env)->GetShortArrayRegion(env, view->array, from, count, at);
        } else if (view->element == DOUBLES) {
            (*env)->GetDoubleArrayRegion(env, view->array, from, count, at);
        } else if (back) {
            (*env)->SetByteArrayRegion(env, view->array, from, count, at);
        } else {
            (*env)->GetByteArrayRegion(env, view->array, from, count, at);
        }
    }
}

/* The bytes that a block, named by its first view, has from `*start` on; rounded up so that the next is aligned. */
static size_t block_bytes(const call *call, int block, size_t *start) {
    size_t end = 0;
    *start = SIZE_MAX;
    for (int i = block; i < call->views; i++) {
        const heap_view *view = &call->heap[i];
        if (view->block == block) {
            *start = view->start < *start ? view->start : *start;
            end = view->start + view->bytes > end ? view->start + view->bytes : end;
        }
    }
    return (end - *start + 15) / 16 * 16;
}

static int open_copies(call *call) {
    size_t start, total = 0;
    find_owners(call);
    find_blocks(call);
    for (int i = 0; i < call->views; i++) {
        if (call->heap[i].block == i) {
            total += block_bytes(call, i, &start);
        }
    }
    char *next = call->small;
    if (total > sizeof call->small) {
        next = call->scratch = malloc(total);
        if (next == NULL) {
            out_of_memory(call, total);
            return 0;
        }
    }
    for (int block = 0; block < call->views; block++) {
        if (call->heap[block].block != block) {
            continue;
        }
        size_t bytes = block_bytes(call, block, &start);
        for (int i = block; i < call->views; i++) {
            heap_view *view = &call->heap[i];
            if (view->block == block) {
                view->address = next + (view->start - start);
                if (view->access != WRITE) {
                    copy(call, view, 0);
                }
                set(view->slot, view->address);
            }
        }
        next += bytes;
    }
    return 1;
}

static void release_critical(call *call) {
    while (call->critical-- > 0) {
        const heap_view *owner = &call->heap[call->critical];
        if (owner->owner != call->critical) {
            continue;
        }
        int written = 0;
        for (int i = call->critical; i < call->views; i++) {
            written |= call->heap[i].owner == call->critical && call->heap[i].access != READ;
        }
        const jint mode = written && call->status == AVOCET_OK ? 0 : JNI_ABORT;
        (*call->env)->ReleasePrimitiveArrayCritical(call->env, owner->array, owner->address - owner->start, mode);
    }
}

static int open_critical(call *call) {
    find_owners(call);
    for (call->critical = 0; call->critical < call->views; call->critical++) {
        heap_view *view = &call->heap[call->critical];
        if (view->owner != call->critical) {
            const heap_view *owner = &call->heap[view->owner];
            view->address = owner->address - owner->start + view->start;
        } else {
            char *array = (*call->env)->GetPrimitiveArrayCritical(call->env, view->array, NULL);
            if (array == NULL) {
                call->status = AVOCET_ERROR_OUT_OF_MEMORY;
                release_critical(call);
                call->error = (avocet_error){.status = AVOCET_ERROR_OUT_OF_MEMORY, .name = ""};
                raise(call);
                return 0;
            }
            view->address = array + view->start;
        }
        set(view->slot, view->address);
    }
    return 1;
}

int open_views(call *call, double work, jlong pool) {
    call->critical = -1;
    call->scratch = NULL;
    if (call->views == 0) {
        return 1;
    }
    size_t bytes = 0;
    for (int i = 0; i < call->views; i++) {
        bytes += call->heap[i].bytes;
    }
    const int is_short = pool == 0 && work + (double)bytes / 4 <= SHORT_WORK;
    return bytes > sizeof call->small && is_short ? open_critical(call) : open_copies(call);
}

void close_views(call *call) {
    if (call->critical >= 0) {
        release_critical(call);
    } else if (call->views > 0) {
        for (int i = 0; i < call->views && call->status == AVOCET_OK; i++) {
            if (call->heap[i].access != READ) {
                copy(call, &call->heap[i], 1);
            }
        }
        free(call->scratch);
    }
}

avocet_status grow(call *call, jlong workspace) {
    const avocet_error too_small = call->error;
    call->status = avocet_workspace_reserve(WORKSPACE(workspace), (size_t)too_small.integer, &call->error);
    if (call->status != AVOCET_OK) {
        /* The caller knows of the call's argument, not of that of reserve. */
        call->error.argument = too_small.argument;
        call->error.name = too_small.name;
    }
    return call->status;
}
