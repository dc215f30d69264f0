package dev.avocet;

/**
 * How {@link Logistic#fit} works. A zero stands for the default. Immutable; each method gives options with one more set.
 */
public final class LogisticFitOptions {
    /** The defaults: no penalty, and an intercept that is learnt. */
    public static final LogisticFitOptions DEFAULT = new LogisticFitOptions(0, 0, 0, 0, false);

    final long iterations;
    final long history;
    final float l2;
    final float tolerance;
    final boolean fixedIntercept;

    private LogisticFitOptions(long iterations, long history, float l2, float tolerance, boolean fixedIntercept) {
        this.iterations = iterations;
        this.history = history;
        this.l2 = l2;
        this.tolerance = tolerance;
        this.fixedIntercept = fixedIntercept;
    }

    /** The most steps; by default 200. */
    public LogisticFitOptions iterations(long iterations) {
        Failures.size(iterations, 3, "options.iterations");
        return new LogisticFitOptions(iterations, history, l2, tolerance, fixedIntercept);
    }

    /** Steps that the approximation of the Hessian remembers, 1 to 64; by default 10. */
    public LogisticFitOptions history(long history) {
        Failures.size(history, 3, "options.history");
        return new LogisticFitOptions(iterations, history, l2, tolerance, fixedIntercept);
    }

    /** The penalty {@code l2 / 2 * |weights|^2}, beside the sum of the rows' losses; at least 0. */
    public LogisticFitOptions l2(float l2) {
        return new LogisticFitOptions(iterations, history, l2, tolerance, fixedIntercept);
    }

    /**
     * Ends when no derivative is above so much of the sum of all {@code |a| + |b|}; at least 0, by default 1e-5. 1e-38f
     * has the effect of a zero.
     */
    public LogisticFitOptions tolerance(float tolerance) {
        return new LogisticFitOptions(iterations, history, l2, tolerance, fixedIntercept);
    }

    /** Whether the intercept is left as it is. */
    public LogisticFitOptions fixedIntercept(boolean fixedIntercept) {
        return new LogisticFitOptions(iterations, history, l2, tolerance, fixedIntercept);
    }
}
