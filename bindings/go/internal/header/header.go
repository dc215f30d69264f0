// Package header carries avocet.h of the archives, so that go mod vendor takes it along. Only package avocet imports
// it.
package header
