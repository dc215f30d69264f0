package avocet

/*
#include "bridge.h"
#cgo noescape go_threshold_decide
#cgo nocallback go_threshold_decide
#cgo noescape go_threshold_decide_bits
#cgo nocallback go_threshold_decide_bits
#cgo noescape go_threshold_calibrate
#cgo nocallback go_threshold_calibrate
#cgo noescape go_threshold_cells
#cgo nocallback go_threshold_cells
*/
import "C"

import "unsafe"

// ThresholdDecide selects the rows whose score is at least the threshold of their level of uncertainty. thresholds has a
// score for each level of the grid (see [Grid.Thresholds]): minus infinity selects all rows of a level, infinity none, not
// even a score of infinity. The other slices have a value for each row. Rows with NaN are not selected.
//
// C: avocet_threshold_decide
func ThresholdDecide(grid *Grid, thresholds, scores, uncertainties []float32, out []bool, pool *Pool) error {
	c := begin()
	n := len(scores)
	g := c.grid(1, "grid", grid)
	t := c.floats(2, "thresholds", thresholds, grid.Levels())
	s := c.floats(3, "scores", scores, n)
	u := c.floats(4, "uncertainties", uncertainties, n)
	c.length(6, "out", out == nil, len(out), n)
	p := c.pool(7, pool)
	if c.failed() {
		return c.err
	}
	// The library writes 0 and 1, which are Go's false and true.
	to := (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(out)))
	return c.end(C.go_threshold_decide(g, t, s, u, C.size_t(n), to, p))
}

// ThresholdDecideBits is [ThresholdDecide] with a bit for each row: bit i mod 64 of word i div 64; bits beyond the rows are
// 0. out has as many words as the rows need: (len(scores)+63) / 64.
//
// C: avocet_threshold_decide_bits
func ThresholdDecideBits(grid *Grid, thresholds, scores, uncertainties []float32, out []uint64, pool *Pool) error {
	c := begin()
	n := len(scores)
	g := c.grid(1, "grid", grid)
	t := c.floats(2, "thresholds", thresholds, grid.Levels())
	s := c.floats(3, "scores", scores, n)
	u := c.floats(4, "uncertainties", uncertainties, n)
	to := c.amounts(6, "out", out, (n+63)/64)
	p := c.pool(7, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_threshold_decide_bits(g, t, s, u, C.size_t(n), to, p))
}

// ThresholdCalibrate computes the value of each row's cell: a calibrated probability, say. values has one for each cell,
// level after level, within a level by ascending score; the other slices have a value for each row. Rows with NaN get NaN.
//
// C: avocet_threshold_calibrate
func ThresholdCalibrate(grid *Grid, values, scores, uncertainties, out []float32, pool *Pool) error {
	c := begin()
	n := len(scores)
	g := c.grid(1, "grid", grid)
	v := c.floats(2, "values", values, grid.Levels()*grid.Bins())
	s := c.floats(3, "scores", scores, n)
	u := c.floats(4, "uncertainties", uncertainties, n)
	to := c.floats(6, "out", out, n)
	p := c.pool(7, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_threshold_calibrate(g, v, s, u, C.size_t(n), to, p))
}

// ThresholdCells computes the cell of each row: level times bins plus bin, and the number of all cells for rows with NaN.
// All slices have a value for each row.
//
// C: avocet_threshold_cells
func ThresholdCells(grid *Grid, scores, uncertainties []float32, out []uint32, pool *Pool) error {
	c := begin()
	n := len(scores)
	g := c.grid(1, "grid", grid)
	s := c.floats(2, "scores", scores, n)
	u := c.floats(3, "uncertainties", uncertainties, n)
	to := c.numbers(5, "out", out, n)
	p := c.pool(6, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_threshold_cells(g, s, u, C.size_t(n), to, p))
}
