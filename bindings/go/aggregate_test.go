package avocet_test

import (
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzAggregate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r := &random{seed}
		n, m, d := int(a%20), int(b%20), int(c%40)
		list := r.rows(n, m, 12)
		g := graphOf(t, list, m)
		x, before := r.matrix(m, d, int(c%3)), r.matrix(n, d, int(a%3))
		o := avocet.AggregateOptions{Reduce: avocet.Reduce(options & 1), Accumulate: options&2 != 0}
		if options&4 != 0 {
			o.EdgeWeights = r.values(g.Edges())
		}
		if options&8 != 0 {
			o.SourceScale, o.RowScale = r.values(m), r.values(n)
		}
		out := clone(before)
		check(t, avocet.Aggregate(g, x, o, out, nil))
		checkGaps(t, "out", out)
		e := 0
		for i := range n {
			sums := make([]float64, d)
			for k, j := range list[i] {
				for at_, v := range row(x, int(j)) {
					sums[at_] += at(o.EdgeWeights, e+k) * at(o.SourceScale, int(j)) * float64(v)
				}
			}
			e += len(list[i])
			for at_, sum := range sums {
				if o.Reduce == avocet.ReduceMean && len(list[i]) > 0 {
					sum /= float64(len(list[i]))
				}
				sum *= at(o.RowScale, i)
				if o.Accumulate {
					sum += float64(row(before, i)[at_])
				}
				near(t, "aggregate", row(out, i)[at_], sum)
			}
		}

		left, dots := r.matrix(n, d, 1), zeros(g.Edges())
		check(t, avocet.EdgeDots(g, left, x, dots, nil))
		e = 0
		for i := range n {
			for _, j := range list[i] {
				near(t, "edge dots", dots[e], dot(row(left, i), row(x, int(j))))
				e++
			}
		}
	})
}
