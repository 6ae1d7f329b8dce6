package dev.changeover.core.internal;

import dev.changeover.core.Backfill;
import dev.changeover.core.BackfillProgress;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.Drain;
import dev.changeover.core.Sentinels;
import dev.changeover.core.Settings;
import dev.changeover.core.Side;
import dev.changeover.core.Stages;
import dev.changeover.core.backfill.HealthSignal;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.gate.Gates;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.WriteObserver;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One running instance of the library: its engines, its poller, its drain. */
public final class Instance implements AutoCloseable {

    /** What an instance is made of; {@code dataSource} is null where the control is not in a database, {@code
     * measurements} where nobody counts. */
    public record Parts(
            Control control,
            @Nullable DataSource dataSource,
            Transactions transactions,
            ReadObserver observer,
            WriteObserver writes,
            ChangeoverListener listener,
            Settings settings,
            String id,
            String application,
            GatePlan gates,
            @Nullable Measurements measurements,
            ObservationRegistry observations,
            List<HealthSignal> health) {}

    private final Parts parts;
    private final Services services;
    private final Poller poller;
    private final @Nullable BackgroundDrain drain;
    private final @Nullable MeasurementFlush flush;
    private final Map<String, Backfill> backfills = new ConcurrentHashMap<>();
    private final Map<String, Engine<?, ?, ?>> engines = new ConcurrentHashMap<>();
    private final OwnMarks ownMarks = new OwnMarks();
    private final ControlledStages stages;

    public Instance(Parts parts) {
        this(parts, System::nanoTime);
    }

    Instance(Parts parts, LongSupplier clock) {
        this.parts = parts;
        DataSource dataSource = parts.dataSource();
        Settings settings = parts.settings();
        this.drain = dataSource == null
                ? null
                : new BackgroundDrain(
                        dataSource,
                        parts.listener(),
                        settings.drainBatch(),
                        settings.drainIdle().toMillis());
        Runnable wake = drain == null ? () -> {} : drain::wake;
        this.services = new Services(
                parts.control(), parts.transactions(), parts.observer(), parts.writes(), parts.listener(), clock, wake);
        this.poller =
                new Poller(parts.control(), parts.listener(), clock, parts.id(), parts.application(), settings.lease());
        Measurements measurements = parts.measurements();
        this.flush =
                measurements == null ? null : new MeasurementFlush(measurements, parts.control(), parts.listener());
        this.stages = new ControlledStages(parts.control(), poller, this::convergeLast, parts.gates());
    }

    /** Starts the threads of this instance. */
    public void start() {
        poller.start();
        if (drain != null) {
            drain.start();
        }
        if (flush != null) {
            flush.start();
        }
    }

    /** Puts a repository to work. */
    public synchronized <R, K, V> Engine<R, K, V> add(Sides<R, K, V> sides) {
        if (engines.containsKey(sides.name())) {
            throw new ConfigurationException(sides.name(), "built twice", "Build a repository once and share it");
        }
        RepositoryState state = stages.of(sides.name());
        StageCell cell = poller.add(state);
        FollowerPart<R, K, V> followerPart = new FollowerPart<>(
                sides,
                services,
                breaker(sides.name()),
                new ParentCopies(services.control(), this::sidesOrNull),
                ownMarks);
        MarkCache marks = cache(sides);
        UnsavedChanges<K, V> unsaved = new UnsavedChanges<>(sides);
        Engine<R, K, V> engine = new Engine<>(
                sides,
                cell,
                new ReadRouter<>(sides, unsaved, cell, services, marks),
                new WriteRouter<>(sides, cell, services, followerPart, unsaved),
                parts.observations().isNoop() ? null : new Observing(parts.observations(), sides.name()));
        engines.put(sides.name(), engine);
        addCopies(sides, cell::fresh);
        return engine;
    }

    private @Nullable MarkCache cache(Sides<?, ?, ?> sides) {
        Duration bound = sides.markBound();
        if (bound == null) {
            return null;
        }
        MarkCache cache = new MarkCache(bound, services.clock());
        ownMarks.add(sides.name(), cache);
        poller.keep(sides.number(), cache, bound);
        return cache;
    }

    private <K, V> void addCopies(Sides<?, K, V> sides, Supplier<RepositoryState> state) {
        DataSource dataSource = parts.dataSource();
        if (dataSource == null || drain == null) {
            return;
        }
        Settings settings = parts.settings();
        DeleteGuard<K, V> guard = new DeleteGuard<>(sides, settings.mostRemovals());
        Converger<K, V> converger = new Converger<>(sides, dataSource, parts.listener(), guard, settings.parkAfter());
        drain.add(sides.name(), converger, state, sides.dependsOn());
        backfills.put(
                sides.name(),
                new RepositoryBackfill<>(new RepositoryBackfill.Parts<>(
                        sides,
                        dataSource,
                        parts.id(),
                        parts.listener(),
                        () -> stages.of(sides.name()),
                        converger,
                        guard,
                        settings,
                        parts.health())));
    }

    /** Opens on a follower that fails, so that callers stop paying for it; what is refused is marked. */
    private CircuitBreaker breaker(String name) {
        CircuitBreakerConfig config = CircuitBreakerConfig.custom()
                .slidingWindowSize(50)
                .minimumNumberOfCalls(20)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(2))
                .permittedNumberOfCallsInHalfOpenState(5)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .build();
        CircuitBreaker breaker = CircuitBreaker.of("changeover-" + name, config);
        breaker.getEventPublisher()
                .onStateTransition(event -> services.listener()
                        .breakerMoved(
                                name, event.getStateTransition().getToState().name()));
        return breaker;
    }

    private void convergeLast(java.sql.Connection connection, RepositoryState state) throws java.sql.SQLException {
        if (drain != null) {
            drain.convergeLast(connection, state, MoveRounds.DEFAULTS.lastKeys());
        }
    }

    public Stages stages() {
        return stages;
    }

    public Gates gates() {
        return stages.gates();
    }

    public Drain drain() {
        if (drain == null) {
            throw new ChangeoverException("There is no drain without a data source. Give the builder the pool in whose"
                    + " database the control schema is; in memory, clear the marks by hand");
        }
        return drain;
    }

    public Backfill backfill(String repository) {
        if (drain == null) {
            throw new ChangeoverException(
                    "There is no backfill without a data source. Give the builder the pool in whose"
                            + " database the control schema is; in memory, say that new holds every key");
        }
        Backfill backfill = backfills.get(repository);
        if (backfill == null) {
            throw new ConfigurationException(repository, "there is no such repository here", "Build it first");
        }
        return backfill;
    }

    /** Backfills what is left, parents before children. */
    public List<BackfillProgress> backfillAll(Consumer<BackfillProgress> progress) {
        Map<String, List<String>> dependsOn = new HashMap<>();
        engines.forEach((name, engine) -> dependsOn.put(name, engine.sides().dependsOn()));
        return CopyOrder.parentsFirst(dependsOn).stream()
                .filter(this::isUnfilled)
                .map(name -> backfill(name).run(progress))
                .toList();
    }

    private boolean isUnfilled(String repository) {
        RepositoryState state = stages.of(repository);
        return !engine(repository).sides().shared() && state.stage().follower() == Side.NEW && !state.backfilled();
    }

    public Sentinels sentinels() {
        DataSource dataSource = parts.dataSource();
        if (dataSource == null) {
            throw new ChangeoverException(
                    "There are no sentinels without a data source. Give the builder the pool in whose"
                            + " database the tables are");
        }
        return new InstalledSentinels(name -> engine(name).sides(), dataSource);
    }

    /** Returns the pool in whose database the control schema is. */
    public DataSource dataSource() {
        DataSource dataSource = parts.dataSource();
        if (dataSource == null) {
            throw new ChangeoverException("This instance has no data source. Give the builder the pool in whose"
                    + " database the control schema is");
        }
        return dataSource;
    }

    public String id() {
        return parts.id();
    }

    /** Returns the names of the repositories that were built here. */
    public Set<String> repositories() {
        return Set.copyOf(engines.keySet());
    }

    /** Returns the engine of a repository that was built here. */
    public Engine<?, ?, ?> engine(String repository) {
        Engine<?, ?, ?> engine = engines.get(repository);
        if (engine == null) {
            throw new ConfigurationException(repository, "there is no such repository here", "Build it first");
        }
        return engine;
    }

    private @Nullable Sides<?, ?, ?> sidesOrNull(String repository) {
        Engine<?, ?, ?> engine = engines.get(repository);
        return engine == null ? null : engine.sides();
    }

    public Services services() {
        return services;
    }

    @Override
    public void close() {
        poller.close();
        if (drain != null) {
            drain.close();
        }
        if (flush != null) {
            flush.close();
        }
    }
}
