package dev.avocet;

/**
 * Applied to finished sums; in the order of the constants in C.
 */
public enum Activation {
    /** Nothing. */
    NONE,
    /** {@code max(x, 0)}; its derivative at 0 is 0; NaN stays NaN. */
    RELU,
    /** Hyperbolic tangent. */
    TANH
}
