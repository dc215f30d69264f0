package avocet_test

import (
	"math"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

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
