package dev.avocet;

/**
 * What a call of the C library returns: success, or why it refused.
 */
public enum Status {
    /** Success. */
    OK(0),
    /** Something that is needed is null. */
    NULL_POINTER(1),
    /** A value outside its allowed set, memory that is not aligned, a handle that cannot be used. */
    INVALID_ARGUMENT(2),
    /** Sizes that must agree do not; the integer is the size found. */
    SHAPE_MISMATCH(3),
    /** A size whose product overflows, or exceeds what the address space or an index type can hold. */
    SIZE_OVERFLOW(4),
    /** An index that is negative or not below its limit; position and integer say which. */
    INDEX_OUT_OF_RANGE(5),
    /** Offsets that do not start at 0, go down, or do not end at the number of edges. */
    INVALID_OFFSETS(6),
    /** Indices that must be in ascending order are not. */
    NOT_SORTED(7),
    /** NaN or infinity where a finite value is needed. */
    NOT_FINITE(8),
    /** An output overlaps another argument in memory. */
    OVERLAP(9),
    /** Never seen: the binding enlarges the workspace and calls again. */
    WORKSPACE_TOO_SMALL(10),
    /** Memory could not be allocated. */
    OUT_OF_MEMORY(11),
    /** The operating system refused a thread. */
    THREADS_UNAVAILABLE(12),
    /** Never seen: the binding makes the structs. */
    STRUCT_SIZE(13),
    /** The native part, or the C library in it, is of another version than this package. */
    INCOMPATIBLE_LIBRARY(14),
    /** No thresholds meet the constraint; the real is the best that there is: {@link Solution#best}. */
    INFEASIBLE(15),
    /** The work limit ended a search before it found thresholds, or that there are none. */
    WORK_LIMIT(16),
    /** A defect of the library, not of the call. Outputs are unspecified; everything else remains usable. */
    INTERNAL(99);

    private final int code;

    Status(int code) {
        this.code = code;
    }

    /** The status of a code; INTERNAL for one that this version does not know. */
    static Status of(int code) {
        for (Status status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return INTERNAL;
    }

    /**
     * The value of the constant in C.
     */
    public int code() {
        return code;
    }

    /**
     * The name of the constant in C, such as "AVOCET_ERROR_OVERLAP".
     *
     * C: {@code avocet_status_name}
     */
    public String constant() {
        return Native.statusName(code);
    }

    /**
     * A short English description.
     *
     * C: {@code avocet_status_message}
     */
    public String message() {
        return Native.statusMessage(code);
    }
}
