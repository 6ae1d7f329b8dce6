package dev.changeover.core;

import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.Registration;
import dev.changeover.core.internal.Engine;
import dev.changeover.core.internal.Instance;
import dev.changeover.core.internal.ParentKey;
import dev.changeover.core.internal.Sides;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Registers one repository. Everything that is undeclared or unsound is refused in {@link #build()} or {@link #dual()}.
 *
 * @param <R> the port
 * @param <K> the key
 * @param <V> the entity that both stores speak
 */
public final class RepositoryBuilder<R, K, V> {

    private final Instance instance;
    private final Changeover.Registrar registrar;
    private final String name;
    private final Class<R> port;
    private final Class<V> entity;
    private final KeyType<K> keyType;
    private final Function<V, @Nullable K> key;
    private final Routes routes;
    private final List<String> dependsOn = new ArrayList<>();
    private final List<ParentKey<V>> parents = new ArrayList<>();
    private @Nullable R legacy;
    private @Nullable R next;
    private @Nullable EntityStore<K, V> legacyStore;
    private @Nullable EntityStore<K, V> nextStore;
    private StateComparison<V> comparison = StateComparison.byEquals();
    private Policy policy = Policy.ISOLATED;
    private int rehearsalPercent = 100;
    private @Nullable Duration markBound;
    private @Nullable UnaryOperator<V> copy;
    private FollowerLimits limits = FollowerLimits.DEFAULTS;
    private boolean shared;

    RepositoryBuilder(
            Instance instance,
            Changeover.Registrar registrar,
            String name,
            Class<R> port,
            Class<V> entity,
            KeyType<K> keyType,
            Function<V, @Nullable K> key) {
        this.instance = instance;
        this.registrar = registrar;
        this.name = name;
        this.port = port;
        this.entity = entity;
        this.keyType = keyType;
        this.key = key;
        this.routes = new Routes(name);
    }

    /** Names the legacy side: the port as it is today, and its state by key. */
    public RepositoryBuilder<R, K, V> legacy(R implementation, EntityStore<K, V> store) {
        this.legacy = implementation;
        this.legacyStore = store;
        return this;
    }

    /**
     * Names the new side. For rehearsals the implementation is given beneath its transaction proxy: an exception
     * through a participating proxy would make the caller's transaction rollback-only.
     */
    public RepositoryBuilder<R, K, V> next(R implementation, EntityStore<K, V> store) {
        this.next = implementation;
        this.nextStore = store;
        return this;
    }

    /** Says of every method of the port what it is. */
    public RepositoryBuilder<R, K, V> route(Consumer<Routes> declarations) {
        declarations.accept(routes);
        return this;
    }

    /** Sets how two states are compared; by default with {@code equals}. */
    public RepositoryBuilder<R, K, V> compare(StateComparison<V> rules) {
        this.comparison = rules;
        return this;
    }

    /**
     * Names the repositories whose rows the rows of this one refer to. Lookups and queries are not served by new while
     * it lacks a write of one of them, since they may join it.
     */
    public RepositoryBuilder<R, K, V> dependsOn(String... repositories) {
        for (String repository : repositories) {
            if (!dependsOn.contains(repository)) {
                dependsOn.add(repository);
            }
        }
        return this;
    }

    /**
     * Names a repository that the rows of this one refer to, and the key that they refer to. Where new lacks a parent
     * that is marked, so that the foreign key refuses the child, a write of the child brings the parent over first, and
     * is not left to the drain. To be called once for each reference; a child of which this says nothing is marked.
     *
     * @param repository the repository of the parent, to be built on the same {@link Changeover}
     * @param parentKey returns the key of the parent, of that repository's own type of key, or null for no parent; a
     *     pure function of the entity
     */
    public RepositoryBuilder<R, K, V> dependsOn(String repository, Function<V, ? extends @Nullable Object> parentKey) {
        parents.add(new ParentKey<>(repository, parentKey));
        return dependsOn(repository);
    }

    /** Sets what a failing follower means for the caller; {@link Policy#ISOLATED} by default. */
    public RepositoryBuilder<R, K, V> policy(Policy value) {
        this.policy = value;
        return this;
    }

    /** Sets what the follower's part may cost the caller. */
    public RepositoryBuilder<R, K, V> limits(FollowerLimits value) {
        this.limits = value;
        return this;
    }

    /**
     * Sets for how many keys of a hundred the writes are rehearsed that are declared so; all by default. A rehearsal
     * about doubles what a write costs its caller. The same key is always in or always out, and one that is in at 10 %
     * is in at 25 %.
     *
     * @throws ConfigurationException if the percentage is not between 0 and 100
     */
    public RepositoryBuilder<R, K, V> rehearsalPercent(int percent) {
        if (percent < 0 || percent > 100) {
            throw new ConfigurationException(
                    name + ".rehearsalPercent", "it is " + percent, "Give a number from 0 to 100");
        }
        this.rehearsalPercent = percent;
        return this;
    }

    /**
     * Lets reads outside transactions lag behind the marks of others in RAMP. By default every such read that new may
     * serve asks the database for marks; with this it looks at what this instance read of them at most so long ago, and
     * what it marked itself. For callers who do not save what they read. Reads inside transactions go on to ask.
     *
     * @param bound how old the marks may be, at least 10 ms; what is older is not used, then the authority serves
     * @throws ConfigurationException if the bound is shorter
     */
    public RepositoryBuilder<R, K, V> cachedMarks(Duration bound) {
        if (bound.toMillis() < 10) {
            throw new ConfigurationException(
                    name + ".cachedMarks", "below 10 ms", "Give at least 10 ms, or none to ask always");
        }
        this.markBound = bound;
        return this;
    }

    /**
     * Says that entities can be changed after they were returned, and how one is copied. Where new leads, an entity that
     * a unit of work was given and changed must have been saved before the commit, else that throws
     * {@link UnsavedChangeException}: on the legacy side an object mapper may have saved it by itself. Looked at are
     * results that are entities, an Optional or an Iterable of them. Compared is by the rules of {@link #compare}.
     *
     * @param copyOf returns an independent entity with the same state
     */
    public RepositoryBuilder<R, K, V> mutable(UnaryOperator<V> copyOf) {
        this.copy = copyOf;
        return this;
    }

    /** Says that both sides use the same tables: nothing follows, the switch chooses which implementation runs. */
    public RepositoryBuilder<R, K, V> sharedTables() {
        this.shared = true;
        return this;
    }

    /**
     * Builds the port that the services use from now on.
     *
     * @throws ConfigurationException naming the method and the remedy
     */
    public R build() {
        PortMethods<R, K, V> methods = methods();
        methods.check();
        Engine<R, K, V> engine = register();
        return PortProxy.create(name, port, methods.invokers(engine));
    }

    /** Builds the engine for a router that is written by hand. */
    public Dual<R, K, V> dual() {
        PortMethods<R, K, V> methods = methods();
        return new Dual<>(register(), methods.byName());
    }

    private PortMethods<R, K, V> methods() {
        return new PortMethods<>(
                name,
                port,
                new MethodKeys.Types<>(entity, keyType.javaType(), key),
                routes,
                instance.services().transactions(),
                required(legacy, "legacy").getClass(),
                instance.services().listener());
    }

    private Engine<R, K, V> register() {
        Registration registration = new Registration(
                name,
                dependsOn,
                policy == Policy.ATOMIC,
                shared,
                routes.legacyOnlyNames(),
                routes.bulkNames(),
                routes.newWrites(),
                legacyTables());
        int number = registrar.register(registration, limits);
        return instance.add(new Sides<>(
                name,
                number,
                required(legacy, "legacy"),
                required(next, "next"),
                required(legacyStore, "legacy"),
                required(nextStore, "next"),
                keyType,
                this::keyOf,
                entity,
                copy,
                comparison,
                policy,
                shared,
                limits,
                rehearsalPercent,
                markBound,
                List.copyOf(dependsOn),
                List.copyOf(parents)));
    }

    /** A table that new uses, too, is not retired with legacy. */
    private List<String> legacyTables() {
        List<String> tables = new ArrayList<>(required(legacyStore, "legacy").tables());
        tables.removeAll(required(nextStore, "next").tables());
        return shared ? List.of() : tables;
    }

    private K keyOf(V value) {
        return Objects.requireNonNull(key.apply(value), () -> name + ": an entity without a key");
    }

    private <T> T required(@Nullable T value, String setting) {
        if (value == null) {
            throw new ConfigurationException(
                    name + "." + setting, "not set", "Call " + setting + "(implementation, store)");
        }
        return value;
    }
}
