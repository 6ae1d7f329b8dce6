package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.StateComparison;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.RoomStatus;
import dev.changeover.examples.domain.RoomWithOwner;
import dev.changeover.examples.domain.User;
import dev.changeover.shadowcompare.RecordComparison;
import dev.changeover.testkit.RepositoryTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;

class RoomsTransitionTest extends ExampleContract<UUID, Room> {

    private static final UUID ID = UUID.fromString("deadbeef-0000-4000-8000-000000000002");
    private static final User OWNER = user("owner@example.org");

    @RepositoryTest
    void a_room_lives_and_ends_and_its_half_seconds_are_rounded_down(Ports ports) {
        RoomRepository rooms = ports.rooms();
        Room room = createdRoom(ports, created(ports, user()));

        Room live = inTransaction(() -> rooms.save(room.live(T0)));
        Room ended = inTransaction(() -> rooms.save(live.ended(T1)));

        assertThat(ended.durationSeconds()).isEqualTo(1);
        assertThat(rooms.findById(room.id())).contains(ended);
        assertThat(rooms.findByCode(room.roomCode())).contains(ended);
        assertThatThrownBy(() -> inTransaction(() -> rooms.save(live.ended(T2))))
                .isInstanceOf(OptimisticLockingFailureException.class);
    }

    @RepositoryTest
    void named_rooms_are_ended_in_one_statement_and_get_a_duration_only_with_a_start(Ports ports) {
        RoomRepository rooms = ports.rooms();
        User owner = created(ports, user());
        Room started = createdRoom(ports, owner);
        Room live = inTransaction(() -> rooms.save(started.live(T0)));
        Room never = createdRoom(ports, owner);

        int changed = inTransaction(() -> rooms.endAll(List.of(live.id(), never.id()), T2));

        assertThat(changed).isEqualTo(2);
        assertThat(rooms.findById(live.id())).contains(live.ended(T2).nextVersion());
        assertThat(rooms.findById(never.id())).contains(never.ended(T2).nextVersion());
        assertThat(rooms.findAllById(List.of(live.id(), never.id()))).hasSize(2);
    }

    @RepositoryTest
    void a_room_is_joined_with_its_owner(Ports ports) {
        RoomRepository rooms = ports.rooms();
        User owner = created(ports, user());
        Room room = createdRoom(ports, owner);

        assertThat(rooms.findWithOwner(room.id()))
                .contains(new RoomWithOwner(room, owner.email(), owner.displayName()));
        assertThat(rooms.findByStatus(RoomStatus.CREATED, 1000))
                .extracting(RoomWithOwner::room)
                .contains(room);
        assertThat(rooms.findByStatus(RoomStatus.LIVE, 1000))
                .extracting(RoomWithOwner::room)
                .doesNotContain(room);
    }

    @RepositoryTest
    void a_deleted_room_is_neither_found_nor_counted(Ports ports) {
        RoomRepository rooms = ports.rooms();
        Room room = createdRoom(ports, created(ports, user()));
        long before = rooms.countByStatus(RoomStatus.CREATED);

        doInTransaction(() -> rooms.delete(room.id()));

        assertThat(rooms.findById(room.id())).isEmpty();
        assertThat(rooms.findWithOwner(room.id())).isEmpty();
        assertThat(rooms.countByStatus(RoomStatus.CREATED)).isEqualTo(before - 1);
        assertThat(rooms.page(0, 1).total()).isGreaterThanOrEqualTo(0);
    }

    @RepositoryTest
    void a_failure_of_the_database_has_the_same_class_on_both_sides(Ports ports) {
        Room room = createdRoom(ports, created(ports, user()));
        Room twin = Room.created(UUID.randomUUID(), room.ownerId(), room.roomCode(), "twin", T0);

        assertThatThrownBy(() -> inTransaction(() -> ports.rooms().create(twin)))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Override
    protected Routed<Ports> route(Stores<UUID, Room> stores) {
        return start(wired.withRooms(stores.legacy(), stores.next()), "rooms", "users");
    }

    @Override
    protected Stores<UUID, Room> stores() {
        return new Stores<>(wired.legacyRooms(), wired.nextRooms());
    }

    @Override
    protected StateComparison<Room> comparison() {
        return RecordComparison.of(Room.class).build();
    }

    @Override
    protected UUID key(Room room) {
        return room.id();
    }

    @Override
    protected void parents(Connection connection) throws SQLException {
        super.parents(connection);
        wired.legacyUsers().upsert(connection, List.of(OWNER));
        wired.nextUsers().upsert(connection, List.of(OWNER));
    }

    @Override
    protected Stream<Room> samples() {
        Room created = Room.created(ID, OWNER.id(), "code-1", " Standup 'ä' ", T0);
        return Stream.of(
                created,
                created.live(T0),
                created.live(T0).ended(T1),
                created.ended(T2),
                created.live(T2).ended(T0));
    }

    @Override
    protected Stream<String> legacyRows() {
        return Stream.of("archived?", "scheduled", "waiting ", "")
                .map(status -> "insert into conference_legacy.meetings values (gen_random_uuid(), '', 'c', '"
                        + OWNER.id() + "', '" + status + "', 0, null, now(), 0, now(), now(), 0)");
    }
}
