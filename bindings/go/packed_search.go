package avocet

/*
#include "bridge.h"
#cgo noescape go_index_search
#cgo nocallback go_index_search
#cgo noescape go_index_scores
#cgo nocallback go_index_scores
#cgo noescape go_index_rank_counts
#cgo nocallback go_index_rank_counts
*/
import "C"

// IndexLists is what [PackedIndex.Search] writes, for q queries and lists of k.
type IndexLists struct {
	// Rows has the rows of the index for each query, best first, q * k values; [NoID] in unused places. See
	// [PackedIndex.IDs].
	Rows []uint32
	// Scores has their scores, q * k values; -Inf in unused places.
	Scores []float32
	// Counts says for each query how many places are used.
	Counts []uint32
	// NaNCounts says for each query how many scores of rows that it could find were NaN; may be nil.
	NaNCounts []uint32
	// Survivors says for each query how many rows [IndexCertified] scored in float32 after it had read their bytes, 0 in
	// other storages; may be nil. They depend on the number of threads, which nothing else does.
	Survivors []uint32
}

// IndexSearchOptions says what a search may find. The zero value is the default: every row with any score.
type IndexSearchOptions struct {
	// Exclude is a q x Rows graph with ascending rows: what a query never finds; nil stands for nothing.
	Exclude *Graph
	// Allow is another: all that a query may find, but for what is excluded; nil stands for every row.
	Allow *Graph
	// Least is, with HasLeast, the least score that is found, not NaN; without it must be 0.
	Least    float32
	HasLeast bool
}

// Search finds for each of the queries, which are q x d, the k rows with the greatest scores query . row. Score descending,
// then row ascending, is a total order.
//
// C: avocet_index_search
func (x *PackedIndex) Search(queries Matrix, k int, out IndexLists, pool *Pool, workspace *Workspace) error {
	return x.SearchOf(RealVectors(queries), k, IndexSearchOptions{}, out, pool, workspace)
}

// SearchOf is [PackedIndex.Search] with any queries that the storage is scored with, and options.
//
// C: avocet_index_search
func (x *PackedIndex) SearchOf(queries Vectors, k int, options IndexSearchOptions, out IndexLists, pool *Pool,
	workspace *Workspace) error {
	c := begin()
	index := c.index(x)
	q := c.vectors(2, "queries", &queries, 4, "options.query_scales")
	most := c.size(3, "k", k)
	places := c.places(3, "k", q.rows.rows, k)
	how := C.go_search{
		exclude:   c.optionalGraph(4, "options.exclude", options.Exclude),
		allow:     c.optionalGraph(4, "options.allow", options.Allow),
		least:     C.float(options.Least),
		has_least: flag(options.HasLeast),
	}
	to := C.go_lists{
		ids:        c.numbers(5, "ids", out.Rows, places),
		scores:     c.floats(6, "scores", out.Scores, places),
		counts:     c.numbers(7, "counts", out.Counts, queries.rows.rows),
		nan_counts: c.optionalNumbers(8, "nan_counts", out.NaNCounts, queries.rows.rows),
		survivors:  c.optionalNumbers(9, "survivors", out.Survivors, queries.rows.rows),
	}
	p := c.pool(10, pool)
	w := c.scratch(11, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_index_search(index, q, most, how, to, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// Scores computes the scores of given rows, the bits that a search gives them. given is a q x Rows graph, out has a score
// for each of its edges. Rows that are never found have scores too; those that were not finite are zeros.
//
// C: avocet_index_scores
func (x *PackedIndex) Scores(queries Vectors, given *Graph, out []float32, pool *Pool, workspace *Workspace) error {
	c := begin()
	index := c.index(x)
	q := c.vectors(2, "queries", &queries, 3, "query_scales")
	g := c.graph(4, "given", given)
	to := c.floats(5, "out", out, given.Edges())
	p := c.pool(6, pool)
	w := c.scratch(7, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_index_scores(index, q, g, to, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// RankCounts counts for each given row of each query how many other rows score better and how many the same, as
// [RankCounts] does. given is a q x Rows graph; exclude is another, with ascending rows, or nil; better and equal have a
// value for each edge of given. Rows that are never found are not counted.
//
// C: avocet_index_rank_counts
func (x *PackedIndex) RankCounts(queries Vectors, given, exclude *Graph, better, equal []uint32, pool *Pool,
	workspace *Workspace) error {
	c := begin()
	index := c.index(x)
	q := c.vectors(2, "queries", &queries, 3, "query_scales")
	g := c.graph(4, "given", given)
	e := c.optionalGraph(5, "exclude", exclude)
	b := c.numbers(6, "better", better, given.Edges())
	s := c.numbers(7, "equal", equal, given.Edges())
	p := c.pool(8, pool)
	w := c.scratch(9, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_index_rank_counts(index, q, g, e, b, s, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}
