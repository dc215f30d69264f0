package dev.avocet;

/**
 * An array of segments (countries, surfaces) to read, with their type. Immutable, and never a copy.
 */
public final class Segments extends View {
    /** No array. */
    static final Segments NONE = new Segments(Floats.NONE, null);

    private final ElementType type;

    private Segments(View view, ElementType type) {
        super(view.base, view.at, view.length());
        this.type = type;
    }

    /** {@code short}, taken without sign. */
    public static Segments u16(Shorts data) {
        Failures.notNull(data, 0, "data");
        return new Segments(data, ElementType.U16);
    }

    /** {@code short}, taken without sign. */
    public static Segments u16(short... data) {
        return u16(Shorts.of(data));
    }

    /** {@code int}, taken without sign. */
    public static Segments u32(Ints data) {
        Failures.notNull(data, 0, "data");
        return new Segments(data, ElementType.U32);
    }

    /** {@code int}, taken without sign. */
    public static Segments u32(int... data) {
        return u32(Ints.of(data));
    }

    /** The type of the elements. */
    public ElementType type() {
        return type;
    }

    /** The type as C has it; 0 if there is no array. */
    int code() {
        return type == null ? 0 : type.code();
    }

    static Segments orNone(Segments view) {
        return view == null ? NONE : view;
    }
}
