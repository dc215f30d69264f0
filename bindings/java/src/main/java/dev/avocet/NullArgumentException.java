package dev.avocet;

/**
 * An argument that must not be null is null, or the address 0.
 */
public final class NullArgumentException extends NullPointerException implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details;

    NullArgumentException(String message, Details details) {
        super(message);
        this.details = details;
    }

    @Override
    public Details details() {
        return details;
    }
}
