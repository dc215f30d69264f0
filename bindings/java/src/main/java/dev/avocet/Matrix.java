package dev.avocet;

import java.nio.FloatBuffer;

/**
 * A row-major matrix of {@code float} to read: element (i, j) is that at {@code i * stride + j} of an array.
 * Immutable, and never a copy.
 */
public class Matrix extends RealMatrix {
    /** No matrix. */
    static final Matrix NONE = new Matrix(-1);

    Matrix(Floats data, long rows, long cols, long stride) {
        super(data, ElementType.F32, rows, cols, stride);
    }

    Matrix(Matrix of, long firstRow, long rows) {
        super(of, firstRow, rows);
    }

    /** No matrix. */
    Matrix(long rows) {
        super(rows);
    }

    /**
     * A matrix without gaps. The array may be longer than the matrix.
     */
    public static Matrix of(Floats data, long rows, long cols) {
        return new Matrix(data, rows, cols, cols);
    }

    /**
     * A matrix with {@code stride} elements, at least {@code cols}, from one row to the next.
     */
    public static Matrix of(Floats data, long rows, long cols, long stride) {
        return new Matrix(data, rows, cols, stride);
    }

    /**
     * A matrix without gaps.
     */
    public static Matrix of(float[] data, long rows, long cols) {
        return of(Floats.of(data), rows, cols);
    }

    /**
     * A matrix without gaps, from the position of a buffer on.
     */
    public static Matrix of(FloatBuffer data, long rows, long cols) {
        return of(Floats.of(data), rows, cols);
    }

    @Override
    public Matrix slice(long firstRow, long rows) {
        return new Matrix(this, firstRow, rows);
    }

    static Matrix orNone(Matrix matrix) {
        return matrix == null ? NONE : matrix;
    }
}
