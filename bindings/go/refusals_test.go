package avocet_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"unsafe"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// A small scene that every function can be called on. What calls write to holds `untouched`, and must still after a
// refusal.
type scene struct {
	t                *testing.T
	graph, back      *avocet.Graph
	own, ownBack     *avocet.Graph
	workspace        *avocet.Workspace
	x, y, w          avocet.Matrix // C x D, R x D, D x D
	dx, dy, dw       avocet.Matrix // the same, to write
	out              []float32     // of any length up to 64
	more             []float32
	ids, counts, nan []uint32
	offsets          []int64
	kinds            []avocet.RowKind
	flags            []bool
	sum              float64
}

var (
	// Enough inputs that are good as logits, labels, weights and probabilities.
	ones = slices.Repeat([]float32{1}, 64)
	// Converts within a window of 2, later, and never.
	threeClicks = avocet.Clicks{Times: []int64{10, 0, 7}, Conversions: []int64{12, 8, avocet.Never},
		Signals: []int64{13, 1, avocet.Never}}
)

// newStream has five rows.
func newStream(t testing.TB) *avocet.Stream {
	return kept(t, must[*avocet.Stream](t))(avocet.NewStream(avocet.ProtocolDelayedReal, threeClicks, 2, 100))
}

const (
	R, C, D, E         = 3, 4, 2, 5
	untouched  float32 = -7.25
)

func newScene(t *testing.T) *scene {
	r := &random{3}
	written := func(n int) []float32 { return slices.Repeat([]float32{untouched}, n) }
	s := &scene{
		t:         t,
		graph:     graphOf(t, [][]uint32{{0, 3}, {}, {1, 2, 3}}, C),
		own:       graphOf(t, [][]uint32{{3}, {0}, {0}}, C),
		workspace: newWorkspace(t),
		x:         rowsOf(r.values(C*D), C), y: rowsOf(r.values(R*D), R), w: rowsOf(r.values(D*D), D),
		dx: rowsOf(written(C*D), C), dy: rowsOf(written(R*D), R), dw: rowsOf(written(D*D), D),
		out: written(64), more: written(64),
		ids: slices.Repeat([]uint32{77}, 64), counts: slices.Repeat([]uint32{77}, 64),
		nan: slices.Repeat([]uint32{77}, 64), offsets: slices.Repeat([]int64{77}, 64),
		kinds: slices.Repeat([]avocet.RowKind{77}, 64), flags: slices.Repeat([]bool{true}, 64), sum: float64(untouched),
	}
	s.back, s.ownBack = graph(t)(s.graph.Transpose()), graph(t)(s.own.Transpose())
	return s
}

func (s *scene) checkUntouched(what string) {
	s.t.Helper()
	for _, values := range [][]float32{s.dx.Data, s.dy.Data, s.dw.Data, s.out, s.more} {
		for _, value := range values {
			if value != untouched {
				s.t.Fatalf("%s: an output was written", what)
			}
		}
	}
	for _, values := range [][]uint32{s.ids, s.counts, s.nan} {
		for _, value := range values {
			if value != 77 {
				s.t.Fatalf("%s: an output was written", what)
			}
		}
	}
	other := func(value int64) bool { return value != 77 }
	if slices.ContainsFunc(s.offsets, other) || slices.Contains(s.flags, false) || s.sum != float64(untouched) ||
		slices.ContainsFunc(s.kinds, func(kind avocet.RowKind) bool { return kind != 77 }) {
		s.t.Fatalf("%s: an output was written", what)
	}
}

// refuses checks an error field by field.
func (s *scene) refuses(what string, err error, wanted avocet.Error) {
	s.t.Helper()
	var found *avocet.Error
	if !errors.As(err, &found) {
		s.t.Fatalf("%s: wanted %v, found %v", what, wanted.Status, err)
	}
	sameReal := found.Real == wanted.Real || math.IsNaN(found.Real) && math.IsNaN(wanted.Real)
	if !errors.Is(err, wanted.Status) || found.Status != wanted.Status || found.Argument != wanted.Argument ||
		found.Name != wanted.Name || found.Position != wanted.Position || found.Value != wanted.Value ||
		found.Integer != wanted.Integer || !sameReal || len(err.Error()) < 20 {
		s.t.Errorf("%s:\nwanted %d %d %s %d %d %d %g\nfound  %d %d %s %d %d %d %g: %v", what,
			wanted.Status, wanted.Argument, wanted.Name, wanted.Position, wanted.Value, wanted.Integer, wanted.Real,
			found.Status, found.Argument, found.Name, found.Position, found.Value, found.Integer, found.Real, err)
	}
	s.checkUntouched(what)
}

func integer(status avocet.Status, argument int, name string, position int, value int) avocet.Error {
	return avocet.Error{Status: status, Argument: argument, Name: name, Position: position, Value: avocet.ValueInteger,
		Integer: int64(value)}
}

func none(status avocet.Status, argument int, name string, position int) avocet.Error {
	return avocet.Error{Status: status, Argument: argument, Name: name, Position: position}
}

func number(status avocet.Status, argument int, name string, position int, value float64) avocet.Error {
	return avocet.Error{Status: status, Argument: argument, Name: name, Position: position, Value: avocet.ValueReal,
		Real: value}
}

// Arguments of every function, with one of them replaced by what a test gives.

type arguments struct {
	x, y, w, dx, dy, dw avocet.Matrix
	addends             []avocet.Addend
	layer               avocet.DualLayer
	rows                avocet.DualRows
	result              avocet.DualResult
	gradients           avocet.DualGradients
}

func (s *scene) arguments() arguments {
	return arguments{
		x: s.x, y: s.y, w: s.w, dx: s.dx, dy: s.dy, dw: s.dw,
		addends: []avocet.Addend{{X: s.y, W: s.w}, {X: s.y, W: s.w}},
		layer: avocet.DualLayer{
			Sources: s.x, Targets: s.x, Own: s.own, SourceWeights: s.w, TargetWeights: s.w,
			Relations: []avocet.DualRelation{
				{Out: s.graph, Into: s.graph, Across: s.w}, {Out: s.graph, Into: s.graph, Across: s.w, Along: &s.w},
			},
		},
		rows: avocet.DualRows{Sources: s.dy, Targets: rowsOf(s.out[:R*D], R)},
		result: avocet.DualResult{
			Sources: s.y, Targets: s.y, SourceGradient: s.y, TargetGradient: s.y, Own: s.ownBack,
			Back: []avocet.DualBack{{Out: s.back, Into: s.back}, {Out: s.back, Into: s.back}},
		},
		gradients: avocet.DualGradients{Weights: []avocet.Matrix{s.dw, rowsOf(s.out[:4], D), rowsOf(s.out[4:8], D),
			rowsOf(s.out[8:12], D), rowsOf(s.out[12:16], D)}},
	}
}

func (s *scene) topK(queries, targets avocet.Matrix, exclude *avocet.Graph, k int, lists avocet.TopKLists, pool *avocet.Pool, w *avocet.Workspace) error {
	return avocet.TopK(queries, targets, exclude, k, lists, pool, w)
}

func (s *scene) lists() avocet.TopKLists {
	return avocet.TopKLists{IDs: s.ids[:2*R], Scores: s.out[:2*R], Counts: s.counts[:R], NaNCounts: s.nan[:R]}
}

var edgeTerm = avocet.EdgeTerm{Temperature: 1, Weight: 1}
var softmaxTerm = avocet.SoftmaxTerm{Temperature: 1, Weight: 1}

func (s *scene) edgeLoss(sources, targets avocet.Matrix, term avocet.EdgeTerm, weights []float32, ds, dt *avocet.Matrix) error {
	found, err := avocet.EdgeLoss(s.graph, s.back, sources, targets, term, weights, ds, dt, nil, s.workspace)
	if err != nil && found != (avocet.EdgeLossResult{}) {
		s.t.Error("a refused loss has a result")
	}
	return err
}

func (s *scene) softmaxLoss(sources, targets avocet.Matrix, term avocet.SoftmaxTerm, weights []float32, ds, dt *avocet.Matrix) error {
	_, err := avocet.SoftmaxLoss(s.graph, s.back, sources, targets, []int32{0, 1}, term, weights, ds, dt, nil, s.workspace)
	return err
}

var three = []int32{0, 1, 2}

// outputs are those of a logistic loss of three rows.
func (s *scene) outputs() avocet.LogisticOutputs {
	return avocet.LogisticOutputs{Losses: s.out[:3], Gradient: s.more[:3], Curvature: s.more[3:6], Sum: &s.sum}
}

// denseRows are those of a logistic regression, with everything wanted.
func (s *scene) denseRows() (avocet.LogisticRows, avocet.LogisticBatchOutputs) {
	return avocet.LogisticRows{Features: avocet.DenseFeatures(s.y), Offsets: ones[:R], Weights: ones[:D]},
		avocet.LogisticBatchOutputs{Margins: s.out[:R], Gradient: s.more[:D], Curvature: s.more[D : 2*D],
			Product: s.more[2*D : 3*D], Along: ones[:D]}
}

func (s *scene) logisticBatch(rows avocet.LogisticRows, targets *avocet.LogisticTargets, out avocet.LogisticBatchOutputs,
	pool *avocet.Pool, w *avocet.Workspace) error {
	found, err := avocet.LogisticBatch(rows, targets, out, pool, w)
	if err != nil && found != (avocet.LogisticSums{}) {
		s.t.Error("a refused call has sums")
	}
	return err
}

// feedback is what every method reads of three rows.
func (s *scene) feedback() avocet.FeedbackRows {
	return avocet.FeedbackRows{
		Kinds:  []avocet.RowKind{avocet.RowNegative, avocet.RowImmediatePositive, avocet.RowDelayedPositive},
		Logits: ones[:3], First: ones[:3], Second: ones[:3],
	}
}

// Every matrix of every function: what can be wrong with one alone.
func TestBadMatrices(t *testing.T) {
	s := newScene(t)
	sites := []struct {
		function string
		argument int
		name     string
		position int
		good     avocet.Matrix
		call     func(m avocet.Matrix) error
	}{
		{"Aggregate", 2, "x", 0, s.x, func(m avocet.Matrix) error {
			return avocet.Aggregate(s.graph, m, avocet.AggregateOptions{}, s.dy, nil)
		}},
		{"Aggregate", 4, "out", 0, s.dy, func(m avocet.Matrix) error {
			return avocet.Aggregate(s.graph, s.x, avocet.AggregateOptions{}, m, nil)
		}},
		{"EdgeDots", 2, "left", 0, s.y, func(m avocet.Matrix) error {
			return avocet.EdgeDots(s.graph, m, s.x, s.out[:E], nil)
		}},
		{"EdgeDots", 3, "right", 0, s.x, func(m avocet.Matrix) error {
			return avocet.EdgeDots(s.graph, s.y, m, s.out[:E], nil)
		}},
		{"Product", 1, "addends.x", 1, s.y, func(m avocet.Matrix) error {
			a := s.arguments().addends
			a[1].X = m
			return avocet.Product(a, avocet.DenseOptions{}, s.dy, nil, nil, s.workspace)
		}},
		{"Product", 1, "addends.w", 1, s.w, func(m avocet.Matrix) error {
			a := s.arguments().addends
			a[1].W = m
			return avocet.Product(a, avocet.DenseOptions{}, s.dy, nil, nil, s.workspace)
		}},
		{"Product", 4, "out", 0, s.dy, func(m avocet.Matrix) error {
			return avocet.Product(s.arguments().addends, avocet.DenseOptions{}, m, nil, nil, s.workspace)
		}},
		{"Activate", 2, "rows", 0, s.dy, func(m avocet.Matrix) error {
			return avocet.Activate(avocet.DenseOptions{}, m, nil, nil)
		}},
		{"ActivateBackward", 2, "y", 0, s.y, func(m avocet.Matrix) error {
			return avocet.ActivateBackward(avocet.DenseOptions{}, m, nil, s.y, s.dy, nil)
		}},
		{"ActivateBackward", 4, "dy", 0, s.y, func(m avocet.Matrix) error {
			return avocet.ActivateBackward(avocet.DenseOptions{}, s.y, nil, m, s.dy, nil)
		}},
		{"ActivateBackward", 5, "dz", 0, s.dy, func(m avocet.Matrix) error {
			return avocet.ActivateBackward(avocet.DenseOptions{}, s.y, nil, s.y, m, nil)
		}},
		{"WeightGradient", 1, "x", 0, s.y, func(m avocet.Matrix) error {
			return avocet.WeightGradient(m, s.y, false, s.dw, nil, s.workspace)
		}},
		{"WeightGradient", 2, "dz", 0, s.y, func(m avocet.Matrix) error {
			return avocet.WeightGradient(s.y, m, false, s.dw, nil, s.workspace)
		}},
		{"WeightGradient", 4, "out", 0, s.dw, func(m avocet.Matrix) error {
			return avocet.WeightGradient(s.y, s.y, false, m, nil, s.workspace)
		}},
		{"ScorePairs", 1, "left", 0, s.y, func(m avocet.Matrix) error {
			return avocet.ScorePairs(m, s.x, three, three, s.out[:3], nil)
		}},
		{"ScorePairs", 2, "right", 0, s.x, func(m avocet.Matrix) error {
			return avocet.ScorePairs(s.y, m, three, three, s.out[:3], nil)
		}},
		{"TopK", 1, "queries", 0, s.y, func(m avocet.Matrix) error {
			return s.topK(m, s.x, nil, 2, s.lists(), nil, s.workspace)
		}},
		{"TopK", 2, "targets", 0, s.x, func(m avocet.Matrix) error {
			return s.topK(s.y, m, nil, 2, s.lists(), nil, s.workspace)
		}},
		{"RankCounts", 1, "queries", 0, s.y, func(m avocet.Matrix) error {
			return avocet.RankCounts(m, s.x, s.graph, nil, s.ids[:E], s.counts[:E], nil, s.workspace)
		}},
		{"RankCounts", 2, "targets", 0, s.x, func(m avocet.Matrix) error {
			return avocet.RankCounts(s.y, m, s.graph, nil, s.ids[:E], s.counts[:E], nil, s.workspace)
		}},
		{"EdgeLoss", 3, "sources", 0, s.y, func(m avocet.Matrix) error { return s.edgeLoss(m, s.x, edgeTerm, nil, nil, nil) }},
		{"EdgeLoss", 4, "targets", 0, s.x, func(m avocet.Matrix) error { return s.edgeLoss(s.y, m, edgeTerm, nil, nil, nil) }},
		{"EdgeLoss", 7, "source_gradient", 0, s.dy, func(m avocet.Matrix) error {
			return s.edgeLoss(s.y, s.x, edgeTerm, nil, &m, nil)
		}},
		{"EdgeLoss", 8, "target_gradient", 0, s.dx, func(m avocet.Matrix) error {
			return s.edgeLoss(s.y, s.x, edgeTerm, nil, nil, &m)
		}},
		{"SoftmaxLoss", 3, "sources", 0, s.y, func(m avocet.Matrix) error {
			return s.softmaxLoss(m, s.x, softmaxTerm, nil, nil, nil)
		}},
		{"SoftmaxLoss", 4, "targets", 0, s.x, func(m avocet.Matrix) error {
			return s.softmaxLoss(s.y, m, softmaxTerm, nil, nil, nil)
		}},
		{"SoftmaxLoss", 8, "source_gradient", 0, s.dy, func(m avocet.Matrix) error {
			return s.softmaxLoss(s.y, s.x, softmaxTerm, nil, &m, &s.dx)
		}},
		{"SoftmaxLoss", 9, "target_gradient", 0, s.dx, func(m avocet.Matrix) error {
			return s.softmaxLoss(s.y, s.x, softmaxTerm, nil, &s.dy, &m)
		}},
		{"LogisticBatch", 1, "rows.x", 0, s.y, func(m avocet.Matrix) error {
			rows, out := s.denseRows()
			rows.Features = avocet.DenseFeatures(m)
			return s.logisticBatch(rows, &avocet.LogisticTargets{Labels: ones[:R]}, out, nil, s.workspace)
		}},
		{"LogisticBatch of 16 bits", 1, "rows.x", 0, s.y, func(m avocet.Matrix) error {
			narrow := avocet.MatrixOf[avocet.BF16]{Rows: m.Rows, Cols: m.Cols, Stride: m.Stride}
			if m.Data != nil {
				narrow.Data = make([]avocet.BF16, len(m.Data))
			}
			rows, out := s.denseRows()
			rows.Features = avocet.DenseFeatures(narrow)
			return s.logisticBatch(rows, &avocet.LogisticTargets{Labels: ones[:R]}, out, nil, s.workspace)
		}},
		{"LogisticFit", 1, "rows.x", 0, s.y, func(m avocet.Matrix) error {
			rows := avocet.LogisticRows{Features: avocet.DenseFeatures(m)}
			return s.fit(rows, avocet.LogisticTargets{Labels: ones[:R]}, avocet.LogisticFitOptions{}, s.out[:D], nil)
		}},
		{"LogisticMerge", 3, "vectors", 0, s.y, func(m avocet.Matrix) error {
			_, err := avocet.LogisticMerge([]int{1024, 1024, 5}, make([]avocet.LogisticSums, R), &m, s.out[:D])
			return err
		}},
		{"AdagradRows", 4, "gradient", 0, s.y, func(m avocet.Matrix) error {
			return avocet.AdagradRows(1, 1, three, m, s.dx, rowsOf(s.out[:C*D], C), nil)
		}},
		{"AdagradRows", 5, "table", 0, s.dx, func(m avocet.Matrix) error {
			return avocet.AdagradRows(1, 1, three, s.y, m, rowsOf(s.out[:C*D], C), nil)
		}},
		{"AdagradRows", 6, "squares", 0, s.dx, func(m avocet.Matrix) error {
			return avocet.AdagradRows(1, 1, three, s.y, rowsOf(s.out[:C*D], C), m, nil)
		}},
		{"DualForward", 2, "out.sources", 0, s.dy, func(m avocet.Matrix) error {
			a := s.arguments()
			a.rows.Sources = m
			return avocet.DualForward(a.layer, a.rows, nil, s.workspace)
		}},
		{"DualForward", 2, "out.targets", 0, s.dy, func(m avocet.Matrix) error {
			a := s.arguments()
			a.rows.Sources, a.rows.Targets = a.rows.Targets, m
			return avocet.DualForward(a.layer, a.rows, nil, s.workspace)
		}},
	}
	for name, field := range map[string]func(a *arguments) *avocet.Matrix{
		"layer.sources":          func(a *arguments) *avocet.Matrix { return &a.layer.Sources },
		"layer.targets":          func(a *arguments) *avocet.Matrix { return &a.layer.Targets },
		"layer.source_weights":   func(a *arguments) *avocet.Matrix { return &a.layer.SourceWeights },
		"layer.target_weights":   func(a *arguments) *avocet.Matrix { return &a.layer.TargetWeights },
		"layer.relations.across": func(a *arguments) *avocet.Matrix { return &a.layer.Relations[1].Across },
		"layer.relations.along": func(a *arguments) *avocet.Matrix {
			along := *a.layer.Relations[1].Along
			a.layer.Relations[1].Along = &along
			return &along
		},
		"result.sources":         func(a *arguments) *avocet.Matrix { return &a.result.Sources },
		"result.targets":         func(a *arguments) *avocet.Matrix { return &a.result.Targets },
		"result.source_gradient": func(a *arguments) *avocet.Matrix { return &a.result.SourceGradient },
		"result.target_gradient": func(a *arguments) *avocet.Matrix { return &a.result.TargetGradient },
		"gradients.weights":      func(a *arguments) *avocet.Matrix { return &a.gradients.Weights[1] },
		"gradients.sources": func(a *arguments) *avocet.Matrix {
			a.gradients.Sources = &a.dx
			return &a.dx
		},
		"gradients.targets": func(a *arguments) *avocet.Matrix {
			a.gradients.Targets = &a.dx
			return &a.dx
		},
	} {
		argument, position := map[byte]int{'l': 1, 'r': 2, 'g': 3}[name[0]], 0
		if name == "layer.relations.across" || name == "layer.relations.along" || name == "gradients.weights" {
			position = 1
		}
		a := s.arguments()
		good := *field(&a)
		call := func(m avocet.Matrix) error {
			a := s.arguments()
			*field(&a) = m
			return avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace)
		}
		sites = append(sites, struct {
			function string
			argument int
			name     string
			position int
			good     avocet.Matrix
			call     func(m avocet.Matrix) error
		}{"DualBackward", argument, name, position, good, call})
	}
	const huge = math.MaxInt/2 + 1
	for _, site := range sites {
		bad := func(change func(m *avocet.Matrix), wanted avocet.Error) {
			t.Helper()
			m := site.good
			change(&m)
			s.refuses(site.function+" "+wanted.Name, site.call(m), wanted)
		}
		name, at := site.name, site.position
		bad(func(m *avocet.Matrix) { m.Data = nil }, none(avocet.ErrNullPointer, site.argument, name+".data", at))
		short := len(site.good.Data) - 1
		bad(func(m *avocet.Matrix) { m.Data = m.Data[:short:short] },
			integer(avocet.ErrShapeMismatch, site.argument, name+".data", at, short))
		bad(func(m *avocet.Matrix) { m.Data = []float32{} },
			integer(avocet.ErrShapeMismatch, site.argument, name+".data", at, 0))
		bad(func(m *avocet.Matrix) { m.Stride = D + 1 },
			integer(avocet.ErrShapeMismatch, site.argument, name+".data", at, short+1))
		bad(func(m *avocet.Matrix) { m.Rows = -1 }, integer(avocet.ErrInvalidArgument, site.argument, name+".rows", at, -1))
		bad(func(m *avocet.Matrix) { m.Cols = -3 }, integer(avocet.ErrInvalidArgument, site.argument, name+".cols", at, -3))
		bad(func(m *avocet.Matrix) { m.Stride = math.MinInt },
			integer(avocet.ErrInvalidArgument, site.argument, name+".stride", at, math.MinInt))
		bad(func(m *avocet.Matrix) { m.Stride = D - 1 },
			integer(avocet.ErrShapeMismatch, site.argument, name+".stride", at, D-1))
		bad(func(m *avocet.Matrix) { m.Rows = huge },
			integer(avocet.ErrSizeOverflow, site.argument, name+".rows", at, huge))
		bad(func(m *avocet.Matrix) { m.Rows, m.Stride = 1<<40, 1<<40 },
			integer(avocet.ErrSizeOverflow, site.argument, name+".rows", at, 1<<40))
	}
}

// Every slice that must have the length of a shape. A length of -1 stands for nil.
func TestBadLengths(t *testing.T) {
	s := newScene(t)
	floats := func(from []float32, n int) []float32 {
		if n < 0 {
			return nil
		}
		return from[:n]
	}
	numbers := func(from []uint32, n int) []uint32 {
		if n < 0 {
			return nil
		}
		return from[:n]
	}
	moments := func(n int) []int64 {
		if n < 0 {
			return nil
		}
		return slices.Repeat([]int64{1}, n)
	}
	stream := newStream(t)
	logistic := func(targets avocet.LogisticTargets, out avocet.LogisticOutputs) error {
		return avocet.LogisticLoss(ones[:3], targets, out, nil, s.workspace)
	}
	coefficients := avocet.LogisticTargets{A: ones[:3], B: ones[:3]}
	dfm := avocet.FeedbackScheme{Method: avocet.FeedbackDFM}
	input := slices.Repeat([]float32{1}, 64)
	fanout := slices.Repeat([]uint32{1}, 64)
	aggregate := func(options avocet.AggregateOptions) error {
		return avocet.Aggregate(s.graph, s.x, options, s.dy, nil)
	}
	normalise := avocet.DenseOptions{Normalise: true}
	sites := []struct {
		function string
		argument int
		name     string
		position int
		good     int
		optional bool
		call     func(n int) error
	}{
		{"Map", 3, "out", 0, 5, false, func(n int) error { return avocet.Map(avocet.Exp, input[:5], floats(s.out, n), nil) }},
		{"Aggregate", 3, "options.edge_weights", 0, E, true, func(n int) error {
			return aggregate(avocet.AggregateOptions{EdgeWeights: floats(input, n)})
		}},
		{"Aggregate", 3, "options.source_scale", 0, C, true, func(n int) error {
			return aggregate(avocet.AggregateOptions{SourceScale: floats(input, n)})
		}},
		{"Aggregate", 3, "options.row_scale", 0, R, true, func(n int) error {
			return aggregate(avocet.AggregateOptions{RowScale: floats(input, n)})
		}},
		{"EdgeDots", 4, "out", 0, E, false, func(n int) error {
			return avocet.EdgeDots(s.graph, s.y, s.x, floats(s.out, n), nil)
		}},
		{"SampleNeighbours", 2, "fanout", 0, R, false, func(n int) error {
			_, err := avocet.SampleNeighbours(s.graph, numbers(fanout, n), avocet.SampleOptions{}, nil)
			return err
		}},
		{"SampleNeighbours", 3, "options.edge_weights", 0, E, false, func(n int) error {
			_, err := avocet.SampleNeighbours(s.graph, fanout[:R], avocet.SampleOptions{Draw: avocet.DrawWeighted,
				EdgeWeights: floats(input, n)}, nil)
			return err
		}},
		{"AdaptiveFanout", 5, "out", 0, R, false, func(n int) error {
			return avocet.AdaptiveFanout(s.graph, avocet.PowerLaw{Least: 1, Exponent: 2}, 1, 2, numbers(s.ids, n))
		}},
		{"WalkNeighbours", 3, "fanout", 0, R, false, func(n int) error {
			_, err := avocet.WalkNeighbours(s.graph, s.back, numbers(fanout, n), avocet.WalkOptions{Walks: 1, Length: 1}, nil)
			return err
		}},
		{"Product", 5, "norms", 0, R, false, func(n int) error {
			return avocet.Product(s.arguments().addends, normalise, s.dy, floats(s.out, n), nil, s.workspace)
		}},
		{"Activate", 3, "norms", 0, R, false, func(n int) error {
			return avocet.Activate(normalise, s.dy, floats(s.out, n), nil)
		}},
		{"ActivateBackward", 3, "norms", 0, R, false, func(n int) error {
			return avocet.ActivateBackward(normalise, s.y, floats(input, n), s.y, s.dy, nil)
		}},
		{"ScorePairs", 5, "out", 0, 3, false, func(n int) error {
			return avocet.ScorePairs(s.y, s.x, three, three, floats(s.out, n), nil)
		}},
		{"TopK", 5, "ids", 0, 2 * R, false, func(n int) error {
			lists := s.lists()
			lists.IDs = numbers(s.ids, n)
			return s.topK(s.y, s.x, nil, 2, lists, nil, s.workspace)
		}},
		{"TopK", 6, "scores", 0, 2 * R, false, func(n int) error {
			lists := s.lists()
			lists.Scores = floats(s.out, n)
			return s.topK(s.y, s.x, nil, 2, lists, nil, s.workspace)
		}},
		{"TopK", 7, "counts", 0, R, false, func(n int) error {
			lists := s.lists()
			lists.Counts = numbers(s.counts, n)
			return s.topK(s.y, s.x, nil, 2, lists, nil, s.workspace)
		}},
		{"TopK", 8, "nan_counts", 0, R, true, func(n int) error {
			lists := s.lists()
			lists.NaNCounts = numbers(s.nan, n)
			return s.topK(s.y, s.x, nil, 2, lists, nil, s.workspace)
		}},
		{"RankCounts", 5, "better", 0, E, false, func(n int) error {
			return avocet.RankCounts(s.y, s.x, s.graph, nil, numbers(s.ids, n), s.counts[:E], nil, s.workspace)
		}},
		{"RankCounts", 6, "equal", 0, E, false, func(n int) error {
			return avocet.RankCounts(s.y, s.x, s.graph, nil, s.ids[:E], numbers(s.counts, n), nil, s.workspace)
		}},
		{"EdgeLoss", 6, "edge_weights", 0, E, true, func(n int) error {
			return s.edgeLoss(s.y, s.x, edgeTerm, floats(input, n), &s.dy, &s.dx)
		}},
		{"SoftmaxLoss", 7, "edge_weights", 0, E, true, func(n int) error {
			return s.softmaxLoss(s.y, s.x, softmaxTerm, floats(input, n), &s.dy, &s.dx)
		}},
		{"Adam", 5, "gradient", 0, 4, false, func(n int) error {
			return avocet.Adam(1, 1, avocet.AdamOptions{}, s.out[:4], floats(input, n), s.more[:4], s.dx.Data[:4], nil)
		}},
		{"Adam", 6, "first_moment", 0, 4, false, func(n int) error {
			return avocet.Adam(1, 1, avocet.AdamOptions{}, s.out[:4], input[:4], floats(s.more, n), s.dx.Data[:4], nil)
		}},
		{"Adam", 7, "second_moment", 0, 4, false, func(n int) error {
			return avocet.Adam(1, 1, avocet.AdamOptions{}, s.out[:4], input[:4], s.dx.Data[:4], floats(s.more, n), nil)
		}},
		{"DualForward", 1, "layer.relations.out_scale", 1, R, true, func(n int) error {
			a := s.arguments()
			a.layer.Relations[1].OutScale = floats(input, n)
			return avocet.DualForward(a.layer, a.rows, nil, s.workspace)
		}},
		{"DualForward", 1, "layer.relations.into_scale", 1, R, true, func(n int) error {
			a := s.arguments()
			a.layer.Relations[1].IntoScale = floats(input, n)
			return avocet.DualForward(a.layer, a.rows, nil, s.workspace)
		}},
		{"DualForward", 2, "out.source_norms", 0, R, false, func(n int) error {
			a := s.arguments()
			a.layer.Normalise = true
			a.rows.SourceNorms, a.rows.TargetNorms = floats(s.more, n), s.more[10:10+R]
			return avocet.DualForward(a.layer, a.rows, nil, s.workspace)
		}},
		{"DualForward", 2, "out.target_norms", 0, R, false, func(n int) error {
			a := s.arguments()
			a.layer.Normalise = true
			a.rows.SourceNorms, a.rows.TargetNorms = s.more[10:10+R], floats(s.more, n)
			return avocet.DualForward(a.layer, a.rows, nil, s.workspace)
		}},
		{"DualBackward", 2, "result.source_norms", 0, R, false, func(n int) error {
			a := s.arguments()
			a.layer.Normalise = true
			a.result.SourceNorms, a.result.TargetNorms = floats(input, n), input[:R]
			return avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace)
		}},
		{"DualBackward", 2, "result.target_norms", 0, R, false, func(n int) error {
			a := s.arguments()
			a.layer.Normalise = true
			a.result.SourceNorms, a.result.TargetNorms = input[:R], floats(input, n)
			return avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace)
		}},
		{"DualBackward", 2, "result.back", 0, 2, false, func(n int) error {
			a := s.arguments()
			if n < 0 {
				a.result.Back = nil
			} else {
				a.result.Back = slices.Repeat(a.result.Back, 2)[:n]
			}
			return avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace)
		}},
		{"LogisticLoss", 2, "targets.labels", 0, 3, false, func(n int) error {
			return logistic(avocet.LogisticTargets{Labels: floats(input, n)}, s.outputs())
		}},
		{"LogisticLoss", 2, "targets.weights", 0, 3, true, func(n int) error {
			return logistic(avocet.LogisticTargets{Labels: ones[:3], Weights: floats(input, n)}, s.outputs())
		}},
		{"LogisticLoss", 2, "targets.a", 0, 3, false, func(n int) error {
			return logistic(avocet.LogisticTargets{A: floats(input, n), B: ones[:3]}, s.outputs())
		}},
		{"LogisticLoss", 2, "targets.b", 0, 3, false, func(n int) error {
			return logistic(avocet.LogisticTargets{A: ones[:3], B: floats(input, n)}, s.outputs())
		}},
		{"LogisticLoss", 3, "losses", 0, 3, true, func(n int) error {
			out := s.outputs()
			out.Losses = floats(s.out, n)
			return logistic(coefficients, out)
		}},
		{"LogisticLoss", 4, "gradient", 0, 3, true, func(n int) error {
			out := s.outputs()
			out.Gradient = floats(s.dx.Data, n)
			return logistic(coefficients, out)
		}},
		{"LogisticLoss", 5, "curvature", 0, 3, true, func(n int) error {
			out := s.outputs()
			out.Curvature = floats(s.dx.Data, n)
			return logistic(coefficients, out)
		}},
		{"LogisticBatch", 1, "rows.offsets", 0, R, true, func(n int) error {
			rows, out := s.denseRows()
			rows.Offsets = floats(input, n)
			return s.logisticBatch(rows, &coefficients, out, nil, s.workspace)
		}},
		{"LogisticBatch", 1, "rows.weights", 0, D, false, func(n int) error {
			rows, out := s.denseRows()
			rows.Weights = floats(input, n)
			return s.logisticBatch(rows, &coefficients, out, nil, s.workspace)
		}},
		{"LogisticBatch", 2, "targets.labels", 0, R, false, func(n int) error {
			rows, out := s.denseRows()
			return s.logisticBatch(rows, &avocet.LogisticTargets{Labels: floats(input, n)}, out, nil, s.workspace)
		}},
		{"LogisticBatch", 2, "targets.weights", 0, R, true, func(n int) error {
			rows, out := s.denseRows()
			return s.logisticBatch(rows, &avocet.LogisticTargets{Labels: ones[:R], Weights: floats(input, n)}, out, nil, s.workspace)
		}},
		{"LogisticBatch", 2, "targets.a", 0, R, false, func(n int) error {
			rows, out := s.denseRows()
			return s.logisticBatch(rows, &avocet.LogisticTargets{A: floats(input, n), B: ones[:R]}, out, nil, s.workspace)
		}},
		{"LogisticBatch", 2, "targets.b", 0, R, false, func(n int) error {
			rows, out := s.denseRows()
			return s.logisticBatch(rows, &avocet.LogisticTargets{A: ones[:R], B: floats(input, n)}, out, nil, s.workspace)
		}},
		{"LogisticBatch", 3, "out.margins", 0, R, true, func(n int) error {
			rows, out := s.denseRows()
			out.Margins = floats(s.dx.Data, n)
			return s.logisticBatch(rows, &coefficients, out, nil, s.workspace)
		}},
		{"LogisticBatch", 3, "out.gradient", 0, D, true, func(n int) error {
			rows, out := s.denseRows()
			out.Gradient = floats(s.dx.Data, n)
			return s.logisticBatch(rows, &coefficients, out, nil, s.workspace)
		}},
		{"LogisticBatch", 3, "out.curvature", 0, D, true, func(n int) error {
			rows, out := s.denseRows()
			out.Curvature = floats(s.dx.Data, n)
			return s.logisticBatch(rows, &coefficients, out, nil, s.workspace)
		}},
		{"LogisticBatch", 3, "out.product", 0, D, true, func(n int) error {
			rows, out := s.denseRows()
			out.Product = floats(s.dx.Data, n)
			return s.logisticBatch(rows, &coefficients, out, nil, s.workspace)
		}},
		{"LogisticBatch", 3, "out.along", 0, D, false, func(n int) error {
			rows, out := s.denseRows()
			out.Along = floats(input, n)
			return s.logisticBatch(rows, &coefficients, out, nil, s.workspace)
		}},
		{"FeedbackWeights", 3, "logits", 0, 3, false, func(n int) error {
			rows := s.feedback()
			rows.Logits = floats(input, n)
			return avocet.FeedbackWeights(dfm, rows, s.out[:3], s.more[:3], nil)
		}},
		{"FeedbackWeights", 4, "first", 0, 3, false, func(n int) error {
			rows := s.feedback()
			rows.First = floats(input, n)
			return avocet.FeedbackWeights(dfm, rows, s.out[:3], s.more[:3], nil)
		}},
		{"FeedbackWeights", 5, "second", 0, 3, false, func(n int) error {
			rows := s.feedback()
			rows.Second = floats(input, n)
			return avocet.FeedbackWeights(dfm, rows, s.out[:3], s.more[:3], nil)
		}},
		{"FeedbackWeights of Vanilla", 3, "logits", 0, 3, true, func(n int) error {
			rows := avocet.FeedbackRows{Kinds: s.feedback().Kinds, Logits: floats(input, n)}
			return avocet.FeedbackWeights(avocet.FeedbackScheme{}, rows, s.out[:3], s.more[:3], nil)
		}},
		{"FeedbackWeights", 6, "a", 0, 3, false, func(n int) error {
			return avocet.FeedbackWeights(dfm, s.feedback(), floats(s.out, n), s.more[:3], nil)
		}},
		{"FeedbackWeights", 7, "b", 0, 3, false, func(n int) error {
			return avocet.FeedbackWeights(dfm, s.feedback(), s.more[:3], floats(s.out, n), nil)
		}},
		{"FeedbackServed", 2, "out", 0, 3, false, func(n int) error {
			return avocet.FeedbackServed(ones[:3], floats(s.out, n), nil)
		}},
		{"NewStream", 3, "conversions", 0, 3, false, func(n int) error {
			return opened(avocet.NewStream(avocet.ProtocolWindow, avocet.Clicks{Times: moments(3), Conversions: moments(n)}, 0, 0))
		}},
		{"NewStream", 4, "signals", 0, 3, true, func(n int) error {
			return opened(avocet.NewStream(avocet.ProtocolWindow, avocet.Clicks{Times: moments(3), Conversions: moments(3),
				Signals: moments(n)}, 0, 0))
		}},
		{"Copy", 2, "times", 0, 5, true, func(n int) error {
			if n < 0 {
				return stream.Copy(avocet.StreamRows{})
			}
			return stream.Copy(avocet.StreamRows{Times: s.offsets[:n], Clicks: s.ids[:5]})
		}},
		{"Copy", 3, "clicks", 0, 5, true, func(n int) error {
			return stream.Copy(avocet.StreamRows{Times: s.offsets[:5], Clicks: numbers(s.ids, n)})
		}},
		{"Copy", 4, "kinds", 0, 5, true, func(n int) error {
			if n < 0 {
				return stream.Copy(avocet.StreamRows{Signals: s.flags[:5]})
			}
			return stream.Copy(avocet.StreamRows{Kinds: s.kinds[:n], Signals: s.flags[:5]})
		}},
		{"Copy", 5, "signals", 0, 5, true, func(n int) error {
			if n < 0 {
				return stream.Copy(avocet.StreamRows{Kinds: s.kinds[:5]})
			}
			return stream.Copy(avocet.StreamRows{Kinds: s.kinds[:5], Signals: s.flags[:n]})
		}},
		{"Ranking", 2, "labels", 0, 3, false, func(n int) error { return s.ranking(ones[:3], floats(input, n), nil) }},
		{"Ranking", 3, "weights", 0, 3, true, func(n int) error { return s.ranking(ones[:3], ones[:3], floats(input, n)) }},
		{"Calibration", 2, "labels", 0, 3, false, func(n int) error { return s.calibration(ones[:3], floats(input, n), nil) }},
		{"Calibration", 3, "weights", 0, 3, true, func(n int) error {
			return s.calibration(ones[:3], ones[:3], floats(input, n))
		}},
	}
	for _, site := range sites {
		for _, n := range []int{0, site.good - 1, site.good + 1} {
			s.refuses(fmt.Sprint(site.function, " ", site.name, " of ", n), site.call(n),
				integer(avocet.ErrShapeMismatch, site.argument, site.name, site.position, n))
		}
		if !site.optional {
			s.refuses(site.function+" "+site.name+" nil", site.call(-1),
				none(avocet.ErrNullPointer, site.argument, site.name, site.position))
		}
	}
	// The good lengths are good.
	for _, site := range sites {
		if err := site.call(site.good); err != nil {
			t.Errorf("%s %s of %d: %v", site.function, site.name, site.good, err)
		}
		if site.optional {
			if err := site.call(-1); err != nil {
				t.Errorf("%s %s nil: %v", site.function, site.name, err)
			}
		}
	}
}

func TestBadCopies(t *testing.T) {
	s := newScene(t)
	walked := graph(t)(avocet.WalkNeighbours(s.graph, s.back, []uint32{1, 1, 1}, avocet.WalkOptions{Walks: 1, Length: 1}, nil))
	for _, site := range []struct {
		good int
		call func(g *avocet.Graph, n int) error
	}{
		{R + 1, func(g *avocet.Graph, n int) error { return g.Offsets(s.offsets[:n]) }},
		{E, func(g *avocet.Graph, n int) error { return g.Indices(s.ids[:n]) }},
		{E, func(g *avocet.Graph, n int) error { return g.EdgeIDs(s.ids[:n]) }},
		{E, func(g *avocet.Graph, n int) error { return g.WalkWeights(s.out[:n]) }},
	} {
		for _, n := range []int{0, site.good - 1, site.good + 1} {
			s.refuses("copy", site.call(walked, n), integer(avocet.ErrShapeMismatch, 3, "len", 0, n))
		}
		s.refuses("copy of nil", site.call(nil, site.good), none(avocet.ErrNullPointer, 1, "graph", 0))
	}
	s.refuses("offsets", s.graph.Offsets(nil), none(avocet.ErrNullPointer, 2, "out", 0))
	s.refuses("indices", s.graph.Indices(nil), none(avocet.ErrNullPointer, 2, "out", 0))
	s.refuses("ids", s.graph.EdgeIDs(nil), none(avocet.ErrNullPointer, 2, "out", 0))
	s.refuses("walk weights", walked.WalkWeights(nil), none(avocet.ErrNullPointer, 2, "out", 0))
	s.refuses("no walk weights", s.graph.WalkWeights(s.out[:E]), none(avocet.ErrInvalidArgument, 1, "graph", 0))
}

// What the library itself finds, seen through this package.
func TestBadValues(t *testing.T) {
	s := newScene(t)
	nan := float32(math.NaN())
	narrow := rowsOf(s.out[:C], C)
	made := func(g *avocet.Graph, err error) error {
		if g != nil {
			t.Error("a refused call made a graph")
		}
		return err
	}
	for _, x := range []struct {
		what   string
		err    error
		wanted avocet.Error
	}{
		{"offsets", made(avocet.NewGraph([]int64{1, 2}, three[:2], C)), integer(avocet.ErrInvalidOffsets, 1, "csr.offsets", 0, 1)},
		{"offsets", made(avocet.NewGraph([]uint32{0, 2, 1, 3}, three, C)), integer(avocet.ErrInvalidOffsets, 1, "csr.offsets", 2, 1)},
		{"offsets", made(avocet.NewGraph([]int32{0, -1, 3}, three, C)), integer(avocet.ErrInvalidOffsets, 1, "csr.offsets", 1, -1)},
		{"offsets", made(avocet.NewGraph([]int{0, 2}, three, C)), integer(avocet.ErrInvalidOffsets, 1, "csr.offsets", 1, 2)},
		{"indices", made(avocet.NewGraph([]int{0, 3}, []int{0, 1, 4}, C)), integer(avocet.ErrIndexOutOfRange, 1, "csr.indices", 2, 4)},
		{"indices", made(avocet.NewGraph([]int{0, 3}, []int32{0, -5, 4}, C)), integer(avocet.ErrIndexOutOfRange, 1, "csr.indices", 1, -5)},
		{"indices", made(avocet.NewGraph([]int{0, 1}, []uint32{math.MaxUint32}, C)), integer(avocet.ErrIndexOutOfRange, 1, "csr.indices", 0, math.MaxUint32)},
		{"cols", made(avocet.NewGraph([]int{0, 1}, []uint32{0}, -1)), integer(avocet.ErrInvalidArgument, 1, "csr.cols", 0, -1)},
		{"cols", made(avocet.NewGraph([]int{0, 1}, []uint32{0}, 1<<32)), integer(avocet.ErrSizeOverflow, 1, "csr.cols", 0, 1<<32)},
		{"no offsets", made(avocet.NewGraph([]int(nil), three, C)), none(avocet.ErrNullPointer, 1, "csr.offsets", 0)},
		{"select", made(avocet.SelectRows(s.graph, []int64{0, 3})), integer(avocet.ErrIndexOutOfRange, 2, "rows", 1, 3)},
		{"back", made(avocet.WalkNeighbours(s.graph, s.graph, []uint32{1, 1, 1}, avocet.WalkOptions{Walks: 1, Length: 1}, nil)), integer(avocet.ErrShapeMismatch, 2, "back.rows", 0, R)},
		{"walks", made(avocet.WalkNeighbours(s.graph, s.back, []uint32{1, 1, 1}, avocet.WalkOptions{Length: 1}, nil)), integer(avocet.ErrInvalidArgument, 4, "options.walks", 0, 0)},
		{"draw", made(avocet.SampleNeighbours(s.graph, []uint32{1, 1, 1}, avocet.SampleOptions{Draw: 9}, nil)), integer(avocet.ErrInvalidArgument, 3, "options.draw", 0, 9)},
		{"weight", made(avocet.SampleNeighbours(s.graph, []uint32{1, 1, 1}, avocet.SampleOptions{Draw: avocet.DrawWeighted, EdgeWeights: []float32{1, 1, 1, -2, 1}}, nil)), number(avocet.ErrInvalidArgument, 3, "options.edge_weights", 3, -2)},
		{"weight", made(avocet.SampleNeighbours(s.graph, []uint32{1, 1, 1}, avocet.SampleOptions{Draw: avocet.DrawWeighted, EdgeWeights: []float32{1, nan, 1, 1, 1}}, nil)), number(avocet.ErrNotFinite, 3, "options.edge_weights", 1, math.NaN())},
		{"law", avocet.AdaptiveFanout(s.graph, avocet.PowerLaw{Least: -1, Exponent: 2}, 1, 2, s.ids[:R]), integer(avocet.ErrInvalidArgument, 2, "law.least", 0, -1)},
		{"law", avocet.AdaptiveFanout(s.graph, avocet.PowerLaw{Least: 1, Exponent: 1}, 1, 2, s.ids[:R]), number(avocet.ErrInvalidArgument, 2, "law.exponent", 0, 1)},
		{"law", avocet.AdaptiveFanout(s.graph, avocet.PowerLaw{Least: 1, Exponent: 2}, 3, 2, s.ids[:R]), integer(avocet.ErrInvalidArgument, 3, "min", 0, 3)},
		{"function", avocet.Map(-1, s.x.Data, s.out[:C*D], nil), integer(avocet.ErrInvalidArgument, 1, "function", 0, -1)},
		{"overlap", avocet.Map(avocet.Exp, s.out[:3], s.out[2:5], nil), none(avocet.ErrOverlap, 3, "out", 0)},
		{"reduce", avocet.Aggregate(s.graph, s.x, avocet.AggregateOptions{Reduce: 2}, s.dy, nil), integer(avocet.ErrInvalidArgument, 3, "options.reduce", 0, 2)},
		{"stride of one row", avocet.Activate(avocet.DenseOptions{}, avocet.Matrix{Data: s.out[:2], Rows: 1, Cols: 2, Stride: -1}, nil, nil), integer(avocet.ErrInvalidArgument, 2, "rows.stride", 0, -1)},
		{"stride of no rows", avocet.Activate(avocet.DenseOptions{}, avocet.Matrix{Stride: -1}, nil, nil), integer(avocet.ErrInvalidArgument, 2, "rows.stride", 0, -1)},
		{"x", avocet.Aggregate(s.graph, s.y, avocet.AggregateOptions{}, s.dy, nil), integer(avocet.ErrShapeMismatch, 2, "x.rows", 0, R)},
		{"out", avocet.Aggregate(s.graph, s.x, avocet.AggregateOptions{}, s.dx, nil), integer(avocet.ErrShapeMismatch, 4, "out.rows", 0, C)},
		{"addends", avocet.Product(make([]avocet.Addend, 17), avocet.DenseOptions{}, s.dy, nil, nil, s.workspace), integer(avocet.ErrInvalidArgument, 2, "addend_count", 0, 17)},
		{"addend", avocet.Product([]avocet.Addend{{X: s.y, W: s.w}, {X: s.x, W: s.w}}, avocet.DenseOptions{}, s.dy, nil, nil, s.workspace), integer(avocet.ErrShapeMismatch, 1, "addends.x.rows", 1, C)},
		{"activation", avocet.Activate(avocet.DenseOptions{Activation: 3}, s.dy, nil, nil), integer(avocet.ErrInvalidArgument, 1, "options.activation", 0, 3)},
		{"dz", avocet.WeightGradient(s.y, s.x, false, s.dw, nil, s.workspace), integer(avocet.ErrShapeMismatch, 2, "dz.rows", 0, C)},
		{"u", avocet.ScorePairs(s.y, s.x, []int64{0, 1, R}, three, s.out[:3], nil), integer(avocet.ErrIndexOutOfRange, 3, "u", 2, R)},
		{"u", avocet.ScorePairs(s.y, s.x, []int64{0, math.MinInt64, R}, three, s.out[:3], nil), integer(avocet.ErrIndexOutOfRange, 3, "u", 1, math.MinInt64)},
		{"v", avocet.ScorePairs(s.y, s.x, three, []uint32{0, 1, C}, s.out[:3], nil), integer(avocet.ErrIndexOutOfRange, 4, "v", 2, C)},
		{"v", avocet.ScorePairs(s.y, s.x, three, three[:2], s.out[:3], nil), integer(avocet.ErrShapeMismatch, 4, "v", 0, 2)},
		{"k", s.topK(s.y, s.x, nil, -1, s.lists(), nil, s.workspace), integer(avocet.ErrInvalidArgument, 4, "k", 0, -1)},
		{"k", s.topK(s.y, s.x, nil, math.MaxInt, s.lists(), nil, s.workspace), integer(avocet.ErrSizeOverflow, 4, "k", 0, math.MaxInt)},
		{"exclude", s.topK(s.y, s.x, s.back, 2, s.lists(), nil, s.workspace), integer(avocet.ErrShapeMismatch, 3, "exclude.rows", 0, C)},
		{"unsorted", s.topK(s.y, s.x, graphOf(t, [][]uint32{{0}, {}, {3, 1}}, C), 2, s.lists(), nil, s.workspace), integer(avocet.ErrNotSorted, 3, "exclude.indices", 2, 1)},
		{"temperature", s.edgeLoss(s.y, s.x, avocet.EdgeTerm{Weight: 1}, nil, &s.dy, &s.dx), number(avocet.ErrInvalidArgument, 5, "term.temperature", 0, 0)},
		{"offset", s.edgeLoss(s.y, s.x, avocet.EdgeTerm{Temperature: 1, Offset: nan}, nil, &s.dy, &s.dx), number(avocet.ErrNotFinite, 5, "term.offset", 0, math.NaN())},
		{"kind", s.edgeLoss(s.y, s.x, avocet.EdgeTerm{Kind: 3, Temperature: 1}, nil, &s.dy, &s.dx), integer(avocet.ErrInvalidArgument, 5, "term.kind", 0, 3)},
		{"gradient", s.edgeLoss(s.y, s.x, edgeTerm, nil, &s.dx, nil), integer(avocet.ErrShapeMismatch, 7, "source_gradient.rows", 0, C)},
		{"gradient", s.edgeLoss(s.y, s.x, edgeTerm, nil, nil, &narrow), integer(avocet.ErrShapeMismatch, 8, "target_gradient.cols", 0, 1)},
		{"gradient", s.softmaxLoss(s.y, s.x, softmaxTerm, nil, &narrow, &s.dx), integer(avocet.ErrShapeMismatch, 8, "source_gradient.rows", 0, C)},
		{"gradient", s.softmaxLoss(s.y, s.x, softmaxTerm, nil, &s.dy, &narrow), integer(avocet.ErrShapeMismatch, 9, "target_gradient.cols", 0, 1)},
		{"one gradient", s.softmaxLoss(s.y, s.x, softmaxTerm, nil, &s.dy, nil), none(avocet.ErrNullPointer, 9, "target_gradient", 0)},
		{"term", s.softmaxLoss(s.y, s.x, avocet.SoftmaxTerm{}, nil, &s.dy, &s.dx), number(avocet.ErrInvalidArgument, 6, "term.temperature", 0, 0)},
		{"rate", avocet.Adam(nan, 1, avocet.AdamOptions{}, s.out[:1], s.x.Data[:1], s.more[:1], s.dx.Data[:1], nil), number(avocet.ErrNotFinite, 1, "rate", 0, math.NaN())},
		{"step", avocet.Adam(1, 0, avocet.AdamOptions{}, s.out[:1], s.x.Data[:1], s.more[:1], s.dx.Data[:1], nil), integer(avocet.ErrInvalidArgument, 2, "step", 0, 0)},
		{"beta", avocet.Adam(1, 1, avocet.AdamOptions{Beta1: 1}, s.out[:1], s.x.Data[:1], s.more[:1], s.dx.Data[:1], nil), number(avocet.ErrInvalidArgument, 3, "options.beta1", 0, 1)},
		{"unsorted", avocet.AdagradRows(1, 1, []int{0, 2, 1}, s.y, s.dx, rowsOf(s.out[:C*D], C), nil), integer(avocet.ErrNotSorted, 3, "rows", 2, 1)},
		{"row", avocet.AdagradRows(1, 1, []int{0, 2, C}, s.y, s.dx, rowsOf(s.out[:C*D], C), nil), integer(avocet.ErrIndexOutOfRange, 3, "rows", 2, C)},
	} {
		s.refuses(x.what, x.err, x.wanted)
	}
	_, err := avocet.SoftmaxLoss(s.graph, s.back, s.y, s.x, []int32{0, -3}, softmaxTerm, nil, nil, nil, nil, s.workspace)
	s.refuses("negatives", err, integer(avocet.ErrIndexOutOfRange, 5, "negatives", 1, -3))
	_, err = avocet.FitPowerLaw(graphOf(t, nil, C))
	s.refuses("no rows", err, none(avocet.ErrInvalidArgument, 1, "graph", 0))
	_, err = avocet.EdgeLoss(s.back, s.graph, s.x, s.y, edgeTerm, nil, nil, nil, nil, s.workspace)
	s.refuses("derived", err, none(avocet.ErrInvalidArgument, 1, "graph", 0))
	for _, threads := range []int{-1, 0, 1025, math.MaxInt} {
		_, err = avocet.NewPool(threads)
		s.refuses("threads", err, integer(avocet.ErrInvalidArgument, 1, "threads", 0, threads))
	}
	_, err = avocet.NewWorkspace(-1)
	s.refuses("bytes", err, integer(avocet.ErrInvalidArgument, 1, "bytes", 0, -1))
	_, err = avocet.NewWorkspace(math.MaxInt)
	s.refuses("bytes", err, integer(avocet.ErrOutOfMemory, 1, "bytes", 0, math.MaxInt))
	before := s.workspace.Bytes()
	s.refuses("reserve", s.workspace.Reserve(math.MaxInt), integer(avocet.ErrOutOfMemory, 2, "bytes", 0, math.MaxInt))
	s.refuses("reserve", s.workspace.Reserve(-1), integer(avocet.ErrInvalidArgument, 2, "bytes", 0, -1))
	if s.workspace.Bytes() != before {
		t.Error("a refused reserve changed the size")
	}

	// A workspace that no machine has.
	wide := avocet.Matrix{Cols: 1 << 50}
	err = s.topK(wide, wide, nil, 1, avocet.TopKLists{}, nil, s.workspace)
	var e *avocet.Error
	if !errors.As(err, &e) || e.Integer < 1<<50 {
		t.Fatal(err)
	}
	s.refuses("workspace", err, integer(avocet.ErrOutOfMemory, 10, "workspace", 0, int(e.Integer)))

	a := s.arguments()
	a.layer.Relations = slices.Repeat(a.layer.Relations, 4)
	s.refuses("relations", avocet.DualForward(a.layer, a.rows, nil, s.workspace),
		integer(avocet.ErrInvalidArgument, 1, "layer.relation_count", 0, 8))
	s.refuses("relations", avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace),
		integer(avocet.ErrInvalidArgument, 1, "layer.relation_count", 0, 8))
	a = s.arguments()
	a.layer.Own = s.graph
	s.refuses("own", avocet.DualForward(a.layer, a.rows, nil, s.workspace),
		integer(avocet.ErrInvalidArgument, 1, "layer.own", 0, 2))
	a = s.arguments()
	a.layer.Relations[1].Into = nil
	s.refuses("into", avocet.DualForward(a.layer, a.rows, nil, s.workspace),
		none(avocet.ErrNullPointer, 1, "layer.relations.into", 1))
	a = s.arguments()
	a.result.Back[1].Out = nil
	s.refuses("back", avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace),
		none(avocet.ErrNullPointer, 2, "result.back.out", 1))
	a = s.arguments()
	a.result.Own = nil
	s.refuses("own", avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace),
		none(avocet.ErrNullPointer, 2, "result.own", 0))
	for _, n := range []int{0, 4, 6, 40} {
		a = s.arguments()
		a.gradients.Weights = slices.Repeat(a.gradients.Weights, 8)[:n]
		s.refuses("weights", avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace),
			integer(avocet.ErrShapeMismatch, 3, "gradients.weight_count", 0, n))
	}
	a = s.arguments()
	a.gradients.Weights = nil
	s.refuses("weights", avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace),
		none(avocet.ErrNullPointer, 3, "gradients.weights", 0))
}

// opened closes a stream that is not wanted and gives its error.
func opened(s *avocet.Stream, err error) error {
	if (s != nil) != (err == nil) {
		return errors.New("a stream and an error, or neither")
	}
	return errors.Join(err, s.Close())
}

func (s *scene) ranking(scores, labels, weights []float32) error {
	found, err := avocet.Ranking(scores, labels, weights)
	if err != nil && found != (avocet.RankingResult{}) {
		s.t.Error("a refused ranking has a result")
	}
	return err
}

func (s *scene) calibration(probabilities, labels, weights []float32) error {
	found, err := avocet.Calibration(probabilities, labels, weights)
	if err != nil && found != (avocet.CalibrationResult{}) {
		s.t.Error("a refused calibration has a result")
	}
	return err
}

// What the library finds in the logistic family and the metrics.
func TestBadFeedback(t *testing.T) {
	s := newScene(t)
	nan, infinite := float32(math.NaN()), float32(math.Inf(1))
	logistic := func(targets avocet.LogisticTargets, out avocet.LogisticOutputs) error {
		return avocet.LogisticLoss(ones[:3], targets, out, nil, s.workspace)
	}
	sum := avocet.LogisticOutputs{Sum: &s.sum}
	coefficients := avocet.LogisticTargets{A: ones[:3], B: ones[:3]}
	beside := func(argument int, name string, targets avocet.LogisticTargets) {
		t.Helper()
		s.refuses("labels beside coefficients", logistic(targets, s.outputs()), none(avocet.ErrInvalidArgument, argument, name, 0))
	}
	beside(2, "targets.labels", avocet.LogisticTargets{Labels: ones[:3], A: ones[:3], B: ones[:3]})
	beside(2, "targets.labels", avocet.LogisticTargets{Labels: ones[:3], B: ones[:3]})
	beside(2, "targets.weights", avocet.LogisticTargets{Weights: ones[:3], A: ones[:3], B: ones[:3]})
	for _, value := range []float32{-1, nan, infinite} {
		bad := []float32{1, 1, value}
		status := avocet.ErrInvalidArgument
		if value != -1 {
			status = avocet.ErrNotFinite
		}
		of := status // Of a label: there infinity is a number out of range.
		if value == infinite {
			of = avocet.ErrInvalidArgument
		}
		for _, x := range []struct {
			name    string
			status  avocet.Status
			targets avocet.LogisticTargets
		}{
			{"targets.labels", of, avocet.LogisticTargets{Labels: bad}},
			{"targets.labels", of, avocet.LogisticTargets{Labels: bad, Signed: true}},
			{"targets.weights", status, avocet.LogisticTargets{Labels: ones[:3], Weights: bad}},
			{"targets.a", status, avocet.LogisticTargets{A: bad, B: ones[:3]}},
			{"targets.b", status, avocet.LogisticTargets{A: ones[:3], B: bad}},
		} {
			s.refuses("a target", logistic(x.targets, sum), number(x.status, 2, x.name, 2, float64(value)))
			if value != -1 && x.targets.Labels == nil {
				x.targets.Signed = true
				s.refuses("a signed target", logistic(x.targets, sum), number(x.status, 2, x.name, 2, float64(value)))
			}
		}
	}
	// The first bad row of several, in a later leaf, with every pool.
	many := slices.Repeat([]float32{1}, 200_000)
	many[70_000], many[150_000] = -3, nan
	for _, pool := range []*avocet.Pool{nil, newPool(t, 2)} {
		err := avocet.LogisticLoss(many, avocet.LogisticTargets{A: many, B: many}, sum, pool, s.workspace)
		s.refuses("the first bad row", err, number(avocet.ErrInvalidArgument, 2, "targets.a", 70_000, -3))
	}
	overlaps := func(err error, argument int, name string) {
		t.Helper()
		s.refuses("overlap", err, none(avocet.ErrOverlap, argument, name, 0))
	}
	overlaps(avocet.LogisticLoss(s.out[:3], coefficients, avocet.LogisticOutputs{Losses: s.out[2:5]}, nil, s.workspace), 3, "losses")
	overlaps(logistic(coefficients, avocet.LogisticOutputs{Losses: s.out[:3], Gradient: s.out[2:5]}), 4, "gradient")
	overlaps(logistic(coefficients, avocet.LogisticOutputs{Losses: s.out[:3], Curvature: s.out[2:5]}), 5, "curvature")

	weights := func(scheme avocet.FeedbackScheme, rows avocet.FeedbackRows) error {
		return avocet.FeedbackWeights(scheme, rows, s.out[:3], s.more[:3], nil)
	}
	scheme := func(wanted avocet.Error, scheme avocet.FeedbackScheme) {
		t.Helper()
		s.refuses("scheme", weights(scheme, s.feedback()), wanted)
	}
	defer_ := avocet.FeedbackDEFER
	scheme(integer(avocet.ErrInvalidArgument, 1, "scheme.method", 0, 13), avocet.FeedbackScheme{Method: 13})
	scheme(integer(avocet.ErrInvalidArgument, 1, "scheme.method", 0, -1), avocet.FeedbackScheme{Method: -1})
	scheme(number(avocet.ErrInvalidArgument, 1, "scheme.clip_low", 0, -1), avocet.FeedbackScheme{Method: defer_, ClipLow: -1})
	scheme(number(avocet.ErrInvalidArgument, 1, "scheme.clip_low", 0, math.NaN()), avocet.FeedbackScheme{Method: defer_, ClipLow: nan})
	scheme(number(avocet.ErrInvalidArgument, 1, "scheme.clip_high", 0, math.NaN()), avocet.FeedbackScheme{Method: defer_, ClipHigh: nan})
	scheme(number(avocet.ErrInvalidArgument, 1, "scheme.clip_high", 0, 1), avocet.FeedbackScheme{Method: defer_, ClipLow: 2, ClipHigh: 1})
	rows := s.feedback()
	// Found on the way: the coefficients are unspecified, so they are elsewhere.
	for at := range rows.Kinds {
		rows := s.feedback()
		rows.Kinds[at], rows.Kinds[2] = 200, 4
		wanted := map[bool]int{true: 4, false: 200}[at == 2]
		err := avocet.FeedbackWeights(avocet.FeedbackScheme{}, rows, zeros(3), zeros(3), nil)
		s.refuses("kind", err, integer(avocet.ErrInvalidArgument, 2, "kinds", at, wanted))
	}
	overlaps(avocet.FeedbackWeights(avocet.FeedbackScheme{}, rows, s.out[:3], s.out[2:5], nil), 7, "b")
	rows.Logits = s.out[:3]
	overlaps(avocet.FeedbackWeights(avocet.FeedbackScheme{}, rows, s.out[2:5], s.more[:3], nil), 6, "a")
	overlaps(avocet.FeedbackServed(s.out[:3], s.out[2:5], nil), 2, "out")

	times, never := []int64{0, 5, 9}, []int64{avocet.Never, avocet.Never, avocet.Never}
	late := []int64{0, math.MaxInt64 - 1, 9}
	good := avocet.Clicks{Times: times, Conversions: []int64{1, avocet.Never, 20}}
	for _, x := range []struct {
		protocol            avocet.Protocol
		clicks              avocet.Clicks
		window, attribution int64
		wanted              avocet.Error
	}{
		{6, good, 1, 9, integer(avocet.ErrInvalidArgument, 1, "protocol", 0, 6)},
		{-1, good, 1, 9, integer(avocet.ErrInvalidArgument, 1, "protocol", 0, -1)},
		{avocet.ProtocolDelayed, avocet.Clicks{Times: late, Conversions: never}, 1, 9, integer(avocet.ErrSizeOverflow, 2, "times", 1, math.MaxInt64-1)},
		{avocet.ProtocolDelayed, avocet.Clicks{Times: times, Conversions: []int64{0, 6, 8}}, 1, 9, integer(avocet.ErrInvalidArgument, 3, "conversions", 2, 8)},
		{avocet.ProtocolDelayed, good, -1, 9, integer(avocet.ErrInvalidArgument, 6, "window", 0, -1)},
		{avocet.ProtocolImmediate, good, -1, 9, integer(avocet.ErrInvalidArgument, 6, "window", 0, -1)},
		{avocet.ProtocolDelayed, good, 5, 4, integer(avocet.ErrInvalidArgument, 7, "attribution", 0, 4)},
	} {
		before := avocet.LiveHandles()
		s.refuses("stream", opened(avocet.NewStream(x.protocol, x.clicks, x.window, x.attribution)), x.wanted)
		if avocet.LiveHandles() != before {
			t.Error("a refused call made a stream")
		}
	}
	stream := newStream(t)
	n := s.kinds[:5]
	overlaps(stream.Copy(avocet.StreamRows{Kinds: n, Signals: unsafe.Slice((*bool)(unsafe.Pointer(&s.kinds[4])), 5)}), 5, "signals")

	bad := func(status avocet.Status, position int, value float32) (values []float32, wanted func(argument int, name string) avocet.Error) {
		values = []float32{.5, .5, .5}
		values[position] = value
		return values, func(argument int, name string) avocet.Error {
			return number(status, argument, name, position, float64(value))
		}
	}
	for _, metric := range []struct {
		name string
		call func(first, labels, weights []float32) error
	}{{"scores", s.ranking}, {"probabilities", s.calibration}} {
		nans, wantedNaN := bad(avocet.ErrNotFinite, 1, nan)
		twos, wantedTwo := bad(avocet.ErrInvalidArgument, 0, 2)
		minus, wantedMinus := bad(avocet.ErrInvalidArgument, 2, -1)
		huge, wantedHuge := bad(avocet.ErrNotFinite, 1, infinite)
		s.refuses(metric.name, metric.call(nans, ones[:3], nil), wantedNaN(1, metric.name))
		s.refuses(metric.name, metric.call(ones[:3], nans, nil), wantedNaN(2, "labels"))
		s.refuses(metric.name, metric.call(ones[:3], twos, nil), wantedTwo(2, "labels"))
		s.refuses(metric.name, metric.call(ones[:3], minus, nil), wantedMinus(2, "labels"))
		s.refuses(metric.name, metric.call(ones[:3], ones[:3], nans), wantedNaN(3, "weights"))
		s.refuses(metric.name, metric.call(ones[:3], ones[:3], minus), wantedMinus(3, "weights"))
		s.refuses(metric.name, metric.call(ones[:3], ones[:3], huge), wantedHuge(3, "weights"))
		if metric.name == "probabilities" {
			s.refuses(metric.name, metric.call(twos, ones[:3], nil), wantedTwo(1, metric.name))
			s.refuses(metric.name, metric.call(minus, ones[:3], nil), wantedMinus(1, metric.name))
		}
	}

	// What must not be refused: weights below 0 where they are allowed, and logits that are not finite.
	var found float64
	minus := []float32{-1, -2, -3}
	check(t, logistic(avocet.LogisticTargets{Labels: ones[:3], Weights: minus, Signed: true}, avocet.LogisticOutputs{Sum: &found}))
	if !(found < 0) {
		t.Errorf("a loss of %g with weights below 0", found)
	}
	check(t, logistic(avocet.LogisticTargets{A: minus, B: minus, Signed: true}, sum))
	s.sum = float64(untouched)
	losses := zeros(3)
	check(t, avocet.LogisticLoss([]float32{nan, infinite, -infinite}, avocet.LogisticTargets{A: []float32{1, 1, 1}, B: zeros(3)},
		avocet.LogisticOutputs{Losses: losses}, nil, s.workspace))
	if math.Float32bits(losses[0]) != 0x7fc00000 || losses[1] != 0 || losses[2] != infinite {
		t.Errorf("losses of logits that are not finite: %v", losses)
	}
	check(t, s.ranking([]float32{infinite, -infinite, 0}, ones[:3], nil))
}

// What the library finds in dense rows.
func TestBadLogisticBatch(t *testing.T) {
	s := newScene(t)
	nan := float32(math.NaN())
	dense := func(targets *avocet.LogisticTargets, change func(rows *avocet.LogisticRows, out *avocet.LogisticBatchOutputs)) error {
		rows, out := s.denseRows()
		change(&rows, &out)
		return s.logisticBatch(rows, targets, out, nil, s.workspace)
	}
	keep := func(*avocet.LogisticRows, *avocet.LogisticBatchOutputs) {}
	// Found on the way: the margins are unspecified, so they are not wanted.
	noMargins := func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Margins = nil }
	coefficients := &avocet.LogisticTargets{A: ones[:R], B: ones[:R]}
	for _, x := range []struct {
		targets *avocet.LogisticTargets
		wanted  avocet.Error
	}{
		{nil, none(avocet.ErrNullPointer, 2, "targets", 0)},
		{&avocet.LogisticTargets{}, none(avocet.ErrNullPointer, 2, "targets.labels", 0)},
		{&avocet.LogisticTargets{Labels: ones[:R], A: ones[:R], B: ones[:R]}, none(avocet.ErrInvalidArgument, 2, "targets.labels", 0)},
		{&avocet.LogisticTargets{Weights: ones[:R], A: ones[:R], B: ones[:R]}, none(avocet.ErrInvalidArgument, 2, "targets.weights", 0)},
	} {
		s.refuses("targets", dense(x.targets, keep), x.wanted)
	}
	minus, nans := []float32{1, -1, 1}, []float32{0, 1, nan}
	for _, x := range []struct {
		targets avocet.LogisticTargets
		wanted  avocet.Error
	}{
		{avocet.LogisticTargets{Labels: minus, Signed: true}, number(avocet.ErrInvalidArgument, 2, "targets.labels", 1, -1)},
		{avocet.LogisticTargets{Labels: nans}, number(avocet.ErrNotFinite, 2, "targets.labels", 2, math.NaN())},
		{avocet.LogisticTargets{Labels: ones[:R], Weights: minus}, number(avocet.ErrInvalidArgument, 2, "targets.weights", 1, -1)},
		{avocet.LogisticTargets{A: minus, B: ones[:R]}, number(avocet.ErrInvalidArgument, 2, "targets.a", 1, -1)},
		{avocet.LogisticTargets{A: ones[:R], B: nans, Signed: true}, number(avocet.ErrNotFinite, 2, "targets.b", 2, math.NaN())},
	} {
		s.refuses("a target", dense(&x.targets, noMargins), x.wanted)
	}
	// The first bad row of several, in a later leaf, with every pool.
	many := slices.Repeat([]float32{1}, 200_000)
	many[70_000], many[150_000] = -3, nan
	rows := avocet.LogisticRows{Features: avocet.DenseFeatures(rowsOf(slices.Repeat([]float32{1}, len(many)), len(many))), Weights: ones[:1]}
	for _, pool := range []*avocet.Pool{nil, newPool(t, 2)} {
		err := s.logisticBatch(rows, &avocet.LogisticTargets{A: many, B: many},
			avocet.LogisticBatchOutputs{Gradient: s.more[:1]}, pool, s.workspace)
		s.refuses("the first bad row", err, number(avocet.ErrInvalidArgument, 2, "targets.a", 70_000, -3))
	}
	for name, change := range map[string]func(rows *avocet.LogisticRows, out *avocet.LogisticBatchOutputs){
		"out.margins":   func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Margins = s.y.Data[:R] },
		"out.gradient":  func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Gradient = s.out[1 : 1+D] },
		"out.curvature": func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Curvature = s.more[1 : 1+D] },
		"out.product":   func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Product = s.more[1 : 1+D] },
	} {
		s.refuses("overlap", dense(coefficients, change), none(avocet.ErrOverlap, 3, name, 0))
	}
	alongMargins := func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Along = s.out[:D] }
	s.refuses("overlap", dense(coefficients, alongMargins), none(avocet.ErrOverlap, 3, "out.margins", 0))
	// What must not be refused: weights below 0 where they are allowed, and a vector that nothing reads.
	check(t, dense(&avocet.LogisticTargets{A: minus, B: minus, Signed: true}, func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) {
		out.Product, out.Along = nil, ones[:9]
	}))
}

// What only needs to be said once: the text, the sentinels and their names.
func TestErrorText(t *testing.T) {
	_, err := avocet.NewGraph([]int{0, 3}, []int32{0, -5, 4}, C)
	if err.Error() != "avocet: index out of range: argument 1 (csr.indices), position 1, value -5" {
		t.Error(err)
	}
	// A fault that this package finds reads like one that the library finds.
	err = avocet.Map(avocet.Exp, make([]float32, 3), make([]float32, 2), nil)
	if err.Error() != "avocet: "+avocet.ErrShapeMismatch.Error()+": argument 3 (out), value 2" {
		t.Error(err)
	}
	if errors.Is(err, avocet.ErrOverlap) || !errors.Is(err, avocet.ErrShapeMismatch) {
		t.Error("errors.Is does not tell statuses apart")
	}
	for status, name := range map[avocet.Status]string{
		avocet.OK: "AVOCET_OK", avocet.ErrNullPointer: "AVOCET_ERROR_NULL_POINTER",
		avocet.ErrInvalidArgument: "AVOCET_ERROR_INVALID_ARGUMENT", avocet.ErrShapeMismatch: "AVOCET_ERROR_SHAPE_MISMATCH",
		avocet.ErrSizeOverflow: "AVOCET_ERROR_SIZE_OVERFLOW", avocet.ErrIndexOutOfRange: "AVOCET_ERROR_INDEX_OUT_OF_RANGE",
		avocet.ErrInvalidOffsets: "AVOCET_ERROR_INVALID_OFFSETS", avocet.ErrNotSorted: "AVOCET_ERROR_NOT_SORTED",
		avocet.ErrNotFinite: "AVOCET_ERROR_NOT_FINITE", avocet.ErrOverlap: "AVOCET_ERROR_OVERLAP",
		avocet.ErrWorkspaceTooSmall: "AVOCET_ERROR_WORKSPACE_TOO_SMALL", avocet.ErrOutOfMemory: "AVOCET_ERROR_OUT_OF_MEMORY",
		avocet.ErrThreadsUnavailable: "AVOCET_ERROR_THREADS_UNAVAILABLE", avocet.ErrStructSize: "AVOCET_ERROR_STRUCT_SIZE",
		avocet.ErrIncompatibleLibrary: "AVOCET_ERROR_INCOMPATIBLE_LIBRARY",
		avocet.ErrInfeasible:          "AVOCET_ERROR_INFEASIBLE", avocet.ErrWorkLimit: "AVOCET_ERROR_WORK_LIMIT",
		avocet.ErrInternal: "AVOCET_ERROR_INTERNAL", avocet.ErrClosed: "unknown", 50: "unknown",
	} {
		if status.Name() != name || status.Error() == "" {
			t.Errorf("%d: %s, %s", int32(status), status.Name(), status.Error())
		}
	}
}
