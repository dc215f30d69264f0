package dev.avocet;

/**
 * The logistic loss, with derivatives: of logits, and of a linear model over dense or sparse rows; training it to the
 * minimum; and sums over parts of the rows.
 */
public final class Logistic {
    /** The most pieces that {@link #parts} gives. */
    public static final int MAX_PARTS = 108;

    private static final Handle.Arguments POINTWISE = Handle.Arguments.of("8 pool", "9 workspace");
    private static final Handle.Arguments PRODUCT = Handle.Arguments.of("9 pool", "10 workspace");
    private static final Handle.Arguments BATCH = Handle.Arguments.of("1 rows.prepared", "5 pool", "6 workspace");
    private static final Handle.Arguments FIT = Handle.Arguments.of("1 rows.prepared", "7 pool");

    private Logistic() {}

    /**
     * The logistic loss of each row from its logit x, and their sum, which is returned:
     * {@code losses[i] = a softplus(-x) + b softplus(x)}, {@code gradient[i] = b sigmoid(x) - a sigmoid(-x)},
     * {@code curvature[i] = (a + b) sigmoid(x) sigmoid(-x)}, with the coefficients a and b of {@code targets}. All
     * arrays have one length; any of the three outputs may be null.
     *
     * <p>A bad value among the targets is found on the way: the three outputs are unspecified then.
     *
     * C: {@code avocet_logistic_pointwise}
     */
    public static double pointwise(
            Floats logits, LogisticTargets targets, MutableFloats losses, MutableFloats gradient,
            MutableFloats curvature, Pool pool, Workspace workspace) {
        Failures.notNull(logits, 1, "logits");
        Failures.notNull(targets, 2, "targets");
        Failures.notNull(workspace, 9, "workspace");
        long rows = logits.length();
        targets.check(rows, 2);
        Failures.length(losses, rows, 3, "losses");
        Failures.length(gradient, rows, 4, "gradient");
        Failures.length(curvature, rows, 5, "curvature");
        Floats labels = Floats.orNone(targets.labels);
        Floats weights = Floats.orNone(targets.weights);
        Floats a = Floats.orNone(targets.a);
        Floats b = Floats.orNone(targets.b);
        MutableFloats l = MutableFloats.orNone(losses);
        MutableFloats g = MutableFloats.orNone(gradient);
        MutableFloats c = MutableFloats.orNone(curvature);
        POINTWISE.enter(pool, workspace);
        try {
            return Native.logisticPointwise(logits.base, logits.at, rows, labels.base, labels.at, labels.length(),
                    weights.base, weights.at, weights.length(), a.base, a.at, a.length(), b.base, b.at, b.length(),
                    targets.signedWeights ? 1 : 0, l.base, l.at, l.length(), g.base, g.at, g.length(),
                    c.base, c.at, c.length(), Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(pool, workspace);
        }
    }

    /**
     * The log loss of a product of two probabilities, {@code f = sigmoid(x1) sigmoid(x2)}, for the two logits of each
     * row: {@code losses[i] = -a log f - b log(1 - f)}, its derivatives by x1 and by x2, and the sum of the losses,
     * which is returned. Learns P(redeemed | x) = P(clipped | x) P(redeemed | clipped, x) from all rows (ESMM). All
     * arrays have one length; any of the three outputs may be null.
     *
     * <p>A bad value among the targets is found on the way: the three outputs are unspecified then.
     *
     * C: {@code avocet_logistic_product}
     */
    public static double product(
            Floats first, Floats second, LogisticTargets targets, MutableFloats losses, MutableFloats firstGradient,
            MutableFloats secondGradient, Pool pool, Workspace workspace) {
        Failures.notNull(first, 1, "first");
        Failures.notNull(second, 2, "second");
        Failures.notNull(targets, 3, "targets");
        Failures.notNull(workspace, 10, "workspace");
        long rows = first.length();
        Failures.length(second, rows, 2, "second");
        targets.check(rows, 3);
        Failures.length(losses, rows, 4, "losses");
        Failures.length(firstGradient, rows, 5, "first_gradient");
        Failures.length(secondGradient, rows, 6, "second_gradient");
        Floats labels = Floats.orNone(targets.labels);
        Floats weights = Floats.orNone(targets.weights);
        Floats a = Floats.orNone(targets.a);
        Floats b = Floats.orNone(targets.b);
        MutableFloats l = MutableFloats.orNone(losses);
        MutableFloats f = MutableFloats.orNone(firstGradient);
        MutableFloats g = MutableFloats.orNone(secondGradient);
        PRODUCT.enter(pool, workspace);
        try {
            return Native.logisticProduct(first.base, first.at, rows, second.base, second.at, second.length(),
                    labels.base, labels.at, labels.length(), weights.base, weights.at, weights.length(),
                    a.base, a.at, a.length(), b.base, b.at, b.length(), targets.signedWeights ? 1 : 0,
                    l.base, l.at, l.length(), f.base, f.at, f.length(), g.base, g.at, g.length(),
                    Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(pool, workspace);
        }
    }

    /**
     * As {@link #batch(LogisticRows, LogisticTargets, LogisticOut, LogisticSums, Pool, Workspace)}, with sums of its own.
     */
    public static LogisticSums batch(
            LogisticRows rows, LogisticTargets targets, LogisticOut out, Pool pool, Workspace workspace) {
        LogisticSums sums = new LogisticSums();
        batch(rows, targets, out, sums, pool, workspace);
        return sums;
    }

    /**
     * Logistic regression over rows of any kind, reading them once: any of margins, gradient, diagonal curvature and
     * Hessian-vector product, and the sum of the losses, of the margins {@code m = x . weights + intercept + offset}:
     * {@code loss = sum of a softplus(-m) + b softplus(m)}, {@code gradient = sum of (b sigmoid(m) - a sigmoid(-m)) x},
     * {@code curvature = sum of h x^2} with {@code h = (a + b) sigmoid(m) sigmoid(-m)},
     * {@code product = sum of h (x . along + alongIntercept) x}. {@code targets} has {@code n} values each, and may be
     * null where only margins are wanted; {@code sums} may be null.
     *
     * <p>A bad value among the targets, or a factor of a sparse row that is not finite, is found on the way: margins are
     * unspecified then.
     *
     * C: {@code avocet_logistic_batch}
     */
    public static void batch(
            LogisticRows rows, LogisticTargets targets, LogisticOut out, LogisticSums sums, Pool pool,
            Workspace workspace) {
        Failures.notNull(rows, 1, "rows");
        Failures.notNull(rows.weights, 1, "rows.weights");
        Failures.notNull(out, 3, "out");
        Failures.notNull(workspace, 6, "workspace");
        RealMatrix x = rows.x;
        SparseRows sparse = rows.sparse;
        LogisticTargets given = targets == null ? LogisticTargets.NONE : targets;
        long n = rows.count();
        long d = rows.length(rows.weights);
        rows.check(d);
        given.check(n, 2);
        Failures.length(out.margins, n, 3, "out.margins");
        Failures.length(out.gradient, d, 3, "out.gradient");
        Failures.length(out.curvature, d, 3, "out.curvature");
        Failures.length(out.product, d, 3, "out.product");
        Failures.length(out.along, d, 3, "out.along");
        Floats values = Floats.orNone(sparse.values);
        Floats offsets = Floats.orNone(rows.offsets);
        Floats labels = Floats.orNone(given.labels);
        Floats rowWeights = Floats.orNone(given.weights);
        Floats a = Floats.orNone(given.a);
        Floats b = Floats.orNone(given.b);
        MutableFloats m = MutableFloats.orNone(out.margins);
        MutableFloats g = MutableFloats.orNone(out.gradient);
        MutableFloats c = MutableFloats.orNone(out.curvature);
        MutableFloats p = MutableFloats.orNone(out.product);
        Floats along = Floats.orNone(out.along);
        BATCH.enter(rows.prepared, pool, workspace);
        try {
            Native.logisticBatch(x.base, x.at, x.rows, x.cols, x.stride, x.type().code(), d,
                    sparse.offsets.base, sparse.offsets.at, sparse.offsets.length(), sparse.offsets.code(),
                    sparse.features.base, sparse.features.at, sparse.features.length(), sparse.features.code(),
                    values.base, values.at, values.length(), Handle.address(rows.prepared), rows.compact ? 1 : 0,
                    offsets.base, offsets.at, offsets.length(),
                    rows.weights.base, rows.weights.at, rows.weights.length(), rows.intercept, rows.entries(),
                    labels.base, labels.at, labels.length(), rowWeights.base, rowWeights.at, rowWeights.length(),
                    a.base, a.at, a.length(), b.base, b.at, b.length(),
                    targets == null ? -1 : targets.signedWeights ? 1 : 0,
                    m.base, m.at, m.length(), g.base, g.at, g.length(), c.base, c.at, c.length(),
                    p.base, p.at, p.length(), along.base, along.at, along.length(), out.alongIntercept,
                    sums == null ? null : sums.values, Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(rows.prepared, pool, workspace);
        }
    }

    /**
     * Finds the weights, and the intercept, that minimise {@code sum of losses + l2 / 2 * |weights|^2} by L-BFGS, from
     * the weights (zeros for null) and the intercept of {@code rows} on. {@code weights}, which is written, has the
     * length of those; of sparse rows it says how many columns there are. Sparse rows should be
     * {@linkplain PreparedRows prepared}: every pass over others checks them anew. Allocates {@code 2 * history + 7}
     * vectors and a workspace for the time of the call.
     *
     * C: {@code avocet_logistic_fit}
     */
    public static LogisticFit fit(
            LogisticRows rows, LogisticTargets targets, LogisticFitOptions options, MutableFloats weights, Pool pool) {
        Failures.notNull(rows, 1, "rows");
        Failures.notNull(targets, 2, "targets");
        Failures.notNull(options, 3, "options");
        Failures.notNull(weights, 4, "weights");
        RealMatrix x = rows.x;
        SparseRows sparse = rows.sparse;
        long d = rows.length(weights);
        rows.check(d);
        targets.check(rows.count(), 2);
        Failures.length(weights, d, 4, "weights");
        Floats values = Floats.orNone(sparse.values);
        Floats offsets = Floats.orNone(rows.offsets);
        Floats start = Floats.orNone(rows.weights);
        Floats labels = Floats.orNone(targets.labels);
        Floats rowWeights = Floats.orNone(targets.weights);
        Floats a = Floats.orNone(targets.a);
        Floats b = Floats.orNone(targets.b);
        double[] figures = new double[6];
        FIT.enter(rows.prepared, pool);
        try {
            Native.logisticFit(x.base, x.at, x.rows, x.cols, x.stride, x.type().code(), d,
                    sparse.offsets.base, sparse.offsets.at, sparse.offsets.length(), sparse.offsets.code(),
                    sparse.features.base, sparse.features.at, sparse.features.length(), sparse.features.code(),
                    values.base, values.at, values.length(), Handle.address(rows.prepared), rows.compact ? 1 : 0,
                    offsets.base, offsets.at, offsets.length(), start.base, start.at, start.length(), rows.intercept,
                    labels.base, labels.at, labels.length(), rowWeights.base, rowWeights.at, rowWeights.length(),
                    a.base, a.at, a.length(), b.base, b.at, b.length(), targets.signedWeights ? 1 : 0,
                    options.iterations, options.history, options.l2, options.tolerance,
                    options.fixedIntercept ? 1 : 0, weights.base, weights.at, weights.length(), figures,
                    Handle.address(pool));
        } finally {
            Handle.exit(rows.prepared, pool);
        }
        return new LogisticFit(figures);
    }

    /**
     * Cuts a range of rows, for a worker that has no others, into at most {@link #MAX_PARTS} pieces whose sums can be
     * merged, and returns the number of rows of each. The worker calls {@code batch} (of dense rows),
     * {@link #pointwise}, {@link #product} or {@link Metrics#calibration} for each piece. {@code firstRow} is a multiple of 1024; so is
     * {@code rows}, unless the range ends where the data ends.
     *
     * C: {@code avocet_logistic_parts}
     */
    public static long[] parts(long firstRow, long rows) {
        Failures.size(firstRow, 1, "first_row");
        Failures.size(rows, 2, "rows");
        return Native.logisticParts(firstRow, rows);
    }

    /**
     * The sums over all rows from those over parts of them, with the bits of one call over all rows. Part i has
     * {@code rows[i]} rows and gave {@code sums[i]} and, unless {@code vectors} is null, row i of {@code vectors}, whose
     * sum goes to {@code vector}. The parts are in the order of their rows, and those of {@link #parts}, or equal blocks
     * of {@code 1024 * 2^k} rows, the last one shorter. The sum of {@link #pointwise} or {@link #product} stands as the
     * loss.
     *
     * C: {@code avocet_logistic_merge}
     */
    public static LogisticSums merge(long[] rows, LogisticSums[] sums, Matrix vectors, MutableFloats vector) {
        Failures.parts(rows, sums, "sums");
        if (vectors != null) {
            Failures.notNull(vector, 6, "vector");
            Failures.length(vector, vectors.cols, 6, "vector");
        }
        double[] all = new double[4 * sums.length];
        for (int i = 0; i < sums.length; i++) {
            System.arraycopy(sums[i].values, 0, all, 4 * i, 4);
        }
        Matrix given = Matrix.orNone(vectors);
        MutableFloats to = vectors == null ? MutableFloats.NONE : vector;
        LogisticSums total = new LogisticSums();
        Native.logisticMerge(rows, ~0L, rows.length, all, ~0L, all.length,
                given.base, given.at, given.rows, given.cols, given.stride, total.values, to.base, to.at, to.length());
        return total;
    }
}
