package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;

/**
 * An array of {@code int} to read, which stands for {@code uint32_t} where C says so: a Java array, a buffer, or memory
 * at an address. Immutable, and never a copy.
 */
public class Ints extends View {
    Ints(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static Ints of(int... array) {
        Failures.notNull(array, 0, "array");
        return new Ints(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static Ints of(int[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new Ints(array, heap(array.length, offset, length, Integer.BYTES), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is direct and in native order, or wraps
     * an array.
     */
    public static Ints of(IntBuffer buffer) {
        return new Ints(base(buffer, false), at(buffer, Integer.BYTES), buffer.remaining());
    }

    /**
     * A direct buffer in native order, from its position to its limit.
     */
    public static Ints of(ByteBuffer buffer) {
        return new Ints(bytes(buffer, false, Integer.BYTES), at(buffer, 1), buffer.remaining() / Integer.BYTES);
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static Ints ofAddress(long address, long length) {
        return new Ints(null, address(address, length, Integer.BYTES), length);
    }

    /**
     * A part of this view.
     */
    public Ints slice(long offset, long length) {
        return new Ints(base, part(this, offset, length, Integer.BYTES), length);
    }

    static Object base(IntBuffer buffer, boolean written) {
        Failures.notNull(buffer, 0, "buffer");
        return base(buffer, buffer.order(), written, buffer.hasArray() ? buffer.array() : null);
    }
}
