package dev.avocet;

/**
 * A figure and where chance can move it. Immutable.
 */
public final class Interval {
    private final double value;
    private final double low;
    private final double high;
    private final long count;

    /** From four numbers, from a position on. */
    Interval(double[] found, int from) {
        value = found[from];
        low = found[from + 1];
        high = found[from + 2];
        count = (long) found[from + 3];
    }

    /** The figure of the rows themselves. */
    public double value() {
        return value;
    }

    /** The lower end of the interval. */
    public double low() {
        return low;
    }

    /** The upper end of the interval. */
    public double high() {
        return high;
    }

    /** Replicates in which the figure is a number. */
    public long count() {
        return count;
    }
}
