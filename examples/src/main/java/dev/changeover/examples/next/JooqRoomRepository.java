package dev.changeover.examples.next;

import static dev.changeover.examples.next.generated.Tables.ROOMS;
import static dev.changeover.examples.next.generated.Tables.USERS;
import static org.jooq.impl.DSL.currentTimestamp;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import dev.changeover.examples.domain.Page;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.RoomStatus;
import dev.changeover.examples.domain.RoomWithOwner;
import dev.changeover.examples.domain.Times;
import dev.changeover.examples.next.generated.tables.records.RoomsRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record4;
import org.jooq.SelectConditionStep;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.annotation.Transactional;

/** Rooms through jOOQ. */
@Transactional
class JooqRoomRepository implements RoomRepository {

    private static final Condition PRESENT = ROOMS.DELETED_AT.isNull();

    /** The owner's row stays when the owner leaves, with a date in it. */
    private static final Condition OWNER_PRESENT = USERS.ID.eq(ROOMS.OWNER_ID).and(USERS.DELETED_AT.isNull());

    private final DSLContext dsl;
    private final Supplier<Release> release;

    JooqRoomRepository(DSLContext dsl, Supplier<Release> release) {
        this.dsl = dsl;
        this.release = release;
    }

    @Override
    public Optional<Room> findById(UUID id) {
        return one(ROOMS.ID.eq(id));
    }

    @Override
    public Optional<Room> findByCode(String roomCode) {
        return one(ROOMS.ROOM_CODE.eq(roomCode));
    }

    private Optional<Room> one(Condition condition) {
        return dsl.selectFrom(ROOMS).where(condition, PRESENT).fetchOptional(JooqRoomRepository::room);
    }

    @Override
    public Optional<RoomWithOwner> findWithOwner(UUID id) {
        return withOwner(ROOMS.ID.eq(id)).fetchOptional(JooqRoomRepository::roomWithOwner);
    }

    @Override
    public List<Room> findAllById(Collection<UUID> ids) {
        return dsl.selectFrom(ROOMS)
                .where(ROOMS.ID.in(ids), PRESENT)
                .orderBy(ROOMS.ID)
                .fetch(JooqRoomRepository::room);
    }

    @Override
    public List<RoomWithOwner> findByStatus(RoomStatus status, int limit) {
        return withOwner(ROOMS.STATUS.eq(status.name()))
                .orderBy(ROOMS.CREATED_AT, ROOMS.ID)
                .limit(limit)
                .fetch(JooqRoomRepository::roomWithOwner);
    }

    /** The clean-up never filled the column: of a room whose owner has left the duration is worked out. */
    private SelectConditionStep<Record4<RoomsRecord, String, String, Long>> withOwner(Condition condition) {
        Field<Long> duration = when(USERS.ID.isNull(), release.get().durationOfLeft(ROOMS.STARTED_AT, ROOMS.ENDED_AT))
                .otherwise(ROOMS.DURATION_SECONDS);
        return dsl.select(ROOMS, USERS.EMAIL, USERS.DISPLAY_NAME, duration)
                .from(ROOMS)
                .leftJoin(USERS)
                .on(OWNER_PRESENT)
                .where(condition, PRESENT);
    }

    @Override
    public Page<Room> page(int offset, int size) {
        List<Room> content = dsl.selectFrom(ROOMS)
                .where(PRESENT)
                .orderBy(ROOMS.CREATED_AT, ROOMS.ID)
                .limit(size)
                .offset(offset)
                .fetch(JooqRoomRepository::room);
        return new Page<>(content, dsl.fetchCount(ROOMS, PRESENT));
    }

    @Override
    public long countByStatus(RoomStatus status) {
        return dsl.fetchCount(ROOMS, ROOMS.STATUS.eq(status.name()), PRESENT);
    }

    @Override
    public Room create(Room room) {
        RoomsRecord row = dsl.newRecord(ROOMS);
        row.setId(room.id());
        row.setRoomCode(room.roomCode());
        row.setCreatedAt(room.createdAt());
        row.setVersion(room.version());
        fill(row, room);
        dsl.executeInsert(row);
        return room;
    }

    @Override
    public Room save(Room room) {
        RoomsRecord row = dsl.newRecord(ROOMS);
        fill(row, room);
        row.setVersion(room.version() + 1);
        int changed = dsl.update(ROOMS)
                .set(row)
                .where(ROOMS.ID.eq(room.id()), ROOMS.VERSION.eq(room.version()), PRESENT)
                .execute();
        if (changed == 0) {
            throw new OptimisticLockingFailureException("room " + room.id() + " is not at version " + room.version());
        }
        return room.nextVersion();
    }

    private static void fill(RoomsRecord row, Room room) {
        row.setOwnerId(room.ownerId());
        row.setTitle(room.title());
        row.setMaxParticipants(room.maxParticipants());
        row.setStatus(room.status().name());
        row.setStartedAt(room.startedAt());
        row.setEndedAt(room.endedAt());
        row.setPeakParticipants(room.peakParticipants());
        row.setDurationSeconds(room.durationSeconds());
        row.setUpdatedAt(room.updatedAt());
    }

    @Override
    public void delete(UUID id) {
        dsl.update(ROOMS)
                .set(ROOMS.DELETED_AT, currentTimestamp().cast(SQLDataType.INSTANT))
                .where(ROOMS.ID.eq(id), PRESENT)
                .execute();
    }

    @Override
    public int endAll(Collection<UUID> ids, Instant when) {
        Instant at = Times.micros(when);
        return dsl.update(ROOMS)
                .set(ROOMS.STATUS, RoomStatus.ENDED.name())
                .set(ROOMS.ENDED_AT, at)
                .set(ROOMS.DURATION_SECONDS, duration(val(at, ROOMS.ENDED_AT)))
                .set(ROOMS.UPDATED_AT, at)
                .set(ROOMS.VERSION, ROOMS.VERSION.plus(1))
                .where(ROOMS.ID.in(ids), PRESENT)
                .execute();
    }

    private Field<Long> duration(Field<Instant> end) {
        Field<Long> cut = field("floor(extract(epoch from {0} - {1}))::bigint", Long.class, end, ROOMS.STARTED_AT);
        return when(
                        notExists(selectOne().from(USERS).where(OWNER_PRESENT)),
                        release.get().durationOfLeft(ROOMS.STARTED_AT, end))
                .otherwise(cut);
    }

    private static RoomWithOwner roomWithOwner(Record4<RoomsRecord, String, String, Long> found) {
        return new RoomWithOwner(room(found.value1(), found.value4()), found.value2(), found.value3());
    }

    private static Room room(RoomsRecord row) {
        return room(row, row.getDurationSeconds());
    }

    private static Room room(RoomsRecord row, @Nullable Long duration) {
        return new Room(
                row.getId(),
                row.getOwnerId(),
                row.getRoomCode(),
                row.getTitle(),
                row.getMaxParticipants(),
                RoomStatus.valueOf(row.getStatus()),
                row.getStartedAt(),
                row.getEndedAt(),
                row.getPeakParticipants(),
                duration,
                row.getCreatedAt(),
                row.getUpdatedAt(),
                row.getVersion());
    }
}
