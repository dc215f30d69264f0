package dev.avocet;

/**
 * Threads for calls to share their work among. Any number of threads may use one at once. Where a call takes a pool,
 * null stands for the calling thread; results do not depend on it.
 */
public final class Pool extends Handle {
    private static final Arguments THREADS = Arguments.of("1 pool");

    /**
     * Starts the threads. They sleep while no call uses them.
     *
     * C: {@code avocet_pool_create}
     */
    public Pool(int threads) {
        super(create(threads), Native::poolDestroy, "pool", false);
    }

    private static long create(int threads) {
        Failures.size(threads, 1, "threads");
        return Native.poolCreate(threads);
    }

    /**
     * The number of threads.
     *
     * C: {@code avocet_pool_threads}
     */
    public int threads() {
        THREADS.enter(this);
        try {
            return (int) Native.poolThreads(address(this));
        } finally {
            exit();
        }
    }
}
