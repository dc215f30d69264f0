package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** The cases of tests/golden/README.md, computed in one kind of memory. */
final class Golden implements AutoCloseable {
    /** Takes the outputs of a case. */
    interface Sink {
        /** Floats, then integers, then sums. */
        void add(String name, float[][] floats, int[][] integers, double... sums);
    }

    private static final int ROWS = 2600;
    private static final int COLS = 2900;

    private final Map<String, String> vectors = new TreeMap<>();
    private final Memory memory;
    private final Pool pool;
    private final Workspace workspace = new Workspace(64);
    private final Graph graph;
    private final Graph back;

    /** The outputs of one case. */
    private static final class Vector {
        private final int[] samples = new int[8];
        private final int words;
        private long hash = 0xcbf29ce484222325L;
        private int at;
        private int sampled;

        Vector(int words) {
            this.words = words;
        }

        void word(int word) {
            for (int shift = 0; shift < 32; shift += 8) {
                hash = (hash ^ (word >>> shift & 0xff)) * 0x100000001b3L;
            }
            while (sampled < 8 && at == (long) sampled * (words - 1) / 7) {
                samples[sampled++] = word;
            }
            at++;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(String.format("%016x %d", hash, 4L * words));
            for (int sample : samples) {
                text.append(String.format(" %08x", sample));
            }
            return text.toString();
        }
    }

    private Golden(Memory memory, Pool pool) {
        this.memory = memory;
        this.pool = pool;
        Random random = new Random(1);
        graph = random.graph(ROWS, COLS, i -> i == 7 ? 1500 : i == 2000 ? 700 : random.below(20), false);
        back = graph.transpose();
    }

    /** Name and vector of each case. */
    static Map<String, String> vectors(Memory memory, Pool pool) {
        try (Golden golden = new Golden(memory, pool)) {
            golden.addGraph("transpose", golden.back, new float[0]);
            golden.aggregates();
            Random dense = new Random(3);
            golden.products(dense);
            golden.activations(dense);
            golden.weightGradients(dense);
            golden.scores();
            golden.losses();
            golden.samples();
            golden.duals();
            golden.steps();
            golden.logistic();
            golden.denseRows();
            golden.sparseRows();
            golden.productForm();
            golden.partialSums();
            golden.streams();
            golden.sparseModels();
            new ThresholdGolden(memory, pool, golden.workspace, golden::add).run();
            new RowsGolden(memory, pool, golden::add).run();
            new IndexGolden(memory, pool, golden.workspace, golden::add).run();
            golden.functions();
            return golden.vectors;
        }
    }

    @Override
    public void close() {
        workspace.close();
        back.close();
        graph.close();
        Memory.release();
    }

    static float[][] floats(float[]... arrays) {
        return arrays;
    }

    private void add(String name, float[][] floats, int[][] integers, double... sums) {
        int words = 2 * sums.length;
        for (float[] array : floats) {
            words += array.length;
        }
        for (int[] array : integers) {
            words += array.length;
        }
        Vector vector = new Vector(words);
        for (float[] array : floats) {
            for (float value : array) {
                vector.word(Float.floatToRawIntBits(value));
            }
        }
        for (int[] array : integers) {
            for (int value : array) {
                vector.word(value);
            }
        }
        for (double sum : sums) {
            long bits = Double.doubleToRawLongBits(sum);
            vector.word((int) bits);
            vector.word((int) (bits >>> 32));
        }
        if (vectors.put(name, vector.toString()) != null) {
            throw new AssertionError(name + " twice");
        }
    }

    private void add(String name, float[]... arrays) {
        add(name, arrays, new int[0][]);
    }

    private void addGraph(String name, Graph of, float[] weights) {
        long[] offsets = new long[(int) of.rows() + 1];
        int[] indices = new int[(int) of.edges()];
        int[] ids = new int[of.isDerived() ? indices.length : 0];
        of.offsets(MutableLongs.of(offsets));
        of.indices(MutableInts.of(indices));
        if (of.isDerived()) {
            of.edgeIds(MutableInts.of(ids));
        }
        int[] words = Arrays.stream(offsets).mapToInt(Math::toIntExact).toArray();
        add(name, floats(weights), new int[][] {words, indices, ids});
    }

    private void aggregates() {
        Random random = new Random(2);
        int d = 70;
        Memory.F x = memory.floats(random.values(COLS * d));
        Memory.F dy = memory.floats(random.values(ROWS * d));
        Memory.F weights = memory.floats(random.values((int) graph.edges()));
        Memory.F sourceScale = memory.floats(random.values(COLS));
        Memory.F rowScale = memory.floats(random.values(ROWS));
        AggregateOptions weighted = AggregateOptions.DEFAULT.edgeWeights(weights.view);
        aggregate("aggregate_sum", x, AggregateOptions.DEFAULT, dy);
        aggregate("aggregate_mean", x, AggregateOptions.DEFAULT.reduce(Reduce.MEAN), dy);
        aggregate("aggregate_weighted", x, weighted, dy);
        aggregate("aggregate_scaled_accumulated", x,
                weighted.sourceScale(sourceScale.view).rowScale(rowScale.view).accumulate(true), dy);
        Memory.F out = memory.floats(COLS * d);
        Aggregate.aggregate(back, dy.matrix(ROWS), weighted, out.matrix(COLS), pool);
        add("aggregate_transposed", out.get());
        out = memory.floats((int) graph.edges());
        Aggregate.edgeDots(graph, dy.matrix(ROWS), x.matrix(COLS), out.view, pool);
        add("edge_dots", out.get());
    }

    private void aggregate(String name, Memory.F x, AggregateOptions options, Memory.F before) {
        Memory.F out = memory.floats(before.get());
        Aggregate.aggregate(graph, x.matrix(COLS), options, out.matrix(ROWS), pool);
        add(name, out.get());
    }

    private void products(Random random) {
        int n = 1500;
        int m = 70;
        Memory.F x = memory.floats(random.values(n * 40));
        Memory.F w = memory.floats(random.values(40 * m));
        Memory.F y = memory.floats(random.values(n * 24));
        Memory.F turned = memory.floats(random.values(m * 24));
        float[] before = random.values(n * m);
        Addends addends = Addends.of(
                Addend.of(x.matrix(n), w.matrix(40)), Addend.ofTransposed(y.matrix(n), turned.matrix(m)));
        DenseOptions plain = DenseOptions.DEFAULT;
        String[] names = {"product", "product_accumulated_relu", "product_tanh_norm"};
        DenseOptions[] options = {
            plain, plain.accumulate(true).activation(Activation.RELU),
            plain.activation(Activation.TANH).normalise(true)
        };
        for (int i = 0; i < names.length; i++) {
            Memory.F out = memory.floats(before);
            Memory.F norms = memory.floats(n);
            Dense.product(addends, options[i], out.matrix(n), norms.view, pool, workspace);
            add(names[i], out.get(), norms.get());
        }
    }

    private void activations(Random random) {
        int n = 10_000;
        int m = 100;
        float[] z = random.values(n * m);
        Memory.F dy = memory.floats(random.values(n * m));
        for (Activation activation : Activation.values()) {
            String name = "activate_" + activation.name().toLowerCase();
            DenseOptions options = DenseOptions.DEFAULT.normalise(true).activation(activation);
            Memory.F y = memory.floats(z);
            Memory.F norms = memory.floats(n);
            Memory.F dz = memory.floats(n * m);
            Dense.activate(options, y.matrix(n), norms.view, pool);
            add(name, y.get(), norms.get());
            Dense.activateBackward(options, y.matrix(n), norms.view, dy.matrix(n), dz.matrix(n), pool);
            add(name + "_backward", dz.get());
        }
    }

    private void weightGradients(Random random) {
        int n = 5000;
        Memory.F x = memory.floats(random.values(n * 20));
        Memory.F dz = memory.floats(random.values(n * 40));
        float[] before = random.values(20 * 40);
        for (boolean accumulate : new boolean[] {false, true}) {
            Memory.F out = memory.floats(before);
            Dense.weightGradient(x.matrix(n), dz.matrix(n), accumulate, out.matrix(20), pool, workspace);
            add(accumulate ? "weight_gradient_accumulated" : "weight_gradient", out.get());
        }
    }

    private void scores() {
        Random random = new Random(4);
        Memory.F left = memory.floats(random.values(300 * 70));
        Memory.F right = memory.floats(random.values(500 * 70));
        long[] u = Arrays.stream(random.below(300, 20_000)).asLongStream().toArray();
        Memory.I v = memory.ints(random.below(500, 20_000));
        Memory.F out = memory.floats(20_000);
        Score.pairs(left.matrix(300), right.matrix(500), Indices.i64(u), Indices.i32(v.view), out.view, pool);
        add("score_pairs", out.get());

        int q = 200;
        int n = 700;
        int d = 20;
        int k = 10;
        float[] queryValues = coarse(random, q * d);
        float[] targetValues = coarse(random, n * d);
        targetValues[77 * d] = Float.NaN;
        targetValues[78 * d] = Float.POSITIVE_INFINITY;
        Memory.F queryMemory = memory.floats(queryValues);
        Memory.F targetMemory = memory.floats(targetValues);
        Matrix queries = queryMemory.matrix(q);
        Matrix targets = targetMemory.matrix(n);
        try (Graph exclude = random.graph(q, n, i -> random.below(30), true);
                Graph given = random.graph(q, n, i -> random.below(8), true)) {
            Memory.I ids = memory.ints(new int[q * k]);
            Memory.F scores = memory.floats(q * k);
            Memory.I counts = memory.ints(new int[q]);
            Memory.I nans = memory.ints(new int[q]);
            Score.topK(queries, targets, exclude, k, ids.view, scores.view, counts.view, nans.view, pool, workspace);
            add("top_k", floats(scores.get()), new int[][] {ids.get(), counts.get(), nans.get()});
            Memory.I better = memory.ints(new int[(int) given.edges()]);
            Memory.I equal = memory.ints(new int[(int) given.edges()]);
            Score.rankCounts(queries, targets, given, exclude, better.view, equal.view, pool, workspace);
            add("rank_counts", floats(), new int[][] {better.get(), equal.get()});
        }
    }

    private static float[] coarse(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.below(3) - 1;
        }
        return values;
    }

    private void losses() {
        Random random = new Random(5);
        int d = 20;
        Memory.F weights = memory.floats(random.values((int) graph.edges()));
        Memory.F byRow = memory.floats(random.values(ROWS * d));
        Memory.F byColumn = memory.floats(random.values(COLS * d));
        float[] rowStart = random.values(ROWS * d);
        float[] columnStart = random.values(COLS * d);
        for (EdgeKind kind : EdgeKind.values()) {
            boolean reversed = kind == EdgeKind.REVERSED;
            EdgeTerm term = EdgeTerm.of(kind).temperature(1.5f).offset(.25f).weight(.1f).margin(reversed ? 1 : .5f);
            Memory.F rows = memory.floats(rowStart);
            Memory.F columns = memory.floats(columnStart);
            MutableMatrix ofRows = rows.matrix(ROWS);
            MutableMatrix ofColumns = columns.matrix(COLS);
            EdgeLoss loss = reversed
                    ? Score.edgeLoss(graph, back, byColumn.matrix(COLS), byRow.matrix(ROWS), term, weights.view,
                            ofColumns, ofRows, pool, workspace)
                    : Score.edgeLoss(graph, back, byRow.matrix(ROWS), byColumn.matrix(COLS), term, weights.view,
                            ofRows, ofColumns, pool, workspace);
            add("edge_loss_" + kind.name().toLowerCase(), floats(rows.get(), columns.get()), new int[0][],
                    loss.loss(), loss.temperatureGradient(), loss.offsetGradient());
        }
        int[] negatives = new int[100];
        for (int i = 0; i < negatives.length; i++) {
            negatives[i] = random.below(i < 50 ? COLS : 40);
        }
        Memory.F rows = memory.floats(rowStart);
        Memory.F columns = memory.floats(columnStart);
        SoftmaxLoss loss = Score.softmaxLoss(graph, back, byRow.matrix(ROWS), byColumn.matrix(COLS),
                Indices.u32(negatives), 1.5f, .1f, weights.view, rows.matrix(ROWS), columns.matrix(COLS), pool,
                workspace);
        add("softmax_loss", floats(rows.get(), columns.get()), new int[0][], loss.loss(), loss.temperatureGradient());
    }

    private void samples() {
        Random random = new Random(11);
        float[] values = random.values((int) graph.edges());
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], 0);
        }
        Memory.F weights = memory.floats(values);
        PowerLaw law = Sampling.fitPowerLaw(graph);
        add("fit_power_law", floats(), new int[][] {{(int) law.least()}}, law.exponent());
        Memory.I fanout = memory.ints(new int[ROWS]);
        Sampling.adaptiveFanout(graph, law, 2, 12, fanout.view);
        add("adaptive_fanout", floats(), new int[][] {fanout.get()});
        for (Draw draw : Draw.values()) {
            SampleOptions options = SampleOptions.DEFAULT
                    .draw(draw).seed(0x0123456789abcdefL).layer(2).edgeWeights(weights.view);
            try (Graph sample = Sampling.neighbours(graph, fanout.view, options, pool)) {
                String name = draw == Draw.WEIGHTED ? "sample_weighted" : "sample_" + draw.name().toLowerCase();
                addGraph(name, sample, new float[0]);
            }
        }
        WalkOptions walks = new WalkOptions(20, 2).seed(5).layer(1);
        try (Graph walked = Sampling.walkNeighbours(graph, back, fanout.view, walks, pool)) {
            Memory.F walkWeights = memory.floats((int) walked.edges());
            walked.walkWeights(walkWeights.view);
            addGraph("walk_neighbours", walked, walkWeights.get());
        }
        try (Graph selected = graph.selectRows(Indices.u32(random.below(ROWS, 3000)))) {
            addGraph("select_rows", selected, new float[0]);
        }
    }

    private void duals() {
        Random random = new Random(12);
        int d = 36;
        int m = 70;
        Memory.F sources = memory.floats(random.values(COLS * d));
        Memory.F targets = memory.floats(random.values(COLS * d));
        Memory.F[] weights = new Memory.F[5];
        for (int i = 0; i < 5; i++) {
            weights[i] = memory.floats(random.values(d * m));
        }
        Memory.F first = memory.floats(random.values(ROWS));
        Memory.F second = memory.floats(random.values(ROWS));
        try (Graph other = graph.selectRows(Indices.u32(random.below(ROWS, ROWS)));
                Graph otherBack = other.transpose();
                Graph own = random.graph(ROWS, COLS, i -> 1, false);
                Graph ownBack = own.transpose()) {
            DualLayer layer = DualLayer
                    .builder(sources.matrix(COLS), targets.matrix(COLS), weights[0].matrix(d), weights[1].matrix(d))
                    .own(own)
                    .relation(DualRelation.of(graph, other, weights[2].matrix(d)).outScale(first.view))
                    .relation(DualRelation.of(other, graph, weights[3].matrix(d)).intoScale(second.view)
                            .along(weights[4].matrix(d)))
                    .activation(Activation.TANH).normalise(true).build();
            Memory.F s = memory.floats(ROWS * m);
            Memory.F t = memory.floats(ROWS * m);
            Memory.F sourceNorms = memory.floats(ROWS);
            Memory.F targetNorms = memory.floats(ROWS);
            DualRows out = DualRows.of(s.matrix(ROWS), t.matrix(ROWS), sourceNorms.view, targetNorms.view);
            Dual.forward(layer, out, pool, workspace);
            add("dual_forward", s.get(), t.get(), sourceNorms.get(), targetNorms.get());

            Memory.F dys = memory.floats(random.values(ROWS * m));
            Memory.F dyt = memory.floats(random.values(ROWS * m));
            DualResult result = DualResult
                    .builder(s.matrix(ROWS), t.matrix(ROWS), dys.matrix(ROWS), dyt.matrix(ROWS))
                    .norms(sourceNorms.view, targetNorms.view)
                    .own(ownBack).back(back, otherBack).back(otherBack, back).build();
            Memory.F ds = memory.floats(COLS * d);
            Memory.F dt = memory.floats(COLS * d);
            Memory.F[] dw = new Memory.F[5];
            MutableMatrix[] into = new MutableMatrix[5];
            for (int i = 0; i < 5; i++) {
                dw[i] = memory.floats(random.values(d * m));
                into[i] = dw[i].matrix(d);
            }
            DualGradients gradients = DualGradients.of(ds.matrix(COLS), dt.matrix(COLS), into);
            Dual.backward(layer, result, gradients, pool, workspace);
            add("dual_backward", ds.get(), dt.get(), dw[0].get(), dw[1].get(), dw[2].get(), dw[3].get(), dw[4].get());
        }
    }

    static float[] absolute(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }

    private void steps() {
        Random random = new Random(6);
        int n = 120_000;
        Memory.F p = memory.floats(random.values(n));
        Memory.F g = memory.floats(random.values(n));
        Memory.F m = memory.floats(random.values(n));
        Memory.F v = memory.floats(absolute(random.values(n)));
        Optim.adam(.01f, 3, AdamOptions.DEFAULT, p.view, g.view, m.view, v.view, pool);
        add("adam", p.get(), m.get(), v.get());

        n = 30_000;
        int d = 20;
        int[] rows = IntStream.range(0, n).filter(row -> row % 3 != 1).toArray();
        Memory.F table = memory.floats(random.values(n * d));
        Memory.F gradient = memory.floats(random.values(rows.length * d));
        Memory.F squares = memory.floats(absolute(random.values(n * d)));
        Optim.adagradRows(.1f, 1e-8f, Indices.u32(memory.ints(rows).view), gradient.matrix(rows.length),
                table.matrix(n), squares.matrix(n), pool);
        add("adagrad_rows", table.get(), squares.get());
    }

    private static float[] scaled(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return values;
    }

    /** 1 for values above 0, else 0. */
    private static float[] signs(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] > 0 ? 1 : 0;
        }
        return values;
    }

    private static short[] shorts(float[] values, IntUnaryOperator of) {
        short[] bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (short) of.applyAsInt(Float.floatToRawIntBits(values[i]));
        }
        return bits;
    }

    private void denseRows() {
        Random random = new Random(16);
        int n = 2500;
        int d = 37;
        float[] values = random.values(n * d);
        Memory.F x = memory.floats(values);
        Memory.F offsets = memory.floats(random.values(n));
        Memory.F weights = memory.floats(random.values(d));
        Memory.F along = memory.floats(random.values(d));
        LogisticTargets targets = labels(random, n);
        Memory.S halves = memory.shorts(shorts(values, bits -> random.below(65536) & 0xbfff));
        Memory.S brains = memory.shorts(shorts(values, bits -> bits >>> 16));
        batch("logistic_dense", LogisticRows.of(x.matrix(n), weights.view).offsets(offsets.view), targets, along);
        batch("logistic_dense_f16", LogisticRows.of(Matrix16.f16(halves.view, n, d), weights.view)
                .offsets(offsets.view), targets, along);
        batch("logistic_dense_bf16", LogisticRows.of(Matrix16.bf16(brains.view, n, d), weights.view)
                .offsets(offsets.view), targets, along);
    }

    /** Signs and their weights. */
    private LogisticTargets labels(Random random, int n) {
        Memory.F labels = memory.floats(signs(random.values(n)));
        return LogisticTargets.labels(labels.view).weights(memory.floats(absolute(random.values(n))).view);
    }

    /** All that one call gives, and further words. */
    private void batch(String name, LogisticRows rows, LogisticTargets targets, Memory.F along, int... words) {
        Memory.F margins = memory.floats((int) targets.labels.length());
        Memory.F gradient = memory.floats((int) along.view.length());
        Memory.F curvature = memory.floats((int) along.view.length());
        Memory.F product = memory.floats((int) along.view.length());
        LogisticOut out = LogisticOut.NONE.margins(margins.view).gradient(gradient.view).curvature(curvature.view)
                .product(product.view, along.view, -.5f);
        LogisticSums sums = Logistic.batch(rows.intercept(.25f), targets, out, pool, workspace);
        add(name, floats(margins.get(), gradient.get(), curvature.get(), product.get()), new int[][] {words},
                sums.loss(), sums.gradient(), sums.curvature(), sums.product());
    }

    /** Rows of at most 29 random columns. */
    private SparseRows sparse(Random random, int n, int cols) {
        long[] offsets = new long[n + 1];
        int[] features = new int[30 * n];
        for (int i = 0; i < n; i++) {
            int[] row = random.below(cols, random.below(30));
            System.arraycopy(row, 0, features, (int) offsets[i], row.length);
            offsets[i + 1] = offsets[i] + row.length;
        }
        return SparseRows.of(Indices.i64(memory.longs(offsets).view),
                Indices.u32(memory.ints(Arrays.copyOf(features, (int) offsets[n])).view));
    }

    private void sparseRows() {
        Random random = new Random(23);
        int n = 2500;
        int cols = 4000;
        SparseRows plain = sparse(random, n, cols);
        SparseRows valued = plain.values(memory.floats(random.values((int) plain.features.length())).view);
        Memory.F offsets = memory.floats(random.values(n));
        float[] weights = random.values(cols);
        float[] along = random.values(cols);
        Memory.F start = memory.floats(weights);
        LogisticTargets targets = labels(random, n);
        batch("logistic_sparse", LogisticRows.of(valued.margins(offsets.view), start.view), targets,
                memory.floats(along));
        try (PreparedRows prepared = PreparedRows.create(cols, plain);
                PreparedRows valuedToo = PreparedRows.create(cols, valued)) {
            Memory.I features = memory.ints(new int[(int) prepared.featureCount()]);
            prepared.features(features.view);
            Memory.F few = memory.floats(at(weights, features.get()));
            batch("logistic_prepared", LogisticRows.of(prepared, few.view).compact(true).offsets(offsets.view),
                    targets, memory.floats(at(along, features.get())), features.get());
            Memory.F found = memory.floats(cols);
            LogisticFit fit = Logistic.fit(
                    LogisticRows.of(valuedToo, start.view).offsets(offsets.view).intercept(.25f), targets,
                    LogisticFitOptions.DEFAULT.l2(.5f).iterations(15).history(5), found.view, pool);
            add("logistic_fit", floats(found.get(), new float[] {fit.intercept()}),
                    new int[][] {{fit.outcome().ordinal(), (int) fit.iterations(), (int) fit.passes()}},
                    fit.loss(), fit.gradient());
        }
    }

    private static float[] at(float[] values, int[] positions) {
        float[] found = new float[positions.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = values[positions[i]];
        }
        return found;
    }

    /** Value i times 2, 20 or 200. */
    private static float[] ofThreeSizes(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= new float[] {2, 20, 200}[i % 3];
        }
        return values;
    }

    private void productForm() {
        Random random = new Random(21);
        int n = 5000;
        Memory.F first = memory.floats(ofThreeSizes(random.values(n)));
        Memory.F second = memory.floats(ofThreeSizes(random.values(n)));
        Memory.F a = memory.floats(random.values(n));
        Memory.F b = memory.floats(random.values(n));
        Memory.F losses = memory.floats(n);
        Memory.F firstGradient = memory.floats(n);
        Memory.F secondGradient = memory.floats(n);
        double sum = Logistic.product(first.view, second.view,
                LogisticTargets.coefficients(a.view, b.view).signedWeights(true), losses.view, firstGradient.view,
                secondGradient.view, pool, workspace);
        add("logistic_product", floats(losses.get(), firstGradient.get(), secondGradient.get()), new int[0][], sum);
    }

    private void partialSums() {
        Random random = new Random(22);
        int[][] sizes = new int[20][];
        for (int i = 0; i < sizes.length; i++) {
            long first = 1024L * random.below(100);
            sizes[i] = Arrays.stream(Logistic.parts(first, random.below(1 << 20))).mapToInt(Math::toIntExact).toArray();
        }
        add("logistic_parts", floats(), sizes);

        long[] rows = java.util.stream.Stream.of(Logistic.parts(0, 5120), new long[1], Logistic.parts(5120, 20_000))
                .flatMapToLong(Arrays::stream).toArray();
        LogisticSums[] sums = new LogisticSums[rows.length];
        Calibration[] calibrations = new Calibration[rows.length];
        for (int i = 0; i < rows.length; i++) {
            float[] four = random.values(4);
            sums[i] = new LogisticSums(four[0], four[1], four[2], four[3]);
            calibrations[i] = new Calibration(four[0], four[1], four[2], four[3]);
        }
        Memory.F vectors = memory.floats(random.values(70 * rows.length));
        Memory.F vector = memory.floats(70);
        LogisticSums total = Logistic.merge(rows, sums, vectors.matrix(rows.length), vector.view);
        add("logistic_merge", floats(vector.get()), new int[0][], total.loss(), total.gradient(), total.curvature(),
                total.product());
        Calibration all = Metrics.mergeCalibrations(rows, calibrations);
        add("calibration_merge", floats(), new int[0][], all.weight(), all.loss(), all.predicted(), all.observed());
    }

    private void logistic() {
        Random random = new Random(13);
        int n = 5000;
        Memory.F x = memory.floats(scaled(random.values(n), 30));
        Memory.F a = memory.floats(random.values(n));
        Memory.F b = memory.floats(random.values(n));
        Memory.F first = memory.floats(scaled(random.values(n), 4));
        Memory.F second = memory.floats(scaled(random.values(n), 4));
        float[] labels = signs(random.values(n));
        Memory.F weights = memory.floats(absolute(random.values(n)));
        byte[] codes = new byte[n];
        for (int i = 0; i < n; i++) {
            codes[i] = (byte) random.below(4);
        }
        Memory.B kinds = memory.bytes(codes);
        pointwise("logistic_coefficients", x, LogisticTargets.coefficients(a.view, b.view).signedWeights(true));
        pointwise("logistic_labels", x, LogisticTargets.labels(memory.floats(labels).view).weights(weights.view));
        for (boolean joint : new boolean[] {false, true}) {
            float[][] coefficients = new float[2 * FeedbackMethod.values().length][];
            int at = 0;
            for (FeedbackMethod method : FeedbackMethod.values()) {
                Memory.F toA = memory.floats(n);
                Memory.F toB = memory.floats(n);
                Feedback.weights(FeedbackScheme.of(method).joint(joint), kinds.view, x.view, first.view, second.view,
                        toA.view, toB.view, pool);
                coefficients[at++] = toA.get();
                coefficients[at++] = toB.get();
            }
            add(joint ? "feedback_joint" : "feedback_published", coefficients);
        }
        Memory.F out = memory.floats(n);
        Feedback.served(x.view, out.view, pool);
        add("feedback_served", out.get());
    }

    private void pointwise(String name, Memory.F x, LogisticTargets targets) {
        Memory.F losses = memory.floats((int) x.view.length());
        Memory.F gradient = memory.floats((int) x.view.length());
        Memory.F curvature = memory.floats((int) x.view.length());
        double sum =
                Logistic.pointwise(x.view, targets, losses.view, gradient.view, curvature.view, pool, workspace);
        add(name, floats(losses.get(), gradient.get(), curvature.get()), new int[0][], sum);
    }

    private static int[] words(byte[] bytes) {
        int[] words = new int[bytes.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = Byte.toUnsignedInt(bytes[i]);
        }
        return words;
    }

    private static long[] later(Random random, long[] times, int rarely, int most) {
        return Arrays.stream(times).map(time -> random.below(rarely) == 0 ? Stream.NEVER : time + random.below(most))
                .toArray();
    }

    private void streams() {
        Random random = new Random(14);
        long[] times = Arrays.stream(random.below(1000, 2000)).asLongStream().toArray();
        Memory.L conversions = memory.longs(later(random, times, 3, 200));
        Memory.L signals = memory.longs(later(random, times, 2, 20));
        int[][] words = new int[4 * Protocol.values().length][];
        int at = 0;
        for (Protocol protocol : Protocol.values()) {
            try (Stream stream = Stream.create(
                    protocol, memory.longs(times).view, conversions.view, signals.view, 10, 100)) {
                int rows = (int) stream.rows();
                Memory.L when = memory.longs(new long[rows]);
                Memory.I clicks = memory.ints(new int[rows]);
                Memory.B kinds = memory.bytes(new byte[rows]);
                Memory.B known = memory.bytes(new byte[rows]);
                stream.copy(when.view, clicks.view, kinds.view, known.view);
                words[at++] = Arrays.stream(when.get()).mapToInt(time -> (int) time).toArray();
                words[at++] = clicks.get();
                words[at++] = words(kinds.get());
                words[at++] = words(known.get());
            }
        }
        add("streams", floats(), words);

        int n = 5000;
        Memory.F scores = memory.floats(asFloats(random.below(100, n)));
        Memory.F labels = memory.floats(asFloats(random.below(2, n)));
        Memory.F weights = memory.floats(absolute(random.values(n)));
        Memory.F p = memory.floats(absolute(random.values(n)));
        Ranking ranking = Metrics.ranking(scores.view, labels.view, weights.view);
        add("ranking", floats(), new int[0][], ranking.positives(), ranking.negatives(), ranking.auc(),
                ranking.prAuc(), ranking.averagePrecision());
        Calibration calibration = Metrics.calibration(p.view, labels.view, weights.view);
        add("calibration", floats(), new int[0][], calibration.weight(), calibration.loss(), calibration.predicted(),
                calibration.observed());
    }

    private static float[] asFloats(int[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    private void sparseModels() {
        Random random = new Random(15);
        int n = 2000;
        int all = 3000;
        SparseRows plain = sparse(random, n, all);
        Memory.F values = memory.floats(random.values((int) plain.features.length()));
        SparseRows rows = plain.margins(memory.floats(random.values(n)).view);
        LogisticTargets targets = labels(random, n);
        for (Optimiser optimiser : Optimiser.values()) {
            SparseModelOptions options = SparseModelOptions.of(all).optimiser(optimiser)
                    .intercept(optimiser != Optimiser.SGD).rate(.1f).beta(1).l1(.1f).l2(.01f).epsilon(1e-6f);
            Memory.F learning = memory.floats(n);
            Memory.B bytes;
            try (SparseModel model = SparseModel.create(options)) {
                model.learn(rows.values(values.view), targets, new int[] {1, 7, 64}[optimiser.ordinal()],
                        learning.view, workspace);
                bytes = memory.bytes(new byte[(int) model.savedBytes()]);
                model.save(bytes.view);
            }
            try (SparseModel model = SparseModel.load(bytes.view)) {
                Memory.F logits = memory.floats(n);
                Memory.F found = memory.floats(all);
                model.predict(rows, logits.view, pool);
                model.weights(found.view);
                IntBuffer saved = ByteBuffer.wrap(bytes.get()).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
                int[] words = new int[saved.remaining()];
                saved.get(words);
                add("sparse_" + optimiser.name().toLowerCase(),
                        floats(learning.get(), logits.get(), found.get(), new float[] {model.intercept()}),
                        new int[][] {words});
            }
        }
    }

    private void functions() {
        Random random = new Random(7);
        float[] values = new float[110_000];
        for (int i = 0; i < 55_000; i++) {
            values[i] = Float.intBitsToFloat((int) (random.bits() >>> 32));
        }
        for (int i = 55_000; i < values.length; i++) {
            values[i] = random.value() * 32;
        }
        Memory.F x = memory.floats(values);
        for (Function function : Function.values()) {
            Memory.F out = memory.floats(values.length);
            Functions.map(function, x.view, out.view, pool);
            add("map_" + function.name().toLowerCase(), out.get());
        }
    }
}
