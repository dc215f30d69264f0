package avocet_test

import (
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// Calls allocate nothing: neither the slices nor the views nor the results leave the stack.
func TestNoAllocations(t *testing.T) {
	s := newScene(t)
	a := s.arguments()
	fanout := make([]uint32, R)
	offsets := make([]int64, R+1)
	stream := newStream(t)
	kinds := make([]avocet.RowKind, 3)
	model, sparse := newSparseModel(t, C, avocet.SparseModelOptions{Intercept: true}), fiveEntries()
	check(t, avocet.LearnSparse(model, sparse, avocet.LogisticTargets{Labels: ones[:R]}, 1, nil, s.workspace))
	csr := fiveOfCSR()
	prepared := preparedRows(t)(avocet.NewPreparedRows(csr))
	occurring := make([]uint32, prepared.FeatureCount())
	state := make([]byte, len(saved(t, model)))
	calls := map[string]func(p *avocet.Pool) error{
		"Map": func(p *avocet.Pool) error { return avocet.Map(avocet.Tanh, s.x.Data, s.out[:C*D], p) },
		"Map on the stack": func(p *avocet.Pool) error {
			x, out := [4]float32{1, 2, 3, 4}, [4]float32{}
			return avocet.Map(avocet.Tanh, x[:], out[:], p)
		},
		"Aggregate": func(p *avocet.Pool) error {
			return avocet.Aggregate(s.graph, s.x, avocet.AggregateOptions{EdgeWeights: s.out[:E]}, s.dy, p)
		},
		"EdgeDots": func(p *avocet.Pool) error { return avocet.EdgeDots(s.graph, s.y, s.x, s.out[:E], p) },
		"AdaptiveFanout": func(p *avocet.Pool) error {
			return avocet.AdaptiveFanout(s.graph, avocet.PowerLaw{Least: 1, Exponent: 2}, 1, 2, fanout)
		},
		"FitPowerLaw": func(p *avocet.Pool) error {
			_, err := avocet.FitPowerLaw(s.graph)
			return err
		},
		"Offsets": func(p *avocet.Pool) error { return s.graph.Offsets(offsets) },
		"Product": func(p *avocet.Pool) error {
			return avocet.Product(a.addends, avocet.DenseOptions{Normalise: true}, s.dy, s.out[:R], p, s.workspace)
		},
		"Product on the stack": func(p *avocet.Pool) error {
			return avocet.Product([]avocet.Addend{{X: s.y, W: s.w}}, avocet.DenseOptions{}, s.dy, nil, p, s.workspace)
		},
		"Activate": func(p *avocet.Pool) error { return avocet.Activate(avocet.DenseOptions{}, s.dy, nil, p) },
		"ActivateBackward": func(p *avocet.Pool) error {
			return avocet.ActivateBackward(avocet.DenseOptions{}, s.y, nil, s.y, s.dy, p)
		},
		"WeightGradient": func(p *avocet.Pool) error {
			return avocet.WeightGradient(s.y, s.y, false, s.dw, p, s.workspace)
		},
		"DualForward": func(p *avocet.Pool) error { return avocet.DualForward(a.layer, a.rows, p, s.workspace) },
		"DualBackward": func(p *avocet.Pool) error {
			return avocet.DualBackward(a.layer, a.result, a.gradients, p, s.workspace)
		},
		"ScorePairs": func(p *avocet.Pool) error { return avocet.ScorePairs(s.y, s.x, three, three, s.out[:3], p) },
		"ScorePairs on the stack": func(p *avocet.Pool) error {
			u, v, out := [2]int64{0, 1}, [2]uint32{0, 1}, [2]float32{}
			return avocet.ScorePairs(s.y, s.x, u[:], v[:], out[:], p)
		},
		"ScorePairsOf on the stack": func(p *avocet.Pool) error {
			x, y, bytes, scales := [2]avocet.F16{1, 2}, [2]avocet.BF16{3, 4}, [2]int8{5, 6}, [2]float32{7, 8}
			u, out := [2]int64{0, 1}, [2]float32{}
			integers := avocet.Int8Tables(bytesOf(bytes[:], 2), scales[:], bytesOf(bytes[:], 2), nil)
			options := avocet.ScoreOptions{Metric: avocet.MetricCosine, Second: integers, Factor: 1, SecondFactor: 2}
			return avocet.ScorePairsOf(avocet.RealTables(halvesOf(x[:], 2), brainsOf(y[:], 2)), u[:], u[:], options, out[:], p)
		},
		"ScoreCandidates on the stack": func(p *avocet.Pool) error {
			x, y, offsets, candidates, out := [2]avocet.F16{1, 2}, [2]float32{3, 4}, [3]int32{0, 1, 2}, [2]uint32{1, 0}, [2]float32{}
			return avocet.ScoreCandidates(halvesOf(x[:], 2), rowsOf(y[:], 2), offsets[:], candidates[:], out[:], p)
		},
		"ScoreMatrix on the stack": func(p *avocet.Pool) error {
			x, y, out := [2]avocet.BF16{1, 2}, [2]float32{3, 4}, [4]float32{}
			return avocet.ScoreMatrix(brainsOf(x[:], 2), rowsOf(y[:], 2), rowsOf(out[:], 2), p)
		},
		"Convert on the stack": func(p *avocet.Pool) error {
			x, out := [2]float32{1, 2}, [2]avocet.F16{}
			return avocet.Convert(rowsOf(x[:], 2), halvesOf(out[:], 2), p)
		},
		"QuantizeRows on the stack": func(p *avocet.Pool) error {
			x, out, scales := [2]float32{1, 2}, [2]int8{}, [2]float32{}
			return avocet.QuantizeRows(rowsOf(x[:], 2), bytesOf(out[:], 2), scales[:], p)
		},
		"DequantizeRows on the stack": func(p *avocet.Pool) error {
			x, scales, out := [2]int8{1, 2}, [2]float32{3, 4}, [2]float32{}
			return avocet.DequantizeRows(bytesOf(x[:], 2), scales[:], rowsOf(out[:], 2), p)
		},
		"RowNorms on the stack": func(p *avocet.Pool) error {
			x, out := [2]avocet.F16{1, 2}, [2]float32{}
			return avocet.RowNorms(halvesOf(x[:], 2), out[:], p)
		},
		"TopK": func(p *avocet.Pool) error { return s.topK(s.y, s.x, s.graph, 2, s.lists(), p, s.workspace) },
		"RankCounts": func(p *avocet.Pool) error {
			return avocet.RankCounts(s.y, s.x, s.graph, s.graph, s.ids[:E], s.counts[:E], p, s.workspace)
		},
		"EdgeLoss": func(p *avocet.Pool) error {
			dx, dy := s.dx, s.dy
			_, err := avocet.EdgeLoss(s.graph, s.back, s.y, s.x, edgeTerm, nil, &dy, &dx, p, s.workspace)
			return err
		},
		"SoftmaxLoss": func(p *avocet.Pool) error {
			dx, dy := s.dx, s.dy
			_, err := avocet.SoftmaxLoss(s.graph, s.back, s.y, s.x, three, softmaxTerm, nil, &dy, &dx, p, s.workspace)
			return err
		},
		"Adam": func(p *avocet.Pool) error {
			return avocet.Adam(.1, 1, avocet.AdamOptions{}, s.out[:4], s.x.Data[:4], s.out[4:8], s.out[8:12], p)
		},
		"AdagradRows": func(p *avocet.Pool) error {
			return avocet.AdagradRows(.1, 1, three, s.y, s.dx, rowsOf(s.out[:C*D], C), p)
		},
		"LogisticLoss": func(p *avocet.Pool) error {
			var sum float64
			out := avocet.LogisticOutputs{Losses: s.out[:3], Gradient: s.more[:3], Curvature: s.more[3:6], Sum: &sum}
			targets := avocet.LogisticTargets{Labels: ones[:3], Weights: ones[:3]}
			return avocet.LogisticLoss(ones[:3], targets, out, p, s.workspace)
		},
		"LogisticLoss on the stack": func(p *avocet.Pool) error {
			x, a, b, gradient := [2]float32{1, 2}, [2]float32{1, 0}, [2]float32{0, 1}, [2]float32{}
			return avocet.LogisticLoss(x[:], avocet.LogisticTargets{A: a[:], B: b[:]},
				avocet.LogisticOutputs{Gradient: gradient[:]}, p, s.workspace)
		},
		"LogisticBatch": func(p *avocet.Pool) error {
			rows, out := s.denseRows()
			_, err := avocet.LogisticBatch(rows, &avocet.LogisticTargets{Labels: ones[:R]}, out, p, s.workspace)
			return err
		},
		"LogisticBatch on the stack": func(p *avocet.Pool) error {
			x, weights, a, b, gradient := [4]float32{1, 2}, [2]float32{1, 0}, [2]float32{0, 1}, [2]float32{}, [2]float32{}
			rows := avocet.LogisticRows{Features: avocet.DenseFeatures(avocet.Matrix{Data: x[:], Rows: 2, Cols: 2}), Weights: weights[:]}
			_, err := avocet.LogisticBatch(rows, &avocet.LogisticTargets{A: a[:], B: b[:]},
				avocet.LogisticBatchOutputs{Gradient: gradient[:]}, p, s.workspace)
			return err
		},
		"LogisticBatch of sparse rows": func(p *avocet.Pool) error {
			return s.sparseBatch(avocet.SparseFeatures(csr), false, p)
		},
		"LogisticBatch of sparse rows on the stack": func(p *avocet.Pool) error {
			offsets, indices, values, a, b := [2]int64{0, 1}, [1]int32{1}, [1]float32{2}, [1]float32{1}, [1]float32{}
			weights, gradient := [2]float32{}, [2]float32{}
			features := avocet.SparseFeatures(avocet.CSR[int64, int32]{Offsets: offsets[:], Indices: indices[:],
				Values: values[:], Cols: 2})
			_, err := avocet.LogisticBatch(avocet.LogisticRows{Features: features, Weights: weights[:]},
				&avocet.LogisticTargets{A: a[:], B: b[:]}, avocet.LogisticBatchOutputs{Gradient: gradient[:]}, p, s.workspace)
			return err
		},
		"LogisticBatch of prepared rows": func(p *avocet.Pool) error {
			return s.sparseBatch(avocet.PreparedFeatures(prepared), false, p)
		},
		"LogisticBatch of compact rows": func(p *avocet.Pool) error {
			return s.sparseBatch(avocet.PreparedFeatures(prepared), true, p)
		},
		"LogisticBatch of 16 bits on the stack": func(p *avocet.Pool) error {
			x, weights, margins := [4]avocet.BF16{1, 2}, [2]float32{1, 0}, [2]float32{}
			features := avocet.DenseFeatures(avocet.MatrixOf[avocet.BF16]{Data: x[:], Rows: 2, Cols: 2})
			_, err := avocet.LogisticBatch(avocet.LogisticRows{Features: features, Weights: weights[:]}, nil,
				avocet.LogisticBatchOutputs{Margins: margins[:]}, p, s.workspace)
			return err
		},
		"LogisticFit": func(p *avocet.Pool) error {
			var weights [C]float32
			_, err := avocet.LogisticFit(avocet.LogisticRows{Features: avocet.PreparedFeatures(prepared)},
				avocet.LogisticTargets{Labels: ones[:R]}, avocet.LogisticFitOptions{Iterations: 2}, weights[:], p)
			return err
		},
		"LogisticProduct on the stack": func(p *avocet.Pool) error {
			x1, x2, a, b, gradient := [1]float32{1}, [1]float32{1}, [1]float32{1}, [1]float32{}, [1]float32{}
			var sum float64
			return avocet.LogisticProduct(x1[:], x2[:], avocet.LogisticTargets{A: a[:], B: b[:]},
				avocet.LogisticProductOutputs{FirstGradient: gradient[:], Sum: &sum}, p, s.workspace)
		},
		"LogisticParts": func(p *avocet.Pool) error {
			var sizes [avocet.MaxLogisticParts]int
			_, err := avocet.LogisticParts(1024, 5000, sizes[:])
			return err
		},
		"LogisticMerge": func(p *avocet.Pool) error {
			rows, sums, vectors, vector := [2]int{1024, 3}, [2]avocet.LogisticSums{}, [4]float32{}, [2]float32{}
			_, err := avocet.LogisticMerge(rows[:], sums[:], &avocet.Matrix{Data: vectors[:], Rows: 2, Cols: 2}, vector[:])
			return err
		},
		"CalibrationMerge": func(p *avocet.Pool) error {
			rows, parts := [2]int{1024, 3}, [2]avocet.CalibrationResult{}
			_, err := avocet.CalibrationMerge(rows[:], parts[:])
			return err
		},
		"Features": func(p *avocet.Pool) error { return prepared.Features(occurring) },
		"FeedbackWeights": func(p *avocet.Pool) error {
			rows := avocet.FeedbackRows{Kinds: kinds, Logits: ones[:3], First: ones[:3], Second: ones[:3]}
			return avocet.FeedbackWeights(avocet.FeedbackScheme{Method: avocet.FeedbackDFM}, rows, s.out[:3], s.more[:3], p)
		},
		"FeedbackWeights on the stack": func(p *avocet.Pool) error {
			kinds, a, b := [1]avocet.RowKind{}, [1]float32{}, [1]float32{}
			return avocet.FeedbackWeights(avocet.FeedbackScheme{}, avocet.FeedbackRows{Kinds: kinds[:]}, a[:], b[:], p)
		},
		"FeedbackServed": func(p *avocet.Pool) error { return avocet.FeedbackServed(s.x.Data, s.out[:C*D], p) },
		"Copy": func(p *avocet.Pool) error {
			var times [5]int64
			var clicks [5]uint32
			var kinds [5]avocet.RowKind
			var signals [5]bool
			return stream.Copy(avocet.StreamRows{Times: times[:], Clicks: clicks[:], Kinds: kinds[:], Signals: signals[:]})
		},
		"PredictSparse": func(p *avocet.Pool) error { return avocet.PredictSparse(model, sparse, s.out[:R], p) },
		"PredictSparse on the stack": func(p *avocet.Pool) error {
			offsets, indices, logits := [2]int32{0, 1}, [1]int64{2}, [1]float32{}
			rows := avocet.SparseRows[int32, int64]{Offsets: offsets[:], Indices: indices[:]}
			return avocet.PredictSparse(model, rows, logits[:], p)
		},
		"LearnSparse": func(p *avocet.Pool) error {
			return avocet.LearnSparse(model, sparse, avocet.LogisticTargets{Labels: ones[:R]}, 2, s.out[:R], s.workspace)
		},
		"LearnSparse on the stack": func(p *avocet.Pool) error {
			offsets, indices, a, b := [2]int32{0, 1}, [1]int64{2}, [1]float32{1}, [1]float32{}
			rows := avocet.SparseRows[int32, int64]{Offsets: offsets[:], Indices: indices[:]}
			return avocet.LearnSparse(model, rows, avocet.LogisticTargets{A: a[:], B: b[:]}, 1, nil, s.workspace)
		},
		"Weights": func(p *avocet.Pool) error { return model.Weights(s.out[:C]) },
		"Nonzero": func(p *avocet.Pool) error {
			n, err := model.Nonzeros()
			if err != nil {
				return err
			}
			return model.Nonzero(s.ids[:n], s.out[:n])
		},
		"Save": func(p *avocet.Pool) error {
			n, err := model.SavedBytes()
			if err != nil {
				return err
			}
			return model.Save(state[:n])
		},
		"Ranking": func(p *avocet.Pool) error {
			_, err := avocet.Ranking(s.x.Data, ones[:C*D], ones[:C*D])
			return err
		},
		"Calibration": func(p *avocet.Pool) error {
			_, err := avocet.Calibration(ones[:3], ones[:3], nil)
			return err
		},
	}
	allocateNothing(t, calls)
}

func allocateNothing(t *testing.T, calls map[string]func(p *avocet.Pool) error) {
	pool := newPool(t, 2)
	for name, call := range calls {
		for _, p := range []*avocet.Pool{nil, pool} {
			if err := call(p); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if n := testing.AllocsPerRun(100, func() { _ = call(p) }); n != 0 {
				t.Errorf("%s with %d threads allocates %g times", name, p.Threads(), n)
			}
		}
	}
}

// Neither do those of the threshold family.
func TestNoAllocationsOfThresholds(t *testing.T) {
	w := newWorkspace(t)
	g := newGrid(t)
	b, other, rows := newBuckets(t, g, 1), newBuckets(t, g, 1), eightRows()
	check(t, b.Add(rows, nil, w))
	many, labels := zeros(3000), make([]bool, 3000)
	p, n, state := words(cellCount), words(cellCount), make([]byte, b.SavedBytes())
	var thresholds [levels]uint32
	allocateNothing(t, map[string]func(p *avocet.Pool) error{
		"Add": func(p *avocet.Pool) error { return b.Add(rows, p, w) },
		"Add many": func(p *avocet.Pool) error {
			return b.Add(avocet.ThresholdRows{Scores: many, Uncertainties: many, Labels: avocet.LabelsOf(labels)}, p, w)
		},
		"Add on the stack": func(p *avocet.Pool) error {
			x, u, labels, segments := [2]float32{1, 2}, [2]float32{0, 1}, [2]uint8{1, 0}, [2]uint16{}
			return b.Add(avocet.ThresholdRows{Scores: x[:], Uncertainties: u[:], Labels: avocet.LabelsOf(labels[:]),
				Segments: avocet.SegmentsOf(segments[:])}, p, w)
		},
		"Merge":     func(*avocet.Pool) error { return b.Merge(other) },
		"Subtract":  func(*avocet.Pool) error { return b.Subtract(other) },
		"Clear":     func(*avocet.Pool) error { return other.Clear() },
		"Cells":     func(*avocet.Pool) error { return b.Cells(0, true, p, n) },
		"ScoreBins": func(*avocet.Pool) error { return b.ScoreBins(0, true, p[:bins], n[:bins]) },
		"Apart": func(*avocet.Pool) error {
			_, err := b.Apart(0)
			return err
		},
		"Save": func(*avocet.Pool) error { return b.Save(state) },
		"LevelEdges on the stack": func(*avocet.Pool) error {
			var edges [1]float32
			return g.LevelEdges(edges[:])
		},
		"Thresholds on the stack": func(*avocet.Pool) error {
			var out [levels]float32
			return g.Thresholds(thresholds[:], out[:])
		},
		"ThresholdSearch on the stack": func(*avocet.Pool) error {
			positive, negative := [4]uint64{1, 2, 3, 4}, [4]uint64{4, 3, 2, 1}
			var thresholds [2]uint32
			_, err := avocet.ThresholdSearch(avocet.Cells{Levels: 2, Bins: 2, Positive: positive[:], Negative: negative[:]},
				recallAt(1, 2), avocet.SearchOptions{}, thresholds[:], w)
			return err
		},
		"ThresholdSearch of buckets": func(*avocet.Pool) error {
			_, err := avocet.ThresholdSearch(avocet.Cells{Buckets: b}, recallAt(1, 9), avocet.SearchOptions{}, thresholds[:], w)
			return err
		},
		"ThresholdSingle on the stack": func(p *avocet.Pool) error {
			x, labels := [2]float32{1, 2}, [2]bool{false, true}
			_, _, err := avocet.ThresholdSingle(avocet.ThresholdRows{Scores: x[:], Labels: avocet.LabelsOf(labels[:])}, recallAt(1, 2), p)
			return err
		},
		"ThresholdFrontier on the stack": func(*avocet.Pool) error {
			positive, negative, most := [2]uint64{1, 2}, [2]uint64{2, 1}, [3]uint64{}
			_, err := avocet.ThresholdFrontier(avocet.Cells{Levels: 1, Bins: 2, Positive: positive[:], Negative: negative[:]}, most[:], w)
			return err
		},
		"ThresholdIsotonic on the stack": func(*avocet.Pool) error {
			positive, negative, values := [2]uint64{1, 2}, [2]uint64{2, 1}, [2]float32{}
			return avocet.ThresholdIsotonic(avocet.Cells{Levels: 1, Bins: 2, Positive: positive[:], Negative: negative[:]}, values[:], w)
		},
		"ThresholdIsotonic": func(*avocet.Pool) error {
			var values [cellCount]float32
			return avocet.ThresholdIsotonic(avocet.Cells{Buckets: b}, values[:], w)
		},
		"ThresholdPassing": func(*avocet.Pool) error {
			_, _, err := avocet.ThresholdPassing(avocet.Cells{Buckets: b}, thresholds[:])
			return err
		},
		"ThresholdDecide on the stack": func(p *avocet.Pool) error {
			x, u, limits, out := [2]float32{1, 2}, [2]float32{0, 1}, [levels]float32{}, [2]bool{}
			return avocet.ThresholdDecide(g, limits[:], x[:], u[:], out[:], p)
		},
		"ThresholdDecideBits on the stack": func(p *avocet.Pool) error {
			x, u, limits, out := [2]float32{1, 2}, [2]float32{0, 1}, [levels]float32{}, [1]uint64{}
			return avocet.ThresholdDecideBits(g, limits[:], x[:], u[:], out[:], p)
		},
		"ThresholdCalibrate on the stack": func(p *avocet.Pool) error {
			x, u, values, out := [2]float32{1, 2}, [2]float32{0, 1}, [cellCount]float32{}, [2]float32{}
			return avocet.ThresholdCalibrate(g, values[:], x[:], u[:], out[:], p)
		},
		"ThresholdCells on the stack": func(p *avocet.Pool) error {
			x, u, out := [2]float32{1, 2}, [2]float32{0, 1}, [2]uint32{}
			return avocet.ThresholdCells(g, x[:], u[:], out[:], p)
		},
		"ThresholdBootstrap": func(p *avocet.Pool) error {
			_, _, err := avocet.ThresholdBootstrap(g, thresholds2, rows, avocet.BootstrapOptions{Replicates: 4}, p)
			return err
		},
		"BinnedBootstrap": func(p *avocet.Pool) error {
			_, err := avocet.BinnedBootstrap(g, avocet.FigureAUC, rows, avocet.BootstrapOptions{Replicates: 4}, p)
			return err
		},
		"BinnedCurve on the stack": func(*avocet.Pool) error {
			positive, negative, points := [2]uint64{1, 2}, [2]uint64{2, 1}, [3]avocet.CurvePoint{}
			return avocet.BinnedCurve(positive[:], negative[:], points[:])
		},
		"BinnedAUC": func(*avocet.Pool) error {
			_, err := avocet.BinnedAUC(p, n)
			return err
		},
		"BinnedAveragePrecision": func(*avocet.Pool) error {
			_, err := avocet.BinnedAveragePrecision(p, n, true)
			return err
		},
		"UncertaintyMoments on the stack": func(p *avocet.Pool) error {
			x, mean, variance := [4]float32{1, 2, 3, 4}, [2]float32{}, [2]float32{}
			return avocet.UncertaintyMoments(avocet.Matrix{Data: x[:], Rows: 2, Cols: 2}, true, mean[:], variance[:], p)
		},
		"UncertaintyBeta on the stack": func(p *avocet.Pool) error {
			a, mean, entropy := [2]float32{1, 2}, [2]float32{}, [2]float32{}
			return avocet.UncertaintyBeta(a[:], a[:], mean[:], entropy[:], p)
		},
		"UncertaintyEntropy on the stack": func(p *avocet.Pool) error {
			x, out := [2]float32{.5, 1}, [2]float32{}
			return avocet.UncertaintyEntropy(x[:], out[:], p)
		},
	})
}

// Nor do those of packed indexes.
func TestNoAllocationsOfIndexes(t *testing.T) {
	s := newScene(t)
	calls := map[string]func(p *avocet.Pool) error{}
	narrow := (&golden{t: t}).quantized(s.y)
	for name, storage := range storages {
		index := packed(t)(avocet.NewPackedIndex(avocet.RealVectors(s.x), avocet.PackedIndexOptions{Storage: storage}, nil))
		queries := narrow.vectorsFor(storage, s.y)
		calls["SearchOf "+name] = func(p *avocet.Pool) error {
			options := avocet.IndexSearchOptions{Exclude: s.graph, Allow: s.graph, Least: -9, HasLeast: true}
			return index.SearchOf(queries, 2, options, s.indexLists(), p, s.workspace)
		}
		calls["Scores "+name] = func(p *avocet.Pool) error {
			return index.Scores(queries, s.graph, s.out[:E], p, s.workspace)
		}
		calls["RankCounts "+name] = func(p *avocet.Pool) error {
			return index.RankCounts(queries, s.graph, s.graph, s.ids[:E], s.counts[:E], p, s.workspace)
		}
	}
	index := knownIndex(t)
	bytes := packed(t)(avocet.NewPackedIndex(avocet.RealVectors(knownRows), avocet.PackedIndexOptions{Storage: avocet.IndexInt8}, nil))
	saved := must[[]byte](t)(index.MarshalBinary())
	calls["Search on the stack"] = func(p *avocet.Pool) error {
		queries, rows, scores, counts, nans := [4]float32{1, 1, -1, 2}, [2]uint32{}, [2]float32{}, [2]uint32{}, [2]uint32{}
		return index.Search(rowsOf(queries[:], 2), 1, avocet.IndexLists{Rows: rows[:], Scores: scores[:], Counts: counts[:],
			NaNCounts: nans[:]}, p, s.workspace)
	}
	calls["SearchOf on the stack"] = func(p *avocet.Pool) error {
		queries, scales, rows, scores, counts := [2]int8{1, 2}, [1]float32{3}, [1]uint32{}, [1]float32{}, [1]uint32{}
		return bytes.SearchOf(avocet.Int8Vectors(bytesOf(queries[:], 1), scales[:]), 1, avocet.IndexSearchOptions{},
			avocet.IndexLists{Rows: rows[:], Scores: scores[:], Counts: counts[:]}, p, s.workspace)
	}
	calls["IDs on the stack"] = func(*avocet.Pool) error {
		rows, ids := [2]uint32{1, avocet.NoID}, [2]uint64{}
		return index.IDs(rows[:], ids[:])
	}
	calls["Save"] = func(*avocet.Pool) error { return index.Save(saved) }
	calls["MergeLists on the stack"] = func(*avocet.Pool) error {
		ids, scores, two, one := [2]uint64{1, 2}, [2]float32{4, 3}, [1]uint32{2}, [1]uint32{1}
		shards := [2]avocet.Shard{{K: 2, IDs: ids[:], Scores: scores[:], Counts: two[:]},
			{K: 1, IDs: ids[1:], Scores: scores[1:], Counts: one[:]}}
		var toIDs [3]uint64
		var toScores [3]float32
		var toCounts [1]uint32
		return avocet.MergeLists(shards[:], 1, 3, avocet.MergedLists{IDs: toIDs[:], Scores: toScores[:], Counts: toCounts[:]})
	}
	allocateNothing(t, calls)
}
