package avocet

/*
#include "bridge.h"
#cgo noescape go_logistic_pointwise
#cgo nocallback go_logistic_pointwise
#cgo noescape go_logistic_dense
#cgo nocallback go_logistic_dense
*/
import "C"

// LogisticTargets is what the rows of [LogisticLoss], [LogisticDense] and [LearnSparse] are to learn: either Labels, with
// or without Weights, or the coefficients A and B.
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

// LogisticRows is the rows and the model of [LogisticDense].
type LogisticRows struct {
	// X holds the features, n x d.
	X Matrix
	// Offsets has a number for each row, which is added to its margin; nil stands for zeros.
	Offsets []float32
	// Weights has a weight for each feature.
	Weights []float32
	// Intercept is added to every margin.
	Intercept float32
}

// LogisticDenseOutputs is what [LogisticDense] writes; what is nil is not computed.
type LogisticDenseOutputs struct {
	// Margins has the logit of each row.
	Margins []float32
	// Gradient, Curvature and Product have a value for each feature.
	Gradient, Curvature, Product []float32
	// Along and AlongIntercept are the vector that Product multiplies, Along with a value for each feature; both are read
	// only with Product.
	Along          []float32
	AlongIntercept float32
}

// LogisticSums holds the sums of [LogisticDense] that are single numbers. Those by the intercept are 0 where the output
// that they belong to is nil, Loss where there are no targets.
type LogisticSums struct {
	// Loss is the sum of the losses.
	Loss float64
	// Gradient, Curvature and Product are the parts for the intercept.
	Gradient, Curvature, Product float64
}

// LogisticDense computes logistic regression over dense rows, reading them once, from the margins
// m = x . Weights + Intercept + offset:
//
//	Loss = sum of a softplus(-m) + b softplus(m)
//	Gradient = sum of (b sigmoid(m) - a sigmoid(-m)) x
//	Curvature = sum of h x^2, the diagonal of the Hessian, h = (a + b) sigmoid(m) sigmoid(-m)
//	Product = sum of h (x . Along + AlongIntercept) x, the Hessian times that vector
//
// The penalty of a regularised model is the caller's to add. targets has a value for each row; nil will do where only
// margins are wanted. A target out of range is found on the way: Margins is unspecified then, everything else as it was.
//
// C: avocet_logistic_dense
func LogisticDense(rows LogisticRows, targets *LogisticTargets, out LogisticDenseOutputs, pool *Pool,
	workspace *Workspace) (LogisticSums, error) {
	c := begin()
	n, d := rows.X.Rows, rows.X.Cols
	x := c.matrix(1, "rows.x", rows.X)
	offsets := c.optionalFloats(1, "rows.offsets", rows.Offsets, n)
	model := c.floats(1, "rows.weights", rows.Weights, d)
	var of LogisticTargets
	if targets != nil {
		of = *targets
	}
	labels := c.optionalFloats(2, "targets.labels", of.Labels, n)
	weights := c.optionalFloats(2, "targets.weights", of.Weights, n)
	a := c.optionalFloats(2, "targets.a", of.A, n)
	b := c.optionalFloats(2, "targets.b", of.B, n)
	margins := c.optionalFloats(3, "out.margins", out.Margins, n)
	gradient := c.optionalFloats(3, "out.gradient", out.Gradient, d)
	curvature := c.optionalFloats(3, "out.curvature", out.Curvature, d)
	product := c.optionalFloats(3, "out.product", out.Product, d)
	var along *C.float
	if out.Product != nil {
		along = c.floats(3, "out.along", out.Along, d)
	}
	p := c.pool(5, pool)
	w := c.scratch(6, workspace)
	if c.failed() {
		return LogisticSums{}, c.err
	}
	var sums C.avocet_logistic_sums
	for {
		found := C.go_logistic_dense(x, offsets, model, C.float(rows.Intercept), flag(targets != nil), labels, weights, a,
			b, flag(of.Signed), margins, gradient, curvature, product, along, C.float(out.AlongIntercept), &sums, p, w)
		if !c.grown(found) {
			return LogisticSums{float64(sums.loss), float64(sums.gradient), float64(sums.curvature),
				float64(sums.product)}, c.end(found)
		}
	}
}
