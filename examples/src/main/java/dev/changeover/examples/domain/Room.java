package dev.changeover.examples.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A room; legacy calls it a meeting.
 *
 * @param id given by the application
 * @param ownerId the user who holds it
 * @param roomCode unique among the rooms that are not deleted
 * @param title as the owner typed it
 * @param maxParticipants how many may come
 * @param status where it is in its life
 * @param startedAt when it became live
 * @param endedAt when it ended
 * @param peakParticipants how many came at most
 * @param durationSeconds derived: whole seconds between the two, rounded down
 * @param createdAt when the application created it
 * @param updatedAt when the application last changed it
 * @param version for the optimistic lock; counted up by the side that leads
 */
public record Room(
        UUID id,
        UUID ownerId,
        String roomCode,
        String title,
        int maxParticipants,
        RoomStatus status,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        int peakParticipants,
        @Nullable Long durationSeconds,
        Instant createdAt,
        Instant updatedAt,
        long version) {

    /** Keeps what the database can keep. */
    public Room {
        startedAt = Times.microsOrNull(startedAt);
        endedAt = Times.microsOrNull(endedAt);
        createdAt = Times.micros(createdAt);
        updatedAt = Times.micros(updatedAt);
    }

    /** Returns a room as legacy knows it, with everything derived. */
    public static Room of(
            UUID id,
            UUID ownerId,
            String roomCode,
            String title,
            int maxParticipants,
            RoomStatus status,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            int peakParticipants,
            Instant createdAt,
            Instant updatedAt,
            long version) {
        return new Room(
                id,
                ownerId,
                roomCode,
                title,
                maxParticipants,
                status,
                startedAt,
                endedAt,
                peakParticipants,
                Times.seconds(Times.microsOrNull(startedAt), Times.microsOrNull(endedAt)),
                createdAt,
                updatedAt,
                version);
    }

    /** Returns a room in which nobody was yet. */
    public static Room created(UUID id, UUID ownerId, String roomCode, String title, Instant at) {
        return of(id, ownerId, roomCode, title, 50, RoomStatus.CREATED, null, null, 0, at, at, 0);
    }

    /** Returns this room under another title. */
    public Room titled(String newTitle, Instant at) {
        return with(newTitle, status, startedAt, endedAt, peakParticipants, at, version);
    }

    /** Returns this room with a meeting in it. */
    public Room live(Instant at) {
        return with(title, RoomStatus.LIVE, at, null, 1, at, version);
    }

    /** Returns this room with one more guest at the peak. */
    public Room joined(Instant at) {
        return with(title, status, startedAt, endedAt, peakParticipants + 1, at, version);
    }

    /** Returns this room after its meeting; a room without a start gets no duration. */
    public Room ended(Instant at) {
        return with(title, RoomStatus.ENDED, startedAt, at, peakParticipants, at, version);
    }

    /** Returns this room as it is after one more write. */
    public Room nextVersion() {
        return with(title, status, startedAt, endedAt, peakParticipants, updatedAt, version + 1);
    }

    private Room with(
            String newTitle,
            RoomStatus newStatus,
            @Nullable Instant newStart,
            @Nullable Instant newEnd,
            int newPeak,
            Instant at,
            long newVersion) {
        return of(
                id,
                ownerId,
                roomCode,
                newTitle,
                maxParticipants,
                newStatus,
                newStart,
                newEnd,
                newPeak,
                createdAt,
                at,
                newVersion);
    }
}
