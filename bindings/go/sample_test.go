package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzSampling(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r := &random{seed}
		n, m := int(a%20)+1, int(b%20)+1
		list := r.rows(n, m, 12)
		g := graphOf(t, list, m)
		back := graph(t)(g.Transpose())
		fanout := make([]uint32, n)
		for i := range fanout {
			fanout[i] = uint32(r.below(int(c%12) + 1))
		}
		o := avocet.SampleOptions{Draw: avocet.Draw(options % 3), Seed: seed, Layer: uint32(c), EdgeWeights: zeros(g.Edges())}
		for e := range o.EdgeWeights {
			o.EdgeWeights[e] = 1 + r.value()/2
		}
		sample := graph(t)(avocet.SampleNeighbours(g, fanout, o, nil))
		offsets, columns, ids := contents(t, sample)
		first := 0
		for i := range n {
			of := ids[offsets[i]:offsets[i+1]]
			if len(of) != min(len(list[i]), int(fanout[i])) {
				t.Fatalf("%d of %d edges with a fan-out of %d", len(of), len(list[i]), fanout[i])
			}
			for k, id := range of {
				if int(id) < first || int(id) >= first+len(list[i]) || columns[int(offsets[i])+k] != list[i][int(id)-first] {
					t.Fatal("not an edge of the row")
				}
				if k > 0 && (of[k-1] > id || of[k-1] == id && o.Draw != avocet.DrawWithReplacement) {
					t.Fatal("edges out of order, or twice")
				}
			}
			first += len(list[i])
		}

		law := must[avocet.PowerLaw](t)(avocet.FitPowerLaw(g))
		least, sum := math.MaxInt, 0.0
		for _, row := range list {
			least = min(least, max(len(row), 1))
		}
		for _, row := range list {
			sum += math.Log(float64(max(len(row), 1)) / float64(least))
		}
		if wanted := 1 + float64(n)/sum; law.Least != least || math.Abs(law.Exponent-wanted) > 1e-5*wanted {
			t.Fatalf("found %v, wanted %d, %g", law, least, wanted)
		}
		fans := make([]uint32, n)
		check(t, avocet.AdaptiveFanout(g, avocet.PowerLaw{Least: 2, Exponent: 2.5}, 3, 20, fans))
		for i, row := range list {
			wanted := 3 + 17*math.Pow(max(float64(len(row)), 2)/2, -1.5)
			if math.Abs(float64(fans[i])-wanted) > .501 {
				t.Fatalf("fan-out %d for %d edges, wanted %g", fans[i], len(row), wanted)
			}
		}

		walked := graph(t)(avocet.WalkNeighbours(g, back, fanout, avocet.WalkOptions{Walks: 5, Length: 2, Seed: seed}, nil))
		shares := zeros(walked.Edges())
		check(t, walked.WalkWeights(shares))
		offsets, columns, _ = contents(t, walked)
		for i, own := range list {
			found := columns[offsets[i]:offsets[i+1]]
			if !slices.Equal(found[:len(own)], own) || len(found) > max(len(own), int(fanout[i])) || len(own) == 0 && len(found) > 0 {
				t.Fatalf("row %v became %v with a fan-out of %d", own, found, fanout[i])
			}
			for k, share := range shares[offsets[i]:offsets[i+1]] {
				visits := float64(share) * 15
				if k < len(own) && share != 1 || k >= len(own) && (visits < .99 || math.Abs(visits-math.Round(visits)) > 1e-4) {
					t.Fatalf("share %g", share)
				}
			}
		}

		rows := make([]uint32, int(c%9))
		for i := range rows {
			rows[i] = uint32(r.below(n))
		}
		chosen := graph(t)(avocet.SelectRows(g, rows))
		offsets, columns, _ = contents(t, chosen)
		for i, of := range rows {
			if !slices.Equal(columns[offsets[i]:offsets[i+1]], list[of]) {
				t.Fatal("another row")
			}
		}
	})
}

func contents(t *testing.T, g *avocet.Graph) (offsets []int64, columns, ids []uint32) {
	offsets, columns, ids = make([]int64, g.Rows()+1), make([]uint32, g.Edges()), make([]uint32, g.Edges())
	check(t, g.Offsets(offsets))
	check(t, g.Indices(columns))
	check(t, g.EdgeIDs(ids))
	return
}
