package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Stage;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Guarantee;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a repository may read and write while one that it depends on has marks. */
class ParentsTest {

    private static final String CARDS = "cards";

    private static final TransactionSettings READ_ONLY =
            new TransactionSettings(TransactionSettings.Propagation.REQUIRED, null, null, true, failure -> true);

    /** Cards refer to accounts on both sides; their owner is kept in the column "balance". */
    private static final String TABLES = """
            CREATE TABLE old.card (id bigint PRIMARY KEY, name text NOT NULL,
                balance bigint NOT NULL REFERENCES old.account, state text NOT NULL);
            CREATE TABLE fresh.card (id bigint PRIMARY KEY, label text NOT NULL,
                balance bigint NOT NULL REFERENCES fresh.account, state text NOT NULL);
            CREATE VIEW old.owned AS SELECT c.id, a.name, c.balance, c.state
                FROM old.card c JOIN old.account a ON a.id = c.balance;
            CREATE VIEW fresh.owned AS SELECT c.id, a.label, c.balance, c.state
                FROM fresh.card c JOIN fresh.account a ON a.id = c.balance""";

    private static Scene scene(String more) {
        Scene scene = Scene.bare(TABLES + more);
        scene.bank(Bank.Parts.DEFAULTS);
        return scene;
    }

    private static RepositoryBuilder<Accounts, Long, Account> cards(Bank bank, Stores stores) {
        return repository(bank, CARDS, "card", stores);
    }

    private static RepositoryBuilder<Accounts, Long, Account> repository(
            Bank bank, String name, String table, Stores stores) {
        return bank.changeover
                .repository(name, Accounts.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(owned(bank, "old", table, "name"), stores.of("old", table, "name"))
                .next(owned(bank, "fresh", table, "label"), stores.of("fresh", table, "label"))
                .route(Bank::routes);
    }

    private interface Stores {
        EntityStore<Long, Account> of(String schema, String table, String nameColumn);
    }

    /** Queries show the owner's name instead of the card's. */
    private static Accounts owned(Bank bank, String schema, String table, String nameColumn) {
        Accounts joined = new SqlAccounts(bank.transactions.dataSource(), schema + ".owned", nameColumn);
        return new ForwardingAccounts(
                new SqlAccounts(bank.transactions.dataSource(), schema + "." + table, nameColumn)) {
            @Override
            public List<Account> all() {
                return joined.all();
            }
        };
    }

    private static Accounts cardsOnNew(Scene scene) {
        Bank bank = scene.bank();
        Accounts cards = cards(bank, Bank::store).dependsOn(Bank.NAME).build();
        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.RAMP)) {
            bank.to(stage);
            if (stage == Stage.RAMP) {
                bank.percent(100).changeover.backfill(CARDS).run(progress -> {});
            }
            bank.changeover.stages().move(CARDS, stage, "test", "after its parent");
        }
        bank.changeover.stages().percent(CARDS, 100, "test", "all");
        bank.accounts.save(new Account(7, "Ada", 1));
        cards.save(new Account(1, "card", 7));
        assertThat(scene.marks()).isZero();
        return cards;
    }

    private static List<String> owners(Accounts cards) {
        return cards.all().stream().map(Account::name).toList();
    }

    @Test
    @Guarantee("G5")
    void aQueryThatMayJoinAMarkedParentIsServedByTheAuthority() {
        try (Scene scene = scene("")) {
            Bank bank = scene.bank();
            Accounts cards = cardsOnNew(scene);
            bank.events.served.clear();
            assertThat(owners(cards)).containsExactly("Ada");
            scene.marked(() -> bank.accounts.save(new Account(7, "Eve", 1)));
            assertThat(owners(cards)).containsExactly("Eve");
            assertThat(bank.inTransaction(READ_ONLY, () -> owners(cards))).containsExactly("Eve");
            cards.byName("card");
            cards.find(1);
            scene.drain();
            assertThat(owners(cards)).containsExactly("Eve");
            assertThat(bank.inTransaction(READ_ONLY, () -> owners(cards))).containsExactly("Eve");
            assertThat(bank.events.served)
                    .containsExactly(
                            "all NEW", "all LEGACY", "all LEGACY", "byName LEGACY", "find NEW", "all NEW", "all NEW");
            assertThat(bank.events.fallbacks).containsExactly("all MARKED", "all MARKED", "byName MARKED");
        }
    }

    @Test
    @Guarantee("G5")
    void aMarkOfAChildKeepsNoQueryOfItsParentFromNew() {
        try (Scene scene = scene("")) {
            Accounts cards = cardsOnNew(scene);
            scene.marked(() -> cards.save(new Account(1, "other", 7)));
            scene.bank().events.served.clear();
            scene.bank().accounts.all();
            cards.all();
            assertThat(scene.bank().events.served).containsExactly("all NEW", "all LEGACY");
        }
    }

    @Test
    void aQueryThatAsksForItsOwnMarksOnlyJoinsAStaleParent() {
        try (Scene scene = scene("")) {
            Accounts cards = cardsOnNew(scene);
            scene.sql("CREATE OR REPLACE FUNCTION changeover.lineage(p_repository integer) RETURNS SETOF integer"
                    + " LANGUAGE sql STABLE AS 'SELECT p_repository'");
            scene.marked(() -> scene.bank().accounts.save(new Account(7, "Eve", 1)));
            assertThat(owners(cards)).containsExactly("Ada");
        }
    }

    private static Accounts following(Scene scene, RepositoryBuilder<Accounts, Long, Account> builder, String name) {
        Accounts built = builder.build();
        scene.to(Stage.DUAL_WRITE).bank().changeover.stages().move(name, Stage.DUAL_WRITE, "test", "after its parent");
        return built;
    }

    private static Accounts followingCards(Scene scene) {
        return following(scene, cards(scene.bank(), Bank::store).dependsOn(Bank.NAME, Account::balance), CARDS);
    }

    private static String on(Scene scene, Caller caller, String sql) {
        return caller.get(() -> scene.queryOn(scene.bank().connection(), sql));
    }

    private static long onNew(Scene scene, String table) {
        return scene.database.queryLong("SELECT count(*) FROM fresh." + table);
    }

    private static final String DEFERRED =
            "; ALTER TABLE fresh.card ALTER CONSTRAINT card_balance_fkey DEFERRABLE INITIALLY DEFERRED";

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    @Guarantee("G1")
    @Guarantee("G2")
    void aWriteOfAChildBringsItsMarkedParentOverFirst(boolean folded, boolean deferred) {
        try (Scene scene = scene(deferred ? DEFERRED : "")) {
            Bank bank = scene.bank();
            Stores stores = folded ? FoldedScheduleTest::projected : Bank::store;
            Accounts cards = following(scene, cards(bank, stores).dependsOn(Bank.NAME, Account::balance), CARDS);
            scene.marked(() -> bank.accounts.save(new Account(7, "Ada", 1)));
            scene.marked(() -> bank.accounts.save(new Account(8, "not named", 1)));
            bank.events.marks.clear();
            Caller caller = scene.caller();
            caller.sql(bank, "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '7s'");
            caller.run(() -> cards.save(new Account(1, "card", 7)));
            assertThat(on(scene, caller, "SELECT string_agg(label, ' ') FROM fresh.owned"))
                    .isEqualTo("Ada");
            assertThat(on(scene, caller, "SELECT string_agg(key, ' ') FROM changeover.mark"))
                    .isEqualTo("8");
            assertThat(on(
                            scene,
                            caller,
                            "SELECT concat_ws(' ', current_setting('lock_timeout'),"
                                    + " current_setting('statement_timeout'), current_setting('row_security'))"))
                    .isEqualTo("3s 7s on");
            assertThat(scene.marks()).isEqualTo(2);
            caller.commit();
            assertThat(scene.marks()).isOne();
            assertThat(bank.events.marks).isEmpty();
            assertThat(onNew(scene, "owned")).isOne();
            scene.drain();
            assertThat(scene.differences()).isZero();
        }
    }

    @Test
    @Guarantee("G2")
    void aCallerThatRollsBackLeavesTheParentMarked() {
        try (Scene scene = scene("")) {
            Accounts cards = followingCards(scene);
            scene.marked(() -> scene.bank().accounts.save(new Account(7, "Ada", 1)));
            Caller caller = scene.caller();
            caller.run(() -> cards.save(new Account(1, "card", 7)));
            caller.rollback();
            assertThat(scene.marks()).isOne();
            assertThat(onNew(scene, "account")).isZero();
        }
    }

    @Test
    @Guarantee("G2")
    void theParentOfAMarkedParentComesFirst() {
        try (Scene scene = scene("""
                ;CREATE TABLE old.stamp (id bigint PRIMARY KEY, name text NOT NULL,
                    balance bigint NOT NULL REFERENCES old.card, state text NOT NULL);
                CREATE TABLE fresh.stamp (id bigint PRIMARY KEY, label text NOT NULL,
                    balance bigint NOT NULL REFERENCES fresh.card, state text NOT NULL)""")) {
            Bank bank = scene.bank();
            Accounts cards = followingCards(scene);
            Accounts stamps = following(
                    scene,
                    repository(bank, "stamps", "stamp", Bank::store).dependsOn(CARDS, Account::balance),
                    "stamps");
            scene.marked(() -> bank.accounts.save(new Account(7, "Ada", 1)));
            scene.marked(() -> cards.save(new Account(1, "card", 7)));
            stamps.save(new Account(3, "stamp", 1));
            assertThat(scene.marks()).isZero();
            assertThat(onNew(scene, "owned")).isOne();
            assertThat(onNew(scene, "stamp")).isOne();
        }
    }

    /** The lock of the parent's key, and its fence, which a move holds exclusively. */
    @ParameterizedTest
    @ValueSource(strings = {"1128813415, changeover.key_lock(number, '7')", "1128813414, number"})
    @Guarantee("G1")
    @Guarantee("G3")
    void aParentThatIsLockedLeavesTheChildMarkedAndTheCallerUnharmed(String lock) throws SQLException {
        try (Scene scene = scene("");
                Connection holder = scene.database.connection()) {
            Bank bank = scene.bank();
            Accounts cards = followingCards(scene);
            scene.marked(() -> bank.accounts.save(new Account(7, "Ada", 1)));
            bank.events.marks.clear();
            holder.setAutoCommit(false);
            scene.queryOn(
                    holder,
                    "SELECT pg_advisory_xact_lock(" + lock
                            + ")::text FROM changeover.repository WHERE name = 'accounts'");
            Caller caller = scene.caller();
            long start = System.nanoTime();
            caller.run(() -> cards.save(new Account(1, "card", 7)));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
            caller.commit();
            holder.rollback();
            assertThat(bank.events.marks).containsExactly("LOCKED");
            assertThat(scene.marks()).isEqualTo(2);
            scene.drain();
            bank.changeover.drain().drainNow(CARDS);
            assertThat(scene.marks()).isZero();
            assertThat(onNew(scene, "owned")).isOne();
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G4")
    void aParentThatNewLeadsByNowIsNotOverwritten() {
        try (Scene scene = scene("")) {
            Accounts cards = followingCards(scene);
            scene.marked(() -> scene.bank().accounts.save(new Account(7, "Ada", 1)));
            scene.sql("UPDATE changeover.repository SET stage = 'NEW_PRIMARY' WHERE name = 'accounts'");
            cards.save(new Account(1, "card", 7));
            assertThat(scene.marks()).isEqualTo(2);
            assertThat(onNew(scene, "account")).isZero();
        }
    }

    @Test
    @Guarantee("G3")
    void aParentKeyOfAnotherTypeLeavesTheChildMarked() {
        try (Scene scene = scene("")) {
            Bank bank = scene.bank();
            Accounts cards = following(scene, cards(bank, Bank::store).dependsOn(Bank.NAME, Account::name), CARDS);
            scene.marked(() -> bank.accounts.save(new Account(7, "Ada", 1)));
            bank.events.marks.clear();
            cards.save(new Account(1, "card", 7));
            assertThat(bank.events.marks).containsExactly("FAILED");
            assertThat(bank.events.failures).last().isInstanceOf(ClassCastException.class);
        }
    }

    @Test
    @Guarantee("G6")
    void aRehearsalThatLacksAMarkedParentIsNoDivergence() {
        try (Scene scene = scene("")) {
            Bank bank = scene.bank();
            Accounts cards = following(
                    scene,
                    cards(bank, Bank::store)
                            .dependsOn(Bank.NAME, Account::balance)
                            .route(m -> m.rehearses("save")),
                    CARDS);
            bank.changeover.backfillAll(progress -> {});
            scene.marked(() -> bank.accounts.save(new Account(7, "Ada", 1)));
            cards.save(new Account(1, "card", 7));
            cards.save(new Account(2, "card", 7));
            assertThat(bank.events.rehearsals).containsExactly("save skipped MARKED", "save equal");
            assertThat(scene.marks()).isZero();
        }
    }
}
