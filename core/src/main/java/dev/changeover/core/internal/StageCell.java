package dev.changeover.core.internal;

import dev.changeover.core.control.RepositoryState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stage of one repository as this instance saw it last, with a lease. The poller renews it; a reader who finds the
 * lease run out (a long pause, a database that did not answer) asks before it goes on. The lease begins before the
 * question was sent, and the server counts it from its arrival, so this instance always gives up first.
 *
 * <p>It is enough to look at the lease when a read begins. Whatever side the stage named then was maintained at that
 * instant, and a side only ever goes forward, so the read returns a state that was true at some time since it began.
 */
final class StageCell {

    private record Seen(RepositoryState state, long freshUntil) {}

    private final LongSupplier clock;
    private final Supplier<@Nullable RepositoryState> refresh;
    private final Map<RepositoryState, Integer> inUse = new HashMap<>();
    private volatile Seen seen;
    private volatile long knownEpoch;

    StageCell(RepositoryState state, long freshUntil, LongSupplier clock, Supplier<@Nullable RepositoryState> refresh) {
        this.seen = new Seen(state, freshUntil);
        this.clock = clock;
        this.refresh = refresh;
    }

    /** Returns the state, asked for again if the lease ran out. Takes a connection of its own then. */
    RepositoryState fresh() {
        RepositoryState now = freshOrNull();
        if (now != null) {
            return now;
        }
        RepositoryState asked = refresh.get();
        return asked == null ? seen.state : asked;
    }

    /** Returns the state, or null if the lease ran out; who holds a connection asks on that one. */
    @Nullable
    RepositoryState freshOrNull() {
        Seen now = seen;
        return clock.getAsLong() - now.freshUntil < 0 && now.state.epoch() >= knownEpoch ? now.state : null;
    }

    /**
     * Tells that a unit of work entered the fence at this epoch. If that is news, the lease is over: a read after it
     * would else be served by the side that led before.
     */
    void entered(long epoch) {
        if (epoch > seen.state.epoch()) {
            synchronized (this) {
                knownEpoch = Math.max(knownEpoch, epoch);
            }
        }
    }

    /** Returns the state without looking at the lease. */
    RepositoryState last() {
        return seen.state;
    }

    /** Returns the state and remembers that a unit reads under it until {@link #release}; null without a lease. */
    @Nullable
    RepositoryState use() {
        synchronized (inUse) {
            RepositoryState state = freshOrNull();
            if (state != null) {
                inUse.merge(state, 1, Integer::sum);
            }
            return state;
        }
    }

    /** Forgets a unit of work. */
    void release(RepositoryState state) {
        synchronized (inUse) {
            inUse.computeIfPresent(state, (same, count) -> count == 1 ? null : count - 1);
        }
    }

    /**
     * Returns what this instance may acknowledge: the present state, or an older one that a unit of work still uses. A
     * move of the authority that waits for the acknowledgement then never comes between the reads and the writes of a
     * unit.
     */
    RepositoryState acknowledged() {
        synchronized (inUse) {
            return inUse.keySet().stream()
                    .min(Comparator.comparingLong(RepositoryState::epoch).thenComparingLong(RepositoryState::revision))
                    .filter(used -> used.epoch() < seen.state.epoch() || used.revision() < seen.state.revision())
                    .orElse(seen.state);
        }
    }

    /** Takes a newer state; returns whether it says something new. Never goes back, and leaves the lease as it is. */
    synchronized boolean publish(RepositoryState state) {
        Seen before = seen;
        if (state.epoch() < before.state.epoch()
                || (state.epoch() == before.state.epoch() && state.revision() < before.state.revision())) {
            return false;
        }
        seen = new Seen(state, before.freshUntil);
        return !state.equals(before.state);
    }

    /** Renews the lease, once the control schema knows of it. */
    synchronized void extend(long freshUntil) {
        Seen before = seen;
        if (freshUntil - before.freshUntil > 0) {
            seen = new Seen(before.state, freshUntil);
        }
    }
}
