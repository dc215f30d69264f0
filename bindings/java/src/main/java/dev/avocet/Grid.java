package dev.avocet;

/**
 * Levels of uncertainty, ascending, and bins of scores, ascending, in each. The level or bin of a value v is the number
 * of edges e with {@code v >= e}. It never changes, so any number of threads may use one at once.
 *
 * <p>Its sizes stay known when it is closed.
 */
public final class Grid extends Handle {
    static final Arguments GRID = Arguments.of("1 grid");
    private static final Arguments CREATE = Arguments.of("2 pool");

    private final long levels;
    private final long bins;
    private final boolean nested;

    /** Takes a grid of the C library. */
    Grid(long address) {
        super(address, Native::gridDestroy, "grid", false);
        levels = Native.gridLevels(address);
        bins = Native.gridBins(address);
        nested = Native.gridIsNested(address) != 0;
    }

    /**
     * Makes a grid: the same edges with any pool and in any order of the sample's rows.
     *
     * C: {@code avocet_grid_create}
     */
    public static Grid create(GridOptions options, Pool pool) {
        Failures.notNull(options, 1, "options");
        BinEdges levels = options.levels;
        BinEdges scores = options.scores;
        long rows = options.rows();
        Floats s = Floats.orNone(options.sampleScores);
        Floats u = Floats.orNone(options.sampleUncertainties);
        Floats w = Floats.orNone(options.sampleWeights);
        CREATE.enter(pool);
        try {
            return new Grid(Native.gridCreate(levels.bins, scores.bins,
                    levels.edges.base, levels.edges.at, levels.edges.length(),
                    scores.edges.base, scores.edges.at, scores.edges.length(), rows,
                    s.base, s.at, s.length(), u.base, u.at, u.length(), w.base, w.at, w.length(),
                    scores.top, scores.refineBins, levels.low, levels.high, scores.low, scores.high,
                    scores.refineLow, scores.refineHigh, levels.kind.ordinal(), scores.kind.ordinal(),
                    Handle.address(pool)));
        } finally {
            exit(pool);
        }
    }

    /**
     * The number of levels.
     *
     * C: {@code avocet_grid_levels}
     */
    public long levels() {
        return levels;
    }

    /**
     * The number of score bins in each level.
     *
     * C: {@code avocet_grid_bins}
     */
    public long bins() {
        return bins;
    }

    /**
     * Whether each level has its own score edges.
     *
     * C: {@code avocet_grid_is_nested}
     */
    public boolean isNested() {
        return nested;
    }

    /**
     * Copies the edges between the levels: {@code levels - 1} values.
     *
     * C: {@code avocet_grid_level_edges}
     */
    public void levelEdges(MutableFloats out) {
        Failures.notNull(out, 2, "out");
        GRID.enter(this);
        try {
            Native.gridLevelEdges(address(this), out.base, out.at, out.length());
        } finally {
            exit();
        }
    }

    /**
     * Copies the edges between the score bins of a level: {@code bins - 1} values. Unless the grid is nested they are
     * those of every level.
     *
     * C: {@code avocet_grid_score_edges}
     */
    public void scoreEdges(long level, MutableFloats out) {
        Failures.index(level, 2, "level");
        Failures.notNull(out, 3, "out");
        GRID.enter(this);
        try {
            Native.gridScoreEdges(address(this), level, out.base, out.at, out.length());
        } finally {
            exit();
        }
    }

    /**
     * The scores that stand for thresholds of {@link Threshold#search}: the lower edge of bin {@code thresholds[level]}
     * of each level; minus infinity for bin 0, infinity for the number of bins. Both arrays hold a value for each level.
     *
     * C: {@code avocet_grid_thresholds}
     */
    public void thresholds(Ints thresholds, MutableFloats out) {
        Failures.notNull(thresholds, 2, "thresholds");
        Failures.notNull(out, 3, "out");
        Failures.length(thresholds, levels, 2, "thresholds");
        Failures.length(out, levels, 3, "out");
        GRID.enter(this);
        try {
            Native.gridThresholds(address(this), thresholds.base, thresholds.at, thresholds.length(),
                    out.base, out.at, out.length());
        } finally {
            exit();
        }
    }
}
