package dev.changeover.shadowcompare;

import dev.changeover.core.StateComparison.Kind;
import dev.changeover.shadowcompare.DivergenceGroup.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Groups divergences, keeping a bounded number of samples, each of another key. Not thread-safe. */
final class DivergenceGroups {
    private final int samples;
    private final Map<Id, DivergenceGroup> groups = new LinkedHashMap<>();

    DivergenceGroups(int samples) {
        this.samples = samples;
    }

    DivergenceGroups addAll(List<Divergence> divergences) {
        divergences.forEach(each -> groups.merge(Id.of(each), first(each), (known, one) -> grown(known, each)));
        return this;
    }

    List<DivergenceGroup> list() {
        return List.copyOf(groups.values());
    }

    private static DivergenceGroup first(Divergence one) {
        return new DivergenceGroup(
                one.repository(),
                one.operation(),
                one.pathPattern(),
                one.kind(),
                1,
                one.epoch(),
                one.at(),
                one.at(),
                List.of(Sample.of(one)));
    }

    private DivergenceGroup grown(DivergenceGroup known, Divergence one) {
        return new DivergenceGroup(
                known.repository(),
                known.operation(),
                known.path(),
                known.kind(),
                known.count() + 1,
                one.epoch(),
                known.firstSeen(),
                one.at().isAfter(known.lastSeen()) ? one.at() : known.lastSeen(),
                more(known.samples(), one));
    }

    private List<Sample> more(List<Sample> known, Divergence one) {
        if (known.size() >= samples || known.stream().anyMatch(each -> Objects.equals(each.key(), one.key()))) {
            return known;
        }
        List<Sample> result = new ArrayList<>(known);
        result.add(Sample.of(one));
        return result;
    }

    private record Id(String repository, String operation, String path, Kind kind) {
        static Id of(Divergence one) {
            return new Id(one.repository(), one.operation(), one.pathPattern(), one.kind());
        }
    }
}
