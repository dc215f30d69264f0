//go:build avocet_system

package avocet

// #cgo pkg-config: avocet
// #cgo CFLAGS: -DAVOCET_SYSTEM
import "C"
