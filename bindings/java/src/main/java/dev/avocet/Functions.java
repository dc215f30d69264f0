package dev.avocet;

/**
 * Functions of one variable on arrays.
 */
public final class Functions {
    private static final Handle.Arguments MAP = Handle.Arguments.of("5 pool");

    private Functions() {}

    /**
     * {@code out[i] = f(x[i])}. Both arrays have one length and do not overlap.
     *
     * C: {@code avocet_map}
     */
    public static void map(Function function, Floats x, MutableFloats out, Pool pool) {
        Failures.notNull(function, 1, "function");
        Failures.notNull(x, 2, "x");
        Failures.notNull(out, 3, "out");
        Failures.length(out, x.length(), 3, "out");
        MAP.enter(pool);
        try {
            Native.map(function.ordinal(), x.base, x.at, x.length(), out.base, out.at, out.length(),
                    Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }
}
