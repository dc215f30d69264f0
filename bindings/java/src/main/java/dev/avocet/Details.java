package dev.avocet;

/**
 * Why a call was refused. Immutable.
 */
public final class Details {
    /** Which of {@link #integer} and {@link #real} is the offending value. */
    public enum Value {
        /** Neither. */
        NONE,
        /** The integer. */
        INTEGER,
        /** The real number. */
        REAL
    }

    /** What the C library says of that status, and cannot be asked for then. */
    static final String INCOMPATIBLE = "the library is of another version";

    private final Status status;
    private final int argument;
    private final String argumentName;
    private final long position;
    private final Value value;
    private final long integer;
    private final double real;

    Details(Status status, int argument, String argumentName, long position, Value value, long integer, double real) {
        this.status = status;
        this.argument = argument;
        this.argumentName = argumentName;
        this.position = position;
        this.value = value;
        this.integer = integer;
        this.real = real;
    }

    /**
     * The status.
     */
    public Status status() {
        return status;
    }

    /**
     * The number of the argument at fault in the C function, the first being 1; 0 if none is, or if it is an argument
     * of a method that has no counterpart in C.
     */
    public int argument() {
        return argument;
    }

    /**
     * The argument at fault with its field, as the C function names it, such as "csr.indices"; empty if there is none.
     */
    public String argumentName() {
        return argumentName;
    }

    /**
     * The first bad position within the argument; 0 where it has none.
     */
    public long position() {
        return position;
    }

    /**
     * Which of {@link #integer} and {@link #real} is the offending value.
     */
    public Value value() {
        return value;
    }

    /**
     * The offending value if it is an index, a size, a count or an enum value; else 0.
     */
    public long integer() {
        return integer;
    }

    /**
     * The offending value if it is a floating-point value; else 0.
     */
    public double real() {
        return real;
    }

    /**
     * The description that the C library gives, such as "index out of range: argument 1 (csr.indices), position 7,
     * value 12".
     *
     * C: {@code avocet_error_format}
     */
    @Override
    public String toString() {
        return status == Status.INCOMPATIBLE_LIBRARY ? INCOMPATIBLE : Native.errorFormat(
                status.code(), argument, value.ordinal(), position, integer, real, argumentName);
    }
}
