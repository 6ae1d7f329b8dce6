package dev.changeover.core.spi;

import dev.changeover.core.Side;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A read that was served to a caller, and the way to do it again on either side. The value is a snapshot: the caller
 * may go on to change what it was given.
 *
 * @param repository the name of the repository
 * @param operation the name of the operation
 * @param kind what kind of read
 * @param key the key as text if the read was by key, else null
 * @param served the side that served it
 * @param value what was returned; null if the read threw, or returned null
 * @param failure what was thrown, or null
 * @param nanos how long the side took, in nanoseconds
 * @param servedAt the {@link System#nanoTime} at which the side had answered
 * @param epoch the epoch of the stage under which it was served
 * @param again does the read on a side, unrouted, on the calling thread, in the transaction that is active there
 */
public record ObservedRead(
        String repository,
        String operation,
        ReadKind kind,
        @Nullable String key,
        Side served,
        @Nullable Object value,
        @Nullable Throwable failure,
        long nanos,
        long servedAt,
        long epoch,
        Again again) {

    /** Creates a read that was served this instant. */
    public ObservedRead(
            String repository,
            String operation,
            ReadKind kind,
            @Nullable String key,
            Side served,
            @Nullable Object value,
            @Nullable Throwable failure,
            long nanos,
            long epoch,
            Again again) {
        this(repository, operation, kind, key, served, value, failure, nanos, System.nanoTime(), epoch, again);
    }

    /** Does the observed read once more. */
    @FunctionalInterface
    public interface Again {
        /** Does the read on this side and returns its result, as a snapshot if a snapshot function was declared. */
        @Nullable
        Object on(Side side) throws Exception;
    }

    /** Returns the read on one side as a task. */
    public Callable<@Nullable Object> task(Side side) {
        return () -> again.on(side);
    }
}
