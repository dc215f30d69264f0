package dev.avocet;

/**
 * Why {@link Logistic#fit} ended; in the order of the constants in C.
 */
public enum FitOutcome {
    /** No derivative is above the tolerance. */
    CONVERGED,
    /** After as many iterations as allowed. */
    ITERATIONS,
    /** No step lowers the loss any more by what {@code float} can show. */
    STALLED
}
