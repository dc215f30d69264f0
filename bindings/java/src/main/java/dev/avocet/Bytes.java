package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An array of {@code byte} to read, such as the kinds of rows: a Java array, a buffer, or memory at an address.
 * Immutable, and never a copy.
 */
public class Bytes extends View {
    Bytes(Object base, long at, long length) {
        super(base, at, length);
    }

    /**
     * All of a Java array.
     */
    public static Bytes of(byte... array) {
        Failures.notNull(array, 0, "array");
        return new Bytes(array, ~0L, array.length);
    }

    /**
     * A part of a Java array.
     */
    public static Bytes of(byte[] array, int offset, int length) {
        Failures.notNull(array, 0, "array");
        return new Bytes(array, heap(array.length, offset, length, 1), length);
    }

    /**
     * A buffer from its position to its limit, which may change afterwards. It is direct, or wraps an array.
     */
    public static Bytes of(ByteBuffer buffer) {
        return new Bytes(base(buffer, false), at(buffer, 1), buffer.remaining());
    }

    /**
     * Memory at an address. The caller keeps it alive while the view is used; an address that is wrong cannot be
     * noticed.
     */
    public static Bytes ofAddress(long address, long length) {
        return new Bytes(null, address(address, length, 1), length);
    }

    /**
     * A part of this view.
     */
    public Bytes slice(long offset, long length) {
        return new Bytes(base, part(this, offset, length, 1), length);
    }

    static Object base(ByteBuffer buffer, boolean written) {
        Failures.notNull(buffer, 0, "buffer");
        // Bytes have no order.
        return base(buffer, ByteOrder.nativeOrder(), written, buffer.hasArray() ? buffer.array() : null);
    }
}
