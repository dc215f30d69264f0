package dev.avocet;

/**
 * How {@link Threshold#search} finds thresholds; in the order of the constants in C.
 */
public enum SearchMethod {
    /** The best selection of all. */
    EXACT,
    /** One threshold for all levels: the best of these. */
    SINGLE,
    /** Isotonic regression of each level, within one block of the best: for recall and precision. */
    MIST,
    /** The dynamic program for cells of equal weight: the best of all, for recall, precision and at most. */
    DP
}
