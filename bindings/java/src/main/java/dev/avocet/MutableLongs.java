package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * An array of {@code long} to write, as {@link Longs}.
 */
public final class MutableLongs extends Longs {
    /** No array. */
    static final MutableLongs NONE = new MutableLongs(null, 0, 0);

    MutableLongs(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static MutableLongs of(long... array) {
        Failures.notNull(array, 0, "array");
        return new MutableLongs(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static MutableLongs of(long[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new MutableLongs(array, heap(array.length, offset, length, Long.BYTES), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is not read-only; it is direct and in
     * native order, or wraps an array.
     */
    public static MutableLongs of(LongBuffer buffer) {
        return new MutableLongs(base(buffer, true), at(buffer, Long.BYTES), buffer.remaining());
    }

    /**
     * A direct buffer in native order that is not read-only, from its position to its limit.
     */
    public static MutableLongs of(ByteBuffer buffer) {
        return new MutableLongs(bytes(buffer, true, Long.BYTES), at(buffer, 1), buffer.remaining() / Long.BYTES);
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static MutableLongs ofAddress(long address, long length) {
        return new MutableLongs(null, address(address, length, Long.BYTES), length);
    }

    @Override
    public MutableLongs slice(long offset, long length) {
        return new MutableLongs(base, part(this, offset, length, Long.BYTES), length);
    }

    static MutableLongs orNone(MutableLongs view) {
        return view == null ? NONE : view;
    }
}
