package dev.avocet;

/**
 * What {@link Metrics#calibration} computes: sums, so that those of several parts can be added. Immutable.
 */
public final class Calibration {
    private final double weight;
    private final double loss;
    private final double predicted;
    private final double observed;

    /**
     * Sums that were computed elsewhere.
     */
    public Calibration(double weight, double loss, double predicted, double observed) {
        this.weight = weight;
        this.loss = loss;
        this.predicted = predicted;
        this.observed = observed;
    }

    /** The sum of the weights. */
    public double weight() {
        return weight;
    }

    /** The sum of the weighted log losses, in nats. */
    public double loss() {
        return loss;
    }

    /** The sum of the weighted predictions. */
    public double predicted() {
        return predicted;
    }

    /** The sum of the weighted labels. */
    public double observed() {
        return observed;
    }

    /** The mean log loss; NaN without weight. */
    public double logLoss() {
        return loss / weight;
    }

    /** Predicted over observed: above 1 if the model promises too much; infinite or NaN without positives. */
    public double ratio() {
        return predicted / observed;
    }

    /**
     * The sums of both, each added to the other's; {@link Metrics#mergeCalibrations} gives the bits of one call.
     */
    public Calibration plus(Calibration other) {
        Failures.notNull(other, 0, "other");
        return new Calibration(weight + other.weight, loss + other.loss, predicted + other.predicted,
                observed + other.observed);
    }
}
