package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The kinds of memory that views are of, so that one test serves all. */
enum Memory {
    HEAP,
    DIRECT,
    ADDRESS;

    /** What views by address are of: such a view keeps nothing alive. */
    private static final Queue<Object> ALIVE = new ConcurrentLinkedQueue<>();

    /** Ends the use of all views by address. */
    static void release() {
        ALIVE.clear();
    }

    /** Floats with the view of them. */
    final class F {
        final MutableFloats view;
        private final float[] array;
        private final FloatBuffer buffer;

        F(float[] values) {
            array = values.clone();
            buffer = bytes(values.length).asFloatBuffer();
            if (Memory.this != HEAP) {
                buffer.duplicate().put(array);
            }
            view = Memory.this == HEAP ? MutableFloats.of(array)
                    : Memory.this == DIRECT ? MutableFloats.of(buffer)
                    : MutableFloats.ofAddress(Native.bufferAddress(buffer), values.length);
        }

        float[] get() {
            if (Memory.this == HEAP) {
                return array;
            }
            float[] found = new float[array.length];
            buffer.duplicate().get(found);
            return found;
        }

        MutableMatrix matrix(long rows) {
            return MutableMatrix.of(view, rows, rows == 0 ? 0 : view.length() / rows);
        }
    }

    /** Ints with the view of them. */
    final class I {
        final MutableInts view;
        private final int[] array;
        private final IntBuffer buffer;

        I(int[] values) {
            array = values.clone();
            buffer = bytes(values.length).asIntBuffer();
            if (Memory.this != HEAP) {
                buffer.duplicate().put(array);
            }
            view = Memory.this == HEAP ? MutableInts.of(array)
                    : Memory.this == DIRECT ? MutableInts.of(buffer)
                    : MutableInts.ofAddress(Native.bufferAddress(buffer), values.length);
        }

        int[] get() {
            if (Memory.this == HEAP) {
                return array;
            }
            int[] found = new int[array.length];
            buffer.duplicate().get(found);
            return found;
        }
    }

    F floats(float... values) {
        return new F(values);
    }

    F floats(int length) {
        return new F(new float[length]);
    }

    I ints(int... values) {
        return new I(values);
    }

    private ByteBuffer bytes(int words) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(this == HEAP ? 0 : 4 * words).order(ByteOrder.nativeOrder());
        if (this == ADDRESS) {
            ALIVE.add(bytes);
        }
        return bytes;
    }
}
