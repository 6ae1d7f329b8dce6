package dev.changeover.core;

import java.time.Instant;

/**
 * What an instance has acknowledged of one repository.
 *
 * @param instance its id
 * @param application the application that it runs
 * @param live whether its lease has not ended; a move does not wait for one whose lease has
 * @param leaseUntil the end of its lease, by the clock of the server
 * @param epoch the epoch under which no unit of work older than it runs there any more
 * @param revision the same of the percentage
 * @param behind whether a move waits for it
 */
public record InstanceStatus(
        String instance,
        String application,
        boolean live,
        Instant leaseUntil,
        long epoch,
        long revision,
        boolean behind) {}
