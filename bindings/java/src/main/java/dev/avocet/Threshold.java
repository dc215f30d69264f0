package dev.avocet;

/**
 * Thresholds of scores by level of uncertainty: finding them, deciding by them, and how far chance moves what they give.
 */
public final class Threshold {
    private static final Handle.Arguments SEARCH = Handle.Arguments.of("1 cells.buckets", "6 workspace");
    private static final Handle.Arguments SINGLE = Handle.Arguments.of("5 pool");
    private static final Handle.Arguments FRONTIER = Handle.Arguments.of("1 cells.buckets", "5 workspace");
    private static final Handle.Arguments ISOTONIC = Handle.Arguments.of("1 cells.buckets", "4 workspace");
    private static final Handle.Arguments PASSING = Handle.Arguments.of("1 cells.buckets");
    private static final Handle.Arguments DECIDE = Handle.Arguments.of("1 grid", "7 pool");
    private static final Handle.Arguments CELLS = Handle.Arguments.of("1 grid", "6 pool");
    private static final Handle.Arguments BOOTSTRAP = Handle.Arguments.of("1 grid", "7 pool");

    private Threshold() {}

    /**
     * The best thresholds for an objective: for each level the first bin that passes, 0 (all pass) up to the number of
     * bins (none does); {@link Grid#thresholds} turns them into scores. Every comparison is exact: an answer meets the
     * constraint, and {@link Solution#isProven} is a proof. Where there is no answer the solution says so, with its
     * bound, and the thresholds let nothing pass.
     *
     * <p>The exact method allocates lists whose lengths depend on the data, up to some hundred MB at the default work
     * limit.
     *
     * C: {@code avocet_threshold_search}
     */
    public static Solution search(
            Cells cells, Objective objective, SearchOptions options, MutableInts thresholds, Workspace workspace) {
        Failures.notNull(cells, 1, "cells");
        Failures.notNull(objective, 2, "objective");
        Failures.notNull(options, 3, "options");
        Failures.notNull(thresholds, 4, "thresholds");
        Failures.notNull(workspace, 6, "workspace");
        Failures.length(thresholds, cells.levels, 4, "thresholds");
        long[] found = new long[6];
        SEARCH.enter(cells.buckets, workspace);
        try {
            Throwable failure = Native.thresholdSearch(cells.levels, cells.bins,
                    cells.positive.base, cells.positive.at, cells.positive.length(),
                    cells.negative.base, cells.negative.at, cells.negative.length(),
                    Handle.address(cells.buckets), cells.segment, cells.weights ? 1 : 0, objective.kind.ordinal(),
                    objective.ratio.numerator, objective.ratio.denominator, objective.z.numerator,
                    objective.z.denominator, objective.selected, objective.positivePasses, objective.negativePasses,
                    objective.positiveStays, objective.negativeStays, options.workLimit, options.method.ordinal(),
                    options.shape.ordinal(), thresholds.base, thresholds.at, thresholds.length(), found,
                    Handle.address(workspace));
            return new Solution(found, (Failure) failure);
        } finally {
            Handle.exit(cells.buckets, workspace);
        }
    }

    /**
     * The best single threshold over the distinct scores of rows, exact: those with {@code score >= threshold} pass;
     * infinity lets none pass. Uncertainties are not looked at, and there must be no segments. Weights are counted in units
     * of 2^-20, rows without weights in ones. The answer is always proven, its bound holds for single thresholds. Where
     * there is none the solution says so, as that of {@link #search} does. Allocates 4 MiB for each thread, and more.
     *
     * C: {@code avocet_threshold_single}
     */
    public static SingleThreshold single(ThresholdRows rows, Objective objective, Pool pool) {
        Failures.notNull(rows, 1, "rows");
        Failures.notNull(objective, 2, "objective");
        rows.check(1);
        Floats scores = rows.scores;
        Labels labels = rows.labels;
        Floats weights = Floats.orNone(rows.weights);
        Segments of = Segments.orNone(rows.segments);
        long[] found = new long[6];
        float[] threshold = new float[1];
        SINGLE.enter(pool);
        try {
            Throwable failure = Native.thresholdSingle(scores.base, scores.at, scores.length(), null, 0, 0,
                    labels.base, labels.at, labels.length(), labels.type().code(),
                    weights.base, weights.at, weights.length(), of.base, of.at, of.length(), of.code(),
                    rows.missing.ordinal(), objective.kind.ordinal(),
                    objective.ratio.numerator, objective.ratio.denominator, objective.z.numerator,
                    objective.z.denominator, objective.selected, objective.positivePasses, objective.negativePasses,
                    objective.positiveStays, objective.negativeStays, threshold, found, Handle.address(pool));
            return new SingleThreshold(threshold[0], new Solution(found, (Failure) failure));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * The whole frontier of cells of equal weight: {@code positive[m]} gets the greatest positive weight of any m passing
     * bins, for m from 0 to levels times bins. Returns the weight of a cell, 0 if there are none.
     * {@link #search} with {@link Objective#atMost} and {@link SearchMethod#DP} gives the thresholds of a point.
     *
     * C: {@code avocet_threshold_frontier}
     */
    public static long frontier(Cells cells, MutableLongs positive, Workspace workspace) {
        Failures.notNull(cells, 1, "cells");
        Failures.notNull(positive, 2, "positive");
        Failures.notNull(workspace, 5, "workspace");
        FRONTIER.enter(cells.buckets, workspace);
        try {
            return Native.thresholdFrontier(cells.levels, cells.bins,
                    cells.positive.base, cells.positive.at, cells.positive.length(),
                    cells.negative.base, cells.negative.at, cells.negative.length(),
                    Handle.address(cells.buckets), cells.segment, cells.weights ? 1 : 0,
                    positive.base, positive.at, positive.length(), Handle.address(workspace));
        } finally {
            Handle.exit(cells.buckets, workspace);
        }
    }

    /**
     * Calibrated probabilities: isotonic regression of the positivity in each level, the values that do not fall with the
     * score and have the least weighted squared distance from the share of positives of each cell. {@code values} holds
     * levels times bins values, in the order of the cells, for {@link #calibrate} to give to rows. Cells without weight
     * have the value of the one below them with weight, or of the first with weight; levels without weight have NaN.
     *
     * C: {@code avocet_threshold_isotonic}
     */
    public static void isotonic(Cells cells, MutableFloats values, Workspace workspace) {
        Failures.notNull(cells, 1, "cells");
        Failures.notNull(values, 2, "values");
        Failures.notNull(workspace, 4, "workspace");
        ISOTONIC.enter(cells.buckets, workspace);
        try {
            Native.thresholdIsotonic(cells.levels, cells.bins,
                    cells.positive.base, cells.positive.at, cells.positive.length(),
                    cells.negative.base, cells.negative.at, cells.negative.length(),
                    Handle.address(cells.buckets), cells.segment, cells.weights ? 1 : 0,
                    values.base, values.at, values.length(), Handle.address(workspace));
        } finally {
            Handle.exit(cells.buckets, workspace);
        }
    }

    /**
     * The weights that pass with thresholds, such as those that were found on other data: for each level its bins from
     * the threshold on.
     *
     * C: {@code avocet_threshold_passing}
     */
    public static Passing passing(Cells cells, Ints thresholds) {
        Failures.notNull(cells, 1, "cells");
        Failures.notNull(thresholds, 2, "thresholds");
        Failures.length(thresholds, cells.levels, 2, "thresholds");
        long[] found = new long[2];
        PASSING.enter(cells.buckets);
        try {
            Native.thresholdPassing(cells.levels, cells.bins,
                    cells.positive.base, cells.positive.at, cells.positive.length(),
                    cells.negative.base, cells.negative.at, cells.negative.length(),
                    Handle.address(cells.buckets), cells.segment, cells.weights ? 1 : 0,
                    thresholds.base, thresholds.at, thresholds.length(), found);
        } finally {
            Handle.exit(cells.buckets);
        }
        return new Passing(found[0], found[1]);
    }

    /**
     * Selects the rows whose score is at least the threshold of their level of uncertainty: {@code out[i]} is 1 for those,
     * else 0. {@code thresholds} holds a score for each level of the grid: minus infinity selects all rows of a level,
     * infinity none. Rows with NaN are not selected. The other arrays have one length.
     *
     * C: {@code avocet_threshold_decide}
     */
    public static void decide(
            Grid grid, Floats thresholds, Floats scores, Floats uncertainties, MutableBytes out, Pool pool) {
        check(grid, thresholds, "thresholds", scores, uncertainties);
        Failures.notNull(out, 6, "out");
        Failures.length(thresholds, grid.levels(), 2, "thresholds");
        Failures.length(out, scores.length(), 6, "out");
        DECIDE.enter(grid, pool);
        try {
            Native.thresholdDecide(Handle.address(grid), thresholds.base, thresholds.at, thresholds.length(),
                    scores.base, scores.at, scores.length(), uncertainties.base, uncertainties.at,
                    uncertainties.length(), out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(grid, pool);
        }
    }

    /**
     * As {@link #decide}, with a bit for each row: bit {@code i mod 64} of word {@code i div 64}; bits beyond the rows are
     * 0. {@code out} holds a 64th as many words as there are rows, rounded up.
     *
     * C: {@code avocet_threshold_decide_bits}
     */
    public static void decideBits(
            Grid grid, Floats thresholds, Floats scores, Floats uncertainties, MutableLongs out, Pool pool) {
        check(grid, thresholds, "thresholds", scores, uncertainties);
        Failures.notNull(out, 6, "out");
        Failures.length(thresholds, grid.levels(), 2, "thresholds");
        Failures.length(out, scores.length() / 64 + (scores.length() % 64 == 0 ? 0 : 1), 6, "out");
        DECIDE.enter(grid, pool);
        try {
            Native.thresholdDecideBits(Handle.address(grid), thresholds.base, thresholds.at, thresholds.length(),
                    scores.base, scores.at, scores.length(), uncertainties.base, uncertainties.at,
                    uncertainties.length(), out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(grid, pool);
        }
    }

    /**
     * The value of each row's cell: a calibrated probability, say. {@code values} holds one for each cell, level after
     * level, within a level by ascending score. Rows with NaN get NaN.
     *
     * C: {@code avocet_threshold_calibrate}
     */
    public static void calibrate(
            Grid grid, Floats values, Floats scores, Floats uncertainties, MutableFloats out, Pool pool) {
        check(grid, values, "values", scores, uncertainties);
        Failures.notNull(out, 6, "out");
        Failures.length(values, grid.levels() * grid.bins(), 2, "values");
        Failures.length(out, scores.length(), 6, "out");
        DECIDE.enter(grid, pool);
        try {
            Native.thresholdCalibrate(Handle.address(grid), values.base, values.at, values.length(),
                    scores.base, scores.at, scores.length(), uncertainties.base, uncertainties.at,
                    uncertainties.length(), out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(grid, pool);
        }
    }

    private static void check(Grid grid, Floats given, String name, Floats scores, Floats uncertainties) {
        Failures.notNull(grid, 1, "grid");
        Failures.notNull(given, 2, name);
        Failures.notNull(scores, 3, "scores");
        Failures.notNull(uncertainties, 4, "uncertainties");
        Failures.length(uncertainties, scores.length(), 4, "uncertainties");
    }

    /**
     * The cell of each row: level times bins plus bin, and the number of all cells for rows with NaN. All arrays have one
     * length.
     *
     * C: {@code avocet_threshold_cells}
     */
    public static void cells(Grid grid, Floats scores, Floats uncertainties, MutableInts out, Pool pool) {
        Failures.notNull(grid, 1, "grid");
        Failures.notNull(scores, 2, "scores");
        Failures.notNull(uncertainties, 3, "uncertainties");
        Failures.notNull(out, 5, "out");
        Failures.length(uncertainties, scores.length(), 3, "uncertainties");
        Failures.length(out, scores.length(), 5, "out");
        CELLS.enter(grid, pool);
        try {
            Native.thresholdCells(Handle.address(grid), scores.base, scores.at, scores.length(), uncertainties.base,
                    uncertainties.at, uncertainties.length(), out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(grid, pool);
        }
    }

    /**
     * Recall and precision of thresholds, as {@link #decide} applies them, with percentile intervals. The rows have no
     * segments; those that count apart are never selected. Allocates 8 bytes a row.
     *
     * C: {@code avocet_threshold_bootstrap}
     */
    public static ThresholdIntervals bootstrap(
            Grid grid, Floats thresholds, ThresholdRows rows, BootstrapOptions options, Pool pool) {
        Failures.notNull(grid, 1, "grid");
        Failures.notNull(thresholds, 2, "thresholds");
        Failures.notNull(rows, 3, "rows");
        Failures.notNull(options, 4, "options");
        Failures.length(thresholds, grid.levels(), 2, "thresholds");
        rows.check(3);
        Floats scores = rows.scores;
        Floats uncertainties = Floats.orNone(rows.uncertainties);
        Labels labels = rows.labels;
        Floats weights = Floats.orNone(rows.weights);
        Segments of = Segments.orNone(rows.segments);
        double[] found = new double[8];
        BOOTSTRAP.enter(grid, pool);
        try {
            Native.thresholdBootstrap(Handle.address(grid), thresholds.base, thresholds.at, thresholds.length(),
                    scores.base, scores.at, scores.length(),
                    uncertainties.base, uncertainties.at, uncertainties.length(),
                    labels.base, labels.at, labels.length(), labels.type().code(),
                    weights.base, weights.at, weights.length(), of.base, of.at, of.length(), of.code(),
                    rows.missing.ordinal(), options.seed, options.replicates, options.confidence, found,
                    Handle.address(pool));
        } finally {
            Handle.exit(grid, pool);
        }
        return new ThresholdIntervals(new Interval(found, 0), new Interval(found, 4));
    }
}
