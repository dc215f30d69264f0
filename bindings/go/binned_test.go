package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func area(t testing.TB) func(avocet.Area, error) avocet.Area { return must[avocet.Area](t) }

// around compares results in float64; NaN is equal to NaN.
func around(t *testing.T, what string, found, wanted float64) {
	t.Helper()
	if !(math.Abs(found-wanted) <= 1e-9) && !(math.IsNaN(found) && math.IsNaN(wanted)) {
		t.Fatalf("%s: found %g, wanted %g", what, found, wanted)
	}
}

func TestKnownCurves(t *testing.T) {
	positive, negative := []uint64{0, 1, 2}, []uint64{1, 2, 1}
	points := make([]avocet.CurvePoint, 4)
	check(t, avocet.BinnedCurve(positive, negative, points))
	if points[0].TruePositives != 3 || points[0].FalsePositives != 4 || points[2].FalsePositiveRate != .25 ||
		points[3].TruePositives != 0 || points[3].Recall != 0 || !math.IsNaN(points[3].Precision) {
		t.Errorf("%+v", points)
	}
	around(t, "recall", points[2].Recall, 2./3)
	around(t, "precision", points[2].Precision, 2./3)
	auc := area(t)(avocet.BinnedAUC(positive, negative))
	around(t, "AUC", auc.Lower, 7./12)
	around(t, "AUC", auc.Tied, 9./12)
	around(t, "AUC", auc.Upper, 11./12)
	average := area(t)(avocet.BinnedAveragePrecision(positive, negative, false))
	around(t, "average precision", average.Tied, (2*(2./3)+3./6)/3)
	around(t, "average precision", average.Lower, (1./2+2./3+3./6)/3)
	limit := area(t)(avocet.BinnedAveragePrecision(positive, negative, true))
	if limit.Tied != average.Tied || limit.Upper != average.Upper || limit.Lower >= average.Lower {
		t.Errorf("of weights %+v, of counts %+v", limit, average)
	}
	for _, none := range [][]uint64{nil, {}} {
		check(t, avocet.BinnedCurve(none, none, points[:1]))
		if a := area(t)(avocet.BinnedAUC(none, none)); !math.IsNaN(a.Tied) {
			t.Errorf("%+v of nothing", a)
		}
		if a := area(t)(avocet.BinnedAveragePrecision(none, none, false)); !math.IsNaN(a.Upper) {
			t.Errorf("%+v of nothing", a)
		}
	}
}

// All pairs, all points.
func FuzzBinned(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, most, _ byte) {
		r, bins := &random{seed}, int(a%40)
		positive, negative := make([]uint64, bins), make([]uint64, bins)
		for i := range bins {
			positive[i], negative[i] = uint64(r.below(int(most)+1)), uint64(r.below(int(b)+1))
		}
		points := make([]avocet.CurvePoint, bins+1)
		check(t, avocet.BinnedCurve(positive, negative, points))
		var allP, allN, below, won, within, average float64
		for i := range bins {
			p, n := float64(positive[i]), float64(negative[i])
			won, within = won+p*below, within+p*n
			allP, allN, below = allP+p, allN+n, below+n
		}
		var tp, fp float64
		for i := bins; i >= 0; i-- {
			if i < bins {
				tp, fp = tp+float64(positive[i]), fp+float64(negative[i])
				if tp > 0 {
					average += float64(positive[i]) * (tp / (tp + fp))
				}
			}
			found := points[i]
			if float64(found.TruePositives) != tp || float64(found.FalsePositives) != fp {
				t.Fatalf("point %d: %+v", i, found)
			}
			around(t, "recall", found.Recall, tp/allP)
			around(t, "precision", found.Precision, tp/(tp+fp))
			around(t, "false positive rate", found.FalsePositiveRate, fp/allN)
		}
		auc := area(t)(avocet.BinnedAUC(positive, negative))
		around(t, "AUC", auc.Lower, won/(allP*allN))
		around(t, "AUC", auc.Tied, (won+within/2)/(allP*allN))
		around(t, "AUC", auc.Upper, (won+within)/(allP*allN))
		precision := area(t)(avocet.BinnedAveragePrecision(positive, negative, false))
		around(t, "average precision", precision.Tied, average/allP)
		if allP > 0 && !(precision.Lower <= precision.Tied+1e-12 && precision.Tied <= precision.Upper+1e-12) {
			t.Fatalf("%+v", precision)
		}
	})
}

func TestBadCurves(t *testing.T) {
	s := newScene(t)
	p, n, huge := []uint64{1, 2}, []uint64{3, 4}, []uint64{math.MaxUint64, 1}
	points := make([]avocet.CurvePoint, 4)
	nothing := func(a avocet.Area, err error) error {
		if a != (avocet.Area{}) {
			t.Error("a refused call has a result")
		}
		return err
	}
	for function, call := range map[string]func(p, n []uint64) error{
		"curve":             func(p, n []uint64) error { return avocet.BinnedCurve(p, n, points[:len(p)+1]) },
		"AUC":               func(p, n []uint64) error { return nothing(avocet.BinnedAUC(p, n)) },
		"average precision": func(p, n []uint64) error { return nothing(avocet.BinnedAveragePrecision(p, n, true)) },
	} {
		s.refuses(function, call(huge, n), none(avocet.ErrSizeOverflow, 1, "positive", 0))
		s.refuses(function, call(p, huge), none(avocet.ErrSizeOverflow, 2, "negative", 0))
		s.refuses(function, call(p, nil), none(avocet.ErrNullPointer, 2, "negative", 0))
		s.refuses(function, call(nil, n), integer(avocet.ErrShapeMismatch, 2, "negative", 0, 2))
		s.refuses(function, call(p, n[:1]), integer(avocet.ErrShapeMismatch, 2, "negative", 0, 1))
	}
	s.refuses("curve", avocet.BinnedCurve(p, n, nil), none(avocet.ErrNullPointer, 4, "points", 0))
	for _, count := range []int{0, 2, 4} {
		s.refuses("curve", avocet.BinnedCurve(p, n, points[:count]), integer(avocet.ErrShapeMismatch, 4, "points", 0, count))
	}
	if slices.ContainsFunc(points, func(p avocet.CurvePoint) bool { return p != avocet.CurvePoint{} }) {
		t.Error("a refused call has written")
	}
}

func TestBootstrap(t *testing.T) {
	w := newWorkspace(t)
	g, rows := newGrid(t), eightRows()
	// The row apart is a positive that no threshold selects.
	recall, precision, err := avocet.ThresholdBootstrap(g, thresholds2, rows, avocet.BootstrapOptions{}, nil)
	check(t, err)
	if recall.Value != .75 || precision.Value != .75 || recall.Count > 200 || recall.Count < 190 || recall.Low > .75 || recall.High < .75 {
		t.Errorf("%+v, %+v", recall, precision)
	}
	interval := must[avocet.Interval](t)
	auc := interval(avocet.BinnedBootstrap(g, avocet.FigureAUC, rows, avocet.BootstrapOptions{}, nil))
	around(t, "AUC", auc.Value, .75)
	average := interval(avocet.BinnedBootstrap(g, avocet.FigureAveragePrecision, rows, avocet.BootstrapOptions{}, nil))
	b := newBuckets(t, g, 1)
	check(t, b.Add(rows, nil, w))
	p, n := words(bins), words(bins)
	check(t, b.ScoreBins(0, true, p, n))
	if of := area(t)(avocet.BinnedAveragePrecision(p, n, true)); math.Abs(of.Tied-average.Value) > 1e-12 {
		t.Errorf("%+v, but %+v", average, of)
	}

	// Seed, replicates and confidence count; the pool does not.
	options := avocet.BootstrapOptions{Seed: 5, Replicates: 300, Confidence: .5}
	narrow := interval(avocet.BinnedBootstrap(g, avocet.FigureAUC, rows, options, nil))
	if again := interval(avocet.BinnedBootstrap(g, avocet.FigureAUC, rows, options, newPool(t, 3))); again != narrow {
		t.Errorf("%+v, then %+v", narrow, again)
	}
	options.Confidence = .99
	wide := interval(avocet.BinnedBootstrap(g, avocet.FigureAUC, rows, options, nil))
	if wide.Count != narrow.Count || wide.Count <= 200 || wide.High-wide.Low <= narrow.High-narrow.Low {
		t.Errorf("%+v, but %+v", wide, narrow)
	}
}

func TestBadBootstrap(t *testing.T) {
	s := newScene(t)
	g := newGrid(t)
	closedPool := newPool(t, 1)
	check(t, closedPool.Close())
	good := avocet.BootstrapOptions{Replicates: 4}
	ofThresholds := func(thresholds []float32, rows avocet.ThresholdRows, options avocet.BootstrapOptions, p *avocet.Pool) error {
		recall, precision, err := avocet.ThresholdBootstrap(g, thresholds, rows, options, p)
		if err != nil && (recall != avocet.Interval{} || precision != avocet.Interval{}) {
			t.Error("a refused call has a result")
		}
		return err
	}
	ofBins := func(g *avocet.Grid, figure avocet.Figure, rows avocet.ThresholdRows, options avocet.BootstrapOptions, p *avocet.Pool) error {
		found, err := avocet.BinnedBootstrap(g, figure, rows, options, p)
		if err != nil && found != (avocet.Interval{}) {
			t.Error("a refused call has a result")
		}
		return err
	}
	thresholds := func(rows avocet.ThresholdRows) error { return ofThresholds(thresholds2, rows, good, nil) }
	figure := func(rows avocet.ThresholdRows) error { return ofBins(g, avocet.FigureAUC, rows, good, nil) }
	for _, call := range []func(rows avocet.ThresholdRows) error{thresholds, figure} {
		s.badRows(3, call)
		s.badUncertainties(3, call)
		rows := fourRows()
		rows.Segments = avocet.SegmentsOf([]uint32{0, 0, 0, 1})
		s.refuses("segments", call(rows), none(avocet.ErrInvalidArgument, 3, "rows.segments", 0))
	}
	for _, x := range []struct {
		options avocet.BootstrapOptions
		wanted  avocet.Error
	}{
		{avocet.BootstrapOptions{Replicates: -1}, integer(avocet.ErrInvalidArgument, 4, "options.replicates", 0, -1)},
		{avocet.BootstrapOptions{Replicates: 1000001}, number(avocet.ErrInvalidArgument, 4, "options.replicates", 0, 1000001)},
		{avocet.BootstrapOptions{Confidence: 1}, number(avocet.ErrInvalidArgument, 4, "options.confidence", 0, 1)},
		{avocet.BootstrapOptions{Confidence: math.NaN()}, number(avocet.ErrNotFinite, 4, "options.confidence", 0, math.NaN())},
	} {
		s.refuses("options", ofThresholds(thresholds2, goodRows, x.options, nil), x.wanted)
		s.refuses("options", ofBins(g, avocet.FigureAUC, goodRows, x.options, nil), x.wanted)
	}
	s.refuses("thresholds", ofThresholds(nil, goodRows, good, nil), none(avocet.ErrNullPointer, 2, "thresholds", 0))
	s.refuses("thresholds", ofThresholds(ones[:3], goodRows, good, nil), integer(avocet.ErrShapeMismatch, 2, "thresholds", 0, 3))
	s.refuses("thresholds", ofThresholds([]float32{0, notANumber}, goodRows, good, nil),
		number(avocet.ErrNotFinite, 2, "thresholds", 1, math.NaN()))
	s.refuses("figure", ofBins(g, 2, goodRows, good, nil), integer(avocet.ErrInvalidArgument, 2, "figure", 0, 2))
	nested := grid(t)(avocet.NewGrid(avocet.GivenEdges(levelEdge), avocet.NestedEdges(3, 0, avocet.Refinement{}),
		avocet.Sample{Scores: goodRows.Scores, Uncertainties: goodRows.Uncertainties}, nil))
	s.refuses("nested", ofBins(nested, avocet.FigureAUC, goodRows, good, nil), none(avocet.ErrInvalidArgument, 1, "grid", 0))
	s.refuses("pool", ofThresholds(thresholds2, goodRows, good, closedPool), none(avocet.ErrClosed, 7, "pool", 0))
	s.refuses("pool", ofBins(g, avocet.FigureAUC, goodRows, good, closedPool), none(avocet.ErrClosed, 6, "pool", 0))
}
