package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The report is made without the application, and says what its gates say where one answers. */
@PostgresTest
class ReportTest {
    private static final String GATES = """
            {"reports": [{"repository": "R", "move": "RAMP -> NEW_PRIMARY", "passed": false, "results": [
              {"gate": "comparisons", "verdict": "FAIL", "value": "600", "limit": "13000",
               "missing": "12,400 more comparisons", "until": "2026-11-23T03:00:00Z"}]}],
             "back": {"from": "RAMP", "to": "SHADOW", "verdict": "SAFE", "keys": [], "why": "Legacy leads."}}""";

    static Desk desk;

    @TempDir
    Path folder;

    @BeforeAll
    static void schema(PostgresDatabase database) {
        desk = Desk.withSchema(database);
    }

    /** A report asks every live instance; one that only seems to be alive it would wait for in vain. */
    @BeforeEach
    void nobodyIsAlive() {
        desk.nobodyIsAlive();
    }

    @ParameterizedTest
    @CsvSource({"html, <!doctype html>", "markdown, # ", "json, changeover-report/1", "junit, <testsuites"})
    void itIsWrittenInEveryFormatWithoutTheApplication(String format, String begins) throws Exception {
        String repository = desk.repository("SHADOW");
        Path file = folder.resolve("report");
        Desk.Run run = desk.run("report", "--format", format, "--file", file.toString())
                .exits(0);
        assertThat(run.all()).contains("Report: " + file);
        assertThat(Files.readString(file)).containsIgnoringCase(begins).contains(repository);
    }

    @Test
    void whatTheGatesOfALiveInstanceSayIsInIt() throws Exception {
        String repository = desk.repository("RAMP");
        desk.alive(repository);
        Path file = folder.resolve("report.md");
        try (Application application = Application.answers(
                desk.database, repository, "NOT_MET", GATES.replace("\"R\"", "\"" + repository + "\""))) {
            desk.run("report", "--format", "markdown", "--file", file.toString())
                    .exits(0);
        }
        assertThat(Files.readString(file)).contains("12,400 more comparisons");
    }

    @Test
    void aFileThatCannotBeWrittenIsSaid() {
        assertThat(desk.run(
                                "report",
                                "--without-gates",
                                "--file",
                                folder.resolve("no/such/place").toString())
                        .exits(1)
                        .all())
                .contains("Give another --file");
    }

    @Test
    void tooShortAWindowIsRefused() {
        assertThat(desk.run("report", "--window", "1s").exits(2).all()).contains("at least 1m");
    }
}
