package dev.avocet;

/**
 * An array of labels to read, with their type: 1 is positive, 0 is negative, and nothing else is a label. Immutable, and
 * never a copy.
 */
public final class Labels extends View {
    private final ElementType type;

    private Labels(View view, ElementType type) {
        super(view.base, view.at, view.length());
        this.type = type;
    }

    /** {@code float}. */
    public static Labels f32(Floats data) {
        Failures.notNull(data, 0, "data");
        return new Labels(data, ElementType.F32);
    }

    /** {@code float}. */
    public static Labels f32(float... data) {
        return f32(Floats.of(data));
    }

    /** {@code byte}. */
    public static Labels i8(Bytes data) {
        Failures.notNull(data, 0, "data");
        return new Labels(data, ElementType.I8);
    }

    /** {@code byte}. */
    public static Labels i8(byte... data) {
        return i8(Bytes.of(data));
    }

    /** {@code byte}, taken without sign. */
    public static Labels u8(Bytes data) {
        Failures.notNull(data, 0, "data");
        return new Labels(data, ElementType.U8);
    }

    /** {@code byte}, taken without sign. */
    public static Labels u8(byte... data) {
        return u8(Bytes.of(data));
    }

    /** The type of the elements. */
    public ElementType type() {
        return type;
    }
}
