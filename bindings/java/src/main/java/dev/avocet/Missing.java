package dev.avocet;

/**
 * What to do with rows that have a NaN; in the order of the constants in C.
 */
public enum Missing {
    /** They are refused, with the position of the first. */
    REFUSE,
    /** Rows with a NaN score or uncertainty are counted apart. */
    APART
}
