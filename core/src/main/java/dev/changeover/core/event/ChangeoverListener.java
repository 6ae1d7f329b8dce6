package dev.changeover.core.event;

import dev.changeover.core.BackfillProgress;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.StateComparison.Difference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what happens. Called on the thread where it happens, often the caller's: a listener returns at once, takes no
 * lock that can block and throws nothing (what it throws is dropped). Every method does nothing unless overridden.
 */
public interface ChangeoverListener {

    /** Listens to nothing; with it the engine does not even read the clock. */
    ChangeoverListener NONE = new ChangeoverListener() {};

    /** A read was served; {@code failed} tells whether the side threw. */
    default void readServed(String repository, String operation, Side side, long nanos, boolean failed) {}

    /** A read that new should have served was served by the authority, since marks were open or could not be asked. */
    default void readFellBack(String repository, String operation, String reason) {}

    /** The authority's part of a write ended; {@code failed} tells whether it threw. */
    default void writeServed(
            String repository, String operation, Stage stage, Side authority, long nanos, boolean failed) {}

    /** The follower has the state of a write, after so many nanoseconds on the caller's thread. */
    default void followed(String repository, String operation, Stage stage, long nanos) {}

    /**
     * Keys were marked instead of copied.
     *
     * @param reason a word of a closed set, such as {@code LOCKED}, {@code ISOLATION}, {@code BREAKER}, {@code FAILED}
     * @param failure what the follower threw, or null
     */
    default void marked(
            String repository, String operation, Stage stage, int keys, String reason, @Nullable Throwable failure) {}

    /** A rehearsed write was compared; {@code differences} is empty if the follower would have done the same. */
    default void rehearsed(String repository, String operation, String key, List<Difference> differences) {}

    /** A rehearsal was not possible now; the write went on by state. */
    default void rehearsalSkipped(String repository, String operation, String reason) {}

    /** A batch of marked keys was converged. */
    default void drained(String repository, int keys, int failed, long nanos) {}

    /** The copy of a key failed {@code attempts} times and waits for a person. */
    default void parked(String repository, String key, int attempts, Throwable failure) {}

    /** The drain stopped because a batch looked like a mistake; it goes on when somebody permits it. */
    default void drainStopped(String repository, String why) {}

    /**
     * A chunk of a backfill or reseed was committed, or it waits.
     *
     * @param job {@code BACKFILL} or {@code RESEED}
     */
    default void copied(BackfillProgress progress, String job) {}

    /** So many rows have been changed round the library, as sentinels saw; told every few seconds where there are any. */
    default void foreignChanges(String repository, long changes) {}

    /** This instance has seen a stage or a percentage that it did not know. */
    default void stageSeen(String repository, Stage stage, long epoch, int percent) {}

    /** A follower's circuit breaker changed its state. */
    default void breakerMoved(String repository, String state) {}

    /** Results of this operation are never compared, and why; told once, when the repository is built. */
    default void notShadowed(String repository, String operation, String why) {}

    /** Something in the background failed and will be tried again. */
    default void backgroundFailed(String what, Throwable failure) {}
}
