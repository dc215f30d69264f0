package avocet

/*
#include "bridge.h"
#cgo noescape go_top_k
#cgo nocallback go_top_k
#cgo noescape go_rank_counts
#cgo nocallback go_rank_counts
#cgo noescape go_edge_loss
#cgo nocallback go_edge_loss
#cgo noescape go_softmax_loss
#cgo nocallback go_softmax_loss
*/
import "C"

// TopKLists is what [TopK] writes, for q queries and lists of k.
type TopKLists struct {
	// IDs has the targets of each query, best first, q * k values; [NoID] in unused places.
	IDs []uint32
	// Scores has their scores, q * k values; -Inf in unused places.
	Scores []float32
	// Counts says for each query how many places are used.
	Counts []uint32
	// NaNCounts says for each query how many scores were NaN; may be nil.
	NaNCounts []uint32
}

// TopK finds for each query the k targets with the greatest scores query . target: queries is q x d, targets n x d.
// Score descending, then id ascending, is a total order. The ids in row i of exclude, a q x n graph with ascending rows
// or nil, never appear for query i.
//
// C: avocet_top_k
func TopK(queries, targets Matrix, exclude *Graph, k int, out TopKLists, pool *Pool, workspace *Workspace) error {
	c := begin()
	q := c.matrix(1, "queries", queries)
	t := c.matrix(2, "targets", targets)
	e := c.optionalGraph(3, "exclude", exclude)
	most := c.size(4, "k", k)
	places := c.places(4, "k", q.rows, k)
	ids := c.numbers(5, "ids", out.IDs, places)
	scores := c.floats(6, "scores", out.Scores, places)
	counts := c.numbers(7, "counts", out.Counts, queries.Rows)
	nans := c.optionalNumbers(8, "nan_counts", out.NaNCounts, queries.Rows)
	p := c.pool(9, pool)
	w := c.scratch(10, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_top_k(q, t, e, most, ids, scores, counts, nans, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// RankCounts counts for each given target of each query how many other targets score better and how many the same.
// given is a q x n graph, one edge for each target in question; exclude is as in [TopK]; better and equal have
// given.Edges() values.
//
// C: avocet_rank_counts
func RankCounts(queries, targets Matrix, given, exclude *Graph, better, equal []uint32, pool *Pool,
	workspace *Workspace) error {
	c := begin()
	q := c.matrix(1, "queries", queries)
	t := c.matrix(2, "targets", targets)
	g := c.graph(3, "given", given)
	e := c.optionalGraph(4, "exclude", exclude)
	b := c.numbers(5, "better", better, given.Edges())
	s := c.numbers(6, "equal", equal, given.Edges())
	p := c.pool(7, pool)
	w := c.scratch(8, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_rank_counts(q, t, g, e, b, s, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// EdgeKind is which term of the edge loss is computed.
type EdgeKind int32

const (
	// EdgePositive is for observed edges: softplus(-x) of source(row) . target(column).
	EdgePositive EdgeKind = C.AVOCET_EDGE_POSITIVE
	// EdgeNegative is for sampled non-edges: softplus(x - margin) of source(row) . target(column).
	EdgeNegative EdgeKind = C.AVOCET_EDGE_NEGATIVE
	// EdgeReversed is for one-way edges against their direction: softplus(x - margin) of source(column) . target(row).
	EdgeReversed EdgeKind = C.AVOCET_EDGE_REVERSED
)

// EdgeTerm is one term of the edge loss. Its numbers have no defaults: a zero is a zero.
type EdgeTerm struct {
	Kind EdgeKind
	// Temperature is the factor from dots to logits, above 0: x = Temperature * dot - Offset.
	Temperature float32
	// Offset is subtracted from every logit.
	Offset float32
	// Margin is subtracted from the logits of negative and reversed edges; at least 0.
	Margin float32
	// Weight multiplies every edge's loss: 1 / edges for a mean.
	Weight float32
}

// EdgeLossResult is the loss with its derivatives with respect to temperature and offset.
type EdgeLossResult struct {
	Loss, TemperatureGradient, OffsetGradient float64
}

// EdgeLoss computes one term of the logistic edge loss with its gradients:
//
//	Loss = sum over edges e of Weight * edgeWeights[e] * softplus(z)
//
// with z = -x for positives and x - Margin for the others. transposed is the transpose of graph; sources has a row for
// each row of it and targets for each column (for EdgeReversed the other way round). edgeWeights has a weight for each
// edge, or is nil for ones. The gradients have the shapes of sources and targets and are added to; either may be nil.
//
// C: avocet_edge_loss
func EdgeLoss(graph, transposed *Graph, sources, targets Matrix, term EdgeTerm, edgeWeights []float32,
	sourceGradient, targetGradient *Matrix, pool *Pool, workspace *Workspace) (EdgeLossResult, error) {
	c := begin()
	g := c.graph(1, "graph", graph)
	b := c.graph(2, "transposed", transposed)
	s := c.matrix(3, "sources", sources)
	t := c.matrix(4, "targets", targets)
	weights := c.optionalFloats(6, "edge_weights", edgeWeights, graph.Edges())
	ds, hasSource := c.optionalMatrix(7, "source_gradient", sourceGradient)
	dt, hasTarget := c.optionalMatrix(8, "target_gradient", targetGradient)
	p := c.pool(10, pool)
	w := c.scratch(11, workspace)
	if c.failed() {
		return EdgeLossResult{}, c.err
	}
	var out C.avocet_edge_loss_result
	for {
		found := C.go_edge_loss(g, b, s, t, C.int32_t(term.Kind), C.float(term.Temperature), C.float(term.Offset),
			C.float(term.Margin), C.float(term.Weight), weights, ds, hasSource, dt, hasTarget, &out, p, w)
		if !c.grown(found) {
			return EdgeLossResult{float64(out.loss), float64(out.temperature_gradient), float64(out.offset_gradient)},
				c.end(found)
		}
	}
}

// SoftmaxTerm is the term of a sampled softmax loss. Its numbers have no defaults: a zero is a zero.
type SoftmaxTerm struct {
	// Temperature is the factor from dots to logits, above 0.
	Temperature float32
	// Weight multiplies every edge's loss: 1 / edges for a mean.
	Weight float32
}

// SoftmaxLossResult is the loss with its derivative with respect to the temperature.
type SoftmaxLossResult struct {
	Loss, TemperatureGradient float64
}

// SoftmaxLoss computes the sampled softmax loss with its gradients: for each edge e from source u to target v
//
//	loss = -log( exp(x_uv) / (exp(x_uv) + sum over negatives k that are not v of exp(x_uk)) )
//
// with x = Temperature * source . target; Loss is the sum of Weight * edgeWeights[e] * loss. transposed is the
// transpose of positives; edgeWeights may be nil. The gradients are added to; both or neither are nil.
//
// C: avocet_softmax_loss
func SoftmaxLoss[I Index](positives, transposed *Graph, sources, targets Matrix, negatives []I, term SoftmaxTerm,
	edgeWeights []float32, sourceGradient, targetGradient *Matrix, pool *Pool,
	workspace *Workspace) (SoftmaxLossResult, error) {
	return softmaxLoss(positives, transposed, sources, targets, viewOf(negatives), term, edgeWeights, sourceGradient,
		targetGradient, pool, workspace)
}

func softmaxLoss(positives, transposed *Graph, sources, targets Matrix, negatives C.go_indices, term SoftmaxTerm,
	edgeWeights []float32, sourceGradient, targetGradient *Matrix, pool *Pool,
	workspace *Workspace) (SoftmaxLossResult, error) {
	c := begin()
	g := c.graph(1, "positives", positives)
	b := c.graph(2, "transposed", transposed)
	s := c.matrix(3, "sources", sources)
	t := c.matrix(4, "targets", targets)
	weights := c.optionalFloats(7, "edge_weights", edgeWeights, positives.Edges())
	ds, hasSource := c.optionalMatrix(8, "source_gradient", sourceGradient)
	dt, hasTarget := c.optionalMatrix(9, "target_gradient", targetGradient)
	p := c.pool(11, pool)
	w := c.scratch(12, workspace)
	if c.failed() {
		return SoftmaxLossResult{}, c.err
	}
	var out C.avocet_softmax_loss_result
	for {
		found := C.go_softmax_loss(g, b, s, t, negatives, C.float(term.Temperature), C.float(term.Weight), weights, ds,
			hasSource, dt, hasTarget, &out, p, w)
		if !c.grown(found) {
			return SoftmaxLossResult{float64(out.loss), float64(out.temperature_gradient)}, c.end(found)
		}
	}
}
