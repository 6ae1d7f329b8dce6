package dev.changeover.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.control.Registration;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.memory.InMemoryControl;
import dev.changeover.core.memory.InMemoryTransactions;
import dev.changeover.core.memory.MapStore;
import dev.changeover.core.spi.TransactionSettings;
import dev.changeover.core.spi.Transactions;
import dev.changeover.core.spi.UnitOfWork;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is undeclared or unsound is refused when a repository is built, naming the method and the remedy. */
class RoutesTest {

    record User(Long id, String name) {}

    interface Base {
        Optional<User> find(long id);

        User save(User user);
    }

    interface Small extends Base {}

    interface WithDefault extends Base {
        default String nameOf(long id) {
            return find(id).map(User::name).orElse("nobody");
        }

        static String helper() {
            return "static";
        }
    }

    interface Overloads extends Base {
        Optional<User> find(String name);
    }

    interface Bulk extends Base {
        int purge(String state);
    }

    interface Two extends Base {
        void merge(long from, long to);
    }

    interface Later extends Base {
        CompletableFuture<User> later(User user);
    }

    interface Sometime extends Base {
        Future<User> later(User user);
    }

    interface Reactive extends Base {
        Flow.Publisher<User> later(User user);
    }

    interface Silent extends Base {
        void touch(long id);
    }

    interface Mutable extends Base {
        Date lastSeen(long id);
    }

    interface Annotated {
        @Read
        Optional<User> find(long id);

        @Write(FollowerMode.REHEARSE)
        User save(User user);
    }

    private final List<String> notShadowed = new ArrayList<>();
    private final List<TransactionSettings.Propagation> propagation = new ArrayList<>();
    private final InMemoryControl control = new InMemoryControl();
    private final Changeover changeover = Changeover.builder()
            .control(control)
            .transactions(new Declared())
            .listener(new ChangeoverListener() {
                @Override
                public void notShadowed(String repository, String operation, String why) {
                    notShadowed.add(operation + ": " + why);
                }
            })
            .start();

    /** Transactions whose methods say what the test wants. */
    private final class Declared implements Transactions {
        private final InMemoryTransactions memory = new InMemoryTransactions();

        @Override
        public UnitOfWork current() {
            return memory.current();
        }

        @Override
        public <T> T required(TransactionSettings settings, Callable<T> work) throws Exception {
            return memory.required(settings, work);
        }

        @Override
        public TransactionSettings settingsOf(Class<?> implementation, Method method) {
            return propagation.isEmpty()
                    ? TransactionSettings.DEFAULTS
                    : new TransactionSettings(propagation.get(0), null, null, false, failure -> true);
        }
    }

    @AfterEach
    void close() {
        changeover.close();
    }

    private <R> R build(Class<R> port, Consumer<Routes> routes) {
        Object nothing = Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {port.isInterface() ? port : Base.class},
                (proxy, method, arguments) -> method.getName().equals("find") ? Optional.empty() : null);
        @SuppressWarnings("unchecked")
        R side = (R) nothing;
        return changeover
                .repository("users", port)
                .entity(User.class, KeyType.LONG, User::id)
                .legacy(side, MapStore.over(new HashMap<>(), KeyType.LONG, User::id))
                .next(side, MapStore.over(new HashMap<>(), KeyType.LONG, User::id))
                .route(routes)
                .build();
    }

    private void refused(Class<?> port, Consumer<Routes> routes, String path, String... words) {
        assertThatThrownBy(() -> build(port, routes))
                .isInstanceOfSatisfying(
                        ConfigurationException.class, e -> assertThat(e.path()).isEqualTo("users." + path))
                .hasMessageContainingAll(words);
        assertThat(control.states()).as("nothing was registered").isEmpty();
    }

    private static void base(Routes routes) {
        routes.reads("find").writes("save");
    }

    @Test
    void whatIsDeclaredIsBuilt() {
        assertThat(build(Small.class, RoutesTest::base)).hasToString("Small (changeover: users)");
        assertThat(control.states()).hasSize(1);
    }

    @Test
    void anUndeclaredMethodIsRefused() {
        refused(Small.class, m -> m.reads("find"), "save(User)", "neither a read nor a write", "writes");
    }

    @Test
    void anUndeclaredDefaultMethodCallsTheOthersAndAStaticOneIsNone() {
        assertThat(build(WithDefault.class, RoutesTest::base).nameOf(1)).isEqualTo("nobody");
    }

    @Test
    void anUnknownMethodIsRefusedWithThoseThereAre() {
        refused(Small.class, m -> m.reads("find", "fnd").writes("save"), "fnd", "no such method", "find(long)");
    }

    @Test
    void aMethodIsDeclaredOnce() {
        refused(Small.class, m -> m.reads("find").writes("save", "find"), "find", "declared twice");
        refused(Small.class, m -> m.writes("save").queries("save"), "save", "declared twice");
    }

    @Test
    void overloadsAreToldApartBySignature() {
        build(
                Overloads.class,
                m -> m.reads("find(long)").lookups("find( String )").writes("save"));
    }

    @Test
    void aWriteWithoutKeysIsRefusedUntilTheyAreNamed() {
        refused(
                Bulk.class,
                m -> m.reads("find").writes("save", "purge"),
                "purge(String)",
                "keys nothing tells",
                "keys(\"purge\"");
        build(Bulk.class, m -> m.reads("find").writes("save", "purge").keys("purge", (a, r) -> List.of()));
    }

    @Test
    void severalArgumentsOfTheKeysTypeAreRefused() {
        refused(
                Two.class,
                m -> m.reads("find").writes("save", "merge"),
                "merge(long,long)",
                "several arguments have the type of the key");
        refused(Two.class, m -> m.reads("find", "merge").writes("save"), "merge(long,long)", "returns nothing");
    }

    @Test
    void resultsThatComeFromOutsideTheTransactionAreRefused() {
        Consumer<Routes> routes = m -> m.reads("find").writes("save", "later");
        refused(Later.class, routes, "later(User)", "outside the transaction");
        refused(Sometime.class, routes, "later(User)", "outside the transaction");
        refused(Reactive.class, routes, "later(User)", "outside the transaction");
    }

    @Test
    void aReadReturnsSomethingAndHasNoFollower() {
        refused(Silent.class, m -> m.reads("find", "touch").writes("save"), "touch(long)", "returns nothing");
        refused(
                Small.class,
                m -> m.reads("find").writes("save").rehearses("find"),
                "find(long)",
                "a read has no follower");
    }

    @Test
    void aReadByKeyNeedsAKey() {
        refused(
                Overloads.class,
                m -> m.reads("find").writes("save"),
                "find(String)",
                "without an argument that is the key",
                "lookups");
    }

    @Test
    void aWriteJoinsTheTransactionOfTheCaller() {
        for (TransactionSettings.Propagation value : TransactionSettings.Propagation.values()) {
            if (!value.joins()) {
                propagation.clear();
                propagation.add(value);
                refused(Small.class, RoutesTest::base, "save(User)", value.name(), "REQUIRED");
            }
        }
        propagation.set(0, TransactionSettings.Propagation.MANDATORY);
        build(Small.class, RoutesTest::base);
    }

    @Test
    void aClassIsNoPort() {
        assertThatThrownBy(() -> build(Object.class, RoutesTest::base))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is not an interface");
    }

    @Test
    void aMutableResultWithoutASnapshotIsTold() {
        build(Mutable.class, m -> m.reads("find", "lastSeen").writes("save"));
        assertThat(notShadowed).singleElement().asString().startsWith("lastSeen: its result is mutable");
    }

    @Test
    void annotationsDeclareTooAndWiringWins() {
        build(Annotated.class, m -> m.legacyOnly("find"));
        assertThat(control.states()).hasSize(1);
    }

    @Test
    void aRepositoryIsBuiltOnce() {
        build(Small.class, RoutesTest::base);
        assertThatThrownBy(() -> build(Small.class, RoutesTest::base))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("built twice");
    }

    @Test
    void aSideThatIsMissingIsNamed() {
        assertThatThrownBy(() -> changeover
                        .repository("users", Small.class)
                        .entity(User.class, KeyType.LONG, User::id)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("users.legacy")
                .hasMessageContaining("legacy(implementation, store)");
    }

    @Test
    void operationsThatNewLacksAreRegistered() {
        control.register(new Registration("users", List.of(), false, false, List.of(), List.of()));
        build(Small.class, m -> m.reads("find").writes("save").legacyOnly("find"));
        assertThatThrownBy(() -> {
                    for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.RAMP, Stage.NEW_PRIMARY)) {
                        control.backfilled("users");
                        if (stage == Stage.NEW_PRIMARY) {
                            changeover.stages().percent("users", 100, "test", "test");
                        }
                        changeover.stages().move("users", stage, "test", "test");
                    }
                })
                .isInstanceOfSatisfying(
                        MoveRefusedException.class, e -> assertThat(e.code()).isEqualTo("CO013"))
                .hasMessageContaining("find");
    }
}
