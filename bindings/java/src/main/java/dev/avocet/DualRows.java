package dev.avocet;

/**
 * What {@link Dual#forward} writes. Immutable.
 */
public final class DualRows {
    final long[] numbers;
    final Object[] bases;
    final boolean withNorms;

    private DualRows(MutableMatrix sources, MutableMatrix targets, MutableFloats sourceNorms, MutableFloats targetNorms) {
        Failures.notNull(sources, 2, "out.sources");
        Failures.notNull(targets, 2, "out.targets");
        Failures.length(sourceNorms, sources.rows, 2, "out.source_norms");
        Failures.length(targetNorms, targets.rows, 2, "out.target_norms");
        Pack pack = new Pack().matrix(sources).matrix(targets).floats(sourceNorms).floats(targetNorms);
        numbers = pack.numbers();
        bases = pack.bases();
        withNorms = sourceNorms != null;
    }

    /** S' and T', {@code r x m}, of a layer that does not normalise. */
    public static DualRows of(MutableMatrix sources, MutableMatrix targets) {
        return new DualRows(sources, targets, null, null);
    }

    /** S' and T', {@code r x m}, and the norms of their rows before the division, {@code r} values each. */
    public static DualRows of(
            MutableMatrix sources, MutableMatrix targets, MutableFloats sourceNorms, MutableFloats targetNorms) {
        Failures.notNull(sourceNorms, 2, "out.source_norms");
        Failures.notNull(targetNorms, 2, "out.target_norms");
        return new DualRows(sources, targets, sourceNorms, targetNorms);
    }
}
