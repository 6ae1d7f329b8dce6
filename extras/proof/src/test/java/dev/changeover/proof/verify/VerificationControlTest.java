package dev.changeover.proof.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Side;
import dev.changeover.shadowcompare.Invariant;
import dev.changeover.shadowcompare.InvariantResult;
import dev.changeover.shadowcompare.InvariantResult.State;
import dev.changeover.shadowcompare.KeyDivergence;
import dev.changeover.shadowcompare.RecordComparison;
import dev.changeover.shadowcompare.Repair;
import dev.changeover.shadowcompare.RepairPlan;
import dev.changeover.shadowcompare.RepairResult;
import dev.changeover.shadowcompare.SkippedKey;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.VerificationMode;
import dev.changeover.shadowcompare.VerificationResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a verification looks at, how it is stopped and goes on, what it leaves behind, and what a repair makes of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerificationControlTest {

    private WideTables tables;

    @BeforeAll
    void open() {
        tables = new WideTables();
    }

    @AfterAll
    void close() {
        if (tables != null) {
            tables.close();
        }
    }

    @BeforeEach
    void equal() {
        tables.equal();
        tables.database.execute("DELETE FROM changeover.mark");
    }

    private void damage(int... places) {
        for (int place : places) {
            tables.database.execute("UPDATE fresh.wide SET vary = 'damaged' WHERE id = '" + tables.key(place) + "'");
        }
    }

    private static List<UUID> keys(VerificationResult<UUID> result) {
        return result.divergences().stream().map(KeyDivergence::key).toList();
    }

    private String row(VerificationResult<UUID> result, String what) {
        return String.valueOf(tables.database.queryString(
                "SELECT " + what + " FROM changeover.verification WHERE id = " + result.id()));
    }

    @ParameterizedTest
    @EnumSource(value = VerificationMode.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void aStoppedRunGoesOnAtItsLastRangeWithItsCounts(VerificationMode mode) {
        damage(3, 60);
        AtomicInteger asked = new AtomicInteger();
        VerificationResult<UUID> stopped =
                tables.verification().mode(mode).build().run(() -> asked.incrementAndGet() > 4);
        assertThat(stopped.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(stopped.counts().legacy()).isBetween(8L, 48L);
        assertThat(keys(stopped)).containsExactly(tables.key(3));

        VerificationResult<UUID> resumed = tables.verification().build().resume(Objects.requireNonNull(stopped.id()));

        assertThat(resumed.mode()).isEqualTo(mode);
        assertThat(resumed.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(resumed.counts().legacy()).isEqualTo(64);
        assertThat(resumed.counts().different()).isEqualTo(2);
        assertThat(keys(resumed)).containsExactly(tables.key(60));
        assertThat(tables.database.queryStrings("SELECT key || ' ' || paths::text FROM changeover.verification_key"
                        + " WHERE verification = " + stopped.id() + " ORDER BY key"))
                .containsExactly(tables.key(3) + " {vary}", tables.key(60) + " {vary}");
        assertThat(row(resumed, "concat_ws(' ', attempt, walked, verdict, keys)"))
                .isEqualTo("2 t DIVERGED 64");
    }

    @Test
    void aRunThatHasComeToItsEndDoesNotGoOn() {
        VerificationResult<UUID> done = tables.verification().build().run();

        assertThatThrownBy(() -> tables.verification().build().resume(Objects.requireNonNull(done.id())))
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("come to its end");
    }

    @ParameterizedTest
    @EnumSource(value = VerificationMode.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void aRangeThatCannotBeReadIsAnErrorAndTheRunCanGoOn(VerificationMode mode) {
        AtomicInteger ranges = new AtomicInteger();
        VerificationResult<UUID> failed = tables.verification()
                .mode(mode)
                .progress(state -> {
                    if (ranges.incrementAndGet() == 3) {
                        tables.database.execute("ALTER TABLE fresh.wide RENAME TO hidden");
                    }
                })
                .build()
                .run();
        tables.database.execute("ALTER TABLE fresh.hidden RENAME TO wide");
        assertThat(failed.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(row(failed, "concat_ws(' ', verdict, walked)")).isEqualTo("ERROR f");

        VerificationResult<UUID> resumed = tables.verification().build().resume(Objects.requireNonNull(failed.id()));
        assertThat(resumed.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(resumed.counts().equal()).isEqualTo(64);
    }

    @Test
    void aBackendThatIsTerminatedInTheMiddleIsNoMatch() {
        RecordComparison<Wide> rules = RecordComparison.of(Wide.class).build();
        AtomicInteger judged = new AtomicInteger();
        RecordComparison<Wide> killing = RecordComparison.of(Wide.class)
                .normalise("vary", String.class, value -> {
                    if (judged.incrementAndGet() == 2) {
                        tables.database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND state = 'idle in transaction'");
                    }
                    return value;
                })
                .build();
        damage(20);

        VerificationResult<UUID> result =
                tables.verification(killing).mode(VerificationMode.JOIN).build().run();

        assertThat(result.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(tables.verification(rules).build().run().verdict()).isEqualTo(Verdict.DIVERGED);
    }

    @Test
    void aWorkerThatDiesLeavesNoMatch() {
        damage(5);
        RecordComparison<Wide> dying = RecordComparison.of(Wide.class)
                .normalise("vary", String.class, value -> {
                    throw new OutOfMemoryError("as if");
                })
                .build();

        assertThatThrownBy(() -> tables.verification(dying).build().run()).isInstanceOf(OutOfMemoryError.class);

        assertThat(tables.database.queryString("SELECT verdict FROM changeover.verification ORDER BY id DESC LIMIT 1"))
                .isEqualTo("ERROR");
    }

    @Test
    void anInterruptedRunIsIncompleteAndStaysInterrupted() throws Exception {
        AtomicReference<VerificationResult<UUID>> result = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread worker = new Thread(() -> {
            result.set(tables.verification()
                    .progress(state -> Thread.currentThread().interrupt())
                    .build()
                    .run());
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        worker.start();
        worker.join(60_000);

        assertThat(result.get().verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(interrupted.get()).isTrue();
        assertThat(row(result.get(), "verdict")).isEqualTo("INCOMPLETE");
    }

    @ParameterizedTest
    @EnumSource(value = VerificationMode.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void aSpanIsComparedWithBothItsEnds(VerificationMode mode) {
        damage(9, 10, 30, 31);

        VerificationResult<UUID> result = tables.verification()
                .mode(mode)
                .between(tables.key(10), tables.key(30))
                .build()
                .run();

        assertThat(result.counts().legacy()).isEqualTo(21);
        assertThat(keys(result)).containsExactly(tables.key(10), tables.key(30));
        assertThat(row(result, "whole")).isEqualTo("f");
    }

    @Test
    void aSampleIsTheSameEachTimeAndNoEvidenceForAGate() {
        long one = tables.verification().sample(30).build().run().counts().compared();
        VerificationResult<UUID> again =
                tables.verification().sample(30).build().run();

        assertThat(one).isBetween(5L, 40L).isEqualTo(again.counts().compared());
        assertThat(again.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(row(again, "concat_ws(' ', whole, percent)")).isEqualTo("f 30");
    }

    @Test
    void namedKeysAndThoseOfAnEarlierRunAreComparedAlone() {
        damage(7, 8, 9);
        VerificationResult<UUID> whole = tables.verification().build().run();
        tables.database.execute("UPDATE fresh.wide f SET vary = o.vary FROM old.wide o WHERE o.id = f.id AND f.id = '"
                + tables.key(8) + "'");

        VerificationResult<UUID> ofRun = tables.verification()
                .ofRun(Objects.requireNonNull(whole.id()))
                .build()
                .run();
        VerificationResult<UUID> named = tables.verification()
                .keys(List.of(tables.key(1), tables.key(9)))
                .build()
                .run();

        assertThat(ofRun.counts().compared()).isEqualTo(3);
        assertThat(keys(ofRun)).containsExactlyInAnyOrder(tables.key(7), tables.key(9));
        assertThat(named.counts().compared()).isEqualTo(2);
        assertThat(keys(named)).containsExactly(tables.key(9));
    }

    @Test
    void keysBeyondTheLimitAreCounted() {
        damage(1, 2, 3, 4, 5);

        VerificationResult<UUID> result = tables.verification().kept(3).build().run();

        assertThat(row(result, "surplus")).isEqualTo("2");
        assertThat(row(result, "(SELECT count(*) FROM changeover.verification_key k WHERE k.verification = id)"))
                .isEqualTo("3");
    }

    @Test
    void aRateIsKeptAndMayBeChangedWhileItRuns() {
        AtomicLong rate = new AtomicLong(40);
        long began = System.nanoTime();
        VerificationResult<UUID> result = tables.verification()
                .rate(rate::get)
                .progress(state -> rate.set(state.keys() >= 32 ? 0 : 40))
                .build()
                .run();

        assertThat(result.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @EnumSource(value = VerificationMode.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void markedKeysLeaveItOpenInEveryMode(VerificationMode mode) {
        tables.database.execute("SELECT changeover.mark(number, ARRAY['" + tables.key(12)
                + "'], 'LEGACY', 'TEST') FROM changeover.repository");

        VerificationResult<UUID> result =
                tables.verification().mode(mode).build().run();

        assertThat(result.verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(result.counts().marked()).isOne();
        assertThat(result.counts().equal()).isEqualTo(63);
    }

    @ParameterizedTest
    @EnumSource(value = VerificationMode.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void whatARuleMakesEqualIsCounted(VerificationMode mode) {
        tables.database.execute(
                "UPDATE fresh.wide SET num = (num::text || '0')::numeric, vary = vary || ' ' WHERE id IN ('"
                        + tables.key(4) + "', '" + tables.key(40) + "')");
        RecordComparison<Wide> rules =
                RecordComparison.of(Wide.class).byValue("num").trimmed("vary").build();

        VerificationResult<UUID> result =
                tables.verification(rules).mode(mode).build().run();

        assertThat(result.verdict()).isEqualTo(Verdict.MATCH);
        assertThat(result.forgiven()).isEqualTo(Map.of("num: by value", 2L, "vary: trimmed", 2L));
    }

    @Test
    void invariantsHaveALineEachAndABrokenOneIsADivergence() {
        Invariant moods = Invariant.sql(
                "rows per mood",
                "SELECT mood, count(*) FROM old.wide GROUP BY 1",
                "SELECT mood, count(*) FROM fresh.wide WHERE deleted_at IS NULL GROUP BY 1");
        Invariant orphans = Invariant.none(
                "orphans",
                Side.NEW,
                "SELECT p.wide_id FROM fresh.part p LEFT JOIN fresh.wide w ON w.id = p.wide_id WHERE w.id IS NULL");
        tables.database.execute("INSERT INTO fresh.part VALUES ('" + tables.key(0) + "'::uuid, 99, 'x')");
        tables.database.execute("DELETE FROM fresh.part WHERE n = 99");
        assertThat(tables.verification()
                        .invariant(moods)
                        .invariant(orphans)
                        .build()
                        .run())
                .satisfies(result -> {
                    assertThat(result.verdict()).isEqualTo(Verdict.MATCH);
                    assertThat(result.invariants())
                            .containsExactly(
                                    new InvariantResult("rows per mood", State.HOLDS, "calm 64", "calm 64"),
                                    new InvariantResult("orphans", State.HOLDS, "", ""));
                });

        tables.database.execute("INSERT INTO fresh.part VALUES ('11111111-1111-1111-1111-111111111111', 1, 'x')");
        VerificationResult<UUID> broken = tables.verification()
                .invariant(moods)
                .invariant(orphans)
                .build()
                .run();
        assertThat(broken.verdict()).isEqualTo(Verdict.DIVERGED);
        assertThat(broken.counts().diverged()).isZero();
        assertThat(broken.invariants().get(1).state()).isEqualTo(State.BROKEN);
    }

    @Test
    void invariantsAreNotJudgedWhileKeysAreMarked() {
        tables.database.execute(
                "SELECT changeover.mark(number, ARRAY['gone'], 'LEGACY', 'TEST') FROM changeover.repository");

        VerificationResult<UUID> result = tables.verification()
                .invariant(Invariant.sql("rows", "SELECT 1", "SELECT 2"))
                .build()
                .run();

        assertThat(result.verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(result.invariants().get(0).state()).isEqualTo(State.NOT_JUDGED);
    }

    @Test
    void aRepairLeavesAloneWhatHasChangedAndTellsTheHistory() {
        damage(1, 2, 3);
        Repair<UUID, Wide> repair = Repair.of(
                tables.pool, tables.repository(RecordComparison.of(Wide.class).build()));
        String authority =
                tables.database.queryString("SELECT md5(string_agg(w::text, '' ORDER BY id)) FROM old.wide w");
        RepairPlan<UUID> plan = repair.plan(tables.verification().build().run());
        assertThat(plan.changes()).hasSize(3);
        tables.database.execute("UPDATE fresh.wide f SET vary = o.vary FROM old.wide o WHERE o.id = f.id AND f.id = '"
                + tables.key(1) + "'");
        tables.database.execute("UPDATE fresh.wide SET big = 1 WHERE id = '" + tables.key(2) + "'");

        RepairResult<UUID> result = repair.run(plan, "ann", "ticket 7", Duration.ZERO);

        assertThat(result.skipped())
                .containsExactly(
                        new SkippedKey<>(tables.key(1), SkippedKey.Why.EQUAL_BY_NOW),
                        new SkippedKey<>(tables.key(2), SkippedKey.Why.CHANGED));
        assertThat(result.marked()).containsExactly(tables.key(3));
        assertThat(tables.database.queryStrings("SELECT concat_ws('|', action, before, after, actor, reason)"
                        + " FROM changeover.history WHERE action = 'REPAIR' AND reason = 'ticket 7'"))
                .containsExactly("REPAIR|of 3 keys 3 differed|1 keys, LEGACY is right|ann|ticket 7");
        assertThat(tables.database.queryString("SELECT md5(string_agg(w::text, '' ORDER BY id)) FROM old.wide w"))
                .isEqualTo(authority);
    }
}
