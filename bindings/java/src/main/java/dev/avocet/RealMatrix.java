package dev.avocet;

/**
 * A row-major matrix of floating-point numbers of any type to read: a {@link Matrix} or a {@link Matrix16}, which is
 * widened exactly.
 */
public abstract class RealMatrix extends MatrixView {
    RealMatrix(View data, ElementType type, long rows, long cols, long stride) {
        super(data, type, rows, cols, stride);
    }

    RealMatrix(RealMatrix of, long firstRow, long rows) {
        super(of, firstRow, rows);
    }

    /** No matrix. */
    RealMatrix(long rows) {
        super(rows);
    }

    /**
     * Some of the rows.
     */
    public abstract RealMatrix slice(long firstRow, long rows);
}
