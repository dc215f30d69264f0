package dev.avocet;

/**
 * Positive and negative weight by level of uncertainty and bin of score: arrays of the caller's, or a segment of
 * {@link Buckets}. Immutable.
 */
public final class Cells {
    /** Null if there are arrays. */
    final Buckets buckets;
    final long segment;
    final boolean weights;
    final long levels;
    final long bins;
    final Longs positive;
    final Longs negative;

    private Cells(
            Buckets buckets, long segment, boolean weights, long levels, long bins, Longs positive, Longs negative) {
        this.buckets = buckets;
        this.segment = segment;
        this.weights = weights;
        this.levels = levels;
        this.bins = bins;
        this.positive = positive;
        this.negative = negative;
    }

    /**
     * Arrays of {@code levels * bins} values, level after level, within a level by ascending score: counts, or weights
     * in fixed point of any unit. All together stay below 2^62.
     */
    public static Cells of(long levels, long bins, Longs positive, Longs negative) {
        Failures.size(levels, 1, "cells.levels");
        Failures.size(bins, 1, "cells.bins");
        Failures.notNull(positive, 1, "cells.positive");
        Failures.notNull(negative, 1, "cells.negative");
        long cells = levels * bins;
        if (Math.multiplyHigh(levels, bins) != 0 || cells < 0) {
            throw Failures.invalid(Status.SIZE_OVERFLOW, 1, "cells.bins", 0, bins, null);
        }
        Failures.length(positive, cells, 1, "cells.positive");
        Failures.length(negative, cells, 1, "cells.negative");
        return new Cells(null, 0, false, levels, bins, positive, negative);
    }

    /** The counts of a segment of buckets. */
    public static Cells counts(Buckets buckets, long segment) {
        return of(buckets, segment, false);
    }

    /** The weights of a segment of buckets, in units of 2^-20. */
    public static Cells weights(Buckets buckets, long segment) {
        return of(buckets, segment, true);
    }

    private static Cells of(Buckets buckets, long segment, boolean weights) {
        Failures.notNull(buckets, 1, "cells.buckets");
        Failures.index(segment, 1, "cells.segment");
        return new Cells(buckets, segment, weights, buckets.levels(), buckets.bins(), Longs.NONE, Longs.NONE);
    }

    /** The number of levels of uncertainty. */
    public long levels() {
        return levels;
    }

    /** The number of score bins in each level. */
    public long bins() {
        return bins;
    }
}
