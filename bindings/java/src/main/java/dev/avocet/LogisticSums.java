package dev.avocet;

/**
 * The sums of {@link Logistic#batch} that are single numbers; those by the intercept are 0 where the output that they
 * belong to is not wanted. A call may write to one again and again, and writes to none when it throws.
 */
public final class LogisticSums {
    final double[] values = new double[4];

    /** Zeros. */
    public LogisticSums() {}

    /** Sums that were computed elsewhere. */
    public LogisticSums(double loss, double gradient, double curvature, double product) {
        values[0] = loss;
        values[1] = gradient;
        values[2] = curvature;
        values[3] = product;
    }

    /** The sum of the losses. */
    public double loss() {
        return values[0];
    }

    /** The gradient by the intercept. */
    public double gradient() {
        return values[1];
    }

    /** The second derivative by the intercept. */
    public double curvature() {
        return values[2];
    }

    /** The part of the Hessian-vector product for the intercept. */
    public double product() {
        return values[3];
    }
}
