package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.DivergenceGroup.Sample;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A bounded sample in which every divergence of its group has the same chance to be: each draws a rank at random, and
 * those with the lowest stay. So the count takes part without being known, and reservoirs of several instances merge
 * into one of all, which {@code changeover.merge_samples} does. A divergence that does not stay costs one comparison.
 * Not thread-safe.
 */
final class Reservoir {
    static final int SIZE = 5;

    private final PriorityQueue<Ranked> highestFirst =
            new PriorityQueue<>(SIZE + 1, (one, other) -> Long.compare(other.rank, one.rank));

    /**
     * One that stays for now.
     *
     * @param rank what it drew
     */
    record Ranked(long rank, Sample sample) {}

    void offer(Divergence one, long rank) {
        Ranked highest = highestFirst.peek();
        if (highest != null && highestFirst.size() == SIZE) {
            if (rank >= highest.rank) {
                return;
            }
            highestFirst.remove();
        }
        highestFirst.add(new Ranked(rank, Sample.of(one)));
    }

    /** Returns what stays, in the order of the ranks. */
    List<Ranked> ranked() {
        return highestFirst.stream()
                .sorted((one, other) -> Long.compare(one.rank, other.rank))
                .toList();
    }
}
