package dev.changeover.examples.domain;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rooms of the application. */
public interface RoomRepository {

    /** Finds one. */
    Optional<Room> findById(UUID id);

    /** Finds one by another unique value. */
    Optional<Room> findByCode(String roomCode);

    /** Finds one together with its owner: a join. */
    Optional<RoomWithOwner> findWithOwner(UUID id);

    /** Finds many, ordered by id; unknown ids are left out. */
    List<Room> findAllById(Collection<UUID> ids);

    /** Returns the rooms in this status, the oldest first, with their owners. */
    List<RoomWithOwner> findByStatus(RoomStatus status, int limit);

    /** Returns a page of all rooms, the oldest first. */
    Page<Room> page(int offset, int size);

    /** Counts the rooms in this status. */
    long countByStatus(RoomStatus status);

    /** Adds a room and returns it as it was stored. */
    Room create(Room room);

    /**
     * Changes a room and returns it as it was stored, its version counted up.
     *
     * @throws org.springframework.dao.OptimisticLockingFailureException if somebody else changed or deleted it
     */
    Room save(Room room);

    /** Deletes a room: for good in legacy, softly in new. Unknown ids are ignored. */
    void delete(UUID id);

    /** Ends these rooms in one statement and returns how many there were. */
    int endAll(Collection<UUID> ids, Instant at);
}
