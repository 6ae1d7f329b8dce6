package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Stage;
import dev.changeover.core.request.Requests;
import dev.changeover.shadowcompare.ComparisonRequests;
import org.junit.jupiter.api.Test;

/** A verification that is asked for by request looks at recently changed keys, outlives its instance, and may be sped up. */
class VerifyRequestsTest {

    private static final int ROWS = 200;

    private static Desk desk() {
        Desk desk = new Desk(Scene.open(Bank.Parts.DEFAULTS));
        desk.scene.sql("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, " + ROWS + ") i");
        desk.scene.to(Stage.RAMP);
        return desk;
    }

    private static Requests takes(Desk desk) {
        Bank bank = desk.scene.bank();
        return desk.takes(
                bank,
                more -> more.handlers(ComparisonRequests.on(bank.pool)
                        .of(CheckedAccounts.repository(), verification -> verification.rangeSize(10))
                        .handlers(bank.changeover)));
    }

    private static String verified(Desk desk) {
        assertThat(desk.did("verify", "{}")).isEqualTo("DONE");
        return desk.result("{verification}");
    }

    private static String counts(Desk desk) {
        return desk.result("{counts,equal}") + " equal, " + desk.result("{counts,different}") + " different";
    }

    @Test
    void itLooksAtTheKeysThatWereWrittenSinceAnEarlierOneBegan() {
        try (Desk desk = desk()) {
            takes(desk);
            String earlier = verified(desk);
            assertThat(desk.did("verify", "{\"changedSince\":" + earlier + "}")).isEqualTo("DONE");
            assertThat(counts(desk)).isEqualTo("0 equal, 0 different");

            desk.scene.sql("UPDATE old.account SET state = state WHERE id = 7");
            desk.scene.sql("UPDATE fresh.account SET balance = -1 WHERE id = 9");

            assertThat(desk.did("verify", "{\"changedSince\":" + earlier + "}")).isEqualTo("NOT_MET");
            assertThat(counts(desk)).isEqualTo("1 equal, 1 different");
            assertThat(desk.result("{first,0,key}")).isEqualTo("9");
            assertThat(desk.result("{verdict}")).isEqualTo("DIVERGED");
        }
    }

    @Test
    void aRunThatItCannotBeginAtFailsWithTheRemedyAndLeavesNoRecord() {
        try (Desk desk = desk()) {
            takes(desk);
            assertThat(desk.did("verify", "{\"changedSince\":4711}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("there is no verification 4711", "Give the number");
            assertThat(desk.did("verify", "{\"changedSince\":\"yesterday\"}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("verify.changedSince", "whole number");
            assertThat(desk.scene.database.queryLong("SELECT count(*) FROM changeover.verification"))
                    .isZero();
        }
    }

    @Test
    void anotherInstanceGoesOnWithItAndWhoeverWaitsMayLiftItsRate() {
        try (Desk desk = desk()) {
            Requests first = takes(desk);
            String earlier = verified(desk);
            desk.scene.sql("UPDATE old.account SET state = state; UPDATE fresh.account SET state = state;"
                    + " UPDATE fresh.account SET balance = -1 WHERE id = " + ROWS);
            long id = desk.ask("verify", "{\"changedSince\":" + earlier + ",\"rate\":20}");
            desk.scene.awaitTrue("it has come to some keys", () -> looked(desk, id) > 0);
            first.close();
            long looked = looked(desk, id);
            assertThat(desk.state(id)).isEqualTo("RUNNING");
            assertThat(looked).isLessThan(ROWS);

            desk.age(id, "16 seconds");
            takes(desk);
            desk.scene.awaitTrue("it goes on", () -> looked(desk, id) > looked);
            assertThat(desk.did("verify_rate", "{\"rate\":0}")).isEqualTo("DONE");

            assertThat(desk.ended(id)).isEqualTo("NOT_MET");
            assertThat(desk.column(
                            id, "concat_ws(' ', attempts, result #>> '{counts,equal}', result #>> '{first,0,key}')"))
                    .isEqualTo("2 " + (ROWS - 1) + " " + ROWS);
            assertThat(record(desk, id, "concat_ws(' ', attempt, walked, verdict, keys, changed_since, rate)"))
                    .isEqualTo("2 t DIVERGED " + ROWS + " " + earlier + " 0");
        }
    }

    private static long looked(Desk desk, long request) {
        return Long.parseLong(record(desk, request, "coalesce(max(keys), 0)"));
    }

    private static String record(Desk desk, long request, String what) {
        return desk.scene.database.queryString(
                "SELECT " + what + " FROM changeover.verification WHERE request = " + request);
    }
}
