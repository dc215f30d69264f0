package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func TestKnownDecisions(t *testing.T) {
	g, rows := newGrid(t), eightRows()
	scores, uncertainties := rows.Scores, rows.Uncertainties
	selected := make([]bool, 8)
	check(t, avocet.ThresholdDecide(g, thresholds2, scores, uncertainties, selected, nil))
	if !slices.Equal(selected, []bool{false, true, false, true, true, false, true, false}) {
		t.Error(selected)
	}
	var bits [1]uint64
	check(t, avocet.ThresholdDecideBits(g, thresholds2, scores, uncertainties, bits[:], nil))
	if bits[0] != 0x5a {
		t.Errorf("%x", bits)
	}
	places := make([]uint32, 8)
	check(t, avocet.ThresholdCells(g, scores, uncertainties, places, nil))
	if !slices.Equal(places, []uint32{0, 1, 4, 5, 5, 4, 2, 6}) {
		t.Error(places)
	}
	out := zeros(8)
	check(t, avocet.ThresholdCalibrate(g, []float32{0, 1, 2, 3, 4, 5}, scores, uncertainties, out, nil))
	equal(t, "calibrated", out[:7], 0, 1, 4, 5, 5, 4, 2)
	if out[7] == out[7] {
		t.Errorf("%g where there is no uncertainty", out[7])
	}
	// All rows of the first level, none of the second, not even the greatest.
	check(t, avocet.ThresholdDecide(g, []float32{-infinity, infinity}, []float32{-infinity, infinity}, []float32{0, 1}, selected[:2], nil))
	if !selected[0] || selected[1] {
		t.Error(selected[:2])
	}
	for _, none := range [][]float32{nil, {}} {
		check(t, avocet.ThresholdDecide(g, thresholds2, none, none, nil, nil))
		check(t, avocet.ThresholdDecideBits(g, thresholds2, none, none, nil, nil))
		check(t, avocet.ThresholdCells(g, none, none, nil, nil))
		check(t, avocet.ThresholdCalibrate(g, ones[:cellCount], none, none, none, nil))
	}
}

// Decisions and values of rows by their definition, with any pool.
func FuzzDecide(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, size, threads byte) {
		r, n := &random{seed}, int(a)*9
		levels, bins := int(b%5)+1, int(size%6)+1
		g := grid(t)(avocet.NewGrid(avocet.UniformEdges(levels, -1, 1), avocet.UniformEdges(bins, -1, 1), avocet.Sample{}, nil))
		var p *avocet.Pool
		if threads%4 != 0 {
			p = newPool(t, int(threads%4))
		}
		scores, uncertainties, thresholds, values := r.values(n), r.values(n), r.values(levels), r.values(levels*bins)
		if n > 0 {
			scores[r.below(n)], uncertainties[r.below(n)] = notANumber, notANumber
		}
		selected, bits, places, out := make([]bool, n), words((n+63)/64), make([]uint32, n), zeros(n)
		check(t, avocet.ThresholdDecide(g, thresholds, scores, uncertainties, selected, p))
		check(t, avocet.ThresholdDecideBits(g, thresholds, scores, uncertainties, bits, p))
		check(t, avocet.ThresholdCells(g, scores, uncertainties, places, p))
		check(t, avocet.ThresholdCalibrate(g, values, scores, uncertainties, out, p))
		ofLevels := levelEdges(t, g)
		for i := range n {
			level := 0
			for _, edge := range ofLevels {
				if uncertainties[i] >= edge {
					level++
				}
			}
			missing := scores[i] != scores[i] || uncertainties[i] != uncertainties[i]
			if wanted := !missing && scores[i] >= thresholds[level]; selected[i] != wanted || bits[i/64]>>(i%64)&1 == 1 != wanted {
				t.Fatalf("row %d: %t, wanted %t", i, selected[i], wanted)
			}
			switch {
			case missing && (places[i] != uint32(levels*bins) || out[i] == out[i]):
				t.Fatalf("row %d without a cell: %d, %g", i, places[i], out[i])
			case !missing && (int(places[i])/bins != level || out[i] != values[places[i]]):
				t.Fatalf("row %d of level %d: cell %d, %g", i, level, places[i], out[i])
			}
		}
		if n%64 != 0 && bits[n/64]>>(n%64) != 0 {
			t.Fatal("bits beyond the rows")
		}
	})
}

func TestBadDecisions(t *testing.T) {
	s := newScene(t)
	g := newGrid(t)
	closedPool := newPool(t, 1)
	check(t, closedPool.Close())
	x := goodRows.Scores
	u := goodRows.Uncertainties
	outOfBits := words(2)
	type inputs struct{ given, scores, uncertainties []float32 }
	decide := func(in inputs, n int, p *avocet.Pool) error {
		return avocet.ThresholdDecide(g, in.given, in.scores, in.uncertainties, s.flags[:n], p)
	}
	bits := func(in inputs, n int, p *avocet.Pool) error {
		return avocet.ThresholdDecideBits(g, in.given, in.scores, in.uncertainties, outOfBits[:n], p)
	}
	calibrate := func(in inputs, n int, p *avocet.Pool) error {
		return avocet.ThresholdCalibrate(g, in.given, in.scores, in.uncertainties, s.out[:n], p)
	}
	for function, of := range map[string]struct {
		call  func(in inputs, n int, p *avocet.Pool) error
		name  string
		given int
		out   int
	}{"decide": {decide, "thresholds", levels, 4}, "bits": {bits, "thresholds", levels, 1}, "calibrate": {calibrate, "values", cellCount, 4}} {
		good := inputs{ones[:of.given], x, u}
		refuse := func(in inputs, n int, p *avocet.Pool, wanted avocet.Error) {
			t.Helper()
			s.refuses(function, of.call(in, n, p), wanted)
		}
		refuse(inputs{nil, x, u}, of.out, nil, none(avocet.ErrNullPointer, 2, of.name, 0))
		for _, n := range []int{of.given - 1, of.given + 1} {
			refuse(inputs{ones[:n], x, u}, of.out, nil, integer(avocet.ErrShapeMismatch, 2, of.name, 0, n))
		}
		refuse(inputs{good.given, x, nil}, of.out, nil, none(avocet.ErrNullPointer, 4, "uncertainties", 0))
		refuse(inputs{good.given, x, u[:3]}, of.out, nil, integer(avocet.ErrShapeMismatch, 4, "uncertainties", 0, 3))
		for _, n := range []int{of.out - 1, of.out + 1} {
			refuse(good, n, nil, integer(avocet.ErrShapeMismatch, 6, "out", 0, n))
		}
		refuse(good, of.out, closedPool, none(avocet.ErrClosed, 7, "pool", 0))
	}
	nans := inputs{[]float32{0, notANumber}, x, u}
	s.refuses("decide", decide(nans, 4, nil), number(avocet.ErrNotFinite, 2, "thresholds", 1, math.NaN()))
	s.refuses("bits", bits(nans, 1, nil), number(avocet.ErrNotFinite, 2, "thresholds", 1, math.NaN()))
	s.refuses("decide", avocet.ThresholdDecide(g, thresholds2, x, u, nil, nil), none(avocet.ErrNullPointer, 6, "out", 0))
	s.refuses("bits", avocet.ThresholdDecideBits(g, thresholds2, x, u, nil, nil), none(avocet.ErrNullPointer, 6, "out", 0))
	s.refuses("calibrate", avocet.ThresholdCalibrate(g, ones[:cellCount], x, u, nil, nil), none(avocet.ErrNullPointer, 6, "out", 0))
	s.refuses("calibrate", calibrate(inputs{ones[:cellCount], s.out[:4], u}, 4, nil), none(avocet.ErrOverlap, 6, "out", 0))

	s.refuses("cells", avocet.ThresholdCells(g, x, nil, s.ids[:4], nil), none(avocet.ErrNullPointer, 3, "uncertainties", 0))
	s.refuses("cells", avocet.ThresholdCells(g, x, u[:3], s.ids[:4], nil), integer(avocet.ErrShapeMismatch, 3, "uncertainties", 0, 3))
	s.refuses("cells", avocet.ThresholdCells(g, x, u, nil, nil), none(avocet.ErrNullPointer, 5, "out", 0))
	s.refuses("cells", avocet.ThresholdCells(g, x, u, s.ids[:5], nil), integer(avocet.ErrShapeMismatch, 5, "out", 0, 5))
	s.refuses("cells", avocet.ThresholdCells(g, x, u, s.ids[:4], closedPool), none(avocet.ErrClosed, 6, "pool", 0))
	if !slices.Equal(outOfBits, words(2)) {
		t.Error("a refused call has written")
	}
}
