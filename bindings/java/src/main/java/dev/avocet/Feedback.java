package dev.avocet;

/**
 * Labels that arrive late: the importance weights of thirteen methods, and what one of them serves. The rows come from
 * a {@link Stream}.
 */
public final class Feedback {
    private static final Handle.Arguments WEIGHTS = Handle.Arguments.of("9 pool");
    private static final Handle.Arguments SERVED = Handle.Arguments.of("4 pool");

    private Feedback() {}

    /**
     * Writes the coefficients of each row for {@link LogisticTargets#coefficients}. With f the sigmoid of the model's
     * {@code logits}, d that of {@code first}, which stands for P(converts after the window), and r that of
     * {@code second}, P(never converts | not within the window), the formulas stand with each {@link FeedbackMethod}.
     * All arrays have one length; {@code kinds} are {@link RowKind#code codes}; {@code logits}, {@code first} and
     * {@code second} may be null where the method's formulas do not name them.
     *
     * <p>An unknown kind is found on the way: {@code a} and {@code b} are unspecified then.
     *
     * C: {@code avocet_feedback_weights}
     */
    public static void weights(
            FeedbackScheme scheme, Bytes kinds, Floats logits, Floats first, Floats second, MutableFloats a,
            MutableFloats b, Pool pool) {
        Failures.notNull(scheme, 1, "scheme");
        Failures.notNull(kinds, 2, "kinds");
        Failures.notNull(a, 6, "a");
        Failures.notNull(b, 7, "b");
        long rows = kinds.length();
        Failures.length(logits, rows, 3, "logits");
        Failures.length(first, rows, 4, "first");
        Failures.length(second, rows, 5, "second");
        Failures.length(a, rows, 6, "a");
        Failures.length(b, rows, 7, "b");
        Floats x = Floats.orNone(logits);
        Floats d = Floats.orNone(first);
        Floats r = Floats.orNone(second);
        WEIGHTS.enter(pool);
        try {
            Native.feedbackWeights(scheme.method.ordinal(), scheme.joint ? 1 : 0, scheme.clipLow, scheme.clipHigh,
                    kinds.base, kinds.at, rows, x.base, x.at, x.length(), d.base, d.at, d.length(),
                    r.base, r.at, r.length(), a.base, a.at, a.length(), b.base, b.at, b.length(),
                    Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * What FNC serves in place of its own probability q: {@code out[i] = q / (1 - q)}, at most 1, which is
     * {@code min(e^logit, 1)}. Both arrays have one length and do not overlap.
     *
     * C: {@code avocet_feedback_served}
     */
    public static void served(Floats logits, MutableFloats out, Pool pool) {
        Failures.notNull(logits, 1, "logits");
        Failures.notNull(out, 2, "out");
        Failures.length(out, logits.length(), 2, "out");
        SERVED.enter(pool);
        try {
            Native.feedbackServed(logits.base, logits.at, logits.length(), out.base, out.at, out.length(),
                    Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }
}
