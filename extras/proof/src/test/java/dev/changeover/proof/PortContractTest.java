package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Changeover;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.KeyType;
import dev.changeover.core.Routes;
import dev.changeover.core.Stage;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import dev.changeover.legacyadapter.JdbcTransactions;
import dev.changeover.testkit.Guarantee;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The caller keeps the port: its types, its exceptions, its default methods. What is unsound is refused when built. */
@PostgresTest(scripts = "dev/changeover/proof/accounts.sql")
class PortContractTest {

    /** A port with everything that a port may have. */
    interface Port {
        Account find(long id) throws IOException;

        Account[] array(Collection<Long> ids);

        int add(long id, int amount) throws IOException;

        void touch(long id);

        default String name(long id) throws IOException {
            return find(id).name() + "!";
        }

        static String constant() {
            return "static";
        }
    }

    private final PostgresDatabase database;
    private Bank bank;
    private int names;

    PortContractTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void open() {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE");
        bank = Bank.open(database);
    }

    @AfterEach
    void close() {
        bank.close();
    }

    private static <P> P scripted(Class<P> type, Function<Method, Object> script) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object result = script.apply(method);
                    if (result instanceof Throwable failure) {
                        throw failure;
                    }
                    return result;
                }));
    }

    private <P> P build(Class<P> type, P side, Consumer<Routes> routes) {
        return build(bank.changeover, type, side, routes);
    }

    private <P> P build(Changeover changeover, Class<P> type, P side, Consumer<Routes> routes) {
        return changeover
                .repository("port" + names++, type)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(side, bank.legacyStore)
                .next(side, bank.nextStore)
                .route(routes)
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"LEGACY_ONLY", "DUAL_WRITE", "RAMP", "NEW_PRIMARY"})
    @Guarantee("G10")
    void exceptionsAndErrorsAreTheVeryOnesThatThePortThrew(Stage stage) throws Exception {
        Throwable[] next = new Throwable[1];
        Port port = build(
                Port.class,
                scripted(Port.class, method -> next[0]),
                r -> r.reads("find").queries("array").writes("add", "touch"));
        database.execute("UPDATE changeover.repository SET backfilled = true, stage = '" + stage + "', epoch = 9;"
                + " UPDATE changeover.percentage SET percent = 100, revision = 9");
        bank.changeover.stages().all();
        for (Throwable thrown : new Throwable[] {
            new IOException("checked"), new IllegalStateException("unchecked"), new StackOverflowError("error")
        }) {
            next[0] = thrown;
            assertThatThrownBy(() -> port.find(1)).isSameAs(thrown);
            assertThatThrownBy(() -> port.add(1, 1)).isSameAs(thrown);
            assertThatThrownBy(() -> port.name(1)).isSameAs(thrown);
        }
    }

    @Test
    @Guarantee("G10")
    void resultsDefaultMethodsAndTheMethodsOfObjectAreThePorts() throws Exception {
        Account account = new Account(1, "a", 1);
        Account[] array = {account};
        Port side = scripted(Port.class, method -> switch (method.getName()) {
            case "find" -> account;
            case "array" -> array;
            case "add" -> 7;
            default -> null;
        });
        Port port =
                build(Port.class, side, r -> r.reads("find").queries("array").writes("add", "touch"));
        Port other =
                build(Port.class, side, r -> r.reads("find").queries("array").writes("add", "touch"));

        assertThat(port.find(1)).isSameAs(account);
        assertThat(port.array(List.of(1L))).isSameAs(array);
        assertThat(port.add(1, 1)).isEqualTo(7);
        port.touch(1);
        assertThat(port.name(1)).isEqualTo("a!");
        assertThat(port).isEqualTo(port).isNotEqualTo(other).hasToString("Port (changeover: port0)");
        assertThat(port.hashCode()).isEqualTo(port.hashCode());
        assertThat(Port.constant()).isEqualTo("static");
    }

    // ---- refused when built

    interface Undeclared {
        Account find(long id);

        Account other(long id);
    }

    interface VoidRead {
        void find(long id);
    }

    interface TwoKeys {
        int move(long from, long to);
    }

    interface Bulk {
        int closeAll();
    }

    interface Later {
        CompletionStage<Account> save(Account account);
    }

    interface One {
        Account save(Account account);
    }

    interface Unkeyed {
        Optional<Account> find(String name);
    }

    private <P> void refused(Class<P> type, Consumer<Routes> routes, String path, String problem, String remedy) {
        assertThatThrownBy(() -> build(type, scripted(type, method -> null), routes))
                .isInstanceOfSatisfying(
                        ConfigurationException.class, e -> assertThat(e.path()).contains(path))
                .hasMessageContaining(problem)
                .hasMessageContaining(remedy);
    }

    @Test
    @Guarantee("G10")
    void whatIsUndeclaredOrUnsoundIsRefusedWithPathAndRemedy() {
        refused(Undeclared.class, r -> r.reads("find"), "other(long)", "neither a read nor a write", "Declare it");
        refused(One.class, r -> r.writes("save", "remove"), ".remove", "no such method", "It has save");
        refused(VoidRead.class, r -> r.reads("find"), "find(long)", "returns nothing", "as a write");
        refused(TwoKeys.class, r -> r.writes("move"), "move(long,long)", "several arguments", "keys(\"move\"");
        refused(TwoKeys.class, r -> r.reads("move"), "move(long,long)", "several arguments", "keys(\"move\"");
        refused(Bulk.class, r -> r.writes("closeAll"), "closeAll()", "keys nothing tells", "keys(\"closeAll\"");
        refused(Later.class, r -> r.writes("save"), "save(Account)", "another thread", "direct result");
        refused(One.class, r -> r.writes("save").reads("save"), ".save", "declared twice", "Declare it once");
        refused(Unkeyed.class, r -> r.reads("find"), "find(String)", "without an argument that is the key", "lookups");
        refused(VoidRead.class, r -> r.queries("find").rehearses("find"), "find(long)", "nothing", "write");
    }

    @Test
    @Guarantee("G10")
    void whatIsMissingOrDeclaredAgainIsRefused() {
        One side = scripted(One.class, method -> null);
        assertThatThrownBy(() -> bank.changeover
                        .repository("half", One.class)
                        .entity(Account.class, KeyType.LONG, Account::id)
                        .legacy(side, bank.legacyStore)
                        .route(r -> r.writes("save"))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("half.next")
                .hasMessageContaining("Call next(");
        assertThatThrownBy(() -> bank.changeover
                        .repository(Bank.NAME, One.class)
                        .entity(Account.class, KeyType.LONG, Account::id)
                        .legacy(side, bank.legacyStore)
                        .next(side, bank.nextStore)
                        .route(r -> r.writes("save"))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("built twice");
        assertThatThrownBy(() -> bank.changeover
                        .repository("slow", One.class)
                        .entity(Account.class, KeyType.LONG, Account::id)
                        .legacy(side, bank.legacyStore)
                        .next(side, bank.nextStore)
                        .limits(new FollowerLimits(20, 900, 1_000))
                        .route(r -> r.writes("save"))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("deadlock_timeout")
                .hasMessageContaining("below half");
    }

    @Test
    @Guarantee("G10")
    void aMethodThatLeavesTheCallersTransactionIsRefused() {
        Transactions inner = JdbcTransactions.on(bank.pool);
        Transactions suspending = new Transactions() {
            @Override
            public UnitOfWork current() {
                return inner.current();
            }

            @Override
            public <T> T required(TransactionSettings settings, Callable<T> work) throws Exception {
                return inner.required(settings, work);
            }

            @Override
            public TransactionSettings settingsOf(Class<?> implementation, Method method) {
                return new TransactionSettings(
                        TransactionSettings.Propagation.REQUIRES_NEW, null, null, false, failure -> true);
            }
        };
        try (Changeover changeover = Changeover.builder()
                .dataSource(bank.pool)
                .transactions(suspending)
                .start()) {
            One side = scripted(One.class, method -> null);
            assertThatThrownBy(() -> build(changeover, One.class, side, r -> r.writes("save")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("save(Account)")
                    .hasMessageContaining("REQUIRES_NEW")
                    .hasMessageContaining("Use REQUIRED");
        }
    }

    @Test
    @Guarantee("G1")
    @Guarantee("G10")
    void aDriverThatHidesFailuresAndAMissingSchemaAreRefusedAtStart() {
        org.postgresql.ds.PGSimpleDataSource hiding = new org.postgresql.ds.PGSimpleDataSource();
        hiding.setUrl(database.jdbcUrl() + "&autosave=always");
        assertThatThrownBy(() -> Changeover.builder()
                        .dataSource(hiding)
                        .transactions(JdbcTransactions.on(hiding))
                        .start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("autosave")
                .hasMessageContaining("never");
        bank.close();
        database.execute("DROP SCHEMA changeover CASCADE");
        assertThatThrownBy(() -> Changeover.builder()
                        .dataSource(bank.pool)
                        .transactions(JdbcTransactions.on(bank.pool))
                        .start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("schema changeover")
                .hasMessageContaining("ControlSchema");
    }
}
