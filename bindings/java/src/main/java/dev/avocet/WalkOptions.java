package dev.avocet;

/**
 * Options of {@link Sampling#walkNeighbours}. Immutable.
 */
public final class WalkOptions {
    final int walks;
    final int length;
    final long seed;
    final int layer;

    /**
     * {@code walks} walks, at least 1, from each node of low degree, of {@code length} round trips, at least 1; with
     * seed and layer 0.
     */
    public WalkOptions(int walks, int length) {
        this(walks, length, 0, 0);
    }

    private WalkOptions(int walks, int length, long seed, int layer) {
        Failures.size(walks, 4, "options.walks");
        Failures.size(length, 4, "options.length");
        this.walks = walks;
        this.length = length;
        this.seed = seed;
        this.layer = layer;
    }

    /** Two calls with one seed and one layer give one result. */
    public WalkOptions seed(long seed) {
        return new WalkOptions(walks, length, seed, layer);
    }

    /** Keeps the walks of a network's layers apart. */
    public WalkOptions layer(int layer) {
        return new WalkOptions(walks, length, seed, layer);
    }
}
