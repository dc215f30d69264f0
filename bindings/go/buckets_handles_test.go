package avocet_test

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// Every call that takes buckets, and what it says of those that are closed, nil or in use.
func TestBucketsHandles(t *testing.T) {
	s := newScene(t)
	g := newGrid(t)
	closed, busy, other := newBuckets(t, g, 2), newBuckets(t, g, 1), newBuckets(t, g, 1)
	size := closed.SavedBytes()
	check(t, closed.Close())
	check(t, closed.Close())
	check(t, noBuckets.Close())
	check(t, (&avocet.Buckets{}).Close())
	if closed.Levels() != levels || closed.Bins() != bins || noBuckets.Levels() != 0 || noBuckets.Bins() != 0 {
		t.Error("the shape of closed buckets, or of none")
	}
	if closed.Segments() != 2 || closed.SavedBytes() != size || size == 0 || noBuckets.Segments() != 0 || noBuckets.SavedBytes() != 0 {
		t.Error("the sizes of closed buckets, or of none")
	}
	p, n := words(cellCount), words(cellCount)
	readers := func(b *avocet.Buckets) map[string]error {
		_, apart := b.Apart(0)
		return map[string]error{
			"Apart":     apart,
			"Grid":      s.gridMade(b.Grid()),
			"Cells":     b.Cells(0, false, p, n),
			"ScoreBins": b.ScoreBins(0, false, p[:bins], n[:bins]),
			"Save":      b.Save(make([]byte, busy.SavedBytes())),
		}
	}
	others := func(b *avocet.Buckets) map[string]error {
		return map[string]error{"Merge": other.Merge(b), "Subtract": other.Subtract(b)}
	}
	cells := func(b *avocet.Buckets) map[string]error {
		of := avocet.Cells{Buckets: b}
		_, search := avocet.ThresholdSearch(of, objectives[0], avocet.SearchOptions{}, s.ids[:levels], s.workspace)
		if errors.Is(search, avocet.ErrInfeasible) {
			search = nil
		}
		_, _, passing := avocet.ThresholdPassing(of, make([]uint32, levels))
		_, frontier := avocet.ThresholdFrontier(of, p, s.workspace)
		if errors.Is(frontier, avocet.ErrShapeMismatch) {
			frontier = nil
		}
		return map[string]error{"ThresholdSearch": search, "ThresholdPassing": passing, "ThresholdFrontier": frontier,
			"ThresholdIsotonic": avocet.ThresholdIsotonic(of, make([]float32, cellCount), s.workspace)}
	}
	writers := func(b *avocet.Buckets) map[string]error {
		return map[string]error{
			"Add":      b.Add(goodRows, nil, s.workspace),
			"Merge":    b.Merge(other),
			"Subtract": b.Subtract(other),
			"Clear":    b.Clear(),
		}
	}
	refuse := func(errs map[string]error, wanted avocet.Error) {
		t.Helper()
		for function, err := range errs {
			s.refuses(function, err, wanted)
		}
	}
	release := busy.HoldAlone()
	for status, b := range map[avocet.Status]*avocet.Buckets{avocet.ErrClosed: closed, avocet.ErrNullPointer: nil,
		avocet.ErrInUse: busy} {
		refuse(readers(b), none(status, 1, "buckets", 0))
		refuse(writers(b), none(status, 1, "buckets", 0))
		refuse(others(b), none(status, 2, "other", 0))
		if b != nil {
			// Without buckets cells are slices.
			refuse(cells(b), none(status, 1, "cells.buckets", 0))
		}
	}
	refuse(cells(&avocet.Buckets{}), none(avocet.ErrNullPointer, 1, "cells.buckets", 0))
	release()
	// Others may read beside a reader, but not change.
	release = busy.Hold()
	refuse(writers(busy), none(avocet.ErrInUse, 1, "buckets", 0))
	ids := slices.Clone(s.ids)
	for _, errs := range []map[string]error{readers(busy), others(busy), cells(busy)} {
		for function, err := range errs {
			if err != nil {
				t.Errorf("%s: %v", function, err)
			}
		}
	}
	copy(s.ids, ids)
	release()
	// A refusal for another reason lets go of the buckets.
	closedPool, closedWorkspace, held := newPool(t, 1), newWorkspace(t), newWorkspace(t)
	check(t, closedPool.Close())
	check(t, closedWorkspace.Close())
	defer held.Hold()()
	s.refuses("Add", busy.Add(goodRows, closedPool, s.workspace), none(avocet.ErrClosed, 3, "pool", 0))
	for status, w := range map[avocet.Status]*avocet.Workspace{avocet.ErrClosed: closedWorkspace, avocet.ErrInUse: held,
		avocet.ErrNullPointer: nil} {
		s.refuses("Add", busy.Add(goodRows, nil, w), none(status, 4, "workspace", 0))
		_, err := avocet.ThresholdSearch(avocet.Cells{Buckets: busy}, objectives[0], avocet.SearchOptions{}, s.ids[:levels], w)
		s.refuses("ThresholdSearch", err, none(status, 6, "workspace", 0))
		_, err = avocet.ThresholdFrontier(avocet.Cells{Buckets: busy}, p, w)
		s.refuses("ThresholdFrontier", err, none(status, 5, "workspace", 0))
		err = avocet.ThresholdIsotonic(avocet.Cells{Buckets: busy}, s.out[:cellCount], w)
		s.refuses("ThresholdIsotonic", err, none(status, 4, "workspace", 0))
	}
	for function, err := range writers(busy) {
		if err != nil {
			t.Errorf("%s: %v", function, err)
		}
	}
	check(t, busy.Close())
}

// Goroutines add, read, merge and close: a call has whole buckets, or is refused.
func TestBucketsOfManyGoroutines(t *testing.T) {
	before := avocet.LiveHandles()
	g := must[*avocet.Grid](t)(avocet.NewGrid(avocet.GivenEdges(levelEdge), avocet.GivenEdges(scoreEdge), avocet.Sample{}, nil))
	b := must[*avocet.Buckets](t)(avocet.NewBuckets(g, 1))
	four := must[*avocet.Buckets](t)(avocet.NewBuckets(g, 1))
	own, err := avocet.NewWorkspace(0)
	check(t, err)
	check(t, four.Add(goodRows, nil, own))
	check(t, own.Close())
	var group sync.WaitGroup
	var added, read atomic.Int64
	for i := range 4 {
		group.Go(func() {
			w, err := avocet.NewWorkspace(0)
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Close()
			var p, n [cellCount]uint64
			for {
				count := &added
				switch i {
				case 0:
					err = b.Add(goodRows, nil, w)
				case 1:
					err = b.Merge(four)
				default:
					count = &read
					if err = b.Cells(0, false, p[:], n[:]); err == nil && (p[1] != n[0] || p[1] != p[5] || p[1] != n[5]) {
						t.Errorf("half of the rows: %v, %v", p, n)
						return
					}
				}
				switch {
				case err == nil:
					count.Add(1)
				case errors.Is(err, avocet.ErrClosed):
					return
				case !errors.Is(err, avocet.ErrInUse):
					t.Error(err)
					return
				}
				if added.Load() > 200 && read.Load() > 200 {
					_ = b.Close()
				}
			}
		})
	}
	group.Wait()
	for _, h := range []closer{b, four, g} {
		check(t, h.Close())
	}
	if added.Load() == 0 || read.Load() == 0 || avocet.LiveHandles() != before {
		t.Errorf("%d calls added, %d read, %d handles", added.Load(), read.Load(), avocet.LiveHandles()-before)
	}
}
