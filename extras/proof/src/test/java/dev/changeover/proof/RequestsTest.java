package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.gate.Gate;
import dev.changeover.core.gate.GateFacts;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.core.gate.GateResult;
import dev.changeover.core.gate.StandardGates;
import dev.changeover.testkit.ExpectsLog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people can ask of a running application, and that asking what would happen changes nothing. */
class RequestsTest {

    private static final String SHADOW = "{\"stage\":\"SHADOW\"}";

    private static Desk desk() {
        return Desk.open(Bank.Parts.DEFAULTS);
    }

    private static Desk desk(GatePlan plan) {
        return Desk.open(Bank.Parts.DEFAULTS.withGates(plan));
    }

    private static GatePlan backfilled() {
        return GatePlan.builder()
                .before(Stage.SHADOW, StandardGates.backfillComplete())
                .build();
    }

    private static Stage stage(Desk desk) {
        return desk.scene.bank().changeover.stages().of(Bank.NAME).stage();
    }

    private static Desk rows(Desk desk, int rows) {
        desk.scene.sql("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, " + rows + ") i");
        return desk;
    }

    /** Asks for a dry run, which must leave everything as it is. */
    private static String tried(Desk desk, String verb, String arguments) {
        String before = desk.everything();
        String state = desk.did(verb, arguments);
        assertThat(desk.everything()).isEqualTo(before);
        return state;
    }

    @Test
    void gatesSayWhatIsMissingAndWhatAStepBackCosts() {
        try (Desk desk = desk(backfilled())) {
            desk.scene.to(Stage.DUAL_WRITE);
            assertThat(desk.did("gates", "{}")).isEqualTo("NOT_MET");
            assertThat(desk.result("{reports,0,move}")).isEqualTo("DUAL_WRITE -> SHADOW");
            assertThat(desk.result("{reports,0,results,0,verdict}")).isEqualTo("FAIL");
            assertThat(desk.result("{back,to}")).isEqualTo("LEGACY_ONLY");
            assertThat(desk.result("{back,verdict}")).isEqualTo("SAFE");

            assertThat(desk.did("gates", "{\"stage\":\"LEGACY_ONLY\"}")).isEqualTo("DONE");
            assertThat(desk.result("{reports,0,passed}")).isEqualTo("true");
            assertThat(desk.did("gates", "{\"percent\":50}")).isEqualTo("DONE");
        }
    }

    @Test
    void aMoveIsMadeUnderTheNameOfWhoAsked() {
        try (Desk desk = desk()) {
            assertThat(desk.did("move", "{\"stage\":\"DUAL_WRITE\",\"with\":[],\"expectedEpoch\":1}"))
                    .isEqualTo("DONE");
            assertThat(desk.result("{moved,0,stage}")).isEqualTo("DUAL_WRITE");
            assertThat(desk.result("{moved,0,epoch}")).isEqualTo("2");
            assertThat(desk.scene.database.queryStrings(
                            "SELECT actor || ': ' || reason FROM changeover.history WHERE action = 'MOVE'"))
                    .containsExactly("alice: on we go (request 1)");

            assertThat(desk.did("move", "{\"stage\":\"SHADOW\",\"expectedEpoch\":1}"))
                    .isEqualTo("FAILED");
            assertThat(desk.error()).contains("expected epoch 1, found 2");
            assertThat(desk.did("move", "{\"stage\":\"NEW_ONLY\"}")).isEqualTo("FAILED");
            assertThat(stage(desk)).isEqualTo(Stage.DUAL_WRITE);
        }
    }

    @Test
    void aPercentageAndARampGoFromTheEpochThatWasSeenOnly() {
        try (Desk desk = desk()) {
            desk.scene.to(Stage.RAMP);
            long epoch = desk.scene.bank().changeover.stages().of(Bank.NAME).epoch();
            String percent = "{\"percent\":25,\"expectedEpoch\":%d}";
            String ramp = "{\"steps\":[30],\"holdSeconds\":0,\"expectedEpoch\":%d}";
            assertThat(desk.did("percent", percent.formatted(epoch - 1))).isEqualTo("FAILED");
            assertThat(desk.error()).contains("expected epoch " + (epoch - 1) + ", found " + epoch);
            assertThat(desk.did("ramp", ramp.formatted(epoch - 1))).isEqualTo("FAILED");
            assertThat(desk.error()).contains("expected epoch");
            assertThat(desk.scene.bank().changeover.stages().of(Bank.NAME).percent())
                    .isZero();
            assertThat(desk.did("percent", percent.formatted(epoch))).isEqualTo("DONE");
            assertThat(desk.did("ramp", ramp.formatted(epoch))).isEqualTo("DONE");
            assertThat(desk.scene.bank().changeover.stages().of(Bank.NAME).percent())
                    .isEqualTo(30);
        }
    }

    @Test
    void aReseededSideIsAcceptedOnceItWasVerified() {
        try (Desk desk = rows(desk(), 5)) {
            desk.scene.to(Stage.NEW_ONLY).bank().accounts.add(3, 100);
            desk.scene.to(Stage.NEW_PRIMARY);
            assertThat(desk.did("accept", "{}")).isEqualTo("REFUSED");
            assertThat(desk.error()).contains("no finished job says RESEEDED", "reseed to its end");
            assertThat(desk.did("verify", "{}")).isEqualTo("NOT_MET");
            assertThat(desk.did("reseed", "{}")).isEqualTo("DONE");

            assertThat(desk.did("accept", "{}")).isEqualTo("REFUSED");
            assertThat(desk.error()).contains("nobody has verified it since it was reseeded", "Verify both sides");
            desk.scene.sql("UPDATE old.account SET balance = balance + 1 WHERE id = 3");
            assertThat(desk.did("verify", "{}")).isEqualTo("NOT_MET");
            assertThat(desk.did("accept", "{}")).isEqualTo("REFUSED");
            assertThat(desk.error()).contains("says DIVERGED");
            assertThat(tried(desk, "accept", "{\"unverified\":true,\"dryRun\":true}"))
                    .isEqualTo("DONE");

            desk.scene.sql("UPDATE old.account SET balance = balance - 1 WHERE id = 3");
            assertThat(desk.did("verify", "{}")).isEqualTo("DONE");
            assertThat(tried(desk, "accept", "{\"dryRun\":true}")).isEqualTo("DONE");
            assertThat(desk.did("accept", "{}")).isEqualTo("DONE");
            assertThat(desk.result("{accepted}")).isEqualTo("LEGACY");
            assertThat(desk.scene.bank().changeover.stages().of(Bank.NAME).stale())
                    .isNull();
        }
    }

    @Test
    void aVerificationOfSomeKeysIsNoReasonToAcceptASideButOneThatDivergesIsOneNotTo() {
        try (Desk desk = rows(desk(), 5)) {
            desk.scene.to(Stage.NEW_ONLY).to(Stage.NEW_PRIMARY);
            assertThat(desk.did("reseed", "{}")).isEqualTo("DONE");
            desk.scene.sql("UPDATE old.account SET balance = balance + 1 WHERE id = 3");
            for (String few : List.of("{\"to\":\"2\"}", "{\"keys\":[\"1\"]}", "{\"from\":\"4\"}")) {
                assertThat(desk.did("verify", few)).isEqualTo("DONE");
                assertThat(desk.result("{verdict}")).isEqualTo("MATCH");
                assertThat(desk.did("accept", "{}")).isEqualTo("REFUSED");
                assertThat(desk.error()).contains("nobody has verified it since it was reseeded", "every key");
            }
            desk.scene.sql("UPDATE old.account SET balance = balance - 1 WHERE id = 3");
            assertThat(desk.did("verify", "{}")).isEqualTo("DONE");
            desk.scene.sql("UPDATE old.account SET balance = balance + 1 WHERE id = 4");
            assertThat(desk.did("verify", "{\"keys\":[\"4\"]}")).isEqualTo("NOT_MET");
            assertThat(desk.did("accept", "{}")).isEqualTo("REFUSED");
            assertThat(desk.error()).contains("says DIVERGED");
        }
    }

    @Test
    void aReseededSideIsAcceptedUnverifiedByWhoAnswersForIt() {
        try (Desk desk = rows(desk(), 5)) {
            desk.scene.to(Stage.NEW_ONLY).to(Stage.NEW_PRIMARY);
            assertThat(desk.did("reseed", "{}")).isEqualTo("DONE");
            assertThat(desk.did("accept", "{\"unverified\":true}")).isEqualTo("DONE");
            assertThat(desk.scene.database.queryString(
                            "SELECT actor || ': ' || reason FROM changeover.history ORDER BY id DESC LIMIT 1"))
                    .startsWith("alice: unverified: on we go");
        }
    }

    @Test
    void aMoveWhoseGateIsClosedIsNotMadeUnlessItIsOverridden() {
        try (Desk desk = desk(backfilled())) {
            desk.scene.to(Stage.DUAL_WRITE);
            assertThat(desk.did("move", SHADOW)).isEqualTo("NOT_MET");
            assertThat(desk.result("{gates,0,results,0,verdict}")).isEqualTo("FAIL");
            assertThat(desk.error()).contains("Run the backfill to its end");
            assertThat(tried(desk, "move", "{\"stage\":\"SHADOW\",\"dryRun\":true}"))
                    .isEqualTo("NOT_MET");

            String overriding = "{\"stage\":\"SHADOW\",\"overrideGates\":true,\"dryRun\":%s}";
            assertThat(tried(desk, "move", overriding.formatted(true))).isEqualTo("DONE");
            assertThat(desk.result("{moved,0,stage}")).isEqualTo("SHADOW");
            assertThat(stage(desk)).isEqualTo(Stage.DUAL_WRITE);
            assertThat(desk.did("move", overriding.formatted(false))).isEqualTo("DONE");
            assertThat(stage(desk)).isEqualTo(Stage.SHADOW);
        }
    }

    /** The command line ends with 4 for REFUSED and with 1 for FAILED, as it does where it asks no instance. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CO001", "CO010", "CO011", "CO012", "CO013", "CO014", "CO015", "CO016", "CO017", "CO018", "CO019",
                "CO020", "CO022", "CO023"
            })
    void aRefusalIsOneOnlyWhereDataWouldBeLost(String code) {
        try (Desk desk = desk()) {
            desk.scene.to(Stage.RAMP);
            desk.scene.sql("CREATE OR REPLACE FUNCTION changeover.check_dependencies(p_moved text[]) RETURNS void"
                    + " LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '" + code + "'; END $$");
            assertThat(desk.did("percent", "{\"percent\":10}"))
                    .isEqualTo(MoveRefusedException.wouldLoseData(code) ? "REFUSED" : "FAILED");
        }
    }

    @Test
    void aMoveThatWouldLoseDataIsRefusedDryOrNot() {
        try (Desk desk = desk()) {
            desk.scene.to(Stage.SHADOW);
            assertThat(tried(desk, "move", "{\"stage\":\"RAMP\",\"dryRun\":true}"))
                    .isEqualTo("REFUSED");
            assertThat(desk.error()).contains("new does not hold every key yet", "Finish the backfill");
        }
    }

    /** The last keys are copied inside the transaction of the move, and taken back with it. */
    @Test
    void aDryMoveOfTheAuthorityTakesItsLastCopiesBack() {
        try (Desk desk = rows(desk(), 5)) {
            desk.scene.to(Stage.RAMP).bank().percent(100);
            desk.scene.marked(() -> desk.scene.bank().accounts.add(3, 100));
            assertThat(desk.scene.marks()).isEqualTo(1);
            assertThat(tried(desk, "move", "{\"stage\":\"NEW_PRIMARY\",\"dryRun\":true}"))
                    .isEqualTo("DONE");
            assertThat(desk.scene.balances(3)).isEqualTo("103 3");
            assertThat(desk.did("move", "{\"stage\":\"NEW_PRIMARY\"}")).isEqualTo("DONE");
            assertThat(desk.scene.balances(3)).isEqualTo("103 103");
        }
    }

    @Test
    void aSmallSystemIsMovedInOneWindow() {
        try (Desk desk = desk()) {
            desk.scene.sql("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 50) i");
            assertThat(desk.did("maintain", "{\"to\":\"NEW_PRIMARY\",\"with\":[],\"atMostSeconds\":60}"))
                    .isEqualTo("DONE");
            assertThat(desk.result("{stage}")).isEqualTo("NEW_PRIMARY");
            assertThat(desk.result("{steps}")).contains("writers wait", "copied", "verified", "writers go on");
            assertThat(stage(desk)).isEqualTo(Stage.NEW_PRIMARY);
            assertThat(desk.scene.differences()).isZero();
        }
    }

    @Test
    void aPercentageIsChanged() {
        try (Desk desk = desk()) {
            desk.scene.to(Stage.RAMP);
            assertThat(tried(desk, "percent", "{\"percent\":30,\"dryRun\":true}"))
                    .isEqualTo("DONE");
            assertThat(desk.did("percent", "{\"percent\":30}")).isEqualTo("DONE");
            assertThat(desk.result("{moved,0,percent}")).isEqualTo("30");
            assertThat(desk.scene.bank().changeover.stages().of(Bank.NAME).percent())
                    .isEqualTo(30);
            assertThat(desk.did("percent", "{\"percent\":101}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("percent.percent", "Give 0 to 100");
        }
    }

    private static Gate atMost(int percent) {
        return new Gate() {
            @Override
            public String name() {
                return "at most";
            }

            @Override
            public GateResult check(GateFacts facts) {
                return facts.status().state().percent() < percent
                        ? GateResult.pass(this, "low", "low")
                        : GateResult.fail(this, "high", "low", "Go no further");
            }
        };
    }

    @Test
    void aRampClimbsUntilAGateIsClosed() {
        GatePlan plan = GatePlan.builder().beforePercent(atMost(20)).build();
        try (Desk desk = desk(plan)) {
            desk.scene.to(Stage.RAMP);
            assertThat(tried(desk, "ramp", "{\"steps\":[10,20,30],\"holdSeconds\":0,\"dryRun\":true}"))
                    .isEqualTo("DONE");
            assertThat(desk.did("ramp", "{\"steps\":[10,20,30],\"holdSeconds\":0}"))
                    .isEqualTo("NOT_MET");
            assertThat(desk.result("{reached}")).isEqualTo("20");
            assertThat(desk.result("{stopped}")).contains("Go no further");
            assertThat(desk.result("{gates,0,passed}")).isEqualTo("false");
        }
        try (Desk desk = desk()) {
            desk.scene.to(Stage.RAMP);
            assertThat(desk.did("ramp", "{\"holdSeconds\":0}")).isEqualTo("DONE");
            assertThat(desk.result("{reached}")).isEqualTo("100");
            assertThat(desk.result("{stopped}")).isNull();
        }
    }

    @Test
    void aBackfillIsRunAndADryOneSaysWhatItWouldCopy() {
        Bank.Parts parts = Bank.Parts.DEFAULTS.withSettings(
                Settings.DEFAULTS.withChunk(100).withParkAfter(1));
        try (Desk desk = rows(Desk.open(parts), 450)) {
            desk.scene.sql("ALTER TABLE fresh.account ADD CONSTRAINT sane CHECK (balance <> 77)");
            assertThat(desk.did("backfill", "{}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("Move to DUAL_WRITE first");
            desk.scene.to(Stage.DUAL_WRITE);
            assertThat(tried(desk, "backfill", "{\"dryRun\":true}")).isEqualTo("DONE");
            assertThat(desk.result("{rows}") + " " + desk.result("{parked}")).isEqualTo("450 1");

            assertThat(desk.did("backfill", "{}")).isEqualTo("DONE");
            assertThat(desk.result("{rows}") + " " + desk.result("{finished}")).isEqualTo("450 true");
            assertThat(desk.last("progress::text")).contains("\"done\": 450", "\"what\": \"rows\"");

            desk.scene.sql("ALTER TABLE fresh.account DROP CONSTRAINT sane");
            assertThat(desk.did("retry_parked", "{\"keys\":[76]}")).isEqualTo("DONE");
            assertThat(desk.result("{retried}")).isEqualTo("0");
            assertThat(desk.did("retry_parked", "{\"keys\":[77]}")).isEqualTo("DONE");
            assertThat(desk.result("{retried}")).isEqualTo("1");
            assertThat(desk.did("drain", "{}")).isEqualTo("DONE");
            assertThat(desk.result("{left}")).isEqualTo("0");
            assertThat(desk.did("retry_parked", "{}")).isEqualTo("DONE");
            assertThat(desk.scene.differences()).isZero();
        }
    }

    @Test
    void aBackfillThatRunsIsPausedLimitedAndGoesOn() {
        Bank.Parts parts = Bank.Parts.DEFAULTS.withSettings(Settings.DEFAULTS.withChunk(50));
        try (Desk desk = rows(Desk.open(parts), 1_000)) {
            desk.scene.to(Stage.DUAL_WRITE);
            assertThat(desk.did("pause", "{}")).isEqualTo("DONE");
            long id = desk.ask("backfill", "{}");
            desk.scene.awaitTrue(
                    "it says why it waits",
                    () -> String.valueOf(desk.column(id, "progress ->> 'held'")).startsWith("paused by"));
            assertThat(desk.column(id, "progress ->> 'done'")).isEqualTo("0");
            assertThat(desk.did("limit", "{\"rowsPerSecond\":-1}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("limit.rowsPerSecond", "0 for no limit");
            assertThat(desk.did("limit", "{\"rowsPerSecond\":5000}")).isEqualTo("DONE");
            assertThat(desk.did("resume", "{}")).isEqualTo("DONE");
            assertThat(desk.ended(id)).isEqualTo("DONE");
            assertThat(desk.column(id, "result ->> 'rows'")).isEqualTo("1000");
            assertThat(desk.did("limit", "{\"rowsPerSecond\":0}")).isEqualTo("DONE");
            assertThat(desk.scene.database.queryString(
                            "SELECT paused || ' ' || (rows_per_second IS NULL)::text" + " FROM changeover.copy_pace"))
                    .isEqualTo("false true");
        }
    }

    @Test
    void aStaleSideIsReseeded() {
        try (Desk desk = rows(Desk.open(Bank.Parts.DEFAULTS.withSettings(Settings.DEFAULTS.withChunk(20))), 50)) {
            desk.scene.to(Stage.RAMP).to(Stage.LEGACY_ONLY);
            desk.scene.bank().accounts.add(7, 1);
            desk.scene.to(Stage.DUAL_WRITE);
            for (String attempt : new String[] {"first", "again"}) {
                assertThat(tried(desk, "reseed", "{\"dryRun\":true}"))
                        .as(attempt)
                        .isEqualTo("DONE");
                assertThat(desk.result("{rows}")).isEqualTo("50");
                assertThat(desk.did("reseed", "{}")).as(attempt).isEqualTo("DONE");
                assertThat(desk.result("{rows}")).isEqualTo("50");
            }
            assertThat(desk.scene.differences()).isZero();
        }
    }

    @Test
    void aVerificationSaysWhatDiffersAndARepairMendsIt() {
        try (Desk desk = rows(desk(), 5)) {
            desk.scene.to(Stage.RAMP);
            assertThat(desk.did("verify", "{}")).isEqualTo("DONE");
            assertThat(desk.result("{verdict}") + " " + desk.result("{counts,equal}"))
                    .isEqualTo("MATCH 5");

            desk.scene.sql("UPDATE fresh.account SET label = 'Bob', balance = -1 WHERE id = 3");
            assertThat(desk.did("verify", "{}")).isEqualTo("NOT_MET");
            assertThat(desk.result("{fields}")).contains("\"name\": 1", "\"balance\": 1");
            assertThat(desk.result("{first,0,key}")).isEqualTo("3");
            assertThat(desk.result("{first}"))
                    .contains("\"follower\": \"-1\"", "<String>")
                    .doesNotContain("Bob");
            assertThat(desk.scene.database.queryStrings("SELECT concat_ws(' ', verdict, keys, counts ->> 'different',"
                            + " fields ->> 'name', epoch) FROM changeover.verification ORDER BY id"))
                    .containsExactly("MATCH 5 0 4", "DIVERGED 5 1 1 4");

            assertThat(tried(desk, "repair", "{\"keys\":[2,3]}")).isEqualTo("DONE");
            assertThat(desk.result("{planned}") + desk.result("{equal}") + desk.result("{keys}"))
                    .isEqualTo("11[\"3\"]");
            desk.scene.bank().changeover.drain().resume();
            assertThat(desk.did("repair", "{\"dryRun\":false}")).isEqualTo("DONE");
            assertThat(desk.result("{planned}") + desk.result("{left}")).isEqualTo("10");
            assertThat(desk.scene.differences()).isZero();
            assertThat(desk.did("repair", "{\"keys\":[\"x\"]}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("repair.keys", "bigint");
        }
    }

    @Test
    @ExpectsLog("the verification of accounts met")
    void aVerificationThatCannotReadASideFailsAndLeavesItsVerdict() {
        try (Desk desk = rows(desk(), 5)) {
            desk.scene.to(Stage.RAMP).sql("ALTER TABLE fresh.account RENAME label TO secret");
            assertThat(desk.did("verify", "{}")).isEqualTo("FAILED");
            assertThat(desk.result("{verdict}")).isEqualTo("ERROR");
            assertThat(desk.result("{errors}")).contains("PSQLException").doesNotContain("label");
            assertThat(desk.error()).contains("not everything could be read", "log of the instance");
            assertThat(desk.scene.database.queryString("SELECT verdict FROM changeover.verification"))
                    .isEqualTo("ERROR");
        }
    }

    @Test
    void aKeyIsExplained() {
        try (Desk desk = rows(desk(), 5)) {
            desk.scene.to(Stage.RAMP).bank().percent(100);
            desk.scene.marked(() -> desk.scene.bank().accounts.add(3, 100));
            assertThat(desk.did("explain", "{\"key\":\"3\"}")).isEqualTo("DONE");
            assertThat(desk.result("{readFrom}")).isEqualTo("LEGACY");
            assertThat(desk.result("{why}")).contains("inside 100 %", "a mark says");
            assertThat(desk.result("{marks,0,side}")).isEqualTo("LEGACY");
            assertThat(desk.result("{parked}")).isNull();
            assertThat(desk.result("{legacy,fields}")).contains("\"balance\": \"103\"", "\"name\": \"<String>\"");
            assertThat(desk.result("{new,fields,balance}")).isEqualTo("3");
            assertThat(desk.result("{differences,0,path}")).isEqualTo("balance");

            desk.scene.drain();
            assertThat(desk.did("explain", "{\"key\":3}")).isEqualTo("DONE");
            assertThat(desk.result("{readFrom}")).isEqualTo("NEW");
            assertThat(desk.did("explain", "{\"key\":\"9\"}")).isEqualTo("DONE");
            assertThat(desk.result("{new,found}")).isEqualTo("false");
        }
    }

    @Test
    void whatCannotBeUnderstoodFailsWithTheRemedy() {
        try (Desk desk = desk()) {
            assertThat(desk.did("move", "{\"stage\":\"SIDEWAYS\"}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("move.stage", "SIDEWAYS", "Give one of", "NEW_PRIMARY");
            assertThat(desk.did("move", "{\"stage\":\"DUAL_WRITE\",\"dry\":true}"))
                    .isEqualTo("FAILED");
            assertThat(desk.error()).contains("move.dry", "there is no such argument", "dryRun");
            assertThat(desk.did("move", "{}")).isEqualTo("FAILED");
            assertThat(desk.did("move", "{\"stage\":[\"RAMP\"]}")).isEqualTo("FAILED");
            assertThat(desk.did("percent", "{\"percent\":\"half\"}")).isEqualTo("FAILED");
            assertThat(desk.did("retry_parked", "{\"keys\":{\"a\":1}}")).isEqualTo("FAILED");
            assertThat(desk.did("ramp", "{\"holdSeconds\":0}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("Move it to RAMP first");

            desk.ended(desk.ask("acounts", "gates", "{}", "1 minute"));
            assertThat(desk.last("state")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("there is no acounts", "accounts");
            long dance = desk.ask("dance", "{}");
            desk.scene.sql("UPDATE changeover.request SET requested_at = requested_at - interval '6 seconds'");
            assertThat(desk.ended(dance)).isEqualTo("FAILED");
            assertThat(desk.error()).contains("dance is unknown", "backfill, cancel");
            assertThat(stage(desk)).isEqualTo(Stage.LEGACY_ONLY);
        }
    }
}
