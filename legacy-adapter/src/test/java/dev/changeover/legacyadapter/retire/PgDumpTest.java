package dev.changeover.legacyadapter.retire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.core.ConfigurationException;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * pg_dump is used where one fits the server, and never silently. Whether there is one is not in the hands of this build, so
 * how it is called is looked at with a script in its place, which writes down what it was given.
 */
@PostgresTest
class PgDumpTest {

    private static final List<String> TABLES = List.of("shop.\"odd; $(touch x) \"\"*\"");

    @TempDir
    Path directory;

    private final PostgresDatabase database;

    PgDumpTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void table() {
        database.execute("CREATE SCHEMA shop; CREATE TABLE " + TABLES.get(0) + " (id integer PRIMARY KEY);"
                + " INSERT INTO " + TABLES.get(0) + " VALUES (1)");
    }

    @AfterEach
    void drop() {
        database.execute("DROP SCHEMA shop CASCADE");
    }

    private Path script(String version, String work) throws IOException {
        Path program = Files.createDirectories(directory.resolve("bin")).resolve("pg_dump");
        Files.writeString(program, """
                #!/bin/sh
                if [ "$1" = --version ]; then echo 'pg_dump (PostgreSQL) {version}'; exit 0; fi
                printf '%s\\n' "$@" > "$0.arguments"
                env > "$0.environment"
                for each; do case "$each" in --file=*) file="${each#--file=}" ;; esac; done
                {work}
                """.replace("{version}", version).replace("{work}", work));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private BackupManifest backup(PgDump dump) {
        LegacyBackup backup = LegacyBackup.of(database.dataSource()).dumpedBy(dump);
        BackupManifest manifest = backup.write("users", TABLES, directory.resolve("backup"));
        assertThat(backup.check(directory.resolve("backup"))).isEqualTo(manifest);
        assertThat(manifest.tables().get(0).rows())
                .as("rows are copied in any case")
                .isEqualTo(1);
        return manifest;
    }

    private PgDump at(Path program) {
        return PgDump.at(program, database.jdbcUrl(), "clerk", "s3cret");
    }

    @Test
    void aScriptInItsPlaceIsCalledWithoutAShellAndWithoutAPasswordInItsArguments() throws IOException {
        Path program = script("99.1", "echo PGDMP > \"$file\"");
        BackupManifest manifest = backup(at(program));

        assertThat(manifest.dump().written()).isTrue();
        assertThat(manifest.dump().said()).isEqualTo("pg_dump (PostgreSQL) 99.1, " + program);
        List<String> arguments = Files.readAllLines(program.resolveSibling("pg_dump.arguments"));
        assertThat(arguments)
                .contains("--format=custom", "--no-password", "--table=\"shop\".\"odd; $(touch x) \"\"*\"")
                .anyMatch(argument -> argument.startsWith("--snapshot=0"));
        assertThat(arguments).noneMatch(argument -> argument.contains("s3cret"));
        assertThat(Files.readAllLines(program.resolveSibling("pg_dump.environment")))
                .contains("PGPASSWORD=s3cret", "PGUSER=clerk", "PGDATABASE=" + database.name());
        assertThat(Path.of("x")).doesNotExist();

        Path file = directory.resolve("backup").resolve(PgDump.FILE);
        assertThat(file).hasContent("PGDMP\n");
        Files.writeString(file, "PGDMp\n");
        assertThatThrownBy(() -> LegacyBackup.of(database.dataSource()).check(directory.resolve("backup")))
                .hasMessageContaining("damaged");
    }

    @Test
    void aScriptInItsPlaceThatIsOlderThanTheServerIsNotUsed() throws IOException {
        BackupManifest manifest = backup(at(script("9.6", "exit 1")));
        assertThat(manifest.dump().written()).isFalse();
        assertThat(manifest.dump().said()).contains("9.6", "older than the server");
        assertThat(directory.resolve("bin/pg_dump.arguments")).doesNotExist();
    }

    @Test
    void aScriptInItsPlaceThatFailsLeavesABackupWithoutIt() throws IOException {
        Path program = script("99.1", "echo half > \"$file\"; echo 'pg_dump: error: no right' >&2; exit 1");
        BackupManifest manifest = backup(at(program));
        assertThat(manifest.dump().said()).contains("it failed", "no right").doesNotContain("s3cret");
        assertThat(directory.resolve("backup").resolve(PgDump.FILE)).doesNotExist();
    }

    @Test
    void theProgramOfThisMachineIsUsedIfItFitsAndTheManifestSaysIt() throws Exception {
        String path = System.getenv().getOrDefault("PATH", "");
        BackupManifest manifest = backup(PgDump.onPath(path, database.jdbcUrl(), "postgres", null));
        String said = manifest.dump().said();
        if (manifest.dump().written()) {
            byte[] start = Files.readAllBytes(directory.resolve("backup").resolve(PgDump.FILE));
            assertThat(new String(start, 0, 5, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("PGDMP");
        } else {
            assertThat(said).containsAnyOf("older than the server", "there is no pg_dump on PATH");
        }
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(backup(PgDump.onPath("relative:" + directory, database.jdbcUrl(), "postgres", null))
                        .dump()
                        .said())
                .contains("no pg_dump on PATH");
        assertThatThrownBy(() -> at(directory.resolve("nothing")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nothing");
    }
}
