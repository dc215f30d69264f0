package dev.avocet;

import static dev.avocet.Refused.closed;
import static dev.avocet.Refused.misaligned;
import static dev.avocet.Refused.missing;
import static dev.avocet.Refused.refused;
import static dev.avocet.Refused.wrongSize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Bad arguments of scores of rows of any type and of conversions; outputs stay as they were. */
class RowsErrorsTest {
    private static final int R = 3;
    private static final int C = 4;
    private static final int D = 2;
    private static final Indices THREE = Indices.u32(0, 1, 2);
    private static final Indices OFFSETS = Indices.i64(0, 2, 2, 5);
    private static final Indices CANDIDATES = Indices.u32(0, 3, 1, 2, 3);

    private final Pool closedPool = new Pool(1);
    private final float[] floats = new float[12];
    private final short[] shorts = new short[12];
    private final byte[] bytes = new byte[12];
    private final MutableFloats out = MutableFloats.of(floats);
    private final MutableMatrix square = MutableMatrix.of(floats, R, C);
    private final MutableMatrix wide = MutableMatrix.of(floats, R, D);
    private final MutableMatrix16 halves = MutableMatrix16.f16(MutableShorts.of(shorts), R, D);
    private final MutableMatrix8 integers = MutableMatrix8.of(bytes, R, D);
    private final MutableFloats scales = MutableFloats.of(floats, 0, R);

    private final Matrix ofRows = Matrix.of(new Random(1).values(R * D), R, D);
    private final Matrix ofCols = Matrix.of(new Random(2).values(C * D), C, D);
    private final Matrix8 byteRows = Matrix8.of(new byte[R * D], R, D);
    private final Matrix8 byteCols = Matrix8.of(new byte[C * D], C, D);
    private final ScoreTables tables = ScoreTables.of(ofRows, ofCols);

    /** One of the three forms of scores. */
    private interface Scoring {
        void of(ScoreTables tables);
    }

    private final Scoring pairs = given -> Score.pairs(given, THREE, THREE, out.slice(0, 3), null);
    private final Scoring candidates = given -> Score.candidates(given, OFFSETS, CANDIDATES, out.slice(0, 5), null);
    private final Scoring matrix = given -> Score.matrix(given, square, null);
    private final Scoring[] forms = {pairs, candidates, matrix};
    /** The number of the options. */
    private final int[] options = {5, 4, 3};

    @BeforeEach
    void fill() {
        closedPool.close();
        Arrays.fill(floats, 7);
        Arrays.fill(shorts, (short) 7);
        Arrays.fill(bytes, (byte) 7);
    }

    @AfterEach
    void unchanged() {
        float[] sevens = new float[12];
        short[] shortSevens = new short[12];
        byte[] byteSevens = new byte[12];
        Arrays.fill(sevens, 7);
        Arrays.fill(shortSevens, (short) 7);
        Arrays.fill(byteSevens, (byte) 7);
        assertArrayEquals(sevens, floats);
        assertArrayEquals(shortSevens, shorts);
        assertArrayEquals(byteSevens, bytes);
    }

    @Test
    void tables() {
        Floats four = Floats.of(1, 2, 3, 4);
        missing(1, "left", () -> ScoreTables.of(null, ofCols));
        missing(2, "right", () -> ScoreTables.of(ofRows, null));
        missing(1, "left", () -> ScoreTables.of(null, byteCols));
        missing(2, "right", () -> ScoreTables.of(byteRows, null));
        missing(1, "left", () -> ScoreTables.of(null, null, byteCols, four));
        wrongSize(0, "options.left_scales", C, () -> ScoreTables.of(byteRows, four, byteCols, four));
        wrongSize(0, "options.right_scales", 3, () -> ScoreTables.of(byteRows, null, byteCols, four.slice(0, 3)));
        // The address 0 is not the null that stands for ones.
        missing(0, "options.left_scales", () -> ScoreTables.of(byteRows, Floats.ofAddress(0, R), byteCols, null));
        missing(0, "options.metric", () -> tables.metric(null));
        missing(0, "options.second_left", () -> tables.second(null, ofCols, 1, 1));
        missing(0, "options.second_right", () -> tables.second(ofRows, null, 1, 1));
        missing(0, "options.second_left", () -> tables.second(null, null, byteCols, null, 1, 1));
        missing(0, "options.second_right", () -> tables.second(byteRows, null, null, null, 1, 1));
        wrongSize(0, "options.second_left_scales", C, () -> tables.second(byteRows, four, byteCols, four, 1, 1));
        wrongSize(0, "options.second_right_scales", 1,
                () -> tables.second(byteRows, null, byteCols, four.slice(1, 1), 1, 1));
    }

    /** What all forms of scores refuse. */
    @Test
    void everyForm() {
        Matrix8 many = Matrix8.of(new byte[131072], 1, 131072);
        Matrix few = ofCols.slice(0, C - 1);
        Floats odd = Floats.ofAddress(1025, C);
        for (int i = 0; i < forms.length; i++) {
            Scoring score = forms[i];
            int at = options[i];
            missing(1, "left", () -> score.of(null));
            wrongSize(2, "right.cols", 1, () -> score.of(ScoreTables.of(ofRows, Matrix.of(new float[C], C, 1))));
            wrongSize(2, "right.cols", 1, () -> score.of(ScoreTables.of(byteRows, Matrix8.of(new byte[C], C, 1))));
            missing(1, "left.data", () ->
                    score.of(ScoreTables.of(Matrix16.f16(Shorts.ofAddress(0, R * D), R, D), ofCols)));
            misaligned(2, "right.data", () ->
                    score.of(ScoreTables.of(ofRows, Matrix16.bf16(Shorts.ofAddress(1025, C * D), C, D))));
            missing(2, "right.data", () ->
                    score.of(ScoreTables.of(byteRows, Matrix8.of(Bytes.ofAddress(0, C * D), C, D))));
            misaligned(at, "options.right_scales", () -> score.of(ScoreTables.of(byteRows, null, byteCols, odd)));
            assertEquals(131072, refused(Status.SIZE_OVERFLOW, 1, "left.cols",
                    () -> score.of(ScoreTables.of(many, many))).integer());
            wrongSize(at, "options.second_right.rows", C - 1, () -> score.of(tables.second(ofRows, few, 1, 1)));
            wrongSize(at, "options.second_right.cols", 1,
                    () -> score.of(tables.second(ofRows, Matrix.of(new float[C], C, 1), 1, 1)));
            wrongSize(at, "options.second_left.rows", R - 1,
                    () -> score.of(tables.second(ofRows.slice(0, R - 1), ofCols, 1, 1)));
            missing(at, "options.second_left.data",
                    () -> score.of(tables.second(Matrix.of(Floats.ofAddress(0, R * D), R, D), ofCols, 1, 1)));
            misaligned(at, "options.second_right_scales",
                    () -> score.of(tables.second(byteRows, null, byteCols, odd, 1, 1)));
            assertEquals(Double.NaN, refused(Status.NOT_FINITE, at, "options.factor",
                    () -> score.of(tables.second(ofRows, ofCols, Float.NaN, 1))).real());
            assertEquals(Double.POSITIVE_INFINITY, refused(Status.NOT_FINITE, at, "options.second_factor",
                    () -> score.of(tables.second(ofRows, ofCols, 1, Float.POSITIVE_INFINITY))).real());
        }
    }

    @Test
    void pairs() {
        missing(3, "u", () -> Score.pairs(tables, null, THREE, out, null));
        missing(4, "v", () -> Score.pairs(tables, THREE, null, out, null));
        missing(6, "out", () -> Score.pairs(tables, THREE, THREE, null, null));
        wrongSize(6, "out", 12, () -> Score.pairs(tables, THREE, THREE, out, null));
        assertEquals(C, refused(Status.INDEX_OUT_OF_RANGE, 4, "v", 1,
                () -> Score.pairs(tables, THREE, Indices.i32(0, C, 9), scales, null)).integer());
        ScoreTables inside = ScoreTables.of(byteRows, scales, byteCols, null);
        refused(Status.OVERLAP, 6, "out", () -> Score.pairs(inside, THREE, THREE, scales, null));
        closed(7, "pool", () -> Score.pairs(tables, THREE, THREE, scales, closedPool));
    }

    @Test
    void candidates() {
        MutableFloats five = out.slice(0, 5);
        missing(1, "left", () -> Score.candidates(null, ofCols, OFFSETS, CANDIDATES, five, null));
        missing(2, "right", () -> Score.candidates(ofRows, null, OFFSETS, CANDIDATES, five, null));
        missing(3, "csr.offsets", () -> Score.candidates(tables, null, CANDIDATES, five, null));
        missing(3, "csr.indices", () -> Score.candidates(tables, OFFSETS, null, five, null));
        missing(5, "out", () -> Score.candidates(tables, OFFSETS, CANDIDATES, null, null));
        wrongSize(5, "out", 4, () -> Score.candidates(tables, OFFSETS, CANDIDATES, out.slice(0, 4), null));
        wrongSize(3, "csr.offsets", 0, () -> Score.candidates(tables, Indices.i64(), CANDIDATES, five, null));
        wrongSize(3, "csr.rows", 2, () -> Score.candidates(tables, Indices.i64(0, 2, 5), CANDIDATES, five, null));
        assertEquals(1, refused(Status.INVALID_OFFSETS, 3, "csr.offsets", 2,
                () -> Score.candidates(tables, Indices.i64(0, 2, 1, 5), CANDIDATES, five, null)).integer());
        assertEquals(C, refused(Status.INDEX_OUT_OF_RANGE, 3, "csr.indices", 3,
                () -> Score.candidates(tables, OFFSETS, Indices.i64(0, 3, 1, C, 9), five, null)).integer());
        missing(3, "csr.indices", () -> Score.candidates(
                tables, OFFSETS, Indices.u32(Ints.ofAddress(0, 5)), five, null));
        refused(Status.OVERLAP, 5, "out", () -> Score.candidates(wide, ofCols, OFFSETS, CANDIDATES, five, null));
        closed(6, "pool", () -> Score.candidates(tables, OFFSETS, CANDIDATES, five, closedPool));
    }

    @Test
    void matrix() {
        missing(1, "left", () -> Score.matrix(null, ofCols, square, null));
        missing(2, "right", () -> Score.matrix(ofRows, null, square, null));
        missing(4, "out", () -> Score.matrix(tables, null, null));
        wrongSize(4, "out.rows", R - 1, () -> Score.matrix(tables, square.slice(0, R - 1), null));
        wrongSize(4, "out.cols", D, () -> Score.matrix(tables, wide, null));
        refused(Status.OVERLAP, 4, "out.data", () -> Score.matrix(wide, ofCols, square, null));
        closed(5, "pool", () -> Score.matrix(tables, square, closedPool));
    }

    @Test
    void convert() {
        missing(1, "x", () -> Convert.convert(null, wide, null));
        missing(1, "x", () -> Convert.convert(null, halves, null));
        missing(2, "out", () -> Convert.convert(ofRows, (MutableMatrix) null, null));
        missing(2, "out", () -> Convert.convert(ofRows, (MutableMatrix16) null, null));
        wrongSize(2, "out.rows", R - 1, () -> Convert.convert(ofRows, halves.slice(0, R - 1), null));
        wrongSize(2, "out.cols", C, () -> Convert.convert(ofRows, square, null));
        missing(1, "x.data", () -> Convert.convert(Matrix16.f16(Shorts.ofAddress(0, R * D), R, D), wide, null));
        missing(2, "out.data", () -> Convert.convert(
                ofRows, MutableMatrix16.bf16(MutableShorts.ofAddress(0, R * D), R, D), null));
        misaligned(2, "out.data", () -> Convert.convert(
                ofRows, MutableMatrix16.bf16(MutableShorts.ofAddress(1025, R * D), R, D), null));
        refused(Status.OVERLAP, 2, "out.data", () -> Convert.convert(wide, wide, null));
        refused(Status.OVERLAP, 2, "out.data",
                () -> Convert.convert(Matrix16.bf16(Shorts.of(shorts, 5, R * D), R, D), halves, null));
        closed(3, "pool", () -> Convert.convert(ofRows, wide, closedPool));
        missing(1, "x", () -> Convert.rowNorms(null, scales, null));
        missing(2, "out", () -> Convert.rowNorms(ofRows, null, null));
        wrongSize(2, "out", 12, () -> Convert.rowNorms(ofRows, out, null));
        refused(Status.OVERLAP, 2, "out", () -> Convert.rowNorms(wide, scales, null));
        closed(3, "pool", () -> Convert.rowNorms(ofRows, scales, closedPool));
    }

    @Test
    void quantize() {
        missing(1, "x", () -> Convert.quantizeRows(null, integers, scales, null));
        missing(2, "out", () -> Convert.quantizeRows(ofRows, null, scales, null));
        missing(3, "scales", () -> Convert.quantizeRows(ofRows, integers, null, null));
        wrongSize(3, "scales", 12, () -> Convert.quantizeRows(ofRows, integers, out, null));
        wrongSize(2, "out.rows", R - 1, () -> Convert.quantizeRows(ofRows, integers.slice(1, R - 1), scales, null));
        wrongSize(2, "out.cols", C, () -> Convert.quantizeRows(ofRows, MutableMatrix8.of(bytes, R, C), scales, null));
        refused(Status.OVERLAP, 3, "scales", () -> Convert.quantizeRows(wide, integers, scales, null));
        closed(4, "pool", () -> Convert.quantizeRows(ofRows, integers, scales, closedPool));
        // Found on the way; arrays of the heap are not written back.
        Matrix bad = Matrix.of(new float[] {1, 2, 3, Float.NEGATIVE_INFINITY, Float.NaN, 0}, R, D);
        assertEquals(Double.NEGATIVE_INFINITY, refused(Status.NOT_FINITE, 1, "x", 1,
                () -> Convert.quantizeRows(bad, integers, scales, null)).real());
        missing(1, "x", () -> Convert.dequantizeRows(null, scales, wide, null));
        missing(2, "scales", () -> Convert.dequantizeRows(byteRows, null, wide, null));
        missing(3, "out", () -> Convert.dequantizeRows(byteRows, scales, null, null));
        wrongSize(2, "scales", 2, () -> Convert.dequantizeRows(byteRows, Floats.of(1, 2), wide, null));
        Floats ones = Floats.of(1, 1, 1);
        wrongSize(3, "out.cols", C, () -> Convert.dequantizeRows(byteRows, ones, square, null));
        wrongSize(3, "out.rows", R - 1, () -> Convert.dequantizeRows(byteRows, ones, wide.slice(0, R - 1), null));
        refused(Status.OVERLAP, 3, "out.data", () -> Convert.dequantizeRows(byteRows, scales, wide, null));
        closed(4, "pool", () -> Convert.dequantizeRows(byteRows, ones, wide, closedPool));
    }

    @Test
    void views() {
        MutableShorts many = MutableShorts.of(shorts);
        Bytes some = Bytes.of(bytes);
        Executable[] none = {
            () -> MutableMatrix16.f16((MutableShorts) null, R, D), () -> MutableMatrix16.bf16((MutableShorts) null, R, D),
            () -> Matrix8.of((Bytes) null, R, D), () -> MutableMatrix8.of((MutableBytes) null, R, D)
        };
        for (Executable each : none) {
            missing(0, "data", each);
        }
        missing(0, "array", () -> Matrix8.of((byte[]) null, R, D));
        missing(0, "array", () -> MutableShorts.of((short[]) null));
        missing(0, "buffer", () -> MutableShorts.of((ShortBuffer) null));
        wrongSize(0, "data", 12, () -> MutableMatrix16.f16(many, 7, D));
        wrongSize(0, "data", 12, () -> Matrix8.of(some, 7, D));
        wrongSize(0, "data", 12, () -> MutableMatrix8.of(bytes, 7, D));
        wrongSize(0, "stride", 1, () -> Matrix8.of(some, R, D, 1));
        wrongSize(0, "stride", 1, () -> MutableMatrix16.bf16(many, R, D, 1));
        refused(Status.INVALID_ARGUMENT, 0, "rows", () -> Matrix8.of(some, -1, D));
        refused(Status.SIZE_OVERFLOW, 0, "rows", () -> Matrix8.of(some, 1L << 62, 1L << 62));
        refused(Status.INDEX_OUT_OF_RANGE, 0, "firstRow", () -> integers.slice(R + 1, 0));
        refused(Status.SHAPE_MISMATCH, 0, "rows", () -> halves.slice(1, R));
        ByteBuffer direct = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> MutableShorts.of(direct.asShortBuffer().asReadOnlyBuffer()));
        refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> MutableShorts.of(ByteBuffer.allocate(8)));
        refused(Status.INVALID_ARGUMENT, 0, "buffer",
                () -> MutableShorts.of(direct.duplicate().order(ByteOrder.BIG_ENDIAN).asShortBuffer()));
        ByteBuffer odd = direct.duplicate().order(ByteOrder.nativeOrder()).limit(7);
        assertEquals(7, refused(Status.INVALID_ARGUMENT, 0, "buffer", () -> MutableShorts.of(odd)).integer());
    }
}
