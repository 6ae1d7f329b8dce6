package dev.changeover.shadowcompare;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.measure.Source;
import dev.changeover.core.spi.CheckedWrite;
import dev.changeover.core.spi.WriteObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Has a sample of the dual writes read back from both sides in their own transactions, and reports what differs. The
 * comparison is the one that the repository was built with.
 *
 * <pre>{@code
 * WriteChecks checks = WriteChecks.builder()
 *         .samplePercent(1)
 *         .divergences(buffer.and(new LoggingDivergenceLog()))
 *         .build();
 * Changeover.builder().writeObserver(checks)...
 * }</pre>
 *
 * <p>A write that is sampled takes about five more round trips, and no longer than a follower's part may. Divergences
 * are handed on after the commit by a thread of this object; those for which its queue has no room are counted.
 */
public final class WriteChecks implements WriteObserver, AutoCloseable {

    private final double share;
    private final HandOff divergences;
    private final @Nullable MeterRegistry meters;
    private final @Nullable Measurements measurements;
    private final Clock clock;
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();

    private WriteChecks(Builder builder) {
        this.share = builder.percent / 100;
        this.divergences = new HandOff(builder.divergences, "changeover-write-checks");
        this.meters = builder.meters;
        this.measurements = builder.measurements;
        this.clock = builder.clock;
    }

    /** Starts the configuration. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public boolean wants(String repository, String operation) {
        return share > 0 && ThreadLocalRandom.current().nextDouble() < share;
    }

    @Override
    public void checked(CheckedWrite write) {
        Outcome outcome = outcome(write);
        Tally tally = tallies.get(write.repository());
        if (tally == null) {
            tally = tallies.computeIfAbsent(
                    write.repository(),
                    name -> new Tally(name, meters, "changeover.write.checks", measurements, Source.WRITE_CHECK));
        }
        tally.count(write.operation(), outcome);
        if (outcome == Outcome.DIVERGED) {
            report(write);
        }
    }

    /** A write that was rolled back says nothing of what a later one would leave. */
    private static Outcome outcome(CheckedWrite write) {
        return switch (write.status()) {
            case MARKED -> Outcome.MARKED;
            case FAILED -> Outcome.ERROR;
            case ROLLED_BACK -> Outcome.UNCONFIRMED;
            case COMPARED -> judged(write.differences());
        };
    }

    private static Outcome judged(List<Difference> differences) {
        if (differences.isEmpty()) {
            return Outcome.MATCH;
        }
        return Difference.anyCounts(differences) ? Outcome.DIVERGED : Outcome.ACCEPTED;
    }

    private void report(CheckedWrite write) {
        divergences.offer(() -> write.differences().stream()
                .filter(Difference::counts)
                .map(each -> new Divergence(
                        write.repository(), write.operation(), write.key(), each, write.epoch(), clock.instant()))
                .toList());
    }

    /** Returns the counters of this moment; each key of a checked write counts. */
    public ShadowCounters counters() {
        return new ShadowCounters(tallies.values().stream()
                .flatMap(each -> each.snapshot().stream())
                .sorted(Comparator.comparing(OperationCounts::repository).thenComparing(OperationCounts::operation))
                .toList());
    }

    /** Returns how many divergences are in the counters and did not reach the log. */
    public long unreported() {
        return divergences.lost();
    }

    /** Ends the thread; what still waits is counted as unreported. */
    @Override
    public void close() {
        divergences.close();
    }

    /** Collects the settings. */
    public static final class Builder {
        private double percent = 1;
        private DivergenceLog divergences = new LoggingDivergenceLog();
        private @Nullable MeterRegistry meters;
        private @Nullable Measurements measurements;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** Checks this share of the dual writes, 1 by default; with 0 none. */
        public Builder samplePercent(double value) {
            if (!(value >= 0 && value <= 100)) {
                throw new ConfigurationException("writeChecks.samplePercent", "it is " + value, "Give 0 to 100");
            }
            this.percent = value;
            return this;
        }

        /** Hands divergences to this log; the application's own log at a limited rate without it. */
        public Builder divergences(DivergenceLog log) {
            this.divergences = log;
            return this;
        }

        /** Counts in this registry too. */
        public Builder meters(MeterRegistry registry) {
            this.meters = registry;
            return this;
        }

        /** Counts for gates and reports too, which see all instances together. */
        public Builder measurements(Measurements counters) {
            this.measurements = counters;
            return this;
        }

        /** Takes the time of divergences from this clock. */
        public Builder clock(Clock source) {
            this.clock = source;
            return this;
        }

        /** Builds the observer. */
        public WriteChecks build() {
            return new WriteChecks(this);
        }
    }
}
