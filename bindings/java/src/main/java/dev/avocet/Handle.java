package dev.avocet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Something that lives in native memory. Close it; one that is forgotten is freed some time after it becomes
 * unreachable, and counted ({@link Avocet#leakedHandles}).
 *
 * <p>Closing twice is fine. Closing during a call throws a {@link HandleException} and leaves the call and the handle
 * as they are; so does a call after closing.
 */
public abstract class Handle implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicLong LEAKED = new AtomicLong();
    private static final int CLOSED = -1;
    private static final int ALONE = -2;
    private static final VarHandle USES;

    static {
        try {
            USES = MethodHandles.lookup().findVarHandle(State.class, "uses", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What outlives the handle, for the cleaner. */
    private static final class State implements Runnable {
        private final long address;
        private final LongConsumer destroy;
        /** What frees memory that the handle needs when it is collected, until the handle is destroyed. */
        private Object owner;
        /** The number of calls under way, or CLOSED, or ALONE during a call that no other may join. */
        private volatile int uses;

        State(long address, LongConsumer destroy, Object owner) {
            this.address = address;
            this.destroy = destroy;
            this.owner = owner;
        }

        void destroy() {
            destroy.accept(address);
            owner = null;
        }

        /** The handle is unreachable, so no call is under way. */
        @Override
        public void run() {
            if (USES.compareAndSet(this, 0, CLOSED)) {
                destroy();
                LEAKED.getAndIncrement();
            }
        }
    }

    private final State state;
    private final Cleaner.Cleanable cleanable;
    private final String kind;
    /** Whether one call at a time may use it. */
    private final boolean exclusive;

    Handle(long address, LongConsumer destroy, String kind, boolean exclusive) {
        this(address, destroy, kind, exclusive, null);
    }

    Handle(long address, LongConsumer destroy, String kind, boolean exclusive, Object owner) {
        this.state = new State(address, destroy, owner);
        this.kind = kind;
        this.exclusive = exclusive;
        this.cleanable = CLEANER.register(this, state);
    }

    /**
     * Frees the native memory.
     *
     * C: {@code avocet_pool_destroy}, {@code avocet_workspace_destroy}, {@code avocet_graph_destroy},
     * {@code avocet_stream_destroy}, {@code avocet_sparse_model_destroy}, {@code avocet_sparse_rows_destroy},
     * {@code avocet_grid_destroy}, {@code avocet_buckets_destroy}, {@code avocet_index_destroy}
     */
    @Override
    public void close() {
        if (USES.compareAndSet(state, 0, CLOSED)) {
            state.destroy();
            cleanable.clean();
        } else if (state.uses != CLOSED) {
            throw Failures.handle(0, "", "the " + kind + " is in use by a call");
        }
    }

    static long leaked() {
        return LEAKED.get();
    }

    /** The address for a call that {@link #enter} has begun; 0 for null. */
    static long address(Handle handle) {
        return handle == null ? 0 : handle.state.address;
    }

    /** What the handle keeps reachable, for a call that {@link #enter} has begun. */
    static Object owner(Handle handle) {
        return handle.state.owner;
    }

    /** Begins a call. */
    final void enter(int argument, String name) {
        int uses;
        do {
            uses = state.uses;
            if (uses == CLOSED) {
                throw closed(argument, name);
            }
            if (uses == ALONE || exclusive && uses != 0) {
                throw busy(argument, name);
            }
        } while (!USES.weakCompareAndSet(state, uses, uses + 1));
    }

    /** Ends a call; also what keeps the handle reachable until then. */
    final void exit() {
        USES.getAndAdd(state, -1);
    }

    /** Begins a call that no other may join, with a handle that other calls share. */
    final void enterAlone(int argument, String name) {
        int uses;
        do {
            uses = state.uses;
            if (uses == CLOSED) {
                throw closed(argument, name);
            }
            if (uses != 0) {
                throw busy(argument, name);
            }
        } while (!USES.weakCompareAndSet(state, 0, ALONE));
    }

    /** Ends a call that {@link #enterAlone} has begun, as {@link #exit}. */
    final void exitAlone() {
        USES.getAndAdd(state, -ALONE);
    }

    private HandleException closed(int argument, String name) {
        return Failures.handle(argument, name, "the " + kind + " is closed");
    }

    private HandleException busy(int argument, String name) {
        return Failures.handle(argument, name, "the " + kind + " is in use by another call");
    }

    /** The handles among the arguments of a C function: their numbers and names. */
    static final class Arguments {
        private final int[] numbers;
        private final String[] names;

        private Arguments(int[] numbers, String[] names) {
            this.numbers = numbers;
            this.names = names;
        }

        /** From words such as "3 exclude". */
        static Arguments of(String... words) {
            int[] numbers = new int[words.length];
            String[] names = new String[words.length];
            for (int i = 0; i < words.length; i++) {
                String[] parts = words[i].split(" ");
                numbers[i] = Integer.parseInt(parts[0]);
                names[i] = parts[1];
            }
            return new Arguments(numbers, names);
        }

        /** Begins a call with the handles, any of which may be null, or with none of them. */
        void enter(Handle a, Handle b, Handle c, Handle d) {
            int entered = 0;
            try {
                for (; entered < numbers.length; entered++) {
                    Handle handle = entered == 0 ? a : entered == 1 ? b : entered == 2 ? c : d;
                    if (handle != null) {
                        handle.enter(numbers[entered], names[entered]);
                    }
                }
            } catch (HandleException e) {
                exit(entered > 0 ? a : null, entered > 1 ? b : null, entered > 2 ? c : null, null);
                throw e;
            }
        }

        void enter(Handle a) {
            enter(a, null, null, null);
        }

        void enter(Handle a, Handle b) {
            enter(a, b, null, null);
        }

        void enter(Handle a, Handle b, Handle c) {
            enter(a, b, c, null);
        }
    }

    /** Ends a call. */
    static void exit(Handle a, Handle b, Handle c, Handle d) {
        exit(a, b);
        exit(c, d);
    }

    static void exit(Handle a, Handle b, Handle c) {
        exit(a, b);
        exit(c);
    }

    static void exit(Handle a, Handle b) {
        exit(a);
        exit(b);
    }

    static void exit(Handle a) {
        if (a != null) {
            a.exit();
        }
    }
}
