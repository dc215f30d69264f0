package avocet_test

import (
	"math"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func (r *random) magnitudes(n int) []float32 {
	v := r.values(n)
	for i := range v {
		v[i] = float32(math.Abs(float64(v[i])))
	}
	return v
}

func (g *golden) grid(levels, scores avocet.Edges, sample avocet.Sample) *avocet.Grid {
	return grid(g.t)(avocet.NewGrid(levels, scores, sample, g.pool))
}

func (g *golden) buckets() {
	r := &random{31}
	const n = 5000
	scores, uncertainties := r.values(n), r.magnitudes(n)
	weights := r.magnitudes(n)
	labels, segments := make([]uint8, n), make([]uint32, n)
	for i := range labels {
		labels[i] = uint8(r.below(2))
	}
	for i := range segments {
		segments[i] = uint32(r.below(3))
	}
	nested := g.grid(avocet.QuantileEdges(7), avocet.NestedEdges(11, .75, avocet.Refinement{}),
		avocet.Sample{Scores: scores, Uncertainties: uncertainties, Weights: weights})
	edges := levelEdges(g.t, nested)
	for level := range 7 {
		edges = append(edges, scoreEdges(g.t, nested, level)...)
	}
	g.add("grid_nested", edges)

	whole := g.grid(avocet.UniformEdges(5, 0, 1), avocet.QuantileEdges(20),
		avocet.Sample{Scores: scores, Uncertainties: uncertainties})
	rows := avocet.ThresholdRows{Scores: scores, Uncertainties: uncertainties, Labels: avocet.LabelsOf(labels),
		Weights: weights, Segments: avocet.SegmentsOf(segments)}
	b := newBuckets(g.t, whole, 3)
	check(g.t, b.Add(rows, g.pool, g.workspace))
	g.add("buckets", scoreEdges(g.t, whole, 0), savedBuckets(g.t, b))

	thresholds, ofCells := r.values(5), r.values(100)
	out, places, bits := zeros(n), make([]uint32, n), make([]uint64, (n+63)/64)
	check(g.t, avocet.ThresholdCalibrate(whole, ofCells, scores, uncertainties, out, g.pool))
	check(g.t, avocet.ThresholdCells(whole, scores, uncertainties, places, g.pool))
	check(g.t, avocet.ThresholdDecideBits(whole, thresholds, scores, uncertainties, bits, g.pool))
	g.add("decisions", out, places, bits)

	rows.Segments = avocet.Segments{}
	options := avocet.BootstrapOptions{Seed: 9, Replicates: 50, Confidence: .9}
	recall, precision, err := avocet.ThresholdBootstrap(whole, thresholds, rows, options, g.pool)
	check(g.t, err)
	intervals := []avocet.Interval{recall, precision}
	for _, figure := range []avocet.Figure{avocet.FigureAUC, avocet.FigureAveragePrecision} {
		intervals = append(intervals, must[avocet.Interval](g.t)(avocet.BinnedBootstrap(whole, figure, rows, options, g.pool)))
	}
	var counts []uint32
	var ends []float64
	for _, i := range intervals {
		counts = append(counts, uint32(i.Count))
		ends = append(ends, i.Value, i.Low, i.High)
	}
	g.add("bootstrap", counts, ends)
}

// objectives are those of the golden cases, in the order of their values.
var objectives = []avocet.Objective{
	{Kind: avocet.ObjectiveRecall, Numerator: 2, Denominator: 5},
	{Kind: avocet.ObjectivePrecision, Numerator: 1, Denominator: 2},
	{Kind: avocet.ObjectiveFBeta, Numerator: 1, Denominator: 1},
	{Kind: avocet.ObjectiveUtility, PositivePasses: 3, NegativePasses: -2},
	{Kind: avocet.ObjectiveAtMost, Selected: 1000},
	{Kind: avocet.ObjectiveRecallWilson, Numerator: 1, Denominator: 3, ZNumerator: 27055, ZDenominator: 10000},
}

func (g *golden) searches() {
	r := &random{32}
	const levels, bins = 6, 25
	draw := func(most int) []uint64 {
		values := make([]uint64, levels*bins)
		for i := range values {
			values[i] = uint64(r.below(most))
		}
		return values
	}
	positive, negative, equal := draw(20), draw(30), draw(9)
	cells := avocet.Cells{Levels: levels, Bins: bins, Positive: positive, Negative: negative}
	for _, x := range []struct {
		name    string
		options avocet.SearchOptions
		count   int
	}{
		{"search_exact", avocet.SearchOptions{}, 6},
		{"search_single", avocet.SearchOptions{Method: avocet.SearchSingle}, 6},
		{"search_mist", avocet.SearchOptions{Method: avocet.SearchMIST}, 2},
		{"search_monotone", avocet.SearchOptions{Shape: avocet.ShapeNonDecreasing}, 6},
	} {
		var words []uint32
		for _, objective := range objectives[:x.count] {
			var thresholds [levels]uint32
			found := must[avocet.Solution](g.t)(avocet.ThresholdSearch(cells, objective, x.options, thresholds[:], g.workspace))
			words = append(words, thresholds[:]...)
			words = append(words, uint32(found.Positive), uint32(found.BoundPositive), uint32(found.Negative), 0)
			if found.Proven {
				words[len(words)-1] = 1
			}
		}
		g.add(x.name, words)
	}
	rest := make([]uint64, len(equal))
	for i := range rest {
		rest[i] = 8 - equal[i]
	}
	most := make([]uint64, levels*bins+1)
	weight := must[uint64](g.t)(avocet.ThresholdFrontier(
		avocet.Cells{Levels: levels, Bins: bins, Positive: equal, Negative: rest}, most, g.workspace))
	if weight != 8 {
		g.t.Errorf("cells of weight %d", weight)
	}
	g.add("frontier", low(most))
	values := zeros(levels * bins)
	check(g.t, avocet.ThresholdIsotonic(cells, values, g.workspace))
	g.add("isotonic", values)

	points := make([]avocet.CurvePoint, levels*bins+1)
	check(g.t, avocet.BinnedCurve(positive, negative, points))
	var counts []uint64
	var figures []float64
	for i, p := range points {
		counts = append(counts, p.TruePositives, p.FalsePositives)
		if i < levels*bins {
			figures = append(figures, p.Recall, p.Precision, p.FalsePositiveRate)
		}
	}
	area := must[avocet.Area](g.t)
	for _, a := range []avocet.Area{
		area(avocet.BinnedAUC(positive, negative)),
		area(avocet.BinnedAveragePrecision(positive, negative, false)),
		area(avocet.BinnedAveragePrecision(positive, negative, true)),
	} {
		figures = append(figures, a.Lower, a.Tied, a.Upper)
	}
	g.add("binned_curve", low(counts), figures)
}

func (g *golden) single() {
	r := &random{40}
	const n = 20000
	scores, weights := r.values(n), r.magnitudes(n)
	labels := make([]uint8, n)
	for i := range labels {
		labels[i] = uint8(r.below(2))
	}
	var thresholds []float32
	var words []uint64
	for _, weights := range [][]float32{nil, weights} {
		rows := avocet.ThresholdRows{Scores: scores, Labels: avocet.LabelsOf(labels), Weights: weights}
		for _, objective := range objectives[:3] {
			threshold, found, err := avocet.ThresholdSingle(rows, objective, g.pool)
			check(g.t, err)
			thresholds = append(thresholds, threshold)
			words = append(words, found.Positive, found.Negative)
		}
	}
	g.add("threshold_single", thresholds, words)
}

// low is the lower halves of words.
func low(words []uint64) []uint32 {
	halves := make([]uint32, len(words))
	for i, word := range words {
		halves[i] = uint32(word)
	}
	return halves
}

func (g *golden) uncertainty() {
	r := &random{33}
	const n, m = 5000, 7
	ensemble := rowsOf(r.values(n*m), n)
	a, b, p := r.magnitudes(n), r.magnitudes(n), r.magnitudes(n)
	for i := range a {
		// Rounded after each step, whatever the compiler would like to fuse.
		a[i] = float32(a[i]*32) + .5
		b[i] = float32(b[i]*32) + .5
	}
	mean, variance := zeros(n), zeros(n)
	check(g.t, avocet.UncertaintyMoments(ensemble, true, mean, variance, g.pool))
	g.add("uncertainty_moments", mean, variance)
	check(g.t, avocet.UncertaintyBeta(a, b, mean, variance, g.pool))
	g.add("uncertainty_beta", mean, variance)
	check(g.t, avocet.UncertaintyEntropy(p, mean, g.pool))
	g.add("uncertainty_entropy", mean)
}
