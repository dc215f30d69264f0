package dev.avocet;

/**
 * The logistic loss, with derivatives: of single rows, and of a linear model over dense rows.
 */
public final class Logistic {
    private static final Handle.Arguments POINTWISE = Handle.Arguments.of("8 pool", "9 workspace");
    private static final Handle.Arguments DENSE = Handle.Arguments.of("5 pool", "6 workspace");

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
     * Logistic regression over dense rows, reading them once: any of margins, gradient, diagonal curvature and
     * Hessian-vector product, and the sum of the losses, of the margins {@code m = x . weights + intercept + offset}:
     * {@code loss = sum of a softplus(-m) + b softplus(m)}, {@code gradient = sum of (b sigmoid(m) - a sigmoid(-m)) x},
     * {@code curvature = sum of h x^2} with {@code h = (a + b) sigmoid(m) sigmoid(-m)},
     * {@code product = sum of h (x . along + alongIntercept) x}. {@code targets} has {@code n} values each, and may be
     * null where only margins are wanted.
     *
     * <p>A bad value among the targets is found on the way: margins are unspecified then.
     *
     * C: {@code avocet_logistic_dense}
     */
    public static LogisticSums dense(
            LogisticRows rows, LogisticTargets targets, LogisticOut out, Pool pool, Workspace workspace) {
        Failures.notNull(rows, 1, "rows");
        Failures.notNull(out, 3, "out");
        Failures.notNull(workspace, 6, "workspace");
        Matrix x = rows.x;
        LogisticTargets given = targets == null ? LogisticTargets.NONE : targets;
        Failures.length(rows.offsets, x.rows, 1, "rows.offsets");
        Failures.length(rows.weights, x.cols, 1, "rows.weights");
        given.check(x.rows, 2);
        Failures.length(out.margins, x.rows, 3, "out.margins");
        Failures.length(out.gradient, x.cols, 3, "out.gradient");
        Failures.length(out.curvature, x.cols, 3, "out.curvature");
        Failures.length(out.product, x.cols, 3, "out.product");
        Failures.length(out.along, x.cols, 3, "out.along");
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
        double[] sums = new double[4];
        DENSE.enter(pool, workspace);
        try {
            Native.logisticDense(x.base, x.at, x.rows, x.cols, x.stride, offsets.base, offsets.at, offsets.length(),
                    rows.weights.base, rows.weights.at, rows.weights.length(), rows.intercept,
                    labels.base, labels.at, labels.length(), rowWeights.base, rowWeights.at, rowWeights.length(),
                    a.base, a.at, a.length(), b.base, b.at, b.length(),
                    targets == null ? -1 : targets.signedWeights ? 1 : 0,
                    m.base, m.at, m.length(), g.base, g.at, g.length(), c.base, c.at, c.length(),
                    p.base, p.at, p.length(), along.base, along.at, along.length(), out.alongIntercept, sums,
                    Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(pool, workspace);
        }
        return new LogisticSums(sums);
    }
}
