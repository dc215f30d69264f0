package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** The outputs of a search of an index with two queries. */
final class IndexFound {
    final Memory.I ids;
    final Memory.F scores;
    final Memory.I counts;
    final Memory.I nans;
    final Memory.I survivors;
    final IndexLists view;

    IndexFound(Memory memory, int k) {
        ids = memory.ints(new int[2 * k]);
        scores = memory.floats(2 * k);
        counts = memory.ints(7, 7);
        nans = memory.ints(7, 7);
        survivors = memory.ints(7, 7);
        view = IndexLists.of(ids.view, scores.view, counts.view).nanCounts(nans.view).survivors(survivors.view);
    }

    void are(int[] wantedIds, float[] wantedScores, int... wantedCounts) {
        assertArrayEquals(wantedIds, ids.get());
        assertArrayEquals(wantedScores, scores.get());
        assertArrayEquals(wantedCounts, counts.get());
        assertArrayEquals(new int[2], nans.get());
    }
}
