package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * An array of {@code long} to read: a Java array, a buffer, or memory at an address. Immutable, and never a copy.
 */
public class Longs extends View {
    /** No array. */
    static final Longs NONE = new Longs(null, 0, 0);

    Longs(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static Longs of(long... array) {
        Failures.notNull(array, 0, "array");
        return new Longs(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static Longs of(long[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new Longs(array, heap(array.length, offset, length, Long.BYTES), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is direct and in native order, or wraps
     * an array.
     */
    public static Longs of(LongBuffer buffer) {
        return new Longs(base(buffer, false), at(buffer, Long.BYTES), buffer.remaining());
    }

    /**
     * A direct buffer in native order, from its position to its limit.
     */
    public static Longs of(ByteBuffer buffer) {
        return new Longs(bytes(buffer, false, Long.BYTES), at(buffer, 1), buffer.remaining() / Long.BYTES);
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static Longs ofAddress(long address, long length) {
        return new Longs(null, address(address, length, Long.BYTES), length);
    }

    /**
     * A part of this view.
     */
    public Longs slice(long offset, long length) {
        return new Longs(base, part(this, offset, length, Long.BYTES), length);
    }

    static Object base(LongBuffer buffer, boolean written) {
        Failures.notNull(buffer, 0, "buffer");
        return base(buffer, buffer.order(), written, buffer.hasArray() ? buffer.array() : null);
    }

    static Longs orNone(Longs view) {
        return view == null ? NONE : view;
    }
}
