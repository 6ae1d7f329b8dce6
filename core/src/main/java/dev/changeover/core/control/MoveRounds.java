package dev.changeover.core.control;

import java.time.Duration;

/**
 * How a move tries for the fence: many short rounds, because later writers queue behind each of them.
 *
 * @param round how long one round waits for the fence; no writer is stalled longer than this by a round that fails
 * @param rounds after how many rounds the move gives up and changes nothing
 * @param instanceWait how long the move waits for instances that have not seen the present epoch
 * @param lastKeys up to how many marked keys the move converges while it holds the fence
 */
public record MoveRounds(Duration round, int rounds, Duration instanceWait, int lastKeys) {

    /** Rounds of 50 ms, 100 of them; 10 s for instances; 100 keys. */
    public static final MoveRounds DEFAULTS = new MoveRounds(Duration.ofMillis(50), 100, Duration.ofSeconds(10), 100);
}
