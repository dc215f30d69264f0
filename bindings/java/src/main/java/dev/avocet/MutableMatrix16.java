package dev.avocet;

/**
 * A matrix of 16-bit floating-point numbers to write, as {@link Matrix16}. What lies between its rows keeps its values,
 * but counts as part of it where overlap is concerned.
 */
public final class MutableMatrix16 extends Matrix16 {
    private MutableMatrix16(MutableShorts data, ElementType type, long rows, long cols, long stride) {
        super(data, type, rows, cols, stride);
    }

    private MutableMatrix16(MutableMatrix16 of, long firstRow, long rows) {
        super(of, firstRow, rows);
    }

    /**
     * A matrix of 16-bit IEEE 754 numbers without gaps. The array may be longer than the matrix.
     */
    public static MutableMatrix16 f16(MutableShorts data, long rows, long cols) {
        return f16(data, rows, cols, cols);
    }

    /**
     * A matrix of 16-bit IEEE 754 numbers with {@code stride} elements, at least {@code cols}, from one row to the next.
     */
    public static MutableMatrix16 f16(MutableShorts data, long rows, long cols, long stride) {
        return new MutableMatrix16(data, ElementType.F16, rows, cols, stride);
    }

    /**
     * A matrix of bfloat16 numbers without gaps. The array may be longer than the matrix.
     */
    public static MutableMatrix16 bf16(MutableShorts data, long rows, long cols) {
        return bf16(data, rows, cols, cols);
    }

    /**
     * A matrix of bfloat16 numbers with {@code stride} elements, at least {@code cols}, from one row to the next.
     */
    public static MutableMatrix16 bf16(MutableShorts data, long rows, long cols, long stride) {
        return new MutableMatrix16(data, ElementType.BF16, rows, cols, stride);
    }

    @Override
    public MutableMatrix16 slice(long firstRow, long rows) {
        return new MutableMatrix16(this, firstRow, rows);
    }
}
