package dev.avocet;

/**
 * What an array holds, as C names it.
 */
public enum ElementType {
    /** {@code float}: the type of matrix elements. */
    F32(0, Float.BYTES),
    /** 16-bit IEEE 754 floating point, as {@code short}: {@link Matrix16}. */
    F16(1, Short.BYTES),
    /** bfloat16, the upper half of a {@code float}, as {@code short}: {@link Matrix16}. */
    BF16(2, Short.BYTES),
    /** {@code int}, taken without sign. */
    U32(16, Integer.BYTES),
    /** {@code int}. */
    I32(17, Integer.BYTES),
    /** {@code long}. */
    I64(18, Long.BYTES),
    /** {@code short}, taken without sign: {@link Segments}. */
    U16(19, Short.BYTES),
    /** {@code byte}, taken without sign: {@link Labels}. */
    U8(20, 1),
    /** {@code byte}: {@link Matrix8}, {@link Labels}. */
    I8(21, 1);

    final int bytes;
    private final int code;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The value of the constant in C. */
    public int code() {
        return code;
    }
}
