package avocet

/*
#include "bridge.h"
#cgo noescape go_grid_create
#cgo nocallback go_grid_create
#cgo noescape go_grid_destroy
#cgo nocallback go_grid_destroy
#cgo noescape go_grid_levels
#cgo nocallback go_grid_levels
#cgo noescape go_grid_bins
#cgo nocallback go_grid_bins
#cgo noescape go_grid_is_nested
#cgo nocallback go_grid_is_nested
#cgo noescape go_grid_level_edges
#cgo nocallback go_grid_level_edges
#cgo noescape go_grid_score_edges
#cgo nocallback go_grid_score_edges
#cgo noescape go_grid_thresholds
#cgo nocallback go_grid_thresholds
*/
import "C"

import "unsafe"

// Edges says where the edges between levels of uncertainty, or between bins of scores, come from. The zero value stands
// for one level, or one bin. It borrows what it was made of.
type Edges struct {
	kind   C.int32_t
	count  int
	given  []float32
	low    float32
	high   float32
	top    float64
	refine Refinement
}

// GivenEdges is the edges themselves, finite and strictly ascending: one level, or bin, more than there are edges.
func GivenEdges(edges []float32) Edges {
	return Edges{kind: C.AVOCET_EDGES_GIVEN, count: len(edges) + 1, given: edges}
}

// UniformEdges is n levels, or bins, of one width between two values. Edge i is the least float32 v with
// (v - low) * (n / (high - low)) >= i.
func UniformEdges(n int, low, high float32) Edges {
	return Edges{kind: C.AVOCET_EDGES_UNIFORM, count: n, low: low, high: high}
}

// QuantileEdges is n levels, or bins, of equal weight, by exact order statistics of the sample. Ties can make edges equal:
// the bins between stay empty.
func QuantileEdges(n int) Edges {
	return Edges{kind: C.AVOCET_EDGES_QUANTILES, count: n}
}

// Refinement asks for Bins of the bins, 1 to n-2, between Low and High, which are edges then. The zero value asks for none.
type Refinement struct {
	Bins      int
	Low, High float32
}

// NestedEdges is n bins of scores in each level by quantiles of the sample's rows in that level; a level without weight
// takes those of all rows.
//
// top is the fraction of a level's weight, from the greatest score down, that gets bins of equal weight, in (0, 1]; below 1
// the lowest bin holds the rest. 0 stands for 1, which a refinement needs.
func NestedEdges(n int, top float64, refine Refinement) Edges {
	return Edges{kind: C.AVOCET_EDGES_NESTED, count: n, top: top, refine: refine}
}

// Sample is the rows whose quantiles [NewGrid] takes, a finite value for each row; what no quantile needs may be nil.
type Sample struct {
	Scores, Uncertainties []float32
	// Weights are in [0, 2^22); nil stands for ones.
	Weights []float32
}

// Grid is levels of uncertainty, ascending, and bins of scores, ascending, in each. The level or bin of a value v is the
// number of edges e with v >= e. It never changes, so any number of goroutines may use one at once.
type Grid struct {
	handle       handle
	levels, bins int
	nested       bool
}

// NewGrid makes a grid of 1 to 65536 levels, 1 to 65536 bins in each, and at most 2^22 cells. The sample is looked at for
// quantiles and nested edges only.
//
// C: avocet_grid_create
func NewGrid(levels, scores Edges, sample Sample, pool *Pool) (*Grid, error) {
	c := begin()
	of := c.edges("options.levels", levels)
	in := c.edges("options.bins", scores)
	in.refine_bins = c.size(1, "options.refine_bins", scores.refine.Bins)
	n := max(len(sample.Scores), len(sample.Uncertainties))
	rows := C.go_sample{
		rows:          C.size_t(n),
		scores:        c.optionalFloats(1, "options.scores", sample.Scores, n),
		uncertainties: c.optionalFloats(1, "options.uncertainties", sample.Uncertainties, n),
		weights:       c.optionalFloats(1, "options.weights", sample.Weights, n),
	}
	p := c.pool(2, pool)
	if c.failed() {
		return nil, c.err
	}
	return c.madeGrid(C.go_grid_create(of, in, rows, p))
}

// edges checks the number of levels or bins.
func (c *call) edges(name string, e Edges) C.go_edges {
	return C.go_edges{
		kind:        e.kind,
		count:       c.size(1, name, e.count),
		given:       (*C.float)(unsafe.SliceData(e.given)),
		low:         C.float(e.low),
		high:        C.float(e.high),
		refine_low:  C.float(e.refine.Low),
		refine_high: C.float(e.refine.High),
		top:         C.double(e.top),
	}
}

// madeGrid ends a call that makes a grid.
func (c *call) madeGrid(made C.go_made) (*Grid, error) {
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	g := &Grid{
		levels: int(C.go_grid_levels(made.handle)),
		bins:   int(C.go_grid_bins(made.handle)),
		nested: C.go_grid_is_nested(made.handle) != 0,
	}
	open(g, &g.handle, uintptr(made.handle), func(c uintptr) { C.go_grid_destroy(C.uintptr_t(c)) })
	return g, nil
}

// Levels is the number of levels; 0 for nil. Like the other properties it can still be asked for after Close.
//
// C: avocet_grid_levels
func (g *Grid) Levels() int {
	if g == nil {
		return 0
	}
	return g.levels
}

// Bins is the number of score bins in each level; 0 for nil.
//
// C: avocet_grid_bins
func (g *Grid) Bins() int {
	if g == nil {
		return 0
	}
	return g.bins
}

// Nested says whether each level has its own score edges; false for nil.
//
// C: avocet_grid_is_nested
func (g *Grid) Nested() bool { return g != nil && g.nested }

// LevelEdges copies the edges between the levels to out, of Levels-1 values.
//
// C: avocet_grid_level_edges
func (g *Grid) LevelEdges(out []float32) error {
	c := begin()
	grid := c.grid(1, "grid", g)
	to := c.floatsToFill(2, "out", out, g.Levels()-1)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_grid_level_edges(grid, to, C.size_t(len(out))))
}

// ScoreEdges copies the edges between the score bins of a level to out, of Bins-1 values. Unless the grid is nested they
// are those of every level.
//
// C: avocet_grid_score_edges
func (g *Grid) ScoreEdges(level int, out []float32) error {
	c := begin()
	grid := c.grid(1, "grid", g)
	of := c.size(2, "level", level)
	to := c.floatsToFill(3, "out", out, g.Bins()-1)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_grid_score_edges(grid, of, to, C.size_t(len(out))))
}

// floatsToFill is an output whose length the library compares with what it must be, but for nil.
func (c *call) floatsToFill(argument int, name string, out []float32, wanted int) *C.float {
	if out == nil && wanted > 0 {
		c.refuseNil(argument, name)
	}
	return (*C.float)(unsafe.SliceData(out))
}

// Thresholds computes the scores that stand for thresholds of [ThresholdSearch]: out[level] is the lower edge of bin
// thresholds[level] of that level; minus infinity for bin 0, infinity for Bins, where nothing passes. Both slices have a
// value for each level.
//
// C: avocet_grid_thresholds
func (g *Grid) Thresholds(thresholds []uint32, out []float32) error {
	c := begin()
	grid := c.grid(1, "grid", g)
	from := c.numbers(2, "thresholds", thresholds, g.Levels())
	to := c.floats(3, "out", out, g.Levels())
	if c.failed() {
		return c.err
	}
	return c.end(C.go_grid_thresholds(grid, from, to))
}

// Close waits for the calls that use the grid and frees it. Buckets that were made with it keep theirs. Closing twice, or
// nil, does nothing.
//
// C: avocet_grid_destroy
func (g *Grid) Close() error {
	if g != nil {
		g.handle.close()
	}
	return nil
}
