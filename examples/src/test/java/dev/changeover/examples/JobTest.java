package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.examples.check.Sabotage;
import dev.changeover.examples.data.SeedSize;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.next.Release;
import dev.changeover.examples.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** The whole job, small. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JobTest {

    @TempDir
    Path folder;

    @Test
    void the_walk_ends_on_new_with_exactly_the_fault_that_was_planted() throws Exception {
        try (TestDatabase database = TestDatabase.empty()) {
            Job.Settings settings = new Job.Settings(
                    database.url(),
                    SeedSize.scaled(0.01),
                    7,
                    new Workload.Shape(4, 2, 60, 60),
                    Duration.ofMillis(1500),
                    500,
                    folder.resolve("journal"),
                    false,
                    Sabotage.RISEN,
                    6,
                    Release.ONE,
                    false,
                    false);

            Result result = new Job(settings, new Report(System.out, false)).run();

            assertThat(result.divergent()).isEqualTo(1);
            assertThat(result.lost()).isZero();
            assertThat(result.callerErrors()).isZero();
            assertThat(result.fault().found()).isGreaterThanOrEqualTo(2);
            assertThat(result.fault().gateStops()).isEqualTo(1);
            assertThat(result.failures()).noneMatch(failure -> failure.contains("old build"));
            assertThat(result.oldBuild().ran()).isTrue();
            assertThat(result.oldBuild().acknowledged()).isPositive();
            assertThat(result.oldBuild().foreignWrites()).isPositive();
            assertThat(result.oldBuild().refused()).isPositive();
            assertThat(result.stages())
                    .containsExactly(
                            java.util.Map.entry("users", "NEW_ONLY"),
                            java.util.Map.entry("rooms", "NEW_ONLY"),
                            java.util.Map.entry("audit_logs", "NEW_ONLY"));
            assertThat(result.perStage())
                    .hasSize(11)
                    .allSatisfy((stage, n) -> assertThat(n).isPositive());
        }
    }

    @Test
    void the_old_tables_are_gone_at_the_end_and_nothing_that_was_acknowledged_with_them() throws Exception {
        try (TestDatabase database = TestDatabase.empty()) {
            Job.Settings settings = new Job.Settings(
                    database.url(),
                    SeedSize.scaled(0.01),
                    8,
                    new Workload.Shape(4, 2, 60, 60),
                    Duration.ofMillis(500),
                    500,
                    folder.resolve("journal"),
                    false,
                    null,
                    0,
                    Release.TWO,
                    false,
                    true);

            Result result = new Job(settings, new Report(System.out, false)).run();

            assertThat(result.damage()).isEmpty();
            assertThat(result.retired()).isEqualTo(3);
            assertThat(result.line()).contains(" retired=3");
            assertThat(
                            new JdbcTemplate(database.pool())
                                    .queryForList(
                                            "select nspname from pg_namespace where nspname in ('conference_legacy', 'changeover')"))
                    .isEmpty();
            assertThat(folder.resolve("backup-users")).isNotEmptyDirectory();
        }
    }
}
