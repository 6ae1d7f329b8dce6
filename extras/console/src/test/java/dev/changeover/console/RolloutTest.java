package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.PostgresDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rollout by the command line alone, of an application under traffic in another process, which dies on the way. */
class RolloutTest {

    private static final List<String> REPOSITORIES = List.of("users", "rooms", "audit_logs");
    private static final String OTHERS = "--with=rooms,audit_logs";

    @TempDir
    Path folder;

    private final PostgresDatabase database = PostgresDatabase.fresh().open();
    private final Desk desk = new Desk(database);

    private Desk.Run run(String line, String... more) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.addAll(List.of(more));
        return desk.run(words.toArray(String[]::new));
    }

    private Desk.Run does(String line, String... more) {
        return run(line, more).exits(Exit.DONE);
    }

    /** What the traffic has to bring about first, such as a rehearsal of each operation. */
    private void doesSooner(String line, String... more) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> run(line, more).exit() == Exit.DONE);
    }

    private String stage(String repository) {
        return database.queryString("SELECT stage FROM changeover.repository WHERE name = '" + repository + "'");
    }

    @Test
    void aRolloutIsPlayedFromATerminalAndNothingIsLostThoughTheApplicationDiesOnTheWay() throws Exception {
        try (database;
                RunningExample example = new RunningExample(database.jdbcUrl(), folder.resolve("journal"))) {
            example.start();
            assertThat(does("status").all()).contains(REPOSITORIES).contains("LEGACY_ONLY");
            copy("users");
            copy("rooms");
            does("move audit_logs dual-write --reason", "new tables are there");
            backfillThroughADeath(example);

            REPOSITORIES.forEach(each -> does("move " + each + " shadow --reason", "backfill complete"));
            REPOSITORIES.forEach(each -> doesSooner("verify " + each));
            assertThat(run("move users new-primary --reason", "too early").exit())
                    .as("one stage at a time")
                    .isEqualTo(Exit.ERROR);
            doesSooner("move users ramp --reason", "evidence is there", OTHERS);
            REPOSITORIES.forEach(
                    each -> does("ramp " + each + " --steps 25,100 --hold 1s --reason", "latency as before"));

            does("move users new-primary --dry-run --override-gates --reason", "what would happen", OTHERS);
            assertThat(stage("users")).isEqualTo("RAMP");
            does("move users new-primary --override-gates --reason", "rare operations were tried by hand", OTHERS);
            assertThat(stage("rooms")).isEqualTo("NEW_PRIMARY");
            explain();
            does("back users --reason", "to see that we can", OTHERS);
            assertThat(stage("users")).isEqualTo("RAMP");
            report();
            assertThat(example.end()).contains(" lost=0 divergent=0 caller_errors=0 ");
        }
    }

    private void copy(String repository) {
        does("move " + repository + " dual-write --reason", "new tables are there");
        does("backfill " + repository + " --reason", "first load");
    }

    /** The person at the terminal is still there, and sees it through. */
    private void backfillThroughADeath(RunningExample example) throws Exception {
        CompletableFuture<Desk.Run> backfill =
                CompletableFuture.supplyAsync(() -> run("backfill audit_logs --reason", "first load"));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> database.queryLong(
                                "SELECT count(*) FROM changeover.request WHERE verb = 'backfill'"
                                        + " AND repository = 'audit_logs' AND state = 'RUNNING' AND (progress->>'done')::bigint > 0")
                        == 1);
        example.kill();
        example.start();
        assertThat(backfill.get().exit()).isEqualTo(Exit.DONE);
        assertThat(database.queryLong("SELECT attempts FROM changeover.request WHERE repository = 'audit_logs'"
                        + " AND verb = 'backfill'"))
                .isGreaterThan(1);
    }

    private void explain() {
        String key = database.queryString("SELECT id::text FROM conference_legacy.users ORDER BY id LIMIT 1");
        assertThat(does("explain users " + key).all()).contains("NEW").doesNotContain("@");
    }

    private void report() throws Exception {
        Path page = folder.resolve("report.html");
        does("report --file", page.toString());
        assertThat(Files.readString(page)).contains("audit_logs").contains("rare operations were tried by hand");
    }
}
