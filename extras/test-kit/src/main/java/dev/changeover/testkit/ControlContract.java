package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.Entry;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.OpenedFollower;
import dev.changeover.core.control.PercentChange;
import dev.changeover.core.control.Registration;
import dev.changeover.core.control.RepositoryState;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Control} must do: the rules of moves, marks and fences, with the codes of their refusals. A test of
 * an implementation extends this class. The control may be shared by all tests; each uses repositories of its own.
 */
public abstract class ControlContract {

    private static final Entry LEGACY_LEADS = new Entry(Stage.DUAL_WRITE, 2, 0, true, false, false, null);

    private static final Entry NEW_LEADS = new Entry(Stage.NEW_PRIMARY, 5, 0, true, true, false, null);

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String parent = "parent_" + NAMES.incrementAndGet();
    private final String child = "child_" + NAMES.get();
    private final String instance = "instance_" + NAMES.get();
    private int number;

    /** Creates the contract; for subclasses. */
    protected ControlContract() {}

    /** Returns the control. A move that must wait is to give up within a second or so. */
    protected abstract Control control();

    /** Returns transactions whose connections the control takes. */
    protected abstract Transactions transactions();

    /** Says that new holds every key. */
    protected abstract void backfilled(String repository);

    /** Takes the stamp of a stale side away. */
    protected abstract void reseeded(String repository);

    /** Returns the history of a repository, oldest first, each step as {@code ACTION before after actor reason}. */
    protected abstract List<String> history(String repository);

    /** Does something in a transaction. */
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    @BeforeEach
    void register() {
        number = control().register(registration(parent));
    }

    /** Nothing that one test leaves may bind another. */
    @AfterEach
    void leave() {
        control().heartbeat(instance, "test", Duration.ofMillis(1), List.of());
    }

    private static Registration registration(String name, String... dependsOn) {
        return new Registration(name, List.of(dependsOn), false, false, List.of(), List.of());
    }

    private <T> T inTransaction(TransactionSettings settings, Work<T> work) {
        try {
            return transactions()
                    .required(
                            settings,
                            () -> work.on(Objects.requireNonNull(transactions().current())
                                    .connection()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T inTransaction(Work<T> work) {
        return inTransaction(TransactionSettings.DEFAULTS, work);
    }

    private RepositoryState state(String name) {
        return control().states().stream()
                .filter(state -> state.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private List<RepositoryState> move(@Nullable Long epoch, Stage target, String... names) {
        return control().move(new Move(List.of(names), target, "alice", "test", epoch), (connection, state) -> {});
    }

    private void walk(Stage target, String... names) {
        for (Stage next = state(names[0]).stage(); next != target; ) {
            next = Stage.values()[next.ordinal() + (target.compareTo(next) > 0 ? 1 : -1)];
            if (next == Stage.RAMP) {
                List.of(names).forEach(this::backfilled);
            }
            if (next == Stage.NEW_PRIMARY) {
                control().percent(List.of(names), 100, "alice", "test");
            }
            move(null, next, names);
        }
    }

    private void mark(String... keys) {
        inTransaction(connection -> {
            control().mark(connection, number, List.of(keys), Side.LEGACY, "TEST");
            return true;
        });
    }

    private static void refused(String code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        MoveRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aRepositoryBeginsInLegacyOnlyAndIsRegisteredOnce() {
        assertThat(control().register(registration(parent))).isEqualTo(number);
        assertThat(state(parent))
                .isEqualTo(new RepositoryState(
                        parent, number, Stage.LEGACY_ONLY, 1, 0, 1, Set.of(), Set.of(), false, null));
    }

    @Test
    void aMoveGoesOneStageAndIncrementsTheEpoch() {
        assertThat(move(1L, Stage.DUAL_WRITE, parent)).containsExactly(state(parent));
        assertThat(state(parent).stage()).isEqualTo(Stage.DUAL_WRITE);
        assertThat(state(parent).epoch()).isEqualTo(2);

        refused("CO010", () -> move(null, Stage.DUAL_WRITE, parent));
        refused("CO010", () -> move(null, Stage.RAMP, parent));
        refused("CO019", () -> move(1L, Stage.SHADOW, parent));
        refused("CO001", () -> move(null, Stage.SHADOW, parent, "unknown_" + parent));
        assertThat(state(parent).epoch()).isEqualTo(2);
    }

    @Test
    void rampNeedsEveryKeyOnNewAndBeginsAtZero() {
        walk(Stage.SHADOW, parent);
        refused("CO011", () -> move(null, Stage.RAMP, parent));

        backfilled(parent);
        move(null, Stage.RAMP, parent);

        assertThat(state(parent).percent()).isZero();
        assertThat(state(parent).backfilled()).isTrue();
    }

    @Test
    void aPercentageBelongsToRampAndToItsRange() {
        refused("CO010", () -> control().percent(List.of(parent), 10, "alice", "test"));
        walk(Stage.RAMP, parent);
        long revision = state(parent).revision();

        control().percent(List.of(parent), 25, "alice", "looks good");

        assertThat(state(parent).percent()).isEqualTo(25);
        assertThat(state(parent).revision()).isEqualTo(revision + 1);
        refused("CO010", () -> control().percent(List.of(parent), 101, "alice", "test"));
        refused("CO010", () -> control().percent(List.of(parent), -1, "alice", "test"));
        refused("CO010", () -> control().percent(List.of(parent), 10, "alice", " "));
        refused("CO001", () -> control().percent(List.of(parent, "unknown_" + parent), 10, "alice", "test"));
        assertThat(state(parent).percent()).isEqualTo(25);
    }

    @Test
    void theAuthorityMovesOnlyFromAHundredPercentAndComesBackToIt() {
        walk(Stage.RAMP, parent);
        control().percent(List.of(parent), 99, "alice", "test");
        refused("CO012", () -> move(null, Stage.NEW_PRIMARY, parent));

        walk(Stage.NEW_PRIMARY, parent);
        assertThat(state(parent).percent()).isEqualTo(100);

        move(null, Stage.RAMP, parent);
        assertThat(state(parent).percent()).isEqualTo(100);
    }

    @Test
    void openMarksBlockAMoveOfAuthorityAndNoOther() {
        walk(Stage.SHADOW, parent);
        mark("1", "2");
        walk(Stage.RAMP, parent);
        control().percent(List.of(parent), 100, "alice", "test");

        refused("CO014", () -> move(null, Stage.NEW_PRIMARY, parent));
        move(null, Stage.SHADOW, parent);
    }

    @Test
    void operationsThatNewLacksBlockNewPrimary() {
        control().register(new Registration(parent, List.of(), false, false, List.of("search"), List.of()));
        walk(Stage.RAMP, parent);
        control().percent(List.of(parent), 100, "alice", "test");

        assertThatThrownBy(() -> move(null, Stage.NEW_PRIMARY, parent))
                .hasMessageContaining("search")
                .isInstanceOfSatisfying(
                        MoveRefusedException.class, e -> assertThat(e.code()).isEqualTo("CO013"));
    }

    @Test
    void aSideThatIsLeftIsStaleUntilItIsReseeded() {
        walk(Stage.DUAL_WRITE, parent);
        mark("1");
        backfilled(parent);
        move(null, Stage.LEGACY_ONLY, parent);
        assertThat(state(parent).stale()).isEqualTo(Side.NEW);
        assertThat(state(parent).backfilled()).isFalse();
        assertThat(ask(null).right()).isNull();

        walk(Stage.SHADOW, parent);
        refused("CO011", () -> move(null, Stage.RAMP, parent));
        reseeded(parent);
        assertThat(state(parent).stale()).isNull();
        assertThat(state(parent).backfilled()).isTrue();
        move(null, Stage.RAMP, parent);
    }

    @Test
    void newOnlyLeavesLegacyStaleSoThatTheWayBackNeedsAReseed() {
        walk(Stage.NEW_ONLY, parent);
        assertThat(state(parent).stale()).isEqualTo(Side.LEGACY);

        move(null, Stage.NEW_PRIMARY, parent);
        refused("CO011", () -> move(null, Stage.RAMP, parent));
        reseeded(parent);
        move(null, Stage.RAMP, parent);
    }

    @Test
    void sharedTablesNeedNeitherBackfillNorPercentage() {
        control().register(new Registration(parent, List.of(), false, true, List.of(), List.of()));
        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.RAMP, Stage.NEW_PRIMARY, Stage.NEW_ONLY)) {
            move(null, stage, parent);
        }
        assertThat(state(parent).stale()).isNull();
    }

    @Test
    void aLiveInstanceThatLagsBlocksUntilItHasSeenOrItsLeaseEnds() {
        walk(Stage.RAMP, parent);
        RepositoryState before = state(parent);
        control().percent(List.of(parent), 100, "alice", "test");
        control().heartbeat(instance, "test", Duration.ofMinutes(1), List.of(before));
        assertThatThrownBy(() -> move(null, Stage.NEW_PRIMARY, parent))
                .hasMessageContaining(instance)
                .isInstanceOfSatisfying(
                        MoveRefusedException.class, e -> assertThat(e.code()).isEqualTo("CO015"));

        control().heartbeat(instance, "test", Duration.ofMinutes(1), List.of(state(parent)));
        move(null, Stage.NEW_PRIMARY, parent);

        control().heartbeat(instance, "test", Duration.ofMillis(1), List.of());
        move(null, Stage.RAMP, parent);
    }

    @Test
    void aChildIsNeverAheadOfItsParent() {
        control().register(registration(child, parent));
        refused("CO016", () -> move(null, Stage.DUAL_WRITE, child));

        walk(Stage.SHADOW, parent);
        walk(Stage.SHADOW, child);
        backfilled(child);
        refused("CO016", () -> move(null, Stage.RAMP, child));

        walk(Stage.RAMP, parent);
        move(null, Stage.RAMP, child);
        refused("CO016", () -> control().percent(List.of(child), 10, "alice", "test"));
        control().percent(List.of(parent), 100, "alice", "test");
        control().percent(List.of(child), 100, "alice", "test");
        refused("CO016", () -> control().percent(List.of(parent), 99, "alice", "test"));
    }

    @Test
    void parentAndChildAreLedByOneSideAndMoveTogether() {
        control().register(registration(child, parent));
        walk(Stage.RAMP, parent);
        walk(Stage.RAMP, child);
        control().percent(List.of(parent, child), 100, "alice", "test");
        refused("CO016", () -> move(null, Stage.NEW_PRIMARY, parent));
        refused("CO016", () -> move(null, Stage.NEW_PRIMARY, child));

        assertThat(move(null, Stage.NEW_PRIMARY, child, parent))
                .extracting(RepositoryState::name)
                .containsExactly(parent, child);
        refused("CO016", () -> move(null, Stage.NEW_ONLY, parent));
        move(null, Stage.NEW_ONLY, child);
        move(null, Stage.NEW_ONLY, parent);
    }

    @Test
    void anAtomicParentMayBeLedByAnotherSide() {
        control().register(new Registration(parent, List.of(), true, false, List.of(), List.of()));
        control().register(registration(child, parent));
        walk(Stage.RAMP, parent);
        walk(Stage.RAMP, child);
        control().percent(List.of(parent, child), 100, "alice", "test");

        move(null, Stage.NEW_PRIMARY, parent);
    }

    @Test
    void aUnitOfWorkThatHoldsTheFenceStopsAMove() {
        inTransaction(connection -> {
            Entry entry = control().enter(connection, number, List.of("1"));
            assertThat(entry.stage()).isEqualTo(Stage.LEGACY_ONLY);
            assertThat(entry.epoch()).isEqualTo(1);
            assertThat(entry.readCommitted()).isTrue();
            refused("CO018", () -> move(null, Stage.DUAL_WRITE, parent));
            return true;
        });
        move(null, Stage.DUAL_WRITE, parent);
    }

    @Test
    void theFenceTellsTheIsolation() {
        TransactionSettings snapshot = new TransactionSettings(
                TransactionSettings.Propagation.REQUIRED,
                Connection.TRANSACTION_REPEATABLE_READ,
                null,
                false,
                failure -> true);
        boolean readCommitted = inTransaction(
                snapshot,
                connection -> control().enter(connection, number, List.of()).readCommitted());
        assertThat(readCommitted).isFalse();
    }

    @Test
    void anUnknownNumberHasNoFence() {
        assertThatThrownBy(() -> inTransaction(connection -> control().enter(connection, 1_000_000, List.of())))
                .cause()
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("CO001"));
    }

    private Answer ask(@Nullable String key) {
        try {
            return control().ask(null, number, key);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMarkIsSeenByItsUnitAndAfterItsCommitByAll() {
        walk(Stage.DUAL_WRITE, parent);
        inTransaction(connection -> {
            control().mark(connection, number, List.of("1"), Side.LEGACY, "TEST");
            assertThat(control().ask(connection, number, "1").right()).isEqualTo(Side.LEGACY);
            assertThat(control().ask(connection, number, "2").right()).isNull();
            assertThat(ask("1").right()).isNull();
            return true;
        });
        assertThat(ask("1")).isEqualTo(new Answer(Stage.DUAL_WRITE, 0, Side.LEGACY));
        assertThat(ask("2").right()).isNull();
        assertThat(ask(null).right()).isEqualTo(Side.LEGACY);
    }

    /** A query of the youngest may join the eldest through the one between, on new. */
    @Test
    void aQuestionWithoutAKeyCountsWhatNewLacksOfAllThatIsDependedOn() throws SQLException {
        int childNumber = control().register(registration(child, parent));
        int grandchild = control().register(registration("grand" + child, child, "not_registered"));
        inTransaction(connection -> {
            control().mark(connection, number, List.of("1"), Side.NEW, "TEST");
            return true;
        });
        assertThat(control().ask(null, grandchild, null).right()).isNull();
        mark("2");
        assertThat(control().ask(null, childNumber, null).right()).isEqualTo(Side.LEGACY);
        assertThat(control().ask(null, grandchild, null).right()).isEqualTo(Side.LEGACY);
        assertThat(control().ask(null, grandchild, "2").right()).isNull();
    }

    @Test
    void aMarkIsGoneWithItsUnit() {
        assertThatThrownBy(() -> inTransaction(connection -> {
                    control().mark(connection, number, List.of("1"), Side.LEGACY, "TEST");
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(ask(null).right()).isNull();
    }

    @Test
    void aCopyClearsTheMarksThatItSaw() {
        mark("1", "2");
        inTransaction(connection -> {
            control().mark(connection, number, List.of("1"), Side.LEGACY, "TEST");
            OpenedFollower opened =
                    control().openFollower(connection, number, LEGACY_LEADS, List.of("1"), FollowerLimits.DEFAULTS);
            assertThat(opened.locked()).isTrue();
            assertThat(opened.marks()).hasSize(2);
            assertThat(opened.foreignMarks()).isTrue();
            control().closeFollower(connection, number, LEGACY_LEADS, opened, List.of());
            return assertThat(ask("1").right()).isEqualTo(Side.LEGACY);
        });
        assertThat(ask("1").right()).isNull();
        assertThat(ask("2").right()).isEqualTo(Side.LEGACY);
    }

    @Test
    void aCopyThatIsUndoneMarks() {
        inTransaction(connection -> {
            OpenedFollower opened =
                    control().openFollower(connection, number, LEGACY_LEADS, List.of("1"), FollowerLimits.DEFAULTS);
            assertThat(opened.marks()).isEmpty();
            control().undoFollower(connection, number, NEW_LEADS, List.of("1"), "FAILED");
            return true;
        });
        assertThat(ask("1").right()).isEqualTo(Side.NEW);
    }

    @Test
    void aKeyIsLockedByOneUnitAtATime() throws Exception {
        FollowerLimits limits = new FollowerLimits(5, 5, 500);
        TransactionSettings another = new TransactionSettings(
                TransactionSettings.Propagation.REQUIRES_NEW, null, null, false, failure -> true);
        inTransaction(connection -> {
            control().openFollower(connection, number, LEGACY_LEADS, List.of("1", "2"), limits);
            boolean taken = inTransaction(another, other -> {
                OpenedFollower second = control().openFollower(other, number, LEGACY_LEADS, List.of("2", "3"), limits);
                control().undoFollower(other, number, LEGACY_LEADS, List.of("2", "3"), "LOCKED");
                return second.locked();
            });
            return assertThat(taken).isFalse();
        });
        inTransaction(connection -> assertThat(control()
                        .openFollower(connection, number, LEGACY_LEADS, List.of("2"), limits)
                        .locked())
                .isTrue());
    }

    @Test
    void whatIsTriedIsRefusedAsTheRealThingIsAndChangesNothing() {
        List<String> before = history(parent);
        Move jump = new Move(List.of(parent), Stage.RAMP, "alice", "test", null, null, true);
        refused("CO010", () -> control().move(jump, (connection, state) -> {}));
        Move step = new Move(List.of(parent), Stage.DUAL_WRITE, "alice", "test", null, null, true);
        assertThat(control().move(step, (connection, state) -> {}))
                .extracting(RepositoryState::stage)
                .containsExactly(Stage.DUAL_WRITE);
        assertThat(state(parent).stage()).isEqualTo(Stage.LEGACY_ONLY);
        assertThat(history(parent)).isEqualTo(before);

        PercentChange tried = new PercentChange(List.of(parent), 10, "alice", "test").dry();
        refused("CO010", () -> control().percent(tried));
        walk(Stage.RAMP, parent);
        control().percent(tried);
        assertThat(state(parent).percent()).isZero();
    }

    @Test
    void aPercentageIsChangedFromWhatWasSeenOnly() {
        walk(Stage.RAMP, parent);
        RepositoryState seen = state(parent);
        control().percent(List.of(parent), 25, "alice", "test");
        refused("CO019", () -> control().percent(from(seen.epoch(), seen.revision(), 50)));
        refused("CO019", () -> control().percent(from(seen.epoch() + 1, null, 50)));
        assertThat(state(parent).percent()).isEqualTo(25);

        control().percent(from(seen.epoch(), null, 30));
        control().percent(from(seen.epoch(), state(parent).revision(), 50));
        assertThat(state(parent).percent()).isEqualTo(50);
        move(null, Stage.SHADOW, parent);
        refused("CO019", () -> control().percent(from(seen.epoch(), null, 60)));
    }

    private PercentChange from(long epoch, @Nullable Long revision, int percent) {
        return new PercentChange(List.of(parent), percent, "alice", "test", epoch, revision, null, false);
    }

    @Test
    void theHistoryTellsWhoAndWhy() {
        walk(Stage.SHADOW, parent);
        backfilled(parent);
        move(null, Stage.RAMP, parent);
        control().percent(List.of(parent), 25, "bob", "looks good");
        control().routeLists(parent, List.of("a"), List.of("b", "c"), "carol", "the pilot");

        assertThat(state(parent).allow()).containsExactly("a");
        assertThat(state(parent).deny()).containsExactlyInAnyOrder("b", "c");
        assertThat(history(parent))
                .filteredOn(step -> !step.startsWith("SETTLE"))
                .containsExactly(
                        "MOVE LEGACY_ONLY DUAL_WRITE alice test",
                        "MOVE DUAL_WRITE SHADOW alice test",
                        "MOVE SHADOW RAMP alice test",
                        "PERCENT 0 25 bob looks good",
                        "ROUTE_LISTS - 1 allowed, 2 denied carol the pilot");
        refused("CO001", () -> control().routeLists("unknown_" + parent, List.of(), List.of(), "alice", "test"));
        refused("CO010", () -> control().routeLists(parent, List.of(), List.of(), "alice", ""));
    }
}
