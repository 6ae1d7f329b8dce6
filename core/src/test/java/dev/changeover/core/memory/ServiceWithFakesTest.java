package dev.changeover.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.Changeover;
import dev.changeover.core.ChangeoverException;
import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.MoveRefusedException;
import dev.changeover.core.Side;
import dev.changeover.core.Stage;
import dev.changeover.core.event.ChangeoverListener;
import dev.changeover.core.spi.TransactionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a team can write to test a service that uses the library: ports on maps, and no database. */
class ServiceWithFakesTest {

    record User(Long id, String name) {}

    interface Users {
        Optional<User> find(long id);

        long count();

        User save(User user);

        void delete(long id);
    }

    record MapUsers(Map<Long, User> map) implements Users {
        @Override
        public Optional<User> find(long id) {
            return Optional.ofNullable(map.get(id));
        }

        @Override
        public long count() {
            return map.size();
        }

        @Override
        public User save(User user) {
            map.put(user.id(), user);
            return user;
        }

        @Override
        public void delete(long id) {
            map.remove(id);
        }
    }

    /** The service of the application: it knows the port and nothing else. */
    record Greeter(Users users) {
        String rename(long id, String name) {
            users.save(new User(id, name));
            return users.find(id).map(user -> "Hello " + user.name()).orElse("Who?");
        }
    }

    private final Map<Long, User> old = new ConcurrentHashMap<>();
    private final Map<Long, User> fresh = new ConcurrentHashMap<>();
    private final InMemoryControl control = new InMemoryControl();
    private final InMemoryTransactions transactions = new InMemoryTransactions();
    private final List<String> events = new ArrayList<>();
    private final EntityStore<Long, User> freshStore = MapStore.over(fresh, KeyType.LONG, User::id);
    private boolean followerIsBroken;
    private final Changeover changeover = Changeover.builder()
            .control(control)
            .transactions(transactions)
            .listener(new ChangeoverListener() {
                @Override
                public void readServed(String r, String operation, Side side, long nanos, boolean failed) {
                    events.add(operation + " " + side);
                }

                @Override
                public void rehearsalSkipped(String r, String operation, String reason) {
                    events.add(operation + " skipped " + reason);
                }
            })
            .start();
    private final Users users = changeover
            .repository("users", Users.class)
            .entity(User.class, KeyType.LONG, User::id)
            .legacy(new MapUsers(old), MapStore.over(old, KeyType.LONG, User::id))
            .next(new MapUsers(fresh), breakable())
            .route(m ->
                    m.reads("find").queries("count").writes("save", "delete").rehearses("save"))
            .build();
    private final Greeter greeter = new Greeter(users);

    @AfterEach
    void close() {
        changeover.close();
    }

    private void to(Stage stage) {
        changeover.stages().move("users", stage, "test", "walk");
    }

    private void ramp(int percent) {
        to(Stage.DUAL_WRITE);
        to(Stage.SHADOW);
        control.backfilled("users");
        to(Stage.RAMP);
        changeover.stages().percent("users", percent, "test", "ramp");
    }

    @Test
    void aServiceIsRoutedThroughTheStages() {
        assertThat(greeter.rename(1, "Ada")).isEqualTo("Hello Ada");
        assertThat(fresh).isEmpty();

        ramp(100);
        assertThat(greeter.rename(1, "Bea")).isEqualTo("Hello Bea");
        assertThat(fresh).isEqualTo(old).containsEntry(1L, new User(1L, "Bea"));
        assertThat(events).contains("find LEGACY", "find NEW", "save skipped NO_DATABASE");

        to(Stage.NEW_PRIMARY);
        users.save(new User(2L, "Cid"));
        users.delete(1);
        assertThat(old).isEqualTo(fresh).containsOnlyKeys(2L);

        to(Stage.NEW_ONLY);
        users.save(new User(3L, "Dan"));
        assertThat(old).doesNotContainKey(3L);
        assertThat(changeover.stages().of("users").stale()).isEqualTo(Side.LEGACY);
        assertThat(control.history())
                .extracting(InMemoryControl.Step::action)
                .containsExactly("MOVE", "MOVE", "SETTLE", "MOVE", "PERCENT", "MOVE", "MOVE");
    }

    @Test
    void aFollowerThatThrowsLeavesAMarkAndTheCallerDoesNotNotice() {
        ramp(100);
        users.save(new User(1L, "Ada"));
        followerIsBroken = true;

        assertThat(greeter.rename(1, "Bea")).isEqualTo("Hello Bea");

        assertThat(fresh.get(1L).name()).isEqualTo("Ada");
        assertThat(control.marks("users")).singleElement().satisfies(mark -> {
            assertThat(mark.key()).isEqualTo("1");
            assertThat(mark.right()).isEqualTo(Side.LEGACY);
            assertThat(mark.reason()).isEqualTo("FAILED");
        });
        assertThatThrownBy(() -> to(Stage.NEW_PRIMARY))
                .isInstanceOfSatisfying(
                        MoveRefusedException.class, e -> assertThat(e.code()).isEqualTo("CO014"));

        followerIsBroken = false;
        users.save(new User(1L, "Cid"));
        assertThat(control.marks("users")).isEmpty();
        to(Stage.NEW_PRIMARY);
    }

    @Test
    void aMarkGoesWithTheUnitOfWorkThatIsRolledBack() throws Exception {
        ramp(0);
        followerIsBroken = true;

        assertThatThrownBy(() -> transactions.required(() -> {
                    users.save(new User(1L, "Ada"));
                    throw new IllegalStateException("the service failed");
                }))
                .hasMessage("the service failed");
        assertThat(control.marks("users")).isEmpty();

        transactions.required(() -> {
            users.save(new User(1L, "Ada"));
            TransactionSettings nested =
                    new TransactionSettings(TransactionSettings.Propagation.NESTED, null, null, false, failure -> true);
            assertThatThrownBy(() -> transactions.required(nested, () -> {
                        users.save(new User(2L, "Bea"));
                        throw new IllegalStateException("the inner part failed");
                    }))
                    .hasMessage("the inner part failed");
            return true;
        });
        assertThat(control.marks("users")).extracting(InMemoryControl.Mark::key).containsExactly("1");
    }

    @Test
    void writesUnderAnotherIsolationAreMarked() throws Exception {
        ramp(0);
        TransactionSettings snapshot = new TransactionSettings(
                TransactionSettings.Propagation.REQUIRED,
                Connection.TRANSACTION_REPEATABLE_READ,
                null,
                false,
                failure -> true);

        transactions.required(snapshot, () -> users.save(new User(1L, "Ada")));

        assertThat(control.marks("users"))
                .extracting(InMemoryControl.Mark::reason)
                .containsExactly("ISOLATION");
    }

    @Test
    void aMoveWaitsForNoUnitOfWorkForLong() throws Exception {
        to(Stage.DUAL_WRITE);
        CyclicBarrier inside = new CyclicBarrier(2);
        CyclicBarrier moved = new CyclicBarrier(2);
        Thread writer = new Thread(() -> {
            try {
                transactions.required(() -> {
                    users.save(new User(1L, "Ada"));
                    inside.await(10, TimeUnit.SECONDS);
                    return moved.await(10, TimeUnit.SECONDS);
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writer.start();
        inside.await(10, TimeUnit.SECONDS);

        assertThatThrownBy(() -> to(Stage.SHADOW))
                .isInstanceOfSatisfying(
                        MoveRefusedException.class, e -> assertThat(e.code()).isEqualTo("CO018"));

        moved.await(10, TimeUnit.SECONDS);
        writer.join();
        to(Stage.SHADOW);
    }

    @Test
    void aConnectionOfMemoryRefusesEveryUse() throws Exception {
        transactions.required(() -> {
            Connection connection = transactions.current().connection();
            assertThatThrownBy(connection::createStatement)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("createStatement")
                    .hasMessageContaining("MapStore");
            assertThat(connection).hasToString("no connection: a unit of work in memory");
            return assertThat(connection).isEqualTo(connection);
        });
    }

    @Test
    void whatNeedsADatabaseSaysSo() {
        assertThatThrownBy(changeover::drain)
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("data source");
        assertThatThrownBy(() -> changeover.backfill("users"))
                .isInstanceOf(ChangeoverException.class)
                .hasMessageContaining("data source");
    }

    /** The store of new, which a test can break. */
    private EntityStore<Long, User> breakable() {
        return new EntityStore<>() {
            @Override
            public List<String> tables() {
                return freshStore.tables();
            }

            @Override
            public Map<Long, User> find(Connection connection, Collection<Long> keys) throws SQLException {
                return freshStore.find(connection, keys);
            }

            @Override
            public void upsert(Connection connection, Collection<User> entities) throws SQLException {
                if (followerIsBroken) {
                    throw new IllegalStateException("no table");
                }
                freshStore.upsert(connection, entities);
            }

            @Override
            public Set<Long> insertMissing(Connection connection, Collection<User> entities) throws SQLException {
                return freshStore.insertMissing(connection, entities);
            }

            @Override
            public void remove(Connection connection, Collection<Long> keys) throws SQLException {
                freshStore.remove(connection, keys);
            }

            @Override
            public List<Long> keysAfter(Connection connection, Long after, int limit) throws SQLException {
                return freshStore.keysAfter(connection, after, limit);
            }

            @Override
            public long estimatedCount(Connection connection) throws SQLException {
                return freshStore.estimatedCount(connection);
            }
        };
    }
}
