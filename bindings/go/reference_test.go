package avocet_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// Every family against plain Go in float64, on shapes and values that a fuzzer chooses; the seeds run as tests.

// near compares a result with what it should be, to the accuracy of short float32 sums of numbers up to about 1.
func near(t *testing.T, what string, found float32, wanted float64) {
	t.Helper()
	if !(math.Abs(float64(found)-wanted) <= 2e-5*(1+math.Abs(wanted))) {
		t.Fatalf("%s: found %g, wanted %g", what, found, wanted)
	}
}

func seeds(f *testing.F) {
	for i := range uint64(12) {
		f.Add(i, byte(i*7), byte(i*5+1), byte(i*3), byte(i*11))
	}
	f.Add(uint64(99), byte(0), byte(0), byte(0), byte(0))
}

// A matrix with gaps between its rows, which hold 1000.
func (r *random) matrix(rows, cols, gap int) avocet.Matrix {
	m := avocet.Matrix{Rows: rows, Cols: cols, Stride: cols + gap, Data: slices.Repeat([]float32{1000}, rows*(cols+gap))}
	for i := range rows {
		copy(row(m, i), r.values(cols))
	}
	return m
}

func row(m avocet.Matrix, i int) []float32 {
	stride := m.Stride
	if stride == 0 {
		stride = m.Cols
	}
	return m.Data[i*stride:][:m.Cols]
}

func clone(m avocet.Matrix) avocet.Matrix {
	m.Data = slices.Clone(m.Data)
	return m
}

// checkGaps sees to it that nothing was written between the rows.
func checkGaps(t *testing.T, what string, m avocet.Matrix) {
	t.Helper()
	for i, value := range m.Data {
		if m.Stride > 0 && i%m.Stride >= m.Cols && value != 1000 {
			t.Fatalf("%s: written between the rows", what)
		}
	}
}

func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// rows of a random graph, each in ascending order.
func (r *random) rows(rows, cols, most int) [][]uint32 {
	list := make([][]uint32, rows)
	for i := range list {
		if cols == 0 {
			continue
		}
		for range r.below(most + 1) {
			list[i] = append(list[i], uint32(r.below(cols)))
		}
		slices.Sort(list[i])
	}
	return list
}

func count(rows [][]uint32) (n int) {
	for _, row := range rows {
		n += len(row)
	}
	return n
}

func at(values []float32, i int) float64 {
	if values == nil {
		return 1
	}
	return float64(values[i])
}

func zeros(n int) []float32 { return make([]float32, n) }

func FuzzGraph(f *testing.F) {
	f.Add([]byte{0, 1, 2}, []byte{0, 1}, uint8(2))
	f.Add([]byte{0, 2, 1}, []byte{0, 1}, uint8(2))
	f.Add([]byte{1}, []byte{}, uint8(0))
	f.Add([]byte{}, []byte{}, uint8(0))
	f.Add([]byte{0, 1}, []byte{255}, uint8(3))
	f.Add([]byte{0, 0, 3}, []byte{2, 2, 0}, uint8(3))
	f.Fuzz(func(t *testing.T, offsetBytes, indexBytes []byte, cols uint8) {
		offsets, indices := make([]int32, len(offsetBytes)), make([]int64, len(indexBytes))
		good := len(offsets) > 0 && offsetBytes[0] == 0 && int(int8(offsetBytes[len(offsets)-1])) == len(indices)
		for i, b := range offsetBytes {
			offsets[i] = int32(int8(b))
			good = good && (i == 0 || offsets[i] >= offsets[i-1])
		}
		for i, b := range indexBytes {
			indices[i] = int64(int8(b))
			good = good && indices[i] >= 0 && indices[i] < int64(cols)
		}
		g, err := avocet.NewGraph(offsets, indices, int(cols))
		if (err == nil) != good {
			t.Fatalf("offsets %v, indices %v, %d columns: %v", offsets, indices, cols, err)
		}
		if err != nil {
			return
		}
		defer g.Close()
		found, columns := make([]int64, len(offsets)), make([]uint32, len(indices))
		check(t, g.Offsets(found))
		check(t, g.Indices(columns))
		for i := range found {
			if found[i] != int64(offsets[i]) {
				t.Fatal("other offsets")
			}
		}
		for i := range columns {
			if int64(columns[i]) != indices[i] {
				t.Fatal("other indices")
			}
		}
		if g.Rows() != len(offsets)-1 || g.Cols() != int(cols) || g.Edges() != len(indices) || g.IsDerived() {
			t.Fatal("another shape")
		}
		back := graph(t)(g.Transpose())
		again := graph(t)(back.Transpose())
		ids := make([]uint32, len(indices))
		check(t, again.EdgeIDs(ids))
		rows := make([]int, len(indices))
		for i := range g.Rows() {
			for e := offsets[i]; e < offsets[i+1]; e++ {
				rows[e] = i
			}
		}
		check(t, again.Offsets(found))
		check(t, again.Indices(columns))
		for i := range again.Rows() {
			for e := found[i]; e < found[i+1]; e++ {
				if rows[ids[e]] != i || int64(columns[e]) != indices[ids[e]] {
					t.Fatal("twice transposed is not the graph")
				}
			}
		}
		if !again.IsDerived() || again.EdgeIDLimit() != len(indices) || back.Rows() != g.Cols() {
			t.Fatal("the transpose has another shape")
		}
	})
}

func FuzzMap(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7}, uint8(0))
	f.Add([]byte{255, 0, 100, 17, 80, 3}, uint8(3))
	f.Add([]byte{}, uint8(5))
	exact := map[avocet.Function]func(x float64) float64{
		avocet.Exp: math.Exp, avocet.Log: math.Log, avocet.Log1p: math.Log1p, avocet.Tanh: math.Tanh,
		avocet.Sigmoid: sigmoid, avocet.Softplus: softplus,
	}
	f.Fuzz(func(t *testing.T, bytes []byte, function uint8) {
		x, out := make([]float32, len(bytes)), make([]float32, len(bytes))
		for i, b := range bytes {
			x[i] = (float32(b) - 100) / 8
		}
		which := avocet.Function(function % 6)
		check(t, avocet.Map(which, x, out, nil))
		for i := range x {
			wanted := exact[which](float64(x[i]))
			if found := float64(out[i]); math.IsNaN(wanted) || math.IsInf(wanted, 0) {
				if math.IsNaN(wanted) != math.IsNaN(found) || math.IsInf(wanted, 0) && found != wanted {
					t.Fatalf("%d of %g: found %g, wanted %g", which, x[i], found, wanted)
				}
			} else if math.Abs(found-wanted) > 3e-7*math.Abs(wanted) {
				t.Fatalf("%d of %g: found %g, wanted %g", which, x[i], found, wanted)
			}
		}
	})
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func FuzzAggregate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r := &random{seed}
		n, m, d := int(a%20), int(b%20), int(c%40)
		list := r.rows(n, m, 12)
		g := graphOf(t, list, m)
		x, before := r.matrix(m, d, int(c%3)), r.matrix(n, d, int(a%3))
		o := avocet.AggregateOptions{Reduce: avocet.Reduce(options & 1), Accumulate: options&2 != 0}
		if options&4 != 0 {
			o.EdgeWeights = r.values(g.Edges())
		}
		if options&8 != 0 {
			o.SourceScale, o.RowScale = r.values(m), r.values(n)
		}
		out := clone(before)
		check(t, avocet.Aggregate(g, x, o, out, nil))
		checkGaps(t, "out", out)
		e := 0
		for i := range n {
			sums := make([]float64, d)
			for k, j := range list[i] {
				for at_, v := range row(x, int(j)) {
					sums[at_] += at(o.EdgeWeights, e+k) * at(o.SourceScale, int(j)) * float64(v)
				}
			}
			e += len(list[i])
			for at_, sum := range sums {
				if o.Reduce == avocet.ReduceMean && len(list[i]) > 0 {
					sum /= float64(len(list[i]))
				}
				sum *= at(o.RowScale, i)
				if o.Accumulate {
					sum += float64(row(before, i)[at_])
				}
				near(t, "aggregate", row(out, i)[at_], sum)
			}
		}

		left, dots := r.matrix(n, d, 1), zeros(g.Edges())
		check(t, avocet.EdgeDots(g, left, x, dots, nil))
		e = 0
		for i := range n {
			for _, j := range list[i] {
				near(t, "edge dots", dots[e], dot(row(left, i), row(x, int(j))))
				e++
			}
		}
	})
}

func FuzzSampling(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r := &random{seed}
		n, m := int(a%20)+1, int(b%20)+1
		list := r.rows(n, m, 12)
		g := graphOf(t, list, m)
		back := graph(t)(g.Transpose())
		fanout := make([]uint32, n)
		for i := range fanout {
			fanout[i] = uint32(r.below(int(c%12) + 1))
		}
		o := avocet.SampleOptions{Draw: avocet.Draw(options % 3), Seed: seed, Layer: uint32(c), EdgeWeights: zeros(g.Edges())}
		for e := range o.EdgeWeights {
			o.EdgeWeights[e] = 1 + r.value()/2
		}
		sample := graph(t)(avocet.SampleNeighbours(g, fanout, o, nil))
		offsets, columns, ids := contents(t, sample)
		first := 0
		for i := range n {
			of := ids[offsets[i]:offsets[i+1]]
			if len(of) != min(len(list[i]), int(fanout[i])) {
				t.Fatalf("%d of %d edges with a fan-out of %d", len(of), len(list[i]), fanout[i])
			}
			for k, id := range of {
				if int(id) < first || int(id) >= first+len(list[i]) || columns[int(offsets[i])+k] != list[i][int(id)-first] {
					t.Fatal("not an edge of the row")
				}
				if k > 0 && (of[k-1] > id || of[k-1] == id && o.Draw != avocet.DrawWithReplacement) {
					t.Fatal("edges out of order, or twice")
				}
			}
			first += len(list[i])
		}

		law := must[avocet.PowerLaw](t)(avocet.FitPowerLaw(g))
		least, sum := math.MaxInt, 0.0
		for _, row := range list {
			least = min(least, max(len(row), 1))
		}
		for _, row := range list {
			sum += math.Log(float64(max(len(row), 1)) / float64(least))
		}
		if wanted := 1 + float64(n)/sum; law.Least != least || math.Abs(law.Exponent-wanted) > 1e-5*wanted {
			t.Fatalf("found %v, wanted %d, %g", law, least, wanted)
		}
		fans := make([]uint32, n)
		check(t, avocet.AdaptiveFanout(g, avocet.PowerLaw{Least: 2, Exponent: 2.5}, 3, 20, fans))
		for i, row := range list {
			wanted := 3 + 17*math.Pow(max(float64(len(row)), 2)/2, -1.5)
			if math.Abs(float64(fans[i])-wanted) > .501 {
				t.Fatalf("fan-out %d for %d edges, wanted %g", fans[i], len(row), wanted)
			}
		}

		walked := graph(t)(avocet.WalkNeighbours(g, back, fanout, avocet.WalkOptions{Walks: 5, Length: 2, Seed: seed}, nil))
		shares := zeros(walked.Edges())
		check(t, walked.WalkWeights(shares))
		offsets, columns, _ = contents(t, walked)
		for i, own := range list {
			found := columns[offsets[i]:offsets[i+1]]
			if !slices.Equal(found[:len(own)], own) || len(found) > max(len(own), int(fanout[i])) || len(own) == 0 && len(found) > 0 {
				t.Fatalf("row %v became %v with a fan-out of %d", own, found, fanout[i])
			}
			for k, share := range shares[offsets[i]:offsets[i+1]] {
				visits := float64(share) * 15
				if k < len(own) && share != 1 || k >= len(own) && (visits < .99 || math.Abs(visits-math.Round(visits)) > 1e-4) {
					t.Fatalf("share %g", share)
				}
			}
		}

		rows := make([]uint32, int(c%9))
		for i := range rows {
			rows[i] = uint32(r.below(n))
		}
		chosen := graph(t)(avocet.SelectRows(g, rows))
		offsets, columns, _ = contents(t, chosen)
		for i, of := range rows {
			if !slices.Equal(columns[offsets[i]:offsets[i+1]], list[of]) {
				t.Fatal("another row")
			}
		}
	})
}

func contents(t *testing.T, g *avocet.Graph) (offsets []int64, columns, ids []uint32) {
	offsets, columns, ids = make([]int64, g.Rows()+1), make([]uint32, g.Edges()), make([]uint32, g.Edges())
	check(t, g.Offsets(offsets))
	check(t, g.Indices(columns))
	check(t, g.EdgeIDs(ids))
	return
}

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

func FuzzScore(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		q, n, d, k := int(a%12), int(b%30), int(c%20), int(options%10)
		queries, targets := r.matrix(q, d, 1), r.matrix(n, d, 2)
		if q > 0 && n > 0 {
			u, v, out := make([]uint32, 30), make([]int, 30), zeros(30)
			for i := range u {
				u[i], v[i] = uint32(r.below(q)), r.below(n)
			}
			check(t, avocet.ScorePairs(queries, targets, u, v, out, nil))
			for i := range u {
				near(t, "pair", out[i], dot(row(queries, int(u[i])), row(targets, v[i])))
			}
		}

		// Small whole numbers: the scores are exact, and many tie.
		for i := range queries.Data {
			queries.Data[i] = float32(r.below(3)) - 1
		}
		for i := range targets.Data {
			targets.Data[i] = float32(r.below(3)) - 1
		}
		excluded, givens := r.rows(q, n, 6), r.rows(q, n, 4)
		exclude, given := graphOf(t, excluded, n), graphOf(t, givens, n)
		lists := avocet.TopKLists{IDs: make([]uint32, q*k), Scores: zeros(q * k), Counts: make([]uint32, q), NaNCounts: make([]uint32, q)}
		check(t, avocet.TopK(queries, targets, exclude, k, lists, nil, w))
		better, equal := make([]uint32, given.Edges()), make([]uint32, given.Edges())
		check(t, avocet.RankCounts(queries, targets, given, exclude, better, equal, nil, w))
		e := 0
		for i := range q {
			order := []int{}
			for id := range n {
				if !slices.Contains(excluded[i], uint32(id)) {
					order = append(order, id)
				}
			}
			score := func(id int) float64 { return dot(row(queries, i), row(targets, id)) }
			for _, id := range givens[i] {
				over, same := 0, 0
				for _, other := range order {
					if score(other) > score(int(id)) {
						over++
					} else if other != int(id) && score(other) == score(int(id)) {
						same++
					}
				}
				if better[e] != uint32(over) || equal[e] != uint32(same) {
					t.Fatalf("counts %d, %d; wanted %d, %d", better[e], equal[e], over, same)
				}
				e++
			}
			slices.SortStableFunc(order, func(x, y int) int {
				switch sx, sy := score(x), score(y); {
				case sx > sy:
					return -1
				case sx < sy:
					return 1
				}
				return 0
			})
			if lists.Counts[i] != uint32(min(k, len(order))) || lists.NaNCounts[i] != 0 {
				t.Fatalf("%d places, %d NaN", lists.Counts[i], lists.NaNCounts[i])
			}
			for place := range k {
				id, found := lists.IDs[i*k+place], lists.Scores[i*k+place]
				if place >= len(order) {
					if id != avocet.NoID || !math.IsInf(float64(found), -1) {
						t.Fatalf("an unused place has %d, %g", id, found)
					}
				} else if int(id) != order[place] || float64(found) != score(order[place]) {
					t.Fatalf("place %d: %d, %g; wanted %d, %g", place, id, found, order[place], score(order[place]))
				}
			}
		}
	})
}

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

func FuzzLogistic(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		n := int(a) * (int(b%9) + 1)
		x := r.values(n)
		for i := range x {
			x[i] *= float32(c)
		}
		targets := avocet.LogisticTargets{Signed: options&1 != 0}
		number := func() []float32 {
			values := r.values(n)
			for i := range values {
				if !targets.Signed {
					values[i] = float32(math.Abs(float64(values[i])))
				}
			}
			return values
		}
		if options&2 != 0 {
			targets.A, targets.B = number(), number()
		} else {
			targets.Labels = zeros(n)
			for i := range targets.Labels {
				targets.Labels[i] = float32(r.below(5)) / 4
			}
			if options&4 != 0 {
				targets.Weights = number()
			}
		}
		// Some of the outputs, so that each is also computed without the others.
		var out avocet.LogisticOutputs
		for i, values := range []*[]float32{&out.Losses, &out.Gradient, &out.Curvature} {
			if options>>(3+i)&1 == 0 {
				*values = slices.Repeat([]float32{1000}, n)
			}
		}
		sum := 1000.0
		if options&64 == 0 {
			out.Sum = &sum
		}
		check(t, avocet.LogisticLoss(x, targets, out, nil, w))
		wantedSum, size := 0.0, 0.0
		for i := range x {
			x := float64(x[i])
			p, q := 0.0, 0.0
			if targets.Labels == nil {
				p, q = float64(targets.A[i]), float64(targets.B[i])
			} else {
				label := float64(targets.Labels[i])
				p, q = at(targets.Weights, i)*label, at(targets.Weights, i)*(1-label)
			}
			loss := p*softplus(-x) + q*softplus(x)
			wantedSum += loss
			size += math.Abs(loss)
			if out.Losses != nil {
				near(t, "loss", out.Losses[i], loss)
			}
			if out.Gradient != nil {
				near(t, "gradient", out.Gradient[i], q*sigmoid(x)-p*sigmoid(-x))
			}
			if out.Curvature != nil {
				near(t, "curvature", out.Curvature[i], (p+q)*sigmoid(x)*sigmoid(-x))
			}
		}
		if out.Sum == nil {
			wantedSum = 1000
		}
		if !(math.Abs(sum-wantedSum) <= 1e-5*(size+1e-3)) {
			t.Fatalf("sum: found %g, wanted %g", sum, wantedSum)
		}
	})
}

// anyFeatures are features of the kind that `kind` chooses, and the same as rows of numbers, with the sums of the squares
// of the entries that make each number.
func anyFeatures(t *testing.T, r *random, n, d int, kind byte) (x, squares [][]float32, features avocet.Features) {
	x, squares = make([][]float32, n), make([][]float32, n)
	gap := int(kind % 3)
	dense := r.matrix(n, d, gap)
	halves := avocet.MatrixOf[avocet.F16]{Data: make([]avocet.F16, len(dense.Data)), Rows: n, Cols: d, Stride: dense.Stride}
	brains := avocet.MatrixOf[avocet.BF16]{Data: make([]avocet.BF16, len(dense.Data)), Rows: n, Cols: d, Stride: dense.Stride}
	csr := avocet.CSR[int32, int]{Offsets: []int32{0}, Cols: d}
	kind %= 5
	for i := range x {
		x[i], squares[i] = row(dense, i), zeros(d)
		for j, value := range x[i] {
			at := i*dense.Stride + j
			switch kind {
			case 1:
				// 1.f times 2^-3, of either sign.
				fraction := uint32(r.below(1 << 10))
				halves.Data[at] = avocet.F16(12<<10 | fraction | uint32(r.below(2))<<15)
				x[i][j] = math.Float32frombits((127-3)<<23 | fraction<<13 | uint32(halves.Data[at])>>15<<31)
			case 2:
				brains.Data[at] = avocet.BF16(math.Float32bits(value) >> 16)
				x[i][j] = math.Float32frombits(uint32(brains.Data[at]) << 16)
			}
			squares[i][j] = x[i][j] * x[i][j]
		}
		if kind < 3 {
			continue
		}
		x[i], squares[i] = zeros(d), zeros(d)
		if d > 0 {
			for range r.below(6) {
				column, value := r.below(d), r.value()
				csr.Indices, csr.Values = append(csr.Indices, column), append(csr.Values, value)
				x[i][column] += value
				squares[i][column] += value * value
			}
		}
		csr.Offsets = append(csr.Offsets, int32(len(csr.Indices)))
	}
	switch kind {
	case 1:
		features = avocet.DenseFeatures(halves)
	case 2:
		features = avocet.DenseFeatures(brains)
	case 3:
		features = avocet.SparseFeatures(csr)
	case 4:
		features = avocet.PreparedFeatures(preparedRows(t)(avocet.NewPreparedRows(csr)))
	default:
		features = avocet.DenseFeatures(dense)
	}
	return x, squares, features
}

func FuzzLogisticBatch(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, gap, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		n, d := int(a), int(b%9)
		given, squares, features := anyFeatures(t, r, n, d, gap)
		rows := avocet.LogisticRows{Features: features, Weights: r.values(d), Intercept: r.values(1)[0]}
		if options&1 != 0 {
			rows.Offsets = r.values(n)
		}
		targets := &avocet.LogisticTargets{Signed: true}
		if options&2 != 0 {
			targets.A, targets.B = r.values(n), r.values(n)
		} else {
			targets.Labels = zeros(n)
			for i := range targets.Labels {
				targets.Labels[i] = float32(r.below(5)) / 4
			}
			if options&4 != 0 {
				targets.Weights = r.values(n)
			}
		}
		out := avocet.LogisticBatchOutputs{Along: r.values(d), AlongIntercept: r.values(1)[0]}
		if options&8 == 0 {
			out.Margins = slices.Repeat([]float32{1000}, n)
		}
		for i, values := range []*[]float32{&out.Gradient, &out.Curvature, &out.Product} {
			if options>>(4+i)&1 == 0 {
				*values = slices.Repeat([]float32{1000}, d)
			}
		}
		found := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, targets, out, nil, w))
		// Gradient, curvature and product, the part for the intercept last, and the sizes of what they are sums of.
		var sums, sizes [3][]float64
		for i := range sums {
			sums[i], sizes[i] = make([]float64, d+1), make([]float64, d+1)
		}
		loss, lossSize := 0.0, 0.0
		for i := range n {
			m, along := dot(given[i], rows.Weights)+float64(rows.Intercept), dot(given[i], out.Along)+float64(out.AlongIntercept)
			if rows.Offsets != nil {
				m += float64(rows.Offsets[i])
			}
			if out.Margins != nil {
				near(t, "margin", out.Margins[i], m)
			}
			p, q := 0.0, 0.0
			if targets.Labels == nil {
				p, q = float64(targets.A[i]), float64(targets.B[i])
			} else {
				label := float64(targets.Labels[i])
				p, q = at(targets.Weights, i)*label, at(targets.Weights, i)*(1-label)
			}
			loss += p*softplus(-m) + q*softplus(m)
			lossSize += math.Abs(p*softplus(-m)) + math.Abs(q*softplus(m))
			h, most := (p+q)*sigmoid(m)*sigmoid(-m), math.Abs(p)+math.Abs(q)
			for j := range d + 1 {
				x, square := 1.0, 1.0
				if j < d {
					x, square = float64(given[i][j]), float64(squares[i][j])
				}
				for k, term := range []float64{(q*sigmoid(m) - p*sigmoid(-m)) * x, h * square, h * along * x} {
					sums[k][j] += term
					sizes[k][j] += most * (math.Abs(x) + square) * (1 + math.Abs(along))
				}
			}
		}
		close := func(what string, found, wanted, size float64) {
			t.Helper()
			if !(math.Abs(found-wanted) <= 1e-5*(size+1e-3)) {
				t.Fatalf("%s: found %g, wanted %g", what, found, wanted)
			}
		}
		close("loss", found.Loss, loss, lossSize)
		for k, x := range []struct {
			what   string
			values []float32
			last   float64
		}{{"gradient", out.Gradient, found.Gradient}, {"curvature", out.Curvature, found.Curvature},
			{"product", out.Product, found.Product}} {
			if x.values == nil {
				if x.last != 0 {
					t.Fatalf("%s that is not wanted: found %g", x.what, x.last)
				}
				continue
			}
			for j, value := range x.values {
				close(x.what, float64(value), sums[k][j], sizes[k][j])
			}
			close(x.what+" by the intercept", x.last, sums[k][d], sizes[k][d])
		}
	})
}

func FuzzLogisticProduct(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, size, options byte) {
		r, w, n := &random{seed}, newWorkspace(t), int(a)
		first, second := r.values(n), r.values(n)
		for i := range first {
			first[i] *= 4
			second[i] *= 4
		}
		targets := avocet.LogisticTargets{A: r.values(n), B: r.values(n), Signed: true}
		sum := 1000.0
		var out avocet.LogisticProductOutputs
		if options&1 == 0 {
			out.Losses = zeros(n)
		}
		if options&2 == 0 {
			out.FirstGradient = zeros(n)
		}
		if options&4 == 0 {
			out.SecondGradient = zeros(n)
		}
		if options&8 == 0 {
			out.Sum = &sum
		}
		check(t, avocet.LogisticProduct(first, second, targets, out, nil, w))
		wantedSum, most := 0.0, 0.0
		for i := range n {
			x1, x2, p, q := float64(first[i]), float64(second[i]), float64(targets.A[i]), float64(targets.B[i])
			f := sigmoid(x1) * sigmoid(x2)
			loss := -p*math.Log(f) - q*math.Log(1-f)
			wantedSum += loss
			most += math.Abs(p*math.Log(f)) + math.Abs(q*math.Log(1-f))
			// By f, and of f by the logit.
			slope := -p/f + q/(1-f)
			if out.Losses != nil {
				near(t, "loss", out.Losses[i], loss)
			}
			if out.FirstGradient != nil {
				near(t, "first gradient", out.FirstGradient[i], slope*f*sigmoid(-x1))
			}
			if out.SecondGradient != nil {
				near(t, "second gradient", out.SecondGradient[i], slope*f*sigmoid(-x2))
			}
		}
		if out.Sum == nil {
			wantedSum = 1000
		}
		if !(math.Abs(sum-wantedSum) <= 1e-5*(most+1e-3)) {
			t.Fatalf("sum: found %g, wanted %g", sum, wantedSum)
		}
	})
}

// feedbackWeights are the coefficients of a row by the formulas of a method.
func feedbackWeights(scheme avocet.FeedbackScheme, kind avocet.RowKind, x, first, second float64) (a, b float64) {
	f, d, r := sigmoid(x), sigmoid(first), sigmoid(second)
	low, high := float64(scheme.ClipLow), float64(scheme.ClipHigh)
	if low == 0 && high == 0 {
		high = math.Inf(1)
		if scheme.Method == avocet.FeedbackDEFER {
			low, high = 1, 3
		}
	}
	clip := func(ratio float64) float64 {
		if ratio < 0 {
			ratio = math.Inf(1)
		}
		return min(max(ratio, low), high)
	}
	type pair [2]float64
	positive, others, mass := pair{1, 0}, pair{0, 1}, 1.0
	delayed := &positive
	switch scheme.Method {
	case avocet.FeedbackFNW:
		mass = 1 + f
		positive, others = pair{mass, 0}, pair{0, (1 - f) * mass}
	case avocet.FeedbackFSIW:
		positive, others = pair{clip(1 / (d + 1e-8)), 0}, pair{0, r}
	case avocet.FeedbackESDFM:
		mass = 1 + d
		positive, others = pair{mass, 0}, pair{0, mass * r}
	case avocet.FeedbackDEFER:
		mass = 2
		positive, others = pair{clip(f / (f - d/2)), 0}, pair{0, (1 - f) / (1 - f + d/2)}
	case avocet.FeedbackFNWReal:
		others = pair{0, (1 - f) / (2 - f)}
	case avocet.FeedbackESDFMReal:
		mass = 2 - f + d
		positive, others = pair{mass, 0}, pair{0, mass * (1 - f) / (2*(1-f) + d)}
	case avocet.FeedbackDEFUSE:
		mass = 1 + d
		positive, delayed, others = pair{mass, 0}, &pair{1, 0}, pair{(1 - r) * d, r * mass}
	case avocet.FeedbackFNWDEFUSE:
		mass = 1 + f
		others = pair{f * f, 1 - f*f}
	case avocet.FeedbackBiDEFUSEInWindow:
		delayed = &pair{0, 0}
	case avocet.FeedbackBiDEFUSELate:
		mass = 1 + f
		others = pair{f * f, 1 - f*f}
		positive, delayed = others, &pair{1, 0}
	case avocet.FeedbackULC:
		others = pair{d, 1 - d}
	case avocet.FeedbackDFM:
		p := sigmoid(x - softplus(first)*second)
		others = pair{p, 1 - p}
	}
	chosen := others
	switch kind {
	case avocet.RowImmediatePositive:
		chosen = positive
	case avocet.RowDelayedPositive:
		chosen = *delayed
	}
	if !scheme.Joint {
		mass = 1
	}
	return chosen[0] / mass, chosen[1] / mass
}

func FuzzFeedback(f *testing.F) {
	seeds(f)
	for method := range byte(13) {
		f.Add(uint64(method), byte(100), method, byte(20), method%8)
	}
	// Whether a method reads the logits, the first head and the second.
	needs := map[avocet.FeedbackMethod]string{
		avocet.FeedbackVanilla: "", avocet.FeedbackFNW: "x", avocet.FeedbackFSIW: "ds", avocet.FeedbackESDFM: "ds",
		avocet.FeedbackDEFER: "xd", avocet.FeedbackFNWReal: "x", avocet.FeedbackESDFMReal: "xd", avocet.FeedbackDEFUSE: "ds",
		avocet.FeedbackFNWDEFUSE: "x", avocet.FeedbackBiDEFUSEInWindow: "", avocet.FeedbackBiDEFUSELate: "x",
		avocet.FeedbackULC: "d", avocet.FeedbackDFM: "xds",
	}
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, n := &random{seed}, int(a)
		scheme := avocet.FeedbackScheme{Method: avocet.FeedbackMethod(b % 13), Joint: options&1 != 0}
		if options&2 != 0 {
			scheme.ClipLow, scheme.ClipHigh = .75, 2.5
		}
		heads := func() []float32 {
			values := r.values(n)
			for i := range values {
				values[i] *= float32(c%32) / 4
			}
			return values
		}
		x, first, second := heads(), heads(), heads()
		rows := avocet.FeedbackRows{Kinds: make([]avocet.RowKind, n), Logits: x, First: first, Second: second}
		for i := range rows.Kinds {
			rows.Kinds[i] = avocet.RowKind(r.below(4))
		}
		if options&4 != 0 { // What the method does not read may be absent.
			for name, values := range map[string]*[]float32{"x": &rows.Logits, "d": &rows.First, "s": &rows.Second} {
				if !strings.Contains(needs[scheme.Method], name) {
					*values = nil
				}
			}
		}
		coefficients, others := zeros(n), zeros(n)
		check(t, avocet.FeedbackWeights(scheme, rows, coefficients, others, nil))
		for i, kind := range rows.Kinds {
			p, q := feedbackWeights(scheme, kind, float64(x[i]), float64(first[i]), float64(second[i]))
			near(t, "a", coefficients[i], p)
			near(t, "b", others[i], q)
		}
		check(t, avocet.FeedbackServed(x, others, nil))
		for i, x := range x {
			near(t, "served", others[i], min(math.Exp(float64(x)), 1))
		}
	})
}

func FuzzStream(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, n := &random{seed}, int(a)
		protocol := avocet.Protocol(options % 6)
		window := int64(b % 20)
		attribution := window + int64(c%30)
		clicks := avocet.Clicks{Times: make([]int64, n), Conversions: make([]int64, n), Signals: make([]int64, n)}
		for i := range n {
			clicks.Times[i] = int64(r.below(100)) - 50
			clicks.Conversions[i], clicks.Signals[i] = avocet.Never, avocet.Never
			if r.below(3) != 0 {
				clicks.Conversions[i] = clicks.Times[i] + int64(r.below(60))
			}
			if r.below(3) != 0 {
				clicks.Signals[i] = clicks.Times[i] + int64(r.below(30)) - 5
			}
		}
		if options&128 != 0 {
			clicks.Signals = nil
		}
		found := streamRows(t, protocol, clicks, window, attribution)

		type row struct {
			time   int64
			click  int
			copied bool
			kind   avocet.RowKind
		}
		var rows []row
		immediate := protocol == avocet.ProtocolImmediate || protocol == avocet.ProtocolImmediateReal
		if immediate {
			window = 0
		}
		for i, time := range clicks.Times {
			first, last, conversion := time+window, time+attribution, clicks.Conversions[i]
			switch {
			case conversion <= first && !immediate:
				rows = append(rows, row{first, i, false, avocet.RowImmediatePositive})
				if protocol == avocet.ProtocolDuplicate {
					rows = append(rows, row{first, i, true, avocet.RowImmediatePositive})
				}
			case conversion <= last:
				rows = append(rows, row{first, i, false, avocet.RowNegative})
				if protocol != avocet.ProtocolWindow {
					rows = append(rows, row{conversion, i, true, avocet.RowDelayedPositive})
				}
			default:
				rows = append(rows, row{first, i, false, avocet.RowNegative})
				if protocol >= avocet.ProtocolDelayedReal {
					rows = append(rows, row{last, i, true, avocet.RowRealNegative})
				}
			}
		}
		// They were made click by click, first rows before copies.
		slices.SortStableFunc(rows, func(x, y row) int { return cmp.Compare(x.time, y.time) })
		if len(found.Times) != len(rows) {
			t.Fatalf("%d rows, wanted %d", len(found.Times), len(rows))
		}
		for i, row := range rows {
			signal := clicks.Signals != nil && clicks.Signals[row.click] <= clicks.Times[row.click]+window
			if found.Times[i] != row.time || int(found.Clicks[i]) != row.click || found.Kinds[i] != row.kind ||
				found.Signals[i] != signal {
				t.Fatalf("row %d: %d, %d, %d, %t; wanted %v, %t", i, found.Times[i], found.Clicks[i], found.Kinds[i],
					found.Signals[i], row, signal)
			}
		}
	})
}

func FuzzMetrics(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, n := &random{seed}, int(a)
		scores, labels, p := zeros(n), zeros(n), zeros(n)
		for i := range scores {
			scores[i] = float32(r.below(int(b)+1)) - 20
			labels[i] = float32(r.below(2))
			if options&1 != 0 {
				labels[i] = float32(r.below(5)) / 4
			}
			p[i] = float32(r.below(int(c)+1)) / float32(int(c)+1)
			if p[i] == 0 {
				p[i] = labels[i] // Where the loss of a probability of 0 is finite.
			}
		}
		var weights []float32
		if options&2 != 0 {
			weights = r.values(n)
			for i := range weights {
				weights[i] = max(weights[i], 0)
			}
		}
		same := func(what string, found, wanted float64) {
			t.Helper()
			if math.IsNaN(wanted) != math.IsNaN(found) || math.Abs(found-wanted) > 1e-6*(1+math.Abs(wanted)) {
				t.Fatalf("%s: found %g, wanted %g", what, found, wanted)
			}
		}
		ranking := must[avocet.RankingResult](t)(avocet.Ranking(scores, labels, weights))
		positive := func(i int) float64 { return at(weights, i) * float64(labels[i]) }
		negative := func(i int) float64 { return at(weights, i) * (1 - float64(labels[i])) }
		positives, negatives, won := 0.0, 0.0, 0.0
		for i := range scores {
			positives += positive(i)
			negatives += negative(i)
			for j := range scores {
				switch cmp.Compare(scores[i], scores[j]) {
				case 1:
					won += positive(i) * negative(j)
				case 0:
					won += positive(i) * negative(j) / 2
				}
			}
		}
		same("positives", ranking.Positives, positives)
		same("negatives", ranking.Negatives, negatives)
		same("AUC", ranking.AUC, won/(positives*negatives))
		steps := slices.Clone(scores)
		slices.Sort(steps)
		steps = slices.Compact(steps)
		slices.Reverse(steps)
		above, below, before, area, byTrapezoids := 0.0, 0.0, 1.0, 0.0, 0.0
		for _, step := range steps {
			gained, all := 0.0, 0.0
			for i, score := range scores {
				if score == step {
					gained += positive(i)
					all += at(weights, i)
				}
			}
			above, below = above+gained, below+all-gained
			if above+below > 0 {
				precision := above / (above + below)
				area += precision * gained
				byTrapezoids += (precision + before) / 2 * gained
				before = precision
			}
		}
		same("average precision", ranking.AveragePrecision, area/positives)
		same("area by trapezoids", ranking.PRAUC, byTrapezoids/positives)

		calibration := must[avocet.CalibrationResult](t)(avocet.Calibration(p, labels, weights))
		var wanted avocet.CalibrationResult
		for i := range p {
			label, p, weight := float64(labels[i]), float64(p[i]), at(weights, i)
			one := avocet.CalibrationResult{Weight: weight, Predicted: weight * p, Observed: weight * label}
			if label > 0 {
				one.Loss -= weight * label * math.Log(p)
			}
			if label < 1 {
				one.Loss -= weight * (1 - label) * math.Log1p(-p)
			}
			wanted = wanted.Add(one)
		}
		same("weight", calibration.Weight, wanted.Weight)
		same("loss", calibration.Loss, wanted.Loss)
		same("predicted", calibration.Predicted, wanted.Predicted)
		same("observed", calibration.Observed, wanted.Observed)
	})
}
