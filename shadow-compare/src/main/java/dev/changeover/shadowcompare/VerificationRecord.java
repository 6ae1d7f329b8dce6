package dev.changeover.shadowcompare;

import dev.changeover.core.control.SqlTransaction;
import dev.changeover.shadowcompare.internal.PlainText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into {@code changeover.verification} how one run goes and what it found. A verification is worth having
 * without its record, so what cannot be written is logged once and harms nothing.
 */
final class VerificationRecord {
    private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String GOES_ON = """
            SELECT changeover.verification_goes_on(?, ?, ?,
                (SELECT jsonb_object_agg(c.name, c.n) FROM unnest(?::text[], ?::bigint[]) c (name, n)),
                (SELECT coalesce(jsonb_object_agg(f.path, f.n), '{}') FROM unnest(?::text[], ?::bigint[]) f (path, n)))""";

    private final DataSource dataSource;
    private final String repository;
    private @Nullable Long id;
    private long toldAt;
    private boolean failed;

    VerificationRecord(DataSource dataSource, String repository) {
        this.dataSource = dataSource;
        this.repository = repository;
    }

    void begin(long estimated) {
        toldAt = System.nanoTime();
        harmless(() -> id = SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT changeover.verification_begins(?, ?)")) {
                statement.setString(1, repository);
                statement.setLong(2, estimated);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        }));
    }

    /** Says how far it is, at most once a second. */
    void progress(long keys, VerificationCounts counts, Map<String, Long> fields) {
        if (System.nanoTime() - toldAt >= PAUSE_NANOS) {
            toldAt = System.nanoTime();
            tell(keys, null, counts, fields);
        }
    }

    void end(long keys, Verdict verdict, VerificationCounts counts, Map<String, Long> fields) {
        tell(keys, verdict, counts, fields);
    }

    private void tell(long keys, @Nullable Verdict verdict, VerificationCounts counts, Map<String, Long> fields) {
        Long known = id;
        if (known == null) {
            return;
        }
        harmless(() -> SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(GOES_ON)) {
                statement.setLong(1, known);
                statement.setLong(2, keys);
                statement.setString(3, verdict == null ? null : verdict.name());
                bind(statement, 4, counts.named());
                bind(statement, 6, plain(fields));
                return statement.execute();
            }
        }));
    }

    private static void bind(PreparedStatement statement, int index, Map<String, Long> numbers) throws SQLException {
        statement.setArray(
                index,
                statement.getConnection().createArrayOf("text", numbers.keySet().toArray()));
        statement.setArray(
                index + 1,
                statement.getConnection().createArrayOf("int8", numbers.values().toArray()));
    }

    private static Map<String, Long> plain(Map<String, Long> fields) {
        Map<String, Long> plain = new TreeMap<>();
        fields.forEach((path, n) -> plain.merge(PlainText.of(path, PlainText.PATH), n, Long::sum));
        return plain;
    }

    /** A step that writes. */
    @FunctionalInterface
    private interface Step {
        Object run() throws SQLException;
    }

    private void harmless(Step step) {
        try {
            step.run();
        } catch (SQLException | RuntimeException e) {
            if (!failed) {
                LOG.warn(
                        "the verification of {} goes on but cannot be recorded: {}. See ControlSchema.grants",
                        repository,
                        e.getMessage());
            }
            failed = true;
        }
    }
}
