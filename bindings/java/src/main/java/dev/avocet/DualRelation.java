package dev.avocet;

/**
 * A relation of a {@link DualLayer}. Immutable; each method gives a relation with one more part.
 */
public final class DualRelation {
    final Graph out;
    final Graph into;
    final Floats outScale;
    final Floats intoScale;
    final Matrix across;
    final Matrix along;

    private DualRelation(Graph out, Graph into, Floats outScale, Floats intoScale, Matrix across, Matrix along) {
        this.out = out;
        this.into = into;
        this.outScale = outScale;
        this.intoScale = intoScale;
        this.across = across;
        this.along = along;
    }

    /**
     * Row i of {@code out} holds the targets, row i of {@code into} the sources that output row i reads: {@code r x n}.
     * {@code across} are the weights W from the counterpart's rows, {@code d x m}.
     */
    public static DualRelation of(Graph out, Graph into, Matrix across) {
        Failures.notNull(out, 1, "layer.relations.out");
        Failures.notNull(into, 1, "layer.relations.into");
        Failures.notNull(across, 1, "layer.relations.across");
        return new DualRelation(out, into, null, null, across, null);
    }

    /** A factor for each row of {@code out}; null stands for ones. */
    public DualRelation outScale(Floats outScale) {
        Failures.length(outScale, out.rows(), 1, "layer.relations.out_scale");
        return new DualRelation(out, into, outScale, intoScale, across, along);
    }

    /** A factor for each row of {@code into}; null stands for ones. */
    public DualRelation intoScale(Floats intoScale) {
        Failures.length(intoScale, into.rows(), 1, "layer.relations.into_scale");
        return new DualRelation(out, into, outScale, intoScale, across, along);
    }

    /** The weights U from the like rows, {@code d x m}; null if the relation does not join like to like. */
    public DualRelation along(Matrix along) {
        return new DualRelation(out, into, outScale, intoScale, across, along);
    }
}
