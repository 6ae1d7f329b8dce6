package dev.changeover.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What callers were told, in the order in which they were told: every write of every key with its begin, its end and its
 * outcome. From that it says which states a read may return and which one may be left at the end.
 *
 * <p>A write is acknowledged, undone, or of unknown outcome (its commit was sent and no reply came). A state is legal
 * for a read if some write made it that had begun before the read ended, unless an acknowledged write lies between the
 * two. That holds for any number of writers of a key; where states are unique it finds every stale read and every lost
 * write. A state is null where the key is absent; states are compared by {@code equals}.
 *
 * <p>Everything random in a run comes from {@link #random}, so that the seed repeats the choices of every actor. Safe for
 * use by several threads; a unit belongs to one.
 *
 * @param <K> the key
 * @param <V> the state of a key
 */
public final class History<K, V> {

    private final long seed;
    private final AtomicLong clock = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final Map<K, Writes<V>> keys = new ConcurrentHashMap<>();

    /** An empty history, in which every key is absent. */
    public History(long seed) {
        this.seed = seed;
    }

    /** The random numbers of one actor, which are the same in every run with this seed. */
    public Random random(String actor) {
        return new Random(seed * 1_000_003 + actor.hashCode());
    }

    /** The present moment: to be taken before a read, and again after it. */
    public long now() {
        return clock.incrementAndGet();
    }

    /** Begins a unit of work, before its first statement. */
    public Unit begin() {
        return new Unit();
    }

    /** Whether a read that began and ended at these moments may have returned this state; null for absence. */
    public boolean isLegal(K key, @Nullable V state, long begin, long end) {
        return writes(key).isLegal(state, begin, end);
    }

    /** Whether this state may be the present one; for when all units have ended. */
    public boolean isLegal(K key, @Nullable V state) {
        long now = now();
        return isLegal(key, state, now, now);
    }

    /** The states that a key may have now; more than one where an outcome is unknown or a unit is under way. */
    public Set<@Nullable V> possible(K key) {
        return writes(key).possible(now());
    }

    /** The last writes of a key, for the message of a failure. */
    public String describe(K key) {
        return key + ": " + writes(key);
    }

    /** Every key that was ever written. */
    public Set<K> keys() {
        return Set.copyOf(keys.keySet());
    }

    /** How many writes were acknowledged, a unit counted once for each of its keys. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** How many writes have an outcome that nobody knows. */
    public long unknown() {
        return unknown.get();
    }

    private Writes<V> writes(K key) {
        return keys.computeIfAbsent(key, k -> new Writes<>());
    }

    /** The writes of one unit of work: all of them happen or none. */
    public final class Unit {
        private final Map<K, Write<V>> own = new HashMap<>();
        private long snapshot = -1;

        private Unit() {}

        /**
         * Says before its first statement that the unit sees the database as it is now, as under REPEATABLE READ. What it
         * writes is then as old as that: removing what its snapshot does not hold removes nothing, without an error.
         */
        public void underSnapshot() {
            snapshot = now();
        }

        /** Says that the unit is about to give a key this state; the last one counts. Null removes the key. */
        public void write(K key, @Nullable V state) {
            own.put(key, writes(key).begin(own.get(key), state, snapshot < 0 ? now() : snapshot));
        }

        /** Whether this unit has written the key. */
        public boolean wrote(K key) {
            return own.containsKey(key);
        }

        /** What this unit must read of a key that it has written. */
        public @Nullable V state(K key) {
            return Objects.requireNonNull(own.get(key)).state;
        }

        /** How many keys the unit has written. */
        public int size() {
            return own.size();
        }

        /** The caller was told that the unit is committed. */
        public void acknowledged() {
            long at = now();
            own.forEach((key, write) -> writes(key).end(write, at, true));
            acknowledged.addAndGet(own.size());
        }

        /** The caller cannot tell whether the unit was committed, and its session is over. */
        public void unknown() {
            long at = now();
            own.forEach((key, write) -> writes(key).end(write, at, false));
            unknown.addAndGet(own.size());
        }

        /** The unit was rolled back. */
        public void undone() {
            own.forEach((key, write) -> writes(key).remove(write));
        }
    }

    private static final class Write<V> {
        private final long begin;
        private final @Nullable V state;
        private long end = Long.MAX_VALUE;
        private boolean acknowledged;

        private Write(long begin, @Nullable V state) {
            this.begin = begin;
            this.state = state;
        }

        @Override
        public String toString() {
            String until = end == Long.MAX_VALUE ? "under way" : (acknowledged ? "" : "unknown ") + end;
            return "[" + begin + ".." + until + " " + state + "]";
        }
    }

    /** The writes of one key in the order in which they were announced. */
    private static final class Writes<V> {
        private static final int SHOWN = 8;

        private final List<Write<V>> all = new ArrayList<>();

        /** At i the latest end of the writes up to i; as long as the first writes that have all ended. */
        private final List<Long> reach = new ArrayList<>();

        synchronized Write<V> begin(@Nullable Write<V> earlier, @Nullable V state, long now) {
            if (earlier != null) {
                all.remove(all.lastIndexOf(earlier));
            }
            Write<V> write = new Write<>(now, state);
            all.add(write);
            return write;
        }

        synchronized void end(Write<V> write, long at, boolean acknowledged) {
            write.end = at;
            write.acknowledged = acknowledged;
            while (reach.size() < all.size() && all.get(reach.size()).end != Long.MAX_VALUE) {
                long before = reach.isEmpty() ? -1 : reach.get(reach.size() - 1);
                reach.add(Math.max(before, all.get(reach.size()).end));
            }
        }

        /** Whether this write and all before it are overwritten, if a write that began then is known to stand. */
        private boolean overwritten(int index, long settled) {
            return index < reach.size() && reach.get(index) < settled;
        }

        synchronized void remove(Write<V> write) {
            all.remove(all.lastIndexOf(write));
        }

        synchronized boolean isLegal(@Nullable V state, long begin, long end) {
            long settled = settledBefore(begin);
            if (settled < 0 && state == null) {
                return true;
            }
            for (int i = all.size() - 1; i >= 0 && !overwritten(i, settled); i--) {
                Write<V> write = all.get(i);
                if (write.begin < end && write.end >= settled && Objects.equals(write.state, state)) {
                    return true;
                }
            }
            return false;
        }

        synchronized Set<@Nullable V> possible(long now) {
            Set<@Nullable V> states = new LinkedHashSet<>();
            long settled = settledBefore(now);
            if (settled < 0) {
                states.add(null);
            }
            for (int i = all.size() - 1; i >= 0 && !overwritten(i, settled); i--) {
                if (all.get(i).end >= settled) {
                    states.add(all.get(i).state);
                }
            }
            return states;
        }

        /** The begin of a late write that was acknowledged before this moment: what ended before it is overwritten. */
        private long settledBefore(long moment) {
            for (int i = all.size() - 1; i >= 0; i--) {
                Write<V> write = all.get(i);
                if (write.acknowledged && write.end < moment) {
                    return write.begin;
                }
            }
            return -1;
        }

        @Override
        public synchronized String toString() {
            return String.valueOf(all.subList(Math.max(0, all.size() - SHOWN), all.size()));
        }
    }
}
