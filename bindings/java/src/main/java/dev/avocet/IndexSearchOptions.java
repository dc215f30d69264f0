package dev.avocet;

/**
 * What {@link Index#search} may find. Immutable; each method gives options with one more set.
 */
public final class IndexSearchOptions {
    /** Every row with any score. */
    public static final IndexSearchOptions DEFAULT = new IndexSearchOptions(null, null, false, 0);

    /** Null if there is none. */
    final Graph exclude;
    /** Null if there is none. */
    final Graph allow;
    final boolean hasLeast;
    final float least;

    private IndexSearchOptions(Graph exclude, Graph allow, boolean hasLeast, float least) {
        this.exclude = exclude;
        this.allow = allow;
        this.hasLeast = hasLeast;
        this.least = least;
    }

    /**
     * What a query never finds: a graph with a row for each query and a column for each row of the index, whose rows are
     * in ascending order; null: nothing.
     */
    public IndexSearchOptions exclude(Graph exclude) {
        return new IndexSearchOptions(exclude, allow, hasLeast, least);
    }

    /** All that a query may find, but for what is excluded, likewise; null: every row. */
    public IndexSearchOptions allow(Graph allow) {
        return new IndexSearchOptions(exclude, allow, hasLeast, least);
    }

    /** The least score that is found, not NaN. */
    public IndexSearchOptions least(float least) {
        return new IndexSearchOptions(exclude, allow, true, least);
    }
}
