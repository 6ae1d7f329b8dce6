package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The end of a transition from a terminal. */
@PostgresTest
@TestMethodOrder(MethodOrderer.MethodName.class)
class RetireTest {

    @TempDir
    Path directory;

    private final PostgresDatabase database;
    private Desk desk;
    private String repository = "";

    RetireTest(PostgresDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void newLeadsAlone() {
        desk = Desk.withSchema(database);
        repository = desk.repository("NEW_ONLY");
        database.execute("DROP SCHEMA IF EXISTS old CASCADE; CREATE SCHEMA old;"
                + " CREATE TABLE old.account (id bigint PRIMARY KEY, name text);"
                + " INSERT INTO old.account VALUES (1, 'Ada')");
        database.execute(
                "UPDATE changeover.repository SET legacy_tables = '{old.account}' WHERE name = '" + repository + "'");
        database.execute("INSERT INTO changeover.history (repository, action, before, after, actor, reason) VALUES ('"
                + repository + "', 'MOVE', 'NEW_PRIMARY', 'NEW_ONLY', 'ann', 'why')");
    }

    private Desk.Run retire(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "retire";
        all[1] = repository;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return desk.run(all);
    }

    @Test
    void withoutAStepTheGatesAreShownAndNothingChanges() {
        Desk.Run run = retire().exits(3);
        assertThat(run.flat()).contains("legacy unused", "UNKNOWN", "verified before", "dependents");
        assertThat(database.queryLong("SELECT count(*) FROM old.account")).isEqualTo(1);
        assertThat(retire("--step", "rename", "--reason", "why").exits(3).flat())
                .contains("backup");
        JsonNode json = desk.json("retire", repository, "--step", "rename", "--dry-run")
                .exits(3)
                .json();
        assertThat(json.get("sql").asText()).contains("CREATE VIEW old.account");
        assertThat(database.queryString("SELECT relkind::text FROM pg_class WHERE oid = 'old.account'::regclass"))
                .isEqualTo("r");
    }

    @Test
    void legacyGoesAndTheControlSchemaLast() throws Exception {
        Path backup = directory.resolve("backup");
        retire("--step", "backup", "--reason", "why").exits(2);
        assertThat(retire("--step", "backup", "--directory", backup.toString(), "--reason", "why")
                        .exits(0)
                        .flat())
                .contains("old.account: 1 rows", "compared");
        Desk.Run renamed = retire("--step", "rename", "--override-gates", "--reason", "why")
                .exits(0);
        assertThat(renamed.flat())
                .contains("ALTER TABLE \"old\".\"account\" RENAME TO \"account_old\"", "a view stands");
        retire("--step", "back", "--reason", "why").exits(0);
        retire("--step", "rename", "--no-view", "--override-gates", "--reason", "why")
                .exits(0);
        assertThat(desk.run("back", repository, "--reason", "why").exits(4).flat())
                .contains("legacy was renamed");

        Path history = directory.resolve("history.jsonl");
        assertThat(desk.run("uninstall", "--history", history.toString())
                        .exits(1)
                        .flat())
                .contains(repository);
        retire("--step", "drop", "--override-gates", "--reason", "why").exits(0);
        retire("--step", "drop", "--override-gates", "--reason", "why").exits(4);
        assertThat(database.queryString("SELECT to_regclass('old.account_old')::text"))
                .isNull();
        assertThat(desk.run("status", repository).exits(0).flat()).contains("DROPPED");
        theBackupBringsThemBack(backup);
        retire("--step", "drop", "--override-gates", "--reason", "why").exits(0);
        retire("--step", "forget", "--reason", "why").exits(0);

        database.execute("DELETE FROM changeover.percentage; DELETE FROM changeover.repository");
        desk.run("uninstall").exits(2);
        desk.run("uninstall", "--dry-run").exits(0);
        desk.run("uninstall", "--history", history.toString()).exits(0);
        assertThat(Files.readString(history)).contains("\"RETIRE\"", "\"FORGET\"");
        assertThat(database.queryString("SELECT to_regnamespace('changeover')::text"))
                .isNull();
    }

    private void theBackupBringsThemBack(Path backup) {
        String gone = "SELECT to_regclass('old.account')::text";
        Desk.Run dry = desk.run("restore", repository, "--directory", backup.toString(), "--reason", "why")
                .exits(4);
        assertThat(dry.flat())
                .contains("CREATE TABLE old.account", "REFUSED", "lacks what was written since", "Nothing was changed");
        desk.run("restore", repository, "--directory", backup.toString(), "--apply", "--reason", "why")
                .exits(4);
        desk.run("restore", repository, "--directory", backup.toString(), "--without-later-writes")
                .exits(0);
        assertThat(database.queryString(gone)).isNull();
        Desk.Run done = desk.run(
                        "restore",
                        repository,
                        "--directory",
                        backup.toString(),
                        "--without-later-writes",
                        "--apply",
                        "--reason",
                        "missed")
                .exits(0);
        assertThat(done.flat()).contains("CREATE TABLE old.account", "restored as of", "Legacy is stale");
        assertThat(database.queryLong("SELECT count(*) FROM old.account")).isEqualTo(1);
        database.execute("UPDATE old.account SET name = 'other'");
        JsonNode json = desk.json(
                        "restore", repository, "--directory", backup.toString(), "--without-later-writes", "--apply")
                .exits(4)
                .json();
        assertThat(json.get("lost").asLong()).isEqualTo(1);
        assertThat(json.get("refusals").get(0).asText()).contains("1 rows that are there");
        desk.run(
                        "restore",
                        repository,
                        "--directory",
                        backup.toString(),
                        "--without-later-writes",
                        "--overwrite",
                        "1",
                        "--apply",
                        "--reason",
                        "why")
                .exits(0);
        assertThat(database.queryString("SELECT name FROM old.account")).isEqualTo("Ada");
    }
}
