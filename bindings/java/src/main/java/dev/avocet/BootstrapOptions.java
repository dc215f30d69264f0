package dev.avocet;

/**
 * Options of {@link Threshold#bootstrap} and {@link Binned#bootstrap}. Immutable; each method gives options with one more
 * set.
 */
public final class BootstrapOptions {
    /** Seed 0, 200 replicates, a confidence of .95. */
    public static final BootstrapOptions DEFAULT = new BootstrapOptions(0, 0, 0);

    final long seed;
    final long replicates;
    final double confidence;

    private BootstrapOptions(long seed, long replicates, double confidence) {
        this.seed = seed;
        this.replicates = replicates;
        this.confidence = confidence;
    }

    /** Chooses the random weights. */
    public BootstrapOptions seed(long seed) {
        return new BootstrapOptions(seed, replicates, confidence);
    }

    /** How often the rows are drawn, 1 to 1000000; 0 stands for 200. */
    public BootstrapOptions replicates(long replicates) {
        Failures.size(replicates, 4, "options.replicates");
        return new BootstrapOptions(seed, replicates, confidence);
    }

    /** The share of replicates within an interval, in (0, 1); 0 stands for .95. */
    public BootstrapOptions confidence(double confidence) {
        return new BootstrapOptions(seed, replicates, confidence);
    }
}
