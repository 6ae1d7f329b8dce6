package dev.changeover.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CopyOrderTest {

    @Test
    void parentsComeBeforeTheirChildrenAndGrandchildren() {
        assertThat(CopyOrder.parentsFirst(Map.of(
                        "apples", List.of("twigs"),
                        "leaves", List.of("twigs"),
                        "trees", List.of(),
                        "twigs", List.of("trees"))))
                .containsExactly("trees", "twigs", "apples", "leaves");
    }

    @Test
    void repositoriesThatReferToEachOtherEndInSomeOrder() {
        assertThat(CopyOrder.parentsFirst(
                        Map.of("rooms", List.of("users"), "users", List.of("rooms"), "visits", List.of("rooms"))))
                .containsExactly("users", "rooms", "visits");
    }

    @Test
    void parentsThatAreNoRepositoriesHereAreLeftOut() {
        assertThat(CopyOrder.parentsFirst(Map.of("rooms", List.of("elsewhere"))))
                .containsExactly("rooms");
    }
}
