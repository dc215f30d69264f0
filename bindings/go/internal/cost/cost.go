// Package cost makes the calls that the benchmark of the per-call cost compares with those of package avocet: loops in
// C, and bare calls from Go, with their C functions declared noescape and nocallback (annotated) and not (plain).
package cost

/*
#cgo avocet_system CFLAGS: -DAVOCET_SYSTEM
#cgo avocet_system pkg-config: avocet
#include "../../bridge.h"

static inline void map_loop(int rounds, int32_t function, const float *x, float *out, size_t len) {
    for (int i = 0; i < rounds; i++) {
        avocet_error error;
        avocet_map(function, x, out, len, NULL, &error);
    }
}

static inline void score_pairs_loop(int rounds, go_matrix left, go_matrix right, go_indices u, go_indices v,
                                    float *out) {
    for (int i = 0; i < rounds; i++) {
        avocet_matrix l = go_read(left), r = go_read(right);
        avocet_indices us = go_ids(u), vs = go_ids(v);
        avocet_error error;
        avocet_score_pairs(&l, &r, &us, &vs, NULL, out, NULL, &error);
    }
}

static inline avocet_error annotated_map(int32_t function, const float *x, float *out, size_t len) {
    return go_map(function, x, out, len, 0);
}

static inline avocet_error plain_score_pairs(go_matrix left, go_matrix right, go_indices u, go_indices v, float *out) {
    avocet_matrix l = go_read(left), r = go_read(right);
    avocet_indices us = go_ids(u), vs = go_ids(v);
    GO_CALL(avocet_score_pairs, &l, &r, &us, &vs, NULL, out, NULL);
}

static inline avocet_error annotated_score_pairs(go_matrix left, go_matrix right, go_indices u, go_indices v,
                                                 float *out) {
    return plain_score_pairs(left, right, u, v, out);
}
#cgo noescape annotated_map
#cgo nocallback annotated_map
#cgo noescape annotated_score_pairs
#cgo nocallback annotated_score_pairs
*/
import "C"

import (
	"unsafe"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func matrix(m avocet.Matrix) C.go_matrix {
	return C.go_matrix{data: (*C.float)(&m.Data[0]), rows: C.size_t(m.Rows), cols: C.size_t(m.Cols)}
}

func numbers(s []uint32) C.go_indices {
	return C.go_indices{data: (*C.uint8_t)(unsafe.Pointer(&s[0])), len: C.size_t(len(s)), _type: C.AVOCET_U32}
}

// MapLoop calls avocet_map so many times in one call from Go.
func MapLoop(rounds int, f avocet.Function, x, out []float32) {
	C.map_loop(C.int(rounds), C.int32_t(f), (*C.float)(&x[0]), (*C.float)(&out[0]), C.size_t(len(x)))
}

// Map calls avocet_map once.
func Map(annotated bool, f avocet.Function, x, out []float32) bool {
	from, to, n := (*C.float)(&x[0]), (*C.float)(&out[0]), C.size_t(len(x))
	if annotated {
		return C.annotated_map(C.int32_t(f), from, to, n).status == C.AVOCET_OK
	}
	return C.go_map(C.int32_t(f), from, to, n, 0).status == C.AVOCET_OK
}

// ScorePairsLoop calls avocet_score_pairs so many times in one call from Go.
func ScorePairsLoop(rounds int, left, right avocet.Matrix, u, v []uint32, out []float32) {
	C.score_pairs_loop(C.int(rounds), matrix(left), matrix(right), numbers(u), numbers(v), (*C.float)(&out[0]))
}

// ScorePairs calls avocet_score_pairs once.
func ScorePairs(annotated bool, left, right avocet.Matrix, u, v []uint32, out []float32) bool {
	l, r, us, vs, to := matrix(left), matrix(right), numbers(u), numbers(v), (*C.float)(&out[0])
	if annotated {
		return C.annotated_score_pairs(l, r, us, vs, to).status == C.AVOCET_OK
	}
	return C.plain_score_pairs(l, r, us, vs, to).status == C.AVOCET_OK
}
