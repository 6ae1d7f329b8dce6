package dev.changeover.examples.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KillPlanTest {

    private static final Duration STAY = Duration.ofSeconds(1);

    @Test
    void the_same_seed_gives_the_same_moments_and_another_one_others() {
        assertThat(plan(1)).isEqualTo(plan(1)).isNotEqualTo(plan(2));
    }

    @Test
    void every_phase_and_every_kind_of_move_has_targets() {
        assertThat(plan(1).stream().map(target -> target.point().phase()).collect(Collectors.toSet()))
                .isEqualTo(KilledJob.PHASES);
        assertThat(plan(1).stream()
                        .map(target -> target.point().move())
                        .filter(java.util.Objects::nonNull)
                        .collect(Collectors.toSet()))
                .isEqualTo(KilledJob.MOVES);
    }

    @Test
    void what_the_job_has_left_behind_is_left_out() {
        Point first = new Point("SHADOW", "stay");
        Point second = new Point("RAMP_10", "stay");
        KillPlan plan = KillPlan.at(1, 10, first, first, second, second);

        assertThat(plan.reached(first)).isNotNull();
        assertThat(plan.reached(new Point("SHADOW", "marks"))).isNull();
        assertThat(plan.reached(second)).isNotNull();
        assertThat(plan.reached(first)).isNull();
        assertThat(plan.targets()).hasSize(1);
    }

    @Test
    void what_every_life_passes_is_a_target_only_in_its_turn() {
        Point start = new Point("SHADOW", "start");
        Point move = new Point("SHADOW", "move users to SHADOW");
        KillPlan plan = KillPlan.at(1, 10, move, start);

        assertThat(plan.reached(start)).isNull();
        assertThat(plan.reached(move)).isNotNull();
        assertThat(plan.reached(start)).isNotNull();
    }

    @Test
    void the_fault_is_a_target_in_whatever_phase_it_is_found_and_leaves_out_nothing() {
        Point open = new Point("SHADOW", "divergence open");
        Point move = new Point("RAMP_10", "percent 25");
        KillPlan plan = KillPlan.at(1, 10, open, move);

        assertThat(plan.reached(move)).isNotNull();
        assertThat(plan.reached(new Point("RAMP_25", "divergence open"))).isNotNull();
        assertThat(plan.reached(open)).isNull();
        assertThat(open.divergenceOpen()).isTrue();
        assertThat(new Point("SHADOW", "fault reviewed").divergenceOpen()).isFalse();
    }

    @Test
    void a_line_of_the_job_is_read_as_a_point() {
        assertThat(Point.of("POINT NEW_PRIMARY move users+rooms to RAMP"))
                .isEqualTo(new Point("NEW_PRIMARY", "move users+rooms to RAMP"))
                .extracting(Point::move)
                .isEqualTo("BACK_TO_RAMP");
        assertThat(Point.of("RESULT acknowledged=1")).isNull();
        assertThat(new Point("SHADOW", "moved users to SHADOW").move()).isNull();
    }

    private static List<Target> plan(long seed) {
        return KillPlan.everywhere(seed, 2, STAY).targets();
    }
}
