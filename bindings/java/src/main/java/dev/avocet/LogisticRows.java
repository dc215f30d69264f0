package dev.avocet;

/**
 * The rows and the model of {@link Logistic#batch} and {@link Logistic#fit}: dense, sparse, or prepared. Immutable; each
 * method gives rows with one thing more set.
 *
 * <p>Weights may be null for {@code fit}, which starts at zeros then.
 */
public final class LogisticRows {
    /** A matrix without rows if they are not dense. */
    final RealMatrix x;
    /** {@link SparseRows#NONE} if they are not sparse. */
    final SparseRows sparse;
    /** Null if they are not prepared. */
    final PreparedRows prepared;
    final boolean compact;
    final Floats weights;
    final Floats offsets;
    final float intercept;

    private LogisticRows(
            RealMatrix x, SparseRows sparse, PreparedRows prepared, boolean compact, Floats weights, Floats offsets,
            float intercept) {
        this.x = x;
        this.sparse = sparse;
        this.prepared = prepared;
        this.compact = compact;
        this.weights = weights;
        this.offsets = offsets;
        this.intercept = intercept;
    }

    /** Dense features, {@code n x d}, and their weights, {@code d} values. */
    public static LogisticRows of(RealMatrix x, Floats weights) {
        Failures.notNull(x, 1, "rows.x");
        return new LogisticRows(x, SparseRows.NONE, null, false, weights, null, 0);
    }

    /**
     * Sparse features, which every call checks, and their weights: as many as there are columns. The margins of the
     * sparse rows are the {@link #offsets}.
     */
    public static LogisticRows of(SparseRows rows, Floats weights) {
        Failures.notNull(rows, 1, "rows.csr");
        return new LogisticRows(Matrix.NONE, rows, null, false, weights, rows.margins, 0);
    }

    /** Sparse features that were checked once, and their weights: one for each column, unless {@link #compact}. */
    public static LogisticRows of(PreparedRows rows, Floats weights) {
        Failures.notNull(rows, 1, "rows.prepared");
        return new LogisticRows(Matrix.NONE, SparseRows.NONE, rows, false, weights, null, 0);
    }

    /** Added to each margin, one value for each row; null stands for zeros. */
    public LogisticRows offsets(Floats offsets) {
        return new LogisticRows(x, sparse, prepared, compact, weights, offsets, intercept);
    }

    /** Added to every margin. */
    public LogisticRows intercept(float intercept) {
        return new LogisticRows(x, sparse, prepared, compact, weights, offsets, intercept);
    }

    /**
     * Of prepared rows alone: whether weights, and all vectors that go in or come out, have one value for each of
     * {@link PreparedRows#features} in place of one for each column.
     */
    public LogisticRows compact(boolean compact) {
        return new LogisticRows(x, sparse, prepared, compact, weights, offsets, intercept);
    }

    /** The number of rows. */
    long count() {
        return prepared != null ? prepared.rows() : sparse == SparseRows.NONE ? x.rows : sparse.rows();
    }

    /** The length of vectors that stand beside some weights. */
    long length(Floats weights) {
        return prepared != null ? compact ? prepared.featureCount() : prepared.columns()
                : sparse == SparseRows.NONE ? x.cols : weights.length();
    }

    /** The number of entries of sparse rows. */
    long entries() {
        return prepared != null ? prepared.entries : sparse.features.length();
    }

    /** Refuses arrays that do not fit to vectors of a length. */
    void check(long length) {
        Failures.length(offsets, count(), 1, "rows.offsets");
        Failures.length(weights, length, 1, "rows.weights");
    }
}
