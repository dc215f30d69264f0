package dev.avocet;

/**
 * What {@link Threshold#single} found. Immutable.
 */
public final class SingleThreshold {
    private final float threshold;
    private final Solution solution;

    SingleThreshold(float threshold, Solution solution) {
        this.threshold = threshold;
        this.solution = solution;
    }

    /** The least score that passes; infinity if none does. */
    public float threshold() {
        return threshold;
    }

    /** What passes with it, and whether there is an answer. */
    public Solution solution() {
        return solution;
    }
}
