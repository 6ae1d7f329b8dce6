package dev.changeover.examples.journal;

import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import org.jspecify.annotations.Nullable;

/**
 * The state of a key as the journal writes it: a JSON object of the columns that the final check compares, under the
 * names that the check reads them by. What the mappings derive is not in it.
 *
 * @param json the object, or null if the key is absent
 * @param version the version within, or -1 where there is none
 */
public record State(@Nullable String json, long version) {

    /** The state of a key that is not there. */
    public static final State ABSENT = new State(null, -1);

    /** Returns the state of a user. */
    public static State of(User user) {
        String json = new JsonObject()
                .put("email", user.email())
                .put("password_hash", user.passwordHash())
                .put("display_name", user.displayName())
                .put("is_active", user.active())
                .put("created_at", user.createdAt())
                .put("updated_at", user.updatedAt())
                .put("version", user.version())
                .toString();
        return new State(json, user.version());
    }

    /** Returns the state of a room. */
    public static State of(Room room) {
        String json = new JsonObject()
                .put("owner_id", room.ownerId())
                .put("room_code", room.roomCode())
                .put("title", room.title())
                .put("max_participants", room.maxParticipants())
                .put("status", room.status())
                .put("started_at", room.startedAt())
                .put("ended_at", room.endedAt())
                .put("peak_participants", room.peakParticipants())
                .put("created_at", room.createdAt())
                .put("updated_at", room.updatedAt())
                .put("version", room.version())
                .toString();
        return new State(json, room.version());
    }

    /** Returns the state of an audit entry. */
    public static State of(AuditLog entry) {
        String json = new JsonObject()
                .put("action", entry.action())
                .put("user_id", entry.userId())
                .put("room_id", entry.roomId())
                .put("metadata", entry.metadata())
                .put("ip_address", entry.ipAddress())
                .put("timestamp", entry.timestamp())
                .toString();
        return new State(json, -1);
    }

    boolean absent() {
        return json == null;
    }
}
