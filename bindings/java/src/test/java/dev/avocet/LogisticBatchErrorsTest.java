package dev.avocet;

import static dev.avocet.Refused.closed;
import static dev.avocet.Refused.misaligned;
import static dev.avocet.Refused.missing;
import static dev.avocet.Refused.refused;
import static dev.avocet.Refused.wrongSize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad rows of 16 bits, sparse and prepared rows, fits, products and parts; outputs stay as they were. */
class LogisticBatchErrorsTest {
    private static final int N = 3;
    private static final int D = 4;

    private final Workspace workspace = new Workspace();
    private final float[] out = new float[20];
    private final MutableFloats gradient = MutableFloats.of(out, 3, D);
    private final Floats w = Floats.of(1, 2, 3, 4);
    private final Floats ones = Floats.of(1, 1, 1);
    private final LogisticTargets targets = LogisticTargets.labels(ones);
    private final LogisticOut to = LogisticOut.NONE.margins(MutableFloats.of(out, 0, N)).gradient(gradient);
    private final Indices offsets = Indices.i32(0, 2, 2, 5);
    private final Indices features = Indices.i32(0, 3, 0, 2, 3);
    private final SparseRows sparse = SparseRows.of(offsets, features);
    private final PreparedRows prepared = PreparedRows.create(D, sparse);

    {
        Arrays.fill(out, 7);
    }

    @AfterEach
    void unchanged() {
        for (float value : out) {
            assertEquals(7, value);
        }
        workspace.close();
        prepared.close();
        Memory.release();
    }

    private Executable batch(LogisticRows rows) {
        return () -> Logistic.batch(rows, targets, to, null, workspace);
    }

    private Executable fit(LogisticRows rows) {
        return fit(rows, LogisticFitOptions.DEFAULT);
    }

    private Executable fit(LogisticRows rows, LogisticFitOptions options) {
        return () -> Logistic.fit(rows, targets, options, gradient, null);
    }

    private static Floats nan(Memory memory, int length, int at) {
        float[] values = new float[length];
        values[at] = Float.NaN;
        return memory.floats(values).view;
    }

    @Test
    void rowsOf16Bits() {
        missing(0, "data", () -> Matrix16.f16(null, N, D));
        missing(0, "data", () -> Matrix16.bf16(null, N, D));
        missing(1, "rows.x", () -> LogisticRows.of((Matrix16) null, w));
        Shorts many = Shorts.of(new short[N * D]);
        wrongSize(0, "data", N * D - 1, () -> Matrix16.f16(many.slice(1, N * D - 1), N, D));
        wrongSize(0, "stride", D - 1, () -> Matrix16.bf16(many, N, D, D - 1));
        refused(Status.INVALID_ARGUMENT, 0, "rows", () -> Matrix16.bf16(many, -1, D));
        refused(Status.SIZE_OVERFLOW, 0, "rows", () -> Matrix16.f16(many, 1L << 32, 1L << 31));
        Shorts nowhere = Shorts.ofAddress(0, N * D);
        Shorts odd = Shorts.ofAddress(1025, N * D);
        for (Matrix16 each : new Matrix16[] {Matrix16.f16(nowhere, N, D), Matrix16.bf16(nowhere, N, D)}) {
            missing(1, "rows.x.data", batch(LogisticRows.of(each, w)));
            missing(1, "rows.x.data", fit(LogisticRows.of(each, null)));
        }
        for (Matrix16 each : new Matrix16[] {Matrix16.f16(odd, N, D), Matrix16.bf16(odd, N, D)}) {
            misaligned(1, "rows.x.data", batch(LogisticRows.of(each, w)));
        }
        wrongSize(1, "rows.weights", N, batch(LogisticRows.of(Matrix16.f16(many, N, D), ones)));
        // Compact is for prepared rows.
        LogisticRows compact = LogisticRows.of(Matrix16.f16(many, N, D), w).compact(true);
        assertEquals(1, refused(Status.INVALID_ARGUMENT, 1, "rows.compact", batch(compact)).integer());
    }

    /** What a pass over sparse rows and a fit say of them. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void sparseRows(Memory memory) {
        missing(1, "rows.csr", () -> LogisticRows.of((SparseRows) null, w));
        missing(1, "rows.weights", batch(LogisticRows.of(sparse, null)));
        wrongSize(1, "rows.weights", N, fit(LogisticRows.of(sparse, ones)));
        wrongSize(3, "out.gradient", D, batch(LogisticRows.of(sparse, Floats.of(1, 1, 1, 1, 1))));
        wrongSize(1, "rows.offsets", D, batch(LogisticRows.of(sparse, w).offsets(w)));
        wrongSize(1, "rows.offsets", D, fit(LogisticRows.of(sparse, w).offsets(w)));
        bad(memory, this::batch);
        bad(memory, this::fit);
        LogisticRows good = LogisticRows.of(sparse, w);
        refused(Status.INVALID_ARGUMENT, 1, "rows.compact", batch(good.compact(true)));
        refused(Status.NOT_FINITE, 3, "out.along", 2, () -> Logistic.batch(good, targets,
                LogisticOut.NONE.product(gradient, nan(memory, D, 2), 0), null, workspace));
        refused(Status.OVERLAP, 3, "out.gradient", () -> Logistic.batch(
                LogisticRows.of(sparse, gradient), targets, to, null, workspace));
        // The first row whose factor is not finite; margins are not wanted.
        Floats huge = memory.floats(0, 0, 0, Float.POSITIVE_INFINITY).view;
        LogisticRows infinite = LogisticRows.of(SparseRows.of(Indices.i32(0, 1, 1, 1), Indices.i32(0)), w)
                .offsets(nan(memory, N, 2));
        refused(Status.NOT_FINITE, 1, "rows.weights", 2, () -> Logistic.batch(
                infinite, targets, LogisticOut.NONE.gradient(gradient), null, workspace));
        refused(Status.NOT_FINITE, 3, "out.along", 3, () -> Logistic.batch(
                good, targets, LogisticOut.NONE.product(gradient, huge, 0), null, workspace));
    }

    /** What is wrong within the rows is found by the library. */
    private void bad(Memory memory, Function<LogisticRows, Executable> call) {
        Function<SparseRows, Executable> with = rows -> call.apply(LogisticRows.of(rows, w));
        missing(1, "rows.csr.offsets", with.apply(SparseRows.of(Indices.i32(Ints.ofAddress(0, 4)), features)));
        misaligned(1, "rows.csr.indices", with.apply(SparseRows.of(offsets, Indices.i32(Ints.ofAddress(1025, 5)))));
        assertEquals(1, refused(Status.INVALID_OFFSETS, 1, "rows.csr.offsets", 2,
                with.apply(SparseRows.of(Indices.i32(memory.ints(0, 2, 1, 5).view), features))).integer());
        assertEquals(D, refused(Status.INDEX_OUT_OF_RANGE, 1, "rows.csr.indices", 3,
                with.apply(SparseRows.of(offsets, Indices.u32(memory.ints(0, 3, 1, D, 9).view)))).integer());
        assertEquals(-1, refused(Status.INDEX_OUT_OF_RANGE, 1, "rows.csr.indices", 4,
                with.apply(SparseRows.of(offsets, Indices.i64(memory.longs(0, 3, 1, 2, -1).view)))).integer());
        misaligned(1, "rows.values", with.apply(sparse.values(Floats.ofAddress(1025, 5))));
        misaligned(1, "rows.offsets", with.apply(sparse.margins(Floats.ofAddress(1025, N))));
        refused(Status.NOT_FINITE, 1, "rows.values", 1, with.apply(sparse.values(nan(memory, 5, 1))));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void preparing(Memory memory) {
        missing(1, "csr", () -> PreparedRows.create(D, null));
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 1, "csr.cols",
                () -> PreparedRows.create(-1, sparse)).integer());
        assertEquals(1L << 32, refused(Status.SIZE_OVERFLOW, 1, "csr.cols",
                () -> PreparedRows.create(1L << 32, sparse)).integer());
        refused(Status.INVALID_ARGUMENT, 0, "margins", () -> PreparedRows.create(D, sparse.margins(ones)));
        missing(1, "csr.offsets",
                () -> PreparedRows.create(D, SparseRows.of(Indices.i32(Ints.ofAddress(0, 4)), features)));
        assertEquals(1, refused(Status.INVALID_OFFSETS, 1, "csr.offsets", 2, () -> PreparedRows.create(
                D, SparseRows.of(Indices.u32(memory.ints(0, 2, 1, 5).view), features))).integer());
        assertEquals(3, refused(Status.INDEX_OUT_OF_RANGE, 1, "csr.indices", 1,
                () -> PreparedRows.create(3, sparse)).integer());
        refused(Status.NOT_FINITE, 2, "values", 4, () -> PreparedRows.create(D, sparse.values(nan(memory, 5, 4))));
        misaligned(2, "values", () -> PreparedRows.create(D, sparse.values(Floats.ofAddress(1025, 5))));
    }

    @Test
    void preparedRows() {
        missing(1, "rows.prepared", () -> LogisticRows.of((PreparedRows) null, w));
        missing(2, "features", () -> prepared.features(null));
        missing(2, "features", () -> prepared.features(MutableInts.ofAddress(0, 3)));
        misaligned(2, "features", () -> prepared.features(MutableInts.ofAddress(1025, 3)));
        int[] found = {7, 7, 7, 7};
        wrongSize(3, "len", 2, () -> prepared.features(MutableInts.of(found, 0, 2)));
        wrongSize(3, "len", 4, () -> prepared.features(MutableInts.of(found)));
        assertArrayEquals(new int[] {7, 7, 7, 7}, found);
        LogisticRows rows = LogisticRows.of(prepared, w);
        missing(1, "rows.weights", batch(LogisticRows.of(prepared, null)));
        wrongSize(1, "rows.weights", 3, batch(LogisticRows.of(prepared, ones)));
        wrongSize(1, "rows.weights", 4, batch(rows.compact(true)));
        wrongSize(3, "out.gradient", 4, batch(LogisticRows.of(prepared, ones).compact(true)));
        wrongSize(1, "rows.offsets", 4, batch(rows.offsets(w)));
        wrongSize(4, "weights", 4, fit(LogisticRows.of(prepared, null).compact(true)));
        wrongSize(2, "targets.labels", 4,
                () -> Logistic.batch(rows, LogisticTargets.labels(w), to, null, workspace));
        refused(Status.NOT_FINITE, 3, "out.along", 1, () -> Logistic.batch(rows, targets,
                LogisticOut.NONE.product(gradient, nan(Memory.HEAP, D, 1), 0), null, workspace));
        PreparedRows gone = PreparedRows.create(D, sparse);
        gone.close();
        assertEquals(N, gone.rows());
        closed(1, "rows.prepared", batch(LogisticRows.of(gone, w)));
        closed(1, "rows.prepared", fit(LogisticRows.of(gone, w)));
        closed(1, "rows", () -> gone.features(MutableInts.of(found, 0, 3)));
        Pool pool = new Pool(1);
        pool.close();
        closed(5, "pool", () -> Logistic.batch(rows, targets, to, pool, workspace));
        closed(7, "pool", () -> Logistic.fit(rows, targets, LogisticFitOptions.DEFAULT, gradient, pool));
        // Refused calls keep nothing in use: closing works.
        prepared.close();
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void fits(Memory memory) {
        LogisticFitOptions usual = LogisticFitOptions.DEFAULT;
        LogisticRows rows = LogisticRows.of(prepared, null);
        missing(1, "rows", fit(null));
        missing(2, "targets", () -> Logistic.fit(rows, null, usual, gradient, null));
        missing(3, "options", fit(rows, null));
        missing(4, "weights", () -> Logistic.fit(rows, targets, usual, null, null));
        missing(4, "weights", () -> Logistic.fit(rows, targets, usual, MutableFloats.ofAddress(0, D), null));
        misaligned(4, "weights", () -> Logistic.fit(rows, targets, usual, MutableFloats.ofAddress(1025, D), null));
        wrongSize(4, "weights", 3, () -> Logistic.fit(rows, targets, usual, gradient.slice(0, 3), null));
        wrongSize(2, "targets.labels", D, () -> Logistic.fit(rows, LogisticTargets.labels(w), usual, gradient, null));
        refused(Status.OVERLAP, 4, "weights", fit(LogisticRows.of(prepared, gradient)));
        refused(Status.INVALID_ARGUMENT, 3, "options.iterations", () -> usual.iterations(-1));
        refused(Status.INVALID_ARGUMENT, 3, "options.history", () -> usual.history(-1));
        assertEquals(65, refused(Status.INVALID_ARGUMENT, 3, "options.history",
                fit(rows, usual.history(65))).integer());
        for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            Status status = bad == -1 ? Status.INVALID_ARGUMENT : Status.NOT_FINITE;
            assertEquals(bad, refused(status, 3, "options.l2", fit(rows, usual.l2(bad))).real());
            assertEquals(bad, refused(status, 3, "options.tolerance", fit(rows, usual.tolerance(bad))).real());
        }
        Floats negative = memory.floats(1, 1, -1).view;
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 2, "targets.weights", 2, () -> Logistic.fit(
                rows, targets.weights(negative), usual, gradient, null)).real());
        // What it starts from counts as the place where it ends.
        refused(Status.NOT_FINITE, 1, "rows.weights", 2, fit(LogisticRows.of(prepared, nan(memory, D, 2))));
        refused(Status.NOT_FINITE, 1, "rows.intercept", fit(rows.intercept(Float.NaN)));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void products(Memory memory) {
        Floats x = memory.floats(.5f, -1, 2).view;
        MutableFloats l = MutableFloats.of(out, 0, N);
        MutableFloats f = MutableFloats.of(out, N, N);
        MutableFloats g = MutableFloats.of(out, 2 * N, N);
        missing(1, "first", () -> Logistic.product(null, x, targets, l, f, g, null, workspace));
        missing(1, "first", () -> Logistic.product(Floats.ofAddress(0, N), x, targets, l, f, g, null, workspace));
        missing(2, "second", () -> Logistic.product(x, null, targets, l, f, g, null, workspace));
        misaligned(2, "second", () -> Logistic.product(
                x, Floats.ofAddress(1025, N), targets, l, f, g, null, workspace));
        missing(3, "targets", () -> Logistic.product(x, x, null, l, f, g, null, workspace));
        missing(10, "workspace", () -> Logistic.product(x, x, targets, l, f, g, null, null));
        wrongSize(2, "second", D, () -> Logistic.product(x, w, targets, l, f, g, null, workspace));
        wrongSize(3, "targets.labels", D, () -> Logistic.product(
                x, x, LogisticTargets.labels(w), l, f, g, null, workspace));
        wrongSize(4, "losses", 2, () -> Logistic.product(x, x, targets, l.slice(0, 2), f, g, null, workspace));
        wrongSize(5, "first_gradient", D, () -> Logistic.product(x, x, targets, l, gradient, g, null, workspace));
        wrongSize(6, "second_gradient", D, () -> Logistic.product(x, x, targets, l, f, gradient, null, workspace));
        refused(Status.OVERLAP, 4, "losses", () -> Logistic.product(x, l, targets, l, f, g, null, workspace));
        refused(Status.OVERLAP, 5, "first_gradient", () -> Logistic.product(x, x, targets, l, l, g, null, workspace));
        refused(Status.OVERLAP, 6, "second_gradient", () -> Logistic.product(
                x, x, targets, l, f, MutableFloats.of(out, N + 1, N), null, workspace));
        refused(Status.INVALID_ARGUMENT, 3, "targets.weights", () -> Logistic.product(
                x, x, LogisticTargets.coefficients(ones, ones).weights(ones), l, f, g, null, workspace));
        // Found on the way.
        Floats bad = memory.floats(1, 1, -1).view;
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 3, "targets.b", 2, () -> Logistic.product(
                x, x, LogisticTargets.coefficients(ones, bad), null, null, null, null, workspace)).real());
        Pool pool = new Pool(1);
        pool.close();
        closed(9, "pool", () -> Logistic.product(x, x, targets, l, f, g, pool, workspace));
        Workspace gone = new Workspace();
        gone.close();
        closed(10, "workspace", () -> Logistic.product(x, x, targets, l, f, g, null, gone));
    }

    @Test
    void parts() {
        assertEquals(1023, refused(Status.INVALID_ARGUMENT, 1, "first_row", () -> Logistic.parts(1023, 1)).integer());
        assertEquals(-1024, refused(Status.INVALID_ARGUMENT, 1, "first_row",
                () -> Logistic.parts(-1024, 1)).integer());
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 2, "rows", () -> Logistic.parts(0, -1)).integer());

        LogisticSums[] sums = {new LogisticSums(), new LogisticSums(), new LogisticSums()};
        long[] rows = {1024, 1024, 5};
        Matrix vectors = Matrix.of(new float[N * D], N, D);
        badParts("sums", sums, with -> Logistic.merge(with, sums, vectors, gradient),
                with -> Logistic.merge(rows, with, vectors, gradient));
        wrongSize(3, "vectors.rows", 2, () -> Logistic.merge(rows, sums, vectors.slice(0, 2), gradient));
        missing(3, "vectors.data", () -> Logistic.merge(
                rows, sums, Matrix.of(Floats.ofAddress(0, N * D), N, D), gradient));
        missing(6, "vector", () -> Logistic.merge(rows, sums, vectors, null));
        misaligned(6, "vector", () -> Logistic.merge(rows, sums, vectors, MutableFloats.ofAddress(1025, D)));
        wrongSize(6, "vector", 3, () -> Logistic.merge(rows, sums, vectors, gradient.slice(0, 3)));
        refused(Status.OVERLAP, 6, "vector",
                () -> Logistic.merge(rows, sums, Matrix.of(Floats.of(out, 0, N * D), N, D), gradient));

        Calibration one = new Calibration(1, 1, 1, 1);
        Calibration[] parts = {one, one, one};
        badParts("parts", parts, with -> Metrics.mergeCalibrations(with, parts),
                with -> Metrics.mergeCalibrations(rows, with));
    }

    private interface Merge<T> {
        void of(T argument);
    }

    /** What merging refuses of three parts and their numbers of rows. */
    private static <T> void badParts(String name, T[] parts, Merge<long[]> withRows, Merge<T[]> withParts) {
        missing(1, "rows", () -> withRows.of(null));
        missing(2, name, () -> withParts.of(null));
        wrongSize(2, name, 2, () -> withParts.of(Arrays.copyOf(parts, 2)));
        T[] gap = parts.clone();
        gap[1] = null;
        refused(Status.NULL_POINTER, 2, name, 1, () -> withParts.of(gap));
        badRows(1, -5, withRows, 1024, -5, 1024);
        badRows(1, 2048, withRows, 1024, 2048, 1024);
        badRows(1, 1000, withRows, 1024, 1000, 1);
    }

    private static void badRows(int position, long found, Merge<long[]> merge, long... rows) {
        assertEquals(found, refused(Status.INVALID_ARGUMENT, 1, "rows", position, () -> merge.of(rows)).integer());
    }
}
