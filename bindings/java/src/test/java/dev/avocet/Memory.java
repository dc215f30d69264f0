package dev.avocet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
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
            buffer = allocate(4 * values.length).asFloatBuffer();
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
            buffer = allocate(4 * values.length).asIntBuffer();
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

    /** Shorts with the view of them. */
    final class S {
        final MutableShorts view;
        private final short[] array;
        private final ShortBuffer buffer;

        S(short[] values) {
            array = values.clone();
            buffer = allocate(2 * values.length).asShortBuffer();
            if (Memory.this != HEAP) {
                buffer.duplicate().put(array);
            }
            view = Memory.this == HEAP ? MutableShorts.of(array)
                    : Memory.this == DIRECT ? MutableShorts.of(buffer)
                    : MutableShorts.ofAddress(Native.bufferAddress(buffer), values.length);
        }

        short[] get() {
            if (Memory.this == HEAP) {
                return array;
            }
            short[] found = new short[array.length];
            buffer.duplicate().get(found);
            return found;
        }
    }

    /** Longs with the view of them. */
    final class L {
        final MutableLongs view;
        private final long[] array;
        private final LongBuffer buffer;

        L(long[] values) {
            array = values.clone();
            buffer = allocate(8 * values.length).asLongBuffer();
            if (Memory.this != HEAP) {
                buffer.duplicate().put(array);
            }
            view = Memory.this == HEAP ? MutableLongs.of(array)
                    : Memory.this == DIRECT ? MutableLongs.of(buffer)
                    : MutableLongs.ofAddress(Native.bufferAddress(buffer), values.length);
        }

        long[] get() {
            if (Memory.this == HEAP) {
                return array;
            }
            long[] found = new long[array.length];
            buffer.duplicate().get(found);
            return found;
        }
    }

    /** Bytes with the view of them. */
    final class B {
        final MutableBytes view;
        private final byte[] array;
        private final ByteBuffer buffer;

        B(byte[] values) {
            array = values.clone();
            buffer = allocate(values.length);
            if (Memory.this != HEAP) {
                buffer.duplicate().put(array);
            }
            view = Memory.this == HEAP ? MutableBytes.of(array)
                    : Memory.this == DIRECT ? MutableBytes.of(buffer)
                    : MutableBytes.ofAddress(Native.bufferAddress(buffer), values.length);
        }

        byte[] get() {
            if (Memory.this == HEAP) {
                return array;
            }
            byte[] found = new byte[array.length];
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

    S shorts(short... values) {
        return new S(values);
    }

    L longs(long... values) {
        return new L(values);
    }

    B bytes(byte... values) {
        return new B(values);
    }

    private ByteBuffer allocate(int size) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(this == HEAP ? 0 : size).order(ByteOrder.nativeOrder());
        if (this == ADDRESS) {
            ALIVE.add(bytes);
        }
        return bytes;
    }
}
