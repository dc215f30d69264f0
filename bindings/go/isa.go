package avocet

/*
#include "bridge.h"
#cgo noescape go_isa_detected
#cgo nocallback go_isa_detected
#cgo noescape go_isa_active
#cgo nocallback go_isa_active
#cgo noescape go_isa_name
#cgo nocallback go_isa_name
#cgo noescape go_isa_cap
#cgo nocallback go_isa_cap
#cgo noescape go_float_environment_is_default
#cgo nocallback go_float_environment_is_default
*/
import "C"

// ISA is a tier of CPU instructions. Results do not depend on it.
type ISA int32

const (
	// ISANone lifts the cap of [CapISA]. The functions below return it if the library has the wrong version.
	ISANone ISA = -1
	// ISAPortable is what every CPU of the architecture has.
	ISAPortable ISA = C.AVOCET_ISA_PORTABLE
	// ISAAVX2 is AVX2, FMA and F16C.
	ISAAVX2 ISA = C.AVOCET_ISA_AVX2
	// ISAAVX512 is AVX-512 F, BW, DQ, VL and CD.
	ISAAVX512 ISA = C.AVOCET_ISA_AVX512
)

// String is the name of a tier, as the environment variable AVOCET_ISA takes it.
//
// C: avocet_isa_name
func (isa ISA) String() string {
	if errVersion != nil {
		return "unknown"
	}
	return C.GoString(C.go_isa_name(C.int32_t(isa)))
}

// DetectedISA is the best tier that the machine and its operating system offer.
//
// C: avocet_isa_detected
func DetectedISA() ISA {
	if errVersion != nil {
		return ISANone
	}
	return ISA(C.go_isa_detected())
}

// ActiveISA is the tier that new calls use: the detected one, capped by [CapISA] and by AVOCET_ISA.
//
// C: avocet_isa_active
func ActiveISA() ISA {
	if errVersion != nil {
		return ISANone
	}
	return ISA(C.go_isa_active())
}

// CapISA caps the tier of new calls of the whole process, in place of an earlier cap; [ISANone] lifts the cap, an
// unknown tier changes nothing. It returns the tier that is active from then on.
//
// C: avocet_isa_cap
func CapISA(isa ISA) ISA {
	if errVersion != nil {
		return ISANone
	}
	return ISA(C.go_isa_cap(C.int32_t(isa)))
}

// FloatEnvironmentIsDefault says whether the calling thread rounds to nearest and keeps subnormals, as every Go thread
// does unless C code changed it. The promise of the same bits holds only then.
//
// C: avocet_float_environment_is_default
func FloatEnvironmentIsDefault() bool {
	return errVersion == nil && C.go_float_environment_is_default() != 0
}
