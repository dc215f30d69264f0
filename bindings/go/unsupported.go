//go:build !cgo || (!avocet_system && !(linux && (amd64 || arm64)))

package avocet

// A build fails here, with the name as its message. A package whose every call returned an error would fail later, and
// in production.
var _ = avocet_needs_cgo_and_linux_on_amd64_or_arm64_or_the_tag_avocet_system
