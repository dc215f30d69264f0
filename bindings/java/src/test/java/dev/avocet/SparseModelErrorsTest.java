package dev.avocet;

import static dev.avocet.Refused.closed;
import static dev.avocet.Refused.misaligned;
import static dev.avocet.Refused.missing;
import static dev.avocet.Refused.refused;
import static dev.avocet.Refused.wrongSize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad arguments of sparse models; outputs and models stay as they were. */
class SparseModelErrorsTest {
    private static final int C = 4;

    private final Workspace workspace = new Workspace();
    private final SparseModel model = SparseModel.create(SparseModelOptions.of(C).intercept(true));
    private final float[] out = {7, 7, 7, 7, 7};
    private final MutableFloats logits = MutableFloats.of(out, 1, 3);
    private final Floats ones = Floats.of(1, 1, 1);
    private final Indices offsets = Indices.i32(0, 2, 2, 5);
    private final Indices features = Indices.i32(0, 3, 1, 2, 3);
    private final SparseRows rows = SparseRows.of(offsets, features);
    private final LogisticTargets targets = LogisticTargets.labels(ones).weights(ones);

    @AfterEach
    void unchanged() {
        assertArrayEquals(new float[] {7, 7, 7, 7, 7}, out);
        model.close();
        workspace.close();
        Memory.release();
    }

    private void learn(SparseRows rows, LogisticTargets targets) {
        model.learn(rows, targets, 1, logits, workspace);
    }

    private void untouched() {
        assertEquals(0, model.nonzeros());
        assertEquals(0, model.intercept());
        assertEquals(60, model.savedBytes());
    }

    @Test
    void options() {
        SparseModelOptions good = SparseModelOptions.of(C);
        missing(1, "options", () -> SparseModel.create(null));
        missing(1, "options.optimiser", () -> good.optimiser(null));
        assertEquals(-1,
                refused(Status.INVALID_ARGUMENT, 1, "options.features", () -> SparseModelOptions.of(-1)).integer());
        assertEquals(0, refused(Status.INVALID_ARGUMENT, 1, "options.features",
                () -> SparseModel.create(SparseModelOptions.of(0))).integer());
        assertEquals((1 << 28) + 1, refused(Status.SIZE_OVERFLOW, 1, "options.features",
                () -> SparseModel.create(SparseModelOptions.of((1 << 28) + 1))).integer());
        for (Optimiser optimiser : Optimiser.values()) {
            SparseModelOptions each = good.optimiser(optimiser);
            badOption("rate", each::rate);
            badOption("l2", each::l2);
        }
        badOption("beta", good::beta);
        badOption("l1", good::l1);
        badOption("epsilon", good.optimiser(Optimiser.ADAGRAD)::epsilon);
    }

    private static void badOption(String name, Function<Float, SparseModelOptions> with) {
        for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            Status status = bad == -1 ? Status.INVALID_ARGUMENT : Status.NOT_FINITE;
            assertEquals(bad, refused(status, 1, "options." + name, () -> SparseModel.create(with.apply(bad))).real());
        }
    }

    @Test
    void rows() {
        missing(2, "csr.offsets", () -> SparseRows.of(null, features));
        missing(2, "csr.indices", () -> SparseRows.of(offsets, null));
        wrongSize(2, "csr.offsets", 0, () -> SparseRows.of(Indices.i32(), features));
        wrongSize(3, "values", 3, () -> rows.values(ones));
        wrongSize(4, "margins", 2, () -> rows.margins(Floats.of(1, 1)));
    }

    /** What is wrong with rows, of both functions, in every kind of memory. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void badRows(Memory memory) {
        badRows(memory, each -> () -> model.predict(each, logits, null));
        badRows(memory, each -> () -> learn(each, targets));
        untouched();
    }

    private void badRows(Memory memory, Function<SparseRows, Executable> call) {
        missing(2, "csr.offsets", call.apply(SparseRows.of(Indices.i32(Ints.ofAddress(0, 4)), features)));
        misaligned(2, "csr.offsets", call.apply(SparseRows.of(Indices.i32(Ints.ofAddress(1025, 4)), features)));
        assertEquals(1, refused(Status.INVALID_OFFSETS, 2, "csr.offsets", 2,
                call.apply(SparseRows.of(Indices.i32(memory.ints(0, 2, 1, 5).view), features))).integer());
        assertEquals(6, refused(Status.INVALID_OFFSETS, 2, "csr.offsets", 3,
                call.apply(SparseRows.of(Indices.i64(memory.longs(0, 2, 2, 6).view), features))).integer());
        missing(2, "csr.indices", call.apply(SparseRows.of(offsets, Indices.i32(Ints.ofAddress(0, 5)))));
        misaligned(2, "csr.indices", call.apply(SparseRows.of(offsets, Indices.i32(Ints.ofAddress(1025, 5)))));
        assertEquals(C, refused(Status.INDEX_OUT_OF_RANGE, 2, "csr.indices", 3,
                call.apply(SparseRows.of(offsets, Indices.u32(memory.ints(0, 3, 1, C, 9).view)))).integer());
        assertEquals(-1, refused(Status.INDEX_OUT_OF_RANGE, 2, "csr.indices", 4,
                call.apply(SparseRows.of(offsets, Indices.i64(memory.longs(0, 3, 1, 2, -1).view)))).integer());
        misaligned(3, "values", call.apply(rows.values(Floats.ofAddress(1025, 5))));
        misaligned(4, "margins", call.apply(rows.margins(Floats.ofAddress(1025, 3))));
        Floats nan = memory.floats(0, Float.NaN, 0, 0, 0).view;
        assertEquals(Double.NaN, refused(Status.NOT_FINITE, 3, "values", 1, call.apply(rows.values(nan))).real());
        Floats infinite = memory.floats(0, 0, Float.POSITIVE_INFINITY).view;
        assertEquals(Double.POSITIVE_INFINITY,
                refused(Status.NOT_FINITE, 4, "margins", 2, call.apply(rows.margins(infinite))).real());
    }

    @Test
    void predict() {
        missing(2, "csr", () -> model.predict(null, logits, null));
        missing(5, "logits", () -> model.predict(rows, null, null));
        missing(5, "logits", () -> model.predict(rows, MutableFloats.ofAddress(0, 3), null));
        misaligned(5, "logits", () -> model.predict(rows, MutableFloats.ofAddress(1025, 3), null));
        wrongSize(5, "logits", 2, () -> model.predict(rows, logits.slice(0, 2), null));
        wrongSize(5, "logits", 5, () -> model.predict(rows, MutableFloats.of(out), null));
        refused(Status.OVERLAP, 5, "logits",
                () -> model.predict(rows.margins(MutableFloats.of(out, 0, 3)), logits, null));
        refused(Status.OVERLAP, 5, "logits", () -> model.predict(rows.values(MutableFloats.of(out)), logits, null));
        Pool pool = new Pool(1);
        pool.close();
        closed(6, "pool", () -> model.predict(rows, logits, pool));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void learn(Memory memory) {
        missing(2, "csr", () -> learn(null, targets));
        missing(5, "targets", () -> learn(rows, null));
        missing(8, "workspace", () -> model.learn(rows, targets, 1, logits, null));
        missing(5, "targets.labels", () -> learn(rows, LogisticTargets.labels(Floats.ofAddress(0, 3))));
        misaligned(5, "targets.weights", () -> learn(rows, targets.weights(Floats.ofAddress(1025, 3))));
        Floats two = Floats.of(1, 1);
        wrongSize(5, "targets.labels", 2, () -> learn(rows, LogisticTargets.labels(two)));
        wrongSize(5, "targets.weights", 2, () -> learn(rows, targets.weights(two)));
        wrongSize(5, "targets.a", 2, () -> learn(rows, LogisticTargets.coefficients(two, ones)));
        wrongSize(5, "targets.b", 2, () -> learn(rows, LogisticTargets.coefficients(ones, two)));
        refused(Status.INVALID_ARGUMENT, 5, "targets.weights",
                () -> learn(rows, LogisticTargets.coefficients(ones, ones).weights(ones)));
        for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            Floats some = memory.floats(1, 1, bad).view;
            Status status = bad == -1 ? Status.INVALID_ARGUMENT : Status.NOT_FINITE;
            Status ofLabel = Float.isNaN(bad) ? Status.NOT_FINITE : Status.INVALID_ARGUMENT;
            badTarget(ofLabel, bad, "targets.labels", LogisticTargets.labels(some));
            badTarget(status, bad, "targets.weights", targets.weights(some));
            badTarget(status, bad, "targets.a", LogisticTargets.coefficients(some, ones));
            badTarget(status, bad, "targets.b", LogisticTargets.coefficients(ones, some));
        }
        for (long bad : new long[] {0, -1}) {
            assertEquals(bad, refused(Status.INVALID_ARGUMENT, 6, "minibatch",
                    () -> model.learn(rows, targets, bad, logits, workspace)).integer());
        }
        misaligned(7, "logits", () -> model.learn(rows, targets, 1, MutableFloats.ofAddress(1025, 3), workspace));
        wrongSize(7, "logits", 2, () -> model.learn(rows, targets, 1, logits.slice(0, 2), workspace));
        refused(Status.OVERLAP, 7, "logits", () -> learn(rows, targets.weights(MutableFloats.of(out, 0, 3))));
        Workspace gone = new Workspace();
        gone.close();
        closed(8, "workspace", () -> model.learn(rows, targets, 1, logits, gone));
        untouched();
    }

    private void badTarget(Status status, float bad, String name, LogisticTargets targets) {
        assertEquals(bad, refused(status, 5, name, 2, () -> learn(rows, targets)).real());
    }

    /** The rows before the one that would leave the range of float have been learnt. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void overflow(Memory memory) {
        SparseRows huge = rows.values(memory.floats(1, 1, 3e38f, 3e38f, 3e38f).view);
        LogisticTargets heavy =
                LogisticTargets.labels(memory.floats(1, 0, 0).view).weights(memory.floats(1, 1, 9).view);
        refused(Status.NOT_FINITE, 2, "csr", 2, () -> model.learn(huge, heavy, 1, null, workspace));
        assertEquals(2, model.nonzeros());
        try (SparseModel other = SparseModel.create(SparseModelOptions.of(C).intercept(true))) {
            other.learn(SparseRows.of(Indices.i32(0, 2, 2), Indices.i32(0, 3)), LogisticTargets.labels(Floats.of(1, 0)),
                    1, null, workspace);
            assertArrayEquals(saved(other), saved(model));
        }
    }

    private static byte[] saved(SparseModel model) {
        byte[] bytes = new byte[(int) model.savedBytes()];
        model.save(MutableBytes.of(bytes));
        return bytes;
    }

    @Test
    void state() {
        model.learn(SparseRows.of(Indices.i32(0, 2), Indices.i32(0, 3)), LogisticTargets.labels(Floats.of(1)), 1, null,
                workspace);
        missing(2, "out", () -> model.weights(null));
        missing(2, "out", () -> model.weights(MutableFloats.ofAddress(0, C)));
        misaligned(2, "out", () -> model.weights(MutableFloats.ofAddress(1025, C)));
        wrongSize(3, "len", 3, () -> model.weights(logits));
        wrongSize(3, "len", 5, () -> model.weights(MutableFloats.of(out)));

        int[] ids = {7, 7, 7};
        MutableInts which = MutableInts.of(ids, 0, 2);
        MutableFloats weights = MutableFloats.of(out, 0, 2);
        missing(2, "features", () -> model.nonzero(null, weights));
        missing(3, "weights", () -> model.nonzero(which, null));
        missing(2, "features", () -> model.nonzero(MutableInts.ofAddress(0, 2), weights));
        misaligned(2, "features", () -> model.nonzero(MutableInts.ofAddress(1025, 2), weights));
        misaligned(3, "weights", () -> model.nonzero(which, MutableFloats.ofAddress(1025, 2)));
        wrongSize(3, "weights", 3, () -> model.nonzero(which, logits));
        wrongSize(4, "len", 3, () -> model.nonzero(MutableInts.of(ids), logits));
        wrongSize(4, "len", 1, () -> model.nonzero(which.slice(0, 1), weights.slice(0, 1)));
        assertArrayEquals(new int[] {7, 7, 7}, ids);

        int size = (int) model.savedBytes();
        assertEquals(60 + 2 * 12, size);
        byte[] bytes = new byte[size + 1];
        missing(2, "bytes", () -> model.save(null));
        missing(2, "bytes", () -> model.save(MutableBytes.ofAddress(0, size)));
        wrongSize(3, "len", size - 1, () -> model.save(MutableBytes.of(bytes, 0, size - 1)));
        wrongSize(3, "len", size + 1, () -> model.save(MutableBytes.of(bytes)));
        assertArrayEquals(new byte[size + 1], bytes);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void load(Memory memory) {
        model.learn(SparseRows.of(Indices.i32(0, 2), Indices.i32(0, 3)), LogisticTargets.labels(Floats.of(1)), 1, null,
                workspace);
        byte[] good = saved(model);
        missing(1, "bytes", () -> SparseModel.load(null));
        missing(1, "bytes", () -> SparseModel.load(Bytes.ofAddress(0, good.length)));
        for (int length = 0; length < good.length; length++) {
            Bytes cut = memory.bytes(Arrays.copyOf(good, length)).view;
            wrongSize(1, "bytes", length, () -> SparseModel.load(cut));
        }
        wrongSize(1, "bytes", good.length + 1, () -> SparseModel.load(Bytes.of(Arrays.copyOf(good, good.length + 1))));
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Bytes view = memory.bytes(bad).view;
            Details details = assertThrows(InvalidArgumentException.class, () -> SparseModel.load(view)).details();
            assertEquals("bytes", details.argumentName());
        }
        byte[] bad = good.clone();
        bad[8] = 2;
        assertEquals(2, refused(Status.INVALID_ARGUMENT, 1, "bytes", 8,
                () -> SparseModel.load(memory.bytes(bad).view)).integer());
        bad[8] = 1;
        bad[56] ^= 4;
        refused(Status.INVALID_ARGUMENT, 1, "bytes", good.length - 8,
                () -> SparseModel.load(memory.bytes(bad).view));
        SparseModel.load(memory.bytes(good).view).close();
    }

    @Test
    void closedModel() {
        model.close();
        closed(1, "model", () -> model.predict(rows, logits, null));
        closed(1, "model", () -> learn(rows, targets));
        closed(1, "model", () -> model.weights(MutableFloats.of(new float[C])));
        closed(1, "model", () -> model.nonzero(MutableInts.of(), MutableFloats.of()));
        closed(1, "model", () -> model.save(MutableBytes.of()));
        closed(1, "model", model::intercept);
        closed(1, "model", model::nonzeros);
        closed(1, "model", model::savedBytes);
        assertEquals(C, model.features());
    }
}
