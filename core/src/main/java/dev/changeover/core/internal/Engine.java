package dev.changeover.core.internal;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import org.jspecify.annotations.Nullable;

/** One repository at run time: the proxy and the hand-written router both end here. */
public final class Engine<R, K, V> {

    private final Sides<R, K, V> sides;
    private final StageCell cell;
    private final ReadRouter<R, K, V> reads;
    private final WriteRouter<R, K, V> writes;

    private final @Nullable Observing observing;

    /** @param observing puts calls into observations, or null */
    Engine(
            Sides<R, K, V> sides,
            StageCell cell,
            ReadRouter<R, K, V> reads,
            WriteRouter<R, K, V> writes,
            @Nullable Observing observing) {
        this.observing = observing;
        this.sides = sides;
        this.cell = cell;
        this.reads = reads;
        this.writes = writes;
    }

    /** Does a read on the side that may serve it. */
    public <T extends @Nullable Object> T read(Operation operation, @Nullable K key, Call<R, T> call) throws Throwable {
        return observing == null
                ? route(operation, key, call)
                : observing.call("read", operation, cell.last().stage(), () -> route(operation, key, call));
    }

    private <T extends @Nullable Object> T route(Operation operation, @Nullable K key, Call<R, T> call)
            throws Throwable {
        RepositoryState state = cell.freshOrNull();
        if (state != null && state.stage() == Stage.LEGACY_ONLY && reads.plain()) {
            return call.on(sides.legacy());
        }
        return reads.serve(operation, key, call);
    }

    /**
     * Does a write on the authority and makes the follower follow.
     *
     * @param again the same call for a rehearsal or replay on the follower, or null for {@code call} itself
     */
    public <T extends @Nullable Object> T write(
            Operation operation, KeySource<K> keys, Call<R, T> call, Again<R, T> again) throws Throwable {
        Side side = FollowerScope.current();
        if (side != null) {
            return call.on(sides.port(side));
        }
        return observing == null
                ? writes.write(operation, keys, call, again)
                : observing.call(
                        "write", operation, cell.last().stage(), () -> writes.write(operation, keys, call, again));
    }

    /** Marks a key that was changed outside a routed write, or refuses the change. */
    public void changedOutside(Side side, Object key) {
        if (FollowerScope.current() == null) {
            writes.changedOutside(side, sides.keyType().javaType().cast(key));
        }
    }

    public Sides<R, K, V> sides() {
        return sides;
    }

    StageCell cell() {
        return cell;
    }

    /** Makes the follower's call from what the authority returned. */
    @FunctionalInterface
    public interface Again<R, T extends @Nullable Object> {
        @Nullable
        Call<R, ?> after(T result);
    }
}
