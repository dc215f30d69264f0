package dev.avocet;

/**
 * What {@link Threshold#search} maximises. {@code P} and {@code N} are the positive and negative weight that pass,
 * {@code T = P + N}, and {@code A} is all positive weight. Immutable.
 */
public final class Objective {
    /** What is maximised; in the order of the constants in C. */
    public enum Kind {
        /** {@link Objective#recall}. */
        RECALL,
        /** {@link Objective#precision}. */
        PRECISION,
        /** {@link Objective#fBeta}. */
        F_BETA,
        /** {@link Objective#utility}. */
        UTILITY,
        /** {@link Objective#atMost}. */
        AT_MOST,
        /** {@link Objective#recallWilson}. */
        RECALL_WILSON
    }

    final Kind kind;
    final Ratio ratio;
    final Ratio z;
    final long selected;
    final long positivePasses;
    final long negativePasses;
    final long positiveStays;
    final long negativeStays;

    private Objective(
            Kind kind, Ratio ratio, Ratio z, long selected, long positivePasses, long negativePasses,
            long positiveStays, long negativeStays) {
        Failures.notNull(ratio, 2, "objective.numerator");
        Failures.notNull(z, 2, "objective.z_numerator");
        this.kind = kind;
        this.ratio = ratio;
        this.z = z;
        this.selected = selected;
        this.positivePasses = positivePasses;
        this.negativePasses = negativePasses;
        this.positiveStays = positiveStays;
        this.negativeStays = negativeStays;
    }

    /** Recall {@code P / A} subject to precision {@code P / T} of at least this, which is in [0, 1]. */
    public static Objective recall(Ratio precision) {
        return new Objective(Kind.RECALL, precision, Ratio.NONE, 0, 0, 0, 0, 0);
    }

    /** Precision {@code P / T} of what passes subject to recall of at least this, which is in [0, 1]. */
    public static Objective precision(Ratio recall) {
        return new Objective(Kind.PRECISION, recall, Ratio.NONE, 0, 0, 0, 0, 0);
    }

    /** {@code (1 + r) P / (T + r A)}, r being the square of beta, any ratio. */
    public static Objective fBeta(Ratio betaSquared) {
        return new Objective(Kind.F_BETA, betaSquared, Ratio.NONE, 0, 0, 0, 0, 0);
    }

    /**
     * The sum of the gains (below 0: losses) of each unit of positive and of negative weight that passes, and of each
     * that does not; all from -2^56 to 2^56.
     */
    public static Objective utility(
            long positivePasses, long negativePasses, long positiveStays, long negativeStays) {
        return new Objective(Kind.UTILITY, Ratio.NONE, Ratio.NONE, 0, positivePasses, negativePasses, positiveStays,
                negativeStays);
    }

    /** Recall subject to {@code T <= selected}, in units of the cells. */
    public static Objective atMost(long selected) {
        Failures.size(selected, 2, "objective.selected");
        return new Objective(Kind.AT_MOST, Ratio.NONE, Ratio.NONE, selected, 0, 0, 0, 0);
    }

    /**
     * Recall subject to a lower confidence bound of precision (Wilson's interval), for cells that hold counts:
     * {@code zSquared} is the square of the normal quantile, 27055 / 10000 for 95 % on one side.
     */
    public static Objective recallWilson(Ratio precision, Ratio zSquared) {
        return new Objective(Kind.RECALL_WILSON, precision, zSquared, 0, 0, 0, 0, 0);
    }

    /** What is maximised. */
    public Kind kind() {
        return kind;
    }
}
