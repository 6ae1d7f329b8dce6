package dev.changeover.core.event;

import dev.changeover.core.Changeover;
import dev.changeover.core.RepositoryStatus;
import dev.changeover.core.gate.GateFacts;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges of what the control schema says of all instances together, read every so often by a thread of its own: a
 * scrape never waits for the database. While it cannot be reached the gauges show nothing (NaN).
 *
 * <table>
 * <caption>Gauges, each with the tag {@code repository}</caption>
 * <tr><td>{@code changeover.marks.open}</td><td>keys that the follower may not have</td></tr>
 * <tr><td>{@code changeover.marks.oldest.seconds}</td><td>age of the oldest mark; 0 if there is none</td></tr>
 * <tr><td>{@code changeover.parked.keys}</td><td>keys that wait for a person</td></tr>
 * <tr><td>{@code changeover.instances.behind}</td><td>live instances that have not seen the present epoch</td></tr>
 * <tr><td>{@code changeover.divergences.unreviewed}</td><td>paths that differ and that nobody has looked at</td></tr>
 * <tr><td>{@code changeover.comparisons.clean}</td><td>comparisons since the last unexplained divergence</td></tr>
 * <tr><td>{@code changeover.stale}</td><td>1 if a side has missed writes and needs a reseed</td></tr>
 * </table>
 */
public final class StatusMeters implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusMeters.class);

    private final Changeover changeover;
    private final MeterRegistry registry;
    private final Map<String, StatusGauges> repositories = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "changeover-status-meters");
        made.setDaemon(true);
        return made;
    });

    private final ScheduledFuture<?> reads;

    private StatusMeters(Changeover changeover, MeterRegistry registry, Duration period) {
        this.changeover = changeover;
        this.registry = registry;
        this.reads = thread.scheduleWithFixedDelay(this::read, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Starts to read, every fifteen seconds. */
    public static StatusMeters start(Changeover changeover, MeterRegistry registry) {
        return start(changeover, registry, Duration.ofSeconds(15));
    }

    /** Starts to read, so often. */
    public static StatusMeters start(Changeover changeover, MeterRegistry registry, Duration period) {
        return new StatusMeters(changeover, registry, period);
    }

    private void read() {
        try {
            for (RepositoryStatus status : changeover.status()) {
                String name = status.state().name();
                GateFacts facts = changeover.gates().facts(name);
                repositories
                        .computeIfAbsent(name, each -> new StatusGauges(registry, each))
                        .show(facts);
            }
        } catch (RuntimeException | Error e) {
            LOG.debug("the status could not be read", e);
            repositories.values().forEach(StatusGauges::showNothing);
        }
    }

    /** Ends the thread; the gauges show nothing from then on. */
    @Override
    public void close() {
        reads.cancel(true);
        thread.shutdownNow();
        repositories.values().forEach(StatusGauges::showNothing);
    }
}
