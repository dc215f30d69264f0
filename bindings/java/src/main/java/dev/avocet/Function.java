package dev.avocet;

/**
 * The library's own functions, for {@link Functions#map}; values in the order of the constants in C.
 */
public enum Function {
    /** {@code e^x}; 1.0 ULP. */
    EXP,
    /** Natural logarithm; -inf at 0, NaN below; 0.9 ULP. */
    LOG,
    /** {@code log(1 + x)}; -inf at -1, NaN below; 0.9 ULP. */
    LOG1P,
    /** {@code 1 / (1 + e^-x)}; 1.7 ULP. */
    SIGMOID,
    /** {@code log(1 + e^x)}; 1.7 ULP. */
    SOFTPLUS,
    /** Hyperbolic tangent; 1.4 ULP. */
    TANH
}
