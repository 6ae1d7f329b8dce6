package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.changeover.core.ChangeoverException;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.testkit.FaultProxy;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A move of two repositories whose backend dies under load, forward and back: both are at the old stage or both at the
 * new one, writers go on, and nothing is lost.
 */
class KilledMoveTest {

    private static final String OTHER = "other";
    private static final List<String> BOTH = List.of(Bank.NAME, OTHER);

    /** Where the backend of the move dies is told by a row in public.kill_at, and done by a trigger of that name. */
    private static final String TRIGGERS = """
            CREATE TABLE public.kill_at (point text);
            CREATE FUNCTION public.kill_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF EXISTS (SELECT FROM public.kill_at k WHERE k.point = TG_NAME) THEN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                    PERFORM pg_sleep(10);
                ELSIF EXISTS (SELECT FROM public.kill_at k WHERE k.point = 'after_commit') AND TG_NAME = 'at_commit' THEN
                    PERFORM pg_advisory_xact_lock_shared(7, 7);
                END IF;
                RETURN new;
            END $$;
            CREATE TRIGGER before_the_first BEFORE UPDATE OF stage ON changeover.repository FOR EACH ROW
                WHEN (old.name = 'accounts') EXECUTE FUNCTION public.kill_at();
            CREATE TRIGGER between_the_two BEFORE UPDATE OF stage ON changeover.repository FOR EACH ROW
                WHEN (old.name = 'other') EXECUTE FUNCTION public.kill_at();
            CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE OF stage ON changeover.repository
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (old.name = 'other')
                EXECUTE FUNCTION public.kill_at()""";

    /** Where the move is when its backend dies. */
    enum Point {
        /** Writers queue behind it. */
        WAITS_FOR_THE_FENCE,
        /** It holds the fence and has copied the last marked keys. */
        BEFORE_THE_FIRST,
        /** One of the repositories has its new stage already. */
        BETWEEN_THE_TWO,
        /** All is written. */
        AT_COMMIT,
        /** All is committed, and nobody was told. */
        AFTER_COMMIT
    }

    @ParameterizedTest
    @EnumSource
    @Guarantee("G1")
    @Guarantee("G2")
    @Guarantee("G4")
    @FailureRow(
            value = FailureRow.FLIP,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY})
    void aMoveThatIsKilledIsDoneForAllOrForNone(Point point) {
        try (Flips flips = new Flips(21 + point.ordinal(), UnaryOperator.identity())) {
            Storm.Result result = flips.under(storm -> {
                flips.killedThenDone(point, Stage.NEW_PRIMARY);
                flips.killedThenDone(point, Stage.RAMP);
            });

            System.out.printf(
                    "killed move point=%s seed=%d acknowledged=%d lost=%d divergent=%d errors=%d marked=%d%n",
                    point,
                    flips.seed,
                    result.acknowledged(),
                    result.lost(),
                    result.divergent(),
                    result.errors().size(),
                    result.marked());
            assertThat(result.errors()).isEmpty();
            assertThat(result.wrongReads()).isEmpty();
            assertThat(result.lost()).isZero();
            assertThat(result.divergent()).isZero();
        }
    }

    @Test
    @FailureRow(
            value = FailureRow.FLIP,
            stages = {Stage.RAMP, Stage.NEW_PRIMARY},
            mutant = true)
    void aMoveInTwoTransactionsThatIsKilledBetweenThemIsHalf() {
        try (Flips flips = new Flips(31, OneByOne::new)) {
            Storm.Result result =
                    flips.under(storm -> flips.killed(Point.BETWEEN_THE_TWO, Stage.NEW_PRIMARY, Stage.RAMP));

            assertThat(result.errors()).singleElement().asString().contains("NEW_PRIMARY", "RAMP");
        }
    }

    /** Moves one repository after the other. */
    private static final class OneByOne extends ForwardingControl {

        OneByOne(Control control) {
            super(control);
        }

        @Override
        public List<RepositoryState> move(Move move, LastKeys lastKeys) {
            List<RepositoryState> moved = new ArrayList<>();
            for (String name : move.repositories()) {
                Move one = new Move(List.of(name), move.target(), move.actor(), move.reason(), null);
                moved.addAll(super.move(one, lastKeys));
            }
            return moved;
        }
    }

    /** Flips of two repositories in a storm of writes to one of them. */
    private static final class Flips implements AutoCloseable {

        private final long seed;
        private final PostgresDatabase database;
        private final FaultProxy proxy;
        private final Storm storm;
        private final Bank bank;

        Flips(long seed, UnaryOperator<Control> control) {
            this.seed = seed;
            database = PostgresDatabase.fresh()
                    .script("dev/changeover/proof/accounts.sql")
                    .open();
            database.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
            proxy = database.proxy();
            storm = new Storm(database, seed, 64, Duration.ofSeconds(60));
            bank = storm.open(own -> control.apply(new PostgresControl(
                    Sources.byThread(Storm.MOVER, database.pool(database.dataSource(proxy), 2), database.pool(4)))));
            bank.to(Stage.RAMP).percent(100);
            database.execute("SELECT changeover.register('other', '{}', false, false, '{}', '{}');"
                    + "UPDATE changeover.repository SET stage = 'RAMP', backfilled = true WHERE name = 'other';"
                    + "UPDATE changeover.percentage SET percent = 100");
            database.execute(TRIGGERS);
        }

        Storm.Result under(java.util.function.Consumer<Storm> moves) {
            return storm.run(List.of(bank), () -> moves.accept(storm));
        }

        void killedThenDone(Point point, Stage target) {
            Stage before = bank.changeover.stages().of(Bank.NAME).stage();
            Stage after = point == Point.AFTER_COMMIT ? target : before;
            killed(point, target, after);
            storm.awaitProgress();
            if (after != target) {
                bank.changeover.stages().moveTogether(BOTH, target, "storm", "seed " + seed);
            }
            assertThat(stages()).containsExactly(target.name(), target.name());
            storm.awaitProgress();
        }

        /** Kills a move and looks at the stages of both repositories. */
        void killed(Point point, Stage target, Stage expected) {
            storm.awaitProgress();
            switch (point) {
                case WAITS_FOR_THE_FENCE -> killWaiting(target);
                case AFTER_COMMIT -> loseTheReply(target);
                default -> kill(point, target);
            }
            assertThat(stages()).containsExactly(expected.name(), expected.name());
        }

        private void kill(Point point, Stage target) {
            at(point);
            assertThat(catchThrowable(() -> move(target)))
                    .isInstanceOf(ChangeoverException.class)
                    .hasMessageContaining("terminating connection");
            at(null);
        }

        private void killWaiting(Stage target) {
            try (Session holder = Session.open("holder", database.dataSource());
                    Session mover = Session.open("move", database.dataSource())) {
                holder.run("SELECT * FROM changeover.enter(1, '{}')");
                mover.start("SELECT * FROM changeover.move(ARRAY['accounts', 'other'], '" + target
                        + "', 'why', 'who', NULL, 15000, 1)");
                mover.awaitBlocked();
                database.cluster().terminateBackend(mover.pid());
                assertThat(mover.joinFailed()).hasMessageContaining("terminating connection");
                storm.awaitProgress(); // the one who was in the way of the move is in nobody else's
                holder.commit();
            }
        }

        /** Stops the move in its commit, and cuts its connection before the reply. */
        private void loseTheReply(Stage target) {
            at(Point.AFTER_COMMIT);
            try (Session stop = Session.open("stop", database.dataSource())) {
                stop.run("SELECT pg_advisory_xact_lock(7, 7)");
                Thread cutter = new Thread(() -> {
                    awaitCount("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
                            + " AND classid = 7 AND database ="
                            + " (SELECT oid FROM pg_database WHERE datname = current_database())");
                    proxy.cutAfter(FaultProxy.Direction.TO_CLIENT, 0);
                    stop.commit();
                });
                cutter.start();
                assertThat(catchThrowable(() -> move(target))).isInstanceOf(ChangeoverException.class);
                cutter.join(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            proxy.heal();
            at(null);
        }

        private void awaitCount(String sql) {
            Awaitility.await(sql)
                    .atMost(Duration.ofSeconds(20))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> database.queryLong(sql) > 0);
        }

        private void move(Stage target) {
            bank.changeover.stages().moveTogether(BOTH, target, "storm", "seed " + seed);
        }

        private void at(Point point) {
            database.execute("DELETE FROM public.kill_at"
                    + (point == null ? "" : "; INSERT INTO public.kill_at VALUES (lower('" + point + "'))"));
        }

        private List<String> stages() {
            return database.queryStrings("SELECT stage FROM changeover.repository ORDER BY name");
        }

        @Override
        public void close() {
            bank.close();
            proxy.close();
            database.close();
        }
    }
}
