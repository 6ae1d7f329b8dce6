package dev.changeover.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.StateComparison;
import dev.changeover.examples.database.Savepoints;
import dev.changeover.examples.domain.Ports;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.domain.UserRepository;
import dev.changeover.testkit.RepositoryTest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;

class UsersTransitionTest extends ExampleContract<UUID, User> {

    private static final UUID ID = UUID.fromString("deadbeef-0000-4000-8000-000000000001");

    @RepositoryTest
    void a_created_user_is_found_by_id_and_by_address_with_everything_derived(Ports ports) {
        UserRepository users = ports.users();
        User user = created(ports, user("ann+" + UUID.randomUUID() + "@example.org"));

        assertThat(users.findById(user.id())).contains(user);
        assertThat(users.findByEmail(user.email())).contains(user);
        assertThat(users.findAllById(List.of(user.id(), UUID.randomUUID()))).containsExactly(user);
        assertThat(user.username())
                .isEqualTo(
                        user.email().split("@")[0] + "-" + user.id().toString().substring(0, 8));
        assertThat(user.authProviders())
                .singleElement()
                .satisfies(provider -> assertThat(provider.providerId()).isEqualTo(user.email()));
    }

    @RepositoryTest
    void a_saved_user_counts_its_version_and_a_stale_one_is_refused(Ports ports) {
        UserRepository users = ports.users();
        User user = created(ports, user());

        User renamed = inTransaction(() -> users.save(user.renamed("Ünïcode  ", T1)));

        assertThat(renamed).isEqualTo(user.renamed("Ünïcode  ", T1).nextVersion());
        assertThat(users.findById(user.id())).contains(renamed);
        assertThatThrownBy(() -> inTransaction(() -> users.save(user.renamed("late", T2))))
                .isInstanceOf(OptimisticLockingFailureException.class);
        assertThat(users.findById(user.id())).contains(renamed);
    }

    @RepositoryTest
    void a_deleted_user_is_gone_and_its_address_is_free_again(Ports ports) {
        UserRepository users = ports.users();
        User user = created(ports, user());
        long before = users.count();

        doInTransaction(() -> users.delete(user.id()));

        assertThat(users.findById(user.id())).isEmpty();
        assertThat(users.count()).isEqualTo(before - 1);
        User heir = created(ports, user(user.email()));
        assertThat(users.findByEmail(user.email())).contains(heir);
    }

    @RepositoryTest
    void two_users_cannot_have_one_address(Ports ports) {
        User user = created(ports, user());

        assertThatThrownBy(() -> created(ports, user(user.email())))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @RepositoryTest
    void named_users_are_deactivated_in_one_statement(Ports ports) {
        UserRepository users = ports.users();
        User one = created(ports, user());
        User two = created(ports, user());
        User other = created(ports, user());

        int changed = inTransaction(() -> users.deactivateAll(List.of(one.id(), two.id(), UUID.randomUUID()), T1));

        assertThat(changed).isEqualTo(2);
        assertThat(users.findById(one.id())).contains(one.deactivated(T1).nextVersion());
        assertThat(users.findById(two.id())).contains(two.deactivated(T1).nextVersion());
        assertThat(users.findById(other.id())).contains(other);
    }

    @RepositoryTest
    void a_page_of_users_is_in_the_order_of_their_creation(Ports ports) {
        UserRepository users = ports.users();
        User early = created(ports, user(UUID.randomUUID() + "@x", Instant.parse("1990-01-01T00:00:00Z")));
        User late = created(ports, user(UUID.randomUUID() + "@x", Instant.parse("1990-01-02T00:00:00Z")));

        assertThat(users.page(0, 2).content()).containsExactly(early, late);
        assertThat(users.page(0, 2).total()).isEqualTo(users.count());
        doInTransaction(() -> {
            users.delete(early.id());
            users.delete(late.id());
        });
    }

    @RepositoryTest
    void what_a_rolled_back_savepoint_wrote_is_gone_and_the_rest_stays(Ports ports) {
        UserRepository users = ports.users();
        User user = created(ports, user());

        User after = inTransaction(() -> {
            User first = users.save(user.renamed("first", T1));
            new Savepoints(dataSource()).undone(() -> users.save(first.renamed("undone", T2)));
            return users.save(first.withEmail("x" + user.email(), T2));
        });

        assertThat(users.findById(user.id())).contains(after);
        assertThat(after.displayName()).isEqualTo("first");
        assertThat(after.version()).isEqualTo(user.version() + 2);
    }

    @Override
    protected Routed<Ports> route(Stores<UUID, User> stores) {
        return start(wired.withUsers(stores.legacy(), stores.next()), "users", "rooms");
    }

    @Override
    protected Stores<UUID, User> stores() {
        return new Stores<>(wired.legacyUsers(), wired.nextUsers());
    }

    @Override
    protected StateComparison<User> comparison() {
        return Wiring.userComparison();
    }

    @Override
    protected UUID key(User user) {
        return user.id();
    }

    @Override
    protected Stream<User> samples() {
        return Stream.of(
                User.of(ID, "ann@example.org", "hash", "Ann", true, T0, T1, 3),
                User.of(ID, "nobody", "", null, false, Instant.EPOCH, T0, 0),
                User.of(ID, "'\"\\ 李雷@b@c", "hash", " blanks  ", true, T2, T2, Long.MAX_VALUE));
    }

    @Override
    protected Stream<String> legacyRows() {
        return Stream.of("insert into conference_legacy.users values (gen_random_uuid(), '@', '', '', false,"
                + " '0001-01-01 00:00:00.000001+00', '9999-12-31 23:59:59.999999+00', -1)");
    }
}
