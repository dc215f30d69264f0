package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Small known results of the threshold family. */
class ThresholdTest {
    @Test
    void thin() {
        try (Grid grid = Grid.create(GridOptions.of(BinEdges.given(.5f), BinEdges.given(0, 1)), null);
                Buckets buckets = Buckets.create(grid, 1); Workspace workspace = new Workspace()) {
            buckets.add(ThresholdRows.of(Floats.of(-1, 0, .5f, 1, 2), Floats.of(0, 0, .5f, .5f, 1),
                    Labels.i8((byte) 0, (byte) 1, (byte) 0, (byte) 1, (byte) 1)), null, workspace);
            int[] thresholds = new int[2];
            Solution found = Threshold.search(Cells.counts(buckets, 0), Objective.recall(Ratio.of(3, 4)),
                    SearchOptions.DEFAULT, MutableInts.of(thresholds), workspace);
            assertArrayEquals(new int[] {1, 2}, thresholds);
            assertEquals(3, found.positive());
        }
    }
}
