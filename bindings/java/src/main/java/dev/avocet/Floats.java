package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * An array of {@code float} to read: a Java array, a buffer, or memory at an address. Immutable, and never a copy.
 */
public class Floats extends View {
    /** No array. */
    static final Floats NONE = new Floats(null, 0, 0);

    Floats(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static Floats of(float... array) {
        Failures.notNull(array, 0, "array");
        return new Floats(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static Floats of(float[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new Floats(array, heap(array.length, offset, length, Float.BYTES), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is direct and in native order, or wraps
     * an array.
     */
    public static Floats of(FloatBuffer buffer) {
        return new Floats(base(buffer, false), at(buffer, Float.BYTES), buffer.remaining());
    }

    /**
     * A direct buffer in native order, from its position to its limit.
     */
    public static Floats of(ByteBuffer buffer) {
        return new Floats(bytes(buffer, false, Float.BYTES), at(buffer, 1), buffer.remaining() / Float.BYTES);
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static Floats ofAddress(long address, long length) {
        return new Floats(null, address(address, length, Float.BYTES), length);
    }

    /**
     * A part of this view.
     */
    public Floats slice(long offset, long length) {
        return new Floats(base, part(this, offset, length, Float.BYTES), length);
    }

    static Object base(FloatBuffer buffer, boolean written) {
        Failures.notNull(buffer, 0, "buffer");
        return base(buffer, buffer.order(), written, buffer.hasArray() ? buffer.array() : null);
    }

    static Floats orNone(Floats view) {
        return view == null ? NONE : view;
    }
}
