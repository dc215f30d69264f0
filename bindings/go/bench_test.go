package avocet_test

import (
	"fmt"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
	"github.com/avocet-kernels/avocet/bindings/go/internal/cost"
)

// What a call costs beside its work: the call in a loop within C, bare calls from Go, and this package, which checks
// and holds its arguments as well. ./bench prints the table.

var batches = []int{1, 8, 64, 512, 4096, 65536}

// each runs the variants of a call for every batch.
func each(b *testing.B, prepare func(n int) (binding func() error, loop func(rounds int), bare func(annotated bool) bool)) {
	for _, n := range batches {
		binding, loop, bare := prepare(n)
		b.Run(fmt.Sprint("go/", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := binding(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprint("c/", n), func(b *testing.B) {
			loop(b.N)
		})
		for name, annotated := range map[string]bool{"plain/": false, "annotated/": true} {
			b.Run(fmt.Sprint(name, n), func(b *testing.B) {
				for b.Loop() {
					if !bare(annotated) {
						b.Fatal("refused")
					}
				}
			})
		}
	}
}

func BenchmarkScorePairs(b *testing.B) {
	const rows, d = 1000, 16
	r := &random{1}
	left, right := rowsOf(r.values(rows*d), rows), rowsOf(r.values(rows*d), rows)
	each(b, func(n int) (func() error, func(int), func(bool) bool) {
		u, v, out := make([]uint32, n), make([]uint32, n), make([]float32, n)
		for i := range u {
			u[i], v[i] = uint32(r.below(rows)), uint32(r.below(rows))
		}
		return func() error { return avocet.ScorePairs(left, right, u, v, out, nil) },
			func(rounds int) { cost.ScorePairsLoop(rounds, left, right, u, v, out) },
			func(annotated bool) bool { return cost.ScorePairs(annotated, left, right, u, v, out) }
	})
}

func BenchmarkMap(b *testing.B) {
	r := &random{1}
	each(b, func(n int) (func() error, func(int), func(bool) bool) {
		x, out := r.values(n), make([]float32, n)
		return func() error { return avocet.Map(avocet.Sigmoid, x, out, nil) },
			func(rounds int) { cost.MapLoop(rounds, avocet.Sigmoid, x, out) },
			func(annotated bool) bool { return cost.Map(annotated, avocet.Sigmoid, x, out) }
	})
}
