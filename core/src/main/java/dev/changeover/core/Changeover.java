package dev.changeover.core;

import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.Registration;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.gate.Gates;
import dev.changeover.core.internal.Instance;
import dev.changeover.core.internal.Routing;
import dev.changeover.core.request.RequestsBuilder;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves live data from a legacy schema to a new one, repository by repository, with no downtime and nothing lost. One
 * instance for each application process; safe for use by several threads.
 */
public final class Changeover implements AutoCloseable {

    /** Makes a repository known to the control schema and checks its limits against the server. */
    @FunctionalInterface
    interface Registrar {
        int register(Registration registration, FollowerLimits limits);
    }

    private final Instance instance;
    private final Registrar registrar;

    Changeover(Instance instance, Registrar registrar) {
        this.instance = instance;
        this.registrar = registrar;
    }

    /** Returns a builder. */
    public static ChangeoverBuilder builder() {
        return new ChangeoverBuilder();
    }

    /**
     * Begins the registration of a repository.
     *
     * @param name its name in the control schema: lower case letters, digits and underscores
     * @param port the interface that the services use
     */
    public <R> Named<R> repository(String name, Class<R> port) {
        return new Named<>(this, name, port);
    }

    /**
     * A repository that has a name and a port, and no entity yet.
     *
     * @param <R> the port
     */
    public static final class Named<R> {

        private final Changeover changeover;
        private final String name;
        private final Class<R> port;

        private Named(Changeover changeover, String name, Class<R> port) {
            this.changeover = changeover;
            this.name = name;
            this.port = port;
        }

        /**
         * Says what the repository stores.
         *
         * @param entity the type that both stores speak
         * @param keyType the type of its key
         * @param key returns the key of an entity, or null while it has none
         */
        public <K, V> RepositoryBuilder<R, K, V> entity(
                Class<V> entity, KeyType<K> keyType, Function<V, @Nullable K> key) {
            return new RepositoryBuilder<>(changeover.instance, changeover.registrar, name, port, entity, keyType, key);
        }
    }

    /** Returns the switch. */
    public Stages stages() {
        return instance.stages();
    }

    /** Returns how all repositories are doing as the control schema has it now: who is behind, why a move waits. */
    public List<RepositoryStatus> status() {
        return instance.services().control().status();
    }

    /** Returns the gates of the plan: may a repository go on, what is missing, what would a step back cost. */
    public Gates gates() {
        return instance.gates();
    }

    /** Returns the drain of this instance. */
    public Drain drain() {
        return instance.drain();
    }

    /**
     * Returns the triggers that see who writes round the library.
     *
     * @throws ChangeoverException if this instance has no data source
     */
    public Sentinels sentinels() {
        return instance.sentinels();
    }

    /**
     * Begins to switch on that this instance does what people ask for in {@code changeover.request}, as the command line
     * does. Whoever may insert there may ask.
     *
     * @throws ChangeoverException if this instance has no data source
     */
    public RequestsBuilder requests() {
        return new RequestsBuilder(this, instance.dataSource(), instance.id(), instance::repositories);
    }

    /**
     * Returns a maintenance window: everything in one go while writers wait, for small systems.
     *
     * @param repositories the repositories that move together, those on which others depend first
     * @throws ChangeoverException if this instance has no data source
     */
    public MaintenanceWindow maintenance(String... repositories) {
        return new MaintenanceWindow(this, instance.dataSource(), List.of(repositories));
    }

    ChangeoverListener listener() {
        return instance.services().listener();
    }

    /** Returns backfill and reseed of a repository that was built here. */
    public Backfill backfill(String repository) {
        return instance.backfill(repository);
    }

    /**
     * Backfills what is not backfilled yet of all repositories that were built here and whose stage writes new behind
     * legacy, one after the other: those on which others depend come first. What another instance backfills meanwhile is
     * helped with. Run again after a failure, it goes on where it stopped.
     *
     * @param progress as in {@link Backfill#run}, of one repository after the other
     * @return the last progress of each that was backfilled by this call, in their order
     * @throws ChangeoverException as {@link Backfill#run}; those before stay backfilled
     */
    public List<BackfillProgress> backfillAll(Consumer<BackfillProgress> progress) {
        return instance.backfillAll(progress);
    }

    /**
     * Says that the unit of work of this thread changed an entity outside a routed write, as an object mapper does when
     * it flushes what was changed in memory. If the changed side leads, the key is marked in the same transaction and
     * the drain copies it; if the other side leads, the change would be overwritten, so it is refused.
     *
     * @param repository the name of the repository
     * @param side the side whose rows were changed
     * @param key the key of the entity
     * @throws OutsideChangeException if the side does not lead; the transaction is rolled back
     */
    public void changedOutside(String repository, Side side, Object key) {
        instance.engine(repository).changedOutside(side, key);
    }

    /**
     * Runs work whose reads are routed by this key (a tenant, a user) instead of by the key of each entity.
     *
     * @param routingKey the key; the same key always falls into the same bucket
     */
    public static <T extends @Nullable Object> T routedBy(String routingKey, Supplier<T> work) {
        String before = Routing.replace(routingKey);
        try {
            return work.get();
        } finally {
            Routing.replace(before);
        }
    }

    /** Ends the threads of this instance; writes go on to be routed. */
    @Override
    public void close() {
        instance.close();
    }
}
