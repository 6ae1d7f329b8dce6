package dev.changeover.proof.torture;

import dev.changeover.core.FoldedFind;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import dev.changeover.proof.ForwardingControl;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** Controls that leave a rule out. */
final class BrokenControls {

    private BrokenControls() {}

    /** Enters at the first write of a unit only. */
    static final class Remembers extends ForwardingControl {

        private record Known(String transaction, Entry entry) {}

        private final Map<String, Known> known = new ConcurrentHashMap<>();

        Remembers(Control control) {
            super(control);
        }

        @Override
        public Entry enter(Connection connection, int repository, List<String> keys) throws SQLException {
            String place = Thread.currentThread().getName() + " " + repository;
            String transaction = transaction(connection);
            Known earlier = known.get(place);
            if (earlier != null && earlier.transaction().equals(transaction)) {
                return earlier.entry();
            }
            Entry entry = super.enter(connection, repository, keys);
            known.put(place, new Known(transaction, entry));
            return entry;
        }

        private static String transaction(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT pg_current_xact_id()::text")) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /** Marks nothing where the authority's method has thrown. */
    static final class NoMarkAfterAThrow extends ForwardingControl {

        NoMarkAfterAThrow(Control control) {
            super(control);
        }

        @Override
        public void leave(Connection connection, int repository, Entry entry, List<String> keys, String reason)
                throws SQLException {
            if (!reason.equals("AUTHORITY_THREW")) {
                super.leave(connection, repository, entry, keys, reason);
            }
        }
    }

    /** Answers reads as if nothing were marked. */
    static class KnowsNoMarks extends ForwardingControl {

        KnowsNoMarks(Control control) {
            super(control);
        }

        @Override
        public Answer ask(Connection connection, int repository, String key) throws SQLException {
            Answer answer = super.ask(connection, repository, key);
            return new Answer(answer.stage(), answer.percent(), null);
        }
    }

    /** Rehearses whatever is marked. */
    static final class HidesMarks extends KnowsNoMarks {

        HidesMarks(Control control) {
            super(control);
        }

        @Override
        public OpenedFollower openFollower(
                Connection connection, int repository, Entry entry, List<String> keys, FollowerLimits limits)
                throws SQLException {
            return hidden(super.openFollower(connection, repository, entry, keys, limits));
        }

        @Override
        public <K, V> OpenedWithStates<K, V> openFollower(
                Connection connection,
                int repository,
                Entry entry,
                List<String> keys,
                FollowerLimits limits,
                FoldedFind<K, V> find)
                throws SQLException {
            OpenedWithStates<K, V> found = super.openFollower(connection, repository, entry, keys, limits, find);
            return new OpenedWithStates<>(hidden(found.opened()), found.states());
        }

        /** They are not cleared either, so that the drain goes on to see them. */
        private static OpenedFollower hidden(OpenedFollower opened) {
            return new OpenedFollower(opened.locked(), List.of(), false, opened.collected());
        }
    }

    /** Leaves deferred constraints of the follower to the caller's commit. */
    static final class LeavesConstraints extends ForwardingControl {

        LeavesConstraints(Control control) {
            super(control);
        }

        @Override
        public List<String> deferredConstraints(Connection connection, List<String> tables) {
            return List.of();
        }
    }

    /** Gives a comparison READ COMMITTED where it asks for one snapshot. */
    record WithoutSnapshot(Transactions transactions) implements Transactions {

        @Override
        public UnitOfWork current() {
            return transactions.current();
        }

        @Override
        public <T> T required(TransactionSettings settings, Callable<T> work) throws Exception {
            TransactionSettings apart = new TransactionSettings(
                    settings.propagation(), null, settings.timeout(), settings.readOnly(), settings.rollbackOn());
            return transactions.required(apart, work);
        }

        @Override
        public TransactionSettings settingsOf(Class<?> implementation, Method method) {
            return transactions.settingsOf(implementation, method);
        }
    }
}
