package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

var (
	notANumber  = float32(math.NaN())
	infinity    = float32(math.Inf(1))
	minusZero   = float32(math.Copysign(0, -1))
	levelEdge   = []float32{.5}
	scoreEdge   = []float32{0, 1}
	noGrid      *avocet.Grid
	noBuckets   *avocet.Buckets
	goodRows    = fourRows()
	thresholds2 = []float32{0, 1}
)

// Two levels of three bins.
const levels, bins, cellCount = 2, 3, 6

func grid(t testing.TB) func(*avocet.Grid, error) *avocet.Grid {
	return kept(t, must[*avocet.Grid](t))
}

func newGrid(t testing.TB) *avocet.Grid {
	return grid(t)(avocet.NewGrid(avocet.GivenEdges(levelEdge), avocet.GivenEdges(scoreEdge), avocet.Sample{}, nil))
}

func levelEdges(t testing.TB, g *avocet.Grid) []float32 {
	t.Helper()
	edges := zeros(g.Levels() - 1)
	check(t, g.LevelEdges(edges))
	return edges
}

func scoreEdges(t testing.TB, g *avocet.Grid, level int) []float32 {
	t.Helper()
	edges := zeros(g.Bins() - 1)
	check(t, g.ScoreEdges(level, edges))
	return edges
}

// gridMade closes a grid that is not wanted and gives its error.
func (s *scene) gridMade(g *avocet.Grid, err error) error {
	s.t.Helper()
	if (g != nil) != (err == nil) {
		s.t.Error("a grid and an error, or neither")
	}
	check(s.t, g.Close())
	return err
}

func TestKnownGrids(t *testing.T) {
	one := grid(t)(avocet.NewGrid(avocet.Edges{}, avocet.Edges{}, avocet.Sample{}, nil))
	if one.Levels() != 1 || one.Bins() != 1 || one.Nested() {
		t.Errorf("%d levels, %d bins", one.Levels(), one.Bins())
	}
	check(t, one.LevelEdges(nil))
	check(t, one.ScoreEdges(0, []float32{}))

	g := newGrid(t)
	if g.Levels() != levels || g.Bins() != bins || g.Nested() {
		t.Errorf("%d levels, %d bins", g.Levels(), g.Bins())
	}
	equal(t, "level edges", levelEdges(t, g), .5)
	equal(t, "score edges", scoreEdges(t, g, 1), 0, 1)
	limits := zeros(levels)
	check(t, g.Thresholds([]uint32{1, 2}, limits))
	equal(t, "thresholds", limits, 0, 1)
	check(t, g.Thresholds([]uint32{0, 3}, limits))
	equal(t, "thresholds", limits, -infinity, infinity)

	g = grid(t)(avocet.NewGrid(avocet.UniformEdges(4, 0, 1), avocet.UniformEdges(2, 0, 4), avocet.Sample{}, nil))
	equal(t, "uniform levels", levelEdges(t, g), .25, .5, .75)
	equal(t, "uniform bins", scoreEdges(t, g, 3), 2)

	// Two levels of four rows; within each, quantiles of its own.
	sample := avocet.Sample{Scores: []float32{1, 2, 3, 4, 10, 20, 30, 40}, Uncertainties: []float32{0, 0, 0, 0, 1, 1, 1, 1}}
	g = grid(t)(avocet.NewGrid(avocet.QuantileEdges(2), avocet.NestedEdges(4, 0, avocet.Refinement{}), sample, nil))
	if !g.Nested() {
		t.Error("not nested")
	}
	equal(t, "quantiles", levelEdges(t, g), 1)
	equal(t, "nested", scoreEdges(t, g, 0), 2, 3, 4)
	equal(t, "nested", scoreEdges(t, g, 1), 20, 30, 40)
	refined := avocet.NestedEdges(4, 1, avocet.Refinement{Bins: 2, Low: 2, High: 4})
	g = grid(t)(avocet.NewGrid(avocet.Edges{}, refined, sample, nil))
	edges := scoreEdges(t, g, 0)
	if edges[0] != 2 || edges[1] <= 2 || edges[1] >= 4 || edges[2] != 4 {
		t.Errorf("refined: %v", edges)
	}
	// The weight of the upper row counts as three.
	sample = avocet.Sample{Scores: []float32{1, 2}, Weights: []float32{1, 3}}
	g = grid(t)(avocet.NewGrid(avocet.Edges{}, avocet.QuantileEdges(4), sample, nil))
	equal(t, "weighted", scoreEdges(t, g, 0), 2, 2, 2)
}

// Quantiles by sorting, uniform edges by their definition; the same with any pool.
func FuzzGrid(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, size, threads byte) {
		r := &random{seed}
		n, of := int(a)*10+1, int(b%30)+1
		scores := r.values(n)
		for i := range scores {
			// Some ties.
			if size%2 != 0 {
				scores[i] = float32(math.Round(float64(scores[i]) * 8))
			}
		}
		var p *avocet.Pool
		if threads%4 != 0 {
			p = newPool(t, int(threads%4))
		}
		g := grid(t)(avocet.NewGrid(avocet.UniformEdges(of, -1, 2), avocet.QuantileEdges(of), avocet.Sample{Scores: scores}, p))
		slices.Sort(scores)
		for i, edge := range scoreEdges(t, g, 0) {
			if wanted := scores[(i+1)*n/of]; edge != wanted {
				t.Fatalf("quantile %d of %d: %g, wanted %g", i+1, of, edge, wanted)
			}
		}
		for i, edge := range levelEdges(t, g) {
			beyond := func(v float32) bool {
				above := v + 1
				return above*(float32(of)/3) >= float32(i+1)
			}
			if !beyond(edge) || beyond(math.Nextafter32(edge, -2)) {
				t.Fatalf("edge %d of %d: %g", i+1, of, edge)
			}
		}
	})
}

func TestBadGrids(t *testing.T) {
	s := newScene(t)
	scores, uncertainties := goodRows.Scores, goodRows.Uncertainties
	nans, negative := []float32{0, 1, notANumber, 1}, []float32{1, -1, 1, 1}
	given, quantiles := avocet.GivenEdges(levelEdge), avocet.QuantileEdges(2)
	nested := avocet.NestedEdges(3, 0, avocet.Refinement{})
	whole := avocet.Sample{Scores: scores, Uncertainties: uncertainties}
	refine := func(top float64, bins int, low, high float32) avocet.Edges {
		return avocet.NestedEdges(3, top, avocet.Refinement{Bins: bins, Low: low, High: high})
	}
	invalid, infinite := avocet.ErrInvalidArgument, avocet.ErrNotFinite
	for _, x := range []struct {
		levels, scores avocet.Edges
		sample         avocet.Sample
		wanted         avocet.Error
	}{
		{avocet.UniformEdges(-1, 0, 1), given, whole, integer(invalid, 1, "options.levels", 0, -1)},
		{avocet.QuantileEdges(65537), given, whole, integer(avocet.ErrSizeOverflow, 1, "options.levels", 0, 65537)},
		{given, avocet.UniformEdges(-2, 0, 1), whole, integer(invalid, 1, "options.bins", 0, -2)},
		{given, avocet.QuantileEdges(math.MaxInt), whole, integer(avocet.ErrSizeOverflow, 1, "options.bins", 0, math.MaxInt)},
		{avocet.UniformEdges(65536, 0, 1), avocet.UniformEdges(65536, 0, 1), whole,
			integer(avocet.ErrSizeOverflow, 1, "options.bins", 0, 1<<32)},
		{nested, given, whole, integer(invalid, 1, "options.level_kind", 0, 3)},
		{given, avocet.GivenEdges([]float32{1, 1}), whole, number(avocet.ErrNotSorted, 1, "options.score_edges", 1, 1)},
		{given, avocet.GivenEdges([]float32{0, notANumber}), whole, number(infinite, 1, "options.score_edges", 1, math.NaN())},
		{avocet.GivenEdges([]float32{notANumber}), given, whole, number(infinite, 1, "options.level_edges", 0, math.NaN())},
		{avocet.UniformEdges(2, notANumber, 1), given, whole, number(infinite, 1, "options.level_low", 0, math.NaN())},
		{avocet.UniformEdges(2, 0, infinity), given, whole, number(infinite, 1, "options.level_high", 0, math.Inf(1))},
		{given, avocet.UniformEdges(2, notANumber, 1), whole, number(infinite, 1, "options.score_low", 0, math.NaN())},
		{given, avocet.UniformEdges(2, 0, -1), whole, number(invalid, 1, "options.score_high", 0, -1)},
		{quantiles, nested, avocet.Sample{}, integer(invalid, 1, "options.rows", 0, 0)},
		{quantiles, nested, avocet.Sample{Uncertainties: uncertainties}, none(avocet.ErrNullPointer, 1, "options.scores", 0)},
		{quantiles, nested, avocet.Sample{Scores: scores}, none(avocet.ErrNullPointer, 1, "options.uncertainties", 0)},
		{quantiles, nested, avocet.Sample{Scores: scores[:3], Uncertainties: uncertainties},
			integer(avocet.ErrShapeMismatch, 1, "options.scores", 0, 3)},
		{quantiles, nested, avocet.Sample{Scores: scores, Uncertainties: uncertainties[:3]},
			integer(avocet.ErrShapeMismatch, 1, "options.uncertainties", 0, 3)},
		{quantiles, nested, avocet.Sample{Scores: scores, Uncertainties: uncertainties, Weights: ones[:5]},
			integer(avocet.ErrShapeMismatch, 1, "options.weights", 0, 5)},
		{quantiles, nested, avocet.Sample{Scores: nans, Uncertainties: uncertainties}, number(infinite, 1, "options.scores", 2, math.NaN())},
		{quantiles, nested, avocet.Sample{Scores: scores, Uncertainties: nans},
			number(infinite, 1, "options.uncertainties", 2, math.NaN())},
		{quantiles, nested, avocet.Sample{Scores: scores, Uncertainties: uncertainties, Weights: nans},
			number(infinite, 1, "options.weights", 2, math.NaN())},
		{quantiles, nested, avocet.Sample{Scores: scores, Uncertainties: uncertainties, Weights: negative},
			number(invalid, 1, "options.weights", 1, -1)},
		{quantiles, avocet.NestedEdges(3, 1.5, avocet.Refinement{}), whole, number(invalid, 1, "options.top", 0, 1.5)},
		{quantiles, refine(0, -1, 0, 1), whole, integer(invalid, 1, "options.refine_bins", 0, -1)},
		{quantiles, refine(0, 2, 0, 1), whole, integer(invalid, 1, "options.refine_bins", 0, 2)},
		{quantiles, refine(0, 1, notANumber, 1), whole, number(infinite, 1, "options.refine_low", 0, math.NaN())},
		{quantiles, refine(0, 1, 0, 0), whole, number(invalid, 1, "options.refine_high", 0, 0)},
		{quantiles, refine(.5, 1, 0, 1), whole, number(invalid, 1, "options.top", 0, .5)},
	} {
		before := avocet.LiveHandles()
		s.refuses("grid", s.gridMade(avocet.NewGrid(x.levels, x.scores, x.sample, nil)), x.wanted)
		if avocet.LiveHandles() != before {
			t.Error("a refused call made a grid")
		}
	}
	closedPool := newPool(t, 1)
	check(t, closedPool.Close())
	s.refuses("grid", s.gridMade(avocet.NewGrid(given, given, whole, closedPool)), none(avocet.ErrClosed, 2, "pool", 0))

	g := newGrid(t)
	s.refuses("level edges", g.LevelEdges(nil), none(avocet.ErrNullPointer, 2, "out", 0))
	s.refuses("score edges", g.ScoreEdges(0, nil), none(avocet.ErrNullPointer, 3, "out", 0))
	for _, n := range []int{0, 2} {
		s.refuses("level edges", g.LevelEdges(s.out[:n]), integer(avocet.ErrShapeMismatch, 3, "len", 0, n))
		s.refuses("score edges", g.ScoreEdges(0, s.out[:n+1]), integer(avocet.ErrShapeMismatch, 4, "len", 0, n+1))
	}
	s.refuses("score edges", g.ScoreEdges(-1, s.out[:2]), integer(invalid, 2, "level", 0, -1))
	s.refuses("score edges", g.ScoreEdges(levels, s.out[:2]), integer(avocet.ErrIndexOutOfRange, 2, "level", 0, levels))
	s.refuses("thresholds", g.Thresholds(nil, s.out[:2]), none(avocet.ErrNullPointer, 2, "thresholds", 0))
	s.refuses("thresholds", g.Thresholds(make([]uint32, 3), s.out[:2]), integer(avocet.ErrShapeMismatch, 2, "thresholds", 0, 3))
	s.refuses("thresholds", g.Thresholds(make([]uint32, 2), nil), none(avocet.ErrNullPointer, 3, "out", 0))
	s.refuses("thresholds", g.Thresholds(make([]uint32, 2), s.out[:1]), integer(avocet.ErrShapeMismatch, 3, "out", 0, 1))
	s.refuses("thresholds", g.Thresholds([]uint32{0, 4}, s.out[:2]), integer(avocet.ErrIndexOutOfRange, 2, "thresholds", 1, 4))
}

// Every call that takes a grid, with one that is closed, or nil.
func TestGridHandles(t *testing.T) {
	s := newScene(t)
	closed := newGrid(t)
	check(t, closed.Close())
	check(t, closed.Close())
	check(t, noGrid.Close())
	if closed.Levels() != levels || closed.Bins() != bins || closed.Nested() || noGrid.Levels() != 0 || noGrid.Bins() != 0 || noGrid.Nested() {
		t.Error("the sizes of a closed grid, or of none")
	}
	rows := goodRows
	for status, g := range map[avocet.Status]*avocet.Grid{avocet.ErrClosed: closed, avocet.ErrNullPointer: nil} {
		_, _, ofThresholds := avocet.ThresholdBootstrap(g, thresholds2, rows, avocet.BootstrapOptions{}, nil)
		_, ofBins := avocet.BinnedBootstrap(g, avocet.FigureAUC, rows, avocet.BootstrapOptions{}, nil)
		for function, err := range map[string]error{
			"LevelEdges":          g.LevelEdges(s.out[:1]),
			"ScoreEdges":          g.ScoreEdges(0, s.out[:2]),
			"Thresholds":          g.Thresholds(make([]uint32, 2), s.out[:2]),
			"NewBuckets":          s.bucketsMade(avocet.NewBuckets(g, 1)),
			"ThresholdDecide":     avocet.ThresholdDecide(g, thresholds2, rows.Scores, rows.Uncertainties, s.flags[:4], nil),
			"ThresholdDecideBits": avocet.ThresholdDecideBits(g, thresholds2, rows.Scores, rows.Uncertainties, make([]uint64, 1), nil),
			"ThresholdCalibrate":  avocet.ThresholdCalibrate(g, ones[:cellCount], rows.Scores, rows.Uncertainties, s.out[:4], nil),
			"ThresholdCells":      avocet.ThresholdCells(g, rows.Scores, rows.Uncertainties, s.ids[:4], nil),
			"ThresholdBootstrap":  ofThresholds,
			"BinnedBootstrap":     ofBins,
		} {
			s.refuses(function, err, none(status, 1, "grid", 0))
		}
	}
	// Buckets keep theirs.
	g := newGrid(t)
	b := newBuckets(t, g, 1)
	check(t, g.Close())
	check(t, b.Add(rows, nil, s.workspace))
	equal(t, "the buckets' grid", scoreEdges(t, grid(t)(b.Grid()), 0), 0, 1)
	// A refusal lets go of the grid.
	held := newGrid(t)
	s.refuses("ThresholdCells", avocet.ThresholdCells(held, rows.Scores, rows.Uncertainties, s.ids[:3], nil),
		integer(avocet.ErrShapeMismatch, 5, "out", 0, 3))
	check(t, held.Close())
}
