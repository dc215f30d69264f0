package dev.avocet;

/**
 * What {@link Dual#backward} writes, laid out for the call: make it once and use it often. Immutable.
 */
public final class DualGradients {
    final long[] numbers;
    final Object[] bases;

    private DualGradients(Pack pack) {
        numbers = pack.numbers();
        bases = pack.bases();
    }

    /**
     * The gradients with respect to S and T, {@code n x d}, which are overwritten; null for one that is not wanted. And
     * that of each weight matrix, {@code d x m}, in this order: Ws, Wt, W of each relation, U of those that have one.
     * They are added to what the matrices hold.
     */
    public static DualGradients of(MutableMatrix sources, MutableMatrix targets, MutableMatrix... weights) {
        Failures.notNull(weights, 3, "gradients.weights");
        if (weights.length > 2 + 2 * Dual.MAX_RELATIONS) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 3, "gradients.weight_count", 0, weights.length, null);
        }
        Pack pack = new Pack().matrix(sources).matrix(targets).number(weights.length);
        for (int i = 0; i < weights.length; i++) {
            Failures.notNull(weights[i], 3, "gradients.weights", i);
            pack.matrix(weights[i]);
        }
        return new DualGradients(pack);
    }
}
