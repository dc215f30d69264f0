package avocet

/*
#include "bridge.h"
#cgo noescape go_logistic_pointwise
#cgo nocallback go_logistic_pointwise
#cgo noescape go_logistic_product
#cgo nocallback go_logistic_product
*/
import "C"

// LogisticTargets is what rows are to learn, a value for each row: either Labels, with or without Weights, or the
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
// unspecified then, only Sum is as it was. Sums over parts of the rows: see [LogisticParts].
//
// C: avocet_logistic_pointwise
func LogisticLoss(logits []float32, targets LogisticTargets, out LogisticOutputs, pool *Pool,
	workspace *Workspace) error {
	c := begin()
	n := len(logits)
	x := c.floats(1, "logits", logits, n)
	learnt := c.targets(2, targets, n)
	losses := c.optionalFloats(3, "losses", out.Losses, n)
	gradient := c.optionalFloats(4, "gradient", out.Gradient, n)
	curvature := c.optionalFloats(5, "curvature", out.Curvature, n)
	p := c.pool(8, pool)
	w := c.scratch(9, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_logistic_pointwise(x, learnt, losses, gradient, curvature, (*C.double)(out.Sum), C.size_t(n), p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// LogisticProductOutputs is what [LogisticProduct] writes; what is nil is not computed.
type LogisticProductOutputs struct {
	// Losses has a value for each row, FirstGradient and SecondGradient its derivatives by the two logits.
	Losses, FirstGradient, SecondGradient []float32
	// Sum is the sum of the losses, whether these are wanted or not.
	Sum *float64
}

// LogisticProduct computes the log loss of a product of two probabilities, f = sigmoid(x1) sigmoid(x2), from the two
// logits of each row:
//
//	Losses[i] = -a log f - b log(1 - f)
//	FirstGradient[i] = b sigmoid(x1) / (1 + e^(x1 - x2) + e^-x2) - a sigmoid(-x1)
//
// and SecondGradient with x1 and x2 swapped. It learns P(redeemed | x) = P(clipped | x) P(redeemed | clipped, x) from all
// rows (the entire space: ESMM, SIGIR 2018); the loss of the first factor's own label is the caller's to add. All slices
// have a value for each row. A target out of range is found on the way: Losses and both gradients are unspecified then,
// only Sum is as it was. Sums over parts of the rows: see [LogisticParts].
//
// C: avocet_logistic_product
func LogisticProduct(first, second []float32, targets LogisticTargets, out LogisticProductOutputs, pool *Pool,
	workspace *Workspace) error {
	c := begin()
	n := len(first)
	x1 := c.floats(1, "first", first, n)
	x2 := c.floats(2, "second", second, n)
	learnt := c.targets(3, targets, n)
	losses := c.optionalFloats(4, "losses", out.Losses, n)
	byFirst := c.optionalFloats(5, "first_gradient", out.FirstGradient, n)
	bySecond := c.optionalFloats(6, "second_gradient", out.SecondGradient, n)
	p := c.pool(9, pool)
	w := c.scratch(10, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_logistic_product(x1, x2, learnt, losses, byFirst, bySecond, (*C.double)(out.Sum), C.size_t(n), p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}
