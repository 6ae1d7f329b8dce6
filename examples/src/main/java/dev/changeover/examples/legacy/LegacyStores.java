package dev.changeover.examples.legacy;

import dev.changeover.core.EntityStore;
import dev.changeover.core.KeyType;
import dev.changeover.core.projection.Projection;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import dev.changeover.legacyadapter.JdbcStore;
import java.util.Objects;
import java.util.UUID;

/** The state of the legacy side by key, as the copies need it. */
public final class LegacyStores {

    private final String schema;

    /** Creates the stores over this schema. */
    public LegacyStores(Schemas schemas) {
        this.schema = schemas.legacy();
    }

    /** Returns the users; what legacy has no column for is derived. */
    public EntityStore<UUID, User> users() {
        return JdbcStore.table(schema, "users", KeyType.UUID, "id")
                .columns("email", "password_hash", "display_name", "is_active", "created_at", "updated_at", "version")
                .entity(
                        User::id,
                        row -> User.of(
                                row.uuid("id"),
                                row.text("email"),
                                row.text("password_hash"),
                                row.textOrNull("display_name"),
                                row.bool("is_active"),
                                row.instant("created_at"),
                                row.instant("updated_at"),
                                row.longValue("version")),
                        (user, row) -> row.set("email", user.email())
                                .set("password_hash", user.passwordHash())
                                .set("display_name", user.displayName())
                                .set("is_active", user.active())
                                .set("created_at", user.createdAt())
                                .set("updated_at", user.updatedAt())
                                .set("version", user.version()));
    }

    /** Returns the rooms; several words of the status mean the same, so a word that fits stays. */
    public EntityStore<UUID, Room> rooms() {
        return JdbcStore.table(schema, "meetings", KeyType.UUID, "id")
                .columns("title", "room_code", "host_id", "status", "max_participants")
                .columns("started_at", "ended_at", "peak_participants", "created_at", "updated_at", "version")
                .lossy("status")
                .entity(
                        Room::id,
                        row -> Room.of(
                                row.uuid("id"),
                                row.uuid("host_id"),
                                row.text("room_code"),
                                row.text("title"),
                                row.intValue("max_participants"),
                                row.value("status", LegacyStatus::read),
                                row.instantOrNull("started_at"),
                                row.instantOrNull("ended_at"),
                                row.intValue("peak_participants"),
                                row.instant("created_at"),
                                row.instant("updated_at"),
                                row.longValue("version")),
                        (room, row) -> row.set("title", room.title())
                                .set("room_code", room.roomCode())
                                .set("host_id", room.ownerId())
                                .set("status", LegacyStatus.write(room.status()))
                                .set("max_participants", room.maxParticipants())
                                .set("started_at", room.startedAt())
                                .set("ended_at", room.endedAt())
                                .set("peak_participants", room.peakParticipants())
                                .set("created_at", room.createdAt())
                                .set("updated_at", room.updatedAt())
                                .set("version", room.version()));
    }

    /** Returns the audit logs, which are many: the server copies and compares them by itself. */
    public EntityStore<Long, AuditLog> auditLogs() {
        return JdbcStore.table(schema, "audit_logs", KeyType.LONG, "id")
                .columns("action", "user_id", "room_id", "metadata", "ip_address", "created_at")
                .projection(LegacyStores::auditLogsInSql)
                .entity(
                        entry -> Objects.requireNonNull(entry.id()),
                        row -> new AuditLog(
                                row.longValue("id"),
                                row.text("action"),
                                row.uuidOrNull("user_id"),
                                row.uuidOrNull("room_id"),
                                row.jsonOrNull("metadata"),
                                row.textOrNull("ip_address"),
                                row.instant("created_at")),
                        (entry, row) -> row.set("action", entry.action())
                                .set("user_id", entry.userId())
                                .set("room_id", entry.roomId())
                                .json("metadata", entry.metadata())
                                .set("ip_address", entry.ipAddress())
                                .set("created_at", entry.timestamp()));
    }

    private static Projection auditLogsInSql(Projection sql) {
        return sql.yields("id", "r.id")
                .yields("action", "r.action")
                .yields("user_id", "r.user_id")
                .yields("room_id", "r.room_id")
                .yields("metadata", "r.metadata")
                .yields("ip_address", "r.ip_address")
                .yields("at", "r.created_at")
                .takes("action", "s.action")
                .takes("user_id", "s.user_id")
                .takes("room_id", "s.room_id")
                .takes("metadata", "s.metadata")
                .takes("ip_address", "s.ip_address")
                .takes("created_at", "s.at");
    }
}
