package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.Changeover;
import dev.changeover.core.Stage;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which reads of RAMP belong to new. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class ReadRoutingTest {

    private static final int KEYS = 300;

    private final PostgresDatabase database;
    private final AtomicInteger byNew = new AtomicInteger();
    private final AtomicInteger byLegacy = new AtomicInteger();
    private Bank bank;

    ReadRoutingTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void open() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE");
    }

    @AfterEach
    void close() {
        bank.close();
    }

    private void open(Bank.Parts parts) {
        bank = Bank.open(
                database,
                parts.withLegacy(Watched.as(Accounts.class, "legacy", point -> count(byLegacy, point)))
                        .withNext(Watched.as(Accounts.class, "new", point -> count(byNew, point))));
    }

    private static void count(AtomicInteger calls, String point) {
        if (!point.endsWith(" done")) {
            calls.incrementAndGet();
        }
    }

    private Set<Long> servedByNew() {
        Set<Long> served = new HashSet<>();
        for (long key = 0; key < KEYS; key++) {
            byNew.set(0);
            bank.accounts.find(key);
            if (byNew.get() > 0) {
                served.add(key);
            }
        }
        return served;
    }

    @Test
    @Guarantee("G5")
    void bucketsAreStickyAndMonotone() {
        open(Bank.Parts.DEFAULTS);
        bank.to(Stage.RAMP).percent(10);
        Set<Long> ten = servedByNew();
        assertThat(ten).hasSizeBetween(KEYS * 4 / 100, KEYS * 18 / 100).isEqualTo(servedByNew());
        Set<Long> twentyFive = bank.percent(25) == bank ? servedByNew() : Set.of();
        assertThat(twentyFive).containsAll(ten).hasSizeGreaterThan(ten.size());
        assertThat(bank.percent(100) == bank ? servedByNew() : Set.of()).hasSize(KEYS);
        assertThat(bank.percent(10) == bank ? servedByNew() : Set.of()).isEqualTo(ten);
    }

    @Test
    @Guarantee("G5")
    void listsBeatThePercentage() {
        open(Bank.Parts.DEFAULTS);
        bank.to(Stage.RAMP).percent(0);
        bank.changeover.stages().routeLists(Bank.NAME, List.of("1", "2"), List.of("2", "3"), "me", "why");
        assertThat(servedByNew()).containsExactly(1L);
        bank.percent(100);
        assertThat(servedByNew()).hasSize(KEYS - 2).doesNotContain(2L, 3L);
        byNew.set(0);
        assertThat(Changeover.routedBy("3", () -> bank.accounts.find(7))).isEmpty();
        assertThat(byNew).hasValue(0);
    }

    @Test
    @Guarantee("G5")
    void whatNewDoesNotHaveStaysOnLegacy() {
        open(Bank.Parts.DEFAULTS.withBuilder(builder -> builder.route(r -> r.legacyOnly("find"))));
        bank.to(Stage.RAMP).percent(100);
        assertThat(servedByNew()).isEmpty();
        bank.accounts.byName("nobody");
        assertThat(byNew).hasValue(1);
    }

    @Test
    @Guarantee("G2")
    void sharedTablesAreNeverFollowedAndTheSwitchChoosesTheCode() {
        open(Bank.Parts.DEFAULTS.withBuilder(builder -> builder.sharedTables()));
        bank.to(Stage.DUAL_WRITE);
        bank.accounts.save(new Account(900, "shared", 1));
        assertThat(database.queryLong("SELECT count(*) FROM fresh.account WHERE id = 900"))
                .isZero();
        assertThat(database.queryLong("SELECT count(*) FROM changeover.mark")).isZero();
        byLegacy.set(0);
        bank.changeover.stages().move(Bank.NAME, Stage.SHADOW, "me", "why");
        bank.changeover.stages().move(Bank.NAME, Stage.RAMP, "me", "no backfill is asked for");
        bank.percent(100);
        byNew.set(0);
        bank.accounts.find(900);
        assertThat(byNew).hasValue(1);
        bank.changeover.stages().move(Bank.NAME, Stage.NEW_PRIMARY, "me", "why");
        bank.accounts.save(new Account(901, "shared", 1));
        assertThat(bank.next.find(901)).isPresent();
        assertThat(bank.legacy.find(901)).isEmpty();
    }
}
