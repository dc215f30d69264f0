package dev.avocet;

/**
 * The operating system refused a thread.
 */
public final class ThreadsUnavailableException extends IllegalStateException implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details;

    ThreadsUnavailableException(String message, Details details) {
        super(message);
        this.details = details;
    }

    @Override
    public Details details() {
        return details;
    }
}
