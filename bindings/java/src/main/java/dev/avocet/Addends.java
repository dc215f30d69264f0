package dev.avocet;

/**
 * The addends of {@link Dense#product}, laid out for the call: make them once and use them often. Immutable.
 */
public final class Addends {
    final int count;
    final long[] numbers;
    final Object[] bases;

    private Addends(int count, Pack pack) {
        this.count = count;
        this.numbers = pack.numbers();
        this.bases = pack.bases();
    }

    /** At most {@link Dense#MAX_ADDENDS}, in the order of the sum; none give zeros. */
    public static Addends of(Addend... addends) {
        Failures.notNull(addends, 1, "addends");
        if (addends.length > Dense.MAX_ADDENDS) {
            throw Failures.invalid(Status.INVALID_ARGUMENT, 2, "addend_count", 0, addends.length,
                    "at most " + Dense.MAX_ADDENDS);
        }
        Pack pack = new Pack();
        for (int i = 0; i < addends.length; i++) {
            Failures.notNull(addends[i], 1, "addends", i);
            pack.matrix(addends[i].x).matrix(addends[i].w).number(addends[i].transposed ? 1 : 0);
        }
        return new Addends(addends.length, pack);
    }
}
