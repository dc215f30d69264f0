package dev.avocet;

/**
 * A search for thresholds found none: {@link Status#INFEASIBLE} or {@link Status#WORK_LIMIT}. Only
 * {@link Solution#orThrow} throws it.
 */
public final class SearchException extends RuntimeException implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details;

    SearchException(String message, Details details) {
        super(message);
        this.details = details;
    }

    @Override
    public Details details() {
        return details;
    }
}
