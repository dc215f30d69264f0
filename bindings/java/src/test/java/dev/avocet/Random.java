package dev.avocet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** SplitMix64, as the golden vectors draw it. */
final class Random {
    private long state;

    Random(long seed) {
        state = seed;
    }

    long bits() {
        state += 0x9e3779b97f4a7c15L;
        long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    float value() {
        return (bits() >>> 40) * 0x1p-23f - 1;
    }

    float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = value();
        }
        return values;
    }

    int below(int limit) {
        return (int) Long.remainderUnsigned(bits(), limit);
    }

    int[] below(int limit, int count) {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = below(limit);
        }
        return values;
    }

    /** A graph whose row i has {@code degree(i)} random edges. */
    Graph graph(int rows, int cols, IntUnaryOperator degree, boolean sorted) {
        List<int[]> lists = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int[] row = below(cols, degree.applyAsInt(i));
            if (sorted) {
                Arrays.sort(row);
            }
            lists.add(row);
        }
        return graph(cols, lists.toArray(new int[0][]));
    }

    /** The graph of these rows. */
    static Graph graph(int cols, int[]... rows) {
        long[] offsets = new long[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            offsets[i + 1] = offsets[i] + rows[i].length;
        }
        int[] indices = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
        return Graph.create(cols, Indices.i64(offsets), Indices.u32(indices));
    }
}
