package dev.changeover.examples.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EntitiesTest {

    private static final UUID ID = UUID.fromString("deadbeef-0000-4000-8000-000000000001");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "anna@a.example, anna-deadbeef",
        "anna@b@c.example, anna-deadbeef",
        "李雷@d.example, 李雷-deadbeef",
        "@d.example, -deadbeef",
        "nobody, nobody-deadbeef"
    })
    void a_username_depends_on_nothing_but_the_user(String email, String username) {
        assertThat(User.username(email, ID)).isEqualTo(username);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1", "1500, 1", "999, 0", "0, 0", "-500, -1", "-1000, -1"})
    void a_duration_is_rounded_down(long millis, long seconds) {
        assertThat(Times.seconds(START, START.plusMillis(millis))).isEqualTo(seconds);
    }

    @Test
    void a_provider_has_the_same_id_wherever_it_is_derived() {
        assertThat(AuthProvider.derivedId(ID, "LOCAL"))
                .isEqualTo(AuthProvider.local(ID, "a@b", START).id())
                .hasToString("ee7c7ddb-8019-c440-de33-99932eeb3b0c");
    }
}
