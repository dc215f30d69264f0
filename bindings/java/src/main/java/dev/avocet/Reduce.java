package dev.avocet;

/**
 * How {@link Aggregate#aggregate} reduces the neighbour rows; in the order of the constants in C.
 */
public enum Reduce {
    /** The sum. */
    SUM,
    /** The sum divided by the number of edges of the row. */
    MEAN
}
