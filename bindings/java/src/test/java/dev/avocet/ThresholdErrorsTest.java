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
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad arguments of searches, decisions, intervals, binned figures and measures of uncertainty; outputs stay. */
class ThresholdErrorsTest {
    private static final float NAN = Float.NaN;

    private final Workspace workspace = new Workspace();
    private final Grid grid = Grid.create(GridOptions.of(BinEdges.given(.5f), BinEdges.given(0, 1)), null);
    private final float[] floats = {7, 7, 7, 7};
    private final int[] ints = {7, 7, 7, 7};
    private final long[] longs = {7, 7, 7, 7, 7, 7, 7};
    private final byte[] bytes = {7, 7, 7, 7};
    private final Floats s = Floats.of(-1, .5f, 2, 3);
    private final Floats u = Floats.of(0, .25f, .5f, 1);
    private final Floats limits = Floats.of(0, 1);
    private final Longs positive = Longs.of(1, 2, 3, 0, 1, 4);
    private final Longs negative = Longs.of(9, 3, 1, 5, 1, 1);
    private final Cells cells = Cells.of(2, 3, positive, negative);
    private final Objective recall = Objective.recall(Ratio.of(1, 2));
    private final MutableInts found = MutableInts.of(ints, 0, 2);
    private final ThresholdRows rows = ThresholdRows.of(s, u, Labels.i8((byte) 0, (byte) 1, (byte) 1, (byte) 0));
    private final BootstrapOptions few = BootstrapOptions.DEFAULT.replicates(4);
    private final Pool gone = new Pool(1);
    private final Grid goneGrid = Grid.create(GridOptions.of(BinEdges.given()), null);

    ThresholdErrorsTest() {
        gone.close();
        goneGrid.close();
    }

    @AfterEach
    void unchanged() {
        assertArrayEquals(new float[] {7, 7, 7, 7}, floats);
        assertArrayEquals(new int[] {7, 7, 7, 7}, ints);
        assertArrayEquals(new long[] {7, 7, 7, 7, 7, 7, 7}, longs);
        assertArrayEquals(new byte[] {7, 7, 7, 7}, bytes);
        grid.close();
        workspace.close();
        Memory.release();
    }

    private Executable search(Cells cells, Objective objective, SearchOptions options) {
        return () -> Threshold.search(cells, objective, options, found, workspace);
    }

    /** What is wrong with cells, of all functions that take them. */
    @Test
    void cells() {
        missing(1, "cells.positive", () -> Cells.of(2, 3, null, negative));
        missing(1, "cells.negative", () -> Cells.of(2, 3, positive, null));
        missing(1, "cells.positive", () -> Cells.of(2, 3, Longs.ofAddress(0, 6), negative));
        missing(1, "cells.buckets", () -> Cells.counts(null, 0));
        wrongSize(1, "cells.positive", 5, () -> Cells.of(2, 3, positive.slice(0, 5), negative));
        wrongSize(1, "cells.negative", 5, () -> Cells.of(2, 3, positive, negative.slice(0, 5)));
        refused(Status.INVALID_ARGUMENT, 1, "cells.levels", () -> Cells.of(-1, 3, positive, negative));
        refused(Status.INVALID_ARGUMENT, 1, "cells.bins", () -> Cells.of(2, -3, positive, negative));
        refused(Status.SIZE_OVERFLOW, 1, "cells.bins", () -> Cells.of(1L << 32, 1L << 31, positive, negative));
        missing(1, "cells", () -> Threshold.search(null, recall, SearchOptions.DEFAULT, found, workspace));
        missing(1, "cells", () -> Threshold.frontier(null, MutableLongs.of(longs), workspace));
        missing(1, "cells", () -> Threshold.isotonic(null, MutableFloats.of(floats), workspace));
        missing(1, "cells", () -> Threshold.passing(null, found));
        cells(each -> () -> Threshold.search(each, recall, SearchOptions.DEFAULT,
                MutableInts.of(new int[(int) each.levels()]), workspace));
        cells(each -> () -> Threshold.frontier(each, MutableLongs.of(longs), workspace));
        cells(each -> () -> Threshold.isotonic(
                each, MutableFloats.of(new float[(int) (each.levels() * each.bins())]), workspace));
        cells(each -> () -> Threshold.passing(each, Ints.of(new int[(int) each.levels()])));
    }

    private void cells(Function<Cells, Executable> call) {
        misaligned(1, "cells.negative", call.apply(Cells.of(2, 3, positive, Longs.ofAddress(1025, 6))));
        Longs half = Longs.of(0, 1L << 61, 0, 0, 0, 0);
        refused(Status.SIZE_OVERFLOW, 1, "cells.negative", 1, call.apply(Cells.of(2, 3, half, half)));
        Buckets buckets = Buckets.create(grid, 2);
        assertEquals(-1, refused(Status.INDEX_OUT_OF_RANGE, 1, "cells.segment",
                () -> Cells.counts(buckets, -1)).integer());
        assertEquals(2, refused(Status.INDEX_OUT_OF_RANGE, 1, "cells.segment",
                call.apply(Cells.counts(buckets, 2))).integer());
        buckets.close();
        closed(1, "cells.buckets", call.apply(Cells.weights(buckets, 0)));
    }

    @Test
    void objectives() {
        missing(2, "objective.numerator", () -> Objective.recall(null));
        missing(2, "objective.z_numerator", () -> Objective.recallWilson(Ratio.of(1, 2), null));
        refused(Status.INVALID_ARGUMENT, 2, "objective.selected", () -> Objective.atMost(-1));
        for (long bad : new long[] {-1, 1L << 32}) {
            assertEquals(bad, refused(Status.INVALID_ARGUMENT, 0, "numerator", () -> Ratio.of(bad, 1)).integer());
            assertEquals(bad, refused(Status.INVALID_ARGUMENT, 0, "denominator", () -> Ratio.of(1, bad)).integer());
        }
        Ratio most = Ratio.of(0xffff_ffffL, 0xffff_fffeL);
        bad("numerator", 0xffff_ffffL, Objective.recall(most));
        bad("numerator", 3, Objective.precision(Ratio.of(3, 2)));
        bad("denominator", 0, Objective.fBeta(Ratio.of(1, 0)));
        bad("z_denominator", 0, Objective.recallWilson(Ratio.of(1, 2), Ratio.of(1, 0)));
        tooLarge("positive_passes", (1L << 56) + 1, Objective.utility((1L << 56) + 1, 0, 0, 0));
        tooLarge("negative_passes", Long.MIN_VALUE, Objective.utility(0, Long.MIN_VALUE, 0, 0));
        tooLarge("positive_stays", Long.MAX_VALUE, Objective.utility(0, 0, Long.MAX_VALUE, 0));
        tooLarge("negative_stays", Long.MAX_VALUE, Objective.utility(0, 0, 0, Long.MAX_VALUE));
    }

    private void bad(String name, long value, Objective objective) {
        assertEquals(value, refused(Status.INVALID_ARGUMENT, 2, "objective." + name,
                search(cells, objective, SearchOptions.DEFAULT)).integer());
    }

    private void tooLarge(String name, long value, Objective objective) {
        assertEquals(value, refused(Status.SIZE_OVERFLOW, 2, "objective." + name,
                search(cells, objective, SearchOptions.DEFAULT)).integer());
    }

    @Test
    void search() {
        SearchOptions usual = SearchOptions.DEFAULT;
        missing(2, "objective", search(cells, null, usual));
        missing(3, "options", search(cells, recall, null));
        missing(3, "options.method", () -> usual.method(null));
        missing(3, "options.shape", () -> usual.shape(null));
        refused(Status.INVALID_ARGUMENT, 3, "options.work_limit", () -> usual.workLimit(-1));
        assertEquals(1, refused(Status.INVALID_ARGUMENT, 3, "options.shape", search(
                cells, recall, usual.method(SearchMethod.MIST).shape(ThresholdShape.NON_DECREASING))).integer());
        assertEquals(5, refused(Status.INVALID_ARGUMENT, 1, "cells", 1,
                search(cells, recall, usual.method(SearchMethod.DP))).integer());
        assertEquals(3, refused(Status.INVALID_ARGUMENT, 3, "options.method",
                search(cells, Objective.fBeta(Ratio.of(1, 1)), usual.method(SearchMethod.DP))).integer());
        missing(4, "thresholds", () -> Threshold.search(cells, recall, usual, null, workspace));
        missing(4, "thresholds", () -> Threshold.search(cells, recall, usual, MutableInts.ofAddress(0, 2), workspace));
        misaligned(4, "thresholds",
                () -> Threshold.search(cells, recall, usual, MutableInts.ofAddress(1025, 2), workspace));
        wrongSize(4, "thresholds", 1,
                () -> Threshold.search(cells, recall, usual, MutableInts.of(ints, 0, 1), workspace));
        wrongSize(4, "thresholds", 4, () -> Threshold.search(cells, recall, usual, MutableInts.of(ints), workspace));
        missing(6, "workspace", () -> Threshold.search(cells, recall, usual, found, null));
        Workspace other = new Workspace();
        other.close();
        closed(6, "workspace", () -> Threshold.search(cells, recall, usual, found, other));
    }

    private Executable single(ThresholdRows rows, Objective objective) {
        return () -> Threshold.single(rows, objective, null);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void single(Memory memory) {
        missing(1, "rows", single(null, recall));
        missing(2, "objective", single(rows, null));
        wrongSize(1, "rows.labels", 1, single(ThresholdRows.of(s, Labels.f32(1)), recall));
        wrongSize(1, "rows.weights", 3, single(rows.weights(u.slice(0, 3)), recall));
        missing(1, "rows.scores", single(ThresholdRows.of(Floats.ofAddress(0, 4), rows.labels), recall));
        misaligned(1, "rows.weights", single(rows.weights(Floats.ofAddress(1025, 4)), recall));
        Floats nan = memory.floats(0, 1, NAN, 1).view;
        refused(Status.NOT_FINITE, 1, "rows.scores", 2, single(ThresholdRows.of(nan, rows.labels), recall));
        assertEquals(2, refused(Status.INVALID_ARGUMENT, 1, "rows.labels", 2,
                single(ThresholdRows.of(s, Labels.f32(memory.floats(0, 1, 2, 0).view)), recall)).real());
        refused(Status.INVALID_ARGUMENT, 1, "rows.segments",
                single(rows.segments(Segments.u32(memory.ints(0, 0, 0, 1).view)), recall));
        refused(Status.INVALID_ARGUMENT, 1, "rows.weights",
                single(rows.weights(u), Objective.recallWilson(Ratio.of(1, 2), Ratio.of(1, 1))));
        assertEquals(3, refused(Status.INVALID_ARGUMENT, 2, "objective.numerator",
                single(rows, Objective.recall(Ratio.of(3, 2)))).integer());
        closed(5, "pool", () -> Threshold.single(rows, recall, gone));
    }

    @Test
    void frontierIsotonicAndPassing() {
        MutableLongs most = MutableLongs.of(longs);
        MutableFloats out = MutableFloats.of(floats);
        missing(2, "positive", () -> Threshold.frontier(cells, null, workspace));
        wrongSize(3, "len", 6, () -> Threshold.frontier(cells, most.slice(0, 6), workspace));
        assertEquals(5, refused(Status.INVALID_ARGUMENT, 1, "cells", 1,
                () -> Threshold.frontier(cells, most, workspace)).integer());
        refused(Status.OVERLAP, 2, "positive", () -> Threshold.frontier(
                Cells.of(2, 3, most.slice(0, 6), most.slice(0, 6)), most, workspace));
        missing(5, "workspace", () -> Threshold.frontier(cells, most, null));
        missing(2, "values", () -> Threshold.isotonic(cells, null, workspace));
        missing(2, "values", () -> Threshold.isotonic(cells, MutableFloats.ofAddress(0, 6), workspace));
        misaligned(2, "values", () -> Threshold.isotonic(cells, MutableFloats.ofAddress(1025, 6), workspace));
        wrongSize(3, "len", 4, () -> Threshold.isotonic(cells, out, workspace));
        ByteBuffer both = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
        both.asLongBuffer().put(new long[] {7, 7, 7, 7, 7, 7});
        refused(Status.OVERLAP, 2, "values", () -> Threshold.isotonic(
                Cells.of(1, 6, Longs.of(both.asLongBuffer()).slice(0, 6), positive),
                MutableFloats.of(both.asFloatBuffer()).slice(2, 6), workspace));
        assertEquals(7, both.asLongBuffer().get(1));
        missing(4, "workspace", () -> Threshold.isotonic(cells, out, null));
        missing(2, "thresholds", () -> Threshold.passing(cells, null));
        wrongSize(2, "thresholds", 1, () -> Threshold.passing(cells, Ints.of(1)));
        assertEquals(4, refused(Status.INDEX_OUT_OF_RANGE, 2, "thresholds", 1,
                () -> Threshold.passing(cells, Ints.of(0, 4))).integer());
    }

    /** A call of a decision with grid, thresholds or values, scores, uncertainties and pool. */
    private interface Decision {
        void call(Grid grid, Floats given, Floats scores, Floats uncertainties, Pool pool);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void decisions(Memory memory) {
        MutableBytes flags = MutableBytes.of(bytes);
        MutableLongs word = MutableLongs.of(longs, 0, 1);
        MutableFloats out = MutableFloats.of(floats);
        decision("thresholds", limits, (g, t, a, b, pool) -> Threshold.decide(g, t, a, b, flags, pool));
        decision("thresholds", limits, (g, t, a, b, pool) -> Threshold.decideBits(g, t, a, b, word, pool));
        decision("values", Floats.of(0, 1, 2, 3, 4, 5),
                (g, t, a, b, pool) -> Threshold.calibrate(g, t, a, b, out, pool));
        Floats nan = memory.floats(0, NAN).view;
        refused(Status.NOT_FINITE, 2, "thresholds", 1, () -> Threshold.decide(grid, nan, s, u, flags, null));
        refused(Status.NOT_FINITE, 2, "thresholds", 1, () -> Threshold.decideBits(grid, nan, s, u, word, null));
        missing(6, "out", () -> Threshold.decide(grid, limits, s, u, null, null));
        missing(6, "out", () -> Threshold.decideBits(grid, limits, s, u, null, null));
        missing(6, "out", () -> Threshold.calibrate(grid, Floats.of(new float[6]), s, u, null, null));
        wrongSize(6, "out", 3, () -> Threshold.decide(grid, limits, s, u, MutableBytes.of(bytes, 0, 3), null));
        wrongSize(6, "out", 2, () -> Threshold.decideBits(grid, limits, s, u, MutableLongs.of(longs, 0, 2), null));
        wrongSize(6, "out", 0, () -> Threshold.decideBits(grid, limits, s, u, MutableLongs.of(), null));
        wrongSize(6, "out", 3,
                () -> Threshold.calibrate(grid, Floats.of(new float[6]), s, u, out.slice(0, 3), null));
        misaligned(6, "out", () -> Threshold.decideBits(grid, limits, s, u, MutableLongs.ofAddress(1025, 1), null));
        refused(Status.OVERLAP, 6, "out", () -> Threshold.calibrate(grid, Floats.of(new float[6]), out, u, out, null));

        MutableInts places = MutableInts.of(ints);
        missing(1, "grid", () -> Threshold.cells(null, s, u, places, null));
        missing(2, "scores", () -> Threshold.cells(grid, null, u, places, null));
        missing(3, "uncertainties", () -> Threshold.cells(grid, s, null, places, null));
        missing(5, "out", () -> Threshold.cells(grid, s, u, null, null));
        wrongSize(3, "uncertainties", 3, () -> Threshold.cells(grid, s, u.slice(0, 3), places, null));
        wrongSize(5, "out", 3, () -> Threshold.cells(grid, s, u, places.slice(0, 3), null));
        misaligned(5, "out", () -> Threshold.cells(grid, s, u, MutableInts.ofAddress(1025, 4), null));
        closed(1, "grid", () -> Threshold.cells(goneGrid, s, u, places, null));
        closed(6, "pool", () -> Threshold.cells(grid, s, u, places, gone));
    }

    private void decision(String name, Floats given, Decision decision) {
        missing(1, "grid", () -> decision.call(null, given, s, u, null));
        missing(2, name, () -> decision.call(grid, null, s, u, null));
        wrongSize(2, name, given.length() - 1,
                () -> decision.call(grid, given.slice(0, given.length() - 1), s, u, null));
        missing(2, name, () -> decision.call(grid, Floats.ofAddress(0, given.length()), s, u, null));
        missing(3, "scores", () -> decision.call(grid, given, null, u, null));
        misaligned(3, "scores", () -> decision.call(grid, given, Floats.ofAddress(1025, 4), u, null));
        missing(4, "uncertainties", () -> decision.call(grid, given, s, null, null));
        missing(4, "uncertainties", () -> decision.call(grid, given, s, Floats.ofAddress(0, 4), null));
        wrongSize(4, "uncertainties", 3, () -> decision.call(grid, given, s, u.slice(0, 3), null));
        closed(1, "grid", () -> decision.call(goneGrid, given.slice(0, 1), s, u, null));
        closed(7, "pool", () -> decision.call(grid, given, s, u, gone));
    }

    /** A call of a bootstrap with grid, rows, options and pool. */
    private interface Bootstrap {
        void call(Grid grid, ThresholdRows rows, BootstrapOptions options, Pool pool);
    }

    @Test
    void bootstraps() {
        bootstrap(7, (g, r, o, pool) ->
                Threshold.bootstrap(g, limits.slice(0, g == null ? 2 : g.levels()), r, o, pool));
        bootstrap(6, (g, r, o, pool) -> Binned.bootstrap(g, Figure.AUC, r, o, pool));
        missing(2, "thresholds", () -> Threshold.bootstrap(grid, null, rows, few, null));
        wrongSize(2, "thresholds", 1, () -> Threshold.bootstrap(grid, Floats.of(0), rows, few, null));
        refused(Status.NOT_FINITE, 2, "thresholds", 1,
                () -> Threshold.bootstrap(grid, Floats.of(0, NAN), rows, few, null));
        missing(2, "figure", () -> Binned.bootstrap(grid, null, rows, few, null));
        refused(Status.INVALID_ARGUMENT, 4, "options.replicates", () -> few.replicates(-1));
        try (Grid nested = Grid.create(
                GridOptions.of(BinEdges.given(.5f), BinEdges.nested(2)).sample(s, u), null)) {
            refused(Status.INVALID_ARGUMENT, 1, "grid", () -> Binned.bootstrap(nested, Figure.AUC, rows, few, null));
        }
    }

    private void bootstrap(int pool, Bootstrap call) {
        missing(1, "grid", () -> call.call(null, rows, few, null));
        closed(1, "grid", () -> call.call(goneGrid, rows, few, null));
        missing(3, "rows", () -> call.call(grid, null, few, null));
        missing(3, "rows.uncertainties", () -> call.call(grid, ThresholdRows.of(s, rows.labels), few, null));
        wrongSize(3, "rows.labels", 1, () -> call.call(grid, ThresholdRows.of(s, u, Labels.f32(1)), few, null));
        assertEquals(2, refused(Status.INVALID_ARGUMENT, 3, "rows.labels", 2,
                () -> call.call(grid, ThresholdRows.of(s, u, Labels.f32(0, 1, 2, 0)), few, null)).real());
        refused(Status.INVALID_ARGUMENT, 3, "rows.segments",
                () -> call.call(grid, rows.segments(Segments.u32(0, 0, 0, 1)), few, null));
        missing(4, "options", () -> call.call(grid, rows, null, null));
        assertEquals(1000001, refused(Status.INVALID_ARGUMENT, 4, "options.replicates",
                () -> call.call(grid, rows, few.replicates(1000001), null)).real());
        assertEquals(1, refused(Status.INVALID_ARGUMENT, 4, "options.confidence",
                () -> call.call(grid, rows, few.confidence(1), null)).real());
        refused(Status.NOT_FINITE, 4, "options.confidence", () -> call.call(grid, rows, few.confidence(NAN), null));
        closed(pool, "pool", () -> call.call(grid, rows, few, gone));
    }

    /** A call of a binned figure. */
    private interface Bins {
        void call(Longs positive, Longs negative);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void binned(Memory memory) {
        for (Bins call : new Bins[] {
            Binned::curve, Binned::auc, (p, n) -> Binned.averagePrecision(p, n, false),
            (p, n) -> Binned.averagePrecision(p, n, true)
        }) {
            Longs two = memory.longs(1, 2).view;
            Longs huge = memory.longs(-1, 1).view;
            missing(1, "positive", () -> call.call(null, two));
            missing(2, "negative", () -> call.call(two, null));
            wrongSize(2, "negative", 1, () -> call.call(two, two.slice(0, 1)));
            missing(1, "positive", () -> call.call(Longs.ofAddress(0, 2), two));
            misaligned(2, "negative", () -> call.call(two, Longs.ofAddress(1025, 2)));
            refused(Status.SIZE_OVERFLOW, 1, "positive", () -> call.call(huge, two));
            refused(Status.SIZE_OVERFLOW, 2, "negative", () -> call.call(two, huge));
        }
        Longs most = Longs.ofAddress(1024, 1L << 32);
        refused(Status.SIZE_OVERFLOW, 3, "bins", () -> Binned.curve(most, most));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void uncertainty(Memory memory) {
        MutableFloats out = MutableFloats.of(floats, 0, 2);
        Matrix ensemble = memory.floats(1, 2, 3, 4).matrix(2);
        missing(1, "scores", () -> Uncertainty.moments(null, false, out, null, null));
        missing(3, "mean", () -> Uncertainty.moments(ensemble, false, null, out, null));
        wrongSize(3, "mean", 3, () -> Uncertainty.moments(ensemble, false, MutableFloats.of(floats, 0, 3), null, null));
        wrongSize(4, "variance", 4, () -> Uncertainty.moments(ensemble, false, out, MutableFloats.of(floats), null));
        refused(Status.OVERLAP, 4, "variance",
                () -> Uncertainty.moments(ensemble, false, out, MutableFloats.of(floats, 1, 2), null));
        for (int columns : new int[] {0, 1}) {
            Matrix narrow = Matrix.of(new float[2], 2, columns);
            assertEquals(columns, refused(Status.INVALID_ARGUMENT, 1, "scores.cols",
                    () -> Uncertainty.moments(narrow, true, out, MutableFloats.of(floats, 2, 2), null)).integer());
        }
        closed(5, "pool", () -> Uncertainty.moments(ensemble, false, out, null, gone));

        Floats a = memory.floats(1, 2).view;
        missing(1, "a", () -> Uncertainty.beta(null, a, out, null, null));
        missing(2, "b", () -> Uncertainty.beta(a, null, out, null, null));
        wrongSize(2, "b", 1, () -> Uncertainty.beta(a, a.slice(0, 1), out, null, null));
        wrongSize(4, "mean", 4, () -> Uncertainty.beta(a, a, MutableFloats.of(floats), null, null));
        wrongSize(5, "entropy", 4, () -> Uncertainty.beta(a, a, null, MutableFloats.of(floats), null));
        refused(Status.OVERLAP, 5, "entropy",
                () -> Uncertainty.beta(a, a, out, MutableFloats.of(floats, 1, 2), null));
        assertEquals(0, refused(Status.INVALID_ARGUMENT, 2, "b", 1,
                () -> Uncertainty.beta(a, memory.floats(1, 0).view, null, null, null)).real());
        refused(Status.NOT_FINITE, 1, "a", 0,
                () -> Uncertainty.beta(memory.floats(NAN, 1).view, a, null, null, null));
        closed(6, "pool", () -> Uncertainty.beta(a, a, out, null, gone));

        missing(1, "probabilities", () -> Uncertainty.entropy(null, out, null));
        missing(3, "out", () -> Uncertainty.entropy(a, null, null));
        wrongSize(3, "out", 4, () -> Uncertainty.entropy(a, MutableFloats.of(floats), null));
        refused(Status.OVERLAP, 3, "out", () -> Uncertainty.entropy(out, out, null));
        MutableFloats unspecified = MutableFloats.of(new float[2]);
        assertEquals(2, refused(Status.INVALID_ARGUMENT, 1, "probabilities", 1,
                () -> Uncertainty.entropy(a, unspecified, null)).real());
        refused(Status.NOT_FINITE, 1, "probabilities", 1,
                () -> Uncertainty.entropy(memory.floats(1, NAN).view, unspecified, null));
        closed(4, "pool", () -> Uncertainty.entropy(a, out, gone));
    }
}
