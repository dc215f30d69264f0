package dev.avocet;

/**
 * Rows from one element type to another. None of these allocates anything.
 */
public final class Convert {
    private static final Handle.Arguments CONVERT = Handle.Arguments.of("3 pool");
    private static final Handle.Arguments QUANTIZE = Handle.Arguments.of("4 pool");

    private Convert() {}

    /**
     * Each element of {@code x} as a {@code float}, exactly. {@code x} and {@code out} have one shape.
     */
    public static void convert(RealMatrix x, MutableMatrix out, Pool pool) {
        convertTo(x, out, pool);
    }

    /**
     * Each element of {@code x} as the nearest number of the type of {@code out}, ties to even; infinite beyond its range.
     * {@code x} and {@code out} have one shape.
     *
     * C: {@code avocet_convert}
     */
    public static void convert(RealMatrix x, MutableMatrix16 out, Pool pool) {
        convertTo(x, out, pool);
    }

    private static void convertTo(RealMatrix x, RealMatrix out, Pool pool) {
        Failures.notNull(x, 1, "x");
        Failures.notNull(out, 2, "out");
        CONVERT.enter(pool);
        try {
            Native.convert(x.base, x.at, x.rows, x.cols, x.stride, x.type().code(),
                    out.base, out.at, out.rows, out.cols, out.stride, out.type().code(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * Each row of {@code x} as integers from -127 to 127 and a scale: {@code scales[i] = max_j |x[i][j]| / 127}, and
     * {@code out[i][j]} is {@code x[i][j] / scales[i]}, rounded to the nearest, ties to even. {@code x} and {@code out}
     * have one shape, and {@code scales} a value for each row. All of {@code x} is finite: what is not is found on the
     * way, and {@code out} and {@code scales} are unspecified then.
     *
     * C: {@code avocet_quantize_rows}
     */
    public static void quantizeRows(RealMatrix x, MutableMatrix8 out, MutableFloats scales, Pool pool) {
        Failures.notNull(x, 1, "x");
        Failures.notNull(out, 2, "out");
        Failures.notNull(scales, 3, "scales");
        Failures.length(scales, x.rows, 3, "scales");
        QUANTIZE.enter(pool);
        try {
            Native.quantizeRows(x.base, x.at, x.rows, x.cols, x.stride, x.type().code(),
                    out.base, out.at, out.rows, out.cols, out.stride,
                    scales.base, scales.at, scales.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * {@code out[i][j] = scales[i] * x[i][j]}. {@code x} and {@code out} have one shape, and {@code scales} a value for
     * each row.
     *
     * C: {@code avocet_dequantize_rows}
     */
    public static void dequantizeRows(Matrix8 x, Floats scales, MutableMatrix out, Pool pool) {
        Failures.notNull(x, 1, "x");
        Failures.notNull(scales, 2, "scales");
        Failures.notNull(out, 3, "out");
        Failures.length(scales, x.rows, 2, "scales");
        QUANTIZE.enter(pool);
        try {
            Native.dequantizeRows(x.base, x.at, x.rows, x.cols, x.stride, scales.base, scales.at, scales.length(),
                    out.base, out.at, out.rows, out.cols, out.stride, Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * {@code out[i] = sqrt(sum_j x[i][j]^2)}, summed in {@code float}. {@code out} has a value for each row.
     *
     * C: {@code avocet_row_norms}
     */
    public static void rowNorms(RealMatrix x, MutableFloats out, Pool pool) {
        Failures.notNull(x, 1, "x");
        Failures.notNull(out, 2, "out");
        Failures.length(out, x.rows, 2, "out");
        CONVERT.enter(pool);
        try {
            Native.rowNorms(x.base, x.at, x.rows, x.cols, x.stride, x.type().code(),
                    out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }
}
