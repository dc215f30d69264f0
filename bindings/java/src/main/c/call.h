/* What the families share: the arguments of a call, its memory, and what becomes of its status. */

#ifndef CALL_H
#define CALL_H

#include "avocet.h"
#include "dev_avocet_Native.h"

/* Parameters of a native method, as Native.java describes them. */
#define ARRAY(name) jobject name##_base, jlong name##_at, jlong name##_length
#define INDICES(name) ARRAY(name), jint name##_type
#define MATRIX(name) jobject name##_base, jlong name##_at, jlong name##_rows, jlong name##_cols, jlong name##_stride
#define ANY_MATRIX(name) MATRIX(name), jint name##_type
#define CSR jlong cols, INDICES(offsets), INDICES(indices)
#define TARGETS ARRAY(labels), ARRAY(label_weights), ARRAY(a), ARRAY(b), jint signed_weights

#define POINTER(type, handle) ((type *)(intptr_t)(handle))
#define GRAPH(handle) POINTER(const avocet_graph, handle)
#define POOL(handle) POINTER(const avocet_pool, handle)
#define WORKSPACE(handle) POINTER(avocet_workspace, handle)

/* WRITE is for memory that a successful call fills without gaps; UPDATE for other outputs. Doubles are only read. */
typedef enum access { READ, WRITE, UPDATE } access;
typedef enum element { FLOATS, INTS, LONGS, BYTES, SHORTS, DOUBLES } element;

/* dual_backward has the most: 4 + 7 * 4 of the layer, 6 of the result, 2 + 16 gradients. */
#define MOST_VIEWS 64

/* A part of a Java array, which gets an address when the views are opened. */
typedef struct heap_view {
    jobject array;
    size_t start, bytes; /* in bytes */
    void *slot;          /* the pointer to set */
    char *address;
    int owner; /* the first view of the same array */
    int block; /* the first of the views that overlap with this one, through others perhaps */
    element element;
    access access;
} heap_view;

typedef struct call {
    JNIEnv *env;
    avocet_error error;
    avocet_status status;
    int views;
    int critical; /* arrays held; -1 if the views are copies */
    void *scratch;
    heap_view *heap; /* `usual`, or room for more */
    heap_view usual[MOST_VIEWS];
    _Alignas(16) char small[4096];
} call;

void call_begin(call *call, JNIEnv *env);

/* Sets the pointer at `slot` at once, or when the views are opened. */
void view(call *call, void *slot, jobject base, jlong at, jlong length, element element, access access);
void read_matrix(call *call, avocet_matrix *matrix, MATRIX(x));
void read_any_matrix(call *call, avocet_matrix *matrix, MATRIX(x), jint type);
void update_matrix(call *call, avocet_matrix_mut *matrix, MATRIX(x));
void update_any_matrix(call *call, avocet_matrix_mut *matrix, MATRIX(x), jint type);
void read_indices(call *call, avocet_indices *indices, INDICES(x));

/*
 * Views of heap arrays are copied if they are small, held critical if the call is short (no pool, and `work` fused
 * operations or the like take less than some 100 microseconds), else copied. Returns 0 with a pending exception if
 * memory is lacking.
 */
int open_views(call *call, double work, jlong pool);
/* Outputs are written back if the call succeeded. */
void close_views(call *call);
/* Makes the workspace as large as the failed call needs. */
avocet_status grow(call *call, jlong workspace);
/* Throws that so many bytes are lacking. */
void out_of_memory(call *call, size_t bytes);
/* What the failed call's error says, or NULL with a pending exception. */
jthrowable failure(call *call);
/* Throws it. */
void raise(call *call);

/* Time that the lengths of arrays do not tell: arrays are never held. */
#define LONG_WORK 1e9

/* Makes the call, with a larger workspace if need be; throws if it fails. */
#define RUN_WITH(call, work, pool, workspace, invocation)                                                    \
    do {                                                                                                     \
        if (open_views(&(call), (work), (pool))) {                                                           \
            do {                                                                                             \
                (call).status = (invocation);                                                                \
            } while ((call).status == AVOCET_ERROR_WORKSPACE_TOO_SMALL && grow(&(call), (workspace)) == AVOCET_OK); \
            close_views(&(call));                                                                            \
            if ((call).status != AVOCET_OK) {                                                                \
                raise(&(call));                                                                              \
            }                                                                                                \
        }                                                                                                    \
    } while (0)
#define RUN(call, work, pool, invocation) RUN_WITH(call, work, pool, 0, invocation)

#define READ_MATRIX(call, name)                                                                              \
    avocet_matrix name;                                                                                      \
    read_matrix(&(call), &name, name##_base, name##_at, name##_rows, name##_cols, name##_stride)
#define READ_ANY_MATRIX(call, name)                                                                          \
    avocet_matrix name;                                                                                      \
    read_any_matrix(&(call), &name, name##_base, name##_at, name##_rows, name##_cols, name##_stride, name##_type)
#define UPDATE_MATRIX(call, name)                                                                            \
    avocet_matrix_mut name;                                                                                  \
    update_matrix(&(call), &name, name##_base, name##_at, name##_rows, name##_cols, name##_stride)
#define UPDATE_ANY_MATRIX(call, name, type)                                                                  \
    avocet_matrix_mut name;                                                                                  \
    update_any_matrix(&(call), &name, name##_base, name##_at, name##_rows, name##_cols, name##_stride, type)
#define READ_INDICES(call, name)                                                                             \
    avocet_indices name;                                                                                     \
    read_indices(&(call), &name, name##_base, name##_at, name##_length, name##_type)
#define VIEW(call, type, name, element, access)                                                              \
    type *name;                                                                                              \
    view(&(call), (void *)&name, name##_base, name##_at, name##_length, element, access)
/* Makes `csr` of the parameters CSR. */
#define READ_CSR(call)                                                                                       \
    avocet_csr csr = {.rows = (size_t)offsets_length - 1, .cols = (size_t)cols,                              \
                      .edges = (size_t)indices_length, .offset_type = offsets_type,                          \
                      .index_type = indices_type};                                                           \
    view(&(call), (void *)&csr.offsets, offsets_base, offsets_at, offsets_length,                            \
         offsets_type == AVOCET_I64 ? LONGS : INTS, READ);                                                   \
    view(&(call), (void *)&csr.indices, indices_base, indices_at, indices_length,                            \
         indices_type == AVOCET_I64 ? LONGS : INTS, READ)
/* Makes `targets` of the parameters TARGETS. */
#define READ_TARGETS(call)                                                                                   \
    avocet_logistic_targets targets = {.struct_size = sizeof targets, .signed_weights = signed_weights};     \
    view(&(call), (void *)&targets.labels, labels_base, labels_at, labels_length, FLOATS, READ);             \
    view(&(call), (void *)&targets.weights, label_weights_base, label_weights_at, label_weights_length, FLOATS, READ); \
    view(&(call), (void *)&targets.a, a_base, a_at, a_length, FLOATS, READ);                                 \
    view(&(call), (void *)&targets.b, b_base, b_at, b_length, FLOATS, READ)

/* Bind what the library calls back: the class that makes exceptions. */
int bind_errors(JNIEnv *env);
void unbind_errors(JNIEnv *env);

#endif
