package dev.avocet;

/**
 * Memory outside of the Java heap could not be allocated.
 */
public final class NativeMemoryError extends OutOfMemoryError implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details;

    NativeMemoryError(String message, Details details) {
        super(message);
        this.details = details;
    }

    @Override
    public Details details() {
        return details;
    }
}
