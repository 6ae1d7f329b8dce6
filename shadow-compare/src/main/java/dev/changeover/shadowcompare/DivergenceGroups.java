package dev.changeover.shadowcompare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Groups divergences, up to a number of groups; what would be one more is counted as shed. Not thread-safe. */
final class DivergenceGroups {
    /** As many as the table keeps of one repository. */
    static final int MOST = 1_000;

    private final int most;
    private final LongSupplier ranks;
    private final Map<GroupId, GroupTally> groups = new LinkedHashMap<>();
    private final Map<String, GroupTally.Seen> shed = new HashMap<>();
    private long count;

    DivergenceGroups(int most, LongSupplier ranks) {
        this.most = most;
        this.ranks = ranks;
    }

    static DivergenceGroups of(Collection<Divergence> divergences) {
        DivergenceGroups groups = new DivergenceGroups(MOST, atRandom());
        divergences.forEach(each -> groups.add(GroupId.of(each), each));
        return groups;
    }

    static LongSupplier atRandom() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    void add(GroupId id, Divergence one) {
        count++;
        GroupTally group = group(id);
        if (group == null) {
            shed.computeIfAbsent(id.repository(), repository -> new GroupTally.Seen())
                    .at(one.at());
        } else {
            group.add(one, ranks.getAsLong());
        }
    }

    private @Nullable GroupTally group(GroupId id) {
        GroupTally known = groups.get(id);
        if (known == null && groups.size() < most) {
            known = new GroupTally(id);
            groups.put(id, known);
        }
        return known;
    }

    /** Returns how many divergences were added, those among them that were shed. */
    long count() {
        return count;
    }

    Collection<GroupTally> tallies() {
        return groups.values();
    }

    Map<String, GroupTally.Seen> shed() {
        return shed;
    }

    /** Returns how many were shed, by repository. */
    Map<String, Long> shedCounts() {
        return shed.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().count()));
    }

    /** Returns the groups in the order in which they were first seen, numbered from 1. */
    List<DivergenceGroup> list() {
        List<DivergenceGroup> shown = new ArrayList<>();
        groups.values().forEach(each -> shown.add(each.shown(shown.size() + 1L)));
        return shown;
    }
}
