package dev.avocet;

import static dev.avocet.Refused.closed;
import static dev.avocet.Refused.misaligned;
import static dev.avocet.Refused.missing;
import static dev.avocet.Refused.refused;
import static dev.avocet.Refused.wrongSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad arguments of the logistic family and of the metrics; outputs stay as they were. */
class LogisticErrorsTest {
    private static final int N = 3;

    private final Workspace workspace = new Workspace();
    private final Pool closedPool = new Pool(1);
    private final Workspace closedWorkspace = new Workspace();

    private final float[] out = new float[4 * N];
    private final long[] times = new long[2 * N];
    private final int[] clicks = new int[2 * N];
    private final byte[] bytes = new byte[4 * N];
    private final Floats x = Floats.of(.5f, -1, 2);
    private final Floats ones = Floats.of(1, 1, 1);
    private final MutableFloats l = part(0, N);
    private final MutableFloats g = part(N, N);
    private final MutableFloats c = part(2 * N, N);

    private MutableFloats part(int from, int length) {
        return MutableFloats.of(out, from, length);
    }

    @BeforeEach
    void fill() {
        closedPool.close();
        closedWorkspace.close();
        Arrays.fill(out, 7);
        Arrays.fill(times, 7);
        Arrays.fill(clicks, 7);
        Arrays.fill(bytes, (byte) 7);
    }

    @AfterEach
    void unchanged() {
        for (float value : out) {
            assertEquals(7, value);
        }
        for (int i = 0; i < 2 * N; i++) {
            assertEquals(7, times[i]);
            assertEquals(7, clicks[i]);
        }
        for (byte value : bytes) {
            assertEquals(7, value);
        }
        workspace.close();
        Memory.release();
    }

    /** Memory where no float can be. */
    private static Floats misalignedFloats() {
        return Floats.ofAddress(1025, N);
    }

    @Test
    void pointwise() {
        LogisticTargets good = LogisticTargets.labels(ones).weights(ones);
        LogisticTargets both = LogisticTargets.coefficients(ones, ones);
        missing(2, "targets.labels", () -> LogisticTargets.labels(null));
        missing(2, "targets.a", () -> LogisticTargets.coefficients(null, ones));
        missing(2, "targets.b", () -> LogisticTargets.coefficients(ones, null));
        missing(1, "logits", () -> Logistic.pointwise(null, good, l, g, c, null, workspace));
        missing(2, "targets", () -> Logistic.pointwise(x, null, l, g, c, null, workspace));
        missing(9, "workspace", () -> Logistic.pointwise(x, good, l, g, c, null, null));
        missing(1, "logits", () -> Logistic.pointwise(Floats.ofAddress(0, N), good, l, g, c, null, workspace));
        missing(2, "targets.labels", () -> Logistic.pointwise(
                x, LogisticTargets.labels(Floats.ofAddress(0, N)), l, g, c, null, workspace));
        missing(2, "targets.b", () -> Logistic.pointwise(
                x, LogisticTargets.coefficients(ones, Floats.ofAddress(0, N)), l, g, c, null, workspace));
        misaligned(1, "logits", () -> Logistic.pointwise(misalignedFloats(), good, l, g, c, null, workspace));
        misaligned(2, "targets.weights", () -> Logistic.pointwise(
                x, good.weights(misalignedFloats()), l, g, c, null, workspace));
        misaligned(5, "curvature", () -> Logistic.pointwise(
                x, good, l, g, MutableFloats.ofAddress(1025, N), null, workspace));
        wrongSize(2, "targets.labels", 2, () -> Logistic.pointwise(
                x, LogisticTargets.labels(Floats.of(1, 1)), l, g, c, null, workspace));
        wrongSize(2, "targets.weights", 4, () -> Logistic.pointwise(
                x, good.weights(Floats.of(1, 1, 1, 1)), l, g, c, null, workspace));
        wrongSize(2, "targets.a", 2, () -> Logistic.pointwise(
                x, LogisticTargets.coefficients(Floats.of(1, 1), ones), l, g, c, null, workspace));
        wrongSize(2, "targets.b", 2, () -> Logistic.pointwise(
                x, LogisticTargets.coefficients(ones, Floats.of(1, 1)), l, g, c, null, workspace));
        wrongSize(3, "losses", 2, () -> Logistic.pointwise(x, good, part(0, 2), g, c, null, workspace));
        wrongSize(4, "gradient", 4, () -> Logistic.pointwise(x, good, l, part(N, 4), c, null, workspace));
        wrongSize(5, "curvature", 2, () -> Logistic.pointwise(x, good, l, g, part(2 * N, 2), null, workspace));
        refused(Status.INVALID_ARGUMENT, 2, "targets.weights",
                () -> Logistic.pointwise(x, both.weights(ones), l, g, c, null, workspace));
        refused(Status.OVERLAP, 3, "losses", () -> Logistic.pointwise(l, good, l, g, c, null, workspace));
        refused(Status.OVERLAP, 4, "gradient", () -> Logistic.pointwise(x, good, l, part(2, N), c, null, workspace));
        refused(Status.OVERLAP, 5, "curvature", () -> Logistic.pointwise(
                x, LogisticTargets.coefficients(ones, c), l, g, c, null, workspace));
        closed(8, "pool", () -> Logistic.pointwise(x, good, l, g, c, closedPool, workspace));
        closed(9, "workspace", () -> Logistic.pointwise(x, good, l, g, c, null, closedWorkspace));
    }

    @Test
    void dense() {
        Floats w = Floats.of(1, 2);
        float[] features = {1, 2, 3, 4, 5, 6};
        Matrix f = Matrix.of(features, N, 2);
        LogisticRows good = LogisticRows.of(f, w).offsets(x);
        LogisticTargets targets = LogisticTargets.labels(ones).weights(ones);
        MutableFloats d = part(N, 2);
        MutableFloats e = part(N + 2, 2);
        MutableFloats p = part(N + 4, 2);
        LogisticOut to = LogisticOut.NONE.margins(l).gradient(d).curvature(e).product(p, w, 1);
        missing(1, "rows.x", () -> LogisticRows.of((Matrix) null, w));
        missing(1, "rows.weights", () -> Logistic.batch(LogisticRows.of(f, null), targets, to, null, workspace));
        missing(3, "out.product", () -> to.product(null, w, 1));
        missing(3, "out.along", () -> to.product(p, null, 1));
        missing(1, "rows", () -> Logistic.batch(null, targets, to, null, workspace));
        missing(2, "targets", () -> Logistic.batch(good, null, to, null, workspace));
        missing(3, "out", () -> Logistic.batch(good, targets, null, null, workspace));
        missing(6, "workspace", () -> Logistic.batch(good, targets, to, null, null));
        closed(5, "pool", () -> Logistic.batch(good, targets, to, closedPool, workspace));
        closed(6, "workspace", () -> Logistic.batch(good, targets, to, null, closedWorkspace));

        LogisticRows nowhere = LogisticRows.of(Matrix.of(Floats.ofAddress(0, 6), N, 2), w);
        missing(1, "rows.x.data", () -> Logistic.batch(nowhere, targets, to, null, workspace));
        LogisticRows odd = LogisticRows.of(Matrix.of(Floats.ofAddress(1025, 6), N, 2), w);
        misaligned(1, "rows.x.data", () -> Logistic.batch(odd, targets, to, null, workspace));
        missing(1, "rows.weights", () -> Logistic.batch(
                LogisticRows.of(f, Floats.ofAddress(0, 2)), targets, to, null, workspace));
        misaligned(1, "rows.offsets", () -> Logistic.batch(good.offsets(misalignedFloats()), targets, to, null, workspace));
        misaligned(2, "targets.weights", () -> Logistic.batch(
                good, targets.weights(misalignedFloats()), to, null, workspace));
        missing(2, "targets.labels", () -> Logistic.batch(
                good, LogisticTargets.labels(Floats.ofAddress(0, N)), to, null, workspace));
        missing(3, "out.along", () -> Logistic.batch(
                good, targets, to.product(p, Floats.ofAddress(0, 2), 1), null, workspace));
        refused(Status.INVALID_ARGUMENT, 2, "targets.weights", () -> Logistic.batch(
                good, LogisticTargets.coefficients(ones, ones).weights(ones), to, null, workspace));

        wrongSize(1, "rows.weights", 3, () -> Logistic.batch(LogisticRows.of(f, ones), targets, to, null, workspace));
        wrongSize(1, "rows.offsets", 2, () -> Logistic.batch(good.offsets(w), targets, to, null, workspace));
        wrongSize(2, "targets.labels", 2, () -> Logistic.batch(good, LogisticTargets.labels(w), to, null, workspace));
        wrongSize(2, "targets.weights", 2, () -> Logistic.batch(good, targets.weights(w), to, null, workspace));
        wrongSize(2, "targets.a", 2, () -> Logistic.batch(
                good, LogisticTargets.coefficients(w, ones), to, null, workspace));
        wrongSize(2, "targets.b", 2, () -> Logistic.batch(
                good, LogisticTargets.coefficients(ones, w), to, null, workspace));
        badOut("margins", 2, d, MutableFloats.ofAddress(1025, N), MutableFloats.of(features, 3, N), f, to::margins);
        MutableFloats there = MutableFloats.ofAddress(1025, 2);
        badOut("gradient", 3, l, there, part(N - 1, 2), f, to::gradient);
        badOut("curvature", 1, part(0, 1), there, MutableFloats.of(features, 0, 2), f, to::curvature);
        badOut("product", 3, l, there, part(N + 3, 2), f, product -> to.product(product, w, 1));
        wrongSize(3, "out.along", 3, () -> Logistic.batch(good, targets, to.product(p, x, 1), null, workspace));
        misaligned(3, "out.along", () -> Logistic.batch(good, targets, to.product(p, there, 1), null, workspace));
        refused(Status.OVERLAP, 3, "out.product",
                () -> Logistic.batch(good, targets, to.product(p, p, 1), null, workspace));
    }

    /** Outputs of another length, where no float can be, and over another argument. */
    private void badOut(
            String field, long size, MutableFloats wrong, MutableFloats odd, MutableFloats over, Matrix f,
            Function<MutableFloats, LogisticOut> out) {
        LogisticRows rows = LogisticRows.of(f, Floats.of(1, 2));
        LogisticTargets targets = LogisticTargets.labels(ones);
        String name = "out." + field;
        wrongSize(3, name, size, () -> Logistic.batch(rows, targets, out.apply(wrong), null, workspace));
        misaligned(3, name, () -> Logistic.batch(rows, targets, out.apply(odd), null, workspace));
        refused(Status.OVERLAP, 3, name, () -> Logistic.batch(rows, targets, out.apply(over), null, workspace));
    }

    /** Found on the way, in every kind of memory: all but the margins stay. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void denseBadTargets(Memory memory) {
        LogisticRows rows = LogisticRows.of(Matrix.of(new float[2 * N], N, 2), Floats.of(1, 2));
        LogisticOut to = LogisticOut.NONE.gradient(part(0, 2)).curvature(part(2, 2))
                .product(part(4, 2), Floats.of(1, 2), 1);
        Floats bad = memory.floats(1, -1, Float.NaN).view;
        LogisticTargets weighted = LogisticTargets.labels(ones).weights(bad);
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 2, "targets.weights", 1,
                () -> Logistic.batch(rows, weighted, to, null, workspace)).real());
        assertEquals(Double.NaN, refused(Status.NOT_FINITE, 2, "targets.weights", 2,
                () -> Logistic.batch(rows, weighted.signedWeights(true), to, null, workspace)).real());
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 2, "targets.labels", 1,
                () -> Logistic.batch(rows, LogisticTargets.labels(bad), to, null, workspace)).real());
    }

    /** Found on the way, in every kind of memory; the sum is not returned then. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void badTargets(Memory memory) {
        for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            Floats some = memory.floats(1, 1, bad).view;
            Status status = bad == -1 ? Status.INVALID_ARGUMENT : Status.NOT_FINITE;
            Status ofLabel = Float.isNaN(bad) ? Status.NOT_FINITE : Status.INVALID_ARGUMENT;
            badTarget(ofLabel, bad, "targets.labels", LogisticTargets.labels(some), false);
            badTarget(status, bad, "targets.weights", LogisticTargets.labels(ones).weights(some), bad == -1);
            badTarget(status, bad, "targets.a", LogisticTargets.coefficients(some, ones), bad == -1);
            badTarget(status, bad, "targets.b", LogisticTargets.coefficients(ones, some), bad == -1);
        }
    }

    /** Refused at position 2, unless it is the sign and signs are allowed. */
    private void badTarget(Status status, float bad, String name, LogisticTargets targets, boolean signAlone) {
        for (LogisticTargets each : new LogisticTargets[] {targets, targets.signedWeights(true)}) {
            float[] losses = new float[N];
            if (signAlone && each.signedWeights) {
                double sum = Logistic.pointwise(x, each, MutableFloats.of(losses), null, null, null, workspace);
                assertEquals(losses[0] + losses[1] + losses[2], sum, 1e-6);
            } else {
                Details found = refused(status, 2, name, 2, () -> Logistic.pointwise(
                        x, each, MutableFloats.of(losses), null, null, null, workspace));
                assertEquals(Details.Value.REAL, found.value());
                assertEquals(bad, found.real());
            }
        }
    }

    @Test
    void feedback() {
        Bytes kinds = Bytes.of((byte) 0, (byte) 1, (byte) 2);
        FeedbackScheme good = FeedbackScheme.of(FeedbackMethod.DFM);
        missing(1, "scheme.method", () -> FeedbackScheme.of(null));
        missing(1, "scheme", () -> Feedback.weights(null, kinds, x, x, x, l, g, null));
        missing(2, "kinds", () -> Feedback.weights(good, null, x, x, x, l, g, null));
        missing(2, "kinds", () -> Feedback.weights(good, Bytes.ofAddress(0, N), x, x, x, l, g, null));
        missing(3, "logits", () -> Feedback.weights(good, kinds, null, x, x, l, g, null));
        missing(4, "first", () -> Feedback.weights(good, kinds, x, null, x, l, g, null));
        missing(5, "second", () -> Feedback.weights(good, kinds, x, x, null, l, g, null));
        missing(6, "a", () -> Feedback.weights(good, kinds, x, x, x, null, g, null));
        missing(7, "b", () -> Feedback.weights(good, kinds, x, x, x, l, null, null));
        misaligned(4, "first", () -> Feedback.weights(good, kinds, x, misalignedFloats(), x, l, g, null));
        wrongSize(3, "logits", 2, () -> Feedback.weights(good, kinds, Floats.of(1, 1), x, x, l, g, null));
        wrongSize(4, "first", 4, () -> Feedback.weights(good, kinds, x, Floats.of(1, 1, 1, 1), x, l, g, null));
        wrongSize(5, "second", 2, () -> Feedback.weights(good, kinds, x, x, Floats.of(1, 1), l, g, null));
        wrongSize(6, "a", 2, () -> Feedback.weights(good, kinds, x, x, x, part(0, 2), g, null));
        wrongSize(7, "b", 4, () -> Feedback.weights(good, kinds, x, x, x, l, part(N, 4), null));
        assertEquals(-1, refused(Status.INVALID_ARGUMENT, 1, "scheme.clip_low",
                () -> Feedback.weights(good.clip(-1, 0), kinds, x, x, x, l, g, null)).real());
        assertEquals(Double.NaN, refused(Status.INVALID_ARGUMENT, 1, "scheme.clip_high",
                () -> Feedback.weights(good.clip(0, Float.NaN), kinds, x, x, x, l, g, null)).real());
        assertEquals(1, refused(Status.INVALID_ARGUMENT, 1, "scheme.clip_high",
                () -> Feedback.weights(good.clip(2, 1), kinds, x, x, x, l, g, null)).real());
        refused(Status.OVERLAP, 6, "a", () -> Feedback.weights(good, kinds, l, x, x, l, g, null));
        refused(Status.OVERLAP, 7, "b", () -> Feedback.weights(good, kinds, x, x, x, l, part(2, N), null));
        closed(9, "pool", () -> Feedback.weights(good, kinds, x, x, x, l, g, closedPool));

        missing(1, "logits", () -> Feedback.served(null, l, null));
        missing(2, "out", () -> Feedback.served(x, null, null));
        misaligned(1, "logits", () -> Feedback.served(misalignedFloats(), l, null));
        wrongSize(2, "out", 2, () -> Feedback.served(x, part(0, 2), null));
        wrongSize(2, "out", 4, () -> Feedback.served(x, part(0, 4), null));
        refused(Status.OVERLAP, 2, "out", () -> Feedback.served(l, part(1, N), null));
        closed(4, "pool", () -> Feedback.served(x, l, closedPool));
    }

    /** Found on the way: bytes count without sign. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void unknownKinds(Memory memory) {
        for (int bad : new int[] {4, 200, 255}) {
            Bytes kinds = memory.bytes((byte) 0, (byte) 3, (byte) bad).view;
            assertEquals(bad, refused(Status.INVALID_ARGUMENT, 2, "kinds", 2, () -> Feedback.weights(
                    FeedbackScheme.of(FeedbackMethod.VANILLA), kinds, null, null, null,
                    MutableFloats.of(new float[N]), MutableFloats.of(new float[N]), null)).integer());
        }
    }

    @Test
    void streams() {
        Protocol p = Protocol.DELAYED_REAL;
        Longs when = Longs.of(0, 5, 9);
        Longs conversions = Longs.of(1, Stream.NEVER, 20);
        missing(1, "protocol", () -> Stream.create(null, when, conversions, null, 1, 9));
        missing(2, "times", () -> Stream.create(p, null, conversions, null, 1, 9));
        missing(3, "conversions", () -> Stream.create(p, when, null, null, 1, 9));
        missing(2, "times", () -> Stream.create(p, Longs.ofAddress(0, N), conversions, null, 1, 9));
        misaligned(4, "signals", () -> Stream.create(p, when, conversions, Longs.ofAddress(1025, N), 1, 9));
        wrongSize(3, "conversions", 2, () -> Stream.create(p, when, Longs.of(1, 6), null, 1, 9));
        wrongSize(4, "signals", 4, () -> Stream.create(p, when, conversions, Longs.of(1, 6, 9, 9), 1, 9));
        assertEquals(Long.MAX_VALUE - 1, refused(Status.SIZE_OVERFLOW, 2, "times", 1, () -> Stream.create(
                p, Longs.of(0, Long.MAX_VALUE - 1, 9), Longs.of(Stream.NEVER, Stream.NEVER, Stream.NEVER), null, 1, 9))
                .integer());
        assertEquals(8, refused(Status.INVALID_ARGUMENT, 3, "conversions", 2,
                () -> Stream.create(p, when, Longs.of(0, 6, 8), null, 1, 9)).integer());
        for (Protocol each : Protocol.values()) {
            assertEquals(-1, refused(Status.INVALID_ARGUMENT, 6, "window",
                    () -> Stream.create(each, when, conversions, null, -1, 9)).integer());
        }
        assertEquals(4, refused(Status.INVALID_ARGUMENT, 7, "attribution",
                () -> Stream.create(p, when, conversions, null, 5, 4)).integer());

        Stream stream = Stream.create(p, when, conversions, null, 1, 9);
        int n = (int) stream.rows();
        assertEquals(5, n);
        MutableLongs t = MutableLongs.of(times, 0, n);
        MutableInts i = MutableInts.of(clicks, 0, n);
        MutableBytes k = MutableBytes.of(bytes, 0, n);
        MutableBytes s = MutableBytes.of(bytes, n, n);
        wrongSize(2, "times", n - 1, () -> stream.copy(t.slice(0, n - 1), i, k, s));
        wrongSize(3, "clicks", n - 1, () -> stream.copy(t, i.slice(0, n - 1), k, s));
        wrongSize(4, "kinds", n + 1, () -> stream.copy(t, i, MutableBytes.of(bytes, 0, n + 1), s));
        wrongSize(5, "signals", 0, () -> stream.copy(t, i, k, s.slice(0, 0)));
        misaligned(2, "times", () -> stream.copy(MutableLongs.ofAddress(1025, n), i, k, s));
        refused(Status.OVERLAP, 5, "signals", () -> stream.copy(t, i, k, k));
        refused(Status.OVERLAP, 5, "signals", () -> stream.copy(t, i, k, MutableBytes.of(bytes, n - 1, n)));
        ByteBuffer shared = ByteBuffer.allocateDirect(8 * n).order(ByteOrder.nativeOrder());
        refused(Status.OVERLAP, 3, "clicks", () -> stream.copy(
                MutableLongs.of(shared), MutableInts.of(shared.asIntBuffer().limit(n)), k, s));
        assertEquals(ByteBuffer.allocate(8 * n), shared);
        stream.close();
        closed(1, "stream", () -> stream.copy(t, i, k, s));
        assertEquals(n, stream.rows());
    }

    /** One of the two functions. */
    private interface Metric {
        void call(Floats first, Floats labels, Floats weights);
    }

    private void metric(String first, Metric metric) {
        Floats y = Floats.of(0, 1, .5f);
        missing(1, first, () -> metric.call(null, ones, null));
        missing(1, first, () -> metric.call(Floats.ofAddress(0, N), ones, null));
        missing(2, "labels", () -> metric.call(y, null, null));
        misaligned(1, first, () -> metric.call(misalignedFloats(), ones, null));
        misaligned(3, "weights", () -> metric.call(y, ones, misalignedFloats()));
        wrongSize(2, "labels", 2, () -> metric.call(y, Floats.of(1, 1), null));
        wrongSize(3, "weights", 4, () -> metric.call(y, ones, Floats.of(1, 1, 1, 1)));
        for (Memory memory : Memory.values()) {
            Floats nan = memory.floats(0, Float.NaN, 0).view;
            Floats bad = memory.floats(0, 1, -2).view;
            Floats infinite = memory.floats(0, Float.POSITIVE_INFINITY, 0).view;
            refused(Status.NOT_FINITE, 1, first, 1, () -> metric.call(nan, ones, null));
            refused(Status.NOT_FINITE, 2, "labels", 1, () -> metric.call(y, nan, null));
            assertEquals(-2, refused(Status.INVALID_ARGUMENT, 2, "labels", 2, () -> metric.call(y, bad, null)).real());
            refused(Status.NOT_FINITE, 3, "weights", 1, () -> metric.call(y, ones, nan));
            refused(Status.NOT_FINITE, 3, "weights", 1, () -> metric.call(y, ones, infinite));
            assertEquals(-2,
                    refused(Status.INVALID_ARGUMENT, 3, "weights", 2, () -> metric.call(y, ones, bad)).real());
        }
    }

    @Test
    void metrics() {
        metric("scores", Metrics::ranking);
        metric("probabilities", Metrics::calibration);
        assertEquals(2, refused(Status.INVALID_ARGUMENT, 1, "probabilities", 2, () -> Metrics.calibration(
                Floats.of(0, 1, 2), ones, null)).real());
        missing(0, "other", () -> new Calibration(1, 1, 1, 1).plus(null));
    }
}
