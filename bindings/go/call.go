package avocet

/*
#include "bridge.h"
#cgo noescape go_workspace_reserve
#cgo nocallback go_workspace_reserve
*/
import "C"

import (
	"math"
	"math/bits"
	"unsafe"
)

// The most handles of a call: the graphs of DualBackward, its pool and its workspace.
const mostHandles = 2*(1+2*MaxRelations) + 2

// A call checks the arguments of one call of the library, and holds its handles until it ends.
type call struct {
	// The first fault.
	err error
	// The handles of the call: an array, because a slice would move the call to the heap.
	held      [mostHandles]*handle
	count     int
	workspace *Workspace
	// The model, or the buckets, that the call may change.
	changing *handle
	// The position that faults are noted with: the number of the addend, relation or gradient that is checked.
	at int
}

// begin starts a call.
func begin() call { return call{err: errVersion} }

// failed says whether the call must not be made. If so, it has ended.
func (c *call) failed() bool {
	if c.err != nil {
		c.release()
	}
	return c.err != nil
}

// end ends a call that was made, with what it returned.
func (c *call) end(found C.avocet_error) error {
	c.release()
	if found.status != C.AVOCET_OK && c.err == nil {
		c.err = fromC(found)
	}
	return c.err
}

func (c *call) release() {
	if c.changing != nil {
		c.changing.changed()
		c.changing = nil
	}
	for _, h := range c.held[:c.count] {
		h.release()
	}
	c.count = 0
}

func (c *call) note(h *handle) C.uintptr_t {
	c.held[c.count] = h
	c.count++
	return C.uintptr_t(h.c)
}

// grown makes the workspace as large as a call needs that failed because it is too small, and says whether to call
// again.
func (c *call) grown(found C.avocet_error) bool {
	if found.status != C.AVOCET_ERROR_WORKSPACE_TOO_SMALL || c.workspace == nil {
		return false
	}
	if c.workspace.reserve(int(found.integer)) == nil {
		return true
	}
	c.refuseInteger(ErrOutOfMemory, int(found.argument), "workspace", int(found.integer))
	return false
}

// refuse notes a fault, unless there is one already.
func (c *call) refuse(e Error) {
	if c.err == nil {
		e.Position = c.at
		e.format()
		c.err = &e
	}
}

func (c *call) refuseInteger(status Status, argument int, name string, found int) {
	c.refuse(Error{Status: status, Argument: argument, Name: name, Value: ValueInteger, Integer: int64(found)})
}

func (c *call) refuseNil(argument int, name string) {
	c.refuse(Error{Status: ErrNullPointer, Argument: argument, Name: name})
}

func (c *call) hold(argument int, name string, h *handle) C.uintptr_t {
	if c.err != nil {
		return 0
	}
	if !h.acquire() {
		c.refuse(Error{Status: ErrClosed, Argument: argument, Name: name})
		return 0
	}
	return c.note(h)
}

// graph is a graph that the call needs.
func (c *call) graph(argument int, name string, g *Graph) C.uintptr_t {
	if g == nil {
		c.refuseNil(argument, name)
		return 0
	}
	return c.hold(argument, name, &g.handle)
}

// optionalGraph is a graph that may be nil.
func (c *call) optionalGraph(argument int, name string, g *Graph) C.uintptr_t {
	if g == nil {
		return 0
	}
	return c.hold(argument, name, &g.handle)
}

func (c *call) stream(argument int, name string, s *Stream) C.uintptr_t {
	if s == nil {
		c.refuseNil(argument, name)
		return 0
	}
	return c.hold(argument, name, &s.handle)
}

// model is a model that other calls may use too, the first argument of all.
func (c *call) model(m *SparseModel) C.uintptr_t {
	if m == nil {
		c.refuseNil(1, "model")
		return 0
	}
	return c.shared(1, "model", &m.handle)
}

// modelAlone is a model that the call may change.
func (c *call) modelAlone(m *SparseModel) C.uintptr_t {
	if m == nil {
		c.refuseNil(1, "model")
		return 0
	}
	return c.alone(1, "model", &m.handle)
}

// buckets is buckets that other calls may use too.
func (c *call) buckets(argument int, name string, b *Buckets) C.uintptr_t {
	if b == nil || b.handle == nil {
		c.refuseNil(argument, name)
		return 0
	}
	return c.shared(argument, name, b.handle)
}

// bucketsAlone is buckets that the call may change, the first argument of all.
func (c *call) bucketsAlone(b *Buckets) C.uintptr_t {
	if b == nil || b.handle == nil {
		c.refuseNil(1, "buckets")
		return 0
	}
	return c.alone(1, "buckets", b.handle)
}

// shared holds what another call may have to itself.
func (c *call) shared(argument int, name string, h *handle) C.uintptr_t {
	if c.err != nil {
		return 0
	}
	if status := h.acquireShared(); status != OK {
		c.refuse(Error{Status: status, Argument: argument, Name: name})
		return 0
	}
	return c.note(h)
}

// alone holds what the call may change; one object at most.
func (c *call) alone(argument int, name string, h *handle) C.uintptr_t {
	if c.err != nil {
		return 0
	}
	if status := h.acquireToChange(); status != OK {
		c.refuse(Error{Status: status, Argument: argument, Name: name})
		return 0
	}
	c.changing = h
	return c.note(h)
}

// grid is a grid that the call needs.
func (c *call) grid(argument int, name string, g *Grid) C.uintptr_t {
	if g == nil {
		c.refuseNil(argument, name)
		return 0
	}
	return c.hold(argument, name, &g.handle)
}

// index is an index that the call needs, the first argument of all.
func (c *call) index(x *PackedIndex) C.uintptr_t {
	if x == nil {
		c.refuseNil(1, "index")
		return 0
	}
	return c.hold(1, "index", &x.handle)
}

// prepared is rows that a call needs.
func (c *call) prepared(argument int, name string, r *PreparedRows) C.uintptr_t {
	if r == nil || r.handle == nil {
		c.refuseNil(argument, name)
		return 0
	}
	return c.hold(argument, name, r.handle)
}

func (c *call) pool(argument int, p *Pool) C.uintptr_t {
	if p == nil {
		return 0
	}
	return c.hold(argument, "pool", &p.handle)
}

func (c *call) scratch(argument int, w *Workspace) C.uintptr_t {
	if w == nil {
		c.refuseNil(argument, "workspace")
	}
	if c.err != nil {
		return 0
	}
	if status := w.handle.acquireAlone(); status != OK {
		c.refuse(Error{Status: status, Argument: argument, Name: "workspace"})
		return 0
	}
	c.workspace = w
	return c.note(&w.handle)
}

// size is a number that may not be negative.
func (c *call) size(argument int, name string, n int) C.size_t {
	if n < 0 {
		c.refuseInteger(ErrInvalidArgument, argument, name, n)
		return 0
	}
	return C.size_t(n)
}

// length refuses a slice that has not the length that it must have.
func (c *call) length(argument int, name string, missing bool, found, wanted int) {
	if found == wanted {
		return
	}
	if missing {
		c.refuseNil(argument, name)
		return
	}
	c.refuseInteger(ErrShapeMismatch, argument, name, found)
}

func (c *call) floats(argument int, name string, s []float32, wanted int) *C.float {
	c.length(argument, name, s == nil, len(s), wanted)
	return (*C.float)(unsafe.SliceData(s))
}

// optionalFloats is nil for nil.
func (c *call) optionalFloats(argument int, name string, s []float32, wanted int) *C.float {
	if s == nil {
		return nil
	}
	return c.floats(argument, name, s, wanted)
}

func (c *call) numbers(argument int, name string, s []uint32, wanted int) *C.uint32_t {
	c.length(argument, name, s == nil, len(s), wanted)
	return (*C.uint32_t)(unsafe.SliceData(s))
}

// optionalNumbers is nil for nil.
func (c *call) optionalNumbers(argument int, name string, s []uint32, wanted int) *C.uint32_t {
	if s == nil {
		return nil
	}
	return c.numbers(argument, name, s, wanted)
}

// places is how many places the lists of k of so many queries have.
func (c *call) places(argument int, name string, queries C.size_t, k int) int {
	high, places := bits.Mul64(uint64(queries), uint64(k))
	if high != 0 || places > math.MaxInt64 {
		c.refuseInteger(ErrSizeOverflow, argument, name, k)
	}
	return int(places)
}

// amounts is counts, or weights in fixed point.
func (c *call) amounts(argument int, name string, s []uint64, wanted int) *C.uint64_t {
	c.length(argument, name, s == nil, len(s), wanted)
	return (*C.uint64_t)(unsafe.SliceData(s))
}

// optionalAmounts is nil for nil.
func (c *call) optionalAmounts(argument int, name string, s []uint64, wanted int) *C.uint64_t {
	if s == nil {
		return nil
	}
	return c.amounts(argument, name, s, wanted)
}

func (c *call) times(argument int, name string, s []int64, wanted int) *C.int64_t {
	c.length(argument, name, s == nil, len(s), wanted)
	return (*C.int64_t)(unsafe.SliceData(s))
}

func (c *call) kinds(argument int, name string, s []RowKind, wanted int) *C.uint8_t {
	c.length(argument, name, s == nil, len(s), wanted)
	return (*C.uint8_t)(unsafe.SliceData(s))
}

// matrix is a matrix whose data is as long as its shape says.
func (c *call) matrix(argument int, name string, m Matrix) C.go_matrix {
	c.extent(argument, name, extent{m.Rows, m.Cols, m.Stride, len(m.Data), m.Data == nil})
	return C.go_matrix{
		data:   (*C.float)(unsafe.SliceData(m.Data)),
		rows:   C.size_t(m.Rows),
		cols:   C.size_t(m.Cols),
		stride: C.size_t(m.Stride),
	}
}

// typed is a matrix of whatever elements, likewise.
func (c *call) typed(argument int, name string, m typed) C.go_typed {
	c.extent(argument, name, m.extent)
	return C.go_typed{
		data:   m.data,
		rows:   C.size_t(m.rows),
		cols:   C.size_t(m.cols),
		stride: C.size_t(m.stride),
		_type:  m.kind,
	}
}

// extent refuses a matrix that needs more data than it has.
func (c *call) extent(argument int, name string, m extent) {
	if m.stride == 0 {
		m.stride = m.cols
	}
	if m.rows < 0 || m.cols < 0 || m.stride < 0 {
		c.badExtent(argument, name, m)
	} else if m.rows > 0 && m.cols > 0 {
		high, low := bits.Mul64(uint64(m.rows-1), uint64(m.stride))
		needed, carry := bits.Add64(low, uint64(m.cols), 0)
		if high != 0 || carry != 0 || needed > uint64(m.length) {
			c.badExtent(argument, name, m)
		}
	}
}

// badExtent says what is wrong with such a matrix.
func (c *call) badExtent(argument int, name string, m extent) {
	for _, field := range []struct {
		name  string
		value int
	}{{".rows", m.rows}, {".cols", m.cols}, {".stride", m.stride}} {
		if field.value < 0 {
			c.refuseInteger(ErrInvalidArgument, argument, name+field.name, field.value)
			return
		}
	}
	if m.stride < m.cols {
		c.refuseInteger(ErrShapeMismatch, argument, name+".stride", m.stride)
		return
	}
	if high, low := bits.Mul64(uint64(m.rows), uint64(m.stride)); high != 0 || low > 1<<61 {
		c.refuseInteger(ErrSizeOverflow, argument, name+".rows", m.rows)
		return
	}
	c.length(argument, name+".data", m.missing, m.length, -1)
}

// targets is what n rows are to learn.
func (c *call) targets(argument int, t LogisticTargets, n int) C.go_targets {
	return C.go_targets{
		labels:         c.optionalFloats(argument, "targets.labels", t.Labels, n),
		weights:        c.optionalFloats(argument, "targets.weights", t.Weights, n),
		a:              c.optionalFloats(argument, "targets.a", t.A, n),
		b:              c.optionalFloats(argument, "targets.b", t.B, n),
		signed_weights: flag(t.Signed),
	}
}

// optionalMatrix is a matrix and 1, or 0 if there is none.
func (c *call) optionalMatrix(argument int, name string, m *Matrix) (C.go_matrix, C.int32_t) {
	if m == nil {
		return C.go_matrix{}, 0
	}
	return c.matrix(argument, name, *m), 1
}

func flag(set bool) C.int32_t {
	if set {
		return 1
	}
	return 0
}
