package avocet_test

import (
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzGraph(f *testing.F) {
	f.Add([]byte{0, 1, 2}, []byte{0, 1}, uint8(2))
	f.Add([]byte{0, 2, 1}, []byte{0, 1}, uint8(2))
	f.Add([]byte{1}, []byte{}, uint8(0))
	f.Add([]byte{}, []byte{}, uint8(0))
	f.Add([]byte{0, 1}, []byte{255}, uint8(3))
	f.Add([]byte{0, 0, 3}, []byte{2, 2, 0}, uint8(3))
	f.Fuzz(func(t *testing.T, offsetBytes, indexBytes []byte, cols uint8) {
		offsets, indices := make([]int32, len(offsetBytes)), make([]int64, len(indexBytes))
		good := len(offsets) > 0 && offsetBytes[0] == 0 && int(int8(offsetBytes[len(offsets)-1])) == len(indices)
		for i, b := range offsetBytes {
			offsets[i] = int32(int8(b))
			good = good && (i == 0 || offsets[i] >= offsets[i-1])
		}
		for i, b := range indexBytes {
			indices[i] = int64(int8(b))
			good = good && indices[i] >= 0 && indices[i] < int64(cols)
		}
		g, err := avocet.NewGraph(offsets, indices, int(cols))
		if (err == nil) != good {
			t.Fatalf("offsets %v, indices %v, %d columns: %v", offsets, indices, cols, err)
		}
		if err != nil {
			return
		}
		defer g.Close()
		found, columns := make([]int64, len(offsets)), make([]uint32, len(indices))
		check(t, g.Offsets(found))
		check(t, g.Indices(columns))
		for i := range found {
			if found[i] != int64(offsets[i]) {
				t.Fatal("other offsets")
			}
		}
		for i := range columns {
			if int64(columns[i]) != indices[i] {
				t.Fatal("other indices")
			}
		}
		if g.Rows() != len(offsets)-1 || g.Cols() != int(cols) || g.Edges() != len(indices) || g.IsDerived() {
			t.Fatal("another shape")
		}
		back := graph(t)(g.Transpose())
		again := graph(t)(back.Transpose())
		ids := make([]uint32, len(indices))
		check(t, again.EdgeIDs(ids))
		rows := make([]int, len(indices))
		for i := range g.Rows() {
			for e := offsets[i]; e < offsets[i+1]; e++ {
				rows[e] = i
			}
		}
		check(t, again.Offsets(found))
		check(t, again.Indices(columns))
		for i := range again.Rows() {
			for e := found[i]; e < found[i+1]; e++ {
				if rows[ids[e]] != i || int64(columns[e]) != indices[ids[e]] {
					t.Fatal("twice transposed is not the graph")
				}
			}
		}
		if !again.IsDerived() || again.EdgeIDLimit() != len(indices) || back.Rows() != g.Cols() {
			t.Fatal("the transpose has another shape")
		}
	})
}
