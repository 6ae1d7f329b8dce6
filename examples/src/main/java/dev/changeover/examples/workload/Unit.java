package dev.changeover.examples.workload;

import dev.changeover.examples.database.Savepoints;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.journal.State;
import dev.changeover.examples.journal.UnitJournal;
import dev.changeover.examples.journal.Write;
import dev.changeover.examples.journal.Write.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The repositories as one unit of work sees them: every write is in the journal before it is done. */
final class Unit {

    private final Ports ports;
    private final UnitJournal journal;
    private final Savepoints savepoints;
    private final Known known;
    private final List<Runnable> onceAcknowledged = new ArrayList<>();

    Unit(Ports ports, UnitJournal journal, Savepoints savepoints, Known known) {
        this.ports = ports;
        this.journal = journal;
        this.savepoints = savepoints;
        this.known = known;
    }

    User user(UUID id) {
        return known.check(id, present(ports.users().findById(id).orElse(null), id));
    }

    List<User> users(List<UUID> ids) {
        List<User> found = ports.users().findAllById(ids);
        found.forEach(user -> known.check(user.id(), user));
        return all(found, ids);
    }

    Room room(UUID id) {
        return known.check(id, present(ports.rooms().findById(id).orElse(null), id));
    }

    List<Room> rooms(List<UUID> ids) {
        List<Room> found = ports.rooms().findAllById(ids);
        found.forEach(room -> known.check(room.id(), room));
        return all(found, ids);
    }

    User create(User user) {
        return storedUser(Kind.CREATE, user, user, ports.users()::create);
    }

    User save(User user) {
        return storedUser(Kind.UPDATE, user, user.nextVersion(), ports.users()::save);
    }

    /** A change that no repository call makes. */
    User changedElsewhere(User user, Runnable change) {
        return storedUser(Kind.UPDATE, user, user.nextVersion(), unchanged -> {
            change.run();
            return user.nextVersion();
        });
    }

    private User storedUser(Kind kind, User user, User expected, Function<User, User> call) {
        User stored = write(kind, "users", user.id(), State.of(expected), () -> call.apply(user), State::of);
        onceAcknowledged.add(() -> known.is(stored));
        return stored;
    }

    void deleteUser(UUID id) {
        absent("users", id, () -> ports.users().delete(id));
    }

    void deactivate(List<User> users, Instant at) {
        List<Write> intended = users.stream()
                .map(user -> user.deactivated(at).nextVersion())
                .map(user -> journal.intend(Kind.UPDATE, "users", user.id().toString(), State.of(user)))
                .toList();
        int changed = ports.users().deactivateAll(users.stream().map(User::id).toList(), at);
        allAnswered(intended, changed);
        users.forEach(
                user -> onceAcknowledged.add(() -> known.is(user.deactivated(at).nextVersion())));
    }

    Room create(Room room) {
        return storedRoom(Kind.CREATE, room, room, ports.rooms()::create);
    }

    Room save(Room room) {
        return storedRoom(Kind.UPDATE, room, room.nextVersion(), ports.rooms()::save);
    }

    /** A room that other writers write too: nothing is known of it afterwards. */
    void saveShared(Room room) {
        write(
                Kind.UPDATE,
                "rooms",
                room.id(),
                State.of(room.nextVersion()),
                () -> ports.rooms().save(room),
                State::of);
    }

    private Room storedRoom(Kind kind, Room room, Room expected, Function<Room, Room> call) {
        Room stored = write(kind, "rooms", room.id(), State.of(expected), () -> call.apply(room), State::of);
        onceAcknowledged.add(() -> known.is(stored));
        return stored;
    }

    void deleteRoom(UUID id) {
        absent("rooms", id, () -> ports.rooms().delete(id));
    }

    void end(List<Room> rooms, Instant at) {
        List<Write> intended = rooms.stream()
                .map(room -> room.ended(at).nextVersion())
                .map(room -> journal.intend(Kind.UPDATE, "rooms", room.id().toString(), State.of(room)))
                .toList();
        int changed = ports.rooms().endAll(rooms.stream().map(Room::id).toList(), at);
        allAnswered(intended, changed);
        rooms.forEach(room -> onceAcknowledged.add(() -> known.is(room.ended(at).nextVersion())));
    }

    long append(AuditLog entry) {
        Write intended = journal.intend(Kind.CREATE, "audit_logs", null, State.of(entry));
        AuditLog stored = ports.auditLogs().append(entry);
        long id = Objects.requireNonNull(stored.id());
        journal.answered(intended, Long.toString(id), State.of(stored));
        return id;
    }

    void deleteAuditLog(long id) {
        Write intended = journal.intend(Kind.DELETE, "audit_logs", Long.toString(id), State.ABSENT);
        ports.auditLogs().delete(id);
        journal.answered(intended, Long.toString(id), State.ABSENT);
    }

    /** Runs writes that the caller's savepoint takes back; the unit goes on. */
    void undone(Runnable work) {
        int answers = journal.answers();
        int actions = onceAcknowledged.size();
        savepoints.undone(work);
        journal.undone(answers);
        onceAcknowledged.subList(actions, onceAcknowledged.size()).clear();
    }

    /** Runs the action if the unit is acknowledged. */
    void onceAcknowledged(Runnable action) {
        onceAcknowledged.add(action);
    }

    int acknowledged() {
        int writes = journal.acknowledged().size();
        onceAcknowledged.forEach(Runnable::run);
        return writes;
    }

    UnitJournal journal() {
        return journal;
    }

    private void absent(String repository, UUID id, Runnable call) {
        Write intended = journal.intend(Kind.DELETE, repository, id.toString(), State.ABSENT);
        call.run();
        journal.answered(intended, id.toString(), State.ABSENT);
        onceAcknowledged.add(() -> known.forget(id));
    }

    private <T> T write(
            Kind kind, String repository, UUID id, State expected, Supplier<T> call, Function<T, State> state) {
        Write intended = journal.intend(kind, repository, id.toString(), expected);
        T stored = call.get();
        journal.answered(intended, id.toString(), state.apply(stored));
        return stored;
    }

    private void allAnswered(List<Write> intended, int changed) {
        if (changed != intended.size()) {
            throw new IllegalStateException("changed " + changed + " of " + intended.size() + " named rows");
        }
        intended.forEach(write -> journal.answered(write, Objects.requireNonNull(write.key()), write.after()));
    }

    private static <T> T present(@Nullable T found, UUID id) {
        if (found == null) {
            throw new IllegalStateException("an acknowledged row is gone: " + id);
        }
        return found;
    }

    private static <T> List<T> all(List<T> found, List<UUID> ids) {
        if (found.size() != ids.size()) {
            throw new IllegalStateException("found " + found.size() + " of " + ids.size() + " acknowledged rows");
        }
        return found;
    }
}
