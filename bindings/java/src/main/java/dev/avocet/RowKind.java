package dev.avocet;

/**
 * What a row of a {@link Stream} says of its click; in the order of the constants in C. Arrays of kinds hold a byte for
 * each row.
 */
public enum RowKind {
    /** A click without a conversion so far: it never converts, or late. */
    NEGATIVE,
    /** A click that converted within the wait window. */
    IMMEDIATE_POSITIVE,
    /** The copy of a click that converted after the window. */
    DELAYED_POSITIVE,
    /** The copy of a click that did not convert in time. */
    REAL_NEGATIVE;

    /** The value of the constant in C. */
    public byte code() {
        return (byte) ordinal();
    }
}
