package avocet_test

import (
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

const (
	indexN = 2500
	indexQ = 20
	indexD = 33
	indexK = 10
)

var storages = map[string]avocet.IndexStorage{
	"index_f32": avocet.IndexF32, "index_bf16": avocet.IndexBF16, "index_f16": avocet.IndexF16,
	"index_int8": avocet.IndexInt8, "index_int8_panels": avocet.IndexInt8Panels, "index_certified": avocet.IndexCertified,
}

func packed(t testing.TB) func(*avocet.PackedIndex, error) *avocet.PackedIndex {
	return kept(t, must[*avocet.PackedIndex](t))
}

// indexLists are lists of k for q queries.
func indexLists(q, k int) avocet.IndexLists {
	return avocet.IndexLists{Rows: make([]uint32, q*k), Scores: zeros(q * k), Counts: make([]uint32, q),
		NaNCounts: make([]uint32, q), Survivors: make([]uint32, q)}
}

// vectorsFor is queries of a type that a storage is scored with.
func (n narrow) vectorsFor(storage avocet.IndexStorage, reals avocet.Matrix) avocet.Vectors {
	switch storage {
	case avocet.IndexInt8, avocet.IndexInt8Panels:
		return avocet.Int8Vectors(n.bytes, n.scales)
	case avocet.IndexBF16:
		return avocet.RealVectors(n.brains)
	}
	return avocet.RealVectors(reals)
}

// drawn is rows that a draw takes, in ascending order.
func (g *golden) drawn(r *random, oneIn int) *avocet.Graph {
	rows := make([][]uint32, indexQ)
	for i := range rows {
		for row := range indexN {
			if r.below(oneIn) == 0 {
				rows[i] = append(rows[i], uint32(row))
			}
		}
	}
	return graphOf(g.t, rows, indexN)
}

func (g *golden) indexes() {
	r := &random{36}
	x, reals := rowsOf(r.values(indexN*indexD), indexN), rowsOf(r.values(indexQ*indexD), indexQ)
	narrow := g.quantized(reals)
	exclude, allow := g.drawn(r, 20), g.drawn(r, 3)
	rows := make([][]uint32, indexQ)
	for i := range rows {
		for range 5 {
			rows[i] = append(rows[i], uint32(r.below(indexN)))
		}
	}
	given := graphOf(g.t, rows, indexN)
	for name, storage := range storages {
		index := packed(g.t)(avocet.NewPackedIndex(avocet.RealVectors(x), avocet.PackedIndexOptions{Storage: storage}, g.pool))
		queries := narrow.vectorsFor(storage, reals)
		first, second := indexLists(indexQ, indexK), indexLists(indexQ, indexK)
		check(g.t, index.SearchOf(queries, indexK, avocet.IndexSearchOptions{Exclude: exclude}, first, g.pool, g.workspace))
		check(g.t, index.SearchOf(queries, indexK, avocet.IndexSearchOptions{Allow: allow, Least: 3, HasLeast: true}, second,
			g.pool, g.workspace))
		own, better, equal := zeros(given.Edges()), make([]uint32, given.Edges()), make([]uint32, given.Edges())
		check(g.t, index.Scores(queries, given, own, g.pool, g.workspace))
		check(g.t, index.RankCounts(queries, given, exclude, better, equal, g.pool, g.workspace))
		g.add(name, first.Scores, second.Scores, own, first.Rows, first.Counts, second.Rows, second.Counts, better, equal,
			must[[]byte](g.t)(index.MarshalBinary()))
	}
}

func (g *golden) editedIndexes() {
	r := &random{37}
	x, more := rowsOf(r.values(indexN*indexD), indexN), r.values(100*indexD)
	ids := longIDs()
	var bytes []byte
	var live []uint32
	for _, storage := range []avocet.IndexStorage{avocet.IndexInt8, avocet.IndexCertified} {
		made := packed(g.t)(avocet.NewPackedIndex(avocet.RealVectors(x),
			avocet.PackedIndexOptions{Storage: storage, IDs: ids[:indexN]}, g.pool))
		appended := packed(g.t)(made.Append(avocet.RealVectors(rowsOf(more, 100)), avocet.AppendOptions{IDs: ids[indexN:]}, g.pool))
		replaced := packed(g.t)(appended.Replace([]uint32{5, 700, 2100}, avocet.RealVectors(rowsOf(more[:3*indexD], 3)),
			avocet.ReplaceOptions{}))
		removed := packed(g.t)(replaced.Remove([]uint32{6, 2550}))
		bytes = append(bytes, must[[]byte](g.t)(removed.MarshalBinary())...)
		live = append(live, uint32(removed.Live()))
	}
	g.add("index_edited", bytes, live)
}

// longIDs are ids whose upper halves differ.
func longIDs() []uint64 {
	ids := make([]uint64, indexN+100)
	for i := range ids {
		ids[i] = uint64(i) << 31
	}
	return ids
}

func (g *golden) mergedLists() {
	r := &random{37}
	x := r.values(indexN * indexD)
	r.values(100 * indexD)
	queries, ids := rowsOf(r.values(indexQ*indexD), indexQ), longIDs()
	var shards []avocet.Shard
	for _, part := range [][2]int{{0, 1200}, {1200, indexN}} {
		from, to := part[0], part[1]
		index := packed(g.t)(avocet.NewPackedIndex(avocet.RealVectors(rowsOf(x[from*indexD:to*indexD], to-from)),
			avocet.PackedIndexOptions{IDs: ids[from:to]}, g.pool))
		lists := indexLists(indexQ, indexK)
		check(g.t, index.Search(queries, indexK, lists, g.pool, g.workspace))
		shards = append(shards, shardOf(g.t, index, indexK, lists))
	}
	out := mergedLists(indexQ, indexK)
	check(g.t, avocet.MergeLists(shards, indexQ, indexK, out))
	g.add("merged_lists", out.Scores, out.IDs, out.Counts)
}

func mergedLists(queries, k int) avocet.MergedLists {
	return avocet.MergedLists{IDs: make([]uint64, queries*k), Scores: zeros(queries * k), Counts: make([]uint32, queries)}
}

// shardOf is what an index found, by its ids.
func shardOf(t testing.TB, index *avocet.PackedIndex, k int, lists avocet.IndexLists) avocet.Shard {
	shard := avocet.Shard{K: k, IDs: make([]uint64, len(lists.Rows)), Scores: lists.Scores, Counts: lists.Counts}
	check(t, index.IDs(lists.Rows, shard.IDs))
	return shard
}
