package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grids and buckets: small known results, laws, and who may use them at once. */
class BucketsTest {
    private static final float NAN = Float.NaN;

    private final Workspace workspace = new Workspace();
    private final Grid grid = Grid.create(GridOptions.of(BinEdges.given(.5f), BinEdges.given(0, 1)), null);

    @AfterEach
    void close() {
        grid.close();
        workspace.close();
        Memory.release();
    }

    private static byte[] saved(Buckets buckets) {
        byte[] bytes = new byte[(int) buckets.savedBytes()];
        buckets.save(MutableBytes.of(bytes));
        return bytes;
    }

    private static void holds(Buckets buckets, long segment, long[] positive, long[] negative) {
        long[] p = new long[6];
        long[] n = new long[6];
        buckets.cells(segment, false, MutableLongs.of(p), MutableLongs.of(n));
        assertArrayEquals(positive, p);
        assertArrayEquals(negative, n);
    }

    @Test
    void grids() {
        try (Grid one = Grid.create(GridOptions.of(BinEdges.given()), null)) {
            assertEquals(1, one.levels());
            assertEquals(1, one.bins());
            one.levelEdges(MutableFloats.of());
        }
        assertEquals(2, grid.levels());
        assertEquals(3, grid.bins());
        assertFalse(grid.isNested());
        float[] edge = new float[1];
        float[] edges = new float[2];
        grid.levelEdges(MutableFloats.of(edge));
        grid.scoreEdges(1, MutableFloats.of(edges));
        assertArrayEquals(new float[] {.5f}, edge);
        assertArrayEquals(new float[] {0, 1}, edges);
        try (Grid uniform = Grid.create(GridOptions.of(BinEdges.uniform(2, 0, 8), BinEdges.uniform(3, 0, 3)), null)) {
            uniform.levelEdges(MutableFloats.of(edge));
            uniform.scoreEdges(0, MutableFloats.of(edges));
            assertArrayEquals(new float[] {4}, edge);
            assertArrayEquals(new float[] {1, 2}, edges);
        }
    }

    /** Quantiles of a sample of nine rows, and of those in each of two levels. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void samples(Memory memory) {
        Floats scores = memory.floats(9, 8, 7, 6, 5, 4, 3, 2, 1).view;
        Floats uncertainties = memory.floats(0, 0, 0, 0, 1, 1, 1, 1, 1).view;
        float[] edges = new float[2];
        try (Grid quantiles = Grid.create(GridOptions.of(BinEdges.quantiles(3)).sample(scores, null), null)) {
            quantiles.scoreEdges(0, MutableFloats.of(edges));
            assertArrayEquals(new float[] {4, 7}, edges);
        }
        GridOptions nested = GridOptions.of(BinEdges.given(1), BinEdges.nested(3)).sample(scores, uncertainties);
        try (Grid each = Grid.create(nested, null)) {
            assertTrue(each.isNested());
            each.scoreEdges(0, MutableFloats.of(edges));
            assertArrayEquals(new float[] {7, 8}, edges);
            each.scoreEdges(1, MutableFloats.of(edges));
            assertArrayEquals(new float[] {2, 4}, edges);
        }
        // All weight on the row of score 6: every edge is there.
        try (Grid heavy = Grid.create(nested.weights(memory.floats(0, 0, 0, 1, 0, 0, 0, 0, 0).view), null)) {
            heavy.scoreEdges(0, MutableFloats.of(edges));
            assertArrayEquals(new float[] {6, 6}, edges);
        }
        float[] four = new float[4];
        GridOptions refined = GridOptions.of(BinEdges.given(1), BinEdges.nested(5).refine(2, 6.5f, 8.5f))
                .sample(scores, uncertainties);
        try (Grid fine = Grid.create(refined, null)) {
            fine.scoreEdges(0, MutableFloats.of(four));
            Arrays.sort(four);
            assertTrue(Arrays.binarySearch(four, 6.5f) >= 0, Arrays.toString(four));
            assertTrue(Arrays.binarySearch(four, 8.5f) >= 0, Arrays.toString(four));
        }
    }

    /** The types of labels and of segments in all kinds of memory. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void counts(Memory memory) {
        Floats s = memory.floats(-1, 0, .5f, 1, 2, -0f, 1, 3).view;
        Floats u = memory.floats(0, 0, .5f, .5f, 1, 2, 0, NAN).view;
        byte[] labels = {0, 1, 0, 1, 1, 0, 0, 1};
        Labels[] types = {
            Labels.i8(memory.bytes(labels).view), Labels.u8(memory.bytes(labels).view), Labels.i8(labels),
            Labels.u8(labels), Labels.f32(0, 1, 0, 1, 1, 0, 0, 1),
            Labels.f32(memory.floats(0, 1, 0, 1, 1, 0, 0, 1).view)
        };
        assertEquals(ElementType.U8, types[1].type());
        try (Buckets buckets = Buckets.create(grid, 1)) {
            for (Labels type : types) {
                ThresholdRows rows = ThresholdRows.of(s, u, type).missing(Missing.APART);
                buckets.clear();
                buckets.add(rows.weights(memory.floats(.5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f).view), null, workspace);
                holds(buckets, 0, new long[] {0, 1, 0, 0, 0, 2}, new long[] {1, 0, 1, 0, 2, 0});
            }
            assertEquals(1, buckets.apart(0));
            assertEquals(0, buckets.apart(1));
            Memory.L p = memory.longs(new long[6]);
            Memory.L n = memory.longs(new long[6]);
            buckets.cells(0, true, p.view, n.view);
            assertArrayEquals(new long[] {0, 1 << 19, 0, 0, 0, 1 << 20}, p.get());
            assertArrayEquals(new long[] {1 << 19, 0, 1 << 19, 0, 1 << 20, 0}, n.get());
            buckets.scoreBins(0, false, p.view.slice(0, 3), n.view.slice(0, 3));
            assertArrayEquals(new long[] {0, 1, 2, 0, 0, 1 << 20}, p.get());
            assertArrayEquals(new long[] {1, 2, 1, 0, 1 << 20, 0}, n.get());
        }
        Segments[] segments = {
            Segments.u16(memory.shorts(new short[] {0, 0, 0, 0, 1, 1, 1, 1}).view),
            Segments.u16(new short[] {0, 0, 0, 0, 1, 1, 1, 1}),
            Segments.u32(memory.ints(0, 0, 0, 0, 1, 1, 1, 1).view), Segments.u32(0, 0, 0, 0, 1, 1, 1, 1)
        };
        assertEquals(ElementType.U16, segments[0].type());
        for (Segments each : segments) {
            try (Buckets two = Buckets.create(grid, 2)) {
                assertEquals(2, two.segments());
                two.add(ThresholdRows.of(s, u, types[0]).missing(Missing.APART).segments(each), null, workspace);
                holds(two, 0, new long[] {0, 1, 0, 0, 0, 1}, new long[] {1, 0, 0, 0, 1, 0});
                holds(two, 1, new long[] {0, 0, 0, 0, 0, 1}, new long[] {0, 0, 1, 0, 1, 0});
                assertEquals(0, two.apart(0));
                assertEquals(1, two.apart(1));
            }
        }
    }

    private static ThresholdRows random(int from, int to) {
        Random random = new Random(8);
        float[] s = random.values(5000);
        float[] u = random.values(5000);
        float[] w = Golden.absolute(random.values(5000));
        byte[] labels = new byte[5000];
        for (int i = 0; i < 5000; i++) {
            labels[i] = (byte) random.below(2);
        }
        int[] segments = random.below(3, 5000);
        return ThresholdRows.of(Floats.of(s).slice(from, to - from), Floats.of(u).slice(from, to - from),
                Labels.i8(Bytes.of(labels).slice(from, to - from))).weights(Floats.of(w).slice(from, to - from))
                .segments(Segments.u32(Ints.of(segments).slice(from, to - from)));
    }

    /** However rows are split, and with any pool: the bytes of one call. Taking away is the inverse. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 1025, 4999, 5000})
    void mergeIsAddingAll(int cut) {
        try (Buckets all = Buckets.create(grid, 3); Buckets first = Buckets.create(grid, 3);
                Buckets second = Buckets.create(grid, 3); Pool pool = new Pool(3)) {
            byte[] empty = saved(all);
            all.add(random(0, 5000), null, workspace);
            first.add(random(0, cut), pool, workspace);
            second.add(random(cut, 5000), pool, workspace);
            byte[] before = saved(first);
            first.merge(second);
            assertArrayEquals(saved(all), saved(first));
            first.subtract(second);
            assertArrayEquals(before, saved(first));
            all.clear();
            assertArrayEquals(empty, saved(all));
        }
    }

    /** What was saved is loaded, with its grid, and goes on as the original does. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void savedAndLoaded(Memory memory) {
        try (Buckets buckets = Buckets.create(grid, 3)) {
            buckets.add(random(0, 3000), null, workspace);
            Memory.B bytes = memory.bytes(new byte[(int) buckets.savedBytes()]);
            assertEquals(36 + 3 * 4 + 3 * 7 * 32 + 8, bytes.view.length());
            buckets.save(bytes.view);
            try (Buckets loaded = Buckets.load(bytes.view); Grid same = loaded.grid()) {
                assertArrayEquals(bytes.get(), saved(loaded));
                assertEquals(3, loaded.segments());
                assertEquals(2, loaded.levels());
                assertEquals(3, loaded.bins());
                assertEquals(3, same.bins());
                float[] edges = new float[2];
                same.scoreEdges(1, MutableFloats.of(edges));
                assertArrayEquals(new float[] {0, 1}, edges);
                loaded.add(random(3000, 5000), null, workspace);
                buckets.add(random(3000, 5000), null, workspace);
                assertArrayEquals(saved(buckets), saved(loaded));
            }
        }
    }

    private static void busy(Executable call) {
        HandleException thrown = assertThrows(HandleException.class, call);
        assertTrue(thrown.getMessage().endsWith("is in use by another call"), thrown.getMessage());
        assertEquals("buckets", thrown.details().argumentName());
    }

    @Test
    void changesAreAlone() {
        try (Buckets buckets = Buckets.create(grid, 3); Buckets other = Buckets.create(grid, 3)) {
            ThresholdRows rows = random(0, 10);
            Runnable[] changes = {
                () -> buckets.add(rows, null, workspace), () -> buckets.merge(other), () -> buckets.subtract(other),
                buckets::clear
            };
            buckets.enter(1, "buckets");
            for (Runnable change : changes) {
                busy(change::run);
            }
            saved(buckets);
            buckets.exit();
            for (Runnable change : changes) {
                change.run();
            }
            buckets.enterAlone(1, "buckets");
            busy(buckets::savedBytes);
            busy(() -> buckets.save(MutableBytes.of()));
            busy(() -> buckets.cells(0, false, MutableLongs.of(), MutableLongs.of()));
            busy(() -> buckets.scoreBins(0, false, MutableLongs.of(), MutableLongs.of()));
            busy(() -> buckets.apart(0));
            busy(buckets::grid);
            HandleException thrown = assertThrows(HandleException.class, () -> other.merge(buckets));
            assertEquals(2, thrown.details().argument());
            thrown = assertThrows(HandleException.class, () -> Threshold.passing(
                    Cells.counts(buckets, 0), Ints.of(0, 0)));
            assertEquals("cells.buckets", thrown.details().argumentName());
            assertThrows(HandleException.class, buckets::close);
            buckets.exitAlone();
            // The refused calls left nothing behind.
            other.merge(buckets);
        }
    }

    /** Each call of two threads either adds its rows or finds the buckets busy. */
    @Test
    void addingRaces() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Buckets buckets = Buckets.create(grid, 1)) {
            ThresholdRows row = ThresholdRows.of(Floats.of(0), Floats.of(0), Labels.f32(1));
            Future<?>[] adders = new Future<?>[2];
            for (int i = 0; i < 2; i++) {
                adders[i] = executor.submit(() -> {
                    int done = 0;
                    try (Workspace own = new Workspace()) {
                        for (int round = 0; round < 20_000; round++) {
                            try {
                                buckets.add(row, null, own);
                                done++;
                            } catch (HandleException e) {
                                assertTrue(e.getMessage().endsWith("is in use by another call"), e.getMessage());
                            }
                        }
                    }
                    return done;
                });
            }
            long done = (int) adders[0].get() + (int) adders[1].get();
            holds(buckets, 0, new long[] {0, done, 0, 0, 0, 0}, new long[6]);
        } finally {
            executor.shutdown();
        }
    }

    /** Nothing on the Java heap, and no larger workspace, after the first call. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void hotCallsAllocateNothing(Memory memory) {
        Random random = new Random(9);
        int n = 2000;
        Floats s = memory.floats(random.values(n)).view;
        Floats u = memory.floats(random.values(n)).view;
        Floats limits = memory.floats(0, 0).view;
        MutableFloats values = memory.floats(6).view;
        MutableFloats out = memory.floats(n).view;
        MutableBytes flags = memory.bytes(new byte[n]).view;
        MutableLongs bits = memory.longs(new long[32]).view;
        MutableInts places = memory.ints(new int[n]).view;
        MutableLongs positive = memory.longs(new long[6]).view;
        MutableLongs negative = memory.longs(new long[6]).view;
        MutableFloats two = memory.floats(2).view;
        ThresholdRows rows = ThresholdRows.of(s, u, Labels.i8(memory.bytes(new byte[n]).view));
        try (Buckets buckets = Buckets.create(grid, 1)) {
            Cells cells = Cells.weights(buckets, 0);
            Runnable calls = () -> {
                buckets.add(rows, null, workspace);
                buckets.cells(0, true, positive, negative);
                Threshold.decide(grid, limits, s, u, flags, null);
                Threshold.decideBits(grid, limits, s, u, bits, null);
                Threshold.cells(grid, s, u, places, null);
                Threshold.isotonic(cells, values, workspace);
                Threshold.calibrate(grid, values, s, u, out, null);
                Uncertainty.entropy(limits, two, null);
            };
            for (int i = 0; i < 200; i++) {
                calls.run();
            }
            long size = workspace.bytes();
            com.sun.management.ThreadMXBean threads =
                    (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long id = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 500; i++) {
                calls.run();
            }
            long allocated = threads.getThreadAllocatedBytes(id) - before;
            assertTrue(allocated < 500, "bytes of 500 rounds: " + allocated);
            assertEquals(size, workspace.bytes());
        }
    }
}
