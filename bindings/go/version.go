package avocet

/*
#include "bridge.h"
#cgo noescape go_version
#cgo nocallback go_version
#cgo noescape go_version_number
#cgo nocallback go_version_number
#cgo noescape go_abi_version
#cgo nocallback go_abi_version
*/
import "C"

import "fmt"

// errVersion is what every call returns if the library does not fit. The check is of the program's start, so that it
// costs a call nothing.
var errVersion = checkVersion()

func checkVersion() error {
	if ABIVersion() == C.AVOCET_ABI_VERSION && VersionNumber() >= C.AVOCET_VERSION_NUMBER {
		return nil
	}
	return &Error{Status: ErrIncompatibleLibrary, text: fmt.Sprintf(
		"the library has version %s with binary interface %d; needed are version %d.%d.%d or later with binary interface %d",
		Version(), ABIVersion(), C.AVOCET_VERSION_MAJOR, C.AVOCET_VERSION_MINOR, C.AVOCET_VERSION_PATCH,
		C.AVOCET_ABI_VERSION)}
}

// CheckLibrary says whether the linked library is one that this package was compiled for. Every call does the same, and
// returns the same error; a program that links the library of its system may want to know at its start.
func CheckLibrary() error { return errVersion }

// Version is the version of the linked library, such as "1.2.3".
//
// C: avocet_version
func Version() string { return C.GoString(C.go_version()) }

// VersionNumber is the version of the linked library in one number: 1002003 is 1.2.3.
//
// C: avocet_version_number
func VersionNumber() int { return int(C.go_version_number()) }

// ABIVersion is the binary interface of the linked library.
//
// C: avocet_abi_version
func ABIVersion() int { return int(C.go_abi_version()) }
