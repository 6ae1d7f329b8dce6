package dev.changeover.core;

import dev.changeover.core.backfill.HealthSignal;
import dev.changeover.core.backfill.HealthSignals;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.internal.Instance;
import dev.changeover.core.internal.Listeners;
import dev.changeover.core.internal.StartChecks;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.spi.ReadObserver;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.WriteObserver;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Changeover}. What is wrong is refused in {@link #start()}, with the remedy. */
public final class ChangeoverBuilder {

    private final List<ChangeoverListener> listeners = new ArrayList<>();
    private @Nullable DataSource dataSource;
    private @Nullable Control control;
    private @Nullable Transactions transactions;
    private ReadObserver observer = ReadObserver.NONE;
    private WriteObserver writes = WriteObserver.NONE;
    private Settings settings = Settings.DEFAULTS;
    private String instance = UUID.randomUUID().toString();
    private String application = "application";
    private GatePlan gates = GatePlan.none();
    private @Nullable Measurements measurements;
    private ObservationRegistry observations = ObservationRegistry.NOOP;
    private List<HealthSignal> health = HealthSignals.standard();
    private @Nullable IntSupplier legacyBackend;
    private @Nullable IntSupplier newBackend;

    ChangeoverBuilder() {}

    /** Sets the pool from which background copies and the control schema take connections of their own. */
    public ChangeoverBuilder dataSource(DataSource value) {
        this.dataSource = value;
        return this;
    }

    /** Sets another control than the schema in the data source, such as one in memory for unit tests. */
    public ChangeoverBuilder control(Control value) {
        this.control = value;
        return this;
    }

    /** Sets how the application's transactions are joined and opened. */
    public ChangeoverBuilder transactions(Transactions value) {
        this.transactions = value;
        return this;
    }

    /** Sets who is shown reads, for comparison. */
    public ChangeoverBuilder observer(ReadObserver value) {
        this.observer = value;
        return this;
    }

    /** Sets who asks for dual writes to be read back from both sides. */
    public ChangeoverBuilder writeObserver(WriteObserver value) {
        this.writes = value;
        return this;
    }

    /** Adds a listener. */
    public ChangeoverBuilder listener(ChangeoverListener value) {
        listeners.add(value);
        return this;
    }

    /** Sets who counts what this instance serves and compares, for gates and reports; nobody by default. */
    public ChangeoverBuilder measurements(Measurements value) {
        this.measurements = value;
        return this;
    }

    /**
     * Puts each routed call into an observation {@code changeover.call}, with the keys repository, operation, kind
     * ({@code read} or {@code write}) and stage, for traces. It costs some microseconds a call; none by default.
     */
    public ChangeoverBuilder observations(ObservationRegistry value) {
        this.observations = value;
        return this;
    }

    /** Sets what the instance does in the background. */
    public ChangeoverBuilder settings(Settings value) {
        this.settings = value;
        return this;
    }

    /** Sets which gates the repositories have to pass on their way; none by default. */
    public ChangeoverBuilder gates(GatePlan value) {
        this.gates = value;
        return this;
    }

    /**
     * Sets what backfills and reseeds give way to, instead of {@link HealthSignals#standard()}; none for nothing. Those of
     * the application, such as {@link HealthSignals#poolWaiting}, are added to the standard ones by the caller.
     */
    public ChangeoverBuilder health(List<HealthSignal> value) {
        this.health = List.copyOf(value);
        return this;
    }

    /** Names this process and the application that it runs; by default a random id and "application". */
    public ChangeoverBuilder instance(String id, String applicationName) {
        this.instance = id;
        this.application = applicationName;
        return this;
    }

    /**
     * Gives the proof that both sides work on one connection: each function returns {@code pg_backend_pid()} as that
     * side's own access code sees it, and is called inside a transaction when the instance starts.
     */
    public ChangeoverBuilder sideConnections(IntSupplier legacyPid, IntSupplier newPid) {
        this.legacyBackend = legacyPid;
        this.newBackend = newPid;
        return this;
    }

    /**
     * Checks the settings, the control schema and the connections, and starts the instance.
     *
     * @throws ConfigurationException naming what is wrong and the remedy
     */
    public Changeover start() {
        Transactions joined = transactions;
        if (joined == null) {
            throw new ConfigurationException(
                    "changeover.transactions", "not set", "Give the application's own, for example JdbcTransactions");
        }
        ChangeoverListener listener = listening();
        StartChecks checks = checks(joined);
        Instance running = new Instance(new Instance.Parts(
                controlOrDefault(),
                dataSource,
                joined,
                observer,
                writes,
                listener,
                settings,
                instance,
                application,
                gates,
                measurements,
                observations,
                health));
        running.start();
        Control used = running.services().control();
        return new Changeover(running, (registration, limits) -> {
            checkLimits(checks, limits);
            return used.register(registration);
        });
    }

    private ChangeoverListener listening() {
        List<ChangeoverListener> all = new ArrayList<>(listeners);
        if (measurements != null) {
            all.add(measurements);
        }
        return Listeners.all(all);
    }

    private StartChecks checks(Transactions joined) {
        StartChecks checks = new StartChecks(dataSource, joined);
        if (control == null) {
            checks.connection(ControlSchema::check);
            checks.lockTable(settings);
            checks.oneConnection(legacyBackend, newBackend);
        }
        return checks;
    }

    private void checkLimits(StartChecks checks, FollowerLimits limits) {
        if (control == null) {
            checks.limits(limits);
        }
    }

    private Control controlOrDefault() {
        if (control != null) {
            return control;
        }
        if (dataSource == null) {
            throw new ConfigurationException(
                    "changeover.dataSource", "not set", "Give the pool in whose database the control schema is");
        }
        return new PostgresControl(dataSource);
    }
}
