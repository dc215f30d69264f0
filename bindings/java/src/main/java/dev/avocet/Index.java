package dev.avocet;

/**
 * Packed target rows: built once, searched many times. An index never changes, so any number of threads may search one
 * while others make new ones of it. Indexes that come from one another share rows, and are closed in any order.
 *
 * <p>Its shape stays known when it is closed.
 *
 * <p>Two tables are searched in one pass by their sum of scores {@code a * s(u).t(v) + b * s'(u).t'(v)} when the index is
 * made of rows {@code [t | t']}, side by side, and searched with queries {@code [a s | b s']}.
 */
public final class Index extends Handle {
    /** The caller's id in unused places ({@code UINT64_MAX} in C). */
    public static final long NO_LONG_ID = -1;

    private static final Arguments CREATE = Arguments.of("3 pool");
    private static final Arguments INDEX = Arguments.of("1 index");
    private static final Arguments APPEND = Arguments.of("1 index", "4 pool");
    private static final Arguments SEARCH =
            Arguments.of("4 options.exclude", "4 options.allow", "10 pool", "11 workspace");
    private static final Arguments SCORES = Arguments.of("1 index", "4 given", "6 pool", "7 workspace");
    private static final Arguments RANKS = Arguments.of("4 given", "5 exclude", "8 pool", "9 workspace");

    private final long rows;
    private final long cols;
    private final IndexStorage storage;
    private final boolean ids;

    /** Takes an index of the C library, whose rows may be in memory of {@code owner}. */
    private Index(long address, Object owner) {
        super(address, Native::indexDestroy, "index", false, owner);
        rows = Native.indexRows(address);
        cols = Native.indexCols(address);
        storage = IndexStorage.of(Native.indexStorage(address));
        ids = Native.indexHasIds(address) == 1;
    }

    /** Packs {@code n x d} rows, held as {@code float}, without ids. */
    public static Index create(RealMatrix rows, Pool pool) {
        return create(rows, IndexOptions.DEFAULT, pool);
    }

    /**
     * Packs {@code n x d} rows, which are copied. Their numbers begin at 0.
     *
     * C: {@code avocet_index_create}
     */
    public static Index create(RealMatrix rows, IndexOptions options, Pool pool) {
        return created(rows, null, options, pool);
    }

    /** Packs rows of integers, held as {@link IndexStorage#INT8}, and a scale for each; null stands for ones. */
    public static Index create(Matrix8 rows, Floats scales, IndexOptions options, Pool pool) {
        return created(rows, scales, options, pool);
    }

    private static Index created(MatrixView rows, Floats scales, IndexOptions options, Pool pool) {
        Longs ids = checkRows(rows, scales, options, 1);
        Floats factors = Floats.orNone(scales);
        CREATE.enter(pool);
        try {
            return new Index(Native.indexCreate(rows.base, rows.at, rows.rows, rows.cols, rows.stride, rows.type().code(),
                    ids.base, ids.at, ids.length(), factors.base, factors.at, factors.length(),
                    options.storage.ordinal(), options.skipNotFinite ? 1 : 0, address(pool)), null);
        } finally {
            exit(pool);
        }
    }

    /** Refuses rows and options, the argument behind them, that do not fit; returns the ids. */
    private static Longs checkRows(MatrixView rows, Floats scales, IndexOptions options, int argument) {
        Failures.notNull(rows, argument, "rows");
        Failures.notNull(options, argument + 1, "options");
        Failures.length(scales, rows.rows, argument + 1, "options.scales");
        if (rows.rows > 0) {
            Failures.length(options.ids, rows.rows, argument + 1, "options.ids");
        }
        return Longs.orNone(options.ids);
    }

    /**
     * Makes the index that {@link #save} wrote, with a copy of its rows. Bytes that were not saved so, or not all, are
     * refused.
     *
     * C: {@code avocet_index_load}
     */
    public static Index load(Bytes bytes) {
        Failures.notNull(bytes, 1, "bytes");
        return new Index(Native.indexLoad(bytes.base, bytes.at, bytes.length()), null);
    }

    /** As {@link #map(Bytes, Object)}, of a direct buffer, such as a mapped file, which alone keeps its memory. */
    public static Index map(Bytes bytes) {
        return map(bytes, null);
    }

    /**
     * As {@link #load}, but with the rows where they are: in a direct buffer or at an address, from a multiple of 4 bytes
     * on (of 64 to be fast). The memory must not change while this index, or one that was made of it, is open. They keep
     * the buffer reachable until then, and so {@code owner}, which may be null: for memory at an address, what frees it
     * when it is collected.
     *
     * C: {@code avocet_index_map}
     */
    public static Index map(Bytes bytes, Object owner) {
        Failures.notNull(bytes, 1, "bytes");
        if (bytes.at < 0) {
            throw Failures.invalid(Status.INVALID_ARGUMENT, 1, "bytes", "the collector moves arrays");
        }
        Object[] kept = {bytes.base, owner};
        return new Index(Native.indexMap(bytes.base, bytes.at, bytes.length()), kept);
    }

    /**
     * The number of rows, those included that are never found.
     *
     * C: {@code avocet_index_rows}
     */
    public long rows() {
        return rows;
    }

    /**
     * The number of columns.
     *
     * C: {@code avocet_index_cols}
     */
    public long cols() {
        return cols;
    }

    /**
     * The number of rows that can be found: neither skipped nor removed.
     *
     * C: {@code avocet_index_live}
     */
    public long live() {
        INDEX.enter(this);
        try {
            return Native.indexLive(address(this));
        } finally {
            exit();
        }
    }

    /**
     * How rows are held.
     *
     * C: {@code avocet_index_storage}
     */
    public IndexStorage storage() {
        return storage;
    }

    /**
     * Whether there are the caller's ids.
     *
     * C: {@code avocet_index_has_ids}
     */
    public boolean hasIds() {
        return ids;
    }

    /**
     * The bytes of memory that the rows take, those included that are shared with other indexes or mapped.
     *
     * C: {@code avocet_index_memory}
     */
    public long memory() {
        INDEX.enter(this);
        try {
            return Native.indexMemory(address(this));
        } finally {
            exit();
        }
    }

    /**
     * The caller's ids of rows, such as those that a search found: {@code out[i]} is the id of row {@code rows[i]}, the
     * row itself if there are no ids, and {@link #NO_LONG_ID} where the row is {@link Score#NO_ID}.
     *
     * C: {@code avocet_index_ids}
     */
    public void ids(Ints rows, MutableLongs out) {
        Failures.notNull(rows, 2, "rows");
        Failures.notNull(out, 4, "out");
        Failures.length(out, rows.length(), 4, "out");
        INDEX.enter(this);
        try {
            Native.indexIds(address(this), rows.base, rows.at, rows.length(), out.base, out.at, out.length());
        } finally {
            exit();
        }
    }

    /**
     * For each query the {@code k} rows with the greatest scores {@code query . row}, score descending, then row ascending,
     * written as {@link IndexLists#of} says.
     */
    public void search(
            RealMatrix queries, long k, MutableInts ids, MutableFloats scores, MutableInts counts, Pool pool,
            Workspace workspace) {
        Failures.notNull(ids, 5, "ids");
        Failures.notNull(scores, 6, "scores");
        Failures.notNull(counts, 7, "counts");
        find(queries, null, k, IndexSearchOptions.DEFAULT, ids, scores, counts, null, null, pool, workspace);
    }

    /**
     * For each query the {@code k} rows that it may find with the greatest scores {@code query . row}, score descending,
     * then row ascending.
     *
     * C: {@code avocet_index_search}
     */
    public void search(
            RealMatrix queries, long k, IndexSearchOptions options, IndexLists lists, Pool pool, Workspace workspace) {
        Failures.notNull(lists, 5, "ids");
        find(queries, null, k, options, lists.ids, lists.scores, lists.counts, lists.nanCounts, lists.survivors, pool,
                workspace);
    }

    /** The same with queries of integers, and a scale for each; null stands for ones. */
    public void search(
            Matrix8 queries, Floats scales, long k, IndexSearchOptions options, IndexLists lists, Pool pool,
            Workspace workspace) {
        Failures.notNull(lists, 5, "ids");
        find(queries, scales, k, options, lists.ids, lists.scores, lists.counts, lists.nanCounts, lists.survivors, pool,
                workspace);
    }

    private void find(
            MatrixView queries, Floats scales, long k, IndexSearchOptions options, MutableInts ids, MutableFloats scores,
            MutableInts counts, MutableInts nanCounts, MutableInts survivors, Pool pool, Workspace workspace) {
        Failures.notNull(queries, 2, "queries");
        Failures.notNull(options, 4, "options");
        Failures.notNull(workspace, 11, "workspace");
        Failures.length(scales, queries.rows, 4, "options.query_scales");
        Failures.size(k, 3, "k");
        Failures.product(queries.rows, k, 3, "k");
        Failures.length(ids, queries.rows * k, 5, "ids");
        Failures.length(scores, queries.rows * k, 6, "scores");
        Failures.length(counts, queries.rows, 7, "counts");
        Failures.length(nanCounts, queries.rows, 8, "nan_counts");
        Failures.length(survivors, queries.rows, 9, "survivors");
        Floats factors = Floats.orNone(scales);
        MutableInts nans = MutableInts.orNone(nanCounts);
        MutableInts exact = MutableInts.orNone(survivors);
        INDEX.enter(this);
        try {
            SEARCH.enter(options.exclude, options.allow, pool, workspace);
            try {
                Native.indexSearch(address(this),
                        queries.base, queries.at, queries.rows, queries.cols, queries.stride, queries.type().code(),
                        factors.base, factors.at, factors.length(), k, address(options.exclude), address(options.allow),
                        options.hasLeast ? 1 : 0, options.least, ids.base, ids.at, ids.length(),
                        scores.base, scores.at, scores.length(), counts.base, counts.at, counts.length(),
                        nans.base, nans.at, nans.length(), exact.base, exact.at, exact.length(),
                        address(pool), address(workspace));
            } finally {
                exit(options.exclude, options.allow, pool, workspace);
            }
        } finally {
            exit();
        }
    }

    /**
     * The scores of given rows, the bits that a search gives them: {@code given} is a graph with a row for each query and a
     * column for each row of the index, and {@code out} holds a score for each of its edges. Rows that are never found
     * have scores too; those that were not finite are zeros.
     *
     * C: {@code avocet_index_scores}
     */
    public void scores(RealMatrix queries, Graph given, MutableFloats out, Pool pool, Workspace workspace) {
        score(queries, null, given, out, pool, workspace);
    }

    /** The same with queries of integers, and a scale for each; null stands for ones. */
    public void scores(
            Matrix8 queries, Floats scales, Graph given, MutableFloats out, Pool pool, Workspace workspace) {
        score(queries, scales, given, out, pool, workspace);
    }

    private void score(
            MatrixView queries, Floats scales, Graph given, MutableFloats out, Pool pool, Workspace workspace) {
        checkGiven(queries, scales, given);
        Failures.notNull(out, 5, "out");
        Failures.notNull(workspace, 7, "workspace");
        Failures.length(out, given.edges(), 5, "out");
        Floats factors = Floats.orNone(scales);
        SCORES.enter(this, given, pool, workspace);
        try {
            Native.indexScores(address(this),
                    queries.base, queries.at, queries.rows, queries.cols, queries.stride, queries.type().code(),
                    factors.base, factors.at, factors.length(), address(given), out.base, out.at, out.length(),
                    address(pool), address(workspace));
        } finally {
            exit(this, given, pool, workspace);
        }
    }

    private static void checkGiven(MatrixView queries, Floats scales, Graph given) {
        Failures.notNull(queries, 2, "queries");
        Failures.notNull(given, 4, "given");
        Failures.length(scales, queries.rows, 3, "query_scales");
    }

    /**
     * For each given row of each query, how many other rows score better and how many score the same, as
     * {@link Score#rankCounts} does. {@code given} is as for {@link #scores}; {@code exclude} is null or such a graph
     * whose rows are in ascending order. {@code better} and {@code equal} hold one count for each edge of {@code given}.
     *
     * C: {@code avocet_index_rank_counts}
     */
    public void rankCounts(
            RealMatrix queries, Graph given, Graph exclude, MutableInts better, MutableInts equal, Pool pool,
            Workspace workspace) {
        rank(queries, null, given, exclude, better, equal, pool, workspace);
    }

    /** The same with queries of integers, and a scale for each; null stands for ones. */
    public void rankCounts(
            Matrix8 queries, Floats scales, Graph given, Graph exclude, MutableInts better, MutableInts equal, Pool pool,
            Workspace workspace) {
        rank(queries, scales, given, exclude, better, equal, pool, workspace);
    }

    private void rank(
            MatrixView queries, Floats scales, Graph given, Graph exclude, MutableInts better, MutableInts equal, Pool pool,
            Workspace workspace) {
        checkGiven(queries, scales, given);
        Failures.notNull(better, 6, "better");
        Failures.notNull(equal, 7, "equal");
        Failures.notNull(workspace, 9, "workspace");
        Failures.length(better, given.edges(), 6, "better");
        Failures.length(equal, given.edges(), 7, "equal");
        Floats factors = Floats.orNone(scales);
        INDEX.enter(this);
        try {
            RANKS.enter(given, exclude, pool, workspace);
            try {
                Native.indexRankCounts(address(this),
                        queries.base, queries.at, queries.rows, queries.cols, queries.stride, queries.type().code(),
                        factors.base, factors.at, factors.length(), address(given), address(exclude),
                        better.base, better.at, better.length(), equal.base, equal.at, equal.length(),
                        address(pool), address(workspace));
            } finally {
                exit(given, exclude, pool, workspace);
            }
        } finally {
            exit();
        }
    }

    /**
     * An index with more rows behind those of this one, which keep their numbers and their scores. The storage of the
     * options is not looked at; there are ids if and only if this index has some. {@link IndexStorage#INT8_PANELS} takes
     * more rows only behind whole panels of 32.
     *
     * C: {@code avocet_index_append}
     */
    public Index append(RealMatrix rows, IndexOptions options, Pool pool) {
        return appended(rows, null, options, pool);
    }

    /** The same with rows of integers, and a scale for each; null stands for ones. */
    public Index append(Matrix8 rows, Floats scales, IndexOptions options, Pool pool) {
        return appended(rows, scales, options, pool);
    }

    private Index appended(MatrixView rows, Floats scales, IndexOptions options, Pool pool) {
        Longs ids = checkRows(rows, scales, options, 2);
        Floats factors = Floats.orNone(scales);
        APPEND.enter(this, pool);
        try {
            return new Index(Native.indexAppend(address(this),
                    rows.base, rows.at, rows.rows, rows.cols, rows.stride, rows.type().code(),
                    ids.base, ids.at, ids.length(), factors.base, factors.at, factors.length(),
                    options.skipNotFinite ? 1 : 0, address(pool)), owner(this));
        } finally {
            exit(this, pool);
        }
    }

    /**
     * An index like this one with other values for the rows whose numbers {@code at} holds, in ascending order, each once;
     * they can be found from then on. The storage of the options is not looked at; ids stay, and must not be given. Not of
     * {@link IndexStorage#INT8_PANELS}.
     *
     * C: {@code avocet_index_replace}
     */
    public Index replace(Ints at, RealMatrix rows, IndexOptions options) {
        return replaced(at, rows, null, options);
    }

    /** The same with rows of integers, and a scale for each; null stands for ones. */
    public Index replace(Ints at, Matrix8 rows, Floats scales, IndexOptions options) {
        return replaced(at, rows, scales, options);
    }

    private Index replaced(Ints at, MatrixView rows, Floats scales, IndexOptions options) {
        Failures.notNull(at, 2, "at");
        Longs ids = checkRows(rows, scales, options, 3);
        Failures.length(at, rows.rows, 2, "at");
        Floats factors = Floats.orNone(scales);
        INDEX.enter(this);
        try {
            return new Index(Native.indexReplace(address(this), at.base, at.at, at.length(),
                    rows.base, rows.at, rows.rows, rows.cols, rows.stride, rows.type().code(),
                    ids.base, ids.at, ids.length(), factors.base, factors.at, factors.length(),
                    options.skipNotFinite ? 1 : 0), owner(this));
        } finally {
            exit();
        }
    }

    /**
     * An index without the rows whose numbers {@code at} holds, in ascending order, each once: rows keep their numbers, and
     * those are never found until they are replaced.
     *
     * C: {@code avocet_index_remove}
     */
    public Index remove(Ints at) {
        Failures.notNull(at, 2, "at");
        INDEX.enter(this);
        try {
            return new Index(Native.indexRemove(address(this), at.base, at.at, at.length()), owner(this));
        } finally {
            exit();
        }
    }

    /**
     * The number of bytes that {@link #save} writes.
     *
     * C: {@code avocet_index_saved_bytes}
     */
    public long savedBytes() {
        INDEX.enter(this);
        try {
            return Native.indexSavedBytes(address(this));
        } finally {
            exit();
        }
    }

    /**
     * Writes the index, the same bytes for the same rows everywhere. {@code bytes} holds {@link #savedBytes}.
     *
     * C: {@code avocet_index_save}
     */
    public void save(MutableBytes bytes) {
        Failures.notNull(bytes, 2, "bytes");
        INDEX.enter(this);
        try {
            Native.indexSave(address(this), bytes.base, bytes.at, bytes.length());
        } finally {
            exit();
        }
    }

    /**
     * One list for each query from those that shards found, each in an index of its own: the best {@code k} by score
     * descending, then id ascending, as numbers without sign. {@code ids} and {@code scores} are {@code queries x k}, with
     * {@link #NO_LONG_ID} and -inf in unused places; {@code counts} says for each query how many are used.
     *
     * <p>If ids ascend with the rows of each shard, and each shard's k is at least {@code k}, these are the lists that one
     * index of all rows gives.
     *
     * C: {@code avocet_merge_lists}
     */
    public static void mergeLists(
            Shards shards, long queries, long k, MutableLongs ids, MutableFloats scores, MutableInts counts) {
        Failures.notNull(shards, 1, "shards");
        Failures.size(queries, 3, "queries");
        Failures.size(k, 4, "k");
        Failures.notNull(ids, 5, "ids");
        Failures.notNull(scores, 6, "scores");
        Failures.notNull(counts, 7, "counts");
        if (shards.queries >= 0 && shards.queries != queries) {
            throw Failures.invalid(
                    Status.SHAPE_MISMATCH, 3, "queries", 0, queries, "shards have " + shards.queries);
        }
        Failures.product(queries, k, 4, "k");
        Failures.length(ids, queries * k, 5, "ids");
        Failures.length(scores, queries * k, 6, "scores");
        Failures.length(counts, queries, 7, "counts");
        Native.mergeLists(shards.numbers, shards.bases, queries, k, ids.base, ids.at, ids.length(),
                scores.base, scores.at, scores.length(), counts.base, counts.at, counts.length());
    }
}
