package dev.avocet;

import static dev.avocet.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Java arrays: small ones are copied, larger ones held by short calls and copied by long ones. Overlap within an array
 * must be seen in each case.
 */
class HeapTest {
    private static final int SMALL = 30;
    private static final int HELD = 3000;
    private static final int LONG = 300_000;

    private static void map(Floats x, MutableFloats out) {
        Functions.map(Function.EXP, x, out, null);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, HELD, LONG})
    void partsOfOneArray(int n) {
        float[] array = new float[3 * n];
        Arrays.fill(array, 1);
        float[] before = array.clone();
        refused(Status.OVERLAP, 3, "out", () -> map(Floats.of(array, 0, n), MutableFloats.of(array, n - 1, n)));
        refused(Status.OVERLAP, 3, "out", () -> map(Floats.of(array, n, n), MutableFloats.of(array, 1, n)));
        refused(Status.OVERLAP, 3, "out", () -> map(Floats.of(array, n, n), MutableFloats.of(array, n, n)));
        assertArrayEquals(before, array);
        // Side by side is not overlap, and the rest is left alone.
        map(Floats.of(array, 0, n), MutableFloats.of(array, n, n));
        float e = (float) Math.E;
        for (int i = 0; i < array.length; i++) {
            assertEquals(i / n == 1 ? e : 1, array[i], 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, HELD, LONG})
    void inputsMayOverlap(int n) {
        float[] array = new Random(1).values(n + 10);
        float[] out = new float[2];
        float[] wanted = new float[2];
        Matrix first = Matrix.of(Floats.of(array, 0, n), 1, n);
        Matrix second = Matrix.of(Floats.of(array, 5, n), 1, n);
        Matrix apart = Matrix.of(array.clone(), 1, n);
        Matrix secondApart = Matrix.of(Floats.of(array.clone(), 5, n), 1, n);
        Score.pairs(first, second, Indices.u32(0, 0), Indices.u32(0, 0), MutableFloats.of(out), null);
        Score.pairs(apart, secondApart, Indices.u32(0, 0), Indices.u32(0, 0), MutableFloats.of(wanted), null);
        assertArrayEquals(wanted, out);
    }

    /** Inputs and outputs of dense rows side by side in one array: the bits of direct memory, and overlap is seen. */
    @ParameterizedTest
    @ValueSource(ints = {SMALL, HELD, LONG})
    void denseRows(int n) {
        float[] features = new Random(4).values(2 * n);
        float[] array = Arrays.copyOf(features, 4 * n + 4);
        array[4 * n] = .5f;
        MutableFloats all = MutableFloats.of(array);
        LogisticTargets targets = LogisticTargets.labels(all.slice(2 * n, n));
        LogisticOut out = LogisticOut.NONE.margins(all.slice(3 * n, n));
        Memory.F margins = Memory.DIRECT.floats(n);
        Memory.F gradient = Memory.DIRECT.floats(2);
        try (Workspace workspace = new Workspace()) {
            LogisticRows rows = LogisticRows.of(Matrix.of(all.slice(0, 2 * n), n, 2), all.slice(4 * n, 2));
            refused(Status.OVERLAP, 3, "out.gradient", () -> Logistic.batch(
                    rows, targets, out.gradient(all.slice(4 * n + 1, 2)), null, workspace));
            double loss = Logistic.batch(rows, targets, out.gradient(all.slice(4 * n + 2, 2)), null, workspace).loss();
            Matrix direct = Memory.DIRECT.floats(features).matrix(n);
            assertEquals(loss, Logistic.batch(LogisticRows.of(direct, Memory.DIRECT.floats(.5f, 0).view),
                    LogisticTargets.labels(Memory.DIRECT.floats(n).view),
                    LogisticOut.NONE.margins(margins.view).gradient(gradient.view), null, workspace).loss());
        }
        assertArrayEquals(features, Arrays.copyOf(array, 2 * n));
        assertArrayEquals(margins.get(), Arrays.copyOfRange(array, 3 * n, 4 * n));
        assertArrayEquals(new float[] {.5f, 0, gradient.get()[0], gradient.get()[1]},
                Arrays.copyOfRange(array, 4 * n, 4 * n + 4));
    }

    /** Sparse rows and rows of 16 bits from arrays of shorts, ints, longs and floats: the bits of direct memory. */
    @ParameterizedTest
    @ValueSource(ints = {SMALL, HELD, LONG})
    void sparseAndNarrowRows(int n) {
        Random random = new Random(6);
        long[] offsets = new long[n + 1];
        Arrays.setAll(offsets, i -> i);
        int[] features = random.below(2, n);
        short[] bits = new short[2 * n];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (short) (Float.floatToRawIntBits(random.value()) >>> 16);
        }
        float[] values = random.values(n);
        float[][] gradients = new float[6][];
        double[] losses = new double[6];
        int at = 0;
        try (Workspace workspace = new Workspace()) {
            for (Memory memory : new Memory[] {Memory.HEAP, Memory.DIRECT}) {
                SparseRows sparse = SparseRows.of(Indices.i64(memory.longs(offsets).view),
                        Indices.u32(memory.ints(features).view)).values(memory.floats(values).view);
                Floats w = memory.floats(1, -2).view;
                try (PreparedRows prepared = PreparedRows.create(2, sparse)) {
                    for (LogisticRows rows : new LogisticRows[] {
                        LogisticRows.of(sparse, w), LogisticRows.of(prepared, w),
                        LogisticRows.of(Matrix16.bf16(memory.shorts(bits).view, n, 2), w)
                    }) {
                        Memory.F gradient = memory.floats(2);
                        losses[at] = Logistic.batch(rows, LogisticTargets.labels(memory.floats(n).view),
                                LogisticOut.NONE.gradient(gradient.view), null, workspace).loss();
                        gradients[at++] = gradient.get();
                    }
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(losses[i + 3], losses[i]);
            assertArrayEquals(gradients[i + 3], gradients[i]);
        }
        assertEquals(losses[0], losses[1]);
    }

    /** More parts than the small copy holds, with an array of doubles. */
    @Test
    void manyParts() {
        int n = 1000;
        long[] rows = new long[n];
        Arrays.fill(rows, 1024);
        LogisticSums[] sums = new LogisticSums[n];
        Arrays.setAll(sums, i -> new LogisticSums(i, 1, 2, -i));
        float[] array = new float[n + 1];
        Arrays.fill(array, 3);
        LogisticSums total =
                Logistic.merge(rows, sums, Matrix.of(Floats.of(array, 0, n), n, 1), MutableFloats.of(array, n, 1));
        assertEquals(n * (n - 1) / 2, total.loss());
        assertEquals(n, total.gradient());
        assertEquals(2 * n, total.curvature());
        assertEquals(-n * (n - 1) / 2, total.product());
        assertEquals(3 * n, array[n]);
        assertEquals(3, array[n - 1]);
    }

    /** A chain of views in which the first and the last touch only through the one between. */
    @ParameterizedTest
    @ValueSource(ints = {SMALL, HELD, LONG})
    void overlapThroughAThird(int n) {
        float[] array = new float[4 * n];
        Floats left = Floats.of(array, 0, 2 * n);
        Floats middle = Floats.of(array, n, 2 * n);
        float[] out = new float[1];
        Score.pairs(Matrix.of(left, 1, 2 * n), Matrix.of(middle, 1, 2 * n), Indices.u32(0), Indices.u32(0),
                MutableFloats.of(out), null);
        refused(Status.OVERLAP, 6, "first_moment", () -> Optim.adam(1, 1, AdamOptions.DEFAULT,
                MutableFloats.of(array, 0, n), Floats.of(array, 2 * n, n), MutableFloats.of(array, 2 * n - 1, n),
                MutableFloats.of(array, 3 * n, n), null));
    }

    /** An error leaves a copied output as it was: the bad index comes after good ones. */
    @ParameterizedTest
    @ValueSource(ints = {SMALL, HELD, LONG})
    void errorsLeaveOutputs(int n) {
        int[] ids = new int[n];
        ids[n - 1] = 5;
        float[] out = new float[n];
        Arrays.fill(out, 4);
        float[] before = out.clone();
        Matrix rows = Matrix.of(new float[] {1, 2}, 2, 1);
        assertEquals(5, refused(Status.INDEX_OUT_OF_RANGE, 4, "v", n - 1, () -> Score.pairs(
                rows, rows, Indices.u32(new int[n]), Indices.i32(ids), MutableFloats.of(out), null)).integer());
        assertArrayEquals(before, out);
    }

    /** Norms that are given but not wanted are not written, through no kind of copy. */
    @ParameterizedTest
    @ValueSource(ints = {SMALL, HELD, LONG})
    void normsThatAreNotWanted(int n) {
        float[] norms = new Random(2).values(n);
        float[] before = norms.clone();
        Dense.activate(DenseOptions.DEFAULT, MutableMatrix.of(new float[n], n, 1), MutableFloats.of(norms), null);
        assertArrayEquals(before, norms);
    }

    /** Arrays of all types in one call, parts of one array of bytes among them. */
    @ParameterizedTest
    @ValueSource(ints = {SMALL, HELD, LONG})
    void bytesAndLongs(int n) {
        long[] times = new long[n + 2];
        long[] conversions = new long[n + 2];
        for (int i = 0; i < n; i++) {
            times[i + 1] = n - i;
            conversions[i + 1] = i % 3 == 0 ? Stream.NEVER : n - i;
        }
        try (Stream stream = Stream.create(Protocol.WINDOW, Longs.of(times, 1, n), Longs.of(conversions, 1, n), null,
                5, 5)) {
            assertEquals(n, stream.rows());
            Arrays.fill(times, -1);
            int[] clicks = new int[n];
            byte[] bytes = new byte[2 * n + 1];
            Arrays.fill(bytes, (byte) 9);
            byte[] before = bytes.clone();
            refused(Status.OVERLAP, 5, "signals", () -> stream.copy(MutableLongs.of(times, 0, n),
                    MutableInts.of(clicks), MutableBytes.of(bytes, 1, n), MutableBytes.of(bytes, n, n)));
            assertArrayEquals(before, bytes);
            assertEquals(-1, times[0]);
            stream.copy(MutableLongs.of(times, 1, n), MutableInts.of(clicks), MutableBytes.of(bytes, 0, n),
                    MutableBytes.of(bytes, n + 1, n));
            for (int row = 0; row < n; row++) {
                int click = n - 1 - row;
                assertEquals(row + 1 + 5, times[row + 1]);
                assertEquals(click, clicks[row]);
                assertEquals((click % 3 == 0 ? RowKind.NEGATIVE : RowKind.IMMEDIATE_POSITIVE).code(), bytes[row]);
                assertEquals(0, bytes[n + 1 + row]);
            }
            assertEquals(-1, times[0]);
            assertEquals(-1, times[n + 1]);
            assertEquals(9, bytes[n]);
        }
    }

    /** The order of many views of few arrays, some of them shared. */
    @Test
    void manyViews() {
        float[] data = new Random(3).values(16 * 40);
        float[] out = new float[4 * 5];
        float[] wanted = new float[4 * 5];
        Addend[] shared = new Addend[Dense.MAX_ADDENDS];
        Addend[] apart = new Addend[Dense.MAX_ADDENDS];
        for (int i = 0; i < shared.length; i++) {
            int at = 40 * i;
            Floats x = Floats.of(data, at, 12);
            Floats w = Floats.of(data, at + 7, 15);
            shared[i] = Addend.of(Matrix.of(x, 4, 3), Matrix.of(w, 3, 5));
            apart[i] = Addend.of(Matrix.of(Arrays.copyOfRange(data, at, at + 12), 4, 3),
                    Matrix.of(Arrays.copyOfRange(data, at + 7, at + 22), 3, 5));
        }
        try (Workspace workspace = new Workspace()) {
            Dense.product(Addends.of(shared), DenseOptions.DEFAULT, MutableMatrix.of(out, 4, 5), null, null, workspace);
            Dense.product(Addends.of(apart), DenseOptions.DEFAULT, MutableMatrix.of(wanted, 4, 5), null, null,
                    workspace);
        }
        assertArrayEquals(wanted, out);
    }
}
