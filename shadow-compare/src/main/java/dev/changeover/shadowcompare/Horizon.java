package dev.changeover.shadowcompare;

import dev.changeover.core.ConfigurationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Where an earlier verification began: what transactions before it wrote it has seen, if it was committed.
 *
 * @param age how many transactions lie between that and now, as {@code age(xid)} counts them in this transaction
 */
record Horizon(int age) {

    /** Numbers are compared modulo 2^32, so only within half of that does an age tell what is before and what behind. */
    private static final long OLDEST = 2_000_000_000;

    private static final String BEGAN = """
            SELECT v.repository, v.began_in IS NOT NULL,
                   pg_snapshot_xmax(pg_current_snapshot())::text::numeric - v.began_in::text::numeric,
                   pg_catalog.age(v.began_in::xid)
              FROM changeover.verification v WHERE v.id = ?""";

    static Horizon of(Connection connection, String repository, long run) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGAN)) {
            statement.setLong(1, run);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw refused(
                            repository, "there is no verification " + run, "Give the number of an earlier one of it");
                }
                return of(row, repository, run);
            }
        }
    }

    private static Horizon of(ResultSet row, String repository, long run) throws SQLException {
        String its = row.getString(1);
        if (!its.equals(repository)) {
            throw refused(
                    repository, "verification " + run + " is of " + its, "Give the number of an earlier one of it");
        }
        if (!row.getBoolean(2)) {
            throw refused(
                    repository,
                    "verification " + run + " does not say in which transaction it began",
                    "Verify everything once, and give the number of that");
        }
        long distance = row.getBigDecimal(3).longValue();
        if (distance < 0 || distance >= OLDEST) {
            throw refused(
                    repository,
                    distance < 0
                            ? "verification " + run + " began on another server, whose transactions are counted apart"
                            : "verification " + run + " began more than " + OLDEST + " transactions ago",
                    "Verify everything once, and give the number of that");
        }
        return new Horizon(row.getInt(4));
    }

    static ConfigurationException refused(String repository, String problem, String remedy) {
        return new ConfigurationException(repository + ".verification.changedSince", problem, remedy);
    }
}
