package dev.avocet;

/**
 * Sums of neighbour rows.
 */
public final class Aggregate {
    private static final Handle.Arguments HANDLES = Handle.Arguments.of("1 graph", "5 pool");

    private Aggregate() {}

    /**
     * For each row i of the graph
     * {@code out[i] (+)= rowScale[i] * (sum over edges e of row i of w_e * sourceScale[j_e] * x[j_e]) [/ edges of row i]}
     * with j_e the column of edge e and w_e its weight. {@code x} is {@code cols x d}, {@code out} is {@code rows x d}.
     *
     * C: {@code avocet_aggregate}
     */
    public static void aggregate(Graph graph, Matrix x, AggregateOptions options, MutableMatrix out, Pool pool) {
        Failures.notNull(graph, 1, "graph");
        Failures.notNull(x, 2, "x");
        Failures.notNull(options, 3, "options");
        Failures.notNull(out, 4, "out");
        Failures.length(options.edgeWeights, graph.edgeIdLimit(), 3, "options.edge_weights");
        Failures.length(options.sourceScale, graph.cols(), 3, "options.source_scale");
        Failures.length(options.rowScale, graph.rows(), 3, "options.row_scale");
        Floats weights = Floats.orNone(options.edgeWeights);
        Floats sourceScale = Floats.orNone(options.sourceScale);
        Floats rowScale = Floats.orNone(options.rowScale);
        HANDLES.enter(graph, pool);
        try {
            Native.aggregate(Handle.address(graph), x.base, x.at, x.rows, x.cols, x.stride,
                    options.reduce.ordinal(), options.accumulate ? 1 : 0,
                    weights.base, weights.at, weights.length(),
                    sourceScale.base, sourceScale.at, sourceScale.length(),
                    rowScale.base, rowScale.at, rowScale.length(),
                    out.base, out.at, out.rows, out.cols, out.stride, Handle.address(pool));
        } finally {
            Handle.exit(graph, pool);
        }
    }

    /**
     * {@code out[e] = left[i] . right[j]} for each edge e from row i to column j: the gradient of {@link #aggregate}
     * with respect to the edge weights, and the score of each edge. {@code left} is {@code rows x d}, {@code right} is
     * {@code cols x d}, {@code out} holds one value for each edge, in the order of this graph.
     *
     * C: {@code avocet_edge_dots}
     */
    public static void edgeDots(Graph graph, Matrix left, Matrix right, MutableFloats out, Pool pool) {
        Failures.notNull(graph, 1, "graph");
        Failures.notNull(left, 2, "left");
        Failures.notNull(right, 3, "right");
        Failures.notNull(out, 4, "out");
        Failures.length(out, graph.edges(), 4, "out");
        HANDLES.enter(graph, pool);
        try {
            Native.edgeDots(Handle.address(graph), left.base, left.at, left.rows, left.cols, left.stride,
                    right.base, right.at, right.rows, right.cols, right.stride,
                    out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(graph, pool);
        }
    }
}
