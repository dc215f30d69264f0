package dev.avocet;

/**
 * How {@link Sampling#neighbours} draws edges; in the order of the constants in C.
 */
public enum Draw {
    /** Each set of edges is as likely as any other. */
    WITHOUT_REPLACEMENT,
    /** Independent draws: an edge may occur more than once. */
    WITH_REPLACEMENT,
    /** One edge after the other, each with a probability proportional to its weight among those left. */
    WEIGHTED
}
