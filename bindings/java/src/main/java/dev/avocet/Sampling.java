package dev.avocet;

/**
 * Samples of a graph: neighbours, fan-outs that follow the degrees, random walks. Random numbers are counter-based, so
 * that a sample is the same everywhere.
 */
public final class Sampling {
    private static final Handle.Arguments GRAPH = Handle.Arguments.of("1 graph");
    private static final Handle.Arguments NEIGHBOURS = Handle.Arguments.of("1 graph", "5 pool");
    private static final Handle.Arguments WALKS = Handle.Arguments.of("1 graph", "2 back", "6 pool");

    private Sampling() {}

    /**
     * Draws at most {@code fanout[i]} edges (taken without sign) of each row i and gives the graph of these: of the
     * same shape, the edges of a row in their old order and with their old numbers.
     *
     * C: {@code avocet_sample_neighbours}
     */
    public static Graph neighbours(Graph graph, Ints fanout, SampleOptions options, Pool pool) {
        Failures.notNull(graph, 1, "graph");
        Failures.notNull(fanout, 2, "fanout");
        Failures.notNull(options, 3, "options");
        Failures.length(fanout, graph.rows(), 2, "fanout");
        Failures.length(options.edgeWeights, graph.edgeIdLimit(), 3, "options.edge_weights");
        Floats weights = Floats.orNone(options.edgeWeights);
        NEIGHBOURS.enter(graph, pool);
        try {
            return new Graph(Native.sampleNeighbours(Handle.address(graph), fanout.base, fanout.at, fanout.length(),
                    options.draw.ordinal(), options.layer, options.seed,
                    weights.base, weights.at, weights.length(), Handle.address(pool)));
        } finally {
            Handle.exit(graph, pool);
        }
    }

    /**
     * Fits a power law to the degrees of a graph's rows by maximum likelihood:
     * {@code exponent = 1 + rows / sum over rows of ln(max(degree, 1) / least)}, {@code least = max(1, least degree)}.
     *
     * C: {@code avocet_fit_power_law}
     */
    public static PowerLaw fitPowerLaw(Graph graph) {
        Failures.notNull(graph, 1, "graph");
        long[] law = new long[2];
        GRAPH.enter(graph);
        try {
            Native.fitPowerLaw(Handle.address(graph), law);
        } finally {
            Handle.exit(graph);
        }
        return new PowerLaw(law[0], Double.longBitsToDouble(law[1]));
    }

    /**
     * Writes a fan-out for each row, falling with its degree:
     * {@code out[i] = min + (max - min) * (max(degree, least) / least)^-(exponent - 1)}, rounded to the nearest.
     *
     * C: {@code avocet_adaptive_fanout}
     */
    public static void adaptiveFanout(Graph graph, PowerLaw law, int min, int max, MutableInts out) {
        Failures.notNull(graph, 1, "graph");
        Failures.notNull(law, 2, "law");
        Failures.size(min, 3, "min");
        Failures.size(max, 4, "max");
        Failures.notNull(out, 5, "out");
        Failures.length(out, graph.rows(), 5, "out");
        GRAPH.enter(graph);
        try {
            Native.adaptiveFanout(Handle.address(graph), law.least(), law.exponent(), min, max,
                    out.base, out.at, out.length());
        } finally {
            Handle.exit(graph);
        }
    }

    /**
     * A graph in which each row that has edges, but fewer than {@code fanout[i]}, is extended by the nodes that short
     * random walks visit most; {@code back} is the transpose of {@code graph}. Its edges are numbered anew, and
     * {@link Graph#walkWeights} has their weights.
     *
     * C: {@code avocet_walk_neighbours}
     */
    public static Graph walkNeighbours(Graph graph, Graph back, Ints fanout, WalkOptions options, Pool pool) {
        Failures.notNull(graph, 1, "graph");
        Failures.notNull(back, 2, "back");
        Failures.notNull(fanout, 3, "fanout");
        Failures.notNull(options, 4, "options");
        Failures.length(fanout, graph.rows(), 3, "fanout");
        WALKS.enter(graph, back, pool);
        try {
            return new Graph(Native.walkNeighbours(Handle.address(graph), Handle.address(back),
                    fanout.base, fanout.at, fanout.length(), options.walks, options.length, options.seed,
                    options.layer, Handle.address(pool)));
        } finally {
            Handle.exit(graph, back, pool);
        }
    }
}
