package avocet_test

import (
	"math"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func TestKnownUncertainty(t *testing.T) {
	ensemble := rowsOf([]float32{1, 2, 3, 5, 5, 5}, 2)
	mean, variance := zeros(2), zeros(2)
	check(t, avocet.UncertaintyMoments(ensemble, false, mean, variance, nil))
	equal(t, "mean", mean, 2, 5)
	near(t, "variance", variance[0], 2./3)
	check(t, avocet.UncertaintyMoments(ensemble, true, mean, variance, nil))
	near(t, "variance", variance[0], 1)
	near(t, "variance", variance[1], 0)
	check(t, avocet.UncertaintyMoments(ensemble, true, mean, nil, nil))

	// The density 2x has the entropy 1/2 - ln 2.
	entropy := zeros(2)
	check(t, avocet.UncertaintyBeta([]float32{1, 2}, []float32{1, 1}, mean, entropy, nil))
	near(t, "mean", mean[1], 2./3)
	near(t, "entropy", entropy[0], 0)
	near(t, "entropy", entropy[1], .5-math.Ln2)
	check(t, avocet.UncertaintyBeta([]float32{1, 2}, []float32{1, 1}, nil, nil, nil))

	of := zeros(3)
	check(t, avocet.UncertaintyEntropy([]float32{0, .5, 1}, of, nil))
	near(t, "entropy", of[1], math.Ln2)
	if of[0] != 0 || of[2] != 0 {
		t.Error(of)
	}
	for _, none := range [][]float32{nil, {}} {
		check(t, avocet.UncertaintyMoments(avocet.Matrix{Data: none, Cols: 3}, false, none, none, nil))
		check(t, avocet.UncertaintyBeta(none, none, none, none, nil))
		check(t, avocet.UncertaintyEntropy(none, none, nil))
	}
}

// digamma by its recurrence and its asymptotic series.
func digamma(x float64) float64 {
	sum := 0.
	for ; x < 20; x++ {
		sum -= 1 / x
	}
	y := 1 / (x * x)
	return sum + math.Log(x) - .5/x - y*(1./12-y*(1./120-y/252))
}

func logGamma(x float64) float64 {
	value, _ := math.Lgamma(x)
	return value
}

// The formulas in float64, with any pool.
func FuzzUncertainty(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, rows, cols, gap, threads byte) {
		r, n, m := &random{seed}, int(rows)*3, int(cols%9)+2
		var p *avocet.Pool
		if threads%4 != 0 {
			p = newPool(t, int(threads%4))
		}
		scores := r.matrix(n, m, int(gap%3))
		mean, variance := zeros(n), zeros(n)
		sample := gap%2 == 0
		check(t, avocet.UncertaintyMoments(scores, sample, mean, variance, p))
		for i := range n {
			var sum, squares float64
			for _, x := range row(scores, i) {
				sum += float64(x)
			}
			for _, x := range row(scores, i) {
				squares += (float64(x) - sum/float64(m)) * (float64(x) - sum/float64(m))
			}
			by := float64(m)
			if sample {
				by--
			}
			near(t, "mean", mean[i], sum/float64(m))
			near(t, "variance", variance[i], squares/by)
		}
		a, b, probabilities := r.magnitudes(n), r.magnitudes(n), r.magnitudes(n)
		for i := range n {
			a[i], b[i] = a[i]*30+.25, b[i]*30+.25
		}
		entropy := zeros(n)
		check(t, avocet.UncertaintyBeta(a, b, mean, entropy, p))
		for i := range n {
			a, b := float64(a[i]), float64(b[i])
			near(t, "mean", mean[i], a/(a+b))
			near(t, "entropy", entropy[i], logGamma(a)+logGamma(b)-logGamma(a+b)-(a-1)*digamma(a)-(b-1)*digamma(b)+
				(a+b-2)*digamma(a+b))
		}
		check(t, avocet.UncertaintyEntropy(probabilities, entropy, p))
		for i, p := range probabilities {
			wanted := 0.
			if p := float64(p); p > 0 && p < 1 {
				wanted = -p*math.Log(p) - (1-p)*math.Log1p(-p)
			}
			near(t, "entropy", entropy[i], wanted)
		}
	})
}

func TestBadUncertainty(t *testing.T) {
	s := newScene(t)
	closedPool := newPool(t, 1)
	check(t, closedPool.Close())
	mean, more := s.out[:R], s.more[:R]
	moments := func(x avocet.Matrix, sample bool, mean, variance []float32) error {
		return avocet.UncertaintyMoments(x, sample, mean, variance, nil)
	}
	invalid, shape := avocet.ErrInvalidArgument, avocet.ErrShapeMismatch
	for _, x := range []struct {
		change func(x *avocet.Matrix)
		wanted avocet.Error
	}{
		{func(x *avocet.Matrix) { x.Rows = -1 }, integer(invalid, 1, "scores.rows", 0, -1)},
		{func(x *avocet.Matrix) { x.Cols = 0 }, integer(invalid, 1, "scores.cols", 0, 0)},
		{func(x *avocet.Matrix) { x.Cols = 1 }, integer(invalid, 1, "scores.cols", 0, 1)},
		{func(x *avocet.Matrix) { x.Stride = 1 }, integer(shape, 1, "scores.stride", 0, 1)},
		{func(x *avocet.Matrix) { x.Data = nil }, none(avocet.ErrNullPointer, 1, "scores.data", 0)},
		{func(x *avocet.Matrix) { x.Data = x.Data[1:] }, integer(shape, 1, "scores.data", 0, R*D-1)},
	} {
		bad := s.y
		x.change(&bad)
		s.refuses("moments", moments(bad, true, mean, more), x.wanted)
	}
	s.refuses("moments", moments(s.y, false, nil, more), none(avocet.ErrNullPointer, 3, "mean", 0))
	s.refuses("moments", moments(s.y, false, s.out[:R-1], more), integer(shape, 3, "mean", 0, R-1))
	s.refuses("moments", moments(s.y, false, mean, s.more[:R+1]), integer(shape, 4, "variance", 0, R+1))
	s.refuses("moments", moments(s.y, false, mean, s.out[1:R+1]), none(avocet.ErrOverlap, 4, "variance", 0))
	s.refuses("moments", avocet.UncertaintyMoments(s.y, false, mean, more, closedPool), none(avocet.ErrClosed, 5, "pool", 0))

	a := ones[:R]
	beta := func(a, b, mean, entropy []float32) error { return avocet.UncertaintyBeta(a, b, mean, entropy, nil) }
	s.refuses("beta", beta(a, nil, mean, more), none(avocet.ErrNullPointer, 2, "b", 0))
	s.refuses("beta", beta(nil, a, mean, more), integer(shape, 2, "b", 0, R))
	s.refuses("beta", beta(a, a, s.out[:R-1], more), integer(shape, 4, "mean", 0, R-1))
	s.refuses("beta", beta(a, a, mean, s.more[:R+1]), integer(shape, 5, "entropy", 0, R+1))
	s.refuses("beta", beta(a, a, mean, s.out[2:R+2]), none(avocet.ErrOverlap, 5, "entropy", 0))
	s.refuses("beta", avocet.UncertaintyBeta(a, a, mean, more, closedPool), none(avocet.ErrClosed, 6, "pool", 0))
	// Found on the way: the outputs are unspecified, so they are not wanted.
	s.refuses("beta", beta(a, []float32{1, 0, 1}, nil, nil), number(invalid, 2, "b", 1, 0))
	s.refuses("beta", beta([]float32{notANumber, 1, 1}, a, nil, nil), number(avocet.ErrNotFinite, 1, "a", 0, math.NaN()))

	entropy := func(p, out []float32) error { return avocet.UncertaintyEntropy(p, out, nil) }
	s.refuses("entropy", entropy(a, nil), none(avocet.ErrNullPointer, 3, "out", 0))
	s.refuses("entropy", entropy(nil, mean), integer(shape, 3, "out", 0, R))
	s.refuses("entropy", entropy(a, s.out[:R+1]), integer(shape, 3, "out", 0, R+1))
	s.refuses("entropy", entropy(mean, mean), none(avocet.ErrOverlap, 3, "out", 0))
	s.refuses("entropy", avocet.UncertaintyEntropy(a, mean, closedPool), none(avocet.ErrClosed, 4, "pool", 0))
	unspecified := zeros(R)
	s.refuses("entropy", entropy([]float32{.5, 2, notANumber}, unspecified), number(invalid, 1, "probabilities", 1, 2))
	s.refuses("entropy", entropy([]float32{.5, 1, notANumber}, unspecified), number(avocet.ErrNotFinite, 1, "probabilities", 2, math.NaN()))
}
