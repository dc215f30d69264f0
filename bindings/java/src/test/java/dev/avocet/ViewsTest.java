package dev.avocet;

import static dev.avocet.Refused.missing;
import static dev.avocet.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Views of every kind of memory: where they begin, how long they are, and what cannot be one. */
class ViewsTest {
    /** Tells from the result alone which values a view has: relu of x is x if x is not negative. */
    private static float[] values(Floats view) {
        float[] found = new float[(int) view.length()];
        Addend addend = Addend.of(Matrix.of(view, view.length(), 1), Matrix.of(new float[] {1}, 1, 1));
        try (Workspace workspace = new Workspace()) {
            Dense.product(Addends.of(addend), DenseOptions.DEFAULT, MutableMatrix.of(found, found.length, 1), null,
                    null, workspace);
        }
        return found;
    }

    private static float[] upTo(int from, int to) {
        float[] values = new float[to - from];
        for (int i = from; i < to; i++) {
            values[i - from] = i;
        }
        return values;
    }

    private static ByteBuffer direct(int floats) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder());
        for (int i = 0; i < floats; i++) {
            bytes.putFloat(4 * i, i);
        }
        return bytes;
    }

    @Test
    void arraysAndParts() {
        float[] array = upTo(0, 10);
        assertArrayEquals(array, values(Floats.of(array)));
        assertArrayEquals(upTo(3, 7), values(Floats.of(array, 3, 4)));
        assertArrayEquals(upTo(5, 7), values(Floats.of(array, 3, 4).slice(2, 2)));
        assertArrayEquals(upTo(5, 7), values(MutableFloats.of(array, 3, 4).slice(2, 2)));
        assertEquals(0, Floats.of(array, 10, 0).length());
        assertEquals(0, Floats.of(array).slice(10, 0).length());
    }

    @Test
    void buffersBetweenPositionAndLimit() {
        FloatBuffer wrapped = FloatBuffer.wrap(upTo(0, 10), 2, 6).slice();
        wrapped.position(1).limit(4);
        assertArrayEquals(upTo(3, 6), values(Floats.of(wrapped)));
        FloatBuffer floats = direct(10).asFloatBuffer();
        floats.position(4).limit(9);
        assertArrayEquals(upTo(4, 9), values(Floats.of(floats)));
        assertArrayEquals(upTo(5, 9), values(MutableFloats.of(floats.slice().position(1))));
        Floats view = Floats.of(floats);
        floats.position(0).limit(1);
        assertArrayEquals(upTo(4, 9), values(view), "a view stays when its buffer moves");
        assertArrayEquals(upTo(6, 8), values(view.slice(2, 2)));
        ByteBuffer bytes = direct(10);
        bytes.position(8).limit(20);
        assertArrayEquals(upTo(2, 5), values(Floats.of(bytes)));
        assertArrayEquals(upTo(2, 5), values(Floats.of(bytes.slice().order(ByteOrder.nativeOrder()))));
        assertArrayEquals(upTo(2, 5), values(Floats.of(bytes.asReadOnlyBuffer().order(ByteOrder.nativeOrder()))));
        assertArrayEquals(upTo(0, 10), values(Floats.of(direct(10).asFloatBuffer().asReadOnlyBuffer())));
    }

    @Test
    void addresses() {
        ByteBuffer bytes = direct(10);
        long address = Native.bufferAddress(bytes);
        assertArrayEquals(upTo(2, 5), values(Floats.ofAddress(address + 8, 3)));
        assertArrayEquals(upTo(3, 5), values(MutableFloats.ofAddress(address + 8, 3).slice(1, 2)));
        refused(Status.INVALID_ARGUMENT, 0, "address", () -> Floats.ofAddress(-8, 1));
        refused(Status.INVALID_ARGUMENT, 0, "length", () -> Floats.ofAddress(address, -1));
        refused(Status.SIZE_OVERFLOW, 0, "length", () -> Ints.ofAddress(address, Long.MAX_VALUE / 4));
        refused(Status.SIZE_OVERFLOW, 0, "length", () -> MutableLongs.ofAddress(address, Long.MAX_VALUE / 2));
        refused(Status.SHAPE_MISMATCH, 0, "data", () -> Matrix.of(Floats.ofAddress(address, 5), 2, 3));
        bytes.putFloat(0, 0);
    }

    @Test
    void intsAndLongs() {
        IntBuffer ints = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder()).asIntBuffer();
        LongBuffer longs = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder()).asLongBuffer();
        try (Graph graph = Random.graph(3, new int[] {2, 0}, new int[] {1})) {
            graph.indices(MutableInts.of(ints.position(1)));
            assertEquals(Arrays.asList(0, 2, 0, 1), Arrays.asList(ints.get(0), ints.get(1), ints.get(2), ints.get(3)));
            graph.offsets(MutableLongs.of(longs.position(1)));
            assertEquals(Arrays.asList(0L, 0L, 2L, 3L),
                    Arrays.asList(longs.get(0), longs.get(1), longs.get(2), longs.get(3)));
            long[] offsets = {9, 9, 9, 9, 9};
            graph.offsets(MutableLongs.of(offsets, 1, 3));
            assertArrayEquals(new long[] {9, 0, 2, 3, 9}, offsets);
            ByteBuffer more = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
            graph.offsets(MutableLongs.of(more));
            assertEquals(3, more.getLong(16));
            try (Graph same = Graph.create(3, Indices.i64(Longs.of(longs)), Indices.i32(Ints.of(ints)))) {
                assertEquals(3, same.edges());
                assertEquals(ElementType.I64, Indices.i64(Longs.of(longs)).type());
            }
        }
        missing(0, "data", () -> Indices.i64((Longs) null));
        missing(0, "array", () -> Indices.u32((int[]) null));
    }

    /** Tells which bits a view has: the margins of rows of one column, of bfloat16. */
    private static int[] bits(Shorts view) {
        float[] margins = new float[(int) view.length()];
        try (Workspace workspace = new Workspace()) {
            Logistic.batch(LogisticRows.of(Matrix16.bf16(view, margins.length, 1), Floats.of(1)), null,
                    LogisticOut.NONE.margins(MutableFloats.of(margins)), null, workspace);
        }
        return IntStream.range(0, margins.length).map(i -> Float.floatToRawIntBits(margins[i]) >>> 16).toArray();
    }

    @Test
    void shorts() {
        short[] array = {0x4000, 0x4001, 0x4002, 0x4003, 0x4004, 0x4005};
        int[] middle = {0x4002, 0x4003, 0x4004};
        ByteBuffer direct = ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder());
        direct.asShortBuffer().put(array);
        direct.position(4).limit(10);
        ShortBuffer wrapped = ShortBuffer.wrap(array, 1, 5).slice();
        wrapped.position(1).limit(4);
        assertArrayEquals(middle, bits(Shorts.of(array, 2, 3)));
        assertArrayEquals(middle, bits(Shorts.of(array).slice(1, 4).slice(1, 3)));
        assertArrayEquals(middle, bits(Shorts.of(wrapped)));
        assertArrayEquals(middle, bits(Shorts.of(direct)));
        assertArrayEquals(middle, bits(Shorts.of(direct.asReadOnlyBuffer().order(ByteOrder.nativeOrder()))));
        assertArrayEquals(middle, bits(Shorts.of(direct.slice().order(ByteOrder.nativeOrder()).asShortBuffer())));
        assertArrayEquals(middle, bits(Shorts.ofAddress(Native.bufferAddress(direct) + 4, 3)));
        missing(0, "array", () -> Shorts.of((short[]) null));
        missing(0, "buffer", () -> Shorts.of((ShortBuffer) null));
        refused(Status.INDEX_OUT_OF_RANGE, 0, "offset", () -> Shorts.of(array, 7, 0));
        refused(Status.SHAPE_MISMATCH, 0, "length", () -> Shorts.of(array).slice(2, 5));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Shorts.of(direct.duplicate().limit(9)));
        refused(Status.SIZE_OVERFLOW, 0, "length", () -> Shorts.ofAddress(8, Long.MAX_VALUE / 2));
    }

    /** A negative has the coefficients (0, 1), a positive (1, 0): a tells the kinds of a view. */
    private static float[] kinds(Bytes view) {
        float[] a = new float[(int) view.length()];
        Feedback.weights(FeedbackScheme.of(FeedbackMethod.VANILLA), view, null, null, null, MutableFloats.of(a),
                MutableFloats.of(new float[a.length]), null);
        return a;
    }

    @Test
    void bytes() {
        byte[] array = {0, 1, 0, 0, 1, 1};
        float[] middle = {1, 0, 0, 1};
        ByteBuffer direct = ByteBuffer.allocateDirect(6).put(array);
        direct.position(1).limit(5);
        ByteBuffer wrapped = ByteBuffer.wrap(array, 1, 5).slice().limit(4);
        assertArrayEquals(new float[] {0, 1, 0, 0, 1, 1}, kinds(Bytes.of(array)));
        assertArrayEquals(middle, kinds(Bytes.of(array, 1, 4)));
        assertArrayEquals(middle, kinds(Bytes.of(array).slice(1, 4)));
        assertArrayEquals(middle, kinds(Bytes.of(wrapped)));
        assertArrayEquals(middle, kinds(Bytes.of(direct)));
        assertArrayEquals(middle, kinds(Bytes.of(direct.asReadOnlyBuffer())));
        assertArrayEquals(middle, kinds(Bytes.ofAddress(Native.bufferAddress(direct) + 1, 4)));
        assertArrayEquals(middle, kinds(Bytes.ofAddress(Native.bufferAddress(direct), 6).slice(1, 4)));
        try (Stream stream = Stream.create(Protocol.WINDOW, Longs.of(1, 2), Longs.of(Stream.NEVER, 2), null, 0, 0)) {
            for (MutableBytes to : new MutableBytes[] {
                MutableBytes.of(direct).slice(1, 2), MutableBytes.of(wrapped).slice(1, 2),
                MutableBytes.ofAddress(Native.bufferAddress(direct), 6).slice(4, 2)
            }) {
                stream.copy(null, null, to, null);
            }
        }
        assertArrayEquals(new byte[] {0, 1, 0, 1, 1, 1}, array);
        assertEquals(ByteBuffer.wrap(new byte[] {0, 1, 0, 1, 0, 1}), direct.duplicate().clear());
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> MutableBytes.of(direct.asReadOnlyBuffer()));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> MutableBytes.of(wrapped.asReadOnlyBuffer()));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Bytes.of(wrapped.asReadOnlyBuffer()));
        refused(Status.SHAPE_MISMATCH, 0, "length", () -> Bytes.of(array, 3, 4));
        refused(Status.INDEX_OUT_OF_RANGE, 0, "offset", () -> MutableBytes.of(array).slice(7, 0));
        refused(Status.INVALID_ARGUMENT, 0, "length", () -> MutableBytes.ofAddress(8, -1));
        refused(Status.SIZE_OVERFLOW, 0, "length", () -> Bytes.ofAddress(8, Long.MAX_VALUE));
        missing(0, "array", () -> Bytes.of((byte[]) null));
        missing(0, "buffer", () -> MutableBytes.of((ByteBuffer) null));
    }

    @Test
    void whatCannotBeAView() {
        missing(0, "array", () -> Floats.of((float[]) null));
        missing(0, "array", () -> MutableInts.of(null, 0, 0));
        missing(0, "buffer", () -> Floats.of((FloatBuffer) null));
        missing(0, "buffer", () -> MutableLongs.of((ByteBuffer) null));
        float[] array = new float[4];
        refused(Status.INDEX_OUT_OF_RANGE, 0, "offset", () -> Floats.of(array, -1, 1));
        refused(Status.INDEX_OUT_OF_RANGE, 0, "offset", () -> Floats.of(array, 5, 0));
        refused(Status.SHAPE_MISMATCH, 0, "length", () -> Floats.of(array, 1, 4));
        refused(Status.SHAPE_MISMATCH, 0, "length", () -> Floats.of(array, 1, -1));
        refused(Status.SHAPE_MISMATCH, 0, "length", () -> Floats.of(array, 1, Integer.MAX_VALUE));
        refused(Status.SHAPE_MISMATCH, 0, "length", () -> Floats.of(array).slice(1, Long.MAX_VALUE));
        refused(Status.INDEX_OUT_OF_RANGE, 0, "offset", () -> MutableFloats.of(array).slice(Long.MIN_VALUE, 1));
        // Read-only, as an output.
        FloatBuffer readOnly = direct(4).asFloatBuffer().asReadOnlyBuffer();
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> MutableFloats.of(readOnly));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> MutableMatrix.of(readOnly, 2, 2));
        refused(Status.INVALID_ARGUMENT, 0, "buffer",
                () -> MutableFloats.of(direct(4).asReadOnlyBuffer().order(ByteOrder.nativeOrder())));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> MutableFloats.of(FloatBuffer.wrap(array).asReadOnlyBuffer()));
        // The array of a read-only buffer on the heap cannot be had.
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Floats.of(FloatBuffer.wrap(array).asReadOnlyBuffer()));
        // Byte order, heap buffers of bytes, and bytes that are no whole number.
        ByteOrder other =
                ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Floats.of(direct(4).order(other)));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Floats.of(direct(4).order(other).asFloatBuffer()));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Ints.of(direct(4).order(other).asIntBuffer()));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Longs.of(direct(4).order(other).asLongBuffer()));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Floats.of(ByteBuffer.allocate(16)));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Floats.of(ByteBuffer.allocate(16).asFloatBuffer()));
        ByteBuffer odd = direct(4);
        odd.limit(15);
        assertEquals(15, refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> Floats.of(odd)).integer());
    }

    @Test
    void matrices() {
        Floats data = Floats.of(upTo(0, 12));
        missing(0, "data", () -> Matrix.of((Floats) null, 1, 1));
        refused(Status.INVALID_ARGUMENT, 0, "rows", () -> Matrix.of(data, -1, 1));
        refused(Status.INVALID_ARGUMENT, 0, "cols", () -> Matrix.of(data, 1, -1));
        refused(Status.SHAPE_MISMATCH, 0, "stride", () -> Matrix.of(data, 1, 3, 2));
        refused(Status.SHAPE_MISMATCH, 0, "data", () -> Matrix.of(data, 3, 3, 5));
        refused(Status.SHAPE_MISMATCH, 0, "data", () -> MutableMatrix.of(new float[5], 2, 3));
        refused(Status.SIZE_OVERFLOW, 0, "rows", () -> Matrix.of(data, Long.MAX_VALUE, 3));
        refused(Status.SIZE_OVERFLOW, 0, "rows", () -> Matrix.of(data, 1L << 32, 1, 1L << 32));
        refused(Status.SIZE_OVERFLOW, 0, "rows", () -> Matrix.of(data, 3, 1, Long.MAX_VALUE));
        assertEquals(0, Matrix.of(data, Long.MAX_VALUE, 0).cols());
        Matrix wide = Matrix.of(data, 3, 2, 5);
        assertEquals(Arrays.asList(3L, 2L, 5L), Arrays.asList(wide.rows(), wide.cols(), wide.stride()));
        assertEquals(1, wide.slice(2, 1).rows());
        assertEquals(0, wide.slice(3, 0).rows());
        refused(Status.INDEX_OUT_OF_RANGE, 0, "firstRow", () -> wide.slice(4, 0));
        refused(Status.SHAPE_MISMATCH, 0, "rows", () -> wide.slice(1, 3));
        refused(Status.SHAPE_MISMATCH, 0, "rows", () -> wide.slice(1, -1));
        // Row 2 is at 10 and 11.
        float[] out = new float[1];
        Score.pairs(wide.slice(2, 1), Matrix.of(new float[] {1, 100}, 1, 2), Indices.u32(0), Indices.u32(0),
                MutableFloats.of(out), null);
        assertEquals(1110, out[0]);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void gapsBetweenRowsAreNotWritten(Memory memory) {
        for (int rows : new int[] {3, 2000}) {
            int stride = 7;
            float[] before = new float[rows * stride + 5];
            Arrays.fill(before, -3);
            Memory.F out = memory.floats(before);
            MutableMatrix matrix = MutableMatrix.of(out.view.slice(2, rows * stride), rows, 4, stride);
            try (Graph graph = Random.graph(1, IntStream.range(0, rows).mapToObj(i -> new int[] {0})
                    .toArray(int[][]::new))) {
                Aggregate.aggregate(graph, Matrix.of(new float[] {1, 2, 3, 4}, 1, 4), AggregateOptions.DEFAULT, matrix,
                        null);
            }
            for (int row = 0; row < rows; row++) {
                for (int col = 0; col < 4; col++) {
                    before[2 + row * stride + col] = 1 + col;
                }
            }
            assertArrayEquals(before, out.get());
        }
        Memory.release();
    }
}
