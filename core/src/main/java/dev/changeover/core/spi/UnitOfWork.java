package dev.changeover.core.spi;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One active database transaction of the application, on the thread that owns it. */
public interface UnitOfWork {

    /** Returns the connection of this transaction. The library never closes it and never ends the transaction. */
    Connection connection() throws SQLException;

    /** Tells whether the application declared this transaction read-only. */
    boolean readOnly();

    /** Sends what the application's object mapper has not sent yet. Its failures are the authority's. */
    void flush();

    /** Makes sure that this transaction cannot commit. */
    void setRollbackOnly();

    /** Returns the object kept for this transaction under {@code key}, created at the first call. */
    <T> T resource(Object key, Supplier<T> create);

    /** Runs {@code check} on this thread before the commit; what it throws prevents that and reaches the caller. */
    void beforeCommit(Runnable check);

    /** Runs {@code action} on this thread after the end, with true if the transaction committed. */
    void afterCompletion(Consumer<Boolean> action);
}
