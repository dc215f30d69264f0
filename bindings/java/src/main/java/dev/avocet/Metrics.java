package dev.avocet;

/**
 * How good scores are, exactly and with weights.
 */
public final class Metrics {
    private Metrics() {}

    /**
     * AUC and both areas under the precision-recall curve; rows of equal scores count as one step. {@code labels} are
     * in [0, 1]: a row counts {@code weight * label} as positive and {@code weight * (1 - label)} as negative.
     * {@code weights} are finite and at least 0, or null, which stands for ones. All arrays have one length.
     *
     * C: {@code avocet_ranking}
     */
    public static Ranking ranking(Floats scores, Floats labels, Floats weights) {
        Failures.notNull(scores, 1, "scores");
        Failures.notNull(labels, 2, "labels");
        Failures.length(labels, scores.length(), 2, "labels");
        Failures.length(weights, scores.length(), 3, "weights");
        Floats w = Floats.orNone(weights);
        double[] figures = new double[5];
        Native.ranking(scores.base, scores.at, scores.length(), labels.base, labels.at, labels.length(),
                w.base, w.at, w.length(), figures);
        return new Ranking(figures);
    }

    /**
     * Log loss and calibration of probabilities: the sums of the weights, of
     * {@code -weight * (label ln p + (1 - label) ln(1 - p))}, of the weighted predictions and of the weighted labels.
     * {@code labels} and {@code weights} as in {@link #ranking}.
     *
     * C: {@code avocet_calibration}
     */
    public static Calibration calibration(Floats probabilities, Floats labels, Floats weights) {
        Failures.notNull(probabilities, 1, "probabilities");
        Failures.notNull(labels, 2, "labels");
        Failures.length(labels, probabilities.length(), 2, "labels");
        Failures.length(weights, probabilities.length(), 3, "weights");
        Floats w = Floats.orNone(weights);
        double[] sums = new double[4];
        Native.calibration(probabilities.base, probabilities.at, probabilities.length(),
                labels.base, labels.at, labels.length(), w.base, w.at, w.length(), sums);
        return new Calibration(sums[0], sums[1], sums[2], sums[3]);
    }

    /**
     * The sums over all rows from those over parts of them, with the bits of one call of {@link #calibration} over all
     * rows. Part i has {@code rows[i]} rows and gave {@code parts[i]}; which parts there can be {@link Logistic#merge}
     * says.
     *
     * C: {@code avocet_calibration_merge}
     */
    public static Calibration mergeCalibrations(long[] rows, Calibration[] parts) {
        Failures.parts(rows, parts, "parts");
        double[] all = new double[4 * parts.length];
        for (int i = 0; i < parts.length; i++) {
            all[4 * i] = parts[i].weight();
            all[4 * i + 1] = parts[i].loss();
            all[4 * i + 2] = parts[i].predicted();
            all[4 * i + 3] = parts[i].observed();
        }
        double[] sums = new double[4];
        Native.calibrationMerge(rows, ~0L, rows.length, all, ~0L, all.length, sums);
        return new Calibration(sums[0], sums[1], sums[2], sums[3]);
    }
}
