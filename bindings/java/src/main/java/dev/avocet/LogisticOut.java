package dev.avocet;

/**
 * What {@link Logistic#batch} writes, null for what is not wanted. Immutable; each method gives one output more.
 */
public final class LogisticOut {
    /** No arrays: only the sum of the losses. */
    public static final LogisticOut NONE = new LogisticOut(null, null, null, null, null, 0);

    final MutableFloats margins;
    final MutableFloats gradient;
    final MutableFloats curvature;
    final MutableFloats product;
    final Floats along;
    final float alongIntercept;

    private LogisticOut(
            MutableFloats margins, MutableFloats gradient, MutableFloats curvature, MutableFloats product,
            Floats along, float alongIntercept) {
        this.margins = margins;
        this.gradient = gradient;
        this.curvature = curvature;
        this.product = product;
        this.along = along;
        this.alongIntercept = alongIntercept;
    }

    /** The margin of each row, its logit. */
    public LogisticOut margins(MutableFloats margins) {
        return new LogisticOut(margins, gradient, curvature, product, along, alongIntercept);
    }

    /** The gradient by the weights; as many values as weights. */
    public LogisticOut gradient(MutableFloats gradient) {
        return new LogisticOut(margins, gradient, curvature, product, along, alongIntercept);
    }

    /** The diagonal of the Hessian; as many values as weights. */
    public LogisticOut curvature(MutableFloats curvature) {
        return new LogisticOut(margins, gradient, curvature, product, along, alongIntercept);
    }

    /** The Hessian times the vector {@code (along, alongIntercept)}; each as many values as weights. */
    public LogisticOut product(MutableFloats product, Floats along, float alongIntercept) {
        Failures.notNull(product, 3, "out.product");
        Failures.notNull(along, 3, "out.along");
        return new LogisticOut(margins, gradient, curvature, product, along, alongIntercept);
    }
}
