package avocet

/*
#include "bridge.h"
#cgo noescape go_stream_create
#cgo nocallback go_stream_create
#cgo noescape go_stream_rows
#cgo nocallback go_stream_rows
#cgo noescape go_stream_copy
#cgo nocallback go_stream_copy
#cgo noescape go_stream_destroy
#cgo nocallback go_stream_destroy
*/
import "C"

import "unsafe"

// Protocol says which rows a click gives to a [Stream], and when.
type Protocol int32

const (
	// ProtocolWindow gives one row when the window ends: a positive if it converted by then, else a negative. For Vanilla,
	// FSIW, ULC.
	ProtocolWindow Protocol = C.AVOCET_PROTOCOL_WINDOW
	// ProtocolImmediate gives a negative at once, a delayed positive at the conversion; the window counts as 0. For FNW,
	// FNC, FNW-DEFUSE.
	ProtocolImmediate Protocol = C.AVOCET_PROTOCOL_IMMEDIATE
	// ProtocolDelayed is as window, and a delayed positive at a late conversion. For ES-DFM, DEFUSE, Bi-DEFUSE.
	ProtocolDelayed Protocol = C.AVOCET_PROTOCOL_DELAYED
	// ProtocolDelayedReal is as delayed, and a real negative when the attribution ends. For ES-DFM with real negatives.
	ProtocolDelayedReal Protocol = C.AVOCET_PROTOCOL_DELAYED_REAL
	// ProtocolDuplicate is as delayed with real negatives, and immediate positives twice. For DEFER.
	ProtocolDuplicate Protocol = C.AVOCET_PROTOCOL_DUPLICATE
	// ProtocolImmediateReal is as immediate, and a real negative when the attribution ends. For FNW with real negatives.
	ProtocolImmediateReal Protocol = C.AVOCET_PROTOCOL_IMMEDIATE_REAL
)

// Never is the time of what does not happen.
const Never int64 = C.AVOCET_NEVER

// Clicks is what a [Stream] is made of: a value for each click, in any unit of time; [Never] for what does not happen.
type Clicks struct {
	// Times says when the clicks were.
	Times []int64
	// Conversions says when they converted, not before the click.
	Conversions []int64
	// Signals says when their early signals came; nil stands for none.
	Signals []int64
}

// Stream is the rows of a stream with delayed conversions, in the order of the time at which a learner may use them. It
// never changes, so any number of goroutines may use one at once.
type Stream struct {
	handle handle
	rows   int
}

// NewStream builds the stream of a protocol. window is how long a first row waits, attribution how long a conversion
// counts; a later one is none. A conversion at the very end of the window is within it, one at the end of the
// attribution counts. Rows of equal time are in the order of the clicks, first rows before copies.
//
// C: avocet_stream_create
func NewStream(protocol Protocol, clicks Clicks, window, attribution int64) (*Stream, error) {
	c := begin()
	n := len(clicks.Times)
	times := c.times(2, "times", clicks.Times, n)
	conversions := c.times(3, "conversions", clicks.Conversions, n)
	var signals *C.int64_t
	if clicks.Signals != nil {
		signals = c.times(4, "signals", clicks.Signals, n)
	}
	if c.failed() {
		return nil, c.err
	}
	made := C.go_stream_create(C.int32_t(protocol), times, conversions, signals, C.size_t(n), C.int64_t(window),
		C.int64_t(attribution))
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	s := &Stream{rows: int(C.go_stream_rows(made.handle))}
	open(s, &s.handle, uintptr(made.handle), func(c uintptr) { C.go_stream_destroy(C.uintptr_t(c)) })
	return s, nil
}

// Rows is the number of rows; 0 for nil. It can still be asked for after Close.
//
// C: avocet_stream_rows
func (s *Stream) Rows() int {
	if s == nil {
		return 0
	}
	return s.rows
}

// StreamRows is what [Stream.Copy] writes, a value for each row; what is nil is left out.
type StreamRows struct {
	// Times says when a row may be used.
	Times []int64
	// Clicks is the position of the row's click.
	Clicks []uint32
	Kinds  []RowKind
	// Signals says whether the click's signal had come when its window ended.
	Signals []bool
}

// Copy copies the rows of the stream to slices of Rows values.
//
// C: avocet_stream_copy
func (s *Stream) Copy(out StreamRows) error {
	c := begin()
	stream := c.stream(1, "stream", s)
	n := s.Rows()
	var times *C.int64_t
	if out.Times != nil {
		times = c.times(2, "times", out.Times, n)
	}
	var clicks *C.uint32_t
	if out.Clicks != nil {
		clicks = c.numbers(3, "clicks", out.Clicks, n)
	}
	var kinds *C.uint8_t
	if out.Kinds != nil {
		kinds = c.kinds(4, "kinds", out.Kinds, n)
	}
	var signals *C.uint8_t
	if out.Signals != nil {
		c.length(5, "signals", false, len(out.Signals), n)
		// The library writes 0 and 1, which are Go's false and true.
		signals = (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(out.Signals)))
	}
	if c.failed() {
		return c.err
	}
	return c.end(C.go_stream_copy(stream, times, clicks, kinds, signals, C.size_t(n)))
}

// Close waits for the calls that use the stream and frees it. Closing twice, or nil, does nothing.
//
// C: avocet_stream_destroy
func (s *Stream) Close() error {
	if s != nil {
		s.handle.close()
	}
	return nil
}
