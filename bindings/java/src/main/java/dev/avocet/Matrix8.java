package dev.avocet;

/**
 * A row-major matrix of {@code byte} with sign to read, the integers of rows that are scored: element (i, j) is that at
 * {@code i * stride + j} of an array. Immutable, and never a copy.
 *
 * <p>{@link Convert#quantizeRows} makes one of {@code float}, with a scale for each row.
 */
public class Matrix8 extends MatrixView {
    Matrix8(Bytes data, long rows, long cols, long stride) {
        super(data, ElementType.I8, rows, cols, stride);
    }

    Matrix8(Matrix8 of, long firstRow, long rows) {
        super(of, firstRow, rows);
    }

    /**
     * A matrix without gaps. The array may be longer than the matrix.
     */
    public static Matrix8 of(Bytes data, long rows, long cols) {
        return new Matrix8(data, rows, cols, cols);
    }

    /**
     * A matrix with {@code stride} elements, at least {@code cols}, from one row to the next.
     */
    public static Matrix8 of(Bytes data, long rows, long cols, long stride) {
        return new Matrix8(data, rows, cols, stride);
    }

    /**
     * A matrix without gaps.
     */
    public static Matrix8 of(byte[] data, long rows, long cols) {
        return of(Bytes.of(data), rows, cols);
    }

    /**
     * Some of the rows.
     */
    public Matrix8 slice(long firstRow, long rows) {
        return new Matrix8(this, firstRow, rows);
    }
}
