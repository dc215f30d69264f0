package dev.avocet;

/**
 * Scratch memory for calls that need some. Calls enlarge it as they need, so that none fails for want of it but with a
 * {@link NativeMemoryError}; calls of one kind and shape need the same, and allocate nothing after the first.
 *
 * <p>One call at a time may use it: a second gets a {@link HandleException}.
 */
public final class Workspace extends Handle {
    private static final Arguments RESERVE = Arguments.of("1 workspace");

    /** Makes an empty one. */
    public Workspace() {
        this(0);
    }

    /**
     * Makes one of at least some bytes.
     *
     * C: {@code avocet_workspace_create}
     */
    public Workspace(long bytes) {
        super(create(bytes), Native::workspaceDestroy, "workspace", true);
    }

    private static long create(long bytes) {
        Failures.size(bytes, 1, "bytes");
        return Native.workspaceCreate(bytes);
    }

    /**
     * Makes it at least some bytes large. On failure it keeps its size.
     *
     * C: {@code avocet_workspace_reserve}
     */
    public void reserve(long bytes) {
        Failures.size(bytes, 2, "bytes");
        RESERVE.enter(this);
        try {
            Native.workspaceReserve(address(this), bytes);
        } finally {
            exit();
        }
    }

    /**
     * Its size.
     *
     * C: {@code avocet_workspace_bytes}
     */
    public long bytes() {
        RESERVE.enter(this);
        try {
            return Native.workspaceBytes(address(this));
        } finally {
            exit();
        }
    }
}
