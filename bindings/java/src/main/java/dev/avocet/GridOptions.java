package dev.avocet;

/**
 * What {@link Grid#create} makes. Immutable; each method gives options with one thing more set.
 */
public final class GridOptions {
    final BinEdges levels;
    final BinEdges scores;
    final Floats sampleScores;
    final Floats sampleUncertainties;
    final Floats sampleWeights;

    private GridOptions(
            BinEdges levels, BinEdges scores, Floats sampleScores, Floats sampleUncertainties, Floats sampleWeights) {
        this.levels = levels;
        this.scores = scores;
        this.sampleScores = sampleScores;
        this.sampleUncertainties = sampleUncertainties;
        this.sampleWeights = sampleWeights;
    }

    /** One level of uncertainty, and bins of scores. */
    public static GridOptions of(BinEdges scores) {
        return of(BinEdges.ONE, scores);
    }

    /** Levels of uncertainty, whose edges are not nested, and bins of scores in each. */
    public static GridOptions of(BinEdges levels, BinEdges scores) {
        Failures.notNull(levels, 1, "options.levels");
        Failures.notNull(scores, 1, "options.bins");
        return new GridOptions(levels, scores, null, null, null);
    }

    /**
     * The rows whose quantiles are asked for: their scores, for quantiles or nested edges of scores, and their
     * uncertainties, for quantiles of levels or nested edges of scores. What is not needed may be null.
     */
    public GridOptions sample(Floats scores, Floats uncertainties) {
        return new GridOptions(levels, this.scores, scores, uncertainties, sampleWeights);
    }

    /** Weights of the sample's rows, in [0, 2^22); null stands for ones. */
    public GridOptions weights(Floats weights) {
        return new GridOptions(levels, scores, sampleScores, sampleUncertainties, weights);
    }

    /** The number of rows of the sample, whose arrays must have one length. */
    long rows() {
        Floats first = sampleScores != null ? sampleScores : sampleUncertainties;
        long rows = first == null ? 0 : first.length();
        Failures.length(sampleUncertainties, rows, 1, "options.uncertainties");
        Failures.length(sampleWeights, rows, 1, "options.weights");
        return rows;
    }
}
