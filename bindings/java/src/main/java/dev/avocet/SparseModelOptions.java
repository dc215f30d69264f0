package dev.avocet;

/**
 * Options of {@link SparseModel#create}. A zero stands for the default. Immutable; each method gives options with one
 * more set.
 */
public final class SparseModelOptions {
    final long features;
    final Optimiser optimiser;
    final boolean intercept;
    final float rate;
    final float beta;
    final float l1;
    final float l2;
    final float epsilon;

    private SparseModelOptions(
            long features, Optimiser optimiser, boolean intercept, float rate, float beta, float l1, float l2,
            float epsilon) {
        this.features = features;
        this.optimiser = optimiser;
        this.intercept = intercept;
        this.rate = rate;
        this.beta = beta;
        this.l1 = l1;
        this.l2 = l2;
        this.epsilon = epsilon;
    }

    /** A model of 1 to 2^28 features without an intercept, which learns by FTRL without penalties. */
    public static SparseModelOptions of(long features) {
        Failures.size(features, 1, "options.features");
        return new SparseModelOptions(features, Optimiser.FTRL, false, 0, 0, 0, 0, 0);
    }

    /** How the model learns. */
    public SparseModelOptions optimiser(Optimiser optimiser) {
        Failures.notNull(optimiser, 1, "options.optimiser");
        return new SparseModelOptions(features, optimiser, intercept, rate, beta, l1, l2, epsilon);
    }

    /** Whether the model has an intercept, which has no penalties. */
    public SparseModelOptions intercept(boolean intercept) {
        return new SparseModelOptions(features, optimiser, intercept, rate, beta, l1, l2, epsilon);
    }

    /** Learning rate (alpha in FTRL), above 0; by default .1. */
    public SparseModelOptions rate(float rate) {
        return new SparseModelOptions(features, optimiser, intercept, rate, beta, l1, l2, epsilon);
    }

    /** FTRL: holds back the rate of new coordinates, at least 0; by default 1. 1e-38f has the effect of a zero. */
    public SparseModelOptions beta(float beta) {
        return new SparseModelOptions(features, optimiser, intercept, rate, beta, l1, l2, epsilon);
    }

    /** FTRL: L1 penalty, at least 0; weights with little evidence are exactly 0. */
    public SparseModelOptions l1(float l1) {
        return new SparseModelOptions(features, optimiser, intercept, rate, beta, l1, l2, epsilon);
    }

    /** L2 penalty, at least 0. In Adagrad and SGD it decays a coordinate only when it is stepped. */
    public SparseModelOptions l2(float l2) {
        return new SparseModelOptions(features, optimiser, intercept, rate, beta, l1, l2, epsilon);
    }

    /** Adagrad: above 0; by default 1e-8. */
    public SparseModelOptions epsilon(float epsilon) {
        return new SparseModelOptions(features, optimiser, intercept, rate, beta, l1, l2, epsilon);
    }
}
