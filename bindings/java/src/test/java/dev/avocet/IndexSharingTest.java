package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed indexes: memory that is mapped, who may use them at once, and what calls allocate. */
class IndexSharingTest {
    private static final IndexOptions PLAIN = IndexOptions.DEFAULT;
    private static final IndexSearchOptions ALL = IndexSearchOptions.DEFAULT;

    private final Workspace workspace = new Workspace();
    private final Matrix rows = Matrix.of(new float[] {1, 0, 0, 1, 1, 1, -1, 2, 2, -1}, 5, 2);
    private final Matrix queries = Matrix.of(new float[] {1, 2, -1, 0}, 2, 2);

    @AfterEach
    void close() {
        workspace.close();
        Memory.release();
    }

    /** Saves to a file, maps it, makes other indexes, and finds what the first one found. */
    @Test
    void mappedFiles(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("items.index");
        Random random = new Random(8);
        Matrix many = Matrix.of(random.values(3000 * 8), 3000, 8);
        Matrix asked = Matrix.of(random.values(2 * 8), 2, 8);
        IndexFound wanted = new IndexFound(Memory.HEAP, 10);
        IndexFound found = new IndexFound(Memory.HEAP, 10);
        try (Index index = Index.create(many, null); FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            index.search(asked, 10, ALL, wanted.view, null, workspace);
            index.save(MutableBytes.of(file.map(MapMode.READ_WRITE, 0, index.savedBytes())));
        }
        Index derived;
        try (FileChannel file = FileChannel.open(path);
                Index mapped = Index.map(Bytes.of(file.map(MapMode.READ_ONLY, 0, file.size())));
                Index less = mapped.remove(Ints.of(wanted.ids.get()[0]))) {
            derived = less.replace(Ints.of(wanted.ids.get()[0]), many.slice(wanted.ids.get()[0], 1), PLAIN);
        }
        System.gc();
        derived.search(asked, 10, ALL, found.view, null, workspace);
        found.are(wanted.ids.get(), wanted.scores.get(), 10, 10);
        derived.close();
    }

    /** Makes indexes that nothing but they keep the memory of. */
    private Index[] family(boolean address, List<WeakReference<Object>> kept) {
        byte[] bytes;
        try (Index index = Index.create(rows, null)) {
            bytes = new byte[(int) index.savedBytes()];
            index.save(MutableBytes.of(bytes));
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
        buffer.duplicate().put(bytes);
        kept.add(new WeakReference<>(buffer));
        Index mapped = address
                ? Index.map(Bytes.ofAddress(Native.bufferAddress(buffer), bytes.length), buffer)
                : Index.map(Bytes.of(buffer));
        Index less = mapped.remove(Ints.of(0));
        Index more = less.append(rows, PLAIN, null);
        return new Index[] {mapped, less, more, more.replace(Ints.of(1), rows.slice(1, 1), PLAIN)};
    }

    /** The memory stays until the last index is closed, and not longer. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mappedMemoryIsKept(boolean address) throws Exception {
        List<WeakReference<Object>> kept = new ArrayList<>();
        Index[] family = family(address, kept);
        IndexFound found = new IndexFound(Memory.HEAP, 2);
        for (Index each : family) {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            assertNotNull(kept.get(0).get());
            each.search(queries, 2, ALL, found.view, null, workspace);
            assertEquals(3f, found.scores.get()[0]);
            each.close();
        }
        for (int i = 0; i < 200 && kept.get(0).get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(kept.get(0).get());
        // They were reachable all the time.
        Reference.reachabilityFence(family);
    }

    /** Two threads search an index, with a pool and without, while this one makes others of it and closes them. */
    @Test
    void searchedWhileOthersAreMade() throws Exception {
        Random random = new Random(4);
        Matrix many = Matrix.of(random.values(5000 * 8), 5000, 8);
        Matrix asked = Matrix.of(random.values(2 * 8), 2, 8);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (Pool pool = new Pool(2); Index index = Index.create(many, pool)) {
            IndexFound wanted = new IndexFound(Memory.HEAP, 10);
            index.search(asked, 10, ALL, wanted.view, null, workspace);
            List<Future<Integer>> searches = new ArrayList<>();
            for (Pool each : new Pool[] {null, pool}) {
                searches.add(executor.submit(() -> {
                    IndexFound found = new IndexFound(Memory.DIRECT, 10);
                    try (Workspace own = new Workspace()) {
                        for (int i = 0; i < 300; i++) {
                            index.search(asked, 10, ALL, found.view, each, own);
                            found.are(wanted.ids.get(), wanted.scores.get(), 10, 10);
                        }
                    }
                    return 300;
                }));
            }
            int made = 0;
            while (made < 20 || !searches.stream().allMatch(Future::isDone)) {
                try (Index more = index.append(many.slice(0, 100), PLAIN, null); Index less = more.remove(Ints.of(1, 5001));
                        Index other = less.replace(Ints.of(1), many.slice(7, 1), PLAIN)) {
                    assertEquals(5099, other.live());
                }
                made++;
            }
            for (Future<Integer> each : searches) {
                assertEquals(300, each.get());
            }
        }
        executor.shutdown();
    }

    /** Each search either completes or finds the index closed, and close succeeds in the end. */
    @Test
    void closingRacesWithSearches() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 100; round++) {
            Index index = Index.create(rows, null);
            List<Future<Boolean>> searches = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                searches.add(executor.submit(() -> {
                    IndexFound found = new IndexFound(Memory.HEAP, 1);
                    try (Workspace own = new Workspace()) {
                        for (;;) {
                            index.search(queries, 1, ALL, found.view, null, own);
                            assertEquals(3f, found.scores.get()[0]);
                        }
                    } catch (HandleException e) {
                        return e.getMessage().endsWith("the index is closed");
                    }
                }));
            }
            for (boolean closed = false; !closed;) {
                try {
                    index.close();
                    closed = true;
                } catch (HandleException e) {
                    assertTrue(e.getMessage().endsWith("the index is in use by a call"), e.getMessage());
                }
            }
            for (Future<Boolean> each : searches) {
                assertTrue(each.get());
            }
        }
        executor.shutdown();
    }

    @Test
    void closingDuringACall() {
        Index index = Index.create(rows, null);
        index.enter(1, "index");
        assertThrows(HandleException.class, index::close);
        assertEquals(5, index.live());
        index.exit();
        index.close();
        index.close();
    }

    /** Nothing on the Java heap, and nothing more in the workspace after the first call. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void callsAllocateNothing(Memory memory) {
        int n = 400;
        int d = 10;
        Matrix x = memory.floats(new Random(1).values(n * d)).matrix(n);
        RealMatrix asked = x.slice(0, 2);
        MutableMatrix8 bytes = MutableMatrix8.of(memory.bytes(new byte[n * d]).view, n, d);
        MutableFloats scales = memory.floats(n).view;
        Convert.quantizeRows(x, bytes, scales, null);
        Matrix8 askedBytes = bytes.slice(0, 2);
        Floats askedScales = scales.slice(0, 2);
        IndexFound found = new IndexFound(memory, 5);
        MutableLongs ids = memory.longs(new long[10]).view;
        MutableFloats own = memory.floats(3).view;
        MutableInts better = memory.ints(new int[3]).view;
        MutableInts equal = memory.ints(new int[3]).view;
        MutableLongs merged = memory.longs(new long[10]).view;
        MutableFloats mergedScores = memory.floats(10).view;
        MutableInts mergedCounts = memory.ints(new int[2]).view;
        Shards shards = Shards.of(Shard.of(5, ids, found.scores.view, found.counts.view));
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        try (Pool pool = new Pool(2); Index index = Index.create(x, PLAIN.storage(IndexStorage.CERTIFIED), null);
                Index ofBytes = Index.create(bytes, scales, PLAIN.storage(IndexStorage.INT8), null);
                Graph given = Random.graph(n, new int[] {1, 7}, new int[] {9})) {
            IndexSearchOptions options = ALL.exclude(given).least(-1);
            for (Pool each : new Pool[] {null, pool}) {
                Runnable calls = () -> {
                    index.search(asked, 5, found.ids.view, found.scores.view, found.counts.view, each, workspace);
                    index.search(asked, 5, options, found.view, each, workspace);
                    ofBytes.search(askedBytes, askedScales, 5, options, found.view, each, workspace);
                    index.scores(asked, given, own, each, workspace);
                    ofBytes.scores(askedBytes, askedScales, given, own, each, workspace);
                    index.rankCounts(asked, given, given, better, equal, each, workspace);
                    ofBytes.rankCounts(askedBytes, askedScales, given, null, better, equal, each, workspace);
                    index.ids(found.ids.view, ids);
                    Index.mergeLists(shards, 2, 5, merged, mergedScores, mergedCounts);
                };
                for (int i = 0; i < 100; i++) {
                    calls.run();
                }
                long reserved = workspace.bytes();
                long before = threads.getThreadAllocatedBytes(id);
                for (int i = 0; i < 200; i++) {
                    calls.run();
                }
                long allocated = threads.getThreadAllocatedBytes(id) - before;
                assertTrue(allocated < 400, "bytes of 200 rounds: " + allocated);
                assertEquals(reserved, workspace.bytes());
            }
        }
    }
}
