package dev.avocet;

/**
 * Which rows a click gives in a {@link Stream}; in the order of the constants in C.
 */
public enum Protocol {
    /** One row when the window ends: a positive if it converted by then, else a negative. For Vanilla, FSIW, ULC. */
    WINDOW,
    /** A negative at once, a delayed positive at the conversion; the window counts as 0. For FNW, FNC, FNW-DEFUSE. */
    IMMEDIATE,
    /** As window, and a delayed positive at a late conversion. For ES-DFM, DEFUSE, Bi-DEFUSE. */
    DELAYED,
    /** As delayed, and a real negative when the attribution ends. For ES-DFM with real negatives. */
    DELAYED_REAL,
    /** As delayed with real negatives, and immediate positives twice. For DEFER. */
    DUPLICATE,
    /** As immediate, and a real negative when the attribution ends. For FNW with real negatives. */
    IMMEDIATE_REAL
}
