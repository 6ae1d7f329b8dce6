package dev.changeover.core.control;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What the fence answered a routed write: the stage under which this write, and nothing after it, runs.
 *
 * @param stage the stage
 * @param epoch its epoch
 * @param backend the process id of the backend, to notice a suspended transaction
 * @param readCommitted whether each statement of this transaction sees what was committed before it
 * @param backfilled whether absence on new is absence
 * @param stale whether a side has missed writes and waits for a reseed
 * @param sign the signed interval around this one, to be put back at its end; empty for none, null where no sentinels
 *     watch the side that leads
 */
public record Entry(
        Stage stage,
        long epoch,
        int backend,
        boolean readCommitted,
        boolean backfilled,
        boolean stale,
        @Nullable String sign) {

    /** Returns the side that leads. */
    public Side authority() {
        return stage.authority();
    }

    /** Tells whether sentinels see what this write changes besides the keys that it declared. */
    public boolean watched() {
        return sign != null;
    }
}
