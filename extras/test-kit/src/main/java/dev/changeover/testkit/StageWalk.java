package dev.changeover.testkit;

import dev.changeover.core.Drain;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.Stages;
import dev.changeover.testkit.TransitionContract.Routed;
import dev.changeover.testkit.TransitionContract.Stores;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One repository on its way through the stages, forward only. */
final class StageWalk<R, K, V> implements AutoCloseable {

    private static final String ACTOR = "contract";
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(20);

    private final TransitionContract<R, K, V> contract;
    private final ContractDatabase database;
    private final Stores<K, V> stores;
    private final BothSides<K, V> sides;
    private @Nullable Routed<R> routed;
    private boolean begun;

    StageWalk(TransitionContract<R, K, V> contract, ContractDatabase database, Stores<K, V> stores) {
        this.contract = contract;
        this.database = database;
        this.stores = stores;
        this.sides = new BothSides<>(contract);
    }

    /** Returns the running instance, started anew if it was closed. */
    Routed<R> routed() throws SQLException {
        Routed<R> running = routed;
        if (running == null) {
            running = begun ? contract.route(stores) : begin();
            routed = running;
        }
        return running;
    }

    private Routed<R> begin() throws SQLException {
        database.begin();
        Routed<R> started = contract.route(stores);
        routed = started;
        contract.prepare(started.changeover());
        begun = true;
        return started;
    }

    String repository() throws SQLException {
        return routed().repositories().get(0);
    }

    /** Moves to a stage with both sides empty; nothing is left of a test that failed. */
    R arrive(Stage target, int percent) throws SQLException {
        Routed<R> running = routed();
        database.empty();
        mustBeDrained();
        Stages stages = running.changeover().stages();
        Stage now = stages.of(repository()).stage();
        while (now != target) {
            now = step(running, now, Stage.values()[now.ordinal() + 1]);
        }
        if (target == Stage.RAMP) {
            stages.percent(running.repositories(), percent, ACTOR, "the next run");
        }
        return running.port();
    }

    private static Stage step(Routed<?> running, Stage now, Stage next) {
        Stages stages = running.changeover().stages();
        if (next == Stage.RAMP) {
            running.changeover().backfillAll(progress -> {});
        }
        if (now == Stage.RAMP) {
            stages.percent(running.repositories(), 100, ACTOR, "before the move");
        }
        stages.moveTogether(running.repositories(), next, ACTOR, "the next run");
        return next;
    }

    /** Returns what differs at keys that are not marked. */
    Map<String, String> lost(Side authority) throws SQLException {
        Map<String, String> differences =
                database.inTransaction(connection -> sides.differences(connection, authority));
        differences.keySet().removeAll(database.markedKeys(repository()));
        return differences;
    }

    /** Runs the drain and fails unless no mark is left and both sides are equal. */
    void mustConverge(Side authority) throws SQLException {
        mustBeDrained();
        Map<String, String> differences =
                database.inTransaction(connection -> sides.differences(connection, authority));
        if (!differences.isEmpty()) {
            throw new AssertionError("No key is marked, and legacy and new differ:" + BothSides.lines(differences));
        }
    }

    private void mustBeDrained() throws SQLException {
        Drain drain = routed().changeover().drain();
        List<String> all = routed().repositories();
        List<String> left = all;
        long until = System.nanoTime() + DRAINED_WITHIN.toNanos();
        while (!left.isEmpty() && System.nanoTime() < until) {
            left = all.stream().filter(name -> !drained(drain, name)).toList();
        }
        if (!left.isEmpty()) {
            String name = left.get(0);
            throw new AssertionError(
                    "The drain leaves keys of " + name + " marked: " + database.markedKeys(name) + failures(name));
        }
    }

    private String failures(String name) throws SQLException {
        List<String> failures = database.failedCopies(name);
        return failures.isEmpty() ? "" : "\n  " + String.join("\n  ", failures);
    }

    /** What failed once waits for its next try; here it is due at once, and a child may wait for its parent's turn. */
    private static boolean drained(Drain drain, String name) {
        if (drain.awaitEmpty(name, Duration.ofMillis(100))) {
            return true;
        }
        drain.retryParked(name);
        return drain.awaitEmpty(name, Duration.ofMillis(100));
    }

    @Override
    public void close() {
        Routed<R> running = routed;
        routed = null;
        if (running != null) {
            try {
                running.owner().close();
            } catch (Exception e) {
                throw new IllegalStateException("The instance could not be closed", e);
            }
        }
    }
}
