package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/**
 * An array of {@code short} to read, the bits of 16-bit floating-point numbers: a Java array, a buffer, or memory at an
 * address. Immutable, and never a copy.
 */
public class Shorts extends View {
    Shorts(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static Shorts of(short... array) {
        Failures.notNull(array, 0, "array");
        return new Shorts(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static Shorts of(short[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new Shorts(array, heap(array.length, offset, length, Short.BYTES), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is direct and in native order, or wraps
     * an array.
     */
    public static Shorts of(ShortBuffer buffer) {
        return new Shorts(base(buffer, false), at(buffer, Short.BYTES), buffer.remaining());
    }

    /**
     * A direct buffer in native order, from its position to its limit.
     */
    public static Shorts of(ByteBuffer buffer) {
        return new Shorts(bytes(buffer, false, Short.BYTES), at(buffer, 1), buffer.remaining() / Short.BYTES);
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static Shorts ofAddress(long address, long length) {
        return new Shorts(null, address(address, length, Short.BYTES), length);
    }

    /**
     * A part of this view.
     */
    public Shorts slice(long offset, long length) {
        return new Shorts(base, part(this, offset, length, Short.BYTES), length);
    }

    static Object base(ShortBuffer buffer, boolean written) {
        Failures.notNull(buffer, 0, "buffer");
        return base(buffer, buffer.order(), written, buffer.hasArray() ? buffer.array() : null);
    }
}
