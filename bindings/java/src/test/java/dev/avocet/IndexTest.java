package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packed indexes: small known results, and laws. */
class IndexTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final int NONE = Score.NO_ID;
    private static final IndexOptions PLAIN = IndexOptions.DEFAULT;
    private static final IndexSearchOptions ALL = IndexSearchOptions.DEFAULT;
    /** Scores of the queries below: 1, 2, 3, 3, 0 and -1, 0, -1, 1, -2. */
    private static final float[] ROWS = {1, 0, 0, 1, 1, 1, -1, 2, 2, -1};
    private static final float[] QUERIES = {1, 2, -1, 0};

    private final Workspace workspace = new Workspace();
    private final Matrix rows = Matrix.of(ROWS, 5, 2);
    private final Matrix queries = Matrix.of(QUERIES, 2, 2);

    @AfterEach
    void close() {
        workspace.close();
        Memory.release();
    }

    private static void widened(Memory memory, RealMatrix x, List<RealMatrix> to) {
        int n = (int) (x.rows * x.cols);
        MutableMatrix16 f16 = MutableMatrix16.f16(memory.shorts(new short[n]).view, x.rows, x.cols);
        MutableMatrix16 bf16 = MutableMatrix16.bf16(memory.shorts(new short[n]).view, x.rows, x.cols);
        Convert.convert(x, f16, null);
        Convert.convert(x, bf16, null);
        to.addAll(List.of(x, f16, bf16));
    }

    /** All storages of real numbers, rows and queries of all types. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void reals(Memory memory) {
        List<RealMatrix> tables = new ArrayList<>();
        List<RealMatrix> asked = new ArrayList<>();
        widened(memory, memory.floats(ROWS).matrix(5), tables);
        widened(memory, memory.floats(QUERIES).matrix(2), asked);
        for (IndexStorage storage : new IndexStorage[] {
            IndexStorage.F32, IndexStorage.BF16, IndexStorage.F16, IndexStorage.CERTIFIED
        }) {
            for (RealMatrix table : tables) {
                try (Index index = Index.create(table, PLAIN.storage(storage), null)) {
                    assertEquals(List.of(5L, 2L, 5L), List.of(index.rows(), index.cols(), index.live()));
                    assertEquals(storage, index.storage());
                    assertTrue(index.memory() >= 5 * 2 * 2);
                    for (RealMatrix queries : asked) {
                        IndexFound found = new IndexFound(memory, 3);
                        index.search(queries, 3, ALL, found.view, null, workspace);
                        found.are(new int[] {2, 3, 1, 3, 1, 0}, new float[] {3, 3, 2, 1, 0, -1}, 3, 3);
                        assertEquals(storage == IndexStorage.CERTIFIED, found.survivors.get()[0] > 0);
                    }
                }
            }
        }
        // The short form, with a row stride in queries and a pool.
        int[] ids = new int[2];
        float[] scores = new float[2];
        int[] counts = new int[2];
        Matrix apart = Matrix.of(memory.floats(1, 2, 9, -1, 0).view, 2, 2, 3);
        try (Pool pool = new Pool(2); Index index = Index.create(tables.get(0), pool)) {
            index.search(apart, 1, MutableInts.of(ids), MutableFloats.of(scores), MutableInts.of(counts), pool, workspace);
        }
        assertArrayEquals(new int[] {2, 3}, ids);
        assertArrayEquals(new float[] {3, 1}, scores);
        assertArrayEquals(new int[] {1, 1}, counts);
    }

    /** Bytes with and without scales, and bytes that the index made itself. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void integers(Memory memory) {
        Matrix8 table = Matrix8.of(memory.bytes((byte) 1, (byte) 0, (byte) 0, (byte) 1, (byte) 1, (byte) 1,
                (byte) -1, (byte) 2, (byte) 2, (byte) -1).view, 5, 2);
        Matrix8 asked = Matrix8.of(memory.bytes((byte) 1, (byte) 2, (byte) -1, (byte) 0).view, 2, 2);
        Floats scales = memory.floats(1, 1, 1, 2, 1).view;
        Floats halves = memory.floats(.5f, 4).view;
        IndexFound found = new IndexFound(memory, 2);
        IndexOptions bytes = PLAIN.storage(IndexStorage.INT8);
        try (Index index = Index.create(table, null, bytes, null)) {
            index.search(asked, null, 2, ALL, found.view, null, workspace);
            found.are(new int[] {2, 3, 3, 1}, new float[] {3, 3, 1, 0}, 2, 2);
            index.search(asked, halves, 2, ALL, found.view, null, workspace);
            found.are(new int[] {2, 3, 3, 1}, new float[] {1.5f, 1.5f, 4, 0}, 2, 2);
        }
        try (Index index = Index.create(table, scales, bytes, null);
                Graph given = Random.graph(5, new int[] {3, 0}, new int[] {4});
                Index more = index.append(table.slice(3, 1), memory.floats(5f).view, PLAIN, null);
                Index other = more.replace(memory.ints(0).view, table.slice(2, 1), memory.floats(7f).view, PLAIN)) {
            index.search(asked, halves, 2, ALL, found.view, null, workspace);
            found.are(new int[] {3, 2, 3, 1}, new float[] {3, 1.5f, 8, 0}, 2, 2);
            Memory.F own = memory.floats(3);
            Memory.I better = memory.ints(new int[3]);
            Memory.I equal = memory.ints(new int[3]);
            index.scores(asked, halves, given, own.view, null, workspace);
            index.rankCounts(asked, halves, given, null, better.view, equal.view, null, workspace);
            assertArrayEquals(new float[] {3, .5f, -8}, own.get());
            assertArrayEquals(new int[] {0, 3, 4}, better.get());
            assertArrayEquals(new int[3], equal.get());
            other.search(asked, null, 2, ALL, found.view, null, workspace);
            found.are(new int[] {0, 5, 5, 3}, new float[] {21, 15, 5, 2}, 2, 2);
        }
        for (IndexStorage storage : new IndexStorage[] {IndexStorage.INT8, IndexStorage.INT8_PANELS}) {
            try (Index index = Index.create(memory.floats(ROWS).matrix(5), PLAIN.storage(storage), null)) {
                index.search(asked, halves, 2, ALL.least(.5f), found.view, null, workspace);
                int[] ids = found.ids.get();
                assertEquals(5, ids[0] + ids[1]);
                assertArrayEquals(new int[] {3, NONE}, Arrays.copyOfRange(ids, 2, 4));
                assertArrayEquals(new float[] {1.5f, 1.5f, 4, -INF}, found.scores.get(), .05f);
                assertArrayEquals(new int[] {2, 1}, found.counts.get());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void options(Memory memory) {
        IndexFound found = new IndexFound(memory, 3);
        try (Index index = Index.create(memory.floats(ROWS).matrix(5), null);
                Graph some = Random.graph(5, new int[] {1, 3}, new int[] {0});
                Graph one = Random.graph(5, new int[] {3}, new int[0])) {
            index.search(queries, 3, ALL.exclude(some), found.view, null, workspace);
            found.are(new int[] {2, 0, 4, 3, 1, 2}, new float[] {3, 1, 0, 1, 0, -1}, 3, 3);
            index.search(queries, 3, ALL.allow(some), found.view, null, workspace);
            found.are(new int[] {3, 1, NONE, 0, NONE, NONE}, new float[] {3, 2, -INF, -1, -INF, -INF}, 2, 1);
            index.search(queries, 3, ALL.allow(some).exclude(one), found.view, null, workspace);
            found.are(new int[] {1, NONE, NONE, 0, NONE, NONE}, new float[] {2, -INF, -INF, -1, -INF, -INF}, 1, 1);
            index.search(queries, 3, ALL.least(1), found.view, null, workspace);
            found.are(new int[] {2, 3, 1, 3, NONE, NONE}, new float[] {3, 3, 2, 1, -INF, -INF}, 3, 1);
            // Without the optional outputs.
            index.search(queries, 3, ALL, IndexLists.of(found.ids.view, found.scores.view, found.counts.view), null,
                    workspace);
            assertArrayEquals(new int[] {3, 3}, found.counts.get());
            Matrix infinite = memory.floats(INF, -INF, 0, INF).matrix(2);
            index.search(infinite, 3, ALL, found.view, null, workspace);
            assertArrayEquals(new int[] {3, 1}, found.nans.get());
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void givenRows(Memory memory) {
        try (Index index = Index.create(memory.floats(ROWS).matrix(5), null);
                Graph given = Random.graph(5, new int[] {3, 2, 4}, new int[] {0, 3});
                Graph exclude = Random.graph(5, new int[] {2}, new int[] {1, 3})) {
            Memory.F scores = memory.floats(5);
            Memory.I better = memory.ints(new int[5]);
            Memory.I equal = memory.ints(new int[5]);
            index.scores(queries, given, scores.view, null, workspace);
            assertArrayEquals(new float[] {3, 3, 0, -1, 1}, scores.get());
            index.rankCounts(queries, given, null, better.view, equal.view, null, workspace);
            assertArrayEquals(new int[] {0, 0, 4, 2, 0}, better.get());
            assertArrayEquals(new int[] {1, 1, 0, 1, 0}, equal.get());
            index.rankCounts(queries, given, exclude, better.view, equal.view, null, workspace);
            assertArrayEquals(new int[] {0, 0, 3, 0, 0}, better.get());
            assertArrayEquals(new int[] {0, 1, 0, 1, 0}, equal.get());
        }
    }

    /** Rows that come, change and go; ids; indexes that are closed in any order. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void changes(Memory memory) {
        Longs own = memory.longs(10, 11, 12, 13, -2).view;
        IndexFound found = new IndexFound(memory, 3);
        Index index = Index.create(memory.floats(ROWS).matrix(5), PLAIN.ids(own), null);
        assertTrue(index.hasIds());
        Index less = index.remove(memory.ints(2, 3).view);
        assertEquals(List.of(5L, 3L), List.of(less.rows(), less.live()));
        Index more = less.append(memory.floats(10, 10).matrix(1), PLAIN.ids(memory.longs(20).view), null);
        Index back = more.replace(memory.ints(0, 3).view, memory.floats(5, 0, 0, 9).matrix(2), PLAIN);
        less.close();
        index.close();
        more.search(queries, 3, ALL, found.view, null, workspace);
        found.are(new int[] {5, 1, 0, 1, 0, 4}, new float[] {30, 2, 1, 0, -1, -2}, 3, 3);
        more.close();
        assertEquals(List.of(6L, 5L), List.of(back.rows(), back.live()));
        back.search(queries, 3, ALL, found.view, null, workspace);
        found.are(new int[] {5, 3, 0, 1, 3, 4}, new float[] {30, 18, 5, 0, 0, -2}, 3, 3);
        Memory.L ids = memory.longs(new long[4]);
        back.ids(memory.ints(5, 3, NONE, 4).view, ids.view);
        assertArrayEquals(new long[] {20, 13, Index.NO_LONG_ID, -2}, ids.get());
        back.close();
        assertEquals(6, back.rows());
        assertEquals(2, back.cols());
        assertTrue(back.hasIds());
        try (Index plain = Index.create(rows, null)) {
            assertFalse(plain.hasIds());
            plain.ids(memory.ints(4, NONE).view, ids.view.slice(0, 2));
            assertArrayEquals(new long[] {4, -1, -1, -2}, ids.get());
        }
    }

    @Test
    void notFiniteRowsAreSkipped() {
        IndexFound found = new IndexFound(Memory.HEAP, 2);
        Matrix bad = Matrix.of(new float[] {1, Float.NaN, 3, 0, 0, INF, 2, 0}, 4, 2);
        IndexOptions skip = PLAIN.skipNotFinite(true);
        try (Index index = Index.create(bad, skip, null); Index more = index.append(bad, skip, null);
                Index other = more.replace(Ints.of(1, 2), bad.slice(0, 2), skip)) {
            assertEquals(List.of(2L, 4L, 4L), List.of(index.live(), more.live(), other.live()));
            other.search(queries, 2, ALL, found.view, null, workspace);
            found.are(new int[] {2, 5, 3, 7}, new float[] {3, 3, -2, -2}, 2, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void nothing(Memory memory) {
        IndexFound found = new IndexFound(memory, 0);
        IndexFound two = new IndexFound(memory, 2);
        MutableInts none = memory.ints().view;
        MutableFloats empty = memory.floats().view;
        Matrix noRows = Matrix.of(empty, 0, 2);
        try (Index index = Index.create(rows, null); Index of = Index.create(noRows, PLAIN.ids(memory.longs().view), null);
                Index flat = Index.create(Matrix.of(empty, 3, 0), null); Graph given = Random.graph(5);
                Index same = index.append(noRows, PLAIN, null); Index also = index.replace(none, noRows, PLAIN);
                Index all = index.remove(none); Index grown = of.append(rows.slice(0, 1), PLAIN.ids(Longs.of(9)), null)) {
            index.search(queries, 0, ALL, found.view, null, workspace);
            found.are(new int[0], new float[0], 0, 0);
            index.search(noRows, Long.MAX_VALUE, none, empty, none, null, workspace);
            index.scores(noRows, given, empty, null, workspace);
            index.rankCounts(noRows, given, null, none, none, null, workspace);
            index.ids(none, memory.longs().view);
            of.search(queries, 2, ALL, two.view, null, workspace);
            two.are(new int[] {NONE, NONE, NONE, NONE}, new float[] {-INF, -INF, -INF, -INF}, 0, 0);
            assertTrue(of.hasIds());
            assertEquals(1, grown.rows());
            flat.search(Matrix.of(empty, 2, 0), 2, ALL, two.view, null, workspace);
            two.are(new int[] {0, 1, 0, 1}, new float[4], 2, 2);
            for (Index each : new Index[] {same, also, all}) {
                assertEquals(5, each.live());
            }
        }
        Index.mergeLists(Shards.of(), 2, 2, memory.longs(new long[4]).view, two.scores.view, two.counts.view);
        assertArrayEquals(new float[] {-INF, -INF, -INF, -INF}, two.scores.get());
        assertArrayEquals(new int[2], two.counts.get());
    }

    /** {@code a s.t + b s'.t'} of two tables side by side. */
    @Test
    void twoTablesInOnePass() {
        Random random = new Random(5);
        Matrix left = Matrix.of(random.values(2 * 3), 2, 3);
        Matrix second = Matrix.of(random.values(2 * 4), 2, 4);
        Matrix right = Matrix.of(random.values(50 * 3), 50, 3);
        Matrix other = Matrix.of(random.values(50 * 4), 50, 4);
        float[] wanted = new float[100];
        Score.matrix(ScoreTables.of(left, right).second(second, other, .75f, -1.5f), MutableMatrix.of(wanted, 2, 50), null);
        float[] table = new float[50 * 7];
        float[] asked = new float[2 * 7];
        beside(table, right, 1, other, 1);
        beside(asked, left, .75f, second, -1.5f);
        IndexFound found = new IndexFound(Memory.HEAP, 50);
        try (Index index = Index.create(Matrix.of(table, 50, 7), null)) {
            index.search(Matrix.of(asked, 2, 7), 50, ALL, found.view, null, workspace);
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(wanted[i / 50 * 50 + found.ids.get()[i]], found.scores.get()[i], 1e-6);
        }
    }

    private static void beside(float[] out, Matrix a, float factor, Matrix b, float otherFactor) {
        float[] left = (float[]) a.base;
        float[] right = (float[]) b.base;
        int cols = (int) (a.cols + b.cols);
        for (int i = 0; i < out.length; i++) {
            int row = i / cols;
            int col = i % cols;
            out[i] = col < a.cols ? factor * left[(int) (row * a.cols + col)]
                    : otherFactor * right[(int) (row * b.cols + col - a.cols)];
        }
    }

    private static byte[] saved(Index index) {
        byte[] bytes = new byte[(int) index.savedBytes()];
        index.save(MutableBytes.of(bytes));
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void savedAndLoaded(Memory memory) {
        for (IndexStorage storage : IndexStorage.values()) {
            try (Index index = Index.create(rows, PLAIN.storage(storage).ids(Longs.of(5, 4, 3, 2, 1)), null);
                    Index less = index.remove(Ints.of(1))) {
                Memory.B bytes = memory.bytes(new byte[(int) less.savedBytes()]);
                less.save(bytes.view);
                try (Index loaded = Index.load(bytes.view)) {
                    assertArrayEquals(bytes.get(), saved(loaded));
                    assertEquals(storage, loaded.storage());
                    assertEquals(4, loaded.live());
                    assertTrue(loaded.hasIds());
                }
            }
        }
    }

    /** Shards give what one index gives; 30 of them are more than are laid out without further memory. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void shards(Memory memory) {
        Random random = new Random(3);
        Matrix many = Matrix.of(random.values(300 * 8), 300, 8);
        Matrix asked = Matrix.of(random.values(2 * 8), 2, 8);
        IndexFound wanted = new IndexFound(memory, 20);
        try (Index index = Index.create(many, null)) {
            index.search(asked, 20, ALL, wanted.view, null, workspace);
        }
        for (int count : new int[] {1, 3, 20, 21, 30}) {
            int size = 300 / count;
            Shard[] shards = new Shard[count];
            for (int i = 0; i < count; i++) {
                int of = i == count - 1 ? 300 - i * size : size;
                long[] own = LongStream.range(i * size, i * size + of).toArray();
                IndexFound found = new IndexFound(memory, 20);
                MutableLongs ids = memory.longs(new long[40]).view;
                try (Index index = Index.create(many.slice(i * size, of), PLAIN.ids(Longs.of(own)), null)) {
                    index.search(asked, 20, ALL, found.view, null, workspace);
                    index.ids(found.ids.view, ids);
                }
                // The order of the shards does not matter.
                shards[count - 1 - i] = Shard.of(20, ids, found.scores.view, found.counts.view);
            }
            Memory.L ids = memory.longs(new long[40]);
            Memory.F scores = memory.floats(40);
            Memory.I counts = memory.ints(7, 7);
            Index.mergeLists(Shards.of(shards), 2, 20, ids.view, scores.view, counts.view);
            assertArrayEquals(Arrays.stream(wanted.ids.get()).asLongStream().toArray(), ids.get());
            assertArrayEquals(wanted.scores.get(), scores.get());
            assertArrayEquals(wanted.counts.get(), counts.get());
        }
        // Ids have no sign; shards may have lists of different lengths.
        Memory.L ids = memory.longs(5, 5, 5);
        Memory.F scores = memory.floats(3);
        Memory.I counts = memory.ints(0);
        Index.mergeLists(Shards.of(
                Shard.of(2, memory.longs(-7, -1).view, memory.floats(1, -INF).view, memory.ints(1).view),
                Shard.of(1, memory.longs(3).view, memory.floats(1f).view, memory.ints(1).view)),
                1, 3, ids.view, scores.view, counts.view);
        assertArrayEquals(new long[] {3, -7, Index.NO_LONG_ID}, ids.get());
        assertArrayEquals(new float[] {1, 1, -INF}, scores.get());
        assertArrayEquals(new int[] {2}, counts.get());
    }
}
