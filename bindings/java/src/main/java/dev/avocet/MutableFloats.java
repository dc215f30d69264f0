package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * An array of {@code float} to write, as {@link Floats}.
 */
public final class MutableFloats extends Floats {
    /** No array. */
    static final MutableFloats NONE = new MutableFloats(null, 0, 0);

    MutableFloats(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static MutableFloats of(float... array) {
        Failures.notNull(array, 0, "array");
        return new MutableFloats(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static MutableFloats of(float[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new MutableFloats(array, heap(array.length, offset, length, Float.BYTES), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is not read-only; it is direct and in
     * native order, or wraps an array.
     */
    public static MutableFloats of(FloatBuffer buffer) {
        return new MutableFloats(base(buffer, true), at(buffer, Float.BYTES), buffer.remaining());
    }

    /**
     * A direct buffer in native order that is not read-only, from its position to its limit.
     */
    public static MutableFloats of(ByteBuffer buffer) {
        return new MutableFloats(bytes(buffer, true, Float.BYTES), at(buffer, 1), buffer.remaining() / Float.BYTES);
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static MutableFloats ofAddress(long address, long length) {
        return new MutableFloats(null, address(address, length, Float.BYTES), length);
    }

    @Override
    public MutableFloats slice(long offset, long length) {
        return new MutableFloats(base, part(this, offset, length, Float.BYTES), length);
    }

    static MutableFloats orNone(MutableFloats view) {
        return view == null ? NONE : view;
    }
}
