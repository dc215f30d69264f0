package avocet

import (
	"runtime"
	"sync/atomic"
)

// A handle is an object of the library that is freed once nobody uses it. Its state counts the calls that use it.
type handle struct {
	c       uintptr
	state   atomic.Int64
	freed   chan struct{}
	destroy func(uintptr)
	cleanup runtime.Cleanup
}

const (
	closing   = 1 << 62
	destroyed = 1 << 61
	changing  = 1 << 60
)

// liveHandles counts the objects that are not yet freed, for tests.
var liveHandles atomic.Int64

// open makes `h` own the C object. It must be `owner` or a field of it, whose death without a Close frees the object.
func open[T any](owner *T, h *handle, c uintptr, destroy func(uintptr)) {
	liveHandles.Add(1)
	h.c, h.freed = c, make(chan struct{})
	h.destroy = func(c uintptr) {
		destroy(c)
		liveHandles.Add(-1)
	}
	h.cleanup = runtime.AddCleanup(owner, h.destroy, c)
}

// acquire keeps the object alive until release, or says that it is closed.
func (h *handle) acquire() bool {
	if h.state.Add(1) < destroyed {
		return true
	}
	h.release()
	return false
}

// acquireAlone is acquire for an object that one call at a time may use; OK if it succeeds.
func (h *handle) acquireAlone() Status {
	if h.state.CompareAndSwap(0, 1) {
		return OK
	}
	if h.state.Load() >= destroyed {
		return ErrClosed
	}
	return ErrInUse
}

// acquireShared is acquire for an object that a call may have acquired to change it; OK if it succeeds.
func (h *handle) acquireShared() Status {
	state := h.state.Add(1)
	if state < changing {
		return OK
	}
	h.release()
	if state >= destroyed {
		return ErrClosed
	}
	return ErrInUse
}

// acquireToChange is acquireAlone that keeps others from acquireShared, until changed.
func (h *handle) acquireToChange() Status {
	if h.state.CompareAndSwap(0, changing|1) {
		return OK
	}
	if h.state.Load() >= destroyed {
		return ErrClosed
	}
	return ErrInUse
}

// changed lets others in; release still has to follow.
func (h *handle) changed() { h.state.And(^changing) }

// release frees the object if it is closed and this was its last user.
func (h *handle) release() {
	if h.state.Add(-1) == closing && h.state.CompareAndSwap(closing, closing|destroyed) {
		h.cleanup.Stop()
		h.destroy(h.c)
		close(h.freed)
	}
}

// close refuses new users, waits for those there are and frees the object.
func (h *handle) close() {
	h.state.Add(1)
	h.state.Or(closing)
	h.release()
	<-h.freed
}
