package avocet

/*
#include "bridge.h"
#cgo noescape go_merge_lists
#cgo nocallback go_merge_lists
*/
import "C"

import "unsafe"

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
	c.size(4, "k", k)
	for i := range shards {
		c.at = i
		c.size(1, "shards.k", shards[i].K)
		places := c.places(1, "shards.k", n, shards[i].K)
		c.amounts(1, "shards.ids", shards[i].IDs, places)
		c.floats(1, "shards.scores", shards[i].Scores, places)
		c.numbers(1, "shards.counts", shards[i].Counts, queries)
	}
	c.at = 0
	places := c.places(4, "k", n, k)
	c.amounts(5, "ids", out.IDs, places)
	c.floats(6, "scores", out.Scores, places)
	c.numbers(7, "counts", out.Counts, queries)
	if c.failed() {
		return c.err
	}
	for len(shards) > shardsAtOnce {
		// The best k of all are among the best k of each few.
		fewer := make([]Shard, (len(shards)+shardsAtOnce-1)/shardsAtOnce)
		for i := range fewer {
			fewer[i] = Shard{k, make([]uint64, places), make([]float32, places), make([]uint32, queries)}
			few := shards[i*shardsAtOnce : min((i+1)*shardsAtOnce, len(shards))]
			if found := mergeFew(few, queries, &fewer[i]); found.status != C.AVOCET_OK {
				return c.end(found)
			}
		}
		shards = fewer
	}
	return c.end(mergeFew(shards, queries, &Shard{k, out.IDs, out.Scores, out.Counts}))
}

// mergeFew merges shards whose lengths were checked to lists of such lengths.
func mergeFew(shards []Shard, queries int, to *Shard) C.avocet_error {
	in := C.go_shards{count: C.size_t(len(shards))}
	for i := range shards {
		in.k[i] = C.size_t(shards[i].K)
		in.ids[i] = (*C.uint64_t)(unsafe.SliceData(shards[i].IDs))
		in.scores[i] = (*C.float)(unsafe.SliceData(shards[i].Scores))
		in.counts[i] = (*C.uint32_t)(unsafe.SliceData(shards[i].Counts))
	}
	return C.go_merge_lists(in, C.size_t(queries), C.size_t(to.K), (*C.uint64_t)(unsafe.SliceData(to.IDs)),
		(*C.float)(unsafe.SliceData(to.Scores)), (*C.uint32_t)(unsafe.SliceData(to.Counts)))
}
