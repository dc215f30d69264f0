package avocet

/*
#include "bridge.h"
#cgo noescape go_index_create
#cgo nocallback go_index_create
#cgo noescape go_index_append
#cgo nocallback go_index_append
#cgo noescape go_index_replace
#cgo nocallback go_index_replace
#cgo noescape go_index_remove
#cgo nocallback go_index_remove
#cgo noescape go_index_destroy
#cgo nocallback go_index_destroy
#cgo noescape go_index_rows
#cgo nocallback go_index_rows
#cgo noescape go_index_cols
#cgo nocallback go_index_cols
#cgo noescape go_index_live
#cgo nocallback go_index_live
#cgo noescape go_index_storage
#cgo nocallback go_index_storage
#cgo noescape go_index_has_ids
#cgo nocallback go_index_has_ids
#cgo noescape go_index_memory
#cgo nocallback go_index_memory
#cgo noescape go_index_saved_bytes
#cgo nocallback go_index_saved_bytes
#cgo noescape go_index_ids
#cgo nocallback go_index_ids
*/
import "C"

import "unsafe"

// IndexStorage is how a [PackedIndex] holds its rows.
type IndexStorage int32

const (
	// IndexF32 is float32, 4 bytes an element. Scores are those of [TopK], bit for bit. Queries are [Real].
	IndexF32 IndexStorage = C.AVOCET_INDEX_F32
	// IndexBF16 is bfloat16, 2 bytes an element; other types are rounded to nearest even. Queries are [Real]; those of [BF16]
	// are scored in the order that dot instructions have.
	IndexBF16 IndexStorage = C.AVOCET_INDEX_BF16
	// IndexF16 is IEEE 754 binary16, 2 bytes an element; other types are rounded to nearest even, which must not overflow.
	// Queries are [Real].
	IndexF16 IndexStorage = C.AVOCET_INDEX_F16
	// IndexInt8 is int8, a byte an element, with a scale for each row: rows of int8 as they are, others quantised. Queries
	// are int8.
	IndexInt8 IndexStorage = C.AVOCET_INDEX_INT8
	// IndexInt8Panels is int8, a byte an element, with a scale for each 32 rows. Rows are [Real], queries int8.
	IndexInt8Panels IndexStorage = C.AVOCET_INDEX_INT8_PANELS
	// IndexCertified is int8 and float32, 5 bytes an element. Rows, queries and results are those of [IndexF32], bit for bit;
	// of most rows a search reads the int8 only, whose scores it bounds.
	IndexCertified IndexStorage = C.AVOCET_INDEX_CERTIFIED
)

// Vectors is rows for a [PackedIndex], or queries, made by [RealVectors] or [Int8Vectors]. It borrows what it was made of.
type Vectors struct {
	table
}

// RealVectors is vectors that stand for themselves.
func RealVectors[E Real](vectors MatrixOf[E]) Vectors { return Vectors{table{rows: typedOf(vectors)}} }

// Int8Vectors is vectors of integers, each times its scale, which is finite and not below 0; nil stands for ones. See
// [QuantizeRows].
func Int8Vectors(vectors MatrixOf[int8], scales []float32) Vectors {
	return Vectors{table{typedOf(vectors), scales}}
}

// vectors checks vectors, the argument of that number, and their scales.
func (c *call) vectors(argument int, name string, v *Vectors, scalesArgument int, scalesName string) C.go_table {
	return C.go_table{
		rows:   c.typed(argument, name, v.rows),
		scales: c.optionalFloats(scalesArgument, scalesName, v.scales, v.rows.rows),
	}
}

// PackedIndexOptions are the options of [NewPackedIndex]. The zero value is the default: [IndexF32] without ids.
type PackedIndexOptions struct {
	Storage IndexStorage
	// IDs has the caller's own number of each row, of any values; nil stands for none. Ties are broken by the row all the
	// same. One with ids, but no rows yet, is made by a slice that is empty and not nil.
	IDs []uint64
	// SkipNotFinite says that a row with a NaN or an infinity, after it was rounded, is taken in but never found; else it is
	// refused.
	SkipNotFinite bool
}

// PackedIndex is target rows that are packed once and searched many times. It never changes, so any number of goroutines
// may use one at once, also while others make new ones of it. Those share its rows and live independently: they can be
// closed in any order.
type PackedIndex struct {
	handle     handle
	memory     *mapped
	rows, cols int
	live       int
	bytes      int
	saved      int
	storage    IndexStorage
	ids        bool
}

// NewPackedIndex packs rows, which are n x d. Rows of an index are numbered from 0.
//
// Two tables are searched in one pass by their sum of scores a * s . t + b * s' . t' when the index is made of rows [t | t'],
// side by side, and searched with queries [a s | b s'].
//
// C: avocet_index_create
func NewPackedIndex(rows Vectors, options PackedIndexOptions, pool *Pool) (*PackedIndex, error) {
	c := begin()
	of := c.vectors(1, "rows", &rows, 2, "options.scales")
	ids := c.optionalAmounts(2, "options.ids", options.IDs, rows.rows.rows)
	p := c.pool(3, pool)
	if c.failed() {
		return nil, c.err
	}
	return c.madeIndex(C.go_index_create(of, ids, C.int32_t(options.Storage), flag(options.SkipNotFinite), p), nil)
}

// madeIndex ends a call that makes an index, whose rows may be in memory of the caller's.
func (c *call) madeIndex(made C.go_made, memory *mapped) (*PackedIndex, error) {
	if made.error.status == C.AVOCET_OK {
		// While the call still holds the index that this one was made of.
		memory.retain()
	}
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	x := &PackedIndex{
		memory:  memory,
		rows:    int(C.go_index_rows(made.handle)),
		cols:    int(C.go_index_cols(made.handle)),
		live:    int(C.go_index_live(made.handle)),
		bytes:   int(C.go_index_memory(made.handle)),
		saved:   int(C.go_index_saved_bytes(made.handle)),
		storage: IndexStorage(C.go_index_storage(made.handle)),
		ids:     C.go_index_has_ids(made.handle) != 0,
	}
	open(x, &x.handle, uintptr(made.handle), func(c uintptr) {
		C.go_index_destroy(C.uintptr_t(c))
		memory.release()
	})
	return x, nil
}

// AppendOptions are the options of [PackedIndex.Append], as those of [NewPackedIndex].
type AppendOptions struct {
	// IDs are needed if the index has some, and must be nil if not.
	IDs           []uint64
	SkipNotFinite bool
}

// Append makes an index with more rows behind those of x, whose rows keep their numbers and their scores.
// [IndexInt8Panels] takes more only behind whole panels of 32 rows.
//
// C: avocet_index_append
func (x *PackedIndex) Append(rows Vectors, options AppendOptions, pool *Pool) (*PackedIndex, error) {
	c := begin()
	index := c.index(x)
	of := c.vectors(2, "rows", &rows, 3, "options.scales")
	ids := c.optionalAmounts(3, "options.ids", options.IDs, rows.rows.rows)
	p := c.pool(4, pool)
	if c.failed() {
		return nil, c.err
	}
	return c.madeIndex(C.go_index_append(index, of, ids, flag(options.SkipNotFinite), p), x.memory)
}

// ReplaceOptions are the options of [PackedIndex.Replace], as those of [NewPackedIndex].
type ReplaceOptions struct {
	SkipNotFinite bool
}

// Replace makes an index like x with other values for the rows in at, in ascending order, each once. These can be found
// from then on; ids stay. It is refused of [IndexInt8Panels].
//
// C: avocet_index_replace
func (x *PackedIndex) Replace(at []uint32, rows Vectors, options ReplaceOptions) (*PackedIndex, error) {
	c := begin()
	index := c.index(x)
	of := c.vectors(3, "rows", &rows, 4, "options.scales")
	which := c.numbers(2, "at", at, rows.rows.rows)
	if c.failed() {
		return nil, c.err
	}
	return c.madeIndex(C.go_index_replace(index, which, of, flag(options.SkipNotFinite)), x.memory)
}

// Remove makes an index without the rows in at, in ascending order, each once: rows keep their numbers, and those are never
// found, until they are replaced. Rows may be removed again.
//
// C: avocet_index_remove
func (x *PackedIndex) Remove(at []uint32) (*PackedIndex, error) {
	c := begin()
	index := c.index(x)
	if c.failed() {
		return nil, c.err
	}
	return c.madeIndex(C.go_index_remove(index, (*C.uint32_t)(unsafe.SliceData(at)), C.size_t(len(at))), x.memory)
}

// Rows is the number of rows, those included that are never found; 0 for nil. Like the other properties it can still be
// asked for after Close.
//
// C: avocet_index_rows
func (x *PackedIndex) Rows() int {
	if x == nil {
		return 0
	}
	return x.rows
}

// Cols is the number of columns; 0 for nil.
//
// C: avocet_index_cols
func (x *PackedIndex) Cols() int {
	if x == nil {
		return 0
	}
	return x.cols
}

// Live is the number of rows that can be found: neither skipped nor removed; 0 for nil.
//
// C: avocet_index_live
func (x *PackedIndex) Live() int {
	if x == nil {
		return 0
	}
	return x.live
}

// Storage is how the index holds its rows; [IndexF32] for nil.
//
// C: avocet_index_storage
func (x *PackedIndex) Storage() IndexStorage {
	if x == nil {
		return IndexF32
	}
	return x.storage
}

// HasIDs says whether the index has the caller's ids; false for nil.
//
// C: avocet_index_has_ids
func (x *PackedIndex) HasIDs() bool { return x != nil && x.ids }

// Memory is the bytes that the rows take, those included that the index shares with others or that are the caller's; 0 for
// nil.
//
// C: avocet_index_memory
func (x *PackedIndex) Memory() int {
	if x == nil {
		return 0
	}
	return x.bytes
}

// IDs copies the caller's ids of rows, such as those that a search found, to out, which has as many values: the row itself
// if the index has no ids, and [NoLongID] where the row is [NoID].
//
// C: avocet_index_ids
func (x *PackedIndex) IDs(rows []uint32, out []uint64) error {
	c := begin()
	index := c.index(x)
	to := c.amounts(4, "out", out, len(rows))
	if c.failed() {
		return c.err
	}
	return c.end(C.go_index_ids(index, (*C.uint32_t)(unsafe.SliceData(rows)), C.size_t(len(rows)), to))
}

// Close waits for the calls that use the index and frees it, and the rows that no other one shares. Closing twice, or nil,
// does nothing.
//
// C: avocet_index_destroy
func (x *PackedIndex) Close() error {
	if x != nil {
		x.handle.close()
	}
	return nil
}
