package avocet_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// The bits of numbers that every type has.
func f16s(values ...float32) []avocet.F16 {
	out := make([]avocet.F16, len(values))
	for i, v := range values {
		if bits := math.Float32bits(v); v != 0 {
			out[i] = avocet.F16(bits>>16&0x8000 | (bits>>23&0xff-112)<<10 | bits>>13&0x3ff)
		}
	}
	return out
}

func bf16s(values ...float32) []avocet.BF16 {
	out := make([]avocet.BF16, len(values))
	for i, v := range values {
		out[i] = avocet.BF16(math.Float32bits(v) >> 16)
	}
	return out
}

func TestKnownConversions(t *testing.T) {
	values := []float32{1, -2.5, 0, 1024, .125, -7}
	x, halves, brains := rowsOf(values, 2), halvesOf(make([]avocet.F16, 6), 2), brainsOf(make([]avocet.BF16, 6), 2)
	check(t, avocet.Convert(x, halves, nil))
	check(t, avocet.Convert(halves, brains, nil))
	if !slices.Equal(halves.Data, f16s(values...)) || !slices.Equal(brains.Data, bf16s(values...)) {
		t.Errorf("%x, %x", halves.Data, brains.Data)
	}
	back := rowsOf(zeros(6), 2)
	check(t, avocet.Convert(brains, back, nil))
	equal(t, "back", back.Data, values...)
	// Ties to even, beyond the range, the least subnormal, NaN.
	nan := float32(math.NaN())
	odd := rowsOf([]float32{2049, 2051, 65520, -1e9, 0x1p-24, 0x1p-25, nan, 0}, 1)
	narrow := halvesOf(make([]avocet.F16, 8), 1)
	check(t, avocet.Convert(odd, narrow, nil))
	if !slices.Equal(narrow.Data, []avocet.F16{0x6800, 0x6802, 0x7c00, 0xfc00, 1, 0, 0x7e00, 0}) {
		t.Errorf("%x", narrow.Data)
	}

	rows := []float32{254, -2, 0, 0, 127, 63}
	integers, scales := bytesOf(make([]int8, 6), 3), zeros(3)
	quantized := func(err error) {
		t.Helper()
		check(t, err)
		if !slices.Equal(integers.Data, []int8{127, -1, 0, 0, 127, 63}) {
			t.Errorf("%v", integers.Data)
		}
		equal(t, "scales", scales, 2, 0, 1)
		clear(integers.Data)
		clear(scales)
	}
	quantized(avocet.QuantizeRows(halvesOf(f16s(rows...), 3), integers, scales, nil))
	quantized(avocet.QuantizeRows(brainsOf(bf16s(rows...), 3), integers, scales, nil))
	quantized(avocet.QuantizeRows(rowsOf(rows, 3), integers, scales, nil))
	again := rowsOf(zeros(6), 3)
	check(t, avocet.DequantizeRows(bytesOf([]int8{127, -1, 0, 0, 127, 63}, 3), []float32{2, 0, 1}, again, nil))
	equal(t, "made again", again.Data, rows...)

	sides := []float32{3, -4, 0, 0, 5, 12}
	norms := zeros(3)
	for _, err := range []func() error{
		func() error { return avocet.RowNorms(rowsOf(sides, 3), norms, nil) },
		func() error { return avocet.RowNorms(halvesOf(f16s(sides...), 3), norms, nil) },
		func() error { return avocet.RowNorms(brainsOf(bf16s(sides...), 3), norms, nil) },
	} {
		clear(norms)
		check(t, err())
		equal(t, "norms", norms, 5, 0, 13)
	}
}

// scored checks the scores of 2 rows with 3 in all forms.
func scored(t *testing.T, tables avocet.ScoreTables, options avocet.ScoreOptions, wanted ...float32) {
	t.Helper()
	pairs, some, all := zeros(2), zeros(3), rowsOf(zeros(6), 2)
	check(t, avocet.ScorePairsOf(tables, []uint32{1, 0}, []int64{0, 2}, options, pairs, nil))
	check(t, avocet.ScoreCandidatesOf(tables, []int32{0, 2, 3}, []uint32{2, 0, 1}, options, some, nil))
	check(t, avocet.ScoreMatrixOf(tables, options, all, nil))
	equal(t, "all", all.Data, wanted...)
	equal(t, "pairs", pairs, wanted[3], wanted[2])
	equal(t, "candidates", some, wanted[2], wanted[0], wanted[4])
}

var (
	leftRows, rightRows = []float32{1, -2, .5, 3}, []float32{4, 1, 0, .25, -8, 2}
	rightDots           = []float32{2, -.5, -12, 5, .75, 2}
	cosines             = avocet.ScoreOptions{Metric: avocet.MetricCosine}
)

func knownScores[L, R avocet.Real](t *testing.T, left avocet.MatrixOf[L], right avocet.MatrixOf[R]) {
	t.Helper()
	pairs, some, all := zeros(2), zeros(3), rowsOf(zeros(6), 2)
	check(t, avocet.ScorePairs(left, right, []int{1, 0}, []uint32{0, 2}, pairs, nil))
	check(t, avocet.ScoreCandidates(left, right, []uint32{0, 2, 3}, []int64{2, 0, 1}, some, nil))
	check(t, avocet.ScoreMatrix(left, right, all, nil))
	equal(t, "pairs", pairs, 5, -12)
	equal(t, "candidates", some, -12, 2, .75)
	equal(t, "all", all.Data, rightDots...)
	tables := avocet.RealTables(left, right)
	scored(t, tables, avocet.ScoreOptions{}, rightDots...)
	wanted, squares := zeros(6), []float64{5, 9.25, 17, .0625, 68}
	for i := range wanted {
		wanted[i] = float32(float64(rightDots[i]) / (math.Sqrt(squares[i/3]) * math.Sqrt(squares[2+i%3])))
	}
	scored(t, tables, cosines, wanted...)
	options := avocet.ScoreOptions{Metric: avocet.MetricCosine, Second: tables, Factor: 1, SecondFactor: 1}
	for i := range wanted {
		wanted[i] *= 2
	}
	scored(t, tables, options, wanted...)
}

// Every type with every type.
func TestKnownScores(t *testing.T) {
	left, right := rowsOf(leftRows, 2), rowsOf(rightRows, 3)
	left16, right16 := halvesOf(f16s(leftRows...), 2), halvesOf(f16s(rightRows...), 3)
	leftB, rightB := brainsOf(bf16s(leftRows...), 2), brainsOf(bf16s(rightRows...), 3)
	knownScores(t, left, right)
	knownScores(t, left, right16)
	knownScores(t, left, rightB)
	knownScores(t, left16, right)
	knownScores(t, left16, right16)
	knownScores(t, left16, rightB)
	knownScores(t, leftB, right)
	knownScores(t, leftB, right16)
	knownScores(t, leftB, rightB)
}

func TestKnownInt8Scores(t *testing.T) {
	left := bytesOf([]int8{1, -2, 3, 4}, 2)
	right := avocet.MatrixOf[int8]{Data: []int8{5, 6, 9, 7, -8, 9, -127, -127}, Rows: 3, Cols: 2, Stride: 3}
	halves, tens, plain := []float32{.5, 2}, []float32{1, 10, -1}, avocet.ScoreOptions{}
	scored(t, avocet.Int8Tables(left, nil, right, nil), plain, -7, 23, 127, 39, -11, -889)
	scored(t, avocet.Int8Tables(left, halves, right, nil), plain, -3.5, 11.5, 63.5, 78, -22, -1778)
	scored(t, avocet.Int8Tables(left, nil, right, tens), plain, -7, 230, -127, 39, -110, 889)
	scaled := avocet.Int8Tables(left, halves, right, tens)
	scored(t, scaled, plain, -3.5, 115, -63.5, 78, -220, 1778)
	// The cosine is one of the integers.
	dots, squares, wanted := []float64{-7, 23, 127, 39, -11, -889}, []float64{5, 25, 61, 113, 2 * 127 * 127}, zeros(6)
	for i := range wanted {
		wanted[i] = float32(dots[i] / (math.Sqrt(squares[i/3]) * math.Sqrt(squares[2+i%3])))
	}
	scored(t, scaled, cosines, wanted...)
	scored(t, avocet.Int8Tables(bytesOf(make([]int8, 4), 2), nil, right, nil), cosines, zeros(6)...)
}

func TestKnownSecondTables(t *testing.T) {
	real := avocet.RealTables(rowsOf(leftRows, 2), halvesOf(f16s(rightRows...), 3))
	left, right, tens := bytesOf([]int8{1, 2}, 2), bytesOf([]int8{3, 0, -1}, 3), []float32{10, 1, 10}
	// Integers: 3, 0, -1, 6, 0, -2; with scales of the right 30, 0, -10, 60, 0, -20.
	plain, scaled := avocet.Int8Tables(left, nil, right, nil), avocet.Int8Tables(left, nil, right, tens)
	both := func(second avocet.ScoreTables, factor, secondFactor float32) avocet.ScoreOptions {
		return avocet.ScoreOptions{Second: second, Factor: factor, SecondFactor: secondFactor}
	}
	scored(t, real, both(plain, 2, -1), 1, -1, -23, 4, 1.5, 6)
	scored(t, real, both(scaled, 2, -1), -26, -1, -14, -50, 1.5, 24)
	scored(t, real, both(avocet.Int8Tables(left, []float32{2, 3}, right, nil), 0, 1), 6, 0, -2, 18, 0, -6)
	scored(t, plain, both(real, .5, 4), 9.5, -2, -48.5, 23, 3, 7)
	scored(t, scaled, both(real, 0, 1), rightDots...)
	scored(t, real, both(real, 1, 1), 4, -1, -24, 10, 1.5, 4)
}

// What lies between rows of outputs stays, and no rows or no columns are no mistake.
func TestRowsGapsAndEmpty(t *testing.T) {
	x := rowsOf([]float32{127, 2, -254, 4}, 2)
	halves := avocet.MatrixOf[avocet.F16]{Data: slices.Repeat([]avocet.F16{77}, 6), Rows: 2, Cols: 2, Stride: 3}
	bytes := avocet.MatrixOf[int8]{Data: slices.Repeat([]int8{77}, 6), Rows: 2, Cols: 2, Stride: 3}
	out := avocet.Matrix{Data: slices.Repeat([]float32{77}, 6), Rows: 2, Cols: 2, Stride: 3}
	scales := zeros(2)
	check(t, avocet.Convert(x, halves, nil))
	check(t, avocet.QuantizeRows(x, bytes, scales, nil))
	if !slices.Equal(bytes.Data, []int8{127, 2, 77, -127, 2, 77}) || halves.Data[2] != 77 || halves.Data[5] != 77 {
		t.Errorf("%v, %x", bytes.Data, halves.Data)
	}
	check(t, avocet.DequantizeRows(bytes, scales, out, nil))
	equal(t, "made again", out.Data, 127, 2, 77, -254, 4, 77)
	check(t, avocet.Convert(halves, out, nil))
	equal(t, "widened", out.Data, 127, 2, 77, -254, 4, 77)
	check(t, avocet.ScoreMatrix(halves, x, out, nil))
	equal(t, "scores", out.Data, 127*127+4, -127*254+8, 77, -127*254+8, 254*254+16, 77)

	for _, none := range [][]float32{nil, {}} {
		empty := avocet.Matrix{Data: none, Cols: 3}
		check(t, avocet.Convert(empty, avocet.MatrixOf[avocet.BF16]{Cols: 3}, nil))
		check(t, avocet.QuantizeRows(empty, avocet.MatrixOf[int8]{Cols: 3}, none, nil))
		check(t, avocet.DequantizeRows(avocet.MatrixOf[int8]{Cols: 3}, none, empty, nil))
		check(t, avocet.RowNorms(empty, none, nil))
		check(t, avocet.ScoreCandidates(empty, empty, []int{0}, []uint32(nil), none, nil))
		check(t, avocet.ScoreMatrix(empty, empty, avocet.Matrix{}, nil))
		check(t, avocet.ScorePairsOf(avocet.ScoreTables{}, []int{}, []int{}, avocet.ScoreOptions{}, none, nil))
	}
	zero, flat := []float32{7, 7}, avocet.Matrix{Rows: 2}
	check(t, avocet.ScorePairs(flat, flat, []int{0, 1}, []int{1, 0}, zero, nil))
	equal(t, "scores without columns", zero, 0, 0)
	zero[0] = 7
	check(t, avocet.QuantizeRows(flat, avocet.MatrixOf[int8]{Rows: 2}, zero, nil))
	equal(t, "scales without columns", zero, 0, 0)
}

// Rows of any type against float64, with a pool and without.
func FuzzRows(f *testing.F) {
	seeds(f)
	pool := newPool(f, 3)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r := &random{seed}
		m, n, d := int(a%9)+1, int(b%9)+1, int(c%70)
		left, right := r.matrix(m, d, int(options%3)), r.matrix(n, d, int(options/4%3))
		bytes, scales := [2]avocet.MatrixOf[int8]{}, [2][]float32{}
		for i, x := range []avocet.Matrix{left, right} {
			bytes[i], scales[i] = avocet.MatrixOf[int8]{Data: make([]int8, x.Rows*d), Rows: x.Rows, Cols: d}, zeros(x.Rows)
			norms, wide := zeros(x.Rows), avocet.Matrix{Data: zeros(x.Rows * d), Rows: x.Rows, Cols: d}
			check(t, avocet.QuantizeRows(x, bytes[i], scales[i], pool))
			check(t, avocet.DequantizeRows(bytes[i], scales[i], wide, pool))
			check(t, avocet.RowNorms(x, norms, pool))
			for k := range x.Rows {
				near(t, "norm", norms[k], math.Sqrt(dot(row(x, k), row(x, k))))
				for j, v := range row(wide, k) {
					if math.Abs(float64(v-row(x, k)[j])) > .501*float64(scales[i][k]) {
						t.Fatalf("%g became %g with a scale of %g", row(x, k)[j], v, scales[i][k])
					}
				}
			}
		}
		all, alone := rowsOf(zeros(m*n), m), rowsOf(zeros(m*n), m)
		of := avocet.ScoreOptions{Second: avocet.Int8Tables(bytes[0], scales[0], bytes[1], scales[1]), Factor: 2, SecondFactor: -.5}
		check(t, avocet.ScoreMatrixOf(avocet.RealTables(left, right), of, all, pool))
		check(t, avocet.ScoreMatrixOf(avocet.RealTables(left, right), of, alone, nil))
		equal(t, "with a pool", all.Data, alone.Data...)
		for i := range m {
			for j := range n {
				sum := 0
				for k := range d {
					sum += int(bytes[0].Data[i*d+k]) * int(bytes[1].Data[j*d+k])
				}
				wanted := 2*dot(row(left, i), row(right, j)) - .5*float64(scales[0][i])*float64(scales[1][j])*float64(sum)
				near(t, fmt.Sprint("score ", i, " ", j), all.Data[i*n+j], wanted)
			}
		}
		check(t, avocet.ScoreMatrixOf(avocet.RealTables(left, right), cosines, all, pool))
		for i := range m {
			for j := range n {
				x, y := row(left, i), row(right, j)
				if wanted := dot(x, y) / math.Sqrt(dot(x, x)*dot(y, y)); d > 0 {
					near(t, "cosine", all.Data[i*n+j], wanted)
				}
			}
		}
	})
}
