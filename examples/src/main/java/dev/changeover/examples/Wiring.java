package dev.changeover.examples;

import dev.changeover.core.Changeover;
import dev.changeover.core.KeyType;
import dev.changeover.core.RepositoryBuilder;
import dev.changeover.core.Settings;
import dev.changeover.core.control.ControlSchema;
import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.gate.GatePlan;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.domain.AuthProvider;
import dev.changeover.examples.domain.Page;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.domain.UserRepository;
import dev.changeover.examples.legacy.LegacySide;
import dev.changeover.examples.next.NewSide;
import dev.changeover.legacyadapter.SpringTransactions;
import dev.changeover.newadapter.QualifiedName;
import dev.changeover.newadapter.Sequences;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.RecordComparison;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Everything that a team writes to put its repositories under the switch. */
final class Wiring implements AutoCloseable {

    /** The operations whose new implementation is rehearsed. */
    static final List<String> REHEARSED = List.of(
            "users.create",
            "users.save",
            "users.delete",
            "users.deactivateAll",
            "rooms.create",
            "rooms.save",
            "rooms.delete",
            "rooms.endAll",
            "audit_logs.append",
            "audit_logs.delete");

    /** Enough to see every operation many times; each rehearsal costs its caller about as much as the write. */
    private static final int REHEARSED_PERCENT = 30;

    final ComparedRepository<UUID, User> users;
    final ComparedRepository<UUID, Room> rooms;
    final ComparedRepository<Long, AuditLog> auditLogs;
    final Evidence evidence;
    final Changeover changeover;
    final DataSource pool;
    final Ports ports;

    private final WiredStores stores;
    private final FollowerLimits limits;

    /**
     * Wires everything.
     *
     * @param instance the name of this process: one that was killed keeps its lease until it runs out
     * @param chunk how many keys a chunk of the backfill copies
     */
    Wiring(
            DataSource pool,
            Schemas schemas,
            LegacySide legacy,
            NewSide next,
            Observations observations,
            String instance,
            int chunk) {
        this(
                pool,
                schemas,
                legacy,
                next,
                observations,
                instance,
                chunk,
                WiredStores.of(schemas),
                FollowerLimits.DEFAULTS,
                Evidence.GATES);
    }

    Wiring(
            DataSource pool,
            Schemas schemas,
            LegacySide legacy,
            NewSide next,
            Observations observations,
            String instance,
            int chunk,
            WiredStores stores,
            FollowerLimits limits,
            GatePlan gates) {
        prepare(pool, schemas);
        this.pool = pool;
        this.stores = stores;
        this.limits = limits;
        users = comparedUsers();
        rooms = comparedRooms();
        auditLogs = comparedAuditLogs();
        SpringTransactions transactions =
                SpringTransactions.of(legacy.transactionManager(), pool).flushing(legacy.flush());
        evidence = new Evidence(pool, transactions, users, rooms, auditLogs);
        changeover = Changeover.builder()
                .dataSource(pool)
                .transactions(transactions)
                .sideConnections(legacy::backend, next::backend)
                .settings(Settings.DEFAULTS.withChunk(chunk))
                .observer(evidence.shadow)
                .writeObserver(evidence.writeChecks)
                .listener(evidence.rehearsals)
                .listener(observations)
                .measurements(evidence.measurements)
                .gates(gates)
                .instance(instance, "video-conferencing")
                .start();
        ports = new Ports(users(legacy, next), rooms(legacy, next), auditLogs(legacy, next));
    }

    private static void prepare(DataSource pool, Schemas schemas) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            ControlSchema.apply(connection);
            Sequences.share(
                    connection,
                    QualifiedName.of(schemas.legacy(), "audit_logs_id_seq"),
                    QualifiedName.of(schemas.next(), "audit_logs"),
                    "id");
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new IllegalStateException("the control schema could not be applied: " + e.getMessage(), e);
        }
    }

    private UserRepository users(LegacySide legacy, NewSide next) {
        RepositoryBuilder<UserRepository, UUID, User> builder =
                changeover.repository("users", UserRepository.class).entity(User.class, KeyType.UUID, User::id);
        return builder.legacy(legacy.users(), stores.legacyUsers())
                .next(next.users(), stores.nextUsers())
                .limits(limits)
                .compare(userComparison())
                .rehearsalPercent(REHEARSED_PERCENT)
                .route(m -> m.reads("findById")
                        .lookups("findByEmail")
                        .queries("findAllById", "page", "count")
                        .writes("create", "save", "delete", "deactivateAll")
                        .rehearses("create", "save", "delete", "deactivateAll"))
                .build();
    }

    private RoomRepository rooms(LegacySide legacy, NewSide next) {
        RepositoryBuilder<RoomRepository, UUID, Room> builder =
                changeover.repository("rooms", RoomRepository.class).entity(Room.class, KeyType.UUID, Room::id);
        return builder.legacy(legacy.rooms(), stores.legacyRooms())
                .next(next.rooms(), stores.nextRooms())
                .limits(limits)
                .compare(roomComparison())
                .rehearsalPercent(REHEARSED_PERCENT)
                .dependsOn("users", Room::ownerId)
                .route(m -> m.reads("findById")
                        .lookups("findByCode")
                        .queries("findWithOwner", "findAllById", "findByStatus", "page", "countByStatus")
                        .writes("create", "save", "delete", "endAll")
                        .rehearses("create", "save", "delete", "endAll"))
                .build();
    }

    private AuditLogRepository auditLogs(LegacySide legacy, NewSide next) {
        RepositoryBuilder<AuditLogRepository, Long, AuditLog> builder = changeover
                .repository("audit_logs", AuditLogRepository.class)
                .entity(AuditLog.class, KeyType.LONG, AuditLog::id);
        return builder.legacy(legacy.auditLogs(), stores.legacyAuditLogs())
                .next(next.auditLogs(), stores.nextAuditLogs())
                .limits(limits)
                .compare(RecordComparison.of(AuditLog.class).build())
                .rehearsalPercent(REHEARSED_PERCENT)
                .route(m -> m.reads("findById")
                        .queries("findByUser", "countByUser")
                        .writes("append", "delete")
                        // the rehearsal is given the number that legacy drew, and draws none
                        .complete("append", (arguments, result) -> new Object[] {result})
                        .rehearses("append", "delete"))
                .build();
    }

    static RecordComparison<User> userComparison() {
        return RecordComparison.of(User.class)
                .keyed("authProviders", AuthProvider.class, AuthProvider::type)
                .safe("authProviders.type") // so that paths name it
                .build();
    }

    /** Durations say nothing of a person: reports may show them. */
    static RecordComparison<Room> roomComparison() {
        return RecordComparison.of(Room.class).safe("durationSeconds").build();
    }

    private ComparedRepository<UUID, User> comparedUsers() {
        return ComparedRepository.of("users", KeyType.UUID, User.class, User::id)
                .legacy(stores.legacyUsers())
                .next(stores.nextUsers())
                .compare(userComparison())
                .operation("page", results -> results.pages(Page.class, Page::content, Page::total))
                .build();
    }

    private ComparedRepository<UUID, Room> comparedRooms() {
        return ComparedRepository.of("rooms", KeyType.UUID, Room.class, Room::id)
                .legacy(stores.legacyRooms())
                .next(stores.nextRooms())
                .compare(roomComparison())
                .operation("page", results -> results.pages(Page.class, Page::content, Page::total))
                .build();
    }

    private ComparedRepository<Long, AuditLog> comparedAuditLogs() {
        return ComparedRepository.of("audit_logs", KeyType.LONG, AuditLog.class, AuditLog::id)
                .legacy(stores.legacyAuditLogs())
                .next(stores.nextAuditLogs())
                .compare(RecordComparison.of(AuditLog.class).build())
                .build();
    }

    @Override
    public void close() {
        evidence.close();
        changeover.close();
    }
}
