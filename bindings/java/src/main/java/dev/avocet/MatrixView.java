package dev.avocet;

/**
 * What the matrix views share: where the memory is and its shape.
 */
abstract class MatrixView {
    final Object base;
    final long at;
    final long rows;
    final long cols;
    final long stride;
    private final ElementType type;

    MatrixView(View data, ElementType type, long rows, long cols, long stride) {
        Failures.notNull(data, 0, "data");
        Failures.size(rows, 0, "rows");
        Failures.size(cols, 0, "cols");
        if (stride < cols) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 0, "stride", 0, stride, "of " + cols + " columns");
        }
        if (rows > 0 && cols > 0) {
            long before = rows - 1;
            if (Math.multiplyHigh(before, stride) != 0 || before * stride < 0
                    || before * stride > Long.MAX_VALUE / type.bytes - cols) {
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
        this.type = type;
    }

    /** Some of the rows. */
    MatrixView(MatrixView of, long firstRow, long rows) {
        if (firstRow < 0 || firstRow > of.rows) {
            throw Failures.index(0, "firstRow", 0, firstRow, "of " + of.rows + " rows");
        }
        if (rows < 0 || rows > of.rows - firstRow) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 0, "rows", 0, rows,
                    (of.rows - firstRow) + " rows from row " + firstRow + " on");
        }
        long bytes = rows == 0 || of.cols == 0 ? 0 : firstRow * of.stride * of.type.bytes;
        this.base = of.base;
        this.at = of.at >= 0 ? of.at + bytes : ~(~of.at + bytes);
        this.rows = rows;
        this.cols = of.cols;
        this.stride = of.stride;
        this.type = of.type;
    }

    /** No matrix. */
    MatrixView(long rows) {
        this.base = null;
        this.at = 0;
        this.rows = rows;
        this.cols = 0;
        this.stride = 0;
        this.type = ElementType.F32;
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

    /** The type of the elements. */
    public final ElementType type() {
        return type;
    }
}
