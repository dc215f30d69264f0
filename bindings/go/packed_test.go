package avocet_test

import (
	"encoding"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/avocet-kernels/avocet/bindings/go"
)

var _ encoding.BinaryMarshaler = (*avocet.PackedIndex)(nil)

// The three rows whose scores with two queries are known.
var (
	knownRows    = avocet.Matrix{Data: []float32{1, 0, 0, 2, 3, 3}, Rows: 3, Cols: 2}
	knownQueries = avocet.Matrix{Data: []float32{1, 1, -1, 2}, Rows: 2, Cols: 2}
)

func knownIndex(t testing.TB) *avocet.PackedIndex {
	return packed(t)(avocet.NewPackedIndex(avocet.RealVectors(knownRows), avocet.PackedIndexOptions{IDs: []uint64{50, 1 << 40, 7}}, nil))
}

func TestKnownIndex(t *testing.T) {
	w, index := newWorkspace(t), knownIndex(t)
	if index.Rows() != 3 || index.Cols() != 2 || index.Live() != 3 || index.Storage() != avocet.IndexF32 || !index.HasIDs() ||
		index.Memory() < 32*2*4 || index.SavedBytes() < index.Memory() {
		t.Error("the properties of an index")
	}
	lists := indexLists(2, 4)
	expect := func(what string, rows []uint32, scores []float32, counts ...uint32) {
		t.Helper()
		if !slices.Equal(lists.Rows, rows) || !slices.Equal(lists.Scores, scores) || !slices.Equal(lists.Counts, counts) ||
			!slices.Equal(lists.NaNCounts, []uint32{0, 0}) || !slices.Equal(lists.Survivors, []uint32{0, 0}) {
			t.Errorf("%s: %v", what, lists)
		}
	}
	no, low := avocet.NoID, float32(math.Inf(-1))
	check(t, index.Search(knownQueries, 4, lists, nil, w))
	expect("all", []uint32{2, 1, 0, no, 1, 2, 0, no}, []float32{6, 2, 1, low, 4, 3, -1, low}, 3, 3)
	ids := make([]uint64, 4)
	check(t, index.IDs(lists.Rows[:4], ids))
	if !slices.Equal(ids, []uint64{7, 1 << 40, 50, avocet.NoLongID}) || avocet.NoLongID != math.MaxUint64 {
		t.Error(ids)
	}
	queries := avocet.RealVectors(knownQueries)
	some, other := graphOf(t, [][]uint32{{0, 2}, {2}}, 3), graphOf(t, [][]uint32{{2}, {1}}, 3)
	check(t, index.SearchOf(queries, 4, avocet.IndexSearchOptions{Allow: some, Exclude: other}, lists, nil, w))
	expect("allowed", []uint32{0, no, no, no, 2, no, no, no}, []float32{1, low, low, low, 3, low, low, low}, 1, 1)
	check(t, index.SearchOf(queries, 4, avocet.IndexSearchOptions{Least: 3, HasLeast: true}, lists, nil, w))
	expect("at least 3", []uint32{2, no, no, no, 1, 2, no, no}, []float32{6, low, low, low, 4, 3, low, low}, 1, 2)

	scores, better, equal := zeros(3), make([]uint32, 3), make([]uint32, 3)
	check(t, index.Scores(queries, some, scores, nil, w))
	check(t, index.RankCounts(queries, some, nil, better, equal, nil, w))
	if !slices.Equal(scores, []float32{1, 6, 3}) || !slices.Equal(better, []uint32{2, 0, 1}) || !slices.Equal(equal, []uint32{0, 0, 0}) {
		t.Error(scores, better, equal)
	}
	check(t, index.RankCounts(queries, some, other, better, equal, nil, w))
	if !slices.Equal(better, []uint32{1, 0, 0}) {
		t.Error(better)
	}

	// Rows that go, come back and come along; what they are made of stays as it is.
	removed := packed(t)(index.Remove([]uint32{2}))
	check(t, removed.Search(knownQueries, 4, lists, nil, w))
	expect("removed", []uint32{1, 0, no, no, 1, 0, no, no}, []float32{2, 1, low, low, 4, -1, low, low}, 2, 2)
	one := avocet.RealVectors(avocet.Matrix{Data: []float32{0, 5}, Rows: 1, Cols: 2})
	replaced := packed(t)(removed.Replace([]uint32{2}, one, avocet.ReplaceOptions{}))
	check(t, replaced.Search(knownQueries, 4, lists, nil, w))
	expect("replaced", []uint32{2, 1, 0, no, 2, 1, 0, no}, []float32{5, 2, 1, low, 10, 4, -1, low}, 3, 3)
	more := packed(t)(index.Append(one, avocet.AppendOptions{IDs: []uint64{9}}, nil))
	check(t, more.Search(knownQueries, 4, lists, nil, w))
	expect("appended", []uint32{2, 3, 1, 0, 3, 1, 2, 0}, []float32{6, 5, 2, 1, 10, 4, 3, -1}, 4, 4)
	if removed.Live() != 2 || replaced.Live() != 3 || more.Live() != 4 || removed.Rows() != 3 || more.Rows() != 4 || index.Live() != 3 {
		t.Error("rows of changed indexes")
	}
	check(t, index.Search(knownQueries, 4, lists, nil, w))
	expect("as before", []uint32{2, 1, 0, no, 1, 2, 0, no}, []float32{6, 2, 1, low, 4, 3, -1, low}, 3, 3)
}

func TestNothingInAnIndex(t *testing.T) {
	w := newWorkspace(t)
	none := avocet.Vectors{}
	for _, storage := range storages {
		index := packed(t)(avocet.NewPackedIndex(none, avocet.PackedIndexOptions{Storage: storage, IDs: []uint64{}}, nil))
		if index.Rows()+index.Cols()+index.Live() != 0 || !index.HasIDs() || index.Storage() != storage {
			t.Error("the properties of an empty index")
		}
		packed(t)(index.Remove(nil))
		if storage != avocet.IndexInt8Panels {
			packed(t)(index.Replace(nil, none, avocet.ReplaceOptions{}))
		}
		more := packed(t)(index.Append(none, avocet.AppendOptions{IDs: []uint64{}}, nil))
		check(t, more.IDs(nil, nil))
		packed(t)(avocet.LoadPackedIndex(must[[]byte](t)(more.MarshalBinary())))
	}
	index := packed(t)(avocet.NewPackedIndex(none, avocet.PackedIndexOptions{}, nil))
	lists := indexLists(3, 2)
	check(t, index.Search(avocet.Matrix{Rows: 3}, 2, lists, nil, w))
	if index.HasIDs() || !slices.Equal(lists.Rows, slices.Repeat([]uint32{avocet.NoID}, 6)) || lists.Counts[2] != 0 {
		t.Error(lists)
	}
	check(t, knownIndex(t).Search(knownQueries, 0, avocet.IndexLists{Counts: lists.Counts[:2]}, nil, w))
	check(t, knownIndex(t).Search(avocet.Matrix{Cols: 2}, math.MaxInt, avocet.IndexLists{}, nil, w))
	check(t, avocet.MergeLists(nil, 0, 5, avocet.MergedLists{}))
	out := mergedLists(2, 1)
	check(t, avocet.MergeLists(nil, 2, 1, out))
	if out.IDs[1] != avocet.NoLongID || !math.IsInf(float64(out.Scores[1]), -1) || out.Counts[1] != 0 {
		t.Error(out)
	}
}

// Rows that are not finite.
func TestSkippedRows(t *testing.T) {
	w, lists := newWorkspace(t), indexLists(2, 3)
	data := []float32{1, 0, 0, float32(math.NaN()), 3, 3}
	rows := avocet.RealVectors(rowsOf(data, 3))
	index := packed(t)(avocet.NewPackedIndex(rows, avocet.PackedIndexOptions{SkipNotFinite: true}, nil))
	check(t, index.Search(knownQueries, 3, lists, nil, w))
	if index.Rows() != 3 || index.Live() != 2 || !slices.Equal(lists.Rows, []uint32{2, 0, avocet.NoID, 2, 0, avocet.NoID}) {
		t.Error(index.Live(), lists)
	}
	more := packed(t)(index.Append(rows, avocet.AppendOptions{SkipNotFinite: true}, nil))
	replaced := packed(t)(more.Replace([]uint32{0, 1, 2}, rows, avocet.ReplaceOptions{SkipNotFinite: true}))
	if more.Live() != 4 || replaced.Live() != 4 {
		t.Error(more.Live(), replaced.Live())
	}
	// A query may have what it will.
	check(t, index.Search(rowsOf([]float32{float32(math.NaN()), 1, 1, 1}, 2), 3, lists, nil, w))
	if !slices.Equal(lists.NaNCounts, []uint32{2, 0}) || !slices.Equal(lists.Counts, []uint32{0, 2}) {
		t.Error(lists)
	}
}

// Every storage against plain loops, and those that are exact against [avocet.TopK].
func FuzzPackedIndex(f *testing.F) {
	seeds(f)
	f.Add(uint64(5), byte('#'), byte(0x1a), byte(0), byte('7')) // Rows without columns.
	f.Fuzz(func(t *testing.T, seed uint64, a, b, c, options byte) {
		r, w := &random{seed}, newWorkspace(t)
		q, n, d, k := 1+int(a%9), int(b%80), int(c%20), int(options%10)
		queries, targets := r.matrix(q, d, 0), r.matrix(n, d, 2)
		excluded, givens := r.rows(q, n, 6), r.rows(q, n, 4)
		exclude, given := graphOf(t, excluded, n), graphOf(t, givens, n)
		narrow := (&golden{t: t}).quantized(queries)
		exact := avocet.TopKLists{IDs: make([]uint32, q*k), Scores: zeros(q * k), Counts: make([]uint32, q)}
		check(t, avocet.TopK(queries, targets, exclude, k, exact, nil, w))
		edges := given.Edges()
		better, equal := make([]uint32, edges), make([]uint32, edges)
		check(t, avocet.RankCounts(queries, targets, given, exclude, better, equal, nil, w))
		for name, storage := range storages {
			index := packed(t)(avocet.NewPackedIndex(avocet.RealVectors(targets), avocet.PackedIndexOptions{Storage: storage}, nil))
			of := narrow.vectorsFor(storage, queries)
			lists := indexLists(q, k)
			search := avocet.IndexSearchOptions{Exclude: exclude}
			check(t, index.SearchOf(of, k, search, lists, nil, w))
			own, over, same := zeros(edges), make([]uint32, edges), make([]uint32, edges)
			check(t, index.Scores(of, given, own, nil, w))
			check(t, index.RankCounts(of, given, exclude, over, same, nil, w))
			within := map[avocet.IndexStorage]float64{avocet.IndexF16: .01, avocet.IndexBF16: .1, avocet.IndexInt8: .1,
				avocet.IndexInt8Panels: .2}[storage]
			close := func(found float32, query int, target uint32) {
				t.Helper()
				if wanted := dot(row(queries, query), row(targets, int(target))); math.Abs(float64(found)-wanted) > within*float64(d)+1e-4 {
					t.Errorf("%s: a score of %g; wanted %g", name, found, wanted)
				}
			}
			e := 0
			for i := range q {
				for place := range int(lists.Counts[i]) {
					at := i*k + place
					close(lists.Scores[at], i, lists.Rows[at])
					if slices.Contains(excluded[i], lists.Rows[at]) {
						t.Errorf("%s: found what is excluded", name)
					}
					if place > 0 && lists.Scores[at] > lists.Scores[at-1] {
						t.Errorf("%s: not in order", name)
					}
				}
				for _, target := range givens[i] {
					close(own[e], i, target)
					e++
				}
				if lists.Counts[i] != exact.Counts[i] {
					t.Errorf("%s: %d places; wanted %d", name, lists.Counts[i], exact.Counts[i])
				}
			}
			if storage == avocet.IndexF32 || storage == avocet.IndexCertified {
				if !slices.Equal(lists.Rows, exact.IDs) || !slices.Equal(lists.Scores, exact.Scores) ||
					!slices.Equal(over, better) || !slices.Equal(same, equal) {
					t.Errorf("%s: not what TopK and RankCounts find", name)
				}
			}
			bytes := must[[]byte](t)(index.MarshalBinary())
			for _, again := range []*avocet.PackedIndex{packed(t)(avocet.LoadPackedIndex(bytes)), packed(t)(avocet.MapPackedIndex(bytes, nil))} {
				found := indexLists(q, k)
				check(t, again.SearchOf(of, k, search, found, nil, w))
				if !slices.Equal(found.Rows, lists.Rows) || !slices.Equal(found.Scores, lists.Scores) ||
					!slices.Equal(bytes, must[[]byte](t)(again.MarshalBinary())) || again.Storage() != storage {
					t.Errorf("%s: not the index that was saved", name)
				}
			}
		}
	})
}

// A certified search scores few rows in float32, and says how many.
func TestSurvivors(t *testing.T) {
	r, w := &random{9}, newWorkspace(t)
	const n, d, q, k = 4000, 32, 3, 5
	rows, queries := avocet.RealVectors(rowsOf(r.values(n*d), n)), rowsOf(r.values(q*d), q)
	for storage, some := range map[avocet.IndexStorage]bool{avocet.IndexCertified: true, avocet.IndexF32: false} {
		index := packed(t)(avocet.NewPackedIndex(rows, avocet.PackedIndexOptions{Storage: storage}, nil))
		lists := indexLists(q, k)
		check(t, index.Search(queries, k, lists, nil, w))
		for _, survivors := range lists.Survivors {
			if some != (survivors >= k && survivors < n/2) || !some && survivors != 0 {
				t.Errorf("storage %d: %d rows survive", storage, survivors)
			}
		}
	}
}

// Rows and queries of each type, and the scales of integers.
func TestVectors(t *testing.T) {
	w := newWorkspace(t)
	halves := avocet.RealVectors(avocet.MatrixOf[avocet.F16]{Data: []avocet.F16{0x3c00, 0x4000}, Rows: 2, Cols: 1})   // 1, 2
	brains := avocet.RealVectors(avocet.MatrixOf[avocet.BF16]{Data: []avocet.BF16{0x4040, 0x3f80}, Rows: 2, Cols: 1}) // 3, 1
	bytes, scales := bytesOf([]int8{1, 2}, 2), []float32{3, .5}
	for _, x := range []struct {
		rows, queries avocet.Vectors
		storage       avocet.IndexStorage
		wanted        []float32
	}{
		{halves, brains, avocet.IndexF32, []float32{6, 3, 2, 1}},
		{brains, halves, avocet.IndexBF16, []float32{3, 1, 6, 2}},
		{halves, halves, avocet.IndexF16, []float32{2, 1, 4, 2}},
		{brains, halves, avocet.IndexCertified, []float32{3, 1, 6, 2}},
		{avocet.Int8Vectors(bytes, nil), avocet.Int8Vectors(bytes, nil), avocet.IndexInt8, []float32{2, 1, 4, 2}},
		{avocet.Int8Vectors(bytes, scales), avocet.Int8Vectors(bytes, nil), avocet.IndexInt8, []float32{3, 1, 6, 2}},
		{avocet.Int8Vectors(bytes, nil), avocet.Int8Vectors(bytes, scales), avocet.IndexInt8, []float32{6, 3, 2, 1}},
	} {
		index := packed(t)(avocet.NewPackedIndex(x.rows, avocet.PackedIndexOptions{Storage: x.storage}, nil))
		lists := indexLists(2, 2)
		check(t, index.SearchOf(x.queries, 2, avocet.IndexSearchOptions{}, lists, nil, w))
		if !slices.Equal(lists.Scores, x.wanted) {
			t.Errorf("storage %d: %v; wanted %v", x.storage, lists.Scores, x.wanted)
		}
		given, scores := graphOf(t, [][]uint32{{0, 1}, {0, 1}}, 2), zeros(4)
		check(t, index.Scores(x.queries, given, scores, nil, w))
		more := packed(t)(index.Append(x.rows, avocet.AppendOptions{}, nil))
		replaced := packed(t)(more.Replace([]uint32{2, 3}, x.rows, avocet.ReplaceOptions{}))
		slices.Sort(scores[:2])
		slices.Sort(scores[2:])
		if !slices.Equal(scores, []float32{x.wanted[1], x.wanted[0], x.wanted[3], x.wanted[2]}) || replaced.Live() != 4 {
			t.Errorf("storage %d: %v", x.storage, scores)
		}
	}
}

// As many shards as one likes are as good as one index.
func TestMergeLists(t *testing.T) {
	r, w := &random{5}, newWorkspace(t)
	const n, d, q, k = 210, 5, 3, 60
	x, queries := rowsOf(r.values(n*d), n), rowsOf(r.values(q*d), q)
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = uint64(i) << 33
	}
	find := func(from, to int) avocet.Shard {
		index := packed(t)(avocet.NewPackedIndex(avocet.RealVectors(rowsOf(x.Data[from*d:to*d], to-from)),
			avocet.PackedIndexOptions{IDs: ids[from:to]}, nil))
		lists := indexLists(q, k)
		check(t, index.Search(queries, k, lists, nil, w))
		return shardOf(t, index, k, lists)
	}
	all := find(0, n)
	for _, rows := range []int{n, 100, 7, 6, 3, 2, 1} {
		var shards []avocet.Shard
		for from := 0; from < n; from += rows {
			shards = append(shards, find(from, min(from+rows, n)))
		}
		slices.Reverse(shards)
		out := mergedLists(q, k)
		check(t, avocet.MergeLists(shards, q, k, out))
		if !slices.Equal(out.IDs, all.IDs) || !slices.Equal(out.Scores, all.Scores) || !slices.Equal(out.Counts, all.Counts) {
			t.Errorf("%d shards: %v\nwanted %v", len(shards), out, all)
		}
	}
}

// An index is two lines from a file, and maps it until the last index that was made of it is closed.
func TestMappedIndex(t *testing.T) {
	w, name := newWorkspace(t), filepath.Join(t.TempDir(), "index")
	bytes, err := knownIndex(t).MarshalBinary()
	check(t, err)
	check(t, os.WriteFile(name, bytes, 0o600))

	bytes, err = os.ReadFile(name)
	check(t, err)
	packed(t)(avocet.LoadPackedIndex(bytes))

	before := avocet.LiveHandles()
	file, err := os.Open(name)
	check(t, err)
	unmapped := 0
	open := func() (*avocet.PackedIndex, error) {
		data, err := syscall.Mmap(int(file.Fd()), 0, len(bytes), syscall.PROT_READ, syscall.MAP_PRIVATE)
		check(t, err)
		return avocet.MapPackedIndex(data, func() {
			unmapped++
			check(t, syscall.Munmap(data))
		})
	}
	index := must[*avocet.PackedIndex](t)(open())
	check(t, file.Close())
	one := avocet.RealVectors(avocet.Matrix{Data: []float32{0, 5}, Rows: 1, Cols: 2})
	appended := must[*avocet.PackedIndex](t)(index.Append(one, avocet.AppendOptions{IDs: []uint64{9}}, nil))
	replaced := must[*avocet.PackedIndex](t)(appended.Replace([]uint32{0}, one, avocet.ReplaceOptions{}))
	removed := must[*avocet.PackedIndex](t)(replaced.Remove([]uint32{0}))
	if _, err := index.Remove([]uint32{9}); err == nil {
		t.Error("removed what is not there")
	}
	for _, x := range []*avocet.PackedIndex{index, replaced, appended} {
		check(t, x.Close())
		check(t, x.Close())
	}
	lists := indexLists(2, 2)
	check(t, removed.Search(knownQueries, 2, lists, nil, w))
	if !slices.Equal(lists.Rows, []uint32{2, 3, 3, 1}) || unmapped != 0 {
		t.Error(lists, unmapped)
	}
	check(t, removed.Close())
	if unmapped != 1 || avocet.LiveHandles() != before {
		t.Errorf("unmapped %d times, %d handles", unmapped, avocet.LiveHandles()-before)
	}
	// A refused mapping is the caller's still.
	if _, err := avocet.MapPackedIndex(bytes[:9], func() { t.Error("called") }); err == nil {
		t.Error("mapped 9 bytes")
	}
	runtime.GC()
}

// What nobody closed, the garbage collector closes: Go memory that an index is mapped to stays until then, and no longer.
func TestForgottenIndex(t *testing.T) {
	before := avocet.LiveHandles()
	var unused, freed atomic.Int64
	w := newWorkspace(t)
	forget := func() *avocet.PackedIndex {
		bytes := must[[]byte](t)(knownIndex(t).MarshalBinary())
		runtime.AddCleanup(&bytes[0], func(int) { freed.Add(1) }, 0)
		index := must[*avocet.PackedIndex](t)(avocet.MapPackedIndex(bytes, func() { unused.Add(1) }))
		return must[*avocet.PackedIndex](t)(index.Remove([]uint32{2}))
	}
	index := forget()
	for range 5 {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	lists := indexLists(2, 1)
	check(t, index.Search(knownQueries, 1, lists, nil, w))
	if !slices.Equal(lists.Rows, []uint32{1, 1}) || unused.Load() != 0 || freed.Load() != 0 {
		t.Error(lists, unused.Load(), freed.Load())
	}
	index = nil
	// The index that was packed first is closed when the test ends.
	for range 2000 {
		if runtime.GC(); unused.Load() == 1 && freed.Load() == 1 && avocet.LiveHandles() == before+2 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("unused %d times, freed %d times, %d handles", unused.Load(), freed.Load(), avocet.LiveHandles()-before)
}
