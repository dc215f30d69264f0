package dev.avocet;

import java.nio.FloatBuffer;

/**
 * A matrix to write, as {@link Matrix}. What lies between its rows keeps its values, but counts as part of it where
 * overlap is concerned: no other argument, and no other thread, may use it during a call.
 */
public final class MutableMatrix extends Matrix {
    /** No matrix. */
    static final MutableMatrix NONE = new MutableMatrix(-1);

    private MutableMatrix(Floats data, long rows, long cols, long stride) {
        super(data, rows, cols, stride);
    }

    private MutableMatrix(MutableMatrix of, long firstRow, long rows) {
        super(of, firstRow, rows);
    }

    private MutableMatrix(long rows) {
        super(rows);
    }

    /**
     * A matrix without gaps. The array may be longer than the matrix.
     */
    public static MutableMatrix of(MutableFloats data, long rows, long cols) {
        return new MutableMatrix(data, rows, cols, cols);
    }

    /**
     * A matrix with {@code stride} elements, at least {@code cols}, from one row to the next.
     */
    public static MutableMatrix of(MutableFloats data, long rows, long cols, long stride) {
        return new MutableMatrix(data, rows, cols, stride);
    }

    /**
     * A matrix without gaps.
     */
    public static MutableMatrix of(float[] data, long rows, long cols) {
        return of(MutableFloats.of(data), rows, cols);
    }

    /**
     * A matrix without gaps, from the position of a buffer on, which is not read-only.
     */
    public static MutableMatrix of(FloatBuffer data, long rows, long cols) {
        return of(MutableFloats.of(data), rows, cols);
    }

    @Override
    public MutableMatrix slice(long firstRow, long rows) {
        return new MutableMatrix(this, firstRow, rows);
    }

    static MutableMatrix orNone(MutableMatrix matrix) {
        return matrix == null ? NONE : matrix;
    }
}
