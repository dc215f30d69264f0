package avocet

/*
#include "bridge.h"
#cgo noescape go_logistic_pointwise
#cgo nocallback go_logistic_pointwise
*/
import "C"

// LogisticTargets is what the rows of [LogisticLoss] are to learn: either Labels, with or without Weights, or the
// coefficients A and B.
type LogisticTargets struct {
	// Labels are in [0, 1] and give a = weight * label, b = weight * (1 - label); fractions are soft labels.
	Labels []float32
	// Weights has a weight for each row; nil stands for ones.
	Weights []float32
	// A and B are the coefficients of softplus(-x) and softplus(x), in place of labels and weights.
	A, B []float32
	// Signed allows weights and coefficients below 0.
	Signed bool
}

// LogisticOutputs is what [LogisticLoss] writes; what is nil is not computed.
type LogisticOutputs struct {
	// Losses, Gradient and Curvature have a value for each row.
	Losses, Gradient, Curvature []float32
	// Sum is the sum of the losses, whether these are wanted or not.
	Sum *float64
}

// LogisticLoss computes the logistic loss of each row from its logit x, with its derivatives:
//
//	Losses[i] = a softplus(-x) + b softplus(x)
//	Gradient[i] = b sigmoid(x) - a sigmoid(-x)
//	Curvature[i] = (a + b) sigmoid(x) sigmoid(-x)
//
// All slices have a value for each row. A target out of range is found on the way: Losses, Gradient and Curvature are
// unspecified then, only Sum is as it was.
//
// C: avocet_logistic_pointwise
func LogisticLoss(logits []float32, targets LogisticTargets, out LogisticOutputs, pool *Pool,
	workspace *Workspace) error {
	c := begin()
	n := len(logits)
	x := c.floats(1, "logits", logits, n)
	labels := c.optionalFloats(2, "targets.labels", targets.Labels, n)
	weights := c.optionalFloats(2, "targets.weights", targets.Weights, n)
	a := c.optionalFloats(2, "targets.a", targets.A, n)
	b := c.optionalFloats(2, "targets.b", targets.B, n)
	losses := c.optionalFloats(3, "losses", out.Losses, n)
	gradient := c.optionalFloats(4, "gradient", out.Gradient, n)
	curvature := c.optionalFloats(5, "curvature", out.Curvature, n)
	p := c.pool(8, pool)
	w := c.scratch(9, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_logistic_pointwise(x, labels, weights, a, b, flag(targets.Signed), losses, gradient, curvature,
			(*C.double)(out.Sum), C.size_t(n), p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}
