package dev.changeover.core.gate;

import java.time.Instant;

/**
 * The last verification of a whole repository that came to its end.
 *
 * @param verdict what it found: {@code MATCH}, {@code DIVERGED}, {@code INCOMPLETE} or {@code ERROR}
 * @param startedAt when it began, by the server's clock
 * @param compared how many keys were judged
 * @param diverged how many of them differ
 */
public record LastVerification(String verdict, Instant startedAt, long compared, long diverged) {}
