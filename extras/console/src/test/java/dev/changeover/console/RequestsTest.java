package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs the application's mappings is asked of it, and followed. */
@PostgresTest
class RequestsTest {
    private static final String GATES = """
            {"reports": [{"repository": "accounts", "move": "RAMP -> NEW_PRIMARY", "passed": false, "results": [
              {"gate": "marks", "verdict": "PASS", "value": "0", "limit": "0", "missing": null, "until": null},
              {"gate": "comparisons", "verdict": "FAIL", "value": "600", "limit": "13000",
               "missing": "12,400 more comparisons, about 3 h at this rate", "until": "2026-11-23T03:00:00Z"}]}],
             "back": {"from": "RAMP", "to": "SHADOW", "verdict": "SAFE", "keys": [], "why": "Legacy leads."}}""";
    private static final String VERIFIED = """
            {"verification": 12, "mode": "JOIN", "verdict": "DIVERGED", "counts": {"legacy": 10, "next": 10, "different": 1}, "fields": {"name": 1},
             "forgiven": {"email folded": 3},
             "invariants": [{"name": "names in all", "state": "BROKEN", "legacy": "10", "next": "9"}],
             "first": [{"key": "7", "differences": [
               {"path": "name", "kind": "VALUE", "authority": "<redacted>", "follower": "<redacted>"}]}], "errors": []}""";
    private static final String EXPLAINED = """
            {"key": "7", "stage": "RAMP", "epoch": 4, "percent": 25, "bucket": 3, "readFrom": "NEW",
             "why": "its bucket is below the percentage", "marks": [{"side": "LEGACY", "reason": "FAILED", "at": "now"}],
             "parked": null, "legacy": {"found": true, "fields": {"name": "<redacted>"}},
             "new": {"found": true, "fields": {"name": "<redacted>"}}, "differences": [], "backfilled": true, "stale": null}""";

    static Desk desk;

    @BeforeAll
    static void schema(PostgresDatabase database) {
        desk = Desk.withSchema(database);
    }

    /** Verb, what the application answers, the exit code, what people see, and the arguments that were asked with. */
    static Stream<Arguments> verbs() {
        return Stream.of(
                verb("gates R", "NOT_MET", GATES, 3, "12,400 more", "{}"),
                verb("gates R --to new-primary", "NOT_MET", GATES, 3, "SAFE", "{\"stage\": \"NEW_PRIMARY\"}"),
                verb("gates R --percent 50", "DONE", GATES, 0, "FAIL", "{\"percent\": 50}"),
                verb(
                        "move R dual-write --reason why --expect-epoch 1",
                        "DONE",
                        "{\"moved\": [{\"repository\": \"accounts\", \"stage\": \"DUAL_WRITE\", \"epoch\": 2}],"
                                + " \"dryRun\": false, \"gates\": []}",
                        0,
                        "accounts is in DUAL_WRITE, epoch 2",
                        "{\"stage\": \"DUAL_WRITE\", \"with\": [], \"expectedEpoch\": 1, \"overrideGates\": false,"
                                + " \"dryRun\": false}"),
                verb(
                        "move R 25% --reason why --override-gates --dry-run",
                        "DONE",
                        "{\"moved\": [{\"repository\": \"accounts\", \"percent\": 25, \"epoch\": 2}], \"dryRun\": true,"
                                + " \"gates\": []}",
                        0,
                        "would be in RAMP, 25 %",
                        "{\"percent\": 25, \"expectedEpoch\": null, \"overrideGates\": true, \"dryRun\": true}"),
                verb(
                        "ramp R --reason why --steps 10,50 --hold 30m",
                        "NOT_MET",
                        "{\"reached\": 10, \"stopped\": \"latency is up\", \"gates\": []}",
                        3,
                        "Reached 10 %. Stopped: latency is up",
                        "{\"steps\": [10, 50], \"holdSeconds\": 1800, \"expectedEpoch\": null, \"dryRun\": false}"),
                verb(
                        "accept R --reason why --dry-run",
                        "DONE",
                        "{\"accepted\": \"LEGACY\", \"dryRun\": true}",
                        0,
                        "LEGACY",
                        "{\"unverified\": false, \"dryRun\": true}"),
                verb(
                        "backfill R --reason why",
                        "DONE",
                        "{\"rows\": 100, \"skipped\": 2, \"parked\": 0, \"finished\": true}",
                        0,
                        "finished",
                        "{\"dryRun\": false}"),
                verb(
                        "backfill R --reseed --dry-run --reason why",
                        "DONE",
                        "{\"rows\": 9}",
                        0,
                        "rows",
                        "{\"dryRun\": true}"),
                verb("verify R", "NOT_MET", VERIFIED, 3, "DIVERGED", "{}"),
                verb("verify R", "NOT_MET", VERIFIED, 3, "12 JOIN", "{}"),
                verb("verify R", "NOT_MET", VERIFIED, 3, "email folded 3", "{}"),
                verb("verify R", "NOT_MET", VERIFIED, 3, "names in all BROKEN 10 9", "{}"),
                verb(
                        "verify R --mode JOIN --from 1 --to 9 --rate 500",
                        "NOT_MET",
                        VERIFIED,
                        3,
                        "DIVERGED",
                        "{\"mode\": \"JOIN\", \"from\": \"1\", \"to\": \"9\", \"rate\": 500}"),
                verb("verify R --sample 5", "NOT_MET", VERIFIED, 3, "DIVERGED", "{\"sample\": \"5\"}"),
                verb("verify R --changed-since 12", "NOT_MET", VERIFIED, 3, "DIVERGED", "{\"changedSince\": 12}"),
                verb("verify R --resume 12", "NOT_MET", VERIFIED, 3, "DIVERGED", "{\"resume\": 12}"),
                verb(
                        "repair R --of-run 12 --reason why",
                        "DONE",
                        "{\"planned\": 3, \"equal\": 1, \"marked\": 2, \"left\": 0, \"keys\": [\"2\"]}",
                        0,
                        "planned",
                        "{\"dryRun\": true, \"ofRun\": 12}"),
                verb(
                        "repair R --keys 1,2 --key a,b --apply --reason why",
                        "NOT_MET",
                        "{\"planned\": 3, \"equal\": 1, \"marked\": 2, \"left\": 1, \"keys\": [\"2\"]}",
                        3,
                        "differs still",
                        "{\"keys\": [\"1\", \"2\", \"a,b\"], \"dryRun\": false}"),
                verb("marks retry R --reason why", "DONE", "{\"retried\": 4}", 0, "retried", "{}"),
                verb("marks drain R --reason why", "DONE", "{\"left\": 0}", 0, "left", "{}"),
                verb("explain R 7", "DONE", EXPLAINED, 0, "is read from NEW", "{\"key\": \"7\"}"));
    }

    private static Arguments verb(String line, String state, String result, int exit, String shown, String arguments) {
        return Arguments.of(line, state, result, exit, shown, arguments);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void aVerbAsksTheApplicationAndShowsItsAnswer(
            String line, String state, String result, int exit, String shown, String arguments) throws Exception {
        String repository = desk.repository("LEGACY_ONLY");
        desk.alive(repository);
        String[] words = line.replace(" R", " " + repository).split(" ");
        try (Application application = Application.answers(desk.database, repository, state, result)) {
            Desk.Run table = desk.run(words).exits(exit);
            assertThat(table.flat()).contains(shown);
            assertThat(table.all()).doesNotContain("\u001b");
            assertThat(table.all().lines()).allMatch(each -> each.length() <= 80);

            JsonNode json = desk.json(words).exits(exit).json();
            assertThat(json.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "request", "repository", "verb", "state", "instance", "attached", "result", "error");
            assertThat(json.get("state").asText()).isEqualTo(state);
            assertThat(json.get("result")).isEqualTo(dev.changeover.console.terminal.Json.read(result));
        }
        assertThat(desk.database.queryStrings(
                        "SELECT DISTINCT arguments || '{}' FROM changeover.request WHERE repository = '" + repository
                                + "'"))
                .hasSize(1);
        assertThat(desk.database.queryLong("SELECT count(*) FROM changeover.request WHERE repository = '" + repository
                        + "' AND arguments = '" + arguments + "' AND actor = 'ann'"))
                .isEqualTo(2);
    }

    @Test
    void aRefusalAndAFailureHaveExitCodesOfTheirOwn() throws Exception {
        String repository = desk.repository("RAMP");
        desk.alive(repository);
        try (Application application =
                Application.fails(desk.database, repository, "REFUSED", "3 marks are open. Drain them")) {
            Desk.Run refused = desk.run("move", repository, "NEW_PRIMARY", "--reason", "why")
                    .exits(4);
            assertThat(refused.flat()).contains("REFUSED: 3 marks are open");
        }
        try (Application application = Application.fails(desk.database, repository, "FAILED", "no store. Add one")) {
            assertThat(desk.run("verify", repository).exits(1).flat()).contains("no store. Add one");
        }
    }

    @Test
    void theSameVerbAttachesToTheRequestThatRuns() throws Exception {
        String repository = desk.repository("DUAL_WRITE");
        desk.alive(repository);
        CompletableFuture<Desk.Run> first =
                CompletableFuture.supplyAsync(() -> desk.run("backfill", repository, "--reason", "why"));
        String id = Application.asked(desk.database, repository);
        desk.database.execute("UPDATE changeover.request SET state = 'RUNNING', instance = 'one',"
                + " updated_at = clock_timestamp() WHERE id = " + id);
        CompletableFuture<Desk.Run> second =
                CompletableFuture.supplyAsync(() -> desk.json("backfill", repository, "--reason", "why"));
        Desk.Run other =
                desk.run("backfill", repository, "--dry-run", "--reason", "why").exits(1);
        assertThat(other.flat()).contains("request " + id, "other arguments", "requests follow " + id);
        CompletableFuture<Desk.Run> follower = CompletableFuture.supplyAsync(() -> desk.run("requests", "follow", id));
        // who comes too late to attach asks anew
        Awaitility.await().until(() -> {
            desk.database.execute("UPDATE changeover.request SET state = 'DONE', result = '{\"rows\": 5}'"
                    + " WHERE state IN ('WAITING', 'RUNNING') AND repository = '" + repository + "'");
            return first.isDone() && second.isDone() && follower.isDone();
        });

        first.get().exits(0);
        Desk.Run attached = second.get().exits(0);
        follower.get().exits(0);
        if (attached.json().get("request").asText().equals(id)) {
            assertThat(attached.json().get("attached").asBoolean()).isTrue();
            assertThat(attached.flat()).contains("Request " + id + " is that already");
        }
    }

    @Test
    void twoWhoAskAtTheSameTimeAskOnce() {
        String repository = desk.repository("DUAL_WRITE");
        desk.alive(repository);
        List<CompletableFuture<Desk.Run>> runs = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> desk.json("verify", repository, "--detach")))
                .limit(4)
                .toList();
        runs.forEach(run -> run.join().exits(0));
        assertThat(desk.requests(repository)).isEqualTo(1);
    }

    @Test
    void aRequestThatNobodyTakesExpires() {
        String repository = desk.repository("DUAL_WRITE");
        Desk.Run run = desk.run("verify", repository, "--wait", "1s").exits(1);
        assertThat(run.flat()).contains("No instance of the application is alive", "in time", "changeover doctor");
        JsonNode json =
                desk.json("verify", repository, "--wait", "200ms").exits(1).json();
        assertThat(json.get("state").asText()).isEqualTo("EXPIRED");
        assertThat(json.get("error").asText()).contains("Start an instance");
    }

    @Test
    void requestsAreListedShownAndCancelled() throws Exception {
        String repository = desk.repository("DUAL_WRITE");
        desk.alive(repository);
        String id = desk.json("verify", repository, "--detach")
                .exits(0)
                .json()
                .get("request")
                .asText();
        assertThat(desk.run("requests", repository).exits(0).flat()).contains(id, "verify", "WAITING", "ann");
        assertThat(desk.run("requests", "list", repository).exits(0).flat()).contains(id);
        assertThat(desk.run("requests", "show", id).exits(0).flat()).contains("asked from the command line");
        assertThat(desk.json("requests", "show", id).json().get("state").asText())
                .isEqualTo("WAITING");

        desk.json("requests", "cancel", id, "--dry-run", "--reason", "why").exits(0);
        assertThat(desk.requests(repository)).isEqualTo(1);
        desk.database.execute("UPDATE changeover.request SET state = 'RUNNING', updated_at = clock_timestamp()"
                + " WHERE id = " + id);
        try (Application application =
                Application.answers(desk.database, repository, "DONE", "{\"cancelled\": true}")) {
            assertThat(desk.run("requests", "cancel", id, "--reason", "why")
                            .exits(0)
                            .flat())
                    .contains("cancelled");
        }
        desk.database.execute("UPDATE changeover.request SET state = 'CANCELLED' WHERE id = " + id);
        desk.run("requests", "follow", id).exits(1);
        assertThat(desk.run("requests", "cancel", id, "--reason", "why")
                        .exits(1)
                        .flat())
                .contains("has ended");
        assertThat(desk.json("requests", repository, "--all").json().get("requests"))
                .hasSize(2);
        assertThat(desk.run("requests", "show", "999999").exits(1).flat()).contains("There is no request");
    }

    @Test
    void rehearsingWhatHasNoRehearsalAsksNothing() {
        String repository = desk.repository("DUAL_WRITE");
        Desk.Run run = desk.run("marks", "retry", repository, "--dry-run", "--reason", "why")
                .exits(0);
        assertThat(run.flat()).contains("Would ask for retry_parked", "Nothing was asked");
        assertThat(desk.requests(repository)).isZero();
    }

    @Test
    void anUnknownRepositoryAnEpochAndAReasonAreCheckedBeforeAnythingIsAsked() {
        String repository = desk.repository("DUAL_WRITE");
        assertThat(desk.run("verify", "nobody").exits(1).flat()).contains("no such repository", repository);
        assertThat(desk.run("backfill", repository).exits(2).flat()).contains("--reason is missing");
        assertThat(desk.run("backfill", repository, "--reason", "why", "--expect-epoch", "9")
                        .exits(1)
                        .flat())
                .contains("expected epoch 9, found 1");
        desk.run("ramp", repository, "--steps", "0", "--reason", "why").exits(2);
        desk.run("gates", repository, "--to", "RAMP", "--percent", "5").exits(2);
        desk.run("verify", repository, "--wait", "0s").exits(2);
        assertThat(desk.requests(repository)).isZero();
    }
}
