package avocet_test

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// Every call that takes an index, and what it says of one that is closed or nil; and of its other handles.
func TestIndexHandles(t *testing.T) {
	s := newScene(t)
	x := s.indexes()
	var no *avocet.PackedIndex
	check(t, x.closed.Close())
	check(t, no.Close())
	if x.closed.Rows() != C || x.closed.Cols() != D || x.closed.Live() != C || x.closed.HasIDs() || x.closed.Memory() == 0 ||
		x.closed.SavedBytes() != x.plain.SavedBytes() || x.closed.Storage() != avocet.IndexF32 {
		t.Error("the properties of a closed index")
	}
	if no.Rows()+no.Cols()+no.Live()+no.Memory()+no.SavedBytes() != 0 || no.HasIDs() || no.Storage() != avocet.IndexF32 {
		t.Error("the properties of no index")
	}
	rows, queries, saved := avocet.RealVectors(s.x), avocet.RealVectors(s.y), make([]byte, x.plain.SavedBytes())
	made := func(index *avocet.PackedIndex, err error) error {
		if index != nil {
			check(t, index.Close())
		}
		return err
	}
	calls := func(index *avocet.PackedIndex, pool *avocet.Pool, w *avocet.Workspace) map[string]error {
		_, marshal := index.MarshalBinary()
		if index == nil {
			// There is no length to save.
			marshal = index.Save(saved)
		}
		return map[string]error{
			"Append":        made(index.Append(rows, avocet.AppendOptions{}, pool)),
			"Replace":       made(index.Replace([]uint32{0, 1, 2, 3}, rows, avocet.ReplaceOptions{})),
			"Remove":        made(index.Remove([]uint32{0})),
			"IDs":           index.IDs([]uint32{0}, make([]uint64, 1)),
			"Save":          index.Save(saved),
			"MarshalBinary": marshal,
			"Search":        index.Search(s.y, 2, s.indexLists(), pool, w),
			"Scores":        index.Scores(queries, s.graph, s.out[:E], pool, w),
			"RankCounts":    index.RankCounts(queries, s.graph, s.graph, s.ids[:E], s.counts[:E], pool, w),
		}
	}
	for status, index := range map[avocet.Status]*avocet.PackedIndex{avocet.ErrClosed: x.closed, avocet.ErrNullPointer: nil} {
		for function, err := range calls(index, nil, s.workspace) {
			s.refuses(function, err, none(status, 1, "index", 0))
		}
	}
	closedPool, closedWorkspace, held, closedGraph := newPool(t, 1), newWorkspace(t), newWorkspace(t), graphOf(t, [][]uint32{{}, {}, {}}, C)
	for _, h := range []closer{closedPool, closedWorkspace, closedGraph} {
		check(t, h.Close())
	}
	defer held.Hold()()
	pooled := calls(x.plain, closedPool, s.workspace)
	for function, argument := range map[string]int{"Append": 4, "Search": 10, "Scores": 6, "RankCounts": 8} {
		s.refuses(function, pooled[function], none(avocet.ErrClosed, argument, "pool", 0))
	}
	for status, w := range map[avocet.Status]*avocet.Workspace{avocet.ErrClosed: closedWorkspace, avocet.ErrInUse: held,
		avocet.ErrNullPointer: nil} {
		errs := calls(x.plain, nil, w)
		for function, argument := range map[string]int{"Search": 11, "Scores": 7, "RankCounts": 9} {
			s.refuses(function, errs[function], none(status, argument, "workspace", 0))
		}
	}
	search := func(options avocet.IndexSearchOptions) error {
		return x.plain.SearchOf(queries, 2, options, s.indexLists(), nil, s.workspace)
	}
	s.refuses("exclude", search(avocet.IndexSearchOptions{Exclude: closedGraph}), none(avocet.ErrClosed, 4, "options.exclude", 0))
	s.refuses("allow", search(avocet.IndexSearchOptions{Allow: closedGraph}), none(avocet.ErrClosed, 4, "options.allow", 0))
	for status, given := range map[avocet.Status]*avocet.Graph{avocet.ErrClosed: closedGraph, avocet.ErrNullPointer: nil} {
		n := given.Edges()
		s.refuses("given", x.plain.Scores(queries, given, s.out[:n], nil, s.workspace), none(status, 4, "given", 0))
		s.refuses("given", x.plain.RankCounts(queries, given, nil, s.ids[:n], s.counts[:n], nil, s.workspace), none(status, 4, "given", 0))
	}
	s.refuses("exclude", x.plain.RankCounts(queries, s.graph, closedGraph, s.ids[:E], s.counts[:E], nil, s.workspace),
		none(avocet.ErrClosed, 5, "exclude", 0))

	// Any number of calls may use an index at once; Close waits for them.
	release := x.plain.Hold()
	for function, err := range calls(x.plain, nil, s.workspace) {
		if err != nil {
			t.Errorf("%s: %v", function, err)
		}
	}
	closed := make(chan struct{})
	go func() {
		_ = x.plain.Close()
		close(closed)
	}()
	for x.plain.Save(saved) == nil {
	}
	select {
	case <-closed:
		t.Error("an index was freed under a call")
	default:
	}
	release()
	<-closed
}

// Goroutines search one index while another makes new ones of it, in mapped memory, and closes them.
func TestIndexOfManyGoroutines(t *testing.T) {
	before := avocet.LiveHandles()
	r := &random{8}
	const n, d, q, k = 3000, 8, 4, 3
	x, queries := rowsOf(r.values(n*d), n), rowsOf(r.values(q*d), q)
	packed := must[*avocet.PackedIndex](t)(avocet.NewPackedIndex(avocet.RealVectors(x), avocet.PackedIndexOptions{}, nil))
	var unused atomic.Int64
	first := must[*avocet.PackedIndex](t)(avocet.MapPackedIndex(must[[]byte](t)(packed.MarshalBinary()), func() { unused.Add(1) }))
	check(t, packed.Close())
	// Every one of its versions finds what it has.
	var current atomic.Pointer[avocet.PackedIndex]
	current.Store(first)
	var found, closed atomic.Int64
	done := make(chan struct{})
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			w, err := avocet.NewWorkspace(0)
			if err != nil {
				t.Error(err)
				return
			}
			defer w.Close()
			lists := indexLists(q, k)
			for {
				select {
				case <-done:
					return
				default:
				}
				index := current.Load()
				switch err := index.Search(queries, k, lists, nil, w); {
				case errors.Is(err, avocet.ErrClosed):
					closed.Add(1)
				case err != nil:
					t.Error(err)
					return
				default:
					found.Add(1)
					if !slices.Equal(lists.Counts, slices.Repeat([]uint32{k}, q)) || slices.Max(lists.Rows) >= uint32(index.Rows()) {
						t.Errorf("found %v", lists)
						return
					}
				}
			}
		})
	}
	one := avocet.RealVectors(rowsOf(r.values(d), 1))
	for i := 0; i < 200 || found.Load() < 200; i++ {
		index := current.Load()
		var next *avocet.PackedIndex
		var err error
		switch i % 3 {
		case 0:
			next, err = index.Append(one, avocet.AppendOptions{}, nil)
		case 1:
			next, err = index.Replace([]uint32{uint32(i % n)}, one, avocet.ReplaceOptions{})
		default:
			next, err = index.Remove([]uint32{uint32(i % n)})
		}
		if err != nil {
			t.Error(err)
			break
		}
		current.Store(next)
		check(t, index.Close())
		if unused.Load() != 0 {
			t.Error("the memory of an index was let go")
			break
		}
	}
	close(done)
	group.Wait()
	check(t, current.Load().Close())
	if unused.Load() != 1 || avocet.LiveHandles() != before {
		t.Errorf("let go %d times, %d handles", unused.Load(), avocet.LiveHandles()-before)
	}
	t.Logf("%d searches, %d of closed indexes", found.Load(), closed.Load())
}
