package dev.avocet;

import static dev.avocet.Refused.closed;
import static dev.avocet.Refused.misaligned;
import static dev.avocet.Refused.missing;
import static dev.avocet.Refused.refused;
import static dev.avocet.Refused.wrongSize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Bad arguments of packed indexes; outputs stay as they were. */
class IndexErrorsTest {
    private static final int R = 3;
    private static final int C = 4;
    private static final int D = 2;
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final IndexOptions PLAIN = IndexOptions.DEFAULT;
    private static final IndexOptions BYTES = PLAIN.storage(IndexStorage.INT8);
    private static final IndexSearchOptions ALL = IndexSearchOptions.DEFAULT;
    private static final Longs OWN = Longs.of(1, 2, 3, 4);
    private static final Ints EACH = Ints.of(0, 1, 2, 3);

    private final Workspace workspace = new Workspace();
    private final Pool gonePool = new Pool(1);
    private final Workspace goneWorkspace = new Workspace();
    private final float[] floats = new float[R * 2];
    private final int[] ints = new int[R * 2];
    private final int[] others = new int[R];
    private final long[] longs = new long[R * 2];
    private final MutableInts ids = MutableInts.of(ints);
    private final MutableFloats scores = MutableFloats.of(floats);
    private final MutableInts counts = MutableInts.of(others);
    private final IndexLists lists = IndexLists.of(ids, scores, counts);

    private final Matrix ofRows = Matrix.of(new Random(1).values(R * D), R, D);
    private final Matrix ofCols = Matrix.of(new Random(2).values(C * D), C, D);
    private final Matrix8 byteRows = Matrix8.of(new byte[R * D], R, D);
    private final Matrix8 byteCols = Matrix8.of(new byte[C * D], C, D);
    private final Index plain = Index.create(ofCols, null);
    private final Index named = Index.create(ofCols, PLAIN.ids(OWN), null);
    private final Index ofBytes = Index.create(byteCols, null, BYTES, null);
    private final Index panels = Index.create(ofCols, PLAIN.storage(IndexStorage.INT8_PANELS), null);
    private final Index gone = Index.create(ofCols, null);
    /** Six edges, as many as the outputs hold. */
    private final Graph graph = Random.graph(C, new int[] {0, 2}, new int[] {1, 2, 3}, new int[] {1});
    private final Graph turned = graph.transpose();
    private final Graph wide = Random.graph(C + 1, new int[] {0, 2}, new int[] {1, 2, 3}, new int[] {1});
    private final Graph unsorted = Random.graph(C, new int[0], new int[0], new int[] {2, 1});
    private final Graph goneGraph = Random.graph(C, new int[R][0]);
    private final Handle[] open = {workspace, plain, named, ofBytes, panels, graph, turned, wide, unsorted};

    @BeforeEach
    void fill() {
        for (Handle handle : new Handle[] {gonePool, goneWorkspace, gone, goneGraph}) {
            handle.close();
        }
        Arrays.fill(floats, 7);
        Arrays.fill(ints, 7);
        Arrays.fill(others, 7);
        Arrays.fill(longs, 7);
    }

    @AfterEach
    void unchanged() {
        assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, floats);
        assertArrayEquals(new int[] {7, 7, 7, 7, 7, 7}, ints);
        assertArrayEquals(new int[] {7, 7, 7}, others);
        assertArrayEquals(new long[] {7, 7, 7, 7, 7, 7}, longs);
        for (Handle handle : open) {
            handle.close();
        }
    }

    /** What is wrong with rows and options, rows being argument {@code at}. */
    private void taken(
            int at, BiFunction<RealMatrix, IndexOptions, Executable> reals, BiFunction<Matrix8, Floats, Executable> bytes) {
        missing(at, "rows", reals.apply(null, PLAIN));
        missing(at, "rows", bytes.apply(null, null));
        missing(at + 1, "options", reals.apply(ofCols, null));
        missing(at, "rows.data", reals.apply(Matrix.of(Floats.ofAddress(0, C * D), C, D), PLAIN));
        misaligned(at, "rows.data", reals.apply(Matrix16.f16(Shorts.ofAddress(1025, C * D), C, D), PLAIN));
        missing(at, "rows.data", bytes.apply(Matrix8.of(Bytes.ofAddress(0, C * D), C, D), null));
        float[] bad = new float[C * D];
        bad[2 * D + 1] = Float.NaN;
        refused(Status.NOT_FINITE, at, "rows", 2, reals.apply(Matrix.of(bad, C, D), PLAIN));
        wrongSize(at + 1, "options.scales", 3, bytes.apply(byteCols, Floats.of(1, 1, 1)));
        missing(at + 1, "options.scales", bytes.apply(byteCols, Floats.ofAddress(0, C)));
        misaligned(at + 1, "options.scales", bytes.apply(byteCols, Floats.ofAddress(1025, C)));
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, at + 1, "options.scales", 2,
                bytes.apply(byteCols, Floats.of(1, 1, -1, 1))).real());
        assertEquals(INF, refused(Status.NOT_FINITE, at + 1, "options.scales", 1,
                bytes.apply(byteCols, Floats.of(1, INF, 1, 1))).real());
        wrongSize(at + 1, "options.ids", 3, reals.apply(ofCols, PLAIN.ids(OWN.slice(0, 3))));
        missing(at + 1, "options.ids", reals.apply(ofCols, PLAIN.ids(Longs.ofAddress(0, C))));
        misaligned(at + 1, "options.ids", reals.apply(ofCols, PLAIN.ids(Longs.ofAddress(1025, C))));
    }

    @Test
    void creation() {
        taken(1, (rows, options) -> () -> Index.create(rows, options, null),
                (rows, scales) -> () -> Index.create(rows, scales, BYTES, null));
        missing(2, "options.storage", () -> PLAIN.storage(null));
        missing(2, "options.ids", () -> PLAIN.ids(null));
        missing(2, "options", () -> Index.create(byteCols, null, null, null));
        for (IndexStorage storage : IndexStorage.values()) {
            if (storage != IndexStorage.INT8) {
                assertEquals(storage.ordinal(), refused(Status.INVALID_ARGUMENT, 2, "options.storage",
                        () -> Index.create(byteCols, null, PLAIN.storage(storage), null)).integer());
            }
        }
        assertEquals(65536, refused(Status.SIZE_OVERFLOW, 1, "rows.cols",
                () -> Index.create(Matrix8.of(new byte[0], 0, 65536), null, BYTES, null)).integer());
        assertEquals(1L << 32, refused(Status.SIZE_OVERFLOW, 1, "rows.rows",
                () -> Index.create(Matrix.of(new float[0], 1L << 32, 0), null)).integer());
        // Half has no such numbers.
        refused(Status.NOT_FINITE, 1, "rows", 1, () -> Index.create(
                Matrix.of(new float[] {1, 65520}, 2, 1), PLAIN.storage(IndexStorage.F16), null));
        closed(3, "pool", () -> Index.create(ofCols, gonePool));
    }

    @Test
    void changes() {
        taken(2, (rows, options) -> () -> plain.append(rows, options, null),
                (rows, scales) -> () -> ofBytes.append(rows, scales, PLAIN, null));
        closed(1, "index", () -> gone.append(ofCols, PLAIN, null));
        closed(4, "pool", () -> plain.append(ofCols, PLAIN, gonePool));
        assertEquals(C, refused(Status.INVALID_ARGUMENT, 1, "index",
                () -> panels.append(ofCols, PLAIN, null)).integer());
        refused(Status.INVALID_ARGUMENT, 2, "rows.element_type", () -> plain.append(byteCols, null, PLAIN, null));
        wrongSize(2, "rows.cols", 1, () -> plain.append(Matrix.of(new float[C], C, 1), PLAIN, null));
        wrongSize(3, "options.ids", C, () -> plain.append(ofCols, PLAIN.ids(OWN), null));
        wrongSize(3, "options.ids", 0, () -> named.append(ofCols, PLAIN, null));

        taken(3, (rows, options) -> () -> plain.replace(EACH, rows, options),
                (rows, scales) -> () -> ofBytes.replace(EACH, rows, scales, PLAIN));
        closed(1, "index", () -> gone.replace(EACH, ofCols, PLAIN));
        assertEquals(IndexStorage.INT8_PANELS.ordinal(), refused(Status.INVALID_ARGUMENT, 1, "index",
                () -> panels.replace(EACH, ofCols, PLAIN)).integer());
        refused(Status.INVALID_ARGUMENT, 3, "rows.element_type", () -> plain.replace(EACH, byteCols, null, PLAIN));
        wrongSize(3, "rows.cols", 1, () -> plain.replace(EACH, Matrix.of(new float[C], C, 1), PLAIN));
        refused(Status.INVALID_ARGUMENT, 4, "options.ids", () -> named.replace(EACH, ofCols, PLAIN.ids(OWN)));
        wrongSize(2, "at", 3, () -> plain.replace(EACH.slice(0, 3), ofCols, PLAIN));
        places(at -> () -> plain.replace(at, ofCols, PLAIN));

        closed(1, "index", () -> gone.remove(EACH));
        places(at -> () -> plain.remove(at));
        assertEquals(C, plain.live());
    }

    private static void places(Function<Ints, Executable> call) {
        missing(2, "at", call.apply(null));
        missing(2, "at", call.apply(Ints.ofAddress(0, C)));
        misaligned(2, "at", call.apply(Ints.ofAddress(1025, C)));
        assertEquals(C, refused(Status.INDEX_OUT_OF_RANGE, 2, "at", 3, call.apply(Ints.of(0, 1, 2, C))).integer());
        assertEquals(1, refused(Status.NOT_SORTED, 2, "at", 2, call.apply(Ints.of(0, 1, 1, 3))).integer());
    }

    @Test
    void savedBytes() {
        byte[] saved = new byte[(int) named.savedBytes()];
        byte[] more = new byte[saved.length + 1];
        missing(2, "bytes", () -> named.save(null));
        missing(2, "bytes", () -> named.save(MutableBytes.ofAddress(0, saved.length)));
        wrongSize(3, "len", saved.length - 1, () -> named.save(MutableBytes.of(more, 0, saved.length - 1)));
        wrongSize(3, "len", saved.length + 1, () -> named.save(MutableBytes.of(more)));
        assertArrayEquals(new byte[saved.length + 1], more);
        named.save(MutableBytes.of(saved));
        refused(Status.INVALID_ARGUMENT, 1, "bytes", () -> Index.map(Bytes.of(saved)));
        refused(Status.INVALID_ARGUMENT, 1, "bytes", () -> Index.map(Bytes.of(ByteBuffer.wrap(saved))));
        ByteBuffer buffer = ByteBuffer.allocateDirect(saved.length + 16);
        MutableBytes memory = MutableBytes.of(buffer);
        for (Function<Bytes, Index> make : Arrays.<Function<Bytes, Index>>asList(Index::load, Index::map)) {
            missing(1, "bytes", () -> make.apply(null));
            missing(1, "bytes", () -> make.apply(Bytes.ofAddress(0, saved.length)));
            buffer.duplicate().put(saved);
            for (int length = 0; length < saved.length; length++) {
                Bytes cut = memory.slice(0, length);
                wrongSize(1, "bytes", length, () -> make.apply(cut));
            }
            wrongSize(1, "bytes", saved.length + 1, () -> make.apply(memory.slice(0, saved.length + 1)));
            for (int bit = 0; bit < 8 * saved.length; bit += 5) {
                buffer.put(bit / 8, (byte) (saved[bit / 8] ^ 1 << bit % 8));
                Bytes bad = memory.slice(0, saved.length);
                assertEquals("bytes", assertThrows(
                        InvalidArgumentException.class, () -> make.apply(bad)).details().argumentName());
                buffer.put(bit / 8, saved[bit / 8]);
            }
            make.apply(memory.slice(0, saved.length)).close();
        }
        buffer.position(2);
        buffer.slice().put(saved);
        Bytes odd = Bytes.of(buffer).slice(0, saved.length);
        refused(Status.INVALID_ARGUMENT, 1, "bytes", () -> Index.map(odd));
        Index.load(odd).close();
    }

    @Test
    void ids() {
        MutableLongs out = MutableLongs.of(longs, 0, 2);
        missing(2, "rows", () -> named.ids(null, out));
        missing(4, "out", () -> named.ids(Ints.of(0, 1), null));
        wrongSize(4, "out", 2, () -> named.ids(EACH, out));
        missing(2, "rows", () -> named.ids(Ints.ofAddress(0, 2), out));
        missing(4, "out", () -> named.ids(Ints.of(0, 1), MutableLongs.ofAddress(0, 2)));
        misaligned(4, "out", () -> named.ids(Ints.of(0, 1), MutableLongs.ofAddress(1025, 2)));
        assertEquals(C, refused(Status.INDEX_OUT_OF_RANGE, 2, "rows", 1, () -> named.ids(Ints.of(0, C), out)).integer());
        ByteBuffer both = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        refused(Status.OVERLAP, 4, "out",
                () -> plain.ids(Ints.of(both).slice(0, 2), MutableLongs.of(both)));
        closed(1, "index", () -> gone.ids(Ints.of(0, 1), out));
    }

    /** A call with an index and real queries, and one with queries of bytes and scales. */
    private void queries(
            int at, String name, BiFunction<Index, RealMatrix, Executable> reals,
            BiFunction<Index, Matrix8, Function<Floats, Executable>> bytes) {
        closed(1, "index", reals.apply(gone, ofRows));
        missing(2, "queries", reals.apply(plain, null));
        missing(2, "queries", bytes.apply(ofBytes, null).apply(null));
        missing(2, "queries.data", reals.apply(plain, Matrix.of(Floats.ofAddress(0, R * D), R, D)));
        misaligned(2, "queries.data", reals.apply(plain, Matrix16.bf16(Shorts.ofAddress(1025, R * D), R, D)));
        wrongSize(2, "queries.cols", 1, reals.apply(plain, Matrix.of(new float[R], R, 1)));
        refused(Status.INVALID_ARGUMENT, 2, "queries.element_type", reals.apply(ofBytes, ofRows));
        refused(Status.INVALID_ARGUMENT, 2, "queries.element_type", bytes.apply(plain, byteRows).apply(null));
        wrongSize(at, name, 2, bytes.apply(ofBytes, byteRows).apply(Floats.of(1, 1)));
        missing(at, name, bytes.apply(ofBytes, byteRows).apply(Floats.ofAddress(0, R)));
        misaligned(at, name, bytes.apply(ofBytes, byteRows).apply(Floats.ofAddress(1025, R)));
        assertEquals(-2, refused(Status.INVALID_ARGUMENT, at, name, 1,
                bytes.apply(ofBytes, byteRows).apply(Floats.of(1, -2, 1))).real());
        assertEquals(INF, refused(Status.NOT_FINITE, at, name, 2,
                bytes.apply(ofBytes, byteRows).apply(Floats.of(1, 1, INF))).real());
    }

    private Executable search(IndexSearchOptions options) {
        return () -> plain.search(ofRows, 2, options, lists, null, workspace);
    }

    @Test
    void searches() {
        queries(4, "options.query_scales", (index, x) -> () -> index.search(x, 2, ALL, lists, null, workspace),
                (index, x) -> scales -> () -> index.search(x, scales, 2, ALL, lists, null, workspace));
        queries(4, "options.query_scales", (index, x) -> () -> index.search(x, 2, ids, scores, counts, null, workspace),
                (index, x) -> scales -> () -> index.search(x, scales, 2, ALL, lists, null, workspace));
        refused(Status.INVALID_ARGUMENT, 3, "k", () -> plain.search(ofRows, -1, ALL, lists, null, workspace));
        refused(Status.SIZE_OVERFLOW, 3, "k",
                () -> plain.search(ofRows, Long.MAX_VALUE / 2, ALL, lists, null, workspace));
        missing(4, "options", search(null));
        wrongSize(4, "options.exclude.rows", C, search(ALL.exclude(turned)));
        wrongSize(4, "options.exclude.cols", C + 1, search(ALL.exclude(wide)));
        assertEquals(1, refused(Status.NOT_SORTED, 4, "options.exclude.indices", 1, search(ALL.exclude(unsorted))).integer());
        closed(4, "options.exclude", search(ALL.exclude(goneGraph)));
        wrongSize(4, "options.allow.rows", C, search(ALL.allow(turned)));
        wrongSize(4, "options.allow.cols", C + 1, search(ALL.allow(wide)));
        assertEquals(1, refused(Status.NOT_SORTED, 4, "options.allow.indices", 1, search(ALL.allow(unsorted))).integer());
        closed(4, "options.allow", search(ALL.allow(goneGraph)));
        assertEquals(Double.NaN, refused(Status.NOT_FINITE, 4, "options.least", search(ALL.least(Float.NaN))).real());
        missing(5, "ids", () -> IndexLists.of(null, scores, counts));
        missing(6, "scores", () -> IndexLists.of(ids, null, counts));
        missing(7, "counts", () -> IndexLists.of(ids, scores, null));
        missing(5, "ids", () -> plain.search(ofRows, 2, null, scores, counts, null, workspace));
        missing(6, "scores", () -> plain.search(ofRows, 2, ids, null, counts, null, workspace));
        missing(7, "counts", () -> plain.search(ofRows, 2, ids, scores, null, null, workspace));
        missing(5, "ids", () -> plain.search(ofRows, 2, ALL, null, null, workspace));
        missing(5, "ids", () -> ofBytes.search(byteRows, null, 2, ALL, null, null, workspace));
        wrongSize(5, "ids", 6, () -> plain.search(ofRows, 3, ALL, lists, null, workspace));
        wrongSize(6, "scores", 5,
                () -> plain.search(ofRows, 2, ids, scores.slice(0, 5), counts, null, workspace));
        wrongSize(7, "counts", 2, () -> plain.search(ofRows, 2, ids, scores, counts.slice(0, 2), null, workspace));
        IndexLists[] bad = {lists.nanCounts(ids), lists.survivors(ids)};
        String[] names = {"nan_counts", "survivors"};
        for (int i = 0; i < 2; i++) {
            IndexLists each = bad[i];
            wrongSize(8 + i, names[i], 6, () -> plain.search(ofRows, 2, ALL, each, null, workspace));
        }
        misaligned(8, "nan_counts", () -> plain.search(
                ofRows, 2, ALL, lists.nanCounts(MutableInts.ofAddress(1025, R)), null, workspace));
        missing(9, "survivors", () -> plain.search(
                ofRows, 2, ALL, lists.survivors(MutableInts.ofAddress(0, R)), null, workspace));
        refused(Status.OVERLAP, 8, "nan_counts", () -> plain.search(
                ofRows, 2, ALL, lists.nanCounts(counts), null, workspace));
        closed(10, "pool", () -> plain.search(ofRows, 2, ALL, lists, gonePool, workspace));
        missing(11, "workspace", () -> plain.search(ofRows, 2, ALL, lists, null, null));
        closed(11, "workspace", () -> plain.search(ofRows, 2, ALL, lists, null, goneWorkspace));
        // Refusals keep nothing in use.
        graph.close();
        plain.close();
    }

    @Test
    void givenRows() {
        queries(3, "query_scales", (index, x) -> () -> index.scores(x, graph, scores, null, workspace),
                (index, x) -> factors -> () -> index.scores(x, factors, graph, scores, null, workspace));
        missing(4, "given", () -> plain.scores(ofRows, null, scores, null, workspace));
        wrongSize(4, "given.rows", C, () -> plain.scores(ofRows, turned, scores, null, workspace));
        wrongSize(4, "given.cols", C + 1, () -> plain.scores(ofRows, wide, scores, null, workspace));
        closed(4, "given", () -> plain.scores(ofRows, goneGraph, scores.slice(0, 0), null, workspace));
        missing(5, "out", () -> plain.scores(ofRows, graph, null, null, workspace));
        wrongSize(5, "out", 5, () -> plain.scores(ofRows, graph, scores.slice(0, 5), null, workspace));
        refused(Status.OVERLAP, 5, "out", () -> plain.scores(
                Matrix.of(scores, R, D), graph, scores, null, workspace));
        closed(6, "pool", () -> plain.scores(ofRows, graph, scores, gonePool, workspace));
        missing(7, "workspace", () -> plain.scores(ofRows, graph, scores, null, null));
        closed(7, "workspace", () -> plain.scores(ofRows, graph, scores, null, goneWorkspace));

        int[] more = {7, 7, 7, 7, 7, 7};
        MutableInts equal = MutableInts.of(more);
        queries(3, "query_scales", (index, x) -> () -> index.rankCounts(x, graph, null, ids, equal, null, workspace),
                (index, x) -> factors -> () -> index.rankCounts(x, factors, graph, null, ids, equal, null, workspace));
        missing(4, "given", () -> plain.rankCounts(ofRows, null, null, ids, equal, null, workspace));
        wrongSize(4, "given.rows", C, () -> plain.rankCounts(ofRows, turned, null, ids, equal, null, workspace));
        wrongSize(4, "given.cols", C + 1, () -> plain.rankCounts(ofRows, wide, null, ids, equal, null, workspace));
        closed(4, "given",
                () -> plain.rankCounts(ofRows, goneGraph, null, ids.slice(0, 0), equal.slice(0, 0), null, workspace));
        wrongSize(5, "exclude.rows", C, () -> plain.rankCounts(ofRows, graph, turned, ids, equal, null, workspace));
        wrongSize(5, "exclude.cols", C + 1, () -> plain.rankCounts(ofRows, graph, wide, ids, equal, null, workspace));
        assertEquals(1, refused(Status.NOT_SORTED, 5, "exclude.indices", 1,
                () -> plain.rankCounts(ofRows, graph, unsorted, ids, equal, null, workspace)).integer());
        closed(5, "exclude", () -> plain.rankCounts(ofRows, graph, goneGraph, ids, equal, null, workspace));
        missing(6, "better", () -> plain.rankCounts(ofRows, graph, null, null, equal, null, workspace));
        missing(7, "equal", () -> plain.rankCounts(ofRows, graph, null, ids, null, null, workspace));
        wrongSize(6, "better", 3, () -> plain.rankCounts(ofRows, graph, null, counts, equal, null, workspace));
        wrongSize(7, "equal", 3, () -> plain.rankCounts(ofRows, graph, null, ids, counts, null, workspace));
        refused(Status.OVERLAP, 7, "equal", () -> plain.rankCounts(ofRows, graph, null, ids, ids, null, workspace));
        closed(8, "pool", () -> plain.rankCounts(ofRows, graph, null, ids, equal, gonePool, workspace));
        missing(9, "workspace", () -> plain.rankCounts(ofRows, graph, null, ids, equal, null, null));
        closed(9, "workspace", () -> plain.rankCounts(ofRows, graph, null, ids, equal, null, goneWorkspace));
        assertArrayEquals(new int[] {7, 7, 7, 7, 7, 7}, more);
    }

    private Executable merge(Shards shards) {
        return () -> Index.mergeLists(shards, R, 2, MutableLongs.of(longs), scores, counts);
    }

    @Test
    void shards() {
        Longs names = Longs.of(1, 2, 3, 4, 5, 6);
        Floats found = Floats.of(4, 3, 2, 1, 1, 0);
        Ints used = Ints.of(2, 1, 2);
        Shard good = Shard.of(2, names, found, used);
        refused(Status.INVALID_ARGUMENT, 1, "shards.k", () -> Shard.of(-1, names, found, used));
        refused(Status.SIZE_OVERFLOW, 1, "shards.k", () -> Shard.of(Long.MAX_VALUE / 2, names, found, used));
        missing(1, "shards.ids", () -> Shard.of(2, null, found, used));
        missing(1, "shards.scores", () -> Shard.of(2, names, null, used));
        missing(1, "shards.counts", () -> Shard.of(2, names, found, null));
        wrongSize(1, "shards.ids", 6, () -> Shard.of(1, names, found, used));
        wrongSize(1, "shards.scores", 5, () -> Shard.of(2, names, found.slice(0, 5), used));
        missing(1, "shards", () -> Shards.of((Shard[]) null));
        refused(Status.NULL_POINTER, 1, "shards", 1, () -> Shards.of(good, null));
        assertEquals(1, refused(Status.SHAPE_MISMATCH, 1, "shards.counts", 1, () -> Shards.of(
                good, Shard.of(2, names.slice(0, 2), found.slice(0, 2), used.slice(0, 1)))).integer());
        missing(1, "shards", merge(null));
        assertEquals(1, refused(Status.INVALID_ARGUMENT, 1, "shards.ids", 1,
                merge(Shards.of(good, Shard.of(2, Longs.ofAddress(1025, 6), found, used)))).integer());
        refused(Status.NULL_POINTER, 1, "shards.scores", () -> Shard.of(2, names, Floats.ofAddress(0, 6), used));
        Shard[] many = new Shard[25];
        Arrays.fill(many, good);
        many[23] = Shard.of(2, names, found, Ints.of(2, 3, 0));
        assertEquals(3, refused(Status.INDEX_OUT_OF_RANGE, 1, "shards.counts", 1, merge(Shards.of(many))).integer());
        Shards two = Shards.of(good, good);
        refused(Status.SHAPE_MISMATCH, 3, "queries",
                () -> Index.mergeLists(two, 2, 3, MutableLongs.of(longs), scores, counts));
        refused(Status.INVALID_ARGUMENT, 3, "queries",
                () -> Index.mergeLists(Shards.of(), -1, 2, MutableLongs.of(longs), scores, counts));
        refused(Status.INVALID_ARGUMENT, 4, "k",
                () -> Index.mergeLists(two, R, -1, MutableLongs.of(longs), scores, counts));
        refused(Status.SIZE_OVERFLOW, 4, "k",
                () -> Index.mergeLists(two, R, Long.MAX_VALUE / 2, MutableLongs.of(longs), scores, counts));
        missing(5, "ids", () -> Index.mergeLists(two, R, 2, null, scores, counts));
        missing(6, "scores", () -> Index.mergeLists(two, R, 2, MutableLongs.of(longs), null, counts));
        missing(7, "counts", () -> Index.mergeLists(two, R, 2, MutableLongs.of(longs), scores, null));
        wrongSize(5, "ids", 6, () -> Index.mergeLists(two, R, 1, MutableLongs.of(longs), scores, counts));
        wrongSize(6, "scores", 5,
                () -> Index.mergeLists(two, R, 2, MutableLongs.of(longs), scores.slice(0, 5), counts));
        wrongSize(7, "counts", 2,
                () -> Index.mergeLists(two, R, 2, MutableLongs.of(longs), scores, counts.slice(0, 2)));
        Shards inside = Shards.of(Shard.of(2, names, scores, used));
        refused(Status.OVERLAP, 6, "scores",
                () -> Index.mergeLists(inside, R, 2, MutableLongs.of(longs), scores, counts));
    }

    @Test
    void closedIndexes() {
        closed(1, "index", gone::live);
        closed(1, "index", gone::memory);
        closed(1, "index", gone::savedBytes);
        closed(1, "index", () -> gone.save(MutableBytes.of()));
        assertEquals(C, gone.rows());
        assertEquals(D, gone.cols());
        assertEquals(IndexStorage.F32, gone.storage());
    }
}
