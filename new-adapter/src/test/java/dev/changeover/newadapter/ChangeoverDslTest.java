package dev.changeover.newadapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class ChangeoverDslTest {

    private static PostgresDatabase db;
    private static SingleTransactions transactions;
    private static DSLContext dsl;

    @BeforeAll
    static void open(PostgresDatabase database) {
        db = database;
        db.execute("CREATE TABLE note (id int PRIMARY KEY)");
        HikariDataSource pool = db.pool(1); // a second connection would block, so joining is proven everywhere
        transactions = new SingleTransactions(pool);
        dsl = ChangeoverDsl.on(transactions, pool);
    }

    @BeforeEach
    void empty() {
        db.execute("TRUNCATE note");
    }

    @Test
    void statementsInsideAUnitOfWorkAreUndoneWithIt() {
        assertThatThrownBy(() -> transactions.required(TransactionSettings.DEFAULTS, () -> {
                    insert(dsl, 1);
                    throw new IOException();
                }))
                .isInstanceOf(IOException.class);

        assertThat(rows()).isZero();
    }

    @Test
    void statementsOutsideCommitByThemselves() {
        insert(dsl, 1);

        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aNestedTransactionDoesNotCommitTheCallers() {
        assertThatThrownBy(() -> transactions.required(TransactionSettings.DEFAULTS, () -> {
                    insert(dsl, 1);
                    dsl.transaction(nested -> insert(nested.dsl(), 2));
                    dsl.configuration().dsl().transaction(nested -> insert(nested.dsl(), 3));
                    assertThat(rows()).isZero();
                    throw new IOException();
                }))
                .isInstanceOf(IOException.class);

        assertThat(rows()).isZero();
    }

    @Test
    void aNestedFailureUndoesOnlyItself() throws Exception {
        transactions.required(TransactionSettings.DEFAULTS, () -> {
            insert(dsl, 1);
            assertThatThrownBy(() -> dsl.transaction(nested -> {
                        insert(nested.dsl(), 2);
                        nested.dsl().transaction(deeper -> insert(deeper.dsl(), 2));
                    }))
                    .isInstanceOf(DataAccessException.class);
            insert(dsl, 3);
            return null;
        });

        assertThat(db.queryStrings("SELECT id FROM note ORDER BY id")).containsExactly("1", "3");
    }

    @Test
    void outsideATransactionIsAUnitOfWork() {
        int answer = dsl.transactionResult(nested -> {
            assertThat(transactions.current()).isNotNull();
            insert(nested.dsl(), 1);
            assertThat(rows()).isZero();
            return 42;
        });
        assertThat(answer).isEqualTo(42);
        assertThat(rows()).isEqualTo(1);

        assertThatThrownBy(() -> dsl.transaction(nested -> {
                    insert(nested.dsl(), 2);
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aDerivedContextSaysThatItCannotOpenAUnitOfWork() {
        assertThatThrownBy(() -> dsl.configuration().dsl().transaction(nested -> insert(nested.dsl(), 1)))
                .hasMessageContaining("ChangeoverDsl.on(..)");
    }

    private static void insert(DSLContext where, int id) {
        where.execute("INSERT INTO note VALUES (?)", id);
    }

    private static long rows() {
        return db.queryLong("SELECT count(*) FROM note");
    }
}
