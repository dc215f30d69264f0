package dev.avocet;

/**
 * How good scores are, from what their bins hold. Arrays hold a value for each bin, ascending in score;
 * {@link Buckets#scoreBins} gives them.
 */
public final class Binned {
    private static final Handle.Arguments BOOTSTRAP = Handle.Arguments.of("1 grid", "6 pool");

    private Binned() {}

    private static void check(Longs positive, Longs negative) {
        Failures.notNull(positive, 1, "positive");
        Failures.notNull(negative, 2, "negative");
        Failures.length(negative, positive.length(), 2, "negative");
    }

    /**
     * The points of the precision-recall and the ROC curve.
     *
     * C: {@code avocet_binned_curve}
     */
    public static Curve curve(Longs positive, Longs negative) {
        check(positive, negative);
        long bins = positive.length();
        if (bins > Curve.MAX_BINS) {
            throw Failures.invalid(Status.SIZE_OVERFLOW, 3, "bins", 0, bins, null);
        }
        Curve curve = new Curve((int) bins);
        Native.binnedCurve(positive.base, positive.at, bins, negative.base, negative.at, bins,
                curve.words, ~0L, curve.words.length);
        return curve;
    }

    /**
     * The area under the ROC curve: the probability that a positive is above a negative, ties counting half. NaN where
     * there are no positives or no negatives.
     *
     * C: {@code avocet_binned_auc}
     */
    public static Area auc(Longs positive, Longs negative) {
        check(positive, negative);
        double[] area = new double[3];
        Native.binnedAuc(positive.base, positive.at, positive.length(), negative.base, negative.at, negative.length(),
                area);
        return new Area(area);
    }

    /**
     * Average precision: the sum over positives of the precision at their score, over the positives. {@code weights} says
     * that the bins hold weights, not counts: the lower bound is its limit for ever smaller weights then. NaN without
     * positives.
     *
     * C: {@code avocet_binned_average_precision}
     */
    public static Area averagePrecision(Longs positive, Longs negative, boolean weights) {
        check(positive, negative);
        double[] area = new double[3];
        Native.binnedAveragePrecision(positive.base, positive.at, positive.length(),
                negative.base, negative.at, negative.length(), weights ? 1 : 0, area);
        return new Area(area);
    }

    /**
     * A figure of the score bins of rows, with its interval: as {@link Threshold#bootstrap}, but rows that count apart do
     * not count at all. No level of the grid has its own score edges.
     *
     * C: {@code avocet_binned_bootstrap}
     */
    public static Interval bootstrap(
            Grid grid, Figure figure, ThresholdRows rows, BootstrapOptions options, Pool pool) {
        Failures.notNull(grid, 1, "grid");
        Failures.notNull(figure, 2, "figure");
        Failures.notNull(rows, 3, "rows");
        Failures.notNull(options, 4, "options");
        rows.check(3);
        Floats scores = rows.scores;
        Floats uncertainties = Floats.orNone(rows.uncertainties);
        Labels labels = rows.labels;
        Floats weights = Floats.orNone(rows.weights);
        Segments of = Segments.orNone(rows.segments);
        double[] found = new double[4];
        BOOTSTRAP.enter(grid, pool);
        try {
            Native.binnedBootstrap(Handle.address(grid), figure.ordinal(), scores.base, scores.at, scores.length(),
                    uncertainties.base, uncertainties.at, uncertainties.length(),
                    labels.base, labels.at, labels.length(), labels.type().code(),
                    weights.base, weights.at, weights.length(), of.base, of.at, of.length(), of.code(),
                    rows.missing.ordinal(), options.seed, options.replicates, options.confidence, found,
                    Handle.address(pool));
        } finally {
            Handle.exit(grid, pool);
        }
        return new Interval(found, 0);
    }
}
