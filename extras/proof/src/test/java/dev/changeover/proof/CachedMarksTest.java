package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.Stage;
import dev.changeover.core.control.Control;
import dev.changeover.core.control.MarkedKeys;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.Probe;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Reads outside transactions that look at marks which were read a moment ago. */
class CachedMarksTest {

    private static final Bank.Parts CACHED =
            Bank.Parts.DEFAULTS.withBuilder(builder -> builder.cachedMarks(Duration.ofMillis(400)));

    private final Probe probe = new Probe();

    @Test
    @Guarantee("G5")
    void whatThisInstanceMarkedIsReadFromTheAuthorityAtOnce() {
        try (Scene scene = ramp(CACHED)) {
            Bank bank = scene.bank();
            servedByNew(scene);
            for (int i = 2; i < 40; i++) {
                probe.throwAt("new.upsert", () -> new IllegalStateException("marked, please"));
                bank.accounts.save(new Account(1, "v" + i, i));
                assertThat(bank.accounts.find(1)).contains(new Account(1, "v" + i, i));
            }
        }
    }

    @Test
    @Guarantee("G5")
    void whatAnotherMarkedIsReadFromTheAuthorityAfterTheBound() {
        try (Scene scene = ramp(CACHED)) {
            servedByNew(scene);
            scene.sql("UPDATE old.account SET name = 'other', balance = 9 WHERE id = 1;"
                    + " SELECT changeover.mark(number, '{1}', 'LEGACY', 'TEST') FROM changeover.repository");
            scene.awaitTrue(
                    "the mark is seen",
                    () -> scene.bank().accounts.find(1).orElseThrow().balance() == 9);
            assertThat(scene.bank().accounts.count()).isEqualTo(1);
            assertThat(scene.bank().events.fallbacks).contains("find MARKED", "count MARKED");
        }
    }

    @Test
    @Guarantee("G5")
    void anInstanceThatCannotReadTheMarksServesFromTheAuthority() {
        AtomicBoolean blind = new AtomicBoolean();
        try (Scene scene = ramp(CACHED.withControl(control -> new Blind(control, blind)))) {
            servedByNew(scene);
            blind.set(true);
            scene.awaitTrue("the cache is too old", () -> {
                scene.bank().accounts.find(1);
                return scene.bank().events.fallbacks.contains("find CACHE_TOO_OLD");
            });
            blind.set(false);
            scene.bank().events.served.clear();
            servedByNew(scene);
        }
    }

    @Test
    @Guarantee("G5")
    void aReadInsideATransactionGoesOnToAsk() {
        try (Scene scene = ramp(Bank.Parts.DEFAULTS.withBuilder(builder -> builder.cachedMarks(Duration.ofHours(1))))) {
            servedByNew(scene);
            scene.sql("UPDATE old.account SET balance = 9 WHERE id = 1;"
                    + " SELECT changeover.mark(number, '{1}', 'LEGACY', 'TEST') FROM changeover.repository");
            try (Caller caller = scene.caller(new dev.changeover.core.spi.TransactionSettings(
                    dev.changeover.core.spi.TransactionSettings.Propagation.REQUIRED, null, null, true, e -> true))) {
                assertThat(caller.get(() -> scene.bank().accounts.find(1))
                                .orElseThrow()
                                .balance())
                        .isEqualTo(9);
            }
        }
    }

    @Test
    void aBoundThatNobodyCanKeepIsRefused() {
        assertThatThrownBy(() -> Scene.open(
                        Bank.Parts.DEFAULTS.withBuilder(builder -> builder.cachedMarks(Duration.ofMillis(1)))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cachedMarks");
    }

    private Scene ramp(Bank.Parts parts) {
        Scene scene = Scene.open(parts.withNextStore(
                store -> Watched.as(EntityStore.class, "new", probe).apply(store)));
        scene.bank().accounts.save(new Account(1, "a", 1));
        scene.to(Stage.RAMP);
        scene.bank().percent(100);
        scene.bank().events.served.clear();
        return scene;
    }

    private static void servedByNew(Scene scene) {
        scene.awaitTrue("new serves", () -> {
            scene.bank().accounts.find(1);
            return scene.bank().events.served.contains("find NEW");
        });
    }

    private static final class Blind extends ForwardingControl {

        private final AtomicBoolean blind;

        Blind(Control control, AtomicBoolean blind) {
            super(control);
            this.blind = blind;
        }

        @Override
        public MarkedKeys marked(int repository, int most) throws SQLException {
            if (blind.get()) {
                throw new SQLException("no connection", "08006");
            }
            return super.marked(repository, most);
        }
    }
}
