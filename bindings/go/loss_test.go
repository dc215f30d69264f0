package avocet_test

import (
	"math"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzLoss(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		n, m, d := int(a%12), int(b%12), int(c%10)
		list := r.rows(n, m, 5)
		g := graphOf(t, list, m)
		back := graph(t)(g.Transpose())
		byRow, byColumn := r.matrix(n, d, 0), r.matrix(m, d, 1)
		var weights []float32
		if options&128 != 0 {
			weights = r.values(g.Edges())
		}
		kind := avocet.EdgeKind(options % 3)
		sources, targets := byRow, byColumn
		if kind == avocet.EdgeReversed {
			sources, targets = byColumn, byRow
		}
		add := func(to []float64, cols, i int, factor float64, x []float32) {
			for j, v := range x {
				to[i*cols+j] += factor * float64(v)
			}
		}
		same := func(what string, found, start avocet.Matrix, sums []float64) {
			t.Helper()
			checkGaps(t, what, found)
			for i := range found.Rows {
				for j, v := range row(found, i) {
					near(t, what, v, float64(row(start, i)[j])+sums[i*d+j])
				}
			}
		}

		term := avocet.EdgeTerm{Kind: kind, Temperature: 1.5, Offset: .25, Margin: .5, Weight: 2}
		startS, startT := r.matrix(sources.Rows, d, 1), r.matrix(targets.Rows, d, 0)
		ds, dt := clone(startS), clone(startT)
		loss := must[avocet.EdgeLossResult](t)(avocet.EdgeLoss(g, back, sources, targets, term, weights, &ds, &dt, nil, w))
		wantedS, wantedT := make([]float64, sources.Rows*d), make([]float64, targets.Rows*d)
		wanted, e := avocet.EdgeLossResult{}, 0
		for i := range n {
			for _, j := range list[i] {
				s, t := i, int(j)
				if kind == avocet.EdgeReversed {
					s, t = t, s
				}
				product := dot(row(sources, s), row(targets, t))
				x, sign, margin := 1.5*product-.25, 1.0, .5
				if kind == avocet.EdgePositive {
					sign, margin = -1, 0
				}
				weight := 2 * at(weights, e)
				slope := weight * sign * sigmoid(sign*x-margin)
				wanted.Loss += weight * softplus(sign*x-margin)
				wanted.TemperatureGradient += slope * product
				wanted.OffsetGradient -= slope
				add(wantedS, d, s, 1.5*slope, row(targets, t))
				add(wantedT, d, t, 1.5*slope, row(sources, s))
				e++
			}
		}
		near(t, "loss", float32(loss.Loss), wanted.Loss)
		near(t, "temperature", float32(loss.TemperatureGradient), wanted.TemperatureGradient)
		near(t, "offset", float32(loss.OffsetGradient), wanted.OffsetGradient)
		same("source gradient", ds, startS, wantedS)
		same("target gradient", dt, startT, wantedT)

		var negatives []int64
		if m > 0 {
			for range int(options % 7) {
				negatives = append(negatives, int64(r.below(m)))
			}
		}
		startS, startT = r.matrix(n, d, 1), r.matrix(m, d, 0)
		ds, dt = clone(startS), clone(startT)
		softmax := must[avocet.SoftmaxLossResult](t)(avocet.SoftmaxLoss(g, back, byRow, byColumn, negatives,
			avocet.SoftmaxTerm{Temperature: .75, Weight: 3}, weights, &ds, &dt, nil, w))
		wantedS, wantedT = make([]float64, n*d), make([]float64, m*d)
		wantedLoss, wantedTemperature, e := 0.0, 0.0, 0
		for i := range n {
			for _, j := range list[i] {
				nodes := []int{int(j)}
				for _, k := range negatives {
					if k != int64(j) {
						nodes = append(nodes, int(k))
					}
				}
				sum := 0.0
				for _, k := range nodes {
					sum += math.Exp(.75 * dot(row(byRow, i), row(byColumn, k)))
				}
				weight := 3 * at(weights, e)
				for place, k := range nodes {
					product := dot(row(byRow, i), row(byColumn, k))
					slope := weight * math.Exp(.75*product) / sum
					if place == 0 {
						slope -= weight
						wantedLoss += weight * (math.Log(sum) - .75*product)
					}
					wantedTemperature += slope * product
					add(wantedS, d, i, .75*slope, row(byColumn, k))
					add(wantedT, d, k, .75*slope, row(byRow, i))
				}
				e++
			}
		}
		near(t, "softmax loss", float32(softmax.Loss), wantedLoss)
		near(t, "softmax temperature", float32(softmax.TemperatureGradient), wantedTemperature)
		same("softmax source gradient", ds, startS, wantedS)
		same("softmax target gradient", dt, startT, wantedT)
	})
}
