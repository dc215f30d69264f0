package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What sparse models learn, keep and share, in every kind of memory. */
class SparseModelTest {
    private static final int[] OFFSETS = {0, 2, 5, 6};
    private static final int[] FEATURES = {1, 8, 8, 3, 1, 9};
    private static final float[] VALUES = {1, -2, .5f, 1, 1.5f, 1};
    private static final float[] MARGINS = {.5f, 0, -1};
    private static final float[] LABELS = {1, 0, 1};

    private final Workspace workspace = new Workspace();

    @AfterEach
    void close() {
        workspace.close();
        Memory.release();
    }

    private static SparseRows rows(Memory memory) {
        return SparseRows.of(Indices.u32(memory.ints(OFFSETS).view), Indices.u32(memory.ints(FEATURES).view));
    }

    /** A model that has learnt from the three rows. */
    private SparseModel learnt(SparseModelOptions options) {
        SparseModel model = SparseModel.create(options);
        model.learn(rows(Memory.HEAP), LogisticTargets.labels(Floats.of(LABELS)), 1, null, workspace);
        return model;
    }

    private static byte[] saved(SparseModel model) {
        byte[] bytes = new byte[(int) model.savedBytes()];
        model.save(MutableBytes.of(bytes));
        return bytes;
    }

    /** The published formulas in f64, in minibatches of two rows; coordinate 10 is the intercept. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void ftrl(Memory memory) {
        double alpha = .5;
        double l1 = .1;
        double l2 = .25;
        double[] z = new double[11];
        double[] n = new double[11];
        double[] g = new double[11];
        double[] w = new double[11];
        SparseModelOptions options =
                SparseModelOptions.of(10).intercept(true).rate((float) alpha).l1((float) l1).l2((float) l2);
        try (SparseModel model = SparseModel.create(options); Pool pool = new Pool(2)) {
            assertEquals(10, model.features());
            assertEquals(0, model.nonzeros());
            SparseRows rows = rows(memory);
            Memory.F logits = memory.floats(3);
            model.learn(rows.values(memory.floats(VALUES).view).margins(memory.floats(MARGINS).view),
                    LogisticTargets.labels(memory.floats(LABELS).view), 2, logits.view, workspace);
            for (int row = 0; row < 3; row++) {
                double x = MARGINS[row] + w[10];
                for (int e = OFFSETS[row]; e < OFFSETS[row + 1]; e++) {
                    x += w[FEATURES[e]] * VALUES[e];
                }
                assertEquals(x, logits.get()[row], 1e-5);
                double slope = 1 / (1 + Math.exp(-x)) - LABELS[row];
                for (int e = OFFSETS[row]; e < OFFSETS[row + 1]; e++) {
                    g[FEATURES[e]] += slope * VALUES[e];
                }
                g[10] += slope;
                for (int k = 0; k < 11 && row > 0; k++) {
                    double sigma = (Math.sqrt(n[k] + g[k] * g[k]) - Math.sqrt(n[k])) / alpha;
                    z[k] += g[k] - sigma * w[k];
                    n[k] += g[k] * g[k];
                    g[k] = 0;
                    double size = Math.abs(z[k]) - (k == 10 ? 0 : l1);
                    w[k] = size <= 0 ? 0
                            : -Math.signum(z[k]) * size / ((1 + Math.sqrt(n[k])) / alpha + (k == 10 ? 0 : l2));
                }
            }
            Memory.F weights = memory.floats(10);
            model.weights(weights.view);
            List<Integer> wanted = new ArrayList<>();
            for (int k = 0; k < 10; k++) {
                assertEquals(w[k], weights.get()[k], 1e-5);
                if (w[k] != 0) {
                    wanted.add(k);
                }
            }
            assertEquals(w[10], model.intercept(), 1e-5);
            assertTrue(wanted.size() > 2);
            int count = (int) model.nonzeros();
            assertEquals(wanted.size(), count);
            Memory.I which = memory.ints(new int[count]);
            Memory.F of = memory.floats(count);
            model.nonzero(which.view, of.view);
            for (int i = 0; i < count; i++) {
                assertEquals(wanted.get(i), which.get()[i]);
                assertEquals(weights.get()[which.get()[i]], of.get()[i]);
            }
            for (Pool each : new Pool[] {null, pool}) {
                model.predict(rows, logits.view, each);
                assertEquals(w[1] + w[8] + w[10], logits.get()[0], 1e-5);
                assertEquals(w[9] + w[10], logits.get()[2], 1e-5);
            }
        }
    }

    /** One step from zeros: the slope of a label of 1 is -1/2. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void otherOptimisers(Memory memory) {
        SparseRows row = SparseRows.of(Indices.i64(memory.longs(0, 2).view), Indices.i64(memory.longs(0, 2).view))
                .values(memory.floats(1, -4).view);
        LogisticTargets one = LogisticTargets.labels(memory.floats(1f).view);
        Memory.F weights = memory.floats(3);
        SparseModelOptions options = SparseModelOptions.of(3).rate(.5f);
        try (SparseModel model = SparseModel.create(options.optimiser(Optimiser.SGD))) {
            model.learn(row, one, 1, null, workspace);
            model.weights(weights.view);
            assertArrayEquals(new float[] {.25f, 0, -1}, weights.get());
            assertEquals(0, model.intercept());
        }
        try (SparseModel model = SparseModel.create(options.optimiser(Optimiser.ADAGRAD).epsilon(.5f))) {
            model.learn(row, one, 1, null, workspace);
            model.weights(weights.view);
            assertArrayEquals(new float[] {.25f, 0, -.4f}, weights.get(), 1e-6f);
        }
    }

    /** A model that was saved and loaded goes on bit for bit, whatever memory the bytes are in. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void goesOn(Memory memory) {
        for (Optimiser optimiser : Optimiser.values()) {
            SparseModelOptions options = SparseModelOptions.of(10).optimiser(optimiser).intercept(true).l2(.1f);
            try (SparseModel model = learnt(options)) {
                assertEquals(60 + 4 * 12, model.savedBytes());
                Memory.B bytes = memory.bytes(new byte[60 + 4 * 12]);
                model.save(bytes.view);
                try (SparseModel loaded = SparseModel.load(bytes.view)) {
                    LogisticTargets targets =
                            LogisticTargets.coefficients(memory.floats(1, 2, -1).view, memory.floats(0, 1, 3).view)
                                    .signedWeights(true);
                    Memory.F logits = memory.floats(3);
                    Memory.F again = memory.floats(3);
                    model.learn(rows(memory), targets, Long.MAX_VALUE, logits.view, workspace);
                    loaded.learn(rows(memory), targets, Long.MAX_VALUE, again.view, workspace);
                    assertArrayEquals(logits.get(), again.get());
                    assertArrayEquals(saved(model), saved(loaded));
                }
            }
        }
    }

    /** Large arrays, which are held or copied: the same bits. */
    @Test
    void largeArrays() {
        int n = 20_000;
        Random random = new Random(21);
        int[] offsets = new int[n + 1];
        Arrays.setAll(offsets, i -> 2 * i);
        int[] features = random.below(5000, 2 * n);
        float[] labels = new float[n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.below(2);
        }
        byte[][] states = new byte[2][];
        float[][] logits = new float[2][];
        for (int i = 0; i < 2; i++) {
            Memory memory = Memory.values()[i];
            try (SparseModel model = SparseModel.create(SparseModelOptions.of(5000))) {
                SparseRows rows =
                        SparseRows.of(Indices.i32(memory.ints(offsets).view), Indices.i32(memory.ints(features).view));
                Memory.F out = memory.floats(n);
                model.learn(rows, LogisticTargets.labels(memory.floats(labels).view), 5, out.view, workspace);
                logits[i] = out.get();
                states[i] = saved(model);
            }
        }
        assertArrayEquals(logits[1], logits[0]);
        assertArrayEquals(states[1], states[0]);
        assertTrue(states[0].length > 50_000);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void nothingToDo(Memory memory) {
        MutableFloats none = memory.floats(0).view;
        MutableInts noFeatures = memory.ints().view;
        SparseRows rows = SparseRows.of(Indices.u32(0), Indices.u32(noFeatures)).values(none).margins(none);
        assertEquals(0, rows.rows());
        try (SparseModel model = SparseModel.create(SparseModelOptions.of(1))) {
            model.predict(rows, none, null);
            model.learn(rows, LogisticTargets.labels(none).weights(none), 1, none, workspace);
            model.nonzero(noFeatures, none);
            assertEquals(60, model.savedBytes());
            Memory.F logits = memory.floats(7, 7);
            model.predict(SparseRows.of(Indices.i32(0, 0, 0), Indices.i64()), logits.view, null);
            assertArrayEquals(new float[2], logits.get());
            try (SparseModel loaded = SparseModel.load(Bytes.of(saved(model)))) {
                assertEquals(1, loaded.features());
            }
        }
    }

    private static void busy(Executable call) {
        HandleException thrown = assertThrows(HandleException.class, call);
        assertEquals(1, thrown.details().argument());
        assertEquals("model", thrown.details().argumentName());
        assertTrue(thrown.getMessage().endsWith("the model is in use by another call"), thrown.getMessage());
    }

    private static void cannotClose(SparseModel model) {
        HandleException thrown = assertThrows(HandleException.class, model::close);
        assertTrue(thrown.getMessage().endsWith("the model is in use by a call"), thrown.getMessage());
    }

    /** Learning wants the model alone; other calls share it. */
    @Test
    void learnsAlone() {
        SparseModel model = learnt(SparseModelOptions.of(10));
        byte[] before = saved(model);
        SparseRows rows = rows(Memory.HEAP);
        LogisticTargets targets = LogisticTargets.labels(Floats.of(LABELS));
        MutableFloats logits = MutableFloats.of(new float[3]);
        Executable learn = () -> model.learn(rows, targets, 1, logits, workspace);

        model.enter(1, "model");
        busy(learn);
        cannotClose(model);
        model.predict(rows, logits, null);
        assertArrayEquals(before, saved(model));
        model.exit();

        model.enterAlone(1, "model");
        busy(learn);
        cannotClose(model);
        busy(() -> model.predict(rows, logits, null));
        busy(() -> model.weights(MutableFloats.of(new float[10])));
        busy(() -> model.nonzero(MutableInts.of(), MutableFloats.of()));
        busy(() -> model.save(MutableBytes.of(before)));
        busy(model::intercept);
        busy(model::nonzeros);
        busy(model::savedBytes);
        model.exitAlone();

        workspace.enter(1, "workspace");
        HandleException thrown = assertThrows(HandleException.class, learn);
        assertEquals(8, thrown.details().argument());
        workspace.exit();
        assertArrayEquals(before, saved(model));
        model.learn(rows, targets, 1, logits, workspace);
        model.close();
        model.close();
    }

    /** Each call of two threads either completes or finds the model busy, and none is lost. */
    @Test
    void learningRaces() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (SparseModel model = SparseModel.create(SparseModelOptions.of(1).optimiser(Optimiser.SGD).rate(1))) {
            // At such a margin the slope is exactly 1, so that each row takes 1 from the weight.
            SparseRows row = SparseRows.of(Indices.i32(0, 1), Indices.i32(0)).margins(Floats.of(1e6f));
            LogisticTargets zero = LogisticTargets.labels(Floats.of(0));
            List<Future<Integer>> learners = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                learners.add(executor.submit(() -> {
                    int done = 0;
                    try (Workspace own = new Workspace()) {
                        for (int round = 0; round < 20_000; round++) {
                            try {
                                model.learn(row, zero, 1, null, own);
                                done++;
                            } catch (HandleException e) {
                                assertTrue(e.getMessage().endsWith("is in use by another call"), e.getMessage());
                            }
                        }
                    }
                    return done;
                }));
            }
            int done = learners.get(0).get() + learners.get(1).get();
            float[] weight = new float[1];
            model.weights(MutableFloats.of(weight));
            assertEquals(-done, weight[0]);
        } finally {
            executor.shutdown();
        }
    }

    /** Readers share a model. */
    @Test
    void readersShare() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try (SparseModel model = learnt(SparseModelOptions.of(10).intercept(true)); Pool pool = new Pool(2)) {
            float[] wanted = new float[3];
            model.predict(rows(Memory.HEAP), MutableFloats.of(wanted), null);
            List<Future<Boolean>> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Pool each = i % 2 == 0 ? pool : null;
                callers.add(executor.submit(() -> {
                    boolean same = true;
                    for (int round = 0; round < 500; round++) {
                        float[] found = new float[3];
                        model.predict(rows(Memory.HEAP), MutableFloats.of(found), each);
                        same &= Arrays.equals(wanted, found);
                    }
                    return same;
                }));
            }
            for (Future<Boolean> caller : callers) {
                assertTrue(caller.get());
            }
        } finally {
            executor.shutdown();
        }
    }
}
