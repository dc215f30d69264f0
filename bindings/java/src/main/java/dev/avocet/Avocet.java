package dev.avocet;

/**
 * Versions, the tier of instructions, and what concerns the process as a whole.
 */
public final class Avocet {
    /** The version of the C header that this package was written for: 1002003 is 1.2.3. */
    public static final int VERSION_NUMBER = 1000;
    /** The binary interface of that header. */
    public static final int ABI_VERSION = 1;

    private Avocet() {}

    /**
     * The version of the C library, such as "1.2.3".
     *
     * C: {@code avocet_version}
     */
    public static String version() {
        return Native.version();
    }

    /**
     * The version of the C library in one number; at least {@link #VERSION_NUMBER}, or the package does not load.
     *
     * C: {@code avocet_version_number}
     */
    public static int versionNumber() {
        return Native.versionNumber();
    }

    /**
     * The binary interface of the C library; {@link #ABI_VERSION}, or the package does not load.
     *
     * C: {@code avocet_abi_version}
     */
    public static int abiVersion() {
        return Native.abiVersion();
    }

    /**
     * The best tier of instructions that this machine and its operating system offer.
     *
     * C: {@code avocet_isa_detected}
     */
    public static Isa detectedIsa() {
        return Isa.of(Native.isaDetected());
    }

    /**
     * The tier that new calls use: the detected one, capped by {@link #capIsa} and by the environment variable
     * {@code AVOCET_ISA}.
     *
     * C: {@code avocet_isa_active}
     */
    public static Isa activeIsa() {
        return Isa.of(Native.isaActive());
    }

    /**
     * Caps the tier of new calls of the whole process, in place of an earlier cap; null lifts the cap. Returns the tier
     * that is active from then on.
     *
     * C: {@code avocet_isa_cap}
     */
    public static Isa capIsa(Isa isa) {
        return Isa.of(Native.isaCap(isa == null ? -1 : isa.ordinal()));
    }

    /**
     * Whether the calling thread is in the default floating-point environment, in which results are the same bits
     * everywhere. Threads of the JVM are, unless native code changed it.
     *
     * C: {@code avocet_float_environment_is_default}
     */
    public static boolean floatEnvironmentIsDefault() {
        return Native.floatEnvironmentIsDefault() == 1;
    }

    /**
     * How many handles became unreachable without having been closed, and were freed then.
     */
    public static long leakedHandles() {
        return Handle.leaked();
    }
}
