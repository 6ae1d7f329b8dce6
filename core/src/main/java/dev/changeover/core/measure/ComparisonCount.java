package dev.changeover.core.measure;

import java.util.EnumMap;
import java.util.Map;

/**
 * How comparisons of one operation ended.
 *
 * @param repository the repository
 * @param operation the operation
 * @param source how they came about
 * @param counts how often each judgement was the end; one that is not among them never was
 */
public record ComparisonCount(String repository, String operation, Source source, Map<Judgement, Long> counts) {

    /** Copies the counts. */
    public ComparisonCount {
        counts = Map.copyOf(counts);
    }

    /** Returns how often this was the end. */
    public long count(Judgement judgement) {
        return counts.getOrDefault(judgement, 0L);
    }

    /** Returns how many comparisons there were. */
    public long all() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    ComparisonCount minus(ComparisonCount earlier) {
        Map<Judgement, Long> difference = new EnumMap<>(Judgement.class);
        counts.forEach((judgement, count) -> difference.put(judgement, count - earlier.count(judgement)));
        return new ComparisonCount(repository, operation, source, difference);
    }
}
