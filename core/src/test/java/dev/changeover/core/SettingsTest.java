package dev.changeover.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.control.FollowerLimits;
import dev.changeover.core.control.Move;
import dev.changeover.core.control.Registration;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static void refused(String path, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        ConfigurationException.class, e -> assertThat(e.path()).isEqualTo(path));
    }

    private static Settings settings(Duration lease, int batch, Duration idle, int park, int chunk, double removals) {
        Settings all = Settings.DEFAULTS;
        return new Settings(lease, batch, idle, park, chunk, all.chunkTime(), all.workers(), all.niceRatio(), removals);
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        Duration second = Duration.ofSeconds(1);
        refused("settings.lease", () -> Settings.DEFAULTS.withLease(Duration.ofNanos(1)));
        refused("settings.drainIdle", () -> settings(second, 1, Duration.ZERO, 1, 1, 0));
        refused("settings.drainBatch", () -> settings(second, 501, second, 1, 1, 0));
        refused("settings.chunk", () -> Settings.DEFAULTS.withChunk(0));
        refused("settings.chunkTime", () -> Settings.DEFAULTS.withChunkTime(Duration.ZERO));
        refused("settings.workers", () -> Settings.DEFAULTS.withWorkers(0));
        refused("settings.workers", () -> Settings.DEFAULTS.withWorkers(65));
        refused("settings.niceRatio", () -> Settings.DEFAULTS.withNiceRatio(-0.1));
        refused("settings.niceRatio", () -> Settings.DEFAULTS.withNiceRatio(Double.NaN));
        refused("settings.parkAfter", () -> Settings.DEFAULTS.withParkAfter(0));
        refused("settings.mostRemovals", () -> Settings.DEFAULTS.withMostRemovals(1.01));
        refused("settings.mostRemovals", () -> Settings.DEFAULTS.withMostRemovals(Double.NaN));
    }

    @Test
    void settingsAreCopiedWithOneValueChanged() {
        Settings changed = Settings.DEFAULTS
                .withLease(Duration.ofSeconds(5))
                .withChunk(10)
                .withParkAfter(3)
                .withMostRemovals(0.1);

        assertThat(changed).isEqualTo(settings(Duration.ofSeconds(5), 500, Settings.DEFAULTS.drainIdle(), 3, 10, 0.1));
    }

    @Test
    void everyLimitOfTheFollowerIsPositive() {
        refused("followerLimits", () -> new FollowerLimits(0, 1, 1));
        refused("followerLimits", () -> new FollowerLimits(1, 0, 1));
        refused("followerLimits", () -> new FollowerLimits(1, 1, 0));
        assertThat(FollowerLimits.of(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(3)))
                .isEqualTo(new FollowerLimits(1, 2, 3000));
    }

    @Test
    void aMoveNeedsSomebodySomethingAndAReason() {
        refused("move", () -> new Move(List.of(), Stage.RAMP, "alice", "why", null));
        refused("move", () -> new Move(List.of("users"), Stage.RAMP, " ", "why", null));
        refused("move", () -> new Move(List.of("users"), Stage.RAMP, "alice", "", null));
        refused("move", () -> new Move(List.of("users", "rooms"), Stage.RAMP, "alice", "why", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Users", "1users", "users-old", "users.old", "u\u00e4"})
    void aNameIsPlain(String name) {
        refused(name, () -> new Registration(name, List.of(), false, false, List.of(), List.of()));
    }
}
