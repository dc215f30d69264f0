package dev.avocet;

/**
 * A figure of {@link Binned#bootstrap}; in the order of the constants in C.
 */
public enum Figure {
    /** {@link Binned#auc}, rows of a bin tied. */
    AUC,
    /** {@link Binned#averagePrecision}, rows of a bin tied. */
    AVERAGE_PRECISION
}
