package avocet_test

import (
	"math"

	"github.com/avocet-kernels/avocet/bindings/go"
)

const rowsD = 70

func halvesOf(data []avocet.F16, rows int) avocet.MatrixOf[avocet.F16] {
	return avocet.MatrixOf[avocet.F16]{Data: data, Rows: rows, Cols: len(data) / max(rows, 1)}
}

func brainsOf(data []avocet.BF16, rows int) avocet.MatrixOf[avocet.BF16] {
	return avocet.MatrixOf[avocet.BF16]{Data: data, Rows: rows, Cols: len(data) / max(rows, 1)}
}

func bytesOf(data []int8, rows int) avocet.MatrixOf[int8] {
	return avocet.MatrixOf[int8]{Data: data, Rows: rows, Cols: len(data) / max(rows, 1)}
}

// Rows as each of the narrow types.
type narrow struct {
	halves avocet.MatrixOf[avocet.F16]
	brains avocet.MatrixOf[avocet.BF16]
	bytes  avocet.MatrixOf[int8]
	scales []float32
}

func (g *golden) narrow(x avocet.Matrix) narrow {
	n := len(x.Data)
	to := narrow{halvesOf(make([]avocet.F16, n), x.Rows), brainsOf(make([]avocet.BF16, n), x.Rows),
		bytesOf(make([]int8, n), x.Rows), zeros(x.Rows)}
	check(g.t, avocet.Convert(x, to.halves, g.pool))
	check(g.t, avocet.Convert(x, to.brains, g.pool))
	return to
}

func (g *golden) quantized(x avocet.Matrix) narrow {
	to := g.narrow(x)
	check(g.t, avocet.QuantizeRows(x, to.bytes, to.scales, g.pool))
	return to
}

func (g *golden) conversions() {
	r := &random{34}
	x := zeros(20000)
	for i := range x {
		x[i] = math.Float32frombits(uint32(r.next() >> 32))
	}
	to := g.narrow(rowsOf(x, 100))
	low, high := rowsOf(zeros(len(x)), 100), rowsOf(zeros(len(x)), 100)
	check(g.t, avocet.Convert(to.halves, low, g.pool))
	check(g.t, avocet.Convert(to.brains, high, g.pool))
	var bits []uint32
	for _, v := range to.halves.Data {
		bits = append(bits, uint32(v))
	}
	for _, v := range to.brains.Data {
		bits = append(bits, uint32(v))
	}
	g.add("convert", low.Data, high.Data, bits)

	of := rowsOf(r.values(300*rowsD), 300)
	to = g.quantized(of)
	back, norms := rowsOf(zeros(300*rowsD), 300), zeros(300)
	check(g.t, avocet.DequantizeRows(to.bytes, to.scales, back, g.pool))
	integers := make([]int32, len(to.bytes.Data))
	for i, v := range to.bytes.Data {
		integers[i] = int32(v)
	}
	g.add("quantize_rows", to.scales, back.Data, integers)
	check(g.t, avocet.RowNorms(of, norms, g.pool))
	g.add("row_norms", norms)
}

func (g *golden) rowScores() {
	r := &random{35}
	const rows, cols, n = 300, 500, 8000
	x, y := rowsOf(r.values(rows*rowsD), rows), rowsOf(r.values(cols*rowsD), cols)
	u, v := make([]uint32, n), make([]uint32, n)
	for i := range u {
		u[i] = uint32(r.below(rows))
	}
	for i := range v {
		v[i] = uint32(r.below(cols))
	}
	left, right := g.quantized(x), g.quantized(y)
	bytes := avocet.Int8Tables(left.bytes, left.scales, right.bytes, right.scales)
	cosine := avocet.ScoreOptions{Metric: avocet.MetricCosine}
	out := zeros(n)
	check(g.t, avocet.ScorePairs(left.halves, right.brains, u, v, out, g.pool))
	g.add("score_pairs_mixed", out)
	for _, c := range []struct {
		name    string
		tables  avocet.ScoreTables
		options avocet.ScoreOptions
	}{
		{"score_pairs_cosine", avocet.RealTables(x, right.brains), cosine},
		{"score_pairs_int8", bytes, avocet.ScoreOptions{}},
		{"score_pairs_int8_cosine", bytes, cosine},
		{"score_pairs_two_tables", bytes, avocet.ScoreOptions{Second: avocet.RealTables(left.halves, right.halves),
			Factor: .75, SecondFactor: -1.5}},
	} {
		check(g.t, avocet.ScorePairsOf(c.tables, u, v, c.options, out, g.pool))
		g.add(c.name, out)
	}

	offsets, candidates := []int64{0}, []uint32{}
	for range rows {
		for range r.below(60) {
			candidates = append(candidates, uint32(r.below(cols)))
		}
		offsets = append(offsets, int64(len(candidates)))
	}
	of := zeros(len(candidates))
	check(g.t, avocet.ScoreCandidates(left.brains, right.brains, offsets, candidates, of, g.pool))
	g.add("score_candidates", of)
	all := rowsOf(zeros(rows*cols), rows)
	check(g.t, avocet.ScoreMatrixOf(avocet.RealTables(left.halves, y), cosine, all, g.pool))
	g.add("score_matrix", all.Data)
}
