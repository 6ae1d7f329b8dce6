package dev.changeover.core.memory;

import dev.changeover.core.control.RepositoryState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Live instances and what each has seen. Guarded by the lock of the control. */
final class Instances {

    private static final class Instance {
        private long leaseUntil;
        private final Map<String, RepositoryState> seen = new HashMap<>();
    }

    private final LongSupplier clock;
    private final Map<String, Instance> instances = new TreeMap<>();

    Instances(LongSupplier clock) {
        this.clock = clock;
    }

    void heartbeat(String id, Duration lease, Collection<RepositoryState> seen) {
        Instance instance = instances.computeIfAbsent(id, key -> new Instance());
        instance.leaseUntil = clock.getAsLong() + lease.toNanos();
        seen.forEach(state -> instance.seen.put(state.name(), state));
    }

    /** Returns the live instances that have seen the repository, but not its present epoch and revision. */
    List<String> lagging(RepositoryState now) {
        return instances.entrySet().stream()
                .filter(entry -> lags(entry.getValue(), now))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean lags(Instance instance, RepositoryState now) {
        RepositoryState seen = instance.seen.get(now.name());
        return seen != null
                && instance.leaseUntil - clock.getAsLong() > 0
                && (seen.epoch() < now.epoch() || seen.revision() < now.revision());
    }
}
