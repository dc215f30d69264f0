package avocet

/*
#include "bridge.h"
#cgo noescape go_binned_curve
#cgo nocallback go_binned_curve
#cgo noescape go_binned_auc
#cgo nocallback go_binned_auc
#cgo noescape go_binned_average_precision
#cgo nocallback go_binned_average_precision
*/
import "C"

import "unsafe"

// CurvePoint is what a threshold at the lower edge of a bin selects: that bin and all above it.
type CurvePoint struct {
	// TruePositives and FalsePositives are the positives and negatives selected, in the unit of the bins.
	TruePositives, FalsePositives uint64
	// Recall is true positives over all positives; NaN without positives.
	Recall float64
	// Precision is true positives over all that is selected; NaN where nothing is.
	Precision float64
	// FalsePositiveRate is false positives over all negatives; NaN without negatives.
	FalsePositiveRate float64
}

// The struct of points here and in C has the same fields in the same order.
const _ = -(unsafe.Sizeof(CurvePoint{}) ^ unsafe.Sizeof(C.avocet_curve_point{}))

// BinnedCurve computes the points of the precision-recall and the ROC curve: points[b] is what bins from b on hold; the last
// one, of nothing. positive and negative have a value for each bin, ascending in score ([Buckets.ScoreBins] gives them);
// points has one more.
//
// C: avocet_binned_curve
func BinnedCurve(positive, negative []uint64, points []CurvePoint) error {
	c := begin()
	n := len(positive)
	p := c.amounts(1, "positive", positive, n)
	q := c.amounts(2, "negative", negative, n)
	c.length(4, "points", points == nil, len(points), n+1)
	if c.failed() {
		return c.err
	}
	to := (*C.avocet_curve_point)(unsafe.Pointer(unsafe.SliceData(points)))
	return c.end(C.go_binned_curve(p, q, C.size_t(n), to))
}

// Area is an area, and how far the order of rows within bins, which is lost, can move it.
type Area struct {
	// Lower is the least over all orders within bins.
	Lower float64
	// Tied is with the rows of a bin tied.
	Tied float64
	// Upper is the greatest over all orders within bins, ties among them.
	Upper float64
}

func areaOf(a *C.avocet_area) Area {
	return Area{float64(a.lower), float64(a.tied), float64(a.upper)}
}

// BinnedAUC computes the area under the ROC curve: the probability that a positive is above a negative, ties counting half.
// Bounds: all pairs within bins lost, or won. NaN where there are no positives or no negatives. Both slices have a value for
// each bin, ascending in score.
//
// C: avocet_binned_auc
func BinnedAUC(positive, negative []uint64) (Area, error) {
	c := begin()
	n := len(positive)
	p := c.amounts(1, "positive", positive, n)
	q := c.amounts(2, "negative", negative, n)
	if c.failed() {
		return Area{}, c.err
	}
	var out C.avocet_area
	err := c.end(C.go_binned_auc(p, q, C.size_t(n), &out))
	return areaOf(&out), err
}

// BinnedAveragePrecision computes average precision: the sum over positives, from the greatest score down, of the precision
// at their score, over the positives. Bounds: within bins, negatives first; or positives first, tied. The lower bound is
// reached where the bins hold counts, and is its limit for ever smaller weights where they hold weights. NaN without
// positives. Both slices have a value for each bin, ascending in score.
//
// C: avocet_binned_average_precision
func BinnedAveragePrecision(positive, negative []uint64, weights bool) (Area, error) {
	c := begin()
	n := len(positive)
	p := c.amounts(1, "positive", positive, n)
	q := c.amounts(2, "negative", negative, n)
	if c.failed() {
		return Area{}, c.err
	}
	var out C.avocet_area
	err := c.end(C.go_binned_average_precision(p, q, C.size_t(n), flag(weights), &out))
	return areaOf(&out), err
}
