package avocet

// #include "bridge.h"
import "C"

import "unsafe"

// F16 is the 16 bits of an IEEE 754 number (binary16): sign, 5 bits of exponent, 10 of fraction.
type F16 uint16

// BF16 is the 16 bits of a bfloat16 number, the upper half of a float32.
type BF16 uint16

// Real is a type of matrix elements that stand for themselves. Those of 16 bits serve where a function says so, and are
// widened exactly.
type Real interface {
	float32 | F16 | BF16
}

// Element is a type of matrix elements: [Real], or int8, which serves where a function says so.
type Element interface {
	Real | int8
}

// MatrixOf is a row-major matrix of the caller's, to read or to write: element (i, j) is Data[i*Stride+j]. What lies
// between its rows is never written.
type MatrixOf[E Element] struct {
	// Data holds at least (Rows-1)*Stride+Cols elements, if there are any.
	Data []E
	Rows int
	Cols int
	// Stride is the number of elements from one row to the next, at least Cols; 0 stands for Cols.
	Stride int
}

// Matrix is the matrix that most functions take.
type Matrix = MatrixOf[float32]

// typed is a matrix of whatever elements.
type typed struct {
	data *C.uint8_t
	kind C.int32_t
	extent
}

func typedOf[E Element](m MatrixOf[E]) typed {
	data := (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(m.Data)))
	return typed{data, elementType[E](), extent{m.Rows, m.Cols, m.Stride, len(m.Data), m.Data == nil}}
}

// extent is the shape of a matrix of whatever elements, and how much data it has.
type extent struct {
	rows, cols, stride int
	length             int
	missing            bool
}

func elementType[E Element]() C.int32_t {
	var zero E
	switch any(zero).(type) {
	case F16:
		return C.AVOCET_F16
	case BF16:
		return C.AVOCET_BF16
	case int8:
		return C.AVOCET_I8
	}
	return C.AVOCET_F32
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
	// MaxLogisticParts is the most pieces into which [LogisticParts] cuts a range of rows.
	MaxLogisticParts = C.AVOCET_LOGISTIC_MAX_PARTS
	// NoID is the id in unused places of a top-k list.
	NoID uint32 = C.AVOCET_NO_ID
)
