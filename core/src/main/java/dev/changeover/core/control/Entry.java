package dev.changeover.core.control;

import dev.changeover.core.Stage;

/**
 * What the fence answered a routed write: the stage under which this write, and nothing after it, runs.
 *
 * @param stage the stage
 * @param epoch its epoch
 * @param backend the process id of the backend, to notice a suspended transaction
 * @param readCommitted whether each statement of this transaction sees what was committed before it
 * @param backfilled whether absence on new is absence
 * @param stale whether a side has missed writes and waits for a reseed
 */
public record Entry(Stage stage, long epoch, int backend, boolean readCommitted, boolean backfilled, boolean stale) {}
