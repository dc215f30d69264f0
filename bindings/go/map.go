package avocet

/*
#include "bridge.h"
#cgo noescape go_map
#cgo nocallback go_map
*/
import "C"

// Function is one of the library's own functions, for [Map].
type Function int32

const (
	// Exp is e^x.
	Exp Function = C.AVOCET_FUNCTION_EXP
	// Log is the natural logarithm; -inf at 0, NaN below.
	Log Function = C.AVOCET_FUNCTION_LOG
	// Log1p is log(1 + x).
	Log1p Function = C.AVOCET_FUNCTION_LOG1P
	// Sigmoid is 1 / (1 + e^-x).
	Sigmoid Function = C.AVOCET_FUNCTION_SIGMOID
	// Softplus is log(1 + e^x).
	Softplus Function = C.AVOCET_FUNCTION_SOFTPLUS
	// Tanh is the hyperbolic tangent.
	Tanh Function = C.AVOCET_FUNCTION_TANH
)

// Map computes out[i] = f(x[i]); x and out have one length.
//
// C: avocet_map
func Map(f Function, x, out []float32, pool *Pool) error {
	c := begin()
	from := c.floats(2, "x", x, len(x))
	to := c.floats(3, "out", out, len(x))
	p := c.pool(5, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_map(C.int32_t(f), from, to, C.size_t(len(x)), p))
}
