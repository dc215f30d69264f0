package avocet_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// fourRows are good rows, in three cells.
func fourRows() avocet.ThresholdRows {
	return avocet.ThresholdRows{Scores: []float32{-1, .5, 2, 3}, Uncertainties: []float32{0, .25, .5, 1},
		Labels: avocet.LabelsOf([]uint8{0, 1, 1, 0})}
}

// eightRows are rows of which the last has no uncertainty.
func eightRows() avocet.ThresholdRows {
	return avocet.ThresholdRows{
		Scores:        []float32{-1, 0, .5, 1, 2, minusZero, 1, 3},
		Uncertainties: []float32{0, 0, .5, .5, 1, 2, 0, notANumber},
		Labels:        avocet.LabelsOf([]int8{0, 1, 0, 1, 1, 0, 0, 1}),
		Weights:       slices.Repeat([]float32{.5}, 8),
		Missing:       avocet.MissingApart,
	}
}

func buckets(t testing.TB) func(*avocet.Buckets, error) *avocet.Buckets {
	return kept(t, must[*avocet.Buckets](t))
}

func newBuckets(t testing.TB, g *avocet.Grid, segments int) *avocet.Buckets {
	t.Helper()
	return buckets(t)(avocet.NewBuckets(g, segments))
}

func savedBuckets(t testing.TB, b *avocet.Buckets) []byte {
	t.Helper()
	bytes := make([]byte, b.SavedBytes())
	check(t, b.Save(bytes))
	return bytes
}

// bucketsMade closes buckets that are not wanted and gives their error.
func (s *scene) bucketsMade(b *avocet.Buckets, err error) error {
	s.t.Helper()
	if (b != nil) != (err == nil) {
		s.t.Error("buckets and an error, or neither")
	}
	check(s.t, b.Close())
	return err
}

func words(n int) []uint64 { return slices.Repeat([]uint64{77}, n) }

// contain compares the cells of a segment.
func contain(t *testing.T, b *avocet.Buckets, segment int, weights bool, positive, negative []uint64) {
	t.Helper()
	p, n := words(cellCount), words(cellCount)
	check(t, b.Cells(segment, weights, p, n))
	if !slices.Equal(p, positive) || !slices.Equal(n, negative) {
		t.Errorf("positives %v, negatives %v", p, n)
	}
}

func TestKnownBuckets(t *testing.T) {
	w := newWorkspace(t)
	g := newGrid(t)
	b := newBuckets(t, g, 1)
	check(t, b.Add(eightRows(), nil, w))
	contain(t, b, 0, false, []uint64{0, 1, 0, 0, 0, 2}, []uint64{1, 0, 1, 0, 2, 0})
	const half = 1 << 19
	contain(t, b, 0, true, []uint64{0, half, 0, 0, 0, 2 * half}, []uint64{half, 0, half, 0, 2 * half, 0})
	p, n := words(bins), words(bins)
	check(t, b.ScoreBins(0, false, p, n))
	if !slices.Equal(p, []uint64{0, 1, 2}) || !slices.Equal(n, []uint64{1, 2, 1}) {
		t.Errorf("positives %v, negatives %v", p, n)
	}
	check(t, b.ScoreBins(0, true, p, n))
	if !slices.Equal(p, []uint64{0, half, 2 * half}) || !slices.Equal(n, []uint64{half, 2 * half, half}) {
		t.Errorf("positives %v, negatives %v", p, n)
	}
	apart := must[uint64](t)
	if apart(b.Apart(0)) != 1 || apart(b.Apart(1)) != 0 {
		t.Error("the rows apart")
	}

	// Segments, and every type of labels and segments.
	rows := eightRows()
	rows.Segments = avocet.SegmentsOf([]uint16{0, 0, 0, 0, 1, 1, 1, 1})
	by := newBuckets(t, g, 2)
	check(t, by.Add(rows, nil, w))
	if by.Segments() != 2 || apart(by.Apart(0)) != 0 || apart(by.Apart(1)) != 1 {
		t.Error("the rows apart")
	}
	contain(t, by, 1, false, []uint64{0, 0, 0, 0, 0, 1}, []uint64{0, 0, 1, 0, 1, 0})
	wanted := savedBuckets(t, by)
	if len(wanted) != 36+3*4+2*7*32+8 {
		t.Errorf("%d bytes", len(wanted))
	}
	for _, labels := range []avocet.Labels{
		avocet.LabelsOf([]uint8{0, 1, 0, 1, 1, 0, 0, 1}), avocet.LabelsOf([]float32{0, 1, 0, 1, 1, 0, 0, 1}),
		avocet.LabelsOf([]bool{false, true, false, true, true, false, false, true}),
	} {
		rows.Labels = labels
		rows.Segments = avocet.SegmentsOf([]uint32{0, 0, 0, 0, 1, 1, 1, 1})
		same := newBuckets(t, g, 2)
		check(t, same.Add(rows, nil, w))
		if !slices.Equal(savedBuckets(t, same), wanted) {
			t.Error("other buckets of the same rows")
		}
	}

	loaded := buckets(t)(avocet.LoadBuckets(wanted))
	if loaded.Levels() != levels || loaded.Bins() != bins {
		t.Errorf("%d levels of %d bins", loaded.Levels(), loaded.Bins())
	}
	if loaded.Segments() != 2 || loaded.SavedBytes() != len(wanted) || !slices.Equal(savedBuckets(t, loaded), wanted) {
		t.Error("other buckets than were saved")
	}
	if p, n, err := avocet.ThresholdPassing(avocet.Cells{Buckets: loaded, Segment: 1}, []uint32{0, 0}); err != nil || p != 1 || n != 2 {
		t.Errorf("%d and %d pass: %v", p, n, err)
	}
	check(t, loaded.Merge(by))
	contain(t, loaded, 1, false, []uint64{0, 0, 0, 0, 0, 2}, []uint64{0, 0, 2, 0, 2, 0})
	check(t, loaded.Subtract(by))
	if !slices.Equal(savedBuckets(t, loaded), wanted) {
		t.Error("what was added is not what was taken away")
	}
	check(t, loaded.Clear())
	contain(t, loaded, 1, false, make([]uint64, cellCount), make([]uint64, cellCount))
	if apart(loaded.Apart(1)) != 0 {
		t.Error("the rows apart")
	}
	// Without rows, with nil slices and others.
	check(t, by.Add(avocet.ThresholdRows{Segments: avocet.SegmentsOf([]uint16{})}, nil, w))
	check(t, b.Add(avocet.ThresholdRows{}, nil, w))
	check(t, b.Add(avocet.ThresholdRows{Scores: []float32{}, Uncertainties: []float32{}, Labels: avocet.LabelsOf([]bool{}),
		Weights: []float32{}}, nil, w))
	if !slices.Equal(savedBuckets(t, by), wanted) {
		t.Error("nothing was added, and something came")
	}
}

// Counting by hand; merging, taking away, saving, any order of the rows and any pool give the same bits.
func FuzzBuckets(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, size, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		n, segments := int(a)*20, int(b%3)+1
		edges := func(count int) []float32 {
			edges := r.values(count)
			slices.Sort(edges)
			return slices.Compact(edges)
		}
		ofLevels, ofScores := edges(int(size%4)), edges(int(size%7)+1)
		g := grid(t)(avocet.NewGrid(avocet.GivenEdges(ofLevels), avocet.GivenEdges(ofScores), avocet.Sample{}, nil))
		scores, uncertainties, weights := r.values(n), r.values(n), r.values(n)
		labels, segment := make([]bool, n), make([]uint32, n)
		for i := range n {
			labels[i], segment[i] = r.below(2) == 1, uint32(r.below(segments))
			weights[i] = float32(math.Abs(float64(weights[i]))) * 100
			if r.below(10) == 0 {
				scores[i] = notANumber
			}
		}
		part := func(from, to int) avocet.ThresholdRows {
			return avocet.ThresholdRows{Scores: scores[from:to], Uncertainties: uncertainties[from:to],
				Labels: avocet.LabelsOf(labels[from:to]), Weights: weights[from:to],
				Segments: avocet.SegmentsOf(segment[from:to]), Missing: avocet.MissingApart}
		}
		all := newBuckets(t, g, segments)
		check(t, all.Add(part(0, n), nil, w))

		cells := g.Levels() * g.Bins()
		// Of each segment: positives and negatives, counts and weights.
		wanted := make([][4][]uint64, segments)
		for s := range wanted {
			for i := range wanted[s] {
				wanted[s][i] = make([]uint64, cells)
			}
		}
		apart, places := make([]uint64, segments), make([]uint32, n)
		below := func(edges []float32, v float32) (n int) {
			for _, edge := range edges {
				if v >= edge {
					n++
				}
			}
			return n
		}
		for i := range n {
			if scores[i] != scores[i] {
				apart[segment[i]]++
				places[i] = uint32(cells)
				continue
			}
			cell := below(ofLevels, uncertainties[i])*g.Bins() + below(ofScores, scores[i])
			places[i] = uint32(cell)
			of := 1
			if labels[i] {
				of = 0
			}
			wanted[segment[i]][of][cell]++
			wanted[segment[i]][of+2][cell] += uint64(math.RoundToEven(float64(weights[i]) * (1 << 20)))
		}
		p, q := words(cells), words(cells)
		for s := range segments {
			check(t, all.Cells(s, false, p, q))
			if !slices.Equal(p, wanted[s][0]) || !slices.Equal(q, wanted[s][1]) {
				t.Fatal("wrong counts")
			}
			check(t, all.Cells(s, true, p, q))
			if !slices.Equal(p, wanted[s][2]) || !slices.Equal(q, wanted[s][3]) {
				t.Fatal("wrong weights")
			}
			if must[uint64](t)(all.Apart(s)) != apart[s] {
				t.Fatal("wrong rows apart")
			}
		}
		found := make([]uint32, n)
		check(t, avocet.ThresholdCells(g, scores, uncertainties, found, nil))
		if !slices.Equal(found, places) {
			t.Fatal("wrong cells")
		}

		bytes := savedBuckets(t, all)
		same := func(what string, b *avocet.Buckets) {
			t.Helper()
			if !slices.Equal(savedBuckets(t, b), bytes) {
				t.Fatalf("%s: other bits", what)
			}
		}
		same("loaded", buckets(t)(avocet.LoadBuckets(bytes)))
		cut := r.below(n + 1)
		first, second := newBuckets(t, g, segments), newBuckets(t, g, segments)
		check(t, first.Add(part(0, cut), newPool(t, int(options%3)+1), w))
		check(t, second.Add(part(cut, n), nil, w))
		check(t, second.Merge(first))
		same("merged", second)
		check(t, second.Subtract(first))
		check(t, second.Add(part(0, cut), nil, w))
		same("taken away and added", second)
		check(t, first.Clear())
		check(t, first.Merge(second))
		same("merged with none", first)
	})
}

// badRows are rows that are refused, wherever rows are counted.
func (s *scene) badRows(argument int, call func(rows avocet.ThresholdRows) error) {
	s.t.Helper()
	nans := []float32{0, 1, notANumber, 1}
	for _, x := range []struct {
		change func(rows *avocet.ThresholdRows)
		wanted avocet.Error
	}{
		{func(rows *avocet.ThresholdRows) { rows.Scores = nans }, number(avocet.ErrNotFinite, argument, "rows.scores", 2, math.NaN())},
		{func(rows *avocet.ThresholdRows) { rows.Labels = avocet.Labels{} }, none(avocet.ErrNullPointer, argument, "rows.labels", 0)},
		{func(rows *avocet.ThresholdRows) { rows.Labels = avocet.LabelsOf([]bool(nil)) },
			none(avocet.ErrNullPointer, argument, "rows.labels", 0)},
		{func(rows *avocet.ThresholdRows) { rows.Labels = avocet.LabelsOf(make([]bool, 3)) },
			integer(avocet.ErrShapeMismatch, argument, "rows.labels", 0, 3)},
		{func(rows *avocet.ThresholdRows) { rows.Labels = avocet.LabelsOf([]uint8{0, 1, 2, 0}) },
			number(avocet.ErrInvalidArgument, argument, "rows.labels", 2, 2)},
		{func(rows *avocet.ThresholdRows) { rows.Labels = avocet.LabelsOf([]int8{0, 1, 0, -1}) },
			number(avocet.ErrInvalidArgument, argument, "rows.labels", 3, -1)},
		{func(rows *avocet.ThresholdRows) { rows.Labels = avocet.LabelsOf([]float32{-1, .5, 2, 3}) },
			number(avocet.ErrInvalidArgument, argument, "rows.labels", 0, -1)},
		{func(rows *avocet.ThresholdRows) { rows.Weights = ones[:5] }, integer(avocet.ErrShapeMismatch, argument, "rows.weights", 0, 5)},
		{func(rows *avocet.ThresholdRows) { rows.Weights = []float32{1, -1, 1, 1} },
			number(avocet.ErrInvalidArgument, argument, "rows.weights", 1, -1)},
		{func(rows *avocet.ThresholdRows) { rows.Weights = []float32{1, 1, 1, 1 << 22} },
			number(avocet.ErrInvalidArgument, argument, "rows.weights", 3, 1<<22)},
		{func(rows *avocet.ThresholdRows) { rows.Weights = nans }, number(avocet.ErrNotFinite, argument, "rows.weights", 2, math.NaN())},
		{func(rows *avocet.ThresholdRows) { rows.Segments = avocet.SegmentsOf(make([]uint16, 3)) },
			integer(avocet.ErrShapeMismatch, argument, "rows.segments", 0, 3)},
		{func(rows *avocet.ThresholdRows) { rows.Missing = 2 }, integer(avocet.ErrInvalidArgument, argument, "rows.missing", 0, 2)},
	} {
		rows := fourRows()
		x.change(&rows)
		s.refuses("rows", call(rows), x.wanted)
	}
}

// badUncertainties are those that are refused where they are looked at.
func (s *scene) badUncertainties(argument int, call func(rows avocet.ThresholdRows) error) {
	s.t.Helper()
	for _, x := range []struct {
		uncertainties []float32
		wanted        avocet.Error
	}{
		{nil, none(avocet.ErrNullPointer, argument, "rows.uncertainties", 0)},
		{ones[:3], integer(avocet.ErrShapeMismatch, argument, "rows.uncertainties", 0, 3)},
		{ones[:5], integer(avocet.ErrShapeMismatch, argument, "rows.uncertainties", 0, 5)},
		{[]float32{0, 1, notANumber, 1}, number(avocet.ErrNotFinite, argument, "rows.uncertainties", 2, math.NaN())},
	} {
		rows := fourRows()
		rows.Uncertainties = x.uncertainties
		s.refuses("rows", call(rows), x.wanted)
	}
}

func TestBadBuckets(t *testing.T) {
	s := newScene(t)
	g := newGrid(t)
	for segments, wanted := range map[int]avocet.Error{
		0:       integer(avocet.ErrInvalidArgument, 2, "segments", 0, 0),
		-1:      integer(avocet.ErrInvalidArgument, 2, "segments", 0, -1),
		1 << 26: integer(avocet.ErrSizeOverflow, 2, "segments", 0, 7<<26),
	} {
		s.refuses("segments", s.bucketsMade(avocet.NewBuckets(g, segments)), wanted)
	}
	one, two, full := newBuckets(t, g, 1), newBuckets(t, g, 2), newBuckets(t, g, 1)
	empty := savedBuckets(t, one)
	add := func(rows avocet.ThresholdRows) error { return one.Add(rows, nil, s.workspace) }
	s.badRows(2, add)
	s.badUncertainties(2, add)
	rows := fourRows()
	s.refuses("segments", two.Add(rows, nil, s.workspace), none(avocet.ErrNullPointer, 2, "rows.segments", 0))
	for _, segments := range []avocet.Segments{avocet.SegmentsOf([]uint32{0, 0, 0, 1}), avocet.SegmentsOf([]uint16{0, 0, 0, 1})} {
		rows.Segments = segments
		s.refuses("segments", add(rows), integer(avocet.ErrIndexOutOfRange, 2, "rows.segments", 3, 1))
	}
	rows = fourRows()
	check(t, full.Add(rows, nil, s.workspace))
	s.refuses("merge", one.Merge(one), none(avocet.ErrOverlap, 2, "other", 0))
	s.refuses("merge", one.Merge(two), integer(avocet.ErrShapeMismatch, 2, "other", 0, 2))
	s.refuses("subtract", one.Subtract(one), none(avocet.ErrOverlap, 2, "other", 0))
	s.refuses("subtract", two.Subtract(one), integer(avocet.ErrShapeMismatch, 2, "other", 0, 1))
	s.refuses("subtract", one.Subtract(full), integer(avocet.ErrInvalidArgument, 2, "other", 1, 1))
	if !slices.Equal(savedBuckets(t, one), empty) {
		t.Error("a refused call has added or taken")
	}

	p, n := words(cellCount+1), words(cellCount+1)
	for function, x := range map[string]struct {
		call func(segment int, p, n []uint64) error
		len  int
	}{
		"cells":      {func(segment int, p, n []uint64) error { return two.Cells(segment, false, p, n) }, cellCount},
		"score bins": {func(segment int, p, n []uint64) error { return two.ScoreBins(segment, true, p, n) }, bins},
	} {
		k := x.len
		s.refuses(function, x.call(-1, p[:k], n[:k]), integer(avocet.ErrInvalidArgument, 2, "segment", 0, -1))
		s.refuses(function, x.call(2, p[:k], n[:k]), integer(avocet.ErrIndexOutOfRange, 2, "segment", 0, 2))
		s.refuses(function, x.call(0, nil, n[:k]), none(avocet.ErrNullPointer, 4, "positive", 0))
		s.refuses(function, x.call(0, p[:k], nil), none(avocet.ErrNullPointer, 5, "negative", 0))
		s.refuses(function, x.call(0, p[:k-1], n[:k]), integer(avocet.ErrShapeMismatch, 4, "positive", 0, k-1))
		s.refuses(function, x.call(0, p[:k], n[:k-1]), integer(avocet.ErrShapeMismatch, 5, "negative", 0, k-1))
		s.refuses(function, x.call(0, p[:k], p[1:k+1]), none(avocet.ErrOverlap, 5, "negative", 0))
		for _, len := range []int{k - 1, k + 1} {
			s.refuses(function, x.call(0, p[:len], n[:len]), integer(avocet.ErrShapeMismatch, 6, "len", 0, len))
		}
	}
	nested := newBuckets(t, grid(t)(avocet.NewGrid(avocet.GivenEdges(levelEdge), avocet.NestedEdges(3, 0, avocet.Refinement{}),
		avocet.Sample{Scores: rows.Scores, Uncertainties: rows.Uncertainties}, nil)), 1)
	s.refuses("nested", nested.ScoreBins(0, false, p[:bins], n[:bins]), none(avocet.ErrInvalidArgument, 1, "buckets", 0))
	if !slices.Equal(p, words(cellCount+1)) || !slices.Equal(n, p) {
		t.Error("a refused call has written")
	}
	if _, err := two.Apart(-1); err != nil {
		s.refuses("apart", err, integer(avocet.ErrInvalidArgument, 2, "segment", 0, -1))
	} else {
		t.Error("a negative segment")
	}

	bytes := savedBuckets(t, full)
	out := slices.Repeat([]byte{77}, len(bytes)+1)
	s.refuses("save", full.Save(nil), none(avocet.ErrNullPointer, 2, "bytes", 0))
	for _, n := range []int{0, len(bytes) - 1, len(bytes) + 1} {
		s.refuses("save", full.Save(out[:n]), integer(avocet.ErrShapeMismatch, 3, "len", 0, n))
	}
	if slices.ContainsFunc(out, func(b byte) bool { return b != 77 }) {
		t.Error("a refused call has saved")
	}
	load := func(bytes []byte, wanted avocet.Error) {
		t.Helper()
		s.refuses("load", s.bucketsMade(avocet.LoadBuckets(bytes)), wanted)
	}
	load(nil, none(avocet.ErrNullPointer, 1, "bytes", 0))
	for n := range bytes {
		load(bytes[:n], integer(avocet.ErrShapeMismatch, 1, "bytes", 0, n))
	}
	load(append(slices.Clone(bytes), 0), integer(avocet.ErrShapeMismatch, 1, "bytes", 0, len(bytes)+1))
	for i := range bytes {
		corrupt := slices.Clone(bytes)
		corrupt[i] ^= 1
		err := s.bucketsMade(avocet.LoadBuckets(corrupt))
		if !errors.Is(err, avocet.ErrInvalidArgument) && !errors.Is(err, avocet.ErrShapeMismatch) {
			t.Errorf("byte %d: %v", i, err)
		}
	}
	bytes[0] ^= 1
	load(bytes, none(avocet.ErrInvalidArgument, 1, "bytes", 0))
	bytes[0] ^= 1
	bytes[60] ^= 4
	load(bytes, none(avocet.ErrInvalidArgument, 1, "bytes", len(bytes)-8))
}

// Sums of weights have a limit: doubling comes to it.
func TestHeavyBuckets(t *testing.T) {
	s := newScene(t)
	g := newGrid(t)
	const n = 2048
	rows := avocet.ThresholdRows{Scores: zeros(n), Uncertainties: zeros(n), Labels: avocet.LabelsOf(make([]bool, n)),
		Weights: slices.Repeat([]float32{1<<22 - 1}, n)}
	b := newBuckets(t, g, 1)
	check(t, b.Add(rows, nil, s.workspace))
	var err error
	for doublings := 0; err == nil; doublings++ {
		if doublings > 20 {
			t.Fatal("no limit")
		}
		err = b.Merge(buckets(t)(avocet.LoadBuckets(savedBuckets(t, b))))
	}
	s.refuses("merge", err, none(avocet.ErrSizeOverflow, 2, "other", 0))
	for err = nil; err == nil; {
		err = b.Add(rows, nil, s.workspace)
	}
	s.refuses("add", err, none(avocet.ErrSizeOverflow, 2, "rows.weights", 0))
}
