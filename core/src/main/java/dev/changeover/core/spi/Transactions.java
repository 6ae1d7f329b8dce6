package dev.changeover.core.spi;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The application's own way to open, join and end transactions. The library never begins, commits or rolls back a
 * transaction of the application in any other way. Implementations are safe for use by several threads.
 */
public interface Transactions {

    /** Returns the transaction that is active on this thread, or null. */
    @Nullable
    UnitOfWork current();

    /**
     * Runs {@code work} in the active transaction, or in a new one with these settings, which is committed when the
     * work returns and ended by the settings' rollback rule when it throws.
     *
     * @throws Exception whatever the work throws, unwrapped
     */
    <T extends @Nullable Object> T required(TransactionSettings settings, Callable<T> work) throws Exception;

    /** Returns the transaction settings that the application declared for a method of one of its repositories. */
    default TransactionSettings settingsOf(Class<?> implementation, Method method) {
        return TransactionSettings.DEFAULTS;
    }

    /**
     * Refuses connection settings under which the protocol would not hold, such as the driver's
     * {@code autosave=always}.
     *
     * @throws dev.changeover.core.ConfigurationException naming the setting and the remedy
     */
    default void check(Connection connection) throws SQLException {}
}
