package avocet

/*
#include "bridge.h"
#cgo noescape go_dual_forward
#cgo nocallback go_dual_forward
#cgo noescape go_dual_backward
#cgo nocallback go_dual_backward
*/
import "C"

// DualRelation is a relation of a [DualLayer].
type DualRelation struct {
	// Out has in row i the targets that output row i reads; Into the sources. Both are r x n.
	Out, Into *Graph
	// OutScale and IntoScale have a factor for each row of Out and Into, r values; nil stands for ones.
	OutScale, IntoScale []float32
	// Across are the weights from the counterpart's rows, d x m: source rows read targets, target rows read sources.
	Across Matrix
	// Along are the weights from the like rows, d x m; nil for a relation that does not join like to like.
	Along *Matrix
}

// DualLayer is a layer of a dual graph network.
type DualLayer struct {
	// Sources and Targets are n x d.
	Sources, Targets Matrix
	// Own says which of the n nodes each of the r output rows is, an r x n graph with one edge in each row; nil if every
	// node is its own row.
	Own *Graph
	// SourceWeights and TargetWeights are d x m.
	SourceWeights, TargetWeights Matrix
	// Relations are at most [MaxRelations].
	Relations  []DualRelation
	Activation Activation
	// Normalise divides each row by its L2 norm, after the activation.
	Normalise bool
}

// DualRows is what [DualForward] writes.
type DualRows struct {
	// Sources and Targets are r x m.
	Sources, Targets Matrix
	// SourceNorms and TargetNorms take the r norms; they may be nil if the layer does not normalise.
	SourceNorms, TargetNorms []float32
}

// DualBack holds the transposes of a relation's graphs, each n x r.
type DualBack struct {
	Out, Into *Graph
}

// DualResult is what [DualBackward] reads beside the layer.
type DualResult struct {
	// Sources, Targets and their norms are as the forward pass left them.
	Sources, Targets         Matrix
	SourceNorms, TargetNorms []float32
	// SourceGradient and TargetGradient are the gradients of the loss with respect to them, r x m.
	SourceGradient, TargetGradient Matrix
	// Own is the transpose of the layer's; nil if it has none.
	Own *Graph
	// Back has the transposes for each relation.
	Back []DualBack
}

// DualGradients is what [DualBackward] writes.
type DualGradients struct {
	// Sources and Targets, n x d, are overwritten; nil if not wanted.
	Sources, Targets *Matrix
	// Weights, d x m each, are added to: those of SourceWeights, TargetWeights, Across of each relation, Along of those
	// that have it.
	Weights []Matrix
}

func (l *DualLayer) rows() int {
	if l.Own != nil {
		return l.Own.Rows()
	}
	return l.Sources.Rows
}

// layer checks argument 1.
func (c *call) layer(l *DualLayer, to *C.go_layer) {
	if len(l.Relations) > MaxRelations {
		c.refuseInteger(ErrInvalidArgument, 1, "layer.relation_count", len(l.Relations))
		return
	}
	to.sources = c.matrix(1, "layer.sources", l.Sources)
	to.targets = c.matrix(1, "layer.targets", l.Targets)
	to.own = c.optionalGraph(1, "layer.own", l.Own)
	to.source_weights = c.matrix(1, "layer.source_weights", l.SourceWeights)
	to.target_weights = c.matrix(1, "layer.target_weights", l.TargetWeights)
	rows := l.rows()
	for i := range l.Relations {
		c.at = i
		from, r := &l.Relations[i], &to.relations[i]
		r.out = c.graph(1, "layer.relations.out", from.Out)
		r.into = c.graph(1, "layer.relations.into", from.Into)
		r.out_scale = c.optionalFloats(1, "layer.relations.out_scale", from.OutScale, rows)
		r.into_scale = c.optionalFloats(1, "layer.relations.into_scale", from.IntoScale, rows)
		r.across = c.matrix(1, "layer.relations.across", from.Across)
		r.along, r.has_along = c.optionalMatrix(1, "layer.relations.along", from.Along)
	}
	c.at = 0
	to.relation_count = C.size_t(len(l.Relations))
	to.activation, to.normalise = C.int32_t(l.Activation), flag(l.Normalise)
}

// DualForward computes a layer of a dual graph network, with own(X) the output nodes' own rows:
//
//	S' = f(own(S) Ws + sum over relations of out(T) Across + into(S) Along)
//	T' = f(own(T) Wt + sum over relations of into(S) Across + out(T) Along)
//
// where out(T) is for each row the sum of the target rows of its neighbours in Out, times OutScale, into(S) likewise,
// and f is the activation and the row norm.
//
// C: avocet_dual_forward
func DualForward(layer DualLayer, out DualRows, pool *Pool, workspace *Workspace) error {
	c := begin()
	var l C.go_layer
	c.layer(&layer, &l)
	rows := layer.rows()
	sources := c.matrix(2, "out.sources", out.Sources)
	targets := c.matrix(2, "out.targets", out.Targets)
	sourceNorms := c.optionalFloats(2, "out.source_norms", out.SourceNorms, rows)
	targetNorms := c.optionalFloats(2, "out.target_norms", out.TargetNorms, rows)
	p := c.pool(3, pool)
	w := c.scratch(4, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_dual_forward(l, sources, targets, sourceNorms, targetNorms, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// DualBackward computes the gradients of [DualForward], for the layer of the forward pass.
//
// C: avocet_dual_backward
func DualBackward(layer DualLayer, result DualResult, gradients DualGradients, pool *Pool, workspace *Workspace) error {
	c := begin()
	var l C.go_layer
	c.layer(&layer, &l)
	rows := layer.rows()

	var r C.go_result
	r.sources = c.matrix(2, "result.sources", result.Sources)
	r.targets = c.matrix(2, "result.targets", result.Targets)
	r.source_norms = c.optionalFloats(2, "result.source_norms", result.SourceNorms, rows)
	r.target_norms = c.optionalFloats(2, "result.target_norms", result.TargetNorms, rows)
	r.source_gradient = c.matrix(2, "result.source_gradient", result.SourceGradient)
	r.target_gradient = c.matrix(2, "result.target_gradient", result.TargetGradient)
	r.own = c.optionalGraph(2, "result.own", result.Own)
	c.length(2, "result.back", result.Back == nil, len(result.Back), len(layer.Relations))
	weights := 2 + len(layer.Relations)
	for i := range layer.Relations {
		if c.err != nil {
			break
		}
		c.at = i
		r.back_out[i] = c.graph(2, "result.back.out", result.Back[i].Out)
		r.back_into[i] = c.graph(2, "result.back.into", result.Back[i].Into)
		if layer.Relations[i].Along != nil {
			weights++
		}
	}
	c.at = 0

	var g C.go_gradients
	g.sources, g.has_sources = c.optionalMatrix(3, "gradients.sources", gradients.Sources)
	g.targets, g.has_targets = c.optionalMatrix(3, "gradients.targets", gradients.Targets)
	if gradients.Weights == nil {
		c.refuseNil(3, "gradients.weights")
	} else if len(gradients.Weights) != weights {
		c.refuseInteger(ErrShapeMismatch, 3, "gradients.weight_count", len(gradients.Weights))
	}
	for i := range gradients.Weights {
		if c.err != nil {
			break
		}
		c.at = i
		g.weights[i] = c.matrix(3, "gradients.weights", gradients.Weights[i])
	}
	c.at = 0
	g.weight_count = C.size_t(len(gradients.Weights))
	p := c.pool(4, pool)
	w := c.scratch(5, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_dual_backward(l, r, g, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}
