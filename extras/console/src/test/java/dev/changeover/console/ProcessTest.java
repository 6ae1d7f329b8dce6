package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own. */
@PostgresTest
class ProcessTest {

    @TempDir
    Path directory;

    private Process start(PostgresDatabase database, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().putAll(Map.of("CHANGEOVER_URL", database.jdbcUrl(), "CHANGEOVER_PASSWORD", "pl4nted"));
        return builder.start();
    }

    private String text(String name) throws IOException {
        return Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
    }

    @Test
    void itEndsWithItsExitCodeAndLeavesARequestRunningWhenItIsStopped(PostgresDatabase database) throws Exception {
        Desk desk = Desk.withSchema(database);
        String repository = desk.repository("DUAL_WRITE");
        Process status = start(database, "status", "--output", "json");
        assertThat(status.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(status.exitValue()).as(text("err")).isZero();
        assertThat(text("out")).contains(repository).doesNotContain("\u001b");
        assertThat(text("err")).isEmpty();

        Process verify = start(database, "verify", repository, "--wait", "5m");
        String id = Application.asked(database, repository);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> text("err").contains("Request " + id + " waits for an instance"));
        verify.destroy();
        assertThat(verify.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(text("err").replaceAll("\\s+", " ")).contains("Follow it with: changeover requests follow " + id);
        assertThat(text("out") + text("err")).doesNotContain("pl4nted");
        assertThat(database.queryString("SELECT state FROM changeover.request WHERE id = " + id))
                .isEqualTo("WAITING");
    }
}
