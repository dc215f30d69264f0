package dev.avocet;

/**
 * An exact ratio: a bound such as 9/10 is the bound, not the {@code double} next to it. Immutable.
 */
public final class Ratio {
    /** Where an objective has none. */
    static final Ratio NONE = new Ratio(0, 0);

    final long numerator;
    final long denominator;

    private Ratio(long numerator, long denominator) {
        this.numerator = numerator;
        this.denominator = denominator;
    }

    /** Both from 0 to 2^32 - 1; each {@link Objective} says more. */
    public static Ratio of(long numerator, long denominator) {
        check(numerator, "numerator");
        check(denominator, "denominator");
        return new Ratio(numerator, denominator);
    }

    private static void check(long value, String name) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw Failures.invalid(Status.INVALID_ARGUMENT, 0, name, 0, value, "not from 0 to 2^32 - 1");
        }
    }
}
