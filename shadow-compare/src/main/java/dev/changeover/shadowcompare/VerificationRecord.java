package dev.changeover.shadowcompare;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.KeyType;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.shadowcompare.internal.PlainText;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into {@code changeover.verification} how one run goes and what it found, in one transaction each time, so that
 * another run can go on from there. A verification is worth having without its record, so what cannot be written is
 * logged once and harms nothing.
 */
final class VerificationRecord<K> {
    private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String BEGINS = "SELECT changeover.verification_begins(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String OBJECT =
            "(SELECT jsonb_object_agg(o.name, o.n) FROM unnest(?::text[], ?::bigint[]) o (name, n))";

    private static final String GOES_ON = "SELECT changeover.verification_goes_on(?, ?, ?, ?, ?, ?, " + OBJECT + ", "
            + OBJECT + ", " + OBJECT + ", ?, ?, ?, ?, ?),"
            + " (SELECT v.rate FROM changeover.verification v WHERE v.id = ?)";

    private static final String TAKEN_UP = "SELECT changeover.verification_taken_up(?, ?)";

    private static final String STATE = """
            SELECT v.mode, v.from_key, v.to_key, v.percent, v.named, v.of_run, v.keys, v.estimated, v.position, v.walked,
                   v.surplus, v.rate, (SELECT count(*) FROM changeover.verification_key k
                                        WHERE k.verification = v.id AND NOT k.marked),
                   ARRAY(SELECT e.value || ' ' || e.key FROM jsonb_each_text(v.counts) e),
                   ARRAY(SELECT e.value || ' ' || e.key FROM jsonb_each_text(v.fields) e),
                   ARRAY(SELECT e.value || ' ' || e.key FROM jsonb_each_text(v.forgiven) e),
                   ARRAY(SELECT k.key FROM changeover.verification_key k WHERE k.verification = v.id AND k.marked),
                   v.changed_since
              FROM changeover.verification v WHERE v.id = ?""";

    private final DataSource dataSource;
    private final String repository;
    private final KeyType<K> keys;
    private @Nullable Long id;
    private int attempt = 1;
    private @Nullable Long rate;
    private long toldAt;
    private boolean failed;
    private boolean lost;

    VerificationRecord(DataSource dataSource, String repository, KeyType<K> keys) {
        this.dataSource = dataSource;
        this.repository = repository;
        this.keys = keys;
    }

    /**
     * How far a run is.
     *
     * @param looked keys looked at so far
     * @param position the last key of the last finished range, or null
     * @param walked whether all ranges are finished
     */
    record State<K>(
            long looked,
            @Nullable K position,
            boolean walked,
            VerificationCounts counts,
            Map<String, Long> fields,
            Map<String, Long> forgiven,
            FoundKeys found) {}

    /** How far an earlier run has come, and what it was to look at. */
    record Restored<K>(
            VerificationMode mode,
            VerificationScope<K> scope,
            long looked,
            long estimated,
            @Nullable K position,
            boolean walked,
            long surplus,
            long kept,
            VerificationCounts counts,
            Map<String, Long> fields,
            Map<String, Long> forgiven,
            List<K> marked) {}

    /** Returns the number of this verification, or null if it cannot be recorded. */
    @Nullable
    Long id() {
        return id;
    }

    /** Returns the limit that somebody has set for this run meanwhile, or null. */
    @Nullable
    Long rate() {
        return rate;
    }

    /** Tells whether another instance has taken this verification up. */
    boolean lost() {
        return lost;
    }

    void begin(VerificationMode mode, VerificationScope<K> scope, long estimated, @Nullable Long request) {
        toldAt = System.nanoTime();
        harmless(() -> id = SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(BEGINS)) {
                statement.setString(1, repository);
                statement.setLong(2, estimated);
                statement.setString(3, mode.name());
                statement.setString(4, text(scope.from()));
                statement.setString(5, text(scope.to()));
                statement.setObject(6, scope.percent(), Types.DOUBLE);
                List<K> named = scope.keys();
                statement.setArray(
                        7,
                        named == null
                                ? null
                                : array(
                                        connection,
                                        named.stream().map(keys::encode).toList()));
                statement.setObject(8, scope.run(), Types.BIGINT);
                statement.setObject(9, request, Types.BIGINT);
                statement.setObject(10, scope.changedSince(), Types.BIGINT);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        }));
    }

    /**
     * Takes up a verification that was stopped or died.
     *
     * @throws ChangeoverException if there is none to be taken up
     */
    Restored<K> takeUp(long verification) {
        try {
            return SqlTransaction.readCommitted(dataSource, connection -> {
                try (PreparedStatement statement = connection.prepareStatement(TAKEN_UP)) {
                    statement.setLong(1, verification);
                    statement.setString(2, repository);
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        attempt = row.getInt(1);
                        if (row.wasNull()) {
                            throw new ChangeoverException(repository + ": there is no verification " + verification
                                    + " that can go on: it has come to its end or is of another repository."
                                    + " Begin a new one");
                        }
                    }
                }
                id = verification;
                return restored(connection, verification);
            });
        } catch (SQLException e) {
            throw new ChangeoverException("verification " + verification + " cannot go on: " + e.getMessage(), e);
        }
    }

    private Restored<K> restored(Connection connection, long verification) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATE)) {
            statement.setLong(1, verification);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                rate = row.getObject(12, Long.class);
                Array named = row.getArray(5);
                VerificationScope<K> scope = new VerificationScope<>(
                        key(row.getString(2)),
                        key(row.getString(3)),
                        row.getObject(4, Double.class),
                        named == null ? null : decoded(named),
                        row.getObject(6, Long.class),
                        row.getObject(18, Long.class));
                return new Restored<>(
                        VerificationMode.valueOf(row.getString(1)),
                        scope,
                        row.getLong(7),
                        row.getLong(8),
                        key(row.getString(9)),
                        row.getBoolean(10),
                        row.getLong(11),
                        row.getLong(13),
                        VerificationCounts.named(numbers(row.getArray(14))),
                        numbers(row.getArray(15)),
                        numbers(row.getArray(16)),
                        decoded(row.getArray(17)));
            }
        }
    }

    /** Says how far it is, at most once a second, or when much was found. */
    void progress(State<K> state) {
        if (System.nanoTime() - toldAt >= PAUSE_NANOS || state.found().full()) {
            toldAt = System.nanoTime();
            tell(state, null);
        }
    }

    void end(State<K> state, Verdict verdict) {
        tell(state, verdict);
    }

    private void tell(State<K> state, @Nullable Verdict verdict) {
        Long known = id;
        if (known == null || lost) {
            state.found().written();
            return;
        }
        harmless(() -> SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(GOES_ON)) {
                bind(statement, known, state, verdict);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    lost = !row.getBoolean(1);
                    rate = row.getObject(2, Long.class);
                }
                return true;
            }
        }));
        if (!failed) {
            state.found().written();
        }
    }

    private void bind(PreparedStatement statement, long known, State<K> state, @Nullable Verdict verdict)
            throws SQLException {
        Connection connection = statement.getConnection();
        FoundKeys found = state.found();
        statement.setLong(1, known);
        statement.setInt(2, attempt);
        statement.setLong(3, state.looked());
        statement.setString(4, text(state.position()));
        statement.setBoolean(5, state.walked());
        statement.setString(6, verdict == null ? null : verdict.name());
        numbers(statement, 7, state.counts().named());
        numbers(statement, 9, plain(state.fields()));
        numbers(statement, 11, plain(state.forgiven()));
        statement.setLong(13, found.surplus());
        statement.setArray(14, array(connection, found.differing().keySet()));
        statement.setArray(15, array(connection, found.differing().values()));
        statement.setArray(16, array(connection, found.marked()));
        statement.setArray(17, array(connection, found.lookedAgain()));
        statement.setLong(18, known);
    }

    private static void numbers(PreparedStatement statement, int index, Map<String, Long> numbers) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(index, array(connection, numbers.keySet()));
        statement.setArray(
                index + 1, connection.createArrayOf("int8", numbers.values().toArray()));
    }

    private static Array array(Connection connection, Collection<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    private static Map<String, Long> numbers(Array lines) throws SQLException {
        Map<String, Long> numbers = new HashMap<>();
        for (String line : (String[]) lines.getArray()) {
            int blank = line.indexOf(' ');
            numbers.put(line.substring(blank + 1), Long.valueOf(line.substring(0, blank)));
        }
        return numbers;
    }

    private List<K> decoded(Array texts) throws SQLException {
        List<K> decoded = new ArrayList<>();
        for (String each : (String[]) texts.getArray()) {
            decoded.add(keys.decode(each));
        }
        return decoded;
    }

    private @Nullable K key(@Nullable String text) {
        return text == null ? null : keys.decode(text);
    }

    private @Nullable String text(@Nullable K key) {
        return key == null ? null : keys.encode(key);
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
            failed = false;
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
