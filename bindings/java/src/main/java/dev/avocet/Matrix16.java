package dev.avocet;

/**
 * A row-major matrix of 16-bit floating-point numbers to read, where a method takes a {@link RealMatrix}: the bits of
 * element (i, j) are those at {@code i * stride + j} of an array of {@code short}. Immutable, and never a copy.
 *
 * <p>{@link Convert#convert} makes one of {@code float}.
 */
public class Matrix16 extends RealMatrix {
    Matrix16(Shorts data, ElementType type, long rows, long cols, long stride) {
        super(data, type, rows, cols, stride);
    }

    Matrix16(Matrix16 of, long firstRow, long rows) {
        super(of, firstRow, rows);
    }

    /**
     * A matrix of 16-bit IEEE 754 numbers without gaps. The array may be longer than the matrix.
     */
    public static Matrix16 f16(Shorts data, long rows, long cols) {
        return f16(data, rows, cols, cols);
    }

    /**
     * A matrix of 16-bit IEEE 754 numbers with {@code stride} elements, at least {@code cols}, from one row to the next.
     */
    public static Matrix16 f16(Shorts data, long rows, long cols, long stride) {
        return new Matrix16(data, ElementType.F16, rows, cols, stride);
    }

    /**
     * A matrix of bfloat16 numbers without gaps. The array may be longer than the matrix.
     */
    public static Matrix16 bf16(Shorts data, long rows, long cols) {
        return bf16(data, rows, cols, cols);
    }

    /**
     * A matrix of bfloat16 numbers with {@code stride} elements, at least {@code cols}, from one row to the next.
     */
    public static Matrix16 bf16(Shorts data, long rows, long cols, long stride) {
        return new Matrix16(data, ElementType.BF16, rows, cols, stride);
    }

    @Override
    public Matrix16 slice(long firstRow, long rows) {
        return new Matrix16(this, firstRow, rows);
    }
}
