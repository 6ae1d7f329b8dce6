package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.core.gate.BackMove;
import dev.changeover.core.gate.Gate;
import dev.changeover.core.gate.GateFacts;
import dev.changeover.core.gate.GateNotMetException;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.GateResult.Verdict;
import dev.changeover.core.gate.StandardGates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Moves that rest on evidence. */
class GatesTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static Scene scene(Gate... beforeShadow) {
        return scene(GatePlan.builder().before(Stage.SHADOW, beforeShadow).build());
    }

    private static Scene scene(GatePlan plan) {
        return Scene.open(Bank.Parts.DEFAULTS.withGates(plan)).to(Stage.DUAL_WRITE);
    }

    private static void move(Scene scene, Stage target) {
        scene.bank().changeover.stages().move(Bank.NAME, target, "alice", "on we go");
    }

    private static GateResult ask(Scene scene, Gate gate) {
        return scene.bank().changeover.gates().before(Bank.NAME, Stage.SHADOW).results().stream()
                .filter(result -> result.gate().equals(gate.name()))
                .findAny()
                .orElseThrow();
    }

    private static void backfill(Scene scene) {
        scene.bank().changeover.backfill(Bank.NAME).run(progress -> {});
    }

    private static String evidence(Scene scene, String path) {
        return scene.database.queryString(
                "SELECT evidence #>> '" + path + "' FROM changeover.history ORDER BY id DESC LIMIT 1");
    }

    @Test
    void aMoveWhoseGateIsNotPassedIsRefusedAndSaysWhatIsMissing() {
        try (Scene scene = scene(StandardGates.backfillComplete())) {
            assertThatThrownBy(() -> move(scene, Stage.SHADOW))
                    .isInstanceOf(GateNotMetException.class)
                    .hasMessageContaining("accounts, DUAL_WRITE -> SHADOW")
                    .hasMessageContaining("backfill complete: FAIL")
                    .hasMessageContaining("Run the backfill to its end")
                    .hasMessageContaining("Nothing was changed");
            assertThat(scene.bank().changeover.stages().of(Bank.NAME).stage()).isEqualTo(Stage.DUAL_WRITE);

            backfill(scene);
            move(scene, Stage.SHADOW);
            assertThat(evidence(scene, "{overridden}")).isEqualTo("false");
            assertThat(evidence(scene, "{gates,0,verdict}")).isEqualTo("PASS");
            assertThat(scene.bank().changeover.gates().history(Bank.NAME))
                    .last()
                    .satisfies(step -> assertThat(step.evidence()).contains("backfill complete"));
        }
    }

    @Test
    void whoOverridesAGateLeavesWhyAndWhatTheGatesSaidInTheHistory() {
        try (Scene scene = scene(StandardGates.backfillComplete(), StandardGates.nothingParked())) {
            scene.bank().changeover.stages().overridingGates().move(Bank.NAME, Stage.SHADOW, "bob", "a rehearsal");
            assertThat(evidence(scene, "{overridden}")).isEqualTo("true");
            assertThat(evidence(scene, "{gates,0,missing}")).isEqualTo("Run the backfill to its end");
            assertThat(evidence(scene, "{gates,1,verdict}")).isEqualTo("PASS");
            assertThat(scene.bank().changeover.gates().history(Bank.NAME))
                    .last()
                    .satisfies(step -> assertThat(step.reason()).isEqualTo("a rehearsal"));
        }
    }

    @Test
    void whatWouldLoseDataIsRefusedThoughGatesAreOverridden() {
        try (Scene scene = scene().to(Stage.SHADOW)) {
            scene.sql("UPDATE changeover.repository SET backfilled = false");
            assertThatThrownBy(() -> scene.bank()
                            .changeover
                            .stages()
                            .overridingGates()
                            .move(Bank.NAME, Stage.RAMP, "bob", "now"))
                    .isInstanceOf(MoveRefusedException.class);
        }
    }

    @Test
    void aStepBackIsNeverHeldUpByGates() {
        try (Scene scene = scene(GatePlan.builder()
                .before(Stage.DUAL_WRITE, StandardGates.soaked(HOUR))
                .before(Stage.SHADOW)
                .build())) {
            move(scene, Stage.SHADOW);
            move(scene, Stage.DUAL_WRITE);
        }
    }

    @Test
    void aHigherPercentageHasGatesAndALowerOneHasNot() {
        Gate soaked = StandardGates.soaked(HOUR);
        try (Scene scene =
                scene(GatePlan.builder().beforePercent(soaked).build()).to(Stage.RAMP)) {
            assertThatThrownBy(() -> scene.bank().percent(10))
                    .isInstanceOf(GateNotMetException.class)
                    .hasMessageContaining("0 % -> 10 %");
            scene.bank().changeover.stages().overridingGates().percent(Bank.NAME, 50, "bob", "early");
            assertThat(evidence(scene, "{gates,0,gate}")).isEqualTo("soak time");
            scene.bank().percent(10);
        }
    }

    @Test
    void soakTimeCountsFromTheLastChangeAndSaysWhenItEnds() {
        Gate soaked = StandardGates.soaked(HOUR);
        try (Scene scene = scene(soaked)) {
            GateResult result = ask(scene, soaked);
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(Duration.between(Instant.now(), result.until())).isBetween(Duration.ofMinutes(58), HOUR);
        }
        try (Scene scene = scene(StandardGates.soaked(Duration.ofNanos(1)))) {
            move(scene, Stage.SHADOW);
        }
    }

    @Test
    void marksAndParkedKeysAndForeignWritersAreInTheWay() {
        Gate marks = StandardGates.oldestMarkAtMost(Duration.ofNanos(1));
        Gate parked = StandardGates.nothingParked();
        Gate strangers = StandardGates.noForeignChangeFor(HOUR);
        try (Scene scene = scene(marks, parked, strangers)) {
            backfill(scene);
            assertThat(ask(scene, strangers).verdict()).isEqualTo(Verdict.UNKNOWN);
            scene.bank().changeover.sentinels().install(Bank.NAME, Strangers.REFUSE, "test", "install");
            assertThat(ask(scene, strangers).verdict()).isEqualTo(Verdict.PASS);
            assertThat(ask(scene, marks).verdict()).isEqualTo(Verdict.PASS);

            scene.sql(
                    "INSERT INTO old.account VALUES (1, 'a', 1, 'open');"
                            + " INSERT INTO changeover.attempt SELECT number, '1', 12, now(), true, 'why' FROM changeover.repository");
            assertThat(ask(scene, strangers))
                    .satisfies(result -> assertThat(result.verdict()).isEqualTo(Verdict.FAIL))
                    .satisfies(result -> assertThat(result.until()).isAfter(Instant.now()));
            assertThat(ask(scene, marks).value()).startsWith("1 marks");
            assertThat(ask(scene, parked).value()).isEqualTo("1 keys");
        }
    }

    @Test
    void aWordThatAPersonGaveHoldsForAsLongAsItWasGiven() {
        Gate backup = StandardGates.attested("backup");
        try (Scene scene = scene(backup)) {
            assertThat(ask(scene, backup).verdict()).isEqualTo(Verdict.UNKNOWN);
            scene.bank()
                    .changeover
                    .gates()
                    .attest(Bank.NAME, "backup", HOUR, "carol", "restored it into a scratch schema");
            assertThat(ask(scene, backup).verdict()).isEqualTo(Verdict.PASS);
            assertThat(ask(scene, backup).value()).startsWith("by carol");
            scene.bank().changeover.gates().attest(Bank.NAME, "backup", Duration.ofSeconds(1), "carol", "again");
            scene.awaitTrue("it has run out", () -> ask(scene, backup).verdict() == Verdict.FAIL);
            assertThatThrownBy(() -> scene.bank().changeover.gates().attest(Bank.NAME, "backup", HOUR, "carol", " "))
                    .isInstanceOf(MoveRefusedException.class);
        }
    }

    @Test
    void aRollbackIsRehearsedByOneStepBack() {
        Gate rehearsed = StandardGates.rollbackRehearsed();
        try (Scene scene = scene(rehearsed)) {
            assertThat(ask(scene, rehearsed).verdict()).isEqualTo(Verdict.FAIL);
            scene.bank().changeover.stages().overridingGates().move(Bank.NAME, Stage.SHADOW, "bob", "to and fro");
            move(scene, Stage.DUAL_WRITE);
            assertThat(ask(scene, rehearsed).value()).startsWith("SHADOW -> DUAL_WRITE");
            move(scene, Stage.SHADOW);
        }
    }

    @Test
    void whatAGateCannotFindOutIsUnknownAndItsTextIsHarmless() {
        Gate broken = new Gate() {
            @Override
            public String name() {
                return "broken \"gate\"\\ \n";
            }

            @Override
            public GateResult check(GateFacts facts) {
                throw new IllegalStateException("'); DROP TABLE x; -- \u0000 \ud800");
            }
        };
        try (Scene scene = scene(broken)) {
            assertThat(ask(scene, broken).verdict()).isEqualTo(Verdict.UNKNOWN);
            scene.bank().changeover.stages().overridingGates().move(Bank.NAME, Stage.SHADOW, "bob", "all the same");
            assertThat(evidence(scene, "{gates,0,gate}")).isEqualTo("broken \"gate\"\\ \n");
            assertThat(evidence(scene, "{gates,0,missing}")).isEqualTo("'); DROP TABLE x; -- ? ?");
        }
    }

    @Test
    void aStepBackIsJudged() {
        try (Scene scene = Scene.open().to(Stage.NEW_PRIMARY)) {
            assertThat(back(scene).verdict()).isEqualTo(BackMove.Verdict.SAFE);
            scene.sql("SELECT changeover.mark(number, '{1}', 'NEW', 'TEST') FROM changeover.repository");
            assertThat(back(scene).verdict()).isEqualTo(BackMove.Verdict.SAFE_AFTER_DRAIN);
            scene.sql(
                    "INSERT INTO changeover.attempt SELECT number, '1', 12, now(), true, 'why' FROM changeover.repository");
            assertThat(back(scene).verdict()).isEqualTo(BackMove.Verdict.LOSSY);
            assertThat(back(scene).keys()).isEqualTo(List.of("1"));
            assertThat(back(scene).to()).isEqualTo(Stage.RAMP);
        }
    }

    private static BackMove back(Scene scene) {
        return scene.bank().changeover.gates().back(Bank.NAME);
    }

    @Test
    void theStandardPlanHoldsARepositoryBackUntilEverythingIsThere() {
        try (Scene scene = scene(GatePlan.standard())) {
            assertThatThrownBy(() -> move(scene, Stage.SHADOW)).isInstanceOf(GateNotMetException.class);
            backfill(scene);
            scene.awaitTrue(
                    "every instance has seen it",
                    () -> scene.bank()
                            .changeover
                            .gates()
                            .before(Bank.NAME, Stage.SHADOW)
                            .passed());
            move(scene, Stage.SHADOW);
            assertThatThrownBy(() -> move(scene, Stage.RAMP)).hasMessageContaining("soak time");
        }
    }

    @Test
    void anUnknownRepositoryIsRefused() {
        try (Scene scene = scene()) {
            assertThatThrownBy(() -> scene.bank().changeover.gates().back("nobody"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("nobody");
        }
    }
}
