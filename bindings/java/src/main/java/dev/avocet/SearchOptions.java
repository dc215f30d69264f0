package dev.avocet;

/**
 * How {@link Threshold#search} works. Immutable; each method gives options with one more set.
 */
public final class SearchOptions {
    /** Exact, of any shape. */
    public static final SearchOptions DEFAULT = new SearchOptions(0, SearchMethod.EXACT, ThresholdShape.FREE);

    final long workLimit;
    final SearchMethod method;
    final ThresholdShape shape;

    private SearchOptions(long workLimit, SearchMethod method, ThresholdShape shape) {
        this.workLimit = workLimit;
        this.method = method;
        this.shape = shape;
    }

    /** How many partial selections the exact search may make; 0 stands for 2^25, about half a second. */
    public SearchOptions workLimit(long workLimit) {
        Failures.size(workLimit, 3, "options.work_limit");
        return new SearchOptions(workLimit, method, shape);
    }

    /** The method; by default exact. */
    public SearchOptions method(SearchMethod method) {
        Failures.notNull(method, 3, "options.method");
        return new SearchOptions(workLimit, method, shape);
    }

    /** What thresholds must be like, for exact and single only; by default any. */
    public SearchOptions shape(ThresholdShape shape) {
        Failures.notNull(shape, 3, "options.shape");
        return new SearchOptions(workLimit, method, shape);
    }
}
