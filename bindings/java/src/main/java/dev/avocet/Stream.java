package dev.avocet;

/**
 * The rows of a stream with delayed conversions, in the order of the time at which a learner may use them. It never
 * changes, so any number of threads may read one at once.
 *
 * <p>Its size stays known when it is closed.
 */
public final class Stream extends Handle {
    /** The time of what does not happen. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final Arguments STREAM = Arguments.of("1 stream");

    private final long rows;

    /** Takes a stream of the C library. */
    private Stream(long address) {
        super(address, Native::streamDestroy, "stream", false);
        rows = Native.streamRows(address);
    }

    /**
     * Builds the stream of a protocol from clicks: when each was, when it converted, not before the click, and when its
     * early signal came (null stands for none); in any unit, {@link #NEVER} for what does not happen. {@code window} is
     * how long a first row waits, {@code attribution} how long a conversion counts; a later one is none. All arrays
     * have one length. Allocates 14 bytes a row.
     *
     * C: {@code avocet_stream_create}
     */
    public static Stream create(
            Protocol protocol, Longs times, Longs conversions, Longs signals, long window, long attribution) {
        Failures.notNull(protocol, 1, "protocol");
        Failures.notNull(times, 2, "times");
        Failures.notNull(conversions, 3, "conversions");
        Failures.length(conversions, times.length(), 3, "conversions");
        Failures.length(signals, times.length(), 4, "signals");
        Longs known = Longs.orNone(signals);
        return new Stream(Native.streamCreate(protocol.ordinal(), times.base, times.at, times.length(),
                conversions.base, conversions.at, conversions.length(), known.base, known.at, known.length(),
                window, attribution));
    }

    /**
     * The number of rows.
     *
     * C: {@code avocet_stream_rows}
     */
    public long rows() {
        return rows;
    }

    /**
     * Copies the rows: when each may be used, the position of its click, its kind ({@link RowKind#code}), and 1 if the
     * click's signal had come when its window ended, else 0. Each array holds {@link #rows} values; any may be null.
     *
     * C: {@code avocet_stream_copy}
     */
    public void copy(MutableLongs times, MutableInts clicks, MutableBytes kinds, MutableBytes signals) {
        Failures.length(times, rows, 2, "times");
        Failures.length(clicks, rows, 3, "clicks");
        Failures.length(kinds, rows, 4, "kinds");
        Failures.length(signals, rows, 5, "signals");
        MutableLongs t = MutableLongs.orNone(times);
        MutableInts c = MutableInts.orNone(clicks);
        MutableBytes k = MutableBytes.orNone(kinds);
        MutableBytes s = MutableBytes.orNone(signals);
        STREAM.enter(this);
        try {
            Native.streamCopy(address(this), t.base, t.at, t.length(), c.base, c.at, c.length(),
                    k.base, k.at, k.length(), s.base, s.at, s.length(), rows);
        } finally {
            exit();
        }
    }
}
