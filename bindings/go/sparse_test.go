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

type entries = avocet.SparseRows[int64, uint32]

// fiveEntries has the rows of the scene's graph.
func fiveEntries() entries {
	return entries{Offsets: []int64{0, 2, 2, 5}, Indices: []uint32{0, 3, 1, 2, 3}, Values: ones[:E], Margins: zeros(R)}
}

func newSparseModel(t testing.TB, features int, options avocet.SparseModelOptions) *avocet.SparseModel {
	return sparseModel(t)(avocet.NewSparseModel(features, options))
}

func weightsOf(t testing.TB, m *avocet.SparseModel) []float32 {
	t.Helper()
	out := zeros(m.Features())
	check(t, m.Weights(out))
	return out
}

// sparseOpened closes a model that is not wanted and gives its error.
func sparseOpened(m *avocet.SparseModel, err error) error {
	if (m != nil) != (err == nil) {
		return errors.New("a model and an error, or neither")
	}
	return errors.Join(err, m.Close())
}

func TestKnownSparseModel(t *testing.T) {
	w := newWorkspace(t)
	m := newSparseModel(t, C, avocet.SparseModelOptions{Optimiser: avocet.OptimiserSGD, Intercept: true, Rate: .5})
	rows := entries{Offsets: []int64{0, 2, 2, 5}, Indices: []uint32{0, 3, 1, 2, 3}, Values: []float32{1, 2, 4, -2, 1}}
	// With a minibatch of all rows every slope is that of a logit of 0: -1/2 and +1/2.
	targets, seen := avocet.LogisticTargets{Labels: []float32{1, 0, 1}}, []float32{7, 7, 7}
	check(t, avocet.LearnSparse(m, rows, targets, 9, seen, w))
	equal(t, "logits", seen, 0, 0, 0)
	equal(t, "weights", weightsOf(t, m), .25, 1, -.5, .75)
	features, weights := make([]uint32, 4), zeros(4)
	check(t, m.Nonzero(features, weights))
	equal(t, "weights", weights, .25, 1, -.5, .75)
	if intercept := must[float32](t)(m.Intercept()); intercept != .25 || m.Features() != C ||
		must[int](t)(m.Nonzeros()) != 4 || !slices.Equal(features, []uint32{0, 1, 2, 3}) {
		t.Error(intercept, m.Features(), features)
	}
	logits := zeros(R)
	check(t, avocet.PredictSparse(m, rows, logits, nil))
	equal(t, "logits", logits, 2, .25, 6)
	rows.Values, rows.Margins = nil, []float32{1, 2, 3}
	check(t, avocet.PredictSparse(m, rows, logits, newPool(t, 2)))
	equal(t, "logits", logits, 2.25, 2.25, 4.5)
	// A penalty keeps all weights at 0, and saves what has been learnt all the same.
	m = newSparseModel(t, C, avocet.SparseModelOptions{L1: 100})
	check(t, avocet.LearnSparse(m, rows, targets, 1, nil, w))
	equal(t, "weights", weightsOf(t, m), 0, 0, 0, 0)
	if n := must[int](t)(m.Nonzeros()); n != 0 || len(saved(t, m)) != 60+4*12 {
		t.Error(n, len(saved(t, m)))
	}
	check(t, m.Nonzero(nil, nil))
}

// A loaded model goes on as the saved one would have, whatever the types of the indices are.
func TestSparseModelGoesOn(t *testing.T) {
	r, w := &random{4}, newWorkspace(t)
	const n, features = 200, 50
	rows := entries{Offsets: []int64{0}}
	short := avocet.SparseRows[uint32, int]{Offsets: []uint32{0}}
	for range n {
		for range r.below(9) {
			rows.Indices = append(rows.Indices, uint32(r.below(features)))
		}
		rows.Offsets = append(rows.Offsets, int64(len(rows.Indices)))
		short.Offsets = append(short.Offsets, uint32(len(rows.Indices)))
	}
	for _, index := range rows.Indices {
		short.Indices = append(short.Indices, int(index))
	}
	targets := avocet.LogisticTargets{A: r.values(n), B: r.values(n), Signed: true}
	for optimiser := avocet.OptimiserFTRL; optimiser <= avocet.OptimiserSGD; optimiser++ {
		m := newSparseModel(t, features, avocet.SparseModelOptions{Optimiser: optimiser, Intercept: true, L1: .01, L2: .01})
		check(t, avocet.LearnSparse(m, rows, targets, 3, nil, w))
		loaded := sparseModel(t)(avocet.LoadSparseModel(saved(t, m)))
		a, b := zeros(n), slices.Repeat([]float32{9}, n)
		check(t, avocet.LearnSparse(m, rows, targets, 3, a, w))
		check(t, avocet.LearnSparse(loaded, short, targets, 3, b, w))
		equal(t, "logits", b, a...)
		if !slices.Equal(saved(t, loaded), saved(t, m)) || loaded.Features() != features {
			t.Errorf("optimiser %d: another state", optimiser)
		}
	}
}

func TestEmptySparse(t *testing.T) {
	w, m := newWorkspace(t), newSparseModel(t, 1, avocet.SparseModelOptions{})
	none := avocet.SparseRows[int, int]{Offsets: []int{0}}
	check(t, avocet.PredictSparse(m, none, nil, nil))
	check(t, avocet.LearnSparse(m, none, avocet.LogisticTargets{}, 1, nil, w))
	bare := avocet.SparseRows[int, int]{Offsets: []int{0, 0}}
	logits := []float32{7}
	check(t, avocet.PredictSparse(m, bare, logits, nil))
	equal(t, "logits", logits, 0)
	check(t, avocet.LearnSparse(m, bare, avocet.LogisticTargets{Labels: ones[:1]}, 1, logits, w))
	if intercept := must[float32](t)(m.Intercept()); intercept != 0 || len(saved(t, m)) != 60 {
		t.Error("a model without an intercept has learnt from rows without entries")
	}
}

func TestBadSparseModels(t *testing.T) {
	s := newScene(t)
	nan, infinite := float32(math.NaN()), float32(math.Inf(1))
	type options = avocet.SparseModelOptions
	for _, x := range []struct {
		features int
		options  options
		wanted   avocet.Error
	}{
		{0, options{}, integer(avocet.ErrInvalidArgument, 1, "options.features", 0, 0)},
		{-1, options{}, integer(avocet.ErrInvalidArgument, 1, "options.features", 0, -1)},
		{1<<28 + 1, options{}, integer(avocet.ErrSizeOverflow, 1, "options.features", 0, 1<<28+1)},
		{C, options{Optimiser: 3}, integer(avocet.ErrInvalidArgument, 1, "options.optimiser", 0, 3)},
		{C, options{Rate: -1}, number(avocet.ErrInvalidArgument, 1, "options.rate", 0, -1)},
		{C, options{Beta: nan}, number(avocet.ErrNotFinite, 1, "options.beta", 0, math.NaN())},
		{C, options{L1: -2}, number(avocet.ErrInvalidArgument, 1, "options.l1", 0, -2)},
		{C, options{L2: infinite}, number(avocet.ErrNotFinite, 1, "options.l2", 0, math.Inf(1))},
		{C, options{Optimiser: avocet.OptimiserAdagrad, Epsilon: -1}, number(avocet.ErrInvalidArgument, 1, "options.epsilon", 0, -1)},
	} {
		before := avocet.LiveHandles()
		s.refuses("model", sparseOpened(avocet.NewSparseModel(x.features, x.options)), x.wanted)
		if avocet.LiveHandles() != before {
			t.Error("a refused call made a model")
		}
	}

	m := newSparseModel(t, C, options{Intercept: true})
	good := avocet.LogisticTargets{Labels: ones[:R], Weights: ones[:R]}
	learn := func(rows entries, targets avocet.LogisticTargets, minibatch int) error {
		return avocet.LearnSparse(m, rows, targets, minibatch, s.out[:R], s.workspace)
	}
	for _, x := range []struct {
		change func(rows *entries)
		wanted avocet.Error
	}{
		{func(rows *entries) { rows.Offsets = nil }, none(avocet.ErrNullPointer, 2, "csr.offsets", 0)},
		{func(rows *entries) { rows.Offsets = []int64{0, 2, 1, 5} }, integer(avocet.ErrInvalidOffsets, 2, "csr.offsets", 2, 1)},
		{func(rows *entries) { rows.Indices = []uint32{0, 3, 1, C, 9} }, integer(avocet.ErrIndexOutOfRange, 2, "csr.indices", 3, C)},
		{func(rows *entries) { rows.Values = []float32{0, nan, 0, 0, 0} }, number(avocet.ErrNotFinite, 3, "values", 1, math.NaN())},
		{func(rows *entries) { rows.Values = ones[:E-1] }, integer(avocet.ErrShapeMismatch, 3, "values", 0, E-1)},
		{func(rows *entries) { rows.Values = ones[:E+1] }, integer(avocet.ErrShapeMismatch, 3, "values", 0, E+1)},
		{func(rows *entries) { rows.Margins = []float32{0, 0, infinite} }, number(avocet.ErrNotFinite, 4, "margins", 2, math.Inf(1))},
		{func(rows *entries) { rows.Margins = ones[:R+1] }, integer(avocet.ErrShapeMismatch, 4, "margins", 0, R+1)},
	} {
		rows := fiveEntries()
		x.change(&rows)
		s.refuses("predict", avocet.PredictSparse(m, rows, s.out[:R], nil), x.wanted)
		s.refuses("learn", learn(rows, good, 1), x.wanted)
	}
	rows := fiveEntries()
	negative := avocet.SparseRows[int64, int32]{Offsets: rows.Offsets, Indices: []int32{0, 3, 1, 2, -1}}
	wanted := integer(avocet.ErrIndexOutOfRange, 2, "csr.indices", 4, -1)
	s.refuses("predict", avocet.PredictSparse(m, negative, s.out[:R], nil), wanted)
	s.refuses("learn", avocet.LearnSparse(m, negative, good, 1, nil, s.workspace), wanted)
	s.refuses("predict", avocet.PredictSparse(m, rows, nil, nil), none(avocet.ErrNullPointer, 5, "logits", 0))
	for _, n := range []int{0, R - 1, R + 1} {
		s.refuses("predict", avocet.PredictSparse(m, rows, s.out[:n], nil), integer(avocet.ErrShapeMismatch, 5, "logits", 0, n))
		err := avocet.LearnSparse(m, rows, good, 1, s.out[:n], s.workspace)
		s.refuses("learn", err, integer(avocet.ErrShapeMismatch, 7, "logits", 0, n))
	}
	overlapping := fiveEntries()
	overlapping.Margins = s.out[:R]
	s.refuses("predict", avocet.PredictSparse(m, overlapping, s.out[2:2+R], nil), none(avocet.ErrOverlap, 5, "logits", 0))

	minus, nans, few := []float32{1, -1, 1}, []float32{0, 1, nan}, ones[:R-1]
	for _, x := range []struct {
		targets avocet.LogisticTargets
		wanted  avocet.Error
	}{
		{avocet.LogisticTargets{}, none(avocet.ErrNullPointer, 5, "targets.labels", 0)},
		{avocet.LogisticTargets{Labels: few}, integer(avocet.ErrShapeMismatch, 5, "targets.labels", 0, R-1)},
		{avocet.LogisticTargets{Labels: minus, Signed: true}, number(avocet.ErrInvalidArgument, 5, "targets.labels", 1, -1)},
		{avocet.LogisticTargets{Labels: ones[:R], Weights: few}, integer(avocet.ErrShapeMismatch, 5, "targets.weights", 0, R-1)},
		{avocet.LogisticTargets{Labels: ones[:R], Weights: minus}, number(avocet.ErrInvalidArgument, 5, "targets.weights", 1, -1)},
		{avocet.LogisticTargets{Labels: ones[:R], Weights: nans}, number(avocet.ErrNotFinite, 5, "targets.weights", 2, math.NaN())},
		{avocet.LogisticTargets{A: few, B: ones[:R]}, integer(avocet.ErrShapeMismatch, 5, "targets.a", 0, R-1)},
		{avocet.LogisticTargets{A: minus, B: ones[:R]}, number(avocet.ErrInvalidArgument, 5, "targets.a", 1, -1)},
		{avocet.LogisticTargets{A: ones[:R], B: few}, integer(avocet.ErrShapeMismatch, 5, "targets.b", 0, R-1)},
		{avocet.LogisticTargets{A: ones[:R], B: nans, Signed: true}, number(avocet.ErrNotFinite, 5, "targets.b", 2, math.NaN())},
		{avocet.LogisticTargets{Labels: ones[:R], A: ones[:R], B: ones[:R]}, none(avocet.ErrInvalidArgument, 5, "targets.labels", 0)},
	} {
		s.refuses("targets", learn(rows, x.targets, 1), x.wanted)
	}
	for _, minibatch := range []int{0, -1} {
		s.refuses("minibatch", learn(rows, good, minibatch), integer(avocet.ErrInvalidArgument, 6, "minibatch", 0, minibatch))
	}
	if must[int](t)(m.Nonzeros()) != 0 || must[float32](t)(m.Intercept()) != 0 {
		t.Error("a refused call has learnt")
	}
	// Beyond the range of float32, found on the way: the rows before it have been learnt.
	rows.Values = []float32{1, 1, 3e38, 3e38, 3e38}
	heavy := avocet.LogisticTargets{Labels: []float32{1, 0, 0}, Weights: []float32{1, 1, 9}}
	err := avocet.LearnSparse(m, rows, heavy, 1, nil, s.workspace)
	s.refuses("range", err, none(avocet.ErrNotFinite, 2, "csr", 2))
	if must[int](t)(m.Nonzeros()) != 2 || must[float32](t)(m.Intercept()) == 0 {
		t.Error("the rows before have not been learnt")
	}

	for _, n := range []int{0, C - 1, C + 1} {
		s.refuses("weights", m.Weights(s.out[:n]), integer(avocet.ErrShapeMismatch, 3, "len", 0, n))
	}
	s.refuses("weights", m.Weights(nil), none(avocet.ErrNullPointer, 2, "out", 0))
	for _, n := range []int{0, 1, 3} {
		s.refuses("nonzero", m.Nonzero(s.ids[:n], s.out[:n]), integer(avocet.ErrShapeMismatch, 4, "len", 0, n))
	}
	s.refuses("nonzero", m.Nonzero(s.ids[:1], s.out[:2]), integer(avocet.ErrShapeMismatch, 2, "features", 0, 1))
	s.refuses("nonzero", m.Nonzero(s.ids[:2], s.out[:1]), integer(avocet.ErrShapeMismatch, 3, "weights", 0, 1))
	s.refuses("nonzero", m.Nonzero(nil, s.out[:2]), none(avocet.ErrNullPointer, 2, "features", 0))
	s.refuses("nonzero", m.Nonzero(s.ids[:2], nil), none(avocet.ErrNullPointer, 3, "weights", 0))

	bytes := saved(t, m)
	if len(bytes) != 60+2*12 {
		t.Errorf("%d bytes", len(bytes))
	}
	kept := slices.Repeat([]byte{77}, len(bytes)+1)
	s.refuses("save", m.Save(nil), none(avocet.ErrNullPointer, 2, "bytes", 0))
	for _, n := range []int{0, len(bytes) - 1, len(bytes) + 1} {
		s.refuses("save", m.Save(kept[:n]), integer(avocet.ErrShapeMismatch, 3, "len", 0, n))
	}
	if slices.ContainsFunc(kept, func(b byte) bool { return b != 77 }) {
		t.Error("a refused call has saved")
	}
	load := func(bytes []byte, wanted avocet.Error) {
		t.Helper()
		s.refuses("load", sparseOpened(avocet.LoadSparseModel(bytes)), wanted)
	}
	load(nil, none(avocet.ErrNullPointer, 1, "bytes", 0))
	for n := range bytes {
		load(bytes[:n], integer(avocet.ErrShapeMismatch, 1, "bytes", 0, n))
	}
	load(append(slices.Clone(bytes), 0), integer(avocet.ErrShapeMismatch, 1, "bytes", 0, len(bytes)+1))
	for i := range bytes {
		corrupt := slices.Clone(bytes)
		corrupt[i] ^= 1
		if err := sparseOpened(avocet.LoadSparseModel(corrupt)); !errors.Is(err, avocet.ErrInvalidArgument) && !errors.Is(err, avocet.ErrShapeMismatch) {
			t.Errorf("byte %d: %v", i, err)
		}
	}
	bytes[0] ^= 1
	load(bytes, none(avocet.ErrInvalidArgument, 1, "bytes", 0))
	bytes[0] ^= 1
	bytes[8] = 2
	load(bytes, integer(avocet.ErrInvalidArgument, 1, "bytes", 8, 2))
	bytes[8] = 1
	bytes[56] ^= 4
	load(bytes, none(avocet.ErrInvalidArgument, 1, "bytes", len(bytes)-8))
}

// Every call that takes a model, and what it says of a model that is closed, nil or in use.
func TestSparseModelHandles(t *testing.T) {
	s := newScene(t)
	closed, busy := newSparseModel(t, C, avocet.SparseModelOptions{}), newSparseModel(t, C, avocet.SparseModelOptions{})
	check(t, closed.Close())
	check(t, closed.Close())
	if closed.Features() != C {
		t.Error("the size of a closed model")
	}
	good := avocet.LogisticTargets{Labels: ones[:R]}
	readers := func(m *avocet.SparseModel) map[string]error {
		_, intercept := m.Intercept()
		_, nonzeros := m.Nonzeros()
		_, size := m.SavedBytes()
		return map[string]error{
			"Predict":    avocet.PredictSparse(m, fiveEntries(), s.out[:R], nil),
			"Intercept":  intercept,
			"Weights":    m.Weights(s.out[:C]),
			"Nonzeros":   nonzeros,
			"Nonzero":    m.Nonzero(nil, nil),
			"SavedBytes": size,
			"Save":       m.Save(make([]byte, 60)),
		}
	}
	learn := func(m *avocet.SparseModel, w *avocet.Workspace) error {
		return avocet.LearnSparse(m, fiveEntries(), good, 1, s.out[:R], w)
	}
	release := busy.HoldAlone()
	for status, m := range map[avocet.Status]*avocet.SparseModel{avocet.ErrClosed: closed, avocet.ErrNullPointer: nil,
		avocet.ErrInUse: busy} {
		for function, err := range readers(m) {
			s.refuses(function, err, none(status, 1, "model", 0))
		}
		s.refuses("Learn", learn(m, s.workspace), none(status, 1, "model", 0))
	}
	release()
	// Others may read beside a reader, but not learn.
	release = busy.Hold()
	s.refuses("Learn", learn(busy, s.workspace), none(avocet.ErrInUse, 1, "model", 0))
	for function, err := range readers(busy) {
		if err != nil {
			t.Errorf("%s: %v", function, err)
		}
	}
	copy(s.out, slices.Repeat([]float32{untouched}, C))
	release()
	// A refusal for another reason lets go of the model.
	closedPool, closedWorkspace, held := newPool(t, 1), newWorkspace(t), newWorkspace(t)
	check(t, closedPool.Close())
	check(t, closedWorkspace.Close())
	defer held.Hold()()
	s.refuses("Predict", avocet.PredictSparse(busy, fiveEntries(), s.out[:R], closedPool), none(avocet.ErrClosed, 6, "pool", 0))
	for status, w := range map[avocet.Status]*avocet.Workspace{avocet.ErrClosed: closedWorkspace, avocet.ErrInUse: held,
		avocet.ErrNullPointer: nil} {
		s.refuses("Learn", learn(busy, w), none(status, 8, "workspace", 0))
	}
	check(t, learn(busy, s.workspace))
	for function, err := range readers(busy) {
		if err != nil && function != "Nonzero" && function != "Save" {
			t.Errorf("%s: %v", function, err)
		}
	}
	check(t, busy.Close())
}

// Goroutines learn, predict and close: a call has a whole model, or is refused.
func TestSparseModelOfManyGoroutines(t *testing.T) {
	before := avocet.LiveHandles()
	m := must[*avocet.SparseModel](t)(avocet.NewSparseModel(C, avocet.SparseModelOptions{Intercept: true}))
	targets := avocet.LogisticTargets{Labels: ones[:R]}
	var group sync.WaitGroup
	var learnt, predicted atomic.Int64
	start := make(chan bool)
	for i := range 4 {
		group.Go(func() {
			w, err := avocet.NewWorkspace(0)
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Close()
			logits, rows := zeros(R), fiveEntries()
			<-start
			for {
				count := &learnt
				if i%2 == 0 {
					err = avocet.LearnSparse(m, rows, targets, 1, logits, w)
				} else {
					count = &predicted
					err = avocet.PredictSparse(m, rows, logits, nil)
				}
				switch {
				case err == nil:
					count.Add(1)
				case errors.Is(err, avocet.ErrClosed):
					return
				case !errors.Is(err, avocet.ErrInUse):
					t.Error(err)
					return
				}
				if learnt.Load() > 100 && predicted.Load() > 100 {
					_ = m.Close()
				}
			}
		})
	}
	close(start)
	group.Wait()
	check(t, m.Close())
	if learnt.Load() == 0 || predicted.Load() == 0 || avocet.LiveHandles() != before {
		t.Errorf("%d calls learnt, %d predicted, %d handles", learnt.Load(), predicted.Load(), avocet.LiveHandles()-before)
	}
}

// The published formulas in float64.
func FuzzSparse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, size, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		n, features, minibatch := int(a%60), int(b%20)+1, int(size%5)+1
		rows := entries{Offsets: []int64{0}}
		for range n {
			for range r.below(6) {
				rows.Indices = append(rows.Indices, uint32(r.below(features)))
			}
			rows.Offsets = append(rows.Offsets, int64(len(rows.Indices)))
		}
		if options&1 != 0 {
			rows.Values = r.values(len(rows.Indices))
		}
		if options&2 != 0 {
			rows.Margins = r.values(n)
		}
		targets := avocet.LogisticTargets{A: r.values(n), B: r.values(n), Signed: true}
		of := avocet.SparseModelOptions{Optimiser: avocet.Optimiser(options >> 4 % 3), Intercept: options&4 != 0, Rate: .125,
			Beta: .5, L2: .25, Epsilon: .5}
		if options&8 != 0 {
			of.L1 = .25
		}
		m := newSparseModel(t, features, of)
		seen := zeros(n)
		check(t, avocet.LearnSparse(m, rows, targets, minibatch, seen, w))

		// z or w, and n, of each coordinate; the intercept is the last.
		type coordinate struct{ z, n float64 }
		state := make([]coordinate, features+1)
		penalties := func(j int) (l1, l2 float64) {
			if j == features {
				return 0, 0
			}
			return float64(of.L1), float64(of.L2)
		}
		rate := float64(of.Rate)
		weight := func(j int) float64 {
			s := state[j]
			l1, l2 := penalties(j)
			if of.Optimiser != avocet.OptimiserFTRL {
				return s.z
			}
			if math.Abs(s.z) <= l1 {
				return 0
			}
			return -(s.z - math.Copysign(l1, s.z)) / ((float64(of.Beta)+math.Sqrt(s.n))/rate + l2)
		}
		for first := 0; first < n; first += minibatch {
			g := make([]float64, features+1)
			for i := first; i < min(first+minibatch, n); i++ {
				x := weight(features)
				if rows.Margins != nil {
					x += float64(rows.Margins[i])
				}
				for e := rows.Offsets[i]; e < rows.Offsets[i+1]; e++ {
					x += weight(int(rows.Indices[e])) * at(rows.Values, int(e))
				}
				near(t, "logit", seen[i], x)
				slope := float64(targets.B[i])*sigmoid(x) - float64(targets.A[i])*sigmoid(-x)
				for e := rows.Offsets[i]; e < rows.Offsets[i+1]; e++ {
					g[rows.Indices[e]] += slope * at(rows.Values, int(e))
				}
				if of.Intercept {
					g[features] += slope
				}
			}
			for j, g := range g {
				if g == 0 {
					continue
				}
				_, l2 := penalties(j)
				s, w := &state[j], weight(j)
				sum := s.n + g*g
				switch of.Optimiser {
				case avocet.OptimiserFTRL:
					s.z += g - (math.Sqrt(sum)-math.Sqrt(s.n))/rate*w
				case avocet.OptimiserAdagrad:
					s.z -= rate * (g + l2*w) / (math.Sqrt(sum) + float64(of.Epsilon))
				case avocet.OptimiserSGD:
					s.z -= rate * (g + l2*w)
				}
				s.n = sum
			}
		}
		for j, found := range weightsOf(t, m) {
			near(t, "weight", found, weight(j))
		}
		near(t, "intercept", must[float32](t)(m.Intercept()), weight(features))
	})
}
