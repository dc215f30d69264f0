package avocet

/*
#include "bridge.h"
#cgo noescape go_uncertainty_moments
#cgo nocallback go_uncertainty_moments
#cgo noescape go_uncertainty_beta
#cgo nocallback go_uncertainty_beta
#cgo noescape go_uncertainty_entropy
#cgo nocallback go_uncertainty_entropy
*/
import "C"

// UncertaintyMoments computes mean and variance over each row of scores, n x m: the scores of an ensemble of m models. The
// variance is the mean of the squared deviations (divided by m), or with sample the unbiased estimate (divided by m - 1).
// mean and variance have n values; variance may be nil.
//
// C: avocet_uncertainty_moments
func UncertaintyMoments(scores Matrix, sample bool, mean, variance []float32, pool *Pool) error {
	c := begin()
	from := c.matrix(1, "scores", scores)
	m := c.floats(3, "mean", mean, scores.Rows)
	v := c.optionalFloats(4, "variance", variance, scores.Rows)
	p := c.pool(5, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_uncertainty_moments(from, flag(sample), m, v, p))
}

// UncertaintyBeta computes mean and differential entropy of Beta(a, b) for each row, in nats:
//
//	ln B(a, b) - (a - 1) psi(a) - (b - 1) psi(b) + (a + b - 2) psi(a + b)
//
// a and b are in (0, 1e8]. All slices have a value for each row; mean and entropy may be nil. A value out of range is found
// on the way: mean and entropy are unspecified then.
//
// C: avocet_uncertainty_beta
func UncertaintyBeta(a, b, mean, entropy []float32, pool *Pool) error {
	c := begin()
	n := len(a)
	first := c.floats(1, "a", a, n)
	second := c.floats(2, "b", b, n)
	m := c.optionalFloats(4, "mean", mean, n)
	e := c.optionalFloats(5, "entropy", entropy, n)
	p := c.pool(6, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_uncertainty_beta(first, second, C.size_t(n), m, e, p))
}

// UncertaintyEntropy computes the entropy of a probability for each row, in nats, -p ln p - (1 - p) ln(1 - p), 0 at 0 and 1.
// Both slices have a value for each row. A value that is not in [0, 1] is found on the way: out is unspecified then.
//
// C: avocet_uncertainty_entropy
func UncertaintyEntropy(probabilities, out []float32, pool *Pool) error {
	c := begin()
	n := len(probabilities)
	from := c.floats(1, "probabilities", probabilities, n)
	to := c.floats(3, "out", out, n)
	p := c.pool(4, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_uncertainty_entropy(from, C.size_t(n), to, p))
}
