package dev.avocet;

/**
 * One addend {@code x * w} of {@link Dense#product}: {@code n x k} rows and {@code k x m} weights. Immutable.
 */
public final class Addend {
    final Matrix x;
    final Matrix w;
    final boolean transposed;

    private Addend(Matrix x, Matrix w, boolean transposed) {
        Failures.notNull(x, 1, "addends.x");
        Failures.notNull(w, 1, "addends.w");
        this.x = x;
        this.w = w;
        this.transposed = transposed;
    }

    /** The addend {@code x * w}. */
    public static Addend of(Matrix x, Matrix w) {
        return new Addend(x, w, false);
    }

    /** The addend {@code x * w} of weights that are given transposed, {@code m x k}. */
    public static Addend ofTransposed(Matrix x, Matrix w) {
        return new Addend(x, w, true);
    }
}
