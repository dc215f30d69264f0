package avocet

/*
#include "bridge.h"
#cgo noescape go_merge_lists
#cgo nocallback go_merge_lists
*/
import "C"

import "slices"

// NoLongID is the id in unused places of [PackedIndex.IDs] and [MergeLists].
const NoLongID uint64 = C.AVOCET_NO_LONG_ID

// The most shards that one call of the library merges.
const shardsAtOnce = C.GO_SHARDS

// Shard is what one shard found for some queries, in an index of its own.
type Shard struct {
	// K is the places for each query.
	K int
	// IDs has for each query K ids, which no other shard has: see [PackedIndex.IDs].
	IDs []uint64
	// Scores has for each query K scores.
	Scores []float32
	// Counts says for each query how many places are used, at most K.
	Counts []uint32
}

// MergedLists is what [MergeLists] writes, for lists of k.
type MergedLists struct {
	// IDs has the ids for each query, best first, queries * k values; [NoLongID] in unused places.
	IDs []uint64
	// Scores has their scores, queries * k values; -Inf in unused places.
	Scores []float32
	// Counts says for each query how many places are used.
	Counts []uint32
}

// MergeLists makes one list for each query from those that the shards found: the best k by score descending, then id
// ascending. If ids ascend with the rows of each shard, and each shard's K is at least k, these are the lists that one index
// of all rows gives, whatever the order of the shards. NaN scores are left out.
//
// Of more than 32 shards it merges the lists of 32 at a time first, in memory that it allocates.
//
// C: avocet_merge_lists
func MergeLists(shards []Shard, queries, k int, out MergedLists) error {
	c := begin()
	n := c.size(3, "queries", queries)
	most := c.size(4, "k", k)
	for i := range shards {
		c.shard(i, &shards[i], n)
	}
	c.at = 0
	places := c.places(4, "k", n, k)
	ids := c.amounts(5, "ids", out.IDs, places)
	scores := c.floats(6, "scores", out.Scores, places)
	counts := c.numbers(7, "counts", out.Counts, queries)
	if c.failed() {
		return c.err
	}
	if len(shards) > shardsAtOnce {
		fewer, err := mergedShards(shards, queries, k)
		if err != nil {
			return err
		}
		return MergeLists(fewer, queries, k, out)
	}
	in := C.go_shards{count: C.size_t(len(shards))}
	for i := range shards {
		in.k[i], in.ids[i], in.scores[i], in.counts[i] = c.shard(i, &shards[i], n)
	}
	return c.end(C.go_merge_lists(in, n, most, ids, scores, counts))
}

// shard checks one of the shards, the first argument of all.
func (c *call) shard(at int, s *Shard, queries C.size_t) (C.size_t, *C.uint64_t, *C.float, *C.uint32_t) {
	c.at = at
	k := c.size(1, "shards.k", s.K)
	places := c.places(1, "shards.k", queries, s.K)
	return k, c.amounts(1, "shards.ids", s.IDs, places), c.floats(1, "shards.scores", s.Scores, places),
		c.numbers(1, "shards.counts", s.Counts, int(queries))
}

// mergedShards merges each few of many shards. The best k of all are among the best k of those.
func mergedShards(shards []Shard, queries, k int) ([]Shard, error) {
	fewer := make([]Shard, 0, (len(shards)+shardsAtOnce-1)/shardsAtOnce)
	for few := range slices.Chunk(shards, shardsAtOnce) {
		to := MergedLists{make([]uint64, queries*k), make([]float32, queries*k), make([]uint32, queries)}
		if err := MergeLists(few, queries, k, to); err != nil {
			return nil, err
		}
		fewer = append(fewer, Shard{k, to.IDs, to.Scores, to.Counts})
	}
	return fewer, nil
}
