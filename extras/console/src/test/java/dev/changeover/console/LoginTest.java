package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the database is may be said in three ways, and a password is shown in none. */
@PostgresTest
class LoginTest {
    private static final String SECRET = "pl4nted-Secret";

    @TempDir
    Path directory;

    Desk desk;
    String url;

    @BeforeEach
    void desk(PostgresDatabase database) {
        desk = Desk.withSchema(database);
        url = database.jdbcUrl();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?password=", "?user=a&password=", "?sslpassword=", "?PASSWORD="})
    void aPasswordInTheArgumentIsRefused(String parameter) {
        Desk.Run run = desk.run("status", "--url", "jdbc:postgresql://localhost/db" + parameter + SECRET)
                .exits(2);
        assertThat(run.all()).doesNotContain(SECRET).contains("CHANGEOVER_PASSWORD");
        desk.run("status", "--url", "jdbc:postgresql://ann:" + SECRET + "@localhost/db")
                .exits(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--password", "--pass", "-p", "--Password"})
    void thereIsNoOptionForAPassword(String option) {
        for (Desk.Run run : new Desk.Run[] {
            desk.run("status", option, SECRET), desk.run("status", option + "=" + SECRET), desk.run(option + SECRET)
        }) {
            assertThat(run.exits(2).all()).doesNotContain(SECRET);
        }
    }

    @Test
    void thePasswordOfAFailedLoginIsNotShown() {
        desk.environment.put("CHANGEOVER_PASSWORD", SECRET);
        for (String broken : new String[] {
            "jdbc:postgresql://localhost:1/db?password=" + SECRET,
            "jdbc:postgresql://local host:x/" + SECRET + "?password=" + SECRET,
            "jdbc:postgresql://localhost/db?password=" + SECRET + "&user=%zz",
            "jdbc:mysql://localhost/db?password=" + SECRET,
            url.replaceFirst("/test_[0-9a-f]+", "/" + SECRET)
        }) {
            desk.environment.put("CHANGEOVER_URL", broken);
            assertThat(logged(() -> {
                        for (String verb : new String[] {"status", "doctor", "init"}) {
                            assertThat(desk.run(verb).all())
                                    .as(broken)
                                    .doesNotContain(SECRET)
                                    .isNotBlank();
                            assertThat(desk.json(verb).all())
                                    .as(broken)
                                    .doesNotContain(SECRET)
                                    .isNotBlank();
                        }
                    }))
                    .as("what the driver logs goes to the terminal")
                    .isEmpty();
        }
    }

    private static List<LogRecord> logged(Runnable work) {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logRecord) {
                records.add(logRecord);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger driver = Logger.getLogger("org.postgresql");
        driver.addHandler(handler);
        try {
            work.run();
        } finally {
            driver.removeHandler(handler);
        }
        return records;
    }

    @Test
    void thePasswordIsNotShownWhereTheServerQuotesIt() {
        desk.environment.put("CHANGEOVER_PASSWORD", "accounts");
        assertThat(desk.run("status", "accounts-of-nobody").exits(1).flat())
                .contains("***-of-nobody: there is no such repository");
    }

    @Test
    void aFileWithAPasswordThatOthersMayReadIsRefused() throws IOException {
        assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Path file = Files.writeString(directory.resolve("c.properties"), "url=" + url + "\npassword=" + SECRET);
        desk.environment.clear();
        for (String open : new String[] {"rw-r-----", "rw----r--", "rw-rw-rw-"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThat(desk.run("status", "--config", file.toString()).exits(1).flat())
                    .contains("chmod 600 /")
                    .doesNotContain(SECRET);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        desk.run("status", "--config", file.toString()).exits(0);
        desk.run("--config", file.toString(), "status").exits(0);
    }

    @Test
    void aFileWithoutAPasswordMayBeOpenAndATypoInItIsNamed() throws IOException {
        desk.environment.clear();
        Path file = Files.writeString(directory.resolve("c.properties"), "url=" + url);
        desk.run("status", "--config", file.toString()).exits(0);
        Files.writeString(file, "url=" + url + "\npasword=" + SECRET);
        assertThat(desk.run("status", "--config", file.toString()).exits(1).flat())
                .contains("unknown key pasword")
                .doesNotContain(SECRET);
        desk.run("status", "--config", directory.resolve("none").toString()).exits(1);
    }

    @Test
    void anOptionComesBeforeTheEnvironmentAndNoneIsAnError() {
        desk.environment.put("CHANGEOVER_URL", "jdbc:postgresql://localhost:1/nowhere");
        desk.run("status", "--url", url).exits(0);
        desk.environment.clear();
        assertThat(desk.run("status").exits(2).flat()).contains("CHANGEOVER_URL");
    }

    @Test
    void aDatabaseWithoutTheSchemaIsNamedWithTheRemedy() {
        PostgresDatabase empty = PostgresDatabase.fresh().open();
        try (empty) {
            Desk other = new Desk(empty);
            assertThat(other.run("status").exits(1).flat()).contains("changeover init");
            assertThat(other.run("doctor").exits(3).flat()).contains("it is not there", "changeover init");
            assertThat(other.run("init", "--dry-run").exits(0).flat()).contains("CREATE SCHEMA changeover");
            assertThat(other.json("init", "--dry-run").json().get("created").asBoolean())
                    .isFalse();
            assertThat(other.json("init").exits(0).json().get("created").asBoolean())
                    .isTrue();
            assertThat(other.run("init").exits(0).flat()).contains("is there already");
            other.run("status").exits(0);
        }
    }
}
