package dev.avocet;

/**
 * Steps of optimisers, in place.
 */
public final class Optim {
    private static final Handle.Arguments ADAM = Handle.Arguments.of("9 pool");
    private static final Handle.Arguments ADAGRAD = Handle.Arguments.of("7 pool");

    private Optim() {}

    /**
     * One step of Adam on each parameter, with g its gradient: {@code m = beta1 m + (1 - beta1) g},
     * {@code v = beta2 v + (1 - beta2) g^2},
     * {@code p = p - rate / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon)}. The four arrays have one
     * length; {@code step} counts from 1; moments start as zeros.
     *
     * C: {@code avocet_adam}
     */
    public static void adam(
            float rate, long step, AdamOptions options, MutableFloats parameters, Floats gradient,
            MutableFloats firstMoment, MutableFloats secondMoment, Pool pool) {
        Failures.size(step, 2, "step");
        Failures.notNull(options, 3, "options");
        Failures.notNull(parameters, 4, "parameters");
        Failures.notNull(gradient, 5, "gradient");
        Failures.notNull(firstMoment, 6, "first_moment");
        Failures.notNull(secondMoment, 7, "second_moment");
        Failures.length(gradient, parameters.length(), 5, "gradient");
        Failures.length(firstMoment, parameters.length(), 6, "first_moment");
        Failures.length(secondMoment, parameters.length(), 7, "second_moment");
        ADAM.enter(pool);
        try {
            Native.adam(rate, step, options.beta1, options.beta2, options.epsilon,
                    parameters.base, parameters.at, parameters.length(),
                    gradient.base, gradient.at, gradient.length(),
                    firstMoment.base, firstMoment.at, firstMoment.length(),
                    secondMoment.base, secondMoment.at, secondMoment.length(), Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }

    /**
     * One step of Adagrad on the rows of a table that a batch touched: {@code squares = squares + g^2},
     * {@code table = table - rate * g / (sqrt(squares) + epsilon)}. {@code table} and {@code squares} are
     * {@code n x d}; {@code rows} holds r row numbers in strictly ascending order, {@code gradient} is {@code r x d}.
     *
     * C: {@code avocet_adagrad_rows}
     */
    public static void adagradRows(
            float rate, float epsilon, Indices rows, Matrix gradient, MutableMatrix table, MutableMatrix squares,
            Pool pool) {
        Failures.notNull(rows, 3, "rows");
        Failures.notNull(gradient, 4, "gradient");
        Failures.notNull(table, 5, "table");
        Failures.notNull(squares, 6, "squares");
        ADAGRAD.enter(pool);
        try {
            Native.adagradRows(rate, epsilon, rows.base, rows.at, rows.length(), rows.code(),
                    gradient.base, gradient.at, gradient.rows, gradient.cols, gradient.stride,
                    table.base, table.at, table.rows, table.cols, table.stride,
                    squares.base, squares.at, squares.rows, squares.cols, squares.stride, Handle.address(pool));
        } finally {
            Handle.exit(pool);
        }
    }
}
