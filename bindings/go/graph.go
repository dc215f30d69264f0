package avocet

/*
#include "bridge.h"
#cgo noescape go_graph_create
#cgo nocallback go_graph_create
#cgo noescape go_graph_transpose
#cgo nocallback go_graph_transpose
#cgo noescape go_graph_select_rows
#cgo nocallback go_graph_select_rows
#cgo noescape go_graph_destroy
#cgo nocallback go_graph_destroy
#cgo noescape go_graph_shape
#cgo nocallback go_graph_shape
#cgo noescape go_graph_offsets
#cgo nocallback go_graph_offsets
#cgo noescape go_graph_indices
#cgo nocallback go_graph_indices
#cgo noescape go_graph_edge_ids
#cgo nocallback go_graph_edge_ids
#cgo noescape go_graph_walk_weights
#cgo nocallback go_graph_walk_weights
*/
import "C"

import "unsafe"

// Graph is a checked sparse matrix, or directed graph: an edge leads from its row to its column. It never changes, so
// any number of goroutines may use one at once.
//
// Edges are numbered by their position. A graph that is derived from another (transposed, selected, sampled) keeps the
// numbers that its edges had in the graph that was first created, so that weights by edge serve all of them.
type Graph struct {
	handle      handle
	rows, cols  int
	edges       int
	edgeIDLimit int
	derived     bool
}

// NewGraph checks a sparse matrix and copies its structure: the edges of row i are indices[offsets[i]] up to
// indices[offsets[i+1]], each the number of a column below cols. There are len(offsets)-1 rows.
//
// C: avocet_graph_create
func NewGraph[O, I Index](offsets []O, indices []I, cols int) (*Graph, error) {
	return newGraph(viewOf(offsets), viewOf(indices), cols)
}

func newGraph(offsets, columns C.go_indices, cols int) (*Graph, error) {
	c := begin()
	n := c.size(1, "csr.cols", cols)
	if offsets.len == 0 {
		c.refuseNil(1, "csr.offsets")
	}
	if c.failed() {
		return nil, c.err
	}
	return c.made(C.go_graph_create(offsets.len-1, n, offsets, columns))
}

// made ends a call that makes a graph.
func (c *call) made(made C.go_made) (*Graph, error) {
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	shape := C.go_graph_shape(made.handle)
	g := &Graph{
		rows:        int(shape.rows),
		cols:        int(shape.cols),
		edges:       int(shape.edges),
		edgeIDLimit: int(shape.edge_id_limit),
		derived:     shape.derived != 0,
	}
	open(g, &g.handle, uintptr(made.handle), func(c uintptr) { C.go_graph_destroy(C.uintptr_t(c)) })
	return g, nil
}

// Transpose is the graph with every edge turned round, Cols x Rows. The edges of a row are in ascending order of the
// node they come from.
//
// C: avocet_graph_transpose
func (g *Graph) Transpose() (*Graph, error) {
	c := begin()
	graph := c.graph(1, "graph", g)
	if c.failed() {
		return nil, c.err
	}
	return c.made(C.go_graph_transpose(graph))
}

// SelectRows is the graph of the given rows of g, in that order; a row may be given more than once. (A function,
// because methods have no type parameters.)
//
// C: avocet_graph_select_rows
func SelectRows[I Index](g *Graph, rows []I) (*Graph, error) { return selectRows(g, viewOf(rows)) }

func selectRows(g *Graph, rows C.go_indices) (*Graph, error) {
	c := begin()
	graph := c.graph(1, "graph", g)
	if c.failed() {
		return nil, c.err
	}
	return c.made(C.go_graph_select_rows(graph, rows))
}

// Rows is the number of rows; 0 for nil. Like the other numbers it can still be asked for after Close.
//
// C: avocet_graph_rows
func (g *Graph) Rows() int {
	if g == nil {
		return 0
	}
	return g.rows
}

// Cols is the number of columns; 0 for nil.
//
// C: avocet_graph_cols
func (g *Graph) Cols() int {
	if g == nil {
		return 0
	}
	return g.cols
}

// Edges is the number of edges; 0 for nil.
//
// C: avocet_graph_edges
func (g *Graph) Edges() int {
	if g == nil {
		return 0
	}
	return g.edges
}

// EdgeIDLimit is the number of values that an array by edge number has: the edges of the graph that was first created;
// 0 for nil.
//
// C: avocet_graph_edge_id_limit
func (g *Graph) EdgeIDLimit() int {
	if g == nil {
		return 0
	}
	return g.edgeIDLimit
}

// IsDerived says whether the edges have the numbers of another graph, from which this one was made.
//
// C: avocet_graph_is_derived
func (g *Graph) IsDerived() bool { return g != nil && g.derived }

// Offsets copies the offsets to out, of Rows+1 values.
//
// C: avocet_graph_offsets
func (g *Graph) Offsets(out []int64) error {
	c := begin()
	graph := c.copyTo(g, out == nil, len(out), g.Rows()+1)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_graph_offsets(graph, (*C.int64_t)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// Indices copies the column of each edge to out, of Edges values.
//
// C: avocet_graph_indices
func (g *Graph) Indices(out []uint32) error {
	c := begin()
	graph := c.copyTo(g, out == nil, len(out), g.Edges())
	if c.failed() {
		return c.err
	}
	return c.end(C.go_graph_indices(graph, (*C.uint32_t)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// EdgeIDs copies the number of each edge to out, of Edges values; weights by edge are ordered by these.
//
// C: avocet_graph_edge_ids
func (g *Graph) EdgeIDs(out []uint32) error {
	c := begin()
	graph := c.copyTo(g, out == nil, len(out), g.Edges())
	if c.failed() {
		return c.err
	}
	return c.end(C.go_graph_edge_ids(graph, (*C.uint32_t)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// WalkWeights copies the weights that [WalkNeighbours] gave the edges of its graph to out, of Edges values.
//
// C: avocet_graph_walk_weights
func (g *Graph) WalkWeights(out []float32) error {
	c := begin()
	graph := c.copyTo(g, out == nil, len(out), g.Edges())
	if c.failed() {
		return c.err
	}
	return c.end(C.go_graph_walk_weights(graph, (*C.float)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// copyTo checks the arguments of the functions that copy from a graph.
func (c *call) copyTo(g *Graph, missing bool, found, wanted int) C.uintptr_t {
	graph := c.graph(1, "graph", g)
	if missing && wanted > 0 {
		c.refuseNil(2, "out")
	} else if found != wanted {
		c.refuseInteger(ErrShapeMismatch, 3, "len", found)
	}
	return graph
}

// Close waits for the calls that use the graph and frees it. Closing twice, or nil, does nothing.
//
// C: avocet_graph_destroy
func (g *Graph) Close() error {
	if g != nil {
		g.handle.close()
	}
	return nil
}
