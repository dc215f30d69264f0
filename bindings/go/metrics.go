package avocet

/*
#include "bridge.h"
#cgo noescape go_ranking
#cgo nocallback go_ranking
#cgo noescape go_calibration
#cgo nocallback go_calibration
*/
import "C"

// RankingResult is how well scores rank positives above negatives. The three areas are NaN where there are no positives
// or, for AUC, no negatives.
type RankingResult struct {
	// Positives and Negatives are the weights of either.
	Positives, Negatives float64
	// AUC is the probability that a positive scores above a negative, ties counting half.
	AUC float64
	// PRAUC is the area under the precision-recall curve by the trapezoid rule, from (0, 1) on through every distinct
	// score.
	PRAUC float64
	// AveragePrecision is the same area by steps: the precision at each distinct score times what recall gains there.
	AveragePrecision float64
}

// Ranking computes AUC and both areas under the precision-recall curve, exactly: rows of equal scores count as one
// step. A row counts weight * label as positive and weight * (1 - label) as negative; labels are in [0, 1], weights, at
// least 0, may be nil for ones. All slices have a value for each row.
//
// C: avocet_ranking
func Ranking(scores, labels, weights []float32) (RankingResult, error) {
	c := begin()
	n := len(scores)
	s := c.floats(1, "scores", scores, n)
	l := c.floats(2, "labels", labels, n)
	w := c.optionalFloats(3, "weights", weights, n)
	if c.failed() {
		return RankingResult{}, c.err
	}
	var out C.avocet_ranking_result
	if err := c.end(C.go_ranking(s, l, w, C.size_t(n), &out)); err != nil {
		return RankingResult{}, err
	}
	return RankingResult{float64(out.positives), float64(out.negatives), float64(out.auc), float64(out.pr_auc),
		float64(out.average_precision)}, nil
}

// CalibrationResult holds sums over rows, from which log loss and calibration follow.
type CalibrationResult struct {
	// Weight is the sum of the weights.
	Weight float64
	// Loss is the sum of the weighted log losses, in nats.
	Loss float64
	// Predicted is the sum of the weighted predictions.
	Predicted float64
	// Observed is the sum of the weighted labels.
	Observed float64
}

// LogLoss is the mean log loss; NaN without weight.
func (r CalibrationResult) LogLoss() float64 { return r.Loss / r.Weight }

// Ratio is what was predicted over what was observed: above 1 if the model promises too much; infinite or NaN without
// positives.
func (r CalibrationResult) Ratio() float64 { return r.Predicted / r.Observed }

// Add is the result of the rows of both, added in the order given; [CalibrationMerge] gives the bits of one call.
func (r CalibrationResult) Add(other CalibrationResult) CalibrationResult {
	return CalibrationResult{r.Weight + other.Weight, r.Loss + other.Loss, r.Predicted + other.Predicted,
		r.Observed + other.Observed}
}

// Calibration computes log loss and calibration of probabilities: Loss is the sum of
//
//	-weight * (label ln p + (1 - label) ln(1 - p))
//
// where a factor of 0 hides an infinite logarithm. Labels and weights are as in [Ranking]. Results of parts of the rows:
// see [LogisticParts].
//
// C: avocet_calibration
func Calibration(probabilities, labels, weights []float32) (CalibrationResult, error) {
	c := begin()
	n := len(probabilities)
	p := c.floats(1, "probabilities", probabilities, n)
	l := c.floats(2, "labels", labels, n)
	w := c.optionalFloats(3, "weights", weights, n)
	if c.failed() {
		return CalibrationResult{}, c.err
	}
	var out CalibrationResult
	err := c.end(C.go_calibration(p, l, w, C.size_t(n), out.c()))
	return out, err
}
