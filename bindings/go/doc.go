// Package avocet computes on the CPU what ranking and recommendation need: sums over the neighbours in a graph, dense
// and dual graph layers, scores, exact top-k, losses with gradients, logistic regression that is trained to
// the minimum or learns from a stream of sparse rows, weights for labels that arrive late, thresholds for decisions on a
// score and its uncertainty, ranking metrics and calibration, optimiser steps and elementary functions. A result depends on its inputs alone: every machine and every number of threads gives the same bits.
//
// The C header of the library is the reference for each function's order of operations, rule for NaN, ties, cost and
// threads; the last line of a comment here names the C function. What differs from C is the same everywhere:
//
// # Memory
//
// Inputs and outputs are the caller's slices; nothing is kept after a call but what [MapPackedIndex] maps, and calls
// allocate no Go memory unless they say so. A slice
// has exactly as many elements as its shape says; only Matrix.Data may be longer. Every length is checked before the
// library sees a pointer. Outputs must not overlap any other argument. What a failed call would have written is as it
// was, unless the status is [ErrInternal] or the comment of the function says otherwise.
//
// # Handles
//
// [Graph], [Stream], [SparseModel], [PreparedRows], [Grid], [Buckets], [PackedIndex], [Pool] and [Workspace] own memory of
// the library: Close frees it, and the garbage collector does so, later, for those that nobody closed. Any number of
// goroutines may use a graph, a stream, prepared rows, a grid, an index and a pool at once; a second call that uses a workspace at the same time fails
// with [ErrInUse]. So do [LearnSparse] while others use its model and a call that changes [Buckets] while others use them,
// and so do they while it runs. Close waits for the calls that still run; calls that start after it fail with [ErrClosed].
//
// A workspace grows by itself, so that no call fails because it is too small; from its second use in the same kind of
// call nothing is allocated.
//
// # Errors
//
// Every error is an [*Error], which says which argument is at fault, where and with which value, and matches the
// [Status] of its failure with [errors.Is]. No input makes this package panic. Two say that there is no answer rather than
// that the call was wrong, and come with what was found: see [ThresholdSearch].
//
// # Threads
//
// A call runs on the calling goroutine's thread, or on the threads of a [Pool]. The Go scheduler counts a long call as
// blocked and may start another thread for other goroutines, so as many goroutines should call at a time as there are
// CPUs. A call costs some 50 ns beside its work: give it many rows.
package avocet
