package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.KeyType;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Stage;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.testkit.Guarantee;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

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

    private static Accounts cards(Bank bank, UnaryOperator<RepositoryBuilder<Accounts, Long, Account>> dependencies) {
        return dependencies
                .apply(bank.changeover
                        .repository(CARDS, Accounts.class)
                        .entity(Account.class, KeyType.LONG, Account::id)
                        .legacy(owned(bank, "old", "name"), Bank.store("old", "card", "name"))
                        .next(owned(bank, "fresh", "label"), Bank.store("fresh", "card", "label"))
                        .route(Bank::routes))
                .build();
    }

    /** Queries show the owner's name instead of the card's. */
    private static Accounts owned(Bank bank, String schema, String nameColumn) {
        Accounts joined = new SqlAccounts(bank.transactions.dataSource(), schema + ".owned", nameColumn);
        return new ForwardingAccounts(new SqlAccounts(bank.transactions.dataSource(), schema + ".card", nameColumn)) {
            @Override
            public List<Account> all() {
                return joined.all();
            }
        };
    }

    private static Accounts cardsOnNew(Scene scene) {
        Bank bank = scene.bank();
        Accounts cards = cards(bank, builder -> builder.dependsOn(Bank.NAME));
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
}
