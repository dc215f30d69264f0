package dev.avocet;

/**
 * What {@link Threshold#search} or {@link Threshold#single} found: weights in units of the cells or rows, exact. That
 * there is no answer is an outcome, not an exception: look at {@link #outcome}, or call {@link #orThrow}. Immutable.
 */
public final class Solution {
    private final long positive;
    private final long negative;
    private final long boundPositive;
    private final long boundNegative;
    private final long work;
    private final boolean proven;
    /** What C said if there is no answer, else null. */
    private final Failure failure;

    /** From the fields of the C struct in their order. */
    Solution(long[] found, Failure failure) {
        positive = found[0];
        negative = found[1];
        boundPositive = found[2];
        boundNegative = found[3];
        work = found[4];
        proven = found[5] != 0;
        this.failure = failure;
    }

    /** Whether there is an answer, and why not. Without one the thresholds let nothing pass. */
    public SearchOutcome outcome() {
        return failure == null ? SearchOutcome.FEASIBLE
                : failure.details().status() == Status.INFEASIBLE ? SearchOutcome.INFEASIBLE : SearchOutcome.WORK_LIMIT;
    }

    /** This solution if there is an answer; else throws a {@link SearchException} with what the C library says. */
    public Solution orThrow() {
        if (failure != null) {
            throw new SearchException(failure.details().toString(), failure.details());
        }
        return this;
    }

    /**
     * Where infeasible: the best that there is of what the constraint asks for, rounded, or NaN where the cells are
     * empty. NaN with any other outcome.
     */
    public double best() {
        return outcome() == SearchOutcome.INFEASIBLE ? failure.details().real() : Double.NaN;
    }

    /** The positive weight that passes. */
    public long positive() {
        return positive;
    }

    /** The negative weight that passes. */
    public long negative() {
        return negative;
    }

    /**
     * No selection has a better value than the objective has at these two weights (which no selection need have). If
     * proven it is that of the answer. Where infeasible: the weights of a selection of the greatest precision there is,
     * or zeros where the cells are empty.
     */
    public long boundPositive() {
        return boundPositive;
    }

    /** The negative weight of the bound. */
    public long boundNegative() {
        return boundNegative;
    }

    /** How many partial selections were made. */
    public long work() {
        return work;
    }

    /** Whether it is proven that nothing is better. */
    public boolean isProven() {
        return proven;
    }
}
