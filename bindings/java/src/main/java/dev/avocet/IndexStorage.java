package dev.avocet;

/**
 * How an {@link Index} holds its rows; in the order of the constants in C.
 */
public enum IndexStorage {
    /** {@code float}, 4 bytes an element. Queries are {@link RealMatrix}; scores are those of {@link Score#topK}. */
    F32,
    /** bfloat16, 2 bytes an element, others rounded to nearest even. Queries are {@link RealMatrix}. */
    BF16,
    /** 16-bit IEEE 754, 2 bytes an element, others rounded to nearest even. Queries are {@link RealMatrix}. */
    F16,
    /** {@code byte} with a scale for each row, a byte an element. Queries are {@link Matrix8}. */
    INT8,
    /** {@code byte} with a scale for each 32 rows, of a {@link RealMatrix} only. Queries are {@link Matrix8}. */
    INT8_PANELS,
    /**
     * {@code byte} and {@code float}, 5 bytes an element, of a {@link RealMatrix} only. Results and queries are those of
     * {@link #F32}, bit for bit; of most rows a search reads the bytes only.
     */
    CERTIFIED;

    private static final IndexStorage[] ALL = values();

    static IndexStorage of(int code) {
        return ALL[code];
    }
}
