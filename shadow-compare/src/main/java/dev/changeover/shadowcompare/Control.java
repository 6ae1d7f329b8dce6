package dev.changeover.shadowcompare;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the control schema says of one repository in the snapshot in which the sides are read next.
 *
 * @param number the number of the repository
 * @param stage the stage, which names the authority
 * @param epoch the epoch of the stage
 * @param backfilled whether absence on new is absence
 * @param stale the side that has missed writes, or null
 * @param shared whether both sides are the same tables
 * @param anyMarks whether any key of the repository is marked
 * @param parentsOpen whether what it depends on, and a query may join, is marked or not yet whole on a side
 * @param marked those of the keys asked about that are marked, as text
 */
record Control(
        int number,
        Stage stage,
        long epoch,
        boolean backfilled,
        @Nullable Side stale,
        boolean shared,
        boolean anyMarks,
        boolean parentsOpen,
        Set<String> marked) {

    /** The first statement of its transaction: it takes the snapshot. Hidden rows must be an error, not an absence. */
    private static final String READ = """
            SELECT r.number, r.stage, r.epoch, r.backfilled, r.stale, r.shared,
                   EXISTS (SELECT 1 FROM changeover.mark m WHERE m.repository = r.number),
                   EXISTS (SELECT 1 FROM changeover.repository q
                            WHERE q.number IN (SELECT changeover.lineage(r.number)) AND q.number <> r.number
                              AND NOT q.shared
                              AND (NOT q.backfilled OR q.stale IS NOT NULL
                                   OR EXISTS (SELECT 1 FROM changeover.mark m WHERE m.repository = q.number))),
                   ARRAY(SELECT DISTINCT m.key FROM changeover.mark m
                          WHERE m.repository = r.number AND m.key = ANY (?)),
                   current_setting('transaction_isolation'),
                   set_config('statement_timeout', ?, true), set_config('row_security', 'off', true)
              FROM changeover.repository r WHERE r.name = ?
            """;

    static Control read(Connection connection, String repository, Collection<String> keys, Duration timeout)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            statement.setString(2, Long.toString(timeout.toMillis()));
            statement.setString(3, repository);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("repository " + repository + " is not registered");
                }
                requireSnapshot(row.getString(10));
                return of(row);
            }
        }
    }

    private static Control of(ResultSet row) throws SQLException {
        String stale = row.getString(5);
        return new Control(
                row.getInt(1),
                Stage.valueOf(row.getString(2)),
                row.getLong(3),
                row.getBoolean(4),
                stale == null ? null : Side.valueOf(stale),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8),
                texts(row.getArray(9)));
    }

    /** In READ COMMITTED the marks would be of one instant and the sides of a later one: a false report. */
    private static void requireSnapshot(String isolation) {
        if (!isolation.equals("repeatable read") && !isolation.equals("serializable")) {
            throw new IllegalStateException("a comparison needs one snapshot, but the transaction is " + isolation
                    + ". Let Transactions.required honour the isolation of its settings");
        }
    }

    private static Set<String> texts(Array array) throws SQLException {
        return Set.of((String[]) array.getArray());
    }

    Side authority() {
        return stage.authority();
    }

    /** Where only one side is written, the other has every right to differ. */
    boolean followed() {
        return stage.follower() != null;
    }

    /** Tells whether the follower is expected to hold every key. */
    boolean followerIsWhole() {
        Side follower = authority().other();
        return shared || (stale != follower && (backfilled || follower == Side.LEGACY));
    }
}
