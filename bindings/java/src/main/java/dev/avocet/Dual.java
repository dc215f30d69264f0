package dev.avocet;

/**
 * A layer of a dual graph network in one call, aggregation to norm; forward and backward.
 */
public final class Dual {
    /** The most relations of a layer. */
    public static final int MAX_RELATIONS = 7;

    private static final Handle.Arguments FORWARD = Handle.Arguments.of("3 pool", "4 workspace");
    private static final Handle.Arguments BACKWARD = Handle.Arguments.of("4 pool", "5 workspace");

    private Dual() {}

    /**
     * With {@code own(X)} the output nodes' own rows,
     * {@code S' = f(own(S) Ws + sum over r of out_r(T) W_r + sum over c of into_c(S) U_c)} and
     * {@code T' = f(own(T) Wt + sum over r of into_r(S) W_r + sum over c of out_c(T) U_c)}, r over all relations, c over
     * those with {@code along} weights, f the activation and the row norm.
     *
     * C: {@code avocet_dual_forward}
     */
    public static void forward(DualLayer layer, DualRows out, Pool pool, Workspace workspace) {
        Failures.notNull(layer, 1, "layer");
        Failures.notNull(out, 2, "out");
        Failures.notNull(workspace, 4, "workspace");
        norms(layer, out.withNorms, 2, "out.source_norms");
        enter(layer.graphs, 1, "layer.own", "layer.relations.out", "layer.relations.into");
        try {
            FORWARD.enter(pool, workspace);
            try {
                Native.dualForward(layer.numbers, layer.bases, out.numbers, out.bases,
                        Handle.address(pool), Handle.address(workspace));
            } finally {
                Handle.exit(pool, workspace);
            }
        } finally {
            exit(layer.graphs, layer.graphs.length);
        }
    }

    /**
     * The gradients of {@link #forward}: with dZs and dZt those before activation and norm,
     * {@code dS = own^T(dZs) Ws^T + sum over r of into_r^T(dZt) W_r^T + sum over c of into_c^T(dZs) U_c^T},
     * {@code dT = own^T(dZt) Wt^T + sum over r of out_r^T(dZs) W_r^T + sum over c of out_c^T(dZt) U_c^T}, and each weight
     * matrix's gradient the transpose of the rows that it multiplies, times dZs or dZt.
     *
     * C: {@code avocet_dual_backward}
     */
    public static void backward(
            DualLayer layer, DualResult result, DualGradients gradients, Pool pool, Workspace workspace) {
        Failures.notNull(layer, 1, "layer");
        Failures.notNull(result, 2, "result");
        Failures.notNull(gradients, 3, "gradients");
        Failures.notNull(workspace, 5, "workspace");
        norms(layer, result.withNorms, 2, "result.source_norms");
        if (result.relations != layer.relations) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 2, "result.back", 0, result.relations,
                    "the layer has " + layer.relations + " relations");
        }
        enter(layer.graphs, 1, "layer.own", "layer.relations.out", "layer.relations.into");
        try {
            enter(result.graphs, 2, "result.own", "result.back.out", "result.back.into");
            try {
                BACKWARD.enter(pool, workspace);
                try {
                    Native.dualBackward(layer.numbers, layer.bases, result.numbers, result.bases,
                            gradients.numbers, gradients.bases, Handle.address(pool), Handle.address(workspace));
                } finally {
                    Handle.exit(pool, workspace);
                }
            } finally {
                exit(result.graphs, result.graphs.length);
            }
        } finally {
            exit(layer.graphs, layer.graphs.length);
        }
    }

    private static void norms(DualLayer layer, boolean there, int argument, String name) {
        if (layer.normalise && !there) {
            Failures.notNull(null, argument, name);
        }
    }

    /** Begins a call with an own graph, which may be null, and two graphs of each relation. */
    private static void enter(Graph[] graphs, int argument, String own, String out, String into) {
        int entered = 0;
        try {
            for (; entered < graphs.length; entered++) {
                if (graphs[entered] != null) {
                    graphs[entered].enter(argument, entered == 0 ? own : entered % 2 == 1 ? out : into);
                }
            }
        } catch (HandleException e) {
            exit(graphs, entered);
            throw e;
        }
    }

    private static void exit(Graph[] graphs, int count) {
        for (int i = 0; i < count; i++) {
            Handle.exit(graphs[i]);
        }
    }
}
