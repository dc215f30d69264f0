package dev.avocet;

/**
 * What {@link Threshold#bootstrap} found. Immutable.
 */
public final class ThresholdIntervals {
    private final Interval recall;
    private final Interval precision;

    ThresholdIntervals(Interval recall, Interval precision) {
        this.recall = recall;
        this.precision = precision;
    }

    /** Recall. */
    public Interval recall() {
        return recall;
    }

    /** Precision. */
    public Interval precision() {
        return precision;
    }
}
