package dev.avocet;

/**
 * An area, and how far the order of rows within bins, which is lost, can move it. Immutable.
 */
public final class Area {
    private final double lower;
    private final double tied;
    private final double upper;

    Area(double[] found) {
        lower = found[0];
        tied = found[1];
        upper = found[2];
    }

    /** The least over all orders within bins. */
    public double lower() {
        return lower;
    }

    /** With the rows of a bin tied. */
    public double tied() {
        return tied;
    }

    /** The greatest over all orders within bins, ties among them. */
    public double upper() {
        return upper;
    }
}
