package avocet

/*
#include "bridge.h"
#cgo noescape go_convert
#cgo nocallback go_convert
#cgo noescape go_quantize_rows
#cgo nocallback go_quantize_rows
#cgo noescape go_dequantize_rows
#cgo nocallback go_dequantize_rows
#cgo noescape go_row_norms
#cgo nocallback go_row_norms
*/
import "C"

// Convert writes each element of x, n x d, as the nearest value of the type of out, n x d: ties to even, subnormals
// included, infinities beyond the range. Widening is exact.
//
// C: avocet_convert
func Convert[From, To Real](x MatrixOf[From], out MatrixOf[To], pool *Pool) error {
	return convert(typedOf(x), typedOf(out), pool)
}

func convert(x, out typed, pool *Pool) error {
	c := begin()
	from := c.typed(1, "x", x)
	to := c.typed(2, "out", out)
	p := c.pool(3, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_convert(from, to, p))
}

// QuantizeRows writes each row of x, n x d, as integers and a scale: x[i][j] is about scales[i] * out[i][j], with
//
//	scales[i] = max_j |x[i][j]| / 127
//
// out is n x d, scales has n values. Rows of zeros have scale 0. A NaN or an infinity ([ErrNotFinite], with its row and
// value) is found on the way: out and scales are unspecified then.
//
// C: avocet_quantize_rows
func QuantizeRows[E Real](x MatrixOf[E], out MatrixOf[int8], scales []float32, pool *Pool) error {
	return quantizeRows(typedOf(x), typedOf(out), scales, pool)
}

func quantizeRows(x, out typed, scales []float32, pool *Pool) error {
	c := begin()
	from := c.typed(1, "x", x)
	to := c.typed(2, "out", out)
	of := c.floats(3, "scales", scales, x.rows)
	p := c.pool(4, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_quantize_rows(from, to, of, p))
}

// DequantizeRows computes out[i][j] = scales[i] * x[i][j]: x and out are n x d, scales has n values.
//
// C: avocet_dequantize_rows
func DequantizeRows(x MatrixOf[int8], scales []float32, out Matrix, pool *Pool) error {
	c := begin()
	from := c.typed(1, "x", typedOf(x))
	of := c.floats(2, "scales", scales, x.Rows)
	to := c.matrix(3, "out", out)
	p := c.pool(4, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_dequantize_rows(from, of, to, p))
}

// RowNorms computes out[i] = sqrt(sum_j x[i][j]^2): x is n x d, out has n values. The sum is in float32.
//
// C: avocet_row_norms
func RowNorms[E Real](x MatrixOf[E], out []float32, pool *Pool) error {
	return rowNorms(typedOf(x), out, pool)
}

func rowNorms(x typed, out []float32, pool *Pool) error {
	c := begin()
	from := c.typed(1, "x", x)
	to := c.floats(2, "out", out, x.rows)
	p := c.pool(3, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_row_norms(from, to, p))
}
