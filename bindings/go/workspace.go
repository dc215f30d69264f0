package avocet

/*
#include "bridge.h"
#cgo noescape go_workspace_create
#cgo nocallback go_workspace_create
#cgo noescape go_workspace_bytes
#cgo nocallback go_workspace_bytes
#cgo noescape go_workspace_destroy
#cgo nocallback go_workspace_destroy
*/
import "C"

import "sync/atomic"

// Workspace is scratch memory for calls that need some. It grows to what they need and keeps its size; one call at a
// time may use it, another fails with [ErrInUse].
type Workspace struct {
	handle handle
	bytes  atomic.Int64
}

// NewWorkspace makes a workspace of at least so many bytes; 0 will do.
//
// C: avocet_workspace_create
func NewWorkspace(bytes int) (*Workspace, error) {
	c := begin()
	n := c.size(1, "bytes", bytes)
	if c.failed() {
		return nil, c.err
	}
	made := C.go_workspace_create(n)
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	w := &Workspace{}
	open(w, &w.handle, uintptr(made.handle), func(c uintptr) { C.go_workspace_destroy(C.uintptr_t(c)) })
	w.measure()
	return w, nil
}

// Reserve makes the workspace at least so many bytes large. Calls do so themselves when they need to.
//
// C: avocet_workspace_reserve
func (w *Workspace) Reserve(bytes int) error {
	c := begin()
	c.scratch(1, w)
	c.size(2, "bytes", bytes)
	if c.failed() {
		return c.err
	}
	err := w.reserve(bytes)
	c.release()
	return err
}

// reserve is Reserve for the call that holds the workspace.
func (w *Workspace) reserve(bytes int) error {
	found := C.go_workspace_reserve(C.uintptr_t(w.handle.c), C.size_t(bytes))
	if found.status != C.AVOCET_OK {
		return fromC(found)
	}
	w.measure()
	return nil
}

func (w *Workspace) measure() { w.bytes.Store(int64(C.go_workspace_bytes(C.uintptr_t(w.handle.c)))) }

// Bytes is the size of the workspace; 0 for nil.
//
// C: avocet_workspace_bytes
func (w *Workspace) Bytes() int {
	if w == nil {
		return 0
	}
	return int(w.bytes.Load())
}

// Close waits for the call that uses the workspace and frees it. Closing twice, or nil, does nothing.
//
// C: avocet_workspace_destroy
func (w *Workspace) Close() error {
	if w != nil {
		w.handle.close()
	}
	return nil
}
