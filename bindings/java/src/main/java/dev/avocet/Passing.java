package dev.avocet;

/**
 * What passes with thresholds, in units of the cells, exact. Immutable.
 */
public final class Passing {
    private final long positive;
    private final long negative;

    Passing(long positive, long negative) {
        this.positive = positive;
        this.negative = negative;
    }

    /** The positive weight. */
    public long positive() {
        return positive;
    }

    /** The negative weight. */
    public long negative() {
        return negative;
    }
}
