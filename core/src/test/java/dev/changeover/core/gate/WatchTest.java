package dev.changeover.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.RepositoryState;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Windows, one after the other, without a clock. */
class WatchTest {

    private static final Budget BUDGET = Budget.DEFAULTS;
    private static final Budget WITHOUT_HYSTERESIS = new Budget(
            BUDGET.errors(),
            BUDGET.latency(),
            BUDGET.divergences(),
            BUDGET.window(),
            BUDGET.calls(),
            1,
            BUDGET.probation());

    private final Random random = new Random(4);

    private static RepositoryState at(Stage stage, long epoch, int percent, long revision) {
        return new RepositoryState("accounts", 1, stage, epoch, percent, revision, Set.of(), Set.of(), true, null);
    }

    private static RepositoryState ramp() {
        return at(Stage.RAMP, 4, 50, 2);
    }

    private static Watch watched(Budget budget, RepositoryState state) {
        Watch watch = new Watch(budget);
        assertThat(watch.closeWindow(state, 0)).isNull();
        return watch;
    }

    private static void serve(Watch watch, Side side, int calls, int failures) {
        for (int i = 0; i < calls; i++) {
            watch.count(side, Duration.ofMillis(1).toNanos(), i < failures);
        }
    }

    /** Returns how many of the windows, of which every other one is bad, take a step back. */
    private static int stepsBackOfGlitches(Budget budget) {
        Watch watch = watched(budget, ramp());
        int steps = 0;
        for (int i = 0; i < 100; i++) {
            serve(watch, Side.LEGACY, 100, 0);
            serve(watch, Side.NEW, 100, i % 2 == 0 ? 100 : 0);
            steps += watch.closeWindow(ramp(), 0) == null ? 0 : 1;
        }
        return steps;
    }

    @Test
    void aGlitchOfOneWindowTakesNothingBackButWithoutHysteresisItWould() {
        assertThat(stepsBackOfGlitches(BUDGET)).isZero();
        assertThat(stepsBackOfGlitches(WITHOUT_HYSTERESIS)).as("the mutant").isEqualTo(50);
    }

    @Test
    void twoBadWindowsInARowTakeAStepBack() {
        Watch watch = watched(BUDGET, ramp());
        for (int i = 0; i < 2; i++) {
            serve(watch, Side.LEGACY, 100, 0);
            serve(watch, Side.NEW, 100, 10);
            assertThat(watch.closeWindow(ramp(), 0) != null).isEqualTo(i == 1);
        }
    }

    /** From NEW_PRIMARY to RAMP, and at once to 0 % for what was served before, would be two steps. */
    @Test
    void whatWasServedBeforeAStepBackTakesNoOther() {
        RepositoryState flipped = at(Stage.NEW_PRIMARY, 5, 50, 2);
        Watch watch = watched(BUDGET, flipped);
        for (int i = 0; i < 2; i++) {
            serve(watch, Side.NEW, 100, 100);
            assertThat(watch.closeWindow(flipped, 0) != null).isEqualTo(i == 1);
        }
        RepositoryState back = at(Stage.RAMP, 6, 50, 2);
        for (int i = 0; i < 2; i++) {
            serve(watch, Side.NEW, 100, 100);
            assertThat(watch.closeWindow(back, 0)).as("window %s in RAMP", i).isNull();
        }
        serve(watch, Side.NEW, 100, 100);
        assertThat(watch.closeWindow(back, 0)).isNotNull();
    }

    @Test
    void sidesThatFailAlikeAreNotToldApartByChance() {
        Watch watch = watched(BUDGET, ramp());
        for (int window = 0; window < 10_000; window++) {
            for (int i = 0; i < 100; i++) {
                watch.count(Side.LEGACY, 1_000_000, random.nextInt(100) < 5);
                watch.count(Side.NEW, 1_000_000, random.nextInt(100) < 5);
            }
            assertThat(watch.closeWindow(ramp(), 0)).as("window %s", window).isNull();
        }
    }

    @Test
    void divergencesAreCountedFromEachChangeOn() {
        RepositoryState raised = at(Stage.RAMP, 4, 100, 3);
        Watch watch = new Watch(BUDGET);
        assertThat(watch.closeWindow(ramp(), 7)).isNull();
        assertThat(watch.closeWindow(ramp(), 7 + BUDGET.divergences())).isNull();
        assertThat(watch.closeWindow(ramp(), 8 + BUDGET.divergences())).contains("divergences were confirmed");

        assertThat(watch.closeWindow(raised, 8 + BUDGET.divergences())).isNull();
        assertThat(watch.closeWindow(raised, 8 + 2 * BUDGET.divergences())).isNull();
        assertThat(watch.closeWindow(raised, 9 + 2 * BUDGET.divergences())).isNotNull();
    }
}
