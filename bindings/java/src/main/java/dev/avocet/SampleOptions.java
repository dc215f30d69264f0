package dev.avocet;

/**
 * Options of {@link Sampling#neighbours}. Immutable; each method gives options with one more set.
 */
public final class SampleOptions {
    /** Without replacement, seed and layer 0. */
    public static final SampleOptions DEFAULT = new SampleOptions(Draw.WITHOUT_REPLACEMENT, 0, 0, null);

    final Draw draw;
    final int layer;
    final long seed;
    final Floats edgeWeights;

    private SampleOptions(Draw draw, int layer, long seed, Floats edgeWeights) {
        this.draw = draw;
        this.layer = layer;
        this.seed = seed;
        this.edgeWeights = edgeWeights;
    }

    /** How edges are drawn. */
    public SampleOptions draw(Draw draw) {
        Failures.notNull(draw, 3, "options.draw");
        return new SampleOptions(draw, layer, seed, edgeWeights);
    }

    /** Keeps the samples of a network's layers apart. */
    public SampleOptions layer(int layer) {
        return new SampleOptions(draw, layer, seed, edgeWeights);
    }

    /** Two calls with one seed and one layer give one sample. */
    public SampleOptions seed(long seed) {
        return new SampleOptions(draw, layer, seed, edgeWeights);
    }

    /** Weights for {@link Draw#WEIGHTED}, finite and at least 0, {@link Graph#edgeIdLimit} values. */
    public SampleOptions edgeWeights(Floats edgeWeights) {
        return new SampleOptions(draw, layer, seed, edgeWeights);
    }
}
