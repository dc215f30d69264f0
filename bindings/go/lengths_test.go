package avocet_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

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
		{"ScorePairs", 6, "out", 0, 3, false, func(n int) error {
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
