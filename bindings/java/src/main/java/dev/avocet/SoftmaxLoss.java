package dev.avocet;

/**
 * What {@link Score#softmaxLoss} computes. Immutable.
 */
public final class SoftmaxLoss {
    private final double loss;
    private final double temperatureGradient;

    SoftmaxLoss(double[] sums) {
        loss = sums[0];
        temperatureGradient = sums[1];
    }

    /** The sum of the weighted losses. */
    public double loss() {
        return loss;
    }

    /** Its derivative with respect to the temperature. */
    public double temperatureGradient() {
        return temperatureGradient;
    }
}
