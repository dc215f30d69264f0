package avocet_test

import (
	"errors"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

type wholeCSR = avocet.CSR[int64, uint32]

// fiveOfCSR has the entries of the scene's graph.
func fiveOfCSR() wholeCSR {
	return wholeCSR{Offsets: []int64{0, 2, 2, 5}, Indices: []uint32{0, 3, 1, 2, 3}, Values: ones[:E], Cols: C}
}

// sparseRows are those of a logistic regression of the scene's graph, with everything wanted.
func (s *scene) sparseRows(features avocet.Features) (avocet.LogisticRows, avocet.LogisticBatchOutputs) {
	return avocet.LogisticRows{Features: features, Offsets: ones[:R], Weights: ones[:C]},
		avocet.LogisticBatchOutputs{Margins: s.out[:R], Gradient: s.more[:C], Curvature: s.more[C : 2*C],
			Product: s.more[2*C : 3*C], Along: ones[:C]}
}

// sparseBatch makes a good call, if the features are good. All of the scene's features occur.
func (s *scene) sparseBatch(features avocet.Features, compact bool, pool *avocet.Pool) error {
	rows, out := s.sparseRows(features)
	rows.Compact = compact
	return s.logisticBatch(rows, &avocet.LogisticTargets{Labels: ones[:R]}, out, pool, s.workspace)
}

func (s *scene) fit(rows avocet.LogisticRows, targets avocet.LogisticTargets, options avocet.LogisticFitOptions,
	weights []float32, pool *avocet.Pool) error {
	found, err := avocet.LogisticFit(rows, targets, options, weights, pool)
	if err != nil && found != (avocet.LogisticFitResult{}) {
		s.t.Error("a refused call has a result")
	}
	return err
}

func (s *scene) products() avocet.LogisticProductOutputs {
	return avocet.LogisticProductOutputs{Losses: s.out[:3], FirstGradient: s.more[:3], SecondGradient: s.more[3:6], Sum: &s.sum}
}

// preparedOpened closes rows that are not wanted and gives their error.
func preparedOpened(r *avocet.PreparedRows, err error) error {
	if (r != nil) != (err == nil) {
		return errors.New("rows and an error, or neither")
	}
	return errors.Join(err, r.Close())
}

// Features of every kind that hold the same numbers give the same margins, and the same sums but for rounding; prepared
// rows give the bits of sparse ones.
func TestKindsOfFeatures(t *testing.T) {
	w := newWorkspace(t)
	dense := avocet.Matrix{Data: []float32{1, 0, 0, -2, 0, 0, 0, 0, 0, .5, 4, 1}, Rows: R, Cols: 4}
	halves := avocet.MatrixOf[avocet.F16]{Data: []avocet.F16{0x3c00, 0, 0, 0xc000, 0, 0, 0, 0, 0, 0x3800, 0x4400, 0x3c00}, Rows: R, Cols: 4}
	brains := avocet.MatrixOf[avocet.BF16]{Rows: R, Cols: 4, Stride: 5}
	for i, value := range dense.Data {
		brains.Data = append(brains.Data, avocet.BF16(math.Float32bits(value)>>16))
		if i%4 == 3 {
			brains.Data = append(brains.Data, 0x7fc0)
		}
	}
	brains.Data = brains.Data[:len(brains.Data)-1]
	csr := avocet.CSR[uint32, int]{Offsets: []uint32{0, 2, 2, 5}, Indices: []int{0, 3, 3, 2, 1}, Values: []float32{1, -2, 1, 4, .5}, Cols: 4}
	prepared := preparedRows(t)(avocet.NewPreparedRows(csr))
	for _, features := range []avocet.Features{avocet.DenseFeatures(dense), avocet.DenseFeatures(halves),
		avocet.DenseFeatures(brains), avocet.SparseFeatures(csr), avocet.PreparedFeatures(prepared)} {
		margins, gradient, curvature, product := zeros(R), zeros(4), zeros(4), zeros(4)
		rows := avocet.LogisticRows{Features: features, Offsets: []float32{1, 0, -6.5}, Weights: []float32{1, 1, 1, 1}}
		rows.Intercept = 1
		sums := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, nil, avocet.LogisticBatchOutputs{Margins: margins}, nil, w))
		equal(t, "margins", margins, 1, 1, 0)
		if sums != (avocet.LogisticSums{}) {
			t.Errorf("sums without targets: %+v", sums)
		}
		// All margins are 0 by these weights.
		rows.Weights, rows.Offsets, rows.Intercept = zeros(4), nil, 0
		out := avocet.LogisticBatchOutputs{Gradient: gradient, Curvature: curvature, Product: product,
			Along: []float32{1, 2, 0, 0}, AlongIntercept: 1}
		sums = must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, &avocet.LogisticTargets{Labels: []float32{1, 0, 0}}, out, nil, w))
		equal(t, "gradient", gradient, -.5, .25, 2, 1.5)
		equal(t, "curvature", curvature, .25, .0625, 4, 1.25)
		equal(t, "product", product, .5, .25, 2, -.5)
		if math.Abs(sums.Loss-3*math.Ln2) > 1e-6 || sums.Gradient != .5 || sums.Curvature != .75 || sums.Product != 1.25 {
			t.Errorf("%+v", sums)
		}
	}
}

// A column that does not occur is left out of compact vectors, and has sums of 0 in others.
func TestPreparedRows(t *testing.T) {
	w := newWorkspace(t)
	csr := avocet.CSR[int, int32]{Offsets: []int{0, 1, 3}, Indices: []int32{8, 2, 8}, Cols: 10}
	prepared := preparedRows(t)(avocet.NewPreparedRows(csr))
	// It is a copy.
	csr.Indices[0], csr.Offsets[1] = 9, 7
	features := []uint32{77, 77}
	check(t, prepared.Features(features))
	if prepared.Rows() != 2 || prepared.Cols() != 10 || prepared.FeatureCount() != 2 || !slices.Equal(features, []uint32{2, 8}) {
		t.Error(prepared.Rows(), prepared.Cols(), prepared.FeatureCount(), features)
	}
	rows := avocet.LogisticRows{Features: avocet.PreparedFeatures(prepared), Weights: zeros(10)}
	targets := &avocet.LogisticTargets{Labels: []float32{1, 0}}
	all, some := slices.Repeat([]float32{7}, 10), zeros(2)
	whole := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, targets, avocet.LogisticBatchOutputs{Curvature: all}, nil, w))
	rows.Compact, rows.Weights = true, zeros(2)
	compact := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, targets, avocet.LogisticBatchOutputs{Curvature: some}, nil, w))
	equal(t, "curvature", all, 0, 0, .25, 0, 0, 0, 0, 0, .5, 0)
	equal(t, "compact curvature", some, .25, .5)
	if whole != compact {
		t.Errorf("%+v, compact %+v", whole, compact)
	}
	found := must[avocet.LogisticFitResult](t)(avocet.LogisticFit(rows, *targets, avocet.LogisticFitOptions{L2: 1}, some, nil))
	if found.Outcome != avocet.FitConverged || some[0] >= 0 {
		t.Errorf("%+v, weights %v", found, some)
	}
	none := preparedRows(t)(avocet.NewPreparedRows(avocet.CSR[int, int]{Offsets: []int{0}}))
	check(t, none.Features(nil))
	check(t, none.Features([]uint32{}))
	empty := avocet.LogisticRows{Features: avocet.PreparedFeatures(none), Compact: true}
	if sums := must[avocet.LogisticSums](t)(avocet.LogisticBatch(empty, &avocet.LogisticTargets{}, avocet.LogisticBatchOutputs{}, nil, w)); sums != (avocet.LogisticSums{}) {
		t.Errorf("sums of nothing: %+v", sums)
	}
}

func TestLogisticFit(t *testing.T) {
	// Two of three rows are positives: the minimum without features is the logit of 2/3.
	rows := avocet.LogisticRows{Features: avocet.DenseFeatures(avocet.Matrix{Rows: 3})}
	targets := avocet.LogisticTargets{Labels: []float32{1, 0, 1}}
	found := must[avocet.LogisticFitResult](t)(avocet.LogisticFit(rows, targets, avocet.LogisticFitOptions{}, nil, nil))
	if math.Abs(float64(found.Intercept)-math.Ln2) > 1e-4 || found.Outcome != avocet.FitConverged || found.Gradient > 1e-5 ||
		found.Iterations < 1 || found.Passes <= found.Iterations || math.Abs(found.Loss+math.Log(4./27)) > 1e-5 {
		t.Errorf("%+v", found)
	}

	r, n, d := &random{7}, 500, 6
	x, w := rowsOf(r.values(n*d), n), newWorkspace(t)
	targets = avocet.LogisticTargets{Labels: zeroOrOne(r.values(n))}
	start, weights := r.values(d), zeros(d)
	rows = avocet.LogisticRows{Features: avocet.DenseFeatures(x), Weights: start, Intercept: .25}
	fixed := must[avocet.LogisticFitResult](t)(avocet.LogisticFit(rows, targets,
		avocet.LogisticFitOptions{L2: 1, FixedIntercept: true}, weights, newPool(t, 2)))
	if fixed.Intercept != .25 {
		t.Errorf("a fixed intercept of %g", fixed.Intercept)
	}
	one := zeros(d)
	few := must[avocet.LogisticFitResult](t)(avocet.LogisticFit(rows, targets, avocet.LogisticFitOptions{Iterations: 1, History: 1}, one, nil))
	if few.Outcome != avocet.FitIterations || few.Iterations != 1 {
		t.Errorf("%+v", few)
	}
	least := must[avocet.LogisticFitResult](t)(avocet.LogisticFit(rows, targets,
		avocet.LogisticFitOptions{L2: 1, Tolerance: 1e-38}, weights, nil))
	if least.Outcome == avocet.FitConverged && least.Gradient != 0 || least.Outcome == avocet.FitIterations {
		t.Errorf("%+v", least)
	}
	// From zeros, which nil stands for, to the same minimum: no derivative is left.
	rows.Weights, rows.Intercept = nil, 0
	found = must[avocet.LogisticFitResult](t)(avocet.LogisticFit(rows, targets, avocet.LogisticFitOptions{L2: 1}, weights, nil))
	if !(found.Loss < fixed.Loss) || math.Abs(found.Loss-least.Loss) > 1e-5*found.Loss {
		t.Errorf("losses of %g, fixed intercept %g, no tolerance %g", found.Loss, fixed.Loss, least.Loss)
	}
	rows.Weights, rows.Intercept = weights, found.Intercept
	gradient := zeros(d)
	sums := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, &targets, avocet.LogisticBatchOutputs{Gradient: gradient}, nil, w))
	for j, slope := range gradient {
		if math.Abs(float64(slope+weights[j])) > 2e-5*float64(n) {
			t.Errorf("derivative %d: %g", j, slope+weights[j])
		}
	}
	if math.Abs(sums.Gradient) > 2e-5*float64(n) {
		t.Errorf("derivative by the intercept: %g", sums.Gradient)
	}
}

// Workers that have the rows of pieces get, together, the bits of one call over all rows.
func TestMerge(t *testing.T) {
	r, w, n, d := &random{9}, newWorkspace(t), 11_000, 3
	x, second := rowsOf(r.values(n*d), n), r.values(n)
	weights, labels := r.values(d), zeroOrOne(r.values(n))
	probabilities := absolute(r.values(n))
	whole := zeros(d)
	wanted := must[avocet.LogisticSums](t)(avocet.LogisticBatch(
		avocet.LogisticRows{Features: avocet.DenseFeatures(x), Weights: weights}, &avocet.LogisticTargets{Labels: labels},
		avocet.LogisticBatchOutputs{Gradient: whole}, nil, w))
	wantedCalibration := must[avocet.CalibrationResult](t)(avocet.Calibration(probabilities, labels, nil))
	var wantedProduct float64
	check(t, avocet.LogisticProduct(probabilities, second, avocet.LogisticTargets{Labels: labels},
		avocet.LogisticProductOutputs{Sum: &wantedProduct}, nil, w))

	var sizes []int
	for _, worker := range [][2]int{{0, 3 * 1024}, {3 * 1024, 0}, {3 * 1024, n - 3*1024}} {
		var places [avocet.MaxLogisticParts]int
		parts := must[[]int](t)(avocet.LogisticParts(worker[0], worker[1], places[:]))
		sizes = append(sizes, parts...)
		if len(parts) == 0 {
			sizes = append(sizes, 0)
		}
	}
	if !slices.Equal(sizes, []int{2048, 1024, 0, 1024, 4096, 2048, 760}) {
		t.Errorf("pieces of %v rows", sizes)
	}
	sums, products := make([]avocet.LogisticSums, len(sizes)), make([]avocet.LogisticSums, len(sizes))
	calibrations := make([]avocet.CalibrationResult, len(sizes))
	vectors := avocet.Matrix{Data: slices.Repeat([]float32{1000}, len(sizes)*(d+2)), Rows: len(sizes), Cols: d, Stride: d + 2}
	first := 0
	for i, size := range sizes {
		last := first + size
		if size > 0 {
			part := avocet.Matrix{Data: x.Data[first*d : last*d], Rows: size, Cols: d}
			sums[i] = must[avocet.LogisticSums](t)(avocet.LogisticBatch(
				avocet.LogisticRows{Features: avocet.DenseFeatures(part), Weights: weights},
				&avocet.LogisticTargets{Labels: labels[first:last]},
				avocet.LogisticBatchOutputs{Gradient: row(vectors, i)}, nil, w))
		}
		calibrations[i] = must[avocet.CalibrationResult](t)(avocet.Calibration(probabilities[first:last], labels[first:last], nil))
		check(t, avocet.LogisticProduct(probabilities[first:last], second[first:last], avocet.LogisticTargets{Labels: labels[first:last]},
			avocet.LogisticProductOutputs{Sum: &products[i].Loss}, nil, w))
		first = last
	}
	vector := zeros(d)
	if found := must[avocet.LogisticSums](t)(avocet.LogisticMerge(sizes, sums, &vectors, vector)); found != wanted {
		t.Errorf("found %+v, wanted %+v", found, wanted)
	}
	equal(t, "gradient", vector, whole...)
	if found := must[avocet.LogisticSums](t)(avocet.LogisticMerge(sizes, products, nil, nil)); found != (avocet.LogisticSums{Loss: wantedProduct}) {
		t.Errorf("found %+v, wanted a loss of %g", found, wantedProduct)
	}
	if found := must[avocet.CalibrationResult](t)(avocet.CalibrationMerge(sizes, calibrations)); found != wantedCalibration {
		t.Errorf("found %+v, wanted %+v", found, wantedCalibration)
	}

	// Of nothing.
	if parts := must[[]int](t)(avocet.LogisticParts(1024, 0, nil)); len(parts) != 0 {
		t.Error(parts)
	}
	empty := avocet.Matrix{Cols: d}
	if total := must[avocet.LogisticSums](t)(avocet.LogisticMerge(nil, nil, &empty, vector)); total != (avocet.LogisticSums{}) {
		t.Errorf("%+v", total)
	}
	equal(t, "a vector of nothing", vector, 0, 0, 0)
	if total := must[avocet.CalibrationResult](t)(avocet.CalibrationMerge([]int{}, []avocet.CalibrationResult{})); total != (avocet.CalibrationResult{}) {
		t.Errorf("%+v", total)
	}
}

func TestKnownProduct(t *testing.T) {
	var sum float64
	losses, first, second := zeros(2), zeros(2), zeros(2)
	out := avocet.LogisticProductOutputs{Losses: losses, FirstGradient: first, SecondGradient: second, Sum: &sum}
	infinite := float32(math.Inf(1))
	// f is a quarter, and a half.
	check(t, avocet.LogisticProduct([]float32{0, infinite}, []float32{0, 0}, avocet.LogisticTargets{Labels: []float32{1, 0}}, out, nil,
		newWorkspace(t)))
	near(t, "loss", losses[0], math.Log(4))
	near(t, "loss", losses[1], math.Log(2))
	near(t, "sum", float32(sum), math.Log(8))
	equal(t, "first gradient", first, -.5, 0)
	equal(t, "second gradient", second, -.5, .5)
}

// How the library names a sparse matrix that is a field of the rows.
func ofCSR(status avocet.Status, field string, position, value int) avocet.Error {
	return integer(status, 1, "rows.csr."+field, position, value)
}

func TestBadSparseRows(t *testing.T) {
	s := newScene(t)
	nan, infinite := float32(math.NaN()), float32(math.Inf(1))
	prepared := preparedRows(t)(avocet.NewPreparedRows(fiveOfCSR()))
	good := avocet.LogisticTargets{Labels: ones[:R]}
	csr := func(change func(m *wholeCSR)) avocet.Features {
		m := fiveOfCSR()
		change(&m)
		return avocet.SparseFeatures(m)
	}
	both := func(what string, features avocet.Features, compact bool, wanted avocet.Error) {
		t.Helper()
		s.refuses("batch "+what, s.sparseBatch(features, compact, nil), wanted)
		rows, _ := s.sparseRows(features)
		rows.Compact = compact
		s.refuses("fit "+what, s.fit(rows, good, avocet.LogisticFitOptions{}, s.out[:C], nil), wanted)
	}
	both("nothing", avocet.Features{}, false, none(avocet.ErrNullPointer, 1, "rows.x", 0))
	both("nil", avocet.PreparedFeatures(nil), false, none(avocet.ErrNullPointer, 1, "rows.prepared", 0))
	both("zero", avocet.PreparedFeatures(&avocet.PreparedRows{}), false, none(avocet.ErrNullPointer, 1, "rows.prepared", 0))
	both("compact", avocet.SparseFeatures(fiveOfCSR()), true, integer(avocet.ErrInvalidArgument, 1, "rows.compact", 0, 1))
	both("no offsets", csr(func(m *wholeCSR) { m.Offsets = nil }), false, none(avocet.ErrNullPointer, 1, "rows.csr.offsets", 0))
	both("columns", csr(func(m *wholeCSR) { m.Cols = -1 }), false, integer(avocet.ErrInvalidArgument, 1, "rows.csr.cols", 0, -1))
	both("offsets", csr(func(m *wholeCSR) { m.Offsets = []int64{0, 2, 1, 5} }), false, ofCSR(avocet.ErrInvalidOffsets, "offsets", 2, 1))
	both("indices", csr(func(m *wholeCSR) { m.Indices = []uint32{0, 3, 1, C, 9} }), false, ofCSR(avocet.ErrIndexOutOfRange, "indices", 3, C))
	both("indices", avocet.SparseFeatures(avocet.CSR[int64, int32]{Offsets: fiveOfCSR().Offsets, Indices: []int32{0, 3, 1, 2, -1}, Cols: C}),
		false, ofCSR(avocet.ErrIndexOutOfRange, "indices", 4, -1))
	both("values", csr(func(m *wholeCSR) { m.Values = []float32{0, nan, 0, 0, 0} }), false, number(avocet.ErrNotFinite, 1, "rows.values", 1, math.NaN()))
	for _, n := range []int{0, E - 1, E + 1} {
		both("values", csr(func(m *wholeCSR) { m.Values = ones[:n] }), false, integer(avocet.ErrShapeMismatch, 1, "rows.values", 0, n))
	}
	for _, features := range []avocet.Features{avocet.SparseFeatures(fiveOfCSR()), avocet.PreparedFeatures(prepared)} {
		rows, out := s.sparseRows(features)
		out.Along = []float32{0, 0, infinite, 0}
		s.refuses("along", s.logisticBatch(rows, &good, out, nil, s.workspace), number(avocet.ErrNotFinite, 3, "out.along", 2, math.Inf(1)))
		_, out = s.sparseRows(features)
		for n, status := range map[int]avocet.Error{C - 1: integer(avocet.ErrShapeMismatch, 1, "rows.weights", 0, C-1),
			C + 1: integer(avocet.ErrShapeMismatch, 1, "rows.weights", 0, C+1)} {
			rows.Weights = ones[:n]
			s.refuses("weights", s.logisticBatch(rows, &good, out, nil, s.workspace), status)
		}
		// Found on the way: the margins are unspecified, so they are not wanted.
		rows, out = s.sparseRows(features)
		rows.Offsets, out.Margins = []float32{0, nan, 0}, nil
		s.refuses("a factor", s.logisticBatch(rows, &good, out, nil, s.workspace), none(avocet.ErrNotFinite, 1, "rows.weights", 1))
		minus := avocet.LogisticTargets{A: ones[:R], B: []float32{1, 1, -1}}
		rows.Offsets = nil
		s.refuses("a target", s.logisticBatch(rows, &minus, out, nil, s.workspace), number(avocet.ErrInvalidArgument, 2, "targets.b", 2, -1))
	}
	wide := wholeCSR{Offsets: []int64{0}, Cols: 1<<28 + 1}
	rows := avocet.LogisticRows{Features: avocet.SparseFeatures(wide), Weights: make([]float32, wide.Cols)}
	s.refuses("wide", s.logisticBatch(rows, nil, avocet.LogisticBatchOutputs{}, nil, s.workspace),
		ofCSR(avocet.ErrSizeOverflow, "cols", 0, wide.Cols))

	made := func(m wholeCSR, wanted avocet.Error) {
		t.Helper()
		before := avocet.LiveHandles()
		s.refuses("prepare", preparedOpened(avocet.NewPreparedRows(m)), wanted)
		if avocet.LiveHandles() != before {
			t.Error("a refused call made rows")
		}
	}
	m := fiveOfCSR()
	m.Offsets = nil
	made(m, none(avocet.ErrNullPointer, 1, "csr.offsets", 0))
	m.Offsets = []int64{0, 6}
	made(m, integer(avocet.ErrInvalidOffsets, 1, "csr.offsets", 1, 6))
	m.Offsets, m.Cols = []int64{0, 5}, -2
	made(m, integer(avocet.ErrInvalidArgument, 1, "csr.cols", 0, -2))
	m.Cols = 3
	made(m, integer(avocet.ErrIndexOutOfRange, 1, "csr.indices", 1, 3))
	m.Cols = 1 << 32
	made(m, integer(avocet.ErrSizeOverflow, 1, "csr.cols", 0, 1<<32))
	m.Cols, m.Values = C, ones[:E-1]
	made(m, integer(avocet.ErrShapeMismatch, 2, "values", 0, E-1))
	m.Values = []float32{1, 1, 1, 1, infinite}
	made(m, number(avocet.ErrNotFinite, 2, "values", 4, math.Inf(1)))

	for _, n := range []int{0, C - 1, C + 1} {
		s.refuses("features", prepared.Features(s.ids[:n]), integer(avocet.ErrShapeMismatch, 3, "len", 0, n))
	}
	s.refuses("features", prepared.Features(nil), none(avocet.ErrNullPointer, 2, "features", 0))
}

func TestBadFit(t *testing.T) {
	s := newScene(t)
	nan := float32(math.NaN())
	type options = avocet.LogisticFitOptions
	rows := avocet.LogisticRows{Features: avocet.DenseFeatures(s.y)}
	good := avocet.LogisticTargets{Labels: ones[:R]}
	for _, x := range []struct {
		options options
		wanted  avocet.Error
	}{
		{options{Iterations: -1}, integer(avocet.ErrInvalidArgument, 3, "options.iterations", 0, -1)},
		{options{History: -1}, integer(avocet.ErrInvalidArgument, 3, "options.history", 0, -1)},
		{options{History: 65}, integer(avocet.ErrInvalidArgument, 3, "options.history", 0, 65)},
		{options{L2: -1}, number(avocet.ErrInvalidArgument, 3, "options.l2", 0, -1)},
		{options{L2: nan}, number(avocet.ErrNotFinite, 3, "options.l2", 0, math.NaN())},
		{options{Tolerance: -2}, number(avocet.ErrInvalidArgument, 3, "options.tolerance", 0, -2)},
	} {
		s.refuses("options", s.fit(rows, good, x.options, s.out[:D], nil), x.wanted)
	}
	for _, x := range []struct {
		targets avocet.LogisticTargets
		wanted  avocet.Error
	}{
		{avocet.LogisticTargets{}, none(avocet.ErrNullPointer, 2, "targets.labels", 0)},
		{avocet.LogisticTargets{Labels: ones[:R-1]}, integer(avocet.ErrShapeMismatch, 2, "targets.labels", 0, R-1)},
		{avocet.LogisticTargets{Labels: []float32{0, 2, 0}}, number(avocet.ErrInvalidArgument, 2, "targets.labels", 1, 2)},
		{avocet.LogisticTargets{Labels: ones[:R], A: ones[:R]}, none(avocet.ErrInvalidArgument, 2, "targets.labels", 0)},
	} {
		s.refuses("targets", s.fit(rows, x.targets, options{}, s.out[:D], nil), x.wanted)
	}
	s.refuses("weights", s.fit(rows, good, options{}, nil, nil), none(avocet.ErrNullPointer, 4, "weights", 0))
	for _, n := range []int{0, D - 1, D + 1} {
		s.refuses("weights", s.fit(rows, good, options{}, s.out[:n], nil), integer(avocet.ErrShapeMismatch, 4, "weights", 0, n))
		start := rows
		start.Weights = ones[:n]
		s.refuses("start", s.fit(start, good, options{}, s.out[:D], nil), integer(avocet.ErrShapeMismatch, 1, "rows.weights", 0, n))
	}
	for _, n := range []int{0, R - 1, R + 1} {
		start := rows
		start.Offsets = ones[:n]
		s.refuses("offsets", s.fit(start, good, options{}, s.out[:D], nil), integer(avocet.ErrShapeMismatch, 1, "rows.offsets", 0, n))
	}
	start := rows
	start.Weights = []float32{1, nan}
	s.refuses("start", s.fit(start, good, options{}, s.out[:D], nil), number(avocet.ErrNotFinite, 1, "rows.weights", 1, math.NaN()))
	start.Weights, start.Intercept = nil, nan
	s.refuses("start", s.fit(start, good, options{}, s.out[:D], nil), number(avocet.ErrNotFinite, 1, "rows.intercept", 0, math.NaN()))
	start = rows
	start.Weights = s.out[:D]
	s.refuses("overlap", s.fit(start, good, options{}, s.out[1:1+D], nil), none(avocet.ErrOverlap, 4, "weights", 0))
}

func TestBadProducts(t *testing.T) {
	s := newScene(t)
	product := func(second []float32, targets avocet.LogisticTargets, out avocet.LogisticProductOutputs) error {
		return avocet.LogisticProduct(ones[:3], second, targets, out, nil, s.workspace)
	}
	good := avocet.LogisticTargets{Labels: ones[:3]}
	s.refuses("second", product(nil, good, s.products()), none(avocet.ErrNullPointer, 2, "second", 0))
	s.refuses("targets", product(ones[:3], avocet.LogisticTargets{}, s.products()), none(avocet.ErrNullPointer, 3, "targets.labels", 0))
	for _, n := range []int{0, 2, 4} {
		mismatch := func(what string, argument int, err error) {
			t.Helper()
			s.refuses(what, err, integer(avocet.ErrShapeMismatch, argument, what, 0, n))
		}
		mismatch("second", 2, product(ones[:n], good, s.products()))
		mismatch("targets.labels", 3, product(ones[:3], avocet.LogisticTargets{Labels: ones[:n]}, s.products()))
		out := s.products()
		out.Losses = s.out[:n]
		mismatch("losses", 4, product(ones[:3], good, out))
		out = s.products()
		out.FirstGradient = s.out[:n]
		mismatch("first_gradient", 5, product(ones[:3], good, out))
		out = s.products()
		out.SecondGradient = s.out[:n]
		mismatch("second_gradient", 6, product(ones[:3], good, out))
	}
	minus := avocet.LogisticTargets{A: ones[:3], B: []float32{1, -1, 1}}
	s.refuses("a target", product(ones[:3], minus, avocet.LogisticProductOutputs{Sum: &s.sum}), number(avocet.ErrInvalidArgument, 3, "targets.b", 1, -1))
	beside := avocet.LogisticTargets{Labels: ones[:3], B: ones[:3]}
	s.refuses("beside", product(ones[:3], beside, s.products()), none(avocet.ErrInvalidArgument, 3, "targets.labels", 0))
	out := s.products()
	out.Losses = s.more[2:5]
	s.refuses("overlap", product(ones[:3], good, out), none(avocet.ErrOverlap, 5, "first_gradient", 0))
}

func TestBadParts(t *testing.T) {
	s := newScene(t)
	sizes := slices.Repeat([]int{77}, 9)
	for _, x := range []struct {
		first, rows, capacity int
		wanted                avocet.Error
	}{
		{-1024, 1, 9, integer(avocet.ErrInvalidArgument, 1, "first_row", 0, -1024)},
		{1023, 1, 9, integer(avocet.ErrInvalidArgument, 1, "first_row", 0, 1023)},
		{0, -1, 9, integer(avocet.ErrInvalidArgument, 2, "rows", 0, -1)},
		{1024, 5000, 2, integer(avocet.ErrShapeMismatch, 4, "capacity", 0, 2)},
		{0, 1, 0, integer(avocet.ErrShapeMismatch, 4, "capacity", 0, 0)},
	} {
		parts, err := avocet.LogisticParts(x.first, x.rows, sizes[:x.capacity])
		s.refuses("parts", err, x.wanted)
		if parts != nil || slices.ContainsFunc(sizes, func(size int) bool { return size != 77 }) {
			t.Error("a refused call has cut")
		}
	}
	// The places that are not needed stay as they are, and the longest range fits.
	if parts, err := avocet.LogisticParts(1024, 3*1024, sizes); err != nil || !slices.Equal(parts, []int{1024, 2048}) || sizes[2] != 77 {
		t.Error(parts, sizes, err)
	}
	var all [avocet.MaxLogisticParts]int
	if parts, err := avocet.LogisticParts(1024, math.MaxInt-1024, all[:]); err != nil || len(parts) < 50 {
		t.Error(parts, err)
	}

	vectors := s.y
	merge := func(rows []int, sums []avocet.LogisticSums, vectors *avocet.Matrix, vector []float32) error {
		found, err := avocet.LogisticMerge(rows, sums, vectors, vector)
		if err != nil && found != (avocet.LogisticSums{}) {
			t.Error("a refused call has sums")
		}
		return err
	}
	calibration := func(rows []int, parts []avocet.CalibrationResult) error {
		found, err := avocet.CalibrationMerge(rows, parts)
		if err != nil && found != (avocet.CalibrationResult{}) {
			t.Error("a refused call has sums")
		}
		return err
	}
	sums, calibrations := make([]avocet.LogisticSums, 4), make([]avocet.CalibrationResult, 4)
	for _, x := range []struct {
		rows   [3]int
		wanted avocet.Error
	}{
		{[3]int{1024, 2048, 1024}, integer(avocet.ErrInvalidArgument, 1, "rows", 1, 2048)},
		{[3]int{1024, 1000, 1}, integer(avocet.ErrInvalidArgument, 1, "rows", 1, 1000)},
		{[3]int{1024, 1024, -1}, integer(avocet.ErrInvalidArgument, 1, "rows", 2, -1)},
		{[3]int{-5, 1024, -1}, integer(avocet.ErrInvalidArgument, 1, "rows", 0, -5)},
	} {
		s.refuses("merge", merge(x.rows[:], sums[:3], &vectors, s.out[:D]), x.wanted)
		s.refuses("merge", calibration(x.rows[:], calibrations[:3]), x.wanted)
	}
	rows := []int{1024, 1024, 5}
	for _, n := range []int{0, 2, 4} {
		s.refuses("sums", merge(rows, sums[:n], &vectors, s.out[:D]), integer(avocet.ErrShapeMismatch, 2, "sums", 0, n))
		s.refuses("parts", calibration(rows, calibrations[:n]), integer(avocet.ErrShapeMismatch, 2, "parts", 0, n))
	}
	s.refuses("sums", merge(rows, nil, &vectors, s.out[:D]), none(avocet.ErrNullPointer, 2, "sums", 0))
	s.refuses("parts", calibration(rows, nil), none(avocet.ErrNullPointer, 2, "parts", 0))
	s.refuses("vectors", merge(rows, sums[:3], &s.x, s.out[:D]), integer(avocet.ErrShapeMismatch, 3, "vectors.rows", 0, C))
	s.refuses("vector", merge(rows, sums[:3], &vectors, nil), none(avocet.ErrNullPointer, 6, "vector", 0))
	for _, n := range []int{0, D - 1, D + 1} {
		s.refuses("vector", merge(rows, sums[:3], &vectors, s.out[:n]), integer(avocet.ErrShapeMismatch, 6, "vector", 0, n))
	}
	overlapping := rowsOf(s.out[:R*D], R)
	s.refuses("overlap", merge(rows, sums[:3], &overlapping, s.out[1:1+D]), none(avocet.ErrOverlap, 6, "vector", 0))
}

// Every call that takes prepared rows, and what it says of those that are closed or nil.
func TestPreparedHandles(t *testing.T) {
	s := newScene(t)
	closed := preparedRows(t)(avocet.NewPreparedRows(fiveOfCSR()))
	check(t, closed.Close())
	check(t, closed.Close())
	if closed.Rows() != R || closed.Cols() != C || closed.FeatureCount() != C {
		t.Error("the sizes of closed rows")
	}
	var missing *avocet.PreparedRows
	check(t, missing.Close())
	check(t, (&avocet.PreparedRows{}).Close())
	if missing.Rows() != 0 || missing.Cols() != 0 || missing.FeatureCount() != 0 {
		t.Error("the sizes of nil rows")
	}
	for status, r := range map[avocet.Status]*avocet.PreparedRows{avocet.ErrClosed: closed, avocet.ErrNullPointer: nil} {
		s.refuses("Features", r.Features(s.ids[:C]), none(status, 1, "rows", 0))
		s.refuses("LogisticBatch", s.sparseBatch(avocet.PreparedFeatures(r), false, nil), none(status, 1, "rows.prepared", 0))
		rows, _ := s.sparseRows(avocet.PreparedFeatures(r))
		s.refuses("LogisticFit", s.fit(rows, avocet.LogisticTargets{Labels: ones[:R]}, avocet.LogisticFitOptions{}, s.out[:C], nil),
			none(status, 1, "rows.prepared", 0))
	}
	// A refusal for another reason lets go of the rows.
	open, pool := preparedRows(t)(avocet.NewPreparedRows(fiveOfCSR())), newPool(t, 1)
	check(t, pool.Close())
	s.refuses("LogisticBatch", s.sparseBatch(avocet.PreparedFeatures(open), false, pool), none(avocet.ErrClosed, 5, "pool", 0))
	rows, _ := s.sparseRows(avocet.PreparedFeatures(open))
	s.refuses("LogisticFit", s.fit(rows, avocet.LogisticTargets{Labels: ones[:R]}, avocet.LogisticFitOptions{}, s.out[:C], pool),
		none(avocet.ErrClosed, 7, "pool", 0))
	check(t, open.Close())
}

// Goroutines share prepared rows until they are closed under their hands.
func TestPreparedRowsOfManyGoroutines(t *testing.T) {
	before := avocet.LiveHandles()
	r := must[*avocet.PreparedRows](t)(avocet.NewPreparedRows(fiveOfCSR()))
	targets := &avocet.LogisticTargets{Labels: ones[:R]}
	features := avocet.PreparedFeatures(r)
	var group sync.WaitGroup
	var calls atomic.Int64
	for range 4 {
		group.Go(func() {
			w, err := avocet.NewWorkspace(0)
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Close()
			for {
				gradient := slices.Repeat([]float32{7}, C)
				_, err := avocet.LogisticBatch(avocet.LogisticRows{Features: features, Weights: zeros(C)}, targets,
					avocet.LogisticBatchOutputs{Gradient: gradient}, nil, w)
				if err != nil {
					if !errors.Is(err, avocet.ErrClosed) || gradient[0] != 7 {
						t.Error(err)
					}
					return
				}
				if !slices.Equal(gradient, []float32{-.5, -.5, -.5, -1}) {
					t.Errorf("a wrong gradient: %v", gradient)
					return
				}
				if calls.Add(1) > 200 {
					_ = r.Close()
				}
			}
		})
	}
	group.Wait()
	if calls.Load() == 0 || avocet.LiveHandles() != before {
		t.Errorf("%d calls, %d handles", calls.Load(), avocet.LiveHandles()-before)
	}
}
