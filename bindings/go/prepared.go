package avocet

/*
#include "bridge.h"
#cgo noescape go_sparse_rows_create
#cgo nocallback go_sparse_rows_create
#cgo noescape go_sparse_rows_destroy
#cgo nocallback go_sparse_rows_destroy
#cgo noescape go_sparse_rows_count
#cgo nocallback go_sparse_rows_count
#cgo noescape go_sparse_rows_columns
#cgo nocallback go_sparse_rows_columns
#cgo noescape go_sparse_rows_feature_count
#cgo nocallback go_sparse_rows_feature_count
#cgo noescape go_sparse_rows_features
#cgo nocallback go_sparse_rows_features
*/
import "C"

import "unsafe"

// CSR is a sparse matrix by rows, of the caller's: the entries of row i are those from Offsets[i] up to Offsets[i+1].
// There are len(Offsets)-1 rows.
type CSR[O, I Index] struct {
	Offsets []O
	// Indices has the column of each entry, below Cols; one that a row has twice counts twice.
	Indices []I
	// Values has the value of each entry, finite; nil stands for ones.
	Values []float32
	Cols   int
}

// csr is CSR without its type parameters.
type csr struct {
	offsets, indices C.go_indices
	values           []float32
	cols             int
}

func csrOf[O, I Index](m CSR[O, I]) csr {
	return csr{viewOf(m.Offsets), viewOf(m.Indices), m.Values, m.Cols}
}

// csr checks a sparse matrix, and says how many rows it has. Its values are a field or an argument of their own.
func (c *call) csr(argument int, name string, valuesArgument int, valuesName string, m csr) (in C.go_csr, n int) {
	if m.offsets.len == 0 {
		c.refuseNil(argument, name+".offsets")
	} else {
		n = int(m.offsets.len) - 1
	}
	if m.cols < 0 {
		c.refuseInteger(ErrInvalidArgument, argument, name+".cols", m.cols)
	}
	return C.go_csr{
		offsets: m.offsets,
		indices: m.indices,
		cols:    C.size_t(m.cols),
		values:  c.optionalFloats(valuesArgument, valuesName, m.values, int(m.indices.len)),
	}, n
}

// PreparedRows is sparse rows for many calls of [LogisticBatch] and [LogisticFit]: checked, copied (4 bytes an entry, 4
// more with values, 8 a row) and with the features that occur renumbered by how often they do, so that most accesses of a
// pass share few cache lines. Results are bit for bit those of the rows as they were. It never changes, so any number of
// goroutines may use one at once.
type PreparedRows struct {
	// A pointer, because what a call holds counts as escaping: as a field it would take the features, and with them the
	// caller's slices, to the heap.
	handle     *handle
	rows, cols int
	features   int
}

// NewPreparedRows checks and copies sparse rows.
//
// C: avocet_sparse_rows_create
func NewPreparedRows[O, I Index](rows CSR[O, I]) (*PreparedRows, error) {
	return newPreparedRows(csrOf(rows))
}

func newPreparedRows(rows csr) (*PreparedRows, error) {
	c := begin()
	in, _ := c.csr(1, "csr", 2, "values", rows)
	if c.failed() {
		return nil, c.err
	}
	made := C.go_sparse_rows_create(in)
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	r := &PreparedRows{
		handle:   &handle{},
		rows:     int(C.go_sparse_rows_count(made.handle)),
		cols:     int(C.go_sparse_rows_columns(made.handle)),
		features: int(C.go_sparse_rows_feature_count(made.handle)),
	}
	open(r.handle, r.handle, uintptr(made.handle), func(c uintptr) { C.go_sparse_rows_destroy(C.uintptr_t(c)) })
	return r, nil
}

// Rows is the number of rows; 0 for nil. Like the other numbers it can still be asked for after Close.
//
// C: avocet_sparse_rows_count
func (r *PreparedRows) Rows() int {
	if r == nil {
		return 0
	}
	return r.rows
}

// Cols is the number of columns, of which not all need occur; 0 for nil.
//
// C: avocet_sparse_rows_columns
func (r *PreparedRows) Cols() int {
	if r == nil {
		return 0
	}
	return r.cols
}

// FeatureCount is the number of features that occur: columns that have an entry; 0 for nil.
//
// C: avocet_sparse_rows_feature_count
func (r *PreparedRows) FeatureCount() int {
	if r == nil {
		return 0
	}
	return r.features
}

// Features copies the features that occur, in ascending order, to out, of FeatureCount values.
//
// C: avocet_sparse_rows_features
func (r *PreparedRows) Features(out []uint32) error {
	c := begin()
	rows := c.prepared(1, "rows", r)
	if out == nil && r.FeatureCount() > 0 {
		c.refuseNil(2, "features")
	}
	if c.failed() {
		return c.err
	}
	return c.end(C.go_sparse_rows_features(rows, (*C.uint32_t)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// Close waits for the calls that use the rows and frees them. Closing twice, or nil, does nothing.
//
// C: avocet_sparse_rows_destroy
func (r *PreparedRows) Close() error {
	if r != nil && r.handle != nil {
		r.handle.close()
	}
	return nil
}
