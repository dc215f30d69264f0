package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// The arguments of scores of three rows with four, in any form.
type scoring struct {
	tables  avocet.ScoreTables
	options avocet.ScoreOptions
}

// forms are the three forms of scores, by the number of their options.
func (s *scene) forms(pool *avocet.Pool) map[int]func(of scoring) error {
	return map[int]func(of scoring) error{
		5: func(of scoring) error {
			return avocet.ScorePairsOf(of.tables, three, three, of.options, s.out[:3], pool)
		},
		4: func(of scoring) error {
			return avocet.ScoreCandidatesOf(of.tables, []int{0, 2, 2, 5}, []int{0, 3, 1, 2, 3}, of.options, s.out[:5], pool)
		},
		3: func(of scoring) error {
			return avocet.ScoreMatrixOf(of.tables, of.options, rowsOf(s.out[:R*C], R), pool)
		},
	}
}

func TestBadScores(t *testing.T) {
	s := newScene(t)
	real := avocet.RealTables(s.y, s.x)
	byteRows, byteCols := bytesOf(make([]int8, R*D), R), bytesOf(make([]int8, C*D), C)
	bytes := avocet.Int8Tables(byteRows, nil, byteCols, nil)
	wide := avocet.MatrixOf[int8]{Cols: 131072}
	few, thin := rowsOf(s.x.Data[:(C-1)*D], C-1), rowsOf(s.x.Data[:C], C)
	shape, null := avocet.ErrShapeMismatch, avocet.ErrNullPointer
	with := func(second avocet.ScoreTables, factor, secondFactor float32) scoring {
		return scoring{real, avocet.ScoreOptions{Second: second, Factor: factor, SecondFactor: secondFactor}}
	}
	closed := newPool(t, 2)
	check(t, closed.Close())
	for at, score := range s.forms(nil) {
		for _, x := range []struct {
			of     scoring
			wanted avocet.Error
		}{
			{scoring{tables: avocet.RealTables(s.y, thin)}, integer(shape, 2, "right.cols", 0, 1)},
			{scoring{tables: avocet.RealTables(avocet.MatrixOf[avocet.F16]{Rows: R, Cols: D}, s.x)}, none(null, 1, "left.data", 0)},
			{scoring{tables: avocet.RealTables(s.y, avocet.MatrixOf[avocet.BF16]{Rows: -1})},
				integer(avocet.ErrInvalidArgument, 2, "right.rows", 0, -1)},
			{scoring{tables: avocet.Int8Tables(byteRows, nil, bytesOf(make([]int8, C), C), nil)}, integer(shape, 2, "right.cols", 0, 1)},
			{scoring{tables: avocet.Int8Tables(wide, nil, wide, nil)}, integer(avocet.ErrSizeOverflow, 1, "left.cols", 0, 131072)},
			{scoring{tables: avocet.Int8Tables(byteRows, ones[:C], byteCols, nil)}, integer(shape, at, "options.left_scales", 0, C)},
			{scoring{tables: avocet.Int8Tables(byteRows, nil, byteCols, ones[:R])}, integer(shape, at, "options.right_scales", 0, R)},
			{scoring{tables: avocet.Int8Tables(byteRows, ones[:0], byteCols, nil)}, integer(shape, at, "options.left_scales", 0, 0)},
			{scoring{real, avocet.ScoreOptions{Metric: 2}}, integer(avocet.ErrInvalidArgument, at, "options.metric", 0, 2)},
			{scoring{real, avocet.ScoreOptions{Factor: 1}}, none(null, at, "options.second_left", 0)},
			{scoring{real, avocet.ScoreOptions{SecondFactor: 1}}, none(null, at, "options.second_left", 0)},
			{with(avocet.RealTables(s.y, few), 1, 1), integer(shape, at, "options.second_right.rows", 0, C-1)},
			{with(avocet.RealTables(s.y, thin), 1, 1), integer(shape, at, "options.second_right.cols", 0, 1)},
			{with(avocet.RealTables(rowsOf(s.y.Data[:2*D], 2), s.x), 1, 1), integer(shape, at, "options.second_left.rows", 0, 2)},
			{with(avocet.RealTables(avocet.Matrix{Rows: R, Cols: D}, s.x), 1, 1), none(null, at, "options.second_left.data", 0)},
			{with(avocet.RealTables(s.y, avocet.Matrix{Rows: C, Cols: -2}), 1, 1),
				integer(avocet.ErrInvalidArgument, at, "options.second_right.cols", 0, -2)},
			{with(avocet.Int8Tables(byteRows, ones[:2], byteCols, nil), 1, 1), integer(shape, at, "options.second_left_scales", 0, 2)},
			{with(avocet.Int8Tables(byteRows, nil, byteCols, ones[:5]), 1, 1), integer(shape, at, "options.second_right_scales", 0, 5)},
			{with(bytes, float32(math.NaN()), 1), number(avocet.ErrNotFinite, at, "options.factor", 0, math.NaN())},
			{with(bytes, 1, float32(math.Inf(1))), number(avocet.ErrNotFinite, at, "options.second_factor", 0, math.Inf(1))},
		} {
			s.refuses("score", score(x.of), x.wanted)
		}
		s.refuses("closed pool", s.forms(closed)[at](scoring{tables: real}), none(avocet.ErrClosed, at+2, "pool", 0))
		inside := scoring{tables: avocet.RealTables(rowsOf(s.out[:R*D], R), s.x)}
		name := "out"
		if at == 3 {
			name = "out.data"
		}
		s.refuses("overlap", score(inside), none(avocet.ErrOverlap, at+1, name, 0))
	}
	// The same in good order, so that what is refused above is refused for what is wrong.
	for _, score := range s.forms(nil) {
		check(t, score(with(bytes, 1, 1)))
		check(t, score(scoring{tables: avocet.Int8Tables(byteRows, ones[:R], byteCols, ones[:C])}))
	}
}

func TestBadCandidates(t *testing.T) {
	s := newScene(t)
	offsets, candidates := []int64{0, 2, 2, 5}, []int32{0, 3, 1, 2, 3}
	score := func(offsets []int64, candidates []int32, out []float32) error {
		return avocet.ScoreCandidates(s.y, s.x, offsets, candidates, out, nil)
	}
	out := s.out[:5]
	for _, none := range [][]int64{nil, {}} {
		s.refuses("no offsets", score(none, candidates, out), avocet.Error{Status: avocet.ErrNullPointer, Argument: 3, Name: "csr.offsets"})
	}
	s.refuses("too few offsets", score([]int64{0, 2, 5}, candidates, out), integer(avocet.ErrShapeMismatch, 3, "csr.rows", 0, 2))
	s.refuses("falling offsets", score([]int64{0, 2, 1, 5}, candidates, out), integer(avocet.ErrInvalidOffsets, 3, "csr.offsets", 2, 1))
	s.refuses("last offset", score([]int64{0, 2, 2, 6}, candidates, out), integer(avocet.ErrInvalidOffsets, 3, "csr.offsets", 3, 6))
	s.refuses("candidate", score(offsets, []int32{0, 3, -1, C, 9}, out), integer(avocet.ErrIndexOutOfRange, 3, "csr.indices", 2, -1))
	s.refuses("candidate", score(offsets, []int32{0, 3, 1, C, 9}, out), integer(avocet.ErrIndexOutOfRange, 3, "csr.indices", 3, C))
	s.refuses("nil", score(offsets, candidates, nil), none(avocet.ErrNullPointer, 5, "out", 0))
	for _, n := range []int{0, 4, 6} {
		s.refuses("length", score(offsets, candidates, s.out[:n]), integer(avocet.ErrShapeMismatch, 5, "out", 0, n))
	}
	matrix := func(rows, cols int) error {
		return avocet.ScoreMatrix(s.y, s.x, avocet.Matrix{Data: s.out, Rows: rows, Cols: cols}, nil)
	}
	s.refuses("rows", matrix(R+1, C), integer(avocet.ErrShapeMismatch, 4, "out.rows", 0, R+1))
	s.refuses("cols", matrix(R, C-1), integer(avocet.ErrShapeMismatch, 4, "out.cols", 0, C-1))
	s.refuses("data", avocet.ScoreMatrix(s.y, s.x, avocet.Matrix{Data: s.out[:R*C-1], Rows: R, Cols: C}, nil),
		integer(avocet.ErrShapeMismatch, 4, "out.data", 0, R*C-1))
}

func TestBadConversions(t *testing.T) {
	s := newScene(t)
	halves, bytes := slices.Repeat([]avocet.F16{7}, R*D+2), slices.Repeat([]int8{7}, R*D+2)
	toHalves, toBytes := halvesOf(halves[:R*D], R), bytesOf(bytes[:R*D], R)
	scales := s.more[:R]
	closed := newPool(t, 2)
	check(t, closed.Close())
	shape, null := avocet.ErrShapeMismatch, avocet.ErrNullPointer
	more, wider := halvesOf(halves[:R*D+2], R+1), avocet.MatrixOf[avocet.F16]{Data: halves, Rows: R, Cols: D - 1}
	convert := func(out avocet.MatrixOf[avocet.F16]) error { return avocet.Convert(s.y, out, nil) }
	s.refuses("rows", convert(more), integer(shape, 2, "out.rows", 0, R+1))
	s.refuses("cols", convert(wider), integer(shape, 2, "out.cols", 0, D-1))
	s.refuses("nil", convert(avocet.MatrixOf[avocet.F16]{Rows: R, Cols: D}), none(null, 2, "out.data", 0))
	s.refuses("short", convert(avocet.MatrixOf[avocet.F16]{Data: halves[:5], Rows: R, Cols: D}), integer(shape, 2, "out.data", 0, 5))
	s.refuses("nil", avocet.Convert(avocet.MatrixOf[avocet.BF16]{Rows: R, Cols: D}, toHalves, nil), none(null, 1, "x.data", 0))
	s.refuses("stride", avocet.Convert(avocet.Matrix{Data: s.y.Data, Rows: R, Cols: D, Stride: 1}, toHalves, nil),
		integer(shape, 1, "x.stride", 0, 1))
	s.refuses("overlap", avocet.Convert(s.dy, s.dy, nil), none(avocet.ErrOverlap, 2, "out.data", 0))
	s.refuses("overlap", avocet.Convert(toHalves, halvesOf(halves[2:], R), nil), none(avocet.ErrOverlap, 2, "out.data", 0))
	s.refuses("closed pool", avocet.Convert(s.y, toHalves, closed), none(avocet.ErrClosed, 3, "pool", 0))

	quantize := func(out avocet.MatrixOf[int8], scales []float32) error {
		return avocet.QuantizeRows(s.y, out, scales, nil)
	}
	s.refuses("rows", quantize(bytesOf(bytes, R+1), scales), integer(shape, 2, "out.rows", 0, R+1))
	s.refuses("cols", quantize(avocet.MatrixOf[int8]{Data: bytes, Rows: R, Cols: D - 1}, scales), integer(shape, 2, "out.cols", 0, D-1))
	s.refuses("nil", quantize(avocet.MatrixOf[int8]{Rows: R, Cols: D}, scales), none(null, 2, "out.data", 0))
	s.refuses("nil", quantize(toBytes, nil), none(null, 3, "scales", 0))
	s.refuses("length", quantize(toBytes, s.more[:R+1]), integer(shape, 3, "scales", 0, R+1))
	s.refuses("nil", avocet.QuantizeRows(avocet.MatrixOf[avocet.F16]{Rows: R, Cols: D}, toBytes, scales, nil), none(null, 1, "x.data", 0))
	s.refuses("overlap", avocet.QuantizeRows(s.dy, toBytes, s.dy.Data[:R], nil), none(avocet.ErrOverlap, 3, "scales", 0))
	s.refuses("closed pool", avocet.QuantizeRows(s.y, toBytes, scales, closed), none(avocet.ErrClosed, 4, "pool", 0))

	dequantize := func(x avocet.MatrixOf[int8], scales []float32, out avocet.Matrix) error {
		return avocet.DequantizeRows(x, scales, out, nil)
	}
	s.refuses("nil", dequantize(avocet.MatrixOf[int8]{Rows: R, Cols: D}, ones[:R], s.dy), none(null, 1, "x.data", 0))
	s.refuses("stride", dequantize(avocet.MatrixOf[int8]{Data: bytes, Rows: R, Cols: D, Stride: D - 1}, ones[:R], s.dy),
		integer(shape, 1, "x.stride", 0, D-1))
	s.refuses("overflow", dequantize(avocet.MatrixOf[int8]{Data: bytes, Rows: math.MaxInt, Cols: D}, ones[:R], s.dy),
		integer(avocet.ErrSizeOverflow, 1, "x.rows", 0, math.MaxInt))
	s.refuses("nil", dequantize(toBytes, nil, s.dy), none(null, 2, "scales", 0))
	s.refuses("length", dequantize(toBytes, ones[:R-1], s.dy), integer(shape, 2, "scales", 0, R-1))
	s.refuses("rows", dequantize(toBytes, ones[:R], s.dx), integer(shape, 3, "out.rows", 0, C))
	s.refuses("cols", dequantize(toBytes, ones[:R], rowsOf(s.out[:R], R)), integer(shape, 3, "out.cols", 0, 1))
	s.refuses("overlap", dequantize(toBytes, s.dy.Data[:R], s.dy), none(avocet.ErrOverlap, 3, "out.data", 0))
	s.refuses("closed pool", avocet.DequantizeRows(toBytes, ones[:R], s.dy, closed), none(avocet.ErrClosed, 4, "pool", 0))

	s.refuses("nil", avocet.RowNorms(s.y, nil, nil), none(null, 2, "out", 0))
	s.refuses("length", avocet.RowNorms(s.y, s.out[:R+1], nil), integer(shape, 2, "out", 0, R+1))
	s.refuses("nil", avocet.RowNorms(avocet.MatrixOf[avocet.BF16]{Rows: R, Cols: D}, s.out[:R], nil), none(null, 1, "x.data", 0))
	s.refuses("overlap", avocet.RowNorms(s.dy, s.dy.Data[:R], nil), none(avocet.ErrOverlap, 2, "out", 0))
	s.refuses("closed pool", avocet.RowNorms(s.y, s.out[:R], closed), none(avocet.ErrClosed, 3, "pool", 0))

	if !slices.Equal(halves, slices.Repeat([]avocet.F16{7}, R*D+2)) || !slices.Equal(bytes, slices.Repeat([]int8{7}, R*D+2)) {
		t.Error("a refused call has written")
	}
	// Found on the way, so what is written is unspecified.
	bad := []float32{1, 2, 3, float32(math.Inf(-1)), float32(math.NaN()), 4}
	s.refuses("not finite", avocet.QuantizeRows(rowsOf(bad, R), toBytes, make([]float32, R), nil),
		number(avocet.ErrNotFinite, 1, "x", 1, math.Inf(-1)))
}
