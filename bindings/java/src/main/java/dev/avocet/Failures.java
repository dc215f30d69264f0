package dev.avocet;

/** Makes the exceptions. */
final class Failures {
    private Failures() {}

    /** Called by the native part with what the C library said. */
    static Throwable make(
            int code, int argument, String name, long position, int value, long integer, double real, String text) {
        Status status = Status.of(code);
        Details details =
                new Details(status, argument, name, position, Details.Value.values()[value], integer, real);
        switch (status) {
            case NULL_POINTER:
                return new NullArgumentException(text, details);
            case INDEX_OUT_OF_RANGE:
                return new IndexException(text, details);
            case OUT_OF_MEMORY:
                return new NativeMemoryError(text, details);
            case THREADS_UNAVAILABLE:
                return new ThreadsUnavailableException(text, details);
            case INFEASIBLE:
            case WORK_LIMIT:
                return new SearchException(text, details);
            case INTERNAL:
                return new DefectError(text, details);
            default:
                return new InvalidArgumentException(text, details);
        }
    }

    static InvalidArgumentException invalid(Status status, int argument, String name, String reason) {
        Details details = new Details(status, argument, name, 0, Details.Value.NONE, 0, 0);
        return new InvalidArgumentException(message(details, reason), details);
    }

    static InvalidArgumentException invalid(
            Status status, int argument, String name, long position, long found, String reason) {
        Details details = new Details(status, argument, name, position, Details.Value.INTEGER, found, 0);
        return new InvalidArgumentException(message(details, reason), details);
    }

    static IndexException index(int argument, String name, long position, long found, String reason) {
        Details details =
                new Details(Status.INDEX_OUT_OF_RANGE, argument, name, position, Details.Value.INTEGER, found, 0);
        return new IndexException(message(details, reason), details);
    }

    static HandleException handle(int argument, String name, String reason) {
        Details details = new Details(Status.INVALID_ARGUMENT, argument, name, 0, Details.Value.NONE, 0, 0);
        return new HandleException(message(details, reason), details);
    }

    /** Refuses null. */
    static void notNull(Object object, int argument, String name) {
        notNull(object, argument, name, 0);
    }

    static void notNull(Object object, int argument, String name, long position) {
        if (object == null) {
            Details details =
                    new Details(Status.NULL_POINTER, argument, name, position, Details.Value.NONE, 0, 0);
            throw new NullArgumentException(message(details, null), details);
        }
    }

    /**
     * Refuses an array that is shorter or longer than its shape, and one at the address 0, which C could take for one that
     * is not wanted. Null is not there, and passes.
     */
    static void length(View view, long needed, int argument, String name) {
        length(view, needed, argument, name, 0);
    }

    static void length(View view, long needed, int argument, String name, long position) {
        if (view != null && view.length() != needed) {
            throw invalid(Status.SHAPE_MISMATCH, argument, name, position, view.length(), "needed are " + needed);
        }
        if (view != null && view.at == 0 && needed > 0) {
            notNull(null, argument, name, position);
        }
    }

    /** Refuses a size below 0. */
    static void size(long size, int argument, String name) {
        if (size < 0) {
            throw invalid(Status.INVALID_ARGUMENT, argument, name, 0, size, "negative");
        }
    }

    /** Refuses a factor whose product with another overflows; neither is below 0. */
    static void product(long other, long factor, int argument, String name) {
        if (other > 0 && factor > Long.MAX_VALUE / other) {
            throw invalid(Status.SIZE_OVERFLOW, argument, name, 0, factor, null);
        }
    }

    /** Refuses an index below 0. */
    static void index(long index, int argument, String name) {
        if (index < 0) {
            throw index(argument, name, 0, index, "negative");
        }
    }

    /** Refuses parts that are not as many as their numbers of rows, and numbers below 0. */
    static void parts(long[] rows, Object[] parts, String name) {
        notNull(rows, 1, "rows");
        notNull(parts, 2, name);
        if (parts.length != rows.length) {
            throw invalid(Status.SHAPE_MISMATCH, 2, name, 0, parts.length, "needed are " + rows.length);
        }
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] < 0) {
                throw invalid(Status.INVALID_ARGUMENT, 1, "rows", i, rows[i], "negative");
            }
            notNull(parts[i], 2, name, i);
        }
    }

    private static String message(Details details, String reason) {
        return reason == null ? details.toString() : details + ": " + reason;
    }
}
