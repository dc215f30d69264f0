package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;

/**
 * An array of {@code int} to write, as {@link Ints}.
 */
public final class MutableInts extends Ints {
    /** No array. */
    static final MutableInts NONE = new MutableInts(null, 0, 0);

    MutableInts(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static MutableInts of(int... array) {
        Failures.notNull(array, 0, "array");
        return new MutableInts(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static MutableInts of(int[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new MutableInts(array, heap(array.length, offset, length, Integer.BYTES), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is not read-only; it is direct and in
     * native order, or wraps an array.
     */
    public static MutableInts of(IntBuffer buffer) {
        return new MutableInts(base(buffer, true), at(buffer, Integer.BYTES), buffer.remaining());
    }

    /**
     * A direct buffer in native order that is not read-only, from its position to its limit.
     */
    public static MutableInts of(ByteBuffer buffer) {
        return new MutableInts(bytes(buffer, true, Integer.BYTES), at(buffer, 1), buffer.remaining() / Integer.BYTES);
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static MutableInts ofAddress(long address, long length) {
        return new MutableInts(null, address(address, length, Integer.BYTES), length);
    }

    @Override
    public MutableInts slice(long offset, long length) {
        return new MutableInts(base, part(this, offset, length, Integer.BYTES), length);
    }

    static MutableInts orNone(MutableInts view) {
        return view == null ? NONE : view;
    }
}
