package dev.avocet;

/**
 * The sums of {@link Logistic#dense} that are single numbers; those by the intercept are 0 where the output that they
 * belong to is not wanted. Immutable.
 */
public final class LogisticSums {
    private final double loss;
    private final double gradient;
    private final double curvature;
    private final double product;

    LogisticSums(double[] sums) {
        loss = sums[0];
        gradient = sums[1];
        curvature = sums[2];
        product = sums[3];
    }

    /** The sum of the losses. */
    public double loss() {
        return loss;
    }

    /** The gradient by the intercept. */
    public double gradient() {
        return gradient;
    }

    /** The second derivative by the intercept. */
    public double curvature() {
        return curvature;
    }

    /** The part of the Hessian-vector product for the intercept. */
    public double product() {
        return product;
    }
}
