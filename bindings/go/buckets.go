package avocet

/*
#include "bridge.h"
#cgo noescape go_buckets_create
#cgo nocallback go_buckets_create
#cgo noescape go_buckets_destroy
#cgo nocallback go_buckets_destroy
#cgo noescape go_buckets_segments
#cgo nocallback go_buckets_segments
#cgo noescape go_buckets_levels
#cgo nocallback go_buckets_levels
#cgo noescape go_buckets_bins
#cgo nocallback go_buckets_bins
#cgo noescape go_buckets_apart
#cgo nocallback go_buckets_apart
#cgo noescape go_buckets_grid
#cgo nocallback go_buckets_grid
#cgo noescape go_buckets_add
#cgo nocallback go_buckets_add
#cgo noescape go_buckets_merge
#cgo nocallback go_buckets_merge
#cgo noescape go_buckets_subtract
#cgo nocallback go_buckets_subtract
#cgo noescape go_buckets_clear
#cgo nocallback go_buckets_clear
#cgo noescape go_buckets_cells
#cgo nocallback go_buckets_cells
#cgo noescape go_buckets_score_bins
#cgo nocallback go_buckets_score_bins
#cgo noescape go_buckets_saved_bytes
#cgo nocallback go_buckets_saved_bytes
#cgo noescape go_buckets_save
#cgo nocallback go_buckets_save
#cgo noescape go_buckets_load
#cgo nocallback go_buckets_load
*/
import "C"

import "unsafe"

// Missing says what to do with NaN in [ThresholdRows].
type Missing int32

const (
	// MissingRefuse refuses rows with a NaN, with the position of the first.
	MissingRefuse Missing = C.AVOCET_MISSING_REFUSE
	// MissingApart counts rows with a NaN score or uncertainty apart.
	MissingApart Missing = C.AVOCET_MISSING_APART
)

// Label is a type of labels.
type Label interface {
	float32 | uint8 | int8 | bool
}

// Labels is a label for each row, made by [LabelsOf]. It borrows what it was made of.
type Labels struct {
	data    *C.uint8_t
	len     int
	_type   C.int32_t
	present bool
}

// LabelsOf is labels of any of the types: 1, or true, is positive, 0, or false, is negative, and nothing else is a label.
func LabelsOf[L Label](labels []L) Labels {
	var zero L
	kind := C.int32_t(C.AVOCET_U8)
	switch any(zero).(type) {
	case float32:
		kind = C.AVOCET_F32
	case int8:
		kind = C.AVOCET_I8
	}
	data := (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(labels)))
	return Labels{data, len(labels), kind, labels != nil}
}

// Segment is a type of segments.
type Segment interface {
	uint16 | uint32
}

// Segments is the segment of each row (a country, a surface), made by [SegmentsOf]. It borrows what it was made of.
type Segments struct {
	data    *C.uint8_t
	len     int
	_type   C.int32_t
	present bool
}

// SegmentsOf is segments of any of the types, each below the number of segments of the [Buckets].
func SegmentsOf[S Segment](segments []S) Segments {
	var zero S
	kind := C.int32_t(C.AVOCET_U32)
	if unsafe.Sizeof(zero) == 2 {
		kind = C.AVOCET_U16
	}
	data := (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(segments)))
	return Segments{data, len(segments), kind, segments != nil}
}

// ThresholdRows is rows to count, a value for each row.
type ThresholdRows struct {
	// Scores may be infinite: these lie in the outer bins.
	Scores []float32
	// Uncertainties may be infinite too.
	Uncertainties []float32
	Labels        Labels
	// Weights are in [0, 2^22), each rounded to a multiple of 2^-20; nil stands for ones.
	Weights []float32
	// Segments is not needed where there is one segment only.
	Segments Segments
	// Missing is by default to refuse NaN.
	Missing Missing
}

// thresholdRows checks rows, the argument of that number.
func (c *call) thresholdRows(argument int, rows *ThresholdRows) C.go_threshold_rows {
	in := c.scoredRows(argument, rows)
	in.uncertainties = c.floats(argument, "rows.uncertainties", rows.Uncertainties, len(rows.Scores))
	return in
}

// scoredRows checks rows whose uncertainties are not looked at.
func (c *call) scoredRows(argument int, rows *ThresholdRows) C.go_threshold_rows {
	n := len(rows.Scores)
	in := C.go_threshold_rows{
		rows:       C.size_t(n),
		scores:     c.floats(argument, "rows.scores", rows.Scores, n),
		weights:    c.optionalFloats(argument, "rows.weights", rows.Weights, n),
		labels:     rows.Labels.data,
		label_type: rows.Labels._type,
		missing:    C.int32_t(rows.Missing),
	}
	c.length(argument, "rows.labels", !rows.Labels.present, rows.Labels.len, n)
	if rows.Segments.present {
		c.length(argument, "rows.segments", false, rows.Segments.len, n)
		in.segments, in.segment_type = rows.Segments.data, rows.Segments._type
	}
	return in
}

// Buckets is positives and negatives in each cell of a [Grid], as counts of rows and as sums of weights in units of 2^-20;
// one such table for each segment. Everything is an integer, so that the same rows give the same buckets whatever their
// order, the number of threads, and how they were split and merged.
//
// Any number of goroutines may use buckets at once, but for Add, Merge, Subtract and Clear, which must have theirs alone:
// they fail with [ErrInUse] while others use the buckets, and others fail so while they run.
type Buckets struct {
	// A pointer, because what a call holds counts as escaping: as a field it would take the cells, and with them the
	// caller's slices, to the heap.
	handle       *handle
	segments     int
	levels, bins int
	saved        int
}

// NewBuckets makes empty buckets of at least one segment. They keep a copy of the grid.
//
// C: avocet_buckets_create
func NewBuckets(grid *Grid, segments int) (*Buckets, error) {
	c := begin()
	g := c.grid(1, "grid", grid)
	n := c.size(2, "segments", segments)
	if c.failed() {
		return nil, c.err
	}
	return c.madeBuckets(C.go_buckets_create(g, n))
}

// LoadBuckets makes the buckets that [Buckets.Save] wrote, with a grid of the same edges. Bytes that end too early or too
// late are refused with [ErrShapeMismatch], bytes that were not saved so with [ErrInvalidArgument].
//
// C: avocet_buckets_load
func LoadBuckets(bytes []byte) (*Buckets, error) {
	c := begin()
	if bytes == nil {
		c.refuseNil(1, "bytes")
	}
	if c.failed() {
		return nil, c.err
	}
	return c.madeBuckets(C.go_buckets_load((*C.uint8_t)(unsafe.SliceData(bytes)), C.size_t(len(bytes))))
}

// madeBuckets ends a call that makes buckets.
func (c *call) madeBuckets(made C.go_made) (*Buckets, error) {
	if err := c.end(made.error); err != nil {
		return nil, err
	}
	b := &Buckets{
		handle:   &handle{},
		segments: int(C.go_buckets_segments(made.handle)),
		levels:   int(C.go_buckets_levels(made.handle)),
		bins:     int(C.go_buckets_bins(made.handle)),
		saved:    int(C.go_buckets_saved_bytes(made.handle)),
	}
	open(b.handle, b.handle, uintptr(made.handle), func(c uintptr) { C.go_buckets_destroy(C.uintptr_t(c)) })
	return b, nil
}

// Segments is the number of segments; 0 for nil. It can still be asked for after Close.
//
// C: avocet_buckets_segments
func (b *Buckets) Segments() int {
	if b == nil {
		return 0
	}
	return b.segments
}

// Levels is the number of levels of the grid; 0 for nil. It can still be asked for after Close.
//
// C: avocet_buckets_levels
func (b *Buckets) Levels() int {
	if b == nil {
		return 0
	}
	return b.levels
}

// Bins is the number of score bins in each level of the grid; 0 for nil. It can still be asked for after Close.
//
// C: avocet_buckets_bins
func (b *Buckets) Bins() int {
	if b == nil {
		return 0
	}
	return b.bins
}

// Apart is the number of rows of a segment that have been counted apart; 0 where there is no such segment.
//
// C: avocet_buckets_apart
func (b *Buckets) Apart(segment int) (uint64, error) {
	c := begin()
	buckets := c.buckets(1, "buckets", b)
	of := c.size(2, "segment", segment)
	if c.failed() {
		return 0, c.err
	}
	rows := uint64(C.go_buckets_apart(buckets, of))
	c.release()
	return rows, nil
}

// Grid makes a copy of the grid, with a handle of its own to close.
//
// C: avocet_buckets_grid
func (b *Buckets) Grid() (*Grid, error) {
	c := begin()
	buckets := c.buckets(1, "buckets", b)
	if c.failed() {
		return nil, c.err
	}
	return c.madeGrid(C.go_buckets_grid(buckets))
}

// Add adds rows. Nothing is added unless all of them are.
//
// C: avocet_buckets_add
func (b *Buckets) Add(rows ThresholdRows, pool *Pool, workspace *Workspace) error {
	c := begin()
	buckets := c.bucketsAlone(b)
	in := c.thresholdRows(2, &rows)
	p := c.pool(3, pool)
	w := c.scratch(4, workspace)
	if c.failed() {
		return c.err
	}
	for {
		found := C.go_buckets_add(buckets, in, p, w)
		if !c.grown(found) {
			return c.end(found)
		}
	}
}

// Merge adds what other buckets of the same grid and as many segments have: those of another goroutine, partition or
// machine.
//
// C: avocet_buckets_merge
func (b *Buckets) Merge(other *Buckets) error {
	c := begin()
	buckets, from := c.twoBuckets(b, other)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_buckets_merge(buckets, from))
}

// Subtract takes away what other buckets have: rows that were added before, such as those of an old day. Nothing is taken
// if a cell has less than is to be taken.
//
// C: avocet_buckets_subtract
func (b *Buckets) Subtract(other *Buckets) error {
	c := begin()
	buckets, from := c.twoBuckets(b, other)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_buckets_subtract(buckets, from))
}

// twoBuckets is buckets to change and others, which are not the same.
func (c *call) twoBuckets(b, other *Buckets) (to, from C.uintptr_t) {
	to = c.bucketsAlone(b)
	if c.err == nil && other != nil && other.handle == b.handle {
		c.refuse(Error{Status: ErrOverlap, Argument: 2, Name: "other"})
	}
	return to, c.buckets(2, "other", other)
}

// Clear makes the buckets empty again.
//
// C: avocet_buckets_clear
func (b *Buckets) Clear() error {
	c := begin()
	buckets := c.bucketsAlone(b)
	if c.failed() {
		return c.err
	}
	C.go_buckets_clear(buckets)
	c.release()
	return nil
}

// Cells copies what the cells of a segment hold, level after level, within a level by ascending score: counts of rows, or
// with weights sums of weights in units of 2^-20. Both slices have a value for each cell.
//
// C: avocet_buckets_cells
func (b *Buckets) Cells(segment int, weights bool, positive, negative []uint64) error {
	c := begin()
	buckets := c.buckets(1, "buckets", b)
	of := c.size(2, "segment", segment)
	n := max(len(positive), len(negative))
	p := c.amounts(4, "positive", positive, n)
	q := c.amounts(5, "negative", negative, n)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_buckets_cells(buckets, of, flag(weights), p, q, C.size_t(n)))
}

// ScoreBins adds up the levels of a segment for [BinnedCurve] and its like: positives and negatives of each score bin, as
// in Cells. Both slices have a value for each bin. It needs a grid that is not nested.
//
// C: avocet_buckets_score_bins
func (b *Buckets) ScoreBins(segment int, weights bool, positive, negative []uint64) error {
	c := begin()
	buckets := c.buckets(1, "buckets", b)
	of := c.size(2, "segment", segment)
	n := max(len(positive), len(negative))
	p := c.amounts(4, "positive", positive, n)
	q := c.amounts(5, "negative", negative, n)
	if c.failed() {
		return c.err
	}
	return c.end(C.go_buckets_score_bins(buckets, of, flag(weights), p, q, C.size_t(n)))
}

// SavedBytes is the number of bytes that Save writes: 32 for each cell and segment, 4 for each edge, some 80 more; 0 for
// nil. It can still be asked for after Close.
//
// C: avocet_buckets_saved_bytes
func (b *Buckets) SavedBytes() int {
	if b == nil {
		return 0
	}
	return b.saved
}

// Save writes the buckets and their grid to out, of SavedBytes bytes: little-endian, versioned, with a checksum, the same
// bytes for the same buckets everywhere.
//
// C: avocet_buckets_save
func (b *Buckets) Save(out []byte) error {
	c := begin()
	buckets := c.buckets(1, "buckets", b)
	if out == nil {
		c.refuseNil(2, "bytes")
	}
	if c.failed() {
		return c.err
	}
	return c.end(C.go_buckets_save(buckets, (*C.uint8_t)(unsafe.SliceData(out)), C.size_t(len(out))))
}

// Close waits for the calls that use the buckets and frees them. Closing twice, or nil, does nothing.
//
// C: avocet_buckets_destroy
func (b *Buckets) Close() error {
	if b != nil && b.handle != nil {
		b.handle.close()
	}
	return nil
}
