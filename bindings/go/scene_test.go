package avocet_test

import (
	"errors"
	"math"
	"slices"
	"testing"

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
