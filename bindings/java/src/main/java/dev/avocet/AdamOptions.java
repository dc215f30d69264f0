package dev.avocet;

/**
 * Options of {@link Optim#adam}. A zero stands for the default; 1e-38f has the effect of a zero. Immutable; each
 * method gives options with one more set.
 */
public final class AdamOptions {
    /** 0.9, 0.999 and 1e-8. */
    public static final AdamOptions DEFAULT = new AdamOptions(0, 0, 0);

    final float beta1;
    final float beta2;
    final float epsilon;

    private AdamOptions(float beta1, float beta2, float epsilon) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
    }

    /** Decay of the first moment, below 1. */
    public AdamOptions beta1(float beta1) {
        return new AdamOptions(beta1, beta2, epsilon);
    }

    /** Decay of the second moment, below 1. */
    public AdamOptions beta2(float beta2) {
        return new AdamOptions(beta1, beta2, epsilon);
    }

    /** Added to the root of the second moment. */
    public AdamOptions epsilon(float epsilon) {
        return new AdamOptions(beta1, beta2, epsilon);
    }
}
