package dev.changeover.proof;

import dev.changeover.core.EntityStore;
import dev.changeover.core.WatchedTable;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A store that fails every twentieth copy, so that there are marks. */
final class Sometimes extends ProbedStore {

    private final EntityStore<Long, Account> store;
    private final AtomicLong copies;

    Sometimes(EntityStore<Long, Account> store, AtomicLong copies) {
        super(store, new Probe());
        this.store = store;
        this.copies = copies;
    }

    @Override
    public List<WatchedTable> watchedTables() {
        return store.watchedTables();
    }

    @Override
    public void upsert(Connection connection, Collection<Account> entities) throws SQLException {
        if (copies.incrementAndGet() % 20 == 0) {
            throw new SQLException("every twentieth copy fails", "58000");
        }
        super.upsert(connection, entities);
    }
}
