package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// What the library finds in dense rows.
func TestBadLogisticBatch(t *testing.T) {
	s := newScene(t)
	nan := float32(math.NaN())
	dense := func(targets *avocet.LogisticTargets, change func(rows *avocet.LogisticRows, out *avocet.LogisticBatchOutputs)) error {
		rows, out := s.denseRows()
		change(&rows, &out)
		return s.logisticBatch(rows, targets, out, nil, s.workspace)
	}
	keep := func(*avocet.LogisticRows, *avocet.LogisticBatchOutputs) {}
	// Found on the way: the margins are unspecified, so they are not wanted.
	noMargins := func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Margins = nil }
	coefficients := &avocet.LogisticTargets{A: ones[:R], B: ones[:R]}
	for _, x := range []struct {
		targets *avocet.LogisticTargets
		wanted  avocet.Error
	}{
		{nil, none(avocet.ErrNullPointer, 2, "targets", 0)},
		{&avocet.LogisticTargets{}, none(avocet.ErrNullPointer, 2, "targets.labels", 0)},
		{&avocet.LogisticTargets{Labels: ones[:R], A: ones[:R], B: ones[:R]}, none(avocet.ErrInvalidArgument, 2, "targets.labels", 0)},
		{&avocet.LogisticTargets{Weights: ones[:R], A: ones[:R], B: ones[:R]}, none(avocet.ErrInvalidArgument, 2, "targets.weights", 0)},
	} {
		s.refuses("targets", dense(x.targets, keep), x.wanted)
	}
	minus, nans := []float32{1, -1, 1}, []float32{0, 1, nan}
	for _, x := range []struct {
		targets avocet.LogisticTargets
		wanted  avocet.Error
	}{
		{avocet.LogisticTargets{Labels: minus, Signed: true}, number(avocet.ErrInvalidArgument, 2, "targets.labels", 1, -1)},
		{avocet.LogisticTargets{Labels: nans}, number(avocet.ErrNotFinite, 2, "targets.labels", 2, math.NaN())},
		{avocet.LogisticTargets{Labels: ones[:R], Weights: minus}, number(avocet.ErrInvalidArgument, 2, "targets.weights", 1, -1)},
		{avocet.LogisticTargets{A: minus, B: ones[:R]}, number(avocet.ErrInvalidArgument, 2, "targets.a", 1, -1)},
		{avocet.LogisticTargets{A: ones[:R], B: nans, Signed: true}, number(avocet.ErrNotFinite, 2, "targets.b", 2, math.NaN())},
	} {
		s.refuses("a target", dense(&x.targets, noMargins), x.wanted)
	}
	// The first bad row of several, in a later leaf, with every pool.
	many := slices.Repeat([]float32{1}, 200_000)
	many[70_000], many[150_000] = -3, nan
	rows := avocet.LogisticRows{Features: avocet.DenseFeatures(rowsOf(slices.Repeat([]float32{1}, len(many)), len(many))), Weights: ones[:1]}
	for _, pool := range []*avocet.Pool{nil, newPool(t, 2)} {
		err := s.logisticBatch(rows, &avocet.LogisticTargets{A: many, B: many},
			avocet.LogisticBatchOutputs{Gradient: s.more[:1]}, pool, s.workspace)
		s.refuses("the first bad row", err, number(avocet.ErrInvalidArgument, 2, "targets.a", 70_000, -3))
	}
	for name, change := range map[string]func(rows *avocet.LogisticRows, out *avocet.LogisticBatchOutputs){
		"out.margins":   func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Margins = s.y.Data[:R] },
		"out.gradient":  func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Gradient = s.out[1 : 1+D] },
		"out.curvature": func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Curvature = s.more[1 : 1+D] },
		"out.product":   func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Product = s.more[1 : 1+D] },
	} {
		s.refuses("overlap", dense(coefficients, change), none(avocet.ErrOverlap, 3, name, 0))
	}
	alongMargins := func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) { out.Along = s.out[:D] }
	s.refuses("overlap", dense(coefficients, alongMargins), none(avocet.ErrOverlap, 3, "out.margins", 0))
	// What must not be refused: weights below 0 where they are allowed, and a vector that nothing reads.
	check(t, dense(&avocet.LogisticTargets{A: minus, B: minus, Signed: true}, func(_ *avocet.LogisticRows, out *avocet.LogisticBatchOutputs) {
		out.Product, out.Along = nil, ones[:9]
	}))
}
