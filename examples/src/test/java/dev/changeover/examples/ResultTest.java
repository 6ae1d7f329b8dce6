package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.examples.blue.Blue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ResultTest {

    @Test
    void the_last_line_says_everything_in_one_form() {
        assertThat(new Expected().result().line())
                .isEqualTo("RESULT acknowledged=300 lost=0 divergent=0 caller_errors=0"
                        + " per_stage=LEGACY_ONLY:100,DUAL_WRITE:200 marked=9 new_reads_at_100=0.950 compared=5"
                        + " rehearsed=users.save:3 retried=2 stages=users:NEW_ONLY seconds=60 foreign_writes=7"
                        + " found=2 gate_stops=1");
    }

    @Test
    void nothing_wrong_is_no_failure() {
        assertThat(new Expected().result().failures()).isEmpty();
    }

    @Test
    void each_rule_fails_by_itself() {
        assertThat(failures(expected -> expected.lost = 1)).containsExactly("1 keys lost an acknowledged write");
        assertThat(failures(expected -> expected.divergent = 2)).hasSize(1);
        assertThat(failures(expected -> expected.callerErrors = 1)).hasSize(1);
        assertThat(failures(expected -> expected.newReads = 0.89)).hasSize(1);
        assertThat(failures(expected -> expected.compared = 0)).hasSize(1);
        assertThat(failures(expected -> expected.rehearsed.put("rooms.save", 0L)))
                .containsExactly("rooms.save was never rehearsed");
        assertThat(failures(expected -> expected.perStage.put("SHADOW", 0L)))
                .containsExactly("no write was acknowledged in SHADOW");
        assertThat(failures(expected -> expected.marks.put("DUAL_WRITE", 3L)))
                .containsExactly("3 of 200 writes of DUAL_WRITE ended as marks");
    }

    @Test
    void a_killed_job_says_how_many_lives_it_had_and_answers_only_for_what_outlives_a_kill() {
        Expected expected = new Expected();
        expected.lives = 3;
        expected.compared = 0;
        expected.newReads = 0;

        assertThat(expected.result().line()).endsWith(" seconds=60 foreign_writes=7 found=2 gate_stops=1 lives=3");
        assertThat(expected.result().failures()).isEmpty();
        expected.lost = 1;
        assertThat(expected.result().failures()).hasSize(1);
    }

    @Test
    void the_fault_of_release_1_must_be_found_and_close_a_gate_and_release_2_has_none() {
        assertThat(failures(expected -> expected.fault = new Result.Fault(true, 0, 0)))
                .containsExactly(
                        "the fault of release 1 was not found", "no gate was closed by the fault of release 1");
        assertThat(failures(expected -> expected.fault = new Result.Fault(true, 2, 0)))
                .containsExactly("no gate was closed by the fault of release 1");
        assertThat(failures(expected -> expected.fault = new Result.Fault(false, 0, 0)))
                .isEmpty();
        assertThat(failures(expected -> expected.fault = new Result.Fault(false, 1, 0)))
                .containsExactly("the sides differed, and nobody planted it");
    }

    @Test
    void an_old_build_must_have_written_been_seen_and_been_refused() {
        assertThat(failures(expected -> expected.oldBuild = new Blue.Figures(true, 7, 0, 9)))
                .containsExactly("the old build wrote nothing before new led");
        assertThat(failures(expected -> expected.oldBuild = new Blue.Figures(true, 0, 8, 9)))
                .containsExactly("sentinels saw nothing of the old build");
        assertThat(failures(expected -> expected.oldBuild = new Blue.Figures(true, 7, 8, 0)))
                .containsExactly("the old build was never refused");
        assertThat(failures(expected -> expected.oldBuild = new Blue.Figures(false, 0, 0, 0)))
                .isEmpty();
    }

    private static java.util.List<String> failures(java.util.function.Consumer<Expected> change) {
        Expected expected = new Expected();
        change.accept(expected);
        return expected.result().failures();
    }

    private static final class Expected {
        long lost;
        long divergent;
        long callerErrors;
        double newReads = 0.95;
        long compared = 5;
        int lives = 1;
        Blue.Figures oldBuild = new Blue.Figures(true, 7, 8, 9);
        Result.Fault fault = new Result.Fault(true, 2, 1);
        final Map<String, Long> rehearsed = new LinkedHashMap<>(Map.of("users.save", 3L));
        final Map<String, Long> perStage = new LinkedHashMap<>();
        final Map<String, Long> marks = new LinkedHashMap<>(Map.of("DUAL_WRITE", 2L));

        Expected() {
            perStage.put("LEGACY_ONLY", 100L);
            perStage.put("DUAL_WRITE", 200L);
        }

        Result result() {
            return new Result(
                    300,
                    lost,
                    divergent,
                    callerErrors,
                    perStage,
                    Map.of("LEGACY_ONLY", 100L, "DUAL_WRITE", 200L),
                    marks,
                    9,
                    newReads,
                    compared,
                    rehearsed,
                    2,
                    Map.of("users", "NEW_ONLY"),
                    60,
                    oldBuild,
                    fault,
                    0,
                    lives);
        }
    }
}
