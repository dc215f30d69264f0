package dev.avocet;

/**
 * What every exception of this package implements.
 */
public interface Failure {
    /**
     * Status, argument, position and value.
     */
    Details details();
}
