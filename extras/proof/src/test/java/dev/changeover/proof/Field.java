package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.EntityStore;
import dev.changeover.core.Settings;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.PostgresControl;
import dev.changeover.testkit.FaultProxy;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.PostgresCluster;
import dev.changeover.testkit.Probe;
import dev.changeover.testkit.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * One field of the failure matrix: a bank in one stage whose callers and jobs lead through a proxy, with places to stop
 * at in its code and in the transactions of the server. Keys 1 to 3 are there; at half of RAMP key 1 is served by new.
 */
final class Field implements AutoCloseable {

    /** What is killed. */
    enum Kill {
        /** As by an administrator. */
        BACKEND,
        /** As by a network. */
        CONNECTION,
        /** As by a power cut; it starts again. */
        SERVER
    }

    /** Where a transaction of the server stops while somebody holds the lock (7, 7), told by a row in public.stop_at. */
    private static final String STOPS = """
            CREATE TABLE public.stop_at (point text);
            CREATE FUNCTION public.stop_at() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout TO 0 AS $$
            BEGIN
                IF EXISTS (SELECT FROM public.stop_at s WHERE s.point = TG_NAME) THEN
                    PERFORM pg_advisory_xact_lock_shared(7, 7);
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN old; END IF;
                RETURN new;
            END $$;
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT OR UPDATE OR DELETE ON {authority}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.stop_at();
            CREATE TRIGGER clears_marks BEFORE DELETE ON changeover.mark FOR EACH ROW EXECUTE FUNCTION public.stop_at();
            CREATE CONSTRAINT TRIGGER marks_cleared AFTER DELETE ON changeover.mark
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.stop_at();
            CREATE TRIGGER before_the_stage BEFORE UPDATE OF stage ON changeover.repository
                FOR EACH ROW EXECUTE FUNCTION public.stop_at();
            CREATE CONSTRAINT TRIGGER stage_set AFTER UPDATE OF stage ON changeover.repository
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.stop_at()""";

    /** A move gives up soon. */
    private static final MoveRounds QUICK = new MoveRounds(Duration.ofMillis(20), 4, Duration.ofSeconds(5), 100);

    static final int STOP = 7;

    Stage stage;
    final Scene scene;
    final Bank bank;
    final Tap tap;
    final Probe probe = new Probe();
    final HikariDataSource library;
    private final FaultProxy proxy;
    private final HikariDataSource callers;

    static Field open(Stage stage) {
        return new Field(Scene.bare(""), stage, Settings.DEFAULTS, false);
    }

    /** With sentinels on both sides. */
    static Field watched(Stage stage) {
        return new Field(Scene.bare(""), stage, Settings.DEFAULTS, true);
    }

    /** An instance that does not look after the stage for as long as the test lasts. */
    static Field inattentive(Stage stage) {
        return new Field(Scene.bare(""), stage, Settings.DEFAULTS.withLease(Duration.ofMinutes(10)), false);
    }

    static Field in(PostgresCluster cluster, Stage stage) {
        return new Field(Scene.in(cluster), stage, Settings.DEFAULTS, false);
    }

    private Field(Scene scene, Stage stage, Settings settings, boolean sentinels) {
        this.scene = scene;
        this.stage = stage;
        proxy = scene.database.proxy();
        callers = scene.database.pool(scene.database.dataSource(proxy), 10);
        library = scene.database.pool(5);
        tap = new Tap(callers);
        DataSource pool = Sources.byThread("changeover-", library, tap.dataSource());
        bank = scene.bank(pool, parts(pool, settings));
        if (sentinels) {
            bank.changeover.sentinels().install(Bank.NAME, Strangers.REFUSE, "test", "install");
        }
        scene.to(stage);
        half();
        scene.sql(STOPS.replace("{authority}", table(stage.authority())));
        fill();
    }

    private void half() {
        if (stage == Stage.RAMP) {
            bank.percent(50)
                    .changeover
                    .stages()
                    .routeLists(Bank.NAME, List.of("1"), List.of(), "test", "served by new");
        }
    }

    /** Moves step by step; a side that comes back to be written is brought to the other's state. */
    Field moveTo(Stage target) {
        while (stage != target) {
            Stage step = Stage.values()[stage.ordinal() + (target.compareTo(stage) > 0 ? 1 : -1)];
            bank.to(step);
            moved(step);
            half();
        }
        if (stage == Stage.RAMP && bank.changeover.stages().of(Bank.NAME).percent() != 50) {
            half();
        }
        return this;
    }

    /** The stage is this one now. */
    void moved(Stage now) {
        Stage before = stage;
        stage = now;
        if (!followed() || before.follower() == now.follower() || before.authority() != now.authority()) {
            return;
        }
        if (bank.changeover.stages().of(Bank.NAME).stale() != null) {
            bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
            bank.changeover.backfill(Bank.NAME).acceptUnverified("test", "the checks of this test");
        } else {
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
        }
    }

    /** What a move to this stage asks for. */
    void prepare(Stage target) {
        if (stage == Stage.RAMP && target == Stage.NEW_PRIMARY) {
            bank.percent(100);
        } else if (stage == Stage.SHADOW
                && target == Stage.RAMP
                && !bank.changeover.stages().of(Bank.NAME).backfilled()) {
            bank.changeover.backfill(Bank.NAME).run(progress -> {});
        }
    }

    /** One attempt to move one step, which gives up soon. */
    void move(Stage target) {
        prepare(target);
        bank.changeover.stages().move(Bank.NAME, target, "test", "move");
    }

    private Bank.Parts parts(DataSource pool, Settings settings) {
        return Bank.Parts.DEFAULTS
                .withLegacy(Watched.as(Accounts.class, "legacy", this::reach))
                .withNext(Watched.as(Accounts.class, "new", this::reach))
                .withLegacyStore(Watched.as(EntityStore.class, "legacyStore", this::reach))
                .withNextStore(Watched.as(EntityStore.class, "newStore", this::reach))
                .withControl(own -> new PostgresControl(pool, QUICK))
                .withSettings(settings);
    }

    private void reach(String point) {
        probe.reach(Scene.inJob() ? "job " + point : point);
    }

    /** The state in which each test begins, on both sides. */
    Field fill() {
        probe.clear();
        scene.sql("DELETE FROM public.stop_at; DELETE FROM changeover.attempt; DELETE FROM changeover.mark");
        afresh();
        for (long key = 1; key <= 3; key++) {
            bank.accounts.save(new Account(key, "k" + key, 1));
        }
        for (long key = 4; key <= 9; key++) {
            bank.accounts.delete(key);
        }
        drain();
        return this;
    }

    boolean followed() {
        return stage.follower() != null;
    }

    /** The port of the authority, of which the points are "legacy.save", "legacy.save done" and so on. */
    String authorityPort(String method) {
        return (stage.authority() == Side.LEGACY ? "legacy." : "new.") + method;
    }

    String authorityStore(String method) {
        return (stage.authority() == Side.LEGACY ? "legacyStore." : "newStore.") + method;
    }

    String followerStore(String method) {
        return (stage.follower() == Side.LEGACY ? "legacyStore." : "newStore.") + method;
    }

    static String table(Side side) {
        return side == Side.LEGACY ? "old.account" : "fresh.account";
    }

    /** What keys 1 to 5 are on the authority, such as "1 1 1 - -". */
    String authority() {
        return scene.database.queryString("SELECT string_agg(coalesce(a.balance::text, '-'), ' ' ORDER BY k)"
                + " FROM generate_series(1, 5) k LEFT JOIN " + table(stage.authority()) + " a ON a.id = k");
    }

    /** Kills what works for this backend, and returns when the server has noticed; it may idle on in a PgBouncer's pool. */
    void kill(Kill kill, int pid) {
        switch (kill) {
            case BACKEND -> scene.database.cluster().terminateBackend(pid);
            case CONNECTION -> proxy.reset();
            case SERVER -> {
                scene.database.cluster().crash();
                scene.database.cluster().restart();
            }
        }
        scene.await(
                "backend " + pid + " is gone",
                "SELECT (NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = " + pid
                        + " AND datname = current_database() AND state <> 'idle'))::integer");
        afresh();
    }

    /** Nobody gets a connection from before. */
    void afresh() {
        proxy.heal();
        callers.getHikariPoolMXBean().softEvictConnections();
    }

    /** The next reply to a caller gets lost. */
    void loseTheNextReply() {
        proxy.cutAfter(FaultProxy.Direction.TO_CLIENT, 0);
    }

    /** Transactions that come to this point stop there until the session commits. */
    Session stopAt(String point) {
        scene.sql("INSERT INTO public.stop_at VALUES ('" + point + "')");
        Session stop = Session.open("stop", scene.database.dataSource());
        stop.run("SELECT pg_advisory_xact_lock(7, 7)");
        return stop;
    }

    /** Waits until a transaction has come to the point, and returns its backend. */
    int awaitStopped() {
        scene.awaitBlockedOnAdvisory(STOP);
        return Math.toIntExact(scene.database.queryLong("SELECT pid FROM pg_locks WHERE NOT granted"
                + " AND locktype = 'advisory' AND classid = 7"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    void goOn(Session stop) {
        scene.sql("DELETE FROM public.stop_at");
        stop.commit();
    }

    /** The one backend that holds a key lock. */
    int holderOfAKeyLock() {
        List<String> pids = scene.database.queryStrings("SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory'"
                + " AND classid = " + CopyScheduleTest.KEY_LOCKS
                + " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        assertThat(pids).hasSize(1);
        return Integer.parseInt(pids.get(0));
    }

    /** A write that is acknowledged and whose follower's part is left to the drain. */
    void marked(long key, long balance) {
        probe.throwAt(followerStore("upsert"), () -> new IllegalStateException("marked"));
        bank.accounts.save(new Account(key, "m" + balance, balance));
        assertThat(scene.marks()).isPositive();
    }

    PausePoint pauseAt(String point) {
        return probe.pauseAt(point);
    }

    void drain() {
        assertThat(bank.changeover.drain().awaitEmpty(Bank.NAME, Duration.ofSeconds(10)))
                .as(
                        "the marks are drained, but for %s",
                        scene.database.queryStrings("SELECT a::text FROM changeover.attempt a"))
                .isTrue();
    }

    /** G1 before the drain: what is not equal is marked; and what is read meanwhile is the authority's (G5). */
    void acknowledged(String balances) {
        assertThat(authority()).as("what was acknowledged is on the authority").isEqualTo(balances);
        if (followed()) {
            assertThat(scene.database.queryStrings("SELECT coalesce(o.id, n.id) FROM old.account o"
                            + " FULL JOIN fresh.account n USING (id)"
                            + " WHERE (o.name, o.balance, o.state) IS DISTINCT FROM (n.label, n.balance, n.state)"
                            + " AND coalesce(o.id, n.id)::text NOT IN (SELECT key FROM changeover.mark)"))
                    .as("keys that are different and not marked")
                    .isEmpty();
        }
        reads(balances);
    }

    private void reads(String balances) {
        String[] expected = balances.split(" ");
        for (int key = 1; key <= expected.length; key++) {
            long id = key;
            assertThat(shown(bank.accounts.find(id))).as("key %d, read", key).isEqualTo(expected[key - 1]);
            assertThat(shown(bank.inTransaction(() -> bank.accounts.find(id))))
                    .as("key %d, read in a unit", key)
                    .isEqualTo(expected[key - 1]);
        }
    }

    private static String shown(Optional<Account> account) {
        return account.map(a -> Long.toString(a.balance())).orElse("-");
    }

    /** G1 and G2: nothing is lost, and when the marks are drained both sides are equal. */
    void settled(String balances) {
        acknowledged(balances);
        if (followed()) {
            drain();
            assertThat(scene.differences()).as("keys that are different").isZero();
            reads(balances);
        }
        assertThat(authority()).isEqualTo(balances);
    }

    /** One after the other, for the tests of a class. */
    static final class Cache implements AutoCloseable {

        private final Map<Stage, Field> fields = new java.util.EnumMap<>(Stage.class);
        private final java.util.function.Function<Stage, Field> opening;

        Cache(java.util.function.Function<Stage, Field> opening) {
            this.opening = opening;
        }

        Field at(Stage stage) {
            return fields.computeIfAbsent(stage, opening).moveTo(stage).fill();
        }

        @Override
        public void close() {
            fields.values().forEach(Field::close);
        }
    }

    @Override
    public void close() {
        afresh();
        scene.close();
        proxy.close();
    }
}
