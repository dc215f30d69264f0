package dev.avocet;

/**
 * A tier of instructions; in the order of the constants in C. Results do not depend on it.
 */
public enum Isa {
    /** What every CPU of the architecture has: SSE2 on x86-64, NEON on aarch64. */
    PORTABLE,
    /** AVX2, FMA and F16C. */
    AVX2,
    /** AVX-512 F, BW, DQ, VL and CD. */
    AVX512;

    static Isa of(int code) {
        return values()[code];
    }

    /**
     * The name, as the environment variable {@code AVOCET_ISA} takes it.
     *
     * C: {@code avocet_isa_name}
     */
    public String label() {
        return Native.isaName(ordinal());
    }
}
