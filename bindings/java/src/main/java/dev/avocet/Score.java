package dev.avocet;

/**
 * Scores of rows of any type, exact top-k lists and ranks, and the losses that train them.
 */
public final class Score {
    /** The id in unused places of a top-k list ({@code UINT32_MAX} in C). */
    public static final int NO_ID = -1;

    private static final Handle.Arguments PAIRS = Handle.Arguments.of("7 pool");
    private static final Handle.Arguments CANDIDATES = Handle.Arguments.of("6 pool");
    private static final Handle.Arguments MATRIX = Handle.Arguments.of("5 pool");
    private static final Handle.Arguments TOP_K = Handle.Arguments.of("3 exclude", "9 pool", "10 workspace");
    private static final Handle.Arguments RANKS =
            Handle.Arguments.of("3 given", "4 exclude", "7 pool", "8 workspace");
    private static final Handle.Arguments EDGE_LOSS =
            Handle.Arguments.of("1 graph", "2 transposed", "10 pool", "11 workspace");
    private static final Handle.Arguments SOFTMAX =
            Handle.Arguments.of("1 positives", "2 transposed", "11 pool", "12 workspace");

    private Score() {}

    /**
     * {@code out[i] = left[u[i]] . right[v[i]]}: {@link #pairs(ScoreTables, Indices, Indices, MutableFloats, Pool)} of dot
     * products.
     */
    public static void pairs(
            RealMatrix left, RealMatrix right, Indices u, Indices v, MutableFloats out, Pool pool) {
        Failures.notNull(left, 1, "left");
        Failures.notNull(right, 2, "right");
        pairs(left, right, null, null, u, v, out, pool);
    }

    /**
     * {@code out[i]} = the score of row {@code u[i]} of the left table and row {@code v[i]} of the right one. {@code u},
     * {@code v} and {@code out} have one length.
     *
     * C: {@code avocet_score_pairs}
     */
    public static void pairs(ScoreTables tables, Indices u, Indices v, MutableFloats out, Pool pool) {
        Failures.notNull(tables, 1, "left");
        pairs(tables.left, tables.right, tables.numbers, tables.bases, u, v, out, pool);
    }

    private static void pairs(
            MatrixView left, MatrixView right, long[] options, Object[] bases, Indices u, Indices v,
            MutableFloats out, Pool pool) {
        Failures.notNull(u, 3, "u");
        Failures.notNull(v, 4, "v");
        Failures.notNull(out, 6, "out");
        Failures.length(out, u.length(), 6, "out");
        PAIRS.enter(pool);
        try {
            Native.scorePairs(left.base, left.at, left.rows, left.cols, left.stride, left.type().code(),
                    right.base, right.at, right.rows, right.cols, right.stride, right.type().code(), options, bases,
                    u.base, u.at, u.length(), u.code(), v.base, v.at, v.length(), v.code(),
                    out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * The dot product of each row of {@code left} and each of its candidates:
     * {@link #candidates(ScoreTables, Indices, Indices, MutableFloats, Pool)}.
     */
    public static void candidates(
            RealMatrix left, RealMatrix right, Indices offsets, Indices candidates, MutableFloats out, Pool pool) {
        Failures.notNull(left, 1, "left");
        Failures.notNull(right, 2, "right");
        candidates(left, right, null, null, offsets, candidates, out, pool);
    }

    /**
     * {@code out[e]} = the score of row i of the left table and row {@code candidates[e]} of the right one, for each e
     * from {@code offsets[i]} to {@code offsets[i + 1] - 1}, with the bits of {@code pairs}. There is one offset more
     * than the left table has rows; {@code candidates} and {@code out} have one length. No graph is made; every call
     * checks the candidates.
     *
     * C: {@code avocet_score_candidates}
     */
    public static void candidates(
            ScoreTables tables, Indices offsets, Indices candidates, MutableFloats out, Pool pool) {
        Failures.notNull(tables, 1, "left");
        candidates(tables.left, tables.right, tables.numbers, tables.bases, offsets, candidates, out, pool);
    }

    private static void candidates(
            MatrixView left, MatrixView right, long[] options, Object[] bases, Indices offsets, Indices candidates,
            MutableFloats out, Pool pool) {
        Failures.notNull(offsets, 3, "csr.offsets");
        Failures.notNull(candidates, 3, "csr.indices");
        Failures.notNull(out, 5, "out");
        if (offsets.length() == 0) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 3, "csr.offsets", 0, 0, "needed is at least one");
        }
        Failures.length(out, candidates.length(), 5, "out");
        CANDIDATES.enter(pool);
        try {
            Native.scoreCandidates(left.base, left.at, left.rows, left.cols, left.stride, left.type().code(),
                    right.base, right.at, right.rows, right.cols, right.stride, right.type().code(), options, bases,
                    right.rows, offsets.base, offsets.at, offsets.length(), offsets.code(),
                    candidates.base, candidates.at, candidates.length(), candidates.code(),
                    out.base, out.at, out.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * The dot product of each row of {@code left} and each of {@code right}:
     * {@link #matrix(ScoreTables, MutableMatrix, Pool)}.
     */
    public static void matrix(RealMatrix left, RealMatrix right, MutableMatrix out, Pool pool) {
        Failures.notNull(left, 1, "left");
        Failures.notNull(right, 2, "right");
        matrix(left, right, null, null, out, pool);
    }

    /**
     * {@code out[i][j]} = the score of row i of the left table and row j of the right one, with the bits of
     * {@code pairs}: one or many queries against all targets. {@code out} is {@code q x n} for tables of q and n rows.
     *
     * C: {@code avocet_score_matrix}
     */
    public static void matrix(ScoreTables tables, MutableMatrix out, Pool pool) {
        Failures.notNull(tables, 1, "left");
        matrix(tables.left, tables.right, tables.numbers, tables.bases, out, pool);
    }

    private static void matrix(
            MatrixView left, MatrixView right, long[] options, Object[] bases, MutableMatrix out, Pool pool) {
        Failures.notNull(out, 4, "out");
        MATRIX.enter(pool);
        try {
            Native.scoreMatrix(left.base, left.at, left.rows, left.cols, left.stride, left.type().code(),
                    right.base, right.at, right.rows, right.cols, right.stride, right.type().code(), options, bases,
                    out.base, out.at, out.rows, out.cols, out.stride, Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * For each query the {@code k} targets with the greatest scores {@code query . target}: score descending, then id
     * ascending. {@code queries} is {@code q x d}, {@code targets} is {@code n x d}; {@code exclude} is null or a
     * {@code q x n} graph whose rows are in ascending order: the ids in row i never appear for query i. {@code ids} and
     * {@code scores} are {@code q x k}, with {@link #NO_ID} and -inf in unused places; {@code counts} says for each
     * query how many are used, and {@code nanCounts}, which may be null, how many scores were NaN.
     *
     * C: {@code avocet_top_k}
     */
    public static void topK(
            Matrix queries, Matrix targets, Graph exclude, long k, MutableInts ids, MutableFloats scores,
            MutableInts counts, MutableInts nanCounts, Pool pool, Workspace workspace) {
        Failures.notNull(queries, 1, "queries");
        Failures.notNull(targets, 2, "targets");
        Failures.size(k, 4, "k");
        Failures.notNull(ids, 5, "ids");
        Failures.notNull(scores, 6, "scores");
        Failures.notNull(counts, 7, "counts");
        Failures.notNull(workspace, 10, "workspace");
        Failures.product(queries.rows, k, 4, "k");
        Failures.length(ids, queries.rows * k, 5, "ids");
        Failures.length(scores, queries.rows * k, 6, "scores");
        Failures.length(counts, queries.rows, 7, "counts");
        Failures.length(nanCounts, queries.rows, 8, "nan_counts");
        MutableInts nans = MutableInts.orNone(nanCounts);
        TOP_K.enter(exclude, pool, workspace);
        try {
            Native.topK(queries.base, queries.at, queries.rows, queries.cols, queries.stride,
                    targets.base, targets.at, targets.rows, targets.cols, targets.stride,
                    Handle.address(exclude), k, ids.base, ids.at, ids.length(),
                    scores.base, scores.at, scores.length(), counts.base, counts.at, counts.length(),
                    nans.base, nans.at, nans.length(), Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(exclude, pool, workspace);
        }
    }

    /**
     * For each given target of each query, how many other targets score better and how many score the same. The shapes
     * are those of {@link #topK}; {@code given} is a {@code q x n} graph, one edge for each target in question, and
     * {@code better} and {@code equal} hold one count for each of its edges.
     *
     * C: {@code avocet_rank_counts}
     */
    public static void rankCounts(
            Matrix queries, Matrix targets, Graph given, Graph exclude, MutableInts better, MutableInts equal,
            Pool pool, Workspace workspace) {
        Failures.notNull(queries, 1, "queries");
        Failures.notNull(targets, 2, "targets");
        Failures.notNull(given, 3, "given");
        Failures.notNull(better, 5, "better");
        Failures.notNull(equal, 6, "equal");
        Failures.notNull(workspace, 8, "workspace");
        Failures.length(better, given.edges(), 5, "better");
        Failures.length(equal, given.edges(), 6, "equal");
        RANKS.enter(given, exclude, pool, workspace);
        try {
            Native.rankCounts(queries.base, queries.at, queries.rows, queries.cols, queries.stride,
                    targets.base, targets.at, targets.rows, targets.cols, targets.stride,
                    Handle.address(given), Handle.address(exclude), better.base, better.at, better.length(),
                    equal.base, equal.at, equal.length(), Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(given, exclude, pool, workspace);
        }
    }

    /**
     * One term of the logistic edge loss with its gradients:
     * {@code loss = sum over edges e of weight * edgeWeights[e] * softplus(z_e)}, {@code z = -x} for positives and
     * {@code x - margin} for the others. {@code graph} is not derived and {@code transposed} is its transpose;
     * {@code sources} and {@code targets} have a row for each row and each column of it (reversed edges: the other way
     * round) and d columns. {@code edgeWeights} holds a weight for each edge, or is null, which stands for ones. The
     * gradients are added to what they hold; either may be null.
     *
     * C: {@code avocet_edge_loss}
     */
    public static EdgeLoss edgeLoss(
            Graph graph, Graph transposed, Matrix sources, Matrix targets, EdgeTerm term, Floats edgeWeights,
            MutableMatrix sourceGradient, MutableMatrix targetGradient, Pool pool, Workspace workspace) {
        Failures.notNull(graph, 1, "graph");
        Failures.notNull(transposed, 2, "transposed");
        Failures.notNull(sources, 3, "sources");
        Failures.notNull(targets, 4, "targets");
        Failures.notNull(term, 5, "term");
        Failures.notNull(workspace, 11, "workspace");
        Failures.length(edgeWeights, graph.edgeIdLimit(), 6, "edge_weights");
        Floats weights = Floats.orNone(edgeWeights);
        MutableMatrix ds = MutableMatrix.orNone(sourceGradient);
        MutableMatrix dt = MutableMatrix.orNone(targetGradient);
        double[] sums = new double[3];
        EDGE_LOSS.enter(graph, transposed, pool, workspace);
        try {
            Native.edgeLoss(Handle.address(graph), Handle.address(transposed),
                    sources.base, sources.at, sources.rows, sources.cols, sources.stride,
                    targets.base, targets.at, targets.rows, targets.cols, targets.stride,
                    term.kind.ordinal(), term.temperature, term.offset, term.margin, term.weight,
                    weights.base, weights.at, weights.length(), ds.base, ds.at, ds.rows, ds.cols, ds.stride,
                    dt.base, dt.at, dt.rows, dt.cols, dt.stride, sums,
                    Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(graph, transposed, pool, workspace);
        }
        return new EdgeLoss(sums);
    }

    /**
     * Sampled softmax loss with its gradients: the sum over edges of {@code weight * edgeWeights[e] * loss_e},
     * {@code loss_e = -log(exp(x_uv) / (exp(x_uv) + sum over negatives k that are not v of exp(x_uk)))},
     * {@code x = temperature * source . target}. {@code positives} is not derived and {@code transposed} is its
     * transpose; {@code sources} has a row for each row of it, {@code targets} for each column. {@code negatives} are
     * target ids. The gradients are added to what they hold; both or neither are null.
     *
     * C: {@code avocet_softmax_loss}
     */
    public static SoftmaxLoss softmaxLoss(
            Graph positives, Graph transposed, Matrix sources, Matrix targets, Indices negatives, float temperature,
            float weight, Floats edgeWeights, MutableMatrix sourceGradient, MutableMatrix targetGradient, Pool pool,
            Workspace workspace) {
        Failures.notNull(positives, 1, "positives");
        Failures.notNull(transposed, 2, "transposed");
        Failures.notNull(sources, 3, "sources");
        Failures.notNull(targets, 4, "targets");
        Failures.notNull(negatives, 5, "negatives");
        Failures.notNull(workspace, 12, "workspace");
        Failures.length(edgeWeights, positives.edgeIdLimit(), 7, "edge_weights");
        Floats weights = Floats.orNone(edgeWeights);
        MutableMatrix ds = MutableMatrix.orNone(sourceGradient);
        MutableMatrix dt = MutableMatrix.orNone(targetGradient);
        double[] sums = new double[2];
        SOFTMAX.enter(positives, transposed, pool, workspace);
        try {
            Native.softmaxLoss(Handle.address(positives), Handle.address(transposed),
                    sources.base, sources.at, sources.rows, sources.cols, sources.stride,
                    targets.base, targets.at, targets.rows, targets.cols, targets.stride,
                    negatives.base, negatives.at, negatives.length(), negatives.code(), temperature, weight,
                    weights.base, weights.at, weights.length(), ds.base, ds.at, ds.rows, ds.cols, ds.stride,
                    dt.base, dt.at, dt.rows, dt.cols, dt.stride, sums,
                    Handle.address(pool), Handle.address(workspace));
        } finally {
            Handle.exit(positives, transposed, pool, workspace);
        }
        return new SoftmaxLoss(sums);
    }
}
