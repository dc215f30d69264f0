package avocet_test

import (
	"math"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzScore(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		q, n, d, k := int(a%12), int(b%30), int(c%20), int(options%10)
		queries, targets := r.matrix(q, d, 1), r.matrix(n, d, 2)
		if q > 0 && n > 0 {
			u, v, out := make([]uint32, 30), make([]int, 30), zeros(30)
			for i := range u {
				u[i], v[i] = uint32(r.below(q)), r.below(n)
			}
			check(t, avocet.ScorePairs(queries, targets, u, v, out, nil))
			for i := range u {
				near(t, "pair", out[i], dot(row(queries, int(u[i])), row(targets, v[i])))
			}
		}

		// Small whole numbers: the scores are exact, and many tie.
		for i := range queries.Data {
			queries.Data[i] = float32(r.below(3)) - 1
		}
		for i := range targets.Data {
			targets.Data[i] = float32(r.below(3)) - 1
		}
		excluded, givens := r.rows(q, n, 6), r.rows(q, n, 4)
		exclude, given := graphOf(t, excluded, n), graphOf(t, givens, n)
		lists := avocet.TopKLists{IDs: make([]uint32, q*k), Scores: zeros(q * k), Counts: make([]uint32, q), NaNCounts: make([]uint32, q)}
		check(t, avocet.TopK(queries, targets, exclude, k, lists, nil, w))
		better, equal := make([]uint32, given.Edges()), make([]uint32, given.Edges())
		check(t, avocet.RankCounts(queries, targets, given, exclude, better, equal, nil, w))
		e := 0
		for i := range q {
			order := []int{}
			for id := range n {
				if !slices.Contains(excluded[i], uint32(id)) {
					order = append(order, id)
				}
			}
			score := func(id int) float64 { return dot(row(queries, i), row(targets, id)) }
			for _, id := range givens[i] {
				over, same := 0, 0
				for _, other := range order {
					if score(other) > score(int(id)) {
						over++
					} else if other != int(id) && score(other) == score(int(id)) {
						same++
					}
				}
				if better[e] != uint32(over) || equal[e] != uint32(same) {
					t.Fatalf("counts %d, %d; wanted %d, %d", better[e], equal[e], over, same)
				}
				e++
			}
			slices.SortStableFunc(order, func(x, y int) int {
				switch sx, sy := score(x), score(y); {
				case sx > sy:
					return -1
				case sx < sy:
					return 1
				}
				return 0
			})
			if lists.Counts[i] != uint32(min(k, len(order))) || lists.NaNCounts[i] != 0 {
				t.Fatalf("%d places, %d NaN", lists.Counts[i], lists.NaNCounts[i])
			}
			for place := range k {
				id, found := lists.IDs[i*k+place], lists.Scores[i*k+place]
				if place >= len(order) {
					if id != avocet.NoID || !math.IsInf(float64(found), -1) {
						t.Fatalf("an unused place has %d, %g", id, found)
					}
				} else if int(id) != order[place] || float64(found) != score(order[place]) {
					t.Fatalf("place %d: %d, %g; wanted %d, %g", place, id, found, order[place], score(order[place]))
				}
			}
		}
	})
}
