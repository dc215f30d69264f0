package avocet

/*
#include "bridge.h"
#cgo noescape go_aggregate
#cgo nocallback go_aggregate
#cgo noescape go_edge_dots
#cgo nocallback go_edge_dots
#cgo noescape go_sample_neighbours
#cgo nocallback go_sample_neighbours
#cgo noescape go_fit_power_law
#cgo nocallback go_fit_power_law
#cgo noescape go_adaptive_fanout
#cgo nocallback go_adaptive_fanout
#cgo noescape go_walk_neighbours
#cgo nocallback go_walk_neighbours
*/
import "C"

// Reduce is how [Aggregate] combines the rows of the neighbours.
type Reduce int32

const (
	// ReduceSum is the sum.
	ReduceSum Reduce = C.AVOCET_REDUCE_SUM
	// ReduceMean is the sum divided by the number of edges of the row.
	ReduceMean Reduce = C.AVOCET_REDUCE_MEAN
)

// AggregateOptions are the options of [Aggregate]. The zero value is the default: a plain sum.
type AggregateOptions struct {
	Reduce Reduce
	// Accumulate adds to what the output holds, in place of overwriting it.
	Accumulate bool
	// EdgeWeights has a weight for each edge number, graph.EdgeIDLimit() values; nil stands for ones.
	EdgeWeights []float32
	// SourceScale has a factor for each row of x, graph.Cols() values; nil stands for ones.
	SourceScale []float32
	// RowScale has a factor for each row of the output, graph.Rows() values; nil stands for ones.
	RowScale []float32
}

// Aggregate sums the rows of each node's neighbours:
//
//	out[i] (+)= RowScale[i] * (sum over edges e of row i of EdgeWeights[e] * SourceScale[j] * x[j]) [/ edges of row i]
//
// with j the column of e; x is graph.Cols() x d, out is graph.Rows() x d. With respect to x, the backward pass is the
// same on the transposed graph, with the two scales exchanged.
//
// C: avocet_aggregate
func Aggregate(graph *Graph, x Matrix, options AggregateOptions, out Matrix, pool *Pool) error {
	c := begin()
	g := c.graph(1, "graph", graph)
	from := c.matrix(2, "x", x)
	weights := c.optionalFloats(3, "options.edge_weights", options.EdgeWeights, graph.EdgeIDLimit())
	sources := c.optionalFloats(3, "options.source_scale", options.SourceScale, graph.Cols())
	rows := c.optionalFloats(3, "options.row_scale", options.RowScale, graph.Rows())
	to := c.matrix(4, "out", out)
	p := c.pool(5, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_aggregate(g, from, C.int32_t(options.Reduce), flag(options.Accumulate), weights, sources, rows, to,
		p))
}

// EdgeDots computes a dot product for each edge, out[e] = left[i] . right[j] for edge e from row i to column j; out has
// graph.Edges() values.
//
// C: avocet_edge_dots
func EdgeDots(graph *Graph, left, right Matrix, out []float32, pool *Pool) error {
	c := begin()
	g := c.graph(1, "graph", graph)
	l := c.matrix(2, "left", left)
	r := c.matrix(3, "right", right)
	to := c.floats(4, "out", out, graph.Edges())
	p := c.pool(5, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_edge_dots(g, l, r, to, p))
}

// Draw is how [SampleNeighbours] draws edges.
type Draw int32

const (
	// DrawWithoutReplacement makes each set of edges as likely as any other.
	DrawWithoutReplacement Draw = C.AVOCET_DRAW_WITHOUT_REPLACEMENT
	// DrawWithReplacement draws independently: an edge may occur more than once.
	DrawWithReplacement Draw = C.AVOCET_DRAW_WITH_REPLACEMENT
	// DrawWeighted draws one edge after the other, each with a probability proportional to its weight among those left.
	DrawWeighted Draw = C.AVOCET_DRAW_WEIGHTED
)

// SampleOptions are the options of [SampleNeighbours]. The zero value is the default.
type SampleOptions struct {
	Draw Draw
	// Layer keeps the samples of a network's layers apart.
	Layer uint32
	// Seed: two calls with one seed and one layer give one sample.
	Seed uint64
	// EdgeWeights are for DrawWeighted, finite and at least 0, graph.EdgeIDLimit() values.
	EdgeWeights []float32
}

// SampleNeighbours draws at most fanout[i] edges of each row i and returns the graph of these, which keep their order
// and their numbers. A sample does not depend on the machine, the pool or the other rows.
//
// C: avocet_sample_neighbours
func SampleNeighbours(graph *Graph, fanout []uint32, options SampleOptions, pool *Pool) (*Graph, error) {
	c := begin()
	g := c.graph(1, "graph", graph)
	n := c.numbers(2, "fanout", fanout, graph.Rows())
	weights := c.optionalFloats(3, "options.edge_weights", options.EdgeWeights, graph.EdgeIDLimit())
	p := c.pool(5, pool)
	if c.failed() {
		return nil, c.err
	}
	return c.made(C.go_sample_neighbours(g, n, C.int32_t(options.Draw), C.uint32_t(options.Layer),
		C.uint64_t(options.Seed), weights, p))
}

// PowerLaw is a power law of degrees.
type PowerLaw struct {
	// Least is the least degree that counts, at least 1.
	Least int
	// Exponent is above 1; infinite where all degrees are the least.
	Exponent float64
}

// FitPowerLaw fits a power law to the degrees of a graph's rows by maximum likelihood.
//
// C: avocet_fit_power_law
func FitPowerLaw(graph *Graph) (PowerLaw, error) {
	c := begin()
	g := c.graph(1, "graph", graph)
	if c.failed() {
		return PowerLaw{}, c.err
	}
	var law C.avocet_power_law
	if err := c.end(C.go_fit_power_law(g, &law)); err != nil {
		return PowerLaw{}, err
	}
	return PowerLaw{Least: int(law.least), Exponent: float64(law.exponent)}, nil
}

// AdaptiveFanout writes a fan-out for each row, from high for the least connected towards low for hubs:
//
//	out[i] = low + (high - low) * (max(degree, Least) / Least)^-(Exponent - 1), rounded
//
// C: avocet_adaptive_fanout
func AdaptiveFanout(graph *Graph, law PowerLaw, low, high uint32, out []uint32) error {
	c := begin()
	g := c.graph(1, "graph", graph)
	least := c.size(2, "law.least", law.Least)
	to := c.numbers(5, "out", out, graph.Rows())
	if c.failed() {
		return c.err
	}
	return c.end(C.go_adaptive_fanout(g, C.avocet_power_law{least: least, exponent: C.double(law.Exponent)},
		C.uint32_t(low), C.uint32_t(high), to))
}

// WalkOptions are the options of [WalkNeighbours]. Walks and Length have no default.
type WalkOptions struct {
	// Walks is the number of walks from each node of low degree, at least 1.
	Walks uint32
	// Length is the number of round trips of a walk, at least 1.
	Length uint32
	// Seed: two calls with one seed and one layer give one result.
	Seed uint64
	// Layer keeps the walks of a network's layers apart.
	Layer uint32
}

// WalkNeighbours returns a graph in which each row with edges, but fewer than fanout[i], is extended by the nodes that
// short random walks visit most; back is the transpose of graph. [Graph.WalkWeights] gives the weights of its edges.
//
// C: avocet_walk_neighbours
func WalkNeighbours(graph, back *Graph, fanout []uint32, options WalkOptions, pool *Pool) (*Graph, error) {
	c := begin()
	g := c.graph(1, "graph", graph)
	b := c.graph(2, "back", back)
	n := c.numbers(3, "fanout", fanout, graph.Rows())
	p := c.pool(6, pool)
	if c.failed() {
		return nil, c.err
	}
	return c.made(C.go_walk_neighbours(g, b, n, C.uint32_t(options.Walks), C.uint32_t(options.Length),
		C.uint64_t(options.Seed), C.uint32_t(options.Layer), p))
}
