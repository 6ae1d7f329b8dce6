package dev.changeover.examples;

import dev.changeover.core.Changeover;
import dev.changeover.core.Strangers;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.legacy.LegacySide;
import dev.changeover.examples.next.NewSide;
import dev.changeover.examples.next.Release;
import dev.changeover.testkit.TransitionContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.springframework.transaction.support.TransactionTemplate;

/** What the application relies on, whichever side it is on and in every stage. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ExampleContract<K, V> extends TransitionContract<Ports, K, V> {

    static final Instant T0 = Instant.parse("2026-01-01T10:00:00.123456789Z");
    static final Instant T1 = T0.plusMillis(1500);
    static final Instant T2 = T1.plusMillis(2600);

    /** Enough for every statement of a follower that is well. */
    private static final FollowerLimits LIMITS = new FollowerLimits(20, 20, 100);

    private final TestDatabase database = TestDatabase.withBothSchemas();
    private final FlushMarks flushMarks = new FlushMarks();
    private final LegacySide legacy = new LegacySide(database.pool(), Schemas.DEFAULT, flushMarks);
    private final NewSide next = new NewSide(database.pool(), Schemas.DEFAULT, () -> Release.TWO);
    final WiredStores wired = WiredStores.of(Schemas.DEFAULT);

    @AfterAll
    void close() {
        legacy.close();
        database.close();
    }

    @Override
    protected DataSource dataSource() {
        return database.pool();
    }

    @Override
    protected Ports legacy() {
        return new Ports(legacy.users(), legacy.rooms(), legacy.auditLogs());
    }

    @Override
    protected Ports next() {
        return new Ports(next.users(), next.rooms(), next.auditLogs());
    }

    /** Starts the application with these stores. */
    Routed<Ports> start(WiredStores stores, String... repositories) {
        Wiring wiring = new Wiring(
                database.pool(),
                Schemas.DEFAULT,
                legacy,
                next,
                new Observations(() -> "test"),
                "test",
                250,
                stores,
                LIMITS,
                GatePlan.none());
        flushMarks.tell(wiring.changeover);
        return Routed.of(wiring.changeover, wiring.ports, repositories).ownedBy(wiring);
    }

    @Override
    protected void prepare(Changeover changeover) {
        Stream.of("users", "rooms", "audit_logs")
                .forEach(name -> changeover.sentinels().install(name, Strangers.REFUSE, "test", "see strangers"));
    }

    /** A test of one repository writes to the others, too. */
    @Override
    protected void parents(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            // a truncation costs files each time
            statement.execute("delete from conference_new.rooms; delete from conference_new.auth_providers;"
                    + " delete from conference_new.users; delete from conference_new.audit_logs;"
                    + " delete from conference_legacy.meetings; delete from conference_legacy.users;"
                    + " delete from conference_legacy.audit_logs");
        }
    }

    static User user() {
        return user("joe." + UUID.randomUUID() + "@example.org");
    }

    static User user(String email) {
        return user(email, T0);
    }

    static User user(String email, Instant at) {
        return User.of(UUID.randomUUID(), email, "hash", "Joe ", true, at, at, 0);
    }

    User created(Ports ports, User user) {
        return inTransaction(() -> ports.users().create(user));
    }

    Room createdRoom(Ports ports, User owner) {
        String code = UUID.randomUUID().toString().substring(0, 13);
        return inTransaction(
                () -> ports.rooms().create(Room.created(UUID.randomUUID(), owner.id(), code, "Standup ", T0)));
    }

    <T> T inTransaction(Supplier<T> work) {
        return new TransactionTemplate(legacy.transactionManager()).execute(status -> work.get());
    }

    void doInTransaction(Runnable work) {
        new TransactionTemplate(legacy.transactionManager()).executeWithoutResult(status -> work.run());
    }
}
