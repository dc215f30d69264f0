package avocet

/*
#include "bridge.h"
#cgo noescape go_sparse_model_create
#cgo nocallback go_sparse_model_create
#cgo noescape go_sparse_model_destroy
#cgo nocallback go_sparse_model_destroy
#cgo noescape go_sparse_model_features
#cgo nocallback go_sparse_model_features
#cgo noescape go_sparse_model_intercept
#cgo nocallback go_sparse_model_intercept
#cgo noescape go_sparse_model_predict
#cgo nocallback go_sparse_model_predict
#cgo noescape go_sparse_model_learn
#cgo nocallback go_sparse_model_learn
#cgo noescape go_sparse_model_weights
#cgo nocallback go_sparse_model_weights
#cgo noescape go_sparse_model_nonzeros
#cgo nocallback go_sparse_model_nonzeros
#cgo noescape go_sparse_model_nonzero
#cgo nocallback go_sparse_model_nonzero
#cgo noescape go_sparse_model_saved_bytes
#cgo nocallback go_sparse_model_saved_bytes
#cgo noescape go_sparse_model_save
#cgo nocallback go_sparse_model_save
#cgo noescape go_sparse_model_load
#cgo nocallback go_sparse_model_load
*/
import "C"

import "unsafe"

// Optimiser says how a [SparseModel] learns, with g the gradient of a coordinate over a minibatch.
type Optimiser int32

const (
	// OptimiserFTRL is FTRL-proximal (McMahan et al., KDD 2013), with z and n by coordinate:
	// w = 0 if |z| <= L1, else -(z - sign(z) L1) / ((Beta + sqrt(n)) / Rate + L2),
	// z = z + g - (sqrt(n + g^2) - sqrt(n)) / Rate * w, n = n + g^2.
	OptimiserFTRL Optimiser = C.AVOCET_OPTIMISER_FTRL
	// OptimiserAdagrad has n by coordinate: n = n + g^2, w = w - Rate (g + L2 w) / (sqrt(n) + Epsilon).
	OptimiserAdagrad Optimiser = C.AVOCET_OPTIMISER_ADAGRAD
	// OptimiserSGD is gradient descent: w = w - Rate (g + L2 w).
	OptimiserSGD Optimiser = C.AVOCET_OPTIMISER_SGD
)

// SparseModelOptions are the options of [NewSparseModel]. Zeros are the defaults.
type SparseModelOptions struct {
	// Optimiser is by default FTRL.
	Optimiser Optimiser
	// Intercept gives the model an intercept, which has no penalties.
	Intercept bool
	// Rate is the learning rate (alpha in FTRL), above 0, by default .1.
	Rate float32
	// Beta of FTRL holds back the rate of new coordinates; at least 0, by default 1. 1e-38 has the effect of a zero.
	Beta float32
	// L1 is the penalty of FTRL that makes weights with little evidence exactly 0; at least 0.
	L1 float32
	// L2 is at least 0. In Adagrad and SGD it decays a coordinate only when it is stepped.
	L2 float32
	// Epsilon of Adagrad is above 0, by default 1e-8.
	Epsilon float32
}

// SparseModel is a logistic regression over sparse, usually hashed, features, with the state of its optimiser: 8 bytes a
// feature. Any number of goroutines may use one at once, but for [LearnSparse], which must have it alone: it fails with
// [ErrInUse] while others use the model, and they fail so while it learns.
type SparseModel struct {
	handle   handle
	features int
}

// NewSparseModel makes a model of 1 to 2^28 features, whose weights are zeros.
//
// C: avocet_sparse_model_create
func NewSparseModel(features int, options SparseModelOptions) (*SparseModel, error) {
	c := begin()
	n := c.size(1, "options.features", features)
	if c.failed() {
		return nil, c.err
	}
	return c.madeModel(C.go_sparse_model_create(n, C.int32_t(options.Optimiser), flag(options.Intercept),
		C.float(options.Rate), C.float(options.Beta), C.float(options.L1), C.float(options.L2), C.float(options.Epsilon)))
}

// LoadSparseModel makes the model that [SparseModel.Save] wrote; it goes on bit for bit. Bytes that end too early or too
// late are refused with [ErrShapeMismatch], bytes that were not saved so with [ErrInvalidArgument].
//
// C: avocet_sparse_model_load
func LoadSparseModel(bytes []byte) (*SparseModel, error) {
	c := begin()
	if bytes == nil {
		c.refuseNil(1, "bytes")
	}
	if c.failed() {
		return nil, c.err
	}
	return c.madeModel(C.go_sparse_model_load((*C.uint8_t)(unsafe.SliceData(bytes)), C.size_t(len(bytes))))
}

// madeModel ends a call that makes a model.
func (c *call) madeModel(made C.go_made) (*SparseModel, error) {
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	m := &SparseModel{features: int(C.go_sparse_model_features(made.handle))}
	open(m, &m.handle, uintptr(made.handle), func(c uintptr) { C.go_sparse_model_destroy(C.uintptr_t(c)) })
	return m, nil
}

// SparseRows is rows for a [SparseModel].
type SparseRows[O, I Index] struct {
	// Offsets says where the entries of each row are: those of row i are Offsets[i] up to Offsets[i+1]. There are
	// len(Offsets)-1 rows.
	Offsets []O
	// Indices has the feature of each entry; one that a row has twice counts twice.
	Indices []I
	// Values has the value of each entry, finite; nil stands for ones.
	Values []float32
	// Margins says where the logit of each row starts, finite; nil stands for zeros.
	Margins []float32
}

// sparseRows is SparseRows without its type parameters.
type sparseRows struct {
	offsets, indices C.go_indices
	values, margins  []float32
}

func untyped[O, I Index](rows SparseRows[O, I]) sparseRows {
	return sparseRows{viewOf(rows.Offsets), viewOf(rows.Indices), rows.Values, rows.Margins}
}

// sparseRows checks rows, and says how many there are.
func (c *call) sparseRows(rows sparseRows) (in C.go_model_rows, n int) {
	if rows.offsets.len == 0 {
		c.refuseNil(2, "csr.offsets")
	} else {
		n = int(rows.offsets.len) - 1
	}
	return C.go_model_rows{
		offsets: rows.offsets,
		indices: rows.indices,
		values:  c.optionalFloats(3, "values", rows.values, int(rows.indices.len)),
		margins: c.optionalFloats(4, "margins", rows.margins, n),
	}, n
}

// PredictSparse computes the logit of each row: the sum over its entries of weight times value, plus the intercept, plus
// its margin. (A function, because methods have no type parameters.)
//
// C: avocet_sparse_model_predict
func PredictSparse[O, I Index](m *SparseModel, rows SparseRows[O, I], logits []float32, pool *Pool) error {
	return predictSparse(m, untyped(rows), logits, pool)
}

func predictSparse(m *SparseModel, rows sparseRows, logits []float32, pool *Pool) error {
	c := begin()
	model := c.model(m)
	in, n := c.sparseRows(rows)
	out := c.floats(5, "logits", logits, n)
	p := c.pool(6, pool)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_sparse_model_predict(model, in, out, p))
}

// LearnSparse learns from the rows in their order, minibatch rows at a time; 1 is online learning, and the last may have
// fewer. Each minibatch takes the logits of its rows by the weights as they are, sums the gradient of the loss of
// [LogisticLoss] by coordinate, and steps each coordinate whose gradient is not 0 once. It runs on the calling thread.
//
// targets has a value for each row, and so has logits, which receives the predictions of rows that the model had not
// seen (progressive validation); nil if they are not wanted.
//
// A refused call has learnt nothing, with one exception: [ErrNotFinite] of "csr" names the first row of the first
// minibatch that would leave the range of float32. The rows before it have been learnt then, it and those after it have
// not, and logits are unspecified from it on.
//
// C: avocet_sparse_model_learn
func LearnSparse[O, I Index](m *SparseModel, rows SparseRows[O, I], targets LogisticTargets, minibatch int,
	logits []float32, workspace *Workspace) error {
	return learnSparse(m, untyped(rows), targets, minibatch, logits, workspace)
}

func learnSparse(m *SparseModel, rows sparseRows, targets LogisticTargets, minibatch int, logits []float32,
	workspace *Workspace) error {
	c := begin()
	model := c.modelAlone(m)
	in, n := c.sparseRows(rows)
	learnt := c.targets(5, targets, n)
	size := c.size(6, "minibatch", minibatch)
	out := c.optionalFloats(7, "logits", logits, n)
	w := c.scratch(8, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_sparse_model_learn(model, in, learnt, size, out, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// Features is the number of features, without the intercept; 0 for nil. It can still be asked for after Close.
//
// C: avocet_sparse_model_features
func (m *SparseModel) Features() int {
	if m == nil {
		return 0
	}
	return m.features
}

// Intercept is the weight of the intercept; 0 if there is none.
//
// C: avocet_sparse_model_intercept
func (m *SparseModel) Intercept() (float32, error) {
	c := begin()
	model := c.model(m)
	if c.failed() {
		return 0, c.err
	}
	weight := float32(C.go_sparse_model_intercept(model))
	c.release()
	return weight, nil
}

// Weights copies the weight of each feature to out, of Features values.
//
// C: avocet_sparse_model_weights
func (m *SparseModel) Weights(out []float32) error {
	c := begin()
	model := c.model(m)
	if out == nil {
		c.refuseNil(2, "out")
	}
	if c.failed() {
		return c.err
	}
	return c.end(C.go_sparse_model_weights(model, (*C.float)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// Nonzeros is the number of features whose weight is not 0. It takes a pass over the state.
//
// C: avocet_sparse_model_nonzeros
func (m *SparseModel) Nonzeros() (int, error) {
	c := begin()
	model := c.model(m)
	if c.failed() {
		return 0, c.err
	}
	n := int(C.go_sparse_model_nonzeros(model))
	c.release()
	return n, nil
}

// Nonzero copies the features whose weight is not 0, in ascending order, and their weights to slices of Nonzeros values.
//
// C: avocet_sparse_model_nonzero
func (m *SparseModel) Nonzero(features []uint32, weights []float32) error {
	c := begin()
	model := c.model(m)
	n := max(len(features), len(weights))
	f := c.numbers(2, "features", features, n)
	w := c.floats(3, "weights", weights, n)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_sparse_model_nonzero(model, f, w, C.size_t(n)))
}

// SavedBytes is the number of bytes that Save writes. It takes a pass over the state.
//
// C: avocet_sparse_model_saved_bytes
func (m *SparseModel) SavedBytes() (int, error) {
	c := begin()
	model := c.model(m)
	if c.failed() {
		return 0, c.err
	}
	n := int(C.go_sparse_model_saved_bytes(model))
	c.release()
	return n, nil
}

// Save writes the model with the state of its optimiser to out, of SavedBytes bytes: little-endian, versioned, with a
// checksum, the same bytes for the same model everywhere.
//
// C: avocet_sparse_model_save
func (m *SparseModel) Save(out []byte) error {
	c := begin()
	model := c.model(m)
	if out == nil {
		c.refuseNil(2, "bytes")
	}
	if c.failed() {
		return c.err
	}
	return c.end(C.go_sparse_model_save(model, (*C.uint8_t)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// Close waits for the calls that use the model and frees it. Closing twice, or nil, does nothing.
//
// C: avocet_sparse_model_destroy
func (m *SparseModel) Close() error {
	if m != nil {
		m.handle.close()
	}
	return nil
}
