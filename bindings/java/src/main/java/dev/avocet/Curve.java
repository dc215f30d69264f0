package dev.avocet;

/**
 * The points of a precision-recall and a ROC curve: point b is what a threshold at the lower edge of bin b selects, that
 * bin and all above it; the last point, one more than there are bins, is of nothing. Immutable.
 */
public final class Curve {
    /** The most bins that one array can have the points of. */
    static final int MAX_BINS = Integer.MAX_VALUE / 5 - 2;
    /** The words of a point in C. */
    private static final int WORDS = 5;

    /** The memory of the points. */
    final long[] words;

    Curve(int bins) {
        words = new long[WORDS * (bins + 1)];
    }

    /** The number of points. */
    public int size() {
        return words.length / WORDS;
    }

    /** Positives selected, in the unit of the bins. */
    public long truePositives(int point) {
        return word(point, 0);
    }

    /** Negatives selected. */
    public long falsePositives(int point) {
        return word(point, 1);
    }

    /** True positives over all positives; NaN without positives. */
    public double recall(int point) {
        return Double.longBitsToDouble(word(point, 2));
    }

    /** True positives over all that is selected; NaN where nothing is. */
    public double precision(int point) {
        return Double.longBitsToDouble(word(point, 3));
    }

    /** False positives over all negatives; NaN without negatives. */
    public double falsePositiveRate(int point) {
        return Double.longBitsToDouble(word(point, 4));
    }

    private long word(int point, int word) {
        if (point < 0 || point >= size()) {
            throw Failures.index(0, "point", 0, point, "of " + size() + " points");
        }
        return words[WORDS * point + word];
    }
}
