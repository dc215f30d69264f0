package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// Fuzz tests compare every family with plain Go in float64, on shapes and values that a fuzzer chooses; the seeds run as
// tests. This is what they share.

// near compares a result with what it should be, to the accuracy of short float32 sums of numbers up to about 1.
func near(t *testing.T, what string, found float32, wanted float64) {
	t.Helper()
	if !(math.Abs(float64(found)-wanted) <= 2e-5*(1+math.Abs(wanted))) {
		t.Fatalf("%s: found %g, wanted %g", what, found, wanted)
	}
}

func seeds(f *testing.F) {
	for i := range uint64(12) {
		f.Add(i, byte(i*7), byte(i*5+1), byte(i*3), byte(i*11))
	}
	f.Add(uint64(99), byte(0), byte(0), byte(0), byte(0))
}

// A matrix with gaps between its rows, which hold 1000.
func (r *random) matrix(rows, cols, gap int) avocet.Matrix {
	m := avocet.Matrix{Rows: rows, Cols: cols, Stride: cols + gap, Data: slices.Repeat([]float32{1000}, rows*(cols+gap))}
	for i := range rows {
		copy(row(m, i), r.values(cols))
	}
	return m
}

func row(m avocet.Matrix, i int) []float32 {
	stride := m.Stride
	if stride == 0 {
		stride = m.Cols
	}
	return m.Data[i*stride:][:m.Cols]
}

func clone(m avocet.Matrix) avocet.Matrix {
	m.Data = slices.Clone(m.Data)
	return m
}

// checkGaps sees to it that nothing was written between the rows.
func checkGaps(t *testing.T, what string, m avocet.Matrix) {
	t.Helper()
	for i, value := range m.Data {
		if m.Stride > 0 && i%m.Stride >= m.Cols && value != 1000 {
			t.Fatalf("%s: written between the rows", what)
		}
	}
}

func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// rows of a random graph, each in ascending order.
func (r *random) rows(rows, cols, most int) [][]uint32 {
	list := make([][]uint32, rows)
	for i := range list {
		if cols == 0 {
			continue
		}
		for range r.below(most + 1) {
			list[i] = append(list[i], uint32(r.below(cols)))
		}
		slices.Sort(list[i])
	}
	return list
}

func count(rows [][]uint32) (n int) {
	for _, row := range rows {
		n += len(row)
	}
	return n
}

func at(values []float32, i int) float64 {
	if values == nil {
		return 1
	}
	return float64(values[i])
}

func zeros(n int) []float32 { return make([]float32, n) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
