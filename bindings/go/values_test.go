package avocet_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

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
