package dev.avocet;

/**
 * Two tables whose rows are scored with each other, and how; laid out for the call: make them once and use them often.
 * Immutable; each method gives tables with one thing more set.
 *
 * <p>Both are of floating-point numbers, of any types, or both of {@code byte}, of at most 131071 columns.
 */
public final class ScoreTables {
    final MatrixView left;
    final MatrixView right;
    /** What {@code score.c} reads; null for dot products of two tables without scales. */
    final long[] numbers;
    final Object[] bases;

    private final Floats leftScales;
    private final Floats rightScales;
    private final ScoreMetric metric;
    /** Null if there are none. */
    private final ScoreTables second;
    private final float factor;
    private final float secondFactor;

    private ScoreTables(
            MatrixView left, Floats leftScales, MatrixView right, Floats rightScales, ScoreMetric metric,
            ScoreTables second, float factor, float secondFactor) {
        this.left = left;
        this.leftScales = leftScales;
        this.right = right;
        this.rightScales = rightScales;
        this.metric = metric;
        this.second = second;
        this.factor = factor;
        this.secondFactor = secondFactor;
        boolean plain = leftScales == null && rightScales == null && metric == ScoreMetric.DOT && second == null;
        Pack pack = plain ? null : pack();
        this.numbers = plain ? null : pack.numbers();
        this.bases = plain ? null : pack.bases();
    }

    private Pack pack() {
        Pack pack = new Pack().number(metric.ordinal()).floats(leftScales).floats(rightScales);
        if (second == null) {
            return pack.number(0);
        }
        return pack.number(1).number(Float.floatToRawIntBits(factor)).number(Float.floatToRawIntBits(secondFactor))
                .anyMatrix(second.left).anyMatrix(second.right).floats(second.leftScales).floats(second.rightScales);
    }

    /** Tables of floating-point numbers with as many columns, which are widened exactly. */
    public static ScoreTables of(RealMatrix left, RealMatrix right) {
        Failures.notNull(left, 1, "left");
        Failures.notNull(right, 2, "right");
        return new ScoreTables(left, null, right, null, ScoreMetric.DOT, null, 0, 0);
    }

    /** Tables of integers with as many columns; their sums are exact. */
    public static ScoreTables of(Matrix8 left, Matrix8 right) {
        return of(left, null, right, null);
    }

    /** Tables of integers with as many columns, and a scale for each of their rows; null stands for ones. */
    public static ScoreTables of(Matrix8 left, Floats leftScales, Matrix8 right, Floats rightScales) {
        Failures.notNull(left, 1, "left");
        Failures.notNull(right, 2, "right");
        Failures.length(leftScales, left.rows, 0, "options.left_scales");
        Failures.length(rightScales, right.rows, 0, "options.right_scales");
        return new ScoreTables(left, leftScales, right, rightScales, ScoreMetric.DOT, null, 0, 0);
    }

    /** What a score is; by default a dot product. */
    public ScoreTables metric(ScoreMetric metric) {
        Failures.notNull(metric, 0, "options.metric");
        return new ScoreTables(left, leftScales, right, rightScales, metric, second, factor, secondFactor);
    }

    /**
     * A second table for each side, with as many rows as the first: a score is then
     * {@code factor * score + secondFactor * second score}, both by the same metric. The factors are finite.
     */
    public ScoreTables second(RealMatrix left, RealMatrix right, float factor, float secondFactor) {
        Failures.notNull(left, 0, "options.second_left");
        Failures.notNull(right, 0, "options.second_right");
        return second(of(left, right), factor, secondFactor);
    }

    /** A second table of integers for each side, with their scales, of which either may be null, likewise. */
    public ScoreTables second(
            Matrix8 left, Floats leftScales, Matrix8 right, Floats rightScales, float factor, float secondFactor) {
        Failures.notNull(left, 0, "options.second_left");
        Failures.notNull(right, 0, "options.second_right");
        Failures.length(leftScales, left.rows, 0, "options.second_left_scales");
        Failures.length(rightScales, right.rows, 0, "options.second_right_scales");
        return second(of(left, leftScales, right, rightScales), factor, secondFactor);
    }

    private ScoreTables second(ScoreTables second, float factor, float secondFactor) {
        return new ScoreTables(left, leftScales, right, rightScales, metric, second, factor, secondFactor);
    }
}
