package dev.changeover.proof.torture;

import dev.changeover.core.EntityStore;
import dev.changeover.core.FoldedFind;
import dev.changeover.core.Side;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** Stores whose background copies lock and read in another order than the law says. */
final class BrokenStores {

    /** Reads and then locks. */
    static final Rules.Stored READS_THEN_LOCKS = broken(Rewriting.DRAIN, BrokenStores::readThenLock);

    /** Locks and reads in one statement, hence with the snapshot from before the lock. */
    static final Rules.Stored LOCKS_IN_THE_READ = broken(Rewriting.DRAIN, BrokenStores::lockInTheRead);

    /** A backfill that takes its time between reading and writing. */
    static final Rules.Stored SLOW_MOVER = broken(Rewriting.MOVER, BrokenStores::readSlowly);

    private BrokenStores() {}

    /** Finds the states of keys in another way. */
    private interface Find {
        <V> Map<Long, V> find(EntityStore<Long, V> store, Connection connection, Collection<Long> keys)
                throws SQLException;
    }

    private static Rules.Stored broken(String thread, Find find) {
        return new Rules.Stored() {
            @Override
            public <V> EntityStore<Long, V> of(Side side, EntityStore<Long, V> store) {
                return finding(thread, store, find);
            }
        };
    }

    @SuppressWarnings("unchecked") // the proxy implements the very interface of its target, and find is called as typed
    private static <V> EntityStore<Long, V> finding(String thread, EntityStore<Long, V> store, Find find) {
        return (EntityStore<Long, V>) Proxy.newProxyInstance(
                EntityStore.class.getClassLoader(), new Class<?>[] {EntityStore.class}, (proxy, method, arguments) -> {
                    boolean broken = method.getName().equals("find")
                            && Thread.currentThread().getName().equals(thread);
                    try {
                        return broken
                                ? find.find(store, (Connection) arguments[0], (Collection<Long>) arguments[1])
                                : method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static String number(EntityStore<Long, ?> store) {
        String root = store.tables().get(0);
        String name = root.contains("owner") || root.contains("person") ? Town.OWNERS : Town.ACCOUNTS;
        return "(SELECT r.number FROM changeover.repository r WHERE r.name = '" + name + "')";
    }

    private static Object[] texts(Collection<Long> keys) {
        return keys.stream().sorted().map(String::valueOf).toArray();
    }

    private static <V> Map<Long, V> readThenLock(
            EntityStore<Long, V> store, Connection connection, Collection<Long> keys) throws SQLException {
        Map<Long, V> found = store.find(connection, keys);
        Round.pause(5);
        String lock = "SELECT pg_advisory_xact_lock(1128813415, h)" + " FROM (SELECT changeover.key_lock("
                + number(store) + ", k) h FROM unnest(?) k ORDER BY 1 OFFSET 0) s";
        try (PreparedStatement statement = connection.prepareStatement(lock)) {
            statement.setArray(1, connection.createArrayOf("text", texts(keys)));
            statement.execute();
        }
        return found;
    }

    private static <V> Map<Long, V> lockInTheRead(
            EntityStore<Long, V> store, Connection connection, Collection<Long> keys) throws SQLException {
        FoldedFind<Long, V> find = store.foldedFind().orElseThrow();
        String sql = "WITH fence AS MATERIALIZED (SELECT pg_advisory_xact_lock(1128813415, h)"
                + " FROM (SELECT changeover.key_lock(" + number(store)
                + ", k) h FROM unnest(?) k ORDER BY 1 OFFSET 0) s)"
                + " SELECT f.* FROM (SELECT count(*) FROM fence) c, (" + find.sql() + ") f";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", texts(keys)));
            statement.setArray(2, connection.createArrayOf("text", texts(keys)));
            try (ResultSet rows = statement.executeQuery()) {
                return find.read(rows);
            }
        }
    }

    private static <V> Map<Long, V> readSlowly(EntityStore<Long, V> store, Connection connection, Collection<Long> keys)
            throws SQLException {
        Map<Long, V> found = store.find(connection, keys);
        Round.pause(100);
        return found;
    }
}
