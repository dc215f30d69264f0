package avocet

/*
#include "bridge.h"
#cgo noescape go_index_save
#cgo nocallback go_index_save
#cgo noescape go_index_load
#cgo nocallback go_index_load
#cgo nocallback go_index_map
*/
import "C"

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// mapped is memory of the caller's in which rows of indexes are. It counts the indexes.
type mapped struct {
	// Pins Go memory, which C may keep only then.
	pinner  runtime.Pinner
	unused  func()
	indexes atomic.Int64
}

// retain counts an index more. Like release it does nothing for nil.
func (m *mapped) retain() {
	if m != nil {
		m.indexes.Add(1)
	}
}

// release lets go of the memory if this was its last index.
func (m *mapped) release() {
	if m == nil || m.indexes.Add(-1) != 0 {
		return
	}
	m.pinner.Unpin()
	if m.unused != nil {
		m.unused()
	}
}

// SavedBytes is the number of bytes that Save writes: what the rows take in memory, and some more; 0 for nil. It can still
// be asked for after Close.
//
// C: avocet_index_saved_bytes
func (x *PackedIndex) SavedBytes() int {
	if x == nil {
		return 0
	}
	return x.saved
}

// Save writes the index to out, of SavedBytes bytes: little-endian, versioned, with a checksum, the same bytes for the same
// rows everywhere.
//
// C: avocet_index_save
func (x *PackedIndex) Save(out []byte) error {
	c := begin()
	index := c.index(x)
	if out == nil {
		c.refuseNil(2, "bytes")
	}
	if c.failed() {
		return c.err
	}
	return c.end(C.go_index_save(index, (*C.uint8_t)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// MarshalBinary is [PackedIndex.Save] to new bytes, for [os.WriteFile] and its like.
//
// C: avocet_index_save
func (x *PackedIndex) MarshalBinary() ([]byte, error) {
	out := make([]byte, x.SavedBytes())
	if err := x.Save(out); err != nil {
		return nil, err
	}
	return out, nil
}

// LoadPackedIndex makes the index that [PackedIndex.Save] wrote, with a copy of its rows. Bytes that end too early or too
// late are refused with [ErrShapeMismatch], bytes that were not saved so with [ErrInvalidArgument].
//
// C: avocet_index_load
func LoadPackedIndex(bytes []byte) (*PackedIndex, error) {
	c := begin()
	if bytes == nil {
		c.refuseNil(1, "bytes")
	}
	if c.failed() {
		return nil, c.err
	}
	return c.madeIndex(C.go_index_load((*C.uint8_t)(unsafe.SliceData(bytes)), C.size_t(len(bytes))), nil)
}

// MapPackedIndex is [LoadPackedIndex] with the rows where they are, such as in a file that was mapped by [syscall.Mmap]. The
// bytes, which begin at a multiple of 4 (of 64 to be fast), must stay as they are until this index, and every index that was
// made of it, is closed. Then unused is called, once, which unmaps the file; it may be nil, as it is for Go memory, which
// the index keeps. It is not called if MapPackedIndex fails. The garbage collector, which closes forgotten indexes, calls it
// on a goroutine of its own.
//
// C: avocet_index_map
func MapPackedIndex(bytes []byte, unused func()) (*PackedIndex, error) {
	c := begin()
	if bytes == nil {
		c.refuseNil(1, "bytes")
	}
	if c.failed() {
		return nil, c.err
	}
	data := unsafe.SliceData(bytes)
	memory := &mapped{unused: unused}
	memory.pinner.Pin(data)
	x, err := c.madeIndex(C.go_index_map((*C.uint8_t)(data), C.size_t(len(bytes))), memory)
	if err != nil {
		memory.pinner.Unpin()
	}
	return x, err
}
