package dev.avocet;

import static dev.avocet.Golden.floats;

import java.util.stream.IntStream;

/** The golden cases of conversions and of scores of rows in any type. */
final class RowsGolden {
    private static final int D = 70;

    private final Memory memory;
    private final Pool pool;
    private final Golden.Sink to;

    RowsGolden(Memory memory, Pool pool, Golden.Sink to) {
        this.memory = memory;
        this.pool = pool;
        this.to = to;
    }

    void run() {
        conversions();
        scores();
    }

    /** Rows as each of the narrow types. */
    private final class Narrow {
        final MutableMatrix16 halves;
        final MutableMatrix16 brains;
        final Memory.B bytes;
        final Matrix8 integers;
        final Memory.F scales;

        Narrow(Matrix x) {
            int rows = (int) x.rows;
            halves = MutableMatrix16.f16(memory.shorts(new short[rows * D]).view, rows, D);
            brains = MutableMatrix16.bf16(memory.shorts(new short[rows * D]).view, rows, D);
            bytes = memory.bytes(new byte[rows * D]);
            scales = memory.floats(rows);
            MutableMatrix8 out = MutableMatrix8.of(bytes.view, rows, D);
            integers = out;
            Convert.convert(x, halves, pool);
            Convert.convert(x, brains, pool);
            Convert.quantizeRows(x, out, scales.view, pool);
        }
    }

    private void conversions() {
        Random random = new Random(34);
        int n = 20_000;
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = Float.intBitsToFloat((int) (random.bits() >>> 32));
        }
        Matrix x = memory.floats(values).matrix(100);
        Memory.S halves = memory.shorts(new short[n]);
        Memory.S brains = memory.shorts(new short[n]);
        Memory.F low = memory.floats(n);
        Memory.F high = memory.floats(n);
        MutableMatrix16 f16 = MutableMatrix16.f16(halves.view, 100, 200);
        MutableMatrix16 bf16 = MutableMatrix16.bf16(brains.view, 100, 200);
        Convert.convert(x, f16, pool);
        Convert.convert(x, bf16, pool);
        Convert.convert(f16, low.matrix(100), pool);
        Convert.convert(bf16, high.matrix(100), pool);
        to.add("convert", floats(low.get(), high.get()), new int[][] {words(halves.get()), words(brains.get())});

        int rows = 300;
        Matrix some = memory.floats(random.values(rows * D)).matrix(rows);
        Narrow narrow = new Narrow(some);
        Memory.F back = memory.floats(rows * D);
        Convert.dequantizeRows(narrow.integers, narrow.scales.view, back.matrix(rows), pool);
        byte[] integers = narrow.bytes.get();
        to.add("quantize_rows", floats(narrow.scales.get(), back.get()),
                new int[][] {IntStream.range(0, integers.length).map(i -> integers[i]).toArray()});
        Memory.F norms = memory.floats(rows);
        Convert.rowNorms(some, norms.view, pool);
        to.add("row_norms", floats(norms.get()), new int[0][]);
    }

    private static int[] words(short[] bits) {
        return IntStream.range(0, bits.length).map(i -> Short.toUnsignedInt(bits[i])).toArray();
    }

    private void scores() {
        Random random = new Random(35);
        int rows = 300;
        int cols = 500;
        Matrix x = memory.floats(random.values(rows * D)).matrix(rows);
        Matrix y = memory.floats(random.values(cols * D)).matrix(cols);
        Indices u = Indices.u32(memory.ints(random.below(rows, 8000)).view);
        Indices v = Indices.u32(memory.ints(random.below(cols, 8000)).view);
        Narrow left = new Narrow(x);
        Narrow right = new Narrow(y);
        ScoreTables integers = ScoreTables.of(left.integers, left.scales.view, right.integers, right.scales.view);
        pairs("score_pairs_mixed", ScoreTables.of(left.halves, right.brains), u, v);
        pairs("score_pairs_cosine", ScoreTables.of(x, right.brains).metric(ScoreMetric.COSINE), u, v);
        pairs("score_pairs_int8", integers, u, v);
        pairs("score_pairs_int8_cosine", integers.metric(ScoreMetric.COSINE), u, v);
        pairs("score_pairs_two_tables", integers.second(left.halves, right.halves, .75f, -1.5f), u, v);

        long[] offsets = new long[rows + 1];
        int[][] candidates = new int[rows][];
        for (int i = 0; i < rows; i++) {
            candidates[i] = random.below(cols, random.below(60));
            offsets[i + 1] = offsets[i] + candidates[i].length;
        }
        int[] all = IntStream.range(0, rows).flatMap(i -> IntStream.of(candidates[i])).toArray();
        Memory.F out = memory.floats(all.length);
        Score.candidates(left.brains, right.brains, Indices.i64(memory.longs(offsets).view),
                Indices.u32(memory.ints(all).view), out.view, pool);
        to.add("score_candidates", floats(out.get()), new int[0][]);
        Memory.F square = memory.floats(rows * cols);
        Score.matrix(ScoreTables.of(left.halves, y).metric(ScoreMetric.COSINE), square.matrix(rows), pool);
        to.add("score_matrix", floats(square.get()), new int[0][]);
    }

    private void pairs(String name, ScoreTables tables, Indices u, Indices v) {
        Memory.F out = memory.floats(8000);
        Score.pairs(tables, u, v, out.view, pool);
        to.add(name, floats(out.get()), new int[0][]);
    }
}
