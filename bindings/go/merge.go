package avocet

/*
#include "bridge.h"
#cgo noescape go_logistic_parts
#cgo nocallback go_logistic_parts
#cgo noescape go_logistic_merge
#cgo nocallback go_logistic_merge
#cgo noescape go_calibration_merge
#cgo nocallback go_calibration_merge
*/
import "C"

import "unsafe"

// LogisticParts cuts a range of rows, for a worker that has no others, into pieces whose sums can be merged, and returns
// the beginning of sizes, which it fills with the number of rows of each; [MaxLogisticParts] places are enough. The worker
// calls [LogisticBatch], [LogisticLoss], [LogisticProduct] or [Calibration] for each piece; [LogisticMerge] and
// [CalibrationMerge] add what all workers got, to the bits of one call over all rows.
//
// firstRow is a multiple of 1024; so is rows, unless the range ends where the data ends. Each piece has 1024 * 2^k rows
// and begins at a multiple of their number.
//
// C: avocet_logistic_parts
func LogisticParts(firstRow, rows int, sizes []int) ([]int, error) {
	c := begin()
	first := c.size(1, "first_row", firstRow)
	n := c.size(2, "rows", rows)
	if c.failed() {
		return nil, c.err
	}
	var count C.size_t
	if err := c.end(C.go_logistic_parts(first, n, sizesOf(sizes), C.size_t(len(sizes)), &count)); err != nil {
		return nil, err
	}
	return sizes[:count], nil
}

// LogisticMerge computes the sums over all rows from those over parts of them, with the bits of one call over all rows.
//
// Part i has rows[i] rows and gave sums[i]; parts are in the order of their rows, from row 0 on, and may be without rows.
// Each must be one of the pieces of [LogisticParts], or parts are equal blocks of 1024 * 2^k rows, the last one shorter.
// The sum of [LogisticLoss] or [LogisticProduct] stands as Loss. vectors, which may be nil, has in row i what part i gave
// of a vector that is a sum over rows (gradient, curvature, product, or several side by side); vector, with a value for
// each of its columns, receives their sum.
//
// C: avocet_logistic_merge
func LogisticMerge(rows []int, sums []LogisticSums, vectors *Matrix, vector []float32) (LogisticSums, error) {
	c := begin()
	n := c.sizes(1, "rows", rows)
	c.length(2, "sums", sums == nil, len(sums), len(rows))
	from, hasVectors := c.optionalMatrix(3, "vectors", vectors)
	var to *C.float
	if vectors != nil {
		to = c.floats(6, "vector", vector, vectors.Cols)
	}
	if c.failed() {
		return LogisticSums{}, c.err
	}
	var total LogisticSums
	err := c.end(C.go_logistic_merge(n, unsafe.SliceData(sums).c(), from, hasVectors, C.size_t(len(rows)), total.c(), to))
	return total, err
}

// CalibrationMerge computes the sums over all rows from those over parts of them, with the bits of one call of
// [Calibration] over all rows; rows and parts are as in [LogisticMerge].
//
// C: avocet_calibration_merge
func CalibrationMerge(rows []int, parts []CalibrationResult) (CalibrationResult, error) {
	c := begin()
	n := c.sizes(1, "rows", rows)
	c.length(2, "parts", parts == nil, len(parts), len(rows))
	if c.failed() {
		return CalibrationResult{}, c.err
	}
	var out CalibrationResult
	err := c.end(C.go_calibration_merge(n, unsafe.SliceData(parts).c(), C.size_t(len(rows)), out.c()))
	return out, err
}

// sizes is numbers of rows, none below 0.
func (c *call) sizes(argument int, name string, s []int) *C.size_t {
	for i, n := range s {
		if n < 0 {
			c.at = i
			c.refuseInteger(ErrInvalidArgument, argument, name, n)
			c.at = 0
			break
		}
	}
	return sizesOf(s)
}

// An int has the size of a size_t.
func sizesOf(s []int) *C.size_t { return (*C.size_t)(unsafe.Pointer(unsafe.SliceData(s))) }

// The structs of sums here and in C have the same fields in the same order.
const (
	_ = -(unsafe.Sizeof(LogisticSums{}) ^ unsafe.Sizeof(C.avocet_logistic_sums{}))
	_ = -(unsafe.Sizeof(int(0)) ^ C.sizeof_size_t)
	_ = -(unsafe.Sizeof(CalibrationResult{}) ^ unsafe.Sizeof(C.avocet_calibration_result{}))
)

func (s *LogisticSums) c() *C.avocet_logistic_sums {
	return (*C.avocet_logistic_sums)(unsafe.Pointer(s))
}

func (r *CalibrationResult) c() *C.avocet_calibration_result {
	return (*C.avocet_calibration_result)(unsafe.Pointer(r))
}
