package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small results that can be checked by hand, laws, and nothing to do, in every kind of memory. */
class ResultsTest {
    private final Workspace workspace = new Workspace();

    @AfterEach
    void close() {
        workspace.close();
        Memory.release();
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void sumsAndMeans(Memory memory) {
        try (Graph graph = Random.graph(3, new int[] {0, 2, 2}, new int[0], new int[] {1})) {
            Matrix x = memory.floats(1, 2, 10, 20, 100, 200).matrix(3);
            Memory.F out = memory.floats(9, 9, 9, 9, 9, 9);
            Aggregate.aggregate(graph, x, AggregateOptions.DEFAULT, out.matrix(3), null);
            assertArrayEquals(new float[] {201, 402, 0, 0, 10, 20}, out.get());
            Aggregate.aggregate(graph, x, AggregateOptions.DEFAULT.reduce(Reduce.MEAN), out.matrix(3), null);
            assertArrayEquals(new float[] {67, 134, 0, 0, 10, 20}, out.get());
            AggregateOptions options = AggregateOptions.DEFAULT.accumulate(true)
                    .edgeWeights(memory.floats(1, 2, -1, .5f).view)
                    .sourceScale(memory.floats(3, 1, 1).view).rowScale(memory.floats(1, 1, 2).view);
            Aggregate.aggregate(graph, x, options, out.matrix(3), null);
            assertArrayEquals(new float[] {67 + 3 + 100, 134 + 6 + 200, 0, 0, 20, 40}, out.get());
            Memory.F dots = memory.floats(4);
            Aggregate.edgeDots(graph, x, x, dots.view, null);
            assertArrayEquals(new float[] {5, 500, 500, 5000}, dots.get());
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void scores(Memory memory) {
        Matrix left = memory.floats(1, 2, 3, 4).matrix(2);
        Matrix right = memory.floats(5, 6, 7, 8).matrix(2);
        Memory.F out = memory.floats(3);
        Score.pairs(left, right, Indices.u32(memory.ints(0, 1, 1).view), Indices.i64(1, 0, 1), out.view, null);
        assertArrayEquals(new float[] {23, 39, 53}, out.get());

        Memory.I ids = memory.ints(new int[6]);
        Memory.F scores = memory.floats(6);
        Memory.I counts = memory.ints(new int[2]);
        Memory.I nans = memory.ints(new int[2]);
        Matrix targets = memory.floats(1, 1, 0, 0, Float.NaN, 0).matrix(3);
        try (Graph exclude = Random.graph(3, new int[0], new int[] {0})) {
            Score.topK(left, targets, exclude, 3, ids.view, scores.view, counts.view, nans.view, null, workspace);
        }
        assertArrayEquals(new int[] {0, 1, Score.NO_ID, 1, Score.NO_ID, Score.NO_ID}, ids.get());
        float none = Float.NEGATIVE_INFINITY;
        assertArrayEquals(new float[] {3, 0, none, 0, none, none}, scores.get());
        assertArrayEquals(new int[] {2, 1}, counts.get());
        assertArrayEquals(new int[] {1, 1}, nans.get());

        Matrix tied = memory.floats(1, 1, 1, 1, 2, 2).matrix(3);
        Memory.I better = memory.ints(9, 9);
        Memory.I equal = memory.ints(9, 9);
        try (Graph given = Random.graph(3, new int[] {0}, new int[] {2})) {
            Score.rankCounts(left, tied, given, null, better.view, equal.view, null, workspace);
        }
        assertArrayEquals(new int[] {1, 0}, better.get());
        assertArrayEquals(new int[] {1, 0}, equal.get());
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void dense(Memory memory) {
        Matrix x = memory.floats(1, 2, 3, 4).matrix(2);
        Matrix w = memory.floats(3, 0, 0, 4).matrix(2);
        Memory.F out = memory.floats(4);
        Memory.F norms = memory.floats(2);
        Dense.product(Addends.of(Addend.of(x, w)), DenseOptions.DEFAULT, out.matrix(2), null, null, workspace);
        assertArrayEquals(new float[] {3, 8, 9, 16}, out.get());
        Dense.product(Addends.of(Addend.ofTransposed(x, memory.floats(0, 1, 1, 0).matrix(2))),
                DenseOptions.DEFAULT.accumulate(true), out.matrix(2), null, null, workspace);
        assertArrayEquals(new float[] {5, 9, 13, 19}, out.get());
        Dense.product(Addends.of(), DenseOptions.DEFAULT, out.matrix(2), null, null, workspace);
        assertArrayEquals(new float[4], out.get());

        Memory.F rows = memory.floats(3, 4, -1, -2);
        DenseOptions options = DenseOptions.DEFAULT.activation(Activation.RELU).normalise(true);
        Dense.activate(options, rows.matrix(2), norms.view, null);
        assertArrayEquals(new float[] {.6f, .8f, 0, 0}, rows.get(), 1e-7f);
        assertArrayEquals(new float[] {5, 0}, norms.get());
        Memory.F dz = memory.floats(4);
        Dense.activateBackward(options, rows.matrix(2), norms.view, memory.floats(3, 4, 1, 1).matrix(2), dz.matrix(2),
                null);
        assertArrayEquals(new float[4], dz.get(), 1e-6f);
        Memory.F gradient = memory.floats(1, 1, 1, 1);
        Dense.weightGradient(x, w, true, gradient.matrix(2), null, workspace);
        assertArrayEquals(new float[] {4, 13, 7, 17}, gradient.get());
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void losses(Memory memory) {
        try (Graph graph = Random.graph(2, new int[] {1}); Graph back = graph.transpose()) {
            Matrix source = memory.floats(1, 2).matrix(1);
            Matrix targets = memory.floats(0, 0, .5f, -.25f).matrix(2);
            Memory.F ds = memory.floats(2);
            Memory.F dt = memory.floats(4);
            EdgeTerm term = EdgeTerm.of(EdgeKind.POSITIVE);
            EdgeLoss loss = Score.edgeLoss(
                    graph, back, source, targets, term, null, ds.matrix(1), dt.matrix(2), null, workspace);
            assertEquals(Math.log(2), loss.loss(), 1e-6);
            assertEquals(0, loss.temperatureGradient(), 1e-6);
            assertEquals(.5, loss.offsetGradient(), 1e-6);
            assertArrayEquals(new float[] {-.25f, .125f}, ds.get(), 1e-6f);
            assertArrayEquals(new float[] {0, 0, -.5f, -1}, dt.get(), 1e-6f);
            EdgeLoss alone = Score.edgeLoss(
                    graph, back, source, targets, term, null, null, null, null, workspace);
            assertEquals(loss.loss(), alone.loss());
            SoftmaxLoss softmax = Score.softmaxLoss(graph, back, source, targets, Indices.i32(0, 1, 0), 1, 2, null,
                    null, null, null, workspace);
            assertEquals(2 * Math.log(3), softmax.loss(), 1e-6);
            assertEquals(0, softmax.temperatureGradient(), 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void steps(Memory memory) {
        Memory.F p = memory.floats(1, 1);
        Memory.F m = memory.floats(2);
        Memory.F v = memory.floats(2);
        Optim.adam(.5f, 1, AdamOptions.DEFAULT, p.view, memory.floats(2, -2).view, m.view, v.view, null);
        assertArrayEquals(new float[] {.5f, 1.5f}, p.get(), 1e-6f);
        assertArrayEquals(new float[] {.2f, -.2f}, m.get(), 1e-6f);
        Optim.adam(.5f, 2, AdamOptions.DEFAULT.beta1(.5f).beta2(.5f).epsilon(1), p.view, memory.floats(0, 0).view,
                m.view, v.view, null);
        assertArrayEquals(new float[] {.1f, -.1f}, m.get(), 1e-6f);
        Memory.F table = memory.floats(1, 1, 1);
        Memory.F squares = memory.floats(0, 0, 5);
        Optim.adagradRows(1, 0, Indices.u32(0, 2), memory.floats(2, 2).matrix(2), table.matrix(3), squares.matrix(3),
                null);
        assertArrayEquals(new float[] {0, 1, 1 - 2f / 3}, table.get(), 1e-6f);
        assertArrayEquals(new float[] {4, 0, 9}, squares.get());
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void logistic(Memory memory) {
        float[] logits = {0, 2, -3, 30};
        float[] labels = {1, 0, .25f, 0};
        float[] weights = {1, 2, 4, .5f};
        Floats x = memory.floats(logits).view;
        LogisticTargets targets = LogisticTargets.labels(memory.floats(labels).view);
        float[] a = new float[4];
        float[] b = new float[4];
        for (int i = 0; i < 4; i++) {
            a[i] = weights[i] * labels[i];
            b[i] = weights[i] * (1 - labels[i]);
        }
        LogisticTargets weighted = targets.weights(memory.floats(weights).view);
        pointwise(memory, logits, labels, new float[] {1, 1, 1, 1}, targets);
        pointwise(memory, logits, labels, weights, weighted);
        pointwise(memory, logits, labels, weights,
                LogisticTargets.coefficients(memory.floats(a).view, memory.floats(b).view));
        // Any output may be left out; a signed weight turns the loss round.
        Memory.F gradient = memory.floats(4);
        double sum = Logistic.pointwise(x, weighted, null, null, null, null, workspace);
        assertEquals(sum, Logistic.pointwise(x, weighted, null, gradient.view, null, null, workspace));
        assertEquals(-.5f, gradient.get()[0]);
        LogisticTargets negative = targets.weights(memory.floats(-1, -2, -4, -.5f).view).signedWeights(true);
        assertEquals(-sum, Logistic.pointwise(x, negative, null, null, null, null, workspace));
    }

    private void pointwise(Memory memory, float[] x, float[] labels, float[] weights, LogisticTargets targets) {
        Memory.F losses = memory.floats(4);
        Memory.F gradient = memory.floats(4);
        Memory.F curvature = memory.floats(4);
        double sum = Logistic.pointwise(memory.floats(x).view, targets, losses.view, gradient.view, curvature.view,
                null, workspace);
        double wanted = 0;
        for (int i = 0; i < 4; i++) {
            double p = 1 / (1 + Math.exp(-x[i]));
            double loss = weights[i] * (Math.log1p(Math.exp(x[i])) - labels[i] * x[i]);
            assertEquals(loss, losses.get()[i], 1e-6 * Math.max(1, loss));
            assertEquals(weights[i] * (p - labels[i]), gradient.get()[i], 1e-6);
            assertEquals(weights[i] * p * (1 - p), curvature.get()[i], 1e-6);
            wanted += loss;
        }
        assertEquals(wanted, sum, 1e-6 * wanted);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void denseRows(Memory memory) {
        // Offsets and intercept make each margin 0, the sigmoid 1/2. NaN lies between the rows.
        Matrix x = Matrix.of(memory.floats(1, 2, Float.NaN, 3, 4).view, 2, 2, 3);
        LogisticRows rows = LogisticRows.of(x, memory.floats(2, -1).view).offsets(memory.floats(-.5f, -2.5f).view)
                .intercept(.5f);
        LogisticTargets targets = LogisticTargets.labels(memory.floats(1, 0).view);
        Memory.F margins = memory.floats(7, 7);
        Memory.F gradient = memory.floats(7, 7);
        Memory.F curvature = memory.floats(7, 7);
        Memory.F product = memory.floats(7, 7);
        Floats along = memory.floats(1, 0).view;
        LogisticOut out = LogisticOut.NONE.margins(margins.view).gradient(gradient.view).curvature(curvature.view)
                .product(product.view, along, 1);
        LogisticSums sums = Logistic.batch(rows, targets, out, null, workspace);
        assertArrayEquals(new float[2], margins.get());
        assertArrayEquals(new float[] {1, 1}, gradient.get());
        assertArrayEquals(new float[] {2.5f, 5}, curvature.get());
        assertArrayEquals(new float[] {3.5f, 5}, product.get());
        assertEquals(2 * Math.log(2), sums.loss(), 1e-6);
        sums(sums, sums.loss(), 0, .5, 1.5);

        // A weight of 2 doubles all but the margins; coefficients are the same; a signed weight turns the sums round.
        Floats twos = memory.floats(2, 2).view;
        LogisticSums doubled = Logistic.batch(rows, targets.weights(twos), out, null, workspace);
        assertArrayEquals(new float[] {7, 10}, product.get());
        assertEquals(2 * sums.loss(), doubled.loss(), 1e-6);
        LogisticTargets both = LogisticTargets.coefficients(memory.floats(2, 0).view, memory.floats(0, 2).view);
        assertEquals(doubled.loss(), Logistic.batch(rows, both, LogisticOut.NONE, null, workspace).loss());
        LogisticTargets negative = targets.weights(memory.floats(-2, -2).view).signedWeights(true);
        assertEquals(-doubled.loss(), Logistic.batch(rows, negative, out, null, workspace).loss());
        assertArrayEquals(new float[] {-2, -2}, gradient.get());

        // Each output alone; sums by the intercept are 0 without theirs. Margins need no targets.
        LogisticSums alone = Logistic.batch(rows, targets, LogisticOut.NONE.gradient(gradient.view), null, workspace);
        assertArrayEquals(new float[] {1, 1}, gradient.get());
        sums(alone, sums.loss(), 0, 0, 0);
        alone = Logistic.batch(rows, targets, LogisticOut.NONE.curvature(curvature.view), null, workspace);
        assertArrayEquals(new float[] {2.5f, 5}, curvature.get());
        sums(alone, sums.loss(), 0, .5, 0);
        alone = Logistic.batch(rows, targets, LogisticOut.NONE.product(product.view, along, 0), null, workspace);
        assertArrayEquals(new float[] {2.5f, 3.5f}, product.get());
        sums(alone, sums.loss(), 0, 0, 1);
        rows = rows.offsets(null).intercept(1);
        sums(Logistic.batch(rows, null, LogisticOut.NONE.margins(margins.view), null, workspace), 0, 0, 0, 0);
        assertArrayEquals(new float[] {1, 3}, margins.get());

        // A model of the intercept alone: empty arrays are outputs too.
        MutableFloats empty = memory.floats(0).view;
        out = LogisticOut.NONE.gradient(empty).curvature(empty).product(empty, empty, 2);
        sums(Logistic.batch(LogisticRows.of(Matrix.of(empty, 2, 0), empty),
                LogisticTargets.labels(memory.floats(1, 1).view), out, null, workspace), sums.loss(), -1, .5, 1);
    }

    private static void sums(LogisticSums found, double loss, double gradient, double curvature, double product) {
        assertEquals(loss, found.loss());
        assertEquals(gradient, found.gradient());
        assertEquals(curvature, found.curvature());
        assertEquals(product, found.product());
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void feedback(Memory memory) {
        byte[] codes = new byte[4];
        for (RowKind kind : RowKind.values()) {
            codes[kind.ordinal()] = kind.code();
        }
        Bytes kinds = memory.bytes(codes).view;
        Floats x = memory.floats(.5f, 1, -2, 0).view;
        Memory.F a = memory.floats(4);
        Memory.F b = memory.floats(4);
        // The sigmoid of 0 is 1/2.
        Floats zeros = memory.floats(4).view;
        FeedbackScheme scheme = FeedbackScheme.of(FeedbackMethod.ES_DFM);
        Feedback.weights(scheme, kinds, null, zeros, zeros, a.view, b.view, null);
        assertArrayEquals(new float[] {0, 1.5f, 1.5f, 0}, a.get());
        assertArrayEquals(new float[] {.75f, 0, 0, .75f}, b.get());
        Feedback.weights(scheme.joint(true), kinds, null, zeros, zeros, a.view, b.view, null);
        assertArrayEquals(new float[] {0, 1, 1, 0}, a.get(), 1e-6f);
        assertArrayEquals(new float[] {.5f, 0, 0, .5f}, b.get(), 1e-6f);
        // f / (f - d / 2) is 2 where both are 1/2, and above 5 in the second row; 1 to 3 is the method's own range.
        FeedbackScheme defer = FeedbackScheme.of(FeedbackMethod.DEFER);
        float[][] wanted = {{2, 3}, {1.5f, 1.5f}, {2.5f, 4}};
        FeedbackScheme[] schemes = {defer, defer.clip(1, 1.5f), defer.clip(2.5f, 4)};
        Bytes positives = memory.bytes(RowKind.IMMEDIATE_POSITIVE.code(), RowKind.DELAYED_POSITIVE.code()).view;
        for (int i = 0; i < 3; i++) {
            Memory.F ratios = memory.floats(2);
            Feedback.weights(schemes[i], positives, memory.floats(0, -4).view, memory.floats(0, -3.5f).view, null,
                    ratios.view, memory.floats(2).view, null);
            assertArrayEquals(wanted[i], ratios.get(), 1e-6f);
        }
        Feedback.served(x, a.view, null);
        assertArrayEquals(new float[] {1, 1, (float) Math.exp(-2), 1}, a.get(), 1e-7f);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void streams(Memory memory) {
        long never = Stream.NEVER;
        try (Stream stream = Stream.create(Protocol.DELAYED_REAL, memory.longs(10, 0, 7).view,
                memory.longs(12, 8, never).view, memory.longs(13, 1, never).view, 2, 100)) {
            assertEquals(5, stream.rows());
            Memory.L times = memory.longs(new long[5]);
            Memory.I clicks = memory.ints(new int[5]);
            Memory.B kinds = memory.bytes(new byte[5]);
            Memory.B signals = memory.bytes(new byte[5]);
            stream.copy(times.view, clicks.view, kinds.view, signals.view);
            assertArrayEquals(new long[] {2, 8, 9, 12, 107}, times.get());
            assertArrayEquals(new int[] {1, 1, 2, 0, 2}, clicks.get());
            assertArrayEquals(new byte[] {
                RowKind.NEGATIVE.code(), RowKind.DELAYED_POSITIVE.code(), RowKind.NEGATIVE.code(),
                RowKind.IMMEDIATE_POSITIVE.code(), RowKind.REAL_NEGATIVE.code()
            }, kinds.get());
            assertArrayEquals(new byte[] {1, 1, 0, 0, 0}, signals.get());
            // Any output may be left out.
            Memory.B again = memory.bytes(new byte[5]);
            stream.copy(null, null, again.view, null);
            assertArrayEquals(kinds.get(), again.get());
            stream.copy(null, null, null, null);
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void metrics(Memory memory) {
        Floats scores = memory.floats(.9f, .8f, .7f, .1f).view;
        Floats labels = memory.floats(1, 0, 1, 0).view;
        Floats weights = memory.floats(1, 2, 1, 1).view;
        Ranking plain = Metrics.ranking(scores, labels, null);
        assertEquals(2, plain.positives());
        assertEquals(2, plain.negatives());
        assertEquals(.75, plain.auc());
        assertEquals(.5 + .5 * 2 / 3, plain.averagePrecision(), 1e-12);
        assertEquals(.5 + .5 * (.5 + 2. / 3) / 2, plain.prAuc(), 1e-12);
        Ranking weighted = Metrics.ranking(scores, labels, weights);
        assertEquals(3, weighted.negatives());
        assertEquals(4. / 6, weighted.auc(), 1e-12);

        Calibration all = Metrics.calibration(scores, labels, weights);
        assertEquals(5, all.weight());
        assertEquals(-2 * Math.log(.9) - 2 * Math.log(.2) - Math.log(.7), all.loss(), 1e-6);
        assertEquals(3.3, all.predicted(), 1e-6);
        assertEquals(2, all.observed());
        assertEquals(all.loss() / 5, all.logLoss());
        assertEquals(3.3 / 2, all.ratio(), 1e-6);
        Calibration sum = Metrics.calibration(scores.slice(0, 1), labels.slice(0, 1), weights.slice(0, 1))
                .plus(Metrics.calibration(scores.slice(1, 3), labels.slice(1, 3), weights.slice(1, 3)));
        assertEquals(all.weight(), sum.weight());
        assertEquals(all.loss(), sum.loss(), 1e-12);
        assertEquals(all.predicted(), sum.predicted(), 1e-12);
        assertEquals(all.observed(), sum.observed());
    }

    /** sum and mean agree, transposing twice gives the graph, a larger k has the list of a smaller one as its head. */
    @Test
    void laws() {
        Random random = new Random(5);
        try (Graph graph = random.graph(50, 60, i -> 4, true); Graph back = graph.transpose();
                Graph again = back.transpose()) {
            float[] x = random.values(60 * 9);
            float[] sum = new float[50 * 9];
            float[] mean = new float[50 * 9];
            Aggregate.aggregate(graph, Matrix.of(x, 60, 9), AggregateOptions.DEFAULT, MutableMatrix.of(sum, 50, 9), null);
            Aggregate.aggregate(graph, Matrix.of(x, 60, 9), AggregateOptions.DEFAULT.reduce(Reduce.MEAN),
                    MutableMatrix.of(mean, 50, 9), null);
            for (int i = 0; i < sum.length; i++) {
                assertEquals(sum[i] / 4, mean[i]);
            }
            int[] columns = new int[200];
            int[] columnsAgain = new int[200];
            int[] ids = new int[200];
            graph.indices(MutableInts.of(columns));
            again.indices(MutableInts.of(columnsAgain));
            again.edgeIds(MutableInts.of(ids));
            assertArrayEquals(columns, columnsAgain);
            for (int i = 0; i < 200; i++) {
                assertEquals(i, ids[i]);
            }
            int[] few = top(x, 3);
            int[] many = top(x, 8);
            for (int i = 0; i < 3; i++) {
                assertEquals(few[i], many[i]);
            }
        }
    }

    private int[] top(float[] x, int k) {
        int[] ids = new int[k];
        Score.topK(Matrix.of(x, 1, 9), Matrix.of(x, 60, 9), null, k, MutableInts.of(ids),
                MutableFloats.of(new float[k]), MutableInts.of(new int[1]), null, null, workspace);
        return ids;
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void nothingToDo(Memory memory) {
        MutableFloats floats = memory.floats(0).view;
        MutableInts ints = memory.ints().view;
        Matrix none = memory.floats(0).matrix(0);
        MutableMatrix to = memory.floats(0).matrix(0);
        Functions.map(Function.TANH, floats, memory.floats(0).view, null);
        Functions.map(Function.TANH, Floats.ofAddress(0, 0), MutableFloats.ofAddress(0, 0), null);
        Score.pairs(none, none, Indices.u32(ints), Indices.i64(), floats, null);
        Optim.adam(1, 1, AdamOptions.DEFAULT, floats, floats, floats, floats, null);
        Dense.product(Addends.of(), DenseOptions.DEFAULT.normalise(true), to, floats, null, workspace);
        Score.topK(none, none, null, 5, ints, floats, ints, null, null, workspace);
        try (Graph empty = Graph.create(0, Indices.u32(0), Indices.u32(ints)); Graph back = empty.transpose()) {
            assertEquals(0, empty.edges());
            Aggregate.aggregate(empty, none, AggregateOptions.DEFAULT.edgeWeights(floats), to, null);
            Aggregate.edgeDots(empty, none, none, floats, null);
            empty.indices(ints);
            EdgeLoss loss = Score.edgeLoss(empty, back, none, none, EdgeTerm.of(EdgeKind.NEGATIVE), floats, to, null,
                    null, workspace);
            assertEquals(0, loss.loss());
            Sampling.neighbours(empty, ints, SampleOptions.DEFAULT, null).close();
        }
        MutableBytes bytes = memory.bytes().view;
        MutableLongs longs = memory.longs().view;
        for (LogisticTargets targets : new LogisticTargets[] {
            LogisticTargets.labels(floats), LogisticTargets.labels(floats).weights(floats),
            LogisticTargets.coefficients(floats, floats)
        }) {
            assertEquals(0, Logistic.pointwise(floats, targets, floats, floats, floats, null, workspace));
            Memory.F gradient = memory.floats(7, 7);
            LogisticOut out = LogisticOut.NONE.margins(floats).gradient(gradient.view);
            LogisticRows rows = LogisticRows.of(Matrix.of(floats, 0, 2), memory.floats(1, 2).view).offsets(floats);
            assertEquals(0, Logistic.batch(rows, targets, out, null, workspace).loss());
            assertArrayEquals(new float[2], gradient.get());
        }
        Feedback.weights(FeedbackScheme.of(FeedbackMethod.DFM), bytes, floats, floats, floats, floats, floats, null);
        Feedback.served(floats, floats, null);
        try (Stream stream = Stream.create(Protocol.WINDOW, longs, longs, longs, 0, 0)) {
            assertEquals(0, stream.rows());
            stream.copy(longs, ints, bytes, bytes);
        }
        assertEquals(Double.NaN, Metrics.ranking(floats, floats, floats).auc());
        assertEquals(0, Metrics.calibration(floats, floats, null).weight());
        Memory.I counts = memory.ints(9);
        Score.topK(memory.floats(1, 2).matrix(1), Matrix.of(floats, 0, 2), null, 0, ints, floats, counts.view, null,
                null, workspace);
        assertArrayEquals(new int[] {0}, counts.get());
    }

    @Test
    void versionsAndTiers() {
        assertEquals(Avocet.VERSION_NUMBER, Avocet.versionNumber());
        assertEquals(Avocet.ABI_VERSION, Avocet.abiVersion());
        int number = Avocet.versionNumber();
        assertEquals(number / 1000000 + "." + number / 1000 % 1000 + "." + number % 1000, Avocet.version());
        assertTrue(Avocet.floatEnvironmentIsDefault());
        assertEquals(Isa.PORTABLE, Avocet.capIsa(Isa.PORTABLE));
        assertEquals(Isa.PORTABLE, Avocet.activeIsa());
        Isa active = Avocet.capIsa(null);
        assertEquals(active, Avocet.activeIsa());
        assertTrue(active.compareTo(Avocet.detectedIsa()) <= 0);
        assertEquals("avx2", Isa.AVX2.label());
        assertFalse(Isa.AVX512.label().isEmpty());
    }

    /** The constants, as the header has them. */
    @Test
    void constants() throws IOException {
        String header = Files.readString(Paths.get("../../include/avocet.h"));
        int checked = 0;
        for (Enum<?>[] values : new Enum<?>[][] {
            Isa.values(), Function.values(), Reduce.values(), Draw.values(), Activation.values(), EdgeKind.values(),
            RowKind.values(), FeedbackMethod.values(), Protocol.values(), Optimiser.values(), FitOutcome.values(),
            Details.Value.values(), BinEdges.Kind.values(), Missing.values(), Objective.Kind.values(),
            SearchMethod.values(), ThresholdShape.values(), Figure.values(), ScoreMetric.values(), IndexStorage.values()
        }) {
            Class<?> type = values[0].getDeclaringClass();
            String words = (type.getSimpleName().equals("Kind") ? type.getEnclosingClass() : type).getSimpleName()
                    .replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase();
            String prefix = words.replaceAll("_(KIND|METHOD|OUTCOME|STORAGE)|(BIN|SCORE|THRESHOLD)_", "");
            for (Enum<?> value : values) {
                assertTrue(header.contains("#define AVOCET_" + prefix + "_" + value.name() + " " + value.ordinal() + "\n"),
                        prefix + " " + value);
                checked++;
            }
        }
        for (Status status : Status.values()) {
            assertTrue(header.contains("#define " + status.constant() + " " + status.code() + "\n"), status.name());
            checked++;
        }
        for (ElementType type : ElementType.values()) {
            assertTrue(header.contains("#define AVOCET_" + type + " " + type.code() + "\n"), type.name());
            checked++;
        }
        assertTrue(header.contains("#define AVOCET_MAX_ADDENDS " + Dense.MAX_ADDENDS + "\n"));
        assertTrue(header.contains("#define AVOCET_MAX_RELATIONS " + Dual.MAX_RELATIONS + "\n"));
        assertTrue(header.contains("#define AVOCET_NO_ID " + Integer.toUnsignedString(Score.NO_ID) + "\n"));
        assertTrue(header.contains("#define AVOCET_NO_LONG_ID " + Long.toUnsignedString(Index.NO_LONG_ID) + "ull\n"));
        assertTrue(header.contains("#define AVOCET_ABI_VERSION " + Avocet.ABI_VERSION + "\n"));
        assertTrue(header.contains("#define AVOCET_NEVER " + Stream.NEVER + "\n"));
        assertTrue(header.contains("#define AVOCET_LOGISTIC_MAX_PARTS " + Logistic.MAX_PARTS + "\n"));
        // All but the parts of the version and the guard, which are 5, and the seven just above.
        long defined = header.lines().filter(line -> line.startsWith("#define AVOCET_")).count();
        assertEquals(defined, checked + 5 + 7);
    }
}
