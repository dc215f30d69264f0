package dev.avocet;

/**
 * The logistic loss of single rows, with derivatives.
 */
public final class Logistic {
    private static final Handle.Arguments POINTWISE = Handle.Arguments.of("8 pool", "9 workspace");

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
        Failures.length(targets.labels, rows, 2, "targets.labels");
        Failures.length(targets.weights, rows, 2, "targets.weights");
        Failures.length(targets.a, rows, 2, "targets.a");
        Failures.length(targets.b, rows, 2, "targets.b");
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
}
