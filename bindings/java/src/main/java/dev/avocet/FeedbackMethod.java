package dev.avocet;

/**
 * A method for labels that arrive late; in the order of the constants in C. Its formulas are the coefficients
 * {@code (a, b)}, first of positive rows, then of the others; {@link Feedback#weights} says what f, d and r are.
 */
public enum FeedbackMethod {
    /** Labels as they are: {@code (1, 0)}, {@code (0, 1)}. Also the oracle, and the training of FNC. */
    VANILLA,
    /** FNW (Ktena et al., RecSys 2019): {@code (1 + f, 0)}, {@code (0, (1 - f)(1 + f))}. */
    FNW,
    /**
     * FSIW (Yasui et al., WWW 2020): {@code (1 / (d + 1e-8), 0)}, {@code (0, r)}; d and r are its heads, the
     * probabilities that a positive and a negative are what they are observed to be.
     */
    FSIW,
    /** ES-DFM (Yang et al., AAAI 2021): {@code (1 + d, 0)}, {@code (0, (1 + d) r)}. */
    ES_DFM,
    /** DEFER (Gu et al., KDD 2021): {@code (clip(f / (f - d / 2)), 0)}, {@code (0, (1 - f) / (1 - f + d / 2))}. */
    DEFER,
    /** FNW with real negatives: {@code (1, 0)}, {@code (0, (1 - f) / (2 - f))}. */
    FNW_REAL,
    /** ES-DFM with real negatives: {@code (t, 0)}, {@code (0, t (1 - f) / (2 (1 - f) + d))}, t = 2 - f + d. */
    ES_DFM_REAL,
    /**
     * DEFUSE (Chen et al., WWW 2022): immediate {@code (1 + d, 0)}, delayed {@code (1, 0)}, others
     * {@code ((1 - r) d, r (1 + d))}.
     */
    DEFUSE,
    /** DEFUSE without a window: {@code (1, 0)}, {@code (f^2, 1 - f^2)}. */
    FNW_DEFUSE,
    /**
     * The head of Bi-DEFUSE for conversions within the window: {@code (1, 0)}, {@code (0, 1)}; delayed copies
     * {@code (0, 0)}.
     */
    BI_DEFUSE_IN_WINDOW,
    /** Its head for late conversions, f its own: delayed copies {@code (1, 0)}, first rows {@code (f^2, 1 - f^2)}. */
    BI_DEFUSE_LATE,
    /** ULC (Wang et al., CIKM 2023): {@code (1, 0)}, {@code (d, 1 - d)}, d the head's soft label. */
    ULC,
    /**
     * DFM (Chapelle, KDD 2014): {@code (1, 0)}, {@code (p, 1 - p)}, p = sigmoid(logit - softplus(first) * second):
     * {@code first} gives the rate of conversions, {@code second} the time since the click, at least 0.
     */
    DFM
}
