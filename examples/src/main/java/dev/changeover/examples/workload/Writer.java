package dev.changeover.examples.workload;

import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.legacy.ProfileService;
import dev.changeover.examples.workload.Population.Leaver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One writer. Its keys are its own (but for the hot rooms), so the order of the writes of a key is the order of the
 * journal. Every unit takes rows in one order: users, rooms, audit logs, and by id within; a deadlock is therefore an
 * error.
 */
final class Writer {

    private static final Comparator<UUID> SERVER_ORDER = Comparator.comparing(UUID::toString);

    private final int number;
    private final String prefix;
    private final SplittableRandom random;
    private final UnitRunner runner;
    private final Population own;
    private final @Nullable ProfileService profiles;
    private final BooleanSupplier dirtyChecking;
    private final BooleanSupplier leaving;
    private final List<UUID> left = new ArrayList<>();
    private final Known known = new Known();
    private final List<Long> ownAuditLogs = new ArrayList<>();
    private final Wheel<Operation> operations = new Wheel<>();
    private long created;

    /** Something that a writer does; returns the number of acknowledged writes. */
    private interface Operation {
        int run();
    }

    Writer(
            int number,
            long seed,
            int life,
            UnitRunner runner,
            Population own,
            @Nullable ProfileService profiles,
            BooleanSupplier dirtyChecking,
            BooleanSupplier leaving) {
        this.number = number;
        this.prefix = "w" + number + (life > 1 ? "." + life : "") + "-";
        this.random = new SplittableRandom(seed + 7919L * number);
        this.runner = runner;
        this.own = own;
        this.profiles = profiles;
        this.dirtyChecking = dirtyChecking;
        this.leaving = leaving;
        everyday();
        rare();
    }

    /** Does something and returns the number of acknowledged writes. */
    int step() {
        return operations.pick(random).run();
    }

    private void everyday() {
        operations.add(10, () -> run("users.register", Mode.READ_COMMITTED, this::register));
        operations.add(15, () -> run("users.rename", Mode.READ_COMMITTED, this::rename));
        operations.add(5, () -> run("users.rename alone", Mode.BARE, this::rename));
        operations.add(10, () -> run("rooms.schedule", Mode.READ_COMMITTED, this::schedule));
        operations.add(5, () -> run("rooms.schedule alone", Mode.BARE, unit -> unit.create(newRoom(host()))));
        operations.add(12, () -> run("rooms.hold", Mode.READ_COMMITTED, this::hold));
        operations.add(5, () -> run("rooms.join hot", Mode.READ_COMMITTED, this::joinHot));
        operations.add(8, () -> run("auditLogs.append alone", Mode.BARE, unit -> log(unit, "PING", null, null)));
        operations.add(5, () -> run("everything", Mode.READ_COMMITTED, this::everything));
    }

    private void rare() {
        operations.add(3, () -> run("rooms.delete", Mode.READ_COMMITTED, this::deleteRoom));
        operations.add(2, () -> run("users.delete", Mode.READ_COMMITTED, this::deleteGuest));
        operations.add(1, () -> run("users.inherit address", Mode.READ_COMMITTED, this::inheritAddress));
        operations.add(2, () -> run("users.change address", Mode.READ_COMMITTED, this::changeAddress));
        operations.add(1, () -> run("auditLogs.delete", Mode.BARE, this::deleteAuditLog));
        operations.add(2, () -> run("users.deactivateAll", Mode.READ_COMMITTED, this::deactivateSome));
        operations.add(2, () -> run("rooms.endAll", Mode.READ_COMMITTED, this::endSome));
        operations.add(3, () -> run("users.leave", Mode.READ_COMMITTED, this::leave));
        operations.add(6, () -> run("rooms.endAll left", Mode.READ_COMMITTED, this::endLeft));
        operations.add(5, () -> run("abandoned", Mode.ABANDONED, this::everything));
        operations.add(5, () -> run("savepoint", Mode.READ_COMMITTED, this::secondThoughts));
        operations.add(3, () -> run("repeatable read", Mode.REPEATABLE_READ, this::everything));
        operations.add(2, () -> run("serializable", Mode.SERIALIZABLE, this::everything));
        operations.add(2, this::staleSave);
        operations.add(1, this::renameByDirtyChecking);
    }

    private int run(String operation, Mode mode, Consumer<Unit> work) {
        return runner.run(operation, mode, known, work);
    }

    private void register(Unit unit) {
        User user = unit.create(newUser(newAddress()));
        log(unit, "REGISTERED", user.id(), null);
        unit.onceAcknowledged(() -> own.guests().add(user.id()));
    }

    private void rename(Unit unit) {
        unit.save(unit.user(host()).renamed(name(), now()));
    }

    private void changeAddress(Unit unit) {
        unit.save(unit.user(host()).withEmail(newAddress(), now()));
    }

    private void schedule(Unit unit) {
        Room room = unit.create(newRoom(host()));
        log(unit, "ROOM_CREATED", room.ownerId(), room.id());
        unit.onceAcknowledged(() -> own.spareRooms().add(room.id()));
    }

    private void hold(Unit unit) {
        Room room = unit.room(one(own.rooms()));
        Room next = switch (room.status()) {
            case CREATED -> room.live(now().minusMillis(500));
            case LIVE -> random.nextBoolean() ? room.joined(now()) : room.ended(now());
            case ENDED -> room.titled(name(), now());
        };
        unit.save(next);
        log(unit, "ROOM_" + next.status(), room.ownerId(), room.id());
    }

    private void joinHot(Unit unit) {
        unit.saveShared(unit.room(one(own.hotRooms())).joined(now()));
    }

    private void everything(Unit unit) {
        User user = unit.save(unit.user(host()).renamed(name(), now()));
        Room room = unit.create(newRoom(user.id()));
        unit.save(room.live(now()));
        log(unit, "STARTED", user.id(), room.id());
        unit.onceAcknowledged(() -> own.spareRooms().add(room.id()));
    }

    private void deleteRoom(Unit unit) {
        UUID room = one(own.spareRooms());
        unit.deleteRoom(room);
        log(unit, "ROOM_DELETED", null, room);
        unit.onceAcknowledged(() -> own.spareRooms().remove(room));
    }

    private void deleteGuest(Unit unit) {
        UUID user = one(own.guests());
        unit.deleteUser(user);
        log(unit, "DELETED", user, null);
        unit.onceAcknowledged(() -> own.guests().remove(user));
    }

    private void inheritAddress(Unit unit) {
        User old = unit.user(one(own.guests()));
        unit.deleteUser(old.id());
        User heir = unit.create(newUser(old.email()));
        unit.onceAcknowledged(() -> own.guests().remove(old.id()));
        unit.onceAcknowledged(() -> own.guests().add(heir.id()));
    }

    private void deleteAuditLog(Unit unit) {
        if (!ownAuditLogs.isEmpty()) {
            Long id = one(ownAuditLogs);
            unit.deleteAuditLog(id);
            unit.onceAcknowledged(() -> ownAuditLogs.remove(id));
        }
    }

    private void deactivateSome(Unit unit) {
        unit.deactivate(unit.users(some(own.hosts())), now());
    }

    private void endSome(Unit unit) {
        unit.end(unit.rooms(some(own.rooms())), now());
    }

    /** What somebody held ends when they leave; the rooms stay, with an owner whom nobody finds any more. */
    private void leave(Unit unit) {
        if (leaving.getAsBoolean() && !own.leavers().isEmpty()) {
            Leaver leaver = one(own.leavers());
            unit.deleteUser(leaver.user());
            unit.end(unit.rooms(leaver.rooms()), now());
            unit.onceAcknowledged(() -> own.leavers().remove(leaver));
            unit.onceAcknowledged(() -> left.addAll(leaver.rooms()));
        }
    }

    private void endLeft(Unit unit) {
        if (!left.isEmpty()) {
            unit.end(unit.rooms(some(left)), now());
        }
    }

    private void secondThoughts(Unit unit) {
        User user = unit.save(unit.user(host()).renamed("first thought", now()));
        unit.undone(() -> {
            unit.save(user.renamed("undone", now()));
            unit.create(newRoom(user.id()));
            log(unit, "UNDONE", user.id(), null);
        });
        unit.save(user.renamed("second thought", now()));
        log(unit, "KEPT", user.id(), null);
    }

    /** Saves what was read before another change: refused once, read again, saved. */
    private int staleSave() {
        UUID id = host();
        User[] read = new User[1];
        int writes = run("users.rename before stale", Mode.READ_COMMITTED, unit -> {
            read[0] = unit.user(id);
            unit.save(read[0].renamed("newer", now()));
        });
        AtomicBoolean stale = new AtomicBoolean(writes > 0);
        return writes
                + run("users.rename stale", Mode.READ_COMMITTED, unit -> {
                    User user = stale.getAndSet(false) ? read[0] : unit.user(id);
                    unit.save(user.renamed("reloaded", now()));
                });
    }

    private int renameByDirtyChecking() {
        ProfileService service = profiles;
        if (service == null || !dirtyChecking.getAsBoolean() || random.nextInt(3) > 0) {
            return 0;
        }
        return run("profiles.rename", Mode.READ_COMMITTED, unit -> {
            User renamed = unit.user(host()).renamed(name(), now());
            unit.changedElsewhere(
                    renamed, () -> service.rename(renamed.id(), renamed.displayName(), renamed.updatedAt()));
        });
    }

    private void log(Unit unit, String action, @Nullable UUID user, @Nullable UUID room) {
        String metadata = "{\"by\": " + number + ", \"nr\": " + ++created + "}";
        long id = unit.append(new AuditLog(null, action, user, room, metadata, "10.0.0." + number, now()));
        unit.onceAcknowledged(() -> ownAuditLogs.add(id));
    }

    private User newUser(String email) {
        Instant now = now();
        return User.of(UUID.randomUUID(), email, "hash", name(), true, now, now, 0);
    }

    private Room newRoom(UUID owner) {
        return Room.created(UUID.randomUUID(), owner, prefix + ++created, name(), now());
    }

    /** The local part is everybody's. */
    private String newAddress() {
        return "anna@" + prefix + ++created + ".example";
    }

    private String name() {
        return "名 " + random.nextInt(1000) + (random.nextBoolean() ? "  " : "");
    }

    private UUID host() {
        return one(own.hosts());
    }

    private static Instant now() {
        return Instant.now();
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** A few ids, each once, in the order of the server. */
    private List<UUID> some(List<UUID> ids) {
        return Stream.generate(() -> one(ids))
                .limit(4)
                .distinct()
                .sorted(SERVER_ORDER)
                .toList();
    }
}
