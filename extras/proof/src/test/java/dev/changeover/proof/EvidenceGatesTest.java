package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.gate.EvidenceGates;
import dev.changeover.core.gate.Gate;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.GateResult.Verdict;
import dev.changeover.core.measure.Judgement;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.measure.Source;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates that look at what all instances have compared, verified and served. */
class EvidenceGatesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Measurements measurements = Measurements.every(Duration.ofMillis(20));

    private Scene scene(Gate gate) {
        GatePlan plan = GatePlan.builder().before(Stage.SHADOW, gate).build();
        Bank.Parts parts = Bank.Parts.DEFAULTS
                .withGates(plan)
                .withMeasurements(measurements)
                .withBuilder(builder -> builder.route(m -> m.rehearses("save")));
        return Scene.open(parts).to(Stage.DUAL_WRITE);
    }

    private static GateResult ask(Scene scene) {
        return scene.bank()
                .changeover
                .gates()
                .before(Bank.NAME, Stage.SHADOW)
                .results()
                .get(0);
    }

    private static void await(Scene scene, Verdict verdict) {
        scene.awaitTrue("the gate says " + verdict, () -> ask(scene).verdict() == verdict);
    }

    private void matches(int times) {
        for (int i = 0; i < times; i++) {
            measurements.compared(Bank.NAME, "find", Source.READ, Judgement.MATCHED);
        }
    }

    private static void aDivergence(Scene scene, String path) {
        scene.sql("SELECT changeover.record_divergences(jsonb_build_array(jsonb_build_object('repository', 'accounts',"
                + " 'operation', 'find', 'path', '" + path + "', 'kind', 'VALUE', 'count', 1, 'epoch', 2, 'first_seen',"
                + " now(), 'last_seen', now(), 'samples', '[]'::jsonb)), '[]')");
    }

    private static void anHourPasses(Scene scene) {
        scene.sql("UPDATE changeover.comparison SET at = at - interval '1 hour';"
                + " UPDATE changeover.divergence SET last_seen = last_seen - interval '1 hour',"
                + " first_seen = first_seen - interval '1 hour'");
    }

    private static void verification(Scene scene, String verdict, int different) {
        verification(scene, "", verdict, different);
    }

    private static void verification(Scene scene, String scope, String verdict, int different) {
        scene.sql("SELECT changeover.verification_goes_on(changeover.verification_begins('accounts', 10, 'JAVA'" + scope
                + "), 1, 10, NULL, true, '" + verdict + "', jsonb_build_object('equal', 10, 'different', " + different
                + "), '{}', '{}', 0, '{}', '{}', '{}', '{}')");
    }

    @Test
    void comparisonsCountTowardsTheirNumberAndTheGateForetellsWhen() {
        try (Scene scene = scene(EvidenceGates.compared(10, MINUTE))) {
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(ask(scene).value()).isEqualTo("none");
            matches(6);
            await(scene, Verdict.FAIL);
            scene.awaitTrue("all six are told", () -> ask(scene).value().startsWith("6 clean"));
            assertThat(ask(scene).value()).endsWith("at most 50.000 % differ");
            assertThat(ask(scene).missing()).isEqualTo("4 more comparisons, about 40 min 0 s at this rate");
            assertThat(Duration.between(Instant.now(), ask(scene).until())).isBetween(Duration.ofMinutes(38), HOUR);

            matches(4);
            scene.awaitTrue("ten are told", () -> ask(scene).value().startsWith("10 clean"));
            anHourPasses(scene);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.PASS);
        }
    }

    @Test
    void aDivergenceBeginsTheCountAnewUntilSomebodyHasExplainedIt() {
        try (Scene scene = scene(EvidenceGates.compared(3, MINUTE))) {
            matches(3);
            scene.awaitTrue("they are told", () -> ask(scene).value().startsWith("3 clean"));
            aDivergence(scene, "name");
            assertThat(ask(scene).value())
                    .startsWith("none since the divergence of 2")
                    .endsWith("Z");
            anHourPasses(scene);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
            scene.sql("SELECT changeover.review(id, 'EXPLAINED', 'a known bug of legacy', 'ann', 'T-1',"
                    + " now() + interval '1 day') FROM changeover.divergences");
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.PASS);
            scene.sql("UPDATE changeover.divergence SET expires = now() - interval '1 second'");
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    private void diverged(Scene scene, int times) {
        for (int i = 0; i < times; i++) {
            measurements.compared(Bank.NAME, "find", Source.READ, Judgement.DIVERGED);
        }
        scene.await(
                "they are told",
                "SELECT (coalesce(sum(diverged), 0) >= " + times + ")::integer FROM changeover.comparison");
    }

    private static void explain(Scene scene) {
        scene.sql("SELECT changeover.review(id, 'EXPLAINED', 'a known bug of legacy', 'ann', 'T-1',"
                + " now() + interval '1 day') FROM changeover.divergences WHERE id IS NOT NULL");
    }

    /** They may be kept in a log elsewhere, or nowhere. */
    @Test
    void divergencesThatAreCountedAndOfWhichNothingElseIsKnownAreNotClean() {
        try (Scene scene = scene(EvidenceGates.compared(3, MINUTE))) {
            matches(3);
            diverged(scene, 5);
            anHourPasses(scene);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
            aDivergence(scene, "name");
            anHourPasses(scene);
            explain(scene);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.PASS);
        }
    }

    /** Minutes are the server's, but when a divergence was seen an instance says. */
    @Test
    void aDivergenceThatAnInstanceWhoseClockIsSlowHasSeenIsNotClean() {
        try (Scene scene = scene(EvidenceGates.compared(3, MINUTE))) {
            matches(3);
            diverged(scene, 1);
            aDivergence(scene, "name");
            scene.sql("UPDATE changeover.divergence SET last_seen = last_seen - interval '10 minutes'");
            anHourPasses(scene);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void whatWasShedIsNotExplainedByWhatWasNot() {
        try (Scene scene = scene(EvidenceGates.compared(3, MINUTE))) {
            matches(3);
            diverged(scene, 2);
            aDivergence(scene, "name");
            explain(scene);
            scene.sql("SELECT changeover.record_divergences('[]', jsonb_build_array(jsonb_build_object('repository',"
                    + " 'accounts', 'count', 1, 'first_seen', now(), 'last_seen', now())))");
            anHourPasses(scene);
            scene.sql("UPDATE changeover.divergence_shed SET last_seen = last_seen - interval '1 hour'");
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    /** The verdict after a divergence that nobody has explained, where statements are rewritten. */
    private Verdict afterAnUnexplainedDivergence(Messages.Hook rule) {
        Bank.Parts parts = Bank.Parts.DEFAULTS
                .withGates(GatePlan.builder()
                        .before(Stage.SHADOW, EvidenceGates.compared(3, MINUTE))
                        .build())
                .withMeasurements(measurements);
        try (Scene scene = Scene.bare("")) {
            scene.bank(Messages.of(scene.database.pool(16), rule), parts);
            scene.to(Stage.DUAL_WRITE);
            matches(3);
            diverged(scene, 1);
            aDivergence(scene, "name");
            anHourPasses(scene);
            return ask(scene).verdict();
        }
    }

    @Test
    void aGateThatIgnoredAnUnexplainedDivergenceWouldPass() {
        assertThat(afterAnUnexplainedDivergence(sql -> {})).isEqualTo(Verdict.UNKNOWN);
        Messages.Hook mutant = new Messages.Hook() {
            @Override
            public String rewritten(String sql) {
                return sql.replace("AND NOT (d.state = 'EXPLAINED'", "AND false AND NOT (d.state = 'EXPLAINED'")
                        .replace("AND x.diverged > 0", "AND false");
            }

            @Override
            public void before(String sql) {}
        };
        assertThat(afterAnUnexplainedDivergence(mutant)).as("the mutant").isEqualTo(Verdict.PASS);
    }

    @Test
    void whatWasNeverComparedIsNoEvidence() {
        try (Scene scene = scene(EvidenceGates.compared(1, Duration.ofNanos(1)))) {
            for (Judgement judgement : new Judgement[] {Judgement.MARKED, Judgement.FAILED, Judgement.UNCONFIRMED}) {
                measurements.compared(Bank.NAME, "find", Source.READ, judgement);
            }
            scene.awaitTrue(
                    "they are told",
                    () -> scene.database.queryLong("SELECT coalesce(sum(marked + failed + unconfirmed), 0)::bigint"
                                    + " FROM changeover.comparison")
                            == 3);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void aVerificationMustBeCleanAndYoungAndOfTheTimeInWhichBothSidesAreWritten() {
        try (Scene scene = scene(EvidenceGates.verified(HOUR))) {
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
            verification(scene, "DIVERGED", 3);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(ask(scene).value()).startsWith("DIVERGED").endsWith("3 of 13 keys differ");
            assertThat(ask(scene).missing()).isEqualTo("Repair, then verify again");
            verification(scene, "MATCH", 0);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.PASS);

            scene.to(Stage.LEGACY_ONLY).to(Stage.DUAL_WRITE);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
            verification(scene, "MATCH", 0);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.PASS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", p_from => '1'",
                ", p_to => '9'",
                ", p_percent => 5",
                ", p_named => '{1}'",
                ", p_of_run => 1",
                ", p_changed_since => 1"
            })
    void aVerificationOfSomeKeysPassesNoGateAndClosesItWhereTheyDiffer(String scope) {
        try (Scene scene = scene(EvidenceGates.verified(HOUR))) {
            verification(scene, scope, "MATCH", 0);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
            verification(scene, "MATCH", 0);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.PASS);
            verification(scene, scope, "DIVERGED", 1);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.FAIL);
            verification(scene, scope, "MATCH", 0);
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    void aCleanVerificationGrowsOld() {
        try (Scene scene = scene(EvidenceGates.verified(Duration.ofSeconds(1)))) {
            verification(scene, "MATCH", 0);
            await(scene, Verdict.FAIL);
            assertThat(ask(scene).missing()).isEqualTo("Verify again");
        }
    }

    @Test
    void everyDivergenceHasToBeReviewed() {
        try (Scene scene = scene(EvidenceGates.noUnreviewedDivergences())) {
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.PASS);
            aDivergence(scene, "name");
            aDivergence(scene, "balance");
            assertThat(ask(scene).value()).isEqualTo("2 left: balance, name");
            scene.sql("SELECT changeover.review(id, 'FIXED', 'mended in 1.2') FROM changeover.divergences");
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.PASS);
            aDivergence(scene, "name");
            assertThat(ask(scene).value()).isEqualTo("1 left: name");
        }
    }

    @Test
    void everyWriteHasToBeRehearsedButThoseThatAreExcepted() {
        try (Scene scene = scene(EvidenceGates.everyWriteRehearsed(2, "add", "delete"))) {
            assertThat(ask(scene).value()).isEqualTo("1 left: save (0)");
            for (int balance = 1; balance <= 3; balance++) { // at the first new has no such row yet
                scene.bank().accounts.save(new Account(1, "Ann", balance));
            }
            await(scene, Verdict.PASS);
        }
        try (Scene scene = scene(EvidenceGates.everyWriteRehearsed(1, "save"))) {
            assertThat(ask(scene).value()).isEqualTo("2 left: add (0), delete (0)");
        }
    }

    private void serve(Side side, int calls, Duration each, int failures) {
        for (int i = 0; i < calls; i++) {
            measurements.readServed(Bank.NAME, "find", side, each.toNanos(), i < failures);
        }
    }

    @Test
    void newMayFailOnlySoMuchMoreThanLegacy() {
        try (Scene scene = scene(EvidenceGates.failsAtMost(0.02, 100))) {
            serve(Side.LEGACY, 100, MINUTE, 1);
            serve(Side.NEW, 99, MINUTE, 3);
            scene.awaitTrue("they are told", () -> ask(scene).value().startsWith("99 calls of new, 100 of legacy"));
            assertThat(ask(scene).verdict()).isEqualTo(Verdict.UNKNOWN);
            serve(Side.NEW, 1, MINUTE, 0);
            await(scene, Verdict.PASS);
            serve(Side.NEW, 100, MINUTE, 4);
            await(scene, Verdict.FAIL);
            assertThat(ask(scene).value()).isEqualTo("find: 3.50 %, legacy 1.00");
        }
    }

    @Test
    void newMayBeOnlySoManyTimesSlowerThanLegacy() {
        try (Scene scene = scene(EvidenceGates.slowerAtMost(2, 50))) {
            serve(Side.LEGACY, 50, Duration.ofMillis(4), 0);
            serve(Side.NEW, 50, Duration.ofMillis(7), 0);
            await(scene, Verdict.PASS);
            serve(Side.NEW, 50, Duration.ofMillis(90), 0);
            await(scene, Verdict.FAIL);
            assertThat(ask(scene).value()).startsWith("find: 8").endsWith("ms, legacy 3.67");
        }
    }
}
