package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a read returns besides entities: joins, pages that nobody declared, maps, lists with holes. */
class ProjectionResultTest {
    private static final Room A = new Room(1, "a", 10);
    private static final Room B = new Room(2, "b", 20);
    private static final ResultComparison<Long, Room> ROOMS = ResultComparison.of(
            Room.class,
            Room::id,
            RecordComparison.of(Room.class).safe("seconds").ignore("title").build());

    record Room(long id, String title, int seconds) {}

    record WithOwner(Room room, @Nullable String owner, int age) {}

    record Page<T>(List<T> content, long total) {}

    enum Status {
        OPEN,
        CLOSED
    }

    private static Difference value(String path, String authority, String follower) {
        return new Difference(path, Kind.VALUE, authority, follower);
    }

    @Test
    void aJoinTellsItsFieldsAndTheKeyOfItsEntityAndKeepsTheRulesOfTheEntity() {
        WithOwner one = new WithOwner(A, "Ann", 30);

        assertThat(ROOMS.compare(Optional.of(one), Optional.of(new WithOwner(new Room(1, "z", 10), "Ann", 30)))
                        .isEmpty())
                .isTrue();
        ResultDifferences<Long> found =
                ROOMS.compare(Optional.of(one), Optional.of(new WithOwner(new Room(1, "a", 11), null, 31)));
        assertThat(found.byKey()).isEqualTo(Map.of(1L, List.of(value("room.seconds", "10", "11"))));
        assertThat(found.whole())
                .containsExactly(value("owner", "<String>", "null"), value("age", "<Integer>", "<Integer>"));
    }

    @Test
    void joinsInAListTellThePosition() {
        List<WithOwner> two = List.of(new WithOwner(A, "Ann", 30), new WithOwner(B, "Ann", 30));

        ResultDifferences<Long> found = ROOMS.compare(two, List.of(two.get(0), new WithOwner(B, "Eve", 30)));
        assertThat(found.whole()).containsExactly(value("[1].owner", "<String>", "<String>"));
        assertThat(ROOMS.compare(two, List.of(two.get(1), two.get(0))).whole())
                .extracting(Difference::kind)
                .containsExactly(Kind.ORDER);
        assertThat(ROOMS.compare(Set.of("a", "b"), Set.of("b", "c")).whole())
                .containsExactly(
                        new Difference("[*]", Kind.MISSING, "<String>", "missing"),
                        new Difference("[*]", Kind.EXTRA, "missing", "<String>"));
    }

    @Test
    void aPageThatNobodyDeclaredIsItsContentAndItsTotals() {
        ResultDifferences<Long> found =
                ROOMS.compare(new Page<>(List.of(A, B), 9), new Page<>(List.of(A, new Room(2, "b", 21)), 10));

        assertThat(found.byKey()).isEqualTo(Map.of(2L, List.of(value("content[1].seconds", "20", "21"))));
        assertThat(found.whole()).containsExactly(value("total", "9", "10"));
        assertThat(ROOMS.compare(new Page<>(List.of(A, B), 9), new Page<>(List.of(B, A), 9))
                        .whole())
                .containsExactly(new Difference("content", Kind.ORDER, "in order", "in another order"));
    }

    @Test
    void aListWithHolesIsComparedElementByElement() {
        ResultDifferences<Long> found =
                ROOMS.compare(Arrays.asList(A, null, B), Arrays.asList(A, null, new Room(2, "b", 21)));
        assertThat(found.byKey()).isEqualTo(Map.of(2L, List.of(value("[2].seconds", "20", "21"))));
        assertThat(ROOMS.compare(Arrays.asList(A, null), Arrays.asList(A, null)).isEmpty())
                .isTrue();
        assertThat(ROOMS.compare(Arrays.asList(A, null), List.of(A, B)).byKey())
                .isEqualTo(Map.of(2L, List.of(new Difference("[1]", Kind.EXTRA, "missing", "<Room>"))));
        assertThat(ROOMS.compare(Arrays.asList("a", null), List.of("a", "")).whole())
                .containsExactly(value("[1]", "null", "empty"));
    }

    @Test
    void rowsOfPlainColumnsAreComparedColumnByColumn() {
        List<Object[]> rows = List.of(new Object[] {1, "a"}, new Object[] {2, "b"});

        assertThat(ROOMS.compare(rows, List.of(new Object[] {1, "a"}, new Object[] {2, "b"}))
                        .isEmpty())
                .isTrue();
        assertThat(ROOMS.compare(rows, List.of(new Object[] {1, "a"}, new Object[] {2, "c"}))
                        .whole())
                .extracting(Difference::path)
                .containsExactly("[1][1]");
    }

    @Test
    void mapsOfValuesAreComparedEntryByEntryWithoutShowingKeysThatAreData() {
        Map<String, @Nullable Integer> holes = new HashMap<>();
        holes.put("ann@example.org", null);

        assertThat(ROOMS.compare(Map.of(Status.OPEN, 1L, Status.CLOSED, 2L), Map.of(Status.OPEN, 1L, Status.CLOSED, 3L))
                        .whole())
                .containsExactly(value("[CLOSED]", "<Long>", "<Long>"));
        assertThat(ROOMS.compare(holes, Map.of()).whole())
                .containsExactly(new Difference("[<String>]", Kind.MISSING, "null", "missing"));
        assertThat(ROOMS.compare(holes, Map.of("ann@example.org", 1)).whole())
                .containsExactly(value("[<String>]", "null", "<Integer>"));
    }

    @Test
    void inALongListPartnersAreFoundToo() {
        List<Integer> many = java.util.stream.IntStream.range(0, 5_000).boxed().toList();
        List<Integer> turned = new java.util.ArrayList<>(many);
        java.util.Collections.reverse(turned);

        assertThat(ROOMS.compare(many, turned).whole())
                .extracting(Difference::kind)
                .containsExactly(Kind.ORDER);
        assertThat(ROOMS.inAnyOrder().compare(many, turned).isEmpty()).isTrue();
    }
}
