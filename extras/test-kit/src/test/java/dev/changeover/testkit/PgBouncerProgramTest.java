package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgBouncerProgramTest {

    @Test
    void whereThereIsNoneTheErrorNamesTheRemedy(@TempDir Path empty) {
        assertThatThrownBy(() -> PgBouncerProgram.in(empty.toString()))
                .hasMessageContaining("apt-get install pgbouncer");
    }

    @Test
    void versionsAreOrderedByTheirNumbers() {
        assertThat(version("1.18.0").isAtLeast(1, 21)).isFalse();
        assertThat(version("1.21.0").isAtLeast(1, 21)).isTrue();
        assertThat(version("1.100.1").isAtLeast(1, 21)).isTrue();
        assertThat(version("2.0.0").isAtLeast(1, 21)).isTrue();
    }

    private static PgBouncerProgram version(String version) {
        return new PgBouncerProgram(Path.of("pgbouncer"), version);
    }
}
