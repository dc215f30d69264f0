package dev.avocet;

/**
 * A defect of the library, not of the call. Outputs are unspecified; everything else remains usable.
 */
public final class DefectError extends Error implements Failure {
    private static final long serialVersionUID = 1;

    /** Not serialised. */
    private final transient Details details;

    DefectError(String message, Details details) {
        super(message);
        this.details = details;
    }

    @Override
    public Details details() {
        return details;
    }
}
