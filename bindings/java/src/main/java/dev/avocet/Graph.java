package dev.avocet;

/**
 * A checked sparse matrix, or directed graph: an edge leads from its row to its column. It never changes, so any
 * number of threads may use one at once.
 *
 * <p>Edges are numbered by their position. A graph that is derived from another (transposed, selected, sampled) keeps
 * the numbers that its edges had in the graph that was first created, so that weights by edge serve all of them.
 *
 * <p>Its sizes stay known when it is closed.
 */
public final class Graph extends Handle {
    private static final Arguments GRAPH = Arguments.of("1 graph");

    private final long rows;
    private final long cols;
    private final long edges;
    private final long edgeIdLimit;
    private final boolean derived;

    /** Takes a graph of the C library. */
    Graph(long address) {
        super(address, Native::graphDestroy, "graph", false);
        rows = Native.graphRows(address);
        cols = Native.graphCols(address);
        edges = Native.graphEdges(address);
        edgeIdLimit = Native.graphEdgeIdLimit(address);
        derived = Native.graphIsDerived(address) == 1;
    }

    /**
     * Checks a sparse matrix of {@code offsets.length() - 1} rows and {@code indices.length()} edges, and copies its
     * structure (4 bytes an edge, 8 a row). The edges of row i are those from {@code offsets[i]} to
     * {@code offsets[i + 1] - 1}; the indices are their columns.
     *
     * C: {@code avocet_graph_create}
     */
    public static Graph create(long cols, Indices offsets, Indices indices) {
        Failures.size(cols, 1, "csr.cols");
        Failures.notNull(offsets, 1, "csr.offsets");
        Failures.notNull(indices, 1, "csr.indices");
        if (offsets.length() == 0) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 1, "csr.offsets", 0, 0, "needed is at least one");
        }
        return new Graph(Native.graphCreate(offsets.length() - 1, cols, indices.length(),
                offsets.base, offsets.at, offsets.length(), offsets.code(),
                indices.base, indices.at, indices.length(), indices.code()));
    }

    /**
     * The graph with every edge turned round. The edges of a row are in ascending order of the node they come from.
     *
     * C: {@code avocet_graph_transpose}
     */
    public Graph transpose() {
        GRAPH.enter(this);
        try {
            return new Graph(Native.graphTranspose(address(this)));
        } finally {
            exit();
        }
    }

    /**
     * The graph of the given rows, in that order; a row may be given more than once.
     *
     * C: {@code avocet_graph_select_rows}
     */
    public Graph selectRows(Indices rows) {
        Failures.notNull(rows, 2, "rows");
        GRAPH.enter(this);
        try {
            return new Graph(
                    Native.graphSelectRows(address(this), rows.base, rows.at, rows.length(), rows.code()));
        } finally {
            exit();
        }
    }

    /**
     * The number of rows.
     *
     * C: {@code avocet_graph_rows}
     */
    public long rows() {
        return rows;
    }

    /**
     * The number of columns.
     *
     * C: {@code avocet_graph_cols}
     */
    public long cols() {
        return cols;
    }

    /**
     * The number of edges.
     *
     * C: {@code avocet_graph_edges}
     */
    public long edges() {
        return edges;
    }

    /**
     * The length of an array by edge number: the edges of the graph that was first created.
     *
     * C: {@code avocet_graph_edge_id_limit}
     */
    public long edgeIdLimit() {
        return edgeIdLimit;
    }

    /**
     * Whether the edges have the numbers of another graph, from which this one is derived.
     *
     * C: {@code avocet_graph_is_derived}
     */
    public boolean isDerived() {
        return derived;
    }

    /**
     * Copies the {@code rows + 1} offsets.
     *
     * C: {@code avocet_graph_offsets}
     */
    public void offsets(MutableLongs out) {
        Failures.notNull(out, 2, "out");
        GRAPH.enter(this);
        try {
            Native.graphOffsets(address(this), out.base, out.at, out.length());
        } finally {
            exit();
        }
    }

    /**
     * Copies the column of each edge.
     *
     * C: {@code avocet_graph_indices}
     */
    public void indices(MutableInts out) {
        Failures.notNull(out, 2, "out");
        GRAPH.enter(this);
        try {
            Native.graphIndices(address(this), out.base, out.at, out.length());
        } finally {
            exit();
        }
    }

    /**
     * Copies the number of each edge, by which weights are ordered.
     *
     * C: {@code avocet_graph_edge_ids}
     */
    public void edgeIds(MutableInts out) {
        Failures.notNull(out, 2, "out");
        GRAPH.enter(this);
        try {
            Native.graphEdgeIds(address(this), out.base, out.at, out.length());
        } finally {
            exit();
        }
    }

    /**
     * Copies the weights that {@link Sampling#walkNeighbours} gave the edges, by edge number.
     *
     * C: {@code avocet_graph_walk_weights}
     */
    public void walkWeights(MutableFloats out) {
        Failures.notNull(out, 2, "out");
        GRAPH.enter(this);
        try {
            Native.graphWalkWeights(address(this), out.base, out.at, out.length());
        } finally {
            exit();
        }
    }
}
