package avocet_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// The cases of tests/golden/README.md; tests/golden.rs is their exact definition.

type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

func (r *random) value() float32 { return float32(r.next()>>40)*(1.0/(1<<23)) - 1 }

func (r *random) below(m int) int { return int(r.next() % uint64(m)) }

func (r *random) values(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = r.value()
	}
	return v
}

func rowsOf(data []float32, rows int) avocet.Matrix {
	return avocet.Matrix{Data: data, Rows: rows, Cols: len(data) / max(rows, 1)}
}

// must ends the test if a call failed.
func must[T any](t testing.TB) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// graphOf makes a graph of the given rows that lives as long as the test.
func graphOf(t testing.TB, rows [][]uint32, cols int) *avocet.Graph {
	t.Helper()
	offsets, columns := []int64{0}, []uint32{}
	for _, row := range rows {
		columns = append(columns, row...)
		offsets = append(offsets, int64(len(columns)))
	}
	return kept(t, must[*avocet.Graph](t))(avocet.NewGraph(offsets, columns, cols))
}

type closer interface{ Close() error }

// kept closes what a call made when the test ends.
func kept[T closer](t testing.TB, must func(T, error) T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		value = must(value, err)
		t.Cleanup(func() { check(t, value.Close()) })
		return value
	}
}

func graph(t testing.TB) func(*avocet.Graph, error) *avocet.Graph {
	return kept(t, must[*avocet.Graph](t))
}

func newWorkspace(t testing.TB) *avocet.Workspace {
	return kept(t, must[*avocet.Workspace](t))(avocet.NewWorkspace(0))
}

func newPool(t testing.TB, threads int) *avocet.Pool {
	return kept(t, must[*avocet.Pool](t))(avocet.NewPool(threads))
}

func fnv(bytes []byte) uint64 {
	hash := uint64(0xcbf29ce484222325)
	for _, b := range bytes {
		hash = (hash ^ uint64(b)) * 0x100000001b3
	}
	return hash
}

type golden struct {
	t         testing.TB
	pool      *avocet.Pool
	workspace *avocet.Workspace
	lines     map[string]string
	graph     *avocet.Graph
	back      *avocet.Graph
}

const (
	goldenRows = 2600
	goldenCols = 2900
)

// add notes the outputs of a case: []float32, words of 32 bits and float64, in this order.
func (g *golden) add(name string, outputs ...any) {
	var bytes []byte
	for _, output := range outputs {
		bytes, _ = binary.Append(bytes, binary.LittleEndian, output)
	}
	line := fmt.Sprintf("%016x %d", fnv(bytes), len(bytes))
	words := len(bytes) / 4
	for i := range 8 {
		line += fmt.Sprintf(" %08x", binary.LittleEndian.Uint32(bytes[4*(i*(words-1)/7):]))
	}
	if g.lines[name] != "" {
		g.t.Fatalf("%s twice", name)
	}
	g.lines[name] = line
}

func (g *golden) addGraph(name string, graph *avocet.Graph, weights []float32) {
	offsets := make([]int64, graph.Rows()+1)
	columns, ids := make([]uint32, graph.Edges()), make([]uint32, graph.Edges())
	check(g.t, graph.Offsets(offsets))
	check(g.t, graph.Indices(columns))
	check(g.t, graph.EdgeIDs(ids))
	if !graph.IsDerived() {
		ids = nil
	}
	short := make([]uint32, len(offsets))
	for i, offset := range offsets {
		short[i] = uint32(offset)
	}
	g.add(name, weights, short, columns, ids)
}

func (g *golden) aggregates() {
	r, d := &random{2}, 70
	x, dy := r.values(goldenCols*d), r.values(goldenRows*d)
	weights := r.values(g.graph.Edges())
	sourceScale, rowScale := r.values(goldenCols), r.values(goldenRows)
	for name, options := range map[string]avocet.AggregateOptions{
		"aggregate_sum":      {},
		"aggregate_mean":     {Reduce: avocet.ReduceMean},
		"aggregate_weighted": {EdgeWeights: weights},
		"aggregate_scaled_accumulated": {EdgeWeights: weights, SourceScale: sourceScale, RowScale: rowScale,
			Accumulate: true},
	} {
		out := slices.Clone(dy)
		check(g.t, avocet.Aggregate(g.graph, rowsOf(x, goldenCols), options, rowsOf(out, goldenRows), g.pool))
		g.add(name, out)
	}
	out := make([]float32, goldenCols*d)
	check(g.t, avocet.Aggregate(g.back, rowsOf(dy, goldenRows), avocet.AggregateOptions{EdgeWeights: weights},
		rowsOf(out, goldenCols), g.pool))
	g.add("aggregate_transposed", out)
	dots := make([]float32, g.graph.Edges())
	check(g.t, avocet.EdgeDots(g.graph, rowsOf(dy, goldenRows), rowsOf(x, goldenCols), dots, g.pool))
	g.add("edge_dots", dots)
}

func (g *golden) dense() {
	r, n, m := &random{3}, 1500, 70
	x, w := r.values(n*40), r.values(40*m)
	y, turned := r.values(n*24), r.values(m*24)
	before := r.values(n * m)
	addends := []avocet.Addend{
		{X: rowsOf(x, n), W: rowsOf(w, 40)},
		{X: rowsOf(y, n), W: rowsOf(turned, m), Transposed: true},
	}
	for name, options := range map[string]avocet.DenseOptions{
		"product":                  {},
		"product_accumulated_relu": {Accumulate: true, Activation: avocet.ActivationReLU},
		"product_tanh_norm":        {Activation: avocet.ActivationTanh, Normalise: true},
	} {
		out, norms := slices.Clone(before), make([]float32, n)
		check(g.t, avocet.Product(addends, options, rowsOf(out, n), norms, g.pool, g.workspace))
		g.add(name, out, norms)
	}

	n, m = 10000, 100
	z, dy := r.values(n*m), r.values(n*m)
	for name, activation := range map[string]avocet.Activation{
		"activate_relu": avocet.ActivationReLU,
		"activate_tanh": avocet.ActivationTanh,
		"activate_none": avocet.ActivationNone,
	} {
		options := avocet.DenseOptions{Activation: activation, Normalise: true}
		y, norms, dz := slices.Clone(z), make([]float32, n), make([]float32, n*m)
		check(g.t, avocet.Activate(options, rowsOf(y, n), norms, g.pool))
		g.add(name, y, norms)
		check(g.t, avocet.ActivateBackward(options, rowsOf(y, n), norms, rowsOf(dy, n), rowsOf(dz, n), g.pool))
		g.add(name+"_backward", dz)
	}

	n, k, m := 5000, 20, 40
	x, dz, before := r.values(n*k), r.values(n*m), r.values(k*m)
	for name, accumulate := range map[string]bool{"weight_gradient": false, "weight_gradient_accumulated": true} {
		out := slices.Clone(before)
		check(g.t, avocet.WeightGradient(rowsOf(x, n), rowsOf(dz, n), accumulate, rowsOf(out, k), g.pool, g.workspace))
		g.add(name, out)
	}
}

func (g *golden) scores() {
	r, n, d := &random{4}, 20000, 70
	left, right := r.values(300*d), r.values(500*d)
	u, v := make([]int64, n), make([]int32, n)
	for i := range u {
		u[i] = int64(r.below(300))
	}
	for i := range v {
		v[i] = int32(r.below(500))
	}
	out := make([]float32, n)
	check(g.t, avocet.ScorePairs(rowsOf(left, 300), rowsOf(right, 500), u, v, out, g.pool))
	g.add("score_pairs", out)

	q, n, d, k := 200, 700, 20, 10
	coarse := func(n int) []float32 {
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(r.below(3)) - 1
		}
		return values
	}
	queries, targets := coarse(q*d), coarse(n*d)
	targets[77*d] = float32(math.NaN())
	targets[78*d] = float32(math.Inf(1))
	chosen := func(most int) *avocet.Graph {
		rows := make([][]uint32, q)
		for i := range rows {
			rows[i] = make([]uint32, r.below(most))
			for j := range rows[i] {
				rows[i][j] = uint32(r.below(n))
			}
			slices.Sort(rows[i])
		}
		return graphOf(g.t, rows, n)
	}
	exclude, given := chosen(30), chosen(8)
	lists := avocet.TopKLists{IDs: make([]uint32, q*k), Scores: make([]float32, q*k), Counts: make([]uint32, q),
		NaNCounts: make([]uint32, q)}
	check(g.t, avocet.TopK(rowsOf(queries, q), rowsOf(targets, n), exclude, k, lists, g.pool, g.workspace))
	g.add("top_k", lists.Scores, lists.IDs, lists.Counts, lists.NaNCounts)
	better, equal := make([]uint32, given.Edges()), make([]uint32, given.Edges())
	check(g.t, avocet.RankCounts(rowsOf(queries, q), rowsOf(targets, n), given, exclude, better, equal, g.pool,
		g.workspace))
	g.add("rank_counts", better, equal)
}

func (g *golden) losses() {
	r, d := &random{5}, 20
	weights := r.values(g.graph.Edges())
	byRow, byColumn := rowsOf(r.values(goldenRows*d), goldenRows), rowsOf(r.values(goldenCols*d), goldenCols)
	rowStart, columnStart := r.values(goldenRows*d), r.values(goldenCols*d)
	for _, kind := range []avocet.EdgeKind{avocet.EdgePositive, avocet.EdgeNegative, avocet.EdgeReversed} {
		term := avocet.EdgeTerm{Kind: kind, Temperature: 1.5, Offset: .25, Margin: .5, Weight: .1}
		rows, columns := slices.Clone(rowStart), slices.Clone(columnStart)
		dRows, dColumns := rowsOf(rows, goldenRows), rowsOf(columns, goldenCols)
		sources, targets, dSources, dTargets := byRow, byColumn, &dRows, &dColumns
		name := [...]string{"edge_loss_positive", "edge_loss_negative", "edge_loss_reversed"}[kind]
		if kind == avocet.EdgeReversed {
			term.Margin = 1
			sources, targets, dSources, dTargets = byColumn, byRow, &dColumns, &dRows
		}
		loss := must[avocet.EdgeLossResult](g.t)(avocet.EdgeLoss(g.graph, g.back, sources, targets, term, weights,
			dSources, dTargets, g.pool, g.workspace))
		g.add(name, rows, columns, loss.Loss, loss.TemperatureGradient, loss.OffsetGradient)
	}

	negatives := make([]uint32, 100)
	for i := range negatives {
		most := goldenCols
		if i >= 50 {
			most = 40
		}
		negatives[i] = uint32(r.below(most))
	}
	dRows, dColumns := rowsOf(rowStart, goldenRows), rowsOf(columnStart, goldenCols)
	loss := must[avocet.SoftmaxLossResult](g.t)(avocet.SoftmaxLoss(g.graph, g.back, byRow, byColumn, negatives,
		avocet.SoftmaxTerm{Temperature: 1.5, Weight: .1}, weights, &dRows, &dColumns, g.pool, g.workspace))
	g.add("softmax_loss", rowStart, columnStart, loss.Loss, loss.TemperatureGradient)
}

func (g *golden) steps() {
	r, n := &random{6}, 120000
	p, gradient, m, v := r.values(n), r.values(n), r.values(n), r.values(n)
	absolute(v)
	check(g.t, avocet.Adam(.01, 3, avocet.AdamOptions{}, p, gradient, m, v, g.pool))
	g.add("adam", p, m, v)

	n, d := 30000, 20
	var rows []uint32
	for row := range uint32(n) {
		if row%3 != 1 {
			rows = append(rows, row)
		}
	}
	table, gradient := r.values(n*d), r.values(len(rows)*d)
	squares := r.values(n * d)
	absolute(squares)
	check(g.t, avocet.AdagradRows(.1, 1e-8, rows, rowsOf(gradient, len(rows)), rowsOf(table, n), rowsOf(squares, n),
		g.pool))
	g.add("adagrad_rows", table, squares)
}

func (g *golden) samples() {
	r := &random{11}
	weights := r.values(g.graph.Edges())
	for i := range weights {
		weights[i] = max(weights[i], 0)
	}
	law := must[avocet.PowerLaw](g.t)(avocet.FitPowerLaw(g.graph))
	g.add("fit_power_law", uint32(law.Least), law.Exponent)
	fanout := make([]uint32, goldenRows)
	check(g.t, avocet.AdaptiveFanout(g.graph, law, 2, 12, fanout))
	g.add("adaptive_fanout", fanout)
	for name, draw := range map[string]avocet.Draw{
		"sample_without_replacement": avocet.DrawWithoutReplacement,
		"sample_with_replacement":    avocet.DrawWithReplacement,
		"sample_weighted":            avocet.DrawWeighted,
	} {
		options := avocet.SampleOptions{Draw: draw, Seed: 0x0123456789abcdef, Layer: 2, EdgeWeights: weights}
		g.addGraph(name, graph(g.t)(avocet.SampleNeighbours(g.graph, fanout, options, g.pool)), nil)
	}
	walked := graph(g.t)(avocet.WalkNeighbours(g.graph, g.back, fanout,
		avocet.WalkOptions{Walks: 20, Length: 2, Seed: 5, Layer: 1}, g.pool))
	shares := make([]float32, walked.Edges())
	check(g.t, walked.WalkWeights(shares))
	g.addGraph("walk_neighbours", walked, shares)
	rows := make([]uint32, 3000)
	for i := range rows {
		rows[i] = uint32(r.below(goldenRows))
	}
	g.addGraph("select_rows", graph(g.t)(avocet.SelectRows(g.graph, rows)), nil)
}

func (g *golden) dual() {
	r, d, m := &random{12}, 36, 70
	sources, targets := r.values(goldenCols*d), r.values(goldenCols*d)
	var weights [5]avocet.Matrix
	for i := range weights {
		weights[i] = rowsOf(r.values(d*m), d)
	}
	scales := [][]float32{r.values(goldenRows), r.values(goldenRows)}
	rows := make([]uint32, goldenRows)
	for i := range rows {
		rows[i] = uint32(r.below(goldenRows))
	}
	other := graph(g.t)(avocet.SelectRows(g.graph, rows))
	otherBack := graph(g.t)(other.Transpose())
	one := make([][]uint32, goldenRows)
	for i := range one {
		one[i] = []uint32{uint32(r.below(goldenCols))}
	}
	own := graphOf(g.t, one, goldenCols)
	layer := avocet.DualLayer{
		Sources:       rowsOf(sources, goldenCols),
		Targets:       rowsOf(targets, goldenCols),
		Own:           own,
		SourceWeights: weights[0],
		TargetWeights: weights[1],
		Relations: []avocet.DualRelation{
			{Out: g.graph, Into: other, OutScale: scales[0], Across: weights[2]},
			{Out: other, Into: g.graph, IntoScale: scales[1], Across: weights[3], Along: &weights[4]},
		},
		Activation: avocet.ActivationTanh,
		Normalise:  true,
	}
	zeros := func(rows, cols int) avocet.Matrix { return rowsOf(make([]float32, rows*cols), rows) }
	out := avocet.DualRows{
		Sources: zeros(goldenRows, m), Targets: zeros(goldenRows, m),
		SourceNorms: make([]float32, goldenRows), TargetNorms: make([]float32, goldenRows),
	}
	check(g.t, avocet.DualForward(layer, out, g.pool, g.workspace))
	g.add("dual_forward", out.Sources.Data, out.Targets.Data, out.SourceNorms, out.TargetNorms)

	result := avocet.DualResult{
		Sources: out.Sources, Targets: out.Targets, SourceNorms: out.SourceNorms, TargetNorms: out.TargetNorms,
		SourceGradient: rowsOf(r.values(goldenRows*m), goldenRows),
		TargetGradient: rowsOf(r.values(goldenRows*m), goldenRows),
		Own:            graph(g.t)(own.Transpose()),
		Back:           []avocet.DualBack{{Out: g.back, Into: otherBack}, {Out: otherBack, Into: g.back}},
	}
	ds, dt := zeros(goldenCols, d), zeros(goldenCols, d)
	dw := make([]avocet.Matrix, 5)
	for i := range dw {
		dw[i] = rowsOf(r.values(d*m), d)
	}
	gradients := avocet.DualGradients{Sources: &ds, Targets: &dt, Weights: dw}
	check(g.t, avocet.DualBackward(layer, result, gradients, g.pool, g.workspace))
	g.add("dual_backward", ds.Data, dt.Data, dw[0].Data, dw[1].Data, dw[2].Data, dw[3].Data, dw[4].Data)
}

// zeroOrOne is 1 where a value is above 0.
func zeroOrOne(values []float32) []float32 {
	for i := range values {
		if values[i] > 0 {
			values[i] = 1
		} else {
			values[i] = 0
		}
	}
	return values
}

func absolute(values []float32) []float32 {
	for i := range values {
		values[i] = float32(math.Abs(float64(values[i])))
	}
	return values
}

// batch notes everything that LogisticBatch computes, and words after the vectors.
func (g *golden) batch(name string, rows avocet.LogisticRows, n int, along []float32, targets avocet.LogisticTargets,
	words []uint32) {
	out := avocet.LogisticBatchOutputs{Margins: make([]float32, n), Gradient: zeros(len(along)),
		Curvature: zeros(len(along)), Product: zeros(len(along)), Along: along, AlongIntercept: -.5}
	sums := must[avocet.LogisticSums](g.t)(avocet.LogisticBatch(rows, &targets, out, g.pool, g.workspace))
	g.add(name, out.Margins, out.Gradient, out.Curvature, out.Product, words, sums.Loss, sums.Gradient, sums.Curvature,
		sums.Product)
}

func (g *golden) denseRows() {
	r, n, d := &random{16}, 2500, 37
	x, offsets, weights, along := r.values(n*d), r.values(n), r.values(d), r.values(d)
	targets := avocet.LogisticTargets{Labels: zeroOrOne(r.values(n)), Weights: absolute(r.values(n))}
	halves, brains := make([]avocet.F16, n*d), make([]avocet.BF16, n*d)
	for i := range halves {
		halves[i] = avocet.F16(r.below(1<<16) & 0xbfff)
		brains[i] = avocet.BF16(math.Float32bits(x[i]) >> 16)
	}
	for name, features := range map[string]avocet.Features{
		"logistic_dense":      avocet.DenseFeatures(rowsOf(x, n)),
		"logistic_dense_f16":  avocet.DenseFeatures(avocet.MatrixOf[avocet.F16]{Data: halves, Rows: n, Cols: d}),
		"logistic_dense_bf16": avocet.DenseFeatures(avocet.MatrixOf[avocet.BF16]{Data: brains, Rows: n, Cols: d}),
	} {
		rows := avocet.LogisticRows{Features: features, Offsets: offsets, Weights: weights, Intercept: .25}
		g.batch(name, rows, n, along, targets, nil)
	}
}

func (g *golden) sparseRows() {
	r, n, cols := &random{23}, 2500, 4000
	csr := avocet.CSR[int64, uint32]{Offsets: []int64{0}, Cols: cols}
	for range n {
		for range r.below(30) {
			csr.Indices = append(csr.Indices, uint32(r.below(cols)))
		}
		csr.Offsets = append(csr.Offsets, int64(len(csr.Indices)))
	}
	values, offsets, weights, along := r.values(len(csr.Indices)), r.values(n), r.values(cols), r.values(cols)
	targets := avocet.LogisticTargets{Labels: zeroOrOne(r.values(n)), Weights: absolute(r.values(n))}
	bare := preparedRows(g.t)(avocet.NewPreparedRows(csr))
	csr.Values = values
	rows := avocet.LogisticRows{Features: avocet.SparseFeatures(csr), Offsets: offsets, Weights: weights, Intercept: .25}
	g.batch("logistic_sparse", rows, n, along, targets, nil)

	features := make([]uint32, bare.FeatureCount())
	check(g.t, bare.Features(features))
	occurring := func(all []float32) (some []float32) {
		for _, feature := range features {
			some = append(some, all[feature])
		}
		return some
	}
	compact := avocet.LogisticRows{Features: avocet.PreparedFeatures(bare), Offsets: offsets, Weights: occurring(weights),
		Intercept: .25, Compact: true}
	g.batch("logistic_prepared", compact, n, occurring(along), targets, features)

	rows.Features = avocet.PreparedFeatures(preparedRows(g.t)(avocet.NewPreparedRows(csr)))
	found := zeros(cols)
	result := must[avocet.LogisticFitResult](g.t)(avocet.LogisticFit(rows, targets,
		avocet.LogisticFitOptions{L2: .5, Iterations: 15, History: 5}, found, g.pool))
	g.add("logistic_fit", found, result.Intercept,
		[]uint32{uint32(result.Outcome), uint32(result.Iterations), uint32(result.Passes)}, result.Loss, result.Gradient)
}

func preparedRows(t testing.TB) func(*avocet.PreparedRows, error) *avocet.PreparedRows {
	return kept(t, must[*avocet.PreparedRows](t))
}

func (g *golden) products() {
	r, n := &random{21}, 5000
	logits := func() []float32 {
		values := r.values(n)
		for i := range values {
			values[i] *= [...]float32{2, 20, 200}[i%3]
		}
		return values
	}
	first, second := logits(), logits()
	targets := avocet.LogisticTargets{A: r.values(n), B: r.values(n), Signed: true}
	var sum float64
	out := avocet.LogisticProductOutputs{Losses: zeros(n), FirstGradient: zeros(n), SecondGradient: zeros(n), Sum: &sum}
	check(g.t, avocet.LogisticProduct(first, second, targets, out, g.pool, g.workspace))
	g.add("logistic_product", out.Losses, out.FirstGradient, out.SecondGradient, sum)
}

func (g *golden) merges() {
	r := &random{22}
	var words []uint32
	parts := func(first, rows int) []int {
		return must[[]int](g.t)(avocet.LogisticParts(first, rows, make([]int, avocet.MaxLogisticParts)))
	}
	for range 20 {
		leaf, rows := r.below(100), r.below(1<<20)
		for _, size := range parts(leaf*1024, rows) {
			words = append(words, uint32(size))
		}
	}
	g.add("logistic_parts", words)

	rows := slices.Concat(parts(0, 5*1024), []int{0}, parts(5*1024, 20_000))
	sums, calibrations := make([]avocet.LogisticSums, len(rows)), make([]avocet.CalibrationResult, len(rows))
	for i := range rows {
		v := [...]float64{float64(r.value()), float64(r.value()), float64(r.value()), float64(r.value())}
		sums[i] = avocet.LogisticSums{Loss: v[0], Gradient: v[1], Curvature: v[2], Product: v[3]}
		calibrations[i] = avocet.CalibrationResult{Weight: v[0], Loss: v[1], Predicted: v[2], Observed: v[3]}
	}
	vectors, vector := rowsOf(r.values(len(rows)*70), len(rows)), zeros(70)
	total := must[avocet.LogisticSums](g.t)(avocet.LogisticMerge(rows, sums, &vectors, vector))
	g.add("logistic_merge", vector, total.Loss, total.Gradient, total.Curvature, total.Product)
	merged := must[avocet.CalibrationResult](g.t)(avocet.CalibrationMerge(rows, calibrations))
	g.add("calibration_merge", merged.Weight, merged.Loss, merged.Predicted, merged.Observed)
}

func (g *golden) logistic() {
	r, n := &random{13}, 5000
	times := func(factor float32) []float32 {
		values := r.values(n)
		for i := range values {
			values[i] *= factor
		}
		return values
	}
	x, a, b, first, second := times(30), times(1), times(1), times(4), times(4)
	labels, weights := zeroOrOne(r.values(n)), absolute(r.values(n))
	kinds := make([]avocet.RowKind, n)
	for i := range kinds {
		kinds[i] = avocet.RowKind(r.below(4))
	}
	for name, targets := range map[string]avocet.LogisticTargets{
		"logistic_coefficients": {A: a, B: b, Signed: true},
		"logistic_labels":       {Labels: labels, Weights: weights},
	} {
		var sum float64
		out := avocet.LogisticOutputs{Losses: make([]float32, n), Gradient: make([]float32, n),
			Curvature: make([]float32, n), Sum: &sum}
		check(g.t, avocet.LogisticLoss(x, targets, out, g.pool, g.workspace))
		g.add(name, out.Losses, out.Gradient, out.Curvature, sum)
	}
	rows := avocet.FeedbackRows{Kinds: kinds, Logits: x, First: first, Second: second}
	for name, joint := range map[string]bool{"feedback_published": false, "feedback_joint": true} {
		var coefficients []float32
		for method := avocet.FeedbackVanilla; method <= avocet.FeedbackDFM; method++ {
			a, b := make([]float32, n), make([]float32, n)
			check(g.t, avocet.FeedbackWeights(avocet.FeedbackScheme{Method: method, Joint: joint}, rows, a, b, g.pool))
			coefficients = append(append(coefficients, a...), b...)
		}
		g.add(name, coefficients)
	}
	out := make([]float32, n)
	check(g.t, avocet.FeedbackServed(x, out, g.pool))
	g.add("feedback_served", out)
}

func (g *golden) streamsAndMetrics() {
	r, n := &random{14}, 2000
	times := make([]int64, n)
	for i := range times {
		times[i] = int64(r.below(1000))
	}
	later := func(rarely, most int) []int64 {
		values := make([]int64, n)
		for i := range values {
			values[i] = avocet.Never
			if r.below(rarely) != 0 {
				values[i] = times[i] + int64(r.below(most))
			}
		}
		return values
	}
	clicks := avocet.Clicks{Times: times, Conversions: later(3, 200), Signals: later(2, 20)}
	var words []uint32
	for protocol := avocet.ProtocolWindow; protocol <= avocet.ProtocolImmediateReal; protocol++ {
		rows := streamRows(g.t, protocol, clicks, 10, 100)
		for _, time := range rows.Times {
			words = append(words, uint32(time))
		}
		words = append(words, rows.Clicks...)
		for _, kind := range rows.Kinds {
			words = append(words, uint32(kind))
		}
		for _, signal := range rows.Signals {
			word := uint32(0)
			if signal {
				word = 1
			}
			words = append(words, word)
		}
	}
	g.add("streams", words)

	n = 5000
	scores, labels := make([]float32, n), make([]float32, n)
	for i := range scores {
		scores[i] = float32(r.below(100))
	}
	for i := range labels {
		labels[i] = float32(r.below(2))
	}
	weights := absolute(r.values(n))
	ranking := must[avocet.RankingResult](g.t)(avocet.Ranking(scores, labels, weights))
	g.add("ranking", ranking.Positives, ranking.Negatives, ranking.AUC, ranking.PRAUC, ranking.AveragePrecision)
	calibration := must[avocet.CalibrationResult](g.t)(avocet.Calibration(absolute(r.values(n)), labels, weights))
	g.add("calibration", calibration.Weight, calibration.Loss, calibration.Predicted, calibration.Observed)
}

func (g *golden) sparseModels() {
	r, n, features := &random{15}, 2000, 3000
	offsets, indices := []int64{0}, []uint32{}
	for range n {
		for range r.below(30) {
			indices = append(indices, uint32(r.below(features)))
		}
		offsets = append(offsets, int64(len(indices)))
	}
	rows := avocet.SparseRows[int64, uint32]{Offsets: offsets, Indices: indices, Values: r.values(len(indices)),
		Margins: r.values(n)}
	labels, weights := zeroOrOne(r.values(n)), absolute(r.values(n))
	for _, x := range []struct {
		name      string
		optimiser avocet.Optimiser
		minibatch int
	}{
		{"sparse_ftrl", avocet.OptimiserFTRL, 1},
		{"sparse_adagrad", avocet.OptimiserAdagrad, 7},
		{"sparse_sgd", avocet.OptimiserSGD, 64},
	} {
		model := sparseModel(g.t)(avocet.NewSparseModel(features, avocet.SparseModelOptions{Optimiser: x.optimiser,
			Intercept: x.optimiser != avocet.OptimiserSGD, Rate: .1, Beta: 1, L1: .1, L2: .01, Epsilon: 1e-6}))
		seen, logits, found := make([]float32, n), make([]float32, n), make([]float32, features)
		targets := avocet.LogisticTargets{Labels: labels, Weights: weights}
		check(g.t, avocet.LearnSparse(model, rows, targets, x.minibatch, seen, g.workspace))
		bytes := saved(g.t, model)
		loaded := sparseModel(g.t)(avocet.LoadSparseModel(bytes))
		plain := rows
		plain.Values = nil
		check(g.t, avocet.PredictSparse(loaded, plain, logits, g.pool))
		check(g.t, loaded.Weights(found))
		g.add(x.name, seen, logits, found, must[float32](g.t)(loaded.Intercept()), bytes)
	}
}

func sparseModel(t testing.TB) func(*avocet.SparseModel, error) *avocet.SparseModel {
	return kept(t, must[*avocet.SparseModel](t))
}

// saved is what a model saves.
func saved(t testing.TB, m *avocet.SparseModel) []byte {
	t.Helper()
	bytes := make([]byte, must[int](t)(m.SavedBytes()))
	check(t, m.Save(bytes))
	return bytes
}

// streamRows are all rows of a stream.
func streamRows(t testing.TB, protocol avocet.Protocol, clicks avocet.Clicks, window,
	attribution int64) avocet.StreamRows {
	t.Helper()
	s := must[*avocet.Stream](t)(avocet.NewStream(protocol, clicks, window, attribution))
	defer s.Close()
	n := s.Rows()
	rows := avocet.StreamRows{Times: make([]int64, n), Clicks: make([]uint32, n), Kinds: make([]avocet.RowKind, n),
		Signals: make([]bool, n)}
	check(t, s.Copy(rows))
	return rows
}

func (g *golden) functions() {
	r := &random{7}
	x := make([]float32, 55000)
	for i := range x {
		x[i] = math.Float32frombits(uint32(r.next() >> 32))
	}
	for _, v := range r.values(55000) {
		x = append(x, v*32)
	}
	for name, f := range map[string]avocet.Function{
		"map_exp": avocet.Exp, "map_log": avocet.Log, "map_log1p": avocet.Log1p, "map_sigmoid": avocet.Sigmoid,
		"map_softplus": avocet.Softplus, "map_tanh": avocet.Tanh,
	} {
		out := make([]float32, len(x))
		check(g.t, avocet.Map(f, x, out, g.pool))
		g.add(name, out)
	}
}

func goldenLines(t testing.TB, pool *avocet.Pool) map[string]string {
	g := &golden{t: t, pool: pool, workspace: newWorkspace(t), lines: map[string]string{}}
	r := &random{1}
	rows := make([][]uint32, goldenRows)
	for i := range rows {
		degree := 0
		switch i {
		case 7:
			degree = 1500
		case 2000:
			degree = 700
		default:
			degree = r.below(20)
		}
		rows[i] = make([]uint32, degree)
		for j := range rows[i] {
			rows[i][j] = uint32(r.below(goldenCols))
		}
	}
	g.graph = graphOf(t, rows, goldenCols)
	g.back = graph(t)(g.graph.Transpose())
	g.addGraph("transpose", g.back, nil)
	g.aggregates()
	g.dense()
	g.scores()
	g.losses()
	g.samples()
	g.dual()
	g.steps()
	g.logistic()
	g.denseRows()
	g.sparseRows()
	g.products()
	g.merges()
	g.streamsAndMetrics()
	g.sparseModels()
	g.buckets()
	g.searches()
	g.single()
	g.uncertainty()
	g.conversions()
	g.rowScores()
	g.indexes()
	g.editedIndexes()
	g.mergedLists()
	g.functions()
	return g.lines
}

func TestGoldenVectors(t *testing.T) {
	file, err := os.Open("../../tests/golden/vectors.txt")
	check(t, err)
	defer file.Close()
	wanted := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, line, found := strings.Cut(lines.Text(), " = ")
		if !found {
			t.Fatalf("not a line of vectors: %q", lines.Text())
		}
		wanted[name] = line
	}
	compare := func(t *testing.T, pool *avocet.Pool) {
		found := goldenLines(t, pool)
		for _, name := range slices.Sorted(maps.Keys(wanted)) {
			if found[name] != wanted[name] {
				t.Errorf("%s, %d threads, %s:\nwanted %s\nfound  %s", avocet.ActiveISA(), pool.Threads(), name,
					wanted[name], found[name])
			}
		}
		if len(found) != len(wanted) {
			t.Errorf("%d cases, but the file has %d", len(found), len(wanted))
		}
		t.Logf("%s, %d threads: %d cases", avocet.ActiveISA(), pool.Threads(), len(found))
	}
	t.Run("calling thread", func(t *testing.T) { compare(t, nil) })
	for _, threads := range []int{2, 3} {
		t.Run(fmt.Sprint(threads, " threads"), func(t *testing.T) { compare(t, newPool(t, threads)) })
	}
	for _, isa := range []avocet.ISA{avocet.ISAAVX2, avocet.ISAPortable} {
		t.Run(isa.String(), func(t *testing.T) {
			defer avocet.CapISA(avocet.ISANone)
			if avocet.CapISA(isa) != isa {
				t.Skipf("this machine does not have %s", isa)
			}
			compare(t, nil)
		})
	}
}
