package dev.avocet;

/**
 * The native part, or the C library in it, is of another version than this package: the message names both. Thrown by
 * whatever uses the native part first.
 */
public final class IncompatibleLibraryError extends UnsatisfiedLinkError implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details =
            new Details(Status.INCOMPATIBLE_LIBRARY, 0, "", 0, Details.Value.NONE, 0, 0);

    IncompatibleLibraryError(String reason) {
        super(Details.INCOMPATIBLE + ": " + reason);
    }

    @Override
    public Details details() {
        return details;
    }
}
