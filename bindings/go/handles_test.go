package avocet_test

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// Every call that takes a handle, with that handle closed, in use or nil.
func TestClosedHandles(t *testing.T) {
	s := newScene(t)
	closedPool := newPool(t, 1)
	closedWorkspace := newWorkspace(t)
	closed := graphOf(t, [][]uint32{{0, 3}, {}, {1, 2, 3}}, C)
	closedBack := graph(t)(closed.Transpose())
	closedStream := newStream(t)
	for _, h := range []closer{closedPool, closedWorkspace, closed, closedBack, closed, closedStream, closedStream} {
		check(t, h.Close())
	}
	if closed.Rows() != R || closed.Cols() != C || closed.Edges() != E || closed.EdgeIDLimit() != E || closed.IsDerived() ||
		!closedBack.IsDerived() || closedPool.Threads() != 1 || closedStream.Rows() != 5 {
		t.Error("the sizes of a closed handle")
	}
	refuses := func(what string, status avocet.Status, argument int, name string, position int, err error) {
		t.Helper()
		s.refuses(what, err, none(status, argument, name, position))
	}
	made := func(g *avocet.Graph, err error) error {
		if g != nil {
			t.Error("a refused call made a graph")
		}
		return err
	}
	fanout := []uint32{1, 1, 1}
	walks := avocet.WalkOptions{Walks: 1, Length: 1}
	term := edgeTerm

	for _, x := range []struct {
		status avocet.Status
		graph  *avocet.Graph
	}{{avocet.ErrClosed, closed}, {avocet.ErrNullPointer, nil}} {
		g, status := x.graph, x.status
		refuses("Transpose", status, 1, "graph", 0, made(g.Transpose()))
		refuses("SelectRows", status, 1, "graph", 0, made(avocet.SelectRows(g, three)))
		refuses("Offsets", status, 1, "graph", 0, g.Offsets(s.offsets[:g.Rows()+1]))
		refuses("Indices", status, 1, "graph", 0, g.Indices(s.ids[:g.Edges()]))
		refuses("EdgeIDs", status, 1, "graph", 0, g.EdgeIDs(s.ids[:g.Edges()]))
		refuses("WalkWeights", status, 1, "graph", 0, g.WalkWeights(s.out[:g.Edges()]))
		refuses("Aggregate", status, 1, "graph", 0, avocet.Aggregate(g, s.x, avocet.AggregateOptions{}, s.dy, nil))
		refuses("EdgeDots", status, 1, "graph", 0, avocet.EdgeDots(g, s.y, s.x, s.out[:E], nil))
		refuses("SampleNeighbours", status, 1, "graph", 0, made(avocet.SampleNeighbours(g, fanout, avocet.SampleOptions{}, nil)))
		_, err := avocet.FitPowerLaw(g)
		refuses("FitPowerLaw", status, 1, "graph", 0, err)
		refuses("AdaptiveFanout", status, 1, "graph", 0,
			avocet.AdaptiveFanout(g, avocet.PowerLaw{Least: 1, Exponent: 2}, 1, 2, s.ids[:R]))
		refuses("WalkNeighbours", status, 1, "graph", 0, made(avocet.WalkNeighbours(g, s.back, fanout, walks, nil)))
		refuses("WalkNeighbours", status, 2, "back", 0, made(avocet.WalkNeighbours(s.graph, g, fanout, walks, nil)))
		refuses("RankCounts", status, 3, "given", 0,
			avocet.RankCounts(s.y, s.x, g, nil, s.ids[:E], s.counts[:E], nil, s.workspace))
		_, err = avocet.EdgeLoss(g, s.back, s.y, s.x, term, nil, &s.dy, &s.dx, nil, s.workspace)
		refuses("EdgeLoss", status, 1, "graph", 0, err)
		_, err = avocet.EdgeLoss(s.graph, g, s.y, s.x, term, nil, &s.dy, &s.dx, nil, s.workspace)
		refuses("EdgeLoss", status, 2, "transposed", 0, err)
		_, err = avocet.SoftmaxLoss(g, s.back, s.y, s.x, three, softmaxTerm, nil, &s.dy, &s.dx, nil, s.workspace)
		refuses("SoftmaxLoss", status, 1, "positives", 0, err)
		_, err = avocet.SoftmaxLoss(s.graph, g, s.y, s.x, three, softmaxTerm, nil, &s.dy, &s.dx, nil, s.workspace)
		refuses("SoftmaxLoss", status, 2, "transposed", 0, err)
		for name, set := range map[string]func(r *avocet.DualRelation){
			"layer.relations.out":  func(r *avocet.DualRelation) { r.Out = g },
			"layer.relations.into": func(r *avocet.DualRelation) { r.Into = g },
		} {
			a := s.arguments()
			set(&a.layer.Relations[1])
			refuses("DualForward", status, 1, name, 1, avocet.DualForward(a.layer, a.rows, nil, s.workspace))
			refuses("DualBackward", status, 1, name, 1, avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace))
		}
		for name, set := range map[string]func(r *avocet.DualBack){
			"result.back.out":  func(r *avocet.DualBack) { r.Out = g },
			"result.back.into": func(r *avocet.DualBack) { r.Into = g },
		} {
			a := s.arguments()
			set(&a.result.Back[1])
			refuses("DualBackward", status, 2, name, 1, avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace))
		}
	}
	for status, stream := range map[avocet.Status]*avocet.Stream{avocet.ErrClosed: closedStream, avocet.ErrNullPointer: nil} {
		n := stream.Rows()
		refuses("Copy", status, 1, "stream", 0, stream.Copy(avocet.StreamRows{Times: s.offsets[:n], Clicks: s.ids[:n],
			Kinds: s.kinds[:n], Signals: s.flags[:n]}))
	}
	// Graphs that may be nil.
	refuses("TopK", avocet.ErrClosed, 3, "exclude", 0, s.topK(s.y, s.x, closed, 2, s.lists(), nil, s.workspace))
	refuses("RankCounts", avocet.ErrClosed, 4, "exclude", 0,
		avocet.RankCounts(s.y, s.x, s.graph, closed, s.ids[:E], s.counts[:E], nil, s.workspace))
	a := s.arguments()
	a.layer.Own = closed
	refuses("DualForward", avocet.ErrClosed, 1, "layer.own", 0, avocet.DualForward(a.layer, a.rows, nil, s.workspace))
	a = s.arguments()
	a.result.Own = closed
	refuses("DualBackward", avocet.ErrClosed, 2, "result.own", 0,
		avocet.DualBackward(a.layer, a.result, a.gradients, nil, s.workspace))

	a = s.arguments()
	lists := s.lists()
	dense, outputs := s.denseRows()
	pooled := func(p *avocet.Pool) map[string]error {
		_, edge := avocet.EdgeLoss(s.graph, s.back, s.y, s.x, term, nil, &s.dy, &s.dx, p, s.workspace)
		_, softmax := avocet.SoftmaxLoss(s.graph, s.back, s.y, s.x, three, softmaxTerm, nil, &s.dy, &s.dx, p, s.workspace)
		return map[string]error{
			"Map":              avocet.Map(avocet.Exp, s.x.Data, s.out[:C*D], p),
			"Aggregate":        avocet.Aggregate(s.graph, s.x, avocet.AggregateOptions{}, s.dy, p),
			"EdgeDots":         avocet.EdgeDots(s.graph, s.y, s.x, s.out[:E], p),
			"SampleNeighbours": made(avocet.SampleNeighbours(s.graph, fanout, avocet.SampleOptions{}, p)),
			"WalkNeighbours":   made(avocet.WalkNeighbours(s.graph, s.back, fanout, walks, p)),
			"Product":          avocet.Product(a.addends, avocet.DenseOptions{}, s.dy, nil, p, s.workspace),
			"Activate":         avocet.Activate(avocet.DenseOptions{}, s.dy, nil, p),
			"ActivateBackward": avocet.ActivateBackward(avocet.DenseOptions{}, s.y, nil, s.y, s.dy, p),
			"WeightGradient":   avocet.WeightGradient(s.y, s.y, false, s.dw, p, s.workspace),
			"DualForward":      avocet.DualForward(a.layer, a.rows, p, s.workspace),
			"DualBackward":     avocet.DualBackward(a.layer, a.result, a.gradients, p, s.workspace),
			"ScorePairs":       avocet.ScorePairs(s.y, s.x, three, three, s.out[:3], p),
			"TopK":             s.topK(s.y, s.x, nil, 2, lists, p, s.workspace),
			"RankCounts":       avocet.RankCounts(s.y, s.x, s.graph, nil, s.ids[:E], s.counts[:E], p, s.workspace),
			"EdgeLoss":         edge,
			"SoftmaxLoss":      softmax,
			"Adam":             avocet.Adam(1, 1, avocet.AdamOptions{}, s.out[:4], s.x.Data[:4], s.more[:4], s.dy.Data[:4], p),
			"LogisticLoss":     avocet.LogisticLoss(ones[:3], avocet.LogisticTargets{Labels: ones[:3]}, s.outputs(), p, s.workspace),
			"LogisticBatch":    s.logisticBatch(dense, &avocet.LogisticTargets{Labels: ones[:R]}, outputs, p, s.workspace),
			"LogisticProduct":  avocet.LogisticProduct(ones[:3], ones[:3], avocet.LogisticTargets{Labels: ones[:3]}, s.products(), p, s.workspace),
			"LogisticFit": s.fit(dense, avocet.LogisticTargets{Labels: ones[:R]}, avocet.LogisticFitOptions{},
				s.dx.Data[:D], p),
			"FeedbackWeights": avocet.FeedbackWeights(avocet.FeedbackScheme{}, s.feedback(), s.out[:3], s.more[:3], p),
			"FeedbackServed":  avocet.FeedbackServed(ones[:3], s.out[:3], p),
			"AdagradRows":     avocet.AdagradRows(1, 1, three, s.y, s.dx, rowsOf(s.out[:C*D], C), p),
		}
	}
	numbers := map[string]int{"Map": 5, "Aggregate": 5, "EdgeDots": 5, "SampleNeighbours": 5, "WalkNeighbours": 6,
		"Product": 6, "Activate": 4, "ActivateBackward": 6, "WeightGradient": 5, "DualForward": 3, "DualBackward": 4,
		"ScorePairs": 7, "TopK": 9, "RankCounts": 7, "EdgeLoss": 10, "SoftmaxLoss": 11, "Adam": 9, "AdagradRows": 7,
		"LogisticLoss": 8, "LogisticBatch": 5, "LogisticProduct": 9, "LogisticFit": 7, "FeedbackWeights": 9, "FeedbackServed": 4}
	for function, err := range pooled(closedPool) {
		refuses(function, avocet.ErrClosed, numbers[function], "pool", 0, err)
	}

	scratched := func(w *avocet.Workspace) map[string]error {
		_, edge := avocet.EdgeLoss(s.graph, s.back, s.y, s.x, term, nil, &s.dy, &s.dx, nil, w)
		_, softmax := avocet.SoftmaxLoss(s.graph, s.back, s.y, s.x, three, softmaxTerm, nil, &s.dy, &s.dx, nil, w)
		return map[string]error{
			"Product":         avocet.Product(a.addends, avocet.DenseOptions{}, s.dy, nil, nil, w),
			"WeightGradient":  avocet.WeightGradient(s.y, s.y, false, s.dw, nil, w),
			"DualForward":     avocet.DualForward(a.layer, a.rows, nil, w),
			"DualBackward":    avocet.DualBackward(a.layer, a.result, a.gradients, nil, w),
			"TopK":            s.topK(s.y, s.x, nil, 2, lists, nil, w),
			"RankCounts":      avocet.RankCounts(s.y, s.x, s.graph, nil, s.ids[:E], s.counts[:E], nil, w),
			"EdgeLoss":        edge,
			"SoftmaxLoss":     softmax,
			"LogisticLoss":    avocet.LogisticLoss(ones[:3], avocet.LogisticTargets{Labels: ones[:3]}, s.outputs(), nil, w),
			"LogisticBatch":   s.logisticBatch(dense, &avocet.LogisticTargets{Labels: ones[:R]}, outputs, nil, w),
			"LogisticProduct": avocet.LogisticProduct(ones[:3], ones[:3], avocet.LogisticTargets{Labels: ones[:3]}, s.products(), nil, w),
			"Reserve":         w.Reserve(1),
		}
	}
	numbers = map[string]int{"Product": 7, "WeightGradient": 6, "DualForward": 4, "DualBackward": 5, "TopK": 10,
		"RankCounts": 8, "EdgeLoss": 11, "SoftmaxLoss": 12, "LogisticLoss": 9, "LogisticBatch": 6, "LogisticProduct": 10,
		"Reserve": 1}
	busy := newWorkspace(t)
	defer busy.Hold()()
	for status, w := range map[avocet.Status]*avocet.Workspace{avocet.ErrClosed: closedWorkspace, avocet.ErrInUse: busy,
		avocet.ErrNullPointer: nil} {
		for function, err := range scratched(w) {
			refuses(function, status, numbers[function], "workspace", 0, err)
		}
	}

	// A refusal lets go of the handles that the call had taken: the scene's can be closed.
	for _, h := range []closer{s.graph, s.back, s.own, s.ownBack, s.workspace} {
		check(t, h.Close())
	}
}

func TestNilHandles(t *testing.T) {
	var g *avocet.Graph
	var p *avocet.Pool
	var w *avocet.Workspace
	var s *avocet.Stream
	var m *avocet.SparseModel
	for _, h := range []closer{g, p, w, s, m} {
		check(t, h.Close())
	}
	if g.Rows() != 0 || g.Cols() != 0 || g.Edges() != 0 || g.EdgeIDLimit() != 0 || g.IsDerived() || p.Threads() != 1 || w.Bytes() != 0 || s.Rows() != 0 || m.Features() != 0 {
		t.Error("the sizes of nil handles")
	}
}

// Close waits for the calls that run, refuses later ones, and frees once.
func TestCloseWaits(t *testing.T) {
	before := avocet.LiveHandles()
	g := must[*avocet.Graph](t)(avocet.NewGraph([]int{0, 1}, []int{0}, 1))
	w := must[*avocet.Workspace](t)(avocet.NewWorkspace(0))
	p := must[*avocet.Pool](t)(avocet.NewPool(1))
	s := must[*avocet.Stream](t)(avocet.NewStream(avocet.ProtocolDelayedReal, threeClicks, 2, 100))
	m := must[*avocet.SparseModel](t)(avocet.NewSparseModel(1, avocet.SparseModelOptions{}))
	r := must[*avocet.PreparedRows](t)(avocet.NewPreparedRows(avocet.CSR[int, int]{Offsets: []int{0}}))
	for _, h := range []struct {
		hold  func() func()
		use   func() error
		close func() error
	}{
		{g.Hold, func() error { return g.Indices([]uint32{0}) }, g.Close},
		{w.Hold, func() error { return w.Reserve(0) }, w.Close},
		{p.Hold, func() error { return avocet.Map(avocet.Exp, nil, nil, p) }, p.Close},
		{s.Hold, func() error { return s.Copy(avocet.StreamRows{}) }, s.Close},
		{r.Hold, func() error { return r.Features(nil) }, r.Close},
		{m.HoldAlone, func() error { return m.Weights([]float32{0}) }, m.Close},
	} {
		release := h.hold()
		live := avocet.LiveHandles()
		closed := make(chan error, 2)
		for range 2 {
			go func() { closed <- h.close() }()
		}
		select {
		case <-closed:
			t.Fatal("Close did not wait")
		case <-time.After(20 * time.Millisecond):
		}
		if avocet.LiveHandles() != live {
			t.Fatal("freed while in use")
		}
		if err := h.use(); !errors.Is(err, avocet.ErrClosed) {
			t.Fatalf("a call that starts after Close: %v", err)
		}
		release()
		for range 2 {
			check(t, <-closed)
		}
		if avocet.LiveHandles() != live-1 {
			t.Fatal("not freed once")
		}
	}
	if avocet.LiveHandles() != before {
		t.Error("handles are left")
	}
}

// Goroutines share a graph and a pool until they are closed under their hands.
func TestConcurrentClose(t *testing.T) {
	for round := range 20 {
		before := avocet.LiveHandles()
		r := &random{uint64(round)}
		rows := make([][]uint32, 300)
		for i := range rows {
			for range 10 {
				rows[i] = append(rows[i], uint32(r.below(200)))
			}
		}
		x := rowsOf(r.values(200*16), 200)
		offsets, columns := []int64{0}, []uint32{}
		for _, row := range rows {
			columns = append(columns, row...)
			offsets = append(offsets, int64(len(columns)))
		}
		g := must[*avocet.Graph](t)(avocet.NewGraph(offsets, columns, 200))
		p := must[*avocet.Pool](t)(avocet.NewPool(2))
		wanted := rowsOf(make([]float32, 300*16), 300)
		check(t, avocet.Aggregate(g, x, avocet.AggregateOptions{}, wanted, nil))
		var group sync.WaitGroup
		var calls atomic.Int64
		for range 4 {
			group.Go(func() {
				out := rowsOf(make([]float32, 300*16), 300)
				for {
					clear(out.Data)
					err := avocet.Aggregate(g, x, avocet.AggregateOptions{}, out, p)
					if err != nil {
						if !errors.Is(err, avocet.ErrClosed) || slices.ContainsFunc(out.Data, func(v float32) bool { return v != 0 }) {
							t.Error(err)
						}
						return
					}
					if !slices.Equal(out.Data, wanted.Data) {
						t.Error("a wrong result")
						return
					}
					calls.Add(1)
				}
			})
		}
		for calls.Load() < int64(round) {
			runtime.Gosched()
		}
		if round%2 == 0 {
			check(t, g.Close())
			check(t, p.Close())
		} else {
			check(t, p.Close())
			check(t, g.Close())
		}
		group.Wait()
		if avocet.LiveHandles() != before {
			t.Fatal("handles are left")
		}
	}
}

// A workspace that goroutines fight for: every call is right or refused.
func TestWorkspaceOfManyGoroutines(t *testing.T) {
	w := newWorkspace(t)
	r := &random{1}
	x, dz := rowsOf(r.values(2000*8), 2000), rowsOf(r.values(2000*8), 2000)
	wanted := rowsOf(make([]float32, 64), 8)
	check(t, avocet.WeightGradient(x, dz, false, wanted, nil, newWorkspace(t)))
	var group sync.WaitGroup
	var good atomic.Int64
	for range 4 {
		group.Go(func() {
			for range 200 {
				out := rowsOf(make([]float32, 64), 8)
				switch err := avocet.WeightGradient(x, dz, false, out, nil, w); {
				case err == nil:
					good.Add(1)
					if !slices.Equal(out.Data, wanted.Data) {
						t.Error("a wrong result")
					}
				case !errors.Is(err, avocet.ErrInUse):
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if good.Load() == 0 {
		t.Error("no call had the workspace")
	}
}

// Handles that nobody closed are freed with the garbage.
func TestGarbage(t *testing.T) {
	before := avocet.LiveHandles()
	for range 10 {
		g := must[*avocet.Graph](t)(avocet.NewGraph([]int{0, 1}, []int{0}, 1))
		must[*avocet.Graph](t)(g.Transpose())
		must[*avocet.Pool](t)(avocet.NewPool(1))
		must[*avocet.Stream](t)(avocet.NewStream(avocet.ProtocolWindow, threeClicks, 2, 100))
		must[*avocet.SparseModel](t)(avocet.NewSparseModel(3, avocet.SparseModelOptions{}))
		must[*avocet.Workspace](t)(avocet.NewWorkspace(1000))
		avocet.PreparedFeatures(must[*avocet.PreparedRows](t)(avocet.NewPreparedRows(fiveOfCSR())))
		g2 := must[*avocet.Grid](t)(avocet.NewGrid(avocet.Edges{}, avocet.Edges{}, avocet.Sample{}, nil))
		must[*avocet.Grid](t)(must[*avocet.Buckets](t)(avocet.NewBuckets(g2, 1)).Grid())
		must[*avocet.PackedIndex](t)(avocet.NewPackedIndex(avocet.RealVectors(knownRows), avocet.PackedIndexOptions{}, nil))
	}
	for deadline := time.Now().Add(10 * time.Second); avocet.LiveHandles() != before; time.Sleep(time.Millisecond) {
		runtime.GC()
		if time.Now().After(deadline) {
			t.Fatalf("%d handles are left", avocet.LiveHandles()-before)
		}
	}
}

// A workspace grows by itself, once.
func TestWorkspaceGrows(t *testing.T) {
	w := newWorkspace(t)
	r := &random{1}
	call := func() {
		out := rowsOf(make([]float32, 30*20), 30)
		check(t, avocet.WeightGradient(rowsOf(r.values(3000*30), 3000), rowsOf(r.values(3000*20), 3000), false, out, nil, w))
	}
	call()
	grown := w.Bytes()
	call()
	if grown < 30*20*4 || w.Bytes() != grown {
		t.Errorf("%d bytes, then %d", grown, w.Bytes())
	}
	small := newWorkspace(t)
	var sum float64
	x := r.values(5000)
	check(t, avocet.LogisticLoss(x, avocet.LogisticTargets{A: x, B: x, Signed: true}, avocet.LogisticOutputs{Sum: &sum}, nil, small))
	if small.Bytes() < 5*16 || sum == 0 {
		t.Errorf("%d bytes, a sum of %g", small.Bytes(), sum)
	}
	small = newWorkspace(t)
	sums := must[avocet.LogisticSums](t)(avocet.LogisticBatch(avocet.LogisticRows{Features: avocet.DenseFeatures(rowsOf(x, 5000)), Weights: ones[:1]},
		&avocet.LogisticTargets{Labels: slices.Repeat(ones[:1], 5000)}, avocet.LogisticBatchOutputs{}, nil, small))
	if small.Bytes() < 5*40 || sums.Loss == 0 {
		t.Errorf("%d bytes, sums %+v", small.Bytes(), sums)
	}
	check(t, w.Reserve(2*grown))
	if w.Bytes() < 2*grown {
		t.Error("Reserve did not")
	}
}
