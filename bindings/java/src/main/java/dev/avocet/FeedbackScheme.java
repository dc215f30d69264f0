package dev.avocet;

/**
 * Which weights {@link Feedback#weights} gives. Immutable; each method gives a scheme with one thing more set.
 */
public final class FeedbackScheme {
    final FeedbackMethod method;
    final boolean joint;
    final float clipLow;
    final float clipHigh;

    private FeedbackScheme(FeedbackMethod method, boolean joint, float clipLow, float clipHigh) {
        this.method = method;
        this.joint = joint;
        this.clipLow = clipLow;
        this.clipHigh = clipHigh;
    }

    /** The published weights, with the method's own range of ratios. */
    public static FeedbackScheme of(FeedbackMethod method) {
        Failures.notNull(method, 1, "scheme.method");
        return new FeedbackScheme(method, false, 0, 0);
    }

    /**
     * Whether the weights are the joint ones, which also divide by the number of rows that a click gives on average,
     * and not the published ones, which correct P(y | x). They stay unbiased when the heads know signals that the model
     * does not.
     */
    public FeedbackScheme joint(boolean joint) {
        return new FeedbackScheme(method, joint, clipLow, clipHigh);
    }

    /**
     * The range of the ratios of positives in DEFER and FSIW, {@code 0 <= low <= high}. Two zeros stand for the
     * method's own: 1 to 3 in DEFER, any in FSIW.
     */
    public FeedbackScheme clip(float low, float high) {
        return new FeedbackScheme(method, joint, low, high);
    }
}
