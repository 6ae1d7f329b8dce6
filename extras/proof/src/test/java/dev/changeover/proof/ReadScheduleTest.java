package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Answer;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.MarkedKeys;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PausePoint;
import dev.changeover.testkit.Probe;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Schedules of a read that new serves while it still follows. */
class ReadScheduleTest {

    private final Probe probe = new Probe();

    @Test
    @Guarantee("G5")
    @Counterexample("asked-once")
    void aReadThatSawAHalfFollowedUnitIsServedByTheAuthority() {
        try (Scene scene = ramp(UnaryOperator.identity())) {
            assertThat(readAcrossAUnitThatIsFollowedInPart(scene)).isEqualTo(6);
            assertThat(scene.bank().events.fallbacks).containsExactly("find MARKED");
        }
    }

    @Test
    @Counterexample(value = "asked-once", mutant = true)
    void aReadThatAsksOnlyBeforeReturnsAStateThatTheAuthorityNeverHad() {
        try (Scene scene = ramp(AskedOnce::new)) {
            assertThat(readAcrossAUnitThatIsFollowedInPart(scene)).isEqualTo(5);
        }
    }

    /** The unit sets 5, which is followed, then 6 by a statement of its own, which is marked: 5 was never committed. */
    private long readAcrossAUnitThatIsFollowedInPart(Scene scene) {
        Bank bank = scene.bank();
        try (PausePoint between = probe.pauseAt("new.find")) {
            Scene.Job<Long> read =
                    scene.job(() -> bank.accounts.find(1).orElseThrow().balance());
            between.awaitReached();
            try (Caller caller = scene.caller()) {
                caller.run(() -> bank.accounts.save(new Account(1, "a", 5)));
                caller.sql(bank, "UPDATE old.account SET balance = 6 WHERE id = 1");
                caller.run(() -> bank.changeover.changedOutside(Bank.NAME, Side.LEGACY, 1L));
                caller.commit();
            }
            assertThat(scene.balances(1)).isEqualTo("6 5");
            between.release();
            return read.join();
        }
    }

    @Test
    @Counterexample(value = "blind-cache", mutant = true)
    void aCacheThatHearsNothingOfOthersMarksServesThemForEver() {
        try (Scene scene = Scene.open(cached().withControl(Deaf::new))) {
            assertThat(readsAfterAnothersMark(scene)).containsOnly("1");
        }
    }

    @Test
    @Guarantee("G5")
    @Counterexample("blind-cache")
    void aCacheHearsOfOthersMarksWithinItsBound() {
        try (Scene scene = Scene.open(cached())) {
            assertThat(readsAfterAnothersMark(scene)).endsWith("9");
        }
    }

    private static Bank.Parts cached() {
        return Bank.Parts.DEFAULTS.withBuilder(builder -> builder.cachedMarks(Duration.ofMillis(400)));
    }

    /** Reads until the cache has been read anew several times. */
    private static List<String> readsAfterAnothersMark(Scene scene) {
        Bank bank = scene.bank();
        bank.accounts.save(new Account(1, "a", 1));
        scene.to(Stage.RAMP).bank().percent(100);
        scene.awaitTrue("new serves", () -> {
            bank.accounts.find(1);
            return bank.events.served.contains("find NEW");
        });
        scene.sql("UPDATE old.account SET balance = 9 WHERE id = 1;"
                + " SELECT changeover.mark(number, '{1}', 'LEGACY', 'TEST') FROM changeover.repository");
        List<String> reads = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMillis(1200).toNanos();
        scene.awaitTrue("three times the bound", () -> {
            reads.add(Long.toString(bank.accounts.find(1).orElseThrow().balance()));
            return System.nanoTime() > end;
        });
        return reads;
    }

    private Scene ramp(UnaryOperator<Control> control) {
        Scene scene = Scene.open(Bank.Parts.DEFAULTS
                .withNext(Watched.as(Accounts.class, "new", probe::reach))
                .withControl(control));
        scene.bank().accounts.save(new Account(1, "a", 1));
        scene.to(Stage.RAMP);
        scene.bank().percent(100);
        return scene;
    }

    /** Gives the first answer again when it is asked for the second time. */
    private static final class AskedOnce extends ForwardingControl {

        private Answer first;

        AskedOnce(Control control) {
            super(control);
        }

        @Override
        public Answer ask(Connection connection, int repository, String key) throws SQLException {
            if (first == null) {
                first = super.ask(connection, repository, key);
            }
            return first;
        }
    }

    /** Hears of no mark. */
    private static final class Deaf extends ForwardingControl {

        Deaf(Control control) {
            super(control);
        }

        @Override
        public MarkedKeys marked(int repository, int most) {
            return new MarkedKeys(Set.of(), true, false);
        }
    }
}
