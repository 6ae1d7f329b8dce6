package dev.changeover.core.memory;

import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.UnitOfWork;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One unit of work without a database. One thread only. */
final class InMemoryUnit implements UnitOfWork {

    /** What a savepoint of the unit can bring back. */
    interface Restorable {
        /** Returns the action that brings the present state back. */
        Runnable savepoint();

        /** Brings the state before the first use back. */
        void forget();
    }

    private final TransactionSettings settings;
    private final Connection connection = NoConnection.of(this);
    private final Map<Object, Object> resources = new HashMap<>();
    private final List<Runnable> checks = new ArrayList<>();
    private final List<Consumer<Boolean>> callbacks = new ArrayList<>();
    private boolean rollbackOnly;

    InMemoryUnit(TransactionSettings settings) {
        this.settings = settings;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    /** Tells whether each statement would see what was committed before it. */
    boolean readCommitted() {
        Integer isolation = settings.isolation();
        return isolation == null || isolation <= Connection.TRANSACTION_READ_COMMITTED;
    }

    @Override
    public boolean readOnly() {
        return settings.readOnly();
    }

    @Override
    public void flush() {}

    @Override
    public void setRollbackOnly() {
        rollbackOnly = true;
    }

    boolean rollbackOnly() {
        return rollbackOnly;
    }

    @Override
    @SuppressWarnings("unchecked") // whoever asks for a key is who stored under it
    public <T> T resource(Object key, Supplier<T> create) {
        Object kept = resources.get(key);
        if (kept == null) {
            kept = create.get();
            resources.put(key, kept);
        }
        return (T) kept;
    }

    @Override
    public void beforeCommit(Runnable check) {
        checks.add(check);
    }

    /** What a check throws keeps the unit from committing. */
    void check() {
        try {
            List.copyOf(checks).forEach(Runnable::run);
        } catch (RuntimeException | Error failure) {
            rollbackOnly = true;
            throw failure;
        }
    }

    @Override
    public void afterCompletion(Consumer<Boolean> action) {
        callbacks.add(action);
    }

    /** Returns the action that undoes what is marked and cleared from now on. */
    Runnable savepoint() {
        Map<Restorable, Runnable> before = new HashMap<>();
        restorables().forEach(kept -> before.put(kept, kept.savepoint()));
        return () -> restorables()
                .forEach(kept -> before.getOrDefault(kept, kept::forget).run());
    }

    private Stream<Restorable> restorables() {
        return resources.values().stream().filter(Restorable.class::isInstance).map(Restorable.class::cast);
    }

    void end(boolean committed) {
        List.copyOf(callbacks).forEach(callback -> callback.accept(committed));
    }
}
