package dev.avocet;

/**
 * Which term of the edge loss; in the order of the constants in C.
 */
public enum EdgeKind {
    /** Observed edges: {@code softplus(-x)} of {@code source(row) . target(column)}. */
    POSITIVE,
    /** Sampled non-edges: {@code softplus(x - margin)} of {@code source(row) . target(column)}. */
    NEGATIVE,
    /** One-way edges against their direction: {@code softplus(x - margin)} of {@code source(column) . target(row)}. */
    REVERSED
}
