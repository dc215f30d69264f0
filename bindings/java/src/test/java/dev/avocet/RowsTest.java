package dev.avocet;

import static dev.avocet.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Known results of conversions and of scores of rows of every type. */
class RowsTest {
    private static final Indices U = Indices.u32(1, 0);
    private static final Indices V = Indices.i64(0, 2);
    private static final Indices OFFSETS = Indices.i64(0, 2, 3);
    private static final Indices CANDIDATES = Indices.i32(2, 0, 1);

    @AfterEach
    void release() {
        Memory.release();
    }

    /** Two rows and three, of values that every type of floating point has. */
    private static List<RealMatrix> everyType(Memory memory, float[] values, int rows) {
        Matrix x = memory.floats(values).matrix(rows);
        int cols = values.length / rows;
        MutableMatrix16 f16 = MutableMatrix16.f16(memory.shorts(new short[values.length]).view, rows, cols);
        MutableMatrix16 bf16 = MutableMatrix16.bf16(memory.shorts(new short[values.length]).view, rows, cols);
        Convert.convert(x, f16, null);
        Convert.convert(x, bf16, null);
        return List.of(x, f16, bf16);
    }

    private static short[] bits(int... words) {
        short[] bits = new short[words.length];
        for (int i = 0; i < words.length; i++) {
            bits[i] = (short) words[i];
        }
        return bits;
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void conversions(Memory memory) {
        float[] values = {1, -2, .5f, 3, 65519, 65520, Float.NaN, 0x1.01p0f, 0x1.03p0f, Float.MAX_VALUE};
        Matrix x = memory.floats(values).matrix(5);
        Memory.S halves = memory.shorts(new short[10]);
        Memory.S brains = memory.shorts(new short[10]);
        MutableMatrix16 f16 = MutableMatrix16.f16(halves.view, 5, 2);
        MutableMatrix16 bf16 = MutableMatrix16.bf16(brains.view, 5, 2);
        assertEquals(ElementType.F16, f16.type());
        assertEquals(ElementType.BF16, bf16.type());
        Convert.convert(x, f16, null);
        Convert.convert(x, bf16, null);
        assertArrayEquals(
                bits(0x3c00, 0xc000, 0x3800, 0x4200, 0x7bff, 0x7c00, 0x7e00, 0x3c04, 0x3c0c, 0x7c00), halves.get());
        // Halves of the last place go to the even neighbour, down and up.
        assertArrayEquals(
                bits(0x3f80, 0xc000, 0x3f00, 0x4040, 0x4780, 0x4780, 0x7fc0, 0x3f80, 0x3f82, 0x7f80), brains.get());
        Memory.F wide = memory.floats(10);
        Convert.convert(f16, wide.matrix(5), null);
        assertArrayEquals(new float[] {1, -2, .5f, 3, 65504, Float.POSITIVE_INFINITY, Float.NaN, 0x1.01p0f, 0x1.03p0f,
            Float.POSITIVE_INFINITY}, wide.get());
        // From one type of 16 bits to the other, of two rows.
        Convert.convert(f16.slice(0, 2), bf16.slice(1, 2), null);
        assertArrayEquals(bits(0x3f80, 0xc000, 0x3f80, 0xc000, 0x3f00, 0x4040), Arrays.copyOf(brains.get(), 6));
        // In a matrix of float too.
        Convert.convert(x.slice(1, 1), wide.matrix(5).slice(0, 1), null);
        assertArrayEquals(new float[] {.5f, 3, .5f, 3}, Arrays.copyOf(wide.get(), 4));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void quantized(Memory memory) {
        for (RealMatrix x : everyType(memory, new float[] {254, -2, 0, 0, 127, 63}, 3)) {
            Memory.B bytes = memory.bytes(new byte[6]);
            Memory.F scales = memory.floats(7, 7, 7);
            MutableMatrix8 integers = MutableMatrix8.of(bytes.view, 3, 2);
            assertEquals(ElementType.I8, integers.type());
            Convert.quantizeRows(x, integers, scales.view, null);
            assertArrayEquals(new byte[] {127, -1, 0, 0, 127, 63}, bytes.get());
            assertArrayEquals(new float[] {2, 0, 1}, scales.get());
            Memory.F back = memory.floats(6);
            Convert.dequantizeRows(integers, scales.view, back.matrix(3), null);
            assertArrayEquals(new float[] {254, -2, 0, 0, 127, 63}, back.get());
            Memory.F last = memory.floats(2);
            Convert.dequantizeRows(integers.slice(2, 1), memory.floats(.5f).view, last.matrix(1), null);
            assertArrayEquals(new float[] {63.5f, 31.5f}, last.get());
        }
        for (RealMatrix x : everyType(memory, new float[] {3, -4, 0, 0, 5, 12}, 3)) {
            Memory.F norms = memory.floats(3);
            Convert.rowNorms(x, norms.view, null);
            assertArrayEquals(new float[] {5, 0, 13}, norms.get());
        }
    }

    /** Each type of the left with each of the right, in all three forms. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void scores(Memory memory) {
        float[] left = {1, -2, .5f, 3};
        float[] right = {4, 1, 0, .25f, -8, 2};
        float[] dots = {2, -.5f, -12, 5, .75f, 2};
        for (RealMatrix x : everyType(memory, left, 2)) {
            for (RealMatrix y : everyType(memory, right, 3)) {
                check(memory, ScoreTables.of(x, y), dots);
                Memory.F pairs = memory.floats(2);
                Memory.F some = memory.floats(3);
                Memory.F all = memory.floats(6);
                Score.pairs(x, y, U, V, pairs.view, null);
                Score.candidates(x, y, OFFSETS, CANDIDATES, some.view, null);
                Score.matrix(x, y, all.matrix(2), null);
                assertArrayEquals(new float[] {5, -12}, pairs.get());
                assertArrayEquals(new float[] {-12, 2, .75f}, some.get());
                assertArrayEquals(dots, all.get());
                check(memory, ScoreTables.of(x, y).metric(ScoreMetric.COSINE).metric(ScoreMetric.DOT), dots);
                float[] cosines = new float[6];
                double[] squares = {5, 9.25, 17, .0625, 68};
                for (int i = 0; i < 6; i++) {
                    cosines[i] = (float) (dots[i] / (Math.sqrt(squares[i / 3]) * Math.sqrt(squares[2 + i % 3])));
                }
                check(memory, ScoreTables.of(x, y).metric(ScoreMetric.COSINE), cosines);
            }
        }
    }

    /** The scores of pairs, of candidates and of all with all. */
    private static void check(Memory memory, ScoreTables tables, float[] wanted) {
        Memory.F pairs = memory.floats(2);
        Memory.F some = memory.floats(3);
        Memory.F all = memory.floats(6);
        Score.pairs(tables, U, V, pairs.view, null);
        Score.candidates(tables, OFFSETS, CANDIDATES, some.view, null);
        Score.matrix(tables, all.matrix(2), null);
        assertArrayEquals(wanted, all.get());
        assertArrayEquals(new float[] {wanted[3], wanted[2]}, pairs.get());
        assertArrayEquals(new float[] {wanted[2], wanted[0], wanted[4]}, some.get());
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void integers(Memory memory) {
        Matrix8 left = Matrix8.of(memory.bytes(new byte[] {1, -2, 3, 4}).view, 2, 2);
        Matrix8 right = Matrix8.of(memory.bytes(new byte[] {9, 5, 6, 9, 7, -8, 9, -127, -127}).view.slice(1, 8), 3, 2, 3);
        Floats halves = memory.floats(.5f, 2).view;
        Floats tens = memory.floats(1, 10, -1).view;
        check(memory, ScoreTables.of(left, right), new float[] {-7, 23, 127, 39, -11, -889});
        check(memory, ScoreTables.of(left, halves, right, null), new float[] {-3.5f, 11.5f, 63.5f, 78, -22, -1778});
        check(memory, ScoreTables.of(left, null, right, tens), new float[] {-7, 230, -127, 39, -110, 889});
        ScoreTables scaled = ScoreTables.of(left, halves, right, tens);
        check(memory, scaled, new float[] {-3.5f, 115, -63.5f, 78, -220, 1778});
        // The cosine is one of the integers.
        float[] cosines = new float[6];
        double[] dots = {-7, 23, 127, 39, -11, -889};
        double[] squares = {5, 25, 61, 113, 2 * 127 * 127};
        for (int i = 0; i < 6; i++) {
            cosines[i] = (float) (dots[i] / (Math.sqrt(squares[i / 3]) * Math.sqrt(squares[2 + i % 3])));
        }
        check(memory, scaled.metric(ScoreMetric.COSINE), cosines);
        Matrix8 zeros = Matrix8.of(new byte[4], 2, 2);
        check(memory, ScoreTables.of(zeros, right).metric(ScoreMetric.COSINE), new float[6]);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void secondTables(Memory memory) {
        Matrix left = memory.floats(1, -2, .5f, 3).matrix(2);
        Matrix right = memory.floats(4, 1, 0, .25f, -8, 2).matrix(3);
        Matrix8 integers = Matrix8.of(memory.bytes(new byte[] {1, 2}).view, 2, 1);
        Matrix8 others = Matrix8.of(memory.bytes(new byte[] {3, 0, -1}).view, 3, 1);
        Floats tens = memory.floats(10, 1, 10).view;
        // Integers: 3, 0, -1, 6, 0, -2; with scales of the right 30, 0, -10, 60, 0, -20.
        check(memory, ScoreTables.of(left, right).second(integers, null, others, null, 2, -1),
                new float[] {1, -1, -23, 4, 1.5f, 6});
        check(memory, ScoreTables.of(left, right).second(integers, null, others, tens, 2, -1),
                new float[] {-26, -1, -14, -50, 1.5f, 24});
        check(memory, ScoreTables.of(integers, others).second(left, right, .5f, 4),
                new float[] {9.5f, -2, -48.5f, 23, 3, 7});
        check(memory, ScoreTables.of(integers, null, others, tens).second(left, right, 0, 1),
                new float[] {2, -.5f, -12, 5, .75f, 2});
        RealMatrix halves = everyType(memory, new float[] {1, -2, .5f, 3}, 2).get(1);
        check(memory, ScoreTables.of(left, right).second(halves, right, 1, 1), new float[] {4, -1, -24, 10, 1.5f, 4});
        // Both by the metric, in whatever order the two are set.
        float[] twice = new float[6];
        Score.matrix(ScoreTables.of(left, right).metric(ScoreMetric.COSINE), MutableMatrix.of(twice, 2, 3), null);
        for (int i = 0; i < 6; i++) {
            twice[i] *= 2;
        }
        check(memory, ScoreTables.of(left, right).metric(ScoreMetric.COSINE).second(halves, right, 1, 1), twice);
        check(memory, ScoreTables.of(left, right).second(halves, right, 1, 1).metric(ScoreMetric.COSINE), twice);
    }

    /** In arrays that are copied at once, held, and copied in chunks; and what is between rows stays. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void gapsAndSizes(Memory memory) {
        for (int rows : new int[] {3, 2000, 150_000}) {
            float[] values = new float[2 * rows];
            short[] halves = new short[3 * rows + 1];
            byte[] bytes = new byte[3 * rows + 1];
            Arrays.fill(halves, (short) 77);
            Arrays.fill(bytes, (byte) 77);
            Memory.S toHalves = memory.shorts(halves);
            Memory.B toBytes = memory.bytes(bytes);
            for (int i = 0; i < rows; i++) {
                values[2 * i] = i % 2 == 0 ? 127 : -254;
                values[2 * i + 1] = 2;
                halves[3 * i + 1] = (short) (i % 2 == 0 ? 0x57f0 : 0xdbf0);
                halves[3 * i + 2] = 0x4000;
                bytes[3 * i + 1] = (byte) (i % 2 == 0 ? 127 : -127);
                bytes[3 * i + 2] = (byte) (i % 2 == 0 ? 2 : 1);
            }
            Matrix x = memory.floats(values).matrix(rows);
            MutableMatrix16 f16 = MutableMatrix16.f16(toHalves.view.slice(1, 3 * rows), rows, 2, 3);
            MutableMatrix8 integers = MutableMatrix8.of(toBytes.view.slice(1, 3 * rows), rows, 2, 3);
            Memory.F scales = memory.floats(rows);
            Convert.convert(x, f16, null);
            Convert.quantizeRows(x, integers, scales.view, null);
            assertArrayEquals(halves, toHalves.get());
            assertArrayEquals(bytes, toBytes.get());
            Memory.F back = memory.floats(2 * rows);
            Convert.convert(f16, back.matrix(rows), null);
            assertArrayEquals(values, back.get());
            Memory.F again = memory.floats(2 * rows);
            Convert.dequantizeRows(integers, scales.view, again.matrix(rows), null);
            assertArrayEquals(values, again.get());
            Memory.F norms = memory.floats(rows);
            Convert.rowNorms(f16, norms.view, null);
            assertEquals((float) Math.sqrt(254 * 254 + 4), norms.get()[rows - 1 - rows % 2], 1e-4f);
        }
    }

    /** Parts of one array are told apart. */
    @Test
    void partsOfArrays() {
        short[] all = bits(0x3f80, 0xc000, 7, 7);
        MutableShorts view = MutableShorts.of(all);
        MutableMatrix16 to = MutableMatrix16.f16(view.slice(2, 2), 1, 2);
        Convert.convert(Matrix16.bf16(view.slice(0, 2), 1, 2), to, null);
        assertArrayEquals(bits(0x3f80, 0xc000, 0x3c00, 0xc000), all);
        refused(Status.OVERLAP, 2, "out.data",
                () -> Convert.convert(Matrix16.bf16(view.slice(1, 2), 1, 2), to, null));
        assertArrayEquals(bits(0x3f80, 0xc000, 0x3c00, 0xc000), all);
        Convert.convert(Matrix.of(new float[] {1}, 1, 1), MutableMatrix16.bf16(MutableShorts.of(all, 3, 1), 1, 1), null);
        assertArrayEquals(bits(0x3f80, 0xc000, 0x3c00, 0x3f80), all);
    }

    /** A buffer of shorts and one of bytes, from its position on. */
    @Test
    void buffers() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        ShortBuffer shorts = bytes.asShortBuffer();
        Matrix x = Matrix.of(new float[] {1, -2}, 1, 2);
        Convert.convert(x, MutableMatrix16.f16(MutableShorts.of(shorts.position(2)), 1, 2), null);
        Convert.convert(x, MutableMatrix16.bf16(MutableShorts.of(bytes.limit(4)), 1, 2), null);
        short[] found = new short[4];
        shorts.position(0).get(found);
        assertArrayEquals(bits(0x3f80, 0xc000, 0x3c00, 0xc000), found);
        Convert.convert(x, MutableMatrix16.f16(MutableShorts.of(ShortBuffer.wrap(found, 1, 2)), 1, 2), null);
        assertArrayEquals(bits(0x3f80, 0x3c00, 0xc000, 0xc000), found);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void nothing(Memory memory) {
        MutableFloats none = memory.floats().view;
        Matrix x = Matrix.of(Floats.of(), 0, 3);
        Convert.convert(x, MutableMatrix16.f16(memory.shorts().view, 0, 3), null);
        Convert.convert(x, MutableMatrix.of(none, 0, 3), null);
        Convert.quantizeRows(x, MutableMatrix8.of(memory.bytes().view, 0, 3), none, null);
        Convert.dequantizeRows(Matrix8.of(memory.bytes().view, 0, 3), none, MutableMatrix.of(none, 0, 3), null);
        Convert.rowNorms(x, none, null);
        Score.candidates(x, x, Indices.i32(0), Indices.u32(), none, null);
        Score.matrix(x, x, MutableMatrix.of(none, 0, 0), null);
        // Rows without columns have scores and scales.
        Memory.F zeros = memory.floats(7, 7);
        Matrix empty = Matrix.of(none, 2, 0);
        Score.pairs(empty, empty, Indices.u32(0, 1), Indices.u32(1, 0), zeros.view, null);
        assertArrayEquals(new float[2], zeros.get());
        Memory.F scales = memory.floats(7, 7);
        Convert.quantizeRows(empty, MutableMatrix8.of(memory.bytes().view, 2, 0), scales.view, null);
        assertArrayEquals(new float[2], scales.get());
    }

    /** Nothing on the Java heap, by any of them. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void callsAllocateNothing(Memory memory) {
        int n = 400;
        int d = 10;
        Matrix x = memory.floats(new Random(1).values(n * d)).matrix(n);
        MutableMatrix wide = memory.floats(n * d).matrix(n);
        MutableMatrix16 halves = MutableMatrix16.f16(memory.shorts(new short[n * d]).view, n, d);
        MutableMatrix8 integers = MutableMatrix8.of(memory.bytes(new byte[n * d]).view, n, d);
        MutableFloats scales = memory.floats(n).view;
        MutableFloats out = memory.floats(n).view;
        Indices ids = Indices.u32(memory.ints(new Random(2).below(n, n)).view);
        int[] some = new int[n + 1];
        Arrays.setAll(some, i -> i);
        Indices offsets = Indices.u32(memory.ints(some).view);
        MutableMatrix square = memory.floats(20 * n).matrix(20);
        ScoreTables tables = ScoreTables.of(integers, scales, integers, scales).metric(ScoreMetric.COSINE)
                .second(x, halves, .5f, 2);
        RealMatrix few = x.slice(0, 20);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        try (Pool pool = new Pool(2)) {
            for (Pool each : new Pool[] {null, pool}) {
                Runnable calls = () -> {
                    Convert.convert(x, halves, each);
                    Convert.convert(halves, wide, each);
                    Convert.quantizeRows(x, integers, scales, each);
                    Convert.dequantizeRows(integers, scales, wide, each);
                    Convert.rowNorms(halves, out, each);
                    Score.pairs(x, halves, ids, ids, out, each);
                    Score.pairs(tables, ids, ids, out, each);
                    Score.candidates(x, halves, offsets, ids, out, each);
                    Score.candidates(tables, offsets, ids, out, each);
                    Score.matrix(few, halves, square, each);
                };
                for (int i = 0; i < 100; i++) {
                    calls.run();
                }
                long before = threads.getThreadAllocatedBytes(id);
                for (int i = 0; i < 200; i++) {
                    calls.run();
                }
                long allocated = threads.getThreadAllocatedBytes(id) - before;
                assertTrue(allocated < 400, "bytes of 200 rounds: " + allocated);
            }
        }
    }
}
