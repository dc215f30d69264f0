package dev.avocet;

/**
 * Positives and negatives in each cell of a {@link Grid}, as counts of rows and as sums of weights in units of 2^-20; one
 * such table for each segment. The same rows give the same buckets whatever their order and however they were split and
 * merged. 32 bytes a cell and segment.
 *
 * <p>Any number of threads may use some at once, but for {@link #add}, {@link #merge}, {@link #subtract} and
 * {@link #clear}, which must have them alone: whoever comes second gets a {@link HandleException}. Their sizes stay known
 * when they are closed.
 */
public final class Buckets extends Handle {
    private static final Arguments BUCKETS = Arguments.of("1 buckets");
    private static final Arguments OTHER = Arguments.of("2 other");
    private static final Arguments ADD = Arguments.of("3 pool", "4 workspace");

    private final long levels;
    private final long bins;
    private final long segments;

    /** Takes buckets of the C library. */
    private Buckets(long address) {
        super(address, Native::bucketsDestroy, "set of buckets", false);
        levels = Native.bucketsLevels(address);
        bins = Native.bucketsBins(address);
        segments = Native.bucketsSegments(address);
    }

    /**
     * Makes empty buckets, which keep a copy of the grid.
     *
     * C: {@code avocet_buckets_create}
     */
    public static Buckets create(Grid grid, long segments) {
        Failures.notNull(grid, 1, "grid");
        Failures.size(segments, 2, "segments");
        Grid.GRID.enter(grid);
        try {
            return new Buckets(Native.bucketsCreate(address(grid), segments));
        } finally {
            exit(grid);
        }
    }

    /**
     * Makes the buckets that {@link #save} wrote. Bytes that were not saved so, or not all, are refused.
     *
     * C: {@code avocet_buckets_load}
     */
    public static Buckets load(Bytes bytes) {
        Failures.notNull(bytes, 1, "bytes");
        return new Buckets(Native.bucketsLoad(bytes.base, bytes.at, bytes.length()));
    }

    /**
     * The number of levels of the grid.
     *
     * C: {@code avocet_buckets_levels}
     */
    public long levels() {
        return levels;
    }

    /**
     * The number of score bins in each level of the grid.
     *
     * C: {@code avocet_buckets_bins}
     */
    public long bins() {
        return bins;
    }

    /**
     * The number of segments.
     *
     * C: {@code avocet_buckets_segments}
     */
    public long segments() {
        return segments;
    }

    /**
     * The number of rows of a segment that have been counted apart; 0 where there is no such segment.
     *
     * C: {@code avocet_buckets_apart}
     */
    public long apart(long segment) {
        BUCKETS.enter(this);
        try {
            return Native.bucketsApart(address(this), segment);
        } finally {
            exit();
        }
    }

    /**
     * The grid, a copy to be closed like any other.
     *
     * C: {@code avocet_buckets_grid}
     */
    public Grid grid() {
        BUCKETS.enter(this);
        try {
            return new Grid(Native.bucketsGrid(address(this)));
        } finally {
            exit();
        }
    }

    /**
     * Adds rows: all of them or, when it throws, none.
     *
     * C: {@code avocet_buckets_add}
     */
    public void add(ThresholdRows rows, Pool pool, Workspace workspace) {
        Failures.notNull(rows, 2, "rows");
        Failures.notNull(workspace, 4, "workspace");
        rows.check(2);
        Floats scores = rows.scores;
        Floats uncertainties = Floats.orNone(rows.uncertainties);
        Labels labels = rows.labels;
        Floats weights = Floats.orNone(rows.weights);
        Segments of = Segments.orNone(rows.segments);
        enterAlone(1, "buckets");
        try {
            ADD.enter(pool, workspace);
            try {
                Native.bucketsAdd(address(this), scores.base, scores.at, scores.length(),
                        uncertainties.base, uncertainties.at, uncertainties.length(),
                        labels.base, labels.at, labels.length(), labels.type().code(),
                        weights.base, weights.at, weights.length(), of.base, of.at, of.length(), of.code(),
                        rows.missing.ordinal(), address(pool), address(workspace));
            } finally {
                exit(pool, workspace);
            }
        } finally {
            exitAlone();
        }
    }

    /**
     * Adds what other buckets of the same grid and as many segments have: those of another thread, partition or machine.
     *
     * C: {@code avocet_buckets_merge}
     */
    public void merge(Buckets other) {
        change(other, true);
    }

    /**
     * Takes away what other buckets have: rows that were added before, such as those of an old day. Nothing is taken
     * when a cell has less.
     *
     * C: {@code avocet_buckets_subtract}
     */
    public void subtract(Buckets other) {
        change(other, false);
    }

    private void change(Buckets other, boolean merge) {
        Failures.notNull(other, 2, "other");
        if (other == this) {
            throw Failures.invalid(Status.OVERLAP, 2, "other", "the same buckets twice");
        }
        enterAlone(1, "buckets");
        try {
            OTHER.enter(other);
            try {
                if (merge) {
                    Native.bucketsMerge(address(this), address(other));
                } else {
                    Native.bucketsSubtract(address(this), address(other));
                }
            } finally {
                exit(other);
            }
        } finally {
            exitAlone();
        }
    }

    /**
     * Makes the buckets empty again.
     *
     * C: {@code avocet_buckets_clear}
     */
    public void clear() {
        enterAlone(1, "buckets");
        try {
            Native.bucketsClear(address(this));
        } finally {
            exitAlone();
        }
    }

    /**
     * Copies what the cells of a segment hold, level after level, within a level by ascending score: positives and
     * negatives, as counts of rows or, with {@code weights}, as sums of weights in units of 2^-20. Both arrays hold
     * levels times bins values.
     *
     * C: {@code avocet_buckets_cells}
     */
    public void cells(long segment, boolean weights, MutableLongs positive, MutableLongs negative) {
        Failures.index(segment, 2, "segment");
        Failures.notNull(positive, 4, "positive");
        Failures.notNull(negative, 5, "negative");
        Failures.length(negative, positive.length(), 5, "negative");
        BUCKETS.enter(this);
        try {
            Native.bucketsCells(address(this), segment, weights ? 1 : 0, positive.base, positive.at, positive.length(),
                    negative.base, negative.at, negative.length());
        } finally {
            exit();
        }
    }

    /**
     * Adds up the levels of a segment for {@link Binned}, as {@link #cells}. Both arrays hold a value for each score bin,
     * and no level has its own score edges.
     *
     * C: {@code avocet_buckets_score_bins}
     */
    public void scoreBins(long segment, boolean weights, MutableLongs positive, MutableLongs negative) {
        Failures.index(segment, 2, "segment");
        Failures.notNull(positive, 4, "positive");
        Failures.notNull(negative, 5, "negative");
        Failures.length(negative, positive.length(), 5, "negative");
        BUCKETS.enter(this);
        try {
            Native.bucketsScoreBins(address(this), segment, weights ? 1 : 0,
                    positive.base, positive.at, positive.length(), negative.base, negative.at, negative.length());
        } finally {
            exit();
        }
    }

    /**
     * The number of bytes that {@link #save} writes.
     *
     * C: {@code avocet_buckets_saved_bytes}
     */
    public long savedBytes() {
        BUCKETS.enter(this);
        try {
            return Native.bucketsSavedBytes(address(this));
        } finally {
            exit();
        }
    }

    /**
     * Writes the buckets and their grid, the same bytes for the same buckets everywhere. {@code bytes} holds
     * {@link #savedBytes}.
     *
     * C: {@code avocet_buckets_save}
     */
    public void save(MutableBytes bytes) {
        Failures.notNull(bytes, 2, "bytes");
        BUCKETS.enter(this);
        try {
            Native.bucketsSave(address(this), bytes.base, bytes.at, bytes.length());
        } finally {
            exit();
        }
    }
}
