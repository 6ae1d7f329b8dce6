package dev.changeover.examples;

import dev.changeover.core.EntityStore;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.legacy.LegacyStores;
import dev.changeover.examples.next.NewStores;
import java.util.UUID;

/** The stores of both sides; a test puts others in their place. */
record WiredStores(
        EntityStore<UUID, User> legacyUsers,
        EntityStore<UUID, User> nextUsers,
        EntityStore<UUID, Room> legacyRooms,
        EntityStore<UUID, Room> nextRooms,
        EntityStore<Long, AuditLog> legacyAuditLogs,
        EntityStore<Long, AuditLog> nextAuditLogs) {

    static WiredStores of(Schemas schemas) {
        LegacyStores legacy = new LegacyStores(schemas);
        return new WiredStores(
                legacy.users(),
                NewStores.users(),
                legacy.rooms(),
                NewStores.rooms(),
                legacy.auditLogs(),
                NewStores.auditLogs());
    }

    WiredStores withUsers(EntityStore<UUID, User> legacy, EntityStore<UUID, User> next) {
        return new WiredStores(legacy, next, legacyRooms, nextRooms, legacyAuditLogs, nextAuditLogs);
    }

    WiredStores withRooms(EntityStore<UUID, Room> legacy, EntityStore<UUID, Room> next) {
        return new WiredStores(legacyUsers, nextUsers, legacy, next, legacyAuditLogs, nextAuditLogs);
    }

    WiredStores withAuditLogs(EntityStore<Long, AuditLog> legacy, EntityStore<Long, AuditLog> next) {
        return new WiredStores(legacyUsers, nextUsers, legacyRooms, nextRooms, legacy, next);
    }
}
