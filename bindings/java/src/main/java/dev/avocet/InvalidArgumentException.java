package dev.avocet;

/**
 * A value, shape, order or overlap that a call cannot have; the status says which.
 */
public final class InvalidArgumentException extends IllegalArgumentException implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details;

    InvalidArgumentException(String message, Details details) {
        super(message);
        this.details = details;
    }

    @Override
    public Details details() {
        return details;
    }
}
