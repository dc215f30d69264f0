package dev.avocet;

/**
 * What the score of two rows is; in the order of the constants in C.
 */
public enum ScoreMetric {
    /** Their dot product. */
    DOT,
    /** The cosine of their angle; 0 if one of them is zeros. */
    COSINE
}
