package avocet

/*
#include "bridge.h"
#cgo noescape go_error_format
#cgo nocallback go_error_format
#cgo noescape go_status_name
#cgo nocallback go_status_name
#cgo noescape go_status_message
#cgo nocallback go_status_message
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// Status says why a call was refused. It is an error itself, the target for [errors.Is]; calls return it within an
// [*Error].
type Status int32

const (
	// OK is success; no error has it.
	OK Status = C.AVOCET_OK
	// ErrNullPointer means a nil slice, matrix or handle where one is needed.
	ErrNullPointer Status = C.AVOCET_ERROR_NULL_POINTER
	// ErrInvalidArgument means a value outside its allowed set.
	ErrInvalidArgument Status = C.AVOCET_ERROR_INVALID_ARGUMENT
	// ErrShapeMismatch means sizes that must agree but do not, or a slice that has not the length of its shape; the
	// integer is the size found.
	ErrShapeMismatch Status = C.AVOCET_ERROR_SHAPE_MISMATCH
	// ErrSizeOverflow means a size whose product overflows, or exceeds what an index type can hold.
	ErrSizeOverflow Status = C.AVOCET_ERROR_SIZE_OVERFLOW
	// ErrIndexOutOfRange means an index that is negative or not below its limit; position and integer say which.
	ErrIndexOutOfRange Status = C.AVOCET_ERROR_INDEX_OUT_OF_RANGE
	// ErrInvalidOffsets means offsets that do not start at 0, go down, or do not end at the number of edges.
	ErrInvalidOffsets Status = C.AVOCET_ERROR_INVALID_OFFSETS
	// ErrNotSorted means indices that must be in ascending order but are not.
	ErrNotSorted Status = C.AVOCET_ERROR_NOT_SORTED
	// ErrNotFinite means NaN or infinity where a finite value is needed.
	ErrNotFinite Status = C.AVOCET_ERROR_NOT_FINITE
	// ErrOverlap means an output that overlaps another argument in memory.
	ErrOverlap Status = C.AVOCET_ERROR_OVERLAP
	// ErrWorkspaceTooSmall is not seen by callers: workspaces grow by themselves.
	ErrWorkspaceTooSmall Status = C.AVOCET_ERROR_WORKSPACE_TOO_SMALL
	// ErrOutOfMemory means that the library could not allocate.
	ErrOutOfMemory Status = C.AVOCET_ERROR_OUT_OF_MEMORY
	// ErrThreadsUnavailable means that the operating system refused a thread.
	ErrThreadsUnavailable Status = C.AVOCET_ERROR_THREADS_UNAVAILABLE
	// ErrStructSize means a header and a library that do not fit.
	ErrStructSize Status = C.AVOCET_ERROR_STRUCT_SIZE
	// ErrIncompatibleLibrary means that the linked library is not one that this package was compiled for.
	ErrIncompatibleLibrary Status = C.AVOCET_ERROR_INCOMPATIBLE_LIBRARY
	// ErrInfeasible means that no answer meets the constraint; the real is the best that there is of what it asks for. See
	// [ThresholdSearch].
	ErrInfeasible Status = C.AVOCET_ERROR_INFEASIBLE
	// ErrWorkLimit means that the work limit ended a search before it found an answer, or that there is none. See
	// [ThresholdSearch].
	ErrWorkLimit Status = C.AVOCET_ERROR_WORK_LIMIT
	// ErrInternal means a defect of the library; outputs are unspecified.
	ErrInternal Status = C.AVOCET_ERROR_INTERNAL

	// ErrClosed means a handle that was closed. It is of this package, like the one below.
	ErrClosed Status = -1
	// ErrInUse means a workspace or a model that another call is using.
	ErrInUse Status = -2
)

// Error describes a status in a few words.
//
// C: avocet_status_message
func (s Status) Error() string {
	switch s {
	case ErrClosed:
		return "handle is closed"
	case ErrInUse:
		return "handle is in use"
	}
	if errVersion != nil {
		if s == ErrIncompatibleLibrary {
			return "the library is of another version"
		}
		return fmt.Sprintf("status %d", int32(s))
	}
	return C.GoString(C.go_status_message(C.int32_t(s)))
}

// Name is the name of a status in C, such as AVOCET_ERROR_OVERLAP; "unknown" for one that C does not have.
//
// C: avocet_status_name
func (s Status) Name() string {
	if errVersion != nil {
		return "unknown"
	}
	return C.GoString(C.go_status_name(C.int32_t(s)))
}

// Value says which field of an [Error] is the offending value.
type Value int32

const (
	// ValueNone means that there is no value to name.
	ValueNone Value = C.AVOCET_VALUE_NONE
	// ValueInteger means that the value is Integer.
	ValueInteger Value = C.AVOCET_VALUE_INTEGER
	// ValueReal means that the value is Real.
	ValueReal Value = C.AVOCET_VALUE_REAL
)

// Error is what every failed call returns. errors.Is compares its status, errors.As gives its details.
type Error struct {
	// Status says why.
	Status Status
	// Argument is the number of the argument at fault, the first being 1; 0 if none is. It counts the arguments of the C
	// function.
	Argument int
	// Name is the argument at fault with its field, in the words of the C function, such as "csr.indices".
	Name string
	// Position is the first bad position within the argument; 0 where it has none.
	Position int
	// Value says which of Integer and Real is the value found there.
	Value Value
	// Integer is an index, a size, a count or an enum value.
	Integer int64
	// Real is a floating-point value.
	Real float64

	text string
}

// Error is the library's own description of the failure.
//
// C: avocet_error_format
func (e *Error) Error() string { return "avocet: " + e.text }

// Unwrap returns the status.
func (e *Error) Unwrap() error { return e.Status }

// fromC is the error of a call that failed.
func fromC(c C.avocet_error) *Error {
	e := &Error{
		Status:   Status(c.status),
		Argument: int(c.argument),
		Name:     C.GoString(c.name),
		Position: int(c.position),
		Value:    Value(c.value),
		Integer:  int64(c.integer),
		Real:     float64(c.real),
	}
	e.format()
	return e
}

// format fills in the text, for what this package finds in the same words as for what the library finds.
func (e *Error) format() {
	if e.Status < 0 {
		e.text = fmt.Sprintf("%s: argument %d (%s)", e.Status.Error(), e.Argument, e.Name)
		return
	}
	name := append([]byte(e.Name), 0)
	c := C.avocet_error{
		status:   C.avocet_status(e.Status),
		argument: C.int32_t(e.Argument),
		value:    C.int32_t(e.Value),
		position: C.uint64_t(e.Position),
		integer:  C.int64_t(e.Integer),
		real:     C.double(e.Real),
		name:     (*C.char)(unsafe.Pointer(unsafe.SliceData(name))),
	}
	text := make([]byte, 256)
	length := C.go_error_format(c, (*C.char)(unsafe.Pointer(&text[0])), C.size_t(len(text)))
	e.text = string(text[:min(int(length), len(text)-1)])
}
