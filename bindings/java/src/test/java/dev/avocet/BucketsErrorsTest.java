package dev.avocet;

import static dev.avocet.Refused.closed;
import static dev.avocet.Refused.misaligned;
import static dev.avocet.Refused.missing;
import static dev.avocet.Refused.refused;
import static dev.avocet.Refused.wrongSize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad arguments of grids and buckets; outputs and buckets stay as they were. */
class BucketsErrorsTest {
    private static final float NAN = Float.NaN;

    private final Workspace workspace = new Workspace();
    private final Grid grid = Grid.create(GridOptions.of(BinEdges.given(.5f), BinEdges.given(0, 1)), null);
    private final Buckets one = Buckets.create(grid, 1);
    private final Buckets two = Buckets.create(grid, 2);
    private final float[] floats = {7, 7, 7, 7};
    private final Floats s = Floats.of(-1, .5f, 2, 3);
    private final Floats u = Floats.of(0, .25f, .5f, 1);
    private final Labels labels = Labels.u8((byte) 0, (byte) 1, (byte) 1, (byte) 0);
    private final ThresholdRows rows = ThresholdRows.of(s, u, labels);
    private final byte[] empty = saved(one);

    @AfterEach
    void unchanged() {
        assertArrayEquals(new float[] {7, 7, 7, 7}, floats);
        assertArrayEquals(empty, saved(one));
        one.close();
        two.close();
        grid.close();
        workspace.close();
        Memory.release();
    }

    private static byte[] saved(Buckets buckets) {
        byte[] bytes = new byte[(int) buckets.savedBytes()];
        buckets.save(MutableBytes.of(bytes));
        return bytes;
    }

    private static Executable grid(BinEdges levels, BinEdges scores) {
        return grid(GridOptions.of(levels, scores));
    }

    private static Executable grid(GridOptions options) {
        return () -> Grid.create(options, null);
    }

    @Test
    void edges() {
        BinEdges good = BinEdges.given(.5f);
        missing(1, "options", grid(null));
        missing(1, "options.levels", () -> GridOptions.of(null, good));
        missing(1, "options.bins", () -> GridOptions.of(null));
        missing(0, "edges", () -> BinEdges.given((Floats) null));
        refused(Status.INVALID_ARGUMENT, 0, "bins", () -> BinEdges.quantiles(-1));
        refused(Status.INVALID_ARGUMENT, 0, "bins", () -> BinEdges.nested(3).refine(-1, 0, 1));
        assertEquals(65537, refused(Status.SIZE_OVERFLOW, 1, "options.levels",
                grid(BinEdges.uniform(65537, 0, 1), good)).integer());
        assertEquals(65537, refused(Status.SIZE_OVERFLOW, 1, "options.bins",
                grid(good, BinEdges.given(Floats.ofAddress(1024, 65536)))).integer());
        assertEquals(1L << 32, refused(Status.SIZE_OVERFLOW, 1, "options.bins",
                grid(BinEdges.uniform(65536, 0, 1), BinEdges.uniform(65536, 0, 1))).integer());
        assertEquals(3, refused(Status.INVALID_ARGUMENT, 1, "options.level_kind",
                grid(BinEdges.nested(2), good)).integer());
        missing(1, "options.level_edges", grid(BinEdges.given(Floats.ofAddress(0, 1)), good));
        misaligned(1, "options.score_edges", grid(good, BinEdges.given(Floats.ofAddress(1025, 1))));
        assertEquals(1, refused(Status.NOT_SORTED, 1, "options.score_edges", 1,
                grid(good, BinEdges.given(1, 1))).real());
        refused(Status.NOT_FINITE, 1, "options.score_edges", 1, grid(good, BinEdges.given(0, NAN)));
        refused(Status.NOT_FINITE, 1, "options.level_low", grid(BinEdges.uniform(2, NAN, 1), good));
        refused(Status.NOT_FINITE, 1, "options.score_high", grid(good, BinEdges.uniform(2, 0, Float.POSITIVE_INFINITY)));
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 1, "options.score_high",
                grid(good, BinEdges.uniform(2, 0, -1))).real());
        Pool gone = new Pool(1);
        gone.close();
        closed(2, "pool", () -> Grid.create(GridOptions.of(good), gone));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void samples(Memory memory) {
        GridOptions none = GridOptions.of(BinEdges.quantiles(2), BinEdges.nested(3));
        assertEquals(0, refused(Status.INVALID_ARGUMENT, 1, "options.rows", grid(none)).integer());
        missing(1, "options.scores", grid(none.sample(null, u)));
        missing(1, "options.uncertainties", grid(none.sample(s, null)));
        wrongSize(1, "options.uncertainties", 3, grid(none.sample(s, u.slice(0, 3))));
        GridOptions good = none.sample(s, u);
        wrongSize(1, "options.weights", 3, grid(good.weights(u.slice(0, 3))));
        misaligned(1, "options.weights", grid(good.weights(Floats.ofAddress(1025, 4))));
        Floats nan = memory.floats(0, 1, NAN, 1).view;
        refused(Status.NOT_FINITE, 1, "options.scores", 2, grid(none.sample(nan, u)));
        refused(Status.NOT_FINITE, 1, "options.uncertainties", 2, grid(none.sample(s, nan)));
        refused(Status.NOT_FINITE, 1, "options.weights", 2, grid(good.weights(nan)));
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 1, "options.weights", 1,
                grid(good.weights(memory.floats(1, -1, 1, 1).view))).real());
        BinEdges nested = BinEdges.nested(3);
        nested("top", 1.5, nested.top(1.5));
        nested("top", .5, nested.top(.5).refine(1, 0, 1));
        nested("refine_high", 0, nested.refine(1, 0, 0));
        assertEquals(2, refused(Status.INVALID_ARGUMENT, 1, "options.refine_bins",
                grid(GridOptions.of(nested.refine(2, 0, 1)).sample(s, u))).integer());
        refused(Status.NOT_FINITE, 1, "options.refine_low", grid(GridOptions.of(nested.refine(1, NAN, 1)).sample(s, u)));
    }

    private void nested(String name, double value, BinEdges edges) {
        assertEquals(value, refused(Status.INVALID_ARGUMENT, 1, "options." + name,
                grid(GridOptions.of(edges).sample(s, u))).real());
    }

    @Test
    void gridReading() {
        MutableFloats out = MutableFloats.of(floats, 0, 2);
        missing(2, "out", () -> grid.levelEdges(null));
        missing(2, "out", () -> grid.levelEdges(MutableFloats.ofAddress(0, 1)));
        wrongSize(3, "len", 2, () -> grid.levelEdges(out));
        missing(3, "out", () -> grid.scoreEdges(0, null));
        wrongSize(4, "len", 4, () -> grid.scoreEdges(0, MutableFloats.of(floats)));
        misaligned(3, "out", () -> grid.scoreEdges(0, MutableFloats.ofAddress(1025, 2)));
        for (long bad : new long[] {2, -1}) {
            assertEquals(bad, refused(Status.INDEX_OUT_OF_RANGE, 2, "level", () -> grid.scoreEdges(bad, out)).integer());
        }
        missing(2, "thresholds", () -> grid.thresholds(null, out));
        missing(3, "out", () -> grid.thresholds(Ints.of(0, 0), null));
        wrongSize(2, "thresholds", 1, () -> grid.thresholds(Ints.of(0), out));
        wrongSize(3, "out", 1, () -> grid.thresholds(Ints.of(0, 0), out.slice(0, 1)));
        assertEquals(4, refused(Status.INDEX_OUT_OF_RANGE, 2, "thresholds", 1,
                () -> grid.thresholds(Ints.of(0, 4), out)).integer());
        Grid gone = Grid.create(GridOptions.of(BinEdges.given(0)), null);
        gone.close();
        closed(1, "grid", () -> gone.levelEdges(MutableFloats.of()));
        closed(1, "grid", () -> gone.scoreEdges(0, out.slice(0, 1)));
        closed(1, "grid", () -> gone.thresholds(Ints.of(0), out.slice(0, 1)));
        closed(1, "grid", () -> Buckets.create(gone, 1));
        assertEquals(2, gone.bins());
    }

    private Executable add(ThresholdRows rows) {
        return () -> one.add(rows, null, workspace);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void rows(Memory memory) {
        missing(0, "rows.scores", () -> ThresholdRows.of(null, u, labels));
        missing(0, "rows.uncertainties", () -> ThresholdRows.of(s, null, labels));
        missing(0, "rows.labels", () -> ThresholdRows.of(s, null));
        missing(0, "rows.missing", () -> rows.missing(null));
        missing(0, "data", () -> Labels.i8((Bytes) null));
        missing(0, "data", () -> Labels.u8((Bytes) null));
        missing(0, "data", () -> Labels.f32((Floats) null));
        missing(0, "data", () -> Segments.u16((Shorts) null));
        missing(0, "data", () -> Segments.u32((Ints) null));
        missing(2, "rows", add(null));
        missing(2, "rows.uncertainties", add(ThresholdRows.of(s, labels)));
        wrongSize(2, "rows.uncertainties", 3, add(ThresholdRows.of(s, u.slice(0, 3), labels)));
        wrongSize(2, "rows.labels", 4, add(ThresholdRows.of(s.slice(0, 3), u.slice(0, 3), labels)));
        wrongSize(2, "rows.weights", 3, add(rows.weights(u.slice(0, 3))));
        wrongSize(2, "rows.segments", 1, add(rows.segments(Segments.u16((short) 0))));
        missing(2, "rows.scores", add(ThresholdRows.of(Floats.ofAddress(0, 4), u, labels)));
        missing(2, "rows.labels", add(ThresholdRows.of(s, u, Labels.u8(Bytes.ofAddress(0, 4)))));
        misaligned(2, "rows.labels", add(ThresholdRows.of(s, u, Labels.f32(Floats.ofAddress(1025, 4)))));
        Floats nan = memory.floats(0, 1, NAN, 1).view;
        refused(Status.NOT_FINITE, 2, "rows.scores", 2, add(ThresholdRows.of(nan, u, labels)));
        refused(Status.NOT_FINITE, 2, "rows.uncertainties", 2, add(ThresholdRows.of(s, nan, labels)));
        refused(Status.NOT_FINITE, 2, "rows.weights", 2, add(rows.weights(nan).missing(Missing.APART)));
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 2, "rows.weights", 1,
                add(rows.weights(memory.floats(1, -1, 1, 1).view))).real());
        byte[] bad = {0, 1, 0, -1};
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 2, "rows.labels", 3,
                add(ThresholdRows.of(s, u, Labels.i8(memory.bytes(bad).view)))).real());
        assertEquals(255, refused(Status.INVALID_ARGUMENT, 2, "rows.labels", 3,
                add(ThresholdRows.of(s, u, Labels.u8(memory.bytes(bad).view)))).real());
        assertEquals(.5, refused(Status.INVALID_ARGUMENT, 2, "rows.labels", 1,
                add(ThresholdRows.of(s, u, Labels.f32(memory.floats(0, .5f, 1, 1).view)))).real());
        assertEquals(1, refused(Status.INDEX_OUT_OF_RANGE, 2, "rows.segments", 3,
                add(rows.segments(Segments.u32(memory.ints(0, 0, 0, 1).view)))).integer());
        assertEquals(0xffff, refused(Status.INDEX_OUT_OF_RANGE, 2, "rows.segments", 2,
                add(rows.segments(Segments.u16(memory.shorts(new short[] {0, 0, -1, 1}).view)))).integer());
        missing(2, "rows.segments", () -> two.add(rows, null, workspace));
        missing(4, "workspace", () -> one.add(rows, null, null));
        Workspace gone = new Workspace();
        gone.close();
        closed(4, "workspace", () -> one.add(rows, null, gone));
        Pool pool = new Pool(1);
        pool.close();
        closed(3, "pool", () -> one.add(rows, pool, workspace));
    }

    @Test
    void changes() {
        missing(1, "grid", () -> Buckets.create(null, 1));
        refused(Status.INVALID_ARGUMENT, 2, "segments", () -> Buckets.create(grid, -1));
        refused(Status.INVALID_ARGUMENT, 2, "segments", () -> Buckets.create(grid, 0));
        assertEquals(7L << 26, refused(Status.SIZE_OVERFLOW, 2, "segments",
                () -> Buckets.create(grid, 1 << 26)).integer());
        missing(2, "other", () -> one.merge(null));
        missing(2, "other", () -> one.subtract(null));
        refused(Status.OVERLAP, 2, "other", () -> one.merge(one));
        refused(Status.OVERLAP, 2, "other", () -> one.subtract(one));
        wrongSize(2, "other", 2, () -> one.merge(two));
        wrongSize(2, "other", 1, () -> two.subtract(one));
        try (Buckets full = Buckets.create(grid, 1)) {
            full.add(rows, null, workspace);
            assertEquals(1, refused(Status.INVALID_ARGUMENT, 2, "other", 1, () -> one.subtract(full)).integer());
        }
    }

    /** 2^11 rows of nearly 2^22 each, doubled: the sum of all weights stays below 2^42. */
    @Test
    void tooMuchWeight() {
        float[] heavy = new float[2048];
        Arrays.fill(heavy, 4194303);
        ThresholdRows many = ThresholdRows.of(Floats.of(new float[2048]), Floats.of(new float[2048]),
                Labels.f32(new float[2048])).weights(Floats.of(heavy));
        try (Buckets sum = Buckets.create(grid, 1)) {
            sum.add(many, null, workspace);
            for (int doubling = 0; doubling < 9; doubling++) {
                try (Buckets same = Buckets.load(Bytes.of(saved(sum)))) {
                    sum.merge(same);
                }
            }
            byte[] most = saved(sum);
            refused(Status.SIZE_OVERFLOW, 2, "rows.weights", () -> sum.add(many, null, workspace));
            try (Buckets other = Buckets.load(Bytes.of(most))) {
                refused(Status.SIZE_OVERFLOW, 2, "other", () -> sum.merge(other));
            }
            assertArrayEquals(most, saved(sum));
        }
    }

    /** A call that reads a segment. */
    private interface Reading {
        void call(long segment, MutableLongs positive, MutableLongs negative);
    }

    @Test
    void reading() {
        long[] p = new long[7];
        long[] n = new long[7];
        reading(6, p, n, (segment, to, too) -> two.cells(segment, false, to, too));
        reading(3, p, n, (segment, to, too) -> two.scoreBins(segment, true, to, too));
        assertArrayEquals(new long[7], p);
        try (Grid nested = Grid.create(GridOptions.of(BinEdges.nested(3)).sample(s, u), null);
                Buckets own = Buckets.create(nested, 1)) {
            refused(Status.INVALID_ARGUMENT, 1, "buckets",
                    () -> own.scoreBins(0, false, MutableLongs.of(p, 0, 3), MutableLongs.of(n, 0, 3)));
        }
    }

    private static void reading(int size, long[] p, long[] n, Reading call) {
        MutableLongs to = MutableLongs.of(p, 0, size);
        MutableLongs too = MutableLongs.of(n, 0, size);
        for (long bad : new long[] {2, -1}) {
            assertEquals(bad,
                    refused(Status.INDEX_OUT_OF_RANGE, 2, "segment", () -> call.call(bad, to, too)).integer());
        }
        missing(4, "positive", () -> call.call(0, null, too));
        missing(5, "negative", () -> call.call(0, to, null));
        missing(4, "positive", () -> call.call(0, MutableLongs.ofAddress(0, size), too));
        misaligned(5, "negative", () -> call.call(0, to, MutableLongs.ofAddress(1025, size)));
        wrongSize(5, "negative", size - 1, () -> call.call(0, to, too.slice(0, size - 1)));
        wrongSize(6, "len", size + 1,
                () -> call.call(0, MutableLongs.of(p, 0, size + 1), MutableLongs.of(n, 0, size + 1)));
        refused(Status.OVERLAP, 5, "negative", () -> call.call(0, to, MutableLongs.of(p, 1, size)));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void savedBytes(Memory memory) {
        byte[] bytes = new byte[empty.length + 1];
        missing(2, "bytes", () -> one.save(null));
        missing(2, "bytes", () -> one.save(MutableBytes.ofAddress(0, empty.length)));
        wrongSize(3, "len", empty.length - 1, () -> one.save(MutableBytes.of(bytes, 0, empty.length - 1)));
        wrongSize(3, "len", empty.length + 1, () -> one.save(MutableBytes.of(bytes)));
        assertArrayEquals(new byte[empty.length + 1], bytes);

        missing(1, "bytes", () -> Buckets.load(null));
        missing(1, "bytes", () -> Buckets.load(Bytes.ofAddress(0, empty.length)));
        for (int length = 0; length < empty.length; length++) {
            Bytes cut = memory.bytes(Arrays.copyOf(empty, length)).view;
            wrongSize(1, "bytes", length, () -> Buckets.load(cut));
        }
        for (int bit = 0; bit < 8 * empty.length; bit++) {
            byte[] bad = empty.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Bytes view = memory.bytes(bad).view;
            Details details = assertThrows(InvalidArgumentException.class, () -> Buckets.load(view)).details();
            assertEquals("bytes", details.argumentName());
        }
    }

    @Test
    void closedBuckets() {
        Buckets gone = Buckets.create(grid, 1);
        gone.close();
        gone.close();
        closed(1, "buckets", () -> gone.add(rows, null, workspace));
        closed(1, "buckets", () -> gone.merge(one));
        closed(2, "other", () -> one.merge(gone));
        closed(1, "buckets", () -> gone.subtract(one));
        closed(1, "buckets", gone::clear);
        closed(1, "buckets", gone::grid);
        closed(1, "buckets", gone::savedBytes);
        closed(1, "buckets", () -> gone.apart(0));
        closed(1, "buckets", () -> gone.save(MutableBytes.of()));
        closed(1, "buckets", () -> gone.cells(0, false, MutableLongs.of(), MutableLongs.of()));
        closed(1, "buckets", () -> gone.scoreBins(0, false, MutableLongs.of(), MutableLongs.of()));
        assertEquals(1, gone.segments());
        assertEquals(2, gone.levels());
    }
}
