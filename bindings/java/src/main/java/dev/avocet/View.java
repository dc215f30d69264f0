package dev.avocet;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the array views share: where the memory is and how long it is.
 */
abstract class View {
    /** The array, or the buffer that keeps the memory alive, or null. */
    final Object base;
    /** The address, or the complement of the byte offset in the array. */
    final long at;

    private final long length;

    View(Object base, long at, long length) {
        this.base = base;
        this.at = at;
        this.length = length;
    }

    /**
     * The number of elements.
     */
    public final long length() {
        return length;
    }

    /** The {@link #at} of a part of an array. */
    static long heap(int arrayLength, int offset, int length, int bytes) {
        checkRange(arrayLength, offset, length);
        return ~((long) offset * bytes);
    }

    /** The {@link #at} of a part of a view that starts at {@code from}. */
    static long part(View view, long from, long length, int bytes) {
        checkRange(view.length, from, length);
        return view.at >= 0 ? view.at + from * bytes : ~(~view.at + from * bytes);
    }

    private static void checkRange(long all, long from, long length) {
        if (from < 0 || from > all) {
            throw Failures.index(0, "offset", 0, from, "of " + all + " elements");
        }
        if (length < 0 || length > all - from) {
            throw Failures.invalid(Status.SHAPE_MISMATCH, 0, "length", 0, length,
                    (all - from) + " elements from offset " + from + " on");
        }
    }

    /** The {@link #base} of a buffer, which is checked. */
    static Object base(Buffer buffer, ByteOrder order, boolean written, Object array) {
        if (written && buffer.isReadOnly()) {
            throw refused("a read-only buffer cannot be an output");
        }
        if (buffer.isDirect()) {
            if (order != ByteOrder.nativeOrder()) {
                throw refused("the buffer is not in native byte order");
            }
            return buffer;
        }
        if (array == null) {
            throw refused("the buffer is neither direct nor does it wrap an array that is accessible");
        }
        return array;
    }

    /** The {@link #at} of a buffer that {@link #base} accepted. */
    static long at(Buffer buffer, int bytes) {
        return buffer.isDirect()
                ? Native.bufferAddress(buffer) + (long) buffer.position() * bytes
                : ~((long) (buffer.arrayOffset() + buffer.position()) * bytes);
    }

    /** The {@link #base} of a buffer of bytes. */
    static Object bytes(ByteBuffer buffer, boolean written, int bytes) {
        Failures.notNull(buffer, 0, "buffer");
        if (!buffer.isDirect()) {
            throw refused("a buffer of bytes must be direct");
        }
        if (buffer.remaining() % bytes != 0) {
            throw Failures.invalid(Status.INVALID_ARGUMENT, 0, "buffer", 0, buffer.remaining(),
                    "its bytes are no whole number of elements");
        }
        return base(buffer, buffer.order(), written, null);
    }

    /** Checks an address and a length of its memory. */
    static long address(long address, long length, int bytes) {
        if (length < 0) {
            throw Failures.invalid(Status.INVALID_ARGUMENT, 0, "length", 0, length, "negative");
        }
        if (address < 0) {
            throw Failures.invalid(Status.INVALID_ARGUMENT, 0, "address", 0, address, "negative");
        }
        if (length > (Long.MAX_VALUE - address) / bytes) {
            throw Failures.invalid(Status.SIZE_OVERFLOW, 0, "length", 0, length, null);
        }
        return address;
    }

    private static InvalidArgumentException refused(String reason) {
        return Failures.invalid(Status.INVALID_ARGUMENT, 0, "buffer", reason);
    }
}
