package avocet_test

import (
	"math"
	"slices"
	"testing"
	"unsafe"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// Indexes of the four rows of a scene.
type indexes struct {
	plain, named, bytes, panels, closed *avocet.PackedIndex
	byteRows                            avocet.MatrixOf[int8]
}

func (s *scene) indexes() indexes {
	make := func(options avocet.PackedIndexOptions) *avocet.PackedIndex {
		return packed(s.t)(avocet.NewPackedIndex(avocet.RealVectors(s.x), options, nil))
	}
	x := indexes{
		plain:    make(avocet.PackedIndexOptions{}),
		named:    make(avocet.PackedIndexOptions{IDs: []uint64{9, 8, 7, 6}}),
		bytes:    make(avocet.PackedIndexOptions{Storage: avocet.IndexInt8}),
		panels:   make(avocet.PackedIndexOptions{Storage: avocet.IndexInt8Panels}),
		closed:   make(avocet.PackedIndexOptions{}),
		byteRows: bytesOf(slices.Repeat([]int8{1}, C*D), C),
	}
	check(s.t, x.closed.Close())
	return x
}

// indexLists are lists of 2 for the queries of a scene.
func (s *scene) indexLists() avocet.IndexLists {
	return avocet.IndexLists{Rows: s.ids[:2*R], Scores: s.out[:2*R], Counts: s.counts[:R], NaNCounts: s.nan[:R],
		Survivors: s.nan[R : 2*R]}
}

// refusesIndex checks an error, and that it comes without an index.
func (s *scene) refusesIndex(what string, wanted avocet.Error) func(*avocet.PackedIndex, error) {
	return func(x *avocet.PackedIndex, err error) {
		s.t.Helper()
		if x != nil {
			s.t.Errorf("%s: a refused call made an index", what)
		}
		s.refuses(what, err, wanted)
	}
}

// notTaken is what is wrong with rows, and with their options, in calls that take four rows into an index.
func (s *scene) notTaken(function string, x indexes, rowsAt, at int,
	call func(index *avocet.PackedIndex, storage avocet.IndexStorage, rows avocet.Vectors) (*avocet.PackedIndex, error)) {
	s.t.Helper()
	shape, invalid, inf := avocet.ErrShapeMismatch, avocet.ErrInvalidArgument, float32(math.Inf(1))
	notFinite := slices.Clone(s.x.Data)
	notFinite[2*D+1] = float32(math.NaN())
	for _, bad := range []struct {
		rows   avocet.Vectors
		wanted avocet.Error
	}{
		{avocet.RealVectors(avocet.Matrix{Rows: C, Cols: D}), none(avocet.ErrNullPointer, rowsAt, "rows.data", 0)},
		{avocet.RealVectors(avocet.MatrixOf[avocet.F16]{Rows: C, Cols: D}), none(avocet.ErrNullPointer, rowsAt, "rows.data", 0)},
		{avocet.RealVectors(avocet.Matrix{Data: s.x.Data[:C*D-1], Rows: C, Cols: D}), integer(shape, rowsAt, "rows.data", 0, C*D-1)},
		{avocet.RealVectors(avocet.Matrix{Data: s.x.Data, Rows: C, Cols: D, Stride: 1}), integer(shape, rowsAt, "rows.stride", 0, 1)},
		{avocet.RealVectors(avocet.Matrix{Data: s.x.Data, Rows: -1, Cols: D}), integer(invalid, rowsAt, "rows.rows", 0, -1)},
		{avocet.RealVectors(avocet.Matrix{Data: s.x.Data, Rows: C, Cols: -2}), integer(invalid, rowsAt, "rows.cols", 0, -2)},
		{avocet.RealVectors(avocet.Matrix{Data: s.x.Data, Rows: math.MaxInt, Cols: D}),
			integer(avocet.ErrSizeOverflow, rowsAt, "rows.rows", 0, math.MaxInt)},
		{avocet.RealVectors(rowsOf(notFinite, C)), none(avocet.ErrNotFinite, rowsAt, "rows", 2)},
	} {
		s.refusesIndex(function, bad.wanted)(call(x.plain, avocet.IndexF32, bad.rows))
	}
	for _, bad := range []struct {
		scales []float32
		wanted avocet.Error
	}{
		{ones[:C-1], integer(shape, at, "options.scales", 0, C-1)},
		{ones[:0], integer(shape, at, "options.scales", 0, 0)},
		{[]float32{1, 1, -1, 1}, number(invalid, at, "options.scales", 2, -1)},
		{[]float32{1, inf, 1, 1}, number(avocet.ErrNotFinite, at, "options.scales", 1, math.Inf(1))},
	} {
		s.refusesIndex(function, bad.wanted)(call(x.bytes, avocet.IndexInt8, avocet.Int8Vectors(x.byteRows, bad.scales)))
	}
	// The same in good order.
	check(s.t, must[*avocet.PackedIndex](s.t)(call(x.plain, avocet.IndexF32, avocet.RealVectors(s.x))).Close())
	check(s.t, must[*avocet.PackedIndex](s.t)(call(x.bytes, avocet.IndexInt8, avocet.Int8Vectors(x.byteRows, ones[:C]))).Close())
}

func TestBadIndexes(t *testing.T) {
	s := newScene(t)
	x := s.indexes()
	closed := newPool(t, 2)
	check(t, closed.Close())
	rows, bytes := avocet.RealVectors(s.x), avocet.Int8Vectors(x.byteRows, nil)
	shape, invalid, null, over := avocet.ErrShapeMismatch, avocet.ErrInvalidArgument, avocet.ErrNullPointer, avocet.ErrSizeOverflow

	create := func(rows avocet.Vectors, options avocet.PackedIndexOptions) (*avocet.PackedIndex, error) {
		return avocet.NewPackedIndex(rows, options, nil)
	}
	s.notTaken("create", x, 1, 2, func(_ *avocet.PackedIndex, storage avocet.IndexStorage, rows avocet.Vectors) (*avocet.PackedIndex, error) {
		return create(rows, avocet.PackedIndexOptions{Storage: storage})
	})
	for _, n := range []int{0, C - 1, C + 1} {
		s.refusesIndex("ids", integer(shape, 2, "options.ids", 0, n))(create(rows, avocet.PackedIndexOptions{IDs: make([]uint64, n)}))
		s.refusesIndex("ids", integer(shape, 3, "options.ids", 0, n))(x.named.Append(rows, avocet.AppendOptions{IDs: make([]uint64, n)}, nil))
	}
	for _, storage := range []avocet.IndexStorage{-1, 6} {
		s.refusesIndex("storage", integer(invalid, 2, "options.storage", 0, int(storage)))(create(rows, avocet.PackedIndexOptions{Storage: storage}))
	}
	for _, storage := range storages {
		if storage != avocet.IndexInt8 {
			s.refusesIndex("int8", integer(invalid, 2, "options.storage", 0, int(storage)))(create(bytes, avocet.PackedIndexOptions{Storage: storage}))
		}
	}
	wide := avocet.Int8Vectors(avocet.MatrixOf[int8]{Cols: 65536}, nil)
	s.refusesIndex("cols", integer(over, 1, "rows.cols", 0, 65536))(create(wide, avocet.PackedIndexOptions{Storage: avocet.IndexInt8}))
	endless := avocet.RealVectors(avocet.Matrix{Cols: math.MaxInt})
	s.refusesIndex("cols", integer(over, 1, "rows.cols", 0, math.MaxInt))(create(endless, avocet.PackedIndexOptions{}))
	many := avocet.RealVectors(avocet.Matrix{Rows: 1 << 32})
	s.refusesIndex("rows", integer(over, 1, "rows.rows", 0, 1<<32))(create(many, avocet.PackedIndexOptions{}))
	s.refusesIndex("pool", none(avocet.ErrClosed, 3, "pool", 0))(avocet.NewPackedIndex(rows, avocet.PackedIndexOptions{}, closed))

	s.notTaken("append", x, 2, 3, func(index *avocet.PackedIndex, _ avocet.IndexStorage, rows avocet.Vectors) (*avocet.PackedIndex, error) {
		return index.Append(rows, avocet.AppendOptions{}, nil)
	})
	narrow := avocet.RealVectors(rowsOf(s.x.Data[:C], C))
	s.refusesIndex("panels", integer(invalid, 1, "index", 0, C))(x.panels.Append(rows, avocet.AppendOptions{}, nil))
	s.refusesIndex("int8", none(invalid, 2, "rows.element_type", 0))(x.plain.Append(bytes, avocet.AppendOptions{}, nil))
	s.refusesIndex("cols", integer(shape, 2, "rows.cols", 0, 1))(x.plain.Append(narrow, avocet.AppendOptions{}, nil))
	s.refusesIndex("ids", integer(shape, 3, "options.ids", 0, C))(x.plain.Append(rows, avocet.AppendOptions{IDs: make([]uint64, C)}, nil))
	s.refusesIndex("ids", integer(shape, 3, "options.ids", 0, 0))(x.named.Append(rows, avocet.AppendOptions{}, nil))
	s.refusesIndex("pool", none(avocet.ErrClosed, 4, "pool", 0))(x.plain.Append(rows, avocet.AppendOptions{}, closed))

	all := []uint32{0, 1, 2, 3}
	replace := func(index *avocet.PackedIndex, at []uint32, rows avocet.Vectors) (*avocet.PackedIndex, error) {
		return index.Replace(at, rows, avocet.ReplaceOptions{})
	}
	s.notTaken("replace", x, 3, 4, func(index *avocet.PackedIndex, _ avocet.IndexStorage, rows avocet.Vectors) (*avocet.PackedIndex, error) {
		return replace(index, all, rows)
	})
	s.refusesIndex("panels", integer(invalid, 1, "index", 0, int(avocet.IndexInt8Panels)))(replace(x.panels, all, rows))
	s.refusesIndex("at", none(null, 2, "at", 0))(replace(x.plain, nil, rows))
	s.refusesIndex("at", integer(shape, 2, "at", 0, 3))(replace(x.plain, all[:3], rows))
	s.refusesIndex("at", integer(shape, 2, "at", 0, 0))(replace(x.plain, all[:0], rows))
	s.refusesIndex("at", integer(avocet.ErrIndexOutOfRange, 2, "at", 3, C))(replace(x.plain, []uint32{0, 1, 2, C}, rows))
	s.refusesIndex("at", integer(avocet.ErrNotSorted, 2, "at", 2, 1))(replace(x.plain, []uint32{0, 1, 1, 3}, rows))
	s.refusesIndex("int8", none(invalid, 3, "rows.element_type", 0))(replace(x.plain, all, bytes))
	s.refusesIndex("cols", integer(shape, 3, "rows.cols", 0, 1))(replace(x.plain, all, narrow))

	s.refusesIndex("at", integer(avocet.ErrIndexOutOfRange, 2, "at", 3, C))(x.plain.Remove([]uint32{0, 1, 2, C}))
	s.refusesIndex("at", integer(avocet.ErrNotSorted, 2, "at", 2, 1))(x.plain.Remove([]uint32{0, 1, 1, 3}))

	words := []uint64{1, 2}
	s.refuses("rows", x.plain.IDs([]uint32{0, avocet.NoID, C}, make([]uint64, 3)), integer(avocet.ErrIndexOutOfRange, 2, "rows", 2, C))
	s.refuses("out", x.plain.IDs(all, nil), none(null, 4, "out", 0))
	s.refuses("out", x.plain.IDs(all, words), integer(shape, 4, "out", 0, 2))
	halves := unsafe.Slice((*uint32)(unsafe.Pointer(&words[0])), 2)
	s.refuses("overlap", x.plain.IDs(halves, words), none(avocet.ErrOverlap, 4, "out", 0))
	if !slices.Equal(words, []uint64{1, 2}) {
		t.Error("a refused call has written")
	}
}

func TestBadSavedIndexes(t *testing.T) {
	s := newScene(t)
	x := s.indexes()
	size := x.plain.SavedBytes()
	shape, invalid, null := avocet.ErrShapeMismatch, avocet.ErrInvalidArgument, avocet.ErrNullPointer
	bytes := make([]byte, size+8)
	s.refuses("save", x.plain.Save(nil), none(null, 2, "bytes", 0))
	for _, n := range []int{0, size - 1, size + 1} {
		s.refuses("save", x.plain.Save(bytes[:n]), integer(shape, 3, "len", 0, n))
	}
	if slices.Max(bytes) != 0 {
		t.Error("a refused call has written")
	}
	check(t, x.plain.Save(bytes[:size]))
	for function, load := range map[string]func(bytes []byte) (*avocet.PackedIndex, error){
		"load": avocet.LoadPackedIndex,
		"map": func(bytes []byte) (*avocet.PackedIndex, error) {
			return avocet.MapPackedIndex(bytes, func() { t.Error("called after a refusal") })
		},
	} {
		s.refusesIndex(function, none(null, 1, "bytes", 0))(load(nil))
		for n := range size {
			s.refusesIndex(function, integer(shape, 1, "bytes", 0, n))(load(bytes[:n]))
		}
		s.refusesIndex(function, integer(shape, 1, "bytes", 0, size+1))(load(bytes[:size+1]))
		for at, position := range map[int]int{0: 0, size - 1: size - 8} {
			bytes[at] ^= 1
			s.refusesIndex(function, none(invalid, 1, "bytes", position))(load(bytes[:size]))
			bytes[at] ^= 1
		}
	}
	moved := append(make([]byte, 2), bytes[:size]...)[2:]
	s.refusesIndex("alignment", none(invalid, 1, "bytes", 0))(avocet.MapPackedIndex(moved, nil))
	check(t, must[*avocet.PackedIndex](t)(avocet.LoadPackedIndex(moved)).Close())
	check(t, must[*avocet.PackedIndex](t)(avocet.MapPackedIndex(bytes[:size], nil)).Close())
}

func TestBadIndexSearches(t *testing.T) {
	s := newScene(t)
	x := s.indexes()
	queries := avocet.RealVectors(s.y)
	shape, invalid, null, overlap := avocet.ErrShapeMismatch, avocet.ErrInvalidArgument, avocet.ErrNullPointer, avocet.ErrOverlap
	unsorted, wide := graphOf(t, [][]uint32{{}, {}, {2, 1}}, C), graphOf(t, [][]uint32{{0, 3}, {}, {1, 2, 3}}, C+1)
	search := func(index *avocet.PackedIndex, queries avocet.Vectors) error {
		return index.SearchOf(queries, 2, avocet.IndexSearchOptions{}, s.indexLists(), nil, s.workspace)
	}
	scores := func(index *avocet.PackedIndex, queries avocet.Vectors) error {
		return index.Scores(queries, s.graph, s.out[:E], nil, s.workspace)
	}
	ranks := func(index *avocet.PackedIndex, queries avocet.Vectors) error {
		return index.RankCounts(queries, s.graph, nil, s.ids[:E], s.counts[:E], nil, s.workspace)
	}
	byteQueries, inf := bytesOf(make([]int8, R*D), R), float32(math.Inf(1))
	for function, x2 := range map[string]struct {
		at     int
		scales string
		call   func(index *avocet.PackedIndex, queries avocet.Vectors) error
	}{"search": {4, "options.query_scales", search}, "scores": {3, "query_scales", scores}, "ranks": {3, "query_scales", ranks}} {
		s.refuses(function, x2.call(x.bytes, queries), none(invalid, 2, "queries.element_type", 0))
		s.refuses(function, x2.call(x.panels, queries), none(invalid, 2, "queries.element_type", 0))
		s.refuses(function, x2.call(x.plain, avocet.Int8Vectors(byteQueries, nil)), none(invalid, 2, "queries.element_type", 0))
		for _, bad := range []struct {
			queries avocet.Matrix
			wanted  avocet.Error
		}{
			{avocet.Matrix{Rows: R, Cols: D}, none(null, 2, "queries.data", 0)},
			{avocet.Matrix{Data: s.y.Data[:5], Rows: R, Cols: D}, integer(shape, 2, "queries.data", 0, 5)},
			{avocet.Matrix{Data: s.y.Data, Rows: R, Cols: D, Stride: 1}, integer(shape, 2, "queries.stride", 0, 1)},
			{avocet.Matrix{Data: s.y.Data, Rows: R, Cols: D, Stride: -1}, integer(invalid, 2, "queries.stride", 0, -1)},
			{rowsOf(s.y.Data[:R], R), integer(shape, 2, "queries.cols", 0, 1)},
		} {
			s.refuses(function, x2.call(x.plain, avocet.RealVectors(bad.queries)), bad.wanted)
		}
		for _, bad := range []struct {
			scales []float32
			wanted avocet.Error
		}{
			{ones[:R+1], integer(shape, x2.at, x2.scales, 0, R+1)},
			{ones[:0], integer(shape, x2.at, x2.scales, 0, 0)},
			{[]float32{1, -2, 1}, number(invalid, x2.at, x2.scales, 1, -2)},
			{[]float32{1, 1, inf}, number(avocet.ErrNotFinite, x2.at, x2.scales, 2, math.Inf(1))},
		} {
			s.refuses(function, x2.call(x.bytes, avocet.Int8Vectors(byteQueries, bad.scales)), bad.wanted)
		}
	}

	s.refuses("rows", scores(x.plain, avocet.RealVectors(s.x)), integer(shape, 4, "given.rows", 0, R))
	find := func(options avocet.IndexSearchOptions, out avocet.IndexLists) error {
		return x.plain.SearchOf(queries, 2, options, out, nil, s.workspace)
	}
	for k, wanted := range map[int]avocet.Error{
		-1:          integer(invalid, 3, "k", 0, -1),
		math.MaxInt: integer(avocet.ErrSizeOverflow, 3, "k", 0, math.MaxInt),
	} {
		s.refuses("k", x.plain.Search(s.y, k, s.indexLists(), nil, s.workspace), wanted)
	}
	for name, set := range map[string]func(g *avocet.Graph) avocet.IndexSearchOptions{
		"options.exclude": func(g *avocet.Graph) avocet.IndexSearchOptions { return avocet.IndexSearchOptions{Exclude: g} },
		"options.allow":   func(g *avocet.Graph) avocet.IndexSearchOptions { return avocet.IndexSearchOptions{Allow: g} },
	} {
		s.refuses(name, find(set(s.back), s.indexLists()), integer(shape, 4, name+".rows", 0, C))
		s.refuses(name, find(set(wide), s.indexLists()), integer(shape, 4, name+".cols", 0, C+1))
		s.refuses(name, find(set(unsorted), s.indexLists()), integer(avocet.ErrNotSorted, 4, name+".indices", 1, 1))
	}
	s.refuses("least", find(avocet.IndexSearchOptions{Least: 1}, s.indexLists()), number(invalid, 4, "options.least", 0, 1))
	s.refuses("least", find(avocet.IndexSearchOptions{Least: float32(math.NaN()), HasLeast: true}, s.indexLists()),
		number(avocet.ErrNotFinite, 4, "options.least", 0, math.NaN()))
	for _, x := range []struct {
		argument int
		name     string
		length   int
		optional bool
		set      func(out *avocet.IndexLists, n int)
	}{
		{5, "ids", 2 * R, false, func(out *avocet.IndexLists, n int) { out.Rows = s.ids[:n] }},
		{6, "scores", 2 * R, false, func(out *avocet.IndexLists, n int) { out.Scores = s.out[:n] }},
		{7, "counts", R, false, func(out *avocet.IndexLists, n int) { out.Counts = s.counts[:n] }},
		{8, "nan_counts", R, true, func(out *avocet.IndexLists, n int) { out.NaNCounts = s.nan[:n] }},
		{9, "survivors", R, true, func(out *avocet.IndexLists, n int) { out.Survivors = s.nan[:n] }},
	} {
		for _, n := range []int{0, x.length - 1, x.length + 1} {
			out := s.indexLists()
			x.set(&out, n)
			s.refuses(x.name, find(avocet.IndexSearchOptions{}, out), integer(shape, x.argument, x.name, 0, n))
		}
	}
	for name, set := range map[string]func(out *avocet.IndexLists){
		"5 ids":    func(out *avocet.IndexLists) { out.Rows = nil },
		"6 scores": func(out *avocet.IndexLists) { out.Scores = nil },
		"7 counts": func(out *avocet.IndexLists) { out.Counts = nil },
	} {
		out := s.indexLists()
		set(&out)
		s.refuses(name, find(avocet.IndexSearchOptions{}, out), none(null, int(name[0]-'0'), name[2:], 0))
	}
	for name, set := range map[string]func(out *avocet.IndexLists){
		"7 counts":     func(out *avocet.IndexLists) { out.Counts = s.ids[:R] },
		"8 nan_counts": func(out *avocet.IndexLists) { out.NaNCounts = s.counts[:R] },
		"9 survivors":  func(out *avocet.IndexLists) { out.Survivors = s.nan[:R] },
	} {
		out := s.indexLists()
		set(&out)
		s.refuses(name, find(avocet.IndexSearchOptions{}, out), none(overlap, int(name[0]-'0'), name[2:], 0))
	}
	own := s.indexLists()
	own.Scores = s.dy.Data
	s.refuses("overlap", x.plain.Search(s.dy, 2, own, nil, s.workspace), none(overlap, 6, "scores", 0))

	score := func(given *avocet.Graph, out []float32) error {
		return x.plain.Scores(queries, given, out, nil, s.workspace)
	}
	rank := func(given, exclude *avocet.Graph, better, equal []uint32) error {
		return x.plain.RankCounts(queries, given, exclude, better, equal, nil, s.workspace)
	}
	s.refuses("given", score(s.back, s.out[:E]), integer(shape, 4, "given.rows", 0, C))
	s.refuses("given", score(wide, s.out[:E]), integer(shape, 4, "given.cols", 0, C+1))
	s.refuses("given", rank(s.back, nil, s.ids[:E], s.counts[:E]), integer(shape, 4, "given.rows", 0, C))
	s.refuses("given", rank(wide, nil, s.ids[:E], s.counts[:E]), integer(shape, 4, "given.cols", 0, C+1))
	s.refuses("exclude", rank(s.graph, s.back, s.ids[:E], s.counts[:E]), integer(shape, 5, "exclude.rows", 0, C))
	s.refuses("exclude", rank(s.graph, wide, s.ids[:E], s.counts[:E]), integer(shape, 5, "exclude.cols", 0, C+1))
	s.refuses("exclude", rank(s.graph, unsorted, s.ids[:E], s.counts[:E]), integer(avocet.ErrNotSorted, 5, "exclude.indices", 1, 1))
	s.refuses("out", score(s.graph, nil), none(null, 5, "out", 0))
	s.refuses("better", rank(s.graph, nil, nil, s.counts[:E]), none(null, 6, "better", 0))
	s.refuses("equal", rank(s.graph, nil, s.ids[:E], nil), none(null, 7, "equal", 0))
	for _, n := range []int{0, E - 1, E + 1} {
		s.refuses("out", score(s.graph, s.out[:n]), integer(shape, 5, "out", 0, n))
		s.refuses("better", rank(s.graph, nil, s.ids[:n], s.counts[:E]), integer(shape, 6, "better", 0, n))
		s.refuses("equal", rank(s.graph, nil, s.ids[:E], s.counts[:n]), integer(shape, 7, "equal", 0, n))
	}
	s.refuses("overlap", x.plain.Scores(avocet.RealVectors(s.dy), s.graph, s.dy.Data[:E], nil, s.workspace), none(overlap, 5, "out", 0))
	s.refuses("overlap", rank(s.graph, nil, s.ids[:E], s.ids[:E]), none(overlap, 7, "equal", 0))
	// The same in good order.
	check(t, search(x.plain, queries))
	check(t, scores(x.plain, queries))
	check(t, ranks(x.plain, queries))
	check(t, search(x.bytes, avocet.Int8Vectors(byteQueries, ones[:R])))
}

func TestBadShards(t *testing.T) {
	s := newScene(t)
	const q, k = 2, 2
	good := avocet.Shard{K: k, IDs: []uint64{1, 2, 3, 4}, Scores: []float32{4, 3, 2, 1}, Counts: []uint32{2, 1}}
	words := slices.Repeat([]uint64{7}, q*k+1)
	out := avocet.MergedLists{IDs: words[:q*k], Scores: s.out[:q*k], Counts: s.counts[:q]}
	shape, invalid, null, over := avocet.ErrShapeMismatch, avocet.ErrInvalidArgument, avocet.ErrNullPointer, avocet.ErrSizeOverflow
	for _, bad := range []struct {
		wanted avocet.Error
		set    func(shard *avocet.Shard)
	}{
		{none(null, 1, "shards.ids", 1), func(shard *avocet.Shard) { shard.IDs = nil }},
		{none(null, 1, "shards.scores", 1), func(shard *avocet.Shard) { shard.Scores = nil }},
		{none(null, 1, "shards.counts", 1), func(shard *avocet.Shard) { shard.Counts = nil }},
		{integer(shape, 1, "shards.ids", 1, 3), func(shard *avocet.Shard) { shard.IDs = good.IDs[:3] }},
		{integer(shape, 1, "shards.scores", 1, 3), func(shard *avocet.Shard) { shard.Scores = good.Scores[:3] }},
		{integer(shape, 1, "shards.counts", 1, 1), func(shard *avocet.Shard) { shard.Counts = good.Counts[:1] }},
		{integer(shape, 1, "shards.ids", 1, 4), func(shard *avocet.Shard) { shard.K = 3 }},
		{integer(invalid, 1, "shards.k", 1, -1), func(shard *avocet.Shard) { shard.K = -1 }},
		{integer(over, 1, "shards.k", 1, math.MaxInt), func(shard *avocet.Shard) { shard.K = math.MaxInt }},
		{integer(avocet.ErrIndexOutOfRange, 1, "shards.counts", 1, 3), func(shard *avocet.Shard) { shard.Counts = []uint32{2, 3} }},
	} {
		for _, count := range []int{2, 80} {
			shards := slices.Repeat([]avocet.Shard{good}, count)
			bad.set(&shards[1])
			s.refuses("shard", avocet.MergeLists(shards, q, k, out), bad.wanted)
		}
	}
	two := []avocet.Shard{good, good}
	s.refuses("queries", avocet.MergeLists(two, -1, k, out), integer(invalid, 3, "queries", 0, -1))
	s.refuses("queries", avocet.MergeLists(two, math.MaxInt, k, out), integer(over, 1, "shards.k", 0, k))
	s.refuses("k", avocet.MergeLists(two, q, -1, out), integer(invalid, 4, "k", 0, -1))
	s.refuses("k", avocet.MergeLists(two, q, math.MaxInt, out), integer(over, 4, "k", 0, math.MaxInt))
	lists := func(ids []uint64, scores []float32, counts []uint32) error {
		return avocet.MergeLists(two, q, k, avocet.MergedLists{IDs: ids, Scores: scores, Counts: counts})
	}
	s.refuses("ids", lists(nil, out.Scores, out.Counts), none(null, 5, "ids", 0))
	s.refuses("scores", lists(out.IDs, nil, out.Counts), none(null, 6, "scores", 0))
	s.refuses("counts", lists(out.IDs, out.Scores, nil), none(null, 7, "counts", 0))
	for _, n := range []int{0, q*k - 1, q*k + 1} {
		s.refuses("ids", lists(words[:n], out.Scores, out.Counts), integer(shape, 5, "ids", 0, n))
		s.refuses("scores", lists(out.IDs, s.out[:n], out.Counts), integer(shape, 6, "scores", 0, n))
	}
	s.refuses("counts", lists(out.IDs, out.Scores, s.counts[:q+1]), integer(shape, 7, "counts", 0, q+1))
	s.refuses("overlap", lists(good.IDs, out.Scores, out.Counts), none(avocet.ErrOverlap, 5, "ids", 0))
	s.refuses("overlap", lists(out.IDs, good.Scores, out.Counts), none(avocet.ErrOverlap, 6, "scores", 0))
	s.refuses("overlap", lists(out.IDs, out.Scores, good.Counts), none(avocet.ErrOverlap, 7, "counts", 0))
	if slices.Max(words) != 7 || slices.Min(words) != 7 {
		t.Error("a refused call has written")
	}
}
