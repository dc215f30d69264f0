//go:build !avocet_system

// Package linux_arm64 links the avocet archive for Linux on arm64 (glibc). Only package avocet imports it.
package linux_arm64

/*
#if defined(__has_include) && !__has_include("libavocet.a")
#error "avocet: libavocet.a is not here; run bindings/go/prepare ARCHIVE, or build with -tags avocet_system"
#endif
#cgo LDFLAGS: ${SRCDIR}/libavocet.a -static-libgcc -lpthread -ldl -lm
*/
import "C"
