package avocet_test

import (
	"errors"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// What only needs to be said once: the text, the sentinels and their names.
func TestErrorText(t *testing.T) {
	_, err := avocet.NewGraph([]int{0, 3}, []int32{0, -5, 4}, C)
	if err.Error() != "avocet: index out of range: argument 1 (csr.indices), position 1, value -5" {
		t.Error(err)
	}
	// A fault that this package finds reads like one that the library finds.
	err = avocet.Map(avocet.Exp, make([]float32, 3), make([]float32, 2), nil)
	if err.Error() != "avocet: "+avocet.ErrShapeMismatch.Error()+": argument 3 (out), value 2" {
		t.Error(err)
	}
	if errors.Is(err, avocet.ErrOverlap) || !errors.Is(err, avocet.ErrShapeMismatch) {
		t.Error("errors.Is does not tell statuses apart")
	}
	for status, name := range map[avocet.Status]string{
		avocet.OK: "AVOCET_OK", avocet.ErrNullPointer: "AVOCET_ERROR_NULL_POINTER",
		avocet.ErrInvalidArgument: "AVOCET_ERROR_INVALID_ARGUMENT", avocet.ErrShapeMismatch: "AVOCET_ERROR_SHAPE_MISMATCH",
		avocet.ErrSizeOverflow: "AVOCET_ERROR_SIZE_OVERFLOW", avocet.ErrIndexOutOfRange: "AVOCET_ERROR_INDEX_OUT_OF_RANGE",
		avocet.ErrInvalidOffsets: "AVOCET_ERROR_INVALID_OFFSETS", avocet.ErrNotSorted: "AVOCET_ERROR_NOT_SORTED",
		avocet.ErrNotFinite: "AVOCET_ERROR_NOT_FINITE", avocet.ErrOverlap: "AVOCET_ERROR_OVERLAP",
		avocet.ErrWorkspaceTooSmall: "AVOCET_ERROR_WORKSPACE_TOO_SMALL", avocet.ErrOutOfMemory: "AVOCET_ERROR_OUT_OF_MEMORY",
		avocet.ErrThreadsUnavailable: "AVOCET_ERROR_THREADS_UNAVAILABLE", avocet.ErrStructSize: "AVOCET_ERROR_STRUCT_SIZE",
		avocet.ErrIncompatibleLibrary: "AVOCET_ERROR_INCOMPATIBLE_LIBRARY",
		avocet.ErrInfeasible:          "AVOCET_ERROR_INFEASIBLE", avocet.ErrWorkLimit: "AVOCET_ERROR_WORK_LIMIT",
		avocet.ErrInternal: "AVOCET_ERROR_INTERNAL", avocet.ErrClosed: "unknown", 50: "unknown",
	} {
		if status.Name() != name || status.Error() == "" {
			t.Errorf("%d: %s, %s", int32(status), status.Name(), status.Error())
		}
	}
}
