package dev.changeover.core.measure;

import dev.changeover.core.Side;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one operation. They only grow; what was told before is kept beside them. */
final class OperationCounts {

    private static final int JUDGEMENTS = Judgement.values().length;
    private static final int SOURCES = Source.values().length;

    private final SideCounts legacy = new SideCounts();
    private final SideCounts next = new SideCounts();
    private final AtomicLongArray comparisons = new AtomicLongArray(SOURCES * JUDGEMENTS);

    void served(Side side, long nanos, boolean failed) {
        of(side).count(nanos, failed);
    }

    void followed(Side authority, long nanos) {
        of(authority).followed.incrementAndGet(Latencies.bucket(nanos));
    }

    void compared(Source source, Judgement judgement) {
        comparisons.incrementAndGet(source.ordinal() * JUDGEMENTS + judgement.ordinal());
    }

    private SideCounts of(Side side) {
        return side == Side.LEGACY ? legacy : next;
    }

    CallCount calls(String repository, String operation, Side side) {
        SideCounts counts = of(side);
        return new CallCount(
                repository,
                operation,
                side,
                counts.failures.sum(),
                counts.nanos.sum(),
                latencies(counts.buckets),
                latencies(counts.followed));
    }

    ComparisonCount comparisons(String repository, String operation, Source source) {
        Map<Judgement, Long> counts = new EnumMap<>(Judgement.class);
        for (Judgement judgement : Judgement.values()) {
            counts.put(judgement, comparisons.get(source.ordinal() * JUDGEMENTS + judgement.ordinal()));
        }
        return new ComparisonCount(repository, operation, source, counts);
    }

    private static Latencies latencies(AtomicLongArray buckets) {
        long[] values = new long[Latencies.BUCKETS];
        Arrays.setAll(values, buckets::get);
        return Latencies.of(values);
    }

    /** What one side served. */
    private static final class SideCounts {
        private final LongAdder failures = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final AtomicLongArray buckets = new AtomicLongArray(Latencies.BUCKETS);
        private final AtomicLongArray followed = new AtomicLongArray(Latencies.BUCKETS);

        void count(long took, boolean failed) {
            buckets.incrementAndGet(Latencies.bucket(took));
            nanos.add(took);
            if (failed) {
                failures.increment();
            }
        }
    }
}
