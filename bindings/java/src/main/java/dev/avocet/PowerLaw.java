package dev.avocet;

/**
 * A power law of degrees. Immutable.
 */
public final class PowerLaw {
    private final long least;
    private final double exponent;

    /**
     * A law of the least degree that counts, at least 1, and the exponent, above 1 (infinite where all degrees are the
     * least). {@link Sampling#adaptiveFanout} checks both.
     */
    public PowerLaw(long least, double exponent) {
        Failures.size(least, 2, "law.least");
        this.least = least;
        this.exponent = exponent;
    }

    /** The least degree that counts. */
    public long least() {
        return least;
    }

    /** The exponent. */
    public double exponent() {
        return exponent;
    }
}
