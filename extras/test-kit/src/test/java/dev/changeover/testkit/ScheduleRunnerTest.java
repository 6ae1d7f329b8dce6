package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class ScheduleRunnerTest {
    private final PostgresDatabase db;
    private final ScheduleRunner schedule;
    private final Session a;
    private final Session b;

    ScheduleRunnerTest(PostgresDatabase db) {
        this.db = db;
        schedule = ScheduleRunner.on(db.dataSource());
        a = schedule.session("a");
        b = schedule.session("b");
    }

    @BeforeEach
    void fill() {
        db.execute("DROP TABLE IF EXISTS account");
        db.execute("CREATE TABLE account (id bigint PRIMARY KEY, balance bigint)");
        db.execute("INSERT INTO account VALUES (1, 0), (2, 0)");
    }

    @AfterEach
    void close() {
        schedule.close();
    }

    @Test
    void aSessionThatWaitsForARowIsSeenAsBlocked() {
        a.run("UPDATE account SET balance = 1 WHERE id = 1");
        b.start("UPDATE account SET balance = balance + 10 WHERE id = 1");
        b.awaitBlocked();
        a.commit();
        b.join();
        b.commit();
        assertThat(db.queryLong("SELECT balance FROM account WHERE id = 1")).isEqualTo(11);
    }

    @Test
    void aSessionThatWaitsForAnAdvisoryLockIsSeenAsBlocked() {
        a.run("SELECT pg_advisory_xact_lock(7)");
        b.start("SELECT pg_advisory_xact_lock(7)");
        b.awaitBlocked();
        a.rollback();
        b.join();
    }

    @Test
    void aDeadlockOfTwoSessionsEndsOneOfThem() {
        a.run("UPDATE account SET balance = 1 WHERE id = 1");
        b.run("UPDATE account SET balance = 1 WHERE id = 2");
        a.start("UPDATE account SET balance = 1 WHERE id = 2");
        a.awaitBlocked();
        b.start("UPDATE account SET balance = 1 WHERE id = 1");
        Throwable ofA = a.joinFailed();
        if (ofA != null) {
            a.rollback();
        }
        Throwable ofB = ofA == null ? failureOfBAfterCommitOfA() : b.joinFailed();
        assertThat(ofA == null).isNotEqualTo(ofB == null);
        assertThat(ofA == null ? ofB : ofA).hasMessageContaining("deadlock");
    }

    private @Nullable Throwable failureOfBAfterCommitOfA() {
        a.commit();
        return b.joinFailed();
    }

    @Test
    void aStepThatEndsInsteadOfBlockingFailsTheTest() {
        b.start("SELECT 1");
        assertThatThrownBy(b::awaitBlocked)
                .isInstanceOf(AssertionError.class)
                .hasMessage("Session b did not block: its step ended");
    }

    @Test
    void aStepThatWaitsForSomethingElseThanALockIsReported() {
        b.limit(Duration.ofMillis(300)).start("SELECT pg_sleep(30)");
        assertThatThrownBy(b::awaitBlocked)
                .hasMessageContaining("Session b waits for no lock")
                .hasMessageContaining("pg_sleep(30)");
    }

    @Test
    void aHangIsReportedWithSessionStatementAndBlocker() {
        a.run("UPDATE account SET balance = 1 WHERE id = 1");
        b.limit(Duration.ofMillis(300)).start("UPDATE account SET balance = 5 WHERE id = 1");
        assertThatThrownBy(b::join)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Session b hangs")
                .hasMessageContaining("SET balance = 5")
                .hasMessageContaining("blocked by {" + a.pid() + "}");
    }

    @Test
    void aFailingStepTellsItsSessionAndSqlState() {
        assertThatThrownBy(() -> a.run("SELECT 1/0"))
                .isInstanceOfSatisfying(
                        StepFailed.class, e -> assertThat(e.sqlState()).isEqualTo("22012"))
                .hasMessageStartingWith("Session a: ");
    }

    @Test
    void aBusySessionTakesNoSecondStep() {
        a.run("SELECT pg_advisory_xact_lock(8)");
        b.start("SELECT pg_advisory_xact_lock(8)");
        assertThatThrownBy(() -> b.start("SELECT 1")).hasMessageContaining("Session b is still busy");
    }
}
