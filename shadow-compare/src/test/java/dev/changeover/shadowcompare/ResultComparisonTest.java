package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultComparisonTest {
    private static final Room A = new Room(1, "a");
    private static final Room B = new Room(2, "b");
    private static final Room C = new Room(3, "c");
    private static final ResultComparison<Long, Room> ROOMS = ResultComparison.<Long, Room>of(
                    Room.class, Room::id, RecordComparison.of(Room.class).build())
            .pages(Page.class, Page::rooms, Page::total);

    record Room(long id, String title) {}

    record Page(List<Room> rooms, long total) {}

    record Sheet(@Nullable List<Room> rooms) {}

    private static Room retitled(Room room) {
        return new Room(room.id(), room.title() + "!");
    }

    @Test
    void equalResultsOfAnyShapeDifferInNothing() {
        for (Object value : List.of(A, Optional.of(A), List.of(A, B), Set.of(A, B), new Page(List.of(A), 9), 7L, "x")) {
            assertThat(ROOMS.compare(value, value).isEmpty()).isTrue();
        }
        assertThat(ROOMS.compare(null, null)).isSameAs(ResultDifferences.none());
        assertThat(ROOMS.compare(Optional.of(A), Optional.of(new Room(1, "a"))).isEmpty())
                .isTrue();
        assertThat(ROOMS.compare(List.of(A), List.of(new Room(1, "a"))).isEmpty())
                .isTrue();
        assertThat(ROOMS.compare(7, 7L).isEmpty()).isTrue();
        assertThat(ROOMS.compare(new BigDecimal("1.0"), new BigDecimal("1.00")).isEmpty())
                .isTrue();
        assertThat(ROOMS.compare(new byte[] {1}, new byte[] {1}).isEmpty()).isTrue();
    }

    @Test
    void aSingleEntityTellsItsKeyAndField() {
        ResultDifferences<Long> found = ROOMS.compare(Optional.of(A), Optional.of(retitled(A)));

        assertThat(found.byKey()).containsOnlyKeys(1L);
        assertThat(found.byKey().get(1L)).extracting(Difference::path).containsExactly("title");
    }

    @Test
    void anAbsentEntityIsMissingUnderItsKey() {
        assertThat(kinds(ROOMS.compare(A, null))).isEqualTo(Map.of(1L, List.of(Kind.MISSING)));
        assertThat(kinds(ROOMS.compare(Optional.empty(), Optional.of(B)))).isEqualTo(Map.of(2L, List.of(Kind.EXTRA)));
    }

    @Test
    void anotherEntityIsOneMissingAndOneExtra() {
        assertThat(kinds(ROOMS.compare(A, B))).isEqualTo(Map.of(1L, List.of(Kind.MISSING), 2L, List.of(Kind.EXTRA)));
    }

    @Test
    void listsAreComparedByKeyAndTellThePosition() {
        ResultDifferences<Long> found = ROOMS.compare(List.of(A, B, C), List.of(A, retitled(C), C.id() > 0 ? B : A));

        assertThat(found.byKey()).containsOnlyKeys(3L);
        assertThat(found.byKey().get(3L)).extracting(Difference::path).containsExactly("[2].title");
        assertThat(found.whole()).extracting(Difference::kind).containsExactly(Kind.ORDER);
    }

    @Test
    void aMissingElementDoesNotShiftTheOthers() {
        ResultDifferences<Long> found = ROOMS.compare(List.of(A, B, C), List.of(B, C));

        assertThat(kinds(found)).isEqualTo(Map.of(1L, List.of(Kind.MISSING)));
        assertThat(found.whole()).isEmpty();
    }

    @Test
    void aDuplicateElementIsExtra() {
        assertThat(kinds(ROOMS.compare(List.of(A), List.of(A, A)))).isEqualTo(Map.of(1L, List.of(Kind.EXTRA)));
    }

    @Test
    void orderCountsUnlessDeclaredOtherwise() {
        assertThat(ROOMS.compare(List.of(A, B), List.of(B, A)).whole())
                .extracting(Difference::kind)
                .containsExactly(Kind.ORDER);
        assertThat(ROOMS.inAnyOrder().compare(List.of(A, B), List.of(B, A)).isEmpty())
                .isTrue();
        assertThat(ROOMS.compare(Set.of(A, B), List.of(B, A)).isEmpty()).isTrue();
    }

    @Test
    void pagesCompareTheirContentAndTheirTotal() {
        ResultDifferences<Long> found = ROOMS.compare(new Page(List.of(A), 10), new Page(List.of(retitled(A)), 11));

        assertThat(found.byKey()).containsOnlyKeys(1L);
        assertThat(found.whole()).containsExactly(new Difference("rest", Kind.VALUE, "10", "11"));
    }

    @Test
    void mapsOfEntitiesAreComparedByTheRulesOfTheEntity() {
        assertThat(ROOMS.compare(Map.of(1L, A, 2L, B), Map.of(2L, B, 1L, new Room(1, "a")))
                        .isEmpty())
                .isTrue();
        assertThat(ROOMS.compare(Map.of(1L, A), Map.of(1L, retitled(A))).byKey().get(1L))
                .extracting(Difference::kind)
                .containsExactly(Kind.VALUE);
        assertThat(kinds(ROOMS.compare(Map.of(1L, A, 2L, B), Map.of(1L, A))))
                .isEqualTo(Map.of(2L, List.of(Kind.MISSING)));
        assertThat(ROOMS.compare(Map.of("x", A), Map.of("y", A)).whole())
                .extracting(Difference::path)
                .containsExactly("keys");
    }

    @Test
    void aPageWithoutContentIsNotAnEmptyPage() {
        ResultComparison<Long, Room> pages = ROOMS.pages(Sheet.class, Sheet::rooms, sheet -> 0);

        assertThat(pages.compare(new Sheet(null), new Sheet(null)).isEmpty()).isTrue();
        assertThat(pages.compare(new Sheet(null), new Sheet(List.of())).isEmpty())
                .isFalse();
    }

    @Test
    void numbersAreShownAndOtherValuesAreNot() {
        assertThat(ROOMS.compare(3L, 4L).whole()).containsExactly(new Difference("", Kind.VALUE, "3", "4"));
        assertThat(ROOMS.compare("ann", "eve").whole())
                .containsExactly(new Difference("", Kind.VALUE, "<String>", "<String>"));
        assertThat(ROOMS.compare(3L, null).whole()).containsExactly(new Difference("", Kind.VALUE, "<Long>", "null"));
    }

    @Test
    void valuesWithoutAKeyAreComparedInTurn() {
        assertThat(ROOMS.compare(List.of("a", "b"), List.of("a", "c", "d")).whole())
                .extracting(Difference::path)
                .containsExactly("[1]", "[2]");
        assertThat(ROOMS.compare(List.of("a", "b"), List.of("b", "a")).whole())
                .extracting(Difference::kind)
                .containsExactly(Kind.ORDER);
    }

    @Test
    void anEmptyListIsNotNull() {
        assertThat(ROOMS.compare(List.of(), null).isEmpty()).isFalse();
        assertThat(ROOMS.compare(Optional.empty(), null).isEmpty()).isFalse();
    }

    private static Map<Long, List<Kind>> kinds(ResultDifferences<Long> found) {
        return found.byKey().entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream().map(Difference::kind).toList()));
    }
}
