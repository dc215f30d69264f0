package dev.avocet;

/**
 * What an array holds, as C names it.
 */
public enum ElementType {
    /** {@code float}: the type of matrix elements. */
    F32(0),
    /** {@code int}, taken without sign. */
    U32(16),
    /** {@code int}. */
    I32(17),
    /** {@code long}. */
    I64(18);

    private final int code;

    ElementType(int code) {
        this.code = code;
    }

    /** The value of the constant in C. */
    public int code() {
        return code;
    }
}
