package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.changeover.core.Changeover;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.Policy;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.StateComparison;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.Probe;
import dev.changeover.testkit.RepositoryTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Contracts over something that is broken, each of which must fail, where it is broken and with a message that says so. */
class BrokenTransitionsTest {

    private static final String STAGES = "everyTestPassesOnEachSideAloneAndInEveryStage";
    private static final String LAW = "theMappingKeepsTheRoundTripLaw";
    private static final String FAULTS = "aFailingFollowerIsNotSeen";

    /** A contract in which something may be exchanged. */
    abstract static class Broken extends AccountsTransitionTest {

        Broken(PostgresDatabase database) {
            super(database);
        }

        RepositoryBuilder<Accounts, Long, Account> registered(
                RepositoryBuilder<Accounts, Long, Account> builder, Stores<Long, Account> stores) {
            return builder.legacy(legacy(), stores.legacy())
                    .next(next(), stores.next())
                    .route(Bank::routes);
        }

        @Override
        protected void prepare(Changeover changeover) {} // no sentinels: they would mend some of it

        @Override
        protected Routed<Accounts> route(Stores<Long, Account> stores) {
            Changeover changeover = Changeover.builder()
                    .dataSource(dataSource())
                    .transactions(transactions())
                    .start();
            Accounts accounts = registered(
                            changeover
                                    .repository("accounts", Accounts.class)
                                    .entity(Account.class, KeyType.LONG, Account::id),
                            stores)
                    .compare(comparison())
                    .limits(new FollowerLimits(20, 20, 200))
                    .build();
            return Routed.of(changeover, accounts, "accounts");
        }
    }

    /** A store that changes what it writes. */
    private static final class Changing extends ProbedStore {

        private final UnaryOperator<Account> change;

        Changing(EntityStore<Long, Account> store, UnaryOperator<Account> change) {
            super(store, new Probe());
            this.change = change;
        }

        private List<Account> changed(Collection<Account> accounts) {
            return accounts.stream().map(change).toList();
        }

        @Override
        public void upsert(Connection connection, Collection<Account> entities) throws SQLException {
            super.upsert(connection, changed(entities));
        }

        @Override
        public Set<Long> insertMissing(Connection connection, Collection<Account> entities) throws SQLException {
            return super.insertMissing(connection, changed(entities));
        }
    }

    static class ForgetsTheState extends Broken {
        ForgetsTheState(PostgresDatabase database) {
            super(database);
        }

        @Override
        protected Stores<Long, Account> stores() {
            return new Stores<>(
                    super.stores().legacy(),
                    new Changing(super.stores().next(), a -> new Account(a.id(), a.name(), a.balance(), "open")));
        }

        @Override
        protected Stream<Account> samples() {
            return Stream.of(new Account(1L, "Ada", 5, "closed"), new Account(2, "Bea", 5));
        }
    }

    @Test
    void aFieldThatNewForgetsIsNamed() {
        Map<String, String> failures = failures(ForgetsTheState.class, LAW);

        assertThat(failures)
                .containsOnlyKeys(
                        "Account[id=1, name=Ada, balance=5, state=closed] > goes to new and back",
                        "legacy as it is: INSERT INTO old.account VALUES (1, ' two  blanks ', 1, 'dormant?')");
        assertThat(failures.values())
                .anySatisfy(message -> assertThat(message)
                        .contains("Key 1 is not in new what it is in legacy: state (VALUE)")
                        .contains("before: Account[id=1, name=Ada, balance=5, state=closed]")
                        .contains("now:    Account[id=1, name=Ada, balance=5, state=open]"));
    }

    static class Trims extends Broken {
        Trims(PostgresDatabase database) {
            super(database);
        }

        @Override
        protected Stores<Long, Account> stores() {
            return new Stores<>(
                    new Trimming(super.stores().legacy()), super.stores().next());
        }

        @Override
        protected Stream<Account> samples() {
            return Stream.of(new Account(1, " blanks ", 5));
        }

        private static final class Trimming extends ProbedStore {
            Trimming(EntityStore<Long, Account> store) {
                super(store, new Probe());
            }

            @Override
            public Map<Long, Account> find(Connection connection, Collection<Long> keys) throws SQLException {
                Map<Long, Account> found = new LinkedHashMap<>(super.find(connection, keys));
                found.replaceAll((id, a) -> new Account(a.id(), a.name().trim(), a.balance(), a.state()));
                return found;
            }
        }
    }

    @Test
    void aLetterThatLegacyLosesOnTheWayBackIsShown() {
        Map<String, String> failures = failures(Trims.class, LAW);

        assertThat(failures.get("Account[id=1, name= blanks , balance=5, state=open] > goes to new and back"))
                .contains("Legacy does not keep what is written to it. Name what it cannot hold in lossyInLegacy():"
                        + " name (VALUE)");
        assertThat(failures.entrySet())
                .anySatisfy(
                        failure -> assertThat(failure.getValue())
                                .contains("Written back from new, legacy is not what it was")
                                .contains(
                                        "before: \"old\".\"account\"[id='1', name=' two  blanks ', balance='1', state='dormant?']")
                                .contains(
                                        "now:    \"old\".\"account\"[id='1', name='two  blanks', balance='1', state='dormant?']"));
    }

    static class DeclaresItsLoss extends Trims {
        DeclaresItsLoss(PostgresDatabase database) {
            super(database);
        }

        @Override
        protected Set<String> lossyInLegacy() {
            return Set.of("name");
        }

        @Override
        protected Stream<String> legacyRows() {
            return Stream.empty();
        }
    }

    @Test
    void aDeclaredLossIsAllowedOnTheWayToLegacyOnly() {
        assertThat(failures(DeclaresItsLoss.class, LAW).values())
                .singleElement()
                .asString()
                .contains("Written back from new, legacy is not what it was");
    }

    static class AsksTheClock extends Broken {
        AsksTheClock(PostgresDatabase database) {
            super(database);
        }

        @Override
        protected Stores<Long, Account> stores() {
            return new Stores<>(
                    super.stores().legacy(),
                    new Changing(
                            super.stores().next(),
                            a -> new Account(a.id(), a.name(), a.balance(), "at " + System.nanoTime())));
        }

        @Override
        protected Stream<Account> samples() {
            return Stream.of(new Account(1, "Ada", 5));
        }

        @Override
        protected StateComparison<Account> comparison() {
            return (a, b) -> List.of(); // sees nothing, so that only the rows can tell
        }
    }

    @Test
    void aMappingThatAsksTheClockIsSeenByItsRows() {
        Map<String, String> failures = failures(AsksTheClock.class, LAW);

        assertThat(failures.keySet())
                .contains(
                        "Account[id=1, name=Ada, balance=5, state=open] > a second write to new changes no row",
                        "Account[id=1, name=Ada, balance=5, state=open] > makes the same rows in new each time")
                .noneMatch(name -> name.contains("a second write to legacy"));
        assertThat(failures.values())
                .anySatisfy(
                        message -> assertThat(message)
                                .contains(
                                        "Written again, the same entity makes other rows in NEW. A mapping is a pure function"));
    }

    static class KeepsWhatIsRemoved extends Broken {
        KeepsWhatIsRemoved(PostgresDatabase database) {
            super(database);
        }

        @Override
        protected Stores<Long, Account> stores() {
            return new Stores<>(
                    super.stores().legacy(), new ProbedStore(super.stores().next(), new Probe()) {
                        @Override
                        public void remove(Connection connection, Collection<Long> keys) {}
                    });
        }
    }

    @Test
    void whatIsNotRemovedIsSeenByTheLawAndByTheTestsInEveryStageThatCopiesIt() {
        assertThat(failures(KeepsWhatIsRemoved.class, LAW).values())
                .isNotEmpty()
                .allSatisfy(message -> assertThat(message)
                        .contains("was removed from NEW, and is still returned by find and keysAfter"));
        Map<String, String> failures = failures(KeepsWhatIsRemoved.class, STAGES);
        assertThat(failures.keySet())
                .contains("DUAL_WRITE > aDeletedAccountIsGone")
                .noneMatch(name -> name.startsWith("LEGACY_ONLY"));
    }

    static class NamesTheWrongKey extends Broken {
        NamesTheWrongKey(PostgresDatabase database) {
            super(database);
        }

        @Override
        RepositoryBuilder<Accounts, Long, Account> registered(
                RepositoryBuilder<Accounts, Long, Account> builder, Stores<Long, Account> stores) {
            return super.registered(builder, stores).route(m -> m.keys("add", (arguments, result) -> List.of(99L)));
        }
    }

    @Test
    void aWriteWhoseKeyIsNotNamedIsSeenWhereASideFollows() {
        Map<String, String> failures = failures(NamesTheWrongKey.class, STAGES);

        assertThat(failures.keySet())
                .contains(
                        "DUAL_WRITE > aSumIsAddedToOneAccountOnly",
                        "SHADOW > aSumIsAddedToOneAccountOnly",
                        "NEW_PRIMARY > aSumIsAddedToOneAccountOnly")
                .noneMatch(name -> name.contains("alone") || name.contains("_ONLY >") || name.contains("Deleted"));
        assertThat(failures.get("DUAL_WRITE > aSumIsAddedToOneAccountOnly"))
                .contains("No key is marked, and legacy and new differ:")
                .contains("key 1: balance (VALUE); legacy has Account[id=1, name=Ada, balance=7, state=open],"
                        + " new has Account[id=1, name=Ada, balance=5, state=open]");
    }

    static class Swallows extends Broken {
        Swallows(PostgresDatabase database) {
            super(database);
        }

        @Override
        RepositoryBuilder<Accounts, Long, Account> registered(
                RepositoryBuilder<Accounts, Long, Account> builder, Stores<Long, Account> stores) {
            return super.registered(builder, new Stores<>(stores.legacy(), new Swallowing(stores.next())));
        }

        private static final class Swallowing extends ProbedStore {
            Swallowing(EntityStore<Long, Account> store) {
                super(store, new Probe());
            }

            @Override
            public void upsert(Connection connection, Collection<Account> entities) throws SQLException {
                Savepoint before = connection.setSavepoint();
                try {
                    super.upsert(connection, entities);
                } catch (SQLException | RuntimeException e) {
                    connection.rollback(before);
                }
            }
        }
    }

    @Test
    void aStoreThatSwallowsItsFailuresIsSeen() {
        Map<String, String> failures = failures(Swallows.class, FAULTS);

        assertThat(failures.get("DUAL_WRITE, NEW throws a RuntimeException > aSavedAccountIsFound"))
                .contains("NEW lacks what was written, and the keys are not marked:\n  key 1: the entity (MISSING);"
                        + " legacy has Account[id=1, name=Ada, balance=5, state=open], new has null");
        assertThat(failures.keySet()).noneMatch(name -> name.startsWith("NEW_PRIMARY"));
    }

    static class NewAnswersOtherwise extends Broken {
        NewAnswersOtherwise(PostgresDatabase database) {
            super(database);
        }

        @Override
        protected Accounts next() {
            return new ForwardingAccounts(super.next()) {
                @Override
                public Optional<Account> byName(String name) {
                    return Optional.empty();
                }
            };
        }
    }

    @Test
    void aNewRepositoryThatAnswersOtherwiseFailsWhereItIsAsked() {
        assertThat(failures(NewAnswersOtherwise.class, STAGES).keySet())
                .containsExactlyInAnyOrder(
                        "new alone > aSavedAccountIsFound",
                        "RAMP 100 % > aSavedAccountIsFound",
                        "NEW_PRIMARY > aSavedAccountIsFound",
                        "NEW_ONLY > aSavedAccountIsFound");
    }

    static class LetsTheFollowerThrow extends Broken {
        LetsTheFollowerThrow(PostgresDatabase database) {
            super(database);
        }

        @Override
        RepositoryBuilder<Accounts, Long, Account> registered(
                RepositoryBuilder<Accounts, Long, Account> builder, Stores<Long, Account> stores) {
            return super.registered(builder, stores).policy(Policy.ATOMIC);
        }
    }

    @Test
    void aFollowerThatReachesTheCallerIsSeen() {
        Map<String, String> failures = failures(LetsTheFollowerThrow.class, FAULTS);

        for (String fault : List.of(
                "throws a RuntimeException",
                "throws an SQLException",
                "throws an Error",
                "is slow beyond its limit",
                "is locked by another session")) {
            assertThat(failures.keySet())
                    .contains(
                            "DUAL_WRITE, NEW " + fault + " > aSavedAccountIsFound",
                            "NEW_PRIMARY, LEGACY " + fault + " > aSavedAccountIsFound");
        }
    }

    static class UsesItsOwnStores extends Broken {
        UsesItsOwnStores(PostgresDatabase database) {
            super(database);
        }

        @Override
        RepositoryBuilder<Accounts, Long, Account> registered(
                RepositoryBuilder<Accounts, Long, Account> builder, Stores<Long, Account> stores) {
            return super.registered(builder, stores());
        }
    }

    @Test
    void aFaultThatNobodyMeetsProvesNothing() {
        Map<String, String> failures = failures(UsesItsOwnStores.class, FAULTS);

        assertThat(failures)
                .hasSize(8)
                .allSatisfy((name, message) -> assertThat(name).endsWith(" > the fault was met"))
                .allSatisfy((name, message) -> assertThat(message)
                        .contains("this proves nothing")
                        .contains("let route(..) use the stores that it is given"));
    }

    static class TakesNoRepository extends Broken {
        TakesNoRepository(PostgresDatabase database) {
            super(database);
        }

        @RepositoryTest
        void alone() {}
    }

    @Test
    void aTestThatTakesNoRepositoryIsRefused() {
        assertThat(failures(TakesNoRepository.class, STAGES).values())
                .singleElement()
                .asString()
                .contains("TakesNoRepository.alone must return nothing and take the repository as its only parameter");
    }

    /** Runs one part of a contract and returns the messages of what failed, by the names of the nodes. */
    private static Map<String, String> failures(Class<?> contract, String factory) {
        Events events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(contract, factory))
                .execute()
                .allEvents();
        return events.failed().stream()
                .collect(Collectors.toMap(
                        BrokenTransitionsTest::name, BrokenTransitionsTest::message, (a, b) -> a, LinkedHashMap::new));
    }

    private static String name(Event event) {
        List<String> names = new ArrayList<>();
        var node = event.getTestDescriptor();
        while (node.getParent().isPresent()
                && node.getUniqueId().getLastSegment().getType().startsWith("dynamic")) {
            names.add(0, node.getDisplayName());
            node = node.getParent().get();
        }
        return String.join(" > ", names);
    }

    private static String message(Event event) {
        return String.valueOf(event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow());
    }
}
