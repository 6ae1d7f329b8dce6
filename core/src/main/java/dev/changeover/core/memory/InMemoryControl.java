package dev.changeover.core.memory;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Side;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.MoveRounds;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.core.control.PercentChange;
import dev.changeover.core.control.Registration;
import dev.changeover.core.control.RepositoryState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stages, fences, marks and history in memory, for unit tests of services. The rules and the codes of refusals are those
 * of the control schema. Works with {@link InMemoryTransactions} only; nothing survives the object, nothing is drained
 * in the background, and nothing is rehearsed, since a map cannot be rolled back.
 *
 * <pre>{@code
 * InMemoryControl control = new InMemoryControl();
 * Changeover changeover = Changeover.builder()
 *         .control(control)
 *         .transactions(new InMemoryTransactions())
 *         .start();
 * }</pre>
 */
public final class InMemoryControl implements Control {

    /** A few short rounds: a test wants to hear of a refusal at once. */
    private static final MoveRounds ROUNDS = new MoveRounds(Duration.ofMillis(50), 4, Duration.ofSeconds(2), 0);

    /**
     * A key whose present state the other side may not have.
     *
     * @param id its number, in the order in which marks were set
     * @param repository the number of the repository
     * @param key the key as text
     * @param right the side that was right
     * @param reason why it was marked
     */
    public record Mark(long id, int repository, String key, Side right, String reason) {}

    /**
     * One step of the history.
     *
     * @param repository the repository
     * @param action what was done: {@code MOVE}, {@code PERCENT}, {@code ROUTE_LISTS}, {@code SETTLE}
     * @param before the value before, or null
     * @param after the value after
     * @param epoch the epoch after it, or null where it has none
     * @param actor who did it
     * @param reason why
     */
    public record Step(
            String repository,
            String action,
            @Nullable String before,
            String after,
            @Nullable Long epoch,
            String actor,
            String reason) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Switchboard switchboard = new Switchboard();
    private final MarkBook marks = new MarkBook();
    private final Instances instances;
    private final MoveRounds rounds;

    /** Creates a control that knows no repository yet. */
    public InMemoryControl() {
        this(ROUNDS, System::nanoTime);
    }

    /**
     * Creates a control with another patience and another clock.
     *
     * @param rounds how long a move waits for units of work, marks and instances
     * @param clock nanoseconds, for the leases of instances
     */
    public InMemoryControl(MoveRounds rounds, LongSupplier clock) {
        this.rounds = rounds;
        this.instances = new Instances(clock);
    }

    /** Returns the committed marks of a repository, oldest first. */
    public List<Mark> marks(String repository) {
        return locked(() -> marks.of(switchboard.named(repository).state().number()));
    }

    /** Takes the marks of a repository away, as a drain does after it has copied their keys. */
    public void clearMarks(String repository) {
        change(() -> marks.forget(switchboard.named(repository).state().number()));
    }

    /** Returns what was done to all repositories, oldest first. */
    public List<Step> history() {
        return locked(switchboard::history);
    }

    /** Says that new holds every key of a repository, as a backfill does at its end. */
    public void backfilled(String repository) {
        change(() -> switchboard.backfilled(repository));
    }

    /** Takes the stamp of a stale side away, as is done after a reseed and a verification. */
    public void reseeded(String repository) {
        change(() -> switchboard.reseeded(repository));
    }

    @Override
    public int register(Registration registration) {
        return locked(() -> switchboard.register(registration));
    }

    @Override
    public List<RepositoryState> states() {
        return locked(switchboard::states);
    }

    @Override
    public void heartbeat(String instance, String application, Duration lease, Collection<RepositoryState> seen) {
        change(() -> instances.heartbeat(instance, lease, seen));
    }

    @Override
    public boolean rehearses() {
        return false;
    }

    @Override
    public Entry enter(Connection connection, int repository, @Nullable List<String> keys) throws SQLException {
        InMemoryUnit unit = NoConnection.unit(connection);
        return asking(() -> {
            RepositoryState state = switchboard.numbered(repository);
            own(unit).fences.add(repository);
            return new Entry(
                    state.stage(),
                    state.epoch(),
                    0,
                    unit.readCommitted(),
                    state.backfilled(),
                    state.stale() != null,
                    null);
        });
    }

    @Override
    public Answer ask(@Nullable Connection connection, int repository, @Nullable String key) throws SQLException {
        return asking(() -> {
            RepositoryState state = switchboard.numbered(repository);
            UnitMarks own = connection == null ? new UnitMarks() : own(NoConnection.unit(connection));
            Stream<Mark> open = key == null
                    ? marksOfLineage(own, state)
                    : marks.visible(own, repository).stream()
                            .filter(mark -> mark.key().equals(key));
            return new Answer(
                    state.stage(),
                    state.percent(),
                    open.map(Mark::right).findFirst().orElse(null));
        });
    }

    /** A query may join the parents: what new lacks of them counts, too. */
    private Stream<Mark> marksOfLineage(UnitMarks own, RepositoryState state) {
        return switchboard.lineage(state).stream()
                .flatMap(number -> marks.visible(own, number).stream())
                .filter(mark -> mark.repository() == state.number() || mark.right() == Side.LEGACY);
    }

    @Override
    public void setReadSavepoint(Connection connection) {}

    @Override
    public void releaseReadSavepoint(Connection connection) {}

    @Override
    public void undoReadSavepoint(Connection connection) {}

    @Override
    public OpenedFollower openFollower(
            Connection connection, int repository, Entry entry, List<String> keys, FollowerLimits limits) {
        InMemoryUnit unit = NoConnection.unit(connection);
        List<UnitMarks.Key> wanted =
                keys.stream().map(key -> new UnitMarks.Key(repository, key)).toList();
        return locked(() -> {
            UnitMarks own = own(unit);
            own.opened.clear();
            return await(() -> marks.free(own, wanted), TimeUnit.MILLISECONDS.toNanos(limits.keyWait()))
                    ? marks.open(own, repository, wanted)
                    : new OpenedFollower(false, List.of(), false, List.of());
        });
    }

    @Override
    public void closeFollower(
            Connection connection,
            int repository,
            Entry entry,
            OpenedFollower opened,
            List<String> deferredConstraints) {
        InMemoryUnit unit = NoConnection.unit(connection);
        change(() -> own(unit).clear(opened.marks()));
    }

    @Override
    public void rollbackFollower(Connection connection) {
        InMemoryUnit unit = NoConnection.unit(connection);
        change(() -> giveBackLocks(unit));
    }

    @Override
    public void undoFollower(Connection connection, int repository, Entry entry, List<String> keys, String reason) {
        InMemoryUnit unit = NoConnection.unit(connection);
        change(() -> {
            giveBackLocks(unit);
            marks.mark(own(unit), repository, keys, entry.authority(), reason);
        });
    }

    private void giveBackLocks(InMemoryUnit unit) {
        UnitMarks own = own(unit);
        own.opened.forEach(own.locks::remove);
    }

    @Override
    public void mark(Connection connection, int repository, List<String> keys, Side right, String reason) {
        InMemoryUnit unit = NoConnection.unit(connection);
        change(() -> marks.mark(own(unit), repository, keys, right, reason));
    }

    /** Nothing here could converge the last keys: marks that stay open refuse the move. */
    @Override
    public List<RepositoryState> move(Move move, LastKeys lastKeys) {
        return locked(() -> {
            long waited = 0;
            while (true) {
                try {
                    return switchboard.move(move, kept -> check(kept, move), state -> marks.forget(state.number()));
                } catch (MoveRefusedException refusal) {
                    long left = patience(refusal.code()) - waited;
                    if (left <= 0) {
                        throw refusal;
                    }
                    waited += pause(left);
                }
            }
        });
    }

    private void check(Kept kept, Move move) {
        RepositoryState state = kept.state();
        if (marks.fenced(state.number())) {
            throw MoveRules.refused(
                    "CO018",
                    "open units of work hold the fence of " + state.name(),
                    "Nothing was changed. End them or wait for them");
        }
        MoveRules.check(kept, move.target(), marks.of(state.number()).size(), instances.lagging(state));
    }

    private long patience(String code) {
        return switch (code) {
            case "CO014", "CO018" -> rounds.round().toNanos() * rounds.rounds();
            case "CO015" -> rounds.instanceWait().toNanos();
            default -> 0;
        };
    }

    @Override
    public void percent(PercentChange asked) {
        change(() -> switchboard.percent(asked));
    }

    @Override
    public void routeLists(
            String repository, Collection<String> allow, Collection<String> deny, String actor, String reason) {
        change(() -> switchboard.routeLists(repository, allow, deny, actor, reason));
    }

    /** Returns what is kept of a unit, from its first use here to its end. */
    private UnitMarks own(InMemoryUnit unit) {
        return unit.resource(this, () -> {
            UnitMarks begun = marks.begin();
            unit.afterCompletion(committed -> change(() -> marks.end(begun, committed)));
            return begun;
        });
    }

    private boolean await(BooleanSupplier condition, long nanos) {
        long left = nanos;
        while (!condition.getAsBoolean()) {
            if (left <= 0) {
                return false;
            }
            left -= pause(left);
        }
        return true;
    }

    /** Gives the lock away until something changes, or for a moment, since leases end without a sign. */
    @SuppressWarnings("WaitNotInLoop") // every caller asks again
    private long pause(long atMost) {
        long moment = Math.min(atMost, TimeUnit.MILLISECONDS.toNanos(10));
        try {
            return Math.max(1, moment - changed.awaitNanos(moment));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return atMost;
        }
    }

    private void change(Runnable change) {
        locked(() -> {
            change.run();
            changed.signalAll();
            return true;
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private <T> T asking(SqlSupplier<T> work) throws SQLException {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private interface SqlSupplier<T> {
        T get() throws SQLException;
    }
}
