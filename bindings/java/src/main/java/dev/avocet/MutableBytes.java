package dev.avocet;

import java.nio.ByteBuffer;

/**
 * An array of {@code byte} to write, as {@link Bytes}.
 */
public final class MutableBytes extends Bytes {
    /** No array. */
    static final MutableBytes NONE = new MutableBytes(null, 0, 0);

    MutableBytes(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static MutableBytes of(byte... array) {
        Failures.notNull(array, 0, "array");
        return new MutableBytes(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static MutableBytes of(byte[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new MutableBytes(array, heap(array.length, offset, length, 1), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is not read-only; it is direct, or wraps
     * an array.
     */
    public static MutableBytes of(ByteBuffer buffer) {
        return new MutableBytes(base(buffer, true), at(buffer, 1), buffer.remaining());
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static MutableBytes ofAddress(long address, long length) {
        return new MutableBytes(null, address(address, length, 1), length);
    }

    @Override
    public MutableBytes slice(long offset, long length) {
        return new MutableBytes(base, part(this, offset, length, 1), length);
    }

    static MutableBytes orNone(MutableBytes view) {
        return view == null ? NONE : view;
    }
}
