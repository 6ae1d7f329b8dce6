package dev.changeover.core.memory;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Units of work without a database, bound to the thread, for unit tests. They join, nest and suspend like transactions,
 * and what {@link InMemoryControl} marks in them goes with them when they are rolled back. What ports and stores
 * changed does not: a map knows no rollback. Their {@code connection()} throws on any use.
 */
public final class InMemoryTransactions implements Transactions {

    @SuppressWarnings("ThreadLocalUsage") // a unit of work belongs to these transactions as well as to one thread
    private final ThreadLocal<@Nullable InMemoryUnit> active = new ThreadLocal<>();

    /** Creates transactions that share nothing with others. */
    public InMemoryTransactions() {}

    @Override
    public @Nullable UnitOfWork current() {
        return active.get();
    }

    /**
     * Runs work in a unit of work of its own.
     *
     * @throws Exception whatever the work throws, unwrapped
     */
    public <T extends @Nullable Object> T required(Callable<T> work) throws Exception {
        return required(TransactionSettings.DEFAULTS, work);
    }

    @Override
    public <T extends @Nullable Object> T required(TransactionSettings settings, Callable<T> work) throws Exception {
        InMemoryUnit current = active.get();
        return switch (settings.propagation()) {
            case REQUIRED -> current == null ? inNew(settings, work) : work.call();
            case SUPPORTS -> work.call();
            case MANDATORY -> only(current != null, "MANDATORY, and none is", work);
            case REQUIRES_NEW -> suspending(current, () -> inNew(settings, work));
            case NOT_SUPPORTED -> suspending(current, work);
            case NEVER -> only(current == null, "NEVER, and one is", work);
            case NESTED -> current == null ? inNew(settings, work) : nested(current, settings, work);
        };
    }

    private <T extends @Nullable Object> T inNew(TransactionSettings settings, Callable<T> work) throws Exception {
        InMemoryUnit unit = new InMemoryUnit(settings);
        active.set(unit);
        boolean committed = false;
        try {
            T result = work.call();
            if (!unit.rollbackOnly()) {
                unit.check();
            }
            committed = !unit.rollbackOnly();
            if (!committed) {
                throw new ChangeoverException(
                        "The unit of work was made rollback-only and is rolled back. Look for what"
                                + " made it so before, or let that failure reach the caller");
            }
            return result;
        } catch (Throwable failure) {
            committed = !unit.rollbackOnly() && !settings.rollbackOn().test(failure);
            throw failure;
        } finally {
            active.remove();
            unit.end(committed);
        }
    }

    private static <T extends @Nullable Object> T nested(
            InMemoryUnit current, TransactionSettings settings, Callable<T> work) throws Exception {
        Runnable undo = current.savepoint();
        try {
            return work.call();
        } catch (Throwable failure) {
            if (settings.rollbackOn().test(failure)) {
                undo.run();
            }
            throw failure;
        }
    }

    private <T extends @Nullable Object> T suspending(@Nullable InMemoryUnit current, Callable<T> work)
            throws Exception {
        active.remove();
        try {
            return work.call();
        } finally {
            if (current != null) {
                active.set(current);
            }
        }
    }

    private static <T extends @Nullable Object> T only(boolean allowed, String why, Callable<T> work) throws Exception {
        if (!allowed) {
            throw new IllegalStateException("The propagation is " + why + " active");
        }
        return work.call();
    }
}
