package dev.avocet;

/**
 * The rows and the model of {@link Logistic#dense}. Immutable; each method gives rows with one thing more set.
 */
public final class LogisticRows {
    final Matrix x;
    final Floats weights;
    final Floats offsets;
    final float intercept;

    private LogisticRows(Matrix x, Floats weights, Floats offsets, float intercept) {
        this.x = x;
        this.weights = weights;
        this.offsets = offsets;
        this.intercept = intercept;
    }

    /** Features, {@code n x d}, and their weights, {@code d} values. */
    public static LogisticRows of(Matrix x, Floats weights) {
        Failures.notNull(x, 1, "rows.x");
        Failures.notNull(weights, 1, "rows.weights");
        return new LogisticRows(x, weights, null, 0);
    }

    /** Added to each margin, {@code n} values; null stands for zeros. */
    public LogisticRows offsets(Floats offsets) {
        return new LogisticRows(x, weights, offsets, intercept);
    }

    /** Added to every margin. */
    public LogisticRows intercept(float intercept) {
        return new LogisticRows(x, weights, offsets, intercept);
    }
}
