package dev.changeover.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotsTest {

    record User(UUID id) {}

    interface Port {
        User one();

        Optional<User> optional();

        long count();

        UUID id();

        List<User> list();

        Collection<User> collection();

        Set<String> set();

        Date mutable();

        Optional<Date> optionalMutable();

        List<Date> mutables();

        Map<UUID, User> map();

        User[] array();

        Stream<User> stream();

        Iterable<User> iterable();
    }

    private static UnaryOperator<Object> of(String name) {
        return Arrays.stream(Port.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .map(method ->
                        Optional.ofNullable(Snapshots.of(new PortTypes(Port.class), method.getGenericReturnType())))
                .findAny()
                .orElseThrow()
                .orElse(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "optional", "count", "id"})
    void whatCannotChangeIsKeptAsItIs(String name) {
        Object value = new Object();
        assertThat(of(name).apply(value)).isSameAs(value);
    }

    @Test
    void collectionsAreCopied() {
        List<User> users = new ArrayList<>(List.of(new User(new UUID(0, 1))));
        Object list = of("list").apply(users);
        Object collection = of("collection").apply(users);
        Set<String> names = new HashSet<>(Set.of("Ada"));
        Object set = of("set").apply(names);
        users.clear();
        names.clear();

        assertThat(list).isEqualTo(List.of(new User(new UUID(0, 1))));
        assertThat(collection).isEqualTo(list);
        assertThat(set).isEqualTo(Set.of("Ada"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mutable", "optionalMutable", "mutables", "map", "array", "stream"})
    void whatMayChangeOrIsReadOnlyOnceIsNotShown(String name) {
        assertThat(of(name)).isNull();
    }
}
