package dev.changeover.examples.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.examples.data.SeedData;
import dev.changeover.examples.data.SeedLoader;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.Script;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.journal.Expectation;
import dev.changeover.examples.journal.Journal;
import dev.changeover.examples.journal.JournalReader;
import dev.changeover.examples.legacy.LegacySide;
import dev.changeover.examples.workload.Metrics;
import dev.changeover.examples.workload.Population;
import dev.changeover.examples.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Traffic on legacy, then a copy by the guide's own statements: the check has nothing to say, until it has. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FinalCheckTest {

    @TempDir
    static Path folder;

    private static TestDatabase database;
    private static Expectation expected;

    @BeforeEach
    void traffic() throws Exception {
        if (database == null) {
            database = TestDatabase.withBothSchemas();
            SeedLoader.load(database.pool(), Schemas.DEFAULT, new SeedData(7, SeedSize.scaled(0.02)));
            expected = traffic(folder.resolve("journal"));
        }
        copyAsTheGuideDoes();
    }

    @ParameterizedTest
    @CsvSource({"LEGACY_ALONE", "LEGACY", "NEW", "NEW_ALONE"})
    void it_finds_nothing_where_nothing_is_wrong(Authority authority) {
        assertThat(expected.legal()).hasSizeGreaterThan(200);

        Verdict verdict = check(authority);

        assertThat(verdict.lost()).isEmpty();
        assertThat(verdict.divergent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "LOST, LEGACY_ALONE, 1, 0",
        "LOST, LEGACY, 1, 0",
        "LOST, NEW, 1, 0",
        "STALE, LEGACY, 0, 1",
        "STALE, NEW, 0, 1",
        "RISEN, LEGACY, 0, 1",
        "RISEN, NEW, 0, 1"
    })
    void it_finds_exactly_the_fault_that_was_planted(
            Sabotage sabotage, Authority authority, long lost, long divergent) {
        try (Undo undo = new Undo()) {
            sabotage.plant(database.pool(), Schemas.DEFAULT, expected, authority);

            Verdict verdict = check(authority);

            assertThat(Verdict.keys(verdict.lost())).isEqualTo(lost);
            assertThat(Verdict.keys(verdict.divergent())).isEqualTo(divergent);
        }
    }

    @Test
    void a_key_with_several_differences_counts_once() {
        JdbcTemplate jdbc = new JdbcTemplate(database.pool());
        String user = "id = (select min(id::text)::uuid from conference_new.users where deleted_at is null)";
        jdbc.update("update conference_new.users set is_active = not is_active, username = 'x' where " + user);
        jdbc.update("delete from conference_new.auth_providers where user_" + user);

        Verdict verdict = check(Authority.LEGACY);

        assertThat(verdict.divergent()).hasSize(2);
        assertThat(Verdict.keys(verdict.divergent())).isEqualTo(1);
        assertThat(verdict.lost()).isEmpty();
    }

    private static Verdict check(Authority authority) {
        return new FinalCheck(database.pool(), Schemas.DEFAULT)
                .run(expected, Map.of("users", authority, "rooms", authority, "audit_logs", authority));
    }

    private static Expectation traffic(Path path) throws Exception {
        Metrics metrics = new Metrics(() -> "LEGACY_ONLY");
        try (Journal journal = new Journal(path);
                LegacySide side = new LegacySide(database.pool(), Schemas.DEFAULT, changed -> {});
                Workload workload = new Workload(
                        Workload.Shape.DEFAULT,
                        new Ports(side.users(), side.rooms(), side.auditLogs()),
                        side.transactionManager(),
                        journal,
                        metrics)) {
            Population population = Population.of(database.pool(), Schemas.DEFAULT);
            workload.start(7, 1, database.pool(), population, side.profiles());
            await().atMost(Duration.ofSeconds(60)).until(() -> metrics.acknowledged() > 1000);
        }
        assertThat(metrics.firstErrors()).isEmpty();
        return JournalReader.read(path);
    }

    private static void copyAsTheGuideDoes() {
        JdbcTemplate jdbc = new JdbcTemplate(database.pool());
        jdbc.execute(
                "truncate conference_new.users, conference_new.auth_providers, conference_new.rooms, conference_new.audit_logs,"
                        + " conference_new.room_participants, conference_new.recordings");
        Script.resource("/guide-copy.sql").lines().forEach(jdbc::execute);
    }

    /** Brings legacy back as it was. */
    private static final class Undo implements AutoCloseable {

        private final JdbcTemplate jdbc = new JdbcTemplate(database.pool());

        Undo() {
            jdbc.execute("drop table if exists kept");
            jdbc.execute("create table kept as select * from conference_legacy.meetings");
        }

        @Override
        public void close() {
            jdbc.execute("delete from conference_legacy.meetings");
            jdbc.execute("insert into conference_legacy.meetings select * from kept");
        }
    }
}
