package avocet_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func ExampleScorePairs() {
	left := avocet.Matrix{Data: []float32{1, 2, 3, 4}, Rows: 2, Cols: 2}
	right := avocet.Matrix{Data: []float32{5, 6, 7, 8}, Rows: 2, Cols: 2}
	scores := make([]float32, 3)
	err := avocet.ScorePairs(left, right, []uint32{0, 1, 1}, []int64{1, 0, 1}, scores, nil)
	fmt.Println(scores, err)
	// Output: [23 39 53] <nil>
}

func ExampleAggregate() {
	// Node 0 has the neighbours 1 and 2, node 1 the neighbour 0, node 2 none.
	graph, err := avocet.NewGraph([]int64{0, 2, 3, 3}, []uint32{1, 2, 0}, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer graph.Close()
	x := avocet.Matrix{Data: []float32{1, 2, 3}, Rows: 3, Cols: 1}
	mean := avocet.Matrix{Data: make([]float32, 3), Rows: 3, Cols: 1}
	err = avocet.Aggregate(graph, x, avocet.AggregateOptions{Reduce: avocet.ReduceMean}, mean, nil)
	fmt.Println(mean.Data, err)
	// Output: [2.5 1 0] <nil>
}

func ExampleTopK() {
	workspace, err := avocet.NewWorkspace(0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer workspace.Close()
	query := avocet.Matrix{Data: []float32{1, 0}, Rows: 1, Cols: 2}
	targets := avocet.Matrix{Data: []float32{1, 1, 3, 1, 2, 1}, Rows: 3, Cols: 2}
	lists := avocet.TopKLists{IDs: make([]uint32, 2), Scores: make([]float32, 2), Counts: make([]uint32, 1)}
	err = avocet.TopK(query, targets, nil, 2, lists, nil, workspace)
	fmt.Println(lists.IDs, lists.Scores, err)
	// Output: [1 2] [3 2] <nil>
}

func ExampleMap() {
	x := []float32{-1, 0, 1}
	out := make([]float32, len(x))
	fmt.Println(avocet.Map(avocet.Sigmoid, x, out, nil), out)
	// Output: <nil> [0.26894143 0.5 0.7310586]
}

func ExampleNewStream() {
	// The first click converts after 1, the second after 8, the third never. Rows wait for 2, conversions count up to 100.
	clicks := avocet.Clicks{Times: []int64{10, 0, 7}, Conversions: []int64{11, 8, avocet.Never}}
	stream, err := avocet.NewStream(avocet.ProtocolDelayed, clicks, 2, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stream.Close()
	n := stream.Rows()
	rows := avocet.StreamRows{Times: make([]int64, n), Clicks: make([]uint32, n), Kinds: make([]avocet.RowKind, n)}
	err = stream.Copy(rows)
	fmt.Println(rows.Times, rows.Clicks, rows.Kinds, err)

	// The heads say that a late conversion is as likely as not, and so is none where there was none in time.
	heads := make([]float32, n)
	a, b := make([]float32, n), make([]float32, n)
	scheme := avocet.FeedbackScheme{Method: avocet.FeedbackESDFM}
	err = avocet.FeedbackWeights(scheme, avocet.FeedbackRows{Kinds: rows.Kinds, First: heads, Second: heads}, a, b, nil)
	fmt.Println(a, b, err)
	// Output:
	// [2 8 9 12] [1 1 2 0] [0 2 0 1] <nil>
	// [0 1.5 0 1.5] [0.75 0 0.75 0] <nil>
}

func ExampleLogisticLoss() {
	workspace, err := avocet.NewWorkspace(0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer workspace.Close()
	targets := avocet.LogisticTargets{Labels: []float32{1, 0, .5}, Weights: []float32{1, 4, 1}}
	gradient := make([]float32, 3)
	var sum float64
	out := avocet.LogisticOutputs{Gradient: gradient, Sum: &sum}
	err = avocet.LogisticLoss([]float32{0, 0, 0}, targets, out, nil, workspace)
	fmt.Printf("%v %.4f %v\n", gradient, sum, err)
	// Output: [-0.5 2 0] 4.1589 <nil>
}

func ExampleLogisticBatch() {
	workspace, err := avocet.NewWorkspace(0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer workspace.Close()
	x := avocet.Matrix{Data: []float32{1, 0, 0, 2}, Rows: 2, Cols: 2}
	rows := avocet.LogisticRows{Features: avocet.DenseFeatures(x), Weights: []float32{0, 0}}
	out := avocet.LogisticBatchOutputs{Gradient: make([]float32, 2), Curvature: make([]float32, 2),
		Product: make([]float32, 2), Along: []float32{1, 1}}
	sums, err := avocet.LogisticBatch(rows, &avocet.LogisticTargets{Labels: []float32{1, 0}}, out, nil, workspace)
	fmt.Println(out.Gradient, out.Curvature, out.Product)
	fmt.Printf("%.4f %g %g %g %v\n", sums.Loss, sums.Gradient, sums.Curvature, sums.Product, err)
	// Output:
	// [-0.5 1] [0.25 1] [0.25 1]
	// 1.3863 0 0.5 0.75 <nil>
}

// Sparse rows that are trained on many times are prepared once.
func ExampleLogisticFit() {
	clicks := avocet.CSR[int64, uint32]{Offsets: []int64{0, 2, 3, 5, 6}, Indices: []uint32{1, 7, 1, 3, 7, 3}, Cols: 10}
	rows, err := avocet.NewPreparedRows(clicks)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rows.Close()
	features, weights := make([]uint32, rows.FeatureCount()), make([]float32, rows.FeatureCount())
	err = rows.Features(features)
	found, err2 := avocet.LogisticFit(avocet.LogisticRows{Features: avocet.PreparedFeatures(rows), Compact: true},
		avocet.LogisticTargets{Labels: []float32{1, 0, 1, 1}}, avocet.LogisticFitOptions{L2: .5}, weights, nil)
	fmt.Printf("%v %.2f %.2f %v\n", features, weights, found.Intercept, errors.Join(err, err2))
	fmt.Println(found.Outcome == avocet.FitConverged)
	// Output:
	// [1 3 7] [-0.59 0.59 0.74] 0.84 <nil>
	// true
}

// Two workers have 2048 and 1000 of 3048 rows, and get the bits of one call together.
func ExampleCalibrationMerge() {
	probabilities, labels := make([]float32, 3048), make([]float32, 3048)
	for i := range labels {
		probabilities[i], labels[i] = .25, float32(i%4/3)
	}
	whole, err := avocet.Calibration(probabilities, labels, nil)
	var sizes []int
	var parts []avocet.CalibrationResult
	for _, worker := range []struct{ first, rows int }{{0, 2048}, {2048, 1000}} {
		var places [avocet.MaxLogisticParts]int
		pieces, err2 := avocet.LogisticParts(worker.first, worker.rows, places[:])
		err = errors.Join(err, err2)
		for _, size := range pieces {
			part, err2 := avocet.Calibration(probabilities[:size], labels[worker.first:][:size], nil)
			err = errors.Join(err, err2)
			sizes, parts = append(sizes, size), append(parts, part)
			worker.first += size
		}
	}
	merged, err2 := avocet.CalibrationMerge(sizes, parts)
	fmt.Println(sizes, merged == whole, merged.Observed, errors.Join(err, err2))
	// Output: [2048 1000] true 762 <nil>
}

func ExampleCalibrationResult_Add() {
	monday, err := avocet.Calibration([]float32{.5, .25}, []float32{1, 0}, nil)
	tuesday, err2 := avocet.Calibration([]float32{.75}, []float32{1}, nil)
	both := monday.Add(tuesday)
	fmt.Printf("%.4f %g %v\n", both.LogLoss(), both.Ratio(), errors.Join(err, err2))
	// Output: 0.4228 0.75 <nil>
}

// The most positives that can be decided at a precision of 9/10, by two levels of uncertainty and three bins of scores.
func ExampleThresholdSearch() {
	grid, err := avocet.NewGrid(avocet.GivenEdges([]float32{.5}), avocet.UniformEdges(3, 0, 3), avocet.Sample{}, nil)
	buckets, err2 := avocet.NewBuckets(grid, 1)
	workspace, err3 := avocet.NewWorkspace(0)
	if err := errors.Join(err, err2, err3); err != nil {
		log.Fatal(err)
	}
	defer grid.Close()
	defer buckets.Close()
	defer workspace.Close()
	scores, uncertainties := []float32{.5, 1.5, 2.5, 1.5, 2.5, .5}, []float32{.1, .2, .3, .6, .7, .8}
	err = buckets.Add(avocet.ThresholdRows{Scores: scores, Uncertainties: uncertainties,
		Labels: avocet.LabelsOf([]bool{false, true, true, false, true, true})}, nil, workspace)
	fmt.Println(err)

	bins := make([]uint32, grid.Levels())
	objective := avocet.Objective{Kind: avocet.ObjectiveRecall, Numerator: 9, Denominator: 10}
	found, err := avocet.ThresholdSearch(avocet.Cells{Buckets: buckets}, objective, avocet.SearchOptions{}, bins, workspace)
	fmt.Println(bins, found.Positive, found.Negative, found.Proven, err)
	thresholds, selected := make([]float32, grid.Levels()), make([]bool, len(scores))
	err = grid.Thresholds(bins, thresholds)
	err2 = avocet.ThresholdDecide(grid, thresholds, scores, uncertainties, selected, nil)
	fmt.Println(thresholds, selected, errors.Join(err, err2))

	// An expected outcome, with what there is at best.
	few := avocet.Cells{Levels: 1, Bins: 2, Positive: []uint64{1, 3}, Negative: []uint64{2, 1}}
	found, err = avocet.ThresholdSearch(few, objective, avocet.SearchOptions{}, bins[:1], workspace)
	fmt.Println(errors.Is(err, avocet.ErrInfeasible), found.BoundPositive, found.BoundNegative)
	// Output:
	// <nil>
	// [1 2] 3 0 true <nil>
	// [1 2] [false true true false true false] <nil>
	// true 3 1
}

// Targets that are packed once and searched with many queries, under the caller's own ids.
func ExamplePackedIndex() {
	targets := avocet.Matrix{Data: []float32{1, 0, 0, 2, 3, 3}, Rows: 3, Cols: 2}
	workspace, err := avocet.NewWorkspace(0)
	index, err2 := avocet.NewPackedIndex(avocet.RealVectors(targets), avocet.PackedIndexOptions{IDs: []uint64{1001, 1002, 1003}}, nil)
	if err := errors.Join(err, err2); err != nil {
		log.Fatal(err)
	}
	defer workspace.Close()
	defer index.Close()
	queries := avocet.Matrix{Data: []float32{1, 1, -1, 2}, Rows: 2, Cols: 2}
	best := avocet.IndexLists{Rows: make([]uint32, 4), Scores: make([]float32, 4), Counts: make([]uint32, 2)}
	err = index.Search(queries, 2, best, nil, workspace)
	ids := make([]uint64, 4)
	err2 = index.IDs(best.Rows, ids)
	fmt.Println(ids, best.Scores, errors.Join(err, err2))

	fewer, err := index.Remove([]uint32{2})
	if err != nil {
		log.Fatal(err)
	}
	defer fewer.Close()
	err = fewer.Search(queries, 2, best, nil, workspace)
	fmt.Println(best.Rows, fewer.Live(), index.Live(), err)
	// Output:
	// [1003 1002 1002 1003] [6 2 4 3] <nil>
	// [1 0 1 0] 2 3 <nil>
}

func ExampleError() {
	m := avocet.Matrix{Data: make([]float32, 4), Rows: 2, Cols: 2}
	err := avocet.ScorePairs(m, m, []int{0, 1}, []int{1, 2}, make([]float32, 2), nil)
	fmt.Println(err)
	var e *avocet.Error
	if errors.Is(err, avocet.ErrIndexOutOfRange) && errors.As(err, &e) {
		fmt.Println(e.Name, e.Position, e.Integer)
	}
	// Output:
	// avocet: index out of range: argument 4 (v), position 1, value 2
	// v 1 2
}
