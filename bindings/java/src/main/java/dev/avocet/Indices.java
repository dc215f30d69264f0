package dev.avocet;

/**
 * An array of indices or offsets to read, with their type. Immutable, and never a copy.
 */
public final class Indices extends View {
    /** No array. */
    static final Indices NONE = new Indices(Longs.NONE, null);

    private final ElementType type;

    private Indices(View view, ElementType type) {
        super(view.base, view.at, view.length());
        this.type = type;
    }

    /** {@code int}, none of them negative. */
    public static Indices i32(Ints data) {
        Failures.notNull(data, 0, "data");
        return new Indices(data, ElementType.I32);
    }

    /** {@code int}, none of them negative. */
    public static Indices i32(int... data) {
        return i32(Ints.of(data));
    }

    /** {@code int}, taken without sign. */
    public static Indices u32(Ints data) {
        Failures.notNull(data, 0, "data");
        return new Indices(data, ElementType.U32);
    }

    /** {@code int}, taken without sign. */
    public static Indices u32(int... data) {
        return u32(Ints.of(data));
    }

    /** {@code long}, none of them negative. */
    public static Indices i64(Longs data) {
        Failures.notNull(data, 0, "data");
        return new Indices(data, ElementType.I64);
    }

    /** {@code long}, none of them negative. */
    public static Indices i64(long... data) {
        return i64(Longs.of(data));
    }

    /** The type of the elements. */
    public ElementType type() {
        return type;
    }

    /** The type as C has it; 0 if there is no array. */
    int code() {
        return type == null ? 0 : type.code();
    }
}
