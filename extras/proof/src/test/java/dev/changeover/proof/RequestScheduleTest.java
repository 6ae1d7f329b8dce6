package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.request.Request;
import dev.changeover.core.request.RequestHandler;
import dev.changeover.core.request.RequestResult;
import dev.changeover.core.request.Requests;
import dev.changeover.testkit.ExpectsLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Requests of which several instances know, which die, which are too late, and which somebody cancels. */
class RequestScheduleTest {

    private static final Bank.Parts SMALL_CHUNKS =
            Bank.Parts.DEFAULTS.withSettings(Settings.DEFAULTS.withChunk(100).withChunkTime(Duration.ofMinutes(1)));

    /** Takes the database from one instance. */
    private static final class Plug implements Messages.Hook {

        final AtomicInteger chunks = new AtomicInteger();
        final AtomicInteger taken = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        volatile boolean out;
        private final int dieAt;

        Plug(int dieAt) {
            this.dieAt = dieAt;
        }

        DataSource on(Scene scene) {
            return Messages.of(scene.database.pool(8), this);
        }

        @Override
        public void taken(Connection connection) throws SQLException {
            if (out) {
                refused.incrementAndGet();
                connection.close();
                throw new SQLException("no answer", "08006");
            }
            taken.incrementAndGet();
        }

        @Override
        public void before(String sql) {
            if (sql.startsWith("SELECT changeover.advance_range") && chunks.incrementAndGet() == dieAt) {
                out = true;
                throw new IllegalStateException("the instance dies");
            }
        }
    }

    private static Desk desk() {
        return new Desk(Scene.bare(""));
    }

    private static Bank bank(Desk desk, Bank.Parts parts) {
        return desk.scene.bank(desk.scene.database.pool(16), parts);
    }

    private static RequestResult untilStopped(Request request) {
        while (true) {
            request.progress(1, 2, "steps");
            request.requireGoesOn();
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void twoInstancesNeverDoOneRequestTwiceNorTwoOfOneRepositoryAtATime() {
        Map<Long, Integer> done = new ConcurrentHashMap<>();
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        RequestHandler tick = request -> {
            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            done.merge(request.id(), 1, Integer::sum);
            LockSupport.parkNanos(1_000_000);
            atWork.decrementAndGet();
            return RequestResult.done();
        };
        try (Desk desk = desk()) {
            for (int i = 0; i < 3; i++) {
                desk.takes(bank(desk, Bank.Parts.DEFAULTS), more -> more.handler("tick", tick));
            }
            desk.scene.sql("INSERT INTO changeover.request (repository, verb, reason)"
                    + " SELECT 'accounts', 'tick', 'why not' FROM generate_series(1, 40)");
            desk.scene.await(
                    "all are done", "SELECT (count(*) = 40)::integer FROM changeover.request WHERE state = 'DONE'");
            assertThat(done).hasSize(40);
            assertThat(done.values()).containsOnly(1);
            assertThat(most).hasValue(1);
            assertThat(desk.scene.database.queryLong("SELECT max(attempts) FROM changeover.request"))
                    .isOne();
        }
    }

    @Test
    @ExpectsLog("requests can")
    @ExpectsLog("the instance dies|failed")
    void whatAnInstanceLeavesWhenItDiesAnotherGoesOnWithAndTheDeadOneIsNotHeard() {
        Plug plug = new Plug(4);
        Plug other = new Plug(-1);
        try (Desk desk = desk()) {
            Bank dying = desk.scene.bank(plug.on(desk.scene), SMALL_CHUNKS);
            desk.scene.sql("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 1000) i");
            desk.scene.to(Stage.DUAL_WRITE);
            desk.takes(dying, more -> more);
            long id = desk.ask("backfill", "{}");
            desk.scene.awaitTrue("it has died", () -> plug.out);

            Bank heir = desk.scene.bank(other.on(desk.scene), SMALL_CHUNKS);
            desk.takes(heir, more -> more);
            assertThat(desk.state(id)).isEqualTo("RUNNING");
            desk.age(id, "16 seconds");
            assertThat(desk.ended(id)).isEqualTo("DONE");
            assertThat(desk.column(id, "result ->> 'rows'")).isEqualTo("1000");
            assertThat(desk.column(id, "attempts")).isEqualTo("2");
            assertThat(other.chunks).as("what was committed was not done again").hasValue(8);

            plug.out = false;
            int before = plug.taken.get();
            desk.scene.awaitTrue("the dead one has looked", () -> plug.taken.get() > before + 20);
            assertThat(desk.state(id)).isEqualTo("DONE");
            assertThat(desk.column(id, "attempts")).isEqualTo("2");
            assertThat(desk.scene.differences()).isZero();
        }
    }

    /** Whoever takes it up must not be refused for a move that the one before has made. */
    @Test
    void aMoveThatWasMadeBeforeItsInstanceDiedIsNotMadeAgain() {
        try (Desk desk = desk()) {
            Bank bank = bank(desk, Bank.Parts.DEFAULTS);
            long id = desk.ask("move", "{\"stage\":\"DUAL_WRITE\"}");
            desk.scene.sql("UPDATE changeover.request SET state = 'RUNNING', instance = 'dead', attempts = 1,"
                    + " updated_at = clock_timestamp() - interval '16 seconds'");
            bank.changeover.stages().move(Bank.NAME, Stage.DUAL_WRITE, "alice", "on we go (request " + id + ")");
            desk.takes(bank, more -> more);
            assertThat(desk.ended(id)).isEqualTo("DONE");
            assertThat(desk.column(id, "result #>> '{moved,0,stage}'")).isEqualTo("DUAL_WRITE");
            assertThat(desk.scene.database.queryLong("SELECT epoch FROM changeover.repository"))
                    .isEqualTo(2);
        }
    }

    @Test
    void whatKillsEverybodyWhoBeginsItFails() {
        try (Desk desk = desk()) {
            Bank bank = bank(desk, Bank.Parts.DEFAULTS);
            long id = desk.ask("drain", "{}");
            desk.scene.sql("UPDATE changeover.request SET state = 'RUNNING', instance = 'dead', attempts = 10,"
                    + " updated_at = clock_timestamp() - interval '16 seconds'");
            desk.takes(bank, more -> more);
            assertThat(desk.ended(id)).isEqualTo("FAILED");
            assertThat(desk.error()).contains("10 times", "by dead");
        }
    }

    @Test
    @ExpectsLog("requests can")
    void aDatabaseThatIsAwayIsWaitedFor() {
        Plug plug = new Plug(-1);
        try (Desk desk = desk()) {
            Bank bank = bank(desk, Bank.Parts.DEFAULTS);
            Requests requests = new dev.changeover.core.request.RequestsBuilder(
                            bank.changeover, plug.on(desk.scene), "here", () -> java.util.Set.of(Bank.NAME))
                    .every(java.time.Duration.ofMillis(20))
                    .handler("wait", RequestScheduleTest::untilStopped)
                    .start();
            desk.scene.onClose(requests);
            assertThat(desk.did("drain", "{}")).isEqualTo("DONE");
            long id = desk.ask("wait", "{}");
            desk.awaitState(id, "RUNNING");
            plug.out = true;
            long late = desk.ask("gates", "{}");
            desk.scene.awaitTrue("it has tried", () -> plug.refused.get() > 3);
            assertThat(desk.state(late)).isEqualTo("WAITING");
            plug.out = false;
            assertThat(desk.ended(late)).isEqualTo("DONE");
            assertThat(desk.state(id)).isEqualTo("RUNNING");
        }
    }

    @Test
    @ExpectsLog("lost the database")
    void aRequestWhoseWorkLosesTheDatabaseIsBegunAgain() {
        AtomicInteger begun = new AtomicInteger();
        UnaryOperator<dev.changeover.core.request.RequestsBuilder> flaky = more -> more.handler("flaky", request -> {
            if (begun.incrementAndGet() == 1) {
                throw new ChangeoverException("the chunk could not be copied", new SQLException("cut", "08006"));
            }
            return RequestResult.done();
        });
        try (Desk desk = desk()) {
            desk.takes(bank(desk, Bank.Parts.DEFAULTS), flaky);
            long id = desk.ask("flaky", "{}");
            desk.scene.awaitTrue("it was begun", () -> begun.get() == 1);
            desk.awaitState(id, "RUNNING");
            desk.age(id, "16 seconds");
            assertThat(desk.ended(id)).isEqualTo("DONE");
            assertThat(desk.column(id, "attempts")).isEqualTo("2");
        }
    }

    @Test
    @ExpectsLog("request 1 \\(broken of accounts\\) failed")
    void aHandlerThatThrowsFailsItsRequestAndNothingElseAndShowsNoValueOfARow() {
        try (Desk desk = desk()) {
            desk.takes(
                    bank(desk, Bank.Parts.DEFAULTS),
                    more -> more.handler("broken", request -> {
                                throw new IllegalStateException("of Bob");
                            })
                            .handler("violating", request -> {
                                throw new ChangeoverException(
                                        "Key (name)=(Bob)", new SQLException("Key (name)=(Bob)", "23505"));
                            }));
            assertThat(desk.did("broken", "{}")).isEqualTo("FAILED");
            assertThat(desk.error())
                    .contains("IllegalStateException", "log of instance")
                    .doesNotContain("Bob");
            assertThat(desk.did("drain", "{}")).isEqualTo("DONE");
        }
    }

    @Test
    void aWaitingRequestAndARunningOneAreCancelled() {
        CountDownLatch stopped = new CountDownLatch(1);
        try (Desk desk = desk()) {
            Bank bank = bank(desk, Bank.Parts.DEFAULTS);
            bank.to(Stage.RAMP);
            desk.takes(
                    bank,
                    more -> more.handler("wait", request -> {
                        try {
                            return untilStopped(request);
                        } finally {
                            stopped.countDown();
                        }
                    }));
            long running = desk.ask("wait", "{}");
            desk.awaitState(running, "RUNNING");
            long waiting = desk.ask("move", "{\"stage\":\"NEW_PRIMARY\"}");
            assertThat(desk.did("gates", "{}"))
                    .as("what changes nothing runs beside")
                    .isEqualTo("DONE");

            assertThat(desk.did("cancel", "{\"request\":" + waiting + "}")).isEqualTo("DONE");
            assertThat(desk.result("{cancelled}")).isEqualTo("true");
            assertThat(desk.state(waiting)).isEqualTo("CANCELLED");
            assertThat(desk.did("cancel", "{\"request\":" + running + "}")).isEqualTo("DONE");
            assertThat(desk.ended(running)).isEqualTo("CANCELLED");
            assertThat(stopped.getCount()).isZero();
            assertThat(desk.did("cancel", "{\"request\":" + running + "}")).isEqualTo("FAILED");
            assertThat(desk.error()).contains("is CANCELLED already");
            assertThat(desk.did("cancel", "{\"request\":4711}")).isEqualTo("FAILED");

            long ramp = desk.ask("ramp", "{\"holdSeconds\":3600}");
            desk.scene.awaitTrue("the first step is held", () -> "10".equals(desk.column(ramp, "progress ->> 'done'")));
            desk.did("cancel", "{\"request\":" + ramp + "}");
            assertThat(desk.ended(ramp)).isEqualTo("CANCELLED");
            assertThat(desk.column(ramp, "result ->> 'reached'")).isEqualTo("10");
        }
    }

    @Test
    void aBackfillIsCancelledBetweenTwoChunks() {
        try (Desk desk = desk()) {
            Bank bank = bank(desk, SMALL_CHUNKS);
            desk.scene.sql("INSERT INTO old.account SELECT i, 'a' || i, i FROM generate_series(1, 1000) i");
            bank.to(Stage.DUAL_WRITE);
            bank.changeover.backfill(Bank.NAME).limit(200, "test", "slowly");
            desk.takes(bank, more -> more);
            long id = desk.ask("backfill", "{}");
            desk.scene.awaitTrue("it is under way", () -> desk.column(id, "progress ->> 'done'") != null);
            desk.did("cancel", "{\"request\":" + id + "}");
            assertThat(desk.ended(id)).isEqualTo("CANCELLED");
            assertThat(desk.scene.database.queryLong("SELECT rows FROM changeover.copies"))
                    .isBetween(100L, 900L);
        }
    }

    @Test
    void whatNobodyTakesInTimeExpiresAndSaysWhy() {
        try (Desk desk = desk()) {
            desk.takes(
                    bank(desk, Bank.Parts.DEFAULTS), more -> more.handler("wait", RequestScheduleTest::untilStopped));
            long verify = desk.ask(Bank.NAME, "verify", "{}", "100 milliseconds");
            assertThat(desk.ended(verify)).isEqualTo("EXPIRED");
            assertThat(desk.error()).contains("no instance took it in time", "a handler for verify");

            long running = desk.ask("wait", "{}");
            desk.awaitState(running, "RUNNING");
            long drain = desk.ask(Bank.NAME, "drain", "{}", "100 milliseconds");
            assertThat(desk.ended(drain)).isEqualTo("EXPIRED");
            assertThat(desk.error()).contains("request " + running + " (wait)", "Cancel that");
        }
    }

    /** The sweep waits for a row that somebody holds; what expires meanwhile is too late. */
    @Test
    void whoHoldsARequestAndDoesNotCommitKeepsNobodyFromTheOthers() {
        try (Desk desk = desk()) {
            bank(desk, Bank.Parts.DEFAULTS);
            long held = desk.ask("verify", "{}");
            desk.scene.sql("UPDATE changeover.request SET state = 'RUNNING', instance = 'dead', attempts = 10,"
                    + " updated_at = clock_timestamp() - interval '16 seconds'");
            desk.ask(Bank.NAME, "drain", "{}", "1 hour");
            dev.changeover.testkit.Session somebody = desk.scene.session("somebody");
            somebody.run("SELECT changeover.cancel_request(" + held + ", 'accounts')");

            assertThat(taken(desk, "drain,verify")).isEmpty();
            assertThat(taken(desk, "drain", "alongside")).containsExactly("drain");

            somebody.commit();
            assertThat(taken(desk, "drain,verify")).isEmpty();
            assertThat(desk.state(held)).isEqualTo("CANCELLED");
        }
    }

    private static java.util.List<String> taken(Desk desk, String verbs, String... alongside) {
        return desk.scene.database.queryStrings("SELECT verb FROM changeover.take_request('here', '{accounts}', '{"
                + verbs + "}', '{" + (alongside.length == 0 ? "" : verbs) + "}', '{drain,verify}')");
    }

    /** Closed while its first answer is awaited; then open. */
    private static final class Held implements dev.changeover.core.gate.Gate {
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public String name() {
            return "held";
        }

        @Override
        public dev.changeover.core.gate.GateResult check(dev.changeover.core.gate.GateFacts facts) {
            asked.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return dev.changeover.core.gate.GateResult.pass(this, "open", "open");
        }
    }

    /** One that was held up for long must not undo what somebody decided after its heir had done it. */
    @Test
    void aMoveWhoseInstanceWasHeldUpIsNotMadeAfterAnotherHasMadeIt() throws Exception {
        Held gate = new Held();
        try (Desk desk = desk()) {
            Bank slow = bank(
                    desk,
                    Bank.Parts.DEFAULTS.withGates(dev.changeover.core.gate.GatePlan.builder()
                            .before(Stage.DUAL_WRITE, gate)
                            .build()));
            desk.takes(slow, more -> more);
            long id = desk.ask("move", "{\"stage\":\"DUAL_WRITE\"}");
            gate.asked.await();
            Bank heir = bank(desk, Bank.Parts.DEFAULTS);
            desk.takes(heir, more -> more);
            desk.age(id, "16 seconds");
            desk.scene.awaitTrue("the heir has it, or the first is heard again", () -> {
                desk.age(id, "16 seconds");
                return desk.state(id).equals("DONE");
            });
            heir.changeover.stages().move(Bank.NAME, Stage.LEGACY_ONLY, "bob", "not today");
            gate.go.countDown();
            desk.scene.awaitTrue(
                    "the first has ended",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(each -> each.getName().equals("changeover-request-" + id)));
            assertThat(desk.scene.database.queryString("SELECT stage FROM changeover.repository"))
                    .isEqualTo("LEGACY_ONLY");
        }
    }

    @Test
    void anInstanceThatClosesLeavesItsRequestToAnother() {
        AtomicInteger begun = new AtomicInteger();
        try (Desk desk = desk()) {
            Bank bank = bank(desk, Bank.Parts.DEFAULTS);
            Requests closing = desk.takes(
                    bank,
                    more -> more.handler("wait", request -> {
                        begun.incrementAndGet();
                        return untilStopped(request);
                    }));
            long id = desk.ask("wait", "{}");
            desk.scene.awaitTrue("it was begun", () -> begun.get() == 1);
            closing.close();
            assertThat(desk.state(id)).isEqualTo("RUNNING");
            desk.age(id, "16 seconds");
            desk.takes(bank, more -> more.handler("wait", request -> RequestResult.done()));
            assertThat(desk.ended(id)).isEqualTo("DONE");
        }
    }

    @Test
    @ExpectsLog("cannot be recorded")
    void aVerificationThatCannotBeRecordedGoesOn() {
        try (Desk desk = Desk.open(Bank.Parts.DEFAULTS)) {
            desk.scene.to(Stage.SHADOW);
            desk.scene.sql("ALTER FUNCTION changeover.verification_begins RENAME TO gone");
            assertThat(desk.did("verify", "{}")).isEqualTo("DONE");
            assertThat(desk.result("{errors}")).isEqualTo("[]");
            assertThat(desk.scene.database.queryLong("SELECT count(*) FROM changeover.verification"))
                    .isZero();
        }
    }
}
