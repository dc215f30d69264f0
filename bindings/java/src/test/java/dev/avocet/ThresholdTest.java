package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small known results of searches, decisions, binned figures and measures of uncertainty. */
class ThresholdTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private final Workspace workspace = new Workspace();
    private final Grid grid = Grid.create(GridOptions.of(BinEdges.given(.5f), BinEdges.given(0, 1)), null);
    private final Buckets buckets = Buckets.create(grid, 1);

    /** Eight rows, the last of which has no uncertainty. */
    private static ThresholdRows rows(Memory memory) {
        return ThresholdRows.of(scores(memory), uncertainties(memory),
                Labels.i8(memory.bytes(new byte[] {0, 1, 0, 1, 1, 0, 0, 1}).view)).missing(Missing.APART);
    }

    private static Floats scores(Memory memory) {
        return memory.floats(-1, 0, .5f, 1, 2, -0f, 1, 3).view;
    }

    private static Floats uncertainties(Memory memory) {
        return memory.floats(0, 0, .5f, .5f, 1, 2, 0, NAN).view;
    }

    @AfterEach
    void close() {
        buckets.close();
        grid.close();
        workspace.close();
        Memory.release();
    }

    /** From 0 on where the uncertainty is below .5, else from 1 on: three positives and a negative. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void search(Memory memory) {
        buckets.add(rows(memory).weights(memory.floats(.5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f).view), null, workspace);
        Memory.I thresholds = memory.ints(7, 7);
        Cells cells = Cells.counts(buckets, 0);
        Solution found = Threshold.search(
                cells, Objective.recall(Ratio.of(3, 4)), SearchOptions.DEFAULT, thresholds.view, workspace);
        assertArrayEquals(new int[] {1, 2}, thresholds.get());
        assertEquals(SearchOutcome.FEASIBLE, found.outcome());
        assertSame(found, found.orThrow());
        assertTrue(Double.isNaN(found.best()));
        assertEquals(3, found.positive());
        assertEquals(1, found.negative());
        assertEquals(3, found.boundPositive());
        assertTrue(found.isProven());
        found = Threshold.search(Cells.weights(buckets, 0), Objective.recall(Ratio.of(3, 4)), SearchOptions.DEFAULT,
                thresholds.view, workspace);
        assertEquals(3 << 19, found.positive());
        assertEquals(1 << 19, found.negative());
        Passing passing = Threshold.passing(cells, memory.ints(1, 2).view);
        assertEquals(3, passing.positive());
        assertEquals(1, passing.negative());
        found = Threshold.search(cells, Objective.recall(Ratio.of(2, 3)),
                SearchOptions.DEFAULT.method(SearchMethod.SINGLE), thresholds.view, workspace);
        assertArrayEquals(new int[] {2, 2}, thresholds.get());
        assertEquals(2, found.positive());
        assertEquals(1, found.negative());
    }

    /** The last bin of the second level has the greatest precision, .8. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void infeasible(Memory memory) {
        Cells cells =
                Cells.of(2, 3, memory.longs(1, 2, 3, 0, 1, 4).view, memory.longs(9, 3, 1, 5, 1, 1).view);
        assertEquals(2, cells.levels());
        assertEquals(3, cells.bins());
        Memory.I thresholds = memory.ints(7, 7);
        Objective recall = Objective.recall(Ratio.of(81, 100));
        assertEquals(Objective.Kind.RECALL, recall.kind());
        Solution found = Threshold.search(cells, recall, SearchOptions.DEFAULT, thresholds.view, workspace);
        assertEquals(SearchOutcome.INFEASIBLE, found.outcome());
        assertEquals(.8, found.best());
        assertArrayEquals(new int[] {3, 3}, thresholds.get());
        assertEquals(0, found.positive());
        assertEquals(0, found.negative());
        assertEquals(4, found.boundPositive());
        assertEquals(1, found.boundNegative());
        assertTrue(found.isProven());
        SearchException thrown = assertThrows(SearchException.class, found::orThrow);
        assertNotSame(thrown, assertThrows(SearchException.class, found::orThrow));
        assertEquals(Status.INFEASIBLE, thrown.details().status());
        assertEquals(2, thrown.details().argument());
        assertEquals("objective", thrown.details().argumentName());
        assertEquals(.8, thrown.details().real());
        assertEquals(thrown.details().toString(), thrown.getMessage());
        // What there is can be asked for.
        found = Threshold.search(
                cells, Objective.recall(Ratio.of(4, 5)), SearchOptions.DEFAULT, thresholds.view, workspace);
        assertArrayEquals(new int[] {3, 2}, thresholds.get());
        assertEquals(4, found.orThrow().positive());

        Solution empty = Threshold.search(
                Cells.of(2, 3, memory.longs(new long[6]).view, memory.longs(new long[6]).view), recall,
                SearchOptions.DEFAULT, thresholds.view, workspace);
        assertEquals(SearchOutcome.INFEASIBLE, empty.outcome());
        assertTrue(Double.isNaN(empty.best()));
        assertEquals(0, empty.boundPositive());
    }

    @Test
    void workLimit() {
        long[] few = new long[400];
        long[] many = new long[400];
        for (int i = 0; i < 400; i++) {
            few[i] = i % 200 > 150 ? 1 : 0;
            many[i] = 1 + i % 3;
        }
        few[399] = 9;
        int[] thresholds = {7, 7};
        Cells cells = Cells.of(2, 200, Longs.of(few), Longs.of(many));
        SearchOptions options = SearchOptions.DEFAULT.shape(ThresholdShape.NON_INCREASING);
        Solution found = Threshold.search(
                cells, Objective.recall(Ratio.of(1, 2)), options.workLimit(1), MutableInts.of(thresholds), workspace);
        assertEquals(SearchOutcome.WORK_LIMIT, found.outcome());
        assertArrayEquals(new int[] {200, 200}, thresholds);
        assertEquals(0, found.positive());
        assertFalse(found.isProven());
        assertTrue(Double.isNaN(found.best()));
        Details details = assertThrows(SearchException.class, found::orThrow).details();
        assertEquals(Status.WORK_LIMIT, details.status());
        assertEquals(3, details.argument());
        assertEquals("options", details.argumentName());
        assertEquals(Details.Value.NONE, details.value());
        // With more work there is an answer.
        found = Threshold.search(
                cells, Objective.recall(Ratio.of(1, 2)), options, MutableInts.of(thresholds), workspace);
        assertTrue(found.orThrow().isProven());
        assertTrue(found.work() > 1);
    }

    /** All eight rows by score alone: from 1 on two positives and a negative pass, of weight a half each. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void single(Memory memory) {
        ThresholdRows rows = ThresholdRows.of(memory.floats(-1, 0, .5f, 1, 2, -0f, 1, NAN).view,
                Labels.f32(memory.floats(0, 1, 0, 1, 1, 0, 0, 1).view)).missing(Missing.APART);
        Objective recall = Objective.recall(Ratio.of(2, 3));
        SingleThreshold found = Threshold.single(rows, recall, null);
        assertEquals(1, found.threshold());
        assertEquals(2, found.solution().orThrow().positive());
        assertEquals(1, found.solution().negative());
        assertTrue(found.solution().isProven());
        Floats halves = memory.floats(.5f, .5f, .5f, .5f, .5f, .5f, .5f, .5f).view;
        try (Pool pool = new Pool(2)) {
            found = Threshold.single(rows.weights(halves), recall, pool);
        }
        assertEquals(1, found.threshold());
        assertEquals(2 << 19, found.solution().positive());

        // The greatest score is a negative, the two below are positives.
        ThresholdRows unlike = ThresholdRows.of(
                memory.floats(-1, .5f, 2, 3).view, Labels.u8(memory.bytes(new byte[] {0, 1, 1, 0}).view));
        found = Threshold.single(unlike, Objective.recall(Ratio.of(3, 4)), null);
        assertEquals(INF, found.threshold());
        Solution none = found.solution();
        assertEquals(SearchOutcome.INFEASIBLE, none.outcome());
        assertEquals(2. / 3, none.best());
        assertEquals(0, none.positive());
        assertEquals(2, none.boundPositive());
        assertEquals(1, none.boundNegative());
        Details details = assertThrows(SearchException.class, none::orThrow).details();
        assertEquals("objective", details.argumentName());
        assertEquals(2, details.argument());
    }

    /** The threshold of a grid whose edges are all scores. */
    @Test
    void singleIsTheSearchOverAllScores() {
        Random random = new Random(41);
        float[] s = new float[3000];
        float[] edges = new float[40];
        byte[] labels = new byte[s.length];
        for (int i = 0; i < s.length; i++) {
            s[i] = random.below(41);
            labels[i] = (byte) (random.below(41) < s[i] ? 1 : 0);
        }
        for (int i = 0; i < edges.length; i++) {
            edges[i] = i + 1;
        }
        ThresholdRows rows = ThresholdRows.of(Floats.of(s), Floats.of(s), Labels.i8(labels));
        try (Grid all = Grid.create(GridOptions.of(BinEdges.given(edges)), null); Buckets own = Buckets.create(all, 1)) {
            own.add(rows, null, workspace);
            for (Objective objective : new Objective[] {
                Objective.recall(Ratio.of(3, 4)), Objective.precision(Ratio.of(2, 3)), Objective.fBeta(Ratio.of(1, 1)),
                Objective.utility(2, -1, 0, 0), Objective.atMost(500),
                Objective.recallWilson(Ratio.of(3, 4), Ratio.of(27055, 10000))
            }) {
                int[] bin = new int[1];
                Solution wanted = Threshold.search(Cells.counts(own, 0), objective, SearchOptions.DEFAULT,
                        MutableInts.of(bin), workspace).orThrow();
                SingleThreshold found = Threshold.single(rows, objective, null);
                assertEquals(bin[0], found.threshold(), objective.kind().name());
                assertEquals(wanted.positive(), found.solution().orThrow().positive());
                assertEquals(wanted.negative(), found.solution().negative());
            }
        }
    }

    /** Two levels of two cells of weight 4, and the thresholds of a point. */
    @Test
    void frontier() {
        long[] most = new long[5];
        Cells cells = Cells.of(2, 2, Longs.of(1, 3, 0, 4), Longs.of(3, 1, 4, 0));
        assertEquals(4, Threshold.frontier(cells, MutableLongs.of(most), workspace));
        assertArrayEquals(new long[] {0, 4, 7, 8, 8}, most);
        int[] thresholds = new int[2];
        Solution point = Threshold.search(cells, Objective.atMost(8), SearchOptions.DEFAULT.method(SearchMethod.DP),
                MutableInts.of(thresholds), workspace);
        assertArrayEquals(new int[] {1, 1}, thresholds);
        assertEquals(7, point.positive());
    }

    /** Blocks that fall are pooled; cells and levels without weight. Rows get the values. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void isotonic(Memory memory) {
        Longs positive = memory.longs(0, 2, 1, 0, 0, 3, 0, 0, 0).view;
        Longs negative = memory.longs(4, 0, 4, 0, 2, 1, 0, 0, 0).view;
        Memory.F values = memory.floats(7, 7, 7, 7, 7, 7, 7, 7, 7);
        Threshold.isotonic(Cells.of(3, 3, positive, negative), values.view, workspace);
        assertArrayEquals(new float[] {0, 3f / 7, 3f / 7, 0, 0, .75f, Float.NaN, Float.NaN, Float.NaN}, values.get());
        // Of buckets: two levels of three bins, of counts and of weights.
        try (Grid grid = Grid.create(GridOptions.of(BinEdges.given(.5f), BinEdges.given(0, 1)), null);
                Buckets buckets = Buckets.create(grid, 1)) {
            Floats scores = memory.floats(-1, .5f, .5f, 2, 2).view;
            Floats uncertainties = memory.floats(0, 0, 0, 1, 1).view;
            Labels labels = Labels.u8(memory.bytes((byte) 0, (byte) 1, (byte) 0, (byte) 1, (byte) 0).view);
            buckets.add(ThresholdRows.of(scores, uncertainties, labels).weights(memory.floats(1, 1, 3, 3, 1).view), null,
                    workspace);
            Memory.F shares = memory.floats(6);
            Threshold.isotonic(Cells.counts(buckets, 0), shares.view, workspace);
            assertArrayEquals(new float[] {0, .5f, .5f, .5f, .5f, .5f}, shares.get());
            Threshold.isotonic(Cells.weights(buckets, 0), shares.view, workspace);
            assertArrayEquals(new float[] {0, .25f, .25f, .75f, .75f, .75f}, shares.get());
            Memory.F out = memory.floats(5);
            Threshold.calibrate(grid, shares.view, scores, uncertainties, out.view, null);
            assertArrayEquals(new float[] {0, .25f, .25f, .75f, .75f}, out.get());
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void decisions(Memory memory) {
        Memory.F limits = memory.floats(2);
        grid.thresholds(memory.ints(0, 3).view, limits.view);
        assertArrayEquals(new float[] {-INF, INF}, limits.get());
        grid.thresholds(memory.ints(1, 2).view, limits.view);
        assertArrayEquals(new float[] {0, 1}, limits.get());
        Floats s = scores(memory);
        Floats u = uncertainties(memory);
        Memory.B flags = memory.bytes(new byte[8]);
        Threshold.decide(grid, limits.view, s, u, flags.view, null);
        assertArrayEquals(new byte[] {0, 1, 0, 1, 1, 0, 1, 0}, flags.get());
        Memory.L word = memory.longs(-1);
        Threshold.decideBits(grid, limits.view, s, u, word.view, null);
        assertEquals(0x5a, word.get()[0]);
        Memory.I places = memory.ints(new int[8]);
        Threshold.cells(grid, s, u, places.view, null);
        assertArrayEquals(new int[] {0, 1, 4, 5, 5, 4, 2, 6}, places.get());
        Memory.F values = memory.floats(8);
        Threshold.calibrate(grid, memory.floats(0, 1, 2, 3, 4, 5).view, s, u, values.view, null);
        assertArrayEquals(new float[] {0, 1, 4, 5, 5, 4, 2, NAN}, values.get());
        // The row apart is a positive that no threshold selects.
        ThresholdIntervals both = Threshold.bootstrap(grid, limits.view, rows(memory), BootstrapOptions.DEFAULT, null);
        assertEquals(.75, both.recall().value());
        assertEquals(.75, both.precision().value());
        assertTrue(both.recall().low() <= .75 && both.recall().high() >= .75);
        assertTrue(both.recall().count() > 100 && both.recall().count() <= 200);
        Interval auc = Binned.bootstrap(grid, Figure.AUC, rows(memory), BootstrapOptions.DEFAULT.replicates(7), null);
        assertEquals(.75, auc.value(), 1e-12);
        assertTrue(auc.count() <= 7);
    }

    /** The bits are those of the flags at every length, in arrays that are copied, held, and too long to be held. */
    @Test
    void lengths() {
        Random random = new Random(5);
        for (int n : new int[] {0, 1, 63, 64, 65, 3000, 300_000}) {
            float[] s = random.values(n);
            float[] u = random.values(n);
            byte[] flags = new byte[n];
            long[] bits = new long[(n + 63) / 64];
            int[] places = new int[n];
            Floats limits = Floats.of(.25f, 0);
            Threshold.decide(grid, limits, Floats.of(s), Floats.of(u), MutableBytes.of(flags), null);
            Threshold.decideBits(grid, limits, Floats.of(s), Floats.of(u), MutableLongs.of(bits), null);
            Threshold.cells(grid, Floats.of(s), Floats.of(u), MutableInts.of(places), null);
            for (int i = 0; i < n; i++) {
                int level = u[i] >= .5f ? 1 : 0;
                assertEquals(s[i] >= (level == 1 ? 0 : .25f) ? 1 : 0, flags[i]);
                assertEquals(flags[i], bits[i / 64] >>> i % 64 & 1);
                assertEquals(3 * level + (s[i] >= 1 ? 2 : s[i] >= 0 ? 1 : 0), places[i]);
            }
            if (n % 64 != 0) {
                assertEquals(0, bits[n / 64] >>> n % 64);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void binned(Memory memory) {
        Longs positive = memory.longs(0, 1, 2).view;
        Longs negative = memory.longs(1, 2, 1).view;
        Curve curve = Binned.curve(positive, negative);
        assertEquals(4, curve.size());
        assertEquals(3, curve.truePositives(0));
        assertEquals(4, curve.falsePositives(0));
        assertEquals(0, curve.truePositives(3));
        assertEquals(2. / 3, curve.recall(2));
        assertEquals(2. / 3, curve.precision(2));
        assertEquals(.25, curve.falsePositiveRate(2));
        assertTrue(Double.isNaN(curve.precision(3)));
        for (int bad : new int[] {-1, 4}) {
            assertThrows(IndexException.class, () -> curve.recall(bad));
        }
        Area auc = Binned.auc(positive, negative);
        assertEquals(7. / 12, auc.lower(), 1e-12);
        assertEquals(9. / 12, auc.tied(), 1e-12);
        assertEquals(11. / 12, auc.upper(), 1e-12);
        Area precision = Binned.averagePrecision(positive, negative, false);
        assertEquals((2 * (2. / 3) + 3. / 6) / 3, precision.tied(), 1e-12);
        assertEquals((1. / 2 + 2. / 3 + 3. / 6) / 3, precision.lower(), 1e-12);
        // The limit of small weights is below, by an integral in place of a sum.
        assertTrue(Binned.averagePrecision(positive, negative, true).lower() < precision.lower());
        assertEquals(1, Binned.curve(Longs.of(), Longs.of()).size());
        assertTrue(Double.isNaN(Binned.auc(Longs.of(), Longs.of()).tied()));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void uncertainty(Memory memory) {
        Matrix ensemble = memory.floats(1, 2, 3, 5, 5, 5).matrix(2);
        Memory.F mean = memory.floats(2);
        Memory.F variance = memory.floats(2);
        Uncertainty.moments(ensemble, false, mean.view, variance.view, null);
        assertArrayEquals(new float[] {2, 5}, mean.get());
        assertArrayEquals(new float[] {2f / 3, 0}, variance.get(), 1e-6f);
        Uncertainty.moments(ensemble, true, mean.view, variance.view, null);
        assertArrayEquals(new float[] {1, 0}, variance.get(), 1e-6f);
        Memory.F alone = memory.floats(2);
        Uncertainty.moments(ensemble, true, alone.view, null, null);
        assertArrayEquals(mean.get(), alone.get());

        // The density 2x has the entropy 1/2 - ln 2.
        Memory.F entropy = memory.floats(2);
        Floats a = memory.floats(1, 2).view;
        Floats b = memory.floats(1, 1).view;
        Uncertainty.beta(a, b, mean.view, entropy.view, null);
        assertArrayEquals(new float[] {.5f, 2f / 3}, mean.get(), 1e-6f);
        assertArrayEquals(new float[] {0, (float) (.5 - Math.log(2))}, entropy.get(), 1e-6f);
        Uncertainty.beta(a, b, null, alone.view, null);
        assertArrayEquals(entropy.get(), alone.get());
        Uncertainty.beta(a, b, null, null, null);

        Memory.F out = memory.floats(3);
        Uncertainty.entropy(memory.floats(0, .5f, 1).view, out.view, null);
        assertArrayEquals(new float[] {0, (float) Math.log(2), 0}, out.get(), 1e-6f);
        Uncertainty.entropy(Floats.of(), MutableFloats.of(), null);
    }

    /** Objectives whose best selection is plain. */
    @Test
    void objectives() {
        Cells cells = Cells.of(1, 3, Longs.of(1, 2, 9), Longs.of(9, 2, 1));
        int[] threshold = new int[1];
        Object[][] cases = {
            {Objective.recall(Ratio.of(0, 1)), 0}, {Objective.recall(Ratio.of(9, 10)), 2},
            {Objective.precision(Ratio.of(10, 12)), 1}, {Objective.fBeta(Ratio.of(1, 1)), 1},
            {Objective.utility(1, -1, 0, 0), 2}, {Objective.utility(0, 0, 1, 1), 3},
            {Objective.atMost(13), 2}, {Objective.atMost(14), 1},
            {Objective.recallWilson(Ratio.of(1, 2), Ratio.of(27055, 10000)), 1}
        };
        for (Object[] each : cases) {
            Threshold.search(cells, (Objective) each[0], SearchOptions.DEFAULT, MutableInts.of(threshold), workspace)
                    .orThrow();
            assertEquals(each[1], threshold[0], Arrays.toString(each));
        }
    }
}
