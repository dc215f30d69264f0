package avocet

// #include "bridge.h"
import "C"

import "unsafe"

// Matrix is a row-major matrix of the caller's, to read or to write: element (i, j) is Data[i*Stride+j]. What lies
// between its rows is never written.
type Matrix struct {
	// Data holds at least (Rows-1)*Stride+Cols elements, if there are any.
	Data []float32
	Rows int
	Cols int
	// Stride is the number of elements from one row to the next, at least Cols; 0 stands for Cols.
	Stride int
}

// Index is a type of indices and offsets. Its values are checked by the library: negative ones are out of range.
type Index interface {
	~uint32 | ~int32 | ~int64 | ~int
}

// viewOf is a slice of any of the types, for the library.
func viewOf[I Index](s []I) C.go_indices {
	var zero I
	kind := C.int32_t(C.AVOCET_I64)
	if unsafe.Sizeof(zero) == 4 {
		kind = C.AVOCET_I32
		if ^zero > 0 {
			kind = C.AVOCET_U32
		}
	}
	data := (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(s)))
	return C.go_indices{data: data, len: C.size_t(len(s)), _type: kind}
}

const (
	// MaxAddends is the most addends that [Product] takes.
	MaxAddends = C.AVOCET_MAX_ADDENDS
	// MaxRelations is the most relations of a [DualLayer].
	MaxRelations = C.AVOCET_MAX_RELATIONS
	// NoID is the id in unused places of a top-k list.
	NoID uint32 = C.AVOCET_NO_ID
)
