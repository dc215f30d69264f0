package dev.avocet;

/**
 * Where {@link Index#search} writes what q queries find, {@code q x k} for lists of k. Immutable; each method gives one
 * output more.
 */
public final class IndexLists {
    final MutableInts ids;
    final MutableFloats scores;
    final MutableInts counts;
    /** Null if not wanted. */
    final MutableInts nanCounts;
    /** Null if not wanted. */
    final MutableInts survivors;

    private IndexLists(
            MutableInts ids, MutableFloats scores, MutableInts counts, MutableInts nanCounts, MutableInts survivors) {
        this.ids = ids;
        this.scores = scores;
        this.counts = counts;
        this.nanCounts = nanCounts;
        this.survivors = survivors;
    }

    /**
     * Lists of rows, best first, with {@link Score#NO_ID} in unused places; their scores, with -inf there; and for each
     * query how many places are used.
     */
    public static IndexLists of(MutableInts ids, MutableFloats scores, MutableInts counts) {
        Failures.notNull(ids, 5, "ids");
        Failures.notNull(scores, 6, "scores");
        Failures.notNull(counts, 7, "counts");
        return new IndexLists(ids, scores, counts, null, null);
    }

    /** For each query how many scores of rows that it could find were NaN. */
    public IndexLists nanCounts(MutableInts nanCounts) {
        return new IndexLists(ids, scores, counts, nanCounts, survivors);
    }

    /**
     * For each query how many rows {@link IndexStorage#CERTIFIED} scored as {@code float}; 0 in other storages. These
     * depend on the number of threads, which nothing else does.
     */
    public IndexLists survivors(MutableInts survivors) {
        return new IndexLists(ids, scores, counts, nanCounts, survivors);
    }
}
