package dev.avocet;

/**
 * Where the edges of one axis of a {@link Grid} come from, and how many bins they make: one more than edges. Immutable.
 */
public final class BinEdges {
    /** How edges come about; in the order of the constants in C. */
    public enum Kind {
        /** The edges themselves, finite and strictly ascending. */
        GIVEN,
        /** Bins of one width between two values. */
        UNIFORM,
        /** Exact order statistics of the sample: bins of equal weight. */
        QUANTILES,
        /** Of scores only: quantiles of the sample's rows in each level. */
        NESTED
    }

    /** One bin. */
    static final BinEdges ONE = given();

    final Kind kind;
    final long bins;
    /** {@link Floats#NONE} unless they are given. */
    final Floats edges;
    final float low;
    final float high;
    final double top;
    final long refineBins;
    final float refineLow;
    final float refineHigh;

    private BinEdges(
            Kind kind, long bins, Floats edges, float low, float high, double top, long refineBins, float refineLow,
            float refineHigh) {
        Failures.size(bins, 0, "bins");
        this.kind = kind;
        this.bins = bins;
        this.edges = edges;
        this.low = low;
        this.high = high;
        this.top = top;
        this.refineBins = refineBins;
        this.refineLow = refineLow;
        this.refineHigh = refineHigh;
    }

    private static BinEdges of(Kind kind, long bins, Floats edges, float low, float high) {
        return new BinEdges(kind, bins, edges, low, high, 0, 0, 0, 0);
    }

    /** These edges, one fewer than bins; none for one bin. */
    public static BinEdges given(float... edges) {
        return given(Floats.of(edges));
    }

    /** These edges, one fewer than bins; none for one bin. */
    public static BinEdges given(Floats edges) {
        Failures.notNull(edges, 0, "edges");
        return of(Kind.GIVEN, edges.length() + 1, edges, 0, 0);
    }

    /** Bins of one width from {@code low} to {@code high}, both finite; 0 bins stand for 1, here and below. */
    public static BinEdges uniform(long bins, float low, float high) {
        return of(Kind.UNIFORM, bins, Floats.NONE, low, high);
    }

    /**
     * Quantiles of {@link GridOptions#sample}: edge i is the least value such that the weight of the rows up to it is
     * above {@code floor(i W / bins)}. Ties can make edges equal.
     */
    public static BinEdges quantiles(long bins) {
        return of(Kind.QUANTILES, bins, Floats.NONE, 0, 0);
    }

    /** Of scores: each level has its own edges, the quantiles of the sample's rows in it. */
    public static BinEdges nested(long bins) {
        return of(Kind.NESTED, bins, Floats.NONE, 0, 0);
    }

    /**
     * Nested: the fraction of a level's weight, from the greatest score down, that gets bins of equal weight, in (0, 1];
     * by default 1. Below 1 the lowest bin holds the rest.
     */
    public BinEdges top(double top) {
        return new BinEdges(kind, bins, edges, low, high, top, refineBins, refineLow, refineHigh);
    }

    /** Nested, with all of the weight: this many of the bins lie between two values, which are edges then. */
    public BinEdges refine(long bins, float low, float high) {
        Failures.size(bins, 0, "bins");
        return new BinEdges(kind, this.bins, edges, this.low, this.high, top, bins, low, high);
    }
}
