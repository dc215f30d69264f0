package dev.avocet;

import static dev.avocet.Refused.closed;
import static dev.avocet.Refused.missing;
import static dev.avocet.Refused.refused;
import static dev.avocet.Refused.wrongSize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bad arguments of every function; outputs stay as they were. */
class ErrorsTest {
    private static final int R = 3;
    private static final int C = 4;
    private static final int D = 2;
    private static final int E = 5;

    private final Workspace workspace = new Workspace();
    private final Pool closedPool = new Pool(1);
    private final Workspace closedWorkspace = new Workspace();
    private final Graph closedGraph = Random.graph(C, new int[] {0, 3}, new int[0], new int[] {1, 2, 3});
    private final Graph graph = Random.graph(C, new int[] {0, 3}, new int[0], new int[] {1, 2, 3});
    private final Graph back = graph.transpose();
    private final Graph unsorted = Random.graph(C, new int[] {0, 3}, new int[0], new int[] {1, 3, 2});

    private final float[] out = new float[64];
    private final float[] more = new float[64];
    private final int[] ids = new int[64];
    private final int[] counts = new int[64];
    private final Matrix ofRows = Matrix.of(new Random(1).values(R * D), R, D);
    private final Matrix ofCols = Matrix.of(new Random(2).values(C * D), C, D);

    @BeforeEach
    void fill() {
        closedPool.close();
        closedWorkspace.close();
        closedGraph.close();
        Arrays.fill(out, 7);
        Arrays.fill(more, 7);
        Arrays.fill(ids, 7);
        Arrays.fill(counts, 7);
    }

    @AfterEach
    void unchanged() {
        float[] floats = new float[64];
        int[] ints = new int[64];
        Arrays.fill(floats, 7);
        Arrays.fill(ints, 7);
        assertArrayEquals(floats, out);
        assertArrayEquals(floats, more);
        assertArrayEquals(ints, ids);
        assertArrayEquals(ints, counts);
        workspace.close();
        graph.close();
        back.close();
        unsorted.close();
    }

    private MutableMatrix to(float[] array, int rows, int cols) {
        return MutableMatrix.of(array, rows, cols);
    }

    private MutableMatrix to(int rows, int cols) {
        return to(out, rows, cols);
    }

    private static MutableFloats first(float[] array, int length) {
        return MutableFloats.of(array, 0, length);
    }

    private static MutableInts first(int[] array, int length) {
        return MutableInts.of(array, 0, length);
    }

    @Test
    void handles() {
        assertEquals(0, refused(Status.INVALID_ARGUMENT, 1, "threads", () -> new Pool(0)).integer());
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 1, "threads", () -> new Pool(-1)).integer());
        refused(Status.INVALID_ARGUMENT, 1, "threads", () -> new Pool(1025));
        refused(Status.INVALID_ARGUMENT, 1, "bytes", () -> new Workspace(-1));
        assertEquals(Long.MAX_VALUE,
                refused(Status.OUT_OF_MEMORY, 1, "bytes", () -> new Workspace(Long.MAX_VALUE)).integer());
        refused(Status.OUT_OF_MEMORY, 2, "bytes", () -> workspace.reserve(Long.MAX_VALUE));
        refused(Status.INVALID_ARGUMENT, 2, "bytes", () -> workspace.reserve(-1));
        closed(1, "pool", closedPool::threads);
        closed(1, "workspace", closedWorkspace::bytes);
        closed(1, "workspace", () -> closedWorkspace.reserve(1));
        closed(1, "graph", closedGraph::transpose);
        closed(1, "graph", () -> closedGraph.selectRows(Indices.u32(0)));
        closed(1, "graph", () -> closedGraph.offsets(MutableLongs.of(new long[R + 1])));
        closed(1, "graph", () -> closedGraph.indices(MutableInts.of(new int[E])));
        closed(1, "graph", () -> closedGraph.edgeIds(MutableInts.of(new int[E])));
        closed(1, "graph", () -> closedGraph.walkWeights(MutableFloats.of(new float[E])));
    }

    @Test
    void graphs() {
        Indices offsets = Indices.i64(0, 2, 3);
        missing(1, "csr.offsets", () -> Graph.create(C, null, Indices.u32(0)));
        missing(1, "csr.indices", () -> Graph.create(C, offsets, null));
        refused(Status.INVALID_ARGUMENT, 1, "csr.cols", () -> Graph.create(-1, offsets, Indices.u32(0, 1, 2)));
        refused(Status.SIZE_OVERFLOW, 1, "csr.cols", () -> Graph.create(1L << 33, offsets, Indices.u32(0, 1, 2)));
        wrongSize(1, "csr.offsets", 0, () -> Graph.create(C, Indices.i64(), Indices.u32()));
        assertEquals(9, refused(Status.INVALID_OFFSETS, 1, "csr.offsets", 1,
                () -> Graph.create(C, Indices.i32(0, 9, 3), Indices.u32(0, 1, 2))).integer());
        assertEquals(4, refused(Status.INDEX_OUT_OF_RANGE, 1, "csr.indices", 2,
                () -> Graph.create(C, offsets, Indices.u32(0, 1, 4))).integer());
        assertEquals(-1, refused(Status.INDEX_OUT_OF_RANGE, 1, "csr.indices", 1,
                () -> Graph.create(C, offsets, Indices.i32(0, -1, 3))).integer());
        assertEquals(Long.MIN_VALUE, refused(Status.INDEX_OUT_OF_RANGE, 1, "csr.indices", 0,
                () -> Graph.create(C, offsets, Indices.i64(Long.MIN_VALUE, 0, 3))).integer());
        missing(2, "rows", () -> graph.selectRows(null));
        assertEquals(R, refused(Status.INDEX_OUT_OF_RANGE, 2, "rows", 1,
                () -> graph.selectRows(Indices.i64(0, R))).integer());
        missing(2, "out", () -> graph.offsets(null));
        missing(2, "out", () -> graph.indices(null));
        missing(2, "out", () -> graph.edgeIds(null));
        missing(2, "out", () -> graph.walkWeights(null));
        wrongSize(3, "len", R, () -> graph.offsets(MutableLongs.of(new long[R])));
        wrongSize(3, "len", E + 1, () -> graph.indices(first(ids, E + 1)));
        wrongSize(3, "len", E - 1, () -> graph.edgeIds(first(ids, E - 1)));
        refused(Status.INVALID_ARGUMENT, 1, "graph", () -> graph.walkWeights(first(out, E)));
    }

    @Test
    void map() {
        Floats x = Floats.of(1, 2, 3);
        missing(1, "function", () -> Functions.map(null, x, first(out, 3), null));
        missing(2, "x", () -> Functions.map(Function.EXP, null, first(out, 3), null));
        missing(3, "out", () -> Functions.map(Function.EXP, x, null, null));
        wrongSize(3, "out", 2, () -> Functions.map(Function.EXP, x, first(out, 2), null));
        wrongSize(3, "out", 4, () -> Functions.map(Function.EXP, x, first(out, 4), null));
        closed(5, "pool", () -> Functions.map(Function.EXP, x, first(out, 3), closedPool));
        refused(Status.OVERLAP, 3, "out", () -> Functions.map(Function.EXP, first(out, 3), first(out, 3), null));
        refused(Status.NULL_POINTER, 2, "x",
                () -> Functions.map(Function.EXP, Floats.ofAddress(0, 3), first(out, 3), null));
        assertEquals(1, refused(Status.INVALID_ARGUMENT, 2, "x",
                () -> Functions.map(Function.EXP, Floats.ofAddress(1025, 3), first(out, 3), null)).integer());
        ByteBuffer bytes = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        bytes.position(1).limit(13);
        refused(Status.INVALID_ARGUMENT, 3, "out",
                () -> Functions.map(Function.EXP, x, MutableFloats.of(bytes), null));
    }

    @Test
    void aggregate() {
        AggregateOptions none = AggregateOptions.DEFAULT;
        missing(1, "graph", () -> Aggregate.aggregate(null, ofCols, none, to(R, D), null));
        missing(2, "x", () -> Aggregate.aggregate(graph, null, none, to(R, D), null));
        missing(3, "options", () -> Aggregate.aggregate(graph, ofCols, null, to(R, D), null));
        missing(3, "options.reduce", () -> none.reduce(null));
        missing(4, "out", () -> Aggregate.aggregate(graph, ofCols, none, null, null));
        wrongSize(2, "x.rows", R, () -> Aggregate.aggregate(graph, ofRows, none, to(R, D), null));
        wrongSize(3, "options.edge_weights", E - 1,
                () -> Aggregate.aggregate(graph, ofCols, none.edgeWeights(first(more, E - 1)), to(R, D), null));
        wrongSize(3, "options.source_scale", C - 1,
                () -> Aggregate.aggregate(graph, ofCols, none.sourceScale(first(more, C - 1)), to(R, D), null));
        wrongSize(3, "options.row_scale", R + 1,
                () -> Aggregate.aggregate(graph, ofCols, none.rowScale(first(more, R + 1)), to(R, D), null));
        wrongSize(4, "out.rows", R + 1, () -> Aggregate.aggregate(graph, ofCols, none, to(R + 1, D), null));
        wrongSize(4, "out.cols", D + 1, () -> Aggregate.aggregate(graph, ofCols, none, to(R, D + 1), null));
        refused(Status.OVERLAP, 4, "out.data",
                () -> Aggregate.aggregate(graph, to(C, D), none, to(R, D), null));
        closed(1, "graph", () -> Aggregate.aggregate(closedGraph, ofCols, none, to(R, D), null));
        closed(5, "pool", () -> Aggregate.aggregate(graph, ofCols, none, to(R, D), closedPool));

        missing(1, "graph", () -> Aggregate.edgeDots(null, ofRows, ofCols, first(out, E), null));
        missing(2, "left", () -> Aggregate.edgeDots(graph, null, ofCols, first(out, E), null));
        missing(3, "right", () -> Aggregate.edgeDots(graph, ofRows, null, first(out, E), null));
        missing(4, "out", () -> Aggregate.edgeDots(graph, ofRows, ofCols, null, null));
        wrongSize(4, "out", E - 1, () -> Aggregate.edgeDots(graph, ofRows, ofCols, first(out, E - 1), null));
        wrongSize(2, "left.rows", C, () -> Aggregate.edgeDots(graph, ofCols, ofCols, first(out, E), null));
        closed(5, "pool", () -> Aggregate.edgeDots(graph, ofRows, ofCols, first(out, E), closedPool));
    }

    @Test
    void sampling() {
        Ints fanout = Ints.of(1, 1, 2);
        SampleOptions none = SampleOptions.DEFAULT;
        missing(1, "graph", () -> Sampling.neighbours(null, fanout, none, null));
        missing(2, "fanout", () -> Sampling.neighbours(graph, null, none, null));
        missing(3, "options", () -> Sampling.neighbours(graph, fanout, null, null));
        missing(3, "options.draw", () -> none.draw(null));
        wrongSize(2, "fanout", 2, () -> Sampling.neighbours(graph, Ints.of(1, 1), none, null));
        wrongSize(3, "options.edge_weights", 1,
                () -> Sampling.neighbours(graph, fanout, none.edgeWeights(Floats.of(1)), null));
        missing(3, "options.edge_weights",
                () -> Sampling.neighbours(graph, fanout, none.draw(Draw.WEIGHTED), null));
        SampleOptions weighted = none.draw(Draw.WEIGHTED);
        assertEquals(-2, refused(Status.INVALID_ARGUMENT, 3, "options.edge_weights", 3, () -> Sampling.neighbours(
                graph, fanout, weighted.edgeWeights(Floats.of(1, 1, 1, -2, 1)), null)).real());
        Details found = refused(Status.NOT_FINITE, 3, "options.edge_weights", 2, () -> Sampling.neighbours(
                graph, fanout, weighted.edgeWeights(Floats.of(1, 1, Float.NaN, 1, 1)), null));
        assertEquals(Details.Value.REAL, found.value());
        assertEquals(Double.NaN, found.real());
        closed(1, "graph", () -> Sampling.neighbours(closedGraph, fanout, none, null));
        closed(5, "pool", () -> Sampling.neighbours(graph, fanout, none, closedPool));

        missing(1, "graph", () -> Sampling.fitPowerLaw(null));
        closed(1, "graph", () -> Sampling.fitPowerLaw(closedGraph));
        try (Graph empty = Random.graph(C)) {
            refused(Status.INVALID_ARGUMENT, 1, "graph", () -> Sampling.fitPowerLaw(empty));
        }
        PowerLaw law = new PowerLaw(1, 2.5);
        missing(1, "graph", () -> Sampling.adaptiveFanout(null, law, 1, 2, first(ids, R)));
        missing(2, "law", () -> Sampling.adaptiveFanout(graph, null, 1, 2, first(ids, R)));
        missing(5, "out", () -> Sampling.adaptiveFanout(graph, law, 1, 2, null));
        wrongSize(5, "out", R - 1, () -> Sampling.adaptiveFanout(graph, law, 1, 2, first(ids, R - 1)));
        refused(Status.INVALID_ARGUMENT, 3, "min", () -> Sampling.adaptiveFanout(graph, law, 3, 2, first(ids, R)));
        refused(Status.INVALID_ARGUMENT, 3, "min", () -> Sampling.adaptiveFanout(graph, law, -1, 2, first(ids, R)));
        refused(Status.INVALID_ARGUMENT, 4, "max", () -> Sampling.adaptiveFanout(graph, law, 1, -2, first(ids, R)));
        refused(Status.INVALID_ARGUMENT, 2, "law.least",
                () -> Sampling.adaptiveFanout(graph, new PowerLaw(0, 2), 1, 2, first(ids, R)));
        refused(Status.INVALID_ARGUMENT, 2, "law.least", () -> new PowerLaw(-1, 2));
        assertEquals(1, refused(Status.INVALID_ARGUMENT, 2, "law.exponent",
                () -> Sampling.adaptiveFanout(graph, new PowerLaw(1, 1), 1, 2, first(ids, R))).real());
        closed(1, "graph", () -> Sampling.adaptiveFanout(closedGraph, law, 1, 2, first(ids, R)));

        WalkOptions walks = new WalkOptions(9, 1);
        missing(1, "graph", () -> Sampling.walkNeighbours(null, back, fanout, walks, null));
        missing(2, "back", () -> Sampling.walkNeighbours(graph, null, fanout, walks, null));
        missing(3, "fanout", () -> Sampling.walkNeighbours(graph, back, null, walks, null));
        missing(4, "options", () -> Sampling.walkNeighbours(graph, back, fanout, null, null));
        wrongSize(2, "back.rows", R, () -> Sampling.walkNeighbours(graph, graph, fanout, walks, null));
        wrongSize(3, "fanout", 1, () -> Sampling.walkNeighbours(graph, back, Ints.of(1), walks, null));
        refused(Status.INVALID_ARGUMENT, 4, "options.walks",
                () -> Sampling.walkNeighbours(graph, back, fanout, new WalkOptions(0, 1), null));
        refused(Status.INVALID_ARGUMENT, 4, "options.length", () -> new WalkOptions(1, -1));
        refused(Status.OUT_OF_MEMORY, 4, "options", () -> Sampling.walkNeighbours(
                graph, back, Ints.of(4, 4, 4), new WalkOptions(Integer.MAX_VALUE, Integer.MAX_VALUE), null));
        closed(2, "back", () -> Sampling.walkNeighbours(graph, closedGraph, fanout, walks, null));
        closed(6, "pool", () -> Sampling.walkNeighbours(graph, back, fanout, walks, closedPool));
    }

    @Test
    void dense() {
        Matrix w = Matrix.of(new Random(3).values(D * C), D, C);
        DenseOptions none = DenseOptions.DEFAULT;
        DenseOptions normalise = none.normalise(true);
        Addends good = Addends.of(Addend.of(ofRows, w), Addend.of(ofRows, w));
        missing(1, "addends", () -> Dense.product(null, none, to(R, C), null, null, workspace));
        missing(1, "addends", () -> Addends.of((Addend[]) null));
        refused(Status.NULL_POINTER, 1, "addends", 1, () -> Addends.of(Addend.of(ofRows, w), null));
        missing(1, "addends.x", () -> Addend.of(null, w));
        missing(1, "addends.w", () -> Addend.ofTransposed(ofRows, null));
        assertEquals(17, refused(Status.INVALID_ARGUMENT, 2, "addend_count",
                () -> Addends.of(Collections.nCopies(17, Addend.of(ofRows, w)).toArray(new Addend[0])))
                .integer());
        missing(3, "options", () -> Dense.product(good, null, to(R, C), null, null, workspace));
        missing(4, "out", () -> Dense.product(good, none, null, null, null, workspace));
        missing(5, "norms", () -> Dense.product(good, normalise, to(R, C), null, null, workspace));
        wrongSize(5, "norms", R - 1,
                () -> Dense.product(good, normalise, to(R, C), first(more, R - 1), null, workspace));
        missing(7, "workspace", () -> Dense.product(good, none, to(R, C), null, null, null));
        refused(Status.SHAPE_MISMATCH, 1, "addends.x.rows", 1, () -> Dense.product(
                Addends.of(Addend.of(ofRows, w), Addend.of(ofCols, w)), none, to(R, C), null, null, workspace));
        refused(Status.SHAPE_MISMATCH, 1, "addends.w.rows", 0, () -> Dense.product(
                Addends.of(Addend.ofTransposed(ofRows, w)), none, to(R, D), null, null, workspace));
        refused(Status.OVERLAP, 4, "out.data", () -> Dense.product(
                Addends.of(Addend.of(to(R, D), w)), none, to(R, C), null, null, workspace));
        refused(Status.OVERLAP, 5, "norms", () -> Dense.product(
                good, normalise, to(R, C), MutableFloats.of(out, 1, R), null, workspace));
        closed(6, "pool", () -> Dense.product(good, none, to(R, C), null, closedPool, workspace));
        closed(7, "workspace", () -> Dense.product(good, none, to(R, C), null, null, closedWorkspace));

        missing(1, "options", () -> Dense.activate(null, to(R, C), null, null));
        missing(1, "options.activation", () -> none.activation(null));
        missing(2, "rows", () -> Dense.activate(none, null, null, null));
        missing(3, "norms", () -> Dense.activate(normalise, to(R, C), null, null));
        wrongSize(3, "norms", R + 1, () -> Dense.activate(normalise, to(R, C), first(more, R + 1), null));
        closed(4, "pool", () -> Dense.activate(none, to(R, C), null, closedPool));

        missing(1, "options", () -> Dense.activateBackward(null, ofRows, null, ofRows, to(R, D), null));
        missing(2, "y", () -> Dense.activateBackward(none, null, null, ofRows, to(R, D), null));
        missing(3, "norms", () -> Dense.activateBackward(normalise, ofRows, null, ofRows, to(R, D), null));
        wrongSize(3, "norms", 1,
                () -> Dense.activateBackward(normalise, ofRows, Floats.of(1), ofRows, to(R, D), null));
        missing(4, "dy", () -> Dense.activateBackward(none, ofRows, null, null, to(R, D), null));
        missing(5, "dz", () -> Dense.activateBackward(none, ofRows, null, ofRows, null, null));
        wrongSize(4, "dy.rows", C, () -> Dense.activateBackward(none, ofRows, null, ofCols, to(R, D), null));
        closed(6, "pool", () -> Dense.activateBackward(none, ofRows, null, ofRows, to(R, D), closedPool));

        missing(1, "x", () -> Dense.weightGradient(null, ofRows, false, to(D, D), null, workspace));
        missing(2, "dz", () -> Dense.weightGradient(ofRows, null, false, to(D, D), null, workspace));
        missing(4, "out", () -> Dense.weightGradient(ofRows, ofRows, false, null, null, workspace));
        missing(6, "workspace", () -> Dense.weightGradient(ofRows, ofRows, false, to(D, D), null, null));
        wrongSize(2, "dz.rows", C, () -> Dense.weightGradient(ofRows, ofCols, false, to(D, D), null, workspace));
        wrongSize(4, "out.cols", D + 1,
                () -> Dense.weightGradient(ofRows, ofRows, false, to(D, D + 1), null, workspace));
        closed(6, "workspace", () -> Dense.weightGradient(ofRows, ofRows, false, to(D, D), null, closedWorkspace));
    }

    @Test
    void dual() {
        Matrix w = Matrix.of(new Random(3).values(D * D), D, D);
        DualRelation relation = DualRelation.of(graph, graph, w);
        Graph own = Random.graph(C, new int[] {3}, new int[] {0}, new int[] {0});
        Graph ownBack = own.transpose();
        missing(1, "layer.relations.out", () -> DualRelation.of(null, graph, w));
        missing(1, "layer.relations.into", () -> DualRelation.of(graph, null, w));
        missing(1, "layer.relations.across", () -> DualRelation.of(graph, graph, null));
        wrongSize(1, "layer.relations.out_scale", 1, () -> relation.outScale(Floats.of(1)));
        wrongSize(1, "layer.relations.into_scale", 1, () -> relation.intoScale(Floats.of(1)));
        missing(1, "layer.sources", () -> DualLayer.builder(null, ofCols, w, w));
        missing(1, "layer.targets", () -> DualLayer.builder(ofCols, null, w, w));
        missing(1, "layer.source_weights", () -> DualLayer.builder(ofCols, ofCols, null, w));
        missing(1, "layer.target_weights", () -> DualLayer.builder(ofCols, ofCols, w, null));
        DualLayer.Builder builder = DualLayer.builder(ofCols, ofCols, w, w).own(own);
        missing(1, "layer.relations", () -> builder.relation(null));
        missing(1, "layer.activation", () -> builder.activation(null));
        DualLayer.Builder many = DualLayer.builder(ofCols, ofCols, w, w);
        for (int i = 0; i < 8; i++) {
            many.relation(relation);
        }
        assertEquals(8, refused(Status.INVALID_ARGUMENT, 1, "layer.relation_count", many::build).integer());
        DualLayer layer = builder.relation(relation).build();
        DualLayer normalising =
                DualLayer.builder(ofCols, ofCols, w, w).own(own).relation(relation).normalise(true).build();
        DualRows rows = DualRows.of(to(R, D), to(more, R, D));
        missing(2, "out.sources", () -> DualRows.of(null, to(R, D)));
        missing(2, "out.targets", () -> DualRows.of(to(R, D), null));
        missing(2, "out.source_norms", () -> DualRows.of(to(R, D), to(R, D), null, MutableFloats.of(new float[R])));
        missing(2, "out.target_norms", () -> DualRows.of(to(R, D), to(R, D), MutableFloats.of(new float[R]), null));
        wrongSize(2, "out.source_norms", 1, () -> DualRows.of(to(R, D), to(R, D),
                MutableFloats.of(new float[1]), MutableFloats.of(new float[R])));

        missing(1, "layer", () -> Dual.forward(null, rows, null, workspace));
        missing(2, "out", () -> Dual.forward(layer, null, null, workspace));
        missing(2, "out.source_norms", () -> Dual.forward(normalising, rows, null, workspace));
        missing(4, "workspace", () -> Dual.forward(layer, rows, null, null));
        wrongSize(2, "out.sources.rows", C,
                () -> Dual.forward(layer, DualRows.of(to(C, D), to(more, R, D)), null, workspace));
        refused(Status.OVERLAP, 2, "out.targets.data",
                () -> Dual.forward(layer, DualRows.of(to(R, D), to(R, D)), null, workspace));
        refused(Status.SHAPE_MISMATCH, 1, "layer.relations.out.rows", 1, () -> Dual.forward(
                DualLayer.builder(ofCols, ofCols, w, w).own(own).relation(relation)
                        .relation(DualRelation.of(back, graph, w)).build(), rows, null, workspace));
        closed(1, "layer.relations.into", () -> Dual.forward(
                DualLayer.builder(ofCols, ofCols, w, w).own(own)
                        .relation(DualRelation.of(graph, closedGraph, w)).build(), rows, null, workspace));
        closed(3, "pool", () -> Dual.forward(layer, rows, closedPool, workspace));
        closed(4, "workspace", () -> Dual.forward(layer, rows, null, closedWorkspace));

        DualResult result = DualResult.builder(ofRows, ofRows, ofRows, ofRows).own(ownBack).back(back, back).build();
        DualGradients gradients = DualGradients.of(null, null, to(out, D, D), to(more, D, D),
                MutableMatrix.of(MutableFloats.of(out, 8, 4), D, D));
        missing(2, "result.sources", () -> DualResult.builder(null, ofRows, ofRows, ofRows));
        missing(2, "result.target_gradient", () -> DualResult.builder(ofRows, ofRows, ofRows, null));
        missing(2, "result.back.out", () -> DualResult.builder(ofRows, ofRows, ofRows, ofRows).back(null, back));
        wrongSize(2, "result.source_norms", 1, () -> DualResult.builder(ofRows, ofRows, ofRows, ofRows)
                .norms(Floats.of(1), Floats.of(1, 2, 3)));
        missing(3, "gradients.weights", () -> DualGradients.of(null, null, (MutableMatrix[]) null));
        refused(Status.NULL_POINTER, 3, "gradients.weights", 1,
                () -> DualGradients.of(null, null, to(D, D), null, to(D, D)));
        wrongSize(3, "gradients.weight_count", 17, () -> DualGradients.of(null, null, new MutableMatrix[17]));
        missing(1, "layer", () -> Dual.backward(null, result, gradients, null, workspace));
        missing(2, "result", () -> Dual.backward(layer, null, gradients, null, workspace));
        missing(2, "result.source_norms", () -> Dual.backward(normalising, result, gradients, null, workspace));
        missing(3, "gradients", () -> Dual.backward(layer, result, null, null, workspace));
        missing(5, "workspace", () -> Dual.backward(layer, result, gradients, null, null));
        wrongSize(2, "result.back", 0, () -> Dual.backward(layer,
                DualResult.builder(ofRows, ofRows, ofRows, ofRows).own(ownBack).build(), gradients, null, workspace));
        missing(2, "result.own", () -> Dual.backward(layer,
                DualResult.builder(ofRows, ofRows, ofRows, ofRows).back(back, back).build(), gradients, null,
                workspace));
        wrongSize(3, "gradients.weight_count", 2, () -> Dual.backward(
                layer, result, DualGradients.of(null, null, to(D, D), to(more, D, D)), null, workspace));
        refused(Status.OVERLAP, 3, "gradients.weights.data", 2, () -> Dual.backward(layer, result,
                DualGradients.of(null, null, to(D, D), to(more, D, D), to(D, D)), null, workspace));
        closed(4, "pool", () -> Dual.backward(layer, result, gradients, closedPool, workspace));
        ownBack.close();
        closed(2, "result.own", () -> Dual.backward(layer, result, gradients, null, workspace));
        own.close();
        closed(1, "layer.own", () -> Dual.forward(layer, rows, null, workspace));
    }

    @Test
    void score() {
        Indices three = Indices.u32(0, 1, 2);
        MutableFloats to = first(out, 3);
        missing(1, "left", () -> Score.pairs(null, ofCols, three, three, to, null));
        missing(2, "right", () -> Score.pairs(ofRows, null, three, three, to, null));
        missing(3, "u", () -> Score.pairs(ofRows, ofCols, null, three, to, null));
        missing(4, "v", () -> Score.pairs(ofRows, ofCols, three, null, to, null));
        missing(6, "out", () -> Score.pairs(ofRows, ofCols, three, three, null, null));
        wrongSize(6, "out", 2, () -> Score.pairs(ofRows, ofCols, three, three, first(out, 2), null));
        wrongSize(4, "v", 2, () -> Score.pairs(ofRows, ofCols, three, Indices.u32(0, 1), to, null));
        wrongSize(2, "right.cols", 3,
                () -> Score.pairs(ofRows, Matrix.of(new float[6], 2, 3), three, three, to, null));
        assertEquals(R, refused(Status.INDEX_OUT_OF_RANGE, 3, "u", 1,
                () -> Score.pairs(ofRows, ofCols, Indices.i64(0, R, 2), three, to, null)).integer());
        assertEquals(-7, refused(Status.INDEX_OUT_OF_RANGE, 4, "v", 2,
                () -> Score.pairs(ofRows, ofCols, three, Indices.i32(0, 1, -7), to, null)).integer());
        assertEquals(0xffffffffL, refused(Status.INDEX_OUT_OF_RANGE, 4, "v", 0,
                () -> Score.pairs(ofRows, ofCols, three, Indices.u32(-1, 1, 7), to, null)).integer());
        refused(Status.OVERLAP, 6, "out", () -> Score.pairs(to(R, D), ofCols, three, three, to, null));
        closed(7, "pool", () -> Score.pairs(ofRows, ofCols, three, three, to, closedPool));

        MutableInts ids2 = first(ids, 2 * R);
        MutableFloats scores2 = first(out, 2 * R);
        MutableInts counts2 = first(counts, R);
        missing(1, "queries", () -> Score.topK(null, ofCols, null, 2, ids2, scores2, counts2, null, null, workspace));
        missing(2, "targets", () -> Score.topK(ofRows, null, null, 2, ids2, scores2, counts2, null, null, workspace));
        missing(5, "ids", () -> Score.topK(ofRows, ofCols, null, 2, null, scores2, counts2, null, null, workspace));
        missing(6, "scores", () -> Score.topK(ofRows, ofCols, null, 2, ids2, null, counts2, null, null, workspace));
        missing(7, "counts", () -> Score.topK(ofRows, ofCols, null, 2, ids2, scores2, null, null, null, workspace));
        missing(10, "workspace", () -> Score.topK(ofRows, ofCols, null, 2, ids2, scores2, counts2, null, null, null));
        refused(Status.INVALID_ARGUMENT, 4, "k",
                () -> Score.topK(ofRows, ofCols, null, -1, ids2, scores2, counts2, null, null, workspace));
        refused(Status.SIZE_OVERFLOW, 4, "k",
                () -> Score.topK(ofRows, ofCols, null, Long.MAX_VALUE, ids2, scores2, counts2, null, null, workspace));
        wrongSize(5, "ids", 2 * R,
                () -> Score.topK(ofRows, ofCols, null, 3, ids2, scores2, counts2, null, null, workspace));
        wrongSize(6, "scores", 2 * R, () -> Score.topK(
                ofRows, ofCols, null, 3, first(ids, 3 * R), scores2, counts2, null, null, workspace));
        wrongSize(7, "counts", R - 1, () -> Score.topK(
                ofRows, ofCols, null, 2, ids2, scores2, first(counts, R - 1), null, null, workspace));
        wrongSize(8, "nan_counts", R + 1, () -> Score.topK(
                ofRows, ofCols, null, 2, ids2, scores2, counts2, first(counts, R + 1), null, workspace));
        wrongSize(3, "exclude.rows", C,
                () -> Score.topK(ofRows, ofCols, back, 2, ids2, scores2, counts2, null, null, workspace));
        assertEquals(2, refused(Status.NOT_SORTED, 3, "exclude.indices", 4,
                () -> Score.topK(ofRows, ofCols, unsorted, 2, ids2, scores2, counts2, null, null, workspace))
                .integer());
        refused(Status.OVERLAP, 7, "counts", () -> Score.topK(
                ofRows, ofCols, null, 2, ids2, scores2, MutableInts.of(ids, 1, R), null, null, workspace));
        closed(3, "exclude",
                () -> Score.topK(ofRows, ofCols, closedGraph, 2, ids2, scores2, counts2, null, null, workspace));
        closed(9, "pool",
                () -> Score.topK(ofRows, ofCols, null, 2, ids2, scores2, counts2, null, closedPool, workspace));
        closed(10, "workspace",
                () -> Score.topK(ofRows, ofCols, null, 2, ids2, scores2, counts2, null, null, closedWorkspace));

        MutableInts better = first(ids, E);
        MutableInts equal = first(counts, E);
        missing(1, "queries", () -> Score.rankCounts(null, ofCols, graph, null, better, equal, null, workspace));
        missing(2, "targets", () -> Score.rankCounts(ofRows, null, graph, null, better, equal, null, workspace));
        missing(3, "given", () -> Score.rankCounts(ofRows, ofCols, null, null, better, equal, null, workspace));
        missing(5, "better", () -> Score.rankCounts(ofRows, ofCols, graph, null, null, equal, null, workspace));
        missing(6, "equal", () -> Score.rankCounts(ofRows, ofCols, graph, null, better, null, null, workspace));
        missing(8, "workspace", () -> Score.rankCounts(ofRows, ofCols, graph, null, better, equal, null, null));
        wrongSize(5, "better", E - 1,
                () -> Score.rankCounts(ofRows, ofCols, graph, null, first(ids, E - 1), equal, null, workspace));
        wrongSize(6, "equal", E + 1,
                () -> Score.rankCounts(ofRows, ofCols, graph, null, better, first(counts, E + 1), null, workspace));
        refused(Status.NOT_SORTED, 4, "exclude.indices", 4,
                () -> Score.rankCounts(ofRows, ofCols, graph, unsorted, better, equal, null, workspace));
        closed(3, "given",
                () -> Score.rankCounts(ofRows, ofCols, closedGraph, null, better, equal, null, workspace));
        closed(4, "exclude",
                () -> Score.rankCounts(ofRows, ofCols, graph, closedGraph, better, equal, null, workspace));
    }

    @Test
    void losses() {
        EdgeTerm term = EdgeTerm.of(EdgeKind.POSITIVE);
        MutableMatrix ds = to(R, D);
        MutableMatrix dt = to(more, C, D);
        missing(5, "term.kind", () -> EdgeTerm.of(null));
        missing(1, "graph", () -> Score.edgeLoss(null, back, ofRows, ofCols, term, null, ds, dt, null, workspace));
        missing(2, "transposed", () -> Score.edgeLoss(graph, null, ofRows, ofCols, term, null, ds, dt, null, workspace));
        missing(3, "sources", () -> Score.edgeLoss(graph, back, null, ofCols, term, null, ds, dt, null, workspace));
        missing(4, "targets", () -> Score.edgeLoss(graph, back, ofRows, null, term, null, ds, dt, null, workspace));
        missing(5, "term", () -> Score.edgeLoss(graph, back, ofRows, ofCols, null, null, ds, dt, null, workspace));
        missing(11, "workspace", () -> Score.edgeLoss(graph, back, ofRows, ofCols, term, null, ds, dt, null, null));
        wrongSize(6, "edge_weights", 1,
                () -> Score.edgeLoss(graph, back, ofRows, ofCols, term, Floats.of(1), ds, dt, null, workspace));
        wrongSize(7, "source_gradient.rows", C,
                () -> Score.edgeLoss(graph, back, ofRows, ofCols, term, null, to(C, D), dt, null, workspace));
        wrongSize(8, "target_gradient.cols", 1,
                () -> Score.edgeLoss(graph, back, ofRows, ofCols, term, null, ds, to(more, C, 1), null, workspace));
        refused(Status.INVALID_ARGUMENT, 1, "graph",
                () -> Score.edgeLoss(back, graph, ofCols, ofRows, term, null, null, null, null, workspace));
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 5, "term.margin", () -> Score.edgeLoss(
                graph, back, ofRows, ofCols, term.margin(-1), null, ds, dt, null, workspace)).real());
        refused(Status.NOT_FINITE, 5, "term.temperature", () -> Score.edgeLoss(
                graph, back, ofRows, ofCols, term.temperature(Float.NaN), null, ds, dt, null, workspace));
        refused(Status.NOT_FINITE, 5, "term.offset", () -> Score.edgeLoss(
                graph, back, ofRows, ofCols, term.offset(Float.NEGATIVE_INFINITY), null, ds, dt, null, workspace));
        refused(Status.NOT_FINITE, 5, "term.weight", () -> Score.edgeLoss(
                graph, back, ofRows, ofCols, term.weight(Float.NaN), null, ds, dt, null, workspace));
        closed(1, "graph",
                () -> Score.edgeLoss(closedGraph, back, ofRows, ofCols, term, null, ds, dt, null, workspace));
        closed(2, "transposed",
                () -> Score.edgeLoss(graph, closedGraph, ofRows, ofCols, term, null, ds, dt, null, workspace));
        closed(10, "pool",
                () -> Score.edgeLoss(graph, back, ofRows, ofCols, term, null, ds, dt, closedPool, workspace));

        Indices negatives = Indices.u32(0, 1, 2);
        missing(1, "positives", () -> Score.softmaxLoss(
                null, back, ofRows, ofCols, negatives, 1, 1, null, ds, dt, null, workspace));
        missing(2, "transposed", () -> Score.softmaxLoss(
                graph, null, ofRows, ofCols, negatives, 1, 1, null, ds, dt, null, workspace));
        missing(3, "sources", () -> Score.softmaxLoss(
                graph, back, null, ofCols, negatives, 1, 1, null, ds, dt, null, workspace));
        missing(4, "targets", () -> Score.softmaxLoss(
                graph, back, ofRows, null, negatives, 1, 1, null, ds, dt, null, workspace));
        missing(5, "negatives", () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, null, 1, 1, null, ds, dt, null, workspace));
        missing(8, "source_gradient", () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, negatives, 1, 1, null, null, dt, null, workspace));
        missing(9, "target_gradient", () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, negatives, 1, 1, null, ds, null, null, workspace));
        wrongSize(8, "source_gradient.cols", 1, () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, negatives, 1, 1, null, to(R, 1), dt, null, workspace));
        wrongSize(9, "target_gradient.rows", R, () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, negatives, 1, 1, null, ds, to(more, R, D), null, workspace));
        missing(12, "workspace", () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, negatives, 1, 1, null, ds, dt, null, null));
        wrongSize(7, "edge_weights", 1, () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, negatives, 1, 1, Floats.of(1), ds, dt, null, workspace));
        assertEquals(C, refused(Status.INDEX_OUT_OF_RANGE, 5, "negatives", 1, () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, Indices.i64(0, C), 1, 1, null, ds, dt, null, workspace)).integer());
        assertEquals(0, refused(Status.INVALID_ARGUMENT, 6, "term.temperature", () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, negatives, 0, 1, null, ds, dt, null, workspace)).real());
        closed(12, "workspace", () -> Score.softmaxLoss(
                graph, back, ofRows, ofCols, negatives, 1, 1, null, ds, dt, null, closedWorkspace));
    }

    @Test
    void optim() {
        AdamOptions none = AdamOptions.DEFAULT;
        Floats g = Floats.of(1, 2, 3);
        MutableFloats p = first(out, 3);
        MutableFloats m = first(more, 3);
        MutableFloats v = MutableFloats.of(more, 8, 3);
        missing(3, "options", () -> Optim.adam(1, 1, null, p, g, m, v, null));
        missing(4, "parameters", () -> Optim.adam(1, 1, none, null, g, m, v, null));
        missing(5, "gradient", () -> Optim.adam(1, 1, none, p, null, m, v, null));
        missing(6, "first_moment", () -> Optim.adam(1, 1, none, p, g, null, v, null));
        missing(7, "second_moment", () -> Optim.adam(1, 1, none, p, g, m, null, null));
        wrongSize(5, "gradient", 1, () -> Optim.adam(1, 1, none, p, Floats.of(1), m, v, null));
        wrongSize(6, "first_moment", 2, () -> Optim.adam(1, 1, none, p, g, first(more, 2), v, null));
        wrongSize(7, "second_moment", 4, () -> Optim.adam(1, 1, none, p, g, m, MutableFloats.of(more, 8, 4), null));
        refused(Status.NOT_FINITE, 1, "rate", () -> Optim.adam(Float.NaN, 1, none, p, g, m, v, null));
        Details step = refused(Status.INVALID_ARGUMENT, 2, "step", () -> Optim.adam(1, 0, none, p, g, m, v, null));
        assertEquals(Details.Value.INTEGER, step.value());
        assertEquals(0, step.integer());
        refused(Status.INVALID_ARGUMENT, 2, "step", () -> Optim.adam(1, -1, none, p, g, m, v, null));
        refused(Status.INVALID_ARGUMENT, 3, "options.beta1", () -> Optim.adam(1, 1, none.beta1(1), p, g, m, v, null));
        refused(Status.NOT_FINITE, 3, "options.beta2",
                () -> Optim.adam(1, 1, none.beta2(Float.NaN), p, g, m, v, null));
        refused(Status.INVALID_ARGUMENT, 3, "options.epsilon",
                () -> Optim.adam(1, 1, none.epsilon(-1), p, g, m, v, null));
        refused(Status.OVERLAP, 7, "second_moment", () -> Optim.adam(1, 1, none, p, g, m, MutableFloats.of(more, 2, 3), null));
        closed(9, "pool", () -> Optim.adam(1, 1, none, p, g, m, v, closedPool));

        Indices rows = Indices.u32(0, 1, 3);
        MutableMatrix table = to(C, D);
        MutableMatrix squares = to(more, C, D);
        missing(3, "rows", () -> Optim.adagradRows(1, 0, null, ofRows, table, squares, null));
        missing(4, "gradient", () -> Optim.adagradRows(1, 0, rows, null, table, squares, null));
        missing(5, "table", () -> Optim.adagradRows(1, 0, rows, ofRows, null, squares, null));
        missing(6, "squares", () -> Optim.adagradRows(1, 0, rows, ofRows, table, null, null));
        assertEquals(C, refused(Status.INDEX_OUT_OF_RANGE, 3, "rows", 2,
                () -> Optim.adagradRows(1, 0, Indices.u32(0, 1, C), ofRows, table, squares, null)).integer());
        refused(Status.NOT_SORTED, 3, "rows", 1,
                () -> Optim.adagradRows(1, 0, Indices.u32(1, 0, 3), ofRows, table, squares, null));
        refused(Status.NOT_FINITE, 2, "epsilon",
                () -> Optim.adagradRows(1, Float.NaN, rows, ofRows, table, squares, null));
        wrongSize(4, "gradient.rows", C,
                () -> Optim.adagradRows(1, 0, rows, ofCols, table, squares, null));
        wrongSize(6, "squares.rows", R,
                () -> Optim.adagradRows(1, 0, rows, ofRows, table, to(more, R, D), null));
        closed(7, "pool", () -> Optim.adagradRows(1, 0, rows, ofRows, table, squares, closedPool));
    }

    /** What cannot happen through the C library without a defect or lack of threads. */
    @Test
    void exceptionsOfTheOtherStatuses() {
        for (Status status : Status.values()) {
            Throwable thrown =
                    Failures.make(status.code(), 1, "argument", 2, Details.Value.REAL.ordinal(), 0, .5, "text");
            Details details = ((Failure) thrown).details();
            assertEquals(status, details.status());
            assertEquals("text", thrown.getMessage());
            assertEquals(.5, details.real());
            assertEquals(status == Status.INTERNAL, thrown instanceof DefectError);
            assertEquals(status == Status.THREADS_UNAVAILABLE, thrown instanceof ThreadsUnavailableException);
        }
        assertThrows(IllegalStateException.class, () -> {
            throw Failures.make(12, 0, "", 0, 0, 0, 0, "");
        });
        assertEquals("AVOCET_ERROR_OVERLAP", Status.OVERLAP.constant());
        assertEquals(Status.INTERNAL, Status.of(12345));
    }
}
