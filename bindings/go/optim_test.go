package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzOptim(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r := &random{seed}
		n := int(a)
		p, g, m, v := r.values(n), r.values(n), r.values(n), r.values(n)
		for i := range v {
			v[i] = float32(math.Abs(float64(v[i]))) + .01
		}
		old := [][]float32{slices.Clone(p), slices.Clone(m), slices.Clone(v)}
		o, beta1, beta2, epsilon := avocet.AdamOptions{}, .9, .999, 1e-8
		if options&1 != 0 {
			o, beta1, beta2, epsilon = avocet.AdamOptions{Beta1: .5, Beta2: .75, Epsilon: .125}, .5, .75, .125
		}
		step := uint64(b) + 1
		check(t, avocet.Adam(.125, step, o, p, g, m, v, nil))
		for i := range p {
			m1 := beta1*float64(old[1][i]) + (1-beta1)*float64(g[i])
			v1 := beta2*float64(old[2][i]) + (1-beta2)*float64(g[i])*float64(g[i])
			corrected := math.Sqrt(v1/(1-math.Pow(beta2, float64(step)))) + epsilon
			near(t, "m", m[i], m1)
			near(t, "v", v[i], v1)
			near(t, "p", p[i], float64(old[0][i])-.125/(1-math.Pow(beta1, float64(step)))*m1/corrected)
		}

		rows, d := int(b%40), int(c%20)
		table, squares := r.matrix(rows, d, 1), r.matrix(rows, d, 0)
		for i := range squares.Data {
			squares.Data[i] = squares.Data[i]*squares.Data[i] + .01
		}
		var touched []uint32
		for i := range uint32(rows) {
			if r.below(2) == 0 {
				touched = append(touched, i)
			}
		}
		gradient := r.matrix(len(touched), d, 2)
		oldTable, oldSquares := clone(table), clone(squares)
		check(t, avocet.AdagradRows(.25, .5, touched, gradient, table, squares, nil))
		checkGaps(t, "table", table)
		for i := range rows {
			at, found := slices.BinarySearch(touched, uint32(i))
			for j := range d {
				p, s := float64(row(oldTable, i)[j]), float64(row(oldSquares, i)[j])
				if found {
					g := float64(row(gradient, at)[j])
					s += g * g
					p -= .25 * g / (math.Sqrt(s) + .5)
				}
				near(t, "table", row(table, i)[j], p)
				near(t, "squares", row(squares, i)[j], s)
			}
		}
	})
}
