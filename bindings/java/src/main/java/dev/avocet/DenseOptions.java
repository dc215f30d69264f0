package dev.avocet;

/**
 * Options of the functions of {@link Dense}. Immutable; each method gives options with one more set.
 */
public final class DenseOptions {
    /** Sums start at 0; no activation, no norm. */
    public static final DenseOptions DEFAULT = new DenseOptions(false, Activation.NONE, false);

    final boolean accumulate;
    final Activation activation;
    final boolean normalise;

    private DenseOptions(boolean accumulate, Activation activation, boolean normalise) {
        this.accumulate = accumulate;
        this.activation = activation;
        this.normalise = normalise;
    }

    /** Whether each sum starts at what the output holds. Of {@link Dense#product} only. */
    public DenseOptions accumulate(boolean accumulate) {
        return new DenseOptions(accumulate, activation, normalise);
    }

    /** Applied to the finished sums. */
    public DenseOptions activation(Activation activation) {
        Failures.notNull(activation, 1, "options.activation");
        return new DenseOptions(accumulate, activation, normalise);
    }

    /** Whether to divide each row by its L2 norm after the activation. */
    public DenseOptions normalise(boolean normalise) {
        return new DenseOptions(accumulate, activation, normalise);
    }
}
