package dev.changeover.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.internal.KeySource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class MethodKeysTest {

    /** A mutable entity whose id is generated. */
    static class User {
        Long id;

        User(Long id) {
            this.id = id;
        }

        Long id() {
            return id;
        }
    }

    static final class Admin extends User {
        Admin(Long id) {
            super(id);
        }
    }

    interface Users {
        User save(User user);

        void promote(Admin admin);

        List<User> saveAll(Iterable<User> users);

        void saveArray(User... users);

        Optional<User> create(String name);

        void delete(long id);

        void deleteBoxed(Long id);

        void deleteAll(Set<Long> ids);

        void deleteMany(Long[] ids);

        void move(Long from, Long to);

        void rename(Long tenant, User user);

        int purge(String state);

        Object anything(Object any);

        void maybe(Optional<User> user);

        long insert(User user);

        void deletePrimitives(long... ids);
    }

    private static MethodKeys<Long, User> keys(String name, BiFunction<Object[], Object, Collection<?>> declared) {
        return new MethodKeys<>(
                Arrays.stream(Users.class.getMethods())
                        .filter(method -> method.getName().equals(name))
                        .findAny()
                        .orElseThrow(),
                new PortTypes(Users.class),
                new MethodKeys.Types<>(User.class, Long.class, User::id),
                declared);
    }

    private static MethodKeys<Long, User> keys(String name) {
        return keys(name, null);
    }

    private static List<Long> before(String name, Object... arguments) {
        return keys(name).of(arguments).declared();
    }

    @Test
    void anEntityTellsItsKey() {
        assertThat(before("save", new User(1L))).containsExactly(1L);
        assertThat(keys("save").single()).isTrue();
        assertThat(before("maybe", Optional.of(new User(2L)))).containsExactly(2L);
        assertThat(before("maybe", Optional.empty())).isEmpty();
    }

    @Test
    void aGeneratedKeyIsKnownAfterTheCall() {
        User user = new User(null);
        KeySource<Long> source = keys("save").of(new Object[] {user});
        assertThat(source.declared()).isEmpty();

        user.id = 7L;
        assertThat(source.all(user)).containsExactly(7L);
        assertThat(source.all(null)).containsExactly(7L);
        assertThat(keys("create").of(new Object[] {"Ada"}).all(Optional.of(new User(8L))))
                .containsExactly(8L);
        assertThat(keys("create").known()).isTrue();
        assertThat(keys("create").single()).isFalse();
    }

    @Test
    void keysAndCollectionsTellThemselves() {
        assertThat(before("delete", 1L)).containsExactly(1L);
        assertThat(before("deleteBoxed", 1L)).containsExactly(1L);
        assertThat(before("deleteBoxed", (Object) null)).isEmpty();
        assertThat(before("deleteAll", Set.of(3L))).containsExactly(3L);
        assertThat(before("deleteMany", (Object) new Long[] {1L, 2L, 1L})).containsExactly(1L, 2L);
        assertThat(before("saveArray", (Object) new User[] {new User(1L), new User(null)}))
                .containsExactly(1L);
    }

    @Test
    void anIterableIsReadBeforeAndAfterAndSoIsItsResult() {
        Iterable<User> iterable = () -> List.of(new User(1L), new User(2L)).iterator();
        KeySource<Long> source = keys("saveAll").of(new Object[] {iterable});
        assertThat(source.declared()).containsExactly(1L, 2L);
        assertThat(source.all(List.of(new User(2L), new User(3L)))).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aKeyBesideAnEntityIsTakenTooSinceAKeyTooManyCostsNothing() {
        assertThat(before("rename", 99L, new User(1L))).containsExactlyInAnyOrder(99L, 1L);
        assertThat(before("rename", 99L, new User(null))).containsExactly(99L);
        assertThat(keys("rename").ambiguous()).isFalse();
        assertThat(keys("move").ambiguous()).isTrue();
    }

    @Test
    void aKeyThatIsReturnedAloneIsTakenWhereAnEntityLacksOne() {
        assertThat(keys("insert").of(new Object[] {new User(null)}).all(5L)).containsExactly(5L);
        assertThat(keys("insert").of(new Object[] {new User(4L)}).all(1L)).containsExactly(4L);
    }

    @Test
    void primitiveKeysAreKeys() {
        assertThat(before("deletePrimitives", (Object) new long[] {1, 2})).containsExactly(1L, 2L);
    }

    @Test
    void anEntityWhoseKeyNothingTellsIsRefused() {
        KeySource<Long> source = keys("promote").of(new Object[] {new Admin(null)});
        assertThat(source.complete()).isFalse();
        assertThatThrownBy(() -> source.all(null)).isInstanceOf(ChangeoverException.class);
    }

    @Test
    void someKeysAreNotAllKeys() {
        Object users = List.of(new User(1L), new User(null));
        assertThat(keys("saveAll").of(new Object[] {users}).complete()).isFalse();
        assertThat(keys("delete").of(new Object[] {1L}).complete()).isTrue();
    }

    @Test
    void whatTellsNothingIsNotKnown() {
        assertThat(keys("purge").known()).isFalse();
        assertThat(keys("anything").known()).isFalse();
    }

    @Test
    void aSubtypeOfTheEntityTellsItsKeyToo() {
        assertThat(before("promote", new Admin(5L))).containsExactly(5L);
    }

    @Test
    void aDeclaredFunctionIsAskedBeforeAndAfter() {
        MethodKeys<Long, User> declared = keys(
                "purge", (arguments, result) -> result == null ? List.of() : List.of(((Integer) result).longValue()));
        assertThat(declared.known()).isTrue();
        KeySource<Long> source = declared.of(new Object[] {"old"});
        assertThat(source.declared()).isEmpty();
        assertThat(source.all(4)).containsExactly(4L);
        assertThat(keys("move", (arguments, result) -> List.of(arguments)).ambiguous())
                .isFalse();
        assertThatThrownBy(
                        () -> keys("purge", (arguments, result) -> List.of("x")).of(new Object[] {"old"}))
                .isInstanceOf(ClassCastException.class);
    }
}
