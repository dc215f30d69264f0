package dev.avocet;

/**
 * How a search for thresholds ended.
 */
public enum SearchOutcome {
    /** There is an answer. */
    FEASIBLE,
    /** No selection meets the constraint. */
    INFEASIBLE,
    /** The work limit ended the search before it found an answer, or that there is none. */
    WORK_LIMIT
}
