package dev.changeover.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PortTypesTest {

    record User(UUID id) {}

    /** Shaped as the interfaces of Spring Data. */
    interface Crud<T, ID> {
        <S extends T> S save(S entity);

        <S extends T> Iterable<S> saveAll(Iterable<S> entities);

        Optional<T> findById(ID id);

        Iterable<? extends T> wild();

        void deleteAllById(Iterable<? extends ID> ids);

        T[] array();
    }

    interface Middle<E> extends Crud<E, UUID> {}

    interface Users extends Middle<User>, Comparable<Users> {
        User[] users();

        Map<UUID, User> map();

        List<List<User>> nested();

        @SuppressWarnings("rawtypes")
        List raw();

        int[] numbers();
    }

    private final PortTypes types = new PortTypes(Users.class);

    private static Method method(String name) {
        return Arrays.stream(Users.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .findAny()
                .orElseThrow();
    }

    private Class<?> raw(String name) {
        return types.raw(method(name).getGenericReturnType());
    }

    private Class<?> element(String name) {
        return types.element(method(name).getGenericReturnType());
    }

    private java.lang.reflect.Type argument(String name) {
        return method(name).getGenericParameterTypes()[0];
    }

    @Test
    void aTypeParameterIsFollowedThroughAllParents() {
        assertThat(raw("save")).isEqualTo(User.class);
        assertThat(types.raw(argument("save"))).isEqualTo(User.class);
        assertThat(types.raw(argument("findById"))).isEqualTo(UUID.class);
        assertThat(raw("findById")).isEqualTo(Optional.class);
        assertThat(element("findById")).isEqualTo(User.class);
    }

    @Test
    void elementsAreFoundInIterablesWildcardsAndArrays() {
        assertThat(element("saveAll")).isEqualTo(User.class);
        assertThat(types.element(argument("saveAll"))).isEqualTo(User.class);
        assertThat(element("wild")).isEqualTo(User.class);
        assertThat(types.element(argument("deleteAllById"))).isEqualTo(UUID.class);
        assertThat(element("users")).isEqualTo(User.class);
        assertThat(element("numbers")).isEqualTo(int.class);
    }

    @Test
    void whatHoldsNoElementsOfOneTypeHasNone() {
        assertThat(element("map")).isNull();
        assertThat(element("raw")).isNull();
        assertThat(element("save")).isNull();
        assertThat(element("nested")).isEqualTo(List.class);
    }

    @Test
    void anArrayOfATypeParameterIsAnArrayOfWhatItStandsFor() {
        assertThat(raw("array")).isEqualTo(User[].class);
        assertThat(element("array")).isEqualTo(User.class);
    }
}
