package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

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
