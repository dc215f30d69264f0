package avocet

/*
#include "bridge.h"
#cgo noescape go_adam
#cgo nocallback go_adam
#cgo noescape go_adagrad_rows
#cgo nocallback go_adagrad_rows
*/
import "C"

// AdamOptions are the options of [Adam]. Zeros are the defaults; 1e-38 has the effect of a zero.
type AdamOptions struct {
	// Beta1 is the decay of the first moment, by default 0.9.
	Beta1 float32
	// Beta2 is the decay of the second moment, by default 0.999.
	Beta2 float32
	// Epsilon is added to the root of the second moment, by default 1e-8.
	Epsilon float32
}

// Adam takes one step of Adam on each parameter, with g its gradient, m and v its moments and step counted from 1:
//
//	m = Beta1 m + (1 - Beta1) g
//	v = Beta2 v + (1 - Beta2) g^2
//	p = p - rate / (1 - Beta1^step) * m / (sqrt(v) / sqrt(1 - Beta2^step) + Epsilon)
//
// C: avocet_adam
func Adam(rate float32, step uint64, options AdamOptions, parameters, gradient, firstMoment, secondMoment []float32,
	pool *Pool) error {
	c := begin()
	n := len(parameters)
	p := c.floats(4, "parameters", parameters, n)
	g := c.floats(5, "gradient", gradient, n)
	m := c.floats(6, "first_moment", firstMoment, n)
	v := c.floats(7, "second_moment", secondMoment, n)
	threads := c.pool(9, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_adam(C.float(rate), C.uint64_t(step), C.float(options.Beta1), C.float(options.Beta2),
		C.float(options.Epsilon), p, g, m, v, C.size_t(n), threads))
}

// AdagradRows takes one step of Adagrad on the rows of a table that a batch touched, with g the gradient of a row:
//
//	squares = squares + g^2
//	table = table - rate * g / (sqrt(squares) + epsilon)
//
// table and squares are n x d; rows holds the touched rows in strictly ascending order, gradient a row for each.
//
// C: avocet_adagrad_rows
func AdagradRows[I Index](rate, epsilon float32, rows []I, gradient, table, squares Matrix, pool *Pool) error {
	return adagradRows(rate, epsilon, viewOf(rows), gradient, table, squares, pool)
}

func adagradRows(rate, epsilon float32, rows C.go_indices, gradient, table, squares Matrix, pool *Pool) error {
	c := begin()
	g := c.matrix(4, "gradient", gradient)
	t := c.matrix(5, "table", table)
	s := c.matrix(6, "squares", squares)
	p := c.pool(7, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_adagrad_rows(C.float(rate), C.float(epsilon), rows, g, t, s, p))
}
