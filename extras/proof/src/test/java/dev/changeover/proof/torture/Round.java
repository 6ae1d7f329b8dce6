package dev.changeover.proof.torture;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.testkit.Count;
import dev.changeover.testkit.History;
import dev.changeover.testkit.Kills;
import dev.changeover.testkit.PostgresDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One round: its actors write, read, move and kill for a while; then everything is drained, compared and checked. */
final class Round {

    private static final long LONGEST_HANG_MILLIS = 60_000;

    final Plan plan;
    final PostgresDatabase database;
    final History<Row, Object> history;
    final List<Count> counters = Stream.generate(Count::new).limit(Row.COUNTERS).toList();
    final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    final AtomicLong serialization = new AtomicLong();
    final AtomicLong counted = new AtomicLong();
    final AtomicLong stageChanged = new AtomicLong();
    final AtomicLong gone = new AtomicLong();
    final AtomicLong reads = new AtomicLong();
    final AtomicLong foreign = new AtomicLong();
    final AtomicLong conflicts = new AtomicLong();
    final AtomicLong turnedAway = new AtomicLong();
    final AtomicLong astray = new AtomicLong();
    final AtomicLong undeclared = new AtomicLong();
    final Kills kills;
    final List<Town> towns = new ArrayList<>();
    private final Rules rules;
    private volatile boolean over;
    private volatile long moves;
    private volatile long refused;
    private long preloaded;

    Round(PostgresDatabase database, Plan plan, Rules rules) {
        this.database = database;
        this.plan = plan;
        this.rules = rules;
        this.history = new History<>(plan.seed);
        this.kills = new Kills(database.cluster(), database.name(), history.random("killer"));
    }

    boolean isOver() {
        return over;
    }

    /** How many keys were changed by units that were acknowledged. */
    long acknowledged() {
        return history.acknowledged() - preloaded + counted.get();
    }

    void moved(long done, long notDone) {
        moves = done;
        refused = notDone;
    }

    long moves() {
        return moves;
    }

    long refused() {
        return refused;
    }

    Verdict run() {
        try (kills) {
            preload();
            for (int i = 0; i < plan.instances; i++) {
                towns.add(new Town(database.pool(plan.writers + 10), plan, rules));
            }
            if (plan.watched) {
                towns.get(0).watch(plan.strangers);
            }
            climb();
            String sql = rules.sql().apply(database);
            if (!sql.isEmpty()) {
                database.execute(sql);
            }
            act();
            return new Settling(this).verdict();
        } finally {
            towns.forEach(Town::close);
        }
    }

    /** To the lowest stage of the plan, before anybody writes. */
    private void climb() {
        Town town = towns.get(0);
        for (Stage stage : Stage.values()) {
            if (stage != Stage.LEGACY_ONLY && stage.compareTo(plan.lowest) <= 0) {
                Steps.prepare(town, stage);
                town.changeover.stages().moveTogether(Town.BOTH, stage, "torture", "climb");
                if (stage == Stage.RAMP) {
                    town.changeover.stages().percent(Town.BOTH, 100, "torture", "climb");
                }
            }
        }
        if (plan.lowest != Stage.LEGACY_ONLY) {
            Steps.complete(town);
        }
    }

    private void preload() {
        new Preload(this).run();
        preloaded = history.acknowledged();
    }

    private void act() {
        Mover mover = new Mover(this);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < plan.writers; i++) {
            threads.add(thread("writer " + i, new Writer(this, towns.get(i % towns.size()), i)));
        }
        for (int i = 0; i < 2; i++) {
            threads.add(thread("reader " + i, new Reader(this, towns.get(i % towns.size()), i)));
        }
        for (int i = 0; i < plan.strays; i++) {
            threads.add(thread("stray " + i, new Stray(this, towns.get(i % towns.size()), i)));
        }
        for (int i = 0; i < plan.blue + plan.green; i++) {
            Side side = i < plan.blue ? Side.LEGACY : Side.NEW;
            threads.add(thread("stranger " + i, new Stranger(this, side, i)));
        }
        if (plan.oldBuild) {
            threads.add(thread("old build", new OldBuild(this)));
        }
        threads.add(thread("mover", mover));
        if (plan.kills()) {
            threads.add(thread("killer", new Killer(this)));
        }
        threads.forEach(Thread::start);
        pause(plan.work.toMillis());
        over = true;
        long until = System.currentTimeMillis() + LONGEST_HANG_MILLIS;
        threads.forEach(thread -> join(thread, until));
        towns.forEach(Town::awaitShadow);
    }

    /** Where another actor could overtake this one. */
    void window(Random random) {
        if (plan.windowMillis > 0 && random.nextInt(3) == 0) {
            pause(random.nextInt(plan.windowMillis));
        }
    }

    private Thread thread(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable failure) {
                        errors.add(failure);
                    }
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    private void join(Thread thread, long until) {
        try {
            thread.join(Math.max(1, until - System.currentTimeMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            errors.add(new AssertionError(thread.getName() + " hangs: " + hanging()));
        }
    }

    private List<String> hanging() {
        return database.queryStrings("SELECT concat_ws(' | ', state, wait_event_type, wait_event, query)"
                + " FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'");
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Every key that a reader may ask for. */
    Row anyRow(Random random) {
        int stripe = random.nextInt(plan.writers);
        if (plan.blue > 0 && random.nextInt(8) == 0) {
            int stranger = random.nextInt(plan.blue + plan.green);
            int index = random.nextInt(Stranger.KEYS);
            return random.nextBoolean() ? Row.strangeAccount(stranger, index) : Row.strangeOwner(stranger, index);
        }
        return switch (random.nextInt(8)) {
            case 0 -> Row.anchor(stripe);
            case 1 -> Row.owner(stripe, random.nextInt(plan.keys), plan.writers);
            case 2 -> Row.shared(random.nextInt(Row.SHARED));
            case 3 -> Row.counter(random.nextInt(Row.COUNTERS));
            default -> Row.account(stripe, random.nextInt(plan.keys), plan.writers);
        };
    }

    /** Fills legacy before the first stage. */
    private record Preload(Round round) {

        void run() {
            Plan plan = round.plan;
            List<String> statements = new ArrayList<>();
            History<Row, Object>.Unit unit = round.history.begin();
            IntStream.range(0, plan.writers).forEach(stripe -> {
                Owner owner = new Owner(Row.anchor(stripe).id(), "anchor", 0, List.of());
                unit.write(Row.anchor(stripe), owner);
                statements.add("INSERT INTO old.owner VALUES (" + owner.id() + ", 'anchor', 0)");
            });
            IntStream.range(0, Row.COUNTERS)
                    .forEach(i ->
                            statements.add(account(new Account(Row.counter(i).id(), null, "counter", 0))));
            if (plan.preloaded) {
                for (int id = 1; id <= plan.writers * plan.keys; id += 2) {
                    Account account = new Account((long) id, null, "preloaded", id);
                    unit.write(Row.account(id), account);
                    statements.add(account(account));
                }
            }
            round.database.execute(String.join(";", statements));
            unit.acknowledged();
        }

        private static String account(Account account) {
            return "INSERT INTO old.account VALUES (" + account.id() + ", NULL, '" + account.name() + "', "
                    + account.balance() + ")";
        }
    }
}
