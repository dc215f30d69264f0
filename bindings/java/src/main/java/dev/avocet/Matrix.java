package dev.avocet;

import java.nio.FloatBuffer;

/**
 * A row-major matrix of {@code float} to read: element (i, j) is that at {@code i * stride + j} of an array.
 * Immutable, and never a copy.
 */
public class Matrix {
    /** No matrix. */
    static final Matrix NONE = new Matrix(-1);

    final Object base;
    final long at;
    final long rows;
    final long cols;
    final long stride;

    Matrix(Floats data, long rows, long cols, long stride) {
        Failures.notNull(data, 0, "data");
        Failures.size(rows, 0, "rows");
        Failures.size(cols, 0, "cols");
        if (stride < cols) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 0, "stride", 0, stride, "of " + cols + " columns");
        }
        if (rows > 0 && cols > 0) {
            long before = rows - 1;
            if (Math.multiplyHigh(before, stride) != 0 || before * stride < 0
                    || before * stride > Long.MAX_VALUE / Float.BYTES - cols) {
                throw Failures.invalid(Status.SIZE_OVERFLOW, 0, "rows", 0, rows, null);
            }
            if (data.length() < before * stride + cols) {
                throw Failures.invalid(Status.SHAPE_MISMATCH, 0, "data", 0, data.length(),
                        "needed are " + (before * stride + cols));
            }
        }
        this.base = data.base;
        this.at = data.at;
        this.rows = rows;
        this.cols = cols;
        this.stride = stride;
    }

    /** No matrix. */
    Matrix(long rows) {
        this.base = null;
        this.at = 0;
        this.rows = rows;
        this.cols = 0;
        this.stride = 0;
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

    /**
     * Some of the rows.
     */
    public Matrix slice(long firstRow, long rows) {
        return new Matrix(part(firstRow, rows), rows, cols, stride);
    }

    final Floats part(long firstRow, long rows) {
        if (firstRow < 0 || firstRow > this.rows) {
            throw Failures.index(0, "firstRow", 0, firstRow, "of " + this.rows + " rows");
        }
        if (rows < 0 || rows > this.rows - firstRow) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 0, "rows", 0, rows,
                    (this.rows - firstRow) + " rows from row " + firstRow + " on");
        }
        long elements = rows == 0 || cols == 0 ? 0 : (rows - 1) * stride + cols;
        long bytes = elements == 0 ? 0 : firstRow * stride * Float.BYTES;
        return new Floats(base, at >= 0 ? at + bytes : ~(~at + bytes), elements);
    }

    /** The number of rows. */
    public final long rows() {
        return rows;
    }

    /** The number of columns. */
    public final long cols() {
        return cols;
    }

    /** Elements from one row to the next. */
    public final long stride() {
        return stride;
    }

    static Matrix orNone(Matrix matrix) {
        return matrix == null ? NONE : matrix;
    }
}
