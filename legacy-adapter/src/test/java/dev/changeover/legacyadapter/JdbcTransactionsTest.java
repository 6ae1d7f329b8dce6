package dev.changeover.legacyadapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.TransactionSettings.Propagation;
import dev.changeover.core.spi.UnitOfWork;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class JdbcTransactionsTest {

    private static PostgresDatabase db;
    private static HikariDataSource pool;
    private static JdbcTransactions transactions;

    @BeforeAll
    static void open(PostgresDatabase database) {
        db = database;
        db.execute("CREATE TABLE note (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)");
        pool = db.pool(1); // a second connection would block, so joining is proven everywhere
        transactions = JdbcTransactions.on(pool);
    }

    @BeforeEach
    void empty() {
        db.execute("TRUNCATE note");
    }

    @Test
    void plainJdbcJoinsAndIsCommittedAtTheEnd() throws Exception {
        transactions.required(() -> {
            insert(1);
            insert(2);
            assertThat(rows()).isZero();
            return null;
        });

        assertThat(rows()).isEqualTo(2);
        assertThat(transactions.current()).isNull();
    }

    @Test
    void outsideATransactionPlainJdbcCommitsByItself() throws SQLException {
        insert(1);

        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void theWorksOwnExceptionComesOutAndEverythingIsUndone() {
        IOException failure = new IOException("mine");

        assertThatThrownBy(() -> transactions.required(() -> {
                    insert(1);
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(rows()).isZero();
    }

    @Test
    void anExceptionOutsideTheRollbackRuleCommits() {
        TransactionSettings settings = new TransactionSettings(
                Propagation.REQUIRED, null, null, false, failure -> failure instanceof RuntimeException);

        assertThatThrownBy(() -> transactions.required(settings, () -> {
                    insert(1);
                    throw new IOException("a business answer");
                }))
                .isInstanceOf(IOException.class);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void joinedWorkThatThrowsDoesNotDoomTheTransaction() throws Exception {
        transactions.required(() -> {
            assertThatThrownBy(() -> transactions.required(() -> {
                        insert(1);
                        throw new IOException();
                    }))
                    .isInstanceOf(IOException.class);
            return null;
        });

        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void rollbackOnlyRefusesToCommit() {
        assertThatThrownBy(() -> transactions.required(() -> {
                    insert(1);
                    unit().setRollbackOnly();
                    return null;
                }))
                .isInstanceOf(NotCommittedException.class)
                .hasMessageContaining("rollback-only");
        assertThat(rows()).isZero();
    }

    @Test
    void aStatementWhoseFailureWasSwallowedRefusesToCommit() {
        assertThatThrownBy(() -> transactions.required(() -> {
                    insert(1);
                    assertThatThrownBy(() -> execute("SELECT 1 / 0")).isInstanceOf(SQLException.class);
                    return null;
                }))
                .isInstanceOf(NotCommittedException.class)
                .hasMessageContaining("A statement of the transaction failed");
        assertThat(rows()).isZero();
    }

    @Test
    void aFailingCommitReachesTheCallerAndTheCallbacks() {
        List<Boolean> outcomes = new ArrayList<>();

        assertThatThrownBy(() -> transactions.required(() -> {
                    unit().afterCompletion(outcomes::add);
                    insert(1);
                    insert(1);
                    return null;
                }))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
        assertThat(outcomes).containsExactly(false);
    }

    @Test
    void aCheckBeforeTheCommitPreventsIt() {
        List<Boolean> outcomes = new ArrayList<>();

        assertThatThrownBy(() -> transactions.required(() -> {
                    unit().afterCompletion(outcomes::add);
                    unit().beforeCommit(() -> {
                        throw new IllegalStateException("not like this");
                    });
                    insert(1);
                    return null;
                }))
                .hasMessage("not like this");
        assertThat(outcomes).containsExactly(false);
        assertThat(rowsOfPool()).isEqualTo("0");
    }

    @Test
    void isolationAndReadOnlyAreOfTheTransactionAlone() throws Exception {
        TransactionSettings settings = new TransactionSettings(
                Propagation.REQUIRED, Connection.TRANSACTION_SERIALIZABLE, null, true, failure -> true);

        transactions.required(settings, () -> {
            assertThat(unit().readOnly()).isTrue();
            assertThat(show("transaction_isolation")).isEqualTo("serializable");
            assertThat(show("transaction_read_only")).isEqualTo("on");
            return null;
        });
        assertThat(show("transaction_isolation")).isEqualTo("read committed");
        assertThat(show("transaction_read_only")).isEqualTo("off");
    }

    @Test
    void aStatementMayNotTakeLongerThanTheTimeout() throws Exception {
        assertThatThrownBy(() -> transactions.required(timeout(Duration.ofMillis(50)), () -> {
                    execute("SELECT pg_sleep(30)");
                    return null;
                }))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        assertThat(show("statement_timeout")).isEqualTo("0");
    }

    @Test
    void aTransactionOverItsTimeIsNotCommitted() {
        assertThatThrownBy(() -> transactions.required(timeout(Duration.ofMillis(1)), () -> {
                    UnitOfWork unit = unit();
                    while (true) {
                        unit.connection();
                    }
                }))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("longer than its timeout of PT0.001S");
    }

    @Test
    void callbacksRunWithTheConnectionGivenBackAndOneThatThrowsHarmsNobody() throws Exception {
        List<String> seen = new ArrayList<>();

        String result = transactions.required(() -> {
            unit().afterCompletion(committed -> {
                throw new IllegalStateException();
            });
            unit().afterCompletion(
                            committed -> seen.add(committed + " " + transactions.current() + " " + rowsOfPool()));
            insert(1);
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(seen).containsExactly("true null 1");
    }

    @Test
    void aResourceLivesAsLongAsItsTransaction() throws Exception {
        List<Object> seen = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            transactions.required(() -> {
                seen.add(unit().resource("key", Object::new));
                return seen.add(unit().resource("key", Object::new));
            });
        }

        assertThat(seen.get(0)).isSameAs(seen.get(1)).isNotSameAs(seen.get(2));
        assertThat(seen.get(2)).isSameAs(seen.get(3));
    }

    @Test
    void nobodyWhoJoinedCanEndTheTransaction() throws Exception {
        transactions.required(() -> {
            try (Connection joined = transactions.dataSource().getConnection()) {
                assertThatThrownBy(joined::commit).hasMessageContaining("belongs to whoever opened it");
                assertThatThrownBy(joined::rollback).hasMessageContaining("belongs to whoever opened it");
                assertThatThrownBy(() -> joined.setAutoCommit(true)).isInstanceOf(SQLException.class);
                joined.rollback(joined.setSavepoint());
                joined.close();
                assertThat(joined.isClosed()).isTrue();
                assertThatThrownBy(joined::createStatement).hasMessageContaining("closed");
            }
            assertThat(unit().connection().isClosed()).isFalse();
            return null;
        });
    }

    @Test
    void aNestedFailureUndoesOnlyItself() throws Exception {
        TransactionSettings nested = new TransactionSettings(Propagation.NESTED, null, null, false, failure -> true);

        transactions.required(() -> {
            insert(1);
            assertThatThrownBy(() -> transactions.required(nested, () -> {
                        insert(2);
                        return execute("SELECT 1 / 0");
                    }))
                    .isInstanceOf(SQLException.class);
            return null;
        });

        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aSuspendedTransactionIsLeftAlone() throws Exception {
        JdbcTransactions wide = JdbcTransactions.on(db.pool(2));
        TransactionSettings another =
                new TransactionSettings(Propagation.REQUIRES_NEW, null, null, false, failure -> true);

        assertThatThrownBy(() -> wide.required(() -> {
                    insert(wide, 1);
                    wide.required(another, () -> insert(wide, 2));
                    throw new IOException();
                }))
                .isInstanceOf(IOException.class);
        assertThat(db.queryStrings("SELECT id FROM note")).containsExactly("2");
    }

    @Test
    void propagationsThatCannotBeMetFail() throws Exception {
        assertThatThrownBy(() -> transactions.required(with(Propagation.MANDATORY), () -> null))
                .isInstanceOf(IllegalStateException.class);
        transactions.required(() -> {
            assertThatThrownBy(() -> transactions.required(with(Propagation.NEVER), () -> null))
                    .isInstanceOf(IllegalStateException.class);
            return null;
        });
        assertThat(transactions.required(with(Propagation.SUPPORTS), transactions::current))
                .isNull();
    }

    @Test
    void aLostConnectionKeepsTheFirstExceptionAndThePoolRecovers() throws Exception {
        assertThatThrownBy(() -> transactions.required(() -> {
                    db.execute("SELECT pg_terminate_backend(" + value("pg_backend_pid()") + ")");
                    return insert(1);
                }))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isIn("57P01", "08006"));
        insert(2);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aDriverThatUndoesFailedStatementsIsRefused() throws SQLException {
        assertThatThrownBy(() -> check("autosave=always"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("autosave=never");
        assertThatThrownBy(() -> check("raiseExceptionOnSilentRollback=false"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("raiseExceptionOnSilentRollback");
        check("autosave=never");
        check("autosave=conservative");
    }

    @Test
    void withConservativeAutosaveAFailedStatementStillFailsTheTransaction() throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(db.jdbcUrl() + separator() + "autosave=conservative")) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute("SELECT 1 / 0")).isInstanceOf(SQLException.class);
            }
            assertThat(DriverSettings.hasFailed(connection)).isTrue();
        }
    }

    private static void check(String setting) throws SQLException {
        try (Connection connection = DriverManager.getConnection(db.jdbcUrl() + separator() + setting)) {
            transactions.check(connection);
        }
    }

    private static String separator() {
        return db.jdbcUrl().contains("?") ? "&" : "?";
    }

    private static TransactionSettings timeout(Duration timeout) {
        return new TransactionSettings(Propagation.REQUIRED, null, timeout, false, failure -> true);
    }

    private static TransactionSettings with(Propagation propagation) {
        return new TransactionSettings(propagation, null, null, false, failure -> true);
    }

    private static UnitOfWork unit() {
        return transactions.current();
    }

    private static boolean insert(int id) throws SQLException {
        return insert(transactions, id);
    }

    private static boolean insert(JdbcTransactions where, int id) throws SQLException {
        try (Connection connection = where.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            return statement.execute("INSERT INTO note VALUES (" + id + ")");
        }
    }

    private static boolean execute(String sql) throws SQLException {
        try (Connection connection = transactions.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static String show(String setting) throws SQLException {
        return value("current_setting('" + setting + "')");
    }

    private static String value(String expression) throws SQLException {
        try (Connection connection = transactions.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + expression)) {
            result.next();
            return result.getString(1);
        }
    }

    private static String rowsOfPool() {
        try {
            return value("(SELECT count(*) FROM note)");
        } catch (SQLException e) {
            return e.toString();
        }
    }

    private static long rows() {
        return db.queryLong("SELECT count(*) FROM note");
    }
}
