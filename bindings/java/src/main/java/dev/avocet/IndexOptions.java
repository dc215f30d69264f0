package dev.avocet;

/**
 * How rows are taken into an {@link Index}. Immutable; each method gives options with one more set.
 */
public final class IndexOptions {
    /** Held as {@code float}, without ids; rows that are not finite are refused. */
    public static final IndexOptions DEFAULT = new IndexOptions(IndexStorage.F32, null, false);

    final IndexStorage storage;
    /** Null if there are none. */
    final Longs ids;
    final boolean skipNotFinite;

    private IndexOptions(IndexStorage storage, Longs ids, boolean skipNotFinite) {
        this.storage = storage;
        this.ids = ids;
        this.skipNotFinite = skipNotFinite;
    }

    /** How rows are held; of a new index only. */
    public IndexOptions storage(IndexStorage storage) {
        Failures.notNull(storage, 2, "options.storage");
        return new IndexOptions(storage, ids, skipNotFinite);
    }

    /** The caller's own number of each row, of any values; with {@code Longs.of()} an index without rows yet has ids. */
    public IndexOptions ids(Longs ids) {
        Failures.notNull(ids, 2, "options.ids");
        // C takes the address 0 for no ids.
        return new IndexOptions(storage, ids.length() == 0 ? Longs.of() : ids, skipNotFinite);
    }

    /** Whether a row with a NaN or an infinity, after it was rounded, is taken in but never found. */
    public IndexOptions skipNotFinite(boolean skipNotFinite) {
        return new IndexOptions(storage, ids, skipNotFinite);
    }
}
