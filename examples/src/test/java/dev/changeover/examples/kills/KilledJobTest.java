package dev.changeover.examples.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.examples.database.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few kills; {@link KilledJob} is the long version. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KilledJobTest {

    private static final String ALL = "users+rooms+audit_logs";

    @TempDir
    Path folder;

    @Test
    void a_job_killed_in_its_backfill_its_moves_and_while_sides_differ_goes_on_and_loses_nothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        KillPlan plan = KillPlan.at(
                seed,
                5,
                new Point("DUAL_WRITE", "backfill users"),
                new Point("SHADOW", "move rooms to SHADOW"),
                new Point("SHADOW", "divergence open"),
                new Point("SHADOW", "fault mended"),
                new Point("RAMP_100", "move " + ALL + " to NEW_PRIMARY"),
                new Point("NEW_PRIMARY_AGAIN", "move " + ALL + " to NEW_ONLY"));
        try (TestDatabase database = TestDatabase.empty()) {
            List<String> options = List.of("--scale", "0.01", "--seconds-per-stage", "0.3", "--chunk", "20");

            Tally tally = new Killer(database.url(), folder, options, System.out).run(plan);

            assertThat(tally.kills()).isEqualTo(6);
            assertThat(tally.whileDivergenceOpen()).isPositive();
            assertThat(tally.perPhase()).containsKeys("DUAL_WRITE", "SHADOW", "RAMP_100", "NEW_PRIMARY_AGAIN");
            assertThat(tally.lost()).isZero();
            assertThat(tally.divergent()).isZero();
            assertThat(tally.result())
                    .contains(" lost=0 divergent=0 caller_errors=0 ")
                    .endsWith(" lives=7")
                    .doesNotContain(" found=0 ");
            assertThat(tally.clean()).isTrue();
        }
    }
}
