package avocet_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// The last bin of the second level has the greatest precision, 4/5.
func sixCells() avocet.Cells {
	return avocet.Cells{Levels: levels, Bins: bins, Positive: []uint64{1, 2, 3, 0, 1, 4}, Negative: []uint64{9, 3, 1, 5, 1, 1}}
}

func recallAt(numerator, denominator uint32) avocet.Objective {
	return avocet.Objective{Numerator: numerator, Denominator: denominator}
}

func solution(t testing.TB) func(avocet.Solution, error) avocet.Solution {
	return must[avocet.Solution](t)
}

func TestKnownThresholds(t *testing.T) {
	w := newWorkspace(t)
	b := newBuckets(t, newGrid(t), 1)
	check(t, b.Add(eightRows(), nil, w))
	cells := avocet.Cells{Buckets: b}
	thresholds := make([]uint32, levels)
	// From 0 on where the uncertainty is below .5, else from 1 on: three positives and a negative.
	found := solution(t)(avocet.ThresholdSearch(cells, recallAt(3, 4), avocet.SearchOptions{}, thresholds, w))
	if !slices.Equal(thresholds, []uint32{1, 2}) || found.Positive != 3 || found.Negative != 1 || !found.Proven ||
		found.BoundPositive != 3 || found.BoundNegative != 1 {
		t.Errorf("%v, %+v", thresholds, found)
	}
	p, n, err := avocet.ThresholdPassing(cells, thresholds)
	if check(t, err); p != 3 || n != 1 {
		t.Errorf("%d and %d pass", p, n)
	}
	single := avocet.SearchOptions{Method: avocet.SearchSingle}
	found = solution(t)(avocet.ThresholdSearch(cells, recallAt(2, 3), single, thresholds, w))
	if !slices.Equal(thresholds, []uint32{2, 2}) || found.Positive != 2 || found.Negative != 1 {
		t.Errorf("%v, %+v", thresholds, found)
	}
	cells.Weights = true
	found = solution(t)(avocet.ThresholdSearch(cells, recallAt(3, 4), avocet.SearchOptions{}, thresholds, w))
	if found.Positive != 3<<19 || found.Negative != 1<<19 {
		t.Errorf("%+v", found)
	}

	// Two levels of two cells of weight 4.
	equal := avocet.Cells{Levels: 2, Bins: 2, Positive: []uint64{1, 3, 0, 4}, Negative: []uint64{3, 1, 4, 0}}
	most := words(5)
	if weight := must[uint64](t)(avocet.ThresholdFrontier(equal, most, w)); weight != 4 || !slices.Equal(most, []uint64{0, 4, 7, 8, 8}) {
		t.Errorf("weight %d, %v", weight, most)
	}
	shares := zeros(4)
	check(t, avocet.ThresholdIsotonic(equal, shares, w))
	if !slices.Equal(shares, []float32{.25, .75, 0, 1}) {
		t.Errorf("shares %v", shares)
	}
	// A falling pair becomes one value, a cell without weight has that of the one below it.
	falling := avocet.Cells{Levels: 2, Bins: 3, Positive: []uint64{3, 1, 0, 0, 0, 0}, Negative: []uint64{1, 3, 0, 0, 0, 0}}
	shares = zeros(6)
	check(t, avocet.ThresholdIsotonic(falling, shares, w))
	if !slices.Equal(shares[:3], []float32{.5, .5, .5}) || slices.ContainsFunc(shares[3:], func(v float32) bool { return v == v }) {
		t.Errorf("shares %v", shares)
	}
	check(t, avocet.ThresholdIsotonic(avocet.Cells{}, nil, w))
	atMost := avocet.Objective{Kind: avocet.ObjectiveAtMost, Selected: 8}
	found = solution(t)(avocet.ThresholdSearch(equal, atMost, avocet.SearchOptions{Method: avocet.SearchDP}, thresholds, w))
	if found.Positive != 7 || !slices.Equal(thresholds, []uint32{1, 1}) {
		t.Errorf("%v, %+v", thresholds, found)
	}
	// No cells: nothing selected has no precision.
	found, err = avocet.ThresholdSearch(avocet.Cells{}, recallAt(1, 2), avocet.SearchOptions{}, nil, w)
	var e *avocet.Error
	if !errors.Is(err, avocet.ErrInfeasible) || !errors.As(err, &e) || !math.IsNaN(e.Real) || found.BoundPositive != 0 {
		t.Errorf("%v, %+v", err, found)
	}
	one := words(1)
	if weight := must[uint64](t)(avocet.ThresholdFrontier(avocet.Cells{}, one, w)); weight != 0 || one[0] != 0 {
		t.Errorf("weight %d, %v", weight, one)
	}
}

// What passes, and all there is.
type selection struct{ p, n, allP, allN int64 }

// value is that of an objective as a fraction, and whether it meets the constraint.
func (s selection) value(o avocet.Objective) (numerator, denominator int64, feasible bool) {
	num, den := int64(o.Numerator), int64(o.Denominator)
	total := s.p + s.n
	switch o.Kind {
	case avocet.ObjectiveRecall:
		return s.p, 1, total > 0 && s.p*den >= num*total
	case avocet.ObjectivePrecision:
		return s.p, max(total, 1), total > 0 && s.p*den >= num*s.allP
	case avocet.ObjectiveFBeta:
		return (den + num) * s.p, max(den*total+num*s.allP, 1), true
	case avocet.ObjectiveUtility:
		return o.PositivePasses*s.p + o.NegativePasses*s.n + o.PositiveStays*(s.allP-s.p) + o.NegativeStays*(s.allN-s.n), 1, true
	case avocet.ObjectiveAtMost:
		return s.p, 1, total <= int64(o.Selected)
	default:
		slack := den*s.p - num*total
		return s.p, 1, total > 0 && slack >= 0 &&
			slack*slack*int64(o.ZDenominator) >= int64(o.ZNumerator)*num*(den-num)*total
	}
}

// Every selection there is, for every objective.
func FuzzThreshold(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, most, selected byte) {
		r, w := &random{seed}, newWorkspace(t)
		cells := avocet.Cells{Levels: int(a%3) + 1, Bins: int(b%4) + 1}
		for range cells.Levels * cells.Bins {
			cells.Positive = append(cells.Positive, uint64(r.below(int(most%8)+1)))
			cells.Negative = append(cells.Negative, uint64(r.below(6)))
		}
		for _, options := range []avocet.SearchOptions{{}, {Shape: avocet.ShapeNonDecreasing}, {Shape: avocet.ShapeNonIncreasing},
			{Method: avocet.SearchSingle}} {
			for kind := avocet.ObjectiveRecall; kind <= avocet.ObjectiveRecallWilson; kind++ {
				checkSearch(t, cells, r.objective(kind, uint64(selected%30)), options, w)
			}
		}
	})
}

func (r *random) objective(kind avocet.ObjectiveKind, selected uint64) avocet.Objective {
	gain := func() int64 { return int64(r.below(9)) - 4 }
	denominator := uint32(r.below(9) + 1)
	return avocet.Objective{Kind: kind, Numerator: uint32(r.below(int(denominator) + 1)), Denominator: denominator,
		ZNumerator: uint32(r.below(4)), ZDenominator: 2, Selected: selected,
		PositivePasses: gain(), NegativePasses: gain(), PositiveStays: gain(), NegativeStays: gain()}
}

// best is the best of selections by an objective, and the most precise one.
type best struct {
	of                     avocet.Objective
	feasible               bool
	numerator, denominator int64
	precise                selection
}

func (b *best) consider(s selection) {
	if numerator, denominator, meets := s.value(b.of); meets && (!b.feasible || numerator*b.denominator > b.numerator*denominator) {
		b.feasible, b.numerator, b.denominator = true, numerator, denominator
	}
	if before := b.precise.p + b.precise.n; s.p+s.n > 0 && (before == 0 || s.p*before > b.precise.p*(s.p+s.n)) {
		b.precise = s
	}
}

// equals compares a selection, or a bound, with the best.
func (b *best) equals(s selection) bool {
	numerator, denominator, _ := s.value(b.of)
	return numerator*b.denominator == b.numerator*denominator
}

// checkInfeasible looks at what comes where nothing meets the constraint. A bound that is tight is what there is at best.
func (b *best) checkInfeasible(t *testing.T, found avocet.Solution, err error, tight bool) {
	t.Helper()
	var e *avocet.Error
	if !errors.Is(err, avocet.ErrInfeasible) || !errors.As(err, &e) || e.Name != "objective" || found.Positive+found.Negative != 0 {
		t.Fatalf("%+v: %+v, %v", b.of, found, err)
	}
	p, total := b.precise.p, b.precise.p+b.precise.n
	if b.of.Kind != avocet.ObjectiveRecall || total == 0 {
		return
	}
	boundP, bound := int64(found.BoundPositive), int64(found.BoundPositive+found.BoundNegative)
	if tight && boundP*total != p*bound || boundP*total < p*bound || e.Real != float64(boundP)/float64(bound) {
		t.Fatalf("%+v: %d of %d, but %+v, %v", b.of, p, total, found, err)
	}
}

// checkSearch compares a search with all selections that it may choose from.
func checkSearch(t *testing.T, cells avocet.Cells, o avocet.Objective, options avocet.SearchOptions, w *avocet.Workspace) {
	t.Helper()
	all := selection{}
	for i := range cells.Positive {
		all.allP, all.allN = all.allP+int64(cells.Positive[i]), all.allN+int64(cells.Negative[i])
	}
	thresholds := make([]uint32, cells.Levels)
	selected := func() selection {
		s := all
		for level, from := range thresholds {
			for bin := int(from); bin < cells.Bins; bin++ {
				s.p += int64(cells.Positive[level*cells.Bins+bin])
				s.n += int64(cells.Negative[level*cells.Bins+bin])
			}
		}
		return s
	}
	allowed := func() bool {
		for level := 1; level < cells.Levels; level++ {
			before, here := thresholds[level-1], thresholds[level]
			if options.Method == avocet.SearchSingle && here != before ||
				options.Shape == avocet.ShapeNonDecreasing && here < before ||
				options.Shape == avocet.ShapeNonIncreasing && here > before {
				return false
			}
		}
		return true
	}
	wanted := best{of: o}
	for level := 0; level < cells.Levels; {
		if allowed() {
			wanted.consider(selected())
		}
		for level = 0; level < cells.Levels && thresholds[level] == uint32(cells.Bins); level++ {
			thresholds[level] = 0
		}
		if level < cells.Levels {
			thresholds[level]++
		}
	}

	found, err := avocet.ThresholdSearch(cells, o, options, thresholds, w)
	if !wanted.feasible {
		// The search for one threshold bounds precision by that of any selection.
		wanted.checkInfeasible(t, found, err, options.Method != avocet.SearchSingle)
		if slices.ContainsFunc(thresholds, func(from uint32) bool { return from != uint32(cells.Bins) }) {
			t.Fatalf("something passes: %v", thresholds)
		}
		return
	}
	check(t, err)
	s := selected()
	p, n, err := avocet.ThresholdPassing(cells, thresholds)
	check(t, err)
	if _, _, meets := s.value(o); !meets || !allowed() || !wanted.equals(s) || !found.Proven || uint64(s.p) != found.Positive ||
		uint64(s.n) != found.Negative || p != found.Positive || n != found.Negative {
		t.Fatalf("%+v: %v, %+v, but the best is %+v", o, thresholds, found, wanted)
	}
	if !wanted.equals(selection{int64(found.BoundPositive), int64(found.BoundNegative), all.allP, all.allN}) {
		t.Fatalf("%+v: the bound of %+v is not %+v", o, found, wanted)
	}
}

// Two outcomes that are errors with a solution.
func TestUnsolved(t *testing.T) {
	s := newScene(t)
	thresholds := []uint32{7, 7}
	found, err := avocet.ThresholdSearch(sixCells(), recallAt(81, 100), avocet.SearchOptions{}, thresholds, s.workspace)
	s.refuses("infeasible", err, number(avocet.ErrInfeasible, 2, "objective", 0, .8))
	if !slices.Equal(thresholds, []uint32{bins, bins}) || found.Positive != 0 || found.Negative != 0 || found.BoundPositive != 4 ||
		found.BoundNegative != 1 || !found.Proven {
		t.Errorf("%v, %+v", thresholds, found)
	}

	// Too little work to find one.
	const many = 200
	cells := avocet.Cells{Levels: levels, Bins: many, Positive: make([]uint64, 2*many), Negative: make([]uint64, 2*many)}
	for i := range cells.Positive {
		if i%many > 150 {
			cells.Positive[i] = 1
		}
		cells.Negative[i] = uint64(1 + i%3)
	}
	cells.Positive[2*many-1] = 9
	options := avocet.SearchOptions{WorkLimit: 1, Shape: avocet.ShapeNonIncreasing}
	found, err = avocet.ThresholdSearch(cells, recallAt(1, 2), options, thresholds, s.workspace)
	s.refuses("work limit", err, none(avocet.ErrWorkLimit, 3, "options", 0))
	if !slices.Equal(thresholds, []uint32{many, many}) || found.Positive != 0 || found.Proven || found.BoundPositive == 0 {
		t.Errorf("%v, %+v", thresholds, found)
	}
	options.WorkLimit = 0
	if found = solution(t)(avocet.ThresholdSearch(cells, recallAt(1, 2), options, thresholds, s.workspace)); found.Positive < 9 {
		t.Errorf("%v, %+v", thresholds, found)
	}
}

func TestBadThresholds(t *testing.T) {
	s := newScene(t)
	b := newBuckets(t, newGrid(t), 1)
	most := words(cellCount + 2)
	search := func(cells avocet.Cells, o avocet.Objective, options avocet.SearchOptions) error {
		s.t.Helper()
		found, err := avocet.ThresholdSearch(cells, o, options, s.ids[:levels], s.workspace)
		if found != (avocet.Solution{}) {
			t.Error("a refused call has a solution")
		}
		return err
	}
	frontier := func(cells avocet.Cells, positive []uint64) error {
		weight, err := avocet.ThresholdFrontier(cells, positive, s.workspace)
		if weight != 0 {
			t.Error("a refused call has a weight")
		}
		return err
	}
	isotonic := func(cells avocet.Cells, values []float32) error {
		return avocet.ThresholdIsotonic(cells, values, s.workspace)
	}
	passing := func(cells avocet.Cells, thresholds []uint32) error {
		p, n, err := avocet.ThresholdPassing(cells, thresholds)
		if p != 0 || n != 0 {
			t.Error("a refused call lets something pass")
		}
		return err
	}
	zeros := make([]uint32, levels)
	recall := recallAt(1, 2)
	for _, x := range []struct {
		change func(cells *avocet.Cells)
		wanted avocet.Error
	}{
		{func(cells *avocet.Cells) { cells.Levels = -1 }, integer(avocet.ErrInvalidArgument, 1, "cells.levels", 0, -1)},
		{func(cells *avocet.Cells) { cells.Bins = -1 }, integer(avocet.ErrInvalidArgument, 1, "cells.bins", 0, -1)},
		{func(cells *avocet.Cells) { cells.Levels = math.MaxInt }, integer(avocet.ErrSizeOverflow, 1, "cells.levels", 0, math.MaxInt)},
		{func(cells *avocet.Cells) { cells.Levels = 1 << 58 }, integer(avocet.ErrSizeOverflow, 1, "cells.levels", 0, 1<<58)},
		{func(cells *avocet.Cells) { cells.Positive = nil }, none(avocet.ErrNullPointer, 1, "cells.positive", 0)},
		{func(cells *avocet.Cells) { cells.Negative = nil }, none(avocet.ErrNullPointer, 1, "cells.negative", 0)},
		{func(cells *avocet.Cells) { cells.Positive = cells.Positive[1:] }, integer(avocet.ErrShapeMismatch, 1, "cells.positive", 0, 5)},
		{func(cells *avocet.Cells) { cells.Negative = words(7) }, integer(avocet.ErrShapeMismatch, 1, "cells.negative", 0, 7)},
		{func(cells *avocet.Cells) {
			cells.Positive = []uint64{0, 1 << 61, 0, 0, 0, 0}
			cells.Negative = cells.Positive
		},
			integer(avocet.ErrSizeOverflow, 1, "cells.negative", 1, 1<<61)},
		{func(cells *avocet.Cells) { cells.Buckets = b }, none(avocet.ErrInvalidArgument, 1, "cells.positive", 0)},
		{func(cells *avocet.Cells) { cells.Buckets, cells.Positive = b, nil }, none(avocet.ErrInvalidArgument, 1, "cells.negative", 0)},
		{func(cells *avocet.Cells) { *cells = avocet.Cells{Buckets: b, Segment: 1} },
			integer(avocet.ErrIndexOutOfRange, 1, "cells.segment", 0, 1)},
		{func(cells *avocet.Cells) { *cells = avocet.Cells{Buckets: b, Segment: -1} },
			integer(avocet.ErrInvalidArgument, 1, "cells.segment", 0, -1)},
	} {
		cells := sixCells()
		x.change(&cells)
		s.refuses("search", search(cells, recall, avocet.SearchOptions{}), x.wanted)
		s.refuses("frontier", frontier(cells, most[:cellCount+1]), x.wanted)
		s.refuses("isotonic", isotonic(cells, s.out[:cellCount]), x.wanted)
		s.refuses("passing", passing(cells, zeros), x.wanted)
	}
	invalid, overflow := avocet.ErrInvalidArgument, avocet.ErrSizeOverflow
	for _, x := range []struct {
		objective avocet.Objective
		wanted    avocet.Error
	}{
		{avocet.Objective{}, integer(invalid, 2, "objective.denominator", 0, 0)},
		{avocet.Objective{Kind: 6}, integer(invalid, 2, "objective.kind", 0, 6)},
		{recallAt(3, 2), integer(invalid, 2, "objective.numerator", 0, 3)},
		{avocet.Objective{Kind: avocet.ObjectivePrecision, Numerator: 3, Denominator: 2}, integer(invalid, 2, "objective.numerator", 0, 3)},
		{avocet.Objective{Kind: avocet.ObjectiveFBeta, Numerator: 3}, integer(invalid, 2, "objective.denominator", 0, 0)},
		{avocet.Objective{Kind: avocet.ObjectiveRecallWilson, Numerator: 1, Denominator: 2},
			integer(invalid, 2, "objective.z_denominator", 0, 0)},
		{avocet.Objective{Kind: avocet.ObjectiveUtility, PositivePasses: 1<<56 + 1},
			integer(overflow, 2, "objective.positive_passes", 0, 1<<56+1)},
		{avocet.Objective{Kind: avocet.ObjectiveUtility, NegativePasses: math.MinInt64},
			integer(overflow, 2, "objective.negative_passes", 0, math.MinInt64)},
		{avocet.Objective{Kind: avocet.ObjectiveUtility, PositiveStays: math.MaxInt64},
			integer(overflow, 2, "objective.positive_stays", 0, math.MaxInt64)},
		{avocet.Objective{Kind: avocet.ObjectiveUtility, NegativeStays: math.MaxInt64},
			integer(overflow, 2, "objective.negative_stays", 0, math.MaxInt64)},
	} {
		s.refuses("objective", search(sixCells(), x.objective, avocet.SearchOptions{}), x.wanted)
	}
	fBeta := avocet.Objective{Kind: avocet.ObjectiveFBeta, Numerator: 1, Denominator: 1}
	for _, x := range []struct {
		objective avocet.Objective
		options   avocet.SearchOptions
		wanted    avocet.Error
	}{
		{recall, avocet.SearchOptions{Method: 4}, integer(invalid, 3, "options.method", 0, 4)},
		{recall, avocet.SearchOptions{Shape: 3}, integer(invalid, 3, "options.shape", 0, 3)},
		{recall, avocet.SearchOptions{Method: avocet.SearchMIST, Shape: avocet.ShapeNonDecreasing}, integer(invalid, 3, "options.shape", 0, 1)},
		{recall, avocet.SearchOptions{Method: avocet.SearchDP}, integer(invalid, 1, "cells", 1, 5)},
		{fBeta, avocet.SearchOptions{Method: avocet.SearchDP}, integer(invalid, 3, "options.method", 0, 3)},
	} {
		s.refuses("options", search(sixCells(), x.objective, x.options), x.wanted)
	}
	for _, thresholds := range [][]uint32{nil, s.ids[:levels-1], s.ids[:levels+1]} {
		wanted := integer(avocet.ErrShapeMismatch, 4, "thresholds", 0, len(thresholds))
		if thresholds == nil {
			wanted = none(avocet.ErrNullPointer, 4, "thresholds", 0)
		}
		for _, cells := range []avocet.Cells{sixCells(), {Buckets: b}} {
			_, err := avocet.ThresholdSearch(cells, recall, avocet.SearchOptions{}, thresholds, s.workspace)
			s.refuses("thresholds", err, wanted)
			wanted := wanted
			wanted.Argument = 2
			s.refuses("thresholds", passing(cells, thresholds), wanted)
		}
	}
	s.refuses("passing", passing(sixCells(), []uint32{0, bins + 1}), integer(avocet.ErrIndexOutOfRange, 2, "thresholds", 1, bins+1))

	s.refuses("frontier", frontier(sixCells(), most[:cellCount+1]), integer(invalid, 1, "cells", 1, 5))
	cells := avocet.Cells{Levels: 1, Bins: 1, Positive: []uint64{1}, Negative: []uint64{1}}
	s.refuses("frontier", frontier(cells, nil), none(avocet.ErrNullPointer, 2, "positive", 0))
	for _, n := range []int{0, 1, 3} {
		s.refuses("frontier", frontier(cells, most[:n]), integer(avocet.ErrShapeMismatch, 3, "len", 0, n))
	}
	for _, cells := range []avocet.Cells{sixCells(), {Buckets: b}} {
		s.refuses("isotonic", isotonic(cells, nil), none(avocet.ErrNullPointer, 2, "values", 0))
		for _, n := range []int{0, cellCount - 1, cellCount + 1} {
			s.refuses("isotonic", isotonic(cells, s.out[:n]), integer(avocet.ErrShapeMismatch, 3, "len", 0, n))
		}
		s.refuses("isotonic", avocet.ThresholdIsotonic(cells, s.out[:cellCount], nil), none(avocet.ErrNullPointer, 4, "workspace", 0))
	}
	cells.Positive = most[:1]
	cells.Negative = cells.Positive
	s.refuses("frontier", frontier(cells, most[:2]), none(avocet.ErrOverlap, 2, "positive", 0))
	if !slices.Equal(most, words(cellCount+2)) {
		t.Error("a refused call has written")
	}
}
