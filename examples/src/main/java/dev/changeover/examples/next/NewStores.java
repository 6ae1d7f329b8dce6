package dev.changeover.examples.next;

import static dev.changeover.examples.next.generated.Tables.AUDIT_LOGS;
import static dev.changeover.examples.next.generated.Tables.AUTH_PROVIDERS;
import static dev.changeover.examples.next.generated.Tables.ROOMS;
import static dev.changeover.examples.next.generated.Tables.USERS;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.projection.Projection;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.AuthProvider;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.RoomStatus;
import dev.changeover.examples.domain.User;
import dev.changeover.newadapter.JooqRow;
import dev.changeover.newadapter.JooqRowWriter;
import dev.changeover.newadapter.JooqStore;
import java.util.Objects;
import java.util.UUID;
import org.jooq.JSONB;

/** The state of the new side by key, as the copies need it. */
public final class NewStores {

    private NewStores() {}

    /** Returns the users with their providers. */
    public static EntityStore<UUID, User> users() {
        return JooqStore.table(USERS, USERS.ID, KeyType.UUID)
                .fields(USERS.USERNAME, USERS.EMAIL, USERS.PASSWORD_HASH, USERS.DISPLAY_NAME, USERS.IS_ACTIVE)
                .fields(USERS.CREATED_AT, USERS.UPDATED_AT, USERS.VERSION)
                .own(USERS.IS_VERIFIED)
                .children(
                        AUTH_PROVIDERS,
                        AUTH_PROVIDERS.USER_ID,
                        providers -> providers
                                .key(AUTH_PROVIDERS.ID)
                                .fields(
                                        AUTH_PROVIDERS.PROVIDER_TYPE,
                                        AUTH_PROVIDERS.PROVIDER_ID,
                                        AUTH_PROVIDERS.LAST_USED_AT)
                                .orderedBy(AUTH_PROVIDERS.PROVIDER_TYPE))
                .softDeletedBy(USERS.DELETED_AT)
                .entity(User::id, NewStores::user, NewStores::write);
    }

    private static User user(JooqRow row) {
        return new User(
                row.get(USERS.ID),
                row.get(USERS.USERNAME),
                row.get(USERS.EMAIL),
                row.get(USERS.PASSWORD_HASH),
                row.getOrNull(USERS.DISPLAY_NAME),
                row.get(USERS.IS_ACTIVE),
                row.get(USERS.CREATED_AT),
                row.get(USERS.UPDATED_AT),
                row.get(USERS.VERSION),
                row.children(AUTH_PROVIDERS, NewStores::provider));
    }

    private static AuthProvider provider(JooqRow row) {
        return new AuthProvider(
                row.get(AUTH_PROVIDERS.ID),
                row.get(AUTH_PROVIDERS.PROVIDER_TYPE),
                row.get(AUTH_PROVIDERS.PROVIDER_ID),
                row.get(AUTH_PROVIDERS.LAST_USED_AT));
    }

    private static void write(User user, JooqRowWriter row) {
        row.set(USERS.USERNAME, user.username())
                .set(USERS.EMAIL, user.email())
                .set(USERS.PASSWORD_HASH, user.passwordHash())
                .set(USERS.DISPLAY_NAME, user.displayName())
                .set(USERS.IS_ACTIVE, user.active())
                .set(USERS.CREATED_AT, user.createdAt())
                .set(USERS.UPDATED_AT, user.updatedAt())
                .set(USERS.VERSION, user.version());
        user.authProviders()
                .forEach(provider -> row.child(AUTH_PROVIDERS)
                        .set(AUTH_PROVIDERS.ID, provider.id())
                        .set(AUTH_PROVIDERS.PROVIDER_TYPE, provider.type())
                        .set(AUTH_PROVIDERS.PROVIDER_ID, provider.providerId())
                        .set(AUTH_PROVIDERS.LAST_USED_AT, provider.lastUsedAt()));
    }

    /** Returns the rooms. */
    public static EntityStore<UUID, Room> rooms() {
        return JooqStore.table(ROOMS, ROOMS.ID, KeyType.UUID)
                .fields(ROOMS.OWNER_ID, ROOMS.ROOM_CODE, ROOMS.TITLE, ROOMS.MAX_PARTICIPANTS, ROOMS.STATUS)
                .fields(ROOMS.STARTED_AT, ROOMS.ENDED_AT, ROOMS.PEAK_PARTICIPANTS, ROOMS.DURATION_SECONDS)
                .fields(ROOMS.CREATED_AT, ROOMS.UPDATED_AT, ROOMS.VERSION)
                .own(ROOMS.TOTAL_JOINS)
                .softDeletedBy(ROOMS.DELETED_AT)
                .entity(Room::id, NewStores::room, NewStores::write);
    }

    private static Room room(JooqRow row) {
        return new Room(
                row.get(ROOMS.ID),
                row.get(ROOMS.OWNER_ID),
                row.get(ROOMS.ROOM_CODE),
                row.get(ROOMS.TITLE),
                row.get(ROOMS.MAX_PARTICIPANTS),
                row.get(ROOMS.STATUS, RoomStatus::valueOf),
                row.getOrNull(ROOMS.STARTED_AT),
                row.getOrNull(ROOMS.ENDED_AT),
                row.get(ROOMS.PEAK_PARTICIPANTS),
                row.getOrNull(ROOMS.DURATION_SECONDS),
                row.get(ROOMS.CREATED_AT),
                row.get(ROOMS.UPDATED_AT),
                row.get(ROOMS.VERSION));
    }

    private static void write(Room room, JooqRowWriter row) {
        row.set(ROOMS.OWNER_ID, room.ownerId())
                .set(ROOMS.ROOM_CODE, room.roomCode())
                .set(ROOMS.TITLE, room.title())
                .set(ROOMS.MAX_PARTICIPANTS, room.maxParticipants())
                .set(ROOMS.STATUS, room.status().name())
                .set(ROOMS.STARTED_AT, room.startedAt())
                .set(ROOMS.ENDED_AT, room.endedAt())
                .set(ROOMS.PEAK_PARTICIPANTS, room.peakParticipants())
                .set(ROOMS.DURATION_SECONDS, room.durationSeconds())
                .set(ROOMS.CREATED_AT, room.createdAt())
                .set(ROOMS.UPDATED_AT, room.updatedAt())
                .set(ROOMS.VERSION, room.version());
    }

    /** Returns the audit logs. */
    public static EntityStore<Long, AuditLog> auditLogs() {
        return JooqStore.table(AUDIT_LOGS, AUDIT_LOGS.ID, KeyType.LONG)
                .fields(AUDIT_LOGS.ACTION, AUDIT_LOGS.USER_ID, AUDIT_LOGS.ROOM_ID, AUDIT_LOGS.METADATA)
                .fields(AUDIT_LOGS.IP_ADDRESS, AUDIT_LOGS.TIMESTAMP)
                .projection(NewStores::auditLogsInSql)
                .entity(entry -> Objects.requireNonNull(entry.id()), NewStores::auditLog, NewStores::write);
    }

    private static Projection auditLogsInSql(Projection sql) {
        return sql.yields("id", "r.id")
                .yields("action", "r.action")
                .yields("user_id", "r.user_id")
                .yields("room_id", "r.room_id")
                .yields("metadata", "r.metadata")
                .yields("ip_address", "r.ip_address")
                .yields("at", "r.\"timestamp\"")
                .takes("action", "s.action")
                .takes("user_id", "s.user_id")
                .takes("room_id", "s.room_id")
                .takes("metadata", "s.metadata")
                .takes("ip_address", "s.ip_address")
                .takes("timestamp", "s.at");
    }

    private static AuditLog auditLog(JooqRow row) {
        return new AuditLog(
                row.get(AUDIT_LOGS.ID),
                row.get(AUDIT_LOGS.ACTION),
                row.getOrNull(AUDIT_LOGS.USER_ID),
                row.getOrNull(AUDIT_LOGS.ROOM_ID),
                row.getOrNull(AUDIT_LOGS.METADATA, JSONB::data),
                row.getOrNull(AUDIT_LOGS.IP_ADDRESS),
                row.get(AUDIT_LOGS.TIMESTAMP));
    }

    private static void write(AuditLog entry, JooqRowWriter row) {
        row.set(AUDIT_LOGS.ACTION, entry.action())
                .set(AUDIT_LOGS.USER_ID, entry.userId())
                .set(AUDIT_LOGS.ROOM_ID, entry.roomId())
                .set(AUDIT_LOGS.METADATA, JSONB.jsonbOrNull(entry.metadata()))
                .set(AUDIT_LOGS.IP_ADDRESS, entry.ipAddress())
                .set(AUDIT_LOGS.TIMESTAMP, entry.timestamp());
    }
}
