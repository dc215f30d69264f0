package dev.avocet;

/**
 * What {@link Logistic#fit} reached, beside the weights. Immutable.
 */
public final class LogisticFit {
    private final double loss;
    private final double gradient;
    private final long iterations;
    private final long passes;
    private final FitOutcome outcome;
    private final float intercept;

    LogisticFit(double[] figures) {
        loss = figures[0];
        gradient = figures[1];
        iterations = (long) figures[2];
        passes = (long) figures[3];
        outcome = FitOutcome.values()[(int) figures[4]];
        intercept = (float) figures[5];
    }

    /** The loss with the penalty. */
    public double loss() {
        return loss;
    }

    /** The greatest magnitude of a derivative, divided by the sum of all {@code |a| + |b|}. */
    public double gradient() {
        return gradient;
    }

    /** Steps taken. */
    public long iterations() {
        return iterations;
    }

    /** Passes over the rows. */
    public long passes() {
        return passes;
    }

    /** Why it ended. */
    public FitOutcome outcome() {
        return outcome;
    }

    /** The intercept. */
    public float intercept() {
        return intercept;
    }
}
