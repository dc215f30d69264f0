package avocet

/*
#include "bridge.h"
#cgo noescape go_logistic_batch
#cgo nocallback go_logistic_batch
*/
import "C"

// Features is the features of the rows of a logistic regression, made by [DenseFeatures], [SparseFeatures] or
// [PreparedFeatures]. It borrows what it was made of.
type Features struct {
	kind     C.int32_t
	x        typed
	csr      csr
	prepared *PreparedRows
}

// DenseFeatures is features as a matrix, n x d. Elements of 16 bits are widened exactly: the results are those of the
// float32 matrix of the same values.
func DenseFeatures[E Real](x MatrixOf[E]) Features {
	return Features{kind: C.GO_FEATURES_DENSE, x: typedOf(x)}
}

// SparseFeatures is features as a sparse matrix, which every call checks anew.
func SparseFeatures[O, I Index](rows CSR[O, I]) Features {
	return Features{kind: C.GO_FEATURES_SPARSE, csr: csrOf(rows)}
}

// PreparedFeatures is sparse features that were checked once.
func PreparedFeatures(rows *PreparedRows) Features {
	return Features{kind: C.GO_FEATURES_PREPARED, prepared: rows}
}

// LogisticRows is the rows and the model of [LogisticBatch] and [LogisticFit]: n rows and d features.
type LogisticRows struct {
	Features Features
	// Offsets has a number for each row, which is added to its margin; nil stands for zeros.
	Offsets []float32
	// Weights has a weight for each feature.
	Weights []float32
	// Intercept is added to every margin.
	Intercept float32
	// Compact, with prepared features, gives Weights and all vectors that go in or come out one value for each of
	// [PreparedRows.Features] in place of d. A gradient is then sorted pairs of features and values.
	Compact bool
}

// LogisticBatchOutputs is what [LogisticBatch] writes; what is nil is not computed.
type LogisticBatchOutputs struct {
	// Margins has the logit of each row.
	Margins []float32
	// Gradient, Curvature and Product have a value for each feature.
	Gradient, Curvature, Product []float32
	// Along and AlongIntercept are the vector that Product multiplies, Along with a value for each feature; both are read
	// only with Product.
	Along          []float32
	AlongIntercept float32
}

// LogisticSums holds the sums of [LogisticBatch] that are single numbers. Those by the intercept are 0 where the output
// that they belong to is nil, Loss where there are no targets.
type LogisticSums struct {
	// Loss is the sum of the losses.
	Loss float64
	// Gradient, Curvature and Product are the parts for the intercept.
	Gradient, Curvature, Product float64
}

// logisticRows checks rows, and says how many there are and how long their vectors are.
func (c *call) logisticRows(rows *LogisticRows, weightsOptional bool) (in C.go_logistic_rows, n, d int) {
	of := &rows.Features
	in.kind = of.kind
	switch of.kind {
	case C.GO_FEATURES_DENSE:
		in.x = c.typed(1, "rows.x", of.x)
		n, d = of.x.rows, of.x.cols
	case C.GO_FEATURES_SPARSE:
		in.csr, n = c.csr(1, "rows.csr", 1, "rows.values", of.csr)
		d = of.csr.cols
	case C.GO_FEATURES_PREPARED:
		in.prepared = c.prepared(1, "rows.prepared", of.prepared)
		n, d = of.prepared.Rows(), of.prepared.Cols()
		if rows.Compact {
			d = of.prepared.FeatureCount()
		}
	default:
		c.refuseNil(1, "rows.x")
	}
	in.offsets = c.optionalFloats(1, "rows.offsets", rows.Offsets, n)
	if rows.Weights != nil || !weightsOptional {
		in.weights = c.floats(1, "rows.weights", rows.Weights, d)
	}
	in.intercept, in.compact = C.float(rows.Intercept), flag(rows.Compact)
	return in, n, d
}

// LogisticBatch computes logistic regression over rows of any kind, reading them once, from the margins
// m = x . Weights + Intercept + offset:
//
//	Loss = sum of a softplus(-m) + b softplus(m)
//	Gradient = sum of (b sigmoid(m) - a sigmoid(-m)) x
//	Curvature = sum of h x^2, the diagonal of the Hessian, h = (a + b) sigmoid(m) sigmoid(-m)
//	Product = sum of h (x . Along + AlongIntercept) x, the Hessian times that vector
//
// The penalty of a regularised model is the caller's to add. targets has a value for each row; nil will do where only
// margins are wanted. A target out of range, and a sparse row whose factor is not finite ([ErrNotFinite] of
// "rows.weights"), are found on the way: Margins is unspecified then, everything else as it was. Sums over parts of the
// rows: see [LogisticParts].
//
// C: avocet_logistic_batch
func LogisticBatch(rows LogisticRows, targets *LogisticTargets, out LogisticBatchOutputs, pool *Pool,
	workspace *Workspace) (LogisticSums, error) {
	c := begin()
	in, n, d := c.logisticRows(&rows, false)
	var learnt C.go_targets
	if targets != nil {
		learnt = c.targets(2, *targets, n)
	}
	margins := c.optionalFloats(3, "out.margins", out.Margins, n)
	gradient := c.optionalFloats(3, "out.gradient", out.Gradient, d)
	curvature := c.optionalFloats(3, "out.curvature", out.Curvature, d)
	product := c.optionalFloats(3, "out.product", out.Product, d)
	var along *C.float
	if out.Product != nil {
		along = c.floats(3, "out.along", out.Along, d)
	}
	p := c.pool(5, pool)
	w := c.scratch(6, workspace)
	if c.failed() {
		return LogisticSums{}, c.err
	}
	var sums LogisticSums
	for {
		found := C.go_logistic_batch(in, learnt, flag(targets != nil), margins, gradient, curvature, product, along,
			C.float(out.AlongIntercept), sums.c(), p, w)
		if !c.grown(found) {
			return sums, c.end(found)
		}
	}
}
