package dev.avocet;

/**
 * A matrix of {@code byte} to write, as {@link Matrix8}. What lies between its rows keeps its values, but counts as part
 * of it where overlap is concerned.
 */
public final class MutableMatrix8 extends Matrix8 {
    private MutableMatrix8(MutableBytes data, long rows, long cols, long stride) {
        super(data, rows, cols, stride);
    }

    private MutableMatrix8(MutableMatrix8 of, long firstRow, long rows) {
        super(of, firstRow, rows);
    }

    /**
     * A matrix without gaps. The array may be longer than the matrix.
     */
    public static MutableMatrix8 of(MutableBytes data, long rows, long cols) {
        return new MutableMatrix8(data, rows, cols, cols);
    }

    /**
     * A matrix with {@code stride} elements, at least {@code cols}, from one row to the next.
     */
    public static MutableMatrix8 of(MutableBytes data, long rows, long cols, long stride) {
        return new MutableMatrix8(data, rows, cols, stride);
    }

    /**
     * A matrix without gaps.
     */
    public static MutableMatrix8 of(byte[] data, long rows, long cols) {
        return of(MutableBytes.of(data), rows, cols);
    }

    @Override
    public MutableMatrix8 slice(long firstRow, long rows) {
        return new MutableMatrix8(this, firstRow, rows);
    }
}
