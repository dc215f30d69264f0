package dev.avocet;

/**
 * What {@link Score#edgeLoss} computes. Immutable.
 */
public final class EdgeLoss {
    private final double loss;
    private final double temperatureGradient;
    private final double offsetGradient;

    EdgeLoss(double[] sums) {
        loss = sums[0];
        temperatureGradient = sums[1];
        offsetGradient = sums[2];
    }

    /** The sum of the weighted losses. */
    public double loss() {
        return loss;
    }

    /** Its derivative with respect to the temperature. */
    public double temperatureGradient() {
        return temperatureGradient;
    }

    /** Its derivative with respect to the offset. */
    public double offsetGradient() {
        return offsetGradient;
    }
}
