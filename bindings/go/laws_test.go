package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func equal(t *testing.T, what string, found []float32, wanted ...float32) {
	t.Helper()
	if !slices.Equal(found, wanted) {
		t.Errorf("%s: found %v, wanted %v", what, found, wanted)
	}
}

func TestKnownResults(t *testing.T) {
	g := graphOf(t, [][]uint32{{0, 2}, {}, {1, 1, 2}}, 3)
	x := avocet.Matrix{Data: []float32{1, 2, 9, 3, 4, 9, 5, 6}, Rows: 3, Cols: 2, Stride: 3}
	out := avocet.Matrix{Data: []float32{-1, -1, -2, -1, -1, -2, -1, -1, -2}, Rows: 3, Cols: 2, Stride: 3}
	check(t, avocet.Aggregate(g, x, avocet.AggregateOptions{}, out, nil))
	equal(t, "sum", out.Data, 6, 8, -2, 0, 0, -2, 11, 14, -2)
	check(t, avocet.Aggregate(g, x, avocet.AggregateOptions{Reduce: avocet.ReduceMean}, out, nil))
	equal(t, "mean", out.Data, 3, 4, -2, 0, 0, -2, float32(11)/3, float32(14)/3, -2)
	check(t, avocet.Aggregate(g, x, avocet.AggregateOptions{Accumulate: true, EdgeWeights: []float32{1, 0, 2, 0, -1}},
		out, nil))
	equal(t, "weighted", out.Data, 4, 6, -2, 0, 0, -2, float32(11)/3+1, float32(14)/3+2, -2)

	// Weights by edge number serve a part of the graph.
	part := graph(t)(avocet.SelectRows(g, []int{2}))
	one := avocet.Matrix{Data: make([]float32, 2), Rows: 1, Cols: 2}
	check(t, avocet.Aggregate(part, x, avocet.AggregateOptions{EdgeWeights: []float32{7, 7, 2, 0, -1}}, one, nil))
	equal(t, "part", one.Data, 1, 2)
	if part.Edges() != 3 || part.EdgeIDLimit() != 5 || !part.IsDerived() {
		t.Error(part.Edges(), part.EdgeIDLimit(), part.IsDerived())
	}

	lists := avocet.TopKLists{IDs: make([]uint32, 3), Scores: make([]float32, 3), Counts: make([]uint32, 1), NaNCounts: make([]uint32, 1)}
	query := avocet.Matrix{Data: []float32{1, 1}, Rows: 1, Cols: 2}
	targets := avocet.Matrix{Data: []float32{1, 2, float32(math.NaN()), 0, 3, 0}, Rows: 3, Cols: 2}
	check(t, avocet.TopK(query, targets, nil, 3, lists, nil, newWorkspace(t)))
	if !slices.Equal(lists.IDs, []uint32{0, 2, avocet.NoID}) || lists.Counts[0] != 2 || lists.NaNCounts[0] != 1 {
		t.Errorf("top 3: %v, %v, %v", lists.IDs, lists.Counts, lists.NaNCounts)
	}
}

func TestKnownFeedback(t *testing.T) {
	rows := streamRows(t, avocet.ProtocolDelayedReal, threeClicks, 2, 100)
	kinds := []avocet.RowKind{avocet.RowNegative, avocet.RowDelayedPositive, avocet.RowNegative, avocet.RowImmediatePositive,
		avocet.RowRealNegative}
	if !slices.Equal(rows.Times, []int64{2, 8, 9, 12, 107}) || !slices.Equal(rows.Clicks, []uint32{1, 1, 2, 0, 2}) ||
		!slices.Equal(rows.Kinds, kinds) || !slices.Equal(rows.Signals, []bool{true, true, false, false, false}) {
		t.Errorf("%v", rows)
	}
	// Any of the outputs may be left out, and others are then as they are with all.
	stream := newStream(t)
	var clicks [5]uint32
	check(t, stream.Copy(avocet.StreamRows{Clicks: clicks[:]}))
	if stream.Rows() != 5 || !slices.Equal(clicks[:], rows.Clicks) {
		t.Errorf("%d rows of clicks %v", stream.Rows(), clicks)
	}

	a, b := zeros(5), zeros(5)
	weights := func(scheme avocet.FeedbackScheme, rows avocet.FeedbackRows, wantedA, wantedB []float32) {
		t.Helper()
		check(t, avocet.FeedbackWeights(scheme, rows, a, b, nil))
		equal(t, "a", a, wantedA...)
		equal(t, "b", b, wantedB...)
	}
	feedback := avocet.FeedbackRows{Kinds: kinds, First: zeros(5), Second: zeros(5)}
	weights(avocet.FeedbackScheme{}, avocet.FeedbackRows{Kinds: kinds}, []float32{0, 1, 0, 1, 0}, []float32{1, 0, 1, 0, 1})
	weights(avocet.FeedbackScheme{Method: avocet.FeedbackESDFM}, feedback, []float32{0, 1.5, 0, 1.5, 0}, []float32{.75, 0, .75, 0, .75})
	weights(avocet.FeedbackScheme{Method: avocet.FeedbackESDFM, Joint: true}, feedback, []float32{0, 1, 0, 1, 0}, []float32{.5, 0, .5, 0, .5})
	weights(avocet.FeedbackScheme{Method: avocet.FeedbackFSIW, ClipLow: .5, ClipHigh: 1.25}, feedback,
		[]float32{0, 1.25, 0, 1.25, 0}, []float32{.5, 0, .5, 0, .5})
	served := zeros(2)
	check(t, avocet.FeedbackServed([]float32{3, float32(math.Inf(-1))}, served, nil))
	equal(t, "served", served, 1, 0)

	scores, labels := []float32{.9, .8, .7, .1}, []float32{1, 0, 1, 0}
	ranking := must[avocet.RankingResult](t)(avocet.Ranking(scores, labels, nil))
	if ranking.Positives != 2 || ranking.Negatives != 2 || ranking.AUC != .75 {
		t.Errorf("%+v", ranking)
	}
	calibration := must[avocet.CalibrationResult](t)(avocet.Calibration(scores, labels, []float32{1, 2, 1, 1}))
	near(t, "log loss", float32(calibration.LogLoss()), (-math.Log(.9)-2*math.Log(.2)-math.Log(.7)-math.Log(.9))/5)
	near(t, "ratio", float32(calibration.Ratio()), (.9+1.6+.7+.1)/2)
	if calibration.Weight != 5 || calibration.Observed != 2 {
		t.Errorf("%+v", calibration)
	}
	first := must[avocet.CalibrationResult](t)(avocet.Calibration(scores[:1], labels[:1], []float32{1}))
	others := must[avocet.CalibrationResult](t)(avocet.Calibration(scores[1:], labels[1:], []float32{2, 1, 1}))
	if found := first.Add(others); math.Abs(found.Loss-calibration.Loss) > 1e-12 || found.Weight != 5 || found.Observed != 2 ||
		math.Abs(found.Predicted-calibration.Predicted) > 1e-12 {
		t.Errorf("%+v is not %+v", found, calibration)
	}
}

// Every output of dense rows is the same alone as with the others, and agrees with LogisticLoss of the margins; features
// without rows have sums of 0.
func TestLogisticBatch(t *testing.T) {
	r, w, n, d := &random{5}, newWorkspace(t), 3000, 7
	rows := avocet.LogisticRows{Features: avocet.DenseFeatures(r.matrix(n, d, 2)), Offsets: r.values(n), Weights: r.values(d), Intercept: .5}
	targets := &avocet.LogisticTargets{A: r.values(n), B: r.values(n), Signed: true}
	along := r.values(d)
	all := avocet.LogisticBatchOutputs{Margins: zeros(n), Gradient: zeros(d), Curvature: zeros(d), Product: zeros(d),
		Along: along, AlongIntercept: -.25}
	sums := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, targets, all, newPool(t, 2), w))
	losses := zeros(n)
	slopes, curvatures := zeros(n), zeros(n)
	var loss float64
	check(t, avocet.LogisticLoss(all.Margins, *targets, avocet.LogisticOutputs{Losses: losses, Gradient: slopes,
		Curvature: curvatures, Sum: &loss}, nil, w))
	if sums.Loss != loss {
		t.Errorf("a loss of %g, by row %g", sums.Loss, loss)
	}
	total := func(what string, found float64, values []float32) {
		t.Helper()
		wanted, size := 0.0, 0.0
		for _, value := range values {
			wanted += float64(value)
			size += math.Abs(float64(value))
		}
		if !(math.Abs(found-wanted) <= 1e-9*size) {
			t.Errorf("%s by the intercept: found %g, wanted %g", what, found, wanted)
		}
	}
	total("gradient", sums.Gradient, slopes)
	total("curvature", sums.Curvature, curvatures)
	for _, x := range []struct {
		what          string
		targets       *avocet.LogisticTargets
		out           avocet.LogisticBatchOutputs
		found, wanted []float32
		sums          avocet.LogisticSums
	}{
		{"margins", nil, avocet.LogisticBatchOutputs{Margins: losses}, losses, all.Margins, avocet.LogisticSums{}},
		{"loss", targets, avocet.LogisticBatchOutputs{}, nil, nil, avocet.LogisticSums{Loss: loss}},
		{"gradient", targets, avocet.LogisticBatchOutputs{Gradient: slopes[:d]}, slopes[:d], all.Gradient,
			avocet.LogisticSums{Loss: loss, Gradient: sums.Gradient}},
		{"curvature", targets, avocet.LogisticBatchOutputs{Curvature: slopes[:d]}, slopes[:d], all.Curvature,
			avocet.LogisticSums{Loss: loss, Curvature: sums.Curvature}},
		{"product", targets, avocet.LogisticBatchOutputs{Product: slopes[:d], Along: along, AlongIntercept: -.25}, slopes[:d],
			all.Product, avocet.LogisticSums{Loss: loss, Product: sums.Product}},
	} {
		found := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, x.targets, x.out, nil, w))
		equal(t, x.what, x.found, x.wanted...)
		if found != x.sums {
			t.Errorf("%s alone: sums %+v, wanted %+v", x.what, found, x.sums)
		}
	}
	none := avocet.LogisticRows{Features: avocet.DenseFeatures(avocet.Matrix{Cols: d}), Weights: rows.Weights}
	found := must[avocet.LogisticSums](t)(avocet.LogisticBatch(none, &avocet.LogisticTargets{},
		avocet.LogisticBatchOutputs{Gradient: all.Gradient}, nil, w))
	equal(t, "gradient of no rows", all.Gradient, zeros(d)...)
	if found != (avocet.LogisticSums{}) {
		t.Errorf("sums of no rows: %+v", found)
	}
}

// Every type of index gives the same.
func TestIndexTypes(t *testing.T) {
	type itemID uint32
	r := &random{1}
	left, right := rowsOf(r.values(40), 10), rowsOf(r.values(40), 10)
	var wanted, found [5]float32
	check(t, avocet.ScorePairs(left, right, []uint32{1, 2, 3, 4, 5}, []int64{9, 8, 7, 6, 5}, wanted[:], nil))
	same := func(err error) {
		t.Helper()
		check(t, err)
		equal(t, "pairs", found[:], wanted[:]...)
		clear(found[:])
	}
	same(avocet.ScorePairs(left, right, []int32{1, 2, 3, 4, 5}, []int{9, 8, 7, 6, 5}, found[:], nil))
	same(avocet.ScorePairs(left, right, []itemID{1, 2, 3, 4, 5}, []uint32{9, 8, 7, 6, 5}, found[:], nil))
	same(avocet.ScorePairs(left, right, []int64{1, 2, 3, 4, 5}, []int32{9, 8, 7, 6, 5}, found[:], nil))
}

// Nothing to do is no mistake, with nil slices as with empty ones.
func TestEmpty(t *testing.T) {
	w := newWorkspace(t)
	none := graph(t)(avocet.NewGraph([]int64{0}, []uint32(nil), 0))
	back := graph(t)(none.Transpose())
	empty := avocet.Matrix{}
	for _, data := range [][]float32{nil, {}} {
		empty.Data = data
		check(t, avocet.Map(avocet.Exp, data, data, nil))
		check(t, avocet.Aggregate(none, empty, avocet.AggregateOptions{EdgeWeights: data}, empty, nil))
		check(t, avocet.EdgeDots(none, empty, empty, data, nil))
		check(t, avocet.Product(nil, avocet.DenseOptions{Normalise: true}, empty, data, nil, w))
		check(t, avocet.Activate(avocet.DenseOptions{}, empty, data, nil))
		check(t, avocet.ActivateBackward(avocet.DenseOptions{}, empty, data, empty, empty, nil))
		check(t, avocet.WeightGradient(empty, empty, false, empty, nil, w))
		check(t, avocet.ScorePairs(empty, empty, []int(nil), []uint32{}, data, nil))
		check(t, avocet.TopK(empty, empty, none, 3, avocet.TopKLists{Scores: data}, nil, w))
		check(t, avocet.RankCounts(empty, empty, none, nil, nil, nil, nil, w))
		edge := must[avocet.EdgeLossResult](t)(avocet.EdgeLoss(none, back, empty, empty, edgeTerm, data, &empty, &empty, nil, w))
		softmax := must[avocet.SoftmaxLossResult](t)(avocet.SoftmaxLoss(none, back, empty, empty, []int(nil), softmaxTerm, data,
			&empty, &empty, nil, w))
		if edge.Loss != 0 || softmax.Loss != 0 {
			t.Error("a loss of nothing")
		}
		check(t, avocet.Adam(1, 1, avocet.AdamOptions{}, data, data, data, data, nil))
		check(t, avocet.AdagradRows(1, 1, []uint32(nil), empty, empty, empty, nil))
		for _, targets := range []avocet.LogisticTargets{{Labels: data, Weights: data}, {A: data, B: data}, {}} {
			sum := -1.0
			out := avocet.LogisticOutputs{Losses: data, Gradient: data, Curvature: data, Sum: &sum}
			check(t, avocet.LogisticLoss(data, targets, out, nil, w))
			check(t, avocet.LogisticLoss(data, targets, avocet.LogisticOutputs{}, nil, w))
			if sum != 0 {
				t.Error("a loss of nothing")
			}
		}
		for _, targets := range []avocet.LogisticTargets{{Labels: data, Weights: data}, {A: data, B: data}, {}} {
			out := avocet.LogisticBatchOutputs{Margins: data, Gradient: data, Curvature: data, Product: data, Along: data}
			rows := avocet.LogisticRows{Features: avocet.DenseFeatures(empty), Offsets: data, Weights: data}
			if sums := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, &targets, out, nil, w)); sums != (avocet.LogisticSums{}) {
				t.Errorf("sums of nothing: %+v", sums)
			}
		}
		for _, x := range []avocet.Matrix{empty, {Rows: 2}} {
			rows := avocet.LogisticRows{Features: avocet.DenseFeatures(x), Intercept: 3}
			margins := make([]float32, x.Rows)
			out := avocet.LogisticBatchOutputs{Margins: margins}
			sums := must[avocet.LogisticSums](t)(avocet.LogisticBatch(rows, nil, out, nil, w))
			if sums != (avocet.LogisticSums{}) || (len(margins) > 0 && margins[1] != 3) {
				t.Errorf("margins alone: %v, sums %+v", margins, sums)
			}
		}
		for method := avocet.FeedbackVanilla; method <= avocet.FeedbackDFM; method++ {
			check(t, avocet.FeedbackWeights(avocet.FeedbackScheme{Method: method}, avocet.FeedbackRows{Logits: data, First: data,
				Second: data}, data, data, nil))
		}
		check(t, avocet.FeedbackServed(data, data, nil))
		ranking := must[avocet.RankingResult](t)(avocet.Ranking(data, data, data))
		calibration := must[avocet.CalibrationResult](t)(avocet.Calibration(data, data, data))
		if !math.IsNaN(ranking.AUC) || ranking.Positives != 0 || calibration != (avocet.CalibrationResult{}) {
			t.Error(ranking, calibration)
		}
		layer := avocet.DualLayer{Sources: empty, Targets: empty, SourceWeights: empty, TargetWeights: empty, Own: none}
		check(t, avocet.DualForward(layer, avocet.DualRows{Sources: empty, Targets: empty}, nil, w))
		check(t, avocet.DualBackward(layer, avocet.DualResult{Sources: empty, Targets: empty, SourceGradient: empty,
			TargetGradient: empty, Own: back}, avocet.DualGradients{Weights: []avocet.Matrix{empty, empty}}, nil, w))
	}
	check(t, none.Offsets(make([]int64, 1)))
	check(t, none.Indices(nil))
	check(t, none.EdgeIDs(nil))
	for _, clicks := range []avocet.Clicks{{}, {Times: []int64{}, Conversions: []int64{}, Signals: []int64{}}} {
		if rows := streamRows(t, avocet.ProtocolDuplicate, clicks, 0, 0); len(rows.Times) != 0 {
			t.Error("rows of nothing")
		}
		check(t, opened(avocet.NewStream(avocet.ProtocolWindow, clicks, 1, 1)))
	}
	sample := graph(t)(avocet.SampleNeighbours(none, nil, avocet.SampleOptions{}, nil))
	if sample.Rows() != 0 || sample.Edges() != 0 {
		t.Error("a sample of nothing")
	}

	// Many rows without columns, as only sizes say.
	many := avocet.Matrix{Rows: 1 << 36}
	out := [2]float32{1, 1}
	check(t, avocet.ScorePairs(many, many, []int64{1<<36 - 1, 0}, []int64{0, 7}, out[:], nil))
	equal(t, "no columns", out[:], 0, 0)
}

// The backward pass of a sum is the sum over the transposed graph: <A x, y> = <x, A^T y>.
func TestTransposeIsAdjoint(t *testing.T) {
	r := &random{5}
	list := r.rows(50, 40, 9)
	g := graphOf(t, list, 40)
	back := graph(t)(g.Transpose())
	weights := r.values(g.Edges())
	options := avocet.AggregateOptions{EdgeWeights: weights}
	x, y := rowsOf(r.values(40*3), 40), rowsOf(r.values(50*3), 50)
	forward, backward := rowsOf(make([]float32, 50*3), 50), rowsOf(make([]float32, 40*3), 40)
	check(t, avocet.Aggregate(g, x, options, forward, nil))
	check(t, avocet.Aggregate(back, y, options, backward, nil))
	near(t, "adjoint", float32(dot(forward.Data, y.Data)), dot(x.Data, backward.Data))
}

func TestInformation(t *testing.T) {
	check(t, avocet.CheckLibrary())
	if avocet.Version() == "" || avocet.VersionNumber() < 1000 || avocet.ABIVersion() != 1 {
		t.Error(avocet.Version(), avocet.VersionNumber(), avocet.ABIVersion())
	}
	if !avocet.FloatEnvironmentIsDefault() {
		t.Error("the float environment of a Go thread")
	}
	names := map[avocet.ISA]string{avocet.ISAPortable: "portable", avocet.ISAAVX2: "avx2", avocet.ISAAVX512: "avx512", avocet.ISANone: "unknown"}
	for isa, name := range names {
		if isa.String() != name {
			t.Error(isa, name)
		}
	}
	active := avocet.ActiveISA()
	if active < avocet.ISAPortable || active > avocet.DetectedISA() {
		t.Error(active, avocet.DetectedISA())
	}
	if avocet.CapISA(avocet.ISAPortable) != avocet.ISAPortable || avocet.ActiveISA() != avocet.ISAPortable {
		t.Error("the cap does not cap")
	}
	if avocet.CapISA(avocet.ISANone) != active || avocet.ActiveISA() != active {
		t.Error("the cap is not lifted")
	}
}
