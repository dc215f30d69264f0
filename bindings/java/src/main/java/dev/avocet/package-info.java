/**
 * CPU kernels for ranking and recommendation, with the same bits on every machine.
 *
 * <p>Each method serves the C function that its comment names last. The header {@code avocet.h} is the reference for
 * the order of operations, NaN, ties, cost and threads; the comments here say the formula, the shapes and what differs.
 *
 * <p><b>Memory.</b> Arguments are views of memory: {@link dev.avocet.Floats}, {@link dev.avocet.Ints},
 * {@link dev.avocet.Longs}, {@link dev.avocet.Shorts}, {@link dev.avocet.Bytes}, {@link dev.avocet.Indices},
 * {@link dev.avocet.Matrix}, {@link dev.avocet.Matrix16} and {@link dev.avocet.Matrix8} to read, and those that begin
 * with {@code Mutable} to write. A view is made once of a Java array, a direct buffer or an address, keeps the memory
 * alive (but for an address), and serves any number of calls. Direct buffers and addresses cost nothing; Java arrays are
 * copied, or, for short calls without a pool, held while the call runs. An array has exactly the length that its shape
 * asks for (slice a longer one); the memory of a matrix may be longer. Outputs must not overlap any other argument, and
 * are as they were when a call throws, unless the method says otherwise.
 *
 * <p><b>Errors.</b> Every exception is a {@link dev.avocet.Failure} with the details of the C library: status,
 * argument, position and value. That a search finds no thresholds is none: {@link dev.avocet.Solution#outcome} says it.
 *
 * <p><b>Threads.</b> Every method may be called from any thread. A graph, a pool, a stream and prepared rows serve any
 * number of calls at once, and so do a grid and an index; a workspace one; a sparse model any number, but learns alone, and buckets
 * any number, but change alone.
 */
package dev.avocet;
