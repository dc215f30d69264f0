package dev.avocet;

/**
 * What {@link Metrics#ranking} computes; NaN where there are no positives or, for the AUC, no negatives. Immutable.
 */
public final class Ranking {
    private final double positives;
    private final double negatives;
    private final double auc;
    private final double prAuc;
    private final double averagePrecision;

    Ranking(double[] figures) {
        positives = figures[0];
        negatives = figures[1];
        auc = figures[2];
        prAuc = figures[3];
        averagePrecision = figures[4];
    }

    /** The weight of the positives. */
    public double positives() {
        return positives;
    }

    /** The weight of the negatives. */
    public double negatives() {
        return negatives;
    }

    /** The probability that a positive scores above a negative, ties counting half. */
    public double auc() {
        return auc;
    }

    /** The area under the precision-recall curve by the trapezoid rule, from (0, 1) on through every distinct score. */
    public double prAuc() {
        return prAuc;
    }

    /** The same area by steps: the precision at each distinct score times what recall gains there. */
    public double averagePrecision() {
        return averagePrecision;
    }
}
