package dev.avocet;

/**
 * What the rows of {@link Logistic} and {@link SparseModel#learn} are to learn: either labels, with or without weights,
 * or coefficients. Immutable; each method gives targets with one thing more set.
 */
public final class LogisticTargets {
    /** No targets. */
    static final LogisticTargets NONE = new LogisticTargets(null, null, null, null, false);

    final Floats labels;
    final Floats weights;
    final Floats a;
    final Floats b;
    final boolean signedWeights;

    private LogisticTargets(Floats labels, Floats weights, Floats a, Floats b, boolean signedWeights) {
        this.labels = labels;
        this.weights = weights;
        this.a = a;
        this.b = b;
        this.signedWeights = signedWeights;
    }

    /**
     * Labels in [0, 1], which give {@code a = weight * label}, {@code b = weight * (1 - label)}; fractions are soft
     * labels.
     */
    public static LogisticTargets labels(Floats labels) {
        Failures.notNull(labels, 2, "targets.labels");
        return new LogisticTargets(labels, null, null, null, false);
    }

    /** The coefficients of {@code softplus(-x)} and of {@code softplus(x)}, such as {@link Feedback#weights} gives. */
    public static LogisticTargets coefficients(Floats a, Floats b) {
        Failures.notNull(a, 2, "targets.a");
        Failures.notNull(b, 2, "targets.b");
        return new LogisticTargets(null, null, a, b, false);
    }

    /** A weight for each row, beside labels only; null stands for ones. */
    public LogisticTargets weights(Floats weights) {
        return new LogisticTargets(labels, weights, a, b, signedWeights);
    }

    /** Whether weights and coefficients, which are always finite, may be negative. */
    public LogisticTargets signedWeights(boolean signedWeights) {
        return new LogisticTargets(labels, weights, a, b, signedWeights);
    }

    /** Refuses arrays of another length. */
    void check(long rows, int argument) {
        Failures.length(labels, rows, argument, "targets.labels");
        Failures.length(weights, rows, argument, "targets.weights");
        Failures.length(a, rows, argument, "targets.a");
        Failures.length(b, rows, argument, "targets.b");
    }
}
