package dev.changeover.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StageTest {

    @ParameterizedTest
    @CsvSource({
        "LEGACY_ONLY, LEGACY, , false",
        "DUAL_WRITE, LEGACY, NEW, false",
        "SHADOW, LEGACY, NEW, true",
        "RAMP, LEGACY, NEW, true",
        "NEW_PRIMARY, NEW, LEGACY, true",
        "NEW_ONLY, NEW, , false"
    })
    void everyStageSaysWhoLeadsAndWhoFollows(Stage stage, Side authority, Side follower, boolean shadowed) {
        assertThat(stage.authority()).isEqualTo(authority);
        assertThat(stage.follower()).isEqualTo(follower);
        assertThat(stage.shadowed()).isEqualTo(shadowed);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void aMoveGoesToANeighbour(Stage stage) {
        for (Stage target : Stage.values()) {
            boolean neighbour = Math.abs(stage.ordinal() - target.ordinal()) == 1;
            assertThat(stage.movesTo(target)).isEqualTo(neighbour);
        }
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void theOtherOfTheOtherIsTheSideItself(Side side) {
        assertThat(side.other()).isNotEqualTo(side);
        assertThat(side.other().other()).isEqualTo(side);
    }
}
