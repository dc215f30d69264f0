package dev.avocet.bench;

import dev.avocet.Function;
import dev.avocet.Functions;
import dev.avocet.Indices;
import dev.avocet.Ints;
import dev.avocet.Matrix;
import dev.avocet.MutableFloats;
import dev.avocet.Score;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a call costs, by the kind of memory and the size of the batch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class Call {
    private static final int D = 16;
    private static final int ROWS = 64;

    /** The kinds of memory. */
    public enum Kind {
        /** Java arrays. */
        HEAP,
        /** Direct buffers. */
        DIRECT,
        /** Addresses. */
        ADDRESS
    }

    @Param private Kind kind;

    @Param({"1", "8", "64", "512", "4096", "65536"})
    private int n;

    private ByteBuffer memory;
    private Matrix left;
    private Matrix right;
    private Indices u;
    private Indices v;
    private MutableFloats x;
    private MutableFloats out;

    /** Makes the arguments. */
    @Setup
    public void arguments() {
        memory = ByteBuffer.allocateDirect(4 * (2 * ROWS * D + 4 * n)).order(ByteOrder.nativeOrder());
        left = Matrix.of(floats(ROWS * D), ROWS, D);
        right = Matrix.of(floats(ROWS * D), ROWS, D);
        u = Indices.i32(ints());
        v = Indices.i32(ints());
        x = floats(n);
        out = floats(n);
    }

    private MutableFloats floats(int count) {
        ByteBuffer part = part(count);
        return kind == Kind.HEAP ? MutableFloats.of(new float[count])
                : kind == Kind.DIRECT ? MutableFloats.of(part)
                : MutableFloats.ofAddress(address(part), count);
    }

    private Ints ints() {
        ByteBuffer part = part(n);
        int[] array = new int[n];
        for (int i = 0; i < n; i++) {
            array[i] = i % ROWS;
            part.putInt(4 * i, array[i]);
        }
        return kind == Kind.HEAP ? Ints.of(array)
                : kind == Kind.DIRECT ? Ints.of(part)
                : Ints.ofAddress(address(part), n);
    }

    private ByteBuffer part(int count) {
        memory.limit(memory.position() + 4 * count);
        ByteBuffer part = memory.slice().order(ByteOrder.nativeOrder());
        memory.position(memory.limit());
        return part;
    }

    /** A direct buffer tells its address in no public way; a program with addresses has them from elsewhere. */
    private static long address(ByteBuffer buffer) {
        try {
            Class<?> natives = Class.forName("dev.avocet.Native");
            Method method = natives.getDeclaredMethod("bufferAddress", Buffer.class);
            method.setAccessible(true);
            return (long) method.invoke(null, buffer);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Dot products of 16 elements. */
    @Benchmark
    public void pairs() {
        Score.pairs(left, right, u, v, out, null);
    }

    /** A function of each element. */
    @Benchmark
    public void map() {
        Functions.map(Function.SIGMOID, x, out, null);
    }
}
