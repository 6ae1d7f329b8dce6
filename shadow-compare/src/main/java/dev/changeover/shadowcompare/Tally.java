package dev.changeover.shadowcompare;

import dev.changeover.core.measure.Measurements;
import dev.changeover.core.measure.Source;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The counters of one repository. Meters read them, so that counting costs the same with and without a registry. */
final class Tally {
    private final String repository;
    private final @Nullable MeterRegistry meters;
    private final String meter;
    private final @Nullable Measurements measurements;
    private final Source source;
    private final Map<String, Noise> noises = new ConcurrentHashMap<>();
    private final Map<String, Map<Outcome, LongAdder>> operations = new ConcurrentSkipListMap<>();

    Tally(
            String repository,
            @Nullable MeterRegistry meters,
            String meter,
            @Nullable Measurements measurements,
            Source source) {
        this.measurements = measurements;
        this.source = source;
        this.repository = repository;
        this.meter = meter;
        this.meters = meters;
    }

    void count(String operation, Outcome outcome) {
        Map<Outcome, LongAdder> counters = operations.get(operation);
        if (counters == null) {
            counters = operations.computeIfAbsent(operation, this::start);
        }
        Objects.requireNonNull(counters.get(outcome)).increment();
        if (measurements != null) {
            measurements.compared(repository, operation, source, outcome.judgement());
        }
    }

    Noise noise(String operation) {
        return noises.computeIfAbsent(operation, name -> new Noise());
    }

    List<OperationCounts> snapshot() {
        return operations.entrySet().stream()
                .map(each -> new OperationCounts(
                        repository,
                        each.getKey(),
                        sums(each.getValue()),
                        noise(each.getKey()).floor()))
                .toList();
    }

    private Map<Outcome, LongAdder> start(String operation) {
        Map<Outcome, LongAdder> counters = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            LongAdder counter = new LongAdder();
            counters.put(outcome, counter);
            if (meters != null) {
                FunctionCounter.builder(meter, counter, LongAdder::sum)
                        .description("what was chosen for comparison with the other side")
                        .tags("repository", repository, "operation", operation)
                        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                        .register(meters);
            }
        }
        return counters;
    }

    private static Map<Outcome, Long> sums(Map<Outcome, LongAdder> counters) {
        return counters.entrySet().stream()
                .filter(each -> each.getValue().sum() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().sum()));
    }
}
