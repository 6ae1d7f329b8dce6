package dev.changeover.examples.workload;

/**
 * Something that reached a caller and should not have.
 *
 * @param stage where the transition was
 * @param operation what the caller did
 * @param failure what it got, with its stack
 */
public record CallerError(String stage, String operation, Throwable failure) {}
