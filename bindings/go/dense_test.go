package avocet_test

import (
	"math"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// finish is activation and norm of a row in float64, with the norm.
func finish(sums []float64, activation avocet.Activation, normalise bool) float64 {
	squares := 0.0
	for j, v := range sums {
		switch activation {
		case avocet.ActivationReLU:
			v = max(v, 0)
		case avocet.ActivationTanh:
			v = math.Tanh(v)
		}
		sums[j] = v
		squares += v * v
	}
	norm := math.Sqrt(squares)
	if normalise {
		for j := range sums {
			sums[j] /= max(norm, 1e-12)
		}
	}
	return norm
}

// before is the gradient of a row before activation and norm.
func before(y, dy []float32, norm float64, activation avocet.Activation, normalise bool) []float64 {
	dz := make([]float64, len(y))
	along := dot(y, dy)
	for j := range dz {
		v, a := float64(dy[j]), float64(y[j])
		if normalise {
			if norm < 1e-12 {
				v *= 1e12
			} else {
				v = (v - a*along) / norm
			}
			a *= norm
		}
		switch {
		case activation == avocet.ActivationReLU && !(a > 0):
			v = 0
		case activation == avocet.ActivationTanh:
			v *= 1 - a*a
		}
		dz[j] = v
	}
	return dz
}

func FuzzDense(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		n, m := int(a%20), int(b%40)
		o := avocet.DenseOptions{Accumulate: options&1 != 0, Activation: avocet.Activation(options / 2 % 3), Normalise: options&64 != 0}
		var addends []avocet.Addend
		for i := range int(c % 4) {
			k := r.below(20)
			addend := avocet.Addend{X: r.matrix(n, k, i), W: r.matrix(k, m, 0), Transposed: i%2 == 1}
			if addend.Transposed {
				addend.W = r.matrix(m, k, 1)
			}
			addends = append(addends, addend)
		}
		start := r.matrix(n, m, int(a%2))
		out, norms := clone(start), zeros(n)
		check(t, avocet.Product(addends, o, out, norms, nil, w))
		checkGaps(t, "out", out)
		for i := range n {
			sums := make([]float64, m)
			for j := range sums {
				if o.Accumulate {
					sums[j] = float64(row(start, i)[j])
				}
				for _, addend := range addends {
					for k, x := range row(addend.X, i) {
						if addend.Transposed {
							sums[j] += float64(x) * float64(row(addend.W, j)[k])
						} else {
							sums[j] += float64(x) * float64(row(addend.W, k)[j])
						}
					}
				}
			}
			norm := finish(sums, o.Activation, o.Normalise)
			if o.Normalise && norm < 1e-3 && norm > 0 {
				continue // Where a norm is mostly rounding, so are the quotients.
			}
			for j, sum := range sums {
				near(t, "product", row(out, i)[j], sum)
			}
			if o.Normalise {
				near(t, "norm", norms[i], norm)
			}
		}

		y := clone(start)
		check(t, avocet.Activate(o, y, norms, nil))
		checkGaps(t, "y", y)
		dy, dz := r.matrix(n, m, 2), r.matrix(n, m, 1)
		check(t, avocet.ActivateBackward(o, y, norms, dy, dz, nil))
		checkGaps(t, "dz", dz)
		for i := range n {
			sums := make([]float64, m)
			for j, v := range row(start, i) {
				sums[j] = float64(v)
			}
			norm := finish(sums, o.Activation, o.Normalise)
			for j, sum := range sums {
				near(t, "activate", row(y, i)[j], sum)
			}
			if o.Normalise && norm < 1e-3 {
				continue
			}
			for j, v := range before(row(y, i), row(dy, i), norm, o.Activation, o.Normalise) {
				near(t, "activate backward", row(dz, i)[j], v)
			}
		}

		x := r.matrix(n, int(c%30), 1)
		into := r.matrix(x.Cols, m, 1)
		gradient := clone(into)
		check(t, avocet.WeightGradient(x, dy, o.Accumulate, gradient, nil, w))
		checkGaps(t, "gradient", gradient)
		for k := range x.Cols {
			for j := range m {
				sum := 0.0
				if o.Accumulate {
					sum = float64(row(into, k)[j])
				}
				for i := range n {
					sum += float64(row(x, i)[k]) * float64(row(dy, i)[j])
				}
				near(t, "weight gradient", row(gradient, k)[j], sum)
			}
		}
	})
}
