package dev.avocet;

/**
 * Measures of uncertainty, a row at a time.
 */
public final class Uncertainty {
    private static final Handle.Arguments MOMENTS = Handle.Arguments.of("5 pool");
    private static final Handle.Arguments BETA = Handle.Arguments.of("6 pool");
    private static final Handle.Arguments ENTROPY = Handle.Arguments.of("4 pool");

    private Uncertainty() {}

    /**
     * Mean and variance over each row of {@code scores}, {@code n x m}: the scores of an ensemble of m models.
     * {@code sample} divides the squared deviations by {@code m - 1}, in place of m. The outputs hold n values;
     * {@code variance} may be null.
     *
     * C: {@code avocet_uncertainty_moments}
     */
    public static void moments(
            Matrix scores, boolean sample, MutableFloats mean, MutableFloats variance, Pool pool) {
        Failures.notNull(scores, 1, "scores");
        Failures.notNull(mean, 3, "mean");
        Failures.length(mean, scores.rows, 3, "mean");
        Failures.length(variance, scores.rows, 4, "variance");
        MutableFloats v = MutableFloats.orNone(variance);
        MOMENTS.enter(pool);
        try {
            Native.uncertaintyMoments(scores.base, scores.at, scores.rows, scores.cols, scores.stride, sample ? 1 : 0,
                    mean.base, mean.at, mean.length(), v.base, v.at, v.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * Mean and differential entropy of Beta(A, B) for each row, in nats:
     * {@code ln B(A, B) - (A - 1) psi(A) - (B - 1) psi(B) + (A + B - 2) psi(A + B)}. A and B are in (0, 1e8]. All arrays
     * have one length; either output may be null.
     *
     * <p>A bad value is found on the way: the outputs are unspecified then.
     *
     * C: {@code avocet_uncertainty_beta}
     */
    public static void beta(Floats a, Floats b, MutableFloats mean, MutableFloats entropy, Pool pool) {
        Failures.notNull(a, 1, "a");
        Failures.notNull(b, 2, "b");
        long rows = a.length();
        Failures.length(b, rows, 2, "b");
        Failures.length(mean, rows, 4, "mean");
        Failures.length(entropy, rows, 5, "entropy");
        MutableFloats m = MutableFloats.orNone(mean);
        MutableFloats e = MutableFloats.orNone(entropy);
        BETA.enter(pool);
        try {
            Native.uncertaintyBeta(a.base, a.at, rows, b.base, b.at, rows, m.base, m.at, m.length(),
                    e.base, e.at, e.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * Entropy of a probability for each row, in nats: {@code -p ln p - (1 - p) ln(1 - p)}, 0 at 0 and 1. Both arrays have
     * one length.
     *
     * <p>A bad value is found on the way: {@code out} is unspecified then.
     *
     * C: {@code avocet_uncertainty_entropy}
     */
    public static void entropy(Floats probabilities, MutableFloats out, Pool pool) {
        Failures.notNull(probabilities, 1, "probabilities");
        Failures.notNull(out, 3, "out");
        Failures.length(out, probabilities.length(), 3, "out");
        ENTROPY.enter(pool);
        try {
            Native.uncertaintyEntropy(probabilities.base, probabilities.at, probabilities.length(),
                    out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }
}
