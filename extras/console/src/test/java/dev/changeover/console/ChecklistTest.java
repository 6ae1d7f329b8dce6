package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checklist follows the state of the transition; what nobody can look up somebody vouches for. */
@PostgresTest
class ChecklistTest {
    private Desk desk;

    @BeforeEach
    void alone(PostgresDatabase database) {
        database.execute("DROP SCHEMA IF EXISTS changeover CASCADE");
        desk = Desk.withSchema(database);
    }

    private String tasks() {
        return desk.run("checklist").exits(0).out();
    }

    @Test
    void itNamesTheRepositoriesThatLackAStep() {
        String ahead = desk.repository("NEW_PRIMARY");
        String behind = desk.repository("LEGACY_ONLY");
        desk.alive(ahead);

        assertThat(tasks())
                .contains("- [ ] The library is embedded and an instance is alive: " + behind + "\n")
                .contains("- [ ] The new schema is there and written: " + behind + "\n")
                .contains("- [ ] Legacy is left: " + ahead + ", " + behind + "\n")
                .contains("- [x] Every operation has its new implementation\n");
    }

    @Test
    void aVerificationCountsByWhatItSaidLast() {
        String repository = desk.repository("SHADOW");
        verified(repository, "DIVERGED");
        assertThat(tasks()).contains("- [ ] Both sides are verified: " + repository);

        verified(repository, "MATCH");

        assertThat(tasks()).contains("- [x] Both sides are verified\n");
    }

    @Test
    void aVerificationOfSomeKeysTicksNothingAndClearsTheTickWhereTheyDiffer() {
        String repository = desk.repository("SHADOW");
        verified(repository, "MATCH", "percent", "5");
        verified(repository, "MATCH", "changed_since", "1");
        assertThat(tasks()).contains("- [ ] Both sides are verified: " + repository);

        verified(repository, "MATCH");
        verified(repository, "MATCH", "of_run", "1");
        assertThat(tasks()).contains("- [x] Both sides are verified\n");

        verified(repository, "DIVERGED", "from_key", "'7'");
        assertThat(tasks()).contains("- [ ] Both sides are verified: " + repository);
    }

    @Test
    void whatSomebodyVouchedForCountsUntilItsTimeIsOver() {
        String repository = desk.repository("SHADOW");
        assertThat(tasks()).contains("- [ ] Deployed to staging: " + repository);

        desk.run("attest", repository, "staging", "--for", "30d", "--reason", "smoke tests are green")
                .exits(0);
        assertThat(tasks()).contains("- [x] Deployed to staging\n");

        desk.run("attest", repository, "monitoring", "--for", "1s", "--reason", "for a moment")
                .exits(0);
        await().until(() -> tasks().contains("- [ ] Dashboards and alerts are set up: " + repository));
    }

    @Test
    void aRehearsedAttestationVouchesForNothing() {
        String repository = desk.repository("SHADOW");
        desk.run("attest", repository, "backup", "--for", "1d", "--reason", "restored it", "--dry-run")
                .exits(0);
        assertThat(tasks()).contains("- [ ] The old tables are backed up: " + repository);
    }

    @Test
    void vouchingNeedsAReasonATimeAndARepository() {
        String repository = desk.repository("SHADOW");
        assertThat(desk.run("attest", repository, "backup", "--for", "1d")
                        .exits(2)
                        .all())
                .contains("--reason");
        assertThat(desk.run("attest", repository, "backup", "--reason", "x")
                        .exits(2)
                        .all())
                .contains("--for");
        assertThat(desk.run("attest", "nothing", "backup", "--for", "1d", "--reason", "x")
                        .exits(1)
                        .all())
                .contains("not registered");
    }

    @Test
    void programsReadTheNamesToVouchBy() {
        String repository = desk.repository("SHADOW");
        assertThat(desk.json("checklist").exits(0).out())
                .contains("\"attest\"", "\"backup\"", "\"" + repository + "\"");
    }

    @Test
    void theGuideShowsTheSteps() throws Exception {
        String guide = Files.readString(Path.of("..", "..", "docs", "guide.md"));
        List<String> shown = guide.substring(guide.indexOf("## Checklist"))
                .lines()
                .filter(line -> line.startsWith("- [ ] "))
                .toList();

        desk.repository("LEGACY_ONLY");

        assertThat(tasks().lines()
                        .map(line -> line.replaceFirst("- \\[x\\]", "- [ ]").replaceFirst(": accounts\\d+$", "")))
                .containsExactlyElementsOf(shown);
    }

    private void verified(String repository, String verdict) {
        verified(repository, verdict, "from_key", "NULL");
    }

    private void verified(String repository, String verdict, String scope, String value) {
        desk.database.execute(
                "INSERT INTO changeover.verification (repository, epoch, verdict, keys, estimated, " + scope
                        + ") SELECT name, epoch, '" + verdict + "', 1, 1, " + value
                        + " FROM changeover.repository WHERE name = '" + repository + "'");
    }
}
