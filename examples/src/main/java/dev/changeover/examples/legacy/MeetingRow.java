package dev.changeover.examples.legacy;

import dev.changeover.examples.domain.Room;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code meetings}, private to this side. */
@Entity
@Table(name = "meetings")
class MeetingRow {

    @Id
    UUID id;

    String title;
    String roomCode;

    /** Not an association: a lazy proxy would outlive the detached row in the persistence context. */
    UUID hostId;

    String status;
    int maxParticipants;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant endedAt;

    int peakParticipants;
    Instant createdAt;
    Instant updatedAt;

    @Version
    @Nullable
    Long version;

    MeetingRow() {}

    MeetingRow(Room room) {
        id = room.id();
        roomCode = room.roomCode();
        createdAt = room.createdAt();
        apply(room);
    }

    /** Takes over what an application may change. */
    final void apply(Room room) {
        title = room.title();
        hostId = room.ownerId();
        status = LegacyStatus.write(room.status(), status);
        maxParticipants = room.maxParticipants();
        startedAt = room.startedAt();
        endedAt = room.endedAt();
        peakParticipants = room.peakParticipants();
        updatedAt = room.updatedAt();
    }

    Room toRoom() {
        return Room.of(
                id,
                hostId,
                roomCode,
                title,
                maxParticipants,
                LegacyStatus.read(status),
                startedAt,
                endedAt,
                peakParticipants,
                createdAt,
                updatedAt,
                version == null ? 0 : version);
    }
}
