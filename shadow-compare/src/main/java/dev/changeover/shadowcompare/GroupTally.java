package dev.changeover.shadowcompare;

import java.time.Instant;
import java.util.List;

/** The divergences of one group as they are counted. Not thread-safe. */
final class GroupTally {
    private final GroupId id;
    private final Seen seen = new Seen();
    private final Reservoir samples = new Reservoir();
    private long epoch;

    GroupTally(GroupId id) {
        this.id = id;
    }

    void add(Divergence one, long rank) {
        seen.at(one.at());
        epoch = Math.max(epoch, one.epoch());
        samples.offer(one, rank);
    }

    GroupId id() {
        return id;
    }

    Seen seen() {
        return seen;
    }

    long epoch() {
        return epoch;
    }

    List<Reservoir.Ranked> samples() {
        return samples.ranked();
    }

    DivergenceGroup shown(long number) {
        return new DivergenceGroup(
                number,
                id.repository(),
                id.operation(),
                id.path(),
                id.kind(),
                seen.count,
                epoch,
                seen.first,
                seen.last,
                samples().stream().map(Reservoir.Ranked::sample).toList(),
                Review.NONE);
    }

    /** How often, since when and until when. */
    static final class Seen {
        private long count;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;

        void at(Instant moment) {
            count++;
            first = moment.isBefore(first) ? moment : first;
            last = moment.isAfter(last) ? moment : last;
        }

        long count() {
            return count;
        }

        Instant first() {
            return first;
        }

        Instant last() {
            return last;
        }
    }
}
