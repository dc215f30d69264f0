package dev.avocet;

/**
 * Rows to count. Immutable; each method gives rows with one thing more set. All arrays have one length.
 */
public final class ThresholdRows {
    final Floats scores;
    /** Null where none are needed. */
    final Floats uncertainties;
    final Labels labels;
    final Floats weights;
    final Segments segments;
    final Missing missing;

    private ThresholdRows(
            Floats scores, Floats uncertainties, Labels labels, Floats weights, Segments segments, Missing missing) {
        this.scores = scores;
        this.uncertainties = uncertainties;
        this.labels = labels;
        this.weights = weights;
        this.segments = segments;
        this.missing = missing;
    }

    /** Scores, uncertainties and labels; infinite values lie in the outer bins and levels. */
    public static ThresholdRows of(Floats scores, Floats uncertainties, Labels labels) {
        Failures.notNull(uncertainties, 0, "rows.uncertainties");
        return of(scores, labels).uncertainties(uncertainties);
    }

    /** Scores and labels, for {@link Threshold#single}; all else asks for uncertainties. */
    public static ThresholdRows of(Floats scores, Labels labels) {
        Failures.notNull(scores, 0, "rows.scores");
        Failures.notNull(labels, 0, "rows.labels");
        return new ThresholdRows(scores, null, labels, null, null, Missing.REFUSE);
    }

    private ThresholdRows uncertainties(Floats uncertainties) {
        return new ThresholdRows(scores, uncertainties, labels, weights, segments, missing);
    }

    /** A weight for each row, in [0, 2^22), each rounded to a multiple of 2^-20; null stands for ones. */
    public ThresholdRows weights(Floats weights) {
        return new ThresholdRows(scores, uncertainties, labels, weights, segments, missing);
    }

    /** The segment of each row, below their number; null where there is one only. */
    public ThresholdRows segments(Segments segments) {
        return new ThresholdRows(scores, uncertainties, labels, weights, segments, missing);
    }

    /** What to do with NaN; by default to refuse. */
    public ThresholdRows missing(Missing missing) {
        Failures.notNull(missing, 0, "rows.missing");
        return new ThresholdRows(scores, uncertainties, labels, weights, segments, missing);
    }

    /** Refuses arrays of several lengths. */
    void check(int argument) {
        long rows = scores.length();
        Failures.length(uncertainties, rows, argument, "rows.uncertainties");
        Failures.length(labels, rows, argument, "rows.labels");
        Failures.length(weights, rows, argument, "rows.weights");
        Failures.length(segments, rows, argument, "rows.segments");
    }
}
