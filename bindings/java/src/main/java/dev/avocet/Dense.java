package dev.avocet;

/**
 * Products of rows with small matrices, activation and row norm, forward and backward.
 */
public final class Dense {
    /** The most addends that {@link #product} takes. */
    public static final int MAX_ADDENDS = 16;

    private static final Handle.Arguments PRODUCT = Handle.Arguments.of("6 pool", "7 workspace");
    private static final Handle.Arguments ACTIVATE = Handle.Arguments.of("4 pool");
    private static final Handle.Arguments BACKWARD = Handle.Arguments.of("6 pool");
    private static final Handle.Arguments GRADIENT = Handle.Arguments.of("5 pool", "6 workspace");

    private Dense() {}

    /**
     * {@code out (+)= sum over addends of x * w}, then the activation, then the division of each row by its L2 norm.
     * {@code out} is {@code n x m}. {@code norms} takes the n norms; it is needed only when normalising, and else may
     * be null (if given, it is not written then).
     *
     * C: {@code avocet_dense_product}
     */
    public static void product(
            Addends addends, DenseOptions options, MutableMatrix out, MutableFloats norms, Pool pool,
            Workspace workspace) {
        Failures.notNull(addends, 1, "addends");
        Failures.notNull(options, 3, "options");
        Failures.notNull(out, 4, "out");
        Failures.notNull(workspace, 7, "workspace");
        norms(norms, options.normalise, out.rows, 5);
        MutableFloats normsOrNone = MutableFloats.orNone(norms);
        PRODUCT.enter(pool, workspace);
        try {
            Native.denseProduct(addends.numbers, addends.bases, addends.count,
                    options.accumulate ? 1 : 0, options.activation.ordinal(), options.normalise ? 1 : 0,
                    out.base, out.at, out.rows, out.cols, out.stride,
                    normsOrNone.base, normsOrNone.at, normsOrNone.length(),
                    Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(pool, workspace);
        }
    }

    /**
     * In place: the activation and, if normalising, the division of each row by its L2 norm, which goes to
     * {@code norms}: what {@link #product} does to its finished sums. {@code rows} is {@code n x m}.
     *
     * C: {@code avocet_dense_activate}
     */
    public static void activate(DenseOptions options, MutableMatrix rows, MutableFloats norms, Pool pool) {
        Failures.notNull(options, 1, "options");
        Failures.notNull(rows, 2, "rows");
        norms(norms, options.normalise, rows.rows, 3);
        MutableFloats normsOrNone = MutableFloats.orNone(norms);
        ACTIVATE.enter(pool);
        try {
            Native.denseActivate(options.activation.ordinal(), options.normalise ? 1 : 0,
                    rows.base, rows.at, rows.rows, rows.cols, rows.stride,
                    normsOrNone.base, normsOrNone.at, normsOrNone.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * The gradient before activation and norm, {@code dz}, from the gradient after them, {@code dy}, with {@code y} and
     * {@code norms} as {@link #product} left them: with {@code da = (dy - y (y . dy)) / norm} (or {@code dy}),
     * {@code dz = da * activation'}. All are {@code n x m}.
     *
     * C: {@code avocet_dense_activate_backward}
     */
    public static void activateBackward(
            DenseOptions options, Matrix y, Floats norms, Matrix dy, MutableMatrix dz, Pool pool) {
        Failures.notNull(options, 1, "options");
        Failures.notNull(y, 2, "y");
        norms(norms, options.normalise, y.rows, 3);
        Failures.notNull(dy, 4, "dy");
        Failures.notNull(dz, 5, "dz");
        Floats normsOrNone = Floats.orNone(norms);
        BACKWARD.enter(pool);
        try {
            Native.denseActivateBackward(options.activation.ordinal(), options.normalise ? 1 : 0,
                    y.base, y.at, y.rows, y.cols, y.stride,
                    normsOrNone.base, normsOrNone.at, normsOrNone.length(),
                    dy.base, dy.at, dy.rows, dy.cols, dy.stride,
                    dz.base, dz.at, dz.rows, dz.cols, dz.stride, Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * The gradient of a product with respect to its weights: {@code out (+)= x^T * dz}. {@code x} is {@code n x k},
     * {@code dz} is {@code n x m}, {@code out} is {@code k x m}.
     *
     * C: {@code avocet_dense_weight_gradient}
     */
    public static void weightGradient(
            Matrix x, Matrix dz, boolean accumulate, MutableMatrix out, Pool pool, Workspace workspace) {
        Failures.notNull(x, 1, "x");
        Failures.notNull(dz, 2, "dz");
        Failures.notNull(out, 4, "out");
        Failures.notNull(workspace, 6, "workspace");
        GRADIENT.enter(pool, workspace);
        try {
            Native.denseWeightGradient(x.base, x.at, x.rows, x.cols, x.stride,
                    dz.base, dz.at, dz.rows, dz.cols, dz.stride, accumulate ? 1 : 0,
                    out.base, out.at, out.rows, out.cols, out.stride,
                    Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(pool, workspace);
        }
    }

    private static void norms(Floats norms, boolean needed, long rows, int argument) {
        if (needed) {
            Failures.notNull(norms, argument, "norms");
        }
        Failures.length(norms, rows, argument, "norms");
    }
}
