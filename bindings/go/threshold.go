package avocet

/*
#include "bridge.h"
#cgo noescape go_threshold_search
#cgo nocallback go_threshold_search
#cgo noescape go_threshold_single
#cgo nocallback go_threshold_single
#cgo noescape go_threshold_frontier
#cgo nocallback go_threshold_frontier
#cgo noescape go_threshold_isotonic
#cgo nocallback go_threshold_isotonic
#cgo noescape go_threshold_passing
#cgo nocallback go_threshold_passing
*/
import "C"

import (
	"math/bits"
	"unsafe"
)

// Cells is positive and negative weight by level of uncertainty and bin of score: either slices, or a segment of buckets.
type Cells struct {
	// Levels and Bins are the shape of the slices; not looked at with Buckets.
	Levels, Bins int
	// Positive and Negative have a value for each cell, level after level, within a level by ascending score: counts, or
	// weights in fixed point of any unit. All of them together stay below 2^62.
	Positive, Negative []uint64
	// Buckets are in place of slices.
	Buckets *Buckets
	// Segment is that of the buckets.
	Segment int
	// Weights takes the buckets' weights, in units of 2^-20, in place of their counts.
	Weights bool
}

// cells checks cells, the first argument of all, and says how many levels they have and bins in each.
func (c *call) cells(of *Cells) (in C.go_cells, levels, bins int) {
	in = C.go_cells{
		positive: (*C.uint64_t)(unsafe.SliceData(of.Positive)),
		negative: (*C.uint64_t)(unsafe.SliceData(of.Negative)),
		segment:  c.size(1, "cells.segment", of.Segment),
		weights:  flag(of.Weights),
	}
	if of.Buckets != nil {
		in.buckets = c.buckets(1, "cells.buckets", of.Buckets)
		return in, of.Buckets.Levels(), of.Buckets.Bins()
	}
	in.levels = c.size(1, "cells.levels", of.Levels)
	in.bins = c.size(1, "cells.bins", of.Bins)
	high, n := bits.Mul64(uint64(in.levels), uint64(in.bins))
	if high != 0 || n > 1<<59 {
		c.refuseInteger(ErrSizeOverflow, 1, "cells.levels", of.Levels)
		return in, of.Levels, of.Bins
	}
	c.amounts(1, "cells.positive", of.Positive, int(n))
	c.amounts(1, "cells.negative", of.Negative, int(n))
	return in, of.Levels, of.Bins
}

// ObjectiveKind says what [ThresholdSearch] maximises. P and N are the positive and negative weight that pass, T = P + N, A
// is all positive weight, and r = Numerator / Denominator.
type ObjectiveKind int32

const (
	// ObjectiveRecall is recall P / A subject to precision P / T >= r. A safety margin is a greater r.
	ObjectiveRecall ObjectiveKind = C.AVOCET_OBJECTIVE_RECALL
	// ObjectivePrecision is precision P / T of what passes (T > 0) subject to recall P >= r A.
	ObjectivePrecision ObjectiveKind = C.AVOCET_OBJECTIVE_PRECISION
	// ObjectiveFBeta is F = (1 + r) P / (T + r A), r being the square of beta, any ratio; 0 where that is 0/0.
	ObjectiveFBeta ObjectiveKind = C.AVOCET_OBJECTIVE_F_BETA
	// ObjectiveUtility is the sum of the gains of all weight.
	ObjectiveUtility ObjectiveKind = C.AVOCET_OBJECTIVE_UTILITY
	// ObjectiveAtMost is recall P / A subject to T <= Selected.
	ObjectiveAtMost ObjectiveKind = C.AVOCET_OBJECTIVE_AT_MOST
	// ObjectiveRecallWilson is recall P / A subject to a lower confidence bound of precision, for cells that hold counts:
	// the lower end of Wilson's interval is at least r.
	ObjectiveRecallWilson ObjectiveKind = C.AVOCET_OBJECTIVE_RECALL_WILSON
)

// Objective is what [ThresholdSearch] maximises. Ratios are exact: a bound such as 9/10 is the bound, not the float64 next
// to it.
type Objective struct {
	// Kind is by default recall under precision.
	Kind ObjectiveKind
	// Numerator and Denominator are r, in [0, 1] but for F-beta.
	Numerator, Denominator uint32
	// ZNumerator and ZDenominator are z^2 of Wilson, the square of the normal quantile: 27055 / 10000 for 95 % on one side.
	ZNumerator, ZDenominator uint32
	// Selected is the most weight that may pass, in units of the cells.
	Selected uint64
	// PositivePasses is the gain (below 0: the loss) of each unit of positive weight that passes, NegativePasses of negative
	// weight that passes, PositiveStays and NegativeStays of weight that does not. All four are from -2^56 to 2^56.
	PositivePasses, NegativePasses, PositiveStays, NegativeStays int64
}

func (o Objective) c() C.avocet_objective {
	return C.avocet_objective{
		kind:            C.int32_t(o.Kind),
		numerator:       C.uint32_t(o.Numerator),
		denominator:     C.uint32_t(o.Denominator),
		z_numerator:     C.uint32_t(o.ZNumerator),
		z_denominator:   C.uint32_t(o.ZDenominator),
		selected:        C.uint64_t(o.Selected),
		positive_passes: C.int64_t(o.PositivePasses),
		negative_passes: C.int64_t(o.NegativePasses),
		positive_stays:  C.int64_t(o.PositiveStays),
		negative_stays:  C.int64_t(o.NegativeStays),
	}
}

// SearchMethod is how [ThresholdSearch] works.
type SearchMethod int32

const (
	// SearchExact is the best selection of all.
	SearchExact SearchMethod = C.AVOCET_SEARCH_EXACT
	// SearchSingle is one threshold for all levels: the best of these.
	SearchSingle SearchMethod = C.AVOCET_SEARCH_SINGLE
	// SearchMIST is isotonic regression of each level's positivity, then a prefix of all levels' blocks: within one block of
	// the best. For recall under precision and precision under recall.
	SearchMIST SearchMethod = C.AVOCET_SEARCH_MIST
	// SearchDP is the dynamic program for cells of equal weight: the best selection of all, for recall under precision,
	// precision under recall and at most.
	SearchDP SearchMethod = C.AVOCET_SEARCH_DP
)

// SearchShape is what the thresholds of [ThresholdSearch] must be like.
type SearchShape int32

const (
	// ShapeFree allows any thresholds.
	ShapeFree SearchShape = C.AVOCET_SHAPE_FREE
	// ShapeNonDecreasing keeps the threshold of a level at least that of the level before it.
	ShapeNonDecreasing SearchShape = C.AVOCET_SHAPE_NON_DECREASING
	// ShapeNonIncreasing keeps it at most that of the level before it.
	ShapeNonIncreasing SearchShape = C.AVOCET_SHAPE_NON_INCREASING
)

// SearchOptions are the options of [ThresholdSearch]. Zeros are the defaults.
type SearchOptions struct {
	// WorkLimit is how many partial selections the exact search may make; by default 2^25, about half a second.
	WorkLimit uint64
	// Method is by default exact.
	Method SearchMethod
	// Shape is by default free. For exact and single only.
	Shape SearchShape
}

// Solution is what [ThresholdSearch] found: weights in units of the cells, exact.
type Solution struct {
	// Positive and Negative are the weights that pass.
	Positive, Negative uint64
	// No selection has a better value than the objective has at BoundPositive and BoundNegative, two weights which no
	// selection need have. If Proven it is that of the answer. Where infeasible they are the weights of a selection of the
	// greatest precision there is, or zeros where the cells are empty.
	BoundPositive, BoundNegative uint64
	// Work is how many partial selections were made.
	Work uint64
	// Proven says whether it is proven that nothing is better.
	Proven bool
}

func solutionOf(s *C.avocet_solution) Solution {
	return Solution{uint64(s.positive), uint64(s.negative), uint64(s.bound_positive), uint64(s.bound_negative),
		uint64(s.work), s.proven != 0}
}

// ThresholdSearch finds the best thresholds for an objective: one for each level of uncertainty, with a proof. A threshold
// is the first bin that passes, 0 (all pass) up to the number of bins (none does); [Grid.Thresholds] turns them into scores.
// Every comparison is exact.
//
// An answer is sought that need not exist. Two errors come with a solution, and with thresholds that let nothing pass:
// [ErrInfeasible], when no selection meets the constraint (the bound of the solution, and Real of the [*Error], say what
// there is at best), and [ErrWorkLimit], when none was found within the limit (the bound holds). After any other error the
// solution is zero and thresholds are as they were:
//
//	solution, err := avocet.ThresholdSearch(cells, objective, avocet.SearchOptions{}, thresholds, workspace)
//	switch {
//	case errors.Is(err, avocet.ErrInfeasible): // solution.BoundPositive, solution.BoundNegative
//	case err != nil: // ...
//	}
//
// The exact method allocates memory of the library, as much as the data asks for.
//
// C: avocet_threshold_search
func ThresholdSearch(cells Cells, objective Objective, options SearchOptions, thresholds []uint32,
	workspace *Workspace) (Solution, error) {
	c := begin()
	in, levels, _ := c.cells(&cells)
	to := c.numbers(4, "thresholds", thresholds, levels)
	w := c.scratch(6, workspace)
	if c.failed() {
		return Solution{}, c.err
	}
	// Stays zeros unless the call fills it.
	var solution C.avocet_solution
	for {
		found := C.go_threshold_search(in, objective.c(), C.uint64_t(options.WorkLimit), C.int32_t(options.Method),
			C.int32_t(options.Shape), to, &solution, w)
		if !c.grown(found) {
			return solutionOf(&solution), c.end(found)
		}
	}
}

// ThresholdSingle finds the best single threshold over the distinct scores of rows, exact: those with score >= threshold
// pass. Infinity lets none pass, not even a score of infinity. Of thresholds of the same value the greatest is chosen.
//
// rows.Uncertainties are not looked at and may be nil, and there must be no segments. Weights are counted in units of 2^-20,
// rows without weights in ones. Rows with NaN scores, counted apart, count nowhere. The answer is always proven, its bound
// holds for single thresholds. [ErrInfeasible] comes with a threshold of infinity and a solution, as in [ThresholdSearch].
// The library allocates some 4 MiB for each thread for the time of the call.
//
// C: avocet_threshold_single
func ThresholdSingle(rows ThresholdRows, objective Objective, pool *Pool) (threshold float32, solution Solution, err error) {
	c := begin()
	in := c.scoredRows(1, &rows)
	p := c.pool(5, pool)
	if c.failed() {
		return 0, Solution{}, c.err
	}
	// Stay zeros unless the call fills them.
	var least C.float
	var found C.avocet_solution
	err = c.end(C.go_threshold_single(in, objective.c(), &least, &found, p))
	return float32(least), solutionOf(&found), err
}

// ThresholdFrontier computes the whole frontier of cells of equal weight: positive[m] gets the greatest positive weight of
// any m passing bins, for m from 0 to levels times bins, and weight is the weight of a cell (0 if there are none), so that
// recall and precision at m are positive[m] / A and positive[m] / (m * weight). [ThresholdSearch] with [ObjectiveAtMost] and
// [SearchDP] gives the thresholds of a point. positive has a value more than there are cells.
//
// C: avocet_threshold_frontier
func ThresholdFrontier(cells Cells, positive []uint64, workspace *Workspace) (weight uint64, err error) {
	c := begin()
	in, _, _ := c.cells(&cells)
	if positive == nil {
		c.refuseNil(2, "positive")
	}
	w := c.scratch(5, workspace)
	if c.failed() {
		return 0, c.err
	}
	var each C.uint64_t
	for {
		found := C.go_threshold_frontier(in, (*C.uint64_t)(unsafe.SliceData(positive)), C.size_t(len(positive)), &each, w)
		if !c.grown(found) {
			return uint64(each), c.end(found)
		}
	}
}

// ThresholdIsotonic computes calibrated probabilities: isotonic regression of the positivity in each level, the values that
// do not fall with the score and have the least weighted squared distance from the share of positives of each cell.
// [ThresholdCalibrate] gives them to rows. values has one for each cell, level after level, within a level by ascending
// score. Cells without weight have the value of the one below them with weight, or of the first with weight; levels without
// weight have NaN.
//
// C: avocet_threshold_isotonic
func ThresholdIsotonic(cells Cells, values []float32, workspace *Workspace) error {
	c := begin()
	in, levels, bins := c.cells(&cells)
	if values == nil && levels > 0 && bins > 0 {
		c.refuseNil(2, "values")
	}
	w := c.scratch(4, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_threshold_isotonic(in, (*C.float)(unsafe.SliceData(values)), C.size_t(len(values)), w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// ThresholdPassing computes the weights that pass with thresholds, such as those that were found on other data: for each
// level its bins from the threshold on. thresholds has one for each level, each at most the number of bins.
//
// C: avocet_threshold_passing
func ThresholdPassing(cells Cells, thresholds []uint32) (positive, negative uint64, err error) {
	c := begin()
	in, levels, _ := c.cells(&cells)
	from := c.numbers(2, "thresholds", thresholds, levels)
	if c.failed() {
		return 0, 0, c.err
	}
	var p, n C.uint64_t
	err = c.end(C.go_threshold_passing(in, from, &p, &n))
	return uint64(p), uint64(n), err
}
