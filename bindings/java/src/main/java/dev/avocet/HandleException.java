package dev.avocet;

/**
 * A handle is closed, or in use by another call.
 */
public final class HandleException extends IllegalStateException implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details;

    HandleException(String message, Details details) {
        super(message);
        this.details = details;
    }

    @Override
    public Details details() {
        return details;
    }
}
