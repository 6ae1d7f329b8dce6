package dev.changeover.legacyadapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgTextTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-22 13:07:54+00, 2026-11-22T13:07:54Z",
        "2026-11-22 13:07:54.5+00, 2026-11-22T13:07:54.5Z",
        "2026-11-22 13:07:54.000001+00, 2026-11-22T13:07:54.000001Z",
        "2026-11-22 13:07:54.123456-11, 2026-11-23T00:07:54.123456Z",
        "2026-11-22 13:07:54+05:30, 2026-11-22T07:37:54Z",
        "2026-11-22 13:07:54.25-03:30, 2026-11-22T16:37:54.25Z",
        "1890-01-01 00:00:00-00:01:15, 1890-01-01T00:01:15Z",
        "1890-01-01 00:00:00.25+00:17:30, 1889-12-31T23:42:30.25Z",
        "0001-01-01 00:00:00+00, 0001-01-01T00:00:00Z",
        "1969-12-31 23:59:59.999999+00, 1969-12-31T23:59:59.999999Z",
    })
    void aMomentIsReadWithItsMicroseconds(String text, Instant moment) {
        assertThat(PgText.instant(text)).isEqualTo(moment);
    }

    @ParameterizedTest
    @CsvSource({"infinity", "-infinity", "0044-03-15 12:00:00+00 BC", "2026-13-01 00:00:00+00"})
    void whatHasNoMomentIsRefused(String text) {
        assertThatThrownBy(() -> PgText.instant(text)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aYearOfFiveDigitsIsNotCut() {
        assertThatThrownBy(() -> PgText.instant("12026-11-22 13:07:54+00")).isInstanceOf(RuntimeException.class);
    }
}
