package dev.changeover.core.event;

import dev.changeover.core.gate.GateFacts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The gauges of one repository. They show what was last read. */
final class StatusGauges {

    private volatile @Nullable GateFacts facts;

    StatusGauges(MeterRegistry registry, String repository) {
        gauge(registry, repository, "changeover.marks.open", now -> now.status().marks());
        gauge(registry, repository, "changeover.marks.oldest.seconds", StatusGauges::oldest);
        gauge(
                registry,
                repository,
                "changeover.parked.keys",
                now -> now.status().parked());
        gauge(
                registry,
                repository,
                "changeover.instances.behind",
                now -> now.status().behind().size());
        gauge(
                registry,
                repository,
                "changeover.divergences.unreviewed",
                now -> now.measured().unreviewed().size());
        gauge(
                registry,
                repository,
                "changeover.comparisons.clean",
                now -> now.measured().comparisons().compared());
        gauge(
                registry,
                repository,
                "changeover.stale",
                now -> now.status().state().stale() == null ? 0 : 1);
    }

    private void gauge(MeterRegistry registry, String repository, String name, ToDoubleFunction<GateFacts> value) {
        Gauge.builder(name, this, self -> {
                    GateFacts now = self.facts;
                    return now == null ? Double.NaN : value.applyAsDouble(now);
                })
                .tag("repository", repository)
                .strongReference(true)
                .register(registry);
    }

    private static double oldest(GateFacts now) {
        Instant oldest = now.status().oldestMark();
        return oldest == null ? 0 : Duration.between(oldest, now.now()).toMillis() / 1e3;
    }

    void show(GateFacts read) {
        facts = read;
    }

    void showNothing() {
        facts = null;
    }
}
