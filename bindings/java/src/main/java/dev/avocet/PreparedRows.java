package dev.avocet;

/**
 * Sparse rows for many calls: checked, copied (4 bytes an entry, 4 more with values, 8 a row) and with the features that
 * occur renumbered by how often they do. Results are bit for bit those of the rows as they were. They never change, so
 * any number of threads may use some at once.
 *
 * <p>Their sizes stay known when they are closed.
 */
public final class PreparedRows extends Handle {
    private static final Arguments ROWS = Arguments.of("1 rows");

    final long entries;
    private final long rows;
    private final long columns;
    private final long featureCount;

    /** Takes rows of the C library. */
    private PreparedRows(long address, long entries) {
        super(address, Native::sparseRowsDestroy, "set of rows", false);
        this.entries = entries;
        rows = Native.sparseRowsCount(address);
        columns = Native.sparseRowsColumns(address);
        featureCount = Native.sparseRowsFeatureCount(address);
    }

    /**
     * Checks and copies sparse rows, which have no margins: those are {@link LogisticRows#offsets}.
     *
     * C: {@code avocet_sparse_rows_create}
     */
    public static PreparedRows create(long columns, SparseRows rows) {
        Failures.size(columns, 1, "csr.cols");
        Failures.notNull(rows, 1, "csr");
        if (rows.margins != null) {
            throw Failures.invalid(Status.INVALID_ARGUMENT, 0, "margins", "prepared rows have none");
        }
        Floats values = Floats.orNone(rows.values);
        return new PreparedRows(Native.sparseRowsCreate(columns,
                rows.offsets.base, rows.offsets.at, rows.offsets.length(), rows.offsets.code(),
                rows.features.base, rows.features.at, rows.features.length(), rows.features.code(),
                values.base, values.at, values.length()), rows.features.length());
    }

    /**
     * The number of rows.
     *
     * C: {@code avocet_sparse_rows_count}
     */
    public long rows() {
        return rows;
    }

    /**
     * The number of columns, of which not all need occur.
     *
     * C: {@code avocet_sparse_rows_columns}
     */
    public long columns() {
        return columns;
    }

    /**
     * The number of features that occur: columns that have an entry.
     *
     * C: {@code avocet_sparse_rows_feature_count}
     */
    public long featureCount() {
        return featureCount;
    }

    /**
     * Copies the features that occur, ascending. The array holds {@link #featureCount} values.
     *
     * C: {@code avocet_sparse_rows_features}
     */
    public void features(MutableInts features) {
        Failures.notNull(features, 2, "features");
        ROWS.enter(this);
        try {
            Native.sparseRowsFeatures(address(this), features.base, features.at, features.length());
        } finally {
            exit();
        }
    }
}
