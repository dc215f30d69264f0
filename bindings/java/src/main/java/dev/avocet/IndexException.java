package dev.avocet;

/**
 * An index that is negative or not below its limit; position and integer say which.
 */
public final class IndexException extends IndexOutOfBoundsException implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details;

    IndexException(String message, Details details) {
        super(message);
        this.details = details;
    }

    @Override
    public Details details() {
        return details;
    }
}
