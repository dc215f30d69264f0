package dev.avocet;

/**
 * Sparse rows: those that a {@link SparseModel} predicts or learns, that {@link LogisticRows} have, or that are
 * {@linkplain PreparedRows prepared}. Immutable; each method gives rows with one thing more set.
 */
public final class SparseRows {
    /** No rows. */
    static final SparseRows NONE = new SparseRows(Indices.NONE, Indices.NONE, null, null);

    final Indices offsets;
    final Indices features;
    final Floats values;
    final Floats margins;

    private SparseRows(Indices offsets, Indices features, Floats values, Floats margins) {
        this.offsets = offsets;
        this.features = features;
        this.values = values;
        this.margins = margins;
    }

    /**
     * {@code offsets.length() - 1} rows: the features of row i are those from {@code offsets[i]} to
     * {@code offsets[i + 1] - 1}, each below the number of features or columns; one that a row has twice counts twice.
     */
    public static SparseRows of(Indices offsets, Indices features) {
        Failures.notNull(offsets, 2, "csr.offsets");
        Failures.notNull(features, 2, "csr.indices");
        if (offsets.length() == 0) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 2, "csr.offsets", 0, 0, "needed is at least one");
        }
        return new SparseRows(offsets, features, null, null);
    }

    /** A finite value for each feature of each row; null stands for ones. */
    public SparseRows values(Floats values) {
        Failures.length(values, features.length(), 3, "values");
        return new SparseRows(offsets, features, values, margins);
    }

    /** Where the logit of each row starts, finite; null stands for zeros. */
    public SparseRows margins(Floats margins) {
        Failures.length(margins, rows(), 4, "margins");
        return new SparseRows(offsets, features, values, margins);
    }

    /** The number of rows. */
    public long rows() {
        return offsets.length() - 1;
    }
}
