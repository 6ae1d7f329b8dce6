package dev.changeover.core;

import dev.changeover.core.control.RepositoryState;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one repository is doing, for people: where it is, what the follower lacks, and for whom a move waits. The view
 * {@code changeover.status} says the same.
 *
 * @param state its stage, epoch and percentage
 * @param marks how many marks are open
 * @param oldestMark when the oldest of them was set, or null
 * @param parked how many keys were tried so often that they wait for a person
 * @param watched the sides that sentinels watch
 * @param foreignChanges how many rows were changed round the library
 * @param instances what each instance has acknowledged
 * @param inTheWay transactions that have held the fence for more than a second, or null
 */
public record RepositoryStatus(
        RepositoryState state,
        long marks,
        @Nullable Instant oldestMark,
        long parked,
        Set<Side> watched,
        long foreignChanges,
        List<InstanceStatus> instances,
        @Nullable String inTheWay) {

    /** Copies the collections. */
    public RepositoryStatus {
        watched = Set.copyOf(watched);
        instances = List.copyOf(instances);
    }

    /** Returns the live instances that have not acknowledged the present epoch and percentage. */
    public List<InstanceStatus> behind() {
        return instances.stream().filter(InstanceStatus::behind).toList();
    }
}
