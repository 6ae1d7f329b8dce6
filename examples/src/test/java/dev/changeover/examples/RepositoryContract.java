package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.examples.database.Savepoints;
import dev.changeover.examples.domain.AuditLog;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.domain.Room;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.RoomStatus;
import dev.changeover.examples.domain.RoomWithOwner;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.domain.UserRepository;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the application relies on, whichever side it is on. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public abstract class RepositoryContract {

    private static final Instant T0 = Instant.parse("2026-01-01T10:00:00.123456789Z");
    private static final Instant T1 = T0.plusMillis(1500);
    private static final Instant T2 = T1.plusMillis(2600);

    protected abstract UserRepository users();

    protected abstract RoomRepository rooms();

    protected abstract AuditLogRepository auditLogs();

    protected abstract DataSource dataSource();

    protected abstract PlatformTransactionManager transactionManager();

    @Test
    void a_created_user_is_found_by_id_and_by_address_with_everything_derived() {
        User user = created(user("ann+" + UUID.randomUUID() + "@example.org"));

        assertThat(users().findById(user.id())).contains(user);
        assertThat(users().findByEmail(user.email())).contains(user);
        assertThat(users().findAllById(List.of(user.id(), UUID.randomUUID()))).containsExactly(user);
        assertThat(user.username())
                .isEqualTo(
                        user.email().split("@")[0] + "-" + user.id().toString().substring(0, 8));
        assertThat(user.authProviders())
                .singleElement()
                .satisfies(provider -> assertThat(provider.providerId()).isEqualTo(user.email()));
    }

    @Test
    void a_saved_user_counts_its_version_and_a_stale_one_is_refused() {
        User user = created(user());

        User renamed = inTransaction(() -> users().save(user.renamed("Ünïcode  ", T1)));

        assertThat(renamed).isEqualTo(user.renamed("Ünïcode  ", T1).nextVersion());
        assertThat(users().findById(user.id())).contains(renamed);
        assertThatThrownBy(() -> inTransaction(() -> users().save(user.renamed("late", T2))))
                .isInstanceOf(OptimisticLockingFailureException.class);
        assertThat(users().findById(user.id())).contains(renamed);
    }

    @Test
    void a_deleted_user_is_gone_and_its_address_is_free_again() {
        User user = created(user());
        long before = users().count();

        doInTransaction(() -> users().delete(user.id()));

        assertThat(users().findById(user.id())).isEmpty();
        assertThat(users().count()).isEqualTo(before - 1);
        User heir = created(user(user.email()));
        assertThat(users().findByEmail(user.email())).contains(heir);
    }

    @Test
    void two_users_cannot_have_one_address() {
        User user = created(user());

        assertThatThrownBy(() -> created(user(user.email()))).isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void named_users_are_deactivated_in_one_statement() {
        User one = created(user());
        User two = created(user());
        User other = created(user());

        int changed = inTransaction(() -> users().deactivateAll(List.of(one.id(), two.id(), UUID.randomUUID()), T1));

        assertThat(changed).isEqualTo(2);
        assertThat(users().findById(one.id())).contains(one.deactivated(T1).nextVersion());
        assertThat(users().findById(two.id())).contains(two.deactivated(T1).nextVersion());
        assertThat(users().findById(other.id())).contains(other);
    }

    @Test
    void a_page_of_users_is_in_the_order_of_their_creation() {
        User early = created(user(UUID.randomUUID() + "@x", Instant.parse("1990-01-01T00:00:00Z")));
        User late = created(user(UUID.randomUUID() + "@x", Instant.parse("1990-01-02T00:00:00Z")));

        assertThat(users().page(0, 2).content()).containsExactly(early, late);
        assertThat(users().page(0, 2).total()).isEqualTo(users().count());
        doInTransaction(() -> {
            users().delete(early.id());
            users().delete(late.id());
        });
    }

    @Test
    void a_room_lives_and_ends_and_its_half_seconds_are_rounded_down() {
        Room room = createdRoom(created(user()));

        Room live = inTransaction(() -> rooms().save(room.live(T0)));
        Room ended = inTransaction(() -> rooms().save(live.ended(T1)));

        assertThat(ended.durationSeconds()).isEqualTo(1);
        assertThat(rooms().findById(room.id())).contains(ended);
        assertThat(rooms().findByCode(room.roomCode())).contains(ended);
        assertThatThrownBy(() -> inTransaction(() -> rooms().save(live.ended(T2))))
                .isInstanceOf(OptimisticLockingFailureException.class);
    }

    @Test
    void named_rooms_are_ended_in_one_statement_and_get_a_duration_only_with_a_start() {
        User owner = created(user());
        Room started = createdRoom(owner);
        Room live = inTransaction(() -> rooms().save(started.live(T0)));
        Room never = createdRoom(owner);

        int changed = inTransaction(() -> rooms().endAll(List.of(live.id(), never.id()), T2));

        assertThat(changed).isEqualTo(2);
        assertThat(rooms().findById(live.id())).contains(live.ended(T2).nextVersion());
        assertThat(rooms().findById(never.id())).contains(never.ended(T2).nextVersion());
        assertThat(rooms().findAllById(List.of(live.id(), never.id()))).hasSize(2);
    }

    @Test
    void a_room_is_joined_with_its_owner() {
        User owner = created(user());
        Room room = createdRoom(owner);

        assertThat(rooms().findWithOwner(room.id()))
                .contains(new RoomWithOwner(room, owner.email(), owner.displayName()));
        assertThat(rooms().findByStatus(RoomStatus.CREATED, 1000))
                .extracting(RoomWithOwner::room)
                .contains(room);
        assertThat(rooms().findByStatus(RoomStatus.LIVE, 1000))
                .extracting(RoomWithOwner::room)
                .doesNotContain(room);
    }

    @Test
    void a_deleted_room_is_neither_found_nor_counted() {
        Room room = createdRoom(created(user()));
        long before = rooms().countByStatus(RoomStatus.CREATED);

        doInTransaction(() -> rooms().delete(room.id()));

        assertThat(rooms().findById(room.id())).isEmpty();
        assertThat(rooms().findWithOwner(room.id())).isEmpty();
        assertThat(rooms().countByStatus(RoomStatus.CREATED)).isEqualTo(before - 1);
        assertThat(rooms().page(0, 1).total()).isGreaterThanOrEqualTo(0);
    }

    @Test
    void an_audit_entry_gets_its_number_from_the_database_and_its_metadata_in_one_form() {
        UUID user = UUID.randomUUID();
        AuditLog entry = new AuditLog(null, "LOGIN", user, null, "{ \"b\":1,\"a\": \"ü\" }", "::1", T0);

        AuditLog first = inTransaction(() -> auditLogs().append(entry));
        AuditLog second = inTransaction(() -> auditLogs().append(entry));

        assertThat(second.id()).isGreaterThan(first.id());
        assertThat(auditLogs().findById(first.id()).orElseThrow().metadata()).isEqualTo("{\"a\": \"ü\", \"b\": 1}");
        assertThat(auditLogs().findByUser(user, 10)).extracting(AuditLog::id).containsExactly(second.id(), first.id());
        doInTransaction(() -> auditLogs().delete(first.id()));
        assertThat(auditLogs().countByUser(user)).isEqualTo(1);
    }

    @Test
    void what_a_rolled_back_savepoint_wrote_is_gone_and_the_rest_stays() {
        User user = created(user());

        User after = inTransaction(() -> {
            User first = users().save(user.renamed("first", T1));
            new Savepoints(dataSource()).undone(() -> users().save(first.renamed("undone", T2)));
            return users().save(first.withEmail("x" + user.email(), T2));
        });

        assertThat(users().findById(user.id())).contains(after);
        assertThat(after.displayName()).isEqualTo("first");
        assertThat(after.version()).isEqualTo(user.version() + 2);
    }

    @Test
    void a_failure_of_the_database_has_the_same_class_on_both_sides() {
        Room room = createdRoom(created(user()));
        Room twin = Room.created(UUID.randomUUID(), room.ownerId(), room.roomCode(), "twin", T0);

        assertThatThrownBy(() -> inTransaction(() -> rooms().create(twin)))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    private User user() {
        return user("joe." + UUID.randomUUID() + "@example.org");
    }

    private User user(String email) {
        return user(email, T0);
    }

    private User user(String email, Instant at) {
        return User.of(UUID.randomUUID(), email, "hash", "Joe ", true, at, at, 0);
    }

    private User created(User user) {
        return inTransaction(() -> users().create(user));
    }

    private Room createdRoom(User owner) {
        String code = UUID.randomUUID().toString().substring(0, 13);
        return inTransaction(() -> rooms().create(Room.created(UUID.randomUUID(), owner.id(), code, "Standup ", T0)));
    }

    private <T> T inTransaction(Supplier<T> work) {
        return new TransactionTemplate(transactionManager()).execute(status -> work.get());
    }

    private void doInTransaction(Runnable work) {
        new TransactionTemplate(transactionManager()).executeWithoutResult(status -> work.run());
    }
}
