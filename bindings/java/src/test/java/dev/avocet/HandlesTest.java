package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Graphs, pools, streams, prepared rows, sparse models, indexes and workspaces: sizes, lifetime, sharing. */
class HandlesTest {
    @Test
    void sizes() {
        try (Pool pool = new Pool(3); Workspace workspace = new Workspace(100);
                Graph graph = Random.graph(4, new int[] {0, 3}, new int[0], new int[] {1, 2, 3});
                Graph back = graph.transpose(); Graph part = graph.selectRows(Indices.i64(2, 2))) {
            assertEquals(3, pool.threads());
            assertTrue(workspace.bytes() >= 100);
            workspace.reserve(5000);
            assertTrue(workspace.bytes() >= 5000);
            assertEquals(List.of(3L, 4L, 5L, 5L),
                    List.of(graph.rows(), graph.cols(), graph.edges(), graph.edgeIdLimit()));
            assertEquals(List.of(4L, 3L, 5L, 5L), List.of(back.rows(), back.cols(), back.edges(), back.edgeIdLimit()));
            assertEquals(List.of(2L, 4L, 6L, 5L), List.of(part.rows(), part.cols(), part.edges(), part.edgeIdLimit()));
            assertEquals(List.of(false, true, true), List.of(graph.isDerived(), back.isDerived(), part.isDerived()));
        }
    }

    @Test
    void closingTwice() {
        Pool pool = new Pool(1);
        pool.close();
        pool.close();
        assertThrows(HandleException.class, pool::threads);
        Stream stream = Stream.create(Protocol.WINDOW, Longs.of(1), Longs.of(1), null, 0, 0);
        stream.enter(1, "stream");
        HandleException inUse = assertThrows(HandleException.class, stream::close);
        assertTrue(inUse.getMessage().endsWith("the stream is in use by a call"), inUse.getMessage());
        stream.exit();
        stream.close();
        stream.close();
        assertThrows(HandleException.class, () -> stream.copy(null, null, null, null));
        PreparedRows rows = PreparedRows.create(1, SparseRows.of(Indices.i32(0, 1), Indices.i32(0)));
        rows.enter(1, "rows");
        inUse = assertThrows(HandleException.class, rows::close);
        assertTrue(inUse.getMessage().endsWith("the set of rows is in use by a call"), inUse.getMessage());
        rows.exit();
        rows.close();
        rows.close();
    }

    /** A call takes what it needs; one of the same shape needs nothing more. */
    @Test
    void workspacesGrow() {
        try (Workspace workspace = new Workspace()) {
            float[] out = new float[100 * 40];
            Addends addends = Addends.of(Addend.of(
                    Matrix.of(new float[100 * 30], 100, 30), Matrix.of(new float[30 * 40], 30, 40)));
            Dense.product(addends, DenseOptions.DEFAULT, MutableMatrix.of(out, 100, 40), null, null, workspace);
            long needed = workspace.bytes();
            assertTrue(needed > 0);
            Dense.product(addends, DenseOptions.DEFAULT, MutableMatrix.of(out, 100, 40), null, null, workspace);
            assertEquals(needed, workspace.bytes());
        }
        try (Workspace workspace = new Workspace()) {
            Floats x = Floats.of(new float[20_000]);
            assertEquals(20_000 * Math.log(2),
                    Logistic.pointwise(x, LogisticTargets.labels(x), null, null, null, null, workspace), 1e-2);
            long needed = workspace.bytes();
            assertTrue(needed >= 16 * 20);
            Logistic.pointwise(x, LogisticTargets.labels(x), null, null, null, null, workspace);
            assertEquals(needed, workspace.bytes());
        }
        try (Workspace workspace = new Workspace()) {
            LogisticRows rows = LogisticRows.of(Matrix.of(new float[20_000 * 3], 20_000, 3), Floats.of(1, 2, 3));
            LogisticTargets targets = LogisticTargets.labels(Floats.of(new float[20_000]));
            LogisticOut out = LogisticOut.NONE.gradient(MutableFloats.of(new float[3]));
            assertEquals(20_000 * Math.log(2), Logistic.batch(rows, targets, out, null, workspace).loss(), 1e-2);
            long needed = workspace.bytes();
            assertTrue(needed >= 40 * 20);
            Logistic.batch(rows, targets, out, null, workspace);
            assertEquals(needed, workspace.bytes());
        }
    }

    /** Calls make no objects, but for the losses of a graph, fits, merges and the metrics, which return some. */
    @Test
    void callsMakeNoObjects() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int n = 2000;
        Floats x = Floats.of(new Random(1).values(n));
        MutableFloats a = MutableFloats.of(new float[n]);
        MutableFloats b = MutableFloats.of(new float[n]);
        Bytes kinds = Bytes.of(new byte[n]);
        FeedbackScheme scheme = FeedbackScheme.of(FeedbackMethod.FNW);
        LogisticTargets targets = LogisticTargets.coefficients(a, b);
        MutableFloats out = MutableFloats.of(new float[n]);
        int[] offsets = new int[n + 1];
        Arrays.setAll(offsets, i -> i);
        SparseRows rows = SparseRows.of(Indices.i32(offsets), Indices.i32(new int[n])).values(x);
        long[] used = new long[2];
        try (Workspace workspace = new Workspace(); Pool pool = new Pool(2);
                SparseModel model = SparseModel.create(SparseModelOptions.of(1));
                PreparedRows prepared = PreparedRows.create(1, rows);
                Stream stream = Stream.create(
                        Protocol.WINDOW, Longs.of(new long[n]), Longs.of(new long[n]), null, 0, 0)) {
            MutableBytes to = MutableBytes.of(new byte[n]);
            Floats one = Floats.of(1);
            LogisticRows[] batches = {
                LogisticRows.of(Matrix.of(x, n, 1), one), LogisticRows.of(rows, one), LogisticRows.of(prepared, one),
                LogisticRows.of(prepared, one).compact(true)
            };
            LogisticOut gradient = LogisticOut.NONE.margins(out).gradient(MutableFloats.of(new float[1]));
            LogisticSums sums = new LogisticSums();
            for (Pool each : new Pool[] {null, pool}) {
                // The first round loads classes.
                for (int round = 0; round < 2; round++) {
                    long before = threads.getThreadAllocatedBytes(thread);
                    for (int i = 0; i < 100; i++) {
                        Feedback.weights(scheme, kinds, x, null, null, a, b, each);
                        Logistic.pointwise(x, targets, null, out, null, each, workspace);
                        Feedback.served(x, out, each);
                        stream.copy(null, null, to, null);
                        model.predict(rows, out, each);
                        model.learn(rows, targets, 16, out, workspace);
                        Logistic.product(x, x, targets, null, out, null, each, workspace);
                        for (int kind = 0; kind < batches.length; kind++) {
                            Logistic.batch(batches[kind], targets, gradient, sums, each, workspace);
                        }
                    }
                    used[round] = threads.getThreadAllocatedBytes(thread) - before;
                }
                assertTrue(used[1] < 400, used[1] + " bytes by 1100 calls");
            }
        }
    }

    /** The sums that a call makes, once as an array. */
    @Test
    void newSumsAreTwoObjects() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        LogisticRows rows = LogisticRows.of(Matrix.of(new Random(1).values(3000), 1000, 3), Floats.of(1, 2, 3));
        LogisticTargets targets = LogisticTargets.labels(Floats.of(new float[1000]));
        LogisticOut out = LogisticOut.NONE.gradient(MutableFloats.of(new float[3]));
        try (Workspace workspace = new Workspace()) {
            long used = 0;
            // The first round loads classes.
            for (int round = 0; round < 2; round++) {
                long before = threads.getThreadAllocatedBytes(thread);
                for (int i = 0; i < 100; i++) {
                    Logistic.batch(rows, targets, out, null, workspace);
                }
                used = threads.getThreadAllocatedBytes(thread) - before;
            }
            assertTrue(used < 100 * 96 + 400, used + " bytes by 100 calls");
        }
    }

    /** Makes calls that take some milliseconds from a thread, until told to stop. */
    private static final class Busy implements AutoCloseable {
        private static final int N = 400_000;
        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final CountDownLatch started = new CountDownLatch(1);
        private final Future<Integer> calls;
        private volatile boolean stop;

        Busy(Runnable call) throws InterruptedException {
            calls = executor.submit(() -> {
                int count = 0;
                while (!stop) {
                    call.run();
                    started.countDown();
                    count++;
                }
                return count;
            });
            started.await();
        }

        @Override
        public void close() {
            stop = true;
            try {
                assertTrue(calls.get() > 0);
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
            executor.shutdown();
        }
    }

    @Test
    void closingDuringCalls() throws Exception {
        Pool pool = new Pool(2);
        Graph graph = Random.graph(1, new int[Busy.N]);
        float[] x = new float[Busy.N];
        float[] out = new float[Busy.N];
        Matrix one = Matrix.of(new float[] {1, 2, 3, 4}, 1, 4);
        AtomicInteger refused = new AtomicInteger();
        try (Busy maps = new Busy(() -> Functions.map(Function.SOFTPLUS, Floats.of(x), MutableFloats.of(out), pool));
                Busy sums = new Busy(() -> Aggregate.aggregate(graph, one, AggregateOptions.DEFAULT,
                        MutableMatrix.of(new float[4], 1, 4), null))) {
            while (refused.get() < 2) {
                assertFalse(maps.calls.isDone() || sums.calls.isDone());
                for (Handle handle : new Handle[] {pool, graph}) {
                    // Between two calls closing may succeed, which would end the other thread's loop: hold it in use.
                    handle.enter(1, "handle");
                    try {
                        HandleException thrown = assertThrows(HandleException.class, handle::close);
                        assertTrue(thrown.getMessage().endsWith("is in use by a call"), thrown.getMessage());
                        refused.incrementAndGet();
                    } finally {
                        handle.exit();
                    }
                }
            }
        }
        assertEquals((float) Math.log(2), out[7], 1e-6);
        pool.close();
        graph.close();
    }

    /** Close races with calls: each call either completes or finds the handle closed, and close succeeds in the end. */
    @Test
    void closingRacesWithCalls() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        for (int round = 0; round < 200; round++) {
            Graph graph = Random.graph(4, new int[] {0, 3}, new int[0], new int[] {1, 2, 3});
            Callable<Boolean> caller = () -> {
                long[] offsets = new long[4];
                try {
                    for (;;) {
                        graph.offsets(MutableLongs.of(offsets));
                        assertEquals(5, offsets[3]);
                    }
                } catch (HandleException e) {
                    return e.getMessage().endsWith("is closed");
                }
            };
            List<Future<Boolean>> callers = List.of(executor.submit(caller), executor.submit(caller));
            for (boolean closed = false; !closed;) {
                try {
                    graph.close();
                    closed = true;
                } catch (HandleException e) {
                    assertTrue(e.getMessage().endsWith("is in use by a call"), e.getMessage());
                }
            }
            for (Future<Boolean> future : callers) {
                assertTrue(future.get());
            }
        }
        executor.shutdown();
    }

    @Test
    void aWorkspaceServesOneCall() {
        try (Workspace workspace = new Workspace()) {
            workspace.enter(1, "workspace");
            HandleException thrown = assertThrows(HandleException.class, () -> Score.topK(
                    Matrix.of(new float[1], 1, 1), Matrix.of(new float[1], 1, 1), null, 1,
                    MutableInts.of(new int[1]), MutableFloats.of(new float[1]), MutableInts.of(new int[1]), null, null,
                    workspace));
            assertEquals(10, thrown.details().argument());
            assertTrue(thrown.getMessage().endsWith("is in use by another call"), thrown.getMessage());
            assertThrows(HandleException.class, workspace::bytes);
            workspace.exit();
            assertTrue(workspace.bytes() >= 0);
        }
    }

    /** A call that is refused because of one handle gives the others free. */
    @Test
    void refusalsKeepNothing() {
        Graph graph = Random.graph(1, new int[1]);
        Graph back = graph.transpose();
        Pool pool = new Pool(1);
        Workspace closed = new Workspace();
        closed.close();
        Matrix one = Matrix.of(new float[1], 1, 1);
        assertThrows(HandleException.class, () -> Score.edgeLoss(
                graph, back, one, one, EdgeTerm.of(EdgeKind.POSITIVE), null, null, null, pool, closed));
        graph.close();
        back.close();
        pool.close();
    }

    @Test
    void manyCallersShareAGraphAndAPool() throws Exception {
        Map<String, String> wanted = Golden.vectors(Memory.DIRECT, null);
        ExecutorService executor = Executors.newFixedThreadPool(6);
        Random random = new Random(9);
        float[] x = random.values(500 * 33);
        try (Pool pool = new Pool(3); Graph graph = random.graph(700, 500, i -> random.below(40), false)) {
            float[] alone = new float[700 * 33];
            Aggregate.aggregate(graph, Matrix.of(x, 500, 33), AggregateOptions.DEFAULT,
                    MutableMatrix.of(alone, 700, 33), null);
            List<Future<Boolean>> callers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Memory memory = Memory.values()[i % 3];
                boolean golden = i == 0;
                callers.add(executor.submit(() -> {
                    boolean same = !golden || wanted.equals(Golden.vectors(Memory.DIRECT, pool));
                    for (int round = 0; round < 20; round++) {
                        Memory.F out = memory.floats(700 * 33);
                        Aggregate.aggregate(graph, Matrix.of(x, 500, 33), AggregateOptions.DEFAULT, out.matrix(700),
                                round % 2 == 0 ? pool : null);
                        same &= Arrays.equals(alone, out.get());
                    }
                    return same;
                }));
            }
            for (Future<Boolean> caller : callers) {
                assertTrue(caller.get());
            }
        }
        executor.shutdown();
    }

    /** What is not closed is freed by the cleaner and counted; nothing that was closed is. */
    @Test
    void forgottenHandles() throws Exception {
        long before = Avocet.leakedHandles();
        for (int i = 0; i < 100; i++) {
            Random.graph(1, new int[1]).close();
        }
        forget();
        for (int i = 0; i < 200 && Avocet.leakedHandles() < before + 7; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(before + 7, Avocet.leakedHandles());
    }

    private static void forget() {
        assertEquals(1, Random.graph(1, new int[1]).edges());
        assertEquals(2, new Pool(2).threads());
        assertEquals(0, new Workspace(0).bytes());
        assertEquals(1, Stream.create(Protocol.WINDOW, Longs.of(1), Longs.of(1), null, 0, 0).rows());
        assertEquals(3, SparseModel.create(SparseModelOptions.of(3)).features());
        assertEquals(2, PreparedRows.create(2, SparseRows.of(Indices.i32(0), Indices.i32())).columns());
        assertEquals(1, Index.create(Matrix.of(new float[1], 1, 1), null).live());
    }

    /**
     * Neither calls nor refused calls keep native memory: 40 graphs, streams, models, prepared rows and families of indexes,
     * and as many copies, would be 1 GB.
     */
    @Test
    void nothingIsLeaked() throws Exception {
        int n = 1 << 20;
        int[] columns = new int[n];
        int[] bad = new int[n];
        bad[n - 1] = 1;
        for (int i = 0; i < 3; i++) {
            churn(columns, bad, n);
        }
        long before = resident();
        for (int i = 0; i < 40; i++) {
            churn(columns, bad, n);
        }
        assertTrue(resident() - before < 100 << 20, (resident() - before >> 20) + " MB more");
    }

    private static void churn(int[] columns, int[] bad, int n) {
        Graph.create(1, Indices.u32(0, n), Indices.u32(columns)).close();
        assertThrows(IndexException.class, () -> Graph.create(1, Indices.u32(0, n), Indices.u32(bad)));
        long[] early = new long[n / 4];
        Longs times = Longs.of(new long[n / 4]);
        Stream.create(Protocol.WINDOW, times, times, null, 0, 0).close();
        early[early.length - 1] = -1;
        assertThrows(InvalidArgumentException.class,
                () -> Stream.create(Protocol.WINDOW, times, Longs.of(early), null, 0, 0));
        try (SparseModel model = SparseModel.create(SparseModelOptions.of(n)); Workspace workspace = new Workspace()) {
            Floats zeros = Floats.of(new float[n / 4]);
            int[] offsets = new int[n / 4 + 1];
            Arrays.setAll(offsets, i -> i);
            int[] features = Arrays.copyOf(offsets, n / 4);
            SparseRows rows = SparseRows.of(Indices.i32(offsets), Indices.i32(features));
            model.learn(rows, LogisticTargets.labels(zeros), n, null, workspace);
            PreparedRows.create(n, rows.values(zeros)).close();
            assertThrows(IndexException.class, () -> PreparedRows.create(7, rows));
            byte[] saved = new byte[(int) model.savedBytes()];
            model.save(MutableBytes.of(saved));
            SparseModel.load(Bytes.of(saved)).close();
            saved[100] ^= 1;
            assertThrows(InvalidArgumentException.class, () -> SparseModel.load(Bytes.of(saved)));
        }
        Matrix table = Matrix.of(new float[n / 4], n / 32, 8);
        try (Index index = Index.create(table, null); Index more = index.append(table, IndexOptions.DEFAULT, null);
                Index less = more.remove(Ints.of(7))) {
            less.replace(Ints.of(7), table.slice(0, 1), IndexOptions.DEFAULT).close();
            assertThrows(IndexException.class, () -> less.remove(Ints.of(n)));
            byte[] saved = new byte[(int) index.savedBytes()];
            index.save(MutableBytes.of(saved));
            Index.load(Bytes.of(saved)).close();
            saved[100] ^= 1;
            assertThrows(InvalidArgumentException.class, () -> Index.load(Bytes.of(saved)));
        }
    }

    private static long resident() throws Exception {
        String[] pages = Files.readString(Paths.get("/proc/self/statm")).split(" ");
        return 4096 * Long.parseLong(pages[1]);
    }
}
