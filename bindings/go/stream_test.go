package avocet_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzStream(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, n := &random{seed}, int(a)
		protocol := avocet.Protocol(options % 6)
		window := int64(b % 20)
		attribution := window + int64(c%30)
		clicks := avocet.Clicks{Times: make([]int64, n), Conversions: make([]int64, n), Signals: make([]int64, n)}
		for i := range n {
			clicks.Times[i] = int64(r.below(100)) - 50
			clicks.Conversions[i], clicks.Signals[i] = avocet.Never, avocet.Never
			if r.below(3) != 0 {
				clicks.Conversions[i] = clicks.Times[i] + int64(r.below(60))
			}
			if r.below(3) != 0 {
				clicks.Signals[i] = clicks.Times[i] + int64(r.below(30)) - 5
			}
		}
		if options&128 != 0 {
			clicks.Signals = nil
		}
		found := streamRows(t, protocol, clicks, window, attribution)

		type row struct {
			time   int64
			click  int
			copied bool
			kind   avocet.RowKind
		}
		var rows []row
		immediate := protocol == avocet.ProtocolImmediate || protocol == avocet.ProtocolImmediateReal
		if immediate {
			window = 0
		}
		for i, time := range clicks.Times {
			first, last, conversion := time+window, time+attribution, clicks.Conversions[i]
			switch {
			case conversion <= first && !immediate:
				rows = append(rows, row{first, i, false, avocet.RowImmediatePositive})
				if protocol == avocet.ProtocolDuplicate {
					rows = append(rows, row{first, i, true, avocet.RowImmediatePositive})
				}
			case conversion <= last:
				rows = append(rows, row{first, i, false, avocet.RowNegative})
				if protocol != avocet.ProtocolWindow {
					rows = append(rows, row{conversion, i, true, avocet.RowDelayedPositive})
				}
			default:
				rows = append(rows, row{first, i, false, avocet.RowNegative})
				if protocol >= avocet.ProtocolDelayedReal {
					rows = append(rows, row{last, i, true, avocet.RowRealNegative})
				}
			}
		}
		// They were made click by click, first rows before copies.
		slices.SortStableFunc(rows, func(x, y row) int { return cmp.Compare(x.time, y.time) })
		if len(found.Times) != len(rows) {
			t.Fatalf("%d rows, wanted %d", len(found.Times), len(rows))
		}
		for i, row := range rows {
			signal := clicks.Signals != nil && clicks.Signals[row.click] <= clicks.Times[row.click]+window
			if found.Times[i] != row.time || int(found.Clicks[i]) != row.click || found.Kinds[i] != row.kind ||
				found.Signals[i] != signal {
				t.Fatalf("row %d: %d, %d, %d, %t; wanted %v, %t", i, found.Times[i], found.Clicks[i], found.Kinds[i],
					found.Signals[i], row, signal)
			}
		}
	})
}
