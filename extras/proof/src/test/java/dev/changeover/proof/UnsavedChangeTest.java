package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Stage;
import dev.changeover.core.UnsavedChangeException;
import dev.changeover.legacyadapter.JdbcStore;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services that lived with dirty checking change what a read returned, and save nothing. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class UnsavedChangeTest {

    private static final String PURSES = "purses";

    private final PostgresDatabase database;
    private Bank bank;

    UnsavedChangeTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void fill() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE; TRUNCATE old.account, fresh.account;"
                + "INSERT INTO old.account SELECT i, 'a' || i, 10 FROM generate_series(1, 3) i");
        bank = Bank.open(database);
    }

    @AfterEach
    void close() {
        bank.close();
    }

    @Test
    @Guarantee("G1")
    @Counterexample("dirty-after-flip")
    void aChangeThatNothingSavesFailsItsUnitAndSaysWhich() {
        Purses purses = open(builder -> builder.mutable(Purse::copy));

        assertThatThrownBy(() -> bank.inTransaction(() -> purses.find(2).orElseThrow().balance = 99))
                .isInstanceOfSatisfying(UnsavedChangeException.class, e -> {
                    assertThat(e.repository()).isEqualTo(PURSES);
                    assertThat(e.operation()).isEqualTo("find");
                    assertThat(e.key()).isEqualTo("2");
                });
        assertThat(balances()).isEqualTo("10 10 10");
    }

    @Test
    @Counterexample(value = "dirty-after-flip", mutant = true)
    void aChangeThatNobodyLooksForIsAcknowledgedAndLost() {
        Purses purses = open(UnaryOperator.identity());

        assertThat(bank.<Long>inTransaction(() -> purses.find(2).orElseThrow().balance = 99))
                .isEqualTo(99);
        assertThat(balances()).isEqualTo("10 10 10");
    }

    @Test
    @Guarantee("G1")
    void oneUnsavedEntityOfSeveralIsFoundInNewOnlyToo() {
        Purses purses = open(builder -> builder.mutable(Purse::copy));
        bank.changeover.stages().move(PURSES, Stage.NEW_ONLY, "test", "legacy is left");

        assertThatThrownBy(() -> bank.inTransaction(() -> {
                    List<Purse> all = purses.all();
                    all.forEach(purse -> purse.balance++);
                    purses.save(all.get(0));
                    return purses.save(all.get(2));
                }))
                .isInstanceOfSatisfying(
                        UnsavedChangeException.class, e -> assertThat(e.key()).isEqualTo("2"));
        assertThat(balances()).isEqualTo("10 10 10");
    }

    @Test
    @Guarantee("G1")
    void whatWasSavedAndWhatWasOnlyReadCommits() {
        Purses purses = open(builder -> builder.mutable(Purse::copy));

        bank.inTransaction(() -> {
            Purse one = purses.find(1).orElseThrow();
            purses.find(2);
            one.balance = 11;
            return purses.save(one);
        });
        assertThatThrownBy(() -> bank.inTransaction(() -> purses.save(new Purse(3, "a3", 12)).balance++))
                .isInstanceOf(UnsavedChangeException.class);
        assertThat(balances()).isEqualTo("11 10 10");
    }

    /** It runs between the authority's write and the follower's part, and the caller may catch what it throws. */
    @Test
    @Guarantee("G1")
    void aCopyFunctionThatThrowsLetsNothingCommitThatNobodyFollowed() {
        Purses purses = open(builder -> builder.mutable(purse -> {
            throw new IllegalStateException("cannot be copied");
        }));

        assertThatThrownBy(() -> bank.inTransaction(() -> {
                    assertThatThrownBy(() -> purses.save(new Purse(3, "a3", 12)))
                            .hasMessage("cannot be copied");
                    return true;
                }))
                .isNotNull();
        assertThat(balances()).isEqualTo("10 10 10");
    }

    @Test
    void outsideAUnitNobodyCouldHaveSavedItForTheCaller() {
        Purses purses = open(builder -> builder.mutable(Purse::copy));

        assertThatCode(() -> purses.find(2).orElseThrow().balance = 99).doesNotThrowAnyException();
    }

    @Test
    void whereLegacyIsAloneTheKeysOfAResultAreNotLookedFor() {
        AtomicInteger asked = new AtomicInteger();
        Purses purses = registered(builder -> builder.mutable(Purse::copy)
                .route(m -> m.keys("save", (given, result) -> {
                    asked.addAndGet(result == null ? 0 : 1);
                    return List.of(((Purse) given[0]).id);
                })));

        purses.save(new Purse(2, "a2", 12));

        assertThat(asked).hasValue(0);
    }

    private Purses open(UnaryOperator<RepositoryBuilder<Purses, Long, Purse>> more) {
        Purses purses = registered(more);
        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.RAMP, Stage.NEW_PRIMARY)) {
            if (stage == Stage.SHADOW) {
                bank.changeover.backfill(PURSES).run(progress -> {});
            }
            if (stage == Stage.NEW_PRIMARY) {
                bank.changeover.stages().percent(PURSES, 100, "test", "all of them");
            }
            bank.changeover.stages().move(PURSES, stage, "test", "on the way");
        }
        return purses;
    }

    private Purses registered(UnaryOperator<RepositoryBuilder<Purses, Long, Purse>> more) {
        return more.apply(bank.changeover
                        .repository(PURSES, Purses.class)
                        .entity(Purse.class, KeyType.LONG, purse -> purse.id)
                        .legacy(new SqlPurses(bank.legacy), store("old", "name"))
                        .next(new SqlPurses(bank.next), store("fresh", "label"))
                        .route(m -> m.reads("find").queries("all").writes("save")))
                .build();
    }

    private static EntityStore<Long, Purse> store(String schema, String nameColumn) {
        return JdbcStore.table(schema, "account", KeyType.LONG, "id")
                .columns(nameColumn, "balance", "state")
                .entity(
                        purse -> purse.id,
                        row -> new Purse(row.longValue("id"), row.text(nameColumn), row.longValue("balance")),
                        (purse, row) -> row.set(nameColumn, purse.name)
                                .set("balance", purse.balance)
                                .set("state", "open"));
    }

    private String balances() {
        return database.queryString("SELECT string_agg(balance::text, ' ' ORDER BY id) FROM fresh.account");
    }

    interface Purses {
        Optional<Purse> find(long id);

        List<Purse> all();

        Purse save(Purse purse);
    }

    /** An entity of the old kind. */
    static final class Purse {
        final long id;
        String name;
        long balance;

        Purse(long id, String name, long balance) {
            this.id = id;
            this.name = name;
            this.balance = balance;
        }

        Purse copy() {
            return new Purse(id, name, balance);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Purse p && p.id == id && p.balance == balance && p.name.equals(name);
        }

        @Override
        public int hashCode() {
            return Objects.hash(id, name, balance);
        }
    }

    /** New objects at each call, and nothing that flushes them. */
    private record SqlPurses(Accounts accounts) implements Purses {

        @Override
        public Optional<Purse> find(long id) {
            return accounts.find(id).map(SqlPurses::purse);
        }

        @Override
        public List<Purse> all() {
            return accounts.all().stream().map(SqlPurses::purse).toList();
        }

        @Override
        public Purse save(Purse purse) {
            return purse(accounts.save(new Account(purse.id, purse.name, purse.balance)));
        }

        private static Purse purse(Account account) {
            return new Purse(account.id(), account.name(), account.balance());
        }
    }
}
