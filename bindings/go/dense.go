package avocet

/*
#include "bridge.h"
#cgo noescape go_dense_product
#cgo nocallback go_dense_product
#cgo noescape go_dense_activate
#cgo nocallback go_dense_activate
#cgo noescape go_dense_activate_backward
#cgo nocallback go_dense_activate_backward
#cgo noescape go_dense_weight_gradient
#cgo nocallback go_dense_weight_gradient
*/
import "C"

// Activation is applied to finished sums.
type Activation int32

const (
	// ActivationNone applies nothing.
	ActivationNone Activation = C.AVOCET_ACTIVATION_NONE
	// ActivationReLU is max(x, 0).
	ActivationReLU Activation = C.AVOCET_ACTIVATION_RELU
	// ActivationTanh is the hyperbolic tangent.
	ActivationTanh Activation = C.AVOCET_ACTIVATION_TANH
)

// DenseOptions are the options of the dense functions. The zero value is the default.
type DenseOptions struct {
	// Accumulate starts each sum at what the output holds, in place of 0. Only [Product] heeds it.
	Accumulate bool
	Activation Activation
	// Normalise divides each row by its L2 norm, after the activation.
	Normalise bool
}

// Addend is one addend X * W of [Product].
type Addend struct {
	// X is n x k.
	X Matrix
	// W is k x m, or m x k if Transposed.
	W          Matrix
	Transposed bool
}

// Product computes out (+)= sum over addends of X * W, then the activation, then the division of each row by its norm.
// At most [MaxAddends] addends; none gives zeros. The norms of the n rows go to norms, which may be nil if they are not
// divided by.
//
// C: avocet_dense_product
func Product(addends []Addend, options DenseOptions, out Matrix, norms []float32, pool *Pool,
	workspace *Workspace) error {
	c := begin()
	var list C.go_addends
	if len(addends) > MaxAddends {
		c.refuseInteger(ErrInvalidArgument, 2, "addend_count", len(addends))
		return c.err
	}
	for i := range addends {
		c.at = i
		list.x[i] = c.matrix(1, "addends.x", addends[i].X)
		list.w[i] = c.matrix(1, "addends.w", addends[i].W)
		list.transposed[i] = flag(addends[i].Transposed)
	}
	c.at = 0
	list.count = C.size_t(len(addends))
	to := c.matrix(4, "out", out)
	n := c.optionalFloats(5, "norms", norms, out.Rows)
	p := c.pool(6, pool)
	w := c.scratch(7, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_dense_product(list, flag(options.Accumulate), C.int32_t(options.Activation),
			flag(options.Normalise), to, n, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// Activate does in place what [Product] does to its finished sums: the activation and, if Normalise is set, the
// division of each row by its norm, which goes to norms (else nil will do).
//
// C: avocet_dense_activate
func Activate(options DenseOptions, rows Matrix, norms []float32, pool *Pool) error {
	c := begin()
	to := c.matrix(2, "rows", rows)
	n := c.optionalFloats(3, "norms", norms, rows.Rows)
	p := c.pool(4, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_dense_activate(C.int32_t(options.Activation), flag(options.Normalise), to, n, p))
}

// ActivateBackward computes the gradient before activation and norm, dz, from that after them, dy, with y and norms as
// [Product] or [Activate] left them.
//
// C: avocet_dense_activate_backward
func ActivateBackward(options DenseOptions, y Matrix, norms []float32, dy, dz Matrix, pool *Pool) error {
	c := begin()
	from := c.matrix(2, "y", y)
	n := c.optionalFloats(3, "norms", norms, y.Rows)
	gradient := c.matrix(4, "dy", dy)
	to := c.matrix(5, "dz", dz)
	p := c.pool(6, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_dense_activate_backward(C.int32_t(options.Activation), flag(options.Normalise), from, n, gradient,
		to, p))
}

// WeightGradient computes the gradient of a product with respect to its weights, out (+)= x^T * dz: x is n x k, dz is
// n x m, out is k x m.
//
// C: avocet_dense_weight_gradient
func WeightGradient(x, dz Matrix, accumulate bool, out Matrix, pool *Pool, workspace *Workspace) error {
	c := begin()
	from := c.matrix(1, "x", x)
	gradient := c.matrix(2, "dz", dz)
	to := c.matrix(4, "out", out)
	p := c.pool(5, pool)
	w := c.scratch(6, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_dense_weight_gradient(from, gradient, flag(accumulate), to, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}
