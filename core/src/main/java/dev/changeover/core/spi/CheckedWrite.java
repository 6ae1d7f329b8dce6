package dev.changeover.core.spi;

import dev.changeover.core.StateComparison.Difference;
import java.util.List;

/**
 * One key of a dual write that was read back from both sides before the commit.
 *
 * @param repository the name of the repository
 * @param operation the name of the operation
 * @param key the key as text
 * @param epoch the epoch of the stage under which it was written
 * @param status what the check can say
 * @param differences what differs; empty unless the status is {@link Status#COMPARED}
 */
public record CheckedWrite(
        String repository, String operation, String key, long epoch, Status status, List<Difference> differences) {

    /** Keeps a copy. */
    public CheckedWrite {
        differences = List.copyOf(differences);
    }

    /** What a check can say. */
    public enum Status {
        /** Both sides were read and compared, and the transaction committed. */
        COMPARED,
        /** They differ, and another transaction has marked the key since: its state is on the way. */
        MARKED,
        /** A side could not be read, or not in time. */
        FAILED,
        /** The transaction was rolled back, and what was compared with it. */
        ROLLED_BACK
    }
}
