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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@PostgresTest
class SpringTransactionsTest {

    private static PostgresDatabase db;
    private static JdbcTemplate jdbc;
    private static TransactionTemplate application;
    private static SpringTransactions transactions;

    @BeforeAll
    static void open(PostgresDatabase database) {
        db = database;
        db.execute("CREATE TABLE note (id int PRIMARY KEY)");
        HikariDataSource pool = db.pool(2);
        jdbc = new JdbcTemplate(pool);
        application = new TransactionTemplate(new DataSourceTransactionManager(pool));
        transactions = SpringTransactions.of(application.getTransactionManager(), pool);
    }

    @BeforeEach
    void empty() {
        db.execute("TRUNCATE note");
    }

    @Test
    void theApplicationsTransactionIsJoined() {
        application.executeWithoutResult(status -> {
            long backend = pid();
            long joined = call(TransactionSettings.DEFAULTS, () -> {
                insert(1);
                return pid();
            });
            assertThat(joined).isEqualTo(backend);
            assertThat(rows()).isZero();
            status.setRollbackOnly();
        });

        assertThat(rows()).isZero();
        assertThat(transactions.current()).isNull();
    }

    @Test
    void withoutOneAnotherIsOpenedAndEndedByTheRule() {
        TransactionSettings settings = new TransactionSettings(
                Propagation.REQUIRED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Duration.ofMillis(1500),
                false,
                failure -> failure instanceof RuntimeException);

        assertThatThrownBy(() -> transactions.required(settings, () -> {
                    insert(1);
                    assertThat(jdbc.queryForObject("SHOW transaction_isolation", String.class))
                            .isEqualTo("repeatable read");
                    throw new IOException("a business answer");
                }))
                .isInstanceOf(IOException.class)
                .hasNoSuppressedExceptions();
        assertThat(rows()).isEqualTo(1);

        assertThatThrownBy(() -> transactions.required(settings, () -> {
                    insert(2);
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void joinedWorkThatThrowsDoesNotDoomTheTransaction() {
        application.executeWithoutResult(status -> {
            insert(1);
            assertThatThrownBy(() -> transactions.required(TransactionSettings.DEFAULTS, () -> {
                        throw new IOException();
                    }))
                    .isInstanceOf(IOException.class);
        });

        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void rollbackOnlyDoomsTheApplicationsTransaction() {
        assertThatThrownBy(() -> application.executeWithoutResult(status -> {
                    insert(1);
                    unit().setRollbackOnly();
                    assertThat(unit().readOnly()).isFalse();
                }))
                .isInstanceOf(UnexpectedRollbackException.class);
        assertThat(rows()).isZero();
    }

    @Test
    void aStatementWhoseFailureWasSwallowedDoesNotLookLikeACommit() {
        List<Boolean> outcomes = new ArrayList<>();

        assertThatThrownBy(() -> application.executeWithoutResult(status -> {
                    unit().afterCompletion(outcomes::add);
                    insert(1);
                    assertThatThrownBy(() -> insert(1)).isInstanceOf(DataAccessException.class);
                }))
                .isInstanceOf(NotCommittedException.class);
        assertThat(outcomes).containsExactly(false);
    }

    @Test
    void aCheckBeforeTheCommitPreventsIt() {
        List<Boolean> outcomes = new ArrayList<>();

        assertThatThrownBy(() -> application.executeWithoutResult(status -> {
                    unit().afterCompletion(outcomes::add);
                    unit().beforeCommit(() -> {
                        throw new IllegalStateException("not like this");
                    });
                    insert(1);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not like this");
        assertThat(outcomes).containsExactly(false);
        assertThat(rows()).isZero();
    }

    @Test
    void readOnlyIsSeen() {
        application.executeWithoutResult(status -> assertThat(unit().readOnly()).isFalse());
        boolean seen = call(TransactionSettings.READ_ONLY, () -> unit().readOnly());

        assertThat(seen).isTrue();
    }

    @Test
    void resourcesAndCallbacksBelongToOneTransaction() {
        List<Object> seen = new ArrayList<>();
        TransactionSettings another =
                new TransactionSettings(Propagation.REQUIRES_NEW, null, null, false, failure -> true);

        application.executeWithoutResult(status -> {
            UnitOfWork outer = unit();
            outer.afterCompletion(committed -> {
                throw new IllegalStateException();
            });
            outer.afterCompletion(committed -> seen.add("outer " + committed + " " + transactions.current()));
            call(another, () -> {
                assertThat(unit()).isNotSameAs(outer);
                unit().afterCompletion(committed -> seen.add("inner " + committed));
                return unit().resource("key", Object::new);
            });
            assertThat(unit()).isSameAs(outer);
            assertThat(outer.<Object>resource("key", Object::new)).isSameAs(outer.resource("key", Object::new));
        });
        assertThat(seen).containsExactly("inner true", "outer true null");

        application.executeWithoutResult(status -> unit().afterCompletion(seen::add));
        assertThat(seen).hasSize(3).endsWith(true);
    }

    @Test
    void whatTheMethodDeclaresIsTaken() throws Exception {
        TransactionSettings settings = transactions.settingsOf(Service.class, Service.class.getMethod("save"));

        assertThat(settings.propagation()).isEqualTo(Propagation.MANDATORY);
        assertThat(settings.isolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.readOnly()).isTrue();
        assertThat(settings.rollbackOn()).accepts(new IOException(), new RuntimeException());
        assertThat(settings.rollbackOn()).rejects(new InterruptedException(), new IllegalStateException());
        assertThat(transactions.settingsOf(Service.class, Service.class.getMethod("plain")))
                .isSameAs(TransactionSettings.DEFAULTS);
    }

    @Test
    void aManagerOfAnotherDataSourceIsRefused() {
        SpringTransactions wrong = SpringTransactions.of(application.getTransactionManager(), db.dataSource());

        assertThatThrownBy(() -> wrong.required(TransactionSettings.DEFAULTS, () -> null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("not on this data source");
    }

    /** Something of the application. */
    public static class Service {
        @Transactional(
                propagation = org.springframework.transaction.annotation.Propagation.MANDATORY,
                isolation = Isolation.SERIALIZABLE,
                timeout = 7,
                readOnly = true,
                rollbackFor = IOException.class,
                noRollbackFor = IllegalStateException.class)
        public void save() {}

        public void plain() {}
    }

    private static <T> T call(TransactionSettings settings, Callable<T> work) {
        try {
            return transactions.required(settings, work);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static UnitOfWork unit() {
        return transactions.current();
    }

    private static long pid() {
        return jdbc.queryForObject("SELECT pg_backend_pid()", Long.class);
    }

    private static void insert(int id) {
        jdbc.update("INSERT INTO note VALUES (?)", id);
    }

    private static long rows() {
        return db.queryLong("SELECT count(*) FROM note");
    }
}
