/* What the C tests share. */

#ifndef TEST_H
#define TEST_H

#include "avocet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                          \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

/* Every call passes &error, and succeeds unless a test says otherwise. */
static avocet_error error;

#define OK(call)                                                                                             \
    do {                                                                                                     \
        if ((call) != AVOCET_OK) {                                                                           \
            char text[200];                                                                                  \
            avocet_error_format(&error, text, sizeof text);                                                  \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, text);                             \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

/* A call that needs a workspace: made again with the size that it asks for. */
#define OK_WITH(workspace, call)                                                                             \
    do {                                                                                                     \
        avocet_status status = (call);                                                                       \
        if (status == AVOCET_ERROR_WORKSPACE_TOO_SMALL) {                                                    \
            OK(avocet_workspace_reserve((workspace), (size_t)error.integer, &error));                        \
            status = (call);                                                                                 \
        }                                                                                                    \
        OK(status);                                                                                          \
    } while (0)

static inline avocet_matrix matrix(const float *data, size_t rows, size_t cols) {
    avocet_matrix view = {0};
    view.data = data;
    view.rows = rows;
    view.cols = cols;
    return view;
}

static inline avocet_matrix_mut matrix_mut(float *data, size_t rows, size_t cols) {
    avocet_matrix_mut view = {0};
    view.data = data;
    view.rows = rows;
    view.cols = cols;
    return view;
}

static inline avocet_indices indices(const void *data, size_t len, int32_t index_type) {
    avocet_indices view = {0};
    view.data = data;
    view.len = len;
    view.index_type = index_type;
    return view;
}

static inline avocet_csr csr(const int64_t *offsets, size_t rows, const uint32_t *columns, size_t cols) {
    avocet_csr view = {0};
    view.rows = rows;
    view.cols = cols;
    view.edges = (size_t)offsets[rows];
    view.offsets = offsets;
    view.indices = columns;
    view.offset_type = AVOCET_I64;
    view.index_type = AVOCET_U32;
    return view;
}

static inline avocet_edge_term edge_term(int32_t kind) {
    avocet_edge_term term = {0};
    term.struct_size = sizeof term;
    term.kind = kind;
    term.temperature = 1;
    term.weight = 1;
    return term;
}

static inline avocet_softmax_term softmax_term(void) {
    avocet_softmax_term term = {0};
    term.struct_size = sizeof term;
    term.temperature = 1;
    term.weight = 1;
    return term;
}

static inline avocet_walk_options walk_options(void) {
    avocet_walk_options options = {0};
    options.struct_size = sizeof options;
    options.walks = 9;
    options.length = 1;
    return options;
}

/* SplitMix64. */
static uint64_t random_state = 1;

static inline uint64_t random_bits(void) {
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Below `limit`. */
static inline uint32_t random_below(uint32_t limit) {
    return (uint32_t)(random_bits() >> 32) % limit;
}

/* Values in [-1, 1). */
static inline void random_values(float *out, size_t len) {
    for (size_t i = 0; i < len; i++) {
        out[i] = (float)(random_bits() >> 40) / (float)(1 << 23) - 1;
    }
}

#endif
