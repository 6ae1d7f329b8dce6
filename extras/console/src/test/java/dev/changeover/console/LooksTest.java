package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is shown, to people and to programs. */
@PostgresTest
class LooksTest {
    private static final String HOSTILE =
            "'x' || chr(27) || '[31m' || chr(155) || '2J' || chr(8238) || chr(10) || chr(7)"
                    + " || chr(127) || repeat('long ', 20000)";

    static Desk desk;

    @BeforeAll
    static void schema(PostgresDatabase database) {
        desk = Desk.withSchema(database);
    }

    private static String divergence(String repository, String path) {
        desk.database.queryStrings(
                "SELECT changeover.record_divergences(jsonb_build_array(jsonb_build_object('repository', '"
                        + repository + "', 'operation', 'find', 'path', '" + path
                        + "', 'kind', 'VALUE', 'count', 3, 'epoch', 1,"
                        + " 'first_seen', clock_timestamp(), 'last_seen', clock_timestamp(), 'samples', jsonb_build_array("
                        + "jsonb_build_object('key', '7', 'path', '" + path
                        + "', 'authority', 'a', 'follower', 'b', 'rank', 0.5)))),"
                        + " '[]')::text");
        return String.valueOf(desk.database.queryString("SELECT id FROM changeover.divergence WHERE repository = '"
                + repository + "' AND path = '" + path + "'"));
    }

    @Test
    void statusShowsHowLongBothSidesHaveBeenWrittenAndWhatItCosts() {
        String repository = desk.repository("DUAL_WRITE");
        desk.database.execute("UPDATE changeover.repository SET writes = '{save}' WHERE name = '" + repository + "';"
                + " INSERT INTO changeover.history (at, repository, action, before, after, actor, reason) VALUES"
                + " (now() - interval '3 days', '" + repository
                + "', 'MOVE', 'LEGACY_ONLY', 'DUAL_WRITE', 'ann', 'why')");
        assertThat(desk.run("status", repository).flat())
                .contains("both sides are written since ", "for 3d 0h")
                .doesNotContain("callers waited");
        desk.database.execute(
                "INSERT INTO changeover.call (repository, operation, side, at, calls, failures, nanos, buckets,"
                        + " followed) VALUES ('" + repository
                        + "', 'save', 'LEGACY', now() - interval '1 hour', 4, 0, 1,"
                        + " array_fill(0, ARRAY[24]) || ARRAY[2, 0, 0, 0, 2], array_fill(0, ARRAY[20]) || ARRAY[4]),"
                        + " ('" + repository + "', 'find', 'LEGACY', now() - interval '1 hour', 9, 0, 1, '{9}', '{}')");
        assertThat(desk.run("status", repository).flat())
                .contains(
                        "4 writes were done twice",
                        "callers waited 0.5 / 0.5 ms for the follower, beside 0.9 / 1.8 ms for the authority");
        JsonNode json = desk.json("status", repository).exits(0).json().at("/repositories/0");
        assertThat(json.get("dualFollowerP95").asDouble()).isBetween(0.4, 0.6);
        assertThat(json.get("dualAuthorityP95").asDouble()).isBetween(1.7, 2.2);
    }

    @Test
    void statusShowsWhereRepositoriesAreAndWhatIsInTheWay() {
        String repository = desk.repository("SHADOW");
        desk.alive(repository);
        desk.mark(repository, "7");
        desk.database.execute(
                "UPDATE changeover.repository SET epoch = 2, stale = 'NEW' WHERE name = '" + repository + "'");
        Desk.Run run = desk.run("status").exits(0);
        assertThat(run.flat())
                .contains("REPOSITORY", repository, "SHADOW", "NEW is stale", "not on the epoch yet: instance of");
        assertThat(desk.run("status", repository).flat()).contains("INSTANCE", "shop");
        JsonNode json = desk.json("status", repository).exits(0).json().at("/repositories/0");
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "repository",
                        "stage",
                        "epoch",
                        "percent",
                        "backfilled",
                        "stale",
                        "marks",
                        "oldestMark",
                        "oldestMarkSeconds",
                        "parked",
                        "behind",
                        "sentinels",
                        "asleep",
                        "foreignChanges",
                        "inTheWay",
                        "retired",
                        "retiredAt",
                        "dualSince",
                        "dualSeconds",
                        "dualWrites",
                        "dualAuthorityP50",
                        "dualAuthorityP95",
                        "dualFollowerP50",
                        "dualFollowerP95",
                        "instances",
                        "history");
        assertThat(json.get("dualFollowerP50").isNull()).isTrue();
        assertThat(json.get("marks").asInt()).isEqualTo(1);
        assertThat(json.get("oldestMark").asText()).endsWith("+00:00");
    }

    @Test
    void marksShowReasonsAndParkedKeys() {
        String repository = desk.repository("DUAL_WRITE");
        assertThat(desk.run("marks", repository).exits(0).flat()).contains("No marks");
        desk.mark(repository, "7");
        desk.mark(repository, "8");
        desk.database.execute("INSERT INTO changeover.attempt SELECT number, '7', 12, clock_timestamp(), true,"
                + " '23505 account_name_key' FROM changeover.repository WHERE name = '" + repository + "'");
        assertThat(desk.run("marks", "list", repository).exits(0).flat())
                .contains("FAILED", "parked", "23505", "changeover marks retry");
        JsonNode json = desk.json("marks", repository).exits(0).json();
        assertThat(json.at("/marks/0/marks").asInt()).isEqualTo(2);
        assertThat(json.at("/failed/0/lastError").asText()).isEqualTo("23505 account_name_key");
    }

    @Test
    void sentinelsSayWhatTheyWatchAndWhoWritesRoundTheLibrary() {
        String repository = desk.repository("DUAL_WRITE");
        desk.database.execute("UPDATE changeover.repository SET sentinels = '{LEGACY}', watched_tables = '{old.gone}'"
                + " WHERE name = '" + repository + "'");
        desk.database.execute(
                "INSERT INTO changeover.foreign_change SELECT number, 'LEGACY', 'FOREIGN', 'joe', 'psql', 3,"
                        + " now(), now() FROM changeover.repository WHERE name = '" + repository + "'");
        assertThat(desk.run("sentinels", repository).exits(0).flat())
                .contains("old.gone", "REFUSE", "joe", "psql", "changeover.sentinels().install");
        JsonNode json = desk.json("sentinels", repository).exits(0).json();
        assertThat(json.at("/sentinels/0/asleep/0").asText()).isEqualTo("old.gone");
        assertThat(json.at("/foreignWriters/0/changes").asInt()).isEqualTo(3);
        assertThat(desk.run("doctor").exits(3).flat()).contains("old.gone");
        desk.database.execute("UPDATE changeover.repository SET sentinels = '{}', watched_tables = '{}'"
                + " WHERE name = '" + repository + "'");
    }

    @Test
    void divergencesAreListedShownAndDecided() {
        String repository = desk.repository("SHADOW");
        String id = divergence(repository, "name");
        String other = divergence(repository, "address.street");
        assertThat(desk.run("divergences", repository).exits(0).flat()).contains(id, "name", "VALUE", "NEW");
        assertThat(desk.run("divergences", "list", repository, "--path", "address")
                        .flat())
                .contains("address")
                .doesNotContain("name ");

        String[] explain = {"divergences", "explain", id, "--until", "30d", "--owner", "ann", "--reason", "why"};
        assertThat(desk.run(Stream.concat(Stream.of(explain), Stream.of("--dry-run"))
                                .toArray(String[]::new))
                        .exits(0)
                        .flat())
                .contains("1 divergence would be EXPLAINED");
        assertThat(desk.json("divergences", "show", id).json().get("state").asText())
                .isEqualTo("NEW");
        desk.run(explain).exits(0);
        JsonNode shown = desk.json("divergences", "show", id).exits(0).json();
        assertThat(shown.get("state").asText()).isEqualTo("EXPLAINED");
        assertThat(shown.at("/history/0/actor").asText()).isEqualTo("ann");
        assertThat(desk.run("divergences", "show", id).flat()).contains("EXPLAINED", "why", "AUTHORITY");

        assertThat(desk.run("divergences", "fixed", id, "--reason", "w", "--expect-revision", "0")
                        .exits(1)
                        .flat())
                .contains("revision 1 instead of 0");
        desk.run("divergences", "to-be-fixed", id, "--reason", "w", "--ticket", "A-1")
                .exits(0);
        desk.run("divergences", "fixed", id, "--reason", "w").exits(0);
        desk.run("divergences", "reopen", id, "--reason", "w").exits(0);
        desk.run(
                        "divergences",
                        "accept",
                        "--repository",
                        repository,
                        "--path",
                        "address",
                        "--until",
                        "2099-01-01",
                        "--owner",
                        "ann",
                        "--reason",
                        "w")
                .exits(0);
        assertThat(desk.json("divergences", "show", other).json().get("expires").asText())
                .isEqualTo("2099-01-02T00:00:00Z");
        assertThat(desk.json("divergences", repository, "--unreviewed").json().get("divergences"))
                .hasSize(1);
    }

    @Test
    void aDecisionThatSaysTooLittleIsRefused() {
        String id = divergence(desk.repository("SHADOW"), "name");
        assertThat(desk.run("divergences", "explain", id, "--until", "30d", "--reason", "w")
                        .exits(1)
                        .flat())
                .contains("needs an owner");
        desk.run("divergences", "explain", id, "--reason", "w").exits(2);
        desk.run("divergences", "explain", id, "--until", "soon", "--reason", "w")
                .exits(2);
        desk.run("divergences", "fixed", id).exits(2);
        desk.run("divergences", "fixed", "--reason", "w").exits(2);
        desk.run("divergences", "fixed", "--path", "a", "--reason", "w").exits(2);
        assertThat(desk.run("divergences", "show", "999999").exits(1).flat()).contains("there is no divergence");
    }

    @Test
    void textsOfTheDatabaseCannotCommandTheTerminal() {
        String repository = desk.repository("DUAL_WRITE");
        desk.alive(repository);
        desk.database.execute("INSERT INTO changeover.attempt SELECT number, " + HOSTILE.replace("20000", "200")
                + ", 1, clock_timestamp(), true, " + HOSTILE + " FROM changeover.repository WHERE name = '" + repository
                + "'");
        desk.database.execute("INSERT INTO changeover.request (repository, verb, actor, reason, state, error, result)"
                + " SELECT '" + repository + "', 'verify', " + HOSTILE + ", " + HOSTILE + ", 'FAILED', " + HOSTILE
                + ", jsonb_build_object('verdict', " + HOSTILE + ", " + HOSTILE + ", " + HOSTILE + ")");
        String id = String.valueOf(
                desk.database.queryString("SELECT id FROM changeover.request WHERE repository = '" + repository + "'"));
        desk.environment.put("TERM", "xterm");
        for (String[] words : new String[][] {
            {"marks", repository},
            {"doctor"},
            {"requests", repository, "--all"},
            {"requests", "show", id},
            {"requests", "follow", id}
        }) {
            for (Desk.Run run : new Desk.Run[] {desk.run(words), desk.json(words)}) {
                assertThat(run.all().chars().filter(c -> c != '\n' && (c < ' ' || c >= 127)))
                        .as(String.join(" ", words))
                        .isEmpty();
                assertThat(run.all().length()).isLessThan(60_000);
            }
            assertThat(desk.run(words).all().lines()).allMatch(line -> line.length() <= 80);
        }
        desk.database.execute("DELETE FROM changeover.attempt");
    }

    @Test
    void coloursAreForTerminalsThatWantThem() {
        Desk watched = new Desk(desk.database);
        watched.ask = question -> null;
        assertThat(watched.run("doctor").flat()).contains("\u001b[32mOK");
        assertThat(watched.run("--help").flat()).contains("\u001b[");
        assertThat(watched.json("doctor").out()).doesNotContain("\u001b");
        watched.environment.put("NO_COLOR", "1");
        assertThat(watched.run("doctor").all()).doesNotContain("\u001b");
        assertThat(watched.run("--help").all()).doesNotContain("\u001b");
        watched.environment.remove("NO_COLOR");
        watched.environment.put("TERM", "dumb");
        assertThat(watched.run("doctor").all()).doesNotContain("\u001b");
        watched.ask = null;
        watched.environment.remove("TERM");
        assertThat(watched.run("doctor").all()).doesNotContain("\u001b");
    }

    @Test
    void whatRolesNeedIsPrintedWithoutADatabase() {
        Desk away = new Desk(desk.database);
        away.environment.clear();
        assertThat(away.run("ddl").exits(0).flat()).contains("CREATE SCHEMA changeover");
        assertThat(away.run("ddl", "--grants", "app").exits(0).flat()).contains("TO \"app\"");
        assertThat(away.json("ddl", "--operator", "o\"p")
                        .exits(0)
                        .json()
                        .get("sql")
                        .asText())
                .contains("TO \"o\"\"p\"");
        assertThat(away.run("ddl", "--drop").exits(0).flat()).contains("DROP SCHEMA");
        away.run("ddl", "--drop", "--grants", "app").exits(2);
        assertThat(away.run("completion").exits(0).flat()).contains("complete", "divergences");
        assertThat(away.run("--version").exits(0).flat()).contains("control schema 1");
        assertThat(away.run().exits(2).flat()).contains("A verb is missing");
        away.run("nonsense").exits(2);
    }
}
