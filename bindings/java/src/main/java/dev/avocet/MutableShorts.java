package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/**
 * An array of {@code short} to write, as {@link Shorts}.
 */
public final class MutableShorts extends Shorts {
    MutableShorts(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static MutableShorts of(short... array) {
        Failures.notNull(array, 0, "array");
        return new MutableShorts(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static MutableShorts of(short[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new MutableShorts(array, heap(array.length, offset, length, Short.BYTES), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is not read-only; it is direct and in
     * native order, or wraps an array.
     */
    public static MutableShorts of(ShortBuffer buffer) {
        return new MutableShorts(base(buffer, true), at(buffer, Short.BYTES), buffer.remaining());
    }

    /**
     * A direct buffer in native order that is not read-only, from its position to its limit.
     */
    public static MutableShorts of(ByteBuffer buffer) {
        return new MutableShorts(bytes(buffer, true, Short.BYTES), at(buffer, 1), buffer.remaining() / Short.BYTES);
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static MutableShorts ofAddress(long address, long length) {
        return new MutableShorts(null, address(address, length, Short.BYTES), length);
    }

    @Override
    public MutableShorts slice(long offset, long length) {
        return new MutableShorts(base, part(this, offset, length, Short.BYTES), length);
    }
}
