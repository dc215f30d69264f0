package dev.avocet;

/**
 * What the thresholds of {@link Threshold#search} must be like; in the order of the constants in C.
 */
public enum ThresholdShape {
    /** Any. */
    FREE,
    /** The threshold of a level is at least that of the level before it. */
    NON_DECREASING,
    /** The threshold of a level is at most that of the level before it. */
    NON_INCREASING
}
