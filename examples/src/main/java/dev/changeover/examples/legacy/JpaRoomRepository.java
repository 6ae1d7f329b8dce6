package dev.changeover.examples.legacy;

import dev.changeover.examples.domain.Page;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.RoomStatus;
import dev.changeover.examples.domain.RoomWithOwner;
import dev.changeover.examples.domain.Times;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.orm.ObjectOptimisticLockingFailureException;
import org.springframework.transaction.annotation.Transactional;

/** Rooms, which legacy calls meetings, through Spring Data JPA; flushes and detaches as {@link JpaUserRepository}. */
@Transactional
class JpaRoomRepository implements RoomRepository {

    private final MeetingRows rows;
    private final EntityManager entities;

    JpaRoomRepository(MeetingRows rows, EntityManager entities) {
        this.rows = rows;
        this.entities = entities;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Room> findById(UUID id) {
        return rows.findById(id).map(this::detached);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Room> findByCode(String roomCode) {
        return rows.findByRoomCode(roomCode).map(this::detached);
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<RoomWithOwner> findWithOwner(UUID id) {
        return rows.findWithHost(id).map(this::detachedWithOwner);
    }

    @Override
    @Transactional(readOnly = true)
    public List<Room> findAllById(Collection<UUID> ids) {
        return rows.findByIdInOrderById(ids).stream().map(this::detached).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public List<RoomWithOwner> findByStatus(RoomStatus status, int limit) {
        List<HostedMeeting> found = status == RoomStatus.CREATED
                ? rows.findByOtherWords(LegacyStatus.NOT_CREATED, Limit.of(limit))
                : rows.findByWord(LegacyStatus.write(status), Limit.of(limit));
        return found.stream().map(this::detachedWithOwner).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public Page<Room> page(int offset, int size) {
        var page = rows.findAllByOrderByCreatedAtAscIdAsc(OffsetPage.of(offset, size));
        return new Page<>(page.stream().map(this::detached).toList(), page.getTotalElements());
    }

    @Override
    @Transactional(readOnly = true)
    public long countByStatus(RoomStatus status) {
        return status == RoomStatus.CREATED
                ? rows.countByStatusNotIn(LegacyStatus.NOT_CREATED)
                : rows.countByStatus(LegacyStatus.write(status));
    }

    @Override
    public Room create(Room room) {
        return FlushListener.own("rooms", room.id(), () -> {
            MeetingRow row = new MeetingRow(room);
            entities.persist(row);
            rows.flush();
            return detached(row);
        });
    }

    @Override
    public Room save(Room room) {
        return FlushListener.own("rooms", room.id(), () -> {
            MeetingRow row = present(room);
            row.apply(room);
            rows.flush();
            return detached(row);
        });
    }

    private MeetingRow present(Room room) {
        MeetingRow row = rows.findById(room.id()).orElse(null);
        if (row == null || row.version == null || row.version != room.version()) {
            throw new ObjectOptimisticLockingFailureException(MeetingRow.class, room.id());
        }
        return row;
    }

    @Override
    public void delete(UUID id) {
        FlushListener.own("rooms", id, () -> {
            rows.deleteById(id);
            rows.flush();
            return null;
        });
    }

    @Override
    public int endAll(Collection<UUID> ids, Instant at) {
        return rows.endAll(ids, Times.micros(at));
    }

    private Room detached(MeetingRow row) {
        entities.detach(row);
        return row.toRoom();
    }

    private RoomWithOwner detachedWithOwner(HostedMeeting found) {
        UserRow host = found.host();
        if (host == null) {
            return new RoomWithOwner(detached(found.meeting()), null, null);
        }
        entities.detach(host);
        return new RoomWithOwner(detached(found.meeting()), host.email, host.displayName);
    }
}
