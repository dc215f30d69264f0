package dev.avocet;

/**
 * Options of {@link Aggregate#aggregate}. Immutable; each method gives options with one more set.
 */
public final class AggregateOptions {
    /** The sum, of plain rows, in place of what the output holds. */
    public static final AggregateOptions DEFAULT = new AggregateOptions(Reduce.SUM, false, null, null, null);

    final Reduce reduce;
    final boolean accumulate;
    final Floats edgeWeights;
    final Floats sourceScale;
    final Floats rowScale;

    private AggregateOptions(
            Reduce reduce, boolean accumulate, Floats edgeWeights, Floats sourceScale, Floats rowScale) {
        this.reduce = reduce;
        this.accumulate = accumulate;
        this.edgeWeights = edgeWeights;
        this.sourceScale = sourceScale;
        this.rowScale = rowScale;
    }

    /** Sum or mean. */
    public AggregateOptions reduce(Reduce reduce) {
        Failures.notNull(reduce, 3, "options.reduce");
        return new AggregateOptions(reduce, accumulate, edgeWeights, sourceScale, rowScale);
    }

    /** Whether to add to what the output holds. */
    public AggregateOptions accumulate(boolean accumulate) {
        return new AggregateOptions(reduce, accumulate, edgeWeights, sourceScale, rowScale);
    }

    /** A weight of any sign by edge number, {@link Graph#edgeIdLimit} values; null stands for ones. */
    public AggregateOptions edgeWeights(Floats edgeWeights) {
        return new AggregateOptions(reduce, accumulate, edgeWeights, sourceScale, rowScale);
    }

    /** A factor for each source row, one for each column of the graph; null stands for ones. */
    public AggregateOptions sourceScale(Floats sourceScale) {
        return new AggregateOptions(reduce, accumulate, edgeWeights, sourceScale, rowScale);
    }

    /** A factor for each output row, one for each row of the graph; null stands for ones. */
    public AggregateOptions rowScale(Floats rowScale) {
        return new AggregateOptions(reduce, accumulate, edgeWeights, sourceScale, rowScale);
    }
}
