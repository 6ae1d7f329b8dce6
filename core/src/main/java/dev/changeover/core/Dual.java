package dev.changeover.core;

import dev.changeover.core.internal.Engine;
import dev.changeover.core.internal.KeySource;
import dev.changeover.core.internal.Operation;
import dev.changeover.core.spi.ReadKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one repository for a router written by hand, one line a method:
 *
 * <pre>{@code
 * public Optional<User> findById(UUID id) { return dual.read("findById", id, users -> users.findById(id)); }
 * public User save(User user)             { return dual.write("save", user.id(), users -> users.save(user)); }
 * }</pre>
 *
 * The name of an operation is a constant: it becomes a tag of metrics. Safe for use by several threads.
 *
 * @param <R> the port
 * @param <K> the key
 * @param <V> the entity
 */
public final class Dual<R, K, V> {

    private final Engine<R, K, V> engine;
    private final Map<String, Operation> operations = new ConcurrentHashMap<>();
    private final Function<String, Operation> reads;
    private final Function<String, Operation> lookups;
    private final Function<String, Operation> queries;
    private final Function<String, Operation> writes;

    Dual(Engine<R, K, V> engine, OperationFactory factory) {
        this.engine = engine;
        this.reads = name -> factory.read(name, ReadKind.KEYED);
        this.lookups = name -> factory.read(name, ReadKind.LOOKUP);
        this.queries = name -> factory.read(name, ReadKind.QUERY);
        this.writes = factory::write;
    }

    /** Makes operations out of what was routed. */
    interface OperationFactory {
        Operation read(String name, ReadKind kind);

        Operation write(String name);
    }

    /** Reads one entity by its key. */
    public <T extends @Nullable Object> T read(String operation, K key, Function<? super R, ? extends T> call) {
        return doRead(operation(operation, reads), key, call);
    }

    /** Reads one entity by another unique value. */
    public <T extends @Nullable Object> T lookup(String operation, Function<? super R, ? extends T> call) {
        return doRead(operation(operation, lookups), null, call);
    }

    /** Reads anything else. */
    public <T extends @Nullable Object> T query(String operation, Function<? super R, ? extends T> call) {
        return doRead(operation(operation, queries), null, call);
    }

    /** Writes one entity whose key is known. */
    public <T extends @Nullable Object> T write(String operation, K key, Function<? super R, ? extends T> call) {
        return doWrite(operation, KeySource.of(List.of(key)), call);
    }

    /** Writes entities whose keys are known. */
    public <T extends @Nullable Object> T writeAll(
            String operation, Collection<K> keys, Function<? super R, ? extends T> call) {
        return doWrite(operation, KeySource.of(List.copyOf(keys)), call);
    }

    /**
     * Writes an entity whose key only the result tells, such as a generated one. If the authority throws, the
     * transaction is rolled back, since nothing tells what was written.
     */
    public <T> T create(String operation, Function<? super R, ? extends T> call, Function<? super T, ? extends K> key) {
        return doWrite(
                operation,
                new KeySource<>() {
                    @Override
                    public List<K> declared() {
                        return List.of();
                    }

                    @Override
                    public boolean complete() {
                        return false;
                    }

                    @Override
                    @SuppressWarnings("unchecked") // the result of this very call
                    public List<K> all(@Nullable Object result) {
                        return result == null ? List.of() : List.of(key.apply((T) result));
                    }
                },
                call);
    }

    /** Writes entities whose keys only sentinels tell; the operation is declared with {@link Routes#bulk}. */
    public <T extends @Nullable Object> T bulk(String operation, Function<? super R, ? extends T> call) {
        if (!operation(operation, writes).bulk()) {
            throw new ConfigurationException(operation, "not declared with bulk", "Declare it in route(..)");
        }
        return doWrite(operation, KeySource.unknown(), call);
    }

    /** Writes one entity whose key is known and returns nothing. */
    public void run(String operation, K key, Consumer<? super R> call) {
        this.<@Nullable Object>write(operation, key, port -> {
            call.accept(port);
            return null;
        });
    }

    private Operation operation(String name, Function<String, Operation> create) {
        Operation known = operations.get(name);
        return known != null ? known : operations.computeIfAbsent(name, create);
    }

    private <T extends @Nullable Object> T doRead(
            Operation operation, @Nullable K key, Function<? super R, ? extends T> call) {
        try {
            return engine.<T>read(operation, key, call::apply);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    private <T extends @Nullable Object> T doWrite(
            String name, KeySource<K> keys, Function<? super R, ? extends T> call) {
        Operation operation = operation(name, writes);
        try {
            return engine.<T>write(
                    operation,
                    keys,
                    call::apply,
                    result -> operation.mode() == FollowerMode.STATE ? null : port -> call.apply(port));
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    @SuppressWarnings("unchecked") // erased: what the port throws goes on as it is
    private static <X extends Throwable> RuntimeException rethrow(Throwable failure) throws X {
        throw (X) failure;
    }
}
