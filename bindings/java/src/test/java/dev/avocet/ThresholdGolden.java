package dev.avocet;

import static dev.avocet.Golden.absolute;
import static dev.avocet.Golden.floats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The golden cases of the threshold family. */
final class ThresholdGolden {
    private static final int N = 5000;
    private static final int[][] NONE = {};
    private static final Objective[] OBJECTIVES = {
        Objective.recall(Ratio.of(2, 5)), Objective.precision(Ratio.of(1, 2)), Objective.fBeta(Ratio.of(1, 1)),
        Objective.utility(3, -2, 0, 0), Objective.atMost(1000),
        Objective.recallWilson(Ratio.of(1, 3), Ratio.of(27055, 10000))
    };

    private final Memory memory;
    private final Pool pool;
    private final Workspace workspace;
    private final Golden.Sink to;

    ThresholdGolden(Memory memory, Pool pool, Workspace workspace, Golden.Sink to) {
        this.memory = memory;
        this.pool = pool;
        this.workspace = workspace;
        this.to = to;
    }

    void run() {
        buckets();
        searches();
        single();
        uncertainty();
    }

    private void buckets() {
        Random random = new Random(31);
        Memory.F scores = memory.floats(random.values(N));
        Memory.F uncertainties = memory.floats(absolute(random.values(N)));
        Memory.F weights = memory.floats(absolute(random.values(N)));
        Labels labels = Labels.u8(memory.bytes(labels(random, N)).view);
        Segments segments = Segments.u32(memory.ints(random.below(3, N)).view);
        try (Grid grid = Grid.create(GridOptions.of(BinEdges.quantiles(7), BinEdges.nested(11).top(.75))
                .sample(scores.view, uncertainties.view).weights(weights.view), pool)) {
            float[][] edges = new float[8][];
            edges[0] = levelEdges(grid, 6);
            for (int level = 0; level < 7; level++) {
                edges[level + 1] = scoreEdges(grid, level, 10);
            }
            to.add("grid_nested", edges, NONE);
        }
        try (Grid grid = Grid.create(GridOptions.of(BinEdges.uniform(5, 0, 1), BinEdges.quantiles(20))
                .sample(scores.view, uncertainties.view), pool); Buckets table = Buckets.create(grid, 3)) {
            ThresholdRows rows = ThresholdRows.of(scores.view, uncertainties.view, labels).weights(weights.view);
            table.add(rows.segments(segments), pool, workspace);
            Memory.B bytes = memory.bytes(new byte[(int) table.savedBytes()]);
            table.save(bytes.view);
            int[] words = new int[bytes.get().length / 4];
            ByteBuffer.wrap(bytes.get()).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
            to.add("buckets", floats(scoreEdges(grid, 0, 19)), new int[][] {words});
            Memory.F thresholds = memory.floats(random.values(5));
            decisions(grid, thresholds, memory.floats(random.values(100)), scores, uncertainties);
            bootstrap(grid, thresholds.view, rows);
        }
    }

    private float[] levelEdges(Grid grid, int count) {
        Memory.F edges = memory.floats(count);
        grid.levelEdges(edges.view);
        return edges.get();
    }

    private float[] scoreEdges(Grid grid, int level, int count) {
        Memory.F edges = memory.floats(count);
        grid.scoreEdges(level, edges.view);
        return edges.get();
    }

    private void decisions(Grid grid, Memory.F thresholds, Memory.F values, Memory.F scores, Memory.F uncertainties) {
        Memory.F out = memory.floats(N);
        Memory.I places = memory.ints(new int[N]);
        Memory.L bits = memory.longs(new long[(N + 63) / 64]);
        Threshold.calibrate(grid, values.view, scores.view, uncertainties.view, out.view, pool);
        Threshold.cells(grid, scores.view, uncertainties.view, places.view, pool);
        Threshold.decideBits(grid, thresholds.view, scores.view, uncertainties.view, bits.view, pool);
        int[] halves = Arrays.stream(bits.get()).mapToInt(word -> (int) word).toArray();
        int[] all = new int[2 * halves.length];
        for (int i = 0; i < halves.length; i++) {
            all[2 * i] = halves[i];
            all[2 * i + 1] = (int) (bits.get()[i] >>> 32);
        }
        to.add("decisions", floats(out.get()), new int[][] {places.get(), all});
    }

    private void bootstrap(Grid grid, Floats thresholds, ThresholdRows rows) {
        BootstrapOptions options = BootstrapOptions.DEFAULT.seed(9).replicates(50).confidence(.9);
        ThresholdIntervals both = Threshold.bootstrap(grid, thresholds, rows, options, pool);
        Interval[] all = {
            both.recall(), both.precision(), Binned.bootstrap(grid, Figure.AUC, rows, options, pool),
            Binned.bootstrap(grid, Figure.AVERAGE_PRECISION, rows, options, pool)
        };
        to.add("bootstrap", floats(),
                new int[][] {Arrays.stream(all).mapToInt(interval -> (int) interval.count()).toArray()},
                Arrays.stream(all).flatMapToDouble(interval ->
                        Arrays.stream(new double[] {interval.value(), interval.low(), interval.high()})).toArray());
    }

    private static long[] draw(Random random, int most) {
        return Arrays.stream(random.below(most, 150)).asLongStream().toArray();
    }

    private void searches() {
        Random random = new Random(32);
        Memory.L positive = memory.longs(draw(random, 20));
        Memory.L negative = memory.longs(draw(random, 30));
        long[] equal = draw(random, 9);
        Cells cells = Cells.of(6, 25, positive.view, negative.view);
        SearchOptions usual = SearchOptions.DEFAULT;
        search("search_exact", cells, usual, 6);
        search("search_single", cells, usual.method(SearchMethod.SINGLE), 6);
        search("search_mist", cells, usual.method(SearchMethod.MIST), 2);
        search("search_monotone", cells, usual.shape(ThresholdShape.NON_DECREASING), 6);

        Memory.L most = memory.longs(new long[151]);
        Longs rest = memory.longs(Arrays.stream(equal).map(p -> 8 - p).toArray()).view;
        Threshold.frontier(Cells.of(6, 25, memory.longs(equal).view, rest), most.view, workspace);
        to.add("frontier", floats(), new int[][] {Arrays.stream(most.get()).mapToInt(Math::toIntExact).toArray()});
        Memory.F values = memory.floats(150);
        Threshold.isotonic(cells, values.view, workspace);
        to.add("isotonic", floats(values.get()), NONE);
        curves(positive.view, negative.view);
    }

    private void search(String name, Cells cells, SearchOptions options, int count) {
        int[][] words = new int[2 * count][];
        for (int i = 0; i < count; i++) {
            Memory.I thresholds = memory.ints(new int[6]);
            Solution found = Threshold.search(cells, OBJECTIVES[i], options, thresholds.view, workspace).orThrow();
            words[2 * i] = thresholds.get();
            words[2 * i + 1] = new int[] {
                (int) found.positive(), (int) found.boundPositive(), (int) found.negative(), found.isProven() ? 1 : 0
            };
        }
        to.add(name, floats(), words);
    }

    private void curves(Longs positive, Longs negative) {
        Curve curve = Binned.curve(positive, negative);
        int[] counts = new int[2 * curve.size()];
        double[] figures = new double[3 * curve.size() + 6];
        int at = 0;
        for (int i = 0; i < curve.size(); i++) {
            counts[2 * i] = (int) curve.truePositives(i);
            counts[2 * i + 1] = (int) curve.falsePositives(i);
            if (i < curve.size() - 1) {
                figures[at++] = curve.recall(i);
                figures[at++] = curve.precision(i);
                figures[at++] = curve.falsePositiveRate(i);
            }
        }
        for (Area area : new Area[] {
            Binned.auc(positive, negative), Binned.averagePrecision(positive, negative, false),
            Binned.averagePrecision(positive, negative, true)
        }) {
            figures[at++] = area.lower();
            figures[at++] = area.tied();
            figures[at++] = area.upper();
        }
        to.add("binned_curve", floats(), new int[][] {counts}, figures);
    }

    private void single() {
        Random random = new Random(40);
        int n = 20_000;
        Floats scores = memory.floats(random.values(n)).view;
        Floats weights = memory.floats(absolute(random.values(n))).view;
        Labels labels = Labels.u8(memory.bytes(labels(random, n)).view);
        float[] thresholds = new float[6];
        int[] words = new int[24];
        for (int i = 0; i < 6; i++) {
            ThresholdRows rows = ThresholdRows.of(scores, labels).weights(i < 3 ? null : weights);
            SingleThreshold found = Threshold.single(rows, OBJECTIVES[i % 3], pool);
            thresholds[i] = found.threshold();
            long positive = found.solution().orThrow().positive();
            long negative = found.solution().negative();
            int[] halves = {(int) positive, (int) (positive >>> 32), (int) negative, (int) (negative >>> 32)};
            System.arraycopy(halves, 0, words, 4 * i, 4);
        }
        to.add("threshold_single", floats(thresholds), new int[][] {words});
    }

    private static byte[] labels(Random random, int count) {
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.below(2);
        }
        return labels;
    }

    private static float[] shapes(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * 32 + .5f;
        }
        return values;
    }

    private void uncertainty() {
        Random random = new Random(33);
        Memory.F ensemble = memory.floats(random.values(N * 7));
        Memory.F a = memory.floats(shapes(absolute(random.values(N))));
        Memory.F b = memory.floats(shapes(absolute(random.values(N))));
        Memory.F p = memory.floats(absolute(random.values(N)));
        Memory.F mean = memory.floats(N);
        Memory.F variance = memory.floats(N);
        Uncertainty.moments(ensemble.matrix(N), true, mean.view, variance.view, pool);
        to.add("uncertainty_moments", floats(mean.get(), variance.get()), NONE);
        Uncertainty.beta(a.view, b.view, mean.view, variance.view, pool);
        to.add("uncertainty_beta", floats(mean.get(), variance.get()), NONE);
        Uncertainty.entropy(p.view, mean.view, pool);
        to.add("uncertainty_entropy", floats(mean.get()), NONE);
    }
}
