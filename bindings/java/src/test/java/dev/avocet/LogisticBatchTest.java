package dev.avocet;

import static dev.avocet.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Known results of rows of each kind, of fits, products and parts. */
class LogisticBatchTest {
    private final Workspace workspace = new Workspace();

    @AfterEach
    void close() {
        workspace.close();
        Memory.release();
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** The bits of 1, -2, .5 and 3, with a gap after each two. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void rowsOf16Bits(Memory memory) {
        short nan = (short) 0x7fff;
        short[] f16 = {nan, 0x3c00, (short) 0xc000, nan, 0x3800, 0x4200};
        short[] bf16 = {nan, 0x3f80, (short) 0xc000, nan, 0x3f00, 0x4040};
        Matrix16[] all = {
            Matrix16.f16(memory.shorts(f16).view.slice(1, 5), 2, 2, 3),
            Matrix16.bf16(memory.shorts(bf16).view.slice(1, 5), 2, 2, 3)
        };
        assertEquals(ElementType.F16, all[0].type());
        assertEquals(ElementType.BF16, all[1].type());
        for (Matrix16 x : all) {
            Memory.F margins = memory.floats(2);
            LogisticOut out = LogisticOut.NONE.margins(margins.view);
            Floats w = memory.floats(2, 1).view;
            Logistic.batch(LogisticRows.of(x, w), null, out, null, null, workspace);
            assertArrayEquals(new float[] {0, 4}, margins.get());
            Memory.F last = memory.floats(1);
            Logistic.batch(LogisticRows.of(x.slice(1, 1), w).intercept(1), null, LogisticOut.NONE.margins(last.view),
                    null, workspace);
            assertArrayEquals(new float[] {5}, last.get());
        }
    }

    /** Three rows of four columns, of which 0, 2 and 3 occur: as they come, prepared, and compact. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void sparse(Memory memory) {
        SparseRows rows = SparseRows.of(Indices.i32(memory.ints(0, 2, 2, 5).view),
                Indices.i64(memory.longs(0, 3, 0, 2, 3).view)).values(memory.floats(1, 2, -1, 3, 1).view);
        LogisticTargets targets = LogisticTargets.labels(memory.floats(1, 0, 0).view);
        Floats w = memory.floats(1, 9, -1, .5f).view;
        Floats few = memory.floats(1, -1, .5f).view;
        double[] slopes = {sigmoid(2.25) - 1, sigmoid(1.25), sigmoid(-2.25)};
        float[] wanted = {
            (float) (slopes[0] - slopes[2]), (float) (3 * slopes[2]), (float) (2 * slopes[0] + slopes[2])
        };
        try (PreparedRows prepared = PreparedRows.create(4, rows)) {
            assertEquals(3, prepared.rows());
            assertEquals(4, prepared.columns());
            assertEquals(3, prepared.featureCount());
            Memory.I features = memory.ints(7, 7, 7);
            prepared.features(features.view);
            assertArrayEquals(new int[] {0, 2, 3}, features.get());
            Floats offsets = memory.floats(0, 1, 1).view;
            LogisticRows[] all = {
                LogisticRows.of(rows.margins(offsets), w), LogisticRows.of(prepared, w).offsets(offsets),
                LogisticRows.of(prepared, few).offsets(offsets).compact(true)
            };
            for (LogisticRows each : all) {
                boolean compact = each.compact;
                Memory.F margins = memory.floats(3);
                Memory.F gradient = memory.floats(compact ? 3 : 4);
                LogisticSums sums = Logistic.batch(each.intercept(.25f), targets,
                        LogisticOut.NONE.margins(margins.view).gradient(gradient.view), null, workspace);
                assertArrayEquals(new float[] {2.25f, 1.25f, -2.25f}, margins.get());
                float[] found = gradient.get();
                assertEquals(compact ? wanted[1] : 0, found[1], 1e-6f);
                assertArrayEquals(wanted,
                        compact ? found : new float[] {found[0], found[2], found[3]}, 1e-6f);
                assertEquals(slopes[0] + slopes[1] + slopes[2], sums.gradient(), 1e-6);
                assertEquals(-Math.log(sigmoid(2.25)) - Math.log(sigmoid(-1.25)) - Math.log(sigmoid(2.25)),
                        sums.loss(), 1e-6);
                assertEquals(0, sums.curvature());
                // Into sums of the caller's, which a call that throws leaves alone.
                LogisticSums own = new LogisticSums(5, 6, 7, 8);
                LogisticTargets bad = LogisticTargets.labels(memory.floats(1, 0, -1).view);
                refused(Status.INVALID_ARGUMENT, 2, "targets.labels", 2,
                        () -> Logistic.batch(each, bad, LogisticOut.NONE, own, null, workspace));
                assertEquals(26, own.loss() + own.gradient() + own.curvature() + own.product());
                Logistic.batch(each.intercept(.25f), targets, LogisticOut.NONE.gradient(gradient.view), own, null,
                        workspace);
                assertEquals(sums.loss(), own.loss());
                assertEquals(sums.gradient(), own.gradient());
                assertEquals(0, own.curvature() + own.product());
            }
        }
    }

    /** One feature and one intercept, whose best values are known: the logits of the rates of the two groups of rows. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void fits(Memory memory) {
        SparseRows rows = SparseRows.of(Indices.u32(memory.ints(0, 1, 2, 3, 4, 4, 4, 4, 4).view),
                Indices.u32(memory.ints(0, 0, 0, 0).view));
        LogisticTargets targets = LogisticTargets.labels(memory.floats(1, 1, 1, 0, 1, 0, 0, 0).view);
        float[] dense = {1, 1, 1, 1, 0, 0, 0, 0};
        float best = (float) Math.log(3);
        try (PreparedRows prepared = PreparedRows.create(1, rows); Pool pool = new Pool(2)) {
            Memory.F start = memory.floats(.5f);
            LogisticRows[] all = {
                LogisticRows.of(memory.floats(dense).matrix(8), null), LogisticRows.of(rows, null),
                LogisticRows.of(prepared, start.view), LogisticRows.of(prepared, null).compact(true)
            };
            for (LogisticRows each : all) {
                Memory.F weights = memory.floats(1);
                LogisticFit fit = Logistic.fit(each, targets, LogisticFitOptions.DEFAULT, weights.view, pool);
                assertEquals(FitOutcome.CONVERGED, fit.outcome());
                assertEquals(2 * best, weights.get()[0], 1e-3);
                assertEquals(-best, fit.intercept(), 1e-3);
                assertEquals(-6 * Math.log(.75) - 2 * Math.log(.25), fit.loss(), 1e-5);
                assertTrue(fit.gradient() >= 0 && fit.gradient() <= 1e-5, "" + fit.gradient());
                assertTrue(fit.iterations() > 0 && fit.passes() > fit.iterations(), fit.passes() + " passes");
                // Left as it is, the intercept gives the weight that the four rows ask for.
                LogisticFitOptions fixed = LogisticFitOptions.DEFAULT.fixedIntercept(true).history(1);
                assertEquals(1, Logistic.fit(each.intercept(1), targets, fixed, weights.view, null).intercept());
                assertEquals(best - 1, weights.get()[0], 1e-3);
                // A penalty draws the weight to 0.
                Logistic.fit(each, targets, LogisticFitOptions.DEFAULT.l2(1000), weights.view, null);
                assertEquals(0, weights.get()[0], 1e-2);
                fit = Logistic.fit(each, targets, LogisticFitOptions.DEFAULT.iterations(1).tolerance(1e-38f),
                        weights.view, null);
                assertEquals(FitOutcome.ITERATIONS, fit.outcome());
                assertEquals(1, fit.iterations());
            }
            assertArrayEquals(new float[] {.5f}, start.get());
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void products(Memory memory) {
        Floats first = memory.floats(0, 1).view;
        Floats second = memory.floats(0, -2).view;
        Memory.F losses = memory.floats(2);
        Memory.F byFirst = memory.floats(2);
        Memory.F bySecond = memory.floats(2);
        LogisticTargets targets = LogisticTargets.labels(memory.floats(1, 0).view);
        double sum = Logistic.product(first, second, targets, losses.view, byFirst.view, bySecond.view, null, workspace);
        double f = sigmoid(1) * sigmoid(-2);
        assertArrayEquals(new float[] {(float) Math.log(4), (float) -Math.log(1 - f)}, losses.get(), 1e-6f);
        assertArrayEquals(new float[] {-.5f, (float) (f * sigmoid(-1) / (1 - f))}, byFirst.get(), 1e-6f);
        assertArrayEquals(new float[] {-.5f, (float) (f * sigmoid(2) / (1 - f))}, bySecond.get(), 1e-6f);
        assertEquals(Math.log(4) - Math.log(1 - f), sum, 1e-6);
        assertEquals(sum, Logistic.product(first, second, targets, null, null, null, null, workspace));
    }

    /** Two workers, and one that has no rows: the bits of one call, in each number and in each kind of memory. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void parts(Memory memory) {
        int n = 9000;
        int d = 3;
        Random random = new Random(31);
        Matrix x = memory.floats(random.values(n * d)).matrix(n);
        Floats w = memory.floats(random.values(d)).view;
        Floats labels = memory.floats(absolute(random.values(n))).view;
        long[] rows = java.util.stream.Stream.of(Logistic.parts(0, 3072), new long[1], Logistic.parts(3072, n - 3072))
                .flatMapToLong(Arrays::stream).toArray();
        assertEquals(n, Arrays.stream(rows).sum());
        assertTrue(rows.length > 4 && rows.length <= Logistic.MAX_PARTS, rows.length + " parts");
        LogisticSums[] sums = new LogisticSums[rows.length];
        Calibration[] calibrations = new Calibration[rows.length];
        Memory.F gradients = memory.floats(d * rows.length);
        long from = 0;
        for (int i = 0; i < rows.length; i++) {
            MutableFloats gradient = gradients.view.slice(d * i, d);
            Floats own = labels.slice(from, rows[i]);
            sums[i] = Logistic.batch(LogisticRows.of(x.slice(from, rows[i]), w), LogisticTargets.labels(own),
                    LogisticOut.NONE.gradient(gradient), null, workspace);
            calibrations[i] = Metrics.calibration(own, own, null);
            from += rows[i];
        }
        Memory.F wanted = memory.floats(d);
        LogisticSums all = Logistic.batch(LogisticRows.of(x, w), LogisticTargets.labels(labels),
                LogisticOut.NONE.gradient(wanted.view), null, workspace);
        Memory.F found = memory.floats(d);
        LogisticSums merged = Logistic.merge(rows, sums, gradients.matrix(rows.length), found.view);
        assertArrayEquals(wanted.get(), found.get());
        assertEquals(all.loss(), merged.loss());
        assertEquals(all.gradient(), merged.gradient());
        // Without vectors the vector is not looked at.
        Memory.F ignored = memory.floats(4, 4);
        assertEquals(all.loss(), Logistic.merge(rows, sums, null, ignored.view).loss());
        assertArrayEquals(new float[] {4, 4}, ignored.get());
        Calibration one = Metrics.calibration(labels, labels, null);
        Calibration together = Metrics.mergeCalibrations(rows, calibrations);
        assertEquals(one.weight(), together.weight());
        assertEquals(one.loss(), together.loss());
        assertEquals(one.predicted(), together.predicted());
        assertEquals(one.observed(), together.observed());
    }

    private static float[] absolute(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }

    @Test
    void nothing() {
        assertArrayEquals(new long[0], Logistic.parts(1024, 0));
        assertEquals(0, Logistic.merge(new long[0], new LogisticSums[0], null, null).loss());
        assertEquals(0, Metrics.mergeCalibrations(new long[0], new Calibration[0]).weight());
        Floats none = Floats.of();
        assertEquals(0, Logistic.product(none, none, LogisticTargets.labels(none), null, null, null, null, workspace));
        SparseRows rows = SparseRows.of(Indices.i32(0), Indices.i32());
        float[] weights = {3};
        try (PreparedRows prepared = PreparedRows.create(1, rows)) {
            assertEquals(0, prepared.rows() + prepared.featureCount());
            prepared.features(MutableInts.of());
            for (LogisticRows each : new LogisticRows[] {
                LogisticRows.of(rows, Floats.of(1)), LogisticRows.of(prepared, Floats.of(1)),
                LogisticRows.of(Matrix16.f16(Shorts.of(), 0, 1), Floats.of(1))
            }) {
                float[] gradient = {7};
                assertEquals(0, Logistic.batch(each, LogisticTargets.labels(none),
                        LogisticOut.NONE.gradient(MutableFloats.of(gradient)), null, workspace).loss());
                assertEquals(0, gradient[0]);
                LogisticFit fit = Logistic.fit(each, LogisticTargets.labels(none), LogisticFitOptions.DEFAULT,
                        MutableFloats.of(weights), null);
                assertEquals(FitOutcome.CONVERGED, fit.outcome());
                assertEquals(1, weights[0]);
            }
        }
    }
}
