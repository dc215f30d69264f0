package dev.avocet;

/**
 * How a {@link SparseModel} learns; in the order of the constants in C. Penalties are those of
 * {@link SparseModelOptions}, g the gradient of a coordinate.
 */
public enum Optimiser {
    /**
     * FTRL-proximal (McMahan et al., KDD 2013), per coordinate z and n:
     * {@code w = 0 if |z| <= l1, else -(z - sign(z) l1) / ((beta + sqrt(n)) / rate + l2)},
     * {@code sigma = (sqrt(n + g^2) - sqrt(n)) / rate}, {@code z = z + g - sigma w}, {@code n = n + g^2}.
     */
    FTRL,
    /**
     * Adagrad (Duchi, Hazan and Singer, JMLR 2011), per coordinate w and n: {@code n = n + g^2},
     * {@code w = w - rate (g + l2 w) / (sqrt(n) + epsilon)}.
     */
    ADAGRAD,
    /** Gradient descent: {@code w = w - rate (g + l2 w)}. */
    SGD
}
