package avocet_test

import (
	"math"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzDual(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		n, d, m := int(a%12)+1, int(b%12), int(c%20)
		rows := n
		layer := avocet.DualLayer{
			Sources: r.matrix(n, d, 0), Targets: r.matrix(n, d, 1), SourceWeights: r.matrix(d, m, 0),
			TargetWeights: r.matrix(d, m, 2), Activation: avocet.Activation(options % 3), Normalise: options&64 != 0,
		}
		result := avocet.DualResult{}
		nodes := []uint32{}
		for i := range rows {
			nodes = append(nodes, uint32(i))
		}
		if options&32 != 0 {
			rows = int(c%9) + 1
			own := make([][]uint32, rows)
			nodes = nil
			for i := range own {
				own[i] = []uint32{uint32(r.below(n))}
				nodes = append(nodes, own[i][0])
			}
			layer.Own = graphOf(t, own, n)
			result.Own = graph(t)(layer.Own.Transpose())
		}
		var lists [][2][][]uint32
		for i := range int(b % 4) {
			list := [2][][]uint32{r.rows(rows, n, 5), r.rows(rows, n, 5)}
			relation := avocet.DualRelation{Out: graphOf(t, list[0], n), Into: graphOf(t, list[1], n), Across: r.matrix(d, m, i)}
			if i%2 == 0 {
				relation.OutScale = r.values(rows)
				along := r.matrix(d, m, 0)
				relation.Along = &along
			} else {
				relation.IntoScale = r.values(rows)
			}
			layer.Relations = append(layer.Relations, relation)
			result.Back = append(result.Back, avocet.DualBack{Out: graph(t)(relation.Out.Transpose()),
				Into: graph(t)(relation.Into.Transpose())})
			lists = append(lists, list)
		}

		// A term of either output: for output row i the rows `of[i]` of the input, times `scale[i]`, times weights.
		type term struct {
			targets bool // Of T' rather than S'.
			from    bool // Reads T rather than S.
			of      [][]uint32
			scale   []float32
			weights avocet.Matrix
			number  int // Of the weights' gradient.
		}
		one := make([][]uint32, rows)
		for i := range one {
			one[i] = []uint32{nodes[i]}
		}
		terms := []term{{false, false, one, nil, layer.SourceWeights, 0}, {true, true, one, nil, layer.TargetWeights, 1}}
		next := 2 + len(layer.Relations)
		for i, relation := range layer.Relations {
			terms = append(terms, term{false, true, lists[i][0], relation.OutScale, relation.Across, 2 + i},
				term{true, false, lists[i][1], relation.IntoScale, relation.Across, 2 + i})
			if relation.Along != nil {
				terms = append(terms, term{false, false, lists[i][1], relation.IntoScale, *relation.Along, next},
					term{true, true, lists[i][0], relation.OutScale, *relation.Along, next})
				next++
			}
		}
		input := func(targets bool) avocet.Matrix {
			if targets {
				return layer.Targets
			}
			return layer.Sources
		}

		out := avocet.DualRows{Sources: r.matrix(rows, m, 1), Targets: r.matrix(rows, m, 0), SourceNorms: zeros(rows), TargetNorms: zeros(rows)}
		check(t, avocet.DualForward(layer, out, nil, w))
		checkGaps(t, "S'", out.Sources)
		norms := [2][]float64{make([]float64, rows), make([]float64, rows)}
		for side, found := range []avocet.Matrix{out.Sources, out.Targets} {
			for i := range rows {
				sums := make([]float64, m)
				for _, term := range terms {
					if term.targets != (side == 1) {
						continue
					}
					for _, node := range term.of[i] {
						for k, v := range row(input(term.from), int(node)) {
							for j := range sums {
								sums[j] += at(term.scale, i) * float64(v) * float64(row(term.weights, k)[j])
							}
						}
					}
				}
				norms[side][i] = finish(sums, layer.Activation, layer.Normalise)
				if layer.Normalise && norms[side][i] < 1e-2 && norms[side][i] > 0 {
					return // Where a norm is mostly rounding, so are the quotients.
				}
				for j, sum := range sums {
					near(t, "dual forward", row(found, i)[j], sum)
				}
			}
		}

		result.Sources, result.Targets = out.Sources, out.Targets
		result.SourceNorms, result.TargetNorms = out.SourceNorms, out.TargetNorms
		result.SourceGradient, result.TargetGradient = r.matrix(rows, m, 0), r.matrix(rows, m, 3)
		ds, dt := r.matrix(n, d, 1), r.matrix(n, d, 0)
		gradients := avocet.DualGradients{Sources: &ds, Targets: &dt}
		var wantedWeights [][]float64
		for range next {
			start := r.matrix(d, m, 1)
			gradients.Weights = append(gradients.Weights, start)
			wanted := make([]float64, d*m)
			for k := range d {
				for j, v := range row(start, k) {
					wanted[k*m+j] = float64(v)
				}
			}
			wantedWeights = append(wantedWeights, wanted)
		}
		check(t, avocet.DualBackward(layer, result, gradients, nil, w))
		wanted := [2][]float64{make([]float64, n*d), make([]float64, n*d)}
		for i := range rows {
			dz := [2][]float64{
				before(row(out.Sources, i), row(result.SourceGradient, i), norms[0][i], layer.Activation, layer.Normalise),
				before(row(out.Targets, i), row(result.TargetGradient, i), norms[1][i], layer.Activation, layer.Normalise),
			}
			for side := range dz {
				if layer.Normalise && norms[side][i] == 0 && m > 0 {
					return // 1e12 times the gradient.
				}
			}
			for _, term := range terms {
				side, from := 0, 0
				if term.targets {
					side = 1
				}
				if term.from {
					from = 1
				}
				for _, node := range term.of[i] {
					for k := range d {
						x := float64(row(input(term.from), int(node))[k])
						for j, v := range dz[side] {
							v *= at(term.scale, i)
							wanted[from][int(node)*d+k] += v * float64(row(term.weights, k)[j])
							wantedWeights[term.number][k*m+j] += v * x
						}
					}
				}
			}
		}
		// Gradients are larger than 1 where norms are small.
		scaled := func(what string, found avocet.Matrix, wanted []float64) {
			checkGaps(t, what, found)
			largest := 1.0
			for _, v := range wanted {
				largest = max(largest, math.Abs(v))
			}
			for i := range found.Rows {
				for j, v := range row(found, i) {
					if !(math.Abs(float64(v)-wanted[i*found.Cols+j]) <= 1e-4*largest) {
						t.Fatalf("%s: found %g, wanted %g", what, v, wanted[i*found.Cols+j])
					}
				}
			}
		}
		scaled("dS", ds, wanted[0])
		scaled("dT", dt, wanted[1])
		for i, wanted := range wantedWeights {
			scaled("weights", gradients.Weights[i], wanted)
		}
	})
}
